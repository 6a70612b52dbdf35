"""How the smaller web frameworks learn of the functions that answer their requests."""

from __future__ import annotations

from flake8_scalability.catalog.http_entries import HTTP, UPPER, VIEW_METHODS
from flake8_scalability.catalog.rows import ANY_ARGUMENT, Entry, Listing, Place, Signature

#: What a class of resources answers with, for one and for the collection.
_COLLECTION = (
    f"{VIEW_METHODS} collection_get collection_post collection_put collection_patch collection_delete plural_get"
)

ENTRIES = (
    # web.py (https://webpy.org/): classes with upper-case methods
    Entry("web.py", Place.REQUEST, bases="infogami.utils.delegate.{page,mode} delegate.{page,mode}", methods=UPPER),
    # Falcon (https://falcon.readthedocs.io/): its resources are known by their methods' names and parameters
    Entry("falcon", Place.REQUEST, calls="falcon.{,asgi.}{App,API}().add_sink", argument=0),
    Entry("falcon", Place.REQUEST, calls="app.add_sink", argument=0, by_name=True),
    Entry("falcon", Place.REQUEST, calls="app.add_error_handler", argument=1, keyword="handler", by_name=True),
    Entry("falcon", Place.REQUEST, calls="falcon.{,hooks.}{before,after}", argument=0),
    # Bottle (https://bottlepy.org/docs/dev/api.html)
    Entry(
        "bottle",
        Place.REQUEST,
        decorators="bottle.{,Bottle().,app().,default_app().,app.push().}{route,get,post,put,patch,delete,error,hook}",
    ),
    Entry("bottle", Place.REQUEST, decorators="app.{error,hook}", by_name=True, imports="bottle"),
    Entry(
        "bottle",
        Place.REQUEST,
        calls="bottle.{,Bottle().,default_app().}{route,get,post,put,patch,delete} app.route",
        argument=ANY_ARGUMENT,
        keyword="callback",
        by_name=False,
    ),
    # Pyramid and Cornice (https://docs.pylonsproject.org/projects/pyramid/, https://cornice.readthedocs.io/)
    Entry(
        "pyramid",
        Place.REQUEST,
        decorators="pyramid.view.{view_config,forbidden_view_config,notfound_view_config,exception_view_config} "
        "view_config forbidden_view_config notfound_view_config exception_view_config",
        by_name=True,
    ),
    Entry(
        "pyramid",
        Place.REQUEST,
        calls="config.{add_view,add_notfound_view,add_forbidden_view,add_exception_view}",
        argument=ANY_ARGUMENT,
        keyword="view",
        by_name=True,
    ),
    Entry("pyramid", Place.REQUEST, calls="config.add_request_method", argument=0, keyword="callable", by_name=True),
    # A subscriber of ApplicationCreated is named for it; the others are those of requests (NewRequest, BeforeRender).
    Entry(
        "pyramid",
        Place.STARTUP,
        decorators="pyramid.events.subscriber",
        methods="start* on_start* init* setup* boot* application_created on_application_created on_app_created",
    ),
    Entry("pyramid", Place.REQUEST, decorators="pyramid.events.subscriber"),
    Entry("pyramid", Place.REQUEST, decorators="{cornice,cornice.service,kinto.core}.Service()." + HTTP),
    Entry("pyramid", Place.REQUEST, decorators="cornice.resource.view"),
    # CherryPy, Pecan, TurboGears (https://docs.cherrypy.dev/): one object of a class for the whole process
    Entry("cherrypy", Place.REQUEST, decorators="cherrypy.expose pecan.{,decorators.}expose tg.expose"),
    # Masonite, Robyn, BlackSheep, Emmett, Hug, Responder (the sites of the projects)
    Entry("masonite", Place.REQUEST, bases="masonite.controllers.{,Controller.}Controller"),
    Entry(
        "robyn",
        Place.REQUEST,
        decorators="robyn.{Robyn,SubRouter}()."
        + HTTP.replace("{", "{view,connect,before_request,after_request,exception,"),
    ),
    Entry(
        "blacksheep",
        Place.REQUEST,
        decorators="blacksheep.{,server.,server.controllers.,server.routing.}{,Application().,Application().router.,"
        "Application().controllers_router.,Router().,RoutesRegistry().}{get,post,put,patch,delete,head,options,trace,ws,"
        "route,exception_handler}",
    ),
    Entry("blacksheep", Place.REQUEST, calls="middlewares.append", argument=0, receivers="middlewares"),
    Entry(
        "emmett",
        Place.REQUEST,
        decorators="emmett.{App().,App().module().,AppModule().,AppModule.from_app().}{route,websocket,on_error}",
    ),
    Entry("emmett", Place.REQUEST, decorators="app.route", by_name=True, imports="emmett"),
    Entry(
        "hug",
        Place.REQUEST,
        decorators="hug.{,route.,route.API().,API().}{get,post,put,patch,delete,head,options,call,http,get_post,"
        "put_post,not_found,static,sink,exception,object,request_middleware,response_middleware,reqresp_middleware}",
    ),
    Entry("responder", Place.REQUEST, decorators="responder.API().{route,on_event}"),
    # Odoo (https://www.odoo.com/documentation/master/developer/reference/backend/http.html)
    Entry("odoo", Place.REQUEST, decorators="{odoo,openerp}.http.route"),
    Entry("odoo", Place.REQUEST, decorators="http.route", by_name=True, imports="odoo openerp"),
    # Servers of the standard library, one object a request
    Entry(
        "http.server",
        Place.REQUEST,
        bases="http.server.{BaseHTTPRequestHandler,SimpleHTTPRequestHandler,CGIHTTPRequestHandler} "
        "BaseHTTP{RequestHandler,Server.BaseHTTPRequestHandler} SimpleHTTPRequestHandler BaseHTTPRequestHandler",
        methods="do_*",
        by_name=True,
    ),
    Entry("xmlrpc", Place.REQUEST, bases="Products.Five.{,browser.}BrowserView", methods="__call__"),
)

#: Decorators of classes, whose `methods` they register.
CLASS_DECORATORS = (
    Entry("pyramid", Place.REQUEST, decorators="cornice.resource.resource kinto.core.resource.register",
          methods=_COLLECTION),
    Entry("pyramid", Place.REQUEST, decorators="resource.register", methods=_COLLECTION, by_name=True,
          imports="kinto cornice"),
    Entry("pyramid", Place.REQUEST, decorators="pyramid.view.view_config", methods="__call__"),
    Entry("cherrypy", Place.REQUEST, decorators="cherrypy.expose", methods=UPPER, per_call=False),
    Entry("sanic", Place.REQUEST, decorators="robyn.Robyn().view", methods=VIEW_METHODS),
)  # fmt: skip

LISTINGS: tuple[Listing, ...] = ()
SIGNATURES = (Signature("pyramid", Place.REQUEST, parameters="context|exc|root request", imports="pyramid"),)
