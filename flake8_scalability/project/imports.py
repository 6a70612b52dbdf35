"""Which modules of a project are ever loaded: from those that somebody starts along the imports, read as text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.catalog import loading
from flake8_scalability.project import deployment_files, root, texts

#: An import: from where, and what, over several lines where that stands in brackets.
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|(?:[^\n#\\]|\\\n)+)|import[ \t]+([^\n#;]+))",
    re.MULTILINE,
)
#: What stands behind this may have brackets, and names what is not imported.
COMMENT = re.compile(r"#.*")
#: A text that may name a module, or what it defines, as settings, routes and servers have it: `shop.urls`, `shop:app`.
_DOTTED = re.compile(r"[\"'](\.{0,2}[A-Za-z_]\w*(?:\.\w+)+|[A-Za-z_]\w*(?=:))(?::\w+)?(?:\(\))?[\"']")
#: A text that may name a module or a folder, and one that goes on with a name: `f"shop.jobs.{name}"`, `"jobs." + name`.
_NAMING = re.compile(r"[\"']([A-Za-z_./][\w./:]{1,80})[\"']")
_BEGINNING = re.compile(r"[\"']([A-Za-z_./][\w./]*)[./](?=[{\"'])")
#: Too little of a project is in sight to tell where less than this share of its modules seems to be loaded, or where
#: more than this share of the relative imports, and more than a few, leads to no file.
ENOUGH = 0.6
LOST = 0.1
A_FEW = 3
#: A module lies on top of a project that has it in its folder or one below.
TOP = 2
#: So many characters before or behind a call stands what it is about.
BESIDE = 250


class Sight(NamedTuple):
    """A project that is wholly in sight.

    start: where it begins
    loaded: the modules that the service loads, with their texts
    unloaded: those that nothing loads
    by_hand: those that somebody starts once, by hand, and what these alone load
    deployment: the words of what says how it is deployed
    """

    start: Path
    loaded: dict[Path, str]
    unloaded: frozenset[Path]
    by_hand: frozenset[Path]
    deployment: frozenset[str]


def is_loaded(filename: str, tools: bool = False) -> bool:
    """Whether anything of its project loads a module: an import, a framework, or what starts the service.

    True where that can't be told: outside of a project, or where a part of the project is in sight only; and with
    `tools` where somebody may start it by hand.
    """
    seen = sight(filename)
    if seen is None:
        return True
    own = Path(filename).absolute()
    return own not in seen.unloaded and (tools or own not in seen.by_hand)


def sight(filename: str) -> Sight | None:
    """Return what is seen of the project of a file; None outside of one, and where only a part is in sight.

    Of several projects in one repository each may use what another defines: where no `.git` tells where that begins,
    it is the working directory.
    """
    start = root.of(filename)
    if start is None:
        return None
    here = Path.cwd()
    return _sight(here if here in start.parents and not (start / ".git").exists() else start)


@texts.believed
def _sight(start: Path) -> Sight | None:
    files = texts.of_project(start)
    if len(files) >= root.MAX_FILES:
        return None
    sources = {path: text for path, text in files if not root.is_test(path, start)}
    modules = _Modules(sources, start)
    words = deployment_files.named(start, modules.names)
    started = {path for path, text in sources.items() if _is_started(path, text, start, words)}
    live = {path for path in started if _is_deployed(path, sources, start, words)}
    loaded = _closure(live | _discovered(sources, sources.keys() - (started - live), start), sources, modules, start)
    # Of a folder that the service imports from, frameworks find the other modules as well.
    taken = {path.parent for path in loaded if is_put_aside(path, start)}
    loaded = _closure(loaded | {path for path in started if path.parent in taken}, sources, modules, start, loaded)
    found = _closure(started | loaded, sources, modules, start, loaded)
    if len(found) < 2 or len(found) < ENOUGH * len(sources) or modules.lost > max(A_FEW, LOST * modules.relative):
        return None
    rest = [path for path in sources if path not in loaded and path.stem != "__init__"]
    return Sight(
        start,
        {path: sources[path] for path in sources if path in loaded},
        frozenset(path for path in rest if path not in found or is_put_aside(path, start)),
        frozenset(path for path in rest if path in found and not is_put_aside(path, start)),
        deployment_files.words(start),
    )


def _closure(
    begun: Collection[Path], sources: dict[Path, str], modules: _Modules, start: Path, known: Collection[Path] = ()
) -> set[Path]:
    """Return some modules with all that these load; what is known to be closed is not looked at again."""
    found = set(begun)
    waiting = [path for path in begun if path not in known]
    while waiting:
        path = waiting.pop()
        for each in (*modules.loaded_by(path), *_packages(path, start)):
            if each in sources and each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _is_started(path: Path, text: str, start: Path, words: Collection[str]) -> bool:
    return _is_found(path, start, words) or any(each in text for each in loading.STARTED)


def _is_found(path: Path, start: Path, words: Collection[str]) -> bool:
    """Whether a framework finds a module, or what deploys the project names it."""
    if path.stem in loading.FOUND or path.stem in words or loading.SETTINGS in path.stem:
        return True
    return any(part in loading.FOUND_FOLDERS for part in path.relative_to(start).parts[:-1])


def _is_deployed(path: Path, sources: dict[Path, str], start: Path, words: Collection[str]) -> bool:
    """Whether a module that is started serves: not what was put aside, runs once by hand, or is another's stand-in."""
    if is_put_aside(path, start):
        return False
    text = sources[path]
    if _is_command(path):
        goes_on = any(each in text for each in loading.COMMANDS_GO_ON)
        return goes_on or path.stem in deployment_files.commands(start) or _is_called(path.stem, sources)
    if loading.BY_ITSELF not in text or _is_found(path, start, words):
        return True
    if loading.ASKS in text or not any(each in text for each in loading.GOES_ON):
        return False
    return loading.APPLICATION.search(text) is None or not any(
        other.stem in words and loading.APPLICATION.search(sources[other]) is not None
        for other in sources
        if other.parent == path.parent and other != path
    )


