"""Which database a configuration names: a server, a file, one over HTTP or behind an external pooler, or unknown."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator

from flake8_scalability.catalog import pool_settings
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.source import SourceFile

_EMBEDDED = ("sqlite", "duckdb", ":memory:")
_SERVERS = ("postgres", "mysql", "mariadb", "oracle", "mssql", "cockroach", "redshift", "snowflake", "clickhouse")
MAX_STEPS = 40


class Kind(enum.Enum):
    """What answers at a database's address."""

    SERVER = "server"
    EMBEDDED = "embedded"
    STATELESS = "over HTTP"
    POOLER = "external pooler"
    UNKNOWN = "unknown"


def kind_of(node: ast.expr | None, scope: Scope, source: SourceFile) -> Kind:
    """Return what an address expression names.

    Literals decide wherever they stand in the expression or in what its names are bound to.  An address that comes
    from elsewhere is that of a server, unless the file speaks of an embedded database or a pooler.
    """
    texts = [text.lower() for text in _literals(node, scope)] if node is not None else []
    if any(word in text for text in texts for word in pool_settings.POOLERS) or _mentions(
        source, pool_settings.POOLERS
    ):
        return Kind.POOLER
    if any(driver in text.partition("://")[0] for text in texts for driver in pool_settings.STATELESS_DRIVERS):
        return Kind.STATELESS
    if any(text.startswith(_EMBEDDED) for text in texts):
        return Kind.EMBEDDED
    if any(text.startswith(_SERVERS) for text in texts):
        return Kind.SERVER
    return Kind.UNKNOWN if _mentions(source, _EMBEDDED) else Kind.SERVER


def _literals(node: ast.expr, scope: Scope) -> Iterator[str]:
    """Yield the strings from which an expression is made, names followed to what they are bound to."""
    todo: list[tuple[ast.AST, Scope]] = [(node, scope)]
    for _ in range(MAX_STEPS):
        if not todo:
            return
        current, where = todo.pop()
        if isinstance(current, ast.Constant) and isinstance(current.value, str):
            yield current.value
        elif isinstance(current, ast.Name):
            home = where.lookup(current.id)
            for binding in home.bindings[current.id] if home is not None else ():
                todo += [(binding.value, binding.scope)] if binding.value is not None else []
        else:
            todo += [(child, where) for child in ast.iter_child_nodes(current)]


def _mentions(source: SourceFile, words: tuple[str, ...]) -> bool:
    return any(word in source.text_lower for word in words)
