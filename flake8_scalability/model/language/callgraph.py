"""The call graph inside one file: who calls which function, and who hands a function to whom."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Any, NamedTuple

from flake8_scalability.model.language.index import grouped
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver, Value


class Edge(NamedTuple):
    """A call from one scope to a function of the file.

    caller: the scope in which the call stands (a function, lambda, comprehension, class or module scope)
    node: the call; with `handed`, the call to which the function is given as an argument
    target: the function
    """

    caller: Scope
    node: ast.Call
    target: Scope
    handed: bool = False


class CallGraph:
    """All edges of a file, by target and by caller.  Calls through values that are unknown have no edge."""

    def __init__(self, scopes: list[Scope], resolver: Resolver) -> None:
        self._resolver = resolver
        self.into: dict[Scope, list[Edge]] = defaultdict(list)
        self.out_of: dict[Scope, list[Edge]] = defaultdict(list)
        self.instantiations: dict[Scope, list[Edge]] = defaultdict(list)
        names = {scope.name for scope in scopes if scope.is_function or scope.is_class}
        if names:
            for scope, nodes in grouped(scopes).get(ast.Call, ()):
                self._collect(scope, nodes, names)

    def _collect(self, scope: Scope, nodes: list[Any], names: set[str]) -> None:
        for node in nodes:
            name = terminal_name(node.func)
            if name in names or name == "cls":
                for value in self._resolver.values(node.func, scope):
                    self._called(scope, node, value)
            given = [*node.args, *[keyword.value for keyword in node.keywords]] if node.keywords else node.args
            for argument in given:
                kind = argument.__class__
                if (kind is ast.Name and argument.id in names) or (kind is ast.Attribute and argument.attr in names):
                    for value in self._resolver.values(argument, scope):
                        if value.target is not None and value.target.is_function:
                            self._add(Edge(scope, node, value.target, handed=True))
                        elif value.target is not None and value.target.is_class and not value.instance:
                            self.instantiations[value.target].append(Edge(scope, node, value.target, handed=True))

    def _called(self, scope: Scope, node: ast.Call, value: Value) -> None:
        target = value.target
        if target is None:
            return
        if target.is_function:
            self._add(Edge(scope, node, target))
        elif target.is_class and not value.instance:
            self.instantiations[target].append(Edge(scope, node, target))
            for owner in self._resolver.ancestry(target):
                constructor = [
                    inner for inner in owner.inner if inner.is_function and inner.name in ("__init__", "__new__")
                ]
                for function in constructor:
                    self._add(Edge(scope, node, function))
                if constructor:
                    break

    def _add(self, edge: Edge) -> None:
        self.into[edge.target].append(edge)
        self.out_of[edge.caller].append(edge)


def calls_by_name(scopes: list[Scope]) -> dict[str, list[tuple[ast.Call, Scope]]]:
    """Return the calls of a file, each with its scope, by the last name of their callee; "" where that is no name."""
    module = scopes[0]
    if module.calls is None:
        found: dict[str, list[tuple[ast.Call, Scope]]] = {}
        module.calls = found
        for scope, nodes in grouped(scopes).get(ast.Call, ()):
            for node in nodes:
                assert isinstance(node, ast.Call)
                name = terminal_name(node.func)
                if name in found:
                    found[name].append((node, scope))
                else:
                    found[name] = [(node, scope)]
    return module.calls


def terminal_name(node: ast.AST) -> str:
    """Return the last name of a dotted expression: "get" of `client.http.get`; "" of anything else."""
    named: Any = node
    kind = node.__class__  # the most asked question of all: a comparison is cheaper than isinstance
    name: str = named.id if kind is ast.Name else named.attr if kind is ast.Attribute else ""
    return name
