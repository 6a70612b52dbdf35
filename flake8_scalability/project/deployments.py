"""Whether what deploys a project starts one of its modules: Dockerfiles, process files, units, scripts, manifests."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.catalog import deployed, tools
from flake8_scalability.project import deployment_files, imports, root, texts

#: Between the words of a command that is written as a list.
_ITEM = re.compile(r"\n\s*-\s+")
_GOES_ON = re.compile(r"\\\s*\n")


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
    run = rf"{deployed.RUNS}{name}\.py\b|-[mc][\s\"',]*[\w.:]*\b{name}\b"
    word = re.compile(run if guarded else rf"{run}|(?<![\w-]){name}(?:\.\w+)?:\w")
    commands = _commands(start)
    running = [path for path, text in commands.items() if stem in text and word.search(text) is not None]
    return any(not _is_of_developers(path, commands) for path in running)


@texts.believed
def sets_workers(filename: str) -> bool:
    """Whether every command that hands Gunicorn this configuration gives it a number of workers beside it.

    What the command line says goes over the file.
    """
    start = root.of(filename)
    own = re.compile(rf"{deployed.CONFIGURED_BY}{re.escape(Path(filename).name)}\b")
    lines = (line for text in _commands(start).values() for line in text.splitlines()) if start is not None else ()
    started = [line for line in lines if deployed.WORKING_SERVER in line and own.search(line) is not None]
    return bool(started) and all(deployed.WORKERS.search(line) is not None for line in started)


def _commands(start: Path) -> dict[Path, str]:
    """Return the texts of the files that say how the project is run, with each command in one line."""
    return {
        path: _GOES_ON.sub(" ", _ITEM.sub(" ", imports.COMMENT.sub("", text)))
        for path, text in deployment_files.named_texts(start)
    }


def _is_of_developers(path: Path, commands: dict[Path, str]) -> bool:
    """Whether a script is run by hand alone: no other file names it, and a platform is told to start something else."""
    if not _is_like(path, tools.BY_HAND_FILES):
        return False
    others = {other: text for other, text in commands.items() if other != path}
    if any(path.name in text for text in others.values()):
        return False
    return any(deployed.SERVES.search(text) for other, text in others.items() if _is_like(other, tools.PLATFORM_FILES))


def _is_like(path: Path, patterns: tuple[str, ...]) -> bool:
    return any(path.match(pattern) for pattern in patterns)
