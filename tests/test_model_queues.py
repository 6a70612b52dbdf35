"""Queues: who fills them, who drains them, and what bounds them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.limits.queues import is_work_queue, unbounded_lists, unbounded_queues
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

HEAD = "import asyncio, math, queue, multiprocessing, anyio\nfrom collections import deque\n\n"
USES = "\ndef fill(x):\n    {0}.put(x)\n\ndef drain():\n    while True:\n        work({0}.get())\n"


def queues(text: str) -> list[tuple[str, str]]:
    return [(each.name, each.producer) for each in unbounded_queues(model(HEAD + textwrap.dedent(text)))]


UNBOUNDED = [
    "queue.Queue()",
    "queue.Queue(0)",
    "queue.Queue(maxsize=-1)",
    "queue.PriorityQueue()",
    "queue.SimpleQueue()",
    "asyncio.Queue()",
    "multiprocessing.Queue()",
]
BOUNDED = [
    "queue.Queue(100)",
    "queue.Queue(maxsize=SIZE)",
    "queue.Queue(**options)",
    "asyncio.Queue(maxsize=settings.size)",
    "Queue(own=True)",
    "anyio.create_memory_object_stream(10)",
]


@pytest.mark.parametrize("made", UNBOUNDED)
def test_unbounded(made: str) -> None:
    assert queues(f"jobs = {made}" + USES.format("jobs")) == [("jobs", "fill")]


@pytest.mark.parametrize("made", BOUNDED)
def test_bounded(made: str) -> None:
    assert queues(f"jobs = {made}" + USES.format("jobs")) == []


@pytest.mark.parametrize(
    "name", ["responses", "result_queue", "free", "connection_pool", "log_queue", "stop", "stdout"]
)
def test_bounded_by_use(name: str) -> None:
    assert queues(f"{name} = queue.Queue()" + USES.format(name)) == []


MANY = """
class Lanes:
    def add(self, lane, item):
        {made}
        self.lanes[lane].put(item)
    def end(self, lane):
        self.lanes[lane].put({end})
    def work(self, lane):
        while True: do(self.lanes[lane].get())
