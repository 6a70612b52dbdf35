"""SCL702: a call with side effects to an external service that nothing guards."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Effect
from flake8_scalability.model.resilience.outbound import unguarded
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class NoCircuitBreaker(Rule):
    """A service of others is asked to do something, and nothing stops the asking when it fails.

    What it does
    ------------
    Finds calls with side effects (POST, PATCH, payments, mail, remote procedures) to another service on the request
    path, in workers and in client code, with no circuit breaker, bulkhead or bounded retry around them in the file.
    It reports the first such call of each function.

    Why it does not scale
    ---------------------
    When the other side slows down, every caller waits for its whole timeout. Threads and connections fill up with
    these waits, and a fault of one service becomes a fault of all that call it. The calls that pile up meet the
    service again just as it recovers.

    How to fix it
    -------------
    Put a circuit breaker around the call (`circuitbreaker`, `pybreaker`, `aiobreaker`), with a timeout on the call and
    an answer for the time when the breaker is open: a queue, a cached value, a clear error. Where the call carries an
    idempotency key, a retry with backoff and a stop will do as well.

    Known limits
    ------------
    A breaker in another file is not seen unless it shows in a name (`self.breaker.call`, `@with_circuit_breaker`). A
    client that the file is handed may guard itself, so that calls through it are left alone.
    """

    code = "SCL702"
    slug = "no-circuit-breaker"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{callee}() in {function}() has neither circuit breaker nor retry; add a circuit breaker"
    short = "{callee}() in {function}() has neither breaker nor retry; add a circuit breaker"
    title = "External call without circuit breaker"
    impact = "When the other service fails, waiting callers use up the threads and the failure spreads"
    fix = "Wrap the call in a circuit breaker (circuitbreaker, pybreaker, aiobreaker) and answer fast while it is open"
    references = (
        "https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker",
        "https://github.com/fabfuel/circuitbreaker",
    )
    examples = (
        Bad(
            """
            import requests

            session = requests.Session()

            def charge_card(order):
                answer = session.post("https://pay.example/charges", json=order, timeout=10)  # SCL702
                return answer.json()["id"]
        """,
            "a payment service that fails is asked again and again",
        ),
        Bad(
            """
            import httpx

            class InvoiceGateway:
                def __init__(self):
                    self.http = httpx.Client(base_url="https://invoices.example", timeout=5)

                def send(self, invoice):
                    self.http.post("/invoices", json=invoice).raise_for_status()  # SCL702
                    self.http.post("/audit", json={"sent": invoice["id"]})

                def change(self, number, fields):
                    return self.http.request("PATCH", f"/invoices/{number}", json=fields).json()  # SCL702
        """,
            "the first call of each function is reported, a method given as text counts",
        ),
        Bad(
            """
            import httpx
            from celery import shared_task

            client = httpx.Client()

            @shared_task
            def announce(event):
                answer = client.post("https://partners.example.com/events", json=event)  # SCL702
                answer.raise_for_status()
        """,
            "events that a worker tells a partner",
        ),
        Good(
            """
            import httpx
            from circuitbreaker import circuit

            client = httpx.Client()

            @circuit(failure_threshold=5, recovery_timeout=30)
            def charge_card(order):
                answer = client.post("https://pay.example/charges", json=order)
                answer.raise_for_status()
                return answer.json()
        """,
            "the breaker leaves a failing service alone",
        ),
        Good(
            """
            import httpx
            import pybreaker

            client = httpx.Client()
            breaker = pybreaker.CircuitBreaker(fail_max=5, reset_timeout=60)

            def _post(order):
                return client.post("https://pay.example/charges", json=order)

            def charge_card(order):
                return breaker.call(_post, order).json()

            def refund(order):
                with breaker.calling():
                    return client.post("https://pay.example/refunds", json=order).json()
        """,
            "the breaker is an object that calls the function, or that the call stands under",
        ),
        Good(
            """
            import httpx
            from tenacity import retry, stop_after_attempt, wait_exponential

            client = httpx.Client()

            @retry(stop=stop_after_attempt(3), wait=wait_exponential(max=10))
            def create_shipment(order):
                key = {"Idempotency-Key": order["id"]}
                return client.post("https://ship.example/shipments", json=order, headers=key).json()
        """,
            "a retry with backoff and a stop is a guard as well",
        ),
        Good(
            """
            import asyncio
            import httpx

            client = httpx.AsyncClient()
            at_once = asyncio.Semaphore(10)

            async def summarize(text):
                async with at_once:
                    return (await client.post("https://llm.example/v1/complete", json={"prompt": text})).json()
        """,
            "a bulkhead: no more than ten callers ever wait for it",
        ),
        Good(
            """
            import httpx
            from shop.resilience import guarded_by_breaker

            client = httpx.Client()

            class PaymentClient:
                @guarded_by_breaker("payments")
                def charge(self, order):
                    return self._post("/charges", order)

                def _post(self, path, body):
                    return client.post("https://pay.example" + path, json=body).json()
        """,
            "a decorator of the project that says what it does, around the only caller",
        ),
        Good(
            """
            import httpx

            class PaymentClient:
                def __init__(self, http: httpx.Client):
                    self.http = http

                def charge(self, order):
                    return self.http.post("/charges", json=order).json()
        """,
            "the client comes from elsewhere, where it may have been given a guard",
        ),
        Good(
            """
            import logging
            import httpx

            log = logging.getLogger(__name__)
            client = httpx.Client(timeout=2)

            def notify_channel(text):
                try:
                    client.post("https://chat.example/hooks/1", json={"text": text})
                except httpx.HTTPError:
                    log.warning("channel not notified")
        """,
            "best effort: nobody reads the answer, the wait is short and a failure is logged",
        ),
        Good(
            """
            import httpx
            from shop.settings import AGENT_PORT

            client = httpx.Client()

            def send_to_sidecar(event):
                return client.post(f"http://127.0.0.1:{AGENT_PORT}/events", json=event).status_code

            def test_credentials(token):
                return client.post("https://pay.example/whoami", headers={"token": token}).status_code == 200
        """,
            "a process on this machine; a try that a user asked for",
        ),
        Good(
            """
            import httpx
            from celery import shared_task

            client = httpx.Client()

            @shared_task
            def deliver(url, event, attempt=1):
                answer = client.post(url, json=event)
                if answer.is_error and attempt < 8:
                    deliver.apply_async((url, event, attempt + 1), countdown=2**attempt)
        """,
            "a failure puts the task into its queue again, for later",
        ),
        Good(
            """
            from django.core.mail import send_mail

            def send_invitation(person):
                send_mail("You are invited", "Come in", "shop@example.org", [person.email])
        """,
            "a mailer in library code: whether anybody waits for it is not shown",
            "mailer.py",
        ),
        Good(
            """
            import httpx

            def main():
                print(httpx.post("https://pay.example/reports", json={}).text)

            if __name__ == "__main__":
                main()
        """,
            "a script",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()

            def rebuild(orders):
                # todo: SCL702
                answer = client.post("https://ship.example/labels", json=orders)
                for label in answer.json():
                    orders[label["order"]]["label"] = label["url"]
        """,
            "neither a handler nor, by its names, a client: library code of unknown use",
            "orders.py",
        ),
        Good(
            """
            import httpx
            from fastapi import FastAPI
            from app.limits import limiter

            app = FastAPI()
            client = httpx.AsyncClient()

            @app.get("/oauth/callback")
            @limiter.limit("10/minute")
            async def callback(code: str):
                grant = {"grant_type": "authorization_code", "code": code}
                return (await client.post("https://login.example.com/token", data=grant)).json()
        """,
            "a person logs in, and can do so again",
        ),
        Good(
            """
            import httpx
            from .plugins import Destination

            client = httpx.Client()

            class Chat(Destination):
                def notify(self, text):
                    client.post(f"{self.options.address}/messages", json={"text": text}).raise_for_status()
        """,
            "each destination has an address of its own, which another file sets",
        ),
        Good(
            """
            import httpx

            client = httpx.Client()

            def setup_webhook(repository):
                client.post("https://forge.example.com/hooks", json={"repository": repository}).raise_for_status()
        """,
            "set up once, when somebody connects a repository",
        ),
        Good(
            """
            import requests

            def charge(order):
                from shop.breaker import is_open, record_failure, record_success
                if is_open("payments"):
                    raise Unavailable("payments")
                try:
                    response = requests.post("https://pay.example/charges", json=order.lines, timeout=5)
                except requests.RequestException:
                    record_failure("payments")
                    raise
                record_success("payments")
                return response.json()["id"]
            """,
            "a breaker that is worked by hand",
        ),
        Good(
            """
            import httpx
            from celery import shared_task

            client = httpx.Client()

            @shared_task
            def announce(url, event):
                client.post(url, json=event).raise_for_status()  # todo: SCL702
        """,
            "an address of somebody else each time: a breaker for each of them is seldom worth it",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the first unguarded call with side effects of each function."""
        for site in unguarded(source, Effect.WRITE):
            yield Finding.at(site)
