"""How the modules of a project come to be loaded other than by an import: started, or found by a framework."""

from __future__ import annotations

import re

from flake8_scalability.catalog import frameworks
from flake8_scalability.catalog.rows import expand

#: What stands in a module that somebody starts, or whose functions a server or a cloud finds: texts, to be quick.
STARTED = (
    "__main__", "FastAPI(", "Flask(", "Starlette(", "Quart(", "Sanic(", "Litestar(", "Application(", "Dash(", "Bottle(",
    "Celery(", "Bot(", "Client(", "Broker(", "Typer(", "Chalice(", "FunctionApp(", "App(", "Consumer(",
    "ArgumentParser(",
    "create_app(", "make_app(", "get_wsgi_application", "get_asgi_application", "execute_from_command_line",
    "\ndef lambda_handler(", "\ndef handler(", "\nasync def handler(", "\ndef main(", "\nasync def main(",
    "(event, context", "(event: ", "(_event, ",
    "functions_framework", "import streamlit", "register_page(", "@frappe.whitelist", "\nbind =",
)  # fmt: skip
#: What stands in a module that somebody starts by itself, and what of these goes on for as long as it serves.
BY_ITSELF = "__main__"
GOES_ON = (
    "while True", "while not ", "serve_forever", "run_polling", "start_polling", "run_forever", "uvicorn.run",
    "run_app(", "run_simple(", "make_server(",
    "app.run(", "server.run(", "bot.run(", "client.run(", "worker.run(", "mcp.run(", "Consumer(", "Celery(", "Worker(",
    "Server(", "serve(", "start_consuming", "Scheduler(", "streamlit", "import worker", "import workers",
    "def handler(", "def lambda_handler(", "(event, context",
)  # fmt: skip
#: Folders of commands that somebody runs by hand, unless something calls them, and with what, or they go on.
COMMAND_FOLDERS = ("management", "commands")
CALLS_COMMANDS = "call_command"
COMMANDS_GO_ON = (*GOES_ON, "forever", "asyncio.run(", "run_until_", "listen(", "subscribe(", "polling")
#: What such a module does that speaks with the person who has started it.
ASKS = "input("
#: What makes the application that a server starts: of two in one folder, that is the one which the deployment names.
APPLICATION = re.compile(
    r"^\s*\w+(?::[^=\n]+)?\s*=\s*(?:\w+\.)*(?:FastAPI|Flask|Quart|Sanic|Starlette|create_\w*app\w*)\(", re.MULTILINE
)
#: Folders that hold what was, and modules that are old copies: nothing is found there, and what is named there was.
PUT_ASIDE = re.compile(
    r"_?(archived?|archives|attic|obsolete|deprecated|unused|not_in_use|backups?|bak|old|trash|graveyard|dead_?code)|"
    r"\w+_(backups?|archived?|unused)|(backups?|archived?|unused)_\w+",
    re.IGNORECASE,
)
COPY = re.compile(r"\w+[_-](backup|bak|orig|original|old|unused|obsolete)\d*|\w+ copy\b.*|copy_of_\w+", re.IGNORECASE)
#: Modules that a framework or a server looks for by these names.
FOUND = frozenset(expand(
    "__main__ admin apps models signals tasks urls settings conf config wsgi asgi manage celery celeryconfig conftest "
    "setup receivers schema search_indexes translation checks hooks jobs events plugin plugins function_app "
    "lambda_function app main index routing commands documents feeds sitemaps api handlers local_settings "
    "gunicorn.conf sitecustomize autoapp passenger_wsgi wagtail_hooks"
))  # fmt: skip
#: In the name of modules of settings: one that each deployment has for itself, beside the code, may build on them.
SETTINGS = "settings"
#: Folders of which a framework, or the project itself, loads whatever lies in them.
FOUND_FOLDERS = frozenset(expand(
    "management templatetags migrations alembic versions dags pages settings cogs plugins extensions addons hooks "
    "functions lambdas lambda controllers models wizard wizards report doctype"
))  # fmt: skip
#: Commands behind which stands the name of a module that they load, as it is or in a path.
COMMANDS = (
    r"\bpython[\d.]*|\bcelery|\bdramatiq|\bsaq|\btaskiq|\barq|\brq|\bhuey_consumer\w*|\bfaust|\bflask|\bgunicorn|\buvicorn|"
    r"\bhypercorn|\bdaphne|\bgranian|\bsanic|\bstreamlit|\bchainlit|\bprocrastinate|\bexec|\bENTRYPOINT|\bCMD"
)
#: Options of such commands, and entries of their configuration, with a module as their value.
OPTIONS = r"-[mAk]|--app|^module|^wsgi(?:-file)?|^mount"
#: Calls with which a project loads modules whose names it does not import.
DISCOVERS = (
    "import_module(", "__import__(", "load_extension", "include_tasks", "load_cog", "spec_from_file_location(",
    "run_path(", "import_string(", "load_module(", "exec_module(", "iter_modules(", "walk_packages(", "find_modules(",
    "config.scan(", "autodiscover",
)  # fmt: skip
#: With these it looks into folders for them.
ENUMERATES = (
    "iter_modules(", "walk_packages(", "find_modules(", "config.scan(", "listdir(", "glob(", "iterdir(", "scandir(",
    "os.walk(", "load_extensions(",
)  # fmt: skip
#: What a module has that looks for others where it lies itself.
WITHIN = ("__path__", "__package__", "__file__", "__name__")
#: Decorators that register nothing: those that change how a function runs, and those that say who may call a view, how
#: often, by which methods, and what its answer is like.
PLAIN = re.compile(
    r"wraps|staticmethod|classmethod|property|(async)?contextmanager|dataclass|cache|lru_cache|cached_property|"
    r"abstractmethod|overload|final|total_ordering|override|retry|atomic|cached|sync_to_async|async_to_sync|"
    r"(\w+_)?(required|required_\w+)|require_\w+|\w+_only|user_passes_test|has_permissions?|csrf_\w+|cache_(page|control)|"
    r"never_cache|vary_on_\w+|xframe_\w+|gzip_page|condition|etag|last_modified|sensitive_\w+|ratelimit|limit|throttle|"
    r"(permission|authentication|throttle|renderer|parser)_classes|api_view|extend_schema\w*|swagger_auto_schema|"
    r"method_decorator|non_atomic_requests|deprecated"
)
#: Bases of views that the routes of a project name, and what is mixed into them: by none of these a view is found.
ROUTED = re.compile(r"(\w*API|Template|Redirect|List|Detail|Create|Update|Delete|Form)?View|\w*ViewSet|\w+Mixin")
#: Decorators of what a worker runs when somebody asks for it by the name of its function, unless they give another, or
#: say when it is to run; and what keeps schedules in a database, where anybody may have put such a name.
TASKS = frozenset({"task", "shared_task", "job", "actor", "celery_task", "db_task"})
SAYS_WHEN = re.compile(r"\b(cron\w*|interval|schedule\w*|every|run_every|periodic|repeat|name)\b")
KEEPS_SCHEDULES = ("django_celery_beat", "celery_sqlalchemy_scheduler", "rq_scheduler", "django_q")
#: A library whose workers run each of its tasks as they start (https://faust-streaming.github.io/faust/, "tasks").
STARTS_TASKS = ("faust",)
#: A decorator of what somebody runs from a shell, unless the module speaks with a chat, where people give commands.
COMMAND = "command"
CHATS = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(?:discord|nextcord|disnake|interactions|hikari|slack_bolt|telegram|aiogram|telebot|"
    r"pyrogram|telethon|twitchio|errbot|nonebot|khl)\b",
    re.MULTILINE,
)
#: What collects handlers for an application, and serves none until that takes it.
COLLECTORS = frozenset({"APIRouter", "Blueprint", "APIBlueprint", "RouteTableDef", "Router", "Namespace"})
#: Bases that call no method of those who have them, and do not find them.
CALLING_NOTHING = frozenset({"object", "ABC", "Generic", "Protocol"})
#: Bases of classes whose objects are rows or documents, and the methods of these that such a base calls by itself; of
#: others a template may make use.
OF_ROWS = re.compile(r"\w*Model|Abstract(Base)?User|\w*Document|DeclarativeBase|\w*Manager|\w*QuerySet")
HAS_ROWS = "__tablename__"
MIXIN = "Mixin"
CALLED_ON_ROWS = re.compile(
    r"save|delete|clean\w*|full_clean|validate\w*|natural_key|from_db|refresh_from_db|check|get_absolute_url|get_id|"
    r"get_username|get_queryset|get_query_set|a?create|create_(super)?user|is_\w+|has_\w+|config|call|forward|"
    r"model_\w+|before_\w+|after_\w+|pre_\w+|post_\w+|on_\w+"
)
#: Bases and mixins of Django's views, and the methods that these call; of others a template may make use, of a `view`.
OF_VIEWS = re.compile(
    r"django\.(views|contrib\.(auth|messages))\.([\w.]+\.)?((Template|Redirect|List|Detail|Create|Update|Delete|Form)?View|"
    r"(LoginRequired|PermissionRequired|UserPassesTest|Access|Context|Form|ModelForm|SuccessMessage)Mixin)"
)
CALLED_ON_VIEWS = re.compile(
    r"get|post|put|patch|delete|head|options|trace|setup|dispatch|as_view|http_method_not_allowed|"
    r"(get|has|handle|form|render|paginate|test)_(\w+_)?(queryset|object|context\w*|data|names?|url|form|class|"
    r"kwargs|initial|prefix|message|fields?|slug|by|orphans|paginator|empty|valid|invalid|to_response|permission|"
    r"required|func|test_func|ordering)"
)
TEMPLATES = (".html", ".htm", ".txt", ".xml", ".jinja", ".jinja2", ".j2", ".mako", ".tmpl", ".mjml", ".haml", ".pug")
#: Methods that a framework finds by their names in a class without bases.
ON_REQUEST = re.compile(r"(on_|process_|do_|handle_|(get|post|put|patch|delete|head|options)$)", re.IGNORECASE)
#: Functions that a program or a server finds by their names.
BY_NAME = frameworks.STARTUP_NAMES | {
    "main", "setup", "teardown", "handler", "lambda_handler", "application", "app", "run",
}  # fmt: skip
#: Methods that add rows to a table of Django's, and views, forms and mixins that let a client do so.
ADDING_ROWS = ("create", "acreate", "bulk_create", "abulk_create", "get_or_create", "update_or_create")
ADDING_VIEWS = (
    r"\bModelViewSet\b",
    r"\b(List)?CreateAPIView\b",
    r"\bCreateModelMixin\b",
    r"\bCreateView\b",
    r"\bModelForm\b",
)
