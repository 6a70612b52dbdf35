"""Marks of queries: what may be one by its names alone, and what cannot."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.language.vocabulary import vocabulary, words
from flake8_scalability.model.queries.query_marks import MAX_DEPTH, Marks

DJANGO = "from django.db import models\n"
ALCHEMY = "import sqlalchemy\n"


def marked(source: str) -> bool:
    """Tell whether the argument of `probe(...)` may be a query."""
    found = model(source)
    ((call, _),) = found.calls_by_name["probe"]
    marks = Marks(found, found.queries.families, "django" in found.queries.families)
    return marks.may_be(call.args[0])


MAY_BE = [
    ("a manager", "probe(User.objects)"),
    ("a chain", "probe(User.objects.filter(a=1).first())"),
    ("an item of a slice", "probe(User.objects.all()[:3][0])"),
    ("a name", "rows = session.query(User)\nprobe(rows)"),
    ("a name that is declared", "rows: Rows = session.query(User)\nprobe(rows)"),
    ("a walrus", "def f():\n    if (rows := session.query(User)):\n        probe(rows)"),
    ("a part of a tuple", "count, rows = 1, session.query(User)\nprobe(rows)"),
    ("names in a circle", "a = b\nb = a or c\nc = session.query(User)\nprobe(a)"),
    ("a name made of itself", "rows = session.query(User)\nrows = rows.filter(a=1)\nprobe(rows)"),
    ("an alternative", "probe(None if x else session.query(User))"),
    ("the first alternative", "probe(session.query(User) if x else None)"),
    ("one or the other", "probe(x or session.query(User))"),
    ("a union", "probe(User.objects.all() | other)"),
    ("a function's answer", "def users():\n    return session.query(User)\nprobe(users())"),
    ("a method's answer", "class A:\n    def users(self):\n        return session.query(User)\nprobe(A().users())"),
    ("another name of a function", "def users():\n    return 1\nfetch = cached(users)\nprobe(fetch())"),
    ("a statement that changes", ALCHEMY + "from sqlalchemy import update\nprobe(update(User))"),
    ("a text that is run", "probe(cursor.execute('SELECT 1'))"),
    ("what is fetched", "cursor.execute(q)\nprobe(cursor.fetchall())"),
    ("a collection", "probe(users.find({}))"),
    ("related rows", DJANGO + "probe(order.lines.all())"),
    ("a row by its key", "probe(session.get(User, 1))"),
    ("a repository", "probe(user_repo.list_all())"),
    ("a filtered set", "probe(self.filter_queryset(self.get_queryset()))"),
    ("a long way", "".join(f"n{i} = n{i + 1}\n" for i in range(MAX_DEPTH + 9)) + "probe(n0)"),
]
CANNOT_BE = [
    ("a literal", "probe([1, 2])"),
    ("a parameter", "def f(rows):\n    probe(rows)"),
    ("a search in a text", "probe(text.find('a'))"),
    ("a mapping", "probe(settings.get('a'))"),
    ("a name for itself", "a = a\nprobe(a)"),
    ("a circle", "a = b\nb = a\nprobe(a)"),
    ("rows of a relation, without a manager in sight", "probe(order.lines.all())"),
    ("an update of a mapping", "probe(known.update(more))"),
    ("a function without an answer", "def users():\n    return\nprobe(users())"),
    ("rows that nothing executed", "probe(cursor.fetchall())"),
    ("another set", "probe(self.filter_queryset(rows))"),
    ("a set of none", "probe(self.filter_queryset())"),
    ("a call of a call", "probe(make()())"),
    ("parts of a text", "a, b = line\nprobe(b)"),
    ("a sum", "probe(1 + 2)"),
    ("an attribute", "probe(order.lines)"),
]


@pytest.mark.parametrize("source", [source for _, source in MAY_BE], ids=[name for name, _ in MAY_BE])
def test_what_may_be_a_query(source: str) -> None:
    assert marked(source)


@pytest.mark.parametrize("source", [source for _, source in CANNOT_BE], ids=[name for name, _ in CANNOT_BE])
def test_what_cannot_be_one(source: str) -> None:
    assert not marked(source)
    assert model(source).query_runs == []


def test_an_answer_in_a_circle_is_not_kept_for_another_question() -> None:
    found = model("a = b\nb = a\nb = c\nc = session.query(User)\nprobe(a)\nprobe(b)")
    marks = Marks(found, set(), False)
    assert [marks.may_be(call.args[0]) for call, _ in found.calls_by_name["probe"]] == [True, True]


def test_a_file_without_any_is_told_at_once() -> None:
    assert not model("import os\n\ndef f(known):\n    return known.get('a')\n").queries.any
    assert model("def f(user_repo):\n    return user_repo.get(1)\n").queries.any


def test_words_of_a_text() -> None:
    found = vocabulary("session.query(User)  # größte_zahl 'redis://a-b'")
    assert found == words("session query User redis a b") | {"größte_zahl".encode()}
