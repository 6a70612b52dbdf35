"""Hand-written retry loops: which loops are one, how they wait, whether they stop, and what the next try changes."""

from __future__ import annotations

import ast
import textwrap

import pytest
from support import model

from flake8_scalability.model.resilience import retries
from flake8_scalability.model.resilience.retries import RetryLoop, Wait


def read(body: str) -> RetryLoop | None:
    source = model("def run(work, other, delay, policy, hosts):\n" + textwrap.indent(textwrap.dedent(body), "    "))
    scope = next(scope for scope in source.scopes if scope.name == "run")
    loop = next(node for node in ast.walk(source.tree) if isinstance(node, retries.LOOPS))
    return retries.read(loop, source.parents(scope))


def counted(handler: str, tried: str = "return work()", head: str = "for attempt in range(5):") -> str:
    tried = textwrap.indent(tried, "        ")
    handler = textwrap.indent(handler, "        ")
    return f"{head}\n    try:\n{tried}\n    except OSError:\n{handler}\n"


@pytest.mark.parametrize(
    ("handler", "wait"),
    [
        ("pass", Wait.NONE),
        ("continue", Wait.NONE),
        ("log(attempt)", Wait.NONE),
        ("print(attempt)", Wait.NONE),
        ("sleep(1)", Wait.SAME),
        ("time.sleep(delay)", Wait.SAME),
        ("time.sleep(policy.pause)", Wait.SAME),
        ("event.wait(timeout=3)", Wait.SAME),
        ("sleep(2**attempt)", Wait.GROWING),
        ("delay *= 2\nsleep(delay)", Wait.GROWING),
        ("policy.pause = policy.pause * 2\nsleep(policy.pause)", Wait.GROWING),
        ("sleep(min(30, 2**attempt))", Wait.GROWING),
        ("sleep(random())", Wait.UNKNOWN),
        ("sleep(DELAYS[0])", Wait.UNKNOWN),
        ("sleep()", Wait.UNKNOWN),
        ("policy.backoff()", Wait.UNKNOWN),
        ("wait_a_bit()", Wait.UNKNOWN),
        ("explain(attempt)", Wait.UNKNOWN),
        ("while busy():\n    sleep(1)", Wait.UNKNOWN),
    ],
)
def test_wait_between_the_tries(handler: str, wait: Wait) -> None:
    found = read(counted(handler))
    assert found is not None
    assert found.wait is wait


def test_a_pause_that_is_part_of_the_work_is_none_between_the_tries() -> None:
    found = read(counted("pass", tried="sleep(1)\nreturn work()"))
    assert found is not None
    assert found.wait is Wait.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        counted("pass", tried="work()\nbreak"),
        counted("pass", tried="with other:\n    return work()"),
        counted("pass", tried="if other:\n    return work()\nelse:\n    return None"),
        counted("pass", tried="result = work()\nif result.ok:\n    return result"),
        counted("if attempt == 4:\n    raise"),
        counted("if attempt < 4:\n    continue\nraise"),
        counted("pass", head="for _ in range(5):"),
        counted("pass", head="for number in itertools.count():"),
        counted("sleep(delay)", head="for delay in DELAYS:"),
        counted("pass", head="while True:"),
        counted("pass", tried="work()\ndone = True", head="while not done:"),
        counted("pass", tried="work()\nself.done = True", head="while not self.done:"),
        "while True:\n    try:\n        work()\n    except OSError:\n        continue\n    break\n",
        "while True:\n    try:\n        work()\n    except OSError:\n        pass\n    else:\n        break\n",
        "while True:\n with other:\n  try:\n   return work()\n  except OSError:\n   pass\n",
    ],
)
def test_loops_that_try_again(body: str) -> None:
    assert read(body) is not None


