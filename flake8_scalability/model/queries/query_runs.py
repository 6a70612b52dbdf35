"""Where the queries of a file run: at the call that fetches, or where somebody takes the rows of a lazy one."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.queries import Query

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_FAMILIES = (known.DJANGO, known.SQLALCHEMY, known.PEEWEE, known.MONGO, known.MONGOENGINE, known.BEANIE, known.TORTOISE,
             known.PONY, known.SQL)  # fmt: skip


class Use(enum.Enum):
    """What becomes of the rows."""

    LOOP = "a loop goes over them"
    TAKEN = "they are put into a list, a set, a mapping, a number"
    LENGTH = "they are counted"
    TRUTH = "it is asked whether there are any"
    RETURNED = "the function returns them"
    AWAITED = "they are awaited"
    FETCHED = "a call gives them, and what becomes of them is seen elsewhere"


class Run(NamedTuple):
    """A place where a query runs.

    query: what is asked
    node: the expression at which it runs
    scope: where that stands
    use: what becomes of the rows
    """

    query: Query
    node: ast.expr
    scope: Scope
    use: Use

    @property
    def call(self) -> ast.expr:
        """Where a finding on the query stands: the call at which it runs, else the expression."""
        return self.node


@lru_cache(maxsize=1)
def _fetching() -> frozenset[str]:
    """Return the names of methods after which a query has run."""
    names = {name for family in _FAMILIES for name, gives in family.gives.items() if gives is not Gives.QUERY}
    return frozenset({*names, *known.RUNNING, *known.FETCHING, *known.SHORTCUTS, *known.TORTOISE.gives})


def runs_in(source: SourceFile) -> list[Run]:
    """Return the places where the queries of a file run, in the order of the text.

    What a cursor executes and what it fetches of it are two runs; `query.ran` of the second is the call of the first.
    """
    found: dict[tuple[int, int, int], Run] = {}
    if not source.queries.any:
        return []
    for run in (*_fetched(source), *_taken(source)):
        node = run.node
        found.setdefault((node.lineno, node.col_offset, node.end_col_offset or 0), run)
    return sorted(found.values(), key=lambda run: (run.node.lineno, run.node.col_offset))


def _fetched(source: SourceFile) -> Iterator[Run]:
    """Yield the calls that run a query by themselves."""
    names = _fetching()
    for name, calls in source.calls_by_name.items():
        for node, scope in calls if name in names else ():
            query = source.queries.of(node, scope)
            if query is None or _goes_on(node, scope, source):
                continue
            if query.gives is not Gives.QUERY or query.ran is not None:
                yield Run(query, node, scope, Use.FETCHED)
            elif query.family.name == "tortoise" and node in source.awaited:
                yield Run(query._replace(gives=Gives.MANY), node, scope, Use.AWAITED)


def _goes_on(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the chain goes on after a call with another method of the query, or hands the statement to a session."""
    outer = source.continued.get(node)
    return outer is not None and source.queries.of(outer, scope) is not None


def _taken(source: SourceFile) -> Iterator[Run]:
    """Yield where the rows of a lazy query are taken."""
    calls = source.calls_by_name
    taking = {scope for name in known.TAKING_ALL if name in calls for _, scope in calls[name]}
    for scope in source.scopes:
        for node, use in _takers(scope, scope in taking):
            where = scope.parent if scope.is_comprehension and node is scope.node.generators[0].iter else scope  # type: ignore[attr-defined]
            query = source.queries.of(node, where or scope)
            if query is None or query.gives is not Gives.QUERY:
                continue
            if use is Use.TRUTH and query.family.name == "sqlalchemy":
                continue  # such a query is true, and never runs for it
            if use is not Use.RETURNED:
                gives = Gives.STREAM if query.family.streams and use is Use.LOOP else Gives.MANY
                query = query._replace(gives=gives)
            yield Run(query, node, where or scope, use)


def _takers(scope: Scope, takes_all: bool) -> Iterator[tuple[ast.expr, Use]]:
    """Yield the expressions whose rows a scope takes."""
    for node in scope.of(ast.For, ast.AsyncFor):
        assert isinstance(node, (ast.For, ast.AsyncFor))
        yield node.iter, Use.LOOP
        wrapper = node.iter if isinstance(node.iter, ast.Call) and len(node.iter.args) == 1 else None
        if wrapper is not None and known.WRAPPING.search(terminal_name(wrapper.func)):
            yield wrapper.args[0], Use.LOOP
    if isinstance(scope.node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        for generator in scope.node.generators:
            yield generator.iter, Use.TAKEN
    for call in scope.of(ast.Call) if takes_all else ():
        assert isinstance(call, ast.Call)
        name = terminal_name(call.func)
        if name in known.TAKING_ALL and (isinstance(call.func, ast.Name) or name in ("join", "extend")):
            use = {"len": Use.LENGTH, "bool": Use.TRUTH, "any": Use.TRUTH}.get(name, Use.TAKEN)
            for argument in call.args:
                yield argument, use
    for given in scope.of(ast.Return):
        assert isinstance(given, ast.Return)
        if given.value is not None:
            yield given.value, Use.RETURNED
    for test in scope.of(ast.If, ast.While):
        assert isinstance(test, (ast.If, ast.While))
        for part in _tested(test.test):
            yield part, Use.TRUTH


def _tested(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions of whose truth a test asks."""
    if isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from _tested(each)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _tested(node.operand)
    else:
        yield node
