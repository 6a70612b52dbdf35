"""The project's Python files as text: listed once in a while, and read once for each of their versions."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Callable, NamedTuple, TypeVar, cast

from flake8_scalability.project import root

#: A listing is believed for so many seconds, and for as long as it took a hundred times over: a process that checks a
#: thousand files lists them once, and one that lives in an editor notices a new file.
SECONDS = 10.0
PATIENCE = 100
#: Projects whose files are kept: a repository may have several that are asked about by turns.
PROJECTS = 4
#: Versions of files that are kept.  The text of a large project is some ten megabytes.
KEPT = 4096

#: For so many seconds a file is believed to be as it was read: one question reads all of a project's.  All of them
#: together are believed as long as a listing, if that is longer.
FRESH = 1.0


class _Seen(NamedTuple):
    """A text, the version of its file that was read (0 where it can't be), and until when it is believed."""

    text: str
    version: int
    until: float


class _Changes:
    """How often a file turned out to be another than it was when it was read, and when that was looked at."""

    count = 0
    looked = 0.0


_Asked = TypeVar("_Asked", bound=Callable[..., Any])
_LISTINGS: dict[Path, tuple[tuple[Path, ...], float]] = {}
_SEEN: dict[Path, _Seen] = {}
_PROJECTS: dict[Path, tuple[tuple[tuple[Path, str], ...], float]] = {}


def python_files(start: Path) -> tuple[Path, ...]:
    """Return the project's Python files (see `root.python_files`)."""
    begun = time.monotonic()
    known = _LISTINGS.get(start)
    if known is not None and known[1] >= begun:
        return known[0]
    found = tuple(root.python_files(start))
    ended = time.monotonic()
    _LISTINGS[start] = (found, ended + max(SECONDS, PATIENCE * (ended - begun)))
    return found


def of_project(start: Path) -> tuple[tuple[Path, str], ...]:
    """Return the project's Python files, each with its text."""
    begun = time.monotonic()
    known = _PROJECTS.get(start)
    if known is not None and known[1] >= begun:
        return known[0]
    found = tuple((path, text(path)) for path in python_files(start))
    if len(_PROJECTS) >= PROJECTS:
        _PROJECTS.clear()
    ended = time.monotonic()
    _PROJECTS[start] = (found, ended + FRESH * max(1.0, PATIENCE * (ended - begun)))
    return found


def text(path: Path) -> str:
    """Return the text of a file, "" where it can't be read; what is no UTF-8 is replaced."""
    now = time.monotonic()
    seen = _SEEN.get(path)
    if seen is not None and seen.until >= now:
        return seen.text
    version = _version(path)
    if seen is not None and version != seen.version:
        _Changes.count += 1
    try:
        found = _read(path, version) if version else ""
    except OSError:
        found = ""
    if len(_SEEN) >= KEPT:
        _SEEN.clear()
    _SEEN[path] = _Seen(found, version, now + FRESH)
    return found


def _version(path: Path) -> int:
    """Return when a file was changed, in nanoseconds; 0 where it can't be read."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _changes() -> int:
    """Return how often a file that was read turned out to be another; all are looked at again after a while."""
    now = time.monotonic()
    if now > _Changes.looked + FRESH:
        _Changes.looked = now
        changed = [path for path, seen in _SEEN.items() if _version(path) != seen.version]
        for path in changed:
            del _SEEN[path]
        if changed:
            _PROJECTS.clear()
            _Changes.count += 1
    return _Changes.count


@lru_cache(maxsize=KEPT)
def _read(path: Path, changed: int) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def believed(ask: _Asked) -> _Asked:
    """Keep a function's answers about the project's files for as long as a listing of them is believed.

    They go at once where a file that was read is another one now.
    """
    answers: dict[tuple[Any, ...], Any] = {}
    end = 0.0
    known = 0

    @wraps(ask)
    def answer(*args: Any) -> Any:
        nonlocal end, known
        now = time.monotonic()
        changes = _changes()
        if now > end or changes != known:
            answers.clear()
            end = now + SECONDS
            known = changes
        if args not in answers:
            answers[args] = ask(*args)
            ended = time.monotonic()
            end = max(end, ended + PATIENCE * (ended - now))
        return answers[args]

    return cast(_Asked, answer)


@believed
def sql_scripts(start: Path) -> tuple[tuple[Path, str], ...]:
    """Return the project's scripts of SQL, each with its text."""
    return tuple((path, text(path)) for path in root.python_files(start, ending=".sql"))


def has_word(text: str, word: str) -> bool:
    """Whether a text has a name as a word of its own, as the pattern `\\bname\\b` would find it.

    A pattern that begins with a boundary is tried at every letter; here only where the name stands.
    """
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (start and _is_of_name(text[start - 1])) and not (end < len(text) and _is_of_name(text[end])):
            return True
        start = text.find(word, start + 1)
    return False


def lines_with(word: str, text: str) -> Iterator[str]:
    """Yield the lines of a text in which a word stands, however much is around it."""
    start = text.find(word)
    while start >= 0:
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        yield text[text.rfind("\n", 0, start) + 1 : end]
        start = text.find(word, end)


def _is_of_name(letter: str) -> bool:
    return letter.isalnum() or letter == "_"
