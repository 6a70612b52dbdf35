"""Whatever Python accepts is analysed: as deep as it parses, as odd as it is, and with the same answer every time."""

from __future__ import annotations

import ast
import random
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flake8_scalability import engine
from flake8_scalability.options import Settings

HEAD = """\
import asyncio, requests, redis
from functools import partial
from flask import Flask
app = Flask(__name__)
cache = redis.Redis()
"""


def run(text: str, tree: ast.Module | None = None) -> tuple[engine.Report, ...]:
    lines = text.splitlines(keepends=True)
    return engine.analyse(tree or ast.parse(text), "service.py", lines, Settings(), strict=True)


# Depth


@contextmanager
def recursion_limit(limit: int) -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def deepest(make: Callable[[int], str], most: int) -> tuple[str, ast.Module]:
    """Return the source and the tree of the deepest one that this Python still parses."""
    depth = most
    with recursion_limit(20_000):
        while True:
            text = HEAD + make(depth)
            try:
                return text, ast.parse(text)
            except (RecursionError, MemoryError, SyntaxError):
                depth = depth * 2 // 3
                assert depth > 5, "nothing parses"


def around(before: str, inside: str, after: str, end: str = "") -> Callable[[int], str]:
    """Repeat what stands before and after."""
    return lambda depth: before * depth + inside + after * depth + end + "\n"


def nested(*statements: str) -> Callable[[int], str]:
    """Nest statements in each other, in turn."""
    return lambda depth: (
        "".join(" " * n + statements[n % len(statements)] + "\n" for n in range(depth))
        + " " * depth
        + "requests.get(u)\n"
    )


def numbered(first: str, each: str, last: str = "") -> Callable[[int], str]:
    """Repeat lines in which {n} counts up and {m} is one ahead; the last line gets the end of the count."""
    return lambda depth: (
        first.format(n=0)
        + "".join(each.format(n=number, m=number + 1) for number in range(depth))
        + last.format(n=depth, m=depth + 1)
    )


EXPRESSIONS = {
    "a chain of calls": around("", "requests.get(u)", ".b()"),
    "a chain of attributes": around("", "requests", ".b", "()"),
    "a chain of items": around("", "cache", "[0]", ".get(1)"),
    "calls of results": around("", "requests.get", "()"),
    "parentheses": around("(", "requests.get(u)", ")"),
    "calls as arguments": around("requests.get(", "u", ")"),
    "lists": around("[", "requests.get(u)", "]"),
    "an unpacked target": around("[", "a", "]", " = requests.get(u)"),
    "a sum": around("", "requests.get(u)", " + requests.get(u)"),
    "a power": around("", "requests.get(u)", " ** 2"),
    "an address of many parts": around("", "requests.get('http://a'", " + 'a'", ")"),
    "an address that ends in many parts": around("", "requests.get(u", " + u", ")"),
    "negations": around("not ", "requests.get(u)", ""),
    "choices": around("requests.get(u) if a else ", "None", ""),
    "alternatives": around("", "x = requests", " or requests", "\nx.get(u)"),
    "alternatives in alternatives": around("(requests or (requests and ", "requests", "))"),
    "lambdas": around("lambda: ", "requests.get(u)", ""),
    "lambdas that are called": around("(lambda: ", "requests.get(u)", ")()"),
    "comprehensions": around("[", "requests.get(u)", " for _ in y]"),
    "loops of one comprehension": around("", "[requests.get(u)", " for a in y", "]"),
    "awaits": around("", "async def f():\n await g()", "\n await asyncio.sleep(1)"),
    "limits around limits": around("asyncio.wait_for(", "g()", ", 1)"),
    "partials": around("partial(", "requests.get", ", a=1)", "(u)"),
    "a union of mappings": around("", "requests.get(u, **({}", " | {}", "))"),
    "mappings in mappings": lambda depth: "requests.get(u, **" + "{**" * depth + "k" + "}" * depth + ")\n",
    "an annotation": lambda depth: "def f(c: " + "list[" * depth + "redis.Redis" + "]" * depth + "):\n c.get(u)\n",
    "a union of annotations": around("", "def f(c: redis.Redis", " | None", "):\n c.get(u)"),
    "an annotation in a text": lambda depth: f"def f(c: '{'list[' * depth}int{']' * depth}'):\n c.get(u)\n",
    "a union in a text": around("", "def f(c: 'redis.Redis", " | None", "'):\n c.get(u)"),
    "a formatted text": around("", "requests.get(f'http://{a", ".b", "}')"),
    "a comparison": around("", "while a", " < b", ":\n requests.get(u)"),
}

