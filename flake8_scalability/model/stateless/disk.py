"""Writes to the local disk: where a function opens a file for writing, saves or copies one, and what it puts there."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flake8_scalability.catalog import storage
from flake8_scalability.catalog.rows import expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loops, names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import disk_paths, uploads
from flake8_scalability.model.stateless.disk_paths import Whereto
from flake8_scalability.project import handed_back

_WRITING = re.compile(r"[rwaxbt+]*[wax+][rwaxbt+]*")
_OPENING = ("open", "async_open", "open_file")
_WRITING_PATHS = ("write_bytes", "write_text")
_COPYING = ("copy", "copy2", "copyfile", "move")
_STATE_WRITERS = frozenset({"dump", "safe_dump", "dump_all"})

#: Words of a command that say that it deletes what it is given; so many characters of a file's name are no accident.
_DELETING = re.compile(r"(^|\s)--?(delete|remove|unlink|rm)\b|^\s*rm($|\s)|[;&|]\s*rm\s")
_TELLING = 6

#: What gives a stream; of one that is a file, its opening tells where it goes.
_STREAMS = frozenset({"BytesIO", "StringIO", "SpooledTemporaryFile", "open"})


class Content(enum.Enum):
    """What is put into a file."""

    UPLOAD = "what a caller has sent"
    STATE = "a data structure of the program, as JSON, pickle or YAML"
    OTHER = "something else"


class Write(NamedTuple):
    """One write to the disk.

    node, scope: the call at which it stands
    path: the expression that says where to, None where that is unknown
    content: what is written
    data: the expressions that are written, as far as they are in sight
    binary, appends: the mode
    """

    node: ast.Call
    scope: Scope
    path: ast.expr | None
    content: Content
    data: tuple[ast.expr, ...] = ()
    binary: bool = False
    appends: bool = False


@cache
def _paths(patterns: str) -> frozenset[str]:
    return frozenset(expand(patterns))


def names() -> frozenset[str]:
    """Return the names of the calls that may be writes."""
    return storage.SAVING | {*_OPENING, *_WRITING_PATHS, *_COPYING, "download_to_drive"}


def writes(source: SourceFile) -> Iterator[Write]:
    """Yield the writes of a file, in no particular order."""
    calls = source.calls_by_name
    for name in _OPENING:
        for node, scope in calls.get(name, ()):
            found = _opened(node, scope, source)
            if found is not None:
                yield found
    for name in storage.SAVING:
        for node, scope in calls.get(name, ()):
            found = _saved(node, scope, source)
            if found is not None:
                yield found
    for name in _WRITING_PATHS:
        for node, scope in calls.get(name, ()):
            if (
                isinstance(node.func, ast.Attribute)
                and (node.args or node.keywords)
                and disk_paths.is_path(node.func.value, scope)
            ):
                data = node.args[0] if node.args else node.keywords[0].value
                content = _content(data, scope, source)
                yield Write(node, scope, node.func.value, content, (data,), binary=name == "write_bytes")
    for name in _COPYING:
        for node, scope in calls.get(name, ()):
            paths = source.resolver.paths(node.func, scope)
            if len(node.args) == 2 and paths and paths <= _paths(storage.COPIERS):
                content = Content.OTHER
                yield Write(node, scope, node.args[1], content, (node.args[0],), binary=True)
    for node, scope in calls.get("download_to_drive", ()):
        path = arguments.find(node, scope, "custom_path", 0).value
        if path is not None:
            yield Write(node, scope, path, Content.UPLOAD, (), binary=True)


def _saved(node: ast.Call, scope: Scope, source: SourceFile) -> Write | None:
    """Return the write that `upload.save(path)` is; None where it is no upload, or goes into a stream."""
    if not isinstance(node.func, ast.Attribute) or not node.args:
        return None
    path = node.args[0]
    if any(isinstance(given, (ast.Call, ast.Name)) for given in node.args[1:2]):
        return None  # `field.save(name, content)` of Django, into whatever storage the field has
    if uploads.is_upload(path, scope, source):
        return None  # `document.save(upload.stream)`: what is given is the file, and not its place
    if not uploads.is_upload(node.func.value, scope, source) or _is_stream(path, scope):
        return None
    return Write(node, scope, path, Content.UPLOAD, (node.func.value,), binary=True)


def _is_stream(node: ast.expr, scope: Scope) -> bool:
    """Whether what an upload is saved to is open already: by a stream's class, or at the head of a `with`."""
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    bindings = home.bindings[node.id] if home is not None and isinstance(node, ast.Name) else []
    if any(each.kind == "with" and each.value is not None and _opens(each.value) for each in bindings):
        return True
    return any(
        isinstance(part, ast.Call) and terminal_name(part.func) in _STREAMS for part, _ in uploads.sources(node, scope)
    )


