"""SCL406: an executor, a pool or an event loop that is made again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.limits.executors import made_per_call, names
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class ExecutorPerRequest(Rule):
    """A function that runs per request makes its own threads, processes or event loop.

    What it does
    ------------
    Finds `ThreadPoolExecutor`, `ProcessPoolExecutor` and `multiprocessing.Pool` in functions that run on every request
    or call; `asyncio.run` and `new_event_loop` where that happens in a loop, for each event that a webhook or a queue
    tells of, or where nothing closes it.

    Why it does not scale
    ---------------------
    Threads and processes are started and thrown away each time, and every request brings its own: the bound of
    `max_workers` holds for one request, not for the process, so that a hundred requests have a hundred pools. An event
    loop per call gives up every connection that an asynchronous client could keep.

    How to fix it
    -------------
    Make one executor for the process, at module level or in the start-up hook, and size it for the machine. Let the
    handler be a coroutine instead of starting a loop in it, or keep one loop in a thread
    (`asyncio.run_coroutine_threadsafe`).

    Known limits
    ------------
    Programs of one machine (`project/one_machine.py`) are silent.
    Cloud functions, and the modules beside them, are silent: an instance has one request at a time.
    Workers are silent: a task may well bring its own pool. What a handler reaches through other modules is library
    code: of this a pool is reported where the function itself gives it single pieces of work, and an event loop where
    the file itself calls the function, and does not pause in it. A pool whose workers begin with the data of one run,
    and the code of commands, are silent, as is what the staff start.  One event loop, or one pool of one thread, is
    nothing beside a request that spends seconds elsewhere, and is left alone.
    """

    code = "SCL406"
    slug = "executor-per-request"
    severity = Severity.HIGH
    many_callers = True
    since = "0.1.0"
    message = "{callee}() makes {what} on every call of {function}(); {remedy}"
    short = "{callee}() makes {what} per call; {remedy}"
    title = "Executor made per request"
    impact = "Every request starts its own threads, processes or loop: no bound holds for the process"
    fix = "Make one executor for the process at start-up, and size it for the machine"
    references = (
        "https://docs.python.org/3/library/concurrent.futures.html",
        "https://docs.python.org/3/library/asyncio-runner.html#asyncio.run",
    )
    examples = (
        Bad(
            """
            from concurrent.futures import ThreadPoolExecutor
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/quotes")
            @limiter.limit("10/minute")
            def quotes():
                with ThreadPoolExecutor(max_workers=5) as pool:  # SCL406
                    return list(pool.map(ask, ("north", "south"), timeout=3))

            def ask(shop):
                return shop
        """,
            "a hundred visitors have five hundred threads",
        ),
        Bad(
            """
            import asyncio
            from flask import Flask, request
            from app.letters import send

            app = Flask(__name__)

            def _send(address):
                return asyncio.run(send(address))  # SCL406

            @app.route("/letters", methods=["POST"])
            @app.limiter.limit("10/minute")
            def letters():
                for address in request.json["addresses"]:
                    _send(address)
                return {"sent": True}
        """,
            "a loop is made for each address, and no connection outlives it",
        ),
        Bad(
            """
            import asyncio
            from flask import Flask, request
            from app.events import keep
            from app.signatures import check_signature

            app = Flask(__name__)

            @app.post("/shop-webhook")
            def receive_parcel_event():
                check_signature(request)
                asyncio.run(keep(request.json))  # SCL406
                return ""
        """,
            "for each event that another service tells of",
        ),
        Bad(
            """
            import asyncio
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            async def read_balance():
                return 7

            @ratelimit(key="ip", rate="10/m")
            def balance(request):
                loop = asyncio.new_event_loop()  # SCL406
                return JsonResponse({"balance": loop.run_until_complete(read_balance())})
        """,
            "a loop that nobody closes keeps its files open",
        ),
        Bad(
            """
            from concurrent.futures import ThreadPoolExecutor

            class Shelf:
                def keep(self, article):
                    with ThreadPoolExecutor(max_workers=1) as pool:  # SCL406
                        pool.submit(self.store.execute, article)
        """,
            "a thread, and a pool around it, for one row: its block waits for it",
        ),
        Good(
            """
            import asyncio
            from flask import Flask
            from app.limits import limiter
            from concurrent.futures import ThreadPoolExecutor
            from app.shops import ask

            app = Flask(__name__)

            @app.route("/balance")
            @limiter.limit("10/minute")
            def balance():
                return {"balance": asyncio.run(read_balance())}  # todo: SCL406

            @app.route("/quote")
            @limiter.limit("10/minute")
            def quote():
                with ThreadPoolExecutor(max_workers=1) as pool:  # todo: SCL406
                    return {"quote": pool.submit(ask, "north").result(timeout=2)}

            async def read_balance():
                return 7
        """,
            "one loop, or one thread, is nothing beside a request that waits for others",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor

            class Guarded:
                def read(self, source):
                    with ThreadPoolExecutor(max_workers=1) as pool:
                        return pool.submit(source.read).result(timeout=2)
        """,
            "a thread, to bound one wait of seconds",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from flask import Flask
            from app.letters import draw

            app = Flask(__name__)

            @app.post("/drafts")
            def admin_drafts():
                with ThreadPoolExecutor(max_workers=4) as pool:
                    return list(pool.map(draw, ("north", "south"), timeout=3))
        """,
            "the staff ask for few of them",
            "app/admin/drafts.py",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)
            pool = ThreadPoolExecutor(max_workers=16)

            @app.route("/quotes")
            @limiter.limit("10/minute")
            def quotes():
                return list(pool.map(ask, ("north", "south"), timeout=3))

            def ask(shop):
                return shop
        """,
            "one for the process",
        ),
        Good(
            """
            import asyncio

            async def serve():
                await asyncio.Event().wait()

            def main():
                asyncio.run(serve())
        """,
            "the loop in which the process lives",
        ),
        Good(
            """
            import asyncio
            from celery import shared_task

            @shared_task
            def refresh():
                asyncio.run(load())

            async def load():
                return 7
        """,
            "a task is long, and may have a loop of its own",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor

            def convert_all(paths, convert):
                with ThreadPoolExecutor(max_workers=8) as pool:
                    return list(pool.map(convert, paths, timeout=600))
        """,
            "library code that has a batch to work through",
        ),
        Good(
            """
            from concurrent.futures import ProcessPoolExecutor

            def compare(series, others):
                with ProcessPoolExecutor(max_workers=4, initializer=begin, initargs=(series,)) as crew:
                    first = crew.submit(distance, others[0])
                    second = crew.submit(distance, others[1])
                    return first.result(timeout=60), second.result(timeout=60)

            def begin(series):
                print(series)

            def distance(other):
                return other
        """,
            "its workers begin with what belongs to this run",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from app.offers import look_up

            class Offers:
                def read(self, regions):
                    with ThreadPoolExecutor(max_workers=8) as pool:
                        return look_up(regions, pool)
        """,
            "what another function does with the pool, and how often this one is called, is not seen",
        ),
        Good(
            """
            import asyncio
            from app.client import follow

            def follow_run(name):
                print(name)
                print("waiting")
                print("ready")
                asyncio.run(follow(name))

            def create_run(name):
                follow_run(name)
        """,
            "what a command of a person runs",
            "app/cli/runs.py",
        ),
        Good(
            """
            import asyncio
            import threading

            def run_loop(loop):
                asyncio.set_event_loop(loop)
                loop.run_forever()

            def background_loop():
                loop = asyncio.new_event_loop()
                threading.Thread(target=run_loop, args=(loop,), daemon=True).start()
                return loop
        """,
            "a loop that is kept, in a thread of its own",
        ),
        Good(
            """
            import asyncio
            from concurrent.futures import ThreadPoolExecutor
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)
            crew = ThreadPoolExecutor(max_workers=4)

            def apart(work):
                def send(*given):
                    return crew.submit(work, *given)
                return send

            @apart
            def measure(name):
                return asyncio.run(connect(name))

            async def connect(name):
                return name

            @app.route("/measure/<name>")
            @limiter.limit("10/minute")
            def start(name):
                return str(measure(name).result(timeout=10))
        """,
            "a decorator sends it to a thread, where there is no loop",
        ),
        Good(
            """
            import asyncio

            class Bridge:
                def __init__(self, loop):
                    self.loop = loop

                def call(self, coroutine):
                    if self.loop is not None:
                        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=10)
                    return asyncio.run(coroutine)

                def twice(self, coroutine):
                    return self.call(coroutine)
        """,
            "a loop of its own only where there is no other",
        ),
        Good(
            """
            from functools import lru_cache
            from concurrent.futures import ThreadPoolExecutor

            @lru_cache
            def crew():
                return ThreadPoolExecutor(max_workers=8)
        """,
            "a cached provider",
        ),
        Good(
            """
            import asyncio
            from app.clients import read_balance
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()

            @router.get("/balance")
            @limiter.limit("10/minute")
            async def balance():
                return await asyncio.wait_for(read_balance(), 3)
        """,
            "a coroutine runs in the loop that is there",
        ),
        Good(
            """
            import asyncio
            from app.imports import run_import

            def handler(event, context):
                return asyncio.run(run_import(event["bucket"]))
            """,
            "a cloud function is called as it is, one call at a time",
        ),
        Good(
            """
            from concurrent.futures import ProcessPoolExecutor

            def apart(work, *given):
                with ProcessPoolExecutor(max_workers=1) as one:
                    return one.submit(work, *given).result(timeout=60)
            """,
            "a process that is thrown away with what its work leaves behind",
        ),
        Good(
            """
            import asyncio
            from app.imports import load

            async def import_all(names):
                for name in names:
                    await load(name)

            def run_import(names):
                asyncio.run(import_all(names))

            def run_nightly():
                run_import(["orders", "returns"])
            """,
            "a job's entry, for callers that have no loop",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from app.stores import count, page

            def lambda_handler(event, context):
                pool = ThreadPoolExecutor(max_workers=2)
                found, number = pool.submit(page, event["page"]), pool.submit(count)
                pool.shutdown()
                return {"rows": found.result(), "number": number.result()}
            """,
            "an instance of a cloud function has one request at a time",
        ),
        Good(
            """
            import asyncio
            from app.jobs import find

            class Worker:
                def perform(self, name, given):
                    answer = find(name)(*given)
                    if asyncio.iscoroutine(answer):
                        return asyncio.run(answer)
                    return answer

                def drain(self, jobs):
                    return [self.perform(job.name, job.given) for job in jobs]
            """,
            "what runs whatever job it is given has no loop to share",
        ),
        Good(
            """
            import asyncio
            import time
            from app.scanning import ask_scanner

            class Scans:
                def wait_for(self, address):
                    for _ in range(3):
                        found = asyncio.run(ask_scanner(address))
                        if found:
                            return found
                        time.sleep(5)
                    return None

                def show(self, address):
                    return self.wait_for(address)
            """,
            "who pauses for seconds does not feel what a loop costs",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What makes an executor or a loop."""
        return words(*names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield what is made per call to run work."""
        for site, what, remedy in made_per_call(source):
            yield Finding.at(site, what=what, remedy=remedy)
