"""Relations that mapped classes declare: which of their attributes hold other rows, and load them on access."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import relations as known
from flake8_scalability.model.language.callgraph import terminal_name


def relation(name: str, table: ast.ClassDef) -> str:
    """Return "one" or "many" for a relation that a class declares and does not load by itself, "plain" for a column."""
    for statement in table.body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name == name:
                return "plain"
            continue
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return _kind(value, statement)
    return ""


def _kind(value: ast.expr, statement: ast.stmt) -> str:
    if not isinstance(value, ast.Call):
        return "plain"
    maker = terminal_name(value.func)
    if maker in known.TO_ONE:
        return "one"
    if maker in known.TO_MANY:
        return "many"
    if maker not in known.RELATIONSHIPS:
        return "plain"
    for keyword in value.keywords:
        if keyword.arg == "lazy":
            lazy = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            return "one" if lazy in known.LAZY else "plain"
        if keyword.arg == "sa_relationship_kwargs":
            return "plain"
    return "one"
