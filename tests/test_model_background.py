"""Started work: what starts it, what it is, and whether somebody waits for it."""

from __future__ import annotations

import textwrap

import pytest
from support import model

from flake8_scalability.model.stateless.background import Started, started
from flake8_scalability.model.stateless.detached import detached

HEAD = "import asyncio, threading, subprocess\nfrom concurrent.futures import ThreadPoolExecutor\n\n"


def starts(body: str, head: str = "def f(jobs, keep, pool: ThreadPoolExecutor, queue):") -> list[Started]:
    return started(model(HEAD + head + "\n" + textwrap.indent(textwrap.dedent(body), "    ")))


WAITED = [
    ("task = asyncio.create_task(g())\nawait task", "awaited"),
    ("tasks = [asyncio.create_task(g(j)) for j in jobs]\nawait asyncio.gather(*tasks)", "gathered"),
    (
        "tasks = []\nfor j in jobs:\n    tasks.append(asyncio.create_task(g(j)))\nawait asyncio.wait(tasks)",
        "filled in a loop",
    ),
    ("task = asyncio.create_task(g())\ntry:\n    h()\nfinally:\n    task.cancel()", "cancelled"),
    ("await asyncio.wait_for(asyncio.create_task(g()), 3)", "awaited at once"),
    (
        "due = set()\nfor j in jobs:\n    done, due = await asyncio.wait(due)\n    due.add(asyncio.create_task(g(j)))\n"
        "await asyncio.gather(*due)",
        "added to what is waited for in turns",
    ),
    (
        "threads = [threading.Thread(target=g) for j in jobs]\nfor t in threads: t.start()\nfor t in threads: t.join()",
        "joined",
    ),
    ("child = subprocess.Popen(['ls'])\nchild.wait()", "a child that is waited for"),
    (
        "child = subprocess.Popen(['ls'], stdout=-1)\nfor line in child.stdout: print(line)",
        "a child whose output is read",
    ),
    ("with subprocess.Popen(['ls']): pass", "a child in a with"),
    ("with ThreadPoolExecutor(4) as own:\n    own.submit(g)", "an executor in a with"),
    ("pool.submit(g).result()", "its result is asked for"),
    ("handle(asyncio.create_task(g()))", "handed on"),
    ("ready = threading.Event()\nthreading.Thread(target=g, args=(ready,)).start()\nready.wait()", "an event tells"),
    ("threading.Thread(target=g).start()\nwhile not done():\n    time.sleep(1)", "polled"),
]
LEFT = [
    ("asyncio.create_task(g())", "nothing is kept"),
    ("task = asyncio.create_task(g())\nkeep.add(task)\ntask.add_done_callback(keep.discard)", "only kept"),
    ("t = threading.Thread(target=g)\nt.daemon = True\nt.start()", "a thread"),
    ("threading.Thread(target=g).start()\nfor j in jobs:\n    print(j)", "another loop"),
    ("subprocess.Popen(['ls'])", "a program"),
    ("pool.submit(g)", "a future that nobody has"),
    ("task = asyncio.create_task(g())\nprint(task)", "only looked at"),
]


@pytest.mark.parametrize("body", [pytest.param(body, id=why) for body, why in WAITED])
def test_waited_for(body: str) -> None:
    assert all(
        start.is_waited_for for start in starts(body, "async def f(jobs, keep, pool: ThreadPoolExecutor, queue):")
    )
    assert starts(body)


@pytest.mark.parametrize("body", [pytest.param(body, id=why) for body, why in LEFT])
def test_left(body: str) -> None:
    (start,) = starts(body)
    assert start.is_begun
    assert not start.is_waited_for
    assert not start.is_handed_out


def test_what_is_returned_is_handed_out() -> None:
    (start,) = starts("task = asyncio.create_task(g())\nreturn task")
    assert start.is_handed_out


def test_a_thread_that_nobody_starts_is_not_begun() -> None:
    (start,) = starts("t = threading.Thread(target=g)\nkeep.append(t)")
    assert not start.is_begun


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("clean_up", True),
        ("os.unlink", True),
        ("client.aclose", True),
        ("remove_tmp_files", True),
        ("send_mail", False),
        ("close_account", True),
        ("remove_member", False),
        ("delete_user", False),
    ],
)
def test_work_that_concerns_this_process(name: str, own: bool) -> None:
    (start,) = starts(f"threading.Thread(target={name}).start()")
    assert start.concerns_this_process is own


