"""Endpoints of a file: which functions are some, who may call them, what they do, and what limits them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from support import analyse, model

from flake8_scalability.model.limits import endpoint_work, rate_limits
from flake8_scalability.model.limits.callers import Callers, callers_of
from flake8_scalability.model.limits.endpoints import Endpoint, endpoints_of
from flake8_scalability.options import Settings
from flake8_scalability.project import url_patterns

FLASK = "from flask import Flask, Blueprint, request, jsonify, g\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import APIRouter, Depends, UploadFile\nrouter = APIRouter()\n"
DJANGO = (
    "from django.http import JsonResponse, HttpResponse\nfrom django.shortcuts import render\n"
    "from django.views import View\n"
)
REST = (
    "from rest_framework import viewsets, generics\nfrom rest_framework.views import APIView\n"
    "from rest_framework.decorators import action, api_view, permission_classes, throttle_classes\n"
)


def found(head: str, body: str) -> list[Endpoint]:
    return endpoints_of(model(head + textwrap.dedent(body)))


SOME = [
    ("a Flask route", FLASK, "@app.route('/a', methods=['POST'])\ndef f(): pass", "f", {"POST"}, "/a"),
    ("GET by default", FLASK, "@app.route('/a')\ndef f(): pass", "f", {"GET"}, "/a"),
    ("methods from elsewhere", FLASK, "@app.route('/a', methods=ALL)\ndef f(): pass", "f", set(), "/a"),
    ("a URL in a call", FLASK, "@app.route(scoped('/a'))\ndef f(): pass", "f", {"GET"}, "/a"),
    ("a FastAPI route", FASTAPI, "@router.put('/a/{b}')\nasync def f(b): pass", "f", {"PUT"}, "/a/{b}"),
    ("added to a router", FLASK, "def f(): pass\napp.add_url_rule('/a', view_func=f)", "f", {"GET"}, "/a"),
    ("a Django view", DJANGO, "def f(request):\n    return JsonResponse({})", "f", set(), ""),
    (
        "a view that says its methods",
        DJANGO + "from django.views.decorators.http import require_POST\n",
        "@require_POST\ndef f(request): pass",
        "f",
        {"POST"},
        "",
    ),
    ("a method of a view", DJANGO, "class V(View):\n    def post(self, request): pass", "V.post", {"POST"}, ""),
    ("an inherited method", REST, "class L(generics.ListAPIView):\n    queryset = x", "L", {"GET"}, ""),
    ("an action", REST, "class L(X):\n    @action(detail=True)\n    def f(self, request): pass", "L.f", {"GET"}, ""),
    ("a method of a REST function", REST, "@api_view(['POST'])\ndef f(request): pass", "f", {"POST"}, ""),
    (
        "a handler of aiohttp",
        "from aiohttp import web\n",
        "async def f(request):\n    return web.json_response({})\nweb.post('/a', f)",
        "f",
        {"POST"},
        "/a",
    ),
]
FAB = "from flask_appbuilder import BaseView, expose\n"
SOME += [
    (
        "exposed at a URL",
        FAB,
        "class V(BaseView):\n    @expose('/a', methods=['POST'])\n    def f(self): pass",
        "V.f",
        {"POST"},
        "/a",
    ),
    ("exposed to be read", FAB, "class V(BaseView):\n    @expose('/a')\n    def f(self): pass", "V.f", {"GET"}, "/a"),
    ("exposed by name", "import cherrypy\n", "class V:\n    @cherrypy.expose\n    def f(self): pass", "V.f", set(), ""),
    (
        "exposed by a call",
        "import cherrypy\n",
        "class V:\n    @cherrypy.expose()\n    def f(self): pass",
        "V.f",
        set(),
        "",
    ),
    ("web.py", "import web\n", "class v:\n    def POST(self): pass", "v.POST", {"POST"}, ""),
    ("web.py, all of it", "from web import *\n", "class v:\n    def GET(self): pass", "v.GET", {"GET"}, ""),
    (
        "web.py, by way of the project",
        "from .tools import *\n",
        "class v:\n    def GET(self):\n        web.input()",
        "v.GET",
        {"GET"},
        "",
    ),
]

NONE = [
    ("exposed to other processes", "import Pyro5.api\n", "class V:\n    @Pyro5.api.expose\n    def f(self): pass"),
    ("a method in capitals", "from .tools import *\n", "class v:\n    def GET(self):\n        other.input()"),
    (
        "a method in capitals without a star",
        "from .tools import web\n",
        "class v:\n    def GET(self):\n        x.input()",
    ),
    (
        "a web socket of aiohttp",
        "from aiohttp import web\n",
        "async def f(request):\n    ws = web.WebSocketResponse()\n    return ws\nweb.get('/a', f)",
    ),
    ("a view for subclasses", REST, "class BaseThings(APIView):\n    def get(self, request): pass"),
    (
        "a view that lacks a method",
        REST,
        "class V(APIView):\n    def get(self, request):\n        return self.data()\n"
        "    def data(self):\n        raise NotImplementedError",
    ),
    ("a plain function", FLASK, "def f(): pass"),
    ("a hook", FLASK, "@app.before_request\ndef f(): pass"),
    ("an error handler", FLASK, "@app.errorhandler(404)\ndef f(error): pass"),
    ("a dependency", FASTAPI, "def f(): pass\nD = Depends(f)"),
    ("a web socket", FASTAPI, "@router.websocket('/a')\nasync def f(socket): pass"),
    ("a helper that takes a request", DJANGO, "def f(request):\n    return request.user"),
    ("a view's helper", DJANGO, "def _f(request):\n    return render(request, 'a.html')"),
    ("a decorator's wrapper", DJANGO, "def d(fn):\n    def f(request):\n        return HttpResponse()\n    return f"),
    ("a permission", REST, "class P(BasePermission):\n    def has_permission(self, request, view): pass"),
    ("middleware", DJANGO, "class LogMiddleware(View):\n    def get(self, request): pass"),
    ("a Slack action", "from slack_bolt import App\napp = App()\n", "@app.action('a')\ndef f(ack, body): pass"),
    ("a dictionary's get", FLASK, "x = app.get('/a', f)\ndef f(): pass"),
    ("a task", "from celery import shared_task\n", "@shared_task\ndef f(): pass"),
    ("a Lambda", "", "def handler(event, context): pass"),
]


@pytest.mark.parametrize(("why", "head", "body", "name", "methods", "url"), SOME, ids=lambda value: str(value)[:30])
def test_endpoints(why: str, head: str, body: str, name: str, methods: set[str], url: str) -> None:
    endpoints = found(head, body)
    assert [(each.name, set(each.methods), each.url) for each in endpoints] == [(name, methods, url)]


@pytest.mark.parametrize(("why", "head", "body"), NONE, ids=lambda value: str(value)[:30])
def test_no_endpoints(why: str, head: str, body: str) -> None:
    assert found(head, body) == []


def test_a_helper_that_views_call_is_none() -> None:
    body = "def f(request, x):\n    return render(request, x)\ndef v(request):\n    return f(request, 1)\nurl = v\n"
    assert [each.name for each in found(DJANGO, body)] == []
    assert [each.name for each in found(DJANGO, body.replace("return f(request, 1)", "return HttpResponse(f)"))] == [
        "f",
        "v",
    ]


@pytest.mark.parametrize("head", ["", "from app import app\n", "from project.web import app, db\n"])
def test_an_application_of_unknown_make_is_taken_for_flask(head: str) -> None:
    (endpoint,) = found(head, "@app.route('/a')\ndef f():\n    return db.search(request.args['q'])")
    assert (endpoint.framework, endpoint.receiver) == ("flask", "app")


def test_tests_have_no_endpoints() -> None:
    assert endpoints_of(model(FLASK + "@app.route('/a')\ndef f(): pass", "tests/test_app.py")) == []


CALLERS = [
    ("nobody asks", FLASK, "@app.route('/a')\ndef f(): pass", Callers.ANYONE),
    ("a decorator asks", FLASK, "@app.route('/a')\n@login_required\ndef f(): pass", Callers.USERS),
    ("a decorator of the project", FLASK, "@app.route('/a')\n@required('shop')\ndef f(): pass", Callers.USERS),
    ("a dependency", FASTAPI, "@router.get('/a')\ndef f(u=Depends(current_user)): pass", Callers.USERS),
    ("an annotation", FASTAPI, "@router.get('/a')\ndef f(u: CurrentUser): pass", Callers.USERS),
    ("a body is no caller", FASTAPI, "@router.post('/a')\ndef f(u: UserCreate): pass", Callers.ANYONE),
    ("a database is none", FASTAPI, "@router.get('/a')\ndef f(db=Depends(get_db)): pass", Callers.ANYONE),
    (
        "the router asks",
        "from fastapi import APIRouter, Depends\nrouter = APIRouter(dependencies=[Depends(get_current_user)])\n",
        "@router.get('/a')\ndef f(): pass",
        Callers.USERS,
    ),
    (
        "a hook asks",
        FLASK,
        "@app.before_request\ndef check_login(): pass\n@app.route('/a')\ndef f(): pass",
        Callers.USERS,
    ),
    ("operators", FLASK, "@app.route('/a')\n@admin_required\ndef f(): pass", Callers.OPERATORS),
    (
        "permission classes",
        REST,
        "class V(APIView):\n    permission_classes = [IsAuthenticated]\n    def get(self, request): pass",
        Callers.USERS,
    ),
    (
        "anyone is allowed",
        REST,
        "class V(APIView):\n    permission_classes = [AllowAny]\n    def get(self, request): pass",
        Callers.ANYONE,
    ),
    (
        "a base of the project",
        "from project import Base\n" + REST,
        "class V(Base, APIView):\n    def get(self, request): pass",
        Callers.SOMEBODY,
    ),
    (
        "a framework's base",
        "import abc\n" + REST,
        "class V(APIView, abc.ABC):\n    def get(self, r): pass",
        Callers.ANYONE,
    ),
    (
        "a mixin of the project",
        "from project import LoginRequiredMixin\n" + REST,
        "class V(LoginRequiredMixin, APIView):\n    def get(self, request): pass",
        Callers.USERS,
    ),
    (
        "all but operators are refused",
        FLASK,
        "@app.route('/a')\ndef f():\n    if not user.is_superuser:\n        abort(403)\n        return\n    return x",
        Callers.OPERATORS,
    ),
    (
        "operators see more",
        FLASK,
        "@app.route('/a')\ndef f():\n    if user.is_superuser:\n        return y\n    return x",
        Callers.ANYONE,
    ),
    (
        "operators see nothing that others do not",
        FLASK,
        "@app.route('/a')\ndef f():\n    if not user.is_superuser:\n        hide()\n    return x",
        Callers.ANYONE,
    ),
    (
        "administrators of customers",
        FLASK,
        "@app.route('/a')\n@require_admin\ndef f():\n    return invite(current_org)",
        Callers.USERS,
    ),
    (
        "scopes that only operators have",
        FASTAPI,
        "@app.post('/a')\nasync def f(who: Annotated[Somebody, Security(get_who, scopes=['admin'])]): pass",
        Callers.OPERATORS,
    ),
    (
        "scopes that anybody may have",
        FASTAPI,
        "@app.post('/a')\nasync def f(who: Annotated[Somebody, Security(get_who, scopes=['read'])]): pass",
        Callers.ANYONE,
    ),
    ("a link with a token", FLASK, "@app.route('/a/<token>')\ndef f(token):\n    return x(token)", Callers.SOMEBODY),
    ("a token of the body", FLASK, "@app.route('/a')\ndef f(tokens):\n    return x(tokens)", Callers.ANYONE),
    ("a key of the session", FLASK, "@app.route('/a')\ndef f():\n    x(session.get('user_id'))", Callers.SOMEBODY),
    ("another key", FLASK, "@app.route('/a')\ndef f():\n    x(session.get('theme'))", Callers.ANYONE),
    (
        "middleware of aiohttp asks",
        "from aiohttp import web\napp = web.Application(middlewares=[check_token])\n",
        "async def f(request):\n    return web.json_response({})\napp.router.add_get('/a', f)",
        Callers.USERS,
    ),
    ("the body speaks of the caller", FLASK, "@app.route('/a')\ndef f():\n    return g.customer", Callers.SOMEBODY),
    ("the body checks", FLASK, "@app.route('/a')\ndef f():\n    return get_jwt_identity()", Callers.USERS),
    (
        "by default",
        "R = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n" + REST,
        "@api_view(['GET'])\ndef f(request): pass",
        Callers.USERS,
    ),
]


CALLERS += [
    (
        "what runs before asks who calls",
        "from tornado.web import RequestHandler\n",
        "class V(RequestHandler):\n    async def prepare(self):\n        await self.doors.authenticate_request(self)\n"
        "    def get(self):\n        self.write(find())",
        Callers.USERS,
    ),
    (
        "a token in the body",
        FLASK,
        "@app.post('/a')\ndef f(data):\n    return find(data.token)",
        Callers.SOMEBODY,
    ),
    (
        "whoever may not is refused",
        FLASK,
        "@app.route('/a')\ndef f():\n    refused = check_access(request)\n    if refused:\n        return refused",
        Callers.USERS,
    ),
    (
        "whoever runs it may",
        FLASK,
        "@app.route('/a')\ndef f():\n    no = page.set_access(ACCESS_STAFF)\n    if no is not None:\n        return no",
        Callers.OPERATORS,
    ),
    (
        "a helper answers 401",
        FLASK,
        "@app.route('/a')\ndef f():\n    ask(request)\ndef ask(r):\n    if not r.headers['authorization']:\n"
        "        abort(401)",
        Callers.USERS,
    ),
    (
        "a helper raises",
        FLASK,
        "@app.route('/a')\ndef f():\n    ask(request)\ndef ask(r):\n    if not r.token:\n        raise Forbidden()",
        Callers.USERS,
    ),
    (
        "what is wrapped around the method that runs first asks",
        DJANGO,
        "class V(View):\n    @method_decorator(login_required)\n    def dispatch(self, request): ...\n"
        "    def post(self, request):\n        return save(request)",
        Callers.USERS,
    ),
    (
        "a decorator of the file asks",
        FLASK,
        "def members(f):\n    def g():\n        if not known():\n            raise Forbidden()\n    return g\n"
        "@app.post('/a')\n@members\ndef f(): ...",
        Callers.USERS,
    ),
    ("whoever has a role may", FLASK, "@app.post('/a')\n@requires_role('CLERK')\ndef f(): ...", Callers.OPERATORS),
    (
        "what others answered is no refusal",
        FLASK,
        "@app.route('/a')\ndef f():\n    if get().status == 401:\n        raise Gone()\n    if x:\n        y = 1",
        Callers.ANYONE,
    ),
]


@pytest.mark.parametrize(("why", "head", "body", "callers"), CALLERS, ids=lambda value: str(value)[:30])
def test_callers(why: str, head: str, body: str, callers: Callers) -> None:
    source = model(head + body)
    (endpoint,) = endpoints_of(source)
    assert callers_of(endpoint, source) is callers


def test_what_lies_backstage_is_for_operators() -> None:
    source = model(FLASK + "@app.route('/a')\ndef f(): pass", "shop/admin/views.py")
    assert callers_of(endpoints_of(source)[0], source) is Callers.OPERATORS


LIMITED = [
    "@app.route('/a')\ndef f(_=Depends(helper)): pass\ndef helper():\n    throttle()",
    "def counted(fn):\n    def g():\n        abort(429)\n    return g\n@app.route('/a')\n@counted\ndef f(): pass",
    "class V(MethodView):\n    def check_throttles(self): pass\n    def get(self): pass",
    "class V(MethodView):\n    decorators = []\n    def rate_limit(self): pass\n    def get(self): pass",
    "class V(MethodView):\n    decorators: list = [throttled]\n    def get(self): pass",
    "bp = Blueprint('a', __name__, hooks=[throttle])\n@bp.route('/a')\ndef f(): pass",
    "@app.route('/a')\nasync def f():\n    await acquire_worker_semaphore()",
    "@app.route('/a')\n@limiter.limit('9/minute')\ndef f(): pass",
    "@app.route('/a')\n@rate_limited(9)\ndef f(): pass",
    "@app.route('/a')\n@limiter.exempt\ndef f(): pass",
    "@app.route('/a')\ndef f():\n    check_rate_limit(request)",
    "@app.route('/a')\ndef f():\n    if store.incr(1) > 9:\n        abort(429)",
    "@app.route('/a')\ndef f():\n    helper()\ndef helper():\n    raise TooManyRequests()",
    "@app.route('/a')\ndef f():\n    verify_captcha(request.form['x'])",
    "@app.route('/a', dependencies=[Depends(RateLimiter(times=9))])\ndef f(): pass",
    "@app.route('/a')\ndef f(_=Depends(throttle)): pass",
    "limiter.limit('9/minute')(app)\n@app.route('/a')\ndef f(): pass",
    "class V(MethodView):\n    decorators = [limiter.limit('9/minute')]\n    def get(self): pass",
    "class V(Throttled, MethodView):\n    def get(self): pass",
    "class V(MethodView):\n    throttle_scope = 'a'\n    def get(self): pass",
    "class V(MethodView):\n    def dispatch_request(self):\n        abort(429)\n    def get(self): pass",
]
UNLIMITED = [
    "bp = Blueprint('a', __name__)\nlimiter.limit('9/minute')(bp)\n@app.route('/b')\ndef f(): pass",
    "@app.route('/a')\ndef f():\n    a()\ndef a(): b()\ndef b(): c()\ndef c(): d()\ndef d(): e()\ndef e(): abort(429)",
    "@app.route('/a')\ndef f(): pass",
    "@app.route('/a')\ndef f():\n    return query.limit(10)",
    "@app.route('/limits')\ndef f():\n    return delimiter.join(x)",
    "@app.route('/a')\ndef f():\n    try:\n        g()\n    except RateLimitError:\n        pass",
    "@app.route('/a')\n@limiter.limit('9/minute')\ndef other(): pass\n@app.route('/b')\ndef f(): pass",
    "@app.route('/a', description='no rate limit')\ndef f(): pass",
]


@pytest.mark.parametrize("body", LIMITED)
def test_limited(body: str) -> None:
    source = model(FLASK + "from flask.views import MethodView\n" + body)
    assert all(rate_limits.is_limited(each, source) for each in endpoints_of(source))
    assert endpoints_of(source)


@pytest.mark.parametrize("body", UNLIMITED)
def test_not_limited(body: str) -> None:
    source = model(FLASK + body)
    assert not rate_limits.is_limited(endpoints_of(source)[-1], source)


@pytest.mark.parametrize(
    ("body", "limited"),
    [
        ("limiter = Limiter(default_limits=['9/minute'])", True),
        ("app.add_middleware(RateLimitMiddleware)", True),
        ("@app.before_request\ndef f():\n    if too_many():\n        abort(429)", True),
        ("app.include_router(router, dependencies=[throttle])", False),
        ("app.before_request(throttle_callers)", True),
        ("app = FastAPI(middleware=[Middleware(Gate, throttle=9)])", True),
        ("limiter = Limiter(key)", False),
        ("app.add_middleware(SlowAPIMiddleware)", False),
        ("@app.before_request\ndef f():\n    g.user = load()", False),
        ("@app.after_request\ndef f(response):\n    response.rate_limit = 1", False),
    ],
)
def test_limits_for_everything(body: str, limited: bool) -> None:
    assert rate_limits.limits_everything(model(FLASK + body)) is limited


PURPOSES = [
    ("@app.post('/login')\ndef login():\n    return User.get(x).check_password(y)", "checks passwords"),
    ("@app.post('/session')\ndef login():\n    return find(request.form['password'])", "checks passwords"),
    ("@app.get('/login')\ndef login():\n    return authenticate(x)", ""),
    ("@app.post('/login')\ndef login():\n    return page()", ""),
    ("@app.post('/signup')\ndef signup():\n    db.session.add(User(x))", "opens accounts"),
    ("@app.post('/signup')\ndef signup():\n    save(password=x)", "opens accounts"),
    ("@app.post('/register')\ndef register():\n    db.session.add(Guest(x))", ""),
    ("@app.post('/forgot-password')\ndef f(): pass", "resets passwords"),
    ("@app.post('/otp/verify')\ndef f(): pass", "checks one-time codes"),
    ("@app.post('/otp/disable')\ndef f(): pass", ""),
    ("@app.post('/a')\ndef f():\n    send_reset_email(x)", "sends mail"),
    ("@app.post('/a')\ndef f():\n    send_welcome_email.delay(x)", "sends mail"),
    ("@app.post('/a')\ndef f():\n    send_message(x)", ""),
    ("@app.post('/a')\ndef f():\n    request.files['a'].save(x)", "accepts uploads"),
    ("@app.get('/a')\ndef f():\n    return request.files", ""),
    ("@app.post('/a')\ndef f(a: UploadFile): pass", "accepts uploads"),
    ("@app.post('/a')\ndef f(a: List[UploadFile]): pass", "accepts uploads"),
    ("@app.post('/a')\ndef f(a: str): pass", ""),
    ("import time\n@app.post('/a')\ndef f():\n    time.sleep(9)", ""),
    ("import subprocess\n@app.post('/a')\ndef f():\n    subprocess.run(['a'], timeout=9)", "runs a program"),
    ("@app.get('/search')\ndef f():\n    return db.session.execute(x)", "searches"),
    ("@app.get('/search')\ndef f():\n    return page()", ""),
    ("@app.get('/a')\ndef f():\n    return Book.search(x)", "searches"),
    ("@app.get('/a')\ndef f():\n    return PATTERN.search(x)", ""),
    ("@app.post('/register-worker')\ndef register_worker():\n    save(x)", ""),
    ("@app.post('/oauth/login')\ndef oauth_login():\n    return find(request.form['password'])", ""),
    ("@app.get('/a')\ndef f():\n    return vector_store.similarity_search(x)", "searches an index"),
    ("@app.get('/search-preferences')\ndef f():\n    return db.session.execute(x)", ""),
    ("@app.post('/test-login')\ndef f():\n    return authenticate(request.form['password'])", ""),
    ("@app.post('/search/history/clear')\ndef f():\n    db.session.execute(x)", ""),
    ("import stripe\n@app.post('/a')\ndef f():\n    stripe.PaymentIntent.create(amount=1)", "starts payments"),
    ("@app.post('/a')\ndef f():\n    return generate_invoice_pdf(x)", "renders documents"),
]


@pytest.mark.parametrize(("body", "says"), PURPOSES)
def test_purposes(body: str, says: str) -> None:
    source = model(FLASK + body)
    row = endpoint_work.purpose(endpoints_of(source)[0], source)
    assert (row.says if row is not None else "") == says


@pytest.mark.parametrize(
    ("body", "works"),
    [
        ("return User.query.all()", True),
        ("return db.execute(x)", True),
        ("return get_object_or_404(User, pk=1)", True),
        ("return requests.get('https://a.example/')", True),
        ("return helper()\ndef helper():\n    db.session.commit()", True),
        (
            "return helper()\n@lru_cache\ndef helper():\n    return below()\ndef below():\n    return db.execute(x)",
            False,
        ),
        ("return helper()\n@traced\ndef helper():\n    return db.execute(x)", True),
        ("return Thing.get(pk=1)", True),
        ("return things.get('a')", False),
        ("return get_queryset()", True),
        ("return mailbox.objects", True),
        ("return render_template('a.html')", False),
        ("return jsonify(ok=True)", False),
        ("return redirect(url_for('a'))", False),
        ("return request.args.get('a')", False),
    ],
)
def test_work(body: str, works: bool) -> None:
    source = model("import requests\n" + FLASK + "@app.get('/a')\ndef f():\n    " + body)
    assert endpoint_work.does_work(endpoints_of(source)[0], source) is works


@pytest.mark.parametrize("url", ["/healthz", "/api/v1/ping", "/metrics", "/favicon.ico", "/internal/a", "/api/health/"])
def test_trivial_by_their_url(url: str) -> None:
    source = model(FLASK + f"@app.get('{url}')\ndef f():\n    return db.execute(x)")
    assert endpoint_work.is_trivial(endpoints_of(source)[0], source)


@pytest.mark.parametrize(
    ("body", "trivial"),
    [
        ("@app.post('/subscribe')\ndef f():\n    return stripe.Webhook.construct_event(request.data)", True),
        ("@app.post('/a')\ndef f():\n    return request.headers['x-hub-signature']", True),
        ("@app.post('/webhooks/a')\ndef f(request):\n    return service.take(request)", True),
        ("@app.post('/webhooks/a')\ndef f(request):\n    return service.take(request.body)", False),
        ("@app.post('/a')\ndef f(request):\n    return service.take(request)", False),
        ("@app.post('/a')\ndef f():\n    return signature()", False),
    ],
)
def test_webhooks_are_trivial_where_a_signature_is_verified_or_may_be(body: str, trivial: bool) -> None:
    source = model(FLASK + body)
    assert endpoint_work.is_trivial(endpoints_of(source)[0], source) is trivial


def test_what_answers_developers_only_is_trivial() -> None:
    body = "@app.get('/a')\ndef f():\n    if not settings.DEBUG:\n        abort(404)\n    return db.execute(x)"
    source = model(FLASK + body)
    assert endpoint_work.is_trivial(endpoints_of(source)[0], source)


@pytest.mark.parametrize("url", ["/statuses", "/pingers", "/users/<admin>", "/webhooks/a"])
def test_not_trivial(url: str) -> None:
    source = model(FLASK + f"@app.get('{url}')\ndef f():\n    return db.execute(x)")
    assert not endpoint_work.is_trivial(endpoints_of(source)[0], source)


MANY = "@app.get('/{0}')\ndef {0}():\n    return jsonify(db.execute('{0}'))\n"


def test_many_of_one_router_are_one_finding_at_the_router() -> None:
    assert analyse(FLASK + "".join(map(MANY.format, "abcd"))) == [(2, "SCL401")]


def test_few_are_one_finding_at_the_first_that_writes() -> None:
    writes = MANY.format("c").replace("get", "post")
    assert analyse(FLASK + "".join(map(MANY.format, "ab")) + writes) == [(10, "SCL401")]


def test_those_for_known_callers_are_none() -> None:
    assert analyse(FLASK + "".join(map(MANY.format, "abcd")).replace("def", "@login_required\ndef")) == []


def test_a_router_from_elsewhere_is_reported_at_its_first_endpoint() -> None:
    head = "from app import app, db\nfrom flask import jsonify\n"
    assert analyse(head + "".join(map(MANY.format, "abcd"))) == [(4, "SCL401")]


def test_those_that_do_the_same_are_one_finding_unless_each_is_a_door() -> None:
    text = "".join(map("@app.get('/{0}')\ndef search_{0}():\n    return jsonify(db.execute('{0}'))\n".format, "abc"))
    assert analyse(FLASK + text) == [(4, "SCL401")]
    doors = "".join(map("@app.post('/{0}/forgot')\ndef {0}():\n    return jsonify(db.execute('{0}'))\n".format, "abc"))
    assert analyse(FLASK + doors) == [(4, "SCL401"), (7, "SCL401"), (10, "SCL401")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (FLASK + "@app.get('/a')\ndef f():\n    return render_template('a', x=db.execute('a'))\n", []),
        (
            FLASK + "@app.get('/a')\nasync def f():\n    return await render_template('a', x=await db.execute('a'))\n",
            [],
        ),
        (FLASK + "@app.post('/a')\ndef f():\n    db.execute('a')\n    return redirect('/')\n", [4]),
        (DJANGO + "def f(request, a):\n    return render(request, 'a', {'b': Book.objects.get(pk=a)})\n", []),
        (
            DJANGO + "def f(request, a):\n    if request.method == 'POST':\n        Book.objects.create(a=a)\n"
            "    return render(request, 'a')\n",
            [4],
        ),
        (
            DJANGO + "def f(request, a):\n    B.objects.create(a=request.POST['a'])\n    return render(request, 'a')\n",
            [4],
        ),
        ("from django.views.generic import DetailView\nclass V(DetailView):\n    model = Book\n", []),
        (REST + "class V(generics.ListAPIView):\n    queryset = Book.objects.all()[:9]\n", [4]),
    ],
)
def test_pages_that_are_only_looked_at_are_silent(text: str, lines: list[int]) -> None:
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("guard", "lines"),
    [("@login_required\n", []), ("", [4]), ("@admin_required\n", [])],
)
def test_uploads_and_searches_concern_those_who_are_not_known(guard: str, lines: list[int]) -> None:
    for body in ("request.files['a'].read(9)", "Book.search(request.args['q'])", "subprocess.run(['a'], timeout=9)"):
        text = "import subprocess; " + FLASK + f"@app.post('/a')\n{guard}def f():\n    return jsonify({body})\n"
        assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("guard", "name", "lines"),
    [
        ("@login_required", "invite", [5]),
        ("@login_required", "delete_team", []),
        ("@staff_required", "invite", []),
        ("@cross_origin()", "delete_team", [5]),
        ("@cross_origin()", "receive_inbound", []),
        ("@login_required", "create_user", []),
    ],
)
def test_mails_concern_customers_and_not_operators(guard: str, name: str, lines: list[int]) -> None:
    text = FLASK + f"@app.post('/a')\n{guard}\ndef {name}():\n    send_email(request.form['to'])\n"
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


def test_a_limit_in_another_file_of_the_project_counts(tmp_path: Path) -> None:
    text = FLASK + "@app.post('/a')\ndef f():\n    return db.execute('SELECT 1')\n"
    for name, expected in (("one", [(4, "SCL401")]), ("two", [])):
        folder = tmp_path / name
        folder.mkdir()
        (folder / ".git").mkdir()
        if not expected:
            (folder / "limits.py").write_text("limiter = Limiter(default_limits=['9/minute'])\n", encoding="utf-8")
        assert analyse(text, str(folder / "service.py"), Settings()) == expected


def test_a_gateway_may_do_it() -> None:
    text = FLASK + "@app.get('/a')\ndef f():\n    return db.execute('SELECT 1')\n"
    assert analyse(text, settings=Settings(no_project=True, gateway_limits=True)) == []


def test_counted_logins_silence_logins_alone() -> None:
    text = "INSTALLED_APPS = ['axes']\n" + FLASK
    login = "@app.post('/login')\ndef login():\n    return User.find(x).check_password(y)\n"
    signup = "@app.post('/signup')\ndef signup():\n    db.session.add(x)\n"
    assert analyse(text + login + signup) == [(8, "SCL401")]


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        ("from allauth.account.views import PasswordResetView\n", []),
        ("from django.contrib.auth.views import PasswordResetView\n", [2]),
    ],
)
def test_views_of_a_package_that_limits_are_silent(head: str, lines: list[int]) -> None:
    text = head + "class Reset(PasswordResetView):\n    form_class = ResetForm\n"
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("return jsonify(db.execute('SELECT 1'))", []),
        ("return jsonify([db.execute('SELECT 1'), db.execute('SELECT 2')])", [4]),
        ("return jsonify([x for x in ()], db.execute('a')) if [db.execute('b')] else None", [4]),
        ("rows = []\n    for each in names:\n        rows.append(db.execute(each))\n    return jsonify(rows)", [4]),
        ("if request.headers['Authorization'] != KEY:\n        abort(401)\n"
         "    return jsonify([db.execute('SELECT 1'), db.execute('SELECT 2')])", []),
    ],
)  # fmt: skip
def test_one_small_look_up_is_silent(body: str, lines: list[int]) -> None:
    text = FLASK + f"@app.get('/names')\ndef f():\n    {body}\n"
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("url", "body", "lines"),
    [
        ("/hooks/payment_callback", "db.execute('a')", []),
        ("/apple_notification", "db.execute('a')", []),
        ("/orders", "db.execute('a')", [4]),
        ("/orders", "verify_incoming_request(request.form)\n    db.execute('a')", []),
    ],
)
def test_what_other_services_call_is_silent(url: str, body: str, lines: list[int]) -> None:
    text = FLASK + f"@app.post('{url}')\ndef f():\n    {body}\n    return 'ok'\n"
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(("check", "lines"), [("", [4]), ("read_reset_token(request.form['t'])", [])])
def test_a_password_that_is_set_with_a_token_is_silent(tmp_path: Path, check: str, lines: list[int]) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "web.py").write_text("class TokenMiddleware:\n    pass\n", encoding="utf-8")
    text = FLASK + f"@app.post('/reset-password')\ndef f():\n    {check}\n    set_password(request.form['word'])\n"
    found = analyse(text, str(tmp_path / "service.py"), Settings())
    assert [line for line, code in found if code == "SCL401"] == lines


@pytest.mark.parametrize("asks", [True, False])
def test_searches_and_uploads_of_a_project_that_asks_nobody_are_silent(tmp_path: Path, asks: bool) -> None:
    (tmp_path / "pyproject.toml").touch()
    if asks:
        (tmp_path / "letters.py").write_text("@login_required\ndef letters(request): ...\n", encoding="utf-8")
    text = "from flask import Flask, request\nfrom shop import Place\napp = Flask(__name__)\n"
    text += "@app.get('/search')\ndef search():\n    return Place.search(request.args['name'])\n"
    text += "@app.post('/photos')\ndef add():\n    db.session.add(Place.of(request.files['photo']))\n"
    found = analyse(text, str(tmp_path / "service.py"), Settings())
    assert [line for line, code in found if code == "SCL401"] == ([5, 8] if asks else [])


ANYONE = "\ndef g(a):\n    db.execute('a')\n    return jsonify(db.execute('b'))\n"
FETCHES = "@app.post('/a')" + ANYONE.replace("db.execute('a')", "requests.get(a)")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("from shop import app\n@app.post('/a')" + ANYONE, []),
        ("from shop import app, requests\n" + FETCHES, []),
        ("import requests\nfrom shop import app\n" + FETCHES, [4]),
        ("from flask import Flask\napp = Flask(__name__)\n@app.post('/a')" + ANYONE, [4]),
        ("from shop import app\n@app.post('/b')\n@login_required\ndef f():\n    pass\n@app.post('/a')" + ANYONE, [7]),
        ("from shop import app\n@app.post('/b')\n@limiter.limit('9/m')\ndef f(): pass\n@app.post('/a')" + ANYONE, [6]),
    ],
)  # fmt: skip
def test_a_router_that_asks_nobody_is_silent_in_a_project(tmp_path: Path, text: str, lines: list[int]) -> None:
    (tmp_path / "pyproject.toml").touch()
    found = analyse(text, str(tmp_path / "service.py"), Settings())
    assert [line for line, code in found if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("@app.post('/media/recover')\ndef f():\n    media.recover(request.form['id'])\n", []),
        ("@app.post('/recover')\ndef f():\n    recover(request.form['email'])\n", [4]),
        ("@app.post('/facebook-login')\ndef f():\n    login_user(request.form['password'])\n", []),
        ("@app.post('/statistics')\n@login_required\ndef f():\n    return analytics.report(read_json(request))\n", []),
        ("@app.post('/statistics')\n@login_required\ndef f():\n    return analytics.report(db.execute('a'))\n", [5]),
        ("@app.post('/statistics')\ndef f():\n    return analytics.report(db.execute('a'))\n", [4]),
        ("@app.post('/mail')\ndef f():\n    find(current_user)\n    send_email(current_user)\n", [4]),
        ("@app.post('/teach')\ndef f():\n    find(current_user)\n    send_email(current_user)\n", []),
        ("@app.post('/new')\ndef f():\n    set_password(request.json['token'])\n    send_email(a)\n", []),
    ],
)
def test_what_an_endpoint_is_for(text: str, lines: list[int]) -> None:
    assert [line for line, code in analyse(FLASK + text) if code == "SCL401"] == lines


def test_who_is_invited_the_caller_says() -> None:
    text = FLASK + "@app.post('/a')\n@login_required\ndef create_user():\n    send_email(invite_user(request.form))\n"
    assert [line for line, code in analyse(text) if code == "SCL401"] == [5]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("    def post(self, request):\n        reset(request.POST['email'])\n", [5]),
        ("    def post(self, request):\n        set_password(self.kwargs['token'])\n", []),
        ("    def post(self, request):\n        remember(request.POST['email'], 'token')\n", [5]),
        ("    def post(self, request, token):\n        reset(token)\n", []),
        (
            "    def dispatch(self, request):\n        self.user = find(self.kwargs['token'])\n"
            "    def post(self, request):\n        reset(self.user)\n",
            [],
        ),
    ],
)
def test_a_link_that_was_sent_is_guessed_by_nobody(body: str, lines: list[int]) -> None:
    text = DJANGO + "class PasswordReset(View):\n" + body
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("asked", "who"), [("user=Depends(current_user)", Callers.USERS), ("path=Depends(get_path)", Callers.ANYONE)]
)
def test_what_a_dependency_of_another_file_depends_on(tmp_path: Path, asked: str, who: Callers) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "shops.py").write_text(f"async def get_shop({asked}):\n    return 1\n", encoding="utf-8")
    text = (
        "from fastapi import Depends, FastAPI\nfrom shops import get_shop\napp = FastAPI()\n"
        "@app.post('/')\nasync def opened(shop=Depends(get_shop)):\n    return await shop.open()\n"
    )
    source = model(text, str(tmp_path / "main.py"), Settings())
    (endpoint,) = source.endpoints
    assert callers_of(endpoint, source) is who


def test_what_takes_a_request_beside_the_routes_of_fastapi_is_none() -> None:
    body = "def register(request: Entry, db):\n    db.add(User(request.name))\n    return EntryResponse(id=1)"
    assert not found("from fastapi import HTTPException\n", body)
    assert [each.name for each in found(DJANGO, body)] == ["register"]


def test_of_two_classes_with_one_name_the_later_one_counts() -> None:
    body = "class V(View):\n    def post(self, request): ...\n" * 2
    assert [each.scope.node.lineno for each in found(DJANGO, body)] == [7]  # type: ignore[attr-defined]
    registered = "@routes.view('/a')\nclass V(View):\n    def post(self, request): ...\n" * 2
    assert len(found(DJANGO, registered)) == 2


@pytest.mark.parametrize(
    ("answer", "trivial"),
    [("self.request.user", True), ("self.request.user.shop", False), ("find(self.kwargs)", False)],
)
def test_what_gives_the_caller_himself_is_trivial(answer: str, trivial: bool) -> None:
    text = f"class Me(generics.RetrieveAPIView):\n    def get_object(self):\n        return {answer}"
    source = model(REST + text)
    (endpoint,) = endpoints_of(source)
    assert endpoint_work.is_trivial(endpoint, source) is trivial


@pytest.mark.parametrize(
    ("guard", "lines"),
    [
        ("user: User = Depends(get_current_user)", []),
        ("user: CurrentUser", []),
        ("service=Depends(get_users)", [4]),
    ],
)
def test_who_is_logged_in_sets_his_own_password(guard: str, lines: list[int]) -> None:
    text = f"{FASTAPI}@router.post('/reset-password')\ndef reset_password({guard}):\n    user.set(1)"
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("urls", "lines"),
    [
        ("path('a', permission_required('shop.change')(views.edit))", []),
        ("path('a', never_cache(staff_member_required(views.edit)))", []),
        ("path('a', views.edit)", [5]),
        ("path('a', staff_member_required(views.edit)), path('b', views.edit)", [5]),
    ],
)
def test_what_the_patterns_of_urls_wrap_around_a_view(tmp_path: Path, urls: str, lines: list[int]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "manage.py").write_text("import urls, views\n")
    (tmp_path / "urls.py").write_text(f"from . import views\nurlpatterns = [{urls}]\n")
    text = (
        DJANGO + "from shop.news import send_news_mail\n"
        "def edit(request):\n    send_mail(request.POST['to'])\n    return HttpResponse()\n"
    )
    (tmp_path / "views.py").write_text(text)
    reports = analyse(text, str(tmp_path / "views.py"), Settings())
    assert [line for line, code in reports if code == "SCL401"] == lines


def test_a_pattern_of_urls_wraps_around_a_class() -> None:
    assert not url_patterns.wrapped_around("V", "/nowhere/at/all/views.py")


@pytest.mark.parametrize(
    ("guard", "lines"), [("Depends(require_admin)", []), ("Depends(get_current_user)", [4]), ("Depends(get_db)", [4])]
)
def test_who_runs_the_service_logs_in_elsewhere(guard: str, lines: list[int]) -> None:
    text = f"{FASTAPI}@router.post('/login')\ndef login(password, by={guard}):\n    return check_password(password)"
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("refused", "callers"),
    [
        ("if not is_allowed(request.user)", Callers.USERS),
        ("if request.method == 'POST' and not is_allowed(request.user)", Callers.ANYONE),
    ],
)
def test_who_may_come_is_turned_away_in_the_body(refused: str, callers: Callers) -> None:
    text = (
        "@api_view(['GET', 'POST'])\n@permission_classes([AllowAny])\ndef f(request):\n"
        f"    {refused}:\n        raise PermissionDenied\n    save(request.data)"
    )
    source = model(REST + text)
    assert callers_of(endpoints_of(source)[0], source) is callers


@pytest.mark.parametrize(
    ("base", "lines"), [("generics.RetrieveAPIView", []), ("generics.ListAPIView", [4]), ("viewsets.ModelViewSet", [4])]
)
def test_a_view_that_looks_one_row_up_is_light(base: str, lines: list[int]) -> None:
    text = f"{REST}class Parcels({base}):\n    permission_classes = [AllowAny]\n    queryset = Parcel.objects.all()"
    assert [line for line, code in analyse(text) if code == "SCL401"] == lines


@pytest.mark.parametrize(
    ("head", "framework"), [("import flask\n", "flask"), ("import django\n", "django"), ("import shop\n", "flask")]
)
def test_a_class_of_views_is_of_what_the_file_imports(head: str, framework: str) -> None:
    (endpoint,) = endpoints_of(
        model(head + "from shop.base import MethodView\nclass V(MethodView):\n    def post(self): pass")
    )
    assert endpoint.framework == framework
