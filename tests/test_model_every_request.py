"""Functions that run for every request, and the writes in them that are made each time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.database.every_request import session_setting, writes
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings


def source(text: str) -> SourceFile:
    """Return a file."""
    return SourceFile(ast.parse(text), "service.py", text.splitlines(True), Settings(no_project=True))


def hook(body: str, head: str = "@app.before_request\ndef f():") -> int:
    """Return in how many functions with this body something is written each time."""
    return len(list(writes(source(f"import flask, sqlalchemy\n{head}\n    {body}\n"))))


WRITE = "user.seen = 1; db.session.commit()"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (WRITE, 1),
        ("db.session.commit()", 0),
        ("request.user = 1; db.session.commit()", 0),
        ("user.seen = 1; user.save()", 1),
        ("user.seen = 1; other.save()", 0),
        ("session.seen = 1; session.save()", 0),
        ("Visit.objects.create(a=1)", 1),
        ("Visit.objects.get_or_create(a=1)", 0),
        ("record.delay(1)", 0),
        (f"if current_user.is_authenticated:\n        {WRITE}", 1),
        (f"if user is not None:\n        {WRITE}", 1),
        (f"if user is None:\n        {WRITE}", 0),
        (f"if now - user.seen > limit:\n        {WRITE}", 0),
        (f"if due(user):\n        {WRITE}", 0),
        (f"if user:\n        pass\n    else:\n        {WRITE}", 0),
        (f"if now - user.seen < limit:\n        return\n    {WRITE}", 0),
        (f"if cache.get(user):\n        return\n    {WRITE}", 0),
        (f"if not user:\n        return\n    {WRITE}", 1),
        (f"try:\n        pass\n    except E:\n        {WRITE}", 0),
        ("later(lambda: Visit.objects.create(a=1))", 0),
        (f"if count <= user.seen:\n        raise Replayed\n    {WRITE}", 0),
        ("if user.calls > limit:\n        raise Exceeded\n    user.calls += 1; user.save()", 0),
        (f"if count <= user.other:\n        raise Replayed\n    {WRITE}", 1),
    ],
)
def test_writes(body: str, expected: int) -> None:
    assert hook(body) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("@login.user_loader\ndef f(key):", 1),
        ("@app.middleware('http')\nasync def f(request, call_next):", 1),
        ("@app.route('/')\ndef f():", 0),
        ("def get_current_user(token=Depends(oauth)):", 1),
        ("def get_current_user(token):", 0),
        ("def get_user(token=Depends(oauth)):", 0),
        ("def f():", 0),
    ],
)
def test_functions(head: str, expected: int) -> None:
    assert hook(WRITE, head) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class A(BaseAuthentication):\n  def authenticate(self, request):\n    {}", 1),
        ("class A(ModelBackend):\n  def authenticate(self, request):\n    {}", 0),
        ("class A(BaseHTTPMiddleware):\n  async def dispatch(self, request, call_next):\n    {}", 1),
        ("class AMiddleware:\n  def process_request(self, request):\n    {}", 1),
        ("class A(Queue):\n  def process_request(self, request):\n    {}", 0),
        ("class A:\n  def __init__(self, get_response): pass\n  def __call__(self, request):\n    {}", 1),
        ("class A:\n  def __call__(self, request):\n    {}", 0),
        ("def a(get_response):\n  def inner(request):\n    {}\n  return inner", 1),
    ],
)
def test_classes(text: str, expected: int) -> None:
    assert len(list(writes(source(text.format(WRITE))))) == expected


def test_through_a_helper_the_call_is_told() -> None:
    text = f"def touch(user):\n  {WRITE}\n@app.before_request\ndef f():\n  touch(user)\n"
    assert [site.node.lineno for site in writes(source(text))] == [5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SESSION_SAVE_EVERY_REQUEST = True", True),
        ("SESSION_SAVE_EVERY_REQUEST = False", False),
        ("SESSION_SAVE_EVERY_REQUEST = env('x')", False),
        ("SESSION_SAVE_EVERY_REQUEST = True\nSESSION_ENGINE = 'django.contrib.sessions.backends.db'", True),
        ("SESSION_SAVE_EVERY_REQUEST = True\nSESSION_ENGINE = 'django.contrib.sessions.backends.cache'", False),
        ("SESSION_SAVE_EVERY_REQUEST = True\nDEFAULT_AUTHENTICATION_CLASSES = ('a.TokenAuthentication',)", True),
        ("SESSION_SAVE_EVERY_REQUEST = True\nDEFAULT_AUTHENTICATION_CLASSES = ('a.TokenAuthentication',)\n"
         "LOGIN_URL = '/admin/login/'", False),
        ("SESSION_SAVE_EVERY_REQUEST = True\nDEFAULT_AUTHENTICATION_CLASSES = ('a.SessionAuthentication',)\n"
         "LOGIN_URL = '/admin/login/'", True),
    ],
)  # fmt: skip
def test_the_setting(text: str, expected: bool) -> None:
    assert (session_setting(source(text)) is not None) is expected


@pytest.mark.parametrize(("backend", "expected"), [("cache", False), ("db", True), ("cached_db", True)])
def test_other_settings_may_keep_sessions_elsewhere(tmp_path: Path, backend: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "production.py").write_text(f"SESSION_ENGINE = 'django.contrib.sessions.backends.{backend}'\n")
    text = "SESSION_SAVE_EVERY_REQUEST = True\n"
    file = tmp_path / "base.py"
    file.write_text(text)
    read = SourceFile(ast.parse(text), str(file), text.splitlines(True), Settings())
    assert (session_setting(read) is not None) is expected
