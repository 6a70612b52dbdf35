"""Few rows: queries whose conditions say that they give a handful, or one, and arguments that are named after many."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import origins as known
from flake8_scalability.catalog import tables
from flake8_scalability.model.language.arguments import constant
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.growth import grows_per_parent
from flake8_scalability.model.queries.queries import Filter, Query


def are_of_owner(query: Query) -> bool:
    """Whether a query of which not all is shown asks, as far as it is, for what one user has: his own settings."""
    return query.opaque and any(
        each.operator in known.EQUAL and not isinstance(each.value, ast.Constant) and tables.OWNERS.search(each.column)
        for each in query.filters
    )


def are_of_parent(query: Query) -> bool:
    """Whether a query asks for what one other row has, of a table whose name says of no crowd that it has many.

    Such are the documents of a party or the rules of a form, not the votes of a poll.
    """
    return not grows_per_parent(query) and any(
        each.operator in known.EQUAL
        and _is_of_given(each)
        and not any(names.search(each.column) for names in (tables.HEAPS, tables.DAYS, tables.OWNERS, tables.TENANTS))
        for each in query.filters
    )


def _is_of_given(each: Filter) -> bool:
    """Whether a condition compares a column with what is given, by an expression or a parameter of SQL."""
    if each.value is None:
        return each.text is None and each.column.endswith("_id")  # a number in a text is no key of another row
    value = each.value
    while isinstance(value, ast.Call) and len(value.args) == 1:  # `func.lower(genre.name)`
        value = value.args[0]
    return (
        isinstance(value, (ast.Name, ast.Attribute, ast.Subscript))
        and not ast.unparse(value).rpartition(".")[2].isupper()
    )


def are_named_many(argument: str, function: Scope) -> bool:
    """Whether an argument, its annotation or its function tells of many rows: `records`, a `QuerySet`, `bulk_update`.

    What else a function is given are often the parts of one thing: its tags, its settings.
    """
    annotation = function.parameters[argument].annotation
    return (
        known.LISTS.search(argument) is not None
        or known.OF_MANY.search(function.name) is not None
        or (annotation is not None and known.QUERIES.search(ast.unparse(annotation)) is not None)
    )


def are_under_way(query: Query) -> bool:
    """Whether a query asks for what is still to be done: rows in a state that each of them leaves, as `pending`."""
    return any(
        each.operator in (*known.EQUAL, "join")  # a member of an enumeration looks like a column of another table
        and each.value is not None
        and known.UNDER_WAY.search(ast.unparse(each.value).strip("'\"").rpartition(".")[2]) is not None
        for each in query.filters
    )


def have_fallen_due(query: Query) -> bool:
    """Whether a query asks for the rows whose moment has come: `filter(next_at__lte=timezone.now())`."""
    for each in query.filters:
        value = each.value.func if isinstance(each.value, ast.Call) and not each.value.args else each.value
        if each.operator in ("lt", "lte") and value is not None and known.NOW.search(ast.unparse(value)) is not None:
            return True
    return False


def takes_few(query: Query) -> bool:
    """Whether a query says itself that it takes a few rows at most: `limit(10)`, `rows[:3]`, `find_all(limit=5)`."""
    for step in query.steps:
        limits = [step.most]
        if step.call is not None:
            limits += step.call.args[:1] if step.name == "limit" else []
            limits += [each.value for each in step.call.keywords if each.arg == "limit"]  # as a repository is told
        numbers = (constant(each, query.scope) for each in limits)
        if any(each is not None and isinstance(each.value, int) and 0 < each.value <= known.MOST for each in numbers):
            return True
    return False


def leaves_out(query: Query) -> bool:
    """Whether a query leaves out rows by what is wanted from now on: `exclude(code__in=wanted)`."""
    return any(
        step.name == "exclude"
        and step.call is not None
        and any((each.arg or "").endswith("__in") for each in step.call.keywords)
        for step in query.steps
    )


def are_groups(query: Query) -> bool:
    """Whether a query gives one row for each group, or for each kind of row: `.values("state").annotate(…)`."""
    if "group_by" in query.names:
        return True
    columns = [step.call.args for step in query.steps if step.call is not None and step.name in known.TAKING_COLUMNS]
    if not columns or not query.names & {"annotate", "distinct"} or len(columns[0]) != 1:
        return False
    only = columns[0][0]
    return isinstance(only, ast.Constant) and known.KINDS.search(str(only.value)) is not None


def are_of_pair(query: Query) -> bool:
    """Whether a query asks for what two other rows have in common, neither of them a tenant."""
    keys = {
        each.column
        for each in query.filters
        if each.operator == "exact" and each.column.endswith("_id") and tables.OWNERS.search(each.column) is None
    }
    return len(keys) > 1
