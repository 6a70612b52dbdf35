"""How the web frameworks learn of the functions that answer their requests: Flask, ASGI, aiohttp, Sanic, Tornado.

Django and the smaller frameworks have files of their own; all of them are put together here.
"""

from __future__ import annotations

from flake8_scalability.catalog import django_frameworks, small_frameworks
from flake8_scalability.catalog.http_entries import HTTP, REST_METHODS, VIEW_METHODS
from flake8_scalability.catalog.rows import ANY_ARGUMENT, Entry, Listing, Place, Signature

_FLASK_HOOKS = (
    "before_request,after_request,teardown_request,teardown_appcontext,errorhandler,app_errorhandler,"
    "before_app_request,after_app_request,teardown_app_request,context_processor,app_context_processor,"
    "url_value_preprocessor,app_url_value_preprocessor,before_websocket,after_websocket"
)
_FLASK_ROUTES = "route,endpoint,get,post,put,patch,delete,websocket"
_JWT_LOADERS = (
    "user_lookup_loader,user_identity_loader,token_in_blocklist_loader,token_in_blacklist_loader,"
    "additional_claims_loader,user_claims_loader,expired_token_loader,invalid_token_loader,revoked_token_loader,"
    "unauthorized_loader,needs_fresh_token_loader,user_loader_callback_loader,user_lookup_error_loader,"
    "token_verification_loader"
)

_FLASK = (
    # Flask, Quart and their relatives (https://flask.palletsprojects.com/en/stable/api/)
    Entry(
        "flask",
        Place.REQUEST,
        decorators="{flask,apiflask,flask_smorest,flask_openapi3,flask_sock}.{Flask,Blueprint,APIFlask,APIBlueprint,"
        f"OpenAPI,Sock}}().{{{_FLASK_ROUTES},{_FLASK_HOOKS}}} flask_classful.route",
    ),
    Entry(
        "quart",
        Place.REQUEST,
        decorators=f"{{quart,quart_trio}}.{{Quart,QuartTrio,Blueprint}}().{{{_FLASK_ROUTES},{_FLASK_HOOKS}}}",
    ),
    Entry("flask", Place.REQUEST, decorators="app.route blueprint.route", by_name=True, url=True),
    Entry("flask", Place.REQUEST, decorators="app.{user_loader,request_loader," + _FLASK_HOOKS + "}", by_name=True),
    Entry(
        "flask",
        Place.REQUEST,
        decorators="flask_login.LoginManager().{user_loader,request_loader,unauthorized_handler,needs_refresh_handler} "
        "flask_httpauth.{HTTPBasicAuth,HTTPTokenAuth,HTTPDigestAuth}()."
        "{verify_password,verify_token,get_password,get_user_roles,hash_password,error_handler}",
    ),
    Entry("flask", Place.REQUEST, decorators="flask_jwt_extended.JWTManager().{" + _JWT_LOADERS + "}", by_name=True),
    Entry(
        "flask",
        Place.REQUEST,
        decorators="auth.{verify_password,verify_token,get_password,get_user_roles}",
        by_name=True,
        receivers="auth basic_auth token_auth basic token http_auth",
    ),
    Entry(
        "flask",
        Place.REQUEST,
        bases="flask.views.{View,MethodView} flask_restful.Resource flask_restx.Resource flask_restplus.Resource "
        "flask_smorest.MethodView flask_openapi3.APIView MethodView Resource",
        methods=VIEW_METHODS + " dispatch_request",
        by_name=True,
    ),
    # Every public method of these is a route (https://flask-classful.readthedocs.io/)
    Entry("flask", Place.REQUEST, bases="{flask_classful,flask_classy}.FlaskView FlaskView", by_name=True),
    Entry("flask", Place.REQUEST, calls="app.add_url_rule", argument=2, keyword="view_func", by_name=True),
    Entry("flask", Place.REQUEST, calls="api.add_resource", argument=0, keyword="resource", by_name=True),
    Entry("flask", Place.REQUEST, calls="app.register_error_handler", argument=1, keyword="f", by_name=True),
    Entry(
        "flask",
        Place.REQUEST,
        calls="app.{user_loader,request_loader," + _FLASK_HOOKS + "}",
        argument=0,
        by_name=True,
    ),
    # Flask-AppBuilder and Flask-Admin, whose views are made once (https://flask-appbuilder.readthedocs.io/)
    Entry(
        "flask",
        Place.REQUEST,
        decorators="flask_appbuilder.{,baseviews.,api.,views.}expose flask_admin.{,base.}expose "
        "flask_appbuilder.{,actions.}action flask_admin.actions.action",
    ),
    Entry("flask", Place.REQUEST, decorators="views.expose", by_name=True, url=True),
    Entry(
        "flask",
        Place.REQUEST,
        bases="flask_appbuilder.{,views.,baseviews.,api.}{BaseView,ModelView,ModelRestApi,BaseApi,SimpleFormView,"
        "PublicFormView,IndexView,RestCRUDView,MultipleView,MasterDetailView} "
        "flask_admin.{,base.}{BaseView,AdminIndexView} flask_admin.contrib.{sqla,mongoengine,peewee,pymongo}.ModelView",
        methods="pre_add post_add pre_update post_update pre_delete post_delete prefill_form form_get form_post "
        "prefill_show get_query get_count_query get_one on_model_change after_model_change on_model_delete "
        "create_model update_model delete_model is_accessible inaccessible_callback",
        per_call=False,
    ),
)

