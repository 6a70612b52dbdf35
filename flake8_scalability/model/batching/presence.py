"""Rows that are counted or fetched only to learn whether there are any, or how many."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import tables
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.batching.few_found import (
    are_read_anyway,
    is_gone_over,
    is_made_where_missing,
    is_trifle,
)
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loads
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.queries.seldom import runs_seldom
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_COUNTED = "counts every {rows} to test for one"
_FETCHED = "fetches every {rows} to test for one"
_NUMBERED = "fetches rows to count them"
_EXISTS, _COUNT, _FIRST = "use exists()", "use count()", "use first()"
_STATEMENT, _EXISTS_SQL = "SELECT COUNT(*)", "use SELECT EXISTS(...)"


class Probe(NamedTuple):
    """A test: where it stands, what was called as the user spelled it, what it costs, and what to do instead."""

    node: ast.AST
    scope: Scope
    spelled: str
    what: str
    instead: str


def presence_tests(source: SourceFile) -> Iterator[Probe]:
    """Yield the tests outside of tools, each once."""
    seen: set[ast.AST] = set()
    for probe in (*_counts(source), *_lengths(source), *_truths(source)):
        function = probe.scope.function
        if runs_seldom(function, source):
            continue
        if probe.node not in seen and source.place(probe.scope).place in (Place.REQUEST, Place.WORKER, Place.LIBRARY):
            seen.add(probe.node)
            yield probe


def _said(what: str, query: Query) -> str:
    """Return what a test costs, in words that say whether conditions leave out some of the rows."""
    return what.format(rows="matching row" if query.chooses or query.related else "row")


def _counts(source: SourceFile) -> Iterator[Probe]:
    """Yield the numbers of rows of which only the presence is asked."""
    names = ("count", "acount", "count_documents", "scalar", "scalar_one", "fetchone", "fetchval", "fetch_val", "one")
    for name in names:
        for node, scope in source.calls_by_name.get(name, ()):
            query = source.queries.of(node, scope)
            if query is None or not _is_number(query, node, name) or is_trifle(query, source):
                continue
            if query.names & {"limit", "[:]", "distinct"} or (query.statement is not None and query.statement.limited):
                continue
            if _is_asserted(node, scope, source) or _is_before_seeding(node, scope, source):
                continue
            if _is_of_emptiness(query, scope) or _is_before_deletion(scope):
                continue
            if are_read_anyway(node, scope, source) or is_made_where_missing(node, scope, query, source):
                continue
            if _is_presence(node, scope, source) or _named_presence(node, scope, source):
                if query.family.name == "sql":
                    yield Probe(node, scope, _STATEMENT, _said(_COUNTED, query), _EXISTS_SQL)
                else:
                    instead = _FIRST if _takes_first(node, scope, source) else _EXISTS
                    yield Probe(node, scope, _called(node), _said(_COUNTED, query), instead)


def _takes_first(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the first row is taken where there is one: `if found.count(): return found[0]`."""
    counted = ast.dump(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    function = scope.function
    return function is not None and any(
        isinstance(part, ast.Subscript)
        and isinstance(part.slice, ast.Constant)
        and part.slice.value == 0
        and ast.dump(part.value) == counted
        for part in walk(function.node)
    )


def _is_asserted(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a number is asserted: there is none then, as a rule, and none is found as fast as one."""
    return any(isinstance(parent, ast.Assert) for _, parent in source.site(node, scope).ancestors())


def _is_before_seeding(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a table that is found empty is given its first rows, as happens once."""
    for child, parent in source.site(node, scope).ancestors():
        if isinstance(parent, ast.If) and child is parent.test:
            body = [part for statement in parent.body for part in walk(statement)]
            return any(isinstance(part, ast.Call) and tables.SEEDING.search(terminal_name(part.func)) for part in body)
    return False


def _is_of_emptiness(query: Query, scope: Scope) -> bool:
    """Whether a function tells whether a table is empty, whatever it is given: what fills it first asks that."""
    function = scope.function
    if function is None or tables.EMPTINESS.search(function.name) is None:
        return False
    given = {
        part.id
        for each in query.filters
        if each.value is not None
        for part in walk(each.value)
        if isinstance(part, ast.Name)
    }
    return given.isdisjoint(function.parameters)


def _is_before_deletion(scope: Scope, query: Query | None = None) -> bool:
    """Whether a function is named after deleting rows: it does so once in a while, and visits each in any case.

    Of a `query` that fetches rows, where it asks for those of one owner who is deleted.
    """
    function = scope.function
    if function is None or tables.DELETING.match(function.name) is None:
        return False
    return query is None or any(tables.OWNERS.search(each.column) for each in query.filters)


def _is_number(query: Query, node: ast.Call, name: str) -> bool:
    if name in ("count", "acount", "count_documents"):
        return query.gives is Gives.COUNT
    if query.statement is not None:
        return query.statement.aggregate and query.statement.columns[:1] == ("count",) and query.gives is Gives.ONE
    first = query.steps[0].call if query.steps else None
    return (
        query.gives is Gives.ONE
        and query.bounded
        and first is not None
        and bool(first.args)
        and isinstance(first.args[0], ast.Call)
        and terminal_name(first.args[0].func) == "count"
    )


def _lengths(source: SourceFile) -> Iterator[Probe]:
    """Yield `len()` of queries whose rows nobody uses."""
    for node, scope in source.calls_by_name.get("len", ()):
        if not isinstance(node.func, ast.Name) or len(node.args) != 1:
            continue
        argument = node.args[0]
        while (
            isinstance(argument, ast.Call)
            and terminal_name(argument.func) in ("list", "set", "tuple")
            and argument.args
        ):
            argument = argument.args[0]
        query = source.queries.of(argument, scope)
        if query is None or query.bounded or query.gives not in (Gives.QUERY, Gives.MANY):
            continue
        if is_trifle(query, source, fetched=True) or _is_before_deletion(scope, query):
            continue
        if query.family.name == "repository" or (query.ran is not None and query.gives is Gives.QUERY):
            continue
        if isinstance(argument, ast.Name) and (
            _rows_are_used(argument, node, scope, source) or _is_told_at_fetch(argument, query, scope, source)
        ):
            continue
        tests = _is_presence(node, scope, source)
        if tests and is_made_where_missing(node, scope, query, source):
            continue
        what, instead = (_said(_FETCHED, query), _EXISTS) if tests else (_NUMBERED, _COUNT)
        yield Probe(node, scope, _called(node), what, instead)


def _is_told_at_fetch(name: ast.Name, query: Query, scope: Scope, source: SourceFile) -> bool:
    """Whether rows that were fetched into a name are only tested: the finding then stands where they are fetched."""
    return query.gives is Gives.MANY and _only_tested(name.id, name, scope, source)


def _truths(source: SourceFile) -> Iterator[Probe]:
    """Yield queries whose truth is asked, and whose rows nobody uses."""
    for run in source.query_runs:
        query = run.query
        if query.gives is not Gives.MANY or query.bounded or query.family.name == "mongo" or "annotate" in query.names:
            continue
        if is_trifle(query, source, fetched=True) or _is_before_deletion(run.scope, query):
            continue
        node = run.node
        if query.ran is not None and spelled(query.ran.func).startswith("self."):
            continue  # a wrapper of the class's own may as well tell whether all went well
        if is_made_where_missing(node, run.scope, query, source):
            continue
        if isinstance(node, ast.Name):
            if run.use.name == "TRUTH" and not _rows_are_used(node, node, run.scope, source):
                yield Probe(node, run.scope, node.id, _said(_FETCHED, query), _EXISTS)
        elif not isinstance(node, ast.NamedExpr) and _is_tested(node, run.scope, source):
            yield Probe(node, run.scope, _called(node), _said(_FETCHED, query), _EXISTS)
        elif isinstance(node, ast.Call):
            name = _assigned(node, run.scope, source)
            if name and _only_tested(name, node, run.scope, source):
                yield Probe(node, run.scope, _called(node), _said(_FETCHED, query), _EXISTS)


def _called(node: ast.expr) -> str:
    return spelled(node.func) + "()" if isinstance(node, ast.Call) else spelled(node)


# What becomes of a number


def _is_presence(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is only compared with nothing, or asked for its truth."""
    parents = source.parents(scope)
    child: ast.AST = node
    parent = parents.get(child)
    while isinstance(parent, (ast.Await, ast.Subscript)) and (
        not isinstance(parent, ast.Subscript) or parent.value is child
    ):
        child, parent = parent, parents.get(parent)
    if isinstance(parent, ast.Compare) and len(parent.ops) == 1:
        return _with_nothing(parent, child)
    return _is_truth(child, parent)


def _is_tested(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    parents = source.parents(scope)
    child: ast.AST = node
    parent = parents.get(child)
    while isinstance(parent, ast.Await):
        child, parent = parent, parents.get(parent)
    if isinstance(parent, ast.Call) and terminal_name(parent.func) == "bool" and child in parent.args:
        return True
    return _is_truth(child, parent)


def _is_truth(child: ast.AST, parent: ast.AST | None) -> bool:
    if isinstance(parent, ast.UnaryOp):
        return isinstance(parent.op, ast.Not)
    if isinstance(parent, (ast.If, ast.While, ast.IfExp)):
        return parent.test is child
    if isinstance(parent, ast.Call):
        return terminal_name(parent.func) == "bool" and child in parent.args
    return False


def _with_nothing(compare: ast.Compare, child: ast.AST) -> bool:
    """Whether a comparison asks whether a number is nought."""
    other = compare.comparators[0] if compare.left is child else compare.left
    if not isinstance(other, ast.Constant) or isinstance(other.value, bool):
        return False
    kind = type(compare.ops[0])
    if compare.left is not child:
        kind = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}.get(kind, kind)
    if other.value == 0:
        return kind in (ast.Gt, ast.Eq, ast.NotEq, ast.LtE)
    return other.value == 1 and kind in (ast.GtE, ast.Lt)


def _assigned(node: ast.expr, scope: Scope, source: SourceFile) -> str:
    """Return the local name that alone is given a value, "" where there is none."""
    parents = source.parents(scope)
    parent = parents.get(node)
    while isinstance(parent, ast.Await):
        parent = parents.get(parent)
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        return parent.targets[0].id
    return ""


def _named_presence(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    name = _assigned(node, scope, source)
    return bool(name) and _only_tested(name, node, scope, source)


def _only_tested(name: str, node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a local name, bound once, is read for nothing but its presence."""
    function = scope.function
    if function is None or len(function.bindings.get(name, [])) != 1:
        return False
    reads = list(loads(name, function.node))
    return bool(reads) and all(
        _is_presence(each, function, source) or _is_measured(each, function, source) for each in reads
    )


def _is_measured(node: ast.Name, scope: Scope, source: SourceFile) -> bool:
    """Whether a name is handed to `len` for a comparison with nothing."""
    parent = source.parents(scope).get(node)
    return isinstance(parent, ast.Call) and terminal_name(parent.func) == "len" and _is_presence(parent, scope, source)


def _rows_are_used(node: ast.Name, test: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a name whose rows a test has fetched is read for more than that, other than to query further."""
    function = scope.function
    if function is None:
        return True
    for query_of_file in (binding for binding in function.bindings.get(node.id, []) if binding.kind == "parameter"):
        return query_of_file is not None
    parents = source.parents(scope)
    queried = used = False
    for load in loads(node.id, function.node):
        parent = parents.get(load)
        if load is node or _is_presence(load, function, source) or _is_measured(load, function, source):
            continue
        if isinstance(parent, ast.Attribute):
            outer = parents.get(parent)
            if isinstance(outer, ast.Call) and outer.func is parent and source.queries.of(outer, scope) is not None:
                queried = queried or _is_below(outer, test, parents)
                continue
        used = True
    gone_over = [load for load in loads(node.id, function.node) if is_gone_over(load, function, source)]
    filled = any(isinstance(parents.get(load), ast.Starred) or load.lineno < test.lineno for load in gone_over)
    return used and (filled or not (queried and _is_presence(test, function, source)))


def _is_below(node: ast.AST, test: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether something stands in the body of the `if` whose test another node is in."""
    found = [test]
    current: ast.AST | None = test
    while current is not None and not isinstance(current, (ast.If, ast.stmt)):
        current = parents.get(current)
        if current is not None:
            found.append(current)
    if not isinstance(current, ast.If):
        return False
    inner: ast.AST | None = node
    while inner is not None:
        if inner in current.body:
            return True
        inner = parents.get(inner)
    return False
