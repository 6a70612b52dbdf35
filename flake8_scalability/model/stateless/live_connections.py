"""Live connections: whether a container holds sockets, streams or waiting callers that only this process can reach."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import bot_frameworks, state_words
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.stateless.state import State
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_SOCKET = re.compile(r"(^|_)(ws|wss|websocket|web_socket|socket|conn|connection|writer)s?(_|$)")
#: What only tells of a connection: where it goes, what it is called.
_ABOUT = re.compile(r"_(id|url|uri|dsn|string|str|name|key|config|params|settings|options|type|kind|count|error)s?$")
#: Where the one who deploys a service leads all connections of a client to one instance.
_STICKY = re.compile(r"sticky|session[ _-]affinity", re.IGNORECASE)
#: What a file says whose process is the only one.
_ALONE = re.compile(r"single[- ]process|single[- ]instance|one process only", re.IGNORECASE)
#: How a file hears what other instances send.
_HEARING = re.compile(r"\.p?subscribe\(|\bpubsub\(|\.listen\(|create_subscription")
#: Calls that send something to a connection.
_SENDING = re.compile(r"^(a?send|emit|write|publish|broadcast|put|push|notify)(_|$)")
#: Words of a file whose channels are those of connections.
_OF_SOCKETS = re.compile(r"WebSocket|\bWS\b")
#: A client of the servers of others: what is kept for its answers is no listener.
_UPSTREAM = "WebSocketApp"
_QUEUES = frozenset({"Queue", "SimpleQueue", "LifoQueue", "EventSource"})
_SOCKET_TYPES = re.compile(r"WebSocket\w*|StreamResponse|StreamWriter|ServerConnection|EventSourceResponse")
#: Ways in which instances tell each other: a word of any of them in the file is enough.
_SHARED_CHANNEL = re.compile(
    r"pub_?sub|\.publish\(|psubscribe|channel_layer|group_send|broadcaster|message_queue|client_manager|kafka|amqp|"
    r"rabbit|\bnats|postgres_?notify|\bLISTEN\b|redis(?!tri|c)|mercure|centrifug|\bpusher|\bably",
    re.IGNORECASE,
)


def holds_connections(source: SourceFile, state: State, changes: list[Change]) -> bool:
    """Whether what is stored is a live connection: by its type, by its name, or a queue for each listener."""
    if _UPSTREAM in source.text:
        return False
    for change in changes:
        if change.how not in (How.ITEM, How.ADD):
            continue
        parts = [change.value, change.key if change.how is How.ITEM else None]
        if any(part is not None and _is_live(source, part, change.scope) for part in parts):
            return True
    return False


def are_of_daemon(changes: list[Change]) -> bool:
    """Whether the connections are those of other parts of the product to the one daemon that it has."""
    owners = {change.scope.function.owner for change in changes if change.scope.function is not None}
    return all(owner is not None and state_words.DAEMON.search(owner.name) is not None for owner in owners)


def holds_queues(changes: list[Change]) -> bool:
    """Whether what is stored are queues that were made for it."""
    stored = [change for change in changes if change.how in (How.ITEM, How.ADD)]
    return bool(stored) and all(
        isinstance(change.value, ast.Name) and _is_listening_queue(change.value.id, change.scope) for change in stored
    )


def _is_live(source: SourceFile, node: ast.expr, scope: Scope) -> bool:
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return any(_is_live(source, part, scope) for part in node.elts)
    if isinstance(node, ast.Dict):
        return any(_is_live(source, part, scope) for part in node.values)
    if isinstance(node, ast.Call):
        return _SOCKET_TYPES.fullmatch(terminal_name(node.func)) is not None
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return False
    if isinstance(node, ast.Name) and node.id == "self":
        return _is_socket_handler(source, scope)
    if any(
        _SOCKET_TYPES.fullmatch(value.path.rpartition(".")[2].replace("()", ""))
        for value in source.resolver.values(node, scope)
    ):
        return True
    if isinstance(node, ast.Name) and _is_listening_queue(node.id, scope):
        return True
    name = terminal_name(node).lower()
    of_chat = any(word in source.text for word in bot_frameworks.GATEWAYS)
    if name.endswith("channel") and not of_chat and _OF_SOCKETS.search(source.text) is not None:
        return True
    return _SOCKET.search(name) is not None and _ABOUT.search(name) is None and not _is_pool_like(scope)


def _is_socket_handler(source: SourceFile, scope: Scope) -> bool:
    function = scope.function
    owner = function.owner if function is not None else None
    entry = source.places.handler_classes.get(owner) if owner is not None else None
    return (
        entry is not None
        and owner is not None
        and ("ocket" in owner.name or any("ocket" in terminal_name(base) for base in getattr(owner.node, "bases", ())))
    )


def _is_listening_queue(name: str, scope: Scope) -> bool:
    """Whether a local name is a queue made here, from which a stream for one listener is fed."""
    home = scope.lookup(name)
    if home is None or home.is_module:
        return False
    return any(
        isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) in _QUEUES
        for binding in home.bindings[name]
        if binding.kind == "assign"
    )


def _is_pool_like(scope: Scope) -> bool:
    """A pool keeps connections to servers, which are not callers."""
    function = scope.function
    names = [
        function.name if function is not None else "",
        function.owner.name if function is not None and function.owner is not None else "",
    ]
    return any(re.search(r"pool|database|db|driver", name, re.I) for name in names)


def has_shared_channel(source: SourceFile) -> bool:
    """Whether the file has a channel over which instances hand each other what their clients should get."""
    return _SHARED_CHANNEL.search(source.text) is not None


def says_alone(source: SourceFile) -> bool:
    """Whether the file says that its process has no sibling, in whatever words."""
    return _ALONE.search(source.text) is not None


def is_fed_from_channel(source: SourceFile, state: State) -> bool:
    """Whether another file that hears a channel of all instances names the class that keeps connections, or its like.

    Its methods count where their names are of more than one word: `send_text` is anybody's, `close_all_of_user` is not.
    """
    if state.owner is None or source.settings.no_project:
        return False
    methods = [method.name for method in state.owner.inner if method.name.strip("_").count("_") > 1]
    names = "|".join(map(re.escape, [state.owner.name, *methods]))
    wanted = (_HEARING, re.compile(rf"\b({names})\b"))
    return mentions.is_said_elsewhere(wanted, "subscribe", source.filename)


def is_told_nothing(source: SourceFile, state: State) -> bool:
    """Whether nothing in sight calls those methods of the one object of a class that send something to all.

    False where the file does not name the object, and where the class has no such method: others may send then.
    """
    owner = state.owner
    if owner is None or source.settings.no_project:
        return False
    objects = [
        name
        for name, bindings in source.module.bindings.items()
        if any(
            isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) == owner.name
            for binding in bindings
        )
    ]
    sending = [method.name for method in owner.inner if _sends_to_all(method, state)]
    if not objects or not sending:
        return False
    called = re.compile(rf"\b({'|'.join(map(re.escape, objects))})\.({'|'.join(map(re.escape, sending))})\(")
    if called.search(source.text) is not None:
        return False
    return not mentions.is_said_elsewhere((called,), objects[0], source.filename)


def _sends_to_all(method: Scope, state: State) -> bool:
    """Whether a method goes over what a container holds, or looks something up in it, without putting anything in."""
    name = state.name.rpartition(".")[2]
    changing = {change.scope.function for change in (*state.changes, *state.inner)}
    return (
        method.is_function
        and method not in changing
        and any(isinstance(part, ast.Attribute) and part.attr == name for part in walk(method.node))
        and any(isinstance(part, ast.Call) and _SENDING.search(terminal_name(part.func)) for part in walk(method.node))
    )


def are_only_paired(source: SourceFile) -> bool:
    """Whether the file sends nothing to the connections that it keeps: they are looked up, to meet each other."""
    return not any(_SENDING.search(name) for name in source.calls_by_name)


def are_led_here(source: SourceFile) -> bool:
    """Whether the file says that all connections of a client come to the same instance."""
    return _STICKY.search(source.text) is not None


def is_for_developers(source: SourceFile) -> bool:
    """Whether the connections serve those who write the application: a browser that is reloaded with each change."""
    return "autoreload" in source.text or "livereload" in source.text.lower()
