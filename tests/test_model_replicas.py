"""Reads of the primary: by the names of handles and aliases, and what has to be there."""

from __future__ import annotations

import ast

import pytest

from flake8_scalability.model.database.replicas import idle_replicas, lazy_routers, primary_reads
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings


def source(text: str) -> SourceFile:
    """Return a file."""
    lines = text.splitlines(True)
    return SourceFile(ast.parse(text), "service.py", lines, Settings(no_project=True))


def read(body: str, head: str = "") -> list[str]:
    """Return the names of the primaries that a function reads."""
    return [each.name for each in primary_reads(source(f"import sqlalchemy\n{head}\ndef f(item):\n    {body}\n"))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return primary_db.query(Item).all()", ["primary_db"]),
        ("return self.primary_session.query(Item).first()", ["primary_session"]),
        ("return db_writer.query(Item).first()", ["db_writer"]),
        ("return primary_db.query(Item).filter_by(id=1).update({})", []),
        ("return db.query(Item).all()", []),
        ("return replica_db.query(Item).all()", []),
        ("return primary_colour.query(Item).all()", []),
        ("return master_db.query(Item).all()", []),
        ("rows = primary_db.query(Item).all(); primary_db.commit()", []),
        ("return primary_db.query(Item).with_for_update().first()", []),
        ("return Item.objects.using('primary').get(pk=1)", []),
        ("return Item.objects.using('replica').get(pk=1)", []),
        ("return writer.execute('SELECT 1')", []),
    ],
)
def test_names(body: str, expected: list[str]) -> None:
    assert read(body) == expected


def test_a_replica_in_sight_tells_what_a_master_is() -> None:
    head = "REPLICA_DB_URL = 'x'"
    assert read("return master_db.query(Item).all()", head) == ["master_db"]
    assert read("return Item.objects.using('default').get(pk=1)", head) == []


def test_in_a_transaction_reads_stay_together() -> None:
    assert read("with primary_engine.begin() as conn: return conn.execute(sqlalchemy.select(Item.id)).all()") == []
    assert read("with primary_engine.connect() as conn: return conn.execute(sqlalchemy.select(Item.id)).all()") == [
        "primary_engine"
    ]


def test_routers() -> None:
    router = "class R:\n    def db_for_read(self, model, **hints):\n        return {}\n"
    assert [each.name for each in lazy_routers(source("REPLICA_URL_DB = 1\n" + router.format("'default'")))] == []
    assert [each.name for each in lazy_routers(source("DB_REPLICA = 1\n" + router.format("'default'")))] == ["default"]
    assert list(lazy_routers(source("DB_REPLICA = 1\n" + router.format("'replica'")))) == []
    assert list(lazy_routers(source("DB_REPLICA = 1\n" + router.format("choose()")))) == []
    assert list(lazy_routers(source(router.format("'default'")))) == []


def test_settings() -> None:
    assert [alias for _, alias in idle_replicas(source("DATABASES = {'default': a, 'replica': b}"))] == ["replica"]
    assert [alias for _, alias in idle_replicas(source("DATABASES['replica'] = b"))] == ["replica"]
    assert list(idle_replicas(source("DATABASES = {'default': a, 'replica': b}\nDATABASE_ROUTERS = ['r']"))) == []
    assert list(idle_replicas(source("DATABASES = {'default': a, 'analytics': b}"))) == []


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# the replica may lag behind", False),
        ("# Not yet on the replica:\n    # it was just written", False),
        ("# all of a shop's", True),
        ("", True),
    ],
)
def test_a_comment_may_say_why_the_primary_is_read(comment: str, expected: bool) -> None:
    text = "from shop.models import Order\n\ndef f(shop):\n    pass\n"
    body = f"    {comment}\n    return primary_db.query(Order).filter_by(shop=shop).all()\n"
    assert bool(list(primary_reads(source(text + body)))) is expected


@pytest.mark.parametrize(
    "text",
    [
        "def on_save(sender, instance, **more):\n    return primary_db.query(Item).first()\n",
        "class Item:\n    def clean(self):\n        return primary_db.query(Item).first()\n",
    ],
)
def test_what_is_being_saved_is_compared_with_the_primary(text: str) -> None:
    assert list(primary_reads(source(text))) == []


def test_a_function_that_is_called_like_a_hook_is_none() -> None:
    (found,) = primary_reads(source("def clean(item):\n    return primary_db.query(Item).first()\n"))
    assert found.name == "primary_db"
