"""Servers of the project that are there for their own machine alone: bound to the loopback address and a fixed port."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from flake8_scalability.project import root, texts

_BOUND = re.compile(
    r"host\s*=\s*[\"'](?:localhost|127\.0\.0\.1)[\"'],\s*port\s*=\s*(\d+)|"
    r"\(\s*[\"'](?:localhost|127\.0\.0\.1)[\"'],\s*(\d+)\s*\)\s*,\s*\w*(?:Handler|app)\b|"
    r"\.bind\(\(\s*[\"'](?:localhost|127\.0\.0\.1)[\"'],\s*(\d+)\s*\)\)"
)
_SERVING = re.compile(r"\brun\(|Server\(|serve\(|\.bind\(|listen\(|start_server\(|TCPSite\(")
_TESTS = re.compile(r"(^|[\\/])(tests?|examples?)[\\/]|(^|[\\/])test_[^\\/]*$")


@lru_cache(maxsize=512)
def serves(port: str, filename: str) -> bool:
    """Whether a port is this machine's own: the file's own image opens it, or a file binds a server to it here alone.

    Tests and examples are left out.
    """
    start = root.of(filename)
    if start is None:
        return False
    if _is_of_own_image(port, Path(filename).absolute(), start):
        return True
    return any(
        port in text
        and _SERVING.search(text) is not None
        and _TESTS.search(str(path.relative_to(start))) is None
        and any(port in found for found in _BOUND.findall(text))
        for path, text in texts.of_project(start)
    )


def _is_of_own_image(port: str, path: Path, start: Path) -> bool:
    """Whether the nearest Dockerfile at or above a file, inside the project, names a port: the process asks itself."""
    for folder in path.parents:
        images = sorted(folder.glob("Dockerfile*"))
        if images:
            opened = re.compile(rf"^EXPOSE\b.*\b{port}\b|--port[=\", ]+{port}\b|:{port}\b", re.MULTILINE)
            return any(opened.search(texts.text(image)) for image in images)
        if folder == start:
            break
    return False
