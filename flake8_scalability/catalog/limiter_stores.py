"""Where rate limiters keep their counts: the constructors that count in the process unless they are told otherwise.

Sources: https://flask-limiter.readthedocs.io/en/stable/configuration.html, https://slowapi.readthedocs.io/,
https://limits.readthedocs.io/en/stable/storage.html, https://quart-rate-limiter.readthedocs.io/,
https://docs.litestar.dev/latest/usage/middleware/builtin-middleware.html, https://github.com/vutran1710/PyrateLimiter
"""

from __future__ import annotations

import re
from typing import NamedTuple


class LimiterStore(NamedTuple):
    """A limiter, or a store of limits.

    paths: access paths of the constructor (patterns as in `rows`)
    keywords: arguments that name a store; the first may be positional at `position`
    position: where it stands, None for keyword-only
    settings: keys of the configuration, or variables of the environment, that name one instead
    always: it counts in the process whatever it is given
    limits: arguments that hold limits for everybody; where a limiter may have such, it counts nothing without a limit
    limiting: keys of the configuration that hold them
    applied_by: methods that put a limit on something
    """

    paths: str
    keywords: tuple[str, ...] = ()
    position: int | None = None
    settings: tuple[str, ...] = ()
    always: bool = False
    limits: tuple[str, ...] = ()
    limiting: tuple[str, ...] = ()
    applied_by: tuple[str, ...] = ()


_LIMITS = ("default_limits", "application_limits", "meta_limits", "default_limits_per_method")
_LIMITING = ("RATELIMIT_DEFAULT", "RATELIMIT_APPLICATION", "RATELIMIT_META")
_APPLIED_BY = ("limit", "shared_limit", "check", "hit", "limiter")

STORES = (
    LimiterStore(
        "flask_limiter.{,extension.}Limiter",
        ("storage_uri",),
        settings=("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL"),
        limits=_LIMITS,
        limiting=_LIMITING,
        applied_by=_APPLIED_BY,
    ),
    LimiterStore(
        "slowapi.{,extension.}Limiter",
        ("storage_uri",),
        settings=("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL"),
        limits=_LIMITS,
        limiting=_LIMITING,
        applied_by=_APPLIED_BY,
    ),
    LimiterStore("limits.{,aio.}storage.{,memory.}MemoryStorage", always=True),
    LimiterStore("quart_rate_limiter.RateLimiter", ("store",)),
    LimiterStore("pyrate_limiter.InMemoryBucket", always=True),
    LimiterStore("ratelimit.backends.simple.MemoryBackend", always=True),
    LimiterStore("throttled.{,store.}MemoryStore", always=True),
)
#: What names a store of the process: `memory://`, `async+memory://`, `MemoryStore()`.
IN_PROCESS = ("memory://", "async+memory://", "in-memory", "memory")

#: Caches of Django that each process, or each machine, has for itself, by the end of their path.
DJANGO_LOCAL_CACHES = frozenset({"LocMemCache", "FileBasedCache", "DummyCache"})

#: Names of what a process counts of its own: how much runs in it, since when it holds what it opened, its samples.
OF_PROCESS = re.compile(
    r"concurren|semaphore|bulkhead|sampled|(client|connection|model)s?_?(manager|pool|registry)\.\w*timestamps$"
)
#: Keys that tell one caller from another, in lower case.
OF_CALLERS = re.compile(
    r"user|client|caller|visitor|customer|account|member|sender|person|guest|(^|\W|_)ip(\W|_|$)|addr|host|remote|mail|"
    r"phone|chat|tenant|token|api_?key|session|ident|login|request|(^|\W|_)(uid|sid)(\W|_|$)"
)
#: Functions that throw away what a limiter need not remember any longer.
TIDYING = re.compile(r"(^|_)(clean\w*|purge|prune|evict|expire\w*|gc|trim|reset|clear|remove\w*|sweep|forget)(_|$)")
#: Calls that answer somebody who has to wait, and those that count in a store.
ANSWERING = re.compile(
    r"abort|reply|answer|respond|send(_message)?|edit_message|flash|(restrict|mute|ban|kick)\w*|"
    r"\w*(Error|Response|Refused)"
)
COUNTING_IN_STORE = frozenset({"incr", "incrby", "hincrby", "zadd", "setex", "expire", "evalsha", "pipeline"})
#: Names of what may come only once, however seldom.
ONCE_ONLY = re.compile(r"nonce|replay|(^|_|\.)seen(_|$)")
#: Calls that only a person's account may make, and events that only it has: such a program runs once for the person
#: (docs.pyrogram.org/topics/mtproto-vs-botapi, docs.telethon.dev).
ONE_ACCOUNT = re.compile(
    r"\.(get_chat_history|get_inline_bot_results|send_inline_bot_result|block_user|get_dialogs|iter_dialogs)\(|"
    r"NewMessage\([^)]*outgoing\s*=\s*True"
)
