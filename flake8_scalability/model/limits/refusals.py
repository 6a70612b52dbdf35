"""Refusals: whether a handler turns away who has not shown who he is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import endpoint_kinds as kinds
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import checks

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def refuses_strangers(function: Scope, source: SourceFile) -> bool:
    """Whether a handler, or a helper of its file, answers 401 or 403, or leaves by what a check of access says."""
    helpers = (edge.target for scope in function.walk() for edge in source.graph.out_of.get(scope, ()))
    return any(map(_turns_away, (function, *helpers))) or _works_for_users_alone(function)


def _works_for_users_alone(function: Scope) -> bool:
    """Whether a handler leaves first where nobody is logged in, or does all of its work where somebody is.

    A secret that the service shares with its caller is as good as a login.
    """
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    for place, statement in enumerate(node.body):
        if not isinstance(statement, ast.If):
            continue
        asked = statement.test
        if isinstance(asked, ast.UnaryOp) and isinstance(asked.op, ast.Not):
            if terminal_name(asked.operand) == "is_authenticated" and checks.leaves(statement):
                return not any(map(_works, node.body[:place]))
        elif terminal_name(asked) == "is_anonymous" and checks.leaves(statement):
            return not any(map(_works, node.body[:place]))
        elif any(
            terminal_name(each) == "is_authenticated" or _compares_a_key(each, function, ast.Eq)
            for each in _all_hold(asked)
        ):
            others = [*node.body[:place], *statement.orelse, *node.body[place + 1 :]]
            # Who is logged in already may be sent away from where others log in.
            return any(map(_works, statement.body)) and not any(map(_works, others))
    return False


def _all_hold(test: ast.expr) -> list[ast.expr]:
    """Return the conditions all of which hold where a test does."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def _works(statement: ast.stmt) -> bool:
    """Whether a statement calls more than what makes an answer of what is known."""
    return any(
        isinstance(part, ast.Call) and kinds.ANSWERS.search(terminal_name(part.func)) is None
        for part in walk(statement)
    )


def _compares_a_key(test: ast.expr, function: Scope, how: type[ast.cmpop] = ast.NotEq) -> bool:
    """Whether a test compares what the request has with a secret of the settings: `!= settings.HOOK_SECRET`."""
    for part in walk(test):
        if not isinstance(part, ast.Compare) or not isinstance(part.ops[0], how):
            continue
        sides = (part.left, part.comparators[0])
        for own, given in (sides, sides[::-1]):
            name = terminal_name(own.func if isinstance(own, ast.Call) else own)
            is_own = name.isupper() or name in ("getenv", "get") or _beginning(own) in ("settings", "config")
            texts = " ".join(checks.words_in(own))
            if is_own and kinds.KEPT_SECRET.search(texts) and _comes_with_request(given, function):
                return True
    return False


def _comes_with_request(node: ast.expr, function: Scope) -> bool:
    if isinstance(node, ast.Name):
        bound = function.bindings.get(node.id, ())
        return any(
            each.kind == "parameter" or (each.value is not None and "request" in checks.words_in(each.value))
            for each in bound
        )
    return "request" in checks.words_in(node)


def _beginning(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return terminal_name(node)


def _turns_away(function: Scope) -> bool:
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        asked = checks.asked_in(node.test, function)
        if checks.leaves(node) and any(kinds.CHECKS_ACCESS.search(terminal_name(call.func)) for call in asked):
            return True
        if checks.leaves(node) and _compares_a_key(node.test, function):
            return True
        # `abort(401)` leaves as well.
        if any(_is_refusal(part) for part in walk(node.body[-1])) and any(
            kinds.PROOFS.fullmatch(name) or kinds.ASKS_WHO.search(name) for name in checks.words_in(node.test)
        ):
            return True
    return False


def _is_refusal(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in (401, 403)
    return kinds.REFUSES.search(terminal_name(node)) is not None
