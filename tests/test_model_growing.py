"""Growing: which loops have as many turns as there are data, by where their items come from."""

from __future__ import annotations

import ast
import textwrap

import pytest
from support import model

from flake8_scalability.model.batching.growing import TO_READ, TO_WRITE, grows
from flake8_scalability.model.batching.item_calls import calls
from flake8_scalability.model.batching.item_origins import Origin
from flake8_scalability.model.batching.item_writes import writes
from flake8_scalability.model.batching.per_item import turn_of

HEAD = "import itertools\nfrom app.models import Loan\nfrom flask import request\n\n"


def spoken(text: str, enough: frozenset[Origin] = TO_WRITE) -> list[bool]:
    """Whether the loop around each call of `use` grows."""
    source = model(HEAD + textwrap.dedent(text))
    found = []
    for node, scope in source.calls_by_name["use"]:
        assert isinstance(node, ast.Call)
        turn = turn_of(node, scope, source)
        found.append(turn is not None and grows(turn, node, scope, source, enough))
    return found


MANY = [
    "every = items + [1]\n    for x in every:\n        use(x)",
    "for x in Loan.objects.filter(member=flag):\n        use(x)",
    "for x in request.form:\n        use(x)",
    "for x in (found := items):\n        use(x)",
    "for x in items:\n        use(x)",
    "for x in db.fetchall():\n        use(x)",
    "for x in request.get_json()['rows']:\n        use(x)",
    "for x in request.form.getlist('x'):\n        use(x)",
    "for x in request.args.get('ids', '').split(','):\n        use(x)",
    "for x in fetch_persons():\n        use(x)",
    "for x in await fetch_persons():\n        use(x)",
    "for x in client.get('/x').json().get('rows', []):\n        use(x)",
    "for x in items or []:\n        use(x)",
    "for x in (items if flag else []):\n        use(x)",
    "for x in [*items, 1]:\n        use(x)",
    "for x in items[1:]:\n        use(x)",
    "for n in range(len(items)):\n        use(n)",
    "for x in map(str, items):\n        use(x)",
    "for x in set(items).union(flag):\n        use(x)",
    "for x in redis.keys('a:*'):\n        use(x)",
    "found = []\n    for y in items:\n        found.append(y)\n    for x in found:\n        use(x)",
    "found = {}\n    for y in items:\n        found[y] = 1\n    for x in found.values():\n        use(x)",
    "found = []\n    found.extend(items)\n    for x in found:\n        use(x)",
    "for y in items:\n        for x in y.lines:\n            use(x)",
    "while items:\n        x = items.pop()\n        use(x)",
    "[use(x) for x in items]",
    "for key, lines in itertools.groupby(items):\n        for x in lines:\n            use(x)",
]
OTHERS = [
    "with items as every:\n        for x in every:\n            use(x)",
    "import every\n    for x in every:\n        use(x)",
    "every = settings.HOSTS\n    for x in every:\n        use(x)",
    "for key in [n for n in range(9)]:\n        for x in f'{key}':\n            use(x)",
    "for x in settings.NAMES[1:]:\n        use(x)",
    "names = ORDERED\n    for x in names:\n        use(x)",
    "for x in get_default_hosts():\n        use(x)",
    "for x in Loan.objects.all()[:5]:\n        use(x)",
    "for x in items.shelf_set.all():\n        use(x)",
    "for x in {'a': 1}['a']:\n        use(x)",
    "for x in undefined:\n        use(x)",
    "for key, value in items:\n        for x in value:\n            pass\n    for x in value:\n        use(x)",
    "names = [f'a{n}' for n in ORDERED]\n    for x in names:\n        use(x)",
    "for x in items[:flag]:\n        use(x)",
    "for x in random.sample(items, 12):\n        use(x)",
    "for n in range(100):\n        use(n)",
    "for x in something():\n        use(x)",
    "for x in items.parts:\n        use(x)",
    "for x in config.URLS:\n        use(x)",
    "try:\n        go()\n    except ValueError:\n        for x in items:\n            use(x)",
    "found = []\n    found.append(1)\n    for x in found:\n        use(x)",
    "for x in lambda: 1:\n        use(x)",
    "found = dict(a=1)\n    for x in found:\n        use(x)",
]


