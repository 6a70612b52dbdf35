"""Ways through a function: how many of some expressions one run of it can evaluate."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import NamedTuple

from flake8_scalability.model.language.index import nodes_below
from flake8_scalability.model.language.scopes import Scope


class _Ways(NamedTuple):
    """The most on a way that leaves the function, and on one that goes on; None where there is no such way."""

    left: int | None
    goes_on: int | None


def most(function: Scope, nodes: Collection[ast.AST]) -> int:
    """Return how many of the nodes one run of a function evaluates at most: of alternatives, those of one of them."""
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    if len(nodes) < 2:
        return len(nodes)
    ways = _of_block(function.node.body, nodes)
    return max(ways.left or 0, ways.goes_on or 0)


def _of_block(body: list[ast.stmt], nodes: Collection[ast.AST]) -> _Ways:
    left: int | None = None
    so_far = 0
    for statement in body:
        ways = _of_statement(statement, nodes)
        if ways.left is not None:
            left = max(left or 0, so_far + ways.left)
        if ways.goes_on is None:
            return _Ways(left, None)
        so_far += ways.goes_on
    return _Ways(left, so_far)


def _of_statement(statement: ast.stmt, nodes: Collection[ast.AST]) -> _Ways:
    if isinstance(statement, ast.If):
        tested = _count(statement.test, nodes)
        return _either(tested, _of_block(statement.body, nodes), _of_block(statement.orelse, nodes))
    if isinstance(statement, ast.Try):
        tried = _of_block([*statement.body, *statement.orelse], nodes)
        for handler in statement.handlers:
            tried = _either(0, tried, _of_block(handler.body, nodes))
        return tried
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        entered = sum(_count(item.context_expr, nodes) for item in statement.items)
        return _either(entered, _of_block(statement.body, nodes))
    if isinstance(statement, (ast.Return, ast.Raise)):
        return _Ways(_count(statement, nodes), None)
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return _Ways(None, 0)
    return _Ways(None, _count(statement, nodes))


def _either(before: int, *alternatives: _Ways) -> _Ways:
    left = [each.left for each in alternatives if each.left is not None]
    goes_on = [each.goes_on for each in alternatives if each.goes_on is not None]
    return _Ways(before + max(left) if left else None, before + max(goes_on) if goes_on else None)


def _count(root: ast.AST, nodes: Collection[ast.AST]) -> int:
    return sum(part in nodes for part in nodes_below(root))
