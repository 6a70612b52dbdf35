"""Lifetimes: the lines of a snippet marked `# per call` make something anew on every call, and no other line does."""

from __future__ import annotations

import pytest
from support import model

CASES = {
    "redis pool nested": """
import redis
def get(k):
    return redis.Redis(connection_pool=redis.ConnectionPool(host="x")).get(k) # per call
""",
    "redis pool two lines": """
import redis
def get(k):
    pool = redis.ConnectionPool(host="x") # per call
    r = redis.Redis(connection_pool=pool)
    return r.get(k)
""",
    "boto chain": """
import boto3
def get(k):
    return boto3.Session().client("s3").get_object(Key=k) # per call
""",
    "Depends class": """
import httpx
from fastapi import Depends, FastAPI
app = FastAPI()
class Svc:
    def __init__(self):
        self.c = httpx.Client() # per call
@app.get("/")
def h(s: Svc = Depends(Svc)):
    return s.c.get("x")
""",
    "Depends function handed": """
import httpx
from fastapi import Depends, FastAPI
app = FastAPI()
def client():
    return httpx.Client() # per call
@app.get("/")
def h(c=Depends(client)):
    return c.get("x")
""",
    "tornado": """
import tornado.web, redis
class H(tornado.web.RequestHandler):
    def initialize(self):
        self.r = redis.Redis() # per call
    def get(self):
        self.write(self.r.get("x"))
""",
    "create_app nested": """
import psycopg2
from flask import Flask
def create_app():
    app = Flask(__name__)
    @app.route("/")
    def view():
        conn = psycopg2.connect("x") # per call
        return str(conn.closed)
    return app
""",
    "create_app closure": """
import httpx
from flask import Flask
def make():
    app = Flask(__name__)
    client = httpx.Client()
    @app.route("/")
    def view():
        return client.get("x").text
    return app
""",
    "decorator closure": """
import redis
def cached(ttl):
    r = redis.Redis()
    def deco(f):
        def inner(*a):
            return r.get("x") or f(*a)
        return inner
    return deco
""",
    "contextmanager": """
import contextlib, psycopg2
@contextlib.contextmanager
def connection():
    conn = psycopg2.connect("x") # per call
    try:
        yield conn
    finally:
        conn.close()
""",
    "gather request": """
import aiohttp, asyncio
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def fetch_all(urls):
    async with aiohttp.ClientSession() as s: # per call
        return await asyncio.gather(*[s.get(u) for u in urls])
""",
    "startup subscript app": """
import asyncpg
from aiohttp import web
async def db_ctx(app):
    app["db"] = await asyncpg.create_pool("x")
    yield
    await app["db"].close()
app = web.Application()
app.cleanup_ctx.append(db_ctx)
""",
    "app state outside startup": """
import redis.asyncio as redis
async def attach(app):
    app.state.r = redis.from_url("x")
""",
    "request.app memo": """
import httpx
from fastapi import FastAPI, Request
app = FastAPI()
@app.get("/")
async def h(request: Request):
    if not hasattr(request.app.state, "c"):
        request.app.state.c = httpx.AsyncClient()
    return await request.app.state.c.get("x")
""",
    "request.state": """
import httpx
from fastapi import FastAPI, Request
app = FastAPI()
@app.middleware("http")
async def h(request: Request, call_next):
    request.state.c = httpx.AsyncClient() # per call
    return await call_next(request)
""",
    "function attribute": """
import redis
def client():
    if not hasattr(client, "r"):
        client.r = redis.Redis()
    return client.r
""",
    "dataclass factory": """
import dataclasses, httpx
@dataclasses.dataclass
class A:
    c: httpx.Client = dataclasses.field(default_factory=httpx.Client)
""",
    "setdefault": """
import httpx
_clients = {}
def get(k):
    return _clients.setdefault(k, httpx.Client())
""",
    "param fallback if": """
import aiohttp
async def f(session=None):
    if session is None:
        session = aiohttp.ClientSession()
    return await session.get("x")
""",
    "own session": """
import aiohttp
async def f(session=None):
    own = session is None
    s = aiohttp.ClientSession() if own else session
    try:
        return await s.get("x")
    finally:
        if own: await s.close()
""",
    "lambda client": """
import boto3
def lambda_handler(event, context):
    table = boto3.resource("dynamodb").Table("x") # per call
    return table.get_item(Key={"a": event["a"]})
""",
    "lambda global memo": """
import boto3
table = None
def lambda_handler(event, context):
    global table
    if table is None:
        table = boto3.resource("dynamodb").Table("x")
    return table.get_item(Key={"a": event["a"]})
""",
    "singleton class": """
import redis
class Cache:
    _instance = None
    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.r = redis.Redis()
        return cls._instance
def use():
    return Cache().r.get("x")
""",
    "class per call": """
import redis
class Cache:
    def __init__(self):
        self.r = redis.Redis() # per call
def use():
    return Cache().r.get("x")
""",
    "class kept on app": """
import redis
class Cache:
    def __init__(self):
        self.r = redis.Redis()
cache = Cache()
def use():
    return cache.r.get("x")
""",
    "enter class": """
import psycopg2
class DB:
    def __enter__(self):
        self.conn = psycopg2.connect("x") # per call
        return self
    def __exit__(self, *a):
        self.conn.close()
def q():
    with DB() as db:
        return db.conn.closed
""",
    "aenter returned": """
import httpx
class C:
    async def __aenter__(self):
        self._c = httpx.AsyncClient()
        return self
    async def __aexit__(self, *a):
        await self._c.aclose()
""",
    "celery": """
import redis
from celery import shared_task
@shared_task
def t(x):
    r = redis.Redis() # per call
    r.set("x", x)
""",
    "property": """
import boto3
class A:
    @property
    def s3(self):
        return boto3.client("s3") # per call
""",
    "cached_property": """
import boto3
from functools import cached_property
class A:
    @cached_property
    def s3(self):
        return boto3.client("s3")
""",
    "thread local": """
import threading, redis
L = threading.local()
def r():
    if getattr(L, "r", None) is None:
        L.r = redis.Redis()
    return L.r
""",
    "list of clients": """
import redis
class P:
    def __init__(self, n):
        self.all = [redis.Redis() for _ in range(n)]
""",
    "main not guard": """
import redis
def main():
    r = redis.Redis()
    r.set("a", 1)
""",
    "kafka loop": """
from kafka import KafkaConsumer
def work():
    consumer = KafkaConsumer("topic", bootstrap_servers="k")
    for m in consumer:
        print(m)
""",
    "kafka producer per call": """
from kafka import KafkaProducer
def send(x):
    p = KafkaProducer(bootstrap_servers="k") # per call
    p.send("t", x)
""",
    "cache_page view": """
import redis
from django.views.decorators.cache import cache_page
from django.http import HttpResponse
@cache_page(60)
def view(request):
    return HttpResponse(redis.Redis().get("x")) # per call
""",
    "django view class init": """
import redis
from django.views import View
class V(View):
    def get(self, request):
        self.r = redis.Redis() # per call
        return self.r.get("x")
""",
    "result consumed returned": """
import requests
def fetch(url):
    s = requests.Session() # per call
    s.headers["a"] = "b"
    return s.get(url).json()
""",
    "Session chain return": """
import requests
def fetch(url):
    return requests.Session().get(url).json() # per call
""",
    "wrapper service returned via accessor called per call": """
import httpx
class Api:
    def __init__(self, c): self.c = c
def get_api():
    return Api(httpx.Client()) # per call
def use():
    return get_api().c.get("x")
""",
    "wrapper at module": """
import httpx
class Api:
    def __init__(self, c): self.c = c
def get_api():
    return Api(httpx.Client())
api = get_api()
""",
    "sse generator": """
import redis
from flask import Flask, Response
app = Flask(__name__)
@app.route("/stream")
def stream():
    def events():
        r = redis.Redis() # per call
        p = r.pubsub()
        while True:
            yield p.get_message()
    return Response(events())
""",
    "test in main guard": """
import redis
def f():
    redis.Redis().get("x")
if __name__ == "__main__":
    f()
""",
    "engine of a function of a library": """
from sqlalchemy import create_engine
from shop.config import URL
def report():
    e = create_engine(URL) # per call
    with e.connect() as c:
        return c.execute("x")
""",
    "engine of the one database of all callers": """
from sqlalchemy import create_engine
from shop.config import URL
def report(url):
    with create_engine(url).connect() as c: # per call
        return c.execute("x")
def orders():
    return report(URL)
""",
    "engine of the database that each caller names": """
from sqlalchemy import create_engine
def report(url):
    with create_engine(url).connect() as c:
        return c.execute("x")
def orders(shop):
    return report(shop.url)
""",
    "flask g without guard": """
import MySQLdb
from flask import g, Flask
app = Flask(__name__)
@app.before_request
def b():
    g.db = MySQLdb.connect() # per call
""",
    "alternate branches one": """
import psycopg2
def q(ssl):
    if ssl:
        c = psycopg2.connect("x", sslmode="require") # per call
    else:
        c = psycopg2.connect("x")
    return c.cursor().fetchone()
""",
    "openai nested http client": """
from openai import OpenAI
import httpx
def ask(q):
    c = OpenAI(http_client=httpx.Client()) # per call
    return c.chat.completions.create(q)
""",
    "lambda runs elsewhere": """
import redis
def make():
    return run(lambda: redis.Redis())
""",
    "while not stop": """
import redis
def work(stop):
    r = redis.Redis()
    while not stop.is_set():
        r.get("x")
""",
    "while running": """
import redis
class W:
    def work(self):
        r = redis.Redis()
        while self.running:
            r.get("x")
""",
    "while true with a break is no main loop": """
import redis
def work():
    r = redis.Redis()  # per call
    while True:
        if r.get("x"):
            break
""",
    "while over a queue is no main loop": """
import redis
def work(items):
    r = redis.Redis()  # per call
    while items.more():
        r.get("x")
""",
    "for over a subscription": """
import redis
def work():
    p = redis.Redis().pubsub()
    for message in p.listen():
        print(message)
""",
    "a server runs": """
import redis
def work(app):
    app.r = redis.Redis()
    app.run()
""",
    "a server serves with it": """
import grpc
def work(server):
    channel = grpc.insecure_channel("x")
    server.wait_for_termination()
""",
    "the object runs": """
from kombu import Connection
def work():
    with Connection("x") as conn:
        Worker(conn).run()
""",
    "provided by a container": """
import httpx
class P:
    @provide(scope=1)
    def client(self):
        return httpx.Client()
""",
    "method without callers": """
import httpx
class P:
    def client(self):
        return httpx.Client()
""",
    "all callers keep it": """
import httpx
def client():
    return httpx.Client()
a = client()
b = client()
""",
    "callers unknown": """
import httpx
def client():
    return httpx.Client()
class A:
    def __init__(self):
        self.c = client()
""",
    "handed to a provider only": """
import httpx
def client():
    return httpx.Client()
register(client)
""",
    "callers in tools count for nothing": """
import httpx
def client():
    return httpx.Client()
if __name__ == "__main__":
    client()
""",
    "subclass made per call": """
import redis
class Base:
    def __init__(self):
        self.r = redis.Redis()  # per call
class Child(Base):
    pass
def use():
    return Child().r.get("x")
""",
    "instances of both kinds": """
import redis
class Cache:
    def __init__(self):
        self.r = redis.Redis()
shared = Cache()
def use():
    return Cache().r.get("x")
""",
    "decorated singleton": """
import redis
@singleton
class Cache:
    def __init__(self):
        self.r = redis.Redis()
def use():
    return Cache().r.get("x")
""",
    "metaclass singleton": """
import redis
class Cache(metaclass=SingletonMeta):
    def __init__(self):
        self.r = redis.Redis()
def use():
    return Cache().r.get("x")
""",
    "object local to a constructor": """
import redis
class Cache:
    def __init__(self):
        r = redis.Redis()
        self.size = r.dbsize()
cache = Cache()
""",
    "the user's key": """
from openai import OpenAI
def ask(user, q):
    return OpenAI(api_key=user.key).chat.completions.create(q)
""",
    "the user's key by name": """
from openai import OpenAI
def ask(user_id, q):
    key = keys.find(user_id)
    client = OpenAI(api_key=key)
    return client.chat.completions.create(q)
""",
    "the user's key in a mapping": """
from openai import OpenAI
def ask(user_id, q):
    options = {"api_key": keys.find(user_id)}
    client = OpenAI(**options)
    return client.chat.completions.create(q)
""",
    "the user's key in a dict call": """
from openai import OpenAI
def ask(api_key, q):
    options = dict(api_key=api_key)
    client = OpenAI(**options)
    return client.chat.completions.create(q)
""",
    "the process's key": """
from openai import OpenAI
def ask(q):
    client = OpenAI(api_key=settings.KEY)  # per call
    return client.chat.completions.create(q)
""",
    "the process's key by name": """
import os
from openai import OpenAI
def ask(q):
    key = os.environ["KEY"]
    client = OpenAI(api_key=key)  # per call
    return client.chat.completions.create(q)
""",
    "the receiver's credentials": """
import boto3
def presign(access_key, name):
    session = boto3.Session(aws_access_key_id=access_key)
    return session.client("s3").generate_presigned_url(name)
""",
    "a positional token": """
from slack_sdk import WebClient
def post(token, text):
    WebClient(token).chat_postMessage(text=text)
""",
    "the user's log-in": """
import paramiko
def run(host, name, password):
    ssh = paramiko.SSHClient()
    ssh.connect(host, username=name, password=password)
    return ssh
""",
    "set on another object": """
import httpx
def attach(target):
    setattr(target, "client", httpx.Client())
""",
    "walrus memo": """
import httpx
clients = {}
def get(key):
    if (known := clients.get(key)) is not None:
        return known
    made = clients[key] = httpx.Client()
    return made
""",
    "container that is dropped": """
import httpx
def use():
    made = {}
    made["x"] = httpx.Client()  # per call
    return made["x"].get("y").text
""",
    "container that is kept": """
import httpx
class A:
    def __init__(self):
        made = {}
        made["x"] = httpx.Client()
        self.made = made
""",
    "derived and kept": """
import pymongo
class A:
    def open(self):
        self.users = pymongo.MongoClient("x")["db"]["users"]
""",
    "if expression over a parameter": """
import httpx
def use(client=None):
    c = client if client else httpx.Client()
    return c.get("x").text
""",
    "branch over a parameter": """
import httpx
def use(given):
    if given:
        c = given
    else:
        c = httpx.Client()
    return c.get("x").text
""",
    "aliased and returned": """
import httpx
def build():
    first = httpx.Client()
    second = first
    return second
""",
    "closed on an error only": """
import httpx
class A:
    def open(self):
        self.c = httpx.Client()
        try:
            self.ready = True
        except OSError:
            self.c.close()
""",
    "tuple and starred targets": """
import httpx, redis
class A:
    def __init__(self):
        self.a, self.b = httpx.Client(), redis.Redis()
a = A()
""",
    "nested function only called": """
import psycopg2
from flask import Flask
app = Flask(__name__)
@app.route("/")
def view():
    conn = psycopg2.connect("x")  # per call
    def query():
        return conn.closed
    return str(query())
""",
    "many alternatives of a shared pool": """
import redis
class A:
    def __init__(self, pool):
        self.pool = pool
    def client(self):
        return redis.Redis(connection_pool=self.pool).get("x")
""",
    "no pool given": """
import redis
def get():
    return redis.Redis(connection_pool=None).get("x")  # per call
""",
    "pools by unknown keywords": """
import redis
def get(**options):
    return redis.Redis(**options).get("x")
""",
    "pool of the module": """
import redis
pool = redis.ConnectionPool()
def get():
    return redis.Redis(connection_pool=pool).get("x")
""",
    "a transport of its own": """
import httpx
def get():
    with httpx.Client(transport=httpx.HTTPTransport(retries=1)) as c:  # per call
        return c.get("x").text
""",
    "inside this process": """
import httpx
def get(app):
    with httpx.Client(transport=httpx.WSGITransport(app=app)) as c:
        return c.get("x").text
""",
}


@pytest.mark.parametrize("source", CASES.values(), ids=CASES)
def test_only_the_marked_lines_make_something_per_call(source: str) -> None:
    marked = [number for number, line in enumerate(source.splitlines(), 1) if line.endswith("# per call")]
    assert sorted(site.node.lineno for site in model(source).fresh) == marked
