"""Lazy relations: what a loop over the rows of a query loads one by one, because the query did not load it with them.

Only rows of a query in sight count, and only relations that the class in the file or the project declares, or that are
managers by what is called on them; what the query or the relation itself loads eagerly is none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import relations as known
from flake8_scalability.model.batching import lazy_uses
from flake8_scalability.model.batching.item_reads import PREFETCHED, serves
from flake8_scalability.model.batching.per_item import COMPREHENSIONS, FOR, targets_of, turn_of
from flake8_scalability.model.batching.tool_callers import only_tools_call
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.narrowing import (
    Narrowing,
    has_key,
    is_few_per_owner,
    is_small,
    narrowing,
    table_words,
)
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.queries.tables import definition, query_of_rows

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Columns of which one row, or a few, have what a program asks for by its name.
_NAMED = re.compile(r"(name|slug|code|email)$")
_EAGER_LATER = ("prefetch_related_objects", "joinedload_all", "set_committed_value", "fetch_related")


class Lazy(NamedTuple):
    """A relation that is loaded for each row.

    node: the access
    scope: the scope of the loop
    what: the access as the user wrote it, in short: "order.customer"
    entity: the class of the rows
    instead: what loads it with them
    """

    node: ast.expr
    scope: Scope
    what: str
    entity: str
    instead: str


class _Loop(NamedTuple):
    """A loop over rows: the names of its rows, each with the query, what it repeats, and what it gives to its rows.

    What a turn assigns to an attribute of its row is at hand when it is asked for afterwards.
    """

    line: int
    scope: Scope
    rows: dict[str, Query]
    repeated: list[ast.AST]
    given: dict[tuple[str, str], int]


def lazy_relations(source: SourceFile) -> Iterator[Lazy]:
    """Yield the relations of a file that are loaded row by row, the first access of each in a loop."""
    if not (source.has_loops and source.queries.any) or any(word in source.text for word in _EAGER_LATER):
        return
    # Rows that one loop has gone over have what it has touched, and one step of their query loads it for all loops.
    seen: set[tuple[object, str]] = set()
    for loop in sorted(_loops(source), key=lambda each: each.line):
        if not serves(loop.scope, source):
            continue
        for part in (each for top in loop.repeated for each in walk(top)):
            if not isinstance(part, ast.Attribute) or not isinstance(part.value, ast.Name):
                continue
            query = loop.rows.get(part.value.id)
            if query is None or not isinstance(part.ctx, ast.Load) or (_asked(query), part.attr) in seen:
                continue
            instead = _loads(part, query, loop.scope, source)
            if not instead or _is_at_hand(part, loop) or only_tools_call(loop.scope, source):
                continue
            if lazy_uses.is_no_read(part, query, loop.scope, loop.repeated, source):
                continue
            if turn_of(part, loop.scope, source) is not None:
                seen.add((_asked(query), part.attr))
                what = f"{part.value.id}.{part.attr}"
                yield Lazy(part, loop.scope, what, query.entity, instead)


def _asked(query: Query) -> object:
    """Return the call that asks for rows, which names and loops over them share."""
    return query.steps[-1].call if query.steps else query.node


def _is_at_hand(access: ast.Attribute, loop: _Loop) -> bool:
    """Whether a turn has given its row what is asked for."""
    return loop.given.get((terminal_name(access.value), access.attr), access.lineno) < access.lineno


def _loops(source: SourceFile) -> Iterator[_Loop]:
    for scope in source.scopes:
        for node in scope.of(*FOR):
            assert isinstance(node, FOR)
            rows = _rows(node, scope, source)
            if rows and not loops.is_small(node.iter, scope):
                yield _Loop(node.lineno, scope, rows, list(node.body), _given(node))
        if isinstance(scope.node, COMPREHENSIONS) and scope.parent is not None:
            rows = _rows(scope.node, scope.parent, source)
            if rows:
                yield _Loop(scope.node.lineno, scope, rows, [scope.node], {})


def _given(loop: ast.For | ast.AsyncFor) -> dict[tuple[str, str], int]:
    """Return the attributes that each turn gives to a name, as (name, attribute), with the line in which it does."""
    found: dict[tuple[str, str], int] = {}
    todo: list[ast.AST] = list(loop.body)
    while todo:
        statement = todo.pop()
        if isinstance(statement, (ast.With, ast.AsyncWith, ast.Try)):
            todo += statement.body
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    found[target.value.id, target.attr] = statement.lineno
    return found


def _rows(loop: ast.AST, scope: Scope, source: SourceFile) -> dict[str, Query]:
    found = {}
    for name, iterable in targets_of(loop):
        query = query_of_rows(iterable, scope, source) if iterable is not None else None
        if query is None or not query.entity or not query.certain or query.opaque:
            continue
        # Of one row no prefetch saves anything, and of a few next to nothing.
        if _is_whole(query) and not has_key(query) and not _is_named(query) and not _are_few(query, name, source):
            found[name] = query
    return found


def _are_few(query: Query, name: str, source: SourceFile) -> bool:
    """Whether rows are a handful: of a small table, of one user or of one row, or what something went wrong with.

    name: what a turn calls its row
    """
    if is_small(query.entity) or known.GONE_WRONG.search(name):
        return True
    narrow = narrowing(query, source)
    if narrow >= Narrowing.OWNER and is_few_per_owner(query):
        return True
    return narrow >= Narrowing.PARENT and known.FEW_PER_PARENT.search(table_words(query)) is not None


def _is_named(query: Query) -> bool:
    """Whether a query asks for what the program knows by its name: `filter(pkgname="ipxe")`."""
    return any(
        each.operator == "exact"
        and _NAMED.search(each.column) is not None
        and isinstance(each.value, ast.Constant)
        and isinstance(each.value.value, str)
        for each in query.filters
    )


def _is_whole(query: Query) -> bool:
    """Whether the items are rows of one class, not tuples of columns."""
    if query.family.name not in known.LOADING or query.statement is not None:
        return False
    if query.family.name == "sqlalchemy":
        first = query.steps[0].call if query.steps else None
        if query.names & {"with_entities", "group_by", "add_columns", "from_statement", "with_only_columns"}:
            return False
        if first is not None and terminal_name(first.func) in ("query", "select"):
            return len(first.args) == 1 and terminal_name(first.args[0])[:1].isupper()
    return True


def _loads(access: ast.Attribute, query: Query, scope: Scope, source: SourceFile) -> str:
    """Return what to load with the rows of a query, so that an access to one of them does not; "" where it does not."""
    name = access.attr
    if _is_loaded(name, query):
        return ""
    called = _called(access, scope, source)
    table = definition(query.entity, source)
    kind = _relation(name, table) if table is not None else ""
    family = query.family.name
    if kind == "one":
        instead = known.LOADING[family][0].format(name=name)
        return f"{instead}, or take {name}_id" if family == "django" and _is_for_key(access, scope, source) else instead
    if kind == "many" or (not kind and family == "django" and not query.related and _is_manager(access, scope, source)):
        return known.LOADING[family][1].format(name=name) if called in PREFETCHED or family != "django" else ""
    return ""


def _is_for_key(access: ast.Attribute, scope: Scope, source: SourceFile) -> bool:
    """Whether nothing but its key is wanted of a related row, which the row itself has."""
    wanted = source.parents(scope).get(access)
    return isinstance(wanted, ast.Attribute) and wanted.attr in ("id", "pk")


def _is_loaded(name: str, query: Query) -> bool:
    """Whether a query loads a relation, or has one value of it only."""
    relations = query.relations
    if "*" in relations or any(each == name or each.startswith(name + "__") for each in relations):
        return True
    if query.is_eager and not relations:
        return True
    return any(
        each.operator == "exact" and each.column.removesuffix("_id").partition("__")[0] == name
        for each in query.filters
    )  # fmt: skip


def _called(access: ast.Attribute, scope: Scope, source: SourceFile) -> str:
    """Return the name of the method that is called on an access: `all` of `order.lines.all()`."""
    parents = source.parents(scope)
    method = parents.get(access)
    call = parents.get(method) if isinstance(method, ast.Attribute) else None
    return method.attr if isinstance(method, ast.Attribute) and isinstance(call, ast.Call) else ""


def _is_manager(access: ast.Attribute, scope: Scope, source: SourceFile) -> bool:
    """Whether what is called on an access only a manager of related rows has: `all()` and `exists()` of Django's."""
    parents = source.parents(scope)
    method = parents.get(access)
    call = parents.get(method) if method is not None else None
    if not (isinstance(method, ast.Attribute) and isinstance(call, ast.Call) and call.func is method):
        return False
    if call.args or call.keywords or method.attr not in known.MANAGING:
        return False
    # `rows.all().filter(…)` is another query in any case: SCL502 speaks of it.
    onward = parents.get(call)
    return not (isinstance(onward, ast.Attribute) and onward.attr not in PREFETCHED)


def _relation(name: str, table: ast.ClassDef) -> str:
    """Return "one" or "many" for a relation that a class declares and does not load by itself, "plain" for a column."""
    for statement in table.body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name == name:
                return "plain"
            continue
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return _kind(value, statement)
    return ""


def _kind(value: ast.expr, statement: ast.stmt) -> str:
    if not isinstance(value, ast.Call):
        return "plain"
    maker = terminal_name(value.func)
    if maker in known.TO_ONE:
        return "one"
    if maker in known.TO_MANY:
        return "many"
    if maker not in known.RELATIONSHIPS:
        return "plain"
    for keyword in value.keywords:
        if keyword.arg == "lazy":
            lazy = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            return "one" if lazy in known.LAZY else "plain"
        if keyword.arg == "sa_relationship_kwargs":
            return "plain"
    return "one"
