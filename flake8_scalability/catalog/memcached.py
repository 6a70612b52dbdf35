"""Memcached clients, and the caches that web frameworks put before a back end of their configuration.

Defaults, from the clients' sources: pymemcache has none; python-memcached and bmemcached wait 3 s, pylibmc 5 s, emcache
1 s.  All but emcache connect with the first command.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_MEMCACHED = "{pymemcache,memcache,pylibmc,bmemcached}.Client()"

MEMCACHED = (
    Api(
        "pymemcache.{,client.,client.base.}{Client,PooledClient}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(position=5),
        returns="pymemcache.Client()",
    ),
    Api(
        "pymemcache.{,client.,client.hash.}HashClient",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(position=6),
        returns="pymemcache.Client()",
    ),
    Api("pymemcache.client.{,retrying.}RetryingClient", System.CACHE, returns="pymemcache.Client()"),
    Api(
        "memcache.Client",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(("socket_timeout",), 12, sane=True),
    ),
    Api("pylibmc.{,client.}Client", System.CACHE, makes=Resource.CACHE_CONNECTION, returns="pylibmc.Client()"),
    Api(
        "pylibmc.{,pools.}{ClientPool,ThreadMappedPool}",
        System.CACHE,
        makes=Resource.POOL,
        returns="pylibmc.ClientPool()",
    ),
    Api("pylibmc.ClientPool().reserve", System.CACHE, returns="pylibmc.Client()"),
    Api(
        "bmemcached.{Client,ReplicatingClient,DistributedClient}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(("socket_timeout",), 4, sane=True),
        returns="bmemcached.Client()",
    ),
    Api(f"{_MEMCACHED}.{{get,gets,get_multi,get_many}}", System.CACHE, effect=Effect.READ, blocks=True),
    Api(
        _MEMCACHED
        + ".{set,set_multi,set_many,add,replace,cas,incr,decr,delete,delete_multi,delete_many,touch,flush_all}",
        System.CACHE,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("aiomcache.{,client.}Client", System.CACHE, makes=Resource.CACHE_CONNECTION, returns="aiomcache.Client()"),
    Api("aiomcache.Client().{get,multi_get}", System.CACHE, effect=Effect.READ),
    Api("aiomcache.Client().{set,add,replace,incr,decr,delete,touch}", System.CACHE, effect=Effect.WRITE),
    Api("emcache.create_client", System.CACHE, makes=Resource.CACHE_CONNECTION),
    Api("emcache.create_client().{get,gets,get_many}", System.CACHE, effect=Effect.READ),
    Api(
        "emcache.create_client().{set,add,replace,increment,decrement,delete,touch}", System.CACHE, effect=Effect.WRITE
    ),
)

#: Where a configuration names the back end, which may be the process's own memory: nothing is said of waiting.
FRAMEWORKS = (
    Api("django.core.cache.{cache,caches[]}.{get,get_many,has_key}", System.CACHE, effect=Effect.READ),
    Api(
        "django.core.cache.{cache,caches[]}.{set,set_many,add,get_or_set,touch,incr,decr,delete,delete_many,clear}",
        System.CACHE,
        effect=Effect.WRITE,
    ),
    Api("django.core.cache.{cache,caches[]}.{aget,aget_many,ahas_key}", System.CACHE, effect=Effect.READ),
    Api(
        "django.core.cache.{cache,caches[]}.{aset,aset_many,aadd,aget_or_set,aincr,adelete,adelete_many,aclear}",
        System.CACHE,
        effect=Effect.WRITE,
    ),
    Api("flask_caching.Cache().{get,get_many,has}", System.CACHE, effect=Effect.READ),
    Api(
        "flask_caching.Cache().{set,set_many,add,delete,delete_many,delete_memoized,clear}",
        System.CACHE,
        effect=Effect.WRITE,
    ),
    Api("aiocache.{RedisCache,MemcachedCache}", System.CACHE, makes=Resource.CACHE_CONNECTION),
    Api("aiocache.{Cache,RedisCache,MemcachedCache}().{get,multi_get,exists}", System.CACHE, effect=Effect.READ),
    Api(
        "aiocache.{Cache,RedisCache,MemcachedCache}().{set,multi_set,add,delete,increment,expire,clear}",
        System.CACHE,
        effect=Effect.WRITE,
    ),
    Api("dogpile.cache.{,region.}make_region().configure", System.CACHE, returns="dogpile.cache.make_region()"),
    Api("dogpile.cache.make_region().{get,get_multi}", System.CACHE, effect=Effect.READ),
    Api(
        "dogpile.cache.make_region().{set,set_multi,get_or_create,delete,invalidate}", System.CACHE, effect=Effect.WRITE
    ),
    Api("cachelib.{,redis.}RedisCache().{get,get_many,has}", System.CACHE, effect=Effect.READ, blocks=True),
    Api(
        "cachelib.{,redis.}RedisCache().{set,set_many,add,inc,dec,delete,delete_many,clear}",
        System.CACHE,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

ROWS: tuple[Api, ...] = (*MEMCACHED, *FRAMEWORKS)
