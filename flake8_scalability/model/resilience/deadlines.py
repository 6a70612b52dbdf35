"""Deadlines: can a call wait for ever?"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import lookup, timeouts
from flake8_scalability.catalog.rows import Deadline, GuardKind, System
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import ABSENT, UNKNOWN, Argument, Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Value
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite, spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 4


class Lack(enum.Enum):
    """Why a call may wait for ever: nobody gave it a bound, or somebody turned the library's own one off."""

    NOT_GIVEN = "not given"
    TURNED_OFF = "turned off"


def waits_for_ever(site: CallSite) -> bool:
    """Whether nothing in sight bounds how long a catalogued call waits (see `lack_of_bound`)."""
    return lack_of_bound(site) is not None


def lack_of_bound(site: CallSite) -> Lack | None:
    """Return why a catalogued call may wait for ever; None where it has a bound, may have one, or does not wait.

    A bound counts on the call, on the constructor of its receiver, as a default of a session class of the file, set
    on the receiver afterwards, by a deadline around the call or its callers, or for the whole process.
    """
    row = site.api
    if row is None or row.deadline is None:
        return None
    deadline = row.deadline
    given = _own(site, deadline)
    if given.given is Given.ABSENT:
        given = _of_client(site, deadline)
    if given.given is Given.UNKNOWN or (given.given is Given.PRESENT and not _is_nothing(given)):
        return None
    if given.given is Given.ABSENT and deadline.sane:
        return None
    if given.given is Given.PRESENT and _chose_another(site):
        return None
    if not _waits(site, deadline) or _set_elsewhere(site, deadline) or _under_deadline(site):
        return None
    return Lack.TURNED_OFF if deadline.sane else Lack.NOT_GIVEN


# On the call and on the constructor of its client


def _own(site: CallSite, deadline: Deadline) -> Argument:
    return _given(site.node, site.scope, deadline, deadline.keywords, deadline.position, site.values[0].partials)


def _given(
    call: ast.Call,
    scope: Scope,
    deadline: Deadline,
    names: tuple[str, ...],
    position: int | None,
    partials: tuple[arguments.Partial, ...],
) -> Argument:
    """Return the argument of a call that bounds it: one that is not None before one that is."""
    nothing = ABSENT
    for number, name in enumerate(names):
        found = arguments.find(call, scope, name, position if number == 0 else None, partials)
        if found.given is Given.UNKNOWN or (found.given is Given.PRESENT and not _is_nothing(found)):
            return found
        if found.given is Given.PRESENT:
            nothing = found
    if nothing.given is Given.PRESENT:
        return nothing
    for name in deadline.nested:
        place = deadline.nested_position if name == deadline.nested[0] else None
        holder = arguments.find(call, scope, name, place, partials)
        if holder.given is not Given.ABSENT and not _lacks(holder, names):
            return UNKNOWN
    return ABSENT


def _lacks(holder: Argument, names: tuple[str, ...]) -> bool:
    """Whether a nested argument certainly holds none of these: None, a text that names none, a mapping without them."""
    literal = arguments.constant(holder.value, holder.scope)
    if literal is not None:
        return literal.value is None or (
            isinstance(literal.value, str) and not any(name in literal.value for name in names)
        )
    if isinstance(holder.value, ast.JoinedStr):
        text = "".join(str(part.value) for part in holder.value.values if isinstance(part, ast.Constant))
        return not any(name in text for name in names) and not _ends_open(holder.value)
    if holder.value is None or holder.scope is None:
        return False
    return all(arguments.in_mapping(holder.value, holder.scope, name).given is Given.ABSENT for name in names)


def _ends_open(text: ast.JoinedStr) -> bool:
    """Whether an f-string ends with a part that is not in sight, where the options of a URL would stand."""
    return bool(text.values) and isinstance(text.values[-1], ast.FormattedValue)


def receivers(site: CallSite) -> list[Value]:
    """Return what the called method may have been read from; what is only annotated gives way to what is made."""
    found = [value.receiver for value in site.values if value.receiver is not None]
    return [receiver for receiver in found if receiver.call is not None] or found


def _of_client(site: CallSite, deadline: Deadline) -> Argument:
    """Return the bound that a call has from the object it is a method of; one alternative that has it is enough."""
    nothing = ABSENT
    for receiver in receivers(site):
        found = UNKNOWN if _overrides_sending(receiver, site, deadline) else _of_receiver(receiver, deadline)
        if found.given is Given.UNKNOWN or (found.given is Given.PRESENT and not _is_nothing(found)):
            return found
        nothing = found
    return nothing


def _of_receiver(receiver: Value | None, deadline: Deadline) -> Argument:
    while receiver is not None and deadline.client:
        if receiver.call is not None and receiver.scope is not None:
            if _speaks_for_itself(receiver):
                return ABSENT
            found = _given(receiver.call, receiver.scope, deadline, deadline.client, None, receiver.partials)
            if found.given is not Given.ABSENT:
                return found
        elif receiver.path.endswith(")"):
            # The construction is not in sight (an annotation, another file), so its arguments are not either.
            return ABSENT if deadline.sane else UNKNOWN
        receiver = receiver.receiver
    return ABSENT


def _speaks_for_itself(client: Value) -> bool:
    """Whether the constructor has a deadline of its own: what is wrong there is reported there, once."""
    row = lookup.api(client.path[:-2]) if client.path.endswith("()") else None
    return row is not None and row.deadline is not None and not row.deadline.connects_with


def _overrides_sending(receiver: Value, site: CallSite, deadline: Deadline) -> bool:
    """Whether the receiver's class stands in the file and replaces how its library base sends, so as to bound it."""
    if receiver.target is None or not receiver.target.is_class:
        return False
    own = site.function.name if site.function is not None else ""
    senders = timeouts.SENDERS | {"__init__"} if deadline.client else timeouts.SENDERS
    return any(
        inner.is_function and inner.name in senders and inner.name != own
        for owner in site.source.resolver.ancestry(receiver.target)
        for inner in owner.inner
    )


