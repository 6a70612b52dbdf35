"""What shared state is for: in which role it is reported, and which is of no consequence to other instances."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from support import model

from flake8_scalability.model.stateless.roles import Role
from flake8_scalability.options import Settings


def roles(source: str, filename: str = "service.py") -> dict[str, Role]:
    found = model(dedent(source), filename)
    return {each.state.name: each.role for each in found.changed_while_serving}


HANDLER = "from fastapi import FastAPI, Request\napp = FastAPI()\n"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            HANDLER
            + dedent(
                """
            import threading
            jobs = threading.local()
            jobs.user = None
            @app.post("/a")
            def f(name: str):
                global jobs
                jobs.user = name
            def g():
                return jobs.user
            """
            ),
            id="each thread has its own",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            jobs = None
            @app.on_event("startup")
            def up():
                global jobs
                jobs = make()
            @app.post("/a")
            def f(name: str):
                jobs.user = name
            def g():
                return jobs
            """
            ),
            id="an attribute of what another put there",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            rows = [1]
            @app.post("/a")
            def f(name: str):
                mine = rows[:]
                mine.append(name)
                return mine
            """
            ),
            id="a slice is a list of its own",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            rows = [1]
            @app.post("/a")
            def f(name: str):
                mine = sorted(rows)
                mine.append(name)
                return mine
            """
            ),
            id="so is what sorted() gives",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            routes = {}
            @app.post("/a")
            def load_routes():
                global routes
                routes = dict(db.rows())
            def g():
                return routes
            """
            ),
            id="loaded as a whole",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            users = {}
            @app.post("/a")
            def renew():
                global users
                users = json.load(open("users.json"))
            def g():
                return users
            """
            ),
            id="read from a file as a whole",
        ),
        pytest.param(
            dedent(
                """
            tasks = []
            def rebuild():
                tasks.clear()
                tasks.extend(find())
            def g():
                return tasks
            """
            ),
            id="emptied and filled by one function for nobody in particular",
        ),
        pytest.param(
            dedent(
                """
            tasks = []
            def rebuild():
                global tasks
                tasks = list()
                tasks.append(find(more))
            def g():
                return tasks
            """
            ),
            id="made anew in one go",
        ),
        pytest.param(
            dedent(
                """
            items = []
            def keep(item, session):
                if session is not None:
                    session.add(item)
                else:
                    items.append(item)
            def g():
                return items
            """
            ),
            id="memory where there is no database",
        ),
        pytest.param(
            dedent(
                """
            jobs = {}
            def keep(name, job, redis):
                jobs[name] = job
                redis.set(name, job)
            def g():
                return jobs
            """
            ),
            id="memory where there is no Redis",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            running = set()
            @app.post("/a")
            def build(name: str):
                running.add(name)
                try:
                    make(name)
                finally:
                    running.discard(name)
            def is_running(name):
                return name in running
            """
            ),
            id="what runs here at the moment",
        ),
        pytest.param(
            dedent(
                """
            _results = []
            def collect(rows):
                global _results
                _results = []
                for row in rows:
                    keep(row)
                return _results
            def keep(row):
                _results.append(row)
            """
            ),
            id="scratch paper of a task",
        ),
        pytest.param(
            dedent(
                """
            def collect(rows):
                global _results
                _results = {}
                for row in rows:
                    keep(row)
                return _results
            def keep(row):
                _results[row.id] = row
            """
            ),
            id="scratch paper that only its function defines",
        ),
        pytest.param(
            dedent(
                """
            status_snapshot = {}
            def poll(disk):
                old = status_snapshot.get(disk)
                status_snapshot[disk] = disk.list()
                return old
            """
            ),
            id="what a poll compares with",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            info = {"name": "a"}
            info["kind"] = "b"
            @app.get("/a")
            def f():
                answer = info
                answer.update({"load": load()})
                answer["disk"] = disk()
                return answer
            """
            ),
            id="a template whose places are filled for each answer",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            browsers = []
            @app.post("/a")
            def f(name: str):
                browsers.append(name)
                return browsers[0]
            """
            ),
            id="a pool of the process",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            TEXT = SUM = None
            @app.get("/a")
            def f():
                global TEXT, SUM
                if TEXT is None:
                    with open("a") as file:
                        TEXT = file.read()
                    SUM = hash(TEXT)
                return SUM
            """
            ),
            id="bound where its companion was found missing",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            user_text = ""
            @app.post("/a")
            def save_debounced(text: str):
                global user_text
                user_text = text
            def g():
                return user_text
            """
            ),
            id="a debounced save",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            worker = None
            @app.post("/a")
            def f(handle):
                global worker
                worker = handle
            def g():
                return worker
            """
            ),
            id="the handle of a program",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            token = {"value": "", "since": None}
            @app.get("/a")
            def renew():
                token["value"] = fetch()
                return token["value"]
            """
            ),
            id="one record, the token of this service",
        ),
        pytest.param(
            dedent(
                """
            class A:
                cache_size = 0
                def f(self):
                    A.cache_size += 1
                    return A.cache_size
            """
            ),
            id="the size of a cache",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            log_id = 0
            @app.post("/a")
            def log_it(entry: dict):
                global log_id
                log_id += 1
                entry["id"] = log_id
                return log_id
            """
            ),
            id="numbers of log entries",
        ),
        pytest.param(
            dedent(
                """
            import time
            last_reaction = {}
            def react(user):
                if time.time() - last_reaction.get(user, 0) < 9:
                    return
                last_reaction[user] = time.time()
            """
            ),
            id="a cooldown of reactions",
        ),
        pytest.param(
            dedent(
                """
            import time
            last_used = {}
            def f(guild, user):
                key = (guild.id, user)
                if time.time() - last_used.get(key, 0) < 9:
                    return
                last_used[key] = time.time()
            """
            ),
            id="one gateway has a guild",
        ),
        pytest.param(
            dedent(
                """
            import time
            class ErrorCounter:
                timestamps = {}
                def note(self, name):
                    now = time.time()
                    self.timestamps[name] = [now]
                    return self.timestamps
            """
            ),
            id="failures of others",
        ),
    ],
)
def test_silent(source: str) -> None:
    assert roles(source) == {}


