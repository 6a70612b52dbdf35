"""Queries that sort their rows by a random number."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog.rows import Place
from flake8_scalability.catalog.tools import FAKING_PACKAGES
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loads
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries import growth
from flake8_scalability.model.queries.narrowing import Narrowing, narrowing
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.queries.seldom import runs_seldom

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_SORTING = frozenset({"order_by", "sort_by"})
_RANDOM = frozenset({"random", "rand", "Random", "Rand", "newid", "RAND", "RANDOM"})


class Sort(NamedTuple):
    """A sort at random: the call that sorts, its scope, and the table."""

    node: ast.Call
    scope: Scope
    entity: str


def random_sorts(source: SourceFile) -> Iterator[Sort]:
    """Yield the sorts at random of whole tables, outside of tools."""
    if not FAKING_PACKAGES.isdisjoint(source.queries.packages):
        return  # what fills a database with samples runs once
    for node, scope, query in _candidates(source):
        if source.place(scope, node).place is Place.TOOL:
            continue
        if runs_seldom(scope.function, source) or wants_all(node, scope, source):
            continue
        if narrowing(query, source) <= Narrowing.HEAP and _grows(query, source):
            yield Sort(node, scope, query.entity)


def _grows(query: Query, source: SourceFile) -> bool:
    """Whether a table becomes longer with use; of a collection that is handed in no name tells."""
    return query.entity == "collection" or growth.is_mass(query, source) or growth.grows(query, source)


def _candidates(source: SourceFile) -> Iterator[tuple[ast.Call, Scope, Query]]:
    for name in _SORTING:
        for node, scope in source.calls_by_name.get(name, ()):
            if node.args and _is_random(node.args[0], scope):  # a later one only decides between equals
                query = source.queries.of(node, scope)
                if query is not None:  # what is handed in may be one class's few pictures
                    yield node, scope, query
    for node, scope in source.calls_by_name.get("random", ()):
        query = source.queries.of(node, scope)
        if query is not None and query.family.name == "pony" and query.names >= {"random"}:
            yield node, scope, query
    for node, scope in source.calls_by_name.get("aggregate", ()):
        if node.args and _samples_first(node.args[0]):
            query = source.queries.of(node, scope)
            if query is not None and query.family.name in ("mongo", "beanie"):
                yield node, scope, query
    for run in source.query_runs:
        statement = run.query.statement
        if statement is None or run.query.ran is not run.node or not isinstance(run.node, ast.Call):
            continue
        if statement.ordered_at_random and not statement.sampled:
            yield run.node, run.scope, run.query


def wants_all(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether all rows of a shuffled query are put into a list or gone over: a key picked at random gives only one."""
    if terminal_name(node.func) not in _SORTING:
        return False  # a statement or a pipeline may have its limit in itself
    parents = source.parents(scope)
    parent = parents.get(node)
    held: list[ast.expr] = [node]
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    if isinstance(target, ast.Name) and scope.function is not None:
        held = [each for each in loads(target.id, scope.function.node) if each.lineno > node.lineno]
    return any(_is_taken_whole(each, parents) for each in held)


def _is_taken_whole(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a list is made of an expression as it is, of which no part is taken then, or a loop goes over it."""
    parent = parents.get(node)
    if isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)):
        return parent.iter is node
    if not isinstance(parent, ast.Call) or terminal_name(parent.func) not in ("list", "tuple"):
        return False
    return node in parent.args and not isinstance(parents.get(parent), ast.Subscript)


def _is_random(node: ast.expr, scope: Scope) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == "?"
    if isinstance(node, ast.Call):
        if terminal_name(node.func) in ("text", "desc", "asc") and node.args:
            given = node.args[0]
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                return given.value.lower().strip().startswith(("random(", "rand(", "newid("))
            return _is_random(given, scope)
        is_function = isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) in (
            "func",
            "fn",
            "sqlfunc",
        )
        bare = isinstance(node.func, ast.Name) and node.func.id in ("Random", "Rand")
        return terminal_name(node.func) in _RANDOM and (is_function or bare)
    return False


def _samples_first(pipeline: ast.expr) -> bool:
    """Whether a pipeline begins with a sample: of what a `$match` left, there may be few."""
    if not isinstance(pipeline, ast.List) or not pipeline.elts:
        return False
    first = pipeline.elts[0]
    return isinstance(first, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value == "$sample" for key in first.keys
    )
