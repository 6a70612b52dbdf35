"""Transactions: the stretches of a function in which it holds a transaction, a connection of a pool, or row locks.

An explicit transaction (`atomic`, `engine.begin()`) and a lent connection (`pool.acquire()`) are held for the whole of
their `with`, or of the function that they decorate.  A session takes its connection at its first statement, and gives
it back with the commit: it is held from the one to the other, in the order of the text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import embedded, lookup
from flake8_scalability.catalog import transactions as known
from flake8_scalability.catalog.rows import System
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Span(NamedTuple):
    """A stretch of code during which something of the database is held.

    what: what is held, as a message says it: "a transaction"
    scope: the function in which the stretch stands
    body: its statements
    session: the name of the session that has to be told first, "" where it is held from the beginning
    hooks: there is a way to have something called after the commit
    opens: there is a transaction, so that what is told to others may be told before it is true
    """

    what: str
    scope: Scope
    body: list[ast.stmt]
    session: str = ""
    hooks: bool = False
    opens: bool = True

    def holds(self, node: ast.AST) -> bool:
        """Whether the stretch is held at a node of it."""
        line = getattr(node, "lineno", 0)
        if not any(each.lineno <= line <= (each.end_lineno or each.lineno) for each in self.body):
            return False
        return not self.session or _is_taken(self, node)


def spans(source: SourceFile) -> Iterator[Span]:
    """Yield the stretches of the file in which a transaction or connection is held, explicit ones first."""
    later = []
    for scope in source.scopes:
        if not scope.is_function:
            continue
        assert isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for decorator in scope.decorators:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            if terminal_name(node) == "method_decorator" and isinstance(decorator, ast.Call) and decorator.args:
                node = decorator.args[0]
            if _is_atomic(node, scope.parent or scope, source):
                yield Span("a transaction", scope, scope.node.body, hooks=_has_hooks(source))
        for each in scope.of(ast.With, ast.AsyncWith):
            assert isinstance(each, (ast.With, ast.AsyncWith))
            for item in each.items:
                found = _of_item(item, each, scope, source)
                if found is not None and found.session:
                    later.append(found)
                elif found is not None:
                    yield found
        later += _handed(scope, source)
    yield from later


def _has_hooks(source: SourceFile) -> bool:
    return "django" in source.queries.packages


def _of_item(item: ast.withitem, block: ast.With | ast.AsyncWith, scope: Scope, source: SourceFile) -> Span | None:
    """Return the stretch that one item of a `with` opens."""
    node = item.context_expr
    if isinstance(node, ast.Await):
        node = node.value
    callee = node.func if isinstance(node, ast.Call) else node
    if _is_embedded(callee, scope, source):
        return None
    if _is_atomic(callee, scope, source):
        return Span("a transaction", scope, block.body, hooks=_has_hooks(source))
    if not isinstance(node, ast.Call):
        return None
    name = terminal_name(callee)
    owner = terminal_name(callee.value) if isinstance(callee, ast.Attribute) else ""
    bound = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else ""
    if name in known.OPENING and isinstance(callee, ast.Attribute):
        inner = callee.value.func if isinstance(callee.value, ast.Call) else callee.value
        if not known.OWNERS.search(terminal_name(inner)) or _is_other_system(callee, scope, source):
            return None
        # A session begins with its first statement, an engine at once.
        lazy = "sess" in terminal_name(inner).lower()
        session = (bound or spelled(callee.value)) if lazy else ""
        return Span("a transaction", scope, block.body, session)
    if name in known.LENDING and known.LENDERS.search(owner) and not _is_other_system(callee, scope, source):
        return Span("a pooled connection", scope, block.body, opens=False)
    if bound and known.SESSIONS.search(name) and "cursor" not in name and not _is_other_system(callee, scope, source):
        return Span("a session's connection", scope, block.body, bound)
    return None


def _handed(scope: Scope, source: SourceFile) -> Iterator[Span]:
    """Yield the stretch of a session that a function is given: from its first statement on."""
    assert isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    for name, argument in scope.parameters.items():
        if argument.annotation is None or not known.SESSIONS.search(name):
            continue
        paths = source.resolver.paths(ast.Name(name, ast.Load()), scope)
        if paths and paths <= known.SESSION_TYPES:
            yield Span("a session's connection", scope, scope.node.body, name)


def _is_atomic(callee: ast.expr, scope: Scope, source: SourceFile) -> bool:
    if not known.ATOMIC.match(terminal_name(callee)):
        return False
    owner = terminal_name(callee.value) if isinstance(callee, ast.Attribute) else ""
    if terminal_name(callee) == "atomic" and owner and owner != "transaction" and not known.OWNERS.search(owner):
        return False
    values = source.resolver.values(callee, scope)
    return not any(value.target is not None for value in values) or terminal_name(callee) != "atomic"


def _is_embedded(callee: ast.expr, scope: Scope, source: SourceFile) -> bool:
    return any(path.startswith(embedded.DRIVERS) for path in source.resolver.paths(callee, scope))


def _is_other_system(callee: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether the catalogue knows the callee, or what it is called on, as something else than a database."""
    nodes = [callee, callee.value] if isinstance(callee, ast.Attribute) else [callee]
    for node in nodes:
        for path in source.resolver.paths(node, scope):
            row = lookup.api(path) or lookup.api(path[:-2] if path.endswith("()") else path)
            if row is not None and row.system is not System.DATABASE:
                return True
    return False


