"""Whether anything that a project's loaded modules run comes to what one of them defines: by name, as text.

What a module runs as it is loaded uses what it names, and so does what is handed to a framework there.  A function uses
what it names if something uses the function; a method, if something uses its class and something spells the method.
This is rapid type analysis (Bacon and Sweeney, 1996) without types: each class that is used counts as a receiver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.catalog import loading
from flake8_scalability.project import bases, imports, parts, templates, texts, word_index

#: So many definitions are followed from one to the next, and so many are looked at on the way; what is not found to be
#: used or unused by then counts as used.
WAY = 12
MANY = 300
#: A name that so many modules have is anybody's.
COMMON = 60
_BEGINNING = re.compile(r"_*[^\W_]+_")
_TAKES = re.compile(r"[\w*]+(?:[ \t]+as[ \t]+\w+)?")


class _Definition(NamedTuple):
    """What a module defines at its margin, or the method of a class there."""

    name: str
    owner: str
    path: Path


#: What has to be used for a definition to be; nothing where it is at once.
_Needs = frozenset[_Definition]


def is_used_elsewhere(name: str, filename: str) -> bool:
    """Whether something that is used names what a module defines at its margin, or a deployment does.

    True where too little of the project is in sight.  An import alone is no use, nor is what the module does with it.
    """
    return imports.sight(filename) is None or _is_used(name, "", Path(filename).absolute(), True)


def is_method_used(name: str, owner: str, filename: str) -> bool:
    """Whether something that is used spells the method of a class at the margin of a module; True as above."""
    return imports.sight(filename) is None or _is_used(name, owner, Path(filename).absolute(), False)


@texts.believed
def _is_used(name: str, owner: str, own: Path, elsewhere: bool) -> bool:
    """Whether a definition is used; `elsewhere` leaves out what its own module does with it."""
    sight = imports.sight(str(own))
    if sight is None:
        return True
    first = _Definition(name, owner, own)
    known: dict[_Definition, list[_Needs]] = {}
    waiting = {first}
    for _ in range(WAY):
        for each in waiting:
            users = _users(each, sight)
            known[each] = [needs for path, needs in users if not (elsewhere and each == first and path == own)]
        if first in _used(known):
            return True
        waiting = {each for all_needs in known.values() for needs in all_needs for each in needs} - known.keys()
        if not waiting:
            return False
        if len(known) + len(waiting) > MANY:
            return True
    return True


def _used(known: dict[_Definition, list[_Needs]]) -> set[_Definition]:
    """Return the definitions of which one user has all that it needs: the least of the sets for which that holds."""
    found: set[_Definition] = set()
    while True:
        new = {each for each, users in known.items() if each not in found and any(needs <= found for needs in users)}
        if not new:
            return found
        found |= new


def _users(wanted: _Definition, sight: imports.Sight) -> list[tuple[Path, _Needs]]:
    """Return where a definition is named, with what is needed for each of these places to matter."""
    at_once: list[tuple[Path, _Needs]] = [(Path(), frozenset())]
    # A command has hyphens in a shell.
    if not wanted.owner and not sight.deployment.isdisjoint({wanted.name, wanted.name.replace("_", "-")}):
        return at_once
    having = [(path, text) for path, text in word_index.files_having(wanted.name, sight.start) if path in sight.loaded]
    if len(having) > COMMON or (wanted.owner and _is_said(wanted)):
        return at_once
    named = _Methods(wanted) if wanted.owner else _Names(wanted, having, _defining(wanted.name, having))
    found = [(path, _needs(part, path)) for path, text in having for part in named.parts_of(path, _module(path, text))]
    return [*found, *((each.path, frozenset({each})) for each in named.renamed(having))]


@texts.believed
def runs_unasked(filename: str) -> bool:
    """Whether tasks of the project run though no code names them; True as above.

    A database keeps their schedules, or their workers start them.
    """
    sight = imports.sight(filename)
    marks = (*loading.KEEPS_SCHEDULES, *loading.STARTS_TASKS)
    return sight is None or any(word_index.files_having(each, sight.start) for each in marks)


def _module(path: Path, text: str) -> parts.Module:
    return parts.of(text, path.stem == "__init__")


def _needs(part: parts.Part, path: Path) -> _Needs:
    """Return what has to be used for a part of a module to run, or for a framework to come to it."""
    if part.collector and not part.registered:
        return frozenset({_Definition(part.collector, "", path)})
    if not part.name or part.registered or (part.waits and runs_unasked(str(path))):
        return frozenset()
    if part.owner:
        own_class = () if part.is_found else (_Definition(part.owner, "", path),)
        if is_called_by_bases(part.name, part.owner, str(path)):
            return frozenset(own_class)
        own = () if part.name.startswith("__") else (_Definition(part.name, part.owner, path),)
        return frozenset((*own_class, *own))
    if part.name in loading.BY_NAME or part.is_found:
        return frozenset()
    return frozenset({_Definition(part.name, "", path)})


@texts.believed
def is_called_by_bases(method: str, owner: str, filename: str) -> bool:
    """Whether what a class at the margin of a module builds on may call a method by its name.

    That is what the project does not define: what it does, spells the method where it calls it.  What makes a class one
    of rows, or one of Django's views, calls few by itself; others a template may call.
    """
    found = bases.lineage(f".{Path(filename).stem}.{owner}", filename)
    outside = {each.rpartition(".")[2] for each in found.outside} - loading.CALLING_NOTHING
    if not outside:
        return False
    of_rows = {each for each in outside if loading.OF_ROWS.fullmatch(each) is not None}
    has_rows = bool(of_rows) or any(loading.HAS_ROWS in text for text in found.texts)
    if has_rows and all(each.endswith(loading.MIXIN) for each in outside - of_rows):
        return loading.CALLED_ON_ROWS.fullmatch(method) is not None or templates.is_named(method, filename)
    if all(loading.OF_VIEWS.fullmatch(each) is not None for each in found.outside):
        return loading.CALLED_ON_VIEWS.fullmatch(method) is not None or templates.is_named(method, filename)
    return True


class _Methods:
    """The parts that spell a method: below any object, or in a text; the class itself may name it as it is."""

    def __init__(self, wanted: _Definition) -> None:
        spelled = re.escape(wanted.name)
        self._wanted = wanted
        self._spelled = re.compile(rf"[.\"']{spelled}\b")
        self._plain = re.compile(rf"(?<!def ){spelled}\b")

    def parts_of(self, path: Path, module: parts.Module) -> Iterator[parts.Part]:
        """Yield the parts of a module that spell the method."""
        for part in module.parts:
            is_own_class = not part.owner and part.name == self._wanted.owner and path == self._wanted.path
            if (self._plain if is_own_class else self._spelled).search(part.text) is not None:
                yield part

    def renamed(self, _having: list[tuple[Path, str]]) -> Iterator[_Definition]:
        """Yield nothing: no import takes a method."""
        return iter(())


class _Names:
    """The parts that name a definition at the margin: as it is where they have it, else below the module."""

    def __init__(self, wanted: _Definition, having: list[tuple[Path, str]], others: frozenset[str]) -> None:
        self._wanted = wanted
        self._modules = _handing_on(wanted, having)
        self._others = others

    def parts_of(self, path: Path, module: parts.Module) -> Iterator[parts.Part]:
        """Yield the parts of a module that do more with the name than to define it."""
        naming = _naming(self._wanted.name, self._spellings(path, module))
        for part in module.parts:
            if part.name == self._wanted.name and not part.owner and path == self._wanted.path:
                continue
            if any(self._means(match) for match in naming.finditer(part.text)):
                yield part

    def renamed(self, having: list[tuple[Path, str]]) -> Iterator[_Definition]:
        """Yield the names that other modules give it as they import it, by which yet others may take it from them."""
        for path, text in having:
            for each in self._spellings(path, _module(path, text)) - {self._wanted.name}:
                yield _Definition(each, "", path)

    def _spellings(self, path: Path, module: parts.Module) -> frozenset[str]:
        """Return the names that a module has for the definition, by which it may use it as it is."""
        if path == self._wanted.path:
            return frozenset({self._wanted.name})
        return _taken(self._wanted.name, self._modules, module) or frozenset()

    def _means(self, match: re.Match[str]) -> bool:
        """Whether a name is that of the definition: not below another module, but below anything else it may be."""
        below = match["below"]
        return not below or below in self._modules or below not in self._others


def _defining(name: str, having: list[tuple[Path, str]]) -> frozenset[str]:
    """Return the names of the modules that define a name themselves."""
    defined = re.compile(rf"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+)?{re.escape(name)}\b[ \t]*[=:(]", re.MULTILINE)
    return frozenset(path.stem for path, text in having if defined.search(text) is not None)


def _handing_on(wanted: _Definition, having: list[tuple[Path, str]]) -> frozenset[str]:
    """Return the names of the modules and packages from which others may import a definition, with those of imports."""
    found = frozenset({wanted.path.stem, *wanted.path.parts[-6:-1]})
    while True:
        new = set(found)
        for path, text in having:
            if _taken(wanted.name, found, _module(path, text)) is not None:
                new |= {path.stem} if path.stem != "__init__" else {path.parent.name}
        for path, text in having:
            new |= {alias for name in found for alias in _renamed(name, _module(path, text))}
        if new == found:
            return found
        found = frozenset(new)


def _renamed(module_name: str, module: parts.Module) -> Iterator[str]:
    """Yield what a module calls another one that it imports: `from shop import orders as parcels`."""
    for _, names in module.imported:
        if module_name in names:
            yield from re.findall(rf"\b{re.escape(module_name)}[ \t]+as[ \t]+(\w+)", names)


def _taken(name: str, modules: frozenset[str], module: parts.Module) -> frozenset[str] | None:
    """Return how a module calls what it imports by a name, or with all else, from one of these; None if not at all."""
    found: set[str] = set()
    for source, names in module.imported:
        if source.strip(".") and source.rpartition(".")[2] not in modules:
            continue
        for each in _TAKES.findall(names):
            words = each.split()
            if words[0] in (name, "*"):
                found.add(name if words[0] == "*" else words[-1])
    return frozenset(found) or None


def _naming(name: str, spellings: frozenset[str]) -> re.Pattern[str]:
    """Return what finds a name: in a text, below a module or what a call gives, and some names as they are."""
    spelled = re.escape(name)
    ways = [rf"(?P<below>\w+)[.:]{spelled}\b", rf"[\"']{spelled}\b", rf"(?<=[)\]])\.{spelled}\b"]
    ways += [rf"(?<![\w.]){re.escape(each)}\b" for each in sorted(spellings)]
    return re.compile("|".join(ways))


def _is_said(wanted: _Definition) -> bool:
    """Whether a module that looks things up by name makes ones that begin like this: `getattr(bot, f"on_{event}")`."""
    beginning = _BEGINNING.match(wanted.name)
    return beginning is not None and _is_made(beginning[0], str(wanted.path))


@texts.believed
def _is_made(beginning: str, filename: str) -> bool:
    sight = imports.sight(filename)
    if sight is None:
        return True
    made = re.compile(rf"\"{re.escape(beginning)}[{{%\"]|'{re.escape(beginning)}[{{%']")
    having = word_index.files_having("getattr", sight.start)
    return any(path in sight.loaded and made.search(text) is not None for path, text in having)
