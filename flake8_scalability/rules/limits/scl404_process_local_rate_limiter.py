"""SCL404: rate limiters that count in the memory of one process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from flake8_scalability.model.limits import limiter_counts
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.roles import Role, Shared, folded
from flake8_scalability.model.stateless.state import function_name
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: So many limiters of one class or module are one decision, and one finding.
GATHERED = 3
#: So long may the names be that the advice still fits.
MOST_OF_LINE = 60


class ProcessLocalRateLimiter(Rule):
    """A rate limiter keeps its counts in the process.

    What it does
    ------------
    Finds limiters of Flask-Limiter, slowapi, Quart-Rate-Limiter and `limits` without a shared store, throttles of
    Django REST framework over a cache in local memory, and mappings of the process in which functions note when, or how
    often, somebody came: limits, cooldowns, attempts.

    Why it does not scale
    ---------------------
    Each instance counts for itself, so that n instances (or worker processes) allow n times the limit, and a restart
    forgets who is locked out.

    How to fix it
    -------------
    Give the limiter a shared store (`storage_uri="redis://…"`, a Redis cache); keep hand-written counts in Redis with
    `INCR` and `EXPIRE`.

    Known limits
    ------------
    A store that is chosen by the configuration at start-up is taken for a shared one. Several mappings of one class or
    module are one finding. A limiter speaks only where the project shows that it limits something: one of a library has
    limits for everybody or is applied by its name; one written by hand turns somebody away, and is asked by a handler,
    a decorator or another file.
    """

    code = "SCL404"
    slug = "process-local-rate-limiter"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{what} counts in this process, so each instance allows the limit anew; {instead}"
    short = "{what} counts in this process only; {instead}"
    title = "Process-local rate limiter"
    impact = "With n instances a caller may do n times as much, and a restart forgets who was locked out"
    fix = "Give the limiter a shared store, such as storage_uri='redis://...'; count by hand with Redis INCR and EXPIRE"
    references = (
        "https://flask-limiter.readthedocs.io/en/stable/#configuring-a-storage-backend",
        "https://limits.readthedocs.io/en/stable/storage.html",
        "https://www.django-rest-framework.org/api-guide/throttling/#setting-up-the-cache",
    )
    examples = (
        Bad(
            """
            from flask import Flask
            from flask_limiter import Limiter
            from flask_limiter.util import get_remote_address

            app = Flask(__name__)
            limiter = Limiter(get_remote_address, app=app, default_limits=["100/hour"])  # SCL404
        """,
            "the default store is the memory of the process",
        ),
        Bad(
            """
            from slowapi import Limiter
            from slowapi.util import get_remote_address

            limiter = Limiter(key_func=get_remote_address, storage_uri="memory://")  # SCL404
        """,
            "the memory of the process, said in so many words",
        ),
        Bad(
            """
            import time

            last_calls = {}  # SCL404

            def may_call(customer):
                now = time.time()
                if now - last_calls.get(customer, 0) < 60:
                    return False
                last_calls[customer] = now
                return True
        """,
            "a cooldown for each customer",
        ),
        Bad(
            """
            from collections import defaultdict
            from fastapi import HTTPException

            failed_logins = defaultdict(int)  # SCL404

            def refuse_guesses(name, good):
                if failed_logins[name] > 5:
                    raise HTTPException(429)
                if not good:
                    failed_logins[name] += 1
        """,
            "who was locked out here may go on there",
        ),
        Bad(
            """
            REST_FRAMEWORK = {
                "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
                "DEFAULT_THROTTLE_RATES": {"anon": "60/minute"},  # SCL404
            }
        """,
            "throttles count in Django's default cache, which is local memory where nothing else is chosen",
        ),
        Good(
            """
            import os
            from flask_limiter import Limiter
            from flask_limiter.util import get_remote_address

            limiter = Limiter(get_remote_address, storage_uri=os.environ["REDIS_URL"])
        """,
            "a store from the environment",
        ),
        Good(
            """
            from flask import Flask
            from flask_limiter import Limiter
            from flask_limiter.util import get_remote_address

            app = Flask(__name__)
            app.config["RATELIMIT_STORAGE_URI"] = settings.REDIS_URL
            limiter = Limiter(get_remote_address, app=app)
        """,
            "a store in the configuration",
        ),
        Good(
            """
            from limits.storage import RedisStorage, MemoryStorage

            def storage(address):
                return RedisStorage(address) if address else MemoryStorage()
        """,
            "the configuration decides",
        ),
        Good(
            """
            REST_FRAMEWORK = {
                "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
                "DEFAULT_THROTTLE_RATES": {"anon": "60/minute"},
            }
            CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
        """,
            "throttles count in Redis",
        ),
        Good(
            """
            import time

            last_run = {}

            def is_due(job):
                if time.time() - last_run.get(job, 0) < 30:
                    return False
                last_run[job] = time.time()
                return True
            """,
            "a pause between the runs of a job limits no caller",
        ),
        Good(
            """
            import time

            told = {}

            def should_log_refusal(client):
                if time.time() - told.get(client, 0) < 3600:
                    return False
                told[client] = time.time()
                return True
            """,
            "how much each process writes down of a caller",
        ),
        Good(
            """
            import time
            from app.meters import measure

            readings = {}
            last_request = {}

            def reading_of(customer):
                if time.time() - last_request.get(customer, 0) > 10:
                    readings[customer] = measure(customer)
                    last_request[customer] = time.time()
                return readings[customer]
            """,
            "who comes too early gets the last answer, and is not turned away",
        ),
        Good(
            """
            import time

            STARTED = {"at": time.time()}

            def age():
                return time.time() - STARTED["at"]
        """,
            "a time that nobody changes",
        ),
        Good(
            """
            import time

            def busiest(calls):
                last_calls = {}
                for customer in calls:
                    last_calls[customer] = time.time()
                return last_calls
        """,
            "a local mapping",
        ),
        Good(
            """
            from app.stores import redis

            def may_call(customer):
                calls = redis.incr(f"calls:{customer}")
                if calls == 1:
                    redis.expire(f"calls:{customer}", 60)
                return calls <= 10
        """,
            "counted in Redis",
        ),
        Good(
            """
            class Limiter:
                def __init__(self, name):
                    self.name = name

            limiter = Limiter("exports")
        """,
            "another thing of that name",
        ),
        Good(
            """
            import time

            last_reaction = {}

            def add_emoji(user, message):
                if time.time() - last_reaction.get(user, 0) > 15:
                    last_reaction[user] = time.time()
                    message.react("+1")
        """,
            "a matter of taste: nobody is harmed by two",
        ),
        Good(
            """
            import time

            last_used = {}

            def may_use(guild, member):
                key = (guild.id, member.id)
                if time.monotonic() - last_used.get(key, 0) < 30:
                    return False
                last_used[key] = time.monotonic()
                return True
        """,
            "a gateway sends all events of a guild to one process",
        ),
        Good(
            """
            from pyrogram import Client, filters

            person = Client("person")
            flood = {}

            @person.on_message(filters.private & filters.incoming)
            async def guard(_, message):
                sender = message.from_user.id
                flood[sender] = flood.get(sender, 0) + 1
                if flood[sender] > 5:
                    await person.block_user(sender)
            """,
            "an account of one person, whose messages go to one process",
        ),
        Good(
            """
            import asyncio
            import time
            from fastapi import APIRouter
            from app.limits import limiter
            from app.pages import fetch

            router = APIRouter()

            class ConcurrencyLimiter:
                def __init__(self):
                    self.free = asyncio.Semaphore(8)
                    self.running_since = {}

                async def run(self, address):
                    async with self.free:
                        self.running_since[address] = time.time()
                        page = await fetch(address)
                        del self.running_since[address]
                        return page

            pages = ConcurrencyLimiter()

            @router.get("/page")
            @limiter.limit("10/minute")
            async def page(address: str):
                return await pages.run(address)
            """,
            "how much runs in a process is its own",
        ),
        Good(
            """
            import asyncio
            import time

            last_request = {}

            async def limit_requests(channel):
                early = 0.1 - (time.monotonic() - last_request.get(channel, 0))
                if early > 0:
                    await asyncio.sleep(early)
                last_request[channel] = time.monotonic()
                return True
            """,
            "the process paces what it asks of others, and turns nobody away",
        ),
        Good(
            """
            from flask_limiter import Limiter
            from flask_limiter.util import get_remote_address
            from shop.settings import COUNTS

            def make_limiter(app):
                try:
                    return Limiter(get_remote_address, app=app, storage_uri=COUNTS, default_limits=["9/second"])
                except ConnectionError:
                    return Limiter(get_remote_address, app=app, storage_uri="memory://", default_limits=["9/second"])
        """,
            "what stands in where the shared store is away",
        ),
        Good(
            """
            from slowapi import Limiter
            from slowapi.util import get_remote_address
            from shop.settings import COUNTS, answers

            def make_limiter():
                if answers(COUNTS):
                    return Limiter(get_remote_address, storage_uri=COUNTS, default_limits=["9/second"])
                return Limiter(get_remote_address, storage_uri="memory://", default_limits=["9/second"])
            """,
            "what is left where the shared store does not answer",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        for site in limiter_counts.in_process(source):
            yield Finding(site.node, {"what": site.callee, "instead": "give it a redis:// storage"})
        for key in limiter_counts.local_throttles(source):
            instead = "use a Redis cache" if "CACHES" in source.text else "set CACHES to Redis"
            yield Finding(key, {"what": "Django's local-memory cache of throttles", "instead": instead})
        by_holder: dict[object, list[Shared]] = defaultdict(list)
        for found, _ in folded(each for each in source.changed_while_serving if each.role is Role.LIMITER):
            if limiter_counts.counts_callers(found) and limiter_counts.is_asked(found, source):
                by_holder[found.state.owner].append(found)
        for many in by_holder.values():
            yield from self._of_holder(many)

    def _of_holder(self, many: list[Shared]) -> Iterator[Finding]:
        """One finding for each mapping, or for the first of many."""
        together = len(many) >= GATHERED
        for found in many[:1] if together else many:
            what = f"`{found.state.name}` ({function_name(limiter_counts.counting(found))})"
            if len(what) > MOST_OF_LINE:
                what = f"`{found.state.name.rpartition('.')[2]}`"
            if together:
                what = f"`{found.state.name}`, with {len(many) - 1} more limiters here,"
            yield Finding(found.state.node, {"what": what, "instead": "count in Redis"}, found.via)
