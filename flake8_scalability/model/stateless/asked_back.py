"""State that one caller leaves and another one asks for: what a second instance would answer wrongly without.

Three things prove it: what is kept came from a caller, a caller comes to the function that keeps it, and another
function answers or decides by it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import flowing
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.names import names_in
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
#: Functions that fill a state with what is kept elsewhere.
_RESTORING = re.compile(r"^_*(re)?(load|hydrate)_|^_*restore|_from_(db|database|disk|file|store|redis)$|^_*(re)?load$")
_KEEPING = frozenset(How) - {How.REMOVE}


def is_asked_back(source: SourceFile, state: State, serving: list[tuple[Change, Standing]], own: bool) -> bool:
    """Whether callers leave something in a state by these changes, and others answer or decide by it.

    own: the function that keeps something may be the one that is asked, by the next request of the same user
    """
    filling = [change.scope.function for change in state.changes if change.scope.function is not None]
    if state.holder is not Holder.MODULE and any(_RESTORING.search(function.name) for function in filling):
        return False
    keeping = [(change, standing) for change, standing in serving if _keeps(source, state, change)]
    # The key of a session is often drawn by the handler, and is given back with the next request.
    given = [pair for pair in keeping if is_given(pair[0]) or (own and pair[1].place is Place.REQUEST)]
    if any(standing.place is Place.REQUEST for _, standing in given):
        if any(_is_of_another_request(source, reader, given) for reader in _readers(source, state, own)):
            return True
        return _is_read_elsewhere(source, state)
    if any(_is_called(source, change.scope.function, standing.place) for change, standing in given):
        readers = list(_readers(source, state, own))
        if state.holder is not Holder.MODULE:
            readers = [each for each in readers if _looks_up(each, state)]
        if any(_is_called(source, reader, source.place(reader).place) for reader in readers):
            return True
        return not readers and _is_read_elsewhere(source, state)
    return _is_switched(source, state, keeping)


def _is_of_another_request(source: SourceFile, reader: Scope, given: list[tuple[Change, Standing]]) -> bool:
    """Whether a function answers another request than that which keeps something, or the next one of the same kind."""
    where = source.place(reader)
    if where.place is not Place.REQUEST:
        return _is_called(source, reader, where.place)
    keepers = {change.scope.function for change, _ in given}
    handlers = {standing.via or change.scope.function for change, standing in given}
    return reader in keepers or (where.via or reader) not in handlers


def _keeps(source: SourceFile, state: State, change: Change) -> bool:
    """Whether a change keeps something: no point in time alone, no copy of what is kept elsewhere, no constant."""
    function = change.scope.function
    if change.how not in _KEEPING or function is None or state_words.READING.search(function.name) is not None:
        return False
    if function.name.startswith("__") or _is_copy(state, function):
        return False
    if limiting_state.tells_time(change.value) and not isinstance(change.value, ast.Dict):
        return False
    return change not in state.inner or not _has_contents(state.value)


def _is_copy(state: State, function: Scope) -> bool:
    """Whether a store has what a function keeps, as well: all that an object keeps, else the entries themselves."""
    if state.owner is not None:
        return copies.is_written_on(function)
    return any(
        isinstance(each.value, ast.Name)
        and each.scope.function is not None
        and copies.is_written_on(each.scope.function, each.value.id)
        for each in state.changes
    )


def _has_contents(value: ast.expr | None) -> bool:
    """Whether a container is written out with more in it than places that are still empty."""
    if isinstance(value, ast.Dict):
        return any(not isinstance(each, ast.Constant) and not copies.is_empty(each) for each in value.values)
    return isinstance(value, (ast.List, ast.Set)) and bool(value.elts)


def _is_switched(source: SourceFile, state: State, keeping: list[tuple[Change, Standing]]) -> bool:
    """Whether a handler changes what another handler answers from: how far something is, whether it runs."""
    if not any(standing.place is Place.REQUEST for _, standing in keeping):
        return False
    return any(reader in source.places.handlers for reader in _readers(source, state, own=False))


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


def _is_called(source: SourceFile, function: Scope | None, place: Place) -> bool:
    """Whether a request comes to a function, or another file calls it while it serves."""
    if place is not Place.LIBRARY or function is None:
        return place is Place.REQUEST
    uses = None if source.settings.no_project else usage.uses_elsewhere(function.name, source.filename)
    if uses is None:
        return True
    owner = function.owner
    named = owner is None or "_" in function.name or usage.is_called_on(function.name, owner.name, source.filename)
    return named and usage.Use.PER_CALL in uses


def _readers(source: SourceFile, state: State, own: bool) -> Iterator[Scope]:
    """Yield the functions that read a state, do not put anything into it themselves, and answer or decide by it.

    own: those that put something into it, too
    """
    name = state.name.rpartition(".")[2]
    keeping = {change.scope.function for change in state.changes if change.how in _KEEPING}
    passed = {state.scope.function} if own else {state.scope.function, *keeping}
    inner = {change.scope.function for change in state.inner}
    for function in source.scopes:
        if not function.is_function or function in passed or not _reads(source, state, function, name):
            continue
        if function in inner or function in source.places.handlers or _gives_back(function):
            yield function


def _looks_up(function: Scope, state: State) -> bool:
    """Whether a function looks up what stands in a state under a key that it is given."""
    given = set(function.parameters)
    for node in walk(function.node):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            held, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            held, key = (node.func.value, node.args[0]) if node.func.attr in ("get", "pop") else (node, None)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            held, key = node.comparators[0], node.left
        if key is not None and terminal_name(held) == state.name.rpartition(".")[2] and names_in(key) & given:
            return True
    return False


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
