"""Whether a file's place in its project says that it does not serve: tests, migrations, scripts, old copies."""

from __future__ import annotations

import enum
import fnmatch
import os
import re
from functools import cache, lru_cache
from pathlib import Path

from flake8_scalability.catalog import tools
from flake8_scalability.project import leftovers

#: What is put aside under the date of its day: no import can name it.
_DATE = re.compile(r"(?<!\d)(19|20)\d\d-[01]\d-[0-3]\d(?!\d)")


class PathSays(enum.Enum):
    """What a path says of its file."""

    NOTHING = "nothing"
    PERHAPS_TOOL = "a tool if it speaks with a person"  # such a name inside an application package
    LIKELY_TOOL = "a tool unless it has handlers"
    COMMAND = "a tool unless it runs for ever"  # a management command
    TOOL = "a tool"


def says(filename: str) -> PathSays:
    """Return what a file's path says.

    The name is read below the project's root (the nearest folder with a `.git`, else the working directory), so
    that a checkout in a folder called `tests` is not one.
    """
    return PathSays.NOTHING if filename in ("-", "stdin", "") else _says(os.path.abspath(filename))


@lru_cache(maxsize=4096)
def _says(filename: str) -> PathSays:
    folder, name = os.path.split(filename)
    if _matches(name, tools.FILES) or leftovers.is_left_over(filename):
        return PathSays.TOOL
    if _matches(name, tools.PLAUSIBLE_FILES) or _may_tell(folder):
        return _says_of_parts(Path(filename))
    return PathSays.NOTHING


@lru_cache(maxsize=1024)
def _may_tell(folder: str) -> bool:
    """Whether any part of a folder's path is one of those that are looked at."""
    names = [part.lower() for part in Path(folder).parts[1:]]
    return "management" in names or any(
        name.startswith(".")
        or _DATE.search(name) is not None
        or name in tools.FOLDERS | tools.PLAUSIBLE_FOLDERS | tools.EXAMPLE_FOLDERS | tools.LIBRARY_FOLDERS
        or name.endswith(tools.FOLDER_ENDINGS)
        for name in names
    )


def _says_of_parts(path: Path) -> PathSays:
    parts = _below_root(path)
    plausible = PathSays.NOTHING
    if _matches(path.name, tools.PLAUSIBLE_FILES):
        plausible = PathSays.PERHAPS_TOOL if _is_package(path.parent) else PathSays.LIKELY_TOOL
    for number, part in enumerate(parts[:-1]):
        name = part.lower()
        folder = path.parents[len(parts) - 2 - number]
        if name in tools.EXAMPLE_FOLDERS and _has_manifest(path.parent, folder):
            continue
        if number and _DATE.search(name) is not None:
            return PathSays.TOOL
        # What a hidden folder holds is for other programs: fixtures of linters, workflows, development containers.
        if name.startswith(".") or name in tools.FOLDERS or name.endswith(tools.FOLDER_ENDINGS):
            if name != "migrations" or _holds_migrations(folder):
                return PathSays.TOOL
        elif name in tools.LIBRARY_FOLDERS and _holds_copies(folder):
            return PathSays.TOOL
        elif name == "management" and parts[number + 1] == "commands":
            return PathSays.COMMAND
        elif name in tools.PLAUSIBLE_FOLDERS:
            inside = _is_package(folder.parent) or (number > 0 and _is_package(folder))
            if not inside and name in tools.SHOWING_FOLDERS:
                return PathSays.TOOL
            plausible = PathSays.PERHAPS_TOOL if inside else PathSays.LIKELY_TOOL
    return plausible


def is_example(filename: str) -> bool:
    """Whether a file belongs to an application that only shows something, in a folder of examples or a chapter."""
    if filename in ("-", "stdin", ""):
        return False
    parts = _below_root(Path(os.path.abspath(filename)))[:-1]
    return any(
        part.lower() in tools.EXAMPLE_FOLDERS or re.fullmatch(tools.LEARNING_FOLDERS, part, re.IGNORECASE)
        for part in parts
    )


def in_package(filename: str) -> bool:
    """Whether a file is a module of a package, there to be imported, as far as its folder shows."""
    return filename not in ("-", "stdin", "") and _is_package(Path(filename).absolute().parent)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return _compiled(patterns).match(os.path.normcase(name)) is not None


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(fnmatch.translate(os.path.normcase(pattern)) for pattern in patterns))


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists()


def _holds_migrations(folder: Path) -> bool:
    """Whether a folder called `migrations` is a database's: numbered or versioned, as far as it can be looked into."""
    if not _is_package(folder):
        return True
    return any(each.name[:1].isdigit() or each.name in ("versions", "env.py") for each in folder.iterdir())


@cache
def _holds_copies(folder: Path) -> bool:
    """Whether several well-known packages lie in a folder, which are copies of other people's code."""
    return folder.is_dir() and len(tools.COPIED_PACKAGES.intersection(os.listdir(folder))) > 1


def _below_root(path: Path) -> tuple[str, ...]:
    for folder in path.parents:
        if (folder / ".git").exists():
            return path.relative_to(folder).parts
    try:
        return path.relative_to(Path.cwd()).parts
    except ValueError:
        return path.parts[-3:]


def _has_manifest(folder: Path, stop: Path) -> bool:
    """Whether a folder below `stop` and at or above `folder` holds the manifest of an application of its own."""
    while folder not in (stop, folder.parent):
        if any((folder / name).exists() for name in tools.MANIFESTS):
            return True
        folder = folder.parent
    return False