def _opens(node: ast.expr) -> bool:
    """Whether an expression is a call that opens something, by its name."""
    return isinstance(node, ast.Call) and "open" in terminal_name(node.func)


def _opened(node: ast.Call, scope: Scope, source: SourceFile) -> Write | None:
    """Return the write that an `open` for writing begins."""
    as_method = isinstance(node.func, ast.Attribute) and not (
        source.resolver.paths(node.func, scope) & _paths(storage.OPENERS)
    )
    if as_method and (not opens_path(node) or _is_of_module(node, scope, source) or _is_of_row(node, scope)):
        return None
    if not as_method and not source.resolver.paths(node.func, scope) <= _paths(storage.OPENERS):
        return None
    mode = _mode(node, scope, 0 if as_method else 1)
    if _WRITING.fullmatch(mode) is None:
        return None
    if as_method:
        assert isinstance(node.func, ast.Attribute)
        path: ast.expr | None = node.func.value
    else:
        path = arguments.find(node, scope, "file", 0).value
    data = tuple(_written(node, scope, source))
    kinds = {kind for kind, _ in data}
    content = next((kind for kind in Content if kind in kinds), Content.OTHER)
    return Write(node, scope, path, content, tuple(value for _, value in data), "b" in mode, "a" in mode)


def _is_of_module(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether an `open` is a function of another module, and not a method of a path: `webbrowser.open`."""
    owners = [
        path.split(".")[-2] for path in source.resolver.paths(node.func, scope) if "." in path and "(" not in path
    ]
    return any(owner[:1].islower() for owner in owners)


def _is_of_row(node: ast.Call, scope: Scope) -> bool:
    """Whether what is opened is a field of a row that a query has given: its storage decides where the file is."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    row = owner.value if isinstance(owner, ast.Attribute) else None
    home = scope.lookup(row.id) if isinstance(row, ast.Name) else None
    bindings = home.bindings[row.id] if home is not None and isinstance(row, ast.Name) else []
    values = [binding.value for binding in bindings if binding.value is not None]
    return any(isinstance(part, ast.Attribute) and part.attr == "objects" for value in values for part in walk(value))


def _mode(node: ast.Call, scope: Scope, position: int) -> str:
    mode = arguments.find(node, scope, "mode", position)
    literal = arguments.constant(mode.value, mode.scope)
    return literal.value if literal is not None and isinstance(literal.value, str) else ""


def is_writing(node: ast.Call, scope: Scope) -> bool:
    """Whether a call of an `open` opens for writing."""
    return _WRITING.fullmatch(_mode(node, scope, 0 if opens_path(node) else 1)) is not None


def opens_path(node: ast.Call) -> bool:
    """Whether a method `open` is that of a path: its first argument is a mode."""
    first = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "mode"), None)
    return (
        isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and re.fullmatch(r"[rwax][bt]?\+?[bt]?", first.value) is not None
    )


def _written(node: ast.Call, scope: Scope, source: SourceFile) -> Iterator[tuple[Content, ast.expr]]:
    """Yield what the function puts into the file that a call opens."""
    handle = _handle(node, scope, source)
    function = scope.function
    for inner in function.walk_same_call() if function is not None else ():
        for call in inner.of(ast.Call):
            assert isinstance(call, ast.Call)
            name = terminal_name(call.func)
            if isinstance(call.func, ast.Attribute) and name in ("write", "writelines") and call.args:
                if _is_handle(call.func.value, handle, node):
                    yield _content(call.args[0], inner, source), call.args[0]
            elif name == "copyfileobj" and len(call.args) >= 2 and _is_handle(call.args[1], handle, node):
                upload = uploads.comes_from_upload(call.args[0], inner, source)
                yield Content.UPLOAD if upload else Content.OTHER, call.args[0]
            elif name in _STATE_WRITERS and len(call.args) >= 2 and _is_handle(call.args[1], handle, node):
                yield Content.STATE, call.args[0]
            elif not isinstance(call.func, ast.Attribute) or name != "save" or not call.args:
                continue
            elif _is_handle(call.args[0], handle, node):
                upload = uploads.is_upload(call.func.value, inner, source)
                yield Content.UPLOAD if upload else Content.OTHER, call.func.value


def _handle(node: ast.Call, scope: Scope, source: SourceFile) -> str:
    """Return the name that the opened file has: `with open(...) as f`, `f = open(...)`; "" where it has none."""
    parents = source.parents(scope)
    parent = parents.get(node)
    if isinstance(parent, ast.Await):
        parent = parents.get(parent)
    if isinstance(parent, ast.withitem):
        return terminal_name(parent.optional_vars) if parent.optional_vars is not None else ""
    if isinstance(parent, ast.Assign):
        return terminal_name(parent.targets[0])
    return ""


