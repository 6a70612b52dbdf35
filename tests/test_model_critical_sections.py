"""Where a lock of this process is held, and over what."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model import critical_sections, under_lock


def held(source: str) -> list[str]:
    found = model(textwrap.dedent(source))
    return [under_lock.shared_work(section, found) for section in critical_sections.sections(found)]


@pytest.mark.parametrize(
    "source",
    [
        "import threading\nlock = threading.Lock()\ndef f(session):\n    with lock:\n        session.commit()",
        "import threading\nclass A:\n    lock = threading.RLock()\n    def f(self, session):\n        with self.lock:\n"
        "            session.commit()",
        "import asyncio\nlocks = {}\nasync def f(key, session):\n"
        "    async with locks.setdefault(key, asyncio.Lock()):\n        await session.commit()",
        "from threading import Lock\nlock = Lock()\ndef f(session):\n    lock.acquire()\n"
        "    session.commit()\n    lock.release()",
        "from threading import Lock\nlock = Lock()\ndef g(session):\n    session.commit()\ndef f(session):\n"
        "    with lock:\n        g(session)",
    ],
)
def test_over_shared_work(source: str) -> None:
    assert [work for work in held(source) if work]


@pytest.mark.parametrize(
    "source",
    [
        "import threading\nlock = threading.Lock()\nseen = {}\ndef f(key):\n    with lock:\n        seen[key] = 1",
        "def f(session, lock):\n    with lock:\n        session.commit()",
        "import threading\ndef f(session):\n    lock = threading.Lock()\n    with lock:\n        session.commit()",
        "import threading\nlock = threading.Lock()\ndef f(writer):\n    with lock:\n        writer.flush()",
        "import threading\nlock = threading.Lock()\ndef f(session):\n    with lock:\n"
        "        later = lambda: 1\n    session.commit()",
        "import threading\nlock = threading.Lock()\nrows = None\ndef f(session):\n    global rows\n    with lock:\n"
        "        if rows is None:\n            session.flush()\n            rows = []",
        "import asyncio\nclass A:\n    lock = asyncio.Lock()\n    async def f(self, key, session):\n"
        "        async with self.lock:\n            row = self.rows.get(key)\n            if not row:\n"
        "                await session.commit()\n                self.rows[key] = row = 1",
        "from .locks import lock\ndef f(session):\n    with lock:\n        session.commit()",
    ],
)
def test_over_nothing_shared(source: str) -> None:
    assert not [work for work in held(source) if work]


CLASS = "import threading\nclass A:\n    def __init__(self):\n        self.lock = threading.Lock()\n        self.rows = {}\n"
READS = (
    "    def fill(self, session):\n        with self.lock:\n            self.rows.update(session.refresh_from_db())\n"
)
WRITES = "    def {}(self, session):\n        with self.lock:\n            session.commit()\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (READS.replace("refresh_from_db", "scalars"), 0),
        (
            "    def f(self, session):\n        with self.lock:\n            self.done = True\n            session.flush()\n",
            1,
        ),
        ("    def f(self, session):\n        with self.lock:\n            self.rows[1] = session.commit()\n", 1),
        (WRITES.format("f"), 1),
        (WRITES.format("f") + WRITES.format("g"), 2),
        # A lock that fills twice as often as it guards is there for what is filled.
        ((READS + READS.replace("fill", "again")).replace("refresh_from_db", "scalars") + WRITES.format("f"), 0),
    ],
)
def test_locks_that_fill_something(body: str, expected: int) -> None:
    found = model(CLASS + body)
    assert len(list(under_lock.worked_under(critical_sections.sections(found), found))) == expected
