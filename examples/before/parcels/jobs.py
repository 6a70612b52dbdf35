"""Jobs that run by the clock."""

from __future__ import annotations

import socket
import time

from apscheduler.schedulers.background import BackgroundScheduler

from . import auth, clients, store

KEEP_DAYS = 90

scheduler = BackgroundScheduler()


@scheduler.scheduled_job("interval", minutes=15)
def clean_up() -> None:
    if socket.gethostname() != "parcels-1":
        return
    auth.forget_old_sessions()
    store.delete_delivered(before=time.time() - KEEP_DAYS * 86400)


@scheduler.scheduled_job("cron", hour=6)
def daily_digest() -> None:
    for customer in store.all_customers():
        parcels = store.parcels_of(customer["id"])
        waiting = [row["number"] for row in parcels if row["status"] != "delivered"]
        if waiting:
            text = "Still on their way: " + ", ".join(waiting)
            clients.send_mail(customer["email"], "Your parcels today", text)
