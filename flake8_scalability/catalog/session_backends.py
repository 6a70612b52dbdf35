"""Where frameworks keep sessions, logins, conversations and live channels: settings and classes that stay in one process.

Sources: https://flask-session.readthedocs.io/, https://docs.djangoproject.com/en/stable/topics/http/sessions/,
https://channels.readthedocs.io/en/stable/topics/channel_layers.html, https://flask-socketio.readthedocs.io/en/latest/deployment.html,
https://python-socketio.readthedocs.io/en/stable/server.html, https://docs.aiogram.dev/en/latest/dispatcher/finite_state_machine/storages.html
"""  # noqa: E501

from __future__ import annotations

from typing import NamedTuple

from flake8_scalability.catalog.project_facts import Fact


class Backend(NamedTuple):
    """A setting whose value chooses a backend of one machine.

    name: the setting
    values: the values that do, in lower case; the last part of a dotted path is enough
    where: where the sessions then live, with its preposition
    instead: what to use
    unless: another setting that may say otherwise
    """

    name: str
    values: frozenset[str]
    where: str
    instead: str
    unless: str = ""


class Local(NamedTuple):
    """A class whose objects keep sessions in the process, or on the disk.

    paths: its access paths; as `Backend` for the rest
    used: what the project says where anything is kept there at all; None where that is not asked
    """

    paths: str
    where: str
    instead: str
    used: Fact | None = None


_MEMORY = "in this process"
_DISK = "on this machine's disk"

SETTINGS = (
    # Flask-Session: `filesystem` is an old name of `cachelib`, whose default is files
    Backend("SESSION_TYPE", frozenset({"filesystem"}), _DISK, "use SESSION_TYPE='redis'"),
    Backend("SESSION_TYPE", frozenset({"cachelib"}), _DISK, "use SESSION_TYPE='redis'", unless="SESSION_CACHELIB"),
    Backend("SESSION_CACHELIB", frozenset({"filesystemcache", "simplecache"}), _DISK, "use SESSION_TYPE='redis'"),
    # Django
    Backend(
        "SESSION_ENGINE",
        frozenset({"django.contrib.sessions.backends.file"}),
        _DISK,
        "use the cached_db or cache engine",
    ),
    # Beaker, for Bottle and Pyramid
    Backend("session.type", frozenset({"file", "memory", "dbm"}), _DISK, "use ext:redis"),
    Backend("beaker.session.type", frozenset({"file", "memory", "dbm"}), _DISK, "use ext:redis"),
    # CherryPy
    Backend("tools.sessions.storage_type", frozenset({"file", "ram"}), _DISK, "use a shared storage_class"),
)

#: Django's engine that keeps sessions in the cache, and the caches that are one process's or machine's own.
CACHE_ENGINES = frozenset({"django.contrib.sessions.backends.cache"})
LOCAL_CACHES = frozenset({
    "django.core.cache.backends.locmem.LocMemCache", "django.core.cache.backends.filebased.FileBasedCache",
    "django.core.cache.backends.dummy.DummyCache",
})  # fmt: skip

#: Django Channels: the layer that only its own process hears.
CHANNEL_SETTING = "CHANNEL_LAYERS"
LOCAL_LAYERS = frozenset({"channels.layers.InMemoryChannelLayer", "asgiref.inmemory.ChannelLayer"})

CLASSES = (
    Local(
        "starsessions.{,stores.,stores.memory.}InMemoryStore starsessions.{,backends.}InMemoryBackend",
        _MEMORY,
        "use its RedisStore",
    ),
    Local(
        "fastapi_sessions.backends.implementations.{,in_memory_backend.}InMemoryBackend", _MEMORY, "keep them in Redis"
    ),
    Local("sanic_session.{,memory.}InMemorySessionInterface", _MEMORY, "use AIORedisSessionInterface"),
    Local(
        "flask_session.{,filesystem.,sessions.}{FileSystemSessionInterface,CacheLibSessionInterface}",
        _DISK,
        "use RedisSessionInterface",
    ),
    Local(
        "aiogram.fsm.storage.memory.MemoryStorage aiogram.contrib.fsm_storage.memory.MemoryStorage",
        _MEMORY,
        "use RedisStorage",
        Fact.BOT_STATE_USED,
    ),
    Local(
        "telebot.{,asyncio_}storage.{,memory_storage.}StateMemoryStorage",
        _MEMORY,
        "use StateRedisStorage",
        Fact.BOT_STATE_USED,
    ),
    Local("langgraph.checkpoint.memory.{MemorySaver,InMemorySaver}", _MEMORY, "use PostgresSaver or RedisSaver"),
    Local("channels.layers.InMemoryChannelLayer", _MEMORY, "use channels_redis"),
    Local("cachelib.{,file.}FileSystemCache", _DISK, "use RedisCache"),
)

#: Servers of Socket.IO, and the argument through which several of them speak to each other.
SOCKET_SERVERS = {
    "flask_socketio.SocketIO": "message_queue",
    "flask_socketio.SocketIO().init_app": "message_queue",
    "socketio.{,server.,async_server.}{Server,AsyncServer}": "client_manager",
}
#: Names under which projects keep such a server, to be told from other extensions.
SOCKET_NAMES = frozenset({"socketio", "socket_io", "sio", "socket", "socket_app", "websocket"})
