"""What the rest of the project says: where it begins, and who calls a function from other files."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from support import analyse

from flake8_scalability.options import Settings
from flake8_scalability.project import mentions, root, texts, usage, word_index
from flake8_scalability.project.usage import Use

STORE = "import redis\n\ndef get_store():\n    return redis.Redis(host=HOST, socket_timeout=1)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "store.py").write_text(STORE, encoding="utf-8")
    return tmp_path


def write_user(project: Path, text: str) -> None:
    """Write a file that imports the store's module and uses it."""
    (project / "other.py").write_text("from app import store\n" + text, encoding="utf-8")


def codes(project: Path, settings: Settings | None = None) -> list[str]:
    return [code for _, code in analyse(STORE, str(project / "app" / "store.py"), settings or Settings())]


@pytest.mark.parametrize(
    ("why", "text", "uses"),
    [
        ("at module level", "from app.store import get_store\nstore = get_store()\n", [Use.ONCE]),
        ("through the module", "from app import store\nstore = store.get_store()\n", [Use.ONCE]),
        ("in a class body", "class A:\n    store = get_store()\n", [Use.ONCE]),
        ("under a condition", "if X:\n    store = get_store()\n", [Use.ONCE]),
        ("in an application factory", "def create_app():\n    store = get_store()\n", [Use.ONCE]),
        ("over several lines", "store = wrap(\n    get_store(),\n)\n", [Use.ONCE]),
        ("in a function", "def load():\n    return get_store().get('a')\n", [Use.PER_CALL]),
        ("in a method, deeper", "class A:\n    def f(self):\n        if x:\n            get_store()\n", [Use.PER_CALL]),
        (
            "under a signature on several lines",
            "def load(\n    key,\n) -> str:\n    return get_store().get(key)\n",
            [Use.PER_CALL],
        ),
        ("in a coroutine", "async def load():\n    return get_store()\n", [Use.PER_CALL]),
        ("as a dependency", "def load(store=Depends(get_store)):\n    pass\n", [Use.PER_CALL]),
        ("in a program of the command line", "import argparse\ndef main():\n    get_store()\n", [Use.ONCE]),
        ("twice", "a = get_store()\ndef f():\n    return get_store()\n", [Use.ONCE, Use.PER_CALL]),
        ("only imported", "from app.store import get_store\n", []),
        ("only imported, over lines", "from app.store import (\n    get_store,\n    other,\n)\n", []),
        ("only in a comment", "# get_store() is slow\n", []),
        ("another name", "x = get_store_name()\ny = forget_store()\n", []),
        ("a keyword of that name", "f(get_store=1)\n", []),
        ("a function of its own", "def get_store():\n    pass\nx = get_store()\n", []),
    ],
)
def test_uses_elsewhere(project: Path, why: str, text: str, uses: list[Use]) -> None:
    write_user(project, text)
    assert usage.uses_elsewhere("get_store", str(project / "app" / "store.py")) == uses


def test_a_file_that_does_not_know_the_module_does_not_count(project: Path) -> None:
    (project / "other.py").write_text("def f():\n    return get_cache()\n", encoding="utf-8")
    assert usage.uses_elsewhere("get_cache", str(project / "app" / "store.py")) == []


def test_tests_and_foreign_code_do_not_count(project: Path) -> None:
    for name in ("tests/test_store.py", "conftest.py", "venv/a.py", ".hidden/b.py", "node_modules/c.py"):
        path = project / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x = get_store()\n", encoding="utf-8")
    assert usage.uses_elsewhere("get_store", str(project / "app" / "store.py")) == []


def test_without_a_project_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a" / "b" / "c" / "d" / "e" / "f" / "g"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert root.of(str(folder / "x.py")) is None
    assert usage.uses_elsewhere("get_store", str(folder / "x.py")) is None


def test_a_repository_ends_the_search_for_the_root(tmp_path: Path) -> None:
    (tmp_path / "setup.py").touch()
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    assert root.of(str(tmp_path / "inner" / "a.py")) == tmp_path / "inner"
    assert root.of(str(tmp_path / "b.py")) == tmp_path


@pytest.mark.parametrize("name", ["stdin", "-", ""])
def test_standard_input_belongs_to_the_working_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(project)
    assert root.of(name) == project


def test_a_changed_file_is_read_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FRESH", -1.0)
    other, store = project / "other.py", str(project / "app" / "store.py")
    other.write_text("x = get_store()\n", encoding="utf-8")
    assert usage.uses_elsewhere("get_store", store) == [Use.ONCE]
    other.write_text("def f():\n    get_store()\n", encoding="utf-8")
    later = time.time() + 5
    os.utime(other, (later, later))
    assert usage.uses_elsewhere("get_store", store) == [Use.PER_CALL]


