"""Which handlers drive many kinds of systems, by which way, and which modules reach into many applications."""

from __future__ import annotations

import argparse
import ast
import sys
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.architecture import drivers, siblings
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings, parse_count
from flake8_scalability.project import applications
from flake8_scalability.rules.architecture.scl903_monolithic_coupling import MonolithicCoupling

HEAD = """
import smtplib, requests
from flask import Flask
from openai import OpenAI
from app.models import db
app = Flask(__name__)
llm = OpenAI()
mail = smtplib.SMTP(HOST)
"""


def driven(body: str, path: str = "service.py") -> list[str]:
    """Return the kinds of systems of each handler in a snippet that drives three or more."""
    return [" ".join(found.many) for found in drivers.handlers(model(HEAD + body, path))]


HANDLER = "@app.post('/a')\ndef f():\n"


@pytest.mark.parametrize(
    "body",
    [
        HANDLER + "    db.session.commit()\n    requests.get(U)\n    mail.send_message(M)\n    return 1",
        "def g():\n    requests.get(U)\n    h()\ndef h():\n    mail.send_message(M)\n    return g()\n"
        + HANDLER + "    db.session.commit()\n    return g()",
        HANDLER + "    if a:\n        db.session.commit()\n    else:\n        db.session.commit()\n"
        "        requests.get(U)\n"
        "    mail.send_message(M)",
        HANDLER + "    for a in requests.get(U).json():\n        db.session.commit()\n    while a:\n"
        "        mail.send_message(M)",
        HANDLER + "    try:\n        with db.session.execute(Q) as a:\n            requests.get(U)\n    finally:\n"
        "        mail.send_message(M)",
        HANDLER + "    if requests.get(U).ok:\n        return 1\n    db.session.commit()\n    mail.send_message(M)",
    ],
)  # fmt: skip
def test_three_kinds(body: str) -> None:
    assert driven(body) == ["HTTP service database mail"]


@pytest.mark.parametrize(
    "body",
    [
        HANDLER + "    db.session.commit()\n    requests.get(U)\n    requests.get(V)",
        HANDLER + "    db.session.commit()\n    if a:\n        requests.get(U)\n    else:\n"
        "        mail.send_message(M)",
        HANDLER + "    db.session.commit()\n    if a:\n        requests.get(U)\n        return 1\n"
        "    mail.send_message(M)",
        HANDLER + "    db.session.commit()\n    requests.get(U)\n    return 1\n    mail.send_message(M)",
        HANDLER + "    db.session.commit()\n    try:\n        requests.get(U)\n    except Exception:\n"
        "        mail.send_message(M)",
        HANDLER + "    def g():\n        mail.send_message(M)\n    db.session.commit()\n    requests.get(U)\n"
        "    return g",
        HANDLER + "    db.session.commit()\n    requests.get(U)\n    run(lambda: mail.send_message(M))",
        "def g():\n    mail.send_message(M)\n" + HANDLER + "    db.session.commit()\n    requests.get(U)\n    later(g)",
        "@app.post('/b')\ndef g():\n    mail.send_message(M)\n"
        + HANDLER + "    db.session.commit()\n    requests.get(U)\n    return g()",
        "def f():\n    db.session.commit()\n    requests.get(U)\n    mail.send_message(M)",
        "from celery import shared_task\n@shared_task\ndef f():\n    db.session.commit()\n    requests.get(U)\n"
        "    mail.send_message(M)",
        HANDLER + "    commit()\n    form.save()\n    requests.get(U)\n    mail.send_message(M)",
    ],
)  # fmt: skip
def test_fewer(body: str) -> None:
    assert driven(body) == []


@pytest.mark.skipif(sys.version_info < (3, 10), reason="match came with Python 3.10")
def test_a_match_takes_one_case() -> None:
    body = HANDLER + "    match a:\n        case 1:\n            requests.get(U)\n        case 2:\n"
    assert driven(body + "            mail.send_message(M)\n    db.session.commit()") == []
    assert driven(body + "            db.session.commit()\n            requests.get(U)\n    mail.send_message(M)") == [
        "HTTP service database mail"
    ]


def test_the_number_is_an_option() -> None:
    text = HEAD + HANDLER + "    db.session.commit()\n    requests.get(U)\n    return 1"
    lines = text.splitlines(keepends=True)
    two = SourceFile(ast.parse(text), "service.py", lines, Settings(coupled_systems=2))
    three = SourceFile(ast.parse(text), "service.py", lines, Settings())
    assert [found.what for found in drivers.handlers(two)] == ["f"]
    assert list(drivers.handlers(three)) == []


@pytest.mark.parametrize("text", ["1", "0", "-3", "many", ""])
def test_a_number_below_two_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=text or "''"):
        parse_count(text)


def test_a_number_is_read() -> None:
    assert parse_count("5") == 5


