"""Redis and Valkey clients; Memcached and the caches of frameworks stand in `memcached`.

redis-py connects with the first command, and up to version 7 waits for an answer for ever by default; version 8 waits
5 s.  Since the version is not in sight, the older default is stated.  A client that is given a pool takes the pool's
timeout.  valkey, coredis and aredis have no default either, valkey.asyncio has 5 s.  All answer to the names of
redis-py, hence to its rows.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_REDIS = "redis.Redis()"
_ASYNC_REDIS = "redis.asyncio.Redis()"
_SOCKET = Deadline(("socket_timeout", "connection_pool"))
_URL = Deadline(("socket_timeout", "connection_pool"), nested=("url",), nested_position=0)
_POOL = ("connection_pool",)

_READS = (
    "{get,mget,getrange,strlen,exists,ttl,pttl,keys,scan,scan_iter,randomkey,dbsize,hget,hmget,hgetall,hkeys,hvals,hlen,"
    "hexists,hscan,hscan_iter,lrange,llen,lindex,lpos,smembers,sismember,smismember,scard,sinter,sunion,sdiff,srandmember,"
    "sscan,sscan_iter,zrange,zrevrange,zrangebyscore,zrevrangebyscore,zrank,zrevrank,zscore,zmscore,zcard,zcount,zscan,"
    "zscan_iter,xrange,xrevrange,xread,xlen,xpending,getbit,bitcount,pfcount,geopos,geodist,geosearch,ping}"
)
_WRITES = (
    "{set,setex,psetex,setnx,mset,msetnx,getset,getdel,getex,incr,incrby,incrbyfloat,decr,decrby,delete,unlink,expire,"
    "expireat,pexpire,hset,hmset,hsetnx,hdel,hincrby,hincrbyfloat,lpush,rpush,lpop,rpop,lrem,lset,ltrim,linsert,rpoplpush,"
    "lmove,sadd,srem,spop,smove,sinterstore,sunionstore,sdiffstore,zadd,zrem,zincrby,zpopmin,zpopmax,zremrangebyrank,"
    "zremrangebyscore,zunionstore,zinterstore,xadd,xack,xdel,xtrim,xreadgroup,xgroup_create,xclaim,xautoclaim,setbit,"
    "setrange,bitop,pfadd,pfmerge,geoadd,publish,flushdb,flushall}"
)
_SCRIPTS = "{eval,evalsha,fcall,execute_command,transaction}"
_MODULES = "{json().get,json().mget,json().set,ft().search,ft().aggregate,ts().add,ts().get,ts().range}"

REDIS = (
    Api(
        "redis.{,client.}{Redis,StrictRedis}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(_SOCKET.keywords, 4),
        shared_by=_POOL,
        returns=_REDIS,
    ),
    Api(
        "redis.{,utils.}from_url redis.{,client.}{Redis,StrictRedis}.from_url redis.{,cluster.}RedisCluster.from_url",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_URL,
        shared_by=_POOL,
        returns=_REDIS,
    ),
    Api(
        "redis.{,cluster.}RedisCluster",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(_SOCKET.keywords, nested=("url",)),
        returns=_REDIS,
    ),
    Api(
        "redis.asyncio.{,client.}{Redis,StrictRedis}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_SOCKET,
        shared_by=_POOL,
        returns=_ASYNC_REDIS,
    ),
    Api(
        "redis.asyncio.{,utils.}from_url redis.asyncio.{,client.}{Redis,StrictRedis}.from_url "
        "redis.asyncio.{,cluster.}RedisCluster.from_url",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_URL,
        shared_by=_POOL,
        returns=_ASYNC_REDIS,
    ),
    Api(
        "redis.asyncio.{,cluster.}RedisCluster",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_SOCKET,
        returns=_ASYNC_REDIS,
    ),
    Api("redis.{,client.}Redis.from_pool", System.CACHE, returns=_REDIS),
    Api("redis.asyncio.{,client.}Redis.from_pool", System.CACHE, returns=_ASYNC_REDIS),
    # Pools
    Api(
        "redis.{,connection.}{ConnectionPool,BlockingConnectionPool} "
        "redis.asyncio.{,connection.}{ConnectionPool,BlockingConnectionPool}",
        System.CACHE,
        makes=Resource.POOL,
        deadline=Deadline(("socket_timeout",)),
    ),
    Api(
        "redis.{,connection.}{ConnectionPool,BlockingConnectionPool}.from_url "
        "redis.asyncio.{,connection.}{ConnectionPool,BlockingConnectionPool}.from_url",
        System.CACHE,
        makes=Resource.POOL,
        deadline=Deadline(("socket_timeout",), nested=("url",), nested_position=0),
    ),
    # Sentinel: each client that it hands out has a pool of its own
    Api(
        "redis.{,sentinel.}Sentinel",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(("socket_timeout",)),
        returns="redis.Sentinel()",
    ),
    Api("redis.Sentinel().{master_for,slave_for}", System.CACHE, makes=Resource.CACHE_CONNECTION, returns=_REDIS),
    Api("redis.Sentinel().{discover_master,discover_slaves}", System.CACHE, effect=Effect.READ, blocks=True),
    Api(
        "redis.asyncio.{,sentinel.}Sentinel",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(("socket_timeout",)),
        returns="redis.asyncio.Sentinel()",
    ),
    Api(
        "redis.asyncio.Sentinel().{master_for,slave_for}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        returns=_ASYNC_REDIS,
    ),
)

#: What is done with a client.  The generators (`scan_iter`, `listen`) wait while they are read, which happens next.
COMMANDS = (
    Api(f"{_REDIS}.{_READS}", System.CACHE, effect=Effect.READ, blocks=True),
    Api(f"{_REDIS}.{_WRITES}", System.CACHE, effect=Effect.WRITE, blocks=True),
    Api(f"{_REDIS}.{_SCRIPTS}", System.CACHE, blocks=True),
    Api(f"{_REDIS}.{_MODULES}", System.CACHE, blocks=True),
    # They wait for another process to push, for ever unless told otherwise: a worker may.
    Api(
        _REDIS + ".{blpop,brpop,bzpopmin,bzpopmax}",
        System.SYNC,
        effect=Effect.WRITE,
        blocks=True,
        deadline=Deadline(position=1, client=("socket_timeout",)),
    ),
    Api(
        _REDIS + ".brpoplpush",
        System.SYNC,
        effect=Effect.WRITE,
        blocks=True,
        deadline=Deadline(position=2, client=("socket_timeout",)),
    ),
    Api(_REDIS + ".blmove", System.CACHE, effect=Effect.WRITE, blocks=True),
    Api(_REDIS + ".pubsub().listen", System.CACHE, blocks=True),
    # Commands on a pipeline are kept until `execute`.
    Api(_REDIS + ".pipeline", System.CACHE, fluent=True),
    Api(_REDIS + ".pipeline().execute", System.CACHE, effect=Effect.WRITE, blocks=True),
    Api(_REDIS + ".lock redis.lock.Lock", System.SYNC, returns="redis.lock.Lock()"),
    Api(
        "redis.lock.Lock().acquire",
        System.SYNC,
        blocks=True,
        deadline=Deadline(
            ("blocking_timeout",),
            2,
            client=("blocking_timeout",),
            blocking="blocking",
            blocking_position=1,
        ),
    ),
    # The same without holding up the thread
    Api(f"{_ASYNC_REDIS}.{_READS}", System.CACHE, effect=Effect.READ),
    Api(f"{_ASYNC_REDIS}.{_WRITES}", System.CACHE, effect=Effect.WRITE),
    Api(f"{_ASYNC_REDIS}.{_SCRIPTS}", System.CACHE),
    Api(f"{_ASYNC_REDIS}.{_MODULES}", System.CACHE),
    Api(
        _ASYNC_REDIS + ".{blpop,brpop,bzpopmin,bzpopmax}",
        System.SYNC,
        effect=Effect.WRITE,
        deadline=Deadline(position=1, client=("socket_timeout",)),
    ),
    Api(_ASYNC_REDIS + ".blmove", System.CACHE, effect=Effect.WRITE),
    Api(_ASYNC_REDIS + ".pipeline", System.CACHE, fluent=True),
    Api(_ASYNC_REDIS + ".pipeline().execute", System.CACHE, effect=Effect.WRITE),
    Api(_ASYNC_REDIS + ".lock redis.asyncio.lock.Lock", System.SYNC, returns="redis.asyncio.lock.Lock()"),
    Api(
        "redis.asyncio.lock.Lock().acquire",
        System.SYNC,
        deadline=Deadline(
            ("blocking_timeout",), 1, client=("blocking_timeout",), blocking="blocking", blocking_position=0
        ),
    ),
)

_STREAM = Deadline(("stream_timeout", "connection_pool"))

LIKE_REDIS = (
    # Valkey, a fork
    Api(
        "valkey.{,client.}{Valkey,StrictValkey}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(_SOCKET.keywords, 4),
        shared_by=_POOL,
        returns=_REDIS,
    ),
    Api(
        "valkey.{,utils.}from_url valkey.{,client.}{Valkey,StrictValkey}.from_url",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_URL,
        returns=_REDIS,
    ),
    Api(
        "valkey.{,cluster.}ValkeyCluster",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_SOCKET,
        returns=_REDIS,
    ),
    Api(
        "valkey.asyncio.{,client.}{Valkey,StrictValkey} valkey.asyncio.{,utils.}from_url valkey.asyncio.ValkeyCluster "
        "valkey.asyncio.{,client.}Valkey.from_url",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        shared_by=_POOL,
        returns=_ASYNC_REDIS,
    ),
    Api(
        "valkey.{,asyncio.}{,connection.}{ConnectionPool,BlockingConnectionPool}",
        System.CACHE,
        makes=Resource.POOL,
    ),
    Api("glide.{GlideClient,GlideClusterClient}.create", System.CACHE, makes=Resource.CACHE_CONNECTION),
    # Older and other clients of Redis
    Api(
        "aioredis.{,client.}{Redis,StrictRedis}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_SOCKET,
        shared_by=_POOL,
        returns=_ASYNC_REDIS,
    ),
    Api(
        "aioredis.{,utils.}from_url aioredis.{,client.}Redis.from_url",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_URL,
        shared_by=_POOL,
        returns=_ASYNC_REDIS,
    ),
    Api(
        "aioredis.{create_redis_pool,create_redis,create_connection,create_pool} "
        "asyncio_redis.{Connection,Pool}.create",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        returns=_ASYNC_REDIS,
    ),
    Api("aioredis.{ConnectionPool,BlockingConnectionPool,ConnectionPool.from_url}", System.CACHE, makes=Resource.POOL),
    Api(
        "coredis.{Redis,RedisCluster} coredis.{Redis,RedisCluster}.from_url",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_STREAM,
        shared_by=_POOL,
        returns=_ASYNC_REDIS,
    ),
    Api(
        "aredis.{StrictRedis,StrictRedis.from_url,StrictRedisCluster}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_STREAM,
        shared_by=_POOL,
        returns=_ASYNC_REDIS,
    ),
    Api(
        "rediscluster.{RedisCluster,StrictRedisCluster}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=_SOCKET,
        shared_by=_POOL,
        returns=_REDIS,
    ),
    Api(
        "walrus.{,database.}{Database,Walrus}",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        deadline=Deadline(_SOCKET.keywords, 4),
        shared_by=_POOL,
        returns=_REDIS,
    ),
    Api(
        "redis_om.{,connections.}get_redis_connection flask_redis.{,client.}FlaskRedis",
        System.CACHE,
        makes=Resource.CACHE_CONNECTION,
        returns=_REDIS,
    ),
    # Django's connections come from a pool.
    Api("django_redis.get_redis_connection", System.CACHE, returns=_REDIS),
)

ROWS: tuple[Api, ...] = (*REDIS, *COMMANDS, *LIKE_REDIS)
