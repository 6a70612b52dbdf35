"""Whether the function that starts a piece of work waits for it.

It does where it joins, awaits, cancels or reads the work, where it leaves a `with` that does, or where the two speak
with each other through a queue or an event.  What is handed on to others is unknown, and counts as waited for.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background
from flake8_scalability.catalog.background import Runner
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.loops import sleeps_in
from flake8_scalability.model.language.names import bare, dotted, names_in, outwards, root_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import blocking
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.stateless.background import Started

#: Methods that keep an object in their receiver.
_KEEPING = frozenset({"append", "add", "appendleft", "insert", "extend", "put", "put_nowait", "setdefault", "update"})
#: Calls that look at what they are given, and do nothing with it.
_LOOKING = frozenset({
    "print", "isinstance", "id", "str", "repr", "len", "debug", "info", "warning", "error", "exception", "hasattr",
    "getattr", "setattr", "log", "format", "bool", "type",
})  # fmt: skip
_HARMLESS = _KEEPING | _LOOKING | {"remove", "discard", "list", "tuple", "set", "add_done_callback"}


def is_waited_for(start: Started) -> bool:
    """Whether somebody in the function waits for the work, ends it, reads from it, or takes it over."""
    if start.row.runner is Runner.AFTER_ANSWER:
        return False
    if start.row.runner is Runner.GROUP or start.retention is None:
        return True
    return (
        blocking.is_waited_for(CallSite(start.site.node, start.site.scope, start.site.source))
        or _is_used_at_once(start)
        or _is_bracketed(start)
        or any(_waits(start, node) for node in walk(start.root))
        or _speaks_with_starter(start)
        or _signals_starter(start)
        or _answers_elsewhere(start)
        or _is_polled(start)
        or _asks_next_time(start)
    )


def _is_used_at_once(start: Started) -> bool:
    """Whether the work is waited for, given back or handed on in the expression that starts it."""
    for child, parent in start.site.ancestors():
        if isinstance(parent, ast.Attribute):
            if parent.attr in background.WAITING_METHODS | background.WAITING_ATTRIBUTES:
                return True
        elif isinstance(parent, (ast.Yield, ast.YieldFrom, ast.Return, ast.Lambda, ast.keyword)):
            return True
        elif isinstance(parent, ast.Call) and child is not parent.func:
            if _is_of_caller(parent.func, start):
                return True
            return terminal_name(parent.func) not in _KEEPING | _LOOKING
        elif isinstance(parent, ast.stmt):
            break
    return False


def _is_of_caller(function: ast.expr, start: Started) -> bool:
    """Whether a method belongs to what the caller has given: a set into which the work is put for him."""
    owner = function.value if isinstance(function, ast.Attribute) else None
    scope = start.site.function
    return isinstance(owner, ast.Name) and scope is not None and owner.id in scope.parameters and owner.id != "self"


def _is_bracketed(start: Started) -> bool:
    """Whether the work, or the executor that runs it, belongs to a `with` that waits at its end."""
    if any(isinstance(parent, ast.withitem) for _, parent in start.site.ancestors()):
        return True
    if start.row.runner is not Runner.EXECUTOR or not isinstance(start.site.node.func, ast.Attribute):
        return False
    receiver = start.site.node.func.value
    if not isinstance(receiver, ast.Name):
        return False
    shuts = any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("shutdown", "join")
        and dotted(node.func.value) == receiver.id
        and not any(k.arg == "wait" and isinstance(k.value, ast.Constant) and not k.value.value for k in node.keywords)
        for node in walk(start.root)
    )
    return shuts or any(
        item.optional_vars is not None and dotted(item.optional_vars) == receiver.id
        for node in walk(start.root)
        if isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items
    )


def _waits(start: Started, node: ast.AST) -> bool:
    """Whether a node of the function waits for the work, or hands it to something that may."""
    if isinstance(node, ast.Await):
        return bool(start.names & names_in(node.value)) and not _is_start(node.value)
    if isinstance(node, (ast.AsyncFor, ast.AsyncWith)):
        held = [node.iter] if isinstance(node, ast.AsyncFor) else [item.context_expr for item in node.items]
        return any(start.names & names_in(part) for part in held)
    if isinstance(node, ast.Attribute):
        used = background.WAITING_METHODS | background.WAITING_ATTRIBUTES
        return node.attr in used and root_name(node.value) in start.names
    if isinstance(node, ast.Call):
        given = {name for argument in node.args for name in bare(argument)}
        name = terminal_name(node.func)
        if not given & start.names:
            return False
        return name in background.WAITING_CALLS or name not in _HARMLESS | background.start_names()
    return False


def _is_polled(start: Started) -> bool:
    """Whether the starter, later on, sleeps in a loop until something is there."""
    line = start.site.node.lineno
    return any(
        isinstance(node, (ast.While, ast.For)) and node.lineno > line and sleeps_in(node)
        for node in walk(start.site.function.node if start.site.function is not None else start.root)
    )


def _asks_next_time(start: Started) -> bool:
    """Whether a function starts the work when it is called first, and asks what became of it when it is called again.

    It knows by a variable of the function around it, and asks an object that the work was given.
    """
    kept = {name for node in walk(start.root) if isinstance(node, ast.Nonlocal) for name in node.names}
    given = names_in(start.site.node)
    for branch in start.site.inside((ast.If,)):
        if isinstance(branch, ast.If) and kept & names_in(branch.test) and start.site.function is not None:
            inside = {id(part) for part in walk(branch)}
            return any(
                id(node) not in inside
                and isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and root_name(node.func.value) in given - {"self", "cls"}
                for node in walk(start.site.function.node)
            )
    return False


def _speaks_with_starter(start: Started) -> bool:
    """Whether the starter takes something out of a queue or event of its own that the work was given."""
    function = start.site.function
    assert function is not None
    inside = {id(part) for target in start.targets for part in walk(target.node)}
    given = names_in(start.site.node)
    for name in set(given):  # `options = dict(…, streamer=streamer)` hands the streamer over as well
        for binding in start.site.scope.bindings.get(name, ()):
            given |= names_in(binding.value) if binding.value is not None else set()
    for target in start.targets:
        given |= names_in(target.node)
    channels = {
        name
        for scope in outwards(function)
        for name in given & scope.bindings.keys()
        for binding in scope.bindings[name]
        if isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) in background.CHANNELS
    }
    return bool(channels) and any(
        id(node) not in inside
        and (
            (
                isinstance(node, ast.Attribute)
                and node.attr in background.RECEIVING
                and root_name(node.value) in channels
            )
            or (isinstance(node, (ast.Await, ast.YieldFrom)) and root_name(node.value) in channels)
            or (isinstance(node, (ast.AsyncFor, ast.For)) and root_name(node.iter) in channels)
        )
        for node in walk(start.root)
    )


def _signals_starter(start: Started) -> bool:
    """Whether the starter waits for an event of its object which the work sets: `self.ready.wait()`."""
    signalled = {
        dotted(node.func.value)
        for target in start.targets
        for node in walk(target.node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("set", "notify")
    } - {""}
    return bool(signalled) and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "wait"
        and dotted(node.func.value) in signalled
        for node in walk(start.root)
    )


def _answers_elsewhere(start: Started) -> bool:
    """Whether the work answers through what others wait on: a future of the object, a queue that the caller gave."""
    function = start.site.function
    owner = function.owner if function is not None else None
    if function is None:
        return False
    attributes = {
        part.attr
        for argument in (*start.site.node.args, *(keyword.value for keyword in start.site.node.keywords))
        for part in walk(argument)
        if isinstance(part, ast.Attribute) and root_name(part) == "self"
    }
    bound = start.site.source.resolver.class_bindings(owner) if owner is not None and attributes else {}
    if any(_makes_channel(binding.value) for name in attributes for binding in bound.get(name, ())):
        return True
    given = {name for scope in outwards(function) for name in scope.parameters}
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("put", "put_nowait", "set_result", "send")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in given - set(target.parameters)
        for target in start.targets
        for node in walk(target.node)
    )


def _makes_channel(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and terminal_name(value.func) in background.CHANNELS


def _is_start(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and terminal_name(node.func) in background.start_names()
