"""SCL307: a service's state in a file that only one machine has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from flake8_scalability.catalog import embedded
from flake8_scalability.catalog.embedded import Store, When
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model import arguments, configuration, disk, settings_files, uploads
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.disk import Content, Write
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.settings_files import DatabaseEntry
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

_FILE_URL = re.compile(
    r"sqlite(\+\w+)?:///?(?!/?:memory:|/?file::memory:)[^?]|duckdb:///?(?!:memory:)\w", re.IGNORECASE
)
_BACKEND = re.compile(r"(?i)(driver|store|backend|provider|adapter|storage|repository|connector|runner|index)$")
#: Stores that a service whose database is a server has for something beside its state: data to look up, an export.
_BESIDE = frozenset({"SQLite", "DuckDB"})
_MEMORY = (":memory:", "", "file::memory:")
_SERVER = "use a server (PostgreSQL)"


class EmbeddedDatabaseForSharedState(Rule):
    """A service keeps its state in a file, of which every machine has its own.

    What it does
    ------------
    Finds SQLite as the database of a service (SQLAlchemy, Django, peewee, Tortoise, `sqlite3`, aiosqlite), `shelve`,
    `dbm`, TinyDB, LevelDB, LMDB, DuckDB, Chroma, Qdrant, Milvus and FAISS on the local disk, and files of JSON, YAML
    or pickle that are rewritten while the service runs.

    Why it does not scale
    ---------------------
    A second instance starts with an empty database of its own, and both go their ways; a replaced container loses
    everything. One writer at a time locks such a file, so that even the processes of one machine wait for each other.

    How to fix it
    -------------
    Keep the state in a server that all instances reach: PostgreSQL or MySQL for rows, Redis for keys and counters, the
    server of the vector store. Read its address from the environment.

    Known limits
    ------------
    A written-out file is silent where the environment may name another database, and where the project speaks of a
    server. A store of which only the library sees the path is reported where the file opens it.
    """

    code = "SCL307"
    slug = "embedded-database-for-shared-state"
    severity = Severity.CRITICAL
    since = "0.2.0"
    second_instance = True
    message = "{callee} keeps shared state in {what}, a file of this machine; {instead}"
    short = "{callee} keeps state in {what}, a local file; {instead}"
    title = "Shared state in a local file"
    impact = "Each instance has a database of its own, and a replaced container loses it; writers lock each other out"
    fix = "Keep the state in a server that all instances share: PostgreSQL, MySQL, Redis, a vector store's server"
    references = (
        "https://www.sqlite.org/whentouse.html",
        "https://12factor.net/backing-services",
        "https://docs.trychroma.com/docs/run-chroma/client-server",
    )
    examples = (
        Bad(
            """
            from sqlalchemy import create_engine

            engine = create_engine("sqlite:///./orders.db", connect_args={"check_same_thread": False})  # SCL307
            """,
            "each instance has orders of its own",
        ),
        Bad(
            """
            import sqlite3
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @app.post("/votes/<int:choice>")
            @limiter.limit("10/minute")
            def vote(choice):
                with sqlite3.connect("votes.db") as connection:  # SCL307
                    connection.execute("INSERT INTO votes VALUES (?)", (choice,))
                return "", 204
            """,
            "a vote counts on one machine only",
        ),
        Bad(
            """
            from pathlib import Path

            BASE_DIR = Path(__file__).resolve().parent.parent
            DATABASES = {
                "default": {
                    "ENGINE": "django.db.backends.sqlite3",  # SCL307
                    "NAME": BASE_DIR / "db.sqlite3",
                }
            }
            """,
            "reported at the engine",
            "shop/settings.py",
        ),
        Bad(
            """
            from flask import Flask

            app = Flask(__name__)
            app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"  # SCL307
            """,
            "configured for Flask-SQLAlchemy",
        ),
        Bad(
            """
            import json
            from discord.ext import commands

            bot = commands.Bot(command_prefix="!")
            POINTS = "points.json"

            @bot.command()
            async def give(ctx, member: str, amount: int):
                with open(POINTS) as file:
                    points = json.load(file)
                points[member] = points.get(member, 0) + amount
                with open(POINTS, "w") as file:  # SCL307
                    json.dump(points, file)
                await ctx.send("done")
            """,
            "a database by hand, rewritten for each command",
        ),
        Bad(
            """
            import chromadb

            client = chromadb.PersistentClient(path="./vectors")  # SCL307
            passages = client.get_or_create_collection("passages")
            """,
            "the index lies beside one process",
        ),
        Good(
            """
            import os
            from sqlalchemy import create_engine

            url = os.environ.get("DATABASE_URL", "sqlite:///./dev.db")
            engine = create_engine(url, pool_pre_ping=True, pool_recycle=1800, pool_size=10)
            """,
            "the environment names the database; the file is for a developer",
        ),
        Good(
            """
            from pydantic_settings import BaseSettings

            class Settings(BaseSettings):
                database_url: str = "sqlite:///./dev.db"
            """,
            "a default that the environment overrides",
        ),
        Good(
            """
            import os

            if os.environ.get("DEBUG"):
                DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
            else:
                DATABASES = {
                    "default": {
                        "ENGINE": "django.db.backends.postgresql",
                        "CONN_MAX_AGE": 60,
                        "CONN_HEALTH_CHECKS": True,
                    }
                }
            """,
            "a server in production",
            "shop/settings.py",
        ),
        Good(
            """
            DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
            """,
            "settings of one developer",
            "shop/settings/local.py",
        ),
        Good(
            """
            class DevelopmentConfig:
                SQLALCHEMY_DATABASE_URI = "sqlite:///dev.db"

            class TestingConfig:
                SQLALCHEMY_DATABASE_URI = "sqlite:///:memory:"
            """,
            "for development and tests",
        ),
        Good(
            """
            import sqlite3
            import click

            @click.command()
            def report():
                connection = sqlite3.connect("numbers.db")
                print(connection.execute("SELECT count(*) FROM numbers").fetchone())
            """,
            "a tool of one person",
        ),
        Good(
            """
            import duckdb

            def totals(frame):
                connection = duckdb.connect()
                return connection.execute("SELECT sum(amount) FROM frame").fetchone()
            """,
            "in memory, to compute with",
        ),
        Good(
            """
            import json

            def write_report(rows, path):
                with open(path, "w") as file:
                    json.dump(rows, file)
            """,
            "a result for somebody else: nothing here reads it again",
        ),
        Good(
            """
            import chromadb

            def connect(host):
                return chromadb.HttpClient(host=host, port=8000)
            """,
            "a server for all instances",
        ),
        Good(
            """
            import sqlite3

            def words(path="dictionary.db"):
                connection = sqlite3.connect("file:dictionary.db?mode=ro", uri=True)
                return connection.execute("SELECT word FROM words LIMIT 10").fetchall()
            """,
            "data that comes with the program is not state",
        ),
        Good(
            """
            import json
            from functools import lru_cache

            @lru_cache(maxsize=1)
            def countries():
                with open("countries.json") as file:
                    return json.load(file)
            """,
            "read only",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the stores in files, the settings that choose one, and the state files that are rewritten."""
        if source.places.is_tool:
            return
        found = [*_opened(source), *_rewritten(source)]
        found.sort(key=lambda pair: getattr(pair[1].node, "lineno", 0))
        seen = set()
        for store, finding in found:
            # A store that many functions open is one defect.
            if store not in seen:
                seen.add(store)
                yield finding
        if "sqlite" in source.text:
            yield from _settings(source)


