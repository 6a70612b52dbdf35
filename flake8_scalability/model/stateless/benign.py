"""Benign changes of shared state: lazy initialisation, registration, and what runs once although nobody says so."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running.lifetimes import runs_once
from flake8_scalability.model.running.places import Standing
from flake8_scalability.model.stateless import copies, registered, resources, stand_ins
from flake8_scalability.model.stateless.candidates import Holder, application_key
from flake8_scalability.model.stateless.kinds import SCALARS, Kind
from flake8_scalability.model.stateless.state import State
from flake8_scalability.project import usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__", "__del__"})
_LOCKS_AND_TASKS = frozenset({
    "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "create_task", "ensure_future", "Thread",
    "Popen", "Process", "Timer", "new_event_loop", "get_event_loop", "get_running_loop", "add_job",
    "create_future", "Future",
})  # fmt: skip
_POOLS = re.compile(r"pool|lock|mutex")
#: Bases of what behaves like a dictionary.
_MAPPINGS = frozenset({"Mapping", "MutableMapping", "UserDict", "dict"})
#: Containers that hold what only this process has, for as long as it has it.
_WEAK = frozenset({"WeakKeyDictionary", "WeakSet"})


def is_benign(source: SourceFile, state: State, change: Change, standing: Standing) -> bool:
    """Whether one change of a state is no change while serving, although its place could be one."""
    function = change.scope.function
    if function is None or function.name in _CONSTRUCTORS:
        return True
    if state.kind is Kind.OBJECT and (state.holder is not Holder.MODULE or change.how is not How.REBIND):
        return True
    if state.kind is Kind.NOTHING and change in state.inner:
        return True  # an attribute of what somebody else put there
    if (
        is_lock_or_task(change)
        or resources.is_resource(source, state, change)
        or copies.is_substitute(change, source.lines)
    ):
        return True
    if _keeps_function(change, function) or registered.is_of_program(change):
        return True
    if state.kind in SCALARS and standing.framework in state_words.CHATS:
        return True
    if "stateless" in source.text and _asks_for_stateless(function):
        return True
    if change.how is How.REBIND and _is_lazy(state, change, function):
        return True
    if standing.place is not Place.LIBRARY:
        return False
    if change.how is How.REBIND or state.kind in SCALARS or application_key(change) == state.name:
        return True
    return not state_words.speaks_of_sessions(state.plain_name) and _assembles(source, change, function)


def is_harmless(state: State, changes: list[Change]) -> bool:
    """Whether all changes together leave nothing that another instance would miss."""
    name = state.plain_name
    if any(words.search(name) for words in (state_words.WARNED, state_words.LAST_TIME)):
        return True
    plain = state.kind in SCALARS or state.kind is Kind.NUMBER
    if plain and state_words.CACHE.search(name):
        return True
    if plain and (state_words.PROCESSES.search(name) or state_words.LAST_BUSY.search(name)):
        return True
    if _POOLS.search(state.name.lower()) or state_words.LOCAL.search(state.name.lower()):
        return True
    if _holds_functions(state):
        return True
    if state.owner is not None and stand_ins.stands_in(state.owner):
        return True
    if state.kind in (Kind.SET, Kind.SEQUENCE) and state_words.POOLED.search(name):
        return True
    functions = [change.scope.function for change in changes]
    if all(function is not None and "debounce" in function.name for function in functions):
        return True
    if state.owner is not None and _is_mapping(state.owner) and not state_words.speaks_of_sessions(name):
        return True
    if state_words.BUFFER.search(name) and any(change.how in (How.REMOVE, How.REBIND) for change in changes):
        return True
    rebinding = [change for change in changes if change.how is How.REBIND]
    if len(rebinding) < len(changes):
        return False
    values = {ast.dump(change.value) if change.value is not None else "" for change in rebinding}
    constant = all(isinstance(change.value, ast.Constant) for change in rebinding)
    return constant and len(values) == 1


def _is_mapping(owner: Scope) -> bool:
    """Whether a class is a mapping itself: what its objects are for, those know who make them."""
    assert isinstance(owner.node, ast.ClassDef)
    return any(terminal_name(getattr(base, "value", base)) in _MAPPINGS or terminal_name(base) in _MAPPINGS
               for base in owner.node.bases)  # fmt: skip


def keeps_bound(state: State) -> bool:
    """Whether something takes the oldest element out again: a window over what happened last."""
    value = state.value
    if isinstance(value, ast.Call) and any(keyword.arg == "maxlen" for keyword in value.keywords):
        return True
    if any(
        isinstance(change.value, ast.Subscript) and isinstance(change.value.slice, ast.Slice)
        for change in state.changes
        if change.how is How.REBIND
    ):
        return True
    return any(
        isinstance(change.node, ast.Call)
        and (
            terminal_name(change.node.func) == "popleft"
            or any(keyword.arg == "last" for keyword in change.node.keywords)
            or (terminal_name(change.node.func) == "pop" and change.key is not None and ast.unparse(change.key) == "0")
        )
        for change in state.changes
    )


def is_local_by_nature(
    source: SourceFile, state: State, holds_connections: bool, counts: bool, changes: list[Change]
) -> bool:
    """Whether state belongs to this process in its nature: weak references, buffers, counters for developers."""
    value = state.value
    if isinstance(value, ast.Call) and terminal_name(value.func) in _WEAK:
        return not holds_connections
    if not counts:
        return False
    if state_words.BUFFER.search(state.plain_name) or state_words.DISTRIBUTED_IDS.search(source.text):
        return True
    functions = [change.scope.function for change in changes]
    if all(function is not None and state_words.DEBUGGING.search(function.name) for function in functions):
        return True
    return state.kind is Kind.COUNT and not any(_goes_out(change, source) for change in changes)


def _goes_out(change: Change, source: SourceFile) -> bool:
    """Whether the next number is returned, or stored under a name that says that it identifies something."""
    parents = source.parents(change.scope)
    node: ast.AST = change.node
    while not isinstance(node, ast.stmt):
        parent = parents.get(node)
        if parent is None or isinstance(parent, ast.Return):
            return True
        if isinstance(parent, ast.keyword) and parent.arg is not None and state_words.IDENTIFYING.search(parent.arg):
            return True
        if isinstance(parent, ast.Dict) and node in parent.values:
            key = parent.keys[parent.values.index(node)]
            if isinstance(key, ast.Constant) and state_words.IDENTIFYING.search(str(key.value)):
                return True
        node = parent
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(
        state_words.IDENTIFYING.search(terminal_name(target)) is not None
        and (not isinstance(target, ast.Name) or _is_returned(target.id, change.scope))
        for target in targets
    )


def _is_returned(name: str, scope: Scope) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name
        for node in scope.of(ast.Return)
        if isinstance(node, ast.Return) and node.value is not None
        for part in walk(node.value)
    )


def is_lock_or_task(change: Change) -> bool:
    """Whether a lock is made for a key, or a background task kept from being collected: other rules speak of these."""
    if change.value is None:
        return False
    for part in walk(change.value):
        if isinstance(part, ast.Call) and terminal_name(part.func) in _LOCKS_AND_TASKS:
            return True
        if isinstance(part, ast.Name) and _names_task(part.id, change):
            return True
    return False


def _names_task(name: str, change: Change) -> bool:
    home = change.scope.lookup(name)
    bindings = home.bindings[name] if home is not None and not home.is_module else []
    if any(
        isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) in _LOCKS_AND_TASKS
        for binding in bindings
    ):
        return True
    function = change.scope.function
    awaited = {node.value for node in function.of(ast.Await) if isinstance(node, ast.Await)} if function else set()
    started = function is not None and any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "start"
        and terminal_name(call.func.value) == name
        and call not in awaited
        for call in function.of(ast.Call)
    )
    return started or (change.how is How.ADD and name in ("task", "bg_task", "background_task"))


def _is_lazy(state: State, change: Change, function: Scope) -> bool:
    """Whether a binding fills what a test found empty, or empties it again."""
    if isinstance(change.value, ast.Constant) and change.value.value is None:
        return True
    own = {state.name.rpartition(".")[2]}
    for scope in function.walk_same_call():
        for node in scope.of(ast.If):
            assert isinstance(node, ast.If)
            if isinstance(node.body[0], ast.Return) and state_words.DONE.search(ast.unparse(node.test).lower()):
                return True
            asked = {terminal_name(part) for part in walk(node.test)} - {""}
            if asked & (own | _bound_with(change, node)) and _asks_whether_there(node.test):
                return True
    return False


def _holds_functions(state: State) -> bool:
    """Whether a registry is one of functions, by its annotation or by what is put into its elements."""
    if isinstance(state.node, ast.AnnAssign) and state_words.FUNCTIONS.search(ast.unparse(state.node.annotation)):
        return True
    return any(
        change.scope.function is not None and _keeps_function(change, change.scope.function) for change in state.inner
    )


def _keeps_function(change: Change, function: Scope) -> bool:
    """Whether what is kept is a function that the caller gives, which no store could hold."""
    if not isinstance(change.value, ast.Name) or change.value.id not in function.parameters:
        return False
    return any(
        binding.annotation is not None and "Callable" in ast.unparse(binding.annotation)
        for binding in function.bindings[change.value.id]
    ) or (state_words.LISTENER.fullmatch(change.value.id) is not None)


def _asks_for_stateless(function: Scope) -> bool:
    """Whether a function keeps nothing, or elsewhere, where a switch for more than one instance is on."""
    return any("stateless" in ast.unparse(node.test) for node in function.of(ast.If) if isinstance(node, ast.If))


def _bound_with(change: Change, node: ast.If) -> set[str]:
    """Return the names that a branch binds together with a change."""
    if change.node not in node.body:
        return set()
    return {
        terminal_name(target)
        for statement in node.body
        for part in walk(statement)
        if isinstance(part, ast.Assign)
        for target in part.targets
    }


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
    if state_words.ASSEMBLING.fullmatch(function.name) or runs_once(source, function):
        return True
    value = change.value
    if isinstance(value, ast.Name) and state_words.CALLABLE.fullmatch(value.id) and value.id in function.parameters:
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
