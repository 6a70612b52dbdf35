"""SCL103: an HTTP client or session that is built again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place, Resource
from flake8_scalability.model.pooling.sharing import made_per_call
from flake8_scalability.model.running.lifetimes import serves_many
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class HttpClientPerCall(Rule):
    """A function that runs per call builds an HTTP client and throws its connections away.

    What it does
    ------------
    Finds `aiohttp.ClientSession()`, `httpx.Client()` and `AsyncClient()`, `requests.Session()`,
    `urllib3.PoolManager()`, `http.client` connections and their like in a function that runs on every request, task or
    call, `with` and `async with` included.

    Why it does not scale
    ---------------------
    The client is what keeps connections alive between calls. One per call pays for name resolution, TCP and TLS every
    time, leaves a socket in TIME_WAIT behind each, and has no limit on how many are open at once. Building an httpx
    client alone, which loads the certificate store, costs milliseconds of processor time.

    How to fix it
    -------------
    Make one client for the process (in the lifespan, at module level, on a service object) and close it at shut-down;
    hand it to the functions that call. Headers, credentials and timeouts that differ go on the request.

    Known limits
    ------------
    A client that serves a whole batch (a loop over it) is silent outside of the request path. A client kept on `self`
    is taken to live as long as the process unless the file makes the instance per call.
    """

    code = "SCL103"
    slug = "http-client-per-call"
    severity = Severity.CRITICAL
    since = "0.1.0"
    load = "client per call"
    message = "{callee}() opens new HTTP connections on every call of {function}(); share one client for the process"
    short = "{callee}() is a new HTTP client on every call of {function}(); share one"
    title = "HTTP client built per call"
    impact = "Every call pays for TCP and TLS again, and sockets in TIME_WAIT run out under load"
    fix = "Make one client for the process (lifespan, module level, service object), reuse it and close it at the end"
    references = (
        "https://docs.aiohttp.org/en/stable/client_quickstart.html#make-a-request",
        "https://www.python-httpx.org/advanced/clients/",
    )
    examples = (
        Bad(
            """
            import aiohttp
            from fastapi import FastAPI

            app = FastAPI()

            @app.get("/health")
            async def health():
                async with aiohttp.ClientSession() as session:  # SCL103
                    return {"ok": session is not None}
        """,
            "a session for each request",
        ),
        Bad(
            """
            import httpx

            class Rates:
                def __init__(self, base_url):
                    self.base_url = base_url

                def _client(self):
                    return httpx.Client(base_url=self.base_url)  # SCL103

                def is_closed(self):
                    return self._client().is_closed
        """,
            "reported once, in the helper that returns the new client",
        ),
        Bad(
            """
            import requests

            class Weather:
                def __init__(self):
                    self.session = requests.Session()  # SCL103
                    self.session.headers["Accept"] = "application/json"

            def forecast(city):
                return Weather().session.headers
        """,
            "the object around it is made per call, and so is the session",
        ),
        Bad(
            """
            import aiohttp

            class Search:
                async def open(self):
                    self.session = aiohttp.ClientSession()  # SCL103
                    await self.session.close()
        """,
            "kept on the object, but closed by the same call",
        ),
        Good(
            """
            import aiohttp

            class Prices:
                def __init__(self):
                    self._session = None

                async def session(self):
                    if self._session is None or self._session.closed:
                        self._session = aiohttp.ClientSession()
                    return self._session

                async def close(self):
                    if self._session is not None:
                        await self._session.close()
        """,
            "made at first use and kept on the object",
        ),
        Good(
            """
            import gspread
            import requests

            def sheets_of(account):
                return gspread.Client(auth=account.credentials, session=requests.Session())
        """,
            "a part of a client that speaks for one account",
        ),
        Good(
            """
            import requests

            def basket_of(page):
                session = requests.Session()
                page.open(session)
                return session.cookies.get("basket")
        """,
            "one visit to a site, whose cookies are its own",
        ),
        Good(
            """
            import aiohttp

            async def containers(engine):
                async with aiohttp.ClientSession(connector=aiohttp.UnixConnector("/run/engine.sock")) as session:
                    return await engine.containers(session)
        """,
            "another process of this machine answers",
        ),
        Good(
            """
            import httpx

            async def own_api(port):
                address = f"http://127.0.0.1:{port}/liveness"
                async with httpx.AsyncClient(timeout=2) as client:
                    return (await client.get(address)).status_code == 200
        """,
            "asks whether somebody is there",
        ),
        Good(
            """
            import httpx

            async def is_open(url, client=None):
                client = client or httpx.AsyncClient()
                return not client.is_closed
        """,
            "the caller may hand its client in",
        ),
        Good(
            """
            import httpx

            def is_open(url, client=httpx.Client()):
                return not client.is_closed
        """,
            "a default is made when the function is defined",
        ),
        Good(
            """
            import httpx
            from fastapi import FastAPI

            async def lifespan(app):
                async with httpx.AsyncClient() as client:
                    yield {"client": client}

            app = FastAPI(lifespan=lifespan)
        """,
            "made at start-up",
        ),
        Good(
            """
            import requests

            def prepare_all(urls):
                with requests.Session() as session:
                    return [session.prepare_request(requests.Request("GET", url)) for url in urls]
        """,
            "one session for a whole batch",
        ),
        Good(
            """
            import requests

            def make_session():
                session = requests.Session()
                session.headers["Accept"] = "application/json"
                return session

            session = make_session()
        """,
            "the factory is called once, at import",
        ),
        Good(
            """
            import httpx

            def test_app(app):
                with httpx.Client() as client:
                    assert not client.is_closed
        """,
            "a test",
            "tests/test_app.py",
        ),
        Good(
            """
            import threading
            import requests

            _local = threading.local()

            def session():
                if not hasattr(_local, "session"):
                    _local.session = requests.Session()
                return _local.session
        """,
            "one session for each thread",
        ),
        Good(
            """
            import dataclasses
            import httpx

            @dataclasses.dataclass
            class Client:
                base_url: str
                http: httpx.Client = dataclasses.field(default_factory=lambda: httpx.Client())
        """,
            "how long the object lives is not in sight",
        ),
        Good(
            """
            import httpx

            async def is_ready(app):
                async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
                    return not client.is_closed
        """,
            "answered inside this process, without a connection",
        ),
        Good(
            """
            import time
            import requests

            class Login:
                token = None

                def current(self):
                    if self.token is None:
                        session = requests.Session()
                        self.token = session.headers["User-Agent"] + str(time.time())
                    return self.token
        """,
            "runs once in a while, and its result is kept",
        ),
        Good(
            """
            import httpx

            async def is_open(certificate):
                async with httpx.AsyncClient(cert=certificate) as client:
                    return not client.is_closed
        """,
            "each caller's connections have a certificate of their own",
        ),
        Good(
            """
            import asyncio
            import httpx

            async def is_open():
                async with httpx.AsyncClient() as client:
                    return not client.is_closed

            def check():
                return asyncio.run(is_open())
        """,
            "a client can't outlive the event loop, and each call starts one",
        ),
        Good(
            """
            import httpx

            def exchange_code(code):
                with httpx.Client() as client:
                    return client.is_closed, code
        """,
            "once for each log-in",
        ),
        Good(
            """
            import httpx

            def prices(cache):
                found = cache.get("prices")
                if found is None:
                    with httpx.Client() as client:
                        found = client.is_closed
                    cache.set("prices", found, 3600)
                return found
        """,
            "only when the cache is empty",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the HTTP clients that are built per call, but for those that serve a batch."""
        for site in made_per_call(source, Resource.HTTP_CLIENT):
            if site.place is Place.REQUEST or not serves_many(site):
                yield Finding.at(site)
