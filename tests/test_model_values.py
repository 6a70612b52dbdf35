"""Values: what an expression may be, probed by resolving the argument of `probe(...)`.

What only the file knows stands as "local NAME"; an empty set is "unknown", of which no rule may speak.
"""

from __future__ import annotations

import pytest
from support import model, probed

REQUESTS = "import requests\n"
HTTPX = "import httpx\n"
SQL = "from sqlalchemy.orm import Session\n"
TYPING = "from typing import Annotated, Optional, Union\nimport httpx\n"
FASTAPI = "from fastapi import Depends\nfrom typing import Annotated\nimport httpx\n"
CONTEXTS = "import contextlib, httpx\n"
CLIENT = "import httpx\nclass Client:\n def __init__(self):\n  self.http = httpx.Client()\n"
MONGO = "import pymongo\nclient = pymongo.MongoClient(uri)\n"

RESOLVED = [
    # Expressions
    ("an attribute", REQUESTS + "probe(requests.get)", {"requests.get"}),
    ("a call", REQUESTS + "probe(requests.Session())", {"requests.Session()"}),
    ("a method of a result", REQUESTS + "probe(requests.Session().get)", {"requests.Session().get"}),
    ("the catalogue's name for a result", "import redis\nprobe(redis.StrictRedis())", {"redis.Redis()"}),
    ("await", "import asyncpg\nasync def f():\n probe(await asyncpg.connect())", {"asyncpg.Connection()"}),
    ("an item", "import shelve\nprobe(shelve.open(p)['a'].x)", {"shelve.open()[].x"}),
    ("this or the default", HTTPX + "def f(c=None):\n c = c or httpx.Client()\n probe(c)", {"httpx.Client()"}),
    (
        "a known one or another",
        HTTPX + "probe(httpx.Client() or httpx.AsyncClient())",
        {"httpx.Client()", "httpx.AsyncClient()"},
    ),
    ("this and then that", HTTPX + "probe(ready and httpx.Client())", {"httpx.Client()"}),
    ("a choice", HTTPX + "probe(httpx.Client() if a else None)", {"httpx.Client()"}),
    ("a choice of two", HTTPX + "probe(httpx.get if a else httpx.post)", {"httpx.get", "httpx.post"}),
    ("a lambda's result", HTTPX + "make = lambda: httpx.Client()\nprobe(make())", {"httpx.Client()"}),
    # Names
    ("assigned", HTTPX + "c = httpx.Client()\nprobe(c.get)", {"httpx.Client().get"}),
    ("assigned twice", HTTPX + "c = None\nc = httpx.Client()\nprobe(c)", {"httpx.Client()"}),
    ("two targets", HTTPX + "a = c = httpx.Client()\nprobe(c)", {"httpx.Client()"}),
    ("a tuple of the same length", HTTPX + "a, c = 1, httpx.Client()\nprobe(c)", {"httpx.Client()"}),
    ("an alias of an alias", HTTPX + "a = httpx\nb = a\nprobe(b.get)", {"httpx.get"}),
    (
        "made in either branch",
        HTTPX + "if x:\n c = httpx.Client()\nelse:\n c = httpx.Client(a)\nprobe(c)",
        {"httpx.Client()"},
    ),
    ("of either kind", HTTPX + "if x:\n c = httpx.Client()\nelse:\n c = None\nprobe(c)", {"httpx.Client()"}),
    (
        "a global made on first use",
        HTTPX + "c = None\ndef f():\n global c\n if c is None:\n  c = httpx.Client()\n probe(c)",
        {"httpx.Client()"},
    ),
    ("a method kept in a name", REQUESTS + "get = requests.Session().get\nprobe(get)", {"requests.Session().get"}),
    # with
    ("with", HTTPX + "with httpx.Client() as c:\n probe(c)", {"httpx.Client()"}),
    (
        "async with",
        HTTPX + "async def f():\n async with httpx.AsyncClient() as c:\n  probe(c)",
        {"httpx.AsyncClient()"},
    ),
    ("the second of a with", HTTPX + "with a as b, httpx.Client() as c:\n probe(c)", {"httpx.Client()"}),
    ("closing", CONTEXTS + "with contextlib.closing(httpx.Client()) as c:\n probe(c)", {"httpx.Client()"}),
    (
        "enter_context",
        CONTEXTS + "with contextlib.ExitStack() as s:\n c = s.enter_context(httpx.Client())\n probe(c)",
        {"httpx.Client()"},
    ),
    (
        "enter_async_context",
        CONTEXTS + "async def f():\n async with contextlib.AsyncExitStack() as s:\n"
        "  probe(await s.enter_async_context(httpx.AsyncClient()))",
        {"httpx.AsyncClient()"},
    ),
    (
        "a context manager of the file",
        CONTEXTS + "@contextlib.contextmanager\ndef make():\n yield httpx.Client()\nwith make() as c:\n probe(c)",
        {"httpx.Client()"},
    ),
    (
        "an asynchronous one",
        CONTEXTS
        + "@contextlib.asynccontextmanager\nasync def make():\n async with httpx.AsyncClient() as c:\n  yield c\n"
        "async def f():\n async with make() as c:\n  probe(c)",
        {"httpx.AsyncClient()"},
    ),
    (
        "__enter__ of the file",
        CLIENT + " def __enter__(self):\n  return self.http\nwith Client() as c:\n probe(c)",
        {"httpx.Client()"},
    ),
    (
        "__enter__ gives itself",
        CLIENT + " def __enter__(self):\n  return self\nwith Client() as c:\n probe(c.http)",
        {"httpx.Client()"},
    ),
    # Classes
    ("self.x of another method", CLIENT + " def f(self):\n  probe(self.http)", {"httpx.Client()"}),
    (
        "self.x set later",
        HTTPX + "class A:\n def f(self):\n  probe(self.c)\n def g(self):\n  self.c = httpx.Client()",
        {"httpx.Client()"},
    ),
    (
        "None at first",
        HTTPX
        + "class A:\n def __init__(self):\n  self.c = None\n def f(self):\n  self.c = httpx.Client()\n  probe(self.c)",
        {"httpx.Client()"},
    ),
    (
        "self.x with an annotation only",
        HTTPX + "class A:\n def __init__(self):\n  self.c: httpx.Client\n  probe(self.c)",
        {"httpx.Client()"},
    ),
    (
        "self.x from an annotated parameter",
        HTTPX + "class A:\n def __init__(self, c: httpx.Client):\n  self.c = c\n def f(self):\n  probe(self.c)",
        {"httpx.Client()"},
    ),
    (
        "whatever self is called",
        HTTPX + "class A:\n def f(this):\n  this.c = httpx.Client()\n  probe(this.c)",
        {"httpx.Client()"},
    ),
    ("in a nested function", CLIENT + " def f(self):\n  def g():\n   probe(self.http)", {"httpx.Client()"}),
    (
        "with as self.x",
        HTTPX + "class A:\n def f(self):\n  with httpx.Client() as self.c:\n   probe(self.c)",
        {"httpx.Client()"},
    ),
    ("a class attribute", HTTPX + "class A:\n c = httpx.Client()\n def f(self):\n  probe(self.c)", {"httpx.Client()"}),
    ("read from the class", HTTPX + "class A:\n c = httpx.Client()\nprobe(A.c)", {"httpx.Client()"}),
    (
        "cls.x",
        HTTPX + "class A:\n @classmethod\n def f(cls):\n  cls.c = httpx.Client()\n  probe(cls.c)",
        {"httpx.Client()"},
    ),
    (
        "a field with an annotation",
        HTTPX + "class A:\n c: httpx.Client\n def f(self):\n  probe(self.c)",
        {"httpx.Client()"},
    ),
    (
        "a property",
        CLIENT + " @property\n def c(self):\n  return self.http\n def f(self):\n  probe(self.c)",
        {"httpx.Client()"},
    ),
    (
        "a cached property",
        "import functools\n"
        + CLIENT
        + " @functools.cached_property\n def c(self):\n  return self.http\n def f(self):\n  probe(self.c)",
        {"httpx.Client()"},
    ),
    (
        "a method's result",
        CLIENT + " def c(self):\n  return self.http\n def f(self):\n  probe(self.c())",
        {"httpx.Client()"},
    ),
    ("inherited in the file", CLIENT + "class B(Client):\n def f(self):\n  probe(self.http)", {"httpx.Client()"}),
    (
        "overridden",
        CLIENT + "class B(Client):\n http = httpx.AsyncClient()\n def f(self):\n  probe(self.http)",
        {"httpx.AsyncClient()"},
    ),
    (
        "a base of a library",
        REQUESTS + "class S(requests.Session):\n def f(self):\n  probe(self.get)",
        {"requests.Session().get"},
    ),
    (
        "super() of a library",
        REQUESTS + "class S(requests.Session):\n def get(self, u):\n  probe(super().get)",
        {"requests.Session().get"},
    ),
    (
        "super() in the file",
        CLIENT + " def c(self):\n  return self.http\nclass B(Client):\n def c(self):\n  probe(super().c())",
        {"httpx.Client()"},
    ),
    ("an object of the module", CLIENT + "c = Client()\ndef f():\n probe(c.http.get)", {"httpx.Client().get"}),
    ("an object made here", CLIENT + "probe(Client().http)", {"httpx.Client()"}),
    (
        "an object of an object",
        CLIENT + "class B:\n def __init__(self):\n  self.a = Client()\n def f(self):\n  probe(self.a.http)",
        {"httpx.Client()"},
    ),
    ("a method of the file", CLIENT + " def get(self): ...\nprobe(Client().get)", {"local Client.get"}),
    # Functions
    ("a function's result", HTTPX + "def make():\n return httpx.Client()\nprobe(make())", {"httpx.Client()"}),
    (
        "or None",
        HTTPX + "def make():\n if x:\n  return None\n return httpx.Client()\nprobe(make())",
        {"httpx.Client()"},
    ),
    ("what it promises", HTTPX + "def make() -> httpx.Client:\n return build()[0]\nprobe(make().x)", {"build()[].x"}),
    (
        "what it promises, where it does not show",
        HTTPX + "def make(a) -> httpx.Client:\n return a\nprobe(make())",
        {"httpx.Client()"},
    ),
    (
        "a recursive one",
        HTTPX + "def make(n):\n if n:\n  return httpx.Client()\n return None\nprobe(make(1))",
        {"httpx.Client()"},
    ),
    (
        "a coroutine's",
        HTTPX + "async def make():\n return httpx.Client()\nasync def f():\n probe(await make())",
        {"httpx.Client()"},
    ),
    ("a partial", "import functools, httpx\nget = functools.partial(httpx.get, timeout=1)\nprobe(get)", {"httpx.get"}),
    (
        "a partial's result",
        "from functools import partial\nimport httpx\nmake = partial(httpx.Client, timeout=1)\nprobe(make())",
        {"httpx.Client()"},
    ),
    ("a cast", "from typing import cast\nimport httpx\nprobe(cast(int, httpx.Client()))", {"httpx.Client()"}),
    # Annotations
    ("a parameter", HTTPX + "def f(c: httpx.Client):\n probe(c)", {"httpx.Client()"}),
    ("a text", HTTPX + "def f(c: 'httpx.Client'):\n probe(c)", {"httpx.Client()"}),
    ("Optional", TYPING + "def f(c: Optional[httpx.Client] = None):\n probe(c)", {"httpx.Client()"}),
    ("Union", TYPING + "def f(c: Union[httpx.Client, None]):\n probe(c)", {"httpx.Client()"}),
    (
        "a union of two",
        TYPING + "def f(c: Union[httpx.Client, httpx.AsyncClient]):\n probe(c)",
        {"httpx.Client()", "httpx.AsyncClient()"},
    ),
    ("| None", HTTPX + "def f(c: httpx.Client | None = None):\n probe(c)", {"httpx.Client()"}),
    ("a text with |", HTTPX + "def f(c: 'httpx.Client | None' = None):\n probe(c)", {"httpx.Client()"}),
    ("Annotated", TYPING + "def f(c: Annotated[httpx.Client, 'x']):\n probe(c)", {"httpx.Client()"}),
    ("an alias", TYPING + "C = Optional[httpx.Client]\ndef f(c: C):\n probe(c)", {"httpx.Client()"}),
    ("a plain alias", HTTPX + "C = httpx.Client\ndef f(c: C):\n probe(c)", {"httpx.Client()"}),
    ("a class of the file", CLIENT + "def f(c: Client):\n probe(c.http)", {"httpx.Client()"}),
    ("a class further down", "def f(c: 'Client'):\n probe(c.http)\n" + CLIENT, {"httpx.Client()"}),
    ("a generic", "import redis\ndef f(c: redis.Redis[bytes]):\n probe(c)", {"redis.Redis()"}),
    (
        "a name with an annotation",
        HTTPX + "c: httpx.Client = make[0](1)\nc: httpx.Client\nprobe(c)",
        {"make[]()", "httpx.Client()"},
    ),
    ("a value that does not show", HTTPX + "def f(x):\n c: httpx.Client = x\n probe(c)", {"httpx.Client()"}),
    ("Depends", FASTAPI + "def make():\n yield httpx.Client()\ndef f(c=Depends(make)):\n probe(c)", {"httpx.Client()"}),
    (
        "Annotated Depends",
        FASTAPI + "def make():\n return httpx.Client()\ndef f(c: Annotated[object, Depends(make)]):\n probe(c)",
        {"httpx.Client()"},
    ),
    (
        "an alias of one",
        FASTAPI + "def make():\n return httpx.Client()\nC = Annotated[object, Depends(make)]\ndef f(c: C):\n probe(c)",
        {"httpx.Client()"},
    ),
    # Builders
    (
        "a builder",
        SQL + "def f(s: Session):\n q = s.query(U)\n q = q.filter(x)\n probe(q.all)",
        {"sqlalchemy.orm.Query().all"},
    ),
    (
        "under a condition",
        SQL + "def f(s: Session):\n q = s.query(U)\n if x:\n  q = q.filter(x)\n"
        " if y:\n  q = q.filter(y).limit(1)\n probe(q.all)",
        {"sqlalchemy.orm.Query().all"},
    ),
    (
        "read before it is bound anew",
        SQL + "def f(s: Session):\n q = s.query(U)\n probe(q.filter)\n q = q.filter(x)",
        {"sqlalchemy.orm.Query().filter"},
    ),
    (
        "an attribute that is a builder",
        SQL + "class A:\n def f(self, s: Session):\n  self.q = s.query(U)\n"
        "  self.q = self.q.filter(x)\n  probe(self.q.all)",
        {"sqlalchemy.orm.Query().all"},
    ),
    ("its own default", HTTPX + "c = httpx.Client()\nc = c or None\nprobe(c)", {"httpx.Client()"}),
    (
        "no builder",
        REQUESTS + "r = requests.get(u)\nr = r.json()\nprobe(r)",
        {"requests.get()", "requests.get().json()"},
    ),
    (
        "wrapped by another file",
        REQUESTS + "from .x import wrap\ns = requests.Session()\ns = wrap(s)\nprobe(s)",
        {"requests.Session()", ".x.wrap()"},
    ),
    # Items by attribute
    ("a database by attribute", MONGO + "probe(client.shop)", {"pymongo.MongoClient()[]"}),
    ("a collection by attribute", MONGO + "probe(client.shop.orders.find_one)", {"pymongo.MongoClient()[][].find_one"}),
    (
        "a collection by item",
        MONGO + "probe(client['shop']['orders'].find_one)",
        {"pymongo.MongoClient()[][].find_one"},
    ),
    ("mixed", MONGO + "db = client['shop']\nprobe(db.orders.find_one)", {"pymongo.MongoClient()[][].find_one"}),
    (
        "from the constructor",
        "import pymongo\ndb = pymongo.MongoClient(uri).shop\nprobe(db.orders.find)",
        {"pymongo.MongoClient()[][].find"},
    ),
    ("a method is no item", MONGO + "probe(client.get_database)", {"pymongo.MongoClient().get_database"}),
    ("nor is the way to one", MONGO + "probe(client.admin.command)", {"pymongo.MongoClient().admin.command"}),
    ("nor the database's", MONGO + "probe(client.shop.command)", {"pymongo.MongoClient()[].command"}),
    ("nor what begins with _", MONGO + "probe(client._topology)", {"pymongo.MongoClient()._topology"}),
    (
        "with Flask",
        "from flask_pymongo import PyMongo\nmongo = PyMongo(app)\nprobe(mongo.db.users.find_one)",
        {"flask_pymongo.PyMongo().db[].find_one"},
    ),
    (
        "asynchronous",
        "from motor.motor_asyncio import AsyncIOMotorClient\ndb = AsyncIOMotorClient().shop\nprobe(db.orders.find)",
        {"pymongo.AsyncMongoClient()[][].find"},
    ),
    ("not of other libraries", "import redis\nprobe(redis.Redis().shop.orders)", {"redis.Redis().shop.orders"}),
]

