"""The order of the recommendations: what fails under load first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from flake8_scalability.catalog.load import Assumptions
from flake8_scalability.report.estimate import ceiling_of
from flake8_scalability.report.run import Result
from flake8_scalability.rule import Rule


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