def test_an_answer_about_other_files_is_not_kept_for_ever(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FRESH", -1.0)
    monkeypatch.setattr(texts, "PATIENCE", 0)
    other, store = project / "other.py", str(project / "app" / "store.py")
    other.touch()
    assert not mentions.is_taken_elsewhere("get_store", "", store)
    other.write_text("from app.store import get_store\n", encoding="utf-8")
    later = time.time() + 5
    os.utime(other, (later, later))
    assert mentions.is_taken_elsewhere("get_store", "", store)


def test_an_answer_is_kept_while_no_file_that_was_read_is_another(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "FRESH", -1.0)
    store, asked = project / "app" / "store.py", []

    @texts.believed
    def length(path: Path) -> int:
        asked.append(path)
        return len(texts.text(path))

    first = length(store)
    assert length(store) == first
    assert asked == [store]
    store.write_text("x = 1\n", encoding="utf-8")
    later = time.time() + 5
    os.utime(store, (later, later))
    assert length(store) == len("x = 1\n")
    assert asked == [store, store]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tests/orders.py", True),
        ("shop/testing/data.py", True),
        ("shop/test_orders.py", True),
        ("shop/orders_test.py", True),
        ("shop/tests.py", True),
        ("conftest.py", True),
        ("shop/orders.py", False),
        ("shop/latest.py", False),
        ("contest/orders.py", False),
    ],
)
def test_which_files_are_tests(name: str, expected: bool, tmp_path: Path) -> None:
    start = tmp_path / "tests" / "shop"  # where somebody has put his copy says nothing
    assert root.is_test(start / name, start) is expected


def test_one_question_reads_a_file_once(project: Path) -> None:
    other = project / "other.py"
    other.write_text("x = 1\n", encoding="utf-8")
    assert texts.text(other) == "x = 1\n"
    other.unlink()
    assert texts.text(other) == "x = 1\n"  # believed for a moment
    assert texts.text(project / "none.py") == ""


def test_an_accessor_is_judged_by_its_callers_in_other_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FRESH", -1.0)
    # A listing of the project is believed for a while: both files are there from the beginning.
    other, third = project / "other.py", project / "third.py"
    other.touch()
    third.touch()
    assert codes(project) == ["SCL104"]
    other.write_text("from app.store import get_store\nstore = get_store()\n", encoding="utf-8")
    assert codes(project) == []
    assert codes(project, Settings(no_project=True)) == ["SCL104"]
    third.write_text("import app.store\n\ndef f():\n    return get_store().get('a')\n", encoding="utf-8")
    assert codes(project) == ["SCL104"]


def test_the_texts_of_a_project_are_gathered_once_for_a_question(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = texts.of_project(project)
    assert ("store.py", (project / "app" / "store.py").read_text(encoding="utf-8")) in [(p.name, t) for p, t in first]
    assert texts.of_project(project) is first
    monkeypatch.setattr(texts, "FRESH", -1.0)
    texts._PROJECTS.clear()
    again = texts.of_project(project)
    assert texts.of_project(project) is not again


def test_a_folder_that_is_not_there_marks_no_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()  # no manifest
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "setup.cfg").touch()
    assert root.of(str(tmp_path / "inner" / "gone" / "a.py")) == tmp_path / "inner"


@pytest.mark.parametrize(
    ("why", "text", "word", "has"),
    [
        ("a name", "store.get(1)\n", "get", True),
        ("a part of a name", "forget(1)\nget_all(2)\n", "get", False),
        ("beside a letter beyond ASCII", "x = 'naïve'\n", "na", False),
        ("beside a dash beyond ASCII", "# get—or fail\n", "get", True),
        ("a name beyond ASCII", "größe = 1\n", "größe", True),
        ("what is no single name", "a.b = 1\n", "a.b", True),
    ],
)
def test_the_files_that_have_a_word(why: str, text: str, word: str, has: bool, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    (tmp_path / "two.py").write_text("pass\n", encoding="utf-8")
    assert [path.name for path, _ in word_index.files_having(word, tmp_path)] == ["one.py"] * has, why


def test_the_index_of_words_follows_the_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FRESH", -1.0)
    other = project / "other.py"
    other.touch()
    assert len(word_index.files_having("get_store", project)) == 1
    other.write_text("get_store()\n", encoding="utf-8")
    assert len(word_index.files_having("get_store", project)) == 2
