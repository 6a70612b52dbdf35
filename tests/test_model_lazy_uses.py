"""What becomes of lazy relations in the turns of a loop."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.batching.lazy_relations import lazy_relations

MODELS = """
from django.db import models

class Voyage(models.Model):
    name = models.CharField(max_length=40)
    ship = models.ForeignKey("Ship", on_delete=models.CASCADE)
    ports = models.ManyToManyField("Port")

def told(year, name, found):
"""


def lazy(body: str) -> list[str]:
    source = model(MODELS + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n")
    return [each.what for each in lazy_relations(source)]


@pytest.mark.parametrize(
    "turn",
    [
        "found |= voyage.ports.all()",
        "found = found & voyage.ports.all()",
        "ports = voyage.ports.all(); found.append(ports.filter(free=True))",
        "found.append(voyage.ship.flag) if voyage.name == name and voyage.ship.sails else None",
    ],
)
def test_asks_nothing_that_could_have_been_loaded(turn: str) -> None:
    assert lazy(f"for voyage in Voyage.objects.filter(year=year):\n    {turn}") == []


@pytest.mark.parametrize(
    "turn",
    [
        "found.extend(voyage.ports.all())",
        "ports = voyage.ports.all(); found.append(list(ports))",
        "ports = voyage.ports.all(); found.append(ports.filter(free=True) or list(ports))",
    ],
)
def test_takes_the_rows(turn: str) -> None:
    assert lazy(f"for voyage in Voyage.objects.filter(year=year):\n    {turn}") == ["voyage.ports"]


def test_of_the_row_with_a_name() -> None:
    assert lazy("return [each.ship.flag for each in Voyage.objects.filter(year=year) if each.name == name]") == []
    assert lazy("return [each.ship.flag for each in Voyage.objects.filter(year=year) if each.name == each.port]") == [
        "each.ship"
    ]
    assert lazy("return [each.ship.flag for each in Voyage.objects.filter(year=year) if each.name == 'a']") == [
        "each.ship"
    ]


def instead(body: str) -> list[str]:
    source = model(MODELS + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n")
    return [each.instead for each in lazy_relations(source)]


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        ("voyage.ports.exists()", "an Exists() annotation of ports"),
        ("voyage.ports.count()", 'annotate(Count("ports"))'),
        ("list(voyage.ports.all())", 'prefetch_related("ports")'),
        ("voyage.ports.exists() and list(voyage.ports.all())", 'prefetch_related("ports")'),
    ],
)
def test_what_answers_for_all_rows(turn: str, told: str) -> None:
    assert instead(f"return [{turn} for voyage in Voyage.objects.filter(year=year)]") == [told]


def test_what_is_handed_to_the_unknown_may_ask_further() -> None:
    assert lazy("return [found(voyage.ports.all()) for voyage in Voyage.objects.filter(year=year)]") == []
    assert lazy("return [found(voyage.ports.all(), many=True) for voyage in Voyage.objects.filter(year=year)]") == [
        "voyage.ports"
    ]


def test_what_both_ways_of_a_turn_give_is_at_hand() -> None:
    loop = "for voyage in Voyage.objects.filter(year=year):\n    if name:\n        voyage.ship = name\n"
    other = "    else:\n        voyage.ship = found\n"
    assert lazy(loop + other + "    print(voyage.ship)") == []
    assert lazy(loop + "    print(voyage.ship)") == ["voyage.ship"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("ports=found, free=True", False),
        ("ports=found, berth=name", False),
        ("ports=found, sailed_on=year", False),
        ("sailed_on=year, free=True", True),
        ("ports=found", False),
        ("company=found, free=True", True),
        ("author=name", True),
        ("ports=found, author=name", False),
    ],
)
def test_what_one_row_has_is_little(asked: str, told: bool) -> None:
    assert bool(lazy(f"return [voyage.ship.flag for voyage in Voyage.objects.filter({asked})]")) is told


def test_the_handful_of_each_row_adds_up() -> None:
    asked = "    rows = Voyage.objects.filter(ports=port)\n    found += [each.ship.flag for each in rows]"
    assert lazy(f"for port in name:\n{asked}") == ["each.ship"]


@pytest.mark.parametrize(("limit", "told"), [("10", False), ("500", True), ("name", True)])
def test_a_limit(limit: str, told: bool) -> None:
    turn = f"[len(each.crew) for each in session.query(Sailing).order_by(Sailing.day).limit({limit}).all()]"
    text = (
        "from sqlalchemy.orm import relationship\nfrom app.db import Base, session\n"
        "class Sailing(Base):\n    __tablename__ = 'sailings'\n    crew = relationship('Sailor')\n"
        f"def f(name):\n    return {turn}\n"
    )
    assert bool(list(lazy_relations(model(text)))) is told