STATEMENTS = {
    "ifs": nested("if a:"),
    "loops": nested("for a in b:"),
    "endless loops": nested("while True:"),
    "withs": nested("with requests.Session() as s:"),
    "functions": nested("def f():"),
    "coroutines": nested("async def f():"),
    "classes": nested("class A(requests.Session):"),
    "methods": nested("class A:", "def f(self):"),
    "branches": numbered("def f(a):\n if a:\n  pass\n", " elif a == {n}:\n  b = {n}\n", " else:\n  requests.get(u)\n"),
    "branches in a loop": numbered(
        "def f(a):\n while True:\n  if a:\n   pass\n",
        "  elif a == {n}:\n   b = {n}\n   break\n",
        "  else:\n   requests.get(u)\n",
    ),
}

LONG = {
    "functions that return each other's results": numbered(
        "", "def f{n}():\n return f{m}()\n", "def f{n}():\n return redis.Redis()\nf0().get(u)\n"
    ),
    "functions that call each other": numbered(
        "@app.route('/')\ndef f():\n f0()\n", "def f{n}():\n f{m}()\n", "def f{n}():\n requests.get(u)\n"
    ),
    "functions in a circle": numbered("", "def f{n}():\n return f{m}() or f0()\n", "def f{n}():\n return f0()\n"),
    "names for names": numbered("x0 = redis.Redis()\n", "x{m} = x{n}\n", "x{n}.get(u)\n"),
    "a name bound anew": numbered("def f():\n q = cache.pipeline()\n", " q = q.set({n})\n", " q.execute()\n"),
    "methods that return each other's results": numbered("class A:\n", " def f{n}(self):\n  return self.f{m}()\n"),
    "classes of classes": numbered("class A0(requests.Session): ...\n", "class A{m}(A{n}): ...\n", "A{n}().get(u)\n"),
    "mappings of mappings": numbered("k0 = {{}}\n", "k{m} = {{**k{n}, **k{n}}}\n", "requests.get(u, **k{n})\n"),
    "decorators": around("", "", "@app.route('/')\n", "def f():\n requests.get(u)"),
    "statements": numbered("def f():\n", " requests.get(u)\n"),
    "branches with calls": numbered("def f(a):\n if a:\n  pass\n", " elif a == {n}:\n  requests.get(u)\n"),
}


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in EXPRESSIONS.items()])
def test_deep_expressions(make: Callable[[int], str]) -> None:
    many_calls = make(3).count("requests.get") > 1
    run(*deepest(make, 1_000 if many_calls else 10_000))


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in STATEMENTS.items()])
def test_deep_statements(make: Callable[[int], str]) -> None:
    run(*deepest(make, 3_000))


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in LONG.items()])
def test_long_files(make: Callable[[int], str]) -> None:
    run(*deepest(make, 600))


# Syntax

