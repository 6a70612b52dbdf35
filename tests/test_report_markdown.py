"""`flake8 --format=scalability`: the whole report over a file, a folder, a project, standard input and a clean run."""

from __future__ import annotations

from pathlib import Path

import pytest
import running
from reporting import ENDPOINT, flake8, section, tokens

ONLY = "--select=SCL101,SCL701"
CLEAN = '"""Nothing here."""\n'

REPORT = """\
## Scalability Analysis: {title}

### CRITICAL
- **{path}:6**: Database connection opened per call (`psycopg2.connect()`) · SCL101
  - Impact: Every call pays for a connection; the database runs out of them long before it runs out of capacity
  - Fix: Make one pool for the process (psycopg_pool, asyncpg.create_pool, an SQLAlchemy engine) and borrow from it

### HIGH
- **{path}:11**: Call without a timeout (`requests.get()`) · SCL701
  - Impact: One peer that stops answering holds every worker that calls it, until nothing is left to serve with
  - Fix: Give the call a timeout, for requests timeout=(connect, read), or set one on the client that makes it

### Summary
- Critical issues: 1
  - High: 1 · Medium: 0 · Low: 0
- Horizontal scaling ready: Yes (as far as it was checked)
  - Not checked: {decisive} of the {decisive} rules that decide it
- Load estimate before issues: ~0.13 requests/second
  - Set by: Call without a timeout (SCL701) at **{path}:11**, `W·T/d` while the peer hangs
  - Then: ~160, Database connection opened per call (SCL101) at **{path}:6**, `W·T/(c+q)`
  - Assumed, for one instance: W = 4 workers, T = 1 thread each, P = 15 pooled connections, q = 5 ms a query, \
c = 20 ms a connection, h = 200 ms a remote call, s = 50 ms a handshake, u = 2 s a unit of slow work, d = 30 s on a \
dead peer, n = 100 items in a loop, r = 100,000 rows. A model, not a measurement
- Recommendations priority:
  1. Database connection opened per call (SCL101, once, at **{path}:6**): Make one pool for the process \
(psycopg_pool, asyncpg.create_pool, an SQLAlchemy engine) and borrow from it
  2. Call without a timeout (SCL701, once, at **{path}:11**): Give the call a timeout, for requests \
timeout=(connect, read), or set one on the client that makes it

### Scaling Checklist
- [ ] Connection pooling for all external resources
- [ ] Stateless design (no in-memory state) (not checked)
- [ ] Distributed caching strategy (not checked)
- [ ] Rate limiting on public APIs (not checked)
- [ ] Pagination on list endpoints (not checked)
- [ ] Circuit breakers for external services (not checked)
- [ ] Timeouts on all external calls
"""


