"""SCL803: rows counted or fetched to learn whether there is one."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.presence import presence_tests
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class CountInsteadOfExists(Rule):
    """Rows are counted, or fetched, only to learn whether there are any or how many.

    What it does
    ------------
    Finds `count() > 0` and its kin, the truth of a `count()`, `len()` and the truth of a query whose rows nobody
    uses, and a `COUNT(*)` in text of SQL that is compared with nothing.

    Why it does not scale
    ---------------------
    Counting visits every row that matches, and fetching brings each into memory; `EXISTS` stops at the first. The
    difference is nothing with ten rows and all of it with a million.

    How to fix it
    -------------
    Ask for presence: `.exists()` in Django, Tortoise and peewee, `session.scalar(select(exists().where(…)))` in
    SQLAlchemy, `find_one` with a projection in MongoDB. Let the database count where the number is wanted.

    Known limits
    ------------
    It is said of rows that become more with the use of the service: the table's name (orders, visits), or columns
    of the people who make its rows, have to show it; of the rows that one other row has, the name has to say that
    many people make them for one thing (submissions, votes, lines). As many rows as keys were given, what is under
    way just now, how one purchase was paid, what a constraint of the class or of a migration keeps to one, what two
    rows have in common, and what the function makes where it finds none, are few. Rows that the function goes over
    or gives on anyway may be counted. A query that is handed to another function is silent, since that may use its
    rows. Steps of the program's start and views that have a URL only for debugging run seldom, and so does what is
    asked before an empty table is filled (`is_empty()`), or counted before it is deleted, by the function's name.
    """

    code = "SCL803"
    slug = "count-instead-of-exists"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "full scan"
    message = "{callee} {what} in {function}(); {instead}"
    short = "{callee} {what}; {instead}"
    title = "Rows counted to learn whether there are any"
    impact = "Every row that matches is visited or fetched where the first would do"
    fix = "Ask with EXISTS (.exists(), select(exists())), and let the database count"
    references = (
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#exists",
        "https://docs.djangoproject.com/en/stable/topics/db/optimization/#don-t-overuse-count-and-exists",
    )
    examples = (
        Bad(
            """
            from shop.models import Order

            def has_ordered(user):
                return Order.objects.filter(user=user).count() > 0  # SCL803
        """,
            "all rows are counted to know that there is one",
        ),
        Bad(
            """
            from app.models import Order

            def may_leave(session, user_id):
                if session.query(Order).filter(Order.user_id == user_id).all():  # SCL803
                    return False
                return True
        """,
            "all rows are fetched to know that there is one",
        ),
        Bad(
            """
            from shop.models import Order

            def open_orders(user):
                return len(Order.objects.filter(user=user, shipped=None))  # SCL803
        """,
            "rows of which only the number is wanted",
        ),
        Bad(
            """
            from django.core.exceptions import ValidationError

            def check(order):
                if not order.lines.count():  # SCL803
                    raise ValidationError("empty")
        """,
            "related rows, by the truth of their number",
        ),
        Bad(
            """
            from django.contrib.auth.models import User

            def is_used(name):
                members = User.objects.filter(username__istartswith=name)
                if len(members) == 0:  # SCL803
                    return False
                return True
        """,
            "followed through a name",
        ),
        Bad(
            """
            def has_visited(cursor, visitor):
                cursor.execute("SELECT COUNT(*) FROM visits WHERE visitor = %s", (visitor,))
                return cursor.fetchone()[0] > 0  # SCL803
        """,
            "text of SQL",
        ),
        Bad(
            """
            from school.models import Submission

            def may_change(exercise):
                if Submission.objects.filter(exercise=exercise):  # SCL803
                    return False
                return True
        """,
            "what all pupils have handed in is fetched",
        ),
        Good(
            """
            from shop.models import Order

            class Orders:
                def is_empty(self):
                    return Order.objects.filter(deleted=False).count() == 0

            def purge_old_orders(moment):
                old = Order.objects.filter(created_at__lt=moment)
                if old.count() == 0:
                    return "nothing to do"
                return old.delete()

            def delete_customer(customer):
                orders = Order.objects.filter(customer=customer).all()  # todo: SCL803
                if orders:
                    Order.objects.filter(customer=customer).delete()
        """,
            "asked before a table is filled, once in a while before rows are deleted, and once for each customer",
        ),
        Good(
            """
            from shop.models import Payment

            def complete(checkout):
                settled = checkout.payments.all()
                if settled:
                    checkout.close()

            def is_paid(order):
                return Payment.objects.filter(order=order).count() > 0
        """,
            "one purchase is paid once or twice",
        ),
        Good(
            """
            from auth.models import User

            def may_leave():
                return User.objects.filter(is_superuser=True).count() > 0
        """,
            "those who run the service are few: to count them costs nothing",
        ),
        Good(
            """
            from app.models import Leaflet

            def dissolve(club):
                club.leaflets.all().delete()
                assert Leaflet.objects.filter(club=club, printed=True).count() == 0

            def first_rows(cursor):
                cursor.execute("SELECT COUNT(*) FROM leaflets")
                if cursor.fetchone()[0] == 0:
                    seed_leaflets(cursor)

            def exchange(club):
                gone = Leaflet.objects.filter(printed=True)
                if gone:
                    print(gone.values_list("id"))
                    club.leaflets.remove(*gone)
            """,
            "an assertion finds none, an empty table is filled once, and rows that are all taken are fetched once",
        ),
        Good(
            """
            from shop.models import Order

            def has_ordered(user):
                return Order.objects.filter(user=user).exists()
        """,
            "the database stops at the first row",
        ),
        Good(
            """
            from shop.models import Order

            def badge(user):
                number = Order.objects.filter(user=user).count()
                return {"number": number, "any": number > 0}
        """,
            "a number that is shown",
        ),
        Good(
            """
            from shop.models import Order

            def names(user):
                orders = Order.objects.filter(user=user)
                if len(orders) == 0:
                    return "none"
                return ", ".join(order.name for order in orders)
        """,
            "the rows are used afterwards: `len` has read them already",
        ),
        Good(
            """
            from shop.models import Order

            def is_regular(user):
                return Order.objects.filter(user=user).count() > 1
        """,
            "more than one",
        ),
        Good(
            """
            def has_blank(names):
                return names.count("") > 0
        """,
            "a list's own count",
        ),
        Good(
            """
            import pandas

            def has_rows(path):
                frame = pandas.read_csv(path)
                return frame.a.count() > 0
        """,
            "a frame is no query",
        ),
        Good(
            """
            def is_empty(basket):
                return len(basket.items) == 0
        """,
            "a list in memory",
        ),
        Good(
            """
            from app.models import Order

            def has_ordered(session, user_id):
                return len(session.query(Order.id).filter(Order.user_id == user_id).limit(1).all()) > 0
        """,
            "a limit of one makes it a look for presence",
        ),
        Good(
            """
            from app.models import Order

            def ship(session, user_id):
                orders = session.query(Order).filter(Order.user_id == user_id).all()
                if not orders:
                    return 0
                return sum(order.ship() for order in orders)
        """,
            "the rows in their table are used",
        ),
        Good(
            """
            from depot.models import Depot, Order, Vote

            def state(depot, user, numbers):
                if Depot.objects.filter(main=True).count() == 0 or len(user.depots.all()) == 0:
                    return "no depot"
                if Order.objects.filter(state="processing").count() > 0 or depot.memberships.count() == 0:
                    return "busy"
                found = Order.objects.filter(number__in=numbers)
                if len(found) != len(numbers):
                    return "unknown number"
                return "voted" if Vote.objects.filter(user=user, depot_id=depot.pk) else "ready"
        """,
            "a table that an operator fills, what is being done, as many as were asked for, and one row of a pair",
        ),
        Good(
            """
            from django.db import models

            class Letter(models.Model):
                number = models.CharField(max_length=20)
                sender = models.ForeignKey("Sender", models.CASCADE)
                email = models.EmailField()

                class Meta:
                    unique_together = [("number", "sender")]

            class Comment(models.Model):
                letter = models.ForeignKey(Letter, models.CASCADE)
                mark = models.CharField(max_length=20, unique=True)

            def is_known(number, sender, mark):
                if Letter.objects.filter(number=number, sender=sender):
                    return True
                return Comment.objects.filter(mark=mark).count() > 0
        """,
            "a constraint leaves one row at the most",
        ),
        Good(
            """
            from forum.models import Attachment, Comment, Vote

            def state(letter, comment, user):
                if Attachment.objects.filter(letter=letter, email="").count() > 0 or letter.stamps.count() == 0:
                    return "open"
                if Comment.objects.filter(parent=comment, email="").count() > 0:
                    return "answered"
                return "marked" if Vote.objects.filter(letter=letter, judge=user).count() > 0 else ""

            def stamp(letter):
                found = Comment.objects.filter(letter=letter)
                if found.count() > 0:
                    return [each.text for each in found]
                return []

            def remind(letter):
                found = Comment.objects.filter(letter=letter)
                for each in found:
                    each.text = each.text.strip()
                if len(found) > 0:
                    print(found.values("text"))
        """,
            "the handful that one letter has, what two rows have in common, and rows that are gone over in any case",
        ),
        Good(
            """
            from app.models import Order

            def forget(session, user_id):
                orders = session.query(Order).filter(Order.user_id == user_id)
                if orders:
                    orders.delete()
        """,
            "SQLAlchemy's query is true in itself, and doesn't run",
        ),
        Good(
            """
            from lab.models import Probe

            def is_measured(session, device_id):
                return session.query(Probe).filter(Probe.device_id == device_id).count() > 0  # todo: SCL803
        """,
            "whether a table grows that nothing is known of, nobody can say",
        ),
        Good(
            """
            from shop.models import Member

            def leave(store, member):
                if not Member.objects.can_leave(member):
                    raise ValueError(member)
                if store._boxes.count() == 0:
                    store.fill()
        """,
            "a method of the project's own may give anything; a collection in memory",
        ),
        Good(
            """
            from django.db import models
            from django.db.models import Q
            from django.utils import timezone

            class Domain(models.Model):
                host = models.CharField(max_length=200, primary_key=True)
                alias = models.CharField(max_length=200, unique=True, null=True)

            class Visit(models.Model):
                email = models.EmailField()
                made_at = models.DateTimeField()

            def is_free(host):
                return not Domain.objects.filter(Q(host=host) | Q(alias=host))

            def shown(request, keys):
                found = Visit.objects.filter(pk__in=keys)
                if not found.count():
                    raise LookupError(keys)
                return [each.email for each in found]

            def remember(email):
                since = timezone.now() - timezone.timedelta(days=1)
                if Visit.objects.filter(email__iexact=email, made_at__gte=since).count() == 0:
                    Visit.objects.create(email=email)
        """,
            "one key or another, the keys of a list, and a row that is made where none is found",
        ),
        Good(
            """
            from app.models import FormItem, Order, User

            def orders_of(user, chosen):
                if chosen:
                    orders = [chosen]
                else:
                    orders = Order.objects.filter(paid=True)
                    if orders.count() == 0:
                        return
                for order in orders:
                    order.send()

            def paid_orders():
                orders = Order.objects.filter(paid=True)
                if not orders.count():
                    raise ValueError("none")
                return orders.all()

            def check_items(form):
                if FormItem.query.with_parent(form).filter(FormItem.is_enabled).count() > 0:
                    raise ValueError("in use")

            class Hub:
                def start(self):
                    self.init_users()

                def init_users(self):
                    if User.select().count() == 0:
                        User.insert({"name": "root"}).execute()
        """,
            "rows that are gone over or given on in any case, those of one parent, and a step of the program's start",
        ),
        Bad(
            """
            from app.filters import narrowed
            from app.models import Order

            def remind(trigger):
                orders = Order.objects.filter(paid=False)
                if orders.count() > 0:  # SCL803
                    orders = narrowed(orders, trigger)
                for order in orders:
                    order.remind()

            def is_late(since):
                keys = [each.order_id for each in Order.objects.filter(promised__lt=since)]
                return Order.objects.filter(id__in=keys).count() > 0  # SCL803
        """,
            "the rows that are gone over are others than those that were counted; keys that a query has found",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the counts and fetches of which only the presence, or the number, of rows is used."""
        for probe in presence_tests(source):
            names = {"callee": probe.spelled, "what": probe.what, "instead": probe.instead}
            yield Finding(probe.node, {**names, "function": display_name(probe.scope.function)})
