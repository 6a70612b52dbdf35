"""Sequential awaits: which calls a request awaits one by one, though they could wait together."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.batching.sequential_awaits import sequential

WEB = "import aiohttp, asyncio, httpx\nfrom fastapi import APIRouter\nr = APIRouter()\nhttp = httpx.AsyncClient()\n"
HANDLER = WEB + "@r.get('/')\nasync def f(xs, ys, s, db):\n "

LOOPS: list[tuple[str, str, list[int]]] = [
    ("of a client", "for x in xs:\n  await plants_client.get_plant(x)", [8]),
    ("in a comprehension", "return [await plants_client.get_plant(x) for x in xs]", [7]),
    ("over HTTP", "for x in xs:\n  await http.get(f'https://a.test/{x}')", [8]),
    ("over HTTP in a with", "for x in xs:\n  async with s.get(f'https://a.test/{x}') as a:\n   print(a)", []),
    ("over HTTP in a with of a session",
     "async with aiohttp.ClientSession() as c:\n  for x in xs:\n   async with c.get(f'https://a.test/{x}') as a:\n"
     "    print(a)", [9]),
    ("a post", "for x in xs:\n  await http.post('https://a.test', json=x)", []),
    ("in a thread", "for x in xs:\n  await asyncio.to_thread(work, x)", [8]),
    ("in a thread that changes something", "for x in xs:\n  await asyncio.to_thread(record_visit, x)", []),
    ("fetched", "for x in xs:\n  await site.fetch_page(x)", [8]),
    ("fetched of a database", "for x in xs:\n  await db.fetch_row(x)", []),
    ("the first of a loop only",
     "for x in xs:\n  await plants_client.get_plant(x)\n  await plants_client.get_leaves(x)", [8]),
    ("two loops", "for x in xs:\n  await a_client.get_a(x)\n for y in ys:\n  await b_client.get_b(y)", [8, 10]),
    ("not of the item", "for x in xs:\n  await plants_client.get_plant(1)", []),
    ("a change", "for x in xs:\n  await plants_client.water(x)", []),
    ("of something else", "for x in xs:\n  await plants.get_plant(x)", []),
    ("of a function", "for x in xs:\n  await get_plant(x)", []),
    ("of a known call that does not ask", "for x in xs:\n  await asyncio.wait_for(x, 1)", []),
    ("with a session", "for x in xs:\n  await plants_client.get_plant(db, x)", []),
    ("until one fits", "for x in xs:\n  if await plants_client.get_plant(x):\n   break", []),
    ("handed on at once", "for x in xs:\n  yield await plants_client.get_plant(x)", []),
    ("with a pause", "for x in xs:\n  await plants_client.get_plant(x)\n  await asyncio.sleep(1)", []),
    ("with what was gathered",
     "a = []\n for x in xs:\n  a.append(await chat_client.complete(x, a))", []),
    ("with what the last gave", "a = 0\n for x in xs:\n  a = await chat_client.complete(x, a)", []),
    ("with what stays", "a = 0\n for x in xs:\n  await chat_client.complete(x, a)", [9]),
    ("a stream", "async for x in xs:\n  await plants_client.get_plant(x)", []),
    ("a pile", "while xs:\n  x = xs.pop()\n  await plants_client.get_plant(x)", []),
    ("gathered", "await asyncio.gather(*[plants_client.get_plant(x) for x in xs])", []),
    ("in a lambda", "return [lambda: plants_client.get_plant(x) for x in xs]", []),
    ("no call", "for x in xs:\n  await x", []),
]  # fmt: skip

ROWS: list[tuple[str, str, list[int]]] = [
    ("two", "a = await a_client.get_a(1)\n b = await b_client.get_b(1)\n return a, b", [8]),
    ("three", "a = await a_client.get_a(1)\n b = await b_client.get_b(1)\n c = await c_client.get_c(1)", [8]),
    ("annotated", "a: int = await a_client.get_a(1)\n b: int = await b_client.get_b(1)", [8]),
    ("in a branch", "if xs:\n  a = await a_client.get_a(1)\n  b = await b_client.get_b(1)", [9]),
    ("in the other branch",
     "if xs:\n  return\n else:\n  a = await a_client.get_a(1)\n  b = await b_client.get_b(1)", [11]),
    ("the second needs the first", "a = await a_client.get_a(1)\n b = await b_client.get_b(a)", []),
    ("the third needs the first", "a = await a_client.get_a(1)\n b = await b_client.get_b(a)\n"
     " c = await c_client.get_c(1)", [9]),
    ("something between", "a = await a_client.get_a(1)\n print(a)\n b = await b_client.get_b(1)", []),
    ("a test between", "a = await a_client.get_a(1)\n if not a: return\n b = await b_client.get_b(1)", []),
    ("not given a name", "await a_client.get_a(1)\n await b_client.get_b(1)", []),
    ("kept on an object", "s.a = await a_client.get_a(1)\n s.b = await b_client.get_b(1)", []),
    ("not awaited", "a = a_client.get_a(1)\n b = b_client.get_b(1)", []),
    ("no calls", "a = await xs\n b = await ys", []),
    ("in a loop", "for x in 'ab':\n  a = await a_client.get_a(1)\n  b = await b_client.get_b(1)", []),
    ("with a session", "a = await a_client.get_a(db)\n b = await b_client.get_b(db)", []),
    ("in threads", "a = await asyncio.to_thread(work)\n b = await asyncio.to_thread(work)", [8]),
    ("in threads of nothing", "a = await asyncio.to_thread()\n b = await asyncio.to_thread()", []),
]  # fmt: skip

ANY = "xs = await a_client.get_a(1)\n ys = await b_client.get_b(1)\n"
ELSEWHERE: list[tuple[str, str, list[int]]] = [
    ("in library code", WEB + "async def f(xs):\n " + ANY, []),
    ("in a task", "from celery import shared_task\n@shared_task\nasync def f(xs):\n " + ANY, []),
    ("without a coroutine", WEB + "@r.get('/')\ndef f(xs):\n a_client.get_a(1)\n# await x", []),
    ("through a coroutine",
     WEB + "async def g(x):\n return await http.get(f'https://a.test/{x}')\n"
     "@r.get('/')\nasync def f(xs):\n for x in xs:\n  await g(x)", [10]),
    ("through two",
     WEB + "async def h(x):\n return await http.get(f'https://a.test/{x}')\nasync def g(x): return await h(x)\n"
     "@r.get('/')\nasync def f(xs):\n for x in xs:\n  await g(x)", [11]),
    ("through a coroutine with a session",
     WEB + "async def g(x, db=None):\n return await http.get(f'https://a.test/{x}')\n"
     "@r.get('/')\nasync def f(xs):\n for x in xs:\n  await g(x)", []),
    ("through a coroutine that queries",
     WEB + "async def g(x):\n A.objects.get(pk=x)\n return await http.get(f'https://a.test/{x}')\n"
     "@r.get('/')\nasync def f(xs):\n for x in xs:\n  await g(x)", []),
    ("through a coroutine that does neither",
     WEB + "async def g(x): return x\n@r.get('/')\nasync def f(xs):\n for x in xs:\n  await g(x)", []),
    ("a session of HTTP", WEB + "async def g(session, x):\n return await http.get(f'https://a.test/{x}')\n"
     "@r.get('/')\nasync def f(xs, session):\n for x in xs:\n  await g(session, x)", [10]),
    ("a session that may be one of a database",
     "import sqlalchemy\n" + WEB + "async def g(session, x):\n return await http.get(f'https://a.test/{x}')\n"
     "@r.get('/')\nasync def f(xs, session):\n for x in xs:\n  await g(session, x)", []),
    ("of a language model",
     "from openai import AsyncOpenAI\nc = AsyncOpenAI()\n" + WEB +
     "@r.get('/')\nasync def f(xs):\n for x in xs:\n  await c.chat.completions.create(messages=x)", [10]),
]  # fmt: skip


def _ids(cases: list[tuple[str, str, list[int]]]) -> list[str]:
    return [case[0] for case in cases]


@pytest.mark.parametrize(("name", "body", "lines"), LOOPS + ROWS, ids=_ids(LOOPS + ROWS))
def test_sequential(name: str, body: str, lines: list[int]) -> None:
    assert [each.site.node.lineno for each in sequential(model(HANDLER + body))] == lines


@pytest.mark.parametrize(("name", "source", "lines"), ELSEWHERE, ids=_ids(ELSEWHERE))
def test_sequential_elsewhere(name: str, source: str, lines: list[int]) -> None:
    assert [each.site.node.lineno for each in sequential(model(source))] == lines
