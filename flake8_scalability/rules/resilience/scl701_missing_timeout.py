"""SCL701: a call that may wait for ever."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import timeouts
from flake8_scalability.catalog.rows import Place, System
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.resilience import blocking, bounds, deadlines
from flake8_scalability.model.resilience.deadlines import Lack
from flake8_scalability.model.running import occasions
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class MissingTimeout(Rule):
    """A call waits for somebody else, and nothing bounds how long.

    What it does
    ------------
    Finds calls that may wait for ever: HTTP requests, mail, FTP, SSH and directory servers, sockets, remote procedures,
    caches and drivers without a socket timeout, child processes, readers that fetch a URL by themselves; and, on the
    request path, waits for queues, events, locks and futures. It also finds a default timeout that was turned off.

    Why it does not scale
    ---------------------
    A peer that accepts the connection and never answers is the ordinary way in which a service fails. Each call to it
    then holds a worker, a connection and a caller until the process is killed, and a handful of them stop everything,
    the endpoints that never talk to that peer included.

    How to fix it
    -------------
    Give every call a bound that its caller can live with: `requests.get(url, timeout=(3.05, 27))`, a connect and a read
    timeout. Set it once for a client where the library allows it, or put `asyncio.timeout()` around awaited calls.

    Known limits
    ------------
    A client that is handed in, or made in another file, is not judged where its constructor could hold the timeout.
    Timeouts that come by `**kwargs` of unknown content, or by a parameter, are believed. It is silent in tools,
    and behind a switch for debugging.
    """

    code = "SCL701"
    slug = "missing-timeout"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "no timeout"
    message = "{callee}() {how} may hang {where}; {advice}"
    short = "{callee}() has no timeout; {advice}"
    title = "Call without a timeout"
    impact = "One peer that stops answering holds every worker that calls it, until nothing is left to serve with"
    fix = "Give the call a timeout, for requests timeout=(connect, read), or set one on the client that makes it"
    references = (
        "https://requests.readthedocs.io/en/latest/user/advanced/#timeouts",
        "https://docs.python.org/3/library/asyncio-task.html#timeouts",
        "https://docs.python.org/3/library/subprocess.html#subprocess.run",
    )
    examples = (
        Bad(
            """
            import requests

            exchange_rates = requests.get("https://rates.example.com/latest")  # SCL701
        """,
            "at import: a peer that hangs keeps the program from starting",
        ),
        Bad(
            """
            import requests

            session = requests.Session()
            session.timeout = 5

            def warehouse_of(parcel):
                page = session.get(f"https://parcels.example.com/{parcel}")  # SCL701
                return page.json()["warehouse"]
        """,
            "a requests session holds no timeout, and an attribute of that name does nothing",
            path="parcels.py",
        ),
        Bad(
            """
            import httpx

            client = httpx.Client(timeout=None)  # SCL701
            patient = httpx.Timeout(None)  # SCL701
        """,
            "httpx has a timeout of its own, and these turn it off",
        ),
        Bad(
            """
            import smtplib

            def main_server():
                return smtplib.SMTP("mail.example.com")  # SCL701
        """,
            "the constructor connects, and its timeout bounds all that follows",
        ),
        Bad(
            """
            import subprocess

            def thumbnail(path):
                subprocess.run(["convert", path, "-resize", "200x200", path + ".png"], check=True)  # SCL701
        """,
            "a child that hangs keeps its parent",
        ),
        Bad(
            """
            import grpc

            import catalog_pb2
            import catalog_pb2_grpc

            stub = catalog_pb2_grpc.CatalogStub(grpc.insecure_channel("catalog:50051"))

            def price(sku):
                return stub.GetProduct(catalog_pb2.ProductRequest(sku=sku)).price  # SCL701
        """,
            "a call of gRPC has no deadline unless it is given one",
        ),
        Bad(
            """
            import feedparser

            def headlines(feed_url):
                return [entry.title for entry in feedparser.parse(feed_url).entries]  # SCL701, SCL703
        """,
            "a parser that is given a URL fetches it, and waits for as long as that takes",
        ),
        Good(
            """
            import subprocess

            from shop import server

            def update():
                subprocess.run(["git", "pull"], check=True)

            def install_browser():
                subprocess.run(["playwright", "install"], check=True)

            def main():
                update()
                server.serve_forever()

            if __name__ == "__main__":
                main()
            """,
            "what a launcher does before it starts the service, and what is installed once",
        ),
        Good(
            """
            import threading
            from subprocess import Popen

            def start_conversion(path):
                child = Popen(["convert-video", path])

                def reap():
                    child.wait()

                threading.Thread(target=reap, daemon=True).start()
            """,
            "the thread is there to wait for the child",
        ),
        Good(
            """
            import requests

            TIMEOUT = (3.05, 27)
            OPTIONS = {"timeout": TIMEOUT, "headers": {"Accept": "application/json"}}

            class Parcel:
                timeout = 10

                def mark(self):
                    self.page = requests.get(f"https://parcels.example.com/{self.number}", timeout=self.timeout)

            rates = requests.get("https://rates.example.com", **OPTIONS)
        """,
            "by attribute, and by a mapping that holds one",
            path="parcels.py",
        ),
        Good(
            """
            import functools

            import requests

            get = functools.partial(requests.get, timeout=5)
            session = requests.Session()
            session.request = functools.partial(session.request, timeout=5)

            rates = get("https://rates.example.com")
            flags = session.get("https://flags.example.com")
        """,
            "set once by a partial, of the function or of the session's method",
        ),
        Good(
            """
            import requests

            def warehouse_of(parcel, **options):
                page = requests.get(f"https://parcels.example.com/{parcel}", **options)
                return page.json()["warehouse"]
        """,
            "the caller may give one",
            path="parcels.py",
        ),
        Good(
            """
            import requests
            from requests.adapters import HTTPAdapter

            class PatientAdapter(HTTPAdapter):
                def send(self, request, *, timeout=None, **options):
                    return super().send(request, timeout=timeout or 10, **options)

            session = requests.Session()
            session.mount("https://", PatientAdapter())
            flags = session.get("https://flags.example.com")
        """,
            "the mounted adapter has one",
        ),
        Good(
            """
            import requests

            class PatientSession(requests.Session):
                def request(self, method, url, **options):
                    options.setdefault("timeout", 10)
                    return super().request(method, url, **options)

            session = PatientSession()
            flags = session.get("https://flags.example.com")
        """,
            "the session's class has one",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()
            rates = client.get("https://rates.example.com")
        """,
            "httpx waits 5 s, and aiohttp 5 min, unless told otherwise",
        ),
        Good(
            """
            import asyncio

            import aiohttp

            LONG_POLL = aiohttp.ClientTimeout(total=None, sock_read=30)

            async def run(command):
                process = await asyncio.create_subprocess_exec(command)
                async with asyncio.timeout(60):
                    return await process.wait()
        """,
            "a bound on each read is one, and so is a time limit around the call",
        ),
        Good(
            """
            import smtplib
            import socket

            socket.setdefaulttimeout(10)

            def main_server():
                return smtplib.SMTP("mail.example.com")
        """,
            "the default of the process holds for the standard library",
        ),
        Good(
            """
            import signal
            import subprocess

            def thumbnail(path):
                signal.alarm(30)
                subprocess.run(["convert", path, path + ".png"], check=True)
                signal.alarm(0)
        """,
            "the alarm ends the wait",
        ),
        Good(
            """
            import subprocess

            VERSION = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True)

            def thumbnail(path):
                process = subprocess.Popen(["convert", path, path + ".png"])
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        """,
            "a program that ends by itself, and a process that was killed",
        ),
        Good(
            """
            import queue
            import threading

            jobs = queue.Queue(maxsize=100)

            def work():
                while True:
                    job = jobs.get()
                    job()

            threading.Thread(target=work, daemon=True).start()
        """,
            "a worker thread may wait for its next job as long as it likes",
        ),
        Good(
            """
            import psycopg2

            connection = psycopg2.connect(DATABASE_URL)
        """,
            "the connection string may hold connect_timeout",
        ),
        Good(
            """
            def latest(requests, device):
                return requests.get(device)
        """,
            "a parameter of that name is not the library",
        ),
        Good(
            """
            import requests

            def main():
                print(requests.get("https://rates.example.com").text)

            if __name__ == "__main__":
                print(requests.get("https://rates.example.com/about").text)
                main()
        """,
            "somebody sits before a tool and can stop it",
        ),
        Good(
            """
            import feedparser

            def headlines(path):
                return [entry.title for entry in feedparser.parse(path).entries]
        """,
            "a file, as far as the text shows",
        ),
        Good(
            """
            import asyncio
            import requests

            async def about():
                return await asyncio.to_thread(requests.get, "https://rates.example.com/about")  # todo: SCL701
        """,
            "a function that is handed over is not followed to its arguments yet",
            path="rates.py",
        ),
        Good(
            """
            import requests

            def test_rates():
                assert requests.get("http://localhost:8000/rates").ok
        """,
            "a test",
            path="tests/test_rates.py",
        ),
        Good(
            """
            import os
            import urllib.request

            def word_list(path):
                if not os.path.exists(path):
                    urllib.request.urlretrieve("https://files.example.com/words", path)
                with open(path) as words:
                    return words.read().split()
        """,
            "fetched once, and kept on disk",
            path="words.py",
        ),
        Good(
            """
            import os
            import urllib.request

            from django.apps import AppConfig

            SOUNDS = {"bell": "https://files.example.com/bell.ogg"}

            def fetch(url, path):
                with urllib.request.urlopen(url) as answer, open(path, "wb") as file:
                    file.write(answer.read())

            class Sounds(AppConfig):
                name = "sounds"

                def ready(self):
                    for name, url in SOUNDS.items():
                        if not os.path.exists(name):
                            fetch(url, name)
        """,
            "the caller looks for the file first, once at start-up",
            path="apps.py",
        ),
        Good(
            """
            import queue
            import threading

            from flask import Flask, Response

            app = Flask(__name__)

            @app.get("/archive")
            def archive():
                chunks = queue.Queue(maxsize=10)
                packer = threading.Thread(target=pack, args=(chunks,))
                packer.start()
                def stream():
                    while True:
                        yield chunks.get()
                packer.join()
                return Response(stream())
        """,
            "a stream hands on what comes, and a thread of the function ends when its work does",
        ),
        Good(
            """
            import psycopg2

            connection = psycopg2.connect(host=HOST, async_=True)
        """,
            "the call returns at once, and its result is polled",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the calls that nothing bounds."""
        for site in source.sites:
            if site.api is None or site.api.deadline is None or not _matters(site):
                continue
            lack = deadlines.lack_of_bound(site)
            if lack is not None:
                yield Finding.at(site, how=_how(lack), where=_where(site), advice=_advice(site))


def _matters(site: CallSite) -> bool:
    """Whether a wait for ever is a defect here: threads may wait for each other, a caller may not wait for them."""
    if site.place is Place.TOOL or site.api is None:
        return False
    if site.place in (Place.LIBRARY, Place.STARTUP) and occasions.is_kept_on_disk(site):
        return False
    if site.api.system is System.SYNC:
        if site.place is not Place.REQUEST or site.is_deferred or _is_for_own_work(site):
            return False
        return site.api.blocks or _is_one_wait(site)
    if site.api.system is System.PROCESS and (_is_ended_by_hand(site) or _has_thread_of_its_own(site)):
        return False
    if site.api.system is System.PROCESS and site.place not in (Place.REQUEST, Place.WORKER):
        if site.place is Place.STARTUP and site.function is not None:
            return False  # a launcher prepares what it then starts, and whoever started it sees that it hangs
        # A coroutine that waits for a child holds no thread.
        return not occasions.is_setup(site) and site.api.blocks and _program(site) not in timeouts.PROMPT_PROGRAMS
    return not (site.api.system is System.RPC and _is_stream(site))


def _is_for_own_work(site: CallSite) -> bool:
    """Whether a function waits for what it started itself, which no timeout ends, or hands on a stream as it comes."""
    function = site.function
    if function is not None and blocking.is_generator(function):
        return True
    for receiver in bounds.receivers(site):
        made = receiver.call
        if made is not None and receiver.scope is site.scope and terminal_name(made.func) in timeouts.LOCAL_WORK:
            return True
    return any(
        isinstance(item.context_expr, ast.Call) and terminal_name(item.context_expr.func).endswith(timeouts.LOCAL_POOLS)
        for block in site.inside((ast.With,))
        if isinstance(block, ast.With)
        for item in block.items
    )


def _has_thread_of_its_own(site: CallSite) -> bool:
    """Whether the function is only ever handed to a thread or the like: it is there to wait for the child."""
    edges = site.source.graph.into.get(site.function, ()) if site.function is not None else ()
    return bool(edges) and all(edge.handed for edge in edges)


def _is_ended_by_hand(site: CallSite) -> bool:
    """Whether somebody sits before the program and ends the wait with the keyboard."""
    return any(
        isinstance(attempt, ast.Try)
        and any(
            isinstance(part, ast.Name) and part.id == "KeyboardInterrupt"
            for handler in attempt.handlers
            if handler.type is not None
            for part in ast.walk(handler.type)
        )
        for attempt in site.inside((ast.Try,))
    )


def _is_one_wait(site: CallSite) -> bool:
    """Whether a coroutine waits here and now, not as the consumer of a stream of messages."""
    return site.is_awaited and loops.enclosing(site) is None


def _is_stream(site: CallSite) -> bool:
    """Whether a loop goes through the answers as they come, which may well take the life of the process."""
    return isinstance(site.parents.get(site.node), (ast.For, ast.AsyncFor, ast.comprehension))


def _program(site: CallSite) -> str:
    """Return the name of the program that is started, "" where the text does not show it."""
    made = [receiver.call for receiver in bounds.receivers(site) if receiver.call is not None]
    started = made[0] if made else site.node
    first = started.args[0] if started.args else None
    if isinstance(first, ast.Name):
        home = site.scope.lookup(first.id)
        bindings = home.bindings[first.id] if home is not None else []
        values = [each.value for each in bindings if each.value is not None and not _is_none(each.value)]
        first = values[0] if values and len({_first_word(value) for value in values}) == 1 else None
    return _first_word(first)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _first_word(first: ast.expr | None) -> str:
    """Return the program that a command line names, "" where it is not written out."""
    if isinstance(first, ast.IfExp):
        either = {_first_word(first.body), _first_word(first.orelse)}
        return either.pop() if len(either) == 1 or either <= timeouts.PROMPT_PROGRAMS else ""
    if isinstance(first, (ast.List, ast.Tuple)) and first.elts:
        first = first.elts[0]
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
    words = str(first.value).split() if isinstance(first, ast.Constant) else []
    return words[0].rpartition("/")[2] if words else ""


def _how(lack: Lack) -> str:
    return "with its timeout turned off" if lack is Lack.TURNED_OFF else "without a timeout"


def _where(site: CallSite) -> str:
    if site.api is not None and site.api.makes is not None:
        return "whatever uses it"
    return f"{site.function_name}()" if site.function is not None else "start-up"


def _advice(site: CallSite) -> str:
    assert site.api is not None and site.api.deadline is not None
    deadline = site.api.deadline
    if deadline.advice:
        return deadline.advice
    if deadline.keywords:
        return f"pass {deadline.keywords[0]}="
    if deadline.client:
        return f"pass {deadline.client[0]}= to its client"
    return "give it a time limit" if site.api.blocks else "put it under asyncio.timeout()"
