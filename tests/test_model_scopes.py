"""Scopes and imports: which binding a name reads, probed by resolving the argument of `probe(...)`.

What only the file knows stands as "local NAME"; an empty set is "unknown", of which no rule may speak.
"""

from __future__ import annotations

import sys

import pytest
from support import probed

RESOLVED = [
    ("a name bound nowhere is itself", "probe(requests)", {"requests"}),
    ("an import", "import requests\nprobe(requests)", {"requests"}),
    ("an import of a submodule binds the package", "import urllib.request\nprobe(urllib.request)", {"urllib.request"}),
    ("unless it is renamed", "import urllib.request as u\nprobe(u)", {"urllib.request"}),
    ("an alias", "import requests as r\nprobe(r.get)", {"requests.get"}),
    ("from", "from requests import get\nprobe(get)", {"requests.get"}),
    ("from, renamed", "from requests import get as fetch\nprobe(fetch)", {"requests.get"}),
    ("a relative import is another file's", "from .http import session\nprobe(session)", {".http.session"}),
    ("from the package itself", "from . import http\nprobe(http.session)", {".http.session"}),
    ("two levels up", "from ..core import db\nprobe(db)", {"..core.db"}),
    ("an import in a function", "def f():\n import redis\n probe(redis)", {"redis"}),
    ("read in a nested function", "def f():\n import redis\n def g():\n  probe(redis)", {"redis"}),
    (
        "either of two imports",
        "try:\n import orjson as json\nexcept ImportError:\n import simplejson as json\nprobe(json)",
        {"orjson", "simplejson"},
    ),
    ("an import or None", "try:\n import redis\nexcept ImportError:\n redis = None\nprobe(redis)", {"redis"}),
    (
        "an import for the type checker",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n import httpx\ndef f(c: httpx.Client):\n probe(c)",
        {"httpx.Client()"},
    ),
    ("a star import leaves other names alone", "from tools import *\nprobe(requests)", {"requests"}),
    (
        "a class's name is invisible from its methods",
        "import redis\nclass A:\n redis = make()\n def f(self):\n  probe(redis)",
        {"redis"},
    ),
    (
        "and from a comprehension in its body",
        "import redis\nclass A:\n redis = 1\n x = [probe(redis) for _ in y]",
        {"redis"},
    ),
    ("but not from the body", "import redis\nclass A:\n import httpx as redis\n probe(redis)", {"httpx"}),
    (
        "a comprehension's target stays inside",
        "import redis\nx = [redis for redis in y]\nprobe(redis)",
        {"redis"},
    ),
    (
        "the first iterable is evaluated outside",
        "import redis\ndef f():\n return [redis for redis in probe(redis)]",
        {"redis"},
    ),
    ("a walrus", "import redis\nif (r := redis.Redis()):\n probe(r)", {"redis.Redis()"}),
    (
        "a walrus in a comprehension binds outside",
        "import redis\ndef f():\n [r for _ in y if (r := redis.Redis())]\n probe(r)",
        {"redis.Redis()"},
    ),
    (
        "through two of them",
        "import redis\ndef f():\n [[(r := redis.Redis()) for _ in y] for y in z]\n probe(r)",
        {"redis.Redis()"},
    ),
    (
        "global",
        "import redis\nc = None\ndef f():\n global c\n c = redis.Redis()\ndef g():\n probe(c)",
        {"redis.Redis()"},
    ),
    (
        "global, read where a function around has another",
        "import redis\nc = redis.Redis()\ndef f(c):\n def g():\n  global c\n  probe(c)",
        {"redis.Redis()"},
    ),
    (
        "global holds for functions inside, too",
        "import redis\nc = redis.Redis()\ndef f(c):\n def g():\n  global c\n  def h():\n   probe(c)",
        {"redis.Redis()"},
    ),
    (
        "nonlocal",
        "import redis\ndef f():\n c = None\n def g():\n  nonlocal c\n  c = redis.Redis()\n probe(c)",
        {"redis.Redis()"},
    ),
    (
        "nonlocal from two functions further in",
        "import redis\ndef f():\n c = None\n def g():\n  def h():\n   nonlocal c\n   c = redis.Redis()\n probe(c)",
        {"redis.Redis()"},
    ),
    ("a default is evaluated outside", "import redis\ndef f(redis=probe(redis)):\n pass", {"redis"}),
    ("a decorator, too", "import redis\n@probe(redis.x)\ndef f(redis):\n pass", {"redis.x"}),
    ("a base, too", "import redis\nclass A(probe(redis.x)):\n redis = 1", {"redis.x"}),
    ("a keyword of a class, too", "import redis\nclass A(metaclass=probe(redis)):\n redis = 1", {"redis"}),
    ("a default of a lambda, too", "import redis\nf = lambda redis=probe(redis): 1", {"redis"}),
    ("a deleted name was what it was", "import redis\nc = redis.Redis()\nprobe(c)\ndel c", {"redis.Redis()"}),
    ("a function of the file", "def redis():\n pass\nprobe(redis)", {"local redis"}),
    ("a class of the file", "class Redis:\n pass\nprobe(Redis)", {"local Redis"}),
    ("a method is no name of the module", "class A:\n def redis(self): ...\nprobe(redis)", {"redis"}),
    ("a parameter of another function", "def f(redis): ...\nprobe(redis)", {"redis"}),
    ("a local of another function", "def f():\n redis = 1\nprobe(redis)", {"redis"}),
    ("a keyword is no binding", "f(redis=1)\nprobe(redis)", {"redis"}),
    ("nor is an attribute", "a.redis = 1\nprobe(redis)", {"redis"}),
    ("nor an item", "a['redis'] = redis[1] = 1\nprobe(redis)", {"redis"}),
    ("declared only", "redis: int\nprobe(redis)", {"int()"}),
    ("a parameter of that name, of a lambda elsewhere", "f = lambda redis: redis\nprobe(redis)", {"redis"}),
]

