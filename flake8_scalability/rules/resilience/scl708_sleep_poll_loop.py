"""SCL708: waiting for something by asking again and again."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.resilience import sleeps
from flake8_scalability.model.resilience.sleeps import Purpose
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class SleepPollLoop(Rule):
    """A handler or task waits for a condition by sleeping and looking again.

    What it does
    ------------
    Finds `sleep` in a loop that ends when a state it looks at in each round has come about, on the request path and in
    workers: `while not job.is_finished: sleep(1)`.

    Why it does not scale
    ---------------------
    Each waiting request or task occupies a worker and asks the watched system once a second, for nothing. The load on
    that system grows with the number of those who wait, and each learns of the event half an interval late.

    How to fix it
    -------------
    Wait for an event: a blocking pop (`BLPOP`, `queue.get(timeout=...)`), pub/sub, `asyncio.Event`, a callback or
    webhook. Or end the task and schedule the next look (`self.retry(countdown=...)`, `apply_async(countdown=...)`); let
    the client of an endpoint ask again.

    Known limits
    ------------
    Loops in library code, in streams and on flags of the process's own life are left alone, and so is polling by
    recursion.
    """

    code = "SCL708"
    slug = "sleep-poll-loop"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "slow work"
    message = "{callee}() polls in {function}(); wait for an event, or schedule the next look"
    short = "{callee}() polls in {function}(); wait for an event"
    title = "Polling with sleep"
    impact = "Everyone who waits keeps a worker busy and asks again and again, the more often the more there are"
    fix = "Wait for an event, a blocking pop or a callback, or end here and schedule the next look"
    references = (
        "https://redis.io/docs/latest/commands/blpop/",
        "https://docs.celeryq.dev/en/stable/userguide/tasks.html#retrying",
    )
    examples = (
        Bad(
            """
            import time
            from flask import Flask
            from .jobs import queue_export
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/export", methods=["POST"])
            @limiter.limit("10/minute")
            def export():
                job = queue_export()
                while not job.is_finished:
                    time.sleep(1)  # SCL708
                    job.refresh()
                return {"url": job.url}
        """,
            "the request waits for a job by asking once a second",
        ),
        Bad(
            """
            import time
            from celery import shared_task
            from .rendering import farm

            @shared_task
            def render(scene):
                number = farm.submit(scene)
                for _ in range(600):
                    state = farm.state(number)
                    if state == "done":
                        break
                    time.sleep(2)  # SCL708
                return number
        """,
            "a task that could be scheduled again holds its worker for twenty minutes",
        ),
        Bad(
            """
            import asyncio
            from fastapi import APIRouter
            from .results import lookup
            from app.limits import limiter

            router = APIRouter()

            async def _await_result(key):
                while True:
                    found = await lookup(key)
                    if found is not None:
                        return found
                    await asyncio.sleep(0.5)  # SCL708

            @router.get("/results/{key}")
            @limiter.limit("10/minute")
            async def result(key: str):
                return await _await_result(key)
        """,
            "long polling that polls inside",
        ),
        Good(
            """
            from celery import shared_task
            from .rendering import farm

            @shared_task(bind=True, max_retries=100)
            def collect(self, number):
                if farm.state(number) != "done":
                    raise self.retry(countdown=min(300, 2 ** self.request.retries))
                return number
        """,
            "the next look is scheduled, the worker free in between",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter

            router = APIRouter()
            ready = asyncio.Event()

            @router.get("/ready")
            async def wait_until_ready():
                await asyncio.wait_for(ready.wait(), timeout=20)
                return {"ready": True}
        """,
            "an event wakes the waiting one",
        ),
        Good(
            """
            import time
            from celery import shared_task
            from .feeds import Unavailable, load

            @shared_task
            def refresh(feed):
                for attempt in range(4):
                    try:
                        return load(feed)
                    except Unavailable:
                        time.sleep(2 ** attempt)
        """,
            "back-off between tries",
        ),
        Good(
            """
            import asyncio

            async def sweep(store, stopping):
                while not stopping.is_set():
                    await store.drop_expired()
                    await asyncio.sleep(60)
        """,
            "a periodic job is not waiting for anything",
        ),
        Good(
            """
            import time
            from celery import shared_task
            from .mailing import deliver

            @shared_task
            def newsletter(recipients):
                for recipient in recipients:
                    deliver(recipient)
                    time.sleep(0.2)
        """,
            "pacing between items",
        ),
        Good(
            """
            import time

            def wait_for_database(connect):
                while not connect():
                    time.sleep(1)

            if __name__ == "__main__":
                wait_for_database(lambda: True)
        """,
            "a tool may wait as it likes",
        ),
        Good(
            """
            import time

            def await_state(instance, wanted):
                while instance.state != wanted:
                    time.sleep(5)
        """,
            "who calls it, the file does not show",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter, Request
            from fastapi.responses import StreamingResponse
            from app.limits import limiter

            router = APIRouter()

            @router.get("/clock")
            @limiter.limit("10/minute")
            async def clock(request: Request):
                async def ticks():
                    while True:
                        if await request.is_disconnected():
                            break
                        yield "data: tick\\n\\n"
                        await asyncio.sleep(1)
                return StreamingResponse(ticks())
        """,
            "a stream paces itself",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the sleeps of polling loops on the request path and in workers."""
        for site in sleeps.sleeps(source):
            if site.place not in (Place.REQUEST, Place.WORKER) or site.is_deferred:
                continue
            if site.api is not None and site.api.blocks and site.runs_in_coroutine:
                continue  # it stops the event loop, which is worse
            if sleeps.purpose(site) is Purpose.POLL:
                yield Finding.at(site)
