"""Failures of batches: calls that take many items and of whose result nobody reads which of them failed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import batch_failures as known
from flake8_scalability.catalog.batch_failures import BatchCall
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Dropped(NamedTuple):
    """A call whose failures nobody reads, and what would tell of them."""

    site: CallSite
    failures: str


@cache
def _rows() -> dict[str, tuple[BatchCall, ...]]:
    found: dict[str, tuple[BatchCall, ...]] = {}
    for row in (*known.BATCH_CALLS, known.CLIENT_BULK):
        for name in row.names.split():
            found[name] = (*found.get(name, ()), row)
    return found


def names() -> frozenset[str]:
    """Return the names of which a file has at least one where it makes such a call."""
    return frozenset(_rows())


def dropped(source: SourceFile) -> Iterator[Dropped]:
    """Yield the batch calls of a file, outside of tools, whose partial failures are dropped."""
    for name in sorted(_rows().keys() & source.calls_by_name.keys()):
        for node, scope in source.calls_by_name[name]:
            site = source.site(node, scope)
            row = next((each for each in _rows()[name] if _is_such(site, each)), None)
            if row is not None and site.place is not Place.TOOL and not site.is_deferred and not _is_read(site):
                yield Dropped(site, row.failures)


def _is_such(site: CallSite, row: BatchCall) -> bool:
    """Whether a call is the one of a row."""
    if any(value.target is not None for value in site.values):
        return False
    if row.given and site.argument(row.given).given is not Given.PRESENT:
        return False
    if row.only_with is not None:
        name, off = row.only_with
        literal = arguments.constant(site.argument(name).value, site.scope)
        if literal is None or literal.value is not off:
            return False
    if row.roots and not _is_of_package(site, row.roots):
        return False
    if row is known.CLIENT_BULK:
        receiver = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
        return receiver is not None and known.SEARCH_CLIENTS.search(terminal_name(receiver)) is not None
    return isinstance(site.node.func, ast.Attribute) or bool(row.roots)


def _is_of_package(site: CallSite, roots: tuple[str, ...]) -> bool:
    """Whether a callee comes out of one of these packages, or is unknown in a file that imports one of them."""
    if any(path.partition(".")[0].partition("(")[0] in roots for path in site.paths):
        return True
    own = not site.paths or all(path.startswith(("self", "cls")) or "." in path for path in site.paths)
    return own and isinstance(site.node.func, ast.Attribute) and _imports(site.source, roots)


def _imports(source: SourceFile, roots: tuple[str, ...]) -> bool:
    return any(
        binding.path.partition(".")[0] in roots
        for bindings in source.module.bindings.values()
        for binding in bindings
        if binding.kind == "import"
    )


# What becomes of the result


def _is_read(site: CallSite) -> bool:
    """Whether anything in a function may read from a result which of the items failed."""
    node: ast.AST = site.node
    parent = site.parents.get(node)
    while isinstance(parent, ast.Await):
        node, parent = parent, site.parents.get(parent)
    if isinstance(parent, ast.Expr):
        return False
    if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        targets: list[ast.expr] = [*parent.targets] if isinstance(parent, ast.Assign) else [parent.target]
        return (not all(isinstance(target, ast.Name) for target in targets) and not _is_ignored(targets)) or any(
            _uses(target.id, site, node) for target in targets if isinstance(target, ast.Name)
        )
    return not _only_beside(node, parent, site)


def _is_ignored(targets: list[ast.expr]) -> bool:
    """Whether what is unpacked second, the failures, goes to nobody: `done, _ = bulk(...)`."""
    return all(
        isinstance(target, ast.Tuple) and isinstance(target.elts[-1], ast.Name) and target.elts[-1].id == "_"
        for target in targets
    )


def _uses(name: str, site: CallSite, made: ast.AST) -> bool:
    """Whether a name is read for more than what stands beside the failures."""
    home: Scope | None = site.scope.lookup(name)
    if home is None or home.is_module or home.is_class:
        return True
    return any(
        isinstance(part, ast.Name)
        and part.id == name
        and isinstance(part.ctx, ast.Load)
        and not _only_beside(part, site.parents.get(part), site)
        for part in walk(home.node)
    )


def _only_beside(node: ast.AST, parent: ast.AST | None, site: CallSite) -> bool:
    """Whether a result is only told to somebody, or asked for what does not say which items failed."""
    if isinstance(parent, ast.Subscript) and isinstance(parent.slice, ast.Constant):
        return parent.slice.value in known.BESIDE
    if isinstance(parent, ast.Attribute) and parent.attr == "get":
        call = site.parents.get(parent)
        first = call.args[0] if isinstance(call, ast.Call) and call.args else None
        return isinstance(first, ast.Constant) and first.value in known.BESIDE
    while isinstance(parent, (ast.FormattedValue, ast.JoinedStr, ast.BinOp)):
        parent = site.parents.get(parent)
    return isinstance(parent, ast.Call) and known.TELLING.match(terminal_name(parent.func)) is not None
