"""Less common HTTP clients: niquests, Tornado, httplib2, pycurl, curl_cffi, treq and asks.

Sources: niquests.readthedocs.io, www.tornadoweb.org, httplib2.readthedocs.io, curl-cffi.readthedocs.io,
treq.readthedocs.io, asks.readthedocs.io.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_SAFE = "{get,head,options,put,delete}"
_UNSAFE = "{post,patch}"
_KEYWORD = Deadline()
_SANE = Deadline(sane=True)
_SANE_CLIENT = Deadline(client=("timeout",), sane=True)

# Defaults of 30 s for reads and 120 s for writes, in the session too, where None means them.
NIQUESTS = (
    Api("niquests." + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, deadline=_SANE, handshake=True),
    Api("niquests." + _UNSAFE, System.HTTP, effect=Effect.WRITE, blocks=True, deadline=_SANE, handshake=True),
    Api("niquests.request", System.HTTP, effect=Effect.BY_METHOD, blocks=True, deadline=_SANE, handshake=True),
    Api("niquests.{aget,ahead,aoptions,aput,adelete}", System.HTTP, effect=Effect.READ, deadline=_SANE, handshake=True),
    Api("niquests.{apost,apatch}", System.HTTP, effect=Effect.WRITE, deadline=_SANE, handshake=True),
    Api("niquests.arequest", System.HTTP, effect=Effect.BY_METHOD, deadline=_SANE, handshake=True),
    Api("niquests.{Session,AsyncSession}", System.HTTP, makes=Resource.HTTP_CLIENT, retries=("retries",)),
    Api("niquests.Session()." + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, retries=("retries",)),
    Api("niquests.Session()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, blocks=True, retries=("retries",)),
    Api("niquests.Session().request", System.HTTP, effect=Effect.BY_METHOD, blocks=True, retries=("retries",)),
    Api("niquests.AsyncSession()." + _SAFE, System.HTTP, effect=Effect.READ, retries=("retries",)),
    Api("niquests.AsyncSession()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, retries=("retries",)),
    Api("niquests.AsyncSession().request", System.HTTP, effect=Effect.BY_METHOD, retries=("retries",)),
)

# `AsyncHTTPClient()` gives the one client of the loop.  20 s to connect and for the whole; 0 turns that off.
TORNADO = (
    Api("tornado.httpclient.HTTPClient", System.HTTP, makes=Resource.HTTP_CLIENT),
    Api("tornado.httpclient.HTTPClient().fetch", System.HTTP, effect=Effect.BY_METHOD, blocks=True),
    Api("tornado.httpclient.AsyncHTTPClient().fetch", System.HTTP, effect=Effect.BY_METHOD),
)

OTHERS = (
    Api("httplib2.Http", System.HTTP, makes=Resource.HTTP_CLIENT, deadline=Deadline(position=1)),
    Api("httplib2.Http().request", System.HTTP, effect=Effect.BY_METHOD, blocks=True),
    # Its bounds are options: `setopt(pycurl.TIMEOUT, 10)`.
    Api("pycurl.Curl", System.HTTP, makes=Resource.HTTP_CLIENT),
    Api("pycurl.Curl().perform", System.HTTP, blocks=True),
    # 30 s; None and 0 turn that off.
    Api("curl_cffi.{,requests.}" + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, deadline=_SANE, handshake=True),
    Api(
        "curl_cffi.{,requests.}" + _UNSAFE,
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        deadline=_SANE,
        handshake=True,
    ),
    Api(
        "curl_cffi.{,requests.}request",
        System.HTTP,
        effect=Effect.BY_METHOD,
        blocks=True,
        deadline=_SANE,
        handshake=True,
    ),
    Api("curl_cffi.{,requests.}{Session,AsyncSession}", System.HTTP, makes=Resource.HTTP_CLIENT, deadline=_SANE),
    Api(
        "curl_cffi.{,requests.}Session()." + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, deadline=_SANE_CLIENT
    ),
    Api(
        "curl_cffi.{,requests.}Session()." + _UNSAFE,
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        deadline=_SANE_CLIENT,
    ),
    Api("curl_cffi.{,requests.}AsyncSession()." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_SANE_CLIENT),
    Api("curl_cffi.{,requests.}AsyncSession()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_SANE_CLIENT),
    # Twisted: the functions share a pool of the process.
    Api("treq." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_KEYWORD),
    Api("treq." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_KEYWORD),
    Api("treq.request", System.HTTP, effect=Effect.BY_METHOD, deadline=_KEYWORD),
    # asks bounds the connecting only.
    Api("asks." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_KEYWORD, handshake=True),
    Api("asks." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_KEYWORD, handshake=True),
    Api("asks.request", System.HTTP, effect=Effect.BY_METHOD, deadline=_KEYWORD, handshake=True),
    Api("asks.{,sessions.}Session", System.HTTP, makes=Resource.HTTP_CLIENT),
    Api("asks.{,sessions.}Session()." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_KEYWORD),
    Api("asks.{,sessions.}Session()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_KEYWORD),
    Api("asks.{,sessions.}Session().request", System.HTTP, effect=Effect.BY_METHOD, deadline=_KEYWORD),
)

ROWS: tuple[Api, ...] = (*NIQUESTS, *TORNADO, *OTHERS)
