"""What all instances share for a while: sessions, cached answers, progress of imports."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import redis

from . import config

pool = redis.BlockingConnectionPool.from_url(
    config.REDIS_URL,
    max_connections=config.REDIS_MAX_CONNECTIONS,
    timeout=2,
    socket_timeout=2,
    socket_connect_timeout=2,
    health_check_interval=30,
    decode_responses=True,
)
client = redis.Redis(connection_pool=pool)


def remember(key: str, seconds: int, compute: Callable[[], Any]) -> Any:
    """The cached answer, or a new one; lifetimes differ a little, so that keys do not expire together."""
    cached = client.get(key)
    if cached is not None:
        return json.loads(cached)
    value = compute()
    client.set(key, json.dumps(value), ex=seconds + random.randrange(seconds // 10 + 1))
    return value
