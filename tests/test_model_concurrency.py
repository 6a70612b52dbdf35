"""Unbounded concurrency: what there is one for each of, and what limits it."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.limits.concurrency import unbounded

HEAD = "import asyncio, threading\nfrom concurrent.futures import ThreadPoolExecutor\nfrom itertools import islice\n\n"


def found(text: str) -> list[tuple[str, str]]:
    return [(each.runner, each.items) for each in unbounded(model(HEAD + textwrap.dedent(text)))]


def gathered(items: str, before: str = "pass") -> list[tuple[str, str]]:
    body = textwrap.indent(before, "    ")
    return found(f"async def f(xs, api, *rest):\n{body}\n    await asyncio.gather(*[g(x) for x in {items}])\n")


MANY = [
    ("xs", "xs"),
    ("list(xs)", "xs"),
    ("enumerate(xs)", "xs"),
    ("xs.items()", "xs"),
    ("range(len(xs))", "xs"),
    ("[x for x in xs if x]", "xs"),
    ("sorted(set(xs))", "xs"),
    ("api.fetch_all()", "fetch_all()"),
    ("await api.fetch_all()", "fetch_all()"),
    ("zip(xs, api.names())", "xs"),
    ("api.users", "users"),
    ("{x.user_id for x in xs}", "xs"),
]
FEW = [
    "(1, 2, 3)",
    "range(3)",
    "range(n)",
    "xs[:20]",
    "xs[i : i + 10]",
    "islice(xs, 10)",
    "rest",
    "workers",
    "self.plugins",
    "self.anything",
    "SITES",
    "settings.SITES",
    "api.search(limit=5)",
    "api.query().limit(5)",
    "unknown",
    "batch",
    "api.pages",
    "random.sample(xs, 5)",
    "{x.currency for x in xs}",
    "set(x.kind for x in xs)",
    "connectors",
    "artifacts",
    "mcp_servers",
    "sub_queries",
    "platform_insts",
    "message.attachments",
]


@pytest.mark.parametrize(("items", "name"), MANY)
def test_many(items: str, name: str) -> None:
    assert gathered(items) == [("task", name)]


@pytest.mark.parametrize("items", FEW)
def test_few(items: str) -> None:
    assert gathered(items) == []


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("if len(xs) > 50: raise ValueError", id="measured"),
        pytest.param("gate = asyncio.Semaphore(5)\nasync def g(x):\n    async with gate: await h(x)", id="a semaphore"),
        pytest.param("async def g(x):\n    async with self.limiter: await h(x)", id="a limiter by its name"),
        pytest.param("async def g(x):\n    await sem.acquire()\n    await h(x)", id="acquired by hand"),
    ],
)
def test_limited(before: str) -> None:
    assert gathered("xs", before) == []


def test_an_unmeasured_emptiness_is_no_limit() -> None:
    assert gathered("xs", "if len(xs) == 0: return") == [("task", "xs")]


STARTS = [
    ("for x in xs:\n    threading.Thread(target=g, args=(x,)).start()", ("thread", "xs")),
    ("for x in xs:\n    asyncio.create_task(g(x))", ("task", "xs")),
    ("ts = [threading.Thread(target=g) for x in xs]\nfor t in ts: t.start()", ("thread", "xs")),
    ("async with asyncio.TaskGroup() as tg:\n    for x in xs:\n        tg.create_task(g(x))", ("task", "xs")),
    (
        "while True:\n    c, a = s.accept()\n    threading.Thread(target=g, args=(c,)).start()",
        ("thread", "message that arrives"),
    ),
    ("ThreadPoolExecutor(max_workers=len(xs))", ("thread", "xs")),
    ("ThreadPoolExecutor(len(xs) or 1)", ("thread", "xs")),
    ("await asyncio.wait([asyncio.create_task(g(x)) for x in xs])", ("task", "xs")),
    ("await asyncio.gather(*map(g, xs))", ("task", "xs")),
]
QUIET = [
    ("for x in xs:\n    t = threading.Thread(target=g)\n    t.start()\n    t.join()", "one after the other"),
    ("for x in xs:\n    await asyncio.create_task(g(x))", "awaited in turn"),
    ("for x in xs:\n    threading.Thread(target=g)", "never begun"),
    ("for x in (1, 2):\n    asyncio.create_task(g(x))", "two"),
    ("for worker in xs:\n    asyncio.create_task(g(worker))", "a worker is one of a few"),
    ("async for x in xs:\n    self.flush = asyncio.create_task(g(x))", "one place for many"),
    ("await asyncio.gather(*[t for t in xs])", "what runs already"),
    ("await asyncio.gather(g(1), g(2))", "written out"),
    ("ThreadPoolExecutor(max_workers=min(8, len(xs)))", "at most eight"),
    ("for i in range(0, len(xs), 10):\n    await asyncio.gather(*[g(x) for x in xs[i : i + 10]])", "in chunks"),
    ("for chunk in chunked(xs, 10):\n    await asyncio.gather(*[g(x) for x in chunk])", "chunks of a library"),
    ("async with sem:\n    await asyncio.gather(*[g(x) for x in xs])", "under a semaphore"),
    ("await api.gather(*[g(x) for x in xs])", "a gather of its own"),
]


@pytest.mark.parametrize(("body", "expected"), STARTS)
def test_one_each(body: str, expected: tuple[str, str]) -> None:
    assert found("async def f(xs, s, api):\n" + textwrap.indent(body, "    ")) == [expected]


@pytest.mark.parametrize("body", [pytest.param(body, id=why) for body, why in QUIET])
def test_bounded(body: str) -> None:
    assert found("async def f(xs, s, api, sem):\n" + textwrap.indent(body, "    ")) == []


def test_at_module_level_and_in_tools_nothing_is_said() -> None:
    assert found("for x in load():\n    threading.Thread(target=x).start()") == []
