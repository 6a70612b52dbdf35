"""Which stores each instance has for itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_scalability.model.scaling import own_stores
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
REDIS = "django_redis.cache.RedisCache"


def in_project(folder: Path, text: str, files: dict[str, str], settings: Settings | None = None) -> SourceFile:
    """Return the model of a file in a project with other files."""
    (folder / "requirements.txt").touch()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return SourceFile(ast.parse(text), str(folder / "views.py"), text.splitlines(True), settings or Settings())


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("db.py", "engine = create_engine('sqlite:///data.db')", True),
        ("settings.py", "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}", True),
        ("db.py", "connection = sqlite3.connect(PATH)", True),
        ("db.py", "engine = create_engine(URL)", False),
        ("tests/db.py", "engine = create_engine('sqlite:///data.db')", False),
        ("settings.py", "ENGINE = os.getenv('DB_ENGINE', 'django.db.backends.sqlite3')", False),
        ("settings.py", "A = 'sqlite:///data.db'\ndjango_heroku.settings(locals())", False),
        ("settings.py", "A = 'sqlite:///data.db'\nB = 'postgresql://db/shop'", False),
    ],
)
def test_a_database_in_a_file(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    assert own_stores.has_file_database_alone(in_project(tmp_path, "", {name: text})) is expected


@pytest.mark.parametrize(
    "driver", ["psycopg2-binary==2.9", "psycopg[binary]>=3", "asyncpg", "mysqlclient~=2.2", "motor"]
)
def test_a_driver_among_the_requirements_speaks_of_a_server(tmp_path: Path, driver: str) -> None:
    files = {"db.py": "engine = create_engine('sqlite:///data.db')", "requirements.txt": f"flask\n{driver}\n"}
    assert not own_stores.has_file_database_alone(in_project(tmp_path, "", files))


def own_cache(source: SourceFile) -> bool:
    ((call, scope),) = source.calls_by_name["set"]
    assert isinstance(call.func, ast.Attribute)
    return own_stores.is_own_cache(call.func.value, scope, source)


USES = {
    "default": "from django.core.cache import cache\ndef f():\n    cache.set('a', 1)\n",
    "pages": "from django.core.cache import caches\npages = caches['pages']\ndef f():\n    pages.set('a', 1)\n",
    "PAGES": "from django.core.cache import caches\ndef f():\n    caches[settings.PAGES].set('a', 1)\n",
}


@pytest.mark.parametrize("alias", USES)
@pytest.mark.parametrize(("backend", "expected"), [(LOCMEM, True), (REDIS, False)])
def test_caches_by_their_alias(tmp_path: Path, alias: str, backend: str, expected: bool) -> None:
    key = alias if alias.isupper() else repr(alias)
    settings = f"CACHES = {{\n    {key}: {{\n        'BACKEND': '{backend}',\n    }},\n}}\n"
    assert own_cache(in_project(tmp_path, USES[alias], {"settings.py": settings})) is expected


@pytest.mark.parametrize(("backend", "expected"), [(LOCMEM, True), (REDIS, False)])
def test_a_cache_on_an_object_with_one_to_fall_back_on(tmp_path: Path, backend: str, expected: bool) -> None:
    text = (
        "from django.core.cache import caches\nclass Throttle:\n    def __init__(self):\n        try:\n"
        "            self.pages = caches['pages']\n"
        "        except KeyError:\n            self.pages = caches['default']\n"
        "    def f(self):\n        self.pages.set('a', 1)\n"
    )
    entries = f"'pages': {{'BACKEND': '{LOCMEM}'}}, 'default': {{'BACKEND': '{backend}'}}"
    assert own_cache(in_project(tmp_path, text, {"settings.py": f"CACHES = {{{entries}}}\n"})) is expected


def entry(alias: str, backend: str) -> str:
    return f"CACHES = {{'{alias}': {{'BACKEND': {backend}}}}}\n"


@pytest.mark.parametrize(
    "files",
    [
        {"settings.py": entry("default", f"'{LOCMEM}'"), "production.py": entry("default", f"'{REDIS}'")},
        {"settings.py": entry("default", "os.environ['CACHE_BACKEND']")},
        {"settings.py": entry("other", f"'{LOCMEM}'")},
        {"tests/settings.py": entry("default", f"'{LOCMEM}'")},
        {"choices.py": "BACKENDS = {'default': {'BACKEND': 'LocMemCache'}}\n"},
        {},
    ],
)
def test_a_cache_that_may_be_shared(tmp_path: Path, files: dict[str, str]) -> None:
    assert not own_cache(in_project(tmp_path, USES["default"], files))


@pytest.mark.parametrize(
    "text",
    [
        "from .stores import cache\ndef f():\n    cache.set('a', 1)\n",
        "store = make()\ndef f():\n    store.set('a', 1)\n",
        "def f(store):\n    store.set('a', 1)\n",
        "def f():\n    make().set('a', 1)\n",
    ],
)
def test_what_is_none_of_djangos_caches(tmp_path: Path, text: str) -> None:
    assert not own_cache(in_project(tmp_path, text, {"settings.py": entry("default", f"'{LOCMEM}'")}))


def test_the_project_is_not_asked_where_it_must_not_be_read(tmp_path: Path) -> None:
    files = {"settings.py": entry("default", f"'{LOCMEM}'"), "db.py": "engine = create_engine('sqlite:///data.db')"}
    source = in_project(tmp_path, USES["default"], files, Settings(no_project=True))
    assert not own_cache(source)
    assert not own_stores.has_file_database_alone(source)
