"""Paging: numbers that clients send, page sizes that nothing bounds, pages that begin at an offset."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.batching.page_sizes import uncapped
from flake8_scalability.model.limits.client_values import sizes
from flake8_scalability.model.queries.offsets import deep_offsets
from flake8_scalability.options import Settings

FLASK = "from flask import Flask, request\napp = Flask(__name__)\n@app.get('/')\ndef f():\n "
FAST = "from fastapi import APIRouter, Query, Depends\nfrom typing import Annotated, Literal\nr = APIRouter()\n"

VALUES: list[tuple[str, str, list[str]]] = [
    ("of the query", FLASK + "limit = request.args.get('limit', 10, type=int)", ["limit"]),
    ("by its key", FLASK + "n = int(request.args['limit'])", ["n"]),
    ("or a default", FLASK + "n = int(request.args.get('limit') or 10)", ["n"]),
    ("if it is there", FLASK + "n = int(request.args['limit']) if request.args else 10", ["n"]),
    ("with a constant as a fallback",
     FLASK + "try:\n  n = int(request.args['limit'])\n except ValueError:\n  n = DEFAULT", ["n"]),
    ("with something else as a fallback",
     FLASK + "try:\n  n = int(request.args['limit'])\n except ValueError:\n  n = other()", []),
    ("of two keys", FLASK + "n = request.args['limit']\n n = request.args['size']", []),
    ("of the body", FLASK + "n = request.get_json()['page_size']", ["n"]),
    ("of the body or nothing", FLASK + "n = (request.json or {}).get('page_size')", ["n"]),
    ("of another name", FLASK + "n = request.args.get('colour')", []),
    ("of a key that is not known", FLASK + "n = request.args.get(k)", []),
    ("without a key", FLASK + "n = request.args.get()", []),
    ("of another mapping", FLASK + "n = settings.args.get('limit')", []),
    ("of a mapping that is no attribute", FLASK + "n = args['limit']", []),
    ("made by a type of the project", FLASK + "n = request.args.get('limit', type=page_size)", []),
    ("made by a function", FLASK + "n = page_size(request.args.get('limit'))", []),
    ("of a loop", FLASK + "for n in request.args['limit']:\n  pass", []),
    ("compared", FLASK + "n = request.args.get('limit', type=int)\n if n > 100: n = 100", []),
    ("compared with nothing", FLASK + "n = request.args.get('limit', type=int)\n if n is None or n < 1: n = 10", ["n"]),
    ("compared on both sides", FLASK + "n = request.args.get('limit', type=int)\n if 0 < n < 1: return", []),
    ("checked", FLASK + "n = request.args.get('limit', type=int)\n check_size(n)", []),
    ("checked as an argument", FLASK + "n = request.args.get('limit', type=int)\n return clamp(value=n)", []),
    ("something else checked", FLASK + "n = request.args.get('limit', type=int)\n check_size(1)", ["n"]),
    ("a function that is no handler", "def f(request):\n n = request.args.get('limit')", []),
    ("awaited", "from aiohttp import web\nasync def f(request):\n n = (await request.json())['limit']\n"
     "app = web.Application()\napp.router.add_get('/', f)", ["n"]),
    ("of Lambda's event", "def handler(event, context):\n n = int(event['queryStringParameters'].get('limit', 5))",
     ["n"]),
    ("a parameter", FAST + "@r.get('/')\ndef f(limit: int = 5): pass", ["limit"]),
    ("a parameter or nothing", FAST + "@r.get('/')\ndef f(limit: int | None = None): pass", ["limit"]),
    ("a declared one", FAST + "@r.get('/')\ndef f(limit: int = Query(5, ge=1)): pass", ["limit"]),
    ("a declared and bounded one", FAST + "@r.get('/')\ndef f(limit: int = Query(5, le=9)): pass", []),
    ("one whose declaration is not known", FAST + "@r.get('/')\ndef f(limit: int = Query(5, **K)): pass", []),
    ("an annotated one", FAST + "@r.get('/')\ndef f(limit: Annotated[int, Query(lt=9)] = 5): pass", []),
    ("one of a few", FAST + "@r.get('/')\ndef f(limit: Literal[5, 10] = 5): pass", []),
    ("one of a type", FAST + "@r.get('/')\ndef f(limit: conint(gt=1) = 5): pass", []),
    ("of a dependency", FAST + "@r.get('/')\ndef f(limit: int = Depends(size)): pass", []),
    ("with a default from elsewhere", FAST + "@r.get('/')\ndef f(limit: int = LIMITED): pass", []),
    ("a text", FAST + "@r.get('/')\ndef f(limit: str): pass", []),
    ("without an annotation", FAST + "@r.get('/')\ndef f(limit=5): pass", []),
    ("of the path", FAST + "@r.get('/{limit}')\ndef f(limit: int): pass", []),
    ("handed on", FLASK + "n = request.args['limit']\n g(n)\ndef g(m): pass", ["n", "m"]),
    ("handed on by name", FLASK + "n = request.args['limit']\n g(k=1, m=n)\ndef g(m, k): pass", ["n", "m"]),
    ("handed on to what checks", FLASK + "n = request.args['limit']\n g(n)\ndef g(m):\n if m > 9: return", ["n"]),
    ("handed on to itself", FLASK + "n = request.args['limit']\n g(n)\ndef g(m): g(m)", ["n", "m"]),
    ("handed on too many", FLASK + "n = request.args['limit']\n g(1, n)\ndef g(m): pass", ["n"]),
    ("handed to a constructor",
     FLASK + "n = request.args['limit']\n A(n)\nclass A:\n def __init__(self, m): pass", ["n"]),
    ("handed over", FLASK + "n = request.args['limit']\n run(g, n)\ndef g(m): pass", ["n"]),
]  # fmt: skip

USES: list[tuple[str, str, list[int]]] = [
    ("a limit", FLASK + "n = request.args['limit']\n return A.query.limit(n).all()", [6]),
    ("the end of a slice", FLASK + "n = int(request.args['limit'])\n return list(A.objects.all()[:n])", [6]),
    ("the end of a slice of a list", FLASK + "n = int(request.args['limit'])\n return numbers[:n]", []),
    ("a slice without an end", FLASK + "n = int(request.args['limit'])\n return list(A.objects.all()[n:])", []),
    ("a slice that ends elsewhere", FLASK + "n = int(request.args['limit'])\n return list(A.objects.all()[:5])", []),
    ("in SQL", FLASK + "n = request.args['limit']\n return db.execute('SELECT a FROM b LIMIT %s', (n,))", [6]),
    ("in SQL for something else",
     FLASK + "n = request.args['limit']\n return db.execute('SELECT a FROM b WHERE c = %s', (n,))", []),
    ("SQL of others", FLASK + "n = request.args['limit']\n return db.execute('SELECT a FROM b LIMIT 1', (m,))", []),
    ("SQL that is not known", FLASK + "n = request.args['limit']\n return db.execute(make(), (n,))", []),
    ("a paginator", FLASK + "n = request.args['limit']\n return Paginator(rows, n)", [6]),
    ("a paginator's other argument", FLASK + "n = request.args['limit']\n return Paginator(rows, 5, orphans=n)", []),
    ("a function of another file", FLASK + "n = request.args['limit']\n return rows(limit=n)", [6]),
    ("another argument", FLASK + "n = request.args['limit']\n return rows(colour=n)", []),
    ("a function of the file", FLASK + "n = request.args['limit']\n return rows(limit=n)\ndef rows(limit): pass", []),
    ("what caps", FLASK + "n = request.args['limit']\n return A.query.paginate(per_page=n)", []),
    ("what only tells", FLASK + "n = request.args['limit']\n return jsonify(limit=n)", []),
    ("the first of two", FLASK + "n = request.args['limit']\n a = rows(limit=n)\n return a, others(size=n)", [6]),
    ("used and handed on",
     FLASK + "n = request.args['limit']\n g(n)\n return rows(limit=n)\ndef g(m): other(limit=m)", [7]),
    ("for those who run it", FLASK.replace("def f", "def admin_f") + "n = request.args['limit']\n return rows(limit=n)",
     []),
    ("no word of it", FLASK + "return 1", []),
]  # fmt: skip

CLASSES: list[tuple[str, str, list[str]]] = [
    ("chosen", "class A(PageNumberPagination):\n page_size_query_param = 'n'", ["page_size"]),
    ("not chosen", "class A(PageNumberPagination):\n page_size_query_param = None", []),
    ("chosen and bounded", "class A(PageNumberPagination):\n page_size_query_param = 'n'\n max_page_size = 9", []),
    ("of a base of the project", "class A(OurPagination):\n page_size_query_param = 'n'", []),
    ("of a base of the file",
     "class B(PageNumberPagination):\n max_page_size = 9\nclass A(B):\n page_size_query_param = 'n'", []),
    ("no pagination", "class Pagination(A):\n page_size_query_param = 'n'", []),
    ("limits", "class A(LimitOffsetPagination):\n default_limit = 9", ["limit"]),
    ("limits without a bound", "class A(LimitOffsetPagination):\n max_limit = None", ["limit"]),
    ("limits with one", "class A(LimitOffsetPagination):\n max_limit = 9", []),
    ("limits in a way of its own", "class A(LimitOffsetPagination):\n def get_limit(self, request): return 9", []),
    ("answers in a way of its own",
     "class A(LimitOffsetPagination):\n def get_paginated_response(self, data): return data", ["limit"]),
    ("a setting", "REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.LimitOffsetPagination'}",
     ["limit"]),
    ("a setting of the project",
     "REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': 'app.LimitOffsetPagination'}", []),
    ("another setting", "OTHER = {'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.LimitOffsetPagination'}", []),
    ("a setting that is made", "REST_FRAMEWORK = make('DEFAULT_PAGINATION_CLASS', LimitOffsetPagination)", []),
    ("a setting beside others", "REST_FRAMEWORK = {**A, 'B': 'LimitOffsetPagination', 'DEFAULT_PAGINATION_CLASS': C}",
     []),
]  # fmt: skip

OFFSETS: list[tuple[str, str, int]] = [
    ("an offset", "def f(skip):\n return Event.query.offset(skip).limit(5).all()", 1),
    ("a bounded offset", FAST + "@r.get('/')\ndef f(skip: int = Query(0, le=900)):\n"
     " return Event.query.offset(skip).limit(5).all()", 0),
    ("an offset with an annotation that bounds it", FAST + "@r.get('/')\ndef f(skip: Annotated[int, Query(le=900)]):\n"
     " return Event.query.offset(skip).limit(5).all()", 0),
    ("a bounded page of any number", FAST + "@r.get('/')\ndef f(page: int, n: int = Query(5, le=900)):\n"
     " return Event.query.offset(page * n).limit(5).all()", 1),
    ("a fixed offset", "def f(skip):\n return Event.query.offset(5).limit(5).all()", 0),
    ("an offset by a constant's name", "def f(skip):\n return Event.query.offset(FIRST).limit(5).all()", 0),
    ("a random one", "def f(skip):\n return Event.query.offset(randint(0, skip)).first()", 0),
    ("without one", "def f(skip):\n return Event.query.offset().all()", 0),
    ("of no query", "def f(skip):\n return events.offset(skip)", 0),
    ("by time", "def f(skip):\n return Event.query.order_by(Event.created_at.desc()).offset(skip).all()", 1),
    ("by time, in a call", "def f(skip):\n return Event.query.order_by(desc(Event.created_at)).offset(skip).all()", 1),
    ("by a name", "def f(skip):\n return Event.query.order_by(Event.name).offset(skip).all()", 0),
    ("by what the caller says", "def f(skip, o):\n return Event.query.order_by(o).offset(skip).all()", 0),
    ("by a call without arguments", "def f(skip):\n return Event.query.order_by(by()).offset(skip).all()", 0),
    ("by a negated column", "def f(skip):\n return Event.query.order_by(-Event.id).offset(skip).all()", 1),
    ("by several", "def f(skip):\n return db.events.find().sort([('_id', -1)]).skip(skip).limit(5).to_list()", 1),
    ("in no order", "def f(skip):\n return Event.query.order_by().offset(skip).all()", 1),
    ("of one person", "def f(skip, u):\n return Order.query.filter_by(user_id=u).offset(skip).all()", 0),
    ("of one person's events", "def f(skip, u):\n return Event.query.filter_by(user_id=u).offset(skip).all()", 0),
    ("of a small table", "def f(skip):\n return Role.query.offset(skip).all()", 0),
    ("of a table of unknown growth", "def f(skip):\n return Gadget.query.offset(skip).all()", 0),
    ("twice the same table", "def f(skip):\n a = Event.query.offset(skip).all()\n"
     " return a, Event.query.filter_by(b=True).offset(skip).all()", 1),
    ("two tables", "def f(skip):\n return Event.query.offset(skip).all(), Message.query.offset(skip).all()", 2),
    ("a slice", "def f(page):\n return list(Event.objects.all()[page * 5 : page * 5 + 5])", 1),
    ("a slice by a score", "def f(page):\n return list(Event.objects.order_by('-score')[page * 5 : page * 5 + 5])", 0),
    ("a slice from the beginning", "def f(page):\n return list(Event.objects.all()[: page * 5])", 0),
    ("a slice to the end", "def f(page):\n return list(Event.objects.all()[page * 5 :])", 0),
    ("a fixed slice", "def f(page):\n return list(Event.objects.all()[5:10])", 0),
    ("a slice of a list", "def f(page):\n a = list(Event.objects.all())\n return a[page * 5 : page * 5 + 5]", 0),
    ("in SQL", "def f(skip):\n return cursor.execute('SELECT a FROM events ORDER BY e.id LIMIT 5 OFFSET %s', s)", 1),
    ("in SQL in no order", "def f(skip):\n return cursor.execute('SELECT a FROM events LIMIT 5 OFFSET %s', s)", 1),
    ("in SQL by a name", "def f(skip):\n return cursor.execute('SELECT a FROM events ORDER BY name OFFSET %s', s)", 0),
    ("a fixed one in SQL", "def f(skip):\n return cursor.execute('SELECT a FROM events LIMIT 5 OFFSET 10')", 0),
    ("SQL without one", "def f(offset):\n return cursor.execute('SELECT a FROM events LIMIT 5')", 0),
    ("not given where to begin", "def f():\n return Event.query.offset(skip).all()", 0),
    ("for those who run it", "def admin_f(skip):\n return Event.query.offset(skip).all()", 0),
    ("at the module's level", "A = Event.query.offset(skip).all()", 0),
    ("a statement that is run", "def f(skip):\n db.session.execute(select(Event).offset(skip)).all()", 1),
]  # fmt: skip


def _ids(cases: list[tuple[str, str, object]]) -> list[str]:
    return [case[0] for case in cases]


@pytest.mark.parametrize(("name", "source", "found"), VALUES, ids=_ids(VALUES))  # type: ignore[arg-type]
def test_sizes(name: str, source: str, found: list[str]) -> None:
    assert [value.name for value in sizes(model(source))] == found


@pytest.mark.parametrize(("name", "source", "lines"), USES, ids=_ids(USES))  # type: ignore[arg-type]
def test_uses(name: str, source: str, lines: list[int]) -> None:
    assert [getattr(each.node, "lineno", 0) for each in uncapped(model(source))] == lines


@pytest.mark.parametrize(("name", "source", "found"), CLASSES, ids=_ids(CLASSES))  # type: ignore[arg-type]
def test_classes(name: str, source: str, found: list[str]) -> None:
    assert [each.asked for each in uncapped(model(source))] == found


@pytest.mark.parametrize(("name", "source", "number"), OFFSETS, ids=_ids(OFFSETS))  # type: ignore[arg-type]
def test_offsets(name: str, source: str, number: int) -> None:
    assert len(list(deep_offsets(model(source)))) == number


@pytest.mark.parametrize(
    ("body", "number"),
    [("return all_of(limit)", 1), ("return all_of(min(limit, 9))", 0),
     ("if limit <= 0: raise E\n    return all_of(limit)", 1), ("if limit > 0: return all_of(limit)", 1),
     ("if not 1 <= limit <= 100: raise E\n    return all_of(limit)", 0)],
)  # fmt: skip
def test_a_function_of_the_project_may_bound_what_it_gets(tmp_path, body: str, number: int) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "store.py").write_text(f"def rows(limit):\n    {body}\n")
    source = FLASK.replace("app = ", "import store\napp = ") + "n = request.args['limit']\n return store.rows(limit=n)"
    assert len(list(uncapped(model(source, str(tmp_path / "views.py"), Settings())))) == number


@pytest.mark.parametrize(
    ("body", "number"),
    [("return sorted(self.counts)[:limit]", 0), ("return self.counts.most_common(limit)", 0),
     ("return self.session.execute(ROWS).all()[:limit]", 1), ("return self.ask(limit)", 1),
     ("return self.session.scalars(ROWS.distinct(Row.kind).limit(limit))", 0),
     ("return self.session.scalars(ROWS.distinct().limit(limit))", 1)],
)  # fmt: skip
def test_a_method_of_the_project_may_cut_or_read_one_of_each(tmp_path: Path, body: str, number: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "counts.py").write_text(f"class Counts:\n    def worst(self, limit):\n        {body}\n")
    source = (
        FAST + "from counts import counts\n@r.get('/')\ndef worst(limit: int = 9):\n return counts.worst(limit=limit)"
    )
    assert len(list(uncapped(model(source, str(tmp_path / "views.py"), Settings())))) == number


@pytest.mark.parametrize(
    ("inner", "number"),
    [
        ("return self.known[-limit:]", 0),
        ("return self.known.selected_columns[:limit]", 0),
        ("return self.session.scalars(ROWS).all()[:limit]", 1),
        ("return self.known.read(limit)", 1),
    ],
)
def test_a_method_may_hand_a_size_to_one_that_cuts(tmp_path: Path, inner: str, number: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    outer = "def last(self, name, limit):\n  return told(self._rows(name, limit))"
    (tmp_path / "curves.py").write_text(f"class Curves:\n {outer}\n def _rows(self, name, limit):\n  {inner}\n")
    source = FAST + "@r.get('/')\ndef f(limit: int, curves=Depends(get)):\n return curves.last('a', limit)"
    assert len(list(uncapped(model(source, str(tmp_path / "views.py"), Settings())))) == number


@pytest.mark.parametrize(
    ("call", "number"),
    [("store.rows(1, limit)", 1), ("store.rows(start=1, limit=limit)", 1), ("other.pages(limit=limit)", 0),
     ("store.rows(found, limit, total=9)", 0)],
)  # fmt: skip
def test_what_takes_a_size_is_a_function_of_the_project(tmp_path: Path, call: str, number: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "store.py").write_text("def rows(start, limit):\n    return session.query(Row).limit(limit)\n")
    source = FAST + f"import store, other\n@r.get('/')\ndef listed(limit: int = 9):\n return {call}"
    assert len(list(uncapped(model(source, str(tmp_path / "views.py"), Settings())))) == number


@pytest.mark.parametrize(
    ("view", "number"),
    [("class Rows(ListAPIView): pass", 1), ("def rows(request): pass", 0),
     ("class Rows(ListAPIView):\n    pagination_class = Pages", 0)],
)  # fmt: skip
def test_a_default_of_pages_is_one_of_views(tmp_path: Path, view: str, number: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "views.py").write_text(f"from rest_framework.generics import ListAPIView\n{view}\n")
    default = "'DEFAULT_PAGINATION_CLASS': 'rest_framework.pagination.LimitOffsetPagination'"
    settings = model(f"REST_FRAMEWORK = {{{default}}}\n", str(tmp_path / "settings.py"), Settings())
    assert len(list(uncapped(settings))) == number


@pytest.mark.parametrize(
    ("read", "instead"),
    [("request.args.get('limit')", "parse it with int() and cap it"),
     ("request.args.get('limit', type=int)", "cap it with min()"),
     ("int(request.args.get('limit'))", "cap it with min()")],
)  # fmt: skip
def test_a_text_is_to_be_parsed_before_it_is_capped(read: str, instead: str) -> None:
    (found,) = uncapped(model(FLASK + f"n = {read}\n return list(Row.query.limit(n))"))
    assert found.instead == instead


def test_a_text_is_no_bound_of_a_slice() -> None:
    read = FLASK + "n = request.args.get('limit')\n return Row.objects.all()"
    assert list(uncapped(model(read + "[:n]"))) == []
    assert len(list(uncapped(model(read + "[:int(n)]")))) == 1


@pytest.mark.parametrize(("default", "instead"), [("5", "le=100"), ("500", "le=500"), ("Query(250, ge=1)", "le=250")])
def test_the_bound_that_is_proposed_has_room_for_the_default(default: str, instead: str) -> None:
    head = FAST + f"@r.get('/')\ndef f(limit: int = {default}):\n return Row.query.limit(limit).all()"
    (found,) = uncapped(model(head))
    assert found.instead == f"declare {instead}"
