"""Sessions of one process: kept only where something of the project uses them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.local_sessions import kept
from flake8_scalability.options import Settings

BOT = """
from aiogram import Dispatcher
from aiogram.fsm.storage.memory import MemoryStorage

dispatcher = Dispatcher(storage=MemoryStorage())
"""
LAYER = """
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
"""


def found(folder: Path, text: str, other: str, *, no_project: bool = False) -> int:
    """Return how many local backends a file has, in a project with another file."""
    (folder / "pyproject.toml").touch()
    (folder / "dialogue.py").write_text(other, encoding="utf-8")
    lines = text.splitlines(keepends=True)
    return len(list(kept(SourceFile(ast.parse(text), str(folder / "bot.py"), lines, Settings(no_project=no_project)))))


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        (BOT, "async def ask(message, state: FSMContext): ...\n", 1),
        (BOT, "class Order(StatesGroup): ...\n", 1),
        (BOT, "async def start(message): await message.answer('hello')\n", 0),
        (BOT, "# the state of the bot is shown\n", 0),
        (LAYER, "layer = get_channel_layer()\nlayer.group_send()  # channel_layer\n", 1),
        (LAYER, "async def start(message): ...\n", 0),
    ],
)
def test_what_the_project_uses(tmp_path: Path, text: str, other: str, expected: int) -> None:
    assert found(tmp_path, text, other) == expected


@pytest.mark.parametrize("text", [BOT, LAYER])
def test_where_the_project_is_not_asked_anything_may_be_used(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text, "", no_project=True) == 1
