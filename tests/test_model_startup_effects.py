"""What a start of the process does to shared state: functions that seed have to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import analyse

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