@pytest.mark.parametrize("body", MANY)
def test_what_comes_from_data_is_many(body: str) -> None:
    assert spoken(f"async def f(items, flag):\n    {body}\n") == [True]


@pytest.mark.parametrize("body", OTHERS)
def test_what_is_written_down_cut_or_unknown_is_not_shown_to_be_many(body: str) -> None:
    assert spoken(f"async def f(items, flag):\n    {body}\n") == [False]


def test_callers_in_the_file_say_how_many_a_function_is_given() -> None:
    text = """
    def f(items, *, more=()):
        for x in items:
            use(x)
        for y in more:
            use(y)

    def g():
        f({0})
    """
    assert spoken(text.format("('a', 'b')")) == [False, False]
    assert spoken(text.format("cursor.fetchall(), more=[1]")) == [True, False]
    assert spoken(text.format("*anything")) == [False, False]


def test_functions_of_the_file_say_how_many_they_give() -> None:
    text = """
    def given():
        {0}

    def f():
        for x in given():
            use(x)
    """
    assert spoken(text.format("return cursor.fetchall()")) == [True]
    assert spoken(text.format("return ['a', 'b']")) == [False]
    assert spoken(text.format("yield from ()")) == [False]
    assert spoken(text.format("for x in ORDERED: yield x")) == [False]
    assert spoken(text.format("for x in cursor.fetchall(): yield x")) == [True]


def test_what_an_object_keeps_is_not_followed() -> None:
    text = """
    class Sender:
        def __init__(self, people):
            self.other = 1
            self.people: list = people

        def f(self):
            for x in self.people:
                use(x)
    """
    assert spoken(text) == [False]


def test_what_a_handler_is_given_is_many_in_all_its_parts() -> None:
    text = """
    from fastapi import APIRouter

    router = APIRouter()

    @router.post("/x")
    def f(body: Body):
        for x in body.items:
            use(x)
    """
    assert spoken(text) == [True]


def test_what_leads_too_far_is_not_followed() -> None:
    names = "".join(f"    a{n + 1} = [*a{n}]\n" for n in range(50))
    assert spoken(f"def f(a0):\n{names}    for x in a50:\n        use(x)\n") == [False]


def test_what_a_client_of_the_file_gives_is_not_followed() -> None:
    assert spoken("class A:\n    def get(self): pass\ndef f(a):\n    for x in A().get():\n        use(x)\n") == [False]
    assert spoken("def f():\n    for x in FEW:\n        for y in x.lines:\n            use(y)\n") == [False]


@pytest.mark.parametrize(
    ("items", "read", "written"),
    [
        ("items[:flag]", True, False),
        ("items.rows", True, False),
        ("Loan.objects.filter(member=flag)", False, True),
        ("Loan.objects.all()[:50]", True, False),
        ("flag.shelf_set.all()", False, False),
        ("items", True, True),
        ("items[:5]", False, False),
    ],
)
def test_what_is_enough_to_read_for_each_and_to_write(items: str, read: bool, written: bool) -> None:
    text = f"def f(items, flag):\n    for x in {items}:\n        use(x)\n"
    assert (spoken(text, TO_READ), spoken(text, TO_WRITE)) == ([read], [written])


def test_a_pile_that_is_filled_while_it_is_emptied_grows() -> None:
    text = "def f():\n    pile = [ROOT]\n    while pile:\n        x = pile.pop()\n        use(x){0}\n"
    assert spoken(text.format("\n        pile.append(x.parent)")) == [True]
    assert spoken(text.format("")) == [False]


def test_a_lambda_does_not_say_what_it_is_given() -> None:
    assert spoken("f = lambda items: [use(x) for x in items]\n") == [False]


def test_writes_and_calls_ask_for_it() -> None:
    text = """
    from app.mail import send_email

    def f(cursor, {0}):
        for x in {1}:
            send_email(x, "a")
        for y in {1}:
            cursor.execute("INSERT INTO a (b) VALUES (%s)", (y,))
    """
    for given, items, expected in (("keys", "keys", 1), ("keys", "keys[:50]", 0)):
        source = model(textwrap.dedent(text).format(given, items))
        assert len(list(calls(source))) == expected
        assert len(list(writes(source))) == expected
