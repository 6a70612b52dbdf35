"""Calls to other services: what they do there, and whether a failure of the other side is felt."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.catalog.rows import Effect
from flake8_scalability.model.resilience import costs, outbound

HTTP = "import requests, urllib.request, smtplib, logging, time, queue, subprocess\nBASE = 'https://api.example.com'\n"

EFFECTS = [
    ("a get", "requests.get(BASE)", "READ"),
    ("a post", "requests.post(BASE, json=order)", "WRITE"),
    ("a put may be repeated", "requests.put(BASE, json=order)", "READ"),
    ("by method", "requests.request('POST', BASE)", "WRITE"),
    ("by another", "requests.request('get', BASE)", "READ"),
    ("by an unknown method", "requests.request(method, BASE)", None),
    ("by a method of no kind", "requests.request('BREW', BASE)", None),
    ("a post that asks", "requests.post(BASE, json={'query': text})", "READ"),
    ("a post of a query", "requests.post(BASE, data=query)", "READ"),
    ("a body", "urllib.request.urlopen(BASE, body)", "WRITE"),
    ("no body", "urllib.request.urlopen(BASE)", "READ"),
    ("an empty body, given by name", "urllib.request.urlopen(data=body)", "WRITE"),
    ("no address", "urllib.request.urlopen()", None),
    ("a request with a body", "urllib.request.urlopen(urllib.request.Request(BASE, data=body))", "WRITE"),
    ("a request without", "urllib.request.urlopen(urllib.request.Request(BASE))", "READ"),
    ("a request with a method", "urllib.request.urlopen(urllib.request.Request(BASE, method='POST'))", "WRITE"),
    ("a request of elsewhere", "urllib.request.urlopen(req)", None),
]


@pytest.mark.parametrize("call, expected", [case[1:] for case in EFFECTS], ids=[case[0] for case in EFFECTS])
def test_effects(call: str, expected: str | None) -> None:
    found = model(HTTP + call)
    site = next(each for each in found.sites if each.api is not None and each.api.effect is not Effect.NONE)
    effect = outbound.effect_of(site)
    assert (effect.name if effect is not None else None) == expected


def test_a_function_may_say_that_it_asks() -> None:
    (site,) = model(HTTP + "def search_orders(text):\n return requests.post(BASE, json={'text': text})").sites
    assert outbound.effect_of(site) is Effect.READ


FELT = [
    ("a client", "def fetch_orders():\n return requests.get(BASE)", "order_client.py"),
    ("a method of one", "class OrderClient:\n def all(self):\n  r = requests.get(BASE)\n  return r.json()", "a.py"),
    ("its result", "def orders():\n return requests.get(BASE).json()", "a.py"),
    (
        "a failure that is told",
        "def fetch_orders():\n try:\n  return requests.get(BASE)\n except OSError:\n  raise Gone()",
        "a.py",
    ),
    (
        "a failure as a result",
        "def fetch_orders():\n try:\n  r = requests.get(BASE)\n except OSError:\n  return None, 1\n return r",
        "a.py",
    ),
]

NOT_FELT = [
    ("a tool", "def fetch_orders():\n return requests.get(BASE)", "scripts/a.py"),
    ("a command line", "import click\ndef fetch_orders():\n return requests.get(BASE)", "a.py"),
    ("library code that is no client", "def work():\n r = requests.get(BASE)\n return r.json()", "a.py"),
    ("a job of Airflow's", "def fetch_orders():\n return requests.get(BASE)", "dags/a.py"),
    ("a stand-in", "class FakeClient:\n def fetch(self):\n  return requests.get(BASE)", "a.py"),
    ("a function made for others", "def f():\n def fetch():\n  return requests.get(BASE)\n return fetch", "client.py"),
    ("this machine", "def fetch_orders():\n return requests.get('http://localhost:80')", "a.py"),
    ("a probe", "def is_alive():\n return requests.get(BASE).ok", "client.py"),
    (
        "a failure that is as good",
        "def fetch_orders():\n try:\n  return requests.get(BASE)\n except OSError:\n  return cache.get('a')",
        "a.py",
    ),
    (
        "an answer in its place",
        "def fetch_ok():\n try:\n  requests.get(BASE)\n  return True\n except OSError:\n  return True",
        "a.py",
    ),
    (
        "one of many",
        "def fetch_all(pages):\n for page in pages:\n  try:\n   r = requests.get(BASE + page)\n"
        "  except OSError:\n   continue",
        "client.py",
    ),
    ("module level", "r = requests.get(BASE)", "client.py"),
    (
        "an unknown client",
        "import openai\ndef fetch(client: openai.OpenAI):\n return client.models.list()",
        "client.py",
    ),
]


@pytest.mark.parametrize("source, path", [case[1:] for case in FELT], ids=[case[0] for case in FELT])
def test_unguarded_reads(source: str, path: str) -> None:
    assert len(list(outbound.unguarded(model(HTTP + source, path), Effect.READ))) == 1


@pytest.mark.parametrize("source, path", [case[1:] for case in NOT_FELT], ids=[case[0] for case in NOT_FELT])
def test_reads_that_nobody_misses(source: str, path: str) -> None:
    assert list(outbound.unguarded(model(HTTP + source, path), Effect.READ)) == []


WRITES = [
    ("a post", "def send_order(order):\n return requests.post(BASE, json=order)", 1),
    (
        "best effort",
        "def send_order(order):\n try:\n  requests.post(BASE, json=order, timeout=5)\n except OSError:\n  pass",
        0,
    ),
    (
        "a failure that nobody learns of",
        "def send_order(order):\n try:\n  r = requests.post(BASE, json=order, timeout=5)\n except OSError:\n  log()",
        0,
    ),
    (
        "a call that waits for ever",
        "def send_order(order):\n try:\n  requests.post(BASE, json=order)\n except OSError:\n  pass",
        1,
    ),
    ("an address of the caller's", "def send_order(url, order):\n return requests.post(url, json=order)", 0),
    ("a mail on a request", "def send_order(order):\n smtplib.SMTP('mail.example.com').sendmail('a', 'b', order)", 0),
]


@pytest.mark.parametrize("source, count", [case[1:] for case in WRITES], ids=[case[0] for case in WRITES])
def test_unguarded_writes(source: str, count: int) -> None:
    assert len(list(outbound.unguarded(model(HTTP + source, "client.py"), Effect.WRITE))) == count


REACHING = [
    ("a known call", "requests.get(BASE)", "OSError", True),
    ("a function of the file", "helper()", "OSError", True),
    ("what is caught", "work()", "requests.Timeout", True),
    ("one of what is caught", "work()", "(ValueError, ConnectionError)", True),
    ("neither", "work()", "ValueError", False),
    ("everything is caught", "work()", "", False),
    ("a function that reaches nothing", "other()", "ValueError", False),
]


@pytest.mark.parametrize("body, caught, expected", [case[1:] for case in REACHING], ids=[case[0] for case in REACHING])
def test_reaches_network(body: str, caught: str, expected: bool) -> None:
    found = model(
        HTTP + "def helper():\n return deeper()\ndef deeper():\n return requests.get(BASE)\ndef other():\n return 1\n"
        f"def f():\n try:\n  {body}\n except {caught}:\n  pass\n"
    )
    (function,) = (scope for scope in found.scopes if scope.is_function and scope.name == "f")
    attempt = function.node.body[0]  # type: ignore[union-attr,index]
    assert outbound.reaches_network(attempt, function, found) is expected  # type: ignore[arg-type]


WAITING = [
    ("a call", "def f():\n requests.get(BASE)", ["requests.get"]),
    ("a sleep", "def f():\n time.sleep(1)", ["time.sleep"]),
    ("a sleep that yields", "def f():\n time.sleep(0)", []),
    ("an awaited call", "async def f():\n await requests.get(BASE)", []),
    ("one in a gather", "async def f():\n await asyncio.gather(requests.get(BASE))", []),
    ("one that is only passed on", "async def f():\n await work(requests.get(BASE))", ["requests.get"]),
    ("a call that fills a memo", "def f():\n global x\n if x is None:\n  x = requests.get(BASE)", []),
    ("a memo of an object", "class A:\n def f(self):\n  if not self.x:\n   self.x = requests.get(BASE)", []),
    ("a local name is no memo", "def f(x):\n if x is None:\n  x = requests.get(BASE)", ["requests.get"]),
    ("another question", "def f(x):\n if x > 5:\n  x = requests.get(BASE)", ["requests.get"]),
    ("another name", "class A:\n def f(self):\n  if not self.x:\n   self.y = requests.get(BASE)", ["requests.get"]),
    ("a queue that was asked", "q = queue.Queue()\ndef f():\n if not q.empty():\n  q.get()", []),
    ("a queue", "q = queue.Queue()\ndef f():\n q.get()", ["q.get"]),
]


@pytest.mark.parametrize("source, expected", [case[1:] for case in WAITING], ids=[case[0] for case in WAITING])
def test_waits(source: str, expected: list[str]) -> None:
    found = costs.waits(model(HTTP + "import asyncio\n" + textwrap.dedent(source)))
    assert [site.callee.rstrip("()") for site in found] == expected
