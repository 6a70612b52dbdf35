"""Which names of a module nobody takes, while others are imported from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

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
