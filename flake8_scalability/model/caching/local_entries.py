"""Local entries: what a cache may well keep in its process, because no other has a use for it, or it is soon complete.

The path of a file is one of this machine; of a table that only migrations fill each process has all rows soon; and
the number that another service gave to a name stays the same.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import cache_libraries as known
from flake8_scalability.model.caching.computed import is_look_up
from flake8_scalability.model.language.mutations import How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.stateless.state import State

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def stays_here(state: State, source: SourceFile) -> bool:
    """Whether all that is ever stored are paths of this machine, rows of a table that migrations fill, or numbers."""
    stored = [(each.value, each.scope) for each in state.changes if each.how in (How.ITEM, How.ADD)]
    values = [(value, scope) for value, scope in stored if value is not None]
    if not values:
        return False
    kinds = (_is_path, lambda node, scope: _is_of_program(node, scope, source))
    return any(all(kind(*each) for each in values) for kind in kinds) or _are_numbers_of_names(state)


def _are_numbers_of_names(state: State) -> bool:
    """Whether what is kept for a name is the number under which another service knows it; not for each person."""
    stored = [each for each in state.changes if each.how in (How.ITEM, How.ADD) and each.value is not None]
    return all(
        each.key is not None
        and known.PERSONAL_KEY.search(ast.unparse(each.key)) is None
        and each.value is not None
        and _is_number(each.value, each.scope)
        for each in stored
    )


def _is_number(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is the `id` of something, as a text or as it is."""
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        values = [each.value for each in home.bindings[node.id] if each.kind == "assign"] if home is not None else []
        made = [each for each in values if each is not None and not is_look_up(each)]
        return bool(made) and all(not isinstance(each, ast.Name) and _is_number(each, scope) for each in made)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "int") and node.args:
        return _is_number(node.args[0], scope)
    return isinstance(node, ast.Attribute) and node.attr in ("id", "pk", "uuid", "gid")


def _is_path(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression makes the path of a file; a name may get one in several steps."""
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        values = [each.value for each in home.bindings[node.id] if each.kind == "assign"] if home is not None else []
        made = [each for each in values if each is not None and not is_look_up(each) and not isinstance(each, ast.Name)]
        return bool(made) and all(_is_path(each, scope) for each in made)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and node.args:
        return _is_path(node.args[0], scope)
    return isinstance(node, ast.Call) and known.PATHS.match(ast.unparse(node.func)) is not None


def _is_of_program(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is a query of a table whose rows come with the program."""
    query = source.queries.of(node, scope)
    return query is not None and query.entity in known.FILLED_BY_MIGRATIONS
