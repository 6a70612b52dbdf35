"""Roles: what a piece of shared state is for, so that exactly one rule speaks of it.

The first role that applies counts, in the order of the catalogue's principle "one defect, one finding".
"""

from __future__ import annotations

import ast
import enum
import re
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.model import benign, live_connections, queues
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.candidates import Holder
from flake8_scalability.model.kinds import CONTAINERS, Kind
from flake8_scalability.model.mutations import Change, How
from flake8_scalability.model.places import Standing
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.state import State

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


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
    """Shared state that functions change while serving: its role, and the change that shows it best."""

    state: State
    role: Role
    change: Change
    standing: Standing

    @property
    def via(self) -> str:
        """The name of the handler through which the change is reached; "" where it is in the handler itself."""
        via = self.standing.via
        return display_name(via) if via is not None and via is not self.change.scope.function else ""


_CACHE = re.compile(r"cache|memo(ized|s)?$|lru|ttl|prefetch")
_LIMITER = re.compile(
    r"(rate|spam|flood|slow|login|request|message|ip|user|access|failed|call)s?_?(limit|track|attempt|count|hit|log|window|bucket|time)|"
    r"limits?$|limiter|throttl|attempts|cooldown|hits|buckets|last_(request|message|call|used|sent|reaction|reply)|failures|violations|strikes"
)
_SESSIONS = re.compile(
    r"session|token|logins?|logged_in|carts?|basket|otp|one_time|verification|captcha|conversation|dialog|chat_?histor|"
    r"histor(y|ies)|user_?(state|data|context|memor)|chat_?(state|data|memor)|wizard|csrf|credential|passcode|"
    r"(pending|auth|reset|email|sms|login|oauth)_?(codes?|states?|users?|verif)|memories"
)
#: Keys that stand for one user or one conversation.
_PERSON = re.compile(
    r"(^|_)(user|chat|session|sid|conversation|member|sender|from_user|phone|telegram|visitor|player)(_?id|_number|$)|(^|\.)from_user\.id|effective_(user|chat)\.id"
)
_NOT_PERSONAL = re.compile(
    r"job|task|progress|result|status|thread|lock|process|worker|client|model|settings|config|timer"
)
_NOW = frozenset({"now", "current_time", "timestamp", "ts", "now_ts"})
_CLOCK = frozenset({"time", "monotonic", "perf_counter", "now", "utcnow", "time_ns"})


def shared(source: SourceFile) -> list[Shared]:
    """Return the state of a file that is changed while serving and is none of the harmless kinds, with its role."""
    found = []
    for state in source.shared_state.all:
        serving = [pair for pair in source.shared_state.serving(state) if not benign.is_benign(source, state, *pair)]
        telling = [pair for pair in serving if pair[0].how is not How.REMOVE]
        if not telling or benign.is_harmless(state, [change for change, _ in serving]):
            continue
        change, standing = telling[0]
        found.append(Shared(state, role_of(source, state, [c for c, _ in serving]), change, standing))
    return found


def role_of(source: SourceFile, state: State, changes: list[Change]) -> Role:
    """Return what a piece of state is for, by its name, by what is stored in it and by how it is changed."""
    name = state.plain_name
    whole = state.name.lower()
    container = state.kind in CONTAINERS
    if container and live_connections.holds_connections(source, state, changes):
        return Role.CONNECTIONS
    if container and _CACHE.search(whole):
        return Role.CACHE
    if queues.is_work_queue(state):
        return Role.QUEUE
    if state.kind is Kind.MAPPING and _is_limiter(whole, changes):
        return Role.LIMITER
    if container and (_SESSIONS.search(name) or _is_personal(name, changes)):
        return Role.SESSIONS
    if state.kind is Kind.MAPPING and _is_computed_once(state, changes):
        return Role.CACHE
    if _is_counter(state, changes):
        return Role.COUNTER
    return Role.OTHER


def _is_limiter(name: str, changes: list[Change]) -> bool:
    """Whether a mapping remembers when, or how often, somebody came, so that too much can be refused."""
    stored = [change for change in changes if change.how in (How.ITEM, How.ADD, How.INCREMENT)]
    timed = any(_tells_time(change) for change in stored)
    counted = any(change.how is How.INCREMENT for change in stored)
    if not (timed or counted):
        return False
    if _LIMITER.search(name) is not None:
        return True
    return timed and any(_refuses(change) or _waits_for_pause(change) for change in stored)


