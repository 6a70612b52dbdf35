"""Resources in shared state: what a process makes once and keeps, and what only its own threads and handles are."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup, transactions
from flake8_scalability.catalog import state_words as known
from flake8_scalability.model.language.mutations import Change, How
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


def is_of_process(source: SourceFile, state: State) -> bool:
    """Whether nobody else could use what is kept: handles, what threads are known by, or a record of one program."""
    for change in (*state.changes, *state.inner):
        given = [change.value, *(change.node.args if isinstance(change.node, ast.Call) else ())]
        parts = [part for value in given if value is not None for part in _parts(value)]
        if any(
            _is_made_by(part, change, known.THREAD_NUMBERS, source) for part in (*parts, change.key) if part is not None
        ):
            return True
        handles = known.OWN_PROGRAMS if isinstance(change.key, ast.Constant) else known.OWN_HANDLES
        if change not in state.inner and any(_is_made_by(part, change, handles, source) for part in parts):
            return True
    return _is_set_by_each(source, state) or _is_of_model(state)


def _is_of_model(state: State) -> bool:
    """Whether a state is made anew, as a record, only where a function loads a model into this process by the way."""
    made = [change for change in state.changes if change.how is How.REBIND and isinstance(change.value, ast.Dict)]
    return bool(made) and all(
        any(
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in known.MODEL_LOADERS
            for call in change.scope.of(ast.Call)
        )
        for change in made
    )


def _is_made_by(node: ast.expr, change: Change, names: frozenset[str], source: SourceFile) -> bool:
    """Whether an expression is what one of these functions returns, under whatever name that is called."""
    if isinstance(node, ast.Constant):
        return False
    paths = source.resolver.paths(node, change.scope)
    return any(path.endswith("()") and path[:-2].rpartition(".")[2] in names for path in paths)


def _is_set_by_each(source: SourceFile, state: State) -> bool:
    """Whether each handler of a class sets an attribute anew for those whom it calls: it tells of one request."""
    setting = {change.scope.function for change in state.changes if change.how is How.REBIND}
    owners = {function.owner for function in setting if function in source.places.handlers and function is not None}
    return any(
        owner is not None and len(handlers) > 1 and handlers <= setting
        for owner in owners
        for handlers in [{each for each in source.places.handlers if each.owner is owner}]
    )


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
