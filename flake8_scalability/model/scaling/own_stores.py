"""Stores that each instance has for itself, so that no sibling reads or writes what is in them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import updates as catalog
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.caching import cache_backends
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.project import cache_aliases

if TYPE_CHECKING:
    from flake8_scalability.model.language.alternatives import Value
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
    """Whether a cache is kept in the process: by what makes it, or by all the project's settings for one of Django."""
    made = [value for value in source.resolver.values(receiver, scope) if value.call is not None]
    if made and all(_is_made_here(value, receiver, source) for value in made):
        return True
    aliases = set() if source.settings.no_project else _aliases(receiver, scope, source)
    found = [cache_aliases.backends(alias, source.filename) if alias else frozenset() for alias in aliases]
    return bool(found) and all(each != frozenset() and each <= catalog.OWN_BACKENDS for each in found)


def _is_made_here(value: Value, receiver: ast.expr, source: SourceFile) -> bool:
    """Whether a call makes a cache in the process; that of a region may be told so in a statement of its own."""
    if value.call is None or value.scope is None:
        return False
    name = terminal_name(receiver)
    calls = [(value.call, value.scope)]
    calls += [
        (call, scope)
        for call, scope in source.calls_by_name.get("configure", ())
        if isinstance(call.func, ast.Attribute) and terminal_name(call.func.value) == name
    ]
    return any(cache_backends.is_in_process(call, scope, source) for call, scope in calls)


def _aliases(receiver: ast.expr, scope: Scope, source: SourceFile) -> set[str]:
    """Return the aliases of a cache, or the names of the constants that hold them; "" for what is none of Django's.

    An attribute of the function's own object has several where it falls back on another cache.
    """
    given: list[ast.expr | None] = [receiver]
    if isinstance(receiver, ast.Name):
        if catalog.DEFAULT_CACHE in source.resolver.paths(receiver, scope):
            return {"default"}
        home = scope.lookup(receiver.id)
        bindings = home.bindings[receiver.id] if home is not None else []
        given = [bindings[0].value] if len(bindings) == 1 else []
    elif isinstance(receiver, ast.Attribute):
        given = [
            binding.value
            for value in source.resolver.values(receiver.value, scope)
            if value.target is not None and value.target.is_class
            for binding in source.resolver.class_bindings(value.target).get(receiver.attr, [])
        ]
    return {_alias(each) for each in given}


def _alias(given: ast.expr | None) -> str:
    if not isinstance(given, ast.Subscript) or terminal_name(given.value) != "caches":
        return ""
    key = given.slice
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else terminal_name(key)
