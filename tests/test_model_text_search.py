"""Conditions that no index serves, and those that one does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.database.text_search import searches
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

HEAD = """
from fastapi import APIRouter
from sqlalchemy import func, select
from .models import Note, Country, session, db
router = APIRouter()
"""


def found(body: str, handler: str = "def find(q, user, qs):", filename: str = "service.py") -> list[str]:
    """Return how the conditions in a handler's body compare."""
    lines = f"{HEAD}\n@router.get('/find')\n{handler}\n    {body}\n".splitlines(True)
    source = SourceFile(ast.parse("".join(lines)), filename, lines, Settings(no_project=True))
    return [each.how for each in searches(source)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Note.objects.filter(title__icontains=q)", ["icontains"]),
        ("Note.objects.filter(Q(title__icontains=q) | Q(text__icontains=q))", ["icontains"]),
        ("Note.objects.filter(title__istartswith=q)", []),
        ("Country.objects.filter(name__icontains=q)", []),
        ("if ES_DISABLED: Note.objects.filter(title__icontains=q)", []),
        ("if q:\n        Note.objects.filter(title__icontains=q)\n    else:\n        solr.find(q)", []),
        ("if q: Note.objects.filter(title__icontains=q)", ["icontains"]),
        ("if re.search(p, q): Note.objects.filter(title__icontains=q)", ["icontains"]),
        ("Note.objects.filter(author=user).filter(title__icontains=q)", []),
        ("user.notes.filter(title__icontains=q)", []),
        ("qs.filter(title__icontains=q)", []),
        ("select(Note).where(Note.title.ilike(f'%{q}%'))", ["ilike"]),
        ("select(Note).where(Note.title.ilike('%' + q + '%'))", ["ilike"]),
        ("select(Note).where(Note.title.ilike(f'{q}%'))", []),
        ("select(Note).where(Note.title.ilike(q))", []),
        ("select(Note).where(Note.title.ilike('%'))", []),
        ("select(Note).where(Note.user_id == user, Note.title.ilike(f'%{q}%'))", []),
        ("q.ilike(f'%{q}%')", []),
        ("select(Note).where(func.lower(Note.title) == q)", ["func.lower"]),
        ("select(func.lower(Note.title))", []),
        ("select(Note).where(func.max(Note.number) == q)", []),
        ("session.execute(f\"SELECT id FROM notes WHERE title LIKE '%{q}%'\")", ["LIKE"]),
        ("session.execute(\"SELECT id FROM notes WHERE title LIKE 'a%'\")", []),
        ("session.execute('SELECT id FROM notes WHERE title LIKE %s', (f'%{q}%',))", ["LIKE"]),
        ("session.execute('SELECT id FROM notes WHERE title LIKE %s', (f'{q}%',))", []),
        ("db.notes.find({'title': {'$regex': q}})", ["$regex"]),
        ("db.notes.find({'title': {'$regex': '^' + q}})", []),
    ],
)
def test_conditions(body: str, expected: list[str]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("id = Column(CHAR(3), primary_key=True); name = Column(String(80))", []),
        ("id = Column(String(36), primary_key=True); name = Column(String(80))", ["ilike"]),
        ("name = Column(String(80), unique=True); area = Column(Float)", []),
        ("name = Column(String(80), unique=True); history = Column(Text)", ["ilike"]),
        ("name = Column(String(80), unique=True); owner_id = Column(Integer)", ["ilike"]),
        ("name = Column(String(80)); area = Column(Float)", ["ilike"]),
        ("code = Column(String(12), unique=True); name = Column(String(80))", []),
    ],
)
def test_a_list_of_things_is_short(columns: str, expected: list[str]) -> None:
    body = f"return select(Valley).where(Valley.summary.ilike(f'%{{q}}%'))\n\nclass Valley(Base):\n    {columns}\n"
    assert found(body) == expected


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("Valley", "name", []),
        ("Valley", "display_name", []),
        ("Valley", "description", ["ilike"]),
        ("Venue", "name", []),
        ("Recipe", "name", ["ilike"]),
        ("Person", "name", ["ilike"]),
        ("Recipe", "id", []),
        ("Recipe", "public_uuid", []),
    ],
)
def test_names_of_things_and_parts_of_keys(table: str, column: str, expected: list[str]) -> None:
    assert found(f"return select({table}).where({table}.{column}.ilike(f'%{{q}}%'))\n") == expected


def test_only_where_users_search() -> None:
    body = "select(Note).where(Note.title.ilike(f'%{q}%'))"
    assert found(body, "def admin_find(q):") == []
    assert found(body, filename="app/admin/views.py") == []
    assert found(f"pass\n\ndef library(q):\n    {body}") == []


def test_a_function_is_told_once() -> None:
    body = "a = select(Note).where(Note.title.ilike(f'%{q}%'))\n    b = select(Note).where(Note.text.ilike(f'%{q}%'))"
    assert found(body) == ["ilike"]


@pytest.mark.parametrize(
    ("migration", "expected"),
    [
        ("op.execute(sa.text('CREATE UNIQUE INDEX ix_notes_title ON notes (lower(title))'))", []),
        ("op.create_index('ix_notes_title', 'notes', [sa.text('lower(title)')])", []),
        ("Index('ix_notes_title', func.lower(Note.title))", []),
        ("models.Index(Lower('title'), name='ix_notes_title')", []),
        ("op.create_index('ix_notes_title', 'notes', ['title'])", ["func.lower"]),
        ("op.create_index('ix_notes_text', 'notes', [sa.text('lower(text)')])", ["func.lower"]),
        ("Index('ix_notes_text', Note.text)\nnotes.filter(func.lower(Note.title) == 'a')", ["func.lower"]),
        ("goto('index')\nnotes.filter(func.lower(Note.title) == 'a')", ["func.lower"]),
    ],
)
def test_an_index_over_the_expression(tmp_path: Path, migration: str, expected: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "0002_lower.py").write_text(migration + "\n")
    text = f"{HEAD}\n@router.get('/find')\ndef find(q):\n    return select(Note).where(func.lower(Note.title) == q)\n"
    (tmp_path / "service.py").write_text(text)
    source = SourceFile(ast.parse(text), str(tmp_path / "service.py"), text.splitlines(True), Settings())
    assert [each.how for each in searches(source)] == expected
