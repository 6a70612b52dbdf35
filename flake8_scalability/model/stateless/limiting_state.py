"""State of rate limiters: mappings that remember when, or how often, somebody came, so that too much can be refused."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import bot_frameworks, limiter_stores, state_words
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_REFUSING = re.compile(r"429|too_?many|rate_?limit|throttl", re.IGNORECASE)
#: A value with so many fields says more than when and how often somebody came.
FIELDS_OF_A_RECORD = 4
_NOW = frozenset({"now", "current_time", "timestamp", "ts", "now_ts"})
_CLOCK = frozenset({"time", "monotonic", "perf_counter", "now", "utcnow", "time_ns"})


def counts_callers(name: str, changes: list[Change]) -> bool:
    """Whether a mapping of this name (lower case, with its class) is what a limiter remembers."""
    if state_words.OF_OTHERS.search(name) and not state_words.CALLERS.search(name):
        return False
    if limiter_stores.ONCE_ONLY.search(name):
        return False
    stored = [change for change in changes if change.how in (How.ITEM, How.ADD, How.INCREMENT)]
    timed = any(tells_time(value) for change in stored for value in _values(change))
    counted = any(change.how is How.INCREMENT for change in stored)
    if not (timed or counted):
        return False
    functions = {change.scope.function.name for change in stored if change.scope.function is not None}
    if any(state_words.LIMITER.search(each) for each in (name, *functions)):
        return True
    if any(isinstance(change.value, ast.Dict) and len(change.value.keys) >= FIELDS_OF_A_RECORD for change in stored):
        return False
    return any(_refuses(change) for change in stored) or (timed and any(map(_waits_for_pause, stored)))


def is_of_no_matter(source: SourceFile, name: str, changes: list[Change]) -> bool:
    """Whether it does no harm that each instance counts for itself: a matter of taste, or of one gateway's process.

    A chat's gateway sends all events with the same key to the same process, and those of one person's account.  What
    runs in a process, or is open there, is its own; so is which of its messages it writes down.
    """
    if limiter_stores.OF_PROCESS.search(name) or limiter_stores.ONE_ACCOUNT.search(source.text):
        return True
    functions = {change.scope.function.name for change in changes if change.scope.function is not None}
    if any(state_words.COSMETIC.search(each) for each in (name, *functions)):
        return True
    keys = [part for change in changes if change.key is not None for part in spelled(change.key, change.scope)]
    if any(state_words.GUILDS.search(key) for key in keys):
        return True
    path = "/".join(source.path_parts)
    in_chat = any(word in source.text or word in path for word in bot_frameworks.GATEWAYS)
    return in_chat and any(state_words.SHARDED.search(key) for key in keys)


def spelled(key: ast.expr, scope: Scope) -> list[str]:
    """Return how a key is written, in lower case, and what the local names in it are bound to."""
    found = [ast.unparse(key).lower()]
    for node in walk(key):
        if isinstance(node, ast.Name):
            found += [ast.unparse(value).lower() for value in _bound(node, scope)]
    return found


def _values(change: Change) -> list[ast.expr]:
    """Return what a change stores, and what a local name that it stores is bound to or gets."""
    if change.value is None or not isinstance(change.value, ast.Name):
        return [change.value] if change.value is not None else []
    name = change.value.id
    added = [
        node.args[0]
        for node in change.scope.of(ast.Call)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "append"
        and node.args
        and terminal_name(node.func.value) == name
    ]
    return [change.value, *_bound(change.value, change.scope), *added]


def _bound(name: ast.Name, scope: Scope) -> list[ast.expr]:
    home = scope.lookup(name.id)
    if home is None or not home.is_function:
        return []
    return [each.value for each in home.bindings[name.id] if each.kind == "assign" and each.value is not None]


def tells_time(value: ast.expr | None) -> bool:
    """Whether a stored value has a point in time in it, alone or in a list, tuple or mapping."""
    return value is not None and any(is_time(part) for part in walk(value))


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
    for part in walk(function.node):
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
        and any(isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) for inner in walk(part))
        for part in walk(function.node)
    )
