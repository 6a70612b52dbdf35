"""Objects of Flask-Caching that a project makes, and whether anybody asks them for anything."""

from __future__ import annotations

import re

from flake8_scalability.catalog import cache_spellings as spelled
from flake8_scalability.project import root, texts


@texts.believed
def are_unused(filename: str) -> bool:
    """Whether a project keeps objects called after `Cache(...)`, and does no more than give them their application.

    What one is asked for stands behind its name: `cache.cached(...)`, `cache.get(...)`.
    """
    start = root.of(filename)
    if start is None:
        return False
    own = [text for path, text in texts.of_project(start) if not root.is_test(path, start)]
    names = {name for text in own if spelled.OF_FLASK in text for _, name in spelled.MADE.findall(text)}
    if not names or any(spelled.TAKEN.search(text) is not None for text in own):
        return False
    asked = re.compile(
        rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b(?:\.(?!init_app\b)\w|\s*[)\]]\s*$)", re.MULTILINE
    )
    return not any(asked.search(text) is not None for text in own)
