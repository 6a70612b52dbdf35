"""Targets: what the functions that are started for each item do, as their names and bodies show."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_ENDING = re.compile(
    r"^_*(a?close|detach|disconnect|stop|cancel|shut_?down|terminate|kill|tear_?down|unsubscribe|clean_?up|dispose|abort|"
    r"leave|unload)(_|$)|_(close|shutdown|disconnect|teardown|cleanup)$",
    re.IGNORECASE,
)
_GOING_ON = re.compile(r"(^|_)(repeat(ed|edly|ing)?|periodic(al|ally)?|poll(s|er|ing)?|for_?ever|every)(_|$)")


def ends_something(node: ast.expr) -> bool:
    """Whether what is run ends what is there already, of which nobody started too many: `client.aclose()`."""
    callee = node.func if isinstance(node, ast.Call) else node
    if _ENDING.search(terminal_name(callee)) is not None:
        return True
    return isinstance(node, ast.Call) and any(ends_something(given) for given in node.args if _is_call(given))


def only_puts(node: ast.expr) -> bool:
    """Whether what is run puts something into a queue, or waits for an event of this process: that is no work."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in ("put", "put_nowait") or (node.func.attr == "wait" and not node.args)


def only_sends(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether all that is awaited are messages over connections of this process, which bound how many there are."""
    while isinstance(node, ast.Call) and terminal_name(node.func) in background.AROUND_COROUTINES and node.args:
        node = node.args[0]
    callee = node.func if isinstance(node, ast.Call) else node
    if terminal_name(callee) in background.CONNECTION_SENDS:
        return True
    targets = [value.target for value in source.resolver.values(callee, scope) if value.target is not None]
    awaited = [part.value for each in targets for part in walk(each.node) if isinstance(part, ast.Await)]
    return bool(awaited) and all(
        isinstance(each, ast.Call) and terminal_name(each.func) in background.CONNECTION_SENDS for each in awaited
    )


def is_abstract(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a function that is called has no body of its own: what it does, others decide."""
    callee = node.func if isinstance(node, ast.Call) else node
    values = source.resolver.values(callee, scope)
    return any(value.target is not None and value.target.is_function and is_empty(value.target) for value in values)


def only_waits_first(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a function that is started sleeps before all else: then it is a timer, and few are due at once."""
    callee = node.func if isinstance(node, ast.Call) else node
    for value in source.resolver.values(callee, scope):
        target = value.target
        if target is None or not target.is_function:
            continue
        first = next((part for part in walk(target.node) if isinstance(part, ast.Await)), None)
        if first is not None and isinstance(first.value, ast.Call) and terminal_name(first.value.func) == "sleep":
            return True
    return False


def goes_on(node: ast.expr, scope: Scope) -> bool:
    """Whether what is started never ends by itself: to let only some of such run would be to forget the others."""
    given = [binding.value for binding in _bindings(node, scope)] or [node]
    return any(isinstance(each, ast.Call) and _GOING_ON.search(terminal_name(each.func)) is not None for each in given)


def _bindings(node: ast.expr, scope: Scope) -> list[Binding]:
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    return home.bindings[node.id] if home is not None and isinstance(node, ast.Name) else []


def is_empty(function: Scope) -> bool:
    """Whether a function does nothing, or says that another has to do it."""
    node = function.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return all(_does_nothing(statement) for statement in node.body)


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Raise) and node.exc is not None:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return terminal_name(raised) == "NotImplementedError"
    if isinstance(node, ast.Return):
        return node.value is None or isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def only_logs(function: Scope) -> bool:
    """Whether all that a function does is to write lines of a log: a placeholder for what it will do one day."""
    calls = [node for node in walk(function.node) if isinstance(node, ast.Call)]
    logged = [node for node in calls if _is_logged(node)]
    inside = {id(part) for node in logged for given in (*node.args, *node.keywords) for part in walk(given)}
    waits = any(isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)) for node in walk(function.node))
    return bool(logged) and not waits and all(node in logged or id(node) in inside for node in calls)


def _is_logged(node: ast.Call) -> bool:
    receiver = terminal_name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    return _LOG.search(receiver) is not None


def _is_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call)


_LOG = re.compile(r"^_*(log|logger|logging)$", re.IGNORECASE)
_ENQUEUEING = re.compile(r"^(put|put_nowait|enqueue\w*|apply_async|delay|send_task|kiq|lpush|rpush|xadd|queue_\w+)$")
_PLAIN = re.compile(
    r"^(len|str|int|list|sorted|range|enumerate|items|keys|values|get|append|add|format|join|debug|info|warning|error|"
    r"exception|print|copy|uuid4|time|isinstance|reversed|dict|set|tuple|\w*queue\w*|[A-Z]\w*)$"
)


def only_enqueues(function: Scope) -> bool:
    """Whether a function does nothing but hand work to a queue, with what it takes to put that together."""
    called = {terminal_name(node.func) for node in walk(function.node) if isinstance(node, ast.Call)}
    return any(map(_ENQUEUEING.search, called)) and all(
        _ENQUEUEING.search(name) or _PLAIN.search(name) for name in called
    )
