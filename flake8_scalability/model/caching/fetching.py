"""Fetching: whether a function reads data from a store or another service, so that what it returns can grow old.

Judged by the catalogue's rows, by the shapes of queries, and by handles that are called `db`, `repo`, `api`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Effect, System
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.scaling.rows import chain
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 3
#: Systems whose answers change while a process runs.
STORES = frozenset({
    System.DATABASE, System.HTTP, System.SEARCH, System.CLOUD, System.STORAGE, System.RPC, System.LLM, System.DIRECTORY,
    System.CACHE,
})  # fmt: skip
#: Names of what holds or reaches data, by their last part.
_HANDLE = re.compile(
    r"(^|_)(db|database|repo|repository|dao|store|storage|conn|connection|cursor|cur|session|s3|dynamodb|table|"
    r"collection|mongo|es|elastic|uow|gateway|crud|queries)$",
    re.IGNORECASE,
)
_READING = re.compile(
    r"^a?_?(get|fetch|find|load|read|list|query|select|search|lookup|look_up|retrieve|scan|count|all|one|first|scalar|"
    r"scalars|execute|exec|aggregate|values|items|hget|hgetall|mget)(_|$|one|all|row|val|many)"
)
#: Words of calls that read something, or work something out that takes long.
_READING_WORDS = re.compile(
    r"(?i)(^|_)(get|load|fetch|read|find|query|select|look_?up|retrieve|search|list|request|download|call|ask|scrape|"
    r"compute|calculate|build|resolve|translate|predict|expensive|slow)(_|$|[A-Z])"
)
_LOOKING_UP = frozenset({"get", "pop", "setdefault"})
#: Methods that put a query together, which something else then runs.
_BUILDING = re.compile(
    r"^a?_?(get|build|make|create|prepare|compose|list|find|select)_\w+_"
    r"(?<!by_)(?<!with_)(statement|stmt|queryset|qs|select|sql|clause|query)$|^(get|filter)_queryset$"
)
_QUERYING = frozenset({"objects", "query", "_default_manager", "scalars", "filter_by"})
_WRITING = re.compile(r"(INSERT|UPDATE|DELETE|REPLACE|MERGE|ALTER|CREATE|DROP)\b", re.IGNORECASE)
_SQL_METHODS = frozenset({"execute", "executemany", "exec_driver_sql"})


def fetches(function: Scope, source: SourceFile) -> ast.Call | None:
    """Return the first call in a function, or in what it calls in the file, that reads data; else None."""
    return next(fetching_calls(function, source), None)


def grows_old(function: Scope, source: SourceFile) -> bool:
    """Whether a function reads data that changes: the vector that a model makes of a text stays the same."""
    return any("embed" not in spelled(call.func).lower() for call in fetching_calls(function, source))


def fetching_calls(
    function: Scope, source: SourceFile, steps: int = 0, seen: set[Scope] | None = None
) -> Iterator[ast.Call]:
    """Yield the calls that read data, those in functions of the file that are called included, each once."""
    seen = {function} if seen is None else seen
    for scope in function.walk_same_call():
        parts = _parts_of_queries(scope, source)
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if node not in parts and is_fetch(node, scope, source):
                yield node
        if steps >= MAX_STEPS:
            continue
        for edge in source.graph.out_of.get(scope, ()):
            if not edge.handed and edge.target not in seen and edge.target.name != "__init__":
                seen.add(edge.target)
                yield from fetching_calls(edge.target, source, steps + 1, seen)


def _parts_of_queries(scope: Scope, source: SourceFile) -> set[ast.expr]:
    """Return the calls to which a query only adds something: the last method of its chain tells what it does."""
    parts: set[ast.expr] = set()
    for node in scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        inner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if isinstance(inner, ast.Call) and source.queries.of(node, scope) is not None:
            parts.add(inner)
    return parts


def is_fetch(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call itself reads data from a store or a service."""
    if _BUILDING.match(terminal_name(node.func)):
        return False
    query = source.queries.of(node, scope)
    if query is not None:
        return not query.writes and not _is_statement(query)
    row = source.site(node, scope).api
    if row is not None:
        return row.system in STORES and row.makes is None and row.effect is not Effect.WRITE and not _writes_sql(node)
    if not isinstance(node.func, ast.Attribute):
        return terminal_name(node.func) in ("get_object_or_404", "get_list_or_404")
    if any(value.target is not None for value in source.resolver.values(node.func, scope)):
        return False
    name = node.func.attr
    names = chain(node.func)
    if not _QUERYING.isdisjoint(names[:-1]):
        if names[0] in ("request", "req"):
            return False  # what stands in the address of a request
        return not re.match(r"(bulk_)?(create|update|delete|add|remove|set)$", name)
    handle = terminal_name(_unwrapped(node.func.value))
    if _HANDLE.search(handle) and (_READING.match(name) or name in _SQL_METHODS):
        return not _writes_sql(node) and not _is_mapping(node.func.value, scope, source)
    return False


def reads_by_name(node: ast.Call) -> bool:
    """Whether a call reads something, or works it out, by its name or by what it is a method of."""
    name = terminal_name(node.func)
    by_handle = isinstance(node.func, ast.Attribute) and _HANDLE.search(terminal_name(node.func.value)) is not None
    return by_handle or (name not in _LOOKING_UP and _READING_WORDS.search(name) is not None)


def _is_statement(query: Query) -> bool:
    """Whether a query is only written down, for a session to execute."""
    return query.family.name == "sqlalchemy" and query.ran is None and "select" in query.names


def _unwrapped(node: ast.expr) -> ast.expr:
    while isinstance(node, (ast.Call, ast.Await)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def _writes_sql(node: ast.Call) -> bool:
    """Whether the first argument is a statement that changes something."""
    if terminal_name(node.func) not in _SQL_METHODS or not node.args:
        return False
    first = node.args[0]
    if isinstance(first, ast.Call):
        if terminal_name(first.func) in ("insert", "update", "delete"):
            return True
        if any(name in ("insert", "update", "delete") for name in chain(first)):
            return True
        first = first.args[0] if first.args else first
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
    return (
        isinstance(first, ast.Constant) and isinstance(first.value, str) and bool(_WRITING.match(first.value.strip()))
    )


def _is_mapping(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a handle by name is only a mapping of the file."""
    if not isinstance(node, ast.Name):
        return False
    home = scope.lookup(node.id)
    bindings = home.bindings[node.id] if home is not None else []
    return any(isinstance(binding.value, (ast.Dict, ast.List, ast.DictComp)) for binding in bindings)


def spelled_call(node: ast.Call) -> str:
    """A call as messages name it: `db.get_user()`."""
    return f"{spelled(node.func)}()"
