"""Bounds that a call or the constructor of its client is given: which of them limits how long it waits."""

from __future__ import annotations

import ast

from flake8_scalability.catalog import lookup, timeouts
from flake8_scalability.catalog.rows import Deadline
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import ABSENT, UNKNOWN, Argument, Given
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Value
from flake8_scalability.model.sites import CallSite


def of_call(site: CallSite, deadline: Deadline) -> Argument:
    """Return the bound that the arguments of the call itself give; absent where they give none."""
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
        if found.given is Given.UNKNOWN or (found.given is Given.PRESENT and not is_nothing(found)):
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


def of_client(site: CallSite, deadline: Deadline) -> Argument:
    """Return the bound that a call has from the object it is a method of; one alternative that has it is enough."""
    nothing = ABSENT
    for receiver in receivers(site):
        found = UNKNOWN if _overrides_sending(receiver, site, deadline) else _of_receiver(receiver, deadline)
        if found.given is Given.UNKNOWN or (found.given is Given.PRESENT and not is_nothing(found)):
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


def is_nothing(argument: Argument) -> bool:
    """Whether a bound is given as None, or as a tuple of nothing but None."""
    if isinstance(argument.value, ast.Tuple):
        parts = [Argument(Given.PRESENT, part, argument.scope) for part in argument.value.elts]
        return bool(parts) and all(arguments.is_none(part) for part in parts)
    return arguments.is_none(argument)


def chose_another(site: CallSite) -> bool:
    """Whether the bound is None beside another that is given: a stream may last, but connecting to it may not."""
    return any(
        keyword.arg in timeouts.PARTIAL_BOUNDS
        and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
        for keyword in site.node.keywords
    )
