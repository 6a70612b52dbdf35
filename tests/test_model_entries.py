"""Entries: handlers by framework and by the way in which they are registered, and what only looks like one."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.catalog.rows import Place

#: Framework, how it learns of the handler, and the source; the handlers are what is called `h` or `hN`.
HANDLERS = [
    ("Flask", "endpoint", "from flask import Flask\napp = Flask('a')\n@app.endpoint('x')\ndef h(): pass"),
    (
        "Flask",
        "a class by add_url_rule",
        "class V:\n def get(self): pass\napp.add_url_rule('/x', view_func=V.as_view('v'))",
    ),
    (
        "Flask",
        "a guarded class by add_url_rule",
        "class V:\n def get(self): pass\napp.add_url_rule('/x', view_func=guarded(V.as_view('v')))",
    ),
    ("Flask", "blueprint hooks", "from shop import bp\n@bp.before_app_request\ndef h(): pass"),
    ("Flask", "a relative URL", "from shop import api\n@api.route('users/<id>')\ndef h(id): pass"),
    (
        "Django",
        "a view that says what it returns",
        "from django.http import HttpResponse\ndef h(request, id) -> HttpResponse: return answer(id)",
    ),
    ("Flask-Login", "a loader", "from shop import login_manager\n@login_manager.user_loader\ndef h(i): pass"),
    ("Flask-JWT-Extended", "a loader", "from shop import jwt\n@jwt.token_in_blocklist_loader\ndef h(a, b): pass"),
    ("Flask-HTTPAuth", "who it is", "from shop import auth\n@auth.verify_password\ndef h(u, p): pass"),
    (
        "Flask-RESTful",
        "add_resource",
        "from shop.base import Thing\nclass V(Thing):\n def get(self): pass\napi.add_resource(V, '/x')",
    ),
    (
        "Flask-RESTX",
        "a namespace",
        "from flask_restx import Resource\n@ns.route('/x')\nclass V(Resource):\n def get(self): pass",
    ),
    (
        "Flask-Smorest",
        "a blueprint",
        "from flask.views import MethodView\n@blp.route('/x')\nclass V(MethodView):\n @blp.response(200)\n"
        " def get(self): pass",
    ),
    (
        "Flask-Classful",
        "any public method",
        "from flask_classful import FlaskView\nclass V(FlaskView):\n def h(self): pass",
    ),
    (
        "Flask-AppBuilder",
        "expose",
        "from flask_appbuilder import BaseView, expose\nclass V(BaseView):\n @expose('/x')\n def h(self): pass",
    ),
    (
        "Flask-AppBuilder",
        "expose of the project",
        "from ..views import expose\nclass V:\n @expose('/x')\n def h(self): pass",
    ),
    (
        "Flask-Admin",
        "a hook",
        "from flask_admin.contrib.sqla import ModelView\nclass V(ModelView):\n def get_query(self): pass",
    ),
    ("Quart", "a web socket", "from quart import Quart\napp = Quart('a')\n@app.websocket('/ws')\nasync def h(): pass"),
    (
        "FastAPI",
        "a class that is a dependency",
        "from fastapi import Depends\nclass V:\n def __call__(self): pass\ndef g(x=Depends(V)): pass",
    ),
    (
        "FastAPI",
        "an annotated dependency",
        "from fastapi import Depends\nfrom typing import Annotated\ndef h(): pass\nX = Annotated[str, Depends(h)]",
    ),
    ("FastAPI", "an exception handler", "def h(request, exc): pass\napp.add_exception_handler(KeyError, h)"),
    (
        "FastAPI",
        "exception handlers in a list",
        "from fastapi import FastAPI\ndef h(r, e): pass\napp = FastAPI(exception_handlers={404: h})",
    ),
    (
        "FastAPI",
        "a decorator that a call applies",
        "from fastapi import FastAPI\napp = FastAPI()\ndef h(): pass\napp.get('/x')(h)",
    ),
    (
        "Starlette",
        "a class in a route",
        "from starlette.routing import Route\nclass V(Base):\n def get(self, r): pass\nroutes = [Route('/x', V)]",
    ),
    (
        "Starlette",
        "an endpoint by keyword",
        "from starlette.routing import Route\nasync def h(r): pass\nroutes = [Route('/x', endpoint=h)]",
    ),
    (
        "Starlette",
        "middleware",
        "from starlette.middleware.base import BaseHTTPMiddleware\nclass V(BaseHTTPMiddleware):\n"
        " async def dispatch(self, r, n): pass",
    ),
    ("ASGI", "middleware", "class V:\n async def __call__(self, scope, receive, send): pass"),
    ("ASGI", "a function", "async def h(scope, receive, send): pass"),
    ("WSGI", "middleware", "class V:\n def __call__(self, environ, start_response): pass"),
    ("WSGI", "an application", "def h(environ, start_response): pass"),
    (
        "FastAPI",
        "a route class",
        "from fastapi import Request\nclass V:\n def get_route_handler(self):\n"
        "  async def h(request: Request): pass\n  return h",
    ),
    (
        "Django",
        "a class in a URL table",
        "from django.urls import path\nclass V(Base):\n def post(self, r): pass\n"
        "urlpatterns = [path('x', V.as_view())]",
    ),
    (
        "Django",
        "a guarded view in a URL table",
        "from django.urls import path\ndef h(r): pass\nurlpatterns = [path('x', guarded(h))]",
    ),
    (
        "Django",
        "middleware without a base",
        "class V:\n def __init__(self, get_response): pass\n def __call__(self, r): pass",
    ),
    ("Django", "middleware that is a function", "def m(get_response):\n def h(request): pass\n return h"),
    ("Django", "an action of the admin", "class V:\n def h(self, request, queryset): pass"),
    ("Django", "an action that is a function", "def h(modeladmin, request, queryset): pass"),
    (
        "Django",
        "the admin",
        "from django.contrib import admin\nclass V(admin.ModelAdmin):\n def save_model(self, r, o, f, c): pass",
    ),
    ("Django", "a mixin of views", "from django.http import X\nclass V:\n def dispatch(self, request, *a): pass"),
    (
        "Django",
        "an older generic view",
        "from django.views import generic\nclass V(generic.ListView):\n def get_queryset(self): pass",
    ),
    (
        "DRF",
        "a generic base with a type",
        "from rest_framework.generics import CreateAPIView\nclass V(CreateAPIView[int]):\n def create(self, *a): pass",
    ),
    (
        "DRF",
        "a mixin",
        "from rest_framework.mixins import ListModelMixin\nclass V(ListModelMixin):\n def list(self, r): pass",
    ),
    (
        "DRF",
        "a permission",
        "from rest_framework import permissions\nclass V(permissions.BasePermission):\n"
        " def has_permission(self, r, v): pass",
    ),
    (
        "DRF",
        "a filter",
        "from rest_framework.filters import BaseFilterBackend\nclass V(BaseFilterBackend):\n"
        " def filter_queryset(self, r, q, v): pass",
    ),
    ("django-filter", "a method of a filter set", "class V:\n def h(self, queryset, name, value): pass"),
    (
        "Django Ninja",
        "a router",
        "from ninja import Router\nrouter = Router()\n@router.get('items')\ndef h(request): pass",
    ),
    (
        "Django Ninja",
        "an API",
        "from ninja import NinjaAPI\napi = NinjaAPI()\n@api.api_operation(['GET'], '/x')\ndef h(r): pass",
    ),
    (
        "Django Ninja",
        "who it is",
        "from ninja.security import HttpBearer\nclass V(HttpBearer):\n def authenticate(self, r, t): pass",
    ),
    (
        "Ninja Extra",
        "a controller",
        "from ninja_extra import api_controller, http_get\n@api_controller\nclass V:\n @http_get('x')\n"
        " def h(self): pass",
    ),
    ("aiohttp", "add_route", "async def h(r): pass\ndef setup(app): app.router.add_route('*', '/x', h)"),
    (
        "aiohttp",
        "a method by add_post",
        "class A:\n async def h(self, r): pass\n def setup(self, app): app.router.add_post('/x', self.h)",
    ),
    ("aiohttp", "a view", "from aiohttp import web\nclass V(web.View):\n async def get(self): pass"),
    ("aiohttp", "add_view", "class V(Base):\n async def get(self): pass\ndef setup(app): app.router.add_view('/x', V)"),
    ("aiohttp", "middleware", "from aiohttp import web\n@web.middleware\nasync def h(r, handler): pass"),
    ("aiohttp", "middleware of old", "async def m(app, handler):\n async def h(request): pass\n return h"),
    (
        "aiohttp",
        "a method, by its request",
        "from aiohttp import web\nclass A:\n async def h(self, req: web.Request): pass",
    ),
    (
        "Sanic",
        "the function first",
        "from sanic import Sanic\napp = Sanic('a')\nasync def h(r): pass\napp.add_route(h, '/x')",
    ),
    (
        "Sanic",
        "a class",
        "from sanic.views import HTTPMethodView\nclass V(HTTPMethodView):\n async def get(self, r): pass",
    ),
    (
        "Sanic",
        "an exception handler",
        "from sanic import exceptions\nfrom shop import app\n@app.exception(KeyError)\nasync def h(r, e): pass",
    ),
    ("Tornado", "a table of URLs", "class V(Base):\n def get(self): pass\napp = Application([(r'/x', V)])"),
    ("Tornado", "URLSpec in a table", "class V(Base):\n def get(self): pass\nhandlers = [('/a/' + ID, V)]"),
    (
        "Tornado",
        "prepare",
        "from tornado.web import RequestHandler\nclass V(RequestHandler):\n def prepare(self): pass",
    ),
    (
        "Tornado",
        "a base of a module of handlers",
        "from shop.handlers import ShopHandler\nclass V(ShopHandler):\n def get(self): pass",
    ),
    ("Litestar", "a route", "from litestar import get\n@get('/x')\nasync def h(): pass"),
    ("Litestar", "a dependency", "from litestar.di import Provide\nasync def h(): pass\nx = {'a': Provide(h)}"),
    ("Litestar", "a guard", "from litestar import Controller\ndef h(c, r): pass\nclass A(Controller):\n guards = [h]"),
    ("Falcon", "a resource", "class V:\n def on_get_items(self, req, resp, id): pass"),
    ("Falcon", "a resource that is a module", "def on_get(req, resp): pass"),
    ("Falcon", "unused parameters", "class V:\n def on_delete(self, _, response): pass"),
    ("Falcon", "middleware", "class V:\n def process_request(self, req, resp): pass"),
    ("Falcon", "a hook", "import falcon\ndef h(req, resp, resource, params): pass\n@falcon.before(h)\nclass A: pass"),
    ("Bottle", "a function of the module", "from bottle import route\n@route('/x')\ndef h(): pass"),
    (
        "Bottle",
        "a call",
        "import bottle\nclass A:\n def h(self): pass\n def setup(self):\n  app = bottle.Bottle()\n"
        "  app.route('/x', 'GET', self.h)",
    ),
    ("Bottle", "several paths", "import pages\nfrom bottle import request\n@pages.get(['/x', '/x/'])\ndef h(): pass"),
    ("Bottle", "a callback", "import bottle\ndef h(): pass\nbottle.route('/x', callback=h)"),
    (
        "Pyramid",
        "view_config on a method",
        "from pyramid.view import view_config\nclass V:\n @view_config(route_name='x')\n def h(self): pass",
    ),
    (
        "Pyramid",
        "view_config on a class",
        "from pyramid.view import view_config\n@view_config(route_name='x', attr='h')\nclass V:\n def h(self): pass",
    ),
    ("Pyramid", "add_view", "def h(context, request): pass\ndef includeme(config): config.add_view(h, route_name='x')"),
    ("Pyramid", "the signature", "import pyramid\ndef h(context, request): pass"),
    (
        "Pyramid",
        "a subscriber",
        "from pyramid.events import NewRequest, subscriber\n@subscriber(NewRequest)\ndef h(e): pass",
    ),
    ("Pyramid", "a tween", "def factory(handler, registry):\n def h(request): pass\n return h"),
    (
        "Pyramid",
        "a decorator of the project",
        "from shop.config import api_config\n@api_config(route_name='x')\ndef h(r): pass",
    ),
    ("Cornice", "a service", "from cornice import Service\ns = Service('a', '/x')\n@s.get()\ndef h(request): pass"),
    (
        "Cornice",
        "a resource",
        "from cornice.resource import resource\n@resource(path='/x')\nclass V:\n def collection_get(self): pass",
    ),
    ("CherryPy", "expose", "import cherrypy\nclass V:\n @cherrypy.expose\n def h(self): pass"),
    ("CherryPy", "the attribute", "import cherrypy\nclass V:\n def h(self): pass\n h.exposed = True"),
    ("CherryPy", "an exposed class", "import cherrypy\n@cherrypy.expose\nclass V:\n def GET(self): pass"),
    ("web.py", "a flat table", "import web\nurls = ('/x', 'V')\nclass V:\n def GET(self): pass"),
    ("web.py", "a table elsewhere", "import web\nclass V:\n def POST(self): pass"),
    ("infogami", "a page", "from infogami.utils import delegate\nclass V(delegate.page):\n def GET(self): pass"),
    (
        "Masonite",
        "a controller",
        "from masonite.controllers import Controller\nclass V(Controller):\n def h(self): pass",
    ),
    ("Robyn", "a route", "from robyn import Robyn\napp = Robyn(__file__)\n@app.get('x')\ndef h(): pass"),
    (
        "Robyn",
        "add_route",
        "from robyn import Robyn\napp = Robyn(__file__)\ndef h(): pass\napp.add_route('GET', '/x', h)",
    ),
    (
        "BlackSheep",
        "a controller",
        "from blacksheep.server.controllers import Controller, get\nclass V(Controller):\n @get()\n def h(self): pass",
    ),
    (
        "Emmett",
        "a route without a URL",
        "from emmett import App\napp = App(__name__)\n@app.route()\nasync def h(): pass",
    ),
    ("Hug", "a route", "import hug\n@hug.get()\ndef h(): pass"),
    (
        "Odoo",
        "a route",
        "from odoo import http\nclass V(http.Controller):\n @http.route(['/x'], type='json')\n def h(self): pass",
    ),
    (
        "http.server",
        "a method",
        "from http.server import BaseHTTPRequestHandler\nclass V(BaseHTTPRequestHandler):\n def do_GET(self): pass",
    ),
    (
        "any",
        "a decorator that returns a route",
        "from shop import app\ndef page(path): return app.route(path, methods=['GET'])\n@page('/x')\ndef h(): pass",
    ),
    (
        "any",
        "a decorator that calls a route",
        "from shop import app\ndef page(path):\n def decorate(f): return app.get(path)(f)\n return decorate\n"
        "@page('/x')\ndef h(): pass",
    ),
    (
        "any",
        "a decorator that registers",
        "from shop import app\ndef page(path):\n def decorate(f):\n  app.add_url_rule(path, view_func=f)\n"
        "  return f\n return decorate\n@page('/x')\ndef h(): pass",
    ),
    (
        "any",
        "a decorator over a wrapper",
        "from shop import app\ndef page(path):\n def decorate(f):\n  @app.route(path)\n"
        "  def inner(): return f()\n  return inner\n return decorate\n@page('/x')\ndef h(): pass",
    ),
]

#: What a provider or hook of start-up is, though a handler's neighbour.
STARTUP = [
    (
        "a cached dependency",
        "from functools import lru_cache\nfrom fastapi import Depends\n@lru_cache\ndef h(): pass\n"
        "def g(x=Depends(h)): pass",
    ),
    (
        "Starlette's list",
        "from starlette.applications import Starlette\ndef h(): pass\napp = Starlette(on_startup=[h])",
    ),
    ("Litestar's list", "from litestar import Litestar\ndef h(): pass\napp = Litestar(on_startup=[h])"),
    ("Robyn", "from robyn import Robyn\napp = Robyn(__file__)\n@app.startup_handler\ndef h(): pass"),
    ("BlackSheep", "from blacksheep import Application\napp = Application()\n@app.on_start\ndef h(a): pass"),
    ("Hug", "import hug\n@hug.startup()\ndef h(api): pass"),
    (
        "Sanic",
        "from sanic import Sanic\nfrom shop import app\ndef h(a): pass\n"
        "app.register_listener(h, 'before_server_start')",
    ),
    ("Pyramid's includeme", "def includeme(config): h()\ndef h(): pass"),
]

#: None of these is a handler, nor on the request path.
SILENT = [
    ("a client that is described", "from uplink import get\n@get('/users')\ndef h(): pass"),
    ("a mocked answer", "import responses\n@responses.get('/users')\ndef h(): pass"),
    ("a view of a chat", "import discord\nclass V(discord.ui.View):\n def get(self): pass"),
    (
        "a resource of a client",
        "import requests\nfrom .base import Resource\nclass V(Resource):\n def get(self, key): pass",
    ),
    ("a resource of a graph", "from rdflib.resource import Resource\nclass V(Resource):\n def get(self, key): pass"),
    ("a client's pages", "import httpx\nclass V:\n def get(self, url): pass\n def post(self, url): pass"),
    ("a table of paths", "class V: pass\npaths = [('/etc/x', V)]"),
    ("a table of words", "class V:\n def get(self): pass\nwords = [('x', V)]"),
    ("a table of functions without a framework", "def h(): pass\npaths = [('/etc/x', h)]"),
    ("a class of methods in capitals", "class V:\n def GET(self): pass"),
    ("a function in capitals", "import web\ndef GET(): pass"),
    ("falcon's name, other parameters", "class V:\n def on_get(self, key, value): pass"),
    ("an event of another kind", "class V:\n def on_getting(self, event, value): pass"),
    ("environment, no answer", "def h(environ): pass"),
    ("scope alone", "def h(scope, send): pass"),
    ("a queryset's method", "class V:\n def h(self, queryset): pass"),
    ("a callable of another kind", "class V:\n def __init__(self, get): pass\n def __call__(self, r): pass"),
    ("a request that is sent", "from urllib.request import Request\ndef h(req: Request): pass"),
    ("a request of a client in aiohttp", "import aiohttp\nclass V:\n async def h(self, request): pass"),
    ("an attribute called exposed", "class V:\n def h(self): pass\n h.exposed = True"),
    (
        "a decorator that stores",
        "from shop import cache\ndef stored(key):\n def decorate(f): return cache.get(key)(f)\n"
        " return decorate\n@stored('/x')\ndef h(): pass",
    ),
    (
        "a decorator that returns a look-up",
        "from shop import cache\ndef stored(key): return cache.get(key)\n@stored('/x')\ndef h(): pass",
    ),
    ("an action of a shell", "from shop import infogami\n@infogami.action\ndef h(name): pass"),
    ("a helper of a controller", "from flask_classful import FlaskView\nclass V(FlaskView):\n def _h(self): pass"),
    ("a decorated class", "from shop import register\n@register('/x')\nclass V:\n def get(self): pass"),
    ("a route of messages", "from shop import broker\n@broker.route('orders')\ndef h(m): pass"),
    ("a class handed to something", "class V:\n def get(self): pass\nregister('/x', V)"),
    ("an instance in a table", "class V:\n def get(self): pass\npaths = [('/x', V())]"),
    (
        "a backend's cache",
        "from django.conf import settings\nfrom shop.cache import CacheHandler\nclass V(CacheHandler):\n"
        " def load(self, key): pass",
    ),
    ("a factory of applications", "import falcon\ndef make():\n app = falcon.App()\n return app"),
]


def found(source: str) -> dict[str, Place]:
    """Return the place of every function that is not called `setup`, `g` or the like, by its name."""
    file = model(source)
    ignored = {"setup", "g", "m", "page", "decorate", "inner", "stored", "factory", "includeme", "make", "__init__",
               "get_route_handler"}  # fmt: skip
    return {
        scope.name: file.place(scope).place for scope in file.scopes if scope.is_function and scope.name not in ignored
    }


@pytest.mark.parametrize("source", [pytest.param(s, id=f"{f}: {w}") for f, w, s in HANDLERS])
def test_a_handler(source: str) -> None:
    assert set(found(source).values()) == {Place.REQUEST}
    handlers = {scope.name for scope, where in model(source).places.handlers.items() if where.place is Place.REQUEST}
    assert set(found(source)) <= handlers


def test_a_listener_of_litestar_works_behind_the_request() -> None:
    source = "from litestar.events import listener\n\n@listener('made')\nasync def h(row): pass\n"
    assert found(source) == {"h": Place.WORKER}


def test_who_goes_over_the_messages_of_a_consumer_consumes_them() -> None:
    source = (
        "from kafka import KafkaConsumer\n\ndef h():\n    for message in KafkaConsumer('made'):\n        f(message)\n"
    )
    assert found(source) == {"h": Place.WORKER}


def test_a_subscriber_of_the_start_of_pyramid() -> None:
    source = (
        "from pyramid.events import ApplicationCreated, subscriber\n@subscriber(ApplicationCreated)\ndef start(e): pass"
    )
    assert found(source) == {"start": Place.STARTUP}


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in STARTUP])
def test_start_up(source: str) -> None:
    assert found(source) == {"h": Place.STARTUP}


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in SILENT])
def test_what_only_looks_like_a_handler(source: str) -> None:
    assert set(found(source).values()) <= {Place.LIBRARY}


VIEWS = "from django.shortcuts import render\n"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            VIEWS + "def v(request): return render(request, h(request))\ndef h(request): pass", id="called in the file"
        ),
        pytest.param(VIEWS + "def _h(request): pass", id="private"),
        pytest.param(VIEWS + "def h(request, name): return look_up(name)", id="in a file that makes no answer"),
        pytest.param("from django.conf import settings\ndef h(request): return {}", id="a context processor"),
        pytest.param(
            "from pyramid.renderers import render\ndef h(request, user): return render('x', user)",
            id="a mail of Pyramid",
        ),
        pytest.param(VIEWS + "def h(request): return request.user", id="it returns no answer"),
        pytest.param(VIEWS + "def h(request, name): request.session[name] = 1", id="it returns nothing"),
        pytest.param(VIEWS + "def h(request): return request.method == 'POST'", id="it returns a truth value"),
        pytest.param("from django.http import HttpRequest\ndef h(r: HttpRequest, x): return x", id="by its type"),
        pytest.param("from fastapi import Request\nclass A:\n def h(self, r: Request): return r", id="a method"),
    ],
)
def test_a_helper_that_takes_a_request_is_on_the_request_path_and_no_handler(source: str) -> None:
    file = model(source)
    (helper,) = [scope for scope in file.scopes if scope.name in ("h", "_h")]
    assert file.place(helper).place is Place.REQUEST
    assert helper not in file.places.handlers


def test_a_helper_is_reached_from_its_caller() -> None:
    file = model(VIEWS + "def v(request): return render(request, h(request))\ndef h(request): pass")
    v, h = (next(scope for scope in file.scopes if scope.name == name) for name in "vh")
    assert file.place(h).via is v


@pytest.mark.parametrize(
    ("source", "framework"),
    [
        ("from shop import router\nimport fastapi\n@router.get('/x')\ndef h(): pass", "fastapi"),
        ("from shop import app\nfrom flask import request\n@app.get('/x')\ndef h(): pass", "flask"),
        ("from shop import app\nfrom quart import request\n@app.get('/x')\ndef h(): pass", "quart"),
        ("from shop import app\nfrom bottle import request\n@app.get('/x')\ndef h(): pass", "bottle"),
        ("from shop import router\nfrom ninja import Schema\n@router.get('/x')\ndef h(r): pass", "django-ninja"),
        ("from shop import router\n@router.get('/x')\ndef h(): pass", "fastapi"),
    ],
)
def test_a_route_of_an_object_from_elsewhere_is_of_the_framework_that_the_file_imports(
    source: str, framework: str
) -> None:
    (standing,) = model(source).places.handlers.values()
    assert standing.framework == framework


@pytest.mark.parametrize(
    ("source", "per_call"),
    [
        ("from starlette.endpoints import HTTPEndpoint\nclass V(HTTPEndpoint):\n def get(self, r): pass", True),
        ("from starlette.middleware.base import BaseHTTPMiddleware\nclass V(BaseHTTPMiddleware): pass", False),
        ("from tornado.web import RequestHandler\nclass V(RequestHandler): pass", True),
        ("from flask_appbuilder import BaseView\nclass V(BaseView): pass", False),
        ("from django.contrib import admin\nclass V(admin.ModelAdmin): pass", False),
        ("from django.views import View\nclass V(View): pass", True),
    ],
)
def test_objects_of_handlers_are_made_for_each_request_or_once(source: str, per_call: bool) -> None:
    (entry,) = model(source).places.handler_classes.values()
    assert entry.per_call is per_call
