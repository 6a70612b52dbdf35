"""Deeds: what work does that somebody would miss, if it were lost: mail, payments, rows, long computations.

What a function does is told by what it calls, and by its own name where that says it. Functions of other files of the
project are read as text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import work_names as says
from flake8_scalability.catalog.background import Runner
from flake8_scalability.catalog.state_words import CHATS
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import dotted
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.project import definitions, mentions

if TYPE_CHECKING:
    from flake8_scalability.model.stateless.background import Started

#: So many calls deep a deed is looked for.
DEPTH = 2


def are_missed(start: Started) -> bool:
    """Whether started work does what its caller counts on, and nothing does it again by itself."""
    around = [node for each in _standing_around(start) for node in _calls(each)]
    if any(says.CACHED.search(dotted(node)) is not None for node in around) or _may_be_lost(start):
        return False
    names = [terminal_name(node) for node in around] or [start.work_name]
    chats = any(
        f"import {name}" in start.site.source.text or f"from {name}" in start.site.source.text for name in CHATS
    )
    telling = [name for name in names if _tells(name, says.WORK, chats)]
    if start.row.runner is Runner.PROCESS:
        return True
    if start.row.runner is Runner.AFTER_ANSWER:
        telling += [name for name in names if says.ACKNOWLEDGED.search(name)]
    if not telling and not any(_tells(called, says.DEED, chats) for called in _called(start)):
        return False
    return not any(_is_repeated(name, start) for name in telling or [start.work_name])


def _tells(name: str, words: re.Pattern[str], chats: bool) -> bool:
    """Whether a name says that something is done; a message in a chat is an answer, and no work."""
    return words.search(name) is not None and not (chats and says.TELLING.search(name) is not None)


def _may_be_lost(start: Started) -> bool:
    """Whether a comment beside the start says that the work is of no great importance."""
    line = start.site.node.lineno
    return any(says.MAY_BE_LOST.search(text) is not None for text in start.site.source.lines[max(0, line - 4) : line])


def _standing_around(start: Started) -> list[ast.AST]:
    """Return the functions that are run and say nothing by their name: a lambda, `_run`."""
    if isinstance(start.work, ast.Lambda):
        return [start.work]
    return [each.node for each in start.targets] if says.NEUTRAL.search(start.work_name) is not None else []


def _called(start: Started) -> Iterator[str]:
    """Yield the dotted names of what the work calls, and of what that calls in turn."""
    for target in start.targets:
        yield from _called_by(target, start, DEPTH)
    if not start.targets:
        yield from _called_elsewhere(start.named, start.site.scope, start)


def _called_by(function: Scope, start: Started, depth: int) -> Iterator[str]:
    for node in _calls(function.node):
        yield dotted(node)
        if depth > 1:
            inner = [value.target for value in start.site.source.resolver.values(node, function) if value.target]
            for each in inner:
                yield from _called_by(each, start, depth - 1)
            if not inner:
                yield from _called_elsewhere(node, function, start)


def _called_elsewhere(node: ast.expr | None, scope: Scope, start: Started) -> Iterator[str]:
    """Yield what a function of another file calls."""
    source = start.site.source
    if node is None or source.settings.no_project:
        return
    for path in source.resolver.paths(node, scope):
        found = definitions.find(path.replace("()", ""), source.filename) if "." in path else None
        if found is not None:
            yield from definitions.names_called(found)


def _calls(function: ast.AST) -> Iterator[ast.expr]:
    """Yield what a function calls, or hands to something that runs it."""
    for node in walk(function):
        if isinstance(node, ast.Call):
            yield node.func
            if terminal_name(node.func) in says.RUNNING:
                yield from (given for given in node.args if isinstance(given, (ast.Name, ast.Attribute)))


def _is_repeated(name: str, start: Started) -> bool:
    """Whether a loop or a schedule of the project runs the same anyway, and so makes up for what was lost."""
    if says.SPECIFIC.search(name) is None or start.site.source.settings.no_project:
        return False
    repeated = re.compile(says.REPEATING % {"name": re.escape(name)})
    return mentions.is_said(repeated, (name,), start.site.source.filename)