def whole(title: str, path: str) -> str:
    from test_report_parts import DECISIVE

    return REPORT.format(title=title, path=path, decisive=len(DECISIVE))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project `shop` with a folder `app` of two files."""
    folder = tmp_path / "shop"
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "rates.py").write_text(ENDPOINT, encoding="utf-8")
    (folder / "app" / "clean.py").write_text(CLEAN, encoding="utf-8")
    (folder / "main.py").write_text(CLEAN, encoding="utf-8")
    (folder / "pyproject.toml").write_text('[project]\nname = "shop-api"\n', encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (["app/rates.py"], "app/rates.py"),
        (["./app/rates.py"], "app/rates.py"),
        (["app"], "app/"),
        (["."], "shop-api"),
        ([], "shop-api"),
    ],
)
def test_file_folder_and_project(project: Path, given: list[str], title: str) -> None:
    ran = flake8(ONLY, *given, folder=project)
    assert (ran.stdout, ran.stderr, ran.returncode) == (whole(title, "app/rates.py"), "", 1)


def test_an_absolute_path_is_not_shown(project: Path) -> None:
    assert flake8(ONLY, str(project / "app"), folder=project).stdout == whole("app/", "app/rates.py")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ([], "stdin"),
        (["--stdin-display-name=app/rates.py"], "app/rates.py"),
        (["--stdin-display-name="], "stdin"),
    ],
)
def test_standard_input(project: Path, name: list[str], shown: str) -> None:
    assert flake8(ONLY, *name, "-", folder=project, text=ENDPOINT).stdout == whole(shown, shown)


@pytest.mark.parametrize("jobs", ["1", "2", "auto"])
def test_the_number_of_workers_changes_nothing(project: Path, jobs: str) -> None:
    assert flake8(ONLY, "-j", jobs, ".", folder=project).stdout == whole("shop-api", "app/rates.py")


def test_a_clean_run(project: Path) -> None:
    ran = flake8("--select=SCL", "main.py", "app/clean.py", folder=project)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[:7] == [
        "## Scalability Analysis: shop-api",
        "",
        "No scalability issues found in 2 files.",
        "",
        "### Summary",
        "- Critical issues: 0",
        "- Horizontal scaling ready: Yes",
    ]
    assert "- Load estimate before issues: ~800 requests/second\n  - Set by: one query a request, `W·T/q`" in ran.stdout
    assert "- Recommendations priority: none\n" in ran.stdout
    assert ran.stdout.count("- [x] ") == 7


def test_tests_and_tools_are_passed_over(project: Path) -> None:
    (project / "tests").mkdir()
    for name in ("test_a.py", "test_b.py"):
        (project / "tests" / name).write_text(CLEAN, encoding="utf-8")
    text = flake8("--select=SCL", "main.py", "tests", folder=project).stdout
    assert "\nNo scalability issues found in 1 file (2 files passed over: tests or tools).\n" in text
    text = flake8("--select=SCL", "tests/test_a.py", folder=project).stdout
    assert text.startswith(
        "## Scalability Analysis: tests/test_a.py\n\nNo file was checked (1 file passed over: tests or tools).\n"
    )
    assert "[x]" not in text
    text = flake8("--select=SCL", "--scl-include-tools", "tests", folder=project).stdout
    assert "\nNo scalability issues found in 2 files.\n" in text


def test_no_file_at_all(project: Path) -> None:
    ran = flake8("--select=SCL", "--exclude=*", ".", folder=project)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "No file was checked." in ran.stdout
    assert "[x]" not in ran.stdout


def test_the_assumptions_are_options(project: Path) -> None:
    options = ("--scl-workers=8", "--scl-threads=2", "--scl-hang-ms=1000", "--scl-connect-ms=35")
    text = flake8(ONLY, *options, "app", folder=project).stdout
    assert "estimate before issues: ~16 requests/second" in text
    assert "Then: ~400, Database" in text
    assert "W = 8 workers, T = 2 threads each" in text


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("--scl-workers", "0", "'0' is not a whole number of at least 1"),
        ("--scl-rows", "many", "'many' is not a whole number of at least 1"),
        ("--scl-query-ms", "0", "'0' is not a time in milliseconds above 0"),
        ("--scl-hang-ms", "inf", "'inf' is not a time in milliseconds above 0"),
        ("--scl-slow-ms", "2s", "'2s' is not a time in milliseconds above 0"),
    ],
)
def test_a_bad_assumption_is_named(project: Path, option: str, value: str, complaint: str) -> None:
    ran = flake8(option, value, folder=project)
    assert ran.returncode == 2
    assert option in ran.stderr and complaint in ran.stderr


def test_assumptions_in_a_configuration_file(project: Path) -> None:
    (project / "tox.ini").write_text(
        "[flake8]\nselect = SCL701\nscl-workers = 2\nscl_hang_ms = 1e3\n", encoding="utf-8"
    )
    assert (
        "estimate before issues: ~2 requests/second"
        in running.flake8("--format=scalability", "app", folder=project).stdout
    )


def test_the_single_instance_constraint_by_option_and_by_comment(project: Path) -> None:
    by_option = flake8("--select=SCL", "--scl-single-instance", "main.py", folder=project).stdout
    assert "- Horizontal scaling ready: Yes (under the single-instance constraint" in by_option
    assert "(no in-memory state) (not checked: single instance)" in by_option
    (project / "main.py").write_text("# Scalability: single-instance\nX = 1\n", encoding="utf-8")
    by_comment = flake8("--select=SCL", ".", folder=project).stdout
    assert "  - Single-instance constraint, by comment: main.py\n" in by_comment
    (project / "main.py").write_text("X = '# scalability: single-instance'\n", encoding="utf-8")
    assert "by comment" not in flake8("--select=SCL", ".", folder=project).stdout


def test_lesser_severities_that_were_left_out_are_not_checked(project: Path) -> None:
    text = flake8("--select=SCL", "--scl-min-severity=high", "main.py", folder=project).stdout
    assert "- [ ] Pagination on list endpoints (not checked" in text
    assert "- [x] Timeouts on all external calls\n" in text


def test_codes_ignored_in_every_file_are_not_checked(project: Path) -> None:
    ignored = "--per-file-ignores=app/*:SCL701"
    line = "- [ ] Timeouts on all external calls (not checked)"
    assert line in flake8("--select=SCL", ignored, "app", folder=project).stdout
    assert line not in flake8("--select=SCL", ignored, ".", folder=project).stdout


@pytest.mark.parametrize("selected", ["SCL101", "SCL101,E9"])
def test_a_file_that_does_not_parse_stands_at_the_top(project: Path, selected: str) -> None:
    (project / "app" / "broken.py").write_text("x = 1\ndef (:\n", encoding="utf-8")
    text = flake8("--select", selected, "app", folder=project).stdout
    assert text.startswith(
        "## Scalability Analysis: app/\n\n### Not analysed\n- **app/broken.py:2**: E999 `SyntaxError: invalid syntax`\n"
        "\n### CRITICAL\n"
    )


@pytest.mark.parametrize("text", ["x = (\n", "\ufeffdef f(:\n"])
def test_other_files_that_do_not_parse(project: Path, text: str) -> None:
    ran = flake8("--select=SCL", "-", folder=project, text=text)
    assert "### Not analysed\n- **stdin:1**: E999 `" in ran.stdout


def test_a_file_that_is_not_there_stands_at_the_top(project: Path) -> None:
    ran = flake8("--select=SCL", "gone.py", folder=project)
    assert "### Not analysed\n- **gone.py:1**: E902 `the file could not be read`" in ran.stdout
    assert "[x]" not in ran.stdout


def test_what_flake8_says_of_a_file_is_not_said_twice(project: Path) -> None:
    for given in ("gone.py", str(project / "gone.py")):
        text = flake8("--select=SCL,E902", given, folder=project).stdout
        assert "\n### Not analysed\n- **gone.py:1**: E902 `FileNotFoundError: " in text
        assert text.count("E902") == 1
        assert str(project) not in text


def test_findings_of_other_plugins_come_last(project: Path) -> None:
    (project / "app" / "clean.py").write_text("import os\n", encoding="utf-8")
    text = flake8("--select=SCL101,F401", "app", folder=project).stdout
    assert text.endswith("### Other findings\n\n```text\napp/clean.py:1:1: F401 'os' imported but unused\n```\n")
    assert section(text, "CRITICAL")[0].endswith("· SCL101")


def test_the_source_is_shown_in_a_fence(project: Path) -> None:
    lines = section(flake8(ONLY, "--show-source", "app", folder=project).stdout, "CRITICAL")
    shown = '  conn = psycopg2.connect("dbname=shop", connect_timeout=3)'
    assert lines[3:] == ["", "  ```python", shown, "  ```", ""]


LONG = """\
import requests


