"""Caches: what memoises, what a mapping keeps, what calls of shared caches do, and what is unknown."""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_scalability.model.caching import (
    cache_backends,
    cache_calls,
    cache_objects,
    cache_stores,
    expiries,
    fetching,
    invalidation,
    memo_domains,
    memoisers,
    stampedes,
)
from flake8_scalability.model.caching.cache_calls import Does, Lasts
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Settings


def source_of(text: str, filename: str = "service.py") -> SourceFile:
    text = textwrap.dedent(text)
    return SourceFile(ast.parse(text), filename, text.splitlines(True), Settings(no_project=True))


# Decorators


@pytest.mark.parametrize(
    ("decorator", "bounded", "timed"),
    [
        ("functools.cache", False, False),
        ("functools.lru_cache", True, False),
        ("functools.lru_cache()", True, False),
        ("functools.lru_cache(None)", False, False),
        ("functools.lru_cache(maxsize=None)", False, False),
        ("functools.lru_cache(maxsize=SIZE)", True, False),
        ("cachetools.func.ttl_cache(ttl=5)", True, True),
        ("async_lru.alru_cache(maxsize=5, ttl=5)", True, True),
        ("cachetools.cached(cachetools.TTLCache(5, 5))", True, True),
        ("cachetools.cached(cache={})", False, False),
        ("cachetools.cached(cachetools.LRUCache(5))", True, False),
        ("aiocache.cached(ttl=5)", False, True),
        ("aiocache.cached()", False, False),
    ],
)
def test_bound_and_age_of_memoised_functions(decorator: str, bounded: bool, timed: bool) -> None:
    source = source_of(
        f"""
        import functools, cachetools, cachetools.func, aiocache, async_lru

        @{decorator}
        def row(number):
            return number
        """
    )
    (memo,) = memoisers.memos(source)
    assert (memo.bounded, bool(memo.timed)) == (bounded, timed)


@pytest.mark.parametrize(
    "text",
    [
        "def cache(f): return f\n@cache\ndef row(number): return number",
        "from shop import cache\n@cache\ndef row(number): return number",
        "@property\ndef cache(self): return 1",
        "import functools\ndef f():\n    @functools.cache\n    def row(n): return n",
        "@shop.cached(timeout=5)\ndef row(number): return number",
        "import functools\n@functools.cached_property\ndef row(self): return 1",
    ],
)
def test_other_decorators_memoise_nothing(text: str) -> None:
    assert not list(memoisers.memos(source_of(text)))


@pytest.mark.parametrize(
    ("parameters", "grows"),
    [
        ("user_id", "user_id"),
        ("text: str", "text"),
        ("language", ""),
        ("plural: bool", ""),
        ("side: Literal['a', 'b']", ""),
        ("text: type[int]", ""),
        ("", ""),
        ("model", ""),
        ("number", "number"),
        ("thing", ""),
    ],
)
def test_which_parameters_are_without_end(parameters: str, grows: str) -> None:
    source = source_of(f"def label({parameters}):\n    return 1\n")
    function = next(scope for scope in source.scopes if scope.is_function)
    assert memo_domains.grows(function, source) == grows


def test_what_reads_a_store_has_as_many_calls_as_rows() -> None:
    source = source_of("def label(thing):\n    return db.get_label(thing)\n")
    function = next(scope for scope in source.scopes if scope.is_function)
    assert memo_domains.grows(function, source) == "thing"


# Fetching


@pytest.mark.parametrize(
    ("statement", "is_one"),
    [
        ("db.get_user(1)", True),
        ("self.session.scalar(query)", True),
        ("User.objects.get(pk=1)", True),
        ("requests.get(url)", True),
        ("cursor.execute('SELECT 1')", True),
        ("cursor.execute('DELETE FROM rows')", False),
        ("db.update_user(1)", False),
        ("User.objects.filter(pk=1).delete()", False),
        ("names.get('a')", False),
        ("render(1)", False),
        ("json.loads(text)", False),
    ],
)
def test_what_fetches_data(statement: str, is_one: bool) -> None:
    source = source_of(
        f"import requests, json\ndef f(self, url, query, text, names, render):\n    return {statement}\n"
    )
    function = next(scope for scope in source.scopes if scope.is_function)
    assert (fetching.fetches(function, source) is not None) is is_one


# Mappings


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("if key not in _cache:\n        _cache[key] = db.get_row(key)", (False, False)),
        ("_cache[key] = (time.monotonic(), db.get_row(key))", (False, True)),
        ("if len(_cache) > 9: _cache.clear()\n    _cache[key] = db.get_row(key)", (True, False)),
        ("_cache.popitem()\n    _cache[key] = db.get_row(key)", (True, False)),
        ("_cache['row'] = db.get_row(key)", (True, False)),
    ],
)
def test_bound_and_age_of_mappings(body: str, limits: tuple[bool, bool]) -> None:
    source = source_of(f"import time\n_cache = {{}}\n\ndef row(key):\n    {body}\n    return _cache.get(key)\n")
    (cache,) = cache_stores.kept(source)
    assert (cache.bounded, cache.timed) == limits


