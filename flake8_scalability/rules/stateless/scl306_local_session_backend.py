"""SCL306: sessions in a backend that only one machine or process has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from flake8_scalability.catalog import session_backends
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.catalog.session_backends import Backend, Local
from flake8_scalability.model import arguments, configuration
from flake8_scalability.model.arguments import Given
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.configuration import Setting
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

_LAYER = "live connections"


class LocalSessionBackend(Rule):
    """Sessions, logins or live channels are kept where only one machine or process finds them.

    What it does
    ------------
    Finds, in settings for production, Flask-Session on the file system, Django sessions in files or in a local-memory
    cache, Beaker and CherryPy sessions in files or memory, Channels' in-memory layer; in-memory stores of starsessions,
    Sanic, aiogram, pyTelegramBotAPI and LangGraph; and Socket.IO servers without `message_queue` or `client_manager`.

    Why it does not scale
    ---------------------
    The next request of the same user may be answered by another instance, which does not know the session: the user is
    logged out, the conversation begins again. A message for a room reaches only those who are connected to one process.

    How to fix it
    -------------
    Keep sessions in Redis, in the database, or in a signed cookie; give Channels `channels_redis` and Socket.IO servers
    a `message_queue` or `client_manager`.

    Known limits
    ------------
    A setting under a condition is taken for one of several, unless each of them is local. Load balancers that send a
    user to the same instance every time hide the defect until that instance goes.
    """

    code = "SCL306"
    slug = "local-session-backend"
    severity = Severity.CRITICAL
    since = "0.2.0"
    second_instance = True
    message = "{callee} keeps {what} {where}, unknown to other instances; {instead}"
    short = "{callee} keeps {what} {where}; {instead}"
    title = "Session backend of one machine"
    impact = "Users are logged out, and messages get lost, whenever another instance answers"
    fix = "Keep sessions in Redis, the database or a signed cookie; give Channels and Socket.IO a shared layer"
    references = (
        "https://flask-session.readthedocs.io/en/latest/config.html",
        "https://docs.djangoproject.com/en/stable/topics/http/sessions/#configuring-the-session-engine",
        "https://flask-socketio.readthedocs.io/en/latest/deployment.html#using-multiple-workers",
        "https://channels.readthedocs.io/en/stable/topics/channel_layers.html",
    )
    examples = (
        Bad(
            """
            from flask import Flask
            from flask_session import Session

            app = Flask(__name__)
            app.config["SESSION_TYPE"] = "filesystem"  # SCL306
            Session(app)
            """,
            "a session is a file on the machine that made it",
        ),
        Bad(
            """
            SESSION_ENGINE = "django.contrib.sessions.backends.file"  # SCL306
            """,
            "Django's file backend",
            "shop/settings.py",
        ),
        Bad(
            """
            CHANNEL_LAYERS = {
                "default": {
                    "BACKEND": "channels.layers.InMemoryChannelLayer",  # SCL306
                }
            }
            """,
            "a group's messages stay in one process",
            "shop/settings.py",
        ),
        Bad(
            """
            from flask import Flask
            from flask_socketio import SocketIO

            app = Flask(__name__)
            socketio = SocketIO(app, cors_allowed_origins="https://shop.example")  # SCL306
            """,
            "rooms span one process only",
        ),
        Bad(
            """
            import socketio

            server = socketio.AsyncServer(async_mode="asgi")  # SCL306
            application = socketio.ASGIApp(server)
            """,
            "no manager",
        ),
        Bad(
            """
            from aiogram import Dispatcher
            from aiogram.fsm.storage.memory import MemoryStorage

            dispatcher = Dispatcher(storage=MemoryStorage())  # SCL306
            """,
            "a conversation is forgotten by the next process",
        ),
        Good(
            """
            import redis
            from flask import Flask
            from flask_session import Session

            app = Flask(__name__)
            app.config.update(SESSION_TYPE="redis")
            Session(app)
            """,
            "sessions in Redis",
        ),
        Good(
            """
            SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
            """,
            "the browser keeps its session itself",
            "shop/settings.py",
        ),
        Good(
            """
            SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
            """,
            "the database has them all",
            "shop/settings.py",
        ),
        Good(
            """
            SESSION_ENGINE = "django.contrib.sessions.backends.cache"
            CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
            """,
            "a cache that all share",
            "shop/settings.py",
        ),
        Good(
            """
            class DevelopmentConfig:
                SESSION_TYPE = "filesystem"

            class ProductionConfig:
                SESSION_TYPE = "redis"
            """,
            "only a developer's sessions are files",
        ),
        Good(
            """
            import os

            SESSION_DIRECTORY = os.environ.get("SESSION_DIRECTORY")
            if SESSION_DIRECTORY:
                SESSION_ENGINE = "django.contrib.sessions.backends.file"
            """,
            "whoever installs it has to ask for it",
            "shop/settings.py",
        ),
        Good(
            """
            from flask import Flask
            from flask_socketio import SocketIO
            from shop.settings import QUEUE_URL

            app = Flask(__name__)
            socketio = SocketIO(app, message_queue=QUEUE_URL)
            """,
            "servers that speak to each other",
        ),
        Good(
            """
            from flask_socketio import SocketIO

            socketio = SocketIO()
            """,
            "its options come with `init_app`, elsewhere",
        ),
        Good(
            """
            import socketio
            from shop.settings import QUEUE_URL

            manager = socketio.AsyncRedisManager(QUEUE_URL)
            server = socketio.AsyncServer(client_manager=manager)
            client = socketio.AsyncClient()
            """,
            "a shared manager; a client is no server",
        ),
        Good(
            """
            from fastapi import FastAPI
            from starlette.middleware.sessions import SessionMiddleware

            app = FastAPI()
            app.add_middleware(SessionMiddleware, secret_key="from the vault")
            """,
            "signed cookies",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the settings, objects and servers that keep sessions to themselves."""
        if source.places.is_tool:
            return
        yield from _chosen(source)
        yield from _cached(source)
        yield from _layers(source)
        yield from _objects(source)
        yield from _sockets(source)


