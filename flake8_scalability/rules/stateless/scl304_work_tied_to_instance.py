"""SCL304: work that is started while serving and dies with the process."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog import background
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless.detached import detached
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class WorkTiedToInstance(Rule):
    """A handler starts work in its own process, answers, and nobody waits for work that somebody counts on.

    What it does
    ------------
    Finds threads, timers, processes and child processes, tasks of the event loop, FastAPI's and Starlette's background
    tasks, and executor submits that are started while serving, and that nobody joins, awaits, cancels or reads. What is
    started has to be missed when lost, as its name or what it calls says: it sends mail, messages or webhooks, moves
    money, writes rows, computes for long (exports, imports, documents, models), or handles what has been acknowledged.

    Why it does not scale
    ---------------------
    The caller was told that all is well, but a deployment, a scale-in or a crash ends the process and the work with it;
    nobody tries again. The instance that got the request does the work, however busy it is, and no other can take it
    over. Failures go to a log, at best.

    How to fix it
    -------------
    Put the work on a task queue (Celery, RQ, Dramatiq, arq, SQS) whose workers acknowledge what they have done, or
    write it into a table (an outbox) in the same transaction as the answer. What is truly of no importance may stay,
    with a comment.

    Known limits
    ------------
    Work whose name and calls say nothing is silent, and so is what comes back by itself: what a page that only reads
    begins (the next visit begins it again), what the service begins as it starts as well, what a loop or a schedule of
    the project does anyway, caches, notices of errors, statistics, lines of a log, a look at what is there (a scan).
    Silent is a function that puts work on a task queue as well, a program that the request names, what a comment
    calls best effort, what is begun as a test (a test mail), and what is given a future of this process to wait for.
    Work that is handed on is unknown; work that lasts (a loop, a listener) is a part of the process. Of library code,
    other files have to call it while they serve.
    """

    code = "SCL304"
    slug = "work-tied-to-instance"
    severity = Severity.CRITICAL
    since = "0.1.0"
    second_instance = True
    message = "{callee}(): a restart loses {work}; put it on a task queue"
    short = "{callee}(): a restart loses {work}; use a task queue"
    title = "Work tied to one instance"
    impact = "A deployment, a scale-in or a crash loses the work that was promised, and nobody tries again"
    fix = "Put the work on a task queue (Celery, RQ, Dramatiq, arq) or write it into an outbox with the answer"
    references = (
        "https://docs.celeryq.dev/en/stable/getting-started/introduction.html",
        "https://fastapi.tiangolo.com/tutorial/background-tasks/#caveat",
        "https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task",
    )
    examples = (
        Bad(
            """
            import threading
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/reports", methods=["POST"])
            @limiter.limit("10/minute")
            def report():
                threading.Thread(target=build_report, daemon=True).start()  # SCL304
                return "", 202

            def build_report():
                print("built")
        """,
            "the visitor is told that the report will come; a deployment forgets it",
        ),
        Bad(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            async def order(background: BackgroundTasks, number: int):
                background.add_task(send_receipt, number)  # SCL304
                background.add_task(book_shipment, number)
                return {"accepted": number}

            async def send_receipt(number):
                print(number)

            async def book_shipment(number):
                print(number)
        """,
            "a background task runs in the process that answered; one finding for an endpoint",
        ),
        Bad(
            """
            import asyncio
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()
            running = set()

            @router.post("/imports")
            @limiter.limit("10/minute")
            async def start(url: str):
                task = asyncio.create_task(import_rows(url))  # SCL304
                running.add(task)
                task.add_done_callback(running.discard)
                return {"started": url}

            async def import_rows(url):
                print(url)
        """,
            "a reference keeps the task from the garbage collector, not from the end of the process",
        ),
        Bad(
            """
            from threading import Thread

            def send_later(message, deliver):
                Thread(target=deliver, args=(message,)).start()  # SCL304
        """,
            "a helper that posts mail in a thread, for whoever calls it; reported once, here",
        ),
        Bad(
            """
            from concurrent.futures import ThreadPoolExecutor
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)
            executor = ThreadPoolExecutor(max_workers=4)

            @app.route("/index", methods=["POST"])
            @limiter.limit("10/minute")
            def index():
                executor.submit(rebuild)  # SCL304
                return "", 202

            def rebuild():
                print("rebuilt")
        """,
            "nobody looks at the future, so nobody learns that it failed",
        ),
        Bad(
            """
            import subprocess
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/scan", methods=["POST"])
            @limiter.limit("10/minute")
            def scan():
                subprocess.Popen(["scanner", "--all"])  # SCL304
                return "", 202
        """,
            "a program that is left running on this machine",
        ),
        Bad(
            """
            import asyncio
            from fastapi import APIRouter
            from app.limits import limiter
            from app.shop import book, invoice

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            async def order(number: int):
                steps = (book(number), invoice(number))
                for step in steps:
                    asyncio.create_task(step)  # SCL304
                return {"accepted": number}
        """,
            "coroutines that were made before they are started",
        ),
        Bad(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.background import safely
            from app.limits import limiter
            from app.mails import mails

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            async def order(background_tasks: BackgroundTasks, number: int):
                background_tasks.add_task(safely, mails.confirm, number)  # SCL304
                return {"accepted": number}
        """,
            "around the work is a function that logs its failures; lost is what it is given",
        ),
        Good(
            """
            import asyncio
            from fastapi import FastAPI
            from app.limits import limiter
            from app.rooms import rooms

            app = FastAPI()

            async def send_receipt(closed):
                await closed
                print("closed")

            @app.post("/close/{number}")
            @limiter.limit("10/minute")
            async def close(number: int):
                asyncio.create_task(send_receipt(rooms[number].closing_future))
                return {"closing": number}
        """,
            "what waits for something that this process does can only wait here",
        ),
        Good(
            """
            from celery import shared_task
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @shared_task
            def build_report():
                print("built")

            @app.route("/reports", methods=["POST"])
            @limiter.limit("10/minute")
            def report():
                build_report.delay()
                return "", 202
        """,
            "a worker takes it from the queue, today or after the next start",
        ),
        Good(
            """
            import asyncio

            async def both(left, right):
                first = asyncio.create_task(left())
                answer = await right()
                return answer, await first
        """,
            "awaited in the end",
        ),
        Good(
            """
            from threading import Thread

            def measured(work):
                helper = Thread(target=work)
                helper.start()
                helper.join(timeout=5)
        """,
            "joined",
        ),
        Good(
            """
            import asyncio
            from fastapi import FastAPI, WebSocket

            app = FastAPI()

            @app.websocket("/ticker")
            async def ticker(socket: WebSocket):
                await socket.accept()
                pushing = asyncio.create_task(push(socket))
                try:
                    async for text in socket.iter_text():
                        print(text)
                finally:
                    pushing.cancel()

            async def push(socket):
                await socket.send_text("hello")
        """,
            "a task of this connection, ended with it",
        ),
        Good(
            """
            import queue
            import threading
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)
            due = queue.Queue(maxsize=1000)

            @app.route("/recheck", methods=["POST"])
            @limiter.limit("10/minute")
            def recheck():
                threading.Thread(target=hand_over, daemon=True).start()
                return "", 202

            def hand_over():
                for number in range(50):
                    due.put(number)
        """,
            "the thread does nothing but fill a queue",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()

            @router.get("/tables")
            @limiter.limit("10/minute")
            async def tables():
                asyncio.create_task(warm_up_schema())
                return {}

            async def warm_up_schema():
                print("read ahead")
        """,
            "lost is only that the next one need not wait",
        ),
        Good(
            """
            import asyncio

            class Poller:
                def start(self):
                    self.task = asyncio.create_task(self._poll())

                async def _poll(self):
                    while True:
                        await asyncio.sleep(30)
        """,
            "a worker of the object, started once",
        ),
        Good(
            """
            import threading
            from flask import Flask

            def create_app():
                app = Flask(__name__)
                threading.Thread(target=warm, daemon=True).start()
                return app

            def warm():
                print("warm")
        """,
            "started with the process, and started again with the next",
        ),
        Good(
            """
            import os
            from fastapi import APIRouter
            from starlette.background import BackgroundTask
            from starlette.responses import FileResponse
            from app.limits import limiter

            router = APIRouter()

            @router.get("/export")
            @limiter.limit("10/minute")
            async def export(path: str):
                return FileResponse(path, background=BackgroundTask(os.unlink, path))
        """,
            "tidying up the temporary file is this machine's own affair",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter
            from fastapi.responses import StreamingResponse
            from app.limits import limiter

            router = APIRouter()

            @router.get("/answer")
            @limiter.limit("10/minute")
            async def answer(model):
                words = asyncio.Queue(maxsize=100)

                async def think():
                    async for word in model.words():
                        await words.put(word)

                asyncio.create_task(think())

                async def speak():
                    while (word := await words.get()) is not None:
                        yield word

                return StreamingResponse(speak())
        """,
            "the answer itself reads what the task writes",
        ),
        Good(
            """
            import subprocess

            def convert(path):
                child = subprocess.Popen(["convert", path, "out.png"], stdout=subprocess.PIPE)
                return child.communicate(timeout=30)[0]
        """,
            "the program is waited for",
        ),
        Good(
            """
            from concurrent.futures import ThreadPoolExecutor

            def squares(numbers, square):
                with ThreadPoolExecutor(max_workers=4) as pool:
                    for number in numbers:
                        pool.submit(square, number)
        """,
            "leaving the block waits for all",
        ),
        Good(
            """
            import asyncio

            class Tasks:
                def spawn(self, coroutine):
                    task = asyncio.create_task(coroutine)
                    return task
        """,
            "the caller gets the task, and decides",
        ),
        Good(
            """
            import threading

            class Session:
                def __init__(self, connection):
                    self.connection = connection

                def listen(self):
                    threading.Thread(target=self._read_loop, daemon=True).start()

                def _read_loop(self):
                    for line in self.connection:
                        print(line)
        """,
            "a reader lasts as long as its connection",
        ),
        Good(
            """
            from threading import Thread
            from transformers import TextIteratorStreamer

            def words(model, tokenizer, inputs):
                streamer = TextIteratorStreamer(tokenizer, timeout=30)
                options = dict(inputs, streamer=streamer)
                Thread(target=model.generate, kwargs=options).start()
                text = ""
                for word in streamer:
                    text += word
                return text
        """,
            "the starter reads what the thread writes",
        ),
        Good(
            """
            import asyncio
            import subprocess
            from app.telemetry import Metric

            async def answer(text, send):
                subprocess.Popen(["pdflatex", "--version"])
                await send(text)
                asyncio.create_task(Metric.upload(sent=1))
        """,
            "a program that is asked for its version, and numbers that may get lost",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            async def order(number: int, plugins):
                heard = [plugins.on_order(number)]
                for hearing in heard:
                    asyncio.create_task(hearing)
                return {"accepted": number}
        """,
            "observers of another module, made before they are started: what they do is not known",
        ),
        Good(
            """
            import asyncio

            class Blobs(asyncio.Protocol):
                def __init__(self):
                    self.loop = asyncio.get_event_loop()

                def data_received(self, data):
                    self.loop.create_task(self.answer(data))

                async def answer(self, data):
                    self.transport.write(data)
        """,
            "the answer to what came over a connection ends with the connection",
        ),
        Good(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter
            from app.socketio.emitters import emit_orders_changed

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            def order(number: int, background_tasks: BackgroundTasks):
                background_tasks.add_task(emit_orders_changed, number)
                return {"accepted": number}
        """,
            "news for the browsers that are connected to this process",
        ),
        Good(
            """
            import asyncio
            from app.queues import take, receive

            async def serve(websocket):
                pending = set()

                def expect(futures):
                    futures.add(asyncio.ensure_future(take()))
                    futures.add(asyncio.ensure_future(receive(websocket)))

                expect(pending)
                while pending:
                    done, pending = await asyncio.wait(pending, timeout=30)
        """,
            "put into the caller's set, who waits for it",
        ),
        Good(
            """
            import asyncio
            from threading import Thread
            from app.players import read_errors

            class Player:
                def play(self, stream):
                    self.failure = asyncio.Future()
                    Thread(target=read_errors, args=(stream, self.failure)).start()
        """,
            "a future of the object tells what became of it",
        ),
        Good(
            """
            import asyncio

            class Node:
                def search(self, found: asyncio.Queue, peers):
                    async def ask(peer):
                        await peer.ping()
                        found.put_nowait(peer)

                    asyncio.create_task(ask(peers[0]))
        """,
            "the caller's queue gets the answer",
        ),
        Good(
            """
            from threading import Thread
            from app.stores import save_all

            def sync_agents_after_init():
                Thread(target=save_all, daemon=True).start()
        """,
            "as the service starts, and again as it starts the next time",
        ),
        Good(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter
            from app.logs import log_request

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            def order(number: int, background_tasks: BackgroundTasks):
                background_tasks.add_task(log_request, number)
                return {"accepted": number}
        """,
            "a line in the log",
        ),
        Good(
            """
            import asyncio
            from app.events import publish

            def tell(event):
                telling = publish(event)
                try:
                    asyncio.get_running_loop().create_task(telling)
                except RuntimeError:
                    asyncio.run(telling)
        """,
            "a way for plain functions into whatever loop there is",
        ),
        Good(
            """
            import subprocess

            class Printers:
                def __init__(self):
                    self._at_work = {}

                def begin(self, number, log):
                    process = subprocess.Popen(["print-labels", number], stdout=log)
                    self._at_work[number] = (process, log)

                def end(self, number):
                    process, log = self._at_work.pop(number)
                    process.kill()
                    log.close()
        """,
            "the object that has started a program ends it",
        ),
        Good(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.journal import write_request_log
            from app.limits import limiter

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            def order(number: int, background_tasks: BackgroundTasks):
                background_tasks.add_task(write_request_log, number)
                return {"accepted": number}
        """,
            "a line for those who run the service, written after the answer",
        ),
        Good(
            """
            import logging
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter

            router = APIRouter()
            logger = logging.getLogger(__name__)

            @router.post("/orders")
            @limiter.limit("10/minute")
            def order(number: int, background_tasks: BackgroundTasks):
                background_tasks.add_task(keep_order, number)
                return {"accepted": number}

            def keep_order(number):
                logger.info("kept %s", str(number))
        """,
            "nothing is done yet but to say so in the log",
        ),
        Good(
            """
            import asyncio
            from app.walks import Walk

            def walk_of(traveller, state):
                walk = Walk(state)
                is_started = False

                async def look():
                    nonlocal is_started
                    if not is_started:
                        is_started = True
                        asyncio.create_task(go(traveller, walk))
                        return "on the way"
                    return await walk.arrival() or "on the way"

                return look

            async def go(traveller, walk):
                await walk.arrive(await traveller.move())
        """,
            "who is asked again looks what has become of it",
        ),
        Good(
            """
            import asyncio
            from app.packers import Packer

            class Warehouse:
                async def connect(self, app):
                    self.packers = [Packer(app) for _ in range(5)]
                    for packer in self.packers:
                        asyncio.create_task(packer.run_all())

                async def disconnect(self, app):
                    for packer in self.packers:
                        await packer.stop()
        """,
            "what the object starts with itself, and stops with itself",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter
            from app.limits import limiter
            from app.errors import report_error

            router = APIRouter()

            @router.get("/menu")
            @limiter.limit("10/minute")
            async def menu(kitchen):
                try:
                    return kitchen.menu()
                except LookupError as error:
                    asyncio.create_task(report_error(error, "menu"))
                    return []
        """,
            "a notice of an error is no work that anybody waits for",
        ),
        Good(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter
            from app.articles import articles, generate_summary

            router = APIRouter()

            @router.get("/articles/{number}")
            @limiter.limit("10/minute")
            def article(number: int, background_tasks: BackgroundTasks):
                found = articles.find(number)
                if not found.summary:
                    background_tasks.add_task(generate_summary, found)
                return found
        """,
            "whoever reads the article next has the summary made again",
        ),
        Good(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter
            from app.mails import send_receipt, send_receipt_task
            from app.settings import settings

            router = APIRouter()

            @router.post("/orders")
            @limiter.limit("10/minute")
            def order(number: int, background_tasks: BackgroundTasks):
                if settings.production:
                    send_receipt_task.delay(number)
                else:
                    background_tasks.add_task(send_receipt, number)
                return {"accepted": number}
        """,
            "the task queue has it where it matters",
        ),
        Good(
            """
            import asyncio
            from fastapi import APIRouter, BackgroundTasks
            from app.catalogue import price_cache
            from app.limits import limiter

            router = APIRouter()

            @router.post("/prices/refresh")
            @limiter.limit("10/minute")
            async def refresh(background_tasks: BackgroundTasks):
                async def _run():
                    await asyncio.to_thread(price_cache.process_all)

                background_tasks.add_task(_run)
                return {"started": True}
        """,
            "a cache fills itself again",
        ),
        Good(
            """
            import threading
            import tkinter
            from app.setup import install_service

            class Window:
                def confirm(self):
                    self.button = tkinter.Button()
                    threading.Thread(target=install_service, daemon=True).start()
        """,
            "the window of a program with one user",
        ),
        Good(
            """
            import asyncio
            from app.tables import sync_row

            async def finish(row, session):
                await session.commit()
                # Best-effort: the nightly run finds what is missing.
                asyncio.create_task(sync_row(row))
        """,
            "a comment says that it may be lost",
        ),
        Good(
            """
            import asyncio
            import discord
            from app.pages import page

            class Menu(discord.ui.View):
                async def turn(self, interaction):
                    asyncio.create_task(send_page(interaction))

            async def send_page(interaction):
                await interaction.response.send_message(page(interaction))
        """,
            "an answer in a chat: whoever misses it asks again",
        ),
        Good(
            """
            import asyncio
            from app.limits import limiter
            from app.network import Scanner
            from fastapi import APIRouter

            router = APIRouter()
            scanner = Scanner()

            @router.post("/devices/scan")
            @limiter.limit("1/minute")
            async def scan():
                asyncio.create_task(scanner.scan_range("10.0.0.0/24"))
                return {"started": True}
        """,
            "looks for what is there at the moment: who misses the result looks again",
        ),
        Good(
            """
            import shlex
            import subprocess
            from app.limits import limiter
            from flask import Flask, request

            agent = Flask(__name__)

            @agent.post("/commands")
            @limiter.limit("10/minute")
            def command():
                given = shlex.split(request.form["command"])
                subprocess.Popen(given)
                return "", 204
        """,
            "whoever asks wants it to run on this very machine",
        ),
        Good(
            """
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter
            from app.mail import send_mail

            router = APIRouter()

            @router.post("/mail/test")
            @limiter.limit("1/minute")
            def test_mail(address: str, tasks: BackgroundTasks):
                tasks.add_task(send_mail, address, "It works")
                return {"sent": True}
        """,
            "who tries it looks for the mail, and tries again",
        ),
        Good(
            """
            import subprocess
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            def start_service(name):
                subprocess.Popen(["python", f"services/{name}.py"])

            def check_services(names):
                for name in names:
                    start_service(name)
        """,
            "a service beside this one",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What starts work, by the names in the catalogue."""
        return words(*background.start_names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the first work of each kind that a function leaves behind."""
        for start in detached(source):
            yield Finding.at(start.site, work=start.described)
