"""State that one caller leaves and another one asks for: who comes to both, as the project tells."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from support import model

from flake8_scalability.options import Settings

STORE = """
class JobStore:
    def __init__(self):
        self._jobs = {}

    def add(self, number, job):
        self._jobs[number] = job

    def find(self, number):
        FIND

jobs = JobStore()
"""
VIEWS = """
from shop.kept import jobs

def begin(number, job):
    jobs.add(number, job)

def look(number):
    return jobs.find(number)
"""
READS = "return self._jobs.get(number)"


def names(folder: Path, kept: str, views: str) -> list[str]:
    """Return what is found in a module of a project whose views call it."""
    (folder / "shop").mkdir()
    (folder / "setup.py").write_text("", encoding="utf-8")
    for name, text in {"__init__": "", "kept": kept, "views": views}.items():
        (folder / "shop" / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    found = model(kept, str(folder / "shop" / "kept.py"), Settings())
    return [each.state.name for each in found.changed_while_serving]


@pytest.mark.parametrize(
    ("reads", "is_found"),
    [
        (READS, True),
        ("return self._jobs[number]", True),
        ("return number in self._jobs", True),
        ("return list(self._jobs)", False),
        ("return self._jobs.values()", False),
        ("print(self._jobs.get(number))", False),
    ],
)
def test_an_entry_is_looked_up(tmp_path: Path, reads: str, is_found: bool) -> None:
    assert names(tmp_path, STORE.replace("FIND", reads), VIEWS) == (["JobStore._jobs"] if is_found else [])


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("jobs.add(number, job)", "print(number)"),
        ("jobs.find(number)", "number"),
        ("jobs.add(number, job)", "seen.add(number, job)"),
    ],
)
def test_other_files_have_to_call_both(tmp_path: Path, was: str, now: str) -> None:
    assert names(tmp_path, STORE.replace("FIND", READS), VIEWS.replace(was, now)) == []


@pytest.mark.parametrize("call", ["JobStore().add(number, job)", "self.job_store.add(number, job)"])
def test_a_common_name_is_called_on_what_is_named_like_the_class(tmp_path: Path, call: str) -> None:
    found = names(tmp_path, STORE.replace("FIND", READS), VIEWS.replace("jobs.add(number, job)", call))
    assert found == ["JobStore._jobs"]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (
            "        FIND",
            "        FIND\n\n    def load_all(self, rows):\n        for row in rows: self._jobs[row.number] = row",
        ),
        ("self._jobs[number] = job", "self._jobs[number] = job\n        self.persist(number)"),
        ("self._jobs[number] = job", "if not self.redis:\n            self._jobs[number] = job"),
        ("        FIND", "        FIND\n\n    def end(self, number):\n        self._jobs.pop(number).stop()"),
        ("def add(self", "def __setitem__(self"),
    ],
)
def test_copies_and_what_is_alive(tmp_path: Path, was: str, now: str) -> None:
    assert names(tmp_path, STORE.replace(was, now).replace("FIND", READS), VIEWS) == []


HANDLERS = """
from fastapi import FastAPI

app = FastAPI()
_kept = {}

@app.post("/a/{number}")
def keep(number: int, text: str):
    _kept[number] = text
    ANSWER

def helper(number):
    return _kept.get(number)
"""


@pytest.mark.parametrize(
    ("answer", "more", "is_found"),
    [
        ("return {}", "", False),
        ("return helper(number)", "", False),
        ("return {}", "@app.get('/b/{number}')\ndef look(number: int):\n    return helper(number)\n", True),
        ("return {}", "@app.get('/b/{number}')\ndef look(number: int):\n    return _kept[number]\n", True),
    ],
)
def test_another_handler_answers_by_it(tmp_path: Path, answer: str, more: str, is_found: bool) -> None:
    kept = HANDLERS.replace("ANSWER", answer) + more
    assert names(tmp_path, kept, "from shop.kept import app\n") == (["_kept"] if is_found else [])


@pytest.mark.parametrize(("reads", "is_found"), [("return {'said': _chats[user_id]}", True), ("return {}", False)])
def test_the_next_request_of_the_same_user(tmp_path: Path, reads: str, is_found: bool) -> None:
    kept = HANDLERS.replace("_kept", "_chats").replace("number", "user_id").replace("ANSWER", reads)
    kept = kept[: kept.index("def helper")]
    assert names(tmp_path, kept, "from shop.kept import app\n") == (["_chats"] if is_found else [])


def test_a_helper_that_other_files_call_is_asked_as_well(tmp_path: Path) -> None:
    kept = HANDLERS.replace("ANSWER", "return {}")
    assert names(tmp_path, kept, "from shop.kept import helper\n\ndef look(n):\n    return helper(n)\n") == ["_kept"]
