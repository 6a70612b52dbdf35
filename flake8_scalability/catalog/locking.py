"""Locks that hold within one process or one machine, and the connections that a lock may well guard."""

from __future__ import annotations

import re

#: Locks that only the threads or tasks of one process see.
PROCESS_LOCKS = (
    "{threading,multiprocessing,asyncio,anyio,trio,gevent.lock,eventlet.semaphore,_thread,asyncio.locks}.{Lock,RLock} "
    "multiprocessing.{Manager,get_context}().{Lock,RLock} billiard.{Lock,RLock} _thread.allocate_lock "
    "gevent.lock.{BoundedSemaphore,Semaphore} curio.Lock"
)
#: Locks that only the processes of one machine see.
FILE_LOCKS = (
    "filelock.{FileLock,SoftFileLock,UnixFileLock,AsyncFileLock,WindowsFileLock} "
    "portalocker.{Lock,RLock,TemporaryFileLock} "
    "fasteners.{InterProcessLock,InterProcessReaderWriterLock} zc.lockfile.LockFile "
    "lockfile.{LockFile,FileLock,LinkLockFile,MkdirLockFile,PIDLockFile} ilock.ILock"
)
#: Calls that lock an open file.
FILE_LOCKING = "fcntl.{flock,lockf} portalocker.lock msvcrt.locking"

#: Methods by which objects whose library the file does not show store something in a database.
STORING = frozenset({
    "commit", "save", "flush", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "executemany",
    "insert_one", "update_one", "delete_one", "find_one_and_update", "insert_many", "save_async", "asave", "acreate",
    "refresh_from_db",
})  # fmt: skip
#: Methods of objects whose library the file does not show that ask a store.
READING = re.compile(
    r"(get|find|fetch\w*|load|first|one|all|scalars?|list|select|query|count|exists|read|lookup|filter|hget\w*|aggregate)"
    r"(_|$)"
)
#: Statements of SQL that ask for rows, and that write some.
ASKS = re.compile(r"^\s*(SELECT|WITH)\s", re.IGNORECASE)
STORES_BY_SQL = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE|REPLACE)\s", re.IGNORECASE)
#: Questions whether a file is there.
ON_DISK = frozenset({"exists", "is_file", "is_dir", "isfile", "isdir"})
#: Methods that fill a mapping or a set in memory.
FILLING = frozenset({"update", "setdefault"})
#: Names of calls that change what others see.
CHANGES = re.compile(
    r"_*(a?save|add|insert|create|update|delete|remove|set|put|post|patch|send|publish|push|enqueue|charge|pay|transfer|"
    r"withdraw|commit|flush|execute|write|upsert|incr|decr|acquire|claim|reserve|book|submit|dispatch|notify)(_|$)"
)
#: Calls that run what they are handed elsewhere, while their caller waits.
OFFLOADING = frozenset({"to_thread", "run_in_threadpool", "run_sync", "run_in_executor", "sync_to_async"})
#: What such an object is called, by its last name.
STORES = (
    r"_*(\w*session|\w*db|database|conn(ection)?|cur(sor)?|repo(sitory)?|\w+_(repo(sitory)?|dao|store|collection)|"
    r"uow|unit_of_work|transaction|tx|objects|model|instance|record|order|account|user|job|obj|row|profile|wallet|stock|"
    r"item|product|article|booking|ticket|balance|invoice|payment)"
)
#: Objects of which the process has one, and which take one caller at a time: a lock for them is no lock for others.
OWN_CONNECTIONS = (
    r"_*(\w*ws|web_?socket\w*|\w*sock(et)?s?|\w*writer|\w*reader|serial\w*|port|proc(ess)?|stdin|stdout|pipe|bus|camera|"
    r"device|gpu|model|pipeline|tokenizer|browser|page|driver|channel|transport|stream|producer|protocol|printer|gpio|"
    r"modem|inverter|\w*engine|pipe|executor|loop|queue|shell|ssh\w*|sftp|ftp|imap|smtp\w*|mail\w*|telnet|bot|interpreter)"
)
#: Functions that make a client or a connection, which a process needs once.
BUILDING = re.compile(
    r"_*(build|make|create|open|new|init(ialize)?|connect)(_\w+)?_(client|connection|pool|engine|driver)"
)
#: Libraries whose repositories are folders of this machine.
VERSION_CONTROL = frozenset({"git", "pygit2", "dulwich", "hglib"})
#: What an object does to its own connection.
OWN_LIFE = re.compile(
    r"_*(re)?connect(_\w+)?|_*(a?close|disconnect)(_\w+)?|"
    r"_*(create|open|start|init(ialize)?|ensure|make|reset|renew)_*(the_)?(session|connection|client|channel|transport)"
)
#: What a lock keeps one copy of: clients, caches, tokens, made once or again when they are stale.
LAZY = (
    r"cache|client|token|pool|engine|instance|loaded|initiali[sz]ed|ready|expir|singleton|connected|_conn(ection)?$|"
    r"model|_?started|_?last_|fetched|refreshed|credential|registry|config|settings|schema|jwks|keys?$|tools?$|session$"
)
