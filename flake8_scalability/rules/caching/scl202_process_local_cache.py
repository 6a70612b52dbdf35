"""SCL202: a cache in the memory, or on the disk, of one process or machine."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.cache_libraries import Where
from flake8_scalability.model.caching import cache_backends, cache_stores, memoisers
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class ProcessLocalCache(Rule):
    """What is cached is known to one process only, and kept there without bound or end.

    What it does
    ------------
    Finds mappings at module or class level that functions fill as a cache while serving, without a bound and without
    an age, where what is stored is read from a store or a service, awaited, handed in, or given by a call that reads by
    its name; caches of applications that are configured to be one process's memory or one machine's disk (Django's
    `LocMemCache` and `FileBasedCache`, Flask-Caching's `SimpleCache` and `FileSystemCache`, the in-memory back ends of
    aiocache, fastapi-cache, dogpile.cache, cashews and Beaker); and memoising decorators of the project's own that are
    told to keep results in memory for ever.

    Why it does not scale
    ---------------------
    Each instance fills its own, so that twice the instances ask the database twice as often. What one of them changes,
    the others go on serving from their old copy. A mapping that only grows takes memory until the process is killed.

    How to fix it
    -------------
    Keep what is cached in Redis or Memcached, with a time to live: `client.setex(key, 300, value)`. Where a copy in
    the process is wanted, bound it and let it expire: `cachetools.TTLCache(maxsize=10_000, ttl=60)`.

    Known limits
    ------------
    What is computed or decoded from the key alone, a mapping of a class that its objects fill without looking
    first, what `setdefault` is given ready, caches of Flask that nobody asks, what a comment above calls
    unchanging, and caches of clients, templates and other objects of the process, are silent; so are paths of this
    machine, rows of the tables that migrations fill, the numbers of names, settings over which the project lays
    others, and those of a cache that is made and dropped, or of which a project of Django asks no more than to keep
    finished pages. Silent are a mapping that only functions fill which nothing calls, one whose keys are a choice of
    two or three texts, and the cache of a project of Django whose rows lie in a file themselves (SCL307). A region
    of dogpile.cache that says how long it keeps its entries is silent, unless the file forgets some of them before.
    Whether a mapping is bounded is read from the functions of the file that speak of it.
    """

    code = "SCL202"
    slug = "process-local-cache"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{what} is a cache {where}, not shared between instances; {instead}"
    short = "{what} is a cache {where}; {instead}"
    title = "Process-local cache"
    impact = (
        "Each instance misses on its own and serves its own stale copy; an unbounded mapping grows until it is killed"
    )
    fix = "Keep it in Redis or Memcached with a time to live (redis-py, django-redis, Flask-Caching's RedisCache)"
    references = (
        "https://docs.djangoproject.com/en/stable/topics/cache/#local-memory-caching",
        "https://flask-caching.readthedocs.io/en/latest/#built-in-cache-backends",
        "https://12factor.net/processes",
    )
    examples = (
        Bad(
            """
            rates_cache = {}  # SCL202

            def rate(session, currency):
                if currency not in rates_cache:
                    rates_cache[currency] = session.scalar(RATES, {"currency": currency})
                return rates_cache[currency]
            """,
            "filled from the database, never emptied",
        ),
        Bad(
            """
            class Flags:
                seen: dict[str, bool] = {}  # SCL202

                async def ask(self, name, visitor):
                    raise NotImplementedError

                async def is_on(self, name, visitor):
                    if visitor not in self.seen:
                        answer = await self.ask(name, visitor)
                        self.seen[visitor] = answer
                    return self.seen[visitor]
            """,
            "a class attribute is one for all objects; no name says cache, but it is looked up, filled and returned",
        ),
        Bad(
            """
            CACHES = {
                "default": {
                    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",  # SCL202
                }
            }
            """,
            "each worker process has a cache of its own",
            "shop/settings.py",
        ),
        Bad(
            """
            from flask import Flask
            from flask_caching import Cache

            app = Flask(__name__)
            cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})  # SCL202
            """,
            "a dictionary in the worker",
        ),
        Bad(
            """
            class ProductionConfig:
                CACHE_TYPE = "FileSystemCache"  # SCL202
                CACHE_DIR = "/var/cache/shop"
            """,
            "files of one machine",
        ),
        Bad(
            """
            from fastapi import FastAPI
            from fastapi_cache import FastAPICache
            from fastapi_cache.backends.inmemory import InMemoryBackend

            app = FastAPI()

            @app.on_event("startup")
            async def start():
                FastAPICache.init(InMemoryBackend())  # SCL202
            """,
            "answers are kept by the instance that gave them",
        ),
        Bad(
            """
            from shop.core import caching
            from shop.stores import db

            @caching.memoize(engine="memory", key="shelf")  # SCL202
            def shelf(number):
                return db.get_shelf(number)
            """,
            "a decorator of the project's own that is told to keep in memory",
        ),
        Bad(
            """
            articles_cache = {}  # SCL202
            """,
            "an empty mapping for other modules to fill",
            "shop/caches.py",
        ),
        Good(
            """
            from harbour.models import Berth, Ship

            class TideImport:
                ids_cache = {}

                def __init__(self, session):
                    self.session = session

                def load(self, kind, table):
                    self.ids_cache[kind] = dict(self.session.execute(table.select()))

                def run(self, rows):
                    self.load("berth", Berth)
                    self.load("ship", Ship)
                    return [(self.ids_cache["ship"][row.ship], self.ids_cache["berth"][row.berth]) for row in rows]
            """,
            "read anew by each import: it belongs to the object, and saves nobody a read",
        ),
        Good(
            """
            _units_cache = {}

            async def unit(session, harbour):
                return _units_cache.setdefault(harbour, await session.scalar(UNITS, {"harbour": harbour}))
            """,
            "what it would save is read before it is asked: away with it",
        ),
        Good(
            """
            import re

            _cache = {}

            def compiled(text):
                if text not in _cache:
                    _cache[text] = re.compile(text)
                return _cache[text]
            """,
            "computed from the key alone: the same in every instance",
        ),
        Good(
            """
            # Keyed by port: its depth is intrinsic, so this never needs invalidation.
            _depth_cache = {}
            _labels_cache = {}

            async def depth(session, port):
                if port not in _depth_cache:
                    _depth_cache[port] = await session.scalar(DEPTHS, {"port": port})
                return _depth_cache[port]

            async def label(office, code):
                if code not in _labels_cache:
                    read = await office.decode_label(code)
                    _labels_cache[code] = read.text
                return _labels_cache[code]
            """,
            "a comment says that it can't grow old; and what is decoded from its key",
        ),
        Good(
            """
            import os

            _index_cache = {}

            def texts(folder):
                for name in os.listdir(folder):
                    with open(os.path.join(folder, name)) as file:
                        yield name, file.read()

            def build_index(folder):
                return {word: name for name, text in texts(folder) for word in text.split()}

            def index(folder):
                if folder not in _index_cache:
                    _index_cache[folder] = build_index(folder)
                return _index_cache[folder]
            """,
            "read from files that come with the program",
        ),
        Good(
            """
            _notes_cache = {}

            def note(visitor, kind):
                visits = _notes_cache.get(visitor, 0)
                _notes_cache[visitor] = visits + len(kind)
            """,
            "numbers of its own, and no copy of anything",
        ),
        Good(
            """
            import boto3

            _client_cache = {}

            def client(region):
                if region not in _client_cache:
                    _client_cache[region] = boto3.client("sqs", region_name=region)
                return _client_cache[region]
            """,
            "clients belong to a process",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def shelf(number):
                found = redis_client.get(f"shelf:{number}")
                if found is None:
                    found = json.dumps(db.get_shelf(number))
                    redis_client.setex(f"shelf:{number}", 300, found)
                return json.loads(found)
            """,
            "shared, and it ends",
        ),
        Good(
            """
            import time

            _cache = {}

            def shelf(session, number):
                found = _cache.get(number)
                if found and found[0] > time.monotonic() - 30:
                    return found[1]
                row = session.get(Shelf, number)
                _cache[number] = (time.monotonic(), row)
                return row
            """,
            "it grows old: on the request path SCL206 would speak",
        ),
        Good(
            """
            _cache = {}

            def shelf(session, number):
                if number not in _cache:
                    if len(_cache) > 500:
                        _cache.popitem()
                    _cache[number] = session.get(Shelf, number)
                return _cache[number]
            """,
            "it has a bound",
        ),
        Good(
            """
            def shelves(session, numbers):
                cache = {}
                for number in numbers:
                    if number not in cache:
                        cache[number] = number * 2
                return [cache[number] for number in numbers]
            """,
            "a local mapping ends with its call",
        ),
        Good(
            """
            import os

            if os.environ.get("CACHE_URL"):
                CACHES = {
                    "default": {
                        "BACKEND": "django.core.cache.backends.redis.RedisCache",
                        "LOCATION": os.environ["CACHE_URL"],
                    }
                }
            else:
                CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
            """,
            "the choice of whoever has no cache to give",
            "shop/settings.py",
        ),
        Good(
            """
            CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
            """,
            "a developer's machine",
            "shop/settings/development.py",
        ),
        Good(
            """
            class BaseConfig:
                CACHE_TYPE = "SimpleCache"

            class ProductionConfig(BaseConfig):
                CACHE_TYPE = "RedisCache"
            """,
            "production has another",
        ),
        Good(
            """
            from shop.environment import CACHE_URL

            CACHES = {
                "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL},
                "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
            }
            """,
            "a first tier before the shared cache",
            "shop/settings.py",
        ),
        Good(
            """
            # scalability: single-instance
            rates_cache = {}

            def rate(session, currency):
                if currency not in rates_cache:
                    rates_cache[currency] = session.scalar(RATES, {"currency": currency})
                return rates_cache[currency]
            """,
            "the file says that it will stay alone",
        ),
        Good(
            """
            from dogpile.cache import make_region

            region = make_region().configure("dogpile.cache.memory")

            def release():
                return region.get("release", expiration_time=60)
            """,
            "each read says how old the entry may be",
        ),
        Good(
            """
            import os
            from harbour.settings import get_base_paths

            CHART_PATH_CACHE = {}

            def chart_path(name):
                if name in CHART_PATH_CACHE:
                    return CHART_PATH_CACHE[name]
                bases = get_base_paths()
                for base in bases:
                    path = os.path.join(base, name)
                    path = os.path.abspath(path)
                    if os.path.isdir(path):
                        CHART_PATH_CACHE[name] = path
                        return path
                return None
        """,
            "paths of this machine: no other has a use for them",
        ),
        Good(
            """
            from django.contrib.auth.models import Permission

            class Rights:
                cache = {}

                def get(self, request, codename):
                    if codename not in self.cache:
                        self.cache[codename] = Permission.objects.get(codename=codename)
                    return self.cache[codename]
        """,
            "as many as the program's migrations have made",
        ),
        Bad(
            """
            from harbour.models import Berth

            class Berths:
                cache = {}  # SCL202

                def get(self, request, code):
                    if code not in self.cache:
                        self.cache[code] = Berth.objects.get(code=code)
                    return self.cache[code]
        """,
            "rows of a table that people fill",
        ),
        Good(
            """
            from dogpile.cache import make_region

            region = make_region().configure("dogpile.cache.memory", expiration_time=600)

            def carriers(session):
                return region.get_or_create("carriers", lambda: session.scalars(CARRIERS).all())
        """,
            "the region forgets by itself: on the request path SCL206 would speak",
        ),
        Bad(
            """
            from dogpile.cache import make_region

            region = make_region().configure("dogpile.cache.memory", expiration_time=600)  # SCL202

            def carriers(session):
                return region.get_or_create("carriers", lambda: session.scalars(CARRIERS).all())

            def add_carrier(session, carrier):
                session.add(carrier)
                session.commit()
                region.delete("carriers")
        """,
            "who writes forgets the copy of its own process, and no other",
        ),
        Bad(
            """
            from dogpile.cache import make_region

            used_codes = make_region().configure("dogpile.cache.memory")  # SCL202
        """,
            "kept without end, in one process",
        ),
        Good(
            """
            from harbour.depots import BucketDepot, FolderDepot

            _depots = {}

            def make(address):
                if address.startswith("gs:"):
                    return BucketDepot(address)
                return FolderDepot(address)

            async def depot(name, address):
                found = _depots.get(name)
                if found is None:
                    found = make(await address.resolve())
                    _depots[name] = found
                return found
        """,
            "the function beside it makes an object for each name",
        ),
        Good(
            """
            _board_ids_cache = {}

            def board_id(tracker, name):
                if name not in _board_ids_cache:
                    boards = list(tracker.fetch_boards(name=name))
                    _board_ids_cache[name] = str(boards[0].id)
                return _board_ids_cache[name]
        """,
            "the number under which another service knows a name stays the same",
        ),
        Bad(
            """
            _board_titles_cache = {}  # SCL202

            def board_title(tracker, name):
                if name not in _board_titles_cache:
                    boards = list(tracker.fetch_boards(name=name))
                    _board_titles_cache[name] = str(boards[0].title)
                return _board_titles_cache[name]
        """,
            "a title is changed",
        ),
        Good(
            """
            from harbour.models import Tariff

            tariffs_cache = {}

            def tariff(ship):
                if ship.flag == "NL":
                    kind = "home"
                else:
                    kind = "abroad"
                if kind not in tariffs_cache:
                    tariffs_cache[kind] = Tariff.objects.get(kind=kind)
                return tariffs_cache[kind]
        """,
            "two entries, whoever calls",
        ),
        Good(
            """
            INSTALLED_APPS = ["shop"]
            ENGINE = "django.db.backends.sqlite3"
            DATABASES = {"default": {"NAME": "shop.sqlite3", **{"ENGINE": ENGINE}}}
            CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        """,
            "the rows themselves lie on this machine, as SCL307 says",
            "shop/settings.py",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the caches that only grow, those left to other modules, those configured, and those of decorators."""
        for cache in cache_stores.kept(source):
            if cache.bounded or cache.timed or cache.state.holder is Holder.INSTANCE:
                continue
            if cache_stores.has_choice_of_keys(cache):
                continue
            names = {
                "what": f"{cache.shared.holder} `{cache.state.name}`",
                "where": Where.PROCESS.value,
                "instead": cache_stores.instead(cache, source) + cache_backends.unset(source),
            }
            yield Finding(cache.state.node, names, cache.shared.via)
        for node, name in cache_stores.untouched(source):
            names = {"what": f"module-level `{name}`", "where": Where.PROCESS.value, "instead": "use Redis with a TTL"}
            yield Finding(node, names)
        for chosen in cache_backends.local_backends(source):
            yield Finding(chosen.node, {"what": chosen.what, "where": chosen.where.value, "instead": chosen.instead})
        for memo in memoisers.memos(source):
            if memo.is_own and not memo.timed and not memo.bounded:
                what = f"@{memo.name} of {memo.function.name}()"
                yield Finding(memo.node, {"what": what, "where": memo.where.value, "instead": "use Redis with a TTL"})
