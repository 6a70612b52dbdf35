"""SCL102: an engine, a pool or a pooling client that is built again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Resource
from flake8_scalability.model.pooling.sharing import made_per_call
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class EngineOrPoolPerCall(Rule):
    """A function that runs per call builds an engine or a pool that nobody else will use.

    What it does
    ------------
    Finds SQLAlchemy engines, `create_pool`, `ConnectionPool`, and the clients that hold a pool inside (`MongoClient`,
    Cassandra's `Cluster`, Neo4j's driver, Elasticsearch and OpenSearch clients) in a function that runs on every
    request, task or call. A `sessionmaker` or a pooled client around the new pool does not make it a shared one.

    Why it does not scale
    ---------------------
    A pool that one call builds is a connection per call, with more around it: the pool's threads and sockets, the
    discovery of the cluster, the reflection and the caches of the engine. What is not disposed of stays open until the
    garbage collector comes by, so that a busy server holds many pools at once, each with its own connections.

    How to fix it
    -------------
    Build the engine, pool or client once: at module level, in the application factory or lifespan, or in a provider
    with `functools.lru_cache`. Hand it to the functions, and take a connection or session from it for each query.

    Known limits
    ------------
    A pool kept on `self` is taken to live as long as the process unless the file makes the instance per call.
    A factory (`create_engine_for`) whose callers are in other files is silent.
    """

    code = "SCL102"
    slug = "engine-or-pool-per-call"
    severity = Severity.CRITICAL
    since = "0.1.0"
    load = "connection per call"
    message = "{callee}() builds a pool of its own on every call of {function}(); build it once for the process"
    short = "{callee}() builds a new pool on every call of {function}(); share one"
    title = "Engine or connection pool built per call"
    impact = "Each call opens a pool that nobody shares; connections pile up until the server refuses more"
    fix = "Build the engine, pool or client once at start-up (module level, lifespan, lru_cache) and share it"
    references = (
        "https://docs.sqlalchemy.org/en/20/core/connections.html#basic-usage",
        "https://www.mongodb.com/docs/languages/python/pymongo-driver/current/connect/mongoclient/",
    )
    examples = (
        Bad(
            """
            from shop.config import DATABASE_URL
            from sqlalchemy import create_engine, text

            def open_orders():
                engine = create_engine(DATABASE_URL, pool_pre_ping=True, pool_recycle=300)  # SCL102
                with engine.connect() as conn:
                    return conn.execute(text("SELECT count(*) FROM orders")).scalar()
        """,
            "the pool is built for one query",
        ),
        Bad(
            """
            from shop.config import DATABASE_URL
            from sqlalchemy import create_engine
            from sqlalchemy.orm import sessionmaker

            def get_session():
                engine = create_engine(DATABASE_URL, pool_pre_ping=True, pool_recycle=300)  # SCL102
                return sessionmaker(bind=engine)()
        """,
            "a session over an engine of its own",
        ),
        Bad(
            """
            from flask import Flask
            from pymongo import MongoClient

            app = Flask(__name__)

            @app.route("/health")
            def health():
                client = MongoClient(app.config["MONGO"], timeoutMS=2000)  # SCL102
                client.admin.command("ping")
                return "ok"
        """,
            "MongoClient is a pool with threads that watch the servers",
        ),
        Bad(
            """
            from shop.config import URL
            from sqlalchemy import create_engine
            from sqlalchemy.orm import sessionmaker

            def get_name():
                session = sessionmaker(bind=create_engine(URL, pool_pre_ping=True, pool_recycle=300))()  # SCL102
                try:
                    return session.bind.url.database
                finally:
                    session.close()
        """,
            "one defect, at the engine",
        ),
        Good(
            """
            from alembic.runtime.migration import MigrationContext
            from shop.config import DATABASE_URL
            from sqlalchemy import create_engine

            def revision():
                with create_engine(DATABASE_URL, pool_pre_ping=True, pool_recycle=300).connect() as connection:
                    return MigrationContext.configure(connection).get_current_revision()
        """,
            "asked for at a release or a backup",
        ),
        Good(
            """
            from sqlalchemy import create_engine, text

            def copy_orders(url):
                engine = create_engine(url, pool_pre_ping=True, pool_recycle=300)
                with engine.connect() as conn:
                    return conn.execute(text("SELECT count(*) FROM orders")).scalar()
        """,
            "each caller names a database of its own",
        ),
        Good(
            """
            from sqlalchemy import create_engine, text
            from sqlalchemy.pool import NullPool
            from shop.settings import PGBOUNCER_URL

            def open_orders():
                with create_engine(PGBOUNCER_URL, poolclass=NullPool).connect() as conn:
                    return conn.execute(text("SELECT count(*) FROM orders")).scalar()
        """,
            "pgbouncer pools, and the engine is told not to",
        ),
        Good(
            """
            from sqlalchemy import create_engine, text
            from shop.settings import DATABASE_URL

            engine = create_engine(DATABASE_URL, pool_pre_ping=True, pool_recycle=300, pool_size=10)

            def open_orders():
                with engine.connect() as conn:
                    return conn.execute(text("SELECT count(*) FROM orders")).scalar()
        """,
            "one engine for the process",
        ),
        Good(
            """
            from functools import lru_cache
            from pymongo import MongoClient
            from shop.settings import MONGO_URL

            @lru_cache
            def mongo():
                return MongoClient(MONGO_URL, timeoutMS=2000)
        """,
            "a cached provider",
        ),
        Good(
            """
            from sqlalchemy import create_engine

            engines = {}

            def engine_for(tenant):
                if tenant.name not in engines:
                    engines[tenant.name] = create_engine(tenant.url, pool_pre_ping=True, pool_recycle=300)
                return engines[tenant.name]
        """,
            "a factory that stores what it makes",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from sqlalchemy.orm import sessionmaker

            def build_session_factory(url):
                return sessionmaker(bind=create_engine(url, pool_pre_ping=True, pool_recycle=300))
        """,
            "a factory whose callers are elsewhere",
        ),
        Good(
            """
            import asyncpg
            from fastapi import FastAPI
            from shop.settings import DATABASE_URL

            app = FastAPI()

            @app.on_event("startup")
            async def connect():
                app.state.pool = await asyncpg.create_pool(DATABASE_URL, max_size=20, timeout=5)
        """,
            "made when the application starts",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from sqlalchemy.orm import sessionmaker
            from shop.settings import DATABASE_URL

            engine = create_engine(DATABASE_URL, pool_pre_ping=True, pool_recycle=300, pool_size=10)

            def get_session():
                return sessionmaker(bind=engine)()
        """,
            "the pool is the engine's, and shared",
        ),
        Good(
            """
            from dependency_injector import containers, providers
            from pymongo import MongoClient

            class Container(containers.DeclarativeContainer):
                config = providers.Configuration()
                mongo = providers.Singleton(MongoClient, config.mongo_url, timeoutMS=2000)
        """,
            "the container makes one",
        ),
        Good(
            """
            from neo4j import GraphDatabase
            from shop.settings import GRAPH_URL

            class Graph:
                def __init__(self, url):
                    self.driver = GraphDatabase.driver(url, connection_timeout=3)

            graph = Graph(GRAPH_URL)
        """,
            "held by an object that is made once",
        ),
        Good(
            """
            from celery.signals import worker_process_init
            from sqlalchemy import create_engine
            from shop.settings import DATABASE_URL

            @worker_process_init.connect
            def connect(**kwargs):
                global engine
                engine = create_engine(DATABASE_URL, pool_pre_ping=True, pool_recycle=300, pool_size=10)
        """,
            "made when a worker process starts",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the engines and pools that are built per call."""
        for site in made_per_call(source, Resource.POOL):
            yield Finding.at(site)
