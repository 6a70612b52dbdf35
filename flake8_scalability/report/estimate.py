"""The load estimate: the lowest of the ceilings that the findings of a run put on one instance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import NamedTuple

from flake8_scalability.catalog.load import FORMULAS, SOUND, Assumptions, Formula
from flake8_scalability.options import Settings
from flake8_scalability.report.run import Result
from flake8_scalability.rule import Rule

#: How many ceilings are named.
NAMED = 3


class Ceiling(NamedTuple):
    """What the findings of one rule leave of the load: requests per second, by which formula, and the first of them."""

    value: float
    formula: Formula
    rule: type[Rule]
    first: Result


class Estimate(NamedTuple):
    """Requests per second of one instance, and the ceilings below that of a sound request, the lowest first."""

    value: float
    ceilings: Sequence[Ceiling]
    assumptions: Assumptions


def assumptions_of(settings: Settings) -> Assumptions:
    """Return the symbols of the formulas from the options."""
    return Assumptions(
        W=settings.workers,
        T=settings.threads,
        P=settings.pool_size,
        q=settings.query_ms / 1000,
        c=settings.connect_ms / 1000,
        h=settings.remote_ms / 1000,
        s=settings.handshake_ms / 1000,
        u=settings.slow_ms / 1000,
        d=settings.hang_ms / 1000,
        n=settings.items,
        r=settings.rows,
    )


def ceiling_of(rule: type[Rule], assumptions: Assumptions) -> float:
    """Return the load that a rule's findings leave; infinity where they bound none."""
    return FORMULAS[rule.load].ceiling(assumptions) if rule.load else float("inf")


def estimate(findings: Iterable[tuple[type[Rule], Result]], assumptions: Assumptions) -> Estimate:
    """Return the estimate for the findings of a run, each with its rule, in the order of the report."""
    sound = SOUND.ceiling(assumptions)
    ceilings: dict[str, Ceiling] = {}
    for rule, result in findings:
        value = ceiling_of(rule, assumptions)
        if value < sound and rule.code not in ceilings:
            ceilings[rule.code] = Ceiling(value, FORMULAS[rule.load], rule, result)
    lowest = sorted(ceilings.values(), key=lambda ceiling: (ceiling.value, -ceiling.rule.severity, ceiling.rule.code))
    return Estimate(lowest[0].value if lowest else sound, lowest, assumptions)


def rounded(value: float) -> str:
    """Return a rate to two digits, which is more than the model knows: 0.13, 4, 17, 160, 1200."""
    digits = 1 - floor(log10(value))
    number = round(value, digits)
    return f"{number:.{max(digits, 0)}f}".rstrip("0").rstrip(".") if digits > 0 else f"{number:.0f}"


def described(assumptions: Assumptions) -> str:
    """Return the assumptions as one line."""
    a = assumptions
    return ", ".join((
        f"W = {a.W} worker{_s(a.W)}",
        f"T = {a.T} thread{_s(a.T)} each",
        f"P = {a.P} pooled connection{_s(a.P)}",
        f"q = {_time(a.q)} a query",
        f"c = {_time(a.c)} a connection",
        f"h = {_time(a.h)} a remote call",
        f"s = {_time(a.s)} a handshake",
        f"u = {_time(a.u)} a unit of slow work",
        f"d = {_time(a.d)} on a dead peer",
        f"n = {a.n} item{_s(a.n)} in a loop",
        f"r = {a.r:,} row{_s(a.r)}",
    ))  # fmt: skip


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _time(seconds: float) -> str:
    return f"{seconds:g} s" if seconds >= 1 else f"{seconds * 1000:g} ms"
