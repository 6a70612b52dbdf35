"""Guards around outbound calls, retries of libraries, and which calls to other services stand unguarded."""

from __future__ import annotations

import ast
import textwrap

import pytest
from support import model

from flake8_scalability.catalog.rows import Effect
from flake8_scalability.model.resilience import guards, outbound, retries, retry_options
from flake8_scalability.model.resilience.outbound import GUARDS

HEAD = """
import asyncio
import backoff
import pybreaker
import redis
import requests
import tenacity
import urllib.request
from requests.adapters import HTTPAdapter
from tenacity import stop_after_attempt, wait_exponential, wait_fixed
from urllib3.util.retry import Retry

session = requests.Session()
breaker = pybreaker.CircuitBreaker()
"""
CALL = "session.get('https://a.example', timeout=3)"


def is_guarded(body: str) -> bool:
    source = model(HEAD + textwrap.dedent(body).replace("CALL", CALL))
    site = next(site for site in source.sites if site.api is not None and site.api.effect is Effect.READ)
    return guards.is_guarded(site, GUARDS)


@pytest.mark.parametrize(
    "body",
    [
        "@tenacity.retry(stop=stop_after_attempt(3))\ndef f():\n    CALL",
        "@tenacity.retry\ndef f():\n    CALL",
        "@our.with_retries(3)\ndef f():\n    CALL",
        "@breaker\ndef f():\n    CALL",
        "@app.task(autoretry_for=(OSError,))\ndef f():\n    CALL",
        "def f():\n    with breaker.calling():\n        CALL",
        "def f():\n    with our_circuit:\n        CALL",
        "def f(self):\n    self.breaker.call(lambda: CALL)",
        "def f():\n for attempt in tenacity.Retrying(stop=stop_after_attempt(3)):\n  with attempt:\n   CALL",
        "def f():\n    for attempt in range(3):\n        CALL",
        "def f(hosts):\n for host in hosts:\n  try:\n   return CALL\n  except OSError:\n   continue",
        "def f():\n while True:\n  try:\n   return CALL\n  except OSError:\n   continue",
        "def f(attempt=1):\n    CALL",
        "def f_with_retry():\n    CALL",
        "def f():\n    try:\n        CALL\n    except OSError:\n        f()",
        "def f():\n    CALL\n    f.delay()",
        "def f(self):\n    CALL\n    raise self.retry()",
        "def f():\n    CALL\n    raise Retry()",
        "def g():\n    CALL\n@tenacity.retry\ndef f():\n    g()",
        "def g():\n    CALL\ndef f():\n    tenacity.Retrying()(g)",
        "def g():\n    CALL\ndef f():\n    breaker.call(g)",
        "def again(f):\n for n in range(3):\n  try:\n   return f()\n  except OSError:\n   pass\n"
        "@again\ndef g():\n    CALL",
        "def again(f):\n for n in range(3):\n  try:\n   return f()\n  except OSError:\n   pass\n"
        "def g():\n    CALL\ndef f():\n    again(g)",
        "session.mount('https://', HTTPAdapter(max_retries=3))\ndef f():\n    CALL",
        "session.mount('https://', our_adapter())\ndef f():\n    CALL",
        "import httpx\nclient = httpx.Client(transport=httpx.HTTPTransport(retries=2))\ndef f():\n    client.get('/')",
        "import httpx\nclient = httpx.Client(transport=transport)\ndef f():\n    client.get('/')",
    ],
)
def test_guarded(body: str) -> None:
    assert is_guarded(body)


@pytest.mark.parametrize(
    "body",
    [
        "def f():\n    CALL",
        "@cached\ndef f():\n    CALL",
        "@app.task\ndef f():\n    CALL",
        "@app.task(max_retries=3)\ndef f():\n    CALL",
        "def f(hosts):\n    for host in hosts:\n        CALL",
        "def f():\n    asyncio.wait_for(CALL, 3)",
        "def g():\n    CALL\n@tenacity.retry\ndef f():\n    g()\ndef h():\n    g()",
        "def g():\n    CALL\ndef f():\n    executor.submit(g)",
        "def f(country, entries):\n    CALL",
        "def f(text):\n    CALL\n    text.send(1)",
        "session.mount('https://', HTTPAdapter())\ndef f():\n    CALL",
        "session.mount('https://', HTTPAdapter(max_retries=0))\ndef f():\n    CALL",
        "other.mount('https://', HTTPAdapter(max_retries=3))\ndef f():\n    CALL",
        "import httpx\nclient = httpx.Client(transport=None)\ndef f():\n    client.get('/')",
    ],
)
def test_not_guarded(body: str) -> None:
    assert not is_guarded(body)


