"""Pools of database connections: the drivers' own, and DBUtils for any of them.

Making one connects where it opens its first connections at once (psycopg2, mysql-connector, mariadb, cx_Oracle);
psycopg_pool and oracledb do so in the background.  psycopg_pool waits 30 s for a free connection; psycopg2,
mysql-connector and mariadb raise at once when all are taken.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Resource, System

# The connection string stands behind `minconn` and `maxconn`.
_LIBPQ = Deadline(("connect_timeout",), nested=("dsn", "service"), nested_position=2)
_MYSQL = Deadline(("connection_timeout", "connect_timeout"), nested=("option_files",))

ROWS: tuple[Api, ...] = (
    # psycopg2: `minconn` connections at once
    Api(
        "psycopg2.pool.{SimpleConnectionPool,ThreadedConnectionPool,PersistentConnectionPool,AbstractConnectionPool}",
        System.DATABASE,
        makes=Resource.POOL,
        blocks=True,
        deadline=_LIBPQ,
        returns="psycopg2.pool.ThreadedConnectionPool()",
    ),
    Api("psycopg2.pool.ThreadedConnectionPool().getconn", System.DATABASE, blocks=True, returns="psycopg2.connect()"),
    # psycopg 3: opened by workers in the background
    Api(
        "psycopg_pool.{,pool.}ConnectionPool psycopg_pool.{,null_pool.}NullConnectionPool",
        System.DATABASE,
        makes=Resource.POOL,
        returns="psycopg_pool.ConnectionPool()",
    ),
    Api(
        "psycopg_pool.ConnectionPool().{connection,getconn}",
        System.DATABASE,
        blocks=True,
        returns="psycopg.Connection()",
    ),
    Api(
        "psycopg_pool.{,pool_async.}AsyncConnectionPool psycopg_pool.{,null_pool_async.}AsyncNullConnectionPool",
        System.DATABASE,
        makes=Resource.POOL,
        returns="psycopg_pool.AsyncConnectionPool()",
    ),
    Api(
        "psycopg_pool.AsyncConnectionPool().{connection,getconn}",
        System.DATABASE,
        returns="psycopg.AsyncConnection()",
    ),
    # asyncpg, aiopg, aiomysql, asyncmy, aioodbc
    Api(
        "asyncpg.{,pool.}create_pool asyncpg.pool.Pool",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(sane=True),
        returns="asyncpg.Pool()",
    ),
    Api("asyncpg.Pool().acquire", System.DATABASE, returns="asyncpg.Connection()"),
    Api("aiopg.{,pool.}create_pool", System.DATABASE, makes=Resource.POOL, returns="aiopg.Pool()"),
    Api("aiopg.pool.Pool", System.DATABASE, returns="aiopg.Pool()"),
    Api("aiopg.Pool().acquire", System.DATABASE, returns="aiopg.connect()"),
    Api(
        "aiomysql.{,pool.}create_pool",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(("connect_timeout",)),
        returns="aiomysql.Pool()",
    ),
    Api("aiomysql.pool.Pool", System.DATABASE, returns="aiomysql.Pool()"),
    Api("aiomysql.Pool().acquire", System.DATABASE, returns="aiomysql.connect()"),
    Api("asyncmy.{,pool.}create_pool", System.DATABASE, makes=Resource.POOL, returns="asyncmy.Pool()"),
    Api("asyncmy.Pool().acquire", System.DATABASE, returns="asyncmy.connect()"),
    Api("aioodbc.{,pool.}create_pool", System.DATABASE, makes=Resource.POOL, returns="aioodbc.Pool()"),
    Api("aioodbc.Pool().acquire", System.DATABASE, returns="aioodbc.connect()"),
    Api("{aiomysql,aiopg}.sa.create_engine asynch.create_pool", System.DATABASE, makes=Resource.POOL),
    # MySQL and MariaDB
    Api(
        "mysql.connector.pooling.MySQLConnectionPool",
        System.DATABASE,
        makes=Resource.POOL,
        blocks=True,
        deadline=_MYSQL,
    ),
    Api(
        "mysql.connector.pooling.MySQLConnectionPool().get_connection",
        System.DATABASE,
        blocks=True,
        returns="mysql.connector.connect()",
    ),
    Api(
        "mariadb.{,connectionpool.}ConnectionPool",
        System.DATABASE,
        makes=Resource.POOL,
        blocks=True,
        deadline=Deadline(("connect_timeout",), nested=("default_file",)),
        returns="mariadb.ConnectionPool()",
    ),
    Api("mariadb.ConnectionPool().get_connection", System.DATABASE, blocks=True, returns="mariadb.connect()"),
    # Oracle
    Api(
        "oracledb.{create_pool,SessionPool,ConnectionPool}",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(("tcp_connect_timeout",), sane=True),
        returns="oracledb.ConnectionPool()",
    ),
    Api("cx_Oracle.SessionPool", System.DATABASE, makes=Resource.POOL, blocks=True),
    Api("oracledb.ConnectionPool().acquire", System.DATABASE, blocks=True, returns="oracledb.Connection()"),
    Api("cx_Oracle.SessionPool().acquire", System.DATABASE, blocks=True, returns="cx_Oracle.Connection()"),
    Api(
        "oracledb.create_pool_async",
        System.DATABASE,
        makes=Resource.POOL,
        deadline=Deadline(("tcp_connect_timeout",), sane=True),
        returns="oracledb.AsyncConnectionPool()",
    ),
    Api("oracledb.AsyncConnectionPool().acquire", System.DATABASE, returns="oracledb.AsyncConnection()"),
    # DBUtils: any driver
    Api(
        "dbutils.{pooled_db.PooledDB,persistent_db.PersistentDB} DBUtils.{PooledDB.PooledDB,PersistentDB.PersistentDB}",
        System.DATABASE,
        makes=Resource.POOL,
        returns="dbutils.pooled_db.PooledDB()",
    ),
    Api("dbutils.pooled_db.PooledDB().{connection,dedicated_connection}", System.DATABASE, blocks=True),
    Api(
        "dbutils.pooled_db.PooledDB().connection().cursor().{execute,executemany,callproc}",
        System.DATABASE,
        blocks=True,
    ),
    Api("dbutils.pooled_db.PooledDB().connection().{commit,rollback}", System.DATABASE, blocks=True),
    Api("psqlpy.{ConnectionPool,connect}", System.DATABASE, makes=Resource.POOL),
)
