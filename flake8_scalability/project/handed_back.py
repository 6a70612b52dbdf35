"""What the callers of a helper do with the path or the object that it hands back, as far as their text shows."""

from __future__ import annotations

import re
from collections.abc import Collection

from flake8_scalability.project import root, texts

#: So many lines after a call belong to the function that makes it.
LINES = 80


def is_disposed_of(helper: str, filename: str, enders: Collection[str]) -> bool:
    """Whether each caller in the project hands what a helper returns to one of the functions that end its stay here."""
    start = root.of(filename)
    if start is None:
        return False
    called = re.compile(rf"\b(\w+(?:\s*,\s*\w+)*)\s*(?::[^=\n]+)?=\s*(?:await\s+)?(?:\w+\.)*{re.escape(helper)}\(")
    found = []
    for path in texts.python_files(start):
        text = texts.text(path)
        if helper not in text or root.is_test(path, start):
            continue
        found += [_is_ended(match[1], _after(text, match.end()), enders) for match in called.finditer(text)]
    return bool(found) and all(found)


def _after(text: str, position: int) -> str:
    """Return the lines after a position, up to the next function at the module's level."""
    lines = text[position:].split("\n", LINES)[:LINES]
    ends = (number for number, line in enumerate(lines) if number and re.match(r"async def |def |class |@", line))
    return "\n".join(lines[: next(ends, len(lines))])


def _is_ended(several: str, text: str, enders: Collection[str]) -> bool:
    """Whether one of the names, of those that a call has given at once, comes to its end in a text."""
    own = re.findall(r"\w+", several)
    names = {*own, *(each for name in own for each in re.findall(rf"\bfor (\w+) in {re.escape(name)}\b", text))}
    either = "|".join(map(re.escape, sorted(names)))
    ending = "|".join(map(re.escape, sorted(enders)))
    handed = rf"\b(?:{ending})\((?:[^()]*[\s,])?(?:{either})\b"
    return re.search(rf"{handed}|\b(?:{either})\.(?:{ending})\(", text) is not None
