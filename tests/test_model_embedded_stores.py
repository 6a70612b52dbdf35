"""Which calls open a store in files for a service, and which of them are of the same file."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.stateless import embedded_stores, kept_rows
from flake8_scalability.options import Settings


def lines(source: str) -> list[int]:
    return [opening.node.lineno for opening in embedded_stores.openings(model(source))]


SHELF = (
    "import shelve\nclass A:\n    def __init__(self, db):\n        self.db = db\n        rows = shelve.open(self.db)\n"
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import sqlite3\nsqlite3.connect('a.db')", [2]),
        ("import sqlite3\nsqlite3.connect('a.db')\nsqlite3.connect('a.db')", [2]),
        ("import sqlite3\nsqlite3.connect('a.db')\nsqlite3.connect('b.db')", [2, 3]),
        (
            "import sqlite3\ndef f(a):\n    sqlite3.connect(f'x/{a}.db')\ndef g(b):\n    sqlite3.connect(f'x/{b}.db')",
            [3],
        ),
        (SHELF, [5]),
        # Once for each file, where it is written.
        (SHELF + "    def save(self):\n        shelve.open(self.db, flag='n')", [7]),
        (SHELF + "    def save(self):\n        s = shelve.open(self.db)\n        s['a'] = self.rows", [7]),
        (SHELF + "    def more(self):\n        return shelve.open(self.db)['a']", [5]),
    ],
)
def test_openings(source: str, expected: list[int]) -> None:
    assert lines(source) == expected


LOCAL = "import sqlite3\nimport requests\nclass Keys:\n    def find(self): pass\n    def drop(self): pass\n"
OPENS = "    def open(self):\n        sqlite3.connect('keys.db')\n"


@pytest.mark.parametrize(
    ("sibling", "count"),
    [
        ("class RemoteKeys:\n    def find(self):\n        requests.post(URL, timeout=5)", 0),
        ("class Directory:\n    def find(self):\n        requests.post(URL, timeout=5)\n    def drop(self): pass", 0),
        ("class Directory:\n    def find(self):\n        requests.post(URL, timeout=5)", 1),
        ("class OtherKeys:\n    def find(self):\n        return 1", 1),
        ("class OtherKeys:\n    def find(self):\n        sqlite3.connect('keys.db')", 1),
        ("def find():\n    requests.post(URL, timeout=5)", 1),
    ],
)
def test_a_sibling_that_works_elsewhere_is_another_variant(sibling: str, count: int) -> None:
    assert len(lines(LOCAL + OPENS + sibling)) == count


INDEX = "import chromadb\nindex = chromadb.PersistentClient('pages').get_collection('pages')\n"


@pytest.mark.parametrize(
    ("use", "count"),
    [
        ("def f(q):\n    return index.query(query_texts=q)", 0),
        ("def f(q, seen):\n    seen.add(q)\n    return index.query(query_texts=q)", 0),
        ("def f(q):\n    return index.as_retriever()", 0),
        ("def f(q):\n    index.add(ids=q)\n    return index.query(query_texts=q)", 1),
        ("def f(q):\n    index.upload_points(q)\n    return index.search(q)", 1),
        ("def f(q):\n    return re.search('a', q)", 1),
        ("def f(q):\n    return index.count()", 1),
    ],
)
def test_an_index_that_is_only_searched_may_come_with_the_program(use: str, count: int) -> None:
    assert len(lines(INDEX + use)) == count


READS = "rows = db.execute('SELECT a FROM b')\n        "


@pytest.mark.parametrize(
    ("opening", "use", "count"),
    [
        ("db = sqlite3.connect('a.db')", READS + "return list(rows)", 0),
        ("db = sqlite3.connect('a.db')", READS + "return db", 1),
        ("db = sqlite3.connect('a.db')", READS + "fill(db)", 1),
        ("db = sqlite3.connect('a.db')", READS + "self.db = db", 1),
        ("self.db = sqlite3.connect('a.db')", "return self.db.execute('SELECT a FROM b')", 1),
        ("db = sqlite3.connect('a.db')", READS + "db.execute('INSERT INTO b VALUES (1)')", 1),
        ("db = sqlite3.connect('a.db')", READS + "db.commit()", 1),
        ("db = sqlite3.connect('a.db')", "db.execute(statement)", 1),
        ("db = shelve.open('a')", READS + "return list(rows)", 1),
    ],
)
def test_a_database_that_is_only_asked(opening: str, use: str, count: int) -> None:
    source = f"import shelve\nimport sqlite3\nclass A:\n    def f(self):\n        {opening}\n        {use}\n"
    assert len(lines(source)) == count


def test_a_database_that_is_only_asked_below_with() -> None:
    source = (
        "import sqlite3\nfrom contextlib import closing\ndef f():\n"
        "    with closing(sqlite3.connect('a.db')) as db:\n        return list(db.execute('SELECT a FROM b'))\n"
    )
    assert lines(source) == []


BUILD = (
    "import sqlite3\ndef build_index(path):\n    rows = sqlite3.connect(path)\n    rows.execute('DELETE FROM words')\n"
)


@pytest.mark.parametrize(
    ("caller", "count"),
    [
        ("harbour/management/commands/build.py", 0),
        ("tests/test_build.py", 1),
        ("harbour/startup.py", 1),
    ],
)
def test_what_commands_alone_call_is_started_by_hand(tmp_path: Path, caller: str, count: int) -> None:
    using = "from harbour.building import build_index\ndef handle():\n    build_index('words.db')\n"
    for name, text in {"manage.py": "", "harbour/__init__.py": "", "harbour/building.py": BUILD, caller: using}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    source = model(BUILD, str(tmp_path / "harbour/building.py"), Settings())
    assert len(embedded_stores.openings(source)) == count


@pytest.mark.parametrize(
    ("apps", "other", "kept"),
    [
        ("'django.contrib.auth', 'django.contrib.admin'", "", False),
        ("'django.contrib.auth', 'rest_framework', 'harbour.web'", "", False),
        ("'django.contrib.auth', 'wagtail.core'", "", True),
        ("'django.contrib.auth'", "class Berth(models.Model):\n    pass\n", True),
        ("'django.contrib.admin'", "urlpatterns = [path('admin/', admin.site.urls)]\n", True),
        ("'django.contrib.sessions'", "def page(request):\n    request.session['page'] = 1\n", True),
    ],
)
def test_a_wrapper_without_tables_keeps_no_rows(tmp_path: Path, apps: str, other: str, kept: bool) -> None:
    text = f"INSTALLED_APPS = [{apps}]\n"
    for name, written in {"manage.py": "", "harbour/settings.py": text, "harbour/views.py": other}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(written)
    assert kept_rows.are_kept(model(text, str(tmp_path / "harbour/settings.py"), Settings())) is kept
