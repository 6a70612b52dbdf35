"""Reads per item: queries that run once for each item of a loop where one could fetch the rows of all.

A query counts where it is made of the item.  Where a function of the file is called for each item and does nothing but
look something up, its call is the place, and the query in it what is told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import batching
from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Effect, Place, System
from flake8_scalability.model.batching.gains import could_join, is_little, is_meant, locks
from flake8_scalability.model.batching.growing import TO_READ, TO_READ_SERVING, grows
from flake8_scalability.model.batching.item_origins import Origin
from flake8_scalability.model.batching.memory_handles import is_in_memory
from flake8_scalability.model.batching.per_item import Turn, takes_group, turn_of
from flake8_scalability.model.batching.rare_turns import is_of_one_item
from flake8_scalability.model.batching.searches import is_search
from flake8_scalability.model.batching.tool_callers import nobody_starts, only_tools_call
from flake8_scalability.model.batching.worth import are_rows, is_asked_about, is_lost, is_sent, works, writes
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.narrowing import is_done_once
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.queries.query_runs import Run, Use
from flake8_scalability.model.sites import CallSite, spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_FETCH = "fetch all before the loop"
_PREFETCH = "prefetch it with Prefetch(queryset=…)"
#: What is told instead where not rows are wanted.
_INSTEAD = {
    Gives.COUNT: "count for all in one grouped query",
    Gives.PRESENCE: "ask once which of them have any",
}
READS = frozenset({Gives.ONE, Gives.MANY, Gives.COUNT, Gives.PRESENCE, Gives.STREAM, Gives.PART, Gives.QUERY})
#: A function that looks something up has no more lines than these.
MAX_LINES = 30
#: Steps of a related manager that a prefetch serves as well: whether there was one is for SCL505 to ask.
PREFETCHED = frozenset({"all", "count", "exists", "first", "last", "[:]", "[]"})
#: Words in a look-up's text that say: not every call of it goes to the database.
_REMEMBERS = re.compile("cache|memo|lru", re.IGNORECASE)
#: Steps after which a row may be taken by its number.
_NARROWING = tuple(sorted(name for name, gives in known.DJANGO.gives.items() if gives is Gives.QUERY))
#: Classes and functions of a project that open a store, by their names.
_OPENED = re.compile(r"^_?(connect|open)(_|$)|(Bridge|Store|Database|Connection)$")
#: Methods of a handle that say what they read; a bare `get` may be that of a mapping.
_READS_ROW = re.compile(r"^_?(get|find|fetch|load|read|lookup|retrieve|count|exists|list)_\w+$")
#: Functions and methods whose first argument says which table is asked.
_ROOTS = frozenset({"select", "query", "delete", "update", "insert"})
#: What stands before and after the schema of a table in the text of a statement.
_ENDS_BEFORE_SCHEMA = re.compile(r"\b(from|join|into|update)\s+[\"`\[]?$", re.IGNORECASE)
_BEGINS_AFTER_SCHEMA = re.compile(r"[\"`\]]?\.")


class ItemRead(NamedTuple):
    """A query that runs for each item.

    node: where the finding stands
    scope: where that is
    what: the call that queries
    helper: the function of the file through which it does, "" where the loop queries itself
    items: what there is one for each of
    entity: the table that is asked, "" where that is not shown
    instead: what does it for all items at once
    """

    node: ast.expr
    scope: Scope
    what: str
    helper: str
    items: str
    entity: str = ""
    instead: str = _FETCH


def reads(source: SourceFile) -> Iterator[ItemRead]:
    """Yield the reads of a file that run once per item, the first of each table in a loop."""
    seen: set[tuple[int, str]] = set()
    found: set[ast.expr] = set()
    if not source.has_loops:
        return
    for turn, read in (*_direct(source), *_handles(source), *_stores(source), *_through_functions(source)):
        key = (id(turn.loop.node), read.entity or read.what)
        if read.node in found or key in seen or is_search(turn, read.node):
            continue
        site = CallSite(read.node, read.scope, source)  # type: ignore[arg-type]
        if is_of_one_item(turn, site) or is_meant(turn, site):
            continue
        if is_little(turn, read.node, read.entity, read.scope, source):
            continue
        joins = could_join(turn, read.node, read.scope, source)
        serving = source.place(read.scope).place in (Place.REQUEST, Place.WORKER)
        enough = TO_READ_SERVING if serving else TO_READ
        if joins and not _is_related(read.node, read.scope, source):
            enough |= {Origin.RELATED}  # of a table by itself each of the handful may have many
        if not grows(turn, read.node, read.scope, source, enough) or only_tools_call(read.scope, source):
            continue
        if is_lost(turn, read.scope, source) or is_asked_about(turn, read.scope, source):
            continue
        if _is_unproven(turn, read.scope, source, joins):
            continue
        if read.scope.function is not None and nobody_starts(read.scope.function, source):
            continue
        found.add(read.node)
        seen.add(key)
        yield read


def _is_related(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a query asks for what a row has through a relation: `volume.loans.filter(late=True)`."""
    query = source.queries.of(node, scope)
    return query is not None and query.related


