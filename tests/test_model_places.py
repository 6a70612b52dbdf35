"""Places: where a function runs, and through which handler.  What the file does not show is library code."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.places import is_tool_path
from flake8_scalability.model.sites import display_name
from flake8_scalability.options import Settings

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import APIRouter, Depends, FastAPI\napp = FastAPI()\n"
CELERY = "from celery import Celery\napp = Celery()\n"

#: Why, the source, and the place of `f` with the handler through which it is reached.
REQUEST = [
    ("Flask", FLASK + "@app.route('/x')\ndef f(): pass", ""),
    ("Flask, without a URL in sight", FLASK + "@app.get(URL)\ndef f(): pass", ""),
    ("a blueprint", "from flask import Blueprint\nbp = Blueprint('a', __name__)\n@bp.post('/')\ndef f(): pass", ""),
    ("a blueprint of the project", "from shop import bp\n@bp.route('/x')\ndef f(): pass", ""),
    ("an application of the project", "from shop import app\n@app.get('/x')\ndef f(): pass", ""),
    ("a receiver bound nowhere", "@app.route('/x')\ndef f(): pass", ""),
    ("a URL that is pasted together", "from shop import app\n@app.get(f'{PREFIX}/x')\ndef f(): pass", ""),
    ("under other decorators", FLASK + "@app.route('/x')\n@login\n@cached(5)\ndef f(): pass", ""),
    ("before each request", "from shop import app\n@app.before_request\ndef f(): pass", ""),
    ("an error handler", "from shop import app\n@app.errorhandler(404)\ndef f(e): pass", ""),
    ("add_url_rule", FLASK + "def f(): pass\napp.add_url_rule('/x', 'x', f)", ""),
    ("add_url_rule by keyword", FLASK + "def f(): pass\napp.add_url_rule('/x', view_func=f)", ""),
    (
        "add_url_rule of the project's application",
        "from shop import app\ndef f(): pass\napp.add_url_rule('/', 'x', f)",
        "",
    ),
    (
        "MethodView",
        "from flask.views import MethodView\nclass A(MethodView):\n def get(self): f()\ndef f(): pass",
        "A.get",
    ),
    (
        "a view's own helper",
        "from flask_restful import Resource\nclass A(Resource):\n def post(self): self.f()\n def f(self): pass",
        "A.post",
    ),
    ("in an application factory", "def create_app():\n app = Flask(__name__)\n @app.route('/x')\n def f(): pass", ""),
    ("FastAPI", FASTAPI + "@app.get('/x')\nasync def f(): pass", ""),
    ("a router", FASTAPI + "router = APIRouter()\n@router.delete('/x/{id}')\ndef f(id: int): pass", ""),
    ("a router of the project", "from .routes import router\n@router.get('/')\ndef f(): pass", ""),
    ("a router with an empty path", "from .routes import router\n@router.get('')\ndef f(): pass", ""),
    ("a path by keyword", "from .routes import router\n@router.get(path='/x')\ndef f(): pass", ""),
    ("a web socket", FASTAPI + "@app.websocket('/ws')\nasync def f(ws): pass", ""),
    ("middleware", FASTAPI + "@app.middleware('http')\nasync def f(request, call_next): pass", ""),
    ("a dependency", FASTAPI + "def f(): pass\n@app.get('/x')\ndef g(x=Depends(f)): pass", ""),
    ("a dependency of a dependency", FASTAPI + "def f(): pass\ndef g(x=Depends(f)): pass", ""),
    ("add_api_route", FASTAPI + "def f(): pass\napp.add_api_route('/x', f)", ""),
    ("a Starlette route", "from starlette.routing import Route\ndef f(request): pass\nroutes = [Route('/x', f)]", ""),
    (
        "an endpoint class",
        "from starlette.endpoints import HTTPEndpoint\nclass A(HTTPEndpoint):\n def get(self, r): f()\ndef f(): pass",
        "A.get",
    ),
    ("a Django view by its signature", "from django.shortcuts import render\ndef f(request, pk): pass", ""),
    ("path()", "from django.urls import path\ndef f(r): pass\nurlpatterns = [path('x/', f)]", ""),
    ("url() of old", "from django.conf.urls import url\ndef f(r): pass\nurlpatterns = [url(r'^x$', f)]", ""),
    (
        "login_required",
        "from django.contrib.auth.decorators import login_required\n@login_required\ndef f(r): pass",
        "",
    ),
    (
        "a Django class-based view",
        "from django.views import View\nclass A(View):\n def get(self, r): f()\ndef f(): pass",
        "A.get",
    ),
    (
        "a list view's query",
        "from django.views.generic import ListView\nclass A(ListView):\n def get_queryset(self): f()\ndef f(): pass",
        "A.get_queryset",
    ),
    (
        "Django middleware",
        "from django.utils.deprecation import MiddlewareMixin\nclass A(MiddlewareMixin):\n"
        " def process_request(self, r): f()\ndef f(): pass",
        "A.process_request",
    ),
    ("api_view", "from rest_framework.decorators import api_view\n@api_view(['GET'])\ndef f(request): pass", ""),
    (
        "a viewset's action",
        "from rest_framework import viewsets\nfrom rest_framework.decorators import action\n"
        "class A(viewsets.ModelViewSet):\n @action(detail=True)\n def g(self, r): f()\ndef f(): pass",
        "A.g",
    ),
    (
        "a viewset's standard method",
        "from rest_framework import viewsets\nclass A(viewsets.ViewSet):\n def list(self, r): f()\ndef f(): pass",
        "A.list",
    ),
    (
        "a serializer",
        "from rest_framework import serializers\nclass A(serializers.ModelSerializer):\n def validate(self, d): f()\n"
        "def f(): pass",
        "A.validate",
    ),
    (
        "a view of a base class in the file",
        "from rest_framework.views import APIView\nclass B(APIView): pass\nclass A(B):\n def get(self, r): f()\n"
        "def f(): pass",
        "A.get",
    ),
    ("aiohttp's signature", "from aiohttp import web\nasync def f(request): pass", ""),
    (
        "aiohttp's table",
        "from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/x')\nasync def f(r): pass",
        "",
    ),
    ("web.get", "from aiohttp import web\nasync def f(r): pass\napp.add_routes([web.get('/x', f)])", ""),
    ("router.add_get", "async def f(r): pass\ndef setup(app): app.router.add_get('/x', f)", ""),
    (
        "Tornado",
        "from tornado.web import RequestHandler\nclass A(RequestHandler):\n def get(self): f()\ndef f(): pass",
        "A.get",
    ),
    ("AWS Lambda", "def f(event, context): pass", ""),
    ("AWS Lambda, unused arguments", "def f(event, _): pass", ""),
    ("a helper's helper", FLASK + "@app.route('/x')\ndef v(): g()\ndef g(): f()\ndef f(): pass", "v"),
    ("a helper below its handler", "def v(event, context):\n def f(): pass\n return f()", "v"),
    ("a callback that is called in place", FLASK + "@app.route('/x')\ndef v(): retry(f)\ndef f(): pass", "v"),
    ("run in a thread and awaited", FASTAPI + "@app.get('/')\nasync def v(): await to_thread(f)\ndef f(): pass", "v"),
    (
        "a constructor that a handler calls",
        FLASK + "class A:\n def __init__(self): f()\n@app.route('/x')\ndef v(): A()\ndef f(): pass",
        "v",
    ),
    ("a handler that is called at start-up too", FLASK + "@app.route('/x')\ndef f(): pass\nf()", ""),
    ("a handler that a task calls", CELERY + "@web.route('/x')\ndef f(): pass\n@app.task\ndef g(): f()", ""),
    ("a helper of a handler and of a task", "@a.route('/x')\ndef v(): f()\n@c.task\ndef t(): f()\ndef f(): pass", "v"),
]

WORKER = [
    ("Celery", CELERY + "@app.task\ndef f(): pass", ""),
    ("Celery, bound", CELERY + "@app.task(bind=True, max_retries=3)\ndef f(self): pass", ""),
    ("shared_task", "from celery import shared_task\n@shared_task\ndef f(): pass", ""),
    ("a Celery application of the project", "from shop.celery import app\n@app.task(bind=True)\ndef f(self): pass", ""),
    ("a task class", "from celery import Task\nclass A(Task):\n def run(self): f()\ndef f(): pass", "A.run"),
    ("Dramatiq", "import dramatiq\n@dramatiq.actor\ndef f(): pass", ""),
    ("RQ", "from django_rq import job\n@job\ndef f(): pass", ""),
    ("a clock", "from shop import scheduler\n@scheduler.scheduled_job('cron')\ndef f(): pass", ""),
    ("a helper", CELERY + "@app.task\ndef t(): f()\ndef f(): pass", "t"),
    ("a thread", FLASK + "@app.route('/x')\ndef v(): Thread(target=f).start()\ndef f(): pass", "v"),
    (
        "a background task",
        FASTAPI + "@app.post('/')\ndef v(tasks: BackgroundTasks): tasks.add_task(f, 1)\ndef f(x): pass",
        "v",
    ),
    ("handed to a pool that is not awaited", FLASK + "@app.route('/x')\ndef v(): pool.submit(f)\ndef f(): pass", "v"),
]

STARTUP = [
    ("an application factory", "def f(): pass\ndef create_app(): f()", "create_app"),
    ("a lifespan", "def f(): pass\nasync def lifespan(app):\n f()\n yield", "lifespan"),
    ("a lifespan of another name", FASTAPI + "def f(app): yield\nother = FastAPI(lifespan=f)", ""),
    ("on_event", FASTAPI + "@app.on_event('startup')\nasync def f(): pass", ""),
    ("called at module level", "def f(): pass\nX = f()", ""),
    ("called in a class body", "def f(): pass\nclass A:\n x = f()", ""),
    ("a cached provider", "from functools import lru_cache\n@lru_cache\ndef f(): pass", ""),
    (
        "a cached provider that a handler calls",
        FLASK + "@app.route('/')\ndef v(): f()\n@lru_cache()\ndef f(): pass",
        "",
    ),
    (
        "AppConfig",
        "from django.apps import AppConfig\nclass A(AppConfig):\n def ready(self): f()\ndef f(): pass",
        "A.ready",
    ),
    (
        "a worker process begins",
        "from celery.signals import worker_process_init\n@worker_process_init.connect\ndef f(**k): pass",
        "",
    ),
    ("aiohttp's on_startup", "async def f(app): pass\napp.on_startup.append(f)", ""),
    ("atexit", "import atexit\ndef f(): pass\natexit.register(f)", ""),
]

TOOL = [
    ("click", "import click\n@click.command()\ndef f(): pass", ""),
    ("typer", "import typer\napp = typer.Typer()\n@app.command()\ndef f(): pass", ""),
    ("a group of click", "import click\n@click.group()\ndef g(): pass\n@g.command()\ndef f(): pass", ""),
    ("Flask's command line", "from flask.cli import with_appcontext\n@with_appcontext\ndef f(): pass", ""),
    (
        "a management command",
        "from django.core.management.base import BaseCommand\nclass A(BaseCommand):\n def handle(self): f()\n"
        "def f(): pass",
        "A.handle",
    ),
    ("a test case", "from unittest import TestCase\nclass A(TestCase):\n def test(self): f()\ndef f(): pass", "A.test"),
    ("a fixture", "import pytest\n@pytest.fixture\ndef f(): pass", ""),
    ("under the main guard", "def f(): pass\nif __name__ == '__main__':\n f()", ""),
    ("below main()", "def f(): pass\ndef main(): f()\nif __name__ == '__main__':\n main()", "main"),
    ("below asyncio.run(main())", "async def f(): pass\nif __name__ == '__main__':\n asyncio.run(f())", ""),
]

SILENT = [
    ("a function", "def f(): pass"),
    ("called by nobody in sight", "def f(): pass\ndef g(): f()"),
    ("a method", "class A:\n def g(self): f()\ndef f(): pass"),
    ("a coroutine", "async def f(): pass"),
    ("an unknown decorator", "@decorate\ndef f(): pass"),
    ("an unknown decorator with a URL", "from m import decorate\n@decorate('/x')\ndef f(): pass"),
    ("get of something, no URL", "from shop import cache\n@cache.get('key')\ndef f(): pass"),
    ("get of an HTTP client", "import requests\n@requests.get('key')\ndef f(): pass"),
    ("a URL of unknown text", "from shop import thing\n@thing.get(URL)\ndef f(): pass"),
    ("a property", "class A:\n @property\n def g(self): f()\ndef f(): pass"),
    ("a view's signature in a file without a framework", "def f(request): pass"),
    ("request in second place", "from django.http import HttpResponse\ndef f(user, request): pass"),
    (
        "a method with a view's signature",
        "from django.http import X\nclass A:\n def g(self, request): f()\ndef f(): pass",
    ),
    ("an event without a context", "def f(event): pass"),
    ("an event handler with more", "def f(event, context, extra): pass"),
    ("a nested event handler", "def g():\n def f(event, context): pass"),
    ("a class of an unknown base", "from m import Base\nclass A(Base):\n def get(self): f()\ndef f(): pass"),
    ("a class without a base", "class A:\n def get(self): f()\n def post(self): f()\ndef f(): pass"),
    (
        "a view's method that nobody calls",
        "from flask.views import MethodView\nclass A(MethodView):\n def _x(self): f()\ndef f(): pass",
    ),
    ("a model", "from django.db import models\nclass A(models.Model):\n def save(self): f()\ndef f(): pass"),
    ("a plain middleware of another kind", "class A:\n def process_request(self, r): f()\ndef f(): pass"),
    ("path() of os", "from os import path\ndef f(): pass\npath('x/', f)"),
    ("url() of the file", "def f(): pass\ndef url(x, y): pass\ndef g(): url('x/', f)"),
    ("add_url_rule of an unknown function", "from m import g\ndef f(): pass\napp.add_url_rule('/x', 'x', g)"),
    ("handed over by a library function", "def f(): pass\ndef g(pool): pool.submit(f)"),
    ("a view that is called by name of an unknown", FLASK + "@app.route('/x')\ndef v(x): x.f()\ndef f(): pass"),
    (
        "another class's method of that name",
        FLASK + "@app.route('/')\ndef v(x): x.g()\nclass A:\n def g(self): f()\ndef f(): pass",
    ),
    ("named by a handler, not called", FLASK + "@app.route('/x')\ndef v(): return f\ndef f(): pass"),
    ("a task of an unknown decorator", "from m import job\n@job\ndef f(): pass"),
    ("a task handed to delay elsewhere", "from m import t\ndef f(): t.delay()"),
    ("a cache that clears", "@invalidate_cache\ndef f(): pass"),
    (
        "a cache of the whole answer",
        "from django.views.decorators.cache import cache_page\n@cache_page(60)\ndef f(r): pass",
    ),
    ("memory is no memo", "@track_memory\ndef f(): pass"),
    ("a factory's name on a method", "class A:\n def create_app(self): f()\ndef f(): pass"),
    ("main without a guard", "def f(): pass\ndef main(): f()"),
    ("a name like main under another condition", "def f(): pass\nif DEBUG == '__main__':\n g()"),
    ("a test's name in a module of the service", "def test(x): f()\ndef f(): pass"),
    ("a command's name", "def command(): f()\ndef f(): pass"),
    ("a class called Command of the file's own", "class Command:\n def handle(self): f()\ndef f(): pass"),
]


def standing(source: str, path: str = "service.py", settings: Settings | None = None) -> tuple[Place, str]:
    file = model(source, path, settings)
    (scope,) = [scope for scope in file.scopes if scope.is_function and scope.name == "f"]
    place, via, _ = file.place(scope)
    return place, display_name(via) if via is not None else ""


@pytest.mark.parametrize(("source", "via"), [pytest.param(s, v, id=w) for w, s, v in REQUEST])
def test_request_path(source: str, via: str) -> None:
    assert standing(source) == (Place.REQUEST, via)


@pytest.mark.parametrize(("source", "via"), [pytest.param(s, v, id=w) for w, s, v in WORKER])
def test_worker(source: str, via: str) -> None:
    assert standing(source) == (Place.WORKER, via)


@pytest.mark.parametrize(("source", "via"), [pytest.param(s, v, id=w) for w, s, v in STARTUP])
def test_start_up(source: str, via: str) -> None:
    assert standing(source) == (Place.STARTUP, via)


@pytest.mark.parametrize(("source", "via"), [pytest.param(s, v, id=w) for w, s, v in TOOL])
def test_tool(source: str, via: str) -> None:
    assert standing(source) == (Place.TOOL, via)


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in SILENT])
def test_what_is_not_shown_is_library_code(source: str) -> None:
    assert standing(source) == (Place.LIBRARY, "")


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s, _ in TOOL])
def test_an_option_makes_tools_library_code(source: str) -> None:
    assert standing(source, settings=Settings(include_tools=True))[0] is Place.LIBRARY


def test_module_level_is_start_up_and_under_the_guard_a_tool() -> None:
    source = model("a()\nif __name__ == '__main__':\n b()\nclass A:\n c()")
    places = {
        name: [source.place(scope, node).place for node, scope in many] for name, many in source.calls_by_name.items()
    }
    assert places == {"a": [Place.STARTUP], "b": [Place.TOOL], "c": [Place.STARTUP]}


TOOL_PATHS = [
    ("tests/test_views.py", "tests"),
    ("shop/tests/views.py", "tests of a package"),
    ("shop/tests.py", "Django's tests"),
    ("shop/views_test.py", "a test beside its file"),
    ("conftest.py", "pytest's own"),
    ("shop/migrations/0001_initial.py", "migrations"),
    ("alembic/env.py", "Alembic"),
    ("scripts/import.py", "scripts"),
    ("bin/run", "what is run by hand"),
    ("shop/management/commands/import.py", "management commands"),
    ("examples/service.py", "examples"),
    ("docs/conf.py", "documentation"),
    ("benchmarks/load.py", "benchmarks"),
    ("setup.py", "the package's own set-up"),
    ("manage.py", "Django's command line"),
    (".github/release.py", "hidden folders"),
    ("shop/cli.py", "a command line"),
]

OTHER_PATHS = [
    ("service.py", "a module"),
    ("shop/views.py", "views"),
    ("shop/test.html.py", "a name with test in it"),
    ("shop/contest.py", "a name that ends in test"),
    ("shop/attests/views.py", "a folder that ends in tests"),
    ("shop/latest_test_results.py", "test in the middle"),
    ("shop/migration.py", "one migration is a word"),
    ("shop/client.py", "client begins with cli"),
    ("shop/setup/views.py", "a folder called setup"),
    ("shop/example.py", "a module called example"),
    ("shop/describe.py", "scribe is no script"),
    ("-", "standard input"),
    ("stdin", "flake8's name for it"),
]


@pytest.mark.parametrize("path", [pytest.param(p, id=w) for p, w in TOOL_PATHS])
def test_a_path_that_says_tool(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_tool_path(path)
    assert standing("@app.route('/x')\ndef f(): pass", path) == (Place.TOOL, "")
    assert standing("@app.route('/x')\ndef f(): pass", path, Settings(include_tools=True)) == (Place.REQUEST, "")


@pytest.mark.parametrize("path", [pytest.param(p, id=w) for p, w in OTHER_PATHS])
def test_a_path_that_says_nothing(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not is_tool_path(path)


@pytest.mark.parametrize("manifest", ["requirements.txt", "Dockerfile", "pyproject.toml"])
def test_an_example_with_a_manifest_is_an_application(manifest: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "examples" / "shop" / "app"
    folder.mkdir(parents=True)
    assert is_tool_path(str(folder / "main.py"))
    is_tool_path.cache_clear()
    (folder.parent / manifest).touch()
    assert not is_tool_path(str(folder / "main.py"))


def test_a_manifest_makes_no_application_of_scripts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "scripts" / "import"
    folder.mkdir(parents=True)
    (folder / "requirements.txt").touch()
    assert is_tool_path(str(folder / "main.py"))


def test_a_checkout_in_a_folder_called_tests_is_no_test(tmp_path: Path) -> None:
    (tmp_path / "tests" / "shop" / ".git").mkdir(parents=True)
    assert not is_tool_path(str(tmp_path / "tests" / "shop" / "views.py"))
