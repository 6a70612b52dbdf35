"""Reaching assignments: which bindings of a local name may hold where it is read, in the order of the text.

A binding counts where it stands before the use and no later one, on the way that leads to the use in any case, hides
it.  What a loop carries back from below is left out.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.model.language.scopes import Binding, Scope

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_BRANCHING = (ast.If, ast.Try, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)


def bindings(node: ast.Name, scope: Scope, source: SourceFile) -> list[Binding]:
    """Return the bindings that may give a name its value at a place, the last first."""
    home = scope.lookup(node.id)
    if home is None:
        return []
    found = sorted(home.bindings[node.id], key=lambda binding: getattr(binding.node, "lineno", 0))
    if home.function is not scope.function or home.is_module or home.is_class:
        return found if len(found) <= 4 else []
    if home.is_comprehension or home.is_lambda:
        return found
    result: list[Binding] = []
    for binding in reversed(found):
        if binding.kind == "parameter":
            result.append(binding)
            break
        line = getattr(binding.node, "lineno", 0)
        if line > node.lineno:
            continue
        if binding.kind not in ("assign", "annotation", "augmented"):
            # A loop, a `with` or an import binds in its own header.
            result.append(binding)
            break
        end = getattr(binding.node, "end_lineno", line)
        if node.lineno <= end and _contains(binding.node, node, source.parents(scope)):
            continue
        if _is_unconditional(binding, home):
            result.append(binding)
            if binding.kind != "augmented":
                break
            continue
        parents = source.parents(scope)
        around, branches = _branches(node, parents), _branches(binding.node, parents)
        if any(parent in around and around[parent] != field for parent, field in branches.items()
               if isinstance(parent, ast.If)):  # fmt: skip
            continue
        result.append(binding)
        if all(parent in around for parent in branches) and binding.kind != "augmented":
            break
    return result


def _is_unconditional(binding: Binding, home: Scope) -> bool:
    """Whether a statement stands in no other one of its function: as far to the left as the function's first."""
    body = getattr(home.node, "body", None)
    return (
        isinstance(binding.node, ast.stmt)
        and binding.scope is home
        and isinstance(body, list)
        and binding.node.col_offset == body[0].col_offset
    )


def _contains(outer: ast.AST, inner: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    current: ast.AST | None = inner
    while current is not None:
        if current is outer:
            return True
        current = parents.get(current)
    return False


def _branches(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> dict[ast.AST, str]:
    """Return the branching statements around a node, each with the block of its that leads there."""
    found: dict[ast.AST, str] = {}
    child = node
    while True:
        parent = parents.get(child)
        if parent is None or isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return found
        if isinstance(parent, _BRANCHING):
            field = next(
                (
                    name
                    for name in ("body", "orelse", "handlers", "finalbody")
                    if child in (getattr(parent, name, None) or ())
                ),
                "",
            )
            # What stands in a test or an iterable is evaluated in any case; so is what is tried, as far as it got.
            if field and not (isinstance(parent, ast.Try) and field in ("body", "finalbody")):
                found[parent] = field
        child = parent
