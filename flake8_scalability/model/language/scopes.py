"""Scopes and bindings as Python has them: who binds a name, and in which scope a name is looked up.

Class scopes are invisible from their methods, comprehensions have a scope of their own, `global` and `nonlocal`
send a binding to another scope.  (Language reference, "Naming and binding".)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from flake8_scalability.model.language.lazy import cached_property


class Binding(NamedTuple):
    """One way in which a name or attribute gets its value.

    kind: "import" (value is the dotted path), "assign", "annotation", "with", "for", "unpack", "parameter",
          "function", "class", "except", "augmented", "delete", "match" or "type parameter"
    node: the statement or argument that binds
    value: the expression that is bound, None where there is none to be named
    scope: the scope in which `value` is evaluated
    """

    kind: str
    node: ast.AST
    value: ast.expr | None
    scope: Scope
    path: str = ""
    annotation: ast.expr | None = None


#: What a scope is by the node that opens it: the name of its kind where the node has none.
_KINDS: dict[type, str] = {
    ast.Module: "<module>",
    ast.ClassDef: "",
    ast.FunctionDef: "",
    ast.AsyncFunctionDef: "",
    ast.Lambda: "<lambda>",
    ast.ListComp: "<comprehension>",
    ast.SetComp: "<comprehension>",
    ast.DictComp: "<comprehension>",
    ast.GeneratorExp: "<comprehension>",
}


class Scope:
    """A module, class, function, lambda or comprehension, with the recorded nodes that run directly in it.

    name: the plain name of a function or class, "<module>", "<lambda>" or "<comprehension>"
    is_function: it is a `def`, of whatever kind; lambdas are none
    calls, groups: of a module, what `callgraph.calls_by_name` and `index.grouped` have found in it
    """

    def __init__(self, node: ast.AST, parent: Scope | None) -> None:
        self.node = node
        self.parent = parent
        self.inner: list[Scope] = []
        self.nodes: dict[type, list[ast.AST]] = {}
        self.calls: dict[str, list[tuple[ast.Call, Scope]]] | None = None
        self.groups: dict[type, list[tuple[Scope, list[ast.AST]]]] | None = None
        kind = node.__class__
        self.name: str = _KINDS[kind] or node.name  # type: ignore[attr-defined]
        self.is_module = kind is ast.Module
        self.is_class = kind is ast.ClassDef
        self.is_coroutine = kind is ast.AsyncFunctionDef
        self.is_function = self.is_coroutine or kind is ast.FunctionDef
        self.is_lambda = kind is ast.Lambda
        self.is_comprehension = self.name == "<comprehension>"
        self.is_method = self.is_function and parent is not None and parent.is_class

    def __repr__(self) -> str:
        return f"<Scope {self.name}>"

    def of(self, *kinds: type) -> Iterator[ast.AST]:
        """Return the recorded nodes of these classes that run directly in this scope, class by class."""
        nodes = self.nodes
        if len(kinds) == 1:
            return iter(nodes.get(kinds[0], ()))
        return chain.from_iterable([nodes[kind] for kind in kinds if kind in nodes])

    @property
    def qualified_name(self) -> str:
        """The dotted name inside the file: "Client.fetch"; comprehensions and lambdas add nothing."""
        parts: list[str] = []
        scope: Scope | None = self
        while scope is not None:
            if not scope.name.startswith("<"):
                parts.append(scope.name)
            scope = scope.parent
        return ".".join(reversed(parts)) or "<module>"

    @cached_property
    def function(self) -> Scope | None:
        """The nearest function (no lambda, comprehension) whose call runs this code; None at module or class level."""
        scope: Scope | None = self
        while scope is not None and not scope.is_function:
            if scope.is_class or scope.is_module:
                return None
            scope = scope.parent
        return scope

    @cached_property
    def owner(self) -> Scope | None:
        """The class whose method this function is, or in whose method it is nested."""
        scope = self.parent
        while scope is not None and not scope.is_class:
            scope = scope.parent
        return scope

    @cached_property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    @cached_property
    def parameters(self) -> dict[str, ast.arg]:
        """The parameters by name, in order; empty for what is not a function."""
        if not isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return {}
        args = self.node.args
        extra = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
        return {arg.arg: arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, *extra)}

    @property
    def first_parameter(self) -> str:
        return next(iter(self.parameters), "")

    @cached_property
    def type_parameters(self) -> list[str]:
        """The names in `def f[T]` and `class A[T]`, which the whole of the function or class sees."""
        return [parameter.name for parameter in getattr(self.node, "type_params", ())]

    @property
    def decorators(self) -> list[ast.expr]:
        decorators: list[ast.expr] = getattr(self.node, "decorator_list", [])
        return decorators

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """Every binding of every name that belongs to this scope, in source order."""
        from flake8_scalability.model.language.bindings import bindings_of

        return bindings_of(self)

    @cached_property
    def declared(self) -> dict[str, str]:
        """The names that this scope declares "global" or "nonlocal"."""
        found: dict[str, str] = {}
        for node in self.of(ast.Global, ast.Nonlocal) if self.declares else ():
            assert isinstance(node, (ast.Global, ast.Nonlocal))
            kind = "global" if isinstance(node, ast.Global) else "nonlocal"
            found.update(dict.fromkeys(node.names, kind))
        return found

    @property
    def declares(self) -> bool:
        """Whether a `global` or `nonlocal` stands in this scope."""
        return ast.Global in self.nodes or ast.Nonlocal in self.nodes

    def lookup(self, name: str) -> Scope | None:
        """Return the scope whose binding a load of `name` from here reads; None where no scope of the file binds it."""
        scope: Scope | None = self
        while scope is not None:
            if not scope.is_class or scope is self:
                if scope.declared.get(name) == "global":
                    return scope.module if name in scope.module.bindings else None
                if name in scope.bindings:
                    return scope
            elif name in scope.type_parameters:
                return scope
            scope = scope.parent
        return None

    @cached_property
    def senders(self) -> list[tuple[Scope, str, Scope]]:
        """Of a module: (sender, name, receiver) for each name that a scope binds in another one."""
        found = []
        for scope in self.walk():
            for name, kind in scope.declared.items() if scope.declares else ():
                receiver = self if kind == "global" else scope.enclosing_owner(name)
                if receiver is not None and receiver is not scope:
                    found.append((scope, name, receiver))
        return found

    def enclosing_owner(self, name: str) -> Scope | None:
        """Return the function around this scope whose own name `name` is: what `nonlocal` means."""
        from flake8_scalability.model.language.bindings import own_names

        scope = self.parent
        while scope is not None and not scope.is_module:
            if not scope.is_class and name not in scope.declared and name in own_names(scope):
                return scope
            scope = scope.parent
        return None

    def walk(self) -> Iterator[Scope]:
        """Yield this scope and all scopes nested in it."""
        stack = [self]
        while stack:
            scope = stack.pop()
            yield scope
            stack.extend(reversed(scope.inner))

    def walk_same_call(self) -> Iterator[Scope]:
        """Yield this scope and the comprehensions in it: what runs when the function runs, without nested functions."""
        stack = [self]
        while stack:
            scope = stack.pop()
            yield scope
            stack.extend(inner for inner in reversed(scope.inner) if inner.is_comprehension)
