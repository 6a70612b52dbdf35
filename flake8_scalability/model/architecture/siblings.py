"""Modules that reach into many applications."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog import couplings
from flake8_scalability.model.architecture.drivers import Coupled
from flake8_scalability.project import applications

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def modules(source: SourceFile) -> Iterator[Coupled]:
    """Yield the module itself where it imports the internals of as many sibling applications as the settings say."""
    if source.settings.no_project:
        return
    imports = [node for node in source.module.of(ast.ImportFrom) if isinstance(node, ast.ImportFrom)]
    imports = [node for node in imports if not node.col_offset]  # what stands in a branch is for the type checker
    if len(imports) >= source.settings.coupled_applications:
        imports = [node for node in imports if _names_internals(node)]
    if len(imports) < source.settings.coupled_applications or source.is_tool:
        return
    if couplings.GATHERING.search(Path(source.filename).stem):
        return
    known = applications.own_and_siblings(source.filename)
    if known is None:
        return
    own, siblings = known
    between = Path(source.filename).absolute().parent.relative_to(own).parts
    if any(couplings.GATHERING.search(part) for part in (own.name, *between)):
        return
    first: dict[str, ast.ImportFrom] = {}
    private = False
    for node in imports:
        name = _reached_into(node, own, siblings, len(between))
        if name and not couplings.COMMON.match(name):
            first.setdefault(name, node)
            private = private or _is_private(node)
    if private and len(first) >= source.settings.coupled_applications:
        yield Coupled(next(iter(first.values())), own.name, sorted(first))


def _is_private(node: ast.ImportFrom) -> bool:
    """Whether an import takes what its author keeps for himself: a name that begins with a line.

    Models, forms, helpers and views of each other are what applications of one program with one database, which are
    deployed together, use every day.
    """
    names = (*(node.module or "").split("."), *[alias.name for alias in node.names])
    return any(name[:1] == "_" and name[:2] != "__" for name in names)


def _names_internals(node: ast.ImportFrom) -> bool:
    """Whether an import has a name of an application's inside: most have none, and are left before any path is read."""
    names = (*(node.module or "").split("."), *[alias.name for alias in node.names])
    return not couplings.INTERNALS.isdisjoint(names)


def _reached_into(node: ast.ImportFrom, own: Path, siblings: frozenset[str], depth: int) -> str:
    """Return the sibling application whose internals an import takes; "" where it takes none.

    `depth` is the number of packages between the own application's and the file.
    """
    parts = (node.module or "").split(".") if node.module else []
    if node.level:
        if node.level != depth + 2:
            return ""
        names = [*parts, *(alias.name for alias in node.names)]
    else:
        where = [number for number, part in enumerate(parts) if part in siblings]
        if not where or (where[0] and parts[where[0] - 1] != own.parent.name):
            return ""
        names = [*parts[where[0] :], *(alias.name for alias in node.names)]
    name = names[0] if names else ""
    inside = names[1:]
    return name if name in siblings and not couplings.INTERNALS.isdisjoint(inside) else ""
