"""Where limiters keep their counts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support import model

from flake8_scalability.model.limits import limiter_counts
from flake8_scalability.model.limits.limiter_counts import in_process, local_throttles
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.roles import Role
from flake8_scalability.options import Settings

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


def _in_project(folder: Path, text: str, others: dict[str, str]) -> SourceFile:
    (folder / ".git").mkdir()
    for name, content in {"gates.py": text, **others}.items():
        (folder / name).write_text(content, encoding="utf-8")
    return SourceFile(ast.parse(text), str(folder / "gates.py"), text.splitlines(True), Settings())


@pytest.mark.parametrize(
    ("made", "other", "counts"),
    [
        ("Limiter(key)", "from gates import limiter\napp.state.limiter = limiter", False),
        ("Limiter(key, default_limits=[])", "import gates", False),
        ("Limiter(key, default_limits=['9/second'])", "import gates", True),
        ("Limiter(key, default_limits=given())", "import gates", True),
        ("Limiter(key)", "from gates import limiter\n@limiter.limit('9/second')\ndef visit(): ...", True),
        ("Limiter(key)", "from gates import limiter as gate\n@gate.limit('9/second')\ndef visit(): ...", True),
        ("Limiter(key)", "app.config['RATELIMIT_DEFAULT'] = '9/second'", True),
        ("Limiter(key)\nlimiter.limit('9/second')(visit)", "import gates", True),
        ("Limiter(key)\n# as in @limiter.limit('9/second')", "import gates", False),
        ("Limiter(key)\nRATELIMIT_DEFAULT = '9/second'", "import gates", True),
        ("Limiter(key)", "limiter = Limiter(key)\nlimiter.limit('9/second')(visit)", False),
    ],
)
def test_limiters_that_limit_something(tmp_path: Path, made: str, other: str, counts: bool) -> None:
    text = f"from flask_limiter import Limiter\nlimiter = {made}\n"
    source = _in_project(tmp_path, text, {"main.py": other + "\n"})
    assert bool(list(limiter_counts.in_process(source))) is counts


def test_a_limiter_that_an_object_gets_is_somebodys(tmp_path: Path) -> None:
    source = _in_project(tmp_path, "from slowapi import Limiter\napp.state.limiter = Limiter(key)\n", {})
    assert list(limiter_counts.in_process(source))


COUNTER = """
import time
last_calls = {}
def tidy():
    last_calls.clear()
def may_come(client):
    if time.time() - last_calls.get(client, 0) < 9:
        return False
    last_calls[client] = time.time()
    return True
"""


@pytest.mark.parametrize(
    ("more", "other", "asked"),
    [
        ("", "import gates", False),
        ("", "from gates import may_come\ndef visit():\n    may_come(1)\nvisit()\n", True),
        ("", "from gates import may_come as allowed\ndef visit():\n    allowed(1)\nvisit()\n", True),
        ("def check(): may_come(1)\n", "import gates\ndef visit():\n    gates.check()\nvisit()\n", True),
        ("@app.get('/')\ndef visit(): may_come(1)\n", "import gates", True),
        (
            "def gate(f):\n    def inner(): return may_come(1) and f()\n    return inner\n@gate\ndef visit(): ...\n",
            "import gates",
            True,
        ),
    ],
)
def test_limiters_that_somebody_asks(tmp_path: Path, more: str, other: str, asked: bool) -> None:
    source = _in_project(tmp_path, "from app import app\n" + COUNTER + more, {"main.py": other})
    found = [each for each in source.changed_while_serving if each.role is Role.LIMITER]
    assert all(limiter_counts.counting(each).scope.name == "may_come" for each in found)
    assert all(map(limiter_counts.counts_callers, found))
    assert any(limiter_counts.is_asked(each, source) for each in found) is asked


@pytest.mark.parametrize(
    ("key", "of_callers"),
    [("client_ip", True), ("(tenant, path)", True), ("job", False), ("'nightly'", False)],
)
def test_whose_visits_are_counted(key: str, of_callers: bool) -> None:
    text = f"""
import time
seen_at = {{}}
def refuse(client_ip, tenant, path, job):
    if time.time() - seen_at.get({key}, 0) < 9:
        raise HTTPException(429)
    seen_at[{key}] = time.time()
"""
    for found in model(text).changed_while_serving:
        assert limiter_counts.counts_callers(found) is of_callers


PACED = """
import time
last_calls = {{}}
def may_call(client):
    if time.time() - last_calls.get(client, 0) < 9:
        {early}
    last_calls[client] = time.time()
    return True
"""


@pytest.mark.parametrize(
    ("early", "refuses"),
    [
        ("time.sleep(9)", False),
        ("time.sleep(9)\n        return False", True),
        ("time.sleep(9)\n        return False, 9", True),
        ("time.sleep(9)\n        return time.time() < 9", True),
        ("time.sleep(9)\n        raise TooMany", True),
        ("return False", True),
        ("return", True),
        ("return {'allowed': False}", True),
        ("return len(last_calls)", True),
        ("client.reply('later')", True),
        ("renew(client)", False),
        ("return 'as before'", False),
    ],
)
def test_who_only_waits_refuses_nobody(early: str, refuses: bool) -> None:
    source = model(PACED.format(early=early))
    found = [each for each in source.changed_while_serving if each.role is Role.LIMITER]
    assert any(map(limiter_counts.counts_callers, found)) is refuses


@pytest.mark.parametrize(("store", "counts"), [("self.redis.incr(who)", False), ("self.log.incr(who)", True)])
def test_memory_that_stands_in_for_redis(store: str, counts: bool) -> None:
    text = f"""
import time
class RateLimiter:
    def __init__(self, redis):
        self.calls = {{}}
    def shared(self, who):
        return {store} < 9
    def allow(self, who):
        if time.time() - self.calls.get(who, 0) < 9:
            return False
        self.calls[who] = time.time()
        return True
limiter = RateLimiter(None)
"""
    found = [each for each in model(text).changed_while_serving if each.role is Role.LIMITER]
    assert any(map(limiter_counts.counts_callers, found)) is counts


@pytest.mark.parametrize(
    ("production", "count"), [("CACHES['default']['KEY_PREFIX'] = 'shop'", 0), ("DEBUG = False", 1)]
)
def test_production_settings_have_a_cache_of_their_own(tmp_path: Path, production: str, count: int) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "base.py").write_text(THROTTLES)
    (tmp_path / "production.py").write_text(production)
    assert len(list(local_throttles(model(THROTTLES, str(tmp_path / "base.py"), Settings())))) == count
