"""What the tests of the reports share: flake8 itself, runs made by hand, and Markdown as a page renders it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import running
from markdown_it import MarkdownIt
from markdown_it.token import Token
from running import Ran

from flake8_scalability.options import Settings
from flake8_scalability.report.run import Result, Run, rules

ENDPOINT = """\
import psycopg2
import requests


def total_of(order_id):
    conn = psycopg2.connect("dbname=shop", connect_timeout=3)
    return conn.cursor()


def rates():
    return requests.get("https://rates.example/latest")
"""
ALL = frozenset(rules())


def flake8(*arguments: str, folder: Path, text: str = "") -> Ran:
    """Run flake8 with the Markdown report, unless the arguments name another format, and without a configuration."""
    return running.flake8("--isolated", "--format=scalability", "-j1", *arguments, folder=folder, text=text)


def run_of(
    *results: Result,
    title: str = "app/",
    files: Sequence[str] = ("app/a.py",),
    in_force: frozenset[str] = ALL,
    settings: Settings | None = None,
    single_instance: Sequence[str] = (),
) -> Run:
    """A run of these results."""
    return Run(title, sorted(results), files, in_force, settings or Settings(), single_instance)


def result(code: str, line: int = 1, path: str = "app/a.py", text: str = "", source: str = "") -> Result:
    """A finding of one of our rules."""
    return Result(path, line, 1, code, text or f"[HIGH] thing() is wrong ({code})", source)


def tokens(text: str) -> list[Token]:
    """Parse Markdown as a page does that lets HTML through, knows tables and makes links of addresses."""
    parser = MarkdownIt("gfm-like", {"html": True})
    # An address needs its scheme: "views.py" could be one in Paraguay.
    parser.linkify.set({"fuzzy_link": False})
    flat = []
    for token in parser.parse(text):
        flat.append(token)
        flat.extend(token.children or ())
    return flat


def section(text: str, heading: str) -> list[str]:
    """Return the lines of one section of a report."""
    _, _, rest = text.partition(f"\n### {heading}\n")
    return rest.partition("\n### ")[0].splitlines()
