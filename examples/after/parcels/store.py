"""Where customers, parcels and their events are kept."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert
from werkzeug.security import generate_password_hash

from . import cache, config


def new_engine(url: str) -> sa.Engine:
    return sa.create_engine(
        url,
        pool_size=config.DB_POOL_SIZE,
        max_overflow=config.DB_MAX_OVERFLOW,
        pool_timeout=config.DB_POOL_TIMEOUT,
        pool_recycle=config.DB_POOL_RECYCLE,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": f"-c statement_timeout={config.DB_STATEMENT_TIMEOUT_MS}"},
    )


primary = new_engine(config.DATABASE_URL)
replica = new_engine(config.REPLICA_URL) if config.REPLICA_URL else primary

metadata = sa.MetaData()
customers = sa.Table(
    "customers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String, unique=True, nullable=False),
    sa.Column("password", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("quota", sa.Integer, nullable=False),
    sa.Column("used", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_seen", sa.DateTime(timezone=True)),
)
tariffs = sa.Table("tariffs", metadata, sa.Column("zone", sa.String, primary_key=True), sa.Column("cents", sa.Integer))
parcels = sa.Table(
    "parcels",
    metadata,
    sa.Column("number", sa.String, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("recipient", sa.String, nullable=False),
    sa.Column("email", sa.String),
    sa.Column("status", sa.String, nullable=False, server_default="registered"),
    sa.Column("webhook", sa.String),
    sa.Column("payment", sa.String),
    sa.Column("label", sa.String),
    sa.Column("created", sa.DateTime(timezone=True), server_default=sa.func.now()),
)
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.ForeignKey("parcels.number", ondelete="CASCADE"), nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("place", sa.String, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now()),
)
recipient_words = sa.func.to_tsvector(sa.literal_column("'simple'"), parcels.c.recipient)
sa.Index("parcels_by_customer", parcels.c.customer_id, parcels.c.number)
sa.Index("parcels_by_age", parcels.c.status, parcels.c.created)
sa.Index("parcels_by_recipient", recipient_words, postgresql_using="gin")
sa.Index("events_by_parcel", events.c.number, events.c.id)


def create_schema() -> None:
    metadata.create_all(primary)
    people = [
        {"email": f"{role}@example.org", "password": generate_password_hash(role), "role": role, "quota": 100}
        for role in ("shop", "depot")
    ]
    zones = [{"zone": "home", "cents": 450}, {"zone": "abroad", "cents": 1290}]
    with primary.begin() as db:
        db.execute(upsert(customers).on_conflict_do_nothing(), people)
        db.execute(upsert(tariffs).on_conflict_do_nothing(), zones)


def customer_by_email(email: str) -> Any:
    with primary.connect() as db:
        return db.execute(sa.select(customers).where(customers.c.email == email)).mappings().first()


def seen(customer_id: int) -> None:
    with primary.begin() as db:
        db.execute(sa.update(customers).where(customers.c.id == customer_id).values(last_seen=sa.func.now()))


def tariff(zone: str) -> int | None:
    def read() -> int | None:
        with primary.connect() as db:
            return db.scalar(sa.select(tariffs.c.cents).where(tariffs.c.zone == zone))

    return cache.remember(f"tariff:{zone}", 3600, read)


def set_tariff(zone: str, cents: int) -> None:
    query = upsert(tariffs).values(zone=zone, cents=cents)
    with primary.begin() as db:
        db.execute(query.on_conflict_do_update(index_elements=["zone"], set_={"cents": cents}))
    cache.client.delete(f"tariff:{zone}")


def register(customer_id: int, fields: dict[str, Any]) -> str | None:
    """The new parcel's number; ``None`` when the quota is used up."""
    number = f"PX{secrets.token_hex(6).upper()}"
    quota = sa.update(customers).where(customers.c.id == customer_id, customers.c.used < customers.c.quota)
    with primary.begin() as db:
        if db.execute(quota.values(used=customers.c.used + 1)).rowcount == 0:
            return None
        db.execute(sa.insert(parcels), parcel_row(number, customer_id, fields))
        db.execute(sa.insert(events), {"number": number, "status": "registered", "place": "shop"})
    return number


def add_parcels(customer_id: int, rows: dict[str, dict[str, Any]]) -> None:
    values = [parcel_row(number, customer_id, fields) for number, fields in rows.items()]
    with primary.begin() as db:
        db.execute(upsert(parcels).on_conflict_do_nothing(), values)


def parcel_row(number: str, customer_id: int, fields: dict[str, Any]) -> dict[str, Any]:
    row = {key: fields.get(key) for key in ("recipient", "email", "webhook")}
    return {"number": number, "customer_id": customer_id, **row}


def parcel(number: str) -> Any:
    query = sa.select(parcels, customers.c.email.label("shop")).join(customers).where(parcels.c.number == number)
    with primary.connect() as db:
        return db.execute(query).mappings().first()


def set_parcel(number: str, **values: str) -> None:
    with primary.begin() as db:
        db.execute(sa.update(parcels).where(parcels.c.number == number).values(**values))


def parcels_page(customer_id: int | None, term: str, after: str, limit: int) -> list[dict[str, Any]]:
    query = sa.select(parcels.c.number, parcels.c.recipient, parcels.c.status).where(parcels.c.number > after)
    if customer_id is not None:
        query = query.where(parcels.c.customer_id == customer_id)
    if term:
        query = query.where(recipient_words.op("@@")(sa.func.plainto_tsquery(sa.literal_column("'simple'"), term)))
    with replica.connect() as db:
        page = db.execute(query.order_by(parcels.c.number).limit(limit)).mappings().all()
        latest = (
            sa.select(events.c.number, events.c.status, events.c.place)
            .distinct(events.c.number)
            .where(events.c.number.in_([row["number"] for row in page]))
            .order_by(events.c.number, events.c.id.desc())
            .limit(limit)
        )
        last = {row.number: {"status": row.status, "place": row.place} for row in db.execute(latest)}
    return [{**row, "last_event": last.get(row["number"])} for row in page]


def add_event(number: str, status: str, place: str) -> None:
    with primary.begin() as db:
        db.execute(sa.insert(events), {"number": number, "status": status, "place": place})
        db.execute(sa.update(parcels).where(parcels.c.number == number).values(status=status))


def events_page(number: str, before: int | None, limit: int) -> list[dict[str, Any]]:
    query = sa.select(events.c.id, events.c.status, events.c.place).where(events.c.number == number)
    if before is not None:
        query = query.where(events.c.id < before)
    with primary.connect() as db:
        return [dict(row) for row in db.execute(query.order_by(events.c.id.desc()).limit(limit)).mappings()]


def waiting_page(after: int, limit: int) -> list[Any]:
    """Customers by id, with the number of their parcels that are still on their way."""
    query = (
        sa.select(customers.c.id, customers.c.email, sa.func.count().label("waiting"))
        .join(parcels)
        .where(customers.c.id > after, parcels.c.status != "delivered")
        .group_by(customers.c.id)
        .order_by(customers.c.id)
        .limit(limit)
    )
    with replica.connect() as db:
        return list(db.execute(query))


def delete_delivered(before: datetime, limit: int) -> int:
    old = sa.select(parcels.c.number).where(parcels.c.status == "delivered", parcels.c.created < before).limit(limit)
    with primary.begin() as db:
        return db.execute(sa.delete(parcels).where(parcels.c.number.in_(old))).rowcount
