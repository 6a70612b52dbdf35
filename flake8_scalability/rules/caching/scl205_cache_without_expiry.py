"""SCL205: a cached copy that never expires."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.caching import cache_objects, expiries, fetching, memoisers
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class CacheWithoutExpiry(Rule):
    """A copy of data is cached for ever.

    What it does
    ------------
    Finds functions that look a key up, answer with what they find, read from a store or a service what is not there,
    and store it under that key without a time to live: in Redis or Memcached, with `cache.set(key, value, None)`
    (Django), or with `timeout=0` (Flask-Caching), which mean for ever; and `cachetools.LRUCache` over reads of a
    database or a service. Locks, counters, queues, sessions and other things that are no copies are none, by the names
    of their keys, and neither are keys of a kind that the file deletes, unless another function of it stores the same
    key with a time.

    Why it does not scale
    ---------------------
    Nothing corrects a copy that has missed a write: it stays wrong until somebody deletes it by hand. Keys that are not
    asked for any more stay too, until the store is full and evicts what is needed, or refuses to store.

    How to fix it
    -------------
    Give each entry a time to live, also where writes delete it: `client.set(key, value, ex=300)`,
    `cache.set(key, value, timeout=300)`, `TTLCache(maxsize=1024, ttl=300)`.

    Known limits
    ------------
    That something is a copy is told by a look-up of the same key in the same function; what is written through when its
    source changes, what a job publishes, and marks of how far it has come, are silent. Deletions in other files are not
    seen but by what a comment says of them; a cache of a class that only makes room is silent where its file takes
    entries out. How the server evicts (`maxmemory-policy`) is not in sight.
    """

    code = "SCL205"
    slug = "cache-without-expiry"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{callee}() in {function}() caches for ever; give the entry a TTL ({instead})"
    short = "{callee}() caches for ever; give it a TTL ({instead})"
    title = "Cache entry without expiry"
    impact = "A copy that missed a write stays wrong, and dead keys fill the store"
    fix = "Give each entry a time to live: ex=300 (Redis), timeout=300 (Django), TTLCache (cachetools)"
    references = (
        "https://redis.io/docs/latest/commands/set/",
        "https://docs.djangoproject.com/en/stable/topics/cache/#basic-usage",
        "https://cachetools.readthedocs.io/en/stable/#cachetools.TTLCache",
    )
    examples = (
        Bad(
            """
            import json
            from shop.stores import db, redis_client

            def top_articles(shelf):
                key = f"cache:top:{shelf}"
                found = redis_client.get(key)
                if found is None:
                    found = json.dumps(db.top_articles(shelf))
                    redis_client.set(key, found)  # SCL205
                return json.loads(found)
            """,
            "nothing ends it",
        ),
        Bad(
            """
            from django.core.cache import cache
            from shop.texts import load_label

            def label(kind):
                found = cache.get(f"label-{kind}")
                if found is None:
                    found = load_label(kind)
                    cache.set(f"label-{kind}", found, timeout=None)  # SCL205
                return found
            """,
            "None is for ever",
        ),
        Bad(
            """
            from cachetools import LRUCache, cached
            from shop.stores import db

            @cached(LRUCache(maxsize=500))  # SCL205
            def get_article(number):
                return db.get_article(number)
            """,
            "it makes room, and does not grow old",
        ),
        Bad(
            """
            from pymemcache.client.base import Client
            from shop.stores import db

            client = Client("cache", timeout=1, connect_timeout=1)

            def opening_hours(shop):
                found = client.get(f"hours:{shop}")
                if found is None:
                    found = db.get_hours(shop)
                    client.set(f"hours:{shop}", found)  # SCL205
                return found
            """,
            "Memcached keeps it until it needs the room",
        ),
        Bad(
            """
            import json
            from shop.stores import db, redis_client

            class Shelves:
                def save(self, shelf):
                    db.save_shelf(shelf)
                    redis_client.set(f"shelf:{shelf.number}", json.dumps(shelf), ex=600)

                def load(self, shelf):
                    found = redis_client.get(f"shelf:{shelf.number}")
                    if found is None:
                        found = json.dumps(db.get_shelf(shelf.number))
                        redis_client.set(f"shelf:{shelf.number}", found)  # SCL205
                    return json.loads(found)

                def forget(self, shelf):
                    redis_client.delete(f"shelf:{shelf.number}")
            """,
            "whoever fills it again has forgotten the time that the write gives it",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.models import Shelf

            PLACE_KEY = "shelf_{number}_place"

            def place(number):
                found = cache.get(PLACE_KEY.format(number=number))
                if found is None:
                    found = Shelf.objects.get(number=number).place
                    cache.set(PLACE_KEY.format(number=number), found, None)
                return found

            def move(shelf, goal):
                Shelf.objects.filter(number=shelf.number).update(place=goal)
                cache.set(PLACE_KEY.format(number=shelf.number), goal, None)
            """,
            "whoever changes it stores it anew",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def shelf_key(number):
                return f"shelf:{number}"

            def shelf(number):
                found = redis_client.get(shelf_key(number))
                if found is None:
                    found = json.dumps(db.get_shelf(number))
                    redis_client.set(shelf_key(number), found)
                return json.loads(found)

            def forget_shelf(shelf):
                redis_client.delete(shelf_key(shelf.number))
            """,
            "deleted with what it copies",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def save_options(options):
                db.save_options(options)
                redis_client.set("OPTIONS_CACHE", json.dumps(options))

            def options():
                return json.loads(redis_client.get("OPTIONS_CACHE") or "{}")
            """,
            "written through; who reads it does not fill it again",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.keys import generate_pair

            def key_pair():
                pair = cache.get("key-pair")
                if pair is None:
                    pair = generate_pair()
                    cache.set("key-pair", pair, None)
                return pair
            """,
            "made once for all instances, and to be had nowhere else",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.hosts import choose

            def host_of(visitor):
                number = cache.get(f"host-{visitor}")
                if number is None:
                    number = choose(visitor)
                    cache.set(f"host-{visitor}", number, timeout=None)  # todo: SCL205
                return number
            """,
            "a choice, which nothing shows to be read from anywhere; old visitors keep theirs",
        ),
        Good(
            """
            from datetime import datetime
            from shop.stores import redis_store

            def close_day():
                redis_store.set(CacheKeys.BOOKS_UPDATED_AT, datetime.now().isoformat())
            """,
            "a moment, and no copy of anything",
        ),
        Good(
            """
            from shop.stores import redis_client

            def cached_overview(shop, load):
                found = redis_client.get(f"cache:{shop}")
                if found is None:
                    found = load(shop)
                    redis_client.set(f"cache:{shop}", found, ttl=60)
                return found
            """,
            "a client that the project has wrapped, with a time by another name",
        ),
        Good(
            """
            from shop.stores import redis_client

            def cached_price(article, load):
                price = redis_client.get(f"cache:price:{article}")
                if price is None:
                    price = load(article)
                    redis_client.set(f"cache:price:{article}", price, exp=300)
                return price
            """,
            "the same by a shorter name",
        ),
        Good(
            """
            from shop.stores import redis_client

            class Overview:
                def load(self, name, build):
                    found = redis_client.hget(self.cache_key, name)
                    if found is None:
                        found = build(name)
                        redis_client.hset(self.cache_key, name, found)
                    return found

                def begin(self):
                    redis_client.expire(self.cache_key, 300)
            """,
            "another method gives the hash its end",
        ),
        Good(
            """
            from shop.stores import redis_client

            def keep(key, value, ttl=None):
                if ttl:
                    redis_client.setex(f"cache:{key}", ttl, value)
                else:
                    redis_client.set(f"cache:{key}", value)
            """,
            "the caller says how long",
        ),
        Good(
            """
            from shop.metrics import REDIS_CONNECTED

            class CacheManager:
                def connect(self):
                    REDIS_CONNECTED.set(1)
            """,
            "a gauge, of which one number is set",
        ),
        Good(
            """
            from cachetools import LRUCache
            from shop.models import openai_client

            class Searcher:
                def __init__(self):
                    self.vectors_cache = LRUCache(maxsize=500)

                def vector(self, text):
                    if text not in self.vectors_cache:
                        self.vectors_cache[text] = openai_client.embeddings.create(input=text)
                    return self.vectors_cache[text]
            """,
            "the vector of a text stays what it is",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def top_articles(shelf):
                key = f"cache:top:{shelf}"
                found = redis_client.get(key)
                if found is None:
                    found = json.dumps(db.top_articles(shelf))
                    redis_client.set(key, found, ex=300)
                return json.loads(found)
            """,
            "it ends",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def top_articles(shelf):
                key = f"cache:top:{shelf}"
                found = redis_client.get(key)
                if found is None:
                    found = json.dumps(db.top_articles(shelf))
                    redis_client.set(key, found)
                    redis_client.expire(key, 300)
                return json.loads(found)
            """,
            "ended by a command of its own",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.texts import render

            def label(kind):
                found = cache.get(f"label-{kind}")
                if found is None:
                    found = render(kind)
                    cache.set(f"label-{kind}", found)
                return found
            """,
            "Django's default is five minutes",
        ),
        Good(
            """
            from shop.stores import redis_client

            def pause(source, reason):
                redis_client.set(f"paused:{source}", reason)

            def is_paused(source):
                return redis_client.get(f"paused:{source}")
            """,
            "no copy: this is where the state lives",
        ),
        Good(
            """
            from celery import shared_task
            from django.core.cache import cache
            from shop.labels import print_labels
            from shop.models import Article

            @shared_task
            def label_articles(shelf):
                if cache.get(f"labelled:{shelf}"):
                    return
                begin = cache.get(f"labelled_to_id:{shelf}", 0)
                articles = list(Article.objects.filter(shelf=shelf, id__gt=begin).order_by("id")[:500])
                print_labels(articles)
                cache.set(f"labelled_to_id:{shelf}", articles[-1].id, None)
                cache.set(f"labelled:{shelf}", Article.objects.filter(shelf=shelf).count(), None)
            """,
            "how far a job has come: it goes on there, and answers nobody with it",
        ),
        Good(
            """
            import json
            from celery import shared_task
            from shop.stores import db, redis_client

            @shared_task
            def publish_overview():
                redis_client.set("cache:overview", json.dumps(db.get_overview()))
            """,
            "a job puts it there anew each time; whoever reads it does not fill it",
        ),
        Good(
            """
            from shop.stores import redis_client

            def progress(number, done):
                redis_client.hset(f"import:{number}", mapping={"done": done})
            """,
            "a record, which others read",
        ),
        Good(
            """
            from shop.stores import redis_client

            def begin(name):
                return redis_client.set(f"cache-warm-lock:{name}", "1", nx=True, ex=60)
            """,
            "a lock",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def remember(number, **options):
                redis_client.set(f"cache:article:{number}", json.dumps(db.get_article(number)), **options)
            """,
            "the caller may give the time",
        ),
        Good(
            """
            from cachetools import LRUCache, cached
            from shop.texts import render

            @cached(LRUCache(maxsize=500))
            def label(kind):
                return render(kind)
            """,
            "no data of a store",
        ),
        Good(
            """
            class Shelf:
                def __init__(self):
                    self.cache = {}

                def put(self, key, value):
                    self.cache.set(key, value, None)
            """,
            "a mapping of one object is no shared cache",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.texts import render

            def label(kind):
                found = cache.get(f"label-{kind}")
                if found is None:
                    found = render(kind)
                    # deleted by shop.signals.forget_labels when a kind is saved
                    cache.set(f"label-{kind}", found, timeout=None)
                return found

            def title(kind):
                '''Return a title, which is cleared in shop.signals.forget_labels.'''
                found = cache.get(f"title-{kind}")
                if found is None:
                    found = render(kind)
                    cache.set(f"title-{kind}", found, timeout=None)
                return found
            """,
            "it says what deletes the entries",
        ),
        Good(
            """
            from shop.stores import redis_client

            class PageCache:
                def keep(self, name, page):
                    redis_client.set(f"cache:{name}", page)
                    self.evict_oldest()

                def evict_oldest(self):
                    redis_client.delete(*redis_client.zrange("pages", 0, -500))
            """,
            "each store makes room",
        ),
        Good(
            """
            from cachetools import LRUCache
            from app.stores import session

            _rates_cache = LRUCache(maxsize=1000)

            def rates(tenant):
                if tenant not in _rates_cache:
                    _rates_cache[tenant] = session.execute(RATES, {"tenant": tenant}).all()
                return _rates_cache[tenant]

            def rates_changed(tenant):
                _rates_cache.pop(tenant, None)
            """,
            "whoever changes the rates takes the copy out",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the stores without a time to live, and the caches that only make room."""
        for call in expiries.lasting(source):
            time = call.family.time[0]
            yield Finding.at(call.site, instead=f"{time}=…")
        for memo in memoisers.memos(source):
            if memo.lru_class and fetching.grows_old(memo.function, source):
                names = {"callee": f"@{memo.name}", "function": memo.function.name, "instead": "TTLCache"}
                yield Finding(memo.node, names)
        for found in cache_objects.cache_objects(source):
            if found.path not in memoisers.lru_paths() or cache_objects.is_emptied(found, source):
                continue
            users = [user for user in found.users if source.place(user).place not in (Place.STARTUP, Place.TOOL)]
            user = next((user for user in users if fetching.grows_old(user, source)), None)
            if user is not None:
                # Where it is made is not where it is filled, so that it is told by its name.
                names = {
                    "callee": f"`{found.name}` = {found.path.rpartition('.')[2]}",
                    "function": display_name(user),
                    "instead": "TTLCache",
                }
                yield Finding(found.node, names)
