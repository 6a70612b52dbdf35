"""Modules whose names are defaults: the project loads them by name, and lays over them what its configuration says."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts

#: `engine = load_module(name)`: a module that is found by its name is put into a variable.
_LOADED = re.compile(
    r"^[ \t]*(\w+)(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*[\w.]*"
    r"(?:import_module|load_module|load_source|module_from_spec|__import__)\(",
    re.MULTILINE,
)
#: `setattr(engine, name, value)`, where the name is no written one.
_SET = re.compile(r"\bsetattr\([ \t]*(\w+)[ \t]*,[ \t]*[A-Za-z_]\w*[ \t]*,")


@texts.believed
def are_defaults(filename: str) -> bool:
    """Whether a file beside or above a module loads modules by their names, and sets their variables one by one."""
    start = root.of(filename)
    if start is None:
        return False
    folder = Path(filename).absolute().parent
    near = [each for each in (folder, folder.parent) if each == start or start in each.parents]
    return any(_fills(texts.text(path)) for each in near for path in sorted(each.glob("*.py")))


def _fills(text: str) -> bool:
    if "setattr(" not in text:
        return False
    return not set(_LOADED.findall(text)).isdisjoint(_SET.findall(text))