@pytest.mark.parametrize(
    "body",
    [
        "for _ in range(3):\n    work()\n",
        counted("raise"),
        counted("return None"),
        counted("break"),
        counted("sys.exit(1)"),
        counted("if attempt:\n    raise\nelse:\n    return None"),
        counted("try:\n    other()\nexcept ValueError:\n    raise\nelse:\n    return None"),
        counted("pass", tried="work()", head="for item in hosts:"),
        counted("pass", head="for host in hosts:"),
        counted("pass", tried="work()", head="while True:"),
        counted("pass", tried="work(queue.get())", head="while True:"),
        counted("pass", tried="if work():\n    return True", head="while True:"),
        "for attempt in range(3):\n try:\n  return work()\n except OSError:\n  pass\n raise OSError\n",
        "for attempt in range(3):\n    for item in hosts:\n        try:\n            return work(item)\n"
        "        except OSError:\n            pass\n",
        "for attempt in range(3):\n    def inner():\n        try:\n            return work()\n"
        "        except OSError:\n            pass\n",
    ],
)
def test_loops_that_do_something_else(body: str) -> None:
    assert read(body) is None


@pytest.mark.parametrize(
    ("body", "stops"),
    [
        (counted("pass"), True),
        (counted("pass", head="while True:"), False),
        (counted("pass", head="for number in itertools.count():"), False),
        (counted("pass", tried="done = work()", head="while not done:"), False),
        (counted("tries += 1", head="while tries < 5:"), True),
        (counted("left -= 1", head="while left:"), True),
        (counted("if other:\n    raise", head="while True:"), True),
        (counted("if other:\n    return None", head="while True:"), True),
    ],
)
def test_whether_it_ever_gives_up(body: str, stops: bool) -> None:
    found = read(body)
    assert found is not None
    assert found.stops is stops


@pytest.mark.parametrize(
    ("body", "mends"),
    [
        (counted("pass"), False),
        (counted("pass", tried="print(number)\nreturn work()", head="for number in range(9):"), False),
        (counted("pass", tried="return work(f'{number}')", head="for number in range(9):"), False),
        (counted("pass", tried="return work(number)", head="for number in range(9):"), True),
        (counted("pass", tried="return work(hosts[number])", head="for number in range(9):"), True),
        (counted("pass", tried="return work(next(hosts))"), True),
        (counted("other.append(1)", tried="return work(other)"), True),
        (counted("other = other.again()", tried="return work(other)"), True),
        (counted("other['deep']['er'] = 1", tried="return work(**other)"), True),
        (counted("failed = True", tried="return work(other)"), False),
        (counted("pass").replace("OSError", "IntegrityError"), True),
        (counted("pass").replace("OSError", "(ValueError, KeyError)"), True),
        (counted("pass").replace("OSError", "(ValueError, OSError)"), False),
        (counted("pass").replace(" OSError", ""), False),
    ],
)
def test_whether_the_next_try_is_the_same_again(body: str, mends: bool) -> None:
    found = read(body)
    assert found is not None
    assert found.mends is mends


def test_a_loop_with_a_deadline_waits_for_something_to_come_up() -> None:
    found = read(counted("if time.monotonic() > end:\n    raise", head="while True:"))
    assert found is not None
    assert found.watches_clock


def test_a_counting_loop_with_a_deadline_is_a_retry_all_the_same() -> None:
    found = read(counted("if time.monotonic() > end:\n    raise"))
    assert found is not None
    assert not found.watches_clock


@pytest.mark.parametrize(
    ("head", "says_so"),
    [
        ("for attempt in range(3):", True),
        ("for try_number in range(3):", True),
        ("while retries < 3:", True),
        ("while max_tries:", True),
        ("for entries in range(3):", False),
        ("for country in range(3):", False),
        ("while True:", False),
    ],
)
def test_loops_that_say_that_they_count_tries(head: str, says_so: bool) -> None:
    loop = ast.parse(head + "\n    pass").body[0]
    assert isinstance(loop, retries.LOOPS)
    assert retries.is_counted(loop) is says_so


def test_alternatives_are_a_guard_though_no_retry() -> None:
    source = model(counted("continue", tried="return work(host)", head="for host in hosts:"))
    loop = source.tree.body[0]
    assert retries.falls_back(loop, source.parents(source.module))
    assert not retries.falls_back(ast.parse("for host in hosts:\n    work(host)").body[0], {})