def _is_nothing(argument: Argument) -> bool:
    """Whether a bound is given as None, or as a tuple of nothing but None."""
    if isinstance(argument.value, ast.Tuple):
        parts = [Argument(Given.PRESENT, part, argument.scope) for part in argument.value.elts]
        return bool(parts) and all(arguments.is_none(part) for part in parts)
    return arguments.is_none(argument)


def _chose_another(site: CallSite) -> bool:
    """Whether the bound is None beside another that is given: a stream may last, but connecting to it may not."""
    return any(
        keyword.arg in timeouts.PARTIAL_BOUNDS
        and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
        for keyword in site.node.keywords
    )


# Calls that do not wait at all


def returns_at_once(site: CallSite) -> bool:
    """Whether a catalogued call that can wait does not: `get(block=False)`, `put` into a queue without a bound."""
    deadline = site.api.deadline if site.api is not None else None
    return deadline is not None and not _waits(site, deadline)


def _waits(site: CallSite, deadline: Deadline) -> bool:
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


# What the file sets apart from the call


class Setting(NamedTuple):
    """A statement that may bound the waits of an object: `x.timeout = 5`, `x.settimeout(5)`, `x.mount(url, adapter)`.

    owner: the object; None for the whole process
    """

    owner: ast.expr | None
    name: str
    scope: Scope
    given: ast.expr | None
    call: ast.Call | None = None


def settings_in(source: SourceFile) -> Iterator[Setting]:
    """Yield the statements of a file that may bound the waits of an object or of the process."""
    for scope in source.scopes:
        for node in scope.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            for target in node.targets:
                if isinstance(target, ast.Attribute):
                    yield Setting(target.value, target.attr, scope, node.value)
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            name = terminal_name(node.func)
            if name == timeouts.PROCESS_SETTER:
                yield Setting(None, name, scope, node.args[0] if node.args else None)
            elif name in timeouts.SETTERS and isinstance(node.func, ast.Attribute):
                number = timeouts.SETTERS[name]
                yield Setting(
                    node.func.value, name, scope, node.args[number] if len(node.args) > number else None, node
                )


def _set_elsewhere(site: CallSite, deadline: Deadline) -> bool:
    """Whether the file bounds the waits of the call's receiver, of the object it makes, or of the whole process."""
    obeys = any(path.partition(".")[0] in timeouts.OBEY_PROCESS_SETTER for path in site.paths)
    for setting in site.source.timeout_settings:
        if setting.owner is None:
            if obeys and not _is_none(setting):
                return True
        elif _counts(setting, site, deadline) and not _is_none(setting) and _concerns(setting, site):
            return True
    return False


def _is_none(setting: Setting) -> bool:
    return isinstance(setting.given, ast.Constant) and setting.given.value is None


def _counts(setting: Setting, site: CallSite, deadline: Deadline) -> bool:
    """Whether a setting's name can bound this kind of call; a session that takes no timeout holds none either."""
    if setting.call is not None:
        return True
    holds = deadline.client if receivers(site) else deadline.keywords
    return setting.name in holds or setting.name in timeouts.SENDERS or setting.name == terminal_name(site.node.func)


def _concerns(setting: Setting, site: CallSite) -> bool:
    """Whether the object that is set is the receiver of the call, its class or module, or what the call makes."""
    assert setting.owner is not None
    known = receivers(site)
    made = lookup.returned(site.values[0].path)
    for value in site.source.resolver.values(setting.owner, setting.scope):
        if value.call is site.node or (not known and value.path == made and value.call is None):
            return True
        if f"{value.path}.{setting.name}" in site.paths:
            return setting.name != "mount" or _adapter_may_time_out(setting, site)
        for receiver in known:
            if value.path + "()" == receiver.path or _may_be_same(value, receiver):
                return setting.name != "mount" or _adapter_may_time_out(setting, site)
    return False


def _may_be_same(value: Value, receiver: Value) -> bool:
    if value.path != receiver.path:
        return False
    return receiver.call is None or value.call is None or value.call is receiver.call


def _adapter_may_time_out(setting: Setting, site: CallSite) -> bool:
    """A mounted adapter bounds the wait unless it is one of a library that has no timeout."""
    values = site.source.resolver.values(setting.given, setting.scope) if setting.given is not None else ()
    return not values or any(
        value.target is not None or value.path not in timeouts.ADAPTERS_WITHOUT_TIMEOUT for value in values
    )


# Deadlines around the call


def _under_deadline(site: CallSite, steps: int = 0) -> bool:
    """Whether a time limit stands around the call: in its function, on it, or around every call of it in the file."""
    if site.guarded_by(GuardKind.DEADLINE) or _under_alarm(site):
        return True
    if site.function is None or steps >= MAX_STEPS:
        return False
    edges = site.source.graph.into.get(site.function, ())
    return bool(edges) and all(
        not edge.handed and _under_deadline(CallSite(edge.node, edge.caller, site.source), steps + 1) for edge in edges
    )


def _under_alarm(site: CallSite) -> bool:
    """Whether the function asks for a signal before the call, which then interrupts the wait."""
    if site.function is None or lookup.alarm_names().isdisjoint(site.source.calls_by_name):
        return False
    for node in site.function.of(ast.Call):
        assert isinstance(node, ast.Call)
        asks = terminal_name(node.func) in lookup.alarm_names() and node.lineno < site.node.lineno
        if asks and site.source.resolver.paths(node.func, site.function) & lookup.alarms():
            return True
    return False