def _is_unproven(turn: Turn, scope: Scope, source: SourceFile, joins: bool) -> bool:
    """Whether nobody knows who calls a function with how many items, and it does more for each than to look it up."""
    if source.place(scope).place in (Place.REQUEST, Place.WORKER) or is_sent(turn, scope, source):
        return False
    return (not joins and writes(turn)) or (works(turn, scope, source) and not are_rows(turn, scope, source))


def serves(scope: Scope, source: SourceFile, node: ast.expr | None = None) -> bool:
    """Whether code runs while the process serves, or may: not in a tool, at start-up, or once to put data right."""
    call = node if isinstance(node, ast.Call) else None
    if source.place(scope, call).place in (Place.TOOL, Place.STARTUP):
        return False
    return not is_done_once(scope.function, source)


def _direct(source: SourceFile) -> Iterator[tuple[Turn, ItemRead]]:
    for run in (*source.query_runs, *_first_rows(source)):
        if not is_read(run):
            continue
        turn = turn_of(run.node, run.scope, source)
        if turn is None or takes_group(turn, run.scope, run.node) or not serves(run.scope, source, run.node):
            continue
        if _is_made_of_item(run, turn) and not is_of_item_store(run.query, turn):
            what = spelled(run.node) if isinstance(run.node, ast.Call) else f"reading {spelled(run.node)}"
            instead = _INSTEAD.get(run.query.gives, _PREFETCH if _could_be_prefetched(run.query, turn) else _FETCH)
            yield turn, ItemRead(run.node, run.scope, what, "", turn.items, run.query.entity, instead)


def _could_be_prefetched(query: Query, turn: Turn) -> bool:
    """Whether a narrowed relation of the item asks the same of each, so that a prefetch could have done it."""
    if not query.related or query.family is not known.DJANGO or not turn.concerns(query.node):
        return False
    calls = [step.call for step in query.steps if step.call is not None]
    return not turn.concerns(*(each for call in calls for each in (*call.args, *call.keywords)))


def _first_rows(source: SourceFile) -> Iterator[Run]:
    """Yield where one row of a lazy query is taken by its number: `Row.objects.filter(…)[0]`."""
    for name in _NARROWING if source.queries.any else ():
        for node, scope in source.calls_by_name.get(name, ()):
            if not source.may_be_repeated(node, scope):
                continue
            taken = source.parents(scope).get(node)
            if isinstance(taken, ast.Subscript) and isinstance(taken.slice, ast.Constant) and taken.value is node:
                query = source.queries.of(taken, scope)
                if query is not None and query.gives is Gives.ONE:
                    yield Run(query, taken, scope, Use.FETCHED)


def _is_made_of_item(run: Run, turn: Turn) -> bool:
    """Whether a query is made of the item; a lazy one by name is kept from one turn to the next unless made in it."""
    node = run.node
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id in turn.own if isinstance(node, ast.Name) else turn.concerns(node)


