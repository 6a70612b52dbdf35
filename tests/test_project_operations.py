"""Functions that an OpenAPI document of the project names as what answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import analyse, model

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.limits.callers import Callers, callers_of
from flake8_scalability.model.limits.endpoints import endpoints_of
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings
from flake8_scalability.project import operations, root
from flake8_scalability.project.operations import Operation

DOCUMENT = """
openapi: "3.0.0"
paths:
  /orders:
    get:
      operationId: shop.orders.listed  # all of them
      security: []
    post:
      operationId: 'shop.orders.create'
      security:
        - key: []
  "/orders/{number}":
    x-openapi-router-controller: shop.orders
    get:
      operationId: show
    delete:
      operationId: remove
  /plain:
    get:
      operationId: getPlain
  /people:
    put:
      x-swagger-router-controller: people
      operationId: change
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a document, and with one that is none."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "shop").mkdir()
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "values.yaml").write_text("/a:\n  get:\n    operationId: shop.orders.unheard", encoding="utf-8")
    (tmp_path / "api.yml").write_text("/a:\n  get:\n    tags: []\n", encoding="utf-8")
    return tmp_path


def test_functions_of_a_module(project: Path) -> None:
    assert operations.of(str(project / "shop" / "orders.py")) == {
        "listed": Operation("shop.orders.listed", "GET", "/orders", False),
        "create": Operation("shop.orders.create", "POST", "/orders", True),
        "show": Operation("shop.orders.show", "GET", "/orders/{number}", False),
        "remove": Operation("shop.orders.remove", "DELETE", "/orders/{number}", False),
    }
    assert operations.of(str(project / "shop" / "people.py")).keys() == {"change"}
    # asked again, the answer is the same
    assert operations.of(str(project / "shop" / "people.py")).keys() == {"change"}


def test_a_folder_of_documents_is_looked_into(project: Path) -> None:
    (project / "openapi.yaml").unlink()
    (project / "shop" / "specification" / "more_specs").mkdir(parents=True)
    (project / "shop" / "specification" / "swagger.yml").write_text(DOCUMENT, encoding="utf-8")
    other = DOCUMENT.replace("listed", "deeper")
    (project / "shop" / "specification" / "more_specs" / "swagger.yml").write_text(other, encoding="utf-8")
    found = operations.of(str(project / "shop" / "orders.py"))
    assert "listed" in found and "deeper" not in found


def test_a_folder_that_is_not_there_has_none(project: Path) -> None:
    assert "listed" in operations.of(str(project / "new" / "shop" / "orders.py"))


@pytest.mark.parametrize("name", ["orders.py", "other/orders.py", "shop/other.py", "shop/orders/a.py"])
def test_other_modules_have_none(project: Path, name: str) -> None:
    assert operations.of(str(project / name)) == {}


def test_what_is_secured_as_a_whole(project: Path) -> None:
    (project / "openapi.yaml").write_text("security:\n  - key: []\n" + DOCUMENT, encoding="utf-8")
    found = operations.of(str(project / "shop" / "orders.py"))
    assert [found[name].secured for name in ("listed", "create", "show")] == [False, True, True]


def test_without_a_project_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root, "of", lambda filename: None)
    assert operations.of("shop/orders.py") == {}


def test_they_are_endpoints(project: Path) -> None:
    text = "def create(body):\n    return helper(body)\ndef helper(body): pass\ndef other(): pass\ndef listed(): pass\n"
    bare = model(text)
    source = SourceFile(bare.tree, str(project / "shop" / "orders.py"), bare.lines, Settings())
    places = {scope.name: source.place(scope).place for scope in source.scopes if scope.is_function}
    assert places == {
        "create": Place.REQUEST,
        "helper": Place.REQUEST,
        "listed": Place.REQUEST,
        "other": Place.LIBRARY,
    }
    create, listed = endpoints_of(source)
    assert (create.name, set(create.methods), create.url) == ("create", {"POST"}, "/orders")
    assert callers_of(create, source) is Callers.USERS
    assert callers_of(listed, source) is Callers.ANYONE


def test_they_want_a_limit(project: Path) -> None:
    text = (
        "import httpx\nrates = httpx.Client(timeout=3)\ndef listed(kind):\n"
        "    return rates.get(f'https://rates.example.com/{kind}').json()\n"
    )
    path = str(project / "shop" / "orders.py")
    assert (3, "SCL401") in analyse(text, path, Settings())
    assert (3, "SCL401") not in analyse(text, path, Settings(no_project=True))
