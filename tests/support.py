"""What the tests share: analysing a snippet as flake8 would, with every exception let through."""

from __future__ import annotations

import ast
import textwrap

from flake8_scalability import engine
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

#: A snippet stands for itself: this checkout is not its project.
ALONE = Settings(no_project=True)


def analyse(source: str, path: str = "service.py", settings: Settings | None = None) -> list[tuple[int, str]]:
    """Return (line, code) of everything found in a snippet, sorted."""
    text = textwrap.dedent(source)
    lines = text.splitlines(keepends=True)
    reports = engine.analyse(ast.parse(text), path, lines, settings or ALONE, strict=True)
    return sorted((report.line, report.text[:6]) for report in reports)


def model(source: str, path: str = "service.py", settings: Settings | None = None) -> SourceFile:
    """Return the model of a snippet."""
    text = textwrap.dedent(source)
    return SourceFile(ast.parse(text), path, text.splitlines(keepends=True), settings or ALONE)


def probed(source: str) -> set[str]:
    """Return what the argument of `probe(...)` may be: access paths, "local NAME" for what only the snippet knows."""
    found = model(source)
    ((call, scope),) = found.calls_by_name["probe"]
    values = found.resolver.values(call.args[0], scope)
    return {value.path or f"local {value.target.qualified_name if value.target else '?'}" for value in values}
