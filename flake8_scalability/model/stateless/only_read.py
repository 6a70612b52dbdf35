"""Databases in files that a module only reads: they come with the program, or whoever fills them is elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.catalog import embedded
from flake8_scalability.catalog.embedded import Store
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.source import SourceFile

_READS = re.compile(r"[\"']\s*(SELECT|WITH|PRAGMA\s+(table_info|integrity_check|quick_check))\b", re.IGNORECASE)
_WRITES = re.compile(embedded.WRITING_SQL, re.IGNORECASE)


def is_only_read(node: ast.Call, scope: Scope, store: Store, source: SourceFile) -> bool:
    """Whether a file opens a database of SQL and only asks it, and nobody else gets the connection."""
    if store.what not in embedded.SPEAKING_SQL or scope.function is None or _READS.search(source.text) is None:
        return False
    if _WRITES.search(source.text) is not None:
        return False
    names = set(_names(node, scope, source))
    return bool(names) and not any(_is_handed_on(names, part) for part in walk(scope.function.node))


def _names(node: ast.Call, scope: Scope, source: SourceFile) -> Iterator[str]:
    """Yield the local name that a connection gets, in an assignment or at the head of a `with`."""
    parents = source.parents(scope)
    child: ast.AST = node
    parent = parents.get(node)
    while isinstance(parent, ast.Await) or (isinstance(parent, ast.Call) and terminal_name(parent.func) == "closing"):
        child, parent = parent, parents.get(parent)
    if isinstance(parent, ast.withitem) and isinstance(parent.optional_vars, ast.Name):
        yield parent.optional_vars.id
    elif isinstance(parent, ast.Assign) and parent.value is child:
        yield from (target.id for target in parent.targets if isinstance(target, ast.Name))


def _is_handed_on(names: set[str], part: ast.AST) -> bool:
    """Whether a node returns a connection, gives it to a call, or keeps it in an object."""
    given: list[ast.expr | None] = []
    if isinstance(part, (ast.Return, ast.Yield, ast.YieldFrom)):
        given = [part.value]
    elif isinstance(part, ast.Call):
        given = [*part.args, *(keyword.value for keyword in part.keywords)]
    elif isinstance(part, (ast.Assign, ast.AnnAssign)):
        given = [part.value]
    elif isinstance(part, ast.Global):
        return not names.isdisjoint(part.names)
    return any(isinstance(each, ast.Name) and each.id in names for each in _parts(given))


def _parts(given: list[ast.expr | None]) -> Iterator[ast.expr]:
    for each in given:
        yield from each.elts if isinstance(each, (ast.Tuple, ast.List)) else [each] if each is not None else []
