"""Where limiters keep their counts."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.limits.limiter_counts import in_process, local_throttles

THROTTLES = "REST_FRAMEWORK = {'DEFAULT_THROTTLE_RATES': {'anon': '9/minute'}}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (THROTTLES, 1),
        (THROTTLES + "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}", 1),
        (THROTTLES + "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache'}}", 0),
        (THROTTLES + "CACHES = from_environment()", 0),
        (THROTTLES + "CACHES = {'default': env.cache()}", 0),
        (THROTTLES + "CACHES['default'] = env.cache()", 0),
        ("OTHER = {'DEFAULT_THROTTLE_RATES': {'anon': '9/minute'}}", 0),
        ("REST_FRAMEWORK = {**others, 'PAGE_SIZE': 9}  # DEFAULT_THROTTLE_RATES", 0),
        ("REST_FRAMEWORK = load('DEFAULT_THROTTLE_RATES')", 0),
        ("REST_FRAMEWORK = {}", 0),
    ],
)
def test_throttles_over_a_cache_of_the_process(text: str, found: int) -> None:
    assert len(list(local_throttles(model(text)))) == found


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ("Limiter(key)", 1),
        ("Limiter(key, storage_uri='memory://')", 1),
        ("Limiter(key, storage_uri='redis://cache')", 0),
        ("Limiter(key, storage_uri=URI)", 0),
        ("Limiter(key, **options)", 0),
        ("Limiter(key)\napp.config['RATELIMIT_STORAGE_URI'] = URI", 0),
    ],
)
def test_limiters_that_count_in_the_process(made: str, found: int) -> None:
    text = f"from flask_limiter import Limiter\nlimiter = {made}\n"
    assert len(list(in_process(model(text)))) == found
