"""Coordination with sibling instances: does a piece of code take a shared lock, win an election, claim its rows?

The names decide, since such helpers are mostly the project's own: a `lock`, `leader`, `claim` or `FOR UPDATE` in a
function, its decorators or what it calls counts, except where the name is shown to be a lock of this process alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import locking, scheduling
from flake8_scalability.catalog.rows import expand
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.critical_sections import is_local_lock

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 3
_WORD = re.compile(r"\w+")


def coordinates(function: Scope, source: SourceFile) -> bool:
    """Whether a function of the file, a decorator on it or something that it calls here coordinates with siblings."""
    answers, key = source.answers, ("coordinates", function)
    if key not in answers:
        answers[key] = any(_does(each, source) for each in reached(function, source))
    return answers[key]


def reached(function: Scope, source: SourceFile, steps: int = MAX_STEPS) -> list[Scope]:
    """Return a function and those of the file that it calls, nearest first."""
    found, border = [function], [function]
    for _ in range(steps):
        border = [
            edge.target
            for each in border
            for scope in each.walk()
            for edge in source.graph.out_of.get(scope, ())
            if edge.target not in found
        ]
        found += [target for number, target in enumerate(border) if target not in border[:number]]
    return found


def coordinates_before(node: ast.expr, function: Scope, source: SourceFile) -> bool:
    """Whether a function, or a decorator on it, speaks of coordination before it comes to one of its calls."""
    return any(
        is_shared(part, function, source)
        for root in _own_parts(function)
        for part in walk(root)
        if getattr(part, "lineno", 0) <= node.lineno and not isinstance(root, (ast.FunctionDef, ast.AsyncFunctionDef))
    )


def _does(function: Scope, source: SourceFile) -> bool:
    if not speaks_of_it("\n".join(source.lines[_first_line(function) - 1 : function.node.end_lineno])):  # type: ignore[attr-defined]
        return False
    return any(is_shared(node, function, source) for root in _own_parts(function) for node in walk(root))


def _first_line(function: Scope) -> int:
    first: int = function.node.lineno  # type: ignore[attr-defined]
    return min([first, *(node.lineno for node in function.decorators)])


def _own_parts(function: Scope) -> Iterator[ast.AST]:
    yield from function.decorators
    yield from getattr(function.node, "body", ())


def is_shared(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether one expression speaks of coordination, and is not a lock of this process or machine."""
    for name in _texts(node):
        if speaks_of_it(name):
            return not (isinstance(node, (ast.Name, ast.Attribute)) and _is_local(node, scope, source))
    return False


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield what a node says by itself: its name, its keyword that is set, its SQL."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.keyword) and not (isinstance(node.value, ast.Constant) and not node.value.value):
        yield node.arg or ""
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and scheduling.LOCKING_SQL.search(node.value):
        yield "advisory_lock"


def speaks_of_it(text: str) -> bool:
    """Whether a text has a word of coordination in it."""
    return any(
        scheduling.COORDINATION.search(scheduling.NO_COORDINATION.sub(" ", word)) is not None
        for word in _WORD.findall(text)
    )


@cache
def _local_paths() -> frozenset[str]:
    return frozenset(expand(f"{locking.PROCESS_LOCKS} {locking.FILE_LOCKS} {locking.FILE_LOCKING}"))


def _is_local(node: ast.Name | ast.Attribute, scope: Scope, source: SourceFile) -> bool:
    """Whether a name stands for a lock of this process or machine, or for its module or a method of it."""
    if terminal_name(node) in ("acquire", "release", "locked") and isinstance(node, ast.Attribute):
        inner = node.value.func if isinstance(node.value, ast.Call) else node.value
        return isinstance(inner, (ast.Name, ast.Attribute)) and (
            _is_local(inner, scope, source) or not speaks_of_it(terminal_name(inner))
        )
    if is_local_lock(node, scope, source):
        return True
    for path in source.resolver.paths(node, scope):
        bare = path[:-2] if path.endswith("()") else path
        if bare in _local_paths() or path.startswith(("filelock", "fcntl", "portalocker", "fasteners")):
            return True
    return False


def claims_rows(function: Scope, source: SourceFile) -> bool:
    """Whether code asks how many rows its conditional update or delete changed: only one instance gets an answer."""
    for each in reached(function, source):
        for scope in each.walk():
            for node in scope.of(ast.Assign):
                assert isinstance(node, ast.Assign)
                if _changes_rows(node.value) and any(
                    _is_tested(terminal_name(target), each) for target in node.targets
                ):
                    return True
            for node in scope.of(ast.If):
                assert isinstance(node, ast.If)
                if any(_changes_rows(part) or terminal_name(part) == "rowcount" for part in walk(node.test)):
                    return True
    return False


def _changes_rows(node: ast.AST) -> bool:
    if isinstance(node, ast.Await):
        node = node.value
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("update", "delete")
    )


def _is_tested(name: str, function: Scope) -> bool:
    tests = (
        node.test
        for scope in function.walk()
        for node in scope.of(ast.If, ast.While)
        if isinstance(node, (ast.If, ast.While))
    )
    return bool(name) and any(terminal_name(part) == name for test in tests for part in walk(test))
