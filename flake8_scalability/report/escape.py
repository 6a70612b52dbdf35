"""Names and lines of the analysed project in Markdown: shown as they are, and never taken for markup.

A file name, a message or a source line may hold anything: backticks, HTML, line breaks, characters that turn the
direction of writing.  What is printed here is one line of visible characters that a CommonMark or GitHub page shows
as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Names that need little help: letters, digits and what paths are made of.
_PLAIN = re.compile(r"[\w.+/-]+(?: [\w.+/-]+)*")
#: An underscore after a letter opens no emphasis.
_MARKUP = re.compile(r"[\\`*\[\]<>&~|]|(?<!\w)_+")
_BACKTICKS = re.compile(r"`+")


def visible(text: str) -> str:
    """Return one line in which characters that are not seen (controls, line breaks, bidi marks) are written out."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def prose(text: str) -> str:
    """Return a text of ours as Markdown that shows it as it is."""
    return _MARKUP.sub(lambda found: "".join("\\" + char for char in found[0]), visible(text))


def code(text: str) -> str:
    """Return any text as a code span, inside of which nothing is markup."""
    # Two backticks with nothing between them would open another span.
    shown = visible(text) or " "
    ticks = "`" * (_longest_run(shown) + 1)
    # The parser takes one blank from both ends, so that a backtick may stand there.
    pad = " " if not shown.isspace() and (shown.startswith(("`", " ")) or shown.endswith(("`", " "))) else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def name(text: str) -> str:
    """Return a path as plain text where its characters are those of a path, else as a code span."""
    return prose(text) if _PLAIN.fullmatch(text) and "www." not in text.lower() else code(text)


def fence(lines: Iterable[str], language: str = "", indent: str = "") -> list[str]:
    """Return the lines of a fenced block that none of the given lines can end."""
    shown = [visible(line.rstrip("\r\n").expandtabs(4)) for line in lines]
    ticks = "`" * max(3, 1 + max(map(_longest_run, shown), default=0))
    return [indent + line for line in (ticks + language, *shown, ticks)]


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
