"""Upstreams: where calls over HTTP go, to one address for the whole process or to another one each time."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.resilience import upstreams
from flake8_scalability.model.sites import CallSite

HEAD = "import requests\nfrom urllib.parse import urljoin\n"


def call(source: str) -> CallSite:
    """Return the one call over HTTP in a snippet."""
    (site,) = (each for each in model(HEAD + source).sites if each.node.func.attr in ("get", "request"))  # type: ignore[attr-defined]
    return site


FIXED = [
    ("a text", "def f():\n return requests.get('https://api.example.com')"),
    ("a constant of the file", "def f(x):\n return requests.get(BASE + '/a')"),
    ("a setting", "def f(x):\n return requests.get(settings.URL)"),
    ("the environment", "def f(x):\n return requests.get(os.environ['URL'])"),
    ("a local name of one", "def f(x):\n url = BASE + '/a'\n return requests.get(url)"),
    ("an f-string", "def f(key):\n return requests.get(f'{BASE}/orders/{key}')"),
    ("its own attribute", "class A:\n base = 'https://a'\n def f(self, x):\n  return requests.get(self.base + x)"),
    ("joined", "def f(x):\n return requests.get(urljoin(BASE, x))"),
    ("by method", "def f(x):\n return requests.request('GET', BASE)"),
    ("module level", "requests.get(url)"),
    ("no address at all", "def f():\n return requests.get()"),
    (
        "what a method of its own makes of a constant",
        "class A:\n def url(self):\n  return BASE + '/a'\n def f(self):\n  return requests.get(self.url())",
    ),
]

VARYING = [
    ("a parameter", "def f(url):\n return requests.get(url)"),
    ("made of one", "def f(host):\n return requests.get(f'https://{host}/a')"),
    ("formatted", "def f(host):\n return requests.get('{}/a'.format(host))"),
    ("of a record", "def f(shop):\n return requests.get(shop.url)"),
    ("through a local name", "def f(shop):\n url = shop.url\n return requests.get(url)"),
    ("a field of a mapping", "def f():\n return requests.get(options.get('url'))"),
    ("an entry", "def f():\n return requests.get(options['url'])"),
    ("an item of a loop", "def f():\n for url in pages:\n  requests.get(url)"),
    ("unknown arguments", "def f(*given):\n return requests.get(*given)"),
    ("an attribute that is set elsewhere", "class A(Hook):\n def f(self):\n  return requests.get(self.url)"),
    (
        "a local made of one",
        "class A(Hook):\n def f(self):\n  url = self.base\n  full = url + '/a'\n  return requests.get(full)",
    ),
    (
        "a method made of one",
        "class A(Hook):\n def url(self):\n  return self.base + '/a'\n def f(self):\n  return requests.get(self.url())",
    ),
    (
        "an attribute made of one",
        "class A(Hook):\n def __init__(self):\n  self.url = self.base + '/a'\n def f(self):\n"
        "  return requests.get(self.url)",
    ),
]

HOSTS = [
    ("written", "requests.get('https://api.example.com/a')", "api.example.com"),
    ("a constant", "BASE = 'https://api.example.com'\nrequests.get(BASE + '/a')", "api.example.com"),
    ("a constant of a constant", "A = 'https://a.example'\nB = A + '/b'\nrequests.get(f'{B}/c')", "a.example"),
    (
        "an attribute",
        "class A:\n base = 'https://a.example/v1'\n def f(self):\n  return requests.get(self.base)",
        "a.example",
    ),
    ("none", "requests.get(url)", ""),
    ("one bound twice", "b = 'https://a'\nif x:\n b = 'https://b'\nrequests.get(b)", ""),
    ("a circle", "a = b\nb = a\nrequests.get(a)", ""),
    ("no address", "requests.get()", ""),
    ("a stripped text", "requests.get('https://a.example/'.rstrip('/'))", "a.example"),
    ("a path", "requests.get('/a')", ""),
]

WHOLE = [
    ("put together again", "def f(where):\n u = urlparse(where)\n requests.get(u.geturl())", True),
    ("out of a request", "def f(request):\n u = urlsplit(request.POST['u'])\n requests.get(u.geturl())", True),
    ("of a setting", "def f(request):\n u = urlparse(settings.HOME)\n requests.get(u.geturl())", False),
    ("made for one", "def f(request):\n u = address_of(request.user)\n requests.get(u)", False),
    ("a parameter", "def f(url):\n return requests.get(url)", True),
    ("an attribute of one", "def f(page):\n return requests.get(page.url)", True),
    ("what a loop gives", "def f():\n for url in pages:\n  requests.get(url)", True),
    ("a local name of one", "def f(page):\n url = page['url']\n return requests.get(url)", True),
    ("a call of one", "def f(page):\n return requests.get(address_of(page))", True),
    ("what is awaited of one", "async def f(page):\n url = await address_of(page)\n return requests.get(url)", True),
    ("a call of nothing", "def f(page):\n return requests.get(address())", False),
    ("the object", "class A:\n def f(self):\n  return requests.get(self.url)", False),
    ("a text", "def f(page):\n return requests.get('https://a/' + page)", False),
    ("a name of elsewhere", "def f(page):\n return requests.get(HOME)", False),
    ("module level", "requests.get(url)", False),
    ("no address", "def f(page):\n return requests.get()", False),
    ("a circle", "def f():\n a = b\n b = a\n return requests.get(a)", False),
]

LOCAL = [
    ("by name", "requests.get('http://localhost:80/a')", True),
    ("by number", "requests.get('http://127.0.0.1/a')", True),
    ("the metadata service", "requests.get('http://169.254.169.254/latest')", True),
    ("in an f-string", "requests.get(f'http://localhost:{port}/a')", True),
    ("a constant in an f-string", "HOME = 'http://localhost'\nrequests.get(f'{HOME}/a')", True),
    ("another's", "requests.get('https://a.example')", False),
    ("a name that begins so", "requests.get(host)", False),
    ("a number", "requests.get(5)", False),
    ("none", "requests.get()", False),
]


def ids(rows: list[tuple[str, str]]) -> list[str]:
    return [row[0] for row in rows]


@pytest.mark.parametrize("source", [case[1] for case in FIXED], ids=ids(FIXED))
def test_one_address(source: str) -> None:
    assert upstreams.is_fixed(call(source))


@pytest.mark.parametrize("source", [case[1] for case in VARYING], ids=ids(VARYING))
def test_another_address_each_time(source: str) -> None:
    assert not upstreams.is_fixed(call(source))


@pytest.mark.parametrize("source, host", [case[1:] for case in HOSTS], ids=[case[0] for case in HOSTS])
def test_host(source: str, host: str) -> None:
    assert upstreams.host(call(source)) == host


@pytest.mark.parametrize("source, expected", [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE])
def test_comes_whole(source: str, expected: bool) -> None:
    assert upstreams.comes_whole(call(source)) is expected


@pytest.mark.parametrize("source, expected", [case[1:] for case in LOCAL], ids=[case[0] for case in LOCAL])
def test_is_local(source: str, expected: bool) -> None:
    assert upstreams.is_local(call(source)) is expected
