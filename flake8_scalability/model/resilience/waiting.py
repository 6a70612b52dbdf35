"""Calls that could wait and do not: `block=False`, what is known to be done, a socket within this machine."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import lookup, timeouts
from flake8_scalability.catalog.rows import Deadline, System
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience.bounds import receivers
from flake8_scalability.model.sites import CallSite, spelled


def returns_at_once(site: CallSite) -> bool:
    """Whether a catalogued call that can wait does not: `get(block=False)`, `put` into a queue without a bound."""
    deadline = site.api.deadline if site.api is not None else None
    return deadline is not None and not waits(site, deadline)


def waits(site: CallSite, deadline: Deadline) -> bool:
    """Whether a call that can wait does, as it is written and where it stands."""
    if deadline.blocking and _does_not_block(site, deadline):
        return False
    if any(site.argument(name).given is Given.PRESENT for name in timeouts.NOT_WAITING):
        return False
    if deadline.connects_with and site.argument(deadline.connects_with, 0).given is Given.ABSENT:
        return False
    if deadline.only_beside and not site.source.calls_by_name.keys() & set(deadline.only_beside):
        return False
    limit = lookup.waits_only_if(site.values[0].path)
    if limit and not _client_has(site, limit):
        return False
    return not (_killed_before(site) or _known_to_be_done(site) or _stays_here(site))


def _does_not_block(site: CallSite, deadline: Deadline) -> bool:
    """Whether `block=False` or its like makes the call return at once, or may."""
    given = site.argument(deadline.blocking, deadline.blocking_position)
    if given.given is Given.UNKNOWN:
        return True
    literal = arguments.constant(given.value, given.scope)
    return given.given is Given.PRESENT and (literal is None or not literal.value)


def _client_has(site: CallSite, name: str) -> bool:
    """Whether the receiver's constructor was certainly given a first argument `name`, other than 0."""
    for receiver in receivers(site):
        if receiver.call is None or receiver.scope is None:
            return False
        given = arguments.find(receiver.call, receiver.scope, name, 0)
        literal = arguments.constant(given.value, given.scope)
        if given.given is not Given.PRESENT or (literal is not None and not literal.value):
            return False
    return bool(receivers(site))


def _stays_here(site: CallSite) -> bool:
    """Whether a socket connects within this machine, or to nobody: by its family, or by its kind."""
    for receiver in receivers(site):
        if receiver.call is None or receiver.scope is None:
            continue
        given = [*receiver.call.args[:2], *(keyword.value for keyword in receiver.call.keywords)]
        paths = {path for value in given for path in site.source.resolver.paths(value, receiver.scope)}
        if paths & (timeouts.LOCAL_FAMILIES | timeouts.CONNECTIONLESS):
            return True
    return False


def _killed_before(site: CallSite) -> bool:
    """Whether what stands before the call in its block kills the process that it waits for."""
    if site.api is None or site.api.system is not System.PROCESS or not receivers(site):
        return False
    for field in ("body", "orelse", "finalbody"):
        block = getattr(site.parents.get(site.statement), field, ())
        before = block[: block.index(site.statement)] if site.statement in block else ()
        for statement in before:
            if any(isinstance(n, ast.Call) and terminal_name(n.func) in timeouts.ENDS_NOW for n in walk(statement)):
                return True
    return False


def _known_to_be_done(site: CallSite) -> bool:
    """Whether the object was waited for before, or is asked whether it is done: `wait([x])`, `if x.done():`."""
    asking = timeouts.ASKS_DONE | timeouts.WAITS_FOR_ALL | timeouts.CALLS_BACK
    if not isinstance(site.node.func, ast.Attribute) or asking.isdisjoint(site.source.calls_by_name):
        return False
    if not receivers(site):
        return False
    name = spelled(site.node.func.value)
    if _is_called_back(site, name):
        return True
    for node in site.scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        if node is site.node or node.lineno > site.node.lineno:
            continue
        verb = terminal_name(node.func)
        if verb in timeouts.ASKS_DONE and isinstance(node.func, ast.Attribute) and spelled(node.func.value) == name:
            return True
        if verb in timeouts.WAITS_FOR_ALL and any(_names(argument, name) for argument in node.args[:1]):
            return True
    return False


def _is_called_back(site: CallSite, name: str) -> bool:
    """Whether the function gets the object because that is done: `future.add_done_callback(on_done)`."""
    function = site.function
    if function is None or name not in function.parameters:
        return False
    calls = (node for each in timeouts.CALLS_BACK for node, _ in site.source.calls_by_name.get(each, ()))
    return any(terminal_name(given) == function.name for node in calls for given in node.args)


def _names(node: ast.expr, name: str) -> bool:
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else [node]
    return any(spelled(part) == name for part in parts)
