"""SCL108: a pool whose defaults do not fit a busy service."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import lookup, pool_settings
from flake8_scalability.catalog.rows import Place, Sizing
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.pooling import databases, settings_files
from flake8_scalability.model.running.lifetimes import Lifetime, lifetime
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class PoolLeftOnDefaults(Rule):
    """A pool is used with defaults that let it hand out dead connections, or that have the wrong size.

    What it does
    ------------
    Finds SQLAlchemy engines of a server database with neither `pool_pre_ping` nor `pool_recycle`, Django connections
    that are kept open without `CONN_HEALTH_CHECKS`, asyncio Redis pools without `max_connections`, a shared thread pool
    of default size that serves requests, and an `HTTPAdapter` that holds fewer connections than there are threads.

    Why it does not scale
    ---------------------
    A database that restarts, fails over or closes idle connections leaves dead ones in the pool, and each of them
    fails a request. A pool of the wrong size makes requests wait for each other or overruns the other side.

    How to fix it
    -------------
    Say what the pool shall do: `pool_pre_ping=True`, `pool_recycle`, `CONN_HEALTH_CHECKS`, `max_connections`,
    `max_workers`, `pool_maxsize`. Choose sizes from what the calls wait for, and from what the other side can bear.

    Known limits
    ------------
    Options that are read from elsewhere as a whole (`**options`) are taken to hold what is needed.
    """

    code = "SCL108"
    slug = "pool-left-on-defaults"
    severity = Severity.LOW
    since = "0.1.0"
    message = "{callee} {what}; {instead}"
    short = "{callee}: pool on defaults; {instead}"
    title = "Pool left on its defaults"
    impact = (
        "Dead connections fail requests after a restart of the database, or requests wait for a pool of the wrong size"
    )
    fix = "Set pool_pre_ping or pool_recycle, CONN_HEALTH_CHECKS, and the size that the load needs"
    references = (
        "https://docs.sqlalchemy.org/en/20/core/pooling.html#dealing-with-disconnects",
        "https://docs.djangoproject.com/en/stable/ref/settings/#conn-health-checks",
        "https://redis.readthedocs.io/en/stable/connections.html",
    )
    examples = (
        Bad(
            """
            import os
            from sqlalchemy import create_engine

            engine = create_engine(os.environ["DATABASE_URL"], pool_size=10)  # SCL108
            """,
            "a restarted database leaves dead connections in the pool",
        ),
        Bad(
            """
            from flask import Flask
            from flask_sqlalchemy import SQLAlchemy

            SQLALCHEMY_ENGINE_OPTIONS = {"echo": False}  # SCL108

            app = Flask(__name__)
            db = SQLAlchemy(app)
            """,
            "the same options, as configuration",
        ),
        Bad(
            """
            import dj_database_url

            DATABASES = {
                "default": dj_database_url.config(conn_max_age=600),  # SCL108
            }
            """,
            "kept for ten minutes, and never checked",
            "settings.py",
        ),
        Bad(
            """
            import redis.asyncio as redis
            from shop.settings import CACHE_HOST

            pool = redis.ConnectionPool(host=CACHE_HOST, socket_timeout=2)  # SCL108
            """,
            "each of a thousand coroutines gets a connection of its own",
        ),
        Bad(
            """
            from concurrent.futures import ThreadPoolExecutor
            from flask import Flask

            app = Flask(__name__)
            executor = ThreadPoolExecutor()  # SCL108

            @app.get("/thumbnail/<name>")
            def thumbnail(name):
                return executor.submit(shrink, name).result(timeout=5)
            """,
            "on a container with two cores these are six threads",
        ),
        Bad(
            """
            from concurrent.futures import ThreadPoolExecutor
            from requests import Session
            from requests.adapters import HTTPAdapter

            session = Session()
            session.mount("https://", HTTPAdapter(pool_block=True))  # SCL108
            executor = ThreadPoolExecutor(max_workers=40)
            """,
            "forty threads share ten connections",
        ),
        Good(
            """
            import os
            from sqlalchemy import create_engine

            engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True)
            other = create_engine(os.environ["OTHER_URL"], pool_recycle=1800)
            """,
            "dead connections are found or replaced",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from config import settings

            engine = create_engine(settings.database_url, **settings.engine_options)
            """,
            "the options come from elsewhere as a whole",
        ),
        Good(
            """
            import os
            from sqlalchemy import create_engine

            url = os.environ.get("STATE", "sqlite:///state.db")
            engine = create_engine(url, connect_args={"check_same_thread": False})
            """,
            "a file closes no idle connections",
        ),
        Good(
            """
            from sqlalchemy import create_engine

            if __name__ == "__main__":
                engine = create_engine("postgresql://db.internal/shop")
            """,
            "a script",
            "scripts/report.py",
        ),
        Good(
            """
            SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True, "pool_size": 20}
            """,
            "said in the configuration",
        ),
        Good(
            """
            import dj_database_url

            DATABASES = {
                "default": dj_database_url.config(conn_max_age=600, conn_health_checks=True),
            }
            """,
            "checked before it is used again",
            "settings.py",
        ),
        Good(
            """
            import redis.asyncio as redis
            from shop.settings import CACHE_HOST, CACHE_URL

            pool = redis.ConnectionPool.from_url(CACHE_URL, max_connections=50, socket_timeout=2)
            waiting = redis.BlockingConnectionPool(host=CACHE_HOST, socket_timeout=2)
            """,
            "bounded; the blocking pool is so by default",
        ),
        Good(
            """
            import redis
            from shop.settings import CACHE_HOST

            pool = redis.ConnectionPool(host=CACHE_HOST, socket_timeout=2)
            """,
            "the threads that use it bound it",
        ),
        Good(
            """
            from sqlalchemy import create_engine

            engine = create_engine("mysql+auroradataapi://:@/shop")
            """,
            "over HTTP no connection is kept",
        ),
        Good(
            """
            import os
            from sqlalchemy import create_engine, text

            def create_database(name):
                engine = create_engine(os.environ["ADMIN_URL"])
                with engine.connect() as connection:
                    connection.execute(text("CREATE DATABASE shop"))
                engine.dispose()

            create_database("shop")
            """,
            "it ends with the function",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor

            executor = ThreadPoolExecutor()

            def warm_up(names):
                return list(executor.map(load, names))
            """,
            "no request waits for it",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from flask import Flask

            app = Flask(__name__)
            executor = ThreadPoolExecutor(max_workers=32)

            @app.get("/thumbnail/<name>")
            def thumbnail(name):
                return executor.submit(shrink, name).result(timeout=5)
            """,
            "the size was chosen",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from requests import Session
            from requests.adapters import HTTPAdapter

            session = Session()
            session.mount("https://", HTTPAdapter(pool_maxsize=40))
            executor = ThreadPoolExecutor(max_workers=40)
            """,
            "a connection for each thread",
        ),
        Good(
            """
            from requests import Session
            from requests.adapters import HTTPAdapter

            session = Session()
            session.mount("https://", HTTPAdapter(pool_block=True))
            """,
            "no threads beside it",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the pools that are left on defaults, by call, by configuration, and beside the threads of the file."""
        for site in source.sites_named(lookup.sizing_names()):
            for path in site.paths & lookup.sizings().keys():
                sizing = lookup.sizings()[path]
                if _is_left(site, sizing, source):
                    yield _finding(site.node, f"{site.callee}()", sizing.what, sizing.instead)
        if any(name in source.text for name in pool_settings.ENGINE_OPTION_NAMES):
            yield from _engine_options(source)
        if "DATABASES" in source.text and not source.is_tool:
            yield from _unchecked(source)
        yield from _small_adapters(source)


def _finding(node: ast.AST, callee: str, what: str, instead: str) -> Finding:
    return Finding(node, {"callee": callee, "what": what, "instead": instead})


def _is_left(site: CallSite, sizing: Sizing, source: SourceFile) -> bool:
    for number, name in enumerate(sizing.wanted):
        if site.argument(name, sizing.position if number == 0 else None).given is not Given.ABSENT:
            return False
    # A pool made per call is worse than one of the wrong size: its own rules speak.
    if site.place is Place.TOOL or lifetime(site) is Lifetime.PER_CALL:
        return False
    if site.function is not None and (lifetime(site) is Lifetime.UNKNOWN or _ends_here(site)):
        return False
    if sizing.serving_only:
        return _serves_requests(site, source)
    if not sizing.server_only:
        return True
    if any(site.argument(name).given is not Given.ABSENT for name in sizing.decided_by):
        return False
    address = site.node.args[0] if site.node.args else site.argument("url").value
    return databases.kind_of(address, site.scope, source) is databases.Kind.SERVER


def _ends_here(site: CallSite) -> bool:
    """Whether the function that makes a pool ends it as well: `engine.dispose()`."""
    function = site.function
    return function is not None and any(
        scope.function is function
        for name in pool_settings.ENDING
        for _, scope in site.source.calls_by_name.get(name, ())
    )


def _serves_requests(site: CallSite, source: SourceFile) -> bool:
    """Whether something on the request path submits work to the executor that a module-level call makes."""
    if site.function is not None:
        return False
    names = {terminal_name(target) for target in getattr(site.statement, "targets", ())}
    for method in pool_settings.HANDING:
        for node, scope in source.calls_by_name.get(method, ()):
            given = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            uses = {terminal_name(part) for part in (*given, *node.args[:1])} & names
            if uses and source.place(scope).place is Place.REQUEST:
                return True
    return False


def _engine_options(source: SourceFile) -> Iterator[Finding]:
    """Yield the literal mappings of engine options that keep dead connections."""
    if source.is_tool or databases.kind_of(None, source.module, source) is not databases.Kind.SERVER:
        return
    for scope in source.scopes:
        for node in scope.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            names = {_setting_name(target) for target in node.targets} & pool_settings.ENGINE_OPTION_NAMES
            if names and isinstance(node.value, ast.Dict) and _keeps_dead_connections(node.value, scope):
                instead = "set pool_pre_ping or pool_recycle"
                yield _finding(node, names.pop(), "keeps connections that the server has closed", instead)


def _keeps_dead_connections(mapping: ast.Dict, scope: Scope) -> bool:
    """Whether a mapping of engine options, known as a whole, neither checks nor replaces connections."""
    wanted = (*pool_settings.LIVENESS, *pool_settings.CHOOSING)
    return all(arguments.in_mapping(mapping, scope, key).given is Given.ABSENT for key in wanted)


def _setting_name(target: ast.expr) -> str:
    """Return the name of a setting that an assignment gives: `NAME`, `config.NAME` or `config["NAME"]`."""
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return terminal_name(target)


def _unchecked(source: SourceFile) -> Iterator[Finding]:
    """Yield Django's databases whose connections are kept open and not checked before they are used again."""
    if settings_files.set_later(source, "CONN_HEALTH_CHECKS"):
        return
    for entry in settings_files.database_entries(source):
        age, checks = settings_files.max_age(entry, source), settings_files.health_checks(entry, source)
        if age is None or checks is None or age.given is not Given.PRESENT or checks.given is not Given.ABSENT:
            continue
        literal = arguments.constant(age.value, age.scope)
        if literal is None or literal.value != 0:
            where = f"DATABASES['{entry.name}']"
            yield _finding(entry.anchor, where, "keeps connections that are closed", "set CONN_HEALTH_CHECKS")


def _small_adapters(source: SourceFile) -> Iterator[Finding]:
    """Yield the adapters that hold fewer connections than the file's largest thread pool has threads."""
    if lookup.adapter_names().isdisjoint(source.calls_by_name):
        return
    threads = max((_literal_size(site) for site in _executors(source)), default=0)
    for path, (argument, default) in pool_settings.ADAPTERS.items():
        for site in source.sites_named(lookup.last_names([path])):
            if path not in site.paths or site.place is Place.TOOL:
                continue
            given = site.argument(argument, 1)
            literal = arguments.constant(given.value, given.scope)
            size = literal.value if literal is not None else default if given.given is Given.ABSENT else None
            if isinstance(size, int) and size < threads:
                what = f"holds {size} connections for {threads} threads"
                yield _finding(site.node, f"{site.callee}()", what, f"set {argument}={threads}")


def _executors(source: SourceFile) -> Iterator[CallSite]:
    for site in source.sites_named(lookup.last_names(pool_settings.EXECUTORS)):
        if site.paths & pool_settings.EXECUTORS:
            yield site


def _literal_size(site: CallSite) -> int:
    """Return the number of threads that a call asks for, 0 where it is not a literal."""
    given = site.argument("max_workers", 0)
    literal = arguments.constant(given.value, given.scope)
    return literal.value if literal is not None and isinstance(literal.value, int) else 0
