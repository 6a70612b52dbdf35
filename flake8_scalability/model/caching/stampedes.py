"""Stampedes: what many callers compute again at the same time when one shared key has expired."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import cache_libraries as catalog
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place, System
from flake8_scalability.model.caching.cache_calls import CacheCall, Does, Lasts, cache_calls, key_text, same_key
from flake8_scalability.model.caching.fetching import fetching_calls
from flake8_scalability.model.language import flowing
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.scaling.writers import text_of

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What a function says that keeps callers from computing together.
_GUARDED = re.compile(
    r"(?i)lock|mutex|single_?flight|semaphore|jitter|random|randbelow|stale|early|dogpile|coalesc|nx=True|setnx|get_or_set|"
    r"get_or_create|\.add\(|inflight|in_flight|swr|revalidate|beta"
)
#: Systems that take long to answer, or cost money.
_SLOW = frozenset({System.HTTP, System.SEARCH, System.LLM, System.RPC, System.CLOUD, System.STORAGE})
_AGGREGATING = re.compile(
    r"(?i)\b(aggregate|annotate|group_by|count|sum|avg)\(|GROUP BY|\b(COUNT|SUM|AVG)\(|read_sql|DataFrame|JOIN .* JOIN"
)
QUERIES = 2


class Stampede(NamedTuple):
    """A store after a miss: the call, its function, and the first thing that is computed for it."""

    call: CacheCall
    function: Scope
    computed: ast.Call


def stampedes(source: SourceFile) -> Iterator[Stampede]:
    """Yield the stores of shared keys, after a look-up of the same key, whose value takes long to compute."""
    calls = [call for call in cache_calls(source) if call.function is not None and call.key is not None]
    reads = [call for call in calls if call.does is Does.GET]
    for call in calls:
        function = call.function
        if call.does is not Does.SET or function is None or call.method in ("add", "get_or_set", "aget_or_set"):
            continue
        if call.lasts is Lasts.FOR_EVER:
            continue  # it never expires, of which SCL205 speaks
        if call.site.place in (Place.TOOL, Place.STARTUP):
            continue
        before = [read for read in reads if read.function is function and same_key(read.key, call.key)]
        if (
            not before
            or _is_after_failure(call, function)
            or _is_guarded(function, source)
            or _is_of_few(call, function)
        ):
            continue
        computed = _expensive(before[0], call, function, calls, source)
        if computed is not None:
            yield Stampede(call, function, computed)


def _is_guarded(function: Scope, source: SourceFile) -> bool:
    callers = [edge.caller.function for edge in source.graph.into.get(function, ())]
    return any(_GUARDED.search(text_of(each, source)) for each in (function, *callers) if each is not None)


def _is_of_few(call: CacheCall, function: Scope) -> bool:
    """Whether a key is one user's, or counts or marks something, so that few ask for it at once."""
    text = key_text(call.key, call.site.scope)
    return catalog.PERSONAL_KEY.search(text) is not None or isinstance(call.value, ast.Constant)


def _expensive(
    read: CacheCall, store: CacheCall, function: Scope, calls: list[CacheCall], source: SourceFile
) -> ast.Call | None:
    """Return the first of what is computed between a miss and its store, where that takes long; else None."""
    lines = range(read.site.node.lineno, (store.site.node.end_lineno or store.site.node.lineno) + 1)
    found = []
    made_from = flowing.into(store.value, function.node) if store.value is not None else None
    looking_up = {call.site.node for call in calls}
    called = _fetched_by(made_from, function, source) if made_from is not None else set()
    for node in fetching_calls(function, source):
        inside = node.lineno in lines and _is_within(node, function)
        if _is_within(node, function) and not (inside and (made_from is None or node in made_from)):
            continue
        if not inside and made_from is not None and node not in called:
            continue
        if node not in looking_up and not _is_cache(node):
            found.append(node)
    if not found:
        return None
    slow = [node for node in found if _is_slow(node, source)]
    if slow:
        return slow[0]
    if _is_of_own_object(read, function):
        return None
    runs = [node for node in found if not _only_narrows(node, source)]
    return found[0] if len(runs) >= QUERIES or _AGGREGATING.search(_between(lines, source)) else None


def _only_narrows(node: ast.Call, source: SourceFile) -> bool:
    """Whether a call gives a query that is held by a name, of which a later one takes the rows."""
    scope = next((scope for call, scope in source.calls_by_name[terminal_name(node.func)] if call is node), None)
    query = source.queries.of(node, scope) if scope is not None else None
    if scope is None or query is None or query.gives is not Gives.QUERY:
        return False
    return any(isinstance(each, ast.Assign) and each.value is node for each in scope.of(ast.Assign))


def _fetched_by(made_from: set[ast.AST], function: Scope, source: SourceFile) -> set[ast.Call]:
    """Return the calls that read data in the functions of the file which some parts of a function call."""
    edges = [edge for scope in function.walk_same_call() for edge in source.graph.out_of.get(scope, ())]
    targets = {edge.target for edge in edges if edge.node in made_from}
    return {node for target in targets for node in fetching_calls(target, source, 1)}


def _is_after_failure(call: CacheCall, function: Scope) -> bool:
    """Whether what is stored tells of a failure: the store stands in an `except`."""
    handlers = (node for node in ast.walk(function.node) if isinstance(node, ast.ExceptHandler))
    return any(part is call.site.node for handler in handlers for part in ast.walk(handler))


def _is_of_own_object(read: CacheCall, function: Scope) -> bool:
    """Whether a key is made from the object whose method this is: each object is asked for by few at once."""
    own = function.first_parameter if function.is_method else ""
    text = key_text(read.key, read.site.scope).split()
    return own != "" and own in text and not {"pk", "id", "uuid"}.isdisjoint(text)


def _is_within(node: ast.Call, function: Scope) -> bool:
    first = function.node
    assert isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef))
    return first.lineno <= node.lineno <= (first.end_lineno or first.lineno)


def _is_cache(node: ast.Call) -> bool:
    name = terminal_name(node.func.value).lower() if isinstance(node.func, ast.Attribute) else ""
    return any(word in name for word in ("cache", *catalog.KEY_STORES))


def _is_slow(node: ast.Call, source: SourceFile) -> bool:
    scope = next((scope for call, scope in source.calls_by_name[terminal_name(node.func)] if call is node), None)
    row = source.site(node, scope).api if scope is not None else None
    return row is not None and row.system in _SLOW


def _between(lines: range, source: SourceFile) -> str:
    return "".join(source.lines[lines.start - 1 : lines.stop - 1])
