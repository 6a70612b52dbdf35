"""SCL502: a query for each item of a loop."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.item_reads import reads
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class QueryInLoop(Rule):
    """A loop asks the database once for each of its items.

    What it does
    ------------
    Finds, in loops and comprehensions, queries that are made of the item: text of SQL, object-relational mappers,
    MongoDB, keys of Redis and other caches, DynamoDB, and repositories by their names; also where the loop calls a
    function of the file that does nothing but look something up. One finding for each table in a loop. It speaks where
    the file shows that there may be many items: rows of a query, what a request or another service has sent, an
    argument of the function, or what a function lists by its name.

    Why it does not scale
    ---------------------
    Every query is a round trip. A hundred items of a page are a hundred of them, each waiting for the network and
    holding a connection; the time grows with the data, and the pool runs dry with a few such requests at once.

    How to fix it
    -------------
    Collect the keys, fetch all rows with one query before the loop (`id IN (…)`, `in_bulk`, `Model.id.in_(ids)`,
    `{"$in": ids}`) and look them up in a mapping; join or prefetch what belongs to the rows; let the database group
    and count. Keys of a cache: `mget`, `get_many`, a pipeline.

    Known limits
    ------------
    Pages for operators are silent, and so are the rows that belong to one row, what walks through a tree, a turn that
    also waits for another service or has a transaction of its own, and library code that writes for each item, unless
    the items come from outside. So are tasks that no line of a project with a written schedule names, tables of data
    that are read into memory one by one, rows that are locked, jobs over what falls on this day, queries that take
    nothing of the item but a state or a role, what has one place whichever item it is found for, restored backups, and
    the parts of one form where each becomes a row of the same thing, or is looked up in a table with few rows. What a
    turn asks a client of another service is told by names.
    Where items come from is followed through names, loops that fill a list and functions of the file; what attributes
    of objects and functions of other modules give is silent. So are literals and constants, also in an argument that
    every call in the file gives, limits and slices up to twenty, groups, one user's rows, pages and chunks, and names
    of what there are a few of (`shards`, `permissions`, `managers`, `type_ids`); what belongs to one row, in library
    code also what a query gives for one; boxes ticked on a page, and the entries of a mapping that a request has
    brought, whose keys are mostly those of settings; members of an enumeration; what is left of a set when another is
    taken from it; an argument for which every call in other files writes out a few or names a setting, or of a function
    that no other line of the project names; a loop that ends with the first item that fits, and a function that only
    commands, migrations or the start of the service call, or that opens a store of the item's own; and a task
    that only commands start.
    What functions of other modules ask is not seen, except by the names of repositories.
    """

    code = "SCL502"
    slug = "query-in-loop"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "query per item"
    message = "{what} queries once per item of {items} in {function}(); {instead}"
    short = "{what} queries per item of {items}; {instead}"
    title = "Query in a loop"
    impact = "The number of round trips grows with the data; a few large requests hold all connections"
    fix = "Fetch the rows of all items with one query (IN, a join, a prefetch, mget) before the loop"
    references = (
        "https://docs.djangoproject.com/en/stable/topics/db/optimization/#retrieve-everything-at-once-if-you-know-you-will-need-it",
        "https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.ColumnElement.in_",
    )
    examples = (
        Bad(
            """
            from app.models import Parcel

            def weights(session, codes):
                found = {}
                for code in codes:
                    parcel = session.query(Parcel).filter_by(code=code).first()  # SCL502
                    if parcel is not None:
                        found[code] = parcel.weight
                return found
        """,
            "one query for each code",
        ),
        Bad(
            """
            from library.models import Loan, Member

            def overview(members):
                return [
                    {"name": member.name, "loans": Loan.objects.filter(member=member).count()}  # SCL502
                    for member in members
                ]
        """,
            "in a comprehension; the database could count for all of them",
        ),
        Bad(
            """
            def prices(cursor, skus):
                result = []
                for sku in skus:
                    cursor.execute("SELECT price FROM offers WHERE sku = %s", (sku,))  # SCL502
                    result.append(cursor.fetchone()[0])
                return result
        """,
            "text of SQL; what is fetched of it is the same finding",
        ),
        Bad(
            """
            from app.models import Track

            class Playlists:
                def __init__(self, session):
                    self.session = session

                def _track(self, track_id):
                    return self.session.get(Track, track_id)

                def titles(self, entries):
                    return [self._track(entry["track"]).title for entry in entries]  # SCL502
        """,
            "through a method that looks up one row",
        ),
        Bad(
            """
            async def authors(collection, posts):
                for post in posts:
                    post["author"] = await collection.find_one({"_id": post["author_id"]})  # SCL502
                return posts
        """,
            "MongoDB",
        ),
        Bad(
            """
            import redis

            client = redis.Redis(socket_timeout=2)

            def scores(names):
                return {name: client.get(f"score:{name}") for name in names}  # SCL502
        """,
            "a round trip for each key, where `mget` takes all",
        ),
        Bad(
            """
            from library.models import Loan

            def last_loans(members):
                return [Loan.objects.filter(member=member).order_by("-lent")[0] for member in members]  # SCL502
        """,
            "a row of a query by its number",
        ),
        Bad(
            """
            from django.http import JsonResponse

            def gaps(shelves):
                return [shelf.name for shelf in shelves if shelf.books.filter(lost=True).exists()]  # SCL502

            def lost(shelves):
                return {shelf.name: list(shelf.books.filter(lost=True)) for shelf in shelves}  # SCL502
        """,
            "a narrowed relation is another query, prefetched or not",
        ),
        Bad(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Parcel, session

            app = Flask(__name__)

            @app.post("/parcels/weights")
            @limiter.limit("10/minute")
            def weights():
                found = []
                for code in request.get_json()["codes"]:
                    parcel = session.query(Parcel).filter_by(code=code).first()  # SCL502
                    found.append(parcel.weight if parcel else None)
                return jsonify(found)
        """,
            "as many as the caller sends",
        ),
        Bad(
            """
            from app.models import Loan, session
            from app.people import list_members

            def late():
                found = []
                for member in list_members():
                    found.append(session.query(Loan).filter_by(member_id=member.id, late=True).count())  # SCL502
                return found
        """,
            "a function that lists, by its name",
        ),
        Good(
            """
            from app.models import Reading, session

            def _depots():
                depots = []
                for name, place in (("north", 1), ("south", 2), ("east", 5)):
                    depots.append({"name": name, "place": place})
                return depots

            def _last(depots):
                return [session.query(Reading).filter_by(place=each["place"]).first() for each in depots]

            def overview(extra):
                places = [*extra.split(",")]
                if len(places) > 4:
                    places = places[:4]
                readings = [session.query(Reading).filter_by(place=place).first() for place in places]
                return readings, _last(_depots())
        """,
            "a list of the text, through two functions, and a cut one",
        ),
        Good(
            """
            from app.models import Parcel, Stop, session

            def busiest():
                found = session.query(Stop).order_by(Stop.parcels.desc()).limit(5)
                return [session.query(Parcel).filter_by(stop_id=stop.id).count() for stop in found]

            def per_day(cursor):
                cursor.execute("SELECT day, count(*) FROM parcels GROUP BY day")
                for day, number in cursor.fetchall():
                    cursor.execute("SELECT name FROM holidays WHERE day = %s", (day,))
                    yield day, number, cursor.fetchone()
        """,
            "five rows, and one for each group",
        ),
        Good(
            """
            from app.database import get_session
            from app.models import Parcel, Route

            class Board:
                async def first(self, code):
                    async for session in get_session():
                        return await session.get(Parcel, code)

                async def show(self):
                    found = []
                    async for session in get_session():
                        found.append(await session.get(Route, 1))
                    for code in self.pinned:
                        found.append(await session.get(Parcel, code))  # todo: SCL502
                    return found
        """,
            "a generator that gives one session; what an attribute holds is not shown",
        ),
        Good(
            """
            class Grants:
                def __init__(self):
                    self._store = {}

                def _holders(self, name):
                    return self._store.get(f"grant:{name}")

                def everybody(self, names):
                    return [self._holders(name) for name in names]
        """,
            "what is named a store and has a `get` may be a mapping",
        ),
        Good(
            """
            from app.models import Parcel

            def weights(session, codes):
                rows = session.query(Parcel).filter(Parcel.code.in_(codes)).all()
                by_code = {row.code: row for row in rows}
                return {code: by_code[code].weight for code in codes}
        """,
            "one query for all",
        ),
        Good(
            """
            from library.models import Loan

            def late():
                for loan in Loan.objects.filter(returned=None).iterator():
                    loan.remind()
        """,
            "what a loop goes over is asked once",
        ),
        Good(
            """
            from library.models import Loan

            def pairs(members):
                late = Loan.objects.filter(returned=None, member__in=members)
                return [(member, loan) for member in members for loan in late if loan.member_id == member.pk]
        """,
            "a query that is made before the loop keeps its rows",
        ),
        Good(
            """
            from app.models import Parcel

            def in_chunks(session, codes):
                for start in range(0, len(codes), 500):
                    part = codes[start : start + 500]
                    yield from session.query(Parcel).filter(Parcel.code.in_(part)).all()
        """,
            "one query for each chunk",
        ),
        Good(
            """
            import time
            from app.models import Parcel

            def wait_for(session, code):
                for attempt in range(5):
                    parcel = session.query(Parcel).filter_by(code=code).first()
                    if parcel is not None:
                        return parcel
                    time.sleep(2**attempt)
        """,
            "tries, not items",
        ),
        Good(
            """
            from app.models import Parcel

            def totals(session):
                return {state: session.query(Parcel).filter_by(state=state).count() for state in ("new", "sent")}
        """,
            "two states",
        ),
        Good(
            """
            from app.models import Parcel

            def names(session, rows):
                known = {}
                for row in rows:
                    if row.parcel_id not in known:
                        known[row.parcel_id] = session.get(Parcel, row.parcel_id)
                    yield known[row.parcel_id].name
        """,
            "each row is fetched once, and remembered",
        ),
        Good(
            """
            def sizes(cursor, names):
                for name in names:
                    cursor.execute(f"SELECT count(*) FROM {name}")
                    yield name, cursor.fetchone()[0]
        """,
            "another table each time",
        ),
        Good(
            """
            from app.models import Parcel

            def first_free(session, wanted):
                number = 1
                while session.query(Parcel).filter_by(code=f"{wanted}-{number}").first():
                    number += 1
                return f"{wanted}-{number}"
        """,
            "a search that ends with the first hit",
        ),
        Good(
            """
            from library.models import Shelf

            def shelf_with_room(candidates):
                for code in candidates:
                    shelf = Shelf.objects.filter(code=code, full=False).first()
                    if shelf is not None:
                        return shelf
        """,
            "one candidate after the other, until one fits",
        ),
        Good(
            """
            from app.errors import TooMany
            from app.models import Parcel

            MOST = 5

            def weigh(session, codes):
                if len(codes) > MOST:
                    raise TooMany(MOST)
                return [session.query(Parcel).filter_by(code=code).one().weight for code in codes]
        """,
            "more than five are refused",
        ),
        Good(
            """
            from app.models import Setting, session

            def configure(printer, options):
                for key, value in options.items():
                    setting = session.query(Setting).filter_by(printer=printer, key=key).one_or_none()
                    if setting is not None:
                        setting.value = value
        """,
            "the options of one thing are a handful",
        ),
        Good(
            """
            from app.models import Badge, session

            def ensure_seeded(names):
                for name in names:
                    if session.query(Badge).filter_by(name=name).first() is None:
                        session.add(Badge(name=name))
        """,
            "rows that a new database begins with",
        ),
        Good(
            """
            import redis

            client = redis.Redis(socket_timeout=2)

            def scores(names):
                pipe = client.pipeline()
                for name in names:
                    pipe.get(f"score:{name}")
                return dict(zip(names, pipe.execute()))
        """,
            "a pipeline sends them together",
        ),
        Good(
            """
            def labels(settings, names):
                return [settings.get(name, "") for name in names]
        """,
            "a mapping",
        ),
        Good(
            """
            import click
            from app.models import Parcel, session

            @click.command()
            @click.argument("codes", nargs=-1)
            def show(codes):
                for code in codes:
                    click.echo(session.query(Parcel).filter_by(code=code).first())
        """,
            "a command of the operator",
        ),
        Good(
            """
            from collections import defaultdict
            from itertools import groupby
            from app.models import Price, session

            def prices(wanted):
                by_market = defaultdict(list)
                for market, code in wanted:
                    by_market[market].append(code)
                found = []
                for market, codes in by_market.items():
                    query = session.query(Price).filter(Price.market == market, Price.code.in_(codes))
                    found.extend(query.all())
                for day, rows in groupby(wanted):
                    found.extend(session.query(Price).filter(Price.day == day, Price.code.in_(rows)).all())
                return found
        """,
            "one query for each group of items",
        ),
        Good(
            """
            from app.models import Parcel, session

            def waiting(run):
                lanes = []
                if run.is_urgent:
                    lanes.append(Parcel.urgent)
                if run.depot:
                    lanes.append(Parcel.depot == run.depot)
                return [session.query(Parcel).filter(lane).limit(10).all() for lane in lanes]
        """,
            "a list as long as the text",
        ),
        Good(
            """
            from app.models import Parcel, session

            def fix_weights(codes):
                for code in codes:
                    parcel = session.query(Parcel).filter_by(code=code).first()
                    parcel.weight = round(parcel.weight)
        """,
            "once, after a change of the program",
        ),
        Good(
            """
            from django.db import transaction
            from bank.models import Account

            def settle(numbers):
                for number in numbers:
                    with transaction.atomic():
                        account = Account.objects.select_for_update().get(number=number)
                        account.settle()
        """,
            "each row is locked for itself, on purpose",
        ),
        Good(
            """
            from django.db import transaction
            from bank.models import Account, Charge

            def charge_late():
                for account in Account.objects.filter(late=True):
                    charges = list(Charge.objects.filter(account=account, paid=False))
                    with transaction.atomic():
                        account.charge(charges)
        """,
            "each account is settled in a transaction of its own, beside which what is read for it is nothing",
        ),
        Good(
            """
            from library.models import Member

            def mail_by_role(texts):
                for role, text in texts:
                    for member in Member.objects.filter(role=role):
                        member.mail(text)
        """,
            "there are as many queries as roles, and each reads all that it needs",
        ),
        Good(
            """
            from celery import shared_task
            from django.utils import timezone
            from library.models import Guest, Performance

            @shared_task
            def remind():
                today = timezone.now().date()
                for play in Performance.objects.filter(date=today):
                    for guest in Guest.objects.filter(play=play):
                        guest.mail(play)
        """,
            "what takes place on one day",
        ),
        Bad(
            """
            from django.utils import timezone
            from library.models import Loan, Fine

            def fines_of_today():
                loans = Loan.objects.filter(returned__lte=timezone.now().date())
                return [Fine.objects.filter(loan=loan).first() for loan in loans]  # SCL502
        """,
            "and what has come together up to it",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.limits import limiter
            from app.models import Form, Genre, Line, session

            router = APIRouter()

            @router.post("/forms")
            @limiter.limit("10/minute")
            def take(body: dict):
                form = Form(name=body["name"])
                for genre in body["genres"]:
                    form.genres.append(session.query(Genre).filter_by(name=genre).first())
                for line in body["lines"]:
                    old = session.query(Line).filter_by(number=line["number"]).first()
                    session.add(Line(form_id=form.id, number=line["number"], before=old))
                return form.id
        """,
            "the lines of one form, and names out of a table that has few of them",
        ),
        Good(
            """
            from app.clients import rates_client
            from app.models import Rate, session
            from app.upstream import fetch_rate

            def refresh(codes):
                for code in codes:
                    if session.query(Rate).filter_by(code=code).first() is None:
                        session.add(Rate(code=code, value=fetch_rate(code)))

            def compare(codes):
                for code in codes:
                    rate = session.query(Rate).filter_by(code=code).first()
                    yield code, rate.value == rates_client.get_rate(code)
        """,
            "beside what is fetched for each the query is nothing",
        ),
        Good(
            """
            from library.models import Book, Member

            def terms(given):
                found = {}
                for name, value in given:
                    if name.startswith("member"):
                        found["member"] = Member.objects.filter(pk=value).first()
                return Book.objects.filter(**found)
        """,
            "what is found has one place, so that one item is meant",
        ),
        Good(
            """
            from app.models import Printer, session

            def import_backup(rows):
                for row in rows:
                    printer = session.query(Printer).filter_by(number=row["number"]).first()
                    if printer is not None:
                        printer.place = row["place"]
        """,
            "what happens once, after a loss",
        ),
        Good(
            """
            from library.models import Shelf

            def shelves(rows):
                known = {}
                for row in rows:
                    if row["code"] in known:
                        shelf = known[row["code"]]
                    else:
                        shelf = Shelf.objects.get(code=row["code"])
                        known[row["code"]] = shelf
                    yield shelf
        """,
            "remembered on the other side of the branch",
        ),
        Good(
            """
            from app.locks import NamedLock
            from app.models import Blob, session
            from app.storage import storage

            def clear(paths):
                for path in paths:
                    with NamedLock(f"blob:{path}"):
                        if session.query(Blob).filter_by(path=path).first() is None:
                            storage.remove(path)
        """,
            "the last look before something is removed",
        ),
        Good(
            """
            from library.models import Book, Property

            def matching(criteria):
                books = Book.objects.all()
                for each in criteria:
                    wanted = Property.objects.filter(name=each.name).first()
                    books = books.filter(properties__key=wanted.key, properties__value=each.value)
                return books
        """,
            "the terms of one query are a handful",
        ),
        Good(
            """
            from library.models import Member

            def describe(ids):
                found = []
                for key in ids:
                    if key == "me":
                        found.append(Member.objects.get(key=key))
                return found
        """,
            "one item is that",
        ),
        Good(
            """
            from library.models import Loan

            class Prices:
                def __init__(self, stored):
                    self._flat_db: dict[str, int] = {}
                    self._flat_db.update(stored)

                def total(self, codes):
                    return sum(self._flat_db.get(code) for code in codes) + Loan.objects.count()
        """,
            "a mapping, whatever it is called",
        ),
        Good(
            """
            from django.contrib.admin.views.decorators import staff_member_required
            from library.models import Loan, Member

            @staff_member_required
            def overview(request):
                return max(Loan.objects.filter(member=member).count() for member in Member.objects.all())
        """,
            "a page for the few who run the service",
        ),
        Good(
            """
            from library.models import Loan, Parcel

            def titles(loan: Loan):
                return [Parcel.objects.get(pk=line.parcel_id).title for line in loan.lines.all()]
        """,
            "what belongs to one row is a handful",
        ),
        Good(
            """
            from library.models import Loan, Member

            def take_in(rows):
                for row in rows:
                    member = Member.objects.get(card=row["card"])
                    loan, made = Loan.objects.get_or_create(member=member, due=row["due"])
        """,
            "who calls it with how many is unknown, and each turn writes besides",
        ),
        Good(
            """
            from openai import OpenAI
            from library.models import Loan, Member

            client = OpenAI(timeout=20, max_retries=3)

            def advise_all():
                for member in Member.objects.filter(waits=True):
                    loans = Loan.objects.filter(member=member).count()
                    client.responses.create(model="small", input=f"Advise {member.card} with {loans} loans")
        """,
            "beside the call of another service the query is nothing",
        ),
        Good(
            """
            from rest_framework import serializers
            from library.models import Shelf

            class ShelfSerializer(serializers.Serializer):
                def update(self, instance, validated_data):
                    def place(parent, children):
                        for child in children:
                            shelf = Shelf.objects.filter(pk=child["id"]).first()
                            shelf.move_below(parent)
                            place(shelf, child["children"])

                    place(instance, validated_data["children"])
                    return instance
        """,
            "a tree, in which each step needs the one before",
        ),
        Good(
            """
            from library.models import Loan
            from library.shelves import ShelfDatabase

            def _title(path):
                connection = ShelfDatabase(path)
                return connection.execute("SELECT title FROM about WHERE path = ?", (path,)).fetchone()

            def titles(paths):
                return [_title(path) for path in paths]

            def _lent(member):
                return Loan.objects.filter(member=member).count()

            def some(members, mail):
                for attachment in mail.attachments:
                    yield Loan.objects.filter(slip=attachment.name).first()
                for member in members[:20]:
                    yield _lent(member)
                for member in members:
                    yield list(Loan.objects.extra(where=[f"upper(holder) = '{member}'"]))
        """,
            "a database for each item, what one mail has, twenty of them, and SQL of each item",
        ),
        Good(
            """
            import sys
            from library.models import Grant, Member, Shelf

            def has_grants(member, names):
                return all(Grant.objects.filter(member=member, name=name).exists() for name in names)

            def is_known(code, *models):
                return any(model.objects.filter(code=code).exists() for model in models)

            def read_in(rows):
                for row in rows:
                    if Member.objects.filter(code=row["member"]).first() is None:
                        sys.exit(f"no such member: {row['member']}")
        """,
            "a question about what its caller has named, what a caller writes out, and what ends the program",
        ),
        Good(
            """
            from library.models import Member, Plan, Step

            def restore(plans):
                for plan in plans:
                    for step in plan.steps.filter(hidden=False):
                        step.reading.restore()
                    plan.announce_again()

            def describe(changes):
                for name, value in sorted(changes.items()):
                    if name == "reader":
                        yield Member.objects.get(pk=value).name
        """,
            "each item has work done besides, by a function of nobody knows how many; and one key of many",
        ),
        Good(
            """
            from library import models

            def own_tokens(context):
                return [
                    models.Client.query.get(client_id=token.client_id)
                    for token in models.Token.query.find({"user_id": context.user.id})
                ]
        """,
            "what one user has on the page of his settings",
        ),
        Good(
            """
            from app.models import Loan, Member, session

            def merge(body):
                loans = set(body["loans"])
                if len(loans) < 2 or len(loans) > 5:
                    raise ValueError("two to five")
                return [session.query(Loan).filter_by(number=number).one() for number in loans]

            def open_club(body):
                return [session.query(Member).filter_by(card=card).one() for card in body.managers]
        """,
            "five at most, and those in charge of one thing",
        ),
        Good(
            """
            import enum
            from app.models import Duty, Member, session

            class Role(enum.Enum):
                DESK = "desk"
                VAN = "van"

            def duties(roles: list[Role]):
                return [session.query(Duty).filter_by(name=role.value).first() for role in roles]

            def change_readers(club, wanted):
                for card in set(wanted) - {reader.card for reader in club.readers}:
                    club.readers.append(session.query(Member).filter_by(card=card).one())
        """,
            "members of an enumeration, and what a change has brought to a set",
        ),
        Good(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.models import Feature, Parcel, session

            app = Flask(__name__)

            @app.post("/features")
            @limiter.limit("10/minute")
            def switch():
                for code, wanted in sorted(request.get_json().get("features", {}).items()):
                    feature = session.query(Feature).filter_by(code=code).first()
                    if feature is not None:
                        feature.wanted = wanted
                for number in request.form.getlist("ticked"):
                    session.query(Parcel).filter_by(number=number).one().hold()  # todo: SCL502
                return "", 204
        """,
            "the entries of a mapping are settings, and a page has few boxes to tick, though a listing may have many",
        ),
        Bad(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.models import Parcel, session

            app = Flask(__name__)

            @app.post("/weights")
            @limiter.limit("10/minute")
            def weigh():
                wanted = {}
                for line in request.get_json()["lines"]:
                    wanted[line["code"]] = line["weight"]
                found = []
                for code, weight in wanted.items():
                    found.append(session.query(Parcel).filter_by(code=code).first().weight == weight)  # SCL502
                return found
        """,
            "a mapping that is made here of a list that was sent",
        ),
        Good(
            """
            from library.models import Genre, Loan, Volume

            def genres(genre_ids, shelf):
                found = [Genre.objects.get(pk=genre_id) for genre_id in genre_ids]
                return found, [list(volume.loans.order_by("due")) for volume in shelf.volumes.order_by("place")]

            def late(shelf):
                for volume in Volume.objects.filter(shelf=shelf):
                    yield Loan.objects.filter(volume=volume, late=True).first()  # todo: SCL502
        """,
            "keys of a table of few rows, and what belongs to one row in library code, which may be many after all",
        ),
        Good(
            """
            import pandas
            from app.depots import DepotRepository, ParcelRepository

            def copy(engine, codes):
                for code in codes:
                    frame = pandas.read_sql("SELECT day, weight FROM parcels WHERE depot = %s", engine, params=[code])
                    frame.to_sql("weights", engine, if_exists="append")

            async def settle(session, codes):
                parcels = ParcelRepository.from_session(session)
                for code in codes:
                    parcel = await parcels.get_by_code(code, for_update=True)
                    parcel.settled = True

            async def busiest(session):
                depots, parcels = DepotRepository.from_session(session), ParcelRepository.from_session(session)
                found = []
                for depot in await depots.get_all_by_load(limit=5):
                    found.append(await parcels.list_by_depot(depot.id))
                return found
        """,
            "a table of data at a time, rows that are locked, and five of them",
        ),
        Good(
            """
            from library.models import Loan, Member

            def overview():
                newest = Member.objects.order_by("-joined")[0:3]
                for member in newest.select_related("branch"):
                    member.loans_out = Loan.objects.filter(member=member).count()
                    yield member
        """,
            "three rows, whatever else the query loads with them",
        ),
        Good(
            """
            from sqlalchemy import text
            from app.database import get_session
            from app.tenants import list_all_tenants

            def versions():
                found = {}
                with get_session() as session:
                    for tenant in list_all_tenants():
                        row = session.execute(text(f'SELECT version FROM "{tenant}".schema_version LIMIT 1'))
                        found[tenant] = row.scalar_one_or_none()
                return found
        """,
            "each item has a schema of its own, and so another table",
        ),
        Good(
            """
            from collections import defaultdict
            from django.db.models import Q
            from library.models import Right

            def allowed(questions):
                by_shelf, found = defaultdict(list), {}
                for question in questions:
                    by_shelf[question.shelf].append(question)
                for shelf, asked in by_shelf.items():
                    terms = Q()
                    for question in asked:
                        terms |= Q(member=question.member, action=question.action)
                    found[shelf] = list(Right.objects.filter(terms, shelf=shelf).values_list("member_id", "action"))
                return found
        """,
            "one query for all of a group",
        ),
        Good(
            """
            from library.models import Right

            def renamed(rows, model):
                return [_renamed(row, model) for row in rows]

            def _renamed(row, model):
                new = dict(row)
                for number, column in model._column_objects.items():
                    new[column.name] = new.pop(f"column_{number}", None)
                return new

            def rights_of(user, permissions):
                return [Right.objects.filter(user=user, name=permission).first() for permission in permissions]
        """,
            "a mapping that a class keeps for itself is no manager; what the program asks permission for is a handful",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """Loops and comprehensions have one of these."""
        return words("for while")

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the queries, and calls of functions that query, that run once per item."""
        for read in reads(source):
            what, function = read.helper or read.what, display_name(read.scope.function)
            names = {"what": what, "items": read.items, "function": function, "instead": read.instead}
            yield Finding(read.node, names)