@pytest.mark.parametrize(
    ("name", "listens", "lasts"),
    [
        ("read_loop", True, True),
        ("listen", True, True),
        ("poll_updates", True, True),
        ("worker", False, True),
        ("run", False, True),
        ("run_script", False, False),
        ("subscribe_add", False, False),
        ("clear_history_background", False, False),
    ],
)
def test_work_that_lasts(name: str, listens: bool, lasts: bool) -> None:
    (start,) = starts(f"threading.Thread(target={name}).start()")
    assert (start.listens, start.lasts) == (listens, lasts)


def test_names_of_what_is_run() -> None:
    body = (
        "from functools import partial\nthreading.Thread(target=partial(h, 1)).start()\nasyncio.create_task(self.g(1))"
    )
    assert [start.work_name for start in starts(body)] == ["h", "g"]


def left_behind(text: str) -> list[int]:
    return [start.site.node.lineno for start in detached(model(HEAD + textwrap.dedent(text)))]


SILENT = [
    ("def f():\n    threading.Thread(target=warm_cache).start()", "fetched ahead"),
    ("def f():\n    threading.Thread(target=hook).start()\n\ndef hook():\n    pass", "nothing is done"),
    (
        "def f():\n    threading.Thread(target=fill).start()\n\ndef fill():\n    for x in list(y):\n        due.put(x)",
        "only a queue is filled",
    ),
    ("async def f(m):\n    asyncio.create_task(delete_after(m))", "a message is taken back"),
    (
        "async def f(x):\n    asyncio.create_task(expire(x))\n\n"
        "async def start(due):\n    for x in due:\n        asyncio.create_task(expire(x))",
        "the next start takes it up again",
    ),
    ("async def f(m):\n    asyncio.create_task(record_best_effort(m))", "it may fail"),
    ("def f(jobs):\n    threading.Thread(target=Scheduler().start).start()", "a job that a schedule starts as well"),
    ("def f(observer):\n    threading.Thread(target=observer.on_created).start()", "an unknown observer"),
    ("def main():\n    threading.Thread(target=g).start()", "a process is started"),
    ("class A:\n    def __init__(self):\n        threading.Thread(target=g).start()", "a constructor"),
    ("class A:\n    def go(self):\n        self.task = asyncio.create_task(self.g())", "one for an object"),
    ("def start_workers():\n    threading.Thread(target=g).start()", "its purpose is to start workers"),
    (
        "class A:\n    def on_open(self, data):\n        asyncio.ensure_future(self.g(data))",
        "a callback gets into its loop",
    ),
    ("def spawn_it(coroutine):\n    asyncio.create_task(coroutine)", "what is run is the caller's"),
    ("def f():\n    threading.Timer(5, f).start()", "a timer that makes a loop"),
    ("def f():\n    subprocess.Popen(['daemon'], start_new_session=True)", "a program set free"),
    (
        "class A:\n    def add(self):\n        task = asyncio.create_task(g())\n        self.tasks.add(task)\n"
        "    async def close(self):\n        await asyncio.gather(*self.tasks)",
        "its class waits for what it keeps",
    ),
    ("def f(app):\n    return lambda: asyncio.create_task(g())", "somebody else calls the lambda"),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=why) for text, why in SILENT])
def test_nothing_is_left_behind(text: str) -> None:
    assert left_behind(text) == []


