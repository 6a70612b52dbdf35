"""Which jobs do what must happen once, by the functions that they lead to."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.scaling import jobs, once_only
from flake8_scalability.options import Settings

HEAD = "from apscheduler.schedulers.background import BackgroundScheduler\nscheduler = BackgroundScheduler()\n"
PLANNED = "scheduler.add_job({0}, 'interval', hours=1)\n"


def happens(text: str, file: str = "plan.py", settings: Settings | None = None) -> bool:
    source = model(HEAD + text, file, settings or Settings(no_project=True))
    (job,) = jobs.jobs(source)
    return once_only.happens(job, once_only.bodies(job, source))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f():\n    send_mail(1)\n" + PLANNED.format("f"), True),
        ("def f():\n    rows.clear()\n" + PLANNED.format("f"), False),
        ("def f():\n    g()\ndef g():\n    session.add(Row())\n" + PLANNED.format("f"), True),
        ("def f():\n    db.execute('INSERT INTO a VALUES (1)')\n" + PLANNED.format("f"), True),
        ("def f():\n    db.execute('INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING')\n" + PLANNED.format("f"), False),
        ("def f():\n    for row in rows:\n        row.a = 1\n    session.commit()\n" + PLANNED.format("f"), True),
        (PLANNED.format("tasks.charge_customers"), True),
        (PLANNED.format("tasks.look_around"), False),
    ],
)
def test_what_a_job_of_the_file_does(text: str, expected: bool) -> None:
    assert happens(text) is expected


@pytest.mark.parametrize(("body", "expected"), [("send_mail(1)", True), ("print(1)", False)])
def test_functions_of_other_files_are_followed(tmp_path: Path, body: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "tasks.py").write_text(f"def look_around():\n    {body}\n")
    text = "import tasks\n" + PLANNED.format("tasks.look_around")
    assert happens(text, str(tmp_path / "plan.py"), Settings()) is expected


def test_a_job_that_leads_to_too_much_is_followed_no_further() -> None:
    many = "".join(f"def f{number}():\n    pass\n" for number in range(once_only.MOST + 1))
    calls = "".join(f"    f{number}()\n" for number in range(once_only.MOST + 1))
    text = f"{many}def g():\n{calls}    send_mail(1)\n"
    assert happens(text + PLANNED.format("g"))


def test_a_name_with_two_bindings_is_what_each_gives() -> None:
    text = "def a():\n    print(1)\ndef b():\n    send_mail(1)\nif flag:\n    job = a\nelse:\n    job = b\n"
    assert happens(text + PLANNED.format("job"))
