"""SCL207: when a key expires, everybody computes it again at once."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.caching import stampedes
from flake8_scalability.model.caching.cache_calls import storing_names
from flake8_scalability.model.caching.fetching import spelled_call
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class CacheStampede(Rule):
    """A shared key is looked up, computed and stored with nothing that lets one caller compute it for the others.

    What it does
    ------------
    Finds functions that look a key up in Redis, Memcached or the framework's cache, compute what is not there, and
    store it under that key, where the computation calls another service, aggregates over rows, or runs three
    queries or more; without a lock, jitter, early refresh, `get_or_set` or dogpile.cache. The key must be one that
    many ask for at once: those of one user, keys of one row (`pk`, `id`) whose service is asked for it, and pages
    for those who run the service and dashboards are silent, and so are one query a day, requests with a timeout whose
    answers are kept for five minutes or longer, tasks, loops that fill many keys, and the keys of a log-in
    service that are kept for an hour.

    Why it does not scale
    ---------------------
    In the moment the key expires, every request that wants it misses. A hundred requests a second and a query of two
    seconds are two hundred queries at once, just when the store is busiest; they slow each other down, and the next
    requests miss as well.

    How to fix it
    -------------
    Let one caller compute: a short lock (`client.set(f"{key}:lock", 1, nx=True, ex=30)`) while the others serve the old
    value, `dogpile.cache`, or `cache.get_or_set`. Spread expiries: `ex=300 + random.randrange(60)`.

    Known limits
    ------------
    How often a key is asked for is not known. A lock in another module is seen only where the name says so.
    """

    code = "SCL207"
    slug = "cache-stampede"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{callee}() refills after {cost}, by every caller that misses; use a lock, jitter or get_or_set"
    short = "{callee}() refills after {cost} for each miss; use a lock or get_or_set"
    title = "Cache stampede"
    impact = "When the key expires, all waiting requests run the expensive computation at once"
    fix = "Let one caller compute (a short Redis lock, dogpile.cache, get_or_set) and spread expiries with jitter"
    references = (
        "https://dogpilecache.sqlalchemy.org/en/latest/front.html",
        "https://docs.djangoproject.com/en/stable/topics/cache/#django.core.caches.cache.get_or_set",
    )
    examples = (
        Bad(
            """
            from django.core.cache import cache
            from django.db.models import Sum
            from shop.models import Sale

            def turnover(month):
                key = f"turnover:{month}"
                total = cache.get(key)
                if total is None:
                    total = Sale.objects.filter(month=month).aggregate(total=Sum("amount"))
                    cache.set(key, total, 600)  # SCL207
                return total
            """,
            "all visitors sum up the month together",
        ),
        Bad(
            """
            import json
            import requests
            from shop.stores import redis_client

            session = requests.Session()

            def exchange_rates(day):
                key = f"rates:{day}"
                found = redis_client.get(key)
                if found is None:
                    found = session.get("https://rates.example/latest", timeout=5).text  # SCL703
                    redis_client.setex(key, 60, found)  # SCL207
                return json.loads(found)
            """,
            "once a minute a burst for the other service",
        ),
        Bad(
            """
            import json
            from shop.stores import db, redis_client

            def overview(shop):
                found = redis_client.get(f"overview:{shop}")
                if found:
                    return json.loads(found)
                shelves = db.get_shelves(shop)
                articles = db.get_articles(shop)
                offers = db.get_offers(shop)
                result = {"shelves": len(shelves), "articles": len(articles), "offers": len(offers)}
                redis_client.set(f"overview:{shop}", json.dumps(result), ex=300)  # SCL207
                return result
            """,
            "several queries",
        ),
        Good(
            """
            from django.core.cache import cache
            from django.db.models import Sum
            from shop.models import Sale

            def turnover(month):
                return cache.get_or_set(
                    f"turnover:{month}",
                    lambda: Sale.objects.filter(month=month).aggregate(total=Sum("amount")),
                    600,
                )
            """,
            "the cache fills itself",
        ),
        Good(
            """
            import json
            import random
            from shop.stores import db, redis_client

            def overview(shop):
                found = redis_client.get(f"overview:{shop}")
                if found:
                    return json.loads(found)
                result = [db.get_shelves(shop), db.get_articles(shop), db.get_offers(shop)]
                redis_client.set(f"overview:{shop}", json.dumps(result), ex=300 + random.randrange(60))
                return result
            """,
            "the ends are spread",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def overview(shop):
                found = redis_client.get(f"overview:{shop}")
                if found:
                    return json.loads(found)
                with redis_client.lock(f"overview-lock:{shop}", timeout=30, blocking_timeout=5):
                    result = [db.get_shelves(shop), db.get_articles(shop), db.get_offers(shop)]
                    redis_client.set(f"overview:{shop}", json.dumps(result), ex=300)
                return result
            """,
            "one computes at a time",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            def preferences(user_id):
                found = redis_client.get(f"preferences:{user_id}")
                if found:
                    return json.loads(found)
                result = [db.get_shelves(user_id), db.get_articles(user_id), db.get_offers(user_id)]
                redis_client.set(f"preferences:{user_id}", json.dumps(result), ex=300)
                return result
            """,
            "one user's key: nobody else asks",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.models import Article

            def article(number):
                found = cache.get(f"article-{number}")
                if found is None:
                    found = Article.objects.get(number=number)
                    cache.set(f"article-{number}", found, 600)
                return found
            """,
            "one row by its key costs nothing",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.models import Price

            def price(article, day):
                found = cache.get(f"price-{article}")
                if found is None:
                    prices = Price.objects.filter(article=article, begins__lte=day)
                    prices = prices.filter(ends__gt=day)
                    found = prices.order_by("-begins").first()
                    cache.set(f"price-{article}", found, 600)
                return found
            """,
            "one query, put together in steps",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.texts import render

            def label(kind):
                found = cache.get(f"label-{kind}")
                if found is None:
                    found = render(kind)
                    cache.set(f"label-{kind}", found, 600)
                return found
            """,
            "what it costs is not known",
        ),
        Good(
            """
            import json
            from celery import shared_task
            from shop.stores import db, redis_client

            @shared_task
            def warm_up(shop):
                result = [db.get_shelves(shop), db.get_articles(shop), db.get_offers(shop)]
                redis_client.set(f"overview:{shop}", json.dumps(result), ex=300)
            """,
            "refreshed in the background, without a miss",
        ),
        Good(
            """
            from shop.stores import db

            overviews = {"shop": None}

            def overview(cache, shop):
                found = cache.get(shop)
                if found is None:
                    found = [db.get_shelves(shop), db.get_articles(shop), db.get_offers(shop)]
                return found
            """,
            "nothing is stored",
        ),
        Good(
            """
            import requests
            from django.core.cache import cache

            def releases(url):
                if cache.get("releases-failed") == url:
                    return []
                try:
                    return requests.get(url, timeout=5).json()
                except requests.RequestException:
                    cache.set("releases-failed", url, 900)
                    return []
            """,
            "a mark of a failure, no copy",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.models import Shelf
            from shop.texts import compute

            def changes(shop):
                kept = cache.get("shop-changes")
                if kept:
                    return Shelf.objects.filter(pk__in=kept).annotate(total=Sum("articles"))
                found = compute(shop)
                cache.set("shop-changes", [each.pk for each in found], 60)
                return found
            """,
            "the query is made of what was found, not for what is stored",
        ),
        Good(
            """
            from flask import Flask, jsonify
            from app.auth import require_admin
            from app.caches import redis_client
            from app.limits import limiter
            from app.models import Sale

            app = Flask(__name__)

            @app.route("/turnover")
            @limiter.limit("10/minute")
            @require_admin
            def turnover():
                total = redis_client.get("turnover")
                if total is None:
                    total = Sale.query.count()
                    redis_client.setex("turnover", 60, total)
                return jsonify(total)
            """,
            "those who run the service are few",
        ),
        Good(
            """
            import requests
            from shop.stores import redis_client
            from tenacity import retry, stop_after_attempt, wait_exponential

            session = requests.Session()

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def limit_of(feed_id):
                found = redis_client.get(f"limit:{feed_id}")
                if found is None:
                    found = session.get(f"https://feeds.example/{feed_id}", timeout=5).text
                    redis_client.setex(f"limit:{feed_id}", 60, found)
                return found
            """,
            "each row has a key of its own, and few ask for the same at once",
        ),
        Good(
            """
            import json
            import requests
            from shop.stores import redis_client
            from tenacity import retry, stop_after_attempt, wait_exponential

            session = requests.Session()
            DAY = 86400

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def signing_keys(issuer):
                found = redis_client.get("signing-keys")
                if found is None:
                    found = session.get(f"{issuer}/.well-known/jwks.json", timeout=5).text
                    redis_client.setex("signing-keys", DAY, found)
                return json.loads(found)
            """,
            "one small answer a day",
        ),
        Good(
            """
            from shop.stores import redis_client, session

            def ships_of(sailor):
                ships = redis_client.get(f"ships:{sailor}")
                if ships is None:
                    statement = "SELECT ship FROM crews WHERE sailor = :name GROUP BY ship"
                    ships = session.execute(statement, {"name": sailor})
                    redis_client.setex(f"ships:{sailor}", 600, str(ships.all()))
                return ships
            """,
            "each ship once, and no number reckoned: one look-up by an index",
        ),
        Good(
            """
            import json
            from shop.stores import db, redis_client

            _names = {}

            def names():
                global _names
                if not _names:
                    found = redis_client.get("names")
                    if found is None:
                        found = json.dumps([db.get_shelves(), db.get_articles(), db.get_offers()])
                        redis_client.setex("names", 60, found)
                    _names = json.loads(found)
                return _names
            """,
            "each process asks once",
        ),
        Good(
            """
            from django.core.cache import cache
            from shop.models import Sale

            class SalesView:
                def list(self, request):
                    found = cache.get("sales")
                    if found is None:
                        queryset = self.filter_queryset(self.get_queryset())
                        found = self.serialize(self.paginate_queryset(queryset))
                        cache.set("sales", found, 60)
                    return found
            """,
            "one page of rows; the first two methods only put the query together",
        ),
        Good(
            """
            import requests
            from django.core.cache import cache
            from django.db.models import Count
            from harbour.models import Ship
            from tenacity import retry, stop_after_attempt, wait_exponential

            HOUR = 60 * 60
            session = requests.Session()

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=2))
            def weather_of(harbour):
                found = cache.get(f"weather:{harbour}")
                if found is None:
                    found = session.get(f"https://weather.example/{harbour}", timeout=3).text
                    cache.set(f"weather:{harbour}", found, HOUR)
                return found

            def busiest(country):
                found = cache.get(f"busiest:{country}")
                if found is None:
                    found = list(Ship.objects.filter(country=country).values("harbour").annotate(ships=Count("id")))
                    cache.set(f"busiest:{country}", found, 24 * HOUR)
                return found
            """,
            "once an hour a few requests that give up in time; once a day a few times the same query",
        ),
        Bad(
            """
            import requests
            from django.core.cache import cache

            def weather_of(harbour):
                found = cache.get(f"weather:{harbour}")
                if found is None:
                    found = requests.get(f"https://weather.example/{harbour}").text  # SCL701, SCL703
                    cache.set(f"weather:{harbour}", found, 60 * 60)  # SCL207
                return found
            """,
            "where the other side is slow, all who miss wait for it without an end",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What stores in a cache."""
        return words(*storing_names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the stores of expensive values that nobody keeps callers from computing together."""
        for found in stampedes.stampedes(source):
            yield Finding.at(found.call.site, cost=spelled_call(found.computed))
