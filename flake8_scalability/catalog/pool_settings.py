"""Pools: the arguments that turn them off or leave them unbounded, their defaults, and what is borrowed from them."""

from __future__ import annotations

from flake8_scalability.catalog.rows import Lease, Sizing, Switch

_ENGINES = (
    "sqlalchemy.{,engine.,engine.create.}{create_engine,engine_from_config} sqlmodel.create_engine "
    "sqlalchemy.ext.asyncio.{,engine.}{create_async_engine,async_engine_from_config}"
)
NULL_POOLS = (
    *("sqlalchemy.pool.NullPool", "sqlalchemy.pool.impl.NullPool", "sqlalchemy.NullPool"),
    *("sqlalchemy.pool.StaticPool", "sqlalchemy.pool.impl.StaticPool", "sqlalchemy.StaticPool"),
)
_CONNECTORS = "aiohttp.{,connector.}{TCPConnector,UnixConnector}"
_SIZE_IT = "give the number of connections that the other side can bear"

SWITCHES: tuple[Switch, ...] = (
    # https://docs.sqlalchemy.org/en/20/core/pooling.html
    Switch(
        _ENGINES,
        "poolclass",
        off_paths=NULL_POOLS,
        what="turns pooling off",
        instead="leave the default pool and size it",
        server_only=True,
    ),
    Switch(
        _ENGINES,
        "pool_size",
        off=(0,),
        what="removes the pool's bound",
        instead="give the size that the database can bear",
        server_only=True,
    ),
    Switch(
        _ENGINES,
        "max_overflow",
        off=(-1,),
        what="removes the pool's bound",
        instead="give the overflow that the database can bear",
        server_only=True,
    ),
    # https://docs.aiohttp.org/en/stable/client_reference.html#connectors
    Switch(
        _CONNECTORS,
        "force_close",
        off=(True,),
        what="closes each connection after one request",
        instead="leave keep-alive on",
    ),
    Switch(_CONNECTORS, "limit", off=(0, None), what="removes the pool's bound", instead=_SIZE_IT),
    # https://www.python-httpx.org/advanced/resource-limits/
    Switch(
        "httpx.Limits",
        "max_keepalive_connections",
        off=(0,),
        what="closes each connection after one request",
        instead="keep some connections alive",
    ),
    Switch("httpx.Limits", "max_connections", off=(None,), what="removes the pool's bound", instead=_SIZE_IT),
)

#: Names under which a framework reads a mapping of `create_engine`'s arguments (Flask-SQLAlchemy's configuration).
ENGINE_OPTION_NAMES = frozenset({"SQLALCHEMY_ENGINE_OPTIONS"})
LIVENESS = ("pool_pre_ping", "pool_recycle")
#: Arguments of an engine that choose another pool, or make the connections themselves.
CHOOSING = ("poolclass", "creator")
#: Methods that end a pool, and those that hand work to an executor (their own, or as an argument of theirs).
ENDING = ("dispose",)
HANDING = ("submit", "map", "run_in_executor")

SIZINGS: tuple[Sizing, ...] = (
    Sizing(
        _ENGINES,
        LIVENESS,
        what="keeps connections that the server has closed",
        instead="set pool_pre_ping=True or pool_recycle",
        server_only=True,
        decided_by=CHOOSING,
    ),
    # https://redis.readthedocs.io/en/stable/connections.html: the default is 2**31
    Sizing(
        # A synchronous pool is bounded by the threads that use it, a coroutine's by nothing.
        "redis.asyncio.{,connection.}ConnectionPool redis.asyncio.{,connection.}ConnectionPool.from_url",
        ("max_connections",),
        what="opens as many connections as coroutines ask for",
        instead="use BlockingConnectionPool, or set max_connections",
    ),
    # https://docs.python.org/3/library/concurrent.futures.html: min(32, cores + 4) threads
    Sizing(
        "concurrent.futures.{,thread.}ThreadPoolExecutor",
        ("max_workers",),
        position=0,
        what="takes its size from the cores of the machine",
        instead="set max_workers to what the calls wait for",
        serving_only=True,
    ),
)

