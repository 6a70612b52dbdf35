"""Names of a module that nobody takes out of it: the project imports others from there, by their names."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import imports, root, texts, word_index

_COMMENT = re.compile(r"#.*")


@texts.believed
def is_of_others(name: str, filename: str) -> bool:
    """Whether nobody takes a function out of a module: what spells its name defines it, or has it from elsewhere.

    False where no project is in sight.
    """
    path = Path(filename).absolute()
    start = root.of(filename)
    if start is None:
        return False
    spelled = re.compile(rf"\b{re.escape(name)}\b")
    defined = re.compile(rf"^[ \t]*(?:async )?def {re.escape(name)}\b", re.MULTILINE)
    below = re.compile(rf"\b{re.escape(path.stem)}\.{re.escape(name)}\b")
    for other, text in word_index.files_having(name, start):
        if other == path or root.is_test(other, start):
            continue
        origins = [origin for origin, names, _ in imports.IMPORT.findall(text) if spelled.search(names) is not None]
        if any(_means(origin, other, path) for origin in origins) or below.search(text) is not None:
            return False
        if not origins and defined.search(text) is None:
            return False
    return True


def _means(origin: str, importer: Path, module: Path) -> bool:
    """Whether what an import names may be a module, or the package that it lies in."""
    places = (module.with_suffix(""), module.parent)
    rest = origin.lstrip(".")
    if rest != origin:
        folder = importer.parents[min(len(origin) - len(rest), len(importer.parents)) - 1]
        return folder.joinpath(*filter(None, rest.split("."))) in places
    wanted = tuple(origin.split("."))
    return any(place.parts[-len(wanted) :] == wanted for place in places)


@texts.believed
def is_untaken(name: str, filename: str) -> bool:
    """Whether each file that spells a module takes names out of it by an import, and none of them the one in question.

    A module that is spelled in another way (in a text, as a whole, in a file that starts something) is not told by it.
    """
    path = Path(filename).absolute()
    start = root.of(filename)
    if start is None or path.stem == "__init__":
        return False
    word = re.compile(rf"\b{re.escape(path.stem)}\b")
    taking = re.compile(
        rf"^[ \t]*from[ \t]+[\w.]*\b{re.escape(path.stem)}[ \t]+import[ \t]+(\([^)]*\)|[^\n(*]+)", re.MULTILINE
    )
    told = False
    for other, text in word_index.files_having(path.stem, start):
        code = _COMMENT.sub("", text)
        if other == path or word.search(code) is None:
            continue
        taken = taking.findall(code)
        if len(word.findall(code)) != len(taken) or any(re.search(rf"\b{re.escape(name)}\b", each) for each in taken):
            return False
        told = True
    return told
