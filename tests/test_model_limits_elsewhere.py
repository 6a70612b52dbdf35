"""Limits of callers that stand in other files of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import analyse

from flake8_scalability.options import Settings

FILES = {
    "shop/__init__.py": "",
    "shop/forms.py": (
        "class LoginForm(Form):\n    def f(self):\n        if not TokenBucket.take(self.name):\n            raise\n\n\n"
        "class PlainForm(Form):\n    def clean(self):\n        pass  # no throttle here\n"
    ),
    "shop/services.py": (
        "class Accounts:\n    def throttle(self): pass\n    def sign_in(self):\n        return self.find()\n"
        "def verify(name, word):\n    attempts = cache.incr(name)\n    return attempts < 9\n"
        "\n\ndef look(name, word):\n    '''Without a rate limit.'''\n    return find(name)\n"
        "\n\ndef refuse(request):\n    if many(request):\n        raise HTTPException(429)\n"
        "\n\ndef many_words():\n    return 'limited'\n"
        "\n\ndef counted(f):\n    return quota(f)\n"
    ),
    "shop/views.py": (
        "from flask.views import MethodView\nclass Counted(MethodView):\n    decorators = [throttle('9/minute')]\n"
        "class Plain(MethodView):\n    pass\n"
    ),
}
HEAD = (
    "from flask import Flask, request\nfrom fastapi import Depends\nfrom shop import forms, services, views\n"
    "from shop.services import Accounts, verify, look, refuse, counted, many_words\napp = Flask(__name__)\n"
)
ROUTE = (
    "@app.post('/login')\n{}def login({}):\n    word = request.form['password']\n    {}\n"
    "    return authenticate(word)\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a project that has limits in some of its files."""
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def speaks(folder: Path, text: str, *, read_project: bool = True) -> bool:
    settings = Settings(no_project=not read_project)
    return "SCL401" in [code for _, code in analyse(HEAD + text, str(folder / "shop" / "service.py"), settings)]


LIMITED = [
    ("", "", "form = forms.LoginForm(request)"),
    ("", "", "verify(request.form['name'], word)"),
    ("", "", "services.verify(request.form['name'], word)"),
    ("", "", "refuse(request)"),
    ("", "x=Depends(refuse)", ""),
    ("@counted\n", "", ""),
    ("@services.counted\n", "", ""),
]
UNLIMITED = [
    ("", "", ""),
    ("", "", "form = forms.PlainForm(request)"),
    ("", "", "look(request.form['name'], word)"),
    ("", "", "many_words()"),
    ("", "", "Accounts().sign_in()"),
    ("", "accounts: Accounts", ""),
    ("", "", "other.verify(word)"),
]


@pytest.mark.parametrize(("above", "parameters", "line"), LIMITED)
def test_limited(folder: Path, above: str, parameters: str, line: str) -> None:
    text = ROUTE.format(above, parameters, line)
    assert not speaks(folder, text)
    assert speaks(folder, text, read_project=False)


@pytest.mark.parametrize(("above", "parameters", "line"), UNLIMITED)
def test_not_limited(folder: Path, above: str, parameters: str, line: str) -> None:
    assert speaks(folder, ROUTE.format(above, parameters, line))


@pytest.mark.parametrize(("base", "expected"), [("views.Counted", False), ("views.Plain", True)])
def test_bases(folder: Path, base: str, expected: bool) -> None:
    body = "    def post(self):\n        return authenticate(request.form['password'])\n"
    assert (
        speaks(folder, f"from flask.views import MethodView\nclass LoginView({base}, MethodView):\n{body}") is expected
    )
