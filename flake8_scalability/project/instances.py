"""Classes of which the project keeps an instance at some module's level: `manager = ConnectionManager()`."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from pathlib import Path

from flake8_scalability.project import root, texts

_MADE = re.compile(r"^\w+(?:\s*:\s*[^=\n]+)? = (?:\w+\.)*([A-Z]\w*)\(", re.MULTILINE)

_ANSWERS: dict[Path, tuple[frozenset[str], float]] = {}


def is_kept(name: str, filename: str) -> bool:
    """Whether a file of the project, tests left out, makes an object of a class of this name at its module level."""
    start = root.of(filename)
    return start is not None and name in _kept_in(start)


def _kept_in(start: Path) -> frozenset[str]:
    begun = time.monotonic()
    known = _ANSWERS.get(start)
    if known is not None and known[1] >= begun:
        return known[0]
    found: set[str] = set()
    for path, text in texts.of_project(start):
        made = _made_in(text)
        if made and not root.is_test(path, start):
            found |= made
    ended = time.monotonic()
    _ANSWERS[start] = (frozenset(found), ended + max(texts.SECONDS, texts.PATIENCE * (ended - begun)))
    return _ANSWERS[start][0]


@lru_cache(maxsize=texts.KEPT)
def _made_in(text: str) -> frozenset[str]:
    return frozenset(_MADE.findall(text))
