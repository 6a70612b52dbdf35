"""How the tools around a service are known: by what they are built with, and by where they lie in the project."""

from __future__ import annotations

import re

from flake8_scalability.catalog.rows import Entry, Listing, Place, Signature, expand

ENTRIES = (
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
        decorators="{click,rich_click,asyncclick}.{command,group,option,argument} "
        "{click,rich_click,asyncclick}.{Group,group,command}().{command,group} "
        "typer.Typer().{command,callback} flask.cli.{with_appcontext,AppGroup().command} "
        "flask.{Flask,Blueprint}().cli.{command,group} flask_script.Manager().{command,option} "
        "cyclopts.App().{command,default} invoke.task fabric.task nox.session",
    ),
    Entry("click", Place.TOOL, decorators="cli.command", by_name=True),
    Entry("click", Place.TOOL, decorators="manager.option", by_name=True, imports="flask_script", receivers="manager"),
    Entry("click", Place.TOOL, calls="typer.run fire.Fire", argument=0),
    Entry("flask-script", Place.TOOL, bases="flask_script.Command", methods="run", per_call=False),
    Entry(
        "unittest",
        Place.TOOL,
        bases="unittest.{,case.}{TestCase,IsolatedAsyncioTestCase} "
        "django.test.{,testcases.}{TestCase,TransactionTestCase,SimpleTestCase,LiveServerTestCase} "
        "rest_framework.test.{APITestCase,APITransactionTestCase} "
        "TestCase APITestCase IsolatedAsyncioTestCase TransactionTestCase SimpleTestCase",
        by_name=True,
    ),
    Entry("pytest", Place.TOOL, decorators="pytest.fixture pytest_asyncio.fixture locust.task"),
    Entry("locust", Place.TOOL, bases="locust.{HttpUser,User,TaskSet,FastHttpUser,SequentialTaskSet}"),
    Entry("alembic", Place.TOOL, calls="alembic.context.run_migrations alembic.context.configure"),
    Entry("atheris", Place.TOOL, calls="atheris.Setup", argument=1),
)

#: Commands of a project whose base is a class of its own
SIGNATURES = (
    Signature("django", Place.TOOL, parameters="args|_args options|_options|opts", names="handle", more=True),
    Signature("django", Place.TOOL, parameters="parser", names="add_arguments"),
)  # fmt: skip

LISTINGS = (Listing("argparse", Place.TOOL, names="func", imports="argparse"),)

#: Names that a migration binds at its module level: Alembic's (https://alembic.sqlalchemy.org/en/latest/tutorial.html).
MIGRATION_NAMES = frozenset({"revision", "down_revision"})
#: What only the environment of migrations imports, as `context`.
MIGRATION_CONTEXTS = frozenset({"alembic.context"})
#: The function without parameters that a migration of these packages is: Frappe's patches
#: (https://docs.frappe.io/framework/user/en/database-migrations).
MIGRATION_FUNCTIONS = {"frappe": "execute"}

#: Packages that compare or change schemas: what calls them runs at a release, a backup or a restore.
SCHEMA_PACKAGES = frozenset({"alembic", "flask_migrate", "yoyo", "aerich", "sqlalchemy_migrate"})

#: Folders whose code does not serve, wherever they lie: names of one path component, below the project's root.
FOLDERS = frozenset({
    "tests", "test", "testing", "unittests", "testutils", "e2e", "integration_tests", "functional_tests",
    "integration_test", "integration-test", "integration-tests", "acceptance", "fixtures", "alembic", "migrations",
    "versions_archive", "scripts", "script", "bin", "benchmarks", "benchmark", "loadtest", "loadtests", "load_tests",
    "evals", "notebooks", "mocks", "mockservices", "mock_services", "fakes", "stubs", "site-packages",
    "node_modules", "venv", "hack", "devtools", "utils_dev", "codegen",
    "code-generation", "terraform", "examples", "example", "samples", "vendor", "_vendor", "vendored", "_vendored",
    "third_party", "thirdparty", "3rdparty", "plugin_example", "plugin_examples", "plugin-example", "plugin-examples",
    "example_plugin", "example_plugins", "example-plugin", "example-plugins", "sample_plugin", "sample_plugins",
    "testapi", "test_api",
})  # fmt: skip
FOLDER_ENDINGS = ("_evals", "-evals", "_tests", "-tests", "_benchmarks", "_fake_data")
#: Folders that do not serve beside an application, but may well be a package of it.
PLAUSIBLE_FOLDERS = frozenset({
    "tools", "tool", "docs", "doc", "cli", "ci", "dev", "demo", "demos", "perf", "seeds", "infra", "infrastructure",
    "deploy", "deployment",
})  # fmt: skip
#: Those of them that show an application, handlers and all, where they lie beside it.
SHOWING_FOLDERS = frozenset({"docs", "doc", "demo", "demos"})
#: Those of the folders above that stop counting where an application that somebody runs lives below.
EXAMPLE_FOLDERS = frozenset({"examples", "example", "samples", "demo", "demos"})
#: Folders of a book or a course, each of which has an application to learn from.
LEARNING_FOLDERS = r"(chapter|chap|lesson|lecture|tutorial|exercise)[ _-]?\d+([ _-].*)?"
#: Folders of libraries, which are other people's where several of these packages lie in them.
LIBRARY_FOLDERS = frozenset({"libs", "lib", "extlib", "extlibs"})
COPIED_PACKAGES = frozenset({
    "attr", "bs4", "certifi", "chardet", "charset_normalizer", "dateutil", "flask", "html5lib", "idna", "jinja2",
    "markupsafe", "pytz", "requests", "simplejson", "six.py", "sqlalchemy", "urllib3", "werkzeug", "yaml",
})  # fmt: skip
#: What such an application has; a package's own file says no more than what the example needs.
MANIFESTS = ("requirements.txt", "Dockerfile", "Procfile", "manage.py")

