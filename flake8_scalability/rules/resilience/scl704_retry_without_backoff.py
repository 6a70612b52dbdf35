"""SCL704: a retry that does not back off, or never gives up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.resilience import retries, retry_options
from flake8_scalability.model.resilience.outbound import reaches_network, reads_before, speaks_to_a_person
from flake8_scalability.model.resilience.retries import RetryLoop, Wait
from flake8_scalability.model.sites import display_name, spelled
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: Functions that wait for something to come up, once, so that a steady look now and then is what they want.
_WAITS_FOR = re.compile(
    r"(^|_)(wait|poll|until|ensure|ping)(_|$)|^_*(create|setup|set_up|init|provision)_", re.IGNORECASE
)
#: Functions that serve for as long as the process lives, and so have no reason to give up.
_LIVES_ON = re.compile(
    r"(^|_)(listen(er)?|consum\w+|subscri\w+|worker|watch\w*|daemon|forever|loop|serve|run|stream|reconnect)(_|$)",
    re.IGNORECASE,
)
#: So many tries with a pause between them are no herd where no request waits.
_FEW = 3
_SILENT = (Place.TOOL, Place.STARTUP)


class RetryWithoutBackoff(Rule):
    """A failed call is made again at once, after the same pause each time, or for ever.

    What it does
    ------------
    Finds retries with no growing wait or no stop: hand-written loops around network calls, decorators and policies of
    retry libraries (`@retry` of tenacity without `wait` or `stop`, `backoff.constant`, urllib3's `Retry(total=3)`,
    whose `backoff_factor` is 0), and Celery tasks with `autoretry_for` but without `retry_backoff`.

    Why it does not scale
    ---------------------
    A service that is overloaded gets the same call again from everyone at the same moment: three tries are three
    times the load, just when it can bear the least. A retry without an end keeps that up until somebody restarts it.

    How to fix it
    -------------
    Let the wait grow with each try, with jitter, and give up after a few: `wait=wait_random_exponential(max=30)` and
    `stop=stop_after_attempt(4)` (tenacity), `backoff.expo` with `max_tries`, `backoff_factor=0.5` (urllib3),
    `retry_backoff=True` (Celery), or `sleep(min(2**attempt, 30) * random())` in a loop of one's own.

    Known limits
    ------------
    A loop that tries again at once counts only where the file shows that it calls over the network. Waits that are
    computed somewhere else, and waits until a service has come up, are left alone.
    """

    code = "SCL704"
    slug = "retry-without-backoff"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{callee} in {function}() {how}; {instead}"
    short = "{callee} in {function}() {how}; {instead}"
    title = "Retry without backoff"
    impact = "Retries in step multiply the load on a service just when it fails"
    fix = "Exponential backoff with jitter and a limit: tenacity, backoff, stamina, backoff_factor, retry_backoff=True"
    references = (
        "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
        "https://docs.celeryq.dev/en/stable/userguide/tasks.html#automatic-retry-for-known-exceptions",
    )
    examples = (
        Bad(
            """
            import time
            import httpx

            client = httpx.Client()

            def fetch_rates(currency):
                for attempt in range(5):  # SCL704
                    try:
                        return client.get(f"https://rates.example/{currency}").json()
                    except httpx.TransportError:
                        time.sleep(1)
        """,
            "the same second between all tries",
        ),
        Bad(
            """
            import httpx

            client = httpx.Client()

            def fetch_stock(number):
                while True:  # SCL704
                    try:
                        return client.get(f"https://stock.example/{number}").json()
                    except httpx.TransportError:
                        continue
        """,
            "at once, and for ever",
        ),
        Bad(
            """
            import backoff
            import httpx
            import tenacity

            client = httpx.Client()

            @tenacity.retry  # SCL704
            def fetch_rates(currency):
                return client.get(f"https://rates.example/{currency}").json()

            @tenacity.retry(stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_fixed(2))  # SCL704
            def fetch_stock(number):
                return client.get(f"https://stock.example/{number}").json()

            @backoff.on_exception(backoff.expo, httpx.TransportError)  # SCL704
            def fetch_price(number):
                return client.get(f"https://price.example/{number}").json()
        """,
            "no wait and no stop by default; a constant wait; no stop",
        ),
        Bad(
            """
            import requests
            from requests.adapters import HTTPAdapter
            from urllib3.util.retry import Retry

            session = requests.Session()
            session.mount("https://", HTTPAdapter(max_retries=Retry(total=5, status_forcelist=[502, 503])))  # SCL704
        """,
            "the backoff factor is 0 unless it is given",
        ),
        Bad(
            """
            from celery import Celery

            app = Celery("shop")

            @app.task(autoretry_for=(ConnectionError,), max_retries=3)  # SCL704
            def load_rates(currency):
                return currency.load()

            @app.task(bind=True, max_retries=3)
            def load_stock(self, number):
                try:
                    return number.load()
                except ConnectionError as error:
                    raise self.retry(exc=error, countdown=60)  # SCL704
        """,
            "all tasks that failed together come back together",
        ),
        Good(
            """
            import random
            import time
            import httpx

            client = httpx.Client()

            def fetch_rates(currency):
                for attempt in range(5):
                    try:
                        return client.get(f"https://rates.example/{currency}").json()
                    except httpx.TransportError:
                        time.sleep(random.random() * 2**attempt)

            def fetch_stock(number):
                delay = 1
                while delay < 60:
                    try:
                        return client.get(f"https://stock.example/{number}").json()
                    except httpx.TransportError:
                        time.sleep(delay)
                        delay *= 2
        """,
            "the wait grows and there is an end",
        ),
        Good(
            """
            import httpx
            from tenacity import retry, stop_after_attempt, stop_after_delay
            from tenacity import wait_fixed, wait_random, wait_random_exponential

            client = httpx.Client()

            @retry(stop=stop_after_attempt(3), wait=wait_random_exponential(max=10))
            def fetch_rates(currency):
                return client.get(f"https://rates.example/{currency}").json()

            @retry(stop=stop_after_delay(30) | stop_after_attempt(5), wait=wait_fixed(1) + wait_random(0, 2))
            def fetch_stock(number):
                return client.get(f"https://stock.example/{number}").json()
        """,
            "a growing wait, and one that is spread",
        ),
        Good(
            """
            from requests.adapters import HTTPAdapter
            from urllib3.util.retry import Retry

            GENTLE = Retry(total=5, backoff_factor=0.5)
            NONE = HTTPAdapter(max_retries=0)
            OFF = Retry(0)

            def policy(settings):
                return Retry(**settings.RETRY)
        """,
            "backoff, retries turned off, and options that the file does not show",
        ),
        Good(
            """
            import logging

            log = logging.getLogger(__name__)

            def work(queue, handle):
                while True:
                    message = queue.receive()
                    try:
                        handle(message)
                    except ConnectionError:
                        log.exception("message dropped")
                        continue
        """,
            "the next turn takes another message",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()
            HOSTS = ["https://a.example", "https://b.example", "https://c.example"]

            def fetch_index():
                for number in range(len(HOSTS)):
                    try:
                        return client.get(HOSTS[number] + "/index").json()
                    except httpx.TransportError:
                        continue
        """,
            "the next turn asks another host",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()

            def fetch_account(session, number):
                for _ in range(2):
                    try:
                        return client.get(f"https://bank.example/{number}", headers=session.headers).json()
                    except httpx.HTTPStatusError:
                        session.log_in_again()
        """,
            "one more try after what was wrong was put right",
        ),
        Good(
            """
            import secrets

            def unique_code(codes):
                for _ in range(5):
                    code = secrets.token_hex(4)
                    try:
                        codes.add(code)
                        return code
                    except ValueError:
                        continue
        """,
            "nothing goes over the network: each try is with another value",
        ),
        Good(
            """
            import time
            import psycopg2

            def wait_for_database(dsn):
                while True:
                    try:
                        return psycopg2.connect(dsn, connect_timeout=3)
                    except psycopg2.OperationalError:
                        time.sleep(1)

            database = wait_for_database("dbname=shop")
        """,
            "waiting at start-up until the database is there",
        ),
        Good(
            """
            import tenacity

            @tenacity.retry(stop=tenacity.stop_after_attempt(60), wait=tenacity.wait_fixed(1))
            def connect():
                raise NotImplementedError

            if __name__ == "__main__":
                connect()
        """,
            "a script that waits for what it needs",
        ),
        Good(
            """
            from celery import Celery

            app = Celery("shop")

            @app.task(autoretry_for=(ConnectionError,), retry_backoff=True, retry_jitter=True, max_retries=3)
            def load_rates(currency):
                return currency.load()

            @app.task(bind=True, max_retries=30)
            def follow_shipment(self, shipment):
                if not shipment.arrived():
                    raise self.retry(countdown=3600)

            @app.task(bind=True, max_retries=3)
            def load_stock(self, number):
                try:
                    return number.load()
                except ConnectionError as error:
                    raise self.retry(exc=error, countdown=60 * 2**self.request.retries)
        """,
            "growing waits; a look once an hour is no retry",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()

            def fetch_rates(currency, policy):
                for attempt in range(5):
                    try:
                        return client.get(f"https://rates.example/{currency}").json()
                    except httpx.TransportError:
                        policy.backoff(attempt)
        """,
            "how it waits is decided elsewhere",
        ),
        Good(
            """
            from celery import shared_task

            from .cleaning import sweep

            @shared_task(autoretry_for=(OSError,), retry_kwargs={"max_retries": 3, "countdown": 600})
            def nightly():
                sweep()
        """,
            "ten minutes apart, nothing is hammered",
        ),
        Good(
            """
            import requests
            import time

            def outcome(job):
                for attempt in range(30):
                    try:
                        answer = requests.get("https://jobs.example.com/" + job, params=dict(q="get_result"), timeout=5)
                        if answer.json()["done"]:
                            return answer.json()
                    except requests.ConnectionError:
                        pass
                    time.sleep(5)
        """,
            "it asks whether the work is done, at a steady pace",
            path="jobs.py",
        ),
        Good(
            """
            from celery import shared_task

            @shared_task(bind=True)
            def add_up(self, numbers):
                try:
                    return sum(numbers)
                except OverflowError as error:
                    raise self.retry(exc=error, countdown=5)
            """,
            "no service is asked again",
        ),
        Good(
            """
            from sqlalchemy.exc import OperationalError

            def stored(session, work):
                for attempt in range(3):
                    try:
                        work(session)
                        session.commit()
                        return
                    except OperationalError:
                        session.rollback()
        """,
            "a transaction that met another one is made anew",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the retries of libraries and the hand-written ones that hammer."""
        for applied in retry_options.retrying(source):
            yield from _of_library(applied, source)
        for call, scope in retry_options.tasks_again(source):
            if source.place(scope).place is Place.WORKER:
                yield _finding(call, scope.function, source, f"{spelled(call.func)}()", "always waits the same")
        for scope in source.scopes:
            if ast.Try in scope.nodes and scope.function is not None:
                for loop in scope.of(*retries.LOOPS):
                    yield from _of_loop(loop, scope, source)


def _of_library(applied: retry_options.Applied, source: SourceFile) -> Iterator[Finding]:
    found = applied.found
    standing = source.place(applied.function or applied.scope)
    if standing.place is Place.TOOL or (standing.place is Place.STARTUP and not retry_options.is_policy(found)):
        return
    function = applied.function or applied.scope.function
    if retry_options.is_off(found) or (function is not None and _WAITS_FOR.search(function.name)):
        return
    lives_on = function is not None and _LIVES_ON.search(function.name) is not None
    backs_off = retry_options.backs_off(found, source.resolver) or retry_options.pauses_long(found)
    stops = retry_options.stops(found, source.resolver) or (backs_off and lives_on)
    how = _wording(backs_off, stops, "does not back off")
    if how:
        node = found.node
        callee = spelled(node.func) + "()" if isinstance(node, ast.Call) else spelled(node)
        yield _finding(node, function, source, callee, how)


def _of_loop(loop: ast.AST, scope: Scope, source: SourceFile) -> Iterator[Finding]:
    function = scope.function
    assert function is not None and isinstance(loop, retries.LOOPS)
    if _WAITS_FOR.search(function.name) or not _holds_try(loop, scope):
        return
    found = retries.read(loop, source.parents(scope))
    if found is None or _is_meant(found, source):
        return
    backs_off = found.wait in (Wait.GROWING, Wait.UNKNOWN)
    pause = "tries again at once" if found.wait is Wait.NONE else "always waits the same"
    how = _wording(backs_off, found.stops or backs_off, pause)
    says_so = found.wait is Wait.SAME and retries.is_counted(loop)
    if not how or not (says_so or reaches_network(found.attempt, scope, source)):
        return
    place = source.place(scope).place
    if found.wait is Wait.SAME and place is not Place.REQUEST and _tries_at_most(loop, _FEW):
        return
    if place not in _SILENT and not (place is Place.LIBRARY and speaks_to_a_person(source)):
        yield _finding(loop, function, source, "the retry loop", how)


def _holds_try(loop: ast.stmt, scope: Scope) -> bool:
    last = loop.end_lineno or loop.lineno
    return any(loop.lineno < getattr(attempt, "lineno", 0) <= last for attempt in scope.of(ast.Try))


def _wording(backs_off: bool, stops: bool, pause: str) -> str:
    """Say what is wrong with a retry; "" where nothing is."""
    return " and ".join(text for text, good in ((pause, backs_off), ("never gives up", stops)) if not good)


def _instead(how: str) -> str:
    """Say what to do about what is wrong with a retry."""
    if "never gives up" not in how:
        return "let the waits grow, with jitter"
    return "stop after a few tries" if how == "never gives up" else "back off, with jitter, and stop"


def _finding(node: ast.AST, function: Scope | None, source: SourceFile, callee: str, how: str) -> Finding:
    via = source.place(function).via if function is not None else None
    reached = display_name(via) if via is not None and via is not function else ""
    return Finding(
        node, {"callee": callee, "function": display_name(function), "how": how, "instead": _instead(how)}, reached
    )


def _is_meant(found: RetryLoop, source: SourceFile) -> bool:
    """Whether trying at once or steadily is what is wanted: a fault was put right, or a start is awaited."""
    if found.mends or found.watches_clock:
        return True
    loop = found.node
    if found.wait is Wait.NONE and (reads_before(found, source) or (found.stops and retries.rolls_back(found.attempt))):
        return True
    return _tries_at_most(loop, 2)


def _tries_at_most(loop: retries.LoopNode, limit: int) -> bool:
    """Whether a loop shows that it tries a few times at most: `for attempt in range(3)`."""
    if isinstance(loop, ast.While) or not isinstance(loop.iter, ast.Call) or not loop.iter.args:
        return False
    bounds = [part.value for part in loop.iter.args if isinstance(part, ast.Constant) and isinstance(part.value, int)]
    if len(bounds) != len(loop.iter.args):
        return False
    return bounds[0] <= limit if len(bounds) == 1 else bounds[1] - bounds[0] <= limit
