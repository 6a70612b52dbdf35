"""SCL705: a call that waits, and with it the whole event loop."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import System
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.resilience import blocking, costs
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: What to await instead, by what the call waits for.
_INSTEAD = {
    System.CLOCK: "await asyncio.sleep()",
    System.PROCESS: "await asyncio.create_subprocess_exec() or asyncio.to_thread()",
    System.SYNC: "await its asyncio twin or asyncio.to_thread()",
    System.FILE: "await aiofiles or asyncio.to_thread()",
    System.DATABASE: "await an async driver or asyncio.to_thread()",
}


class BlockingCallInAsync(Rule):
    """A coroutine makes a call that waits synchronously.

    What it does
    ------------
    Finds synchronous waits in an `async def`: `time.sleep`, requests, urllib, database, cache and cloud clients without
    an async face, `subprocess.run`, `Queue.get`, `Future.result`, locks, and files opened for binary content. A wait
    inside a function of the file counts at the coroutine's call of that function. Of several waits for the same kind of
    thing in one coroutine the first is reported: they are mended together.

    Why it does not scale
    ---------------------
    All requests of the process share one event loop. While a coroutine waits without `await`, nothing else runs: no
    other request, no health check, no timeout. One slow upstream stops the whole instance.

    How to fix it
    -------------
    Use the async client of the library (httpx or aiohttp for requests, asyncpg, `redis.asyncio`, aioboto3,
    `asyncio.sleep`), hand the call to a thread with `await asyncio.to_thread(call, ...)`, or make the endpoint a plain
    `def`, which FastAPI and Starlette run in their thread pool.

    Known limits
    ------------
    A text file is taken for a small one. What a coroutine reaches through other modules, properties or objects of
    unknown class is not seen. A coroutine that the file only ever hands to `asyncio.run` has a loop of its own.
    """

    code = "SCL705"
    slug = "blocking-call-in-async"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "blocking call in a coroutine"
    message = "{what} blocks the event loop in {function}(); {instead}"
    short = "{what} blocks the event loop in {function}(); use asyncio.to_thread()"
    title = "Blocking call in a coroutine"
    impact = "While the call waits, the event loop stands still, and every other request of the instance with it"
    fix = "Await an async client (httpx, asyncpg, redis.asyncio, aioboto3), or hand the call to asyncio.to_thread()"
    references = (
        "https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code",
        "https://fastapi.tiangolo.com/async/",
    )
    examples = (
        Bad(
            """
            import time

            async def announce(channel, text):
                time.sleep(2)  # SCL705
                await channel.send(text)
        """,
            "the loop sleeps, not just this coroutine",
        ),
        Bad(
            """
            import subprocess
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()

            def _probe(path):
                return subprocess.run(["ffprobe", path], capture_output=True, timeout=20)

            def _duration(path):
                return float(_probe(path).stdout)

            @router.get("/clips/{name}/length")
            @limiter.limit("10/minute")
            async def length(name: str):
                return {"seconds": _duration(f"/clips/{name}")}  # SCL705
        """,
            "two plain functions lead from the endpoint to the program that it waits for",
        ),
        Bad(
            """
            import queue

            jobs = queue.Queue(maxsize=100)

            async def next_job():
                return jobs.get(timeout=5)  # SCL705
        """,
            "a thread's queue holds up the loop until an item comes",
        ),
        Bad(
            """
            from concurrent.futures import ThreadPoolExecutor

            pool = ThreadPoolExecutor(max_workers=4)

            async def digest(document):
                done = pool.submit(document.digest)
                return done.result(timeout=10)  # SCL705
        """,
            "the work is in a thread, but the coroutine waits for it without await",
        ),
        Bad(
            """
            import shutil
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter

            router = APIRouter()

            def keep(upload):
                with open("/data/" + upload.filename, "wb") as target:  # SCL302
                    shutil.copyfileobj(upload.file, target)

            @router.post("/documents")
            @limiter.limit("10/minute")
            async def document(upload: UploadFile):
                keep(upload)  # SCL705
                return {"kept": True}
        """,
            "an upload of any size is written before another request has its turn",
        ),
        Bad(
            """
            import asyncio
            import time

            async def follow(feed):
                while not await feed.changed():
                    time.sleep(1)  # SCL705

            async def main(feed):
                await asyncio.gather(follow(feed), feed.serve())
        """,
            "this loop has more to do than one thing",
        ),
        Good(
            """
            import asyncio

            async def announce(channel, text):
                await asyncio.sleep(2)
                await channel.send(text)
        """,
            "only this coroutine sleeps",
        ),
        Good(
            """
            import asyncio
            import subprocess

            def _probe(path):
                return subprocess.run(["ffprobe", path], capture_output=True, timeout=20)

            async def length(path):
                first = await asyncio.to_thread(_probe, path)
                second = await asyncio.to_thread(lambda: _probe(path))
                loop = asyncio.get_running_loop()
                third = await loop.run_in_executor(None, lambda: subprocess.run(["ls", path], timeout=3))
                return first, second, third
        """,
            "the waiting is done in threads: by function, by lambda of a helper, by lambda of the call",
        ),
        Good(
            """
            import time
            from asgiref.sync import sync_to_async

            @sync_to_async
            def settle():
                time.sleep(1)

            async def consume(event):
                await settle()
        """,
            "a decorator moves the helper into a thread",
        ),
        Good(
            """
            import time
            from fastapi import APIRouter

            router = APIRouter()

            async def drain(shutdown):
                await shutdown.wait()

            def settle(lock):
                with lock:
                    time.sleep(0.01)
        """,
            "a plain function that no coroutine calls",
        ),
        Good(
            """
            from fastapi import FastAPI

            async def lifespan(app):
                with open("/models/labels.bin", "rb") as file:
                    app.state.labels = file.read()
                yield

            app = FastAPI(lifespan=lifespan)
        """,
            "at start-up no request waits yet",
        ),
        Good(
            """
            import asyncio
            import time

            async def main():
                time.sleep(1)
                print("done")

            if __name__ == "__main__":
                asyncio.run(main())
        """,
            "a script has its loop for itself",
        ),
        Good(
            """
            import asyncio
            import time

            async def _rebuild(index):
                await index.lock()
                time.sleep(1)

            def rebuild(index):
                asyncio.run(_rebuild(index))
        """,
            "so has a coroutine that is only ever run to its end by plain code",
        ),
        Good(
            """
            import queue

            jobs = queue.Queue(maxsize=100)

            async def next_job():
                return jobs.get_nowait() if jobs.qsize() else jobs.get(block=False)
        """,
            "these return at once",
        ),
        Good(
            """
            import queue

            results = queue.Queue(maxsize=100)

            async def collect():
                found = []
                while not results.empty():
                    found.append(results.get(timeout=1))
                return found
        """,
            "asked first whether there is something to take",
        ),
        Good(
            """
            import asyncio
            import redis.asyncio

            client = redis.asyncio.Redis(max_connections=20, socket_timeout=2, socket_connect_timeout=2)

            async def both(first, second):
                return await asyncio.gather(client.get(first), client.get(second))
        """,
            "the library's async face, awaited together",
        ),
        Good(
            """
            import os

            async def greeting(path, voice):
                open(path + ".lock", "wb").close()
                if not os.path.exists(path):
                    sound = await voice.speak("hello")
                    with open(path, "wb") as file:
                        file.write(sound)
                return path
        """,
            "an empty file, and one that is written once and kept",
        ),
        Good(
            """
            import json

            async def limits():
                with open("limits.json") as file:
                    return json.load(file)
        """,
            "a small text file is read in well under a millisecond",
        ),
        Good(
            """
            class Gate:
                def __init__(self, clock):
                    self.time = clock

                async def wait(self, time, requests):
                    time.sleep(1)
                    requests.get("x")
        """,
            "parameters of these names are not the modules",
        ),
        Good(
            """
            import subprocess
            from celery import shared_task
            from .loops import as_task

            @shared_task
            @as_task
            async def render(scene):
                subprocess.run(["render", scene], timeout=60, check=True)
        """,
            "the queue knows no coroutines: this one runs alone, on a loop of its own",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """Only coroutines hold up an event loop."""
        return words("async")

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the first wait of each kind in each coroutine, and each function that leads to one."""
        seen = set()
        for held in blocking.on_event_loop(source, costs.waits(source)):
            key = blocking.subject(held)
            if key not in seen:
                seen.add(key)
                yield Finding.at(held.at, what=held.spelled, instead=self._instead(held))

    @staticmethod
    def _instead(held: blocking.Held) -> str:
        row = held.cause.api
        default = "await an async client or asyncio.to_thread()"
        return _INSTEAD.get(row.system, default) if row is not None else default
