"""Where customers, parcels and their events are kept."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from functools import lru_cache
from pathlib import Path

from werkzeug.security import generate_password_hash

DATA = Path(os.environ.get("PARCELS_DATA", "data"))

SCHEMA = """
CREATE TABLE IF NOT EXISTS customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE,
    password TEXT, role TEXT, quota INTEGER, used INTEGER DEFAULT 0, last_seen REAL);
CREATE TABLE IF NOT EXISTS tariffs (zone TEXT PRIMARY KEY, cents INTEGER);
CREATE TABLE IF NOT EXISTS parcels (number TEXT PRIMARY KEY, customer_id INTEGER,
    recipient TEXT, email TEXT, status TEXT, webhook TEXT, payment TEXT, created REAL);
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, number TEXT, status TEXT,
    place TEXT, at REAL);
"""


class NumberSequence:
    _last = 1000
    _lock = threading.Lock()

    @classmethod
    def start_after(cls, number: int) -> None:
        cls._last = max(cls._last, number)

    @classmethod
    def take(cls) -> str:
        with cls._lock:
            cls._last += 1
            return f"PX{cls._last}"


def connect() -> sqlite3.Connection:
    db = sqlite3.connect(DATA / "parcels.db")
    db.row_factory = sqlite3.Row
    return db


def create_schema() -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    with connect() as db:
        db.executescript(SCHEMA)
        if db.execute("SELECT COUNT(*) FROM customers").fetchone()[0] == 0:
            for role in ("shop", "depot"):
                db.execute(
                    "INSERT INTO customers (email, password, role, quota) VALUES (?, ?, ?, 100)",
                    (f"{role}@example.org", generate_password_hash(role), role),
                )
            db.execute("INSERT INTO tariffs VALUES ('home', 450), ('abroad', 1290)")
        last = db.execute("SELECT MAX(CAST(SUBSTR(number, 3) AS INTEGER)) FROM parcels")
        NumberSequence.start_after(last.fetchone()[0] or 0)


def customer(customer_id: int):
    sql = "SELECT * FROM customers WHERE id = ?"
    return connect().execute(sql, (customer_id,)).fetchone()


def customer_by_email(email: str):
    sql = "SELECT * FROM customers WHERE email = ?"
    return connect().execute(sql, (email,)).fetchone()


def all_customers():
    return connect().execute("SELECT * FROM customers").fetchall()


def seen(customer_id: int) -> None:
    with connect() as db:
        db.execute(
            "UPDATE customers SET last_seen = ? WHERE id = ?",
            (time.time(), customer_id),
        )


def use_quota(customer_id: int) -> bool:
    row = customer(customer_id)
    used = row["used"] + 1
    if used > row["quota"]:
        return False
    with connect() as db:
        db.execute("UPDATE customers SET used = ? WHERE id = ?", (used, customer_id))
    return True


@lru_cache(maxsize=100)
def tariff(zone: str) -> int | None:
    sql = "SELECT cents FROM tariffs WHERE zone = ?"
    row = connect().execute(sql, (zone,)).fetchone()
    return row["cents"] if row else None


def set_tariff(zone: str, cents: int) -> None:
    with connect() as db:
        db.execute("REPLACE INTO tariffs (zone, cents) VALUES (?, ?)", (zone, cents))


def add_parcel(db: sqlite3.Connection, customer_id: int, fields: dict) -> str:
    number = NumberSequence.take()
    recipient, email, webhook = map(fields.get, ("recipient", "email", "webhook"))
    db.execute(
        "INSERT INTO parcels VALUES (?, ?, ?, ?, 'registered', ?, NULL, ?)",
        (number, customer_id, recipient, email, webhook, time.time()),
    )
    return number


def parcel(number: str):
    sql = "SELECT * FROM parcels WHERE number = ?"
    return connect().execute(sql, (number,)).fetchone()


def parcels_of(customer_id: int, term: str = ""):
    sql = "SELECT * FROM parcels WHERE customer_id = ? AND recipient LIKE ?"
    return connect().execute(sql, (customer_id, f"%{term}%")).fetchall()


def all_parcels():
    return connect().execute("SELECT * FROM parcels ORDER BY number").fetchall()


def add_event(number: str, status: str, place: str) -> None:
    with connect() as db:
        db.execute(
            "INSERT INTO events (number, status, place, at) VALUES (?, ?, ?, ?)",
            (number, status, place, time.time()),
        )
        db.execute("UPDATE parcels SET status = ? WHERE number = ?", (status, number))


def last_event(number: str) -> dict | None:
    recent = events(number, limit=1)
    return recent[0] if recent else None


def events(number: str, limit: int, page: int = 0) -> list[dict]:
    rows = connect().execute(
        "SELECT id, status, place FROM events WHERE number = ? ORDER BY id DESC LIMIT ? OFFSET ?",
        (number, limit, limit * page),
    )
    return [dict(row) for row in rows]


def delete_delivered(before: float) -> None:
    with connect() as db:
        db.execute("DELETE FROM parcels WHERE status = 'delivered' AND created < ?", (before,))
