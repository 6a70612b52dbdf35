"""The calls of a file whose callees the catalogue knows, by the libraries that the file may reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import drop_ins, lookup
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class KnownCalls:
    """The libraries of the catalogue that a file may reach, the names it gives to what they have, and the calls."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source

    @cached_property
    def roots(self) -> frozenset[str]:
        """The libraries of the catalogue that this file may reach: what it imports, and what calls begin with."""
        known = lookup.tables().methods
        found = {root for node, _ in self._source.nodes(ast.Import, ast.ImportFrom) for root in _imported(node)}
        found &= known.keys()
        if lookup.root_words() & self._source.vocabulary <= {name.encode() for name in found}:
            return frozenset(found)  # no call begins with another library's name
        for calls in self._source.calls_by_name.values():
            for node, _ in calls:
                function: ast.expr = node.func
                while function.__class__ is ast.Attribute:
                    function = function.value
                if function.__class__ is ast.Name and function.id in known:
                    found.add(function.id)
        return frozenset(found)

    @cached_property
    def aliases(self) -> frozenset[str]:
        """The names that the file gives to something whose own name the catalogue knows."""
        methods = lookup.methods_below(self.roots)
        if not methods:
            return frozenset()
        aliases: set[str] = set()
        for node, _ in self._source.nodes(ast.ImportFrom, ast.Import):
            assert isinstance(node, (ast.ImportFrom, ast.Import))
            for alias in node.names:
                if alias.asname and alias.name.rpartition(".")[2] in methods:
                    aliases.add(alias.asname)
        for node, _ in self._source.nodes(ast.Assign):
            assert isinstance(node, ast.Assign)
            if _may_alias(node.value, methods):
                aliases.update(terminal_name(target) for target in node.targets)
        for scope in self._source.scopes:
            if isinstance(scope.node, ast.ClassDef) and any(terminal_name(b) in methods for b in scope.node.bases):
                aliases.add(scope.name)
        return frozenset(aliases)

    @cached_property
    def sites(self) -> list[CallSite]:
        """All calls of the file whose callee the catalogue knows, in the order of the text."""
        found = list(self._known())
        found.sort(key=lambda site: (site.node.lineno, site.node.col_offset))
        return found

    def _known(self) -> Iterator[CallSite]:
        """Yield the calls that the catalogue knows; only those are resolved whose last name says that they may be."""
        any_method = not self.roots.isdisjoint(lookup.tables().open_roots)
        names = None if any_method else lookup.methods_below(self.roots) | self.aliases
        # In the order of the file, so that every run asks the same way.
        for name, calls in self._source.calls_by_name.items():
            for node, scope in calls if names is None or name in names else ():
                site = self._source.site(node, scope)
                if site.api is not None:
                    yield site

    def named(self, names: frozenset[str]) -> Iterator[CallSite]:
        """Yield the calls whose callee ends in one of these names or in a local alias of something in the catalogue."""
        aliases, by_name = self.aliases, self._source.calls_by_name
        if names.isdisjoint(by_name) and aliases.isdisjoint(by_name):
            return
        for name, calls in by_name.items():
            for node, scope in calls if name in names or name in aliases else ():
                yield self._source.site(node, scope)


def _imported(node: ast.AST) -> frozenset[str]:
    """Return the first components of what an import imports, stand-ins replaced by what they stand for."""
    if isinstance(node, ast.ImportFrom):
        return _imported_from(node.module or "", bool(node.level), tuple([alias.name for alias in node.names]))
    assert isinstance(node, ast.Import)
    return frozenset([lookup.root_of(drop_ins.original(alias.name)) for alias in node.names])


@lru_cache(maxsize=4096)
def _imported_from(module: str, relative: bool, names: tuple[str, ...]) -> frozenset[str]:
    """Return the same for a `from` import; of one inside the project only generated modules count."""
    found = {drop_ins.original(module)} if module and not relative else set()
    stands_in = bool(found) and module.startswith(drop_ins.BEGINNINGS)
    paths = [f"{module}.{name}" for name in names]
    found.update(drop_ins.original(path) for path in paths if stands_in or drop_ins.is_generated(path))
    return frozenset(map(lookup.root_of, found))


def _may_alias(value: ast.expr, methods: frozenset[str]) -> bool:
    """Whether an assigned expression may be a catalogued callable itself: a dotted name, or a partial of one."""
    kind = value.__class__
    if kind is ast.Attribute or kind is ast.Name:
        return terminal_name(value) in methods
    if isinstance(value, ast.Call) and terminal_name(value.func) in ("partial", "partialmethod") and value.args:
        return terminal_name(value.args[0]) in methods
    return False
