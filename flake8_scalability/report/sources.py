"""What the report has to read in the analysed files again: whether they parse, and their single-instance comments."""

from __future__ import annotations

import ast
import warnings
from typing import NamedTuple

from flake8_scalability.model.running.toolpaths import PathSays, says
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings


class Said(NamedTuple):
    """What a file says: why it does not parse ("" where it does) and on which line, and whether it stays alone."""

    error: str = ""
    line: int = 1
    column: int = 1
    single_instance: bool = False


def read(path: str) -> bytes | None:
    """Return the bytes of a file, None where it can't be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return None


def said(data: bytes, parsing: bool) -> Said:
    """Return what a file says; whether it parses is looked at where that is asked, or where it has such a comment."""
    if not parsing and b"single-instance" not in data.lower():
        return Said()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except SyntaxError as error:
        return Said(f"{type(error).__name__}: {error.msg}", error.lineno or 1, error.offset or 1)
    if b"single-instance" not in data.lower():
        return Said()
    lines = data.decode("utf-8", "replace").splitlines(keepends=True)
    return Said(single_instance=SourceFile(tree, "", lines, Settings(no_project=True)).single_instance)


def is_tool(path: str, settings: Settings) -> bool:
    """Whether the rules pass over a file because its path says that it is a test or a tool."""
    return not settings.include_tools and says(path) is PathSays.TOOL


def line_of(data: bytes, number: int) -> str:
    """Return one line of a file, "" where it has no such line."""
    lines = data.decode("utf-8", "replace").splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""
