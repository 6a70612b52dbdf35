"""Which names of a module nobody takes, while others are imported from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.caching import cache_stores
from flake8_scalability.model.scaling import backing
from flake8_scalability.options import Settings
from flake8_scalability.project import untaken

PLAN = "CELERY_BROKER_URL = 'redis://localhost:6379/0'\nPLAN = {'mail': 60}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "from shop.plan import PLAN\n"}, True),
        ({"app.py": "from .plan import (\n    PLAN,\n)\n", "other.py": "from shop import carts\n"}, True),
        ({"app.py": "from shop.plan import PLAN, CELERY_BROKER_URL\n"}, False),
        ({"app.py": "from shop.plan import *\n"}, False),
        ({"app.py": "from shop.plan import PLAN\nimport shop.plan\n"}, False),
        ({"app.py": "app.config_from_object('shop.plan')\n"}, False),
        ({"app.py": "import carts\n"}, False),
    ],
)
def test_names_that_nobody_takes(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in {"shop/plan.py": PLAN, **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    own = str(tmp_path / "shop/plan.py")
    assert untaken.is_untaken("CELERY_BROKER_URL", own) is expected
    assert bool(backing.fixed(model(PLAN, own, Settings()))) is not expected


VIEW = "\ndef view(request):\n    return %s(1)\n"
CACHED = """
berths_cache = {}

def cached_berth(number):
    if number not in berths_cache:
        berths_cache[number] = Berth.objects.get(pk=number)
    return berths_cache[number]
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "import carts\n"}, True),
        ({"other/views.py": "from .kept import cached_berth\n\ncached_berth(1)\n"}, True),
        ({"other/kept.py": "def cached_berth(number):\n    return number\n"}, True),
        (
            {"shop/views.py": "from .kept import cached_berth\n" + VIEW % "cached_berth"},
            False,
        ),
        ({"shop/views.py": "from shop.kept import cached_berth\n" + VIEW % "cached_berth"}, False),
        ({"app.py": "from shop import cached_berth\n"}, False),
        ({"shop/views.py": "from shop import kept\n" + VIEW % "kept.cached_berth"}, False),
        ({"app.py": "read = getattr(module, 'cached_berth')\n"}, False),
    ],
)
def test_functions_that_only_others_of_their_name_are_called(
    tmp_path: Path, files: dict[str, str], expected: bool
) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in {"shop/kept.py": CACHED, **files}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    own = str(tmp_path / "shop/kept.py")
    assert untaken.is_of_others("cached_berth", own) is expected
    assert bool(list(cache_stores.kept(model(CACHED, own, Settings())))) is not expected
