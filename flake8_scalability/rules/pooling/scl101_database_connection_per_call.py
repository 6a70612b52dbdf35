"""SCL101: a database connection that is opened again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Resource
from flake8_scalability.model.pooling.sharing import made_per_call
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class DatabaseConnectionPerCall(Rule):
    """A function that runs per call opens a database connection of its own.

    What it does
    ------------
    Finds a driver's `connect()` (psycopg2, psycopg, asyncpg, PyMySQL, mysqlclient, oracledb, pyodbc and many more) in
    a function that runs on every request, task or call, also where a helper of the file returns the new connection.
    A connection on `flask.g` or on the request object lives for one request and counts as made per call.

    Why it does not scale
    ---------------------
    A connection costs a TCP and TLS handshake, an authentication and, in PostgreSQL, a process of the server. Under
    load every request pays for it, and the server's connection limit is reached long before its capacity.

    How to fix it
    -------------
    Make a pool once for the process (`psycopg_pool.ConnectionPool`, `asyncpg.create_pool`, SQLAlchemy's engine) and
    take a connection from it for the time of the query: `with pool.connection() as conn:`.

    Known limits
    ------------
    A connection kept on `self` is taken to live as long as the process unless the file makes the instance per call.
    A factory (`create_connection`) whose callers are in other files is silent.
    """

    code = "SCL101"
    slug = "database-connection-per-call"
    severity = Severity.CRITICAL
    since = "0.1.0"
    load = "connection per call"
    message = "{callee}() opens a new database connection on every call of {function}(); use a connection pool"
    short = "{callee}() connects anew on every call of {function}(); use a pool"
    title = "Database connection opened per call"
    impact = "Every call pays for a connection; the database runs out of them long before it runs out of capacity"
    fix = "Make one pool for the process (psycopg_pool, asyncpg.create_pool, an SQLAlchemy engine) and borrow from it"
    references = (
        "https://www.postgresql.org/docs/current/runtime-config-connection.html",
        "https://www.psycopg.org/psycopg3/docs/advanced/pool.html",
    )
    examples = (
        Bad(
            """
            import psycopg2

            def order_total(order_id):
                conn = psycopg2.connect("dbname=shop", connect_timeout=3)  # SCL101
                with conn, conn.cursor() as cursor:
                    cursor.execute("SELECT sum(price) FROM lines WHERE order_id = %s", (order_id,))
                    return cursor.fetchone()[0]
        """,
            "the connection is opened for one query",
        ),
        Bad(
            """
            import pymysql
            from contextlib import closing

            class Stock:
                def __init__(self, settings):
                    self.settings = settings

                def _connect(self):
                    return pymysql.connect(host=self.settings.host, connect_timeout=3)  # SCL101

                def level(self, sku):
                    with closing(self._connect()) as conn, conn.cursor() as cursor:
                        cursor.execute("SELECT level FROM stock WHERE sku = %s", (sku,))
                        return cursor.fetchone()

                def reserve(self, sku):
                    with closing(self._connect()) as conn, conn.cursor() as cursor:
                        cursor.execute("UPDATE stock SET level = level - 1 WHERE sku = %s", (sku,))
                        conn.commit()
        """,
            "reported once, in the helper that returns the new connection",
        ),
        Bad(
            """
            import psycopg2
            from flask import Flask, g

            app = Flask(__name__)

            def get_db():
                if "db" not in g:
                    g.db = psycopg2.connect(app.config["DSN"], connect_timeout=3)  # SCL101
                return g.db
        """,
            "flask.g ends with the request",
        ),
        Bad(
            """
            import asyncpg
            from fastapi import Depends, FastAPI
            from shop.settings import DATABASE_URL

            app = FastAPI()

            async def database():
                conn = await asyncpg.connect(DATABASE_URL, timeout=5)  # SCL101
                try:
                    yield conn
                finally:
                    await conn.close()

            @app.get("/health/orders")
            async def orders_alive(conn=Depends(database)):
                await conn.execute("SELECT 1", timeout=2)
                return {"ok": True}
        """,
            "a dependency runs for every request",
        ),
        Good(
            """
            import psycopg2

            connection = psycopg2.connect("dbname=shop", connect_timeout=3)

            def order_total(order_id):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT sum(price) FROM lines WHERE order_id = %s", (order_id,))
                    return cursor.fetchone()[0]
        """,
            "made once, when the module is imported",
        ),
        Good(
            """
            import psycopg2

            _connection = None

            def connection():
                global _connection
                if _connection is None or _connection.closed:
                    _connection = psycopg2.connect("dbname=shop", connect_timeout=3)
                return _connection
        """,
            "memoised in a module global",
        ),
        Good(
            """
            import asyncpg
            from contextlib import asynccontextmanager
            from fastapi import FastAPI
            from shop.settings import DATABASE_URL

            @asynccontextmanager
            async def database(app: FastAPI):
                app.state.db = await asyncpg.connect(DATABASE_URL, timeout=5)
                yield
                await app.state.db.close(timeout=5)

            app = FastAPI(lifespan=database)
        """,
            "made when the application starts",
        ),
        Good(
            """
            import pymysql

            _connections = {}

            def connection_for(tenant):
                if tenant.id not in _connections:
                    conn = pymysql.connect(host=tenant.host, connect_timeout=3, read_timeout=30)
                    _connections[tenant.id] = conn
                return _connections[tenant.id]
        """,
            "kept in a registry of the module",
        ),
        Good(
            """
            import functools
            import psycopg

            @functools.lru_cache(maxsize=1)
            def connection():
                return psycopg.connect("dbname=shop", connect_timeout=3)

            def ping():
                connection().execute("SELECT 1")
        """,
            "a cached provider runs once",
        ),
        Good(
            """
            import psycopg2

            class Orders:
                def __init__(self):
                    self._conn = None

                def connection(self):
                    if self._conn is None:
                        self._conn = psycopg2.connect("dbname=shop", connect_timeout=3)
                    return self._conn

            orders = Orders()
        """,
            "kept on an object that lives as long as the process",
        ),
        Good(
            """
            import psycopg2

            def create_connection(dsn):
                return psycopg2.connect(dsn, connect_timeout=3)
        """,
            "a factory: who calls it, and how often, is not in this file",
        ),
        Good(
            """
            import psycopg2
            import sys

            def move_orders(source):
                conn = psycopg2.connect(source, connect_timeout=3)
                with conn, conn.cursor() as cursor:
                    cursor.execute("DELETE FROM orders WHERE paid < now() - interval '1 year'")

            if __name__ == "__main__":
                move_orders(sys.argv[1])
        """,
            "a script connects once",
        ),
        Good(
            """
            import psycopg2

            def test_connection(dsn):
                psycopg2.connect(dsn, connect_timeout=3).close()
        """,
            "the purpose is to see whether a connection can be made",
        ),
        Good(
            """
            import ldap

            class Directory:
                def _open(self):
                    return ldap.initialize(self.url)

                def accepts(self, name, password):
                    connection = self._open()
                    connection.simple_bind_s(name, password)
                    return True
        """,
            "a log-in of the caller's",
        ),
        Good(
            """
            import ldap3

            def log_in(server, name, password):
                with ldap3.Connection(server, user=name, password=password, receive_timeout=5) as conn:
                    return conn.bound
        """,
            "the connection speaks for the one who logs in, so it can't be shared",
        ),
        Good(
            """
            import psycopg2

            def listen(handle):
                conn = psycopg2.connect("dbname=shop", connect_timeout=3)
                while not handle.stopped:
                    conn.poll()
        """,
            "a worker's main loop over one connection",
        ),
        Good(
            """
            import psycopg2

            class Orders:
                def open(self):
                    self.conn = psycopg2.connect("dbname=shop", connect_timeout=3)  # todo: SCL101

                def close(self):
                    self.conn.close()

                def touch(self):
                    self.open()
                    self.close()
        """,
            "opened and closed per call, but in methods of its own",
        ),
        Good(
            """
            import psycopg2
            from shop.plugins import Plugin

            class Postgres(Plugin):
                def __init__(self, host, name):
                    self.host = host
                    self.name = name

                def tables(self):
                    with psycopg2.connect(host=self.host, dbname=self.name, connect_timeout=3) as conn:
                        return conn.info.dbname
        """,
            "a plug-in connects to what each of its users configured",
        ),
        Good(
            """
            import psycopg2

            def listen(stop):
                conn = psycopg2.connect("dbname=shop", connect_timeout=3)
                while True:
                    if stop.is_set():
                        break
                    conn.poll()
        """,
            "the loop ends when somebody asks for it",
        ),
        Good(
            """
            import psycopg2

            def copy(dsn):
                conn = psycopg2.connect(dsn, connect_timeout=3)  # todo: SCL101
                conn.close()
        """,
            "whether the callers name one database or many is not in this file",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the connections that are made per call."""
        for site in made_per_call(source, Resource.DATABASE_CONNECTION):
            yield Finding.at(site)
