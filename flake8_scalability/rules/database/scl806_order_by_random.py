"""SCL806: rows sorted by a random number."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.database.random_sorts import random_sorts
from flake8_scalability.model.sites import display_name, spelled
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class OrderByRandom(Rule):
    """A query sorts a whole table by random numbers to take a few rows.

    What it does
    ------------
    Finds `order_by("?")`, `order_by(func.random())`, `ORDER BY RANDOM()` in text of SQL, and `$sample` over a whole
    collection, in the spellings of the usual mappers and databases.

    Why it does not scale
    ---------------------
    The database makes a number for each row and sorts all of them, for every call: no index helps, and a limit
    comes only after the sort. With the table the time of one row grows from a millisecond to seconds.

    How to fix it
    -------------
    Choose a random key and take the row that follows it, keep a shuffled list of keys in the cache, or let the
    database sample blocks (`TABLESAMPLE`). `$sample` is fast only as a pipeline's first
    stage and for less than 5 % of a collection.

    Known limits
    ------------
    Only tables count that become longer the more a service is used, by their names or by what their columns say of
    people: more than the name of an author as text. A query narrowed to one parent's rows is silent, and so is one
    whose rows are all put into a list or gone over. Of a query that a function is handed nobody can say here what it
    was narrowed to.
    """

    code = "SCL806"
    slug = "order-by-random"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "full scan"
    message = "{callee} sorts all rows of {what} at random in {function}(); pick a random key instead"
    short = "{callee} sorts all of {what} at random; pick a random key"
    title = "Rows sorted at random"
    impact = "Each call reads and sorts the whole table, which no index can help"
    fix = "Pick a random key and take the row after it, keep shuffled keys in a cache, or use TABLESAMPLE"
    references = (
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#order-by",
        "https://www.postgresql.org/docs/current/sql-select.html#SQL-FROM",
    )
    examples = (
        Bad(
            """
            from shop.models import Product

            def suggestion():
                return Product.objects.order_by("?").first()  # SCL806
        """,
            "every row gets a number, and all are sorted, for one",
        ),
        Bad(
            """
            from sqlalchemy import func, select
            from app.models import Product

            async def suggestions(session):
                statement = select(Product).order_by(func.random()).limit(5)  # SCL806
                return (await session.scalars(statement)).all()
        """,
            "a limit comes after the sort",
        ),
        Bad(
            """
            def winner(cursor):
                cursor.execute("SELECT player FROM players ORDER BY RAND() LIMIT 1")  # SCL806
                return cursor.fetchone()
        """,
            "text of SQL",
        ),
        Bad(
            """
            def some(collection):
                return list(collection.aggregate([{"$sample": {"size": 3}}, {"$project": {"name": 1}}]))  # SCL806
        """,
            "documents",
        ),
        Good(
            """
            import random
            from sqlalchemy import func, select
            from app.models import Product

            async def suggestion(session):
                last = await session.scalar(select(func.max(Product.id)))
                statement = select(Product).where(Product.id >= random.randint(1, last)).order_by(Product.id).limit(1)
                return await session.scalar(statement)
        """,
            "a random key, found by its index",
        ),
        Good(
            """
            def winner(cursor):
                cursor.execute("SELECT player FROM players TABLESAMPLE SYSTEM (1) ORDER BY RANDOM() LIMIT 1")
                return cursor.fetchone()
        """,
            "the database samples blocks",
        ),
        Good(
            """
            from shop.models import Question

            def questions(quiz):
                return Question.objects.filter(quiz_id=quiz.id).order_by("?")[:10]
        """,
            "the questions of one quiz are few",
        ),
        Good(
            """
            from django.db import models

            def shuffled(quiz):
                return list(quiz.questions.order_by("?")[:10])
        """,
            "related rows of one row",
        ),
        Good(
            """
            from shop.models import Banner

            def banner():
                return Banner.objects.order_by("?").first()
        """,
            "a small table by its name",
        ),
        Good(
            """
            from app.models import SigningKey

            def signing_key(session):
                return session.query(SigningKey).filter_by(retired=False).order_by("?").first()
        """,
            "nothing says that there are ever more than a few of them",
        ),
        Good(
            """
            from app.tools import Words

            def words(text):
                return Words(text).order_by("?")
        """,
            "not a query",
        ),
        Good(
            """
            def some(collection, team):
                return list(collection.aggregate([{"$match": {"team": team}}, {"$sample": {"size": 3}}]))
        """,
            "a sample of what a condition left",
        ),
        Good(
            """
            from shop.models import Product

            def newest():
                return Product.objects.order_by("-created")[:10]
        """,
            "an order that an index has",
        ),
        Good(
            """
            from shop.models import Entry

            def next_ones():
                return Entry.objects.order_by("reviews", "?")
        """,
            "between equals only",
        ),
        Good(
            """
            from django.db import models

            class Praise(models.Model):
                author = models.CharField(max_length=255)
                body = models.TextField()

            def praise():
                return Praise.objects.order_by("?").first()
        """,
            "who is quoted by name is no user: such a table has what the operator has put there",
        ),
        Good(
            """
            from app.models import Picture

            class Shuffled:
                def shuffle(self, queryset):
                    queryset = queryset.order_by("?")
                    self.shuffled = list(queryset)
                    return queryset

                def names(self, queryset):
                    return [picture.name for picture in queryset.order_by("?")]

            def placed(picture, queryset):
                return list(queryset.order_by("?")).index(picture)
        """,
            "all rows are wanted, in any order: a random key gives one",
        ),
        Good(
            """
            from app.models import Picture

            class Shuffled:
                def some(self, queryset):
                    return queryset.order_by("?")[:3]  # todo: SCL806
        """,
            "what the caller has narrowed may be the pictures of one album",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the sorts at random, each at the call that sorts."""
        for sort in random_sorts(source):
            names = {"callee": spelled(sort.node.func) + "()", "what": sort.entity or "a table"}
            yield Finding(sort.node, {**names, "function": display_name(sort.scope.function)})
