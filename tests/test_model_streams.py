"""Streams: what a consumer calls is a worker's, and what is made before its loop lives as long as the process."""

from __future__ import annotations

import pytest
from support import analyse, model

from flake8_scalability.catalog.rows import Place

KAFKA = "from kafka import KafkaConsumer\n"
GUARD = "\nif __name__ == '__main__':\n main()"

WORKER = [
    ("a service", KAFKA + "def main():\n c = KafkaConsumer('x')\n for m in c:\n  f(m)\ndef f(m): pass" + GUARD),
    ("a library", KAFKA + "def main():\n for m in KafkaConsumer('x'):\n  f(m)\ndef f(m): pass"),
    ("an object's consumer", KAFKA + "class A:\n def __init__(self): self.c = KafkaConsumer('x')\n"
     " def run(self):\n  for m in self.c:\n   f(m)\ndef f(m): pass"),
    ("aiokafka", "from aiokafka import AIOKafkaConsumer\nasync def main():\n c = AIOKafkaConsumer('x')\n"
     " async for m in c:\n  await f(m)\nasync def f(m): pass"),
    ("Redis", "import redis\nr = redis.Redis()\ndef main():\n p = r.pubsub()\n for m in p.listen():\n  f(m)\n"
     "def f(m): pass"),
    ("poll", "from confluent_kafka import Consumer\ndef main():\n c = Consumer({})\n while True:\n  f(c.poll(1))\n"
     "def f(m): pass" + GUARD),
]  # fmt: skip

OTHER = [
    ("before the loop", KAFKA + "def main():\n f(1)\n for m in KafkaConsumer('x'): print(m)\ndef f(m): pass"),
    ("a list", "def main():\n for m in [1, 2]:\n  f(m)\ndef f(m): pass"),
    ("the messages of a parameter", "def main(consumer):\n for m in consumer:\n  f(m)\ndef f(m): pass"),
    ("a producer", "from kafka import KafkaProducer\ndef main():\n for m in KafkaProducer():\n  f(m)\ndef f(m): pass"),
]


def place(source: str) -> Place:
    """Return where `f` runs."""
    file = model(source)
    (function,) = (scope for scope in file.scopes if scope.is_function and scope.name == "f")
    return file.places.of(function).place


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in WORKER])
def test_what_a_stream_calls_is_a_workers(source: str) -> None:
    assert place(source) is Place.WORKER


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in OTHER])
def test_what_is_no_stream(source: str) -> None:
    assert place(source) is Place.LIBRARY


def test_what_is_made_before_the_loop_lives_with_the_process() -> None:
    made = KAFKA + "import psycopg2\ndef consume(items):\n db = psycopg2.connect(DSN)\n"
    body = "  with db.cursor() as cursor: cursor.execute('select 1', m)\n"
    assert analyse(made + " for m in KafkaConsumer('x'):\n" + body) == []
    assert (4, "SCL101") in analyse(made + " for m in items:\n" + body)
