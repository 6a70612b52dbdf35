"""What is done for one item at a time, and the form of it that takes many.

Sources: docs.djangoproject.com/en/stable/topics/db/optimization, docs.sqlalchemy.org/en/20/orm/queryguide,
redis.io/docs/latest/develop/use/pipelining, docs.aws.amazon.com (DynamoDB),
www.elastic.co/guide/en/elasticsearch/client/python-api
"""

from __future__ import annotations

import re

#: Methods that read a row and make it where it is missing: a write, for what a loop costs.
UPSERTS = frozenset({
    "get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create", "upsert_one", "find_one_and_replace",
    "find_one_and_delete",
})  # fmt: skip
#: What receivers of a signal are handed: the keys that one change of a relation has tied or untied.
TIED = "pk_set"
DJANGO_UPSERTS = {
    "get_or_create": "one look-up and bulk_create()",
    "aget_or_create": "one look-up and abulk_create()",
    "update_or_create": "one look-up, bulk_create() and bulk_update()",
    "aupdate_or_create": "one look-up, abulk_create() and abulk_update()",
}
#: Steps with which a row is locked: one after the other is then meant.
LOCKING = frozenset({"select_for_update", "with_for_update", "for_update"})

#: Reads of one key of a store, and what reads many.
STORE_READS = {
    "get": "mget(), get_many() or a pipeline",
    "hget": "hmget() or a pipeline",
    "hgetall": "a pipeline",
    "exists": "a pipeline",
    "ttl": "a pipeline",
    "smembers": "a pipeline",
    "sismember": "smismember() or a pipeline",
    "zscore": "zmscore() or a pipeline",
    "scard": "a pipeline",
    "llen": "a pipeline",
    "lrange": "a pipeline",
    "get_item": "batch_get_item()",
    "aget": "aget_many()",
    "has_key": "get_many()",
}

#: Statements of SQL that change rows, and what changes many.
STATEMENTS = {
    "insert": "executemany() or one INSERT",
    "replace": "executemany()",
    "update": "executemany() or one UPDATE",
    "delete": "one DELETE … IN",
}
_DJANGO = {
    "create": "bulk_create()",
    "acreate": "abulk_create()",
    "update": "one filter().update()",
    "aupdate": "one filter().aupdate()",
    "delete": "one delete() of pk__in",
    "adelete": "one delete() of pk__in",
}
#: Methods of a query, by the way of writing them, and what writes many rows.
WRITES: dict[str, dict[str, str]] = {
    "django": _DJANGO,
    "sqlalchemy": {"update": "one UPDATE with IN", "delete": "one DELETE with IN"},
    "tortoise": {"create": "bulk_create()", "update": "bulk_update()", "delete": "one delete() of id__in"},
    "mongo": {
        "insert_one": "insert_many()",
        "update_one": "bulk_write()",
        "replace_one": "bulk_write()",
        "delete_one": "delete_many() with $in",
        "update_many": "bulk_write()",
        "delete_many": "one delete_many() with $in",
    },
    "mongoengine": {"update_one": "bulk_write()", "upsert_one": "bulk_write()", "create": "insert()"},
    "beanie": {"insert_one": "insert_many()"},
}
#: What writes many rows where each item brings values of its own, by the way of writing a query.
UPDATES_APART = {
    "django": "bulk_update()",
    "sqlalchemy": "one UPDATE with a list of parameters",
    "tortoise": "bulk_update()",
}
#: Methods of a row, by library, and what does the same to many rows: to new ones, and to those that there are.
SAVING: dict[str, dict[str, tuple[str, str]]] = {
    "django": {
        "save": ("bulk_create()", "bulk_update() or one update()"),
        "asave": ("abulk_create()", "abulk_update() or one aupdate()"),
        "delete": ("delete() of the queryset", "delete() of the queryset"),
        "adelete": ("adelete() of the queryset", "adelete() of the queryset"),
    },
    "peewee": {
        "save": ("insert_many()", "bulk_update() or one update()"),
        "delete_instance": ("one delete() query", "one delete() query"),
    },
    "mongoengine": {
        "save": ("insert() of a list", "one update() or bulk_write()"),
        "delete": ("delete() of the queryset", "delete() of the queryset"),
    },
    "tortoise": {
        "save": ("bulk_create()", "bulk_update() or one update()"),
        "delete": ("delete() of the query", "delete() of the query"),
    },
    "beanie": {
        "save": ("insert_many()", "BulkWriter or update_all()"),
        "insert": ("insert_many()", "insert_many()"),
        "delete": ("delete_many()", "delete_many()"),
    },
}
#: What a class of rows says, in its own lines, where the bulk forms would leave something out, by what is done to one:
#: it saves in its own way, with hooks, a history, or through a manager with a `create()` of its own.
_OWN_SAVE = r"^\s+(async\s+)?def a?save\(|@hook\(|\bHistoricalRecords\(|\bPGHistory|\bpghistory\."
OWN_WAYS = {
    "save": _OWN_SAVE,
    "create": _OWN_SAVE,
    "delete": r"^\s+(async\s+)?def a?delete\(|@hook\([^)]*DELETE",
}
OWN_CREATE = r"^\s+(async\s+)?def a?(create|get_or_create|update_or_create)\("
#: Packages that keep a history of what is saved, row by row; a file that names one of them wants it kept.
HISTORIES = frozenset({"reversion", "simple_history", "auditlog", "pghistory", "field_history"})
#: What `save()` and `delete()` of a row may be told; anything else is for a method of the project's own.
SAVING_OPTIONS = frozenset({"update_fields", "using", "force_insert", "force_update", "keep_parents"})
#: What is asked for after an INSERT: the key of the new row.
NEW_KEYS = frozenset({"lastrowid", "inserted_primary_key", "insert_id", "last_insert_id"})
#: Bases of rows that stand in a tree or in several tables, which no bulk form keeps in order.
TREES = frozenset({
    "MP_Node", "NS_Node", "AL_Node", "MPTTModel", "TreeNode", "TreeNodeModel", "Page", "LifecycleModel",
    "LifecycleModelMixin", "PolymorphicModel", "TranslatableModel",
})  # fmt: skip
#: Signals of Django's that bulk forms do not send.
SAVE_SIGNALS = r"(pre|post)_save\b"