FILES = (
    "test_*.py", "*_test.py", "*_tests.py", "*_tester.py", "tests.py", "test.py", "conftest.py", "noxfile.py",
    "fabfile.py", "locustfile.py", "loadtest.py", "pavement.py", "dodo.py", "*.ipynb", "seed.py", "seed_*.py",
    "migrate_*.py", "populate_*.py", "smoke_*.py", "benchmark*.py", "docs_conf.py", "example_*.py", "*[_.-]example.py",
    "*.sample.py", "*.template.py", "*.dist.py", "*settings[_.-]sample.py", "*config[_.-]sample.py",
    "*settings[_.-]template.py", "*config[_.-]template.py", "*settings[_.-]dist.py", "*config[_.-]dist.py",
    "sample_settings.py", "sample_config.py",
)  # fmt: skip
#: Files that do not serve at the top of a project, but may well be a module of an application.
PLAUSIBLE_FILES = (
    "setup.py", "manage.py", "cli.py", "*_cli.py", "commands.py", "migrate.py", "factories.py", "generate_*.py",
    "gen_*.py", "check_*.py", "debug_*.py", "demo*.py",
)  # fmt: skip
#: What the text of a file says that answers requests.
ROUTES = re.compile(r"^\s*@\w+\.(route|get|post|put|patch|delete|websocket|api_route)\(|\burlpatterns\b", re.MULTILINE)

#: Stems of modules that are old copies of another: `app_backup.py`, `old_views.py`, `copy_of_main.py`.
COPIES = (
    r"(\w+_)?(new|my|old)?(backup|bak|bkp)\d*|(old|orig|obsolete|deprecated)[_-]\w+|copy( of|_of)?\b.*|copy_of_\w+|"
    r"\w+[_-](old|orig|copy|bkp|obsolete|deprecated)\d*|\w+[ -]copy\b.*"
)
#: Files that say how the modules of a project are started, and folders below its root that may hold such files.
DEPLOYMENT_FILES = (
    "Dockerfile*", "*.dockerfile", "Procfile*", "*.yml", "*.yaml", "*.sh", "*.toml", "*.cfg", "*.ini", "*.conf",
    "*.service", "Makefile", "*.json", "*.bat", ".flaskenv", "*.env", "*.tf", "justfile", "crontab*", "*.cron",
)  # fmt: skip
#: Those that somebody may as well run by hand, and those that a platform reads to start what it serves.
BY_HAND_FILES = ("*.sh", "*.bat", "Makefile", "justfile")
PLATFORM_FILES = (
    "Dockerfile*", "*.dockerfile", "Procfile*", "render.y*ml", "app.y*ml", "*compose*.y*ml", "*.service", "fly.toml",
    "railway.toml", "railway.json", "nixpacks.toml", "apprunner.y*ml",
)  # fmt: skip
DEPLOYMENT_FOLDERS = (
    "docker", "deploy", "deployment", "scripts", "bin", "ops", "k8s", "systemd", "compose", "config", "conf", "etc",
    ".github/workflows",
)  # fmt: skip

#: Packages that a file imports to speak with the person who started it.
CLI_PACKAGES = frozenset({
    "argparse", "click", "typer", "questionary", "fire", "docopt", "inquirer", "prompt_toolkit", "optparse",
})  # fmt: skip
#: Packages that draw windows on the screen of the one user of a program.
WINDOW_PACKAGES = frozenset(
    {"tkinter", "customtkinter", "PyQt5", "PyQt6", "PySide2", "PySide6", "kivy", "wx", "textual"}
)
#: What a file imports that holds the commands of developers, unless it serves: of packages that do other things too.
TASK_RUNNERS = frozenset({"invoke", "fabric", "nox"})
COMMANDS = frozenset(expand("{invoke,fabric,invoke.tasks,fabric.tasks}.task {invoke,fabric}.{Collection,Program} nox"))
#: Packages that make data up.
FAKING_PACKAGES = frozenset({"factory", "faker", "pytest", "unittest", "model_bakery", "mixer"})

#: Signals that Django sends before and after migrations, and the parameter of every function that hears of a signal:
#: https://docs.djangoproject.com/en/stable/ref/signals/#management-signals
MIGRATION_SIGNALS = re.compile(r"\b(?:pre|post)_migrate\b")
SIGNAL_PARAMETER = "sender"
#: The registry of classes that a migration hands to its functions, and the method that looks one up:
#: https://docs.djangoproject.com/en/stable/ref/migration-operations/#runpython
MIGRATION_REGISTRY = "apps"
REGISTRY_LOOK_UP = "get_model"
#: Decorators that make a function a task, which is started by its name.
TASKS = frozenset({"shared_task", "task"})
#: Words of the settings in which a project writes down when its tasks are started.
SCHEDULES = ("beat_schedule", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE")
