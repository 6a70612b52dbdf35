"""Facts of a project that make a query seldom or its rows few: debugging URLs, commands' packages, several rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.project import commands_parts, developing_urls, tolerated

URLS = "from django.conf import settings\nfrom harbour import views\nurlpatterns = [path('', views.front)]\n"


def write(path: Path, text: str = "") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        ("if settings.DEBUG:\n    urlpatterns += [\n        path('demo', views.demo),\n    ]\n", True),
        ("if settings.DEBUG and settings.TOOLS:\n    urlpatterns.append(path('demo', views.demo))\n", True),
        ("if settings.ROBOT_ADDRESSES:\n    urlpatterns.append(path('demo', views.demo))\n", True),
        ("if settings.SHOP_ADDRESSES:\n    urlpatterns.append(path('demo', views.demo))\n", False),
        ("if not settings.DEBUG:\n    urlpatterns += [path('demo', views.demo)]\n", False),
        ("urlpatterns += [path('demo', views.demo)]\n", False),
        ("if settings.DEBUG:\n    pass\nurlpatterns += [path('demo', views.demo)]\n", False),
        (
            "if settings.DEBUG:\n    urlpatterns += [path('a', views.demo)]\nurlpatterns += [path('b', views.demo)]\n",
            False,
        ),
    ],
)
def test_a_view_whose_url_only_debugging_brings(tmp_path: Path, urls: str, found: bool) -> None:
    write(tmp_path / "pyproject.toml")
    view = write(tmp_path / "harbour" / "views.py", "def demo(request): ...\n")
    write(tmp_path / "harbour" / "urls.py", URLS + urls)
    write(tmp_path / "tests" / "test_views.py", "from harbour.views import demo\ndemo(None)\n")
    assert developing_urls.only("demo", view) is found


def test_a_view_that_something_else_calls(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml")
    view = write(tmp_path / "harbour" / "views.py", "def demo(request): ...\n")
    write(
        tmp_path / "harbour" / "urls.py", f"{URLS}if settings.DEBUG:\n    urlpatterns += [path('demo', views.demo)]\n"
    )
    write(tmp_path / "harbour" / "front.py", "from harbour.views import demo\ndemo(None)\n")
    assert not developing_urls.only("demo", view)


COMMAND = "from harbour.loader.base import loaders\n"


@pytest.mark.parametrize(
    ("other", "text", "found"),
    [
        ("harbour/loader/base.py", "from .ships import load\n", True),
        ("harbour/views.py", "from harbour.loader.ships import load\n", False),
        ("harbour/views.py", "from .loader import ships\n", False),
        ("harbour/views.py", "from . import loader\n", False),
        ("settings.py", "INSTALLED_APPS = ['harbour.loader']\n", False),
        ("harbour/views.py", "loader = template.loader\n", True),
        ("harbour/views.py", "from django.template.loader import get_template\n", True),
    ],
)
def test_a_package_that_only_commands_import(tmp_path: Path, other: str, text: str, found: bool) -> None:
    write(tmp_path / "pyproject.toml")
    write(tmp_path / "harbour" / "loader" / "__init__.py")
    own = write(tmp_path / "harbour" / "loader" / "ships.py", "def load(): ...\n")
    write(tmp_path / "harbour" / "management" / "commands" / "load_ships.py", COMMAND)
    write(tmp_path / other, text)
    assert commands_parts.is_one(own) is found


def test_a_package_that_nothing_imports(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml")
    write(tmp_path / "harbour" / "loader" / "__init__.py")
    assert not commands_parts.is_one(write(tmp_path / "harbour" / "loader" / "ships.py"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("try:\n    pass\nexcept Berth.MultipleObjectsReturned:\n    pass\n", True),
        ("class BerthManager(Manager):\n\n    def one(self):\n        try:\n            pass\n"
         "        except MultipleObjectsReturned:\n            pass\n", True),
        ("class Berth(Model):\n    pass\n\ndef one():\n    try:\n        pass\n    except MultipleObjectsReturned:\n"
         "        pass\n", False),
        ("class Ship(Model):\n    def one(self):\n        try:\n            return Berth\n"
         "        except MultipleObjectsReturned:\n            pass\n", False),
        ("from django.core.exceptions import MultipleObjectsReturned\nBerth\n", False),
    ],
)  # fmt: skip
def test_a_class_of_which_several_rows_may_be_found(tmp_path: Path, text: str, found: bool) -> None:
    write(tmp_path / "pyproject.toml")
    write(tmp_path / "harbour" / "models.py", text)
    assert tolerated.finds_several("Berth", write(tmp_path / "harbour" / "views.py")) is found
