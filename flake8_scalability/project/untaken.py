"""Names of a module that nobody takes out of it: the project imports others from there, by their names."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts, word_index

_COMMENT = re.compile(r"#.*")


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
