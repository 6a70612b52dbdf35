"""Commands that walk everything a store holds, and what to use instead.

Sources: https://redis.io/docs/latest/commands/keys/, https://redis.io/docs/latest/commands/flushall/,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-query-scan.html,
https://cassandra.apache.org/doc/latest/cassandra/developing/cql/dml.html#allow-filtering,
https://www.mongodb.com/docs/manual/reference/operator/query/where/,
https://www.elastic.co/docs/reference/elasticsearch/rest-apis/paginate-search-results
"""

from __future__ import annotations

import re
from typing import NamedTuple


class ScanCommand(NamedTuple):
    """A method that walks a store.

    method: its name
    words: of which one has to stand in the file, in lower case, where what it is called on is not known by its path
    receivers: names, by their last part, of what it is then called on
    roots: beginnings of the access paths of what it is called on
    given: it is that command only with an argument: without one it may be a mapping's method
    harmless: keywords with which it does not hold up the store, or takes a part
    does: what it does
    instead: what to do
    """

    method: str
    words: tuple[str, ...]
    receivers: re.Pattern[str]
    roots: tuple[str, ...]
    does: str
    instead: str
    given: bool = False
    harmless: tuple[str, ...] = ()


_REDIS = ("redis", "valkey")
_REDIS_ROOTS = ("redis.", "aioredis.", "valkey.", "redis(", "flask_redis.", "django_redis.", "fakeredis.")
_REDIS_NAMES = re.compile(r"(^|_)(r|rd|rdb|redis\w*|valkey|kv|conn|connection|client|cache|store|broker|backend|pool)$",
                          re.IGNORECASE)  # fmt: skip
_DYNAMO_NAMES = re.compile(r"table\w*$|dynamo\w*$|^ddb$", re.IGNORECASE)
_DYNAMO_ROOTS = ("boto3.", "aioboto3.", "aiobotocore.", "mypy_boto3_dynamodb.", "types_boto3_dynamodb.")
_EMPTIES = "empties the shared store, holding up everybody"

_OWN_KEYS = "delete the own keys by scan_iter()"

COMMANDS = (
    ScanCommand(
        "keys", _REDIS, _REDIS_NAMES, (*_REDIS_ROOTS, "django.core.cache."), "walks every key of the store",
        "use scan_iter() or a set of the keys", given=True,
    ),
    ScanCommand("flushall", _REDIS, _REDIS_NAMES, _REDIS_ROOTS, _EMPTIES, _OWN_KEYS, harmless=("asynchronous",)),
    ScanCommand("flushdb", _REDIS, _REDIS_NAMES, _REDIS_ROOTS, _EMPTIES, _OWN_KEYS, harmless=("asynchronous",)),
    ScanCommand(
        "flush_all", ("memcache", "pylibmc", "pymemcache"), _REDIS_NAMES, ("pymemcache.", "pylibmc.", "memcache."),
        _EMPTIES, "change a version in the keys",
    ),
    ScanCommand(
        "scan", ("dynamodb", "dynamo"), _DYNAMO_NAMES, _DYNAMO_ROOTS, "reads the whole table",
        "query() a key or an index",
    ),
    ScanCommand(
        "allow_filtering", ("cassandra", "cqlengine"), re.compile(""), ("cassandra.",), "filters the whole table",
        "query by the partition key",
    ),
)  # fmt: skip
#: A class's own method of that name, with its body, and what goes through a store in steps.
KEYS_METHOD = re.compile(r"^    (?:async )?def keys\(.*?(?=^    (?:@|(?:async )?def )|\Z)", re.MULTILINE | re.DOTALL)
IN_STEPS = re.compile(r"\b(scan_iter|iter_keys|s?scan)\(")
BY_METHOD = {row.method: row for row in COMMANDS}
#: Commands that empty a store, and names of functions that are there to do so: an operator's affair.
EMPTIES = frozenset({"flushall", "flushdb", "flush_all"})
#: Folders of an application's own commands.
COMMAND_LINE = frozenset({"cli", "console"})
#: Words around what is scanned that do not say what it holds.
SCAN_VERBS = re.compile(
    r"^_*(list|get|fetch|find|load|scan|read|query)_(all_)?|_by_\w+$|(^|_)(table|api)$|^self\.|_table_name$"
)
#: Arguments of DynamoDB's `scan` that go on with one, and that take a part.
SCAN_NEXT = frozenset({"ExclusiveStartKey", "pagination_token"})
SCAN_PART = frozenset({"Limit", "limit"})

#: Calls that are handed a statement of Cassandra's.
CQL_CALLS = frozenset({"execute", "execute_async", "prepare", "SimpleStatement", "execute_concurrent",
                       "execute_future"})  # fmt: skip
CQL_FILTERING = re.compile(r"\bALLOW\s+FILTERING\b", re.IGNORECASE)
CQL_INDEXED = re.compile(r"\bLIKE\b", re.IGNORECASE)
#: Calls that are handed a filter of Mongo's, and the operators that run a program on every document.
MONGO_CALLS = frozenset({
    "find", "find_one", "aggregate", "count_documents", "update_one", "update_many", "delete_one", "delete_many",
    "filter", "objects", "find_one_and_update", "distinct", "match",
})  # fmt: skip
MONGO_PROGRAMS = frozenset({"$where", "$function"})
#: Calls that search, and where they say from which hit on.
SEARCH_CALLS = frozenset({"search"})
SEARCH_NAMES = re.compile(r"(^|_)(es|elastic\w*|opensearch\w*|os_client|search_client)$", re.IGNORECASE)
SEARCH_ROOTS = ("elasticsearch.", "opensearchpy.")