UNKNOWN = [
    # Expressions
    ("a number", "probe(1)"),
    ("a text", "probe('requests')"),
    ("None", "probe(None)"),
    ("a list", "probe([requests])"),
    ("a dict", "probe({'a': requests})"),
    ("an item of a display", "probe([requests][0])"),
    ("an item of a dict", "probe({'a': requests}['a'])"),
    ("an operation", "probe(requests + 1)"),
    ("a comparison", "probe(requests == 1)"),
    ("a negation", "probe(not requests)"),
    ("a formatted text", "probe(f'{requests}')"),
    ("a comprehension", "probe([requests for _ in x])"),
    ("a generator", "probe(requests for _ in x)"),
    ("a method of a text", "probe('a'.join)"),
    ("a method of a dict", "d = {}\nprobe(d.get)"),
    ("a result of a text's method", "probe('a'.format(x).get)"),
    ("yield", "def f():\n probe((yield))"),
    ("either of two unknown", "def f(a, b):\n probe(a or b)"),
    ("a choice with one unknown", HTTPX + "def f(c):\n probe(httpx.Client() if c is None else c)"),
    ("an attribute of such a choice", HTTPX + "def f(c):\n probe((httpx.Client() if c is None else c).get)"),
    ("an item of an unknown", "def f(pools):\n probe(pools['a'].get)"),
    ("a starred argument", "probe(*requests)"),
    # Names
    ("assigned once, unknown once", HTTPX + "def f(x):\n c = httpx.Client()\n c = x\n probe(c)"),
    ("either branch unknown", HTTPX + "def f(x):\n if x:\n  c = httpx.Client()\n else:\n  c = x\n probe(c)"),
    ("a loop over clients", HTTPX + "for c in [httpx.Client()]:\n probe(c)"),
    ("a cycle of two", "a = b\nb = a\nprobe(a)"),
    ("a cycle of three", "a = b\nb = c\nc = a\nprobe(c)"),
    ("two names through each other", HTTPX + "a = httpx.Client()\na = b\nb = a\nb = a.x\nprobe(a)"),
    ("itself only", "a = a\nprobe(a)"),
    ("a builder of nothing", "q = q.filter(x)\nprobe(q.all)"),
    ("a builder of a parameter", "def f(q):\n q = q.filter(x)\n probe(q.all)"),
    ("a builder of an unknown call", "def f(s):\n q = s.query(U)\n q = q.filter(x)\n probe(q.all)"),
    ("a builder that a function may replace", SQL + "def f(s: Session, g):\n q = s.query(U)\n q = g(q)\n probe(q.all)"),
    (
        "a builder in a loop over others",
        SQL + "def f(s: Session, qs):\n q = s.query(U)\n for q in qs:\n  q = q.filter(x)\n probe(q.all)",
    ),
    ("more than four alternatives", "import m\n" + "".join(f"c = m.f{n}\n" for n in range(5)) + "probe(c)"),
    ("more than four by growing", "import m\n" + "".join(f"c = m.f{n}\nc = c.g\n" for n in range(3)) + "probe(c)"),
    # with
    ("with an unknown", "def f(x):\n with x as c:\n  probe(c)"),
    ("with an unknown call", "def f(x):\n with x() as c:\n  probe(c)"),
    ("suppress", CONTEXTS + "with contextlib.suppress(E) as c:\n probe(c)"),
    ("closing an unknown", CONTEXTS + "def f(x):\n with contextlib.closing(x) as c:\n  probe(c)"),
    ("closing nothing", CONTEXTS + "with contextlib.closing() as c:\n probe(c)"),
    ("with several names", HTTPX + "with httpx.Client() as (a, b):\n probe(a)"),
    (
        "a context manager that yields nothing",
        CONTEXTS + "@contextlib.contextmanager\ndef m():\n yield\nwith m() as c:\n probe(c)",
    ),
    (
        "one that yields its argument",
        CONTEXTS + "@contextlib.contextmanager\ndef m(x):\n yield x\nwith m(1) as c:\n probe(c)",
    ),
    ("a generator is none", CONTEXTS + "def m():\n yield httpx.Client()\nprobe(m())"),
    (
        "__enter__ that does not show",
        "class A:\n def __enter__(self):\n  return x[0](1) if y else {}\nwith A() as c:\n probe(c)",
    ),
    # Classes
    ("an attribute that nobody sets", "class A:\n def f(self):\n  probe(self.client.get)"),
    (
        "an attribute that a parameter sets",
        "class A:\n def __init__(self, c):\n  self.c = c\n def f(self):\n  probe(self.c)",
    ),
    (
        "that a known one and a parameter set",
        HTTPX
        + "class A:\n def __init__(self, c):\n  self.c = httpx.Client()\n  self.c = c\n def f(self):\n  probe(self.c)",
    ),
    ("an attribute that is unpacked", "class A:\n def f(self):\n  self.c, self.d = x()\n  probe(self.c)"),
    ("an attribute that is counted", "class A:\n def f(self):\n  self.c += 1\n  probe(self.c)"),
    ("a dict of clients", HTTPX + "class A:\n def f(self):\n  self.c = {'a': httpx.Client()}\n  probe(self.c['a'])"),
    ("a loop's target as attribute", "class A:\n c = 1\n def f(self):\n  for self.c in x:\n   probe(self.c)"),
    ("an object handed in", CLIENT + "def f(c):\n probe(c.http)"),
    (
        "a class of the file called like a library",
        "class requests:\n @staticmethod\n def get(u): ...\nprobe(requests.post)",
    ),
    (
        "a method's result that does not show",
        "class A:\n def c(self, x):\n  return x\n def f(self):\n  probe(self.c(1))",
    ),
    (
        "a property that does not show",
        "class A:\n @property\n def c(self):\n  return self.x\n def f(self):\n  probe(self.c.get)",
    ),
    (
        "a property with a setter",
        HTTPX + "class A:\n @property\n def c(self):\n  return httpx.Client()\n"
        " @c.setter\n def c(self, x):\n  self._c = x\n def f(self):\n  probe(self.c.get)",
    ),
    ("an attribute of a function", "def f(): ...\nprobe(f.cache)"),
    ("super() outside a class", "def f():\n probe(super().get)"),
    ("super() without a base", "class A:\n def f(self):\n  probe(super().f)"),
    ("a function called super", "def super(): ...\nclass A(dict):\n def f(self):\n  probe(super().f)"),
    ("a class built from itself", "class A(A):\n def f(self):\n  probe(self.x)"),
    ("classes built from each other", "class A(B):\n def f(self):\n  probe(self.x)\nclass B(A): ..."),
    ("an attribute that is itself", "class A:\n def f(self):\n  self.c = self.c\n  probe(self.c)"),
    (
        "two attributes through each other",
        "class A:\n def f(self):\n  self.a = self.b\n  self.b = self.a\n  probe(self.a)",
    ),
    ("a static method's argument", "class A:\n @staticmethod\n def f(x):\n  probe(x.get)"),
    ("an instance called", CLIENT + "probe(Client()(1))"),
    # Functions
    ("a result that does not show", "def make(x):\n return x\nprobe(make(1))"),
    ("no result", "def make():\n pass\nprobe(make())"),
    ("one result unknown", HTTPX + "def make(x):\n if x:\n  return x\n return httpx.Client()\nprobe(make(1))"),
    ("a function that calls itself", "def make():\n return make()\nprobe(make())"),
    ("functions that call each other", "def a():\n return b()\ndef b():\n return a()\nprobe(a())"),
    ("a lambda's argument", "f = lambda x: x\nprobe(f(1))"),
    ("a lambda that calls itself", "f = lambda: f()\nprobe(f())"),
    ("a partial of an unknown", "from functools import partial\ndef f(g):\n probe(partial(g, 1))"),
    ("a cast of an unknown", "from typing import cast\nimport httpx\ndef f(x):\n probe(cast(httpx.Client, x))"),
    (
        "defined twice, once unknown",
        HTTPX + "if x:\n def make():\n  return httpx.Client()\nelse:\n def make():\n  return 1\nprobe(make())",
    ),
    # Annotations
    ("a text that is no Python", "def f(c: 'httpx Client'):\n probe(c)"),
    ("an empty text", "def f(c: ''):\n probe(c)"),
    ("a number", "def f(c: 1):\n probe(c)"),
    ("None only", "def f(c: None):\n probe(c)"),
    ("an annotation that is itself", "def f(c: 'C'):\n probe(c)\nC = 'C'"),
    ("aliases of each other", "A = B[int]\nB = A[int]\ndef f(c: A):\n probe(c)"),
    ("a text within a text", "def f(c: '\"\"'):\n probe(c)"),
    ("a call", "def f(c: make()):\n probe(c)"),
    ("a union with an unknown", TYPING + "def f(c: Union[httpx.Client, make()]):\n probe(c)"),
    ("*args are a tuple of them", HTTPX + "def f(*c: httpx.Client):\n probe(c)"),
    ("**kwargs are a dict of them", HTTPX + "def f(**c: httpx.Client):\n probe(c)"),
    ("a TypeVar", "from typing import TypeVar\nT = TypeVar('T')\ndef f(c: T):\n probe(c)"),
    ("Depends on a parameter", FASTAPI + "def g(make):\n def f(c=Depends(make)):\n  probe(c)"),
    ("Depends on what does not show", FASTAPI + "def make(x):\n return x\ndef f(c=Depends(make)):\n probe(c)"),
    ("Depends without a provider", FASTAPI + "def f(c=Depends()):\n probe(c)"),
]


