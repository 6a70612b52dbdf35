"""The names in expressions: all of them, those that stand for themselves, the first of a chain."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.model.language.passing import passing
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk


def outwards(function: Scope) -> Iterator[Scope]:
    """Yield a function and the functions around it."""
    scope: Scope | None = function
    while scope is not None:
        if scope.is_function:
            yield scope
        scope = scope.parent


def loops(root: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield (target, iterable) of every loop and comprehension."""
    for node in walk(root):
        if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            yield node.target, node.iter


def targets(node: ast.AST) -> list[ast.expr]:
    """Return what an assignment binds; nothing for any other node."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, (ast.AnnAssign, ast.NamedExpr)) else []


def loads(name: str, root: ast.AST) -> Iterator[ast.Name]:
    """Yield the places below a node where a name is read."""
    for node in walk(root):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            yield node


def names_in(node: ast.AST) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}


def bare(node: ast.expr) -> Iterator[str]:
    """Yield the names that an argument is, or consists of: no attributes of theirs, nor what calls make of them."""
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Name):
            yield part.id
        elif not isinstance(part, ast.Attribute):
            stack.extend(passing(part))


def root_name(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.expr) -> str:
    """An attribute or name as text, keys left out; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
