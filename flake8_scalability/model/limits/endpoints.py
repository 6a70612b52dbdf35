"""Endpoints: the functions and classes of a file that answer HTTP requests, with what their registration says.

Found are functions under a route's decorator, functions handed to a router, Django's views, and the methods of
class-based views.  Hooks, dependencies, error handlers, web sockets, and what other callers than browsers start
(bots, consumers, cloud functions) are no endpoints.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import endpoint_frameworks as known
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import display_name, spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile
#: What a function that answers for a failed endpoint calls its second parameter.
_ERRORS = frozenset({"exc", "exception", "error", "err"})


class Endpoint(NamedTuple):
    """One endpoint.

    function: the handler; None where a class-based view inherits it
    owner: the class of a class-based view
    framework: as in `catalog.rows.Entry`; "web" where it is not known
    methods: the methods of HTTP it answers; empty where that is not shown
    url: its URL as far as it is spelled, "" where it is not
    receiver: what it is registered on, as spelled in the file: "router"; "" where nothing is shown
    """

    function: Scope | None
    owner: Scope | None
    framework: str
    methods: frozenset[str] = frozenset()
    url: str = ""
    receiver: str = ""

    @property
    def scope(self) -> Scope:
        """The function, else the class: where a finding on the endpoint stands."""
        scope = self.function or self.owner
        assert scope is not None
        return scope

    @property
    def name(self) -> str:
        """What messages call the endpoint: "login", "LoginView.post", "OrderViewSet"."""
        return display_name(self.function) if self.function is not None else self.scope.name


class _Route(NamedTuple):
    """What a decorator or a registering call says of an endpoint."""

    methods: frozenset[str]
    url: str
    receiver: str


def endpoints_of(source: SourceFile) -> list[Endpoint]:
    """Return the endpoints of a file in the order of the text; a tool has none."""
    if not may_have_endpoints(source) or (source.is_tool and not source.settings.include_tools):
        return []
    found: dict[Scope, Endpoint] = {}
    registered = _registered(source)
    imported = _imported(source)
    for function, standing in source.places.handlers.items():
        if standing.place is Place.REQUEST:
            endpoint = _of_function(function, _framework(standing.framework, imported), registered, source)
            if endpoint is not None:
                found[function] = endpoint
    for owner, entry in source.places.handler_classes.items():
        if entry.place is Place.REQUEST and entry.framework in known.VIEW_FRAMEWORKS and not _is_replaced(owner):
            for endpoint in _of_class(owner, _framework_of_class(entry.framework, imported), found):
                found.setdefault(endpoint.scope, endpoint)
    return sorted(found.values(), key=lambda endpoint: getattr(endpoint.scope.node, "lineno", 0))


def may_have_endpoints(source: SourceFile) -> bool:
    """Whether anything in a file could make an endpoint, by names alone: most files are left before their places."""
    if not _ROUTING.isdisjoint(source.decorating_names) or any(map(_is_response, source.calls_by_name)):
        return True
    if source.operations:
        return True
    for scope in source.scopes:
        if scope.is_method and (scope.name in known.VIEW_METHODS or scope.name.startswith("on_")):
            return True
        if isinstance(scope.node, ast.ClassDef) and any(
            terminal_name(base) in known.GENERIC_VIEWS for base in scope.node.bases
        ):
            return True
    return any(
        terminal_name(argument) in source.callable_names
        for name in known.REGISTERING & source.calls_by_name.keys()
        for call, _ in source.calls_by_name[name]
        for argument in _handed(call)
    )


_ROUTING = known.ROUTES | known.ACTIONS | known.VIEW_DECORATORS


def _handed(call: ast.Call) -> list[ast.expr]:
    """Return what a call that registers something may hand over: the URL stands before it."""
    return [*call.args[1:4], *(keyword.value for keyword in call.keywords)]


@lru_cache(maxsize=8192)
def _is_response(name: str) -> bool:
    """Whether a call of this name makes the answer of a view."""
    return known.RESPONSES.search(name) is not None


# Functions


def _of_function(
    function: Scope, framework: str, registered: dict[Scope, _Route], source: SourceFile
) -> Endpoint | None:
    if framework not in known.WEB_FRAMEWORKS or _answers_errors(function) or _opens_a_socket(function):
        return None
    for decorator in function.decorators:
        route = _route(decorator)
        if route is not None:
            return Endpoint(function, function.owner, framework, route.methods, route.url, route.receiver)
    if function.owner is None and function.name in source.operations:
        operation = source.operations[function.name]
        return Endpoint(function, None, framework, frozenset({operation.method}), operation.url)
    if function in registered:
        return Endpoint(function, function.owner, framework, *registered[function])
    if framework == "falcon" and function.is_method and function.name.startswith("on_"):
        return Endpoint(function, function.owner, framework, frozenset({function.name[3:].upper()}))
    if framework in known.BY_METHOD_NAME and function.is_method and function.name in known.METHODS:
        return Endpoint(function, function.owner, framework, frozenset({function.name}))
    if function.owner is None and framework == "django" and _answers(function) and not _is_helper(function, source):
        framework = _framework_of_views(source, framework)
        if framework not in known.BY_ROUTE_ALONE:
            return Endpoint(function, None, framework, _methods_by_decorator(function))
    return None


def _answers_errors(function: Scope) -> bool:
    """Whether a function is handed the exception that an endpoint has raised."""
    return not _ERRORS.isdisjoint([name for name in function.parameters if name != "self"][1:2])


def _opens_a_socket(function: Scope) -> bool:
    """Whether a handler of aiohttp answers with a web socket."""
    return any(terminal_name(call.func) == "WebSocketResponse" for call in function.of(ast.Call))  # type: ignore[attr-defined]


def _route(decorator: ast.expr) -> _Route | None:
    """Return what a decorator says, where it is one that registers a route."""
    call = decorator if isinstance(decorator, ast.Call) else None
    callee = call.func if call is not None else decorator
    name = terminal_name(callee)
    if name in known.EXPOSING and not (call is not None and _url(call).startswith("/")):
        return _Route(frozenset(), "", "")
    if name in known.ROUTES:
        if call is None:
            return None
        receiver = spelled(callee.value) if isinstance(callee, ast.Attribute) else ""
        return _Route(_methods(call, name), _url(call), receiver)
    if name in known.ACTIONS and (
        not isinstance(callee, ast.Attribute) or spelled(callee.value) in known.DECORATOR_MODULES
    ):
        return _Route(_methods(call, name) if call is not None else frozenset({"GET"}), _url(call), "")
    return None


def _methods(call: ast.Call, name: str) -> frozenset[str]:
    """Return the methods that a registration names, else those that its own name stands for."""
    if name.rpartition("_")[2].upper() in known.METHODS:
        return frozenset({name.rpartition("_")[2].upper()})
    given = [keyword.value for keyword in call.keywords if keyword.arg in ("methods", "method", "http_method_names",
                                                                           "request_method")]  # fmt: skip
    if name in known.METHODS_FIRST:
        given += call.args[:1]
    for value in given:
        texts = {text.upper() for text in _texts(value)} & known.METHODS
        # A list that is put together elsewhere may hold anything.
        return frozenset(texts)
    return frozenset({"GET"}) if name in known.GET_BY_DEFAULT else frozenset()


def _url(call: ast.Call | None) -> str:
    """Return the first text in a registration that can be its URL."""
    if call is None:
        return ""
    given = [keyword.value for keyword in call.keywords if keyword.arg in ("path", "rule", "uri", "url_path", "url")]
    for value in (*given, *call.args[:1]):
        for text in _texts(value):
            if text.upper() not in known.METHODS:
                return text
    return ""


def _texts(node: ast.expr) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _registered(source: SourceFile) -> dict[Scope, _Route]:
    """Return the functions that calls hand to a router, with what those say."""
    found: dict[Scope, _Route] = {}
    for name in known.REGISTERING & source.calls_by_name.keys():
        for call, scope in source.calls_by_name[name]:
            url = _url(call)
            for argument in _handed(call):
                if not isinstance(argument, (ast.Name, ast.Attribute)):
                    continue
                for value in source.resolver.values(argument, scope):
                    target = value.target
                    if target is not None and target.is_function and target in source.places.handlers:
                        receiver = spelled(call.func.value) if isinstance(call.func, ast.Attribute) else ""
                        found.setdefault(target, _Route(_methods(call, name), url, receiver))
    return found


def _answers(function: Scope) -> bool:
    """Whether a function that takes a request is a view: it gives a response, or a decorator says so."""
    if any(
        terminal_name(node.func if isinstance(node, ast.Call) else node) in known.VIEW_DECORATORS
        for node in function.decorators
    ):
        return True
    for node in function.of(ast.Return):
        assert isinstance(node, ast.Return)
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call) and _is_response(terminal_name(value.func)):
            return True
    return False


def _is_helper(function: Scope, source: SourceFile) -> bool:
    """Whether a function that takes a request first is one that views hand theirs to."""
    if function.parent is None or not function.parent.is_module or function.name.startswith("_"):
        return True
    return any(not edge.handed for edge in source.graph.into.get(function, ()))


def _methods_by_decorator(function: Scope) -> frozenset[str]:
    for node in function.decorators:
        name = terminal_name(node.func if isinstance(node, ast.Call) else node)
        if name in known.METHODS_BY_DECORATOR:
            return frozenset(known.METHODS_BY_DECORATOR[name])
        if name == "require_http_methods" and isinstance(node, ast.Call) and node.args:
            return frozenset(text.upper() for text in _texts(node.args[0]))
    return frozenset()


def _imported(source: SourceFile) -> set[str]:
    """Return the packages that a file imports at the level of the module."""
    bindings = [binding for many in source.module.bindings.values() for binding in many]
    return {binding.path.partition(".")[0] for binding in bindings if binding.kind == "import"}


def _framework(framework: str, imported: set[str]) -> str:
    """Return what an endpoint is of: an application of unknown make is taken for one of the most common."""
    return framework if framework in imported else known.LOOKALIKES.get(framework, framework)


def _framework_of_views(source: SourceFile, framework: str) -> str:
    """The frameworks whose views take the request first are told apart by what the file imports."""
    imported = _imported(source)
    return next((name for package, name in known.BY_PACKAGE.items() if package in imported), framework)


# Classes


def _framework_of_class(framework: str, imported: set[str]) -> str:
    """Return what a class is of that is known by its base's name alone: another framework that the file imports."""
    given = {name for package, name in known.BY_PACKAGE.items() if package in imported}
    if framework in given or framework in imported:
        return framework
    return next((name for name in known.BY_PACKAGE.values() if name in given), framework)


