"""Mapped classes of the project: their unique columns, and which have an index."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.project import indexes, tables


def definition(body: str, head: str = "class A(Model):") -> ast.ClassDef:
    (node,) = ast.parse(head + "\n" + "\n".join(f" {line}" for line in body.splitlines())).body
    assert isinstance(node, ast.ClassDef)
    return node


UNIQUE = [
    ("a column", "name = CharField(unique=True)", ["name"]),
    ("a primary key", "id: int = Field(primary_key=True)", ["id"]),
    ("one to one", "user = models.OneToOneField(User)", ["user"]),
    ("said to be not", "name = CharField(unique=False)", []),
    ("two together", "class Meta:\n unique_together = ('shop', 'name')", ["name shop"]),
    ("several pairs", "class Meta:\n unique_together = [('a', 'b'), ('c', 'd')]", ["a b", "c d"]),
    ("a constraint", "class Meta:\n constraints = [UniqueConstraint(fields=['a', 'b'], name='n')]", ["a b"]),
    (
        "a constraint of an expression",
        "class Meta:\n constraints = [UniqueConstraint(Lower('a'), 'b', name='n')]",
        ["a b"],
    ),
    ("a check is none", "class Meta:\n constraints = [CheckConstraint(check=Q(a=1), name='n')]", []),
    ("table arguments", "__table_args__ = (UniqueConstraint('a', 'b'), {'schema': 's'})", ["a b"]),
    ("an index that is unique", "__table_args__ = (Index('ix', 'a', 'b', unique=True),)", ["a b"]),
    ("an index that is not", "__table_args__ = (Index('ix', 'a', 'b'),)", []),
    ("an index over the class's names", "a = Column()\n__table_args__ = (Index('ix', a, unique=True),)", ["a"]),
    ("documents", "meta = {'indexes': [{'fields': ['a', '-b'], 'unique': True}]}", ["a b"]),
    ("documents without", "meta = {'collection': 'a'}", []),
    ("a declaration without value", "name: str", []),
    ("another class inside", "class Other:\n unique = 5", []),
]


@pytest.mark.parametrize("body, expected", [case[1:] for case in UNIQUE], ids=[case[0] for case in UNIQUE])
def test_unique(body: str, expected: list[str]) -> None:
    found = tables.described(definition(body))
    assert sorted(" ".join(sorted(each)) for each in found.unique if each) == expected


def test_columns() -> None:
    found = tables.described(
        definition("a = Column()\nb: str = Field()\nc: int\n__table_args__ = ()\n\ndef d(self): ...")
    )
    assert found.columns == {"a", "b", "c"}


BARE = [
    ("a column", "name = Column(String)", "class A(Base):", {"name"}),
    ("with an index", "name = Column(String, index=True)", "class A(Base):", set()),
    ("an index that is turned off", "name = Column(String, index=False)", "class A(Base):", {"name"}),
    ("a key", "id = Column(Integer, primary_key=True)", "class A(Base):", set()),
    ("a computed one", "name = Column(String, Computed('a'))", "class A(Base):", set()),
    ("unknown arguments", "name = Column(String, **given)", "class A(Base):", set()),
    ("no argument", "name = Column()", "class A(Base):", set()),
    ("mapped", "name: Mapped[str]", "class A(Base):", {"name"}),
    ("mapped rows", "orders: Mapped[list] = relationship()", "class A(Base):", set()),
    ("a table argument", "name = Column(String)\n__table_args__ = (Index('i', 'name'),)", "class A(Base):", set()),
    (
        "arguments that are made",
        "name = Column(String)\n@declared_attr\ndef __table_args__(cls):\n return (Index('i', cls.name),)",
        "class A(Base):",
        set(),
    ),
    ("Django's", "name = models.CharField(max_length=5)", "class A(models.Model):", {"name"}),
    ("Django's with an index", "name = models.CharField(db_index=True)", "class A(models.Model):", set()),
    ("a foreign key", "shop = models.ForeignKey(Shop)", "class A(models.Model):", set()),
    (
        "Django's Meta",
        "name = models.CharField()\nclass Meta:\n indexes = [models.Index(fields=['-name'])]",
        "class A(models.Model):",
        set(),
    ),
    ("SQLModel's", "name: str = Field(max_length=5)", "class A(SQLModel, table=True):", {"name"}),
    ("a schema of the same library", "name: str = Field(max_length=5)", "class A(SQLModel):", set()),
    ("a column of its own making", "name: str = Field(sa_column=Column())", "class A(SQLModel, table=True):", set()),
    ("Beanie's", "name: str = Field()\nage: Indexed(int) = Field()", "class A(Document):", {"name"}),
    ("no column", "name = 'a'\nother: ClassVar[str] = Field()", "class A(SQLModel, table=True):", set()),
    ("a private one", "_name = Column(String)", "class A(Base):", set()),
]


@pytest.mark.parametrize("body, head, expected", [case[1:] for case in BARE], ids=[case[0] for case in BARE])
def test_bare_columns(body: str, head: str, expected: set[str]) -> None:
    assert indexes.columns(definition(body, head)).bare == expected


def test_columns_of_few_values() -> None:
    found = indexes.columns(definition("kind = models.CharField(choices=KINDS)\nname = models.CharField()"))
    assert found.bare == {"kind", "name"}
    assert found.few == {"kind"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "manage.py").write_text("")
    models = tmp_path / "shop" / "models"
    models.mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").write_text("")
    (models / "__init__.py").write_text("from .orders import Order\nfrom .circle import *\n")
    (models / "orders.py").write_text("class Order(Model):\n name = CharField(unique=True)\n")
    (models / "circle.py").write_text("from . import *\n")
    (models / "broken.py").write_text("class Broken(\n")
    (tmp_path / "shop" / "views.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "name, path, found",
    [
        ("Order", "shop.models.orders.Order", True),
        ("Order", "shop.models.Order", True),
        ("Order", ".models.Order", True),
        ("Order", ".models.orders.Order", True),
        ("Line", "shop.models.Line", False),
        ("Order", "other.models.Order", False),
        ("Broken", "shop.models.broken.Broken", False),
        ("Order", "........models.Order", False),
    ],
)
def test_classes_of_the_project(project: Path, name: str, path: str, found: bool) -> None:
    table = tables.table(name, path, str(project / "shop" / "views.py"))
    assert (table is not None) is found
    if table is not None:
        assert table.unique == (frozenset({"name"}),)


def test_a_package_may_define_its_classes_itself(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("")
    (tmp_path / "__init__.py").write_text("class Order(Model):\n name = CharField()\n")
    found = tables.table("Order", ".Order", str(tmp_path / "views.py"))
    assert found is not None
    assert found.columns == {"name"}


def test_standard_input_has_no_neighbours() -> None:
    assert tables.class_of("Order", "shop.models.Order", "-") is None


def test_indexes_of_migrations(project: Path) -> None:
    (project / "migrate.py").write_text("op.create_index('ix_orders_state', 'orders', ['state'])\n")
    views = str(project / "shop" / "views.py")
    assert indexes.is_indexed_elsewhere("state", views)
    assert not indexes.is_indexed_elsewhere("name", views)


def test_indexes_of_which_a_comment_speaks(project: Path) -> None:
    (project / "notes.py").write_text("# The unique constraint (depot, label) is made by hand.\n# A unique name.\n")
    views = str(project / "shop" / "views.py")
    assert indexes.is_indexed_elsewhere("label", views)
    assert not indexes.is_indexed_elsewhere("name", views)


def test_indexes_that_scripts_of_sql_make(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "schema.sql").write_text(
        "create table parcel (label text, name text);\ncreate index by_label on parcel (label);\n", encoding="utf-8"
    )
    views = str(tmp_path / "views.py")
    assert indexes.is_indexed_elsewhere("label", views)
    assert not indexes.is_indexed_elsewhere("name", views)


def test_indexes_over_a_function_that_scripts_of_sql_make(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "schema.sql").write_text("create index by_email on reader (lower(email));\n", encoding="utf-8")
    views = str(tmp_path / "views.py")
    assert indexes.is_expression_indexed("lower", "email", views)
    assert not indexes.is_expression_indexed("lower", "name", views)
