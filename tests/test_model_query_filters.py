"""Conditions of queries: the columns that they compare, how, and the relations that a query loads."""

from __future__ import annotations

import ast

import pytest
from support import model

from flake8_scalability.catalog import query_methods as known
from flake8_scalability.model.queries import query_filters, query_shapes
from flake8_scalability.model.queries.queries import Query

DJANGO = "from django.db import models\nfrom app.models import User, Order\n"
ALCHEMY = "from sqlalchemy import select, func, and_, or_, not_\nfrom app.models import User, Order\n"
PEEWEE = "from peewee import *\nfrom app.models import User\n"
MONGO = "from pymongo import MongoClient\ndb = MongoClient('a')['shop']\n"
PONY = "from pony.orm import select\n"


def described(source: str) -> Query:
    """Return the description of the argument of `probe(...)`."""
    found = model(source)
    ((call, scope),) = found.calls_by_name["probe"]
    query = found.queries.of(call.args[0], scope)
    assert query is not None
    return query


FILTERS = [
    ("a keyword", DJANGO + "probe(User.objects.filter(name=n))", ["name exact"]),
    ("a look-up", DJANGO + "probe(User.objects.filter(name__in=n))", ["name in"]),
    (
        "columns like options",
        DJANGO + "probe(User.objects.filter(session=s, limit=3))",
        ["session exact", "limit exact"],
    ),
    ("a relation", DJANGO + "probe(User.objects.filter(team__name=n))", ["team__name exact"]),
    ("a relation's look-up", DJANGO + "probe(User.objects.filter(team__name__lt=n))", ["team__name lt"]),
    ("keywords in a mapping", DJANGO + "probe(User.objects.filter(**wanted))", [" unknown"]),
    ("what is left out", DJANGO + "probe(User.objects.exclude(name=n))", [" exclude"]),
    ("a Q", DJANGO + "probe(User.objects.filter(Q(name=n)))", ["name exact"]),
    ("a Q of a mapping", DJANGO + "probe(User.objects.filter(Q(**wanted)))", [" unknown"]),
    ("one Q and another", DJANGO + "probe(User.objects.filter(Q(a=n) & Q(b=n)))", ["a exact", "b exact"]),
    ("one Q or another", DJANGO + "probe(User.objects.filter(Q(a=n) | Q(b=n)))", [" or"]),
    ("a negated Q", DJANGO + "probe(User.objects.filter(~Q(a=n)))", [" not"]),
    ("a subquery", DJANGO + "probe(User.objects.filter(Exists(orders)))", [" subquery"]),
    ("the default of a get", DJANGO + "probe(User.objects.get(a=n))", ["a exact"]),
    ("a shortcut", DJANGO + "probe(get_object_or_404(User, a=n))", ["a exact"]),
    ("a step that filters nothing", DJANGO + "probe(User.objects.order_by('a'))", []),
    ("a comparison", ALCHEMY + "probe(select(User).where(User.name == n))", ["name exact"]),
    ("turned round", ALCHEMY + "probe(select(User).where(n <= User.age))", ["age lte"]),
    ("another operator", ALCHEMY + "probe(select(User).where(User.name != n))", ["name ne"]),
    ("of a function", ALCHEMY + "probe(select(User).where(func.lower(User.name) == n))", ["name exact"]),
    ("of a method", ALCHEMY + "probe(select(User).where(User.name.lower() == n))", ["name exact"]),
    ("of an element", ALCHEMY + "probe(select(User).where(User.tags[0] == n))", ["tags exact"]),
    ("of nothing known", ALCHEMY + "probe(select(User).where(n == 1))", [" exact"]),
    ("a join", ALCHEMY + "probe(select(User).where(User.id == Order.user_id))", ["id join"]),
    ("a constant of a class is no join", ALCHEMY + "probe(select(User).where(User.kind == Kind.PAID))", ["kind exact"]),
    ("a list of values", ALCHEMY + "probe(select(User).where(User.id.in_(ids)))", ["id in"]),
    ("all but those", ALCHEMY + "probe(select(User).where(User.id.notin_(ids)))", ["id not_in"]),
    ("a method without argument", ALCHEMY + "probe(select(User).where(User.roles.any()))", ["roles any"]),
    ("a pattern", ALCHEMY + "probe(select(User).where(User.name.ilike(n)))", ["name ilike"]),
    ("an and", ALCHEMY + "probe(select(User).where(and_(User.a == n, User.b > n)))", ["a exact", "b gt"]),
    ("an and by sign", ALCHEMY + "probe(select(User).where((User.a == n) & (User.b < n)))", ["a exact", "b lt"]),
    ("an or", ALCHEMY + "probe(select(User).where(or_(User.a == n, User.b == n)))", [" or"]),
    ("a not", ALCHEMY + "probe(select(User).where(not_(User.a)))", [" not"]),
    ("a not by sign", ALCHEMY + "probe(select(User).where(~User.a))", ["a not"]),
    ("a bare column", ALCHEMY + "probe(select(User).where(User.active))", ["active exact"]),
    ("a function of the project's", ALCHEMY + "probe(select(User).where(visible(user)))", [" unknown"]),
    ("something else", ALCHEMY + "probe(select(User).where(wanted))", [" unknown"]),
    ("a chain of comparisons", ALCHEMY + "probe(select(User).where(1 < User.a < 5))", [" unknown"]),
    ("a keyword", ALCHEMY + "probe(session.query(User).filter_by(name=n))", ["name exact"]),
    ("by key", ALCHEMY + "probe(session.query(User).get(n))", ["pk exact"]),
    ("peewee's list", PEEWEE + "probe(User.select().where(User.id << ids))", ["id in"]),
    ("peewee's pattern", PEEWEE + "probe(User.select().where(User.name ** n))", ["name like"]),
    ("a document", MONGO + "probe(db.users.find({'name': n}))", ["name exact"]),
    ("an operator", MONGO + "probe(db.users.find({'age': {'$gt': n}}))", ["age gt"]),
    ("an operator around", MONGO + "probe(db.users.find({'$or': parts}))", [" or"]),
    ("an unknown key", MONGO + "probe(db.users.find({key: n}))", [" unknown"]),
    ("an unknown document", MONGO + "probe(db.users.find(wanted))", [" unknown"]),
    ("no document", MONGO + "probe(db.users.find())", []),
    ("an empty document", MONGO + "probe(db.users.find({}))", []),
    ("a generator", PONY + "probe(select(u for u in User if u.a == 1 and u.b > 2))", ["a exact", "b gt"]),
    ("a generator with a test of another kind", PONY + "probe(select(u for u in User if u.a))", [" unknown"]),
    ("a generator without", PONY + "probe(select(u for u in User))", []),
]