def is_read(run: Run) -> bool:
    """Whether a run fetches rows that one query could fetch for many items."""
    query = run.query
    if query.gives not in READS or run.use is Use.RETURNED:
        return False
    if query.ran is not None and not any(part is query.ran for part in walk(run.node)):
        return False  # what is fetched of it; the call that runs it is a run of its own
    if query.names & batching.UPSERTS or query.names & batching.APART or locks(query):
        return False
    if query.related and (query.names <= PREFETCHED or _is_view(query)):
        return False
    statement = query.statement
    if statement is not None and (statement.verb != "select" or not statement.table or statement.locks):
        return False
    return not (query.gives is Gives.QUERY and query.ran is None)


def _is_view(query: Query) -> bool:
    """Whether what looks like a query of related rows is the view of a mapping: `row.options.values()`."""
    first = query.steps[0].call if query.steps else None
    return first is not None and terminal_name(first.func) == "values" and not (first.args or first.keywords)


def is_of_item_store(query: Query, turn: Turn) -> bool:
    """Whether each item brings a database, model or table of its own, so that no query could ask for several."""
    if query.related:
        return False
    if query.statement is not None and ("\x00" in query.statement.table or not query.statement.table):
        return True
    if query.statement is not None and _names_schema(query.node, turn):
        return True
    first = query.steps[0].call if query.steps else None
    if first is not None and query.steps[0].name in _ROOTS and turn.concerns(*first.args[:1]):
        return True
    root: ast.AST = first.func if first is not None else query.node
    while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript, ast.Await)):
        if isinstance(root, ast.Subscript) and turn.concerns(root.slice):
            return True
        root = root.func if isinstance(root, ast.Call) else root.value
    return turn.concerns(root) and bool(query.steps)


def _names_schema(node: ast.AST, turn: Turn) -> bool:
    """Whether the text of a statement has the item as the schema of its table: `FROM "{tenant}".orders`."""
    return any(
        isinstance(put_in, ast.FormattedValue)
        and turn.concerns(put_in)
        and _ENDS_BEFORE_SCHEMA.search(str(getattr(before, "value", ""))) is not None
        and _BEGINS_AFTER_SCHEMA.match(str(getattr(after, "value", ""))) is not None
        for part in walk(node)
        if isinstance(part, ast.JoinedStr)
        for before, put_in, after in zip(part.values, part.values[1:], part.values[2:])
    )


def _handles(source: SourceFile) -> Iterator[tuple[Turn, ItemRead]]:
    """Yield the reads through handles of the project's own that nobody awaits: `db.get_user(user_id)`."""
    for name, calls in source.calls_by_name.items() if source.queries.any else ():
        for node, scope in calls if _READS_ROW.match(name) else ():
            if not isinstance(node.func, ast.Attribute) or not known.HANDLE.search(terminal_name(node.func.value)):
                continue
            if not source.may_be_repeated(node, scope):
                continue
            query = source.queries.of(node, scope)
            if query is None or query.family is not known.REPOSITORY or query.gives not in READS or locks(query):
                continue
            turn = turn_of(node, scope, source)
            if turn is None or not turn.concerns(*node.args, *(each.value for each in node.keywords)):
                continue
            if turn.concerns(node.func.value) or not serves(scope, source, node):
                continue
            if not is_in_memory(node.func, scope, source):
                yield turn, ItemRead(node, scope, spelled(node), "", turn.items)


# Caches, key-value stores and others of the catalogue


