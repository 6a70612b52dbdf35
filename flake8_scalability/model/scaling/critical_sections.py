"""Critical sections: the code that holds a lock which only this process, or this machine, can see.

A lock is known by what made it, wherever that is kept: in a module, a class, an instance, or a mapping with a lock for
each key.  A lock that a function makes for its own tasks is not one that callers share.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import locking
from flake8_scalability.catalog.rows import expand
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Binding, Scope
    from flake8_scalability.model.source import SourceFile

_STEPS = 3


class Section(NamedTuple):
    """A stretch of code that runs while a local lock is held.

    made: the call that makes the lock
    name: what the lock is called where it is taken
    body: the statements that run under it
    scope: where they stand
    """

    made: ast.Call
    name: str
    body: list[ast.stmt]
    scope: Scope


@cache
def _lock_paths() -> frozenset[str]:
    return frozenset(expand(f"{locking.PROCESS_LOCKS} {locking.FILE_LOCKS}"))


@cache
def _lock_names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _lock_paths())


def makers() -> frozenset[str]:
    """Return the names of which a file that has such sections calls one."""
    return _lock_names() | {"defaultdict"}


def sections(source: SourceFile) -> Iterator[Section]:
    """Yield the stretches of code in the file that run under a local lock which their function did not make itself."""
    if makers().isdisjoint(source.calls_by_name):
        return
    for scope in source.scopes:
        if not scope.is_function:
            continue
        for node in scope.of(ast.With, ast.AsyncWith):
            assert isinstance(node, (ast.With, ast.AsyncWith))
            for item in node.items:
                made = _maker(item.context_expr, scope, source, _STEPS)
                if made is not None and not _is_own(made, scope, source):
                    yield Section(made, spelled(item.context_expr), node.body, scope)
        for call in scope.of(ast.Call):
            assert isinstance(call, ast.Call)
            if isinstance(call.func, ast.Attribute) and call.func.attr == "acquire":
                made = _maker(call.func.value, scope, source, _STEPS)
                if made is not None and not _is_own(made, scope, source):
                    yield Section(made, spelled(call.func.value), _until_released(call, scope), scope)


def _is_own(made: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the lock is made in the function that takes it, or in one around that: for the tasks of one call."""
    parents = source.parents(scope)
    keeper = parents.get(made)
    if isinstance(keeper, ast.Call) and terminal_name(keeper.func) == "setdefault":
        return False
    if isinstance(keeper, ast.Assign) and any(isinstance(target, ast.Subscript) for target in keeper.targets):
        return False
    around = scope.node
    while around is not None:
        if around.lineno <= made.lineno <= (around.end_lineno or 0):  # type: ignore[attr-defined]
            return True
        parent: ast.AST | None = parents.get(around)
        while parent is not None and not isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            parent = parents.get(parent)
        if parent is None:
            return False
        around = parent
    return False


def _until_released(call: ast.Call, scope: Scope) -> list[ast.stmt]:
    """Return the statements between a call of `acquire` and the `release` below it, at any depth."""
    ends = [
        node.lineno
        for node in scope.of(ast.Call)
        if isinstance(node, ast.Call) and terminal_name(node.func) == "release" and node.lineno > call.lineno
    ]
    end = max(ends, default=0)
    statements = (node for node in walk(scope.node) if isinstance(node, ast.stmt))
    return [node for node in statements if call.lineno < node.lineno and (node.end_lineno or node.lineno) < end]


# Which lock


def _maker(node: ast.expr | None, scope: Scope, source: SourceFile, steps: int) -> ast.Call | None:
    """Return the call that made the local lock which an expression gives; None where it gives no such lock."""
    if node is None or not steps:
        return None
    for value in source.resolver.values(node, scope):
        if value.call is not None and value.path[:-2] in _lock_paths() and value.path.endswith("()"):
            return value.call
    if isinstance(node, ast.Name):
        home = scope.lookup(node.id)
        bindings: list[Binding] = home.bindings[node.id] if home is not None else []
        if len(bindings) == 1 and bindings[0].kind in ("assign", "annotation"):
            return _maker(bindings[0].value, bindings[0].scope, source, steps - 1)
    if isinstance(node, ast.Await):
        return _maker(node.value, scope, source, steps)
    if isinstance(node, ast.Subscript):
        return _kept_in(node.value, scope, source)
    if isinstance(node, ast.Call):
        inside = _lock_among(walk(node), scope, source)
        if inside is not None or (isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "setdefault")):
            return inside or _kept_in(node.func.value, scope, source)  # type: ignore[attr-defined]
        for value in source.resolver.values(node.func, scope):
            target = value.target
            if target is not None and target.is_function and not target.name.startswith("__"):
                return _given_by(target, source, steps - 1)
    return None


def _given_by(function: Scope, source: SourceFile, steps: int) -> ast.Call | None:
    """Return the lock that a function of the file returns, out of a mapping that it fills as well."""
    returned = [node.value for node in function.of(ast.Return) if isinstance(node, ast.Return)]
    if any(_maker(value, function, source, steps) is not None for value in returned):
        return next(made for value in returned if (made := _maker(value, function, source, steps)) is not None)
    names = {terminal_name(value.value) for value in returned if isinstance(value, ast.Subscript)}
    names |= {terminal_name(value) for value in returned if value is not None}
    for node in function.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        stored = any(isinstance(target, ast.Subscript) for target in node.targets)
        if stored or any(terminal_name(target) in names for target in node.targets):
            found = _lock_among([node.value], function, source)
            if found is not None:
                return found
    return None


def _kept_in(mapping: ast.expr, scope: Scope, source: SourceFile) -> ast.Call | None:
    """Return the call that makes the locks which a mapping holds, one for each key."""
    name = terminal_name(mapping)
    for value in source.resolver.values(mapping, scope):
        if value.call is not None and value.scope is not None and value.path.endswith("defaultdict()"):
            given = value.call.args[:1]
            paths = source.resolver.paths(given[0], value.scope) if given else set()
            if paths & _lock_paths():
                return value.call
    for other in source.scopes:
        for node in other.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            for target in node.targets:
                if isinstance(target, ast.Subscript) and name and terminal_name(target.value) == name:
                    found = _lock_among([node.value], other, source)
                    if found is not None:
                        return found
    for call, other in source.calls_by_name.get("setdefault", ()):
        if isinstance(call.func, ast.Attribute) and name and terminal_name(call.func.value) == name:
            return _lock_among(call.args, other, source)
    return None


def _lock_among(nodes: Iterable[ast.AST], scope: Scope, source: SourceFile) -> ast.Call | None:
    for node in nodes:
        if not isinstance(node, ast.Call) or terminal_name(node.func) not in _lock_names():
            continue
        if source.resolver.paths(node.func, scope) & _lock_paths():
            return node
    return None


def is_local_lock(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a name stands for a local lock, for a mapping of such locks, or for a function that hands them out."""
    if _maker(node, scope, source, _STEPS) is not None or _kept_in(node, scope, source) is not None:
        return True
    targets = (value.target for value in source.resolver.values(node, scope))
    return any(
        target is not None and target.is_function and _given_by(target, source, _STEPS) is not None
        for target in targets
    )
