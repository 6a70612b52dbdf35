"""SCL104: a connection to Redis or Memcached that is made again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Resource
from flake8_scalability.model.pooling.sharing import made_per_call
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class CacheConnectionPerCall(Rule):
    """A function that runs per call makes a cache client with connections of its own.

    What it does
    ------------
    Finds `redis.Redis(...)`, `StrictRedis`, `from_url`, `redis.asyncio`, aioredis, pymemcache, python-memcached and
    pylibmc clients built in a function that runs on every request, task or call.

    Why it does not scale
    ---------------------
    A cache answers in a fraction of a millisecond; connecting to it takes longer than that. A client per call turns
    the fast path into the slow one, and each client's own pool leaves idle connections until the server's `maxclients`
    is reached.

    How to fix it
    -------------
    Make one client for the process, or give each the one pool: `redis.Redis(connection_pool=pool)` with
    `pool = redis.ConnectionPool(max_connections=50)` at module level. The clients are safe to share between threads.

    Known limits
    ------------
    A client kept on `self` is taken to live as long as the process unless the file makes the instance per call.
    A factory (`create_redis`) whose callers are in other files is silent.
    """

    code = "SCL104"
    slug = "cache-connection-per-call"
    severity = Severity.CRITICAL
    since = "0.1.0"
    load = "connection per call"
    message = "{callee}() opens a new cache connection on every call of {function}(); share one client or pool"
    short = "{callee}() connects anew on every call of {function}(); share one client"
    title = "Cache connection made per call"
    impact = "Connecting takes longer than the look-up, and idle connections use up the server's client limit"
    fix = "Make one client for the process, or hand every client the same connection_pool"
    references = (
        "https://redis.io/docs/latest/develop/clients/pools-and-muxing/",
        "https://redis.readthedocs.io/en/stable/connections.html",
    )
    examples = (
        Bad(
            """
            import redis
            from shop.settings import CACHE_HOST

            def pool_size():
                client = redis.Redis(host=CACHE_HOST, socket_timeout=1, socket_connect_timeout=1)  # SCL104
                return client.connection_pool.max_connections
        """,
            "a client, and so a pool, for each call",
        ),
        Bad(
            """
            import redis.asyncio as redis
            from fastapi import Depends, FastAPI
            from shop.settings import CACHE_URL

            app = FastAPI()

            async def cache():
                client = redis.from_url(CACHE_URL, socket_timeout=1)  # SCL104
                try:
                    yield client
                finally:
                    await client.aclose()

            @app.get("/health")
            async def health(client=Depends(cache)):
                return {"cache": client is not None}
        """,
            "a dependency runs for every request",
        ),
        Bad(
            """
            from pymemcache.client.base import Client

            class Flags:
                def client(self):
                    return Client("cache", timeout=1, connect_timeout=1)  # SCL104

                def ready(self):
                    return self.client() is not None
        """,
            "reported once, in the helper that returns it",
        ),
        Good(
            """
            import redis
            from shop.settings import CACHE_HOST

            pool = redis.ConnectionPool(host=CACHE_HOST, max_connections=50, socket_timeout=1)

            def client():
                return redis.Redis(connection_pool=pool)
        """,
            "the client borrows from the shared pool",
        ),
        Good(
            """
            import redis
            from shop.settings import CACHE_HOST

            client = redis.Redis(host=CACHE_HOST, socket_timeout=1, socket_connect_timeout=1, max_connections=50)

            def pool_size():
                return client.connection_pool.max_connections
        """,
            "made at import",
        ),
        Good(
            """
            import redis
            from functools import cache
            from shop.settings import CACHE_HOST

            @cache
            def client():
                return redis.Redis(host=CACHE_HOST, socket_timeout=1, socket_connect_timeout=1, max_connections=50)
        """,
            "a cached provider",
        ),
        Good(
            """
            import redis
            from shop.settings import CACHE_HOST

            def create_app(flask):
                app = flask.Flask(__name__)
                app.extensions["cache"] = redis.Redis(host=CACHE_HOST, socket_timeout=1, max_connections=50)
                return app
        """,
            "kept on the application",
        ),
        Good(
            """
            import redis
            from shop.settings import CACHE_HOST

            def consume(channel):
                client = redis.Redis(host=CACHE_HOST, socket_timeout=1, max_connections=50)
                subscription = client.pubsub()
                while True:
                    message = subscription.get_message(timeout=5)
                    if message is None:
                        continue
                    channel.handle(message)
        """,
            "the loop lives as long as the process",
        ),
        Good(
            """
            import redis
            from shop.settings import CACHE_HOST

            class Locks:
                _client = redis.Redis(host=CACHE_HOST, socket_timeout=1, max_connections=50)

                def ready(self):
                    return self._client is not None
        """,
            "a class attribute is made at import",
        ),
        Good(
            """
            class Redis:
                def __init__(self, host):
                    self.host = host

            def build(host):
                redis = Redis(host)
                return redis.host
        """,
            "not the library",
        ),
        Good(
            """
            import redis

            class Queue:
                def __init__(self, client=None):
                    self.client = client or redis.Redis(host="cache", socket_timeout=1, max_connections=50)
        """,
            "the caller may hand its client in",
        ),
        Good(
            """
            import redis
            from shop.settings import CACHE_HOST

            def stop_worker():
                redis.Redis(host=CACHE_HOST, socket_timeout=1, socket_connect_timeout=1).delete("worker")
        """,
            "once, when the process ends",
        ),
        Good(
            """
            import redis
            from celery import shared_task
            from shop.settings import CACHE_HOST

            @shared_task(time_limit=600)
            def purge_stale_carts():
                client = redis.Redis(host=CACHE_HOST, socket_timeout=1, socket_connect_timeout=1, max_connections=2)
                return client.zremrangebyscore("carts:seen", 0, 1700000000)
        """,
            "a worker cleans up now and then, over one connection",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the cache clients that are made per call."""
        for site in made_per_call(source, Resource.CACHE_CONNECTION):
            yield Finding.at(site)
