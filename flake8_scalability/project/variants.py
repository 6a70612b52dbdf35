"""Variants of one thing, each in a module of a folder, of which the operator's configuration chooses one."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.catalog import machines
from flake8_scalability.project import root, texts


@texts.believed
def has_server_beside(base: str, filename: str) -> bool:
    """Whether another module of the same folder has a class of the same base, and speaks to what keeps shared data."""
    start = root.of(filename)
    if start is None or not base:
        return False
    own = Path(filename).absolute()
    derived = re.compile(rf"^class \w+\((?:[^)]*[\s.,(])?{re.escape(base)}\b", re.MULTILINE)
    return any(
        derived.search(text) is not None
        and any(machines.SHARES_DATA.search(module) is not None for module in machines.IMPORTED.findall(text))
        for path in sorted(own.parent.glob("*.py"))
        if path != own and base in (text := texts.text(path))
    )
