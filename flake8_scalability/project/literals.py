"""Literals: texts without which a regular expression cannot be found, read off its spelling.

A search for a plain text is some fifty times cheaper than one for a pattern that begins with `\\b` or `\\w`.
"""

from __future__ import annotations

import re
from functools import cache

#: A literal of fewer characters is in every text.
SHORTEST = 4
_PLAIN = re.compile(r"[A-Za-z0-9_ @/<>=:,;\"'-]")
_ALTERNATIVES = re.compile(r"\((?:\?:)?((?:[A-Za-z0-9_-]|\\[.])+(?:\|(?:[A-Za-z0-9_-]|\\[.])+)*)\)")


@cache
def needed(pattern: str) -> tuple[str, ...]:
    """Return texts of which one stands in every text in which `pattern` is found; () where none can be told.

    They are runs of plain characters, and groups of plain alternatives, at the top of the pattern.  Patterns that
    leave the case open, or have alternatives at their top, have none.
    """
    if pattern.startswith("(?i") or "(?x" in pattern:
        return ()
    found: list[tuple[str, ...]] = []
    run, position = "", 0
    while position <= len(pattern):
        text, end = _literal_at(pattern, position)
        quantified = pattern[end : end + 1] in ("?", "*", "{") if end > position else False
        if text and not quantified:
            run, position = run + text, end
            continue
        found.append((run,))
        run = ""
        if position == len(pattern):
            break
        if pattern[position] == "|":
            return ()
        group = _ALTERNATIVES.match(pattern, position)
        end = _end(pattern, position)
        if group is not None and pattern[group.end() : group.end() + 1] not in ("?", "*", "{"):
            found.append(tuple(each.replace("\\", "") for each in group[1].split("|")))
        position = end
    best = max(found, key=lambda texts: min(map(len, texts)))
    return best if min(map(len, best)) >= SHORTEST else ()


def _literal_at(pattern: str, position: int) -> tuple[str, int]:
    """Return the plain character at a position, and where the next begins; "" where there is none."""
    if _PLAIN.match(pattern, position):
        return pattern[position], position + 1
    if pattern[position : position + 1] == "\\" and not pattern[position + 1 : position + 2].isalnum():
        return pattern[position + 1 : position + 2], position + 2
    return "", position


def _end(pattern: str, position: int) -> int:
    """Return where the item at a position ends: a class, a group, an escape or a character, with its quantifier."""
    depth = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 2
        elif character == "[":
            position = _end_of_class(pattern, position)
        else:
            depth += {"(": 1, ")": -1}.get(character, 0)
            position += 1
        if not depth:
            break
    quantifier = re.compile(r"(?:[?*+]|\{[\d,]*\})?\??").match(pattern, position)
    return quantifier.end() if quantifier is not None else position


def _end_of_class(pattern: str, position: int) -> int:
    position += 2 if pattern[position + 1 : position + 2] != "^" else 3
    while pattern[position : position + 1] not in ("]", ""):
        position += 2 if pattern[position] == "\\" else 1
    return position + 1
