"""How code says that it limits its callers, and what to tell the one that does not, by framework.

Limiters are known by the words in their names, since projects write their own as often as they take one:
`@limiter.limit`, `Depends(RateLimiter(...))`, `throttle_classes`, `check_rate_limit(...)`, `raise TooManyRequests`.
Sources: flask-limiter.readthedocs.io, slowapi.readthedocs.io, github.com/long2ice/fastapi-limiter,
django-rest-framework.org/api-guide/throttling, django-ratelimit.readthedocs.io, django-axes.readthedocs.io,
quart-rate-limiter, sanic-limiter, falcon-limiter, docs.litestar.dev.
"""

from __future__ import annotations

import re

#: Words in a name that say: who calls too often is refused.  A quota, credits and a captcha hold callers back as well.
LIMITS = re.compile(
    r"rate_?limit|token_?bucket|leaky_?bucket|sliding_?window|(?<!de)limiter|throttl|quota|too_?many_?requests|brute_?force|lock_?out|axes|"
    r"captcha|turnstile|(?<![a-z])(consume|deduct|check|spend|use|has|enough|charge|require|reserve)_\w*credits?(?!_card)|usage_limit|"
    r"(check|enforce)_\w*limits?(_|$)|limit_exceeded|attempts|cool_?down|HTTP_429|flood|semaphore",
    re.IGNORECASE,
)
#: What a check by hand compares with a bound.
TRIES = re.compile(r"attempts", re.IGNORECASE)
#: Parts of those words, in lower case, of which each of them has one.
WORDS = ("limit", "bucket", "sliding", "throttl", "quota", "many", "brute", "lock", "axes", "captcha", "turnstile",
         "credit", "attempts", "cool", "http_429", "flood", "semaphore")  # fmt: skip
#: Decorators that limit by other names.
DECORATORS = frozenset({"limits", "sleep_and_retry", "limit", "ratelimit"})
#: Attributes with which a class of views declares its limits, and methods with which it hands them out.
CLASS_ATTRIBUTES = frozenset({"throttle_classes", "throttle_scope", "decorators", "method_decorators", "throttle"})
#: Packages whose views limit their callers by themselves (docs.allauth.org/en/latest/account/rate_limits.html).
LIMITED_PACKAGES = frozenset({"allauth"})
#: The status that tells a caller to come back later.
TOO_MANY = 429

#: What to do, by the framework of the endpoint.
ADVICE = {
    "flask": "limit callers with Flask-Limiter",
    "quart": "limit callers with Quart-Rate-Limiter",
    "fastapi": "limit callers with slowapi",
    "starlette": "limit callers with slowapi",
    "django": "limit callers with django-ratelimit",
    "djangorestframework": "set throttle_classes",
    "litestar": "add RateLimitConfig middleware",
    "sanic": "limit callers with sanic-limiter",
    "falcon": "limit callers with Falcon-Limiter",
}
OTHERWISE = "limit each caller, counted in Redis"
