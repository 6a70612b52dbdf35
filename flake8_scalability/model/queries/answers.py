"""Answers: the queries whose rows a handler answers with, all of them.

The value of each `return` is followed through local names, loops that append, comprehensions, and the calls that carry
rows into an answer (serializers, templates, responses); not through functions that may take a part.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import answers as known
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 400


class Answers:
    """The queries that one function answers with."""

    def __init__(self, function: Scope, source: SourceFile) -> None:
        self._function = function
        self._source = source
        self._seen: set[ast.AST] = set()
        self._appended = _appended(function)

    def queries(self) -> Iterator[Query]:
        """Yield the queries in what the function returns, or writes into its response."""
        for node in self._function.of(ast.Return):
            assert isinstance(node, ast.Return)
            if node.value is not None:
                yield from self._of(node.value, self._function)
        for node in self._function.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            target = node.targets[0]
            if isinstance(target, ast.Attribute) and target.attr in ("media", "text", "body"):
                yield from self._of(node.value, self._function)
        for node in self._function.of(ast.Call):
            assert isinstance(node, ast.Call)
            writes = isinstance(node.func, ast.Attribute) and node.func.attr in ("write", "finish", "render")
            if writes and spelled(node.func).startswith("self."):
                yield from self._of(node, self._function)

    def _of(self, node: ast.expr, scope: Scope) -> Iterator[Query]:
        if node in self._seen or len(self._seen) > MAX_STEPS:
            return
        self._seen.add(node)
        query = self._source.queries.of(node, scope)
        if query is not None:
            yield query
            return
        for child, where in self._parts(node, scope):
            yield from self._of(child, where)

    def _parts(self, node: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        """Yield the parts of an expression whose rows are in it."""
        if isinstance(node, ast.Name):
            yield from self._of_name(node, scope)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            if not node.generators[0].ifs:
                yield node.generators[0].iter, scope
        elif isinstance(node, ast.Call):
            yield from self._of_call(node, scope)
        elif isinstance(node, (ast.Dict, ast.List, ast.Tuple, ast.IfExp, ast.Await, ast.Starred, ast.BoolOp)):
            if not isinstance(node, ast.IfExp):
                yield from ((child, scope) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
            else:
                yield from ((node.body, scope), (node.orelse, scope))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            yield node.value, scope

    def _of_call(self, node: ast.Call, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        name = terminal_name(node.func)
        if name in known.REDUCING or known.PAGES.search(name):
            return
        is_class = name[:1].isupper()
        if not (is_class or known.CARRYING.search(name)):
            return
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call):
            yield node.func.value, scope
        yield from ((argument, scope) for argument in node.args)
        yield from ((keyword.value, scope) for keyword in node.keywords)

    def _of_name(self, node: ast.Name, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        for binding in reaching.bindings(node, scope, self._source):
            if binding.kind in ("assign", "annotation") and binding.value is not None:
                yield binding.value, binding.scope
        for value in self._appended.get(node.id, ()):
            yield value, self._function


def _appended(function: Scope) -> dict[str, list[ast.expr]]:
    """Return what is put into each local collection: the iterables of the loops that append, and items that are set."""
    found: dict[str, list[ast.expr]] = {}
    for loop in function.of(ast.For, ast.AsyncFor):
        assert isinstance(loop, (ast.For, ast.AsyncFor))
        for statement in loop.body:  # a condition may leave most of them out
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                call = statement.value
                if terminal_name(call.func) in ("append", "add") and isinstance(call.func, ast.Attribute):
                    found.setdefault(terminal_name(call.func.value), []).append(loop.iter)
            elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
                if isinstance(statement.value, ast.BinOp):
                    continue  # a sum for each key, not the rows
                found.setdefault(terminal_name(statement.targets[0].value), []).append(loop.iter)
    for node in function.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            found.setdefault(target.value.id, []).append(node.value)
    return found
