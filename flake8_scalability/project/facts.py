"""What a project says as a whole, wherever it says it: a textual search for the rows of `catalog.project_facts_…`.

The project is searched at the first question for a fact, and for that fact alone; an answer holds for a while, so that
a process that checks a thousand files searches once and one that lives in an editor notices what was changed.
"""

from __future__ import annotations

import fnmatch
import os
import re
import time
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.catalog import (
    project_facts_limits,
    project_facts_rest,
    project_facts_running,
    project_facts_stores,
)
from flake8_scalability.catalog.project_facts import Fact, FactRow
from flake8_scalability.project import literals, root

#: In whatever file of the catalogue they stand.
FACTS = (
    *project_facts_limits.FACTS,
    *project_facts_rest.FACTS,
    *project_facts_running.FACTS,
    *project_facts_stores.FACTS,
)
#: An answer is given again for so many seconds, and for as long as a search took a hundred times over.
SECONDS = 10.0
PATIENCE = 100
MAX_FILES = 8000
MAX_BYTES = 400_000
#: Folders, and files of Python, that say nothing of what serves.
_ELSEWHERE = frozenset({"tests", "test", "testing", "docs", "doc", "examples", "example", "samples", "migrations"})
_TESTS = re.compile(r"(conftest|test_.*|.*_tests?|tests?)\.py")


class _Answer(NamedTuple):
    """Whether a fact was found, and until when that is believed."""

    found: bool
    until: float


_ANSWERS: dict[tuple[Path, Fact], _Answer] = {}
_NAMES: dict[tuple[Path, Fact], tuple[str, float]] = {}
_LISTINGS: dict[Path, tuple[list[Path], float]] = {}


def project_says(fact: Fact, filename: str) -> bool:
    """Whether the project of a file states a fact; False where no project is in sight."""
    start = root.of(filename)
    if start is None:
        return False
    begun = time.monotonic()
    known = _ANSWERS.get((start, fact))
    if known is None or known.until < begun:
        found = _search(start, fact)
        took = time.monotonic() - begun
        known = _ANSWERS[start, fact] = _Answer(found, time.monotonic() + max(SECONDS, PATIENCE * took))
    return known.found


def named_by_project(fact: Fact, filename: str) -> str:
    """Return what the first group of a fact's patterns captures where the project states it; "" where it does not."""
    if not project_says(fact, filename):
        return ""
    start = root.of(filename)
    assert start is not None
    known = _ANSWERS[start, fact]
    if (start, fact) not in _NAMES or _NAMES[start, fact][1] != known.until:
        _NAMES[start, fact] = (_name(start, fact), known.until)
    return _NAMES[start, fact][0]


def _name(start: Path, fact: Fact) -> str:
    rows = [row for row in FACTS if row.fact is fact]
    for path in _files(start):
        for row in rows:
            if _is_of_kind(path, row.files) and _file_states(row, path):
                text = path.read_text(encoding="utf-8", errors="replace")
                matches = (pattern.search(text) for _, pattern in _compiled(row))
                return next((match.group(1) for match in matches if match is not None), "")
    return ""


def text_says(fact: Fact, text: str) -> bool:
    """Whether the text of a Python file states a fact."""
    return any(_states(row, text) for row in FACTS if row.fact is fact and "*.py" in row.files)


def _search(start: Path, fact: Fact) -> bool:
    rows = [row for row in FACTS if row.fact is fact]
    for path in _files(start):
        for row in rows:
            if _is_of_kind(path, row.files) and _file_states(row, path):
                return True
    return False


def _is_of_kind(path: Path, globs: tuple[str, ...]) -> bool:
    """Whether a file has a name of one of some kinds; `nginx/*` is any file without an extension of such a folder."""
    return any(
        fnmatch.fnmatch(path.name, glob)
        if "/" not in glob
        else "." not in path.name and fnmatch.fnmatch(f"{path.parent.name}/{path.name}", glob)
        for glob in globs
    )


def _file_states(row: FactRow, path: Path) -> bool:
    try:
        status = path.stat()
        return status.st_size <= MAX_BYTES and _states_cached(row, path, status.st_mtime_ns)
    except OSError:
        return False


@lru_cache(maxsize=16384)
def _states_cached(row: FactRow, path: Path, changed: int) -> bool:
    """Whether one version of a file states a row's fact."""
    data = path.read_bytes().lower()
    if not any(word.encode() in data for word in row.words):
        return False
    return _states(row, path.read_text(encoding="utf-8", errors="replace"))


def _states(row: FactRow, text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in row.words) and any(
        (not literals_of or any(literal in text for literal in literals_of)) and pattern.search(text) is not None
        for literals_of, pattern in _compiled(row)
    )


@cache
def _compiled(row: FactRow) -> list[tuple[tuple[str, ...], re.Pattern[str]]]:
    """Return the patterns of a row, each with the texts without which it is not found."""
    return [(literals.needed(pattern), re.compile(pattern, re.MULTILINE)) for pattern in row.patterns]


def _files(start: Path) -> list[Path]:
    """Return the project's files in which a fact may stand; the listing is believed for a while."""
    now = time.monotonic()
    known = _LISTINGS.get(start)
    if known is not None and known[1] >= now:
        return known[0]
    found: list[Path] = []
    globs = sorted({glob for row in FACTS for glob in row.files})
    wanted = re.compile("|".join(fnmatch.translate(glob) for glob in globs if "/" not in glob))
    holding = re.compile("|".join(fnmatch.translate(glob.partition("/")[0]) for glob in globs if "/" in glob))
    for folder, folders, names in os.walk(start):
        folders[:] = sorted(
            name for name in folders if name not in root.FOREIGN | _ELSEWHERE and not name.startswith(".")
        )
        # What lies in a folder of a server's configuration often has no extension: `nginx/shop`.
        holds = holding.match(os.path.basename(folder)) is not None
        found += [
            Path(folder, name)
            for name in sorted(names)
            if ((holds and "." not in name) or wanted.match(name)) and not _TESTS.fullmatch(name)
        ]
        if len(found) >= MAX_FILES:
            break
    _LISTINGS[start] = (found, time.monotonic() + max(SECONDS, PATIENCE * (time.monotonic() - now)))
    return found
