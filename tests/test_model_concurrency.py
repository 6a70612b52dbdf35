"""Unbounded concurrency: what there is one for each of, and what limits it."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.limits.concurrency import unbounded
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

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
    ("zip(xs, api.list_names())", "xs"),
    ("api.users", "users"),
    ("{x.user_id for x in xs}", "xs"),
    ("xs + api.more()", "xs"),
    ("[1] + xs", "xs"),
    ("filter(None, xs)", "xs"),
    ("chain(xs, [1])", "xs"),
    ("chain([1], xs)", "xs"),
    ("xs.copy()", "xs"),
    ("api.fetch_all(since)", "fetch_all()"),
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
    "[1] + [2]",
    "zip(xs, (1, 2))",
    "api.fetch_all(top_k)",
    "api.query().head()",
    "plugins.values()",
    "self.anything.values()",
    "range(size)",
    "make()()",
    "(x for x in xs[:5])",
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
    ("await asyncio.gather(*list(map(g, xs)))", ("task", "xs")),
    ("await asyncio.gather(*([h()] + [g(x) for x in xs]))", ("task", "xs")),
    ("ts = []\nts.extend(g(x) for x in xs)\nawait asyncio.gather(*ts)", ("task", "xs")),
    (
        "ts = []\nfor x in xs:\n    t = asyncio.create_task(g(x))\n    ts.append(t)\nawait asyncio.gather(*ts)",
        ("task", "xs"),
    ),
    ("ts = {x: asyncio.create_task(g(x)) for x in xs}", ("task", "xs")),
    ("ys = []\nfor x in xs:\n    ys.append(x)\nawait asyncio.gather(*[g(y) for y in ys])", ("task", "ys")),
    ("ys = [x for x in xs]\nawait asyncio.gather(*[g(y) for y in ys])", ("task", "ys")),
    ("if a:\n    for x in xs:\n        asyncio.create_task(g(x))\n        asyncio.create_task(h(x))", ("task", "xs")),
    (
        "while True:\n    rows = await api.rows()\n    await asyncio.gather(*[g(row) for row in rows])",
        ("task", "rows"),
    ),
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
    ("while xs:\n    await asyncio.gather(*[g(x) for x in xs])\n    xs = xs[10:]", "until nothing is left"),
    ("for i in range(0, 90, 10):\n    for x in xs:\n        asyncio.create_task(g(x))", "in chunks of a range"),
    ("for page in api.pages():\n    asyncio.create_task(g(page))", "page by page"),
    ("ts = [asyncio.create_task(g(worker)) for worker in xs]", "one for each of a few workers"),
    ("with api.open() as lines:\n    await asyncio.gather(*[g(x) for x in lines])", "what is opened"),
    ("n, items = api.load()\nawait asyncio.gather(*[g(x) for x in items])", "one of two"),
    ("ys = []\nys.append(1)\nawait asyncio.gather(*[g(y) for y in ys])", "a list of one"),
    ("ys = {}\nfor x in xs:\n    ys[x.kind] = x\nawait asyncio.gather(*[g(y) for y in ys])", "one for each kind"),
    ("ys: list\nawait asyncio.gather(*[g(y) for y in ys])", "nothing yet"),
    ("ts = []\nother.append(g(1))\nts.append(g(2))\nawait asyncio.gather(*ts)", "one"),
    ("ts = []\nts.extend([g(1), g(2)])\nawait asyncio.gather(*ts)", "two"),
    ("await asyncio.gather(*make(xs))", "made elsewhere"),
    ("await asyncio.gather(*unknown)", "from elsewhere"),
    ("await asyncio.gather(*map(g, (1, 2)))", "two by map"),
    ("await asyncio.gather()", "nothing"),
    ("ThreadPoolExecutor(max_workers=len((1, 2)))", "two workers"),
    ("await asyncio.gather(*[x.close() for x in xs])", "ends what is there"),
    ("for x in xs:\n    t = asyncio.create_task(g(x))\n    await t", "awaited by its name"),
    ("for x in xs:\n    threading.Thread(target=g).start().join()", "joined at once"),
]


@pytest.mark.parametrize(("body", "expected"), STARTS)
def test_one_each(body: str, expected: tuple[str, str]) -> None:
    assert found("async def f(xs, s, api):\n" + textwrap.indent(body, "    ")) == [expected]


@pytest.mark.parametrize("body", [pytest.param(body, id=why) for body, why in QUIET])
def test_bounded(body: str) -> None:
    assert found("async def f(xs, s, api, sem):\n" + textwrap.indent(body, "    ")) == []


def test_at_module_level_and_in_tools_nothing_is_said() -> None:
    assert found("for x in load():\n    threading.Thread(target=x).start()") == []


BELOW = [
    ("async def g(x):\n    return await inner(x)\nasync def inner(x):\n    async with sem:\n        await h(x)", []),
    (
        "async def g(x):\n    return await a(x)\nasync def a(x):\n    return await b(x)\n"
        "async def b(x):\n    async with sem:\n        await h(x)",
        [],
    ),
    ("@limited(5)\nasync def g(x):\n    await h(x)", []),
    ("async def g(x):\n    async with gates[x.host]:\n        await h(x)\ngates = semaphores", [("task", "xs")]),
    ("async def g(x):\n    async with semaphores[x.host]:\n        await h(x)", []),
    ("async def g(x):\n    async with session.get(x) as answer:\n        await answer.read()", [("task", "xs")]),
    ("async def g(x):\n    await asyncio.sleep(5)\n    await h(x)", []),
    ("async def g(x):\n    await h(x)\n    await asyncio.sleep(5)", [("task", "xs")]),
    ("async def g(x):\n    raise NotImplementedError", []),
    ("async def g(x):\n    raise NotImplementedError()", []),
    ("async def g(x):\n    return None", []),
    ("async def g(x):\n    ...", []),
    ("async def g(x):\n    raise ValueError", []),
    ("class g:\n    def __init__(self, x): pass", [("task", "xs")]),
    ("g = lambda x: h(x)", [("task", "xs")]),
]


@pytest.mark.parametrize(("target", "expected"), BELOW)
def test_what_is_run_may_be_limited(target: str, expected: list[tuple[str, str]]) -> None:
    assert found(f"{target}\nasync def f(xs):\n    await asyncio.gather(*[g(x) for x in xs])\n") == expected


CALLERS = [
    ("f([1, 2])", []),
    ("f(xs=(1, 2))", []),
    ("f(ys[:10])", []),
    ("few = [1]\n    few.append(2)\n    f(few)", []),
    ("f(*ys)", [("task", "xs")]),
    ("f()", [("task", "xs")]),
    ("f(ys)", [("task", "xs")]),
    ("run(f)", [("task", "xs")]),
    ("f(SITES)", [("task", "xs")]),
]


@pytest.mark.parametrize(("call", "expected"), CALLERS)
def test_what_all_callers_of_the_file_give(call: str, expected: list[tuple[str, str]]) -> None:
    text = f"async def f(xs):\n    await asyncio.gather(*[g(x) for x in xs])\n\ndef caller(ys):\n    {call}\n"
    assert found(text) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("list[str]", [("task", "xs")]),
        ("Iterable", [("task", "xs")]),
        ("list[Task]", [("task", "xs")]),
        ("Literal['a', 'b']", []),
        ("'Coroutine'", []),
    ],
)
def test_annotations(annotation: str, expected: list[tuple[str, str]]) -> None:
    assert found(f"async def f(xs: {annotation}):\n    await asyncio.gather(*[g(x) for x in xs])\n") == expected


#: What fills the queue from which an endless loop takes what it starts a thread for.
ARRIVALS = [
    ("def add(x):\n    jobs.put(x)", True),
    ("def add(xs):\n    for x in xs:\n        jobs.put(x)", True),
    ("def add(xs):\n    for x in xs[:10]:\n        jobs.put(x)", False),
    ("def add(xs):\n    for x in (1, 2, 3):\n        jobs.put(x)", False),
    ("def add(xs):\n    few = xs[:10]\n    for x in few:\n        jobs.put(x)", False),
    ("def add(xs):\n    jobs.put(xs[:10])", False),
    ("def add(xs):\n    jobs.put(xs[10:])", True),
    ("def add(xs):\n    jobs.put(xs[0])", True),
    ("def add(x):\n    jobs.put(x)\ndef seed(xs):\n    for x in xs[:10]:\n        add(x)", False),
    ("def add(x):\n    jobs.put(x)\ndef seed(xs):\n    for x in xs:\n        add(x)", True),
    ("def add():\n    jobs.put()", True),
    ("def add(x):\n    other.put(x)", True),
]


@pytest.mark.parametrize(("fills", "expected"), ARRIVALS)
def test_what_arrives_in_a_queue_is_as_much_as_is_put_there(fills: str, expected: bool) -> None:
    text = (
        "import queue\njobs = queue.Queue()\n\ndef serve():\n    while True:\n        job = jobs.get()\n"
        f"        threading.Thread(target=work, args=(job,)).start()\n\n{fills}\n"
    )
    assert found(text) == ([("thread", "message that arrives")] if expected else [])


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("def f(self, room):\n    if len(room.people + more) > 8:\n        raise Full\n", False),
        ("def f(self, room):\n    if len(room.people | more) >= MOST:\n        raise Full\n", False),
        ("def f(self, room):\n    if len(room.people) != 8:\n        raise Odd\n", True),
        ("def f(self, room):\n    if len(room.people) > 0:\n        raise Used\n", True),
        ("def f(self, room):\n    if len(room.names() + more) > 8:\n        raise Full\n", True),
        ("", True),
    ],
)
def test_what_another_function_measures(text: str, many: bool) -> None:
    gathers = "async def g(room):\n    await asyncio.gather(*[send(each) for each in room.people])\n"
    assert bool(found(f"import asyncio\n{text}{gathers}")) is many


@pytest.mark.parametrize(("head", "many"), [("import discord", False), ("import os", True)])
@pytest.mark.parametrize("given", ["images", "message.images"])
def test_a_message_has_a_few_images(head: str, given: str, many: bool) -> None:
    gathers = f"async def g(images, message):\n    await asyncio.gather(*[send(each) for each in {given}])\n"
    assert bool(found(f"import asyncio\n{head}\n{gathers}")) is many


@pytest.mark.parametrize(
    ("appended", "many"), [("task", False), ("send(task)", True), ("work", True), ("queue.put(task)", False)]
)
def test_what_runs_already_is_only_waited_for(appended: str, many: bool) -> None:
    text = (
        "import asyncio\nasync def g(a):\n    found = []\n    for task in await tasks_of(a):\n"
        f"        work = send(task)\n        found.append({appended})\n    await asyncio.gather(*found)\n"
    )
    assert bool(found(text)) is many


@pytest.mark.parametrize(
    ("added", "many"),
    [
        ("task = asyncio.create_task(send(each))\n        tasks.add(task)", False),
        ("tasks.add(asyncio.create_task(send(each)))", False),
        ("asyncio.create_task(send(each))\n        tasks.add(each)", True),
        ("asyncio.create_task(send(each))\n        tasks.add()", True),
    ],
)
def test_what_is_counted_while_it_grows(added: str, many: bool) -> None:
    text = (
        "import asyncio\nasync def g(orders):\n    tasks = set()\n    for each in orders:\n"
        f"        {added}\n        if len(tasks) >= MOST:\n            break\n"
    )
    assert bool(found(text)) is many


#: What each of many coroutines does, and whether many at once are a load.
LOADS = [
    ("async def work(x): return x + 1", False),
    ("async def work(x): return await add(x)\nasync def add(x): return x + 1", False),
    ("async def work(x): return await fetch(x)", True),
    ("async def work(x): return await asyncio.to_thread(fetch, x)", False),
    ("async def work(x): return [each async for each in fetch(x)]", True),
    ("async def work(x): return [each for each in x]", False),
    ("async def work(x):\n    async with open(x) as f: return f", True),
    ("async def work(x): return await x", True),
    ("def work(x): return client.get(x)", True),
    ("from other import pure as work", False),
    ("from other import asking as work", True),
    ("from other import pooled as work", False),
    ("from other import limited as work", False),
    ("from other import streaming as work", True),
    ("from other import plain as work", True),
    ("from other import broken as work", True),
    ("from elsewhere import work", True),
]
OTHER = """
async def pure(x):
    return x + 1

