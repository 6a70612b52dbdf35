"""Modules that nobody runs: shadowed by a package of the same name, old copies beside the entry, or never named.

A module is searched for by its name, as text: in the project's code, and in the files that say how it is started.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from flake8_scalability.catalog import tools
from flake8_scalability.project import root, texts

_COPY = re.compile(tools.COPIES, re.IGNORECASE)
_GUARD = re.compile(r"""^if\s+__name__\s*==\s*["']__main__["']""", re.MULTILINE)
#: Ways in which a project finds modules whose names it does not write out.
_DISCOVERS = re.compile(
    r"\b(import_module|__import__|iter_modules|walk_packages|find_modules|load_extensions?|autodiscover\w*|"
    r"include_tasks|load_cog|spec_from_file_location|run_path)\b"
)
_COMMENT = re.compile(r"#.*")
#: What makes a folder a project, or a part of one that is started by itself.
_OF_ITS_OWN = (*root.MANIFESTS, "Dockerfile", "Procfile", "package.json", "main.py", "__init__.py")


def is_left_over(filename: str) -> bool:
    """Whether a module is not the one that runs.

    A package of its name shadows it, it is an old copy of another, or it lies in a copy of the project's application.
    """
    stem, suffix = os.path.splitext(filename)
    if suffix != ".py" or _is_below_copy(os.path.dirname(os.path.abspath(filename))):
        return suffix == ".py"
    if os.path.basename(stem) == "__init__":
        return False
    if not os.path.isdir(stem) and _COPY.fullmatch(os.path.basename(stem)) is None:
        return False
    return os.path.isfile(filename) and (is_shadowed(filename) or is_copy(filename))


@texts.believed
def _is_below_copy(folder: str) -> bool:
    """Whether a folder lies in an application that the project has again at its root, from where it is started.

    `apps/api/app/main.py` is such a copy beside `app/main.py`, unless anything below `apps` makes it a project of its
    own, or what starts the project names that folder.
    """
    start = root.of(os.path.join(folder, "_.py"))
    parts = Path(folder).relative_to(start).parts if start is not None else ()
    for number, name in enumerate(parts[1:], start=1):
        if start is None or not (start / name / "main.py").is_file():
            continue
        above = start.joinpath(*parts[:number])
        if not (above / name / "main.py").is_file():
            continue
        between = [above, *above.parents][:number]
        if any((each / marker).exists() for each in between for marker in _OF_ITS_OWN):
            return False
        spelled = Path(*parts[:number]).as_posix()
        return not any(spelled in texts.text(each) for each in _deployment(start / "_.py"))
    return False


def is_shadowed(filename: str) -> bool:
    """Whether an import of the module gives a package beside it, and nobody starts the file by its name."""
    path = Path(filename)
    if not (path.with_suffix("") / "__init__.py").is_file():
        return False
    deployment = [text for each in _deployment(path) if (text := _COMMENT.sub("", texts.text(each)))]
    if any(path.name in text for text in deployment):
        return False
    return bool(deployment) or _GUARD.search(texts.text(path)) is None


def is_copy(filename: str) -> bool:
    """Whether a module is called an old copy, is named nowhere, and another module stands beside it."""
    path = Path(filename)
    if _COPY.fullmatch(path.stem) is None:
        return False
    beside = any(_COPY.fullmatch(other.stem) is None for other in path.parent.glob("*.py") if other != path)
    return beside and not is_named(filename)


def is_named(filename: str) -> bool:
    """Whether the project names a module in another file's code, or where it says how it is started.

    True where that can't be known: outside of a project, and where the project finds modules by itself.
    """
    if is_spelled(filename):
        return True
    return any(_DISCOVERS.search(text) is not None for text in _others(Path(filename).absolute()))


def is_spelled(filename: str) -> bool:
    """Whether the project spells a module's name in another file's code, or where it says how it is started.

    True outside of a project.
    """
    path = Path(filename).absolute()
    if root.of(filename) is None or path.stem == "__init__":
        return True
    word = re.compile(rf"(?<!\w){re.escape(path.stem)}(?!\w)")
    if any(path.stem in text and word.search(_COMMENT.sub("", text)) is not None for text in _others(path)):
        return True
    return any(word.search(_COMMENT.sub("", texts.text(each))) is not None for each in _deployment(path))


@texts.believed
def is_for_tests_alone(filename: str) -> bool:
    """Whether a test of the project spells a module's name, and nothing else does: neither code nor what starts it."""
    path = Path(filename).absolute()
    start = root.of(filename)
    if start is None or path.stem == "__init__" or root.is_test(path, start):
        return False
    word = re.compile(rf"(?<!\w){re.escape(path.stem)}(?!\w)")
    spelling = [
        other
        for other, text in texts.of_project(start)
        if other != path and path.stem in text and word.search(_COMMENT.sub("", text)) is not None
    ]
    if not spelling or not all(root.is_test(other, start) for other in spelling):
        return False
    return not any(word.search(_COMMENT.sub("", texts.text(each))) is not None for each in _deployment(path))


def _others(path: Path) -> Iterator[str]:
    """Yield the texts of the project's other files of Python."""
    start = root.of(str(path))
    for other in texts.python_files(start) if start is not None else ():
        if other != path and (text := texts.text(other)):
            yield text


def _deployment(path: Path) -> Iterator[Path]:
    """Yield the files that may say how a module is started: at the project's root, beside the module and between."""
    start = root.of(str(path))
    folder = path.absolute().parent
    folders = [folder, *folder.parents][: root.LEVELS]
    if start in folders:
        folders = folders[: folders.index(start) + 1]
        folders += [each for name in tools.DEPLOYMENT_FOLDERS if (each := start / name).is_dir()]
    for each in folders:
        for pattern in tools.DEPLOYMENT_FILES:
            yield from (found for found in each.glob(pattern) if found.is_file())
