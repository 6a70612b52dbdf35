"""How frameworks learn of the functions that they call: start-up hooks; what serves and works has files of its own."""

from __future__ import annotations

from flake8_scalability.catalog import (
    bot_frameworks,
    file_watchers,
    job_frameworks,
    live_frameworks,
    run_frameworks,
    tools,
    web_frameworks,
)
from flake8_scalability.catalog.rows import ANY_ARGUMENT, Entry, Listing, Place

LAMBDA_PARAMETERS = (
    ("event", "context"),
    ("_event", "_context"),
    ("event", "_context"),
    ("_event", "context"),
    ("event", "_"),
    ("_", "context"),
    ("evt", "ctx"),
    ("event", "lambda_context"),
    ("event", "ctx"),
)

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
        "django",
        Place.STARTUP,
        bases="django.apps.AppConfig AppConfig",
        methods="ready __init__",
        by_name=True,
        per_call=False,
    ),
    Entry(
        "any",
        Place.STARTUP,
        calls="on_startup.{append,extend,insert}",
        argument=ANY_ARGUMENT,
        by_name=True,
        receivers="on_startup cleanup_ctx on_shutdown on_cleanup on_app_init",
    ),
    Entry("any", Place.STARTUP, calls="app.add_event_handler", argument=1, keyword="func", by_name=True),
    Entry(
        "sanic",
        Place.STARTUP,
        calls="app.{register_listener,before_server_start,after_server_start,before_server_stop,after_server_stop}",
        argument=0,
        keyword="listener",
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

STARTUP_LISTINGS = (
    Listing(
        "any",
        Place.STARTUP,
        names="on_startup on_shutdown lifespan",
        imports="fastapi starlette litestar sanic quart faststream aiohttp",
    ),
)

#: Functions that a process calls once by convention.
STARTUP_NAMES = frozenset({
    "create_app", "make_app", "build_app", "get_app", "create_application", "get_application", "init_app", "lifespan",
    "on_startup", "startup", "startup_event", "on_start", "app_factory", "application_factory", "create_container",
    "bootstrap", "setup_app", "post_fork", "post_worker_init", "when_ready", "on_starting", "pytest_configure",
    "includeme", "init_db_pool", "shutdown", "on_shutdown", "shutdown_event", "app_lifespan",
})  # fmt: skip

ENTRIES = (
    *bot_frameworks.ENTRIES,
    *job_frameworks.ENTRIES,
    *file_watchers.ENTRIES,
    *run_frameworks.ENTRIES,
    *live_frameworks.ENTRIES,
    *web_frameworks.ENTRIES,
    *STARTUP_ENTRIES,
    *tools.ENTRIES,
)
LISTINGS = (
    *bot_frameworks.LISTINGS,
    *job_frameworks.LISTINGS,
    *run_frameworks.LISTINGS,
    *live_frameworks.LISTINGS,
    *web_frameworks.LISTINGS,
    *STARTUP_LISTINGS,
    *tools.LISTINGS,
)
SIGNATURES = (
    *bot_frameworks.SIGNATURES,
    *job_frameworks.SIGNATURES,
    *run_frameworks.SIGNATURES,
    *live_frameworks.SIGNATURES,
    *tools.SIGNATURES,
    *web_frameworks.SIGNATURES,
)

#: Attributes of a registered function that, as decorators, register nothing of the same kind.
NO_REGISTRATION = frozenset({
    "setter", "getter", "deleter", "register", "validator", "overload", "cache", "before_loop", "after_loop", "connect",
})  # fmt: skip

#: Decorators that let a function run once and keep its result, by the last component of their path.
KEEPING = ("cache", "memo", "singleton", "once", "lazy")

#: Calls in which a process spends its life: what is made before them lives as long.
SERVING = frozenset({
    "run_forever", "serve_forever", "start_consuming", "run_polling", "start_polling", "infinity_polling",
    "wait_for_termination", "run_until_disconnected", "wait_closed", "consume_forever", "idle", "run_app", "serve",
})  # fmt: skip

#: Frameworks whose functions may be started by a queue or a clock as well as by a waiting caller.
FUNCTION_RUNNERS = frozenset({"aws-lambda"})

#: What a `run` is called on where it serves: `uvicorn.run(app)`, `app.run()`.
RUNNERS = frozenset({
    "app", "application", "uvicorn", "hypercorn", "web", "api", "server", "socketio", "sio", "bot", "mcp", "dp",
    "dispatcher", "worker", "flask_app", "asgi_app",
})  # fmt: skip
#: Other calls that serve, by their paths.
SERVERS = (
    "tornado.ioloop.IOLoop.{instance,current}().start aiohttp.web.run_app uvicorn.{run,Server().run} "
    "celery.Celery().{worker_main,start,Worker().start} gunicorn.app.base.BaseApplication().run "
    "discord.{Client,ext.commands.Bot}().{run,start} fastmcp.FastMCP().run mcp.server.fastmcp.FastMCP().run "
    "wsgiref.simple_server.make_server apscheduler.schedulers.blocking.BlockingScheduler().start"
)
#: Packages that call a file's main guard for every visitor.
PAGE_RUNNERS = frozenset({"streamlit"})

#: Packages that a file imports to speak with the person who started it.
CLI_PACKAGES = tools.CLI_PACKAGES
