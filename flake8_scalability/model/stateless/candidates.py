"""Candidates of shared state: what a file defines at module level, on classes and applications, and could be changed.

They are found by their syntax, cheaply, since every file has some; what changes them is looked for afterwards.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How, changes_by_scope
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.running.longevity import lives_with_process
from flake8_scalability.model.stateless import applications
from flake8_scalability.model.stateless.kinds import CONTAINERS, MAKERS, Kind, kind_of

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Bases whose class attributes declare fields.
_DECLARING = frozenset({
    "BaseModel", "SQLModel", "BaseSettings", "Enum", "IntEnum", "StrEnum", "NamedTuple", "TypedDict", "Model",
})  # fmt: skip
#: Bases that make no fields of annotated class attributes.
_PLAIN_BASES = frozenset({"ABC", "object", "Protocol"})
_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "_init", "setup"})
#: What an instance may hold that others see change; its plain values are its own affair.
_HELD_BY_INSTANCES = CONTAINERS | {Kind.COUNT}


class Holder(enum.Enum):
    """What keeps a piece of state alive."""

    MODULE = "the module"
    CLASS = "the class"
    INSTANCE = "an instance that lives as long as the process"
    APPLICATION = "the application object"


class Candidates:
    """The definitions in one file that mutations could show to be state."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._module = dict(_of_module(source.module)) if _may_hold_state(source) else {}
        self._classes: dict[Scope, dict[str, Binding]] = {}
        self._instances: dict[Scope, dict[str, Binding]] = {}
        for scope in source.scopes:
            # a class that a function makes is another one with each call
            if scope.is_class and scope.parent is not None and scope.parent.function is None:
                self._classes[scope] = dict(_of_class(scope, source.text))
                self._instances[scope] = dict(_of_constructors(scope))
        self._slots = self._of_application() if applications.may_be_spoken_of(source) else {}
        many = (*self._classes.values(), *self._instances.values())
        self.attributes = frozenset(name for found in many for name in found)

    @property
    def are_there(self) -> bool:
        return bool(self._module or self.attributes or self._slots)

    def touches(self, node: ast.expr, key: ast.expr | None = None) -> bool:
        """Whether an expression (with the key of the item that is stored) names a candidate anywhere on its way."""
        if self._slots and isinstance(key, ast.Constant):
            return True
        while True:
            if isinstance(node, ast.Attribute):
                if node.attr in self.attributes or (self._slots and applications.slot(node) is not None):
                    return True
                node = node.value
            elif isinstance(node, ast.Subscript):
                if self._slots and applications.slot(node) is not None:
                    return True
                node = node.value
            elif isinstance(node, ast.Call):
                if node.args and self.touches(node.args[0]):
                    return True
                node = node.func
            elif isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
                node = node.value
            elif isinstance(node, ast.BoolOp):
                return any(map(self.touches, node.values))
            else:
                return isinstance(node, ast.Name) and node.id in self._module

    def may_alias(self, scope: Scope) -> bool:
        """Whether a scope gives a candidate, or a part of one, a local name."""
        given: list[ast.expr] = []
        for node in scope.of(ast.Assign, ast.NamedExpr, ast.AnnAssign):
            assert isinstance(node, (ast.Assign, ast.NamedExpr, ast.AnnAssign))
            given += [node.value] if node.value is not None else []
        for node in scope.of(ast.For, ast.AsyncFor):
            assert isinstance(node, (ast.For, ast.AsyncFor))
            given.append(node.iter)
        given += [generator.iter for generator in getattr(scope.node, "generators", ())]
        return any(map(self.touches, given))

    def definition(self, holder: Scope | str, name: str) -> tuple[Holder, Kind, Binding] | None:
        """Return what keeps a candidate alive, its kind and its definition; None for what is none on a closer look."""
        if isinstance(holder, str):
            return self._resolved(Holder.APPLICATION, self._slots.get(name))
        if holder.is_module:
            return self._resolved(Holder.MODULE, self._module.get(name))
        in_body = self._resolved(Holder.CLASS, self._classes.get(holder, {}).get(name))
        if in_body is not None:
            return in_body if in_body[1] is not Kind.OBJECT and not _is_field(in_body[2], holder) else None
        made = self._resolved(Holder.INSTANCE, self._instances.get(holder, {}).get(name))
        if made is None or made[1] not in _HELD_BY_INSTANCES:
            return None
        return made if lives_with_process(self._source, holder) else None

    def _resolved(self, holder: Holder, binding: Binding | None) -> tuple[Holder, Kind, Binding] | None:
        if binding is None:
            return None
        kind = kind_of(binding.value, binding.scope, self._source.resolver)
        return (holder, kind, binding) if kind is not Kind.UNKNOWN else None

    def _of_application(self) -> dict[str, Binding]:
        """State on the application object is defined by the first assignment to its attribute or key."""
        found: dict[str, Binding] = {}
        by_scope = self._source.once(changes_by_scope)
        for scope in self._source.scopes:
            for change in by_scope.get(scope, ()):
                if change.how in (How.REBIND, How.ITEM) and change.value is not None:
                    key = application_key(change)
                    if key is not None:
                        found.setdefault(key, Binding("assign", change.node, change.value, scope))
        return found


