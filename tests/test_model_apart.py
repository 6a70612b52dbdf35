"""Which code runs apart from the service, for developers or with migrations, so that no rule speaks of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import analyse, model

from flake8_scalability.model.running.apart import runs_apart
from flake8_scalability.options import Settings

READ = "    return list(people.objects.all())\n"


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [
        ("if settings.DEBUG:\n    connect()", 2, True),
        ("if settings.DEBUG:\n    connect()\nelse:\n    send()", 4, False),
        ("if not settings.DEBUG:\n    connect()\nelse:\n    send()", 4, True),
        ("def f():\n    if settings.DEBUG and ready:\n        if a:\n            connect()", 4, True),
        ("def f():\n    if not settings.DEBUG:\n        return\n    connect()", 4, True),
        ("def f():\n    connect()\ndef g():\n    if settings.DEBUG:\n        f()", 2, True),
        ("def f():\n    connect()\ndef g():\n    if settings.DEBUG:\n        f()\n    f()", 2, False),
        ("if settings.DEBUG:\n    def f():\n        connect()", 2, True),
        ("if settings.DEBUG:\n    connect()\nsend()", 3, False),
        ("if settings.READY:\n    connect()", 2, False),
        ("if getattr(settings, 'DEBUG', False):\n    connect()", 2, True),
        ("if is_dev:\n    connect()", 2, True),
        ("def f(samples):\n    if not samples:\n        return\n    connect()", 4, False),
        ("def f(dev):\n    if not dev:\n        return\n    connect()", 4, False),
        ("def f(tests):\n    if tests:\n        connect()", 3, False),
        ("# nothing\n", 1, False),
    ],
)
def test_for_developers(source: str, line: int, expected: bool) -> None:
    assert runs_apart(line, model(source)) is expected


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [
        ("def f():\n    log()\n    return\n    try:\n        connect()\n    finally:\n        close()", 5, True),
        ("def f():\n    log()\n    return\n    try:\n        connect()\n    finally:\n        close()", 7, True),
        ("def f():\n    raise NotImplementedError\n    connect()", 3, True),
        ("def f():\n    try:\n        g()\n    except ValueError:\n        raise\n        connect()", 6, True),
        ("def f():\n    for each in every:\n        continue\n        connect()", 4, True),
        ("def f():\n    for each in every:\n        continue\n    connect()", 4, False),
        ("def f():\n    if ready:\n        return\n    connect()", 4, False),
        ("def f():\n    if ready:\n        return\n    else:\n        connect()", 5, False),
        ("def f():\n    def g():\n        return\n    connect()", 4, False),
        ("def f():\n    return connect()", 2, False),
    ],
)
def test_what_stands_behind_the_end_of_its_block(source: str, line: int, expected: bool) -> None:
    assert runs_apart(line, model(source)) is expected


@pytest.mark.parametrize(
    ("before", "elsewhere", "expected"),
    [
        ("", "", False),
        ("", "from people import ages\npost_migrate.connect(ages, sender=1)\n", True),
        ("", "from people import ages\npost_save.connect(ages, sender=1)\n", False),
        ("pre_migrate.connect(ages)\n", "", True),
        ("@receiver(post_migrate)\n", "", True),
        ("@receiver(post_save)\n", "", False),
    ],
)
def test_what_hears_of_migrations(tmp_path: Path, before: str, elsewhere: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "apps.py").write_text(elsewhere)
    text = before + "def ages(sender):\n" + READ
    (tmp_path / "people.py").write_text(text)
    line = text.count("\n")
    assert runs_apart(line, model(text, str(tmp_path / "people.py"), Settings())) is expected
    assert not runs_apart(line, model(text, str(tmp_path / "people.py"), Settings(include_tools=True)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(apps, editor):\n    people = apps.get_model('shop', 'People')\n" + READ, True),
        ("def f(sender, **more):\n    apps = more['apps']\n    people = apps.get_model('shop.People')\n" + READ, True),
        ("from django.apps import apps\ndef f():\n    people = apps.get_model('shop', 'People')\n" + READ, False),
        ("def f(sender):\n" + READ, False),
    ],
)
def test_what_takes_its_classes_from_a_migration(source: str, expected: bool) -> None:
    assert runs_apart(source.count("\n"), model(source)) is expected


@pytest.mark.parametrize(("before", "codes"), [("", ["SCL107"]), ("    if settings.DEBUG:\n", [])])
def test_no_rule_speaks_of_it(before: str, codes: list[str]) -> None:
    call = "requests.get(f'https://example.org/{key}', timeout=2).json()"
    text = (
        "import requests\nfrom flask import Flask\nfrom app.limits import limiter\nfrom app.settings import settings\n"
        "app = Flask(__name__)\n@app.get('/a/<key>')\n@limiter.limit('1/minute')\ndef f(key):\n"
    )
    text += f"{before}{'        ' if before else '    '}return {call}\n"
    assert [code for _, code in analyse(text) if code == "SCL107"] == codes
