"""SQLAlchemy with its engines and sessions, and the other object-relational mappers; pools of single drivers elsewhere.

An engine connects with its first query, and waits 30 s for a connection of its pool.  Sessions are light: one a call.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Effect, Resource, System

_SESSION = "{sqlalchemy.orm.Session(),flask_sqlalchemy.SQLAlchemy().session,fastapi_sqlalchemy.db.session}"
_ENGINE = "{sqlalchemy.Engine(),flask_sqlalchemy.SQLAlchemy().engine}"
_ASYNC = "sqlalchemy.ext.asyncio."
_FLASK_MODEL = "flask_sqlalchemy.SQLAlchemy().Model.query"
#: What runs the query that a `Query` has put together.  `exists()` does not: it gives an expression.
_TERMINALS = "{all,first,one,one_or_none,scalar,count,get,get_or_404,first_or_404,one_or_404,paginate}"
_BUILDERS = (
    "{filter,filter_by,order_by,options,join,outerjoin,limit,offset,with_entities,distinct,group_by,having,"
    "select_from,with_for_update,yield_per,execution_options}"
)

ENGINES = (
    Api(
        "sqlalchemy.{,engine.,engine.create.,future.}create_engine sqlalchemy.{,engine.}engine_from_config",
        System.DATABASE,
        makes=Resource.POOL,
        returns="sqlalchemy.Engine()",
    ),
    Api("sqlmodel.create_engine", System.DATABASE, makes=Resource.POOL, returns="sqlalchemy.Engine()"),
    Api("sqlalchemy.{engine,engine.base,future}.Engine", System.DATABASE, returns="sqlalchemy.Engine()"),
    Api(
        "sqlalchemy.ext.asyncio.{,engine.}{create_async_engine,async_engine_from_config}",
        System.DATABASE,
        makes=Resource.POOL,
        returns=_ASYNC + "AsyncEngine()",
    ),
    Api(_ASYNC + "engine.AsyncEngine", System.DATABASE, returns=_ASYNC + "AsyncEngine()"),
    Api("sqlalchemy.{,engine.}create_pool_from_url sqlalchemy.pool.QueuePool", System.DATABASE, makes=Resource.POOL),
    # Plugins that keep an engine for each application
    Api("flask_sqlalchemy.SQLAlchemy", System.DATABASE, makes=Resource.POOL),
    # The engine itself: what it gives is taken from its pool, and opened where that is empty.
    Api(
        _ENGINE + ".{connect,begin}",
        System.DATABASE,
        blocks=True,
        returns="sqlalchemy.Connection()",
    ),
    Api("sqlalchemy.{engine,engine.base,future}.Connection", System.DATABASE, returns="sqlalchemy.Connection()"),
    Api(
        _ENGINE + ".execute sqlalchemy.Connection().{execute,exec_driver_sql}",
        System.DATABASE,
        blocks=True,
        returns="sqlalchemy.Result()",
    ),
    Api("sqlalchemy.Connection().scalar", System.DATABASE, blocks=True),
    Api("sqlalchemy.Connection().scalars", System.DATABASE, blocks=True, returns="sqlalchemy.ScalarResult()"),
    Api("sqlalchemy.Connection().{commit,rollback}", System.DATABASE, blocks=True),
    Api("sqlalchemy.Engine().raw_connection", System.DATABASE, blocks=True),
    Api(
        _ASYNC + "AsyncEngine().{connect,begin}",
        System.DATABASE,
        returns=_ASYNC + "AsyncConnection()",
    ),
    Api(_ASYNC + "engine.AsyncConnection", System.DATABASE, returns=_ASYNC + "AsyncConnection()"),
    Api(_ASYNC + "AsyncConnection().{execute,exec_driver_sql}", System.DATABASE, returns="sqlalchemy.Result()"),
    Api(_ASYNC + "AsyncConnection().{scalar,stream,run_sync,commit,rollback}", System.DATABASE),
    Api(_ASYNC + "AsyncConnection().scalars", System.DATABASE, returns="sqlalchemy.ScalarResult()"),
    # Every instance that starts races to do these.
    Api(
        "{sqlalchemy.MetaData(),sqlalchemy.orm.declarative_base().metadata,sqlmodel.SQLModel.metadata,"
        "sqlalchemy.ext.declarative.declarative_base().metadata,sqlalchemy.orm.DeclarativeBase.metadata,"
        "flask_sqlalchemy.SQLAlchemy()}.{create_all,drop_all}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

SESSIONS = (
    # A session is light: it takes a connection from its engine with the first query.  A scoped session passes its
    # methods on and is called for the session.
    Api(
        "sqlalchemy.orm.{session.Session,scoped_session,scoping.scoped_session} sqlmodel.{,orm.session.}Session",
        System.DATABASE,
        returns="sqlalchemy.orm.Session()",
    ),
    Api(
        "sqlalchemy.orm.{,session.}sessionmaker() sqlalchemy.orm.{,session.}sessionmaker().begin "
        "sqlalchemy.orm.Session() flask_sqlalchemy.SQLAlchemy().session",
        System.DATABASE,
        returns="sqlalchemy.orm.Session()",
    ),
    Api(
        _SESSION + ".execute",
        System.DATABASE,
        blocks=True,
        returns="sqlalchemy.Result()",
    ),
    Api(
        _SESSION + ".{scalars,exec}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
        returns="sqlalchemy.ScalarResult()",
    ),
    Api(_SESSION + ".{scalar,get,get_one,refresh,merge}", System.DATABASE, effect=Effect.READ, blocks=True),
    Api(
        _SESSION + ".{commit,flush,bulk_save_objects,bulk_insert_mappings,bulk_update_mappings}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api(_SESSION + ".{rollback,begin_nested}", System.DATABASE, blocks=True),
    Api(_SESSION + ".connection", System.DATABASE, blocks=True, returns="sqlalchemy.Connection()"),
    # Queries
    Api(
        f"{_SESSION}.query sqlalchemy.orm.{{,query.}}Query {_FLASK_MODEL}.{_BUILDERS}",
        System.DATABASE,
        returns="sqlalchemy.orm.Query()",
        fluent=True,
    ),
    Api(
        f"{{sqlalchemy.orm.Query(),{_FLASK_MODEL}}}.{_TERMINALS}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        f"{{sqlalchemy.orm.Query(),{_FLASK_MODEL}}}.{{update,delete}}",
        System.DATABASE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api(
        "flask_sqlalchemy.SQLAlchemy().{paginate,get_or_404,first_or_404,one_or_404}",
        System.DATABASE,
        effect=Effect.READ,
        blocks=True,
    ),
    # Asynchronous sessions
    Api(
        f"{_ASYNC}{{session.AsyncSession,async_scoped_session,scoping.async_scoped_session}} "
        f"{_ASYNC}{{,session.}}async_sessionmaker() {_ASYNC}{{,session.}}async_sessionmaker().begin "
        f"{_ASYNC}AsyncSession() sqlmodel.ext.asyncio.session.AsyncSession",
        System.DATABASE,
        returns=_ASYNC + "AsyncSession()",
    ),
    Api(_ASYNC + "AsyncSession().execute", System.DATABASE, returns="sqlalchemy.Result()"),
    Api(
        _ASYNC + "AsyncSession().{scalars,exec}",
        System.DATABASE,
        effect=Effect.READ,
        returns="sqlalchemy.ScalarResult()",
    ),
    Api(
        _ASYNC + "AsyncSession().{scalar,get,get_one,refresh,merge,stream,stream_scalars}",
        System.DATABASE,
        effect=Effect.READ,
    ),
    Api(_ASYNC + "AsyncSession().{commit,flush}", System.DATABASE, effect=Effect.WRITE),
    Api(_ASYNC + "AsyncSession().{rollback,run_sync}", System.DATABASE),
    Api(_ASYNC + "AsyncSession().connection", System.DATABASE, returns=_ASYNC + "AsyncConnection()"),
)

_PEEWEE = "peewee.PostgresqlDatabase()"

MAPPERS = (
    # peewee: one connection for each thread, or a pool
    Api(
        "peewee.{PostgresqlDatabase,MySQLDatabase} playhouse.postgres_ext.PostgresqlExtDatabase "
        "playhouse.db_url.connect "
        "playhouse.mysql_ext.{MySQLConnectorDatabase,MariaDBConnectorDatabase} playhouse.cockroachdb.CockroachDatabase",
        System.DATABASE,
        makes=Resource.DATABASE_CONNECTION,
        returns=_PEEWEE,
    ),
    Api(
        "playhouse.pool.{PooledPostgresqlDatabase,PooledPostgresqlExtDatabase,PooledMySQLDatabase} "
        "playhouse.cockroachdb.PooledCockroachDatabase",
        System.DATABASE,
        makes=Resource.POOL,
        returns=_PEEWEE,
    ),
    Api(_PEEWEE + ".{connect,execute_sql,commit,rollback}", System.DATABASE, blocks=True),
    Api(_PEEWEE + ".{create_tables,drop_tables}", System.DATABASE, effect=Effect.WRITE, blocks=True),
    Api(
        "peewee_async.{,databases.}{PooledPostgresqlDatabase,PooledMySQLDatabase}", System.DATABASE, makes=Resource.POOL
    ),
    # Pony
    Api("pony.orm.{,core.}Database", System.DATABASE, makes=Resource.POOL, returns="pony.orm.Database()"),
    Api(
        "pony.orm.Database().{bind,generate_mapping,execute,select,get,exists,insert,commit,flush} "
        "pony.orm.{commit,flush}",
        System.DATABASE,
        blocks=True,
    ),
    # Asynchronous mappers
    Api("databases.{,core.}Database", System.DATABASE, makes=Resource.POOL, returns="databases.Database()"),
    Api("databases.Database().{fetch_all,fetch_one,fetch_val}", System.DATABASE, effect=Effect.READ),
    Api("databases.Database().{connect,execute,execute_many,iterate}", System.DATABASE),
    Api("tortoise.Tortoise.init", System.DATABASE, makes=Resource.POOL),
    Api("gino.create_engine piccolo.engine.{,postgres.}PostgresEngine", System.DATABASE, makes=Resource.POOL),
    Api("prisma.{,client.}{Prisma,Client}", System.DATABASE, makes=Resource.POOL, returns="prisma.Prisma()"),
    # EdgeDB, later Gel
    Api(
        "{edgedb,gel}.create_client",
        System.DATABASE,
        makes=Resource.POOL,
        returns="gel.create_client()",
    ),
    Api(
        "{edgedb,gel}.create_async_client",
        System.DATABASE,
        makes=Resource.POOL,
        returns="gel.create_async_client()",
    ),
    Api(
        "gel.create_client().{query,query_single,query_required_single,query_json,query_single_json,execute}",
        System.DATABASE,
        blocks=True,
    ),
    Api(
        "gel.create_async_client().{query,query_single,query_required_single,query_json,query_single_json,execute}",
        System.DATABASE,
    ),
    # Django: the connection is its own
    Api("django.db.{connection,connections[]}.cursor().{execute,executemany,callproc}", System.DATABASE, blocks=True),
    Api("django.db.{connection,connections[]}.cursor().{fetchone,fetchmany,fetchall}", System.DATABASE),
)

ROWS: tuple[Api, ...] = (*ENGINES, *SESSIONS, *MAPPERS)