@pytest.mark.parametrize(
    ("source", "name", "role"),
    [
        pytest.param(
            HANDLER
            + dedent(
                """
            running = set()
            @app.post("/a")
            def build(name: str):
                if name in running:
                    return
                running.add(name)
                try:
                    make(name)
                finally:
                    running.discard(name)
            """
            ),
            "running",
            Role.OTHER,
            id="a guard against a second run",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            running = set()
            @app.post("/a")
            def build(name: str):
                running.add(name)
                make(name)
                running.discard(name)
            def is_running(name):
                return name in running
            """
            ),
            "running",
            Role.OTHER,
            id="a mark that is not taken back for sure",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            results = []
            @app.post("/a")
            def search(text: str):
                global results
                results = []
                results.append(text)
            @app.get("/b")
            def page():
                return results[0]
            """
            ),
            "results",
            Role.OTHER,
            id="left for the next caller of this user",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            results = []
            @app.post("/a")
            def search():
                global results
                results = []
                results.append(request.args["text"])
            @app.get("/b")
            def page():
                return results[0]
            """
            ),
            "results",
            Role.OTHER,
            id="what one request left is no copy",
        ),
        pytest.param(
            dedent(
                """
            items = []
            def keep(item, urgent):
                if urgent:
                    send(item)
                else:
                    items.append(item)
            def g():
                return items
            """
            ),
            "items",
            Role.OTHER,
            id="written to the database in no branch",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            prices = {}
            @app.post("/a")
            def change(new: dict):
                global prices
                prices = new
            def g():
                return prices
            """
            ),
            "prices",
            Role.OTHER,
            id="set from outside",
        ),
        pytest.param(
            dedent(
                """
            tasks = []
            def extend(more):
                tasks.append(find(more))
            def g():
                return tasks
            """
            ),
            "tasks",
            Role.OTHER,
            id="an item is set, and nothing was emptied",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            page = 0
            @app.post("/a")
            def forward(steps: int):
                global page
                page += steps
            def shown():
                return page
            """
            ),
            "page",
            Role.OTHER,
            id="where somebody is in a list",
        ),
        pytest.param(
            dedent(
                """
            import time
            _pending = {}
            def ask(user_id):
                _pending[user_id] = {"code": 1, "name": "a", "until": time.time(), "tries": 0}
            def answer(user_id, code):
                entry = _pending.get(user_id)
                entry["tries"] = 1
                return entry["code"] == code
            """
            ),
            "_pending",
            Role.SESSIONS,
            id="read by way of a local name",
        ),
        pytest.param(
            dedent(
                """
            import time
            verifications = {}
            def ask(user):
                verifications[user] = {"until": time.time(), "max_attempts": 3}
                raise TooManyRequests
            def g(user):
                return verifications[user]
            """
            ),
            "verifications",
            Role.SESSIONS,
            id="a code with its deadline is no limiter",
        ),
        pytest.param(
            dedent(
                """
            chat_sessions = {}
            def register_session(key, state):
                chat_sessions[key] = state
            def g(key):
                return chat_sessions[key]
            """
            ),
            "chat_sessions",
            Role.SESSIONS,
            id="sessions are registered while serving",
        ),
        pytest.param(
            HANDLER
            + dedent(
                """
            active_sessions = {}
            @app.post("/a")
            async def create():
                session = Session()
                await session.start()
                active_sessions[session.id] = session
            @app.get("/a")
            def g(key: str):
                return active_sessions[key]
            """
            ),
            "active_sessions",
            Role.SESSIONS,
            id="an awaited start is none of a thread",
        ),
        pytest.param(
            dedent(
                """
            import time
            send_times = {}
            def may(rule):
                now = time.time()
                times = [each for each in send_times.get(rule, []) if each > now - 9]
                times.append(now)
                send_times[rule] = times
                return len(times) < 5
            """
            ),
            "send_times",
            Role.LIMITER,
            id="the times stand in a local list",
        ),
        pytest.param(
            dedent(
                """
            # Registry of active WebSocket connections.
            channels = {}
            def keep(channel):
                channels[channel.client_id] = channel
            def get(key):
                return channels[key]
            """
            ),
            "channels",
            Role.CONNECTIONS,
            id="channels of WebSockets",
        ),
        pytest.param(
            dedent(
                """
            listeners = []
            def keep(websocket):
                listeners.append(websocket)  # probably a browser
            def get():
                return listeners[0]
            """
            ),
            "listeners",
            Role.CONNECTIONS,
            id="probably no word of a channel that instances share",
        ),
        pytest.param(
            dedent(
                """
            import queue
            from websocket import WebSocketApp
            queue_map = {}
            def ask(session_id):
                waiting = queue.Queue(9)
                queue_map[session_id] = waiting
            def on_message(ws, text):
                queue_map[ws.session_id].put(text)
            """
            ),
            "queue_map",
            Role.QUEUE,
            id="answers of a server that this process calls",
        ),
        pytest.param(
            dedent(
                """
            kinds = {}
            def of(key):
                if kinds.get(key) is not None:
                    return kinds[key], 1
                kind = make(key)
                kinds[key] = kind
                return kind, 0
            """
            ),
            "kinds",
            Role.CACHE,
            id="a memo that is returned with others",
        ),
    ],
)
def test_role(source: str, name: str, role: Role) -> None:
    assert roles(source) == {name: role}


def test_a_daemon_is_the_only_one_of_its_product() -> None:
    source = """
        from aiohttp import web

        class CoinDaemon:
            def configure(self):
                self.app["websockets"] = set()

                self.app.router.add_get("/ws", self.handle)

            async def handle(self, request):
                ws = web.WebSocketResponse()
                request.app["websockets"].add(ws)

            async def tell(self, text):
                for ws in self.app["websockets"]:
                    await ws.send_str(text)
    """
    assert roles(source) == {}
    assert roles(source.replace("CoinDaemon", "Notifier")) == {"app['websockets']": Role.CONNECTIONS}


@pytest.mark.parametrize(("filename", "silent"), [("discord/slow.py", True), ("chat/slow.py", False)])
def test_a_key_of_channels_belongs_to_a_gateway_where_the_path_says_so(filename: str, silent: bool) -> None:
    source = """
        import time
        last_used = {}
        def may(channel_id):
            if time.time() - last_used.get(channel_id, 0) < 9:
                return False
            last_used[channel_id] = time.time()
            return True
    """
    assert (roles(source, filename) == {}) is silent


@pytest.mark.parametrize(
    ("why", "source", "handles"),
    [
        (
            "by its name",
            "terminal_sessions = {}\ndef f(k, v):\n    terminal_sessions[k] = v\n    return terminal_sessions[k]",
            True,
        ),
        (
            "by what is stored",
            "sessions = {}\ndef f(k, v):\n    sessions[k] = Browser(v)\n    return sessions[k]",
            True,
        ),
        (
            "by its annotation",
            "sessions: dict[str, Shell] = {}\ndef f(k, v):\n    sessions[k] = v\n    return sessions[k]",
            True,
        ),
        ("data", "sessions: dict[str, str] = {}\ndef f(k, v):\n    sessions[k] = v\n    return sessions[k]", False),
    ],
)
def test_what_runs_here_is_told_from_data(why: str, source: str, handles: bool) -> None:
    (found,) = model(source).changed_while_serving
    assert found.holds_handles is handles


ENDPOINT = HANDLER + "@app.post('/a')\n"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            "_locks = {}\n" + "def of(key):\n    _locks[key] = key\n    return _locks",
            id="locks have a rule of their own",
        ),
        pytest.param(
            "class A:\n"
            "    last_job_sync = {}\n"
            "    def f(self, key):\n"
            "        self.last_job_sync[key] = 1\n"
            "        return self.last_job_sync",
            id="when this process last did something",
        ),
        pytest.param(
            "class MemoryStore(Store):\n"
            "    jobs = {}\n"
            "    def f(self, key):\n"
            "        self.jobs[key] = 1\n"
            "        return self.jobs",
            id="one of several stores",
        ),
        pytest.param(
            "import weakref\njobs = weakref.WeakSet()\ndef f(job):\n    jobs.add(job)\n    return jobs",
            id="what others hold",
        ),
        pytest.param(
            ENDPOINT + "def f():\n    global n\n    n += 1\n    return {'user': n}\nn = 0\nNODE = worker_id()",
            id="ids with the worker in them",
        ),
        pytest.param(ENDPOINT + "def debug_it():\n    global n\n    n += 1\n    return n\nn = 0", id="for developers"),
        pytest.param(
            "import itertools\n"
            "turns = itertools.count()\n" + ENDPOINT + "def f():\n"
            "    turn = next(turns)\n"
            "    print(turn)\n"
            "    return 1",
            id="a number that stays here",
        ),
        pytest.param(
            "import itertools\n"
            "turns = itertools.count()\n" + ENDPOINT + "def f(order):\n"
            "    order.turn = next(turns)\n"
            "    return 1",
            id="a number under a name of no id",
        ),
        pytest.param(
            "import itertools\n"
            "turns = itertools.count()\n" + ENDPOINT + "def f():\n"
            "    order_id = next(turns)\n"
            "    print(order_id)\n"
            "    return 1",
            id="an id that nobody gets",
        ),
        pytest.param(
            "handlers = []\n"
            "def keep(job_handler):\n"
            "    handlers.append(job_handler)\n"
            "def tasks(func):\n"
            "    jobs.append(func)\n"
            "    return func\n"
            "jobs = []\n"
            "def g():\n"
            "    return jobs, handlers",
            id="functions are registered",
        ),
        pytest.param(
            "jobs = []\ndef take(func):\n    jobs.append(func)\ndef g():\n    return jobs",
            id="what is handed in is a function",
        ),
        pytest.param(
            ENDPOINT + "async def f(kind: str):\n"
            "    task = asyncio.create_task(work(kind))\n"
            "    jobs[kind] = task\n"
            "jobs = {}\n"
            "def g():\n"
            "    return jobs",
            id="tasks have a rule of their own",
        ),
        pytest.param(
            ENDPOINT + "def f(kind: str):\n"
            "    helper.start()\n"
            "    jobs[kind] = helper\n"
            "jobs = {}\n"
            "def g():\n"
            "    return jobs",
            id="a thread that was started",
        ),
    ],
)
def test_harmless_changes(source: str) -> None:
    assert roles(source) == {}


@pytest.mark.parametrize(
    "body",
    [
        "order_id = next(turns)\n    return order_id",
        "return next(turns)",
        "return {'number': next(turns)}",
        "order.id = next(turns)\n    return 1",
        "save(order_no=next(turns))\n    return 1",
    ],
)
def test_a_number_that_goes_out_identifies_something(body: str) -> None:
    assert roles(f"import itertools\nturns = itertools.count()\n{ENDPOINT}def f(order):\n    {body}") == {
        "turns": Role.COUNTER
    }


@pytest.mark.parametrize(
    ("value", "body", "bounded"),
    [
        ("deque(maxlen=9)", "events.append(text)", True),
        ("[]", "events.append(text)\n    events = events[-9:]", True),
        ("[]", "events.append(text)\n    events.pop(0)", True),
        ("[]", "events.append(text)\n    events.pop(-1)", False),
        ("[]", "events.append(text)", False),
    ],
)
def test_a_window_over_what_happened_last(value: str, body: str, bounded: bool) -> None:
    head = f"from collections import deque\n{ENDPOINT}def f(text: str):\n    global events\n"
    source = f"{head}    {body}\n    return events\n"
    assert (roles(f"{source}events = {value}\n") == {}) is bounded


def test_what_subclasses_register_is_no_state_of_callers() -> None:
    source = """
        class Job:
            jobs = {}
            def __init_subclass__(cls, **options):
                Job.jobs[options["name"]] = options
            def known(self):
                return self.jobs
    """
    assert roles(source) == {}
    assert roles(source.replace("__init_subclass__", "take")) == {"Job.jobs": Role.OTHER}


@pytest.mark.parametrize("made", ["ContextVar('x')", "LocalProxy(f)"])
def test_what_each_request_has_of_its_own(made: str) -> None:
    source = f"jobs = {made}\n{ENDPOINT}def f(text: str):\n    global jobs\n    jobs = text\n    return jobs\n"
    assert roles(source) == {}
    assert roles(source.replace(made, "None")) == {"jobs": Role.OTHER}


@pytest.mark.parametrize("name", ["last_request_time", "last_seen"])
def test_when_this_process_was_last_busy(name: str) -> None:
    source = (
        f"{name} = None\n{ENDPOINT}def f(at: str):\n    global {name}\n    {name} = at\ndef g():\n    return {name}\n"
    )
    assert roles(source) == {}
    assert roles(source.replace(name, "maintenance_from")) == {"maintenance_from": Role.OTHER}


def test_tokens_of_a_service_that_are_fetched_once_are_a_cache() -> None:
    source = """
        access_tokens = {}
        def token_of(account):
            if account not in access_tokens:
                access_tokens[account] = fetch(account)
            return access_tokens[account]
    """
    assert roles(source) == {"access_tokens": Role.CACHE}
    assert roles(source.replace("if account not in access_tokens:", "if True:")) == {"access_tokens": Role.SESSIONS}


def test_a_set_of_what_is_pending_holds_marks_and_no_sessions() -> None:
    source = "_pending = set()\ndef mark(a, b):\n    _pending.add((a, b))\ndef f(key):\n    return key in _pending\n"
    assert roles(source) == {"_pending": Role.OTHER}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("last_request", Role.LIMITER),
        ("seen_nonces", None),
        ("sampled_requests", None),
        ("running_concurrent_requests", None),
    ],
)
def test_which_times_are_those_of_a_limiter(name: str, role: Role | None) -> None:
    text = (
        f"import time\n{name} = {{}}\ndef f(user):\n    if time.time() - {name}.get(user, 0) < 9:\n        raise Busy\n"
        f"    {name}[user] = time.time()\n"
    )
    assert roles(text).get(name) is role


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("def f(key: str):\n    _told[key] = 1\n", "def g():\n    return _told\n"),
        ("def f():\n    _told['on'] = True\n", ENDPOINT.replace("/a", "/b") + "def g():\n    return _told\n"),
        ("def f(key: str):\n    _told[key] = {}\n", "def g(key):\n    told = _told.get(key)\n    told['end'] = 1\n"),
    ],
)
def test_what_one_caller_leaves_and_another_asks_for(kept: str, asked: str) -> None:
    source = "_told = {}\n" + ENDPOINT + kept
    assert roles(source + asked) == {"_told": Role.OTHER}
    assert roles(source + "def g():\n    log(_told)\n") == {}


@pytest.mark.parametrize("kept", ["_told['on'] = True", "_told['at'] = time.time()", "_told.update(load())"])
def test_what_came_from_no_caller(kept: str) -> None:
    source = f"import time\n_told = {{}}\ndef keep():\n    {kept}\ndef g():\n    return _told\n"
    assert roles(source) == {}
    assert roles(source.replace(kept, "_told['on'] = key").replace("keep()", "keep(key)")) == {}
    assert roles(source.replace(kept, "_told[key] = key").replace("keep()", "keep(key)").replace("_told", "_jobs")) == {
        "_jobs": Role.OTHER
    }


KEPT = """
from shop.routes import router

sessions = {}

@router.get("/sessions/{number}")
def session(number: str):
    return sessions.get(number)

class Writer:
    def keep(self, number, text):
        sessions[number] = text
"""
SERVER = """
from fastapi import FastAPI
from shop.kept import Writer, session

app = FastAPI()
session("1")

def answer(number, text):
    CALL
app.post("/a")(answer)
"""


@pytest.mark.parametrize(("call", "names"), [("Writer().keep(number, text)", ["sessions"]), ("return Writer", [])])
def test_a_change_to_which_nothing_comes(tmp_path: Path, call: str, names: list[str]) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    texts = {"__init__": "", "routes": "", "kept": KEPT, "server": SERVER.replace("CALL", call)}
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    found = model(KEPT, str(folder / "kept.py"), Settings())
    assert [each.state.name for each in found.changed_while_serving] == names


MIRROR = (
    HANDLER
    + """
from app.stores import redis
histories = {{}}

@app.post("/lines/{{user_id}}")
async def add(user_id: str, line: str):
    histories.setdefault(user_id, []).append(line)
    {writes}

@app.get("/lines/{{user_id}}")
async def lines(user_id: str):
    {asks}
    return histories.get(user_id, [])
"""
)


@pytest.mark.parametrize(
    ("writes", "asks", "spoken"),
    [
        ("redis.rpush(user_id, line)", "if found := redis.lrange(user_id, 0, -1): return found", False),
        ("redis.rpush(user_id, line)", "pass", True),
        ("pass", "if found := redis.lrange(user_id, 0, -1): return found", True),
    ],
)
def test_a_copy_that_is_read_only_where_the_store_has_nothing(writes: str, asks: str, spoken: bool) -> None:
    found = roles(MIRROR.format(writes=writes, asks=asks))
    assert (found.get("histories") is Role.SESSIONS) is spoken


@pytest.mark.parametrize(("key", "role"), [("job_id", Role.OTHER), ("chat_id", Role.SESSIONS)])
def test_a_history_of_jobs_is_no_conversation(key: str, role: Role) -> None:
    source = MIRROR.replace("user_id", key).replace(
        f"histories.setdefault({key}, []).append(line)", f"histories[{key}] = line"
    )
    assert roles(source.format(writes="pass", asks="pass")) == {"histories": role}


def test_of_several_writers_the_one_with_a_caller_s_data_is_named() -> None:
    source = HANDLER + dedent(
        """
        notes = []

        def add_sample_notes():
            notes.append(Note("first"))

        @app.get("/notes")
        def all_notes():
            add_sample_notes()
            return list(notes)

        @app.post("/notes")
        def add(text: str):
            notes.append(text)
        """
    )
    (found,) = model(source, "service.py").changed_while_serving
    function = found.change.scope.function
    assert function is not None
    assert function.name == "add"
