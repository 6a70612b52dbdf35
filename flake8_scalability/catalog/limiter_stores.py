"""Where rate limiters keep their counts: the constructors that count in the process unless they are told otherwise.

Sources: https://flask-limiter.readthedocs.io/en/stable/configuration.html, https://slowapi.readthedocs.io/,
https://limits.readthedocs.io/en/stable/storage.html, https://quart-rate-limiter.readthedocs.io/,
https://docs.litestar.dev/latest/usage/middleware/builtin-middleware.html, https://github.com/vutran1710/PyrateLimiter
"""

from __future__ import annotations

from typing import NamedTuple


class LimiterStore(NamedTuple):
    """A limiter, or a store of limits.

    paths: access paths of the constructor (patterns as in `rows`)
    keywords: arguments that name a store; the first may be positional at `position`
    position: where it stands, None for keyword-only
    settings: keys of the configuration, or variables of the environment, that name one instead
    always: it counts in the process whatever it is given
    """

    paths: str
    keywords: tuple[str, ...] = ()
    position: int | None = None
    settings: tuple[str, ...] = ()
    always: bool = False


STORES = (
    LimiterStore(
        "flask_limiter.{,extension.}Limiter",
        ("storage_uri",),
        settings=("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL"),
    ),
    LimiterStore(
        "slowapi.{,extension.}Limiter",
        ("storage_uri",),
        settings=("RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL"),
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
