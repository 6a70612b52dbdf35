"""Marks of hosts: which files can name the host of a backing service at all."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.scaling.backing import fixed
from flake8_scalability.model.scaling.host_marks import has_addresses, may_be_set

ADDRESSED = [
    "URL = 'redis://cache:6379'",
    "URL = 'postgresql+asyncpg://db.shop.org/shop'",
    "URL = 'http://localhost:8000'",
    "URL = 'http://billing/api'",
    "URL = 'redis' + '://cache'",
    "URL = 'http://' + host",
    "URL = f'https://{host}/api'",
    "URL = 'https://%s/api' % host",
    "# see https://docs.example.org\nURL = 'http://10.0.0.1'",
    "DSN = 'host=db user=shop'",
    "DSN = 'Server = tcp:db'",
    "DSN = 'hostname=db'",
    "connect(host='db')",
]
NOT_ADDRESSED = [
    "",
    "URL = 'https://api.stripe.com/v1'",
    "# see https://docs.djangoproject.com/en/5.0/",
    "a = b = 1",
    "if host == 'a':\n    server.start()",
    "hosts = [1]",
]
SET = [
    ("REDIS_HOST = 'cache'", False),
    ("DATABASES = {'default': {}}", False),
    ("app.config['DATABASE_URL'] = 'x'", False),
    ("celery.conf.broker_url = 'x'", False),
    ("app.config.update(A='x')", False),
    ("NAME = 'redis://cache'", True),
    ("class Settings:\n    REDIS_HOST: str = 'cache'", False),
]
NOT_SET = [
    ("NAME = 'cache'", False),
    ("REDIS_HOST: str", False),
    ("REDIS_HOST = {}", False),
    ("def f():\n    redis_host = 'x'", True),
    ("rows['DATABASE_URL'] = 'x'", True),
    ("app.config[name] = 'x'", True),
    ("self.broker_url = 'x'", True),
]


@pytest.mark.parametrize("text", ADDRESSED)
def test_texts_with_an_address_of_an_operators_own(text: str) -> None:
    assert has_addresses(model(text))


@pytest.mark.parametrize("text", NOT_ADDRESSED)
def test_texts_without_one(text: str) -> None:
    assert not has_addresses(model(text))
    assert fixed(model(text)) == []


@pytest.mark.parametrize(("text", "addressed"), SET)
def test_settings_that_may_name_a_host(text: str, addressed: bool) -> None:
    assert may_be_set(model(text), addressed)


@pytest.mark.parametrize(("text", "addressed"), NOT_SET)
def test_settings_that_cannot(text: str, addressed: bool) -> None:
    assert not may_be_set(model(text), addressed)


def test_a_lone_client_is_asked_in_a_file_without_addresses() -> None:
    (found,) = fixed(model("import redis\n\npool = redis.Redis('cache', 6379)\n"))
    assert (found.what, found.host) == ("redis.Redis()", "cache")
