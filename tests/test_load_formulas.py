"""Each formula of the load estimate against values computed by hand."""

from __future__ import annotations

import pytest

from flake8_scalability.catalog.load import FORMULAS, SOUND, Assumptions
from flake8_scalability.rule import all_rules

#: Every symbol another prime, so that a mistaken symbol changes the value.
PRIMES = Assumptions(W=2, T=3, P=5, q=7.0, c=11.0, h=13.0, s=17.0, u=19.0, d=23.0, n=29, r=31)

BY_HAND = {
    "connection per call": 6 / 18,
    "client per call": 6 / 30,
    "two queries": 6 / 14,
    "query per item": 6 / 203,
    "remote call per item": 6 / 377,
    "remote calls in line": 6 / 33,
    "unbounded result": 6 / 0.00031,
    "full scan": 6 / 0.000031,
    "blocking call in a coroutine": 2 / 13,
    "slow work in a coroutine": 2 / 19,
    "slow work": 6 / 19,
    "no timeout": 6 / 23,
    "call in a transaction": 5 / 13,
    "one at a time in each process": 2 / 7,
    "one process": 3 / 7,
}


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_formula(name: str) -> None:
    assert FORMULAS[name].ceiling(PRIMES) == pytest.approx(BY_HAND[name])


def test_a_sound_request_costs_one_query() -> None:
    assert SOUND.ceiling(PRIMES) == pytest.approx(6 / 7)


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_the_printed_formula_is_the_computed_one(name: str) -> None:
    printed = FORMULAS[name].text.replace("10µs", "10e-6").replace("1µs", "1e-6").replace("·", "*")
    assert eval(printed, PRIMES._asdict()) == pytest.approx(BY_HAND[name])


@pytest.mark.parametrize("name", sorted(set(FORMULAS) - {"one at a time in each process", "one process"}))
def test_a_defect_never_serves_more_than_none_would(name: str) -> None:
    like_default = Assumptions(W=4, T=1, P=15, q=0.005, c=0.02, h=0.2, s=0.05, u=2.0, d=30.0, n=100, r=100_000)
    assert FORMULAS[name].ceiling(like_default) < SOUND.ceiling(like_default)


def test_every_formula_is_named_by_a_rule() -> None:
    unused = set(FORMULAS) - {rule.load for rule in all_rules()}
    assert unused <= {"remote calls in line"}
