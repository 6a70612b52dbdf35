"""Lazy relations: what a loop over the rows of a query loads one by one, because the query did not load it with them.

Only rows of a query in sight count, and only relations that the class in the file or the project declares, or that are
managers by what is called on them; what the query or the relation itself loads eagerly is none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import relations as known
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.batching import lazy_uses
from flake8_scalability.model.batching.declared_relations import relation
from flake8_scalability.model.batching.few_rows import have_fallen_due, takes_few
from flake8_scalability.model.batching.item_reads import PREFETCHED, serves
from flake8_scalability.model.batching.per_item import COMPREHENSIONS, FOR, Turn, targets_of, turn_of
from flake8_scalability.model.batching.rows_of_parent import (
    are_of_user_and_row,
    are_part_of_parent,
    belong_to_row,
    is_crowd,
)
from flake8_scalability.model.batching.tool_callers import only_tools_call
from flake8_scalability.model.batching.worth import works, writes
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
            instead = _loads(part, query, loop, source)
            if not instead or _is_at_hand(part, loop) or only_tools_call(loop.scope, source):
                continue
            if lazy_uses.is_no_read(part, query, loop.scope, loop.repeated, source):
                continue
            turn = turn_of(part, loop.scope, source)
            if turn is not None and not _is_minor(turn, query, loop.scope, source):
                seen.add((_asked(query), part.attr))
                what = f"{part.value.id}.{part.attr}"
                yield Lazy(part, loop.scope, what, query.entity, instead)


def _is_minor(turn: Turn, query: Query, scope: Scope, source: SourceFile) -> bool:
    """Whether a loop goes over the handful that one other row has, or nobody is shown to wait and little is saved.

    What one user has of one other row is a handful whatever it is, and so are the rows whose moment has come since they
    were last looked at, each of which a turn writes so that it is due no more.  Where a loop around it asks for that of
    each of its rows, they add up; then little is saved of a part of them, or where a turn has more done than to load.
    """
    if are_of_user_and_row(query) or (have_fallen_due(query) and writes(turn)):
        return True
    if is_crowd(query, source):
        return False
    is_library = source.place(scope).place is Place.LIBRARY
    if not belong_to_row(query):
        return is_library and narrowing(query, source) is Narrowing.OWNER and writes(turn)
    if turn_of(query.node, query.scope, source) is None:
        return True
    return is_library and (are_part_of_parent(query) or writes(turn) or works(turn, scope, source))


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
                yield _Loop(node.lineno, scope, rows, list(node.body), _given(node.body))
        if isinstance(scope.node, COMPREHENSIONS) and scope.parent is not None:
            rows = _rows(scope.node, scope.parent, source)
            if rows:
                yield _Loop(scope.node.lineno, scope, rows, [scope.node], {})


def _given(block: Sequence[ast.stmt]) -> dict[tuple[str, str], int]:
    """Return the attributes that a block gives to a name, as (name, attribute), with the line in which it has.

    What it gives on one way only may be missing; both ways of a branch leave what each of them gives.
    """
    found: dict[tuple[str, str], int] = {}
    todo: list[ast.stmt] = list(block)
    while todo:
        statement = todo.pop()
        if isinstance(statement, (ast.With, ast.AsyncWith, ast.Try)):
            todo += statement.body
        elif isinstance(statement, ast.If):
            one, other = _given(statement.body), _given(statement.orelse)
            found.update((key, max(line, other[key])) for key, line in one.items() if key in other)
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
    if is_small(query.entity) or known.GONE_WRONG.search(name) or takes_few(query):
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


def _loads(access: ast.Attribute, query: Query, loop: _Loop, source: SourceFile) -> str:
    """Return what to load with the rows of a query, so that an access to one of them does not; "" where it does not."""
    name, scope = access.attr, loop.scope
    if _is_loaded(name, query):
        return ""
    called = _called(access, scope, source)
    table = definition(query.entity, source)
    kind = relation(name, table) if table is not None else ""
    family = query.family.name
    if kind == "one":
        instead = known.LOADING[family][0].format(name=name)
        return f"{instead}, or take {name}_id" if family == "django" and _is_for_key(access, scope, source) else instead
    if kind == "many" or (not kind and family == "django" and not query.related and _is_manager(access, scope, source)):
        if family == "django":
            return _many_with_rows(name, called, loop.repeated)
        return known.LOADING[family][1].format(name=name)
    return ""


def _many_with_rows(name: str, called: str, repeated: list[ast.AST]) -> str:
    """Return what loads the rows of a manager of Django's with all rows at once, or answers for all; "" for neither.

    Whether there are any, and how many, needs none of them, unless a turn takes them as well.
    """
    if called not in PREFETCHED:
        return ""
    taken = any(
        isinstance(part, ast.Attribute)
        and part.attr == "all"
        and isinstance(part.value, ast.Attribute)
        and part.value.attr == name
        for top in repeated
        for part in walk(top)
    )
    loading = known.LOADING["django"][1]
    if taken or called not in known.ANSWERING:
        return loading.format(name=name)
    return known.ANSWERING[called].format(name=name.removesuffix("_set"))  # as queries call what has no name of its own


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
