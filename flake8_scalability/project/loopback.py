"""Servers of the project that are there for their own machine alone: bound to the loopback address and a fixed port."""

from __future__ import annotations

import re
from pathlib import Path

from flake8_scalability.project import root, texts

_BOUND = re.compile(
    r"host\s*=\s*[\"'](?:localhost|127\.0\.0\.1)[\"'],\s*port\s*=\s*(\d+)|"
    r"\(\s*[\"'](?:localhost|127\.0\.0\.1)[\"'],\s*(\d+)\s*\)\s*,\s*\w*(?:Handler|app)\b|"
    r"\.bind\(\(\s*[\"'](?:localhost|127\.0\.0\.1)[\"'],\s*(\d+)\s*\)\)"
)
_OPENED = re.compile(r"^EXPOSE\b.*|--port[=\", ]+\d+|:\d+\b", re.MULTILINE)
#: So many Dockerfiles of a folder are looked at.
MAX_IMAGES = 20
_SERVING = re.compile(r"\brun\(|Server\(|serve\(|\.bind\(|listen\(|start_server\(|TCPSite\(")


@texts.believed
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
        and not root.is_test(path, start)
        and root.EXAMPLES.isdisjoint(path.relative_to(start).parts)
        and any(port in found for found in _BOUND.findall(text))
        for path, text in texts.of_project(start)
    )


def _is_of_own_image(port: str, path: Path, start: Path) -> bool:
    """Whether the image in which a file runs opens a port, so that the process asks itself.

    That is the nearest at or above the file; else all images that the project keeps in a folder for them open it.
    """
    for folder in (each for each in path.parents if each == start or start in each.parents):
        near = sorted(folder.glob("Dockerfile*"))
        if near:
            return any(port in _opened(image) for image in near)
    kept = (image for image in sorted(start.glob("docker*/**/Dockerfile*"))[:MAX_IMAGES])
    opened = [ports for image in kept if (ports := _opened(image))]
    return bool(opened) and all(port in ports for ports in opened)


def _opened(image: Path) -> list[str]:
    """Return the numbers of the ports that a Dockerfile opens, or hands to a server."""
    return [number for found in _OPENED.findall(texts.text(image)) for number in re.findall(r"\d+", found)]
