"""SCL107: HTTP calls that open a connection each time, where a session would keep it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import loops, urls
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.loops import Loop, LoopKind
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.resilience import outbound, upstreams
from flake8_scalability.model.running import occasions, probes
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

#: From this many one-shot calls on, a class or module is a client that ought to have a session.
SEVERAL = 2
#: Loops that repeat a call for other work each time, and how a message says so.
_REPEATING = {
    LoopKind.ITEMS: "for each item",
    LoopKind.PAGES: "for each page or chunk",
    LoopKind.WAIT: "in each turn of the loop",
    LoopKind.FOREVER: "in each turn of the loop",
}


class HttpCallWithoutSession(Rule):
    """An HTTP call opens a connection of its own, and closes it, each time it runs.

    What it does
    ------------
    Finds one-shot calls (`requests.get`, `httpx.get`, `urllib.request.urlopen` and their like) on the request path,
    in a worker, in a loop, and in a class or module that makes several of them.

    Why it does not scale
    ---------------------
    Each such call resolves the name and shakes hands for TCP and TLS, two to four round trips before the first byte of
    the request is sent, and leaves a socket in TIME_WAIT behind. Under load the handshakes cost more than the work.

    How to fix it
    -------------
    Keep one session or client for the process (`requests.Session()`, `httpx.Client()`, `urllib3.PoolManager()`) and
    call its methods: the connection stays open for the next call.

    Known limits
    ------------
    A lone call of library code is let pass, since the file does not show how often it runs, and so is one behind a
    switch for debugging. Calls to many different hosts gain little from a session; the rule only tells hosts apart
    where a whole address comes with the call.
    """

    code = "SCL107"
    slug = "http-call-without-session"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "client per call"
    message = "{callee}() opens a new connection {when}; keep one HTTP session and reuse it"
    short = "{callee}() connects anew {when}; reuse a session"
    title = "HTTP call without a session"
    impact = "Every call pays for name resolution and the TCP and TLS handshakes, and leaves a closed socket behind"
    fix = "Keep one requests.Session, httpx.Client or urllib3.PoolManager for the process and call its methods"
    references = (
        "https://requests.readthedocs.io/en/latest/user/advanced/#session-objects",
        "https://www.python-httpx.org/advanced/clients/",
    )
    examples = (
        Bad(
            """
            import requests
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @app.get("/weather/<town>")
            @limiter.limit("10/minute")
            def weather(town):
                return requests.get(f"https://weather.example.com/{town}", timeout=5).json()  # SCL107, SCL703
        """,
            "every request opens a connection to the same host",
        ),
        Bad(
            """
            import requests

            def pictures(names):
                found = []
                for name in names:
                    found.append(requests.get(f"https://files.example.com/{name}", timeout=5).content)  # SCL107
                return found
        """,
            "a connection for each name, all to one host",
            path="albums.py",
        ),
        Bad(
            """
            import httpx

            class Parcel:
                def warehouse(self):
                    return httpx.get(f"https://parcels.example.com/{self.number}/warehouse").json()  # SCL107, SCL703

                def history(self):
                    return httpx.get(f"https://parcels.example.com/{self.number}/history").json()  # SCL107, SCL703
        """,
            "a class that speaks to one service ought to have a session",
            path="parcels.py",
        ),
        Good(
            """
            import requests
            from django.conf import settings

            def styles(request):
                found = ""
                if getattr(settings, "DEBUG", False):
                    found = requests.get("http://127.0.0.1:4000/styles.css").text
                return found
            """,
            "where somebody develops",
        ),
        Good(
            """
            import requests
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)
            session = requests.Session()
            session.mount("https://", requests.adapters.HTTPAdapter(max_retries=RETRIES))

            @app.get("/weather/<town>")
            @limiter.limit("10/minute")
            def weather(town):
                return session.get(f"https://weather.example.com/{town}", timeout=5).json()
        """,
            "one session for the process",
        ),
        Good(
            """
            import requests

            def greet():
                today = requests.get("https://weather.example.com/today", timeout=5).json()
                print("Good morning!" if today["sunny"] else "Good morning all the same!")
        """,
            "a lone call of library code: the file does not show how often it runs",
            path="skies.py",
        ),
        Good(
            """
            import requests

            keys = requests.get("https://login.example.com/keys", timeout=5).json()
            flags = requests.get("https://flags.example.com/all", timeout=5).json()
        """,
            "at start-up, once",
        ),
        Good(
            """
            import requests

            def weather(towns):
                for town in towns:
                    print(requests.get(f"https://weather.example.com/{town}", timeout=5).text)

            if __name__ == "__main__":
                weather(["Rome", "Oslo"])
        """,
            "a script that somebody runs",
        ),
        Good(
            """
            import requests

            def weather():
                for attempt in range(3):
                    try:
                        return requests.get("https://weather.example.com/today", timeout=5).json()
                    except requests.ConnectionError:
                        time.sleep(2 ** attempt)
        """,
            "the loop tries one call again",
        ),
        Good(
            """
            import requests

            HOME = "https://shop.example.com"

            class Shop:
                def is_alive(self):
                    return requests.get(f"{HOME}/health", timeout=5).ok

                def is_ready(self):
                    return requests.get(f"{HOME}/ready", timeout=5).ok
        """,
            "a probe asks whether a new connection can be made",
            path="shops.py",
        ),
        Good(
            """
            import requests

            def reload_all(servers):
                for server in servers:
                    requests.get(f"http://{server}/reload", timeout=5)
        """,
            "another host each time, so that no connection would be used twice",
            path="fleet.py",
        ),
        Good(
            """
            import httpx

            class Parcel:
                def __init__(self, number, client: httpx.Client):
                    self.number = number
                    self.client = client

                def warehouse(self):
                    return self.client.get(f"/{self.number}/warehouse").json()

                def history(self):
                    return self.client.get(f"/{self.number}/history").json()
        """,
            "the client is handed in",
            path="parcels.py",
        ),
        Good(
            """
            import requests
            from celery import shared_task
            from .resilience import with_retries

            @shared_task
            @with_retries
            def mirror(picture_url):
                return requests.get(picture_url, timeout=5).content  # todo: SCL107
        """,
            "some page of the world each time",
        ),
        Good(
            """
            import requests
            import secrets
            from django.core.cache import cache
            from .resilience import with_retries

            class Keys:
                @with_retries
                def current(self):
                    keys = cache.get("keys")
                    if keys is None:
                        keys = requests.get("https://login.example.com/keys", timeout=5).json()
                        cache.set("keys", keys, 3600 + secrets.randbelow(600))
                    return keys
        """,
            "once an hour",
        ),
        Good(
            """
            import requests
            from .resilience import with_retries

            class Address:
                zones = "https://zones.example.com/all"
                names = "https://names.example.org/all"

                @with_retries
                def zone(self):
                    return requests.get(self.zones, timeout=5).ok

                @with_retries
                def name(self):
                    return requests.get(self.names, timeout=5).ok
        """,
            "two hosts, once each",
            path="lookups.py",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the one-shot calls that run often enough for a session to pay."""
        calls = [site for site in source.sites if site.api is not None and site.api.handshake and _is_repeated(site)]
        homes = Counter(_home(site) for site in calls)
        functions = Counter(site.function for site in calls)
        for site in calls:
            when = _when(site, homes[_home(site)], functions[site.function])
            if when:
                yield Finding.at(site, when=when)


