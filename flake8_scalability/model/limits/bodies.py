"""Reads of unknown size: where a function takes a body, an upload, a download or a table into memory as one piece."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flake8_scalability.catalog import bodies, lookup
from flake8_scalability.catalog.rows import Place, System, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import children, walk
from flake8_scalability.model.limits import read_before
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import uploads


class Whole(NamedTuple):
    """One read of something as a whole.

    node: the call, or the attribute, at which it stands
    what, instead: what is read, and what to do instead
    sent: whether a caller of the service sends it, so that a limit for all bodies holds for it too
    """

    node: ast.expr
    scope: Scope
    what: str
    instead: str
    sent: bool


@cache
def _bodies() -> dict[str, bodies.Read]:
    return {path: row for row in bodies.BODIES for path in expand(row.paths)}


@cache
def _tables() -> frozenset[str]:
    return frozenset(expand(bodies.TABLES))


#: Calls that read an upload or a body.
_READS = ("read", "body", "get_data")
#: Methods whose requests have no body that means anything (RFC 9110, section 9.3).
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Attributes that hold one, or what was downloaded.
_HOLDS = ("data", "content")


@cache
def names() -> frozenset[str]:
    """Return the names of which a file has one wherever it reads something whole."""
    return lookup.last_names(_tables()) | bodies.OBJECTS | {*_READS, *_HOLDS, "aread"}


def wholes(source: SourceFile) -> Iterator[Whole]:
    """Yield the reads of a file that take something of unknown size whole while the service runs."""
    yield from _of_callers(source)
    yield from _of_attributes(source)
    yield from _tables_read(source)
    yield from _downloads(source)


def _serves(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    call = node if isinstance(node, ast.Call) else None
    return scope.function is not None and source.place(scope, call).place not in (Place.TOOL, Place.STARTUP)


def _of_callers(source: SourceFile) -> Iterator[Whole]:
    """Yield the calls that read an upload or a body."""
    for name in _READS:
        for node, scope in source.calls_by_name.get(name, ()):
            if not isinstance(node.func, ast.Attribute) or not _reads_all(node) or not _serves(node, scope, source):
                continue
            if read_before.comes_after(scope.function):
                continue
            paths = source.resolver.paths(node.func, scope)
            rows = [_bodies().get(path) for path in paths]
            if rows and rows[0] is not None and None not in rows:
                parsed = any(lookup.root_of(path) in bodies.BODY_FIRST for path in paths)
                if (parsed and read_before.takes_body(scope, source)) or _gets_none(scope, source):
                    continue
                yield Whole(node, scope, rows[0].what, rows[0].instead, True)
                continue
            bounded = any(lookup.root_of(path) in bodies.BOUNDED_ROOTS for path in paths)
            if name == "read" and _is_attachment(node.func.value, scope, source):
                continue
            if name == "read" and not bounded and uploads.is_upload(node.func.value, scope, source):
                yield Whole(node, scope, "an upload", "limit its size, or read it in chunks", True)


def _gets_none(scope: Scope, source: SourceFile) -> bool:
    """Whether all that a handler is registered for are methods that have no body."""
    methods = [set(each.methods) for each in source.endpoints if each.function is scope.function]
    return bool(methods) and all(each and each <= _BODILESS for each in methods)


def _is_attachment(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether something is attached to a message, or given to a command, of a platform that bounds that.

    A helper without a decorator may read all that anybody attaches, for a few lines of it.
    """
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    is_command = home is not None and home.function is home and bool(home.decorators)
    bound = home.bindings[terminal_name(node)] if home is not None and is_command else ()
    annotated = (ast.unparse(each.annotation) for each in bound if each.annotation is not None)
    return bodies.BOUNDED_PLATFORMS.search(source.text) is not None and any(
        bodies.ATTACHED.search(said) is not None for said in (terminal_name(node), *annotated)
    )


def _reads_all(node: ast.Call) -> bool:
    """Whether a `read` has no bound: no argument, or -1."""
    if node.keywords and any(keyword.arg in ("size", "n", "limit", None) for keyword in node.keywords):
        return False
    return not node.args or ast.unparse(node.args[0]) in ("-1", "None")


