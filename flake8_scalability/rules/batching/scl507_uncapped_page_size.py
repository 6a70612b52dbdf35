"""SCL507: a page as large as the client wants."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.page_sizes import names, uncapped
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UncappedPageSize(Rule):
    """The client chooses how many items a page has, and nothing keeps the number within bounds.

    What it does
    ------------
    Finds numbers that a handler takes from its request under names such as `limit`, `per_page` and `page_size`, and
    uses as the limit of a query, the end of a slice, the size of a `Paginator` or such an argument of a function, also
    in a helper of the file; and paginators of Django REST framework whose size the client chooses without a maximum.

    Why it does not scale
    ---------------------
    One request with `?limit=1000000` reads, holds and writes the whole table, whatever the default is. A few of them
    at once take the memory of the process and the time of the database from everybody else.

    How to fix it
    -------------
    Bound the number where it comes in: `Query(20, ge=1, le=100)`, `min(limit, 100)`, `max_page_size`, `max_limit`, a
    validator.

    Known limits
    ------------
    Any comparison of the number, and any call that sounds like a check, is taken for a bound; so is one in the function
    of the project that gets the number. How much of its work a job does at once (`run_import(limit)`) is its caller's
    affair. A function of another file has to be in sight of the project, and a setting of Django REST framework one of
    its views. A function of another file that reads one row for each value of a column reads few. What belongs to one
    other row is few, whatever is asked for, unless it is a log or a history. A pagination class is spoken of whatever
    its views list, be it a caller's own few rows; a method that cuts what is in memory, or hands the size to one that
    does, is silent. Where a query is cut only for a client that gives a size, and read whole for the others, it is not
    the size that has to be bounded.
    `paginate()` of Flask-SQLAlchemy caps at 100 by itself and is silent.
    """

    code = "SCL507"
    slug = "uncapped-page-size"
    severity = Severity.MEDIUM
    since = "0.1.0"
    load = "unbounded result"
    message = "{function} lets the client choose {asked} without an upper bound; {instead}"
    short = "the client chooses {asked} without an upper bound; {instead}"
    title = "Page size without a bound"
    impact = "One request can read and hold the whole table, whatever the default size is"
    fix = "Bound the size where it comes in: Query(le=100), min(limit, 100), max_page_size, max_limit"
    references = (
        "https://fastapi.tiangolo.com/tutorial/path-params-numeric-validations/",
        "https://www.django-rest-framework.org/api-guide/pagination/",
        "https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/",
    )
    examples = (
        Bad(
            """
            from fastapi import APIRouter, Depends
            from app.database import session
            from app.limits import limiter
            from app.models import Sighting

            router = APIRouter()

            @router.get("/sightings")
            @limiter.limit("10/minute")
            def sightings(limit: int = 20, db=Depends(session)):
                return db.query(Sighting).order_by(Sighting.id).limit(limit).all()  # SCL507
            """,
            "twenty by default, and all of them to whom asks",
        ),
        Bad(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Sighting

            app = Flask(__name__)

            def _rows(per_page):
                return [row.name for row in Sighting.query.limit(per_page)]  # SCL507

            @app.route("/sightings")
            @limiter.limit("10/minute")
            def sightings():
                per_page = request.args.get("per_page", 20, type=int)
                return jsonify(_rows(per_page))
            """,
            "used in a helper, which bounds it as little",
        ),
        Bad(
            """
            from django.core.paginator import Paginator
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit

            from garden.models import Plant

            @ratelimit(key="ip", rate="10/m")
            def plants(request):
                size = int(request.GET.get("page_size") or 25)
                pages = Paginator(Plant.objects.order_by("name"), size)  # SCL507
                return render(request, "plants.html", {"page": pages.get_page(request.GET.get("page"))})
            """,
            "a paginator cuts as it is told",
        ),
        Bad(
            """
            from rest_framework.pagination import PageNumberPagination

            class Pages(PageNumberPagination):
                page_size = 20
                page_size_query_param = "page_size"  # SCL507
            """,
            "the parameter of the query, and no `max_page_size`",
        ),
        Bad(
            """
            from typing import Annotated

            from fastapi import APIRouter, Query
            from app.limits import limiter
            from app.store import plants

            router = APIRouter()

            @router.get("/plants")
            @limiter.limit("10/minute")
            async def listed(page: int = 1, page_size: Annotated[int, Query(ge=1)] = 50):
                return await plants.page(number=page, page_size=page_size)  # SCL507
            """,
            "at least one, and at most anything",
        ),
        Bad(
            """
            REST_FRAMEWORK = {
                "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",  # SCL507
                "PAGE_SIZE": 20,
            }
            """,
            "this class has no maximum unless a subclass sets one",
            path="garden/settings.py",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from sqlalchemy import select
            from app.db import books, session_of
            from app.limits import limiter
            from app.models import Chapter
            from app.reviews import reviews_of

            router = APIRouter()

            @router.get("/books/{key}/chapters")
            @limiter.limit("10/minute")
            def chapters(key: int, limit: int = 20, session=Depends(session_of)):
                return session.scalars(select(Chapter).where(Chapter.book_id == key).limit(limit)).all()

            @router.get("/books/{key}/reviews")
            @limiter.limit("10/minute")
            def reviews(key: int, limit: int = 20):
                return reviews_of(book_id=books[key].id, limit=limit)
        """,
            "what one book has is few",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends, Query
            from app.database import session
            from app.limits import limiter
            from app.models import Sighting

            router = APIRouter()

            @router.get("/sightings")
            @limiter.limit("10/minute")
            def sightings(limit: int = Query(20, ge=1, le=100), db=Depends(session)):
                return db.query(Sighting).order_by(Sighting.id).limit(limit).all()
            """,
            "at most a hundred",
        ),
        Good(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Sighting

            app = Flask(__name__)

            @app.route("/sightings")
            @limiter.limit("10/minute")
            def sightings():
                limit = min(request.args.get("limit", 20, type=int), 100)
                return jsonify([row.name for row in Sighting.query.limit(limit)])
            """,
            "the smaller of the two",
        ),
        Good(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Sighting

            app = Flask(__name__)
            MOST = 100

            @app.route("/sightings")
            @limiter.limit("10/minute")
            def sightings():
                limit = request.args.get("limit", 20, type=int)
                if limit > MOST:
                    return {"error": "too many"}, 400
                return jsonify([row.name for row in Sighting.query.limit(limit)])
            """,
            "refused where it is too large",
        ),
        Good(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.paging import page_size
            from app.models import Sighting

            app = Flask(__name__)

            @app.route("/sightings")
            @limiter.limit("10/minute")
            def sightings():
                limit = page_size(request.args.get("limit"))
                return jsonify([row.name for row in Sighting.query.limit(limit)])
            """,
            "what the project's own function makes of it is not known",
        ),
        Good(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Sighting

            app = Flask(__name__)

            @app.route("/sightings")
            @limiter.limit("10/minute")
            def sightings():
                size = request.args.get("size", 20, type=int)
                page = Sighting.query.order_by(Sighting.id).paginate(per_page=size)
                return jsonify([row.name for row in page.items])
            """,
            "the library caps the size by itself",
        ),
        Good(
            """
            from rest_framework.pagination import PageNumberPagination

            class Pages(PageNumberPagination):
                page_size = 20
                page_size_query_param = "page_size"
                max_page_size = 200
            """,
            "two hundred at most",
        ),
        Good(
            """
            from rest_framework.pagination import LimitOffsetPagination

            class Slices(LimitOffsetPagination):
                default_limit = 20
                max_limit = 200

            class Parts(LimitOffsetPagination):
                def get_limit(self, request):
                    return 20
            """,
            "bounded by its attribute, or in a way of its own",
        ),
        Good(
            """
            from app.models import Sighting

            def newest(limit=10):
                return list(Sighting.query.order_by(Sighting.id.desc()).limit(limit))
            """,
            "who calls it, and with what, the file does not show",
        ),
        Good(
            """
            from enum import IntEnum

            from fastapi import APIRouter, Depends
            from app.database import session
            from app.limits import limiter
            from app.models import Sighting

            router = APIRouter()

            class Size(IntEnum):
                SMALL = 20
                LARGE = 100

            @router.get("/sightings")
            @limiter.limit("10/minute")
            def sightings(limit: Size = Size.SMALL, db=Depends(session)):
                return db.query(Sighting).order_by(Sighting.id).limit(limit).all()
            """,
            "one of two",
        ),
        Good(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Parcel

            app = Flask(__name__)

            def process_parcels(limit):
                return [parcel.weigh() for parcel in Parcel.query.limit(limit)]

            @app.post("/weighing")
            @limiter.limit("10/minute")
            def weighing():
                return jsonify(process_parcels(request.args.get("limit", 20, type=int)))
            """,
            "so many are worked on",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.answers import page_of
            from app.codes import picture
            from app.limits import limiter

            router = APIRouter()

            @router.get("/tables/{table}/code")
            @limiter.limit("10/minute")
            def code(table: str, size: int = 200):
                return picture(f"https://garden.example/{table}", size=size)

            @router.get("/plants")
            @limiter.limit("10/minute")
            def plants(per_page: int = 20, found=None):
                return page_of(found, per_page=per_page, total=len(found))
            """,
            "the size of a picture; and a page that was read before it is put into an answer",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.limits import limiter
            from app.mixing import mix

            router = APIRouter()

            @router.post("/colours")
            @limiter.limit("10/minute")
            def colours(count: int):
                return {"shown": str(count), "mixed": mix("red", "blue")}
            """,
            "a number that nothing is read by",
        ),
        Good(
            """
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit
            from garden.models import Sighting

            @ratelimit(key="ip", rate="10/m")
            def sightings(request):
                found = Sighting.objects.order_by("pk")
                limit = request.GET.get("limit")
                if limit is not None:
                    found = found[: int(limit)]
                return JsonResponse({"found": list(found.values())})  # noqa
            """,
            "who asks for no number gets all there are: that is what to bound",
            "garden/views.py",
        ),
        Bad(
            """
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit
            from garden.models import Sighting

            @ratelimit(key="ip", rate="10/m")
            def sightings(request):
                found = Sighting.objects.order_by("pk")
                limit = int(request.GET.get("limit", 20))
                if limit:
                    found = found[:limit]  # SCL507
                return JsonResponse({"found": list(found.values())})  # noqa
            """,
            "who asks for no number gets 20",
            "garden/views.py",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """The names of sizes as a client spells them, and what a framework's paginators are told."""
        return words(*names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the uses of page sizes that nothing bounds."""
        for use in uncapped(source):
            function = f"{display_name(use.function)}()" if use.function is not None else "this pagination"
            yield Finding(use.node, {"function": function, "asked": use.asked, "instead": use.instead})
