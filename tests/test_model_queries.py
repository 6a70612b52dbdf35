"""Queries: what an expression asks of a database, and what is something else."""

from __future__ import annotations

import ast

import pytest
from support import model

from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.model.queries import sql
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.model.queries.query_runs import Use

DJANGO = "from django.db import models\nfrom app.models import User, Order\n"
ALCHEMY = "from sqlalchemy import select, func, text, update\nfrom app.models import User, Order\n"
MONGO = "from pymongo import MongoClient\ndb = MongoClient('a')['shop']\n"
TORTOISE = "from app.models import User\n"


def described(source: str) -> Query | None:
    """Return the description of the argument of `probe(...)`."""
    found = model(source)
    ((call, scope),) = found.calls_by_name["probe"]
    return found.queries.of(call.args[0], scope)


def kind(source: str) -> tuple[str, str, str, bool] | None:
    query = described(source)
    return (query.family.name, query.gives.name, query.entity, query.bounded) if query is not None else None


KNOWN = [
    ("a manager", DJANGO + "probe(User.objects.all())", ("django", "QUERY", "User", False)),
    ("a manager itself", DJANGO + "probe(User.objects)", ("django", "QUERY", "User", False)),
    ("a slice", DJANGO + "probe(User.objects.all()[:10])", ("django", "QUERY", "User", True)),
    ("an item", DJANGO + "probe(User.objects.all()[0])", ("django", "ONE", "User", True)),
    ("one row", DJANGO + "probe(User.objects.get(pk=1))", ("django", "ONE", "User", True)),
    ("a count", DJANGO + "probe(User.objects.filter(a=1).count())", ("django", "COUNT", "User", True)),
    ("a presence", DJANGO + "probe(User.objects.exists())", ("django", "PRESENCE", "User", True)),
    ("a write", DJANGO + "probe(User.objects.update(a=1))", ("django", "WRITE", "User", False)),
    ("a shortcut", DJANGO + "probe(get_object_or_404(User, pk=1))", ("django", "ONE", "User", True)),
    ("related rows", DJANGO + "def f(o):\n    probe(o.lines.all())", ("django", "QUERY", "lines", False)),
    ("a method of its own", DJANGO + "probe(User.objects.active())", ("django", "QUERY", "User", False)),
    ("another manager", DJANGO + "probe(User.global_objects.all())", ("django", "QUERY", "User", False)),
    ("a session", ALCHEMY + "probe(session.query(User).all())", ("sqlalchemy", "MANY", "User", False)),
    ("a name bound nowhere", "probe(db.query(User).all())", ("sqlalchemy", "MANY", "User", False)),
    ("a limit", ALCHEMY + "probe(session.query(User).limit(9).all())", ("sqlalchemy", "MANY", "User", True)),
    ("a class's query", ALCHEMY + "probe(User.query.filter_by(a=1).first())", ("sqlalchemy", "ONE", "User", True)),
    ("a page", ALCHEMY + "probe(User.query.paginate(page=1))", ("sqlalchemy", "PART", "User", True)),
    ("a statement", ALCHEMY + "probe(select(User).where(User.a == 1))", ("sqlalchemy", "QUERY", "User", False)),
    (
        "a result",
        ALCHEMY + "async def f(s):\n    probe((await s.execute(select(User))).scalars().all())",
        ("sqlalchemy", "MANY", "User", False),
    ),
    ("scalars", ALCHEMY + "probe(session.scalars(select(User)).all())", ("sqlalchemy", "MANY", "User", False)),
    ("a scalar", ALCHEMY + "probe(session.scalar(select(User)))", ("sqlalchemy", "ONE", "User", True)),
    ("a number", ALCHEMY + "probe(select(func.count(User.id)))", ("sqlalchemy", "QUERY", "User", True)),
    ("by key", ALCHEMY + "probe(session.get(User, 1))", ("sqlalchemy", "ONE", "User", True)),
    ("an update", ALCHEMY + "probe(session.execute(update(User).values(a=1)))", ("sqlalchemy", "WRITE", "User", True)),
    (
        "SQLModel",
        "from sqlmodel import select\nprobe(s.exec(select(User)).all())",
        ("sqlalchemy", "MANY", "User", False),
    ),
    ("peewee", "from peewee import *\nprobe(User.select().where(User.a == 1))", ("peewee", "QUERY", "User", False)),
    ("Tortoise", TORTOISE + "async def f():\n    probe(await User.filter(a=1))", ("tortoise", "QUERY", "User", False)),
    ("Beanie", "import beanie\nprobe(User.find(User.a == 1).to_list())", ("beanie", "MANY", "User", False)),
    ("MongoEngine", "import mongoengine\nprobe(User.objects(a=1))", ("mongoengine", "QUERY", "User", False)),
    (
        "Pony",
        "from pony.orm import select\nprobe(select(u for u in User if u.a == 1))",
        ("pony", "QUERY", "User", False),
    ),
    ("PyMongo", MONGO + "probe(db.users.find({}))", ("mongo", "QUERY", "users", False)),
    ("PyMongo with a limit", MONGO + "probe(db.users.find({}).limit(3))", ("mongo", "QUERY", "users", True)),
    ("a document", "probe(collection.find_one({'a': 1}))", ("mongo", "ONE", "collection", True)),
    (
        "a cursor",
        "def f(cursor):\n    cursor.execute('SELECT * FROM users')\n    probe(cursor.fetchall())",
        ("sql", "MANY", "users", False),
    ),
    (
        "asyncpg",
        "async def f(c):\n    probe(await c.fetch('SELECT a FROM users WHERE b = $1', 1))",
        ("sql", "MANY", "users", False),
    ),
    ("one value", "async def f(c):\n    probe(await c.fetchval('SELECT a FROM users'))", ("sql", "ONE", "users", True)),
    ("a text", ALCHEMY + "probe(session.execute(text('SELECT 1 FROM a LIMIT 3')).all())", ("sql", "MANY", "a", True)),
    ("a repository", "probe(user_repository.find_all())", ("repository", "MANY", "", False)),
    ("a handle", "probe(db.get_user(1))", ("repository", "ONE", "", True)),
]