def _of_attributes(source: SourceFile) -> Iterator[Whole]:
    """Yield the bodies that are read through an attribute: Flask's `request.data`."""
    if "request.data" not in source.text or "flask" not in source.text:
        return
    for scope in source.scopes:
        if not scope.is_function or source.place(scope).place is not Place.REQUEST or _gets_none(scope, source):
            continue
        for node in own_nodes(scope.node):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == "data"
                and source.resolver.paths(node, scope) & bodies.BODY_ATTRIBUTES
            ):
                yield Whole(node, scope, "a body", bodies.FOR_ALL, True)
                break


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function, without those of the functions in it."""
    stack = children(function)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            stack += children(node)[::-1]


def _tables_read(source: SourceFile) -> Iterator[Whole]:
    """Yield the tables that a request handler reads whole from an upload."""
    for name in {path.rpartition(".")[2] for path in _tables()} & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[name]:
            paths = source.resolver.paths(node.func, scope)
            if not node.args or not paths or not paths <= _tables() or not _serves(node, scope, source):
                continue
            if any(arguments.find(node, scope, bound).given is not Given.ABSENT for bound in bodies.TABLE_BOUNDS):
                continue
            if uploads.is_upload(node.args[0], scope, source):
                yield Whole(node, scope, "an upload", "limit its size, or read it in chunks", True)


# Downloads


def _downloads(source: SourceFile) -> Iterator[Whole]:
    """Yield the files that are fetched from elsewhere and held in memory as one piece."""
    for name in bodies.OBJECTS | {"read", "aread"}:
        for node, scope in source.calls_by_name.get(name, ()):
            if not _reads_all(node) or not isinstance(node.func, ast.Attribute):
                continue
            if not _fetches(node, scope, source) or not _goes_into_file(node, scope, source):
                continue
            if name in bodies.OBJECTS or _is_response(node.func.value, scope, source) or _is_object(node.func.value):
                yield Whole(node, scope, "a download", "stream it in chunks", False)
    if ".content" not in source.text:
        return
    for scope in source.scopes:
        if not scope.is_function:
            continue
        for part in own_nodes(scope.node):
            read = isinstance(part, ast.Attribute) and part.attr == "content" and isinstance(part.ctx, ast.Load)
            if read and isinstance(part, ast.Attribute) and _is_file_of_answer(part, scope, source):
                yield Whole(part, scope, "a download", "stream it in chunks", False)


def _is_file_of_answer(node: ast.Attribute, scope: Scope, source: SourceFile) -> bool:
    """Whether `answer.content` is a file that is fetched as a whole."""
    return (
        _fetches(node, scope, source)
        and _goes_into_file(node, scope, source)
        and _is_response(node.value, scope, source)
    )


def _fetches(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a file is fetched for a request or a task, or by a function whose name says that it downloads."""
    function = scope.function
    if function is None:
        return False
    if bodies.SMALL.search(function.name) or any(map(_is_address_of_service, walk(function.node))):
        return False
    if bodies.BOUNDED_PLATFORMS.search(source.text) and any(map(_asks_for_attachment, walk(function.node))):
        return False
    place = source.place(scope, node if isinstance(node, ast.Call) else None).place
    if place is Place.LIBRARY:
        return "download" in function.name.lower() and bodies.INSTALLED.search(function.name) is None
    return place in (Place.REQUEST, Place.WORKER)


def _is_address_of_service(node: ast.AST) -> bool:
    """Whether an address begins with a setting or constant: what lies there the operator has chosen."""
    if isinstance(node, ast.Call) and terminal_name(node.func) in bodies.ASKING:
        given = [*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "url")]
        return any(map(_is_of_literal_host, given))
    made = isinstance(node, (ast.JoinedStr, ast.BinOp)) or (
        isinstance(node, ast.Call) and terminal_name(node.func) in ("format", "urljoin")
    )
    begin = _beginning(node) if made else None
    return begin is not None and bodies.BASES.search(terminal_name(begin)) is not None


def _asks_for_attachment(node: ast.AST) -> bool:
    """Whether a call fetches what is attached to a message by its address: `session.get(attachment.url)`."""
    if not isinstance(node, ast.Call) or terminal_name(node.func) not in bodies.ASKING:
        return False
    return any(
        isinstance(given, ast.Attribute) and bodies.ATTACHED.search(ast.unparse(given.value)) is not None
        for given in (*node.args[:2], *(keyword.value for keyword in node.keywords if keyword.arg == "url"))
    )


def _is_of_literal_host(node: ast.expr) -> bool:
    begin = _beginning(node)
    return isinstance(begin, ast.Constant) and re.match(r"https?://[^/\s]+/", str(begin.value)) is not None


def _beginning(node: ast.AST) -> ast.AST | None:
    """Return the expression with which a text begins that is put together; what is not, begins with itself."""
    if isinstance(node, ast.JoinedStr):
        return _beginning(node.values[0]) if node.values else None
    if isinstance(node, ast.FormattedValue):
        return _beginning(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _beginning(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("rstrip", "strip"):
        return _beginning(node.func.value)
    if isinstance(node, ast.Call) and terminal_name(node.func) in ("format", "urljoin"):
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return _beginning(given[0]) if given else None
    return node


def _is_response(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is the answer of an HTTP call that does not stream it."""
    values = source.resolver.values(node, scope)
    if not values:
        return False
    for value in values:
        row = lookup.api(value.path[:-2]) if value.path.endswith("()") else None
        if row is None or row.system is not System.HTTP or ".stream" in value.path:
            return False
        # What is sent for an answer was computed for it, and is no file of somebody's.
        if value.path.endswith(".post()"):
            return False
    call = _call_behind(node, scope)
    return call is None or not any(keyword.arg == "stream" for keyword in call.keywords)


def _call_behind(node: ast.expr, scope: Scope) -> ast.Call | None:
    """Return the call whose result a name holds."""
    for part, _ in uploads.sources(node, scope):
        if isinstance(part, ast.Call):
            return part
    return None


def _is_object(node: ast.expr) -> bool:
    """Whether an expression is the body of an object of S3: `answer["Body"]`."""
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == "Body"


def _goes_into_file(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether what is read is handed to something that takes the bytes of a file, directly or by a name."""
    parents = source.parents(scope)
    parent = parents.get(node)
    below: ast.AST = node
    while isinstance(parent, (ast.Await, ast.keyword)):
        below, parent = parent, parents.get(parent)
    if isinstance(parent, ast.Call) and parent.func is not below:
        return terminal_name(parent.func) in bodies.FILE_SINKS
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name) and scope.function is not None:
        name = parent.targets[0].id
        return any(
            isinstance(call, ast.Call)
            and terminal_name(call.func) in bodies.FILE_SINKS
            and any(
                isinstance(given, ast.Name) and given.id == name
                for given in (*call.args, *(keyword.value for keyword in call.keywords))
            )
            for call in own_nodes(scope.function.node)
        )
    return False
