"""What stands alone in a cluster: one node by its name, one copy, one server of a lock; and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.architecture.single_copies import lone
from flake8_scalability.model.scaling import backing
from flake8_scalability.options import Settings


def alone(source: str, path: str = "service.py") -> list[tuple[int, str]]:
    """Return (line, how) of everything in a snippet that has one copy or one server."""
    return [(found.node.lineno, found.how) for found in lone(model(source, path))]  # type: ignore[attr-defined]


def nodes(source: str, path: str = "service.py") -> list[str]:
    """Return the hosts of a snippet that are the only named node of a clustered store."""
    return [found.host for found in backing.fixed(model(source, path)) if found.kind == "node"]


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("from kafka.admin import NewTopic\nNewTopic('a', 3, 1)", "replication_factor=1"),
        ("from confluent_kafka.admin import NewTopic\nCOPIES = 1\nNewTopic(t, num_partitions=3, "
         "replication_factor=COPIES)",
         "replication_factor=1"),
        ("import faust\napp = faust.App('x', topic_replication_factor=1)", "topic_replication_factor=1"),
        ("from elasticsearch_dsl import Index\nIndex('a').settings(number_of_replicas=0)", "number_of_replicas=0"),
        ("ELASTIC_INDEX = {'number_of_shards': 1, 'number_of_replicas': 0}", "number_of_replicas: 0"),
        ("def f(opensearch):\n    opensearch.indices.create('a', {'settings': {'number_of_replicas': '0'}})",
         "number_of_replicas: 0"),
        ("def f(session):\n    session.execute(\"CREATE KEYSPACE shop WITH replication = "
         "{'class': 'SimpleStrategy', 'replication_factor': '1'}\")", "replication_factor: 1"),
        ("from redlock import RedLock\ndef f():\n    return RedLock('a', connection_details=[{'host': HOST}])",
         "RedLock()"),
        ("from pottery import Redlock\nMASTERS = {client()}\ndef f(key):\n    return Redlock(key=key, masters=MASTERS)",
         "Redlock()"),
        ("from redis.sentinel import Sentinel\nwatch = Sentinel([('sentinel-1', 26379)], socket_timeout=1)",
         "Sentinel()"),
    ],
)  # fmt: skip
def test_what_stands_alone(source: str, how: str) -> None:
    assert [found for _, found in alone(source)] == [how]


@pytest.mark.parametrize(
    "source",
    [
        "from kafka.admin import NewTopic\nNewTopic('a', 3, 3)",
        "from kafka.admin import NewTopic\nNewTopic('a', 1, read('COPIES'))",
        "from kafka.admin import NewTopic\nNewTopic('a', 3, True)",
        "from .topics import NewTopic\nNewTopic('a', 3, 1)",
        "from kafka.admin import NewTopic\nif DEBUG:\n    NewTopic('a', 3, 1)",
        "from kafka.admin import NewTopic\ndef f():\n    if settings.DEBUG:\n        return NewTopic('a', 3, 1)",
        "from kafka.admin import NewTopic\nif __name__ == '__main__':\n    NewTopic('a', 3, 1)",
        "ELASTIC_INDEX = {'number_of_shards': 0, 'number_of_replicas': 1}",
        "INDEX = {'number_of_replicas': 0}",
        "elastic.put({'number_of_replicas': 0})\nelastic.put({'number_of_replicas': 1})",
        "ELASTIC_INDEX = {'number_of_replicas': COPIES, **more}",
        "session.execute(\"CREATE KEYSPACE shop WITH replication = {'replication_factor': 3}\")  # replica",
        "session.execute(\"CREATE KEYSPACE shop WITH replication = {'replication_factor': 12}\")  # replica",
        "from redlock import Redlock\nRedlock([one, two])",
        "from redlock import Redlock\nRedlock(*servers)\nRedlock(servers)\nRedlock([servers])\nRedlock([*servers])",
        "from redis.sentinel import Sentinel\nSentinel([(settings.SENTINEL, 26379)])",
        "from redis.sentinel import Sentinel\nSentinel([('sentinel-1', 26379), ('sentinel-2', 26379)])",
        "from redis.sentinel import Sentinel\nSentinel([('localhost', 26379)])",
        "from redis.sentinel import Sentinel\nSentinel(sentinels)",
        "replica = 1\nfaust = None\nSentinel = object",
        "from pottery import Redlock as L\nfrom .locks import R\nL = R if replica else L\nL(masters={a})",
    ],
)
def test_what_does_not(source: str) -> None:
    assert alone(source) == []


def test_a_tool_is_silent() -> None:
    source = "from kafka.admin import NewTopic\nNewTopic('a', 3, 1)"
    assert alone(source) == [(2, "replication_factor=1")]
    assert alone(source, "tests/test_topics.py") == []


@pytest.mark.parametrize(
    ("source", "host"),
    [
        ("from kafka import KafkaProducer\np = KafkaProducer(bootstrap_servers=['kafka:9092'])", "kafka"),
        ("from aiokafka import AIOKafkaProducer\np = AIOKafkaProducer(bootstrap_servers='broker.shop.com:9092')",
         "broker.shop.com"),
        ("from confluent_kafka import Producer\np = Producer({'bootstrap.servers': 'kafka:9092', 'acks': 1})", "kafka"),
        ("from celery import Celery\napp = Celery('a', broker='amqp://rabbit//')", "rabbit"),
        ("import faust\napp = faust.App('a', broker='kafka://broker:9092')", "broker"),
        ("from faststream.kafka import KafkaBroker\nbroker = KafkaBroker('kafka:9092')", "kafka"),
        ("broker_url = 'amqp://rabbit//'", "rabbit"),
        ("KAFKA_SERVERS = ['kafka:9092']", "kafka"),
        ("ELASTICSEARCH_DSL = {'default': {'hosts': 'search:9200'}}", "search"),
    ],
)  # fmt: skip
def test_a_lone_node(source: str, host: str) -> None:
    assert nodes(source) == [host]


@pytest.mark.parametrize(
    "source",
    [
        "from kafka import KafkaProducer\np = KafkaProducer(bootstrap_servers=['a:9092', 'b:9092'])",
        "from kafka import KafkaProducer\np = KafkaProducer(bootstrap_servers='a:9092,b:9092')",
        "from kafka import KafkaProducer\np = KafkaProducer(bootstrap_servers='localhost:9092')",
        "from kafka import KafkaProducer\np = KafkaProducer(bootstrap_servers='kafka-bootstrap:9092')",
        "from elasticsearch import Elasticsearch\ne = Elasticsearch('https://search.shop.com')",
        "from elasticsearch import Elasticsearch\ne = Elasticsearch('https://x.es.amazonaws.com:9200')",
        "from celery import Celery\napp = Celery('a', broker='redis://redis:6379/0')",
        "import redis\nr = redis.Redis(host='redis')",
        "import pika\np = pika.ConnectionParameters('rabbit', 5672)",
        "REDIS_URL = 'redis://redis'\nKAFKA_SERVERS = ['a:9092', 'b:9092']\nES_HOST = '10.0.0.7'",
        "CACHES = {'default': {'BACKEND': 'x.RedisCache', 'LOCATION': 'redis://cache'}}",
        "ELASTICSEARCH_DSL = {'default': {'hosts': 'a:9200,b:9200'}}",
    ],
)
def test_no_lone_node(source: str) -> None:
    assert nodes(source) == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("cli/begin.py", "from topics import make_topic", []),
        ("tests/test_topics.py", "make_topic()", []),
        ("service/begin.py", "from topics import make_topic", ["replication_factor=1"]),
        ("service/begin.py", "", []),
    ],
)
def test_what_commands_make(tmp_path: Path, path: str, text: str, expected: list[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text(text)
    body = "from confluent_kafka.admin import NewTopic\n\ndef make_topic():\n    return NewTopic('a', 3, 1)\n"
    (tmp_path / "topics.py").write_text(body)
    found = model(body, str(tmp_path / "topics.py"), Settings())
    assert [each.how for each in lone(found)] == expected


@pytest.mark.parametrize("call", ["", "\nmake_topic()\n"])
def test_what_a_module_makes_itself(call: str) -> None:
    body = "from confluent_kafka.admin import NewTopic\n\ndef make_topic():\n    return NewTopic('a', 3, 1)\n"
    assert len(list(lone(model(body + call)))) == 1