async def asking(x):
    return await fetch(x)

async def pooled(x):
    return await loop.run_in_executor(None, fetch, x)

async def limited(x):
    async with open_limiter:
        return await fetch(x)

async def streaming(x):
    async for each in fetch(x):
        return each

def plain(x):
    return fetch(x)

async def broken(x):
    return (
"""


@pytest.mark.parametrize(("work", "many"), LOADS)
@pytest.mark.parametrize("start", ["work(x)", "asyncio.create_task(work(x))"])
def test_what_waits_for_nothing_outside_is_no_load(tmp_path: Path, work: str, many: bool, start: str) -> None:
    (tmp_path / ".git").mkdir()
    text = f"import asyncio\n{work}\nasync def f(xs):\n    await asyncio.gather(*[{start} for x in xs])\n"
    (tmp_path / "other.py").write_text(OTHER, encoding="utf-8")
    assert bool(unbounded(in_project(text, tmp_path))) is many


def in_project(text: str, folder: Path) -> SourceFile:
    (folder / "work.py").write_text(text, encoding="utf-8")
    return SourceFile(ast.parse(text), str(folder / "work.py"), text.splitlines(True), Settings())


@pytest.mark.parametrize(
    ("call", "many"),
    [
        ("api.names()", False),
        ("await api.names()", True),
        ("query.all()", True),
        ("names()\ndef names(): return rows.fetchall()", True),
        ("names()\ndef names(): return settings.names", False),
        ("names()\ndef names(): return", False),
    ],
)
def test_which_calls_give_many(call: str, many: bool) -> None:
    given, _, below = call.partition("\n")
    gathers = "await asyncio.gather(*[fetch(x) for x in xs])"
    assert bool(found(f"async def f():\n    xs = {given}\n    {gathers}\n{below}\n")) is many


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("try:\n        await go()\n    except Stop:\n        await asyncio.gather(*[end(x) for x in xs])", False),
        ("try:\n        await go()\n    finally:\n        await asyncio.gather(*[end(x) for x in xs])", False),
        ("try:\n        await asyncio.gather(*[end(x) for x in xs])\n    finally:\n        await go()", True),
        ("for x in xs:\n        if x not in begun: asyncio.create_task(end(x))", False),
        ("for x in xs:\n        if x.is_due: asyncio.create_task(end(x))", True),
    ],
)
def test_what_clears_up_or_begins_once_is_no_crowd(text: str, many: bool) -> None:
    assert bool(found(f"async def f(xs):\n    {text}\n")) is many


@pytest.mark.parametrize(
    ("caller", "many"),
    [
        ("from work import f\nasync def lifespan(app):\n    await f(1)\n", False),
        ("from work import f\nasync def visit():\n    await f(1)\n", True),
        ("", True),
    ],
)
def test_what_only_the_start_calls_is_no_crowd(tmp_path: Path, caller: str, many: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.py").write_text(caller, encoding="utf-8")
    text = "import asyncio\nasync def f(xs):\n    await asyncio.gather(*[fetch(x) for x in xs])\n"
    assert bool(unbounded(in_project(text, tmp_path))) is many


EVENTS = """
from watchdog.events import FileSystemEventHandler

class Inbox(FileSystemEventHandler):
    def on_created(self, event):
        {0}

    async def work(self, path):
        await post(path)
"""


@pytest.mark.parametrize(
    ("start", "many"),
    [
        ("threading.Thread(target=self.work, args=(event.src_path,)).start()", True),
        # The thread of the observer has no loop: this fails, and starts nothing.
        ("asyncio.create_task(self.work(event.src_path))", False),
    ],
)
def test_work_for_each_event(start: str, many: bool) -> None:
    assert bool(found(EVENTS.format(start))) is many


@pytest.mark.parametrize(
    ("send", "many"),
    [
        ("ws.send_json(1)", False),
        ("asyncio.create_task(ws.send_text('a'))", False),
        ("tell(ws)", False),
        ("post(ws)", True),
    ],
)
def test_messages_over_connections_of_the_process(send: str, many: bool) -> None:
    text = f"""
        async def tell(ws):
            await ws.send_json({{}})

        async def post(ws):
            await ws.send_json({{}})
            await api.post(ws)

        async def f(sockets):
            begun = []
            for ws in sockets:
                begun.append({send})
            await asyncio.gather(*begun)
    """
    assert bool(found(text)) is many


@pytest.mark.parametrize(
    ("made", "many"), [("repeated_call(x, 60)", False), ("poll(x)", False), ("fetch(x)", True), ("self.x", True)]
)
def test_what_goes_on_for_ever_is_none_of_a_crowd(made: str, many: bool) -> None:
    text = f"""
        async def begin(self, feeds):
            for x in feeds:
                job = {made}
                self.running.append(asyncio.create_task(job))
        """
    assert bool(found(text)) is many
