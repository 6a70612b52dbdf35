"""The parts of a report, from runs made by hand: heading, subjects, order, readiness, checklist."""

from __future__ import annotations

from pathlib import Path

import pytest
from reporting import ALL, result, run_of, section

from flake8_scalability.options import Settings, Severity
from flake8_scalability.report import markdown
from flake8_scalability.report.checklist import LINES
from flake8_scalability.report.estimate import assumptions_of
from flake8_scalability.report.priority import recommendations
from flake8_scalability.report.run import Result, Run, codes_of, rules, shown_path, title_of

ALONE = Settings(single_instance=True)
DECISIVE = {code for code, rule in rules().items() if rule.second_instance and rule.severity >= Severity.HIGH}


def summary(run: Run) -> list[str]:
    return section(markdown.report(run), "Summary")


def boxes(run: Run) -> list[str]:
    return section(markdown.report(run), "Scaling Checklist")


@pytest.mark.parametrize(
    ("files", "title"),
    [
        (["app/auth.py"], "app/auth.py"),
        (["stdin"], "stdin"),
        (["app/auth.py", "app/users/views.py"], "app/"),
        (["app/auth.py", "application/views.py"], "shop"),
        (["app/a.py", "b.py"], "shop"),
        (["../lib/a.py", "../lib/b/c.py"], "../lib/"),
        (["../lib/a.py", "../other/c.py"], "shop"),
        ([], "shop"),
    ],
)
def test_the_heading_names_file_folder_or_project(tmp_path: Path, files: list[str], title: str) -> None:
    (tmp_path / "shop").mkdir()
    assert title_of(files, str(tmp_path / "shop")) == title


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        (
            "pyproject.toml",
            '[build-system]\nrequires = []\n\n[project]\nversion = "1"\nname = "shop-api"\n',
            "shop-api",
        ),
        ("pyproject.toml", "[tool.poetry]\nname = 'shop'\n", "shop"),
        ("pyproject.toml", '[project]\nversion = "1"\n\n[tool.x]\nname = "other"\n', "folder"),
        ("pyproject.toml", '[project]\nname = "a`b"\n', "a"),
        ("setup.cfg", "[metadata]\nname = shop\n", "shop"),
        ("setup.cfg", "[options]\nname = shop\n", "folder"),
    ],
)
def test_the_projects_own_name(tmp_path: Path, name: str, text: str, title: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    assert title_of(["a.py", "b.py"], str(folder)) == title


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("./a.py", "a.py"),
        ("app//x/../a.py", "app/a.py"),
        ("/home/shop/app/a.py", "app/a.py"),
        ("/home/lib/a.py", "../lib/a.py"),
        ("", "stdin"),
    ],
)
def test_paths_are_relative(path: str, shown: str) -> None:
    assert shown_path(path, "/home/shop") == shown


def test_a_path_on_another_drive_is_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: str) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr("os.path.relpath", refuse)
    assert shown_path("/home/shop/app/a.py", "/home/shop") == "a.py"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("[HIGH] module-level `_cache` is a cache in this process; use Redis", "_cache"),
        ("[HIGH] requests.get() without a timeout may hang rates()", "requests.get()"),
        ("[HIGH] the retry loop in fetch() always waits the same", "fetch()"),
        ("[HIGH] counter `N._last` (N.take()) is one per process", "N._last"),
        ('[HIGH] "client.keys()" is no name', "client.keys()"),
        ("[HIGH] DATABASES['default'] keeps no connection", "DATABASES['default']"),
        ("[HIGH] router has 8 endpoints with no rate limit", "router"),
        ("[HIGH] browse() (in search) reads every row", "browse()"),
    ],
)
def test_the_subject_of_a_message(text: str, subject: str) -> None:
    assert result("SCL401", text=text).subject == subject


@pytest.mark.parametrize(
    ("code", "text", "subject"),
    [
        ("SCL808", "[MEDIUM] looks up rows by Link.join_id, which has no index", "Link.join_id"),
        ("SCL805", "[LOW] ilike on Item.title reads every row", "Item.title"),
    ],
)
def test_a_dotted_name_is_better_than_none(code: str, text: str, subject: str) -> None:
    assert result(code, text=text).subject == subject


@pytest.mark.parametrize("code", ["SCL502", "E501"])
def test_a_message_without_a_subject(code: str) -> None:
    assert result(code, text="[MEDIUM] the query runs once per item").subject == ""


