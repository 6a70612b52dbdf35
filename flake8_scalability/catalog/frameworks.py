"""How frameworks learn of the functions that they call: workers and start-up hooks; the others have their own files."""

from __future__ import annotations

from flake8_scalability.catalog import live_frameworks, tools, web_frameworks
from flake8_scalability.catalog.rows import Entry, Place

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
    Entry("dramatiq", Place.WORKER, decorators="dramatiq.actor", by_name=True),
    Entry(
        "huey",
        Place.WORKER,
        decorators="huey.{Huey,RedisHuey,SqliteHuey}().{task,periodic_task} "
        "huey.contrib.djhuey.{task,periodic_task,db_task,db_periodic_task}",
    ),
    Entry("taskiq", Place.WORKER, decorators="broker.task", by_name=True),
    Entry("apscheduler", Place.WORKER, decorators="scheduler.{scheduled_job,cron_schedule} repeat_every", by_name=True),
    Entry("fastapi", Place.WORKER, decorators="fastapi_utils.tasks.repeat_every"),
    Entry("apscheduler", Place.WORKER, calls="scheduler.add_job", argument=0, keyword="func", by_name=True),
    # Consumers of message brokers (https://pika.readthedocs.io/, https://faststream.airt.ai/)
    Entry(
        "amqp",
        Place.WORKER,
        calls="channel.basic_consume pika.{BlockingConnection,SelectConnection}().channel().basic_consume",
        argument=1,
        keyword="on_message_callback",
        by_name=True,
    ),
    Entry("faststream", Place.WORKER, decorators="broker.subscriber", by_name=True),
    Entry("faust", Place.WORKER, decorators="faust.App().{agent,timer,crontab}"),
)

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
    "create_app", "make_app", "build_app", "get_app", "create_application", "get_application", "init_app", "lifespan",
    "on_startup", "startup", "startup_event", "on_start", "app_factory", "application_factory", "create_container",
    "bootstrap", "setup_app", "post_fork", "post_worker_init", "when_ready", "on_starting", "pytest_configure",
    "includeme", "init_db_pool", "shutdown", "on_shutdown", "shutdown_event", "app_lifespan",
})  # fmt: skip

ENTRIES = (
    *web_frameworks.ENTRIES,
    *live_frameworks.ENTRIES,
    *WORKER_ENTRIES,
    *STARTUP_ENTRIES,
    *tools.ENTRIES,
)

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
