"""SCL604: a lock of one process around what all instances share."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.running.scripts import is_main_guard
from flake8_scalability.model.scaling import coordination, critical_sections, read_then_write, under_lock
from flake8_scalability.model.scaling.critical_sections import Section
from flake8_scalability.model.sites import CallSite, display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.project import leftovers
from flake8_scalability.rule import Bad, Finding, Good, Rule


class ProcessLocalLock(Rule):
    """A lock that one process sees guards what all instances share.

    What it does
    ------------
    Finds `threading.Lock`, `RLock`, `asyncio.Lock`, `multiprocessing.Lock` and file locks, kept for the process (also
    one for each key), that are held while the code reads from a database, a cache or another store and writes back.

    Why it does not scale
    ---------------------
    Within one process the lock turns requests into a queue: each waits for the I/O of the one before. Between two
    processes it does nothing, so that the balance that it protects is read and written by both at once.

    How to fix it
    -------------
    Let the shared system decide: an atomic statement, `SELECT … FOR UPDATE`, a unique key, an advisory lock, or a
    lock in Redis with a timeout. Where the lock only protects memory, hold it for the memory and do the I/O outside.

    Known limits
    ------------
    A lock under which something is made or fetched once and kept (a client, a token, a cache) is left alone, as is
    one that lets one thread at a time use a socket, a device or an embedded database, and one under which rows are only
    read, or only added. What a call of another file does is not known.
    """

    code = "SCL604"
    slug = "process-local-lock"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    load = "one at a time in each process"
    message = "{lock} is held over {what} in {function}(), but siblings do not see it; lock in Redis or the database"
    short = "{lock} over {what}: siblings do not see it; lock in Redis or the database"
    title = "Process-local lock around shared state"
    impact = "Requests of one instance queue up behind its I/O, and two instances race in spite of the lock"
    fix = "Use a row lock, an atomic statement, an advisory lock or a Redis lock; keep local locks for memory"
    references = (
        "https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/",
        "https://www.postgresql.org/docs/current/explicit-locking.html",
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-for-update",
    )
    examples = (
        Bad(
            """
            import threading
            from flask import Flask
            from flask_sqlalchemy import SQLAlchemy
            from app.limits import limiter
            from app.models import Seat

            app = Flask(__name__)
            db = SQLAlchemy(app)
            booking = threading.Lock()  # SCL604

            @app.route("/seats/<int:number>", methods=["POST"])
            @limiter.limit("10/minute")
            def book(number):
                with booking:
                    seat = db.session.get(Seat, number)
                    if seat.taken:
                        return "", 409
                    seat.taken = True
                    db.session.commit()
                return "", 204
            """,
            "two instances sell the same seat",
        ),
        Bad(
            """
            import asyncio

            class Wallets:
                def __init__(self, sessions):
                    self.sessions = sessions
                    self.changing = asyncio.Lock()  # SCL604

                async def withdraw(self, wallet, amount):
                    async with self.changing:
                        async with self.sessions() as session:
                            wallet.amount -= amount
                            await session.commit()
            """,
            "the lock lives as long as the service object",
        ),
        Bad(
            """
            import asyncio
            from collections import defaultdict

            per_user = defaultdict(asyncio.Lock)  # SCL604

            async def confirm(user, repository):
                async with per_user[user.id]:
                    order = await repository.pending(user)
                    order.confirmed = True
                    await repository.save(order)
            """,
            "a lock for each user is still one for each instance",
        ),
        Bad(
            """
            from celery import shared_task
            from filelock import FileLock
            from shop.models import Stock

            stock_lock = FileLock("/tmp/stock.lock")  # SCL604

            @shared_task
            def reserve(article):
                with stock_lock:
                    stock = Stock.objects.get(article=article)
                    stock.reserve()
                    stock.save()
            """,
            "the file is one of this machine",
        ),
        Bad(
            """
            import threading

            _locks = {}

            def _lock_for(key):
                if key not in _locks:
                    _locks[key] = threading.Lock()  # SCL604
                return _locks[key]

            def settle(invoice, session):
                with _lock_for(invoice.id):
                    invoice.settled = True
                    session.commit()
            """,
            "handed out by a helper",
        ),
        Good(
            """
            from flask_sqlalchemy import SQLAlchemy
            from app.models import Seat

            db = SQLAlchemy()

            def book(number):
                seat = db.session.get(Seat, number, with_for_update=True)
                seat.taken = True
                db.session.commit()
            """,
            "the row is locked where all instances see it",
        ),
        Good(
            """
            import threading

            class Totals:
                def __init__(self):
                    self._lock = threading.Lock()
                    self._seconds = {}

                def add(self, name, seconds):
                    with self._lock:
                        self._seconds[name] = self._seconds.get(name, 0) + seconds
            """,
            "memory alone, for a moment",
        ),
        Good(
            """
            import threading

            _lock = threading.Lock()
            _rates = None

            def rates(session):
                global _rates
                with _lock:
                    if _rates is None:
                        _rates = session.execute("SELECT currency, rate FROM rates LIMIT 200").all()
                return _rates
            """,
            "read once by each process",
        ),
        Good(
            """
            import asyncio
            from app.models import Flag, select

            class Flags:
                def __init__(self, sessions):
                    self._sessions = sessions
                    self._lock = asyncio.Lock()
                    self._known = {}

                async def refresh(self):
                    async with self._lock, self._sessions() as session:
                        rows = await session.scalars(select(Flag).limit(500))
                        self._known.update({row.name: row for row in rows})
            """,
            "each process fills its own copy",
        ),
        Good(
            """
            import asyncio
            import time

            class Api:
                def __init__(self, http):
                    self._http = http
                    self._lock = asyncio.Lock()
                    self._token, self._expires = None, 0

                async def token(self):
                    async with self._lock:
                        if self._expires < time.time():
                            answer = await self._http.post("/token", timeout=5)
                            self._token = answer.json()["token"]
                            self._expires = time.time() + 300
                    return self._token
            """,
            "one refresh at a time is all that is wanted",
        ),
        Good(
            """
            import threading

            class Printer:
                def __init__(self, sock):
                    self._sock = sock
                    self._lock = threading.Lock()

                def send(self, page):
                    with self._lock:
                        self._sock.sendall(page)
                        self._sock.flush()
            """,
            "one connection, which one thread at a time may use",
        ),
        Good(
            """
            import sqlite3
            import threading

            _lock = threading.Lock()
            _connection = sqlite3.connect(":memory:", check_same_thread=False, timeout=5)

            def note(text):
                with _lock:
                    _connection.execute("INSERT INTO notes VALUES (?)", (text,))
                    _connection.commit()
            """,
            "the threads of the process share one connection to a database of its own",
        ),
        Good(
            """
            import asyncio

            async def fetch_all(urls, client):
                lock, found = asyncio.Lock(), []

                async def one(url):
                    answer = await client.get(url, timeout=5)
                    async with lock:
                        found.append(answer)

                await asyncio.gather(*[one(url) for url in urls[:10]])
                return found
            """,
            "a lock for the tasks of one call",
        ),
        Good(
            """
            from app.redis import client

            def settle(invoice, session):
                with client.lock(f"invoice:{invoice.id}", timeout=30):
                    invoice.settled = True
                    session.commit()
            """,
            "a lock in Redis",
        ),
        Good(
            """
            import asyncio

            class Journal:
                def __init__(self, pool):
                    self._pool = pool
                    self._lock = asyncio.Lock()

                async def note(self, text):
                    async with self._lock, self._pool.acquire() as conn:
                        await conn.execute("INSERT INTO notes (text) VALUES ($1)", text)
                        await conn.commit()
            """,
            "rows that are only added are no business of each other: the lock is for nothing, here and elsewhere",
        ),
        Good(
            """
            import threading
            from sqlalchemy import select
            from app.models import Rate

            class Rates:
                def __init__(self, session):
                    self._session = session
                    self._lock = threading.Lock()

                def current(self, currency):
                    with self._lock:
                        return self._session.scalar(select(Rate.value).where(Rate.currency == currency))
            """,
            "only read, by one thread at a time",
        ),
        Good(
            """
            import threading
            import click

            lock = threading.Lock()

            @click.command()
            def reindex():
                from app.models import Page
                for page in Page.objects.iterator():
                    with lock:
                        page.save()
            """,
            "a command runs once",
        ),
        Good(
            """
            import threading
            from app.redis import client

            lock = threading.Lock()

            def settle(invoice, session):
                with lock, client.lock(f"invoice:{invoice.id}", timeout=30):
                    invoice.settled = True
                    session.commit()
            """,
            "the shared lock is taken as well",
        ),
        Good(
            """
            import asyncio
            import git

            class Checkout:
                def __init__(self, path):
                    self.repo = git.Repo(path)
                    self.lock = asyncio.Lock()

                async def record(self, text):
                    async with self.lock:
                        self.repo.index.add(["."])
                        self.repo.commit(text)
            """,
            "a working copy on the disk of this machine",
        ),
        Good(
            """
            import threading
            import redis

            lock = threading.Lock()

            def _build_client(url):
                client = redis.Redis.from_url(url, socket_timeout=1, max_connections=20)
                client.ping()
                return client

            def client_of(store, url):
                with lock:
                    store["client"] = _build_client(url)
                    return store["client"]
            """,
            "each process makes a client of its own, once",
        ),
        Good(
            """
            import asyncio
            import httpx

            class Keys:
                _keys = None
                _lock = asyncio.Lock()

                def __init__(self, http: httpx.AsyncClient):
                    self.http = http

                async def all(self):
                    async with self._lock:
                        if self._keys is None:
                            answer = await self.http.get("https://login.example/keys", timeout=5)
                            self.__class__._keys = answer.json()
                        return self._keys
            """,
            "fetched once for the class",
        ),
        Good(
            """
            import asyncio
            import httpx

            class ToolClient:
                def __init__(self, url):
                    self._url, self._http = url, httpx.AsyncClient(
                        timeout=5, transport=httpx.AsyncHTTPTransport(retries=3)
                    )
                    self._lock = asyncio.Lock()
                    self._closed = False

                async def _create_session(self):
                    return await self._http.get(self._url)

                async def run(self):
                    async with self._lock:
                        session = await self._create_session()
                        return session.json()
            """,
            "an object opens its own connection, one at a time",
        ),
        Good(
            """
            import threading
            import time
            import httpx

            class Account:
                def __init__(self):
                    self._http = httpx.Client(timeout=5, transport=httpx.HTTPTransport(retries=3))
                    self._lock = threading.Lock()
                    self._expires, self._token = 0, ""

                def _renew(self):
                    self._token = self._http.get("https://login.example/token").text
                    self._expires = time.time() + 300

                def token(self):
                    with self._lock:
                        if time.time() >= self._expires:
                            self._renew()
                        return self._token
            """,
            "the method that is called keeps what the lock lets be made once",
        ),
        Good(
            """
            import threading
            from pathlib import Path
            import httpx

            http = httpx.Client(timeout=5)
            _lock = threading.Lock()

            def plugin(name):
                with _lock:
                    path = Path("/var/plugins") / name
                    if path.exists():
                        return path
                    answer = http.get(f"https://plugins.example/{name}")
                    path.write_bytes(answer.content)
                    return path
            """,
            "fetched once for this machine's disk",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What makes a lock, or a mapping of locks."""
        return words(*critical_sections.makers())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield each local lock once, with the first section in which it is held over shared work."""
        seen = set()
        sections = (section for section in critical_sections.sections(source) if _matters(section, source))
        for section, what in under_lock.worked_under(sections, source):
            if section.made not in seen and read_then_write.rewrites(section, source) and _is_used(source):
                seen.add(section.made)
                site = CallSite(section.made, section.scope, source)
                names = {"lock": section.name, "what": what, "function": display_name(section.scope.function)}
                yield Finding(section.made, names, site.via)


def _matters(section: Section, source: SourceFile) -> bool:
    """Whether the code runs while serving, and takes no lock that siblings see."""
    if source.place(section.scope).place in (Place.TOOL, Place.STARTUP):
        return False
    function = section.scope.function
    return function is None or not coordination.coordinates(function, source)


def _is_used(source: SourceFile) -> bool:
    """Whether the module is one that the project runs: its handlers, its callers here, or its name elsewhere say so."""
    if source.settings.no_project or source.places.handlers:
        return True
    guarded = any(isinstance(node, ast.If) and is_main_guard(node) for node in source.module.of(ast.If))
    return guarded or leftovers.is_named(source.filename)
