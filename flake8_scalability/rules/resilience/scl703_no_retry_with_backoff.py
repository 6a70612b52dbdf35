"""SCL703: an idempotent call to an external service that is not tried again."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Effect
from flake8_scalability.model.resilience.outbound import unguarded
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class NoRetryWithBackoff(Rule):
    """A call that could be repeated safely is made once, and a passing fault becomes an error.

    What it does
    ------------
    Finds idempotent calls (GET, HEAD, PUT, DELETE, look-ups) to another service on the request path, in workers and in
    client code, with no retry with backoff around them in the file and none in their client. It reports the first such
    call of each function.

    Why it does not scale
    ---------------------
    The more instances and services there are, the more often one of them restarts, is deployed or drops a connection.
    Each of these moments lasts a second and fails every request that meets it, unless the call is made again.

    How to fix it
    -------------
    Let the client retry: `Retry(total=3, backoff_factor=0.5)` in an `HTTPAdapter` mounted on the session, or a
    decorator with a growing, jittered wait and a stop (`tenacity`, `backoff`, `stamina`). Keep a timeout on each try.

    Known limits
    ------------
    Retries that another file adds are not seen, except by name. A client that the file is handed may retry by
    itself, so that calls through it are left alone.
    """

    code = "SCL703"
    slug = "no-retry-with-backoff"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{callee}() in {function}() is not retried; retry it with backoff and a stop"
    short = "{callee}() in {function}() is not retried; retry with backoff"
    title = "External call without retry"
    impact = "Every restart or dropped connection on the other side becomes an error of this service"
    fix = (
        "Retry with a growing, jittered wait and a stop: urllib3 Retry in a mounted adapter, tenacity, backoff, stamina"
    )
    references = (
        "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
        "https://tenacity.readthedocs.io/",
    )
    examples = (
        Bad(
            """
            import httpx

            client = httpx.Client()

            def fetch_rates(currency):
                return client.get(f"https://rates.example/{currency}").json()  # SCL703
        """,
            "one dropped connection is an error",
        ),
        Bad(
            """
            import requests

            class CatalogueClient:
                def __init__(self):
                    self.session = requests.Session()

                def product(self, number):
                    answer = self.session.get(f"https://catalogue.example/{number}", timeout=5)  # SCL703
                    return answer.json()

                def drop(self, number):
                    self.session.request("DELETE", f"https://catalogue.example/{number}", timeout=5)  # SCL703
        """,
            "a session has no retries unless an adapter brings them",
        ),
        Bad(
            """
            import requests
            from requests.adapters import HTTPAdapter

            session = requests.Session()
            session.mount("https://", HTTPAdapter(pool_maxsize=50))

            def fetch_stock(number):
                return session.get(f"https://stock.example/{number}", timeout=5).json()  # SCL703
        """,
            "this adapter makes the pool larger and retries nothing",
        ),
        Good(
            """
            import requests
            from requests.adapters import HTTPAdapter
            from urllib3.util.retry import Retry

            def _session():
                session = requests.Session()
                session.mount("https://", HTTPAdapter(max_retries=Retry(total=3, backoff_factor=0.5)))
                return session

            http = _session()

            def fetch_stock(number):
                return http.get(f"https://stock.example/{number}", timeout=5).json()
        """,
            "the adapter retries with backoff",
        ),
        Good(
            """
            import httpx
            from tenacity import retry, stop_after_attempt, wait_random_exponential

            client = httpx.Client()

            @retry(stop=stop_after_attempt(3), wait=wait_random_exponential(max=10))
            def fetch_rates(currency):
                return client.get(f"https://rates.example/{currency}").json()
        """,
            "retried by a decorator",
        ),
        Good(
            """
            import httpx

            client = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=3))

            async def fetch_rates(currency):
                return (await client.get(f"https://rates.example/{currency}")).json()
        """,
            "the transport retries failed connections",
        ),
        Good(
            """
            import random
            import time
            import httpx

            client = httpx.Client()

            def _get(path):
                return client.get("https://rates.example" + path).json()

            def fetch_rates(currency):
                for attempt in range(4):
                    try:
                        return _get("/" + currency)
                    except httpx.TransportError:
                        time.sleep(random.random() * 2**attempt)
                raise RuntimeError("rates not available")
        """,
            "a loop of its own, around the only caller",
        ),
        Good(
            """
            import time
            import httpx

            client = httpx.Client()

            def fetch_rates(currency, tried=0):
                try:
                    return client.get(f"https://rates.example/{currency}").json()
                except httpx.TransportError:
                    if tried == 3:
                        raise
                    time.sleep(2**tried)
                    return fetch_rates(currency, tried + 1)
        """,
            "the function tries again by calling itself",
        ),
        Good(
            """
            import httpx
            from celery import shared_task

            client = httpx.Client()

            @shared_task(autoretry_for=(httpx.TransportError,), retry_backoff=True, max_retries=5)
            def load_rates(currency):
                return client.get(f"https://rates.example/{currency}").json()

            @shared_task(bind=True, max_retries=5)
            def load_stock(self, number):
                try:
                    return client.get(f"https://stock.example/{number}").json()
                except httpx.TransportError as error:
                    raise self.retry(exc=error, countdown=2**self.request.retries)
        """,
            "the task queue runs a failed task again",
        ),
        Good(
            """
            import httpx
            from shop.http import session

            def fetch_rates(currency):
                return session.get(f"https://rates.example/{currency}").json()

            def fetch_stock(client: httpx.Client, number):
                return client.get(f"https://stock.example/{number}").json()
        """,
            "sessions that the file does not make may retry by themselves",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()
            MIRRORS = ("https://a.example", "https://b.example")

            def fetch_index():
                for mirror in MIRRORS:
                    try:
                        return client.get(mirror + "/index").json()
                    except httpx.TransportError:
                        continue
                raise RuntimeError("no mirror answers")
        """,
            "a failure leads to another host",
        ),
        Good(
            """
            import logging
            import httpx

            log = logging.getLogger(__name__)
            client = httpx.Client()

            def read_feeds(addresses):
                for address in addresses:
                    try:
                        entries = client.get(address).text
                    except httpx.HTTPError:
                        log.warning("feed %s skipped", address)
                    else:
                        yield entries
        """,
            "best effort: a feed that fails is left for the next time",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()

            def is_healthy():
                return client.get("https://rates.example/health").status_code == 200

            def read_metadata():
                return client.get("http://169.254.169.254/latest/meta-data/").text
        """,
            "a probe wants the answer of this moment; the address is of this machine",
        ),
        Good(
            """
            import urllib.request

            def post_report(report):
                # todo: SCL702
                request = urllib.request.Request("https://reports.example", data=report, method=report.method)
                with urllib.request.urlopen(request, timeout=5) as answer:
                    return answer.status
        """,
            "whether the call may be repeated is not shown",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the first unguarded idempotent call of each function."""
        for site in unguarded(source, Effect.READ):
            yield Finding.at(site)
