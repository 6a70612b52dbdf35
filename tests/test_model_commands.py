"""Which management commands deliver something on a schedule, with nothing to hold a second one back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.running import commands
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings
from flake8_scalability.project import schedules

LOOP = "for row in Row.objects.filter(sent=False):\n            send(row)"


def command(
    body: str = LOOP, before: str = "help = 'run daily'", name: str = "send_mails", after: str = ""
) -> list[str]:
    """Return the commands found in a file with one whose `handle` has this body."""
    text = f"class Command(BaseCommand):\n    {before}\n    def handle(self, **options):\n        {body}\n{after}"
    return [name for name, _ in commands.delivering(model(text, f"shop/management/commands/{name}.py"))]


@pytest.mark.parametrize(
    "body",
    [
        LOOP,
        "rows = Row.objects.all()\n        for row in rows.iterator():\n            self.notify(row)",
        "for row in Row.objects.all():\n            self.one(row)\n    def one(self, row):\n        send_mail(row)",
        "self.all()\n    def all(self):\n        for row in Row.objects.all():\n            send(row)",
    ],
)
def test_a_delivery_for_each_row(body: str) -> None:
    assert command(body) == ["send_mails"]


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("of no query", "for name in sys.argv:\n            send(name)"),
        ("nothing is sent", "for row in Row.objects.all():\n            row.touch()"),
        ("once for all", "send(Row.objects.all())"),
        (
            "what is called sends nothing",
            "for row in Row.objects.all():\n            f(row)\n    def g(self):\n        pass",
        ),
        ("under a lock", "with advisory_lock('x'):\n            " + LOOP.replace("\n", "\n    ")),
        (
            "each row is claimed",
            "for row in Row.objects.all():\n            n = Row.objects.filter(pk=row.pk).update(sent=True)\n"
            "            if n:\n                send(row)",
        ),
    ],
)
def test_no_delivery_that_comes_twice(why: str, body: str) -> None:
    assert command(body) == [], why


@pytest.mark.parametrize("name", ["send_test_mail", "import_mails", "report", "resend_mails"])
def test_a_name_that_does_not_say_so(name: str) -> None:
    assert command(name=name) == []


def test_other_classes_have_no_command() -> None:
    text = (
        "class A:\n    help = 'daily'\n    def handle(self):\n        for r in R.objects.all():\n            send(r)\n"
    )
    assert list(commands.delivering(model(text + "BaseCommand\n", "send_mails.py"))) == []
    assert list(commands.delivering(model("class Command(BaseCommand):\n    help = 'daily'\n", "send_mails.py"))) == []


@pytest.mark.parametrize(
    ("argument", "found"),
    [("'subject'", []), ("'--day', required=True", []), ("'--day'", ["send_mails"]), ("", ["send_mails"])],
)
def test_a_person_gives_the_arguments(argument: str, found: list[str]) -> None:
    after = f"    def add_arguments(self, parser):\n        parser.add_argument({argument})\n"
    assert command(after=after) == found


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("help = _('Run this from cron')", ["send_mails"]),
        ("'''Is run every hour.'''", ["send_mails"]),
        ("help = 'Sends mails'", []),
        ("help = name", []),
        ("scheduled = True", []),
    ],
)
def test_it_is_said_that_it_runs_again(before: str, found: list[str]) -> None:
    assert command(before=before) == found


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("deploy/crontab", "0 6 * * * manage.py send_mails", True),
        ("shop/settings.py", "CRONJOBS = [('0 6 * * *', 'shop.cron.send_mails')]", True),
        ("shop/settings.py", "COMMANDS = ['send_mails']", False),
        ("k8s/cronjob.yaml", "kind: CronJob\nargs: [send_mails]", False),
        ("README.md", "Run `send_mails` once an hour with cron.", False),
        ("deploy/crontab", "0 6 * * * manage.py send_mails_again", False),
        ("tests/crontab", "0 6 * * * manage.py send_mails", False),
        ("notes.bin", "cron send_mails", False),
    ],
)
def test_the_project_says_so(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    (tmp_path / "manage.py").touch()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    file = str(tmp_path / "send_mails.py")
    assert schedules.is_in_crontab("send_mails", file) is expected
    code = f"class Command(BaseCommand):\n    def handle(self):\n        {LOOP}\n"
    for settings, found in ((Settings(), expected), (Settings(no_project=True), False)):
        source = SourceFile(ast.parse(code), file, code.splitlines(True), settings)
        assert bool(list(commands.delivering(source))) is found


def test_a_file_that_is_gone_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manage.py").touch()
    (tmp_path / "a.cron").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.cron").write_text("* * * * * send_mails")
    assert schedules.is_in_crontab("send_mails", str(tmp_path / "x.py"))
    monkeypatch.setattr(schedules, "MAX_FILES", 2)
    assert not schedules.is_in_crontab("send_mails", str(tmp_path / "y.py"))
