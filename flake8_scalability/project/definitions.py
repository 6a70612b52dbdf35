"""The text of functions and methods that other files of the project define, decorators included.

Like `usage`, this searches text, so that the answer costs no parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.project import root, texts

_CALL = re.compile(r"(?<![\w.@])(?!def |class )((?:\w+\.)*\w+)\(")
_COMMENT = re.compile(r"#.*")
_IMPORT = re.compile(r"^\s*from\s+(\.*[\w.]*)\s+import\s+(\([^)]*\)|[^\n(]+)", re.MULTILINE)


class Definition(NamedTuple):
    """A function of the project: its text, and the file that defines it."""

    text: str
    file: Path


def text_of(path: str, filename: str) -> str:
    """Return the text of what an import path names (`.jobs.sweep`, `app.jobs.Jobs.sweep`) as `filename` sees it.

    "" where no file of the project defines it.  The module is looked for beside the file and below the project's root.
    """
    found = find(path, filename)
    return found.text if found is not None else ""


def called(caller: Definition) -> Iterator[Definition]:
    """Yield the functions of the project that another one calls by an imported name, of its file or of its object."""
    module = texts.text(caller.file)
    imported = dict(_imported(module))
    own = caller.text.partition("def ")[2].partition("(")[0].strip()
    for name in _CALL.findall(_COMMENT.sub("", caller.text)):
        first, _, rest = name.partition(".")
        if name.rpartition(".")[2] == own:
            continue
        if first in imported:
            found = find(imported[first] + (f".{rest}" if rest else ""), str(caller.file))
            if found is not None:
                yield found
        elif not rest or first in ("self", "cls"):
            text = _definition(module, rest or first)
            if text:
                yield Definition(text, caller.file)


def names_called(caller: Definition) -> list[str]:
    """Return the dotted names of what a function of the project calls."""
    body = caller.text.partition("def ")[2].partition("(")[2]
    return _CALL.findall(_COMMENT.sub("", body))


def _imported(module: str) -> Iterator[tuple[str, str]]:
    """Yield (name, path) of what a module imports by name."""
    for source, names in _IMPORT.findall(module):
        for each in names.strip("()").split(","):
            words = each.partition("#")[0].split()
            if words:
                yield words[-1], f"{source}{'' if source.endswith('.') else '.'}{words[0]}"


def find(path: str, filename: str) -> Definition | None:
    """Return where an import path that `filename` sees leads to, as far as that is a function of the project."""
    start = root.of(filename)
    if start is None:
        return None
    return _in_modules(path, Path(filename).absolute().parent, start)


@texts.believed
def _in_modules(path: str, beside: Path, start: Path) -> Definition | None:
    parts = [part for part in path.split(".") if part]
    for folder in (beside, *beside.parents):
        for end in range(len(parts) - 1, 0, -1):
            module = folder.joinpath(*parts[:end])
            for file in (module.with_suffix(".py"), module / "__init__.py"):
                found = _definition(texts.text(file), parts[-1])
                if found:
                    return Definition(found, file)
        if folder == start:
            return None
    return None


def _definition(text: str, name: str) -> str:
    """Return the lines of a `def` with the decorators above it, up to the next line that is indented no further."""
    if name not in text:
        return ""
    lines = text.splitlines()
    header = re.compile(rf"(\s*)(?:async\s+)?def\s+{re.escape(name)}\b")
    for number, line in enumerate(lines):
        match = header.match(line)
        if match is None:
            continue
        indent = len(match[1])
        first = number
        while first > 0 and lines[first - 1].strip() and _indent(lines[first - 1]) >= indent:
            if _indent(lines[first - 1]) == indent and not lines[first - 1].lstrip().startswith(("@", ")")):
                break
            first -= 1
        last = number + 1
        while last < len(lines) and _goes_on(lines[last], indent):
            last += 1
        return "\n".join(lines[first:last])
    return ""


def _goes_on(line: str, indent: int) -> bool:
    return not line.strip() or _indent(line) > indent or line.lstrip().startswith(")")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
