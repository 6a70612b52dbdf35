"""Functions that another module hands to a queue or a scheduler."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.catalog.rows import Place
from flake8_scalability.options import Settings
from flake8_scalability.project import handed_jobs

OWN = "def tidy(): pass\n\ndef other(): pass\n"
QUEUE = "from rq import Queue\nfrom shop.tasks import tidy\nqueue = Queue()\n"


@pytest.mark.parametrize(
    ("elsewhere", "expected"),
    [
        (QUEUE + "queue.enqueue(tidy, 1)\n", {"tidy"}),
        (QUEUE + "queue.enqueue_call(func=tidy)\n", {"tidy"}),
        (QUEUE + 'jobs = [{"func": tidy, "interval": 30}]\n', {"tidy"}),
        ("import rq\nfrom shop import tasks\nrq.Queue().enqueue(tasks.tidy)\n", {"tidy"}),
        (
            "from apscheduler.schedulers.background import BackgroundScheduler\n"
            "from shop.tasks import (\n    other,\n    tidy,\n)\nBackgroundScheduler().add_job(other, 'interval')\n",
            {"other"},
        ),
        ("from shop import queue\nfrom shop.tasks import tidy\nqueue.enqueue(tidy, 1)\n", {"tidy"}),
        (QUEUE + "tidy()\n", set()),
        (QUEUE.replace("shop.tasks", "shop.rooms") + "queue.enqueue(tidy)\n", set()),
        ("from shop.tasks import tidy\nparser.set_defaults(func=tidy)\n", set()),
        (QUEUE.replace("from shop.tasks import tidy", "def tidy(): pass") + "queue.enqueue(tidy)\n", set()),
    ],
)
def test_what_another_module_hands_over(tmp_path: Path, elsewhere: str, expected: set[str]) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "start.py").write_text(elsewhere, encoding="utf-8")
    tasks = tmp_path / "tasks.py"
    tasks.write_text(OWN, encoding="utf-8")
    assert handed_jobs.of(str(tasks)) == expected
    source = model(OWN, str(tasks), Settings())
    works = {scope.name for scope in source.scopes if scope.is_function and source.place(scope).place is Place.WORKER}
    assert works == expected
    alone = model(OWN, str(tasks), Settings(no_project=True))
    assert all(alone.place(scope).place is not Place.WORKER for scope in alone.scopes)


def test_tests_hand_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_start.py").write_text(QUEUE + "queue.enqueue(tidy)\n", encoding="utf-8")
    (tmp_path / "tasks.py").write_text(OWN, encoding="utf-8")
    assert handed_jobs.of(str(tmp_path / "tasks.py")) == frozenset()


def test_outside_of_a_project_nothing_is_handed_over(tmp_path: Path) -> None:
    for folder in (tmp_path / "project", tmp_path / "loose"):
        folder.mkdir()
        (folder / "start.py").write_text(QUEUE + "queue.enqueue(tidy)\n", encoding="utf-8")
        (folder / "tasks.py").write_text(OWN, encoding="utf-8")
    (tmp_path / "project" / "pyproject.toml").touch()
    assert handed_jobs.of(str(tmp_path / "project" / "tasks.py")) == {"tidy"}
    assert handed_jobs.of(str(tmp_path / "loose" / "tasks.py")) == frozenset()
