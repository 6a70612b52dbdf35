"""The functions that OpenAPI documents of the project name as what answers: Connexion calls them by these names.

`operationId: shop.orders.create`, or `operationId: create` beside `x-openapi-router-controller: shop.orders`
(https://connexion.readthedocs.io/en/latest/routing.html).
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flake8_scalability.project import root, texts

_NAMED = re.compile(r"open_?api|swagger|api|spec", re.IGNORECASE)
_LINE = re.compile(r"^ *[\"']?(/[^\"'\s:]*|[\w-]+)[\"']?\s*:[ \t]*[\"']?([^\s\"'#]*)", re.MULTILINE)
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_CONTROLLERS = ("x-openapi-router-controller", "x-swagger-router-controller")
_SAYING = frozenset({"operationId", "security", *_CONTROLLERS})

_ANSWERS: dict[Path, tuple[dict[str, list[Operation]], float]] = {}
_WITH_ANY: dict[str, tuple[bool, float]] = {}


class Operation(NamedTuple):
    """One operation of a document: the function's import path, its method and URL, and whether callers are asked."""

    path: str
    method: str
    url: str
    secured: bool


def of(filename: str) -> dict[str, Operation]:
    """Return the functions of a file that a document beside it or above it, within the project, names; by their names.

    Looked through are the folders above the file, and what they have of the kind of `openapi/`.
    """
    start = root.of(filename)
    if start is None or not _has_any(os.path.dirname(os.path.abspath(filename)), str(start)):
        return {}
    file = Path(os.path.abspath(filename))
    parts = file.with_suffix("").parts
    found = {}
    for folder in file.parents:
        for operation in _of_folder(folder).get(parts[-1], ()):
            module, _, function = operation.path.rpartition(".")
            if parts[-module.count(".") - 1 :] == tuple(module.split(".")):
                found[function] = operation
        if folder == start:
            break
    return found


def _has_any(folder: str, start: str) -> bool:
    """Whether a folder, or one above it within the project, has a document; that is believed for a while."""
    now = time.monotonic()
    known = _WITH_ANY.get(folder)
    if known is None or known[1] < now:
        found = bool(_of_folder(Path(folder)))
        parent = os.path.dirname(folder)
        if not found and folder not in (start, parent):
            found = _has_any(parent, start)
        known = _WITH_ANY[folder] = (found, now + texts.SECONDS)
    return known[0]


def _of_folder(folder: Path) -> dict[str, list[Operation]]:
    """Return the operations of a folder's documents by the last name of their module; it is believed for a while."""
    begun = time.monotonic()
    known = _ANSWERS.get(folder)
    if known is not None and known[1] >= begun:
        return known[0]
    found: dict[str, list[Operation]] = {}
    for path in _documents(folder):
        for operation in _in_document(texts.text(path)):
            found.setdefault(operation.path.split(".")[-2], []).append(operation)
    _ANSWERS[folder] = (found, time.monotonic() + texts.SECONDS)
    return found


def _documents(folder: Path, below: bool = True) -> Iterator[Path]:
    try:
        entries = [entry for entry in os.scandir(folder) if _NAMED.search(entry.name) is not None]
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith((".yaml", ".yml")):
            yield Path(entry.path)
        elif below and "." not in entry.name and entry.is_dir():
            yield from _documents(Path(entry.path), below=False)


@lru_cache(maxsize=256)
def _in_document(text: str) -> tuple[Operation, ...]:
    return tuple(_operations(text)) if "operationId" in text else ()


def _operations(text: str) -> Iterator[Operation]:
    """Yield the operations of a document whose function has a module, line by line: no YAML is understood."""
    secured = re.search(r"^security\s*:", text, re.MULTILINE) is not None
    url = ""
    said: dict[str, str] = {}
    for key, value in (*_LINE.findall(text), ("/", "")):
        if key.startswith("/"):
            yield from _operation(said, url, secured)
            url, said = key, {}
        elif key in _METHODS:
            yield from _operation(said, url, secured)
            said = {"method": key.upper(), **{each: said[each] for each in _CONTROLLERS if each in said}}
        elif key in _SAYING:
            said[key] = value


def _operation(said: dict[str, str], url: str, secured: bool) -> Iterator[Operation]:
    """Yield what the lines of one operation say, where they name a function in a module."""
    path = said.get("operationId", "")
    for controller in (said[each] for each in _CONTROLLERS if each in said and path and "." not in path):
        path = f"{controller}.{path}"
    if "method" in said and "." in path:
        yield Operation(path, said["method"], url, said["security"] != "[]" if "security" in said else secured)
