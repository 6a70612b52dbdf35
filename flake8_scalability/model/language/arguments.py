"""What is given for a parameter of a call: by keyword, by position, by `**kwargs` or through `functools.partial`."""

from __future__ import annotations

import ast
import enum
from typing import NamedTuple

from flake8_scalability.model.language.scopes import Scope


class Given(enum.Enum):
    """Whether an argument is given."""

    ABSENT = "absent"
    PRESENT = "present"
    UNKNOWN = "unknown"


class Argument(NamedTuple):
    """The answer for one parameter; `value` is the expression where it is present and can be named."""

    given: Given
    value: ast.expr | None = None
    scope: Scope | None = None


ABSENT = Argument(Given.ABSENT)
UNKNOWN = Argument(Given.UNKNOWN)


#: A call of `functools.partial`, and the scope in which it stands.
Partial = tuple[ast.Call, Scope]
#: The way to a mapping: the names and displays looked through.  One built from itself, or too far in, ends it.
Trail = tuple[tuple[Scope, str], ...]
MAX_TRAIL = 16


def find(
    call: ast.Call,
    scope: Scope,
    name: str,
    position: int | None = None,
    partials: tuple[Partial, ...] = (),
    trail: Trail = (),
) -> Argument:
    """Return what a call gives for a parameter `name`, which stands at `position` (from 0) where it may be positional.

    `partials` are the calls of `functools.partial` around the callee, outermost first.
    UNKNOWN where a `*args` or `**kwargs` of unknown content may hold it.
    """
    for keyword in call.keywords:
        if keyword.arg == name:
            return Argument(Given.PRESENT, keyword.value, scope)
    if position is not None:
        place = position
        for partial, _ in partials:
            place -= len(partial.args) - 1
        if _is_starred(call.args[: place + 1]):
            return UNKNOWN
        if 0 <= place < len(call.args) and not any(_is_starred(partial.args) for partial, _ in partials):
            return Argument(Given.PRESENT, call.args[place], scope)
    found = ABSENT
    for keyword in call.keywords:
        if keyword.arg is None:
            inside = in_mapping(keyword.value, scope, name, trail)
            if inside.given is Given.PRESENT:
                return inside
            if inside.given is Given.UNKNOWN:
                found = inside
    if partials and found.given is Given.ABSENT:
        (outermost, where), *others = partials
        # The first argument of a partial is the function, or the next partial.
        return find(outermost, where, name, None if position is None else position + 1, tuple(others), trail)
    return found


def _is_starred(given: list[ast.expr]) -> bool:
    return any(isinstance(argument, ast.Starred) for argument in given)


def in_mapping(node: ast.expr, scope: Scope, key: str, trail: Trail = ()) -> Argument:
    """Return what a mapping expression holds under `key`: a literal, `dict(...)`, or a name bound to these.

    Later `name[key] = ...`, `name.setdefault(key, ...)` and `name.update(...)` in the file count.
    """
    if len(trail) > MAX_TRAIL:
        return UNKNOWN
    if isinstance(node, ast.Name):
        return _in_named(node.id, scope, key, trail)
    trail = (*trail, (scope, ""))
    if isinstance(node, ast.Dict):
        return _in_literal(node, scope, key, trail)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        if scope.lookup("dict") is not None:
            return UNKNOWN
        if node.args:
            inner = in_mapping(node.args[0], scope, key, trail)
            if inner.given is Given.PRESENT:
                return inner
            own = find(node, scope, key, trail=trail)
            return own if own.given is Given.PRESENT else inner
        return find(node, scope, key, trail=trail)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _either(in_mapping(node.right, scope, key, trail), in_mapping(node.left, scope, key, trail))
    return UNKNOWN


def _in_literal(node: ast.Dict, scope: Scope, key: str, trail: Trail) -> Argument:
    found = ABSENT
    for name, value in zip(node.keys, node.values):
        if name is None:
            found = _either(found, in_mapping(value, scope, key, trail))
        elif isinstance(name, ast.Constant):
            if name.value == key:
                return Argument(Given.PRESENT, value, scope)
        else:
            found = _either(found, UNKNOWN)
    return found


def _in_named(name: str, scope: Scope, key: str, trail: Trail) -> Argument:
    home = scope.lookup(name)
    if home is None:
        return UNKNOWN
    if (home, name) in trail:
        return ABSENT
    trail = (*trail, (home, name))
    found = ABSENT
    for binding in home.bindings[name]:
        if binding.kind == "assign" and binding.value is not None and not _same_name(binding.value, name):
            found = _either(found, in_mapping(binding.value, binding.scope, key, trail))
        else:
            found = _either(found, UNKNOWN)
    for inner in home.walk():
        if inner.lookup(name) is home:
            found = _either(found, _written_later(name, inner, key, trail))
    return found


def _written_later(name: str, scope: Scope, key: str, trail: Trail) -> Argument:
    """Return what statements of a scope put under `key` into the mapping called `name`."""
    found = ABSENT
    for node in scope.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            if isinstance(target, ast.Subscript) and _same_name(target.value, name):
                found = _either(found, _under(target.slice, node.value, scope, key))
    for node in scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        if isinstance(node.func, ast.Attribute) and _same_name(node.func.value, name):
            if node.func.attr == "setdefault" and node.args:
                found = _either(found, _under(node.args[0], node.args[1] if len(node.args) > 1 else None, scope, key))
            elif node.func.attr == "update":
                found = _either(found, find(node, scope, key, trail=trail))
                if node.args:
                    found = _either(found, in_mapping(node.args[0], scope, key, trail))
    return found


def _under(written: ast.expr, value: ast.expr | None, scope: Scope, key: str) -> Argument:
    """Return what a statement that puts `value` under the key `written` says of `key`."""
    if not isinstance(written, ast.Constant):
        return UNKNOWN
    return Argument(Given.PRESENT, value, scope) if written.value == key else ABSENT


def _either(first: Argument, second: Argument) -> Argument:
    """Join two places where an argument may come from: present wins, then unknown."""
    for given in (Given.PRESENT, Given.UNKNOWN):
        for argument in (first, second):
            if argument.given is given:
                return argument
    return ABSENT


def _same_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def constant(node: ast.expr | None, scope: Scope | None) -> ast.Constant | None:
    """Return the literal that an expression is, directly or through a name bound once to it; else None."""
    for _ in range(5):
        if isinstance(node, ast.Constant):
            return node
        if not isinstance(node, ast.Name) or scope is None:
            return None
        home = scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None else []
        if len(bindings) != 1 or bindings[0].kind != "assign":
            return None
        node, scope = bindings[0].value, bindings[0].scope
    return None


def is_none(argument: Argument) -> bool:
    """Whether an argument is given and is None."""
    literal = constant(argument.value, argument.scope) if argument.given is Given.PRESENT else None
    return literal is not None and literal.value is None
