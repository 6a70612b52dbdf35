"""What bounds waiting apart from the call itself: defaults of the process, settings on an object, replaced methods."""

from __future__ import annotations

#: Methods that set how long an object waits, with the place of the argument that says so.
SETTERS = {
    "settimeout": 0,
    "set_timeout": 0,
    "setblocking": 0,
    "mount": 1,
}

#: What sets the timeout of every socket made afterwards, and the libraries whose sockets obey it.  Those that set a
#: timeout of their own on each socket (requests, redis) or wait on an event loop do not.
PROCESS_SETTER = "setdefaulttimeout"
OBEY_PROCESS_SETTER = frozenset({
    "urllib", "urllib2", "http", "httplib", "httplib2", "smtplib", "ftplib", "imaplib", "poplib", "nntplib", "telnetlib",
    "xmlrpc", "socket", "ssl", "suds", "feedparser", "pandas",
})  # fmt: skip

#: Methods through which a client sends: a class that replaces one, or an assignment to one, may bound the wait there.
SENDERS = frozenset(
    {"request", "send", "open", "urlopen", "_request", "execute", "__init__", "merge_environment_settings"}
)

#: Adapters that can be mounted on a session and have no timeout.
ADAPTERS_WITHOUT_TIMEOUT = frozenset({"requests.adapters.HTTPAdapter()", "requests_file.FileAdapter()"})
