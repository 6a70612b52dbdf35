"""Tenancy: whose credentials a client carries, and whether what it connects to comes with the call."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.pooling import plug_ins, targets, tenancy
from flake8_scalability.model.sites import CallSite

OPENAI = "from openai import OpenAI\n"
BOTO = "import boto3\n"
PG = "import psycopg2\n"
HTTP = "import requests\n"

FOR_CALLER = [
    ("a key that comes with the call", OPENAI + "def f(key):\n return OpenAI(api_key=key)"),
    ("the caller's own", OPENAI + "def f():\n return OpenAI(api_key=current_user.key)"),
    ("or the process's", OPENAI + "def f(key):\n return OpenAI(api_key=key or DEFAULT)"),
    ("a local name", OPENAI + "def f(shop):\n key = shop.key\n return OpenAI(api_key=key)"),
    ("a positional one", OPENAI + "def f(token):\n return OpenAI(token)"),
    ("an entry", OPENAI + "def f(data):\n return OpenAI(data['token'])"),
    ("a mapping of options", OPENAI + "def f(t):\n o = {'api_key': t}\n return OpenAI(**o)"),
    ("options by keyword", OPENAI + "def f(t):\n o = dict(api_key=t)\n return OpenAI(**o)"),
    ("options that are filled", OPENAI + "def f(t):\n o = {}\n o['api_key'] = t\n return OpenAI(**o)"),
    ("an object that is filled", OPENAI + "def f(t):\n o = make()\n o.token = t\n return OpenAI(**o)"),
    (
        "the token of a session",
        BOTO + "def f():\n c = get()\n return boto3.client('s3', aws_session_token=c['Token'])",
    ),
    (
        "a role taken for a while",
        BOTO
        + "def f():\n c = sts.assume_role(RoleArn=ARN)\n return boto3.client('s3', aws_secret_access_key=c['Key'])",
    ),
    ("a log-in on it", PG + "def f(password):\n c = psycopg2.connect(DSN)\n c.login(password)"),
    (
        "a log-in of who gets it",
        PG + "def f():\n return psycopg2.connect(DSN)\ndef g(password):\n c = f()\n c.login(password)",
    ),
    ("its receiver's", BOTO + "def f(key):\n return boto3.Session(aws_access_key_id=key).client('s3')"),
    (
        "a parameter that is called config",
        OPENAI + "def f(channel):\n return OpenAI(api_key=channel.config.key)",
    ),
]

FOR_PROCESS = [
    ("no credentials", OPENAI + "def f(name):\n return OpenAI()"),
    ("the environment's", OPENAI + "import os\ndef f():\n return OpenAI(api_key=os.environ['KEY'])"),
    ("the settings'", OPENAI + "def f(request):\n return OpenAI(api_key=settings.KEY)"),
    ("the application's configuration", OPENAI + "def f(app):\n return OpenAI(api_key=app.config.key)"),
    ("configuration as a parameter", OPENAI + "def f(config):\n return OpenAI(api_key=config.key)"),
    ("an attribute of the object", OPENAI + "class A:\n def f(self):\n  return OpenAI(api_key=self.key)"),
    ("another argument", OPENAI + "def f(seconds):\n return OpenAI(timeout=seconds)"),
    ("a constant", OPENAI + "def f():\n return OpenAI(api_key='x')"),
    ("other entries", OPENAI + "def f(n):\n o = {'timeout': n}\n o['retries'] = n\n return OpenAI(**o)"),
    ("entries whose key is not known", OPENAI + "def f(n, k):\n o = {k: n}\n o[k] = n\n return OpenAI(**o)"),
    ("a written session token", BOTO + "def f():\n return boto3.client('s3', aws_session_token='x')"),
    ("at module level", OPENAI + "client = OpenAI(api_key=key)"),
    (
        "a log-in of the process's",
        PG + "def f():\n return psycopg2.connect(DSN)\ndef g(name):\n c = f()\n c.login(settings.PASSWORD)\n"
        "d = f()\ndef h(run):\n run(f)",
    ),
    ("names bound in a circle", OPENAI + "def f():\n a = b\n b = a\n return OpenAI(api_key=a)"),
]

OF_ELSEWHERE = [
    ("what a base of another file sets", "class A(Plugin):\n def f(self):\n  return psycopg2.connect(self.dsn)"),
    ("through a local name", "class A(Plugin):\n def f(self):\n  d = self.dsn\n  return psycopg2.connect(d)"),
    (
        "through a mapping that is filled",
        "class A(Plugin):\n def f(self):\n  d = {}\n  d['host'] = self.host\n  return psycopg2.connect(**d)",
    ),
    (
        "what the maker of a plug-in hands in",
        "class A(Plugin):\n def __init__(self, o):\n  self.o = o\n def f(self):\n  return psycopg2.connect(self.o)",
    ),
    ("a field of a record", "class A(Record):\n dsn: str\n def f(self):\n  return psycopg2.connect(self.dsn)"),
    (
        "what a property makes of it",
        "class A(Plugin):\n @property\n def dsn(self):\n  return self.raw + '/a'\n"
        " def f(self):\n  return psycopg2.connect(self.dsn)",
    ),
]

OF_ITSELF = [
    ("its own attribute", "class A:\n dsn = 'a'\n def f(self):\n  return psycopg2.connect(self.dsn)"),
    (
        "an attribute of a plain class",
        "class A:\n def __init__(self, o):\n  self.o = o\n def f(self):\n  return psycopg2.connect(self.o)",
    ),
    (
        "a generic is plain",
        "class A(Generic[T]):\n def __init__(self, o):\n  self.o = o\n def f(self):\n  return psycopg2.connect(self.o)",
    ),
    (
        "a plug-in that sets it itself",
        "class A(Plugin):\n def __init__(self):\n  self.o = 'a'\n def f(self):\n  return psycopg2.connect(self.o)",
    ),
    ("a function", "def f(self):\n return psycopg2.connect(self.dsn)"),
    ("a static method", "class A(Plugin):\n @staticmethod\n def f():\n  return psycopg2.connect(DSN)"),
    ("no attribute at all", "class A(Plugin):\n def f(self):\n  return psycopg2.connect('a')"),
]

TARGET_GIVEN = [
    ("a parameter", "def f(dsn):\n return psycopg2.connect(dsn)"),
    ("by keyword", "def f(place):\n return psycopg2.connect(host=place)"),
    ("made of one", "def f(name):\n dsn = 'dbname=' + name\n return psycopg2.connect(dsn)"),
    ("callers that have it from theirs", "def f(d):\n return psycopg2.connect(d)\ndef g(x):\n return f(x)"),
    ("a method's", "class A:\n def f(self, dsn):\n  return psycopg2.connect(dsn)"),
]

TARGET_FIXED = [
    ("a constant", "def f(name):\n return psycopg2.connect('dbname=shop')"),
    ("a parameter with a default", "def f(dsn=DSN):\n return psycopg2.connect(dsn)"),
    ("a keyword with a default", "def f(*, dsn=DSN):\n return psycopg2.connect(dsn)"),
    ("the configuration", "def f(config):\n return psycopg2.connect(config.dsn)"),
    ("the object", "class A:\n def f(self):\n  return psycopg2.connect(self.dsn)"),
    ("a caller that gives its own", "def f(d):\n return psycopg2.connect(d)\ndef g():\n return f(DSN)"),
    ("a caller that gives nothing", "def f(d):\n return psycopg2.connect(d)\ndef g(o):\n return f(*o)"),
    ("a caller at module level", "def f(d):\n return psycopg2.connect(d)\nc = f(DSN)"),
    ("another argument", "def f(n):\n return psycopg2.connect(DSN, connect_timeout=n)"),
    ("module level", "c = psycopg2.connect(dsn)"),
]

BUILT_FOR_CALL = [
    ("a certificate of the caller's", "def f(cert):\n s = requests.Session()\n s.cert = cert\n return s.get(URL)"),
    ("an adapter", "def f(c):\n s = requests.Session()\n s.mount('https://', Adapter(c))\n return s.get(URL)"),
    ("through a local", "def f(p):\n x = p.file\n s = requests.Session()\n s.cert = x\n return s.get(URL)"),
    (
        "a closure's parameter",
        "def f(cert):\n def g():\n  s = requests.Session()\n  s.cert = cert\n  return s.get(URL)\n return g",
    ),
    (
        "a class made here",
        "def f():\n class Own(Base):\n  pass\n s = requests.Session()\n s.mount('a', Own2(Own))\n return s.get(URL)",
    ),
]

BUILT_FOR_ALL = [
    ("nothing", "def f(url):\n s = requests.Session()\n return s.get(url)"),
    ("a header", "def f(token):\n s = requests.Session()\n s.headers = token\n return s.get(URL)"),
    ("a constant", "def f():\n s = requests.Session()\n s.cert = 'a.pem'\n return s.get(URL)"),
    ("another's", "def f(cert):\n s = requests.Session()\n o.cert = cert\n return s.get(URL)"),
    ("another's adapter", "def f(c):\n s = requests.Session()\n o.mount('a', Adapter(c))\n return s.get(URL)"),
    ("an adapter that stands", "def f(c):\n s = requests.Session()\n s.mount('a', ADAPTER)\n return s.get(URL)"),
    ("the object's", "class A:\n def f(self):\n  s = requests.Session()\n  s.cert = self.cert\n  return s.get(URL)"),
    ("module level", "s = requests.Session()"),
]

PART_OF_CALLERS = [
    ("made in its argument", "def f(user):\n return Client(auth=user.token, session=requests.Session())"),
    ("by name", "def f(token):\n s = requests.Session()\n s.trust_env = False\n return Client(token, session=s)"),
    (
        "a plug-in's",
        "class A(Base):\n def f(self):\n  s = requests.Session()\n"
        "  key = self.configuration['key']\n  return Client(auth=key, session=s)",
    ),
]

PART_OF_ALL = [
    ("a function, which keeps nothing", "def f(token):\n s = requests.Session()\n return fetch(token, session=s)"),
    ("another's part", "def f(token):\n s = requests.Session()\n c = Client(token)\n return c, s.get(URL)"),
    ("no credentials", "def f(city):\n s = requests.Session()\n return Client(city, session=s)"),
    ("the process's", "def f():\n s = requests.Session()\n return Client(auth=settings.KEY, session=s)"),
    (
        "the object's",
        "class A:\n def __init__(self):\n  self.key = KEY\n def f(self):\n"
        "  return Client(auth=self.key, session=requests.Session())",
    ),
    ("module level", "c = Client(token, session=requests.Session())"),
]


def made(source: str) -> CallSite:
    """Return the call of a snippet that makes something."""
    return next(site for site in model(source).sites if site.api is not None and site.api.makes is not None)


def cases(*groups: tuple[list[tuple[str, str]], bool]) -> list[object]:
    return [pytest.param(source, expected, id=why) for group, expected in groups for why, source in group]


@pytest.mark.parametrize("source, expected", cases((FOR_CALLER, True), (FOR_PROCESS, False)))
def test_speaks_for_caller(source: str, expected: bool) -> None:
    assert tenancy.speaks_for_caller(made(source)) is expected


@pytest.mark.parametrize("source, expected", cases((OF_ELSEWHERE, True), (OF_ITSELF, False)))
def test_target_is_of_elsewhere(source: str, expected: bool) -> None:
    assert plug_ins.target_is_of_elsewhere(made(PG + source)) is expected


@pytest.mark.parametrize("source, expected", cases((TARGET_GIVEN, True), (TARGET_FIXED, False)))
def test_target_comes_with_call(source: str, expected: bool) -> None:
    assert targets.target_comes_with_call(made(PG + source)) is expected


@pytest.mark.parametrize("source, expected", cases((BUILT_FOR_CALL, True), (BUILT_FOR_ALL, False)))
def test_is_built_for_call(source: str, expected: bool) -> None:
    assert targets.is_built_for_call(made(HTTP + source), frozenset({"cert", "proxies"})) is expected


@pytest.mark.parametrize("source, expected", cases((PART_OF_CALLERS, True), (PART_OF_ALL, False)))
def test_serves_callers_client(source: str, expected: bool) -> None:
    assert tenancy.serves_callers_client(made(HTTP + source)) is expected