"""
MISSING = "if lane not in self.lanes: self.lanes[lane] = queue.Queue()"


@pytest.mark.parametrize("end", ["None", "STOP", "Stop()", "self._sentinel", "StopEvent()", "end_of_stream"])
def test_one_of_many_names_who_fills_it_and_no_signal(end: str) -> None:
    (found,) = unbounded_queues(model(HEAD + MANY.format(made=MISSING, end=end)))
    assert (found.name, found.producer, found.is_one_of_many) == ("lanes", "Lanes.add", True)


@pytest.mark.parametrize("end", ["Stop(lane)", "item", "stopped.order()"])
def test_what_carries_something_is_no_signal(end: str) -> None:
    (found,) = unbounded_queues(model(HEAD + MANY.format(made="self.lanes[lane] = queue.Queue()", end=end)))
    assert found.producer == "Lanes.end"


@pytest.mark.parametrize(("taking", "found"), [("return", 0), ("while True: send", 1)])
def test_a_queue_of_a_key_from_which_its_maker_takes_one_item_is_an_answer(taking: str, found: int) -> None:
    text = f"""
    asked = {{}}
    async def ask(key):
        asked[key] = asyncio.Queue()
        {taking}(await asked[key].get())
    def on_event(event):
        asked[event.key].put_nowait(event)
    """
    assert len(queues(text)) == found


def test_a_queue_made_anew_in_each_call_is_filled_by_others_or_nobody() -> None:
    assert queues(MANY.format(made="self.lanes[lane] = queue.Queue()", end="None")) == []


SILENT = [
    ("jobs = queue.Queue()\ndef fill(x):\n    jobs.put(None)\ndef drain():\n    jobs.get()", "only a signal"),
    ("jobs = queue.Queue()\ndef drain():\n    jobs.get()", "nobody fills it"),
    (
        "def f(xs):\n    q = queue.Queue()\n    for x in xs: q.put(x)\n    while not q.empty(): q.get()",
        "in one function",
    ),
    (
        "jobs = queue.Queue()\ndef fill(x):\n    if jobs.full(): raise Full\n    jobs.put(x)\n"
        "def drain():\n    jobs.get()",
        "measured",
    ),
    (
        "jobs = queue.Queue()\ndef call(x):\n    done = Event()\n    jobs.put((x, done))\n    done.wait()\n"
        "def work():\n    jobs.get()",
        "every caller waits for its answer",
    ),
    (
        "class A:\n    def __init__(self):\n        self.q = asyncio.Queue()\n"
        "    def feed(self, x):\n        self.q.put_nowait(x)\n"
        "    async def stream(self):\n        yield await self.q.get()",
        "one stream, read by one",
    ),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=why) for text, why in SILENT])
def test_needs_no_bound(text: str) -> None:
    assert queues(text) == []


def test_a_queue_that_the_start_hands_to_both_sides() -> None:
    text = """
        async def feed(inbox):
            async for event in source():
                await inbox.put(event)

        async def work(items):
            while True:
                handle(await items.get())

        async def main():
            {made}
            await asyncio.gather(feed(events), work(events))
        """
    assert queues(text.format(made="events = asyncio.Queue()")) == [("events", "feed")]
    assert queues(text.format(made="events = asyncio.Queue(50)")) == []


COLLECTIONS = [
    (
        "queues = {}\ndef make(user):\n    queues[user] = queue.Queue()\n"
        "def fill(user, x):\n    queues[user].put(x)\ndef drain(user):\n    queues[user].get()",
        [("queues", "fill")],
    ),
    (
        "queues = {}\ndef make(user):\n    queues[user] = queue.Queue()\n"
        "def fill(x):\n    for each in queues.values():\n        each.put(x)\ndef drain(user):\n    queues[user].get()",
        [("queues", "fill")],
    ),
    (
        "queues = {}\ndef make(user):\n    queues[user] = queue.Queue()\n"
        "def fill(user, x):\n    inbox = queues.get(user)\n    inbox.put(x)\ndef drain(user):\n    queues[user].get()",
        [("queues", "fill")],
    ),
    (
        "queues = {}\ndef make(user):\n    queues[user] = queue.Queue()\n"
        "def fill(user, x):\n    inbox = queues[user]\n    inbox.put(x)\ndef drain(user):\n    queues[user].get()",
        [("queues", "fill")],
    ),
    (
        "queues = {}\ndef make(user):\n    queues[user] = queue.Queue()\n"
        "def fill(user, x):\n    inbox = other.get(user)\n    inbox.put(x)\ndef drain(user):\n    queues[user].get()",
        [],
    ),
    (
        "def start():\n    global jobs\n    jobs = queue.Queue()\n"
        "def fill(x):\n    jobs.put(x)\ndef drain():\n    jobs.get()",
        [("jobs", "fill")],
    ),
    (
        "a, b = queue.Queue(), 1\ndef fill(x):\n    a.put(x)\ndef drain():\n    a.get()",
        [("a", "fill")],
    ),
    (
        "hub = Hub(inbox=queue.Queue())\ndef fill(x):\n    hub.inbox.put(x)\ndef drain():\n    hub.inbox.get()",
        [("hub", "fill")],
    ),
    ("start(queue.Queue())\ndef fill(x):\n    q.put(x)\ndef drain():\n    q.get()", []),
    (
        "jobs = queue.Queue()\ndef fill(x):\n    jobs.put(x)\n    jobs.get()\ndef drain():\n    jobs.get()",
        [],
    ),
    ("jobs = queue.Queue()\ndef fill(x):\n    jobs.put(STOP)\ndef drain():\n    jobs.get()", []),
    ("jobs = queue.Queue()\ndef fill(x):\n    jobs.put()\ndef drain():\n    jobs.get()", []),
    (
        "jobs = queue.Queue()\ndef fill(x):\n    if jobs.qsize() > 9: return\n    jobs.put(x)\n"
        "def drain():\n    jobs.get()",
        [],
    ),
    (
        "jobs = queue.Queue()\ndef fill(x):\n    if other.qsize() > 9: return\n    jobs.put(x)\n"
        "def drain():\n    jobs.get()",
        [("jobs", "fill")],
    ),
    (
        "jobs = asyncio.Queue(math.inf)\ndef fill(x):\n    jobs.put_nowait(x)\n"
        "async def drain():\n    await jobs.get()",
        [("jobs", "fill")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), COLLECTIONS)
def test_where_a_queue_is_kept(text: str, expected: list[tuple[str, str]]) -> None:
    assert queues(text) == expected


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ("Thread(target=feed, args=(events,)).start()\n    work(events)", [("events", "feed")]),
        ("Thread(target=feed, args=[events]).start()\n    work(items=events)", [("events", "feed")]),
        ("feed(inbox=events)\n    work(events)", [("events", "feed")]),
        ("feed(other)\n    work(events)", []),
        ("feed(events)", []),
    ],
)
def test_how_a_queue_is_handed_on(started: str, expected: list[tuple[str, str]]) -> None:
    text = (
        "from threading import Thread\ndef feed(inbox):\n    while True:\n        inbox.put(read())\n"
        "def work(items):\n    while True:\n        handle(items.get())\n"
        f"def main():\n    events = queue.Queue()\n    {started}\n"
    )
    assert queues(text) == expected


def lists(text: str) -> list[str]:
    return [state.name for state, _ in unbounded_lists(model(HEAD + textwrap.dedent(text)))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("work_queue = []\ndef add(x): work_queue.append(x)", ["work_queue"]),
        ("things = []\ndef add(x): things.append(x)\ndef take(): return things.pop(0)", ["things"]),
        ("things = deque()\ndef add(x): things.append(x)\ndef take(): return things.popleft()", ["things"]),
        ("things = []\ndef add(x): things.append(x)\ndef take(): return things.pop()", []),
        ("things = []\ndef add(x): things.append(x)", []),
        ("things = deque(maxlen=5)\ndef add(x): things.append(x)\ndef take(): return things.popleft()", []),
        ("work_queue = []\ndef add(x):\n    if len(work_queue) > 9: raise Full\n    work_queue.append(x)", []),
        ("work_queue = [1, 2]\ndef take(): return work_queue.pop(0)", []),
        ("queues = {}\ndef add(k, x): queues[k] = x", []),
        ("work_queue = deque(maxlen=SIZE)\ndef add(x): work_queue.append(x)", []),
        ("work_queue = deque([], 5)\ndef add(x): work_queue.append(x)", []),
        ("work_queue = deque(**options)\ndef add(x): work_queue.append(x)", []),
        (
            "seen = deque()\ndef add(x):\n    if x not in store.known: seen.append(x)\n"
            "def take(): return seen.popleft()",
            [],
        ),
        ("seen = deque()\ndef add(x): seen.append(x)\ndef take():\n    x = seen.popleft()\n    add(x)", []),
        (
            "class A:\n    queue = []\n    def __init__(self, max_size): pass\n    def add(self, x): A.queue.append(x)",
            [],
        ),
        (
            "class A:\n    queue = []\n    def __init__(self): pass\n    def add(self, x): A.queue.append(x)\n"
            "    def take(self): return A.queue.pop(0)",
            ["A.queue"],
        ),
        (
            "queue = []\ndef add(x): queue.append(x)\ndef flush():\n    global queue\n    send(queue)\n    queue = []",
            [],
        ),
        ("def f(xs):\n    queue = []\n    queue.append(1)\n    return queue.pop(0)", []),
        (
            "seen = deque()\ndef add(x):\n    seen.append(x)\n    forget()\n"
            "def forget():\n    while seen and seen[0].at < since():\n        seen.popleft()",
            [],
        ),
        (
            "seen = deque()\ndef add(x): seen.append(x)\ndef work():\n    while True:\n        do(seen.popleft())",
            ["seen"],
        ),
    ],
)
def test_lists(text: str, names: list[str]) -> None:
    assert lists(text) == names


@pytest.mark.parametrize(("take", "names"), [("", []), ("def take(): return work_queue.pop(0)\n", ["work_queue"])])
def test_in_a_project_the_name_of_a_list_is_not_enough(tmp_path: Path, take: str, names: list[str]) -> None:
    (tmp_path / ".git").mkdir()
    bare = model("work_queue = []\ndef add(x): work_queue.append(x)\n" + take)
    source = SourceFile(bare.tree, str(tmp_path / "orders.py"), bare.lines, Settings())
    assert [state.name for state, _ in unbounded_lists(source)] == names


def test_what_is_a_work_queue() -> None:
    source = model("backlog = []\nnotes = []\ndef f(x):\n    backlog.append(x)\n    notes.append(x)")
    assert [is_work_queue(state) for state in source.shared_state.all] == [True, False]


def test_a_queue_that_is_made_anew_is_the_same() -> None:
    text = """
        class Line:
            def __init__(self):
                self.waiting = queue.Queue()

            def reset(self):
                self.waiting = queue.Queue()

            def add(self, order):
                self.waiting.put(order)

            def drain(self):
                while True:
                    work(self.waiting.get())
    """
    assert queues(text) == [("waiting", "Line.add")]


LINE = """
import queue
from threading import Thread