@pytest.mark.parametrize(("why", "source", "expected"), KNOWN, ids=[case[0] for case in KNOWN])
def test_known(why: str, source: str, expected: tuple[str, str, str, bool]) -> None:
    assert kind(source) == expected, why


UNKNOWN = [
    ("a list", "def f(items):\n    probe(items.all())"),
    ("a text's find", DJANGO + "probe('abc'.find('b'))"),
    ("a tree's find", "from bs4 import BeautifulSoup\nsoup = BeautifulSoup('')\nprobe(soup.find({'a': 1}))"),
    ("a dict called db", "db = {}\nprobe(db.query(User))"),
    ("a class of the file", "class Db:\n    def query(self, x): return [x]\ndb = Db()\nprobe(db.query(User))"),
    ("select of sockets", "import select\nprobe(select.select([], [], []))"),
    ("select of something else", "from elsewhere import select\nprobe(select(User))"),
    ("a query of a text", "probe(client.query('SELECT'))"),
    ("a method of a class", "from app.tools import Json\nprobe(Json.filter(a=1))"),
    ("an unawaited class method", "from app.tools import Shape\nprobe(Shape.all())"),
    ("a form's data", DJANGO + "def f(request):\n    probe(request.POST.values())"),
    ("a module's function", DJANGO + "import app.views\nprobe(app.views.filter(a=1))"),
    ("own objects", "class A:\n    def f(self):\n        probe(self.objects.all())"),
    ("a parameter", DJANGO + "def f(qs):\n    probe(qs)"),
    ("a cursor of another function", "def g(c):\n    c.execute('SELECT a FROM b')\ndef f(c):\n    probe(c.fetchall())"),
    ("no statement", "def f(c):\n    probe(c.execute('make all'))"),
    ("a statement from elsewhere", "def f(c, q):\n    probe(c.execute(q))"),
    ("rows already", ALCHEMY + "probe(session.query(User).all()[:3])"),
    ("a filter builtin", "probe(filter(None, [1]))"),
    ("a constant class", "probe(USERS.filter(a=1))"),
    ("pandas", "import pandas as pd\nframe = pd.DataFrame()\nprobe(frame.query('a > 1'))"),
    ("a dict's get", "def f(session):\n    probe(session.get('user', 1))"),
    ("a generator", DJANGO + "def g():\n    yield User.objects.all()\nprobe(g())"),
]


