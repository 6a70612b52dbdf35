"""Presence: rows that are counted or fetched only to learn whether there are any, or how many."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.batching.presence import presence_tests

DJANGO = "from django.db import models\nfrom app.models import Country, Order, User\ndef f(shop):\n"
ALCHEMY = (
    "from sqlalchemy import select, func\nfrom app.models import Order, User\n"
    "from app.db import session\ndef f(shop):\n"
)
ASYNC = "from sqlalchemy import select, func\nfrom app.models import Order\nasync def f(session):\n"
SQL = "import psycopg2\ndef f(cursor):\n"
MONGO = "from pymongo import MongoClient\ndb = MongoClient('a')['shop']\ndef f():\n"

COUNTED, FETCHED, NUMBERED = (
    "counts every matching row to test for one",
    "fetches every matching row to test for one",
    "fetches rows to count them",
)
PAID = "Order.objects.filter(state='paid')"

PROBES = [
    ("more than none", DJANGO, f"if {PAID}.count() > 0:\n pay()", COUNTED),
    ("none", DJANGO, f"if {PAID}.count() == 0:\n pay()", COUNTED),
    ("one at least", DJANGO, f"return {PAID}.count() >= 1", COUNTED),
    ("turned round", DJANGO, f"return 0 < {PAID}.count()", COUNTED),
    ("less than one", DJANGO, f"return {PAID}.count() < 1", COUNTED),
    ("its truth", DJANGO, f"if {PAID}.count():\n pay()", COUNTED),
    ("a negation", DJANGO, f"return not {PAID}.count()", COUNTED),
    ("bool", DJANGO, f"return bool({PAID}.count())", COUNTED),
    ("a choice", DJANGO, f"return 'a' if {PAID}.count() else 'b'", COUNTED),
    ("a name that is only tested", DJANGO, f"n = {PAID}.count()\nif n > 0:\n pay()", COUNTED),
    (
        "awaited",
        "from app.models import Order\nfrom django.db import models\nasync def f():\n",
        f"if await {PAID}.acount() > 0:\n pay()",
        COUNTED,
    ),
    ("SQLAlchemy", ALCHEMY, "if session.query(Order).filter_by(state='paid').count() > 0:\n pay()", COUNTED),
    ("a scalar", ALCHEMY, "return session.scalar(select(func.count(Order.id)).where(Order.state == 'a')) > 0", COUNTED),
    ("documents", MONGO, "if db.orders.count_documents({'state': 'paid'}) > 0:\n pay()", COUNTED),
    ("the length of rows", DJANGO, f"return len({PAID})", NUMBERED),
    ("of a list of them", DJANGO, f"return len(list({PAID}))", NUMBERED),
    ("a length as a test", DJANGO, f"if len({PAID}) > 0:\n pay()", FETCHED),
    ("the length of a name", DJANGO, f"rows = {PAID}\nreturn len(rows)", NUMBERED),
    ("the truth of a query", DJANGO, f"rows = {PAID}\nif rows:\n pay()", FETCHED),
    ("fetched and tested", ALCHEMY, "if session.query(Order).filter_by(state='a').all():\n pay()", FETCHED),
    ("bool of fetched rows", ALCHEMY, "return bool(session.query(Order).filter_by(state='a').all())", FETCHED),
    (
        "a name of fetched rows",
        ALCHEMY,
        "rows = session.query(Order).filter_by(state='a').all()\nif not rows:\n pay()",
        FETCHED,
    ),
    (
        "a name that is measured",
        ALCHEMY,
        "rows = session.query(Order).filter_by(state='a').all()\nif len(rows) > 0:\n pay()",
        FETCHED,
    ),
    (
        "awaited rows",
        ASYNC,
        "rows = (await session.execute(select(Order).where(Order.state == 'a'))).scalars().all()\nif not rows:\n pay()",
        FETCHED,
    ),
    ("those who don't run a service", DJANGO, "return User.objects.filter(is_staff=False).count() > 0", COUNTED),
    ("a role of many", DJANGO, "return User.objects.filter(role='customer').count() > 0", COUNTED),
    ("not an admin", ALCHEMY, "return session.query(User).filter(~User.is_admin).count() > 0", COUNTED),
    ("queried again below", DJANGO, f"rows = {PAID}\nif rows:\n return rows.first()", FETCHED),
    (
        "queried again below, and handed on elsewhere",
        DJANGO,
        f"rows = {PAID}\nif rows:\n return rows.first()\nshow(rows)",
        FETCHED,
    ),
    (
        "fetched rows of SQL",
        SQL,
        "cursor.execute(\"SELECT * FROM orders WHERE state = 'a'\")\nif cursor.fetchall():\n pay()",
        FETCHED,
    ),
]

SILENT = [
    ("a number that is shown", DJANGO, f"return {PAID}.count()"),
    ("a number that is compared with another", DJANGO, f"return {PAID}.count() > 5"),
    ("with a name", DJANGO, f"return {PAID}.count() > shop.most"),
    ("one", DJANGO, f"return {PAID}.count() == 1"),
    ("a truth value", DJANGO, f"return {PAID}.count() == True"),
    ("a chain of comparisons", DJANGO, f"return 0 < {PAID}.count() < 5"),
    ("a name that is shown too", DJANGO, f"n = {PAID}.count()\nif n > 0:\n show(n)"),
    ("a name bound twice", DJANGO, f"n = {PAID}.count()\nif shop:\n n = 5\nif n > 0:\n pay()"),
    ("queried elsewhere", DJANGO, f"rows = {PAID}\nif rows:\n pay()\nshow(rows, rows.first())"),
    ("a limit before it", DJANGO, f"return {PAID}[:1].count() > 0"),
    ("exists", DJANGO, f"return {PAID}.exists()"),
    ("by key", DJANGO, "return Order.objects.filter(pk=shop.order).count() > 0"),
    ("a small table", DJANGO, "return Country.objects.filter(state='paid').count() > 0"),
    ("those who run a service", DJANGO, "return User.objects.filter(is_staff=True).count() > 0"),
    ("a role of a few", DJANGO, "return User.objects.filter(role=Role.ADMIN).count() > 0"),
    (
        "a role of a few in SQL",
        SQL,
        "cursor.execute(\"SELECT COUNT(*) FROM users WHERE role = 'owner'\")\nreturn cursor.fetchone()[0] > 0",
    ),
    (
        "a flag of a few in SQL",
        SQL,
        "cursor.execute('SELECT COUNT(*) FROM users WHERE is_admin = 1')\nreturn cursor.fetchone()[0] > 0",
    ),
    ("rows that are used", DJANGO, f"rows = {PAID}\nif rows:\n return list(rows)"),
    ("rows that are counted and used", DJANGO, f"rows = {PAID}\nfor row in rows:\n pay(row)\nreturn len(rows)"),
    (
        "rows that are answered",
        ALCHEMY,
        "rows = session.query(Order).filter_by(state='a').all()\nif not rows:\n pay()\nreturn rows",
    ),
    ("one row", ALCHEMY, "if session.query(Order).filter_by(state='a').first():\n pay()"),
    ("a limit", ALCHEMY, "if session.query(Order).limit(1).all():\n pay()"),
    ("a list of the file's", DJANGO, "rows = [1, 2]\nreturn len(rows) > 0"),
    ("a count of a text", DJANGO, "return 'aab'.count('a') > 0"),
    ("a method called len", DJANGO, f"return shop.len({PAID})"),
    ("another scalar", ALCHEMY, "return session.scalar(select(func.max(Order.id))) > 0"),
    ("a query that is handed in", DJANGO, "return len(shop)"),
]


@pytest.mark.parametrize("head, body, what", [case[1:] for case in PROBES], ids=[case[0] for case in PROBES])
def test_presence_tests(head: str, body: str, what: str) -> None:
    found = model(head + textwrap.indent(body, " "))
    assert [probe.what for probe in presence_tests(found)] == [what]


@pytest.mark.parametrize("head, body", [case[1:] for case in SILENT], ids=[case[0] for case in SILENT])
def test_no_presence_tests(head: str, body: str) -> None:
    assert list(presence_tests(model(head + textwrap.indent(body, " ")))) == []


def test_names_of_a_module_may_be_read_elsewhere() -> None:
    text = f"from django.db import models\nfrom app.models import Order\nrows = {PAID}\nif rows:\n pay()\n"
    assert list(presence_tests(model(text))) == []


def test_tools_may_count() -> None:
    text = DJANGO + f" return {PAID}.count() > 0"
    assert list(presence_tests(model(text, "tests/test_orders.py"))) == []


@pytest.mark.parametrize(
    ("text", "spelled", "instead"),
    [
        ("def f():\n    if Order.objects.count():\n        return 1\n", "Order.objects.count()", "use exists()"),
        (
            "def f():\n    found = Order.objects.all()\n    if found.count():\n        return found[0]\n",
            "found.count()",
            "use first()",
        ),
        (
            "def f(cursor):\n    cursor.execute('SELECT COUNT(*) FROM orders')\n    return cursor.fetchone()[0] > 0\n",
            "SELECT COUNT(*)",
            "use SELECT EXISTS(...)",
        ),
    ],
)
def test_the_advice_is_for_what_is_done(text: str, spelled: str, instead: str) -> None:
    (probe,) = presence_tests(model("from app.models import Order\n" + text))
    assert (probe.spelled, probe.instead) == (spelled, instead)
