"""Whether a name of one file stands in any other file of its project."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts


def is_mentioned_elsewhere(name: str, filename: str) -> bool | None:
    """Whether another Python file of the project has the word; None where no project is in sight."""
    start = root.of(filename)
    if start is None:
        return None
    own = Path(filename).absolute()
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(name in text and word.search(text) is not None and path != own for path, text in texts.of_project(start))