#: Writes of one key of a cache, of one document of a search engine, of one item of DynamoDB.
CACHE_WRITES = dict.fromkeys(
    ("set", "setex", "hset", "hdel", "hincrby", "incr", "incrby", "decr", "sadd", "srem", "rpush", "lpush", "zadd",
     "zrem", "zincrby", "expire", "setnx", "xadd", "publish", "delete", "unlink"),
    "a pipeline",
)  # fmt: skip
DJANGO_CACHE = {"set": "set_many()", "delete": "delete_many()", "aset": "aset_many()", "adelete": "adelete_many()"}
SEARCH_WRITES = {"index": "helpers.bulk()", "update": "helpers.bulk()", "create": "helpers.bulk()",
                 "delete": "helpers.bulk()", "add": "one add() of a list"}  # fmt: skip
SOLR_WRITES = {"delete": "one delete(id=[…])", "add": "one add() of a list"}
#: Libraries whose form for many is another one than that of most stores of their kind, by what their paths begin with.
OWN_FORMS = {"django": DJANGO_CACHE, "pysolr": SOLR_WRITES}
ITEM_WRITES = {"put_item": "batch_writer()", "delete_item": "batch_writer()"}

#: Names in a method of a project's own handle, of which one says that it goes to a database or to another service.
ASKING = re.compile(
    r"(^|_)(session|db|database|conn\w*|client|repo\w*|store|storage|objects|collection\w*|redis|cursor|tables?|"
    r"execut\w*|exec|query|queries|find\w*|fetch\w*|select\w*|scalars?|filter|request\w*|load\w*|read\w*|open|super|"
    r"dao|backend|engine|pool|tx|transaction\w*|cache)($|_)",
    re.IGNORECASE,
)
#: Steps of queries that no query for many could have: SQL of the row's own, a change that tells of its row, and a table
#: of data, of which a program takes as much at a time as its memory holds.
APART = frozenset({"extra", "find_one_and_update", "read_sql", "read_sql_query"})
#: Methods that read a row anew.
RENEWING = frozenset({"refresh_from_db", "arefresh_from_db", "refresh"})
#: Names of what is this day or the next.
TODAY = re.compile(r"(^|_)(today|tomorrow|now)(_|$)")
#: Calls that write, send or start something.
ACTING = re.compile(
    r"^(a?save|a?create|a?delete|bulk_\w+|commit|flush|send\w*|post|put|patch|delay|apply_async|publish|execute_async|"
    r"insert\w*|update|update_\w+|get_or_create|update_or_create|notify\w*|sleep)$"
)
#: What a statement says of how many rows it has found, in the drivers of SQL and in PyMongo.
FOUND = frozenset({"rowcount", "matched_count", "modified_count", "deleted_count", "upserted_id"})
#: Methods of managers that make a row, statements that change some, what a row itself is told to save or delete it, and
#: what takes note of how it was before.
CREATING = frozenset({"create", "acreate"})
CHANGING = frozenset({"update", "aupdate", "execute"})
SAVES = frozenset({"save", "asave", "delete", "adelete"})
NOTING = frozenset({"snapshot"})
#: Methods of caches that keep a value under a key.
KEEPING = frozenset({"set", "aset", "setex", "hset"})
