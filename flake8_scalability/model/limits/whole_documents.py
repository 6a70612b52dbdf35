"""Documents: whether what is read is parsed as one piece, so that to read it in chunks would spare no memory."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import bodies
from flake8_scalability.model.language.names import loads
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.source import SourceFile


def is_parsed(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether what a read gives goes to a parser that takes a text as a whole, directly or by a name."""
    parents = source.parents(scope)
    if _goes_to_parser(node, scope, source):
        return True
    statement = parents.get(node)
    while isinstance(statement, (ast.Await, ast.Attribute, ast.Call)):
        statement = parents.get(statement)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return False
    name = statement.targets[0].id
    return any(_goes_to_parser(each, scope, source) for each in loads(name, scope.node))


def _goes_to_parser(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is given to a parser, decoded or not: `json.loads(body.decode())`."""
    parents = source.parents(scope)
    parent = parents.get(node)
    while parent is not None:
        if isinstance(parent, ast.Call) and parent.func is not node:
            paths = source.resolver.paths(parent.func, scope)
            if paths & bodies.PARSERS:
                return True
            if not (isinstance(parent.func, ast.Name) and parent.func.id in ("str", "bytes")):
                return False
        elif not isinstance(parent, (ast.Await, ast.Attribute, ast.Call)):
            return False
        node, parent = parent, parents.get(parent)
    return False
