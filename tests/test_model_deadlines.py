"""Deadlines: which calls nothing in the file bounds.  Where the file does not show it, the answer is no."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.resilience.deadlines import Lack, lack_of_bound, waits_for_ever

SESSION = "import requests\ns = requests.Session()\n"
POOL = "import urllib3\n"

UNBOUNDED = [
    ("no timeout at all", "import requests\nrequests.get(url)"),
    ("None is no timeout", "import requests\nrequests.get(url, timeout=None)"),
    ("nor is a constant that is None", "import requests\nT = None\nrequests.get(url, timeout=T)"),
    ("nor a pair of them", "import requests\nrequests.get(url, timeout=(None, None))"),
    ("a mapping in sight without one", "import requests\nO = {'headers': {}}\nrequests.get(url, **O)"),
    ("positional arguments end before it", "import requests\nrequests.get(*args)"),
    ("a mapping built from itself", "import requests\ndef f(u):\n k = {}\n k = {**k, 'a': 1}\n requests.get(u, **k)"),
    ("a session", SESSION + "s.get(url)"),
    ("a session has no such attribute", SESSION + "s.timeout = 5\ns.get(url)"),
    (
        "an adapter without one",
        SESSION + "from requests.adapters import HTTPAdapter\ns.mount('a', HTTPAdapter())\ns.get(url)",
    ),
    ("another session's adapter", SESSION + "o = requests.Session()\no.mount('a', Patient())\ns.get(url)"),
    (
        "a session class that only sets headers",
        "import requests\nclass S(requests.Session):\n def __init__(self):\n  super().__init__()\nS().get(url)",
    ),
    ("a pool without", POOL + "urllib3.PoolManager().request('GET', url)"),
    ("requests does not obey the process", "import requests, socket\nsocket.setdefaulttimeout(5)\nrequests.get(url)"),
    ("no limit either", "import asyncio, requests\nasync def f():\n await asyncio.sleep(1)\n requests.get(url)"),
    ("a DSN in sight", "import psycopg2\npsycopg2.connect('dbname=shop')"),
    ("a vendored copy", "from botocore.vendored import requests\nrequests.get(url)"),
    (
        "either of two modules",
        "try:\n import requests\nexcept ImportError:\n from botocore.vendored import requests\nrequests.get(url)",
    ),
    ("a bounded queue", "import queue\nq = queue.Queue(5)\nq.put(1)"),
    ("a generated stub", "from shop import shop_pb2_grpc\nshop_pb2_grpc.ShopStub(c).Buy(r)"),
    ("a URL", "import feedparser\nfeedparser.parse('https://example.com/feed')"),
    ("a name that says URL", "import feedparser\ndef f(feed_url):\n feedparser.parse(feed_url)"),
    ("a publisher", "import pika\np = pika.ConnectionParameters('b')\nc.basic_publish('', 'q', b'')"),
    (
        "a socket with connections",
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_STREAM)\ns.connect(('example.com', 80))",
    ),
    ("a constructor that connects", "import ftplib\nftplib.FTP(host)"),
    ("a connect after one that does not", "import ftplib\nf = ftplib.FTP()\nf.connect(host)"),
    (
        "an alarm that comes later",
        "import signal, requests\ndef f():\n requests.get(url)\n signal.alarm(5)",
    ),
    (
        "a limit around one caller of two",
        "import asyncio\nasync def f():\n p = await asyncio.create_subprocess_exec('a')\n await p.wait()\n"
        "async def g():\n await asyncio.wait_for(f(), 5)\nasync def h():\n await f()",
    ),
]

SILENT = [
    (
        "a consumer, which waits for its broker",
        "import pika\np = pika.ConnectionParameters('b')\nc.basic_consume('q', f)",
    ),
    (
        "a socket without connections",
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.connect(('8.8.8.8', 80))",
    ),
    (
        "one by keyword",
        "import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\ns.connect(('8.8.8.8', 80))",
    ),
    ("a constructor that does not connect", "import ftplib\nf = ftplib.FTP()\nf.connect(host, 21, 10)"),
    ("a connect with the constructor's timeout", "import ftplib\nf = ftplib.FTP(timeout=3)\nf.connect(host)"),
    ("a number", "import requests\nrequests.get(url, timeout=5)"),
    ("a name of unknown value", "import requests\nrequests.get(url, timeout=TIMEOUT)"),
    ("a parameter", "import requests\ndef f(url, timeout=None):\n requests.get(url, timeout=timeout)"),
    ("an attribute", "import requests\nclass A:\n def f(self):\n  requests.get(url, timeout=self.timeout)"),
    ("half a pair", "import requests\nrequests.get(url, timeout=(3, None))"),
    ("by position", "import urllib.request\nurllib.request.urlopen(url, None, 5)"),
    ("unknown keywords", "import requests\ndef f(**k):\n requests.get(url, **k)"),
    ("a mapping that holds it", "import requests\nrequests.get(url, **{'timeout': 5})"),
    ("a mapping that gets it", "import requests\ndef f():\n k = {}\n k['timeout'] = 5\n requests.get(url, **k)"),
    ("by setdefault", "import requests\ndef f():\n k = {}\n k.setdefault('timeout', 5)\n requests.get(url, **k)"),
    ("a mapping from a call", "import requests\nrequests.get(url, **options())"),
    ("a partial", "import functools, requests\nget = functools.partial(requests.get, timeout=5)\nget(url)"),
    ("a sane default", "import httpx\nhttpx.get(url)"),
    ("what is off at the client is told there", "import httpx\nc = httpx.Client(timeout=None)\nc.get(url)"),
    ("a client of another file", "from .http import session\nsession.get(url)"),
    ("a pool that has it", POOL + "p = urllib3.PoolManager(timeout=5)\np.request('GET', url)"),
    ("a pool that is handed in", POOL + "def f(p: urllib3.PoolManager):\n p.request('GET', url)"),
    (
        "a pool annotated, then made",
        POOL + "p: urllib3.PoolManager = None\np = urllib3.PoolManager(timeout=5)\np.request('GET', url)",
    ),
    ("an adapter of unknown kind", SESSION + "s.mount('https://', Patient())\ns.get(url)"),
    ("a replaced method", SESSION + "s.request = patient(s.request)\ns.get(url)"),
    ("a replaced function", "import requests\nrequests.get = patient(requests.get)\nrequests.get(url)"),
    ("a replaced method of the class", SESSION + "requests.Session.request = patient\ns.get(url)"),
    (
        "a session class that sends by itself",
        "import requests\nclass S(requests.Session):\n def send(self, r, **k):\n  pass\nS().get(url)",
    ),
    ("a default of the process", "import smtplib, socket\nsocket.setdefaulttimeout(5)\nsmtplib.SMTP('mail')"),
    ("settimeout", "import socket\ns = socket.socket()\ns.settimeout(5)\ns.connect(a)"),
    ("a local socket", "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('/run/x')"),
    ("an alarm", "import signal, requests\ndef f():\n signal.alarm(5)\n requests.get(url)"),
    (
        "a limit around",
        "import asyncio\nasync def f():\n p = await asyncio.create_subprocess_exec('a')\n"
        " async with asyncio.timeout(5):\n  await p.wait()",
    ),
    (
        "a limit around the only caller",
        "import asyncio\nasync def f():\n p = await asyncio.create_subprocess_exec('a')\n await p.wait()\n"
        "async def g():\n await asyncio.wait_for(f(), 5)",
    ),
    ("a queue without bound takes at once", "import queue\nq = queue.Queue()\nq.put(1)"),
    ("get without block", "import queue\nq = queue.Queue()\nq.get(block=False)"),
    ("perhaps without block", "import queue\nq = queue.Queue()\nq.get(block=wait)"),
    ("a killed process", "import subprocess\ndef f():\n p = subprocess.Popen('a')\n p.kill()\n p.wait()"),
    (
        "a process that has ended",
        "import subprocess\ndef f():\n p = subprocess.Popen('a')\n p.communicate(timeout=5)\n p.wait()",
    ),
    (
        "a process that was waited for",
        "import subprocess\ndef f():\n p = subprocess.Popen('a')\n p.wait(timeout=5)\n return p.communicate()",
    ),
    (
        "a future that calls back",
        "from concurrent.futures import Future\ndef told(f: Future):\n return f.exception()\n"
        "def g(x):\n x.add_done_callback(told)",
    ),
    (
        "a future that is done",
        "from concurrent.futures import ThreadPoolExecutor, wait\ndef f():\n x = ThreadPoolExecutor().submit(g)\n"
        " wait([x], timeout=5)\n return x.result()",
    ),
    ("a DSN of unknown content", "import psycopg2\npsycopg2.connect(DSN)"),
    ("a DSN that ends open", "import psycopg2\npsycopg2.connect(f'dbname={x}')"),
    ("a DSN that has it", "import psycopg2\npsycopg2.connect('dbname=shop connect_timeout=3')"),
    ("a file", "import feedparser\nfeedparser.parse('feeds/news.xml')"),
    ("a name that is a path", "import os, feedparser\nfeed_url = os.path.join(a, b)\nfeedparser.parse(feed_url)"),
    ("a stream whose connecting is bounded", "import aiohttp\naiohttp.ClientTimeout(total=None, connect=5)"),
    ("a bound on each read", "import aiohttp\naiohttp.ClientTimeout(total=None, sock_read=5)"),
    ("no library", "requests = make()\nrequests.get(url)"),
]


CALLED = "from concurrent.futures import Future\ndef told(f: Future):\n return f.exception()\n"


@pytest.mark.parametrize("other", ["", "x.add_done_callback(log)", "x.add_callback(told)"])
def test_a_future_that_is_handed_in(other: str) -> None:
    assert any(waits_for_ever(site) for site in model(CALLED + other).sites)


@pytest.mark.parametrize(("why", "source"), UNBOUNDED, ids=[why for why, _ in UNBOUNDED])
def test_nothing_bounds_the_wait(why: str, source: str) -> None:
    assert any(waits_for_ever(site) for site in model(source).sites), why


@pytest.mark.parametrize(("why", "source"), SILENT, ids=[why for why, _ in SILENT])
def test_a_bound_is_in_sight_or_may_be(why: str, source: str) -> None:
    found = [site.callee for site in model(source).sites if waits_for_ever(site)]
    assert [name for name in found if name != "httpx.Client"] == [], why


def test_why_a_call_lacks_a_bound() -> None:
    given = model("import httpx, requests\nhttpx.get(url, timeout=None)\nrequests.get(url)")
    assert [lack_of_bound(site) for site in given.sites] == [Lack.TURNED_OFF, Lack.NOT_GIVEN]
