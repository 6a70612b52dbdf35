"""Editors: python-lsp-server driven over its protocol, and the command line of the flake8 extension of VS Code."""

from __future__ import annotations

import itertools
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pylsp", reason="the environment ways-in has it")
from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter

SERVICE = (
    "import psycopg2\nimport requests\n\n\ndef total_of(order_id):\n"
    '    über = psycopg2.connect("dbname=shop", connect_timeout=3)\n    return über\n\n\n'
    'def rates():\n    return requests.get("https://rates.example/latest")\n'
)
#: (line, character) from 0, and the code, of what stands in it.
EXPECTED = {(5, 20, "SCL101"), (10, 20, "SCL701"), (10, 20, "SCL703")}
SECONDS = 60


class Editor:
    """A client of the language server: opens one document, changes it, and waits for what is published for it."""

    def __init__(self, folder: Path, given: dict[str, list[str]]) -> None:
        self._uri = (folder / "service.py").as_uri()
        self._versions = itertools.count(1)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "pylsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._writer = JsonRpcStreamWriter(self._server.stdin)
        self._reader = JsonRpcStreamReader(self._server.stdout)
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._reader.listen, args=(self._said.put,), daemon=True).start()
        plugins: dict[str, Any] = {
            name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe", "pylint", "pydocstyle", "ruff")
        }
        plugins["flake8"] = {"enabled": True, **given}
        self._ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {"pylsp": {"plugins": plugins}}})

    def open(self, text: str) -> list[dict[str, Any]]:
        document = {"uri": self._uri, "languageId": "python", "version": next(self._versions), "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return self._published()

    def change(self, text: str) -> list[dict[str, Any]]:
        document = {"uri": self._uri, "version": next(self._versions)}
        self._tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        return self._published()

    def close(self) -> None:
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._server.wait(SECONDS)

    def _published(self) -> list[dict[str, Any]]:
        while True:
            message = self._said.get(timeout=SECONDS)
            if message.get("method") == "textDocument/publishDiagnostics":
                diagnostics: list[dict[str, Any]] = message["params"]["diagnostics"]
                return diagnostics

    def _ask(self, method: str, parameters: object) -> None:
        self._writer.write({"jsonrpc": "2.0", "id": method, "method": method, "params": parameters})
        while self._said.get(timeout=SECONDS).get("id") != method:
            pass

    def _tell(self, method: str, parameters: object) -> None:
        self._writer.write({"jsonrpc": "2.0", "method": method, "params": parameters})


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    (tmp_path / "service.py").write_text(SERVICE, encoding="utf-8")
    editor = Editor(tmp_path, {"select": ["SCL", "E9"]})
    yield editor
    editor.close()


def places(diagnostics: list[dict[str, Any]], text: str) -> set[tuple[int, int, str]]:
    """Return where the diagnostics stand; one that lies outside of the text fails."""
    lines = text.splitlines(keepends=True)
    for each in diagnostics:
        start, end = each["range"]["start"], each["range"]["end"]
        assert start["line"] == end["line"] < len(lines), each
        assert 0 <= start["character"] <= end["character"] <= len(lines[end["line"]]), each
    return {(each["range"]["start"]["line"], each["range"]["start"]["character"], each["code"]) for each in diagnostics}


def test_diagnostics_come_at_their_ranges(editor: Editor) -> None:
    found = editor.open(SERVICE)
    assert places(found, SERVICE) == EXPECTED
    assert all(re.match(r"SCL\d{3} SCL\d{3} |SCL\d{3} \[", each["message"]) for each in found)


def test_the_setting_of_the_readme(tmp_path: Path) -> None:
    """`extendSelect`, which leaves flake8's own codes on."""
    text = "import os\n" + SERVICE
    editor = Editor(tmp_path, {"extendSelect": ["SCL"]})
    try:
        found = places(editor.open(text), text)
    finally:
        editor.close()
    assert found == {(0, 0, "F401"), *((line + 1, column, code) for line, column, code in EXPECTED)}


def test_none_is_lost_beside_a_syntax_error(editor: Editor) -> None:
    assert places(editor.open(SERVICE), SERVICE) == EXPECTED
    broken = SERVICE + "def\n"
    assert {code for _, _, code in places(editor.change(broken), broken)} == {"E999"}
    assert places(editor.change(SERVICE), SERVICE) == EXPECTED


def test_what_is_typed_moves_the_findings(editor: Editor) -> None:
    editor.open(SERVICE)
    text = "# a comment\n" + SERVICE
    assert places(editor.change(text), text) == {(line + 1, column, code) for line, column, code in EXPECTED}


def test_no_finding_lies_beyond_the_end(editor: Editor) -> None:
    text = 'import requests\ndef rates(): return requests.get(\n"https://rates.example/latest"'
    editor.open(SERVICE)
    editor.change(text)
    text += ")"
    assert {code for _, _, code in places(editor.change(text), text)} == {"SCL701", "SCL703"}
    assert places(editor.change(""), "") == set()


def test_the_command_of_visual_studio_code(tmp_path: Path) -> None:
    """As github.com/microsoft/vscode-flake8 calls it: its own format, the saved file's name, the text on stdin."""
    path = tmp_path / "service.py"
    path.write_text("", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "flake8", "--format=%(row)d,%(col)d,%(code).1s,%(code)s:%(text)s",
         "--select=SCL", "--stdin-display-name", str(path), "-"],
        cwd=tmp_path,
        input=SERVICE,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )  # fmt: skip
    assert ran.stderr == ""
    pattern = re.compile(r"(\d+),(-?\d+),(\w),(\w+\d+):([^\r\n]*)")
    rows = [match.groups() for match in map(pattern.fullmatch, ran.stdout.splitlines()) if match is not None]
    assert len(rows) == len(ran.stdout.splitlines())
    assert {(int(row) - 1, int(column) - 1, code) for row, column, _, code, _ in rows} == EXPECTED
