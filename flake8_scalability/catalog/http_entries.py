"""What the rows of several web frameworks have in common."""

from __future__ import annotations

import re
from typing import NamedTuple

from flake8_scalability.catalog.rows import Entry, Place

#: The methods of HTTP as the last component of a decorator's or call's path.
HTTP = "{get,post,put,patch,delete,head,options,trace}"
#: Methods with which class-based views answer.
VIEW_METHODS = "get post put patch delete head options dispatch"
#: Methods with which those of web.py and CherryPy answer.
UPPER = "GET POST PUT PATCH DELETE HEAD OPTIONS"
#: All of them, the middleware of ASGI and WSGI, and dependencies that are classes.
VIEWS = f"{VIEW_METHODS} {UPPER} __call__ dispatch_request"
#: What class-based views of Django REST framework have beside them.
REST_METHODS = (
    "list create retrieve update partial_update destroy get_queryset get_object perform_create perform_update "
    "perform_destroy get_serializer_class get_serializer get_serializer_context get_permissions filter_queryset "
    "paginate_queryset get_paginated_response check_permissions initial finalize_response handle_exception"
)


class Protocol(NamedTuple):
    """Parameters by which a function is known for one that a server calls, whatever it is registered with.

    parameters: names of the last of them, without `self`; `|` stands between alternatives
    names: what the function is called, `on_get*` for all that begin so; empty for any
    within: names of the last parameters of the function around it; it is one that this function makes for each use
    beside: parameters of the constructor of its class
    imports: packages of which the file must import one; such a row is about methods
    """

    framework: str
    parameters: str = ""
    names: str = ""
    within: str = ""
    beside: str = ""
    imports: str = ""


PROTOCOLS = (
    # https://peps.python.org/pep-3333/, https://asgi.readthedocs.io/
    Protocol("wsgi", "environ|env|_environ start_response|_start_response"),
    Protocol("asgi", "scope receive send"),
    # Falcon: any class, its methods by name (https://falcon.readthedocs.io/en/stable/api/)
    Protocol(
        "falcon",
        "",
        names="on_get* on_post* on_put* on_patch* on_delete* on_head* on_options* on_websocket*",
    ),
    Protocol("falcon", "req|request resp|response", names="process_request process_request_async"),
    Protocol("falcon", "req resp resource params", names="process_resource process_resource_async"),
    Protocol("falcon", "req resp resource req_succeeded", names="process_response process_response_async"),
    Protocol("falcon", "req resp resource", names="process_response"),
    # Django: https://docs.djangoproject.com/en/stable/topics/http/middleware/
    Protocol("django", "request", within="get_response"),
    Protocol(
        "django",
        names="__call__ __acall__ process_request process_view process_exception process_template_response "
        "process_response",
        beside="get_response",
    ),
    Protocol("django", "request queryset"),
    Protocol("djangorestframework", "queryset name value"),
    # Classes of web.py and CherryPy that a table of another file names
    Protocol("web.py", names=UPPER, imports="web infogami cherrypy"),
    # Pyramid's tweens, aiohttp's middleware of old: a function that makes the handler
    Protocol("pyramid", "request", within="handler registry"),
    Protocol("aiohttp", "request", within="app handler"),
)  # fmt: skip

#: Parameters of Falcon's responders: the second and third, `self` counted.
FALCON_REQUEST = frozenset({"req", "request", "_req", "_request", "_"})
FALCON_RESPONSE = frozenset({"resp", "response", "res", "_resp", "_response", "ws", "websocket"})

#: What a parameter is called that holds the URL of a route.
URL_NAMES = frozenset({"path", "url", "rule", "route", "uri", "endpoint", "pattern", "url_path", "prefix"})

#: What is called to make an answer: `render`, `JsonResponse`, `web.json_response`, `HTTPFound`, Sanic's `json`.
ANSWERS = re.compile(r"render|redirect|[Rr]esponse|^Http|^HTTP|^(json|text|html|file|abort|stream|seeother|template)$")

#: Keywords of decorators that a project makes over those of a framework: `@api_config(route_name="user")`.
DECORATOR_KEYWORDS = dict.fromkeys(("route_name", "request_param"), Entry("pyramid", Place.REQUEST))

#: Frameworks whose routes look alike, by the package that shows which it is.
BY_PACKAGE = {
    "flask": "flask", "flask_openapi3": "flask", "apiflask": "flask", "quart": "quart", "bottle": "bottle",
    "sanic": "sanic", "aiohttp": "aiohttp", "litestar": "litestar", "robyn": "robyn", "blacksheep": "blacksheep",
    "ninja": "django-ninja", "ninja_extra": "django-ninja", "emmett": "emmett", "fastapi": "fastapi",
    "starlette": "starlette",
}  # fmt: skip

#: Packages whose decorators and calls look like those of web frameworks: clients, mocks, recorders.
NO_SERVERS = frozenset({
    "uplink", "httpx", "requests", "requests_mock", "respx", "responses", "aioresponses", "httpretty", "mock",
    "unittest", "pytest", "pytest_httpx", "pook", "gock", "vcr", "boto3", "github", "jira", "gitlab", "opentelemetry",
    "locust", "discord", "textual", "kivy", "PyQt5", "PyQt6", "PySide6", "tkinter", "sqlalchemy", "rdflib",
    "import_export", "tablib", "logging", "urllib", "http_client", "celery", "click", "typer", "asyncio", "telegram",
})  # fmt: skip
