"""What bounds waiting apart from the call itself: defaults of the process, settings on an object, replaced methods."""

from __future__ import annotations

#: Methods that set how long an object waits, with the place of the argument that says so.
SETTERS = {
    "settimeout": 0,
    "set_timeout": 0,
    "setblocking": 0,
    "mount": 1,
}

#: Calls after which a process is gone, so that waiting for it only fetches its status.
ENDS_NOW = frozenset({"kill", "killpg"})
#: Methods that ask whether something is done, or wait for it, and functions that wait until all they are given is.
ASKS_DONE = frozenset({"done", "ready", "is_set", "communicate", "wait"})
WAITS_FOR_ALL = frozenset({"wait", "as_completed", "gather"})
#: Methods that are given what is called with an object when that is done.
CALLS_BACK = frozenset({"add_done_callback"})

#: Bounds of a part of the wait; given beside a whole that is None, they say that the rest may last.
PARTIAL_BOUNDS = frozenset({"connect", "sock_connect", "connect_timeout"})

#: Arguments of a connecting call with which it returns at once, and the waiting is done by polling.
NOT_WAITING = ("async_", "async")

#: What makes threads, futures and pools of this process: to wait for them less does not end their work.
LOCAL_WORK = frozenset({"Thread", "Process", "submit"})
LOCAL_POOLS = ("Executor", "Pool")

#: Families of sockets that connect within one machine.
LOCAL_FAMILIES = frozenset({"socket.AF_UNIX", "socket.AF_NETLINK", "socket.AddressFamily.AF_UNIX"})
#: Kinds of sockets whose `connect` sends nothing: it only notes the address.
CONNECTIONLESS = frozenset({"socket.SOCK_DGRAM", "socket.SOCK_RAW", "socket.SocketKind.SOCK_DGRAM"})

#: Programs that developers run, or that read something of this machine and end.
PROMPT_PROGRAMS = frozenset({
    "git", "hg", "make", "npm", "npx", "yarn", "pnpm", "pip", "pip3", "uv", "poetry", "ruff", "black",
    "isort", "prettier", "mypy", "pytest", "tox", "pre-commit", "cargo", "go", "docker", "docker-compose",
    "webpack", "sphinx-build", "twine", "uname", "which", "where", "whoami", "hostname", "id", "ps", "df",
    "du", "ls", "lsof", "chmod", "chown", "mkdir", "rm", "cp", "mv", "ln", "kill", "taskkill", "open",
    "xdg-open", "osascript", "clear", "cls", "sysctl", "nvidia-smi", "ldd",
})  # fmt: skip

#: What sets the timeout of every socket made afterwards, and the libraries whose sockets obey it.  Those that set a
#: timeout of their own on each socket (requests, redis) or wait on an event loop do not.
PROCESS_SETTER = "setdefaulttimeout"
OBEY_PROCESS_SETTER = frozenset({
    "urllib", "urllib2", "http", "httplib", "httplib2", "smtplib", "ftplib", "imaplib", "poplib", "nntplib",
    "telnetlib", "xmlrpc", "socket", "ssl", "suds", "feedparser", "pandas",
})  # fmt: skip

#: Methods through which a client sends: a class that replaces one, or an assignment to one, may bound the wait there.
SENDERS = frozenset({"request", "send", "open", "urlopen", "_request", "execute", "merge_environment_settings"})

#: Adapters that can be mounted on a session and have no timeout.
ADAPTERS_WITHOUT_TIMEOUT = frozenset({"requests.adapters.HTTPAdapter()", "requests_file.FileAdapter()"})
