"""Commands that walk everything: found by what they are called on, or by the words of the file around their names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import full_scans as known
from flake8_scalability.catalog import lookup, tables
from flake8_scalability.catalog.rows import Api, Place, System
from flake8_scalability.model.batching.tool_callers import nobody_calls, only_tools_call
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries import sql_texts
from flake8_scalability.model.queries.seldom import runs_seldom
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.project import bases, cache_aliases

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class FullScan(NamedTuple):
    """A command that walks everything: the call, what it does, and what to do instead."""

    site: CallSite
    does: str
    instead: str


def command_names() -> frozenset[str]:
    """Return names of which a file that walks everything calls one."""
    return frozenset({*known.BY_METHOD, *known.CQL_CALLS, *known.MONGO_CALLS, *known.SEARCH_CALLS, "get_paginator"})


def full_scans(source: SourceFile) -> Iterator[FullScan]:
    """Yield the commands of the file that walk everything, but for tools and start-up."""
    if not known.COMMAND_LINE.isdisjoint(source.path_parts[:-1]):
        return
    for found in (*_commands(source), *_statements(source), *_deep_pages(source)):
        site = found.site
        if site.function is None or site.place in (Place.TOOL, Place.STARTUP) or runs_seldom(site.function, source):
            continue
        # What the code doesn't show to serve runs when somebody calls it.
        is_dead = site.place is Place.LIBRARY and nobody_calls(site.function, source)
        if not is_dead and not only_tools_call(site.function, source):
            yield found


def _is_called_on(
    site: CallSite, roots: tuple[str, ...], words: tuple[str, ...], names: object, systems: tuple[System, ...]
) -> bool:
    """Whether a method is called on what its row is about."""
    assert isinstance(site.node.func, ast.Attribute)
    receiver = site.node.func.value
    values = site.source.resolver.values(receiver, site.scope)
    paths = {value.path for value in values}
    if paths and all(path.startswith(roots) for path in paths):
        return True
    if any(value.target is not None and value.target.is_class for value in values):
        return False
    rows = [row for path in site.paths if (row := lookup.api(path)) is not None]
    if any(row.system not in systems for row in rows):
        return False
    name = terminal_name(receiver.func if isinstance(receiver, ast.Call) else receiver)
    return names.search(name) is not None and any(word in site.source.lexicon for word in words)  # type: ignore[attr-defined]


def _commands(source: SourceFile) -> Iterator[FullScan]:
    told: set[tuple[str, Scope | None]] = set()
    for method, row in known.BY_METHOD.items():
        for node, scope in source.calls_by_name.get(method, ()):
            site = source.site(node, scope)
            if not isinstance(node.func, ast.Attribute) or (method, site.function) in told:
                continue
            if not _is_called_on(
                site, row.roots, row.words, row.receivers, (System.CACHE, System.DATABASE, System.CLOUD)
            ):
                continue
            if row.given and (not _asks_for_keys(site) or _is_own_in_steps(site)):
                continue
            if any(keyword.arg in row.harmless for keyword in node.keywords) or (method == "scan" and is_part(site)):
                continue
            if site.function is not None and site.function.name == "__init__":
                continue  # once for a new object
            if method in known.EMPTIES and site.place not in (Place.REQUEST, Place.WORKER):
                continue  # who wants the store empty is unknown: an operator, a test
            told.add((method, site.function))
            yield FullScan(site, row.does, row.instead)
    for node, scope in source.calls_by_name.get("get_paginator", ()):
        site = source.site(node, scope)
        if node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == "scan":
            row = known.BY_METHOD["scan"]
            yield FullScan(site, row.does, row.instead)


def _asks_for_keys(site: CallSite) -> bool:
    """Whether `keys` is told a pattern, or is a store's by its path: a mapping's takes no argument."""
    node = site.node
    if len(node.args) == 1 and not isinstance(node.args[0], (ast.Starred, ast.Dict, ast.Lambda)):
        return True
    if any(keyword.arg == "pattern" for keyword in node.keywords):
        return True
    return not node.args and not node.keywords and any(row.system is System.CACHE for row in _rows(site))


def _is_own_in_steps(site: CallSite) -> bool:
    """Whether `keys` is a method of a class of the project, as Django's cache may be one, that goes in steps."""
    source = site.source
    if source.settings.no_project:
        return False
    assert isinstance(site.node.func, ast.Attribute)
    found: list[str] = []
    for value in source.resolver.values(site.node.func.value, site.scope):
        if value.path == "django.core.cache.cache":
            backends = cache_aliases.backends("default", source.filename)
            found += [bases.text_of_name(name, source.filename) for name in sorted(backends)]
        elif value.path:
            found += bases.lineage(value.path.replace("()", ""), source.filename).texts
    methods = [method for text in found for method in known.KEYS_METHOD.findall(text)]
    return bool(methods) and all(known.IN_STEPS.search(method) for method in methods)


