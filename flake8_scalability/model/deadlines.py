"""Deadlines: can a call wait for ever?"""

from __future__ import annotations

import ast

from flake8_scalability.catalog.rows import Deadline, GuardKind
from flake8_scalability.model import arguments
from flake8_scalability.model.arguments import ABSENT, Argument, Given
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.values import Value


def waits_for_ever(site: CallSite) -> bool:
    """Whether nothing in sight bounds how long a catalogued call waits.

    A bound counts on the call, on the constructor of its receiver, as a default of a session class of the file, set
    on the receiver afterwards, by a deadline around the call, or for the whole process (`setdefaulttimeout`).
    """
    row = site.api
    if row is None or row.deadline is None:
        return False
    deadline = row.deadline
    if deadline.blocking and _does_not_wait(site, deadline):
        return False
    given = bound_of(site, deadline)
    if given.given is Given.UNKNOWN:
        return False
    unbounded = arguments.is_none(given) if given.given is Given.PRESENT else not deadline.sane
    if not unbounded:
        return False
    return not (site.guarded_by(GuardKind.DEADLINE) or _set_afterwards(site, deadline) or _set_for_process(site))


def bound_of(site: CallSite, deadline: Deadline) -> Argument:
    """Return the argument that bounds a call: its own, else that of the constructor its receiver came from."""
    own = _first(site.node, site.scope, deadline, site.values[0])
    if own.given is not Given.ABSENT or not deadline.client:
        return own if own.given is not Given.ABSENT else _of_subclass(site, own)
    receiver = site.receiver
    found = ABSENT
    while receiver is not None:
        if receiver.call is not None and receiver.scope is not None:
            for name in deadline.client:
                found = arguments.find(receiver.call, receiver.scope, name)
                if found.given is not Given.ABSENT:
                    return found
        elif receiver.receiver is None and receiver.path:
            # The construction is not in sight (an annotation, another file), so its arguments are not either.
            return arguments.UNKNOWN if not deadline.sane else ABSENT
        receiver = receiver.receiver
    return _of_subclass(site, found)


def _first(call: ast.Call, scope: Scope, deadline: Deadline, value: Value) -> Argument:
    found = ABSENT
    for number, name in enumerate(deadline.keywords):
        position = deadline.position if number == 0 else None
        found = arguments.find(call, scope, name, position, value.partials)
        if found.given is not Given.ABSENT:
            return found
    for name in deadline.nested:
        holder = arguments.find(call, scope, name, None, value.partials)
        if holder.given is Given.PRESENT and holder.value is not None:
            return arguments.UNKNOWN
        if holder.given is Given.UNKNOWN:
            return holder
    return found


def _of_subclass(site: CallSite, found: Argument) -> Argument:
    """A class of the file that overrides how its library base sends may set the bound there."""
    receiver = site.receiver
    if receiver is not None and receiver.target is not None and receiver.target.is_class:
        names = {inner.name for inner in receiver.target.inner if inner.is_function}
        if names & {"request", "send", "open", "urlopen", "_request", "execute", "__init__"} - {
            site.function.name if site.function else ""
        }:
            return arguments.UNKNOWN
    return found


def _does_not_wait(site: CallSite, deadline: Deadline) -> bool:
    """Whether `block=False` or its like makes the call return at once, or may."""
    given = site.argument(deadline.blocking, deadline.blocking_position)
    if given.given is Given.UNKNOWN:
        return True
    literal = arguments.constant(given.value, given.scope)
    return given.given is Given.PRESENT and (literal is None or not literal.value)


def _set_afterwards(site: CallSite, deadline: Deadline) -> bool:
    """Whether the receiver's timeout is set as an attribute, or an adapter that may hold one is mounted on it."""
    receiver = site.receiver
    if receiver is None:
        return False
    names = {*deadline.keywords, *deadline.client}
    for scope in site.source.scopes:
        for node in scope.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            for target in node.targets:
                if isinstance(target, ast.Attribute) and (target.attr in names or target.attr == "request"):
                    if any(value.path == receiver.path for value in site.source.resolver.values(target.value, scope)):
                        return True
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr in ("mount", "settimeout", "set_timeout"):
                same = any(value.path == receiver.path for value in site.source.resolver.values(function.value, scope))
                if same and (function.attr != "mount" or _adapter_may_time_out(node, scope, site)):
                    return True
    return False


def _adapter_may_time_out(node: ast.Call, scope: Scope, site: CallSite) -> bool:
    """A mounted adapter bounds the wait unless it is the library's own `HTTPAdapter`, which has no timeout."""
    adapter = node.args[1] if len(node.args) > 1 else None
    values = site.source.resolver.values(adapter, scope) if adapter is not None else ()
    return not values or any(v.target is not None or v.path != "requests.adapters.HTTPAdapter()" for v in values)


def _set_for_process(site: CallSite) -> bool:
    """Whether the file calls `socket.setdefaulttimeout`, which bounds every blocking socket of the process."""
    for scope in site.source.scopes:
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if isinstance(node.func, ast.Attribute) and node.func.attr == "setdefaulttimeout":
                return bool(site.paths) and not any(path.startswith("requests.") for path in site.paths)
    return False
