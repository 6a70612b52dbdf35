"""Handles of a project that keep their data in memory: a method of theirs is a look-up in a mapping, not a query."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_in_memory(callee: ast.Attribute, scope: Scope, source: SourceFile) -> bool:
    """Whether every method that the project defines under a callee's name reads what its object holds.

    False where it defines none, and for handles of an imported package: `frappe.db.get_all`.
    """
    name, root = callee.attr, callee.value
    while isinstance(root, ast.Attribute):
        root = root.value
    home = scope.lookup(root.id) if isinstance(root, ast.Name) else None
    bindings = home.bindings[root.id] if home is not None and isinstance(root, ast.Name) else []
    if source.settings.no_project or any(binding.kind == "import" for binding in bindings):
        return False
    answers, key = source.answers, (f"{name}() reads memory", source.module)
    if key not in answers:
        texts = mentions.functions_named(name, source.filename)
        answers[key] = bool(texts) and all(map(_reads_memory, texts))
    return answers[key]


def _reads_memory(text: str) -> bool:
    """Whether the text of a method shows that it looks something up in an attribute, and asks nobody else."""
    try:
        tree = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return False
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef) or not function.args.args:
        return False
    first, looks_up = function.args.args[0].arg, False
    for node in (part for statement in function.body for part in walk(statement)):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.With, ast.Raise)):
            return False
        if isinstance(node, (ast.Name, ast.Attribute)) and batching.ASKING.search(terminal_name(node)):
            return False
        if isinstance(node, ast.Call) and _is_of(node.func, first):
            return False  # another method of its own, which may do anything
        looks_up = looks_up or (isinstance(node, ast.Attribute) and _is_of(node, first))
    return looks_up


def _is_of(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
