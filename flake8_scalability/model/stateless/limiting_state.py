"""State of rate limiters: mappings that remember when, or how often, somebody came, so that too much can be refused."""

from __future__ import annotations

import ast
import re

from flake8_scalability.catalog import state_words
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How

_REFUSING = re.compile(r"429|too_?many|rate_?limit|throttl", re.IGNORECASE)
_NOW = frozenset({"now", "current_time", "timestamp", "ts", "now_ts"})
_CLOCK = frozenset({"time", "monotonic", "perf_counter", "now", "utcnow", "time_ns"})


def counts_callers(name: str, changes: list[Change]) -> bool:
    """Whether a mapping of this name (lower case, with its class) is what a limiter remembers."""
    stored = [change for change in changes if change.how in (How.ITEM, How.ADD, How.INCREMENT)]
    timed = any(tells_time(change.value) for change in stored)
    counted = any(change.how is How.INCREMENT for change in stored)
    if not (timed or counted):
        return False
    functions = {change.scope.function.name for change in stored if change.scope.function is not None}
    if any(state_words.LIMITER.search(each) for each in (name, *functions)):
        return True
    return any(_refuses(change) for change in stored) or (timed and any(map(_waits_for_pause, stored)))


def tells_time(value: ast.expr | None) -> bool:
    """Whether a stored value has a point in time in it, alone or in a list, tuple or mapping."""
    return value is not None and any(is_time(part) for part in ast.walk(value))


def is_time(node: ast.AST | None) -> bool:
    """Whether an expression is the present time."""
    return (isinstance(node, ast.Call) and terminal_name(node.func) in _CLOCK) or (
        isinstance(node, ast.Name) and node.id in _NOW
    )


def _refuses(change: Change) -> bool:
    """Whether the function that stores a time answers 429, or raises, where there were too many."""
    function = change.scope.function
    if function is None:
        return False
    for part in ast.walk(function.node):
        if isinstance(part, ast.Constant) and (
            part.value == 429 or (isinstance(part.value, str) and "too many" in part.value.lower())
        ):
            return True
        if isinstance(part, (ast.Attribute, ast.Name)) and _REFUSING.search(terminal_name(part)):
            return True
    return False


def _waits_for_pause(change: Change) -> bool:
    """Whether a time is stored for each key, and the function asks how long ago the last one was."""
    function = change.scope.function
    if function is None or isinstance(change.key, ast.Constant) or not is_time(change.value):
        return False
    return any(
        isinstance(part, ast.Compare)
        and any(isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) for inner in ast.walk(part))
        for part in ast.walk(function.node)
    )
