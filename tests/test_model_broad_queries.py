"""Queries that may give a whole table: in forms, in functions that nobody names, among the rows of a tenant."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.queries.broad_queries import broad_runs
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
    ("def list_orders(key):\n    return {o.key for o in Order.query.filter_by(tenant_id=key).all()}\n", True),
    ("def list_homes(key):\n    return {a.key for a in Address.query.filter_by(tenant_id=key).all()}\n", False),
    ("def migrate4to5():\n" + READ, False),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BROAD)
def test_broad_runs(body: str, expected: bool) -> None:
    assert bool(list(broad_runs(model(HEAD + body)))) is expected


@pytest.mark.parametrize(
    ("other", "body", "expected"),
    [
        ("", "def ages():\n" + READ, False),
        ("from people import ages\n", "def ages():\n" + READ, True),
        ("", "def ages():\n" + READ + "\ndef twice():\n    return 2 * ages()\n", True),
        ("", "@app.get('/a')\ndef ages():\n" + READ, True),
    ],
)
def test_functions_that_nobody_names(tmp_path: Path, other: str, body: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "other.py").write_text(other)
    (tmp_path / "people.py").write_text(HEAD + body)
    found = model(HEAD + body, str(tmp_path / "people.py"), Settings())
    assert bool(list(broad_runs(found))) is expected