@pytest.mark.parametrize(
    ("guard", "stops", "backs_off"),
    [
        ("tenacity.retry()", False, False),
        ("tenacity.retry(stop=stop_after_attempt(3))", True, False),
        ("tenacity.retry(stop=tenacity.stop_never)", False, False),
        ("tenacity.retry(stop=None, wait=None)", False, False),
        ("tenacity.retry(stop=our_stop, wait=our_wait)", True, True),
        ("tenacity.retry(stop=stop_after_attempt(3), wait=wait_fixed(2))", True, False),
        ("tenacity.retry(wait=wait_exponential())", False, True),
        ("tenacity.retry(wait=wait_fixed(1) + wait_exponential())", False, True),
        ("tenacity.retry(**options)", True, True),
        ("tenacity.Retrying(stop=stop_after_attempt(3))", True, False),
        ("backoff.on_exception(backoff.expo, OSError)", False, True),
        ("backoff.on_exception(backoff.constant, OSError, max_tries=3)", True, False),
        ("backoff.on_exception(backoff.expo, OSError, max_time=30)", True, True),
        ("Retry(3)", True, False),
        ("Retry(total=3, backoff_factor=0)", True, False),
        ("Retry(total=3, backoff_factor=0.5)", True, True),
        ("HTTPAdapter(max_retries=3)", True, False),
        ("HTTPAdapter(max_retries=Retry(3, backoff_factor=1))", True, True),
        ("redis.retry.Retry(redis.backoff.NoBackoff(), 3)", True, False),
        ("redis.retry.Retry(redis.backoff.ExponentialBackoff(), 3)", True, True),
    ],
)
def test_options_of_retries(guard: str, stops: bool, backs_off: bool) -> None:
    source = model(HEAD + f"made = {guard}\n")
    applied = next(iter(retry_options.retrying(source)))
    assert retry_options.stops(applied.found, source.resolver) is stops
    assert retry_options.backs_off(applied.found, source.resolver) is backs_off


@pytest.mark.parametrize("guard", ["Retry(0)", "Retry(total=False)", "HTTPAdapter(max_retries=1)"])
def test_retries_turned_off(guard: str) -> None:
    applied = next(iter(retry_options.retrying(model(HEAD + f"made = {guard}\n"))))
    assert retry_options.is_off(applied.found)


@pytest.mark.parametrize("guard", ["HTTPAdapter()", "our.Retry(3)", "retry(1)", "app.task()"])
def test_no_retry_of_a_library(guard: str) -> None:
    assert not list(retry_options.retrying(model(HEAD + f"made = {guard}\n")))


def test_a_retry_under_another_name() -> None:
    source = model("from tenacity import retry as again\n@again\ndef f():\n    pass\n")
    assert [applied.function.name for applied in retry_options.retrying(source) if applied.function] == ["f"]


@pytest.mark.parametrize(
    ("call", "effect"),
    [
        ("session.get(url)", Effect.READ),
        ("session.post(url)", Effect.WRITE),
        ("session.request('DELETE', url)", Effect.READ),
        ("session.request(method='patch', url=url)", Effect.WRITE),
        ("session.request(method, url)", None),
        ("session.request('BREW', url)", None),
        ("urllib.request.urlopen(url)", Effect.READ),
        ("urllib.request.urlopen(url, body)", Effect.WRITE),
        ("urllib.request.urlopen(url, data=body)", Effect.WRITE),
        ("urllib.request.urlopen()", None),
        ("urllib.request.urlopen(req)", None),
        ("urllib.request.urlopen(urllib.request.Request(url))", Effect.READ),
        ("urllib.request.urlopen(urllib.request.Request(url, body))", Effect.WRITE),
        ("urllib.request.urlopen(urllib.request.Request(url, method='PUT'))", Effect.READ),
        ("urllib.request.urlopen(urllib.request.Request(url, method=method))", None),
    ],
)
def test_effect_of_a_call(call: str, effect: Effect | None) -> None:
    source = model(HEAD + f"def f(url, body, method, req):\n    {call}\n")
    site = next(site for site in source.sites if site.function is not None)
    assert outbound.effect_of(site) is effect


