"""What a query is: the description that the other layers hand about."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_scalability.catalog.query_methods import Family, Gives
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries import query_filters, sql
from flake8_scalability.model.queries.query_filters import Filter

_CHOOSING = frozenset({"filter", "exclude", "filter_by", "where"})


class Step(NamedTuple):
    """A method in the chain of a query, and its call; None where it is only named, as a slice is.

    most: where a slice ends
    """

    name: str
    call: ast.Call | None
    most: ast.expr | None = None


class Query(NamedTuple):
    """What an expression asks of a database.

    node: the expression
    scope: where it stands
    family: the way of writing queries that it is of
    gives: what it gives; QUERY where nothing is read until somebody takes its rows
    entity: the model, table or collection, "" where it is not shown
    steps: the methods of its chain, first first
    filters: the conditions on its rows
    bounded: it gives a part of the rows at most: a limit, a slice, one row, a number
    certain: every alternative is known
    opaque: methods of the project's own, which may do anything, are among its steps
    ran: the call that hands a statement to a session, a connection or a cursor; None where there is none
    statement: its text, where it is one
    related: it reads the rows that belong to one row: `order.lines.all()`
    """

    node: ast.expr
    scope: Scope
    family: Family
    gives: Gives
    entity: str = ""
    steps: tuple[Step, ...] = ()
    filters: tuple[Filter, ...] = ()
    bounded: bool = False
    certain: bool = True
    opaque: bool = False
    ran: ast.Call | None = None
    statement: sql.Statement | None = None
    related: bool = False

    @property
    def writes(self) -> bool:
        return self.gives is Gives.WRITE

    @property
    def names(self) -> frozenset[str]:
        """The names of its steps."""
        return frozenset(step.name for step in self.steps)

    @property
    def chooses(self) -> bool:
        """Whether it asks for some of the rows, by whatever conditions."""
        text = self.statement is not None and self.statement.chooses
        return bool(self.filters) or text or not _CHOOSING.isdisjoint(self.names)

    @property
    def is_eager(self) -> bool:
        """Whether it loads related rows with its own; what it loads, `relations` tells."""
        return bool(self.relations) or not self.family.eager.isdisjoint(self.names)

    @property
    def relations(self) -> frozenset[str]:
        """The relations that are loaded with its rows, as they are spelled: "author", "author__country"."""
        return frozenset(
            name for step in self.steps if step.call for name in query_filters.relations(step.call, self.family)
        )
