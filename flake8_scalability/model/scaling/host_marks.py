"""Marks of hosts: whether a file can name the host of a backing service at all, told from its text and its names.

What is found here is only worth a closer look (`backing`, `configured`); where nothing is, nothing is resolved.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from flake8_scalability.catalog import addresses
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import targets
from flake8_scalability.model.scaling import hosts
from flake8_scalability.model.source import SourceFile

#: So far behind a word its equals sign is looked for.
MAX_BLANKS = 16
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*$")
_AUTHORITY = re.compile(r"""[^/?#\s"']*""")
MAX_SCHEME = 24
#: What a DSN begins its host with, before an equals sign; so do the arguments of calls.
_BEGINNINGS = ("host", "server", "source")


def has_addresses(source: SourceFile) -> bool:
    """Whether the text has a URL or a DSN whose host may be one of the operator's own."""
    text = source.text
    position = text.find("://") if "//" in text else -1  # a colon stands everywhere, two slashes do not
    while position >= 0:
        scheme = _SCHEME.search(text, max(0, position - MAX_SCHEME), position)
        rest = _AUTHORITY.match(text, position + 3)
        authority = rest[0] if rest is not None else ""
        if scheme is None or not authority or "{" in authority or "%" in authority:
            return True  # what is missing there is put in elsewhere
        host = hosts.named_by(f"{scheme[0]}://{authority}", bare=False)
        if host is not None and (host.is_private or host.scheme in addresses.SCHEMES):
            return True
        position = text.find("://", position + 3)
    return any(word in source.lexicon and _is_given(word, source.text_lower) for word in _BEGINNINGS)


def _is_given(word: str, text: str) -> bool:
    """Whether an equals sign follows a word, or a longer one that begins with it, anywhere in a text."""
    start = text.find(word)
    while start >= 0:
        start += len(word)
        after = text[start : start + MAX_BLANKS].removeprefix("name").lstrip()
        if after.startswith("=") and not after.startswith("=="):
            return True
        start = text.find(word, start)
    return False


def may_be_set(source: SourceFile, addressed: bool) -> bool:
    """Whether a statement may give a setting the address of a backing service.

    addressed: whether the text has one of an operator's own (see `has_addresses`); else names of hosts stand alone
    """
    for node, scope in source.nodes(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in targets(node):
            if target.__class__ is ast.Name and scope.is_function:
                continue
            if node.value is not None and _is_setting(target, isinstance(node.value, ast.Dict), addressed):
                return True
    return "update" in source.calls_by_name or "from_mapping" in source.calls_by_name


def _is_setting(target: ast.expr, is_mapping: bool, addressed: bool) -> bool:
    if isinstance(target, ast.Subscript):
        if not isinstance(target.slice, ast.Constant) or terminal_name(target.value) not in addresses.CONFIGURATIONS:
            return False
        name = str(target.slice.value)
    else:
        name = terminal_name(target)
        if isinstance(target, ast.Attribute) and terminal_name(target.value) not in addresses.CONFIGURATIONS:
            return False
    if is_mapping:
        return name in addresses.SETTINGS
    return addressed or _is_backing(name)


@lru_cache(maxsize=4096)
def _is_backing(name: str) -> bool:
    return addresses.BACKING_SETTING.search(name) is not None
