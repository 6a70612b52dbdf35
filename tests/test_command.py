"""`python -m flake8_scalability`, run as a command."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Ran, python

from flake8_scalability.__main__ import main
from flake8_scalability.rule import all_rules

ROOT = Path(__file__).resolve().parents[1]


def apart(*arguments: str, folder: Path = ROOT) -> Ran:
    return python("-m", "flake8_scalability", *arguments, folder=folder)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The command in this process."""

    def run(*arguments: str, folder: Path = ROOT) -> Ran:
        monkeypatch.chdir(folder)
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        return Ran(*capsys.readouterr(), status)

    return run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what `docs` and `new` need of a checkout."""
    shutil.copytree(
        ROOT / "flake8_scalability", tmp_path / "flake8_scalability", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "README.md", tmp_path)
    return tmp_path


def test_list_names_every_rule() -> None:
    lines = apart("list").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [[r.code, r.severity.name, r.slug] for r in all_rules()]


def test_a_wrong_call_of_the_command() -> None:
    ran = apart("explain", "SCL199")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "there is no rule 'SCL199'" in ran.stderr


@pytest.mark.parametrize("name", ["SCL101", "scl101", "database-connection-per-call"])
def test_explain_prints_the_page(name: str, command: Callable[..., Ran]) -> None:
    text = command("explain", name).stdout
    assert text == (ROOT / "docs" / "rules" / "SCL101.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["explain", "SCL199"], "there is no rule 'SCL199'"),
        (["new", "SCL1", "some-slug"], "'SCL1' is not a code"),
        (["new", "SCL199", "Some Slug"], "'Some Slug' is not a slug"),
        (["new", "SCL101", "other"], "SCL101 database-connection-per-call is there already"),
        (["docs"], "--write"),
        (["dance"], "dance"),
    ],
)
def test_a_wrong_call_is_named(arguments: list[str], complaint: str, command: Callable[..., Ran]) -> None:
    ran = command(*arguments)
    assert ran.returncode == 2
    assert complaint in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("arguments", [["docs", "--check"], ["docs", "--write"], ["new", "SCL199", "some-slug"]])
def test_a_checkout_is_asked_for(tmp_path: Path, arguments: list[str], command: Callable[..., Ran]) -> None:
    ran = command(*arguments, folder=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "in a checkout of flake8-scalability" in ran.stderr


def test_docs_are_checked_and_written(checkout: Path, command: Callable[..., Ran]) -> None:
    assert command("docs", "--check", folder=checkout).returncode == 1
    assert command("docs", "--write", folder=checkout).returncode == 0
    assert command("docs", "--check", folder=checkout).returncode == 0
    assert (checkout / "docs" / "rules" / "SCL101.md").exists()


def test_new_writes_a_rule_that_only_lacks_its_content(checkout: Path, command: Callable[..., Ran]) -> None:
    ran = command("new", "SCL999", "some-new-rule", folder=checkout)
    path = checkout / "flake8_scalability" / "rules" / "architecture" / "scl999_some_new_rule.py"
    assert ran.returncode == 0
    assert "- SCL999 some-new-rule" in ran.stdout
    ast.parse(path.read_text(encoding="utf-8"))
    # The copy in the working directory is the one that is imported now, and accepts its new rule.
    assert "SCL999" in apart("list", folder=checkout).stdout
