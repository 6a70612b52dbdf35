"""The words of a project's templates: what pages and mails ask of the objects that they are given."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flake8_scalability.catalog import loading
from flake8_scalability.project import root, texts

_WORD = re.compile(r"[A-Za-z_]\w*")
#: What a template builds on or takes in: by its name, or by what a variable says.
_TAKEN = re.compile(r"\{%-?\s*(extends|include)\s+(?:[\"']([^\"']+)[\"'])?")
#: Pages beyond so many bytes are data.
LARGEST = 500_000


def is_named(name: str, filename: str) -> bool:
    """Whether a template of the project of a file has a name as a word of its own; True outside of a project."""
    start = root.of(filename)
    return start is None or name in _words(start)


@texts.believed
def has_any(template: str, names: frozenset[str], filename: str) -> bool:
    """Whether a template, or one that it builds on or takes in, has one of these names; True where it is not in sight.

    What it builds on may come from elsewhere, and knows no names of the page; what it takes in may know any.
    """
    start = root.of(filename)
    waiting, seen = [template], set[str]()
    while start is not None and waiting:
        each = waiting.pop()
        text = _text(each, start)
        if text is None or not names.isdisjoint(_WORD.findall(text)):
            return True
        seen.add(each)
        for verb, name in _TAKEN.findall(text):
            if not name or (verb == "include" and _text(name, start) is None):
                return True
            if name not in seen and _text(name, start) is not None:
                waiting.append(name)
    return start is None


@texts.believed
def _text(template: str, start: Path) -> str | None:
    """Return the text of a template of a project by the end of its path; None where it has none, or several."""
    found = [path for path in _paths(start) if path.as_posix().endswith(f"/{template}")]
    return found[0].read_text(encoding="utf-8", errors="replace") if len(found) == 1 else None


@texts.believed
def _paths(start: Path) -> tuple[Path, ...]:
    found: list[Path] = []
    for folder, folders, names in os.walk(start):
        folders[:] = [each for each in folders if each not in root.FOREIGN and each != ".git"]
        paths = (Path(folder, name) for name in names if name.endswith(loading.TEMPLATES))
        found += [path for path in paths if path.is_file() and path.stat().st_size < LARGEST]
    return tuple(found)


@texts.believed
def _words(start: Path) -> frozenset[str]:
    found: set[str] = set()
    for path in _paths(start):
        found.update(_WORD.findall(path.read_text(encoding="utf-8", errors="replace")))
    return frozenset(found)
