"""Rows of a parent: queries that ask for what one other row has, and tables of which one row has many."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import origins, tables
from flake8_scalability.model.queries.growth import grows_per_parent, is_mass
from flake8_scalability.model.queries.queries import Filter, Query

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_crowd(query: Query, source: SourceFile) -> bool:
    """Whether the name of a table says that it gets rows by the thousand, or one other row many of them."""
    return grows_per_parent(query) or is_mass(query, source)


def belong_to_row(query: Query) -> bool:
    """Whether a query asks for what one other row has; what a tenant, a user or a day has may be any number."""
    return any(_is_of_row(each) and tables.DAYS.search(each.column) is None for each in query.filters)


def are_of_user_and_row(query: Query) -> bool:
    """Whether a query asks for what one user has of one other row: his entries of a book, in the lists that he made."""
    return belong_to_row(query) and any(
        each.operator in origins.EQUAL
        and isinstance(each.value, (ast.Name, ast.Attribute))
        and tables.OWNERS.search(each.column) is not None
        and tables.TENANTS.search(each.column) is None
        for each in query.filters
    )


def are_part_of_parent(query: Query) -> bool:
    """Whether a query asks for a part of what one other row has: those in a state, or which a second row has as well.

    Such are the open orders of a dealer, the prices of a product in a market, or those of a dealer on one day.
    """
    if not belong_to_row(query):
        return False
    parents = sum(map(_is_of_row, query.filters))
    return parents > 1 or (parents == 1 and any(map(_is_part, query.filters)))


def _is_of_row(each: Filter) -> bool:
    """Whether a condition leaves what belongs to one other row, or to one day."""
    if each.operator not in (*origins.EQUAL, "date") or not isinstance(
        each.value, (ast.Name, ast.Attribute, ast.Subscript)
    ):
        return False
    if ast.unparse(each.value).rpartition(".")[2].isupper():
        return False
    if tables.DAYS.search(each.column) is not None:
        return True
    return not any(names.search(each.column) for names in (tables.HEAPS, tables.OWNERS, tables.TENANTS))


def _is_part(each: Filter) -> bool:
    """Whether a condition leaves the rows in one state, or those that fit values which the function is given."""
    if each.operator == "unknown":
        return isinstance(each.value, ast.Name)
    return each.operator in (*origins.EQUAL, "isnull") and isinstance(getattr(each.value, "value", None), bool)
