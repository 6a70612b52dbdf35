"""Programs that a desktop shell starts on the machine of their one user: Tauri or Electron before a local server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flake8_scalability.project import root, texts

_SHELLS = ("src-tauri", "electron-builder.*")
#: Electron among the packages that a `package.json` asks for.
_ASKED_FOR = re.compile(r"\"electron\"\s*:")
_LOCAL = re.compile(r"\bhost\s*=\s*[\"'](?:localhost|127\.0\.0\.1)[\"']")


@texts.believed
def is_of_one_user(filename: str) -> bool:
    """Whether a project has a desktop shell, and a server bound to this machine for it.

    Of several projects in one repository the shell may be another: where no `.git` tells where that begins, it is the
    working directory.
    """
    start = root.of(filename)
    if start is None:
        return False
    here = Path.cwd()
    whole = here if here in start.parents and not (start / ".git").exists() else start
    return any(_is_shell(path) for path in _near(whole)) and any(
        _LOCAL.search(text) is not None and not root.is_test(path, start) for path, text in texts.of_project(start)
    )


def _near(start: Path) -> Iterator[Path]:
    """Yield what may be a shell at the project's root and in the folders there."""
    for folder in (start, *_folders(start)):
        for pattern in (*_SHELLS, "package.json"):
            yield from folder.glob(pattern)


def _folders(folder: Path) -> list[Path]:
    below = (each for each in sorted(folder.iterdir()) if each.name not in root.FOREIGN)
    return [each for each in below if each.is_dir() and not each.name.startswith(".")]


def _is_shell(path: Path) -> bool:
    return path.name != "package.json" or _ASKED_FOR.search(texts.text(path)) is not None
