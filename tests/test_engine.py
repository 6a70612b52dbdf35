"""The engine: one analysis a file, rules guarded from each other, positions inside the text."""

from __future__ import annotations

import ast
import gc
import weakref
from collections.abc import Iterator, Sequence

import pytest
from support import analyse

from flake8_scalability import engine
from flake8_scalability.model.language.vocabulary import vocabulary, words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings, Severity
from flake8_scalability.rule import Finding, Rule, all_rules

CONNECTS = """
import psycopg2

def order_total(order_id):
    conn = psycopg2.connect("dbname=shop", connect_timeout=3)
    return conn
"""


class Loud:
    """Stands for a rule: says that every function is there, under its own code."""

    code, severity, second_instance, many_callers = "SCL999", Severity.LOW, False, False

    @classmethod
    def words(cls) -> frozenset[bytes] | None:
        return None

    def check(self, source: SourceFile) -> Iterator[Finding]:
        for scope in source.scopes:
            if scope.is_function:
                yield Finding(scope.node, {})
                yield Finding(scope.node, {})

    @staticmethod
    def render(finding: Finding) -> str:
        return "SCL999 [LOW] here"


class Broken(Loud):
    code = "SCL998"

    def check(self, source: SourceFile) -> Iterator[Finding]:
        yield from super().check(source)
        raise KeyError("a\nbroken table")


class SecondInstance(Loud):
    second_instance = True


class Worded(Loud):
    @classmethod
    def words(cls) -> frozenset[bytes] | None:
        return words("Lock FileLock")


def run(
    source: str, *rules: type, settings: Settings | None = None, strict: bool = False
) -> list[tuple[int, int, str]]:
    lines = source.splitlines(keepends=True)
    found = engine.analyse(ast.parse(source), "a.py", lines, settings or Settings(), rules, strict)  # type: ignore[arg-type]
    return [tuple(report) for report in found]


def test_findings_are_sorted_and_given_once() -> None:
    assert run("def b(): pass\ndef a(): pass\n", Loud) == [(1, 0, "SCL999 [LOW] here"), (2, 0, "SCL999 [LOW] here")]


def test_a_broken_rule_costs_its_own_findings_only() -> None:
    found = run("def a(): pass\n", Broken, Loud)
    assert [text[:6] for _, _, text in found] == ["SCL000", "SCL999"]
    assert found[0][:2] == (1, 0)
    assert "SCL998" in found[0][2] and "KeyError" in found[0][2] and "\n" not in found[0][2] and len(found[0][2]) <= 120


def test_a_broken_rule_raises_where_tests_ask_for_it() -> None:
    with pytest.raises(KeyError):
        run("def a(): pass\n", Broken, strict=True)


@pytest.mark.parametrize(("lowest", "count"), [(Severity.LOW, 1), (Severity.MEDIUM, 0), (Severity.CRITICAL, 0)])
def test_rules_below_the_lowest_severity_do_not_run(lowest: Severity, count: int) -> None:
    assert len(run("def a(): pass\n", Loud, settings=Settings(min_severity=lowest))) == count


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("# scalability: single-instance\n", 0),
        ("#!/usr/bin/env python\n# Scalability:  single-instance, the device has one\n", 0),
        ('"""A service."""\n# scalability: single-instance\n', 0),
        ("# scalability: single-instances\n", 1),
        ("# scalability\n", 1),
        ("x = 1\n# scalability: single-instance\n", 1),
        ('text = "# scalability: single-instance"\n', 1),
    ],
)
def test_a_file_may_say_that_it_has_no_sibling(head: str, count: int) -> None:
    assert len(run(head + "def a(): pass\n", SecondInstance)) == count
    assert len(run(head + "def a(): pass\n", Loud)) == 1


def test_the_project_may_say_that_it_has_no_sibling() -> None:
    assert run("def a(): pass\n", SecondInstance, settings=Settings(single_instance=True)) == []


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("f(1)\n", 1, 0),
        ("a.b.c(1)\n", 1, 4),
        ("(a\n .b()\n .c(1))\n", 3, 2),
        ("é = a.b(1)\n", 1, 6),
        ('"ö" + a("ü").b(1)\n', 1, 13),
    ],
)
def test_a_call_stands_at_its_callees_last_name(source: str, line: int, column: int) -> None:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert engine.position(calls[0], source.splitlines(keepends=True)) == (line, column)


