"""Calls that may wait at the same time, and names that say they must not.

Sources: https://docs.python.org/3/library/asyncio-task.html#running-tasks-concurrently,
https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks
"""

from __future__ import annotations

import re

#: Calls that run something in a thread, awaited one after the other.
THREADS = frozenset({"to_thread", "run_in_threadpool", "run_sync", "run_in_executor"})
#: What a thread is handed that takes it no time: it looks at a name, or asks the file system for one entry.
TRIFLES = frozenset({
    "resolve", "exists", "is_file", "is_dir", "stat", "lstat", "expanduser", "absolute", "realpath", "abspath",
    "isfile", "isdir", "getsize", "getmtime", "mkdir", "makedirs", "access", "getcwd", "cwd", "disk_usage", "getpid",
})  # fmt: skip
#: Functions that read what somebody has set: a row by its key, which is often held already.
SETTINGS = re.compile(r"(^|_)(cfg|config|settings?|preferences|prefs)$")
#: Calls that give the files which fit a pattern, and the end of a pattern for all endings of one name.
GLOBBING = frozenset({"glob", "iglob", "rglob"})
ANY_ENDING = ".*"
#: Functions that change something, by the verb they begin with.
CHANGING = re.compile(
    r"^_*(record|log|notify|send|save|write|update|delete|remove|create|insert|set|store|add|post|put|push|publish|apply|"
    r"mark|commit|upload|register|increment|move|copy|clear|flush|append)(_|$)"
)
#: Objects that reach another service, by their names.
CLIENTS = re.compile(
    r"(^|_)(client|api|gateway|storage|sdk|bucket|blob|s3|llm|embedder|scraper|fetcher|crawler|upstream|remote)$",
    re.IGNORECASE,
)
#: Methods that only ask for something.
ASKING = re.compile(
    r"^a?_?(get|fetch|load|retrieve|download|read|lookup|look_up|search|query|check|validate|translate|embed|generate|"
    r"summari[sz]e|classify|complete|resolve|describe|list|head)(_|$)"
)
#: Methods that say by themselves that they go over the network.
FETCHING = re.compile(r"^_?(fetch|download|scrape|crawl)_\w+$")
#: What two calls cannot use at the same time: one session, connection or transaction, or a lock.
SHARED = re.compile(
    r"(^|_)(session|db|database|conn|connection|cursor|cur|tx|txn|transaction|uow|unit_of_work|repo|repository|dao|crud|pool|cache|redis|"
    r"ws|websocket|writer|lock|channel|page|browser|driver|pipe|pipeline)$",
    re.IGNORECASE,
)
#: Libraries whose session takes any number of calls at a time, unless the file has sessions of the others as well.
WIDE_SESSIONS = frozenset({"aiohttp"})
NARROW_SESSIONS = frozenset({"sqlalchemy"})
#: Calls in a loop that pace it, hold others off, or hand on what one turn has found.
PACING = frozenset({
    "sleep", "acquire", "send", "send_json", "send_text", "send_str", "send_bytes", "write", "put", "emit", "progress",
    "report_progress", "wait", "edit_text", "edit_message_text", "throttle",
})  # fmt: skip
