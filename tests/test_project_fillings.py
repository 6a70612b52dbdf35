"""Which modules are loaded by their names, and get their variables from a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ALONE, model

from flake8_scalability.model.scaling import backing
from flake8_scalability.options import Settings

LOADER = """
from importlib import import_module

def load(options):
    source = import_module("shop.sources." + options["source"])
    for name, value in options.items():
        setattr(source, name, value)
    return source
"""
SOURCE = """
import redis

host = "127.0.0.1"

def rows():
    return redis.Redis(host=host, socket_timeout=1, max_connections=5).keys()
"""


@pytest.mark.parametrize(
    ("loader", "text", "settings", "expected"),
    [
        ("shop/sources/__init__.py", LOADER, Settings(), []),
        ("shop/loading.py", LOADER, Settings(), []),
        ("shop/sources/__init__.py", LOADER, ALONE, ["host"]),
        ("other/loading.py", LOADER, Settings(), ["host"]),
        ("shop/loading.py", LOADER.replace("setattr(source,", "setattr(self,"), Settings(), ["host"]),
        ("shop/loading.py", LOADER.replace("import_module(", "str("), Settings(), ["host"]),
        ("shop/loading.py", LOADER.replace("setattr(source, name,", 'setattr(source, "name",'), Settings(),
         ["host"]),
    ],
)  # fmt: skip
def test_defaults_of_modules_that_are_loaded(
    tmp_path: Path, loader: str, text: str, settings: Settings, expected: list[str]
) -> None:
    (tmp_path / "requirements.txt").touch()
    for name, content in {"shop/sources/store.py": SOURCE, loader: text}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    found = backing.fixed(model(SOURCE, str(tmp_path / "shop/sources/store.py"), settings))
    assert [each.what for each in found] == expected