@pytest.mark.parametrize(
    "text",
    [
        "_cache = {}\ndef row(key):\n    if key not in _cache:\n        _cache[key] = key.lower()\n"
        "    return _cache[key]",
        "_client_cache = {}\ndef row(key):\n    if key not in _client_cache:\n        _client_cache[key] = make(key)\n"
        "    return _client_cache[key]",
        "_cache = {}\ndef row(key):\n    if key not in _cache:\n        _cache[key] = Router(key)\n"
        "    return _cache[key]",
        "_cache = {}\ndef row(key):\n    if key not in _cache:\n        _cache[key] = open(key).read()\n"
        "    return _cache[key]",
        "found = {}\ndef row(key):\n    if key not in found:\n        found[key] = make(key)\n    return found[key]",
        "def row(keys):\n    cache = {}\n    for key in keys:\n        cache[key] = db.get_row(key)\n    return cache",
        "_cache = {'a': 1}\ndef row(key):\n    return _cache[key]",
    ],
)
def test_objects_computations_and_locals_are_no_cached_data(text: str) -> None:
    assert not list(cache_stores.kept(source_of(text)))


def test_an_empty_cache_left_to_other_modules() -> None:
    assert [name for _, name in cache_stores.untouched(source_of("_cache = {}\n"))] == ["_cache"]
    assert not list(cache_stores.untouched(source_of("_cache = {'a': 1}\n")))
    assert not list(cache_stores.untouched(source_of("_cache = {}\nprint(_cache)\n")))
    assert not list(cache_stores.untouched(source_of("names = {}\n")))


# Back ends


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("CACHE_TYPE = 'SimpleCache'", 1),
        ("CACHE_TYPE = 'flask_caching.backends.FileSystemCache'", 1),
        ("CACHE_TYPE = 'RedisCache'", 0),
        ("CACHE_TYPE = 'NullCache'", 0),
        ("import os\nCACHE_TYPE = os.environ.get('CACHE_TYPE', 'SimpleCache')", 0),
        ("import os\nif os.environ.get('X'):\n    CACHE_TYPE = 'SimpleCache'", 0),
        ("class DevConfig:\n    CACHE_TYPE = 'SimpleCache'", 0),
        ("from aiocache import Cache\ncache = Cache(Cache.MEMORY)", 1),
        ("from aiocache import Cache\ncache = Cache()", 0),
        ("from dogpile.cache import make_region\nr = make_region().configure('dogpile.cache.memory')", 1),
        ("from cashews import cache\ncache.setup('mem://')", 1),
        ("from cashews import cache\ncache.setup(URL)", 0),
    ],
)
def test_local_back_ends(text: str, count: int) -> None:
    assert len(list(cache_backends.local_backends(source_of(text, "shop/settings.py")))) == count


# Calls of shared caches


@pytest.mark.parametrize(
    ("call", "lasts"),
    [
        ("redis_client.set(key, value)", Lasts.FOR_EVER),
        ("redis_client.set(key, value, ex=5)", Lasts.SOME_TIME),
        ("redis_client.set(key, value, 5)", Lasts.SOME_TIME),
        ("redis_client.setex(key, 5, value)", Lasts.SOME_TIME),
        ("redis_client.set(key, value, ex=None)", Lasts.FOR_EVER),
        ("redis_client.set(key, value, **options)", Lasts.UNKNOWN),
        ("cache.set(key, value)", Lasts.UNKNOWN),
        ("cache.set(key, value, None)", Lasts.FOR_EVER),
        ("cache.set(key, value, timeout=TIMEOUT)", Lasts.SOME_TIME),
    ],
)
def test_how_long_a_stored_item_lasts(call: str, lasts: Lasts) -> None:
    source = source_of(f"from shop.stores import cache, redis_client\ndef f(key, value, options):\n    {call}\n")
    (found,) = cache_calls.cache_calls(source)
    assert (found.does, found.lasts) == (Does.SET, lasts)


@pytest.mark.parametrize(
    "text",
    [
        "def f(values):\n    cache = {}\n    return cache.get('a')",
        "cache = {}\ndef f(key):\n    return cache.get(key)",
        "class A:\n    def __init__(self):\n        self.cache = {}\n    def f(self, key):\n"
        "        return self.cache.get(key)",
        "def f(request):\n    return request.get('cache')",
        "def cache(): pass\ncache.set('a', 1)",
    ],
)
def test_what_is_no_shared_cache(text: str) -> None:
    assert not list(cache_calls.cache_calls(source_of(text)))


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ("f'cache:{number}'", 1),
        ("f'lock:cache:{number}'", 0),
        ("f'session:{number}'", 0),
        ("f'progress:{number}'", 0),
        ("f'{number}'", 1),
    ],
)
def test_which_keys_are_copies(key: str, count: int) -> None:
    source = source_of(
        f"""
        def f(redis_client, db, number):
            found = redis_client.get({key})
            if found is None:
                found = db.get_row(number)
                redis_client.set({key}, found)
            return found
        """
    )
    assert len(list(expiries.lasting(source))) == count


