#!/usr/bin/env python3
"""Hold the installed package against the catalogue of rules and the reference guide.

    python .ci/check_catalogue.py ../shared

Run it with the interpreter in which the package is installed.  It fails where a rule differs from its row of
CATALOGUE.md, where a complete category lacks a rule, or where a reference pair of a complete category does not hold.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.rule import all_rules

#: First digits of the categories whose every rule and reference pair must be there.
COMPLETE = "123456789"

SEVERITIES = {"C": "CRITICAL", "H": "HIGH", "M": "MEDIUM", "L": "LOW"}
#: `| SCL202 ② | process-local-cache | H | …`
ROW = re.compile(r"^\| (?P<code>SCL\d{3})(?P<mark> ②)? \| (?P<slug>[a-z0-9-]+) \| (?P<severity>[CHML]) \|")
#: ` 1 BAD  Database Connections                     SCL101 ok`
HALF = re.compile(r"^ *\d+ (?:BAD|GOOD) .*? (?P<code>SCL\d{3}) (?P<verdict>ok|FALLS SHORT: .*)$")
#: 21 pairs of the guide.
HALVES = 42


class Entry(NamedTuple):
    """What the catalogue and the package must say alike of a code."""

    slug: str
    severity: str
    second_instance: bool


def read_catalogue(text: str) -> dict[str, Entry]:
    """Return the rows of the catalogue's tables by code."""
    entries: dict[str, Entry] = {}
    for line in text.splitlines():
        if not line.startswith("| SCL"):
            continue
        row = ROW.match(line)
        if row is None or row["code"] in entries:
            sys.exit(f"the catalogue has a row that can't be read, or twice the same code: {line[:80]}")
        entries[row["code"]] = Entry(row["slug"], SEVERITIES[row["severity"]], row["mark"] is not None)
    return entries


def differences(catalogue: dict[str, Entry]) -> Iterator[str]:
    """Say where the package and the catalogue differ."""
    seen: set[str] = set()
    for rule in all_rules():
        if rule.code in seen:
            yield f"{rule.code} is implemented twice"
        seen.add(rule.code)
        wanted = catalogue.get(rule.code)
        if wanted is None:
            yield f"{rule.code} {rule.slug} is not in the catalogue"
            continue
        found = Entry(rule.slug, rule.severity.name, rule.second_instance)
        for name, theirs, ours in zip(Entry._fields, wanted, found):
            if theirs != ours:
                yield f"{rule.code}: {name} is {ours!r}, in the catalogue {theirs!r}"
    for code in sorted(set(catalogue) - seen):
        if is_complete(code):
            yield f"{code} {catalogue[code].slug} is not implemented, and its category is complete"


def is_complete(code: str) -> bool:
    return code[3] in COMPLETE


def shortfalls(script: Path) -> Iterator[str]:
    """Print the reference check's figure; say what falls short in the complete categories."""
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    lines = ran.stdout.splitlines()
    halves = [half for half in map(HALF.match, lines) if half]
    if len(halves) != HALVES:
        yield f"the reference check printed {len(halves)} halves, not {HALVES}:\n{ran.stdout}{ran.stderr}"
        return
    for half in halves:
        if is_complete(half["code"]) and half["verdict"] != "ok":
            yield half.string.strip()
    mine = [half["verdict"] == "ok" for half in halves if is_complete(half["code"])]
    print(f"reference guide: {lines[-1]}; of the categories {', '.join(COMPLETE)}: {sum(mine)} of {len(mine)}")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shared = Path(sys.argv[1])
    catalogue = read_catalogue((shared / "CATALOGUE.md").read_text(encoding="utf-8"))
    problems = [*differences(catalogue), *shortfalls(shared / "acceptance" / "check_reference.py")]
    print(f"catalogue: {len(all_rules())} of {len(catalogue)} rules are implemented")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
