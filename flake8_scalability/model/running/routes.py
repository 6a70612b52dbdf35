"""Routes that are no plain decorator, base or call: classes, tables of URLs, protocols, decorators in decorators."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from flake8_scalability.catalog import http_entries, small_frameworks, web_frameworks
from flake8_scalability.catalog.http_entries import Protocol
from flake8_scalability.catalog.rows import Entry, Place, expand
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.index import grouped
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver

MAX_DEPTH = 4
_SEQUENCES = (ast.List, ast.Tuple)
_MAY_LIST = frozenset({ast.BinOp, ast.List, ast.Tuple})
#: What a class of a table has to define to be one of handlers.
_ANSWERING = frozenset({*http_entries.VIEW_METHODS.split(), "GET", "POST", "PUT", "DELETE", "PATCH"})


# Classes


def classes_in(node: ast.expr, scope: Scope, resolver: Resolver) -> Iterator[Scope]:
    """Yield the classes of the file that a registered expression holds: `V`, `V.as_view()`, `guarded(V.as_view())`."""
    todo = [(node, 0)]
    while todo:
        expression, depth = todo.pop(0)
        if depth > MAX_DEPTH:
            continue
        if isinstance(expression, (ast.Name, ast.Attribute)):
            for value in resolver.values(expression, scope):
                if value.target is not None and value.target.is_class and not value.instance:
                    yield value.target
        elif isinstance(expression, _SEQUENCES):
            todo += [(item, depth + 1) for item in expression.elts]
        elif isinstance(expression, ast.Call) and terminal_name(expression.func) == "as_view":
            if isinstance(expression.func, ast.Attribute):
                todo.append((expression.func.value, depth + 1))
        elif isinstance(expression, ast.Call):
            todo += [(item, depth + 1) for item in expression.args if isinstance(item, ast.Call)]


@cache
def _class_decorators(by_name: bool) -> dict[str, Entry]:
    rows = [row for row in small_frameworks.CLASS_DECORATORS if row.by_name or not by_name]
    return {path.rpartition(".")[2] if by_name else path: row for row in rows for path in expand(row.decorators)}


def of_class_decorators(owner: Scope, resolver: Resolver, imported: frozenset[str]) -> Iterator[Entry]:
    """Yield the entries whose methods a decorator of the class registers."""
    for decorator in owner.decorators:
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        known = _class_decorators(by_name=False)
        paths = resolver.paths(callee, owner.parent or owner)
        row = next((known[path] for path in paths if path in known), None)
        if row is None:
            row = _class_decorators(by_name=True).get(terminal_name(callee))
            if row is not None and imported.isdisjoint(row.imports.split()):
                row = None
        if row is not None:
            yield row
        if isinstance(decorator, ast.Call) and row is not None:
            named = (keyword.value for keyword in decorator.keywords if keyword.arg == "attr")
            yield from (
                row._replace(methods=value.value)
                for value in named
                if isinstance(value, ast.Constant) and isinstance(value.value, str)
            )


# Tables of URLs


def tabled(scopes: list[Scope], resolver: Resolver, imported: frozenset[str]) -> Iterator[tuple[Scope, Entry]]:
    """Yield the functions and classes that stand beside a URL in a list of the file.

    Known are pairs, `[("/users", Users)]`, and the flat tables of web.py, `("/users", "Users")`.
    """
    in_web_file = not imported.isdisjoint(web_frameworks.WEB_PACKAGES)
    names = {inner.name: inner for inner in scopes[0].inner if inner.is_class}
    if names or in_web_file:
        for value, scope in _lists_in(scopes):
            if "web" in imported:
                for name in _flat(value):
                    if name in names and _has_handlers(names[name], resolver):
                        yield names[name], Entry("web.py", Place.REQUEST)
            for node in _paired(value):
                for found in resolver.values(node, scope):
                    target = found.target
                    if target is None or found.instance:
                        continue
                    if (target.is_class and _has_handlers(target, resolver)) or (target.is_function and in_web_file):
                        yield target, Entry("web", Place.REQUEST)


def _lists_in(scopes: list[Scope]) -> Iterator[tuple[ast.List | ast.Tuple, Scope]]:
    """Yield the lists and tuples that a file assigns, returns or hands over, each with its scope."""
    found: list[tuple[Any, Scope]] = []
    groups: dict[type, Any] = grouped(scopes)
    for kind in (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return):
        for scope, nodes in groups.get(kind, ()):
            found += [(node.value, scope) for node in nodes if node.value.__class__ in _MAY_LIST]
    for scope, nodes in groups.get(ast.Call, ()):
        for node in nodes:
            found += [(value, scope) for value in node.args if value.__class__ in _MAY_LIST]
            if node.keywords:
                found += [(each.value, scope) for each in node.keywords if each.value.__class__ in _MAY_LIST]
    while found:
        value, scope = found.pop()
        if isinstance(value, ast.BinOp):
            found += [(part, scope) for part in (value.left, value.right) if part.__class__ in _MAY_LIST]
        elif isinstance(value, _SEQUENCES):
            yield value, scope


def _paired(table: ast.List | ast.Tuple) -> Iterator[ast.expr]:
    for row in table.elts:
        if isinstance(row, _SEQUENCES) and len(row.elts) > 1 and _is_url(row.elts[0]):
            yield row.elts[1]


def _flat(table: ast.List | ast.Tuple) -> Iterator[str]:
    for url, named in zip(table.elts[::2], table.elts[1::2]):
        if _is_url(url) and isinstance(named, ast.Constant) and isinstance(named.value, str):
            yield named.value.rpartition(".")[2]


def _is_url(node: ast.expr) -> bool:
    """Whether an expression is a text that begins like a path, or a pattern of one."""
    while isinstance(node, ast.BinOp):
        node = node.right if isinstance(node.left, (ast.Name, ast.Attribute)) else node.left
    if isinstance(node, ast.JoinedStr) and node.values:
        parts = [part for part in node.values if isinstance(part, ast.Constant)]
        return bool(parts) and "/" in str(parts[0].value)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lstrip("^(?:")[:1] == "/"


def _has_handlers(owner: Scope, resolver: Resolver) -> bool:
    return any(not _ANSWERING.isdisjoint(inner.name for inner in each.inner) for each in resolver.ancestry(owner))


# Protocols


def by_protocol(function: Scope, imported: frozenset[str]) -> Entry | None:
    """Return the entry of a function whose name and parameters are those of a protocol; None where there is none."""
    given = list(function.parameters)[1 if function.is_method else 0 :]
    for row in _protocols(function.name, given[-1] if given else ""):
        if row.imports and not (function.is_method and imported & frozenset(row.imports.split())):
            continue
        if row.framework == "falcon" and row.parameters == "":
            if len(given) > 1 and given[0] in http_entries.FALCON_REQUEST and given[1] in http_entries.FALCON_RESPONSE:
                return Entry(row.framework, Place.REQUEST)
        elif _matches(row, function, given):
            return Entry(row.framework, Place.REQUEST)
    return None


def _protocols(name: str, last: str) -> tuple[Protocol, ...]:
    """Return the protocols that a function of this name, whose last parameter has that name, may be of."""
    if name in _protocol_names() or name.startswith(_protocol_beginnings()):
        return tuple(row for row in http_entries.PROTOCOLS if not row.names or _is_named(name, row.names))
    return _unnamed_protocols().get(last, ())


@cache
def _protocol_names() -> frozenset[str]:
    return frozenset(name for row in http_entries.PROTOCOLS for name in row.names.split())


@cache
def _protocol_beginnings() -> tuple[str, ...]:
    return tuple(name[:-1] for name in _protocol_names() if name.endswith("*"))


@cache
def _unnamed_protocols() -> dict[str, tuple[Protocol, ...]]:
    """Return the protocols of functions that may be called anything, by the name of their last parameter."""
    found: dict[str, tuple[Protocol, ...]] = {}
    for row in http_entries.PROTOCOLS:
        for name in _alternatives(row.parameters)[-1] if not row.names else ():
            found[name] = (*found.get(name, ()), row)
    return found


@cache
def _alternatives(parameters: str) -> list[list[str]]:
    """Return the names that each parameter of a row may have."""
    return [names.split("|") for names in parameters.split()]


def _matches(row: Protocol, function: Scope, given: list[str]) -> bool:
    """Whether the parameters are those of a row, and what stands around the function is what the row wants."""
    wanted = _alternatives(row.parameters)
    last = given[len(given) - len(wanted) :]
    if len(last) < len(wanted) or any(name not in names for name, names in zip(last, wanted)):
        return False
    if row.within:
        around = function.parent
        return around is not None and around.is_function and _ends(around, row.within.split())
    if row.beside:
        if not function.is_method or function.parent is None:
            return False
        made = (inner for inner in function.parent.inner if inner.is_function and inner.name == "__init__")
        return any(row.beside in inner.parameters for inner in made)
    return True


def _ends(function: Scope, names: list[str]) -> bool:
    return list(function.parameters)[-len(names) :] == names


def _is_named(name: str, wanted: str) -> bool:
    return any(name == each or (each.endswith("*") and name.startswith(each[:-1])) for each in wanted.split())


# Decorators of a project's own


class Applied(NamedTuple):
    """A decorator of a framework that one of the project's own applies, with the scope in which it stands."""

    callee: ast.expr
    call: ast.Call | None
    scope: Scope


