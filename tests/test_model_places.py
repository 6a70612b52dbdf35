"""Places: where a function runs, and through which handler.  What the file does not show is library code."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.running import toolpaths
from flake8_scalability.model.running.toolpaths import PathSays, says
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
    ("a route with a computed rule", "from shop import routes\n@routes.route(rule('/x'))\ndef f(): pass", ""),
    (
        "a view of a base class of the project",
        "from shop.views import ShopView\nclass A(ShopView):\n def get(self, request): f()\ndef f(): pass",
        "A.get",
    ),
    (
        "a resource of the project's base in a Flask file",
        "from flask import g\nfrom shop.base import BaseResource\nclass A(BaseResource):\n def get(self, id): f()\n"
        "def f(): pass",
        "A.get",
    ),
    (
        "a handler of the project's base that answers",
        "from shop.base import BaseHandler\nclass A(BaseHandler):\n def get(self, id):\n  f()\n  self.write(id)\n"
        "def f(): pass",
        "A.get",
    ),
    (
        "a viewset of the project's base",
        "from rest_framework.response import Response\nfrom shop.api import ShopViewSet\nclass A(ShopViewSet):\n"
        " def get_queryset(self): f()\ndef f(): pass",
        "A.get_queryset",
    ),
    (
        "a serializer of the project's base",
        "import rest_framework\nfrom shop.api import ShopSerializer\nclass A(ShopSerializer):\n"
        " def to_representation(self, x): f()\ndef f(): pass",
        "A.to_representation",
    ),
    ("Falcon", "class A:\n def on_get(self, req, resp): f()\ndef f(): pass", "A.on_get"),
    (
        "Litestar",
        "from litestar import Controller, get\nclass A(Controller):\n @get('/x')\n def g(self): f()\ndef f(): pass",
        "A.g",
    ),
    ("Sanic", "from sanic import Blueprint\nbp = Blueprint('a')\n@bp.route('/x')\nasync def f(request): pass", ""),
    ("Graphene", "class A(ObjectType):\n def resolve_x(root, info): f()\ndef f(): pass", "A.resolve_x"),
    ("Strawberry", "import strawberry\nclass A:\n @strawberry.field\n def x(self): f()\ndef f(): pass", "A.x"),
    (
        "gRPC",
        "import shop_pb2_grpc\nclass A(shop_pb2_grpc.ShopServicer):\n def Buy(self, r, c): f()\ndef f(): pass",
        "A.Buy",
    ),
    (
        "Channels",
        "from channels.generic.websocket import WebsocketConsumer\nclass A(WebsocketConsumer):\n"
        " def receive(self, text): f()\ndef f(): pass",
        "A.receive",
    ),
    ("a socket's event", "from shop import socketio\n@socketio.on('message')\ndef f(m): pass", ""),
    ("a Telegram bot", "from telegram.ext import CommandHandler\ndef f(u, c): pass\nh = CommandHandler('x', f)", ""),
    ("a Discord bot", "import discord\nbot = discord.Bot()\n@bot.slash_command()\nasync def f(c): pass", ""),
    ("a tool of a language model", "from fastmcp import FastMCP\nmcp = FastMCP()\n@mcp.tool()\ndef f(): pass", ""),
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
    ("a consumer's callback", "def f(ch, m, p, b): pass\nchannel.basic_consume('q', on_message_callback=f)", ""),
    ("a job of a scheduler", "def f(): pass\ndef start(): scheduler.add_job(f, 'cron')", ""),
    ("an actor of the project", "from shop.worker import actor\n@actor(queue='x')\ndef f(): pass", ""),
    (
        "what a consumer does again and again",
        "def f(m): pass\ndef consume():\n while True:\n  f(poll())\nif __name__ == '__main__':\n consume()",
        "consume",
    ),
    (
        "what a loop does until it is told to stop",
        "def f(): pass\ndef work():\n while not stopping:\n  f()\nif __name__ == '__main__':\n work()",
        "work",
    ),
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
    ("a guard that serves", "def f(): return app\nif __name__ == '__main__':\n web.run_app(f())", ""),
    ("a guard that starts uvicorn", "def f(): pass\nif __name__ == '__main__':\n f()\n uvicorn.run('a:app')", ""),
    ("main() that serves", "def f(): pass\ndef main():\n f()\n app.run()\nif __name__ == '__main__':\n main()", "main"),
    ("main() that polls a bot", "def f():\n bot.run_polling()\nif __name__ == '__main__':\n f()", ""),
    (
        "main() that waits for a gRPC server",
        "def f():\n server.wait_for_termination()\nif __name__ == '__main__':\n f()",
        "",
    ),
    ("a consumer", "def f():\n channel.start_consuming()\nif __name__ == '__main__':\n f()", ""),
    ("a loop without an end", "def f():\n while True:\n  work()\nif __name__ == '__main__':\n f()", ""),
    (
        "a method of what a serving main makes",
        "class A:\n def f(self): pass\nif __name__ == '__main__':\n A().f()\n app.run()",
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
    (
        "main with arguments",
        "import sys\ndef f(argv): main(argv)\ndef main(argv): f(argv)\nif __name__ == '__main__':\n main(sys.argv)",
        "main",
    ),
    ("the only function, which gives nothing back", "def f(x): print(x)\nif __name__ == '__main__':\n f(1)", ""),
    ("a loop that ends", "def f():\n while True:\n  if work():\n   break\nif __name__ == '__main__':\n f()", ""),
    (
        "asyncio.run is no server",
        "def f(): pass\nasync def main(): f()\nif __name__ == '__main__':\n asyncio.run(main())",
        "main",
    ),
    ("subprocess.run is no server", "def f():\n subprocess.run('x')\nif __name__ == '__main__':\n f()", ""),
    (
        "a method in a file for a command line",
        "import argparse\nclass A:\n def f(self): pass\nif __name__ == '__main__':\n A().f()",
        "",
    ),
    (
        "a file that prints all the time",
        "class A:\n def f(self): pass\n" + "print(1)\n" * 8 + "if __name__ == '__main__':\n A().f()",
        "",
    ),
    (
        "a function given its work, in such a file",
        "import click\ndef f(x): pass\nif __name__ == '__main__':\n f(1)",
        "",
    ),
    ("a module level that prints", "def f(): pass\nf()\n" + "print(1)\n" * 5, ""),
    ("a module level that parses a command line", "def f(): pass\nf()\nargs = parser.parse_args()", ""),
    ("run to its end at module level", "import asyncio\nasync def f(): pass\nasyncio.run(f())", ""),
    ("below asyncio.run(main())", "async def f(): pass\nif __name__ == '__main__':\n asyncio.run(f())", ""),
]

SILENT = [
    ("a function", "def f(): pass"),
    ("a server's coroutine", "import asyncio\nasync def f():\n while True:\n  g()\nasyncio.run(h(f))"),
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
    ("a method that a demonstration calls", "class A:\n def f(self): pass\nif __name__ == '__main__':\n A().f()"),
    (
        "a method that main() calls",
        "class A:\n def f(self): pass\ndef main(): A().f()\nif __name__ == '__main__':\n main()",
    ),
    (
        "a constructor that main() calls",
        "class A:\n def __init__(self): f()\ndef f(): pass\nif __name__ == '__main__':\n A()",
    ),
    (
        "a function that a demonstration gives something",
        "def f(x): return x\nif __name__ == '__main__':\n print(f('example'))",
    ),
    (
        "what library code calls as well",
        "def f(): pass\ndef g(): f()\ndef main(): f()\nif __name__ == '__main__':\n main()",
    ),
    ("what a method calls as well", "def f(): pass\nclass A:\n def g(self): f()\nif __name__ == '__main__':\n f()"),
    ("a page that is run for every visitor", "import streamlit\ndef f(): pass\nif __name__ == '__main__':\n f()"),
    ("what start-up registers", "def f(): pass\ndef create_app(): bus.register(f)"),
    (
        "what main() registers",
        "def f(): pass\ndef main():\n bus.register(f)\n app.run()\nif __name__ == '__main__':\n main()",
    ),
    (
        "a handler by its base's name without a request",
        "from m import B\nclass A(B.Handler):\n def get(self, k): f()\ndef f(): pass",
    ),
    (
        "a view by its base's name, another method",
        "from m import MyView\nclass A(MyView):\n def load(self, request): f()\ndef f(): pass",
    ),
    (
        "a view of a base in the file",
        "class MyView: pass\nclass A(MyView):\n def get(self, request): f()\ndef f(): pass",
    ),
    ("a storage's resource", "from m import S3Resource\nclass A(S3Resource):\n def get(self, key): f()\ndef f(): pass"),
    (
        "a serializer without the framework",
        "from m import XSerializer\nclass A(XSerializer):\n def create(self, d): f()\ndef f(): pass",
    ),
    ("on_get with other parameters", "class A:\n def on_get(self, key): f()\ndef f(): pass"),
    ("a resolver without info", "class A:\n def resolve_x(self, key): f()\ndef f(): pass"),
    ("an event of something else", "from shop import emitter\n@emitter.on('message')\ndef f(m): pass"),
    (
        "a command's handler that is no bot's",
        "from m import CommandHandler\ndef f(u): pass\nh = CommandHandler('x', f)",
    ),
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


def test_the_module_level_of_a_script_is_a_tool_and_a_lone_call_is_not() -> None:
    script, lone = "print(1)\n" * 5 + "a()", "response = a()"
    for source, place in ((script, Place.TOOL), (lone, Place.STARTUP), ("print(1)\n" + lone, Place.STARTUP)):
        file = model(source)
        ((node, scope),) = file.calls_by_name["a"]
        assert file.place(scope, node).place is place


def test_a_talkative_module_with_handlers_is_no_script() -> None:
    file = model("print(1)\n" * 5 + "a()\n@app.route('/x')\ndef f(): pass")
    ((node, scope),) = file.calls_by_name["a"]
    assert file.place(scope, node).place is Place.STARTUP


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
    ("benchmarks/load.py", "benchmarks"),
    (".github/release.py", "hidden folders"),
    ("evals/run.py", "evaluations"),
    ("shop/prompt_evals/run.py", "evaluations of something"),
    ("shop/make_fake_data/orders.py", "what makes up data"),
    ("docs/conf.py", "documentation"),
    ("demo/app.py", "a demonstration"),
    ("shop/2024-05-17-views/orders.py", "put aside under its date"),
    ("shop/local_settings_example.py", "settings to be copied"),
    ("shop/config.sample.py", "settings to be copied, by another ending"),
]

LIKELY_PATHS = [
    ("setup.py", "the package's own set-up"),
    ("manage.py", "Django's command line"),
    ("cli.py", "a command line"),
    ("tools/release.py", "tools beside the application"),
    ("dev/server.py", "what developers run"),
    ("check_links.py", "a check"),
]

#: What has such a name inside a package of the application.
PLAUSIBLE_PATHS = [
    ("shop/tools/search.py", "tools that a language model calls"),
    ("shop/docs/views.py", "an application called docs"),
    ("shop/cli/endpoints.py", "endpoints for a command line"),
    ("shop/demo/views.py", "an application called demo"),
    ("shop/views/setup.py", "a view that sets up"),
    ("shop/services/factories.py", "factories of services"),
    ("shop/check_stock.py", "a module that checks"),
    ("shop/migrate.py", "a module that migrates"),
]

OTHER_PATHS = [
    ("2024-05-17/views.py", "a checkout of one day"),
    ("shop/1024-05-170/views.py", "digits that are no date"),
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
    ("shop/settings_template_engine.py", "a template is its object"),
    ("shop/blood_sample.py", "a sample of the trade"),
    ("shop/describe.py", "scribe is no script"),
    ("-", "standard input"),
    ("stdin", "flake8's name for it"),
]


@pytest.mark.parametrize("path", [pytest.param(p, id=w) for p, w in TOOL_PATHS])
def test_a_path_that_says_tool(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert says(path) in (PathSays.TOOL, PathSays.COMMAND)
    assert standing("@app.route('/x')\ndef f(): pass", path) == (Place.TOOL, "")
    assert standing("@app.route('/x')\ndef f(): pass", path, Settings(include_tools=True)) == (Place.REQUEST, "")


@pytest.mark.parametrize("path", [pytest.param(p, id=w) for p, w in LIKELY_PATHS])
def test_a_path_that_says_tool_unless_the_file_has_handlers(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert says(path) is PathSays.LIKELY_TOOL
    assert standing("def f(): pass", path) == (Place.TOOL, "")
    assert standing("@app.route('/x')\ndef f(): pass", path) == (Place.REQUEST, "")


@pytest.mark.parametrize("path", [pytest.param(p, id=w) for p, w in PLAUSIBLE_PATHS])
def test_a_package_of_the_application_is_none_unless_it_is_a_command_line(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (Path(path).parent, Path("shop")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    toolpaths._says.cache_clear()
    assert says(path) is PathSays.PERHAPS_TOOL
    assert standing("def f(): pass", path) == (Place.LIBRARY, "")
    assert standing("import click\ndef f(): pass", path) == (Place.TOOL, "")
    toolpaths._says.cache_clear()


@pytest.mark.parametrize("name", ["0001_initial.py", "env.py"])
def test_migrations_are_numbered(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "shop" / "migrations"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    assert says(str(folder / "from_other_shops.py")) is not PathSays.TOOL
    (folder / name).touch()
    toolpaths._says.cache_clear()
    assert says(str(folder / "from_other_shops.py")) is PathSays.TOOL


@pytest.mark.parametrize("path", [pytest.param(p, id=w) for p, w in OTHER_PATHS])
def test_a_path_that_says_nothing(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert says(path) is not PathSays.TOOL


@pytest.mark.parametrize("manifest", ["requirements.txt", "Dockerfile", "Procfile"])
def test_an_example_with_a_manifest_is_an_application(manifest: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "examples" / "shop" / "app"
    folder.mkdir(parents=True)
    assert says(str(folder / "main.py")) is PathSays.TOOL
    toolpaths._says.cache_clear()
    (folder.parent / manifest).touch()
    assert says(str(folder / "main.py")) is not PathSays.TOOL


def test_a_package_of_an_example_is_no_application(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "examples" / "shop"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    assert says(str(folder / "main.py")) is PathSays.TOOL


def test_a_manifest_makes_no_application_of_scripts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "scripts" / "import"
    folder.mkdir(parents=True)
    (folder / "requirements.txt").touch()
    assert says(str(folder / "main.py")) is PathSays.TOOL


def test_a_checkout_in_a_folder_called_tests_is_no_test(tmp_path: Path) -> None:
    (tmp_path / "tests" / "shop" / ".git").mkdir(parents=True)
    assert says(str(tmp_path / "tests" / "shop" / "views.py")) is not PathSays.TOOL


def test_a_command_that_consumes_for_ever_is_a_service() -> None:
    text = """
        from django.core.management.base import BaseCommand

        class Command(BaseCommand):
            def handle(self, *args, **options):
                while True:
                    f()

        def f(): pass
        """
    assert standing(text, "shop/management/commands/consume.py") == (Place.WORKER, "Command.handle")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("f()", id="it ends"),
        pytest.param("\n        while True:\n            f()\n            break", id="it leaves its loop"),
        pytest.param("\n        while not finished:\n            f()", id="a local name ends it"),
        pytest.param("\n        for page in pages:\n            f()", id="it goes through pages"),
    ],
)
def test_a_command_that_ends_is_a_tool(body: str) -> None:
    text = (
        "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n"
        f"    def handle(self, *args, **options):\n        {body}\n\ndef f(): pass\n"
    )
    assert standing(text, "shop/management/commands/import.py")[0] is Place.TOOL


@pytest.mark.parametrize(
    ("decorators", "place"),
    [
        ("@bot.command()\n@commands.is_owner()", Place.TOOL),
        ("@bot.command()\n@owner_only", Place.TOOL),
        ("@bot.command()\n@commands.guild_only()", Place.REQUEST),
    ],
)
def test_a_command_that_a_bot_takes_from_its_owner_alone_is_a_tool(decorators: str, place: Place) -> None:
    head = "from discord.ext import commands\nbot = commands.Bot('!')\n"
    assert standing(f"{head}{decorators}\nasync def f(ctx): pass")[0] is place
    assert standing(f"{head}{decorators}\nasync def command(ctx): f()\ndef f(): pass")[0] is place


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("from invoke import Collection, task as command\ndef task(f): return command(f)\n@task\ndef g(c): pass", True),
        ("from invoke import task\n@task\ndef g(c): pass", True),
        ("import nox\ndef g(session): pass", True),
        ("from fabric import task\n@task\ndef g(c): pass", True),
        ("from fabric import Connection\ndef g(host): Connection(host).run('ls')", False),
        ("from celery import task\n@task\ndef g(c): pass", False),
        ("from invoke import task\nfrom flask import Flask\napp = Flask('a')\n@app.route('/')\ndef g(): pass", False),
        ("revision = 'a1'\ndown_revision = None\ndef upgrade(): pass", True),
        ("revision = 'a1'\ndef upgrade(): pass", False),
        ("import frappe\ndef execute(): pass", True),
        ("import frappe\ndef execute(filters): pass", False),
        ("def execute(): pass", False),
    ],
)
def test_a_file_of_commands_for_developers_is_a_tool(text: str, tool: bool) -> None:
    assert model(text).places.is_tool is tool


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (["requests", "urllib3", "shop"], PathSays.TOOL),
        (["requests", "shop"], PathSays.NOTHING),
        ([], PathSays.NOTHING),
    ],
)
def test_a_folder_of_libraries_is_other_peoples_where_known_ones_lie_in_it(
    beside: list[str], expected: PathSays, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    for name in beside:
        (tmp_path / "libs" / name).mkdir(parents=True)
    assert says(str(tmp_path / "libs" / "shop" / "views.py")) is expected


@pytest.mark.parametrize("folder", ["vendor", "shop/_vendor", "shop/vendored", "third_party"])
def test_vendored_code_is_other_peoples(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert says(str(tmp_path / folder / "mailer" / "client.py")) is PathSays.TOOL


@pytest.mark.parametrize("path", ["shop/vendors/views.py", "shop/vendor.py", "shop/library/views.py"])
def test_vendors_of_a_shop_are_its_own(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert says(str(tmp_path / path)) is PathSays.NOTHING
