"""What has one copy or one node where its cluster would keep several, apart from addresses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import clusters, lookup
from flake8_scalability.catalog.clusters import Copies
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.index import nodes_below
from flake8_scalability.model.running import developing
from flake8_scalability.model.scaling import hosts
from flake8_scalability.model.sites import CallSite
from flake8_scalability.project import mentions, root

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile


class Lone(NamedTuple):
    """Something of which there is only one.

    node: where the finding stands
    how: what says so, as it is spelled
    what: what that means, as a sentence goes on
    instead: what to do
    """

    node: ast.AST
    how: str
    what: str
    instead: str


def lone(source: SourceFile) -> Iterator[Lone]:
    """Yield what a file, in production, makes with one copy or lets depend on one server."""
    if not any(word in source.lexicon for word in clusters.MENTIONS):
        return
    for found, scope in (*_copies(source), *_indexes(source), *_keyspaces(source), *_locks(source)):
        if source.place(scope).place is Place.TOOL or hosts.in_branch(found.node, scope, source):
            continue
        if not developing.is_for_developers(found.node, scope, source) and not _is_for_commands(scope, source):
            yield found


def _is_for_commands(scope: Scope, source: SourceFile) -> bool:
    """Whether nothing but commands and tests of the project names the function in which something is made."""
    function = scope.function
    if function is None or function.is_method or source.settings.no_project or source.graph.into.get(function):
        return False
    if source.place(function).place is not Place.LIBRARY or function.decorators:
        return False
    start = root.of(source.filename)
    if start is None:
        return False
    naming = mentions.files_with(function.name, source.filename)
    return all(clusters.COMMANDS.search(f"/{path.relative_to(start).as_posix()}") for path in naming)


@cache
def _rows() -> dict[str, Copies]:
    return {path: row for row in clusters.COPIES for path in expand(row.paths)}


@cache
def _copying() -> frozenset[str]:
    return lookup.last_names(_rows())


def _copies(source: SourceFile) -> Iterator[tuple[Lone, Scope]]:
    for site in source.sites_named(_copying()):
        rows = {_rows().get(path) for path in site.paths}
        row = rows.pop() if len(rows) == 1 else None
        if row is None:
            continue
        given = site.argument(row.keyword, row.position)
        literal = arguments.constant(given.value, given.scope)
        if literal is not None and _is(literal, row.lone):
            what = f"leaves {row.what} on one server"
            yield Lone(site.node, f"{row.keyword}={row.lone}", what, "keep at least two copies"), site.scope


def _indexes(source: SourceFile) -> Iterator[tuple[Lone, Scope]]:
    """Yield the settings of search indexes that allow no further copy; a file that sets it again later is silent."""
    if source.text.count(clusters.REPLICAS) != 1 or not any(word in source.lexicon for word in clusters.SEARCH):
        return
    for node, scope in _nodes(source, ast.Dict):
        assert isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values):
            literal = arguments.constant(value, scope)
            if isinstance(key, ast.Constant) and key.value == clusters.REPLICAS and literal and _is(literal, 0):
                yield Lone(key, f"{clusters.REPLICAS}: 0", "leaves the index on one node", "keep a replica"), scope


def _keyspaces(source: SourceFile) -> Iterator[tuple[Lone, Scope]]:
    """Yield the statements that make a keyspace with one copy."""
    if "CREATE KEYSPACE" not in source.text.upper():
        return
    for node, scope in _nodes(source, ast.Constant):
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, str) and clusters.KEYSPACE.search(node.value):
            yield Lone(node, "replication_factor: 1", "leaves the keyspace on one node", "keep three copies"), scope


def _nodes(source: SourceFile, kind: type[ast.AST]) -> Iterator[tuple[ast.AST, Scope]]:
    """Yield the nodes of a class that the index does not keep, each with the innermost scope around it."""
    found: dict[ast.AST, Scope] = {}
    for scope in source.scopes:  # what is nested comes later
        found.update((node, scope) for node in nodes_below(scope.node) if isinstance(node, kind))
    yield from found.items()


def _is(literal: ast.Constant, number: int) -> bool:
    """Whether a literal is a number, written as one or in a text."""
    return literal.value is not True and literal.value is not False and str(literal.value) == str(number)


# Locks and watchers


@cache
def _quorums() -> dict[str, tuple[str, ...]]:
    return {path: names for patterns, names in clusters.QUORUM.items() for path in expand(patterns)}


@cache
def _watchers() -> frozenset[str]:
    return frozenset(expand(clusters.WATCHERS))


@cache
def _locking() -> frozenset[str]:
    return lookup.last_names([*_quorums(), *_watchers()])


def _locks(source: SourceFile) -> Iterator[tuple[Lone, Scope]]:
    """Yield the locks by majority that are given one server, and the clients that know one watcher."""
    for site in source.sites_named(_locking()):
        (path, *others) = sorted(site.paths) or [""]
        if others:
            continue
        if path in _quorums() and _one_of(site, _quorums()[path], path in clusters.QUORUM_FIRST) is not None:
            yield Lone(site.node, f"{site.callee}()", "locks by one server", "give it three or more"), site.scope
        elif path in _watchers():
            (part,) = _one_of(site, ("sentinels",), True) or (None,)
            if part is not None and _names_a_host(part, site):
                yield Lone(site.node, f"{site.callee}()", "knows one sentinel", "name three or more"), site.scope


def _one_of(site: CallSite, names: tuple[str, ...], first: bool) -> list[ast.expr] | None:
    """Return the elements of the display that a call is given under one of these names, where it has exactly one."""
    for name in names:
        given = site.argument(name, 0 if first else None)
        value, scope = given.value, given.scope
        if isinstance(value, ast.Name) and scope is not None:
            binding = hosts.binding_of(value, scope, site.source)
            value = binding.value if binding is not None else None
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            one = len(value.elts) == 1 and not isinstance(value.elts[0], (ast.Starred, ast.Name))
            return value.elts if one else None
    return None


def _names_a_host(node: ast.expr, site: CallSite) -> bool:
    texts = (hosts.written(part, site.scope, site.source) for _, _, part in hosts.literals_in(node))
    named = (hosts.named_by(text.text, bare=True) for text in texts if text is not None)
    return any(host is not None and not host.is_local for host in named)