def unguarded(body: str, path: str = "billing.py") -> list[str]:
    source = model(HEAD + textwrap.dedent(body).replace("CALL", CALL), path)
    return [site.function_name for site in outbound.unguarded(source, Effect.READ)]


@pytest.mark.parametrize(
    "body",
    [
        "def fetch():\n    CALL",
        "def get_it():\n    CALL\n    CALL",
        "def stuff():\n    return CALL",
        "class RateClient:\n    def stuff(self):\n        CALL",
        "import flask\napp = flask.Flask('a')\n@app.route('/')\ndef index():\n    CALL",
        "def fetch():\n    try:\n        answer = CALL\n    except OSError:\n        answer = None",
        "def fetch():\n    try:\n        CALL\n    except OSError:\n        return False",
        "def fetch(items):\n for item in items:\n  try:\n   answer = CALL\n  except OSError:\n   raise",
        "def get_shipping():\n    return CALL",
        "def outer():\n    def fetch():\n        return CALL\n    return fetch()",
    ],
)
def test_unguarded_calls(body: str) -> None:
    assert len(unguarded(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "CALL",
        "def stuff():\n    CALL",
        "def ping():\n    return CALL",
        "def test_connection():\n    return CALL",
        "def validate_api_key():\n    return CALL",
        "class MockClient:\n    def fetch(self):\n        return CALL",
        "class MailTestingView:\n    def fetch(self):\n        return CALL",
        "def outer():\n    def fetch():\n        return CALL\n    return fetch",
        "def fetch(client: requests.Session):\n    return client.get('https://a.example', timeout=3)",
        "def fetch():\n    return session.get('http://localhost:9000/x', timeout=3)",
        "BASE = 'http://127.0.0.1:9000'\ndef fetch():\n    return session.get(f'{BASE}/x', timeout=3)",
        "def fetch():\n    return session.request('GET', 'http://169.254.169.254/x', timeout=3)",
        "import click\ndef fetch():\n    return CALL",
        "def fetch():\n    try:\n        CALL\n    except OSError:\n        return",
        "def fetch(items):\n for item in items:\n  try:\n   answer = CALL\n  except OSError:\n   continue",
        "def fetch():\n    return CALL\nif __name__ == '__main__':\n    fetch()",
    ],
)
def test_calls_that_are_left_alone(body: str) -> None:
    assert not unguarded(body)


def test_a_file_may_say_that_it_is_a_client() -> None:
    assert not unguarded("def stuff():\n    CALL", "orders.py")
    assert unguarded("def stuff():\n    CALL", "shop/payment_client.py")


def test_calls_in_tools_are_left_alone() -> None:
    assert not unguarded("def fetch():\n    CALL", "scripts/load.py")


def network_loop(tried: str, error: str = "Exception", before: str = "", rest: str = "") -> tuple[bool, bool]:
    """Say of a retry loop whether its work goes over the network, and whether each turn looks anew before it."""
    source = model(
        f"{HEAD}\n{rest}\ndef f(number):\n for attempt in range(5):\n  {before or 'pass'}\n"
        f"  try:\n   return {tried}\n  except {error}:\n   pass\n"
    )
    scope = next(scope for scope in source.scopes if scope.name == "f")
    loop = next(iter(scope.of(ast.For)))
    assert isinstance(loop, ast.For)
    found = retries.read(loop, source.parents(scope))
    assert found is not None
    return outbound.reaches_network(found.attempt, scope, source), outbound.reads_before(found, source)


@pytest.mark.parametrize(
    ("tried", "error", "rest", "reaches"),
    [
        (CALL, "Exception", "", True),
        ("g()", "Exception", f"def g():\n {CALL}", True),
        ("g()", "Exception", f"def g():\n h()\ndef h():\n {CALL}", True),
        ("work()", "requests.Timeout", "", True),
        ("work()", "(KeyError, ConnectionResetError)", "", True),
        ("work()", "Exception", "", False),
        ("work()", "TimeoutError", "", False),
        ("g()", "Exception", "def g():\n return 1", False),
    ],
)
def test_work_over_the_network(tried: str, error: str, rest: str, reaches: bool) -> None:
    assert network_loop(tried, error, rest=rest)[0] is reaches


def test_a_look_before_each_try() -> None:
    assert network_loop("work()", before=f"seen = {CALL}")[1]
    assert not network_loop(CALL)[1]
