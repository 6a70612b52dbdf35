"""Uncached reads: which functions read, or parse, or fetch again on every call what could be kept."""

from __future__ import annotations

import ast

import pytest
from support import model

from flake8_scalability.model.caching.kept import is_kept, is_read_only
from flake8_scalability.model.caching.uncached_reads import uncached
from flake8_scalability.model.caching.unchanging_reads import fetched_again, parsed_again
from flake8_scalability.model.language import ways

Case = tuple[str, str, list[str]]

APP = "from flask import Flask, request\nimport json, yaml, io, gzip\napp = Flask(__name__)\n"
TWO = " a = store.get_a(k)\n b = store.get_b(k)\n"

UNCACHED: list[Case] = [
    ("computed", "def get_x(k):\n" + TWO + " return compute_x(a, b)", ["get_x"]),
    ("by way of a name", "def get_x(k):\n" + TWO + " c = compute_x(a, b)\n return {'x': c}", ["get_x"]),
    ("of nothing that was read", "def get_x(k):\n" + TWO + " return compute_x(1)", []),
    ("computed and dropped", "def get_x(k):\n" + TWO + " compute_x(a)\n return a", []),
    ("for nobody's arguments", "def get_x():\n a = store.get_a()\n b = store.get_b()\n return compute_x(a, b)", []),
    ("for its own object only",
     "class A:\n def get_x(self):\n  a = self.store.get_a()\n  b = self.store.get_b()\n  return compute_x(a, b)", []),
    ("no getter in library code", "def x(k):\n" + TWO + " return compute_x(a, b)", []),
    ("either or",
     "def get_x(k):\n if k:\n  a = store.get_a(k)\n else:\n  a = store.get_b(k)\n return compute_x(a)", []),
    ("in a loop, of which other rules speak",
     "def get_x(k):\n a = [store.get_a(i) for i in k]\n b = store.get_b(k)\n return compute_x(a, b)", []),
    ("of a cursor", "def get_x(k):\n cursor.execute(q, k)\n a = cursor.fetchall()\n return compute_x(a)", []),
    ("a call that posts", "import requests\ndef get_x(k):\n a = requests.post(U, k)\n b = store.get_b(k)\n"
     " return compute_x(a, b)", []),
    ("what may be done", "def load_permissions(k):\n a = store.get_a(k)\n b = store.get_b(a)\n return a | b",
     ["load_permissions"]),
    ("what may be done, by reads that do not wait for each other", "def load_permissions(k):\n" + TWO + " return a | b",
     []),
    ("what may be done, by one row and another",
     "from app.models import A, B\ndef load_permissions(k):\n a = A.objects.get(name=k)\n b = B.objects.get(tree=k)\n"
     " return a.x | b.x", []),
    ("what may be done, as a query",
     "from app.models import A, B\ndef load_permissions(k):\n a = list(A.objects.filter(x=k))\n"
     " b = list(B.objects.filter(x=k))\n return A.objects.filter(x__in=a)", []),
    ("a statement that something else runs",
     "def load_permissions(k):\n a = store.get_by_user_statement(k)\n return store.find_rows(a)", []),
    ("computed for whoever asks",
     "def get_x(k):\n a = store.get_a(k)\n b = store.get_b(request.user)\n return compute_x(a, b)", []),
    ("computed for whoever asks, by a name",
     "def get_x(k):\n me = get_current_user()\n a = store.get_a(k)\n b = store.get_b(me)\n return compute_x(a, b)", []),
    ("computed for whoever asks, by the key of his row",
     "def get_x(k, current_user_id):\n a = store.get_a(k)\n b = store.get_b(current_user_id)\n"
     " return compute_x(a, b)", []),
    ("numbers beside a page",
     APP + "@app.get('/')\ndef stats():\n page = Paginator(A.query, 9).page(request.args['page'])\n"
     " return A.query.count() + B.query.count() + C.query.count(), page", []),
    ("numbers for those whom a permission of another module lets in",
     "from rest_framework import permissions\nfrom rest_framework.views import APIView\n"
     "from app.models import A, B, C\nclass Stats(APIView):\n"
     " permission_classes = [permissions.IsAdminUser]\n def get(self, request):\n"
     "  return A.objects.count() + B.objects.count() + C.objects.count()", []),
    ("what the address of a request says",
     APP + "@app.get('/')\ndef get_x(k):\n a = request.query.get(k)\n b = request.query.get(k)\n"
     " return compute_x(a, b)", []),
    ("numbers of jobs",
     APP + "@app.get('/')\ndef job_stats():\n return A.query.count() + B.query.count() + C.query.count()", []),
    ("numbers for those who may see them",
     "from rest_framework.views import APIView\nfrom app.models import A, B, C\nclass Stats(APIView):\n"
     " name = 'x'\n permission_classes = [IsPlatformAdmin]\n def get(self, request):\n"
     "  return A.objects.count() + B.objects.count() + C.objects.count()", []),
    ("numbers for all",
     "from rest_framework.views import APIView\nfrom app.models import A, B, C\nclass Stats(APIView):\n"
     " permission_classes = [IsAuthenticated]\n def get(self, request):\n"
     "  return A.objects.count() + B.objects.count() + C.objects.count()", ["get"]),
    ("what may be done, by a handler",
     APP + "@app.get('/')\ndef get_permissions(k):\n" + TWO + " return a | b", []),
    ("numbers of one owner",
     APP + "@app.get('/')\ndef stats(k):\n return A.query.filter_by(user_id=k).count() + "
     "B.query.filter_by(user_id=k).count() + C.query.filter_by(user_id=k).count()", ["stats"]),
    ("numbers of one row",
     APP + "@app.get('/')\ndef stats(k):\n return A.query.filter_by(post_id=k).count() + "
     "B.query.filter_by(post_id=k).count() + C.query.filter_by(post_id=k).count()", []),
    ("numbers of one key",
     APP + "@app.get('/')\ndef stats(k):\n return A.query.filter_by(slug=k).count() + "
     "B.query.filter_by(slug=k).count() + C.query.filter_by(slug=k).count()", []),
    ("numbers that are none",
     APP + "@app.get('/')\ndef stats():\n return store.count() + store.count_b() + store.count_c()", []),
    ("numbers by name unknown",
     APP + "@app.get('/')\ndef x():\n return A.query.count() + B.query.count() + C.query.count()", []),
    ("so many that no name is needed",
     APP + "@app.get('/')\ndef x():\n return A.query.count() + B.query.count() + C.query.count() + D.query.count()",
     ["x"]),
    ("numbers of alternatives",
     APP + "@app.get('/')\ndef stats(k):\n if k == 1: return A.query.count()\n if k == 2: return B.query.count()\n"
     " return C.query.count()", []),
    ("numbers for the operator",
     APP + "@app.get('/')\ndef admin_stats():\n return A.query.count() + B.query.count() + C.query.count()", []),
    ("numbers in a task", "from celery import shared_task\n@shared_task\ndef stats():\n"
     " return A.query.count() + B.query.count() + C.query.count()", []),
]  # fmt: skip

