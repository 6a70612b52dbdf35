"""Cached data: what is fetched and what only computed, what stays stale, and whose values are few."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import model

from flake8_scalability.catalog.cache_libraries import Where
from flake8_scalability.model.caching import (
    cache_backends,
    cache_stores,
    expiries,
    fetching,
    invalidation,
    memo_domains,
    memoisers,
    stampedes,
    terms,
)
from flake8_scalability.model.running.places import Place
from flake8_scalability.options import Settings

# Fetching


@pytest.mark.parametrize(
    ("statement", "fetches"),
    [
        ("session.execute(select(User))", True),
        ("session.execute(insert(User))", False),
        ("session.execute(update(User).where(User.id == 1))", False),
        ("session.execute(delete(User).where(User.id == 1).returning(User.id))", False),
        ("session.execute(text('SELECT 1'))", True),
        ("session.execute(text('UPDATE rows SET a = 1'))", False),
        ("session.execute(f'DELETE FROM {table}')", False),
        ("session.execute(statement)", True),
        ("cursor.execute(text())", True),
        ("get_object_or_404(User, pk=1)", True),
        ("User.objects.order_by('name').first()", True),
        ("User.query.filter_by(a=1).delete()", False),
        ("repo().get_user(1)", True),
        ("(await repo()).find_user(1)", True),
        ("store.render(1)", False),
    ],
)
def test_reads_of_stores(statement: str, fetches: bool) -> None:
    source = model(f"async def f(session, cursor, manager, repo, store, table, statement):\n    return {statement}\n")
    function = next(scope for scope in source.scopes if scope.is_function)
    assert (fetching.fetches(function, source) is not None) is fetches


def test_a_mapping_that_is_called_a_store_is_none() -> None:
    source = model("store = {}\ndef f(key):\n    return store.get(key)\n")
    assert fetching.fetches(source.scopes[1], source) is None


def test_what_a_function_calls_is_looked_at_to_some_depth() -> None:
    chain = "".join(f"def f{number}(key):\n    return f{number + 1}(key)\n" for number in range(5))
    source = model(chain + "def f5(key):\n    return db.get_user(key)\n")
    found = {scope.name: fetching.fetches(scope, source) is not None for scope in source.scopes if scope.is_function}
    assert found == {"f0": False, "f1": False, "f2": True, "f3": True, "f4": True, "f5": True}


def test_a_call_is_named_by_its_callee() -> None:
    (call,) = (node for node in ast.walk(ast.parse("db.get_user(1)")) if isinstance(node, ast.Call))
    assert fetching.spelled_call(call) == "db.get_user()"


# What a mapping keeps


def kept(value: str, before: str = "", name: str = "_cache", function: str = "def row(key, other):") -> bool:
    """Whether a mapping that is filled with a value counts as cached data."""
    text = f"import json, re\n{before}{name} = {{}}\n{function}\n    if key not in {name}:\n"
    text += f"        {name}[key] = {value}\n    return {name}[key]\n"
    return bool(list(cache_stores.kept(model(text))))


HELPER = "def render(key):\n    return key.upper()\n"
DEEP = (
    "def a(k):\n    return b(k)\ndef b(k):\n    return c(k)\ndef c(k):\n    return d(k)\ndef d(k):\n    return e(k)\n"
)
DEEP += "def e(k):\n    return k.lower()\n"


@pytest.mark.parametrize(
    ("value", "before"),
    [
        ("render(key)", HELPER),
        ("json.dumps(key)", ""),
        ("[part.strip() for part in key.split(',')]", ""),
        ("Shape(key)", "class Shape:\n    pass\n"),
        ("len(key)", ""),
        ("re.compile(key)", ""),
        ("lambda: key", ""),
        ("build_client(key)", ""),
        ("render", HELPER),
        ("render(key)", "async def render(key):\n    return key\n"),
        ("UserEntry(key)", ""),
        ("a(key)", DEEP),
    ],
)
def test_computations_and_objects_are_no_data(value: str, before: str) -> None:
    assert not kept(value, before)


@pytest.mark.parametrize(
    ("value", "before"),
    [
        ("db.get_row(key)", ""),
        ("render(key)", "def render(key):\n    return db.get_row(key)\n"),
        ("other", ""),
        ("Row(name=key, age=other)", ""),
        ("load(key)", ""),
    ],
)
def test_what_may_come_from_elsewhere_is_data(value: str, before: str) -> None:
    assert kept(value, before)


def test_awaited_values_are_data_whatever_the_name() -> None:
    assert kept("await load(key)", name="known_cache", function="async def row(key, other):")
    text = "_cache = {}\nasync def row(key):\n    if key in _cache:\n        return _cache[key]\n"
    text += "    found = await load(key)\n    _cache[key] = found\n    return found\n"
    assert list(cache_stores.kept(model(text)))


def body(lines: str) -> bool:
    text = f"_cache = {{}}\ndef row(key):\n    found = _cache.get(key)\n    if found is None:\n{lines}"
    text += "        _cache[key] = found\n    return found\n"
    return bool(list(cache_stores.kept(model(text))))


@pytest.mark.parametrize(
    ("lines", "data"),
    [
        ("        found = []\n        for part in key.split():\n            found.append(part.lower())\n", False),
        ("        found = []\n        for part in load(key):\n            found.append(part)\n", True),
        ("        found = set()\n        found.add(key.lower())\n", False),
        ("        found = key.strip() or key\n", False),
        ("        found = requests.get(key, timeout=5).json()\n", True),
    ],
)
def test_what_a_name_was_filled_with(lines: str, data: bool) -> None:
    assert body(lines) is data


def test_a_weak_mapping_holds_objects() -> None:
    text = "import weakref\n_cache = weakref.WeakKeyDictionary()\ndef row(key):\n    _cache[key] = db.get_row(key)\n"
    assert not list(cache_stores.kept(model(text)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rows_cache = {}\n", ["rows_cache"]),
        ("rows_cache = dict()\n", ["rows_cache"]),
        ("rows_cache = load()\n", []),
        ("rows_cache = {'a': 1}\n", []),
        ("rows_cache = {}\nrows_cache = {}\n", []),
        ("rows_cache = {}\nprint(rows_cache)\n", []),
        ("rows = {}\ncached = 1\n", []),
    ],
)
def test_caches_that_are_left_to_other_modules(text: str, names: list[str]) -> None:
    assert [name for _, name in cache_stores.untouched(model(text))] == names


@pytest.mark.parametrize(
    ("elsewhere", "names"),
    [
        ("from rows import rows_cache\nrows_cache[key] = 1\n", ["rows_cache"]),
        ("from rows import rows_cache\nrows_cache[key] = 1\nrows_cache.pop(key)\n", []),
        ("from rows import rows_cache\nrows_cache[key] = 1\ndel rows_cache[key]\n", []),
        ("x = 1\n", []),
    ],
)
def test_a_cache_that_another_module_empties_is_left_alone(tmp_path: Path, elsewhere: str, names: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "rows.py").write_text("rows_cache = {}\n")
    (tmp_path / "views.py").write_text(elsewhere)
    source = model("rows_cache = {}\n", str(tmp_path / "rows.py"), Settings())
    assert [name for _, name in cache_stores.untouched(source)] == names


# What stays stale

USERS = "import functools\n@functools.lru_cache\ndef get_user(key):\n    return db.get_user(key)\n"


@pytest.mark.parametrize(
    ("write", "count"),
    [
        ("def update_user(key):\n    session.execute('UPDATE users SET a = 1')\n", 1),
        ("def update_user(key):\n    session.execute(f'UPDATE {key} SET a = 1')\n", 1),
        ("def update_user(key):\n    session.execute(text('DELETE FROM users'))\n", 1),
        ("def update_user(key):\n    session.execute(update(User).values(a=key))\n", 1),
        ("def update_user(key):\n    statement = update(User)\n    session.execute(statement)\n", 1),
        ("def update_user(key):\n    session.execute('SELECT 1')\n", 0),
        ("def update_user(key):\n    session.execute()\n", 0),
        ("def update_user(user):\n    user.name = 'a'\n    user.save()\n", 1),
        ("def update_user(user):\n    user.name = 'a'\n    session.commit()\n", 1),
        ("def update_user(user):\n    names.update(user)\n", 0),
        ("def update_user(user):\n    User.objects.filter(pk=1).update(name='a')\n", 1),
        ("def update_user(user):\n    db.update(user)\n", 1),
        ("def update_user(user):\n    'a'.delete()\n", 0),
        ("def update_user(user):\n    save(user)\ndef save(user):\n    pass\n", 0),
        ("def change(key):\n    repo.update_user(key)\n", 1),
        ("def change(key):\n    user.update_user(key)\n", 0),
        ("from django.dispatch import receiver\n@receiver(saved)\ndef f(**kwargs):\n    get_user.cache_clear()"
         "\ndef update_user(key):\n    db.update_user(key)\n", 0),
        ("def update_user(key):\n    db.update_user(key)\ndef both(key):\n    update_user(key)\n    drop_cache()\n", 0),
    ],
)  # fmt: skip
def test_writes_of_what_is_cached(write: str, count: int) -> None:
    assert len(list(invalidation.stale(model(USERS + write)))) == count


@pytest.mark.parametrize(
    ("read", "write", "count"),
    [
        ("get_categories", "create_category", 1),
        ("get_category", "create_category", 0),
        ("list_addresses", "update_address", 1),
        ("find", "update", 0),
        ("get_user_by_name", "update_user", 1),
        ("get_user_details", "save_user", 1),
        ("get_by_id", "update_user", 0),
    ],
)
def test_reads_and_writes_belong_together_by_their_names(read: str, write: str, count: int) -> None:
    text = f"import functools\n@functools.lru_cache\ndef {read}(key):\n    return db.fetch(key)\n"
    text += f"def {write}(key):\n    db.delete(key)\n"
    assert len(list(invalidation.stale(model(text)))) == count


def test_what_a_class_is_about_names_what_its_methods_read() -> None:
    text = "class UserRepository:\n    _cache = {}\n    def get(self, key):\n        if key not in self._cache:\n"
    text += "            self._cache[key] = self.db.get_row(key)\n        return self._cache[key]\n"
    text += "    def save(self, key):\n        self.db.update(key)\n"
    (found,) = invalidation.stale(model(text))
    assert (found.function.name, found.read.entity) == ("save", ("user",))


# Whose values are few


@pytest.mark.parametrize(
    ("annotation", "closed"),
    [
        ("bool", True),
        ("None", True),
        ("'bool'", True),
        ("'typing.Literal[1, 2]'", True),
        ("'str'", False),
        ("1", False),
        ("bool | None", True),
        ("str | None", False),
        ("Optional[bool]", True),
        ("Optional[str]", False),
        ("Annotated[bool, 'flag']", True),
        ("Literal['a', 'b']", True),
        ("list[str]", False),
        ("OrderStatus", True),
        ("Colour", True),
        ("Shade", True),
        ("Plain", False),
    ],
)
def test_annotations_with_few_values(annotation: str, closed: bool) -> None:
    text = "import enum\nclass Colour(enum.Enum):\n    RED = 1\nclass Base(enum.Flag):\n    pass\n"
    text += "class Shade(Base):\n    A = 1\n"
    source = model(f"{text}class Plain:\n    pass\ndef f(value: {annotation}):\n    return value\n")
    function = next(scope for scope in source.scopes if scope.name == "f")
    given = function.parameters["value"].annotation
    assert given is not None
    assert memo_domains.is_closed(given, function, source) is closed


@pytest.mark.parametrize(
    ("head", "first", "holds"),
    [
        ("class A:", "    def f(self, key)", True),
        ("class A:", "    @staticmethod\n    def f(key)", False),
        ("class A:", "    @classmethod\n    def f(cls, key)", False),
        ("class A:", "    def f(cls, key)", False),
        ("class A:", "    def __new__(cls, key)", False),
        ("class A:", "    def f()", False),
        ("class A(enum.Enum):", "    def f(self, key)", False),
        ("class A(NamedTuple):", "    def f(self, key)", False),
        ("@dataclass(frozen=True)\nclass A:", "    def f(self, key)", False),
        ("class A:\n    def __hash__(self):\n        return 1", "    def f(self, key)", False),
        ("class A(metaclass=Singleton):", "    def f(self, key)", False),
        ("class A(BaseSettings):", "    def f(self, key)", False),
        ("class A:\n    _instance = None", "    def f(self, key)", False),
    ],
)
def test_caches_that_keep_their_objects_alive(head: str, first: str, holds: bool) -> None:
    source = model(f"import enum\n{head}\n{first}:\n        return 1\n")
    function = [scope for scope in source.scopes if scope.name in ("f", "__new__")][-1]
    assert memo_domains.holds_instances(function, source) is holds


def test_a_function_keeps_no_object() -> None:
    source = model("def f(key):\n    return key\n")
    assert not memo_domains.holds_instances(source.scopes[1], source)


# Stores of decorators


@pytest.mark.parametrize(
    ("decorator", "bounded", "timed", "where"),
    [
        ("cachetools.cached(cache=dict())", False, False, Where.PROCESS),
        ("cachetools.cached(rows)", False, False, Where.PROCESS),
        ("cachetools.cached(made)", True, True, Where.PROCESS),
        ("cachetools.cached(unknown)", None, None, Where.CONFIGURED),
        ("aiocache.cached(alias='shared')", None, None, Where.CONFIGURED),
        ("aiocache.cached(cache=aiocache.Cache.MEMORY)", False, False, Where.PROCESS),
        ("functools.lru_cache(**options)", None, False, Where.PROCESS),
        ("cached(ttl=60, cache='memory')", True, True, Where.PROCESS),
        ("cached('memory')", False, False, Where.PROCESS),
    ],
)
def test_where_decorators_keep_results(decorator: str, bounded: bool | None, timed: bool | None, where: Where) -> None:
    text = "import functools, cachetools, aiocache\nfrom app.store import cached\nrows = {}\n"
    text += "made = cachetools.TTLCache(5, 5)\n"
    (memo,) = memoisers.memos(model(f"{text}@{decorator}\ndef f(key):\n    return key\n"))
    assert (memo.bounded, memo.timed, memo.where) == (bounded, timed, where)


def test_a_decorator_of_the_project_that_says_nothing_is_unknown() -> None:
    assert not list(memoisers.memos(model("from app.store import cached\n@cached(60)\ndef f(key):\n    return key\n")))


MEMO = "import functools\nfrom flask import Flask\napp = Flask(__name__)\n"
MEMO += "@functools.lru_cache\ndef f(key):\n    return key\n"


@pytest.mark.parametrize(
    ("caller", "place", "only_at_start"),
    [
        ("@app.get('/')\ndef g():\n    return f(1)\n", Place.REQUEST, False),
        ("@app.get('/')\ndef g():\n    return map(f, [1])\n", Place.LIBRARY, False),
        ("ONE = f(1)\n", Place.STARTUP, True),
        ("ONE = f(1)\n@app.get('/')\ndef g():\n    return f(1)\n", Place.REQUEST, False),
        ("", Place.LIBRARY, False),
    ],
)
def test_who_calls_a_memoised_function(caller: str, place: Place, only_at_start: bool) -> None:
    source = model(MEMO + caller)
    (memo,) = memoisers.memos(source)
    assert memoisers.standing_of(memo, source).place is place
    assert memoisers.only_at_start(memo, source) is only_at_start


# Back ends


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("from flask_caching import Cache\ncache = Cache(app, config={'CACHE_TYPE': 'simple'})", 1),
        ("from flask_caching import Cache\ncache = Cache()\ncache.init_app(app, {'CACHE_TYPE': 'SimpleCache'})", 1),
        ("from flask_caching import Cache\noptions = {'CACHE_TYPE': 'simple'}\ncache = Cache(app, config=options)", 1),
        ("from flask_caching import Cache\ncache = Cache(app, config=options)", 0),
        ("from flask_caching import Cache\ncache = Cache(app, config={'CACHE_TYPE': kind})", 0),
        ("from flask_caching import Cache\ncache = Cache(app, config={'CACHE_TYPE': 'RedisCache'})", 0),
        ("from cashews import cache\ncache.setup('mem://')", 1),
        ("from cashews import cache\ncache.setup('redis://store')", 0),
        ("from cashews import cache\ncache.setup(url)", 0),
        ("from aiocache import Cache\ncache = Cache(Cache.MEMORY)", 1),
        ("from aiocache import Cache\ncache = Cache(kind)", 0),
        ("from aiocache import SimpleMemoryCache\nclass TieredCache:\n    def __init__(self):\n"
         "        self.near = SimpleMemoryCache()", 0),
        ("CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}", 1),
        ("CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n"
         "CACHES['default'] = {'BACKEND': kind}", 0),
        ("CACHES = {'default': load()}", 0),
        ("CACHES = {'other': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}", 0),
    ],
)  # fmt: skip
def test_back_ends_in_the_process(text: str, count: int) -> None:
    assert len(list(cache_backends.local_backends(model(text, "settings.py")))) == count


@pytest.mark.parametrize(
    ("below", "others", "count"),
    [
        ("", {}, 1),
        ("from local_settings import *\n", {}, 0),
        ("", {"production.py": "CACHES = {'default': {'BACKEND': kind}}\n"}, 0),
        ("", {"production.py": "DEBUG = False\n"}, 1),
    ],
)
def test_settings_that_are_laid_over_choose_another_back_end(
    tmp_path: Path, below: str, others: dict[str, str], count: int
) -> None:
    text = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n" + below
    asking = "from django.core.cache import cache\n"
    for name, written in {"manage.py": "", "settings.py": text, "views.py": asking, **others}.items():
        (tmp_path / name).write_text(written)
    assert len(list(cache_backends.local_backends(model(text, str(tmp_path / "settings.py"), Settings())))) == count


@pytest.mark.parametrize(
    ("asking", "count"),
    [
        ("from django.core.cache import cache, caches\n", 1),
        ("from django.core.cache import (\n    cache,\n)\n", 1),
        ("from django_ratelimit.decorators import ratelimit\n", 1),
        ("SESSION_ENGINE = 'django.contrib.sessions.backends.cached_db'\n", 1),
        ("from django.views.decorators.cache import cache_page\n", 0),
        ("from django.core.cache.backends.base import BaseCache\n", 0),
        ("", 0),
    ],
)
def test_a_cache_that_is_asked_for_finished_pages_alone_may_be_local(tmp_path: Path, asking: str, count: int) -> None:
    text = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n"
    for name, written in {"manage.py": "", "settings.py": text, "views.py": asking}.items():
        (tmp_path / name).write_text(written)
    assert len(list(cache_backends.local_backends(model(text, str(tmp_path / "settings.py"), Settings())))) == count


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ("import json\n", 0),
        ("from flask_caching import Cache\n", 1),
        ("from flask_caching import Cache\ncache = Cache()\n", 1),
        ("from flask_caching import Cache\ndef make(app):\n    Cache(app)\n    return app\n", 0),
        ("from flask_caching import Cache\ndef make(app):\n    Cache(app)\n    app.extensions['cache'].clear()\n", 1),
    ],
)
def test_a_setting_that_nothing_in_the_project_reads_is_silent(
    other: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the name of the folder speaks of tests
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "app.py").write_text(other)
    source = model("class Config:\n    CACHE_TYPE = 'simple'\n", "config.py", Settings())
    assert len(list(cache_backends.local_backends(source))) == count


@pytest.mark.parametrize(
    ("settings", "text", "said"),
    [
        ("INSTALLED_APPS = []\n", "import django\n", "; CACHES is unset"),
        ("INSTALLED_APPS = []\nCACHES = {}\n", "import django\n", ""),
        ("INSTALLED_APPS = []\n", "import flask\n", ""),
        ("", "import django\n", ""),
    ],
)
def test_advice_says_that_settings_choose_no_cache(
    settings: str, text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (tmp_path / "settings.py").write_text(settings)
    assert cache_backends.unset(model(text, "views.py", Settings())) == said


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ("self.db.get_row(key)", "keep it per object, or use Redis"),
        ("db.get_row(key)", "use Redis with a TTL"),
        ("self.load(key)", "use Redis with a TTL"),
    ],
)
def test_what_each_object_reads_may_stay_with_it(read: str, said: str) -> None:
    source = model(
        f"class Shelves:\n cache = {{}}\n def get_shelf(self, key):\n  if key not in self.cache:\n"
        f"   self.cache[key] = {read}\n  return self.cache[key]\n"
    )
    assert [cache_stores.instead(each, source) for each in cache_stores.kept(source)] == [said]


def test_an_alternative_to_an_object_is_an_object() -> None:
    source = model(
        "from app import load\n_codec_memo = {}\ndef get_x(topic):\n if topic not in _codec_memo:\n"
        "  _codec_memo[topic] = make_codec(topic) or NONE\n return _codec_memo[topic]"
    )
    assert list(cache_stores.kept(source)) == []


@pytest.mark.parametrize(
    ("key", "lines", "count"),
    [
        ("KEY", "cache.set(KEY, x, timeout=None)\n return x\ndef g():\n cache.delete(KEY)", 0),
        ("key", "cache.set(key, x, timeout=None)\n return x\ndef g(key):\n cache.delete(key)", 0),
        ("key", "cache.set(key, x, timeout=None)\n return x\ndef g(name):\n cache.delete(name)", 1),
        ("key", "cache.set(key, x, timeout=None)\n cache.delete(key)\n return x", 0),
        ("key", "cache.set(key, x, timeout=None)\n return x", 1),
        ("'last_id'", "cache.set('last_id', x, timeout=None)\n return x", 0),
        ("key", "# entries are cleared by the signals of shop.signals\n y = x\n y = y\n y = y\n y = y\n"
         " cache.set(key, x, timeout=None)\n return x", 0),
    ],
)  # fmt: skip
def test_entries_that_are_deleted_need_no_end(key: str, lines: str, count: int) -> None:
    read = f" x = cache.get({key})\n if x is None:\n  x = db.get_user(1)\n"
    source = model(f"from django.core.cache import cache\ndef f(key):\n{read} {lines}")
    assert len(list(expiries.lasting(source))) == count


@pytest.mark.parametrize(
    ("elsewhere", "count"),
    [
        ("from users import USERS\ncache.delete(USERS)\n", 0),
        ("from users import USERS\ncache.get(USERS)\n", 1),
        ("cache.delete(OTHERS)\n", 1),
    ],
)
def test_entries_that_another_module_deletes_need_no_end(tmp_path: Path, elsewhere: str, count: int) -> None:
    text = (
        "from django.core.cache import cache\nUSERS = 'users'\ndef f(n):\n x = cache.get(USERS + n)\n if x is None:\n"
    )
    text += "  x = db.get_users(n)\n  cache.set(USERS + n, x, timeout=None)\n return x\n"
    for name, written in {"pyproject.toml": "", "users.py": text, "signals.py": elsewhere}.items():
        (tmp_path / name).write_text(written)
    assert len(list(expiries.lasting(model(text, str(tmp_path / "users.py"), Settings())))) == count


@pytest.mark.parametrize(("value", "count"), [("db.get_user(key)", 1), ("key.upper()", 0), ("other", 0)])
def test_what_is_read_again_after_a_miss_is_a_copy(value: str, count: int) -> None:
    text = f"from django.core.cache import cache\ndef f(key, other):\n if key not in cache:\n  x = {value}\n"
    text = f"{text}  cache.set(key, x, timeout=None)\n"
    assert len(list(expiries.lasting(model(f"{text} return cache.get(key)\n")))) == count
    for without in ("", " return True\n", " return cache.get(other)\n"):
        assert not list(expiries.lasting(model(text + without)))


def test_what_is_stored_before_it_is_asked_for_is_no_copy() -> None:
    text = "from django.core.cache import cache\ndef f(key):\n cache.set(key, db.get_user(key), timeout=None)\n"
    assert not list(expiries.lasting(model(f"{text} return cache.get(key)\n")))


def test_a_stampede_names_the_helper_that_its_function_calls() -> None:
    source = model(
        """
        import requests
        from django.core.cache import cache

        def rates():
            found = cache.get("rates")
            if found is None:
                found = _fetch()
                cache.set("rates", found, 60)
            return found

        def _fetch():
            return requests.get("https://rates.example/", timeout=3).json()
        """
    )
    assert [ast.unparse(each.computed) for each in stampedes.stampedes(source)] == ["_fetch()"]


LOCAL = "django.core.cache.backends.locmem.LocMemCache"
BY_ALIAS = "from django.core.cache import caches\ndef forget():\n    caches['prices'].clear()\n"


@pytest.mark.parametrize(
    ("asking", "lines"),
    [
        (BY_ALIAS, [3]),
        (BY_ALIAS + "def start():\n    caches['default'].clear()\n", [2]),
        (BY_ALIAS + "def start(name):\n    caches[name].clear()\n", [2]),
        (BY_ALIAS.replace("import caches", "import cache, caches"), [2]),
    ],
)
def test_a_cache_that_only_names_ask_for_is_the_one_of_that_name(tmp_path: Path, asking: str, lines: list[int]) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "prices.py").write_text(asking)
    text = f"CACHES = {{\n 'default': {{'BACKEND': '{LOCAL}'}},\n 'prices': {{'BACKEND': '{LOCAL}'}},\n}}\n"
    (tmp_path / "settings.py").write_text(text)
    found = cache_backends.local_backends(model(text, str(tmp_path / "settings.py"), Settings()))
    assert [getattr(each.node, "lineno", 0) for each in found] == lines


@pytest.mark.parametrize(
    ("using", "count"),
    [
        ("from shop.extensions import cache\ndef create(app):\n    cache.init_app(app)\n", 0),
        ("from shop.extensions import cache\n@cache.cached(timeout=60)\ndef page():\n    return 1\n", 1),
        ("def page(app):\n    return app.extensions['cache']\n", 1),
    ],
)
def test_a_cache_that_is_only_given_its_application_is_not_asked(tmp_path: Path, using: str, count: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "extensions.py").write_text("from flask_caching import Cache\ncache = Cache()\n")
    (tmp_path / "app.py").write_text(using)
    text = "class ProductionConfig:\n    CACHE_TYPE = 'SimpleCache'\n"
    (tmp_path / "settings.py").write_text(text)
    found = list(cache_backends.local_backends(model(text, str(tmp_path / "settings.py"), Settings())))
    assert len(found) == count


@pytest.mark.parametrize(("key", "count"), [("f'harbour:{pk}'", 0), ("f'harbours:{page}'", 1), ("'harbours'", 1)])
def test_the_details_of_one_row_are_asked_for_by_few_at_once(key: str, count: int) -> None:
    text = (
        "import requests\nfrom django.core.cache import cache\nfrom rest_framework import viewsets\n"
        "class Harbours(viewsets.ViewSet):\n"
        "    def retrieve(self, request, pk=None, page=None):\n"
        f"        known = cache.get({key})\n"
        "        if known is None:\n"
        "            known = requests.get('https://harbours.example.org').json()\n"
        f"            cache.set({key}, known, 600)\n"
        "        return known\n"
    )
    assert len(list(stampedes.stampedes(model(text)))) == count


# How long


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("300", 300),
        ("60 * 60", 3600),
        ("24 * HOUR", 86400),
        ("HOUR", 3600),
        ("timedelta(days=1, minutes=5)", 86700),
        ("HOUR + 1", None),
        ("settings.TTL", None),
        ("'soon'", None),
        ("True", None),
        ("given", None),
    ],
)
def test_seconds(written: str, expected: int | None) -> None:
    source = model(f"HOUR = 60 * 60\ndef keep(given):\n    probe({written})\n")
    ((call, scope),) = source.calls_by_name["probe"]
    assert terms.seconds(call.args[0], scope) == expected
