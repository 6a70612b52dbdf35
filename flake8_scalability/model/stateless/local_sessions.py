"""Sessions and live connections in a backend that only one machine or process has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flake8_scalability.catalog import session_backends
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.catalog.session_backends import Backend, Local
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running.scripts import is_main_guard
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import configuration
from flake8_scalability.model.stateless.configuration import Setting
from flake8_scalability.project import root

#: What is kept where it is no session.
CONNECTIONS = "live connections"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
#: The names of the calls that make a server of Socket.IO.
_SERVERS = ("SocketIO", "Server", "AsyncServer", "init_app")


class Kept(NamedTuple):
    """Where sessions, or live connections, are kept for one machine or process alone.

    node: the key of a setting, or the call that makes an object
    callee: what a reader finds there
    where: where they are kept
    instead: what to do
    what: what is kept
    """

    node: ast.AST
    callee: str
    where: str
    instead: str
    what: str = "sessions"


@cache
def vocabulary() -> frozenset[bytes]:
    """Return words of which every file has one that chooses a backend, makes an object or a server."""
    settings = words(session_backends.CHANNEL_SETTING, "SESSION_ENGINE")
    return settings | _setting_words() | words(*_class_names(), *_SERVERS)


def kept(source: SourceFile) -> Iterator[Kept]:
    """Yield the settings, objects and servers that keep sessions to themselves."""
    yield from _chosen(source)
    yield from _cached(source)
    yield from _layers(source)
    yield from _objects(source)
    yield from _sockets(source)


@cache
def _setting_names() -> frozenset[str]:
    return frozenset(row.name for row in session_backends.SETTINGS)


@cache
def _setting_words() -> frozenset[bytes]:
    return words(*(name.partition(".")[0] for name in _setting_names()))


def _chosen(source: SourceFile) -> Iterator[Kept]:
    names = _setting_names()
    if _setting_words().isdisjoint(source.vocabulary):
        return
    found = list(configuration.settings(source, names))
    for setting in found:
        row = _row(setting)
        if row is None or (row.unless and row.unless in source.text):
            continue
        others = [other for other in found if other.name == setting.name and _row(other) is None]
        replaced = row.name == "SESSION_TYPE" and source.project_says(Fact.SESSION_STORE)
        if not others and not replaced and not _is_option(setting):
            yield Kept(setting.anchor, setting.name, row.where, row.instead)


def _row(setting: Setting) -> Backend | None:
    """Return the row that a setting's value belongs to: a text, or an object of a class of that name."""
    literal = arguments.constant(setting.value, setting.scope)
    value = str(literal.value) if literal is not None else ""
    if isinstance(setting.value, ast.Call):
        value = terminal_name(setting.value.func)
    for row in session_backends.SETTINGS:
        if row.name == setting.name and value.lower() in row.values:
            return row
    return None


def _is_option(setting: Setting) -> bool:
    """Whether the setting holds only where whoever installs the service wants it so."""
    return setting.conditional


def _cached(source: SourceFile) -> Iterator[Kept]:
    """Yield Django's sessions in a cache that is the process's own."""
    if "SESSION_ENGINE" not in source.text or "CACHES" not in source.text:
        return
    caches = list(configuration.settings(source, frozenset({"CACHES"})))
    if not caches or not all(_is_local_cache(each, source) for each in caches) or _is_replaced(source):
        return
    for setting in configuration.settings(source, frozenset({"SESSION_ENGINE"})):
        literal = arguments.constant(setting.value, setting.scope)
        if literal is not None and literal.value in session_backends.CACHE_ENGINES and not setting.conditional:
            yield Kept(setting.anchor, "SESSION_ENGINE", "in a local cache", "use Redis as the cache")


def _is_local_cache(setting: Setting, source: SourceFile) -> bool:
    default = arguments.in_mapping(setting.value, setting.scope, "default")
    if default.value is None or default.scope is None or setting.conditional:
        return False
    backend = arguments.in_mapping(default.value, default.scope, "BACKEND")
    literal = arguments.constant(backend.value, backend.scope)
    return literal is not None and literal.value in session_backends.LOCAL_CACHES


def _is_replaced(source: SourceFile) -> bool:
    """Whether a statement further down gives the default cache another backend: `CACHES["default"] = ...`."""
    return any(
        isinstance(target, ast.Subscript) and terminal_name(target.value) == "CACHES"
        for scope in source.scopes
        for node in scope.of(ast.Assign)
        if isinstance(node, ast.Assign)
        for target in node.targets
    )


def _layers(source: SourceFile) -> Iterator[Kept]:
    """Yield the in-memory layers of Django Channels, where the file chooses no other."""
    if session_backends.CHANNEL_SETTING not in source.text or "channels_redis" in source.text:
        return
    if not _may_be_used(Fact.CHANNEL_LAYER_USED, source):
        return
    for setting in configuration.settings(source, frozenset({session_backends.CHANNEL_SETTING})):
        default = arguments.in_mapping(setting.value, setting.scope, "default")
        if default.scope is None or not isinstance(default.value, ast.Dict) or setting.conditional:
            continue
        for key, value in zip(default.value.keys, default.value.values):
            literal = arguments.constant(value, default.scope)
            if literal is not None and literal.value in session_backends.LOCAL_LAYERS and key is not None:
                yield Kept(key, "CHANNEL_LAYERS", "in this process", "use channels_redis", CONNECTIONS)


