"""Rows of a database as a file gets them: what is a query, and what gives one row without a lock on it."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.scaling.writers import text_of
from flake8_scalability.model.source import SourceFile

MAX_STEPS = 3


def is_query(node: ast.expr) -> bool:
    """Whether an expression is a query for many rows, by the names in its chain."""
    return not catalog.QUERYING.isdisjoint(chain(node))


def chain(node: ast.expr) -> list[str]:
    """Return the names in a chain of attributes and calls, the first first."""
    found: list[str] = []
    current: ast.expr = node
    while True:
        if isinstance(current, ast.Attribute):
            found.append(current.attr)
            current = current.value
        elif isinstance(current, ast.Call):
            current = current.func
        elif isinstance(current, (ast.Await, ast.Subscript)):
            current = current.value
        else:
            break
    if isinstance(current, ast.Name):
        found.append(current.id)
    return found[::-1]


def is_row(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> bool:
    """Whether an expression gives one row of a query that the file shows, without a lock on it."""
    if steps > MAX_STEPS:
        return False
    if isinstance(node, ast.Await):
        return is_row(node.value, scope, source, steps)
    if isinstance(node, ast.BoolOp):
        return is_row(node.values[0], scope, source, steps)
    if isinstance(node, ast.Subscript):
        return _is_first(node) and ("or_create" in ast.dump(node.value) or is_query(node.value))
    if not isinstance(node, ast.Call):
        return False
    names = chain(node)
    last = names[-1] if names else ""
    if last in catalog.ONE_ROW and _is_of_query(node, names, last):
        return True
    for value in source.resolver.values(node.func, scope):
        target = value.target
        if target is not None and target.is_function and not catalog.GUARDED.search(text_of(target, source)):
            returned = [each.value for each in target.of(ast.Return) if isinstance(each, ast.Return) and each.value]
            if returned and any(_leads_to_row(each, target, source, steps + 1) for each in returned):
                return True
    return False


def _is_first(node: ast.Subscript) -> bool:
    return isinstance(node.slice, ast.Constant) and node.slice.value == 0


def _leads_to_row(node: ast.expr, scope: Scope, source: SourceFile, steps: int) -> bool:
    if isinstance(node, ast.Name):
        bindings = scope.bindings.get(node.id, [])
        return any(b.value is not None and is_row(b.value, b.scope, source, steps) for b in bindings)
    return is_row(node, scope, source, steps)


def _is_of_query(node: ast.Call, names: list[str], last: str) -> bool:
    """Whether what a method that ends in one row is called on is a manager, a query, a mapped class or a session."""
    if last in catalog.ALWAYS_A_ROW or not catalog.QUERYING.isdisjoint(names[:-1]):
        return True
    if len(names) == 2 and names[0] == "self":
        return last == "get_object"
    if last in ("get", "find_one", "fetch_one") and len(names) == 2:
        if names[0][:1].isupper() and not names[0].isupper():
            return bool(node.args or node.keywords)
        first = node.args[0] if len(node.args) >= 2 else None
        return catalog.SESSION.search(names[0]) is not None and terminal_name(first or node)[:1].isupper()
    if last in ("scalar", "get") and len(names) >= 2:
        given = terminal_name(node.args[0]) if len(node.args) >= 2 else ""
        return catalog.SESSION.search(names[-2]) is not None and (last == "scalar" or given[:1].isupper())
    return False
