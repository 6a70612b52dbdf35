"""State that one caller leaves and another one asks for: what a second instance would answer wrongly without.

Three things prove it: what is kept came from a caller, a caller comes to the function that keeps it, and another
function answers or decides by it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import flowing
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running.places import Standing
from flake8_scalability.model.stateless import copies, limiting_state
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.project import mentions, root, usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile
    from flake8_scalability.model.stateless.state import State

#: Names under which frameworks hand a function its request although it takes no argument.
_AMBIENT = frozenset({"request", "current_user", "g", "session"})
_KEEPING = frozenset(How) - {How.REMOVE}


def is_asked_back(source: SourceFile, state: State, serving: list[tuple[Change, Standing]]) -> bool:
    """Whether callers leave something in a state by these changes, and other functions answer or decide by it."""
    keeping = [(change, standing) for change, standing in serving if _keeps(state, change)]
    if not any(is_given(change) and _is_called(source, change, standing) for change, standing in keeping):
        return _is_switched(source, state, keeping)
    return any(True for _ in _readers(source, state)) or _is_read_elsewhere(source, state)


def _keeps(state: State, change: Change) -> bool:
    """Whether a change keeps something: no point in time alone, no copy of what is kept elsewhere, no constant."""
    function = change.scope.function
    if change.how not in _KEEPING or function is None or state_words.READING.search(function.name) is not None:
        return False
    if limiting_state.tells_time(change.value) and not isinstance(change.value, ast.Dict):
        return False
    return change not in state.inner or not _has_contents(state.value)


def _has_contents(value: ast.expr | None) -> bool:
    """Whether a container is written out with more in it than places that are still empty."""
    if isinstance(value, ast.Dict):
        return any(not isinstance(each, ast.Constant) and not copies.is_empty(each) for each in value.values)
    return isinstance(value, (ast.List, ast.Set)) and bool(value.elts)


def _is_switched(source: SourceFile, state: State, keeping: list[tuple[Change, Standing]]) -> bool:
    """Whether a handler changes what another handler answers from: how far something is, whether it runs."""
    if not any(standing.place is Place.REQUEST for _, standing in keeping):
        return False
    return any(reader in source.places.handlers for reader in _readers(source, state))


def is_given(change: Change) -> bool:
    """Whether the key or the value of a change is made from what the function, or one around it, was given."""
    function = change.scope.function
    if function is None:
        return False
    given = set(_AMBIENT)
    around: Scope | None = function
    while around is not None and not around.is_module:
        if around.is_function:
            given |= set(around.parameters) - ({around.first_parameter} if around.is_method else set())
        around = around.parent
    parts = [part for part in (change.key, change.value) if part is not None]
    if isinstance(change.node, ast.Call):
        parts += [*change.node.args, *(keyword.value for keyword in change.node.keywords)]
    return any(
        isinstance(node, ast.Name) and node.id in given for part in parts for node in flowing.into(part, function.node)
    )


def _is_called(source: SourceFile, change: Change, standing: Standing) -> bool:
    """Whether a request comes to the function that makes a change, or another file calls it while it serves."""
    if standing.place is not Place.LIBRARY:
        return standing.place is Place.REQUEST
    function = change.scope.function
    assert function is not None
    uses = None if source.settings.no_project else usage.uses_elsewhere(function.name, source.filename)
    return uses is None or usage.Use.PER_CALL in uses


def _readers(source: SourceFile, state: State) -> Iterator[Scope]:
    """Yield the functions that read a state, do not put anything into it themselves, and answer or decide by it."""
    name = state.name.rpartition(".")[2]
    keeping = {state.scope.function, *(change.scope.function for change in state.changes if change.how in _KEEPING)}
    inner = {change.scope.function for change in state.inner}
    for function in source.scopes:
        if not function.is_function or function in keeping or not _reads(source, state, function, name):
            continue
        if function in inner or function in source.places.handlers or _gives_back(function):
            yield function


def _reads(source: SourceFile, state: State, function: Scope, name: str) -> bool:
    """Whether a function names a state in order to read it."""
    only_changed = {
        id(part)
        for change in state.changes
        if change.scope.function is function and isinstance(source.parents(change.scope).get(change.node), ast.Expr)
        for part in walk(change.node)
    }
    return any(
        id(node) not in only_changed
        and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
        and isinstance(node.ctx, ast.Load)
        and _spells(node, name, state)
        for node in walk(function.node)
    )


def _spells(node: ast.expr, name: str, state: State) -> bool:
    if isinstance(node, ast.Subscript):
        return state.holder is Holder.APPLICATION and isinstance(node.slice, ast.Constant) and node.slice.value == name
    return terminal_name(node) == name


def _gives_back(function: Scope) -> bool:
    """Whether a function returns or yields something."""
    return any(getattr(node, "value", None) is not None for node in function.of(ast.Return, ast.Yield, ast.YieldFrom))


def _is_read_elsewhere(source: SourceFile, state: State) -> bool:
    """Whether another file takes a state that this one only fills; a public name may be, where no project tells."""
    name = state.name.rpartition(".")[2]
    if state.holder is Holder.INSTANCE or name.startswith("_"):
        return False
    if source.settings.no_project or root.of(source.filename) is None:
        return True
    if state.holder is Holder.APPLICATION:
        return mentions.is_mentioned_elsewhere(name, source.filename) is True
    return mentions.is_taken_elsewhere(name, state.owner.name if state.owner is not None else "", source.filename)
