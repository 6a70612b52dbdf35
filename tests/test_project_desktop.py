"""Programs of one user: a desktop shell, and a server for it on the same machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import analyse

from flake8_scalability.options import Settings
from flake8_scalability.project import desktop

SERVER = "import uvicorn\nuvicorn.run('app:app', host='localhost', port=5000)\n"
STATE = "reminders = []\n\ndef remind(customer, date):\n    reminders.append((customer, date))\n"


def _project(folder: Path, shell: str, text: str = "", server: str = SERVER) -> str:
    (folder / "backend").mkdir(exist_ok=True)
    (folder / "backend" / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    (folder / "backend" / "main.py").write_text(server)
    (folder / "backend" / "state.py").write_text(STATE)
    if shell:
        (folder / shell).parent.mkdir(parents=True, exist_ok=True)
        (folder / shell).write_text(text)
    return str(folder / "backend" / "state.py")


@pytest.mark.parametrize(
    ("shell", "text", "server", "expected"),
    [
        ("window/src-tauri/Cargo.toml", "", SERVER, True),
        ("electron-builder.yml", "", SERVER, True),
        ("window/package.json", '{"devDependencies": {"electron": "^30"}}', SERVER, True),
        ("window/package.json", '{"devDependencies": {"electron-log": "^5"}}', SERVER, False),
        ("node_modules/package.json", '{"devDependencies": {"electron": "^30"}}', SERVER, False),
        ("electron-builder.yml", "", SERVER.replace("localhost", "0.0.0.0"), False),
        ("", "", SERVER, False),
    ],
)
def test_shells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: str, text: str, server: str, expected: bool
) -> None:
    filename = _project(tmp_path, shell, text, server)
    monkeypatch.chdir(tmp_path)
    assert desktop.is_of_one_user(filename) is expected


def test_no_second_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filename = _project(tmp_path, "electron-builder.yml")
    monkeypatch.chdir(tmp_path)
    assert analyse(STATE, filename, Settings()) == []
    assert analyse(STATE, filename, Settings(no_project=True)) == [(1, "SCL303")]


def test_outside_of_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not desktop.is_of_one_user(str(tmp_path / "state.py"))
