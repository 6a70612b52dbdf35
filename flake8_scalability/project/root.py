"""Where the project of a file begins, and which of its files are code."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "manage.py", "tox.ini")
#: Folders whose code is not the project's own.
FOREIGN = frozenset({"node_modules", "site-packages", "venv", "env", "__pycache__", "build", "dist", "vendor"})
#: Folders that hold projects of their own.
EXAMPLES = frozenset({"examples", "example", "samples"})
LEVELS = 8
#: For so many seconds it is believed where the project of a folder begins.
SECONDS = 10.0
MAX_FILES = 4000


#: Parts of a path below a project that make it one of its tests.
_TESTS = re.compile(r"tests?|testing|conftest\.py|test_.*|.*_tests?\.py|tests?\.py")
_KNOWN: dict[str, tuple[Path | None, float]] = {}
#: What a folder holds that marks a project, until when that is believed: neighbouring folders have most parents in
#: common.
_MARKS: dict[str, tuple[frozenset[str], float]] = {}
#: What the working directory has where it is a project's, although nothing says of what kind.
_BESIDE = frozenset({"README.md", "README.rst", ".gitignore", ".github", "docker-compose.yml", "Dockerfile", "LICENSE"})
_MARKING = frozenset({".git", *MANIFESTS})


def of(filename: str) -> Path | None:
    """Return the folder in which the project of a file begins; None where nothing marks one.

    That is the nearest folder with a `.git`, or one of examples with a manifest of its own, else the highest of the
    eight above the file that has a manifest, else the working directory if that looks like a project's.  A file without
    a name, as editors send it on standard input, belongs to the working directory.
    """
    nameless = filename in ("-", "stdin", "")
    folder = os.getcwd() if nameless else os.path.dirname(os.path.abspath(filename))
    now = time.monotonic()
    known = _KNOWN.get(folder)
    if known is None or known[1] < now:
        if len(_KNOWN) > MAX_FILES:
            _KNOWN.clear()
            _MARKS.clear()
        found = _of_folder(folder, now)
        known = _KNOWN[folder] = (Path(found) if found else None, now + SECONDS)
    return known[0]


def below(filename: str) -> tuple[str, ...]:
    """Return the folders of a file below where its project begins, and its name, for what these say of it.

    Folders above say nothing: they are where somebody has put his copy, and differ between the command line and an
    editor.  Where nothing marks a project it begins in the working directory; of a file elsewhere the last three count.
    A file without a name has none.
    """
    if filename in ("-", "stdin", ""):
        return ()
    path, start = os.path.abspath(filename), of(filename)
    beginning = f"{start}{os.sep}"
    if start is not None and path.startswith(beginning):
        return tuple(path[len(beginning) :].split(os.sep))
    return _below(Path(path), start)


def _below(path: Path, start: Path | None) -> tuple[str, ...]:
    try:
        return path.relative_to(start or Path.cwd()).parts
    except ValueError:
        return path.parts[-3:]


@lru_cache(maxsize=2 * MAX_FILES)
def is_test(path: Path, start: Path) -> bool:
    """Whether a file of the project that begins in `start` is one of its tests, or lies among them."""
    return any(_TESTS.fullmatch(part) is not None for part in path.relative_to(start).parts)


def _of_folder(folder: str, now: float) -> str:
    """Return the same for a folder, "" where nothing marks a project."""
    found, begun = "", folder
    for _ in range(LEVELS):
        marks = _marks(folder, now)
        parent = os.path.dirname(folder)
        if ".git" in marks or (marks and os.path.basename(parent) in EXAMPLES):
            return folder
        if marks:
            found = folder
        if parent == folder:
            break
        folder = parent
    return found or _working_directory(begun)


def _working_directory(folder: str) -> str:
    """Return the working directory if it looks like a project's and a folder is in it; "" if not, or if unreadable."""
    try:
        here = Path.cwd()
        below = here in (Path(folder), *Path(folder).parents)
        return str(here) if below and not _BESIDE.isdisjoint(os.listdir(here)) else ""
    except OSError:
        return ""


def _marks(folder: str, now: float) -> frozenset[str]:
    known = _MARKS.get(folder)
    if known is None or known[1] < now:
        try:
            names = _MARKING.intersection(os.listdir(folder))
        except OSError:
            names = frozenset()
        marks = frozenset(name for name in names if name == ".git" or os.path.isfile(os.path.join(folder, name)))
        known = _MARKS[folder] = (marks, now + SECONDS)
    return known[0]


def python_files(root: Path, ending: str = ".py") -> Iterator[Path]:
    """Yield the project's Python files, or those with another ending, hidden and foreign folders left out.

    A huge project is read in part.
    """
    left = MAX_FILES
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in FOREIGN and not name.startswith("."))
        for name in sorted(names):
            if name.endswith(ending):
                yield Path(folder, name)
                left -= 1
                if not left:
                    return