_ASGI = (
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

_ASYNC = (
    # aiohttp (https://docs.aiohttp.org/en/stable/web_reference.html)
    Entry("aiohttp", Place.REQUEST, decorators="aiohttp.web.RouteTableDef()." + HTTP.replace("{", "{view,"), url=True),
    Entry("aiohttp", Place.REQUEST, decorators="aiohttp.web.middleware aiohttp.web_middlewares.middleware"),
    Entry(
        "aiohttp",
        Place.REQUEST,
        bases="aiohttp.{web,web_urldispatcher}.View aiohttp_cors.CorsViewMixin",
        methods=VIEW_METHODS,
    ),
    Entry(
        "aiohttp",
        Place.REQUEST,
        calls="aiohttp.web.{get,post,put,patch,delete,head,options,view}",
        argument=1,
        keyword="handler",
    ),
    Entry(
        "aiohttp",
        Place.REQUEST,
        calls="router.{add_get,add_post,add_put,add_patch,add_delete,add_head,add_options}",
        argument=1,
        keyword="handler",
        by_name=True,
    ),
    Entry("aiohttp", Place.REQUEST, calls="aiohttp.web.route", argument=2, keyword="handler"),
    # Sanic (https://sanic.dev/en/guide/), whose routes have URLs and whose other hooks have names
    Entry(
        "sanic",
        Place.REQUEST,
        decorators="sanic.{,blueprints.,app.}{Sanic,Blueprint}()."
        + HTTP.replace("{", "{route,websocket,middleware,on_request,on_response,exception,"),
    ),
    Entry("sanic", Place.REQUEST, decorators="app.{exception,on_request,on_response}", by_name=True, imports="sanic"),
    Entry("sanic", Place.REQUEST, calls="app.register_middleware", argument=0, by_name=True),
    Entry("sanic", Place.REQUEST, calls="app.error_handler.add", argument=1, receivers="error_handler"),
    Entry(
        "sanic", Place.REQUEST, bases="sanic.views.HTTPMethodView HTTPMethodView", methods=VIEW_METHODS, by_name=True
    ),
    # Tornado, whose handlers are one object a request (https://www.tornadoweb.org/en/stable/web.html)
    Entry(
        "tornado",
        Place.REQUEST,
        bases="tornado.web.{RequestHandler,StaticFileHandler,ErrorHandler,RedirectHandler} "
        "tornado.websocket.WebSocketHandler RequestHandler WebSocketHandler",
        methods=VIEW_METHODS + " prepare on_finish open on_message on_close on_pong initialize write_error "
        "get_current_user data_received set_default_headers check_xsrf_cookie get_user_locale",
        by_name=True,
    ),
    # Server components of Dash (https://dash.plotly.com/basic-callbacks)
    Entry("dash", Place.REQUEST, decorators="dash.{callback,Dash().callback}"),
    Entry("dash", Place.REQUEST, decorators="app.callback", by_name=True, imports="dash"),
)

_STARTUP = (
    Entry(
        "robyn",
        Place.STARTUP,
        decorators="robyn.{Robyn,SubRouter}().{startup_handler,shutdown_handler} hug.startup "
        "blacksheep.{,server.,server.application.}Application().{on_start,after_start,on_stop,on_middlewares_configuration,"
        "lifespan}",
    ),
    Entry(
        "blacksheep", Place.STARTUP, decorators="app.{on_start,after_start,on_stop}", by_name=True, imports="blacksheep"
    ),
)

ENTRIES = (
    *_FLASK,
    *_ASGI,
    *django_frameworks.ENTRIES,
    *_ASYNC,
    *small_frameworks.ENTRIES,
    *_STARTUP,
)

LISTINGS = (
    Listing(
        "litestar",
        Place.REQUEST,
        names="before_request after_request after_response before_send exception_handlers guards dependencies",
        imports="litestar starlite",
    ),
    Listing("fastapi", Place.REQUEST, names="exception_handlers", imports="fastapi starlette"),
    *django_frameworks.LISTINGS,
    *small_frameworks.LISTINGS,
)

SIGNATURES = (
    # Handlers that a table of another file names, by the request that they are given
    Signature(
        "web",
        Place.REQUEST,
        annotations="aiohttp.{web,web_request}.Request {starlette,fastapi}.{,requests.}Request "
        "sanic.{,request.}Request {litestar,starlite}.{,connection.}{Request,ASGIConnection} {falcon,falcon.asgi,robyn,blacksheep}.Request "
        "django.http.{,request.}HttpRequest pyramid.request.Request",
    ),
    *django_frameworks.SIGNATURES,
    *small_frameworks.SIGNATURES,
)

#: Bases of a project's own, by how their names end, whose methods of these names answer requests.
PROJECT_BASES = (
    (
        ("View", "ViewSet", "Viewset", "ViewMixin", "ViewSetMixin"),
        Entry("web", Place.REQUEST, methods=f"{VIEW_METHODS} {REST_METHODS}"),
    ),
    (("Resource", "Endpoint", "Handler", "Controller"), Entry("web", Place.REQUEST, methods=VIEW_METHODS)),
)
PROJECT_SERIALIZER = django_frameworks.PROJECT_SERIALIZER
#: Methods with which a handler that has no such parameter answers: `self.write(...)`.
ANSWERING = frozenset({
    "write", "finish", "render", "set_status", "set_header", "redirect", "get_argument", "get_query_argument",
    "get_body_argument", "write_error", "send_error",
})  # fmt: skip

#: Those of their methods that are known without a parameter called `request`, where the file is one of the web.
NEEDS_NO_REQUEST = frozenset({
    "get", "post", "put", "patch", "delete", "head", "options", "get_queryset", "perform_create", "perform_update",
    "perform_destroy", "get_serializer_class", "get_serializer_context",
})  # fmt: skip

#: Packages of which a file that answers requests imports one.
WEB_PACKAGES = frozenset({
    "django", "rest_framework", "aiohttp", "starlette", "fastapi", "pyramid", "sanic", "ninja", "flask", "quart",
    "flask_restful", "flask_restx", "flask_login", "flask_jwt_extended", "tornado", "falcon", "bottle", "litestar",
    "webob", "werkzeug", "drf_spectacular", "drf_yasg", "graphene_django", "flask_smorest", "flask_classful",
})  # fmt: skip
#: Of those, the ones whose views are functions with `request` as their first parameter.
REQUEST_FIRST = frozenset({
    "django", "rest_framework", "aiohttp", "starlette", "fastapi", "pyramid", "sanic", "ninja",
})  # fmt: skip
