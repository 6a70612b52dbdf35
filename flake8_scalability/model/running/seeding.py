"""First rows that may be written at every start: the function that does it counts on others that do it as well."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

from flake8_scalability.catalog import scheduling
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.project import definitions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_made(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a library makes something that a module keeps: an application for administrators, say.

    `admin = create_admin(tables)`: no function of the project has the name, and what it gives is bound to one.
    """
    if not scope.is_module or not isinstance(source.parents(scope).get(node), ast.Assign):
        return False
    values = source.resolver.values(node.func, scope)
    if source.settings.no_project or not values or any(value.target is not None for value in values):
        return False
    return all("." in value.path and not definitions.text_of(value.path, source.filename) for value in values)


def expects_siblings(text: str) -> bool:
    """Whether a function locks siblings out, names what a row that is there already raises, or tries one creation."""
    if scheduling.FOR_SEVERAL.search(text) is not None:
        return True
    try:
        parsed = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return False
    return any(_tries_one(node) for node in walk(parsed) if isinstance(node, ast.Try))


def _tries_one(node: ast.Try) -> bool:
    """Whether a statement tries to create one row and does nothing where that fails, as it does for the second."""
    (first, *others) = node.body
    if others or not isinstance(first, ast.Expr):
        return False
    if any(isinstance(part, ast.Raise) for each in node.handlers for part in walk(each)):
        return False
    called = first.value.value if isinstance(first.value, ast.Await) else first.value
    return isinstance(called, ast.Call) and terminal_name(called.func).startswith("create")
