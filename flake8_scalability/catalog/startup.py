"""What changes shared state when a process starts: schemas, migrations, first rows, emptied queues."""

from __future__ import annotations

import re
from typing import NamedTuple


class StartUpEffect(NamedTuple):
    """A call that should run once for a release, and not once for each instance.

    paths: access paths of the call
    names: last names that are it on any receiver that the file does not show to be something else
    receivers: a pattern for the last name of that receiver; "" for any, also none
    what: what it does
    instead: where it belongs
    """

    what: str
    instead: str
    paths: str = ""
    names: str = ""
    receivers: str = ""


_MIGRATE = "migrate once per release"
EFFECTS = (
    StartUpEffect(
        "creates tables",
        _MIGRATE,
        paths="sqlalchemy.{,schema.}MetaData().create_all sqlmodel.SQLModel.metadata.create_all "
        "flask_sqlalchemy.SQLAlchemy().create_all",
        names="create_all",
        receivers=r"metadata|\w*metadata|\w*db|database",
    ),
    StartUpEffect(
        "drops tables",
        _MIGRATE,
        paths="sqlalchemy.{,schema.}MetaData().drop_all flask_sqlalchemy.SQLAlchemy().drop_all",
        names="drop_all",
        receivers=r"metadata|\w*metadata|\w*db|database",
    ),
    StartUpEffect(
        "creates tables",
        _MIGRATE,
        paths="peewee.{Postgresql,MySQL,}Database().create_tables tortoise.Tortoise.generate_schemas "
        "piccolo.table.{create_db_tables,create_db_tables_sync,create_tables} pony.orm.Database().generate_mapping",
        names="create_tables generate_schemas",
        receivers=r"\w*db|database|Tortoise",
    ),
    StartUpEffect(
        "migrates the schema",
        _MIGRATE,
        paths="alembic.command.{upgrade,downgrade,stamp} flask_migrate.{upgrade,downgrade,stamp,migrate} "
        "yoyo.get_backend().apply_migrations aerich.Command().upgrade",
        names="upgrade apply_migrations",
        receivers=r"command|alembic_command|alembic|flask_migrate|migrate|backend",
    ),
    StartUpEffect(
        "empties a queue",
        "purge by hand",
        paths="celery.{,app.}Celery().control.{purge,discard_all} boto3.{client,resource}().purge_queue",
        names="purge_queue queue_purge",
    ),
    StartUpEffect(
        "empties the cache that all share",
        "flush by hand",
        names="flushdb flushall",
    ),
)
#: Django's commands, handed to `call_command` or a shell, that change what all instances share.
COMMANDS = {
    "migrate": ("migrates the schema", _MIGRATE),
    "flush": ("empties the database", "flush by hand"),
    "loaddata": ("loads first rows", "seed once per release"),
    "createcachetable": ("creates tables", _MIGRATE),
    "syncdb": ("creates tables", _MIGRATE),
}
CALL_COMMAND = frozenset({"django.core.management.call_command", "call_command", "management.call_command"})
#: Programs run by a shell or a child process that migrate.
SHELL = (
    r"\b(alembic|flask\s+db|aerich|prisma\s+(db\s+push|migrate\s+deploy)|yoyo)\s+(upgrade|apply|migrate)\b|"
    r"\bmanage\.py\s+migrate\b|\bprisma\s+(db\s+push|migrate\s+deploy)\b"
)
SHELLS = frozenset({"run", "call", "check_call", "check_output", "Popen", "system", "create_subprocess_exec",
                    "create_subprocess_shell", "getoutput"})  # fmt: skip
