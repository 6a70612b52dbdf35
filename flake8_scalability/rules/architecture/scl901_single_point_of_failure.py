"""SCL901: the only node, broker or copy of something that can have several."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.architecture import single_copies
from flake8_scalability.model.scaling import backing
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class SinglePointOfFailure(Rule):
    """A cluster is reached through one node that is written out, or told to keep one copy of what it holds.

    What it does
    ------------
    Finds clients that take many nodes and are given one by name: Kafka, Elasticsearch, OpenSearch, Cassandra,
    ZooKeeper, Couchbase, NATS, and a lone broker URL for Celery, Kombu or Faust, in code and in settings. Finds what
    a cluster is told to keep once: a topic with `replication_factor=1`, an index with `number_of_replicas` 0, a
    keyspace with one copy. Finds a Redlock over one server, and a Sentinel client that knows one sentinel.

    Why it does not scale
    ---------------------
    When that one node restarts, fails or is replaced, nobody can connect, or the data is gone until it is back: all
    instances of the service stop together. More instances don't help.

    How to fix it
    -------------
    Read the list of nodes from the environment or the settings and name at least three there; keep three copies of
    topics and keyspaces, and one replica of an index at least.

    Known limits
    ------------
    What the environment says is not known, so it is silent. So are managed services, addresses of load balancers as
    far as their names say so, and everything for development. `localhost` and numbers are left to SCL605.
    """

    code = "SCL901"
    slug = "single-point-of-failure"
    severity = Severity.CRITICAL
    since = "0.1.0"
    second_instance = True
    message = "{what} {how}: a single point of failure; {instead}"
    short = "{what}: a single point of failure; {instead}"
    title = "Single point of failure"
    impact = "When the one node fails or restarts, every instance of the service stops with it"
    fix = "Name several nodes, from configuration, and keep several copies of topics, indexes and keyspaces"
    references = (
        "https://kafka.apache.org/documentation/#producerconfigs_bootstrap.servers",
        "https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-url",
        "https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/",
    )
    examples = (
        Bad(
            """
            from kafka import KafkaProducer

            producer = KafkaProducer(bootstrap_servers=["kafka-1:9092"])  # SCL901
        """,
            "the first broker is the only one that is asked for the others",
        ),
        Bad(
            """
            from elasticsearch import Elasticsearch
            from confluent_kafka import Producer

            NODE = "http://search-0.search.svc:9200"

            search = Elasticsearch(NODE, request_timeout=5)  # SCL901
            events = Producer({"bootstrap.servers": "broker:9092", "acks": "all"})  # SCL901
        """,
            "one node by a constant, and one in a mapping",
        ),
        Bad(
            """
            from cassandra.cluster import Cluster

            class Carts:
                cluster = Cluster(contact_points=["cassandra-1"])  # SCL901
        """,
            "one contact point",
        ),
        Bad(
            """
            CASSANDRA_NODES = ["cassandra"]  # SCL901
            KAFKA_BOOTSTRAP_SERVERS = "kafka:9092"  # SCL901
            CELERY_BROKER_URL = "amqp://shop@rabbitmq//"  # SCL901
            ELASTICSEARCH_DSL = {"default": {"hosts": "http://search:9200"}}  # SCL901
            REDIS_URL = "redis://cache:6379/1"  # SCL605
        """,
            "settings, at the key; a cache may fail, but its host should not be written out",
            "shop/settings.py",
        ),
        Bad(
            """
            from celery import Celery

            app = Celery("shop", broker="amqp://shop@rabbitmq:5672//")  # SCL901
        """,
            "Celery takes several brokers and goes on with the next one",
        ),
        Bad(
            """
            from kafka.admin import KafkaAdminClient, NewTopic

            class Topics:
                def __init__(self, admin: KafkaAdminClient):
                    self.admin = admin

                def ensure(self, name):
                    self.admin.create_topics([NewTopic(name, num_partitions=12, replication_factor=1)])  # SCL901
        """,
            "when its broker is away, the topic can't be written or read",
        ),
        Bad(
            """
            from redlock import Redlock
            from shop.settings import LOCK_HOST

            locks = Redlock([{"host": LOCK_HOST, "port": 6379, "db": 0}])  # SCL901
        """,
            "a majority of one server",
        ),
        Bad(
            """
            INDEX = {
                "settings": {"number_of_shards": 3, "number_of_replicas": 0},  # SCL901
                "mappings": {"properties": {"name": {"type": "text"}}},
            }

            def ensure(elastic):
                elastic.indices.create(index="articles", body=INDEX)
        """,
            "each shard lives on one node",
        ),
        Bad(
            """
            from celery import Celery
            from elasticsearch import Elasticsearch
            from kafka import KafkaProducer

            producer = KafkaProducer(bootstrap_servers=["kafka-1:9092", "kafka-2:9092", "kafka-3:9092"])  # SCL605
            logs = Elasticsearch("https://logs-x7.eu-west-1.es.amazonaws.com", request_timeout=5)  # SCL605
            search = Elasticsearch("http://elasticsearch-lb:9200", request_timeout=5)  # SCL605
            local = Elasticsearch("http://localhost:9200", request_timeout=5)  # SCL605
            tasks = Celery("shop", broker="amqp://shop@rabbit-1//;amqp://shop@rabbit-2//")  # SCL605
            events = KafkaProducer(bootstrap_servers="kafka-4:9092")  # SCL901
        """,
            "several nodes, a managed store, a load balancer, one's own machine; only the last stands alone",
        ),
        Good(
            """
            import os
            from kafka import KafkaProducer
            from elasticsearch import Elasticsearch

            producer = KafkaProducer(bootstrap_servers=os.environ.get("KAFKA_SERVERS", "kafka:9092").split(","))
            search = Elasticsearch(os.environ["SEARCH_URL"], request_timeout=5)
        """,
            "the environment may name as many as there are",
        ),
        Good(
            """
            from pydantic_settings import BaseSettings

            class Settings(BaseSettings):
                kafka_bootstrap_servers: str = "kafka:9092"
        """,
            "a default of a settings class",
        ),
        Good(
            """
            from confluent_kafka.admin import NewTopic
            from shop import settings

            def topic(name):
                return NewTopic(name, num_partitions=12, replication_factor=settings.COPIES)

            def local_topic(name):
                if settings.DEBUG:
                    return NewTopic(name, num_partitions=1, replication_factor=1)
                return topic(name)
        """,
            "copies by configuration, and one copy for those who debug",
        ),
        Good(
            """
            from elasticsearch import Elasticsearch

            def rebuild(search: Elasticsearch, documents):
                search.indices.put_settings(index="articles", body={"index": {"number_of_replicas": 0}})
                documents.load(search)
                search.indices.put_settings(index="articles", body={"index": {"number_of_replicas": 2}})
        """,
            "no replicas for as long as the index is filled",
        ),
        Good(
            """
            from redlock import Redlock
            from shop.settings import LOCK_SERVERS

            locks = Redlock([{"host": host, "port": 6379, "db": 0} for host in LOCK_SERVERS])
            spare = Redlock([*LOCK_SERVERS])
        """,
            "as many as the settings say",
        ),
        Good(
            """
            from kafka import KafkaProducer
            from shop.discovery import brokers

            class Events:
                def __init__(self, servers="kafka:9092"):
                    self.producer = KafkaProducer(bootstrap_servers=servers)
                    self.others = KafkaProducer(bootstrap_servers=brokers())
        """,
            "whoever makes the object decides",
        ),
        Good(
            """
            KAFKA_SERVERS = "kafka:9092"
            CASSANDRA_NODES = ["cassandra"]
        """,
            "settings for development",
            "shop/settings/dev.py",
        ),
        Good(
            """
            DEFAULT_KAFKA_SERVERS = "kafka:9092"
            KAFKA_TOPIC = "orders"
            ELASTICSEARCH_INDEX = "articles"
            ES_HOSTS = ["http://search-1:9200", "http://search-2:9200"][:0] or None
        """,
            "a default, and names of other things",
            "shop/settings.py",
        ),
        Good(
            """
            from cassandra.cluster import Cluster
            from shop.settings import NODES, locator

            def open_cluster():
                return Cluster(contact_points=NODES), Cluster([locator.seed("cassandra")])
        """,
            "nodes from elsewhere",
        ),
        Good(
            """
            import click
            from kafka.admin import KafkaAdminClient, NewTopic

            @click.command()
            def topics():
                KafkaAdminClient(bootstrap_servers="kafka:9092").create_topics([NewTopic("mail", 1, 1)])
        """,
            "a command of the operator",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the lone nodes of clustered stores, and what is kept in one copy."""
        for found in backing.fixed(source):
            if found.kind == "node":
                names = {"what": found.what, "how": f"knows one node, '{found.host}'"}
                yield Finding(found.node, {**names, "instead": "configure several"})
        for lone in single_copies.lone(source):
            yield Finding(lone.node, {"what": lone.how, "how": lone.what, "instead": lone.instead})
