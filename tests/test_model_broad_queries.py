"""Queries that may give a whole table: in forms, by the conditions on their rows, by what becomes of these."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.queries.broad_queries import broad_runs, remedy
from flake8_scalability.options import Settings

HEAD = """
from flask import Flask, render_template
from app.models import Address, Order, User
app = Flask(__name__)
"""
READ = "    found = User.query.all()\n    return sum(user.age for user in found)\n"

BROAD = [
    ("def ages():\n" + READ, True),
    (
        "@app.get('/a')\ndef edit_order():\n    found = []\n    for user in User.query.all():\n        if user.age:\n"
        "            found.append(user)\n    return render_template('a.html', people=found)\n",
        False,
    ),
    (
        "@app.get('/a/<key>')\ndef order(key):\n    shown = Order.query.get(key)\n    found = []\n"
        "    for user in User.query.all():\n        if user.age:\n            found.append(user)\n"
        "    return render_template('a.html', people=found, order=shown)\n",
        False,
    ),
    (
        "@app.get('/a/<key>')\ndef order(key):\n    shown = User.query.get(key)\n    found = []\n"
        "    for user in User.query.all():\n        if user.age:\n            found.append(user)\n"
        "    return render_template('a.html', people=found, user=shown)\n",
        True,
    ),
    ("def ages(env):\n    if env != 'dev':\n        raise Refused\n" + READ, False),
    ("def ages(env):\n    if env == 'production':\n        raise Refused\n" + READ, False),
    ("def ages(env):\n    if env == 'dev':\n        raise Refused\n" + READ, True),
    ("def ages(env):\n    if env != 'production':\n        raise Refused\n" + READ, True),
    ("def ages(env):\n    if env not in KINDS:\n        raise Refused\n" + READ, True),
    ("def fill(form):\n    found = User.query.all()\n    form.choices = [u.age for u in found if u.age > 1]\n", False),
    ("def fill(form):\n    found = User.query.all()\n    form.ages = [u.age for u in found if u.age > 1]\n", True),
    ("def list_orders(key):\n    return {o.key for o in Order.query.filter_by(tenant_id=key).all()}\n", False),
    ("def list_orders(key):\n    return Order.query.filter_by(tenant_id=key).all()\n", True),
    ("def list_scores(key):\n    return Score.query.filter_by(tenant_id=key).all()\n", False),
    (
        "def list_scores(key, term=None):\n    found = Score.query.filter_by(tenant_id=key)\n    if term:\n"
        "        found = found.filter_by(term_id=term)\n    return found.all()\n",
        True,
    ),
    ("def given():\n    return Order.query.order_by(Order.sort_order.asc()).all()\n", False),
    ("def given():\n    return [o.key for o in Order.query.filter_by(state='new') if o.age > 1]\n", False),
    ("def list_users(key):\n    return User.query.filter_by(tenant_id=key).all()\n", False),
    ("def orders_of(key):\n    return Order.query.filter_by(tenant_id=key).all()\n", False),
    ("def given():\n    return Order.query.all()\n", True),
    ("def given():\n    return Address.query.all()\n", False),
    ("def given():\n    return Order.query.filter(Order.state == 'failed').all()\n", False),
    ("def given():\n    return Order.query.filter(Order.state == 'active').all()\n", True),
    ("def given():\n    return Order.query.filter(Order.state != 'deleted').all()\n", True),
    ("def given():\n    return Order.query.filter(Order.state != 'new').all()\n", False),
    ("def given():\n    return Order.query.filter(~Order.is_deleted).all()\n", True),
    ("def given():\n    return Order.query.filter(Order.deleted_at.is_(None)).all()\n", True),
    ("def given():\n    return Order.query.filter(Order.sent_at.is_(None)).all()\n", False),
    ("def given():\n    return Order.query.filter(Order.is_active).all()\n", True),
    ("def given():\n    return Order.query.filter(Order.amount > 5).all()\n", False),
    ("def given():\n    return Order.query.join(User, Order.user_id == User.id).all()\n", True),
    ("def given(word):\n    return Order.query.filter(Order.title.ilike(f'%{word}%')).all()\n", True),
    ("def done(word):\n    for o in Order.query.filter(Order.name.ilike(f'%{word}%')).all():\n        o.go()\n", False),
    ("def done():\n    for order in Order.query.all():\n        order.go()\n", False),
    ("def done(cursor):\n    for o in cursor.execute('SELECT * FROM orders'):\n        o.go()\n", False),
    ("def counted():\n    found = Order.query.all()\n    return len(found) > 3\n", False),
    ("@app.get('/a')\ndef go():\n    for order in Order.query.all():\n        order.go()\n    return 'ok'\n", True),
    ("def migrate4to5():\n" + READ, False),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BROAD)
def test_broad_runs(body: str, expected: bool) -> None:
    assert bool(list(broad_runs(model(HEAD + body)))) is expected


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("from people import People\nfound = People().fetch_all()\n", True),
        ("from people import service\nfound = service.fetch_all()\n", True),
        ("from cats import Cats\nfound = Cats().fetch_all()\n", False),
        ("from people import People\nfound = People().fetch_one()\n", False),
    ],
)
def test_methods_whose_name_others_have(tmp_path: Path, caller: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "cats.py").write_text("class Cats:\n    def fetch_all(self):\n        return []\n")
    (tmp_path / "caller.py").write_text(caller)
    text = HEAD + "class People:\n    def fetch_all(self):\n        return User.query.all()\n"
    (tmp_path / "people.py").write_text(text)
    found = model(text, str(tmp_path / "people.py"), Settings())
    assert bool(list(broad_runs(found))) is expected


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("import people\nfound = people.fetch_all()\n", True),
        ("from people import fetch_all\nfound = answer(Depends(fetch_all))\n", True),
        ("from people import fetch_all\n__all__ = ['fetch_all']\n", False),
        ("def fetch_all(): ...\n", False),
        ("found = people.fetch_one()\n", False),
    ],
)
def test_functions_that_nobody_calls(tmp_path: Path, caller: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_people.py").write_text("from people import fetch_all\nassert fetch_all()\n")
    (tmp_path / "caller.py").write_text(caller)
    text = HEAD + "def fetch_all():\n    return User.query.all()\n"
    (tmp_path / "people.py").write_text(text)
    found = model(text, str(tmp_path / "people.py"), Settings())
    assert bool(list(broad_runs(found))) is expected


def test_a_function_that_its_own_file_calls(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    text = HEAD + "def fetch_all():\n    return User.query.all()\ndef show():\n    return fetch_all()\n"
    found = model(text, str(tmp_path / "people.py"), Settings())
    assert list(broad_runs(found))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def ages():\n" + READ, "let the database work it out"),
        (
            "def known(names):\n    known = {user.name for user in User.query.all()}\n"
            "    return [name for name in names if name not in known]\n",
            "filter by the values you have",
        ),
        ("def old():\n    return [user for user in User.query.all() if user.age > 60]\n", "let the query choose them"),
        ("def given():\n    return Order.query.all()\n", "add a limit or stream it"),
        ("def given():\n    return list(Order.objects.prefetch_related('parts').all())\n",
         "add a limit or go batch by batch"),
        (
            "from celery import shared_task\n@shared_task\ndef go():\n"
            "    for order in Order.objects.prefetch_related('parts').all():\n        order.go()\n",
            "go batch by batch",
        ),
        (
            "@app.get('/a')\ndef go():\n    for order in Order.query.all():\n        order.go()\n    return 'ok'\n",
            "stream it or do it in the background",
        ),
    ],
)  # fmt: skip
def test_the_remedy_is_what_the_rows_allow(body: str, expected: str) -> None:
    source = model(HEAD + body)
    assert [remedy(run, source) for run in broad_runs(source)] == [expected]
