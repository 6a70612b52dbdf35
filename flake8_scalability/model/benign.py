"""Benign changes of shared state: lazy initialisation, registration, and what runs once although nobody says so."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.candidates import Holder
from flake8_scalability.model.kinds import SCALARS, Kind
from flake8_scalability.model.lifetimes import runs_once
from flake8_scalability.model.mutations import Change, How
from flake8_scalability.model.places import Standing
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.state import State
from flake8_scalability.project import usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__", "__del__"})
#: Functions that a program calls while it is put together.
_ASSEMBLING = re.compile(
    r"_*(un)?(register|enable|disable|install|configure|config|declare|define|bind|include|use|plug|override|patch|mock|"
    r"reset|discover|autodiscover|import|init|load|initiali[sz]e|setup|connect_signals|"
    r"set_(default|up|config|logger|settings|options)|"
    r"(add|set|get_or_add)_(\w+_)?(handler|route|plugin|command|hook|listener|method|caller|subscriber|observer|"
    r"provider|middleware|type|converter|adapter|extension|filter|rule))(_\w+)?|"
    r"\w*_(decorator|registry|registered)|decorator|wrapper"
)
_CALLABLE = re.compile(
    r"_*(fn|func|function|cls|klass|class_|callback|handler|hook|plugin|factory|wrapped|model|type_?|method|view|provider)s?"
)
_LAST_TIME = re.compile(
    r"last_\w*(sync|refresh|load|check|update|clean|fetch|poll|heartbeat|run|log|warn|report|ts)\w*|_loaded_at"
)


_LOCKS_AND_TASKS = frozenset({
    "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "create_task", "ensure_future", "Thread",
})  # fmt: skip
#: What is said once in a process.
_WARNED = re.compile(r"warn|deprecat|weak|logged$|reported$")


def _is_lock_or_task(change: Change) -> bool:
    """Whether a lock is made for a key, or a background task kept from being collected: other rules speak of these."""
    value = change.value
    if isinstance(value, ast.Name):
        home = change.scope.lookup(value.id)
        bindings = home.bindings[value.id] if home is not None and not home.is_module else []
        return any(_makes_lock_or_task(binding.value) for binding in bindings) or (
            change.how is How.ADD and "task" in value.id
        )
    return _makes_lock_or_task(value)


def _is_resource(source: SourceFile, change: Change) -> bool:
    """Whether what is kept is a client, connection or pool, which a process should make once and keep."""
    if change.value is None:
        return False
    made = {value.call for value in source.resolver.values(change.value, change.scope)}
    return bool(made) and made <= source.makers


def _makes_lock_or_task(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and terminal_name(value.func) in _LOCKS_AND_TASKS


def is_benign(source: SourceFile, state: State, change: Change, standing: Standing) -> bool:
    """Whether one change of a state is no change while serving, although its place could be one."""
    function = change.scope.function
    if function is None or function.name in _CONSTRUCTORS:
        return True
    if state.kind is Kind.OBJECT and (state.holder is not Holder.MODULE or change.how is not How.REBIND):
        return True
    if state.holder is Holder.INSTANCE and (state.kind in SCALARS or state.kind is Kind.NUMBER):
        return True
    if _WARNED.search(state.plain_name) or "pool" in state.name.lower() or _is_lock_or_task(change):
        return True
    if _is_resource(source, change):
        return True
    if change.how is How.REBIND and _is_lazy(state, change, function):
        return True
    if standing.place is not Place.LIBRARY:
        return False
    if change.how is How.REBIND or state.kind in SCALARS:
        return True
    return _assembles(source, change, function)


def is_harmless(state: State, changes: list[Change]) -> bool:
    """Whether all changes together leave nothing that another instance would miss."""
    rebinding = [change for change in changes if change.how is How.REBIND]
    if len(rebinding) < len(changes):
        return False
    if _LAST_TIME.search(state.plain_name):
        return True
    values = {ast.dump(change.value) if change.value is not None else "" for change in rebinding}
    constant = all(isinstance(change.value, ast.Constant) for change in rebinding)
    return constant and len(values) == 1


def _is_lazy(state: State, change: Change, function: Scope) -> bool:
    """Whether a binding fills what a test found empty, or empties it again."""
    if isinstance(change.value, ast.Constant) and change.value.value is None:
        return True
    name = state.name.rpartition(".")[2]
    for scope in function.walk_same_call():
        for node in scope.of(ast.If):
            assert isinstance(node, ast.If)
            if any(terminal_name(part) == name for part in ast.walk(node.test)) and _asks_whether_there(node.test):
                return True
    return False


def _asks_whether_there(test: ast.expr) -> bool:
    """`x is None`, `x is not None`, `not x`, `x`, also as a part of a longer test."""
    parts = test.values if isinstance(test, ast.BoolOp) else [test]
    return any(
        isinstance(part, (ast.Name, ast.Attribute))
        or (isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not))
        or (
            isinstance(part, ast.Compare)
            and isinstance(part.ops[0], (ast.Is, ast.IsNot, ast.Eq))
            and isinstance(part.comparators[0], ast.Constant)
        )
        for part in parts
    )


def _assembles(source: SourceFile, change: Change, function: Scope) -> bool:
    """Whether library code registers something, or is called only while programs start."""
    if _ASSEMBLING.fullmatch(function.name) or runs_once(source, function):
        return True
    if (
        isinstance(change.value, ast.Name)
        and _CALLABLE.fullmatch(change.value.id)
        and change.value.id in function.parameters
    ):
        return True
    if _is_decorator(source, function):
        return True
    if function.is_method or function.parent is not source.module or source.settings.no_project:
        return False
    uses = usage.uses_elsewhere(function.name, source.filename)
    return bool(uses) and usage.Use.PER_CALL not in (uses or ())


def _is_decorator(source: SourceFile, function: Scope) -> bool:
    """Whether a function, or the one around it, decorates: it returns what it is given, or stands as a decorator."""
    for scope in (function, function.parent):
        if scope is None or not scope.is_function:
            continue
        given = set(scope.parameters)
        if (
            any(
                isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and node.value.id in given
                for node in scope.of(ast.Return)
            )
            and len(given) <= 2
        ):
            return True
    return function.name in source.decorating_names
