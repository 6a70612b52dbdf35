"""Tables whose rows come with the program: migrations fill them, and nothing else of the project adds any."""

from __future__ import annotations

import re

from flake8_scalability.catalog import loading
from flake8_scalability.project import root, texts, word_index


@texts.believed
def is_filled_by_migrations(entity: str, filename: str) -> bool:
    """Whether migrations of the project make rows of a class, and no other module may add any: no code, form or page.

    Commands that somebody runs are no matter, nor are tests.
    """
    start = root.of(filename)
    if start is None or not entity.isidentifier():
        return False
    name = re.escape(entity)
    fetched = re.compile(rf"get_model\([^()]*[\"']{name}[\"']")
    added = re.compile(
        rf"(?<!class )\b{name}\(|\b{name}\.(objects|query)\.({'|'.join(loading.ADDING_ROWS)})\b|"
        rf"\bregister\([^()]*\b{name}\b|{'|'.join(loading.ADDING_VIEWS)}"
    )
    seeded = False
    for path, text in word_index.files_having(entity, start):
        if root.is_test(path, start) or "commands" in path.parts:
            continue
        if "migrations" in path.parts:
            seeded = seeded or (fetched.search(text) is not None and _adds(text))
        elif added.search(text) is not None:
            return False
    return seeded


def _adds(text: str) -> bool:
    return any(f".objects.{name}(" in text for name in loading.ADDING_ROWS)