PER_REQUEST: list[Case] = [
    ("settings in a hook", APP + "@app.before_request\ndef f():\n request.x = Setting.query.all()", []),
    ("settings for templates", APP + "@app.context_processor\ndef f():\n return {'x': Setting.query.all()}", ["f"]),
    ("rows for templates", APP + "@app.context_processor\ndef f():\n return {'x': Sale.query.all()}", []),
    ("the only row of a table", APP + "@app.context_processor\ndef f():\n return {'x': Studio.query.first()}", ["f"]),
    ("one row by its key", APP + "@app.context_processor\ndef f():\n return {'x': Studio.query.get(1)}", []),
    ("of another service", APP + "import requests\n@app.context_processor\ndef f():\n"
     " return {'x': requests.get(request.host, timeout=3)}", ["f"]),
    ("whether somebody may", "class A(BasePermission):\n def has_permission(self, request, view):\n"
     "  a = Member.objects.filter(user=request.user).exists()\n"
     "  return a and Team.objects.filter(user=request.user).exists()", ["has_permission"]),
    ("whether somebody may change it", "class A(BasePermission):\n def has_permission(self, request, view):\n"
     "  if request.method in ('PUT', 'PATCH'):\n"
     "   return B.objects.filter(x=1).exists() and C.objects.filter(y=1).exists()\n"
     "  elif request.method == 'POST':\n   return D.objects.filter(x=1).exists() and E.objects.filter(y=1).exists()\n"
     "  return True", []),
    ("whether somebody may change it, after those who read", "class A(BasePermission):\n"
     " def has_permission(self, request, view):\n  if request.method in permissions.SAFE_METHODS:\n   return True\n"
     "  return B.objects.filter(x=1).exists() and C.objects.filter(y=1).exists()", []),
    ("whether somebody may, or else change it", "class A(BasePermission):\n"
     " def has_permission(self, request, view):\n  if view.open:\n   if request.method in SAFE_METHODS:\n    a = 1\n"
     "   else:\n    return B.objects.filter(x=1).exists() and C.objects.filter(y=1).exists()\n  return True", []),
    ("whether somebody may read it", "class A(BasePermission):\n def has_permission(self, request, view):\n"
     "  if request.method == 'GET':\n   return B.objects.filter(x=1).exists() and C.objects.filter(y=1).exists()\n"
     "  return True", ["has_permission"]),
    ("whether somebody may, whatever else", "class A(BasePermission):\n def has_permission(self, request, view):\n"
     "  if request.method != 'POST' or view.method == 1:\n"
     "   return B.objects.filter(x=1).exists() and C.objects.filter(y=1).exists()\n"
     "  return True", ["has_permission"]),
    ("whether somebody may, by another word", "class A(BasePermission):\n def has_permission(self, request, view):\n"
     "  if view.action == 'POST':\n   return B.objects.filter(x=1).exists() and C.objects.filter(y=1).exists()\n"
     "  return True", ["has_permission"]),
    ("whether somebody may, by one read", "class A(BasePermission):\n def has_permission(self, request, view):\n"
     "  return Team.objects.filter(user=request.user).exists()", []),
    ("by the key of a row", "class A(BasePermission):\n def has_permission(self, request, view):\n"
     "  a = Team.objects.get(id=view.team)\n  return Plan.objects.get(pk=a.plan)", []),
    ("a function of that name",
     "def has_permission(user):\n return A.objects.filter(b=user).exists() and B.objects.filter(c=user).exists()", []),
]  # fmt: skip

