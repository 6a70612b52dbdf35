"""Programs of one machine: a desktop shell and a server for it, or a server beside a device."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import analyse

from flake8_scalability.options import Settings
from flake8_scalability.project import one_machine

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
    assert one_machine.is_of_one_machine(filename) is expected


@pytest.mark.parametrize(
    ("server", "name", "asked", "expected"),
    [
        ("import serial\n", "requirements.txt", "pyserial\nflask\n", True),
        ("from zeroconf import Zeroconf\n", "requirements.txt", "", True),
        ("    import paho.mqtt.client\n", "requirements.txt", "peewee\n", True),
        ("import serial\nimport sqlite3\n", "pyproject.toml", "[project]\nname = 'a'\n", True),
        ("import serial\n", "requirements.txt", "psycopg2-binary\n", False),
        ("import serial\n", "docker-compose.yml", "services:\n  db:\n    image: postgres:16\n", False),
        ("import serial\nimport redis.asyncio\n", "requirements.txt", "", False),
        ("from paho.mqtt import client\nimport boto3\n", "requirements.txt", "", False),
        ("from paho.mqtt import client\n", "requirements.txt", "influxdb-client\n", False),
        ("import serial\nURL = 'postgresql://db/readings'\n", "requirements.txt", "sqlalchemy\n", False),
        ("import sqlite3\n", "requirements.txt", "flask\n", False),
        ("serial = 1\n", "requirements.txt", "pyserial\n", False),
    ],
)
def test_devices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str, name: str, asked: str, expected: bool
) -> None:
    filename = _project(tmp_path, "", server=server)
    (tmp_path / "backend" / name).write_text(asked)
    monkeypatch.chdir(tmp_path)
    assert one_machine.is_of_one_machine(filename) is expected


@pytest.mark.parametrize(
    ("modules", "text", "expected"),
    [
        (100, "import sqlite3\n# unlike PostgreSQL\n", True),
        (90, "import sqlite3\n", False),
        (100, "ENGINE = 'django.db.backends.postgresql'\n", False),
        (100, "import redis\n", False),
    ],
)
def test_large_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modules: int, text: str, expected: bool
) -> None:
    filename = _project(tmp_path, "")
    for number in range(modules):
        (tmp_path / "backend" / f"part{number}.py").write_text(text)
    (tmp_path / "backend" / "lib").mkdir()
    (tmp_path / "backend" / "lib" / "jobs.py").write_text("import redis\n")
    monkeypatch.chdir(tmp_path)
    assert one_machine.is_of_one_machine(filename) is expected


def test_no_second_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filename = _project(tmp_path, "electron-builder.yml")
    monkeypatch.chdir(tmp_path)
    assert analyse(STATE, filename, Settings()) == []
    assert analyse(STATE, filename, Settings(no_project=True)) == [(1, "SCL303")]


def test_no_many_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _project(tmp_path, "electron-builder.yml")
    filename = str(tmp_path / "backend" / "main.py")
    counting = (
        "from concurrent.futures import ThreadPoolExecutor\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n"
        "@app.get('/thumbnails')\ndef thumbnails():\n    with ThreadPoolExecutor(8) as pool:\n"
        "        return list(pool.map(shrink, PICTURES))\n"
    )
    Path(filename).write_text(SERVER + counting)
    monkeypatch.chdir(tmp_path)
    assert (9, "SCL406") not in analyse(counting, filename, Settings())
    assert (9, "SCL406") in analyse(counting, filename, Settings(no_project=True))


def test_outside_of_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not one_machine.is_of_one_machine(str(tmp_path / "state.py"))
