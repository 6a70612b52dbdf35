"""Read, then written: whether the code under a lock reads what all instances share, and writes it back.

That is what the lock is for, and what it does not do between two instances.  A lock around reads alone, around rows
that are only added, or around what one object does with its own connection protects nothing that siblings touch.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import locking
from flake8_scalability.catalog.rows import Effect, System
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.critical_sections import Section

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

#: Systems that keep what was written, for all instances.
STORES = frozenset({
    System.DATABASE, System.CACHE, System.STORAGE, System.CLOUD, System.SEARCH, System.DIRECTORY,
})  # fmt: skip
#: So many calls deep the code under a lock is followed.
DEPTH = 2
_NAMES = re.compile(locking.STORES, re.IGNORECASE)


def rewrites(section: Section, source: SourceFile) -> bool:
    """Whether a section, or what it calls in the file, reads from a store and writes to one, as two instances may."""
    nodes = [node for statement in section.body for node in walk(statement)]
    inside = [(node, section.scope) for node in nodes]
    border = [section.scope]
    calls = {node for node in nodes if isinstance(node, ast.Call)}
    for _ in range(DEPTH):
        edges = [edge for scope in border for each in scope.walk() for edge in source.graph.out_of.get(each, ())]
        border = [edge.target for edge in edges if edge.node in calls]
        calls = {call for scope in border for inner in scope.walk() for call in _calls(inner)}
        inside += [(node, scope) for scope in border for node in walk(scope.node)]
    reads = any(_reads(node, scope, source) for node, scope in inside)
    return reads and any(_stores(node, scope, source) for node, scope in inside)


def _calls(scope: Scope) -> Iterator[ast.Call]:
    for node in scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        yield node


def _reads(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether a node asks a store for rows, or changes the attribute of one that was read before."""
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        own = scope.first_parameter if scope.owner is not None else ""
        return any(
            isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id != own
            for each in targets
        )
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and locking.ASKS.search(node.value) is not None
    if not isinstance(node, ast.Call):
        return False
    name = terminal_name(node.func)
    if name == "select":
        return True
    row = source.site(node, scope).api
    if row is not None and row.system in STORES:
        return row.effect is Effect.READ
    return _is_of_store(node) and locking.READING.match(name) is not None


def _stores(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether a node writes to a store."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and locking.STORES_BY_SQL.search(node.value) is not None
    if not isinstance(node, ast.Call):
        return False
    name = terminal_name(node.func)
    if name in locking.STORING:
        return True
    row = source.site(node, scope).api
    if row is not None and row.system in STORES:
        return row.effect is Effect.WRITE
    return _is_of_store(node) and name != "execute" and locking.CHANGES.match(name) is not None


def _is_of_store(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and _NAMES.fullmatch(terminal_name(call.func.value)) is not None
