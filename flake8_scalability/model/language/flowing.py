"""What flows into a value: the parts of a function from which an expression is made, by the names in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.model.language.walking import walk


def into(value: ast.expr, function: ast.AST) -> set[ast.AST]:
    """Return the nodes of a function's tree that a value is made from, the value's own included.

    A name brings what is assigned to it, looped over or opened for it, the calls of its methods that stand alone
    (`rows.append(x)`), what is stored under its keys, and the function of that name which is defined inside.
    """
    makers = list(_makers(function))
    found: set[ast.AST] = set()
    names: set[str] = set()
    waiting: list[ast.AST] = [value]
    while waiting:
        fresh = {
            part.id
            for node in waiting
            for part in _new(node, found)
            if isinstance(part, ast.Name) and part.id not in names
        }
        names |= fresh
        waiting = [node for made, node in makers if made in fresh]
    return found


def _new(node: ast.AST, found: set[ast.AST]) -> Iterator[ast.AST]:
    for part in walk(node):
        found.add(part)
        yield part


def _makers(function: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield names with what they are made from."""
    for node in walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from ((name, node.value) for name in _roots(target))
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            if node.value is not None:
                yield from ((name, node.value) for name in _roots(node.target))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            yield from ((name, node.iter) for name in _roots(node.target))
        elif isinstance(node, ast.withitem):
            if node.optional_vars is not None:
                yield from ((name, node.context_expr) for name in _roots(node.optional_vars))
        elif isinstance(node, ast.Expr):
            call = node.value.value if isinstance(node.value, ast.Await) else node.value
            if isinstance(call, ast.Call):
                yield from ((name, call) for name in _roots(call.func))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node is not function:
            yield node.name, node


def _roots(target: ast.expr) -> Iterator[str]:
    """Yield the names that a target, or a method's receiver, starts with."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _roots(part)
        return
    while isinstance(target, (ast.Attribute, ast.Subscript, ast.Starred, ast.Call)):
        target = target.func if isinstance(target, ast.Call) else target.value
    if isinstance(target, ast.Name):
        yield target.id