def _is_replaced(owner: Scope) -> bool:
    """Whether a later class of the same name stands for it, where nothing registers it as it is made."""
    bound = owner.parent.bindings.get(owner.name, []) if owner.parent is not None else []
    return bool(bound) and bound[-1].node is not owner.node and not owner.decorators


def _of_class(owner: Scope, framework: str, taken: dict[Scope, Endpoint]) -> Iterator[Endpoint]:
    """Yield the endpoints of a class-based view: its methods, or itself where a generic base has them all."""
    assert isinstance(owner.node, ast.ClassDef)
    bases = [terminal_name(base) for base in owner.node.bases]
    if known.NO_VIEW.search(owner.name) or any(known.NO_VIEW.search(base) for base in bases):
        return
    own = [inner for inner in owner.inner if inner.is_function]
    if known.FOR_SUBCLASSES.search(owner.name) or any(map(_is_left_to_subclasses, own)):
        return
    shown = False
    for method in own:
        verb = known.VIEW_METHODS.get(method.name, "")
        if verb and method not in taken:
            shown = True
            yield Endpoint(method, owner, framework, frozenset({verb}))
    inherited = frozenset().union(*(known.GENERIC_VIEWS.get(base, frozenset()) for base in bases))
    if inherited and not shown:
        yield Endpoint(None, owner, framework, inherited)


def _is_left_to_subclasses(method: Scope) -> bool:
    """Whether a method says that a subclass has to have it, so that its class is no view yet."""
    return any(
        isinstance(node, ast.Raise)
        and node.exc is not None
        and terminal_name(node.exc.func if isinstance(node.exc, ast.Call) else node.exc) == "NotImplementedError"
        for node in getattr(method.node, "body", ())
    )
