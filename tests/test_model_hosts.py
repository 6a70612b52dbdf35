"""Which host a text names, and which clients and settings are tied to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.scaling import backing, hosts
from flake8_scalability.options import Settings


def tied(source: str, path: str = "service.py") -> list[tuple[str, str]]:
    """Return (what, host) of everything in a snippet that is tied to a host."""
    return [(found.what, found.host) for found in backing.fixed(model(source, path))]


@pytest.mark.parametrize(
    ("text", "bare", "name"),
    [
        ("redis://localhost:6379/0", False, "localhost"),
        ("postgresql+asyncpg://shop:s@cret@db.internal/shop", False, "db.internal"),
        ("postgresql://{}:{}@10.0.0.3:{}/shop", False, "10.0.0.3"),
        ("mongodb://one:27017,two:27017/?replicaSet=rs", False, "one"),
        ("host=localhost dbname=shop", False, "localhost"),
        ("DRIVER={ODBC};SERVER=tcp:sql.internal,1433;DATABASE=shop", False, "sql.internal"),
        ("cache:11211", True, "cache"),
        ("[::1]:6379", True, "::1"),
        ("http://users-service:8000/users", False, "users-service"),
    ],
)
def test_host_is_named(text: str, bare: bool, name: str) -> None:
    host = hosts.named_by(text, bare)
    assert host is not None
    assert host.name == name


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("cache:11211", False),
        ("redis://{}:6379", False),
        ("postgresql:///shop", False),
        ("sqlite:///shop.db", False),
        ("/var/run/postgresql", True),
        ("redis://<host>:6379", False),
        ("redis://your-host:6379", False),
        ("http://169.254.169.254/latest", False),
        ("", True),
        ("two words", True),
    ],
)
def test_no_host(text: str, bare: bool) -> None:
    assert hosts.named_by(text, bare) is None


def test_local_and_private() -> None:
    assert hosts.Host("127.0.0.1").is_local
    assert hosts.Host("52.1.2.3").is_local
    assert not hosts.Host("db").is_local
    assert hosts.Host("db").is_private
    assert hosts.Host("users.shop.svc.cluster.local").is_private
    assert not hosts.Host("api.payments.com").is_private


@pytest.mark.parametrize(
    "source",
    [
        "import redis\nclient = redis.Redis('localhost')",
        "import redis\nHOST = 'localhost'\nclient = redis.Redis(host=HOST)",
        "import redis\nOPTIONS = {'host': 'localhost'}\nclient = redis.Redis(**OPTIONS)",
        "import redis\nclass A:\n    host = 'localhost'\n    def f(self):\n        return redis.Redis(host=self.host)",
        "from .store import Store\nstore = Store.from_url('redis://localhost')",
        "from celery import Celery\napp = Celery('tasks', broker='redis://localhost', backend='rpc://')",
        "import pika\npika.BlockingConnection(pika.ConnectionParameters('localhost'))",
        "from kafka import KafkaProducer\np = KafkaProducer(bootstrap_servers=['localhost:9092'])",
        "import requests\nrequests.get('http://localhost:5000/users')",
        "app.config.update(CELERY_BROKER_URL='redis://localhost')",
        "celery.conf.broker_url = 'redis://localhost'",
        "class Config:\n    SQLALCHEMY_DATABASE_URI = 'postgresql://localhost/shop'",
        "REDIS_HOST = 'localhost'",
    ],
)
def test_one_tie(source: str) -> None:
    assert [host for _, host in tied(source)] == ["localhost"]


@pytest.mark.parametrize(
    "source",
    [
        "import os, redis\nclient = redis.Redis(host=os.environ.get('H', 'localhost'))",
        "import redis\ndef f(host='localhost'):\n    return redis.Redis(host=host)",
        "import redis\ndef f(url=None):\n    return redis.from_url(url or 'redis://localhost')",
        "import redis\nclient = redis.Redis(host='a' if LINUX else 'localhost')",
        "import redis\nDEFAULT_HOST = 'localhost'\nclient = redis.Redis(host=DEFAULT_HOST)",
        "import redis\nHOST = 'localhost'\nHOST = read('host')\nclient = redis.Redis(host=HOST)",
        "import redis\nif DEBUG:\n    client = redis.Redis(host='localhost')",
        "try:\n    from conf import REDIS_HOST\nexcept ImportError:\n    REDIS_HOST = 'localhost'",
        "from pydantic import Field\nREDIS_URL = Field('redis://localhost')",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    REDIS_URL: str = 'redis://localhost'",
        "import requests\nrequests.get('https://api.payments.com/charges')",
        "import requests\ndef f(port):\n    return requests.get(f'http://localhost:{port}/ready')",
        "import docker\nclient = docker.DockerClient(base_url='unix://var/run/docker.sock')",
        "import httpx\nclient = httpx.AsyncClient(transport=t, base_url='http://app')",
        "app.run(host='127.0.0.1')",
        "ALLOWED_HOSTS = ['localhost']\nFRONTEND_URL = 'http://localhost:3000'",
        "CACHES = {'default': {'BACKEND': 'x.LocMemCache', 'LOCATION': 'name'}}",
        "CELERY_RESULT_BACKEND = 'django-db'",
        "DATABASES = {'default': {'ENGINE': 'x.postgresql', 'HOST': ''}}",
        "app.config.from_pyfile('local.cfg')\napp.config['REDIS_URL'] = 'redis://localhost'",
        "text = 'redis://localhost is the default'",
        "parse('redis://localhost')",
    ],
)
def test_no_tie(source: str) -> None:
    assert tied(source) == []


def test_settings_for_development_are_silent() -> None:
    source = "REDIS_URL = 'redis://localhost'"
    assert tied(source, "shop/settings/production.py") == [("REDIS_URL", "localhost")]
    assert tied(source, "shop/settings/local.py") == []
    assert tied(source, "shop/tests/settings.py") == []


def test_one_constant_is_reported_once() -> None:
    source = "import requests\nUSERS = 'http://users:80'\ndef f():\n"
    source += "    requests.get(USERS + '/a')\n    requests.get(f'{USERS}/b')\n"
    assert tied(source) == [("USERS", "users")]
    assert tied(source.replace("/a')", "/a')\n    # USERS").replace("    requests.get(f'{USERS}/b')\n", "")) == [
        ("requests.get()", "users")
    ]


def test_regions() -> None:
    source = "import boto3\nboto3.client('s3', region_name='eu-west-1')\nboto3.client('ses', region_name='eu-west-1')\n"
    assert [found.host for found in backing.regions(model(source))] == ["eu-west-1"]


def test_a_region_beside_one_that_is_read() -> None:
    source = (
        "import boto3\ndef store(fast):\n    if fast:\n        return boto3.client('s3', region_name='us-east-1')\n"
        "    return boto3.client('s3', region_name=settings.REGION)\n"
    )
    assert list(backing.regions(model(source))) == []
    for other in (
        source.replace("client('s3', region_name=settings", "client('sqs', region_name=settings"),
        source.replace(
            "    return boto3.client('s3', region_name=s", "def other():\n    return boto3.client('s3', region_name=s"
        ),
    ):
        assert [found.host for found in backing.regions(model(other))] == ["us-east-1"]


def test_a_client_where_there_is_no_other() -> None:
    source = "import redis\ndef store(bound):\n    if bound:\n        return redis.Redis(host=bound)\n    else:\n"
    assert tied(source + "        return redis.Redis(host='localhost')\n") == []
    assert tied(source + "        return redis.StrictRedis(host='localhost')\n") != []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("CACHES = {'short': {'BACKEND': 'shop.RequestCache', 'LOCATION': 'default'}}\n", 0),
        ("CACHES = {'short': {'BACKEND': 'shop.RedisCache', 'LOCATION': 'localhost'}}\n", 1),
        ("DATABASES = {'default': {'ENGINE': 'postgresql', 'HOST': 'db'}}\n", 1),
        ("BROKER_URL = 'redis://redis'\nREDIS_URL = BROKER_URL\n", 1),
        ("REDIS_URL = 'redis://redis'\nread_environment(__name__, 'SHOP_')\n", 0),
        ("HOST = 'redis'\nfrom shop import *\nREDIS_URL = f'redis://{HOST}/1'\nCACHE_URL = f'redis://{HOST}/2'\n", 0),
        ("HOST = 'redis'\nfrom shop import a\nREDIS_URL = f'redis://{HOST}/1'\nCACHE_URL = f'redis://{HOST}/2'\n", 1),
        ("import logging\nREDIS_URL = 'redis://redis'\nlogger = logging.getLogger(__name__)\n", 1),
    ],
)
def test_settings_that_others_are_laid_over(text: str, count: int) -> None:
    assert len(tied(text, "settings.py")) == count


@pytest.mark.parametrize(
    ("other", "count"), [("app.config.from_envvar('SHOP_CONFIG', silent=True)\n", 0), ("app = Flask('shop')\n", 1)]
)
def test_classes_of_settings_of_a_project(tmp_path: Path, other: str, count: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "app.py").write_text(other)
    text = "class Config:\n    REDIS_URL = 'redis://redis'\n"
    assert len(backing.fixed(model(text, str(tmp_path / "config.py"), Settings()))) == count


@pytest.mark.parametrize(("ask", "count"), [("input('> ')", 0), ("self.input()", 1)])
def test_a_console(ask: str, count: int) -> None:
    text = (
        f"import requests\nclass Console:\n  def run(self):\n    while {ask}:\n      requests.get('http://sms:8080')\n"
    )
    assert len(tied(text)) == count


def test_settings_that_name_a_server_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "main.py").write_text("server = Server(Config(app, host='localhost', port=5212))\n")
    text = "SYNC_SERVICE_URL = 'http://localhost:{}'\n"
    assert backing.fixed(model(text.format(5212), str(tmp_path / "config.py"), Settings())) == []
    assert len(backing.fixed(model(text.format(5213), str(tmp_path / "config.py"), Settings()))) == 1


@pytest.mark.parametrize(("other", "count"), [("production.py", 0), ("base.py", 1)])
def test_clients_of_settings_for_developers(tmp_path: Path, other: str, count: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / other).write_text("")
    text = "import requests\nKEYS = requests.get('http://accounts:8080/keys').json()\n"
    assert len(backing.fixed(model(text, str(tmp_path / "local.py"), Settings()))) == count


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("other.py", "import os\nDEBUG = os.environ['DEBUG']\n", 1),
        ("other.py", "import os\nurl = os.environ.get('REDIS_URL', settings.REDIS_URL)\n", 0),
        ("other.py", "app.config.from_envvar('SHOP_SETTINGS', silent=True)\n", 0),
        ("production.py", "REDIS_URL = read('redis')\n", 0),
        ("production.py", "DEBUG = False\n", 1),
        ("overrides.py", "REDIS_URL = vault['redis']\n", 0),
        ("overrides.py", "print(REDIS_URL)\n", 1),
        ("testing.py", "REDIS_URL = 'redis://localhost/9'\n", 1),
    ],
)
def test_what_the_project_replaces(tmp_path: Path, name: str, text: str, count: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / name).write_text(text)
    path = str(tmp_path / "settings.py")
    assert len(list(backing.fixed(model("REDIS_URL = 'redis://localhost'", path, Settings())))) == count


@pytest.mark.parametrize(("name", "count"), [("Base", 1), ("DocumentationConfig", 0), ("DocsConfig", 0), ("Doctor", 1)])
def test_classes_with_which_no_instance_runs(name: str, count: int) -> None:
    source = model(f"class {name}:\n    DATABASE_URL = 'postgresql://db/shop'\n")
    assert len(list(backing.fixed(source))) == count


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("live.py", 1),
        ("devel/live.py", 0),
        ("contrib/play/live.py", 0),
        ("docker_compose.py", 0),
        ("local.py", 0),
        ("settings/dev.py", 0),
    ],
)
def test_settings_by_the_name_of_their_environment(tmp_path: Path, path: str, count: int) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "base.py").write_text("REDIS_URL = 'redis://base'\n")
    source = model("REDIS_URL = 'redis://localhost'", str(tmp_path / path), Settings())
    assert len(list(backing.fixed(source))) == count


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("work()", []),
        ("while True:\n        work()", ["URL"]),
        ("server.serve_forever()", ["URL"]),
    ],
)
def test_programs_that_come_to_an_end(end: str, expected: list[str]) -> None:
    source = (
        "import argparse\nimport redis\nURL = 'redis://cache:6379/0'\none = redis.from_url(URL)\n"
        "two = redis.from_url(URL)\n"
        f"if __name__ == '__main__':\n    argparse.ArgumentParser().parse_args()\n    {end}\n"
    )
    assert [what for what, _ in tied(source)] == expected


_ENGINE = "import sqlalchemy\nengine = sqlalchemy.create_engine('postgresql://db/shop')\n"
_GUARD = "if __name__ == '__main__':\n    show()\n"


@pytest.mark.parametrize(
    ("text", "other", "count"),
    [
        (f"{_ENGINE}def show():\n    print(engine)\n{_GUARD}", "import shop", 0),
        (f"{_ENGINE}def show():\n    print(engine)\n{_GUARD}", "import look", 1),
        (f"{_ENGINE}def show():\n    print(engine)\n", "import shop", 1),
        (f"{_ENGINE}def show():\n    return engine\nprint(show())\n", "import shop", 0),
        (f"{_ENGINE}def show():\n    while True:\n        print(engine)\n{_GUARD}", "import shop", 1),
        (f"{_ENGINE}import uvicorn\ndef show():\n    print(engine)\n    uvicorn.run('shop:app')\n{_GUARD}", "", 1),
    ],
)
def test_files_that_are_run_by_hand(tmp_path: Path, text: str, other: str, count: int) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "serve.py").write_text(other)
    source = model(text, str(tmp_path / "look.py"), Settings())
    assert len(list(backing.fixed(source))) == count


@pytest.mark.parametrize(("first", "expected"), [("#!/usr/bin/env python\n", 0), ("", 2)])
def test_requests_of_a_script(first: str, expected: int) -> None:
    calls = "requests.post('http://stock:80/a', timeout=3)\nrequests.put('http://stock:80/b', timeout=3)\n"
    source = "import requests\n" + calls
    assert len(tied(first + source)) == expected


@pytest.mark.parametrize(
    ("host", "asked", "expected"),
    [
        ("localhost", "supervisor", []),
        ("localhost", "prices", ["ServerProxy()"]),
        ("node7", "supervisor", ["ServerProxy()"]),
    ],
)
def test_the_process_manager_of_this_machine(host: str, asked: str, expected: list[str]) -> None:
    source = f"""
from xmlrpc.client import ServerProxy

def state(name):
    with ServerProxy("http://{host}:9001/RPC2") as machine:
        return machine.{asked}.getProcessInfo(name)
"""
    assert [what for what, _ in tied(source)] == expected
