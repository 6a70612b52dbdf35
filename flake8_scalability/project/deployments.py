"""Whether what deploys a project starts one of its modules: Dockerfiles, process files, units, scripts, manifests."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import imports, root, texts


def starts(filename: str) -> bool:
    """Whether a file that says how the project is run starts this module; True outside of a project.

    What was put aside starts nothing any more.
    """
    start = root.of(filename)
    path = Path(filename).absolute()
    stem = path.parent.name if path.stem == "__main__" else path.stem
    return start is None or _starts(stem, start)


@texts.believed
def _starts(stem: str, start: Path) -> bool:
    name = re.escape(stem)
    word = re.compile(rf"(?<![\w-]){name}(?:\.py\b|(?:\.\w+)?:\w)|-[mc][\s\"',]*[\w.:]*\b{name}\b")
    return any(
        stem in text and word.search(imports.COMMENT.sub("", text)) is not None
        for text in imports.deployment_texts(start)
    )
