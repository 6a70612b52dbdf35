"""The text of a function or method that another file of the project defines, decorators included."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts


def text_of(path: str, filename: str) -> str:
    """Return the text of what an import path names (`.jobs.sweep`, `app.jobs.Jobs.sweep`) as `filename` sees it.

    "" where no file of the project defines it.  The module is looked for beside the file and below the project's root.
    """
    start = root.of(filename)
    if start is None:
        return ""
    parts = [part for part in path.split(".") if part]
    folders = [Path(filename).absolute().parent, *Path(filename).absolute().parents]
    for folder in folders:
        for end in range(len(parts) - 1, 0, -1):
            module = folder.joinpath(*parts[:end])
            for file in (module.with_suffix(".py"), module / "__init__.py"):
                found = _definition(texts.text(file), parts[-1])
                if found:
                    return found
        if folder == start:
            return ""
    return ""


def _definition(text: str, name: str) -> str:
    """Return the lines of a `def` with the decorators above it, up to the next line that is indented no further."""
    lines = text.splitlines()
    header = re.compile(rf"(\s*)(?:async\s+)?def\s+{re.escape(name)}\b")
    for number, line in enumerate(lines):
        match = header.match(line)
        if match is None:
            continue
        indent = len(match[1])
        first = number
        while first > 0 and lines[first - 1].strip() and _indent(lines[first - 1]) >= indent:
            if _indent(lines[first - 1]) == indent and not lines[first - 1].lstrip().startswith(("@", ")")):
                break
            first -= 1
        last = number + 1
        while last < len(lines) and _goes_on(lines[last], indent):
            last += 1
        return "\n".join(lines[first:last])
    return ""


def _goes_on(line: str, indent: int) -> bool:
    return not line.strip() or _indent(line) > indent or line.lstrip().startswith(")")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
