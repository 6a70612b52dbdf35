"""Which queries ask for one row or as many as keys are given, by their columns or by a constraint of the table."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flake8_scalability.catalog.tables import KEYS
from flake8_scalability.model.queries import query_filters, tables
from flake8_scalability.model.queries.queries import Filter, Query
from flake8_scalability.project import constraints
from flake8_scalability.project import tables as declared

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def holds_one(query: Query, source: SourceFile) -> bool:
    """Whether the class of a table, or a migration of the project, makes the columns unique that a query compares."""
    return _holds_one(query.filters, query, source)


def _holds_one(filters: Sequence[Filter], query: Query, source: SourceFile) -> bool:
    asked = {_plain(each.column) for each in filters if each.operator in ("exact", "iexact")}
    node = tables.definition(query.entity, source) if asked and query.entity else None
    if node is None:
        return False
    found = constraints.of(declared.described(node), None if source.settings.no_project else source.filename)
    return any(_are_among(each, asked) for each in found)


def is_by_keys(query: Query, source: SourceFile) -> bool:
    """Whether a query asks for the rows with a key, or with the keys of a list, or with one key or another."""
    return any(_is_by_key(each, query, source) for each in query.filters)


def _is_by_key(each: Filter, query: Query, source: SourceFile) -> bool:
    if each.operator == "or":
        return all(
            any(_is_by_key(one, query, source) for one in side) or _holds_one(side, query, source)
            for side in query_filters.sides(each.value, query.family)
        )
    if each.operator == "in":
        return (
            each.value is not None and KEYS.search(each.column) is not None and not _is_found(each.value, query, source)
        )
    return each.operator in ("exact", "iexact") and KEYS.search(each.column) is not None


def _is_found(keys: ast.expr, query: Query, source: SourceFile) -> bool:
    """Whether keys come from rows that a query has found, of which there may be many."""
    if source.queries.of(keys, query.scope) is not None:
        return True
    home = query.scope.lookup(keys.id) if isinstance(keys, ast.Name) else None
    bound = home.bindings[keys.id] if home is not None and isinstance(keys, ast.Name) else ()
    return any(
        source.queries.of(generator.iter, query.scope) is not None
        for value in (keys, *(each.value for each in bound))
        if isinstance(value, (ast.ListComp, ast.SetComp, ast.GeneratorExp))
        for generator in value.generators
    )


def _are_among(constraint: frozenset[str], asked: set[str]) -> bool:
    return bool(constraint) and {_plain(name) for name in constraint} <= asked


def _plain(column: str) -> str:
    return column.rpartition(".")[2].removesuffix("_id")
