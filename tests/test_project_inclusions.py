"""What other files lay over a router where they include it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_scalability.project import inclusions

HEAD = "from fastapi import Depends, FastAPI, APIRouter\nfrom shop import orders, parcels\napp = FastAPI()\n"


def laid_over(folder: Path, files: dict[str, str], name: str = "shop/orders.py") -> frozenset[str]:
    (folder / ".git").mkdir()
    for each, text in {"shop/orders.py": "router = APIRouter()\n", **files}.items():
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text(text, encoding="utf-8")
    return inclusions.laid_over("router", str(folder / name))


@pytest.mark.parametrize(
    "server",
    [
        HEAD + "app.include_router(orders.router, dependencies=[Depends(signed_in)])\n",
        HEAD + "KNOWN = [\n    Depends(signed_in),\n]\napp.include_router(orders.router, dependencies=KNOWN)\n",
        "from .orders import router as orders\napp.include_router(\n    orders, dependencies=[Depends(signed_in)]\n)\n",
        "from shop.orders import router\nplace = APIRouter(dependencies=[Depends(signed_in)])\n"
        "place.include_router(router)\n",
        "from shop.orders import router\nplace = Router()\nplace.include_router(router)\n"
        "app.include_router(place, dependencies=[Depends(signed_in)])\n",
        "from ninja import NinjaAPI\nfrom shop import orders\napi = NinjaAPI(auth=signed_in)\n"
        "api.add_router('/orders', orders.router)\n",
    ],
)
def test_dependencies_of_a_router(tmp_path: Path, server: str) -> None:
    assert "signed_in" in laid_over(tmp_path, {"shop/server.py": server})


@pytest.mark.parametrize(
    "files",
    [
        {"shop/server.py": HEAD + "app.include_router(orders.router)\n"},
        {"shop/server.py": HEAD + "app.include_router(parcels.router, dependencies=[Depends(signed_in)])\n"},
        {"shop/server.py": "app.include_router(router, dependencies=[Depends(signed_in)])\n"},
        {"tests/server.py": HEAD + "app.include_router(orders.router, dependencies=[Depends(signed_in)])\n"},
        {
            "shop/server.py": HEAD + "app.include_router(orders.router, dependencies=[Depends(signed_in)])\n",
            "shop/open.py": HEAD + "app.include_router(orders.router)\n",
        },
        {"shop/server.py": HEAD + "app.include_router(orders.router, dependencies=GIVEN)\n"},
        {"shop/server.py": HEAD + "from shop.orders import (\n)\napp.include_router(\n    orders.router, "},
    ],
)
def test_nothing_is_laid_over_it(tmp_path: Path, files: dict[str, str]) -> None:
    assert "signed_in" not in laid_over(tmp_path, files)


def test_a_package_is_named_by_its_folder(tmp_path: Path) -> None:
    server = "from shop import parcels\napp.include_router(parcels.router, dependencies=[Depends(signed_in)])\n"
    files = {"shop/server.py": server, "shop/parcels/__init__.py": "router = APIRouter()\n"}
    assert "signed_in" in laid_over(tmp_path, files, "shop/parcels/__init__.py")


def test_outside_of_a_project_nothing_is_known() -> None:
    assert inclusions.laid_over("router", "/nowhere/at/all/orders.py") == frozenset()
