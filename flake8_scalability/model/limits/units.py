"""Units: whether one piece of the work that is started for each item waits for something outside of the process.

Coroutines that await nothing run one after another, and those that only hand work to a pool wait for its threads: of
such, many at once are no load.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Union

from flake8_scalability.catalog import background
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import limiters
from flake8_scalability.project import definitions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: How many functions may stand between what is started and what it waits for.
MAX_STEPS = 2
#: What waits without an `await` of its own; a clause of a comprehension says whether it does.
_WAITING = (ast.AsyncFor, ast.AsyncWith, ast.comprehension)
_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]


def is_load(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> bool:
    """Whether a call, or the function of it, may wait for something that many at once would be too much for."""
    while isinstance(node, ast.Call) and terminal_name(node.func) in background.AROUND_COROUTINES and node.args:
        node = node.args[0]
    callee = node.func if isinstance(node, ast.Call) else node
    if terminal_name(callee) in background.HANDING_TO_POOLS:
        return False
    targets = [value.target for value in source.resolver.values(callee, scope) if value.target is not None]
    if targets:
        return all(not target.is_function or _is_heavy(target, source, steps) for target in targets)
    if source.settings.no_project:
        return True
    return all(_is_heavy_elsewhere(path, source) for path in source.resolver.paths(callee, scope))


def _is_heavy(function: Scope, source: SourceFile, steps: int) -> bool:
    if not isinstance(function.node, ast.AsyncFunctionDef):
        return True
    if _waits_by_itself(function.node):
        return True
    awaited = [(node.value, scope) for scope in function.walk_same_call() for node in scope.of(ast.Await)
               if isinstance(node, ast.Await)]  # fmt: skip
    return any(
        not isinstance(node, ast.Call) or steps >= MAX_STEPS or is_load(node, scope, source, steps + 1)
        for node, scope in awaited
    )


def _is_heavy_elsewhere(path: str, source: SourceFile) -> bool:
    """Whether a function of another file waits for something, and is not held back by a limiter; True where unknown."""
    function = _parsed(definitions.text_of(path, source.filename)) if "." in path else None
    if not isinstance(function, ast.AsyncFunctionDef):
        return True
    if any(limiters.is_named(name) for name in _held(function)):
        return False
    if _waits_by_itself(function):
        return True
    return any(
        not isinstance(node.value, ast.Call) or terminal_name(node.value.func) not in background.HANDING_TO_POOLS
        for node in walk(function)
        if isinstance(node, ast.Await)
    )


def _waits_by_itself(function: ast.AST) -> bool:
    return any(isinstance(node, _WAITING) and getattr(node, "is_async", True) for node in walk(function))


def _parsed(text: str) -> _Function | None:
    try:
        body = ast.parse(textwrap.dedent(text)).body
    except SyntaxError:
        return None
    return next((node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))), None)


def _held(function: _Function) -> Iterator[str]:
    """Yield the names of what a function holds in a `with`."""
    for node in walk(function):
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                held = item.context_expr.func if isinstance(item.context_expr, ast.Call) else item.context_expr
                yield terminal_name(held)
