"""Who calls a function from other files of the project: at their module level, or each time something is called.

The files are searched as text, so that the answer costs no parsing; a file that defines the name itself is passed over.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from flake8_scalability.catalog import frameworks
from flake8_scalability.project import root, word_index

_HEADER = re.compile(r"(?:async\s+)?(def|class)\s+(\w+)")
_INJECTED = re.compile(r"\b(Depends|Security|Provide)\(")
#: A file that reads the command line is a program that somebody starts.
_COMMAND_LINE = re.compile(r"^(?:import|from) (?:argparse|click|typer|fire|docopt)\b", re.MULTILINE)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]+")
#: Words of class names that say nothing of what a class is for.
_OF_ANY = frozenset({"manager", "service", "base", "default", "store", "handler", "app", "data"})
#: An import's names may stand in brackets over so many lines.
IMPORT_LINES = 80


class Use(enum.Enum):
    """How often a call in another file runs."""

    ONCE = "at module or class level, in a start-up function, or in a program of the command line"
    PER_CALL = "in a function that is called again and again"


def uses_elsewhere(name: str, filename: str) -> list[Use] | None:
    """Return how other files of the project use a function of `filename`; None where no project is in sight."""
    start = root.of(filename)
    if start is None:
        return None
    own = Path(filename).absolute()
    module = own.parent.name if own.stem == "__init__" else own.stem
    pattern = re.compile(rf"(?:(?<![\w.])(?:\w+\.)*|(?<=[)\]])\.){re.escape(name)}\b(?!\s*=[^=])")
    found: list[Use] = []
    definition = re.compile(rf"^\s*(async\s+)?def {re.escape(name)}\b", re.MULTILINE)
    for path, text in word_index.files_having(name, start):
        if module not in text or path == own or root.is_test(path, start):
            continue
        if f"def {name}" not in text or definition.search(text) is None:
            uses = list(_uses_in(text, pattern))
            found += [Use.ONCE] * len(uses) if _COMMAND_LINE.search(text) else uses
    return found


def is_for_programs_alone(name: str, filename: str) -> bool:
    """Whether other files spell a function, and each that does reads the command line: somebody runs it by hand."""
    start = root.of(filename)
    if start is None:
        return False
    own = Path(filename).absolute()
    spelled = re.compile(rf"^(?![ \t]*#).*?(?<![\w\"']){re.escape(name)}\b", re.MULTILINE)
    others = [
        text
        for path, text in word_index.files_having(name, start)
        if path != own and not root.is_test(path, start) and spelled.search(text) is not None
    ]
    return bool(others) and all(_COMMAND_LINE.search(text) is not None for text in others)


def is_called_on(method: str, owner: str, filename: str) -> bool:
    """Whether another file calls a method on what is named like its class: `self.job_store.add(…)` of `JobStore`.

    For methods of a common name, which other classes have as well.
    """
    start = root.of(filename)
    words = {word.lower() for word in _WORD.findall(owner)} - _OF_ANY
    call = re.compile(rf"(\w+)(?:\(\))?\.{re.escape(method)}\(")
    own = Path(filename).absolute()
    found = word_index.files_having(method, start) if start is not None else ()
    others = (
        text for path, text in found if path != own and f".{method}(" in text and not root.is_test(path, start or own)
    )
    return any(word in match[1].lower() for text in others for match in call.finditer(text) for word in words)


def _uses_in(text: str, pattern: re.Pattern[str]) -> Iterator[Use]:
    """Yield how often each use in a text runs; imports and comments are none."""
    found = [match.start() for match in pattern.finditer(text)]
    lines = text.splitlines() if found else []
    number = end = 0
    for start in found:
        number += text.count("\n", end, start)
        end = start
        if number < len(lines) and not lines[number].lstrip().startswith("#") and not _is_import(lines, number):
            yield _use_at(lines, number)


def _is_import(lines: Sequence[str], number: int) -> bool:
    """Whether a line is an import, or one of the lines over which the names of one stand in brackets."""
    for above in range(number, max(-1, number - IMPORT_LINES), -1):
        line = lines[above].lstrip()
        if line.startswith(("from ", "import ")):
            return above == number or "(" in line
        if above != number and ")" in line:
            return False
    return False


def _use_at(lines: Sequence[str], number: int) -> Use:
    """Return how often a line runs, by the `def` or `class` that holds it; a dependency runs for each request."""
    if _INJECTED.search(lines[number]):
        return Use.PER_CALL
    indent = _indent(lines[number])
    for above in range(number - 1, -1, -1):
        if not indent:
            break
        line = lines[above]
        if not line.strip() or _indent(line) >= indent or line.lstrip().startswith((")", "]")):
            continue  # the end of a signature on several lines stands as far out as its `def`
        indent = _indent(line)
        header = _HEADER.match(line.lstrip())
        if header is not None and header[1] == "def":
            return Use.ONCE if header[2] in frameworks.STARTUP_NAMES else Use.PER_CALL
    return Use.ONCE


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
