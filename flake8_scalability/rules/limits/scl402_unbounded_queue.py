"""SCL402: a queue between producers and consumers that nothing bounds."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.limits.queues import unbounded_lists, unbounded_queues
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.state import function_name
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UnboundedQueue(Rule):
    """A queue between producers and consumers takes whatever it is given.

    What it does
    ------------
    Finds `queue.Queue()`, `SimpleQueue`, `asyncio.Queue()`, `multiprocessing.Queue()`, `janus.Queue()` and their like
    without a size, memory streams with an infinite buffer, and lists and deques from whose front something is taken,
    where the file shows all three: the queue is there as long as the process (a name of the module or class, or of an
    object of which one is kept or which starts its own consumer), one function puts in work, and another waits for it.

    Why it does not scale
    ---------------------
    When the consumers are slower than the producers, which is what load means, the queue grows until the process is
    killed, and everything in it is lost. Nobody is told before to slow down: backpressure is missing.

    How to fix it
    -------------
    Give the queue a `maxsize`, and decide what happens when it is full: wait with a time limit, answer 503 or 429, or
    drop the oldest. A bound alone may deadlock a producer that its own consumer waits for. What must not be lost
    belongs in a broker.

    Known limits
    ------------
    Programs of one machine (`project/one_machine.py`) are silent.
    Queues that are made, filled and drained in one function, that carry one answer, hold free resources or log
    records, whose size is looked at by hand, or of which only what has become old is taken out, are silent. So are
    those whose producer looks whether something is in already or keeps it in another place too, those into which
    the consumer puts things back, those that a broker's consumer with a prefetch limit fills, those that a
    library's callback fills without waiting (a bound would lose what it was told of), and those whose consumer is
    in another file or only looks whether there is something. A file outside of a project is believed the name of a
    list (`work_queue`), and a class that works its queue off in a loop. Queues of keys of what is kept elsewhere
    (`put(order_id)`) take no room, and are silent.
    """

    code = "SCL402"
    slug = "unbounded-queue"
    severity = Severity.HIGH
    many_callers = True
    since = "0.1.0"
    message = "{each}{name} grows without a bound when {producer}() outruns its consumers; {instead}"
    short = "{each}{name}, filled by {producer}(), has no bound; {instead}"
    title = "Missing backpressure"
    impact = "When consumers are slower than producers, the queue grows until the process is killed"
    fix = "Set maxsize, and wait with a time limit, answer 429 or 503, or drop the oldest when it is full"
    references = (
        "https://docs.python.org/3/library/queue.html#queue.Queue",
        "https://docs.python.org/3/library/asyncio-queue.html#asyncio.Queue",
    )
    examples = (
        Bad(
            """
            import queue
            import threading

            mails = queue.Queue()  # SCL402

            def enqueue(mail):
                mails.put(mail)

            def deliver():
                while True:
                    print(mails.get(timeout=60))

            threading.Thread(target=deliver, daemon=True).start()
        """,
            "when the mail server hesitates, the process grows",
        ),
        Bad(
            """
            import asyncio

            class Recorder:
                def __init__(self, store):
                    self.store = store
                    self.pending = asyncio.Queue(maxsize=0)  # SCL402

                def record(self, event):
                    self.pending.put_nowait(event)

                async def drain(self):
                    while True:
                        await self.store.write(await self.pending.get())
        """,
            "zero means no bound",
        ),
        Bad(
            """
            import asyncio

            class Hub:
                def __init__(self):
                    self.listeners = set()

                async def subscribe(self, send):
                    news = asyncio.Queue()  # SCL402
                    self.listeners.add(news)
                    try:
                        while True:
                            await send(await news.get())
                    finally:
                        self.listeners.discard(news)

                def publish(self, item):
                    for listener in self.listeners:
                        listener.put_nowait(item)
        """,
            "a subscriber that reads slowly fills the memory of all",
        ),
        Bad(
            """
            from queue import SimpleQueue

            orders = SimpleQueue()  # SCL402

            def place(order):
                orders.put(order)

            def pick():
                return orders.get(timeout=5)
        """,
            "a queue that can't have a bound",
        ),
        Bad(
            """
            from collections import deque

            arrivals = deque()  # SCL402

            def arrive(parcel):
                arrivals.append(parcel)

            def sort_next():
                return arrivals.popleft()
        """,
            "a deque that one side fills and the other empties",
        ),
        Bad(
            """
            import queue

            class Kitchens:
                def __init__(self):
                    self.orders = {}

                def order(self, kitchen, dish):
                    if kitchen not in self.orders:
                        self.orders[kitchen] = queue.Queue()  # SCL402
                    self.orders[kitchen].put(dish)

                def close(self, kitchen):
                    self.orders[kitchen].put(StopCooking())

                def cook(self, kitchen):
                    while not isinstance(dish := self.orders[kitchen].get(timeout=60), StopCooking):
                        print(dish)

            class StopCooking:
                pass
        """,
            "a queue for each kitchen; `order` fills it, while `close` only tells that it ends",
        ),
        Good(
            """
            import asyncio
            from harbour.locks import Listener

            arrivals = asyncio.Queue()  # todo: SCL402

            class Gate(Listener):
                def on_open(self, ship):
                    arrivals.put_nowait(ship)

            async def moor():
                while True:
                    print(await arrivals.get())
            """,
            "nobody can make the library wait: with a bound it would hear of a full queue, and the ship be lost",
        ),
        Bad(
            """
            import asyncio
            from harbour.locks import Listener

            arrivals = asyncio.Queue()  # SCL402

            class Gate(Listener):
                def on_open(self, ship):
                    try:
                        arrivals.put_nowait(ship)
                    except asyncio.QueueFull:
                        self.turn_away(ship)

            async def moor():
                while True:
                    print(await arrivals.get())
            """,
            "it knows what to do when the queue is full, but the queue never is",
        ),
        Good(
            """
            import queue
            import threading

            waiting = queue.Queue()

            def work():
                while True:
                    shrink(waiting.get())
                    waiting.task_done()

            def run(pictures):
                threading.Thread(target=work, daemon=True).start()
                while True:
                    for picture in pictures.unfinished()[:64]:
                        waiting.put(picture)
                    waiting.join()
            """,
            "the next are put in when none is left",
        ),
        Good(
            """
            import queue

            calls = queue.Queue()

            def call(number):
                calls.put(number)

            def dial():
                while True:
                    number = calls.get(timeout=60)
                    if is_busy(number):
                        call(number)

            def is_busy(number):
                return number.startswith("0")
            """,
            "a bound would make the consumer wait for itself",
        ),
        Good(
            """
            import queue

            class Laundry:
                def __init__(self):
                    self.waiting = queue.Queue()
                    self.known = set()

                def bring(self, shirt):
                    if shirt.number in self.known:
                        return
                    self.known.add(shirt.number)
                    self.waiting.put(shirt)

                def wash(self):
                    while True:
                        print(self.waiting.get(timeout=60))

            laundry = Laundry()
            """,
            "as many wait as there are shirts, and all are remembered anyway",
        ),
        Good(
            """
            import queue

            bells = queue.Queue()  # todo: SCL402

            def ring(bell):
                bells.put(bell)

            def heard():
                return None if bells.empty() else bells.get(block=False)
            """,
            "who takes it out, and how often, is not seen",
        ),
        Good(
            """
            import time
            from collections import deque

            arrivals = deque()

            def arrive(parcel):
                arrivals.append((time.monotonic(), parcel))
                forget()

            def forget():
                while arrivals and arrivals[0][0] < time.monotonic() - 60:
                    arrivals.popleft()
            """,
            "the arrivals of the last minute: what has become old is thrown away",
        ),
        Good(
            """
            import queue

            mails = queue.Queue(maxsize=1000)

            def enqueue(mail):
                mails.put(mail, timeout=1)

            def deliver():
                while True:
                    print(mails.get(timeout=60))
        """,
            "a bound, and a caller that learns of it",
        ),
        Good(
            """
            import queue

            def make_mails(settings):
                return queue.Queue(maxsize=settings.mails)
        """,
            "the bound is configured",
        ),
        Good(
            """
            import queue

            def walk(root):
                todo = queue.Queue()
                todo.put(root)
                while not todo.empty():
                    node = todo.get_nowait()
                    for child in node.children:
                        todo.put(child)
        """,
            "filled and drained in one function",
        ),
        Good(
            """
            import logging.handlers
            import queue

            records = queue.Queue(-1)
            logging.getLogger().addHandler(logging.handlers.QueueHandler(records))
        """,
            "log records, as the documentation of logging does it",
        ),
        Good(
            """
            import queue

            class Sockets:
                def __init__(self, size, connect):
                    self.free = queue.Queue()
                    for _ in range(size):
                        self.free.put(connect())

                def take(self):
                    return self.free.get(timeout=5)

                def give_back(self, socket):
                    self.free.put(socket)
        """,
            "what goes round in a pool does not become more",
        ),
        Good(
            """
            import asyncio

            class Words:
                def __init__(self):
                    self.heard = asyncio.Queue()

                def on_word(self, word):
                    self.heard.put_nowait(word)

                def __aiter__(self):
                    return self

                async def __anext__(self):
                    return await self.heard.get()
        """,
            "one answer, read as it is written",
        ),
        Good(
            """
            import queue

            jobs = queue.Queue()

            def submit(job):
                if jobs.qsize() >= 500:
                    raise OverflowError("try again later")
                jobs.put(job)

            def work():
                while True:
                    print(jobs.get(timeout=60))
        """,
            "bounded by hand",
        ),
        Good(
            """
            import asyncio

            class Call:
                def __init__(self):
                    self.reply = asyncio.Queue()

                def answer(self, text):
                    self.reply.put_nowait(text)

                async def wait(self):
                    return await self.reply.get()
        """,
            "the way back of one message",
        ),
        Good(
            """
            import queue

            wake = queue.Queue()

            def nudge():
                wake.put(None)

            def work():
                while True:
                    wake.get(timeout=60)
        """,
            "only a signal",
        ),
        Good(
            """
            import queue

            shifts = queue.Queue()

            class EndOfShift:
                pass

            def close():
                shifts.put(EndOfShift())

            def work():
                while not isinstance(shifts.get(timeout=60), EndOfShift):
                    print("next")
        """,
            "only the sign that there will be no more",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()

            @router.get("/summary")
            @limiter.limit("10/minute")
            async def summary(model, emit):
                said = asyncio.Queue()
                speaking = asyncio.create_task(speak(said, model))
                await hear(said, emit)
                await speaking
                return {}

            async def speak(said, model):
                async for word in model:
                    await said.put(word)

            async def hear(said, emit):
                while (word := await said.get()) is not None:
                    emit(word)
        """,
            "a queue of one request, which waits until it is drained",
        ),
        Good(
            """
            from collections import deque

            latencies = deque(maxlen=1000)

            def note(seconds):
                latencies.append(seconds)

            def oldest():
                return latencies.popleft()
        """,
            "the oldest falls out",
        ),
        Good(
            """
            import asyncio
            from app import orders

            paid = asyncio.Queue()

            async def on_paid(order_id):
                await paid.put(order_id)

            async def announce_paid():
                while True:
                    await orders.announce(await paid.get())
            """,
            "the key of an order takes no room, and losing one would be worse",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the queues of both kinds, each where it is made."""
        for queue in unbounded_queues(source):
            each = "each of " if queue.is_one_of_many else ""
            names = {"each": each, "name": queue.name, "producer": queue.producer, "instead": queue.instead}
            yield Finding(queue.node, names)
        for state, change in unbounded_lists(source):
            producer = function_name(change)
            names = {"each": "", "name": state.name, "producer": producer, "instead": "use a Queue with maxsize"}
            yield Finding(state.node, names)
