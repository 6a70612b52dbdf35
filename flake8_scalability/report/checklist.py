"""The scaling checklist: the seven lines of the reference guide, and whether they may be ticked."""

from __future__ import annotations

import enum
from typing import NamedTuple

from flake8_scalability.report.run import Run, codes_of, rules

LINES = (
    ("Connection pooling for all external resources", ("SCL1",)),
    ("Stateless design (no in-memory state)", ("SCL3", "SCL601", "SCL603")),
    ("Distributed caching strategy", ("SCL2",)),
    ("Rate limiting on public APIs", ("SCL401", "SCL404")),
    ("Pagination on list endpoints", ("SCL501", "SCL507", "SCL802")),
    ("Circuit breakers for external services", ("SCL702", "SCL703", "SCL704")),
    ("Timeouts on all external calls", ("SCL701",)),
)


class State(enum.Enum):
    """What is known of a line."""

    DONE = "done"
    OPEN = "open"
    NOT_CHECKED = "not checked"


class Line(NamedTuple):
    """A line of the checklist; `missing` are those of its codes that were not in force, or why none was."""

    text: str
    state: State
    missing: str = ""


def checklist(run: Run) -> list[Line]:
    """Return the lines in the order of the guide.

    A line is done where all of its codes were in force and none of them speaks, and every file was analysed.
    """
    found = {rule.code for rule, _ in run.findings}
    return [_line(text, codes_of(prefixes), found, run) for text, prefixes in LINES]


def _line(text: str, codes: frozenset[str], found: set[str], run: Run) -> Line:
    if codes & found:
        return Line(text, State.OPEN)
    asked = {code for code in codes if not (run.settings.single_instance and rules()[code].second_instance)}
    missing = sorted(asked - run.in_force)
    if not asked:
        return Line(text, State.NOT_CHECKED, "single instance")
    if len(missing) == len(asked) or not run.files:
        return Line(text, State.NOT_CHECKED)
    if missing:
        return Line(text, State.NOT_CHECKED, ", ".join(missing))
    if run.failures:
        return Line(text, State.NOT_CHECKED, "not all files were analysed")
    return Line(text, State.DONE)