@pytest.mark.parametrize(("source", "paths"), [pytest.param(s, p, id=why) for why, s, p in RESOLVED])
def test_resolved(source: str, paths: set[str]) -> None:
    assert probed(source) == paths


@pytest.mark.parametrize("source", [pytest.param(s, id=why) for why, s in UNKNOWN])
def test_unknown(source: str) -> None:
    assert probed(source) == set()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("requests = {}\nrequests.get(u)", id="a dict"),
        pytest.param("def f(requests):\n requests.get(u)", id="a parameter"),
        pytest.param("from . import requests\nrequests.get(u)", id="a module of the project"),
        pytest.param("from shop import requests\nrequests.get(u)", id="a module of a package"),
        pytest.param("def f(redis):\n redis.Redis()", id="a parameter called redis"),
        pytest.param("class redis:\n class Redis: ...\nredis.Redis()", id="a class called redis"),
        pytest.param("def f(cache, db, session):\n cache.get(1)\n db.execute(2)\n session.get(3)", id="handed in"),
        pytest.param("cache = {}\ncache.get(1)", id="a dict called cache"),
        pytest.param("session = {}\nsession.get(1)", id="a dict called session"),
        pytest.param("import httpx\nc = httpx.Client() if x else Fake()\nc.get(u)", id="a client or a stand-in"),
        pytest.param(
            "try:\n import requests\nexcept ImportError:\n from . import requests\nrequests.get(u)", id="or ours"
        ),
        pytest.param(
            "import requests\nclass S(requests.Session):\n def get(self, u): ...\nS().get(u)", id="overridden"
        ),
    ],
)
def test_no_site(source: str) -> None:
    """A known call is none where one of the things that it may be is no library's."""
    sites = [site for site in model(source).sites if site.callee not in ("httpx.Client", "S")]
    assert sites == []


def test_the_order_of_questions_does_not_matter() -> None:
    """Answers on the way to a name that is bound to itself are not kept."""
    text = SQL + "def f(s: Session):\n q = s.query(U)\n q = q.filter(a)\n q = q.filter(b)\n q.all()"
    answers = []
    for backwards in (False, True):
        found = model(text)
        calls = [each for many in found.calls_by_name.values() for each in many]
        calls.sort(key=lambda each: (each[0].lineno, each[0].func.end_col_offset), reverse=backwards)
        paths = [sorted(found.resolver.paths(call, scope)) for call, scope in calls]
        answers.append(paths[::-1] if backwards else paths)
    assert answers[0] == answers[1]