@pytest.mark.parametrize(("why", "source"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_unknown(why: str, source: str) -> None:
    assert kind(source) is None, why


def test_names_are_followed() -> None:
    query = described(
        DJANGO
        + "def f(a):\n    qs = User.objects.all()\n    if a:\n        qs = qs.filter(a=a)\n    probe(qs.order_by('b'))"
    )
    assert query is not None
    assert query.filters == () and query.certain and not query.bounded


def test_a_later_binding_hides_an_earlier_one() -> None:
    query = described(DJANGO + "def f():\n    qs = User.objects.all()\n    qs = qs.filter(a=1)\n    probe(qs)")
    assert query is not None and [each.column for each in query.filters] == ["a"]


def test_a_limit_on_any_way_counts() -> None:
    query = described(DJANGO + "def f(a):\n    qs = User.objects.all()\n    if a:\n        qs = qs[:3]\n    probe(qs)")
    assert query is not None and query.bounded


def test_an_alternative_from_elsewhere_makes_it_uncertain() -> None:
    query = described(
        DJANGO + "def f(a):\n    qs = User.objects.all()\n    if a:\n        qs = narrow(qs)\n    probe(qs)"
    )
    assert query is not None and not query.certain


def test_other_branches_do_not_reach() -> None:
    query = described(
        DJANGO
        + "def f(a):\n    if a:\n        qs = User.objects.all()\n    else:\n"
        + "        qs = Order.objects.all()\n        probe(qs)"
    )
    assert query is not None and query.entity == "Order"


def test_functions_of_the_file_are_followed() -> None:
    query = described(DJANGO + "def active():\n    return User.objects.filter(a=1)\nprobe(active().order_by('b'))")
    assert query is not None and query.gives is Gives.QUERY and query.entity == "User"


def test_filters() -> None:
    query = described(
        ALCHEMY + "probe(select(User).where(User.a == 1, User.b.in_([1]), User.c.ilike('%x')).filter_by(d=2))"
    )
    assert query is not None
    assert [(each.column, each.operator) for each in query.filters] == [
        ("a", "exact"),
        ("b", "in"),
        ("c", "ilike"),
        ("d", "exact"),
    ]


@pytest.mark.parametrize(
    ("source", "chooses"),
    [
        ("select(User)", False),
        ("select(User).where(check(User))", True),
        ("select(User).where(User.a == 1)", True),
        ("cursor.execute('SELECT a FROM users WHERE lower(a) = ?')", True),
        ("cursor.execute('SELECT a FROM users')", False),
    ],
)
def test_whether_a_query_chooses_rows(source: str, chooses: bool) -> None:
    query = described(f"{ALCHEMY}probe({source})")
    assert query is not None and query.chooses is chooses


def test_filters_of_django() -> None:
    query = described(DJANGO + "probe(User.objects.filter(Q(a=1) | Q(b=2), c__in=x, d__e__icontains='f', **more))")
    assert query is not None
    assert [(each.column, each.operator) for each in query.filters] == [
        ("", "or"), ("c", "in"), ("d__e", "icontains"), ("", "unknown")
    ]  # fmt: skip


def test_relations() -> None:
    query = described(DJANGO + "probe(User.objects.select_related('team').prefetch_related('orders', Prefetch('b')))")
    assert query is not None and query.relations == {"team", "orders", "b"}
    query = described(ALCHEMY + "probe(session.query(User).options(joinedload(User.team)))")
    assert query is not None and query.relations == {"team"} and query.is_eager
    query = described(ALCHEMY + "probe(session.query(User))")
    assert query is not None and not query.is_eager


STATEMENTS = [
    (
        "SELECT * FROM a.users u WHERE u.id = %s",
        sql.Statement("select", "users", ("*",), (sql.Condition("id", "="),), chooses=True),
    ),
    (
        "WITH x AS (SELECT 1 FROM b) SELECT y FROM x LIMIT 3",
        sql.Statement("select", "x", ("y",), limited=True, dynamic=True),
    ),
    ("SELECT COUNT(*) FROM t", sql.Statement("select", "t", ("count", "(", ")"), aggregate=True)),
    ("SELECT y FROM t FOR UPDATE", sql.Statement("select", "t", ("y",), locks=True)),
    ("SELECT y FROM t ORDER BY RANDOM()", sql.Statement("select", "t", ("y",), ordered_at_random=True)),
    (f"SELECT y FROM t {sql.HOLE}", sql.Statement("select", "t", ("y",), dynamic=True)),
    (
        "SELECT y FROM t WHERE z LIKE '%a'",
        sql.Statement("select", "t", ("y",), (sql.Condition("z", "like", "%a"),), chooses=True),
    ),
    ("SELECT y FROM t WHERE a = 1 OR b = 2", sql.Statement("select", "t", ("y",), chooses=True)),
    (
        "SELECT y FROM t JOIN (SELECT MAX(z) AS z FROM t GROUP BY y) n ON t.z = n.z",
        sql.Statement("select", "t", ("y",), grouped=True, joined=True),
    ),
    (
        "SELECT y FROM t LEFT JOIN (SELECT z FROM u) n ON t.z = n.z",
        sql.Statement("select", "t", ("y",), joined=True),
    ),
    ("DELETE FROM t", sql.Statement("delete", "t")),
    ("SELECT y FROM series(1, 3)", sql.Statement("select", "", ("y",))),
    ("INSERT INTO t (y) VALUES (1)", sql.Statement("insert", "t")),
    (
        "SELECT y FROM t WHERE t MATCH :z",
        sql.Statement("select", "t", ("y",), (sql.Condition("t", "match"),), chooses=True),
    ),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_statements(text: str, expected: sql.Statement) -> None:
    assert sql.parse(text) == expected


@pytest.mark.parametrize("text", ["", "users", "Select a colour".replace("Select", "Choose"), "\x00"])
def test_no_statements(text: str) -> None:
    assert sql.parse(text) is None


def runs(source: str) -> list[tuple[int, str, Use]]:
    return [(run.node.lineno, run.query.gives.name, run.use) for run in model(source).query_runs]


def test_runs_of_lazy_queries() -> None:
    source = "import app\ndef f():\n    qs = User.objects.all()\n    for u in qs: pass\n    return list(qs)\n"
    assert runs(source) == [(4, "MANY", Use.LOOP), (5, "MANY", Use.TAKEN)]


def test_lazy_queries_that_nobody_takes_do_not_run() -> None:
    assert runs("def f():\n    qs = User.objects.filter(a=1)\n    return g(qs)\n") == []


def test_a_chain_runs_once() -> None:
    source = ALCHEMY + "def f(session):\n    return session.execute(select(User)).scalars().all()\n"
    assert runs(source) == [(4, "MANY", Use.FETCHED)]


def test_a_comprehension_takes_all() -> None:
    assert runs("def f():\n    return [u.a for u in User.objects.all()]\n") == [(2, "MANY", Use.TAKEN)]


def test_a_cursor_of_mongo_streams() -> None:
    assert runs("def f(collection):\n    for a in collection.find({}): pass\n") == [(2, "STREAM", Use.LOOP)]


def test_expressions_that_lead_back_to_themselves() -> None:
    found = model("def f(a):\n    while a:\n        q = q.filter(a=1)\n        probe(q)\n")
    ((call, scope),) = found.calls_by_name["probe"]
    assert isinstance(call, ast.Call) and found.queries.of(call.args[0], scope) is None
