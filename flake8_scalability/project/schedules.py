"""Whether a project lets a program run again and again: its crontabs, manifests, scripts and handbooks say so."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flake8_scalability.project import root

#: Files in which a schedule is written down or told of.
_GLOBS = (
    "*cron*", "*.yml", "*.yaml", "*.json", "*.toml", "*.cfg", "*.ini", "*.sh", "Procfile*", "Dockerfile*", "*.service",
    "*.timer", "*.tf", "*.md", "*.rst", "*.txt", "settings*.py", "tasks.py", "celery*.py", "schedul*.py",
)  # fmt: skip
_NAMES = re.compile("|".join(fnmatch.translate(glob) for glob in _GLOBS))
_SPEAKS = re.compile(
    r"(?i)cron|schedul|\bOnCalendar\b|\b(hour|dai|week|night|month)ly\b|\bevery (hour|day|night|week|month|minute|\d)|"
    r"periodic|while true|\bsleep \d|\brate\(|\bbeat\b"
)
MAX_FILES = 4000
MAX_BYTES = 400_000


def speaks_of_schedule(text: str) -> bool:
    """Whether a text says that something is done again and again."""
    return _SPEAKS.search(text) is not None


@lru_cache(maxsize=256)
def is_scheduled(program: str, filename: str) -> bool:
    """Whether a file of the project that speaks of a schedule names the program; False where no project is in sight."""
    start = root.of(filename)
    word = re.compile(rf"\b{re.escape(program)}\b")
    return start is not None and any(
        program in text and word.search(text) is not None and speaks_of_schedule(text) for text in _texts(start)
    )


def _texts(start: Path) -> Iterator[str]:
    left = MAX_FILES
    for folder, folders, names in os.walk(start):
        folders[:] = sorted(name for name in folders if name not in root.FOREIGN | {"tests", "locale", ".git"})
        for path in (Path(folder, name) for name in sorted(names) if _NAMES.match(name)):
            left -= 1
            if not left:
                return
            try:
                if path.stat().st_size <= MAX_BYTES:
                    yield f"{path.name}\n{path.read_text(encoding='utf-8', errors='replace')}"
            except OSError:
                continue
