"""Pages for those who run the service: few people open them, so that what they cost is paid seldom."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import endpoint_kinds as kinds
from flake8_scalability.catalog import operators as known
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.running import checks
from flake8_scalability.project import page_calls

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.sites import CallSite
    from flake8_scalability.model.source import SourceFile

#: Among how many statements of a function a check of its caller is looked for: imports and a docstring may come first.
_FIRST = 6
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def only(scope: Scope, source: SourceFile) -> bool:
    """Whether only the people who run the service get there, by names, the signature, the class or the router."""
    if any(known.PAGES.search(part) for name in source.path_parts for part in name.split(".")):
        return True
    functions = [each for each in (scope.function, source.place(scope).via) if each is not None]
    if page_calls.is_router_of_operators(source.text) or any(map(_lets_in_operators, functions)):
        return True
    if any(map(turns_others_away, functions)):
        return True
    return any(
        known.PAGES.search(name) is not None
        for function in functions
        for name in (function.name, _HUMPS.sub("_", function.owner.name) if function.owner is not None else "")
    )


def turns_others_away(function: Scope) -> bool:
    """Whether one of the first things that a function does is to turn away whoever does not run the service.

    It asks for a flag, `if not request.user.is_superuser: raise ...`, or a check of access that is told so has the
    answer: `refused = page.set_access(STAFF)`.
    """
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return any(
        isinstance(statement, ast.If)
        and checks.leaves(statement)
        and (any(map(_is_denied, _alternatives(statement.test))) or _has_answer(statement.test, function))
        for statement in node.body[:_FIRST]
    )


def says_so(function: Scope) -> bool:
    """Whether a function's documentation says that only the people who run the service may call it."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return known.SAID.search(ast.get_docstring(node) or "") is not None


def in_branch(site: CallSite) -> bool:
    """Whether a call is made only where a condition around it has found that the caller runs the service."""
    for child, parent in site.ancestors():
        if isinstance(parent, ast.If) and child in parent.body:
            asked = parent.test.values if isinstance(parent.test, ast.BoolOp) else [parent.test]
            needed = not isinstance(parent.test, ast.BoolOp) or isinstance(parent.test.op, ast.And)
            if needed and any(known.CHECK.search(terminal_name(getattr(each, "func", each))) for each in asked):
                return True
    return False


def _has_answer(test: ast.expr, function: Scope) -> bool:
    """Whether a test looks at what a check of access has said that was asked for operators.

    A call that is the whole test lets in whoever it holds for, and turns nobody away.
    """
    return not isinstance(test, ast.Call) and any(
        kinds.CHECKS_ACCESS.search(terminal_name(call.func)) is not None
        and any(kinds.ASKS_OPERATOR.search(word) for given in call.args for word in checks.words_in(given))
        for call in checks.asked_in(test, function)
    )


def _alternatives(test: ast.expr) -> list[ast.expr]:
    """Return the conditions of which each is enough."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]


def _is_denied(node: ast.AST) -> bool:
    """Whether an expression denies that somebody is an operator."""
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Not):
        return False
    operand = node.operand.value if isinstance(node.operand, ast.Await) else node.operand
    asked = operand.func if isinstance(operand, ast.Call) else operand
    return known.CHECK.search(terminal_name(asked)) is not None


def _lets_in_operators(function: Scope) -> bool:
    """Whether the signature or a decorator of a function, or what its class asks for, names operators."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    owner = function.owner
    asked = owner.bindings.get("permission_classes", ()) if owner is not None else ()
    bases = owner.node.bases if owner is not None and isinstance(owner.node, ast.ClassDef) else []
    said = [page_calls.head(node), *(ast.unparse(each.value) for each in asked if each.value is not None)]
    said += map(ast.unparse, bases)
    return any(known.LETS_IN.search(text) for text in said)
