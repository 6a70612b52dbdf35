"""What the README says of options and configuration files, tried with the real flake8."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from running import apart, flake8

from flake8_scalability.options import Settings, Severity

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
SERVICE = """\
import psycopg2


def total_of(order_id):
    return psycopg2.connect("dbname=shop")
"""


class Row(NamedTuple):
    """An option in the README's table."""

    name: str
    default: str
    example: str


ROWS = [
    Row(*match.groups())
    for match in re.finditer(r"^\| `scl-([\w-]+)` \| `?([^|`]+?)`? \| `([^|`]+)` \| [^|]+ \|$", README, re.MULTILINE)
]


def block(kind: str, word: str) -> str:
    """Return the one block of the README in a language that contains a word."""
    (found,) = (text for text in re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL) if word in text)
    return str(found)


def shown(default: object) -> str:
    """Return how the table writes a default."""
    if isinstance(default, bool):
        return "off"
    return default.name.lower() if isinstance(default, Severity) else f"{default:.9g}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "service.py").write_text(SERVICE, encoding="utf-8")
    return tmp_path


def test_every_option_stands_in_the_table_with_its_default() -> None:
    wanted = {field.name.replace("_", "-"): shown(field.default) for field in dataclasses.fields(Settings)}
    assert {row.name: row.default for row in ROWS} == wanted


@pytest.mark.parametrize("dash", ["-", "_"])
def test_the_examples_of_all_options_are_accepted(project: Path, dash: str) -> None:
    lines = [row.example.replace("-", dash) for row in ROWS]
    assert [line.partition(" = ")[0].replace("_", "-") for line in lines] == [f"scl-{row.name}" for row in ROWS]
    (project / ".flake8").write_text("\n".join(["[flake8]", *lines]) + "\n", encoding="utf-8")
    ran = flake8("--select=SCL", "service.py", folder=project)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "SCL101 [CRITICAL]" in ran.stdout


def test_the_options_are_accepted_on_the_command_line(project: Path) -> None:
    given = [f"--scl-{row.name}" if row.default == "off" else "--" + row.example.replace(" = ", "=") for row in ROWS]
    ran = flake8("--isolated", "--select=SCL", *given, "service.py", folder=project)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "SCL101 [CRITICAL]" in ran.stdout


@pytest.mark.parametrize(("kind", "name"), [("ini", "setup.cfg"), ("ini", "tox.ini"), ("toml", "pyproject.toml")])
def test_the_configuration_of_the_readme(project: Path, kind: str, name: str) -> None:
    (project / name).write_text(block(kind, "flake8]"), encoding="utf-8")
    # The plugin that reads pyproject.toml changes flake8 for the rest of the process.
    ran = (apart if kind == "toml" else flake8)("service.py", folder=project)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "SCL101 [CRITICAL]" in ran.stdout


def test_the_command_of_the_report(project: Path) -> None:
    command = next(line for line in README.splitlines() if "--output-file report.md" in line)
    (project / "app").mkdir()
    (project / "service.py").rename(project / "app" / "service.py")
    ran = flake8("--isolated", *command.split()[1:], folder=project)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "")
    assert (project / "report.md").read_text(encoding="utf-8").startswith("## Scalability Analysis: app/service.py\n")
