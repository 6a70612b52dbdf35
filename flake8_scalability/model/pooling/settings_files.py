"""Django's settings: the entries of `DATABASES` in a settings module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.catalog import pool_settings
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Argument, Given
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling import databases
from flake8_scalability.model.source import SourceFile

_NOT_PRODUCTION = re.compile(
    r"(^|[_./\\-])(test|tests|testing|dev|devel|development|local|ci|debug|example|sample)([_.-]|$)"
)


class DatabaseEntry(NamedTuple):
    """One entry of `DATABASES`.

    anchor: the node at which a finding about the entry stands: its key
    value: the mapping or the call that gives the entry
    """

    name: str
    anchor: ast.expr
    value: ast.expr
    scope: Scope


def database_entries(source: SourceFile) -> Iterator[DatabaseEntry]:
    """Yield the entries that a settings module for production gives `DATABASES`, literal or by subscript."""
    if _NOT_PRODUCTION.search(source.filename.lower().rpartition("/")[2]):
        return
    for scope in source.scopes:
        if scope.function is not None:
            continue
        for node in scope.of(ast.Assign, ast.AnnAssign):
            assert isinstance(node, (ast.Assign, ast.AnnAssign))
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from _entries(target, node.value, scope)


def _entries(target: ast.expr, value: ast.expr | None, scope: Scope) -> Iterator[DatabaseEntry]:
    if isinstance(target, ast.Name) and target.id == "DATABASES" and isinstance(value, ast.Dict):
        for key, entry in zip(value.keys, value.values):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield DatabaseEntry(key.value, key, entry, scope)
    elif (
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Name)
        and target.value.id == "DATABASES"
        and value is not None
        and isinstance(target.slice, ast.Constant)
    ):
        yield DatabaseEntry(str(target.slice.value), target, value, scope)


def max_age(entry: DatabaseEntry, source: SourceFile) -> Argument | None:
    """Return what an entry says of how long connections are kept; None where the entry can't be read."""
    return _option(entry, source, "CONN_MAX_AGE", 1)


def health_checks(entry: DatabaseEntry, source: SourceFile) -> Argument | None:
    """Return what an entry says of checking connections before they are used; None where it can't be read."""
    return _option(entry, source, "CONN_HEALTH_CHECKS", 2)


def _option(entry: DatabaseEntry, source: SourceFile, key: str, position: int) -> Argument | None:
    """Return an option of an entry: a key of its mapping, or an argument of the call that parses its URL."""
    if isinstance(entry.value, ast.Dict):
        return arguments.in_mapping(entry.value, entry.scope, key)
    if not isinstance(entry.value, ast.Call):
        return None
    if not source.resolver.paths(entry.value.func, entry.scope) & pool_settings.DJANGO_URL_PARSERS:
        return None
    return arguments.find(entry.value, entry.scope, key.lower(), position)


def is_server(entry: DatabaseEntry, source: SourceFile) -> bool:
    """Whether an entry is a database server that Django itself connects to, by its engine or its URL."""
    if isinstance(entry.value, ast.Dict):
        engine = arguments.in_mapping(entry.value, entry.scope, "ENGINE")
        literal = arguments.constant(engine.value, engine.scope)
        if literal is None or str(literal.value).rpartition(".")[2] not in pool_settings.DJANGO_SERVERS:
            return False
    kind = databases.kind_of(entry.value, entry.scope, source)
    return kind not in (databases.Kind.EMBEDDED, databases.Kind.POOLER)


def may_pool(entry: DatabaseEntry) -> bool:
    """Whether an entry turns Django's own pool on (`OPTIONS["pool"]`), or has options that are not in sight."""
    if not isinstance(entry.value, ast.Dict):
        return False
    options = arguments.in_mapping(entry.value, entry.scope, "OPTIONS")
    if options.value is None:
        return options.given is Given.UNKNOWN
    return options.scope is None or arguments.in_mapping(options.value, options.scope, "pool").given is not Given.ABSENT


def is_placeholder(entry: DatabaseEntry, source: SourceFile) -> bool:
    """Whether an entry of nothing but literals stands in a module that other settings build on, and replace."""
    stem = re.split(r"[\\/]", source.filename)[-1].rpartition(".")[0]
    if stem not in ("common", "base", "defaults", "default", "global_settings"):
        return False
    return not any(isinstance(node, (ast.Call, ast.Name, ast.Attribute)) for node in walk(entry.value))


def set_later(source: SourceFile, key: str) -> bool:
    """Whether the module sets a key of its databases by a statement: `DATABASES["default"]["CONN_MAX_AGE"] = 60`."""
    for scope in source.scopes:
        for node in scope.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            if any(_is_key_of_databases(target, key) for target in node.targets):
                return True
    return False


def _is_key_of_databases(target: ast.expr, key: str) -> bool:
    if not isinstance(target, ast.Subscript) or not isinstance(target.slice, ast.Constant) or target.slice.value != key:
        return False
    root: ast.expr = target
    while isinstance(root, ast.Subscript):
        root = root.value
    return isinstance(root, ast.Name) and root.id == "DATABASES"
