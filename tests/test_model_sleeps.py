"""What a sleep is taken to be for."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.resilience import sleeps
from flake8_scalability.model.resilience.sleeps import Purpose


def purposes(body: str) -> list[Purpose]:
    source = model("import time\ndef f(job, items):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    "))
    return [sleeps.purpose(site) for site in sleeps.sleeps(source)]


@pytest.mark.parametrize(
    "body",
    [
        "while not job.done:\n    time.sleep(1)",
        "while job.state() == 'running':\n    time.sleep(1)",
        "state = job.state()\nwhile state != 'done':\n    time.sleep(1)\n    state = job.state()",
        "while True:\n    if job.finished():\n        break\n    time.sleep(1)",
        "while True:\n    state = job.state()\n    if state == 'done':\n        return state\n    time.sleep(1)",
        "for _ in range(60):\n    if job.ready:\n        return job\n    time.sleep(1)",
        "end = time.time() + 60\nwhile time.time() < end:\n    if job.ready():\n        return job\n    time.sleep(1)",
        "while True:\n    state = job.state()\n    if state == 'done':\n        break\n"
        "    else:\n        time.sleep(1)",
    ],
)
def test_polls(body: str) -> None:
    assert purposes(body) == [Purpose.POLL]


@pytest.mark.parametrize(
    "body",
    [
        "for attempt in range(3):\n    try:\n        return job.run()\n"
        "    except OSError:\n        time.sleep(2 ** attempt)",
        "for attempt in range(3):\n    if job.run():\n        break\n    time.sleep(retry_delay)",
        "while True:\n    try:\n        job.run()\n        break\n    except OSError:\n        pass\n    time.sleep(5)",
        "try:\n    job.run()\nexcept OSError:\n    time.sleep(1)",
        "attempts = 0\nwhile attempts < 3:\n    try:\n        job.run()\n    except OSError:\n        attempts += 1\n"
        "    time.sleep(1)",
        "time.sleep(job.retry_after)",
        "for attempt in range(3):\n    job.run(attempt)\n    time.sleep(1)",
    ],
)
def test_backs_off(body: str) -> None:
    assert purposes(body) == [Purpose.BACKOFF]


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    job.run()\n    time.sleep(60)",
        "while not job.stopped:\n    job.run()\n    time.sleep(60)",
        "while running:\n    job.run()\n    time.sleep(60)",
        "while True:\n    yield job.state()\n    time.sleep(1)",
        "while True:\n    if job.shutdown_requested():\n        break\n    job.run()\n    time.sleep(1)",
        "number = 0\nwhile number < 10:\n    number += 1\n    time.sleep(1)",
        "for number in range(10):\n    job.run(number)\n    time.sleep(1)",
    ],
)
def test_repeats_work(body: str) -> None:
    assert purposes(body) == [Purpose.PERIODIC]


@pytest.mark.parametrize(
    "body",
    [
        "time.sleep(1)",
        "if not job.done:\n    time.sleep(1)",
        "for item in items:\n    job.run(item)\n    time.sleep(0.1)",
        "while True:\n    break\nelse:\n    time.sleep(1)",
        "wait = lambda: time.sleep(1)",
    ],
)
def test_just_waits(body: str) -> None:
    assert purposes(body) == [Purpose.DELAY]


def test_how_long_a_sleep_is() -> None:
    source = model("import time\nPAUSE = 2\ntime.sleep(0.5)\ntime.sleep(PAUSE)\ntime.sleep(config.pause)")
    assert [sleeps.seconds(site) for site in sleeps.sleeps(source)] == [0.5, 2.0, None]