# Sessions: from the first statement to the commit


def _is_taken(span: Span, node: ast.AST) -> bool:
    """Whether the session has spoken with the database before a node, and not ended that since."""
    return _said_before(span, node) is True


def ends_before(session: str, function: Scope, node: ast.AST) -> bool:
    """Whether a function that is handed a session ends what that held, or has others do so, before a node."""
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return _said_before(Span("a session's connection", function, function.node.body, session), node) is False


def _said_before(span: Span, node: ast.AST) -> bool | None:
    """Whether the session holds its connection by what was said to it before a node; None where nothing was."""
    place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    taken = None
    for call in sorted(_calls(span), key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0)):
        if (call.end_lineno or 0, call.end_col_offset or 0) > place:
            break
        says = _says(call, span)
        if says is not None and not _leaves(call, span, place):
            taken = says
    return taken


def _calls(span: Span) -> list[ast.Call]:
    first, last = span.body[0].lineno, span.body[-1].end_lineno or span.body[-1].lineno
    return [
        call
        for scope in span.scope.walk_same_call()
        for call in scope.of(ast.Call)
        if isinstance(call, ast.Call) and first <= call.lineno <= last
    ]


def _says(call: ast.Call, span: Span) -> bool | None:
    """Whether a call makes the session hold its connection, or gives it back; None where it does neither."""
    if isinstance(call.func, ast.Attribute) and spelled(call.func.value) == span.session:
        if call.func.attr in known.ENDINGS:
            return False
        if call.func.attr in known.STATEMENTS:
            return True
        if call.func.attr == "get" and len(call.args) > 1:
            return True
        return None
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if any(isinstance(each, ast.Name) and each.id == span.session for each in given):
        # What a function of another file does with the session, its name has to tell: it may commit as well.
        return known.READERS.match(terminal_name(call.func)) is not None
    return None


def _leaves(call: ast.Call, span: Span, place: tuple[int, int]) -> bool:
    """Whether a call stands in a branch that leaves the function, so that what follows never ran after it."""
    for scope in span.scope.walk_same_call():
        for branch in scope.of(ast.If):
            assert isinstance(branch, ast.If)
            for block in (branch.body, branch.orelse):
                if not block or not block[0].lineno <= call.lineno <= (block[-1].end_lineno or 0):
                    continue
                if place[0] > (block[-1].end_lineno or 0) and isinstance(block[-1], (ast.Return, ast.Raise)):
                    return True
    return False
