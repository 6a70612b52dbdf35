"""Whether another file of the project calls a function each time that the service starts.

Searched as text, like `usage`: in a start-up function, under a start-up hook's decorator, or at the module level of a
file that makes an application.  A program of the command line, and what stands under a main guard, is no service.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from flake8_scalability.catalog import frameworks, startup, tools
from flake8_scalability.project import root, word_index

_DEF = re.compile(r"\s*(?:async\s+)?def\s+(\w+)")
_TESTS = re.compile(r"(^|[\\/])(conftest\.py|test_[^\\/]*|[^\\/]*_test\.py)$")
_CLI = re.compile(r"^\s*(?:import|from) (?:argparse|click|typer|fire|docopt)\b", re.MULTILINE)
_HOOK = re.compile(startup.HOOKS)
_APPLICATION = re.compile(startup.APPLICATIONS)
_GUARD = re.compile(r"""\s*if\s+__name__\s*==\s*["']__main__["']""")


def called_at_start(name: str, filename: str) -> bool:
    """Whether a function of `filename` is called by another file when the service starts; False if none is seen."""
    start = root.of(filename)
    if start is None:
        return False
    own = Path(filename).absolute()
    module = own.parent.name if own.stem == "__init__" else own.stem
    for path, text in word_index.files_having(name, start):
        if module not in text:
            continue
        parts = path.relative_to(start).parts
        if path == own or _TESTS.search(parts[-1]) or not tools.FOLDERS.isdisjoint(part.lower() for part in parts):
            continue
        if not _CLI.search(text) and _calls(name, text):
            return True
    return False


def _calls(name: str, text: str) -> bool:
    call = re.compile(rf"(?<!def )(?<!\w)(?:\w+\.)*{re.escape(name)}\s*\(")
    lines = text.splitlines()
    makes_application = _APPLICATION.search(text) is not None
    return any(
        _starts(lines, number, makes_application)
        for number, line in enumerate(lines)
        if call.search(line.partition("#")[0]) and not _DEF.match(line)
    )


def _starts(lines: Sequence[str], number: int, makes_application: bool) -> bool:
    """Whether a line runs at the start, by the `def` around it, by that one's decorators, or by standing outside."""
    indent = _indent(lines[number])
    for above in range(number - 1, -1, -1):
        line = lines[above]
        if not indent:
            break
        if not line.strip() or _indent(line) >= indent or line.lstrip().startswith((")", "#")):
            continue
        indent = _indent(line)
        if _GUARD.match(line):
            return False
        header = _DEF.match(line)
        if header is not None:
            return header[1] in frameworks.STARTUP_NAMES or _has_hook(lines, above)
    return makes_application


def _has_hook(lines: Sequence[str], number: int) -> bool:
    above = number - 1
    while above >= 0 and lines[above].lstrip().startswith(("@", ")")):
        if _HOOK.search(lines[above]):
            return True
        above -= 1
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
