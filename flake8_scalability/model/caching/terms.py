"""Terms: how many seconds an expression says that is written out: `300`, `60 * 60`, `DAY`, `timedelta(days=1)`."""

from __future__ import annotations

import ast

from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

MAX_STEPS = 4
_UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def seconds(node: ast.expr, scope: Scope, steps: int = MAX_STEPS) -> int | None:
    """Return the number of seconds that an expression is, None where that is not shown."""
    literal = arguments.constant(node, scope)
    if literal is not None:
        number = literal.value
        return int(number) if isinstance(number, (int, float)) and not isinstance(number, bool) else None
    if not steps:
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = (seconds(each, scope, steps - 1) for each in (node.left, node.right))
        return left * right if left is not None and right is not None else None
    if isinstance(node, ast.Call) and terminal_name(node.func) == "timedelta" and not node.args:
        parts = [(_UNITS.get(each.arg or ""), seconds(each.value, scope, steps - 1)) for each in node.keywords]
        return sum(unit * number for unit, number in parts if unit and number is not None) or None
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None else []
        value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
        return seconds(value, bindings[0].scope, steps - 1) if value is not None else None
    return None