def _is_command(path: Path) -> bool:
    return path.parts[-3:-1] == loading.COMMAND_FOLDERS


def _is_called(command: str, sources: dict[Path, str]) -> bool:
    """Whether code that is no command itself, or a table of jobs in settings, calls a command of Django."""
    calling = (text for path, text in sources.items() if loading.CALLS_COMMANDS in text and not _is_command(path))
    return _is_quoted(command, calling)


@lru_cache(maxsize=4096)
def is_put_aside(path: Path, start: Path) -> bool:
    """Whether a module lies in a folder of what was, or has the name of an old copy: only an import loads it."""
    folders = path.relative_to(start).parts[:-1]
    return (
        any(loading.PUT_ASIDE.fullmatch(each) is not None for each in folders)
        or loading.COPY.fullmatch(path.stem) is not None
    )


def _packages(path: Path, start: Path) -> Iterator[Path]:
    """Yield what is loaded before a module: the packages that it lies in."""
    for folder in path.parents:
        if folder == start.parent:
            return
        yield folder / "__init__.py"


def _discovered(sources: dict[Path, str], by: Collection[Path], start: Path) -> set[Path]:
    """Return the modules that some files load by names which they put together, or look for in folders."""
    found: set[Path] = set()
    for path in by:
        text = sources[path]
        if any(each in text for each in loading.DISCOVERS) and not is_put_aside(path, start):
            enumerates = any(each in text for each in loading.ENUMERATES)
            if path.stem == "__init__" and not enumerates and "def __getattr__(" in text:
                continue  # what others ask the package for, their imports name
            found |= _loaded_by_name(text, sources, start, enumerates)
            within = path.stem == "__init__" or any(each in text for each in loading.WITHIN)
            if enumerates and within and path.parent != start:
                found |= {each for each in sources if path.parent in each.parents}
    return {path for path in found if not is_put_aside(path, start) and not _is_command(path)}