PARSED: list[Case] = [
    ("opened", "with open('a.yml') as f:\n  return yaml.safe_load(f)", ["parses a.yml again"]),
    ("in a format that is read in no time", "with open('a.json') as f:\n  return json.load(f)", []),
    ("opened with a mode", "with open('a.yml', 'rb') as f:\n  return yaml.safe_load(f)", ["parses a.yml again"]),
    ("opened by io", "f = io.open('x/a.yml')\n return yaml.safe_load(f)", ["parses a.yml again"]),
    ("opened as a path", "with PLACE.open('rb') as f:\n  return yaml.safe_load(f)", ["parses PLACE again"]),
    ("opened by another library", "with gzip.open('a.gz', 'rt') as f:\n  return yaml.safe_load(f)",
     ["parses a.gz again"]),
    ("opened in what the request sent", "return yaml.safe_load(request.archive.open('a.yml'))", []),
    ("opened in a storage", "return yaml.safe_load(default_storage.open('a.yml').read())", []),
    ("opened for what is asked", "return yaml.safe_load(shelves.open(find(k)).read())", []),
    ("opened in the call", "return yaml.safe_load(open('a.yml'))", ["parses a.yml again"]),
    ("read as a text", "return yaml.safe_load(PLACE.read_text())", ["parses PLACE again"]),
    ("read as a text before", "text = open('a.yml').read()\n return yaml.safe_load(text)", ["parses a.yml again"]),
    ("a text of the request", "return yaml.safe_load(request.data)", []),
    ("a text that is made", "text = make()\n return yaml.safe_load(text)", []),
    ("of the request", "with open(request.args['x']) as f:\n  return yaml.safe_load(f)", []),
    ("by the request's name", "with open(request.path) as f:\n  return yaml.safe_load(f)", []),
    ("by what the caller says", "with open(k) as f:\n  return yaml.safe_load(f)", []),
    ("by a loop's name", "for n in NAMES:\n  return yaml.safe_load(open(n))", []),
    ("by an unknown name", "return yaml.safe_load(open(somewhere))", []),
    ("by a function's result", "name = find()\n return yaml.safe_load(open(name))", []),
    ("by a name beside the program", "name = str(PLACE)\n return yaml.safe_load(open(name))", ["parses name again"]),
    ("nothing", "return yaml.safe_load()", []),
    ("a table", "import pandas\n return pandas.read_csv('a.csv').size", ["parses a.csv again"]),
    ("a table from an address", "import pandas\n return pandas.read_csv('https://a.test/a.csv').size", []),
    ("a table of the upload", "import pandas\n return pandas.read_csv(request.files['x']).size", []),
    ("state that is written here too",
     "with open('a.yml', 'w') as g:\n  g.write('x')\n with open('a.yml') as f:\n  return yaml.safe_load(f)", []),
    ("state that is dumped", "yaml.dump(1, OUT)\n with open('a.yml') as f:\n  return yaml.safe_load(f)", []),
    ("state that is written as a text", "PLACE.write_text('x')\n return yaml.safe_load(PLACE.read_text())", []),
    ("templates without a place", "from jinja2 import Environment\n return Environment().from_string(k)", []),
    ("templates of a loader", "from jinja2 import Environment\n return Environment(loader=LOADER)",
     ["parses LOADER again"]),
    ("kept", "cache = 1\n with open('a.yml') as f:\n  return yaml.safe_load(f)", []),
]  # fmt: skip

