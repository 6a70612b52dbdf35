"""Rows of a parent: queries that ask for what one other row has, and tables of which one row has many."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching, origins, tables
from flake8_scalability.model.batching.per_item import Turn
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


def are_of_one_thing(query: Query, turn: Turn) -> bool:
    """Whether every turn writes to what the same other row has, or one user: `filter(order=order, line=line).delete()`.

    Such are the parts of one thing, of which a function is asked to write some.
    """
    given = [each for each in query.filters if each.operator in origins.EQUAL]
    for step in query.steps[-1:]:
        if step.call is not None and step.name in batching.UPSERTS:
            named = [each for each in step.call.keywords if each.arg not in (None, "defaults", "create_defaults")]
            given += [Filter(each.arg or "", "exact", each.value) for each in named]
    own = [each for each in given if each.value is not None and turn.concerns(each.value)]
    same = [each for each in given if each not in own and _is_given(each) and tables.HEAPS.search(each.column) is None]
    return bool(own) and any(
        tables.TENANTS.search(each.column) is None and tables.DAYS.search(each.column) is None for each in same
    )


def _is_given(each: Filter) -> bool:
    """Whether a condition compares with another row, or its key, not with what the program writes down."""
    return isinstance(each.value, (ast.Name, ast.Attribute)) and not (
        ast.unparse(each.value).rpartition(".")[2].isupper()
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
