"""SCL101: a database connection that is opened again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Resource
from flake8_scalability.model.lifetimes import made_per_call
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class DatabaseConnectionPerCall(Rule):
    """A function that runs per call opens a database connection of its own.

    What it does
    ------------
    Finds a driver's `connect()` (psycopg2, psycopg, asyncpg, PyMySQL, mysqlclient, oracledb, pyodbc and many more) in
    a function that runs on every request, task or call, also where a helper of the file returns the new connection.

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
    """

    code = "SCL101"
    slug = "database-connection-per-call"
    severity = Severity.CRITICAL
    since = "0.1.0"
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
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the connections that are made per call."""
        for site in made_per_call(source, Resource.DATABASE_CONNECTION):
            yield Finding.at(site)
