"""SCL203: a write that leaves a cached read of the same thing stale."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.caching import invalidation
from flake8_scalability.model.caching.fetching import spelled_call
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class CacheNeverInvalidated(Rule):
    """What is cached is changed, and the cache is not told.

    What it does
    ------------
    Finds a write (`update_user`, `delete_user`, `save` of the same repository) beside a read of the same thing whose
    result is kept without an end: by `lru_cache` or another decorator without a time to live, in a mapping, or in Redis
    without an expiry; where neither the write, nor what it calls, nor who calls it empties the cache.

    Why it does not scale
    ---------------------
    The old value is served until the process ends, and each instance has another one: what a user sees depends on the
    instance that answers. The more is cached to save the database, the more of it is wrong.

    How to fix it
    -------------
    Drop the entry where the row is written: `get_user.cache_clear()`, `client.delete(f"user:{user_id}")`. Since other
    instances have caches of their own, prefer a shared cache, and give each entry a time to live as a safety net.

    Known limits
    ------------
    A read and a write belong together by their names, and stand in one file and one class. A cache that is emptied by
    a signal, or from another module by its name, is silent, and so is a method that hands a write on to the class it is
    built on: who calls it writes.
    """

    code = "SCL203"
    slug = "cache-never-invalidated"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{callee} leaves the cached {read}() stale; clear or delete its entry here, and give it a TTL"
    short = "{callee} leaves cached {read}() stale; clear its entry here"
    title = "Cache never invalidated"
    impact = "Old values are served until the process ends, and each instance serves another one"
    fix = "Clear the entry with each write (cache_clear, delete) and give it a time to live"
    references = (
        "https://docs.python.org/3/library/functools.html#functools.lru_cache",
        "https://redis.io/docs/latest/develop/clients/client-side-caching/",
    )
    examples = (
        Bad(
            """
            from functools import lru_cache
            from shop.stores import db

            @lru_cache(maxsize=500)
            def get_price(article):
                return db.get_price(article)

            def update_price(article, amount):
                db.update_price(article, amount)  # SCL203
            """,
            "the old price is served until the process ends",
        ),
        Bad(
            """
            from functools import lru_cache
            from shop.models import Discount

            @lru_cache
            def load_discount(code):
                return Discount.objects.get(code=code)

            def delete_discount(code):
                Discount.objects.filter(code=code).delete()  # SCL203
            """,
            "a discount that is gone is still given",
        ),
        Bad(
            """
            _articles = {}  # SCL202

            class Catalogue:
                def __init__(self, session):
                    self.session = session

                def find_article(self, number):
                    if number not in _articles:
                        _articles[number] = self.session.get(Article, number)
                    return _articles[number]

                def update_article(self, number, **values):
                    self.session.execute(update(Article).where(Article.number == number).values(**values))  # SCL203
                    self.session.commit()
            """,
            "a mapping of one's own",
        ),
        Bad(
            """
            import json
            from shop.stores import db, redis_client

            def get_shelf(number):
                key = f"shelf:{number}"
                found = redis_client.get(key)
                if found is None:
                    found = json.dumps(db.get_shelf(number))
                    redis_client.set(key, found)  # SCL205
                return json.loads(found)

            def delete_shelf(number):
                db.delete_shelf(number)  # SCL203
            """,
            "a key without an end, which the write does not delete",
        ),
        Good(
            """
            from functools import lru_cache
            from shop.stores import db

            @lru_cache(maxsize=500)
            def get_price(article):
                return db.get_price(article)

            def update_price(article, amount):
                db.update_price(article, amount)
                get_price.cache_clear()
            """,
            "cleared with the write",
        ),
        Good(
            """
            from cachetools import TTLCache, cached
            from shop.stores import db

            @cached(TTLCache(maxsize=500, ttl=30))
            def get_price(article):
                return db.get_price(article)

            def update_price(article, amount):
                db.update_price(article, amount)
            """,
            "it is wrong for half a minute at most",
        ),
        Good(
            """
            from functools import lru_cache
            from shop.stores import db

            @lru_cache(maxsize=500)
            def get_price(article):
                return db.get_price(article)

            def update_price(article, amount):
                db.update_price(article, amount)
                _forget_prices()

            def _forget_prices():
                get_price.cache_clear()
            """,
            "cleared by a helper",
        ),
        Good(
            """
            from functools import lru_cache
            from django.db.models.signals import post_save
            from django.dispatch import receiver
            from shop.models import Discount

            @lru_cache
            def load_discount(code):
                return Discount.objects.get(code=code)

            def delete_discount(code):
                Discount.objects.filter(code=code).delete()

            @receiver([post_save], sender=Discount)
            def forget(sender, **given):
                load_discount.cache_clear()
            """,
            "a signal tells the cache of every write",
        ),
        Good(
            """
            from functools import lru_cache
            from shop.stores import db

            @lru_cache(maxsize=500)
            def get_country(code):
                return db.get_country(code)

            def update_price(article, amount):
                db.update_price(article, amount)
            """,
            "the write is of something else",
        ),
        Good(
            """
            from shop.stores import db

            def get_price(article):
                return db.get_price(article)

            def update_price(article, amount):
                db.update_price(article, amount)
            """,
            "nothing is cached",
        ),
        Good(
            """
            from functools import lru_cache
            from shop.text import render

            @lru_cache(maxsize=500)
            def get_label(kind):
                return render(kind)

            def set_label(widget, kind):
                widget.label = get_label(kind)
            """,
            "no data of a store is cached",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def get_shelf(number):
                found = redis_client.get(f"shelf:{number}")
                if found is None:
                    found = json.dumps(db.get_shelf(number))
                    redis_client.setex(f"shelf:{number}", 60, found)
                return json.loads(found)

            def delete_shelf(number):
                db.delete_shelf(number)
            """,
            "a minute later it is right again",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def get_shelf(number):
                found = redis_client.get(PREFIX + number)
                if found is None:
                    found = json.dumps(db.get_shelf(number))
                    # deleted by the writes below
                    redis_client.set(PREFIX + number, found)
                return json.loads(found)

            def update_shelf(number, value):
                redis_client.set(PREFIX + number, json.dumps(value), ex=600)
                db.update_shelf(number, value)

            def delete_shelf(number):
                redis_client.delete(PREFIX + number)
                db.delete_shelf(number)
            """,
            "the writes store or delete the key that is looked up",
        ),
        Good(
            """
            from django.core.cache import cache
            from django.db import models

            class BerthManager(models.Manager):
                def get_all(self, port):
                    berths = cache.get("berths")
                    if berths is None:
                        berths = self.get_queryset().filter(port=port)
                        cache.set("berths", list(berths), timeout=None)
                    return berths

                def bulk_update(self, berths, fields):
                    for berth in berths:
                        berth.full_clean()
                    return super().bulk_update(berths, fields)
        """,
            "who calls it writes, and knows whether a cache has to hear of it",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the writes after which a cached read of the file gives an old value."""
        for found in invalidation.stale(source):
            names = {"callee": spelled_call(found.node), "read": display_name(found.read.function)}
            yield Finding(found.node, names)
