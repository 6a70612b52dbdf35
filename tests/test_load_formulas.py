"""Each formula of the load estimate against values computed by hand."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from flake8_scalability.catalog.load import FORMULAS, SOUND, Assumptions, Formula
from flake8_scalability.options import Settings
from flake8_scalability.report.estimate import assumptions_of, rounded
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
    assert set(FORMULAS) == {rule.load for rule in all_rules() if rule.load}


def rows_of_the_page() -> list[list[str]]:
    """The cells of all tables of the documentation page."""
    text = (Path(__file__).resolve().parents[1] / "docs" / "load-estimate.md").read_text(encoding="utf-8")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def codes_in(cell: str) -> set[str]:
    first_last = re.findall(r"(SCL\d+) to (SCL\d+)", cell)
    between = {f"SCL{n}" for first, last in first_last for n in range(int(first[3:]), int(last[3:]) + 1)}
    return between | set(re.findall(r"SCL\d+", cell))


@pytest.mark.parametrize("formula", [SOUND, *FORMULAS.values()], ids=lambda formula: formula.text)
def test_the_page_has_the_formula_its_value_and_its_rules(formula: Formula) -> None:
    (row,) = [row for row in rows_of_the_page() if row[1] == f"`{formula.text}`"]
    assert row[2] == rounded(formula.ceiling(assumptions_of(Settings())))
    named = {rule.code for rule in all_rules() if rule.load and FORMULAS[rule.load] is formula}
    there = {rule.code for rule in all_rules()}
    assert codes_in(row[3]) & there == named


def test_the_page_has_the_options_with_their_defaults() -> None:
    rows = {row[3]: row[2] for row in rows_of_the_page() if row[3].startswith("`--scl-")}
    units = {"s": 1000.0, "ms": 1.0, "": 1.0}
    given = {}
    for option, text in rows.items():
        number, _, unit = text.replace(",", "").partition(" ")
        given[option.strip("`")[6:].replace("-", "_")] = float(number) * units[unit]
    assert given == {
        field.name: field.default
        for field in dataclasses.fields(Settings)
        if field.metadata["help"].startswith("load estimate")
    }