def _rows(site: CallSite) -> list[Api]:
    return [row for path in site.paths if (row := lookup.api(path)) is not None]


def is_part(site: CallSite) -> bool:
    """Whether a scan goes on with one, takes a page only, is of a small table, or of no table at all."""
    given = {keyword.arg for keyword in site.node.keywords}
    function = site.function
    assert isinstance(site.node.func, ast.Attribute)
    names = (terminal_name(site.node.func.value), function.name if function is not None else "")
    if any(tables.SMALL.search(known.SCAN_VERBS.sub("", known.SCAN_VERBS.sub("", name).lower())) for name in names):
        return True
    return bool(given & (known.SCAN_NEXT | known.SCAN_PART)) or bool(site.node.args)


# Statements


def _statements(source: SourceFile) -> Iterator[FullScan]:
    """Yield what is handed a statement that filters a whole table of Cassandra's, or a program for every document."""
    if "filtering" in source.lexicon:
        for name in known.CQL_CALLS:
            for node, scope in source.calls_by_name.get(name, ()):
                text = sql_texts.of(node.args[0], scope, source) if node.args else None
                # An index made for it (SASI) answers every `LIKE`: Cassandra refuses one of a column without.
                if text is not None and known.CQL_FILTERING.search(text) and not known.CQL_INDEXED.search(text):
                    yield FullScan(source.site(node, scope), "filters the whole table", "query by the partition key")
    if "$where" in source.text or "$function" in source.text:
        for name in known.MONGO_CALLS:
            for node, scope in source.calls_by_name.get(name, ()):
                if _runs_program(node):
                    does = "runs JavaScript on every document"
                    yield FullScan(source.site(node, scope), does, "use operators that an index serves")


def _runs_program(node: ast.Call) -> bool:
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return any(
        isinstance(key, ast.Constant) and key.value in known.MONGO_PROGRAMS
        for each in given
        for part in walk(each)
        if isinstance(part, ast.Dict)
        for key in part.keys
    )


# Deep pages


def _deep_pages(source: SourceFile) -> Iterator[FullScan]:
    """Yield the searches that a loop takes through all hits by their number, which each time sorts those before."""
    for name in known.SEARCH_CALLS:
        for node, scope in source.calls_by_name.get(name, ()):
            site = source.site(node, scope)
            if not isinstance(node.func, ast.Attribute) or not _is_called_on(
                site, known.SEARCH_ROOTS, ("elasticsearch", "opensearch"), known.SEARCH_NAMES, (System.SEARCH,)
            ):
                continue
            begin = _begin(site)
            loop = next(site.inside((ast.While, ast.For)), None)
            if begin is not None and loop is not None and _advances(loop, begin):
                yield FullScan(site, "pages through all hits by from", "use search_after or helpers.scan()")


def _begin(site: CallSite) -> ast.expr | None:
    """Return from which hit on a search answers."""
    given = site.argument("from_")
    if given.given is Given.PRESENT:
        return given.value
    body = site.argument("body", 1)
    if body.value is not None and body.scope is not None:
        return arguments.in_mapping(body.value, body.scope, "from").value
    return None


def _advances(loop: ast.AST, begin: ast.expr) -> bool:
    """Whether a loop moves the number on: by adding to it, or because it is computed from what the loop counts."""
    names = {spelled(part) for part in walk(begin) if isinstance(part, ast.Name)}
    if isinstance(loop, ast.For) and names & {spelled(part) for part in walk(loop.target)}:
        return not (isinstance(loop.iter, ast.Call) and all(isinstance(each, ast.Constant) for each in loop.iter.args))
    return any(isinstance(part, ast.AugAssign) and spelled(part.target) in names for part in walk(loop))
