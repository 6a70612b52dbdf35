"""Stores that each instance has for itself, so that no sibling reads or writes what is in them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.project import cache_aliases

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile


def has_file_database_alone(source: SourceFile) -> bool:
    """Whether the project's database is a file of SQLite, and nothing in sight speaks of a server for it."""
    return (
        source.project_says(Fact.LOCAL_DATABASE)
        and not source.project_says(Fact.SERVER_DATABASE)
        and not source.project_says(Fact.SERVER_DRIVER)
    )


def is_own_cache(receiver: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a cache of Django is kept in the process, or nowhere, by all settings that the project has for it."""
    alias = "" if source.settings.no_project else _alias(receiver, scope, source)
    found = cache_aliases.backends(alias, source.filename) if alias else frozenset()
    return found != frozenset() and found <= catalog.OWN_BACKENDS


def _alias(receiver: ast.expr, scope: Scope, source: SourceFile) -> str:
    """Return the alias of a cache, or the name of the constant that holds it; "" where it is none of Django's."""
    given: ast.expr | None = receiver
    if isinstance(receiver, ast.Name):
        if catalog.DEFAULT_CACHE in source.resolver.paths(receiver, scope):
            return "default"
        home = scope.lookup(receiver.id)
        bindings = home.bindings[receiver.id] if home is not None else []
        given = bindings[0].value if len(bindings) == 1 else None
    if not isinstance(given, ast.Subscript) or terminal_name(given.value) != "caches":
        return ""
    key = given.slice
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else terminal_name(key)
