"""Whether the project reads a setting from the environment, so that what a settings module says is its default only."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from flake8_scalability.catalog import settings_modules
from flake8_scalability.project import root, texts


@lru_cache(maxsize=512)
def reads(name: str, filename: str) -> bool:
    """Whether some file of the project asks the environment for `name`, or lays other settings over all of them."""
    start = root.of(filename)
    if start is None:
        return False
    pattern = re.compile(settings_modules.READING + re.escape(name) + r"[\"']")
    return any(
        settings_modules.OVERLAID.search(text) is not None or (name in text and pattern.search(text) is not None)
        for _, text in texts.of_project(start)
    )


@texts.believed
def is_overlaid(filename: str) -> bool:
    """Whether the application lays what its environment names over the settings of a module.

    So do those who install a package that has settings of Django and nothing that starts it.
    """
    start = root.of(filename)
    if start is None:
        return False
    if _is_within_overlaid(Path(filename).absolute(), start):
        return True
    module = Path(filename).stem
    building = re.compile(rf"^from[ \t]+[\w.]*\b{re.escape(module)}[ \t]+import[ \t]+\*", re.MULTILINE)
    for _, text in texts.of_project(start):
        if module in text and settings_modules.BY_OPERATOR.search(text) is not None:
            return True
        if settings_modules.FROM_A_FILE.search(text) is not None and building.search(text) is not None:
            return True
    if settings_modules.OF_DJANGO not in texts.text(Path(filename).absolute()):
        return False
    packaged = any((start / name).is_file() for name in ("pyproject.toml", "setup.py"))
    starting = (path for path in texts.python_files(start) if path.name in settings_modules.STARTING)
    return packaged and all(root.is_test(path, start) for path in starting)


def _is_within_overlaid(path: Path, start: Path) -> bool:
    """Whether a package around a module has the environment read over all of its settings."""
    around = [folder / "__init__.py" for folder in path.parents if start in folder.parents]
    return any(
        each.is_file() and settings_modules.FROM_ENVIRONMENT.search(texts.text(each)) is not None for each in around
    )


@lru_cache(maxsize=512)
def replaces(name: str, filename: str) -> bool:
    """Whether a module beside this one, called after production, sets the same name; a foundation is replaced anyway.

    A foundation (`settings/base.py`) is not where production settings without the name would be looked for.
    """
    if filename in ("-", "stdin", ""):
        return False
    path = Path(filename).absolute()
    if settings_modules.PRODUCTION.search(path.stem) or not path.parent.is_dir():
        return False
    siblings = [
        other for other in path.parent.glob("*.py") if other != path and settings_modules.PRODUCTION.search(other.stem)
    ]
    if not siblings:
        return path.stem in settings_modules.FOUNDATIONS
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(word.search(texts.text(other)) for other in siblings)


def text_beside(module: str, filename: str) -> str:
    """Return the text of a module in the same folder, by its path's last part; "" where there is none."""
    path = Path(filename).absolute().with_name(module.rpartition(".")[2] + ".py")
    return texts.text(path) if module else ""


def is_for_developers(filename: str) -> bool:
    """Whether a module is called after developers or tests, and one beside it after production."""
    path = Path(filename).absolute()
    if settings_modules.DEVELOPING.search(path.stem) is None or not path.parent.is_dir():
        return False
    return any(settings_modules.PRODUCTION.search(other.stem) is not None for other in path.parent.glob("*.py"))


def sets_elsewhere(name: str, filename: str) -> bool:
    """Whether another module beside this one, not one for tests or developers, assigns the same setting or a part."""
    if filename in ("-", "stdin", ""):
        return False
    path = Path(filename).absolute()
    assigned = re.compile(rf"^\s*{re.escape(name)}\s*(?:\[[^\]\n]+\])*\s*(:[^=\n]+)?=[^=]", re.MULTILINE)
    return path.parent.is_dir() and any(
        assigned.search(texts.text(other)) is not None
        for other in path.parent.glob("*.py")
        if other != path and not settings_modules.DEVELOPING.search(other.stem)
    )
