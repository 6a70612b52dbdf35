"""SCL807: a command that walks everything a store holds."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.database.full_scans import command_names, full_scans
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class FullScanCommand(Rule):
    """A command makes the store walk everything that it holds.

    What it does
    ------------
    Finds, in code that serves: Redis' `KEYS`, in requests and tasks `FLUSHALL` and `FLUSHDB`, DynamoDB's `scan`,
    Cassandra's `ALLOW FILTERING`, Mongo's `$where` and `$function`, and loops that page through all hits of
    Elasticsearch by `from`.

    Why it does not scale
    ---------------------
    The cost grows with everything that is stored, not with what is asked for. Redis does one thing at a time: while it
    lists a million keys, nobody else is answered. DynamoDB takes the read capacity of the whole table for each scan.

    How to fix it
    -------------
    Ask by key. Keep an index beside the data: a set of the keys, a global secondary index, a table per question. Where
    everything has to be walked, do it in steps (`scan_iter`, `search_after`), in a worker.

    Known limits
    ------------
    How much the store holds is not known. Of commands that read all members of one collection (`HGETALL`, `SMEMBERS`)
    nothing is said: most collections stay small, and nothing shows which do not. A `LIKE` of Cassandra's has an index
    that was made for it. A `keys` that a class of the project defines by `scan_iter` is none, and functions that only
    tools of the project and its start-up call are silent, as are those that nobody calls, and views that have a URL
    only for debugging and for those who try the service.
    """

    code = "SCL807"
    slug = "full-scan-command"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "full scan"
    message = "{callee}() in {function}() {does}; {instead}"
    short = "{callee}() {does}; {instead}"
    title = "Command that scans everything"
    impact = "Each call costs as much as everything that is stored, and holds up the others meanwhile"
    fix = "Ask by key or by an index; where everything has to be walked, do it in steps (scan_iter) in a worker"
    references = (
        "https://redis.io/docs/latest/commands/keys/",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-query-scan.html",
        "https://cassandra.apache.org/doc/latest/cassandra/developing/cql/dml.html",
    )
    examples = (
        Bad(
            """
            import os
            import redis

            store = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5)

            def forget_baskets(shop):
                names = store.keys(f"basket:{shop}:*")  # SCL807
                if names:
                    store.delete(*names)
        """,
            "the pattern narrows the answer, not the walk",
        ),
        Bad(
            """
            from django.core.cache import cache

            def forget_menu(kitchen):
                cache.delete_many(cache.keys(f"menu:{kitchen}:*"))  # SCL807
        """,
            "django-redis has the command as well",
        ),
        Bad(
            """
            import boto3
            from boto3.dynamodb.conditions import Attr

            tickets = boto3.resource("dynamodb").Table("tickets")

            def tickets_of(guest):
                found = tickets.scan(FilterExpression=Attr("guest").eq(guest))  # SCL807
                while "LastEvaluatedKey" in found:
                    yield from found["Items"]
                    found = tickets.scan(
                        FilterExpression=Attr("guest").eq(guest), ExclusiveStartKey=found["LastEvaluatedKey"]
                    )
                yield from found["Items"]
        """,
            "a filter is applied to what was read already, and paid for; told once",
        ),
        Bad(
            """
            from .cassandra_session import session

            def drivers_in(city):
                return session.execute("SELECT id FROM drivers WHERE city = %s ALLOW FILTERING", [city])  # SCL807
        """,
            "the words that the database asks for before it walks every partition",
        ),
        Bad(
            """
            from celery import shared_task
            from .stores import redis_client

            @shared_task
            def start_the_day():
                redis_client.flushdb()  # SCL807
        """,
            "every day everything is gone at once, the baskets of others with it",
        ),
        Bad(
            """
            from .mongo import db

            def longer_than(words):
                return db.essays.find({"$where": f"this.body.length > {words}"}).limit(20)  # SCL807
        """,
            "no index helps a program",
        ),
        Good(
            """
            from .stores import redis_client

            def forget_baskets(shop):
                for name in redis_client.scan_iter(f"basket:{shop}:*", count=500):
                    redis_client.unlink(name)
        """,
            "walks in steps, and lets others in between them",
        ),
        Good(
            """
            from .stores import redis_client

            SEEN = "players:seen"

            def touch(player_id, now):
                redis_client.hset(SEEN, player_id, now)

            def seen_since(moment):
                return [key for key, at in redis_client.hgetall(SEEN).items() if float(at) > moment]  # todo: SCL807
        """,
            "a field for each player there ever was; of most collections nobody can say whether they grow",
        ),
        Good(
            """
            from .cassandra_session import session

            def drivers_named(words):
                text = "SELECT id FROM drivers WHERE city = %s AND name LIKE %s ALLOW FILTERING"
                return session.execute(text, ["Oslo", f"%{words}%"])
        """,
            "the database answers a LIKE by an index only",
        ),
        Good(
            """
            from .stores import redis_client

            def counts(rows):
                found = {row["kind"]: row["number"] for row in rows}
                return sorted(found.keys()), redis_client.hgetall("limits")
        """,
            "the keys of a mapping, and a collection",
        ),
        Good(
            """
            import boto3
            from boto3.dynamodb.conditions import Key

            tickets = boto3.resource("dynamodb").Table("tickets")

            def tickets_of(guest):
                return tickets.query(
                    IndexName="by-guest", KeyConditionExpression=Key("guest").eq(guest), Limit=100
                )["Items"]
        """,
            "an index serves the question",
        ),
        Good(
            """
            import boto3

            tickets = boto3.resource("dynamodb").Table("tickets")

            def is_empty():
                return not tickets.scan(Limit=1)["Items"]
        """,
            "stops at the first row",
        ),
        Good(
            """
            import redis
            from django.core.management.base import BaseCommand

            class Command(BaseCommand):
                def handle(self, *args, **options):
                    redis.Redis(socket_timeout=5).flushdb()
        """,
            "the operator wants it empty",
        ),
        Good(
            """
            from .stores import redis_client

            def forget(pattern):
                redis_client.unlink(*redis_client.keys(pattern))
        """,
            "a command of the project's own, by the folder it lies in",
            path="shop/cli/forget.py",
        ),
        Good(
            """
            from .virus import scanner, table_parser

            def check(upload):
                return scanner.scan(upload.read(1_000_000)), table_parser.keys("head")
        """,
            "the same names mean something else where no store is in sight",
        ),
        Good(
            """
            from .search import es

            def page(words, number):
                return es.search(index="notes", query={"match": {"text": words}}, from_=number * 20, size=20)
        """,
            "a page that a person turns to, among the first ten thousand hits",
        ),
        Good(
            """
            import redis

            class Numbers:
                def __init__(self, url):
                    self.redis = redis.Redis.from_url(url, socket_timeout=1, max_connections=10)
                    self.redis.delete(*self.redis.keys("numbers:*"))

                def drop(self):
                    self.redis.flushdb()
        """,
            "once for an object; what is asked for by its name",
        ),
        Good(
            """
            class Pages:
                def __init__(self, table, size):
                    self.table = table
                    self.size = size

                def fetch(self, token):
                    return self.table.scan(limit=self.size, pagination_token=token)
        """,
            "a page at a time",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """The methods that walk, or are handed what does."""
        return words(*command_names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the commands that walk everything."""
        for found in full_scans(source):
            yield Finding.at(found.site, does=found.does, instead=found.instead)
