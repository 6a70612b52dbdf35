"""SCL902: capacity that is frozen in the code."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.architecture import caps, ceilings
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class HardcodedLimit(Rule):
    """How much the service does at once is a number in the code, and a small one.

    What it does
    ------------
    Finds pools with one connection and no overflow, executors with one thread or process that serve requests, tasks
    or schedules, a `Semaphore(1)` that all callers share and that is held while something outside is waited for,
    workers with a concurrency of one, and topics with one partition.

    Why it does not scale
    ---------------------
    A bigger machine and more callers change nothing: everybody waits for the one slot. Raising it takes a release.

    How to fix it
    -------------
    Read the number from the environment or the settings and size it by the machine and the load. Where one at a time
    is needed, say why in a comment there.

    Known limits
    ------------
    Numbers above one are taken for a decision. Silent are bounds that protect (queues, page sizes, time limits, and
    constants such as `MAX_CLIENTS` by which one process turns callers away), what a comment gives a reason for, pools
    in functions that serve one request at a time, executors that no handler or task of the file hands work to, and
    settings of workers beside a prefetch multiplier of one or in a project whose deployment says how many workers there
    are. A server with one worker is left to SCL608, an executor that is made per call to SCL406.
    """

    code = "SCL902"
    slug = "hardcoded-limit"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "one at a time in each process"
    message = "{what} {effect}; read the number from configuration, or comment why it is fixed"
    short = "{what} {effect}; take it from configuration"
    title = "Hardcoded capacity limit"
    impact = "All callers wait for one slot, however much hardware there is"
    fix = "Read the size from configuration and fit it to the machine and the load; comment why where it must stay"
    references = (
        "https://12factor.net/config",
        "https://docs.sqlalchemy.org/en/20/core/pooling.html",
        "https://docs.celeryq.dev/en/stable/userguide/workers.html#concurrency",
    )
    examples = (
        Bad(
            """
            import asyncio
            from concurrent.futures import ThreadPoolExecutor
            from fastapi import APIRouter
            from app.limits import limiter
            from app.reports import render

            router = APIRouter()
            executor = ThreadPoolExecutor(max_workers=1)  # SCL902

            @router.get("/reports/{key}")
            @limiter.limit("10/minute")
            async def report(key: str):
                return await asyncio.get_running_loop().run_in_executor(executor, render, key)
        """,
            "the reports of all callers wait in one line",
        ),
        Bad(
            """
            from app.settings import DATABASE_URL
            from sqlalchemy import create_engine
            from psycopg_pool import ConnectionPool

            engine = create_engine(DATABASE_URL, pool_size=1, max_overflow=0, pool_pre_ping=True)  # SCL902
            pool = ConnectionPool(DATABASE_URL, min_size=1, max_size=1)  # SCL902
        """,
            "one query at a time in the whole process",
        ),
        Bad(
            """
            import asyncio
            from app.upstream import client

            slots = asyncio.Semaphore(1)  # SCL902

            async def rates(day):
                async with slots:
                    return await client.fetch(day)
        """,
            "one caller in the process waits for the other service, the others for him",
        ),
        Bad(
            """
            CELERY_WORKER_CONCURRENCY = 1  # SCL902
            Q_CLUSTER = {"name": "shop", "workers": 1, "timeout": 60}  # SCL902
        """,
            "one task at a time",
            "shop/settings.py",
        ),
        Bad(
            """
            import grpc
            from concurrent import futures

            def create_server():
                return grpc.server(futures.ThreadPoolExecutor(max_workers=1))  # SCL902
        """,
            "the server answers one call at a time",
        ),
        Good(
            """
            from fastapi import APIRouter, WebSocket
            from app.hub import relay

            router = APIRouter()
            MAX_CLIENTS = 200  # todo: SCL902

            class Hub:
                def __init__(self):
                    self.clients = {}

                async def join(self, key, socket: WebSocket):
                    if len(self.clients) >= MAX_CLIENTS:
                        await socket.close(code=1013)
                        return None
                    return await relay(self.clients, key, socket)
        """,
            "what one process bears; another process takes as many again",
        ),
        Good(
            """
            import os
            from concurrent.futures import ThreadPoolExecutor
            from sqlalchemy import create_engine
            from app.settings import DATABASE_URL, POOL_SIZE

            executor = ThreadPoolExecutor(max_workers=int(os.environ.get("WORKERS", 1)))
            engine = create_engine(DATABASE_URL, pool_size=POOL_SIZE, max_overflow=0, pool_pre_ping=True)

            def start(work):
                return executor.submit(work).result(timeout=5)
        """,
            "the numbers are configuration",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from app.settings import DATABASE_URL

            engine = create_engine(DATABASE_URL, pool_size=1, pool_pre_ping=True, pool_recycle=300)
        """,
            "the pool may overflow by ten",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from app.audio import play

            # The sound card's library is not thread-safe.
            device = ThreadPoolExecutor(max_workers=1)
            sqlite_thread = ThreadPoolExecutor(max_workers=1)

            def sound(name):
                return device.submit(play, name).result(timeout=5)

            def save(row, store):
                return sqlite_thread.submit(store.save, row).result(timeout=5)
        """,
            "one at a time is meant: the comment or the name says why",
        ),
        Good(
            """
            import threading
            from app.state import table

            slots = threading.Semaphore(1)

            def note(key):
                with slots:
                    table.append(key)
        """,
            "held for the blink of an eye",
        ),
        Good(
            """
            import asyncio
            from collections import defaultdict
            from app.upstream import client

            class Feed:
                def __init__(self):
                    self.turn = asyncio.Semaphore(1)
                    self.per_user = defaultdict(lambda: asyncio.Semaphore(1))

                async def send(self, user, text):
                    async with self.per_user[user]:
                        await client.send(user, text)

                async def close(self):
                    async with self.turn:
                        await client.close()

            async def import_all(days):
                turn = asyncio.Semaphore(1)
                async with turn:
                    await client.fetch(days)
        """,
            "one for each user, one for each object of which there may be many, and one for a single call",
        ),
        Good(
            """
            import asyncio
            import time
            from app.upstream import client

            pace = asyncio.Semaphore(1)
            slots = asyncio.Semaphore(20)

            async def rates(day):
                async with pace:
                    await asyncio.sleep(0.1)
                async with slots:
                    return await client.fetch(day)
        """,
            "callers are spaced, and twenty at a time get through",
        ),
        Good(
            """
            MAX_SESSIONS_PER_USER = 3
            MAX_CACHED_SESSIONS = 1000
            MAX_USERS = 5

            class Sessions:
                def __init__(self, max_clients=4):
                    self.max_clients = max_clients
                    self.sessions = []
                    self.clients = []

                def open(self, user, mine, team):
                    if len(mine) >= MAX_SESSIONS_PER_USER:
                        raise PermissionError(user)
                    if team.members.count() >= MAX_USERS:
                        raise PermissionError(team)
                    if len(self.clients) >= self.max_clients:
                        raise ConnectionRefusedError
                    if len(self.sessions) > MAX_CACHED_SESSIONS:
                        self.sessions.pop(0)
        """,
            "rules about one user or team, a number from the caller, and room that is made",
        ),
        Good(
            """
            from celery import Celery
            from app.settings import DEBUG

            app = Celery("shop")
            app.conf.worker_concurrency = 8
            if DEBUG:
                app.conf.worker_concurrency = 1
        """,
            "one task at a time for those who debug",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor
            from celery import Celery

            app = Celery("films")
            app.conf.update(worker_prefetch_multiplier=1, worker_concurrency=1)
            helper = ThreadPoolExecutor(max_workers=1)

            def later(work):
                return helper.submit(work).result(timeout=5)
        """,
            "a worker takes one long task, others the next: there are as many as needed; no request in sight",
        ),
        Good(
            """
            import os
            from sqlalchemy import create_engine

            engine = create_engine(os.environ["DATABASE_URL"], pool_size=1, max_overflow=0, pool_pre_ping=True)

            def lambda_handler(event, context):
                with engine.connect() as connection:
                    return {"statusCode": 200, "body": str(connection.closed)}
        """,
            "each instance of the function serves one request at a time",
        ),
        Good(
            """
            import asyncpg
            from concurrent.futures import ThreadPoolExecutor
            from pydantic_settings import BaseSettings

            class Settings(BaseSettings):
                CELERY_WORKER_CONCURRENCY: int = 1

            class Telemetry:
                async def pool(self, dsn):
                    "Make a pool with at most one connection, apart from that of the callers."
                    self.connections = await asyncpg.create_pool(dsn, max_size=1)

            class Voice:
                def __init__(self, name):
                    self.name = name
                    self.thread = ThreadPoolExecutor(max_workers=1)

                def say(self, text):
                    return self.thread.submit(print, self.name, text)
        """,
            "the default of a setting, a text that says how many, and one thread for each of many objects",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor

            background = ThreadPoolExecutor(max_workers=1)

            def main(work):
                background.submit(work).result(timeout=5)

            if __name__ == "__main__":
                main(print)
        """,
            "a script",
        ),
        Good(
            """
            import asyncio
            import queue

            MAX_PAGE = 100
            jobs = queue.Queue(maxsize=1)
            lock = asyncio.Lock()

            def page(size):
                return min(size, MAX_PAGE)
        """,
            "bounds that protect",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the capacities that are frozen at one."""
        for found in (*ceilings.ceilings_of(source), *caps.caps_of(source)):
            yield Finding(found.node, {"what": found.how, "effect": found.what})
