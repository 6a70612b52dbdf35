"""Answers: the queries whose rows a handler answers with."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.queries.answers import Answers

HEAD = "from django.db import models\nfrom app.models import User\n"
ALL = "User.objects.all()"

ANSWERED = [
    ("as it is", f"return {ALL}"),
    ("through a name", f"rows = {ALL}\nreturn rows"),
    ("in a mapping", f"return {{'rows': {ALL}}}"),
    ("in a list", f"return [*{ALL}]"),
    ("a comprehension", f"return [row.name for row in {ALL}]"),
    ("a mapping of them", f"return {{row.pk: row.name for row in {ALL}}}"),
    ("a carrier", f"return JsonResponse(list({ALL}))"),
    ("a serializer", f"return Response(UserSerializer({ALL}, many=True).data)"),
    ("by keyword", f"return render(request, 'a.html', {{'rows': {ALL}}})"),
    ("either way", f"return {ALL} if request else None"),
    ("a list that is filled", f"rows = []\nfor row in {ALL}:\n rows.append(row.name)\nreturn rows"),
    ("a mapping that is filled", f"rows = {{}}\nfor row in {ALL}:\n rows[row.pk] = row.name\nreturn rows"),
    ("a context", f"context = {{}}\ncontext['rows'] = {ALL}\nreturn render(request, 'a.html', context)"),
    ("Falcon's media", f"response.media = list({ALL})"),
    ("Tornado's write", f"self.write(list({ALL}))"),
]

SILENT = [
    ("nothing", f"rows = {ALL}\nreturn"),
    ("another name", f"rows = {ALL}\nreturn other"),
    ("a number of them", f"return len({ALL})"),
    ("a page", f"return paginate({ALL})"),
    ("what a condition leaves", f"return [row for row in {ALL} if row.name]"),
    (
        "a filled list that a condition leaves",
        f"rows = []\nfor row in {ALL}:\n if row.a:\n  rows.append(row)\nreturn rows",
    ),
    ("a function of the project's", f"return summary({ALL})"),
    ("another attribute", f"self.rows = list({ALL})"),
    ("another's write", f"log.write(list({ALL}))"),
    ("a name bound in a circle", "a = b\nb = a\nreturn a"),
]


def answers(body: str) -> list[str]:
    found = model(HEAD + "def f(self, request, response):\n" + textwrap.indent(body, " "))
    (function,) = (scope for scope in found.scopes if scope.is_function and scope.name == "f")
    return [query.entity for query in Answers(function, found).queries()]


@pytest.mark.parametrize("body", [case[1] for case in ANSWERED], ids=[case[0] for case in ANSWERED])
def test_answers(body: str) -> None:
    assert answers(body) == ["User"]


@pytest.mark.parametrize("body", [case[1] for case in SILENT], ids=[case[0] for case in SILENT])
def test_no_answers(body: str) -> None:
    assert answers(body) == []