def _stores(source: SourceFile) -> Iterator[tuple[Turn, ItemRead]]:
    """Yield the reads of stores for which the catalogue knows a form for many keys."""
    for site in source.sites:
        row = site.api
        name = terminal_name(site.node.func)
        if row is None or row.effect is not Effect.READ or name not in batching.STORE_READS:
            continue
        if row.system not in (System.CACHE, System.DATABASE, System.SEARCH):
            continue
        turn = turn_of(site.node, site.scope, source)
        if turn is None or not turn.concerns(*site.node.args, *(each.value for each in site.node.keywords)):
            continue
        if source.queries.of(site.node, site.scope) is not None:
            continue  # see above
        if isinstance(site.node.func, ast.Attribute) and turn.concerns(site.node.func.value):
            continue
        if serves(site.scope, source, site.node):
            instead = f"use {batching.STORE_READS[name]}"
            yield turn, ItemRead(site.node, site.scope, site.callee, "", turn.items, instead=instead)


# Through functions of the file


def _through_functions(source: SourceFile) -> Iterator[tuple[Turn, ItemRead]]:
    found: dict[Scope, Run | None] = {}
    readers = {run.scope.function for run in source.query_runs}
    for scope, edge in source.repeated_edges if readers else ():
        if edge.target is scope.function or edge.target not in readers:
            continue
        turn = turn_of(edge.node, scope, source) if _is_used(edge, source) else None
        given = [*edge.node.args, *(each.value for each in edge.node.keywords)]
        if turn is None or not turn.concerns(*given) or takes_group(turn, scope, *given):
            continue
        if edge.target not in found:
            found[edge.target] = look_up(edge.target, source)
        run = found[edge.target]
        if run is not None and serves(scope, source, edge.node):
            what = spelled(run.node)
            instead = _INSTEAD.get(run.query.gives, _FETCH)
            yield turn, ItemRead(edge.node, scope, what, spelled(edge.node), turn.items, run.query.entity, instead)


def _is_used(edge: Edge, source: SourceFile) -> bool:
    """Whether the result of a call is used."""
    parents = source.parents(edge.caller)
    parent = parents.get(edge.node)
    if isinstance(parent, ast.Await):
        parent = parents.get(parent)
    return not isinstance(parent, ast.Expr)


def look_up(function: Scope, source: SourceFile) -> Run | None:
    """Return the query of a function that does nothing but look something up for what it is given; else None."""
    node = function.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or source.places.keeps_its_result(function):
        return None
    if (node.end_lineno or node.lineno) - node.lineno > MAX_LINES or not _gives_something(function):
        return None
    if _REMEMBERS.search("".join(source.lines[node.lineno - 1 : node.end_lineno or node.lineno])):
        return None
    given = set(function.parameters) - {function.first_parameter if function.is_method else ""}
    for scope in function.walk_same_call():
        for call in scope.of(ast.Call):
            assert isinstance(call, ast.Call)
            if batching.ACTING.match(terminal_name(call.func)) or _connects(source.site(call, scope), given):
                return None
    for run in source.query_runs:
        if run.scope.function is not function or not is_read(run) or not _mentions(run.node, given, function):
            continue
        if not _names_table(run.node, given):
            return run
    return None


def _connects(site: CallSite, given: set[str]) -> bool:
    """Whether a call opens a connection or a store to what the function was given: each item has its own."""
    row = site.api
    if (row is None or row.makes is None) and not _OPENED.search(terminal_name(site.node.func)):
        return False
    told = (*site.node.args, *(each.value for each in site.node.keywords))
    return any(isinstance(part, ast.Name) and part.id in given for each in told for part in walk(each))


def _names_table(node: ast.AST, given: set[str]) -> bool:
    """Whether a function is given the collection or table that it asks: `db[name].find()`."""
    return any(
        isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Name) and part.slice.id in given
        for part in walk(node)
    )


def _gives_something(function: Scope) -> bool:
    return any(isinstance(node, ast.Return) and node.value is not None for node in function.of(ast.Return))


def _mentions(node: ast.AST, given: set[str], function: Scope) -> bool:
    """Whether a query is made of what its function was given, directly or through a local name."""
    names = {part.id for part in walk(node) if isinstance(part, ast.Name)}
    if names & given:
        return True
    for name in names:
        for binding in function.bindings.get(name, ()):
            if binding.value is not None and any(
                isinstance(part, ast.Name) and part.id in given for part in walk(binding.value)
            ):
                return True
    return False
