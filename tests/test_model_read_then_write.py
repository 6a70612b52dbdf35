"""Under which locks rows are read and written back."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.scaling import critical_sections, read_then_write

LOCK = "import threading\nimport redis\nlock = threading.Lock()\nstore = redis.Redis()\n"


def rewrites(text: str) -> bool:
    source = model(LOCK + text)
    (section,) = critical_sections.sections(source)
    return read_then_write.rewrites(section, source)


def under(*statements: str) -> str:
    return "def f(session, db, repo, order):\n    with lock:\n" + "".join(f"        {each}\n" for each in statements)


@pytest.mark.parametrize(
    "text",
    [
        under("row = session.get(1)", "session.commit()"),
        under("order.paid = True", "session.commit()"),
        under("order.count += 1", "order.save()"),
        under("row = session.scalar(select(Order))", "repo.add(row)"),
        under("db.execute('SELECT n FROM t')", "db.execute('UPDATE t SET n = 2')"),
        under("n = store.get('n')", "store.set('n', int(n) + 1)"),
        under("row = find(session)", "change(row, session)")
        + "def find(session):\n    return session.query(1)\ndef change(row, session):\n    session.commit()\n",
        "class Orders:\n    def pay(self, order, repo):\n        with lock:\n            order.paid = True\n"
        "            repo.update(order)\n",
    ],
)
def test_rows_are_read_and_written_back(text: str) -> None:
    assert rewrites(text)


@pytest.mark.parametrize(
    "text",
    [
        under("row = session.get(1)"),
        under("session.commit()"),
        under("db.execute('INSERT INTO t VALUES (1)')", "session.commit()"),
        under("n = store.get('n')"),
        under("store.set('n', 1)"),
        under("work(order)", "db.execute(statement)"),
        under("row = find(session)") + "def find(session):\n    return session.query(1)\n",
        "class Orders:\n    def pay(self, repo):\n        with lock:\n            self.paid = True\n"
        "            repo.update(1)\n",
    ],
)
def test_what_is_only_read_or_only_added(text: str) -> None:
    assert not rewrites(text)
