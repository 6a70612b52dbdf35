"""Stampedes: what many callers compute again at the same time when one shared key has expired.

Asked for is evidence of both: of the many (a key that all callers share, and nothing that says that only few come), and
of the cost (another service, an aggregate over rows, several queries).
"""

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
from flake8_scalability.model.caching.terms import seconds
from flake8_scalability.model.caching.uncached_reads import is_for_operators
from flake8_scalability.model.language import flowing
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.writers import text_of

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What a function says that keeps callers from computing together.
_GUARDED = re.compile(
    r"(?i)lock|mutex|single_?flight|semaphore|jitter|random|randbelow|stale|early|dogpile|coalesc|nx=True|setnx|get_or_set|"
    r"get_or_create|\.add\(|inflight|in_flight|swr|revalidate|beta"
)
#: Systems that take long to answer, or cost money.
_SLOW = frozenset({System.HTTP, System.SEARCH, System.LLM, System.RPC, System.CLOUD})
_AGGREGATING = re.compile(
    r"(?i)\b(aggregate|annotate|group_by|count|sum|avg)\(|\b(COUNT|SUM|AVG|\w+_agg)\(|read_sql|DataFrame|JOIN .* JOIN"
)
#: The last word of a name in the key of one row: each has a key of its own.
_OF_ONE_ROW = re.compile(r"(?i)(^|_)(id|pk|uuid|guid|slug|hash|digest|url)$")
#: That of a row which a request is about: its details are asked for by few at once, and a service's answer is one call.
_KEY_OF_ROW = re.compile(r"^(pk|id|uuid)$")
#: The keys and addresses of a log-in service: one small answer, which a few requests at a time fetch as fast as one.
_OF_LOGIN = re.compile(r"(?i)well.?known|jwks|openid|oidc|(public|signing)_?keys?\b")
QUERIES = 3
HOUR = 3600
#: A few callers that miss at once cost little where that happens once a day, or where each gives up in time by itself
#: and the next time is minutes away.
DAY = 24 * HOUR
MINUTES = 300
#: Names of modules and classes of pages that a few open to see how things stand.
_OF_DASHBOARD = re.compile(r"(^|_)dashboards?(_|$)")


class Stampede(NamedTuple):
    """A store after a miss: the call, its function, and what it calls to compute the value."""

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
        if call.site.place not in (Place.REQUEST, Place.LIBRARY) or is_for_operators(function, source):
            continue
        if _is_after_failure(call, function) or _is_guarded(function, source) or _is_of_few(call, function):
            continue
        if any(_OF_DASHBOARD.search(part) for name in source.path_parts for part in name.split(".")):
            continue
        before = [read for read in reads if read.function is function and same_key(read.key, call.key)]
        if not before or source.may_be_repeated(call.site.node, call.site.scope):
            continue
        computed = _expensive(before[0], call, function, calls, source)
        if computed is not None and not _is_small_and_rare(call, computed):
            yield Stampede(call, function, _as_called(computed, function, source))


def _is_small_and_rare(call: CacheCall, computed: ast.Call) -> bool:
    """Whether what a log-in service tells about itself is fetched, and no number says that it is kept for minutes."""
    if _OF_LOGIN.search(f"{key_text(call.key, call.site.scope)} {ast.unparse(computed)}") is None:
        return False
    return not any(number < HOUR for number in _numbers(call))


def _numbers(call: CacheCall) -> list[int]:
    """Return the numbers that a store is given beside its value: how long the entry lasts."""
    given = (*call.site.node.args, *(keyword.value for keyword in call.site.node.keywords))
    found = [seconds(each, call.site.scope) for each in given if each is not call.value and each is not call.key]
    return [number for number in found if number is not None]


def _as_called(computed: ast.Call, function: Scope, source: SourceFile) -> ast.Call:
    """Return what a function calls where something is computed: that itself, or the function of the file with it."""
    if _is_within(computed, function):
        return computed
    edges = [edge for scope in function.walk_same_call() for edge in source.graph.out_of.get(scope, ())]
    calls = (edge.node for edge in edges if computed in fetching_calls(edge.target, source, 1))
    return next(calls, computed)


def _is_guarded(function: Scope, source: SourceFile) -> bool:
    callers = [edge.caller.function for edge in source.graph.into.get(function, ())]
    return any(_GUARDED.search(text_of(each, source)) for each in (function, *callers) if each is not None)


def _is_of_few(call: CacheCall, function: Scope) -> bool:
    """Whether few ask for a key at once: it is one user's, marks something, or is asked for once in each process."""
    text = key_text(call.key, call.site.scope)
    if catalog.PERSONAL_KEY.search(text) is not None or isinstance(call.value, ast.Constant):
        return True
    return "global" in function.declared.values()


def _is_of_one_row(call: CacheCall) -> bool:
    """Whether a key is made from what tells one row from the next: on the request path, from the row's own key."""
    text = key_text(call.key, call.site.scope)
    tells = _OF_ONE_ROW if call.site.place is Place.LIBRARY else _KEY_OF_ROW
    return any(tells.search(word) for word in text.split())


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
    kept_for = _numbers(store)
    seldom = bool(kept_for) and min(kept_for) >= MINUTES
    slow = next((node for node in found if _is_slow(node, source) and not (seldom and _gives_up(node))), None)
    if slow is not None and not _is_of_one_row(read):
        return slow
    if not found or _is_of_own_object(read, function):
        return None
    runs = {_run(node, source) for node in found} - {None}
    if len(runs) == 1 and any(number >= DAY for number in _numbers(store)):
        return None
    if _AGGREGATING.search(_between(lines, source)) is not None:
        return next((node for node in found if _AGGREGATING.search(ast.unparse(node))), found[0])
    return found[0] if len(runs) >= QUERIES else None


def _run(node: ast.Call, source: SourceFile) -> ast.AST | None:
    """Return the call at which a query runs; None where a call gives one of which a later call takes the rows."""
    scope = next(scope for call, scope in source.calls_by_name[terminal_name(node.func)] if call is node)
    query = source.queries.of(node, scope)
    if query is None or query.ran is not None:
        return node if query is None else query.ran
    held = any(isinstance(each, ast.Assign) and each.value is node for each in scope.of(ast.Assign))
    return None if held and query.gives is Gives.QUERY else node


def _fetched_by(made_from: set[ast.AST], function: Scope, source: SourceFile) -> set[ast.Call]:
    """Return the calls that read data in the functions of the file which some parts of a function call."""
    edges = [edge for scope in function.walk_same_call() for edge in source.graph.out_of.get(scope, ())]
    targets = {edge.target for edge in edges if edge.node in made_from}
    return {node for target in targets for node in fetching_calls(target, source, 1)}


def _is_after_failure(call: CacheCall, function: Scope) -> bool:
    """Whether what is stored tells of a failure: the store stands in an `except`."""
    handlers = (node for node in walk(function.node) if isinstance(node, ast.ExceptHandler))
    return any(part is call.site.node for handler in handlers for part in walk(handler))


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
    scope = next(scope for call, scope in source.calls_by_name[terminal_name(node.func)] if call is node)
    row = source.site(node, scope).api
    return row is not None and row.system in _SLOW


def _gives_up(node: ast.Call) -> bool:
    """Whether a request says itself how long it waits at most, so that callers that miss together don't pile up."""
    return any(keyword.arg == "timeout" for keyword in node.keywords)


def _between(lines: range, source: SourceFile) -> str:
    return "".join(source.lines[lines.start - 1 : lines.stop - 1])
