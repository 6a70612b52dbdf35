"""The rules as Markdown: a page for each, and the table of the README.  Everything comes from the rules themselves.

The reports on the examples are renewed with them, and the README shows the beginning of each section of the first.
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

from flake8_scalability.catalog.load import FORMULAS
from flake8_scalability.options import Severity
from flake8_scalability.rule import CATEGORIES, SECTIONS, Bad, Example, Rule, all_rules

TABLE_START, TABLE_END = "<!-- rules -->", "<!-- /rules -->"
EXCERPT_START, EXCERPT_END = "<!-- report -->", "<!-- /report -->"
#: The committed reports, each of the folder in which it stands.
REPORTS = (Path("examples", "before", "SCALABILITY.md"), Path("examples", "after", "SCALABILITY.md"))
#: The README shows so many lines of a section with findings, and so many recommendations.
BULLET_LINES = 3
RECOMMENDATIONS = 3
SECOND_INSTANCE = "②"


def page(rule: type[Rule]) -> str:
    """Return the Markdown page of a rule."""
    category = CATEGORIES[rule.code[3]][1]
    facts = [f"**{rule.severity.name}**", category, f"since {rule.since}"]
    if rule.second_instance:
        facts.append(f"{SECOND_INSTANCE} matters from the second instance on")
    parts = [
        f"# {rule.code} {rule.slug}",
        " · ".join(facts),
        rule.summary(),
        *(f"## {name}\n\n{rule.section(name)}" for name in SECTIONS),
        f"## In a report\n\n- Title: {rule.title}\n- Impact: {rule.impact}\n- Fix: {rule.fix}\n- Load: {_load(rule)}",
        "## Found\n\n" + "\n\n".join(_example(example) for example in rule.examples if isinstance(example, Bad)),
        "## Not found\n\n"
        + "\n\n".join(_example(example) for example in rule.examples if not isinstance(example, Bad)),
        f"## Silencing it\n\nOn one line: `# noqa: {rule.code}`. For some files: `per-file-ignores`. "
        f"For the project: `extend-ignore = {rule.code}`.",
        "## References\n\n" + "\n".join(f"- <{reference}>" for reference in rule.references),
    ]
    return "\n\n".join(parts) + "\n"


def _load(rule: type[Rule]) -> str:
    if not rule.load:
        return "no bound of its own in the [load estimate](../load-estimate.md)"
    formula = FORMULAS[rule.load]
    condition = f" {formula.condition}" if formula.condition else ""
    return f"at most `{formula.text}` requests/second{condition}, see the [load estimate](../load-estimate.md)"


def _example(example: Example) -> str:
    """Return an example with its reason above; its trailing comments say what is found, or known to be missed."""
    why = f"{example.why[:1].upper()}{example.why[1:]}" if example.why else ""
    where = f" (in `{example.path}`)" if example.path != "service.py" else ""
    head = f"{why}{where}:\n\n" if why or where else ""
    return f"{head}```python\n{textwrap.dedent(example.source).strip()}\n```"


def table() -> str:
    """Return the Markdown table of all rules, as the README has it."""
    lines = ["| code | rule | severity | what is found |", "| --- | --- | --- | --- |"]
    for rule in all_rules():
        mark = f" {SECOND_INSTANCE}" if rule.second_instance else ""
        link = f"[{rule.code}](docs/rules/{rule.code}.md){mark}"
        lines.append(f"| {link} | {rule.slug} | {rule.severity.name.lower()} | {rule.title} |")
    return "\n".join(lines)


def with_table(readme: str) -> str:
    """Return the README's text with the table of rules renewed; raise ValueError where its markers are missing."""
    return _between(readme, TABLE_START, TABLE_END, table())


def with_excerpt(readme: str, report: str) -> str:
    """Return the README's text with the excerpt of a report renewed; raise ValueError where its markers are missing."""
    return _between(readme, EXCERPT_START, EXCERPT_END, f"```markdown\n{excerpt(report)}\n```")


def _between(text: str, start: str, end: str, new: str) -> str:
    before, found_start, rest = text.partition(start)
    _, found_end, after = rest.partition(end)
    if not found_start or not found_end:
        raise ValueError(f"README.md has no {start} … {end}")
    return f"{before}{start}\n{new}\n{end}{after}"


def excerpt(report: str) -> str:
    """Return a report with only the first finding of each severity and the first recommendations."""
    sections = []
    for section in report.strip().split("\n\n"):
        lines = section.splitlines()
        if lines[0] in {f"### {severity.name}" for severity in Severity}:
            lines = [*lines[: 1 + BULLET_LINES], *(["- …"] if len(lines) > 1 + BULLET_LINES else [])]
        kept = [line for line in lines if not _is_late(line)]
        sections.append("\n".join(kept if kept == lines else [*kept, f"  {RECOMMENDATIONS + 1}. …"]))
    return "\n\n".join(sections)


def _report_on(folder: Path, root: Path) -> str:
    """Return the report on a folder of a checkout, as the README's command prints it."""
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=SCL", "--format=scalability", "--exit-zero"]
    ran = subprocess.run([*command, folder.as_posix()], cwd=root, capture_output=True, encoding="utf-8", check=True)
    return ran.stdout


def _is_late(line: str) -> bool:
    number = re.match(r"  (\d+)\. ", line)
    return number is not None and int(number[1]) > RECOMMENDATIONS


def generated(root: Path) -> dict[Path, str]:
    """Return what the generated files below a checkout must hold, by path."""
    files = {root / "docs" / "rules" / f"{rule.code}.md": page(rule) for rule in all_rules()}
    readme = root / "README.md"
    files[readme] = with_table(readme.read_text(encoding="utf-8"))
    reports = {root / path: _report_on(path.parent, root) for path in REPORTS if (root / path.parent).is_dir()}
    if reports:
        files[readme] = with_excerpt(files[readme], reports[root / REPORTS[0]])
        files.update(reports)
    return files


def stale(root: Path) -> list[Path]:
    """Return the generated files of a checkout that are missing, differ, or belong to no rule."""
    return _stale(root, generated(root))


def _stale(root: Path, wanted: dict[Path, str]) -> list[Path]:
    found = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted(found + [path for path in (root / "docs" / "rules").glob("*.md") if path not in wanted])


def write(root: Path) -> list[Path]:
    """Bring the generated files of a checkout up to date and return those that changed."""
    wanted = generated(root)
    changed = _stale(root, wanted)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path].encode())
        else:
            path.unlink()
    return changed