# With a project around


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    for name in ("cart", "stock", "tax", "users", "mail", "price", "search"):
        folder = tmp_path / "shop" / name
        (folder / "inner").mkdir(parents=True)
        (folder / "models.py").write_text("")
        (folder / "services.py").write_text("")
    (tmp_path / "shop" / "static").mkdir()
    return tmp_path / "shop"


def read(file: Path, text: str, **settings: int) -> SourceFile:
    file.write_text(text)
    lines = text.splitlines(keepends=True)
    return SourceFile(ast.parse(text), str(file), lines, Settings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("helper", "found"),
    [
        ("def tell(a):\n    send_mail(a)\n", ["HTTP service database mail"]),
        ("def tell(a):\n    tell_all.delay(a)\n    send_mail(a)\n", []),
        ("def tell(a):\n    def go():\n        send_mail(a)\n    run(go)\n", []),
        ("def tell(a):\n    return a\n", []),
        ("def other(a):\n    send_mail(a)\n", []),
    ],
)
def test_a_helper_of_another_module(shop: Path, helper: str, found: list[str]) -> None:
    (shop / "cart" / "mails.py").write_text(helper)
    body = "from .mails import tell\n" + HANDLER + "    db.session.commit()\n    requests.get(U)\n    tell(1)\n    g(2)"
    source = read(shop / "cart" / "api.py", HEAD + body)
    assert [" ".join(each.many) for each in drivers.handlers(source)] == found


IMPORTS = "".join(f"from shop.{name} import models\n" for name in ("stock", "tax"))
RELATIVE = "from ..mail.services import send\nfrom ..price.models import _Rate\n"


@pytest.mark.parametrize(
    ("place", "text", "many"),
    [
        ("cart/services.py", IMPORTS + RELATIVE, ["mail", "price", "stock", "tax"]),
        ("cart/services.py", "from shop.search.services.index import add\n" + IMPORTS + RELATIVE,
         ["mail", "price", "search", "stock", "tax"]),
        ("cart/inner/pay.py", IMPORTS + "from ...mail.services import _a\nfrom ...price.models import b",
         ["mail", "price", "stock", "tax"]),
    ],
)  # fmt: skip
def test_a_module_that_knows_many(shop: Path, place: str, text: str, many: list[str]) -> None:
    found = list(siblings.modules(read(shop / place, text, coupled_applications=4)))
    assert [(each.what, each.many) for each in found] == [("cart", many)]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("cart/services.py", IMPORTS + "from ..mail.services import _send\n\n\nfrom .models import Cart"),
        ("cart/services.py", IMPORTS + "from ..mail.services import send\nfrom ..price.models import Price"),
        ("cart/services.py", IMPORTS + "from ..mail.views import send\nfrom ..price import views"),
        ("cart/services.py", IMPORTS + "from ..mail import send\nfrom ..price.api import of\n"),
        ("cart/services.py", IMPORTS + "from ..mail.services import _send\nfrom shop.users.models import User"),
        ("cart/services.py", IMPORTS + "from ..mail.services import _send\nif A:\n    from ..price.models import B"),
        ("cart/services.py", IMPORTS + "from ..mail.services import _send\nfrom other.price.models import B"),
        ("cart/services.py", IMPORTS + "from ..mail.services import _send\nfrom ...price.models import B"),
        ("cart/services.py", IMPORTS + "from ..mail.services import _send\nfrom . import price, models"),
        ("cart/urls.py", IMPORTS + RELATIVE),
        ("cart/schemas.py", IMPORTS + RELATIVE),
        ("static/services.py", IMPORTS + RELATIVE),
        ("main_parts.py", IMPORTS + RELATIVE),
    ],
)
def test_a_module_that_does_not(shop: Path, place: str, text: str) -> None:
    assert list(siblings.modules(read(shop / place, text, coupled_applications=4))) == []


def test_a_package_of_gathering_files_is_silent(shop: Path) -> None:
    (shop / "cart" / "graphql").mkdir()
    source = read(
        shop / "cart" / "graphql" / "cart.py", IMPORTS + "from ...mail import views\nfrom ...tax import models"
    )
    assert list(siblings.modules(source)) == []


def test_the_finding_stands_at_the_first_of_the_imports(shop: Path) -> None:
    source = read(shop / "cart" / "services.py", "import os\n" + IMPORTS + RELATIVE, coupled_applications=4)
    (found,) = MonolithicCoupling().check(source)
    assert found.node.lineno == 2  # type: ignore[attr-defined]
    assert MonolithicCoupling.render(found) == (
        "SCL903 [MEDIUM] cart imports the inside of 4 sibling applications (mail, price, stock, tax); "
        "use interfaces or events"
    )


def test_without_the_project_nothing_is_said(shop: Path) -> None:
    source = read(shop / "cart" / "services.py", IMPORTS + RELATIVE, coupled_applications=4, no_project=True)
    assert list(siblings.modules(source)) == []


def test_a_folder_that_is_away_has_no_applications(tmp_path: Path) -> None:
    assert applications.beside(tmp_path / "away" / "a") == frozenset()
    assert applications.own_and_siblings(str(tmp_path / "a.py")) is None
