"""Shared state: what a process holds for all its callers, where it is defined, and who changes it.

State is what lives at module level, on a class, on the application object, or on an instance that itself lives as
long as the process.  That something is state is shown by its mutations alone: a constant has none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.mutations import Change, How, changes_by_scope
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.values import Value
from flake8_scalability.model.running.places import Standing
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.stateless import applications
from flake8_scalability.model.stateless.candidates import Candidates, Holder, application_key
from flake8_scalability.model.stateless.kinds import Kind

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 8
#: Methods whose result is an element of their object, or its elements.
_READING = frozenset({"get", "setdefault", "values", "items", "keys", "pop", "popleft", "__getitem__"})
#: Functions that give the elements of their argument, in a container of their own.
_GATHERING = frozenset({"list", "tuple", "sorted", "enumerate", "iter"})


class State:
    """One piece of shared state.

    name: as a user would write it: `jobs`, `Registry.items`, `app.state.jobs`
    holder: what keeps it alive
    kind: what it is when it is defined
    node: the statement that defines it
    value: what it is bound to there
    scope: where that statement stands
    owner: the class for state on a class or an instance
    changes: its mutations anywhere in the file, in the order of the text
    inner: mutations of what it contains
    """

    def __init__(self, name: str, holder: Holder, kind: Kind, binding: Binding, owner: Scope | None = None) -> None:
        self.name = name
        self.holder = holder
        self.kind = kind
        self.node = binding.node
        self.value = binding.value
        self.scope = binding.scope
        self.owner = owner
        self.changes: list[Change] = []
        self.inner: list[Change] = []

    def __repr__(self) -> str:
        return f"<State {self.name} ({self.kind.value}) of {self.holder.value}>"

    @property
    def plain_name(self) -> str:
        """The last component of the name, in lower case, for what it may say of the purpose."""
        return self.name.rpartition(".")[2].strip("_").lower()


#: What identifies a piece of state: its module or class, or "" for the application, and its name there.
_Key = tuple[object, str]


class SharedState:
    """All state of one file with its mutations."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._found: dict[_Key, State | None] = {}
        self._candidates = Candidates(source)
        if self._candidates.are_there:
            for scope, changes in source.once(changes_by_scope).items():
                self._collect(scope, changes)
        for state in self._states():
            state.changes.sort(key=_position)
            state.inner.sort(key=_position)

    def _states(self) -> list[State]:
        return [state for state in self._found.values() if state is not None]

    @cached_property
    def all(self) -> list[State]:
        """Every piece of state that something changes, in the order of the definitions."""
        changed = [state for state in self._states() if state.changes or state.inner]
        return sorted(changed, key=lambda state: (getattr(state.node, "lineno", 0), state.name))

    # Who changes it

    def _collect(self, scope: Scope, changes: list[Change]) -> None:
        """Record the changes of state that stand in a scope; most scopes touch no candidate, and are left at once."""
        aliasing = None
        for change in changes:
            if not self._candidates.touches(change.target, change.key):
                if not _begins_with_name(change.target):
                    continue
                if aliasing is None:
                    aliasing = any(self._candidates.may_alias(each) for each in _around(scope))
                if not aliasing:
                    continue
            self._record(change)

    def _record(self, change: Change) -> None:
        direct = self._direct(change)
        if direct is not None:
            if change.node is not direct.node:
                direct.changes.append(change)
            return
        part = change.key is None and change.how in (How.REBIND, How.INCREMENT)
        target = change.target.value if part and isinstance(change.target, ast.Attribute) else change.target
        found = self.held(target, change.scope)
        if found is None or change.node is found[0].node:
            return
        state, inside = found
        if inside or part:
            state.inner.append(change)
        else:
            state.changes.append(change)

    def _direct(self, change: Change) -> State | None:
        """Return the state whose name, attribute or slot is itself bound or counted."""
        if change.key is not None:
            key = application_key(change)
            return self._state("", key) if key is not None else None
        if change.how not in (How.REBIND, How.INCREMENT):
            return None
        return self._slot(change.target, change.scope, stores=True)

    def _state(self, holder: Scope | str, name: str) -> State | None:
        """Return the state of a holder (a module, a class, "" for the application), made at the first question."""
        if (holder, name) not in self._found:
            self._found[holder, name] = self._made(holder, name)
        return self._found[holder, name]

    def _made(self, holder: Scope | str, name: str) -> State | None:
        given = self._candidates.definition(holder, name)
        if given is None:
            return None
        kept_by, kind, binding = given
        owner = holder if isinstance(holder, Scope) and holder.is_class else None
        return State(f"{owner.name}.{name}" if owner is not None else name, kept_by, kind, binding, owner)

    def held(self, node: ast.expr, scope: Scope, steps: int = 0) -> tuple[State, bool] | None:
        """Return the state that an expression reads, and whether the expression is only an element of it.

        Local names, loops over the state and look-ups in it are followed; None for everything else.
        """
        if steps > MAX_STEPS:
            return None
        state = self._slot(node, scope)
        if state is not None:
            return state, False
        if isinstance(node, ast.Name):
            return self._alias(node.id, scope, steps)
        if isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
            return self.held(node.value, scope, steps + 1)
        if isinstance(node, (ast.Subscript, ast.Attribute)):
            return _inside(self.held(node.value, scope, steps + 1))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in _READING:
                return _inside(self.held(node.func.value, scope, steps + 1))
            if terminal_name(node.func) in _GATHERING and node.args:
                return _inside(self.held(node.args[0], scope, steps + 1))
        if isinstance(node, (ast.BoolOp, ast.IfExp)):
            parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            return next((found for part in parts if (found := self.held(part, scope, steps + 1))), None)
        return None

    def _alias(self, name: str, scope: Scope, steps: int) -> tuple[State, bool] | None:
        """Follow a local name to the state that it was bound to."""
        home = scope.lookup(name)
        if home is None or home.is_module or home.is_class:
            return None
        for binding in home.bindings[name]:
            value = binding.value
            if binding.kind == "unpack" and isinstance(binding.node, (ast.For, ast.AsyncFor)):
                value = binding.node.iter
            if binding.kind not in ("assign", "for", "unpack") or value is None:
                continue
            if binding.kind == "assign" and _is_copy(value):
                continue
            found = self.held(value, binding.scope, steps + 1)
            if found is not None:
                return found if binding.kind == "assign" else (found[0], True)
        return None

    def _slot(self, node: ast.expr, scope: Scope, stores: bool = False) -> State | None:
        """Return the state that a name, attribute or key of the application is, without following anything."""
        if isinstance(node, ast.Name):
            home = scope.lookup(node.id)
            if home is not None and (home.is_module or home.is_class):
                return self._state(home, node.id)
            return None
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            key = applications.slot(node, scope)
            if key is not None:
                return self._state("", key)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope, stores)
        return None

    def _attribute(self, node: ast.Attribute, scope: Scope, stores: bool) -> State | None:
        if node.attr not in self._candidates.attributes:
            return None
        for value in self._receivers(node.value, scope):
            if value.target is None or not value.target.is_class:
                continue
            for owner in self._source.resolver.ancestry(value.target):
                state = self._state(owner, node.attr)
                if state is None:
                    continue
                hides = stores and value.instance and state.holder is Holder.CLASS
                return None if hides or self._is_hidden(state, value) else state
        return None

    def _receivers(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """What an attribute is read from; `self.__class__` and `type(self)` are the class."""
        inner = None
        if isinstance(node, ast.Attribute) and node.attr == "__class__":
            inner = node.value
        elif isinstance(node, ast.Call) and terminal_name(node.func) == "type" and len(node.args) == 1:
            inner = node.args[0]
        if inner is not None:
            return tuple(value._replace(instance=False) for value in self._source.resolver.values(inner, scope))
        return self._source.resolver.values(node, scope)

    def _is_hidden(self, state: State, value: Value) -> bool:
        """Whether instances have an attribute of their own of the name that the class gives a value to."""
        if state.holder is not Holder.CLASS or not value.instance or value.target is None:
            return False
        name = state.name.rpartition(".")[2]
        bindings = self._source.resolver.class_bindings(value.target).get(name, ())
        return any(b.kind == "assign" and _on_self(b) for b in bindings)

    # Where it is changed

    def serving(self, state: State) -> list[tuple[Change, Standing]]:
        """Return the mutations of a state, elements included, that run while the process serves, with their places."""
        found = []
        for change in (*state.changes, *state.inner):
            if change.scope.function is None:
                continue
            standing = self._source.place(change.scope)
            if standing.place not in (Place.STARTUP, Place.TOOL):
                found.append((change, standing))
        found.sort(key=lambda pair: (-pair[1].place, _position(pair[0])))
        return found


def function_name(change: Change) -> str:
    """The name of the function that makes a change, as messages say it."""
    return display_name(change.scope.function)


def _position(change: Change) -> tuple[int, int]:
    return getattr(change.node, "lineno", 0), getattr(change.node, "col_offset", 0)


def _inside(found: tuple[State, bool] | None) -> tuple[State, bool] | None:
    return (found[0], True) if found is not None else None


def _is_copy(value: ast.expr) -> bool:
    """Whether an expression makes a container of its own: a slice, `list(...)`."""
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, ast.Slice)
    return isinstance(value, ast.Call) and terminal_name(value.func) in _GATHERING


def _begins_with_name(node: ast.expr) -> bool:
    """Whether an expression starts from a plain name, which may stand for something else."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Await)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name)


def _around(scope: Scope) -> Iterator[Scope]:
    """Yield a scope and the scopes around it, up to the module."""
    current: Scope | None = scope
    while current is not None and not current.is_module:
        yield current
        current = current.parent


def _on_self(binding: Binding) -> bool:
    """Whether a binding is one of `self.x` in a method that is no class method."""
    function = binding.scope.function
    if function is None:
        return False
    return not any(terminal_name(node) in ("classmethod", "staticmethod") for node in function.decorators) and (
        function.name != "__new__"
    )
