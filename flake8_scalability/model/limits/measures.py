"""Measures: whether the file looks at how many there are of something, there or elsewhere, and compares."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Names of the most that there may be.
_MOST = re.compile(r"(^|_)(max|limit|most|maximum)(_|$)", re.IGNORECASE)


def is_measured(name: str, home: Scope) -> bool:
    """Whether the function looks at how many there are, and compares: `if len(urls) > MOST`."""
    return any(isinstance(node, ast.Compare) and name in _measured(node) for node in walk(home.node))


def is_measured_somewhere(attribute: str, source: SourceFile) -> bool:
    """Whether any function of the file looks at how many an attribute holds: `if len(more + room.people) > 5`."""
    return attribute in source.once(_measured_attributes)


def _measured_attributes(source: SourceFile) -> set[str]:
    if "len(" not in source.text:
        return set()
    ordering = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
    return {
        name
        for node in walk(source.module.node)
        if isinstance(node, ast.Compare) and all(isinstance(each, ordering) for each in node.ops)
        for name in _measured(node)
    }


def _measured(node: ast.Compare) -> set[str]:
    """Return the names and attributes whose number is compared, with more than one, by a comparison."""
    parts = (node.left, *node.comparators)
    if any(isinstance(part, ast.Constant) and part.value in (0, 1) for part in parts):
        return set()
    return {
        terminal_name(summand)
        for part in parts
        if isinstance(part, ast.Call) and terminal_name(part.func) == "len" and part.args
        for summand in _summands(part.args[0])
    }


def _summands(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what is added up by an expression."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.BitOr)):
        yield from _summands(node.left)
        yield from _summands(node.right)
    elif isinstance(node, (ast.Name, ast.Attribute)):
        yield node


def is_of_counting_class(node: ast.Attribute, scope: Scope) -> bool:
    """Whether something is a part of an argument whose class, in the file, refuses more parts than so many.

    A validator of the class takes their number, and compares it with what is named a maximum.
    """
    root = scope.lookup(node.value.id) if isinstance(node.value, ast.Name) else None
    for binding in root.bindings[node.value.id] if root is not None and isinstance(node.value, ast.Name) else ():
        named = terminal_name(binding.annotation) if binding.annotation is not None else ""
        home = scope.lookup(named) if named else None
        for each in home.bindings[named] if home is not None else ():
            if isinstance(each.node, ast.ClassDef) and _counts(each.node):
                return True
    return False


def _counts(node: ast.ClassDef) -> bool:
    """Whether a class asks how many there are of something, and has a maximum to compare that with."""
    compared = [
        terminal_name(side)
        for part in walk(node)
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], (ast.Gt, ast.GtE, ast.Lt, ast.LtE))
        for side in (part.left, *part.comparators)
    ]
    has_length = any(isinstance(part, ast.Call) and terminal_name(part.func) == "len" for part in walk(node))
    return has_length and any(_MOST.search(name) is not None for name in compared)
