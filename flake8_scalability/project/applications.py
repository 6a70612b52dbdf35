"""The applications of a project: folders side by side, each with models, views or services of its own."""

from __future__ import annotations

import os
import time
from pathlib import Path

from flake8_scalability.catalog import couplings
from flake8_scalability.project import root

SECONDS = 10.0
MAX_FOLDERS = 500
MAX_KNOWN = 2000
_KNOWN: dict[str, tuple[frozenset[str], float]] = {}


def own_and_siblings(filename: str) -> tuple[Path, frozenset[str]] | None:
    """Return the folder of the application that a file belongs to, and the names of its siblings; None without any."""
    start = root.of(filename)
    folder = Path(filename).absolute().parent
    if start is None:
        return None
    while folder != start and start in folder.parents:
        names = beside(folder)
        if folder.name in names and len(names) >= couplings.LEAST_APPLICATIONS:
            return folder, names - {folder.name}
        folder = folder.parent
    return None


def beside(folder: Path) -> frozenset[str]:
    """Return the names of the applications that stand in the same folder as this one, which may be one itself."""
    parent = str(folder.parent)
    now = time.monotonic()
    known = _KNOWN.get(parent)
    if known is None or known[1] < now:
        if len(_KNOWN) > MAX_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[parent] = (_applications(parent), now + SECONDS)
    return known[0]


def _applications(parent: str) -> frozenset[str]:
    try:
        entries = [entry for entry in os.scandir(parent) if entry.is_dir()][:MAX_FOLDERS]
    except OSError:
        return frozenset()
    return frozenset(entry.name for entry in entries if _is_application(entry.path))


def _is_application(path: str) -> bool:
    try:
        inside = set(os.listdir(path))
    except OSError:
        return False
    return len(inside.intersection(couplings.APPLICATION_FILES)) > 1
