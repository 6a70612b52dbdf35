"""Stores that live in files of one machine: where the code opens them, and which openings are of the same file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flake8_scalability.catalog import embedded
from flake8_scalability.catalog.embedded import Store, When
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import REMOTE, Place, System, expand
from flake8_scalability.model.batching import tool_callers
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import developing, scripts
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import configuration, disk_paths, only_read, state_files, uploads, user_files
from flake8_scalability.project import usage, variants

_FILE_URL = re.compile(
    r"sqlite(\+\w+)?:///?(?!/?:memory:|/?file::memory:)[^?]|duckdb:///?(?!:memory:)\w", re.IGNORECASE
)
_BACKEND = re.compile(r"(?i)(driver|store|backend|provider|adapter|storage|repository|connector|runner|index)$")
#: A file of what can be had again.
_CACHE = re.compile(r"(?i)cache\w*\.(db|sqlite\w*)$")
_READ_ONLY = re.compile(r"\b(mode=ro|immutable=1)\b")
_MEMORY = (":memory:", "", "file::memory:")
#: Systems on which the other variant of a store may be built.
_ELSEWHERE = REMOTE | {System.DATABASE, System.CACHE, System.SEARCH}


class Opening(NamedTuple):
    """A call that opens a store in files.

    node, scope: the call
    store: what it opens
    file: what identifies the file
    """

    node: ast.Call
    scope: Scope
    store: Store
    file: frozenset[str]


@cache
def _stores() -> tuple[dict[str, Store], frozenset[str]]:
    """Return the stores by path, and the last names of all."""
    by_path = {path: store for store in embedded.STORES for path in expand(store.paths)}
    return by_path, frozenset(path.rpartition(".")[2] for path in by_path)


def names() -> frozenset[str]:
    """Return the names of the calls that may open a store."""
    return _stores()[1]


def openings(source: SourceFile) -> list[Opening]:
    """Return where a service opens its stores, each file once: where something is put in, else where it is first."""
    found: dict[object, Opening] = {}
    for each in sorted(_openings(source), key=lambda each: (not _fills(each, source), each.node.lineno)):
        found.setdefault((each.store.what, each.file), each)
    return list(found.values())


def _openings(source: SourceFile) -> Iterator[Opening]:
    by_path, names = _stores()
    for name in names & source.calls_by_name.keys() | (source.aliases & source.calls_by_name.keys()):
        for node, scope in source.calls_by_name[name]:
            for path in source.resolver.paths(node.func, scope):
                store = by_path.get(path)
                if store is None or (store.is_index and _is_only_searched(source)) or _only_reads(node, scope):
                    continue
                if only_read.is_only_read(node, scope, store, source):
                    continue
                if _speaks_of(node, scope, source) and _is_file(node, scope, store, source):
                    yield Opening(node, scope, store, _file(node, scope, store))


def _only_reads(node: ast.Call, scope: Scope) -> bool:
    """Whether a store is opened to read it alone: `shelve.open(name, "r")`."""
    _, given, where = arguments.find(node, scope, "flag", 1)
    flag = arguments.constant(given, where)
    return flag is not None and flag.value == "r"


def _is_only_searched(source: SourceFile) -> bool:
    """Whether a file searches an index, and puts nothing into one."""
    return _has_calls_of(embedded.SEARCHES, source) and not _has_calls_of(embedded.FILLS, source)


def _has_calls_of(methods: frozenset[str], source: SourceFile) -> bool:
    return any(
        name not in embedded.COMMON or _is_of_index(node.func)
        for name in source.calls_by_name.keys() & methods
        for node, _ in source.calls_by_name[name]
    )


def _is_of_index(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and embedded.INDEXES.search(terminal_name(function.value)) is not None


def _file(node: ast.Call, scope: Scope, store: Store) -> frozenset[str]:
    """Return what identifies the file of a store: the texts in its path, else the names that its path is made of."""
    given = arguments.find(node, scope, store.argument, store.position)
    if given.value is None or given.scope is None:
        return frozenset()
    texts = _literals(given.value, given.scope)
    return texts or frozenset(state_files.roots(given.value, given.scope))


def _fills(opening: Opening, source: SourceFile) -> bool:
    """Whether the function that opens a store opens it anew, or puts something into it by key."""
    _, given, where = arguments.find(opening.node, opening.scope, "flag", 1)
    flag = arguments.constant(given, where)
    if flag is not None and flag.value == "n":
        return True
    parent = source.parents(opening.scope).get(opening.node)
    target = parent.targets[0] if isinstance(parent, ast.Assign) else getattr(parent, "optional_vars", None)
    function = opening.scope.function
    if function is None or target is None:
        return False
    stored = (part for node in function.of(ast.Assign) if isinstance(node, ast.Assign) for part in node.targets)
    return any(isinstance(p, ast.Subscript) and terminal_name(p.value) == terminal_name(target) for p in stored)


def _literals(path: ast.expr, scope: Scope) -> frozenset[str]:
    parts = (part for part, _ in uploads.sources(path, scope) if isinstance(part, ast.Constant))
    return frozenset(part.value for part in parts if isinstance(part.value, str))


def _speaks_of(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call stands in a service, and not in a branch for development."""
    if source.place(scope, node).place is Place.TOOL or _is_variant(scope, source):
        return False
    if user_files.moves_house(scope, source) or _is_started_by_hand(scope, source):
        return False
    if developing.is_for_developers(node, scope, source):
        return False
    return not any(configuration.is_for_development(test) for test in configuration.branches(node, scope, source))


