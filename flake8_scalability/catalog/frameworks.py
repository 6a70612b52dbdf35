"""How frameworks learn of the functions that they call: handlers, workers, start-up hooks and tools."""

from __future__ import annotations

from flake8_scalability.catalog.rows import Entry, Place

_HTTP = "{get,post,put,patch,delete,head,options,trace}"
_VIEW_METHODS = "get post put patch delete head options dispatch"

REQUEST_ENTRIES = (
    # Flask and its relatives (https://flask.palletsprojects.com/en/stable/api/)
    Entry(
        "flask",
        Place.REQUEST,
        decorators="{flask,quart}.{Flask,Quart,Blueprint}().{route,get,post,put,patch,delete,websocket,before_request,after_request,"
        "teardown_request,errorhandler,before_app_request,after_app_request,context_processor,app_context_processor}",
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
        calls="starlette.routing.{Route,WebSocketRoute} app.{add_api_route,add_route,add_websocket_route,add_api_websocket_route}",
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
        bases="django.views.generic.{,base.,edit.,list.,detail.}{View,TemplateView,RedirectView,ListView,DetailView,CreateView,"
        "UpdateView,DeleteView,FormView} django.views.View View TemplateView ListView DetailView CreateView UpdateView DeleteView FormView",
        methods=_VIEW_METHODS
        + " get_queryset get_context_data get_object form_valid form_invalid get_success_url setup",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        bases="rest_framework.views.APIView rest_framework.generics.{GenericAPIView,ListAPIView,CreateAPIView,RetrieveAPIView,"
        "ListCreateAPIView,RetrieveUpdateAPIView,RetrieveUpdateDestroyAPIView,RetrieveDestroyAPIView,UpdateAPIView,DestroyAPIView} "
        "rest_framework.viewsets.{ViewSet,GenericViewSet,ModelViewSet,ReadOnlyModelViewSet} APIView GenericAPIView ListAPIView "
        "CreateAPIView RetrieveAPIView ListCreateAPIView RetrieveUpdateAPIView RetrieveUpdateDestroyAPIView UpdateAPIView "
        "DestroyAPIView ViewSet GenericViewSet ModelViewSet ReadOnlyModelViewSet",
        methods=_VIEW_METHODS
        + " list create retrieve update partial_update destroy get_queryset get_object perform_create "
        "perform_update perform_destroy get_serializer_class get_serializer_context initial finalize_response",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        decorators="rest_framework.decorators.{api_view,action,list_route,detail_route} api_view action detail_route list_route",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        bases="rest_framework.serializers.{Serializer,ModelSerializer,ListSerializer,HyperlinkedModelSerializer,BaseSerializer} "
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
        "django.contrib.auth.decorators.{login_required,permission_required,user_passes_test} login_required csrf_exempt "
        "require_POST require_GET require_http_methods",
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
)

WORKER_ENTRIES = (
    # Celery (https://docs.celeryq.dev/en/stable/userguide/tasks.html)
    Entry(
        "celery",
        Place.WORKER,
        decorators="celery.{,app.}{Celery().task,Celery().on_after_configure.connect} celery.shared_task "
        "celery.task celery.task.task celery.decorators.task celery.decorators.periodic_task",
    ),
    Entry("celery", Place.WORKER, decorators="app.task shared_task app.periodic_task", by_name=True),
    Entry("celery", Place.WORKER, bases="celery.Task celery.app.task.Task", methods="run __call__", per_call=False),
    Entry("rq", Place.WORKER, decorators="rq.decorators.job rq.job django_rq.job job", by_name=False),
    Entry("dramatiq", Place.WORKER, decorators="dramatiq.actor"),
    Entry(
        "huey",
        Place.WORKER,
        decorators="huey.{Huey,RedisHuey,SqliteHuey}().{task,periodic_task} "
        "huey.contrib.djhuey.{task,periodic_task,db_task,db_periodic_task}",
    ),
    Entry("taskiq", Place.WORKER, decorators="broker.task", by_name=True),
    Entry("apscheduler", Place.WORKER, decorators="scheduler.{scheduled_job,cron_schedule} repeat_every", by_name=True),
    Entry("fastapi", Place.WORKER, decorators="fastapi_utils.tasks.repeat_every"),
)

LAMBDA_NAMES = frozenset({"lambda_handler", "handler", "main", "handle"})
LAMBDA_PARAMETERS = (("event", "context"), ("_event", "_context"), ("event", "_context"), ("event", "_"), ("evt", "ctx"),
                     ("event", "lambda_context"), ("event", "ctx"))  # fmt: skip

STARTUP_ENTRIES = (
    Entry("fastapi", Place.STARTUP, decorators="app.on_event", by_name=True),
    Entry(
        "quart",
        Place.STARTUP,
        decorators="app.{before_serving,after_serving,while_serving,before_first_request,before_app_first_request}",
        by_name=True,
    ),
    Entry(
        "sanic",
        Place.STARTUP,
        decorators="app.{listener,before_server_start,after_server_start,before_server_stop,"
        "after_server_stop,main_process_start,reload_process_start}",
        by_name=True,
    ),
    Entry(
        "celery",
        Place.STARTUP,
        decorators="celery.signals.{worker_process_init,worker_init,worker_ready,worker_shutdown,"
        "worker_process_shutdown,beat_init,setup_logging,celeryd_init}.connect "
        "signals.{worker_process_init,worker_init,worker_ready,celeryd_init,setup_logging}.connect",
    ),
    Entry(
        "django",
        Place.STARTUP,
        bases="django.apps.AppConfig AppConfig",
        methods="ready __init__",
        by_name=True,
        per_call=False,
    ),
    Entry(
        "pyramid",
        Place.STARTUP,
        calls="hooks.{on_startup.append,cleanup_ctx.append,on_shutdown.append,on_cleanup.append,add_event_handler,"
        "on_startup.extend}",
        argument=0,
        by_name=True,
    ),
    Entry(
        "dependency-injector",
        Place.STARTUP,
        calls="dependency_injector.providers.{Singleton,Resource,ThreadSafeSingleton} "
        "providers.{Singleton,Resource,ThreadSafeSingleton}",
        argument=0,
    ),
    Entry(
        "any",
        Place.STARTUP,
        calls="fastapi.FastAPI starlette.applications.Starlette litestar.Litestar FastAPI",
        keyword="lifespan",
    ),
    Entry("any", Place.STARTUP, calls="atexit.register signal.signal", argument=0),
)

#: Functions that a process calls once by convention.
STARTUP_NAMES = frozenset({
    "create_app", "make_app", "build_app", "get_app", "create_application", "get_application", "init_app", "lifespan", "on_startup",
    "startup", "startup_event", "on_start", "app_factory", "application_factory", "create_container", "bootstrap", "setup_app",
    "post_fork", "post_worker_init", "when_ready", "on_starting", "pytest_configure", "includeme", "init_db_pool", "shutdown",
    "on_shutdown", "shutdown_event", "app_lifespan",
})  # fmt: skip

TOOL_ENTRIES = (
    Entry(
        "django",
        Place.TOOL,
        bases="django.core.management.{,base.}{BaseCommand,AppCommand,LabelCommand} BaseCommand AppCommand "
        "LabelCommand NoArgsCommand django.db.migrations.Migration migrations.Migration",
        by_name=True,
    ),
    Entry(
        "click",
        Place.TOOL,
        decorators="click.{command,group} click.{Group,group,command}().{command,group} "
        "typer.Typer().{command,callback} flask.cli.{with_appcontext,AppGroup().command} invoke.task fabric.task nox.session",
    ),
    Entry("click", Place.TOOL, decorators="cli.command manager.command", by_name=True),
    Entry(
        "unittest",
        Place.TOOL,
        bases="unittest.{,case.}{TestCase,IsolatedAsyncioTestCase} django.test.{,testcases.}{TestCase,"
        "TransactionTestCase,SimpleTestCase,LiveServerTestCase} rest_framework.test.{APITestCase,APITransactionTestCase} TestCase "
        "APITestCase IsolatedAsyncioTestCase TransactionTestCase SimpleTestCase",
        by_name=True,
    ),
    Entry("pytest", Place.TOOL, decorators="pytest.fixture pytest_asyncio.fixture locust.task"),
    Entry("locust", Place.TOOL, bases="locust.{HttpUser,User,TaskSet,FastHttpUser,SequentialTaskSet}"),
    Entry("alembic", Place.TOOL, calls="alembic.context.run_migrations alembic.context.configure"),
    Entry("atheris", Place.TOOL, calls="atheris.Setup", argument=1),
)

ENTRIES = (*REQUEST_ENTRIES, *WORKER_ENTRIES, *STARTUP_ENTRIES, *TOOL_ENTRIES)

#: Decorators that let a function run once and keep its result, by the last component of their path.
KEEPING = ("cache", "memo", "singleton", "once", "lazy")

#: Folders and files whose code does not serve: names of one path component, matched below the project's root.
TOOL_FOLDERS = frozenset({
    "tests", "test", "testing", "unittests", "migrations", "alembic", "versions_archive", "scripts", "script", "bin", "tools", "tool",
    "examples", "example", "samples", "docs", "doc", "benchmarks", "benchmark", "fixtures", "management", "notebooks", "ci", ".github",
    "site-packages", "node_modules", "venv", ".venv", "hack", "devtools", "utils_dev", "testutils", "e2e", "integration_tests",
    "functional_tests", "integration_test", "integration-test", "integration-tests", "acceptance", "cli", "loadtest", "loadtests", "load_tests", "evals", "seeds", "demo", "demos", "perf",
    "dev", "codegen", "code-generation",
})  # fmt: skip
TOOL_FILES = (
    "test_*.py", "*_test.py", "*_tests.py", "tests.py", "test.py", "conftest.py", "setup.py", "manage.py", "noxfile.py", "fabfile.py",
    "locustfile.py", "loadtest.py", "pavement.py", "dodo.py", "*.ipynb", "seed.py", "seed_*.py", "migrate.py", "migrate_*.py", "factories.py",
    "generate_*.py", "gen_*.py", "populate_*.py", "check_*.py", "smoke_*.py", "benchmark*.py", "docs_conf.py", "cli.py", "debug_*.py", "demo*.py",
)  # fmt: skip
#: Those of the folders above that stop counting where an application of its own, with a manifest, lives below.
EXAMPLE_FOLDERS = frozenset({"examples", "example", "samples", "demo", "demos"})
MANIFESTS = ("pyproject.toml", "setup.py", "requirements.txt", "Pipfile", "Dockerfile", "manage.py")

#: Calls in which a process spends its life: what is made before them lives as long.
SERVING = frozenset({
    "run_forever", "serve_forever", "start_consuming", "run_polling", "start_polling", "infinity_polling", "wait_for_termination",
    "run_until_disconnected", "wait_closed", "consume_forever", "idle", "run_app", "serve",
})  # fmt: skip

#: Frameworks whose functions may be started by a queue or a clock as well as by a waiting caller.
FUNCTION_RUNNERS = frozenset({"aws-lambda"})

#: Packages that a file imports to speak with the person who started it.
CLI_PACKAGES = frozenset({
    "argparse", "click", "typer", "questionary", "fire", "docopt", "inquirer", "prompt_toolkit", "optparse",
})  # fmt: skip