SYNTAX: list[tuple[tuple[int, int], str, str]] = [
    ((3, 9), "decorators of any expression", "@(app.route('/') if a else b[0])\n@[f][0]\n@(lambda f: f)\ndef f(): ..."),
    ((3, 9), "walrus", "if (r := requests.get(u)) and (n := len(r.text)):\n print(n)\nx = [y := 1, (z := y)]"),
    ((3, 9), "positional-only", "def f(a, /, b, *c, d=1, **e): ...\nlambda a, /, *, b: a\nf(*c, 1, *d, a=1, **e, **g)"),
    ((3, 9), "asynchronous comprehensions", "async def f():\n return [await a async for a in b if await c]"),
    ((3, 9), "asynchronous generators", "async def f():\n yield 1\n x = {a: b async for a, b in c}\n return"),
    (
        (3, 9),
        "asynchronous statements",
        "async def f():\n async for a in b: ...\n else: ...\n async with c as d, e: ...",
    ),
    ((3, 9), "yield", "def f():\n a = yield\n b = yield a\n c = yield from b\n return (yield c)"),
    ((3, 9), "unpacking", "a, *b = *c, *d\nfor x, (y, *z) in w: ...\n[*a, *b], {*a}, {**a, 'b': 1}"),
    ((3, 9), "slices", "a[1:2, ..., ::3]\na[b:=1]\na[*b] = 1" if sys.version_info >= (3, 11) else "a[1:2, ..., ::3]"),
    ((3, 9), "formatted texts", "f'{a!r:>{b}} {f\"{c}\"} {d=}'\nrequests.get(f'http://{a}/{b[\"c\"]}')"),
    ((3, 9), "annotations", "a: int\nb.c: str = 1\nd[0]: 'x' = 2\n(e): int = 3\ndef f(*a: int, **b: 'x') -> None: ..."),
    ((3, 9), "deletion", "del a, b.c, d[0], (e, [f])"),
    ((3, 9), "augmented", "a += 1; b.c @= 2; d[0] //= 3"),
    ((3, 9), "global and nonlocal", "def f():\n global a\n a = 1\n b = 2\n def g():\n  nonlocal b\n  b = 3"),
    ((3, 9), "try", "try: ...\nexcept (A, B) as e: ...\nexcept: ...\nelse: ...\nfinally: ..."),
    ((3, 9), "classes", "class A(B, *c, metaclass=D, **e):\n x: int = 1\n class F: ...\n def g(self): super().g()"),
    ((3, 9), "a class without a first parameter", "class A:\n def f(): ...\n def g(*a): ...\n def h(*, a): a.b"),
    ((3, 9), "imports", "import a.b.c, d as e\nfrom . import f\nfrom ...g.h import (i as j, k)\nfrom l import *"),
    ((3, 9), "literals", "1, 1j, 1.0, b'a', 'a' 'b', ..., None, True, 10**100, '\\ud800', -0"),
    ((3, 9), "assert, raise, return", "def f():\n assert a, b\n raise C from d\n return"),
    ((3, 9), "names of other scripts", "sitzung = requests.Session()\ndéjà = 1\n网络 = requests.get(déjà)\nπ = 网络"),
    ((3, 9), "nothing", ""),
    ((3, 9), "a comment only", "# scalability: single-instance"),
    ((3, 9), "a form feed and a tab", "\x0cif a:\n\trequests.get(u)\n"),
    ((3, 9), "carriage returns", "requests.get(u)\r\nrequests.get(u)\rx = 1\r"),
    ((3, 10), "match", "match a:\n case {'b': c, **d} if c: ...\n case [1, *e] | (2 as f): ...\n case G(h, i=j): ..."),
    ((3, 10), "match of values", "match a, b:\n case None, -1 | 1 + 2j | True: ...\n case C.D, 'x': ...\n case _: ..."),
    ((3, 10), "several in parentheses", "with (a as b, c, d as (e, f)): ..."),
    ((3, 11), "except*", "try: ...\nexcept* A as e:\n requests.get(u)\nexcept* (B, C): ..."),
    ((3, 11), "starred annotations", "def f(*a: *b): ...\nx[*a, *b]\nfor x in *a, *b: ..."),
    ((3, 12), "type parameters", "def f[T: int, *Ts, **P](a: T, *b: *Ts) -> T: ...\nclass A[T](B[T]): ..."),
    ((3, 12), "type statements", "type A = int\ntype B[T] = list[T] | A\nclass C:\n type D = C"),
    ((3, 12), "nested formatted texts", "f'{f'{f'{a}'}'}'\nf'{'\\n'.join(f'{b['c']}' for b in d)}'"),
    (
        (3, 13),
        "defaults of type parameters",
        "def f[T = int, *Ts = *tuple[int], **P = [int]](): ...\ntype A[T = int] = T",
    ),
    ((3, 14), "template texts", "t'{a} {b!r:>{c}}'"),
    ((3, 14), "except without parentheses", "try: ...\nexcept A, B: ..."),
]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(s, id=why, marks=pytest.mark.skipif(sys.version_info < needed, reason=f"came with {needed}"))
        for needed, why, s in SYNTAX
    ],
)
@pytest.mark.parametrize("frame", ["{}", "@app.route('/')\ndef view():\n{}", "async def f():\n{}\n requests.get(u)"])
def test_syntax(source: str, frame: str) -> None:
    inside = source if frame == "{}" else textwrap.indent(source or "pass", " ")
    text = HEAD + frame.format(inside)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        assert frame != "{}"
        pytest.skip("not inside a function")
    run(text, tree)


