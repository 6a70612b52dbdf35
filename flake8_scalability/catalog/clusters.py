"""What clusters are told of their copies and of their nodes, and what leaves them with one.

Sources: kafka-python.readthedocs.io, docs.confluent.io/platform/current/clients/confluent-kafka-python,
faust-streaming.github.io/faust, docs.datastax.com/en/developer/python-driver, elastic.co/guide (index settings),
redis.io/docs/latest/develop/clients/patterns/distributed-locks.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Copies(NamedTuple):
    """A call that says how many copies of something a cluster keeps.

    keyword, position: the argument
    lone: the value that leaves one copy
    what: what has one copy then
    """

    paths: str
    keyword: str
    position: int | None
    lone: int
    what: str


COPIES = (
    Copies("kafka.{admin.,admin.new_topic.}NewTopic aiokafka.admin.{,new_topic.}NewTopic", "replication_factor", 2, 1,
           "the topic"),
    Copies("confluent_kafka.admin.NewTopic confluent_kafka.cimpl.NewTopic", "replication_factor", 2, 1, "the topic"),
    Copies("kafka.admin.client.KafkaAdminClient().create_topic", "replication_factor", None, 1, "the topic"),
    Copies("{faust,faust_streaming}.App", "topic_replication_factor", None, 1, "each topic"),
    Copies("{faust,faust_streaming}.App().topic", "replicas", None, 1, "the topic"),
    Copies("cassandra.cqlengine.management.create_keyspace_simple", "replication_factor", 1, 1, "the keyspace"),
    Copies("{elasticsearch_dsl,opensearch_dsl,opensearchpy.helpers.index,elasticsearch.dsl}.Index().settings",
           "number_of_replicas", None, 0, "the index"),
)  # fmt: skip

#: The setting of a search index that holds the number of further copies, and who reads it.
REPLICAS = "number_of_replicas"
SEARCH = ("elastic", "opensearch")
#: How a keyspace of Cassandra is made with one copy, and how one says that it has several data centres.
KEYSPACE = re.compile(r"CREATE\s+KEYSPACE\b.*replication_factor'?\"?\s*:\s*['\"]?1\b", re.IGNORECASE | re.DOTALL)

#: Locks that hold by a majority of independent servers, with the argument that names these.
QUORUM = {
    "redlock.{Redlock,RedLockFactory}": ("connection_list", "connection_details"),
    "redlock.RedLock": ("connection_details",),
    "aioredlock.Aioredlock": ("redis_connections",),
    "pottery.{,redlock.,aioredlock.}{Redlock,AIORedlock}": ("masters",),
}
#: Where in those calls they stand by position; a lock's first argument is its key.
QUORUM_FIRST = ("redlock.Redlock", "redlock.RedLockFactory", "aioredlock.Aioredlock")
#: Clients that ask watchers which server leads, with the argument that names the watchers.
WATCHERS = "redis.{,asyncio.}sentinel.Sentinel aioredis.sentinel.Sentinel"

#: Without one of these in a file nobody looks closer.
MENTIONS = ("newtopic", "replica", "edlock", "entinel", "faust")
#: Files of commands and tests, by their paths.
COMMANDS = re.compile(
    r"/(cli|commands?|management|scripts?|bin|tools|tests?)/|/(cli|commands?|manage|conftest|test_\w+)\.py$"
)
