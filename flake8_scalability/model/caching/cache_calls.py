"""Calls of caches that instances share: what is stored under which key, for how long, and what is read or forgotten."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import cache_libraries as catalog
from flake8_scalability.catalog.cache_libraries import Family
from flake8_scalability.catalog.rows import expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 4


class Does(enum.Enum):
    """What a call does with a cache."""

    GET = "reads"
    SET = "stores"
    FORGET = "forgets"


class Lasts(enum.Enum):
    """How long a stored item lasts."""

    SOME_TIME = "some time"
    FOR_EVER = "for ever"
    UNKNOWN = "unknown"


class CacheCall(NamedTuple):
    """One call of a shared cache.

    key: the expression of the key, None where there is none; value: what is stored, None where that is not one thing
    method: its name; lasts: of a SET, how long
    """

    site: CallSite
    does: Does
    family: Family
    method: str
    key: ast.expr | None
    value: ast.expr | None = None
    lasts: Lasts = Lasts.UNKNOWN

    @property
    def function(self) -> Scope | None:
        return self.site.function


@cache
def _by_path() -> dict[str, Family]:
    return {path: family for family in catalog.FAMILIES for path in expand(family.paths)}


@cache
def _methods() -> frozenset[str]:
    return frozenset().union(*({*f.sets, *f.ends, *f.gets, *f.deletes} for f in catalog.FAMILIES))


def storing_names() -> frozenset[str]:
    """Return the names of the methods that store in a cache."""
    return frozenset().union(*({*family.sets, *family.ends} for family in catalog.FAMILIES))


@cache
def _names() -> list[tuple[re.Pattern[str], Family]]:
    return [(re.compile(family.names, re.IGNORECASE), family) for family in catalog.FAMILIES if family.names]


def cache_calls(source: SourceFile) -> Iterator[CacheCall]:
    """Yield the calls of shared caches in a file, in no particular order."""
    if not any(word in source.lexicon for word in ("cache", *catalog.KEY_STORES)):
        return
    for name in _methods() & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[name]:
            family = _family(node, scope, source)
            if family is not None:
                yield _call(node, scope, name, family, source)


def _family(node: ast.Call, scope: Scope, source: SourceFile) -> Family | None:
    """Return what kind of cache a method is called on; None where it is none, or one of this process."""
    if not isinstance(node.func, ast.Attribute):
        return None
    receiver = node.func.value
    values = source.resolver.values(receiver, scope)
    for value in values:
        family = _by_path().get(value.path)
        if family is not None:
            return family
        if value.target is not None:
            return None
        root = value.path.partition(".")[0].partition("(")[0]
        if "(" in value.path and root not in ("self", "app"):
            return None
        if not value.path:
            return None
    name = terminal_name(receiver)
    if not name or _is_of_this_process(receiver, scope):
        return None
    return next((family for pattern, family in _names() if pattern.fullmatch(name)), None)


def _is_of_this_process(node: ast.expr, scope: Scope) -> bool:
    """Whether a name or attribute is bound to a mapping in the file, or is a local name of something else."""
    if isinstance(node, ast.Attribute):
        owner = scope.function.owner if scope.function is not None else None
        if owner is None or terminal_name(node.value) not in ("self", "cls"):
            return False
        for inner in owner.walk():
            for each in inner.of(ast.Assign, ast.AnnAssign):
                assert isinstance(each, (ast.Assign, ast.AnnAssign))
                targets = each.targets if isinstance(each, ast.Assign) else [each.target]
                if any(terminal_name(target) == node.attr for target in targets) and _is_mapping(each.value):
                    return True
        return False
    if not isinstance(node, ast.Name):
        return True
    home = scope.lookup(node.id)
    bindings = home.bindings[node.id] if home is not None else []
    return any(
        binding.kind in ("for", "except", "class", "function") or _is_mapping(binding.value) for binding in bindings
    )


def _is_mapping(node: ast.expr | None) -> bool:
    if isinstance(node, (ast.Dict, ast.DictComp, ast.List, ast.Set)):
        return True
    return isinstance(node, ast.Call) and terminal_name(node.func) in (
        "dict", "OrderedDict", "defaultdict", "TTLCache", "LRUCache", "WeakValueDictionary", "WeakKeyDictionary",
        "MappingProxyType", "ChainMap", "Counter",
    )  # fmt: skip


def _call(node: ast.Call, scope: Scope, name: str, family: Family, source: SourceFile) -> CacheCall:
    site = source.site(node, scope)
    key = node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None
    if key is None:
        given = site.argument("key")
        key = given.value if given.given is Given.PRESENT else site.argument("name").value
    if name in family.ends:
        return CacheCall(site, Does.SET, family, name, key, node.args[-1] if node.args else None, Lasts.SOME_TIME)
    if name in family.sets:
        position, time = family.sets[name]
        value = node.args[position] if 0 <= position < len(node.args) else site.argument("value").value
        return CacheCall(site, Does.SET, family, name, key, value, _lasts(site, family, time))
    return CacheCall(site, Does.GET if name in family.gets else Does.FORGET, family, name, key)


def _lasts(site: CallSite, family: Family, position: int) -> Lasts:
    """Return how long an item lasts by the arguments of the call that stores it."""
    if any(keyword.arg in catalog.TIME_ARGUMENTS and keyword.arg not in family.time for keyword in site.node.keywords):
        return Lasts.SOME_TIME  # of a client that the project has wrapped
    for number, name in enumerate(family.time):
        given = arguments.find(site.node, site.scope, name, position if number == 0 and position >= 0 else None)
        if given.given is Given.UNKNOWN:
            return Lasts.UNKNOWN
        if given.given is not Given.PRESENT:
            continue
        literal = arguments.constant(given.value, given.scope)
        if literal is None:
            return Lasts.SOME_TIME
        if literal.value is None or (family.zero and literal.value == 0 and literal.value is not False):
            return Lasts.FOR_EVER
        return Lasts.SOME_TIME
    return Lasts.FOR_EVER if family.lasting else Lasts.UNKNOWN


def key_text(node: ast.expr | None, scope: Scope, steps: int = 0) -> str:
    """Return what the text of a key says: its literals, the names in it, and what those are bound to."""
    if node is None or steps > MAX_STEPS:
        return ""
    parts: list[str] = []
    for part in walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            parts.append(part.value)
        elif isinstance(part, ast.Attribute):
            parts.append(part.attr)
        elif isinstance(part, ast.Name):
            parts.append(part.id)
            home = scope.lookup(part.id)
            bound = home.bindings[part.id] if home is not None else []
            parts += [key_text(each.value, each.scope, steps + 1) for each in bound if each.kind == "assign"]
    return " ".join(parts)


def same_key(one: ast.expr | None, other: ast.expr | None) -> bool:
    """Whether two expressions in one function give the same key."""
    return one is not None and other is not None and ast.dump(one) == ast.dump(other)