def test_of_one_kind_the_first_of_a_function_counts() -> None:
    body = "    threading.Thread(target=export).start()\n    threading.Thread(target=ingest).start()"
    assert left_behind(f"def f():\n{body}") == [5]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("['/usr/bin/scan', '-a']", "scan"),
        ("'scan -a'", "scan"),
        ("[sys.executable, x]", "sys.executable"),
        ("x", "a process"),
    ],
)
def test_a_program_is_named(command: str, said: str) -> None:
    assert [each.described for each in starts(f"subprocess.Popen({command})")] == [said]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("asyncio.create_task(store(1))", "store()"),
        ("work = store(1)\nasyncio.create_task(work)", "store()"),
        ("for work in (store(1), send(1)):\n    asyncio.create_task(work)", "store()"),
        ("steps = [jobs.store(1)]\nfor work in steps:\n    asyncio.ensure_future(work)", "store()"),
        ("work = asyncio.shield(store(1))\nasyncio.create_task(work)", "store()"),
        ("work = store(1)\nif jobs:\n    work = send(1)\nasyncio.create_task(work)", "a coroutine"),
        ("work = jobs[0]\nasyncio.create_task(work)", "a coroutine"),
        ("for work in jobs:\n    asyncio.create_task(work)", "a coroutine"),
        ("for work in ():\n    asyncio.create_task(work)", "a coroutine"),
        ("with jobs as work:\n    asyncio.create_task(work)", "a coroutine"),
        ("for work in made_elsewhere:\n    asyncio.create_task(work)", "a coroutine"),
        ("asyncio.create_task(unknown)", "a coroutine"),
        ("threading.Thread(target=store).start()", "store()"),
    ],
)
def test_a_coroutine_is_named_by_the_call_that_made_it(body: str, said: str) -> None:
    assert [each.described for each in starts(body)] == [said]


def test_what_a_coroutine_made_before_does_is_seen() -> None:
    text = HEAD + "async def f():\n    work = warm_up()\n    asyncio.create_task(work)\nasync def warm_up(): pass\n"
    (start,) = started(model(text))
    assert [target.name for target in start.targets] == ["warm_up"]
    assert start.loses_nothing


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("subprocess.Popen(['tex', '--version'])", False),
        ("subprocess.Popen(['tex', '-help'])", True),
        ("subprocess.Popen(['tex', 'book'])", True),
        ("subprocess.Popen([])", True),
        ("threading.Thread(target=metrics.send).start()", False),
        ("threading.Thread(target=jobs.send_mail).start()", True),
        ("threading.Thread(target=(lambda: 1)).start()", False),
        ("threading.Thread(target=expire_when_idle).start()", False),
        ("threading.Thread(target=(lambda: export(1))).start()", True),
        ("threading.Thread(target=(lambda: cache.export(1))).start()", False),
        ("threading.Thread(target=count_up).start()", False),
        ("def count_up():\n    keep()\ndef keep():\n    db.commit()\nthreading.Thread(target=count_up).start()", True),
        ("def count_up():\n    keep()\ndef keep():\n    return 1\nthreading.Thread(target=count_up).start()", False),
        ("try:\n    ask()\nexcept OSError:\n    threading.Thread(target=export).start()", False),
        ("if far:\n    jobs.delay(1)\nelse:\n    threading.Thread(target=export).start()", False),
        ("# Best effort.\nthreading.Thread(target=export).start()", False),
        ("threading.Thread(target=abort_request).start()", False),
        ("threading.Thread(target=write_request_log).start()", False),
        ("threading.Thread(target=render_logbook).start()", True),
        ("import discord\nasyncio.create_task(channel.send('late'))", False),
        ("asyncio.create_task(channel.send('late'))", True),
        ("def export():\n    while True:\n        job = jobs.get()\n        if job is None: break\n        do(job)\n"
         "threading.Thread(target=export).start()", False),
        ("def export():\n    while True:\n        job = jobs.get(1)\n        if job is None: break\n        do(job)\n"
         "threading.Thread(target=export).start()", True),
        ("threading.Thread(target=update_last_seen_at).start()", False),
        ("def export():\n    logger.info(text(1))\nthreading.Thread(target=export).start()", False),
        ("def export():\n    text(logger.name)\nthreading.Thread(target=export).start()", True),
        ("def export():\n    logger.info(1)\n    keep(1)\nthreading.Thread(target=export).start()", True),
        ("async def export():\n    logger.info(await keep(1))\nasyncio.create_task(export())", True),
        ("stream = TextIteratorStreamer()\nmore = dict(a=stream)\n"
         "threading.Thread(target=export, kwargs=more).start()\nfor word in stream: print(word)", False),
        ("stream = TextIteratorStreamer()\nmore = dict(a=1)\n"
         "threading.Thread(target=export, kwargs=more).start()\nfor word in stream: print(word)", True),
    ],
)  # fmt: skip
def test_what_nobody_misses(body: str, left: bool) -> None:
    head = "from flask import Flask\napp = Flask(__name__)\n@app.route('/a', methods=['POST'])\ndef f():"
    found = model(HEAD + head + "\n" + textwrap.indent(body, "    "))
    assert bool(list(detached(found))) is left


