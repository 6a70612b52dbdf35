"""SCL609: a shared row, document or key that is read, changed in Python and written back."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.scaling import insertions, own_stores, rewrites, updates
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class LostUpdate(Rule):
    """A value that several instances share is read, changed in Python and written back.

    What it does
    ------------
    Finds, in code that serves: a field of a row that is changed by what it was and saved (`item.stock -= 1;
    item.save()`); a key or document that is read, changed and written back whole (`get`, then `set`); and an insert of
    what a query has just not found, where no unique constraint stands behind it.

    Why it does not scale
    ---------------------
    Two instances that read at the same moment both write what they have computed: the second overwrites the first, and
    a vote, a payment or an item of the stock is lost. Two that both find nothing insert the row twice. With one worker
    it is rare, with every further one it happens more often.

    How to fix it
    -------------
    Let the store do the sum: `F("stock") - 1`, `Item.stock - 1` in an `update`, `INCR`, `$inc`. Where the change needs
    Python, lock the row (`select_for_update`, `with_for_update`) or compare a version. Before an insert put a unique
    constraint on the columns, and handle the conflict (`get_or_create`, `ON CONFLICT`).

    Known limits
    ------------
    Only rows that a query of the file gives, and their relations, are known for what they are: a row that is handed in
    may have been locked by its caller. What a model's columns are is read from the project, and what is unique from the
    model, from migrations of Alembic and from statements of SQL. Changes of lists inside a row are not seen. A project
    whose only database is a file of SQLite is left alone, and so is a cache of Django that all its settings keep in the
    process; and a key that the project reads nowhere but where it changes it. A record of a cache that is a memo of
    several things may lose one, and rows of which the first will do may be there twice where the project handles that
    it finds several. A write whose filter asks for a state that it ends is made once. A row that is
    looked for by the identity of the job that runs, and what tells of a job's progress, has that job as its writer.
    What only programs of the command line call is run by hand. The place of a row among others is
    changed by its owner.
    """

    code = "SCL609"
    slug = "lost-update"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{what}{columns}{more}{place} {effect}; {instead}"
    short = "{what}{more} {effect}; {instead}"
    title = "Lost update"
    impact = "Two instances that change the same value at once overwrite each other: counts and balances are wrong"
    fix = "Use F() or SQL expressions, INCR, $inc, row locks or versions, and unique constraints before inserts"
    references = (
        "https://docs.djangoproject.com/en/stable/ref/models/expressions/#avoiding-race-conditions-using-f",
        "https://docs.sqlalchemy.org/en/20/orm/queryguide/query.html#sqlalchemy.orm.Query.with_for_update",
    )
    examples = (
        Bad(
            """
            from .models import Item

            def sell(item_id):
                item = Item.objects.get(pk=item_id)
                item.stock -= 1  # SCL609
                item.save()
        """,
            "of two sales at the same moment one is forgotten",
        ),
        Bad(
            """
            from app.models import Wallet

            def pay_out(session, wallet_id, amount):
                wallet = session.query(Wallet).filter_by(id=wallet_id).one()
                if wallet.balance < amount:
                    raise ValueError("not enough")
                wallet.balance = wallet.balance - amount  # SCL609
                session.commit()
        """,
            "a transaction alone does not help: both read the old balance",
        ),
        Bad(
            """
            from django.db import models

            class Article(models.Model):
                views = models.IntegerField(default=0)

                def viewed(self):
                    self.views += 1  # SCL609
                    self.save(update_fields=["views"])
        """,
            "a method of the model itself",
        ),
        Bad(
            """
            from django.core.cache import cache

            def seen(address):
                count = cache.get(address)
                cache.set(address, (count or 0) + 1, timeout=60)  # SCL609
        """,
            "a counter in a shared cache: the sum is made in Python",
        ),
        Bad(
            """
            def join(rooms, room_id, name):
                room = rooms.find_one({"_id": room_id})
                room["members"].append(name)
                rooms.update_one({"_id": room_id}, {"$set": {"members": room["members"]}})  # SCL609
        """,
            "the list of a document is written back whole",
        ),
        Bad(
            """
            from django.db import models

            class Vote(models.Model):
                user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
                poll = models.ForeignKey("Poll", on_delete=models.CASCADE)

            def vote(user, poll):
                if not Vote.objects.filter(user=user, poll=poll).exists():
                    Vote.objects.create(user=user, poll=poll)  # SCL609
        """,
            "a double click votes twice",
        ),
        Good(
            """
            from django.db.models import F
            from .models import Item

            def sell(item_id):
                Item.objects.filter(pk=item_id, stock__gt=0).update(stock=F("stock") - 1)

            def restock(item_id, number):
                item = Item.objects.get(pk=item_id)
                item.stock = F("stock") + number
                item.save()
        """,
            "the database does the sum",
        ),
        Good(
            """
            from django.db import transaction
            from .models import Item

            @transaction.atomic
            def sell(item_id):
                item = Item.objects.select_for_update().get(pk=item_id)
                item.stock -= 1
                item.save()
        """,
            "the row is locked until it is written",
        ),
        Good(
            """
            from app.models import Wallet

            async def pay_out(session, wallet_id, amount):
                wallet = await session.get(Wallet, wallet_id, with_for_update=True)
                wallet.balance -= amount
                await session.commit()
        """,
            "locked with the option of the session",
        ),
        Good(
            """
            from .models import Account

            def close(account_id):
                account = Account.objects.get(pk=account_id)
                if not account.closed:
                    account.closed = True
                    account.times_closed_count += 1
                    account.save()
        """,
            "two that close it at once have closed it once",
        ),
        Good(
            """
            def sell(item):
                item.stock -= 1
                item.save()
        """,
            "a row that is handed in may have been locked by the caller",
        ),
        Good(
            """
            from .models import Item

            def rename(item_id, name):
                item = Item.objects.get(pk=item_id)
                item.name = name
                item.notes += f" (was {item.name})"
                item.save()
        """,
            "no sum: what the owner last typed is what should stand there",
        ),
        Good(
            """
            from .models import Basket

            def fill(products):
                basket = Basket(total=0)
                for product in products:
                    basket.total += product.price
                basket.save()
        """,
            "a new row has no other writer",
        ),
        Good(
            """
            class Meter:
                def __init__(self):
                    self.total = 0

                def add(self, number):
                    self.total += number
                    self.save()

                def save(self):
                    print(self.total)
        """,
            "an object of the process is no row",
        ),
        Good(
            """
            from app.models import Page

            def note_visit(page_id):
                page = Page.objects.get(pk=page_id)
                page.visits += 1  # two visits at once may count as one: best-effort
                page.save()
        """,
            "the author knows, and can live with it",
        ),
        Good(
            """
            from django.core.cache import cache
            from .prices import compute

            def prices(region):
                found = cache.get(region)
                if found is None:
                    found = []
                    for price in compute(region):
                        found.append(price)
                    cache.set(region, found, timeout=60)
                return found
        """,
            "a cache is filled with what was computed, not with what was read from it",
        ),
        Good(
            """
            from django.core.cache import cache
            from .shop import count_articles, count_orders

            def figures():
                known = cache.get("figures")
                if known:
                    return known
                known = {"articles": count_articles()}
                known["orders"] = count_orders()
                cache.set("figures", known, timeout=900)
                return known
        """,
            "the name is bound anew: nothing of what was read is in what is written",
        ),
        Good(
            """
            def close(rooms, room_id):
                room = rooms.find_one({"_id": room_id})
                rooms.update_one({"_id": room_id}, {"$inc": {"closed": 1}, "$push": {"log": room["name"]}})

            def rename(rooms, room_id, old, new):
                room = rooms.find_one({"_id": room_id})
                names = room["names"]
                names.append(new)
                rooms.update_one({"_id": room_id, "names": room["names"]}, {"$set": {"names": names}})
        """,
            "the store does the sum; or the write asks for what was read",
        ),
        Good(
            """
            from django.db import models

            class Vote(models.Model):
                user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
                poll = models.ForeignKey("Poll", on_delete=models.CASCADE)

                class Meta:
                    constraints = [models.UniqueConstraint(fields=["user", "poll"], name="one_vote")]

            def vote(user, poll):
                if not Vote.objects.filter(user=user, poll=poll).exists():
                    Vote.objects.create(user=user, poll=poll)
        """,
            "the second writer gets an error, and there is one vote",
        ),
        Good(
            """
            from django.db import models
            from django.utils.text import slugify

            class Label(models.Model):
                name = models.CharField(max_length=40)
                slug = models.CharField(max_length=40)
                shop = models.ForeignKey("Shop", on_delete=models.CASCADE)

                class Meta:
                    unique_together = ["slug", "shop"]

                def save(self, *args, **kwargs):
                    self.slug = slugify(self.name)
                    super().save(*args, **kwargs)

            def label(name):
                if not Label.objects.filter(name=name).exists():
                    Label.objects.create(name=name)
        """,
            "`save` computes what is unique from what was asked for",
        ),
        Good(
            """
            from django.db import models

            class Loan(models.Model):
                reader = models.ForeignKey("auth.User", on_delete=models.CASCADE)
                copy = models.ForeignKey("Copy", on_delete=models.CASCADE)
                branch = models.ForeignKey("Branch", on_delete=models.CASCADE)

                class Meta:
                    unique_together = [("copy", "branch")]

            def lend(reader, copy, branch):
                if not Loan.objects.filter(reader=reader, copy=copy).exists():
                    Loan.objects.create(reader=reader, copy=copy, branch=branch)
        """,
            "who asks twice at once inserts the same copy and branch twice, and gets an error",
        ),
        Good(
            """
            from .models import Vote

            def vote(user, poll):
                if not Vote.objects.filter(user=user, poll=poll).exists():
                    Vote.objects.create(user=user, poll=poll)
        """,
            "whether the table has a constraint is not in sight",
        ),
        Good(
            """
            from django.core.management.base import BaseCommand
            from shop.models import Item

            class Command(BaseCommand):
                def handle(self, *args, **options):
                    item = Item.objects.get(pk=1)
                    item.stock += 10
                    item.save()
        """,
            "a command that an operator starts",
        ),
        Good(
            """
            from django.core.cache import caches
            from django.db import models
            from rest_framework.views import APIView
            from post.throttles import PerUser

            class Letter(models.Model):
                key = models.CharField(max_length=80)
                name = models.CharField(max_length=80)

            class Letters(APIView):
                throttle_classes = [PerUser]

                def get(self, request, kind):
                    kept = caches["rights"]
                    known = kept.get(str(request.user.pk), {})
                    if known.get(kind):
                        rights = known.get(kind)
                    else:
                        rights = request.user.rights_of(kind)
                        known[kind] = rights
                        kept.set(str(request.user.pk), known)
                    return rights

                def delete(self, request):
                    key = request.data["key"]
                    if Letter.objects.filter(key=key).exists():
                        Letter(key=key, name="gone").forget_file()
        """,
            "a memo of several things is computed anew when one of them is lost; what only carries values is no row",
        ),
        Good(
            """
            from dogpile.cache import make_region

            region = make_region().configure("dogpile.cache.memory", expiration_time=60)
            later = make_region()
            later.configure("dogpile.cache.memory", expiration_time=60)

            def seen(address):
                known = region.get("seen")
                known[address] = known.get(address, 0) + 1
                region.set("seen", known)
                met = later.get("met")
                met.append(address)
                later.set("met", met)
        """,
            "a region in memory is each process's own",
        ),
        Bad(
            """
            from dogpile.cache import make_region

            cache = make_region().configure("dogpile.cache.redis", arguments={"host": "cache"})

            def seen(address):
                known = cache.get("seen")
                known[address] = known.get(address, 0) + 1
                cache.set("seen", known)  # SCL609
        """,
            "in Redis it is everybody's",
        ),
        Good(
            """
            def paid(bills, bill_id, month):
                bill = bills.find_one({"_id": bill_id, "state": "open"})
                until = bill["until"] + month
                bills.update_one({"_id": bill_id, "state": "open"}, {"$set": {"state": "paid", "until": until}})
        """,
            "the filter asks for the state that the write ends: who comes second changes nothing",
        ),
        Bad(
            """
            def extend(bills, bill_id, month):
                bill = bills.find_one({"_id": bill_id, "state": "open"})
                until = bill["until"] + month
                bills.update_one({"_id": bill_id, "state": "open"}, {"$set": {"until": until}})  # SCL609
        """,
            "the state stays what it is",
        ),
        Good(
            """
            from django.core.cache import cache
            from .shop import MISSING, shelves

            def stock(shop):
                known = cache.get(shop, MISSING)
                if known is MISSING:
                    known = {}
                    for shelf in shelves(shop):
                        known[shelf.name] = shelf.items()
                    cache.set(shop, known, timeout=60)
                return known
        """,
            "what is written was begun anew where nothing was found",
        ),
        Bad(
            """
            from django.core.cache import cache
            from .shop import MISSING

            def put(shop, shelf):
                known = cache.get(shop, MISSING)
                if known is MISSING:
                    known = {}
                known[shelf] = "full"
                cache.set(shop, known)  # SCL609
        """,
            "here the others' shelves are in it",
        ),
        Good(
            """
            from django.db import models
            from .models import Run

            class Build(models.Model):
                steps = models.IntegerField(default=0)

                def note_progress(self, number):
                    self.steps += number
                    self.save(update_fields=["steps"])

            def after_success(job, connection, result):
                run = Run.objects.get(job_id=job.id)
                run.times_count += 1
                run.save()
        """,
            "a job's own row has that job as its writer",
        ),
        Bad(
            """
            from .models import Shop

            def after_success(job, connection, result):
                shop = Shop.objects.get(pk=job.shop_id)
                shop.runs_count += 1  # SCL609
                shop.save()
        """,
            "a row that the jobs share",
        ),
        Good(
            """
            from .models import Offer

            def age():
                for offer in Offer.objects.filter(open=True):
                    offer: Offer
                    offer.days_count += 1
                    offer.save()
        """,
            "a batch that one process works off",
        ),
        Good(
            """
            from django.core.cache import cache

            def path(shelf):
                known = cache.get(shelf.key, "")
                if known:
                    return known
                known += shelf.parent.name + "/" + shelf.name
                cache.set(shelf.key, known, timeout=5)
                return known
        """,
            "what was found has been given back, and is not in what is written",
        ),
        Bad(
            """
            from django.core.cache import cache

            def note(shelf, reader):
                known = cache.get(shelf.key, "")
                if reader.name in known:
                    return known
                known += reader.name + ","
                cache.set(shelf.key, known)  # SCL609
                return known
        """,
            "here the other readers are in it",
        ),
        Good(
            """
            from .models import Exam

            def note_score(exam_id, marks):
                exam = Exam.objects.get(pk=exam_id)
                exam.score += ",".join(marks)
                exam.save()
        """,
            "a text that is put together is no sum",
        ),
        Good(
            """
            from django.db import models

            class Room(models.Model):
                fair = models.ForeignKey("Fair", on_delete=models.CASCADE)
                name = models.CharField(max_length=40)

            def first_room(fair):
                room = Room.objects.filter(fair=fair).first()
                if not room:
                    room = Room.objects.create(fair=fair, name="Hall")
                return room
        """,
            "the first of the many that a fair may have gets a name of its own",
        ),
        Good(
            """
            from app.models import Slide

            async def move_up(session, slide_id):
                slide = await session.get(Slide, slide_id)
                slide.num -= 1
                await session.commit()
        """,
            "the place of a row among others, which its owner chooses",
        ),
        Good(
            """
            from django.db import models

            class Report(models.Model):
                patient = models.ForeignKey("Patient", on_delete=models.CASCADE)
                state = models.CharField(max_length=20, default="draft")

            def begin(patient):
                if Report.objects.filter(patient=patient, state="signed").exists():
                    raise ValueError("the report is signed")
                return Report.objects.create(patient=patient)
        """,
            "what is made is not in the state that is asked for: there may be several",
        ),
        Bad(
            """
            from django.db import models

            class Report(models.Model):
                patient = models.ForeignKey("Patient", on_delete=models.CASCADE)
                open = models.BooleanField(default=True)

            def begin(patient):
                if Report.objects.filter(patient=patient, open=True).exists():
                    raise ValueError("there is one")
                return Report.objects.create(patient=patient)  # SCL609
        """,
            "but here it has the flag by itself",
        ),
        Good(
            """
            from .models import Shelf

            def put_below(shelves):
                for shelf in Shelf.objects.filter(open=True):
                    print(shelf)
                shelf = Shelf.like(shelves[0])
                shelf.level_count += 1
                shelf.save()
        """,
            "the name has been given to something else, which is no row yet",
        ),
        Bad(
            """
            from django.core.cache import cache
            from rest_framework.views import APIView

            class Seats(APIView):
                def post(self, request, room):
                    taken = cache.get("seats", {})
                    if room not in taken:
                        taken[room] = request.user.pk
                        cache.set("seats", taken)  # SCL609
                    return len(taken)
        """,
            "who has taken a seat can't be computed again",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What writes a row, a key or a document back, and what asks for a row."""
        return words(*updates.names(), *rewrites.names(), *insertions.names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the changes that another writer's may overwrite."""
        of_rows = [*updates.sums(source), *insertions.insertions(source)]
        if of_rows and own_stores.has_file_database_alone(source):
            of_rows = []
        for found in (*of_rows, *rewrites.rewrites(source)):
            function = display_name(found.function)
            via = source.place(found.function).via
            way = display_name(via) if via is not None and via is not found.function else ""
            names = {"what": found.what, "effect": found.effect, "instead": found.instead, "columns": found.columns}
            names["more"] = f" (and {found.more} more)" if found.more else ""
            # There is room for the columns or the function.
            names["place"] = "" if found.columns else f" in {function}()"
            yield Finding(found.node, names, way)
