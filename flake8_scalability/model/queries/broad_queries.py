"""Queries that give all rows of a table, or most, to code that needs few of them or will get ever more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import answers, tables, work_names
from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.batching.tool_callers import only_tools_call
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loads
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.growth import grows, is_mass, is_written_down, leaves_most
from flake8_scalability.model.queries.listings import is_form
from flake8_scalability.model.queries.narrowing import (
    Narrowing,
    is_of_probe,
    may_be_many,
    narrowing,
    speaks_of_pages,
    table_words,
    takes_one_column,
)
from flake8_scalability.model.queries.queries import Filter, Query
from flake8_scalability.model.queries.query_runs import Run, Use
from flake8_scalability.model.queries.row_fates import Fate, are_choices, fate, is_looked_up
from flake8_scalability.model.queries.seldom import runs_seldom
from flake8_scalability.model.queries.tables import definition
from flake8_scalability.model.running import operators
from flake8_scalability.project import mentions
from flake8_scalability.project.page_calls import is_called

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Operators by which rows are searched for a text.
_SEARCHING = frozenset({"like", "ilike", "icontains", "iregex", "regex", "contains"})
#: Functions that are called to list what a tenant has, however much that is.
_LISTING = re.compile(r"^_*list(_\w+)?$")

#: Names of the text with which a key or a path begins.
_PREFIX = re.compile(r"(?i)prefix|folder|directory")
#: Names of what keeps a function's results.
_KEEPING = re.compile(r"(?i)cache|memo")


def broad_runs(source: SourceFile) -> Iterator[Run]:
    """Yield the queries that give a whole table while serving, the first of each function."""
    seen: set[Scope] = set()
    for run in source.query_runs:
        function = run.scope.function
        if function is None or function in seen or not _is_broad(run, function, source):
            continue
        if not any(listing.scope is function for listing in source.listings):
            seen.add(function)
            yield run


def _is_broad(run: Run, function: Scope, source: SourceFile) -> bool:
    query = run.query
    if query.gives is not Gives.MANY or run.use in (Use.RETURNED, Use.LENGTH, Use.TRUTH) or not may_be_many(query):
        return False
    if not query.entity or query.family.name == "repository" or takes_one_column(query):
        return False
    if function.name in answers.NARROWING or not query.names.isdisjoint(known.PARTS):
        return False  # that of a listing is said there; a part of another statement fetches nothing
    statement = query.statement
    if statement is not None and ("distinct" in statement.columns or (statement.chooses and not query.filters)):
        return False  # the values of something, or conditions that cannot be read
    if (
        not grows(query, source)
        or is_written_down(query, source)
        or runs_seldom(function, source)
        or work_names.ANEW.search(function.name)
    ):
        return False
    if speaks_of_pages(function) or is_of_probe(function) or operators.only(function, source):
        return False
    place = source.place(run.scope, run.node if isinstance(run.node, ast.Call) else None).place
    if place not in (Place.REQUEST, Place.WORKER, Place.LIBRARY) or only_tools_call(function, source):
        return False
    if is_form(function, query.entity, source) or are_choices(run, function, source):
        return False
    if _is_for_lack_of_text(run, function, source) or any(map(_is_below_prefix, query.filters)):
        return False
    if tables.PERIODS.search(table_words(query)):
        return False
    if place is Place.LIBRARY and not _is_called(function, source):
        return False
    narrow = narrowing(query, source)
    if narrow is Narrowing.OWNER:
        of_tenant = any(tables.TENANTS.search(each.column) for each in query.filters)
        asked = of_tenant and place is Place.LIBRARY and tables.PEOPLE.search(table_words(query)) is None
        if not asked or _LISTING.match(function.name) is None:
            return False
        if tables.ENDLESS.search(table_words(query)) is None and not _offers_conditions(function):
            return False
        return fate(run, function, source) is Fate.GIVEN
    return narrow <= Narrowing.HEAP and _gains(run, function, place, source)


def _is_for_lack_of_text(run: Run, function: Scope, source: SourceFile) -> bool:
    """Whether a query runs only where a text is empty that the function wants to be given: its callers have one."""
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    given = function.node.args
    places = [*given.posonlyargs, *given.args]
    wanted = {
        each.arg
        for each in places[: len(places) - len(given.defaults)]
        if isinstance(each.annotation, ast.Name) and each.annotation.id == "str"
    }
    parents = source.parents(run.scope)
    child: ast.AST = run.node
    parent = parents.get(child)
    while parent is not None and parent is not function.node:
        if isinstance(parent, ast.If) and child in parent.body and isinstance(parent.test, ast.UnaryOp):
            asked = parent.test.operand
            if isinstance(parent.test.op, ast.Not) and isinstance(asked, ast.Name) and asked.id in wanted:
                return True
        child, parent = parent, parents.get(parent)
    return False


def _is_below_prefix(each: Filter) -> bool:
    """Whether a condition leaves what lies below a prefix, as files do below a folder: `like(f"{prefix}%")`."""
    if each.operator not in ("like", "ilike") or not isinstance(each.value, ast.JoinedStr):
        return False
    first = each.value.values[0]
    return isinstance(first, ast.FormattedValue) and _PREFIX.search(terminal_name(first.value)) is not None


def remedy(run: Run, source: SourceFile) -> str:
    """Return what to do instead of fetching all rows of a query, as far as what becomes of them allows it."""
    function = run.scope.function
    becomes = fate(run, function, source) if function is not None else Fate.USED
    if function is not None and becomes is Fate.REDUCED:
        return (
            "filter by the values you have" if is_looked_up(run, function, source) else "let the database work it out"
        )
    if becomes is Fate.SIFTED:
        return "let the query choose them"
    # Rows that are streamed come without what was prefetched for them.
    slowly = "go batch by batch" if "prefetch_related" in run.query.names else "stream it"
    if becomes is Fate.GIVEN:
        return f"add a limit or {slowly}"
    place = source.place(run.scope).place
    return f"{slowly} or do it in the background" if place is Place.REQUEST else slowly


def _is_called(function: Scope, source: SourceFile) -> bool:
    """Whether the project, its tests left out, calls a function: by its name, that of its class for a method."""
    name, owner = function.name, function.owner
    if source.settings.no_project:
        return True
    if owner is not None:
        return is_called(name, owner.name, source.filename)
    if name in source.calls_by_name or mentions.is_mentioned_elsewhere(name, source.filename) is None:
        return True
    # What an import names, nobody may use.
    used = re.compile(rf"(?<!def )\b{name}\s*\(|[(=]\s*(?:\w+\.)*{name}\b")
    return mentions.is_said_elsewhere((used,), name, source.filename)


def _gains(run: Run, function: Scope, place: Place, source: SourceFile) -> bool:
    """Whether less would do: the rows are sifted or reduced, or a table that knows no end is given out or gone over."""
    becomes = fate(run, function, source)
    if becomes in (Fate.SIFTED, Fate.REDUCED):
        # Of what the database has chosen already, Python leaves out a few more.
        return leaves_most(run.query, source) and not _is_taken_whole(run, function, source)
    if not is_mass(run.query, source) or becomes is Fate.NONE or _is_memo(function, source):
        return False
    if any(each.operator in _SEARCHING for each in run.query.filters):
        return place is not Place.WORKER and becomes is Fate.GIVEN
    if not leaves_most(run.query, source) or _is_in_order_by_hand(run.query):
        return False  # what waits for something, is of one kind, or was put in order by somebody
    if place is Place.WORKER:
        return not _has_own_schemas(run.query.entity, source)
    if becomes is Fate.GIVEN:
        return True
    if place is Place.LIBRARY:  # for whom it goes over the table, the file does not show
        whole = run.use is Use.LOOP and run.query.statement is None and not run.query.filters
        return whole and not _is_light(run.query) and not _has_own_schemas(run.query.entity, source)
    return not _is_light(run.query)


def _offers_conditions(function: Scope) -> bool:
    """Whether a caller may narrow what a function lists by parameters that it need not give: there is much to list."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    positional = [*node.args.posonlyargs, *node.args.args]
    given = [*zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults)]
    given += [(each, default) for each, default in zip(node.args.kwonlyargs, node.args.kw_defaults) if default]
    left_out = {each.arg for each, default in given if isinstance(default, ast.Constant) and default.value is None}
    return any(
        isinstance(part, ast.Name) and part.id in left_out
        for branch in function.of(ast.If)
        if isinstance(branch, ast.If)
        for part in walk(branch.test)
    )