@pytest.mark.parametrize(
    ("waits", "left"), [("self.ready.wait(3)", False), ("self.other.wait(3)", True), ("pass", True)]
)
def test_the_starter_waits_for_an_event_of_its_object(waits: str, left: bool) -> None:
    source = f"""
        from flask.views import MethodView

        class Ask(MethodView):
            def post(self):
                threading.Thread(target=self.ingest).start()
                {waits}
                return ""

            def ingest(self):
                self.text = load()
                self.ready.set()
    """
    assert bool(list(detached(model(HEAD + textwrap.dedent(source))))) is left


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("safely, mails.confirm, 1", "mails.confirm()"),
        ("safe_background_task, g, 1", "g()"),
        ("run_in_background, number, g", "run_in_background()"),
        ("safely", "safely()"),
        ("run_in_background, message.id, 1", "run_in_background()"),
        ("send_receipt, mails.confirm", "send_receipt()"),
        ("receipt_for(number)", "the task"),
    ],
)
def test_a_function_that_runs_what_it_is_given_is_not_the_work(given: str, said: str) -> None:
    head = "from fastapi import BackgroundTasks\n\ndef g(): keep()\n\ndef f(background_tasks: BackgroundTasks, number):"
    (start,) = starts(f"background_tasks.add_task({given})", head)
    assert start.described == said


@pytest.mark.parametrize(
    ("asks", "left"),
    [
        ("return walk.arrival()", False),
        ("return self.arrival()", True),
        ("return walk", True),
    ],
)
def test_who_is_asked_again_asks_what_was_given_to_the_work(asks: str, left: bool) -> None:
    source = f"""
        from flask.views import MethodView

        class Ask(MethodView):
            def post(self):
                begun = False
                walk = Walk()

                def look():
                    nonlocal begun
                    if not begun:
                        begun = True
                        threading.Thread(target=ship, args=(walk, self)).start()
                        return ""
                    {asks}

                return str(look()) + str(look())

        def ship(walk, ask):
            store(walk)
    """
    assert bool(list(detached(model(HEAD + textwrap.dedent(source))))) is left


@pytest.mark.parametrize(
    ("begin", "end", "left"),
    [
        ("asyncio.create_task(self.one.ship())", "await self.one.stop()", False),
        ("asyncio.create_task(self.one.ship())", "await self.other.stop()", True),
        ("asyncio.create_task(self.one.ship())", "self.one.count()", True),
        ("for each in self.many:\n        asyncio.create_task(each.ship())",
         "for each in self.many:\n        each.shutdown()", False),
        ("asyncio.create_task(ship())", "self.one.stop()", True),
    ],
)  # fmt: skip
def test_a_class_ends_the_objects_that_it_runs(begin: str, end: str, left: bool) -> None:
    methods = f"    async def hire(self):\n        {begin}\n\n    async def fire(self):\n        {end}\n"
    methods = methods.replace("\n        asyncio.create_task(each", "\n            asyncio.create_task(each")
    methods = methods.replace("\n        each.", "\n            each.")
    found = model(HEAD + "class Warehouse:\n" + methods)
    assert [start.work_name for start in started(found)] == ["ship"]
    assert bool(list(detached(found))) is left


@pytest.mark.parametrize(("owner", "left"), [("UsageLogger", False), ("Mailer", True)])
def test_what_is_written_for_those_who_run_the_service(owner: str, left: bool) -> None:
    found = model(
        HEAD + f"class {owner}:\n    def record(self):\n        threading.Thread(target=self.export).start()\n"
        "    def export(self):\n        store(self)\n"
    )
    assert bool(list(detached(found))) is left
