"""`python -m flake8_scalability`: explain a rule, list them all, the doctor, and what a contributor needs."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from flake8_scalability import doctor, documentation
from flake8_scalability.rule import CATEGORIES, SECTIONS, all_rules

SKELETON = '''\
"""{code}: TODO what is wrong, in one line."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class {name}(Rule):
    """TODO what is wrong, in one line.

{sections}
    """

    code = "{code}"
    slug = "{slug}"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{{callee}}() in {{function}}() TODO what is wrong; TODO what to do"
    short = "{{callee}}() TODO; TODO"
    title = "TODO"
    impact = "TODO what happens under load or at the second instance"
    fix = "TODO what to do, with the usual library for it"
    references = ("TODO a page that shows the fact",)
    examples = (
        Bad(
            """
            TODO()  # {code}
            """,
            "TODO why this is found",
        ),
        Good(
            """
            TODO()
            """,
            "TODO why this is not",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield TODO."""
        yield from ()
'''


def explain(code: str) -> int:
    """Print the page of a rule."""
    for rule in all_rules():
        if code.upper() in (rule.code, rule.slug.upper()):
            print(documentation.page(rule), end="")
            return 0
    print(f"there is no rule {code!r}; `list` names them all", file=sys.stderr)
    return 2


def list_rules() -> int:
    """Print a line for each rule: code, severity, slug, title."""
    for rule in all_rules():
        print(f"{rule.code}  {rule.severity.name:8}  {rule.slug:32}  {rule.title}")
    return 0


def docs(write: bool) -> int:
    """Renew the generated pages of the checkout in the working directory, or say which are out of date."""
    root = _checkout()
    if root is None:
        return 2
    paths = documentation.write(root) if write else documentation.stale(root)
    for path in paths:
        print(path.relative_to(root))
    return 0 if write or not paths else 1


def new(code: str, slug: str) -> int:
    """Write the skeleton of a rule's file into the checkout in the working directory."""
    root = _checkout()
    if root is None:
        return 2
    if not re.fullmatch(r"SCL[1-9]\d\d", code):
        return _refused(f"{code!r} is not a code: SCL and three digits, the first of them the category (1 to 9)")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        return _refused(f"{slug!r} is not a slug: lower-case words joined by hyphens")
    taken = next((rule for rule in all_rules() if code == rule.code or slug == rule.slug), None)
    if taken is not None:
        return _refused(f"{taken.code} {taken.slug} is there already")
    folder = root / "flake8_scalability" / "rules" / CATEGORIES[code[3]][0]
    path = folder / f"{code.lower()}_{slug.replace('-', '_')}.py"
    folder.mkdir(exist_ok=True)
    package = folder / "__init__.py"
    if not package.exists():
        package.write_text(f'"""SCL{code[3]}: {CATEGORIES[code[3]][1].lower()}."""\n', encoding="utf-8")
    name = "".join(word.capitalize() for word in slug.split("-"))
    sections = "\n\n".join(f"    {title}\n    {'-' * len(title)}\n    TODO" for title in SECTIONS)
    path.write_text(SKELETON.format(code=code, slug=slug, name=name, sections=sections), encoding="utf-8")
    print(f"{path.relative_to(root)}\nadd to CHANGELOG.md: - {code} {slug}")
    return 0


def _refused(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


def _checkout() -> Path | None:
    root = Path.cwd()
    if (root / "flake8_scalability" / "rules").is_dir() and (root / "README.md").is_file():
        return root
    print("run this in a checkout of flake8-scalability", file=sys.stderr)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 out of date, 2 a wrong call."""
    cli = argparse.ArgumentParser(prog="python -m flake8_scalability", description=__doc__)
    commands = cli.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser("explain", help="print what a rule finds, why it matters and how to mend it")
    command.add_argument("code", help="a code or slug: SCL701, missing-timeout")
    commands.add_parser("list", help="list all rules")
    command = commands.add_parser("docs", help="the generated documentation of a checkout")
    choice = command.add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", action="store_true", help="renew it")
    choice.add_argument("--check", action="store_true", help="exit with 1 where it is out of date")
    command = commands.add_parser("new", help="write the file of a new rule into a checkout")
    command.add_argument("code")
    command.add_argument("slug")
    commands.add_parser(
        "doctor", help="say whether the rules are in force in this directory; options are handed to flake8"
    )
    given, more = cli.parse_known_args(arguments)
    if given.command == "doctor":
        return doctor.examine(more)
    if more:
        cli.error(f"unrecognized arguments: {' '.join(more)}")
    if given.command == "explain":
        return explain(given.code)
    if given.command == "list":
        return list_rules()
    if given.command == "docs":
        return docs(given.write)
    return new(given.code, given.slug)


if __name__ == "__main__":
    sys.exit(main())
