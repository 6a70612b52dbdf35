"""What a regular expression needs to be found, told from its spelling."""

from __future__ import annotations

import re

import pytest

from flake8_scalability.project.facts import FACTS
from flake8_scalability.project.literals import needed


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\bMAX_SIZE\b", ("MAX_SIZE",)),
        (r"\s*REST_FRAMEWORK(:[^=]+)?\s*=", ("REST_FRAMEWORK",)),
        (r"\b(alpha|beta)_x", ("alpha", "beta")),
        (r"\b(?:alpha|be\.ta)\(", ("alpha", "be.ta")),
        (r"middlewares?\s*=", ("middleware",)),
        (r"nginx\.ingress/limit-(rps|rpm)", ("nginx.ingress/limit-",)),
        # Nothing that has to be there.
        (r"alpha|beta", ()),
        (r"(alpha)?\w+", ()),
        (r"(alpha)*\w+", ()),
        (r"(alpha){0,3}\w+", ()),
        (r"(alpha|b(eta)?)", ()),
        (r"[abcdef]+", ()),
        (r"[^]abcd]", ()),
        (r"(?i)alpha", ()),
        (r"(?i:alpha)", ()),
        (r"(?!alpha)\w", ()),
        (r"abc", ()),
        (r"abcd?", ()),
        (r"\d\w\s", ()),
    ],
)
def test_needed(pattern: str, expected: tuple[str, ...]) -> None:
    re.compile(pattern)
    assert needed(pattern) == expected


def test_every_literal_of_a_fact_is_spelled_in_its_pattern() -> None:
    for row in FACTS:
        for pattern in row.patterns:
            for text in needed(pattern):
                assert text in pattern.replace("\\", "")
