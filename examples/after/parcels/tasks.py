"""Work that nobody has to wait for, and jobs that run by the clock."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone
from itertools import islice

from celery import Celery
from celery.schedules import crontab
from flask import abort

from . import cache, clients, config, storage, store

TRANSIENT = (*clients.UNAVAILABLE, OSError)
IMPORT_BATCH = 500

app = Celery("parcels", broker=config.REDIS_URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_time_limit=600,
    worker_prefetch_multiplier=1,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.3},
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 5, "visibility_timeout": 3600},
    beat_schedule={
        "clean-up": {"task": "parcels.tasks.clean_up", "schedule": crontab(minute="*/15")},
        "daily-digest": {"task": "parcels.tasks.daily_digest", "schedule": crontab(hour="6", minute="0")},
    },
)


def refuse_when_busy() -> None:
    """To be asked before work is accepted that ends up in the queue."""
    if cache.client.llen(app.conf.task_default_queue) >= config.MAX_BACKLOG:
        abort(503, "too much to do, try again later")


@app.task(autoretry_for=TRANSIENT, retry_backoff=True, retry_jitter=True, max_retries=10)
def charge(number: str, cents: int) -> None:
    if config.PAYMENT_URL:
        store.set_parcel(number, payment=clients.charge(number, cents))


@app.task(autoretry_for=TRANSIENT, retry_backoff=True, retry_jitter=True, max_retries=5)
def send_mail(to: str | None, subject: str, body: str) -> None:
    if to and config.MAIL_FROM:
        clients.send_mail(to, subject, body)


@app.task(autoretry_for=TRANSIENT, retry_backoff=True, retry_jitter=True, max_retries=5)
def announce(event: dict[str, str], webhook: str | None) -> None:
    """Tells the depot screens, and the shop if it wants to know."""
    cache.client.publish("parcels", json.dumps(event))
    if webhook:
        call_webhook.delay(webhook, event)


@app.task(autoretry_for=TRANSIENT, retry_backoff=True, retry_jitter=True, max_retries=8)
def call_webhook(url: str, event: dict[str, str]) -> None:
    clients.session.post(url, json=event, timeout=clients.TIMEOUT).raise_for_status()


@app.task(autoretry_for=TRANSIENT, retry_backoff=True, retry_jitter=True, max_retries=8)
def fetch_label(number: str) -> None:
    response = clients.ask_carrier(f"labels/{number}")
    response.raise_for_status()
    if response.status_code == 202:
        raise TimeoutError(f"the carrier has no label for {number} yet")
    key = f"labels/{number}.pdf"
    storage.save(key, io.BytesIO(response.content), "application/pdf")
    store.set_parcel(number, label=key)


@app.task(autoretry_for=TRANSIENT, retry_backoff=True, retry_jitter=True, max_retries=3)
def run_import(job: str, customer_id: int, key: str) -> None:
    """The numbers follow from the job, so a repeated import adds nothing twice."""
    rows = enumerate(csv.DictReader(storage.lines(key)), start=1)
    progress = {"done": 0, "finished": 0}
    while batch := dict(islice(rows, IMPORT_BATCH)):
        store.add_parcels(customer_id, {f"PX{job[:12].upper()}{index:06}": fields for index, fields in batch.items()})
        progress["done"] += len(batch)
        cache.client.hset(f"import:{job}", mapping=progress)
    progress["finished"] = 1
    cache.client.hset(f"import:{job}", mapping=progress)


@app.task
def clean_up() -> None:
    oldest = datetime.now(timezone.utc) - timedelta(days=config.KEEP_DAYS)
    while store.delete_delivered(oldest, limit=1000):
        pass


@app.task
def daily_digest(after: int = 0) -> None:
    page = store.waiting_page(after, limit=500)
    mails = [(row.email, "Your parcels today", f"{row.waiting} parcels are still on their way.") for row in page]
    if page:
        send_mail.chunks(mails, 50).apply_async()
        daily_digest.delay(page[-1].id)
