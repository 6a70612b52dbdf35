"""The services we talk to: carrier, postcodes, payment, CRM, mail, shops, screens."""

from __future__ import annotations

import json
import logging
import os
import queue
import smtplib
import time
from email.message import EmailMessage

import requests

CARRIER_URL = os.environ.get("CARRIER_URL")
POSTCODE_URL = os.environ.get("POSTCODE_URL")
PAYMENT_URL = os.environ.get("PAYMENT_URL")
CRM_DATABASE_URL = os.environ.get("CRM_DATABASE_URL")
MAIL_FROM = os.environ.get("MAIL_FROM")
LIVE_EVENTS = os.environ.get("LIVE_EVENTS") == "1"

log = logging.getLogger(__name__)
outbox: queue.Queue = queue.Queue()
_postcode_cache: dict[str, bool] = {}


class PaymentGateway:
    """Charges a parcel once, however often it is asked to."""

    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.charged = {}
        return cls._instance

    def charge(self, number: str, cents: int) -> str | None:
        if PAYMENT_URL and number not in self.charged:
            charge = {"reference": number, "cents": cents}
            response = requests.post(f"{PAYMENT_URL}/charges", json=charge)
            response.raise_for_status()
            self.charged[number] = response.json()["id"]
        return self.charged.get(number)


def carrier_status(number: str) -> str | None:
    if not CARRIER_URL:
        return None
    response = requests.get(f"{CARRIER_URL}/track/{number}")
    response.raise_for_status()
    return response.json()["status"]


async def carrier_route(number: str) -> dict:
    if not CARRIER_URL:
        return {"stops": [], "eta": None}
    stops = requests.get(f"{CARRIER_URL}/stops/{number}").json()
    eta = requests.get(f"{CARRIER_URL}/eta/{number}").json()
    return {"stops": stops, "eta": eta}


def label(number: str) -> bytes | None:
    if not CARRIER_URL:
        return None
    while True:
        response = requests.get(f"{CARRIER_URL}/labels/{number}")
        if response.status_code != 202:
            response.raise_for_status()
            return response.content
        time.sleep(1)


def known_postcode(postcode: str) -> bool:
    if not POSTCODE_URL:
        return True
    if postcode not in _postcode_cache:
        for _ in range(5):
            try:
                response = requests.get(f"{POSTCODE_URL}/{postcode}")
                _postcode_cache[postcode] = response.ok
                break
            except requests.ConnectionError:
                time.sleep(1)
    return _postcode_cache.get(postcode, True)


def account_manager(email: str) -> str | None:
    if not CRM_DATABASE_URL:
        return None
    import psycopg2

    connection = psycopg2.connect(CRM_DATABASE_URL)
    cursor = connection.cursor()
    cursor.execute("SELECT manager FROM accounts WHERE email = %s", (email,))
    row = cursor.fetchone()
    connection.close()
    return row[0] if row else None


def publish_event(event: dict) -> None:
    if LIVE_EVENTS:
        import redis

        redis.Redis(host="localhost").publish("parcels", json.dumps(event))


def send_mail(to: str | None, subject: str, text: str) -> None:
    if not MAIL_FROM or not to:
        return
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = MAIL_FROM, to, subject
    message.set_content(text)
    with smtplib.SMTP("localhost") as server:
        server.send_message(message)


def post_webhook(url: str, event: dict) -> None:
    with requests.Session() as session:
        session.headers["User-Agent"] = "parcels/1.0"
        session.post(url, json=event).raise_for_status()


def deliver_webhooks() -> None:
    while True:
        url, event = outbox.get()
        try:
            post_webhook(url, event)
        except requests.RequestException as problem:
            log.warning("webhook %s failed: %s", url, problem)
