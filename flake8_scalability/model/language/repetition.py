"""What a file does again and again: expressions and calls of its own functions around which a loop may be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import Edge
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Repetition:
    """Answers, as far as lines show, what a loop or comprehension of the same function may be around."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source

    @cached_property
    def _repeated(self) -> dict[Scope, list[tuple[int, int]]]:
        """The lines of the loop statements that stand directly in each scope."""
        found: dict[Scope, list[tuple[int, int]]] = {}
        for scope in self._source.scopes:
            for node in scope.of(ast.For, ast.AsyncFor, ast.While):
                assert isinstance(node, ast.stmt)
                found.setdefault(scope, []).append((node.lineno, node.end_lineno or node.lineno))
        return found

    @cached_property
    def edges(self) -> list[tuple[Scope, Edge]]:
        """The calls of the file's own functions around which a loop of the calling function may be, with its scope."""
        if not self.has_loops:
            return []
        names = {scope.name for scope in self._source.scopes if scope.is_function or scope.is_class} | {"cls"}
        calls = (
            each for name in names & self._source.calls_by_name.keys() for each in self._source.calls_by_name[name]
        )
        if not any(self.may_be_around(node, scope) for node, scope in calls):
            return []
        return [
            (scope, edge)
            for scope in self._source.scopes
            for edge in self._source.graph.out_of.get(scope, ())
            if not edge.handed and self.may_be_around(edge.node, scope)
        ]

    @cached_property
    def has_loops(self) -> bool:
        """Whether anything in the file is done again and again by a loop or a comprehension."""
        return self._source.has(ast.For, ast.AsyncFor, ast.While) or any(
            scope.is_comprehension for scope in self._source.scopes
        )

    def may_be_around(self, node: ast.expr, scope: Scope) -> bool:
        """Whether a loop or comprehension of the same function may be around an expression, as far as lines show."""
        current: Scope | None = scope
        while current is not None:
            if current.is_comprehension:
                return True
            loops = self._repeated.get(current, ())
            if any(first <= node.lineno <= last for first, last in loops):
                return True
            if current.is_function:
                return False
            current = current.parent
        return False
