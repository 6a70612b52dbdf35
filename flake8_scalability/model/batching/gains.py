"""Gains: would one query for all items of a loop be right, and save anything?

Not where each turn has to ask for itself, because it takes a lock or a transaction of its own; not where the items are
the terms of one query, the values of a column that has a handful of them, or the parts of one form; and not beside what
each turn fetches from elsewhere.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching, query_methods, sequential, tables, transactions
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.batching.per_item import Turn, headers, plain
from flake8_scalability.model.batching.worth import is_made, is_sent
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.growth import grows_per_owner
from flake8_scalability.model.queries.narrowing import is_small
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Steps that narrow a query by one term more.
_TERMS = frozenset({"filter", "exclude", "where", "filter_by"})


def is_meant(turn: Turn, site: CallSite) -> bool:
    """Whether the turns of a loop ask one by one on purpose: each in a transaction or under a lock of its own."""
    return _has_transaction(turn) or _is_locked(turn, site)


def locks(query: Query) -> bool:
    """Whether a query locks its rows, by one of its steps or as a repository is told: `find(key, for_update=True)`."""
    return bool(query.names & batching.LOCKING) or any(
        each.arg in batching.LOCKING and isinstance(each.value, ast.Constant) and each.value.value is True
        for step in query.steps
        if step.call is not None
        for each in step.call.keywords
    )


def is_little(turn: Turn, node: ast.expr, entity: str, scope: Scope, source: SourceFile) -> bool:
    """Whether one query for all would save next to nothing, by what is asked for, how, and what else a turn does.

    node: what asks for each item, a query or the call of a function of the file
    entity: the table that is asked, "" where that is not shown
    """
    query = source.queries.of(node, scope)
    if (
        _builds_query(turn)
        or _fills_one_place(turn, node)
        or _asks_by_kind(turn, query)
        or _fetches(turn, scope, source)
        or _is_of_day(turn, scope, source)
    ):
        return True
    return _is_of_form(turn) and (is_small(entity) or (is_sent(turn, scope, source) and _makes_parts(turn)))


def could_join(turn: Turn, node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether rows are read for each row, as one join would, or picked out of a query that was there before."""
    query = source.queries.of(node, scope)
    if query is None:
        return False
    root: ast.AST = query.node
    while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript, ast.Await)):
        root = root.func if isinstance(root, ast.Call) else root.value
    before = isinstance(root, ast.Name) and root.id not in turn.names and not query_methods.SESSION.search(root.id)
    made = scope.bindings.get(root.id, ()) if isinstance(root, ast.Name) and before else ()
    return query.gives in (Gives.MANY, Gives.STREAM, Gives.QUERY) or any(each.kind == "assign" for each in made)


def _has_transaction(turn: Turn) -> bool:
    """Whether a turn opens a transaction, so that an item that fails takes no other with it."""
    return any(
        isinstance(part, (ast.With, ast.AsyncWith)) and any(_opens(item.context_expr) for item in part.items)
        for part in walk(turn.loop.node)
    )


