"""Queries that may give all rows of a table to code that has asked for no limit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog import tables
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.growth import grows, is_few_per_tenant
from flake8_scalability.model.queries.listings import is_form
from flake8_scalability.model.queries.narrowing import (
    Narrowing,
    is_done_once,
    is_of_probe,
    may_be_many,
    narrowing,
    speaks_of_pages,
    takes_one_column,
)
from flake8_scalability.model.queries.query_runs import Run, Use
from flake8_scalability.model.queries.tables import definition
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_FRAMES = frozenset({"read_sql", "read_sql_query"})
#: Functions that are called to list things, so that whose things they are bounds nothing.
_LISTING = re.compile(
    r"^_*((get|list|find|fetch|load|search|query)_(all|many|list|filtered)|list|list_\w+|search|search_\w+)(_\w+)?$"
)


def broad_runs(source: SourceFile) -> Iterator[Run]:
    """Yield the queries that may give a whole table while serving, the first of each function."""
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
    if not query.names.isdisjoint(known.PARTS):
        return False  # a part of another statement fetches nothing
    narrow = narrowing(query, source)
    if narrow is Narrowing.OWNER:
        of_tenant = any(tables.TENANTS.search(each.column) for each in query.filters)
        if not of_tenant or is_few_per_tenant(query) or not _LISTING.match(function.name):
            return False
    elif narrow > Narrowing.HEAP:
        return False
    call = run.node if isinstance(run.node, ast.Call) else None
    place = source.place(run.scope, call).place
    if place not in (Place.REQUEST, Place.WORKER, Place.LIBRARY) or is_done_once(function, source):
        return False
    if place is not Place.REQUEST and not query.names.isdisjoint(_FRAMES):
        return False  # a frame is made of all that it analyses
    if speaks_of_pages(function) or is_of_probe(function) or not grows(query, source):
        return False
    if is_form(function, query.entity, source):
        return False
    if place is not Place.REQUEST and _has_own_schemas(query.entity, source):
        return False
    return place is not Place.LIBRARY or not _is_unused(function, source)


def _has_own_schemas(entity: str, source: SourceFile) -> bool:
    """Whether each row of a table is a tenant with a schema of its own, of which a database bears few."""
    node = definition(entity, source)
    return node is not None and any(terminal_name(base) in tables.SCHEMA_OWNERS for base in node.bases)


def _is_unused(function: Scope, source: SourceFile) -> bool:
    """Whether nothing of the file or its project names a function but its definition."""
    if source.settings.no_project or function.decorators or source.text.count(function.name) > 1:
        return False
    return mentions.is_mentioned_elsewhere(function.name, source.filename) is False