RELATIONS = [
    ("a relation", DJANGO + "probe(User.objects.select_related('team'))", {"team"}),
    ("several", DJANGO + "probe(User.objects.prefetch_related('a', 'b__c'))", {"a", "b__c"}),
    ("a prefetch", DJANGO + "probe(User.objects.prefetch_related(Prefetch('a', queryset=q)))", {"a"}),
    ("one that is not known", DJANGO + "probe(User.objects.prefetch_related(*names))", {"*"}),
    ("all", DJANGO + "probe(User.objects.select_related())", {"*"}),
    ("an option", ALCHEMY + "probe(session.query(User).options(joinedload(User.team)))", {"team"}),
    ("by name", ALCHEMY + "probe(session.query(User).options(selectinload('team')))", {"team"}),
    ("options of the project's", ALCHEMY + "probe(session.query(User).options(LOADS))", {"*"}),
    ("an option of another kind", ALCHEMY + "probe(session.query(User).options(defer(User.text)))", set()),
    ("a class", PEEWEE + "probe(User.select().prefetch(Order))", {"Order"}),
    ("links", "import beanie\nprobe(User.find(fetch_links=True))", {"*"}),
    ("none", DJANGO + "probe(User.objects.filter(team=t))", set()),
]

LITERALS = [
    ("a list", "[User.a == 1, User.b == 2]", known.SQLALCHEMY, ["a exact", "b exact"]),
    ("an empty call", "Q()", known.DJANGO, []),
    ("keywords", "{'a': 1, 'b__in': c, d: 2}", known.DJANGO, ["a exact", "b in"]),
    ("a document", "{'a': 1}", known.MONGO, ["a exact"]),
    ("documents in a list", "[{'$match': {}}]", known.MONGO, [" match"]),
    ("a condition", "User.a == 1", known.SQLALCHEMY, ["a exact"]),
]

