"""The formulas of the load estimate: what a defect leaves of one instance's requests per second.

A formula is a row of data that a rule names by its key.  What the symbols mean, where their defaults come from and
what the model cannot know stands in `docs/load-estimate.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

#: Seconds for a row that is fetched and made into an object, and for one that the store only looks at.
FETCHED_ROW = 10e-6
SCANNED_ROW = 1e-6


class Assumptions(NamedTuple):
    """The symbols of the formulas; times are in seconds."""

    W: int  # worker processes
    T: int  # threads in each
    P: int  # connections in the pool
    q: float  # one query
    c: float  # one new connection to a database or cache
    h: float  # one call to another service
    s: float  # one TCP and TLS handshake
    u: float  # a unit of slow work
    d: float  # how long a caller waits on a dead peer
    n: int  # items in a loop
    r: int  # rows in an unbounded result


class Formula(NamedTuple):
    """A ceiling in requests per second: as it is printed, as it is computed, and when it holds ("" for always)."""

    text: str
    ceiling: Callable[[Assumptions], float]
    condition: str = ""


#: A request that has none of the defects costs one query.
SOUND = Formula("W·T/q", lambda a: a.W * a.T / a.q)

FORMULAS = {
    "connection per call": Formula("W·T/(c+q)", lambda a: a.W * a.T / (a.c + a.q)),
    "client per call": Formula("W·T/(s+h)", lambda a: a.W * a.T / (a.s + a.h)),
    "two queries": Formula("W·T/(2·q)", lambda a: a.W * a.T / (2 * a.q)),
    "query per item": Formula("W·T/(n·q)", lambda a: a.W * a.T / (a.n * a.q)),
    "remote call per item": Formula("W·T/(n·h)", lambda a: a.W * a.T / (a.n * a.h)),
    "remote calls in line": Formula("W·T/(q+2·h)", lambda a: a.W * a.T / (a.q + 2 * a.h)),
    "unbounded result": Formula("W·T/(r·10µs)", lambda a: a.W * a.T / (a.r * FETCHED_ROW)),
    "full scan": Formula("W·T/(r·1µs)", lambda a: a.W * a.T / (a.r * SCANNED_ROW)),
    "blocking call in a coroutine": Formula("W/h", lambda a: a.W / a.h),
    "slow work in a coroutine": Formula("W/u", lambda a: a.W / a.u),
    "slow work": Formula("W·T/u", lambda a: a.W * a.T / a.u),
    "no timeout": Formula("W·T/d", lambda a: a.W * a.T / a.d, "while the peer hangs"),
    "call in a transaction": Formula("P/h", lambda a: a.P / a.h),
    "one at a time in each process": Formula("W/q", lambda a: a.W / a.q),
    "one process": Formula("T/q", lambda a: a.T / a.q),
}
