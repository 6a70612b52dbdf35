"""Resilience guards: which retries, circuit breakers and bulkheads stand around a call."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import lookup, resilience
from flake8_scalability.catalog.rows import Guard, GuardKind, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver, Value
from flake8_scalability.model.resilience import retries
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What a project's own decorators and wrappers are called when they do a guard's work.
_RETRY_WORDS = ("retry", "retries", "retrying", "backoff", "resilien", "tenacity")
_BREAKER_WORDS = ("circuit", "breaker", "bulkhead")
#: Where a constructor of a client takes what makes it try again, whatever the library.
_RETRYING_ARGUMENTS = ("transport", "retries", "retry", "max_retries", "retry_options", "retry_config", "retry_policy")
#: Methods with which a task asks its queue for another try.
_TASK_RETRIES = ("retry", "retry_task", "defer_retry")
#: Methods that put a task into a queue.
_LATER = ("delay", "apply_async", "send", "send_with_options", "schedule", "enqueue", "kiq", "defer", "defer_async")
MAX_STEPS = 4


class Found(NamedTuple):
    """A guard in the file: the expression that names it, the call that configures it, and its row where it has one."""

    node: ast.expr
    kind: GuardKind
    scope: Scope
    call: ast.Call | None = None
    row: Guard | None = None
    path: str = ""


def identify(node: ast.expr, scope: Scope, resolver: Resolver) -> Found | None:
    """Return the guard that an expression names or calls; None where it is none.

    What the catalogue does not know is judged by its name, so that a project's own decorators count.
    """
    found = known(node, scope, resolver)
    if found is not None:
        return found
    function = node.func if isinstance(node, ast.Call) else node
    call = node if isinstance(node, ast.Call) else None
    names = {terminal_name(function).lower()}
    if isinstance(function, ast.Attribute):
        names.add(terminal_name(function.value).lower())
    if any(word in name for word in _BREAKER_WORDS for name in names):
        return Found(node, GuardKind.BREAKER, scope, call)
    if any(word in name for word in _RETRY_WORDS for name in names):
        return Found(node, GuardKind.RETRY, scope, call)
    return None


def known(node: ast.expr, scope: Scope, resolver: Resolver) -> Found | None:
    """Return the guard of the catalogue that an expression names or calls; None where it is none, or not one here."""
    function = node.func if isinstance(node, ast.Call) else node
    own = node if isinstance(node, ast.Call) else None
    for value in resolver.values(function, scope):
        row = lookup.guard(value.path)
        if row is None:
            continue
        call, home = _configuring(own, scope, value)
        needed = _needed().get(value.path, ())
        if needed and not any(_is_given(call, home, name) for name in needed):
            return None
        return Found(node, row.kind, home, call, row, value.path)
    return None


def _configuring(own: ast.Call | None, scope: Scope, value: Value) -> tuple[ast.Call | None, Scope]:
    """Return the call in which a guard's options stand: for an object that a name holds, the one that made it."""
    if value.path.endswith("()") or own is None:
        return value.call, value.scope or scope
    return own, scope


def _is_given(call: ast.Call | None, scope: Scope, name: str) -> bool:
    return call is not None and arguments.find(call, scope, name).given is not Given.ABSENT


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
        yield from on_function(site.function, site.source)


def on_function(function: Scope, source: SourceFile) -> Iterator[Found]:
    """Yield the guards that decorate a function, or are keywords of its task decorator (Celery's `autoretry_for`)."""
    outside = function.parent or function
    for decorator in function.decorators:
        found = identify(decorator, outside, source.resolver)
        if found is not None:
            yield found
        elif isinstance(decorator, ast.Call) and any(
            keyword.arg in ("autoretry_for", "retry_backoff", "retry") for keyword in decorator.keywords
        ):
            yield Found(decorator, GuardKind.RETRY, outside, decorator)
        elif _tries_again_itself(decorator, outside, source):
            yield Found(decorator, GuardKind.RETRY, outside)


