"""Conditions and orders on the request path that have to read a whole table, since no column of theirs has an index."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import columns as known
from flake8_scalability.catalog import endpoint_kinds
from flake8_scalability.catalog import tables as names
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import targets
from flake8_scalability.model.queries import narrowing, query_filters, tables
from flake8_scalability.model.queries.growth import grows
from flake8_scalability.model.queries.query_runs import Run
from flake8_scalability.model.queries.seldom import runs_seldom
from flake8_scalability.model.running import operators
from flake8_scalability.project import indexes, root
from flake8_scalability.project.indexes import Columns

if TYPE_CHECKING:
    from flake8_scalability.model.queries.queries import Query
    from flake8_scalability.model.source import SourceFile


class Unindexed(NamedTuple):
    """A query: where it runs, the table and column, and whether it only sorts by it."""

    run: Run
    entity: str
    column: str
    sorts: bool = False

    @property
    def node(self) -> ast.expr:
        """Where the condition or order stands: it may be in a chain that a name holds until a loop takes its rows."""
        if not isinstance(self.run.node, ast.Name):
            return self.run.node
        wanted = ("order_by", "sort") if self.sorts else query_filters.FILTERING
        calls = (step.call for step in self.run.query.steps if step.call is not None and step.name in wanted)
        return next((call for call in calls if call.args or call.keywords), self.run.node)


def unindexed(source: SourceFile) -> Iterator[Unindexed]:
    """Yield the queries on the request path that a table in sight has no index for, the first of each column."""
    if any(map(endpoint_kinds.STANDS_IN.search, source.path_parts)):
        return  # what stands in for a service of others while the project is tried out
    told: set[tuple[str, str]] = set()
    known_columns: dict[str, Columns | None] = {}
    for run in source.query_runs:
        query = run.query
        if (
            not _is_plain(query)
            or source.place(run.scope).place is not Place.REQUEST
            or operators.only(run.scope, source)
            or runs_seldom(run.scope.function, source)
        ):
            continue
        if query.entity not in known_columns:
            node = tables.definition(query.entity, source)
            set_up = node is not None and _is_set_up(node, query)
            known_columns[query.entity] = None if node is None or set_up else _declared(node, query, source)
        declared = known_columns[query.entity]
        if declared is None or not declared.bare:
            continue
        found = _filtered(run, declared) or _sorted(run, declared)
        if found is None or (found.entity, found.column) in told or not grows(query, source):
            continue
        told.add((found.entity, found.column))
        if source.settings.no_project or not indexes.is_indexed_elsewhere(found.column, source.filename):
            yield found


def _declared(node: ast.ClassDef, query: Query, source: SourceFile) -> Columns | None:
    """Return the columns of a mapped class as the database has them; None where the class only mirrors a table.

    MySQL's InnoDB makes an index for each foreign key itself
    (https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html).
    """
    if known.UNMANAGED.search(ast.unparse(node)) or (query.family.name in known.MAY_MIRROR and _is_of_others(source)):
        return None
    columns = indexes.columns(node)
    if columns.foreign & columns.bare and source.project_says(Fact.MYSQL):
        return columns._replace(bare=columns.bare - columns.foreign)
    return columns


def _is_set_up(node: ast.ClassDef, query: Query) -> bool:
    """Whether somebody in charge makes each row of a table: it says how a server is reached, or belongs to a thing.

    Of such a thing there are few, as apps and gateways; so there are few of what it has, as tokens and accounts.
    """
    thing = known.HELD_BY.sub("", narrowing.table_words(query))
    if thing != narrowing.table_words(query) and narrowing.is_small(thing):
        return True
    names = [each.id for statement in node.body for each in targets(statement) if isinstance(each, ast.Name)]
    return all(any(map(part.search, names)) for part in known.SERVER)


def _is_of_others(source: SourceFile) -> bool:
    """Whether nothing in the project makes the tables: they are somebody else's, with indexes that nobody shows here.

    A file without a project shows too little to say so.
    """
    in_project = not source.settings.no_project and root.of(source.filename) is not None
    return in_project and not source.project_says(Fact.SCHEMA) and not source.text_says(Fact.SCHEMA)


def _is_plain(query: Query) -> bool:
    """Whether all that a query asks for is shown, of one table that may be large."""
    return (
        query.family.name in known.FAMILIES
        and bool(query.entity)
        and query.certain
        and not query.opaque
        and not query.related
        and not query.writes
        and not query.names & known.JOINING
        and not narrowing.is_small(query.entity)
    )


def _filtered(run: Run, declared: Columns) -> Unindexed | None:
    """Return the first condition that an index would serve, where no other one has an index."""
    served = ""
    for each in run.query.filters:
        column = each.column.rpartition(".")[2]
        if each.operator in ("exclude", "ne", "not_in", "not"):
            continue
        if column not in declared.bare or each.operator not in known.SERVED:
            return None
        is_range = each.operator in known.RANGES
        by_name = names.HEAPS.search(column) or known.FEW_NAMES.search(column)
        few = column in declared.few or (by_name is not None and not is_range)
        if is_range and names.DAYS.search(column) is None:
            few = True
        constant = isinstance(each.value, ast.Constant) and not isinstance(each.value.value, str)
        if not served and not few and not constant:
            served = column
    return Unindexed(run, run.query.entity, served) if served else None


def _sorted(run: Run, declared: Columns) -> Unindexed | None:
    """Return by what a part of the whole table is sorted."""
    query = run.query
    if query.filters or not query.bounded or query.gives in (Gives.COUNT, Gives.PRESENCE):
        return None
    if query.names & known.LOCKING:
        return None
    orders = [step.call for step in query.steps if step.name in ("order_by", "sort") and step.call is not None]
    if len(orders) != 1 or not orders[0].args:
        return None
    column = _ordered(orders[0].args[0])
    return Unindexed(run, query.entity, column, sorts=True) if column in declared.bare else None


def _ordered(node: ast.expr) -> str:
    """Return the column that an order begins with."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.lstrip("-+")
    if isinstance(node, ast.Call):
        if terminal_name(node.func) in ("desc", "asc", "nullslast", "nulls_last", "nullsfirst"):
            inner = node.args[0] if node.args else getattr(node.func, "value", None)
            return _ordered(inner) if inner is not None else ""
        return ""
    if isinstance(node, ast.UnaryOp):
        return _ordered(node.operand)
    return node.attr if isinstance(node, ast.Attribute) else ""
