"""Whether a name of one file stands in any other file of its project."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts, word_index


def is_mentioned_elsewhere(name: str, filename: str) -> bool | None:
    """Whether another Python file of the project has the word; None where no project is in sight."""
    start = root.of(filename)
    if start is None:
        return None
    own = Path(filename).absolute()
    return any(path != own for path, _ in word_index.files_having(name, start))


@texts.believed
def is_taken_elsewhere(name: str, owner: str, filename: str) -> bool:
    """Whether another Python file of the project imports a name of this module, or spells it below its owner.

    owner: the class that has it; "" for the module
    """
    start = root.of(filename)
    if start is None:
        return False
    own = Path(filename).absolute()
    below = re.escape(owner or own.stem) + r"(?:\(\))?\." + re.escape(name) + r"\b"
    word = re.compile(below if owner else rf"{below}|\bimport\b[^\n]*\b{re.escape(name)}\b")
    return any(path != own and word.search(text) is not None for path, text in word_index.files_having(name, start))


def is_said(pattern: re.Pattern[str], words: tuple[str, ...], filename: str) -> bool:
    """Whether a Python file of the project, this one or another, has a text, and so each of some words of it.

    False where no project is in sight.
    """
    start = root.of(filename)
    return start is not None and any(
        all(word in text for word in words) and pattern.search(text) is not None for _, text in texts.of_project(start)
    )


def is_said_elsewhere(patterns: tuple[re.Pattern[str], ...], word: str, filename: str) -> bool:
    """Whether another Python file of the project, tests left out, has all of some texts, and so a word of them.

    False where no project is in sight.
    """
    start = root.of(filename)
    own = Path(filename).absolute()
    return start is not None and any(
        word in text
        and path != own
        and not root.is_test(path, start)
        and all(pattern.search(text) is not None for pattern in patterns)
        for path, text in texts.of_project(start)
    )


def files_with(name: str, filename: str) -> list[Path]:
    """Return the other Python files of the project that have a word; none where no project is in sight."""
    start = root.of(filename)
    own = Path(filename).absolute()
    found = word_index.files_having(name, start) if start is not None else ()
    return [path for path, _ in found if path != own]


def functions_named(name: str, filename: str) -> tuple[str, ...]:
    """Return the texts of the functions and methods of a name that files of the project define, tests included."""
    start = root.of(filename)
    return _functions_named(name, start) if start is not None else ()


@texts.believed
def _functions_named(name: str, start: Path) -> tuple[str, ...]:
    header = re.compile(rf"^([ \t]*)(?:async )?def {re.escape(name)}\b", re.MULTILINE)
    found: list[str] = []
    for _, text in word_index.files_having(name, start):
        for match in header.finditer(text) if f"def {name}" in text else ():
            # The body is what stands farther in; brackets close a signature of several lines.
            end = re.compile(rf"^[ \t]{{0,{len(match[1])}}}[^\s)\]#]", re.MULTILINE).search(text, match.end())
            found.append(text[match.start() : end.start() if end is not None else len(text)])
    return tuple(found)
