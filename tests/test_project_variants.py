"""Which modules of a folder are variants of one thing, another of which speaks to a server."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ALONE, model

from flake8_scalability.model.stateless import embedded_stores
from flake8_scalability.options import Settings

LOCAL = """
import sqlite3
from shop.carts import Carts

class LocalCarts(Carts):
    def put(self, number, lines):
        with sqlite3.connect("carts.db") as rows:
            rows.execute("INSERT INTO carts VALUES (?, ?)", (number, lines))
"""
SERVER = "import psycopg\nfrom shop.carts import Carts\n\nclass SharedCarts(Carts):\n    pass\n"


@pytest.mark.parametrize(
    ("name", "text", "settings", "expected"),
    [
        ("shop/carts/shared.py", SERVER, Settings(), 0),
        ("shop/carts/shared.py", SERVER, ALONE, 1),
        ("shop/shared.py", SERVER, Settings(), 1),
        ("shop/carts/shared.py", SERVER.replace("psycopg", "json"), Settings(), 1),
        ("shop/carts/shared.py", SERVER.replace("(Carts)", "(Lists)"), Settings(), 1),
    ],
)
def test_a_variant_beside_one_that_has_a_server(
    tmp_path: Path, name: str, text: str, settings: Settings, expected: int
) -> None:
    (tmp_path / "requirements.txt").touch()
    for each, content in {"shop/carts/local.py": LOCAL, name: text}.items():
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text(content)
    found = embedded_stores.openings(model(LOCAL, str(tmp_path / "shop/carts/local.py"), settings))
    assert len(found) == expected