def test_a_position_never_lies_beyond_the_text() -> None:
    node = ast.parse("\n\n\nf()\n").body[0].value  # type: ignore[attr-defined]
    assert engine.position(node, ["f()\n"]) == (1, 0)
    assert engine.position(node, []) == (1, 0)


def test_one_file_is_analysed_once_for_all_classes() -> None:
    tree, lines = ast.parse(CONNECTS), CONNECTS.splitlines(keepends=True)
    first = engine.reports_for(tree, "a.py", lines, Settings())
    assert engine.reports_for(tree, "a.py", lines, Settings()) is first
    assert engine.reports_for(ast.parse(CONNECTS), "a.py", lines, Settings()) is not first
    assert engine.reports_for(tree, "a.py", lines, Settings(min_severity=Severity.CRITICAL)) is not first


def test_all_rules_run_by_default() -> None:
    assert (5, "SCL101") in analyse(CONNECTS)


@pytest.mark.parametrize("source", ["", "\n", "# only a comment\n", '"""Only a docstring."""\n', "\ufeffx = 1\n"])
def test_files_with_nothing_in_them_give_nothing(source: str) -> None:
    assert analyse(source.lstrip("\ufeff")) == []


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_messages_are_one_line_of_at_most_120_characters(rule: type[Rule]) -> None:
    import string

    fields = {name for text in (rule.message, rule.short) for _, name, _, _ in string.Formatter().parse(text) if name}
    node = ast.parse("x").body[0]
    for length in (1, 8, 30, 200):
        for via in ("", "v" * length):
            text = rule.render(Finding(node, dict.fromkeys(fields, "n" * length), via))
            assert len(text) <= 120 and "\n" not in text
            assert text.startswith(f"{rule.code} [{rule.severity.name}] ")
            assert not via or length > 8 or f"(reached from {via})" in text
            assert "reached from" not in text or "n…n" not in text  # the way is given up before names are cut


def render(code: str, **names: str) -> str:
    (rule,) = (rule for rule in all_rules() if rule.code == code)
    return rule.render(Finding(ast.parse("x").body[0], names))


def test_a_function_loses_its_owner_before_another_name_its_middle() -> None:
    text = render("SCL107", callee="requests.post", when=f"on every call of {'Accounts' * 6}.collect_what_is_due()")
    assert "requests.post() connects anew on every call of …collect_what_is_due(); reuse a session" in text


def test_code_to_be_copied_is_not_cut() -> None:
    advice = 'select_related("address")'
    text = render("SCL505", what="order.address", entity="Order" * 20, function="send", instead=advice)
    assert text.endswith(f"; add {advice}")
    assert "order.address is a query for each row of Order" in text


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_rests_during_a_file_and_is_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch, enabled: bool
) -> None:
    seen = []

    def failing(*_: object) -> None:
        seen.append(gc.isenabled())
        raise ValueError

    monkeypatch.setattr(engine, "analyse", failing)
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(ValueError):
            engine.reports_for(ast.parse(""), "service.py", [], Settings())
        assert (seen, gc.isenabled()) == ([False], enabled)
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("lock = Lock()", 1),
        ("from filelock import FileLock as Mine", 1),
        ("# a Lock, in a comment", 1),
        ("lock = RLock()", 0),
        ("a_Lock = lock.Locked", 0),
        ("", 0),
    ],
)
def test_a_rule_with_words_is_asked_where_the_file_has_one(text: str, count: int) -> None:
    source = f"{text}\ndef add(): pass\n"
    assert len(run(source, Worded)) == count
    assert len(run(source, Loud, Worded)) == 1  # the other is asked in any case, and says the same


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.words() is not None], ids=lambda rule: rule.code)
def test_words_are_such_as_a_vocabulary_has(rule: type[Rule]) -> None:
    given = rule.words()
    assert given
    assert all(vocabulary(word.decode()) == {word} for word in given)


def test_the_model_of_a_file_is_freed_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    models: list[weakref.ref[SourceFile]] = []

    class Watched(SourceFile):
        def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str], settings: Settings) -> None:
            super().__init__(tree, filename, lines, settings)
            models.append(weakref.ref(self))

    monkeypatch.setattr(engine, "SourceFile", Watched)
    gc.disable()
    try:
        engine.analyse(ast.parse(CONNECTS), "service.py", CONNECTS.splitlines(True), Settings())
        assert [model() for model in models] == [None]
    finally:
        gc.enable()
