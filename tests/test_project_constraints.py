"""Unique constraints of a table that stand in migrations and in scripts of SQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.scaling import insertions
from flake8_scalability.options import Settings
from flake8_scalability.project import constraints

MADE = [
    ("a constraint", "op.create_unique_constraint('uq', 'votes', ['poll_id', 'user_id'])", ["poll_id user_id"]),
    ("an index", "op.create_index('ix', 'votes', ['code'], unique=True)", ["code"]),
    ("an index that is not unique", "op.create_index('ix', 'votes', ['code'])", []),
    ("of another table", "op.create_unique_constraint('uq', 'polls', ['votes'])", []),
    ("a column of a new table", "op.create_table('votes', sa.Column('code', sa.String(), unique=True))", ["code"]),
    ("a plain column", "op.create_table('votes', sa.Column('unique', sa.String()))", []),
    ("a new table", "op.create_table('votes', sa.UniqueConstraint('a', 'b', name='uq'))", ["a b"]),
    ("a batch", "with op.batch_alter_table('votes') as b:\n b.create_unique_constraint('uq', ['a'])", ["a"]),
    ("the way back", "def downgrade():\n op.create_unique_constraint('uq', 'votes', ['a'])", []),
    ("a statement", "op.execute('CREATE UNIQUE INDEX uq ON votes (poll_id, user_id)')", ["poll_id user_id"]),
    ("a statement in parts", "op.execute('CREATE UNIQUE INDEX IF NOT EXISTS uq '\n 'ON votes(code)')", ["code"]),
    ("an altered table", "op.execute('ALTER TABLE votes ADD CONSTRAINT uq UNIQUE (a, b)')", ["a b"]),
    ("what can't be parsed", "op.create_unique_constraint('uq', 'votes', ['a']", []),
]


def project(tmp_path: Path, migration: str, name: str = "m1.py") -> str:
    (tmp_path / "pyproject.toml").touch()
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / name).write_text(migration)
    return str(tmp_path / "views.py")


@pytest.mark.parametrize("migration, expected", [case[1:] for case in MADE], ids=[case[0] for case in MADE])
def test_made_by_migrations(tmp_path: Path, migration: str, expected: list[str]) -> None:
    found = constraints.unique("votes", project(tmp_path, migration))
    assert [" ".join(sorted(each)) for each in found] == expected


def test_made_by_scripts(tmp_path: Path) -> None:
    script = """
        CREATE TABLE IF NOT EXISTS votes (
            id integer PRIMARY KEY,
            code text NOT NULL UNIQUE,
            UNIQUE (poll_id, user_id)
        );
    """
    found = constraints.unique("votes", project(tmp_path, script, "v1.sql"))
    assert set(found) == {frozenset({"code"}), frozenset({"poll_id", "user_id"})}


MODELS = """
class Vote(Base):
    {name}
    id = Column(Integer, primary_key=True)
    user_id = Column(Integer)
    poll_id = Column(Integer)
"""
VIEWS = """
from models import Vote

def vote(session, user_id, poll_id):
    if session.query(Vote).filter_by(user_id=user_id, poll_id=poll_id).first() is None:
        session.add(Vote(user_id=user_id, poll_id=poll_id))
        session.commit()
"""


@pytest.mark.parametrize(
    "name, migration, expected",
    [
        ("__tablename__ = 'votes'", "", 1),
        ("__tablename__ = 'votes'", "op.create_unique_constraint('uq', 'votes', ['poll_id', 'user_id'])", 0),
        ("__tablename__ = 'polls'", "op.create_unique_constraint('uq', 'votes', ['poll_id', 'user_id'])", 1),
        ("pass", "op.create_unique_constraint('uq', 'vote', ['poll_id', 'user_id'])", 0),
    ],
)
def test_inserts(tmp_path: Path, name: str, migration: str, expected: int) -> None:
    filename = project(tmp_path, migration)
    (tmp_path / "models.py").write_text(MODELS.format(name=name))
    (tmp_path / "views.py").write_text(VIEWS)
    assert len(list(insertions.insertions(model(VIEWS, filename, Settings())))) == expected
