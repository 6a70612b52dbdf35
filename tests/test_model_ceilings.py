"""Which capacities are frozen at one, which callers a number keeps out, and where one is meant or does no harm."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.architecture import caps, ceilings
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

FUTURES = "from celery import shared_task\nfrom concurrent.futures import ThreadPoolExecutor\n"
TASK = "@shared_task\ndef f(x):\n"
ASYNCIO = "import asyncio\n"
CELERY = "from celery import Celery\n"


def frozen(source: str, path: str = "service.py") -> list[str]:
    """Return how each frozen capacity of a snippet is spelled."""
    return [found.how for found in ceilings.ceilings_of(model(source, path))]


def kept_out(source: str, path: str = "service.py") -> list[str]:
    """Return what keeps callers out in a snippet."""
    return [found.how for found in caps.caps_of(model(source, path))]


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("import asyncpg\nasync def start():\n    global pool\n    pool = await asyncpg.create_pool(DSN, max_size=1)",
         "create_pool(max_size=1)"),
        ("from psycopg2.pool import ThreadedConnectionPool\npool = ThreadedConnectionPool(1, 1, DSN)",
         "ThreadedConnectionPool(maxconn=1)"),
        ("import redis\nONE = 1\npool = redis.ConnectionPool(host=H, max_connections=ONE)",
         "ConnectionPool(max_connections=1)"),
        (FUTURES + "from multiprocessing.pool import ThreadPool\npool = ThreadPool(1)\n" + TASK
         + "    return pool.apply(g, (x,))",
         "ThreadPool(processes=1)"),
        (FUTURES + "class A:\n    def __init__(self):\n"
         "        self.pool = ThreadPoolExecutor(1)\n    def go(self, x):\n"
         "        return self.pool.submit(g, x)\na = A()\n" + TASK + "    return a.go(x)",
         "ThreadPoolExecutor(max_workers=1)"),
        (FUTURES + TASK + "    global pool\n    if pool is None:\n"
         "        pool = ThreadPoolExecutor(1)\n    return pool.submit(g, x)\npool = None",
         "ThreadPoolExecutor(max_workers=1)"),
        ("from apscheduler.executors.pool import ThreadPoolExecutor\n"
         "from apscheduler.schedulers.background import BackgroundScheduler\n"
         "s = BackgroundScheduler(executors={'default': ThreadPoolExecutor(1)})", "ThreadPoolExecutor(max_workers=1)"),
        ("from kafka.admin import NewTopic\nNewTopic('orders', 1, 3)", "NewTopic(num_partitions=1)"),
        ("import waitress\ndef serve(app):\n    waitress.serve(app, threads=1)", "serve(threads=1)"),
        ("app.conf.worker_concurrency = 1", "worker_concurrency = 1"),
        (CELERY + "app.conf.update(task_acks_late=True, worker_concurrency=1)",
         "worker_concurrency=1"),
        ("class WorkerSettings:\n    functions = [f]\n    max_jobs = 1", "max_jobs = 1"),
        ("HUEY = {'name': 'a', 'consumer': {'workers': 1}}", "HUEY workers = 1"),
        (CELERY + "def run(app):\n    app.worker_main(['worker', '-c', '1'])", "worker_main(-c 1)"),
        (CELERY + "def run(app):\n    app.worker_main(argv=['worker', '--pool=solo'])",
         "worker_main(--pool=solo)"),
    ],
)  # fmt: skip
def test_capacity_of_one(source: str, how: str) -> None:
    assert frozen(source) == [how]


@pytest.mark.parametrize(
    "source",
    [
        "import asyncpg\nasync def f():\n    return await asyncpg.create_pool(DSN, max_size=10)",
        "from sqlalchemy import create_engine\ne = create_engine(URL, pool_size=1)",
        "from sqlalchemy import create_engine\ne = create_engine(URL, pool_size=1, max_overflow=5)",
        "from sqlalchemy import create_engine\ne = create_engine('sqlite:///a.db', pool_size=1, max_overflow=0)",
        "from sqlalchemy import create_engine\ndef f(x):\n    e = create_engine(URL, pool_size=1, max_overflow=0)\n"
        "    with e.begin() as c:\n        c.execute(x)\ndef g(x):\n    return f(x)",
        "from sqlalchemy import create_engine\ne = create_engine(URL, pool_size=SIZE, max_overflow=0)",
        "from mangum import Mangum\nimport redis\npool = redis.ConnectionPool(host=H, max_connections=1)",
        FUTURES + "pool = ThreadPoolExecutor(1)",
        FUTURES + "pool = ThreadPoolExecutor()\ndef f():\n    pool.submit(g)",
        FUTURES + "class Clone:\n    def __init__(self):\n        self.pool = ThreadPoolExecutor(1)\n"
        "    def go(self, x):\n        return self.pool.submit(g, x)\n" + TASK + "    return Clone().go(x)",
        FUTURES + "class MonoThread:\n    def __init__(self):\n        self.pool = ThreadPoolExecutor(1)\n"
        "    def go(self, x):\n        return self.pool.submit(g, x)\nthread = MonoThread()\n"
        + TASK
        + "    thread.go(x)",
        FUTURES + "pool = ThreadPoolExecutor(1)  # not thread-safe\n" + TASK + "    pool.submit(g)",
        FUTURES + "# One at a time, or the device hangs.\n# Really.\n"
        "pool = ThreadPoolExecutor(1)\n" + TASK + "    pool.submit(g)",
        FUTURES + "serial = ThreadPoolExecutor(1)\n" + TASK + "    serial.submit(g)",
        FUTURES + "pool = ThreadPoolExecutor(1)\ndef f():\n    pool.submit(g)",
        CELERY + "app.conf.worker_concurrency = 1\napp.conf.worker_prefetch_multiplier = 1",
        FUTURES
        + "pool = ThreadPoolExecutor(1)\n"
        + TASK
        + "    other.submit(g)\n    submit(g)\n    loop.run_in_executor(None, g)",
        FUTURES + "def f():\n    with ThreadPoolExecutor(max_workers=1) as pool:\n"
        "        return pool.submit(g).result(timeout=3)",
        "from flask import Flask\nfrom concurrent.futures import ThreadPoolExecutor\napp = Flask(__name__)\n"
        "@app.route('/')\ndef f():\n    pool = ThreadPoolExecutor(1)\n    return pool.submit(g).result(timeout=3)",
        FUTURES + "def wrap(g):\n    def inner():\n"
        "        with ThreadPoolExecutor(1) as pool:\n            return pool.submit(g).result()\n    return inner",
        "from elsewhere import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\ndef f():\n    pool.submit(g)",
        "from kafka.admin import NewTopic\nNewTopic('orders-dlq', 1, 3)\nNewTopic('orders', 6, 3)",
        "app.conf.worker_concurrency = 4",
        "app.conf.worker_concurrency = True",
        "app.conf.worker_concurrency: int",
        "settings.worker_concurrency = 1",
        "def f():\n    concurrency = 1",
        "if DEBUG:\n    app.conf.worker_concurrency = 1",
        "client.update(worker_concurrency=1)\nconf.update(concurrency_of=1)\nconf.update(**more)",
        "HUEY = make(workers=1)\nQ_CLUSTER = {'workers': 4}\nQ = {'workers': 1}",
        "class Settings:\n    max_jobs = 1",
        CELERY + "app.worker_main()\napp.worker_main(sys.argv)\n"
        "app.worker_main(['worker', '-c', '10'])\napp.start(argv=['worker', '--concurrency', N])",
        "app.start(['x', '-c', '1'])",
    ],
)
def test_more_than_one_or_meant(source: str) -> None:
    assert frozen(source) == []


def test_a_tool_may_do_one_thing_at_a_time() -> None:
    source = "import waitress\nwaitress.serve(app, threads=1)"
    assert frozen(source) == ["serve(threads=1)"]
    assert frozen(source, "tests/test_server.py") == []


@pytest.mark.parametrize(
    ("source", "how"),
    [
        (ASYNCIO + "s = asyncio.Semaphore()\nasync def f():\n    async with s:\n        await client.fetch()",
         "Semaphore(1)"),
        ("import threading, requests\ns = threading.BoundedSemaphore(1)\ndef f():\n    with s:\n"
         "        requests.get(U)",
         "BoundedSemaphore(1)"),
        ("import anyio\nclass A:\n    s = anyio.CapacityLimiter(1)\n    async def f(self):\n"
         "        async with self.s:\n            return await self.client.fetch()", "CapacityLimiter(1)"),
        (ASYNCIO + "class A:\n    def __init__(self):\n        self.s = asyncio.Semaphore(1)\n    async def f(self):\n"
         "        async with self.s:\n            await fetch()\na = A()", "Semaphore(1)"),
    ],
)  # fmt: skip
def test_a_semaphore_for_one(source: str, how: str) -> None:
    assert kept_out(source) == [how]


@pytest.mark.parametrize(
    "source",
    [
        ASYNCIO + "s = asyncio.Semaphore(2)\nasync def f():\n    async with s:\n        await client.fetch()",
        ASYNCIO + "s = asyncio.Semaphore(SLOTS)\nasync def f():\n    async with s:\n        await client.fetch()",
        ASYNCIO + "s = asyncio.Semaphore(1)\nasync def f():\n    async with s:\n        await asyncio.sleep(1)",
        ASYNCIO + "s = asyncio.Semaphore(1)  # only one, or they block us\nasync def f():\n    async with s:\n"
        "        await client.fetch()",
        ASYNCIO + "s = asyncio.Semaphore(1)\nasync def f():\n    await client.fetch()",
        ASYNCIO + "s = [asyncio.Semaphore(1)]\nasync def f():\n    async with s[0]:\n        await client.fetch()",
        ASYNCIO + "async def f():\n    s = asyncio.Semaphore(1)\n    async with s:\n        await client.fetch()",
        ASYNCIO + "class A:\n    def __init__(self):\n        self.s = asyncio.Semaphore(1)\n    async def f(self):\n"
        "        async with self.s:\n            await fetch()\ndef g():\n    return A()",
        ASYNCIO + "async def f():\n    async with asyncio.timeout(3):\n        await client.fetch()",
    ],
)
def test_no_semaphore_for_one(source: str) -> None:
    assert kept_out(source) == []


@pytest.mark.parametrize(("replicas", "how"), [("1", ["CELERY_WORKER_CONCURRENCY = 1"]), ("${WORKERS}", [])])
def test_a_worker_of_which_there_are_several(tmp_path: Path, replicas: str, how: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "deploy.yaml").write_text(f"kind: Deployment\nspec:\n  replicas: {replicas}\n")
    text = "# celery\nCELERY_WORKER_CONCURRENCY = 1\n"
    source = SourceFile(ast.parse(text), str(tmp_path / "settings.py"), text.splitlines(keepends=True), Settings())
    assert [found.how for found in ceilings.ceilings_of(source)] == how
