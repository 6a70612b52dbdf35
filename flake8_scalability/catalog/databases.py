"""Drivers of PostgreSQL, MySQL, MariaDB and Oracle servers; the other servers and warehouses stand in `warehouses`.

`connect` carries the bound of the connection; hardly any driver bounds a query by default, which is for the server to
do.  Drivers that take the whole result over with `execute` do not wait in `fetch...` (but for a server-side cursor), so
that only the others block there.

Defaults, from the drivers' sources: none in libpq (psycopg 3 adds 130 s that cannot be turned off), in the C libraries
of MySQL and MariaDB, in mysql-connector, aiomysql, cymysql and pg8000; 60 s in asyncpg and aiopg, 20 s in oracledb;
10 s that cannot be turned off in PyMySQL and asyncmy.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Resource, System

# A connection string or an options file may hold the bound as well.
_LIBPQ = Deadline(("connect_timeout",), nested=("dsn", "service"), nested_position=0)
_MYSQL = Deadline(("connection_timeout", "connect_timeout"), nested=("option_files", "read_default_file"))
_TIMEOUT = Deadline(sane=True)
_ORACLE = Deadline(("tcp_connect_timeout",), sane=True)
_EXECUTE = "{execute,executemany,callproc}"
_FETCH = "{fetchone,fetchmany,fetchall}"
_COMMIT = "{commit,rollback}"
_PYMYSQL = "{pymysql,MySQLdb,cymysql,mariadb}.connect()"
_AIOMYSQL = "{aiomysql,asyncmy,mysql.connector.aio}.connect()"

POSTGRESQL = (
    # psycopg2 and its twin for PyPy
    Api(
        "psycopg2.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=_LIBPQ,
    ),
    Api("psycopg2.extensions.connection", System.DATABASE, returns="psycopg2.connect()"),
    Api("psycopg2.extensions.cursor", System.DATABASE, returns="psycopg2.connect().cursor()"),
    Api(
        "psycopg2cffi.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=_LIBPQ,
        returns="psycopg2.connect()",
    ),
    Api("psycopg2.connect().cursor()." + _EXECUTE, System.DATABASE, blocks=True),
    Api("psycopg2.connect().cursor().{copy_from,copy_to,copy_expert}", System.DATABASE, blocks=True),
    Api("psycopg2.extras.{execute_values,execute_batch}", System.DATABASE, blocks=True),
    Api("psycopg2.connect().cursor()." + _FETCH, System.DATABASE),
    Api("psycopg2.connect()." + _COMMIT, System.DATABASE, blocks=True),
    # psycopg 3
    Api(
        "psycopg.connect psycopg.Connection.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        returns="psycopg.Connection()",
    ),
    Api("psycopg.connection.Connection", System.DATABASE, returns="psycopg.Connection()"),
    Api("psycopg.{,cursor.}Cursor", System.DATABASE, returns="psycopg.Connection().cursor()"),
    Api(
        "psycopg.Connection(){,.cursor()}.execute psycopg.Connection().cursor().executemany",
        System.DATABASE,
        blocks=True,
        returns="psycopg.Connection().cursor()",
    ),
    Api("psycopg.Connection().cursor().stream", System.DATABASE, blocks=True),
    Api("psycopg.Connection().cursor()." + _FETCH, System.DATABASE),
    Api("psycopg.Connection()." + _COMMIT, System.DATABASE, blocks=True),
    Api(
        "psycopg.AsyncConnection.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        returns="psycopg.AsyncConnection()",
    ),
    Api("psycopg.connection_async.AsyncConnection", System.DATABASE, returns="psycopg.AsyncConnection()"),
    Api("psycopg.{,cursor_async.}AsyncCursor", System.DATABASE, returns="psycopg.AsyncConnection().cursor()"),
    Api(
        "psycopg.AsyncConnection(){,.cursor()}.execute psycopg.AsyncConnection().cursor().executemany",
        System.DATABASE,
        returns="psycopg.AsyncConnection().cursor()",
    ),
    Api("psycopg.AsyncConnection().cursor()." + _FETCH, System.DATABASE),
    Api("psycopg.AsyncConnection()." + _COMMIT, System.DATABASE),
    # asyncpg
    Api(
        "asyncpg.{,connection.}connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=_TIMEOUT,
        returns="asyncpg.Connection()",
    ),
    Api(
        "asyncpg.connection.Connection asyncpg.pool.PoolConnectionProxy",
        System.DATABASE,
        returns="asyncpg.Connection()",
    ),
    Api(
        "asyncpg.{Connection,Pool}().{execute,executemany,fetch,fetchrow,fetchval,fetchmany}",
        System.DATABASE,
    ),
    Api(
        "asyncpg.{Connection,Pool}().{copy_from_query,copy_from_table,copy_records_to_table,copy_to_table}",
        System.DATABASE,
    ),
    Api("asyncpg.Connection().prepare().{fetch,fetchrow,fetchval,executemany}", System.DATABASE),
    # aiopg
    Api(
        "aiopg.{,connection.}connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=_TIMEOUT,
        returns="aiopg.connect()",
    ),
    Api("aiopg.{,connection.}Connection", System.DATABASE, returns="aiopg.connect()"),
    Api("aiopg.connect().cursor().{execute,callproc,fetchone,fetchmany,fetchall}", System.DATABASE),
    # pg8000
    Api(
        "pg8000.{,dbapi.}connect pg8000.dbapi.Connection",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(position=8),
        returns="pg8000.connect()",
    ),
    Api(
        "pg8000.native.Connection",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(position=8),
    ),
    Api("pg8000.native.Connection().run", System.DATABASE, blocks=True),
    Api("pg8000.connect().cursor().{execute,executemany}", System.DATABASE, blocks=True),
    Api("pg8000.connect().cursor()." + _FETCH, System.DATABASE),
    Api("pg8000.connect()." + _COMMIT, System.DATABASE, blocks=True),
)

MYSQL = (
    Api(
        "pymysql.{connect,Connect,Connection,connections.Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        returns="pymysql.connect()",
    ),
    Api(
        "MySQLdb.{connect,Connect,Connection,connections.Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("connect_timeout",), 7, nested=("read_default_file",)),
        returns="MySQLdb.connect()",
    ),
    Api(
        "cymysql.{connect,Connect}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("connect_timeout",), nested=("read_default_file",)),
        returns="cymysql.connect()",
    ),
    Api(
        "mariadb.{connect,Connection,connections.Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("connect_timeout",), nested=("default_file",)),
        shared_by=("pool_name",),
        returns="mariadb.connect()",
    ),
    Api(f"{_PYMYSQL}.cursor().{_EXECUTE}", System.DATABASE, blocks=True),
    Api(f"{_PYMYSQL}.cursor().{_FETCH}", System.DATABASE),
    Api(_PYMYSQL + ".{commit,rollback,ping}", System.DATABASE, blocks=True),
    # mysql-connector-python: the rows are read from the wire unless the cursor is buffered.
    Api(
        "mysql.connector.{connect,Connect}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=_MYSQL,
        shared_by=("pool_name", "pool_size"),
        returns="mysql.connector.connect()",
    ),
    Api(
        "mysql.connector.{,connection.}MySQLConnection mysql.connector.{,connection_cext.}CMySQLConnection",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=_MYSQL,
        returns="mysql.connector.connect()",
    ),
    Api(
        "mysql.connector.{abstracts.MySQLConnectionAbstract,pooling.PooledMySQLConnection}",
        System.DATABASE,
        returns="mysql.connector.connect()",
    ),
    Api("mysql.connector.connect().cursor()." + _EXECUTE, System.DATABASE, blocks=True),
    Api("mysql.connector.connect().cursor()." + _FETCH, System.DATABASE, blocks=True),
    Api("mysql.connector.connect().{commit,rollback,reconnect,ping}", System.DATABASE, blocks=True),
    Api(
        "mysql.connector.aio.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=_MYSQL,
        shared_by=("pool_name", "pool_size"),
    ),
    Api(
        "aiomysql.{,connection.}connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=Deadline(("connect_timeout",), 14),
        returns="aiomysql.connect()",
    ),
    Api("aiomysql.{,connection.}Connection", System.DATABASE, returns="aiomysql.connect()"),
    Api(
        "asyncmy.{,connection.}connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        returns="asyncmy.connect()",
    ),
    Api("asyncmy.{,connection.}Connection", System.DATABASE, returns="asyncmy.connect()"),
    Api(f"{_AIOMYSQL}.cursor().{_EXECUTE}", System.DATABASE),
    Api(f"{_AIOMYSQL}.cursor().{_FETCH}", System.DATABASE),
    Api(f"{_AIOMYSQL}.{_COMMIT}", System.DATABASE),
)

ORACLE = (
    # Rows come in batches of `arraysize`, each a round trip.
    Api(
        "oracledb.{connect,Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=_ORACLE,
        shared_by=("pool", "pool_alias"),
        returns="oracledb.Connection()",
    ),
    # It has no parameter for the bound: the network configuration does (60 s by default).
    Api(
        "cx_Oracle.{connect,Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        shared_by=("pool",),
        returns="cx_Oracle.Connection()",
    ),
    Api(
        "oracledb.Connection().cursor().execute", System.DATABASE, blocks=True, returns="oracledb.Connection().cursor()"
    ),
    Api(
        "cx_Oracle.Connection().cursor().execute",
        System.DATABASE,
        blocks=True,
        returns="cx_Oracle.Connection().cursor()",
    ),
    Api("{oracledb,cx_Oracle}.Connection().cursor().{executemany,callproc,callfunc}", System.DATABASE, blocks=True),
    Api("{oracledb,cx_Oracle}.Connection().cursor()." + _FETCH, System.DATABASE, blocks=True),
    Api("{oracledb,cx_Oracle}.Connection().{commit,rollback,ping}", System.DATABASE, blocks=True),
    Api(
        "oracledb.connect_async",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=_ORACLE,
        shared_by=("pool", "pool_alias"),
        returns="oracledb.AsyncConnection()",
    ),
    Api("oracledb.AsyncConnection(){,.cursor()}.{execute,executemany,callproc,callfunc}", System.DATABASE),
    Api("oracledb.AsyncConnection(){,.cursor()}." + _FETCH, System.DATABASE),
    Api("oracledb.AsyncConnection()." + _COMMIT, System.DATABASE),
)

ROWS: tuple[Api, ...] = (*POSTGRESQL, *MYSQL, *ORACLE)