#: Adapters that hold at most so many connections for each host, by the argument that says how many, and its default.
ADAPTERS = {"requests.adapters.HTTPAdapter": ("pool_maxsize", 10), "requests.HTTPAdapter": ("pool_maxsize", 10)}
EXECUTORS = frozenset(
    {
        "concurrent.futures.ThreadPoolExecutor",
        "concurrent.futures.thread.ThreadPoolExecutor",
        "multiprocessing.pool.ThreadPool",
        "multiprocessing.dummy.Pool",
    }
)

#: What stands in an address or its name where an external pooler answers it.
POOLERS = ("pgbouncer", "pooler", ":6432", "pgcat", "odyssey", "rds-proxy", "rds_proxy", ".proxy-", "proxysql")
#: Drivers over HTTP, which keep no connection that could go stale.
STATELESS_DRIVERS = ("auroradataapi", "athena", "bigquery", "databricks", "snowflake", "druid", "elasticsearch")
#: Back ends of Django that are servers (the last part of `ENGINE`).
DJANGO_SERVERS = ("postgresql", "postgis", "postgresql_psycopg2", "mysql", "oracle", "mssql", "cockroachdb")
DJANGO_URL_PARSERS = frozenset({"dj_database_url.parse", "dj_database_url.config"})

#: What makes a factory of leases, under the name to which its result is assigned.
FACTORY_MAKERS = frozenset({"sessionmaker", "async_sessionmaker", "scoped_session"})

LEASES: tuple[Lease, ...] = (
    Lease(
        "psycopg2.pool.ThreadedConnectionPool().getconn psycopg_pool.{ConnectionPool,AsyncConnectionPool}().getconn",
        "connection",
        ("close",),
        ("putconn",),
        by_name=("getconn",),
    ),
    Lease(
        "{asyncpg,aiomysql,aiopg,asyncmy,aioodbc}.Pool().acquire",
        "connection",
        ("close",),
        ("release",),
        by_name=("pool.acquire", "db_pool.acquire", "_pool.acquire"),
    ),
    Lease(
        "mysql.connector.pooling.MySQLConnectionPool().get_connection mariadb.ConnectionPool().get_connection",
        "connection",
        ("close",),
    ),
    Lease(
        "oracledb.{ConnectionPool,AsyncConnectionPool}().acquire cx_Oracle.SessionPool().acquire",
        "connection",
        ("close",),
        ("release", "drop"),
    ),
    Lease("dbutils.pooled_db.PooledDB().connection", "connection", ("close",)),
    Lease(
        "sqlalchemy.Engine().{connect,raw_connection} sqlalchemy.ext.asyncio.AsyncEngine().connect",
        "connection",
        ("close",),
    ),
    Lease(
        "sqlalchemy.orm.{,session.}sessionmaker() sqlalchemy.ext.asyncio.{,session.}async_sessionmaker() "
        "sqlmodel.Session sqlalchemy.orm.{,session.}Session sqlalchemy.ext.asyncio.{,session.}AsyncSession",
        "session",
        ("close", "remove"),
        by_name=(
            *("SessionLocal", "AsyncSessionLocal", "async_session_maker", "SessionFactory", "AsyncSessionFactory"),
            *("async_session_factory", "session_factory", "SessionMaker", "session_maker"),
            *("db.Session", "database.Session", "models.Session", "engine.Session", "db.async_session"),
            *("database.async_session", "session.async_session", "session.Session"),
        ),
    ),
    # A session of SQLAlchemy that a function of the project hands out: what is done with it and its close() show it.
    Lease(
        "",
        "session",
        ("close",),
        by_name=("get_session", "get_db_session", "create_session", "new_session", "open_session"),
        shown_by=("query", "commit", "execute", "add", "scalars", "flush"),
    ),
    Lease(
        "threading.{Lock,RLock,Semaphore,BoundedSemaphore}().acquire multiprocessing.{Lock,RLock,Semaphore}().acquire "
        "asyncio.{Lock,Semaphore,BoundedSemaphore}().acquire",
        "lock",
        ("release",),
        on_receiver=True,
    ),
)
