"""HTTP clients: requests and its subclasses, httpx, aiohttp, urllib, http.client and urllib3.

`Deadline(())` marks a wait that no argument can bound.  Sources: requests.readthedocs.io, www.python-httpx.org,
docs.aiohttp.org, urllib3.readthedocs.io, docs.python.org/3/library/urllib.request.html.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_SAFE = "{get,head,options,put,delete}"
_UNSAFE = "{post,patch}"
_NEVER = Deadline((), advice="fetch it with a client that takes a timeout")
_KEYWORD = Deadline()
_CLIENT = Deadline(client=("timeout",))
_SANE = Deadline(sane=True)
_SANE_CLIENT = Deadline(client=("timeout",), sane=True)

REQUESTS = (
    # None of these has a timeout unless it is given one, and a session cannot hold one.
    Api("requests.{,api.}" + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, deadline=_KEYWORD, handshake=True),
    Api("requests.{,api.}" + _UNSAFE, System.HTTP, effect=Effect.WRITE, blocks=True, deadline=_KEYWORD, handshake=True),
    Api(
        "requests.{,api.}request", System.HTTP, effect=Effect.BY_METHOD, blocks=True, deadline=_KEYWORD, handshake=True
    ),
    Api("requests.Session", System.HTTP, makes=Resource.HTTP_CLIENT),
    Api(
        "requests.session requests.sessions.{Session,session}",
        System.HTTP,
        makes=Resource.HTTP_CLIENT,
        returns="requests.Session()",
    ),
    Api("requests.{,sessions.}Session()." + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, deadline=_KEYWORD),
    Api("requests.{,sessions.}Session()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, blocks=True, deadline=_KEYWORD),
    Api(
        "requests.{,sessions.}Session().request",
        System.HTTP,
        effect=Effect.BY_METHOD,
        blocks=True,
        deadline=Deadline(position=8),
    ),
    Api("requests.{,sessions.}Session().send", System.HTTP, blocks=True, deadline=_KEYWORD),
    # Subclasses that others publish
    Api(
        "requests_toolbelt.sessions.BaseUrlSession requests_cache.{,session.}CachedSession requests_html.HTMLSession",
        System.HTTP,
        makes=Resource.HTTP_CLIENT,
        returns="requests.Session()",
    ),
    # What it solved for one site, its cookies and the browser that it plays belong to one visit.
    Api(
        "cloudscraper.{CloudScraper,create_scraper,session,CloudScraper.create_scraper}",
        System.HTTP,
        returns="requests.Session()",
    ),
    # It changes and gives back the session that it is handed.
    Api("cachecontrol.{,wrapper.}CacheControl", System.HTTP, returns="requests.Session()"),
    # These hold the token of one user, so that sharing one is no advice to give.
    Api(
        "requests_oauthlib.{OAuth1Session,oauth1_session.OAuth1Session,OAuth2Session,oauth2_session.OAuth2Session} "
        "authlib.integrations.requests_client.{OAuth1Session,OAuth2Session}",
        System.HTTP,
        returns="requests.Session()",
    ),
    Api("requests.Session().fetch_token", System.HTTP, effect=Effect.WRITE, blocks=True, deadline=Deadline(position=9)),
    Api(
        "requests.Session().refresh_token", System.HTTP, effect=Effect.WRITE, blocks=True, deadline=Deadline(position=4)
    ),
    # What it sends is good for one time only, so that trying again can't help.
    Api("requests.Session().fetch_access_token", System.HTTP, blocks=True, deadline=_KEYWORD),
    Api(
        "requests.Session().fetch_request_token",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        deadline=_KEYWORD,
    ),
    # 120 s by default
    Api(
        "google.auth.transport.requests.AuthorizedSession()." + _SAFE,
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE,
    ),
    Api(
        "google.auth.transport.requests.AuthorizedSession()." + _UNSAFE,
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        deadline=_SANE,
    ),
    # requests in threads: the call returns a future at once, and the thread behind it waits.
    Api("requests_futures.sessions.FuturesSession", System.HTTP, makes=Resource.HTTP_CLIENT),
    Api("requests_futures.sessions.FuturesSession()." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_KEYWORD),
    Api("requests_futures.sessions.FuturesSession()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_KEYWORD),
    Api(
        f"requests_futures.sessions.FuturesSession().{_SAFE}().result "
        f"requests_futures.sessions.FuturesSession().{_UNSAFE}().result",
        System.HTTP,
        blocks=True,
    ),
    # requests in greenlets: a request is made up first and sent by `map`.
    Api("grequests." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_KEYWORD),
    Api("grequests." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_KEYWORD),
    Api("grequests.request", System.HTTP, effect=Effect.BY_METHOD, deadline=_KEYWORD),
    Api("grequests.{map,imap}", System.HTTP, blocks=True),
)

# 5 s to connect, read, write and get a connection; None turns that off.
HTTPX = (
    Api("{httpx,httpx2}." + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, deadline=_SANE, handshake=True),
    Api("{httpx,httpx2}." + _UNSAFE, System.HTTP, effect=Effect.WRITE, blocks=True, deadline=_SANE, handshake=True),
    Api(
        "{httpx,httpx2}.{request,stream}",
        System.HTTP,
        effect=Effect.BY_METHOD,
        blocks=True,
        deadline=_SANE,
        handshake=True,
    ),
    Api(
        "{httpx,httpx2}.{Client,AsyncClient}",
        System.HTTP,
        makes=Resource.HTTP_CLIENT,
        deadline=_SANE,
        shared_by=("transport", "app"),
    ),
    # These answer inside this process.
    Api("{httpx,httpx2}.{ASGITransport,WSGITransport,MockTransport}", System.CPU),
    Api("{httpx,httpx2}.Client()." + _SAFE, System.HTTP, effect=Effect.READ, blocks=True, deadline=_SANE_CLIENT),
    Api("{httpx,httpx2}.Client()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, blocks=True, deadline=_SANE_CLIENT),
    Api(
        "{httpx,httpx2}.Client().{request,stream}",
        System.HTTP,
        effect=Effect.BY_METHOD,
        blocks=True,
        deadline=_SANE_CLIENT,
    ),
    Api("{httpx,httpx2}.Client().send", System.HTTP, blocks=True),
    Api("{httpx,httpx2}.AsyncClient()." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_SANE_CLIENT),
    Api("{httpx,httpx2}.AsyncClient()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_SANE_CLIENT),
    Api("{httpx,httpx2}.AsyncClient().{request,stream}", System.HTTP, effect=Effect.BY_METHOD, deadline=_SANE_CLIENT),
    # `Timeout(None)` turns everything off, unless the read has a bound of its own.
    Api("{httpx,httpx2}.Timeout", System.HTTP, deadline=Deadline(("timeout", "read"), position=0, sane=True)),
    Api("hishel.CacheClient", System.HTTP, makes=Resource.HTTP_CLIENT, deadline=_SANE, returns="httpx.Client()"),
    Api(
        "hishel.AsyncCacheClient",
        System.HTTP,
        makes=Resource.HTTP_CLIENT,
        deadline=_SANE,
        returns="httpx.AsyncClient()",
    ),
    Api("authlib.integrations.httpx_client.OAuth2Client", System.HTTP, deadline=_SANE, returns="httpx.Client()"),
    Api(
        "authlib.integrations.httpx_client.AsyncOAuth2Client",
        System.HTTP,
        deadline=_SANE,
        returns="httpx.AsyncClient()",
    ),
)

# 5 min in all.  A session's `timeout=None` means that default; a call's turns it off.
AIOHTTP = (
    # Another process of this machine answers: there is no handshake to save.
    Api("aiohttp.{,connector.}{UnixConnector,NamedPipeConnector}", System.CPU),
    Api("aiohttp.{,client.}ClientSession", System.HTTP, makes=Resource.HTTP_CLIENT, shared_by=("connector",)),
    Api("aiohttp.{,client.}ClientSession()." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_SANE),
    Api("aiohttp.{,client.}ClientSession()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_SANE),
    Api("aiohttp.{,client.}ClientSession().request", System.HTTP, effect=Effect.BY_METHOD, deadline=_SANE),
    Api("aiohttp.request", System.HTTP, effect=Effect.BY_METHOD, deadline=_SANE, handshake=True),
    # It has no default of its own: `ClientTimeout(connect=5)` leaves the reading without a bound.
    Api("aiohttp.{,client.}ClientTimeout", System.HTTP, deadline=Deadline(("total", "sock_read"), position=0)),
    Api(
        "aiohttp_client_cache.{,session.}CachedSession",
        System.HTTP,
        makes=Resource.HTTP_CLIENT,
        returns="aiohttp.ClientSession()",
    ),
    # It retries three times, with growing waits, unless told otherwise.
    Api("aiohttp_retry.RetryClient", System.HTTP, makes=Resource.HTTP_CLIENT),
    Api("aiohttp_retry.RetryClient()." + _SAFE, System.HTTP, effect=Effect.READ, deadline=_SANE, retried=True),
    Api("aiohttp_retry.RetryClient()." + _UNSAFE, System.HTTP, effect=Effect.WRITE, deadline=_SANE, retried=True),
    Api("aiohttp_retry.RetryClient().request", System.HTTP, effect=Effect.BY_METHOD, deadline=_SANE, retried=True),
)

URLLIB = (
    Api(
        "urllib.request.urlopen urllib2.urlopen",
        System.HTTP,
        effect=Effect.BY_BODY,
        blocks=True,
        deadline=Deadline(position=2),
        handshake=True,
    ),
    Api(
        "urllib.request.urlretrieve urllib.urlretrieve",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        deadline=_NEVER,
        handshake=True,
    ),
    Api(
        "{urllib.request,urllib2}.{build_opener,OpenerDirector}().open",
        System.HTTP,
        effect=Effect.BY_BODY,
        blocks=True,
        deadline=Deadline(position=2),
        handshake=True,
    ),
    # The constructor does not connect yet.
    Api("http.client.HTTPConnection", System.HTTP, makes=Resource.HTTP_CLIENT, deadline=Deadline(position=2)),
    Api("http.client.HTTPSConnection", System.HTTP, makes=Resource.HTTP_CLIENT, deadline=Deadline(position=4)),
    Api("http.client.{HTTPConnection,HTTPSConnection}().request", System.HTTP, effect=Effect.BY_METHOD, blocks=True),
    Api("http.client.{HTTPConnection,HTTPSConnection}().{connect,endheaders,getresponse}", System.HTTP, blocks=True),
)

_POOL = "urllib3.{,poolmanager.}{PoolManager,ProxyManager}"
_HOST_POOL = "urllib3.{,connectionpool.}{HTTPConnectionPool,HTTPSConnectionPool}"

URLLIB3 = (
    Api(_POOL, System.HTTP, makes=Resource.HTTP_CLIENT, returns="urllib3.PoolManager()"),
    Api(_HOST_POOL, System.HTTP, makes=Resource.HTTP_CLIENT, returns="urllib3.HTTPConnectionPool()"),
    Api("urllib3.connection_from_url", System.HTTP, makes=Resource.HTTP_CLIENT, returns="urllib3.HTTPConnectionPool()"),
    Api(
        "urllib3.{,contrib.socks.}SOCKSProxyManager",
        System.HTTP,
        makes=Resource.HTTP_CLIENT,
        returns="urllib3.PoolManager()",
    ),
    Api("urllib3.PoolManager().connection_from_{url,host}", System.HTTP, returns="urllib3.HTTPConnectionPool()"),
    # It retries by itself, but at once.
    Api(
        "urllib3.PoolManager().{request,request_encode_url,request_encode_body,urlopen}",
        System.HTTP,
        effect=Effect.BY_METHOD,
        blocks=True,
        deadline=_CLIENT,
        retries=("retries",),
    ),
    Api(
        "urllib3.HTTPConnectionPool().{request,request_encode_url,request_encode_body}",
        System.HTTP,
        effect=Effect.BY_METHOD,
        blocks=True,
        deadline=_CLIENT,
        retries=("retries",),
    ),
    Api(
        "urllib3.HTTPConnectionPool().urlopen",
        System.HTTP,
        effect=Effect.BY_METHOD,
        blocks=True,
        deadline=Deadline(position=7, client=("timeout",)),
        retries=("retries",),
    ),
    # The function goes through a pool of the module and has 3 s to connect and to read.
    Api("urllib3.request", System.HTTP, effect=Effect.BY_METHOD, blocks=True, deadline=_SANE, retries=("retries",)),
    Api("urllib3.{,util.,util.timeout.}Timeout", System.HTTP, deadline=Deadline(("total", "read"), position=0)),
)

ROWS: tuple[Api, ...] = (*REQUESTS, *HTTPX, *AIOHTTP, *URLLIB, *URLLIB3)

#: Readers that fetch their first argument over the network where it is a URL, through urllib without a timeout or in
#: C, so that nothing in the call can bound it.  These rows hold for such an argument only.
FETCHES_URL: tuple[Api, ...] = (
    Api("lxml.{etree,html}.parse feedparser.parse", System.HTTP, effect=Effect.READ, blocks=True, deadline=_NEVER),
    Api(
        "pandas.read_{csv,table,fwf,json,html,xml,excel,parquet,feather,pickle,stata,sas} "
        "numpy.{loadtxt,genfromtxt} geopandas.read_file rdflib.{Graph,ConjunctiveGraph,Dataset}().parse",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        deadline=_NEVER,
    ),
    Api(
        "imageio.{imread,v2.imread,v3.imread} skimage.io.imread",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        deadline=_NEVER,
    ),
)
