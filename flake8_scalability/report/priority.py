"""The order of the recommendations: what fails under load first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flake8_scalability.catalog.load import FORMULAS, SOUND, Assumptions
from flake8_scalability.options import Severity
from flake8_scalability.report.estimate import ceiling_of
from flake8_scalability.report.run import Result
from flake8_scalability.rule import Rule

#: Ceilings that differ by less say nothing about which is lower: they are made of guesses.
MUCH_THE_SAME = 2


class Recommendation(NamedTuple):
    """A rule to attend to: how often it speaks, and where first."""

    rule: type[Rule]
    times: int
    first: Result

    @property
    def step(self) -> str:
        """The first step of the rule's remedy."""
        return self.rule.fix.partition(";")[0]


def recommendations(findings: Iterable[tuple[type[Rule], Result]], assumptions: Assumptions) -> list[Recommendation]:
    """Return one recommendation for each rule: by severity, then by the load it leaves, then by how often it speaks."""
    firsts: dict[type[Rule], Result] = {}
    counts: Counter[type[Rule]] = Counter()
    for rule, result in findings:
        firsts.setdefault(rule, result)
        counts[rule] += 1
    order = sorted(firsts, key=lambda rule: (-rule.severity, ceiling_of(rule, assumptions), -counts[rule], rule.code))
    return [Recommendation(rule, counts[rule], firsts[rule]) for rule in order]


def held_back(advice: Sequence[Recommendation], assumptions: Assumptions) -> int | None:
    """Return the place in the order of what leaves the least load where its severity alone keeps it from the top.

    Only CRITICAL before HIGH is looked at, since the ceilings of the lesser severities rest on the size of somebody's
    data, and only what leaves so little on every day.  Of ceilings that are much the same, what is found most often
    counts.
    """
    if not advice or advice[0].rule.severity is not Severity.CRITICAL:
        return None
    left = {
        number: ceiling_of(entry.rule, assumptions)
        for number, entry in enumerate(advice)
        if entry.rule.severity >= Severity.HIGH and entry.rule.load and not FORMULAS[entry.rule.load].condition
    }
    bound = min(SOUND.ceiling(assumptions), ceiling_of(advice[0].rule, assumptions))
    lower = [number for number in left if left[number] < bound and left[number] <= MUCH_THE_SAME * min(left.values())]
    if not lower:
        return None
    lowest = max(lower, key=lambda number: (advice[number].times, -number))
    return lowest if advice[lowest].rule.severity is Severity.HIGH else None
