"""Filling: what a function puts into a collection that it has made."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import origins as known
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk


def put_in(name: str, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield what loops of a function that put something into a local collection go over, and what it is extended by."""
    home = scope.lookup(name)
    if home is None or not home.is_function:
        return
    for loop in home.of(ast.For, ast.AsyncFor):
        assert isinstance(loop, (ast.For, ast.AsyncFor))
        if any(fills(part, name) for part in walk(loop)):
            yield loop.iter, home
    for call in home.of(ast.Call):
        assert isinstance(call, ast.Call)
        into = call.func.value if isinstance(call.func, ast.Attribute) and call.args else None
        if terminal_name(call.func) in ("extend", "update") and into is not None and terminal_name(into) == name:
            yield call.args[0], home


def fills(part: ast.AST, name: str) -> bool:
    """Whether a node puts something into a collection, or into what stands under one of its keys."""
    if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
        return terminal_name(part.value) == name
    if not isinstance(part, ast.Call) or not isinstance(part.func, ast.Attribute):
        return False
    into = part.func.value.value if isinstance(part.func.value, ast.Subscript) else part.func.value
    return part.func.attr in known.ADDING and terminal_name(into) == name
