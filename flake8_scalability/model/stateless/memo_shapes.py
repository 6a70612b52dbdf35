"""Shapes of hand-written memos: a key is looked up, what is not there is made, stored and returned."""

from __future__ import annotations

import ast

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.stateless.limiting_state import is_time, tells_time
from flake8_scalability.model.stateless.state import State


def is_computed_once(state: State, changes: list[Change]) -> bool:
    """Whether one function looks a key up, makes what is not there, stores it and returns it."""
    own = state.name.rpartition(".")[2]
    for change in changes:
        function = change.scope.function
        if change.how is not How.ITEM or change.key is None or function is None or change.value is None:
            continue
        made = isinstance(change.value, (ast.Call, ast.Await, ast.Name)) or _is_part_of_answer(change)
        if not made or isinstance(change.key, ast.Constant):
            continue
        key, found = ast.unparse(change.key), looked_up(function, own)
        for part in walk(function.node):
            asks = isinstance(part, ast.If) and _asks_for(part, key, own, found)
            if (asks or _tries(part, key, own)) and _gives(function.node, change, own):
                return True
    return False


def keeps_parts_of_answers(changes: list[Change]) -> bool:
    """Whether all that is put in is read out of what a call has answered, and so can be had from there again."""
    return all(change.how is How.ITEM and _is_part_of_answer(change) for change in changes)


def _is_part_of_answer(change: Change) -> bool:
    """Whether a value is a field of what a call in the same function has returned: `answer["user"]["name"]`."""
    node = change.value
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    if node is change.value or not isinstance(node, ast.Name):
        return False
    bindings = change.scope.bindings.get(node.id, ())
    return bool(bindings) and all(isinstance(each.value, (ast.Call, ast.Await)) for each in bindings)


def _tries(part: ast.AST, key: str, own: str) -> bool:
    """Whether a statement tries to return what stands under a key, and does something else where nothing does."""
    if not isinstance(part, ast.Try) or not any(
        terminal_name(each.type or part) == "KeyError" for each in part.handlers
    ):
        return False
    first = part.body[0]
    if not isinstance(first, (ast.Return, ast.Assign)) or not isinstance(first.value, ast.Subscript):
        return False
    text = ast.unparse(first.value.slice).strip("()")
    return terminal_name(first.value.value) == own and text == key.strip("()")


def is_timed(changes: list[Change]) -> bool:
    """Whether each entry has the time at which it was got, or until when it holds, as in a cache that expires."""
    return any(change.how is How.ITEM and _is_deadline(change.value) for change in changes) or any(
        change.how is How.ITEM
        and isinstance(change.value, (ast.Tuple, ast.Dict, ast.List))
        and tells_time(change.value)
        and not _is_all_time(change.value)
        for change in changes
    )


def _is_deadline(value: ast.expr | None) -> bool:
    """Whether a value is a time to come: `time() + 60`."""
    return (
        isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and (is_time(value.left) or is_time(value.right))
    )


def _is_all_time(value: ast.expr) -> bool:
    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else getattr(value, "values", [])
    return all(is_time(part) for part in parts)


def _asks_for(test: ast.If, key: str, own: str, found: set[str]) -> bool:
    """Whether a test asks if the key is there, or whether what was looked up under it is."""
    text = ast.unparse(test.test)
    if key in text and own in text and (" in " in text or ".get(" in text):
        return True
    return any(isinstance(part, ast.Name) and part.id in found for part in walk(test.test))


def looked_up(function: Scope, own: str) -> set[str]:
    """Return the local names that are given what the state of a name holds under a key."""
    found: set[str] = set()
    for scope in function.walk_same_call():
        for node in scope.of(ast.Assign, ast.NamedExpr):
            assert isinstance(node, (ast.Assign, ast.NamedExpr))
            if isinstance(node.value, (ast.Call, ast.Subscript)) and f"{own}.get(" in ast.unparse(node.value):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(terminal_name(target) for target in targets)
    return found


def _gives(function: ast.AST, change: Change, own: str) -> bool:
    """Whether the function returns what it stored."""
    stored = ast.unparse(change.value) if isinstance(change.value, ast.Name) else None
    for part in walk(function):
        if isinstance(part, ast.Return) and part.value is not None:
            for given in part.value.elts if isinstance(part.value, ast.Tuple) else [part.value]:
                text = ast.unparse(given)
                if text == stored or (own in text and isinstance(given, (ast.Subscript, ast.Call))):
                    return True
    return False
