"""Rows that are few, or are read in any case, so that to count or fetch them for their presence costs little."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flake8_scalability.catalog import answers, query_methods, tables
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loads
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.growth import grows, grows_per_owner, grows_per_parent
from flake8_scalability.model.queries.narrowing import is_small, is_underway, table_words
from flake8_scalability.model.queries.queries import Filter, Query
from flake8_scalability.model.queries.uniqueness import holds_one, is_by_keys

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Steps after which a query still gives the rows that it gave before.
_SAME_ROWS = frozenset({
    "all", "order_by", "prefetch_related", "select_related", "options", "only", "defer", "annotate", "using",
})  # fmt: skip
#: Calls that take all of what they are handed.
_TAKING = frozenset({"list", "tuple", "sorted", "set", "enumerate"})
_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def is_trifle(query: Query, source: SourceFile, fetched: bool = False) -> bool:
    """Whether it is not shown that there may be many rows, or is unknown what is asked.

    Of a table that grows with the use of the service there are; of those that one other row has, where its name says
    that many people make them for one thing.
    """
    if query.family.name == "repository" or is_by_keys(query, source) or is_small(query.entity):
        return True
    if _is_own_method(query) or any(map(_is_of_staff, query.filters)):
        return True
    if any(is_underway(each.value) or (fetched and each.operator == "in") for each in query.filters):
        return True
    if _is_of_pair(query) or _settles_purchase(query):
        return True
    if any(tables.OWNERS.search(each.column) for each in query.filters):
        return not grows_per_owner(query) or holds_one(query, source)
    if (query.related and query_methods.MANAGER.match(query.entity) is None) or "with_parent" in query.names:
        return not (grows_per_owner(query) if fetched else grows_per_parent(query))
    given = [each for each in query.filters if _is_given(each)]
    if given and (not grows_per_parent(query) or tables.PARENT.match(given[0].column)):
        return True
    return not grows(query, source) or holds_one(query, source)


def _is_of_staff(each: Filter) -> bool:
    """Whether a condition leaves the few who run a service: `is_superuser=True`, a role that leaders have."""
    if each.operator not in ("exact", "in") or tables.STAFF.search(each.column) is None:
        return False
    value = each.text or (ast.unparse(each.value) if each.value is not None else "True")
    return value == "True" or tables.LEADERS.search(value) is not None


def _settles_purchase(query: Query) -> bool:
    """Whether a query asks how one purchase was paid: by one transaction, as a rule, or two."""
    if tables.SETTLEMENTS.search(table_words(query)) is None:
        return False
    if any(_is_given(each) and tables.PURCHASE.search(each.column) for each in query.filters):
        return True
    manager = getattr(query.steps[0].call, "func", None) if query.related and query.steps else None
    row = (
        manager.value.value if isinstance(manager, ast.Attribute) and isinstance(manager.value, ast.Attribute) else None
    )
    return row is not None and tables.PURCHASE.search(terminal_name(row)) is not None


def _is_of_pair(query: Query) -> bool:
    """Whether a query asks for the rows that two others have in common: one, as a rule."""
    return sum(map(_is_given, query.filters)) > 1


def _is_given(each: Filter) -> bool:
    """Whether a condition leaves the rows of one other row, or of one value, that the function is given."""
    is_value = each.operator == "exact" and each.text is None and not isinstance(each.value, ast.Constant)
    return is_value and tables.HEAPS.search(each.column) is None


def _is_own_method(query: Query) -> bool:
    """Whether the last step is a method of the project's own, which may give anything: `objects.can_update(...)`."""
    return bool(query.steps) and query.opaque and query.family.gives.get(query.steps[-1].name) is None


# Rows that are made where there is none


def is_made_where_missing(node: ast.expr, scope: Scope, query: Query, source: SourceFile) -> bool:
    """Whether a row of the same table is made where a test finds none, so that what it looks for is there once.

    What an owner or another row has may be made by others as well, and a table without conditions gets more in time.
    """
    if not query.chooses or not query.entity or all(map(_is_of_other, query.filters)):
        return False
    making = re.compile(tables.MAKING_OF.format(re.escape(table_words(query))))
    return any(
        _makes(part, query.entity, making)
        for test in _tests(node, scope, source)
        for statement in _where_missing(test, scope, source)
        for part in walk(statement)
    )


def _is_of_other(each: Filter) -> bool:
    """Whether a condition asks for the rows of somebody, or of one other row."""
    return tables.OWNERS.search(each.column) is not None or each.column.endswith(("_id", "_pk"))


