"""Fields, proxies, generics and imports of everything: what is declared, where nothing is made in sight."""

from __future__ import annotations

import pytest
from support import model, probed

HTTPX = "import httpx\n"
FIELDS = "from dataclasses import dataclass, field\nimport httpx\n"
TYPING = "from typing import *\nimport typing\nimport httpx\n"
FASTAPI = "from fastapi import Depends\nimport typing, collections.abc, contextlib, httpx\n"
READ = " def f(self): probe(self.c)"

RESOLVED = [
    ("a field's annotation", FIELDS + "class A:\n c: httpx.Client = field(repr=False)\n" + READ, {"httpx.Client()"}),
    (
        "a field's factory",
        FIELDS + "class A:\n c: object = field(default_factory=httpx.Client)\n" + READ,
        {"httpx.Client()"},
    ),
    (
        "a factory that is a lambda",
        FIELDS + "class A:\n c: object = field(default_factory=lambda: httpx.Client())\n" + READ,
        {"httpx.Client()"},
    ),
    (
        "a factory of the file",
        FIELDS + "def make():\n return httpx.Client()\nclass A:\n c: object = field(default_factory=make)\n" + READ,
        {"httpx.Client()"},
    ),
    (
        "the annotation, where the factory does not show",
        FIELDS + "def make(x):\n return x\nclass A:\n c: httpx.Client = field(default_factory=make)\n" + READ,
        {"httpx.Client()"},
    ),
    ("attrs", "import attr, httpx\nclass A:\n c = attr.ib(factory=httpx.Client)\n" + READ, {"httpx.Client()"}),
    (
        "pydantic",
        "from pydantic import Field\nimport httpx\nclass A:\n c: httpx.Client = Field(exclude=True)\n" + READ,
        {"httpx.Client()"},
    ),
    ("a dependency of a class", FASTAPI + "class A:\n c: httpx.Client = Depends(get)\n" + READ, {"httpx.Client()"}),
    ("a field of a named tuple", HTTPX + "class A(NamedTuple):\n c: httpx.Client\n" + READ, {"httpx.Client()"}),
    (
        "a static method that is one of a library",
        HTTPX + "class A:\n c = staticmethod(httpx.get)\n" + READ,
        {"httpx.get"},
    ),
    (
        "a local proxy",
        "from werkzeug.local import LocalProxy\nimport redis\n"
        "def get():\n return redis.Redis()\nc = LocalProxy(get)\nprobe(c)",
        {"redis.Redis()"},
    ),
    (
        "a lazy object",
        "from django.utils.functional import SimpleLazyObject\nimport redis\n"
        "c = SimpleLazyObject(lambda: redis.Redis())\nprobe(c)",
        {"redis.Redis()"},
    ),
    ("ClassVar", TYPING + "class A:\n c: typing.ClassVar[httpx.Client]\n" + READ, {"httpx.Client()"}),
    ("Final", TYPING + "class A:\n c: Final[httpx.Client]\n" + READ, {"httpx.Client()"}),
    ("Final of Optional", TYPING + "class A:\n c: Final[Optional[httpx.Client]]\n" + READ, {"httpx.Client()"}),
    ("Final without a type", TYPING + "c: Final = httpx.Client()\nprobe(c)", {"httpx.Client()"}),
    ("a class is handed in", HTTPX + "def f(c: type[httpx.Client]): probe(c)", {"httpx.Client"}),
    ("and called", TYPING + "def f(c: typing.Type[httpx.Client]): probe(c())", {"httpx.Client()"}),
    (
        "a class of the file is handed in",
        HTTPX + "class A:\n c = httpx.Client()\ndef f(a: type[A]): probe(a().c)",
        {"httpx.Client()"},
    ),
    (
        "what a dependency promises to yield",
        FASTAPI
        + "def get(x) -> typing.Generator[httpx.Client, None, None]:\n yield x\ndef f(c=Depends(get)): probe(c)",
        {"httpx.Client()"},
    ),
    (
        "what an asynchronous one promises",
        FASTAPI + "async def get(x) -> collections.abc.AsyncIterator[httpx.AsyncClient]:\n yield x\n"
        "def f(c=Depends(get)): probe(c)",
        {"httpx.AsyncClient()"},
    ),
    (
        "what a context manager promises",
        FASTAPI + "@contextlib.contextmanager\ndef get(x) -> typing.Iterator[httpx.Client]:\n yield x\n"
        "with get(1) as c:\n probe(c)",
        {"httpx.Client()"},
    ),
    ("everything of a known library", "from requests import *\nprobe(get)", {"requests.get"}),
    (
        "of the second one",
        "from os import *\nfrom sqlalchemy import *\nprobe(create_engine)",
        {"sqlalchemy.create_engine"},
    ),
    ("what the library is not known for", "from requests import *\nprobe(other)", {"other"}),
    ("an import of everything of ours", "from .requests import *\nprobe(get)", {"get"}),
    ("what is bound is no import of everything", "from requests import *\ndef get(): ...\nprobe(get)", {"local get"}),
]

