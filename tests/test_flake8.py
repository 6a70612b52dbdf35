"""The plugin inside the real flake8: options, codes, workers, stdin, noqa."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path

import pytest
from running import Ran, apart, flake8, python

SERVICE = """\
import psycopg2
import requests


def total_of(order_id):
    conn = psycopg2.connect("dbname=shop", connect_timeout=3)
    return conn.cursor()


def rates():
    return requests.get("https://rates.example/latest")
"""


def found(ran: Ran) -> list[str]:
    """Return "file:line code" of each finding, in the order of the output; whatever else is printed fails."""
    assert ran.stderr == ""
    lines = []
    for line in ran.stdout.splitlines():
        match = re.match(r"(.+?):(\d+):\d+: (\w+) ", line)
        assert match is not None, line
        lines.append(f"{match[1]}:{match[2]} {match[3]}")
    return lines


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "service.py").write_text(SERVICE, encoding="utf-8")
    return tmp_path


def test_findings_with_their_messages(project: Path) -> None:
    ran = apart("--isolated", "--select", "SCL101", "service.py", folder=project)
    assert ran.returncode == 1
    assert ran.stdout == (
        "service.py:6:21: SCL101 [CRITICAL] psycopg2.connect() opens a new database connection on every call of "
        "total_of(); use a connection pool\n"
    )


def test_codes_are_on_by_default_beside_the_others(project: Path) -> None:
    assert "service.py:6 SCL101" in found(flake8("--isolated", "service.py", folder=project))


def test_the_version_names_the_plugin_once(project: Path) -> None:
    assert apart("--version", folder=project).stdout.replace("\n", " ").count("flake8-scalability:") == 1


def test_the_options_are_listed_in_the_help(project: Path) -> None:
    text = flake8("--help", folder=project).stdout
    assert all(
        text.count(f" {flag}") == 1 for flag in ("--scl-min-severity", "--scl-include-tools", "--scl-single-instance")
    )


@pytest.mark.parametrize(("lowest", "codes"), [("critical", {"SCL101"}), ("HIGH", {"SCL101", "SCL701"})])
def test_min_severity(project: Path, lowest: str, codes: set[str]) -> None:
    ran = flake8("--isolated", "--select", "SCL101,SCL701", "--scl-min-severity", lowest, "service.py", folder=project)
    assert {line.split()[1] for line in found(ran)} == codes


def test_a_bad_severity_is_named(project: Path) -> None:
    ran = flake8("--isolated", "--scl-min-severity", "awful", "service.py", folder=project)
    assert ran.returncode == 2
    assert "--scl-min-severity" in ran.stderr and "'awful' is not a severity" in ran.stderr


def test_a_bad_severity_in_a_configuration_file_is_named(project: Path) -> None:
    (project / "tox.ini").write_text("[flake8]\nscl_min_severity = awful\n", encoding="utf-8")
    ran = flake8("service.py", folder=project)
    assert ran.returncode != 0
    assert "'awful' is not a severity" in ran.stderr


@pytest.mark.parametrize("key", ["scl-min-severity", "scl_min_severity"])
@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_options_in_configuration_files(project: Path, name: str, key: str) -> None:
    (project / name).write_text(f"[flake8]\nselect = SCL101,SCL701\n{key} = critical\n", encoding="utf-8")
    assert found(flake8("service.py", folder=project)) == ["service.py:6 SCL101"]


def test_tools_are_silent_until_they_are_asked_for(project: Path) -> None:
    (project / "service.py").rename(project / "test_service.py")
    arguments = ("--isolated", "--select", "SCL", "test_service.py")
    assert found(flake8(*arguments, folder=project)) == []
    assert "test_service.py:6 SCL101" in found(flake8(*arguments, "--scl-include-tools", folder=project))


def test_noqa_silences_the_line(project: Path) -> None:
    text = SERVICE.replace("connect_timeout=3)", "connect_timeout=3)  # noqa: SCL101")
    (project / "service.py").write_text(text, encoding="utf-8")
    assert found(flake8("--isolated", "--select", "SCL101", "service.py", folder=project)) == []


def test_findings_do_not_depend_on_the_number_of_workers(project: Path) -> None:
    for number in range(6):
        (project / f"copy{number}.py").write_text("\n" * number + SERVICE, encoding="utf-8")
    one = found(flake8("--isolated", "--select", "SCL", "-j1", ".", folder=project))
    two = found(flake8("--isolated", "--select", "SCL", "-j2", ".", folder=project))
    assert one == two
    assert len({line.split(":")[0] for line in one}) == 7


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_findings_do_not_depend_on_how_workers_start(project: Path, method: str) -> None:
    for number in range(4):
        (project / f"copy{number}.py").write_text(SERVICE, encoding="utf-8")
    starter = project / "start.txt"  # a file, since spawn imports the main module again
    starter.write_text(
        "import multiprocessing\nfrom flake8.main.cli import main\n"
        f"if __name__ == '__main__':\n    multiprocessing.set_start_method({method!r})\n    raise SystemExit(main())\n",
        encoding="utf-8",
    )
    arguments = ("--isolated", "--select", "SCL")
    plain = found(flake8(*arguments, "-j1", ".", folder=project))
    ran = python(str(starter), *arguments, "-j2", ".", folder=project)
    assert found(ran) == plain
    assert plain


@pytest.mark.parametrize("name", [(), ("--stdin-display-name", "app/orders.py")])
def test_standard_input(project: Path, name: tuple[str, ...]) -> None:
    ran = flake8("--isolated", "--select", "SCL101", *name, "-", folder=project, text=SERVICE)
    assert found(ran) == [f"{name[1] if name else 'stdin'}:6 SCL101"]


def test_standard_input_of_the_command(project: Path) -> None:
    assert found(apart("--isolated", "--select", "SCL101", "-", folder=project, text=SERVICE)) == ["stdin:6 SCL101"]


def test_runs_in_one_process(project: Path) -> None:
    code = (
        "import sys\nfrom flake8.main.cli import main\n"
        "main(['--isolated', '--select', 'SCL101', 'service.py'])\n"
        "main(['--isolated', '--select', 'SCL701', 'service.py'])\n"
        "main(['--isolated', '--select', 'SCL101', '--scl-min-severity', 'critical', 'service.py'])\n"
    )
    ran = python("-c", code, folder=project)
    assert found(ran) == ["service.py:6 SCL101", "service.py:11 SCL701", "service.py:6 SCL101"]


def test_the_legacy_interface(project: Path) -> None:
    code = (
        "from flake8.api import legacy\n"
        "guide = legacy.get_style_guide(select=['SCL101'])\n"
        "print(guide.check_files(['service.py']).total_errors)\n"
    )
    assert python("-c", code, folder=project).stdout.splitlines()[-1] == "1"


def test_a_file_that_does_not_parse_costs_nothing_elsewhere(project: Path) -> None:
    (project / "broken.py").write_text("def (:\n", encoding="utf-8")
    lines = found(flake8("--isolated", "--select", "SCL101,E999", ".", folder=project))
    assert lines == ["./broken.py:1 E999", "./service.py:6 SCL101"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_other_encodings(project: Path, encoding: str) -> None:
    head = "# -*- coding: latin-1 -*-\n" if encoding == "latin-1" else ""
    (project / "service.py").write_text(f"{head}NAME = 'Größe'\n{SERVICE}", encoding=encoding)
    line = 8 if head else 7
    assert found(flake8("--isolated", "--select", "SCL101", "service.py", folder=project)) == [
        f"service.py:{line} SCL101"
    ]
