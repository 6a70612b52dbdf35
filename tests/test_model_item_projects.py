"""What other files of a project say of calls and relations per item: how a sender sends, who reads a row anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.batching.item_calls import calls
from flake8_scalability.model.batching.item_writes import writes
from flake8_scalability.model.batching.lazy_relations import lazy_relations
from flake8_scalability.options import Settings

ONE = "def send_email(to):\n    with smtplib.SMTP(HOST) as server:\n        server.sendmail(ME, to, TEXT)\n"
QUEUED = "def send_email(to):\n    mails.delay(to)\n"
ASKING = "from club.mail import send_email\ndef f(rows):\n for p in rows:\n  send_email(p)\nASKED = [f]\n"


def lay_out(folder: Path, files: dict[str, str]) -> str:
    """Lay out the files of a project; return the path of one more that asks."""
    for name, text in {".git/HEAD": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(folder / "club" / "asks.py")


@pytest.mark.parametrize(
    ("files", "number"),
    [
        ({"club/mail.py": ONE}, 1),
        ({"club/mail.py": QUEUED}, 0),
        ({"club/mail.py": "from .smtp import post\ndef send_email(to):\n    post(to)\n",
          "club/smtp.py": "def post(to):\n    EmailMessage(TEXT, to=[to]).send()\n"}, 1),
        ({"club/mail/__init__.py": "from .one import send_email\n", "club/mail/one.py": ONE}, 1),
        ({"club/texts.py": "", "other/mail.py": ONE.replace("send_email", "send")}, 0),
    ],
    ids=["a connection each", "on a queue", "by another function", "handed on by its package", "not in the project"],
)  # fmt: skip
def test_how_a_sender_sends(tmp_path: Path, files: dict[str, str], number: int) -> None:
    filename = lay_out(tmp_path, files)
    assert len(list(calls(model(ASKING, filename, Settings())))) == number


def test_senders_where_the_project_is_not_asked(tmp_path: Path) -> None:
    filename = lay_out(tmp_path, {"club/mail.py": QUEUED})
    assert len(list(calls(model(ASKING, filename, Settings(no_project=True))))) == 1


ROWS = (
    "from django.db import models\nclass Ship(models.Model):\n owner = models.ForeignKey('Owner')\n"
    "def f(desk):\n for ship in Ship.objects.all():\n  {}\n  print(ship.owner)\n"
)


@pytest.mark.parametrize(
    ("turn", "number"),
    [("desk.advance(ship)", 0), ("desk.look(ship)", 1), ("ship.refresh_from_db()", 0), ("desk.refresh(desk)", 1)],
)
def test_rows_that_are_read_anew(tmp_path: Path, turn: str, number: int) -> None:
    desk = "class Desk:\n    def advance(self, row):\n        row.refresh_from_db()\n\n    def look(self, row): pass\n"
    filename = lay_out(tmp_path, {"club/desk.py": desk})
    assert len(list(lazy_relations(model(ROWS.format(turn), filename, Settings())))) == number
    settings = Settings(no_project=True)
    alone = 0 if "refresh_from_db" in turn else 1
    assert len(list(lazy_relations(model(ROWS.format(turn), filename, settings)))) == alone


STAFF = (
    "from club.models import Note, User\ndef f(text):\n for u in User.objects.filter({}): Note.objects.create(user=u)"
)


@pytest.mark.parametrize(
    ("condition", "number"),
    [("is_staff=True", 0), ("role='admin'", 0), ("role='member'", 1), ("is_staff=False", 1), ("is_staff__in=x", 1)],
)
def test_rows_of_staff(condition: str, number: int) -> None:
    assert len(list(writes(model(STAFF.format(condition))))) == number


@pytest.mark.parametrize(
    ("column", "number"),
    [
        ("title = models.CharField()", 0),
        ("title: str", 0),
        ("title = models.CharField(null=True)", 1),
        ("title = models.CharField(default='')", 1),
        ("name = models.CharField()", 1),
    ],
)
def test_relations_that_stand_in(column: str, number: int) -> None:
    text = (
        f"from django.db import models\nclass Ship(models.Model):\n {column}\n owner = models.ForeignKey('Owner')\n"
        "def f(): return [s.title or s.owner.name for s in Ship.objects.all()]"
    )
    assert len(list(lazy_relations(model(text)))) == number


@pytest.mark.parametrize(
    ("column", "number"), [("Column(String, nullable=False)", 0), ("Column(String)", 1), ("Column(nullable=True)", 1)]
)
def test_relations_that_stand_in_for_columns_of_sqlalchemy(column: str, number: int) -> None:
    text = (
        "from sqlalchemy.orm import relationship\nfrom app.db import Base\n"
        f"class Ship(Base):\n title = {column}\n owner = relationship('Owner')\n"
        "def f(db): return [s.title if s.title else s.owner.name for s in db.query(Ship)]"
    )
    assert len(list(lazy_relations(model(text)))) == number
