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
    return any(map(_turns_away, (function, *helpers)))


def _turns_away(function: Scope) -> bool:
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        asked = checks.asked_in(node.test, function)
        if checks.leaves(node) and any(kinds.CHECKS_ACCESS.search(terminal_name(call.func)) for call in asked):
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
