"""How the web frameworks learn of the functions that answer their requests."""

from __future__ import annotations

from flake8_scalability.catalog.rows import Entry, Place

_HTTP = "{get,post,put,patch,delete,head,options,trace}"
_VIEW_METHODS = "get post put patch delete head options dispatch"
_REST_METHODS = (
    "list create retrieve update partial_update destroy get_queryset get_object perform_create perform_update "
    "perform_destroy get_serializer_class get_serializer_context initial finalize_response"
)

ENTRIES = (
    # Flask and its relatives (https://flask.palletsprojects.com/en/stable/api/)
    Entry(
        "flask",
        Place.REQUEST,
        decorators="{flask,quart}.{Flask,Quart,Blueprint}().{route,get,post,put,patch,delete,websocket,before_request,"
        "after_request,teardown_request,errorhandler,before_app_request,after_app_request,context_processor,app_context_processor}",
    ),
    Entry("flask", Place.REQUEST, decorators="app.route blueprint.route", by_name=True, url=True),
    Entry(
        "flask",
        Place.REQUEST,
        decorators="app.{before_request,after_request,teardown_request,before_app_request,after_app_request,user_loader,"
        "request_loader,errorhandler,app_errorhandler,teardown_appcontext,context_processor}",
        by_name=True,
    ),
    Entry(
        "flask",
        Place.REQUEST,
        bases="flask.views.{View,MethodView} flask_restful.Resource flask_restx.Resource flask_classful.FlaskView "
        "flask_smorest.MethodView MethodView Resource",
        methods=_VIEW_METHODS + " dispatch_request",
        by_name=True,
    ),
    Entry("flask", Place.REQUEST, calls="app.add_url_rule", argument=2, keyword="view_func", by_name=True),
    Entry("flask", Place.REQUEST, calls="app.register_error_handler", argument=1, keyword="f", by_name=True),
    Entry(
        "flask",
        Place.REQUEST,
        calls="app.{before_request,after_request,teardown_request,teardown_appcontext,user_loader,request_loader,"
        "context_processor}",
        argument=0,
        by_name=True,
    ),
    # FastAPI and Starlette (https://fastapi.tiangolo.com/reference/)
    Entry(
        "fastapi",
        Place.REQUEST,
        decorators="fastapi.{,applications.,routing.}{FastAPI,APIRouter}()."
        + _HTTP.replace("{", "{api_route,websocket,"),
    ),
    Entry(
        "fastapi",
        Place.REQUEST,
        decorators="router." + _HTTP.replace("{", "{api_route,websocket,"),
        by_name=True,
        url=True,
    ),
    Entry("fastapi", Place.REQUEST, decorators="app.{middleware,exception_handler,websocket_route}", by_name=True),
    Entry(
        "fastapi", Place.REQUEST, calls="fastapi.{,params.}{Depends,Security} Depends", argument=0, keyword="dependency"
    ),
    Entry(
        "starlette",
        Place.REQUEST,
        calls="starlette.routing.{Route,WebSocketRoute} "
        "app.{add_api_route,add_route,add_websocket_route,add_api_websocket_route}",
        argument=1,
        keyword="endpoint",
        by_name=True,
    ),
    Entry(
        "starlette",
        Place.REQUEST,
        bases="starlette.endpoints.{HTTPEndpoint,WebSocketEndpoint} starlette.middleware.base.BaseHTTPMiddleware "
        "HTTPEndpoint WebSocketEndpoint BaseHTTPMiddleware",
        methods=_VIEW_METHODS + " on_connect on_receive on_disconnect",
        by_name=True,
    ),
    # Django and Django REST framework (https://docs.djangoproject.com/, https://www.django-rest-framework.org/)
    Entry(
        "django",
        Place.REQUEST,
        bases="django.views.generic.{,base.,edit.,list.,detail.}{View,TemplateView,RedirectView,ListView,DetailView,"
        "CreateView,UpdateView,DeleteView,FormView} django.views.View "
        "View TemplateView ListView DetailView CreateView UpdateView DeleteView FormView",
        methods=_VIEW_METHODS
        + " get_queryset get_context_data get_object form_valid form_invalid get_success_url setup",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        bases="rest_framework.views.APIView rest_framework.generics.{GenericAPIView,ListAPIView,CreateAPIView,"
        "RetrieveAPIView,ListCreateAPIView,RetrieveUpdateAPIView,RetrieveUpdateDestroyAPIView,RetrieveDestroyAPIView,"
        "UpdateAPIView,DestroyAPIView} "
        "rest_framework.viewsets.{ViewSet,GenericViewSet,ModelViewSet,ReadOnlyModelViewSet} "
        "APIView GenericAPIView ListAPIView CreateAPIView RetrieveAPIView ListCreateAPIView RetrieveUpdateAPIView "
        "RetrieveUpdateDestroyAPIView UpdateAPIView DestroyAPIView "
        "ViewSet GenericViewSet ModelViewSet ReadOnlyModelViewSet",
        methods=f"{_VIEW_METHODS} {_REST_METHODS}",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        decorators="rest_framework.decorators.{api_view,action,list_route,detail_route} "
        "api_view action detail_route list_route",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        bases="rest_framework.serializers.{Serializer,ModelSerializer,ListSerializer,HyperlinkedModelSerializer,"
        "BaseSerializer} "
        "rest_framework.permissions.BasePermission rest_framework.authentication.BaseAuthentication "
        "rest_framework.throttling.BaseThrottle",
        methods="to_representation to_internal_value create update save validate has_permission has_object_permission "
        "authenticate allow_request is_valid",
    ),
    Entry(
        "django",
        Place.REQUEST,
        decorators="django.views.decorators.http.{require_GET,require_POST,require_http_methods,"
        "require_safe} django.views.decorators.csrf.{csrf_exempt,csrf_protect} "
        "django.contrib.auth.decorators.{login_required,permission_required,user_passes_test} "
        "login_required csrf_exempt require_POST require_GET require_http_methods",
        by_name=True,
    ),
    Entry(
        "django",
        Place.REQUEST,
        calls="django.urls.{path,re_path} django.conf.urls.{url,re_path}",
        argument=1,
        keyword="view",
    ),
    Entry(
        "django",
        Place.REQUEST,
        bases="django.utils.deprecation.MiddlewareMixin MiddlewareMixin",
        methods="__call__ process_request process_response process_view process_exception",
        by_name=True,
        per_call=False,
    ),
    # aiohttp (https://docs.aiohttp.org/en/stable/web_reference.html)
    Entry("aiohttp", Place.REQUEST, decorators="aiohttp.web.RouteTableDef()." + _HTTP.replace("{", "{view,"), url=True),
    Entry("aiohttp", Place.REQUEST, decorators="aiohttp.web.middleware"),
    Entry("aiohttp", Place.REQUEST, bases="aiohttp.web.View", methods=_VIEW_METHODS),
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
        calls="router.{add_get,add_post,add_put,add_patch,add_delete,add_head,add_view}",
        argument=1,
        keyword="handler",
        by_name=True,
    ),
    Entry(
        "aiohttp",
        Place.REQUEST,
        calls="aiohttp.web.{route,Application().router.add_route}",
        argument=2,
        keyword="handler",
    ),
    # Tornado, whose handlers are one object a request (https://www.tornadoweb.org/en/stable/web.html)
    Entry(
        "tornado",
        Place.REQUEST,
        bases="tornado.web.RequestHandler tornado.websocket.WebSocketHandler RequestHandler WebSocketHandler",
        methods=_VIEW_METHODS + " prepare on_finish open on_message on_close initialize",
        by_name=True,
    ),
    # web.py (https://webpy.org/): classes with upper-case methods
    Entry("web.py", Place.REQUEST, bases="infogami.utils.delegate.page delegate.page", methods="GET POST PUT DELETE"),
    # Falcon (https://falcon.readthedocs.io/en/stable/api/routing.html): any class, methods by name
    Entry("falcon", Place.REQUEST, calls="falcon.{,asgi.}{App,API}().add_sink", argument=0),
    # Litestar (https://docs.litestar.dev/latest/reference/handlers.html), functions and methods of controllers
    Entry(
        "litestar",
        Place.REQUEST,
        decorators="{litestar,starlite}.{,handlers.}{get,post,put,patch,delete,head,route,asgi,websocket,"
        "websocket_listener,websocket_stream}",
    ),
    # Bottle (https://bottlepy.org/docs/dev/api.html)
    Entry(
        "bottle",
        Place.REQUEST,
        decorators="bottle.{,Bottle().,app().,default_app().}{route,get,post,put,patch,delete,error,hook}",
    ),
    # Pyramid (https://docs.pylonsproject.org/projects/pyramid/)
    Entry("pyramid", Place.REQUEST, decorators="pyramid.view.{view_config,forbidden_view_config,notfound_view_config}"),
    # Sanic (https://sanic.dev/en/guide/), whose routes have URLs and whose other hooks have names
    Entry(
        "sanic",
        Place.REQUEST,
        decorators="sanic.{,blueprints.}{Sanic,Blueprint}()."
        + _HTTP.replace("{", "{route,websocket,middleware,on_request,on_response,exception,"),
    ),
    Entry(
        "sanic", Place.REQUEST, bases="sanic.views.HTTPMethodView HTTPMethodView", methods=_VIEW_METHODS, by_name=True
    ),
    # Server components of Dash (https://dash.plotly.com/basic-callbacks)
    Entry("dash", Place.REQUEST, decorators="dash.{callback,Dash().callback}"),
)

#: Bases of a project's own, by how their names end, whose methods of these names answer requests.
PROJECT_BASES = (
    (
        ("View", "ViewSet", "Viewset", "ViewMixin", "ViewSetMixin"),
        Entry("web", Place.REQUEST, methods=f"{_VIEW_METHODS} {_REST_METHODS}"),
    ),
    (("Resource", "Endpoint", "Handler", "Controller"), Entry("web", Place.REQUEST, methods=_VIEW_METHODS)),
)
#: Serializers of a project's own, in a file that imports Django REST framework.
PROJECT_SERIALIZER = Entry(
    "djangorestframework", Place.REQUEST, methods="to_representation to_internal_value create update validate"
)
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

#: Methods of Falcon's resources, whose last parameters are a request and a response.
FALCON_METHODS = frozenset({
    "on_get", "on_post", "on_put", "on_patch", "on_delete", "on_head", "on_options", "on_websocket",
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
