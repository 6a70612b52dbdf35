"""SCL508: pages of a growing table, cut by an offset."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.queries.offsets import deep_offsets
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class OffsetPagination(Rule):
    """A page of a table that grows is found by leaving out all rows before it.

    What it does
    ------------
    Finds `offset()`, `skip()`, `OFFSET` in SQL and slices that begin late on queries of tables which grow with use, in
    handlers, where the rows stand in the order of their id or of a time and are those of everybody, or of something
    that gets ever more of them: messages, events, notifications. In functions that are given where to begin, and that
    handlers may call, it speaks of the latter tables alone; where the project is in sight, some call in it that is not
    left to those who run the service has to say where to begin.

    Why it does not scale
    ---------------------
    The database reads and throws away every row before the page. The first pages cost nothing; the ten-thousandth
    reads half a million rows for twenty. Rows that are added meanwhile shift the pages, so that some are shown twice.

    How to fix it
    -------------
    Ask for what comes after the last row that was seen: `WHERE (created, id) < (:created, :id) ORDER BY created DESC,
    id DESC LIMIT 20`, with an index on both. DRF's `CursorPagination` and fastapi-pagination's cursor pages do that.

    Known limits
    ------------
    Whether a table grows is told by its name. The rows of one other row are few. Mailings to all, paginators with
    numbered pages, orders by a name, a score or a column that the query computes, pages of those who run the service or
    of what is the caller's own, and fixed offsets are silent.
    """

    code = "SCL508"
    slug = "offset-pagination"
    severity = Severity.LOW
    since = "0.1.0"
    load = "full scan"
    message = "{function}() pages through {name} by offset, which reads all rows before; page by the last key"
    short = "paging through {name} by offset reads all rows before; page by the last key"
    title = "Pagination by offset"
    impact = "The deeper the page, the more rows the database reads and throws away"
    fix = "Page by the last key: WHERE (created, id) < (…) ORDER BY … LIMIT n, or a library's cursor pages"
    references = (
        "https://use-the-index-luke.com/no-offset",
        "https://www.django-rest-framework.org/api-guide/pagination/#cursorpagination",
    )
    examples = (
        Bad(
            """
            from flask import Flask, jsonify, request
            from app.limits import limiter
            from app.models import Message

            app = Flask(__name__)

            @app.route("/messages")
            @limiter.limit("10/minute")
            def messages():
                first = request.args.get("first", 0, type=int)
                rows = Message.query.filter_by(deleted=False).order_by(Message.id.desc())
                return jsonify([row.text for row in rows.offset(first).limit(50)])  # SCL508
            """,
            "the messages become ever more",
        ),
        Bad(
            """
            from app.models import Event

            def page_of_events(page=0):
                return list(Event.objects.order_by("-created")[page * 50 : page * 50 + 50])  # SCL508
            """,
            "a slice is an offset too; the function is given where to begin",
        ),
        Bad(
            """
            from fastapi import APIRouter, Query
            from app.database import connection
            from app.limits import limiter

            router = APIRouter()

            @router.get("/readings")
            @limiter.limit("10/minute")
            async def readings(start: int = 0, limit: int = Query(20, le=100)):
                return await connection.fetch(  # SCL508
                    "SELECT value FROM readings ORDER BY id LIMIT $1 OFFSET $2", limit, start
                )
            """,
            "in SQL",
        ),
        Bad(
            """
            from app.store import db

            def page_of_visits(skip, size):
                return list(db.visits.find({}).sort("at", -1).skip(skip).limit(size))  # SCL508
            """,
            "and in MongoDB",
        ),
        Good(
            """
            from flask import Flask, jsonify, request
            from flask_login import current_user
            from app.limits import limiter
            from app.models import Event

            app = Flask(__name__)

            @app.route("/events")
            @limiter.limit("10/minute")
            def events():
                first = request.args.get("first", 0, type=int)
                rows = Event.query.filter_by(user_id=current_user.id).order_by(Event.id.desc())
                return jsonify([row.text for row in rows.offset(first).limit(50)])
            """,
            "what is somebody's own, in which nobody turns far back",
        ),
        Good(
            """
            from app.models import Event

            def events_before(last_id):
                return list(Event.objects.filter(id__lt=last_id).order_by("-id")[:50])
            """,
            "what comes after the last one that was seen",
        ),
        Good(
            """
            from app.models import Country

            def page_of_countries(page):
                return list(Country.objects.order_by("id")[page * 50 : page * 50 + 50])
            """,
            "there are two hundred of them",
        ),
        Good(
            """
            from app.models import Order

            def page_of_orders(customer, page):
                rows = Order.objects.filter(customer=customer).order_by("-created")
                return list(rows[page * 20 : page * 20 + 20])
            """,
            "one customer's orders",
        ),
        Good(
            """
            from app.models import User

            class Users:
                def search(self, skip, limit):
                    return list(User.objects.order_by("id")[skip : skip + limit])  # todo: SCL508
            """,
            "who asks for these pages is not shown; most often those who run the service",
        ),
        Good(
            """
            from app.models import Article

            def best_articles(page):
                return list(Article.objects.order_by("-score")[page * 20 : page * 20 + 20])
            """,
            "a score changes, so that no key can stand for a place",
        ),
        Good(
            """
            from app.models import Event

            def all_but_newest():
                return list(Event.objects.order_by("-id")[10:1000])
            """,
            "always the same ones",
        ),
        Good(
            """
            from django.core.paginator import Paginator
            from django.shortcuts import render
            from django_ratelimit.decorators import ratelimit

            from app.models import Event

            @ratelimit(key="ip", rate="10/m")
            def events(request):
                pages = Paginator(Event.objects.order_by("-id"), 50)
                return render(request, "events.html", {"page": pages.get_page(request.GET.get("page"))})
            """,
            "numbered pages, to which somebody can jump",
        ),
        Good(
            """
            import random

            from app.models import Photo

            def any_photo(start, count):
                return Photo.query.offset(random.randrange(start, count)).first()
            """,
            "no page, but any row",
        ),
        Good(
            """
            from app.models import Event

            def admin_events(page):
                return list(Event.objects.order_by("-id")[page * 50 : page * 50 + 50])
            """,
            "a page of those who run the service",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from app.database import session
            from app.limits import limiter
            from app.models import Event
            from app.security import require_role

            router = APIRouter()

            @router.get("/events")
            @limiter.limit("10/minute")
            def events(offset: int = 0, caller=Depends(require_role("system_admin"))):
                return session.query(Event).order_by(Event.id.desc()).offset(offset).limit(50).all()
            """,
            "the signature lets in those who run the service alone",
        ),
        Good(
            """
            from app.models import Message

            def page_of_talk(session, conversation_id, offset):
                rows = session.query(Message).filter(Message.conversation_id == conversation_id)
                return rows.order_by(Message.id.desc()).offset(offset).limit(50).all()
            """,
            "a conversation ends before it is long",
        ),
        Good(
            """
            from sqlalchemy import text
            from app.database import session

            def page_of_messages(conversation_id, unread, offset):
                wanted = ["conversation_id = :talk"]
                if unread:
                    wanted.append("read_at IS NULL")
                where = " AND ".join(wanted)
                query = text(f"SELECT body FROM messages WHERE {where} ORDER BY id LIMIT 50 OFFSET :offset")
                return session.execute(query, {"talk": conversation_id, "offset": offset}).fetchall()
            """,
            "those of one conversation, though the condition is put together elsewhere",
        ),
        Good(
            """
            from app.models import OutboxEvent

            def dead_events(session, offset):
                rows = session.query(OutboxEvent).filter(OutboxEvent.status == "dead")
                return rows.order_by(OutboxEvent.id).offset(offset).limit(50).all()
            """,
            "few rows go wrong",
        ),
        Good(
            """
            from fastapi import APIRouter, Query
            from app.limits import limiter
            from app.models import Event, session

            router = APIRouter()

            @router.get("/events")
            @limiter.limit("10/minute")
            def events(skip: int = Query(0, ge=0, le=1000)):
                return session.query(Event).order_by(Event.id).offset(skip).limit(50).all()

            @router.get("/events/near")
            @limiter.limit("10/minute")
            def near(skip: int = 0):
                start = min(skip, 500)
                return Event.objects.order_by("id")[start : start + 50]
            """,
            "nobody gets far",
        ),
        Good(
            """
            def window(events, start, size):
                return events[start : start + size]
            """,
            "a list, which is there already",
        ),
        Good(
            """
            from django.db.models import Min
            from rest_framework.views import APIView
            from app.models import Event

            class Coming(APIView):
                throttle_scope = "events"

                def get(self, request):
                    first = int(request.GET["page"]) * 20
                    rows = Event.objects.annotate(begins_at=Min("parts__begins_at")).order_by("begins_at")
                    return answer(rows[first : first + 20])
            """,
            "the order is computed for all rows in any case",
        ),
        Good(
            """
            from app.models import Event

            def export(write, step=500):
                for start in range(0, Event.objects.count(), step):
                    write(Event.objects.order_by("id")[start : start + step])
            """,
            "nobody asks for a page here; it is no handler, nor given where to begin",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.limits import limiter
            from app.models import BroadcastHistory, session

            router = APIRouter()

            @router.get("/broadcasts")
            @limiter.limit("10/minute")
            def broadcasts(offset: int = 0):
                return session.query(BroadcastHistory).order_by(BroadcastHistory.id).offset(offset).limit(50).all()
            """,
            "a row for each time that something is sent to all",
        ),
        Good(
            """
            from fastapi import APIRouter
            from sqlalchemy import desc, func, select
            from app.limits import limiter
            from app.models import Answer, Message, session

            router = APIRouter()

            @router.get("/messages/most-answered")
            @limiter.limit("10/minute")
            def most_answered(offset: int = 0):
                found = select(Message).outerjoin(Answer).group_by(Message.id).order_by(desc(func.count(Answer.id)))
                return session.scalars(found.offset(offset).limit(50)).all()
            """,
            "all rows are counted for each page in any case",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the queries that cut pages out of a growing table by an offset."""
        for found in deep_offsets(source):
            yield Finding(found.node, {"function": display_name(found.scope.function), "name": found.entity})
