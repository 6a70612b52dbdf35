"""SCL603: services of which one object may exist in a process, with state in it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog import counting, state_words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.singletons import singletons
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class SingletonService(Rule):
    """A service is built so that only one object of it can exist.

    What it does
    ------------
    Finds classes that keep their one instance (`__new__`, a metaclass, a decorator, `get_instance()`) and are services:
    their methods change what the instance holds, or `__new__` lets nobody make another one.

    Why it does not scale
    ---------------------
    "Only one" holds for one process. With a second instance there are two, each with state of its own; and in one
    process all requests share the object, so that it has to be locked.

    How to fix it
    -------------
    Give the service what it needs as arguments, keep no state in it, and put what has to be shared into Redis or the
    database.

    Known limits
    ------------
    What each process should have once (settings, connections, pools, models, logs, the context in which it runs) is
    told by its name and by what it makes. Functions that are called for what happens in the process are no state. A
    singleton without state that a decorator or a metaclass makes is silent, and so is what `__init__` gives its first
    value again each time the class is called.
    """

    code = "SCL603"
    slug = "singleton-service"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{name} is a singleton{state}, one for each process; {instead}"
    short = "{name} is a singleton{state}; {instead}"
    title = "Singleton service"
    impact = "Each process has another 'only' object: state differs between instances, and requests share it in each"
    fix = "Pass what the service needs as arguments; keep shared state in Redis or the database"
    references = (
        "https://12factor.net/processes",
        "https://python-patterns.guide/gang-of-four/singleton/",
    )
    examples = (
        Bad(
            """
            class Dispatcher:  # SCL603
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.assigned = {}
                    return cls._instance

                def assign(self, tour, driver):
                    self.assigned[tour] = driver
        """,
            "who drives which tour is known in one process",
        ),
        Bad(
            """
            class Auctioneer:  # SCL603
                __instance = None

                def __init__(self):
                    self.bids = []

                @classmethod
                def get_instance(cls):
                    if cls.__instance is None:
                        cls.__instance = cls()
                    return cls.__instance

                def bid(self, amount):
                    self.bids.append(amount)
        """,
            "bids that come to another instance are in another object",
        ),
        Bad(
            """
            from app.patterns import singleton

            @singleton
            class SeatPlan:  # SCL603
                def __init__(self):
                    self.taken = set()

                def take(self, seat):
                    self.taken.add(seat)
        """,
            "a decorator that keeps one object",
        ),
        Bad(
            """
            class Workbench:  # SCL603
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.terminals = {}
                    return cls._instance

                def open(self, user, shell):
                    self.terminals[user] = shell
        """,
            "terminals can't be put into a store: callers have to be led to them",
        ),
        Bad(
            """
            class Planner:  # SCL603
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.jobs = {}
                    return cls._instance

                def plan(self, key, work):
                    self.jobs[key] = {"work": work, "running": False}
        """,
            "functions stay in the process, but which of them run is for all to know",
        ),
        Good(
            """
            class Settings:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                    return cls._instance
        """,
            "settings are the same in each process",
        ),
        Good(
            """
            import psycopg2.pool

            class Store:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.pool = psycopg2.pool.ThreadedConnectionPool(1, 10, DSN)
                    return cls._instance
        """,
            "one pool for each process is what a pool is for",
        ),
        Good(
            """
            class Dispatcher:
                def __init__(self, store):
                    self.store = store

                def assign(self, tour, driver):
                    self.store.put(tour, driver)
        """,
            "a service that keeps nothing",
        ),
        Good(
            """
            class Missing:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                    return cls._instance
        """,
            "a marker",
        ),
        Good(
            """
            from app.patterns import Singleton

            class Formatter(metaclass=Singleton):
                def money(self, cents):
                    return f"{cents / 100:.2f}"
        """,
            "no state: any number of them would be the same",
        ),
        Good(
            """
            class Tree:
                instances = 0

                def __new__(cls, value):
                    node = super().__new__(cls)
                    node.value = value
                    return node
        """,
            "`__new__` that makes an object each time",
        ),
        Good(
            """
            class Bridge:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.voices = {}
                    return cls._instance

                def voice(self, kind):
                    if self.voices.get(kind) is None:
                        self.voices[kind] = build(kind)
                    return self.voices[kind]

                def label(self, kind):
                    return kind
        """,
            "parts that each process makes once, when they are asked for",
        ),
        Good(
            """
            class Bell:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.subscribers = {}
                    return cls._instance

                def subscribe(self, topic, function):
                    self.subscribers.setdefault(topic, []).append(function)
        """,
            "functions of this process, called for what happens in it",
        ),
        Good(
            """
            import os

            class RunContext:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.answers = {"run": os.environ["RUN"]}
                    return cls._instance

                def answer(self, key, value):
                    self.answers[key] = value
        """,
            "what this process was started with, and what it tells whoever started it",
        ),
        Good(
            """
            class Numbers:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                    return cls._instance

                def __init__(self):
                    self.given = 0

                def next(self):
                    self.given += 1
                    return self.given
        """,
            "each `Numbers()` begins anew: Python calls `__init__` on the one instance as well",
        ),
        Good(
            """
            class Collector:
                _instance = None

                def __new__(cls):
                    if cls._instance is None:
                        cls._instance = super().__new__(cls)
                        cls._instance.digests = {}
                    return cls._instance

                def digest(self, key):
                    value = self.digests.get(key)
                    if not value:
                        value = hashed(key)
                    self.digests[key] = value
                    return value
        """,
            "a memo of what is computed",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        for found in singletons(source):
            state = f" that holds `{found.state}`" if found.state else ""
            instead = "keep that in a shared store" if found.state else "make it stateless, and hand it what it needs"
            if found.state and any(state_words.HANDLES.search(n.lower()) for n in (found.state, found.owner.name)):
                instead = "route callers to their instance"
            elif found.state and counting.CALLABLES.search(found.state.lower()):
                instead = "keep their state in a shared store"
            yield Finding(found.node, {"name": found.owner.name, "state": state, "instead": instead})
