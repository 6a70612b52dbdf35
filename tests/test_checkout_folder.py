"""Where somebody has put his copy of a project says nothing: command line and editor find the same in it."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest
from support import ALONE

from flake8_scalability import engine
from flake8_scalability.project import root
from flake8_scalability.rule import Bad, Rule, all_rules

#: Names that would say something of a file, were they the project's.
TELLING = Path("tests", "seed", "migrations", "2024-05-06", "admin", "sandbox", "dags", "dev", "callbacks")


def found(folder: Path, example: Bad) -> list[engine.Report]:
    """Analyse an example by the absolute path that it has in a project of its own in a folder."""
    file = folder / "shop" / example.path
    file.parent.mkdir(parents=True, exist_ok=True)
    (folder / "shop" / ".git").mkdir(exist_ok=True)
    text = textwrap.dedent(example.source)
    file.write_text(text, encoding="utf-8")
    return list(engine.analyse(ast.parse(text), str(file), text.splitlines(True), ALONE, strict=True))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: str(rule.code))
def test_the_same_is_found_in_a_folder_of_any_name(rule: type[Rule], tmp_path: Path) -> None:
    for number, example in enumerate(each for each in rule.examples if isinstance(each, Bad)):
        plain = found(tmp_path / f"plain{number}", example)
        assert rule.code in {report.text[:6] for report in plain}
        assert found(tmp_path / TELLING / f"telling{number}", example) == plain


@pytest.mark.parametrize(
    ("filename", "parts"),
    [
        ("{project}/shop/orders.py", ("shop", "orders.py")),
        ("{project}/orders.py", ("orders.py",)),
        ("-", ()),
        ("stdin", ()),
        ("", ()),
    ],
)
def test_the_part_of_a_path_that_is_the_projects(filename: str, parts: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert root.below(filename.format(project=tmp_path)) == parts


def test_without_a_mark_it_is_what_lies_below_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root, "of", lambda filename: None)
    monkeypatch.chdir(tmp_path)
    assert root.below("shop/orders.py") == ("shop", "orders.py")
    assert root.below(str(tmp_path.parent / "a" / "b" / "c" / "d.py")) == ("b", "c", "d.py")