def application_key(change: Change) -> str | None:
    """Return the name of the slot on the application object that a store goes to."""
    if change.key is None:
        return applications.slot(change.target, change.scope)
    return applications.slot(ast.Subscript(value=change.target, slice=change.key, ctx=ast.Load()), change.scope)


def _may_hold_state(source: SourceFile) -> bool:
    """Whether a name of the module may be given a container, or be bound anew by a function."""
    module = source.module
    if source.has(ast.Global) or ast.NamedExpr in module.nodes:
        return True
    for node in module.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        if _changes_in_place(node.value) or isinstance(node.value, ast.Tuple):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if not (isinstance(target, ast.Name) and target.id == "__all__"):
                return True
    return False


def _of_module(module: Scope) -> list[tuple[str, Binding]]:
    """The names of a module that may be state; one that no function declares global can only be changed in place."""
    declared = {name for _, name, receiver in module.senders if receiver is module}
    found = []
    for name, bindings in module.bindings.items():
        binding = _definition(bindings)
        if binding is not None and (name in declared or _changes_in_place(binding.value)):
            found.append((name, binding))
    return found


def _of_class(owner: Scope, text: str) -> list[tuple[str, Binding]]:
    """The attributes of a class that may be state: what is changed is spelled with a dot in front somewhere."""
    if not any(_is_spelled(name, text) for name in _assigned(owner)):
        return []
    found = []
    for name, bindings in owner.bindings.items():
        binding = _definition(bindings)
        if (
            binding is not None
            and _is_spelled(name, text)
            and (_changes_in_place(binding.value) or isinstance(binding.value, ast.Constant))
        ):
            found.append((name, binding))
    return found


def _is_spelled(name: str, text: str) -> bool:
    return f".{name}" in text


def _assigned(owner: Scope) -> Iterator[str]:
    """Yield the names to which the body of a class gives a container or a constant."""
    for node in owner.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        if _changes_in_place(node.value) or isinstance(node.value, (ast.Constant, ast.Tuple, ast.List)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
                yield from (part.id for part in parts if isinstance(part, ast.Name))


def _of_constructors(owner: Scope) -> list[tuple[str, Binding]]:
    """The attributes to which a constructor gives something that can be changed in place."""
    found = []
    for method in owner.inner:
        if method.name not in _CONSTRUCTORS or not method.is_function:
            continue
        for node in method.of(ast.Assign, ast.AnnAssign):
            assert isinstance(node, (ast.Assign, ast.AnnAssign))
            if node.value is None or not _changes_in_place(node.value):
                continue
            binding = Binding("assign", node, node.value, method)
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [
                (target.attr, binding)
                for target in targets
                if isinstance(target, ast.Attribute) and terminal_name(target.value) == method.first_parameter
            ]
    return found


def _changes_in_place(value: ast.expr | None) -> bool:
    """Whether an expression may make a container or a counter, by its syntax."""
    if isinstance(value, ast.Call):
        return terminal_name(value.func) in MAKERS
    return isinstance(value, (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp))


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
        if any(terminal_name(base) not in _PLAIN_BASES for base in owner.node.bases):
            # An annotated default in a class with a base: a field, if the base is a model, as most are.
            return True
    decorators = [terminal_name(node.func if isinstance(node, ast.Call) else node) for node in owner.decorators]
    return any("dataclass" in name or name in ("define", "s", "frozen", "attrs") for name in decorators) or any(
        terminal_name(base) in _DECLARING for base in owner.node.bases
    )


def _is_class_variable(annotation: ast.expr) -> bool:
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return terminal_name(node) == "ClassVar"