def _finding(node: ast.AST, callee: str, where: str, instead: str, what: str = "sessions") -> Finding:
    return Finding(node, {"callee": callee, "what": what, "where": where, "instead": instead})


# Settings


def _chosen(source: SourceFile) -> Iterator[Finding]:
    names = frozenset(row.name for row in session_backends.SETTINGS)
    if not any(name in source.text for name in names):
        return
    found = list(configuration.settings(source, names))
    for setting in found:
        row = _row(setting)
        if row is None or (row.unless and row.unless in source.text):
            continue
        others = [other for other in found if other.name == setting.name and _row(other) is None]
        if not others and not _is_option(setting):
            yield _finding(setting.anchor, setting.name, row.where, row.instead)


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


def _cached(source: SourceFile) -> Iterator[Finding]:
    """Yield Django's sessions in a cache that is the process's own."""
    if "SESSION_ENGINE" not in source.text or "CACHES" not in source.text:
        return
    caches = list(configuration.settings(source, frozenset({"CACHES"})))
    if not caches or not all(_is_local_cache(each, source) for each in caches) or _is_replaced(source):
        return
    for setting in configuration.settings(source, frozenset({"SESSION_ENGINE"})):
        literal = arguments.constant(setting.value, setting.scope)
        if literal is not None and literal.value in session_backends.CACHE_ENGINES and not setting.conditional:
            yield _finding(setting.anchor, "SESSION_ENGINE", "in a local cache", "use Redis as the cache")


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


def _layers(source: SourceFile) -> Iterator[Finding]:
    """Yield the in-memory layers of Django Channels, where the file chooses no other."""
    if session_backends.CHANNEL_SETTING not in source.text or "channels_redis" in source.text:
        return
    for setting in configuration.settings(source, frozenset({session_backends.CHANNEL_SETTING})):
        default = arguments.in_mapping(setting.value, setting.scope, "default")
        if default.scope is None or not isinstance(default.value, ast.Dict) or setting.conditional:
            continue
        for key, value in zip(default.value.keys, default.value.values):
            literal = arguments.constant(value, default.scope)
            if literal is not None and literal.value in session_backends.LOCAL_LAYERS and key is not None:
                yield _finding(key, "CHANNEL_LAYERS", "in this process", "use channels_redis", _LAYER)


# Objects


@cache
def _classes() -> dict[str, Local]:
    return {path: row for row in session_backends.CLASSES for path in expand(row.paths)}


@cache
def _servers() -> dict[str, str]:
    return {path: name for paths, name in session_backends.SOCKET_SERVERS.items() for path in expand(paths)}


def _objects(source: SourceFile) -> Iterator[Finding]:
    for name in {path.rpartition(".")[2] for path in _classes()} & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[name]:
            rows = [_classes().get(path) for path in source.resolver.paths(node.func, scope)]
            row = rows[0] if len(rows) == 1 else None
            if row is None or not _is_in_service(node, scope, source) or _is_setting(node, scope, source):
                continue
            yield _finding(node, f"{source.site(node, scope).callee}()", row.where, row.instead)


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


def _is_setting(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the object is not for sessions, or is reported at the setting that it is given to."""
    if terminal_name(node.func) != "FileSystemCache":
        return False
    parents = source.parents(scope)
    parent = parents.get(node)
    return not (isinstance(parent, ast.Call) and "session" in ast.unparse(parent.func).lower())


def _sockets(source: SourceFile) -> Iterator[Finding]:
    """Yield the servers of Socket.IO that do not know of each other."""
    if "socketio" not in source.text.lower() and "sio" not in source.text:
        return
    for name in ("SocketIO", "Server", "AsyncServer", "init_app"):
        for node, scope in source.calls_by_name.get(name, ()):
            argument = _argument_of(node, scope, source)
            if not argument or arguments.find(node, scope, argument).given is not Given.ABSENT:
                continue
            if name == "SocketIO" and _is_initialised_later(node, scope):
                continue
            if source.place(scope, node).place is Place.TOOL or _speaks_to_others(source, node):
                continue
            callee = f"{source.site(node, scope).callee}()"
            yield _finding(node, callee, "in this process", f"give it a {argument}", _LAYER)


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


def _is_initialised_later(node: ast.Call, scope: Scope) -> bool:
    """Whether a server is made without its application, and gets that and its options by `init_app`."""
    return arguments.find(node, scope, "app", 0).given is not Given.PRESENT


def _speaks_to_others(source: SourceFile, node: ast.Call) -> bool:
    """Whether a queue or manager is given elsewhere, or the file runs its server for a developer."""
    if source.text_says(Fact.SOCKET_CHANNEL):
        return True
    return source.project_says(Fact.SOCKET_CHANNEL)
