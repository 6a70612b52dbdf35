"""SCL808: a request asks by a column that has no index."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.database.unindexed import unindexed
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UnindexedFilter(Rule):
    """A request looks rows up by a column that the model declares without an index.

    What it does
    ------------
    Finds, on the request path, queries none of whose conditions is on a column with an index, and parts of a whole
    table that are sorted by such a column, where the table becomes longer with the use of the service: by its name
    (shipments, payments), or by columns of the people who make its rows. The model has to be in the file, or where the
    project says that it comes from: SQLAlchemy, SQLModel, Django, peewee, Tortoise, Beanie and MongoEngine. Each column
    is told once in a file.

    Why it does not scale
    ---------------------
    Without an index the database reads every row of the table for each request. Nobody notices while the table is
    small; later each request takes longer than the one before.

    How to fix it
    -------------
    Declare an index (`index=True`, `db_index=True`, `Meta.indexes`, `Index(...)`), on the columns that are asked for
    together, and make it with a migration that does not lock the table (`CREATE INDEX CONCURRENTLY`).

    Known limits
    ------------
    An index that only the database knows of is not seen, unless a comment speaks of a unique constraint; one that any
    Python file of the project makes is, by the column's name alone. Columns with a few values are left alone, as are
    tables that are small by their names or say how a server is reached, queues whose next row is locked, joins, and
    columns that a base class declares; so are tables that nothing of the project makes (no migration, no `create_all`),
    and foreign keys on MySQL, which makes their indexes itself.
    """

    code = "SCL808"
    slug = "unindexed-filter"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "full scan"
    message = "{function}() {does} {name}, which has no index; {instead}"
    short = "{function}() {does} {name}; index it"
    title = "Filter on a column without an index"
    impact = "Each such request reads the whole table, and takes longer as it grows"
    fix = "Declare an index on the columns that are asked for together, and make it without locking the table"
    references = (
        "https://use-the-index-luke.com/sql/where-clause",
        "https://docs.djangoproject.com/en/stable/ref/models/indexes/",
        "https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes",
    )
    examples = (
        Bad(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Shipment(models.Model):
                label = models.CharField(max_length=40)
                weight = models.IntegerField()

            @ratelimit(key="ip", rate="10/m")
            def parcel(request, label):
                found = Shipment.objects.get(label=label)  # SCL808
                return JsonResponse({"weight": found.weight})
        """,
            "reads all parcels to find one",
        ),
        Bad(
            """
            from fastapi import APIRouter
            from sqlalchemy import select
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
            from app.limits import limiter
            from .db import session

            router = APIRouter()

            class Base(DeclarativeBase):
                pass

            class Visit(Base):
                __tablename__ = "visits"
                id: Mapped[int] = mapped_column(primary_key=True)
                plate: Mapped[str] = mapped_column()
                nickname: Mapped[str]

            @router.get("/visits/{plate}")
            @limiter.limit("10/minute")
            def visit(plate: str):
                return session.scalars(select(Visit).where(Visit.nickname == plate).limit(1)).first()  # SCL808
        """,
            "an annotation alone declares no index",
        ),
        Bad(
            """
            from flask import Flask
            from flask_sqlalchemy import SQLAlchemy
            from app.limits import limiter

            app = Flask(__name__)
            db = SQLAlchemy(app)

            class Reading(db.Model):
                id = db.Column(db.Integer, primary_key=True)
                taken_at = db.Column(db.DateTime)
                value = db.Column(db.Float)

            @app.get("/newest")
            @limiter.limit("10/minute")
            def newest():
                found = Reading.query.order_by(Reading.taken_at.desc()).first()  # SCL808
                return {"value": found.value}
        """,
            "sorts the whole table for its last row",
        ),
        Bad(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Shipment(models.Model):
                label = models.CharField(max_length=40)
                weight = models.IntegerField()

            @ratelimit(key="ip", rate="10/m")
            def weights(request, label):
                found = Shipment.objects.filter(label=label)[:20]  # SCL808
                total = 0
                for parcel in found:
                    total += parcel.weight
                return JsonResponse({"total": total})
        """,
            "told where the condition stands, not where a loop takes the rows",
        ),
        Bad(
            """
            from fastapi import APIRouter
            from sqlmodel import Field, Session, SQLModel, select
            from app.limits import limiter

            router = APIRouter()

            class Ticket(SQLModel, table=True):
                id: int = Field(primary_key=True)
                reader: str = Field(max_length=20)

            @router.get("/tickets/{reader}")
            @limiter.limit("10/minute")
            def tickets(reader: str, session: Session):
                return session.exec(select(Ticket).where(Ticket.reader == reader).limit(20)).all()  # SCL808
        """,
            "SQLModel declares an index only where it is told to",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Shipment(models.Model):
                label = models.CharField(max_length=40, db_index=True)
                sender = models.ForeignKey("Sender", models.CASCADE)
                slug = models.SlugField()

            @ratelimit(key="ip", rate="10/m")
            def parcel(request, label, slug, sender):
                found = Shipment.objects.get(label=label)
                other = Shipment.objects.filter(slug=slug).first()
                more = Shipment.objects.filter(sender=sender).first()
                return JsonResponse({"ids": [found.pk, other.pk, more.pk]})
        """,
            "declared, and by Django itself for a foreign key and a slug",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Shipment(models.Model):
                label = models.CharField(max_length=40)
                depot = models.IntegerField()

                class Meta:
                    indexes = [models.Index(fields=["depot", "label"])]

            @ratelimit(key="ip", rate="10/m")
            def parcel(request, depot, label):
                return JsonResponse({"id": Shipment.objects.get(depot=depot, label=label).pk})
        """,
            "an index of the two together",
        ),
        Good(
            """
            from flask import Flask
            from flask_sqlalchemy import SQLAlchemy
            from app.limits import limiter

            app = Flask(__name__)
            db = SQLAlchemy(app)

            class Reading(db.Model):
                id = db.Column(db.Integer, primary_key=True)
                probe = db.Column(db.String, unique=True)
                value = db.Column(db.Float)
                __table_args__ = (db.Index("readings_value", "value"),)

            @app.get("/newest/<probe>")
            @limiter.limit("10/minute")
            def newest(probe):
                found = Reading.query.filter_by(probe=probe).first()
                highest = Reading.query.order_by(Reading.value.desc()).first()
                return {"value": found.value, "highest": highest.value}
        """,
            "unique, and a table argument",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Shipment(models.Model):
                owner = models.ForeignKey("Owner", models.CASCADE)
                label = models.CharField(max_length=40)

            @ratelimit(key="ip", rate="10/m")
            def parcel(request, label):
                return JsonResponse({"id": Shipment.objects.get(owner=request.user, label=label).pk})
        """,
            "the owner's index leaves a few rows",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Shipment(models.Model):
                lost = models.BooleanField()
                kind = models.CharField(max_length=9)

            @ratelimit(key="ip", rate="10/m")
            def lost(request):
                first = Shipment.objects.filter(lost=True, kind="letter").first()
                return JsonResponse({"id": first.pk})
        """,
            "of columns with a few values an index is no help",
        ),
        Good(
            """
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit
            from elsewhere.models import Shipment

            @ratelimit(key="ip", rate="10/m")
            def parcel(request, label):
                return JsonResponse({"id": Shipment.objects.get(label=label).pk})
        """,
            "the model is not in sight",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Country(models.Model):
                label = models.CharField(max_length=40)

            @ratelimit(key="ip", rate="10/m")
            def country(request, label):
                return JsonResponse({"id": Country.objects.get(label=label).pk})
        """,
            "there are two hundred of them",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Crane(models.Model):
                label = models.CharField(max_length=40)

            @ratelimit(key="ip", rate="10/m")
            def crane(request, label):
                return JsonResponse({"id": Crane.objects.get(label=label).pk})  # todo: SCL808
        """,
            "whether a table grows that nothing is known of, nobody can say",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Shipment(models.Model):
                label = models.CharField(max_length=40)

            @ratelimit(key="ip", rate="10/m")
            def restore_backup(request, label):
                return JsonResponse({"id": Shipment.objects.get(label=label).pk})
        """,
            "done once, when something has gone wrong",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class MailboxAccount(models.Model):
                label = models.CharField(max_length=40)
                imap_host = models.CharField(max_length=90)
                imap_port = models.IntegerField(default=993)
                imap_password = models.CharField(max_length=90)

            class PluginToken(models.Model):
                digits = models.CharField(max_length=4)
                added_at = models.DateTimeField()

            @ratelimit(key="ip", rate="10/m")
            def mailbox(request, label, digits):
                box = MailboxAccount.objects.get(label=label)
                token = PluginToken.objects.filter(digits=digits).first()
                return JsonResponse({"ids": [box.pk, token.pk]})
        """,
            "somebody in charge has set up each of them",
        ),
        Good(
            """
            from fastapi import APIRouter
            from sqlalchemy import select
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
            from app.limits import limiter
            from .db import session

            router = APIRouter()

            class Base(DeclarativeBase):
                pass

            class PreparedAccount(Base):
                __tablename__ = "prepared_accounts"
                id: Mapped[int] = mapped_column(primary_key=True)
                made_at: Mapped[float]

            @router.post("/accounts")
            @limiter.limit("10/minute")
            def take():
                free = select(PreparedAccount).order_by(PreparedAccount.made_at).limit(1)
                return session.scalars(free.with_for_update(skip_locked=True)).first()
        """,
            "the next of those that wait, which are few",
        ),
        Good(
            """
            from django.db import models

            class Shipment(models.Model):
                label = models.CharField(max_length=40)

            def sweep(label):
                return Shipment.objects.filter(label=label).first()
        """,
            "how often it is asked, the file does not show",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class LegacyShipment(models.Model):
                label = models.CharField(max_length=40)

                class Meta:
                    managed = False
                    db_table = "shipment"

            @ratelimit(key="ip", rate="10/m")
            def track(request, label):
                shipment = LegacyShipment.objects.filter(label=label).first()
                return JsonResponse({"id": shipment.pk})
        """,
            "a table of somebody else, whose indexes stand elsewhere",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the queries that no index of the table serves."""
        for found in unindexed(source):
            names = {
                "function": display_name(found.run.scope.function),
                "does": "sorts by" if found.sorts else "looks up rows by",
                "name": f"{found.entity}.{found.column}",
                "instead": "declare one",
            }
            yield Finding(found.node, names)
