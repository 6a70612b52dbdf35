"""Whether each instance of a project lets a program run again and again: a crontab that goes into its image says so."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flake8_scalability.project import root

#: A crontab, or settings of django-crontab and the like; a scheduler of the cluster runs its jobs once.
_CRONTABS = re.compile(r"(?i)(.*[._-])?cron(tab)?s?(\.(txt|tab|sh|conf|cron|j2))?|settings.*\.py|base\.py")
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
def is_in_crontab(program: str, filename: str) -> bool:
    """Whether a crontab of the project, or its `CRONJOBS`, names the program; False where no project is in sight."""
    start = root.of(filename)
    word = re.compile(rf"\b{re.escape(program)}\b")
    return start is not None and any(
        word.search(text) is not None and ("CRONJOBS" in text or not name.endswith(".py"))
        for name, text in _crontabs(start)
        if program in text
    )


def _crontabs(start: Path) -> Iterator[tuple[str, str]]:
    left = MAX_FILES
    for folder, folders, names in os.walk(start):
        folders[:] = sorted(name for name in folders if name not in root.FOREIGN | {"tests", "locale", ".git"})
        for path in (Path(folder, name) for name in sorted(names) if _CRONTABS.fullmatch(name)):
            left -= 1
            if not left:
                return
            try:
                if path.stat().st_size <= MAX_BYTES:
                    yield path.name, path.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