def test_recommendations_are_by_severity_then_load_then_number() -> None:
    codes = ["SCL802", "SCL101", "SCL103", "SCL301", "SCL303", "SCL303", "SCL701", "SCL108", "SCL401"]
    run = run_of(*(result(code, line) for line, code in enumerate(codes, 1)))
    order = [entry.rule.code for entry in recommendations(run.findings, assumptions_of(run.settings))]
    assert order == ["SCL103", "SCL101", "SCL303", "SCL301", "SCL701", "SCL401", "SCL802", "SCL108"]


def test_a_recommendation_says_how_often_where_and_what_first() -> None:
    lines = summary(run_of(result("SCL701", 7), result("SCL701", 9), result("SCL601", 3)))
    start = lines.index("- Recommendations priority:")
    assert lines[start + 1 :] == [
        "  1. Call without a timeout (SCL701, 2 times, first at **app/a.py:7**): Give the call a timeout, for requests "
        "timeout=(connect, read), or set one on the client that makes it",
        "  2. Process-local counter (SCL601, once, at **app/a.py:3**): Count with Redis INCR, a database sequence or "
        "an SQL expression",
    ]


@pytest.mark.parametrize(
    ("codes", "settings", "line"),
    [
        # An event loop that computes serves fewer than a client for each call does, and comes after it by severity.
        (["SCL103", "SCL705", "SCL707"], Settings(), "begin with 2: it leaves ~2 requests/second (SCL707)"),
        (["SCL301", "SCL105"], Settings(), "begin with 2: it leaves ~16 requests/second (SCL105)"),
        (["SCL103", "SCL701", "SCL706"], Settings(), "begin with 3: it leaves ~2 requests/second (SCL706)"),
        # 16 and 20 requests are much the same.
        (["SCL301", "SCL107", "SCL705", "SCL705"], Settings(), "begin with 3: it leaves ~20 requests/second (SCL705)"),
        (["SCL103", "SCL701"], Settings(), ""),  # only while the peer hangs
        (["SCL103", "SCL101"], Settings(), ""),  # the least load stands first
        (["SCL103", "SCL804"], Settings(), ""),  # it leaves more
        (["SCL103", "SCL802"], Settings(), ""),  # how many rows is a guess
        (["SCL705", "SCL707"], Settings(), ""),  # by load as they are
        (["SCL301", "SCL608"], Settings(workers=1), ""),  # one process is what was asked for
        (["SCL301"], Settings(), ""),
        ([], Settings(), ""),
    ],
)
def test_what_the_severity_keeps_from_the_top_is_told(codes: list[str], settings: Settings, line: str) -> None:
    lines = summary(run_of(*(result(code, number) for number, code in enumerate(codes, 1)), settings=settings))
    told = [each for each in lines if each.startswith("  - By load alone, ")]
    assert told == ([f"  - By load alone, {line}"] if line else [])
    assert told == [] or lines[-1] == told[0]


def test_findings_are_counted_by_severity() -> None:
    lines = summary(run_of(result("SCL101", 1), result("SCL301", 2), result("SCL701", 3), result("SCL108", 4)))
    assert lines[:2] == ["- Critical issues: 2", "  - High: 1 · Medium: 0 · Low: 1"]


def test_ready_where_nothing_stands_against_it() -> None:
    lines = summary(run_of(result("SCL101")))
    assert lines[2] == "- Horizontal scaling ready: Yes"
    assert lines[3].startswith("- Load estimate")


@pytest.mark.parametrize("code", ["SCL301", "SCL404", "SCL601"])
def test_not_ready_where_a_second_instance_breaks_it(code: str) -> None:
    lines = summary(run_of(result(code), result("SCL701")))
    assert lines[2:4] == ["- Horizontal scaling ready: No", f"  - Because of {code} (1)"]


@pytest.mark.parametrize("code", ["SCL206", "SCL607"])
def test_lesser_findings_do_not_stand_against_it(code: str) -> None:
    assert "- Horizontal scaling ready: Yes" in summary(run_of(result(code)))


def test_ready_as_far_as_it_was_checked() -> None:
    lines = summary(run_of(in_force=ALL - {"SCL301", "SCL601"}))
    assert lines[1:3] == [
        "- Horizontal scaling ready: Yes (as far as it was checked)",
        "  - Not checked: SCL301, SCL601",
    ]
    lines = summary(run_of(in_force=codes_of(["SCL1"])))
    assert lines[2] == f"  - Not checked: {len(DECISIVE)} of the {len(DECISIVE)} rules that decide it"


