"""Whom a call holds up: through which helpers it is reached, and on whose event loop it runs."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.resilience import blocking, costs

HEAD = "import asyncio, time, functools, contextlib, zlib\nfrom fastapi import FastAPI\napp = FastAPI()\n"


def on_loop(text: str, path: str = "service.py") -> list[tuple[str, str, str]]:
    """Return (function, call there, cause) of each wait on an event loop."""
    source = model(HEAD + text, path)
    return [
        (held.at.function_name, held.at.callee, held.cause.callee)
        for held in blocking.on_event_loop(source, costs.waits(source))
    ]


NAP = "def nap():\n    time.sleep(1)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("async def f():\n    time.sleep(1)", [("f", "time.sleep", "time.sleep")]),
        ("async def f():\n    [time.sleep(n) for n in (1, 2)]", [("f", "time.sleep", "time.sleep")]),
        (NAP + "async def f():\n    nap()", [("f", "nap", "time.sleep")]),
        (NAP + "def doze():\n    nap()\nasync def f():\n    doze()", [("f", "doze", "time.sleep")]),
        (
            "class Client:\n    def __init__(self):\n        time.sleep(1)\nasync def f():\n    Client()",
            [("f", "Client", "time.sleep")],
        ),
        (
            "class Client:\n    def load(self):\n        time.sleep(1)\n    async def f(self):\n        self.load()",
            [("Client.f", "self.load", "time.sleep")],
        ),
        (
            "@contextlib.contextmanager\ndef pause():\n    time.sleep(1)\n    yield\n"
            "async def f():\n    with pause():\n        pass",
            [("f", "pause", "time.sleep")],
        ),
        ("async def f():\n    asyncio.to_thread(time.sleep(1))", [("f", "time.sleep", "time.sleep")]),
        (
            "async def f():\n    time.sleep(1)\nasync def g():\n    await f()\ndef h():\n    asyncio.run(g())\n"
            "@app.get('/')\nasync def view():\n    await f()",
            [("f", "time.sleep", "time.sleep")],
        ),
        (
            "async def f():\n    time.sleep(1)\nasync def g():\n    asyncio.create_task(f())\n"
            "def h():\n    asyncio.run(g())",
            [("f", "time.sleep", "time.sleep")],
        ),
    ],
)
def test_held_up(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert on_loop(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    time.sleep(1)",
        NAP,
        NAP + "async def f():\n    await asyncio.to_thread(nap)",
        NAP + "async def f(loop):\n    await loop.run_in_executor(None, lambda: nap())",
        NAP + "async def f(loop):\n    await loop.run_in_executor(None, functools.partial(nap))",
        "async def f(pool):\n    def work():\n        time.sleep(1)\n    await asyncio.to_thread(work)",
        NAP.replace("    time", "    yield 1\n    time") + "async def f():\n    nap()",
        "@threaded\n" + NAP + "async def f():\n    await nap()",
        "@functools.lru_cache\n" + NAP + "async def f():\n    nap()",
        "from asgiref.sync import sync_to_async\n@sync_to_async\n" + NAP + "async def f():\n    nap()",
        "async def f(nap):\n    nap()\n" + NAP,
        "async def f():\n    time.sleep(0)",
        "async def f():\n    time.sleep(1)\ndef g():\n    asyncio.run(f())",
        "async def f():\n    time.sleep(1)\ndef g():\n    run_async(lambda: f())",
        "async def f():\n    time.sleep(1)\nasync def g():\n    await f()\ndef h():\n    asyncio.run(g())",
        "from asgiref.sync import async_to_sync\nasync def f():\n    time.sleep(1)\ndef g():\n    async_to_sync(f)()",
        "async def f():\n    time.sleep(1)\nif __name__ == '__main__':\n    asyncio.run(f())",
        "@app.on_event('startup')\nasync def f():\n    time.sleep(1)",
        "async def f():\n    zlib.compress(b'')",
    ],
)
def test_not_held_up(text: str) -> None:
    assert on_loop(text) == []


def test_a_test_file_is_a_tool() -> None:
    assert on_loop("async def f():\n    time.sleep(1)", "tests/test_f.py") == []


def on_request(text: str) -> list[tuple[str, str]]:
    source = model(HEAD + text)
    return [(held.at.function_name, held.spelled) for held in blocking.on_request(source, costs.slow_work(source))]


VIEW = "@app.get('/')\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (VIEW + "def view():\n    time.sleep(1)", [("view", "time.sleep()")]),
        (NAP + VIEW + "def view():\n    nap()", [("view", "time.sleep() via nap()")]),
        (
            NAP + "async def doze():\n    nap()\n" + VIEW + "async def view():\n    await asyncio.wait_for(doze(), 3)",
            [("view", "time.sleep() via doze()")],
        ),
        (
            "def lambda_handler(event, context):\n    time.sleep(1)\n    return {'statusCode': 200}",
            [("lambda_handler", "time.sleep()")],
        ),
        (VIEW + "def view(task):\n    return task.delay(1).get()", [("view", "task.delay().get()")]),
        (VIEW + "def view(task):\n    job = task.apply_async()\n    return job.wait()", [("view", "job.wait()")]),
    ],
)
def test_waited_for(text: str, expected: list[tuple[str, str]]) -> None:
    assert on_request(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        NAP,
        VIEW + "def view():\n    time.sleep(0.01)",
        VIEW + "def view():\n    yield 1\n    time.sleep(1)",
        "async def doze():\n    time.sleep(1)\n" + VIEW + "async def view():\n    asyncio.create_task(doze())",
        "async def doze():\n    time.sleep(1)\n" + VIEW + "async def view(jobs):\n    jobs.append(doze())",
        NAP + VIEW + "def view(background):\n    background.add_task(nap)",
        NAP + VIEW + "def view(items):\n    return map(lambda item: nap(), items)",
        "def lambda_handler(event, context):\n    time.sleep(1)",
        VIEW + "def view(cache):\n    return cache.get('x')",
        VIEW + "def view(task, cache):\n    job = task.delay()\n    job = cache\n    return job.get('x')",
    ],
)
def test_not_waited_for(text: str) -> None:
    assert on_request(text) == []
