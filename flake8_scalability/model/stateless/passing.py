"""What shared containers hold only for the time of one call: marks of what runs here just now, and scratch paper."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running.places import Standing
from flake8_scalability.model.stateless import copies
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.model.stateless.kinds import Kind
from flake8_scalability.model.stateless.state import State


def is_for_the_moment(state: State, serving: list[tuple[Change, Standing]]) -> bool:
    """Whether what is kept is of no use to anybody once the call that put it there has ended."""
    if _is_mark(state) or is_signal(state) or _is_of_context(state):
        return True
    polled = all(standing.place is not Place.REQUEST for _, standing in serving)
    return polled and state_words.BASELINE.search(state.plain_name) is not None


def _is_mark(state: State) -> bool:
    """Whether a set names what runs here, and forgets it in a `finally`; one that refuses others is a guard."""
    added = [change for change in state.changes if change.how is How.ADD]
    if state.kind is not Kind.SET or not added:
        return False
    removed = {id(change.node) for change in state.changes if change.how is How.REMOVE}
    own = state.name.rpartition(".")[2]
    return all(_is_undone(change, removed) and not _asks(change, own) for change in added)


def is_signal(state: State) -> bool:
    """Whether the function that sets an entry waits in a loop until another one takes it back."""
    own = state.name.rpartition(".")[2]
    functions = {change.scope.function for change in state.changes if change.how is How.ITEM}
    return any(
        isinstance(part, ast.Subscript) and terminal_name(part.value) == own
        for function in functions
        if function is not None
        for node in function.of(ast.While)
        if isinstance(node, ast.While)
        for part in walk(node.test)
    )


def is_debounced(state: State) -> bool:
    """Whether what is put in waits for a task that each further call puts off, and that takes it out again."""
    adding = {change.scope.function for change in (*state.changes, *state.inner) if change.how is not How.REMOVE}
    removing = [change for change in state.changes if change.how is How.REMOVE]
    return bool(removing) and any(
        function is not None
        and any(_calls(function, name) for name in ("create_task", "ensure_future", "call_later", "Timer"))
        and _calls(function, "cancel")
        for function in adding
    )


def _calls(function: Scope, name: str) -> bool:
    return any(isinstance(node, ast.Call) and terminal_name(node.func) == name for node in function.of(ast.Call))


def _is_of_context(state: State) -> bool:
    """Whether the objects of a class are entered and left by `with`, and are empty again between that."""
    owner = state.owner
    if owner is None or state.holder is Holder.CLASS:
        return False
    methods = {method.name for method in owner.inner if method.is_function}
    return {"__enter__", "__exit__"} <= methods and any(
        (change.how is How.REBIND and copies.is_empty(change.value))
        or (isinstance(change.node, ast.Call) and terminal_name(change.node.func) == "clear")
        for change in state.changes
        if change.scope.function is not None and change.scope.function.name != "__init__"
    )


def _is_undone(change: Change, removed: set[int]) -> bool:
    """Whether the function that makes a change takes it back in a `finally`."""
    function = change.scope.function
    if function is None:
        return False
    return any(
        id(part) in removed
        for node in function.of(ast.Try)
        for statement in getattr(node, "finalbody", ())
        for part in walk(statement)
    )


def _asks(change: Change, own: str) -> bool:
    """Whether the function asks whether something is in the container."""
    assert change.scope.function is not None
    return any(
        isinstance(node, ast.Compare)
        and isinstance(node.ops[0], (ast.In, ast.NotIn))
        and terminal_name(node.comparators[0]) == own
        for node in walk(change.scope.function.node)
    )
