"""Which queries ask for one row, by what a class or a migration makes unique."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.queries.uniqueness import holds_one
from flake8_scalability.options import Settings

CLASS = """
from django.db import models
class Vote(models.Model):
    poll = models.ForeignKey("Poll", models.CASCADE)
    voter = models.ForeignKey("Voter", models.CASCADE)
    ballot = models.CharField(max_length=9{unique})
"""
MIGRATION = "def upgrade():\n    op.create_unique_constraint('one', 'vote', {columns})\n"


@pytest.mark.parametrize(
    ("query", "unique", "columns", "expected"),
    [
        ("filter(ballot=b)", "", "", False),
        ("filter(ballot=b)", ", unique=True", "", True),
        ("filter(ballot=b, poll=p)", ", unique=True", "", True),
        ("filter(poll=p)", ", unique=True", "", False),
        ("filter(poll=p, voter=v)", "", "['poll_id', 'voter_id']", True),
        ("filter(poll=p)", "", "['poll_id', 'voter_id']", False),
        ("filter(ballot__gt=b)", ", unique=True", "", False),
        ("all()", ", unique=True", "", False),
    ],
)
def test_one_row(tmp_path: Path, query: str, unique: str, columns: str, expected: bool) -> None:
    text = CLASS.format(unique=unique) + f"def f(b, p, v):\n    probe(Vote.objects.{query})\n"
    migration = MIGRATION.format(columns=columns) if columns else ""
    for name, written in {"pyproject.toml": "", "votes.py": text, "0001_votes.py": migration}.items():
        (tmp_path / name).write_text(written)
    source = model(text, str(tmp_path / "votes.py"), Settings())
    ((call, scope),) = source.calls_by_name["probe"]
    asked = source.queries.of(call.args[0], scope)
    assert asked is not None and holds_one(asked, source) is expected


def test_migrations_are_of_the_project() -> None:
    text = CLASS.format(unique="") + "def f(p, v):\n    probe(Vote.objects.filter(poll=p, voter=v))\n"
    source = model(text)
    ((call, scope),) = source.calls_by_name["probe"]
    asked = source.queries.of(call.args[0], scope)
    assert asked is not None and not holds_one(asked, source)
