"""What takes a request: a view that another file registers, or a helper of one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import http_entries, web_frameworks
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.running.registrations import is_called

#: What a view does not return.
_NO_ANSWERS = (ast.Constant, ast.JoinedStr, ast.Compare, ast.UnaryOp, ast.Attribute, ast.BinOp, ast.Set, ast.ListComp)


def helpers_among(functions: list[Scope], scopes: list[Scope], imported: frozenset[str]) -> Iterator[Scope]:
    """Yield those of the functions with a view's first parameter that are none, as far as the file shows."""
    if not functions:
        return
    # In a file where nobody makes an answer, no view is to be expected.
    answers = any(makes_answer(scope) for scope in scopes if scope.is_function)
    # Views of Pyramid are given the request, and what stands in the URL within it.
    alone = imported & web_frameworks.REQUEST_FIRST == {"pyramid"}
    for function in functions:
        helps = function.name.startswith("_") or is_called(function, scopes)
        helps = helps or (alone and len(function.parameters) > 1)
        if helps or gives_no_answer(function) or not (answers or function.parent is not scopes[0]):
            yield function


def gives_no_answer(function: Scope) -> bool:
    """Whether a function that takes a request returns what no view can: nothing, a truth value, an attribute."""
    given = [node.value for node in function.of(ast.Return) if isinstance(node, ast.Return) and node.value is not None]
    if any(_is_no_answer(value) for value in given):
        return True
    ends = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in function.of(ast.Yield, ast.YieldFrom))
    return not (given or ends or function.is_coroutine or _only_raises(function))


def makes_answer(function: Scope) -> bool:
    """Whether a function makes, or says that it returns, something that answers a request."""
    returns = getattr(function.node, "returns", None)
    if returns is not None and http_entries.ANSWERS.search(terminal_name(returns)):
        return True
    return any(
        isinstance(call, ast.Call) and http_entries.ANSWERS.search(terminal_name(call.func))
        for scope in function.walk()
        for call in scope.of(ast.Call)
    )


def _is_no_answer(value: ast.expr) -> bool:
    if isinstance(value, ast.BoolOp):
        return any(isinstance(part, (ast.Compare, ast.UnaryOp)) for part in value.values)
    return isinstance(value, _NO_ANSWERS) and not _is_none(value)


def _only_raises(function: Scope) -> bool:
    """Whether a function ends by raising, as a view that redirects may."""
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return isinstance(function.node.body[-1], ast.Raise)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
