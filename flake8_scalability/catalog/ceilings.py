"""Capacity that is given as a number: pools, threads, workers, and how it reads where it is frozen at one.

Sources: docs.python.org/3/library/concurrent.futures.html, docs.sqlalchemy.org/en/20/core/pooling.html,
psycopg.org/psycopg3/docs/advanced/pool.html, magicstack.github.io/asyncpg, redis.readthedocs.io/en/stable/connections,
docs.celeryq.dev/en/stable/userguide/configuration.html, docs.pylonsproject.org/projects/waitress/en/stable/arguments,
grpc.github.io/grpc/python/grpc.html, procrastinate.readthedocs.io, arq-docs.helpmanual.io.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Ceiling(NamedTuple):
    """An argument that says how much goes on at once.

    keyword, position: the argument
    what: what a literal 1 does, as a sentence goes on
    beside: another argument and the value without which there is more room
    unless: what the first argument says where one is enough
    """

    paths: str
    keyword: str
    position: int | None
    what: str
    beside: tuple[str, int] | None = None
    unless: re.Pattern[str] | None = None


#: Topics of which one consumer can keep up with the messages.
_FEW_MESSAGES = re.compile(r"dlq|dead|config|control|command|leader|offset|audit|schema|error|fail", re.IGNORECASE)
#: Pools of which each caller takes one.
POOLS = (
    Ceiling("sqlalchemy.{,engine.}create_engine sqlalchemy.ext.asyncio.create_async_engine", "pool_size", None,
            "lets one query run at a time", ("max_overflow", 0)),
    Ceiling("psycopg_pool.{ConnectionPool,AsyncConnectionPool,NullConnectionPool,AsyncNullConnectionPool} "
            "asyncpg.create_pool aiopg.sa.create_engine", "max_size", None, "lets one query run at a time"),
    Ceiling("psycopg2.pool.{SimpleConnectionPool,ThreadedConnectionPool}", "maxconn", 1,
            "lets one query run at a time"),
    Ceiling("{aiopg,aiomysql,asyncmy}.create_pool", "maxsize", None, "lets one query run at a time"),
    Ceiling("mysql.connector.pooling.MySQLConnectionPool", "pool_size", None, "lets one query run at a time"),
    Ceiling("{dbutils.pooled_db,DBUtils.PooledDB}.PooledDB", "maxconnections", None, "lets one query run at a time"),
    Ceiling("{pymongo,motor.motor_asyncio}.{MongoClient,AsyncMongoClient,AsyncIOMotorClient}", "maxPoolSize", None,
            "lets one query run at a time"),
    Ceiling("redis.{,asyncio.,connection.}{ConnectionPool,BlockingConnectionPool,Redis}", "max_connections", None,
            "lets one command run at a time"),
    Ceiling("aiohttp.TCPConnector", "limit", None, "lets one request out at a time"),
    Ceiling("httpx.Limits", "max_connections", None, "lets one request out at a time"),
)  # fmt: skip

#: Threads and processes: what is handed to them waits in line.
EXECUTORS = (
    Ceiling("concurrent.futures.{,thread.,process.}{ThreadPoolExecutor,ProcessPoolExecutor}", "max_workers", 0,
            "does one job at a time"),
    Ceiling("multiprocessing.Pool multiprocessing.pool.{Pool,ThreadPool}", "processes", 0, "does one job at a time"),
    Ceiling("apscheduler.executors.pool.{ThreadPoolExecutor,ProcessPoolExecutor}", "max_workers", 0,
            "does one job at a time"),
)  # fmt: skip
#: Methods, and the function of a loop, that hand work to one of them.
HANDING = frozenset({"submit", "map", "apply", "apply_async", "map_async", "starmap", "imap", "imap_unordered",
                     "run_in_executor"})  # fmt: skip

#: Servers and workers, and the objects that say how much goes on in them.
WORKERS = (
    Ceiling("grpc.{,aio.}server", "maximum_concurrent_rpcs", None, "serves one call at a time"),
    Ceiling("waitress.serve", "threads", None, "serves one request at a time"),
    Ceiling("uvicorn.{run,Config}", "limit_concurrency", None, "serves one request at a time"),
    Ceiling("{celery,celery.app}.Celery().{Worker,WorkController}", "concurrency", None, "does one task at a time"),
    Ceiling("dramatiq.{,worker.}Worker", "worker_threads", None, "does one task at a time"),
    Ceiling("arq.{,worker.}{Worker,run_worker,create_worker}", "max_jobs", None, "does one job at a time"),
    Ceiling("{saq,saq.worker}.Worker", "concurrency", None, "does one job at a time"),
    Ceiling("procrastinate.{,app.}App().{run_worker,run_worker_async}", "concurrency", None, "does one job at a time"),
    Ceiling("kafka.{admin.,admin.new_topic.}NewTopic aiokafka.admin.{,new_topic.}NewTopic "
            "confluent_kafka.admin.NewTopic", "num_partitions", 1, "lets one consumer of a group work",
            unless=_FEW_MESSAGES),
    Ceiling("firebase_functions.{https_fn,firestore_fn,pubsub_fn,storage_fn,scheduler_fn}.{on_request,on_call,"
            "on_document_written,on_document_created,on_message_published,on_object_finalized}", "max_instances", None,
            "keeps the function to one instance"),
)  # fmt: skip

#: Semaphores, with the argument that says how many may hold one; without it one may.
SEMAPHORES = (
    Ceiling("{asyncio,threading,multiprocessing}.{Semaphore,BoundedSemaphore}", "value", 0, ""),
    Ceiling("anyio.Semaphore trio.Semaphore", "initial_value", 0, ""),
    Ceiling("anyio.CapacityLimiter trio.CapacityLimiter", "total_tokens", 0, ""),
)

#: Settings for workers, by name, and what each is a setting of: a file without one of the words is about another.
SETTINGS = re.compile(r"(CELERY_|CELERYD_|^)(WORKER_)?CONCURRENCY|CELERYD_CONCURRENCY", re.IGNORECASE)
SETTINGS_OF = re.compile(r"celery", re.IGNORECASE)
#: What says beside it that a worker is to have one task, so that others take the next: a decision about long tasks.
ONE_RESERVED = re.compile(r"prefetch_multiplier[\"']?\]?\s*[:=]\s*1\b", re.IGNORECASE)
#: Settings in a mapping: the mapping's name, and the key whose 1 leaves one worker.
MAPPINGS = {"Q_CLUSTER": ("workers",), "HUEY": ("workers",)}
#: The attribute of a class that holds the settings of a worker of arq.
WORKER_CLASSES = re.compile(r"WorkerSettings$")
WORKER_FIELDS = frozenset({"max_jobs"})
#: An argument of a command line that leaves a worker one task at a time.
COMMAND = re.compile(r"--concurrency[= ]1$|^-c ?1$|^(-P|--pool)[= ]solo$")
COMMANDING = frozenset({"worker_main", "start", "execute_from_commandline"})

#: What a comment, and a name, says where one at a time is meant.
MEANT = re.compile(
    r"serial|one (at a time|by one|after)|single|in order|order(ed|ing)|thread.?safe|exclusive|sequential|gpu|only one|"
    r"sqlite|race|conflict|memory|rate.?limit|at once|concurren|parallel|overload|aggressive|heavy",
    re.IGNORECASE,
)
MEANT_BY_NAME = re.compile(r"serial|single|order(ed|ing)|exclusive|sequential|gpu|sqlite|writer|_io$", re.IGNORECASE)
#: What the text of a function says that makes such a thing.
DESCRIBED = re.compile(
    r"at most one|(only|just|exactly) (one|1|a single)|(one|1|single)[- ](connection|thread|worker|process)",
    re.IGNORECASE,
)
#: Classes of which an object is one worker.
MEANT_BY_CLASS = re.compile(r"Mono|Single|Serial|Sequential|Ordered|Exclusive")
#: What stands in a file that sets up workers: without one of these nobody looks closer.
SETTING_WORDS = ("concurrency", "q_cluster", "huey", "max_jobs")
#: Where one instance serves one request, one connection is all that it needs.
ONE_EACH = ("lambda_handler", "AWS_LAMBDA", "mangum", "Mangum", "vercel")
