"""What caches, and how each cache is told to forget: decorators that keep results, objects that keep items, settings.

Sources: https://docs.python.org/3/library/functools.html, https://cachetools.readthedocs.io/,
https://docs.djangoproject.com/en/stable/topics/cache/, https://flask-caching.readthedocs.io/,
https://aiocache.aio-libs.org/, https://github.com/long2ice/fastapi-cache, https://dogpilecache.sqlalchemy.org/,
https://grantjenks.com/docs/diskcache/, https://github.com/aio-libs/async-lru, https://github.com/Krukov/cashews
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple


class Where(enum.Enum):
    """Where a cache keeps what it holds."""

    PROCESS = "in this process"
    DISK = "on this machine's disk"
    CONFIGURED = "where the configuration says"


class Memoiser(NamedTuple):
    """A decorator that keeps what a function returns.

    bound: the argument that limits the number of results, `bound_position` where it stands
    bounded: whether there is a limit where the argument is not given; None given lifts it
    time: arguments that limit how long a result is kept; `timed` whether there is a limit without them
    store: the argument that is the cache itself, which then decides on all of it
    coroutines: whether it keeps what a coroutine function gives, and not the coroutine
    where: where the results are kept
    """

    paths: str
    bound: str = ""
    bound_position: int | None = None
    bounded: bool = False
    time: tuple[str, ...] = ()
    time_position: int | None = None
    timed: bool = False
    store: str = ""
    coroutines: bool = False
    where: Where = Where.PROCESS


class Keeper(NamedTuple):
    """A class whose objects keep items as a mapping does.

    bounded: whether it has a limit; timed: whether it forgets after a time
    """

    paths: str
    bounded: bool = True
    timed: bool = False
    where: Where = Where.PROCESS


MEMOISERS = (
    Memoiser("{functools.,}lru_cache", bound="maxsize", bound_position=0, bounded=True),
    Memoiser("functools.cache"),
    Memoiser("async_lru.alru_cache", bound="maxsize", bound_position=0, bounded=True, time=("ttl",), coroutines=True),
    Memoiser("cachetools.func.{lru,lfu,rr,fifo,mru}_cache", bound="maxsize", bound_position=0, bounded=True),
    Memoiser("cachetools.func.ttl_cache", bound="maxsize", bound_position=0, bounded=True, time=("ttl",), timed=True),
    Memoiser("{cachetools,asyncache,cachetools_async}.cached", store="cache", coroutines=True),
    Memoiser("methodtools.lru_cache", bound="maxsize", bound_position=0, bounded=True),
    Memoiser("memoization.cached", bound="max_size", time=("ttl",)),
    Memoiser("cachier.{,core.}cachier", time=("stale_after",), bounded=True, where=Where.DISK),
    Memoiser("joblib.{,memory.}Memory().cache", bounded=True, where=Where.DISK),
    Memoiser(
        "diskcache.{Cache,FanoutCache}().memoize", bounded=True, time=("expire",), where=Where.DISK, coroutines=True
    ),
    Memoiser("aiocache.{,decorators.}cached", time=("ttl",), time_position=0, store="cache", coroutines=True),
    Memoiser(
        "flask_caching.Cache().{cached,memoize}",
        bounded=True,
        time=("timeout",),
        time_position=0,
        timed=True,
        where=Where.CONFIGURED,
        coroutines=True,
    ),
    Memoiser(
        "fastapi_cache.decorator.cache",
        bounded=True,
        time=("expire",),
        time_position=0,
        timed=True,
        where=Where.CONFIGURED,
        coroutines=True,
    ),
    Memoiser(
        "dogpile.cache.make_region().cache_on_arguments",
        bounded=True,
        time=("expiration_time",),
        timed=True,
        where=Where.CONFIGURED,
        coroutines=True,
    ),
)

KEEPERS = (
    Keeper("{cachetools.,}{TTLCache,TLRUCache}", timed=True),
    Keeper("{cachetools.,}{LRUCache,LFUCache,FIFOCache,RRCache,MRUCache}"),
    Keeper("expiringdict.ExpiringDict", timed=True),
    Keeper("cacheout.{Cache,LRUCache,LFUCache,FIFOCache,MRUCache,RRCache}"),
    Keeper("lru.LRU pylru.lrucache"),
    Keeper("diskcache.{Cache,FanoutCache,Index}", where=Where.DISK),
    Keeper("cachelib.{,simple.}SimpleCache werkzeug.contrib.cache.SimpleCache", timed=True),
    Keeper("cachelib.{,file.}FileSystemCache", timed=True, where=Where.DISK),
)
#: Those that forget by age are told from those that only make room.
LRU_PATHS = "{cachetools.,}{LRUCache,LFUCache,FIFOCache,RRCache,MRUCache}"

#: Decorators and classes that a project made itself, by their names, and the arguments that say how they keep.
MEMO_NAME = re.compile(r"^_?(async_?)?(memoi[sz]e|cached?|cache_result|cached_result)(_\w+)?$")
IN_MEMORY = frozenset({"memory", "mem", "local", "locmem", "in_memory", "in-memory", "process", "ram", "simple"})
TIME_ARGUMENTS = frozenset({
    "ttl", "timeout", "expire", "expires", "expiry", "expiration", "ex", "px", "max_age", "maxage", "seconds",
    "expire_in", "expires_in", "ttl_seconds", "duration", "lifetime", "expiration_time", "exat", "pxat", "time",
    "cache_ttl", "expire_time", "nx", "keepttl", "exp",
})  # fmt: skip


class Configured(NamedTuple):
    """A setting, or an entry of one, that chooses a cache of one process or machine.

    name: the setting
    values: its values, in lower case; the last part of a dotted path is enough
    where: where the cache then is
    instead: what to use
    readers: packages that read it, by their names in imports
    """

    name: str
    values: frozenset[str]
    where: Where
    instead: str
    readers: tuple[str, ...]


_FLASK = "use RedisCache"
_FLASK_READERS = ("flask_caching", "flask_cache", "quart_cache")
SETTINGS = (
    Configured("CACHE_TYPE", frozenset({"simple", "simplecache", "memory"}), Where.PROCESS, _FLASK, _FLASK_READERS),
    Configured("CACHE_TYPE", frozenset({"filesystem", "filesystemcache"}), Where.DISK, _FLASK, _FLASK_READERS),
    Configured("cache.type", frozenset({"memory"}), Where.PROCESS, "use ext:redis", ("beaker",)),
    Configured("cache.type", frozenset({"file", "dbm"}), Where.DISK, "use ext:redis", ("beaker",)),
)
#: Django's setting, and the back ends of it that no other instance sees.
DJANGO_SETTING = "CACHES"
DJANGO_LOCAL = {
    "django.core.cache.backends.locmem.LocMemCache": Where.PROCESS,
    "django.core.cache.backends.filebased.FileBasedCache": Where.DISK,
}
DJANGO_INSTEAD = "use RedisCache"
#: What asks Django's cache for more than finished pages: the cache itself, sessions in it, counts of callers, and apps
#: that keep rows or settings there.  Pages that are kept (`cache_page`) are made anew by each process, and expire.
DJANGO_ASKING = re.compile(
    r"(?i)\bdjango\.core\.cache import[^\n]*(\bcaches?\b|\bget_cache\b|\()|\bdjango\.core import[^\n]*\bcache\b|"
    r"\b(cached_db|backends\.cache|cacheops|cachalot|constance|waffle|compressor|allauth|axes|defender|sorl|solo)\b|"
    r"\bratelimit\b|\w(?-i:Throttle)\b|\bDEFAULT_THROTTLE"
)


class Backend(NamedTuple):
    """A call that makes a cache of one process the application's cache.

    argument, position, values: what it has to be given for that, where it may make others too; paths or literals
    """

    paths: str
    instead: str
    where: Where = Where.PROCESS
    position: int | None = None
    argument: str = ""
    values: frozenset[str] = frozenset()


BACKENDS = (
    Backend("fastapi_cache.backends.inmemory.InMemoryBackend", "use RedisBackend"),
    Backend("aiocache.{,backends.memory.}SimpleMemoryCache", "use RedisCache"),
    Backend(
        "aiocache.{,factory.}Cache",
        "use Cache.REDIS",
        position=0,
        argument="cache_class",
        values=frozenset({"aiocache.Cache.MEMORY", "aiocache.SimpleMemoryCache", "aiocache.factory.Cache.MEMORY"}),
    ),
    Backend(
        "dogpile.cache.make_region().configure",
        "use dogpile.cache.redis",
        position=0,
        argument="backend",
        values=frozenset({"dogpile.cache.memory", "dogpile.cache.memory_pickle"}),
    ),
    Backend(
        "dogpile.cache.make_region().configure",
        "use dogpile.cache.redis",
        where=Where.DISK,
        position=0,
        argument="backend",
        values=frozenset({"dogpile.cache.dbm"}),
    ),
)
#: `cashews` is set up with a URL: `mem://` is this process, `disk://` this machine.
CASHEWS_SETUP = "cashews.cache.setup"
CASHEWS_LOCAL = {"mem://": Where.PROCESS, "disk://": Where.DISK}

# What an entry is called


#: Names of shared state that say it holds objects of this process, of which another instance needs its own.
OBJECTS = re.compile(
    r"client|engine|(?<!web_)session(?!_data)|pools?$|conn(ection)?s?($|_)|template|schema|class(es)?($|_)|types?($|_)|regex|pattern|"
    r"compiled|module|import|handler|loader|serializer|translator|tokenizer|parser|font|annotation|signature|"
    r"func(tion)?s?($|_)|callable|inst(ance)?s?$|singleton|registr|router|channel|stub|plugin|lock|semaphore|task|future|driver|"
    r"wrapper|adapter|factory|encoder|decoder|bundle|logger|resolver|validator|estimator|pipeline|model_?cache|models?$|"
    r"dataloader|attr(ibute)?s?($|_)|field|introspect|descriptor|method|property|properties|enum|inspect|signer|webdriver|"
    r"browser|executor|thread|process(or|es)?($|_)|bot_|_ref|tz_|timezone|encod|locale|lang|translations?$|context|script|queue_url|arns?$|codec|config|cfg|settings"
)
#: What a comment above a cache says of values that stay as they are.
UNCHANGING = re.compile(r"(?i)\bimmutable|\bnever (needs? (an )?invalidat|chang)|\bintrinsic|do(es)?(n't| not) change")
#: Calls that give the same for the same argument wherever they are made.
TRANSLATING = re.compile(r"^_*(decode|parse|decrypt|hash|checksum|normali[sz]e|tokeni[sz]e|compile)(_|$)")
#: Calls that give the path of a file of this machine, and tables that migrations fill, so that the process has all
#: rows of them soon.
PATHS = re.compile(r"^(os\.path\.(join|abspath|realpath|normpath|expanduser|dirname)|(pathlib\.)?Path)$")
FILLED_BY_MIGRATIONS = frozenset({"Permission", "ContentType"})
#: Names of what a project's own entry class is called; its fields are the data.
ENTRY = re.compile(
    r"entry|item|record|cached|result|info|data|response|value|snapshot|row|config|state|status|context", re.I
)


class Family(NamedTuple):
    """How the methods of one kind of shared cache are spelled.

    name: of the kind
    paths: paths of its objects, blank-separated
    names: what projects call such an object when they import it from a module of their own
    sets: methods that store, each with the position of its value, and of its time to live (-1: keyword only)
    ends: methods that store with a time to live always
    gets, deletes: methods that read and that forget
    time: keywords of the time to live
    lasting: whether what is stored without one lasts for ever; else None given, or 0 with `zero`, makes it last
    """

    name: str
    paths: str
    names: str
    sets: dict[str, tuple[int, int]]
    ends: frozenset[str]
    gets: frozenset[str]
    deletes: frozenset[str]
    time: tuple[str, ...]
    lasting: bool
    zero: bool = False


FAMILIES = (
    Family(
        "redis",
        "redis.Redis() redis.asyncio.Redis() redis.Redis().pipeline() redis.asyncio.Redis().pipeline()",
        r"_?((async|sync|a)_?)?(redis|valkey)(_?(client|conn|connection|db|cache|pool|store|cli|instance))?|_?rds|_?redis_?\w*",
        {"set": (1, 2), "mset": (-1, -1), "hset": (2, -1), "hmset": (1, -1)},
        frozenset({"setex", "psetex"}),
        frozenset({"get", "mget", "hget", "hgetall", "hmget", "getex"}),
        frozenset({"delete", "unlink", "hdel", "expire", "flushdb", "pexpire", "expireat"}),
        ("ex", "px", "exat", "pxat", "keepttl", "nx"),
        lasting=True,
    ),
    Family(
        "django",
        "django.core.cache.cache django.core.cache.caches[]",
        r"",
        {"set": (1, 2), "aset": (1, 2), "add": (1, 2), "set_many": (0, 1), "get_or_set": (1, 2), "aget_or_set": (1, 2)},
        frozenset(),
        frozenset({"get", "aget", "get_many", "aget_many"}),
        frozenset({"delete", "adelete", "delete_many", "clear", "aclear", "delete_pattern", "incr_version"}),
        ("timeout",),
        lasting=False,
    ),
    Family(
        "flask",
        "flask_caching.Cache()",
        r"",
        {"set": (1, 2), "add": (1, 2), "set_many": (0, 1)},
        frozenset(),
        frozenset({"get", "get_many"}),
        frozenset({"delete", "delete_many", "clear", "delete_memoized", "delete_memoized_verhash"}),
        ("timeout",),
        lasting=False,
        zero=True,
    ),
    Family(
        "memcached",
        "{pymemcache,memcache,pylibmc,bmemcached,aiomcache}.Client() emcache.create_client()",
        r"_?(memcached?|mc|memcache_?client|mc_?client|pymemcache\w*)",
        {"set": (1, 2), "set_multi": (0, 1), "set_many": (0, 1)},
        frozenset(),
        frozenset({"get", "gets", "get_multi", "get_many", "multi_get"}),
        frozenset({"delete", "delete_multi", "delete_many", "flush_all", "touch"}),
        ("expire", "time", "exptime", "timeout"),
        lasting=True,
        zero=True,
    ),
    Family(
        "aiocache",
        "aiocache.Cache() aiocache.RedisCache() aiocache.MemcachedCache() aiocache.caches.get()",
        r"",
        {"set": (1, 2), "multi_set": (0, 1)},
        frozenset(),
        frozenset({"get", "multi_get"}),
        frozenset({"delete", "clear", "expire"}),
        ("ttl",),
        lasting=False,
    ),
    # A cache of the project's own, by its name: what it does without a time is not known
    Family(
        "own",
        "",
        r"_?((app|shared|response|result|data|page|query|user|api|default|django|http)_?)?cache(_?(client|service|manager|backend|store|instance))?",
        {"set": (1, 2), "aset": (1, 2), "put": (1, 2)},
        frozenset({"setex"}),
        frozenset({"get", "aget"}),
        frozenset({"delete", "adelete", "invalidate", "clear", "pop", "evict", "remove", "delete_pattern"}),
        ("timeout", "ttl", "ex", "expire", "expiration", "expires", "expires_in", "ttl_seconds", "expire_in"),
        lasting=False,
    ),
)

#: Keys and functions that speak of something other than a copy: it may last, and nobody else makes it again.
NO_CACHE_KEY = re.compile(
    r"(?i)lock|mutex|semaphore|count|rate|limit|throttl|attempt|quota|queue|job|task|progress|status|state|session|"
    r"token|otp|code|nonce|csrf|blacklist|blocklist|denylist|revoke|whitelist|allowlist|subscri|last_|latest_|_at\b|cursor|offset|"
    r"checkpoint|heartbeat|leader|flag|config|setting|feature|toggle|enabled|paused|pause|maintenance|version|user:online|presence|"
    r"online|typing|dedup|idempot|seen|processed|metric|stat|history|conversation|memory|message|event|stream|score|leader|"
    r"vote|cart|basket|credential|api_?key|secret|refresh|index|schedule|cron|reminder|pending|"
    r"registr|worker|node|instance|sequence|next_id|timestamp|time\b|marker|block|ban"
)
#: Keys of one user or one visitor: few ask for the same at once.
PERSONAL_KEY = re.compile(
    r"(?i)user|token|session|account|member|customer|email|visitor|sid\b|\bip\b|auth|profile|actor|viewer|chat"
)

#: Words in the names of stores that answer the commands of Redis, and of all stores that instances share.
KEY_STORES = frozenset({"redis", "valkey"})
SHARED_STORES = KEY_STORES | {"memcache"}
