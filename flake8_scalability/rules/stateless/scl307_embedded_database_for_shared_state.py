"""SCL307: a service's state in a file that only one machine has."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from flake8_scalability.catalog import embedded
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.pooling import settings_files
from flake8_scalability.model.pooling.settings_files import DatabaseEntry
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import configuration, disk, embedded_stores, kept_rows, state_files
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: Stores that a service whose database is a server has for something beside its state: data to look up, an export.
_BESIDE = frozenset({"SQLite", "DuckDB"})
_SERVER = "use a server (PostgreSQL)"
LONGEST_CALLEE = 22


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
    A written-out file is silent where the environment may name another database, where the project speaks of a
    server, and where other settings are laid over it: by a star import or a call with this module below it, by a
    module for production beside it, by whoever installs the package. So is a file of what can be had again (a
    cache, cookies), and a program of one machine: behind a desktop shell (Tauri, Electron), beside a device, or
    large and without a word of a server of data, as is all that only a second instance would show. A store of which
    only the library sees the path is reported where the file opens it. Of the SQLite databases of one file the
    first is reported. What is only called below `if __name__ == "__main__":`, or by commands of other files, is left
    alone, and so are a file that is an export of a query's rows, and the settings of Django in a project without
    tables, admin and log-in. An index that its file
    only searches may have been made beforehand, and is left alone, and so is a database that its file only asks. Of
    variants, of which a setting chooses one, the one in files is left alone: in the same file or folder stands another
    that speaks to a server; and so is a class that is made up for tests and developers.
    """

    code = "SCL307"
    slug = "embedded-database-for-shared-state"
    severity = Severity.CRITICAL
    since = "0.1.0"
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
            import sqlite3

            TABLES = "data/tides.db"

            def tides_of(harbour, day):
                tables = sqlite3.connect(TABLES)
                rows = tables.execute("SELECT hour, height FROM tides WHERE harbour = ? AND day = ?", (harbour, day))
                return rows.fetchall()
            """,
            "tables that come with the program: nothing is ever put in",
        ),
        Bad(
            """
            import sqlite3
            from flask import Flask, request
            from app.limits import limiter

            app = Flask(__name__)

            @app.post("/tides/<harbour>")
            @limiter.limit("10/minute")
            def note(harbour):
                tables = sqlite3.connect("data/tides.db")  # SCL307
                with tables:
                    tables.execute("INSERT INTO tides VALUES (?, ?)", (harbour, request.form["height"]))
                return {"noted": harbour}
            """,
            "here somebody writes, and it is the state of the service",
        ),
        Good(
            """
            import shelve
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)

            @app.get("/words/<word>")
            @limiter.limit("10/minute")
            def meaning(word):
                with shelve.open("words", flag="r") as words:
                    return words[word]
        """,
            "opened to be read: data that come with the program",
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
            import chromadb

            class Handbook:
                def __init__(self, folder):
                    self._collection = chromadb.PersistentClient(path=folder).get_collection("pages")
                    self._asked = set()

                def search(self, words):
                    self._asked.add(len(words))
                    return self._collection.query(query_texts=words, n_results=3)
            """,
            "an index that was made beforehand, and is only searched here",
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
            import yaml
            from celery import shared_task
            from app.models import Neighbour

            PROXY = "/etc/proxy/proxy.conf"

            def known():
                with open(PROXY) as file:
                    return yaml.safe_load(file)

            @shared_task
            def tell_proxy():
                wanted = {"neighbours": [each.address for each in Neighbour.objects.all()[:100]]}
                if wanted != known():
                    with open(PROXY, "w") as file:
                        yaml.safe_dump(wanted, file)
            """,
            "the configuration of a daemon beside it, which is computed from the database each time",
        ),
        Good(
            """
            import yaml
            from invoke import task as command

            FILE = "choices.yml"

            def task(function):
                return command(function)

            def choices():
                with open(FILE) as file:
                    return yaml.safe_load(file)

            @task
            def choose(context, editor):
                with open(FILE, "w") as file:
                    yaml.safe_dump({**choices(), "editor": editor}, file)
            """,
            "what a developer runs by hand",
        ),
        Bad(
            """
            import sqlite3

            def add(number):
                connection = sqlite3.connect("orders.db")  # SCL307
                connection.execute("INSERT INTO orders VALUES (?)", (number,))
                connection.commit()

            def count():
                connection = sqlite3.connect("orders.db")
                return connection.execute("SELECT count(*) FROM orders WHERE day = date()").fetchone()

            def customers():
                connection = sqlite3.connect("customers.db")
                return connection.execute("SELECT name FROM customers LIMIT 10").fetchall()
            """,
            "the databases of a file are one finding",
        ),
        Good(
            """
            import sqlite3

            def upgrade(folder):
                connection = sqlite3.connect(folder + "/shop.sqlite")
                connection.execute("ALTER TABLE orders ADD COLUMN note text")
            """,
            "brings the file of an older release into its new form",
            "shop/migrator/step_3.py",
        ),
        Good(
            """
            import json

            class Played:
                FILE = "played/cachemap.json"

                def load(self):
                    with open(self.FILE) as file:
                        return json.load(file)

                def keep(self, titles):
                    with open(self.FILE, "w") as file:
                        json.dump(titles, file)
            """,
            "what this machine has in its cache",
        ),
        Good(
            """
            DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db"}}

            from local_settings import *
            """,
            "a default that each installation replaces",
            "shop/settings.py",
        ),
        Good(
            """
            from app.loading import update_settings_with_file

            DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db"}}
            update_settings_with_file(__name__, "local_settings")
            """,
            "the same by a function that is given this module",
            "shop/settings.py",
        ),
        Good(
            """
            import json
            import os
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)
            grants = {}
            FILE = "grants.json"

            def _is_dev_env():
                return os.environ.get("STAGE", "") in ("dev", "test")

            def _save():
                if not _is_dev_env():
                    return
                with open(FILE, "w") as file:
                    json.dump(grants, file)

            def _load():
                with open(FILE) as file:
                    grants.update(json.load(file))

            @app.post("/save")
            @limiter.limit("10/minute")
            def save():
                _save()
                return "", 204
            """,
            "written on a developer's machine alone",
        ),
        Good(
            """
            import json
            from pathlib import Path

            SHORTCUTS = Path("shortcuts.json")

            def prepare():
                if not SHORTCUTS.exists():
                    SHORTCUTS.write_text(json.dumps({}))

            def shortcuts():
                return json.loads(SHORTCUTS.read_text())
            """,
            "an empty file, for what somebody writes into it by hand",
        ),
        Good(
            """
            import json
            from datetime import datetime
            from celery import shared_task
            from app.networks import network

            FOLDER = "/srv/nets/"

            @shared_task
            def write_down(name):
                place = FOLDER + datetime.now().strftime("%Y%m%d%H%M%S") + ".json"
                with open(place, "w") as file:
                    json.dump(network(name), file)
                return place

            def read(name):
                with open(FOLDER + name) as file:
                    return json.load(file)
            """,
            "a new file each time, which is never written over",
        ),
        Good(
            """
            import chromadb

            client = chromadb.PersistentClient(path="./vectors")

            def health():
                return len(client.list_collections())
            """,
            "only asks whether the index is there",
        ),
        Good(
            """
            from sqlalchemy import create_engine

            engine = create_engine("sqlite:///data/imagecache.sqlite", connect_args={"check_same_thread": False})
            """,
            "addresses that can be looked up again",
        ),
        Good(
            """
            import json
            from celery import shared_task
            from harbour.models import Berth

            LIST = "berths.json"

            def listed():
                return [{"name": each.name} for each in Berth.objects.filter(public=True)[:500]]

            @shared_task
            def publish():
                with open(LIST) as file:
                    before = json.load(file)
                berths = listed()
                if len(before) != len(berths):
                    with open(LIST, "w") as file:
                        json.dump(berths, file)
        """,
            "an export: what it is made of is in the database",
        ),
        Bad(
            """
            import json
            from celery import shared_task
            from harbour.models import Berth

            LIST = "berths.json"

            def known():
                with open(LIST) as file:
                    return json.load(file)

            def with_new(before):
                return before + [{"name": each.name} for each in Berth.objects.filter(new=True)[:500]]

            @shared_task
            def publish():
                berths = with_new(known())
                with open(LIST, "w") as file:  # SCL307
                    json.dump(berths, file)
        """,
            "what was there before is known to the file alone",
        ),
        Good(
            """
            import json
            from pathlib import Path
            from fastapi import FastAPI
            from app.limits import limiter

            app = FastAPI()

            class DummyMailbox:
                def __init__(self):
                    self.path = Path("mailbox.json")

                def add(self, message):
                    messages = json.loads(self.path.read_text())
                    messages.append(message)
                    self.path.write_text(json.dumps(messages))

            mailbox = DummyMailbox()

            @app.post("/mails")
            @limiter.limit("1/minute")
            def mail(text: str):
                mailbox.add(text)
        """,
            "made up for developers, as its name says",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What opens a store or writes a file, and the settings that name a database."""
        return words("DATABASES", *embedded.URL_SETTINGS, *embedded_stores.names(), *disk.names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the stores in files, the settings that choose one, and the state files that are rewritten."""
        if source.is_tool:
            return
        yield from _opened(source)
        seen = set()
        for write in state_files.rewritten(source):
            file = frozenset(state_files.roots(write.path, write.scope)) if write.path is not None else frozenset()
            if file not in seen:
                seen.add(file)
                what = state_files.written_as(write, source)
                yield _at(write.node, write.scope, what, "use Redis or a database", source)
        if "sqlite" in source.text:
            yield from _settings(source)


def _opened(source: SourceFile) -> Iterator[Finding]:
    """Yield the stores that a file opens; of databases the first, with the number of the others."""
    openings = embedded_stores.openings(source)
    counts = Counter(opening.store.what for opening in openings)
    for opening in openings:
        what = opening.store.what
        if what not in _BESIDE:
            yield _at(opening.node, opening.scope, what, opening.store.instead, source)
        elif what in counts and not _is_overridden(source):
            others = counts.pop(what) - 1
            more = f" (and {others} more)" if others else ""
            yield _at(opening.node, opening.scope, what, opening.store.instead, source, more)


def _at(node: ast.Call, scope: Scope, what: str, instead: str, source: SourceFile, more: str = "") -> Finding:
    """Return a finding at a call; of a long callee the method alone is named, for which a reader can search."""
    site = source.site(node, scope)
    callee = site.callee if len(site.callee) <= LONGEST_CALLEE else terminal_name(node.func)
    return Finding(node, {"callee": f"{callee}(){more}", "what": what, "instead": instead}, site.via)


def _settings(source: SourceFile) -> Iterator[Finding]:
    for setting in configuration.settings(source, embedded.URL_SETTINGS):
        if not embedded_stores.is_file_url(setting.value, setting.scope, source) or _is_overridden(source):
            continue
        if not configuration.is_overlaid(setting.anchor, setting.name, source):
            yield _configured(setting.anchor, setting.name)
    if "DATABASES" not in source.text or not configuration.for_production(source):
        return
    for entry in settings_files.database_entries(source):
        anchor = _engine(entry)
        if anchor is None or any(configuration.branches(entry.anchor, entry.scope, source)):
            continue
        if configuration.is_developers(source):
            return
        if source.text_says(Fact.SERVER_DATABASE) or _is_overridden(source):
            continue
        if not configuration.is_overlaid(anchor, "DATABASES", source) and kept_rows.are_kept(source):
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
