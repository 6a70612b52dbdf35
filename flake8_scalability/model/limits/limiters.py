"""Limiters: whether a function, or what it calls in its file, waits at a semaphore that lets only so many through."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: How many functions of the file may stand between what is started and the limiter.
MAX_STEPS = 2
_LIMITING = re.compile(
    r"sem(a?phore)?s?$|^_?sem|semaphore|limit|throttl|bulkhead|slots?$|lock$|bounded|concurren", re.IGNORECASE
)


def is_named(name: str) -> bool:
    """Whether a name is that of something that lets only so many through."""
    return _LIMITING.search(name) is not None


def target_is_limited(callee: ast.expr, scope: Scope, source: SourceFile, steps: int) -> bool:
    """Whether a function of the file, or what it calls there, waits at a limiter."""
    for value in source.resolver.values(callee, scope):
        target = value.target
        if target is None or not target.is_function:
            continue
        if limits(target, source) or _decorators_limit(target):
            return True
        if steps < MAX_STEPS:
            for inner in target.walk():
                for edge in source.graph.out_of.get(inner, ()):
                    if not edge.handed and edge.target is not target and _limits_below(edge.target, source, steps + 1):
                        return True
    return False


def _limits_below(function: Scope, source: SourceFile, steps: int) -> bool:
    if limits(function, source) or _decorators_limit(function):
        return True
    return steps < MAX_STEPS and any(
        _limits_below(edge.target, source, steps + 1)
        for inner in function.walk()
        for edge in source.graph.out_of.get(inner, ())
        if not edge.handed and edge.target is not function
    )


def _decorators_limit(function: Scope) -> bool:
    return any(
        _LIMITING.search(terminal_name(node.func if isinstance(node, ast.Call) else node))
        for node in function.decorators
    )


def limits(function: Scope, source: SourceFile) -> bool:
    """Whether a function waits at a semaphore or limiter: in a `with`, or by `acquire`."""
    key = ("limits", function)
    if key not in source.answers:
        source.answers[key] = any(_waits_at_limiter(scope, source) for scope in function.walk())
    return source.answers[key]


def _waits_at_limiter(scope: Scope, source: SourceFile) -> bool:
    for node in scope.of(ast.With, ast.AsyncWith):
        assert isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items:
            held = item.context_expr.func if isinstance(item.context_expr, ast.Call) else item.context_expr
            if _is_limiter(held, scope, source):
                return True
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "acquire"
        and _is_limiter(call.func.value, scope, source)
        for call in scope.of(ast.Call)
    )


def _is_limiter(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is a limiter by what made it or by its name, or an item of a collection of them."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if _LIMITING.search(terminal_name(node)) is not None:
        return True
    return not source.resolver.paths(node, scope).isdisjoint(background.LIMITERS)


def mentions_limit(node: ast.expr) -> bool:
    """Whether what is started is given a limiter, or is called for one: `with_semaphore(...)`."""
    return any(
        _LIMITING.search(part.id if isinstance(part, ast.Name) else part.attr)
        for part in walk(node)
        if isinstance(part, (ast.Name, ast.Attribute))
    )
