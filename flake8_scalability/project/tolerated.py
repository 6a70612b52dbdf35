"""Rows that a project expects to be there more than once: it catches what a query says that has found several.

The files are searched as text.
"""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts

_SEVERAL = ("MultipleObjectsReturned", "MultipleResultsFound")


def finds_several(model: str, filename: str) -> bool:
    """Whether the project handles that a query finds several rows of a class where one was asked for.

    It catches `Model.MultipleObjectsReturned`, or does so in the class, or in one that is named after it: its manager.
    """
    start = root.of(filename)
    return start is not None and _finds_several(model, start)


@texts.believed
def _finds_several(model: str, start: Path) -> bool:
    name, several = re.escape(model), "|".join(_SEVERAL)
    # The body of a class goes up to the next line that begins at the margin.
    handler = r"except\b[^\n]*\b"
    body = r"(?:(?:[ \t)][^\n]*)?\n)*?[ \t]+"
    within = rf"^class {name}(?:Manager|QuerySet)?\b[^\n]*\n{body}{handler}(?:{several})\b"
    caught = re.compile(rf"\b{handler}{name}\.(?:{several})\b|{within}", re.MULTILINE)
    return any(
        caught.search(text) is not None
        for path, text in texts.of_project(start)
        if model in text and any(word in text for word in _SEVERAL) and not root.is_test(path, start)
    )
