"""Crowds: the awaitables that an expression holds, where there is one for each item of unknown many."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import amounts
from flake8_scalability.model.limits.amounts import plain

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 4


class Crowd(NamedTuple):
    """Many awaitables: the expressions that make each, the scope of these, what they are made of, and the calls."""

    elements: list[tuple[ast.expr, Scope]]
    items: str
    starts: list[ast.AST]


def crowd(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> Crowd | None:
    """Return the awaitables that an expression holds, where there is one for each item of unknown many."""
    if steps > MAX_STEPS:
        return None
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        inner = source.scope_of[node]
        items = amounts.many(node.generators[-1].iter, scope, source) or amounts.many(
            node.generators[0].iter, scope, source
        )
        # What runs already is only waited for.
        if not items or not any(True for _ in _calls(node.elt)):
            return None
        return Crowd([(node.elt, inner)], items, list(_calls(node.elt)))
    if isinstance(node, ast.Call):
        name = terminal_name(node.func)
        if name == "map" and len(node.args) == 2:
            items = amounts.many(node.args[1], scope, source)
            return Crowd([(node.args[0], scope)], items, []) if items else None
        if name in ("list", "tuple", "set") and node.args:
            return crowd(node.args[0], scope, source, steps + 1)
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return crowd(node.left, scope, source, steps + 1) or crowd(node.right, scope, source, steps + 1)
    if isinstance(node, ast.Name):
        return _named_crowd(node.id, scope, source, steps)
    return None


def _named_crowd(name: str, scope: Scope, source: SourceFile, steps: int) -> Crowd | None:
    home = scope.lookup(name)
    if home is None or home.function is None:
        return None
    for binding in home.bindings[name]:
        if binding.kind == "assign" and binding.value is not None:
            found = crowd(binding.value, binding.scope, source, steps + 1)
            if found is not None:
                return found
    for node in (node for each in home.walk_same_call() for node in each.of(ast.Call)):
        assert isinstance(node, ast.Call)
        if (
            not isinstance(node.func, ast.Attribute)
            or node.func.attr not in ("append", "add", "extend")
            or not node.args
        ):
            continue
        if terminal_name(node.func) and plain(node.func.value) != name:
            continue
        if node.func.attr == "extend":
            found = crowd(node.args[0], home, source, steps + 1)
            if found is not None:
                return found
            continue
        site = source.site(node, home)
        # What a loop only goes through was there before, and runs already.
        items = "" if _is_looped_over(node.args[0], home) else amounts.of_loop(site, source)
        if items:
            elements = [(value, home) for value in _values(node.args[0], home)]
            return Crowd(elements, items, [part for value, _ in elements for part in _calls(value)])
    return None


def _is_looped_over(node: ast.expr, home: Scope) -> bool:
    return any(binding.kind == "for" for binding in home.bindings.get(plain(node), ()))


def _calls(node: ast.expr) -> Iterator[ast.AST]:
    for part in walk(node):
        if isinstance(part, ast.Call):
            yield part


def _values(node: ast.expr, home: Scope) -> list[ast.expr]:
    """Return what a name holds, as far as it is assigned; else the expression itself."""
    return [each.value for each in home.bindings.get(plain(node), ()) if each.value is not None] or [node]
