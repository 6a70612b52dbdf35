"""Uncached reads: functions that read from a store or a service again on every call what could be kept for a while.

Told are reads out of which something is computed, numbers over many rows, and settings that every request looks up;
what reads one row, writes, lists, or stands beside a cache is silent.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import expensive_reads as known
from flake8_scalability.catalog import operators
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Effect, Place, System
from flake8_scalability.model.caching.changing_requests import only_for_changes
from flake8_scalability.model.caching.fetching import is_fetch
from flake8_scalability.model.caching.kept import is_kept, is_read_only
from flake8_scalability.model.caching.seldom_asked import is_export
from flake8_scalability.model.database import every_request
from flake8_scalability.model.language import reaching, ways
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.narrowing import Narrowing, has_key, narrowing, speaks_of_pages
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.queries.query_runs import Use
from flake8_scalability.model.queries.tables import definition
from flake8_scalability.model.resilience import outbound

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

READS = 2
#: So many numbers over rows are a summary: where the name says so, and where it does not.
NUMBERS = 3
MANY_NUMBERS = 4
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: Steps of a query for the only row of a table.
_OF_SINGLE = frozenset({"first", "get", "all", "query", "objects", "afirst", "aget"})
_GETTER = re.compile(r"^_*(a|async_)?(get|load|fetch)_")


class Uncached(NamedTuple):
    """A function whose result could be kept: what it does on every call, and what to do instead."""

    function: Scope
    what: str
    instead: str


_PROCESSING = frozenset({"context_processor", "app_context_processor"})


class _Read(NamedTuple):
    node: ast.expr
    scope: Scope
    query: Query | None


def uncached(source: SourceFile) -> Iterator[Uncached]:
    """Yield the functions of a file that read again on every call what could be kept."""
    readers = _readers(source)
    if not any(readers):
        return
    per_request = {*every_request.functions(source), *_context_processors(source)}
    for function in source.scopes:
        if function not in readers:
            continue
        of_request = function in per_request or _permits(function)
        found = _of_request(function, source) if of_request else _of_function(function, source, readers[function])
        if found is not None:
            yield found


def _readers(source: SourceFile) -> Counter[Scope | None]:
    """Return the functions that may read anything at all, by what they call, with how often at most."""
    spoken = source.calls_by_name
    calling = (scope for name in spoken if _may_read(name) for _, scope in spoken[name])
    return Counter(scope.function for scope in (*(run.scope for run in source.query_runs), *calling))


@lru_cache(maxsize=8192)
def _may_read(name: str) -> bool:
    """Whether a call of this name may read something."""
    return known.READING.match(name) is not None


def _of_function(function: Scope, source: SourceFile, most_reads: int) -> Uncached | None:
    if most_reads < READS:
        return None
    called = list(_called(function))
    computes = any(known.COMPUTING.match(name) for name in called)
    looks_up = known.LOOKING_UP.match(function.name) is not None and function not in source.places.handlers
    wanted = NUMBERS if known.COUNTING.search(_words(function)) is not None else MANY_NUMBERS
    counts = (
        known.CHANGING.search(function.name) is None
        and not is_export(function)
        and known.PAGING.isdisjoint(called)
        and sum(name in known.AGGREGATES or name in known.RUNNING for name in called) >= wanted
    )
    if not (computes or looks_up or counts):
        return None
    place = source.place(function).place
    if place is not Place.REQUEST and (place is not Place.LIBRARY or not _GETTER.match(function.name)):
        return None
    reads = list(_reads(function, source))
    if len(reads) < READS or is_for_operators(function, source):
        return None
    waits = looks_up and _is_chain(function, reads)
    made_of_rows = (waits or (computes and _is_computed(function, reads))) and not all(map(_is_one_row, reads))
    if made_of_rows and _is_same_for_same(function, reads, source):
        most = ways.most(function, {each.node for each in reads})
        if most >= READS and not speaks_of_pages(function) and _is_alone(function, source):
            return Uncached(function, f"makes {most} reads for the same result", "cache it with a TTL")
    numbers = {each.node for each in reads if counts and _is_number(each, source) and not _is_of_caller(each, source)}
    if place is Place.REQUEST and len(numbers) >= wanted and _is_alone(function, source):
        most = ways.most(function, numbers)
        if most >= wanted:
            return Uncached(function, f"reckons {most} numbers anew", "cache them with a TTL")
    return None


def _is_alone(function: Scope, source: SourceFile) -> bool:
    """Whether a function changes nothing, and nothing on the way to it keeps what it gives."""
    return is_read_only(function, source) and not is_kept(function, source)


def is_for_operators(function: Scope, source: SourceFile) -> bool:
    """Whether few people get there, by names or by what the function asks of its caller."""
    via = source.place(function).via
    parts = (part for name in source.path_parts for part in name.split("."))
    where = [*parts, _words(function), _words(via) if via is not None else ""]
    asked = {name for each in (function, via) if each is not None for name in _asked_of_caller(each, source)}
    return any(operators.OPERATED.search(name) for name in where) or any(operators.ASKS.search(name) for name in asked)


def _asked_of_caller(function: Scope, source: SourceFile) -> Iterator[str]:
    """Yield the names in a function, in its decorators, in the bases of its class and in what this permits."""
    yield from source.words(function).names
    for decorator in function.decorators:
        yield from names_in(decorator)
    for each in source.resolver.ancestry(function.owner) if function.owner is not None else ():
        assert isinstance(each.node, ast.ClassDef)
        yield from map(terminal_name, each.node.bases)
        for binding in each.bindings.get("permission_classes", ()):
            if binding.value is not None:
                yield from (terminal_name(part) for part in walk(binding.value))


def _words(function: Scope) -> str:
    owner = _HUMPS.sub("_", function.owner.name) if function.owner is not None else ""
    return f"{owner}_{function.name}".lower()


def _called(function: Scope) -> Iterator[str]:
    for scope in function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            yield terminal_name(node.func)


# What it reads


def _reads(function: Scope, source: SourceFile) -> Iterator[_Read]:
    """Yield the reads that a function makes itself, each once, those in a loop left out: other rules speak of them."""
    runs = {run.node: run for run in source.query_runs if run.scope.function is function}
    executed = {run.query.ran for run in runs.values() if run.query.ran is not None and run.query.ran is not run.node}
    parts = {part for node in runs for part in walk(node) if part is not node}
    for node, run in runs.items():
        inside = node in parts or node in executed or run.use is Use.RETURNED
        if not inside and not run.query.writes and not source.may_be_repeated(node, run.scope):
            yield _Read(node, run.scope, run.query)
    for scope in function.walk_same_call():
        for call in scope.of(ast.Call):
            assert isinstance(call, ast.Call)
            query = source.queries.of(call, scope)
            if call in runs or call in parts or (query is not None and query.family.name != "repository"):
                continue
            if not source.may_be_repeated(call, scope) and _fetches(call, scope, source):
                yield _Read(call, scope, None)


def _fetches(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    site = source.site(node, scope)
    if site.api is not None and outbound.effect_of(site) is not Effect.READ:
        return False
    name = terminal_name(node.func)
    if (name.startswith("fetch") and _is_of_cursor(node)) or known.READING.match(name) is None:
        return False  # what its `execute` has read
    return is_fetch(node, scope, source)


def _is_of_cursor(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) in ("cursor", "cur", "result", "c")


def _is_computed(function: Scope, reads: list[_Read]) -> bool:
    """Whether a function gives what a computation has made of two or more things that it has read."""
    read = _names_of(function, reads)
    made = {
        node
        for scope in function.walk_same_call()
        for node in scope.of(ast.Call)
        if isinstance(node, ast.Call) and known.COMPUTING.match(terminal_name(node.func))
        and any(names_in(each) & read for each in (*node.args, *(keyword.value for keyword in node.keywords)))
    }  # fmt: skip
    holding = {
        part.id
        for scope in function.walk_same_call()
        for node in scope.of(ast.Assign)
        if isinstance(node, ast.Assign) and made & set(walk(node.value))
        for target in node.targets
        for part in walk(target)
        if isinstance(part, ast.Name)
    }
    return any(
        isinstance(node, ast.Return)
        and node.value is not None
        and (made & set(walk(node.value)) or names_in(node.value) & holding)
        for node in function.of(ast.Return)
    )


def _is_chain(function: Scope, reads: list[_Read]) -> bool:
    """Whether a read has to wait for what another one finds."""
    return any(names_in(each.node) & _names_of(function, [one for one in reads if one is not each]) for each in reads)


def _names_of(function: Scope, reads: list[_Read]) -> set[str]:
    """Return the names that hold what is read."""
    nodes = {each.node for each in reads}
    found: set[str] = set()
    for scope in function.walk_same_call():
        for node in scope.of(ast.Assign, ast.AnnAssign):
            assert isinstance(node, (ast.Assign, ast.AnnAssign))
            if node.value is not None and nodes & set(walk(node.value)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(*(names_in(target) for target in targets))
    return found


def _is_same_for_same(function: Scope, reads: list[_Read], source: SourceFile) -> bool:
    """Whether a function gives a value, which is the same for the same arguments, whoever asks."""
    lazy = any(run.use is Use.RETURNED and run.query.gives is Gives.QUERY and run.scope.function is function
               for run in source.query_runs)  # fmt: skip
    if lazy or not _are_for_arguments(function, reads):
        return False
    return not any(_is_of_caller(each, source) for each in reads)


def _is_one_row(read: _Read) -> bool:
    query = read.query
    return query is not None and query.gives is Gives.ONE and bool(query.filters) and not _reckons(read)


def _reckons(read: _Read) -> bool:
    """Whether a read names a function over many rows: a sum, a number of them."""
    return any(isinstance(part, ast.Call) and terminal_name(part.func) in known.AGGREGATES for part in walk(read.node))


def _is_of_caller(read: _Read, source: SourceFile) -> bool:
    """Whether a read is for whoever sends the request, by what it is given or what the names in it hold."""
    if known.CALLER.search(ast.unparse(read.node)):
        return True
    return any(
        binding.value is not None and known.CALLER.search(ast.unparse(binding.value))
        for part in walk(read.node)
        if isinstance(part, ast.Name)
        for binding in reaching.bindings(part, read.scope, source)
    )


def _are_for_arguments(function: Scope, reads: list[_Read]) -> bool:
    """Whether what is read depends on what the function is given."""
    own = function.first_parameter if function.is_method else ""
    given = set(function.parameters) - {own}
    return any(names_in(each.node) & given for each in reads)


def _is_number(read: _Read, source: SourceFile) -> bool:
    """Whether a query reckons over many rows: of a table or a heap of it, or of all that one owner has."""
    query = read.query
    if query is None or has_key(query) or query.gives is Gives.PRESENCE:
        return False
    return (query.gives is Gives.COUNT or _reckons(read)) and narrowing(query, source) <= Narrowing.OWNER


# What every request looks up


def _permits(function: Scope) -> bool:
    """Whether a method says for each request whether its caller may."""
    if function.name != "has_permission" or function.parent is None:
        return False
    node = function.parent.node
    return isinstance(node, ast.ClassDef) and any(terminal_name(base).endswith("Permission") for base in node.bases)


def _context_processors(source: SourceFile) -> Iterator[Scope]:
    """Yield the functions that give every template something."""
    by_file = b"request" in source.vocabulary and any("context_processors" in part for part in source.path_parts)
    if not by_file and source.decorating_names.isdisjoint(_PROCESSING):
        return
    for function in source.scopes:
        if not function.is_function:
            continue
        names = {terminal_name(node.func if isinstance(node, ast.Call) else node) for node in function.decorators}
        if names & _PROCESSING or (
            by_file and list(function.parameters) == ["request"] and function.parent is source.module
        ):
            yield function


def _of_request(function: Scope, source: SourceFile) -> Uncached | None:
    """Return what every request looks up, though the operator changes it once in a while."""
    if _permits(function) and is_for_operators(function, source):
        return None
    reads = list(_reads(function, source))
    for read in reads:
        site = source.site(read.node, read.scope) if isinstance(read.node, ast.Call) else None
        if site is None or site.api is None or site.api.system is not System.HTTP or site.api.kept:
            continue
        if _is_alone(function, source):
            return Uncached(function, f"calls {site.callee}()", "cache the answer with a TTL")
    setup = next((each.query.entity for each in reads if each.query is not None and _is_setup(each.query, source)), "")
    asked = {each.node for each in reads if each.query is not None and not _is_by_id(each.query)}
    checks = _permits(function) and ways.most(function, asked - only_for_changes(function)) >= READS
    if not (setup or checks) or not _is_alone(function, source):
        return None
    what = f"reads {setup}" if setup else "makes 2 reads or more"
    return Uncached(function, what, "cache it with a TTL")


def _is_by_id(query: Query) -> bool:
    return any(each.column in ("id", "pk") for each in query.filters)


def _is_setup(query: Query, source: SourceFile) -> bool:
    """Whether a query reads what an operator sets: rows of such a table, or the only row of its own."""
    if not query.entity or narrowing(query, source) > Narrowing.HEAP:
        return False
    single = query.gives is Gives.ONE and not query.filters and query.names <= _OF_SINGLE
    if not single and known.SETUP_TABLES.search(_HUMPS.sub("_", query.entity).lower()) is None:
        return False
    return not _has_own_manager(query, source)


def _has_own_manager(query: Query, source: SourceFile) -> bool:
    """Whether a class of the project answers for a table, which may keep what it has read."""
    table = definition(query.entity, source) if "objects" in query.names or query.family.name == "django" else None
    return table is not None and any(
        isinstance(each, ast.Assign)
        and terminal_name(each.targets[0]) == "objects"
        and isinstance(each.value, ast.Call)
        and terminal_name(each.value.func) != "Manager"
        for each in table.body
    )
