"""SCL505: a relation that is loaded for each row of a loop."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.lazy_relations import lazy_relations
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class LazyRelationInLoop(Rule):
    """A loop over the rows of a query touches a relation that the query did not load.

    What it does
    ------------
    Finds, in loops and comprehensions over a query of the function, the first access to a foreign key, a relationship
    or a manager of related rows that neither the query nor the class of the rows loads. The class is read in the file
    or in the project's module that it is imported from.

    Why it does not scale
    ---------------------
    It reads like an attribute and is a query: one for the rows, and one more for each of them. A page of a hundred
    rows with three relations is three hundred round trips.

    How to fix it
    -------------
    Load it with the rows: `select_related` and `prefetch_related` in Django, `joinedload` for one row and
    `selectinload` for many in SQLAlchemy, a join in peewee. Whether there are any, and how many, an annotation tells.
    Of a foreign key whose id is all that is wanted, take `order.customer_id`.

    Known limits
    ------------
    Rows that a function is handed are silent: who fetched them may have loaded all. So are queries built by methods of
    the project's own, those for one value of a name, a code or an address, relations that stand in for a column which
    is never empty, or are asked of the one row with a name, rows that are read anew in their turn, related rows that
    are only put into another query or handed to what asks further, rows that the program calls stuck or orphaned, and
    tables that stay small by their names, or of which one user, or one other row, has few, and a query with a limit of
    twenty. What one other row has is taken for a handful, unless the name of the table says that one thing gets many of
    them, or a loop around it asks for that of each of its rows: voyages of a port are missed. So is what one user has
    of one other row. What serializers and templates touch is not seen, nor
    relations declared as a back reference in SQLAlchemy. SQLAlchemy asks for a row that the session holds already only
    once. That one row has few others is known by words only: an order of three lines is spoken of like one of
    thousands.
    """

    code = "SCL505"
    slug = "lazy-relation-in-loop"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "query per item"
    message = "{what} is a query for each row of {entity} in {function}(); add {instead}"
    short = "{what} is a query for each row of {entity}; add {instead}"
    title = "Relation loaded row by row"
    impact = "One query becomes one for each row (N+1), and response times grow with the page"
    fix = "Load the relation with the rows: select_related, prefetch_related, joinedload, selectinload"
    references = (
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related",
        "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html#what-kind-of-loading-to-use",
    )
    examples = (
        Bad(
            """
            from django.db import models

            class Ship(models.Model):
                name = models.CharField(max_length=40)

            class Voyage(models.Model):
                ship = models.ForeignKey(Ship, on_delete=models.CASCADE)

            def lines(year):
                return [f"{voyage.ship.name}" for voyage in Voyage.objects.filter(year=year)]  # SCL505
        """,
            "a foreign key; the query says nothing of it",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                year = models.IntegerField()

            def lines(year):
                for voyage in Voyage.objects.filter(year=year).order_by("year").iterator():
                    for port in voyage.ports.all():  # SCL505
                        print(voyage.year, port)
        """,
            "a manager of related rows, by what is called on it",
        ),
        Bad(
            """
            from sqlalchemy import select
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

            class Base(DeclarativeBase):
                pass

            class Voyage(Base):
                __tablename__ = "voyages"
                id: Mapped[int] = mapped_column(primary_key=True)
                year: Mapped[int]
                crew: Mapped[list["Sailor"]] = relationship(back_populates="voyage")

            def sizes(session, year):
                voyages = session.scalars(select(Voyage).where(Voyage.id < 50, Voyage.year == year).limit(50)).all()
                return {voyage.id: len(voyage.crew) for voyage in voyages}  # SCL505
        """,
            "a relationship of SQLAlchemy, which loads on access",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)
                captain = models.ForeignKey("Sailor", on_delete=models.CASCADE)

            def captains(year):
                voyages = Voyage.objects.select_related("ship").filter(year=year)
                return [(voyage.ship.name, voyage.captain.name) for voyage in voyages]  # SCL505
        """,
            "one relation is loaded, the other is not",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def lines(year):
                return [voyage.ship.name for voyage in Voyage.objects.filter(year=year).select_related("ship")]
        """,
            "loaded with a join",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def owners(year):
                for voyage in Voyage.objects.filter(year=year).prefetch_related("ship__owner", "ports"):
                    yield voyage.ship.owner, voyage.ports.all()
        """,
            "a longer path loads the shorter one",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def ships(year):
                return {voyage.ship_id for voyage in Voyage.objects.filter(year=year)}
        """,
            "the id is a column of the row itself",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def names(voyages):
                return [voyage.ship.name for voyage in voyages]
        """,
            "the caller may have loaded it",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

                @property
                def label(self):
                    return str(self.pk)

            def labels(year):
                return [voyage.label.upper() for voyage in Voyage.objects.filter(year=year)]
        """,
            "no relation",
        ),
        Good(
            """
            from sqlalchemy import select
            from sqlalchemy.orm import selectinload, relationship
            from app.db import Base

            class Voyage(Base):
                crew = relationship("Sailor")

            def sizes(session, year):
                query = select(Voyage).where(Voyage.year == year).options(selectinload(Voyage.crew))
                return [len(voyage.crew) for voyage in session.scalars(query)]
        """,
            "an option of the query",
        ),
        Good(
            """
            from sqlalchemy.orm import relationship
            from app.db import Base

            class Voyage(Base):
                crew = relationship("Sailor", lazy="selectin")

            def sizes(session, year):
                return [len(voyage.crew) for voyage in session.query(Voyage).filter_by(year=year)]
        """,
            "the relation loads itself with the rows",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def rows(year):
                for voyage in Voyage.objects.filter(year=year).values("id", "ship__name"):
                    yield voyage["id"], voyage["ship__name"]
        """,
            "mappings, not rows",
        ),
        Good(
            """
            from django.db import models
            from app.ships import next_free

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def crew(year):
                for voyage in Voyage.objects.filter(year=year, ship=None):
                    voyage.ship = next_free(voyage.pk)
                    yield voyage.ship.name
        """,
            "what the turn has just assigned is at hand",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                code = models.CharField(max_length=9)
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def ships_of(code):
                return [voyage.ship.name for voyage in Voyage.objects.filter(code=code)]
        """,
            "the rows with one value of what tells rows apart are one or two",
        ),
        Good(
            """
            from django.db import models

            class Membership(models.Model):
                user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
                club = models.ForeignKey("Club", on_delete=models.CASCADE)

            def clubs_of(user):
                return [membership.club.name for membership in Membership.objects.filter(user=user)]
        """,
            "one user has a few memberships",
        ),
        Good(
            """
            from app.models import Voyage

            def all_of(year):
                return [voyage.details.name for voyage in Voyage.objects.filter(year=year)]
        """,
            "what `details` is cannot be seen: a column of JSON has names as well",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                title = models.CharField(max_length=80)
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def titles(year):
                return [voyage.title or voyage.ship.name for voyage in Voyage.objects.filter(year=year)]
        """,
            "every voyage has a title, so that next to none asks for its ship",
        ),
        Good(
            """
            from sqlalchemy.orm import Mapped, mapped_column, relationship
            from app.db import Base

            class Voyage(Base):
                title: Mapped[str] = mapped_column()
                ship: Mapped["Ship"] = relationship()

            def titles(session, year):
                voyages = session.query(Voyage).filter_by(year=year)
                return [voyage.title if voyage.title else voyage.ship.name for voyage in voyages]
        """,
            "as the other branch",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                title = models.CharField(max_length=80, null=True)
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def titles(year):
                return [voyage.title or voyage.ship.name for voyage in Voyage.objects.filter(year=year)]  # SCL505
        """,
            "voyages without a title",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def of(year):
                voyages = Voyage.objects.filter(year=year)
                names = {voyage.ship.name for voyage in voyages}  # SCL505
                return names, [voyage.ship.flag for voyage in voyages]
        """,
            "the second loop has what the first one has loaded: one message for each relation of a query",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def arrivals(year):
                for voyage in Voyage.objects.filter(year=year):
                    voyage.refresh_from_db()
                    yield voyage.ship.name
        """,
            "what the query had loaded would be gone",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                shipname = models.CharField(max_length=40)
                captain = models.ForeignKey("Sailor", on_delete=models.CASCADE)

            def captains():
                return [voyage.captain.name for voyage in Voyage.objects.filter(shipname="Endurance")]
        """,
            "what the program knows by its name is one or two",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ports = models.ManyToManyField("Port")

            def ports_of(year):
                found = Port.objects.none()
                for voyage in Voyage.objects.filter(year=year):
                    found |= voyage.ports.all()
                return found.order_by("name")
        """,
            "one query is put together, and none is asked in the turns",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                ports = models.ManyToManyField("Port")

            def with_ports(year):
                for voyage in Voyage.objects.filter(year=year):
                    ports = voyage.ports.all()  # SCL505
                    yield voyage.pk, [port.name for port in ports]
        """,
            "they are taken as they are",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                name = models.CharField(max_length=40)
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def ship_of(year, name):
                for voyage in Voyage.objects.filter(year=year):
                    if voyage.name == name and voyage.ship.sails:
                        return voyage.ship
        """,
            "the one that is looked for",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                season = models.CharField(max_length=40)
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def ships_of(year, season):
                for voyage in Voyage.objects.filter(year=year):
                    if voyage.season == season:
                        yield voyage.ship.name  # SCL505
        """,
            "those of a season are many",
        ),
        Good(
            """
            from django.db import models
            from django.utils import timezone

            class Voyage(models.Model):
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def give_up(hours):
                before = timezone.now() - timezone.timedelta(hours=hours)
                for stuck_voyage in Voyage.objects.filter(state="waiting", left_at__lt=before):
                    log.warning("stuck: %s", stuck_voyage.ship.name)
        """,
            "what the program calls stuck are exceptions",
        ),
        Good(
            """
            from django.db import models

            class ShipAttribute(models.Model):
                kind = models.ForeignKey("Kind", on_delete=models.CASCADE)
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def attributes(ship):
                return [each.kind.name for each in ShipAttribute.objects.filter(ship=ship)]
        """,
            "a ship has a handful of attributes",
        ),
        Good(
            """
            from sqlalchemy import select
            from sqlalchemy.orm import relationship
            from app.db import Base

            class Voyage(Base):
                leg_of = relationship("Voyage")

            def tie(session, longer):
                for voyage in session.scalars(select(Voyage)):
                    if voyage.code in longer:
                        voyage.leg_of = longer[voyage.code]
                    else:
                        voyage.leg_of = None
                    print((voyage.leg_of or voyage).code)
        """,
            "both ways of the turn have assigned it",
        ),
        Good(
            """
            from django.db import models

            class Berth(models.Model):
                free = models.BooleanField()
                port = models.ForeignKey("Port", on_delete=models.CASCADE)
                owner = models.ForeignKey("Owner", on_delete=models.CASCADE)

            def owners_of_free(port):
                return [berth.owner.name for berth in Berth.objects.filter(port=port, free=True)]
        """,
            "a part of what one port has, and nobody is shown to wait for it",
        ),
        Good(
            """
            from django.db import models

            class Berth(models.Model):
                port = models.ForeignKey("Port", on_delete=models.CASCADE)
                dock = models.ForeignKey("Dock", on_delete=models.CASCADE)
                owner = models.ForeignKey("Owner", on_delete=models.CASCADE)

            def owners_between(port, dock):
                return [berth.owner.name for berth in Berth.objects.filter(port=port, dock=dock)]
        """,
            "what two other rows have in common",
        ),
        Bad(
            """
            from django.db import models

            class Booking(models.Model):
                paid = models.BooleanField()
                voyage = models.ForeignKey("Voyage", on_delete=models.CASCADE)
                guest = models.ForeignKey("Guest", on_delete=models.CASCADE)

            def guests_of(voyage):
                return [booking.guest.name for booking in Booking.objects.filter(voyage=voyage, paid=True)]  # SCL505
        """,
            "one voyage has many bookings, paid or not",
        ),
        Good(
            """
            from django.db import models

            class Berth(models.Model):
                port = models.ForeignKey("Port", on_delete=models.CASCADE)
                owner = models.ForeignKey("Owner", on_delete=models.CASCADE)

            def close(port):
                for berth in Berth.objects.filter(port=port):
                    print(berth.owner.name)
                    berth.delete()
        """,
            "each turn writes, so that one query less is no great thing for the few of one port",
        ),
        Good(
            """
            from django.db import models

            class Voyage(models.Model):
                ports = models.ManyToManyField("Port")

            def names(ports):
                return set(ports.values_list("name", flat=True))

            def voyages_of(year, wanted):
                return [voyage for voyage in Voyage.objects.filter(year=year) if names(voyage.ports.all()) == wanted]
        """,
            "the function asks further, which no prefetch serves",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                ports = models.ManyToManyField("Port")

            def names(ports):
                return {port.name for port in ports}

            def voyages_of(year, asked):
                return [each for each in Voyage.objects.filter(year=year) if names(each.ports.all()) == asked]  # SCL505
        """,
            "this one takes the rows",
        ),
        Bad(
            """
            from django.db import models

            class Voyage(models.Model):
                ports = models.ManyToManyField("Port")

            def without_ports(year):
                return [voyage for voyage in Voyage.objects.filter(year=year) if not voyage.ports.exists()]  # SCL505
        """,
            "what to add is an annotation: a prefetch would load all ports to tell whether there are any",
        ),
        Good(
            """
            from django.db import models

            class Survey(models.Model):
                berth = models.ForeignKey("Berth", on_delete=models.CASCADE)
                surveyor = models.ForeignKey("Surveyor", on_delete=models.CASCADE)

            class Voyage(models.Model):
                port = models.ForeignKey("Port", on_delete=models.CASCADE)
                ship = models.ForeignKey("Ship", on_delete=models.CASCADE)

            def surveyors(berth):
                return [survey.surveyor.name for survey in Survey.objects.filter(berth=berth)]

            def ships(port):
                return [voyage.ship.name for voyage in Voyage.objects.filter(port=port)]  # todo: SCL505
            """,
            "what one berth has is a handful; of one port there may be many, which the name of the table doesn't tell",
        ),
        Bad(
            """
            from django.db import models

            class Survey(models.Model):
                berth = models.ForeignKey("Berth", on_delete=models.CASCADE)
                surveyor = models.ForeignKey("Surveyor", on_delete=models.CASCADE)

            def surveyors(berths):
                found = []
                for berth in berths:
                    surveys = Survey.objects.filter(berth=berth)
                    found += [survey.surveyor.name for survey in surveys]  # SCL502, SCL505
                return found
            """,
            "the handful of each berth adds up",
        ),
        Good(
            """
            from app.models import db

            class Voyage(db.Model):
                crew = db.relationship("Sailor")

            def newest():
                voyages = Voyage.query.order_by(Voyage.leaves.desc()).limit(10).all()
                return [len(voyage.crew) for voyage in voyages]
            """,
            "ten rows",
        ),
        Good(
            """
            from django.db import models

            class LogEntry(models.Model):
                voyage = models.ForeignKey("Voyage", on_delete=models.CASCADE)
                author = models.ForeignKey("Sailor", on_delete=models.CASCADE)
                book = models.ForeignKey("Book", on_delete=models.CASCADE)

            def own_books(voyage, sailor):
                return {entry.book.title for entry in LogEntry.objects.filter(voyage=voyage, author=sailor)}
            """,
            "what one sailor has written of one voyage",
        ),
        Good(
            """
            from django.db import models
            from django.utils import timezone

            class Reminder(models.Model):
                due_at = models.DateTimeField(null=True)
                sailor = models.ForeignKey("Sailor", on_delete=models.CASCADE)

            def remind():
                for reminder in Reminder.objects.filter(due_at__lte=timezone.now()):
                    reminder.sailor.tell(reminder.text)
                    reminder.due_at = None
                    reminder.save()
            """,
            "what has fallen due since the last turn of a job is a handful",
        ),
        Bad(
            """
            from django.db import models
            from django.utils import timezone

            class Reminder(models.Model):
                due_at = models.DateTimeField(null=True)
                sailor = models.ForeignKey("Sailor", on_delete=models.CASCADE)

            def late():
                return [each.sailor.name for each in Reminder.objects.filter(due_at__lte=timezone.now())]  # SCL505
            """,
            "these stay due, and become more",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """Every loop over rows has it."""
        return words("for")

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the relations that a loop over rows loads one by one."""
        for lazy in lazy_relations(source):
            names = {"what": lazy.what, "entity": lazy.entity, "instead": lazy.instead}
            yield Finding(lazy.node, {**names, "function": display_name(lazy.scope.function)})
