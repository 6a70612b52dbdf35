"""What a start of the process does to shared state: functions that seed have to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import analyse

from flake8_scalability.model.running import seeding
from flake8_scalability.options import Settings

HEAD = "from fastapi import FastAPI\nfrom shop import places\nfrom shop.places import seed_roles\napp = FastAPI()\n"
START = "@app.on_event('startup')\nasync def begin():\n    {}\n"


@pytest.mark.parametrize(
    ("body", "call", "found"),
    [
        ("def seed_roles(db):\n    db.add(Role('admin'))\n", "seed_roles(db)", True),
        ("async def seed_roles(db):\n    await fill(db)\n", "await places.seed_roles(db)", True),
        ("def seed_roles(table):\n    return table.mean()\n", "seed_roles(db)", False),
        ("x = 1\n", "seed_roles(db)", True),
    ],
)
def test_what_seeds_writes(tmp_path: Path, body: str, call: str, found: bool) -> None:
    for name, text in {"setup.py": "", "shop/__init__.py": "", "shop/places.py": body}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    text = HEAD + START.format(call)
    codes = [code for _, code in analyse(text, str(tmp_path / "shop/server.py"), Settings())]
    assert ("SCL606" in codes) is found


@pytest.mark.parametrize(("body", "found"), [("db.add(1)", True), ("return db.mean()", False)])
def test_a_function_of_the_file(body: str, found: bool) -> None:
    text = f"from fastapi import FastAPI\napp = FastAPI()\ndef seed_roles(db):\n    {body}\n" + START.format(
        "seed_roles(1)"
    )
    assert ("SCL606" in [code for _, code in analyse(text)]) is found


KEPT = "from fastapi import FastAPI\nfrom {} import create_admin\napp = FastAPI()\nadmin = create_admin([1])\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (KEPT.format("panel.endpoints"), False),
        (KEPT.format("shop.places"), True),
        (KEPT.format("panel.endpoints").replace("admin = ", ""), True),
    ],
)
def test_what_a_library_makes_is_no_row(tmp_path: Path, text: str, found: bool) -> None:
    places = "def create_admin(names):\n    for name in names:\n        db.add(name)\n"
    for name, content in {"setup.py": "", "shop/__init__.py": "", "shop/places.py": places}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    codes = [code for _, code in analyse(text, str(tmp_path / "shop/server.py"), Settings())]
    assert ("SCL606" in codes) is found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("db.add(1)", False),
        ("db.execute('INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING')", True),
        ("try:\n        db.add(1)\n    except IntegrityError:\n        pass", True),
        ("try:\n        db.create(1)\n    except Exception:\n        pass", True),
        ("try:\n        db.create(1)\n    except Exception:\n        raise", False),
        ("try:\n        db.add(1)\n        db.commit()\n    except Exception:\n        pass", False),
        ("return (", False),
    ],
)
def test_a_function_that_counts_on_its_siblings(body: str, expected: bool) -> None:
    assert seeding.expects_siblings(f"def seed_roles(db):\n    {body}\n") is expected
