"""Roles: what a piece of shared state is for, so that exactly one rule speaks of it.

The first role that applies counts, in the order of the catalogue's principle "one defect, one finding".
"""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.limits import queues
from flake8_scalability.model.running.places import Standing
from flake8_scalability.model.running.reached import is_reached
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.stateless import (
    asked_back,
    benign,
    copies,
    enclosed,
    limiting_state,
    live_connections,
    memo_shapes,
    passing,
    resources,
    stand_ins,
    unread,
)
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.model.stateless.kinds import CONTAINERS, SCALARS, Kind
from flake8_scalability.model.stateless.state import State

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


#: The session of a database, by which code tells it from others.
_SESSION_OF_DATABASE = re.compile(r"\bid\((?:\w+\.)*\w*session\)")


class Role(enum.Enum):
    """What shared state is for."""

    CONNECTIONS = "live connections"
    QUEUE = "work that waits for a consumer"
    CACHE = "results that could be had again"
    LIMITER = "the counters of a rate limiter"
    SESSIONS = "sessions, tokens, carts or conversations"
    COUNTER = "a counter"
    OTHER = "other state"


class Shared(NamedTuple):
    """Shared state that functions change while serving.

    change: the change that shows it best
    standing: where that runs
    """

    state: State
    role: Role
    change: Change
    standing: Standing

    @property
    def via(self) -> str:
        """The name of the handler through which the change is reached; "" where it is in the handler itself."""
        via = self.standing.via
        return display_name(via) if via is not None and via is not self.change.scope.function else ""

    @property
    def holds_handles(self) -> bool:
        """Whether what is held runs on this machine (a browser, a shell), so that callers have to be led to it."""
        stored = [change.value for change in self.state.changes if change.value is not None]
        words = [self.state.name, *(ast.unparse(value) for value in stored)]
        if isinstance(self.state.node, ast.AnnAssign):
            words.append(ast.unparse(self.state.node.annotation))
        return any(state_words.HANDLES.search(word.lower()) is not None for word in words)

    @property
    def holder(self) -> str:
        """What keeps the state alive, as a message begins: "module-level", "class-level"."""
        return {
            Holder.MODULE: "module-level",
            Holder.CLASS: "class-level",
            Holder.INSTANCE: "process-wide",
            Holder.APPLICATION: "application-held",
        }[self.state.holder]


def shared(source: SourceFile) -> list[Shared]:
    """Return the state of a file that is changed while serving and is none of the harmless kinds, with its role."""
    found: list[Shared] = []
    if not source.has_changing_functions or stand_ins.is_test_data(source.filename):
        return found
    of_operators = any(
        state_words.OF_OPERATORS.search(part.partition(".")[0]) is not None for part in source.path_parts[-2:]
    )
    for state in source.shared_state.all:
        serving = [pair for pair in source.shared_state.serving(state) if not benign.is_benign(source, state, *pair)]
        telling = [pair for pair in serving if pair[0].how is not How.REMOVE]
        changes = [change for change, _ in serving]
        if not telling or benign.is_harmless(state, changes):
            continue
        role = role_of(source, state, changes)
        if benign.is_local_by_nature(source, state, role is Role.CONNECTIONS, role is Role.COUNTER, changes):
            continue
        if role is Role.LIMITER and limiting_state.is_of_no_matter(source, state.name.lower(), changes):
            continue
        if role is Role.CONNECTIONS and live_connections.are_of_daemon(changes):
            continue
        sessions = role is Role.SESSIONS
        if unread.is_never_read(source, state):
            continue
        if role is Role.OTHER and (of_operators or _is_of_no_matter(state, serving)):
            continue
        if role in (Role.OTHER, Role.SESSIONS) and not asked_back.is_asked_back(source, state, serving, own=sessions):
            continue
        if sessions and passing.is_signal(state):
            continue
        if role in (Role.OTHER, Role.SESSIONS) and (passing.is_debounced(state) or copies.stands_behind(source, state)):
            continue
        if role in (Role.OTHER, Role.SESSIONS) and (
            enclosed.is_for_one_call(source, state)
            or (not (sessions and state.holder is Holder.MODULE) and resources.are_alive(source, state))
            or (not sessions and resources.is_of_process(source, state))
        ):
            continue
        telling = [pair for pair in telling if is_reached(getattr(pair[0].node, "lineno", 1), source)]
        if not telling:
            continue
        change, standing = min(telling, key=lambda pair: _shows_less(*pair))
        found.append(Shared(state, role, change, standing))
    return [each for each in found if not _is_companion(each, found)]


def _is_companion(one: Shared, many: list[Shared]) -> bool:
    """Whether state goes with what another rule says of its class: the times of sessions, sessions of connections."""
    if one.state.owner is None or one.role not in (Role.OTHER, Role.SESSIONS):
        return False
    beside = {other.role for other in many if other.state.owner is one.state.owner} - {Role.OTHER, Role.CACHE}
    return bool(beside) if one.role is Role.OTHER else Role.CONNECTIONS in beside


def folded(many: Iterable[Shared]) -> list[tuple[Shared, int]]:
    """Return the state of one role without companions: what one function of a module changes together, or one class.

    With each goes the number of its companions.
    """
    counts: dict[tuple[object, object], int] = {}
    first: dict[tuple[object, object], Shared] = {}
    for found in many:
        key = (found.state.owner, None if found.state.owner is not None else found.change.scope.function)
        counts[key] = counts.get(key, -1) + 1
        first.setdefault(key, found)
    return [(found, counts[key]) for key, found in first.items()]


