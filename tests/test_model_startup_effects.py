"""What each start of a process does to shared state, and what holds it back."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.running import startup_effects

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
START = APP + "@app.on_event('startup')\ndef start():\n    "


def effects(text: str, path: str = "service.py") -> list[str]:
    return [effect.what for effect in startup_effects.effects(model(text, path))]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Base.metadata.create_all(engine)", ["creates tables"]),
        ("db.drop_all()", ["drops tables"]),
        ("call_command('migrate')", ["migrates the schema"]),
        ("call_command('collectstatic')", []),
        ("call_command(name)", []),
        ("subprocess.run(['alembic', 'upgrade', 'head'])", ["migrates the schema"]),
        ("os.system('python manage.py migrate')", ["migrates the schema"]),
        ("subprocess.run(['ls'])", []),
        ("connection.execute('CREATE TABLE a (b int)')", ["changes the schema"]),
        ("connection.execute('SELECT 1')", []),
        ("redis.flushall()", ["empties the cache that all share"]),
        ("seed_roles()", ["writes first rows"]),
        ("random.seed(1)", []),
        ("numpy.random.seed(1)", []),
        ("create_all()", []),
        ("board.create_all()", []),
        ("threading.Thread(target=lambda: db.create_all()).start()", []),
    ],
)
def test_effects(call: str, expected: list[str]) -> None:
    assert effects(START + call) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (START + "if settings.AUTO_MIGRATE:\n        db.create_all()", []),
        (START + "if not settings.auto_create:\n        return\n    db.create_all()", []),
        (START + "if settings.name:\n        db.create_all()", ["creates tables"]),
        (START + "with advisory_lock('a'):\n        db.create_all()", []),
        (START + "if settings.AUTO_MIGRATE:\n        tables()\ndef tables():\n    db.create_all()", []),
        (START + "tables()\ndef tables():\n    db.create_all()", ["creates tables"]),
        (START + "db.create_all()\n    db.create_all()", ["creates tables"]),
        (START + "class seed_roles:\n        pass\n    seed_roles()", []),
        (START + "engine = create_engine('sqlite://')\n    Base.metadata.create_all(engine)", []),
        (
            "import sqlite3\n" + START + "engine = create_engine('postgresql://db/shop')\n    db.create_all()",
            ["creates tables"],
        ),
        ("import os, sqlite3\n" + START + "db.create_all()", []),
        (APP + "# sqlite:///a\ndb.create_all()", ["creates tables"]),
    ],
)
def test_what_holds_an_effect_back(text: str, expected: list[str]) -> None:
    assert effects(text) == expected


GUARD = "if __name__ == '__main__':\n    db.create_all()\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from app import db\ndb.create_all()", []),
        ("from app import db\ndef f():\n    pass\ndb.create_all()", ["creates tables"]),
        (APP + GUARD, []),
        (APP + GUARD + "    uvicorn.run(app)\n", ["creates tables"]),
        (APP + "def init_db():\n    db.create_all()", []),
        (APP + "def later():\n    db.create_all()", []),
    ],
)
def test_when_it_runs(text: str, expected: list[str]) -> None:
    assert effects(text) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [("self.seed()", []), ("other.seed()", ["writes first rows"]), ("seed()", ["writes first rows"])],
)
def test_an_object_that_fills_itself(call: str, expected: list[str]) -> None:
    text = f"class Shop:\n    def __init__(self):\n        {call}\n    def seed(self):\n        pass\nshop = Shop()\n"
    assert effects(APP + text) == expected
