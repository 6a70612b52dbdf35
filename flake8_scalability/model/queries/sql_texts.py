"""Texts of SQL as expressions: constants, f-strings, sums and formats, with a hole for what is put in at run time."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.query_methods import TEXTS
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.sql import HOLE

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 12
_FIELD = re.compile(r"\{[^{}]*\}")


def of(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> str | None:
    """Return the text that an expression is, with holes; None where nothing of it is known."""
    if steps > MAX_STEPS:
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [_part(each, scope, source, steps) for each in node.values]
        return "".join(parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left = of(node.left, scope, source, steps + 1)
        right = of(node.right, scope, source, steps + 1)
        return None if left is None and right is None else (left or HOLE) + (right if right is not None else HOLE)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return of(node.left, scope, source, steps + 1)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            text = of(node.func.value, scope, source, steps + 1)
            return _FIELD.sub(HOLE, text) if text is not None else None
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "bindparams", "columns"):
            return of(node.func.value, scope, source, steps + 1)
        if terminal_name(node.func) in TEXTS and node.args:
            return of(node.args[0], scope, source, steps + 1)
        return None
    if isinstance(node, ast.Name):
        return _named(node, scope, source, steps)
    if isinstance(node, ast.IfExp):
        return of(node.body, scope, source, steps + 1) or of(node.orelse, scope, source, steps + 1)
    return None


def _part(node: ast.expr, scope: Scope, source: SourceFile, steps: int) -> str:
    if isinstance(node, ast.FormattedValue):
        known = of(node.value, scope, source, steps + 1)
        return known if known is not None else HOLE
    return of(node, scope, source, steps + 1) or HOLE


def _named(node: ast.Name, scope: Scope, source: SourceFile, steps: int) -> str | None:
    """Return the text of a name: that of its one assignment, with all that may be added to it later as a hole."""
    bindings = reaching.bindings(node, scope, source)
    if not bindings:
        return None
    texts = []
    extended = ""
    for binding in bindings:
        if binding.kind == "augmented" and isinstance(binding.node, ast.AugAssign):
            added = of(binding.node.value, binding.scope, source, steps + 1)
            extended = f" {added or HOLE} {extended}"
        elif binding.kind in ("assign", "annotation") and binding.value is not None:
            texts.append(of(binding.value, binding.scope, source, steps + 1))
        else:
            return None
    if not texts or texts[-1] is None:
        return None
    # Of alternatives the longest is the one with every clause.
    return max((text for text in texts if text is not None), key=len) + extended