def _shows_less(change: Change, standing: Standing) -> tuple[bool, int, bool, bool]:
    """The order in which changes show that a state is one of callers: made up data, which no caller leaves, last."""
    function = change.scope.function
    made_up = function is not None and state_words.MAKES_UP.search(function.name) is not None
    return made_up, -standing.place, _empties(change), not asked_back.is_given(change)


def _empties(change: Change) -> bool:
    """Whether a change only sets something back: to a constant or an empty container."""
    value = change.value
    empty = isinstance(value, (ast.List, ast.Dict)) and not getattr(value, "elts", getattr(value, "keys", ()))
    return empty or isinstance(value, ast.Constant)


def role_of(source: SourceFile, state: State, changes: list[Change]) -> Role:
    """Return what a piece of state is for, by its name, by what is stored in it and by how it is changed."""
    name, whole = state.plain_name, state.name.lower()
    container = state.kind in CONTAINERS
    if container and live_connections.holds_connections(source, state, changes):
        return Role.CONNECTIONS
    if container and state_words.CACHE.search(whole):
        return Role.CACHE
    if queues.is_work_queue(state) or (container and live_connections.holds_queues(state.changes)):
        return Role.QUEUE
    named = _may_hold_sessions(state, changes) and (
        (state_words.speaks_of_sessions(name) and not _tells_of_others(name, changes, source))
        or (name == "pending" and state.owner is None)
    )
    limits = state.kind is Kind.MAPPING and limiting_state.counts_callers(whole, changes)
    counted = any(
        change.how is How.INCREMENT and not isinstance(change.key, (ast.Constant, type(None))) for change in changes
    )
    if limits and (not named or counted or state_words.LIMITER.search(whole)):
        return Role.LIMITER
    memo = state.kind is Kind.MAPPING and memo_shapes.is_computed_once(state, changes)
    if named and not (memo and (name.endswith("tokens") or memo_shapes.keeps_parts_of_answers(changes))):
        return Role.SESSIONS
    if state.kind is Kind.MAPPING and (memo or memo_shapes.is_timed(changes)):
        return Role.CACHE
    if container and _is_personal(name, changes):
        return Role.SESSIONS
    return Role.COUNTER if _is_counter(state, changes) else Role.OTHER


def _may_hold_sessions(state: State, changes: list[Change]) -> bool:
    """Sessions are looked up by a key; a set is a list of those that are valid, or no longer.

    A mapping with fixed keys is one record: the token that this process has from a service.
    """
    if state.kind is Kind.MAPPING and isinstance(state.value, ast.Dict) and state.value.keys:
        return not all(isinstance(change.key, ast.Constant) for change in changes)
    return state.kind is Kind.MAPPING or (state.kind is Kind.SET and not state.plain_name.startswith("pending"))


def _is_of_no_matter(state: State, serving: list[tuple[Change, Standing]]) -> bool:
    """Whether state of no certain role would hardly be missed by another instance.

    In library code, where nothing shows that it serves, its name has to say that it would.
    """
    if benign.keeps_bound(state) or passing.is_for_the_moment(state, serving):
        return True
    if state.owner is not None and state_words.INSTRUMENTS.search(state.owner.name):
        return True
    if state.kind is Kind.MAPPING and state_words.NUMBERS.search(state.plain_name):
        return True
    if state.kind in SCALARS and state.plain_name.startswith("last_"):
        return True
    if any(standing.place is Place.REQUEST for _, standing in serving):
        return False
    if any(standing.place is not Place.LIBRARY for _, standing in serving):
        return False
    return not state.changes or state_words.MISSED.search(state.name.lower()) is None


def _is_personal(name: str, changes: list[Change]) -> bool:
    """Whether a container has an entry for each user or conversation, which the next message needs."""
    if state_words.NOT_PERSONAL.search(name) or state_words.NO_SESSIONS.search(name):
        return False
    keys = [change.key for change in changes if change.how is How.ITEM and change.key is not None]
    return any(not isinstance(key, ast.Constant) and state_words.PERSON.search(ast.unparse(key)) for key in keys)


def _tells_of_others(name: str, changes: list[Change], source: SourceFile) -> bool:
    """Whether a history is none of a conversation, as its keys say, or sessions are those of a database."""
    if _SESSION_OF_DATABASE.search(source.text) is not None and "session" in name:
        return True
    keys = [ast.unparse(change.key) for change in changes if change.how is How.ITEM and change.key is not None]
    return "histor" in name and bool(keys) and not any(state_words.TALKER.search(key) for key in keys)


def _is_counter(state: State, changes: list[Change]) -> bool:
    counted = [change for change in changes if change.how is How.INCREMENT]
    if state.kind is Kind.COUNT:
        return bool(counted)
    if not counted:
        return False
    if state.kind is Kind.NUMBER:
        return state_words.POSITION.search(state.plain_name) is None
    others = [change for change in changes if change.how is not How.INCREMENT and change.how is not How.REMOVE]
    return state.kind is Kind.MAPPING and all(_sets_number(change) for change in others)


def _sets_number(change: Change) -> bool:
    return isinstance(change.value, ast.Constant) and isinstance(change.value.value, (int, float))
