"""Columns without an index, and the queries that would need one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.database.unindexed import unindexed
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings
from flake8_scalability.project.indexes import columns


def bare(body: str, header: str = "class T(Base):") -> set[str]:
    """Return the columns without an index of a class with this body."""
    (node,) = ast.parse(header + "\n" + "\n".join("    " + line for line in body.splitlines())).body
    assert isinstance(node, ast.ClassDef)
    return set(columns(node).bare)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a = models.CharField(max_length=9)", {"a"}),
        ("a = models.CharField(db_index=True)", set()),
        ("a = models.CharField(db_index=False)", {"a"}),
        ("a = models.CharField(unique=UNIQUE)", set()),
        ("a = models.CharField(**options)", set()),
        ("a = models.SlugField()", set()),
        ("a = models.ForeignKey('B')", set()),
        ("a = FancyField()", set()),
        ("a = models.CharField()\nclass Meta:\n    indexes = [models.Index(fields=['-a'])]", set()),
        ("a = models.CharField()\nclass Meta:\n    unique_together = ('a', 'b')", set()),
        ("a = Column(String)", {"a"}),
        ("a = Column(ForeignKey('b.id'))", {"a"}),
        ("a = Column(String, index=True)", set()),
        ("a = Column(String)\n__table_args__ = (Index('i', 'a'),)", set()),
        ("a = Column(String)\n__table_args__ = (Index('i', a.desc()),)", set()),
        ("a: Mapped[str]", {"a"}),
        ("a: Mapped[str] = mapped_column(unique=True)", set()),
        ("a: Mapped[str] = mapped_column(String(9))", {"a"}),
        ("a: str", set()),
        ("a = relationship('B')", set()),
        ("meta = {'indexes': ['a']}\na = StringField()", set()),
    ],
)
def test_columns(body: str, expected: set[str]) -> None:
    assert bare(body) == expected


def test_annotated_columns() -> None:
    assert bare("a: str = Field(max_length=3)", "class T(SQLModel, table=True):") == {"a"}
    assert bare("a: str = Field(index=True)", "class T(SQLModel, table=True):") == set()
    assert bare("a: str = Field(sa_column=c)", "class T(SQLModel, table=True):") == set()
    assert bare("a: str = Field(max_length=3)", "class T(BaseModel):") == set()
    assert bare("a: Indexed(str) = Field()", "class T(Document):") == set()


HEAD = """
from django.db import models
from django.http import HttpResponse

class Parcel(models.Model):
    label = models.CharField(max_length=9)
    kind = models.CharField(max_length=9)
    lost = models.BooleanField()
    sent_at = models.DateTimeField()
    number = models.IntegerField(db_index=True)
    sender = models.ForeignKey("S", models.CASCADE)
"""


def found(body: str, name: str = "view") -> list[str]:
    """Return the columns that a view asks for without an index."""
    lines = f"{HEAD}\ndef {name}(request, x):\n    {body}\n    return HttpResponse()\n".splitlines(True)
    source = SourceFile(ast.parse("".join(lines)), "views.py", lines, Settings(no_project=True))
    return [each.column for each in unindexed(source)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Parcel.objects.get(label=x)", ["label"]),
        ("Parcel.objects.filter(label__in=x).first()", ["label"]),
        ("Parcel.objects.get(label=x, number=1)", []),
        ("Parcel.objects.get(label=x, sender=x)", []),
        ("Parcel.objects.get(pk=x)", []),
        ("Parcel.objects.filter(lost=True).first()", []),
        ("Parcel.objects.filter(kind=x).first()", []),
        ("Parcel.objects.filter(sent_at__lt=x).first()", ["sent_at"]),
        ("Parcel.objects.filter(label__icontains=x).first()", []),
        ("Parcel.objects.filter(label=x, **x).first()", []),
        ("Parcel.objects.exclude(label=x).first()", []),
        ("Parcel.objects.order_by('-sent_at').first()", ["sent_at"]),
        ("Parcel.objects.order_by('-sent_at')[:9]", []),
        ("list(Parcel.objects.order_by('-sent_at')[:9])", ["sent_at"]),
        ("Parcel.objects.order_by('-sent_at').count()", []),
        ("Parcel.objects.order_by('number').first()", []),
        ("Parcel.objects.filter(label=x).update(lost=True)", []),
        ("x.parcels.filter(label=x).first()", []),
        ("Other.objects.get(label=x)", []),
    ],
)
def test_queries(body: str, expected: list[str]) -> None:
    assert found(body) == expected


def test_pages_of_operators_are_left_alone() -> None:
    assert found("Parcel.objects.get(label=x)", "admin_view") == []


MAPPED = """
from flask import Flask
from sqlalchemy import Column, ForeignKey, String
from shop.db import Base, session

app = Flask(__name__)

class Parcel(Base):
    __tablename__ = "parcel"
    label = Column(String)
    sender_id = Column(ForeignKey("sender.id"))

@app.route("/parcels/<x>")
def view(x):
    session.query(Parcel).filter_by(label=x).first()
    session.query(Parcel).filter_by(sender_id=x).first()
    return ""
"""


def in_project(folder: Path, **files: str) -> list[str]:
    """Return the columns that a view of a project with these other files asks for without an index."""
    (folder / "pyproject.toml").touch()
    for name, text in files.items():
        (folder / name.replace("_txt", ".txt").replace("_py", ".py")).write_text(text, encoding="utf-8")
    source = SourceFile(ast.parse(MAPPED), str(folder / "views.py"), MAPPED.splitlines(keepends=True), Settings())
    return [each.column for each in unindexed(source)]


def test_tables_that_the_project_makes(tmp_path: Path) -> None:
    assert in_project(tmp_path, db_py="Base.metadata.create_all(engine)\n") == ["label", "sender_id"]


def test_tables_that_somebody_else_makes(tmp_path: Path) -> None:
    assert in_project(tmp_path, db_py="Base = declarative_base()\n") == []


def test_mysql_makes_the_index_of_a_foreign_key(tmp_path: Path) -> None:
    made = "Base.metadata.create_all(engine)\n"
    assert in_project(tmp_path, db_py=made, requirements_txt="pymysql\n") == ["label"]


def test_a_class_that_only_mirrors_a_table() -> None:
    mirrored = HEAD.replace("    sender = ", "    class Meta:\n        managed = False\n    sender = ")
    lines = (
        f"{mirrored}\ndef view(request, x):\n    Parcel.objects.get(label=x)\n    return HttpResponse()\n".splitlines(
            True
        )
    )
    assert not list(unindexed(SourceFile(ast.parse("".join(lines)), "views.py", lines, Settings(no_project=True))))
