"""Which queries ask for one row, since a constraint of the table lets no second one have the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_scalability.model.queries import tables
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.project import constraints
from flake8_scalability.project import tables as declared

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def holds_one(query: Query, source: SourceFile) -> bool:
    """Whether the class of a table, or a migration of the project, makes the columns unique that a query compares."""
    asked = {_plain(each.column) for each in query.filters if each.operator in ("exact", "iexact")}
    node = tables.definition(query.entity, source) if asked and query.entity else None
    if node is None:
        return False
    found = constraints.of(declared.described(node), None if source.settings.no_project else source.filename)
    return any(_are_among(each, asked) for each in found)


def _are_among(constraint: frozenset[str], asked: set[str]) -> bool:
    return bool(constraint) and {_plain(name) for name in constraint} <= asked


def _plain(column: str) -> str:
    return column.rpartition(".")[2].removesuffix("_id")