FETCHED: list[Case] = [
    ("the same for all", "return requests.get('https://a.test/plants', timeout=3).text", ["x"]),
    ("the same for all, from the settings", "return requests.get(URL, timeout=3).text", ["x"]),
    ("twice the same", "requests.get(URL, timeout=3)\n return requests.get(URL, timeout=3).text", ["x"]),
    ("by whatever function", "return requests.get('https://a.test/jwks', timeout=3).json()", ["x"]),
    ("of this machine", "return requests.get('http://localhost/plants', timeout=3).text", []),
    ("for this request", "return requests.get('https://a.test/plants', params=request.args).text", []),
    ("a post", "return requests.post('https://a.test/plants').text", []),
    ("without an address", "return requests.get().text", []),
    ("of the moment", "return requests.get('https://a.test/status').text", []),
    ("whether it is there", "return requests.get('https://a.test/healthz').text", []),
    ("somebody's", "return requests.get('https://a.test/orders?open=1').text", []),
    ("deferred", "return lambda: requests.get('https://a.test/plants')", []),
    ("where something is written too", "store.save_all(k)\n return requests.get('https://a.test/plants').text", []),
]  # fmt: skip

KEPT: list[tuple[str, str, bool]] = [
    ("alone", "def x(): return 1", False),
    ("its decorator", "@memoize\ndef x(): return 1", True),
    ("what calls it", "def y():\n return cache.get('x') or x()\ndef x(): return 1", True),
    ("what it calls", "def x(): return y()\ndef y(): return z()\ndef z(): return cache.get(1)", True),
    ("what calls what calls it", "@lru_cache\ndef a(): return y()\ndef y(): return x()\ndef x(): return 1", True),
    ("a call that is handed it", "def x(): return 1\nx = memoize(x)", True),
    ("a call that only runs it", "def x(): return 1\nrun(x)", False),
    ("a global", "def x():\n global A\n A = 1", True),
    ("an attribute", "class A:\n def x(self):\n  self.a = 1", True),
    ("a mapping of the module", "A = {}\ndef x(k):\n A[k] = 1", True),
    ("a mapping of its own", "def x(k):\n a = {}\n a[k] = 1\n return a", False),
    ("itself", "def x(k): return x(k - 1)", False),
]  # fmt: skip

READ_ONLY: list[tuple[str, str, bool]] = [
    ("reads", "def x(): return store.get_a(1)", True),
    ("saves", "def x(): a.save()", False),
    ("in what it calls", "def x(): return y()\ndef y(): store.delete_a(1)", False),
    ("a set of its own", "def x(s): s.remove(1)", True),
    ("a store", "def x(): session.merge(1)", False),
    ("a plain call by such a name", "def x(): write(1)", False),
    ("a statement that changes", "def x(c): c.cursor.execute('UPDATE a SET b = 1')", False),
    ("a statement that reads", "def x(cursor): cursor.execute('SELECT b FROM a')", True),
    ("a post", "import requests\ndef x(): requests.request('POST', U)", False),
]  # fmt: skip

WAYS: list[tuple[str, str, int]] = [
    ("in a row", "n()\n n()", 2),
    ("one or the other", "if a: n()\n else: n()", 1),
    ("one and the other", "if a: n()\n n()", 2),
    ("in the test", "if n(): pass\n n()", 2),
    ("after one that leaves", "if a:\n  return n()\n n()", 1),
    ("before one that leaves", "n()\n if a:\n  return n()\n return n()", 2),
    ("what is never reached", "return n()\n n()", 1),
    ("tried, or else", "try:\n  n()\n  n()\n except E:\n  n()", 2),
    ("within", "with n():\n  n()\n  return n()", 3),
    ("in a function of its own", "n()\n def g(): n()\n n()", 2),
    ("raised", "if a:\n  raise n(n())\n n()", 2),
    ("none", "pass", 0),
    ("one", "n()", 1),
]  # fmt: skip


def _ids(cases: list[tuple[str, str, object]]) -> list[str]:
    return [case[0] for case in cases]


@pytest.mark.parametrize(("name", "source", "found"), UNCACHED + PER_REQUEST, ids=_ids([*UNCACHED, *PER_REQUEST]))
def test_uncached(name: str, source: str, found: list[str]) -> None:
    assert [each.function.name for each in uncached(model(source))] == found


