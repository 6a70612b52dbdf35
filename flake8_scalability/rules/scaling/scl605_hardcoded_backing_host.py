"""SCL605: the address of a database, cache, broker or sibling service that is written out in code."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.scaling import backing
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class HardcodedBackingHost(Rule):
    """A client or a setting names the host of a backing service as a literal.

    What it does
    ------------
    Finds `localhost`, an IP address, a host's name or a URL that is written out for a database, a cache, a broker or
    another service of the operator: as an argument of a client, in a call over HTTP, in a constant that reaches one of
    these, and in settings (`DATABASES`, `CACHES`, `CELERY_BROKER_URL`, `app.config[...]`). Of stores every literal
    host counts, of other services only what is known inside one network: `localhost`, a number, a name without a dot,
    `*.internal`, `*.svc`. The region of a cloud store (DynamoDB, SQS, S3) counts too.

    Why it does not scale
    ---------------------
    What runs on `localhost` is another one for each instance: the second instance has a cache, a queue or a database
    of its own, or none at all. A host that is written out can't be moved to a bigger machine, a replica or another
    region without a new release, and every environment needs its own copy of the code.

    How to fix it
    -------------
    Read the address from the environment or a settings object (`os.environ["REDIS_URL"]`, pydantic-settings,
    django-environ); a default for development is fine there.

    Known limits
    ------------
    Defaults are silent: of `os.environ.get`, settings classes, dataclasses, parameters, `x or "localhost"`; so are
    values in a branch for one environment, and settings that a later `import *`, a production module, a function that
    is told the module's `__name__` or a file from the environment replaces; so is the client where a branch beside it
    has made the same one for an address that it read, and a region in a function that reads another for the service.
    So are settings of a package that hands them all to a function which reads the environment over them
    (`read_env(globals())`), what comes behind a call that refuses to go on where nobody develops, and the region beside
    an address and a key that is written out.
    So are modules of defaults and classes that stand in for a service, by their names, and this end of a tunnel.
    So is a constant that its file uses only as the default of a variable of the environment.
    So is a module that the project loads by its name and whose variables it then sets one by one, and settings that
    only a test names, or that nobody takes out of a module from which others are imported by their names.
    Files that nobody names and that print what they do are run once by hand, and silent as other tools. The process
    manager of this machine (supervisor) is no service of another.
    Addresses on the public internet are another provider's. One named node of a clustered store is left to SCL901.
    """

    code = "SCL605"
    slug = "hardcoded-backing-host"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{what} is tied to the literal {kind} '{host}'; read it from the environment or settings"
    short = "{what} is tied to {kind} '{host}'; read it from the environment"
    title = "Hardcoded backing service"
    impact = "Each instance talks to a service of its own, or to one that can't be moved without a release"
    fix = "Read hosts and URLs from the environment or a settings object (pydantic-settings, django-environ)"
    references = (
        "https://12factor.net/config",
        "https://12factor.net/backing-services",
    )
    examples = (
        Bad(
            """
            import redis

            cache = redis.Redis(host="localhost", socket_timeout=1, max_connections=50)  # SCL605
        """,
            "each instance looks for the cache on its own machine",
        ),
        Bad(
            """
            import os
            from sqlalchemy import create_engine

            HOST = "10.4.0.12"
            PASSWORD = os.environ["DB_PASSWORD"]
            URL = f"postgresql://shop:{PASSWORD}@{HOST}/shop"

            engine = create_engine(URL, pool_pre_ping=True, pool_recycle=300, pool_size=10)  # SCL605
        """,
            "the password comes from the environment, the host does not; the call stands for the constant",
        ),
        Bad(
            """
            import pika

            def connection():
                parameters = pika.ConnectionParameters("rabbitmq", 5672)  # SCL605
                return parameters
        """,
            "the name of a container, in an object that the client is given",
        ),
        Bad(
            """
            import requests
            from celery import shared_task

            STOCK = "http://stock-service:8000"  # SCL605

            class Stock:
                def __init__(self):
                    self.session = requests.Session()

                def reserve(self, item):
                    return self.session.put(f"{STOCK}/items/{item}", timeout=2)  # SCL703

                def release(self, item):
                    return self.session.delete(f"{STOCK}/items/{item}", timeout=2)  # SCL703
        """,
            "a sibling service, reported at the constant that several calls use",
        ),
        Bad(
            """
            DATABASES = {
                "default": {
                    "ENGINE": "django.db.backends.postgresql",
                    "NAME": "shop",
                    "HOST": "db",  # SCL605
                    "CONN_MAX_AGE": 60,
                    "CONN_HEALTH_CHECKS": True,
                },
            }
            CACHES = {
                "default": {
                    "BACKEND": "django.core.cache.backends.redis.RedisCache",
                    "LOCATION": "redis://cache:6379/1",  # SCL605
                },
            }
            CELERY_BROKER_URL = "amqp://guest@localhost//"  # SCL605
        """,
            "Django's settings: at the key",
            "shop/settings.py",
        ),
        Bad(
            """
            from flask import Flask

            app = Flask(__name__)
            app.config["SQLALCHEMY_DATABASE_URI"] = "mysql://shop@shop.c4du.eu-west-1.rds.amazonaws.com/shop"  # SCL605
        """,
            "a managed database is a host that will be another one some day, too",
        ),
        Bad(
            """
            import boto3

            table = boto3.resource("dynamodb", region_name="eu-west-1").Table("carts")  # SCL605
        """,
            "an instance in another region reads the carts across the ocean",
        ),
        Good(
            """
            import os
            import boto3

            files = boto3.client("s3", endpoint_url=os.environ["STORE_URL"], region_name="auto")
        """,
            "a store that knows no regions asks for the word",
        ),
        Good(
            """
            import os
            import redis

            cache = redis.Redis(host=os.environ.get("CACHE_HOST", "localhost"), socket_timeout=1, max_connections=50)
        """,
            "a default for development",
        ),
        Good(
            """
            import os

            class Store:
                cache_url = "redis://localhost:6379"

            class Config:
                CACHE_URL = os.getenv("CACHE_URL", Store.cache_url)
        """,
            "a name for a default",
            "shop/settings.py",
        ),
        Bad(
            """
            import os

            class Store:
                CACHE_URL = "redis://localhost:6379"  # SCL605

            class Config:
                CACHE = os.getenv("CACHE_SOCKET", Store.CACHE_URL)
                BROKER = Store.CACHE_URL
        """,
            "it is used as it is as well",
            "shop/settings.py",
        ),
        Good(
            """
            from pydantic_settings import BaseSettings

            class Settings(BaseSettings):
                redis_url: str = "redis://localhost:6379/0"
                DATABASE_URL: str = "postgresql://localhost/shop"
        """,
            "the environment fills the fields of a settings class",
        ),
        Good(
            """
            class DefaultConfig:
                DB_HOST = "localhost"
                REDIS_URL = "redis://localhost:6379/0"

            class Names:
                DB_HOST = "SHOP_DB_HOST"
        """,
            "defaults that other settings are laid over, and names of variables",
        ),
        Good(
            """
            import argparse
            from sqlalchemy import create_engine, text

            DATABASE_URL = "postgresql://postgres:5432/shop"

            def publish(days):
                with create_engine(DATABASE_URL, pool_pre_ping=True, pool_recycle=300, pool_size=2).begin() as rows:
                    rows.execute(text("UPDATE articles SET published = 1 WHERE age < :days"), {"days": days})

            if __name__ == "__main__":
                parser = argparse.ArgumentParser()
                parser.add_argument("--days", type=int)
                publish(parser.parse_args().days)
        """,
            "a program that somebody runs once",
        ),
        Good(
            """
            import redis

            class Carts:
                def __init__(self, host="localhost", url=None):
                    self.redis = redis.from_url(url or "redis://localhost", socket_timeout=1, max_connections=50)
                    self.host = host
        """,
            "defaults of parameters: whoever makes the object decides",
        ),
        Good(
            """
            import httpx

            payments = httpx.Client(base_url="https://api.payments.com/v1", timeout=5)
        """,
            "the provider's public address is the same for everybody",
        ),
        Good(
            """
            import os
            import redis

            if os.environ.get("CACHE_HOST"):
                cache = redis.Redis(host=os.environ["CACHE_HOST"], socket_timeout=1, max_connections=50)
            else:
                cache = redis.Redis(host="localhost", socket_timeout=1, max_connections=50)
        """,
            "a branch for those who run it on their own machine",
        ),
        Good(
            """
            class DevelopmentConfig:
                SQLALCHEMY_DATABASE_URI = "postgresql://localhost/shop"

            class Config:
                REDIS_URL = "redis://localhost"

            class ProductionConfig(Config):
                REDIS_URL = __import__("os").environ["REDIS_URL"]
        """,
            "one class is for development, the other is replaced in production",
        ),
        Good(
            """
            CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://cache"}}
        """,
            "settings for development",
            "shop/settings/dev.py",
        ),
        Good(
            """
            DATABASE_URL = "postgresql://localhost/shop"

            from .local_settings import *
        """,
            "what is imported after it replaces it",
            "shop/settings.py",
        ),
        Good(
            """
            ALLOWED_HOSTS = ["localhost", "shop.example.com"]
            CORS_ALLOWED_ORIGINS = ["http://localhost:3000"]
            FRONTEND_URL = "http://localhost:3000"
            BIND_HOST = "127.0.0.1"
        """,
            "who may call, where to send browsers, and where to listen are no backing services",
            "shop/settings.py",
        ),
        Good(
            """
            import httpx
            import psycopg2

            def credentials():
                return httpx.get("http://169.254.169.254/latest/meta-data/iam/", timeout=1).text

            admin = psycopg2.connect(host="/var/run/postgresql", dbname="shop", connect_timeout=3)
        """,
            "a machine's metadata has this address everywhere; a socket file is no host",
        ),
        Good(
            """
            import subprocess
            import requests

            class Renderer:
                def __init__(self, port):
                    self.session = requests.Session()
                    self.port = port
                    self.process = subprocess.Popen(["renderer", "--port", str(port)])

                def is_ready(self):
                    return self.session.get(f"http://127.0.0.1:{self.port}/ready", timeout=1).ok
        """,
            "a program that this one starts for itself, at a port of its choice",
        ),
        Good(
            """
            import pika
            from django.conf import settings

            def _is_local():
                if not settings.DEBUG:
                    return False
                return settings.BROKER == "container"

            def _of_container():
                return pika.ConnectionParameters("localhost", 5672)

            def parameters():
                if not _is_local():
                    return settings.BROKER_PARAMETERS
                return _of_container()
        """,
            "for a developer's container: the only caller leaves before it in production",
        ),
        Good(
            """
            import pymysql

            connection = pymysql.connect(host="127.0.0.1", port=3307, connect_timeout=3, read_timeout=3)
            with connection.cursor() as rows:
                rows.execute("UPDATE flows SET active = 1 WHERE id = 7")
            connection.commit()
            print("done")
        """,
            "statements that somebody runs once by hand",
            "mend_flow.py",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from sshtunnel import SSHTunnelForwarder

            def engine(gate, store):
                tunnel = SSHTunnelForwarder(gate, remote_bind_address=(store.host, store.port))
                tunnel.start()
                url = f"postgresql://{store.user}@127.0.0.1:{tunnel.local_bind_port}/shop"
                return create_engine(url, pool_pre_ping=True, pool_recycle=300, pool_size=2)
        """,
            "this end of a tunnel to a host that is read",
        ),
        Good(
            """
            import httpx
            from .letters import Letters

            class DummyLetters(Letters):
                def __init__(self):
                    self.client = httpx.AsyncClient(timeout=2)

                async def send(self, text):
                    await self.client.post("http://localhost:4444/letters", json={"text": text})
        """,
            "stands in for the service where somebody develops",
        ),
        Good(
            """
            from .store import Store

            SHELVES = Store("postgresql://postgres@localhost/shelves")
        """,
            "every deployment has settings of its own in its place",
            "shop/default_settings.py",
        ),
        Good(
            """
            import httpx

            def parts(name):
                yield name
                yield b"end"

            answer = httpx.post("http://localhost:8000/parcels", data=parts(b"box"), timeout=2)
            print(answer.status_code)
        """,
            "asked once, by whoever reads the answer",
            "ask.py",
        ),
        Good(
            """
            import httpx

            async def is_alive(path):
                transport = httpx.AsyncHTTPTransport(uds=path, retries=2)
                async with httpx.AsyncClient(transport=transport, timeout=2) as client:
                    return (await client.get("http://localhost/alive")).is_success

            shop = httpx.Client(base_url="http://127.0.0.1", headers={"Host": "shop.example"}, timeout=2)
        """,
            "a socket of this machine needs some host's name; the proxy in front of all sites stands beside them",
        ),
        Good(
            """
            postgresql_url = "postgresql://postgres@localhost/shop"

            def answers(backend):
                return {"storage": backend, "url": postgresql_url if backend == "postgresql" else ""}
        """,
            "a text that is offered to whoever writes the settings",
            "shop/scaffold.py",
        ),
        Good(
            """
            from configurations import Configuration, values

            class Shop(Configuration):
                DATABASES = values.DatabaseURLValue("postgres://shop@localhost/shop")
        """,
            "a value of django-configurations reads the environment, this is its default",
            "shop/settings.py",
        ),
        Good(
            """
            import os

            ELASTICSEARCH_HOSTS = [{"scheme": "http", "host": os.environ["SEARCH_HOST"], "port": 9200}]
        """,
            "of an address in parts the scheme alone is written out",
            "shop/settings.py",
        ),
        Bad(
            """
            ELASTICSEARCH_HOSTS = [{"scheme": "http", "host": "localhost", "port": 9200}]  # SCL605
        """,
            "here the host is",
            "shop/settings.py",
        ),
        Good(
            """
            import functools
            import boto3
            from .machine import fail_unless_local

            @functools.lru_cache(maxsize=1)
            def trial_carts():
                fail_unless_local()
                return boto3.client("dynamodb", region_name="eu-west-1")
        """,
            "refused anywhere but on a developer's machine",
        ),
        Good(
            """
            import os
            import boto3

            carts = boto3.resource(
                "dynamodb",
                endpoint_url=os.environ["STORE_URL"],
                region_name="eu-west-1",
                aws_access_key_id="show",
                aws_secret_access_key="show",
            )
        """,
            "what stands in for the cloud's store takes any region, and any key",
        ),
        Bad(
            """
            import os
            import boto3

            carts = boto3.resource(  # SCL605
                "dynamodb",
                endpoint_url=os.environ.get("STORE_URL"),
                region_name="eu-west-1",
                aws_secret_access_key=os.environ["STORE_KEY"],
            )
        """,
            "the key is a real one",
        ),
        Good(
            """
            # The address of the broker. What to write here in production:
            # broker_url = "amqps://user:password@broker/shop"
            broker_url = "amqp://localhost/"
        """,
            "a file that each deployment has for itself, with what is meant for a first try",
            "etc/celeryconfig.py",
        ),
        Bad(
            """
            # Where the jobs wait
            broker_url = "amqp://localhost/"  # SCL605
        """,
            "nothing says that anybody changes it",
            "etc/celeryconfig.py",
        ),
        Good(
            """
            DATABASE_URI = "postgresql://books@books-database:5432/books"
        """,
            "settings of what developers run beside the service",
            "devel/roles/books/files/settings.py",
        ),
        Good(
            """
            import redis

            if __name__ == "__main__":
                print(redis.Redis(host="localhost", socket_timeout=1, socket_connect_timeout=1).dbsize())
        """,
            "a script",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the clients and settings that name a literal host, and the regions of cloud stores."""
        for found in (*backing.fixed(source), *backing.regions(source)):
            if found.kind != "node":
                yield Finding(found.node, {"what": found.what, "host": found.host, "kind": found.kind})
