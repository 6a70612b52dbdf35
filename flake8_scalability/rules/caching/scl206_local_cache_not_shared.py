"""SCL206: a bounded or timed cache of data that each instance fills on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_scalability.catalog.cache_libraries import Where
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.caching import (
    cache_backends,
    cache_objects,
    cache_stores,
    fetching,
    memoisers,
    seldom_asked,
)
from flake8_scalability.model.caching.memoisers import Memo
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.query_runs import Use
from flake8_scalability.model.running.places import Standing
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: What is read once for the whole process, whoever asks.
_CONFIGURATION = re.compile(r"config|setting|secret|credential|client|version|(^|_)keys?$|jwks|certs?$|model$")

#: How an instance is, which no other can say for it.
_OF_INSTANCE = re.compile(r"(?i)health|liveness|readiness")


class LocalCacheNotShared(Rule):
    """A request is answered from a cache that only this instance has.

    What it does
    ------------
    Finds caches of one process that are bounded or forget after a time, that requests read, and that are shown to be
    filled from a database or another service: `TTLCache` and its kin, `lru_cache` on a function that reads, mappings
    with an eviction of their own, caches on the local disk. The read must stand in the functions of the file that use
    the cache, or in those that hand it what it keeps.

    Why it does not scale
    ---------------------
    Each instance misses on its own: with twice the instances the store is asked twice as often for the same thing, and
    a new instance starts with nothing. For a while two instances give two answers.

    How to fix it
    -------------
    Put a shared cache (Redis, Memcached) behind it, and keep the local one small and short as a first tier. Where a
    short time of two answers does no harm, say so in a comment.

    Known limits
    ------------
    A function that other modules' endpoints call is not known to serve requests. What is computed from the arguments
    alone is the same in each instance, and silent; so are mappings of which all keys are constants and methods without
    parameters, as there is little to share (a view is made for each request, and its memo is asked by that alone),
    methods that read their request, functions that give a query without running it, caches whose source is read in
    another module, what an instance keeps of its own health, and what only work that is left behind asks.
    """

    code = "SCL206"
    slug = "local-cache-not-shared"
    severity = Severity.LOW
    since = "0.1.0"
    second_instance = True
    message = "{what} serves requests from this instance alone; add a shared cache (Redis{unset}) behind it"
    short = "{what} serves this instance alone; add a shared cache (Redis{unset})"
    title = "Cache of one instance on the request path"
    impact = "Each instance misses on its own, and two instances may give two answers"
    fix = "Put Redis or Memcached behind the local cache, or accept a short time to live in writing"
    references = (
        "https://cachetools.readthedocs.io/en/stable/",
        "https://aws.amazon.com/builders-library/caching-challenges-and-strategies/",
    )
    examples = (
        Bad(
            """
            from cachetools import TTLCache, cached
            from flask import Flask
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)

            @app.get("/rates/<currency>")
            @limiter.limit("10/minute")
            def rate(currency):
                return {"rate": rate_of(currency)}

            @cached(TTLCache(maxsize=500, ttl=60))  # SCL206
            def rate_of(currency):
                return db.get_rate(currency)
            """,
            "each instance asks for each currency once a minute",
        ),
        Bad(
            """
            from cachetools import TTLCache
            from fastapi import APIRouter
            from app.limits import limiter
            from app.stores import db

            router = APIRouter()
            rates = TTLCache(maxsize=500, ttl=60)  # SCL206

            @router.get("/rates/{currency}")
            @limiter.limit("10/minute")
            def rate(currency: str):
                if currency not in rates:
                    rates[currency] = db.get_rate(currency)
                return {"rate": rates[currency]}
            """,
            "an object of a cache class",
        ),
        Bad(
            """
            import time
            from flask import Flask
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)
            rates_cache = {}  # SCL206

            @app.get("/rates/<currency>")
            @limiter.limit("10/minute")
            def rate(currency):
                found = rates_cache.get(currency)
                if found is None or found[0] < time.monotonic() - 60:
                    rates_cache[currency] = found = (time.monotonic(), db.get_rate(currency))
                return {"rate": found[1]}
            """,
            "a mapping whose entries grow old",
        ),
        Bad(
            """
            from functools import lru_cache
            from flask import Flask
            from app.limits import limiter
            from app.models import Shelf

            app = Flask(__name__)

            @lru_cache(maxsize=100)  # SCL206
            def shelf_of(article):
                return Shelf.query.filter_by(article=article).first()

            @app.get("/shelves/<article>")
            @limiter.limit("10/minute")
            def shelf(article):
                return {"shelf": shelf_of(article).number}
            """,
            "rows of the database, a hundred in each worker",
        ),
        Bad(
            """
            import time
            from flask import Flask, request
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)
            _plants_cache = {}  # SCL206

            def recall(key):
                found = _plants_cache.get(key)
                return found[0] if found and found[1] > time.time() else None

            def remember(key, value):
                _plants_cache[key] = (value, time.time() + 600)
                if len(_plants_cache) > 200:
                    _plants_cache.clear()

            @app.get("/plants")
            @limiter.limit("10/minute")
            def plants():
                key = request.args["region"]
                found = recall(key)
                if found is None:
                    found = db.get_plants(key)
                    remember(key, found)
                return {"plants": found}
            """,
            "two helpers, of which one is handed what the handler has read",
        ),
        Good(
            """
            import time
            from fastapi import APIRouter
            from app.limits import limiter
            from app.stores import redis_client, session

            router = APIRouter()
            _local_cache = {}

            def kept(number):
                found = redis_client.get(f"shelf:{number}")
                return found or _local_cache.get(number, (0, None))[1]

            @router.get("/shelves/{number}")
            @limiter.limit("10/minute")
            def shelf(number: int):
                found = kept(number)
                if found is None:
                    found = session.scalar(SHELVES, {"number": number})
                    _local_cache[number] = (time.monotonic() + 30, found)
                    redis_client.setex(f"shelf:{number}", 30, found)
                return found
            """,
            "the first tier before a shared cache",
        ),
        Good(
            """
            import functools
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @functools.lru_cache(maxsize=500)
            def words_of(text):
                return sorted(set(text.lower().split()))

            @app.get("/words/<text>")
            @limiter.limit("10/minute")
            def words(text):
                return {"words": words_of(text)}
            """,
            "computed from the argument",
        ),
        Good(
            """
            from cachetools import TTLCache, cached
            from app.stores import db

            @cached(TTLCache(maxsize=500, ttl=60))
            def rate_of(currency):
                return db.get_rate(currency)
            """,
            "who asks, the file does not show",
        ),
        Good(
            """
            from cachetools import TTLCache
            from celery import shared_task
            from app.stores import db

            rates = TTLCache(maxsize=500, ttl=60)

            @shared_task
            def convert(currency):
                if currency not in rates:
                    rates[currency] = db.get_rate(currency)
                return rates[currency]
            """,
            "nobody waits for a task",
        ),
        Good(
            """
            from functools import lru_cache
            from fastapi import APIRouter, Depends
            from app.configuration import Settings
            from app.limits import limiter

            router = APIRouter()

            @lru_cache
            def get_settings():
                return Settings()

            @router.get("/name")
            @limiter.limit("10/minute")
            def name(settings: Settings = Depends(get_settings)):
                return {"name": settings.name}
            """,
            "a provider of an object",
        ),
        Good(
            """
            from cachetools import TTLCache
            from flask import Flask, request
            from app.limits import limiter

            app = Flask(__name__)
            seen_nonces = TTLCache(maxsize=500, ttl=60)

            @app.post("/hooks")
            @limiter.limit("10/minute")
            def hook():
                seen_nonces[request.headers["X-Nonce"]] = True
                return "", 204
            """,
            "no copy of anything, and nothing to miss",
        ),
        Good(
            """
            from flask import Flask
            from flask_caching import Cache
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)
            cache = Cache(app, config={"CACHE_TYPE": "RedisCache"})

            @app.get("/rates/<currency>")
            @limiter.limit("10/minute")
            @cache.cached(timeout=60)
            def rate(currency):
                return {"rate": db.get_rate(currency)}
            """,
            "kept where the configuration says: in Redis",
        ),
        Good(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)
            _shop_cache = {"name": None, "currency": None}

            def currency():
                if _shop_cache["currency"] is None:
                    _shop_cache["currency"] = db.get_setting("currency")
                return _shop_cache["currency"]

            @app.get("/currency")
            @limiter.limit("10/minute")
            def shown():
                return {"currency": currency()}
            """,
            "two values for each instance: nothing to share",
        ),
        Good(
            """
            import time
            from flask import Flask
            from app.limits import limiter
            from app.updates import newest

            app = Flask(__name__)
            _release_cache = {"newest": None, "until": 0}

            @app.get("/about")
            @limiter.limit("10/minute")
            def about():
                if time.time() > _release_cache["until"]:
                    _release_cache["newest"] = newest()
                    _release_cache["until"] = time.time() + 3600
                return {"newest": _release_cache["newest"]}
            """,
            "each instance may ask once an hour whether there is a newer release",
        ),
        Good(
            """
            import time
            from flask import Flask
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)
            _totals_cache = {"totals": None, "until": 0}  # todo: SCL206

            @app.get("/totals")
            @limiter.limit("10/minute")
            def totals():
                if time.time() > _totals_cache["until"]:
                    _totals_cache["totals"] = db.get_totals()
                    _totals_cache["until"] = time.time() + 60
                return {"totals": _totals_cache["totals"]}
            """,
            "one value for each instance, asked for once a minute: little to share",
        ),
        Good(
            """
            import time
            from flask import Flask, request
            from app.limits import limiter
            from app.pages import outline

            app = Flask(__name__)

            class PagesCache:
                def __init__(self):
                    self._cache = {}
                    self._asked = {}

                def get(self, style):
                    self._asked[style] = (self._asked.get(style, (0, 0))[0] + 1, time.time())
                    found = self._cache.get(style)
                    if found is None or found[1] < time.time() - 300:
                        self._cache[style] = found = (outline(app, style), time.time())
                    return found[0]

            pages = PagesCache()

            @app.get("/outline")
            @limiter.limit("10/minute")
            def shown():
                return pages.get(request.args["style"])
            """,
            "made of the program itself, the same in each instance; and numbers, which are no copies",
        ),
        Good(
            """
            from cachetools import TTLCache
            from fastapi import APIRouter
            from app.limits import limiter
            from app.sound import peaks_of

            router = APIRouter()
            peaks = TTLCache(maxsize=500, ttl=60)

            @router.get("/peaks/{name}")
            @limiter.limit("10/minute")
            def shown(name: str):
                if name not in peaks:
                    peaks[name] = peaks_of(f"sounds/{name}")
                return {"peaks": peaks[name]}
            """,
            "nothing shows that it comes from a store or a service",
        ),
        Good(
            """
            import time
            from flask import Flask
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)
            _health_cache = {}

            @app.get("/parts/<part>")
            @limiter.limit("10/minute")
            def state_of(part):
                found = _health_cache.get(part)
                if found is None or found[0] < time.monotonic() - 60:
                    _health_cache[part] = found = (time.monotonic(), db.get_state(part))
                return {"state": found[1]}
            """,
            "how this instance reaches its parts, which no other can say",
        ),
        Good(
            """
            from functools import lru_cache
            from django.shortcuts import get_object_or_404
            from django.views.generic import ListView
            from shop.models import Article, Shelf

            class ArticlesView(ListView):
                paginate_by = 20

                @lru_cache(maxsize=1)
                def shelf(self):
                    return get_object_or_404(Shelf, number=self.kwargs["shelf"])

                @lru_cache(maxsize=1)
                def branch(self, kind):
                    return Shelf.objects.get(number=self.request.GET["branch"], kind=kind)

                def get_queryset(self):
                    return Article.objects.filter(shelf=self.shelf(), branch=self.branch("main"))
            """,
            "a memo for one request: no other view asks for it",
        ),
        Good(
            """
            from functools import lru_cache
            from flask import Flask
            from app.limits import limiter
            from app.models import Article

            app = Flask(__name__)

            @lru_cache(maxsize=100)
            def articles_on(shelf):
                return Article.objects.filter(shelf=shelf)

            @app.get("/shelves/<shelf>")
            @limiter.limit("10/minute")
            def shown(shelf):
                return {"articles": articles_on(shelf).count()}
            """,
            "a query that has not run, and no data",
        ),
        Good(
            """
            from flask import Flask
            from app.limits import limiter
            from app.stores import db

            app = Flask(__name__)

            @app.get("/rates")
            @limiter.limit("10/minute")
            def rates():
                cache = {}
                for currency in ("EUR", "USD"):
                    cache[currency] = currency.lower()
                return cache
            """,
            "a mapping of one request",
        ),
        Good(
            """
            import asyncio
            import time
            from fastapi import FastAPI
            from app.limits import limiter
            from app.stores import session

            app = FastAPI()
            names_cache = {}

            def name(number):
                held = names_cache.get(number)
                if held and held[1] > time.monotonic():
                    return held[0]
                read = session.scalar(NAMES, {"number": number})
                names_cache[number] = (read, time.monotonic() + 300)
                return read

            def note(number, path):
                session.execute(NOTE, {"name": name(number), "path": path})

            @app.get("/charts/{number}")
            @limiter.limit("10/minute")
            async def chart(number: int):
                # best effort
                asyncio.create_task(asyncio.to_thread(note, number, "chart"))
                return {"number": number}
        """,
            "nobody waits for what is noted behind the answer",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the local caches on the request path: mappings, objects of cache classes, memoised functions."""
        for cache in cache_stores.kept(source):
            if cache.shared.standing.place is not Place.REQUEST or cache.few or _OF_INSTANCE.search(cache.state.name):
                continue
            storing = cache.shared.change.scope.function
            if storing is not None and seldom_asked.is_for_nobody_waiting(storing, source):
                continue
            if (cache.timed or cache.bounded) and cache_stores.is_copy(cache, source):
                what = f"{cache.shared.holder} cache `{cache.state.name}`"
                yield Finding(cache.state.node, {"what": what, "unset": cache_backends.unset(source)}, cache.shared.via)
        for found in cache_objects.cache_objects(source):
            if found.path.replace("()", "") in memoisers.lru_paths():
                continue
            standing = cache_objects.serving(found, source)
            if standing is not None and any(fetching.fetches(user, source) is not None for user in found.users):
                yield Finding(
                    found.node,
                    {"what": f"cache `{found.name}`", "unset": cache_backends.unset(source)},
                    display_name(standing.via),
                )
        for memo in memoisers.memos(source):
            reached = _on_request(memo, source)
            if reached is not None and memo.where in (Where.PROCESS, Where.DISK) and not memo.lru_class:
                what = f"@{memo.name} of {memo.function.name}()"
                yield Finding(
                    memo.node, {"what": what, "unset": cache_backends.unset(source)}, _via(reached, memo.function)
                )


def _on_request(memo: Memo, source: SourceFile) -> Standing | None:
    """Return where a request reaches a bounded or timed local cache of data; None where none does."""
    if not (memo.bounded or memo.timed) or (memo.stdlib and memo.function.is_coroutine):
        return None
    standing = memoisers.standing_of(memo, source)
    if standing.place is not Place.REQUEST or _is_of_one_request(memo.function, source):
        return None
    if not _keeps_data(memo.function, source):
        return None
    own = memo.function.is_method or all("ttl" in name for name in memo.function.parameters)
    return None if own and _CONFIGURATION.search(memo.function.name) else standing


def _is_of_one_request(function: Scope, source: SourceFile) -> bool:
    """Whether a method gives one value for each object, or what the request asks for that its object is made for."""
    return function.is_method and (len(function.parameters) == 1 or "request" in source.words(function).names)


def _keeps_data(function: Scope, source: SourceFile) -> bool:
    """Whether a function reads something, and does not only give a query that others run."""
    lazy = {run.node for run in source.query_runs if run.use is Use.RETURNED and run.query.gives is Gives.QUERY}
    return any(call not in lazy for call in fetching.fetching_calls(function, source))


def _via(standing: Standing, function: Scope) -> str:
    return display_name(standing.via) if standing.via is not None and standing.via is not function else ""
