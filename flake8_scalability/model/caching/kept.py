"""Kept results: whether anything on the way to a function keeps what it gives, and whether it changes something."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import expensive_reads as known
from flake8_scalability.catalog.rows import Effect
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.resilience import outbound

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 3
_WRITING_MODE = re.compile(r"[wax][bt+]*")


def is_kept(function: Scope, source: SourceFile) -> bool:
    """Whether a function, what it calls in the file, or whoever calls it there, speaks of a cache or keeps a result."""
    around = {function, *callees(function, source), *_callers(function, source, MAX_STEPS)}
    if any(_keeps(each, source) for each in around):
        return True
    edges = source.graph.into.get(function, ())
    return any(edge.handed and known.KEEPING.search(ast.unparse(edge.node.func)) is not None for edge in edges)


def callees(function: Scope, source: SourceFile, steps: int = MAX_STEPS) -> set[Scope]:
    """Return the functions of the file that a function calls, with what those call, in so many further steps."""
    found: set[Scope] = set()
    for scope in function.walk():
        for edge in source.graph.out_of.get(scope, ()):
            if edge.target is not function and edge.target not in found:
                found.add(edge.target)
                if steps:
                    found |= callees(edge.target, source, steps - 1)
    return found


def _callers(function: Scope, source: SourceFile, steps: int) -> set[Scope]:
    found: set[Scope] = set()
    for edge in source.graph.into.get(function, ()):
        caller = edge.caller.function
        if caller is not None and caller is not function and caller not in found:
            found.add(caller)
            if steps:
                found |= _callers(caller, source, steps - 1)
    return found


def _keeps(function: Scope, source: SourceFile) -> bool:
    answers, key = source.answers, ("keeps its result", function)
    if key not in answers:
        node = function.node
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
        text = "".join(source.lines[first - 1 : node.end_lineno or node.lineno])
        answers[key] = known.KEEPING.search(text) is not None or _stores_outside(function)
    return answers[key]


def _stores_outside(function: Scope) -> bool:
    """Whether a function puts something where the next call finds it: a global, an attribute, an outer mapping."""
    if any(kind == "global" for kind in function.declared.values()):
        return True
    for scope in function.walk_same_call():
        for node in scope.of(ast.Assign, ast.AnnAssign, ast.AugAssign):
            assert isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Attribute) and function.name != "__init__":
                    return True
                if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    home = scope.lookup(target.value.id)
                    if home is None or home.is_module or home.is_class:
                        return True
    return False


def is_read_only(function: Scope, source: SourceFile) -> bool:
    """Whether a function, with what it calls in the file, changes nothing that outlives it."""
    return not any(_writes(each, source) for each in (function, *callees(function, source)))


def _writes(function: Scope, source: SourceFile) -> bool:
    answers, key = source.answers, ("changes something", function)
    if key not in answers:
        answers[key] = any(
            _is_write(node, scope, source)
            for scope in function.walk()
            for node in scope.of(ast.Call)
            if isinstance(node, ast.Call)
        )
    return answers[key]


def _is_write(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    name = terminal_name(node.func)
    if known.WRITING.search(name):
        if name not in known.HARMLESS or not isinstance(node.func, ast.Attribute):
            return True
        return known.STORES.search(terminal_name(node.func.value)) is not None
    if name == "open":
        mode = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
        return any(isinstance(each, ast.Constant) and _WRITING_MODE.fullmatch(str(each.value)) for each in mode)
    query = source.queries.of(node, scope)
    if query is not None:
        return query.writes or (query.statement is not None and query.statement.verb not in ("select", "with", "show"))
    site = source.site(node, scope)
    return site.api is not None and outbound.effect_of(site) is Effect.WRITE
