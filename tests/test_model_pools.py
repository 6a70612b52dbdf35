"""Leases, database addresses and Django's settings: what the file shows of them, and what it does not."""

from __future__ import annotations

import pytest
from support import analyse, model

from flake8_scalability.model.pooling import databases, leases, settings_files
from flake8_scalability.model.pooling.databases import Kind

POOL = (
    "from psycopg2.pool import ThreadedConnectionPool\npool = ThreadedConnectionPool(1, 9, dsn=D, connect_timeout=1)\n"
)
SESSION = "from shop.db import SessionLocal\n"
LOCK = "import threading\nlock = threading.Lock()\n"

LEAKING = [
    ("given back where nothing failed", POOL + "def f():\n c = pool.getconn()\n g(c)\n pool.putconn(c)"),
    ("never given back", SESSION + "def f():\n s = SessionLocal()\n s.add(x)\n s.commit()"),
    ("closed behind the work", SESSION + "def f():\n s = SessionLocal()\n s.add(x)\n s.close()"),
    ("closed behind a yield", SESSION + "def f():\n s = SessionLocal()\n yield s\n s.close()"),
    ("annotated", SESSION + "def f():\n s: Session = SessionLocal()\n s.add(x)\n s.close()"),
    ("awaited", "import asyncpg\nasync def f():\n p = await asyncpg.create_pool(D)\n c = await p.acquire()\n"
     " await c.fetch(Q)\n await p.release(c)"),
    ("a local factory", "from sqlalchemy.orm import sessionmaker\nS = sessionmaker(bind=e)\ndef f():\n s = S()\n"
     " s.add(x)\n s.close()"),
    ("a lock", LOCK + "def f():\n lock.acquire(timeout=1)\n g()\n lock.release()"),
    ("work between taking and trying", POOL + "def f():\n c = pool.getconn()\n try:\n  g(c)\n except E:\n  log()\n"
     " pool.putconn(c)"),
]  # fmt: skip

SAFE = [
    ("a finally", POOL + "def f():\n c = pool.getconn()\n try:\n  g(c)\n finally:\n  pool.putconn(c)"),
    ("a with", SESSION + "def f():\n with SessionLocal() as s:\n  s.add(x)"),
    ("a with later on", SESSION + "def f():\n s = SessionLocal()\n with s:\n  s.add(x)"),
    ("closing", SESSION + "from contextlib import closing\ndef f():\n s = SessionLocal()\n with closing(s):\n  g()"),
    ("an exit stack", SESSION + "def f(stack):\n s = SessionLocal()\n stack.enter_context(s)\n s.add(x)"),
    ("returned", SESSION + "def f():\n s = SessionLocal()\n return s"),
    ("returned in a pair", SESSION + "def f():\n s = SessionLocal()\n return s, 1"),
    ("kept", SESSION + "class A:\n def f(self):\n  s = SessionLocal()\n  self.s = s"),
    ("kept at once", SESSION + "class A:\n def f(self):\n  self.s = SessionLocal()"),
    ("a global", SESSION + "def f():\n global s\n s = SessionLocal()\n s.add(x)"),
    ("handed to an object", SESSION + "def f():\n s = SessionLocal()\n return Repository(s).all()"),
    ("handed to a function, and never closed", SESSION + "def f():\n s = SessionLocal()\n return g(s)"),
    ("handed on by keyword", SESSION + "def f():\n s = SessionLocal()\n return g(db=s)"),
    ("closed in an except too", SESSION + "def f():\n s = SessionLocal()\n try:\n  s.add(x)\n  s.close()\n except E:\n"
     "  s.close()"),
    ("closed at once", SESSION + "def f():\n s = SessionLocal()\n s.close()"),
    ("at module level", SESSION + "s = SessionLocal()\ns.add(x)"),
    ("a part of a larger expression", SESSION + "def f():\n n = SessionLocal().query(A)"),
    ("two targets", SESSION + "def f():\n a = b = SessionLocal()\n a.add(x)"),
    ("a factory of another name", "from shop.db import make\ndef f():\n s = make()\n s.add(x)\n s.close()"),
    ("a local function of that name", "def SessionLocal(): return x\ndef f():\n s = SessionLocal()\n s.add(x)"),
    ("on a connection that is held", "import sqlmodel\ndef f(conn):\n s = sqlmodel.Session(conn)\n s.add(x)"),
    ("a lock in a condition", LOCK + "def f():\n if lock.acquire(False):\n  g()\n  lock.release()"),
    ("a lock that somebody else releases", LOCK + "def f():\n lock.acquire(timeout=1)\n g()"),
    ("a lock without work", LOCK + "def f():\n lock.acquire(timeout=1)\n lock.release()"),
]  # fmt: skip


