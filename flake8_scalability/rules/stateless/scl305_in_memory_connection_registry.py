"""SCL305: live connections in the memory of one process, and messages to all of them."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import live_connections
from flake8_scalability.model.stateless.roles import Role, folded
from flake8_scalability.model.stateless.state import function_name
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class InMemoryConnectionRegistry(Rule):
    """WebSockets and event streams are kept in a list of the process, and messages go to that list only.

    What it does
    ------------
    Finds containers of the process in which handlers put live connections (WebSockets, streams, a queue for each
    listener), in a file without a channel that instances share: Redis pub/sub, a channel layer, a message broker. What
    nothing ever sends to all of them is silent, and a file that says it has a single process.

    Why it does not scale
    ---------------------
    A client is connected to one instance. A message that comes in at another instance is sent to that one's list, so
    that with two instances half of the clients never get it.

    How to fix it
    -------------
    Publish each message to a shared channel (Redis pub/sub, a channel layer, a broker), and let every instance send
    what it receives there to the connections that it holds.

    Known limits
    ------------
    A shared channel that stands in another module is seen where this file names it, or where that module names the
    class that keeps the connections.
    """

    code = "SCL305"
    slug = "in-memory-connection-registry"
    severity = Severity.CRITICAL
    since = "0.1.0"
    second_instance = True
    message = "`{name}`, filled by {function}(), knows only this instance's connections; {instead}"
    short = "`{name}` ({function}()) knows only this instance's connections; {instead}"
    title = "In-memory connection registry"
    impact = "With a second instance a message reaches only the clients of the instance where it came in"
    fix = (
        "Publish messages through Redis pub/sub, a channel layer or a broker; each instance serves its own connections"
    )
    references = (
        "https://fastapi.tiangolo.com/advanced/websockets/",
        "https://websockets.readthedocs.io/en/stable/topics/broadcast.html",
    )
    examples = (
        Bad(
            """
            from fastapi import FastAPI, WebSocket

            app = FastAPI()
            viewers = []  # SCL305

            @app.websocket("/prices")
            async def prices(websocket: WebSocket):
                await websocket.accept()
                viewers.append(websocket)
                try:
                    async for message in websocket.iter_text():
                        for viewer in viewers:
                            await viewer.send_text(message)
                finally:
                    viewers.remove(websocket)
        """,
            "who is connected to another instance gets no prices",
        ),
        Bad(
            """
            class RoomManager:
                def __init__(self):
                    self.rooms = {}  # SCL305

                async def join(self, room, websocket):
                    self.rooms.setdefault(room, []).append(websocket)

                async def tell(self, room, text):
                    for websocket in self.rooms.get(room, []):
                        await websocket.send_text(text)

            manager = RoomManager()
        """,
            "a manager that lives as long as the process",
        ),
        Bad(
            """
            from tornado.websocket import WebSocketHandler

            class Ticker(WebSocketHandler):
                open_tickers = set()  # SCL305

                def open(self):
                    self.open_tickers.add(self)

                def on_close(self):
                    self.open_tickers.discard(self)
        """,
            "handlers that hold their own connection",
        ),
        Bad(
            """
            # The channels of clients: one WebSocket for each.
            channels = {}  # SCL305

            def keep(client_id, channel):
                channels[client_id] = channel

            async def tell(client_id, text):
                await channels[client_id].send(text)
        """,
            "the other half of a client's conversation may be on another instance",
        ),
        Good(
            """
            from fastapi import FastAPI, WebSocket
            from app.channels import redis

            app = FastAPI()
            viewers = set()

            @app.websocket("/prices")
            async def prices(websocket: WebSocket):
                await websocket.accept()
                viewers.add(websocket)
                async for message in websocket.iter_text():
                    await redis.publish("prices", message)

            async def deliver():
                channel = redis.pubsub()
                await channel.subscribe("prices")
                async for message in channel.listen():
                    for viewer in viewers:
                        await viewer.send_text(message["data"])
        """,
            "messages go through Redis, each instance serves its own connections",
        ),
        Good(
            """
            from channels.generic.websocket import AsyncWebsocketConsumer

            class Prices(AsyncWebsocketConsumer):
                async def connect(self):
                    await self.channel_layer.group_add("prices", self.channel_name)
                    await self.accept()
        """,
            "a channel layer knows the connections of all instances",
        ),
        Good(
            """
            from fastapi import FastAPI, WebSocket

            app = FastAPI()

            @app.websocket("/echo")
            async def echo(websocket: WebSocket):
                await websocket.accept()
                async for message in websocket.iter_text():
                    await websocket.send_text(message)
        """,
            "one connection speaks with itself only",
        ),
        Good(
            """
            # Made for a single-process deployment.
            listeners = set()

            async def keep(websocket):
                listeners.add(websocket)

            async def tell(text):
                for websocket in listeners:
                    await websocket.send_text(text)
        """,
            "the file says that there is one process",
        ),
        Good(
            """
            class ConnectionPool:
                def __init__(self):
                    self.free = []

                def give_back(self, connection):
                    self.free.append(connection)

            pool = ConnectionPool()
        """,
            "connections to a server, not of callers",
        ),
        Good(
            """
            from aiohttp import web

            class WalletDaemon:
                def configure(self, app):
                    self.app = app
                    self.app["listeners"] = set()
                    self.app.router.add_get("/ws", self.handle)

                async def handle(self, request):
                    ws = web.WebSocketResponse()
                    request.app["listeners"].add(ws)
                    return ws

                async def tell(self, text):
                    for ws in self.app["listeners"]:
                        await ws.send_str(text)
        """,
            "the other parts of the product listen to its one daemon",
        ),
        Good(
            """
            from sqlalchemy import create_engine

            _engines = {}

            def engine_for(connection_url):
                engine = _engines.get(connection_url)
                if engine is None:
                    engine = create_engine(connection_url, pool_pre_ping=True, pool_recycle=600, pool_size=10)
                    _engines[connection_url] = engine
                return engine
        """,
            "pools of connections to databases, by their addresses",
        ),
        Good(
            """
            # The load balancer has sticky sessions, so that both WebSockets of a client come here.
            channels = {}

            def keep(client_id, channel):
                channels[client_id] = channel

            def partner_of(client_id):
                return channels.get(client_id)
        """,
            "connections that only have to meet each other",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        found = folded(each for each in source.changed_while_serving if each.role is Role.CONNECTIONS)
        if not found or live_connections.has_shared_channel(source) or live_connections.is_for_developers(source):
            return
        if live_connections.says_alone(source):
            return
        paired = live_connections.are_only_paired(source)
        if paired and live_connections.are_led_here(source):
            return
        instead = "add pub/sub or sticky routing" if paired else "add a shared pub/sub"
        for registry, _ in found:
            if live_connections.is_fed_from_channel(source, registry.state):
                continue
            if live_connections.is_told_nothing(source, registry.state):
                continue
            names = {"name": registry.state.name, "function": function_name(registry.change), "instead": instead}
            yield Finding(registry.state.node, names, registry.via)