def _is_handle(node: ast.expr, handle: str, opened: ast.Call) -> bool:
    return node is opened or (bool(handle) and terminal_name(node) == handle)


def _content(data: ast.expr, scope: Scope, source: SourceFile) -> Content:
    """Say what an expression that is written is."""
    for part, _ in uploads.sources(data, scope):
        if isinstance(part, ast.Call) and terminal_name(part.func) in ("dumps", "safe_dump", "model_dump_json"):
            return Content.STATE
    return Content.UPLOAD if uploads.comes_from_upload(data, scope, source) else Content.OTHER


# What becomes of it


def is_passing_through(write: Write, where: Whereto, source: SourceFile) -> bool:
    """Whether the file does not stay: the function removes it or hands it on after the write, or has it removed."""
    function = write.scope.function
    if function is None or write.path is None:
        return False
    spelled = ast.dump(write.path)
    known = where.names | _collected(function, spelled, where.names)
    for inner in function.walk():
        for call in inner.of(ast.Call):
            assert isinstance(call, ast.Call)
            if not _is_after(call, write, source):
                continue
            ends = [call.func, *call.args]
            if any(terminal_name(end) in storage.REMOVERS | storage.HANDING_ON for end in ends) and _mentions(
                call, spelled, known
            ):
                return True
    return _is_deleted_by_command(function, spelled, where)


def _collected(function: Scope, spelled: str, names: frozenset[str]) -> set[str]:
    """Return the names under which a function goes through the paths of several files, and the path is one of them."""
    lists = {
        terminal_name(call.func.value)
        for call in walk(function.node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "append"
        if any(_mentions(given, spelled, names) for given in call.args)
    }
    gone_through = loops(function.node) if lists else ()
    return {name for target, several in gone_through if names_in(several) & lists for name in names_in(target)}


def _is_deleted_by_command(function: Scope, spelled: str, where: Whereto) -> bool:
    """Whether the function makes a command that names the file, or is given it, and that deletes what it has read."""
    name = where.text.rpartition("/")[2]
    for node in walk(function.node):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(name) >= _TELLING:
            if name in node.value and _DELETING.search(node.value) is not None:
                return True
        elif isinstance(node, (ast.List, ast.Tuple, ast.JoinedStr)):
            texts = [part.value for part in walk(node) if isinstance(part, ast.Constant)]
            tells = any(isinstance(text, str) and _DELETING.search(text) is not None for text in texts)
            if tells and _mentions(node, spelled, where.names):
                return True
    return False


def is_handed_back(write: Write, where: Whereto, source: SourceFile) -> bool:
    """Whether a helper returns where it has put the file, and all who call it remove the file or hand it on."""
    function = write.scope.function
    if function is None or write.path is None or source.settings.no_project:
        return False
    returned = any(
        isinstance(node, ast.Return) and node.value is not None and _holds(node.value, write.path, where, inner)
        for inner in function.walk_same_call()
        for node in inner.of(ast.Return)
    )
    enders = storage.REMOVERS | storage.HANDING_ON | storage.UPLOADING
    return returned and handed_back.is_disposed_of(function.name, source.filename, enders)


def _holds(returned: ast.expr, path: ast.expr, where: Whereto, scope: Scope) -> bool:
    """Whether what is returned has the path of a file in it, itself or as what was put into a name."""
    spelled = ast.dump(path)
    if _mentions(returned, spelled, where.names):
        return True
    if not isinstance(returned, ast.Name):
        return False
    values = [binding.value for binding in scope.bindings.get(returned.id, ())]
    values += [
        node
        for node in scope.of(ast.Call)
        if isinstance(node, ast.Call)
        and terminal_name(node.func) == "append"
        and isinstance(node.func, ast.Attribute)
        and terminal_name(node.func.value) == returned.id
    ]
    return any(value is not None and _mentions(value, spelled, where.names) for value in values)


def _mentions(call: ast.expr, spelled: str, names: frozenset[str]) -> bool:
    for part in walk(call):
        if isinstance(part, ast.Name) and part.id in names and part.id not in ("self", "cls"):
            return True
        if isinstance(part, ast.expr) and ast.dump(part) == spelled:
            return True
    return False


def _is_after(call: ast.Call, write: Write, source: SourceFile) -> bool:
    """Whether a call comes after the write, and not only when something has failed."""
    if call.lineno < write.node.lineno or call is write.node:
        return False
    parents = source.parents(write.scope)
    node: ast.AST | None = call
    while node is not None:
        if isinstance(node, ast.ExceptHandler):
            return False
        node = parents.get(node)
    return True