@pytest.mark.parametrize(
    ("manager", "found"), [("objects = KeepingManager()", []), ("objects = models.Manager()", ["f"]), ("a = 1", ["f"])]
)
def test_a_table_with_a_manager_of_its_own_may_keep_what_it_has_read(manager: str, found: list[str]) -> None:
    source = (
        "from django.db import models\nfrom app.managers import KeepingManager\n"
        f"class SiteSettings(models.Model):\n {manager}\n"
        "def f(request):\n return {'settings': SiteSettings.objects.get()}"
    )
    assert [each.function.name for each in uncached(model(source, "shop/context_processors.py"))] == found


@pytest.mark.parametrize(
    ("opened", "changes"),
    [("open(p)", False), ("open(p, 'rb')", False), ("open(p, 'w')", True), ("open(p, mode='ab')", True),
     ("Path(p).open('w')", True)],
)  # fmt: skip
def test_a_function_that_writes_a_file_changes_something(opened: str, changes: bool) -> None:
    source = model(f"def f(p):\n return {opened}")
    function = next(scope for scope in source.scopes if scope.name == "f")
    assert is_read_only(function, source) is not changes


def test_context_processors_are_told_by_their_file() -> None:
    source = "def f(request):\n return list(Setting.objects.all())\ndef g(a, b):\n return list(Setting.objects.all())"
    assert [each.function.name for each in uncached(model(source, "shop/context_processors.py"))] == ["f"]
    assert list(uncached(model(source))) == []


@pytest.mark.parametrize(("name", "body", "found"), PARSED, ids=_ids(PARSED))  # type: ignore[arg-type]
def test_parsed_again(name: str, body: str, found: list[str]) -> None:
    source = f"{APP}PLACE = here()\nLOADER = 1\nOUT = 2\nNAMES = 3\n@app.get('/<k>')\ndef x(k):\n {body}"
    source = source.replace("here()", "__file__")
    assert [each.what for each in parsed_again(model(source))] == found


def test_files_that_are_opened_elsewhere_are_silent() -> None:
    body = "with open('a.yml') as f:\n  return yaml.safe_load(f)"
    assert list(parsed_again(model(f"{APP}def x():\n {body}"))) == []
    assert list(parsed_again(model(f"{APP}@app.get('/')\ndef admin_x():\n {body}"))) == []
    assert list(parsed_again(model(APP + "with open('a.yml') as f:\n A = yaml.safe_load(f)"))) == []


def test_a_file_is_parsed_once_in_each_function() -> None:
    source = (
        f"{APP}@app.get('/')\ndef x():\n a = yaml.safe_load(open('a.yml'))\n return a, yaml.safe_load(open('b.yml'))"
    )
    assert [each.what for each in parsed_again(model(source))] == ["parses a.yml again"]


def test_names_that_are_bound_in_other_ways_are_no_constants() -> None:
    source = f"{APP}for PLACE in y:\n pass\n@app.get('/')\ndef x():\n return yaml.safe_load(open(PLACE))"
    assert list(parsed_again(model(source))) == []


@pytest.mark.parametrize(("name", "body", "found"), FETCHED, ids=_ids(FETCHED))  # type: ignore[arg-type]
def test_fetched_again(name: str, body: str, found: list[str]) -> None:
    source = f"{APP}import requests\nfrom conf import URL\n@app.get('/<k>')\ndef x(k):\n {body}"
    assert [each.function.name for each in fetched_again(model(source))] == found


def test_what_library_code_fetches_is_silent() -> None:
    source = "import requests\ndef x():\n return requests.get('https://a.test/plants')"
    assert list(fetched_again(model(source))) == []


@pytest.mark.parametrize(("name", "source", "expected"), KEPT, ids=_ids(KEPT))  # type: ignore[arg-type]
def test_kept(name: str, source: str, expected: bool) -> None:
    found = model(source)
    assert is_kept(next(scope for scope in found.scopes if scope.name == "x"), found) is expected


@pytest.mark.parametrize(("name", "source", "expected"), READ_ONLY, ids=_ids(READ_ONLY))  # type: ignore[arg-type]
def test_read_only(name: str, source: str, expected: bool) -> None:
    found = model(source)
    assert is_read_only(next(scope for scope in found.scopes if scope.name == "x"), found) is expected


@pytest.mark.parametrize(("name", "body", "expected"), WAYS, ids=_ids(WAYS))  # type: ignore[arg-type]
def test_ways(name: str, body: str, expected: int) -> None:
    function = next(scope for scope in model(f"def x():\n {body}").scopes if scope.name == "x")
    nodes = {
        node for node in ast.walk(function.node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "n"
    }  # fmt: skip
    assert ways.most(function, nodes) == expected
