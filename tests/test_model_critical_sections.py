"""Where a lock of this process is held, and over what."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.scaling import critical_sections, under_lock


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
        "import threading\nlocks = {}\ndef f(key, session):\n    if key not in locks:\n"
        "        locks[key] = threading.Lock()\n"
        "    with locks[key]:\n        session.commit()",
        "import threading\nlocks = {}\ndef f(key, session):\n"
        "    locks.setdefault(key, threading.Lock())\n    with locks[key]:\n"
        "        session.commit()",
        "import threading\nfrom collections import defaultdict\nlocks = defaultdict(threading.Lock)\n"
        "def f(key, session):\n"
        "    with locks[key]:\n        session.commit()",
        "import asyncio\nlocks = {}\nasync def lock_of(key):\n    lock = locks.get(key)\n    if lock is None:\n"
        "        lock = asyncio.Lock()\n        locks[key] = lock\n    return lock\nasync def f(key, session):\n"
        "    async with await lock_of(key):\n        await session.commit()",
        "import asyncio\nfrom .charges import charge\nlock = asyncio.Lock()\nasync def f(card):\n    async with lock:\n"
        "        await charge(card)",
        "import asyncio\nfrom .charges import charge\nlock = asyncio.Lock()\nasync def g(card):\n"
        "    await charge(card)\n"
        "async def f(card):\n    async with lock:\n        await g(card)",
        "import threading\nlock = threading.Lock()\ndef f(key):\n    def inner(session):\n        with lock:\n"
        "            session.commit()\n    return inner",
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
        "import asyncio\ndef f(rows):\n    lock = asyncio.Lock()\n    async def one(session):\n"
        "        async with lock:\n"
        "            await session.commit()\n    return [one(row) for row in rows]",
        "import threading\nlocks = {}\ndef f(key, session):\n    with locks[key]:\n        session.commit()",
        "import asyncio\nclass A:\n    def __init__(self):\n        self.lock = asyncio.Lock()\n"
        "    async def f(self, g):\n"
        "        async with self.lock:\n            await g()",
        "import threading, sqlite3\nlock = threading.Lock()\ndb = sqlite3.connect('a')\ndef f():\n    with lock:\n"
        "        db.execute('a')\n        db.commit()",
        "import threading\nlock = threading.Lock()\nfound: dict = {}\ndef f(key, session):\n"
        "    global found\n    with lock:\n"
        "        if not found:\n            found: dict = session.refresh_from_db()",
        "from .locks import lock\ndef f(session):\n    with lock:\n        session.commit()",
    ],
)
def test_over_nothing_shared(source: str) -> None:
    assert not [work for work in held(source) if work]


CLASS = """
import threading
import requests

class A:
    def __init__(self):
        self.lock = threading.Lock()
        self.rows = {}
"""
READS = """
    def fill(self):
        with self.lock:
            self.rows.update(requests.get("http://rates").json())
"""
SETS_FLAG = """
    def f(self, session):
        with self.lock:
            self.done = True
            session.flush()
"""
KEEPS_ANSWER = """
    def f(self, session):
        with self.lock:
            self.rows[1] = session.commit()
"""
READS_ONLY = """
    def f(self):
        with self.lock:
            return requests.get("http://rates").json()
"""
WRITES = """
    def f(self, session):
        with self.lock:
            session.commit()
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (READS, 0),
        (READS_ONLY, 1),
        (SETS_FLAG, 1),
        (KEEPS_ANSWER, 1),
        (WRITES, 1),
        (WRITES + WRITES, 2),
        (READS + WRITES, 1),
        # A lock that fills more often than it guards is there for what is filled.
        (READS + READS + WRITES, 0),
    ],
)
def test_locks_that_fill_something(body: str, expected: int) -> None:
    found = model(CLASS + body)
    assert len(list(under_lock.worked_under(critical_sections.sections(found), found))) == expected


CONNECTING = """
    def connect(self):
        return requests.get("http://rates")

    def f(self, session):
        with self.lock:
            self.connect()
            {more}
"""
ON_DISK = """
    def f(self, path):
        with self.lock:
            if path.exists():
                {found}
            return requests.get("http://rates").content
"""
RENEWING = """
    def renew(self):
        self.{kept} = requests.post("http://token").text

    def f(self):
        with self.lock:
            if self.token is None:
                self.renew()
            return self.token
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (CONNECTING.format(more="pass"), 0),
        (CONNECTING.format(more="session.commit()"), 1),
        (CONNECTING.replace("self.connect", "other.connect").format(more="session.commit()"), 1),
        (ON_DISK.format(found="return path"), 0),
        (ON_DISK.format(found="print(path)"), 1),
        (RENEWING.format(kept="token"), 0),
        (RENEWING.format(kept="other"), 1),
    ],
)
def test_what_an_object_does_for_itself(body: str, expected: int) -> None:
    found = model(CLASS + body)
    assert len(list(under_lock.worked_under(critical_sections.sections(found), found))) == expected
