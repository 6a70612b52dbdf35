"""Deeds: what is lost with work that is started, as other files of a project tell."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.stateless.detached import detached
from flake8_scalability.options import Settings

VIEWS = """
    import asyncio
    from fastapi import APIRouter, BackgroundTasks
    from shop.work import settle_up

    router = APIRouter()

    @router.post("/settle")
    async def settle(tasks: BackgroundTasks):
        tasks.add_task(settle_up)
"""


def left(folder: Path, views: str, **files: str) -> bool:
    """Whether the views of a project leave work behind."""
    (folder / "shop").mkdir()
    for name, text in {"__init__": "", **files}.items():
        (folder / "shop" / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    (folder / "setup.py").write_text("", encoding="utf-8")
    path = folder / "shop" / "views.py"
    path.write_text(textwrap.dedent(views), encoding="utf-8")
    return bool(list(detached(model(views, str(path), Settings()))))


@pytest.mark.parametrize(
    ("work", "is_left"),
    [
        ("def settle_up():\n    session.commit()\n", True),
        ("def settle_up():\n    requests.post(URL)\n", True),
        ("def settle_up():\n    return sum(FEES)\n", False),
        ("settle_up = max\n", False),
    ],
)
def test_what_a_function_of_another_file_does(tmp_path: Path, work: str, is_left: bool) -> None:
    assert left(tmp_path, VIEWS, work=work) is is_left


@pytest.mark.parametrize(
    ("elsewhere", "is_left"),
    [
        ("def run():\n    while True:\n        sleep(60)\n        settle_up()\n", False),
        ("scheduler.add_job(settle_up, 'cron', hour=4)\n", False),
        ("schedule.every().day.do(settle_up)\n", False),
        ("def run():\n    settle_up()\n", True),
    ],
)
def test_what_a_loop_or_a_schedule_does_anyway(tmp_path: Path, elsewhere: str, is_left: bool) -> None:
    work = "def settle_up():\n    session.commit()\n"
    assert left(tmp_path, VIEWS, work=work, jobs=f"from shop.work import settle_up\n{elsewhere}") is is_left


@pytest.mark.parametrize(
    ("caller", "is_left"),
    [
        ("from shop.views import order\n\ndef buy():\n    order(1)\n", True),
        ("from shop.views import ask\n\ndef buy():\n    ask(1)\n", True),
        ("from shop.views import order\n\norder(1)\n", False),
        ("from shop.views import other\n", False),
        (
            "from shop.views import order\n\ndef buy():\n    order(1)\n\n"
            "@app.on_event('startup')\ndef begin():\n    order(1)\n",
            False,
        ),
    ],
)
def test_library_code_has_to_be_called_while_serving(tmp_path: Path, caller: str, is_left: bool) -> None:
    views = "import threading\n\ndef order(n):\n    threading.Thread(target=send_receipt).start()\n"
    views += "\ndef ask(n):\n    order(n)\n"
    assert left(tmp_path, views, caller=caller) is is_left


@pytest.mark.parametrize(("work", "is_left"), [("handle_webhook", True), ("settle_up", False)])
def test_what_is_acknowledged_before_it_is_done(tmp_path: Path, work: str, is_left: bool) -> None:
    assert left(tmp_path, VIEWS.replace("settle_up", work), work="") is is_left


def test_who_draws_windows_serves_nobody(tmp_path: Path) -> None:
    views = "import threading, tkinter\n\ndef order(n):\n    threading.Thread(target=send_receipt).start()\n"
    assert not left(tmp_path, views, caller="from shop.views import order\n\ndef buy():\n    order(1)\n")
