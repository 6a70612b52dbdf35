"""SCL204: a cache without a bound, or one that keeps what nobody needs any more."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.caching import cache_stores, memo_domains, memoisers
from flake8_scalability.model.caching.memoisers import Memo
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

_BOUND = "set maxsize, or use a TTLCache"


class UnboundedCache(Rule):
    """A cache keeps every result for as long as the process lives.

    What it does
    ------------
    Finds `functools.cache` and `lru_cache(maxsize=None)` on functions whose arguments are without end (an id, a text, a
    date); `cache` and `lru_cache` on methods, where the cache keeps every object it was called on: without a bound, or
    with one where the file shows that objects are made again and again (a view, what is given a session or a request,
    what functions make); the same on coroutine functions, where it keeps a coroutine that can be awaited once; and
    mappings that an object which lives as long as the process fills for each caller, or from a store or a service, and
    never empties.

    Why it does not scale
    ---------------------
    The cache has an entry for each user, document or search that was ever asked for. Memory grows with the traffic
    until the process is killed; with each worker of each instance.

    How to fix it
    -------------
    Bound it: `lru_cache(maxsize=1024)`, or `cachetools.TTLCache(maxsize=1024, ttl=300)` for what changes. Cache a
    function of the values that the method needs instead of the method, or keep the result with `cached_property`. For
    coroutine functions there is `async_lru.alru_cache`.

    Known limits
    ------------
    Whether an argument is without end is told by its name and annotation; what names a file has as many values as there
    are files. Objects that the file makes only as a part of others, or by each other, are taken for few.
    `pyupgrade` (UP033) and refurb (FURB134) rewrite `lru_cache(maxsize=None)` to `cache`, which is no cure.
    """

    code = "SCL204"
    slug = "unbounded-cache"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{what} of {function}() {why}; {instead}"
    short = "{what} of {function}() {why}; {instead}"
    title = "Unbounded cache"
    impact = "Memory grows with every new key until the process is killed"
    fix = "Give the cache a maxsize and, for data that changes, a TTL (lru_cache(maxsize=…), cachetools.TTLCache)"
    references = (
        "https://docs.python.org/3/library/functools.html#functools.lru_cache",
        "https://docs.python.org/3/faq/programming.html#how-do-i-cache-method-calls",
        "https://cachetools.readthedocs.io/en/stable/#cachetools.TTLCache",
    )
    examples = (
        Bad(
            """
            import functools

            @functools.cache  # SCL204
            def slug_of(title):
                return "-".join(title.lower().split())
            """,
            "an entry for each title there ever was",
        ),
        Bad(
            """
            from functools import lru_cache

            class Invoice:
                def __init__(self, lines):
                    self.lines = lines

                @lru_cache(maxsize=None)  # SCL204
                def total(self, currency):
                    return sum(line.amount for line in self.lines if line.currency == currency)
            """,
            "every invoice stays in memory",
        ),
        Bad(
            """
            from functools import lru_cache
            from shop.stores import db

            @lru_cache(maxsize=500)  # SCL204
            async def article(number):
                return await db.get_article(number)
            """,
            "the second caller awaits a coroutine that is used up",
        ),
        Bad(
            """
            from functools import lru_cache
            from shop.stores import db

            @lru_cache(None)  # SCL204
            def shelf_of(article):
                return db.get_shelf(article)
            """,
            "rows of a table, one after another",
        ),
        Bad(
            """
            from aiocache import cached
            from shop.stores import db

            @cached()  # SCL204
            async def article(number):
                return await db.get_article(number)
            """,
            "aiocache keeps in memory, and for ever, unless it is told otherwise",
        ),
        Bad(
            """
            class Rates:
                def __init__(self, session):
                    self.session = session
                    self.cache = {}  # SCL204

                def rate(self, currency):
                    if currency not in self.cache:
                        self.cache[currency] = self.session.scalar(RATES, {"currency": currency})
                    return self.cache[currency]

            rates = Rates(make_session())
            """,
            "the one object of the class lives as long as the process, and so does all that it ever read",
        ),
        Bad(
            """
            from functools import lru_cache
            from app.models import Person

            class PersonService:
                def __init__(self, session):
                    self.session = session

                @lru_cache  # SCL204
                def by_email(self, email):
                    return self.session.query(Person).filter_by(email=email).one_or_none()
            """,
            "a session for each request, and the cache keeps a hundred of them",
        ),
        Bad(
            """
            from functools import lru_cache
            from django.views.generic import ListView
            from shop.plans import places_of

            class ClientMixin:
                @lru_cache(maxsize=2)  # SCL204
                def places(self):
                    return places_of(self.kwargs["shop"])

            class PlacesView(ClientMixin, ListView):
                paginate_by = 20
            """,
            "two views are kept, and other requests push them out",
        ),
        Bad(
            """
            from functools import lru_cache

            class Rotation:
                @lru_cache(maxsize=100)  # SCL204
                def days(self, plan):
                    return len(plan) * 2

            def rotate(plans):
                rotation = Rotation()
                return [rotation.days(plan) for plan in plans]
            """,
            "an object for each call of the function",
        ),
        Good(
            """
            import functools

            @functools.lru_cache
            def slug_of(title):
                return "-".join(title.lower().split())
            """,
            "128 entries are the default",
        ),
        Good(
            """
            from functools import cache
            from shop.configuration import Settings

            @cache
            def settings():
                return Settings()
            """,
            "a provider: one entry",
        ),
        Good(
            """
            import enum
            from functools import cache
            from typing import Literal

            class Unit(enum.Enum):
                GRAM = "g"
                LITRE = "l"

                @cache
                def sign(self):
                    return self.value.upper()

            @cache
            def label(unit: Unit, side: Literal["left", "right"], plural: bool = False):
                return f"{unit.value}{side}{plural}"
            """,
            "few values, also as objects",
        ),
        Good(
            """
            from functools import cache

            class Shelf:
                @classmethod
                @cache
                def columns(cls):
                    return tuple(cls.__annotations__)

                @staticmethod
                @cache
                def sides():
                    return ("left", "right")
            """,
            "no object is kept, only its class",
        ),
        Good(
            """
            from functools import cache

            @cache
            def translations(language):
                return open(f"locale/{language}.po").read()

            @cache
            def serializer_of(model, partial=False):
                return type(f"{model.__name__}Serializer", (), {"partial": partial})
            """,
            "there are as many as the program has",
        ),
        Good(
            """
            def totals(invoices):
                from functools import cache

                @cache
                def rate(currency_id):
                    return currency_id * 2

                return [rate(invoice) for invoice in invoices]
            """,
            "a cache for the length of a call",
        ),
        Good(
            """
            import dataclasses
            from functools import lru_cache

            @dataclasses.dataclass(frozen=True)
            class Period:
                first: int
                last: int

                @lru_cache
                def days(self):
                    return list(range(self.first, self.last))
            """,
            "equal values share an entry, and there are 128 at most",
        ),
        Good(
            """
            from functools import lru_cache

            class Templates:
                @lru_cache(maxsize=32)
                def text(self, name):
                    return open(f"templates/{name}").read()

            templates = Templates()
            """,
            "the one object lives as long as the process anyway",
        ),
        Good(
            """
            from async_lru import alru_cache
            from shop.stores import db

            @alru_cache(maxsize=500, ttl=60)
            async def article(number):
                return await db.get_article(number)
            """,
            "made for coroutine functions, bounded and timed",
        ),
        Good(
            """
            from functools import cached_property

            class Invoice:
                @cached_property
                def total(self):
                    return sum(self.lines)
            """,
            "kept on the object, and gone with it",
        ),
        Good(
            """
            import argparse
            from functools import cache

            @cache
            def checksum(content):
                return sum(content)

            if __name__ == "__main__":
                print(checksum(argparse.ArgumentParser().parse_args().content))
            """,
            "a script ends",
        ),
        Good(
            """
            from functools import lru_cache

            class Machine:
                @lru_cache
                def features(self):
                    return [name for name in ("disk", "net") if self.has(name)]

                def reload(self):
                    self.features.cache_clear()
            """,
            "somebody empties it",
        ),
        Good(
            """
            import enum
            from functools import cache, lru_cache

            class Side(enum.Enum):
                LEFT = "left"
                RIGHT = "right"

                @classmethod
                @cache
                def has(cls, value):
                    return value in (each.value for each in cls)

            class Builder:
                def __init__(self, settings):
                    self.settings = settings

                @lru_cache(maxsize=1)
                def certificate(self):
                    return open(self.settings.certificate).read()
            """,
            "few values; and a bound on what nothing shows to be made often",
        ),
        Good(
            """
            from harbour.stores import session

            class Maps:
                def __init__(self):
                    self.charts = {}

                def chart(self, name):
                    if name not in self.charts:
                        self.charts[name] = session.scalar(CHARTS, {"name": name})
                    return self.charts[name]

            maps = Maps()
            """,
            "nothing says that it is a cache, nor that callers choose the keys",
        ),
        Good(
            """
            class Keys:
                def __init__(self, settings):
                    self.keys = dict(settings)
                    self.texts_cache = {}

                def text(self, environment):
                    if environment not in self.texts_cache:
                        self.texts_cache[environment] = self.keys[environment].export()
                    return self.texts_cache[environment]

            keys = Keys(make_settings())
            """,
            "as many entries as the configuration has",
        ),
        Good(
            """
            class Collections:
                def __init__(self, session):
                    self.session = session
                    self.known_cache = {}

                def ensure(self, name):
                    if name not in self.known_cache:
                        self.session.execute(CREATE, {"name": name})
                        self.known_cache[name] = True

            collections = Collections(make_session())
            """,
            "no data, but marks of what exists; as many as the store has collections",
        ),
        Good(
            """
            from functools import cache

            class Phrases:
                @cache
                def greeting(self, language):
                    return open(f"phrases/{language}.txt").read()

            class Bridge:
                instance = None

                def __init__(self):
                    self.phrases = Phrases()
            """,
            "the one bridge makes the only object",
        ),
        Good(
            """
            from functools import lru_cache
            from django.utils.deprecation import MiddlewareMixin

            class ShopPrefix(MiddlewareMixin):
                @lru_cache
                def pattern(self, prefix):
                    return prefix.strip("/").split("/")
            """,
            "one object of a middleware per process",
        ),
        Good(
            """
            from functools import cache
            from django.db import models

            class PlanManager(models.Manager.from_queryset(models.QuerySet)):
                @cache
                def edition(self, region):
                    return self.get(region=region).edition
            """,
            "one manager for each model, as long as the process lives",
        ),
        Good(
            """
            from django.db import models

            class Club(models.Model):
                name = models.CharField(max_length=80)

                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
                    self._role_cache = {}

                def role_of(self, user):
                    if user.pk not in self._role_cache:
                        self._role_cache[user.pk] = Membership.objects.get(club=self, user=user).role
                    return self._role_cache[user.pk]

            HOME = Club(name="Home")
            """,
            "a row is read anew for each request, and its cache is gone with it",
        ),
        Good(
            """
            import functools
            import json
            import os

            FOLDER = os.path.dirname(__file__)

            @functools.lru_cache(maxsize=None)
            def description(measure_id):
                path = os.path.join(FOLDER, measure_id + ".json")
                with open(path) as file:
                    return json.load(file)
        """,
            "as many entries as there are files",
        ),
        Good(
            """
            from functools import lru_cache

            class Surveyor:
                def __init__(self, client, region):
                    self.client = client
                    self.region = region

                def for_region(self, region):
                    return Surveyor(self.client, region)

                @lru_cache(maxsize=None)
                def disk_type(self, disk_type):
                    return self.client.describe(disk_type, self.region)
        """,
            "one for each region",
        ),
        Good(
            """
            from functools import lru_cache

            class TokenSource:
                def __init__(self, credentials):
                    self.credentials = credentials

                @lru_cache(maxsize=128)
                def token(self, audience, span):
                    return self.credentials.get_token(audience).token

            class HarbourClient:
                def __init__(self, credentials, source=None):
                    self.source = source or TokenSource(credentials)
        """,
            "a bound, and a part of another object: nothing shows that there are many",
        ),
        Good(
            """
            from functools import cache
            from shop.models import Category

            @cache
            def tree_of(category_pk):
                return Category.objects.values_list("tree", flat=True).get(pk=category_pk)
            """,
            "as many entries as the shop has categories: what is not there is not found",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the memoised functions, and the mappings of lasting objects, that keep too much."""
        for memo in memoisers.memos(source):
            found = _fault(memo, source)
            if found is not None:
                why, instead = found
                yield Finding(
                    memo.node,
                    {"what": f"@{memo.name}", "function": memo.function.name, "why": why, "instead": instead},
                )
        for cache in cache_stores.kept(source):
            if cache.state.holder is not Holder.INSTANCE or cache.bounded or cache.timed:
                continue
            if cache_stores.has_keys_of_callers(cache, source):
                names = {
                    "what": f"cache `{cache.state.name.rpartition('.')[2]}`",
                    "function": cache.shared.change.scope.function.name if cache.shared.change.scope.function else "",
                    "why": "only grows",
                    "instead": "use a TTLCache with a maxsize",
                }
                yield Finding(cache.state.node, names, cache.shared.via)


def _may_be_many(memo: Memo, source: SourceFile) -> bool:
    """Whether a cache of a method may keep more objects than somebody would miss the memory of."""
    if memo.bounded:
        return memo_domains.are_made_often(memo.function, source)
    return not memo_domains.are_made_of_each_other(memo.function, source)


def _fault(memo: Memo, source: SourceFile) -> tuple[str, str] | None:
    """Return what is wrong with a memoised function, and what to do; None where it is in order."""
    if memo.is_own:
        return None
    if memo.stdlib and memo.function.is_coroutine:
        return "keeps coroutines, which can be awaited once", "use async_lru.alru_cache"
    if memo.stdlib and memo_domains.holds_instances(memo.function, source) and _may_be_many(memo, source):
        return "keeps each `self` alive", "cache a plain function or use cached_property"
    if memo.bounded is not False or memo.timed or memoisers.only_at_start(memo, source):
        return None
    parameter = memo_domains.grows(memo.function, source)
    return (f"keeps an entry per `{parameter}` for ever", _BOUND) if parameter else None
