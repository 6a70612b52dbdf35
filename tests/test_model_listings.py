"""Listings: the endpoints and resolvers that answer with all rows of a query."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ALONE, model

from flake8_scalability.model.queries import listings, rest_defaults
from flake8_scalability.options import Settings

FLASK = "from flask import Flask, jsonify\nfrom app.models import Order\napp = Flask(__name__)\n@app.get('/orders')\n"
FAST = "from fastapi import FastAPI\nfrom app.models import Order\nfrom app.db import repo, session\napp = FastAPI()\n"
DJANGO = "from django.views.generic import ListView, DetailView\nfrom app.models import Order\n"
GRAPHENE = "import graphene\nfrom django.db import models\nfrom app.models import Order\n"
STRAWBERRY = "import strawberry\nfrom django.db import models\nfrom app.models import Order\n"
REST = "from rest_framework.viewsets import ModelViewSet\nfrom app.models import Order\n"

LISTED = [
    (
        "what is announced to all",
        FLASK + "def f():\n return jsonify(Announcement.query.all())",
        ["Announcement"],
    ),
    (
        "a sum for each state is no list, but one of its rows is",
        FLASK + "def f():\n found = {}\n for o in Order.query.all():\n  found[o.state] = found[o.state] + o.sum\n"
        " return jsonify(found)",
        [],
    ),
    (
        "a POST that lists by its name",
        FAST + "@app.post('/a')\ndef search_orders():\n return session.query(Order).all()",
        ["Order"],
    ),
    (
        "a POST that fetches something elsewhere",
        FAST + "@app.post('/a')\ndef bulk_fetch_orders():\n return session.query(Order).all()",
        [],
    ),
    ("a POST that does something", FAST + "@app.post('/a')\ndef resend():\n return session.query(Order).all()", []),
    (
        "a POST that promises a list",
        FAST + "@app.post('/a', response_model=List[Order])\ndef resend():\n return session.query(Order).all()",
        ["Order"],
    ),
    ("a file", FLASK + "def orders_export():\n return render('a', orders=Order.query.all())", []),
    ("a sheet", FLASK + "def orders():\n return render_xlsx(Order.query.all())", []),
    ("a form", FLASK + "def edit_team():\n return render_template('a', orders=Order.query.all())", []),
    (
        "a page of one row, and others to choose from",
        FLASK + "def f(key):\n team = Team.query.get(key)\n return render_template('a', t=team, o=Order.query.all())",
        [],
    ),
    ("a table of which nothing is known", FLASK + "def f():\n return jsonify(Squirrel.query.all())", []),
    ("few of one owner", FLASK + "def f(u):\n return jsonify(Coupon.query.filter_by(user_id=u.id).all())", []),
    ("many of one owner", FLASK + "def f(u):\n return jsonify(Order.query.filter_by(user_id=u.id).all())", ["Order"]),
    ("all rows", FLASK + "def f():\n return jsonify(Order.query.all())", ["Order"]),
    (
        "rows by what many have",
        FLASK + "def f():\n return jsonify(Order.query.filter_by(state='paid').all())",
        ["Order"],
    ),
    (
        "through a local name",
        FAST + "@app.get('/a')\ndef f():\n rows = session.query(Order).all()\n return rows",
        ["Order"],
    ),
    (
        "a repository whose handler promises a list",
        FAST + "@app.get('/a')\ndef orders() -> list[Order]:\n return repo.get_all()",
        [""],
    ),
    (
        "a route's model is a promise too",
        FAST + "@app.get('/a', response_model=List[Order])\ndef orders():\n return repo.get_all()",
        [""],
    ),
    ("a list view", DJANGO + "class V(ListView):\n model = Order", ["Order"]),
    ("a list view of a query", DJANGO + "class V(ListView):\n queryset = Order.objects.all()", ["Order"]),
    (
        "a list view that makes its query",
        DJANGO + "class V(ListView):\n def get_queryset(self):\n  return Order.objects.filter(state='paid')",
        ["Order"],
    ),
    (
        "a REST view that turns pages off",
        REST + "class V(ModelViewSet):\n queryset = Order.objects.all()\n pagination_class = None",
        ["Order"],
    ),
    (
        "a resolver",
        GRAPHENE + "class Query(graphene.ObjectType):\n orders = graphene.List(OrderType)\n"
        " def resolve_orders(self, info):\n  return Order.objects.all()",
        ["Order"],
    ),
    (
        "a resolver that promises a list",
        STRAWBERRY + "@strawberry.type\nclass Query:\n @strawberry.field\n"
        " def orders(self) -> list[OrderType]:\n  return Order.objects.all()",
        ["Order"],
    ),
]

SILENT = [
    (
        "a repository of what nobody knows to be many",
        FAST + "@app.get('/a')\ndef playbooks() -> list[Playbook]:\n return repo.list_playbooks()",
    ),
    ("a list view of what stays small", DJANGO + "class V(ListView):\n model = Election"),
    (
        "what a user has a few of",
        DJANGO + "from app.models import Contract\nclass V(ListView):\n model = Contract\n def get_queryset(self):\n"
        "  return Contract.objects.filter(member=self.member)",
    ),
    ("a handful by the handler's name", FLASK + "def list_order_types():\n return jsonify(Order.query.all())"),
    ("rows that are shown before they go", FLASK + "def delete_orders():\n return jsonify(Order.query.all())"),
    (
        "what the base class lists",
        REST + "class V(ModelViewSet):\n def list(self, request):\n  print(Order.objects.all())\n"
        "  return super().list(Order.objects.all())",
    ),
    (
        "a base whose model is not known yet",
        REST + "class V(ModelViewSet):\n model_class = None\n pagination_class = None\n def get_queryset(self):\n"
        "  return self.model_class.objects.all()",
    ),
    ("a limit", FLASK + "def f():\n return jsonify(Order.query.limit(50).all())"),
    ("a page of the caller's", FLASK + "def f(page):\n return jsonify(Order.query.all()[page])"),
    ("one row by key", FLASK + "def f(key):\n return jsonify(Order.query.filter_by(id=key).all())"),
    ("one row", FLASK + "def f():\n return jsonify(Order.query.first())"),
    ("a number", FLASK + "def f():\n return jsonify(Order.query.count())"),
    ("no rows are answered", FLASK + "def f():\n Order.query.all()\n return 'ok'"),
    ("a small table", FLASK + "def f():\n from app.models import Country\n return jsonify(Country.query.all())"),
    (
        "a deletion",
        "from flask import Flask\nfrom app.models import Order\napp = Flask(__name__)\n"
        "@app.delete('/a')\ndef f():\n return Order.query.all()",
    ),
    ("a repository that promises nothing", FAST + "@app.get('/a')\ndef f():\n return repo.get_all()"),
    (
        "a repository that is given a page",
        FAST + "@app.get('/a')\ndef f(size: int) -> list[Order]:\n return repo.get_all(0, size)",
    ),
    ("a list view with pages", DJANGO + "class V(ListView):\n model = Order\n paginate_by = 50"),
    ("a view of one", DJANGO + "class V(DetailView):\n model = Order"),
    ("a list view of nothing known", DJANGO + "class V(ListView):\n template_name = 'a.html'"),
    ("a list view of a small table", DJANGO + "class V(ListView):\n model = Country"),
    ("a list view with a base of the project's", DJANGO + "class V(Paged, ListView):\n model = Order"),
    (
        "a list view whose query is the project's",
        DJANGO + "class V(ListView):\n model = Order\n def get_queryset(self):\n  return orders_of(self.request)",
    ),
    (
        "a REST view with pages",
        REST + "class V(ModelViewSet):\n queryset = Order.objects.all()\n pagination_class = Pages",
    ),
    (
        "a REST view that lists by hand",
        REST + "class V(ModelViewSet):\n queryset = Order.objects.all()\n def list(self, request):\n  return page()",
    ),
    ("a REST view of a project that is not in sight", REST + "class V(ModelViewSet):\n queryset = Order.objects.all()"),
    (
        "a connection of GraphQL",
        GRAPHENE + "class Query(graphene.ObjectType):\n orders = DjangoConnectionField(OrderType)\n"
        " def resolve_orders(self, info):\n  return Order.objects.all()",
    ),
    (
        "a resolver of one",
        STRAWBERRY + "@strawberry.type\nclass Query:\n @strawberry.field\n"
        " def order(self, pk: int) -> OrderType:\n  return Order.objects.get(pk=pk)",
    ),
    ("a method that is called like a resolver", "def resolve_orders(info):\n return Order.objects.all()"),
]

INSTALLED = "INSTALLED_APPS = ['rest_framework']\n"
SETTINGS = [
    ("no pages", INSTALLED + "REST_FRAMEWORK = {'PAGE_SIZE': 50}", True),
    ("pages", INSTALLED + "REST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': 'a.Pages', 'PAGE_SIZE': 50}", False),
    ("not all of the settings", "REST_FRAMEWORK = {'PAGE_SIZE': 50}", False),
    ("settings of elsewhere", INSTALLED + "REST_FRAMEWORK = {**COMMON}", False),
    ("made by a call", INSTALLED + "REST_FRAMEWORK = rest()", False),
    ("no REST", INSTALLED, False),
]


@pytest.mark.parametrize("source, expected", [case[1:] for case in LISTED], ids=[case[0] for case in LISTED])
def test_listings(source: str, expected: list[str]) -> None:
    assert [each.entity for each in listings.listings_of(model(source))] == expected


@pytest.mark.parametrize("source", [case[1] for case in SILENT], ids=[case[0] for case in SILENT])
def test_no_listings(source: str) -> None:
    assert listings.listings_of(model(source)) == []


@pytest.mark.parametrize("source, expected", [case[1:] for case in SETTINGS], ids=[case[0] for case in SETTINGS])
def test_settings_without_pages(source: str, expected: bool) -> None:
    assert (rest_defaults.settings_without_pages(model(source, "settings.py", ALONE)) is not None) is expected


@pytest.mark.parametrize(
    "settings, expected",
    [
        ("INSTALLED_APPS = ['rest_framework']\n", ["Order"]),
        ("INSTALLED_APPS = ['rest_framework']\nREST_FRAMEWORK = {'DEFAULT_PAGINATION_CLASS': 'a.Pages'}\n", []),
        # There the finding stands at the settings.
        ("INSTALLED_APPS = ['rest_framework']\nREST_FRAMEWORK = {'PAGE_SIZE': 5}\n", []),
        ("INSTALLED_APPS = []\n", []),
    ],
)
def test_a_rest_view_asks_the_settings_of_its_project(tmp_path: Path, settings: str, expected: list[str]) -> None:
    (tmp_path / "manage.py").write_text("")
    (tmp_path / "settings.py").write_text(settings)
    views = tmp_path / "views.py"
    views.write_text(REST + "class V(ModelViewSet):\n queryset = Order.objects.all()\n")
    found = listings.listings_of(model(views.read_text(), str(views), Settings()))
    assert [each.entity for each in found] == expected


@pytest.mark.parametrize(("pages", "expected"), [("a.Pages", False), ("None", True)])
def test_settings_of_a_project_whose_views_have_pages(tmp_path: Path, pages: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    view = f"{REST}class Orders(ModelViewSet):\n    queryset = Order.objects.all()\n    pagination_class = {pages}\n"
    (tmp_path / "views.py").write_text(view)
    (tmp_path / "urls.py").write_text("router.register('orders', Orders)\n")
    settings = model("INSTALLED_APPS = []\nREST_FRAMEWORK = {}\n", str(tmp_path / "settings.py"), Settings())
    assert (rest_defaults.settings_without_pages(settings) is not None) is expected


@pytest.mark.parametrize(
    ("view", "routes", "expected"),
    [
        ("class Orders(ListAPIView):\n    queryset = Order.objects.all()", "path('', Orders.as_view())", "Orders"),
        ("class Orders(\n    generics.ListCreateAPIView,\n):\n    queryset = Order.objects.all()", "", "Orders"),
        (
            "class Orders(Mine, ModelViewSet):\n    queryset = Order.objects.order_by('id')",
            "router.register(r'orders', Orders)",
            "Orders",
        ),
        (
            "class Orders(ListModelMixin, ViewSet):\n    permissions = ()\n\n    queryset = Order.objects.all()",
            "path('', Orders.as_view({'get': 'list'}))",
            "Orders",
        ),
        ("class Orders(ListAPIView): pass", "path('', Orders.as_view())", ""),
        ("class Orders(ListAPIView):\n    queryset = Order.objects.filter(open=True)", "", ""),
        (
            "class Orders(ListAPIView):\n    queryset = Order.objects.all()\n"
            "    def get_queryset(self):\n        return self.queryset.filter(user=self.request.user)",
            "path('', Orders.as_view())",
            "",
        ),
        ("class Systems(ModelViewSet): pass", "router.register(r'systems', Systems)", ""),
        ("class Orders(ModelViewSet): pass", "# router.register(r'orders', Orders)", ""),
        ("class Orders(APIView): pass", "router.register(r'orders', Orders)", ""),
    ],
)
def test_settings_of_a_project_whose_lists_have_routes(tmp_path: Path, view: str, routes: str, expected: str) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "views.py").write_text(f"from rest_framework.generics import *\n{view}\n")
    (tmp_path / "urls.py").write_text(routes)
    settings = model("INSTALLED_APPS = []\nREST_FRAMEWORK = {}\n", str(tmp_path / "settings.py"), Settings())
    found = rest_defaults.settings_without_pages(settings)
    assert (found[1] if found is not None else "") == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("name = models.CharField(max_length=10, unique=True)", False),
        ("name = models.CharField(max_length=10, unique=True)\n    made = models.DateField()", True),
        ("name = models.CharField(max_length=10)", True),
    ],
)
def test_settings_of_a_project_whose_list_is_only_looked_up(tmp_path: Path, columns: str, expected: bool) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "models.py").write_text(f"class Activity(models.Model):\n    {columns}\n")
    view = "class ActivityList(ListAPIView):\n    queryset = Activity.objects.all()\n"
    (tmp_path / "views.py").write_text(f"from rest_framework.generics import *\n{view}")
    (tmp_path / "urls.py").write_text("path('', ActivityList.as_view())")
    settings = model("INSTALLED_APPS = []\nREST_FRAMEWORK = {}\n", str(tmp_path / "settings.py"), Settings())
    assert (rest_defaults.settings_without_pages(settings) is not None) is expected


NARROWED = "    if state:\n        found = found.filter_by(state=state)\n"


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ("", False),
        (NARROWED, True),
        ("    if state:\n        other = found.order_by(Order.id)\n", False),
        ("    if state:\n        other = Order.query.filter_by(state=state)\n", False),
        ("    if state:\n        print(found)\n        state = 1\n", False),
    ],
)
def test_a_list_may_be_narrowed_by_the_client(narrowed: str, expected: bool) -> None:
    body = "def f(state):\n    found = Order.query\n" + narrowed + "    return jsonify(Order.query.all())\n"
    (found,) = listings.listings_of(model(FLASK + body))
    assert listings.may_be_narrowed(found) is expected


COLUMNS = "    id = db.Column(db.Integer)\n    name = db.Column(db.String, unique=True)\n"


@pytest.mark.parametrize(
    ("columns", "listed"),
    [
        (COLUMNS, False),
        (COLUMNS + "    made = db.Column(db.DateTime)\n", True),
        (COLUMNS + "    by = db.Column(db.ForeignKey('a'))\n", True),
        (COLUMNS.replace(", unique=True", ""), False),
        (COLUMNS.replace("name", "title"), False),
        (COLUMNS.replace("name", "email"), True),
        (COLUMNS.replace("name", "title") + "    picture = db.Column(db.LargeBinary)\n", True),
        (COLUMNS.replace("name", "title") + "    text = db.Column(db.Text)\n", True),
        (COLUMNS.replace("name", "title") + "    latitude = db.Column(db.Float)\n", True),
        ("    slug = db.Column(primary_key=True)\n    name = db.Column(db.String)\n", False),
        (COLUMNS + "".join(f"    c{number} = db.Column(db.Integer)\n" for number in range(6)), True),
    ],
)
def test_a_table_in_which_something_is_looked_up(columns: str, listed: bool) -> None:
    text = FLASK + "def f():\n    return jsonify(Item.query.all())\nclass Item(db.Model):\n" + columns
    assert bool(listings.listings_of(model(text))) is listed
