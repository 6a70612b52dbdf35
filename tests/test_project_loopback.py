"""Which ports are opened for this machine alone, or by the image in which the asking file runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ALONE, model

from flake8_scalability.model.scaling import backing
from flake8_scalability.options import Settings
from flake8_scalability.project import loopback


def serves(folder: Path, files: dict[str, str], asking: str = "shop/client.py") -> bool:
    (folder / ".git").mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return loopback.serves("8123", str(folder / asking))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("shop/server.py", "uvicorn.run(app, host='localhost', port=8123)", True),
        ("shop/server.py", "HTTPServer(('127.0.0.1', 8123), Handler)", True),
        ("shop/server.py", "listener.bind(('localhost', 8123))", True),
        ("shop/server.py", "uvicorn.run(app, host='0.0.0.0', port=8123)", False),
        ("shop/server.py", "uvicorn.run(app, host='localhost', port=9000)  # not 8123", False),
        ("shop/server.py", "call(host='localhost', port=8123)", False),
        ("tests/server.py", "uvicorn.run(app, host='localhost', port=8123)", False),
        ("Dockerfile", "FROM python\nEXPOSE 8123\n", True),
        ("shop/Dockerfile", 'FROM python\nCMD ["uvicorn", "app:app", "--port", "8123"]\n', True),
        ("other/Dockerfile", "FROM python\nEXPOSE 8123\n", False),
        ("shop/Dockerfile", "FROM python\nEXPOSE 9000\n", False),
    ],
)
def test_own_servers(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    assert serves(tmp_path, {"shop/client.py": "", name: text}) is expected


def test_the_nearest_image_is_the_own_one(tmp_path: Path) -> None:
    files = {"Dockerfile": "EXPOSE 8123\n", "shop/Dockerfile": "EXPOSE 9000\n"}
    assert not serves(tmp_path, files)


@pytest.mark.parametrize(("other", "expected"), [("EXPOSE 8123", True), ("EXPOSE 9000", False), ("FROM python", True)])
def test_images_in_a_folder_of_their_own(tmp_path: Path, other: str, expected: bool) -> None:
    files = {"docker/cpu/Dockerfile.cpu": "EXPOSE 8123\n", "docker/gpu/Dockerfile": f"{other}\n"}
    assert serves(tmp_path, files) is expected


def test_a_file_of_no_project(tmp_path: Path) -> None:
    assert not loopback.serves("8123", str(tmp_path / "client.py"))


@pytest.mark.parametrize(
    ("port", "settings", "expected"),
    [(8123, Settings(), []), (9000, Settings(), ["requests.get()"]), (8123, ALONE, ["requests.get()"])],
)
def test_a_call_of_an_own_server(tmp_path: Path, port: int, settings: Settings, expected: list[str]) -> None:
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "server.py").write_text("uvicorn.run(app, host='localhost', port=8123)")
    source = f"import requests\ndef ask():\n    return requests.get('http://localhost:{port}/jobs', timeout=5)\n"
    found = backing.fixed(model(source, str(tmp_path / "client.py"), settings))
    assert [each.what for each in found] == expected
