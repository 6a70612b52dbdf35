"""Which functions are taken for jobs that a scheduler of the process runs, and which of them coordinate."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.scaling import coordination, jobs, sibling_jobs
from flake8_scalability.options import Settings

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
            "APScheduler: lambda",
        ),
        (APSCHEDULER + "scheduler.add_job(a if x else b, 'interval', hours=1)", "APScheduler: job"),
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
        APSCHEDULER + "scheduler.add_job(work, 'cron', year=2099, hour=4)",
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


@pytest.mark.parametrize(
    ("tail", "other", "expected"),
    [
        ("", "", []),
        ("# Timer(9, f).start()", "", []),
        ("f()", "", ["Timer: f"]),
        ("def main():\n    Timer(9, f).start()", "", ["Timer: f"]),
        ("", "from timers import f\nf()", ["Timer: f"]),
    ],
)
def test_a_timer_that_nobody_begins_is_no_job(tmp_path: Path, tail: str, other: str, expected: list[str]) -> None:
    (tmp_path / ".git").mkdir()
    text = f"from threading import Timer\ndef f():\n    Timer(5, f).start()\n{tail}\n"
    (tmp_path / "timers.py").write_text(text)
    (tmp_path / "other.py").write_text(other)
    source = model(text, str(tmp_path / "timers.py"), Settings())
    assert [f"{job.scheduler}: {job.name}" for job in jobs.jobs(source)] == expected


IMPORTED = APSCHEDULER + "from work import Renewals, renew\n"
LOCKS = "def due(db):\n    return db.scalars(select(Row).with_for_update())\n"


@pytest.mark.parametrize(
    ("job", "work", "expected"),
    [
        ("scheduler.add_job(renew, 'interval', hours=1)", LOCKS + "def renew(db):\n    return due(db)", True),
        ("scheduler.add_job(renew, 'interval', hours=1)", "def renew(db):\n    return db.all()\n" + LOCKS, False),
        (
            "@scheduler.scheduled_job('interval', hours=1)\ndef f():\n    Renewals.process(db)",
            "class Renewals:\n    def process(db):\n        return db.scalars(select(Row).with_for_update())",
            True,
        ),
        (
            "@scheduler.scheduled_job('interval', hours=1)\ndef f():\n    renew(db)",
            "def renew(db):\n    # no with_for_update: one at a time is not needed\n    pass\n" + LOCKS,
            True,  # a text is searched with its comments
        ),
        ("@scheduler.scheduled_job('interval', hours=1)\ndef f():\n    renew(db)", LOCKS + "renew = 1", False),
        ("scheduler.add_job(lambda: 1, 'interval', hours=1)", LOCKS, False),
        ("scheduler.add_job(jobs[0], 'interval', hours=1)", LOCKS, False),
        (
            "scheduler.add_job(Renewals.process, 'interval', hours=1)",
            "class Renewals:\n    def process(db):\n        with leader_lock(db):\n            pass",
            True,
        ),
    ],
)
def test_the_definition_in_another_file(tmp_path: Path, job: str, work: str, expected: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "work.py").write_text(work)
    source = model(IMPORTED + job, str(tmp_path / "clock.py"), Settings())
    (found,) = jobs.jobs(source)
    assert sibling_jobs.coordinates_elsewhere(found, source) is expected


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ("def renew(db):\n    db.execute('INSERT INTO bills SELECT 1')", True),
        ("def renew(db):\n    db.execute('INSERT INTO bills SELECT 1 ON CONFLICT DO NOTHING')", False),
        ("def renew(db):\n    db.execute('DELETE FROM bills WHERE old')", False),
        ("def renew(db):\n    due(db)\n\ndef due(db):\n    db.session.add(Bill())", True),
        ("def renew(db):\n    seen.add(1)", False),
        ("def renew(db):\n    db.execute(insert(Bill).values(1))", True),
        ("def renew(db):\n    db.execute(insert(Bill).values(1).on_conflict_do_nothing())", False),
        ("def renew(db):\n    for bill in db.due():\n        settle_now(bill)", True),
        ("def renew(db):\n    for bill in db.due():\n        show(bill)", False),
        ("def renew(db):\n    for bill in db.due():\n        bill.paid = True\n    db.commit()", True),
        ("def renew(db):\n    for bill in db.due():\n        bill.paid = True", False),
        ("def renew(db):\n    model.generate_content('news')", True),
        ("def renew(db):\n    logger.alert('renewed')", False),
        ("def renew(db):\n    Bills(db).settle_all()\nclass Bills:\n    def settle_all(self):\n"
         "        self.client.post('/bills')", True),
        ("def renew(db):\n    Bills(db).run()\nclass Bills:\n    def run(self):\n"
         "        self.client.post('/bills')", False),
        ("def renew(db)\n    send_bills(", False),
    ],
)  # fmt: skip
def test_what_must_happen_once(tmp_path: Path, work: str, expected: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "work.py").write_text(work)
    text = APSCHEDULER + "from work import renew\nscheduler.add_job(renew, 'interval', hours=1)"
    source = model(text, str(tmp_path / "clock.py"), Settings())
    (found,) = jobs.jobs(source)
    assert sibling_jobs.must_happen_once(found, source) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("charge_customers", True),
        ("shop.delete_old_orders", True),
        ("look", False),
        ("mails.weekly.delay", True),
        ("work", True),
        ("lambda: 1", False),
    ],
)
def test_what_must_happen_once_by_its_name(given: str, expected: bool) -> None:
    either = "def one(): pass\ndef two(): send_mail()\nif x:\n    work = one\nelse:\n    work = two\n"
    source = model(APSCHEDULER + either + f"scheduler.add_job({given}, 'interval', hours=1)")
    (found,) = jobs.jobs(source)
    assert sibling_jobs.must_happen_once(found, source) is expected


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("upload_telemetry", True),
        ("cache_maintenance", True),
        ("check_health", True),
        ("check_if_new_update", True),
        ("check_releases", True),
        ("update_orders", False),
        ("check_orders", False),
        ("backup", False),
    ],
)
def test_what_jobs_are_called_that_tend_their_own(name: str, own: bool) -> None:
    source = model(APSCHEDULER + f"from app.jobs import {name}\nscheduler.add_job({name}, 'interval', hours=1)")
    (found,) = jobs.jobs(source)
    assert sibling_jobs.minds_own_affairs(found, source) is own


@pytest.mark.parametrize(
    ("call", "own"),
    [
        ("socket.gethostname()", True),
        ("comp_node()", True),
        ("platform.node()", True),
        ("nodes()", False),
        ("node", False),
    ],
)
def test_a_job_that_asks_for_its_machine_tends_that(call: str, own: bool) -> None:
    source = model(APSCHEDULER + f"def f():\n    db.touch({call})\nscheduler.add_job(f, 'interval', hours=1)")
    (found,) = jobs.jobs(source)
    assert sibling_jobs.minds_own_affairs(found, source) is own


BLOCKING = (
    "import threading\nfrom flask import Flask\nfrom apscheduler.schedulers.blocking import BlockingScheduler\n"
    "clock = BlockingScheduler()\n"
)


@pytest.mark.parametrize("command", ["import typer\nfrom .clock import run\ndef serve():\n    run()", "", None])
def test_a_scheduler_that_a_command_starts_has_a_process_of_its_own(tmp_path: Path, command: str | None) -> None:
    (tmp_path / "setup.py").touch()
    text = BLOCKING + "def run():\n    clock.add_job(work, 'cron', hour=1)"
    (tmp_path / "clock.py").write_text(text)
    other = "from .clock import run\ndef begin():\n    run()" if command is None else command
    (tmp_path / "other.py").write_text(other)
    source = model(text, str(tmp_path / "clock.py"), Settings())
    (found,) = jobs.jobs(source)
    assert sibling_jobs.runs_in_own_process(found, source) is (command is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import schedule\nschedule.every().hour.do(work)\nwhile True:\n    schedule.run_pending()", True),
        (
            "import schedule\nschedule.every().hour.do(work)\nif __name__ == '__main__':\n    while True:\n"
            "        schedule.run_pending()",
            True,
        ),
        (
            "import schedule\nschedule.every().hour.do(work)\ndef f():\n    while 1:\n        schedule.run_pending()",
            False,
        ),
        ("import schedule\nschedule.every().hour.do(work)\nwhile True:\n    serve()", False),
        (APSCHEDULER + "scheduler.add_job(work, 'cron', hour=1)\nwhile True:\n    schedule.run_pending()", False),
        (BLOCKING + "def run():\n    clock.add_job(work, 'cron', hour=1)\n    clock.start()", True),
        (BLOCKING + "clock.add_job(work, 'cron', hour=1)\nclock.start()", True),
        (BLOCKING + "clock.add_job(work, 'cron', hour=1)\nthreading.Thread(target=clock.start).start()", False),
        (BLOCKING + "clock.add_job(work, 'cron', hour=1)\napp = Flask('x')\n@app.get('/')\ndef f(): pass", False),
    ],
)
def test_programs_that_only_wait_for_their_jobs(text: str, expected: bool) -> None:
    source = model(text)
    (found,) = jobs.jobs(source)
    assert sibling_jobs.runs_in_own_process(found, source) is expected


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("from telegram import Bot\n", "application.run_polling()\n", True),
        ("import discord\nbot = discord.Client()\nbot.run(TOKEN)\n", "", True),
        ("from telegram import Bot\n", "application.run_webhook()\n", False),
    ],
)
def test_bots_that_ask_for_their_messages(tmp_path: Path, text: str, other: str, expected: bool) -> None:
    (tmp_path / "setup.py").touch()
    (tmp_path / "main.py").write_text(other)
    source = model(text, str(tmp_path / "jobs.py"), Settings())
    assert sibling_jobs.is_of_asking_bot(source) is expected


@pytest.mark.parametrize(
    ("text", "switched"),
    [
        (
            "def f():\n    if not settings.run_scheduler:\n        return\n    scheduler.add_job(work, 'cron', hour=1)",
            True,
        ),
        ("def start():\n    if not settings.name:\n        return\n    scheduler.add_job(work, 'cron', hour=1)", False),
        ("scheduler.add_job(work, 'cron', hour=1)\nif os.environ.get('RUN_JOBS'):\n    scheduler.start()", True),
        ("scheduler.add_job(work, 'cron', hour=1)\nif os.environ.get('RUN_JOBS'):\n    server.start()", False),
        ("if scheduler_running:\n    scheduler.add_job(work, 'cron', hour=1)", False),
    ],
)
def test_switches_choose_the_instance(text: str, switched: bool) -> None:
    source = model(APSCHEDULER + text)
    (found,) = jobs.jobs(source)
    assert sibling_jobs.is_switched(found, source) is switched


WRAPPER = "class Plan:\n    def __init__(self, task, scheduler):\n        {init}\n    def begin(self, work):\n        "


@pytest.mark.parametrize(
    ("init", "given", "expected"),
    [
        ("self.task = task", "self.task.run", True),
        ("self.task = task", "self.task", True),
        ("self.task = task", "work", True),
        ("self.task = task", "work if self.task else self.task.run", True),
        ("self.task = make(task)", "self.task.run", False),
        ("self.task = task", "self.other.run", False),
        ("self.task = task", "self", False),
        ("self.task = task", "imported", False),
        ("self.task = task", "work if self.task else imported", False),
        ("self.task = task", "lambda: work()", False),
    ],
)
def test_what_a_wrapper_is_given(init: str, given: str, expected: bool) -> None:
    source = model(APSCHEDULER + WRAPPER.format(init=init) + f"scheduler.add_job({given}, 'interval', hours=1)")
    (job,) = jobs.jobs(source)
    assert sibling_jobs.is_handed_in(job, source) is expected


@pytest.mark.parametrize(
    ("text", "server", "expected"),
    [
        ("import aiogram\ndp.start_polling(bot)", "", True),
        ("import aiogram\n", "", True),
        ("import aiogram\n", "gunicorn==23.0\n", True),
        ("import os\n", "", True),
        ("import os\n", "gunicorn==23.0\n", False),
    ],
)
def test_jobs_beside_a_bot_that_asks(tmp_path: Path, text: str, server: str, expected: bool) -> None:
    (tmp_path / "requirements.txt").write_text(f"aiogram==3.0\n{server}")
    (tmp_path / "bot.py").write_text("dispatcher.start_polling(bot)\n")
    source = model(text, str(tmp_path / "plan.py"), Settings())
    assert sibling_jobs.is_of_asking_bot(source) is expected


def test_jobs_where_no_bot_asks(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("aiogram==3.0\n")
    assert not sibling_jobs.is_of_asking_bot(model("import aiogram\n", str(tmp_path / "plan.py"), Settings()))


@pytest.mark.parametrize(
    ("scheduler", "given", "expected"),
    [
        ("BlockingScheduler", "tasks.mail.send", True),
        ("BlockingScheduler", "tasks.mail", False),
        ("BlockingScheduler", "lambda: tasks.mail.send()", False),
        ("BackgroundScheduler", "tasks.mail.delay", False),
    ],
)
def test_a_process_that_fills_queues(scheduler: str, given: str, expected: bool) -> None:
    head = f"from apscheduler.schedulers.all import {scheduler}\nscheduler = {scheduler}()\n"
    source = model(f"{head}scheduler.add_job({given}, 'interval', hours=1)")
    (job,) = jobs.jobs(source)
    assert sibling_jobs.only_fills_queues(job, source) is expected


def test_the_name_of_a_queued_task_is_the_one_before_its_method() -> None:
    source = model(APSCHEDULER + "scheduler.add_job(tasks.heartbeat.delay, 'interval', hours=1)")
    (job,) = jobs.jobs(source)
    assert sibling_jobs.minds_own_affairs(job, source)
