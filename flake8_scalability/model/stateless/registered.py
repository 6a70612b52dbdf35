"""Registries of the program's own parts: what is put in is the same in every process, whoever puts it there."""

from __future__ import annotations

import ast

from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk


def is_of_program(change: Change) -> bool:
    """Whether a class or function of the program is put under a key that is the same for every call.

    `self.forms[AddressForm.KEY] = AddressForm`
    """
    if change.how is not How.ITEM or change.key is None or not isinstance(change.value, ast.Name):
        return False
    if not _is_defined(change.value, change.scope) or any(isinstance(part, ast.Call) for part in walk(change.key)):
        return False
    return all(_is_defined(part, change.scope) for part in walk(change.key) if isinstance(part, ast.Name))


def _is_defined(name: ast.Name, scope: Scope) -> bool:
    """Whether a name is that of a class, a function or something imported, at the level of the module."""
    home = scope.lookup(name.id)
    bindings = home.bindings[name.id] if home is not None and home.is_module else []
    return bool(bindings) and all(binding.kind in ("class", "function", "import") for binding in bindings)
