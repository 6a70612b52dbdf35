"""Which jobs only look after what their own process keeps in memory."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.model.scaling import jobs, own_memory

BEGIN = "from apscheduler.schedulers.background import BackgroundScheduler\nclock = BackgroundScheduler()\n"
METHOD = BEGIN + "class Meter:\n    def begin(self):\n        clock.add_job(self.work, 'interval', hours=1)\n"
PLANNED = "clock.add_job(work, 'interval', hours=1)\n"


def is_of_own_memory(text: str) -> bool:
    source = model(text)
    return any(own_memory.is_of_own_memory(job, source) for job in jobs.jobs(source))


@pytest.mark.parametrize(
    "text",
    [
        METHOD + "    def work(self):\n        taken = self.seen\n        self.seen = []\n        store(taken)",
        METHOD + "    def work(self):\n        taken, self.seen = self.seen, {}\n        store(taken)",
        METHOD
        + "    def work(self):\n        taken = list(self.seen)\n        self.seen.clear()\n        store(taken)",
        METHOD + "    def work(self):\n        store(self.take())\n"
        "    def take(self):\n        taken = self.seen\n        self.seen = defaultdict(list)\n        return taken",
        BEGIN
        + "seen = []\ndef work():\n    global seen\n    taken = seen\n    seen = []\n    store(taken)\n"
        + PLANNED,
        BEGIN + "from a import waiting\ndef work():\n    while waiting:\n        send(waiting.popleft())\n" + PLANNED,
        METHOD + "    def work(self):\n        send(self.waiting.get_nowait())",
        BEGIN + "def work():\n    store(core.counts(reset=True))\n" + PLANNED,
        BEGIN + "def f(): pass\ndef work():\n    clock.add_job(f, 'cron', hour=1)\n" + PLANNED,
    ],
)
def test_of_own_memory(text: str) -> None:
    assert is_of_own_memory(text)


@pytest.mark.parametrize(
    "text",
    [
        # a history that is cut to its last entries is not passed on
        METHOD + "    def work(self):\n        send_all()\n        self.seen = self.seen[-30:]",
        # a lock of the process says nothing of where the rows come from
        METHOD + "    def work(self):\n        with self.lock:\n            send_all()",
        # emptied, but nothing of it was taken
        METHOD + "    def work(self):\n        self.seen = []\n        send_all()",
        BEGIN + "def work():\n    seen = []\n    taken = seen\n    seen = []\n    store(taken)\n" + PLANNED,
        BEGIN + "def work():\n    send_all()\n" + PLANNED,
        BEGIN + "def work():\n    waiting = deque(rows())\n    send(waiting.popleft())\n" + PLANNED,
        BEGIN + "def work():\n    send(waiting.popleft(1))\n    store(core.counts(reset=False))\n" + PLANNED,
    ],
)
def test_of_others(text: str) -> None:
    assert not is_of_own_memory(text)
