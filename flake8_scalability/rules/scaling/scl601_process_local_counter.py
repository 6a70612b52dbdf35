"""SCL601: counters, statistics and next numbers in the memory of one process."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.scaling import counters
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.roles import Role, folded
from flake8_scalability.model.stateless.state import function_name
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class ProcessLocalCounter(Rule):
    """A counter of the process is counted up while serving.

    What it does
    ------------
    Finds module-level and class-level numbers, mappings of numbers and `itertools.count()` that functions count up or
    down while serving, where it is seen what the number is for: the function that counts returns it, or gives it to
    something as its number; a function refuses because it has come to a limit; a handler answers with it.

    Why it does not scale
    ---------------------
    Each process counts for itself, from the beginning at each start. Two instances show two totals, and give the same
    next number to two things.

    How to fix it
    -------------
    Count with an atomic command of a shared store (`INCR` in Redis, a sequence or `UPDATE … SET n = n + 1` in the
    database); take identifiers from the database or `uuid4()`; give statistics to a metrics library.

    Known limits
    ------------
    Counters of single objects are not reported, nor numbers that only this process needs: how deep or how busy it is,
    what it failed in, the numbers of its messages, what goes to its log or to a metrics library. A counter that is only
    read by functions that no handler in sight calls is silent.
    """

    code = "SCL601"
    slug = "process-local-counter"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{what} counter `{name}`{more}, counted by {function}(), is one per process; count in a shared store"
    short = "counter `{name}`{more} ({function}()) is one per process; count in a store"
    title = "Process-local counter"
    impact = "Each instance counts for itself: totals are wrong, and the same number is given twice"
    fix = "Count with Redis INCR, a database sequence or an SQL expression; use uuid4() for identifiers"
    references = (
        "https://redis.io/docs/latest/commands/incr/",
        "https://www.postgresql.org/docs/current/sql-createsequence.html",
    )
    examples = (
        Bad(
            """
            class Invoice:
                last_number = 0  # SCL601

                @classmethod
                def next_number(cls):
                    cls.last_number += 1
                    return cls.last_number
        """,
            "two instances give the same number to two invoices",
        ),
        Bad(
            """
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)
            downloads = 0  # SCL601

            @app.get("/files/<name>")
            @limiter.limit("10/minute")
            def download(name):
                global downloads
                downloads += 1
                return {"name": name, "downloads": downloads}
        """,
            "each process has a total of its own",
        ),
        Bad(
            """
            import itertools

            numbers = itertools.count(1)  # SCL601

            def new_ticket(title):
                return {"number": next(numbers), "title": title}
        """,
            "numbers begin again with each process",
        ),
        Bad(
            """
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)
            statistics = {"sent": 0, "failed": 0}  # SCL601

            def note(sent):
                statistics["sent" if sent else "failed"] += 1

            @app.get("/statistics")
            @limiter.limit("10/minute")
            def report():
                return dict(statistics)
        """,
            "a mapping of counters that a handler answers with",
        ),
        Bad(
            """
            from app.stores import Quota

            answered = 0  # SCL601

            def answer(question):
                global answered
                if answered >= Quota.LIMIT:
                    return None
                answered += 1
                return question.answer()
        """,
            "a limit that each process has for itself is a higher one",
        ),
        Good(
            """
            from app.stores import redis

            def next_number():
                return redis.incr("invoices")
        """,
            "the store counts, for all instances",
        ),
        Good(
            """
            class Parser:
                def __init__(self):
                    self.line = 0

                def advance(self):
                    self.line += 1
        """,
            "a counter of one object",
        ),
        Good(
            """
            def count(words):
                total = 0
                for word in words:
                    total += len(word)
                return total
        """,
            "a local number",
        ),
        Good(
            """
            from prometheus_client import Counter

            requests_total = Counter("requests_total", "requests")

            def note():
                requests_total.inc()
        """,
            "a metrics library, whose server adds the instances up",
        ),
        Good(
            """
            LIMIT = 10
            LIMIT += 5

            def limit():
                return LIMIT
        """,
            "counted once, when the module is imported",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)
            visits = 0  # todo: SCL601

            @app.get("/")
            @limiter.limit("10/minute")
            def index():
                global visits
                visits += 1
                return "welcome"
        """,
            "somebody may well ask for the number, but nobody in sight does",
        ),
        Good(
            """
            statistics = {"sent": 0, "failed": 0}  # todo: SCL601

            def note(sent):
                statistics["sent" if sent else "failed"] += 1

            def report():
                return dict(statistics)
        """,
            "nothing shows who reads the report: it may be the log",
        ),
        Good(
            """
            parameters = 0

            def bound(column, value):
                global parameters
                parameters += 1
                return f"{column} = :p{parameters}", {f"p{parameters}": value}
        """,
            "names of parameters are to differ within one statement",
        ),
        Good(
            """
            from app.shelf import tidy

            sold = 0

            def sell(article):
                global sold
                sold += 1
                if sold >= 500:
                    sold = 0
                    return tidy()
                return article
        """,
            "what each process does every five hundred times",
        ),
        Good(
            """
            import logging

            received = 0

            def receive(message):
                global received
                received += 1
                if received % 1000 == 0:
                    logging.info("%d messages so far", received)
        """,
            "a number for the log of this process",
        ),
        Good(
            """
            from collections import Counter

            levels = Counter()

            def run(command, caller):
                levels[caller] += 1
                try:
                    if levels[caller] > 10:
                        raise RecursionError(command)
                    return command.run()
                finally:
                    levels[caller] -= 1
        """,
            "how deep a call is, which ends with it",
        ),
        Good(
            """
            from app.instruments import metrics

            totals = {"read": 0, "written": 0}
            metrics.register("copier", totals)

            def copy(source, target):
                for row in source:
                    totals["read"] += 1
                    target.write(row)

            def begin():
                metrics.start(totals)
        """,
            "the server of the metrics adds the instances up",
        ),
        Good(
            """
            import argparse
            from twisted.internet import reactor

            number = 0

            def next_name():
                global number
                number += 1
                return f"visitor-{number}"

            def start(visitors):
                for _ in range(visitors):
                    reactor.callLater(1, next_name)
                reactor.run()

            if __name__ == "__main__":
                parser = argparse.ArgumentParser()
                parser.add_argument("visitors", type=int)
                start(parser.parse_args().visitors)
        """,
            "a program that somebody starts to put load on a service",
        ),
        Good(
            """
            class Retrying:
                attempts = 0

                def failed(self):
                    self.attempts += 1
        """,
            "`self.attempts += 1` makes an attribute of the object",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        counting = (each for each in source.changed_while_serving if each.role is Role.COUNTER)
        for found, companions in folded(each for each in counting if counters.matters(each, source)):
            names = {
                "what": found.holder,
                "name": found.state.name,
                "more": f" (and {companions} more)" if companions else "",
                "function": function_name(found.change),
            }
            yield Finding(found.state.node, names, found.via)
