"""How rows, documents and keys are read, changed and written back, and what keeps two writers apart."""

from __future__ import annotations

import re
from typing import NamedTuple

#: What a function's text says that keeps two writers apart: row locks, SQL expressions, locks, versions.
GUARDED = re.compile(
    r"for_update|FOR UPDATE|\bF\(|(?<![A-Za-z])(\w*_)?[Ll]ock(?!ed|out|down)|[Mm]utex|[Ss]emaphore|"
    r"\.watch\(|SERIALIZABLE|serializable|advisory|version_id|optimistic|compare_and|\.cas\(|ConditionExpression|"
    r"register_script|\.eval\(|REPEATABLE READ|idempoten"
)
#: What a file says whose models carry a version of each row.
VERSIONED = ("version_id_col", "StaleDataError", "RecordModifiedError", "AutoIncVersionField", "use_revision")

#: What a comment or a docstring says of a race that its author has thought of, and what says that it is to be mended.
ACCEPTED = re.compile(
    r"\b(rac(e|es|y|ing)\b|race[ -]condition|best[- ]effort|(non|not)[- ]?atomic|not thread[- ]safe|lost updates?\b|"
    r"approximate\b|eventual(ly)? consisten)",
    re.IGNORECASE,
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|BUG)\b")

#: Methods of a mapped object that write it back.
SAVING = frozenset({"save", "asave", "save_changes", "replace", "put", "save_base"})
#: Methods of a session that write back what its objects have become.
COMMITTING = frozenset({"commit", "flush"})
#: Names of sessions, by their last part.
SESSION = re.compile(r"(^|_)(session|db|database|s|uow|tx)$", re.IGNORECASE)

#: Methods of a manager, a query or a mapped class that end in one row.
ONE_ROW = frozenset({
    "get", "first", "last", "earliest", "latest", "aget", "afirst", "alast", "get_or_create", "aget_or_create",
    "update_or_create", "one", "one_or_none", "get_or_404", "first_or_404", "one_or_404", "get_one", "scalar",
    "scalar_one", "scalar_one_or_none", "get_or_none", "get_by_id", "find_one", "get_object", "get_object_or_404",
    "aget_object_or_404", "get_or_none_async", "fetch_one",
})  # fmt: skip
#: Those that are a query by themselves, whatever they are called on.
ALWAYS_A_ROW = frozenset({
    "get_object_or_404", "aget_object_or_404", "get_or_404", "first_or_404", "one_or_404", "scalar_one",
    "scalar_one_or_none", "get_or_create", "aget_or_create", "update_or_create", "get_by_id", "one_or_none",
    "get_or_none",
})  # fmt: skip
#: Names in a chain that say that it is a query.
QUERYING = frozenset({"objects", "query", "_default_manager", "_base_manager", "scalars", "filter_by", "select"})
#: Classes whose objects are rows or documents, by the ends of their names.
MAPPED = ("Model", "Document")

#: Fields that count, so that a change of theirs by a value is a sum.
COUNTING = re.compile(
    r"count|total|balance|stock|quantit|qty|amount|points?$|credits?|score|votes?|likes?|views?|hits|usage|used|"
    r"remaining|available|inventory|sold|(^|_)num_|number|tokens|coins|money|downloads|clicks|visits|seats|capacity|"
    r"wallet|funds|karma|attempts|counter|spent|earned|reserved|quota|limit$",
    re.IGNORECASE,
)
#: Fields that have one writer at a time, that tell a row's place among others, or that are the guard themselves.
SINGLE_WRITER = re.compile(
    r"version|revision|retr(y|ies)|attempt|progress|processed|consecutive|streak|(^|_)(step|page|position|order|index|offset|turn|level)$|"
    r"^(num|ordinal|sequence)$|_at$|(^|_)(date|time)(_|$)|datetime|timestamp|expir|until|deadline",
    re.IGNORECASE,
)

#: Functions that tell how far their own job has come.
OF_PROGRESS = re.compile(r"(^|_)progress(_|$)")
#: Parameters by which a queue hands a job, or what is called after it, the job itself.
OWN_JOB = frozenset({"job", "task"})


class Store(NamedTuple):
    """How values are read from a store and written back.

    receivers: paths of the objects that are the store; "" where the methods are unmistakable
    reads, writes: the methods
    keys: how many of the first arguments name what is read and written
    atomic: what a written value says that leaves the sum to the store
    instead: what to do
    """

    reads: frozenset[str]
    writes: frozenset[str]
    keys: int
    receivers: str = ""
    atomic: str = r"$^"
    instead: str = ""


STORES = (
    Store(
        frozenset({"get", "aget"}),
        frozenset({"set", "setex", "psetex", "aset"}),
        1,
        "django.core.cache.cache django.core.cache.caches[] flask_caching.Cache()",
        instead="use the cache's atomic increment, or a lock",
    ),
    Store(frozenset({"hget"}), frozenset({"hset"}), 2, "hash", instead="use HINCRBY, a script or a lock"),
    Store(
        frozenset({"find_one", "find_one_or_404"}),
        frozenset({"update_one", "replace_one", "find_one_and_update", "find_one_and_replace"}),
        0,
        atomic=r"\$(inc|push|pull|addToSet|min|max|mul)",
        instead="use $inc or $push, or filter by the old value",
    ),
    Store(
        frozenset({"get_item"}),
        frozenset({"put_item"}),
        0,
        instead="use an update expression or a condition",
    ),
)
#: Clients of Redis by their name, for which more can be said.
REDIS_NAME = re.compile(r"redis|valkey", re.IGNORECASE)
REDIS_INSTEAD = "use INCR, a hash field, a script or a lock"
#: What can be done where the value is a list or a mapping, of which a cache knows no atomic change.
OF_COLLECTION = {
    "use the cache's atomic increment, or a lock": "take a shared lock, or keep it in a list or hash of Redis",
    REDIS_INSTEAD: "use a list, set or hash of Redis, a script or a lock",
}
#: Names of caches that the project makes elsewhere.
CACHE_NAME = re.compile(
    r"(^|_)(redis|valkey|cache|memcached?)(_?(client|conn|connection|db|cache|pool))?$", re.IGNORECASE
)
#: Backends of Django's caches that each process has for itself.
OWN_BACKENDS = frozenset({"LocMemCache", "DummyCache"})
#: The cache of Django's that has the alias "default".
DEFAULT_CACHE = "django.core.cache.cache"
#: Methods that change a list, a set or a mapping.
MUTATING = frozenset({
    "append", "add", "update", "pop", "extend", "remove", "insert", "setdefault", "discard", "popleft", "appendleft",
    "popitem",
})  # fmt: skip

#: What says that an insert which came second is handled.
HANDLED = re.compile(
    r"IntegrityError|UniqueViolation|DuplicateKey|NotUnique|on_conflict|ON CONFLICT|INSERT IGNORE|ON DUPLICATE|"
    r"get_or_create|update_or_create|ignore_conflicts|UniqueError|OperationError"
)
#: Columns that name a row: with a constant there, it is the first of several that a parent may have.
NAMES = frozenset({"name", "title", "label", "slug"})
#: Keys of a record under which it says when something was: whoever writes it last is right.
MOMENT = re.compile(r"(_at|_time|_seen|_ts|timestamp|_activity|_used|_access(ed)?)$")
#: Columns that are unique in the models of libraries.
UNIQUE_COLUMNS = {"django.contrib.auth.models.User": frozenset({"id", "pk", "username"})}