@pytest.mark.parametrize(
    ("before", "value", "after", "count"),
    [
        ("", "db.get_row(number)", "", 0),  # what is not looked for may as well live there
        ("found = redis_client.get(key)", "db.get_row(number)", "", 1),
        ("found = redis_client.get(key)", "load(number)", "", 1),
        ("found = redis_client.get(key)", "row(number)", "", 1),
        ("found = redis_client.get(key)", "make_pair()", "", 0),
        ("found = redis_client.get(key)", "found", "", 0),
        ("found = redis_client.get(key)", "db.get_row(number)", "redis_client.delete(row_key(number))", 0),
        ("found = redis_client.get(key)", "db.get_row(number)", "redis_client.delete(other_kind(number))", 1),
    ],
)
def test_a_copy_is_looked_for_and_read(before: str, value: str, after: str, count: int) -> None:
    source = source_of(
        f"""
        def load(number):
            return db.get_row(number)

        def row(number):
            return load(number)

        def f(redis_client, db, number):
            key = row_key(number)
            {before or "pass"}
            redis_client.set(key, {value})
            return found

        def g(redis_client, number):
            {after or "pass"}
        """
    )
    assert len(list(expiries.lasting(source))) == count


# Writes


@pytest.mark.parametrize(
    ("write", "count"),
    [
        ("def update_user(key):\n    db.update_user(key)", 1),
        ("def delete_user(key):\n    db.delete_user(key)", 1),
        ("def update_user(key):\n    db.update_user(key)\n    get_user.cache_clear()", 0),
        ("def update_user(key):\n    db.update_user(key)\n    refresh_users()", 0),
        ("def update_order(key):\n    db.update_order(key)", 0),
        ("def create_user(key):\n    db.create_user(key)", 0),
        ("def update_user(key):\n    return key", 0),
        ("def is_user(key):\n    return db.get_user(key)", 0),
    ],
)
def test_writes_that_leave_a_read_stale(write: str, count: int) -> None:
    read = "import functools\n@functools.lru_cache\ndef get_user(key):\n    return db.get_user(key)\n"
    assert len(list(invalidation.stale(source_of(read + write)))) == count


# Stampedes


@pytest.mark.parametrize(
    ("key", "compute", "count"),
    [
        ("'news'", "requests.get('https://news.example', timeout=5)", 1),
        ("f'news:{shop}'", "requests.get('https://news.example', timeout=5)", 1),
        ("f'news:{user_id}'", "requests.get('https://news.example', timeout=5)", 0),
        ("f'news:{shop}'", "db.get_news(shop)", 0),
        ("f'news:{shop}'", "render(shop)", 0),
        ("f'news:{shop}'", "[db.get_news(shop), db.get_weather(shop)]", 0),
        ("f'news:{shop}'", "[db.get_news(shop), db.get_weather(shop), db.get_events(shop)]", 1),
        ("f'news:{article_id}'", "requests.get('https://news.example', timeout=5)", 0),
        ("'jwks'", "requests.get('https://login.example/keys', timeout=5)", 1),  # which are kept for a minute
    ],
)
def test_what_is_computed_by_all_at_once(key: str, compute: str, count: int) -> None:
    source = source_of(
        f"""
        import requests
        from django.core.cache import cache

        def news(shop, user_id, article_id):
            found = cache.get({key})
            if found is None:
                found = {compute}
                cache.set({key}, found, 60)
            return found
        """
    )
    assert len(list(stampedes.stampedes(source))) == count


def test_a_loop_that_fills_many_keys_is_no_stampede() -> None:
    source = source_of(
        """
        import requests
        from django.core.cache import cache

        def news(shops):
            for shop in shops:
                if cache.get(f"news:{shop}") is None:
                    cache.set(f"news:{shop}", requests.get("https://news.example", timeout=5), 60)
        """
    )
    assert not list(stampedes.stampedes(source))


# Objects


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("rows = TTLCache(5, 5)", ["rows"]),
        ("seen_nonces = TTLCache(5, 5)", []),
        ("class A:\n    rows = TTLCache(5, 5)", ["A.rows"]),
        ("def f():\n    rows = TTLCache(5, 5)\n    return rows", []),
        ("class A:\n    def __init__(self):\n        self.rows = TTLCache(5, 5)", []),
        ("class A:\n    def __init__(self):\n        self.rows = TTLCache(5, 5)\na = A()", ["A.rows"]),
    ],
)
def test_objects_of_cache_classes(text: str, names: list[str]) -> None:
    source = source_of("from cachetools import TTLCache\n" + text)
    assert [found.name for found in cache_objects.cache_objects(source)] == names
