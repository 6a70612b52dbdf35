"""SCL805: a condition that no index of the column serves."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.database.text_search import searches
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UnindexableSearch(Rule):
    """A request searches inside a column, so that the database reads every row.

    What it does
    ------------
    Finds, on the request path: patterns that begin with anything and go on with what is asked for
    (`ilike(f"%{words}%")`, `icontains`), Mongo's `$regex` that is not bound to the beginning, and functions around a
    column that is compared (`func.lower(User.email)`), in tables that people fill: by the table's name, its columns of
    people, or because what is searched is a text that they write. It reports the first of each function.

    Why it does not scale
    ---------------------
    An index is sorted by the beginning of the value. Where that is left open, or a function is put around it, every
    row is read for every search: the search gets slower as the table grows, and users search often.

    How to fix it
    -------------
    Use full-text search (`SearchVector`, `tsvector`, a search engine), or a trigram index (`gin_trgm_ops`), which
    serves `LIKE` and `ILIKE` as they are. Search from the beginning where that is enough. Store what is compared in
    lower case, or make an index on the expression.

    Known limits
    ------------
    A project that speaks of trigrams or of full-text search anywhere is left alone, and so is what stands in for a
    search engine that is turned off. Nothing is said of a small table, by its name or as its class says (a key of a few
    letters; a unique name or code, with neither a text nor a person beside it), of a part of a key, of the names of
    places, organisations and other things that people do not make by the thousand, of a search among the rows of one
    owner, of one value that is given or of some hours, among those who run the service, of a pattern that is always the
    same, or of pages and branches for those who run the service. Where a migration or a class makes an index over just
    that function of the column, it is used, and functions around columns are not told of a project whose only database
    is a file.
    """

    code = "SCL805"
    slug = "unindexable-search"
    severity = Severity.LOW
    since = "0.1.0"
    load = "full scan"
    message = "{how} on {name} in {function}() reads every row; {instead}"
    short = "{how} on {name} reads every row; {instead}"
    title = "Search that no index serves"
    impact = "Each search reads the whole table and gets slower as it grows"
    fix = "Use full-text search or a trigram index (pg_trgm); index the expression that is compared"
    references = (
        "https://use-the-index-luke.com/sql/where-clause/searching-for-ranges/like-performance-tuning",
        "https://www.postgresql.org/docs/current/pgtrgm.html",
        "https://docs.djangoproject.com/en/stable/ref/contrib/postgres/search/",
    )
    examples = (
        Bad(
            """
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit
            from .models import Recipe

            @ratelimit(key="ip", rate="10/m")
            def find(request):
                words = request.GET["q"]
                found = Recipe.objects.filter(title__icontains=words)[:20]  # SCL805
                return render(request, "found.html", {"found": found})
        """,
            "each search reads all recipes",
        ),
        Bad(
            """
            from fastapi import APIRouter
            from sqlalchemy import or_, select
            from app.limits import limiter
            from .db import session

            router = APIRouter()

            @router.get("/people")
            @limiter.limit("10/minute")
            def people(q: str):
                wanted = f"%{q}%"
                statement = select(Person).where(
                    or_(
                        Person.name.ilike(wanted),  # SCL805
                        Person.nickname.ilike(wanted),
                    )
                )
                return session.scalars(statement.limit(20)).all()
        """,
            "told once for a function",
        ),
        Bad(
            """
            from flask import Flask
            from app.limits import limiter
            from .db import pool

            app = Flask(__name__)

            @app.get("/songs/<words>")
            @limiter.limit("10/minute")
            def songs(words):
                with pool.connection() as conn:
                    rows = conn.execute("SELECT id FROM songs WHERE title LIKE %s LIMIT 9", (f"%{words}%",))  # SCL805
                    return {"ids": [row[0] for row in rows]}
        """,
            "the pattern is among what is put in",
        ),
        Bad(
            """
            from flask import Flask
            from app.limits import limiter
            from .mongo import db

            app = Flask(__name__)

            @app.get("/recipes/<words>")
            @limiter.limit("10/minute")
            def recipes(words):
                found = db.recipes.find({"name": {"$regex": words, "$options": "i"}}).limit(10)  # SCL805
                return {"names": [each["name"] for each in found]}
        """,
            "a pattern for anywhere in the name",
        ),
        Bad(
            """
            from fastapi import APIRouter
            from sqlalchemy import func, select
            from app.limits import limiter
            from .db import session

            router = APIRouter()

            @router.get("/taken")
            @limiter.limit("10/minute")
            def taken(email: str):
                return session.scalar(select(Person.id).where(func.lower(Person.email) == email.lower()))  # SCL805
        """,
            "the index is of the address as it was typed",
        ),
        Good(
            """
            from dal.autocomplete import Select2QuerySetView
            from app.access import OnlyForAdminsMixin
            from .models import Person

            class People(OnlyForAdminsMixin, Select2QuerySetView):
                def get(self, request):
                    return self.answer(Person.objects.filter(email__icontains=request.GET["q"])[:20])
        """,
            "a view whose class lets in those who run the service",
        ),
        Good(
            """
            from django.contrib.postgres.search import SearchVector
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit
            from .models import Recipe

            @ratelimit(key="ip", rate="10/m")
            def find(request):
                found = Recipe.objects.annotate(text=SearchVector("title")).filter(text=request.GET["q"])[:20]
                return render(request, "found.html", {"found": found})
        """,
            "full-text search",
        ),
        Good(
            """
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit
            from .models import Recipe

            @ratelimit(key="ip", rate="10/m")
            def find(request):
                found = Recipe.objects.filter(title__startswith=request.GET["q"])[:20]
                return render(request, "found.html", {"found": found})
        """,
            "from the beginning, as the index is sorted",
        ),
        Good(
            """
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit
            from .models import Recipe

            @ratelimit(key="ip", rate="10/m")
            def mine(request):
                found = Recipe.objects.filter(author=request.user, title__icontains=request.GET["q"])[:20]
                return render(request, "found.html", {"found": found})
        """,
            "among the recipes of one author",
        ),
        Good(
            """
            from fastapi import APIRouter
            from sqlalchemy import Index, select
            from app.limits import limiter
            from .db import session

            router = APIRouter()
            Index("people_name", Person.name, postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"})

            @router.get("/people")
            @limiter.limit("10/minute")
            def people(q: str):
                return session.scalars(select(Person).where(Person.name.ilike(f"%{q}%")).limit(20)).all()
        """,
            "a trigram index serves the pattern",
        ),
        Good(
            """
            from .db import session

            def people(q):
                return session.query(Person).filter(Person.name.ilike(f"%{q}%")).limit(20).all()
        """,
            "who calls it, and how often, the file does not show",
        ),
        Good(
            """
            from fastapi import APIRouter
            from sqlalchemy import select
            from app.limits import limiter
            from .db import session

            router = APIRouter()

            @router.get("/people")
            @limiter.limit("10/minute")
            def people(q: str):
                return session.scalars(select(Person).where(Person.name.like(f"{q}%")).limit(20)).all()
        """,
            "a prefix",
        ),
        Good(
            """
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit
            from .models import Country

            @ratelimit(key="ip", rate="10/m")
            def countries(request):
                found = Country.objects.filter(name__icontains=request.GET["q"])[:20]
                return render(request, "found.html", {"found": found})
        """,
            "there are two hundred countries",
        ),
        Good(
            """
            from flask import Flask
            from app.limits import limiter
            from .db import pool

            app = Flask(__name__)

            @app.get("/songs/unnamed")
            @limiter.limit("10/minute")
            def unnamed():
                with pool.connection() as conn:
                    row = conn.execute("SELECT COUNT(*) FROM songs WHERE title LIKE '%untitled%'").fetchone()
                    return {"number": row[0]}

            @app.get("/songs/<words>/lately")
            @limiter.limit("10/minute")
            def lately(words):
                sql = "SELECT id FROM songs WHERE played_at >= now() - interval '1 day' AND title LIKE %s LIMIT 9"
                with pool.connection() as conn:
                    return {"ids": [row[0] for row in conn.execute(sql, (f"%{words}%",))]}
            """,
            "a pattern that is always the same is no search, and one of a day goes along the index of the time",
        ),
        Good(
            """
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit
            from .models import Letter, Recipe, User

            STAFF_ROLES = ("clerk", "head")

            @ratelimit(key="ip", rate="10/m")
            def letters(request, words):
                found = Letter.objects.filter(desk=request.GET["desk"])
                if words:
                    found = found.filter(title__icontains=words)
                return JsonResponse({"ids": [letter.pk for letter in found[:20]]})

            @ratelimit(key="ip", rate="10/m")
            def clerks(request, words):
                found = User.objects.filter(role__in=STAFF_ROLES, username__icontains=words)[:20]
                return JsonResponse({"ids": [user.pk for user in found]})

            @ratelimit(key="ip", rate="10/m")
            def recipes(request, words):
                if request.user.is_authenticated and request.user.is_staff:
                    return JsonResponse({"number": Recipe.objects.filter(title__icontains=words)[:20].count()})
                return JsonResponse({})
        """,
            "the letters of one desk, those who run the service, and what only they may do",
        ),
        Good(
            """
            from flask import Flask
            from app.limits import limiter
            from .mongo import db

            app = Flask(__name__)

            @app.get("/venues/<words>")
            @limiter.limit("10/minute")
            def venues(words):
                found = db.venues.find({"name": {"$regex": f"^{words}"}}).limit(10)
                return {"names": [each["name"] for each in found]}

            @app.get("/halls/<words>")
            @limiter.limit("10/minute")
            def halls(words):
                found = db.venues.find({"name": {"$regex": words}}).limit(10)  # todo: SCL805
                return {"names": [each["name"] for each in found]}

            @app.get("/orchids/<words>")
            @limiter.limit("10/minute")
            def orchids(words):
                found = db.orchids.find({"climate": {"$regex": words}}).limit(10)  # todo: SCL805
                return {"names": [each["name"] for each in found]}
        """,
            "bound to the beginning; places have their names from those in charge; and what nothing is known of",
        ),
        Good(
            """
            from django.db import models
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            class Bureau(models.Model):
                code = models.CharField(max_length=4, primary_key=True)
                name = models.CharField(max_length=80)

            class Valley(models.Model):
                name = models.CharField(max_length=80, unique=True)
                outline = models.JSONField(null=True, help_text="The text of a polygon")

            class ArchiveServer(models.Model):
                name = models.CharField(max_length=80)
                username = models.CharField(max_length=80)
                password = models.CharField(max_length=80)

            @ratelimit(key="ip", rate="10/m")
            def bureaus(request, words):
                return JsonResponse({"codes": [each.pk for each in Bureau.objects.filter(name__icontains=words)[:9]]})

            @ratelimit(key="ip", rate="10/m")
            def valleys(request, words):
                return JsonResponse({"names": [each.name for each in Valley.objects.filter(name__icontains=words)[:9]]})

            @ratelimit(key="ip", rate="10/m")
            def servers(request, words):
                found = ArchiveServer.objects.filter(name__icontains=words)[:9]
                return JsonResponse({"names": [each.name for each in found]})
        """,
            "four letters tell few things apart, a list of names that is nobody's, and servers with their passwords",
        ),
        Good(
            """
            from rest_framework.viewsets import ReadOnlyModelViewSet
            from notes.index import NoteDocument
            from notes.models import Note
            from notes.throttles import PerUser

            class Notes(ReadOnlyModelViewSet):
                throttle_classes = [PerUser]

                def list(self, request):
                    words = request.query_params["words"]
                    if self.without_index:
                        found = Note.objects.filter(title__icontains=words)[:20]
                    else:
                        found = NoteDocument.search().query("match", title=words)[:20]
                    return self.answer(found)
        """,
            "what is done while there is no search engine",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the conditions that no index serves, unless the project has one made for texts."""
        found = list(searches(source))
        if found and not source.text_says(Fact.TEXT_INDEX) and not source.project_says(Fact.TEXT_INDEX):
            searched = "use full-text search or a trigram index"
            if source.project_says(Fact.MYSQL):
                searched = "use a FULLTEXT index"
            for each in found:
                instead = "index the expression" if each.how.startswith("func.") else searched
                yield Finding.at(each.site, name=each.column, how=each.how, instead=instead)
