"""Whether what deploys a project starts one of its modules: Dockerfiles, process files, units, scripts, manifests."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import deployment_files, imports, root, texts

#: What stands before the name of a file that is run: one that is copied or left out of something is named as well.
_RUNS = r"(?:\b(?i:python[\w.]*|uv|exec|entrypoint|cmd|command|start\w*|execstart)\b[^\n]{0,80}?|\./)(?<![\w-])"
#: Between the words of a command that is written as a list.
_ITEM = re.compile(r"\n\s*-\s+")


def starts(filename: str, guarded: bool = False) -> bool:
    """Whether a file that says how the project is run starts this module; True outside of a project.

    guarded: by running it, so that what stands under its main guard runs too: `shop:app` only imports it
    What was put aside starts nothing any more.
    """
    start = root.of(filename)
    path = Path(filename).absolute()
    stem = path.parent.name if path.stem == "__main__" else path.stem
    return start is None or _starts(stem, start, guarded)


@texts.believed
def _starts(stem: str, start: Path, guarded: bool) -> bool:
    name = re.escape(stem)
    run = rf"{_RUNS}{name}\.py\b|-[mc][\s\"',]*[\w.:]*\b{name}\b"
    word = re.compile(run if guarded else rf"{run}|(?<![\w-]){name}(?:\.\w+)?:\w")
    return any(
        stem in text and word.search(_ITEM.sub(" ", imports.COMMENT.sub("", text))) is not None
        for text in deployment_files.texts_of(start)
    )
