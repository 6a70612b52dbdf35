"""Searches: loops that try one candidate after the other until one fits, so that few are asked for.

A loop that asks whether any item fits, and gives a plain yes or no, is none: the database can be asked that at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.model.batching.per_item import Turn
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk

_INNER = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_PRESENT = (ast.Is, ast.NotIn)


def is_search(turn: Turn, node: ast.expr) -> bool:
    """Whether the loop of a turn ends with the first item for which an expression finds something, or nothing.

    The item, or what was found, has to be what the loop is left with.
    """
    body = getattr(turn.loop.node, "body", None)
    if not isinstance(body, list):
        return False
    if isinstance(body[-1], (ast.Return, ast.Break)):
        return True  # the others are left with `continue`
    found = set(_bound_from(node, body))
    for branch in _branches(body):
        if not any(part is node or (isinstance(part, ast.Name) and part.id in found) for part in walk(branch.test)):
            continue
        wanted = set(turn.targets) if _asks_for_nothing(branch.test) else {*turn.targets, *found}
        if any(_names(each) & wanted for each in _left_with(branch.body)):
            return True
    return False


def _bound_from(node: ast.expr, body: list[ast.stmt]) -> Iterator[str]:
    """Yield the names that hold what an expression gives, in the statements of a turn."""
    for statement in body:
        for part in walk(statement):
            if isinstance(part, (ast.Assign, ast.NamedExpr)) and any(inner is node for inner in walk(part.value)):
                targets = part.targets if isinstance(part, ast.Assign) else [part.target]
                yield from (terminal_name(target) for target in targets if isinstance(target, ast.Name))


def _branches(body: list[ast.stmt]) -> Iterator[ast.If]:
    """Yield the branches of a turn, those of loops inside it left out."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If):
            yield node
        if not isinstance(node, _INNER):
            todo.extend(ast.iter_child_nodes(node))


def _asks_for_nothing(test: ast.expr) -> bool:
    """Whether a test is for there being no such thing: `not row`, `row is None`."""
    return any(
        isinstance(part, ast.Not) or (isinstance(part, ast.Compare) and isinstance(part.ops[0], _PRESENT))
        for part in ast.walk(test)
    )


def _left_with(block: list[ast.stmt]) -> Iterator[ast.expr]:
    """Yield what a block leaves the loop with: what it returns, or what it keeps before a `break`."""
    last = block[-1]
    if isinstance(last, ast.Return) and last.value is not None:
        yield last.value
    elif isinstance(last, ast.Break):
        yield from (each.value for each in block if isinstance(each, ast.Assign))


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}
