"""Resilience guards: which retries and circuit breakers stand around a call, and how good a retry is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, Optional

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog.rows import Guard, GuardKind
from flake8_scalability.model import arguments, loops
from flake8_scalability.model.arguments import Given
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.loops import LoopKind
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.values import Resolver

#: What a project's own decorators and wrappers are called when they do a guard's work.
_RETRY_WORDS = ("retry", "retries", "retrying", "backoff", "resilien", "tenacity")
_BREAKER_WORDS = ("circuit", "breaker", "fuse", "bulkhead")
MAX_STEPS = 4


class Found(NamedTuple):
    """A guard in the file: the expression that names it, the call that configures it, and its row where it has one."""

    node: ast.expr
    kind: GuardKind
    scope: Scope
    call: ast.Call | None = None
    row: Guard | None = None


def identify(node: ast.expr, scope: Scope, resolver: Resolver) -> Found | None:
    """Return the guard that an expression names or calls; None where it is none.

    What the catalogue does not know is judged by its name, so that a project's own decorators count.
    """
    function = node.func if isinstance(node, ast.Call) else node
    call = node if isinstance(node, ast.Call) else None
    values = resolver.values(function, scope)
    for value in values:
        row = lookup.guard(value.path)
        if row is not None:
            return Found(node, row.kind, scope, call or value.call, row)
    name = terminal_name(function).lower()
    if any(word in name for word in _BREAKER_WORDS):
        return Found(node, GuardKind.BREAKER, scope, call)
    if any(word in name for word in _RETRY_WORDS):
        return Found(node, GuardKind.RETRY, scope, call)
    return None


def around(site: CallSite) -> Iterator[Found]:
    """Yield the guards around a call inside its function: wrappers, `with` blocks, retrying loops and decorators."""
    resolver = site.source.resolver
    for child, parent in site.ancestors():
        found = None
        if isinstance(parent, ast.Call) and child is not parent.func:
            found = identify(parent.func, site.scope, resolver)
        elif isinstance(parent, (ast.For, ast.AsyncFor)) and child in parent.body:
            found = identify(parent.iter, site.scope, resolver)
        if found is not None:
            yield found
        if isinstance(parent, (ast.With, ast.AsyncWith)) and child in parent.body:
            for item in parent.items:
                found = identify(item.context_expr, site.scope, resolver)
                if found is not None:
                    yield found
    if site.function is not None:
        yield from on_function(site.function, site)


def on_function(function: Scope, site: CallSite) -> Iterator[Found]:
    """Yield the guards that decorate a function, or are keywords of its task decorator (Celery's `autoretry_for`)."""
    outside = function.parent or function
    for decorator in function.decorators:
        found = identify(decorator, outside, site.source.resolver)
        if found is not None:
            yield found
        elif isinstance(decorator, ast.Call) and any(
            keyword.arg in ("autoretry_for", "max_retries", "retry_backoff", "retry") for keyword in decorator.keywords
        ):
            yield Found(decorator, GuardKind.RETRY, outside, decorator)


def is_guarded(site: CallSite, kinds: tuple[GuardKind, ...], steps: int = 0) -> bool:
    """Whether guards of these kinds protect a call: around it, in its client, or around every caller in the file."""
    if any(found.kind in kinds for found in around(site)):
        return True
    if GuardKind.RETRY in kinds and (_client_retries(site) or _loop_retries(site) or _task_retries(site)):
        return True
    if site.function is None or steps >= MAX_STEPS:
        return False
    edges = site.source.graph.into.get(site.function, ())
    return bool(edges) and all(
        (edge.handed and _is_wrapper(edge.node, edge.caller, site, kinds))
        or (not edge.handed and is_guarded(CallSite(edge.node, edge.caller, site.source), kinds, steps + 1))
        for edge in edges
    )


def _is_wrapper(node: ast.Call, scope: Scope, site: CallSite, kinds: tuple[GuardKind, ...]) -> bool:
    found = identify(node.func, scope, site.source.resolver)
    return found is not None and found.kind in kinds


def _client_retries(site: CallSite) -> bool:
    """Whether the library retries by itself: by default, by an argument, or through a mounted adapter or transport."""
    row = site.api
    if row is None:
        return False
    if row.retried:
        return True
    if any(site.argument(name).given is not Given.ABSENT for name in row.retries):
        return True
    receiver = site.receiver
    while receiver is not None:
        if receiver.call is not None and receiver.scope is not None:
            given = [
                arguments.find(receiver.call, receiver.scope, name) for name in (*row.retries, "transport", "retries")
            ]
            if any(argument.given is not Given.ABSENT for argument in given):
                return True
        receiver = receiver.receiver
    return _mounts_retries(site)


def _mounts_retries(site: CallSite) -> bool:
    """Whether the file mounts an adapter on a session of the receiver's kind: that is how requests learns to retry."""
    receiver = site.receiver
    if receiver is None:
        return False
    for scope in site.source.scopes:
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr == "mount":
                if any(value.path == receiver.path for value in site.source.resolver.values(function.value, scope)):
                    return True
    return False


def _loop_retries(site: CallSite) -> bool:
    """Whether a hand-written loop around the call tries again with waits that grow."""
    loop = loops.enclosing(site)
    return loop is not None and loop.kind is LoopKind.RETRY and grows(loop.node)


def _task_retries(site: CallSite) -> bool:
    """Whether the function is a task that asks its queue for another try: `self.retry(...)`, `raise Retry`."""
    if site.function is None:
        return False
    for scope in site.function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if terminal_name(node.func).lower() in ("retry", "retry_task") and isinstance(node.func, ast.Attribute):
                return True
    return False


def grows(loop: ast.AST) -> bool:
    """Whether the sleep in a retry loop depends on the try: an expression of a name that changes, not a constant."""
    changing = _changing_names(loop)
    for node in ast.walk(loop):
        if isinstance(node, ast.Call) and terminal_name(node.func) in ("sleep", "wait") and node.args:
            names = {part.id for part in ast.walk(node.args[0]) if isinstance(part, ast.Name)}
            called = any(isinstance(part, ast.Call) for part in ast.walk(node.args[0]))
            if names & changing or called:
                return True
    return False


def _changing_names(loop: ast.AST) -> set[str]:
    """Return the names that a loop binds: its target, and what its body assigns."""
    names = set()
    for node in ast.walk(loop):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names
