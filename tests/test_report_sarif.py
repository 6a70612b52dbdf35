"""`flake8 --format=scalability-sarif`: valid, stable, and readable by another tool."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from reporting import ENDPOINT, flake8, result, run_of
from test_report_hostile import SPICED

from flake8_scalability.options import Severity
from flake8_scalability.report import sarif
from flake8_scalability.report.run import Result, rules

#: A copy of https://github.com/oasis-tcs/sarif-spec, sarif-2.1/schema.
SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
ONLY = "--select=SCL101,SCL701,E9"


def document(*arguments: str, folder: Path) -> Any:
    """The only run of a valid document."""
    ran = flake8("--format=scalability-sarif", *arguments, folder=folder)
    return valid(ran.stdout)


def valid(text: str) -> Any:
    assert text.isascii()
    whole = json.loads(text)
    VALIDATOR.validate(whole)
    assert whole["version"] == "2.1.0"
    (run,) = whole["runs"]
    return run


def prints(run: Any) -> list[str]:
    return [found["partialFingerprints"]["primaryLocationLineHash"] for found in run["results"]]


@pytest.fixture
def service(tmp_path: Path) -> Path:
    (tmp_path / "service.py").write_text(ENDPOINT, encoding="utf-8")
    return tmp_path


def test_the_results(service: Path) -> None:
    run = document(ONLY, ".", folder=service)
    first, second = run["results"]
    assert {key: value for key, value in first.items() if key != "partialFingerprints"} == {
        "ruleId": "SCL101",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "psycopg2.connect() opens a new database connection on every call of total_of(); "
            "use a connection pool"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "service.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 6, "startColumn": 21},
                }
            }
        ],
    }
    assert second["ruleId"] == "SCL701"
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_the_rules_are_all_there_with_their_help(service: Path) -> None:
    run = document("--select=SCL", ".", folder=service)
    described = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == list(rules())
    assert all(described[found["ruleIndex"]]["id"] == found["ruleId"] for found in run["results"])
    for told in described:
        rule = rules()[told["id"]]
        assert told["name"] == rule.slug
        assert told["shortDescription"] == {"text": rule.title}
        assert told["help"]["markdown"].startswith("## What it does\n\n")
        assert told["helpUri"].startswith("https://")
        assert told["properties"]["severity"] == rule.severity.name.lower()
        assert "security-severity" not in told["properties"]
        assert ("second-instance" in told["properties"]["tags"]) is rule.second_instance


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.CRITICAL, "error"), (Severity.HIGH, "error"), (Severity.MEDIUM, "warning"), (Severity.LOW, "note")],
)
def test_the_severity_is_the_level(severity: Severity, level: str) -> None:
    code = next(code for code, rule in rules().items() if rule.severity is severity)
    run = valid(sarif.document(run_of(result(code))))
    assert run["results"][0]["level"] == level
    described = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert described["defaultConfiguration"] == {"level": level}


def test_a_clean_run_has_no_results(service: Path) -> None:
    (service / "service.py").write_text("x = 1\n", encoding="utf-8")
    assert document("--select=SCL", ".", folder=service)["results"] == []


def test_a_run_that_came_to_nothing_is_no_success(service: Path) -> None:
    run = document("--select=SCL", "--exclude=*", ".", folder=service)
    assert (run["results"], run["invocations"][0]["executionSuccessful"]) == ([], False)


def test_fingerprints_survive_a_shift_of_lines(service: Path) -> None:
    before = prints(document(ONLY, ".", folder=service))
    text = '"""A service."""\n\nimport os\n' + ENDPOINT.replace("\n\n\ndef rates", "\n\n\nX = os.name\n\n\ndef rates")
    (service / "service.py").write_text(text, encoding="utf-8")
    run = document(ONLY, ".", folder=service)
    assert [found["locations"][0]["physicalLocation"]["region"]["startLine"] for found in run["results"]] == [9, 17]
    assert prints(run) == before


def test_fingerprints_tell_equal_lines_apart() -> None:
    same = [result("SCL701", line, source="    requests.get(url)") for line in (3, 9)]
    other = [
        result("SCL703", 3, source="requests.get(url)"),
        result("SCL701", 3, "app/b.py", source="requests.get(url)"),
    ]
    found = prints(valid(sarif.document(run_of(*same, *other))))
    assert len(set(found)) == 4
    assert {value.partition(":")[2] for value in found} == {"1", "2"}


def test_fingerprints_do_not_depend_on_the_indentation() -> None:
    flat, deep = (
        valid(sarif.document(run_of(result("SCL701", source=text)))) for text in ("get(a,  b)", "        get(a, b)")
    )
    assert prints(flat) == prints(deep)


def test_a_file_that_does_not_parse_is_told_of(service: Path) -> None:
    (service / "broken.py").write_text("def (:\n", encoding="utf-8")
    run = document(ONLY, ".", folder=service)
    assert [found["ruleId"] for found in run["results"]] == ["E999", "SCL101", "SCL701"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["descriptor"] == {"id": "E999"}
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "broken.py"


def test_findings_of_other_plugins_are_kept(service: Path) -> None:
    (service / "other.py").write_text("import os\n", encoding="utf-8")
    run = document("--select=SCL,F401", ".", folder=service)
    (found,) = [found for found in run["results"] if found["ruleId"] == "F401"]
    assert (found["level"], found["message"]) == ("warning", {"text": "'os' imported but unused"})
    assert run["tool"]["driver"]["rules"][found["ruleIndex"]] == {"id": "F401"}


def test_the_source_is_a_snippet(service: Path) -> None:
    run = document(ONLY, "--show-source", ".", folder=service)
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["snippet"] == {"text": '    conn = psycopg2.connect("dbname=shop", connect_timeout=3)'}


def test_the_document_stays_whole_beside_statistics(service: Path) -> None:
    ran = flake8("--format=scalability-sarif", ONLY, "--statistics", "--benchmark", ".", folder=service)
    assert len(valid(ran.stdout)["results"]) == 2
    assert ran.stderr.startswith("1     SCL101 [CRITICAL] psycopg2.connect() opens")
    assert "total files processed" in ran.stderr


def test_the_output_file_is_one_document(service: Path) -> None:
    for _ in range(2):
        flake8("--format=scalability-sarif", ONLY, "--output-file=out.sarif", ".", folder=service)
        assert len(valid((service / "out.sarif").read_text(encoding="ascii"))["results"]) == 2


def test_it_is_the_same_each_time(service: Path) -> None:
    runs = [flake8("--format=scalability-sarif", ONLY, "-j2", ".", folder=service).stdout for _ in range(2)]
    assert runs[0] == runs[1]
    assert str(service) not in runs[0]


@settings(deadline=None, max_examples=30)
@given(SPICED, SPICED, SPICED)
def test_hostile_input_gives_a_valid_document(path: str, text: str, source: str) -> None:
    run = run_of(result("SCL701", 1, path, f"[HIGH] {text} waits", source), Result(path, 0, 0, "E902", text))
    for found in valid(sarif.document(run, show_source=True))["results"]:
        assert "](" not in found["message"]["text"]
        uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert not set(uri) & set(' <>"{}|\\^`\n')


def test_another_tool_reads_it(service: Path) -> None:
    command = shutil.which("sarif", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if command is None:
        pytest.skip("not installed: sarif-tools")
    flake8("--format=scalability-sarif", ONLY, "--output-file=out.sarif", ".", folder=service)
    ran = subprocess.run(
        [command, "--check", "note", "csv", "--output", "out.csv", "out.sarif"],
        cwd=service,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 2, ran.stderr  # there are findings at this level
    lines = (service / "out.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[1:3] for line in lines] == [["error", "SCL101"], ["error", "SCL701"]]
