"""Entries that one function registers and another one removes at the end of the same call."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

REGISTRY = """
_turn_sessions = {}

def register_turn(key, session):
    _turn_sessions[key] = session

def unregister_turn(key):
    _turn_sessions.pop(key, None)

def find_turn(key):
    return _turn_sessions.get(key)
"""
ENDING = """
def take_turn(key, session):
    register_turn(key, session)
    try:
        return work(key)
    finally:
        unregister_turn(key)
"""
LEAVING = """
def take_turn(key, session):
    register_turn(key, session)
    return work(key)
"""
IMPORT = "from registry import register_turn\n"
LOOKING = """
from registry import find_turn

def show_turn(key):
    return find_turn(key)
"""


def found(source: SourceFile) -> list[str]:
    return [each.state.name for each in source.changed_while_serving]


def in_project(folder: Path, *callers: str) -> SourceFile:
    """Return the model of the registry in a project with these other files."""
    (folder / "pyproject.toml").write_text("[project]\n")
    for number, text in enumerate(callers):
        (folder / f"caller_{number}.py").write_text(text)
    path = folder / "registry.py"
    path.write_text(REGISTRY)
    return SourceFile(ast.parse(REGISTRY), str(path), REGISTRY.splitlines(keepends=True), Settings())


@pytest.mark.parametrize(
    ("callers", "names"),
    [
        pytest.param("", ["_turn_sessions"], id="nobody in sight"),
        pytest.param(ENDING, [], id="taken back in the end"),
        pytest.param(LEAVING, ["_turn_sessions"], id="left there"),
        pytest.param(ENDING + LEAVING.replace("take_", "leave_"), ["_turn_sessions"], id="one of two leaves it"),
    ],
)
def test_callers_in_the_file(callers: str, names: list[str]) -> None:
    assert found(model(REGISTRY + callers)) == names


def test_another_verb_for_another_thing_does_not_undo() -> None:
    assert found(model(REGISTRY.replace("unregister_turn", "end_all"))) == ["_turn_sessions"]
    both = REGISTRY.replace("_turn_sessions[key] = session", "_turn_sessions.pop(key, None); _turn_sessions[key] = 1")
    assert found(model(both + ENDING)) == ["_turn_sessions"]
    assert found(model(REGISTRY.replace("register_turn(key, session):", "register_turn(key, session):\n    pass\n"
                                        "def put_turn(key, session):") + ENDING)) == ["_turn_sessions"]  # fmt: skip


@pytest.mark.parametrize(
    ("callers", "names"),
    [
        pytest.param([ENDING], [], id="taken back in the end"),
        pytest.param([ENDING, "from registry import register_turn\n"], [], id="an import alone is no call"),
        pytest.param([ENDING, IMPORT + LEAVING, LOOKING], ["_turn_sessions"], id="another file leaves it"),
        pytest.param([LOOKING], [], id="only looked up"),
        pytest.param([], [], id="nobody calls it"),
    ],
)
def test_callers_in_the_project(tmp_path: Path, callers: list[str], names: list[str]) -> None:
    assert found(in_project(tmp_path, *callers)) == names


def test_tests_do_not_count_as_callers(tmp_path: Path) -> None:
    source = in_project(tmp_path, ENDING)
    (tmp_path / "test_registry.py").write_text(LEAVING)
    assert found(source) == []
