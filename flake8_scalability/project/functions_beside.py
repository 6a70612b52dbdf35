"""Cloud functions beside a module: what lies in the folder of one runs in it, for one request at a time."""

from __future__ import annotations

from pathlib import Path

from flake8_scalability.catalog import deployed
from flake8_scalability.project import root, texts


@texts.believed
def is_of_function(filename: str) -> bool:
    """Whether a module of a project lies beside the entry of a cloud function, or is one."""
    start = root.of(filename)
    if start is None:
        return False
    folder = Path(filename).absolute().parent
    return any(deployed.CLOUD_HANDLER.search(texts.text(each)) is not None for each in sorted(folder.glob("*.py")))
