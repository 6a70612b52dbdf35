"""How many rows a query may give, what a function answers with, and which rows are only counted."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.batching.presence import presence_tests
from flake8_scalability.model.queries.growth import grows, grows_per_owner, is_mass, is_mass_named
from flake8_scalability.model.queries.narrowing import (
    Narrowing,
    is_done_once,
    is_small,
    may_be_many,
    narrowing,
    speaks_of_pages,
)

HEAD = "from django.db import models\nfrom app.models import User\n"


def narrowed(body: str) -> Narrowing | None:
    """Return what the query in `probe(...)` is narrowed to."""
    found = model(HEAD + body)
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    return narrowing(query, found) if query is not None else None


CASES = [
    ("User.objects.all()", Narrowing.WHOLE),
    ("User.objects.filter(active=True)", Narrowing.HEAP),
    ("User.objects.filter(status=Status.OPEN)", Narrowing.HEAP),
    ("User.objects.filter(name__icontains=term)", Narrowing.HEAP),
    ("User.objects.filter(name__startswith=term)", Narrowing.PARENT),
    ("User.objects.exclude(a=1)", Narrowing.HEAP),
    ("User.objects.filter(kind='loss', ended_on=None)", Narrowing.PARENT),
    ("User.objects.filter(closed_at__isnull=True)", Narrowing.PARENT),
    ("User.objects.filter(closed_at__isnull=False)", Narrowing.HEAP),
    ("User.objects.filter(seen_on=None)", Narrowing.HEAP),
    ("User.objects.filter(created__gte=since)", Narrowing.HEAP),
    ("User.objects.filter(created__gte=since, created__lt=until)", Narrowing.PARENT),
    ("User.objects.filter(owner=request.user)", Narrowing.OWNER),
    ("User.objects.filter(organisation_id=x)", Narrowing.OWNER),
    ("User.objects.filter(team_id=x)", Narrowing.PARENT),
    ("User.objects.filter(team=team)", Narrowing.PARENT),
    ("User.objects.filter(created__date=day)", Narrowing.PARENT),
    ("User.objects.filter(pk=1)", Narrowing.FEW),
    ("User.objects.filter(email=x)", Narrowing.FEW),
    ("User.objects.filter(id__in=ids)", Narrowing.FEW),
    ("User.objects.filter(status__in=['a', 'b'])", Narrowing.HEAP),
    ("User.objects.filter(id__in=User.objects.filter(a=1))", Narrowing.PARENT),
    ("User.objects.filter(Q(pk=1) | Q(email=x))", Narrowing.FEW),
    ("User.objects.filter(Q(pk=1) | Q(active=True))", Narrowing.HEAP),
    ("User.objects.active()", Narrowing.PARENT),
    ("User.objects.filter(admin_role__isnull=False)", Narrowing.PARENT),
    ("User.objects.filter(member_id=view.kwargs['pk'])", Narrowing.PARENT),
    ("User.objects.filter(member_id=view.members['pk'])", Narrowing.OWNER),
    ("User.objects.filter(paid_at__gte=now() - timedelta(hours=x))", Narrowing.PARENT),
    ("User.objects.filter(paid_at__lte=now() - timedelta(hours=x))", Narrowing.HEAP),
    ("User.objects.filter(paid_at__gte=now() + timedelta(hours=x))", Narrowing.HEAP),
    ("User.objects.filter(paid_at__gte=x - 3)", Narrowing.HEAP),
    ("User.objects.filter(weight__gte=now() - timedelta(hours=x))", Narrowing.HEAP),
    ("team.members.all()", Narrowing.PARENT),
    ("User.objects.filter(paid_at__gte=since)", Narrowing.PARENT),
    ("User.objects.filter(paid_at__gte=moment)", Narrowing.HEAP),
    ("User.objects.filter(paid_at__gte=cut_off)", Narrowing.HEAP),
    ("User.objects.filter(weight__gte=since)", Narrowing.HEAP),
    ("User.objects.filter(content_type=kind)", Narrowing.PARENT),
    ("User.objects.filter(content_type='a')", Narrowing.HEAP),
    ("User.objects.filter(keys__contains=[term])", Narrowing.PARENT),
    ("select(User).where(User.name.ilike(x))", Narrowing.PARENT),
    ("select(User).where(User.name.ilike(f'{x} (copy %)'))", Narrowing.PARENT),
    ("select(User).where(User.name.ilike(f'{x}%'))", Narrowing.HEAP),
    ("select(User).where(User.name.ilike(f'%{x}%'))", Narrowing.HEAP),
    ("select(User).where(User.name.ilike(pattern))", Narrowing.HEAP),
    ("select(User).where(User.name.ilike('a%'))", Narrowing.HEAP),
    ("select(User).join(Team, Team.key == x)", Narrowing.PARENT),
    ("select(User).join(Team, Team.key == User.team)", Narrowing.WHOLE),
    ("select(User).outerjoin(Team, Team.key == x)", Narrowing.WHOLE),
    ("select(User).outerjoin(User, User.key == x)", Narrowing.PARENT),
    ("select(User).outerjoin(Team, Team.key == User.team).where(Team.key.is_(None))", Narrowing.PARENT),
    ("select(User).outerjoin(Team, Team.key == User.team).where(Team.key == None)", Narrowing.PARENT),
    ("select(User).outerjoin(Team, Team.key == User.team).where(User.left.is_(None))", Narrowing.HEAP),
    ("select(User).outerjoin(Team, Team.key == User.team).where(Team.size > 3)", Narrowing.HEAP),
    ("User.objects.filter(status='processing')", Narrowing.PARENT),
    ("User.objects.filter(status=Status.IN_PROGRESS)", Narrowing.PARENT),
    ("User.objects.filter(status='processed')", Narrowing.HEAP),
    ("User.objects.filter(role=Role.ADMIN)", Narrowing.PARENT),
    ("User.objects.filter(role=Role.READER)", Narrowing.HEAP),
    ("User.objects.filter(source=f'/teams/{team.key}/')", Narrowing.PARENT),
    ("db['users'].find({'_id': {'$regex': f'^{x}/'}})", Narrowing.PARENT),
    ("db['users'].find({'_id': {'$regex': f'{x}/'}})", Narrowing.HEAP),
    ("db['users'].find({'_id': {'$regex': x}})", Narrowing.HEAP),
    ("cursor.execute('SELECT * FROM users u JOIN b ON b.i = u.i AND b.code_id = %s', (x,))", Narrowing.PARENT),
    ("cursor.execute('SELECT * FROM users u JOIN b ON b.i = u.i AND b.kind = 3', (x,))", Narrowing.WHOLE),
    ("cursor.execute('SELECT * FROM users u LEFT JOIN b ON b.i = u.i AND b.code_id = %s ', (x,))", Narrowing.WHOLE),
    ("cursor.execute('SELECT * FROM users u JOIN b ON b.code_id = %s WHERE a = 1 OR c = 2', (x,))", Narrowing.PARENT),
    ("cursor.execute('SELECT * FROM users WHERE made_at >= %s', (x,))", Narrowing.PARENT),
    ("cursor.execute('SELECT * FROM users WHERE made_at >= %s OR b = 1', (x,))", Narrowing.WHOLE),
    ("cursor.execute(\"SELECT * FROM users WHERE made_at >= '2020-01-01'\")", Narrowing.HEAP),
]


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_narrowing(expression: str, expected: Narrowing) -> None:
    body = f"def f(team, request, term, x, kind, cut_off, moment, cursor):\n    probe({expression})\n"
    assert narrowed("from sqlalchemy import select\n" + body) is expected


def test_conditions_that_are_handed_in_may_be_anything() -> None:
    assert narrowed("def f(**kw):\n    probe(User.objects.filter(**kw))\n") is Narrowing.PARENT


@pytest.mark.parametrize(
    ("guard", "added", "expected"),
    [
        ("if not many: return", "User.id.in_(x)", Narrowing.FEW),
        ("if not many: raise Nothing", "User.active == True", Narrowing.HEAP),
        ("if not many: print(x)", "User.id.in_(x)", Narrowing.HEAP),
        ("if many: return", "User.id.in_(x)", Narrowing.HEAP),
        ("if not other: return", "User.id.in_(x)", Narrowing.HEAP),
    ],
)
def test_conditions_of_which_there_has_to_be_one(guard: str, added: str, expected: Narrowing) -> None:
    body = f"def f(x, other):\n    many = []\n    if x:\n        many.append({added})\n    {guard}\n"
    text = "from sqlalchemy import select, or_\nfrom app.models import User\n"
    found = model(text + body + "    probe(select(User).where(or_(*many)))\n")
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    assert query is not None
    assert narrowing(query, found) is expected


def test_conditions_that_are_put_together_may_be_none() -> None:
    body = "def f(a):\n    kw = {}\n    if a:\n        kw['a'] = a\n    probe(User.objects.filter(**kw))\n"
    assert narrowed(body) is Narrowing.WHOLE


@pytest.mark.parametrize("name", ["Country", "UserRole", "PaymentStatus", "categories", "RoleModel", "pg_class"])
def test_small_tables(name: str) -> None:
    assert is_small(name)


@pytest.mark.parametrize("name", ["User", "Order", "OrderModel", "events", "visits", ""])
def test_tables_that_grow(name: str) -> None:
    assert not is_small(name)


MANY = [
    ("User.objects.all()", True),
    ("User.objects.all()[:3]", False),
    ("User.objects.none()", False),
    ("User.objects.values('a').annotate(n=Count('b'))", False),
    ("User.objects.first()", False),
    ("Country.objects.all()", False),
]


@pytest.mark.parametrize(("expression", "expected"), MANY)
def test_may_be_many(expression: str, expected: bool) -> None:
    found = model(HEAD + f"probe({expression})\n")
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    assert query is not None and may_be_many(query) is expected


PAGES = [
    ("def f(page): pass", True),
    ("def f(r):\n    return g(r.args.get('per_page'))", True),
    ("def f(r):\n    return paginate(r)", True),
    ("@limiter.limit('1/minute')\ndef f(r): pass", False),
    ("def f(cursor):\n    cursor.execute('SELECT 1')", False),
    ("def f(r):\n    return r.get('cursor')", True),
    ("def f(r):\n    return 'all about pages and their limits in prose'", False),
]


@pytest.mark.parametrize(("source", "expected"), PAGES)
def test_speaks_of_pages(source: str, expected: bool) -> None:
    function = next(scope for scope in model(source).scopes if scope.is_function)
    assert speaks_of_pages(function) is expected


SILENT = [
    ("the number is shown", "n = User.objects.count()\n    return {'n': n, 'any': n > 0}"),
    ("more than one", "return User.objects.count() > 1"),
    ("rows are used", "us = User.objects.all()\n    if us:\n        return [u.a for u in us]"),
    ("a walrus whose rows are used", "if us := User.objects.all():\n        return list(us)"),
    ("given to a function", "us = User.objects.all()\n    if us:\n        return g(us)"),
    ("by key", "return User.objects.filter(pk=1).count() > 0"),
    ("a list", "return len([1]) > 0"),
    ("a list's count", "return x.count(1) > 0"),
    ("an unknown object's", "return x.count() > 0"),
    ("exists", "return User.objects.exists()"),
    ("a part", "return len(User.objects.all()[:1]) > 0"),
    ("what one user has a few of", "return DeviceToken.objects.filter(user=x).count() > 0"),
    ("a method of the project's own", "return bool(User.objects.can_do(x))"),
    ("what a store keeps", "return x.store.orders.count() == 0"),
    ("a migration", "def migrate():\n        return User.objects.count() > 0"),
]


@pytest.mark.parametrize(("why", "body"), SILENT)
def test_no_presence_tests(why: str, body: str) -> None:
    assert list(presence_tests(model(HEAD + f"def f(x):\n    {body}\n"))) == [], why


FOUND = [
    "return User.objects.count() > 0",
    "return 0 < User.objects.count()",
    "return not User.objects.count()",
    "return not Message.objects.filter(kind='mail').count()",
    "return not Order.objects.filter(user=x).count()",
    "return bool(User.objects.all())",
    "n = User.objects.count()\n    if n:\n        return 1",
    "return len(User.objects.all())",
    "us = User.objects.all()\n    if not us:\n        return 1",
    "if x.orders.count() == 0:\n        return 1",
]


@pytest.mark.parametrize("body", FOUND)
def test_presence_tests(body: str) -> None:
    assert len(list(presence_tests(model(HEAD + f"def f(x):\n    {body}\n")))) == 1


GROWTH = [
    ("Order.objects.all()", True),
    ("models.Invoice.objects.all()", True),
    ("Squirrel.objects.all()", False),
    ("Visitor.objects.all()", True),
    ("Tree.objects.all()", False),
]


@pytest.mark.parametrize(("expression", "expected"), GROWTH)
def test_tables_grow_by_their_names_or_by_who_has_rows_in_them(expression: str, expected: bool) -> None:
    classes = (
        "class Visitor(models.Model):\n    'Somebody.'\n    seen: int\n    email = models.TextField()\n\n"
        "class Tree(models.Model):\n    height: int\n"
    )
    found = model(HEAD + classes + f"probe({expression})\n")
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    assert query is not None and grows(query, found) is expected


@pytest.mark.parametrize(("name", "expected"), [("Order", True), ("Coupon", False), ("DeviceToken", False)])
def test_rows_of_one_owner_that_become_more(name: str, expected: bool) -> None:
    found = model(HEAD + f"probe({name}.objects.all())\n")
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    assert query is not None and grows_per_owner(query) is expected


@pytest.mark.parametrize(
    ("name", "expected"), [("ShopOrder", True), ("Tenant", False), ("OrderViewSet", True), ("CalendarList", False)]
)
def test_tables_that_get_thousands_of_rows(name: str, expected: bool) -> None:
    found = model(HEAD + f"probe({name}.objects.all())\n")
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    assert query is not None and is_mass(query, found) is (expected and not name.endswith("ViewSet"))
    assert is_mass_named(name) is expected


@pytest.mark.parametrize(("column", "expected"), [("unit_price", True), ("sku", True), ("platform", False)])
def test_products_are_many_where_they_are_sold(column: str, expected: bool) -> None:
    found = model(f"{HEAD}class Product(models.Model):\n {column} = models.TextField()\nprobe(Product.objects.all())\n")
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    assert query is not None and is_mass(query, found) is expected


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("shop/orders.py", "send", False),
        ("shop/orders.py", "backfill_prices", True),
        ("shop/orders.py", "fix_orders", True),
        ("shop/orders.py", "prefix_orders", False),
        ("shop/orders.py", "rebuild_totals", False),
        ("shop/fixes/orders.py", "send", True),
        ("shop/seed.py", "send", True),
        ("shop/0004_prices.py", "send", True),
        ("seed/orders.py", "send", False),
        ("seed/views/orders.py", "send", False),
    ],
)
def test_what_is_done_once(path: str, name: str, expected: bool) -> None:
    source = model(f"def {name}():\n    pass\n", path)
    assert is_done_once(source.scopes[1], source) is expected
    assert not is_done_once(None, model("send()", "shop/orders.py"))
