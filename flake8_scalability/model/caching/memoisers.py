"""Memoised functions: which decorator keeps the results of a function, with what bound, for how long, and where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import cache_libraries as catalog
from flake8_scalability.catalog.cache_libraries import Keeper, Memoiser, Where
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.running.places import Standing

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Memo(NamedTuple):
    """A function whose results a decorator keeps.

    function: the function; node: the decorator; name: the decorator as it is called
    bounded, timed: whether the number and the age of results are limited; None where the file does not show it
    where: where they are kept; coroutines: as the row says
    stdlib: whether the decorator is one of `functools`
    lru_class: whether a class that only makes room is what limits it (`LRUCache`)
    is_own: whether the decorator is one of the project's own
    """

    function: Scope
    node: ast.expr
    name: str
    bounded: bool | None
    timed: bool | None
    where: Where
    coroutines: bool
    stdlib: bool = False
    lru_class: bool = False
    is_own: bool = False


@cache
def _by_path() -> dict[str, Memoiser]:
    return {path: row for row in catalog.MEMOISERS for path in expand(row.paths)}


@cache
def keepers() -> dict[str, Keeper]:
    """Return the classes that keep items, by their paths."""
    return {path: row for row in catalog.KEEPERS for path in expand(row.paths)}


@cache
def lru_paths() -> frozenset[str]:
    return frozenset(expand(catalog.LRU_PATHS))


def memos(source: SourceFile) -> Iterator[Memo]:
    """Yield the memoised functions of a file, those of tools and those memoised anew on each call left out."""
    if not ("cache" in source.lexicon or "memo" in source.lexicon):
        return
    if source.is_tool and not source.settings.include_tools:
        return
    for function in source.scopes:
        if not function.is_function or (function.parent is not None and function.parent.function is not None):
            continue
        for node in function.decorators:
            memo = _memo(function, node, source)
            if memo is not None:
                yield memo
                break


def _memo(function: Scope, node: ast.expr, source: SourceFile) -> Memo | None:
    outside = function.parent or function
    call = node if isinstance(node, ast.Call) else None
    callee = node.func if isinstance(node, ast.Call) else node
    name = terminal_name(callee)
    paths = source.resolver.paths(callee, outside)
    row = _by_path().get(next(iter(paths))) if len(paths) == 1 else None
    if row is not None:
        return _of_row(function, node, call, name, row, outside, source)
    if call is not None and catalog.MEMO_NAME.match(name):
        return _of_project(function, call, name, outside)
    return None


def _of_row(
    function: Scope, node: ast.expr, call: ast.Call | None, name: str, row: Memoiser, outside: Scope, source: SourceFile
) -> Memo:
    bounded: bool | None = row.bounded
    timed: bool | None = row.timed
    where = row.where
    lru_class = False
    if call is not None:
        if row.bound:
            bounded = _limited(call, outside, row.bound, row.bound_position, row.bounded)
        for number, argument in enumerate(row.time):
            timed = _limited(call, outside, argument, row.time_position if number == 0 else None, bool(timed))
        if row.store:
            given = arguments.find(call, outside, row.store, 0 if not row.time else None)
            if given.given is Given.PRESENT and given.value is not None and given.scope is not None:
                bounded, found_timed, where, lru_class = _of_store(given.value, given.scope, source)
                timed = timed or found_timed
            elif given.given is Given.UNKNOWN or any(keyword.arg == "alias" for keyword in call.keywords):
                bounded, timed, where = None, None, Where.CONFIGURED
    stdlib = row.paths in ("{functools.,}lru_cache", "functools.cache")
    return Memo(function, node, name, bounded, timed, where, row.coroutines, stdlib, lru_class)


def _limited(call: ast.Call, scope: Scope, name: str, position: int | None, default: bool) -> bool | None:
    """Whether an argument limits something: a number does, None lifts the limit, and what is no literal is unknown."""
    given = arguments.find(call, scope, name, position)
    if given.given is Given.ABSENT:
        return default
    literal = arguments.constant(given.value, given.scope) if given.given is Given.PRESENT else None
    if literal is None:
        return True if given.given is Given.PRESENT else None
    return literal.value is not None


def _of_store(node: ast.expr, scope: Scope, source: SourceFile) -> tuple[bool | None, bool | None, Where, bool]:
    """Return whether a cache that is handed to a decorator is bounded and timed, and where it is."""
    if isinstance(node, ast.Dict) and not node.keys:
        return False, False, Where.PROCESS, False
    if isinstance(node, ast.Call) and terminal_name(node.func) == "dict" and not node.args:
        return False, False, Where.PROCESS, False
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None else []
        if len(bindings) == 1 and bindings[0].kind == "assign" and isinstance(bindings[0].value, (ast.Dict, ast.Call)):
            return _of_store(bindings[0].value, bindings[0].scope, source)
    for path in source.resolver.paths(node, scope):
        row = keepers().get(path[:-2] if path.endswith("()") else path)
        if row is not None:
            return row.bounded, row.timed, row.where, path.replace("()", "") in lru_paths()
        if path.endswith(("Cache.MEMORY", "SimpleMemoryCache")):
            return False, False, Where.PROCESS, False
    return None, None, Where.CONFIGURED, False


def _of_project(function: Scope, call: ast.Call, name: str, outside: Scope) -> Memo | None:
    """Take a decorator of the project's own for one that keeps results in the process where an argument says so."""
    said = [arguments.constant(node, outside) for node in (*call.args, *(keyword.value for keyword in call.keywords))]
    if not any(literal is not None and literal.value in catalog.IN_MEMORY for literal in said):
        return None
    timed = any(keyword.arg in catalog.TIME_ARGUMENTS for keyword in call.keywords)
    bounded = any(keyword.arg in ("maxsize", "max_size", "max_entries") for keyword in call.keywords)
    return Memo(function, call, name, bounded or timed, timed, Where.PROCESS, True, is_own=True)


def standing_of(memo: Memo, source: SourceFile) -> Standing:
    """Return where a memoised function is called from: the highest place of its callers, or its own as a handler."""
    own = source.places.handlers.get(memo.function)
    if own is not None:
        return own
    found = Standing(Place.LIBRARY)
    known = False
    for edge in source.graph.into.get(memo.function, ()):
        standing = source.place(edge.caller, edge.node)
        if edge.handed:
            standing = Standing(Place.LIBRARY)
        if not known or standing.place > found.place:
            caller = edge.caller.function
            found = standing if standing.via is not None or caller is None else standing._replace(via=caller)
        known = True
    return found


def only_at_start(memo: Memo, source: SourceFile) -> bool:
    """Whether everybody in the file who calls a memoised function runs at start-up, or is a tool."""
    edges = source.graph.into.get(memo.function, ())
    return bool(edges) and all(
        source.place(edge.caller, edge.node).place in (Place.STARTUP, Place.TOOL) and not edge.handed for edge in edges
    )