#: Statements of SQL that change a schema.
DDL = r"^\s*(CREATE\s+(UNLOGGED\s+)?TABLE|ALTER\s+TABLE|DROP\s+TABLE|TRUNCATE|CREATE\s+(UNIQUE\s+)?INDEX)\b"
EXECUTES = frozenset({"execute", "exec_driver_sql", "executemany"})
#: Functions, of whatever file, that write first rows.
SEEDS = (
    r"_*(seed|populate)(_(db|database|data|tables?|initial\w*|default\w*|roles?|users?|admin|all|\w+_data))?|"
    r"_*(create|insert|load|add|init|ensure|setup)_(default|initial|first|demo|sample|seed)_?"
    r"(\w+_)?(admin|user|users|superuser|super_user|roles?|data|categor\w+|permissions?|accounts?|groups?|tenants?|rows|records)|"
    r"_*create_(super_?user|admin_user|admin)"
)
#: What the body of such a function has that writes rows, itself or by what it calls.
WRITES = (
    r"\.(add|add_all|save|commit|create|bulk_create|\w+_or_create|insert\w*|execute\w*|merge|put|upsert\w*|replace_one|"
    r"update_one|create_\w+|set|hset|flush|bulk\w*|persist)\(|\bawait \w+\(|"
    r"\b\w*(seed|insert|upsert|save|write|add|load|create_\w*(user|role|admin|group|tenant|account))\w*\("
)
#: What else is seeded: sources of chance.
RANDOM = frozenset(
    {"random", "np", "numpy", "torch", "rng", "Faker", "fake", "faker", "transformers", "tensorflow", "tf", "pl"}
)
#: Switches and places that let the effect happen only where somebody wants it.
SWITCH = (
    r"migrat|auto_?create|create_(tables|schema|db|all)|seed|init_?db|run_|debug|test|dev\b|development|local|sqlite|"
    r"environment|env\b|reset|first_run|bootstrap|skip|demo|ddl|leader|primary|is_main|version|revision"
)
#: What settings are read from.
SETTINGS = re.compile(r"^os$|environ|^(env|conf|cfg)$|config|settings", re.IGNORECASE)
#: Functions that are called to set a database up, from wherever their project calls them.
SETUP_NAMES = (
    r"_*(init|create|setup|set_up|prepare|ensure|make|build|run|apply|initiali[sz]e|migrate|start|sync|bootstrap)"
    r"_?(the_)?(db|database|databases|tables?|all_tables|schema|schemas|models|migrations?|db_and_tables|db_tables|"
    r"database_tables|orm|storage|indexes|engine|data)?(_\w+)?"
)
#: Ends of the names of files that are there to set up a database.
SCRIPT_NAMES = r"_(db|database|tables?|schema)$"
#: Calls under a main guard that serve in production as well; the others are for the developer.
SERVES = (
    r"\b(uvicorn|hypercorn|granian|waitress|web|asyncio|anyio|trio)\.(run|serve|run_app)\(|\bserve\(|run_app\(|"
    r"run_polling\(|start_polling\(|serve_forever\(|start_consuming\("
)
#: Decorators of start-up hooks, and calls that make an application, as they are spelled.
HOOKS = (
    r"@\w+\.(on_event\(\s*[\"']startup|before_serving|before_first_request|before_app_first_request|"
    r"(before|after)_server_start|main_process_start|listener\(\s*[\"'](before|after)_server_start|while_serving|on_startup)"
)
APPLICATIONS = r"\b(FastAPI|Flask|Starlette|Quart|Sanic|Litestar|Application|Dash|Bottle)\(|\bapp\s*=\s*create_app\("
#: Methods that are a step of a program's start, and those that take these steps.  What is set up or prepared, and what
#: is made with an object, may be so for each request or job.
STEPS = re.compile(r"_*(init|initiali[sz]e|bootstrap)_\w")
STARTING = frozenset({"start", "run", "main", "initialize", "initialise", "launch", "boot", "serve"})
#: How code names the kind of its deployment, and the kinds of those that serve nobody, and of the one that does.
DEPLOYMENT_KIND = re.compile(r"(?i)(^|_)(env(ironment)?|stage|deployment)(_name|_type)?$")
NOBODY_SERVED = re.compile(
    r"(?i)^(local(host)?|dev(el(op(ment)?)?)?|test(ing|s)?|staging|sandbox|demo|ci|e2e|qa|lower)$"
)
EVERYBODY_SERVED = re.compile(r"(?i)^(prod(uction)?|live)$")

#: Modules, by the words of an import, that may describe tables.
TABLES_IN = re.compile(r"models?\b|entit(y|ies)|\borm\.|tables?\b|import \*", re.IGNORECASE)