@pytest.mark.parametrize("lines", [[], [""], ["x\n"] * 3, ["\ud800\n"] * 50], ids=["none", "one", "few", "surrogates"])
def test_lines_that_do_not_fit_the_tree(lines: list[str]) -> None:
    """Editors hand over what they have."""
    tree = ast.parse(HEAD + "\n\n@app.route('/')\ndef f():\n    requests.get(u)\n    redis.Redis().get(1)\n")
    for report in engine.analyse(tree, "service.py", lines, Settings(), strict=True):
        assert 1 <= report.line <= max(1, len(lines))


# Random programs

IMPORTS = [
    "import requests",
    "import requests as r",
    "from requests import get",
    "import httpx, redis, pymongo, boto3",
    "import asyncio, time, threading",
    "from functools import lru_cache, partial",
    "from contextlib import contextmanager, closing",
    "from fastapi import Depends, FastAPI",
    "from sqlalchemy import create_engine",
    "from celery import shared_task",
    "from . import db",
]
NAMES = ["a", "b", "client", "session", "cache", "self", "requests", "q"]
ATOMS = [
    *NAMES,
    "None",
    "1",
    "'http://a/b'",
    "{}",
    "[]",
    "self.client",
    "self.a.b",
    "requests.Session()",
    "httpx.AsyncClient()",
    "redis.Redis(host='x')",
    "pymongo.MongoClient().shop.orders",
    "create_engine(a)",
    "boto3.client('s3')",
    "db.session",
    "time",
    "asyncio",
]
EXPRESSION = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("{}.{}".format, inner, st.sampled_from(["get", "a", "execute", "find_one", "query", "sleep", "put"])),
        st.builds("{}({}, timeout={})".format, inner, inner, inner),
        st.builds("{}(**{})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("[{} for {} in {}]".format, inner, st.sampled_from(NAMES), inner),
        st.builds("(lambda {}: {})".format, st.sampled_from(NAMES), inner),
        st.builds("partial({}, {})".format, inner, inner),
        st.builds("({} := {})".format, st.sampled_from(NAMES), inner),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{{**{}, 'timeout': {}}}".format, inner, inner),
        st.builds("Depends({})".format, inner),
        st.builds("f'http://{{{}}}'".format, st.sampled_from(NAMES)),
    ),
    max_leaves=5,
)
NAME = st.sampled_from(NAMES)
SIMPLE = st.one_of(
    st.builds("{} = {}".format, NAME, EXPRESSION),
    st.builds("self.{} = {}".format, NAME, EXPRESSION),
    st.builds("{}[{}] = {}".format, NAME, NAME, EXPRESSION),
    st.builds("{}: {} = {}".format, NAME, EXPRESSION, EXPRESSION),
    st.builds("return {}".format, EXPRESSION),
    st.builds("yield {}".format, EXPRESSION),
    st.builds("await {}".format, EXPRESSION),
    st.builds("global {}".format, NAME),
    st.builds("del {}".format, NAME),
    st.builds("{} += {}".format, NAME, EXPRESSION),
    st.sampled_from(["break", "continue", "pass", "raise", *IMPORTS]),
    EXPRESSION,
)
HEADERS = st.one_of(
    st.builds("def {}({}, {}={}):".format, NAME, NAME, st.sampled_from(["x", "y"]), EXPRESSION),
    st.builds("async def {}({}: {}):".format, NAME, NAME, EXPRESSION),
    st.builds("@{}\ndef {}():".format, EXPRESSION, NAME),
    st.builds("@app.get('/')\nasync def {}(x={}):".format, NAME, EXPRESSION),
    st.builds("class {}({}):".format, NAME, EXPRESSION),
    st.builds("for {} in {}:".format, NAME, EXPRESSION),
    st.builds("while {}:".format, EXPRESSION),
    st.builds("if {}:".format, EXPRESSION),
    st.builds("with {} as {}:".format, EXPRESSION, NAME),
    st.builds("async with {} as {}:".format, EXPRESSION, NAME),
    st.just("try:"),
)


def _block(header: str, body: list[str]) -> str:
    tail = "\nexcept Exception as a:\n    time.sleep(1)" if header == "try:" else ""
    return header + "\n" + textwrap.indent("\n".join(body), "    ") + tail


STATEMENT = st.recursive(
    SIMPLE, lambda inner: st.builds(_block, HEADERS, st.lists(inner, min_size=1, max_size=4)), max_leaves=8
)
PROGRAM = st.builds(
    lambda imports, body: "\n".join([*imports, *body]) + "\n",
    st.lists(st.sampled_from(IMPORTS), max_size=5),
    st.lists(STATEMENT, min_size=1, max_size=6),
)

relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@relaxed
@given(PROGRAM)
@example("import requests\na = a\n")
@example("class a(a.b):\n    a = a\n")
@example("def make(): ...\nclass a(make):\n    def f(self):\n        self.x.y()\n")
def test_random_programs(text: str) -> None:
    """Programs put together at random raise nothing, and give the same findings on a second look."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    first = run(text, tree)
    assert run(text, ast.parse(text)) == first
    lines = text.count("\n")
    assert all(1 <= report.line <= lines and report.column >= 0 for report in first)


SERVICE = """\
import asyncio, json, logging, os, time
from functools import lru_cache
import boto3, httpx, psycopg2, redis, requests
from celery import shared_task
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], pool_size=5)
SessionLocal = sessionmaker(bind=engine)
sessions = {}
counter = 0

def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()

class Client:
    def __init__(self, base, timeout=None):
        self.http = requests.Session()
        self.options = {"timeout": timeout}
        self.cache = {}

    def fetch(self, path, **kwargs):
        kwargs.setdefault("timeout", 5)
        for attempt in range(5):
            try:
                return self.http.get(f"{self.base}/{path}", **kwargs)
            except requests.RequestException:
                time.sleep(1)

client = Client("http://inventory")

@app.get("/orders/{user_id}")
async def orders(user_id: int, db: Session = Depends(get_db)):
    global counter
    counter += 1
    query = db.query(Order).filter_by(user=user_id)
    query = query.order_by(Order.id)
    result = []
    for order in query.all():
        result.append(requests.get(f"http://prices/{order.id}").json())
        sessions[user_id] = order
    async with httpx.AsyncClient(timeout=None) as http:
        answers = await asyncio.gather(*[http.get(u) for u in urls])
    return {"orders": result, "stock": client.fetch("stock"), "n": len(answers)}

@shared_task(bind=True, max_retries=3)
def export(self, bucket):
    s3 = boto3.client("s3")
    connection = psycopg2.connect("dbname=shop")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM orders")
        for row in cursor.fetchall():
            s3.put_object(Bucket=bucket, Key=str(row[0]), Body=json.dumps(row))

@lru_cache(maxsize=None)
def settings(name):
    with open("/tmp/settings.json") as file:
        return json.load(file)[name]

if __name__ == "__main__":
    while True:
        time.sleep(60)
        export("backup")
"""
_NODES = sum(1 for _ in ast.walk(ast.parse(SERVICE)))


def test_the_service_has_findings() -> None:
    assert run(SERVICE)


@relaxed
@given(st.integers(0, len(SERVICE.splitlines())), st.integers(0, len(SERVICE.splitlines())))
def test_cut_services(start: int, end: int) -> None:
    """Any run of lines that still parses is analysed."""
    text = textwrap.dedent("\n".join(SERVICE.splitlines()[start:end])) + "\n"
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assert run(text, tree) == run(text)


@relaxed
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_mutated_services(chance: random.Random, times: int) -> None:
    """Parts of the service stand in for other parts of it."""
    tree = ast.parse(SERVICE)
    for _ in range(times):
        _mutate(tree, chance)
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        again = ast.parse(text)
    except (SyntaxError, ValueError, TypeError, AttributeError, RecursionError):
        return
    assert run(text, again) == run(text)


def _mutate(tree: ast.Module, chance: random.Random) -> None:
    """Put an expression of the tree in another's place, drop or double a statement, or rename something."""
    nodes = list(ast.walk(tree))
    node = chance.choice(nodes)
    blocks = [value for _, value in ast.iter_fields(node) if isinstance(value, list) and value]
    if blocks and isinstance(blocks[0][0], ast.stmt):
        block = chance.choice(blocks)
        place = chance.randrange(len(block))
        block[place : place + 1] = [block[place]] * chance.choice([0, 2]) if len(block) > 1 else block
    elif isinstance(node, ast.Name):
        node.id = chance.choice(NAMES)
    elif isinstance(node, ast.Attribute):
        node.attr = chance.choice(["get", "post", "session", "all", "execute"])
    else:
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and not isinstance(getattr(value, "ctx", None), (ast.Store, ast.Del)):
                others = [other for other in nodes if isinstance(other, ast.expr) and not _holds(other, node)]
                if others:
                    setattr(node, name, chance.choice(others))
                return


def _holds(outer: ast.AST, inner: ast.AST) -> bool:
    return any(node is inner for node in ast.walk(outer))