def _makes(node: ast.AST, entity: str, making: re.Pattern[str]) -> bool:
    """Whether a call makes a row: `Entity(...)`, `Entity.objects.create(...)`, `save_entity()`."""
    if not isinstance(node, ast.Call):
        return False
    name = terminal_name(node.func)
    if name == entity or making.search(name) is not None:
        return True
    return name in tables.MAKING and any(
        isinstance(part, (ast.Name, ast.Attribute)) and terminal_name(part) == entity for part in walk(node.func)
    )


def _tests(node: ast.expr, scope: Scope, source: SourceFile) -> Iterator[ast.expr]:
    """Yield the expressions that hold what a query gives where it is tested: itself, or a name that is given it."""
    parents = source.parents(scope)
    above: ast.AST | None = node
    while above is not None and not isinstance(above, ast.stmt):
        above = parents.get(above)
    if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name) and scope.function is not None:
        yield from loads(above.targets[0].id, scope.function.node)
    else:
        yield node


def _where_missing(test: ast.expr, scope: Scope, source: SourceFile) -> Sequence[ast.stmt]:
    """Return the statements that run only where a test of presence has found nothing."""
    parents = source.parents(scope)
    child: ast.AST = test
    missing = False
    parent = parents.get(child)
    while parent is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
            missing = not missing
        elif isinstance(parent, ast.Compare):
            missing = isinstance(parent.ops[0], (ast.Eq, ast.LtE, ast.Lt))
        elif isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.And) is not missing:
            return ()
        child, parent = parent, parents.get(parent)
    if not isinstance(parent, ast.If) or child is not parent.test:
        return ()
    if missing:
        return parent.body
    if parent.orelse or not isinstance(parent.body[-1], _LEAVING):
        return parent.orelse
    block = getattr(parents.get(parent, scope.node), "body", [])
    return block[block.index(parent) + 1 :] if parent in block else ()


# Rows that are read anyway


def are_read_anyway(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the function takes all rows of the query that it counts, or hands them on, by the name that holds it."""
    held = node.func.value if isinstance(node.func, ast.Attribute) else None
    function = scope.function
    if not isinstance(held, ast.Name) or function is None:
        return False
    counted = {id(each.node) for each in reaching.bindings(held, scope, source)}
    return any(
        load is not held and _is_still(load, node, counted, function, source) and _takes_all(load, function, source)
        for load in loads(held.id, function.node)
    )


def _is_still(load: ast.Name, node: ast.Call, counted: set[int], function: Scope, source: SourceFile) -> bool:
    """Whether a name may hold what was counted where it is read, and has been bound to nothing else since."""
    found = reaching.bindings(load, function, source)
    return any(id(each.node) in counted for each in found) and all(
        id(each.node) in counted or getattr(each.node, "lineno", 0) < node.lineno for each in found
    )


def _takes_all(load: ast.expr, function: Scope, source: SourceFile, steps: int = 2) -> bool:
    """Whether all rows of a query are gone over or put into a list, or whoever calls the function is given them.

    What a view calls to narrow its rows gives them to the pages of a listing, which take a part.
    """
    if is_gone_over(load, function, source):
        return True
    parents = source.parents(function)
    node: ast.AST = load
    parent = parents.get(node)
    while isinstance(parent, ast.Attribute) and parent.attr in _SAME_ROWS:
        call = parents.get(parent)
        if not isinstance(call, ast.Call) or call.func is not parent:
            return False
        node, parent = call, parents.get(call)
        if is_gone_over(call, function, source):
            return True
    if isinstance(parent, ast.Call) and node in parent.args:
        return terminal_name(parent.func) in _TAKING or any(keyword.arg == "many" for keyword in parent.keywords)
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name) and node is not load and steps:
        name = parent.targets[0].id
        return any(
            each.lineno > parent.lineno and _takes_all(each, function, source, steps - 1)
            for each in loads(name, function.node)
        )
    return isinstance(parent, ast.Return) and function.name not in answers.NARROWING


def is_gone_over(load: ast.expr, function: Scope, source: SourceFile) -> bool:
    """Whether rows stand where all of them are taken: by a loop, a comprehension, `owner.members.add(*rows)`."""
    parent = source.parents(function).get(load)
    return isinstance(parent, ast.Starred) or (
        isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)) and parent.iter is load
    )
