"""Refusals: whether a handler turns away who has not shown who he is, or who does not run the service."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import endpoint_kinds as kinds
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def refuses_all_but_operators(function: Scope) -> bool:
    """Whether a body turns away who does not run the service: `if not request.user.is_superuser: raise ...`.

    So it does where a check that is told so has the answer: `refused = page.set_access(STAFF)`.
    """
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        if not isinstance(node.body[-1], (ast.Raise, ast.Return)):
            continue
        negated = isinstance(node.test, ast.UnaryOp)
        if negated and any(terminal_name(part) in kinds.OPERATOR_FLAGS for part in ast.walk(node.test)):
            return True
        for call in _asked_in(node.test, function):
            if kinds.CHECKS_ACCESS.search(terminal_name(call.func)) and any(
                kinds.ASKS_OPERATOR.search(name) for given in call.args for name in _words(given)
            ):
                return True
    return False


def refuses_strangers(function: Scope, source: SourceFile) -> bool:
    """Whether a handler, or a helper of its file, answers 401 or 403, or leaves by what a check of access says."""
    helpers = (edge.target for scope in function.walk() for edge in source.graph.out_of.get(scope, ()))
    return any(map(_turns_away, (function, *helpers)))


def _turns_away(function: Scope) -> bool:
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        leaves = isinstance(node.body[-1], (ast.Raise, ast.Return))
        if leaves and any(
            kinds.CHECKS_ACCESS.search(terminal_name(call.func)) for call in _asked_in(node.test, function)
        ):
            return True
        # `abort(401)` leaves as well.
        if any(_is_refusal(part) for part in ast.walk(node.body[-1])) and any(
            kinds.PROOFS.fullmatch(name) or kinds.ASKS_WHO.search(name) for name in _words(node.test)
        ):
            return True
    return False


def _is_refusal(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in (401, 403)
    return kinds.REFUSES.search(terminal_name(node)) is not None


def _asked_in(test: ast.expr, function: Scope) -> Iterator[ast.Call]:
    """Yield the calls in a test, and those whose result a name in it holds."""
    for part in ast.walk(test):
        held = [part]
        if isinstance(part, ast.Name):
            held = [each.value for each in function.bindings.get(part.id, ()) if each.value is not None]
        for value in held:
            asked = value.value if isinstance(value, ast.Await) else value
            if isinstance(asked, ast.Call):
                yield asked


def _words(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        word = part.value if isinstance(part, ast.Constant) else terminal_name(part)
        if isinstance(word, str) and word:
            yield word