def leaking(source: str) -> list[bool]:
    return [leases.leaks(taken) for taken in leases.taken_in(model(source))]


@pytest.mark.parametrize(("why", "source"), LEAKING, ids=[why for why, _ in LEAKING])
def test_an_exception_keeps_it_from_its_pool(why: str, source: str) -> None:
    assert any(leaking(source))


@pytest.mark.parametrize(("why", "source"), SAFE, ids=[why for why, _ in SAFE])
def test_it_comes_back_or_somebody_else_has_it(why: str, source: str) -> None:
    assert not any(leaking(source))


ENGINE = "from sqlalchemy import create_engine\ne = create_engine(D)\ndef g():\n with e.connect() as c:\n  return c\n"


@pytest.mark.parametrize(
    ("why", "source", "count"),
    [
        ("a function that takes one while one is held", ENGINE + "def f():\n with e.connect() as c:\n  g()", 1),
        ("one after the other", ENGINE + "def f():\n with e.connect() as c:\n  h()\n g()", 0),
        ("another pool", ENGINE + "o = create_engine(D)\ndef f():\n with o.connect() as c:\n  g()", 0),
        ("a function that is handed on", ENGINE + "def f():\n with e.connect() as c:\n  h(g)", 0),
        ("itself", ENGINE + "def f():\n with e.connect() as c:\n  f()", 0),
        ("not in the head of a with", ENGINE + "def f():\n c = e.connect()\n g()\n return c", 0),
    ],
)
def test_second_takes(why: str, source: str, count: int) -> None:
    source_file = model(source)
    assert len(list(leases.second_takes(source_file, list(leases.taken_in(source_file))))) == count


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("'postgresql://db/shop'", Kind.SERVER),
        ("'mysql+pymysql://db/shop'", Kind.SERVER),
        ("f'postgresql://{user}@db/shop'", Kind.SERVER),
        ("os.environ['DATABASE_URL']", Kind.SERVER),
        ("os.environ.get('URL', 'sqlite:///a.db')", Kind.EMBEDDED),
        ("'sqlite://'", Kind.EMBEDDED),
        ("LOCAL", Kind.EMBEDDED),
        ("'postgresql://pgbouncer:6432/shop'", Kind.POOLER),
        ("'postgresql://db:6432/shop'", Kind.POOLER),
    ],
)
def test_kinds_of_addresses(address: str, kind: Kind) -> None:
    local = "LOCAL = 'sqlite:///local.db'\n" if "LOCAL" in address else ""
    source = model(f"{local}url = {address}\n")
    value = source.module.bindings["url"][0].value
    assert databases.kind_of(value, source.module, source) is kind


