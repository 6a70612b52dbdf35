"""Entries: the functions that a framework calls, as decorators, bases, registrations and signatures show them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flake8_scalability.catalog import frameworks, live_frameworks, lookup, web_frameworks
from flake8_scalability.catalog.rows import Entry, Place, expand
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.values import Resolver


class _Table(NamedTuple):
    """The entries by what they are recognised by: full path, or last component."""

    by_path: dict[str, Entry]
    by_name: dict[str, Entry]


@cache
def _entries(field: str) -> _Table:
    table = _Table({}, {})
    for entry in frameworks.ENTRIES:
        for path in expand(getattr(entry, field)):
            table.by_path.setdefault(path, entry)
            if entry.by_name:
                table.by_name.setdefault(path.rpartition(".")[2], entry)
    return table


@cache
def _registering_names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _entries("calls").by_path)


class Entries:
    """The functions and classes of a file that a framework knows, each with its entry."""

    def __init__(self, scopes: list[Scope], resolver: Resolver) -> None:
        self._resolver = resolver
        self.imported = frozenset(_roots_of_imports(scopes[0]))
        self.functions: dict[Scope, Entry] = {}
        self.classes: dict[Scope, Entry] = {}
        for scope in scopes:
            if scope.is_class:
                self._classify_class(scope)
            elif scope.is_function:
                self._classify_function(scope)
        for scope in scopes:
            for node in scope.of(ast.Call):
                assert isinstance(node, ast.Call)
                self._classify_registered(node, scope)

    def _mark(self, function: Scope, entry: Entry) -> None:
        known = self.functions.get(function)
        if known is None or entry.place > known.place:
            self.functions[function] = entry

    # Functions

    def _classify_function(self, function: Scope) -> None:
        outside = function.parent or function
        for decorator in function.decorators:
            call = decorator if isinstance(decorator, ast.Call) else None
            entry = self._entry("decorators", call.func if call is not None else decorator, call, outside)
            if entry is not None:
                self._mark(function, entry)
        if function not in self.functions:
            entry = self._by_signature(function)
            if entry is not None:
                self._mark(function, entry)

    def _by_signature(self, function: Scope) -> Entry | None:
        names = tuple(function.parameters)
        if function.is_method:
            if (
                function.name in web_frameworks.FALCON_METHODS
                and len(names) > 2
                and names[2] in ("resp", "response", "ws")
            ):
                return Entry("falcon", Place.REQUEST)
            if ("info" in names[1:4] or "_info" in names[1:4]) and (
                function.name.startswith(live_frameworks.GRAPHENE_PREFIX)
                or function.name in live_frameworks.GRAPHENE_METHODS
            ):
                return Entry("graphene", Place.REQUEST)
        elif function.owner is None:
            if function.name in frameworks.STARTUP_NAMES:
                return Entry("", Place.STARTUP)
            if names[:1] == ("request",) and len(names) < 6 and self.imported & web_frameworks.REQUEST_FIRST:
                return Entry("django", Place.REQUEST)
            if names in frameworks.LAMBDA_PARAMETERS and function.parent is not None and function.parent.is_module:
                return Entry("aws-lambda", Place.REQUEST)
        return None

    def _entry(self, field: str, function: ast.expr, call: ast.Call | None, scope: Scope) -> Entry | None:
        """Return the entry that a decorator or call is: by its path, else by its last name on an unknown receiver."""
        table = _entries(field)
        entry = table.by_name.get(terminal_name(function))
        paths = self._resolver.paths(function, scope)
        for path in paths:
            if path in table.by_path and not (table.by_path[path] is entry and entry.url):
                return table.by_path[path]
        if entry is None and field == "decorators" and _is_socket_event(function):
            return live_frameworks.SOCKET_EVENT
        if entry is None or (entry.url and not _is_route(call)):
            return None
        if not entry.url and any("." in path and lookup.api(path) is not None for path in paths):
            return None
        return entry

    # Classes

    def _classify_class(self, owner: Scope) -> None:
        table = _entries("bases")
        for ancestor in self._resolver.ancestry(owner):
            assert isinstance(ancestor.node, ast.ClassDef)
            for base in ancestor.node.bases:
                values = self._resolver.values(base, ancestor.parent or ancestor)
                name = terminal_name(base)
                entry = next((table.by_path[value.path] for value in values if value.path in table.by_path), None)
                entry = entry or table.by_name.get(name)
                if entry is not None:
                    self.classes.setdefault(owner, entry)
                    self._mark_methods(owner, entry)
                elif name.endswith(live_frameworks.SERVICER_SUFFIX):
                    self._mark_methods(owner, live_frameworks.SERVICER)
                elif not any(value.target is not None for value in values):
                    self._classify_by_base_name(owner, name)
                    if name.endswith("Serializer") and "rest_framework" in self.imported:
                        self._mark_methods(owner, web_frameworks.PROJECT_SERIALIZER)

    def _mark_methods(self, owner: Scope, entry: Entry) -> None:
        wanted = entry.methods.split()
        for method in owner.inner:
            if method.is_function and ((not wanted and not method.name.startswith("_")) or method.name in wanted):
                self._mark(method, entry)

    def _classify_by_base_name(self, owner: Scope, base: str) -> None:
        """A base class of the project whose name says view: the methods that look like those of a view are handlers."""
        entry = next((entry for endings, entry in web_frameworks.PROJECT_BASES if base.endswith(endings)), None)
        if entry is None:
            return
        in_web_file = not self.imported.isdisjoint(web_frameworks.WEB_PACKAGES)
        wanted = entry.methods.split()
        for method in owner.inner:
            if not method.is_function or method.name not in wanted:
                continue
            given = list(method.parameters)[1:2]
            shown = given in (["request"], ["req"]) or _answers(method)
            if shown or (in_web_file and method.name in web_frameworks.NEEDS_NO_REQUEST):
                self.classes.setdefault(owner, entry)
                self._mark(method, entry)

    # Calls

    def _classify_registered(self, node: ast.Call, scope: Scope) -> None:
        """Mark the functions that a call such as `add_url_rule` hands to a framework."""
        if terminal_name(node.func) not in _registering_names():
            return
        entry = self._entry("calls", node.func, node, scope)
        if entry is None:
            # `url` and `path` are known by what stands beside them only: their path decides, never their name
            table = _entries("calls")
            entry = next((table.by_path[p] for p in self._resolver.paths(node.func, scope) if p in table.by_path), None)
        if entry is None:
            return
        for argument in _handed(node, entry):
            for value in self._resolver.values(argument, scope):
                if value.target is not None and value.target.is_function:
                    self._mark(value.target, entry)


def _handed(node: ast.Call, entry: Entry) -> Iterator[ast.expr]:
    for keyword in node.keywords:
        if keyword.arg is not None and keyword.arg == entry.keyword:
            yield keyword.value
    if entry.argument is not None and len(node.args) > entry.argument:
        yield node.args[entry.argument]


def _roots_of_imports(module: Scope) -> Iterator[str]:
    for many in module.bindings.values():
        for binding in many:
            if binding.kind == "import":
                yield binding.path.lstrip(".").partition(".")[0]


def _is_socket_event(function: ast.expr) -> bool:
    """Whether a decorator is `socketio.on` or `socketio.event` of an object that another module made."""
    return (
        isinstance(function, ast.Attribute)
        and function.attr in ("on", "event")
        and terminal_name(function.value) in live_frameworks.SOCKETS
    )


def _answers(method: Scope) -> bool:
    """Whether a method writes an answer through its own object, as those of Tornado do."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in web_frameworks.ANSWERING
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == method.first_parameter
        for scope in method.walk()
        for node in scope.of(ast.Call)
    )


def _is_route(call: ast.Call | None) -> bool:
    """Whether the first argument of a call is a string that looks like the path of a URL."""
    if call is None:
        return False
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in ("path", "rule", "uri"))]
    first = given[0] if given else None
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
        if isinstance(first, ast.FormattedValue):
            return True
    if not isinstance(first, ast.Constant):
        # The rule comes from elsewhere: nothing but a web framework has a decorator called `route`.
        return first is not None and terminal_name(call.func) == "route"
    return isinstance(first.value, str) and (first.value == "" or first.value.startswith("/"))