UNKNOWN = [
    ("a parameter", "import requests\ndef f(requests):\n probe(requests)"),
    ("a parameter, in a nested function", "import requests\ndef f(requests):\n def g():\n  probe(requests)"),
    ("*args", "def f(*requests):\n probe(requests)"),
    ("**kwargs", "def f(**session):\n probe(session)"),
    ("a keyword-only parameter", "def f(*, cache):\n probe(cache)"),
    ("a positional-only parameter", "def f(cache, /):\n probe(cache)"),
    ("a parameter of a lambda", "f = lambda redis: probe(redis)"),
    ("a parameter with a default that says nothing", "def f(redis=''):\n probe(redis)"),
    ("a dict", "requests = {}\nprobe(requests)"),
    ("a list", "cache = []\nprobe(cache)"),
    ("a number", "db = 1\nprobe(db)"),
    ("a text", "redis = 'redis://'\nprobe(redis)"),
    ("a dict below the function that reads it", "def f():\n probe(requests)\nrequests = {}"),
    ("a local dict hides the import", "import requests\ndef f():\n requests = {}\n probe(requests)"),
    ("even before it is bound", "import requests\ndef f():\n probe(requests)\n requests = {}"),
    ("an import or a stand-in", "try:\n import redis\nexcept ImportError:\n redis = {}\nprobe(redis)"),
    ("None only", "redis = None\nprobe(redis)"),
    ("a loop's target", "for requests in x:\n probe(requests)"),
    ("part of a loop's target", "for n, (requests, m) in x:\n probe(requests)"),
    ("after the loop", "import redis\nfor redis in x:\n pass\nprobe(redis)"),
    ("an asynchronous loop", "async def f():\n async for redis in x:\n  probe(redis)"),
    ("a comprehension's target", "x = [probe(requests) for requests in y]"),
    ("a set comprehension's", "x = {probe(requests) for requests in y}"),
    ("a dict comprehension's", "x = {a: probe(requests) for a, requests in y}"),
    ("a generator's", "x = f(probe(requests) for requests in y)"),
    ("the second iterable sees the first target", "x = [1 for requests in y for z in probe(requests)]"),
    ("a condition sees it, too", "x = [1 for requests in y if probe(requests)]"),
    ("an exception's name", "try:\n f()\nexcept E as requests:\n probe(requests)"),
    ("a with of what nobody knows", "def f(lock):\n with lock as requests:\n  probe(requests)"),
    ("unpacked", "requests, b = f()\nprobe(requests)"),
    ("unpacked, starred", "a, *requests = f()\nprobe(requests)"),
    ("unpacked from another number", "import redis\na, b = redis.x, redis.y, redis.z\nprobe(a)"),
    ("counted up", "redis = 1\nredis += 1\nprobe(redis)"),
    ("an import that is counted up", "import redis\nredis |= x\nprobe(redis)"),
    ("deleted only", "def f():\n del redis\n probe(redis)"),
    ("a walrus of a dict", "if (requests := {}):\n probe(requests)"),
    ("a walrus in a comprehension", "import redis\ndef f():\n [1 for x in y if (redis := x)]\n probe(redis)"),
    (
        "in one that stands in another",
        "import redis\ndef f():\n [[1 for x in y if (redis := x)] for y in z]\n probe(redis)",
    ),
    ("a walrus in a lambda is the lambda's", "f = lambda x: (redis := x) and probe(redis)"),
    ("global, bound to a dict elsewhere", "def f():\n global cache\n cache = {}\ndef g():\n probe(cache)"),
    ("global, sent from a nested function", "def f():\n def g():\n  global cache\n  cache = {}\nprobe(cache)"),
    ("global in a class body", "import redis\nclass A:\n global redis\n redis = {}\nprobe(redis)"),
    (
        "nonlocal, bound to a dict inside",
        "def f():\n import redis\n def g():\n  nonlocal redis\n  redis = {}\n probe(redis)",
    ),
    (
        "nonlocal through a function in between",
        "def f():\n import redis\n def g():\n  def h():\n   nonlocal redis\n   redis = {}\n probe(redis)",
    ),
    (
        "nonlocal through a class in between",
        "def f():\n import redis\n class A:\n  def h(self):\n   nonlocal redis\n   redis = {}\n probe(redis)",
    ),
    ("read by nonlocal", "def f(redis):\n def g():\n  nonlocal redis\n  probe(redis)"),
    ("five alternatives are too many", "".join(f"import m{n} as m\n" for n in range(5)) + "probe(m)"),
    ("in a class body, a name of the body", "import redis\nclass A:\n redis = {}\n probe(redis)"),
    ("a nested import star", "def f(redis):\n from x import *\n probe(redis)"),
    ("a static method's first parameter", "class A:\n @staticmethod\n def f(redis):\n  probe(redis)"),
    ("a text as annotation that is no Python", "def f(redis: 'not a type'):\n probe(redis)"),
]

