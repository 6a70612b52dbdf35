"""SCL303: state of one process that functions change while serving."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.roles import Role, folded
from flake8_scalability.model.stateless.singletons import singletons
from flake8_scalability.model.stateless.state import function_name
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class InstanceBoundState(Rule):
    """A list, dictionary, set or variable of the process is changed while it serves.

    What it does
    ------------
    Finds lists, dictionaries, sets and variables at module level, on classes, on the application object
    (`app.state.jobs`, `app.config["jobs"]`) and on instances that live as long as the process, in which callers leave
    something that others ask for: jobs, results, progress, flags. What is kept comes from the arguments or the request,
    a request comes to the function that keeps it (or another file calls that while it serves), and another handler, or
    a function that other files call, answers or decides by it; of an object, by looking up an entry that is asked for.
    A flag or a progress that one handler sets is found where another handler answers from it.

    Why it does not scale
    ---------------------
    Each process has a copy of its own. The second instance answers from another one: a job that was started here is
    unknown there, a flag set here is not set there; a restart or a deployment loses all of it.

    How to fix it
    -------------
    Keep the state in Redis or the database, hand work to a task queue, and pass what one request needs as arguments.

    Known limits
    ------------
    State that another module changes is not seen, nor what an object of another library holds, nor what only the
    function reads that sets it. Silent is what a class writes on to a file or a store or fills from there, entries that
    a function also writes to a store, what stands in for a store or a library that is not to be had, what modules for
    diagnostics note, objects that run and are stopped here, handles (open files, processes), what goes by the numbers
    of threads, the record of a model that is loaded into this process, and what each handler of a class sets anew.
    Where no project tells, other files may read a public name.
    Sessions (SCL301), live connections (SCL305), queues (SCL402), limiters (SCL404), counters (SCL601) and caches have
    rules of their own.
    """

    code = "SCL303"
    slug = "instance-bound-state"
    severity = Severity.CRITICAL
    since = "0.1.0"
    second_instance = True
    message = "{what} `{name}`{more} is changed by {function}() while serving; {instead}"
    short = "`{name}`{more} is changed by {function}(); {instead}"
    title = "Instance-specific state"
    impact = "Each instance has its own copy, a restart loses it, and a second instance answers from another state"
    fix = "Keep the state in Redis or the database; hand jobs to a task queue (Celery, RQ, Dramatiq)"
    references = (
        "https://12factor.net/processes",
        "https://fastapi.tiangolo.com/deployment/concepts/#memory",
    )
    examples = (
        Bad(
            """
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)
            exports = {}  # SCL303

            @app.post("/exports/<number>")
            @limiter.limit("10/minute")
            def start_export(number):
                exports[number] = "started"
                return "", 202
        """,
            "another instance is asked how far the export is",
        ),
        Bad(
            """
            reminders = []  # SCL303

            def remind(customer, date):
                reminders.append((customer, date))
        """,
            "library code that callers use while serving",
        ),
        Bad(
            """
            from fastapi import APIRouter, Depends, Request
            from app.limits import RateLimiter

            router = APIRouter(dependencies=[Depends(RateLimiter(times=10, seconds=60))])
            maintenance = False  # SCL303

            @router.post("/maintenance/{state}")
            async def switch(state: bool):
                global maintenance
                maintenance = state
        """,
            "the flag is set in one process only",
        ),
        Bad(
            """
            from fastapi import FastAPI, Request
            from slowapi.middleware import SlowAPIMiddleware

            app = FastAPI()
            app.add_middleware(SlowAPIMiddleware)
            app.state.builds = {}  # SCL303

            @app.post("/builds/{name}")
            async def build(name: str, request: Request):
                request.app.state.builds[name] = "queued"
        """,
            "the application object is one for each process",
        ),
        Bad(
            """
            class Inventory:
                reserved = {}  # SCL303

                def reserve(self, article, amount):
                    self.reserved[article] = amount
        """,
            "a mutable class attribute is shared by all objects of one process, and by nobody else",
        ),
        Bad(
            """
            class BuildStore:
                def __init__(self):
                    self.builds = {}  # SCL303

                def create(self, number, branch):
                    self.builds[number] = {"branch": branch}

                def finish(self, number):
                    build = self.builds.get(number)
                    build["done"] = True

            store = BuildStore()
        """,
            "the one instance of the class lives as long as the process",
        ),
        Bad(
            """
            import threading
            from app.limits import limiter
            from app.stock import count_all
            from flask import Flask

            app = Flask(__name__)
            _counting = {"running": False, "found": 0}  # SCL303
            _pages = {"shown": 1}  # todo: SCL303

            def _recalculate():
                _counting["found"] = count_all()
                _counting["running"] = False

            @app.post("/counting")
            @limiter.limit("10/minute")
            def start_counting():
                _counting["running"] = True
                threading.Thread(target=_recalculate).start()  # SCL304
                return "", 202

            @app.get("/counting")
            @limiter.limit("10/minute")
            def counting():
                return _counting

            @app.post("/pages/next")
            @limiter.limit("10/minute")
            def next_page():
                _pages["shown"] = _pages["shown"] % 9 + 1
                return str(_pages["shown"])
        """,
            "who asks another instance how far it is hears that nothing runs",
        ),
        Good(
            """
            from app.forms import AddressForm, CustomerForm
            from django.views import View

            class Customers(View):
                forms = {CustomerForm.KEY: CustomerForm}

                def get(self, request, number):
                    if "address" in request.GET:
                        self.forms[AddressForm.KEY] = AddressForm
                    return self.forms[request.GET["form"]]().answer(number)
        """,
            "a form of the program, under a key that is its own in every process",
        ),
        Good(
            """
            import time
            from app.limits import limiter
            from flask import Flask, request

            app = Flask(__name__)
            _noted = {}

            def _forget(now):
                for key in [key for key, since in _noted.items() if since < now - 60]:
                    _noted.pop(key, None)

            @app.post("/reports")
            @limiter.limit("10/minute")
            def report():
                now = time.time()
                _forget(now)
                if request.form["page"] not in _noted:
                    app.logger.info("report of %s", request.form["page"])
                _noted[request.form["page"]] = now
                return "", 204
        """,
            "keeps a line of the log from being written twice in a minute",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask, request

            app = Flask(__name__)
            _source = None

            @app.post("/settings")
            @limiter.limit("10/minute")
            def settings():
                global _source
                before, _source = _source, request.form["source"]
                if before != _source:
                    app.logger.info("settings from %s", _source)
                return "", 204
        """,
            "only what is logged depends on it",
        ),
        Good(
            """
            import time
            from app.limits import limiter
            from flask import Flask, g, request

            app = Flask(__name__)
            _route_latency = {}

            @app.after_request
            def note(response):
                _route_latency.setdefault(request.path, []).append(time.monotonic() - g.begun)
                return response

            @app.get("/latency")
            @limiter.limit("10/minute")
            def latency():
                return {path: max(seconds) for path, seconds in _route_latency.items()}
        """,
            "numbers of this process, for those who run it",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask, request

            app = Flask(__name__)
            TEXTS = {"towns": {"title": "Towns"}, "rivers": {"title": "Rivers"}}

            @app.get("/texts/<kind>")
            @limiter.limit("10/minute")
            def texts(kind):
                text = TEXTS.get(kind, {})
                text["address"] = request.url
                return dict(text)

            @app.get("/texts")
            @limiter.limit("10/minute")
            def all_texts():
                return list(TEXTS)
        """,
            "what is written out is only decorated",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask
            from app.payments import pay

            app = Flask(__name__)
            _payment_of_order = {}

            @app.post("/orders/<number>/payment")
            @limiter.limit("10/minute")
            def pay_order(number):
                payment = pay(number)
                _payment_of_order[number] = payment.id
                return {"payment": payment.id}
        """,
            "nobody asks for it",
        ),
        Good(
            """
            PRICES = {"letter": 90, "parcel": 450}

            def price(kind):
                return PRICES[kind]
        """,
            "a constant",
        ),
        Good(
            """
            import importlib

            HANDLERS = {}

            def register(name):
                def decorator(function):
                    HANDLERS[name] = function
                    return function
                return decorator

            @register("csv")
            def read_csv(stream):
                return stream
        """,
            "a registry is filled when modules are imported, the same in each process",
        ),
        Good(
            """
            _engine = None

            def engine():
                global _engine
                if _engine is None:
                    _engine = make_engine()
                return _engine
        """,
            "made once, when it is first asked for",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)

            @app.get("/sums/<int:number>")
            @limiter.limit("10/minute")
            def sums(number):
                found = {}
                for part in range(number):
                    found[part] = part * part
                return found
        """,
            "a local mapping",
        ),
        Good(
            """
            import threading

            current = threading.local()

            def begin(user):
                current.user = user
        """,
            "a thread-local belongs to the request that runs in the thread",
        ),
        Good(
            """
            class Basket:
                def __init__(self):
                    self.lines = []

                def add(self, article):
                    self.lines.append(article)

            def total(articles):
                basket = Basket()
                for article in articles:
                    basket.add(article)
                return len(basket.lines)
        """,
            "an object for one call",
        ),
        Good(
            """
            SETTINGS = {}

            def configure(**given):
                SETTINGS.update(given)
        """,
            "what configures runs while the process starts",
        ),
        Good(
            """
            _asked = set()

            def load_plugins(names):
                for name in names:
                    _asked.add(name)
        """,
            "plug-ins are loaded at start-up",
        ),
        Good(
            """
            import warnings

            _warned = set()

            def warn_once(name):
                if name not in _warned:
                    _warned.add(name)
                    warnings.warn(name, stacklevel=2)
        """,
            "each process may say it once",
        ),
        Good(
            """
            # scalability: single-instance
            reminders = []

            def remind(customer, date):
                reminders.append((customer, date))
        """,
            "the file says that this process will never have a sibling",
        ),
        Good(
            """
            import sys

            lines = []

            def collect(line):
                lines.append(line)

            if __name__ == "__main__":
                for line in sys.stdin:
                    collect(line)
                print(len(lines))
        """,
            "a script ends with its state",
        ),
        Good(
            """
            import dataclasses

            @dataclasses.dataclass
            class Report:
                lines: list = dataclasses.field(default_factory=list)

                def add(self, line):
                    self.lines.append(line)
        """,
            "each object has a list of its own",
        ),
        Good(
            """
            class Visitor:
                names = ()

                def visit(self, node):
                    self.names = (*self.names, node.name)
        """,
            "an assignment on `self` hides the class's attribute",
        ),
        Good(
            """
            orders = {}

            def renew_orders():
                orders.clear()
                orders.update(stored_orders())

            def order(number):
                return orders.get(number)
        """,
            "a copy that is read again as a whole",
        ),
        Good(
            """
            running = set()

            def build(number):
                running.add(number)
                try:
                    make(number)
                finally:
                    running.discard(number)

            def builds_here(number):
                return number in running
        """,
            "what this process is doing at the moment",
        ),
        Good(
            """
            class DevWarehouse:
                moved = []

                def move(self, parcel, shelf):
                    self.moved.append((parcel, shelf))

                def all_moved(self):
                    return list(self.moved)
        """,
            "made up for developers, as its name says",
        ),
        Good(
            """
            class Warehouse:
                \"\"\"A dummy warehouse that is used in tests.\"\"\"

                orders = []

                def order(self, parcel):
                    self.orders.append(parcel)

                def all_orders(self):
                    return list(self.orders)
        """,
            "and as it says itself",
        ),
        Good(
            """
            from collections.abc import MutableMapping

            class Settings(MutableMapping):
                def __init__(self):
                    self.store = {}

                def __getitem__(self, key):
                    return self.store[key]

                def __setitem__(self, key, value):
                    self.store[key] = value

                def __delitem__(self, key):
                    del self.store[key]

                def __iter__(self):
                    return iter(self.store)

                def __len__(self):
                    return len(self.store)

            settings = Settings()
        """,
            "a mapping: what is put into it, those decide who use it",
        ),
        Good(
            """
            class Statements:
                def __init__(self):
                    self.results = []

                def __enter__(self):
                    return self

                def __exit__(self, *error):
                    self.results = []

                def add_result(self, row):
                    self.results.append(row)

                def last_result(self):
                    return self.results[-1]

            statements = Statements()
        """,
            "empty again after each `with`",
        ),
        Good(
            """
            import asyncio

            class Inspector:
                def __init__(self):
                    self.events = {}
                    self.results = {}

                async def inspect(self, host):
                    if host in self.events:
                        await self.events[host].wait()
                        return self.results.get(host)
                    self.events[host] = asyncio.Event()
                    self.results[host] = await look_at(host)
                    self.events.pop(host).set()
                    return self.results[host]

            inspector = Inspector()
        """,
            "for those who wait for the same answer in this process",
        ),
        Good(
            """
            from flask import Blueprint, current_app
            from app.logins import make_login

            pages = Blueprint("pages", __name__)
            login = None

            @pages.before_app_request
            def make_logins():
                global login
                if current_app.extensions.get("logins_registered"):
                    return
                login = make_login()
                current_app.extensions["logins_registered"] = True

            def current_login():
                return login
        """,
            "made once in each process, with the first request",
        ),
        Good(
            """
            from app.limits import limiter
            from app.stores import cursor
            from flask import Flask

            site = Flask(__name__)

            @site.get("/applications/<int:number>")
            @limiter.limit("10/minute")
            def application(number):
                cursor.execute("SELECT name FROM applications WHERE id = %s", (number,))
                app = cursor.fetchone()
                app["owners"] = []
                app["owners"].append("nobody")
                return app
        """,
            "a row of the database that is called app",
        ),
        Good(
            """
            from apscheduler.schedulers.asyncio import AsyncIOScheduler

            class Timetable:
                def __init__(self):
                    self.scheduler = AsyncIOScheduler()
                    self.jobs = {}

                def plan(self, name, work):
                    self.jobs[name] = self.scheduler.add_job(work, id=name)

                def planned(self):
                    return list(self.jobs)

            timetable = Timetable()
        """,
            "handles of this process's scheduler",
        ),
        Good(
            """
            class Calendar:
                def __init__(self):
                    self._subscribers = {}

                def subscribe(self, kind, callback):
                    self._subscribers.setdefault(kind, []).append(callback)

                def tell(self, kind):
                    return [callback() for callback in self._subscribers.get(kind, [])]

            calendar = Calendar()
        """,
            "functions of this process, which no store could hold",
        ),
        Good(
            """
            import asyncio

            class Documents:
                def __init__(self):
                    self.pending_states = {}
                    self.savers = {}

                def changed(self, number, text):
                    self.pending_states[number] = text
                    if number in self.savers:
                        self.savers[number].cancel()
                    self.savers[number] = asyncio.get_running_loop().call_later(1, self.save, number)

                def save(self, number):
                    write(number, self.pending_states.pop(number))

            documents = Documents()
        """,
            "waits a moment until it is written",
        ),
        Good(
            """
            from html.parser import HTMLParser

            def headings(text):
                class Headings(HTMLParser):
                    results = {}

                    def handle_starttag(self, tag, attributes):
                        self.results[tag] = attributes

                parser = Headings()
                parser.feed(text)
                return parser.results
        """,
            "a class that is made with each call",
        ),
        Good(
            """
            class DeliveryMetrics:
                def __init__(self):
                    self.entries = []

                def record(self, entry):
                    self.entries.append(entry)

                def all_entries(self):
                    return list(self.entries)

            metrics = DeliveryMetrics()
        """,
            "numbers of this process, for those who run it",
        ),
        Good(
            """
            MONTHS = {number: 0 for number in range(1, 13)}

            def earned(rows):
                for month, amount in rows:
                    MONTHS[month] = amount
                return MONTHS
        """,
            "scratch paper of one function",
        ),
        Good(
            """
            try:
                from timetable import Timetable
            except ImportError:

                class Timetable:
                    def __init__(self):
                        self.jobs = {}

                    def add(self, name, function):
                        self.jobs[name] = function

                    def job(self, name):
                        return self.jobs.get(name)

            timetable = Timetable()
        """,
            "takes the place of a library that is not installed",
        ),
        Good(
            """
            events = []

            def record_event(kind, note):
                events.append((kind, note))

            def all_events():
                return list(events)
        """,
            "news of this process, for those who run it",
            "shop/diagnostics/state.py",
        ),
        Good(
            """
            from app.database import insert_alarm
            from app.limits import limiter
            from flask import Flask, request

            app = Flask(__name__)
            alarms = {}

            @app.post("/alarms/<number>")
            @limiter.limit("10/minute")
            def raise_alarm(number):
                alarm = {"number": number, "kind": request.form["kind"]}
                alarms[number] = alarm
                insert_alarm(alarm)
                return "", 204

            @app.get("/alarms/<number>")
            @limiter.limit("10/minute")
            def alarm_of(number):
                return alarms[number]
        """,
            "a copy of what the database has",
        ),
        Good(
            """
            from _thread import get_ident as this_thread
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)
            jobs = {}

            @app.post("/jobs/<number>")
            @limiter.limit("10/minute")
            def follow(number):
                jobs[number] = []
                jobs[number].append(this_thread())
                return "", 204

            @app.get("/jobs/<number>")
            @limiter.limit("10/minute")
            def threads_of(number):
                return jobs.get(number)
        """,
            "threads of this process",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask

            app = Flask(__name__)
            documents = {}

            @app.post("/documents/<number>")
            @limiter.limit("10/minute")
            def open_document(number):
                file = open(f"/var/documents/{number}")
                documents[number] = (number, file)
                return "", 204

            @app.get("/documents/<number>")
            @limiter.limit("10/minute")
            def line_of_document(number):
                return documents[number][1].readline()
        """,
            "files that this process has open",
        ),
        Good(
            """
            import subprocess
            from app.limits import limiter
            from flask import Flask, request

            app = Flask(__name__)
            state = {"status": "idle", "program": None}

            @app.post("/program")
            @limiter.limit("10/minute")
            def begin():
                # best effort: it is begun again by hand
                state["program"] = subprocess.Popen(["measure", request.form["what"]])
                state["status"] = request.form["what"]
                return "", 204

            @app.get("/program")
            @limiter.limit("10/minute")
            def status():
                return {"status": state["status"]}
        """,
            "the record of the one program that runs on this machine",
        ),
        Good(
            """
            from http.server import BaseHTTPRequestHandler
            from app.pages import answer
            from app.limits import limiter
            from flask import Flask

            site = Flask(__name__)

            class Current:
                form = {}

            class Handler(BaseHTTPRequestHandler):
                def do_GET(self):
                    Current.form = self.path
                    answer(self)

                def do_POST(self):
                    Current.form = self.headers
                    answer(self)

            @site.get("/form")
            @limiter.limit("10/minute")
            def form():
                return Current.form
        """,
            "each handler sets it anew before anybody reads it",
        ),
        Good(
            """
            from app.limits import limiter
            from flask import Flask, request
            from transformers import AutoModel

            app = Flask(__name__)
            model = None
            model_info = {"name": "", "device": "cpu"}

            def load(name):
                global model, model_info
                model = AutoModel.from_pretrained(name)
                model_info = {"name": name, "device": "cuda"}

            @app.post("/model")
            @limiter.limit("1/minute")
            def choose():
                load(request.form["name"])
                return "", 204

            @app.get("/model")
            @limiter.limit("10/minute")
            def info():
                return {"name": model_info["name"]}

            @app.delete("/model")
            @limiter.limit("1/minute")
            def drop():
                global model
                model = None
                model_info["name"] = ""
                return "", 204
        """,
            "tells of the model in this process's memory",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        others = [each for each in source.changed_while_serving if each.role is Role.OTHER]
        # SCL603 speaks of what the only object of a class holds.
        single = {each.owner for each in singletons(source)} if others else set()
        for found, companions in folded(each for each in others if each.state.owner not in single):
            names = {
                "what": found.holder,
                "name": found.state.name,
                "more": f" (and {companions} more)" if companions else "",
                "function": function_name(found.change),
                "instead": "route callers to their instance" if found.holds_handles else "keep it in a shared store",
            }
            yield Finding(found.state.node, names, found.via)
