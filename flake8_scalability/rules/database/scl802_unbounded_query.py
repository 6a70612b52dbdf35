"""SCL802: a query that may give the whole table."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.model.queries.broad_queries import broad_runs, remedy
from flake8_scalability.model.sites import display_name, spelled
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UnboundedQuery(Rule):
    """A query without a limit puts all its rows into memory.

    What it does
    ------------
    Finds, in request handlers, tasks and library code, queries whose rows are all fetched at once: `.all()`,
    `fetchall()`, `to_list(None)`, `list(queryset)`, a loop over a queryset; with no condition, or one that most rows
    meet. It speaks where less would do: the rows are only sifted or reduced in Python (a condition of a loop, a sum,
    the values of a column), or the table gets thousands of rows in ordinary use (orders, messages, users) and is given
    to the caller, searched for a text, gone over in a request or by a task. One finding for each function.

    Why it does not scale
    ---------------------
    The rows are there twice, in the driver and as objects. With the table grows the memory of every worker that runs
    the query, until the kernel ends it, always at the busiest time.

    How to fix it
    -------------
    Put a limit on it; go through a large table by key, batch by batch, or stream it: `iterator()`, `yield_per(500)`,
    a server-side cursor. Let the database count, sum and choose.

    Known limits
    ------------
    How many rows a table has is not known: one grows where its name says so (orders, visits), or where its class has
    columns of the people who make its rows; of others nothing is said, nor of a class with a few short columns that
    name neither a person, a time nor another class, and of settings that the project saves as a whole. What one user,
    tenant or parent has is taken for few here, and so is what waits for something or is in one state, tenants that have
    a schema each, and what only those who run the service see; one row for each value of a column (`distinct("kind")`)
    is few as well, unless the column says whose the rows are, and so are the choices of a form's field and a row for
    each month. What nobody in the project calls is left out, and so are steps of the program's start, what raises in
    production, what a memo makes of all rows, and what is there for an empty text where the function wants one to be
    given. Lists of endpoints are SCL501.
    """

    code = "SCL802"
    slug = "unbounded-query"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "unbounded result"
    message = "{callee} fetches all {rows} of {what} in {function}(); {instead}"
    short = "{callee} fetches all {rows} of {what}; {instead}"
    title = "Unbounded query"
    impact = "Memory and time grow with the table, until the worker is killed"
    fix = "Put a limit on it, go batch by batch along a key, or stream the rows (iterator(), yield_per(), fetchmany())"
    references = (
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#iterator",
        "https://docs.sqlalchemy.org/en/20/orm/queryguide/api.html#fetching-large-result-sets-with-yield-per",
    )
    examples = (
        Bad(
            """
            from app.models import Item

            def matching(session, term):
                return session.query(Item).filter(Item.title.ilike(f"{term}%")).all()  # SCL802
        """,
            "what matches a search may be most of the table",
        ),
        Bad(
            """
            from celery import shared_task
            from shop.models import Invoice

            @shared_task
            def remind():
                for invoice in Invoice.objects.filter(cancelled=False):  # SCL802
                    invoice.remember()
        """,
            "a task that holds every row at once",
        ),
        Bad(
            """
            from sqlalchemy import select
            from app.models import Reading

            class Readings:
                def __init__(self, session):
                    self.session = session

                async def average(self):
                    rows = (await self.session.scalars(select(Reading))).all()  # SCL802
                    return sum(row.value for row in rows) / len(rows)
        """,
            "the whole table for one number",
        ),
        Bad(
            """
            def visitors(cursor):
                cursor.execute("SELECT visitor, seen FROM visits")
                return cursor.fetchall()  # SCL802
        """,
            "text of SQL without a limit",
        ),
        Bad(
            """
            async def history(db):
                return await db.messages.find({"deleted": False}).to_list(None)  # SCL802
        """,
            "a list of documents of any length",
        ),
        Bad(
            """
            from app.models import Customer, Token

            def is_taken(session, name):
                for customer in session.query(Customer).all():  # SCL802
                    if customer.name == name:
                        return True
                return False

            def used_by(session):
                return {token.user_id for token in session.query(Token).all()}  # SCL802
        """,
            "a condition that a query has, and the values of one column",
        ),
        Bad(
            """
            from library.models import Document

            def look_over(report):
                for document in Document.objects.all():  # SCL802
                    report.add(document.path, document.is_readable())
        """,
            "a whole table that is gone over, row by row as it seems",
        ),
        Bad(
            """
            from sqlalchemy import select
            from app.models import Answer

            def list_answers(session, *, tenant_id, quiz_id=None):
                found = select(Answer).where(Answer.tenant_id == tenant_id)
                if quiz_id is not None:
                    found = found.where(Answer.quiz_id == quiz_id)
                return session.scalars(found).all()  # SCL802

            def answers(tenant_id):
                return list_answers(session, tenant_id=tenant_id)
        """,
            "whoever leaves out the condition that a list offers gets all of a tenant's rows",
        ),
        Good(
            """
            from app.models import Photo

            def photos_below(session, prefix: str):
                if not prefix:
                    return session.query(Photo).all()
                return session.query(Photo).filter(Photo.path.like(f"{prefix}%")).all()

            def photos_of(session, album):
                return photos_below(session, f"albums/{album.pk}/")
        """,
            "what lies below a prefix, which the function wants to be given",
        ),
        Good(
            """
            from sqlalchemy import select
            from app.models import Answer, Message, Order

            def list_answers(session, *, tenant_id):
                return session.scalars(select(Answer).where(Answer.tenant_id == tenant_id)).all()

            def greetings(session):
                return session.scalars(select(Message).order_by(Message.sort_order)).all()

            def unpaid_of(names):
                return [order.pk for order in Order.objects.filter(state="open") if order.buyer == "x"]  # todo: SCL802

            def close(moment):
                orders = Order.objects.exclude(number=None)
                for order in orders:
                    order.close(moment)
                return {order.buyer_id for order in orders}

            def update_all_orders():
                for order in Order.objects.all():
                    if order.extra != {}:
                        order.merge()

            def everything(session, moment):
                return list_answers(session, tenant_id=1), greetings(session), unpaid_of([]), update_all_orders()
        """,
            "a tenant's list without conditions, an order by hand, rows that are chosen already or gone over anyway",
        ),
        Good(
            """
            from celery import shared_task
            from flask import Flask, render_template
            from app.limits import limiter
            from app.models import Customer, Delivery, Parcel, Place, session

            app = Flask(__name__)

            @shared_task
            def send():
                for parcel in session.query(Delivery).filter(Delivery.status == "pending").all():
                    parcel.start()

            @app.post("/parcels")
            @limiter.limit("10/minute")
            def order_parcel():
                takers = session.query(Customer.id, Customer.name).all()
                pairs = [(each.id, each.name) for each in takers]
                return render_template("parcel.html", takers=pairs)

            def places(session):
                return {place.code: place.title for place in session.query(Place).all()}
        """,
            "what waits to be done, a list to choose from, and a table of which nobody knows that it becomes large",
        ),
        Good(
            """
            from app.models import Order, Parcel

            def parcels_on_their_way(db):
                paid = db.query(Order).filter(Order.paid == True).subquery()
                return [parcel.code for parcel in db.query(Parcel).join(paid).limit(100)]
            """,
            "a subquery is a part of another statement and fetches nothing",
        ),
        Good(
            """
            from app.models import Item

            def matching(session, term, limit=50):
                return session.query(Item).filter(Item.title.ilike(f"{term}%")).limit(limit).all()
        """,
            "a limit",
        ),
        Good(
            """
            from celery import shared_task
            from shop.models import Invoice

            @shared_task
            def remind():
                for invoice in Invoice.objects.filter(paid=False).iterator(chunk_size=500):
                    invoice.remember()
        """,
            "row by row",
        ),
        Good(
            """
            from app.models import Line

            def lines(session, order_id):
                return session.query(Line).filter(Line.order_id == order_id).all()
        """,
            "rows of one parent",
        ),
        Good(
            """
            from shop.models import Invoice

            def unpaid():
                return Invoice.objects.filter(paid=False)
        """,
            "a lazy query is given on; who takes its rows may take a part",
        ),
        Good(
            """
            from rest_framework.decorators import action
            from rest_framework.viewsets import ModelViewSet
            from contest.models import Submission
            from contest.throttles import PerUser

            class Submissions(ModelViewSet):
                queryset = Submission.objects.all()
                throttle_classes = [PerUser]

                def get_queryset(self):
                    found = super().get_queryset()
                    if self.action == "run_again":
                        found = found.filter(pk__in=self.request.data["keys"])
                    return found

                @action(detail=False, methods=["post"])
                def run_again(self, request):
                    for submission in self.get_queryset():
                        submission.run()
        """,
            "a view narrows what its actions get",
        ),
        Good(
            """
            from rest_framework.viewsets import ReadOnlyModelViewSet
            from shop.models import Order
            from shop.throttles import PerUser

            class LateOrders(ReadOnlyModelViewSet):
                throttle_classes = [PerUser]

                def get_queryset(self):
                    late = [order.pk for order in Order.objects.all() if order.promised < order.sent]
                    return Order.objects.filter(pk__in=late)
        """,
            "what a view lists, which is a matter of its pages",
        ),
        Good(
            """
            from app.models import Photo

            def others(session, shown):
                found = []
                for photo in session.query(Photo).all():
                    if photo.id in shown:
                        continue
                    found.append(photo.title)
                return found

            def newest_of_each(cursor):
                cursor.execute(
                    "SELECT p.* FROM photos p JOIN (SELECT place, MAX(taken) AS t FROM photos GROUP BY place) n"
                    " ON p.place = n.place AND p.taken = n.t"
                )
                return cursor.fetchall()
        """,
            "a few are left out, which the database would give as well; and the rows that a subquery has chosen",
        ),
        Good(
            """
            import os
            from celery import shared_task
            from shop.models import Customer, Location, MonthlySale

            class Refill:
                def __init__(self, writer):
                    self.writer = writer
                    self.environment = os.getenv("ENVIRONMENT")

                def run(self):
                    if self.environment not in ("local", "staging"):
                        raise RuntimeError("made-up orders are for those who try the shop")
                    for customer in self.customers():
                        self.writer.order(customer)

                def customers(self):
                    return [customer.key for customer in Customer.objects.all()]

            class CarrierForm:
                def __init__(self, carrier):
                    depots = Location.objects.filter(enabled=True).all()
                    self.depot.choices = [(each.id, str(each)) for each in depots if each.id != carrier.depot_id]

            @shared_task
            def draw():
                return [(each.month, each.amount) for each in MonthlySale.objects.all()]
        """,
            "what fails in production, the choices of a field, and one row for each month",
        ),
        Good(
            """
            from app.models import Currency

            def currencies(session):
                return session.query(Currency).all()
        """,
            "a small table by its name",
        ),
        Good(
            """
            def each(collection):
                for document in collection.find({"sent": False}):
                    yield document["_id"]
        """,
            "a cursor that streams from the server",
        ),
        Good(
            """
            from sqlalchemy import select
            from app.models import Item

            async def by_ids(session, ids):
                return (await session.scalars(select(Item).where(Item.id.in_(ids)))).all()
        """,
            "as many rows as keys",
        ),
        Good(
            """
            from app.models import Item

            def some(session, *criteria):
                return session.query(Item).filter(*criteria).all()
        """,
            "the caller decides what it is asked for",
        ),
        Good(
            """
            import click
            from app.models import Item

            @click.command()
            def export():
                for item in Item.query.all():
                    click.echo(item.title)
        """,
            "a command of the operator",
        ),
        Good(
            """
            def last(cursor):
                cursor.execute("SELECT visitor FROM visits ORDER BY seen DESC")
                return cursor.fetchone()
        """,
            "one row",
        ),
        Good(
            """
            from app.models import Item

            def batches(session, size):
                last = 0
                while True:
                    batch = session.query(Item).filter(Item.id > last).order_by(Item.id).limit(size).all()
                    if not batch:
                        return
                    yield batch
                    last = batch[-1].id
        """,
            "batches by key",
        ),
        Good(
            """
            from datetime import datetime, timedelta
            from shop.models import Order

            def fresh(hours):
                for order in Order.objects.filter(created_at__gte=datetime.utcnow() - timedelta(hours=hours)):
                    order.notify()
                since = datetime.utcnow() - timedelta(hours=hours)
                for order in Order.objects.filter(paid_at__gt=since):
                    order.thank()
            """,
            "those of the last hours",
        ),
        Good(
            """
            from datetime import datetime, timedelta
            from app.models import Article, Level, Threshold

            def thresholds(session):
                return {each.code: each.least for each in session.query(Threshold).all()}

            def new_ones(session, hours):
                cut_off = datetime.now() - timedelta(hours=hours)
                found = session.query(Article).filter(Article.made_at >= cut_off).all()
                return [article.title for article in found]

            def copies_of(session, title):
                found = session.query(Article).filter(Article.title.ilike(f"{title} (copy %)")).all()
                return len({article.title for article in found})
        """,
            "a table that an operator fills, a window of time, and a pattern that few rows match",
        ),
        Good(
            """
            from app.models import Feed, Job, JobState, User

            def overview(session):
                people = [user.name for user in session.query(User).filter(User.is_admin).all()]
                return people, [feed.url for feed in session.query(Feed).all()]

            def stopping(session):
                return [job.host for job in session.query(Job).filter(Job.state == JobState.TERMINATING).all()]

            def newest(cursor):
                cursor.execute("SELECT DISTINCT ON (market) market, score FROM market_scores ORDER BY market, at DESC")
                return cursor.fetchall()
        """,
            "those who run the service, what they set up, what is being stopped just now, and one row for each market",
        ),
        Good(
            """
            from django.db import models
            from django_tenants.models import TenantMixin
            from .jobs import close_books

            class Customer(TenantMixin):
                owner = models.ForeignKey("auth.User", models.CASCADE)
                created_at = models.DateTimeField(auto_now_add=True)

            def close_all():
                for customer in Customer.objects.filter(closed=False):
                    close_books.delay(customer.schema_name)
        """,
            "a job visits every tenant; each has a schema of its own, so that there are few",
        ),
        Good(
            """
            from app.models import Squirrel

            def names(session):
                return [each.name for each in session.query(Squirrel).all()]  # todo: SCL802
        """,
            "whether a table grows that nothing is known of, nobody can say",
        ),
        Good(
            """
            from app.models import Answer, Message, User
            from app.store import cached

            def newest_answers(is_open):
                found = Answer.objects.filter(open=is_open).order_by("question_id", "-made_at").distinct("question_id")
                return list(found.select_related("question"))

            def senders():
                names = {}
                for message in Message.objects.all():
                    names.setdefault(message.sender, set()).add(message.pk)
                return names

            senders = cached(models=(Message,))(senders)

            def greet(names):
                return [names[each] for each in senders()] + newest_answers(True)

            class Hub:
                def initialize(self):
                    self.init_users()

                def init_users(self):
                    for user in self.db.query(User):
                        if user.name in self.blocked:
                            continue
                        self.gate.add(user)
        """,
            "one row for each question, what a memo keeps, and a step of the program's start",
        ),
        Bad(
            """
            from app.models import Visit

            def newest_visits():
                return list(Visit.objects.order_by("user_id", "-at").distinct("user_id"))  # SCL802

            def greet(names):
                return [names[each.name] for each in newest_visits()]
        """,
            "one row for each user is as many as there are users",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the queries that may give all rows of a table, each where it runs."""
        for run in broad_runs(source):
            function = run.scope.function
            callee = spelled(run.node.func) + "()" if isinstance(run.node, ast.Call) else spelled(run.node)
            yield Finding(
                run.node,
                {
                    "callee": callee,
                    "rows": "matching rows" if run.query.chooses else "rows",
                    "what": run.query.entity,
                    "function": display_name(function),
                    "instead": remedy(run, source),
                },
            )