def _loaded_by_name(text: str, sources: dict[Path, str], start: Path, enumerates: bool) -> set[Path]:
    """Return the modules that a text names, and those of the folders from which it loads what it does not name.

    Where it names some modules of such a folder, only what any text of the project names is one of them.
    """
    named = {each.strip("./") for each in _NAMING.findall(text)}
    stems = {re.split(r"[./:]", each)[-1] for each in named}
    found = {path for path in sources if path.stem in stems}
    folders = [*_BEGINNING.findall(text), *(_NAMING.findall(_beside_enumeration(text)) if enumerates else ())]
    for folder in filter(None, {each.strip("./") for each in folders}):
        inside = f"/{folder.replace('.', '/')}/"
        below = {path for path in sources if inside in f"/{path.parent.relative_to(start).as_posix()}/"}
        if enumerates or below.isdisjoint(found):
            found |= below
        else:
            found |= {path for path in below - found if _is_quoted(path.stem, sources.values())}
    return found


def _is_quoted(name: str, among: Iterable[str]) -> bool:
    """Whether a name is the whole of a text somewhere: it may be handed to what loads a module of that name."""
    return any(f'"{name}"' in text or f"'{name}'" in text for text in among)


def _beside_enumeration(text: str) -> str:
    """Return those parts of a text that stand beside a call which looks into folders: there it says which."""
    found = [match.start() for each in loading.ENUMERATES for match in re.finditer(re.escape(each), text)]
    return "\n".join(text[max(0, start - BESIDE) : start + BESIDE] for start in found)


class _Modules:
    """The modules of a project by the last components of their dotted names."""

    def __init__(self, sources: dict[Path, str], start: Path) -> None:
        self._sources = sources
        self._start = start
        self._folders: set[str] = set()
        self._by_name: dict[str, list[tuple[tuple[str, ...], Path]]] = defaultdict(list)
        #: How many relative imports were read, and how many lead to no file: a checkout of some files has many of them.
        self.relative = self.lost = 0
        for path in sources:
            parts = path.relative_to(start).with_suffix("").parts
            if parts[-1] == "__init__":
                parts = parts[:-1] or (start.name,)
            self._folders.update(parts)
            self._by_name[parts[-1]].append((parts, path))

    @property
    def names(self) -> frozenset[str]:
        """The names of the project's folders and modules."""
        return frozenset(self._folders | self._by_name.keys())

    def loaded_by(self, path: Path) -> set[Path]:
        """Return the modules that a module imports, or names in a text."""
        text = COMMENT.sub("", self._sources[path])
        found: set[Path] = set()
        for source, names, plain in IMPORT.findall(text):
            if source:
                found.update(self._imported(source, names, path))
            for each in plain.split(",") if plain else ():
                found.update(self._named(each.split()[0] if each.split() else "", path))
        for dotted in _DOTTED.findall(text):
            parts = dotted.split(".")
            for end in range(max(1, len(parts) - 2), len(parts) + 1):
                named = self._named(".".join(parts[:end]), path)
                # The columns of a table are spelled like what a module has (`orders.id`): such a module lies on top.
                found.update(each for each in named if end > 1 or dotted.startswith(".") or self._is_on_top(each))
        return found

    def _is_on_top(self, path: Path) -> bool:
        return len(path.relative_to(self._start).parts) <= TOP

    def _imported(self, source: str, names: str, importer: Path) -> Iterator[Path]:
        """Yield what `from source import names` loads: the module, and those of the names that are modules."""
        module = list(self._named(source, importer))
        below = [
            each
            for name in names.strip("()").split(",")
            if (words := name.split()) and words[0] != "*"
            for each in self._named(f"{source}{'' if source.endswith('.') else '.'}{words[0]}", importer)
        ]
        if source.startswith("."):
            self.relative += 1
            self.lost += not module and not below
        yield from module
        yield from below

    def _named(self, dotted: str, importer: Path) -> Iterator[Path]:
        """Yield the modules that a dotted name means: a relative one beside the importer, else those that end in it."""
        if dotted.startswith("."):
            rest = dotted.lstrip(".")
            folder = importer.parents[min(len(dotted) - len(rest), len(importer.parents)) - 1]
            target = folder.joinpath(*rest.split(".")) if rest else folder
            yield from (each for each in (target.with_suffix(".py"), target / "__init__.py") if each in self._sources)
            return
        wanted = tuple(dotted.split("."))
        if wanted[0] not in self._folders:  # a name that the project's own folder has where it is installed
            wanted = wanted[1:] or wanted
        yield from (path for parts, path in self._by_name.get(wanted[-1], ()) if parts[-len(wanted) :] == wanted)