def _is_started_by_hand(scope: Scope, source: SourceFile) -> bool:
    """Whether a function is called below `if __name__ == "__main__":` alone, or by commands of other files alone."""
    function = scope.function
    calls = source.graph.into.get(function, ()) if function is not None else ()
    guards = [node for node in source.module.of(ast.If) if isinstance(node, ast.If) and scripts.is_main_guard(node)]
    guarded = {id(part) for guard in guards for part in walk(guard)}
    if function is not None and tool_callers.only_commands_name(function, source):
        return True
    if function is None or not calls or not all(id(edge.node) in guarded for edge in calls):
        return False
    return not source.settings.no_project and usage.uses_elsewhere(function.name, source.filename) == []


def _is_variant(scope: Scope, source: SourceFile) -> bool:
    """Whether the code is one of several variants of something, of which a setting or an option chooses one."""
    owner = scope.owner
    if owner is None or not isinstance(owner.node, ast.ClassDef):
        return False
    if owner.node.bases and _BACKEND.search(owner.name) is not None:
        return True
    bases = [terminal_name(base) for base in owner.node.bases]
    if not source.settings.no_project and any(variants.has_server_beside(base, source.filename) for base in bases):
        return True
    methods = _public_methods(owner)
    return any(
        each.is_class
        and each is not owner
        and (each.name.endswith(owner.name) or len(methods & _public_methods(each)) > 1)
        and _works_elsewhere(each, source)
        for each in source.scopes
    )


def _public_methods(owner: Scope) -> set[str]:
    return {each.name for each in owner.inner if each.is_function and not each.name.startswith("_")}


def _works_elsewhere(owner: Scope, source: SourceFile) -> bool:
    """Whether the methods of a class speak with another service or a server."""
    by_path, _ = _stores()
    for scope in owner.walk():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            site = source.site(node, scope)
            if site.api is not None and site.api.system in _ELSEWHERE and not site.paths & by_path.keys():
                return True
    return False


def _is_file(node: ast.Call, scope: Scope, store: Store, source: SourceFile) -> bool:
    given = arguments.find(node, scope, store.argument, store.position)
    if given.value is None or given.scope is None:
        return False
    if store.when is When.SQLITE_URL:
        return is_file_url(given.value, given.scope, source)
    where = disk_paths.whereto(given.value, given.scope, source)
    if where.is_temporary or where.words & embedded.NO_STATE:
        return False
    literal = arguments.constant(given.value, given.scope)
    if literal is not None:
        text = str(literal.value)
        elsewhere = "://" in text.replace("file://", "")
        return literal.value is not None and text not in _MEMORY and _READ_ONLY.search(text) is None and not elsewhere
    if ":memory:" in where.text or _READ_ONLY.search(where.text) is not None or "http" in where.text:
        return False
    if store.when is When.PATH:
        return bool(where.text) or "path" in where.words or "dir" in where.words or "directory" in where.words
    return True


def is_file_url(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is the URL of a file, and nothing outside may say otherwise."""
    text = ""
    for part, _ in uploads.sources(node, scope):
        if terminal_name(part) in configuration.ENVIRONMENT or isinstance(part, (ast.IfExp, ast.BoolOp)):
            return False
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            if _CACHE.search(part.value) is not None:
                return False
            text = text or part.value
    match = _FILE_URL.match(text) or (
        text in ("sqlite:///", "sqlite+aiosqlite:///") and not isinstance(node, ast.Constant)
    )
    return bool(match) and not source.text_says(Fact.SERVER_DATABASE)