def _is_taken_whole(run: Run, function: Scope, source: SourceFile) -> bool:
    """Whether another loop of the function goes over all rows of the name that is sifted: they are in memory anyway."""
    if not isinstance(run.node, ast.Name):
        return False
    parents = source.parents(function)
    return any(
        load is not run.node
        and isinstance(parent := parents.get(load), (ast.For, ast.AsyncFor))
        and parent.iter is load
        for load in loads(run.node.id, function.node)
    )


def _is_in_order_by_hand(query: Query) -> bool:
    """Whether rows are sorted by a column that says which place somebody gave each: nobody does so with many."""
    first = [part for step in query.steps if step.name == "order_by" and step.call for part in step.call.args[:1]]
    return any(tables.PLACES_GIVEN.match(_sorted_by(part)) for argument in first for part in walk(argument))


def _sorted_by(part: ast.AST) -> str:
    """Return the column that a part of an order names, as a text or as an attribute of a mapped class."""
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return part.value.lstrip("-")
    return part.attr if isinstance(part, ast.Attribute) else ""


def _is_memo(function: Scope, source: SourceFile) -> bool:
    """Whether a function's result is kept: by a decorator, or since the module puts its name around it anew.

    As in `tags = cached(models=...)(tags)`.  What it makes of all the rows is in memory then, which streaming spares
    nobody.
    """
    if source.places.keeps_its_result(function):
        return True
    return any(
        binding.kind == "assign"
        and isinstance(binding.value, ast.Call)
        and any(isinstance(each, ast.Name) and each.id == function.name for each in binding.value.args)
        and any(
            isinstance(part, (ast.Name, ast.Attribute)) and _KEEPING.search(terminal_name(part))
            for part in walk(binding.value.func)
        )
        for binding in source.module.bindings.get(function.name, ())
    )


def _is_light(query: Query) -> bool:
    """Whether a query asks for some columns of its rows, as what people choose from does."""
    first = next((step.call for step in query.steps if step.name in ("query", "select")), None)
    return "only" in query.names or (
        first is not None and any(isinstance(each, ast.Attribute) and each.attr.islower() for each in first.args)
    )


def _has_own_schemas(entity: str, source: SourceFile) -> bool:
    """Whether each row of a table is a tenant with a schema of its own, of which a database bears few."""
    node = definition(entity, source)
    return node is not None and any(terminal_name(base) in tables.SCHEMA_OWNERS for base in node.bases)
