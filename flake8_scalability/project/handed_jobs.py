"""Functions that other modules of a project hand to a queue or a scheduler, so that its workers run them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from flake8_scalability.catalog import handed_jobs as known
from flake8_scalability.project import root, texts

_WORD = re.compile(r"\w+")


def of(filename: str) -> frozenset[str]:
    """Return the names of the functions of a module that another one hands over; none where no project is in sight."""
    start = root.of(filename)
    if start is None:
        return frozenset()
    path = Path(filename).absolute()
    modules = {path.stem, path.parent.name}  # a package may hand on what its modules define
    return frozenset(name for module, name in _handed_in(start) if module in modules)


@texts.believed
def _handed_in(start: Path) -> frozenset[tuple[str, str]]:
    """Return the functions that the project's modules hand over, tests left out, each with where it comes from."""
    return frozenset(
        pair for path, text in texts.of_project(start) if not root.is_test(path, start) for pair in _handed(text)
    )


@lru_cache(maxsize=texts.KEPT)
def _handed(text: str) -> frozenset[tuple[str, str]]:
    """Return the functions that a module hands over, each with the last name of the module that it comes from."""
    ways = (known.ENQUEUED, known.HANDED) if known.SPEAKS.search(text) is not None else (known.ENQUEUED,)
    given = [match["path"] for way in ways for match in way.finditer(text)]
    if not given:
        return frozenset()
    sources = {
        name: match["source"].rpartition(".")[2]
        for match in known.IMPORTED.finditer(text)
        for name in _WORD.findall(match["names"])
    }
    paths = (path.split(".") for path in given)
    found = ((path[-2] if len(path) > 1 else sources.get(path[0], ""), path[-1]) for path in paths)
    return frozenset((module, name) for module, name in found if module)