MATCH = [
    ("a capture", "match x:\n case requests:\n  probe(requests)"),
    ("as", "match x:\n case [1] as requests:\n  probe(requests)"),
    ("a star", "match x:\n case [1, *requests]:\n  probe(requests)"),
    ("the rest of a mapping", "match x:\n case {'a': 1, **requests}:\n  probe(requests)"),
    ("an argument of a class pattern", "match x:\n case A(b=requests):\n  probe(requests)"),
    ("in an alternative", "match x:\n case [requests, 1] | [1, requests]:\n  probe(requests)"),
]


@pytest.mark.parametrize(("source", "paths"), [pytest.param(s, p, id=why) for why, s, p in RESOLVED])
def test_resolved(source: str, paths: set[str]) -> None:
    assert probed(source) == paths


@pytest.mark.parametrize("source", [pytest.param(s, id=why) for why, s in UNKNOWN])
def test_unknown(source: str) -> None:
    assert probed(source) == set()


@pytest.mark.skipif(sys.version_info < (3, 10), reason="match came with Python 3.10")
@pytest.mark.parametrize("source", [pytest.param(s, id=why) for why, s in MATCH])
def test_unknown_in_match(source: str) -> None:
    assert probed(source) == set()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements came with Python 3.12")
@pytest.mark.parametrize(
    ("source", "paths"),
    [
        pytest.param("import httpx\ntype C = httpx.Client\ndef f(c: C):\n probe(c)", {"httpx.Client()"}, id="an alias"),
        pytest.param(
            "import httpx\ntype C = httpx.Client | None\ndef f(c: C):\n probe(c)", {"httpx.Client()"}, id="or None"
        ),
        pytest.param("type redis = int | str\nprobe(redis)", set(), id="an alias of types of no library"),
        pytest.param("def f[redis](x: redis):\n probe(redis)", set(), id="a type parameter"),
        pytest.param("class A[redis]:\n def f(self):\n  probe(redis)", set(), id="a type parameter of the class"),
    ],
)
def test_type_statements(source: str, paths: set[str]) -> None:
    assert probed(source) == paths
