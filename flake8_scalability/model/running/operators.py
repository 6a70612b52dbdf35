"""Pages for those who run the service: few people open them, so that what they cost is paid seldom."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.text_search import OPERATOR_CHECK, OPERATORS, OPERATORS_ONLY
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.project import page_calls

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

#: Among how many statements of a function a check of its caller is looked for: imports and a docstring may come first.
_FIRST = 6
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def only(scope: Scope, source: SourceFile) -> bool:
    """Whether only the people who run the service get there, by names, the signature, the class or the router."""
    if any(OPERATORS.search(part) for name in source.path_parts for part in name.split(".")):
        return True
    functions = [each for each in (scope.function, source.place(scope).via) if each is not None]
    if page_calls.is_router_of_operators(source.text) or any(map(_lets_in_operators, functions)):
        return True
    if any(map(turns_others_away, functions)):
        return True
    return any(
        OPERATORS.search(name) is not None
        for function in functions
        for name in (function.name, _HUMPS.sub("_", function.owner.name) if function.owner is not None else "")
    )


def turns_others_away(function: Scope) -> bool:
    """Whether one of the first things that a function does is to turn away whoever does not run the service."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return any(
        isinstance(statement, ast.If)
        and isinstance(statement.body[-1], (ast.Return, ast.Raise))
        and any(map(_is_check, _alternatives(statement.test)))
        for statement in node.body[:_FIRST]
    )


def _alternatives(test: ast.expr) -> list[ast.expr]:
    """Return the conditions of which each is enough."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]


def _is_check(node: ast.AST) -> bool:
    """Whether an expression denies that somebody is an operator."""
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Not):
        return False
    asked = node.operand.func if isinstance(node.operand, ast.Call) else node.operand
    return OPERATOR_CHECK.search(terminal_name(asked)) is not None


def _lets_in_operators(function: Scope) -> bool:
    """Whether the signature or a decorator of a function, or what its class asks for, names operators."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    owner = function.owner
    asked = owner.bindings.get("permission_classes", ()) if owner is not None else ()
    bases = owner.node.bases if owner is not None and isinstance(owner.node, ast.ClassDef) else []
    said = [page_calls.head(node), *(ast.unparse(each.value) for each in asked if each.value is not None)]
    said += map(ast.unparse, bases)
    return any(OPERATORS_ONLY.search(text) for text in said)