def test_a_file_that_was_not_analysed_takes_away_the_certainty() -> None:
    run = run_of(Result("app/a.py", 1, 1, "E999", "SyntaxError: invalid syntax"))
    assert "- Horizontal scaling ready: Yes (as far as it was checked)" in summary(run)
    assert {line.rpartition(" (")[2] for line in boxes(run)} == {"not checked: not all files were analysed)"}


def test_a_rule_that_failed_stands_at_the_top() -> None:
    failed = Result("app/a.py", 1, 1, "SCL000", "rule SCL101 failed in this file and was skipped (KeyError: `x`)")
    lines = markdown.report(run_of(failed, result("SCL701", 5))).splitlines()
    assert lines[2:6] == [
        "### Not analysed",
        "- **app/a.py:1**: SCL000 ``rule SCL101 failed in this file and was skipped (KeyError: `x`)``",
        "",
        "### HIGH",
    ]


def test_the_single_instance_constraint_is_told() -> None:
    run = run_of(settings=ALONE, in_force=ALL - {code for code, rule in rules().items() if rule.second_instance})
    lines = summary(run)
    assert lines[1:3] == [
        "- Horizontal scaling ready: Yes (under the single-instance constraint, so nothing was asked)",
        "  - Single-instance constraint: rules that matter from the second instance on were silent",
    ]
    assert [line for line in boxes(run) if "[ ]" in line] == [
        "- [ ] Stateless design (no in-memory state) (not checked: single instance)"
    ]


def test_files_that_declare_the_constraint_are_named() -> None:
    lines = summary(run_of(single_instance=["app/a.py", "app/__main__.py"]))
    assert lines[1:3] == [
        "- Horizontal scaling ready: Yes",
        r"  - Single-instance constraint, by comment: app/a.py, app/\_\_main__.py",
    ]


def test_a_run_without_files_claims_nothing() -> None:
    text = markdown.report(run_of(files=(), title="shop"))
    assert text.splitlines()[2] == "No file was checked."
    assert "- Horizontal scaling ready: No (no file was checked)" in text
    assert "- Load estimate before issues: not known" in text
    assert "[x]" not in text


def test_the_checklist_of_a_clean_run_is_ticked() -> None:
    assert boxes(run_of()) == [f"- [x] {text}" for text, _ in LINES]


@pytest.mark.parametrize(("text", "prefixes"), LINES)
def test_a_line_is_open_for_each_of_its_codes(text: str, prefixes: tuple[str, ...]) -> None:
    for code in codes_of(prefixes):
        lines = boxes(run_of(result(code)))
        assert lines == [f"- [{' ' if line == text else 'x'}] {line}" for line, _ in LINES]


@pytest.mark.parametrize(("text", "prefixes"), LINES)
def test_a_line_whose_codes_are_off_is_not_checked(text: str, prefixes: tuple[str, ...]) -> None:
    off = codes_of(prefixes)
    assert f"- [ ] {text} (not checked)" in boxes(run_of(in_force=ALL - off))
    some = sorted(off)[:1] if len(off) > 1 else []
    assert not some or f"- [ ] {text} (not checked: {some[0]})" in boxes(run_of(in_force=ALL - set(some)))


def test_a_code_stands_on_one_line_of_the_checklist() -> None:
    codes = [code for _, prefixes in LINES for code in codes_of(prefixes)]
    assert len(codes) == len(set(codes))


def test_the_ceilings_are_named_with_their_formulas() -> None:
    lines = summary(
        run_of(*(result(code, line) for line, code in enumerate(["SCL101", "SCL701", "SCL502", "SCL705"], 1)))
    )
    start = lines.index("- Load estimate before issues: ~0.13 requests/second")
    assert lines[start + 1 : start + 4] == [
        "  - Set by: Call without a timeout (SCL701) at **app/a.py:2**, `W·T/d` while the peer hangs",
        "  - Then: ~8, Query in a loop (SCL502) at **app/a.py:3**, `W·T/(n·q)`",
        "  - Then: ~20, Blocking call in a coroutine (SCL705) at **app/a.py:4**, `W/h`",
    ]
    assert lines[start + 4].startswith("  - Assumed, for one instance: W = 4 workers, ")
