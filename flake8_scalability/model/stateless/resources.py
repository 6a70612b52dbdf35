"""Resources in shared state: clients, connections and sessions of databases, which a process makes once and keeps."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup, transactions
from flake8_scalability.model.language.mutations import Change
from flake8_scalability.model.language.values import Value

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile
    from flake8_scalability.model.stateless.state import State


#: Methods that end what an object does.
_ENDING = ("stop", "close", "aclose", "cancel", "terminate", "kill", "shutdown", "disconnect", "quit")


def is_resource(source: SourceFile, state: State, change: Change) -> bool:
    """Whether what is kept is a client, connection or pool, or holds a session of a database among other things."""
    if change.value is None:
        return False
    values = source.resolver.values(change.value, change.scope)
    made = [value for value in values if not _is_read(value, state)]
    if made and all(value.call in source.makers or _is_client(value.path) for value in made):
        return True
    parts = _parts(change.value)
    return any(source.resolver.paths(part, change.scope) & transactions.SESSION_TYPES for part in parts)


def are_alive(source: SourceFile, state: State) -> bool:
    """Whether what is kept runs: functions that take it out of the state stop or close it."""
    for name in _ENDING:
        for node, scope in source.calls_by_name.get(name, ()):
            if isinstance(node.func, ast.Attribute):
                found = source.shared_state.held(node.func.value, scope)
                if found is not None and found[0] is state and found[1]:
                    return True
    return False


def _is_read(value: Value, state: State) -> bool:
    """Whether a value is what was found in the state itself: `client = clients.get(key)`."""
    function = value.call.func if isinstance(value.call, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr not in ("get", "pop"):
        return False
    return ast.unparse(function.value).rpartition(".")[2] == state.name.rpartition(".")[2]


def _is_client(path: str) -> bool:
    """Whether a path is that of an object that is worth sharing: what a constructor of the catalogue makes."""
    row = lookup.api(path[:-2]) if path.endswith("()") else None
    return row is not None and row.makes is not None


def _parts(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.Dict):
        return value.values
    return value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
