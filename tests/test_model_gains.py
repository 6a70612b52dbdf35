"""Loops in which one query for all items would be wrong, or would save nothing."""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_scalability.model.batching.item_reads import reads
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings


def found(code: str) -> list[str]:
    """Return what is read for each item in a file, as it is spelled."""
    text = textwrap.dedent(code)
    source = SourceFile(ast.parse(text), "shop/views.py", text.splitlines(keepends=True), Settings(no_project=True))
    return [read.what for read in reads(source)]


@pytest.mark.parametrize(
    ("opened", "speaks"),
    [
        ("transaction.atomic()", False),
        ("db.begin()", False),
        ("session.begin_nested()", False),
        ("atomic()", False),
        ("clock.begin()", True),
        ("timer", True),
        ("span(order)", True),
    ],
)
def test_a_transaction_of_its_own(opened: str, speaks: bool) -> None:
    assert (
        bool(
            found(f"""
        def settle(session, numbers):
            for number in numbers:
                with {opened}:
                    order = session.query(Order).filter_by(number=number).first()
                    order.close()
        """)
        )
        is speaks
    )


@pytest.mark.parametrize(
    ("asked", "speaks"),
    [
        ("filter(state=each)", False),
        ("filter(state=each, number__gt=5)", False),
        ("filter(state=each, owner=each)", True),
        ("filter(sent_at=each)", True),
        ("filter(state__in=each)", True),
    ],
)
def test_values_of_a_column_that_has_a_handful(asked: str, speaks: bool) -> None:
    assert (
        bool(
            found(f"""
        from shop.models import Order

        def by_state(given):
            return [Order.objects.{asked}.first() for each in given]
        """)
        )
        is speaks
    )


@pytest.mark.parametrize(
    ("place", "table", "day", "speaks"),
    [
        ("@shared_task", "Play", "date=today", False),
        ("@shared_task", "Play", "date=timezone.now().date()", False),
        ("@shared_task", "Play", "date=tomorrow", False),
        ("@shared_task", "Play", "date=None", True),
        ("@shared_task", "Play", "date__lte=today", True),
        ("@shared_task", "Order", "date=today", True),
        ("@app.get('/plays')", "Play", "date=today", True),
    ],
)
def test_what_falls_on_this_day(place: str, table: str, day: str, speaks: bool) -> None:
    assert (
        bool(
            found(f"""
        from celery import shared_task
        from django.utils import timezone
        from fastapi import FastAPI
        from shop.models import Guest, Order, Play

        app = FastAPI()

        {place}
        def remind():
            for play in {table}.objects.filter({day}):
                for guest in Guest.objects.filter(play=play):
                    guest.mail(play)
        """)
        )
        is speaks
    )


@pytest.mark.parametrize(
    ("items", "table", "made", "speaks"),
    [
        ("body.genres", "Genre", "pass", False),
        ("body.genres or []", "Genre", "pass", False),
        ("body['genres']", "Genre", "pass", False),
        ("body[0]", "Order", "pass", True),
        ("body.order_ids", "Genre", "pass", True),
        ("body", "Genre", "pass", True),
        ("body.lines", "Order", "session.add(Line(form_id=form.id, number=each.number))", False),
        ("body.lines", "Order", "session.add(Line(form_id=each.form_id, number=each.number))", True),
        ("body.lines", "Order", "session.add(Line(form_id=form.id))", True),
        ("body.lines", "Order", "note(form_id=form.id, number=each.number)", True),
    ],
)
def test_parts_of_one_form(items: str, table: str, made: str, speaks: bool) -> None:
    assert (
        bool(
            found(f"""
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/forms")
        def take(body, session, form):
            for each in {items}:
                form.keep(session.query({table}).filter_by(number=each.number).first())
                {made}
        """)
        )
        is speaks
    )


@pytest.mark.parametrize(
    ("call", "speaks"),
    [
        ("fetch_rate(code)", False),
        ("fetch_rate()", True),
        ("upstream.fetch_rate(code)", True),
        ("fetch_rate_of(code)", True),
        ("look_at(code)", True),
        ("rates_client.get_rate(code)", False),
        ("rates_client.get_rate()", True),
        ("rates_client.drop(code)", True),
        ("client.get_rate(code)", True),
    ],
)
def test_beside_what_is_fetched_from_elsewhere(call: str, speaks: bool) -> None:
    assert (
        bool(
            found(f"""
        from shop.upstream import fetch_rate, look_at

        def fetch_rate_of(code):
            return len(code)

        def refresh(session, codes):
            for code in codes:
                rate = session.query(Rate).filter_by(code=code).first()
                rate.value = {call}
        """)
        )
        is speaks
    )


@pytest.mark.parametrize(
    ("kept", "speaks"),
    [("known", False), ("others", True)],
)
def test_a_memo_that_is_filled_on_the_other_side(kept: str, speaks: bool) -> None:
    assert (
        bool(
            found(f"""
        from shop.models import Shelf

        def shelves(codes, known, others):
            for code in codes:
                if code in known:
                    yield known[code]
                else:
                    {kept}[code] = Shelf.objects.get(code=code)
                    yield {kept}[code]
        """)
        )
        is speaks
    )


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        ("Loan.objects.filter(member=member).count()", "count for all in one grouped query"),
        ("Loan.objects.filter(member=member).exists()", "ask once which of them have any"),
        ("Loan.objects.filter(member=member).first()", "fetch all before the loop"),
        ("number_of(member)", "count for all in one grouped query"),
    ],
)
def test_the_advice_fits_what_is_asked(asked: str, instead: str) -> None:
    text = textwrap.dedent(f"""
        from library.models import Loan

        def number_of(member):
            return Loan.objects.filter(member=member).count()

        def overview(members):
            return [{asked} for member in members]
    """)
    source = SourceFile(ast.parse(text), "shop/views.py", text.splitlines(keepends=True), Settings(no_project=True))
    assert [read.instead for read in reads(source)] == [instead]


@pytest.mark.parametrize(
    ("place", "speaks"),
    [
        ('terms["member"]', False),
        ("terms[key]", True),
        ("terms", True),
        ('key["member"]', True),
    ],
)
def test_what_is_found_has_one_place(place: str, speaks: bool) -> None:
    assert (
        bool(
            found(f"""
        from library.models import Member

        def terms_of(given, terms):
            for key in given:
                {place} = Member.objects.filter(pk=key).first()
            return terms
        """)
        )
        is speaks
    )
