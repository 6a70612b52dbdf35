"""How FastAPI, Starlette and Litestar learn of the functions that answer their requests."""

from __future__ import annotations

from flake8_scalability.catalog.http_entries import HTTP, VIEW_METHODS
from flake8_scalability.catalog.rows import ANY_ARGUMENT, Entry, Listing, Place, Signature

ENTRIES = (
    # FastAPI and Starlette (https://fastapi.tiangolo.com/reference/, https://www.starlette.io/)
    Entry(
        "fastapi",
        Place.REQUEST,
        decorators="fastapi.{,applications.,routing.}{FastAPI,APIRouter}()."
        + HTTP.replace("{", "{api_route,websocket,"),
    ),
    Entry(
        "fastapi",
        Place.REQUEST,
        decorators="router." + HTTP.replace("{", "{api_route,websocket,"),
        by_name=True,
        url=True,
    ),
    Entry(
        "fastapi",
        Place.REQUEST,
        decorators="app.{middleware,exception_handler,websocket_route,custom_route}",
        by_name=True,
    ),
    Entry(
        "fastapi",
        Place.REQUEST,
        calls="fastapi.{,params.}{Depends,Security} Depends",
        argument=0,
        keyword="dependency",
        provider=True,
    ),
    Entry(
        "starlette",
        Place.REQUEST,
        calls="starlette.routing.{Route,WebSocketRoute} fastapi.routing.{APIRoute,APIWebSocketRoute} "
        "app.{add_api_route,add_websocket_route,add_api_websocket_route}",
        argument=1,
        keyword="endpoint",
        by_name=True,
    ),
    # `add_route` has the function first in Sanic, second in Starlette, third in aiohttp and Robyn
    Entry("web", Place.REQUEST, calls="app.add_route", argument=ANY_ARGUMENT, keyword="handler", by_name=True),
    Entry("fastapi", Place.REQUEST, calls="app.add_exception_handler", argument=1, keyword="handler", by_name=True),
    Entry("fastapi", Place.REQUEST, calls="app.add_middleware", argument=0, keyword="dispatch", by_name=True),
    Entry("starlette", Place.REQUEST, calls="starlette.middleware.Middleware", argument=0, keyword="dispatch"),
    Entry(
        "starlette",
        Place.REQUEST,
        bases="starlette.endpoints.{HTTPEndpoint,WebSocketEndpoint} HTTPEndpoint WebSocketEndpoint",
        methods=VIEW_METHODS + " on_connect on_receive on_disconnect",
        by_name=True,
    ),
    Entry(
        "starlette",
        Place.REQUEST,
        bases="{starlette,fastapi}.middleware.base.BaseHTTPMiddleware BaseHTTPMiddleware "
        "starlette.authentication.AuthenticationBackend AuthenticationBackend",
        methods="dispatch authenticate",
        by_name=True,
        per_call=False,
    ),
    Entry(
        "fastapi", Place.REQUEST, bases="fastapi_users.BaseUserManager BaseUserManager", methods="on_*", by_name=True
    ),
    # Litestar (https://docs.litestar.dev/latest/reference/handlers.html), functions and methods of controllers
    Entry(
        "litestar",
        Place.REQUEST,
        decorators="{litestar,starlite}.{,handlers.}{get,post,put,patch,delete,head,route,asgi,websocket,"
        "websocket_listener,websocket_stream}",
    ),
    # What hears of an event runs behind the request that told it (https://docs.litestar.dev/latest/usage/events.html).
    Entry("litestar", Place.WORKER, decorators="litestar.events.{,listener.}listener"),
    Entry(
        "litestar",
        Place.REQUEST,
        calls="{litestar,starlite}.{,di.,provide.}Provide",
        argument=0,
        keyword="dependency",
        provider=True,
    ),
    Entry(
        "litestar",
        Place.REQUEST,
        bases="litestar.middleware.{,base.,authentication.}{AbstractMiddleware,ASGIMiddleware,MiddlewareProtocol,"
        "AbstractAuthenticationMiddleware}",
        methods="__call__ handle authenticate_request",
        per_call=False,
    ),
)

LISTINGS = (
    Listing(
        "litestar",
        Place.REQUEST,
        names="before_request after_request after_response before_send exception_handlers guards dependencies",
        imports="litestar starlite",
    ),
    Listing("fastapi", Place.REQUEST, names="exception_handlers", imports="fastapi starlette"),
)

_REQUESTS = (
    "aiohttp.{web,web_request}.Request {starlette,fastapi}.{,requests.}Request sanic.{,request.}Request "
    "{litestar,starlite}.{,connection.}{Request,ASGIConnection} {falcon,falcon.asgi,robyn,blacksheep}.Request "
    "django.http.{,request.}HttpRequest pyramid.request.Request"
)

#: Handlers that a table of another file names, by the request that is all they are given.
SIGNATURES = (
    Signature("web", Place.REQUEST, parameters="request|req|_request|_req", annotations=_REQUESTS, coroutine=True),
)
#: What is given a request is on the request path, if no handler.
GIVEN_REQUESTS = (Signature("web", Place.REQUEST, annotations=_REQUESTS),)
