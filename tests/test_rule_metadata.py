"""The rules' metadata, their files, entry points, pages and the CHANGELOG are the same sets."""

from __future__ import annotations

import importlib.metadata
import inspect
import re
from pathlib import Path

import pytest

from flake8_scalability import documentation, plugin
from flake8_scalability.options import Severity
from flake8_scalability.rule import CATEGORIES, Bad, Good, Rule, all_rules

ROOT = Path(__file__).resolve().parents[1]
CODES = [rule.code for rule in all_rules()]

DOCUMENTED = """Says something.

What it does
------------
a

Why it does not scale
---------------------
b

How to fix it
-------------
c

Known limits
------------
d
"""
COMPLETE = {
    "code": "SCL999",
    "slug": "some-slug",
    "severity": Severity.LOW,
    "since": "0.1.0",
    "message": "m",
    "short": "m",
    "title": "t",
    "impact": "i",
    "fix": "f",
    "references": ("r",),
    "examples": (Bad("x"), Good("y")),
    "__doc__": DOCUMENTED,
    "__module__": "tests.invented",
}


def test_codes_and_slugs_are_unique_and_in_order() -> None:
    assert sorted(set(CODES)) == CODES
    slugs = [rule.slug for rule in all_rules()]
    assert len(set(slugs)) == len(slugs)


def test_every_rule_file_holds_its_one_rule() -> None:
    files = {path.stem for path in (ROOT / "flake8_scalability" / "rules").rglob("scl*.py")}
    assert files == {f"{rule.code.lower()}_{rule.slug.replace('-', '_')}" for rule in all_rules()}
    assert all(Path(inspect.getfile(rule)).parent.name == CATEGORIES[rule.code[3]][0] for rule in all_rules())


def test_every_code_belongs_to_an_entry_point_and_its_class() -> None:
    points = {
        point.name: point.load()
        for point in importlib.metadata.distribution("flake8-scalability").entry_points
        if point.group == "flake8.extension"
    }
    assert set(points) == {f"SCL{digit}" for digit in range(10)}
    assert all(point.prefix == name for name, point in points.items())
    assert all(issubclass(point, plugin.Checker) for point in points.values())
    assert {code[:4] for code in CODES} <= set(points)


def test_the_changelog_names_every_rule() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    named = re.findall(r"^- (SCL[1-9]\d\d) ([a-z0-9-]+)$", text, re.MULTILINE)
    assert sorted(named) == [(rule.code, rule.slug) for rule in all_rules()]


def test_the_generated_pages_are_up_to_date() -> None:
    assert documentation.stale(ROOT) == []


def test_a_stale_page_is_found_and_renewed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("a\n<!-- rules -->\nold\n<!-- /rules -->\nb\n", encoding="utf-8")
    (tmp_path / "docs" / "rules").mkdir(parents=True)
    (tmp_path / "docs" / "rules" / "SCL999.md").write_text("of no rule", encoding="utf-8")
    assert len(documentation.stale(tmp_path)) == len(CODES) + 2
    documentation.write(tmp_path)
    assert documentation.stale(tmp_path) == []
    assert {path.stem for path in (tmp_path / "docs" / "rules").iterdir()} == set(CODES)
    assert (tmp_path / "README.md").read_text(encoding="utf-8").startswith("a\n<!-- rules -->\n| code |")


def test_a_readme_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"README\.md has no"):
        documentation.with_table("nothing here")
    with pytest.raises(ValueError, match=r"README\.md has no <!-- report -->"):
        documentation.with_excerpt("<!-- rules --><!-- /rules -->", "## Report\n")


def test_the_reports_of_the_examples_are_renewed(tmp_path: Path) -> None:
    text = "<!-- report -->old<!-- /report -->\n<!-- rules --><!-- /rules -->\n"
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    for path in documentation.REPORTS:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).with_name("app.py").write_text("x = 1\n", encoding="utf-8")
        (tmp_path / path).with_name("requirements.txt").touch()  # a project of its own, so no example
    documentation.write(tmp_path)
    for path in documentation.REPORTS:
        report = (tmp_path / path).read_text(encoding="utf-8")
        assert report.startswith(f"## Scalability Analysis: {path.parent.as_posix()}/app.py\n\nNo scalability issues")
    shown = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert shown.startswith("<!-- report -->\n```markdown\n## Scalability Analysis: examples/before/app.py\n")


def test_the_excerpt_has_the_beginning_of_each_section() -> None:
    bullet = "- **a.py:1**: T\n  - Impact: I\n  - Fix: F"
    advice = [f"  {number}. T" for number in range(1, 13)]
    report = "\n\n".join([
        "## Title",
        f"### HIGH\n{bullet}\n{bullet}",
        f"### LOW\n{bullet}",
        "### Summary\n- Recommendations priority:\n" + "\n".join(advice),
        "### Scaling Checklist\n- [x] A",
    ])  # fmt: skip
    assert documentation.excerpt(report + "\n").split("\n\n") == [
        "## Title",
        f"### HIGH\n{bullet}\n- …",
        f"### LOW\n{bullet}",
        "### Summary\n- Recommendations priority:\n  1. T\n  2. T\n  3. T\n  4. …",
        "### Scaling Checklist\n- [x] A",
    ]


def test_a_complete_rule_is_accepted() -> None:
    assert type("Invented", (Rule,), COMPLETE).section("How to fix it") == "c"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        *((name, None, f"{name} is missing") for name in ("code", "slug", "severity", "message", "short", "examples")),
        *((name, "", f"{name} is missing") for name in ("since", "title", "impact", "fix", "references")),
        ("code", "SCL12", "is not SCL and three digits"),
        ("code", "SCL012", "is not SCL and three digits"),
        ("slug", "Some_Slug", "is not lower-case words"),
        ("since", "soon", "since is not a version"),
        ("load", "connection per cal", "there is no formula 'connection per cal'"),
        ("examples", (Bad("x"),), "there is no Good example"),
        ("examples", (Good("x"),), "there is no Bad example"),
        ("__doc__", DOCUMENTED.replace("Known limits", "Known limit"), "no section 'Known limits'"),
        ("__module__", "flake8_scalability.rules.architecture.scl999_other", "the file is named scl999_other"),
        ("__module__", "flake8_scalability.rules.pooling.scl999_some_slug", "do not stand in the folder pooling"),
    ],
)
def test_incomplete_or_contradictory_metadata_is_refused(field: str, value: object, complaint: str) -> None:
    with pytest.raises(TypeError, match=re.escape(complaint)):
        type("Invented", (Rule,), {**COMPLETE, field: value if value is not None else ""})
