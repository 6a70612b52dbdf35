"""SCL504: rows written one by one in a loop."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.item_writes import names, writes
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class RowByRowWrite(Rule):
    """A loop writes its rows, keys or documents one by one.

    What it does
    ------------
    Finds, in loops over items: `save()`, `create()` and `delete()` of rows, `INSERT`, `UPDATE` and `DELETE` as text
    or as statements, a `commit()` or `flush()` of the session for each item, single writes to MongoDB, DynamoDB,
    Redis, caches and search engines. One finding for each loop, where the file shows that it grows with the data:
    it goes over rows of a query without a limit, what a client or another service has sent, what a function of that
    kind of name fetches, or an argument that no caller of the file cuts or writes down.

    Why it does not scale
    ---------------------
    Each write is a round trip, and each commit waits for the disk of the database: a thousand rows take a thousand
    times as long as one, in which locks are held and the connection is busy.

    How to fix it
    -------------
    Collect the rows and write them together: `bulk_create`, `bulk_update`, one `update()` or `delete()` over a
    condition, `add_all` and one commit after the loop, `executemany`, `insert_many`, `bulk_write`, a pipeline,
    `helpers.bulk`; of very many, some hundreds at a time.

    Known limits
    ------------
    Bulk forms of Django skip `save()`, signals and hooks: rows of classes that have their own, here or elsewhere in
    the project, are silent, as are trees and rows with a history. Silent where one by one is meant: a transaction or
    `try` per item, locked rows, a row whose state is saved around its work, what a statement or an upsert returns of
    its row, a `create()` or `flush()` for the new row's key, a new row to which others are tied, what one change of a
    list adds or takes away, staff, what two rows have in common, a row that says how work on the item went or what was
    done in a turn that does more, a commit after which others are told of the item, and where one item or few come to
    it: `if key == wanted`, `if created`, a nested exception. So are parts of one thing that come in one request, pages
    for operators, items of a list that nobody shows to be rows, and data that are made up (`simulate_`, `demo_`). What
    a function of no request is given counts where its name says that it is many (`rows`, `bulk_update`), not where
    it is named after a table (`orders`), and rows of one other row where that of their table does (votes, entries):
    labels of a book are a handful. Silent are also rows of keys that a function is given, what somebody has chosen on
    a form, and what is given to a function that no other line of the project names; rows of a class that is not
    shown, which may have its own `save()`; rows about which others are told as they are saved (`row._reason`,
    `row.snapshot()`); a row that the turn has made; what decides what is done for its item (`if cursor.rowcount`);
    turns that do more for their items by functions of the project; what `install()` writes; statements that all name
    the same other row (`filter(book=book, shop=shop)`), rows that are asked by a method of their own whether they are
    deleted, and orphans.
    """

    code = "SCL504"
    slug = "row-by-row-write"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "query per item"
    message = "{what}() runs per item of {items} in {function}(); write them together: {instead}"
    short = "{what}() runs per item of {items}; use {instead}"
    title = "Rows written one by one"
    impact = "A round trip, or a commit, for each row: imports and updates take minutes and hold their connection"
    fix = "Write the rows together: bulk_create, add_all and one commit, executemany, insert_many, a pipeline"
    references = (
        "https://docs.djangoproject.com/en/stable/topics/db/optimization/#use-bulk-methods",
        "https://docs.sqlalchemy.org/en/20/orm/queryguide/dml.html#orm-bulk-insert-statements",
    )
    examples = (
        Bad(
            """
            from library.models import Loan

            def import_loans(rows):
                for row in rows:
                    Loan.objects.create(member=row.member, book=row.book)  # SCL504
        """,
            "an INSERT for each row",
        ),
        Bad(
            """
            from django.utils import timezone
            from library.models import Loan

            def close(member):
                for loan in Loan.objects.filter(member=member):
                    loan.returned = timezone.now()
                    loan.save(update_fields=["returned"])  # SCL504
        """,
            "one UPDATE would do",
        ),
        Bad(
            """
            from app.models import Reading

            def store(session, values):
                for value in values:
                    session.add(Reading(value=value))
                    session.commit()  # SCL504
        """,
            "a commit for each row",
        ),
        Bad(
            """
            def store(connection, cursor, rows):
                for name, value in rows:
                    cursor.execute("INSERT INTO readings (name, value) VALUES (%s, %s)", (name, value))  # SCL504
                connection.commit()
        """,
            "`executemany` takes them all",
        ),
        Bad(
            """
            async def mark(collection, ids):
                for each in ids:
                    await collection.update_one({"_id": each}, {"$set": {"seen": True}})  # SCL504
        """,
            "MongoDB",
        ),
        Bad(
            """
            import redis

            client = redis.Redis(socket_timeout=2)

            def publish(rows):
                for row in rows:
                    client.set(f"score:{row.name}", row.score, ex=600)  # SCL504
        """,
            "a pipeline sends them together",
        ),
        Good(
            """
            from library.models import Loan

            def import_loans(rows):
                Loan.objects.bulk_create([Loan(member=row.member, book=row.book) for row in rows])
        """,
            "one statement",
        ),
        Good(
            """
            from app.models import Reading

            def store(session, values):
                for value in values:
                    session.add(Reading(value=value))
                session.commit()
        """,
            "the session writes what was added to it together",
        ),
        Good(
            """
            from app.models import Reading

            def store(session, values):
                for number, value in enumerate(values):
                    session.add(Reading(value=value))
                    if number % 500 == 0:
                        session.commit()
                session.commit()
        """,
            "a commit every five hundred rows",
        ),
        Good(
            """
            from app.models import Reading

            def store(session, values, log):
                for value in values:
                    try:
                        session.add(Reading(value=value))
                        session.commit()
                    except ValueError:
                        session.rollback()
                        log.warning("skipped %s", value)
        """,
            "one bad row must not lose the others",
        ),
        Good(
            """
            from app.jobs import render
            from app.models import Job

            def work(session):
                for job in session.query(Job).filter_by(state="new").limit(5):
                    job.state = "running"
                    session.commit()
                    render(job)
                    job.state = "done"
                    session.commit()
        """,
            "others are to see how far it is",
        ),
        Good(
            """
            from django.db import transaction
            from bank.models import Account

            def settle(numbers):
                for number in numbers:
                    with transaction.atomic():
                        account = Account.objects.select_for_update().get(number=number)
                        account.balance = 0
                        account.save()
        """,
            "a transaction and a lock for each account",
        ),
        Good(
            """
            def store(cursor, batches):
                for batch in batches:
                    cursor.executemany("INSERT INTO readings (name) VALUES (%s)", batch)
        """,
            "batches",
        ),
        Good(
            """
            from django.db import models

            class Shelf(models.Model):
                code = models.CharField(max_length=10)

                def save(self, *args, **kwargs):
                    self.code = self.code.upper()
                    super().save(*args, **kwargs)

            def furnish(codes):
                for code in codes:
                    Shelf.objects.create(code=code)
                for shelf in Shelf.objects.filter(code=""):
                    shelf.code = "new"
                    shelf.save()
        """,
            "a class with its own `save()`, which bulk forms leave out",
        ),
        Good(
            """
            from django.db.models import F
            from library.models import Stock

            def add(counts):
                for book, more in counts.items():
                    Stock.objects.filter(book=book).update(number=F("number") + more)
        """,
            "each sum is made in the database, whoever else adds to it",
        ),
        Good(
            """
            async def claim(connection, jobs):
                for job in jobs:
                    row = await connection.fetchrow("UPDATE jobs SET taken = true WHERE id = $1 RETURNING id", job)
                    if row is not None:
                        yield row["id"]
        """,
            "what became of each row is wanted",
        ),
        Good(
            """
            from app.models import Chapter, Page

            def store(session, parts):
                for part in parts:
                    chapter = Chapter(title=part.title)
                    session.add(chapter)
                    session.flush()  # todo: SCL504
                    session.add_all([Page(chapter_id=chapter.id, text=text) for text in part.pages])
        """,
            "the key of a new row, though a relationship would do without the flush",
        ),
        Good(
            """
            def store(cursor, parcels):
                for parcel in parcels:
                    cursor.execute("INSERT INTO parcels (code) VALUES (%s)", (parcel.code,))
                    yield parcel.code, cursor.lastrowid
        """,
            "the key of each new row is wanted",
        ),
        Good(
            """
            from library.models import Shelf

            def rename(queryset, names):
                for book in queryset.all():
                    book.name = names[book.pk]
                    book.save()  # todo: SCL504
                for shelf in Shelf.objects.all():
                    shelf.name = names[shelf.pk]
                    shelf._renamed_by = names.author
                    shelf.save()
        """,
            "rows of nobody knows what, and a note for whoever waits for a row to be saved",
        ),
        Good(
            """
            from library.models import Copy, Route

            def clear(cursor, codes, gone):
                for code in codes:
                    cursor.execute("DELETE FROM slips WHERE code = %s", (code,))
                    if cursor.rowcount > 0:
                        gone.append(code)

            def reroute(van):
                for route in Route.objects.filter(van__isnull=True):
                    Copy.objects.filter(route=route).update(van=van)  # todo: SCL504
                    route.plan_again()
        """,
            "which of them there were, and more that is done for each item",
        ),
        Good(
            """
            from django.core.cache import cache
            from library.models import Member, Shelf

            def _figures(member):
                return {"name": member.name.title(), "number": int(member.card, 36)}

            def warm():
                for member in Member.objects.filter(waits=True):
                    cache.set(f"figures:{member.pk}", _figures(member), 600)

            def install():
                for shelf in Shelf.objects.all():
                    shelf.is_open = True
                    shelf.save()
        """,
            "beside what makes the value its key is nothing, and what is done once",
        ),
        Good(
            """
            from app.models import Twin

            def reconcile(session, bots, known):
                for bot in bots.fetchall():
                    if bot.name in known:
                        continue
                    twin = Twin(name=bot.name)
                    session.add(twin)
                    session.flush()
                    known[bot.name] = twin
        """,
            "a row for each that is missing, which the next turn has to find",
        ),
        Good(
            """
            def finish(loans):
                for loan in loans:
                    loan.returned = True
                    loan.save()  # todo: SCL504
        """,
            "who knows what these are",
        ),
        Good(
            """
            from django import forms

            def save_all(forms):
                for form in forms:
                    form.save()
        """,
            "forms, which save what they like",
        ),
        Good(
            """
            from app.boilers import shut_down
            from boilers.models import Alarm

            def close(keys):
                for key in keys:
                    stopped = shut_down(key)
                    if stopped:
                        Alarm.objects.filter(boiler_id=key).update(is_open=False)
        """,
            "a row that says what has been done",
        ),
        Good(
            """
            from library.models import Shelf

            def shelves_of(codes):
                found = []
                for code in codes:
                    shelf, is_new = Shelf.objects.get_or_create(code=code)
                    found.append((shelf, is_new))
                return found
        """,
            "what was there, and what is new, is wanted",
        ),
        Good(
            """
            from library.models import Loan

            def close(versions):
                for key, version in versions:
                    changed = Loan.objects.filter(pk=key, version=version).update(is_open=False)
                    if changed != 1:
                        raise RuntimeError(key)
        """,
            "whether each row is still as it was read",
        ),
        Good(
            """
            import random

            from shop.models import Order

            def simulate_orders(customers):
                for customer in customers:
                    Order.objects.create(customer=customer, total=random.randrange(100))
        """,
            "made up, to show the shop",
        ),
        Good(
            """
            from library.models import Shelf

            class Library:
                def __init__(self):
                    self.rooms = [{"name": "north", "floor": 1}, {"name": "south", "floor": 2}]

                def furnish(self):
                    for room in self.rooms:
                        Shelf.objects.create(name=room["name"], floor=room["floor"])
        """,
            "a list that the program writes down",
        ),
        Good(
            """
            from library.catalogue import imported
            from library.models import Book

            def take_over():
                for each in imported():
                    Book.objects.create(title=each)  # todo: SCL504
        """,
            "nothing shows how many these are",
        ),
        Good(
            """
            import redis

            client = redis.Redis(socket_timeout=2)

            def publish(scores):
                with client.pipeline() as pipe:
                    for name, score in scores.items():
                        pipe.set(f"score:{name}", score, ex=600)
                    pipe.execute()
        """,
            "commands of a pipeline go out together",
        ),
        Good(
            """
            from library.models import Shelf

            DEFAULTS = ("Fiction", "History")

            def furnish(library):
                for name in DEFAULTS:
                    Shelf.objects.create(library=library, name=name)
        """,
            "two shelves",
        ),
        Good(
            """
            from library.models import Label

            def tag(book, names, user):
                for name in names:
                    label, is_new = Label.objects.get_or_create(name=name)
                    if is_new:
                        label.made_by = user
                        label.save()
                    book.labels.append(label)
        """,
            "only rows that were just made are saved again",
        ),
        Good(
            """
            from library.models import Voucher

            def greet(member, offers):
                for key, offer in offers.items():
                    if key == "first_loan" and offer:
                        Voucher.objects.create(member=member, kind=key)
        """,
            "one item has that key",
        ),
        Good(
            """
            from library.models import Loan
            from library.shelves import put_back

            def sort_out(loans, today):
                for loan in Loan.objects.filter(returned=None):
                    if loan.due < today:
                        if loan.book_id is None:
                            loan.is_void = True
                            loan.save()
                            continue
                    put_back(loan)
        """,
            "an exception that few items make",
        ),
        Good(
            """
            from rest_framework import serializers
            from library.models import Copy, Title

            class TitleSerializer(serializers.Serializer):
                def create(self, validated_data):
                    copies = validated_data.pop("copies")
                    title = Title.objects.create(**validated_data)
                    for copy in copies:
                        Copy.objects.create(title=title, **copy)
                    return title
        """,
            "the parts of one thing, which somebody has put on one form",
        ),
        Good(
            """
            from django.contrib.admin.views.decorators import staff_member_required
            from library.models import Loan

            @staff_member_required
            def close_all(request):
                for loan in Loan.objects.filter(returned=None):
                    loan.closed = True
                    loan.save()
        """,
            "a page for the few who run the service",
        ),
        Good(
            """
            from django.contrib.auth.models import User
            from library.models import Notice

            def announce(member):
                for person in User.objects.filter(is_staff=True):
                    Notice.objects.create(reader=person, text=f"{member} has joined")
        """,
            "the few who run the service",
        ),
        Bad(
            """
            from django.db import transaction
            from library.models import Entry

            @transaction.atomic
            def copy(old, new):
                for entry in Entry.objects.filter(journal=old):
                    entry.pk = None
                    entry.journal = new
                    entry.save()  # SCL504
        """,
            "a row without its key is saved as a new one: `bulk_create` takes the copies",
        ),
        Good(
            """
            from library.models import Chapter

            def copy(old, new):
                copies = {}
                for chapter in Chapter.objects.filter(book=old):
                    copied = Chapter.objects.create(book=new, title=chapter.title)
                    copies[chapter.pk] = copied.pk
                return copies
        """,
            "the key of each new row is wanted, which not every database tells of many",
        ),
        Good(
            """
            from app.models import Slot, SlotDay

            def plan(session, values, days):
                for value in values:
                    slot = Slot(at=value)
                    session.add(slot)
                    session.flush()
                    session.add_all([SlotDay(slot_id=slot.slot_id, day=day) for day in days])
        """,
            "its key, under another name",
        ),
        Good(
            """
            from app.models import Chapter

            def move_up(session, book_id, place):
                for chapter in session.query(Chapter).filter(Chapter.book_id == book_id, Chapter.place > place):
                    chapter.place -= 1
                    session.flush()
        """,
            "places are unique: each change has to be written before the next",
        ),
        Good(
            """
            from library.models import Label

            def labels_of(names):
                found = []
                for name in names:
                    found.append(Label.objects.get_or_create(name=name)[0])
                return found
        """,
            "the rows are wanted, whether they were there or not",
        ),
        Good(
            """
            from sqlalchemy import text

            async def store(session, parcels):
                keys = []
                for parcel in parcels:
                    done = await session.execute(text("INSERT INTO parcels (code) VALUES (:code) RETURNING id"), parcel)
                    keys.append(done.scalar_one())
                return keys
        """,
            "what each statement returns is read",
        ),
        Good(
            """
            from django.db import transaction
            from library.models import Member

            @transaction.atomic
            def backfill_codes(codes):
                for member in Member.objects.filter(code=""):
                    member.code = codes[member.pk]
                    member.save()
        """,
            "done once, after a change of the program",
        ),
        Good(
            """
            from django.db import transaction
            from library.models import Reading

            @transaction.atomic
            def change_readers(book, wanted):
                for reading in Reading.objects.filter(book=book):
                    if reading.member_id not in wanted:
                        reading.delete()
        """,
            "what a change has taken out of a list",
        ),
        Good(
            """
            from library.models import Reading

            def add_readers(book, wanted, present):
                for member in wanted - present:
                    Reading.objects.create(book=book, member_id=member)
        """,
            "what a change has put into a list",
        ),
        Good(
            """
            from django.db import transaction
            from library.models import Page

            @transaction.atomic
            def renew(book_id, chapter_id):
                for page in Page.objects.filter(book_id=book_id, chapter_id=chapter_id):
                    page.is_last = False
                    page.save()
        """,
            "what two other rows have in common is a handful",
        ),
        Good(
            """
            from django.db import transaction
            from library.models import Shelf

            PLAN = (("A1", 10), ("A2", 20))

            @transaction.atomic
            def arrange():
                plan = {code: place for code, place in PLAN}
                for shelf in Shelf.objects.filter(is_open=True):
                    if shelf.code in plan:
                        shelf.place = plan[shelf.code]
                        shelf.save()
        """,
            "those that the program names one by one",
        ),
        Good(
            """
            from django.db import transaction
            from library.models import Letter

            @transaction.atomic
            def write_to(members):
                for member in members:
                    letter = Letter(member=member)
                    letter.save()
                    letter.prepare_and_hand_over()
        """,
            "a row that is worked on once it is there",
        ),
        Good(
            """
            from library.models import Reader

            def sign_up(sender, instance, action, pk_set, **kwargs):
                for pk in pk_set:
                    Reader.objects.get_or_create(user_id=pk, club=instance)
        """,
            "what one change of a relation adds",
        ),
        Good(
            """
            from app.models import Key, session

            def log_out(member):
                for key in member.keys:
                    if member.current_key == key:
                        session.query(Key).filter_by(text=key).delete()
                        session.commit()
        """,
            "the one item that something else names",
        ),
        Good(
            """
            from library.models import Member, MemberNote

            def let_in(numbers):
                found = Member.objects.filter(number__in=numbers).select_related("card").prefetch_related("loans")
                for member in found:
                    member.card.open = True
                    member.card.save()
                    for loan in member.loans.all():
                        loan.go_on()
                    MemberNote.objects.create(member=member, text="let in")
        """,
            "a note of what was done to each, which is the work",
        ),
        Good(
            """
            from app.models import Parcel, session
            from app.tracking import publisher

            def hand_over(parcels):
                for parcel in parcels:
                    parcel.handed = True
                    session.commit()
                    publisher.parcel_left(number=parcel.number)
        """,
            "kept, and then told to others: one unit for each",
        ),
        Good(
            """
            from library.models import Shelf

            def set_up(sender, **kwargs):
                apps = kwargs["apps"]
                Place = apps.get_model("library", "Place")
                for place in Place.objects.all():
                    place.open = True
                    place.save()

            def tidy():
                for row in Shelf.objects.values("category").annotate(last=Max("pk")):
                    Shelf.objects.filter(category=row["category"]).exclude(pk=row["last"]).delete()
        """,
            "what runs with the migrations, and one statement for each kind",
        ),
        Bad(
            """
            from typing import TYPE_CHECKING
            from library.models import Copy

            if TYPE_CHECKING:
                from django.db.models import QuerySet

            def stock(book, shelves: "QuerySet"):
                for shelf in shelves:
                    Copy.objects.create(book=book, shelf=shelf)  # SCL504
        """,
            "the annotation says that these are rows of a query",
        ),
        Good(
            """
            from library.models import Label, Shelf

            def tie(book, labels):
                for label in labels:
                    Label.objects.create(book=book, text=label)  # todo: SCL504

            def show(shelfid):
                for shelf in Shelf.objects.filter(shelfid=shelfid):
                    shelf.shown = True
                    shelf.save()
        """,
            "what a function is given are mostly the parts of one thing; and the row with a key",
        ),
        Good(
            """
            from library.models import Loan, Paper

            def hide(member, papers):
                for paper in Paper.objects.filter(member_card=member.card):
                    paper.hidden = True
                    paper.save()

            def take_over(found):
                codes = {each.code for each in found}
                for loan in Loan.objects.filter(returned=None).exclude(code__in=codes):
                    loan.delete()
        """,
            "what one other row has, and what is no longer there since the last time",
        ),
        Bad(
            """
            from django.utils import timezone
            from library.models import Loan

            def end(request):
                for loan in Loan.objects.filter(id__in=request.POST.getlist("loans")):
                    loan.ended_at = timezone.now()
                    loan.save()  # SCL504
        """,
            "as many as the caller sends the keys of",
        ),
        Good(
            """
            from library.models import Loan

            def end(loan_keys):
                for loan in Loan.objects.filter(id__in=loan_keys):
                    loan.ended = True
                    loan.save()  # todo: SCL504

            def tell(orders):
                for order in orders:
                    Loan.objects.filter(order=order).update(told=True)  # todo: SCL504
        """,
            "rows of keys that a function is given, who knows how many, and what is given by whatever name",
        ),
        Good(
            """
            def copy(cursor, old, new):
                cursor.execute("SELECT label_id FROM book_labels WHERE book_id = %s", (old,))
                for row in cursor.fetchall():
                    cursor.execute("INSERT INTO book_labels VALUES (%s, %s)", (new, row[0]))
        """,
            "what one book has, in SQL",
        ),
        Good(
            """
            import json

            from django import forms
            from library.models import Place, Shelf

            class ShelfForm(forms.Form):
                def keep(self):
                    for place in self.cleaned_data["places"]:
                        Place.objects.create(place=place)  # todo: SCL504

                def arrange(self, text):
                    for row in json.loads(text):
                        Shelf.objects.create(name=row["name"])  # todo: SCL504
        """,
            "what somebody has chosen on a form, and a text that a function is given",
        ),
        Good(
            """
            from library.models import Booking, Price

            def set_prices(book, given):
                for each in given.rows:
                    Price.objects.update_or_create(book=book, shop=each.shop, defaults={"amount": each.amount})

            def free(request, room):
                for day in request.POST.getlist("day"):
                    Booking.objects.filter(room_id=room.pk, date=day).delete()
        """,
            "prices of one book in each shop, and days of one room",
        ),
        Good(
            """
            from library.models import Draft, Slip

            def tidy():
                for draft in Draft.objects.filter(sent=False):
                    words = draft.counted_words()
                    if not words:
                        draft.delete()

            def tidy_slips():
                orphans = Slip.objects.filter(book=None)
                for slip in orphans:
                    slip.delete()
        """,
            "each draft is asked whether it goes, and few slips have lost their book",
        ),
        Good(
            """
            from library.models import Loan, Reminder

            def lend(rows):
                for row in rows:
                    if row.is_known:
                        if row.is_late:
                            Reminder.objects.filter(loan=row.loan).delete()
                        else:
                            row.note = "in time"
                    else:
                        row.note = "new"
        """,
            "an exception to the rule",
        ),
        Bad(
            """
            from library.models import Reminder

            def forget(rows):
                for row in rows:
                    if row.is_known:
                        if row.is_late:
                            Reminder.objects.filter(loan=row.loan).delete()  # SCL504
        """,
            "most of the rows may be late",
        ),
        Good(
            """
            from app.models import Message, State, session

            def cancel_others(user_id, kept):
                waiting = session.query(Message).filter(Message.user_id == user_id, Message.state == State.pending)
                for message in waiting.filter(Message.id != kept).all():
                    message.state = State.cancelled
                    session.commit()
        """,
            "what is still under way for one user is next to nothing",
        ),
        Good(
            """
            from sqlalchemy import update
            from app.models import Shelf

            def rename_shelves(session, updates):
                for each in updates:
                    renamed = update(Shelf).where(Shelf.code == each.code).values(title=each.title)
                    session.execute(renamed)  # todo: SCL504
        """,
            "how many changes the callers bring, nobody tells",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """The methods that write, run a statement or commit."""
        return words(*names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the writes that happen once per item, one for each loop."""
        for write in writes(source):
            what = write.what[:-2] if write.what.endswith("()") else write.what
            said = {"what": what, "items": write.items, "instead": write.instead}
            yield Finding(write.node, {**said, "function": display_name(write.scope.function)})
