"""Programs that belong to one machine and never have a sibling: behind a desktop shell, or beside a device.

A shell is Tauri or Electron before a local server; beside a device runs what imports the means to speak to one and
names no server, broker or cloud to share data with.  A large program that names none either has its one machine, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flake8_scalability.catalog import machines
from flake8_scalability.project import parts, root, texts

_SHELLS = ("src-tauri", "electron-builder.*")
#: Electron among the packages that a `package.json` asks for.
_ASKED_FOR = re.compile(r"\"electron\"\s*:")
_LOCAL = re.compile(r"\bhost\s*=\s*[\"'](?:localhost|127\.0\.0\.1)[\"']")


@texts.believed
def is_of_one_machine(filename: str) -> bool:
    """Whether a project is a program of one desktop, of one device, or large and without anything to share data with.

    Of several projects in one repository the shell may be another: where no `.git` tells where that begins, it is the
    working directory.
    """
    start = root.of(filename)
    if start is None:
        return False
    here = Path.cwd()
    whole = here if here in start.parents and not (start / ".git").exists() else start
    code = tuple(text for path, text in texts.of_project(start) if not root.is_test(path, start))
    if any(_is_shell(path) for path in _near(whole)) and any(_LOCAL.search(text) is not None for text in code):
        return True
    if _asks_for_shared_data(whole):
        return False
    own = [
        text
        for path, text in texts.of_project(start)
        if not root.is_test(path, start) and machines.COPIED.isdisjoint(path.relative_to(start).parts)
    ]
    imported = {module for text in own for module in machines.IMPORTED.findall(text)}
    if any(machines.SHARES_DATA.search(module) is not None for module in imported):
        return False
    is_of_device = any(machines.USES_A_DEVICE.search(text) is not None for text in own)
    if not is_of_device and len(own) < machines.GROWN:
        return False
    return not any(machines.SPEAKS_OF_SERVERS.search(parts.spoken(text)) for text in own)


def _asks_for_shared_data(start: Path) -> bool:
    """Whether a project asks for, or is deployed beside, what keeps data for several machines."""
    asked = (path for folder in (start, *_folders(start)) for each in machines.MANIFESTS for path in folder.glob(each))
    return any(machines.SHARES_DATA.search(texts.text(path)) is not None for path in asked)


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
