"""Accepted: how many items a function lets in, where it leaves as soon as there are more than a few."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.model.language.arguments import constant
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

#: An input of more items than so many is refused: those that pass are few.
MAX_ACCEPTED = 20
_ABOVE = (ast.Gt, ast.GtE)
_BELOW = (ast.Lt, ast.LtE)


def is_refused_when_long(items: ast.expr, function: Scope | None) -> bool:
    """Whether a function leaves where there are more items than a few: `if len(codes) > MAX_CODES: raise …`.

    Also where that is one of several reasons to leave: `if len(codes) < 2 or len(codes) > 5: raise …`.
    """
    if not isinstance(items, (ast.Name, ast.Attribute, ast.Subscript)) or function is None:
        return False
    spelled = ast.unparse(items)
    for branch in function.of(ast.If):
        assert isinstance(branch, ast.If)
        if branch.lineno > items.lineno or not isinstance(branch.body[-1], (ast.Raise, ast.Return)):
            continue
        for length, most in _longer(branch.test):
            if ast.unparse(length) == spelled:
                number = constant(most, function)
                if number is not None and isinstance(number.value, int) and number.value <= MAX_ACCEPTED:
                    return True
    return False


def _longer(test: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield (collection, number) of what is asked: has the collection more items than the number?"""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        for each in test.values:
            yield from _longer(each)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and isinstance(test.operand, ast.Compare):
        if isinstance(test.operand.ops[-1], _BELOW):  # `not 2 <= len(codes) <= 5`
            yield from _measured(([test.operand.left, *test.operand.comparators])[-2], test.operand.comparators[-1])
    elif isinstance(test, ast.Compare) and len(test.ops) == 1:
        if isinstance(test.ops[0], _ABOVE):
            yield from _measured(test.left, test.comparators[0])
        elif isinstance(test.ops[0], _BELOW):
            yield from _measured(test.comparators[0], test.left)


def _measured(length: ast.expr, most: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(length, ast.Call) and terminal_name(length.func) == "len" and length.args:
        yield length.args[0], most
