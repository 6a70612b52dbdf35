"""The load estimate of a run: the lowest ceiling, what sets it, and how it is written."""

from __future__ import annotations

import pytest
from reporting import result, run_of

from flake8_scalability.options import Settings
from flake8_scalability.report.estimate import Estimate, assumptions_of, described, estimate, rounded

DEFAULT = Settings()


def estimated(*codes: str, settings: Settings = DEFAULT) -> Estimate:
    run = run_of(*(result(code, line) for line, code in enumerate(codes, 1)))
    return estimate(run.findings, assumptions_of(settings))


def test_no_finding_leaves_what_one_query_allows() -> None:
    assert (estimated().value, estimated().ceilings) == (pytest.approx(800), [])


def test_the_lowest_ceiling_is_the_estimate() -> None:
    found = estimated("SCL101", "SCL706", "SCL705")
    assert found.value == pytest.approx(2)
    assert [ceiling.rule.code for ceiling in found.ceilings] == ["SCL706", "SCL705", "SCL101"]


def test_a_rule_is_named_once_with_its_first_finding() -> None:
    found = estimated("SCL502", "SCL502")
    assert [(ceiling.rule.code, ceiling.first.line) for ceiling in found.ceilings] == [("SCL502", 1)]


@pytest.mark.parametrize("code", ["SCL301", "SCL108", "SCL401"])
def test_a_defect_that_bounds_no_load_changes_nothing(code: str) -> None:
    assert estimated(code) == estimated()


def test_a_ceiling_above_what_a_sound_request_costs_is_none() -> None:
    # One process with one thread serves 200 requests, and so do all: nothing is lost by SCL608.
    assert estimated("SCL608", settings=Settings(workers=1)).ceilings == []


def test_the_assumptions_come_from_the_options() -> None:
    settings = Settings(2, False, False, False, False, *(3, 5, 7, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0, 31, 37))  # type: ignore[arg-type]
    assert assumptions_of(settings) == pytest.approx((3, 5, 7, 0.011, 0.013, 0.017, 0.019, 0.023, 0.029, 31, 37))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1333, "0.13"),
        (0.004, "0.004"),
        (0.2, "0.2"),
        (4.0, "4"),
        (9.87, "9.9"),
        (9.99, "10"),
        (10, "10"),
        (16.67, "17"),
        (99.6, "100"),
        (160.4, "160"),
        (800, "800"),
        (1234, "1200"),
        (3000000, "3000000"),
    ],
)
def test_two_digits_are_more_than_the_model_knows(value: float, text: str) -> None:
    assert rounded(value) == text


def test_the_assumptions_in_words() -> None:
    assert described(assumptions_of(DEFAULT)) == (
        "W = 4 workers, T = 1 thread each, P = 15 pooled connections, q = 5 ms a query, c = 20 ms a connection, "
        "h = 200 ms a remote call, s = 50 ms a handshake, u = 2 s a unit of slow work, d = 30 s on a dead peer, "
        "n = 100 items in a loop, r = 100,000 rows"
    )
    assert described(assumptions_of(Settings(workers=1, threads=8, query_ms=0.5))).startswith(
        "W = 1 worker, T = 8 threads each, P = 15 pooled connections, q = 0.5 ms"
    )
