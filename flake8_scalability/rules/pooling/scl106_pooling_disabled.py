"""SCL106: a pool that is switched off, or that has no bound."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog.rows import Place, Switch, System
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Argument, Given
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.pooling import databases, settings_files
from flake8_scalability.model.pooling.settings_files import DatabaseEntry
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: The header that asks the other side to close the connection, as it is spelled.
_HEADERS = ("Connection", "connection")
_CONNECTION = words(*_HEADERS)


class PoolingDisabled(Rule):
    """A pool is switched off, so that every use pays for a new connection, or has no bound, so that it protects nobody.

    What it does
    ------------
    Finds `poolclass=NullPool` or `StaticPool` on a server database, `force_close=True` of an aiohttp connector,
    `Connection: close` among the headers of an HTTP client, and bounds that are taken away (`pool_size=0`,
    `TCPConnector(limit=0)`). In Django's settings it finds a server database with `CONN_MAX_AGE` 0 or without it.

    Why it does not scale
    ---------------------
    Without a pool every request opens and closes a connection, which costs more than most queries. Without a bound a
    burst of requests opens as many connections as it has requests, and the other side fails for everybody.

    How to fix it
    -------------
    Leave pooling on and give it the size that the other side can bear. In Django set `CONN_MAX_AGE` with
    `CONN_HEALTH_CHECKS`, or `OPTIONS["pool"]` (Django 5.1); behind PgBouncer nothing is needed.

    Known limits
    ------------
    A pooler is recognised by its name or port in the file, not where the address comes from elsewhere.
    """

    code = "SCL106"
    slug = "pooling-disabled"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "connection per call"
    message = "{switch} {what}; {instead}"
    short = "{switch}: pooling off; {instead}"
    title = "Connection pooling disabled"
    impact = "Each use opens a connection of its own, or a burst opens as many as it has requests"
    fix = (
        "Leave the pool on and size it: QueuePool, CONN_MAX_AGE with health checks, keep-alive connections with a limit"
    )
    references = (
        "https://docs.sqlalchemy.org/en/20/core/pooling.html#switching-pool-implementations",
        "https://docs.djangoproject.com/en/stable/ref/databases/#persistent-connections",
        "https://docs.aiohttp.org/en/stable/client_advanced.html#limiting-connection-pool-size",
    )
    examples = (
        Bad(
            """
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool
            from shop.settings import DATABASE_URL

            engine = create_engine(DATABASE_URL, poolclass=NullPool)  # SCL106
            """,
            "a server database without a pool",
        ),
        Bad(
            """
            import aiohttp

            connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)  # SCL106
            slow = aiohttp.TCPConnector(force_close=True)  # SCL106
            """,
            "no bound, and no reuse",
        ),
        Bad(
            """
            DATABASES = {
                "default": {  # SCL106
                    "ENGINE": "django.db.backends.postgresql",
                    "NAME": "shop",
                },
                "reports": {
                    "ENGINE": "django.db.backends.mysql",
                    "CONN_MAX_AGE": 0,  # SCL106
                },
            }
            """,
            "Django's default closes the connection after each request",
            "settings.py",
        ),
        Bad(
            """
            import os
            import dj_database_url

            DATABASES = {}
            DATABASES["default"] = dj_database_url.parse(os.environ["DATABASE_URL"])  # SCL106
            """,
            "the parser's default is 0 too",
            "settings/production.py",
        ),
        Bad(
            """
            import requests

            session = requests.Session()

            def stock(article, timeout):
                return session.get(article.url, headers={"Connection": "close"}, timeout=timeout)  # SCL106, SCL703
            """,
            "the session keeps connections, and this header closes them",
        ),
        Good(
            """
            import os
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool, StaticPool

            local = create_engine(os.environ.get("STATE", "sqlite:///state.db"), poolclass=NullPool)
            shared = create_engine("sqlite://", poolclass=StaticPool)
            """,
            "an embedded database has no use for a pool",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool
            from shop.settings import PGBOUNCER_URL

            engine = create_engine(PGBOUNCER_URL, poolclass=NullPool)
            """,
            "the pool is an external one",
        ),
        Good(
            """
            from alembic import context
            from sqlalchemy import engine_from_config, pool

            def run_migrations_online(config):
                engine = engine_from_config(config, poolclass=pool.NullPool)
                with engine.connect() as connection:
                    context.configure(connection=connection)
            """,
            "a migration needs one connection",
            "migrations/env.py",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from sqlalchemy.pool import QueuePool

            def make_engine(url, size):
                return create_engine(url, poolclass=QueuePool, pool_size=size, pool_pre_ping=True)
            """,
            "pooling is on; the size is given",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool, QueuePool

            def engine_for(url, testing):
                return create_engine(url, poolclass=NullPool if testing else QueuePool, pool_pre_ping=True)
            """,
            "only tests go without a pool",
        ),
        Good(
            """
            import os

            from shop.settings import TESTING
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool

            URL = os.environ.get("DATABASE_URL", "postgresql://shop@localhost/shop")
            engine = create_engine(URL, poolclass=NullPool if TESTING else None, pool_pre_ping=True, pool_recycle=300)
            """,
            "only tests go without a pool, whatever asks for them",
        ),
        Good(
            """
            from alembic import context
            from sqlalchemy import create_engine
            from sqlalchemy.pool import NullPool

            def online():
                engine = create_engine("postgresql://shop@db/shop", poolclass=NullPool)
                with engine.connect() as connection:
                    context.configure(connection=connection)
                    context.run_migrations()

            online()
            """,
            "the environment of migrations, wherever it lies",
            "schema/env.py",
        ),
        Good(
            """
            import aiohttp

            connector = aiohttp.TCPConnector(limit=50, limit_per_host=10)
            other = aiohttp.TCPConnector(force_close=False)
            """,
            "bounded, and kept alive",
        ),
        Good(
            """
            from shop.settings import PGBOUNCER_HOST

            DATABASES = {
                "default": {
                    "ENGINE": "django.db.backends.postgresql",
                    "CONN_MAX_AGE": 60,
                    "CONN_HEALTH_CHECKS": True,
                },
                "pooled": {
                    "ENGINE": "django.db.backends.postgresql",
                    "CONN_MAX_AGE": 0,
                    "OPTIONS": {"pool": {"max_size": 10}},
                },
                "bouncer": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0, "HOST": PGBOUNCER_HOST},
            }
            """,
            "kept open, pooled by Django itself, or pooled outside",
            "settings.py",
        ),
        Good(
            """
            import os

            ENGINE = os.environ.get("ENGINE", "django.db.backends.sqlite3")
            DATABASES = {"default": {"ENGINE": ENGINE, "NAME": "db.sqlite3"}}
            """,
            "an embedded database, as far as the file shows",
            "settings.py",
        ),
        Good(
            """
            DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "test"}}
            """,
            "settings for tests",
            "settings/test.py",
        ),
        Good(
            """
            DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
            DATABASES["default"]["CONN_MAX_AGE"] = 300
            DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
            """,
            "set further down",
            "settings.py",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the switches that turn pooling off, the headers that do, and Django's unpooled databases."""
        for site in source.sites_named(lookup.switch_names()):
            for path in site.paths:
                for switch in lookup.switches().get(path, ()):
                    if _is_off(site, switch, source):
                        yield _switched(site, switch)
        yield from _closing_headers(source)
        if "DATABASES" in source.text and not source.is_tool:
            yield from _django(source)


def _switched(site: CallSite, switch: Switch) -> Finding:
    given = site.argument(switch.keyword, switch.position)
    shown = ast.unparse(given.value) if given.value is not None else "…"
    text = f"{site.callee}({switch.keyword}={shown})"
    return Finding(site.node, {"switch": text, "what": switch.what, "instead": switch.instead}, site.via)


def _is_off(site: CallSite, switch: Switch, source: SourceFile) -> bool:
    given = site.argument(switch.keyword, switch.position)
    if given.given is not Given.PRESENT or given.value is None or not _is_one_of(given, switch, source):
        return False
    if site.place is Place.TOOL:
        return False
    if not switch.server_only:
        return True
    return databases.kind_of(_first_argument(site), site.scope, source) is databases.Kind.SERVER


def _first_argument(site: CallSite) -> ast.expr | None:
    return site.node.args[0] if site.node.args else None


def _is_one_of(given: Argument, switch: Switch, source: SourceFile) -> bool:
    if given.value is None or given.scope is None:
        return False
    if isinstance(given.value, ast.IfExp):  # off in tests, say
        branches = (given.value.body, given.value.orelse)
        return all(_is_one_of(given._replace(value=branch), switch, source) for branch in branches)
    literal = arguments.constant(given.value, given.scope)
    if literal is not None:
        # 0 and False are equal, but limit=False is not limit=0.
        return any(literal.value == off and type(literal.value) is type(off) for off in switch.off)
    if isinstance(given.value, ast.UnaryOp):
        return ast.unparse(given.value) in {str(off) for off in switch.off}
    paths = source.resolver.paths(given.value, given.scope)
    return bool(paths) and paths <= set(switch.off_paths)


def _closing_headers(source: SourceFile) -> Iterator[Finding]:
    """Yield the HTTP calls and clients that ask the other side to close the connection."""
    for site in source.sites if not _CONNECTION.isdisjoint(source.vocabulary) else ():
        if site.api is None or site.api.system is not System.HTTP or site.place is Place.TOOL:
            continue
        headers = site.argument("headers")
        if headers.value is None or headers.scope is None:
            continue
        for key in _HEADERS:
            value = arguments.in_mapping(headers.value, headers.scope, key)
            literal = arguments.constant(value.value, value.scope)
            if literal is not None and str(literal.value).lower() == "close":
                names = {
                    "switch": f"{site.callee}(headers={{'{key}': 'close'}})",
                    "what": "closes the connection after the call",
                    "instead": "leave keep-alive on",
                }
                yield Finding(site.node, names, site.via)


def _django(source: SourceFile) -> Iterator[Finding]:
    """Yield the server databases of Django's settings that open a connection for each request."""
    for entry in settings_files.database_entries(source):
        anchor = _unpooled(entry, source)
        if anchor is not None and not settings_files.set_later(source, "CONN_MAX_AGE"):
            names = {
                "switch": f"DATABASES['{entry.name}'] without CONN_MAX_AGE",
                "what": "opens a connection for every request",
                "instead": "set it or OPTIONS['pool']",
            }
            yield Finding(anchor, names)


def _unpooled(entry: DatabaseEntry, source: SourceFile) -> ast.expr | None:
    """Return the node that leaves an entry without persistent connections; None where it has them or may."""
    age = settings_files.max_age(entry, source)
    if age is None or not _is_zero(age) or not settings_files.is_server(entry, source):
        return None
    if settings_files.may_pool(entry) or settings_files.is_placeholder(entry, source):
        return None
    written = [key for key in getattr(entry.value, "keys", ()) if isinstance(key, ast.Constant)]
    return next((key for key in written if key.value == "CONN_MAX_AGE"), entry.anchor)


def _is_zero(age: Argument) -> bool:
    if age.given is Given.ABSENT:
        return True
    literal = arguments.constant(age.value, age.scope)
    return literal is not None and literal.value == 0
