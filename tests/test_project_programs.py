"""Functions to which only programs of the command line come."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.scaling import updates
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

STOCK = """
from .models import Item

def _count(key):
    item = Item.objects.get(pk=key)
    item.stock += 1
    item.save()

def fill(key):
    _count(key)
"""
PROGRAM = "import argparse\nfrom shop.stock import fill\n\ndef go(key):\n    fill(key)\n"
SERVICE = "from shop.stock import fill\n\ndef refill(basket):\n    fill(basket.key)\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"fill_up": PROGRAM}, False),
        ({"fill_up": PROGRAM, "baskets": SERVICE}, True),
        ({"fill_up": PROGRAM, "baskets": "# fill(1)\n"}, False),
        ({"baskets": SERVICE}, True),
        ({}, True),
    ],
)
def test_what_programs_alone_call(tmp_path: Path, files: dict[str, str], found: bool) -> None:
    (tmp_path / "setup.py").write_text("", encoding="utf-8")
    (tmp_path / "shop").mkdir()
    for name, text in {"__init__": "", "models": "", "stock": STOCK, **files}.items():
        (tmp_path / "shop" / f"{name}.py").write_text(text, encoding="utf-8")
    place = str(tmp_path / "shop" / "stock.py")
    source = SourceFile(ast.parse(STOCK), place, STOCK.splitlines(keepends=True), Settings())
    assert bool(list(updates.sums(source))) is found
