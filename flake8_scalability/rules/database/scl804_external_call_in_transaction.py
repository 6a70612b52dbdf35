"""SCL804: another service is called, or a task sent, while a transaction or a pooled connection is held."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.database.held_work import Work, held_work
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class ExternalCallInTransaction(Rule):
    """The database waits for somebody else: a call of another service inside a transaction.

    What it does
    ------------
    Finds calls of other services, mails, sleeps and programs inside an open transaction (`atomic`, `session.begin()`,
    `engine.begin()`, `connection.transaction()`), while a connection of a pool is lent, or after a session's first
    statement and before its commit; also through functions of the file. Finds tasks that are sent to a queue inside a
    transaction after something was written in it, and sessions that a WebSocket keeps while it waits for its client.

    Why it does not scale
    ---------------------
    The row locks and the connection are held for as long as the other side takes. When it slows down, the pool runs dry
    and requests that need nothing of it wait as well. What was sent can't be rolled back, and a task may run before its
    rows are there.

    How to fix it
    -------------
    Read, end the transaction, call, and write in a second, short one. What only has to be told goes after the commit:
    `transaction.on_commit`, `delay_on_commit`, or an outbox table that a worker sends from.

    Known limits
    ------------
    What a function of another file does is not seen, be it a call or a commit; one that is handed a session is believed
    to commit unless its name says that it reads. Of a session that a function is handed, only what runs after a
    statement of the same function is reported. Django's `ATOMIC_REQUESTS` is not read.
    Mails to those who run the service (`mail_admins`) are rare, and silent; so are functions that only tools of the
    project and its start-up call, what is in a package that only management commands import, the end of a program that
    was started before (`process.wait()`), and a pause that is made only where somebody asks for one.
    """

    code = "SCL804"
    slug = "external-call-in-transaction"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "call in a transaction"
    message = "{what} {does} of {function}(); {instead}"
    short = "{what} {does}; {instead}"
    title = "External call inside a transaction"
    impact = "Locks and connections are held while another service answers; when it slows down, the pool runs dry"
    fix = "Commit first and call afterwards (transaction.on_commit, an outbox table); write the answer in a second one"
    references = (
        "https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit",
        "https://docs.sqlalchemy.org/en/20/orm/session_basics.html#when-do-i-construct-a-session-when-do-i-commit-it-and-when-do-i-close-it",
        "https://microservices.io/patterns/data/transactional-outbox.html",
    )
    examples = (
        Bad(
            """
            import requests
            from django.db import transaction

            http = requests.Session()

            def pay_out(wallet_id):
                with transaction.atomic():
                    wallet = Wallet.objects.select_for_update().get(pk=wallet_id)
                    answer = http.get(f"https://bank.example/ibans/{wallet.iban}", timeout=10)  # SCL804, SCL703
                    wallet.verified = answer.ok
                    wallet.save()
        """,
            "the row stays locked for as long as the bank takes",
        ),
        Bad(
            """
            from django.db import transaction
            from .tasks import index_page

            @transaction.atomic
            def publish(page):
                page.published = True
                page.save()
                index_page.delay(page.pk)  # SCL804
        """,
            "the worker may look before the row is there, and looks for nothing where the transaction is rolled back",
        ),
        Bad(
            """
            import stripe
            from .db import engine

            def _charge(amount):
                return stripe.Charge.create(amount=amount, currency="eur", idempotency_key=str(amount))

            def settle(invoices):
                with engine.begin() as conn:
                    charge = _charge(sum(invoices))  # SCL804
                    conn.execute(settled.insert().values(charge=charge.id))
        """,
            "through a helper; the call of the helper has to move",
        ),
        Bad(
            """
            import openai
            from sqlalchemy import select
            from .db import SessionLocal

            client = openai.OpenAI(timeout=30)

            def describe(photo_id):
                with SessionLocal() as session:
                    photo = session.get(Photo, photo_id)
                    answer = client.responses.create(model="m", input=photo.caption)  # SCL804
                    photo.text = answer.output_text
                    session.commit()
        """,
            "a session keeps the connection of its first statement up to the commit",
        ),
        Bad(
            """
            import asyncio

            async def reserve(pool, seat):
                async with pool.acquire() as conn:
                    while not await conn.fetchval("SELECT free FROM seats WHERE id = $1", seat):
                        await asyncio.sleep(2)  # SCL804
        """,
            "it waits with a connection in its hand",
        ),
        Bad(
            """
            from .db import SessionLocal
            from .models import Parcel
            from .tasks import trace_parcel

            def lose(parcel_id):
                with SessionLocal() as session:
                    parcel = session.query(Parcel).get(parcel_id)
                    parcel.notes["lost"] = True
                    trace_parcel.delay(parcel.id)  # SCL804
                    session.commit()
        """,
            "the task may read the parcel as it was",
        ),
        Bad(
            """
            import httpx
            from .db import SessionLocal
            from .models import Hook

            client = httpx.Client(timeout=5)

            def ring(hook_id, word):
                with SessionLocal() as session:
                    hook = session.get(Hook, hook_id)
                    if hook.asks:
                        answer = client.get(hook.url, params={"word": word})  # SCL804, SCL703
                    else:
                        answer = client.put(hook.url, json={"word": word})
                    hook.state = answer.status_code
                    session.commit()
        """,
            "one of the branches runs, and all have to move: told at the first",
        ),
        Good(
            """
            from django.db import transaction
            from .tasks import index_page

            @transaction.atomic
            def publish(page):
                page.published = True
                page.save()
                transaction.on_commit(lambda: index_page.delay(page.pk))
        """,
            "sent after the commit",
        ),
        Good(
            """
            import stripe
            from .db import engine

            def settle(invoices):
                charge = stripe.Charge.create(amount=sum(invoices), currency="eur", idempotency_key=str(invoices))
                with engine.begin() as conn:
                    conn.execute(settled.insert().values(charge=charge.id))
        """,
            "called before the transaction",
        ),
        Good(
            """
            import openai
            from .db import SessionLocal

            client = openai.OpenAI(timeout=30)

            def describe(photo_id):
                with SessionLocal() as session:
                    photo = session.get(Photo, photo_id)
                    caption = photo.caption
                    session.rollback()
                    answer = client.responses.create(model="m", input=caption)
                    session.add(Text(photo_id=photo_id, text=answer.output_text))
                    session.commit()
        """,
            "the connection went back to the pool before the call",
        ),
        Good(
            """
            import stripe
            from sqlalchemy.orm import Session

            def settle(session: Session, invoice_id: int):
                charge = stripe.Charge.create(amount=1, currency="eur", idempotency_key=str(invoice_id))
                session.add(Settlement(invoice_id=invoice_id, charge=charge.id))
                session.commit()
        """,
            "a session that was asked for nothing yet holds no connection",
        ),
        Good(
            """
            import time
            from django.core.management.base import BaseCommand
            from django.db import transaction

            class Command(BaseCommand):
                def handle(self, *args, **options):
                    with transaction.atomic():
                        for row in Row.objects.iterator():
                            row.save()
                        time.sleep(1)
        """,
            "a command that the operator runs",
        ),
        Good(
            """
            import os
            from sqlalchemy import create_engine, text

            engine = create_engine(os.environ["DATABASE_URL"], pool_pre_ping=True, pool_size=10)

            def rename(old, new):
                with engine.begin() as conn:
                    conn.execute(text("UPDATE tags SET name = :new WHERE name = :old"), {"new": new, "old": old})
        """,
            "what is asked of the database itself is what the transaction is for",
        ),
        Good(
            """
            from sqlalchemy import select
            from .db import SessionLocal
            from .models import Parcel
            from .tasks import trace_parcel

            def trace_late():
                with SessionLocal() as session:
                    for parcel in session.execute(select(Parcel.id).where(Parcel.is_late).limit(50)):
                        trace_parcel.delay(parcel.id)
        """,
            "nothing was written that the task could miss",
        ),
        Good(
            """
            from django.db import transaction
            from .stores import redis_client
            from .tasks import weigh_crates

            @transaction.atomic
            def weigh(depot, wanted):
                found = list(depot.crates.filter(pk__in=wanted).values_list("pk", flat=True))
                if set(wanted) != set(found):
                    raise LookupError(wanted)
                redis_client.set(f"weighing:{depot.pk}", 1, ex=600)
                weigh_crates.delay(found)
        """,
            "a set of keys and a mark in Redis are nothing that the database has yet to commit",
        ),
        Good(
            """
            import time
            from sqlalchemy import select
            from sqlalchemy.orm import Session
            from .models import Depot
            from .stock import close_depot, is_moved

            def _move(session: Session, depot: Depot):
                close_depot(depot, session=session)
                while not is_moved(depot.name):
                    time.sleep(5)

            def move_next(session: Session):
                depot = session.scalars(select(Depot).where(Depot.is_due).limit(1)).first()
                _move(session, depot)
        """,
            "who is handed the session has something done with it before the pause, which may well commit",
        ),
        Good(
            """
            import requests
            from django.db import transaction

            http = requests.Session()

            def pay_out(wallet):
                def tell():
                    http.put("https://bank.example/events", json={"wallet": wallet.pk}, timeout=10)

                with transaction.atomic():
                    wallet.save()
                    transaction.on_commit(tell)
        """,
            "a function that is called after the commit",
        ),
        Good(
            """
            import requests
            from django.db import transaction
            from shop.models import Provider

            def _renew_with_lock(key, session: requests.Session):
                with transaction.atomic():
                    provider = Provider.objects.select_for_update().get(pk=key)
                    if not provider.is_fresh:
                        provider.ticket = session.put(provider.url, timeout=3).text  # noqa
                        provider.save(update_fields=["ticket"])
        """,
            "the lock is there so that one of many makes the call",
        ),
        Good(
            """
            from django.core.mail import mail_admins
            from django.db import transaction

            @transaction.atomic
            def take_over(record, person):
                if person.login != record["login"]:
                    mail_admins("Another login", f"{person.pk} was {person.login}")
                person.login = record["login"]
                person.save()
        """,
            "a notice of what should not happen, which is sent once in a while",
        ),
        Good(
            """
            import subprocess
            import time

            from .db import engine

            def copy_out(pause=None):
                packer = subprocess.Popen(["zstd", "-o", "rows.zst"], stdin=subprocess.PIPE)
                with engine.begin() as conn:
                    for row in conn.exec_driver_sql("SELECT line FROM lines ORDER BY number"):
                        packer.stdin.write(row.line)
                        if pause is not None:
                            time.sleep(pause)
                    packer.stdin.close()
                    packer.wait(timeout=60)
        """,
            "a program that is fed with what the transaction reads, and a pause for those who ask for it",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the calls that keep a transaction or connection waiting."""
        for work in held_work(source):
            what = work.cause.callee + "()"
            if work.at is not work.cause:
                what += f" via {work.at.callee.rpartition('.')[2]}()"
            yield Finding.at(work.at, what=what, **_words(work))


def _words(work: Work) -> dict[str, str]:
    """Return what the call does there, and what to do."""
    if work.sends:
        after = "use transaction.on_commit()" if work.span.hooks else "send it after the commit"
        return {"does": "sends a task inside the transaction", "instead": after}
    if not work.span.opens:
        return {"does": "keeps a pooled connection", "instead": "give it back before"}
    if work.span.session:
        return {"does": "keeps the session's connection", "instead": "commit or close it before"}
    return {"does": "runs inside the transaction", "instead": "call it before, or after the commit"}
