"""Plug-ins: what connects to a target that comes with the instance, from a record or from a base of another file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.credentials import STEPS, constructing, stored_in
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Bases that say nothing of who makes the instances of a class.
_PLAIN_BASES = frozenset({"object", "ABC", "Protocol", "Generic", "NamedTuple", "BaseModel", "BaseSettings"})


def target_is_of_elsewhere(site: CallSite) -> bool:
    """Whether what a call connects to, or as whom, comes with the instance: a record's own settings, a plug-in's.

    That is an attribute which a base class of another file sets, or which the maker of a plug-in hands in.  A plug-in
    that connects to what each of its users configured has no one target that a pool could serve.
    """
    function = site.function
    owner = function.owner if function is not None else None
    if function is None or owner is None or not function.first_parameter:
        return False
    attributes = ClassAttributes(site.source, owner)
    return any(
        attributes.come_from_elsewhere(value, function, STEPS)
        for call in constructing(site)
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
    )


class ClassAttributes:
    """The attributes of a class: which of them are set by somebody outside of the file."""

    def __init__(self, source: SourceFile, owner: Scope) -> None:
        self._source = source
        self._bindings: dict[str, list[Binding]] = {}
        ancestry = source.resolver.ancestry(owner)
        for each in ancestry:
            for name, bindings in source.resolver.class_bindings(each).items():
                self._bindings.setdefault(name, []).extend(bindings)
        plain = _PLAIN_BASES | {each.name for each in ancestry}
        self._is_plug_in = any(
            terminal_name(base.value if isinstance(base, ast.Subscript) else base) not in plain
            for each in ancestry
            if isinstance(each.node, ast.ClassDef)
            for base in each.node.bases
        )

    def come_from_elsewhere(self, node: ast.expr, function: Scope, steps: int) -> bool:
        """Whether an expression reads, directly or through local names, an attribute that is set elsewhere."""
        for part in walk(node):
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                if part.value.id == function.first_parameter and self._is_from_elsewhere(part.attr, steps):
                    return True
            elif isinstance(part, ast.Name) and steps:
                values = [binding.value for binding in function.bindings.get(part.id, ())]
                values += [value for _, value in stored_in(part.id, function)]
                if any(value and self.come_from_elsewhere(value, function, steps - 1) for value in values):
                    return True
        return False

    def _is_from_elsewhere(self, name: str, steps: int) -> bool:
        if name not in self._bindings:
            return True
        if not self._is_plug_in or not steps:
            return False
        if all(binding.kind == "annotation" and binding.value is None for binding in self._bindings[name]):
            return True  # a field of a record, which the base fills
        for binding in self._bindings[name]:
            method = binding.scope.function
            values = [binding.value] if binding.value is not None else []
            if binding.kind == "function":
                method = self._source.scope_of.get(binding.node)
                values = _returned(method) if method is not None else []
            for value in values:
                if method is not None and self._is_handed_in(value, method, steps - 1):
                    return True
        return False

    def _is_handed_in(self, value: ast.expr, method: Scope, steps: int) -> bool:
        names = {part.id for part in walk(value) if isinstance(part, ast.Name)} - {method.first_parameter}
        return bool(names & method.parameters.keys()) or self.come_from_elsewhere(value, method, steps)


def _returned(method: Scope) -> list[ast.expr]:
    return [node.value for node in method.of(ast.Return) if isinstance(node, ast.Return) and node.value is not None]
