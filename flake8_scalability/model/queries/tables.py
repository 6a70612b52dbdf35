"""Rows of mapped classes: of which class is what a name holds, and which of its attributes are relations.

A class is read where the file, or the project, defines it; what is not found has no relations.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.model.batching.per_item import targets_of
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.project import tables

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_ROWS = frozenset({Gives.QUERY, Gives.MANY, Gives.PART, Gives.STREAM})
_MODEL_BASE = re.compile(r"(^|\.)(Model|Base|Document|DeclarativeBase|\w+(Model|Mixin|Base|Document))$")
_PAGE_ITEMS = frozenset({"items", "object_list"})
#: Calls that give the rows of their first argument.
_SAME_ROWS = frozenset({"list", "tuple", "sorted", "set", "reversed", "enumerate", "iter", "tqdm", "iterator"})


def row_class(node: ast.Name, scope: Scope, source: SourceFile) -> str:
    """Return the name of the mapped class of which a name holds a row; "" where that is not shown."""
    for binding in reaching.bindings(node, scope, source):
        if binding.kind == "for" or isinstance(binding.node, (ast.For, ast.AsyncFor)):
            query = rows_of(binding, node.id, source)
            return query.entity if query is not None else ""
        if binding.kind in ("assign", "annotation") and binding.value is not None:
            found = _made(binding.value, binding.scope, source)
            if found:
                return found
        elif binding.kind == "unpack" and isinstance(binding.value, (ast.Call, ast.Await)):
            query = source.queries.of(binding.value, binding.scope)
            if query is not None and query.names & {"get_or_create", "update_or_create", "aget_or_create"}:
                return query.entity
    return ""


def _made(value: ast.expr, scope: Scope, source: SourceFile) -> str:
    """Return the class of the row that an expression makes or fetches."""
    query = source.queries.of(value, scope)
    if query is not None:
        single = query.gives is Gives.ONE or query.names & {"create", "acreate"}
        return query.entity if single and not query.names & {"aggregate", "values", "values_list"} else ""
    if isinstance(value, ast.Call):
        name = terminal_name(value.func)
        if name[:1].isupper() and is_mapped(name, value.func, scope, source):
            return name
    return ""


def is_mapped(name: str, node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a class is a mapped one: by its bases in the file, or because it comes out of a module of models."""
    for value in source.resolver.values(node, scope):
        if value.target is not None and value.target.is_class:
            bases = value.target.node.bases if isinstance(value.target.node, ast.ClassDef) else []
            return any(_MODEL_BASE.search(ast.unparse(base)) for base in bases)
        if re.search(r"(^|[._])(models?|entities|orm|tables|documents|schema)([._]|$)", value.path.rpartition(".")[0]):
            return True
    return False


def rows_of(binding: Binding, name: str, source: SourceFile) -> Query | None:
    """Return the query whose rows a loop binds to a name; None where its items are not shown to be rows."""
    iterable: ast.expr | None = binding.value
    if isinstance(binding.node, (ast.For, ast.AsyncFor)):
        iterable = dict(targets_of(binding.node)).get(name)
    return query_of_rows(iterable, binding.scope, source) if iterable is not None else None


def query_of_rows(iterable: ast.expr, scope: Scope, source: SourceFile) -> Query | None:
    """Return the query whose rows an iterable gives, also as a list, a sorted list or the items of a page."""
    while isinstance(iterable, ast.Call) and terminal_name(iterable.func) in _SAME_ROWS and iterable.args:
        iterable = iterable.args[0]
    if isinstance(iterable, ast.Attribute) and iterable.attr in _PAGE_ITEMS:
        iterable = iterable.value
    query = source.queries.of(iterable, scope)
    if query is None and isinstance(iterable, ast.Name):
        query = _listed(iterable, scope, source)
    if query is None or query.gives not in _ROWS or query.names & {"values", "values_list", "dates", "tuples"}:
        return None
    return query


def _listed(node: ast.Name, scope: Scope, source: SourceFile) -> Query | None:
    """Return the query of a name that holds a list of its rows: `rows = list(query)`."""
    bindings = reaching.bindings(node, scope, source)
    if len(bindings) != 1 or bindings[0].kind != "assign" or not isinstance(bindings[0].value, ast.Call):
        return None
    value = bindings[0].value
    if terminal_name(value.func) in _SAME_ROWS and value.args:
        return source.queries.of(value.args[0], bindings[0].scope)
    return None


def definition(name: str, source: SourceFile) -> ast.ClassDef | None:
    """Return the definition of a class by the name that the file has for it: its own, or the project's."""
    for scope in source.scopes:
        if scope.is_class and scope.name == name and isinstance(scope.node, ast.ClassDef):
            return scope.node
    if source.settings.no_project:
        return None
    for scope in source.scopes:
        for binding in scope.bindings.get(name, ()):
            if binding.kind == "import":
                return tables.class_of(binding.path.rpartition(".")[2], binding.path, source.filename)
    for binding in source.module.bindings.get("models", ()):
        if binding.kind == "import":
            return tables.class_of(name, f"{binding.path}.{name}", source.filename)
    return None
