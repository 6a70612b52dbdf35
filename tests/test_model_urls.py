"""URLs: what certainly names something on the network, and which variable its host comes from."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.language.urls import host_part, is_url

URLS = [
    ("a text", "probe('https://example.com/a')"),
    ("another scheme", "probe('FTP://example.com')"),
    ("an f-string that begins as one", "probe(f'https://{host}/a')"),
    ("an f-string of a URL", "probe(f'{base_url}/a')"),
    ("a sum", "probe('http://example.com/' + path)"),
    ("a text with a place", "probe('http://example.com/%s' % name)"),
    ("a format", "probe('https://example.com/{}'.format(name))"),
    ("a name that says so", "def f(feed_url):\n probe(feed_url)"),
    ("in camel case", "def f(feedUrl):\n probe(feedUrl)"),
    ("a numbered one", "def f(url2):\n probe(url2)"),
    ("an attribute that says so", "probe(self.permalink)"),
    ("a name that is bound to one", "HOME = 'https://example.com'\nprobe(HOME)"),
    ("a name bound to a name", "HOME = 'https://example.com'\nhome = HOME\nprobe(home)"),
    ("one of two bindings is one", "a = 'x'\nif b:\n a = 'https://example.com'\nprobe(a)"),
]

NO_URLS = [
    ("a path", "probe('/etc/hosts')"),
    ("a number", "probe(5)"),
    ("an empty f-string", "probe(f'')"),
    ("an f-string that begins with a path", "probe(f'/srv/{name}')"),
    ("a product", "probe(url * 2)"),
    ("a call", "probe(read(url))"),
    ("a method that formats nothing", "probe('https://example.com'.encode())"),
    ("an unknown name", "def f(source):\n probe(source)"),
    ("a name that holds a word of it", "def f(urlset):\n probe(urlset)"),
    ("an attribute", "probe(self.path)"),
    ("a name that says so, bound to a text that is none", "url = 'feed.xml'\nprobe(url)"),
    ("or to a path", "url = os.path.join(home, 'feed.xml')\nprobe(url)"),
    ("a name bound in a circle", "a = b\nb = a\nprobe(a)"),
]

HOSTS = [
    ("the first name of an f-string", "def f(host):\n probe(f'{host}/a')", "host"),
    ("the name after the scheme", "def f(host):\n probe(f'https://{host}/a')", "host"),
    ("a written host", "probe(f'https://example.com/{name}')", ""),
    ("a scheme alone", "probe(f'https://')", ""),
    ("a sum", "def f(base):\n probe(base + '/a')", "base"),
    ("a sum with the scheme before", "def f(base):\n probe('https://' + base)", "base"),
    ("a part of an object", "def f(shop):\n probe(shop.hosts[0])", "shop"),
    ("a format that begins with a place", "def f(host):\n probe('{}/a'.format(host))", "host"),
    ("the scheme, then a place", "def f(host):\n probe('http://{}/a'.format(host))", "host"),
    ("a format with its host written", "def f(a):\n probe('http://example.com/{}'.format(a))", ""),
    ("another method of a text", "probe('http://example.com/'.strip())", ""),
    ("a call of a function", "def f(host):\n probe(build(host))", "build"),
    ("a local name is followed", "def f(host):\n base = f'http://{host}'\n probe(base + '/a')", "host"),
    ("one that is bound twice is not", "def f(host):\n b = host\n if x:\n  b = y\n probe(b)", "b"),
    ("nor a loop's", "for host in hosts:\n probe(host)", "host"),
    ("an unbound name", "probe(host)", "host"),
    ("a number", "probe(5)", ""),
    ("a circle", "a = b\nb = a\nprobe(a)", ""),
]


@pytest.mark.parametrize("why, source", URLS, ids=[case[0] for case in URLS])
def test_urls(why: str, source: str) -> None:
    ((call, scope),) = model(source).calls_by_name["probe"]
    assert is_url(call.args[0], scope), why


@pytest.mark.parametrize("why, source", NO_URLS, ids=[case[0] for case in NO_URLS])
def test_no_urls(why: str, source: str) -> None:
    ((call, scope),) = model(source).calls_by_name["probe"]
    assert not is_url(call.args[0], scope), why


@pytest.mark.parametrize("why, source, name", HOSTS, ids=[case[0] for case in HOSTS])
def test_host_part(why: str, source: str, name: str) -> None:
    ((call, scope),) = model(source).calls_by_name["probe"]
    assert host_part(call.args[0], scope) == name, why