def _is_repeated(site: CallSite) -> bool:
    """Whether the call may run again and again, to a host that it has spoken to before.

    A probe wants a connection of its own, a command line runs once, and what is cached, kept on disk or set up once is
    hardly fetched again.
    """
    if site.place in (Place.TOOL, Place.STARTUP) or probes.is_probe(site):
        return False
    if site.place is Place.LIBRARY and (outbound.speaks_to_a_person(site.source) or _prints(site)):
        return False
    if occasions.is_setup(site) or occasions.is_kept_on_disk(site) or occasions.is_behind_cache(site):
        return False
    return not upstreams.comes_whole(site)


def _prints(site: CallSite) -> bool:
    """Whether the function tells a person what it does, as a command does."""
    calls = site.function.of(ast.Call) if site.function is not None else ()
    return any(isinstance(node, ast.Call) and terminal_name(node.func) == "print" for node in calls)


def _home(site: CallSite) -> tuple[Scope, str]:
    """Return the class or module that would own the session; a class speaks to one host, a module may to several."""
    function = site.function
    owner = function.owner if function is not None else None
    return (owner, upstreams.host(site)) if owner is not None else (site.scope.module, "")


def _when(site: CallSite, beside: int, together: int) -> str:
    """Say how often the call runs; "" where the file does not show that it is often.

    beside: how many such calls the class (to the same host) or module has
    together: how many of them the function has
    """
    each_call = f"on every call of {site.function_name}()"
    if site.place is Place.REQUEST and not (together == 1 and occasions.is_login(site)):
        return each_call
    loop = loops.enclosing(site)
    if loop is not None and loop.kind in _REPEATING and not _gains_nothing(site, loop):
        return _REPEATING[loop.kind]
    often = beside >= SEVERAL and not (together == 1 and occasions.is_login(site))
    return each_call if often else ""


def _gains_nothing(site: CallSite, loop: Loop) -> bool:
    """Whether a loop goes through hosts, so that no connection serves twice, or only counts, as for redirects."""
    if not isinstance(loop.node, (ast.For, ast.AsyncFor)):
        return False
    bound = {node.id for node in ast.walk(loop.node.target) if isinstance(node, ast.Name)}
    if bound == {"_"}:
        return True
    return bool(site.node.args) and urls.host_part(site.node.args[0], site.scope) in bound
