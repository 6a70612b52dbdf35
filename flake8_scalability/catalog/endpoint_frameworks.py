"""How frameworks register endpoints: which names are routes, what methods of HTTP they stand for."""

from __future__ import annotations

import re

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
#: Decorators that register the function below them, on a router or by themselves.
ROUTES = frozenset({"route", "api_route", "get", "post", "put", "patch", "delete", "expose"})
#: Those that make a URL of the function's name where they are given none (CherryPy, Pecan).
EXPOSING = frozenset({"expose"})
#: Decorators of Django REST framework and Pyramid, without a router.
ACTIONS = frozenset({"api_view", "action", "list_route", "detail_route", "view_config"})
#: Those that name their methods first.
METHODS_FIRST = frozenset({"api_view"})
GET_BY_DEFAULT = frozenset({
    "route", "api_route", "api_view", "action", "list_route", "detail_route", "add_url_rule", "expose",
})  # fmt: skip
#: Calls that hand a function to a router, with the URL first.
REGISTERING = frozenset({
    "add_url_rule", "add_api_route", "add_route", "Route", "path", "re_path", "url", "add_get", "add_post", "add_put",
    "add_patch", "add_delete", "get", "post", "put", "patch", "delete",
})  # fmt: skip

#: Modules whose names are written before the decorators of `ACTIONS`.
DECORATOR_MODULES = frozenset({"decorators", "rest_framework.decorators", "pyramid.view", "view"})

WEB_FRAMEWORKS = frozenset({
    "flask", "quart", "fastapi", "starlette", "django", "djangorestframework", "aiohttp", "tornado", "falcon",
    "litestar", "bottle", "pyramid", "sanic", "web", "web.py", "cherrypy", "emmett", "blacksheep", "robyn", "responder",
    "hug", "django-ninja", "masonite", "microdot",
})  # fmt: skip
#: Frameworks whose views a list of URL patterns names.
URL_PATTERNS = frozenset({"django", "djangorestframework"})
#: Frameworks that call a method by the name of the method of HTTP.
BY_METHOD_NAME = frozenset({"web.py", "cherrypy"})
#: Those that are made for programs that call, rather than for people who look.
API_FRAMEWORKS = frozenset({
    "fastapi", "djangorestframework", "litestar", "falcon", "sanic", "django-ninja", "blacksheep", "hug", "robyn",
})  # fmt: skip
#: Classes whose object is a whole application.
APPLICATIONS = frozenset(
    {"Flask", "FastAPI", "Quart", "Starlette", "Sanic", "Application", "Bottle", "Litestar", "Robyn"}
)
#: Frameworks that an `app` of unknown make is not of, unless the file imports them, and what it is then.
LOOKALIKES = {"emmett": "flask", "bottle": "flask", "quart": "flask", "robyn": "flask", "responder": "flask"}
#: Frameworks whose classes answer requests by their methods.
VIEW_FRAMEWORKS = frozenset({
    "flask", "starlette", "django", "djangorestframework", "aiohttp", "tornado", "sanic", "web", "web.py",
})  # fmt: skip
#: Classes among those of the frameworks that are no views, by their names or those of their bases.
NO_VIEW = re.compile(
    r"Middleware|Permission$|Authenticat(ion|or)$|Throttle$|Serializer|Socket|Consumer|AppConfig|Backend$|Test"
)
#: Names of classes that are there for others to inherit from.
FOR_SUBCLASSES = re.compile(r"Mixin$|Base(?![a-z])|^_?Abstract")
#: Methods of views, by the method of HTTP that they answer.
VIEW_METHODS = {
    "get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE", "list": "GET", "retrieve": "GET",
    "create": "POST", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE", "form_valid": "POST",
    "GET": "GET", "POST": "POST", "dispatch_request": "GET",
}  # fmt: skip

_READS, _CREATES = frozenset({"GET"}), frozenset({"POST"})
_ALL = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
#: Bases that bring their methods along, with those of HTTP that they answer.
GENERIC_VIEWS = {
    "ListAPIView": _READS, "RetrieveAPIView": _READS, "CreateAPIView": _CREATES, "ListCreateAPIView": _READS | _CREATES,
    "RetrieveUpdateAPIView": _ALL - _CREATES, "RetrieveUpdateDestroyAPIView": _ALL - _CREATES, "UpdateAPIView": _ALL,
    "RetrieveDestroyAPIView": _ALL - _CREATES, "DestroyAPIView": frozenset({"DELETE"}), "ModelViewSet": _ALL,
    "ReadOnlyModelViewSet": _READS, "ListView": _READS, "DetailView": _READS, "CreateView": _CREATES,
    "UpdateView": _CREATES, "DeleteView": _CREATES, "TokenObtainPairView": _CREATES, "LoginView": _CREATES,
    "ObtainAuthToken": _CREATES, "PasswordResetView": _CREATES,
}  # fmt: skip

#: Frameworks whose endpoints have a route above them, so that what else takes a request is none.
BY_ROUTE_ALONE = frozenset({"fastapi"})

#: Ends of calls that make a response.
RESPONSES = re.compile(
    r"^(render|redirect|render_to_string|json_response|render_template)$|Response(Redirect|Base)?$|^Http"
)
#: Those that make a page, or send the browser to one.
PAGES = re.compile(r"render|[Tt]emplate|[Rr]edirect|web_?page")
VIEW_DECORATORS = frozenset({
    "login_required", "csrf_exempt", "require_POST", "require_GET", "require_http_methods", "require_safe",
    "permission_required", "user_passes_test", "staff_member_required", "never_cache", "cache_page",
})  # fmt: skip
METHODS_BY_DECORATOR = {"require_POST": ("POST",), "require_GET": ("GET",), "require_safe": ("GET", "HEAD")}
#: Frameworks whose views take the request first, by the package that shows which it is.
BY_PACKAGE = {"django": "django", "rest_framework": "djangorestframework", "aiohttp": "aiohttp", "sanic": "sanic",
              "starlette": "starlette", "fastapi": "fastapi", "pyramid": "pyramid"}  # fmt: skip