def _tries_again_itself(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a decorator or wrapper of this file holds a retry loop or a guard of its own."""
    function = node.func if isinstance(node, ast.Call) else node
    targets = [value.target for value in source.resolver.values(function, scope) if value.target is not None]
    scopes = [inner for target in targets if target.is_function for inner in target.walk()]
    return any(
        isinstance(loop, retries.LOOPS) and retries.read(loop, source.parents(inner)) is not None
        for inner in scopes
        for loop in inner.of(*retries.LOOPS)
    )


def is_guarded(site: CallSite, kinds: tuple[GuardKind, ...], steps: int = 0) -> bool:
    """Whether guards of these kinds protect a call: around it, in its client, or around every caller in the file."""
    if any(found.kind in kinds for found in around(site)):
        return True
    if GuardKind.RETRY in kinds and (_client_retries(site) or _loop_retries(site) or _task_retries(site)):
        return True
    if site.function is None or steps >= MAX_STEPS:
        return False
    if GuardKind.BREAKER in kinds and _keeps_a_breaker(site.function):
        return True
    edges = site.source.graph.into.get(site.function, ())
    if GuardKind.RETRY in kinds and (_says_it_retries(site.function) or _calls_itself(site.function, edges)):
        return True
    return bool(edges) and all(_edge_is_guarded(edge, site.source, kinds, steps) for edge in edges)


def _keeps_a_breaker(function: Scope) -> bool:
    """Whether a function works a breaker by hand: asks whether that is open, and records what becomes of a call."""
    called = {terminal_name(node.func) for node in function.of(ast.Call) if isinstance(node, ast.Call)}
    return bool(called & resilience.BREAKER_RECORDS) and bool(called & resilience.BREAKER_QUESTIONS)


def _says_it_retries(function: Scope) -> bool:
    """Whether a function's name or parameters say that it is tried again: `deliver(hook, attempt=0)`."""
    named = any(word in function.name.lower() for word in _RETRY_WORDS)
    return named or any(retries.TRYING.search(name) for name in function.parameters)


def _calls_itself(function: Scope, edges: Iterable[Edge]) -> bool:
    """Whether a function runs itself again with what it learned, at once or through a queue: `deliver.delay(hook)`."""
    if any(edge.caller.function is function and not edge.handed for edge in edges):
        return True
    calls = (
        node.func for scope in function.walk_same_call() for node in scope.of(ast.Call) if isinstance(node, ast.Call)
    )
    return any(
        isinstance(callee, ast.Attribute) and callee.attr in _LATER and terminal_name(callee.value) == function.name
        for callee in calls
    )


def _edge_is_guarded(edge: Edge, source: SourceFile, kinds: tuple[GuardKind, ...], steps: int) -> bool:
    """Whether a call of the function, or the call that it is handed to, stands under a guard."""
    if edge.handed:
        found = identify(edge.node.func, edge.caller, source.resolver)
        if found is not None and found.kind in kinds:
            return True
        if _tries_again_itself(edge.node.func, edge.caller, source):
            return True
    return is_guarded(CallSite(edge.node, edge.caller, source), kinds, steps + 1)


def _client_retries(site: CallSite) -> bool:
    """Whether the library retries by itself: by default, by an argument, or through a mounted adapter or transport."""
    row = site.api
    if row is not None and row.retried:
        return True
    names = row.retries if row is not None else ()
    if any(site.argument(name).given is not Given.ABSENT for name in names):
        return True
    if _is_derived(site.node.func):
        return True
    for value in site.values:
        receiver = value.receiver
        while receiver is not None:
            call, scope = receiver.call, receiver.scope or site.scope
            if call is not None and any(_turns_on(call, scope, name) for name in (*names, *_RETRYING_ARGUMENTS)):
                return True
            receiver = receiver.receiver
    return _mounts_retries(site)


def _is_derived(function: ast.expr) -> bool:
    """Whether the called method belongs to a client derived for this call: `model.with_retry().invoke`."""
    node: ast.AST = function
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Call) and any(word in terminal_name(node.func).lower() for word in _RETRY_WORDS):
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def _turns_on(call: ast.Call, scope: Scope, name: str) -> bool:
    """Whether an argument is given, or may be, and does not turn retries off."""
    given = arguments.find(call, scope, name)
    literal = arguments.constant(given.value, given.scope) if given.given is Given.PRESENT else None
    return given.given is not Given.ABSENT and (literal is None or bool(literal.value))


def _mounts_retries(site: CallSite) -> bool:
    """Whether the file mounts a retrying adapter on a session of the receiver's kind: that is how requests retries."""
    paths = {value.receiver.path for value in site.values if value.receiver is not None}
    if not paths:
        return False
    return any(
        isinstance(function, ast.Attribute)
        and bool(site.source.resolver.paths(function.value, scope) & paths)
        and _may_retry(adapter, scope, site.source.resolver)
        for function, adapter, scope in _mounts(site.source)
    )


def _mounts(source: SourceFile) -> Iterator[tuple[ast.expr, ast.expr, Scope]]:
    """Yield the callee and the adapter of each `session.mount(prefix, adapter)`."""
    for node, scope in source.calls_by_name.get("mount", ()):
        if len(node.args) > 1:
            yield node.func, node.args[1], scope


def _may_retry(adapter: ast.expr, scope: Scope, resolver: Resolver) -> bool:
    """Whether a mounted adapter may try again: one made without `max_retries`, the library's own, does not."""
    values = resolver.values(adapter, scope)
    return not values or any(
        value.target is not None
        or value.call is None
        or value.path != "requests.adapters.HTTPAdapter()"
        or _turns_on(value.call, value.scope or scope, "max_retries")
        for value in values
    )


def _loop_retries(site: CallSite) -> bool:
    """Whether a hand-written loop around the call tries again, or tries an alternative, however well it waits."""
    for child, parent in site.ancestors():
        if isinstance(parent, retries.LOOPS) and (child in parent.body or child is getattr(parent, "test", None)):
            if retries.is_counted(parent) or retries.read(parent, site.parents) is not None:
                return True
            if isinstance(parent, (ast.For, ast.AsyncFor)) and retries.falls_back(parent, site.parents):
                return True
    return False


def _task_retries(site: CallSite) -> bool:
    """Whether the function is a task that asks its queue for another try: `self.retry(...)`, `raise Retry`."""
    if site.function is None:
        return False
    for scope in site.function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            name = terminal_name(node.func)
            if name == "Retry" or (name in _TASK_RETRIES and isinstance(node.func, ast.Attribute)):
                return True
    return False


@cache
def _needed() -> dict[str, tuple[str, ...]]:
    return {path: names for paths, names in resilience.NEEDED.items() for path in expand(paths)}
