"""Mutations: the statements and calls that change an object, and which expression holds it.

What the object is, and whether anybody shares it, is not asked here (see `state`).
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class How(enum.Enum):
    """What a mutation does to an object or name."""

    REBIND = "is bound anew"
    ITEM = "gets an item"
    ADD = "gets an element"
    REMOVE = "loses an element"
    INCREMENT = "is counted up or down"


class Change(NamedTuple):
    """One mutation.

    node: the statement or call
    scope: where it stands
    how: what it does
    target: the expression that holds what is changed: `jobs` of `jobs[number] = job` and of `jobs.pop(number)`
    key: the item that is set, counted or removed, None where there is none
    value: what is stored, None where nothing is, or where it is not one expression
    """

    node: ast.AST
    scope: Scope
    how: How
    target: ast.expr
    key: ast.expr | None = None
    value: ast.expr | None = None


#: Methods of the built-in containers and of those in `collections` and `queue` that change their object.
METHODS = {
    **dict.fromkeys(("append", "add", "insert", "extend", "appendleft", "extendleft", "put", "put_nowait"), How.ADD),
    **dict.fromkeys(("update", "setdefault"), How.ITEM),
    **dict.fromkeys(("pop", "popitem", "popleft", "remove", "discard", "clear"), How.REMOVE),
}
#: Functions that change what their first argument holds.
FUNCTIONS = {
    **dict.fromkeys(("heappush", "insort", "insort_left", "insort_right"), How.ADD),
    "heappop": How.REMOVE,
    "next": How.INCREMENT,
}
_CALLED = METHODS.keys() | FUNCTIONS.keys()


def changes_by_scope(source: SourceFile) -> dict[Scope, list[Change]]:
    """Return all mutations of a file by the scope in which they stand, in no particular order."""
    found: dict[Scope, list[Change]] = {}
    for node, scope in source.nodes(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete):
        _note(_made_by(node, scope), found)
    spoken = source.calls_by_name
    for name in spoken.keys() & _CALLED:
        for node, scope in spoken[name]:
            _note(_called(node, scope), found)
    return found


def _note(changes: Iterable[Change], found: dict[Scope, list[Change]]) -> None:
    for change in changes:
        found.setdefault(change.scope, []).append(change)


def changes_in(scope: Scope) -> Iterator[Change]:
    """Yield the mutations that stand directly in a scope, in no particular order."""
    for node in scope.of(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete):
        yield from _made_by(node, scope)
    for node in scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        yield from _called(node, scope)


def _made_by(node: ast.AST, scope: Scope) -> Iterator[Change]:
    """Yield the mutations that a statement makes."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _stored(target, node.value, node, scope)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from _stored(node.target, node.value, node, scope)
    elif isinstance(node, ast.AugAssign):
        yield from _counted(node, scope)
    elif isinstance(node, ast.Delete):
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                yield Change(node, scope, How.REMOVE, target.value, target.slice)


def _stored(target: ast.expr, value: ast.expr | None, node: ast.AST, scope: Scope) -> Iterator[Change]:
    if isinstance(target, (ast.Tuple, ast.List)):
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else None
        for number, part in enumerate(target.elts):
            yield from _stored(part, parts[number] if parts is not None else None, node, scope)
    elif isinstance(target, ast.Subscript):
        how = How.INCREMENT if _adds_to_itself(target, value) else How.ITEM
        yield Change(node, scope, how, target.value, target.slice, value)
    elif isinstance(target, ast.Attribute) or (isinstance(target, ast.Name) and target.id in scope.declared):
        yield Change(node, scope, How.INCREMENT if _adds_to_itself(target, value) else How.REBIND, target, None, value)


def _adds_to_itself(target: ast.expr, value: ast.expr | None) -> bool:
    """Whether `x = x + 1`, or `x[k] = x.get(k, 0) + 1`, which count like `+=`."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, (ast.Add, ast.Sub)):
        return False
    if isinstance(value.right, (ast.List, ast.Tuple, ast.JoinedStr)):
        return False
    left = value.left
    if isinstance(left, ast.Call) and isinstance(left.func, ast.Attribute) and left.func.attr == "get":
        default = left.args[1] if len(left.args) > 1 else None
        is_number = default is None or (isinstance(default, ast.Constant) and isinstance(default.value, (int, float)))
        return is_number and isinstance(target, ast.Subscript) and ast.dump(left.func.value) == ast.dump(target.value)
    if not isinstance(left, (ast.Name, ast.Attribute, ast.Subscript)):
        return False
    return ast.unparse(left) == ast.unparse(target)


def _counted(node: ast.AugAssign, scope: Scope) -> Iterator[Change]:
    """`+=` counts where a number is added, else it adds elements."""
    grows = isinstance(node.value, (ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.JoinedStr, ast.Dict)) or (
        isinstance(node.value, ast.Constant) and isinstance(node.value.value, (str, bytes))
    )
    how = How.ADD if grows or not isinstance(node.op, (ast.Add, ast.Sub)) else How.INCREMENT
    target = node.target
    if isinstance(target, ast.Subscript):
        yield Change(node, scope, how, target.value, target.slice, node.value)
    elif isinstance(target, ast.Attribute) or target.id in scope.declared:
        yield Change(node, scope, how, target, None, node.value)


def _called(node: ast.Call, scope: Scope) -> Iterator[Change]:
    name = terminal_name(node.func)
    if isinstance(node.func, ast.Attribute) and name in METHODS:
        how = METHODS[name]
        first = node.args[0] if node.args else None
        if how is How.ADD:
            value = node.args[1] if name == "insert" and len(node.args) > 1 else first
            yield Change(node, scope, how, node.func.value, None, value)
        else:
            stored = node.args[1] if name == "setdefault" and len(node.args) > 1 else None
            yield Change(node, scope, how, node.func.value, first if name != "update" else None, stored)
    elif name in FUNCTIONS and node.args and (name != "next" or isinstance(node.func, ast.Name)):
        yield Change(node, scope, FUNCTIONS[name], node.args[0], None, node.args[1] if len(node.args) > 1 else None)
