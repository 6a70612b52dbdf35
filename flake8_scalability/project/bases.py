"""The text of the classes that other files of the project define, each with that of its bases.

Like `definitions`, this searches text, so that the answer costs no parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.project import root, texts

#: So many classes may stand above one another.
MAX_CLASSES = 12
_HEADER = r"^class {}\s*(?:\(((?:[^()]|\([^()]*\))*)\))?\s*:"
_IMPORT = re.compile(r"^\s*from\s+(\.*[\w.]*)\s+import\s+(\([^)]*\)|[^\n(]+)", re.MULTILINE)
_NAME = re.compile(r"^[\w.]+")


class Lineage(NamedTuple):
    """What the project shows of a class: the texts of it and its bases, and the names of those it does not define."""

    texts: tuple[str, ...]
    outside: frozenset[str]


class _Class(NamedTuple):
    text: str
    bases: tuple[str, ...]
    file: Path


def lineage(path: str, filename: str) -> Lineage:
    """Return the class that an import path names as `filename` sees it, with its bases as far as the project has them.

    `outside` has the bases that no file of the project defines, by their import paths; `path` itself where it is one.
    """
    found: list[str] = []
    outside: set[str] = set()
    todo: list[tuple[str, Path]] = [(path, Path(filename).absolute())]
    seen: set[_Class] = set()
    start = root.of(filename)
    while todo and len(found) < MAX_CLASSES:
        wanted, file = todo.pop()
        known = _find(wanted, file, start) if start is not None else None
        if known is None:
            outside.add(wanted)
        elif known not in seen:
            seen.add(known)
            found.append(known.text)
            todo += [(_path_of(base, known.file), known.file) for base in known.bases]
    outside |= {left for left, _ in todo}
    return Lineage(tuple(found), frozenset(outside))


def text_of_name(name: str, filename: str) -> str:
    """Return the text of the first class of a name that a file of the project defines; "" where none does."""
    start = root.of(filename)
    for file, text in texts.of_project(start) if start is not None else ():
        if f"class {name}" in text:
            found = _in_file(name, file)
            if found is not None:
                return found.text
    return ""


def _find(path: str, filename: Path, start: Path) -> _Class | None:
    """Return the class of an import path; the module is looked for beside the file and below the project's root."""
    parts = [part for part in path.split(".") if part]
    if len(parts) == 1:
        return _in_file(parts[0], filename)
    return _in_modules(tuple(parts), filename.parent, start, filename if filename.name == "__init__.py" else None)


@texts.believed
def _in_modules(parts: tuple[str, ...], beside: Path, start: Path, asking: Path | None) -> _Class | None:
    """Return the class that the last of these names is in the module of the others, which a package may ask for."""
    for folder in (beside, *beside.parents):
        for end in range(len(parts) - 1, 0, -1):
            module = folder.joinpath(*parts[:end])
            for file in (module.with_suffix(".py"), module / "__init__.py"):
                found = _in_file(parts[-1], file) or _handed_on(parts[-1], file, asking)
                if found is not None:
                    return found
        if folder == start:
            break
    return None


def _handed_on(name: str, file: Path, asking: Path | None) -> _Class | None:
    """Return the class that a package takes from one of its modules: `from .views import *`."""
    if file.name != "__init__.py" or file == asking:
        return None
    for source, names in _IMPORT.findall(texts.text(file)):
        given = {words[-1] for words in (each.split() for each in names.strip("()").split(",")) if words}
        if source.startswith(".") and source.strip(".") and given & {name, "*"}:
            found = _in_file(name, file.parent.joinpath(*source.strip(".").split(".")).with_suffix(".py"))
            if found is not None:
                return found
    return None


def _in_file(name: str, file: Path) -> _Class | None:
    """Return the class of a name at the level of a module: its header, and the lines that are indented below it."""
    text = texts.text(file)
    if f"class {name}" not in text:
        return None
    match = re.search(_HEADER.format(re.escape(name)), text, re.MULTILINE)
    if match is None:
        return None
    end = re.compile(r"^[^\s#)\]}]", re.MULTILINE).search(text, match.end())
    return _Class(text[match.start() : end.start() if end is not None else len(text)], tuple(_bases(match[1])), file)


def _bases(listed: str | None) -> Iterator[str]:
    """Yield the names in a header; what is called, and keywords, are none: of `Generic[T]` it is `Generic`."""
    for each in re.sub(r"\[[^]]*\]", "", listed or "").split(","):
        name = _NAME.match(each.strip())
        if name is not None and "=" not in each:
            yield name[0]


@texts.believed
def _path_of(name: str, file: Path) -> str:
    """Return the import path of a name that a file uses; the name itself where the file does not import it."""
    first, _, rest = name.partition(".")
    for source, names in _IMPORT.findall(texts.text(file)):
        for each in names.strip("()").split(","):
            words = each.partition("#")[0].split()
            if words and words[-1] == first:
                path = f"{source}{'' if source.endswith('.') else '.'}{words[0]}"
                return f"{path}.{rest}" if rest else path
    return name