# Stores


@cache
def _stores() -> tuple[dict[str, Store], frozenset[str]]:
    """Return the stores by path, and the last names of all."""
    by_path = {path: store for store in embedded.STORES for path in expand(store.paths)}
    return by_path, frozenset(path.rpartition(".")[2] for path in by_path)


def _opened(source: SourceFile) -> Iterator[tuple[object, Finding]]:
    """Yield the calls that open a store in files, with what identifies the store."""
    by_path, names = _stores()
    for name in names & source.calls_by_name.keys() | (source.aliases & source.calls_by_name.keys()):
        for node, scope in source.calls_by_name[name]:
            for path in source.resolver.paths(node.func, scope):
                store = by_path.get(path)
                if store is None or not _speaks_of(node, scope, source) or not _is_file(node, scope, store, source):
                    continue
                if store.what in _BESIDE and _is_overridden(source):
                    continue
                site = source.site(node, scope)
                names_ = {"callee": f"{site.callee}()", "what": store.what, "instead": store.instead}
                yield (store.what, _literals(node, scope)), Finding(node, names_, site.via)


def _literals(node: ast.Call, scope: Scope) -> frozenset[str]:
    """Return the texts in the arguments of a call, by which the file that it opens is known."""
    given = (*node.args, *(keyword.value for keyword in node.keywords))
    return frozenset(
        part.value
        for argument in given
        for part, _ in uploads.sources(argument, scope)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def _speaks_of(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call stands in a service, and not in a branch for development."""
    if source.place(scope, node).place is Place.TOOL or _is_backend(scope):
        return False
    return not any(configuration.is_for_development(test) for test in configuration.branches(node, scope, source))


def _is_backend(scope: Scope) -> bool:
    """Whether the code is one of several variants of something, of which a setting chooses one."""
    owner = scope.owner
    if owner is None or not isinstance(owner.node, ast.ClassDef) or not owner.node.bases:
        return False
    return _BACKEND.search(owner.name) is not None


def _is_file(node: ast.Call, scope: Scope, store: Store, source: SourceFile) -> bool:
    given = arguments.find(node, scope, store.argument, store.position)
    if given.value is None or given.scope is None:
        return False
    if store.when is When.SQLITE_URL:
        return _is_file_url(given.value, given.scope, source)
    where = disk.whereto(given.value, given.scope, source)
    if where.is_temporary or where.words & embedded.NO_STATE:
        return False
    literal = arguments.constant(given.value, given.scope)
    if literal is not None:
        text = str(literal.value)
        elsewhere = "://" in text.replace("file://", "")
        return literal.value is not None and text not in _MEMORY and "mode=ro" not in text and not elsewhere
    if ":memory:" in where.text or "mode=ro" in where.text or "http" in where.text:
        return False
    if store.when is When.PATH:
        return bool(where.text) or "path" in where.words or "dir" in where.words or "directory" in where.words
    return True


def _is_file_url(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is the URL of a file, and nothing outside may say otherwise."""
    text = ""
    for part, _ in uploads.sources(node, scope):
        if terminal_name(part) in configuration.ENVIRONMENT or isinstance(part, (ast.IfExp, ast.BoolOp)):
            return False
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and not text:
            text = part.value
    match = _FILE_URL.match(text) or (
        text in ("sqlite:///", "sqlite+aiosqlite:///") and not isinstance(node, ast.Constant)
    )
    return bool(match) and not source.text_says(Fact.SERVER_DATABASE)


# Settings


def _settings(source: SourceFile) -> Iterator[Finding]:
    for setting in configuration.settings(source, embedded.URL_SETTINGS):
        if _is_file_url(setting.value, setting.scope, source) and not _is_overridden(source):
            yield _configured(setting.anchor, setting.name)
    if "DATABASES" not in source.text or not configuration.for_production(source.filename):
        return
    for entry in settings_files.database_entries(source):
        anchor = _engine(entry)
        if anchor is None or any(configuration.branches(entry.anchor, entry.scope, source)):
            continue
        if configuration.is_developers(source):
            return
        if not source.text_says(Fact.SERVER_DATABASE) and not _is_overridden(source):
            yield _configured(anchor, f"DATABASES['{entry.name}']")


def _configured(anchor: ast.AST, name: str) -> Finding:
    return Finding(anchor, {"callee": name, "what": "SQLite", "instead": _SERVER})


def _engine(entry: DatabaseEntry) -> ast.AST | None:
    """Return the key of an entry's engine where that is written out and is a file."""
    if not isinstance(entry.value, ast.Dict):
        return None
    for key, value in zip(entry.value.keys, entry.value.values):
        if isinstance(key, ast.Constant) and key.value == "ENGINE":
            literal = arguments.constant(value, entry.scope)
            if literal is not None and literal.value in embedded.DJANGO_ENGINES:
                return key
    return None


def _is_overridden(source: SourceFile) -> bool:
    """Whether the project speaks of a server, so that what is written here is one of several settings."""
    return source.project_says(Fact.SERVER_DATABASE)


# State files


def _rewritten(source: SourceFile) -> Iterator[tuple[object, Finding]]:
    """Yield the state files that are written over, with what identifies the file."""
    for write in disk.writes(source):
        if write.content is Content.STATE and write.path is not None and _is_state(write, source):
            names = {"callee": f"{source.site(write.node, write.scope).callee}()", "what": "JSON or pickle"}
            finding = Finding(write.node, {**names, "instead": "use Redis or a database"})
            yield frozenset(_roots(write.path, write.scope)), finding


def _is_state(write: Write, source: SourceFile) -> bool:
    """Whether a structure is written over a file again and again while the service runs."""
    if write.scope.function is None or write.path is None or write.appends:
        return False
    place = source.place(write.scope, write.node).place
    if place in (Place.TOOL, Place.STARTUP):
        return False
    where = disk.whereto(write.path, write.scope, source)
    if where.is_temporary or where.words & embedded.NO_STATE or where.words & _SETTINGS:
        return False
    if disk.is_passing_through(write, where, source):
        return False
    return _is_read_back(write, source) and (place is not Place.LIBRARY or where.fixed)


#: Files that say how the program is set up; a person writes them, or writes them through it.
_SETTINGS = frozenset(
    {"config", "configs", "configuration", "settings", "credentials", "token", "secret", "secrets", "env"}
)


def _is_read_back(write: Write, source: SourceFile) -> bool:
    """Whether the file loads a structure from the same place again."""
    assert write.path is not None
    roots = _roots(write.path, write.scope)
    for name in ("open", "read_text", "load", "async_open", "read_bytes", "open_file"):
        for node, scope in source.calls_by_name.get(name, ()):
            if node is write.node:
                continue
            read = node.func.value if isinstance(node.func, ast.Attribute) and not node.args else None
            path = read if read is not None else (node.args[0] if node.args else None)
            if isinstance(node.func, ast.Attribute) and name == "open" and disk.opens_path(node):
                path = node.func.value
            if path is None or _roots(path, scope).isdisjoint(roots):
                continue
            if name != "open" or not disk.is_writing(node, scope):
                return any(each in source.calls_by_name for each in embedded.LOADERS)
    return False


def _roots(path: ast.expr, scope: Scope) -> set[str]:
    """Return what identifies a file: its literals, and the module's names and own attributes in its path."""
    found: set[str] = set()
    for part, where in uploads.sources(path, scope):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) > 3:
            found.add(part.value)
        elif isinstance(part, ast.Name) and (home := where.lookup(part.id)) is not None and home.is_module:
            if not any(binding.kind in ("import", "function", "class") for binding in home.bindings[part.id]):
                found.add(part.id)
        elif isinstance(part, ast.Attribute) and terminal_name(part.value) in ("self", "cls"):
            found.add("self." + part.attr)
        elif isinstance(part, ast.Call) and terminal_name(part.func).lstrip("_") not in ("open", "join", "Path", "str"):
            found.add(terminal_name(part.func) + "()")
    return found
