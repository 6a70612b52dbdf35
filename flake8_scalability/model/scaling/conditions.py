"""Filters of a write that keep out the second of two writers, by what they ask for."""

from __future__ import annotations

import ast

from flake8_scalability.model.language.walking import walk


def names_what_was_read(node: ast.expr, names: set[str]) -> bool:
    """Whether a filter asks for more than the identity of what was read."""
    if not isinstance(node, ast.Dict):
        return False
    for key, value in zip(node.keys, node.values):
        identity = isinstance(key, ast.Constant) and str(key.value).lower().endswith("id")
        if not identity and any(isinstance(part, ast.Name) and part.id in names for part in walk(value)):
            return True
    return False


def ends_state(condition: ast.expr, given: list[ast.expr]) -> bool:
    """Whether a filter asks for a constant in a field that the write changes: the second writer finds it no more."""
    before = _constants(condition)
    after: dict[str, object] = {}
    for part in (part for node in given for part in walk(node) if isinstance(part, ast.Dict)):
        for key, value in zip(part.keys, part.values):
            if isinstance(key, ast.Constant) and key.value == "$set":
                after.update(_constants(value))
    return any(name in after and after[name] != value for name, value in before.items())


def _constants(node: ast.expr) -> dict[str, object]:
    """Return the fields of a filter or a change for which a constant is given."""
    if not isinstance(node, ast.Dict):
        return {}
    return {
        str(key.value): value.value
        for key, value in zip(node.keys, node.values)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
    }
