"""Where queries begin, how they are put together, and whose rows a name holds."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.queries import narrowing, sql_texts, tables
from flake8_scalability.model.queries.queries import Query

DJANGO = "from django.db import models\nfrom app.models import User, Order\n"
ALCHEMY = (
    "from sqlalchemy import select, func, text, update\nimport sqlalchemy as sa\nfrom app.models import User, Order\n"
)
MONGO = "from pymongo import MongoClient\ndb = MongoClient('a')['shop']\n"
VIEW = DJANGO + "class V(View):\n queryset = User.objects.filter(a=1)\n"


def described(source: str) -> Query | None:
    found = model(source)
    ((call, scope),) = found.calls_by_name["probe"]
    return found.queries.of(call.args[0], scope)


KNOWN = [
    ("a view's own query", VIEW + " def f(self):\n  probe(self.get_queryset())", "User QUERY"),
    ("its base's", VIEW + " def get_queryset(self):\n  probe(super().get_queryset())", "User QUERY"),
    ("its attribute", VIEW + " def f(self):\n  probe(self.queryset)", "User QUERY"),
    ("a view without", DJANGO + "class V(View):\n def f(self):\n  probe(self.get_queryset())", " QUERY"),
    ("a filtered one", VIEW + " def f(self):\n  probe(self.filter_queryset(self.get_queryset()))", "User QUERY"),
    ("the user's model", DJANGO + "probe(get_user_model().objects.all())", "User QUERY"),
    ("a statement of a module", ALCHEMY + "probe(sa.select(User))", "User QUERY"),
    ("of a handle", "from app.models import User\ndef f(db):\n probe(db.select(User))", "User QUERY"),
    (
        "Beanie's, by its await",
        "from app.models import User\nasync def f():\n probe(await User.find_one(a=1))",
        "User ONE bounded",
    ),
    ("Mongo's stages", MONGO + "probe(db.users.aggregate([{'$match': {'a': 1}}]))", "users QUERY"),
    ("stages with a limit", MONGO + "probe(db.users.aggregate([{'$limit': 5}]))", "users QUERY bounded"),
    ("a collection by name", MONGO + "probe(db['users'].find({}))", "users QUERY"),
    ("a find in something unknown", MONGO + "probe(users.find(wanted))", None),
    (
        "a walrus",
        DJANGO + "if (rows := User.objects.all()):\n pass\nprobe((other := User.objects.all()))",
        "User QUERY",
    ),
    (
        "either of two",
        DJANGO + "def f(a):\n probe(User.objects.all() if a else User.objects.filter(b=a))",
        "User QUERY",
    ),
    ("or none", DJANGO + "def f(a):\n probe(User.objects.all() if a else [])", "User QUERY"),
    ("one or the other", DJANGO + "def f(a):\n probe(a and User.objects.all())", "User QUERY"),
    ("a union", DJANGO + "probe(User.objects.filter(a=1) | User.objects.filter(b=1))", "User QUERY"),
    ("no union", DJANGO + "probe(User.objects.filter(a=1) | other)", None),
    ("no rows", DJANGO + "probe(User.objects.none())", "User QUERY"),
    ("a keyword's statement", "def f(c):\n probe(c.fetch(query='SELECT a FROM users'))", "users MANY"),
    ("a change by statement", "def f(c):\n probe(c.execute('DELETE FROM users'))", "users WRITE bounded"),
    (
        "rows of an executed statement",
        "def f(c):\n c.execute('SELECT a FROM users')\n probe(c.fetchone())",
        "users ONE bounded",
    ),
    ("of another cursor", "def f(c, d):\n c.execute('SELECT a FROM users')\n probe(d.fetchone())", None),
    ("of a change", "def f(c):\n c.execute('UPDATE users SET a = 1')\n probe(c.fetchone())", None),
    ("a method of its own", DJANGO + "probe(User.objects.count_active())", "User COUNT bounded"),
    ("that changes", DJANGO + "probe(User.objects.create_user('a'))", "User WRITE"),
    ("that gives something else", DJANGO + "probe(User.objects.as_frame())", None),
    ("what ran before", ALCHEMY + "probe(session.execute(select(User)).all())", "User MANY"),
    ("one of what ran", ALCHEMY + "probe(session.execute(select(User)).first())", "User ONE bounded"),
    ("an item of fetched rows", ALCHEMY + "probe(session.query(User).all()[0])", None),
]


@pytest.mark.parametrize("source, expected", [case[1:] for case in KNOWN], ids=[case[0] for case in KNOWN])
def test_roots(source: str, expected: str | None) -> None:
    query = described(source)
    shown = f"{query.entity} {query.gives.name}{' bounded' if query.bounded else ''}" if query is not None else None
    assert shown == expected


TEXTS = [
    ("a constant", "probe('SELECT a')", "SELECT a"),
    ("no text", "probe(5)", None),
    ("an f-string", "probe(f'SELECT {a} FROM b')", "SELECT ? FROM b"),
    ("a known part", "T = 'users'\nprobe(f'SELECT a FROM {T}')", "SELECT a FROM users"),
    ("a sum", "probe('SELECT a ' + rest)", "SELECT a ?"),
    ("turned round", "probe(rest + ' LIMIT 5')", "? LIMIT 5"),
    ("a sum of the unknown", "probe(a + b)", None),
    ("places", "probe('SELECT a FROM %s' % t)", "SELECT a FROM %s"),
    ("a format", "probe('SELECT a FROM {}'.format(t))", "SELECT a FROM ?"),
    ("an unknown format", "probe(t.format(a))", None),
    ("a stripped text", "probe('SELECT a'.strip())", "SELECT a"),
    ("a text of SQLAlchemy's", "from sqlalchemy import text\nprobe(text('SELECT a'))", "SELECT a"),
    ("another call", "probe(build('SELECT a'))", None),
    ("a choice", "probe('SELECT a' if x else 'SELECT b')", "SELECT a"),
    ("a name", "q = 'SELECT a'\nprobe(q)", "SELECT a"),
    ("a name that grows", "def f(x):\n q = 'SELECT a'\n if x:\n  q += ' LIMIT 5'\n probe(q)", "SELECT a  LIMIT 5 "),
    ("by something unknown", "def f(x):\n q = 'SELECT a'\n q += x\n probe(q)", "SELECT a ? "),
    ("a parameter", "def f(q):\n probe(q)", None),
    ("an unbound name", "probe(q)", None),
    ("alternatives", "def f(x):\n q = 'SELECT a'\n if x:\n  q = 'SELECT a LIMIT 5'\n probe(q)", "SELECT a LIMIT 5"),
    ("a circle", "a = b\nb = a\nprobe(a)", None),
]


@pytest.mark.parametrize("source, expected", [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])
def test_texts_of_sql(source: str, expected: str | None) -> None:
    found = model(source)
    ((call, scope),) = found.calls_by_name["probe"]
    text = sql_texts.of(call.args[0], scope, found)
    assert (text.replace("\x00", "?") if text is not None else None) == expected


ROWS = [
    ("a loop over rows", DJANGO + "for u in User.objects.all():\n probe(u)", "User"),
    ("a list of them", DJANGO + "for u in list(User.objects.all()):\n probe(u)", "User"),
    ("a name of a list", DJANGO + "def f():\n rows = sorted(User.objects.all())\n for u in rows:\n  probe(u)", "User"),
    ("the items of a page", ALCHEMY + "for u in User.query.paginate(page=1).items:\n probe(u)", "User"),
    ("numbered rows", DJANGO + "for n, u in enumerate(User.objects.all()):\n probe(u)", "User"),
    ("one row", DJANGO + "u = User.objects.get(pk=1)\nprobe(u)", "User"),
    ("a made row", DJANGO + "u = User(name='a')\nprobe(u)", "User"),
    ("a created one", DJANGO + "u = User.objects.create(name='a')\nprobe(u)", "User"),
    ("found or made", DJANGO + "u, made = User.objects.get_or_create(name='a')\nprobe(u)", "User"),
    (
        "a class of the file",
        "from django.db import models\nclass Ship(models.Model):\n pass\ns = Ship()\nprobe(s)",
        "Ship",
    ),
    ("a class that is not mapped", "from app.tools import Ship\ns = Ship()\nprobe(s)", ""),
    ("a plain class of the file", DJANGO + "class Ship:\n pass\ns = Ship()\nprobe(s)", ""),
    ("values", DJANGO + "for u in User.objects.values('a'):\n probe(u)", ""),
    ("a total", DJANGO + "u = User.objects.aggregate(n=Count('a'))\nprobe(u)", ""),
    ("a tuple of something else", DJANGO + "u, v = pair()\nprobe(u)", ""),
    ("a list of something else", DJANGO + "for u in sorted(names):\n probe(u)", ""),
    ("a parameter", DJANGO + "def f(u):\n probe(u)", ""),
    (
        "rows bound twice",
        DJANGO + "def f(a):\n r = list(User.objects.all())\n if a:\n  r = x\n for u in r:\n  probe(u)",
        "",
    ),
]


@pytest.mark.parametrize("source, expected", [case[1:] for case in ROWS], ids=[case[0] for case in ROWS])
def test_rows(source: str, expected: str) -> None:
    found = model(source)
    ((call, scope),) = found.calls_by_name["probe"]
    assert tables.row_class(call.args[0], scope, found) == expected  # type: ignore[arg-type]


def test_definitions_of_the_file() -> None:
    found = model("class Ship(Model):\n pass\n")
    definition = tables.definition("Ship", found)
    assert definition is not None
    assert definition.name == "Ship"
    assert tables.definition("Boat", found) is None


MANY = [
    ("all", DJANGO + "probe(User.objects.all())", True),
    ("a limit", DJANGO + "probe(User.objects.all()[:5])", False),
    ("groups", ALCHEMY + "probe(session.query(User.kind).group_by(User.kind).all())", False),
    ("distinct columns", ALCHEMY + "probe(session.query(User.kind).distinct().all())", False),
    ("distinct rows", ALCHEMY + "probe(session.query(User).distinct().all())", True),
    ("groups of a statement", "def f(c):\n probe(c.fetch('SELECT a FROM users GROUP BY a'))", False),
    ("no table", "def f(c):\n probe(c.fetch('SELECT 1'))", False),
]


@pytest.mark.parametrize("source, expected", [case[1:] for case in MANY], ids=[case[0] for case in MANY])
def test_may_be_many(source: str, expected: bool) -> None:
    query = described(source)
    assert query is not None
    assert narrowing.may_be_many(query) is expected


COLUMNS = [
    ("one column", ALCHEMY + "probe(session.query(User.name).all())", True),
    ("one distinct column", ALCHEMY + "probe(session.query(distinct(User.name)).all())", True),
    ("a statement of one", "def f(c):\n probe(c.fetch('SELECT a FROM users'))", True),
    ("a row", ALCHEMY + "probe(session.query(User).all())", False),
    ("a row of a module", ALCHEMY + "probe(session.query(models.User).all())", False),
    ("two", ALCHEMY + "probe(session.query(User.name, User.age).all())", False),
    ("all columns", "def f(c):\n probe(c.fetch('SELECT * FROM users'))", False),
    ("Django's", DJANGO + "probe(User.objects.all())", False),
]


@pytest.mark.parametrize("source, expected", [case[1:] for case in COLUMNS], ids=[case[0] for case in COLUMNS])
def test_takes_one_column(source: str, expected: bool) -> None:
    query = described(source)
    assert query is not None
    assert narrowing.takes_one_column(query) is expected
