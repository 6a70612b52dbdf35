"""Whether loaded code of a project uses what one of its modules defines: by name, as text.

A module is cut at the lines that begin at its margin: into definitions, and what runs as it is loaded.  A definition
uses what it names if something uses the definition, and so on.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.catalog import loading
from flake8_scalability.project import imports, texts, word_index

#: Lists of what a package hands on are no use of it.
_EXPORTED = re.compile(r"^__all__\b[^\[(]*[\[(][^\])]*[\])]", re.MULTILINE)
_MARGIN = re.compile(r"^(?=[^\s)\]}])", re.MULTILINE)
_DEFINITION = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_CLASS = re.compile(r"class[ \t]+\w+[ \t]*\([ \t]*\w")
_DECORATOR = re.compile(r"@(?:\w+\.)*(\w+)")
#: So many definitions are followed from one to the next; what is used at the end of a longer way counts as used.
WAY = 8


class _Part(NamedTuple):
    """A definition at the margin of a module, or ("") what runs as it is loaded, without its imports."""

    name: str
    text: str
    registered: bool


class _Module(NamedTuple):
    """A module without its comments: its text, what each of its imports takes from a module, and its parts."""

    text: str
    imported: tuple[str, ...]
    parts: tuple[_Part, ...]


def is_used_elsewhere(name: str, filename: str) -> bool:
    """Whether another loaded module of the project uses a name that this one defines, or a deployment names it.

    True where too little of the project is in sight.  An import alone is no use.  A module that defines the name itself
    and imports none uses its own, but for what it spells below an object or in a text.
    """
    return imports.sight(filename) is None or _is_used(name, Path(filename).absolute())


@texts.believed
def _is_used(name: str, own: Path) -> bool:
    return _is_used_by(name, own, frozenset(), elsewhere=True)


def _is_used_by(name: str, own: Path, seen: frozenset[tuple[str, Path]], elsewhere: bool = False) -> bool:
    """Whether a name of a module is used by something that is used; `elsewhere` leaves its own uses out."""
    sight = imports.sight(str(own))
    if sight is None or name in sight.deployment or len(seen) > WAY:
        return True
    seen = seen | {(name, own)}
    for path, text in word_index.files_having(name, sight.start):
        if path not in sight.loaded or (path == own and elsewhere):
            continue
        for user in _users(name, path, text, path == own):
            if not user.name or user.registered:
                return True
            if (user.name, path) not in seen and _is_used_by(user.name, path, seen):
                return True
    return False


def _users(name: str, path: Path, text: str, is_own: bool) -> list[_Part]:
    """Return the parts of a module that do more with a name than to define or to import it."""
    spelled = re.escape(name)
    module = _module(text, path.stem == "__init__")
    names = [each for each in module.imported if texts.has_word(each, name)]
    aliases = [alias for each in names for alias in re.findall(rf"\b{spelled}[ \t]+as[ \t]+(\w+)", each)]
    definition = re.compile(rf"\b(?:def|class)[ \t]+{spelled}\b")
    is_another = not is_own and not names and definition.search(module.text) is not None
    word = re.compile(rf"[.\"']{spelled}\b" if is_another else rf"\b(?:{'|'.join([spelled, *aliases])})\b")
    return [
        part
        for part in module.parts
        if not (is_own and part.name == name) and word.search(definition.sub("", part.text)) is not None
    ]


@lru_cache(maxsize=1024)
def _module(text: str, is_package: bool) -> _Module:
    text = imports.COMMENT.sub("", text)
    imported = tuple(names for _, names, _ in imports.IMPORT.findall(text))
    return _Module(text, imported, _parts(_EXPORTED.sub("", text) if is_package else text))


def _parts(text: str) -> tuple[_Part, ...]:
    found: list[_Part] = []
    registered = False
    text = imports.IMPORT.sub("", text)
    starts = [match.start() for match in _MARGIN.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)]):
        part = text[start:end]
        decorator = _DECORATOR.match(part)
        if decorator is not None:
            registered = registered or decorator[1] not in loading.PLAIN
            continue
        definition = _DEFINITION.match(part)
        name = definition[1] if definition is not None else ""
        found.append(_Part(name, part, registered or name in loading.BY_NAME or _CLASS.match(part) is not None))
        registered = False
    return tuple(found)


def is_said(beginning: str, filename: str) -> bool:
    """Whether a loaded module makes names that begin so, as a text with something more behind it: `f"on_{event}"`."""
    seen = imports.sight(filename)
    if seen is None:
        return True
    made = re.compile(rf"\"{re.escape(beginning)}[{{%\"]|'{re.escape(beginning)}[{{%']")
    having = word_index.files_having(beginning, seen.start)
    return any(path in seen.loaded and made.search(text) is not None for path, text in having)