def _opens(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = terminal_name(node.func)
    owner = terminal_name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    of_store = owner == "transaction" or transactions.OWNERS.search(owner) is not None
    return transactions.ATOMIC.match(name) is not None or (name in transactions.OPENING and of_store)


def _is_locked(turn: Turn, site: CallSite) -> bool:
    """Whether each turn takes a lock of its item before it asks, so that what was fetched before may be old."""
    return any(
        isinstance(item.context_expr, ast.Call) and "lock" in terminal_name(item.context_expr.func).lower()
        for node in site.inside((ast.With, ast.AsyncWith))
        if isinstance(node, (ast.With, ast.AsyncWith)) and node.lineno > getattr(turn.loop.node, "lineno", 0)
        for item in node.items
    )


def _builds_query(turn: Turn) -> bool:
    """Whether the turns of a loop narrow one query, each by a term of what is looked for: these are a handful."""
    return any(
        isinstance(part, ast.Assign)
        and isinstance(part.targets[0], ast.Name)
        and isinstance(part.value, ast.Call)
        and isinstance(part.value.func, ast.Attribute)
        and isinstance(part.value.func.value, ast.Name)
        and part.value.func.value.id == part.targets[0].id
        and part.value.func.attr in _TERMS
        for part in walk(turn.loop.node)
    )


def _fills_one_place(turn: Turn, node: ast.expr) -> bool:
    """Whether what is found is put under a key that is written out, so that one item is meant: `terms["owner"] = …`."""
    return any(
        isinstance(part, ast.Assign)
        and isinstance(part.targets[0], ast.Subscript)
        and isinstance(part.targets[0].slice, ast.Constant)
        and not turn.concerns(part.targets[0].value)
        and node in walk(part.value)
        for part in walk(turn.loop.node)
    )


def _asks_by_kind(turn: Turn, query: Query | None) -> bool:
    """Whether all that a query takes of the item is a state, a role or the like, of which there are a handful."""
    compared = [each for each in query.filters if turn.concerns(each.value)] if query is not None else []
    return bool(compared) and all(
        each.operator in ("exact", "eq")
        and tables.HEAPS.search(each.column) is not None
        and tables.DAYS.search(each.column) is None
        for each in compared
    )


def _is_of_day(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a job goes over the rows that fall on this day, of a table that gets few in one."""
    if source.place(scope).place is Place.REQUEST:
        return False
    for _, iterable in headers(turn.loop.node):
        query = source.queries.of(plain(iterable), scope)
        if query is not None and not grows_per_owner(query):
            return any(each.operator in ("exact", "eq", "date") and _is_today(each.value) for each in query.filters)
    return False


def _is_today(value: ast.expr | None) -> bool:
    """Whether a value is this day, or the next, by its name or by the call that gives it."""
    parts = walk(value) if value is not None else ()
    return any(
        isinstance(part, (ast.Name, ast.Attribute)) and batching.TODAY.search(terminal_name(part)) is not None
        for part in parts
    )


def _fetches(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a turn waits for what another service has of its item, by the names: `fetch_rate(code)`, `api.get(code)`.

    A function of the file is not gone by its name, nor is a client of a store.
    """
    for part in walk(turn.loop.node):
        if not isinstance(part, ast.Call) or not turn.concerns(*part.args):
            continue
        name = terminal_name(part.func)
        if isinstance(part.func, ast.Name):
            if sequential.FETCHING.match(name) is not None and f"def {name}(" not in source.text:
                return True
        elif isinstance(part.func, ast.Attribute) and _is_client(part.func.value):
            site = source.site(part, scope)
            if site.api is None and source.queries.of(part, scope) is None and sequential.ASKING.match(name):
                return True
    return False


def _is_client(node: ast.expr) -> bool:
    """Whether something is a client of a certain service by its name: `rates_client`, not `client`."""
    name = terminal_name(node)
    return "_" in name.strip("_") and sequential.CLIENTS.search(name) is not None


def _is_of_form(turn: Turn) -> bool:
    """Whether a loop goes over what stands under one name in one thing: `body.lines`, not `body.line_ids`."""
    for _, iterable in headers(turn.loop.node):
        part = plain(iterable.values[0] if isinstance(iterable, ast.BoolOp) else iterable)
        if isinstance(part, ast.Attribute):
            name = part.attr
        elif isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant):
            name = str(part.slice.value)
        else:
            continue
        if not turn.concerns(part) and not name.endswith("ids"):
            return True
    return False


def _makes_parts(turn: Turn) -> bool:
    """Whether a turn makes a row of its item that belongs to one thing, which all turns name: `order_id=order.id`."""
    return any(
        isinstance(part, ast.Call)
        and is_made(terminal_name(part.func))
        and any(turn.concerns(each.value) for each in part.keywords)
        and any(isinstance(each.value, ast.Attribute) and not turn.concerns(each.value) for each in part.keywords)
        for part in walk(turn.loop.node)
    )
