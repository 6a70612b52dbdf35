"""Views that have a URL only where debugging is switched on: `if settings.DEBUG: urlpatterns += [...]`.

As in `inclusions` this is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from flake8_scalability.project import root, texts, word_index

_PATTERNS = "urlpatterns"
_IMPORT = re.compile(r"\s*(from|import)\b")
#: The names of an import may stand over several lines, each of which has one and a comma.
_LISTED = re.compile(r"\s*\w+,?\s*")
#: Settings for those who write the program, or for programs that try it: stand-ins, Robot Framework's tests.
_FOR_TRYING = r"(DEBUG|\w*(MOCK|FAKE|DUMMY|ROBOT|E2E|TEST_API|TEST_MODE|TESTING)(_\w+)?)"
_SWITCHES = re.compile(rf"\b{_FOR_TRYING}\b")
_SWITCH = re.compile(rf"\s*if\s+(?!not\b)[^:#]*\b{_FOR_TRYING}\b(?!\s*(==|is)\s*False)[^:#]*:")


def only(view: str, filename: str) -> bool:
    """Whether all that speaks of a view in other files, tests left out, are URLs that only debugging brings."""
    start = root.of(filename)
    return start is not None and _only(view, Path(filename).absolute(), start)


@texts.believed
def _only(view: str, own: Path, start: Path) -> bool:
    found = []
    for path, text in word_index.files_having(view, start):
        if path == own or root.is_test(path, start):
            continue
        if _PATTERNS not in text or _SWITCHES.search(text) is None:
            return False
        word = re.compile(rf"\b{re.escape(view)}\b")
        lines = text.splitlines()
        told = [
            number
            for number, line in enumerate(lines)
            if word.search(line.partition("#")[0]) and not _IMPORT.match(line) and not _LISTED.fullmatch(line)
        ]
        found += [_is_switched(lines, number) for number in told]
    return bool(found) and all(found)


def _is_switched(lines: Sequence[str], number: int) -> bool:
    """Whether a line stands in a branch for debugging, by the lines above it that stand farther out."""
    indent = _indent(lines[number])
    for above in range(number - 1, -1, -1):
        line = lines[above]
        if not line.strip() or _indent(line) >= indent:
            continue
        indent = _indent(line)
        if _SWITCH.match(line):
            return True
        if not indent:
            return False
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