def _may_be_used(fact: Fact, source: SourceFile) -> bool:
    """Whether the project, as far as it is in sight, says that it keeps or sends anything there."""
    if source.settings.no_project or root.of(source.filename) is None:
        return True
    return source.text_says(fact) or source.project_says(fact)


@cache
def _classes() -> dict[str, Local]:
    return {path: row for row in session_backends.CLASSES for path in expand(row.paths)}


@cache
def _class_names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _classes())


@cache
def _servers() -> dict[str, str]:
    return {path: name for paths, name in session_backends.SOCKET_SERVERS.items() for path in expand(paths)}


def _objects(source: SourceFile) -> Iterator[Kept]:
    for name in _class_names() & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[name]:
            rows = [_classes().get(path) for path in source.resolver.paths(node.func, scope)]
            row = rows[0] if len(rows) == 1 else None
            if row is None or not _is_in_service(node, scope, source) or _is_setting(node, scope, source):
                continue
            if _is_left(node, scope, row) or (row.used is not None and not _may_be_used(row.used, source)):
                continue
            yield Kept(node, f"{source.site(node, scope).callee}()", row.where, row.instead)


def _is_in_service(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call stands in a service, and nothing there chooses between it and another."""
    if source.place(scope, node).place is Place.TOOL:
        return False
    parents = source.parents(scope)
    parent = parents.get(node)
    while parent is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, (ast.IfExp, ast.BoolOp)):
            return False
        parent = parents.get(parent)
    return not configuration.branches(node, scope, source)


def _is_left(node: ast.Call, scope: Scope, row: Local) -> bool:
    """Whether a function comes to a call only where it has given out no shared store before."""
    function = scope.function
    body = function.node.body if function is not None and isinstance(function.node, _FUNCTIONS) else []
    for statement in body:
        if statement.lineno > node.lineno or not isinstance(statement, ast.If):
            continue
        named = {part.id for part in walk(statement) if isinstance(part, ast.Name)}
        if isinstance(statement.body[-1], ast.Return) and not named.isdisjoint(row.instead.split()):
            return True
    return False


def _is_setting(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the object is not for sessions, or is reported at the setting that it is given to."""
    if terminal_name(node.func) != "FileSystemCache":
        return False
    parents = source.parents(scope)
    parent = parents.get(node)
    return not (isinstance(parent, ast.Call) and "session" in ast.unparse(parent.func).lower())


def _sockets(source: SourceFile) -> Iterator[Kept]:
    """Yield the servers of Socket.IO that do not know of each other."""
    if "socketio" not in source.lexicon and "sio" not in source.text:
        return
    for name in _SERVERS:
        for node, scope in source.calls_by_name.get(name, ()):
            argument = _argument_of(node, scope, source)
            if not argument or arguments.find(node, scope, argument).given is not Given.ABSENT:
                continue
            if name == "init_app" and scope.is_module and _is_guarded(node, scope, source):
                continue  # servers that import the module don't run it
            if name == "SocketIO" and _is_initialised_later(node, scope):
                continue
            if source.place(scope, node).place is Place.TOOL or _speaks_to_others(source, node):
                continue
            callee = f"{source.site(node, scope).callee}()"
            yield Kept(node, callee, "in this process", f"give it a {argument}", CONNECTIONS)


def _argument_of(node: ast.Call, scope: Scope, source: SourceFile) -> str:
    """Return the argument that joins a server with the others; "" where the call makes no server."""
    paths = source.resolver.paths(node.func, scope)
    names = {_servers().get(path, "") for path in paths}
    if names and "" not in names:
        return names.pop()
    function = node.func
    if terminal_name(function) == "init_app" and isinstance(function, ast.Attribute):
        imported = all("(" not in path for path in paths)
        if imported and terminal_name(function.value) in session_backends.SOCKET_NAMES - {"socket", "websocket"}:
            return "message_queue"
    return ""


def _is_guarded(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call stands below `if __name__ == "__main__":`."""
    tests = {id(test) for test in configuration.branches(node, scope, source)}
    return any(isinstance(each, ast.If) and id(each.test) in tests and is_main_guard(each) for each in scope.of(ast.If))


def _is_initialised_later(node: ast.Call, scope: Scope) -> bool:
    """Whether a server is made without its application, and gets that and its options by `init_app`."""
    return arguments.find(node, scope, "app", 0).given is not Given.PRESENT


def _speaks_to_others(source: SourceFile, node: ast.Call) -> bool:
    """Whether a queue or manager is given elsewhere, or the file runs its server for a developer."""
    if source.text_says(Fact.SOCKET_CHANNEL):
        return True
    return source.project_says(Fact.SOCKET_CHANNEL)