def _tells_time(change: Change) -> bool:
    """Whether what is stored is a point in time, alone or in a list or tuple."""
    if change.value is None:
        return False
    return any(
        (isinstance(part, ast.Call) and terminal_name(part.func) in _CLOCK)
        or (isinstance(part, ast.Name) and part.id in _NOW)
        for part in ast.walk(change.value)
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
        if isinstance(part, (ast.Attribute, ast.Name)) and re.search(
            r"429|too_?many|rate_?limit|throttl", terminal_name(part), re.I
        ):
            return True
    return False


def _waits_for_pause(change: Change) -> bool:
    """Whether a time is stored for each key, and the function asks how long ago the last one was."""
    function = change.scope.function
    if function is None or isinstance(change.key, ast.Constant) or not _is_time(change.value):
        return False
    return any(
        isinstance(part, ast.Compare)
        and any(isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) for inner in ast.walk(part))
        for part in ast.walk(function.node)
    )


def _is_time(value: ast.expr | None) -> bool:
    return (isinstance(value, ast.Call) and terminal_name(value.func) in _CLOCK) or (
        isinstance(value, ast.Name) and value.id in _NOW
    )


def _is_personal(name: str, changes: list[Change]) -> bool:
    """Whether a container has an entry for each user or conversation, which the next message needs."""
    if _NOT_PERSONAL.search(name):
        return False
    keys = [change.key for change in changes if change.how is How.ITEM and change.key is not None]
    return any(not isinstance(key, ast.Constant) and _PERSON.search(ast.unparse(key)) for key in keys)


def _is_counter(state: State, changes: list[Change]) -> bool:
    counted = [change for change in changes if change.how is How.INCREMENT]
    if state.kind is Kind.COUNT:
        return bool(counted)
    if not counted:
        return False
    if state.kind is Kind.NUMBER:
        return True
    others = [change for change in changes if change.how is not How.INCREMENT and change.how is not How.REMOVE]
    return state.kind is Kind.MAPPING and all(_sets_number(change) for change in others)


def _sets_number(change: Change) -> bool:
    return isinstance(change.value, ast.Constant) and isinstance(change.value.value, (int, float))


def _is_computed_once(state: State, changes: list[Change]) -> bool:
    """Whether one function looks a key up, makes what is not there, stores it and returns it."""
    for change in changes:
        function = change.scope.function
        if change.how is not How.ITEM or change.key is None or function is None or change.value is None:
            continue
        if not isinstance(change.value, (ast.Call, ast.Await, ast.Name)) or isinstance(change.key, ast.Constant):
            continue
        key = ast.unparse(change.key)
        own = state.name.rpartition(".")[2]
        looked_up = _looked_up(function, own)
        for part in ast.walk(function.node):
            if isinstance(part, ast.If) and _asks_for(part, key, own, looked_up) and _gives(function.node, change, own):
                return True
    return False


def _asks_for(test: ast.If, key: str, own: str, looked_up: set[str]) -> bool:
    """Whether a test asks if the key is there, or whether what was looked up under it is."""
    text = ast.unparse(test.test)
    if key in text and own in text and (" in " in text or ".get(" in text):
        return True
    return any(isinstance(part, ast.Name) and part.id in looked_up for part in ast.walk(test.test))


def _looked_up(function: Scope, own: str) -> set[str]:
    """The local names that are given what the state holds under a key."""
    found: set[str] = set()
    for scope in function.walk_same_call():
        for node in scope.of(ast.Assign, ast.NamedExpr):
            assert isinstance(node, (ast.Assign, ast.NamedExpr))
            if isinstance(node.value, (ast.Call, ast.Subscript)) and f"{own}.get(" in ast.unparse(node.value):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(terminal_name(target) for target in targets)
    return found


def _gives(function: ast.AST, change: Change, own: str) -> bool:
    """Whether the function returns what it stored."""
    stored = ast.unparse(change.value) if isinstance(change.value, ast.Name) else None
    for part in ast.walk(function):
        if isinstance(part, ast.Return) and part.value is not None:
            text = ast.unparse(part.value)
            if text == stored or (own in text and isinstance(part.value, (ast.Subscript, ast.Call))):
                return True
    return False


def holder_phrase(found: Shared) -> str:
    """What keeps the state alive, as a message begins: "module-level", "class-level"."""
    return {
        Holder.MODULE: "module-level",
        Holder.CLASS: "class-level",
        Holder.INSTANCE: "process-wide",
        Holder.APPLICATION: "application-held",
    }[found.state.holder]
