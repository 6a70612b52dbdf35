"""Which functions are taken for jobs that a scheduler of the process runs, and which of them coordinate."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model import coordination, jobs

APSCHEDULER = "from apscheduler.schedulers.background import BackgroundScheduler\nscheduler = BackgroundScheduler()\n"


def names(source: str) -> list[str]:
    return sorted(f"{job.scheduler}: {job.name}" for job in jobs.jobs(model(source)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (APSCHEDULER + "@scheduler.scheduled_job('cron', hour=1)\ndef f(): pass", "APScheduler: f"),
        (APSCHEDULER + "def f(): pass\nscheduler.add_job(f, 'interval', hours=1)", "APScheduler: f"),
        (APSCHEDULER + "def f(): pass\nscheduler.add_job(func=f, trigger=CronTrigger(hour=1))", "APScheduler: f"),
        (
            APSCHEDULER + "trigger = IntervalTrigger(hours=1)\nscheduler.add_job(lambda: g(), trigger)",
            "APScheduler: a lambda",
        ),
        ("from .clock import sched\nsched.add_job(work, 'cron', hour=1)", "APScheduler: work"),
        ("import schedule\nschedule.every().day.at('10:30').do(work)", "schedule: work"),
        ("from schedule import every, repeat\n@repeat(every().hour)\ndef f(): pass", "schedule: f"),
        ("import aiocron\n@aiocron.crontab('* * * * *')\nasync def f(): pass", "aiocron: f"),
        ("from threading import Timer\ndef f():\n    Timer(5, f).start()", "Timer: f"),
        ("import faust\napp = faust.App('a')\n@app.timer(5)\nasync def f(): pass", "Faust: f"),
    ],
)
def test_jobs(source: str, expected: str) -> None:
    assert names(source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        APSCHEDULER + "scheduler.add_job(work, 'date', run_date=when)",
        APSCHEDULER + "scheduler.add_job(work)",
        APSCHEDULER + "scheduler.add_job(work, trigger)",
        "board.add_job(work, 'cron', hour=1)",
        "class Board:\n    def scheduled(self, f): return f\n",
        "import threading\ndef f(): threading.Timer(5, g).start()",
        "import faust\napp = faust.App('a')\n@app.timer(5, on_leader=True)\nasync def f(): pass",
        "from celery import shared_task\n@shared_task\ndef f(): pass",
        "plan.every(5).do(work)",
    ],
)
def test_no_jobs(source: str) -> None:
    assert names(source) == []


def coordinating(body: str, before: str = "") -> bool:
    source = model(f"import threading\n{before}\ndef f(client, session):\n    {body}\n    work()\n")
    (function,) = (scope for scope in source.scopes if scope.name == "f")
    return coordination.coordinates(function, source)


@pytest.mark.parametrize(
    "body",
    [
        "client.lock('x')",
        "client.set('x', 1, nx=True)",
        "session.execute('SELECT pg_try_advisory_lock(1)')",
        "session.query(Job).with_for_update(skip_locked=True)",
        "if not is_leader(): return",
        "claim(session)",
    ],
)
def test_coordinates(body: str) -> None:
    assert coordinating(body)


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("lock.acquire()", "lock = threading.Lock()"),
        ("client.set('x', 1, nx=False)", ""),
        ("session.execute('SELECT 1')", ""),
        ("block = client.clock()", ""),
        (
            "_lock_for(1).acquire()",
            "_locks = {}\ndef _lock_for(key):\n    return _locks.setdefault(key, threading.Lock())",
        ),
    ],
)
def test_does_not_coordinate(body: str, before: str) -> None:
    assert not coordinating(body, before)
