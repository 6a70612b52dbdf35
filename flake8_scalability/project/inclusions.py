"""What other files of a project lay over a router where they include it: dependencies, hooks, other routers' own.

`app.include_router(orders.router, dependencies=SIGNED_IN)` holds for every endpoint of `orders.py`.  As in
`definitions` this is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flake8_scalability.project import imports, root, texts

_INCLUDING = ("include_router", "register_blueprint", "add_router")
_INCLUDES = r"\b(\w+)\.(?:include_router|register_blueprint|add_router)\(\s*(?:[^(),]*,\s*)?{}(?=\s*[,)])"
_LAID_OVER = re.compile(r"\b(?:dependencies|auth|guards|middleware)\s*=\s*")
_NAME = re.compile(r"[A-Za-z_]\w*")
#: So many routers may include one another.
LEVELS = 3
#: An argument or a list is looked for in so many characters.
LONGEST = 2000


def laid_over(receiver: str, filename: str) -> frozenset[str]:
    """Return the names in what is laid over a router of this module, in whatever file includes it.

    With several inclusions only what all of them lay over it holds.
    """
    start = root.of(filename)
    return _laid_over(receiver, Path(filename).absolute(), start, LEVELS) if start is not None else frozenset()


@texts.believed
def _laid_over(receiver: str, own: Path, start: Path, levels: int) -> frozenset[str]:
    found: list[frozenset[str]] = []
    for path, text in _including(start) if levels else ():
        for spelled in {receiver} if path == own else spellings(receiver, own, text):
            for host, rest in _inclusions(spelled, text):
                given = frozenset((*_given(rest, text), *_given(_made(host, text), text)))
                found.append(given | _laid_over(host, path, start, levels - 1))
    return frozenset.intersection(*found) if found else frozenset()


@texts.believed
def _including(start: Path) -> list[tuple[Path, str]]:
    """Return the files of a project that include any router at all, tests left out, with their texts."""
    return [
        (path, text)
        for path, text in texts.of_project(start)
        if any(each in text for each in _INCLUDING) and not root.is_test(path, start)
    ]


def spellings(receiver: str, own: Path, text: str) -> Iterator[str]:
    """Yield how a file that imports a module spells the router of it: `router`, `orders.router`, `orders_router`."""
    stem = own.parent.name if own.stem == "__init__" else own.stem
    if not texts.has_word(text, stem):
        return
    for module, names, _ in imports.IMPORT.findall(imports.COMMENT.sub("", text)):
        for each in names.strip("()").split(","):
            words = each.split()
            if not words:
                continue
            if words[0] == receiver and module.rpartition(".")[2] == stem:
                yield words[-1]
            elif words[0] == stem:
                yield f"{words[-1]}.{receiver}"


def _inclusions(spelled: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the object that a router is given to, and the rest of the arguments."""
    for match in re.finditer(_INCLUDES.format(re.escape(spelled)), text):
        yield match[1], _bracket(text, match.end())


def _made(host: str, text: str) -> str:
    """Return the arguments with which a router or application is made at the margin of a module."""
    match = re.search(rf"^{re.escape(host)}\s*(?::[^=\n]+)?=\s*[\w.]+\(", text, re.MULTILINE)
    return _bracket(text, match.end()) if match is not None else ""


def _given(arguments: str, text: str) -> Iterator[str]:
    """Yield the names in the dependencies among some arguments; a constant of the file stands for what it holds."""
    for match in _LAID_OVER.finditer(arguments):
        value = arguments[match.end() :]
        name = _NAME.match(value)
        if name is not None:
            yield name[0]
            constant = re.search(rf"^\s*{name[0]}\s*(?::[^=\n]+)?=\s*[\[(]", text, re.MULTILINE)
            value = _bracket(text, constant.end()) if constant is not None else ""
        else:
            value = _bracket(value, 1)
        yield from _NAME.findall(value)


def _bracket(text: str, begin: int) -> str:
    """Return what stands from a place inside of a bracket to the end of that bracket."""
    depth = 1
    for end in range(begin, min(len(text), begin + LONGEST)):
        depth += (text[end] in "([{") - (text[end] in ")]}")
        if depth == 0:
            return text[begin:end]
    return text[begin : begin + LONGEST]
