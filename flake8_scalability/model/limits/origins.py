"""Origins: whether the file shows that there is one for each of many, although a name speaks of a handful.

`clusters` are a handful, until the file shows that it finds one for each group of the rows of a query.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.model.language import loops
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import handfuls

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 20
#: Calls that give as many as their arguments, or their receiver, hold.
_KEEPING = frozenset({"list", "tuple", "sorted", "gather", "values", "items", "keys"})


def are_many(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> bool:
    """Whether an expression holds one for each thing that rows tell from all others, as functions of the file show."""
    if steps > MAX_STEPS:
        return False
    if isinstance(node, (ast.Await, ast.Starred)):
        return are_many(node.value, scope, source, steps + 1)
    if isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        return are_many(node.generators[0].iter, scope, source, steps + 1)
    if isinstance(node, ast.Call):
        if terminal_name(node.func) in _KEEPING:
            given = [*node.args] or ([node.func.value] if isinstance(node.func, ast.Attribute) else [])
            return any(are_many(each, scope, source, steps + 1) for each in given)
        return any(
            are_many(returned.value, value.target, source, steps + 1)
            for value in source.resolver.values(node.func, scope)
            if value.target is not None and value.target.is_function
            for returned in value.target.of(ast.Return)
            if isinstance(returned, ast.Return) and returned.value is not None
        )
    return isinstance(node, ast.Name) and _is_many(node.id, scope, source, steps)


def _is_many(name: str, scope: Scope, source: SourceFile, steps: int) -> bool:
    home = scope.lookup(name)
    if home is None or not home.is_function:
        return False
    if any(_is_of_a_row(key, home) for key in handfuls.groups_by_identity(name, home)):
        return True
    values = (binding.value for binding in home.bindings[name] if binding.kind == "assign")
    return any(value is not None and are_many(value, home, source, steps + 1) for value in values)


def _is_of_a_row(key: ast.expr, home: Scope) -> bool:
    """Whether a key is taken from what a loop of the function goes through."""
    names = {part.id for part in walk(key) if isinstance(part, ast.Name)}
    for scope in home.walk_same_call():
        for loop in scope.of(ast.For, ast.AsyncFor):
            assert isinstance(loop, (ast.For, ast.AsyncFor))
            targets = {part.id for part in walk(loop.target) if isinstance(part, ast.Name)}
            if names & targets and not loops.is_small(loop.iter, scope):
                return True
    return False
