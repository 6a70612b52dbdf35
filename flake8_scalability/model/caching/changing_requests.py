"""Changing requests: what of a function runs for those requests only that change something, by their method."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog.endpoint_kinds import WRITING
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "SAFE_METHODS"})


def only_for_changes(function: Scope) -> set[ast.AST]:
    """Return the nodes below tests for POST, PUT, PATCH or DELETE, and those after requests that read have left."""
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return {part for statement in _statements(function.node.body) for part in walk(statement)}


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for number, statement in enumerate(body):
        if not isinstance(statement, ast.If):
            continue
        methods = _methods(statement.test)
        if methods and methods <= WRITING:
            yield from statement.body
            yield from _statements(statement.orelse)
        elif methods and methods <= _SAFE:
            yield from statement.orelse
            if isinstance(statement.body[-1], ast.Return):
                yield from body[number + 1 :]
        else:
            yield from (*_statements(statement.body), *_statements(statement.orelse))


def _methods(test: ast.expr) -> set[str]:
    """Return the methods that a test asks for: `request.method == "POST"`, `request.method in SAFE_METHODS`."""
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], (ast.Eq, ast.In)):
        return set()
    if not isinstance(test.left, ast.Attribute) or test.left.attr != "method":
        return set()
    asked = test.comparators[0]
    return (
        {asked.attr}
        if isinstance(asked, ast.Attribute)
        else {
            str(part.value) if isinstance(part, ast.Constant) else part.id
            for part in walk(asked)
            if isinstance(part, (ast.Constant, ast.Name))
        }
    )
