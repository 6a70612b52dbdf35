"""Handlers that turn strangers away: those who are not logged in, and those who don't know the service's secret."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.limits.refusals import refuses_strangers

HEAD = """
from flask import Flask, redirect, request
from flask_login import current_user
from app import orders, settings

app = Flask(__name__)

@app.post("/orders")
def handle(key=None):
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if not current_user.is_authenticated:\n    return redirect('/login')\nreturn orders.add(key)", True),
        ("if current_user.is_anonymous:\n    return redirect('/login')\nreturn orders.add(key)", True),
        ("if current_user.is_authenticated:\n    return orders.add(key)\nreturn redirect('/login')", True),
        ("if current_user.is_authenticated and key:\n    orders.add(key)\nreturn ''", True),
        ("orders.add(key)\nif not current_user.is_authenticated:\n    return redirect('/login')\nreturn ''", False),
        ("if current_user.is_authenticated:\n    orders.add(key)\nelse:\n    orders.guess(key)\nreturn ''", False),
        ("if current_user.is_authenticated:\n    orders.add(key)\nreturn orders.last()", False),
        ("if current_user.is_authenticated:\n    return redirect('/')\nreturn orders.log_in(key)", False),
        ("if not current_user.is_authenticated:\n    orders.count(key)\nreturn orders.add(key)", False),
        ("if key != settings.HOOK_SECRET:\n    return '', 204\nreturn orders.add(key)", True),
        ("if request.headers['x-key'] != settings.HOOK_SECRET:\n    return ''\nreturn orders.add(key)", True),
        ("if key and key == settings.HOOK_KEY:\n    orders.add(key)\nreturn ''", True),
        ("if key == settings.HOOK_KEY:\n    orders.add(key)\nreturn orders.last()", False),
        ("if key != settings.PAGE_SIZE:\n    return ''\nreturn orders.add(key)", False),
        ("if orders.state() != settings.HOOK_SECRET:\n    return ''\nreturn orders.add(key)", False),
        ("if key != orders.last().secret:\n    return ''\nreturn orders.add(key)", False),
        ("return orders.add(key)", False),
    ],
)
def test_strangers(body: str, expected: bool) -> None:
    source = model(HEAD + "".join(f"    {line}\n" for line in body.split("\n")))
    (handler,) = (scope for scope in source.scopes if scope.is_function and scope.name == "handle")
    assert refuses_strangers(handler, source) is expected
