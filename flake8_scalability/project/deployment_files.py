"""The files that say how a project is started: their texts, the words in them, and the modules that they name."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from pathlib import Path

from flake8_scalability.catalog import loading, tools
from flake8_scalability.project import root, texts

#: Files beyond so many bytes hold data.
LARGEST = 200_000
_DEPLOYING = re.compile("|".join(fnmatch.translate(pattern) for pattern in tools.DEPLOYMENT_FILES))
_WORD = re.compile(r"\w+")
#: A script may have a name that no module can have: `python cron-jobs.py`.
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
#: What may name a module: a file, a dotted path, a path with what the module defines (`shop/app.py`, `shop.wsgi:app`).
_SPELLED = re.compile(r"\w+(?:[./:-]+\w+)+")
#: A command that loads what is named behind it, in any way, or an option of one.
_COMMAND = re.compile(rf"(?:{loading.COMMANDS})(?![\w:=])[^\n]*|(?m:(?<![\w-])(?:{loading.OPTIONS})[\s\"',=]+\S+)")

#: A command of Django, as a shell, a container or a table of jobs starts it.
_OF_DJANGO = re.compile(r"(?:manage\.py|django-admin|call_command|\bcommand)[\s:=\"',(\[]+([A-Za-z]\w*)")


def texts_of(start: Path) -> Iterator[str]:
    """Yield the texts of the files that may say how a project is started, those put aside left out."""
    yield from (text for _, text in named_texts(start))


def named_texts(start: Path) -> Iterator[tuple[Path, str]]:
    """Yield these files, each with its text."""
    yield from ((path, texts.text(path)) for path in _files(start))


@texts.believed
def _files(start: Path) -> tuple[Path, ...]:
    """Return the files that may say how a project is started, in the order in which its folders are walked."""
    found: list[Path] = []
    for folder, folders, names in os.walk(start):
        folders[:] = [
            name
            for name in folders
            if name not in root.FOREIGN and name != ".git" and loading.PUT_ASIDE.fullmatch(name) is None
        ]
        paths = (Path(folder, name) for name in names if _DEPLOYING.match(name) is not None)
        found += [path for path in paths if path.is_file() and path.stat().st_size < LARGEST]
    return tuple(found)


def words(start: Path) -> frozenset[str]:
    """Return the words, those with hyphens as well, of all the files that may say how the project is started."""
    return frozenset(word for text in texts_of(start) for each in (_WORD, _HYPHENATED) for word in each.findall(text))


def named(start: Path, known: frozenset[str]) -> frozenset[str]:
    """Return the words by which these files may name a module: in a path that the project has, or behind a command.

    known: the names of the project's folders and modules, with which a path begins that is one of the project's
    """
    found: set[str] = set()
    for text in texts_of(start):
        for match in _SPELLED.finditer(text):
            parts = _WORD.findall(match[0])
            if parts[0] in known or "py" in parts:
                found.update(parts, _HYPHENATED.findall(match[0]))
        for match in _COMMAND.finditer(text):
            found.update(_WORD.findall(match[0]), _HYPHENATED.findall(match[0]))
    return frozenset(found)


@texts.believed
def commands(start: Path) -> frozenset[str]:
    """Return the names of the commands of Django that these files start."""
    return frozenset(name for text in texts_of(start) for name in _OF_DJANGO.findall(text))
