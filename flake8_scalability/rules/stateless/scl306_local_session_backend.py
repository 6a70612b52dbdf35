"""SCL306: sessions in a backend that only one machine or process has."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import local_sessions, stand_ins
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


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
    A setting under a condition is taken for one of several, unless each of them is local, and one of Flask-Session
    that another file sets to a server for a default. A Socket.IO server that gets its application only below `if
    __name__ == "__main__":` is one that somebody starts by hand. Bots of which no file has a state, and layers over
    which nobody sends, keep nothing. Load balancers that send a user to the same instance every time hide the
    defect until that instance goes.
    """

    code = "SCL306"
    slug = "local-session-backend"
    severity = Severity.CRITICAL
    since = "0.1.0"
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
        Good(
            """
            import os
            from shop.application import app, socketio

            if __name__ == "__main__":
                socketio.init_app(app, async_mode="eventlet")
                socketio.run(app, port=int(os.environ["PORT"]))
            """,
            "how one starts it by hand: a server that imports the application does not come here",
        ),
        Good(
            """
            from aiogram.fsm.storage.memory import MemoryStorage
            from aiogram.fsm.storage.redis import RedisStorage
            from shop.settings import conf

            def make_storage():
                if conf.redis_url:
                    return RedisStorage.from_url(conf.redis_url)
                return MemoryStorage()
            """,
            "what is left where no Redis is named",
        ),
        Good(
            """
            class Common:
                SESSION_ENGINE = "django.contrib.sessions.backends.cache"

                @property
                def CACHES(self):
                    return {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": self.REDIS_URL}}

            class AutomatedTests(Common):
                CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        """,
            "only tests keep them in the process",
            "shop/settings.py",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """The settings, classes and servers of the catalogue."""
        return local_sessions.vocabulary()

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the settings, objects and servers that keep sessions to themselves."""
        if source.is_tool or stand_ins.is_test_data(source.filename):
            return
        for kept in local_sessions.kept(source):
            names = {"callee": kept.callee, "what": kept.what, "where": kept.where, "instead": kept.instead}
            yield Finding(kept.node, names)