SIDES = [
    ("of a sign", "Q(a=1) | Q(b=2) | Q(c=3)", known.DJANGO, [["a exact"], ["b exact"], ["c exact"]]),
    ("of a function", "or_(User.a == 1, User.b == 2)", known.SQLALCHEMY, [["a exact"], ["b exact"]]),
    ("of none", "Q(a=1)", known.DJANGO, [["a exact"]]),
]

ENTITIES = [
    ("a class", "User", True, "User"),
    ("of a module", "models.User", True, "User"),
    ("a column", "User.name", True, "User"),
    ("of a table", "users.c.name", True, ""),
    ("several", "*columns", True, ""),
    ("an aggregate", "func.count(User.id)", True, "User"),
    ("a function without argument", "func.now()", True, ""),
    ("another call", "build(User)", False, "User"),
    ("a text", "'User'", False, ""),
    ("a constant", "USERS", False, ""),
    ("a name", "user", False, ""),
    ("an element", "User[0]", False, "User"),
]


def conditions(filters: tuple[query_filters.Filter, ...]) -> list[str]:
    return [f"{each.column} {each.operator}" for each in filters]


@pytest.mark.parametrize("source, expected", [case[1:] for case in FILTERS], ids=[case[0] for case in FILTERS])
def test_conditions(source: str, expected: list[str]) -> None:
    assert conditions(described(source).filters) == expected


@pytest.mark.parametrize("source, expected", [case[1:] for case in RELATIONS], ids=[case[0] for case in RELATIONS])
def test_relations(source: str, expected: set[str]) -> None:
    assert described(source).relations == expected


@pytest.mark.parametrize("text, family, expected", [case[1:] for case in LITERALS], ids=[case[0] for case in LITERALS])
def test_conditions_of_a_literal(text: str, family: known.Family, expected: list[str]) -> None:
    assert conditions(query_filters.of_literal(ast.parse(text, mode="eval").body, family)) == expected


def test_no_literal_has_no_conditions() -> None:
    assert query_filters.of_literal(None, known.DJANGO) == ()
    assert query_filters.sides(None, known.DJANGO) == []


@pytest.mark.parametrize("text, family, expected", [case[1:] for case in SIDES], ids=[case[0] for case in SIDES])
def test_sides_of_an_or(text: str, family: known.Family, expected: list[list[str]]) -> None:
    sides = query_filters.sides(ast.parse(text, mode="eval").body, family)
    assert [conditions(side) for side in sides] == expected


@pytest.mark.parametrize("text, may_be, entity", [case[1:] for case in ENTITIES], ids=[case[0] for case in ENTITIES])
def test_entities(text: str, may_be: bool, entity: str) -> None:
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    assert query_shapes.may_be_entity(call.args[0]) is may_be
    assert query_shapes.entity_of(call.args[0]) == entity


@pytest.mark.parametrize(
    "text, expected",
    [
        ("get_user_model()", "User"),
        ("apps.get_model('shop', 'Order')", "Order"),
        ("apps.get_model('shop.Order')", "Order"),
        ("apps.get_model(name)", "Model"),
        ("apps.get_model()", "Model"),
        ("build('Order')", ""),
    ],
)
def test_models_that_a_call_gives(text: str, expected: str) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert query_shapes.called_model(call) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("select(func.count(User.id))", True),
        ("select(func.max(User.id).label('last'), func.min(User.id))", True),
        ("select(func.coalesce(func.sum(User.age), 0))", True),
        ("select(User.id, func.count(User.id))", False),
        ("select(func.lower(User.name))", False),
        ("select()", False),
    ],
)
def test_statements_of_numbers_only(text: str, expected: bool) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert query_shapes.only_aggregates(call) is expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("users.aggregate([{'$match': {}}, {'$limit': 5}])", True),
        ("users.aggregate([{'$match': {}}])", False),
        ("users.find({}, limit=5)", True),
        ("users.aggregate(pipeline)", False),
        ("users.aggregate()", False),
    ],
)
def test_stages_of_a_pipeline(text: str, expected: bool) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert query_shapes.has_stage(call, ("$limit", "$sample")) is expected
