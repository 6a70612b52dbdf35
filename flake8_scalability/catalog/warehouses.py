"""Drivers of SQL Server and ODBC, Db2, HANA, Firebird and of the warehouses: ClickHouse, Snowflake, Redshift, Trino ...

`connect` carries the bound of the connection.  Most of these drivers fetch rows in batches or pages, so that `fetch...`
waits as well.

Defaults, from the drivers' sources and trials: none in redshift_connector, vertica_python, impyla, crate, PyHive,
ibm_db, firebirdsql and pymonetdb; 60 s in pymssql and hdbcli, 120 s in snowflake, 30 s in trino; ClickHouse waits 10 s
to connect and 300 s to read.  ODBC leaves it to the driver, and Microsoft's waits 15 s.  Where nothing is stated, the
driver has a bound of its own or no parameter for it.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Resource, System

_EXECUTE = "{execute,executemany,callproc}"
_FETCH = "{fetchone,fetchmany,fetchall}"
_COMMIT = "{commit,rollback}"

SQL_SERVER = (
    Api(
        "pyodbc.{connect,Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        returns="pyodbc.Connection()",
    ),
    Api("pyodbc.Cursor", System.DATABASE, returns="pyodbc.Connection().cursor()"),
    Api(
        "pyodbc.Connection(){,.cursor()}.execute",
        System.DATABASE,
        blocks=True,
        returns="pyodbc.Connection().cursor()",
    ),
    Api(
        "pyodbc.Connection().cursor().{executemany,fetchone,fetchmany,fetchall,fetchval}", System.DATABASE, blocks=True
    ),
    Api("pyodbc.Connection(){,.cursor()}." + _COMMIT, System.DATABASE, blocks=True),
    Api("pypyodbc.connect", System.DATABASE, makes=Resource.DATABASE_CONNECTION, blocks=True),
    Api("turbodbc.connect", System.DATABASE, makes=Resource.DATABASE_CONNECTION, blocks=True),
    Api(
        "pymssql.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("login_timeout",), 5, sane=True),
    ),
    Api("{pymssql,pypyodbc,turbodbc}.connect().cursor()." + _EXECUTE, System.DATABASE, blocks=True),
    Api("{pymssql,pypyodbc,turbodbc}.connect().cursor()." + _FETCH, System.DATABASE, blocks=True),
    Api("{pymssql,pypyodbc,turbodbc}.connect()." + _COMMIT, System.DATABASE, blocks=True),
    Api(
        "aioodbc.{,connection.}connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        returns="aioodbc.connect()",
    ),
    Api("aioodbc.connect(){,.cursor()}.execute", System.DATABASE, returns="aioodbc.connect().cursor()"),
    Api("aioodbc.connect().cursor().{executemany,fetchone,fetchmany,fetchall,fetchval,commit}", System.DATABASE),
    Api("aioodbc.connect()." + _COMMIT, System.DATABASE),
)

#: Connections of these drivers wait in `fetch…` too, since the rows come in batches or pages.
_PAGED = (
    "{hdbcli.dbapi,ibm_db_dbi,trino.dbapi,prestodb.dbapi,pyhive.hive,pyhive.presto,pyhive.trino,databricks.sql,"
    "impala.dbapi,firebird.driver,fdb,firebirdsql,teradatasql,jaydebeapi,phoenixdb,vertica_python,snowflake.connector,"
    "pyathena}.connect()"
)
_WHOLE = "{redshift_connector,clickhouse_driver,crate.client,pydruid.db,pymonetdb,sqlanydb}.connect()"

OTHERS = (
    Api(
        "redshift_connector.{connect,Connection,core.Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(position=9),
        returns="redshift_connector.connect()",
    ),
    Api(
        "vertica_python.{connect,Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("connection_timeout",), nested=("options", "dsn"), nested_position=0),
        returns="vertica_python.connect()",
    ),
    Api(
        "snowflake.connector.{connect,SnowflakeConnection,connection.SnowflakeConnection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("login_timeout",), sane=True),
        returns="snowflake.connector.connect()",
    ),
    Api(
        "snowflake.snowpark.Session.builder.{config,configs}().create",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
    ),
    Api(
        "impala.dbapi.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(position=3),
    ),
    Api(
        "crate.client.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(position=1),
    ),
    # Thrift: only a transport made by hand has a timeout.
    Api(
        "pyhive.hive.{connect,Connection}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("thrift_transport",), 11, advice="pass a thrift_transport whose socket has a timeout"),
        returns="pyhive.hive.connect()",
    ),
    # HTTP underneath, so that the first query connects.
    Api(
        "{trino,prestodb}.dbapi.connect",
        System.DATABASE,
        makes=Resource.HTTP_CLIENT,
        deadline=Deadline(("request_timeout",), sane=True),
    ),
    Api(
        "pyhive.{presto,trino}.connect",
        System.DATABASE,
        makes=Resource.HTTP_CLIENT,
        deadline=Deadline(
            nested=("requests_kwargs", "requests_session"), advice='pass requests_kwargs={"timeout": ...}'
        ),
    ),
    Api("pydruid.db.connect pyathena.connect", System.DATABASE, makes=Resource.HTTP_CLIENT),
    Api(
        "{ibm_db,ibm_db_dbi}.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(
            ("ConnectTimeout", "CONNECTTIMEOUT", "connecttimeout"),
            nested=("dsn",),
            nested_position=0,
            advice="put ConnectTimeout= into the connection string",
        ),
    ),
    Api(
        "firebirdsql.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(position=11),
    ),
    Api(
        "pymonetdb.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=Deadline(("connect_timeout",), 9),
    ),
    Api(
        "databricks.sql.connect hdbcli.dbapi.connect jaydebeapi.connect teradatasql.connect phoenixdb.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
    ),
    Api(
        "firebird.driver.connect fdb.connect sqlanydb.connect taos.connect pyexasol.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
    ),
    Api(f"{_PAGED}.cursor().{_EXECUTE}", System.DATABASE, blocks=True),
    Api(f"{_PAGED}.cursor(){{,.execute()}}.{_FETCH}", System.DATABASE, blocks=True),
    Api(f"{_WHOLE}.cursor().{_EXECUTE}", System.DATABASE, blocks=True),
    Api(f"{_WHOLE}.cursor().{_FETCH}", System.DATABASE),
    Api(
        "{hdbcli.dbapi,ibm_db_dbi,firebird.driver,fdb,firebirdsql,teradatasql,vertica_python,snowflake.connector,"
        "redshift_connector}.connect()." + _COMMIT,
        System.DATABASE,
        blocks=True,
    ),
    Api(
        "pyexasol.connect().{execute,export_to_pandas,import_from_pandas,commit,rollback}", System.DATABASE, blocks=True
    ),
    # ibm_db speaks in functions; `pconnect` takes from a pool.
    Api("ibm_db.{exec_immediate,execute,execute_many,callproc,commit,rollback}", System.DATABASE, blocks=True),
    Api("ibm_db.{fetch_assoc,fetch_both,fetch_tuple,fetch_row}", System.DATABASE, blocks=True),
)

_CLICKHOUSE = Deadline(("send_receive_timeout", "connect_timeout"), sane=True)

CLICKHOUSE = (
    # The native driver connects with the first query.
    Api(
        "clickhouse_driver.connect clickhouse_driver.dbapi.connect",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=_CLICKHOUSE,
        returns="clickhouse_driver.connect()",
    ),
    Api(
        "clickhouse_driver.{,client.}Client clickhouse_driver.Client.from_url",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=_CLICKHOUSE,
        returns="clickhouse_driver.Client()",
    ),
    Api(
        "clickhouse_driver.Client().{execute,execute_with_progress,execute_iter,query_dataframe,insert_dataframe}",
        System.DATABASE,
        blocks=True,
    ),
    # The HTTP client asks the server for its settings when it is made.
    Api(
        "clickhouse_connect.{get_client,create_client,driver.create_client}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        blocks=True,
        deadline=_CLICKHOUSE,
        shared_by=("pool_mgr",),
        returns="clickhouse_connect.get_client()",
    ),
    Api(
        "clickhouse_connect.driver.{Client,client.Client,httpclient.HttpClient}",
        System.DATABASE,
        returns="clickhouse_connect.get_client()",
    ),
    Api(
        "clickhouse_connect.get_client().{query,query_df,query_np,query_arrow,command,insert,insert_df,raw_query}",
        System.DATABASE,
        blocks=True,
    ),
    Api(
        "clickhouse_connect.{get_async_client,create_async_client}",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        deadline=_CLICKHOUSE,
        returns="clickhouse_connect.get_async_client()",
    ),
    Api(
        "clickhouse_connect.get_async_client().{query,query_df,query_np,query_arrow,command,insert,insert_df,raw_query}",
        System.DATABASE,
    ),
    Api("asynch.connect", System.DATABASE, makes=Resource.DATABASE_CONNECTION, deadline=_CLICKHOUSE),
    Api("asynch.connect().cursor().{execute,executemany,fetchone,fetchmany,fetchall}", System.DATABASE),
)

ROWS: tuple[Api, ...] = (*SQL_SERVER, *OTHERS, *CLICKHOUSE)
