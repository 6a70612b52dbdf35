"""Transactions and sessions: where they are held, and what is done meanwhile."""

from __future__ import annotations

import ast

import pytest

from flake8_scalability.model.database.held_work import held_work
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

HEAD = """
import time, requests, aiohttp, sqlite3
from django.db import transaction
from sqlalchemy.orm import Session
from .app import SessionLocal, engine, pool, get_user, save_user
from .tasks import index
"""


def held(body: str, signature: str = "def f(session: Session, job):") -> list[int]:
    """Return the lines of a function's body, from 1, on which something is done while the database waits."""
    lines = (HEAD + signature + "\n" + "\n".join("    " + line for line in body.splitlines())).splitlines(True)
    source = SourceFile(ast.parse("".join(lines)), "service.py", lines, Settings(no_project=True))
    start = HEAD.count("\n") + 1
    return sorted(work.at.node.lineno - start for work in held_work(source))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("with transaction.atomic():\n    time.sleep(1)", [2]),
        ("with transaction.atomic():\n    seen.add(job)\n    index.delay(job)", []),
        ("with transaction.atomic():\n    job.tags.add(1)\n    index.delay(job)", [3]),
        ("with transaction.atomic():\n    set(job)\n    index.delay(job)", []),
        ("with session.begin():\n    session.add(job)\n    session.flush()\n    index.delay(job)", [4]),
        ("with transaction.atomic():\n    pass\ntime.sleep(1)", []),
        ("with engine.begin():\n    requests.get('u')", [2]),
        ("with engine.connect():\n    requests.get('u')", [2]),
        ("with pool.acquire():\n    requests.get('u')", [2]),
        ("with broker.acquire():\n    requests.get('u')", []),
        ("with sqlite3.connect('x') as conn:\n    conn.execute('SELECT 1')\n    requests.get('u')", []),
        ("with requests.Session() as session:\n    session.get('u', x)\n    requests.get('u')", []),
        # sessions begin with their first statement
        ("with SessionLocal() as s:\n    requests.get('u')\n    s.execute(q)", []),
        ("with SessionLocal() as s:\n    s.execute(q)\n    requests.get('u')", [3]),
        ("with SessionLocal() as s:\n    s.execute(q)\n    s.commit()\n    requests.get('u')", []),
        ("with SessionLocal() as s:\n    s.add(q)\n    requests.get('u')", []),
        ("with SessionLocal.begin() as s:\n    s.execute(q)\n    requests.get('u')", [3]),
        ("session.execute(q)\nrequests.get('u')", [2]),
        ("if not job:\n    session.execute(q)\n    session.rollback()\n    return\nrequests.get('u')", []),
        ("session.execute(q)\nif not job:\n    session.rollback()\n    return\nrequests.get('u')", [5]),
        ("get_user(session, 1)\nrequests.get('u')", [2]),
        ("save_user(session, 1)\nrequests.get('u')", []),
        ("load_mail_config(session)\nrequests.get('u')", []),
        ("save_user(session, 1)\nsession.execute(q)\nrequests.get('u')", [3]),
        # tasks
        ("with transaction.atomic():\n    job.save()\n    index.delay(job.pk)", [3]),
        ("with transaction.atomic():\n    index.delay(job.pk)\n    job.save()", []),
        ("with transaction.atomic():\n    job.save()\n    transaction.on_commit(lambda: index.delay(1))", []),
        ("with transaction.atomic():\n    job.save()\n    index.apply_async(args=[1], countdown=9)", []),
        ("with transaction.atomic():\n    job.save()\n    index.apply_async(kwargs={'a': 1})", [3]),
        ("with transaction.atomic():\n    job.save()\n    index.delay(kwargs={'a': 1})", []),
        ("with pool.acquire():\n    job.save()\n    index.delay(1)", []),
        ("with SessionLocal() as s:\n    s.execute(q)\n    job.state = 1\n    index.delay(1)", [4]),
        ("with SessionLocal() as s:\n    s.execute(q)\n    job.notes['a'] += 1\n    index.delay(1)", [4]),
        ("with SessionLocal() as s:\n    s.execute(q)\n    self.state = 1\n    index.delay(1)", []),
        ("with SessionLocal() as s:\n    s.execute('DELETE FROM jobs')\n    index.delay(1)", [3]),
        # what runs elsewhere, or later
        ("with transaction.atomic():\n    def later():\n        requests.get('u')", []),
        ("with transaction.atomic():\n    job.call(lambda: requests.get('u'))", []),
        ("with transaction.atomic():\n    def now():\n        requests.get('u')\n    now()", [4]),
        ("with transaction.atomic():\n    time.sleep(0)", []),
    ],
)
def test_work_in_a_stretch(body: str, expected: list[int]) -> None:
    assert held(body) == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("@transaction.atomic", [1]),
        ("@transaction.atomic(durable=True)", [1]),
        ("@method_decorator(transaction.atomic)", [1]),
        ("@atomic_write", []),
        ("@cache.atomic", []),
    ],
)
def test_decorators(decorator: str, expected: list[int]) -> None:
    lines = held("requests.get('u')", f"{decorator}\ndef f(job):")
    assert [line - 1 for line in lines] == expected


def test_sockets_wait_with_a_session() -> None:
    body = "await session.execute(q)\nwhile True:\n    text = await ws.receive_text()"
    assert held(body, "async def f(ws, session: Session):") == [3]
    assert held(body.replace("execute(q)", "add(q)"), "async def f(ws, session: Session):") == []
