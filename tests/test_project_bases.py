"""The bases of a class, as far as the project has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.limits.callers import Callers, callers_of
from flake8_scalability.model.limits.endpoints import endpoints_of
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings
from flake8_scalability.project import bases, root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with classes that inherit from one another in several files."""
    (tmp_path / ".git").mkdir()
    for name, text in {
        "shop/__init__.py": "",
        "shop/base/__init__.py": "from .views import *\nfrom .open import Open\nfrom os import (\n    path,\n)\n",
        "shop/base/views.py": (
            "from rest_framework.views import APIView\nfrom shop.guards import Guard as Keeper  # the door\n"
            "class Guarded(Keeper, APIView):\n    x = 1\n\n\nclass After(APIView):\n    y = 1\n"
        ),
        "shop/base/open.py": "from rest_framework.views import APIView\nclass Open(APIView[int], metaclass=M): pass\n",
        "shop/guards.py": (
            "class Lowest:\n    permission_classes = [\n        IsAuthenticated,\n    ]\nclass Guard(Lowest): pass\n"
            "class Loop(Other): pass\nclass Other(Loop): pass\n"
            "class Injected:\n    user: User = Depends(get_current_user)\n"
            "class Decorated:\n    @login_required\n    def dispatch(self): pass\n"
            "class Checked:\n    def dispatch(self):\n        self.check_permissions()\n"
            "class Elsewhere(unknown.Base): pass\n"
            "class Certified:\n    async def prepare(self):\n        self.name = 1\n\n"
            "        self.caller = await door.validate_certificate(self.request)\n"
            "class Prepared:\n    def prepare(self):\n        self.name = 1\n    def later(self):\n"
            "        authenticate(self.request)\n"
        ),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def headers(path: str, project: Path) -> list[str]:
    found = bases.lineage(path, str(project / "shop" / "views.py"))
    return [text.split("(")[0].split(":")[0].split()[1] for text in found.texts]


@pytest.mark.parametrize(
    ("path", "names", "outside"),
    [
        ("shop.base.Guarded", ["Guarded", "Guard", "Lowest"], {"rest_framework.views.APIView"}),
        (".base.views.Guarded", ["Guarded", "Guard", "Lowest"], {"rest_framework.views.APIView"}),
        ("shop.base.Open", ["Open"], {"rest_framework.views.APIView"}),
        (".guards.Loop", ["Loop", "Other"], set()),
        (".guards.Elsewhere", ["Elsewhere"], {"unknown.Base"}),
        ("shop.base.Missing", [], {"shop.base.Missing"}),
        ("rest_framework.views.APIView", [], {"rest_framework.views.APIView"}),
    ],
)
def test_lineage(project: Path, path: str, names: list[str], outside: set[str]) -> None:
    assert sorted(headers(path, project)) == sorted(names)
    assert bases.lineage(path, str(project / "shop" / "views.py")).outside == outside


def test_a_text_ends_with_its_class(project: Path) -> None:
    (text,) = bases.lineage(".base.open.Open", str(project / "shop" / "views.py")).texts
    assert text == "class Open(APIView[int], metaclass=M): pass\n"
    first, *_ = bases.lineage(".base.Guarded", str(project / "shop" / "views.py")).texts
    assert "x = 1" in first and "After" not in first


def test_without_a_project_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root, "of", lambda filename: None)
    assert bases.lineage("a.B", str(tmp_path / "c.py")) == bases.Lineage((), frozenset({"a.B"}))


def test_an_endless_line_of_bases_ends(project: Path) -> None:
    many = "".join(f"class C{number}(C{number + 1}): pass\n" for number in range(99))
    (project / "shop" / "many.py").write_text(many, encoding="utf-8")
    found = bases.lineage(".many.C0", str(project / "shop" / "views.py"))
    assert len(found.texts) == bases.MAX_CLASSES
    assert found.outside == {f"C{bases.MAX_CLASSES}"}


CALLERS = [
    ("shop.base", "Guarded", Callers.USERS),
    ("shop.base", "Open", Callers.ANYONE),
    ("shop.guards", "Injected", Callers.USERS),
    ("shop.guards", "Decorated", Callers.USERS),
    ("shop.guards", "Checked", Callers.USERS),
    ("shop.guards", "Certified", Callers.USERS),
    ("shop.guards", "Prepared", Callers.ANYONE),
    ("shop.guards", "Elsewhere", Callers.SOMEBODY),
    ("shop.base", "Missing", Callers.SOMEBODY),
]


@pytest.mark.parametrize(("module", "name", "callers"), CALLERS)
def test_bases_ask_who_calls(project: Path, module: str, name: str, callers: Callers) -> None:
    text = (
        f"from {module} import {name}\nfrom rest_framework.views import APIView\n"
        f"class V({name}, APIView):\n    def get(self, request): pass\n"
    )
    bare = model(text)
    source = SourceFile(bare.tree, str(project / "shop" / "views.py"), bare.lines, Settings())
    assert callers_of(endpoints_of(source)[0], source) is callers
    bare = SourceFile(bare.tree, str(project / "shop" / "views.py"), bare.lines, Settings(no_project=True))
    assert callers_of(endpoints_of(bare)[0], bare) is Callers.SOMEBODY
