"""Tables of which everything is deleted before a row is added: settings that a form saves as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_scalability.catalog import tables
from flake8_scalability.project import root, texts, word_index

#: A deletion and what is added afterwards stand so many letters apart at most.
REACH = 1500


@texts.believed
def is_replaced_whole(entity: str, filename: str) -> bool:
    """Whether the project deletes all rows of a class, or all of one tenant, and adds a single one in their place."""
    start = root.of(filename)
    if start is None or not entity.isidentifier():
        return False
    return any(
        _replaces(entity, text)
        for path, text in word_index.files_having(entity, start)
        if ".delete()" in text and not root.is_test(path, start) and "migrations" not in path.parts
    )


def _replaces(entity: str, text: str) -> bool:
    name = re.escape(entity)
    adding = re.compile(rf"^([ \t]+)(?:\w+\s*=\s*)?{name}(?:\.objects\.create)?\(", re.MULTILINE)
    for indent, end in _deletions(name, text):
        function_ends = re.compile(rf"^[ \t]{{0,{max(len(indent) - 1, 0)}}}(?:def|class|async|@)\b", re.MULTILINE)
        rest = text[end : end + REACH]
        closing = function_ends.search(rest)
        body = rest[: closing.start()] if closing is not None else rest
        if any(match[1] == indent for match in adding.finditer(body)):  # one that stands farther in may be in a loop
            return True
    return False


def _deletions(name: str, text: str) -> Iterator[tuple[str, int]]:
    """Yield the indent and the end of each statement that deletes all rows of a class, or all of one tenant."""
    whole = rf"{name}\.objects\.(?:all\(\)|filter\(\s*(?P<whose>\w+)\s*=[^(),]+\))"
    for match in re.finditer(rf"^([ \t]+){whole}\.delete\(\)", text, re.MULTILINE):
        if _is_of_owner(match):
            yield match[1], match.end()
    for match in re.finditer(rf"^([ \t]+)(?P<held>\w+)\s*=\s*{whole}[ \t]*$", text, re.MULTILINE):
        deleted = re.compile(rf"^{match[1]}{match['held']}\.delete\(\)", re.MULTILINE)
        found = deleted.search(text, match.end(), match.end() + REACH)
        if found is not None and _is_of_owner(match):
            yield match[1], found.end()


def _is_of_owner(match: re.Match[str]) -> bool:
    return match["whose"] is None or tables.OWNERS.search(match["whose"]) is not None
