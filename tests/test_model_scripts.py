"""What a main guard says of its file: a program of its own, or a module of a package that can also be tried out."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.catalog.rows import Place

GUARD = "if __name__ == '__main__':\n"
ARGPARSE = "import argparse\n"

#: Why, the source, and the place of `f` in a module of a package and in a file by itself.
CASES = [
    ("main()", "def main(): f()\ndef f(): pass\n" + GUARD + " main()", Place.TOOL, Place.TOOL),
    (
        "main() of a command line",
        ARGPARSE + "def main(): f()\ndef f(): pass\n" + GUARD + " main()",
        Place.TOOL,
        Place.TOOL,
    ),
    ("main itself", "def f(): main()\ndef main(): f()\n" + GUARD + " asyncio.run(main())", Place.TOOL, Place.TOOL),
    ("the whole file", "def f(): pass\n" + GUARD + " f()", Place.TOOL, Place.TOOL),
    (
        "one function of several",
        "def f(): pass\ndef g(): pass\ndef h(): pass\n" + GUARD + " f()",
        Place.LIBRARY,
        Place.TOOL,
    ),
    (
        "one function of several, for a command line",
        ARGPARSE + "def f(): pass\ndef g(): pass\n" + GUARD + " f()",
        Place.TOOL,
        Place.TOOL,
    ),
    ("given what it works on", "def f(x): return x\n" + GUARD + " f('example')", Place.LIBRARY, Place.LIBRARY),
    (
        "given what it works on, for a command line",
        ARGPARSE + "def f(x): return x\n" + GUARD + " f('example')",
        Place.LIBRARY,
        Place.TOOL,
    ),
    ("given the arguments", "import sys\ndef f(x): return x\n" + GUARD + " f(sys.argv[1])", Place.LIBRARY, Place.TOOL),
    (
        "a method that the guard calls",
        ARGPARSE + "class A:\n def f(self): pass\n" + GUARD + " A().f()",
        Place.LIBRARY,
        Place.TOOL,
    ),
    (
        "a constructor",
        ARGPARSE + "class A:\n def __init__(self): f()\ndef f(): pass\n" + GUARD + " A()",
        Place.LIBRARY,
        Place.TOOL,
    ),
    (
        "a method that main() calls",
        ARGPARSE + "class A:\n def f(self): pass\ndef main(): A().f()\n" + GUARD + " main()",
        Place.LIBRARY,
        Place.TOOL,
    ),
    (
        "a method that main() calls, without a command line",
        "class A:\n def f(self): pass\ndef main(): A().f()\n" + GUARD + " main()",
        Place.LIBRARY,
        Place.LIBRARY,
    ),
    (
        "a command's own method",
        "class A(BaseCommand):\n def handle(self): self._g()\n def _g(self): f()\ndef f(): pass",
        Place.TOOL,
        Place.TOOL,
    ),
    (
        "a demonstration that prints",
        "class A:\n def f(self): pass\n" + GUARD + " A().f()\n" + " print(1)\n" * 8,
        Place.LIBRARY,
        Place.LIBRARY,
    ),
    (
        "a file that prints",
        "def g():\n" + " print(1)\n" * 8 + "class A:\n def f(self): pass\n" + GUARD + " A().f()",
        Place.LIBRARY,
        Place.TOOL,
    ),
    (
        "what the rest of the file calls as well",
        "class A:\n def g(self): f()\ndef f(): pass\ndef main(): f()\n" + GUARD + " main()",
        Place.LIBRARY,
        Place.LIBRARY,
    ),
    (
        "not called under the guard",
        "def f(): pass\ndef main(): pass\n" + GUARD + " main()",
        Place.LIBRARY,
        Place.LIBRARY,
    ),
    ("no guard", "def main(): f()\ndef f(): pass\nmain", Place.LIBRARY, Place.LIBRARY),
    (
        "a server",
        "import uvicorn\ndef f(): pass\n" + GUARD + " f()\n uvicorn.run('shop:app')",
        Place.STARTUP,
        Place.STARTUP,
    ),
    (
        "a handler",
        "from flask import Flask\napp = Flask(__name__)\n@app.route('/')\ndef f(): pass\n" + GUARD + " f()",
        Place.REQUEST,
        Place.REQUEST,
    ),
]


def place(source: str, path: str) -> Place:
    found = model(source, path)
    (scope,) = [scope for scope in found.scopes if scope.is_function and scope.name == "f"]
    return found.place(scope).place


@pytest.mark.parametrize(("source", "in_package"), [pytest.param(s, p, id=w) for w, s, p, _ in CASES])
def test_a_module_of_a_package(source: str, in_package: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    assert place(source, "shop/orders.py") is in_package
    assert place(source, str(tmp_path / "shop" / "orders.py")) is in_package


@pytest.mark.parametrize("path", ["orders.py", "shop/orders.py", "stdin", "-"])
@pytest.mark.parametrize(("source", "alone"), [pytest.param(s, a, id=w) for w, s, _, a in CASES])
def test_a_file_by_itself(
    source: str, alone: Place, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert place(source, path) is alone
