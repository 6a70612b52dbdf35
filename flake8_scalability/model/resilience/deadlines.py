"""Deadlines: can a call wait for ever?"""

from __future__ import annotations

import ast
import enum

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog.rows import GuardKind
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.resilience.bounds import chose_another, is_nothing, of_call, of_client
from flake8_scalability.model.resilience.timeout_settings import set_elsewhere
from flake8_scalability.model.resilience.waiting import waits
from flake8_scalability.model.sites import CallSite

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
    given = of_call(site, deadline)
    if given.given is Given.ABSENT:
        given = of_client(site, deadline)
    if given.given is Given.UNKNOWN or (given.given is Given.PRESENT and not is_nothing(given)):
        return None
    if given.given is Given.ABSENT and deadline.sane:
        return None
    if given.given is Given.PRESENT and chose_another(site):
        return None
    if not waits(site, deadline) or set_elsewhere(site, deadline) or _under_deadline(site):
        return None
    return Lack.TURNED_OFF if deadline.sane else Lack.NOT_GIVEN


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