def test_an_address_from_elsewhere_is_unknown_where_the_file_speaks_of_an_embedded_one() -> None:
    source = model("url = settings.url\nif url.startswith('sqlite'):\n    pass\n")
    assert databases.kind_of(source.module.bindings["url"][0].value, source.module, source) is Kind.UNKNOWN
    assert databases.kind_of(None, source.module, source) is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("source", "path", "names"),
    [
        ("DATABASES = {'default': {}, 'other': {}}", "settings.py", ["default", "other"]),
        ("DATABASES: dict = {'default': {}}", "settings.py", ["default"]),
        ("DATABASES['default'] = x", "app/settings/production.py", ["default"]),
        ("if x:\n    DATABASES = {'default': {}}", "settings.py", ["default"]),
        ("class Base:\n    DATABASES = {'default': {}}", "settings.py", ["default"]),
        ("DATABASES = {name: {}}", "settings.py", []),
        ("DATABASES = load()", "settings.py", []),
        ("DATABASES[name] = x", "settings.py", []),
        ("CACHES = {'default': {}}", "settings.py", []),
        ("def f():\n    DATABASES = {'default': {}}", "settings.py", []),
        ("DATABASES = {'default': {}}", "settings/test.py", []),
        ("DATABASES = {'default': {}}", "settings_local.py", []),
        ("DATABASES = {'default': {}}", "settings/dev.py", []),
        ("DATABASES = {'default': {}}", "configuration_testing.py", []),
    ],
)
def test_entries_of_djangos_databases(source: str, path: str, names: list[str]) -> None:
    assert [entry.name for entry in settings_files.database_entries(model(source, path))] == names


@pytest.mark.parametrize(
    ("statement", "later"),
    [
        ("DATABASES['default']['CONN_MAX_AGE'] = 60", True),
        ("DATABASES['default']['OPTIONS']['CONN_MAX_AGE'] = 60", True),
        ("DATABASES['default']['HOST'] = 'db'", False),
        ("CACHES['default']['CONN_MAX_AGE'] = 60", False),
        ("CONN_MAX_AGE = 60", False),
        ("x.DATABASES['CONN_MAX_AGE'] = 60", False),
    ],
)
def test_keys_that_are_set_later(statement: str, later: bool) -> None:
    assert settings_files.set_later(model(statement), "CONN_MAX_AGE") is later


@pytest.mark.parametrize(
    ("why", "source"),
    [
        (
            "negative bound",
            "import sqlalchemy\nsqlalchemy.create_engine(URL, pool_recycle=9, max_overflow=-1)",
        ),
        ("no bound", "import httpx\nlimits = httpx.Limits(max_connections=None)"),
        (
            "from the parser, by position",
            "import dj_database_url\nDATABASES = {'a': dj_database_url.parse(URL, 0)}",
        ),
    ],
)
def test_pooling_is_off(why: str, source: str) -> None:
    assert [code for _, code in analyse(source)] == ["SCL106"]


@pytest.mark.parametrize(
    ("why", "source"),
    [
        ("False is not the number 0", "import aiohttp\naiohttp.TCPConnector(limit=False)"),
        ("a name of unknown value", "import aiohttp\naiohttp.TCPConnector(limit=LIMIT)"),
        ("unknown keywords", "import aiohttp\naiohttp.TCPConnector(**options)"),
        ("the options of a pool from elsewhere", "DATABASES = {'a': {'ENGINE': 'x.mysql', 'OPTIONS': OPTIONS}}"),
        ("an age from elsewhere", "DATABASES = {'a': {'ENGINE': 'mysql', 'CONN_MAX_AGE': A, 'CONN_HEALTH_CHECKS': B}}"),
        ("an unknown engine", "DATABASES = {'a': {'ENGINE': ENGINE}}"),
        ("another parser", "import env\nDATABASES = {'a': env.db()}"),
        ("a header of another value", "import requests\nrequests.get(u, timeout=1, headers={'Connection': 'upgrade'})"),
        ("a header of unknown value", "import requests\nrequests.get(u, timeout=1, headers={'Connection': c})"),
    ],
)  # fmt: skip
def test_pooling_may_be_on(why: str, source: str) -> None:
    assert [code for _, code in analyse(source, "settings.py")] == []
