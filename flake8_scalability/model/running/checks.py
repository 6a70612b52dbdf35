"""What a test asks: the calls whose answer it looks at, and the words that are in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk


def asked_in(test: ast.expr, function: Scope) -> Iterator[ast.Call]:
    """Yield the calls in a test, and those whose result a name in it holds."""
    for part in walk(test):
        held = [part]
        if isinstance(part, ast.Name):
            held = [each.value for each in function.bindings.get(part.id, ()) if each.value is not None]
        for value in held:
            asked = value.value if isinstance(value, ast.Await) else value
            if isinstance(asked, ast.Call):
                yield asked


def words_in(node: ast.AST) -> Iterator[str]:
    """Yield the names and literal texts below a node."""
    for part in walk(node):
        word = part.value if isinstance(part, ast.Constant) else terminal_name(part)
        if isinstance(word, str) and word:
            yield word


def leaves(statement: ast.If) -> bool:
    """Whether the function ends where the condition holds."""
    return isinstance(statement.body[-1], (ast.Raise, ast.Return))
