"""Which files of a project have a word: asked of an index over their texts, which is made at the first question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from flake8_scalability.project import texts

_Files = tuple[tuple[Path, str], ...]

#: What is no part of a name becomes a blank; a letter beyond ASCII is none here, and is looked at in the text itself.
_CUTS = bytes(code if code < 128 and (chr(code).isalnum() or chr(code) == "_") else 32 for code in range(256))
#: A repository may have several projects that are asked about by turns.
KEPT = 4

_INDEXES: dict[Path, tuple[_Files, Mapping[bytes, list[int]]]] = {}


def files_having(word: str, start: Path) -> list[tuple[Path, str]]:
    """Return the project's Python files that have a name as a word of its own (`texts.has_word`), with their texts."""
    files = texts.of_project(start)
    if not word.isascii() or not word.isidentifier():
        return [(path, text) for path, text in files if texts.has_word(text, word)]
    found = [files[number] for number in _index(files, start).get(word.encode(), ())]
    return [(path, text) for path, text in found if text.isascii() or texts.has_word(text, word)]


def _index(files: _Files, start: Path) -> Mapping[bytes, list[int]]:
    """Return the numbers of the files that have each word, made anew where one of the texts is another one."""
    known = _INDEXES.get(start)
    if known is None or known[0] is not files:
        spoken = [text for _, text in files]
        is_same = known is not None and [text for _, text in known[0]] == spoken
        if len(_INDEXES) >= KEPT:
            _INDEXES.clear()
        known = _INDEXES[start] = (files, known[1] if known is not None and is_same else _numbers(spoken))
    return known[1]


def _numbers(spoken: Iterable[str]) -> Mapping[bytes, list[int]]:
    found: dict[bytes, list[int]] = defaultdict(list)
    for number, text in enumerate(spoken):
        for word in set(text.encode("ascii", "replace").translate(_CUTS).split()):
            found[word].append(number)
    return found
