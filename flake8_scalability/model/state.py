"""Shared state: what a process holds for all its callers, where it is defined, and who changes it.

State is what lives at module level, on a class, on the application object, or on an instance that itself lives as
long as the process.  That something is state is shown by its mutations alone: a constant has none.
"""

from __future__ import annotations

import ast
import enum
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model import applications
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.kinds import Kind, kind_of
from flake8_scalability.model.longevity import lives_with_process
from flake8_scalability.model.mutations import Change, How, changes_in
from flake8_scalability.model.places import Standing
from flake8_scalability.model.scopes import Binding, Scope
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.values import Value

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 8
#: Bases whose class attributes declare fields.
_DECLARING = frozenset({
    "BaseModel", "SQLModel", "BaseSettings", "Enum", "IntEnum", "StrEnum", "NamedTuple", "TypedDict", "Model",
})  # fmt: skip
#: Methods whose result is an element of their object, or its elements.
_READING = frozenset({"get", "setdefault", "values", "items", "keys", "pop", "popleft", "__getitem__"})


class Holder(enum.Enum):
    """What keeps a piece of state alive."""

    MODULE = "the module"
    CLASS = "the class"
    INSTANCE = "an instance that lives as long as the process"
    APPLICATION = "the application object"


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
        self._found: dict[_Key, State] = {}
        self._module_names: set[str] = set()
        self._collect_module()
        for scope in source.scopes:
            if scope.is_class:
                self._collect_class(scope)
        self._collect_application()
        for scope in source.scopes if self._found else ():
            for change in changes_in(scope):
                self._record(change)
        for state in self._found.values():
            state.changes.sort(key=_position)
            state.inner.sort(key=_position)

    @cached_property
    def all(self) -> list[State]:
        """Every piece of state that something changes, in the order of the definitions."""
        changed = [state for state in self._found.values() if state.changes or state.inner]
        return sorted(changed, key=lambda state: (getattr(state.node, "lineno", 0), state.name))

    # What is state

    def _collect_module(self) -> None:
        module = self._source.module
        for name, bindings in module.bindings.items():
            binding = _definition(bindings)
            if binding is not None:
                kind = kind_of(binding.value, binding.scope, self._source.resolver)
                self._add((module, name), State(name, Holder.MODULE, kind, binding))

    def _collect_class(self, owner: Scope) -> None:
        resolver = self._source.resolver
        on_instances = None
        for name, bindings in resolver.class_bindings(owner).items():
            in_body = _definition([binding for binding in bindings if binding.scope is owner])
            if in_body is not None and not _is_field(in_body, owner):
                kind = kind_of(in_body.value, owner, resolver)
                self._add((owner, name), State(f"{owner.name}.{name}", Holder.CLASS, kind, in_body, owner))
                continue
            made = _definition([b for b in bindings if b.scope.function is not None and _is_constructor(b.scope)])
            if made is None:
                continue
            if on_instances is None:
                on_instances = lives_with_process(self._source, owner)
            if on_instances:
                kind = kind_of(made.value, made.scope, resolver)
                self._add((owner, name), State(f"{owner.name}.{name}", Holder.INSTANCE, kind, made, owner))

    def _collect_application(self) -> None:
        """State on the application object is defined by the first assignment to its attribute or key."""
        if not applications.may_be_spoken_of(self._source):
            return
        for scope in self._source.scopes:
            for change in changes_in(scope):
                key = _application_key(change)
                if key is None or change.how not in (How.REBIND, How.ITEM):
                    continue
                value = change.value
                if value is None or ("", key) in self._found:
                    continue
                kind = kind_of(value, scope, self._source.resolver)
                binding = Binding("assign", change.node, value, scope)
                self._add(("", key), State(key, Holder.APPLICATION, kind, binding))

    def _add(self, key: _Key, state: State) -> None:
        if state.kind is not Kind.UNKNOWN:
            self._found[key] = state

    # Who changes it

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
            key = _application_key(change)
            return self._found.get(("", key)) if key is not None else None
        if change.how not in (How.REBIND, How.INCREMENT):
            return None
        return self._slot(change.target, change.scope, stores=True)

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
            if terminal_name(node.func) in ("list", "tuple", "sorted", "enumerate", "iter") and node.args:
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
            found = self.held(value, binding.scope, steps + 1)
            if found is not None:
                return found if binding.kind == "assign" else (found[0], True)
        return None

    def _slot(self, node: ast.expr, scope: Scope, stores: bool = False) -> State | None:
        """Return the state that a name, attribute or key of the application is, without following anything."""
        if isinstance(node, ast.Name):
            home = scope.lookup(node.id)
            if home is not None and (home.is_module or home.is_class):
                return self._found.get((home, node.id))
            return None
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            key = applications.slot(node)
            if key is not None:
                return self._found.get(("", key))
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope, stores)
        return None

    def _attribute(self, node: ast.Attribute, scope: Scope, stores: bool) -> State | None:
        if not any(name == node.attr for _, name in self._found):
            return None
        for value in self._receivers(node.value, scope):
            if value.target is None or not value.target.is_class:
                continue
            for owner in self._source.resolver.ancestry(value.target):
                state = self._found.get((owner, node.attr))
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


def _application_key(change: Change) -> str | None:
    """Return the name of the slot on the application object that a store goes to."""
    if change.key is None:
        return applications.slot(change.target)
    return applications.slot(ast.Subscript(value=change.target, slice=change.key, ctx=ast.Load()))


def function_name(change: Change) -> str:
    """The name of the function that makes a change, as messages say it."""
    return display_name(change.scope.function)


def _position(change: Change) -> tuple[int, int]:
    return getattr(change.node, "lineno", 0), getattr(change.node, "col_offset", 0)


def _inside(found: tuple[State, bool] | None) -> tuple[State, bool] | None:
    return (found[0], True) if found is not None else None


def _definition(bindings: list[Binding]) -> Binding | None:
    """Return the binding that gives a name its first value; None where it is an import, function or class."""
    if any(binding.kind in ("import", "function", "class", "parameter", "for", "with") for binding in bindings):
        return None
    valued = [binding for binding in bindings if binding.kind == "assign" and binding.value is not None]
    outside = [binding for binding in valued if binding.scope.function is None]
    return next(iter(outside or valued), None)


def _is_field(binding: Binding, owner: Scope) -> bool:
    """Whether a class attribute only declares what each instance gets: in a data class, model, enum or schema."""
    assert isinstance(owner.node, ast.ClassDef)
    if binding.annotation is not None:
        if _is_class_variable(binding.annotation):
            return False
        if owner.node.bases:
            # An annotated default in a class with a base: a field, if the base is a model, as most are.
            return True
    decorators = [terminal_name(node.func if isinstance(node, ast.Call) else node) for node in owner.decorators]
    return any("dataclass" in name or name in ("define", "s", "frozen", "attrs") for name in decorators) or any(
        terminal_name(base) in _DECLARING for base in owner.node.bases
    )


def _is_class_variable(annotation: ast.expr) -> bool:
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return terminal_name(node) == "ClassVar"


def _is_constructor(scope: Scope) -> bool:
    return scope.function is not None and scope.function.name in (
        "__init__",
        "__new__",
        "__post_init__",
        "_init",
        "setup",
    )


def _on_self(binding: Binding) -> bool:
    """Whether a binding is one of `self.x` in a method that is no class method."""
    function = binding.scope.function
    if function is None:
        return False
    return not any(terminal_name(node) in ("classmethod", "staticmethod") for node in function.decorators) and (
        function.name != "__new__"
    )
