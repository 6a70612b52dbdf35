"""Every rule's examples: the findings of all rules in a snippet are exactly those that its comments announce."""

from __future__ import annotations

import re
import textwrap

import pytest
from support import analyse

from flake8_scalability.rule import Bad, Example, Rule, all_rules

EXPECTED = re.compile(r"#\s*((?:SCL\d{3}(?:,\s*)?)+)\s*$")
CASES = [
    pytest.param(rule, example, id=f"{rule.code}-{type(example).__name__.lower()}{number}")
    for rule in all_rules()
    for number, example in enumerate(rule.examples, 1)
]


def announced(source: str) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(textwrap.dedent(source).splitlines(), 1):
        match = EXPECTED.search(line)
        found += [(number, code) for code in re.findall(r"SCL\d{3}", match.group(1))] if match else []
    return sorted(found)


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_findings_are_those_announced(rule: type[Rule], example: Example) -> None:
    assert analyse(example.source, example.path) == announced(example.source)


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_bad_examples_show_their_rule_and_good_ones_none(rule: type[Rule], example: Example) -> None:
    codes = {code for _, code in announced(example.source)}
    assert codes >= {rule.code} if isinstance(example, Bad) else not codes


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_more_silent_examples_than_firing_ones(rule: type[Rule]) -> None:
    bad = sum(isinstance(example, Bad) for example in rule.examples)
    assert len(rule.examples) - bad > bad


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_examples_compile(rule: type[Rule]) -> None:
    for example in rule.examples:
        compile(textwrap.dedent(example.source), example.path, "exec")
