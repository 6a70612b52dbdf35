"""Packages that only commands import: an operator runs what is in them by hand, or cron does.

The files are searched as text.
"""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts, word_index

#: Where the modules of commands lie, in Django; what lies there is run by its name alone.
_COMMANDS = ("management", "commands")


def is_one(filename: str) -> bool:
    """Whether a file's package is imported from outside of it by management commands, and by nothing else.

    What settings, an entry point or a string names by its path is loaded by others.
    """
    start = root.of(filename)
    folder = Path(filename).absolute().parent
    return start is not None and folder != start and (folder / "__init__.py").is_file() and _is_one(folder, start)


@texts.believed
def _is_one(package: Path, start: Path) -> bool:
    name, parent = re.escape(package.name), re.escape(package.parent.name)
    path = rf"(?:\b{parent}\.|(?<![\w.])\.+){name}\b"
    imported = re.compile(
        rf"\s*(?:from\s+{path}|import\s+(?:\w+\.)*{path}|from\s+(?:[\w.]*\b{parent}|\.+)\s+import\b.*\b{name}\b)"
    )
    named = re.compile(rf"[\"'](?:\w+\.)*{parent}\.{name}\b")
    commands = 0
    for file, text in word_index.files_having(package.name, start):
        if package in file.parents or root.is_test(file, start):
            continue
        # Both patterns are found within a line, and begin with what many lines begin with as well.
        naming = list(texts.lines_with(package.name, text))
        if any(named.search(line) is not None for line in naming):
            return False
        if any(imported.match(line) is not None for line in naming):
            if file.parts[-3:-1] != _COMMANDS:
                return False
            commands += 1
    return bool(commands)
