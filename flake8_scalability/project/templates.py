"""The words of a project's templates: what pages and mails ask of the objects that they are given."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flake8_scalability.catalog import loading
from flake8_scalability.project import root, texts

_WORD = re.compile(r"[A-Za-z_]\w*")
#: Pages beyond so many bytes are data.
LARGEST = 500_000


def is_named(name: str, filename: str) -> bool:
    """Whether a template of the project of a file has a name as a word of its own; True outside of a project."""
    start = root.of(filename)
    return start is None or name in _words(start)


@texts.believed
def _words(start: Path) -> frozenset[str]:
    found: set[str] = set()
    for folder, folders, names in os.walk(start):
        folders[:] = [each for each in folders if each not in root.FOREIGN and each != ".git"]
        for name in names:
            path = Path(folder, name)
            if path.suffix in loading.TEMPLATES and path.is_file() and path.stat().st_size < LARGEST:
                found.update(_WORD.findall(path.read_text(encoding="utf-8", errors="replace")))
    return frozenset(found)
