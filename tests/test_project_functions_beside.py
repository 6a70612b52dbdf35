"""Cloud functions beside a module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.limits.executors import made_per_call
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings
from flake8_scalability.project.functions_beside import is_of_function

POOL = (
    "from concurrent.futures import ThreadPoolExecutor\n"
    "def both(one, other):\n    pool = ThreadPoolExecutor(2)\n    return pool.submit(one), pool.submit(other)\n"
)


@pytest.mark.parametrize(
    ("entry", "beside"),
    [
        ("def lambda_handler(event, context):\n    return 1\n", True),
        ("async def handler(event: dict, _context):\n    return 1\n", True),
        ("def handler(event):\n    return 1\n", False),
        ("def handler(event, bot):\n    return 1\n", False),
        ("class A:\n    def handler(event, context):\n        return 1\n", False),
    ],
)
def test_what_lies_beside_an_entry_runs_in_the_function(tmp_path: Path, entry: str, beside: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "entry.py").write_text(entry, encoding="utf-8")
    path = tmp_path / "work.py"
    path.write_text(POOL, encoding="utf-8")
    assert is_of_function(str(path)) is beside
    source = SourceFile(ast.parse(POOL), str(path), POOL.splitlines(True), Settings())
    assert bool(list(made_per_call(source))) is not beside


def test_nothing_is_known_outside_of_a_project() -> None:
    assert not is_of_function("/nowhere/at/all/work.py")
