"""A call of something that the catalogue knows, with what the rules ask about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog.rows import Api, GuardKind, Place
from flake8_scalability.model.language import arguments, urls
from flake8_scalability.model.language.arguments import Argument
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Value
from flake8_scalability.model.running.places import Standing

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class CallSite:
    """One call: its callee, its arguments, the function it stands in and what surrounds it there."""

    def __init__(self, node: ast.Call, scope: Scope, source: SourceFile) -> None:
        self.node = node
        self.scope = scope
        self.source = source

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """What the callee may be."""
        return self.source.resolver.values(self.node.func, self.scope)

    @property
    def paths(self) -> set[str]:
        return {value.path for value in self.values}

    @cached_property
    def api(self) -> Api | None:
        """The catalogue's row, where every alternative of the callee has one; a class of the file has its base's."""
        rows = []
        for value in self.values:
            # A subclass of the file that builds itself differently is not the library's class any more.
            row = self._row(value.path) if value.path and not _redefines_call(value) else None
            if row is None:
                return None
            rows.append(row)
        return rows[0] if rows else None

    def _row(self, path: str) -> Api | None:
        """Return the row for one path; a reader of files that is given a URL has the row of one that fetches."""
        fetcher = lookup.fetcher(path)
        if fetcher is not None and self.node.args and urls.is_url(self.node.args[0], self.scope):
            return fetcher
        return lookup.api(path)

    @property
    def callee(self) -> str:
        """The callee as the user wrote it, arguments of inner calls left out: `session().get`."""
        return spelled(self.node.func)

    @property
    def receiver(self) -> Value | None:
        """What the called method was read from, where the callee is one thing only."""
        return self.values[0].receiver if len(self.values) == 1 else None

    @property
    def function(self) -> Scope | None:
        """The function whose call makes this call; None at module or class level."""
        return self.scope.function

    @property
    def function_name(self) -> str:
        """The name of that function with its class: "Client.fetch"; "the module" outside functions."""
        return display_name(self.function)

    @cached_property
    def standing(self) -> Standing:
        return self.source.place(self.scope, self.node)

    @property
    def place(self) -> Place:
        return self.standing.place

    @property
    def via(self) -> str:
        """The name of the handler through which this place is reached; "" where it is in the handler itself."""
        via = self.standing.via
        return display_name(via) if via is not None and via is not self.function else ""

    def argument(self, name: str, position: int | None = None) -> Argument:
        """Return what is given for a parameter (see `arguments.find`)."""
        partials = self.values[0].partials if len(self.values) == 1 else ()
        return arguments.find(self.node, self.scope, name, position, partials)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return self.source.parents(self.scope)

    def ancestors(self) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Yield (child, parent) from this call up to the body of its function, lambdas and comprehensions included."""
        stop = self.function.node if self.function is not None else None
        child: ast.AST = self.node
        while True:
            parent = self.parents.get(child)
            if parent is None or parent is stop:
                return
            yield child, parent
            child = parent

    @cached_property
    def statement(self) -> ast.stmt:
        """The statement in which the call stands."""
        node: ast.AST = self.node
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    @cached_property
    def is_awaited(self) -> bool:
        return isinstance(self.parents.get(self.node), ast.Await)

    @cached_property
    def is_deferred(self) -> bool:
        """Whether the call stands in a lambda, so that it runs when and where somebody else calls that."""
        scope: Scope | None = self.scope
        while scope is not None and not scope.is_function:
            if scope.is_lambda:
                return True
            scope = scope.parent
        return False

    @cached_property
    def runs_in_coroutine(self) -> bool:
        """Whether the call runs on the event loop: directly in an `async def`, not in a lambda handed elsewhere."""
        return self.function is not None and self.function.is_coroutine and not self.is_deferred

    def inside(self, kinds: tuple[type, ...]) -> Iterator[ast.AST]:
        """Yield the enclosing nodes of these classes within the function, innermost first."""
        for _, parent in self.ancestors():
            if isinstance(parent, kinds):
                yield parent

    def guarded_by(self, kind: GuardKind) -> bool:
        """Whether the call is handed to a guard of this kind, stands in its `with`, or in a function it decorates."""
        resolver = self.source.resolver
        for child, parent in self.ancestors():
            if isinstance(parent, ast.Call) and child is not parent.func and self._guards(parent.func, kind):
                return True
            if isinstance(parent, (ast.With, ast.AsyncWith)) and child in parent.body:
                for item in parent.items:
                    node = item.context_expr
                    if self._guards(node.func if isinstance(node, ast.Call) else node, kind):
                        return True
        if self.function is None:
            return False
        outside = self.function.parent or self.function
        for node in self.function.decorators:
            for path in resolver.paths(node.func if isinstance(node, ast.Call) else node, outside):
                guard = lookup.guard(path)
                if guard is not None and guard.kind is kind:
                    return True
        return False

    def _guards(self, node: ast.expr, kind: GuardKind) -> bool:
        for path in self.source.resolver.paths(node, self.scope):
            guard = lookup.guard(path)
            if guard is not None and guard.kind is kind:
                return True
        return False


def _redefines_call(value: Value) -> bool:
    """Whether a class of the file replaces the construction of its library base, or stands between call and library."""
    return value.target is not None and (value.instance or value.target.is_function)


def display_name(scope: Scope | None) -> str:
    """The name of a function as messages say it, with its class where it is a method."""
    if scope is None:
        return "the module"
    return f"{scope.parent.name}.{scope.name}" if scope.is_method and scope.parent is not None else scope.name


def spelled(node: ast.AST) -> str:
    """An expression as the user wrote it, shortened: the arguments of calls and the insides of brackets left out."""
    ends: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            ends.append("." + node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            ends.append("()")
            node = node.func
        elif isinstance(node, ast.Subscript):
            ends.append("[…]")
            node = node.value
        elif isinstance(node, ast.Await):
            node = node.value
        else:
            ends.append(node.id if isinstance(node, ast.Name) else "(…)")
            return "".join(reversed(ends))
