"""How the web frameworks learn of the functions that answer their requests: Flask, Quart, aiohttp, Sanic, Tornado.

Those of ASGI, Django and the smaller ones have files of their own; all of them are put together here.
"""

from __future__ import annotations

from flake8_scalability.catalog import asgi_frameworks, django_frameworks, small_frameworks
from flake8_scalability.catalog.http_entries import HTTP, REST_METHODS, VIEW_METHODS
from flake8_scalability.catalog.rows import Entry, Place

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
        "sanic",
        Place.REQUEST,
        bases="sanic.views.HTTPMethodView HTTPMethodView",
        methods=VIEW_METHODS + " dispatch_request",
        by_name=True,
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
    *asgi_frameworks.ENTRIES,
    *django_frameworks.ENTRIES,
    *_ASYNC,
    *small_frameworks.ENTRIES,
    *_STARTUP,
)

LISTINGS = (
    *asgi_frameworks.LISTINGS,
    *django_frameworks.LISTINGS,
    *small_frameworks.LISTINGS,
)

SIGNATURES = (
    *asgi_frameworks.SIGNATURES,
    *django_frameworks.SIGNATURES,
    *small_frameworks.SIGNATURES,
)
GIVEN_REQUESTS = asgi_frameworks.GIVEN_REQUESTS

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

#: Parts of the paths of modules from which handlers get their base classes.
HANDLER_MODULES = frozenset({"handlers", "handler", "views", "endpoints", "routes", "controllers"})
#: Methods of viewsets that may take their request with everything else: `create(self, *args, **kwargs)`.
VIEWSET_METHODS = frozenset({"list", "create", "retrieve", "update", "partial_update", "destroy"})
#: Packages of which a client of somebody else's resources imports one.
CLIENT_PACKAGES = frozenset({"requests", "httpx", "urllib3", "urllib", "aiohttp", "niquests"})
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