def rates():
    return f(
        '''a
        b''',
        requests.get("https://a.example"),
    )
"""


@pytest.mark.parametrize("given", ["-", "app/rates.py"])
def test_of_a_long_statement_the_line_of_the_finding_is_shown(project: Path, given: str) -> None:
    (project / "app" / "rates.py").write_text(LONG, encoding="utf-8")
    shown = flake8("--select=SCL701", "--show-source", given, folder=project, text=LONG).stdout
    assert '  ```python\n  requests.get("https://a.example"),\n  ```\n' in shown


def test_the_source_of_other_findings(project: Path) -> None:
    (project / "main.py").write_text("x = 1;\n", encoding="utf-8")
    text = flake8("--select=E703", "--show-source", "main.py", folder=project).stdout
    assert text.endswith("```text\nmain.py:1:6: E703 statement ends with a semicolon\nx = 1;\n     ^\n```\n")


def test_statistics_and_benchmarks_are_sections_after_the_report(project: Path) -> None:
    ran = flake8(ONLY, "--statistics", "--benchmark", "app", folder=project)
    report, _, rest = ran.stdout.partition("\n### Statistics\n")
    assert report == whole("app/", "app/rates.py")
    assert rest.startswith("\n```text\n1     SCL101 [CRITICAL] psycopg2.connect() opens")
    assert "\n1     SCL701 [HIGH] requests.get() without" in rest
    assert "\n### Benchmarks\n\n```text\n" in rest and "2          total files processed" in rest
    assert [token.type for token in tokens(rest)].count("fence") == 2


def test_the_count_is_the_last_line(project: Path) -> None:
    assert flake8(ONLY, "--count", "app", folder=project).stdout == whole("app/", "app/rates.py") + "2\n"


def test_exit_zero(project: Path) -> None:
    ran = flake8(ONLY, "--exit-zero", "app", folder=project)
    assert (ran.returncode, ran.stdout) == (0, whole("app/", "app/rates.py"))


@pytest.mark.parametrize(("quiet", "output"), [("-q", "app/rates.py\n"), ("-qq", "")])
def test_quiet_is_flake8s_own(project: Path, quiet: str, output: str) -> None:
    assert flake8(ONLY, quiet, "app", folder=project).stdout == output


def test_the_output_file_is_written_anew_as_utf8(project: Path) -> None:
    path = project / "out" / "report.md"
    for _ in range(2):
        ran = flake8(ONLY, "--output-file=out/report.md", "--color=always", "app", folder=project)
        assert (ran.stdout, ran.stderr, ran.returncode) == ("", "", 1)
        assert path.read_bytes() == whole("app/", "app/rates.py").encode()


def test_what_is_logged_does_not_stand_before_the_report(project: Path) -> None:
    running.apart("--format=scalability", ONLY, "-v", "--output-file=report.md", "app", folder=project)
    assert (project / "report.md").read_text(encoding="utf-8").startswith(whole("app/", "app/rates.py"))


def test_tee_prints_it_too(project: Path) -> None:
    ran = flake8(ONLY, "--tee", "--output-file=report.md", "--statistics", "app", folder=project)
    assert ran.stdout == (project / "report.md").read_text(encoding="utf-8")
    assert ran.stdout.startswith(whole("app/", "app/rates.py"))


def test_nothing_is_coloured(project: Path) -> None:
    assert "\x1b" not in flake8(ONLY, "--color=always", "app", folder=project).stdout


def test_noqa_counts(project: Path) -> None:
    path = project / "app" / "rates.py"
    path.write_text(ENDPOINT.replace("timeout=3)", "timeout=3)  # noqa: SCL101"), encoding="utf-8")
    assert "SCL101" not in flake8(ONLY, "app", folder=project).stdout
