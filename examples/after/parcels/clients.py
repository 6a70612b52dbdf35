"""The services we talk to: carrier, postcodes, payment, CRM, mail."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from typing import Any

import requests
from circuitbreaker import CircuitBreakerError, circuit
from requests.adapters import HTTPAdapter
from sqlalchemy import text
from urllib3.util import Retry

from . import cache, config, store

TIMEOUT = (3.05, 10)
UNAVAILABLE = (requests.RequestException, CircuitBreakerError)

session = requests.Session()
session.headers["User-Agent"] = "parcels/2.0"
adapter = HTTPAdapter(
    pool_maxsize=config.WEB_THREADS,
    max_retries=Retry(total=3, backoff_factor=0.3, status_forcelist=(502, 503, 504), allowed_methods={"GET"}),
)
session.mount("http://", adapter)
session.mount("https://", adapter)

crm = store.new_engine(config.CRM_DATABASE_URL) if config.CRM_DATABASE_URL else None


@circuit(failure_threshold=5, recovery_timeout=30, expected_exception=requests.RequestException)
def ask_carrier(path: str) -> requests.Response:
    return session.get(f"{config.CARRIER_URL}/{path}", timeout=TIMEOUT)


def ask_carrier_json(path: str) -> Any:
    response = ask_carrier(path)
    response.raise_for_status()
    return response.json()


def carrier_status(number: str) -> str | None:
    if not config.CARRIER_URL:
        return None
    try:
        return cache.remember(f"track:{number}", 60, lambda: ask_carrier_json(f"track/{number}")["status"])
    except UNAVAILABLE:
        return None


def carrier_route(number: str) -> dict[str, Any]:
    if not config.CARRIER_URL:
        return {"stops": [], "eta": None}

    def read() -> dict[str, Any]:
        return {"stops": ask_carrier_json(f"stops/{number}"), "eta": ask_carrier_json(f"eta/{number}")}

    return cache.remember(f"route:{number}", 60, read)


@circuit(failure_threshold=5, recovery_timeout=30, expected_exception=requests.RequestException)
def ask_postcode(postcode: str) -> bool:
    return session.get(f"{config.POSTCODE_URL}/{postcode}", timeout=TIMEOUT).ok


def known_postcode(postcode: str) -> bool:
    if not config.POSTCODE_URL:
        return True
    try:
        return cache.remember(f"postcode:{postcode}", 86400, lambda: ask_postcode(postcode))
    except UNAVAILABLE:
        return True


def account_manager(email: str) -> str | None:
    if crm is None:
        return None

    def read() -> str | None:
        with crm.connect() as db:
            return db.scalar(text("SELECT manager FROM accounts WHERE email = :email LIMIT 1"), {"email": email})

    return cache.remember(f"manager:{email}", 3600, read)


@circuit(failure_threshold=5, recovery_timeout=30, expected_exception=requests.RequestException)
def charge(number: str, cents: int) -> str:
    response = session.post(
        f"{config.PAYMENT_URL}/charges",
        json={"reference": number, "cents": cents},
        headers={"Idempotency-Key": number},
        timeout=TIMEOUT,
    )
    response.raise_for_status()
    return response.json()["id"]


@circuit(failure_threshold=5, recovery_timeout=60, expected_exception=OSError)
def send_mail(to: str, subject: str, body: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = config.MAIL_FROM, to, subject
    message.set_content(body)
    with smtplib.SMTP(config.SMTP_HOST, timeout=10) as server:
        server.send_message(message)