def applied_by(decorator: Scope) -> Iterator[Applied]:
    """Yield what a function of the file, used as a decorator, applies to the function below it.

    It returns a decorator (`return app.route(path)`), stands one over its wrapper, or calls one with its parameter
    (`app.route(path)(function)`).
    """
    for node in decorator.of(ast.Return):
        assert isinstance(node, ast.Return)
        if isinstance(node.value, ast.Call):
            yield Applied(node.value.func, node.value, decorator)
    for scope in decorator.walk():
        if not scope.is_function:
            continue
        for node in scope.decorators if scope is not decorator else ():
            call = node if isinstance(node, ast.Call) else None
            yield Applied(call.func if call is not None else node, call, scope.parent or scope)
        for made in scope.of(ast.Call):
            assert isinstance(made, ast.Call)
            if isinstance(made.func, ast.Call) and any(_is_given(node, scope, decorator) for node in made.args):
                yield Applied(made.func.func, made.func, scope)


def hands_over(decorator: Scope) -> Iterator[tuple[ast.Call, Scope]]:
    """Yield the calls to which a decorator hands the function below it: `app.add_url_rule(path, view_func=f)`."""
    for scope in decorator.walk():
        for call in scope.of(ast.Call) if scope.is_function else ():
            assert isinstance(call, ast.Call)
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            if any(_is_given(node, scope, decorator) for node in given):
                yield call, scope


def _is_given(node: ast.expr, scope: Scope, decorator: Scope) -> bool:
    """Whether an expression is a parameter of the decorator or of a function in it, or such a function itself."""
    if not isinstance(node, ast.Name):
        return False
    each: Scope | None = scope
    while each is not None:
        if node.id in each.parameters or any(inner.name == node.id for inner in each.inner):
            return True
        if each is decorator:
            return False
        each = each.parent
    return False


def takes_url(call: ast.Call | None) -> bool:
    """Whether the first argument of a call is a name that says URL: `app.get(path)`."""
    first = call.args[0] if call is not None and call.args else None
    return terminal_name(first) in http_entries.URL_NAMES if first is not None else False


# CherryPy's attribute


def exposed(scopes: list[Scope], imported: frozenset[str]) -> Iterator[Scope]:
    """Yield the methods that an attribute exposes: `index.exposed = True`."""
    if "cherrypy" not in imported:
        return
    for scope in scopes:
        for node in scope.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "exposed":
                    name = terminal_name(target.value)
                    yield from (inner for inner in scope.inner if inner.is_function and inner.name == name)