class Line{base}:
    def __init__(self):
        self.waiting = queue.Queue()
        {start}

    def add(self, order):
        {add}

    def _drain(self):
        while True:
            work(self.waiting.get())
            {then}

    def poll(self):
        return self.waiting.get{polls}
"""


@pytest.mark.parametrize(
    ("parts", "other", "found"),
    [
        ({}, "", 0),
        ({}, "line = Line()", 1),
        ({}, "def visit(): Line()", 0),
        ({"base": "(Thread)"}, "", 1),
        ({"start": "Thread(target=self._drain).start()"}, "", 1),
        ({"add": "self.waiting.put(order); Thread(target=self._drain).start()"}, "", 0),
        ({"then": "self.add(1)"}, "line = Line()", 0),
        ({"add": "if order in self.known: return\n        self.waiting.put(order)"}, "line = Line()", 0),
        ({"add": "self.waiting.put(order); self.kept.append(order)"}, "line = Line()", 0),
        ({"add": "self.waiting.put(order); self.kept[order.id] = order"}, "line = Line()", 0),
        ({"add": "if order.kind in ('a', 'b'): self.waiting.put(order)"}, "line = Line()", 1),
        ({"add": "self.waiting.put((None, 0))"}, "line = Line()", 0),
    ],
)
def test_a_queue_of_objects_that_last(tmp_path: Path, parts: dict[str, str], other: str, found: int) -> None:
    (tmp_path / ".git").mkdir()
    defaults = {"base": "", "start": "pass", "add": "self.waiting.put(order)", "then": "pass", "polls": "_nowait()"}
    text = LINE.format(**{**defaults, **parts})
    (tmp_path / "lines.py").write_text(text, encoding="utf-8")
    (tmp_path / "other.py").write_text("from lines import Line\n" + other, encoding="utf-8")
    bare = model(text)
    source = SourceFile(bare.tree, str(tmp_path / "lines.py"), bare.lines, Settings())
    assert len(list(unbounded_queues(source))) == found


@pytest.mark.parametrize(
    ("taking", "found"),
    [("get()", 1), ("get(timeout=5)", 1), ("get_nowait()", 0), ("get(False)", 0), ("get(block=False)", 0)],
)
def test_who_only_looks_whether_there_is_something_is_no_consumer(taking: str, found: int) -> None:
    text = f"jobs = queue.Queue()\ndef fill(x):\n    jobs.put(x)\ndef drain():\n    return jobs.{taking}"
    assert len(queues(text)) == found


@pytest.mark.parametrize(("caller", "names"), [("lines.fill(1)", ["jobs"]), ("lines.drain", [])])
def test_a_queue_that_nobody_fills(tmp_path: Path, caller: str, names: list[str]) -> None:
    (tmp_path / ".git").mkdir()
    text = "import queue\njobs = queue.Queue()" + USES.format("jobs")
    server = f"from fastapi import FastAPI\nimport lines\napp = FastAPI()\n{caller}\n"
    (tmp_path / "lines.py").write_text(text, encoding="utf-8")
    (tmp_path / "server.py").write_text(server, encoding="utf-8")
    source = model(text, str(tmp_path / "lines.py"), Settings())
    assert [each.name for each in unbounded_queues(source)] == names


@pytest.mark.parametrize(
    ("consumer", "found"),
    [
        ("Consumer(prefetch_count=9, on_message=lambda each: orders.store.accept(each))", 0),
        ("channel.basic_qos(9)\nchannel.consume(orders.store.accept(each))", 0),
        ("Consumer(on_message=lambda each: orders.store.accept(each))", 1),
        ("Consumer(prefetch_count=9)", 1),
    ],
)
def test_a_broker_gives_no_more_than_is_acknowledged(tmp_path: Path, consumer: str, found: int) -> None:
    (tmp_path / ".git").mkdir()
    text = (
        "import queue\nclass Store:\n    def __init__(self):\n        self.arrived = queue.Queue()\n"
        "    def accept(self, each):\n        self.arrived.put(each)\n"
        "    def run(self):\n        while True:\n            work(self.arrived.get())\nstore = Store()\n"
    )
    (tmp_path / "orders.py").write_text(text)
    (tmp_path / "main.py").write_text(f"import orders\norders.store.run()\norders.store.accept\n{consumer}\n")
    assert len(list(unbounded_queues(model(text, str(tmp_path / "orders.py"), Settings())))) == found
