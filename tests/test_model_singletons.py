"""Singletons: which classes keep their one instance, and what of that is state."""

from __future__ import annotations

from textwrap import dedent

import pytest
from support import model

from flake8_scalability.model.stateless.singletons import singletons

NEW = """
class {name}{bases}:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.rows = {start}
        return cls._instance

    def {method}(self, key, value):
        {body}
"""


def found(name: str = "Orders", bases: str = "", start: str = "{}", method: str = "take", body: str = "") -> list[str]:
    source = NEW.format(name=name, bases=bases, start=start, method=method, body=body or "self.rows[key] = value")
    return [each.state for each in singletons(model(source))]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"start": "dict()"},
        {"start": "0", "body": "self.rows += 1"},
        {"body": "self.rows[key][value] = 1"},
        {"body": "self.rows[key] = make(value)"},
        {"body": "if value:\n            self.rows[key] = make(value)"},
        {"body": "other = self.others.get(key)\n        self.rows[key] = value"},
    ],
)
def test_state(given: dict[str, str]) -> None:
    assert found(**given) == ["rows"]


@pytest.mark.parametrize(
    ("why", "given"),
    [
        ("each process has its settings", {"name": "OrderSettings"}),
        ("plug-ins", {"name": "PluginManager"}),
        ("one of several stores", {"name": "MemoryOrders", "bases": "(Orders)"}),
        ("a thread", {"bases": "(Thread)"}),
        ("filled at start-up", {"method": "load_all"}),
        ("not of this object", {"body": "value.rows[key] = 1"}),
        ("deeper in another object", {"body": "self.other.rows[key] = 1"}),
        ("no container", {"start": "None"}),
        ("a flag", {"start": "True", "body": "self.rows += 1"}),
        ("a container of another's", {"start": "make()"}),
        ("made where it is missing", {"body": "if key not in self.rows:\n            self.rows[key] = make(key)"}),
        ("a memo", {"body": "row = self.rows.get(key)\n        self.rows[key] = row"}),
        ("a task", {"body": "self.rows[key] = create_task(value())"}),
    ],
)
def test_no_state(why: str, given: dict[str, str]) -> None:
    assert found(**given) == []


@pytest.mark.parametrize(
    ("head", "single"),
    [
        ("@singleton\nclass Orders:", True),
        ("@singleton()\nclass Orders:", True),
        ("class Orders(metaclass=SingletonMeta):", True),
        ("class Orders(Singleton):", True),
        ("class Orders:", False),
    ],
)
def test_ways_to_be_single(head: str, single: bool) -> None:
    body = "    def __init__(self):\n        self.rows = {}\n    def take(self, key):\n        self.rows[key] = 1\n"
    assert bool(list(singletons(model(f"{head}\n{body}")))) is single


def test_a_service_of_which_new_lets_nobody_make_another() -> None:
    source = """
        class OrderService:
            _instance = None

            def __new__(cls):
                if cls._instance is None:
                    cls._instance = super().__new__(cls)
                return cls._instance
    """
    assert [each.state for each in singletons(model(dedent(source)))] == [""]
    assert not list(singletons(model(dedent(source).replace("OrderService", "Orders"))))
