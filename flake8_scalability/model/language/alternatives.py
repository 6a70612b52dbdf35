"""What an expression may be: a value with its access path, and how several possibilities are joined."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from flake8_scalability.model.language.scopes import Scope

MAX_ALTERNATIVES = 4


class Value(NamedTuple):
    """One thing that an expression may be.

    path: its access path; "" for what only this file knows
    call: the call that made it, with the scope in which that call stands
    receiver: what the attribute was read from, and for the result of a call the receiver of the called method
    target: the function or class of this file that it is, or, with `instance`, whose instance it is
    partials: calls of `functools.partial` around it with their scopes, outermost first
    """

    path: str
    call: ast.Call | None = None
    scope: Scope | None = None
    receiver: Value | None = None
    target: Scope | None = None
    instance: bool = False
    partials: tuple[tuple[ast.Call, Scope], ...] = ()


UNKNOWN: tuple[Value, ...] = ()
#: Marks what is bound to None: it is no alternative, but it does not make the others unknown either.
NOTHING = (Value("None"),)


def gathered(many: Iterable[tuple[Value, ...]]) -> tuple[Value, ...]:
    """Join alternatives: one unknown makes all unknown, None counts for nothing, too many are unknown."""
    found: list[Value] = []
    nothing = False
    for values in many:
        if values == UNKNOWN:
            return UNKNOWN
        if values == NOTHING:
            nothing = True
            continue
        for value in values:
            if not found or not any(
                value.path == other.path and value.target is other.target and value.call is other.call
                for other in found
            ):
                found.append(value)
                if len(found) > MAX_ALTERNATIVES:
                    return UNKNOWN
    return tuple(found) if found or not nothing else NOTHING