UNKNOWN = [
    (
        "a field of an unknown factory",
        FIELDS + "def g(make):\n class A:\n  c = field(default_factory=make)\n  probe(c)",
    ),
    ("a factory of dicts", FIELDS + "class A:\n c = field(default_factory=lambda: {})\n" + READ),
    ("a proxy of a parameter", "from werkzeug.local import LocalProxy\ndef g(get):\n c = LocalProxy(get)\n probe(c)"),
    (
        "a proxy of a function that gives a dict",
        "from werkzeug.local import LocalProxy\ndef get():\n return {}\nc = LocalProxy(get)\nprobe(c.get)",
    ),
    ("a class made on the fly", HTTPX + "def f(c: type[make()]): probe(c)"),
    ("one of several classes", HTTPX + "def f(c: 'type[httpx.Client | httpx.AsyncClient]'): probe(c)"),
    ("ClassVar of an unknown", TYPING + "class A:\n c: ClassVar[make()]\n" + READ),
    ("Final with a value that does not show", TYPING + "def f(x):\n c: Final = {}\n probe(c)"),
    ("a generator promises no item to its caller", FASTAPI + "def get(x):\n yield x\nprobe(get(1))"),
    (
        "a dependency that yields what it is given",
        FASTAPI + "def get(x):\n yield x\ndef f(c=Depends(get)): probe(c)",
    ),
    ("a parameter hides what is imported whole", "from requests import *\ndef f(get): probe(get)"),
    ("a dict does, too", "from requests import *\nget = {}\nprobe(get)"),
    ("a static method of a parameter", "def g(x):\n class A:\n  c = staticmethod(x)\n  probe(c)"),
]


@pytest.mark.parametrize(("source", "paths"), [pytest.param(s, p, id=why) for why, s, p in RESOLVED])
def test_resolved(source: str, paths: set[str]) -> None:
    assert probed(source) == paths


@pytest.mark.parametrize("source", [pytest.param(s, id=why) for why, s in UNKNOWN])
def test_unknown(source: str) -> None:
    assert probed(source) == set()


def test_a_dependency_in_an_annotation_is_on_the_request_path() -> None:
    found = model(
        "from typing import Annotated\nfrom fastapi import Depends\nimport httpx\n"
        "def get(): return httpx.Client()\ndef f(c: Annotated[httpx.Client, Depends(get)]): pass\n"
    )
    (scope,) = [scope for scope in found.scopes if scope.name == "get"]
    assert found.place(scope).place.name == "REQUEST"


def test_calls_by_names_that_are_imported_whole_are_known() -> None:
    found = model("from requests import *\ndef f(u): return get(u)\n")
    assert [site.paths for site in found.sites] == [{"requests.get"}]
