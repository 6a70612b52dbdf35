"""SCL706: work for a queue, done while the caller waits."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import System
from flake8_scalability.model.resilience import blocking, costs
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

_INSTEAD = {
    System.CLOCK: "drop it, or use a task queue",
    System.LLM: "stream it or use a task queue",
}


class SlowWorkOnRequestPath(Rule):
    """A request handler does something that takes seconds before it answers.

    What it does
    ------------
    Finds, in request handlers and in the functions of the file that they call: sending mail and SMS, rendering PDFs,
    images and video, packing archives, training models, generating with a language model without streaming, running
    programs, sleeping, waiting for the result of a task that was just queued, and one cloud function waiting for
    another.

    Why it does not scale
    ---------------------
    A worker thread or process is busy for as long as the work lasts, so that a few such requests at once leave none for
    the others. The caller's own time limit may strike first; it tries again, and the work is done twice.

    How to fix it
    -------------
    Put the work on a task queue (Celery, RQ, Dramatiq, SQS), answer with 202 and where the result will be found. Stream
    what is generated piece by piece.

    Known limits
    ------------
    How long a call takes with its input is not known: the kind of work decides. What a handler reaches through other
    modules is not seen. What is handed to a thread is not reported, although the caller waits for it too.
    """

    code = "SCL706"
    slug = "slow-work-on-request-path"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "slow work"
    message = "{what} {work} while the caller of {function}() waits; {instead}"
    short = "{what} {work} while {function}() waits; {instead}"
    title = "Slow work on the request path"
    impact = "Each such request keeps a worker busy for seconds; a few at once leave none for the others"
    fix = "Put the work on a task queue (Celery, RQ, Dramatiq, SQS) and answer at once; stream what is generated"
    references = (
        "https://docs.celeryq.dev/en/stable/getting-started/introduction.html",
        "https://learn.microsoft.com/azure/architecture/patterns/async-request-reply",
    )
    examples = (
        Bad(
            """
            import subprocess
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/thumbnails/<name>", methods=["POST"])
            @limiter.limit("10/minute")
            def thumbnail(name):
                subprocess.run(["convert", name, "-resize", "200x", f"small-{name}"], timeout=30)  # SCL706
                return "", 204
        """,
            "the visitor waits for a program to end",
        ),
        Bad(
            """
            import time
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            def _settle():
                time.sleep(3)

            @app.route("/reload", methods=["POST"])
            @limiter.limit("10/minute")
            def reload():
                _settle()  # SCL706
                return "", 204
        """,
            "the handler sleeps in a helper",
        ),
        Bad(
            """
            from flask import Flask
            from .tasks import resize

            app = Flask(__name__)

            @app.route("/resize/<name>", methods=["POST"])
            def start(name):
                job = resize.delay(name)
                return job.get(timeout=30)  # SCL706
        """,
            "a queue whose result is waited for is a slower function call",
        ),
        Bad(
            """
            from flask import Flask
            from flask_mail import Message
            from .extensions import mailer

            app = Flask(__name__)

            @app.route("/invite/<address>", methods=["POST"])
            def invite(address):
                mailer.send(Message("You are invited", recipients=[address]))  # SCL706
                return "", 204
        """,
            "a mail server that answers slowly answers the visitor slowly; the message tells what `send` does",
        ),
        Bad(
            """
            from fastapi import APIRouter
            from openai import AsyncOpenAI
            from app.limits import limiter

            router = APIRouter()
            client = AsyncOpenAI()

            @router.post("/summary")
            @limiter.limit("10/minute")
            async def summary(text: str):
                messages = [{"role": "user", "content": text}]
                answer = await client.chat.completions.create(model="m", messages=messages)  # SCL706
                return answer.choices[0].message.content
        """,
            "awaited, so that the loop is free, but the caller waits until the last word is written",
        ),
        Good(
            """
            from flask import Flask
            from .tasks import resize

            app = Flask(__name__)

            @app.route("/resize/<name>", methods=["POST"])
            def start(name):
                return {"job": resize.delay(name).id}, 202
        """,
            "the task is queued and the caller told where to ask",
        ),
        Good(
            """
            import subprocess
            from celery import shared_task

            @shared_task
            def thumbnail(name):
                subprocess.run(["convert", name, "-resize", "200x", f"small-{name}"], timeout=30)
        """,
            "a task is where slow work belongs",
        ),
        Good(
            """
            import subprocess
            from fastapi import APIRouter, BackgroundTasks
            from app.limits import limiter

            router = APIRouter()

            def clean_up(name):
                subprocess.run(["shred", name], timeout=30)

            @router.post("/thumbnails/{name}")
            @limiter.limit("10/minute")
            def thumbnail(name: str, background: BackgroundTasks):
                background.add_task(clean_up, name)
                return {"accepted": name}
        """,
            "done after the answer",
        ),
        Good(
            """
            import time
            from flask import Flask, Response
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/ticks")
            @limiter.limit("10/minute")
            def ticks():
                def each():
                    for number in range(3):
                        time.sleep(1)
                        yield f"data: {number}\\n\\n"
                return Response(each(), mimetype="text/event-stream")
        """,
            "a stream paces itself",
        ),
        Good(
            """
            from fastapi import APIRouter
            from fastapi.responses import StreamingResponse
            from openai import AsyncOpenAI
            from app.limits import limiter

            router = APIRouter()
            client = AsyncOpenAI()

            @router.post("/summary")
            @limiter.limit("10/minute")
            async def summary(text: str):
                chunks = await client.chat.completions.create(
                    model="m", messages=[{"role": "user", "content": text}], stream=True
                )
                return StreamingResponse(chunk.choices[0].delta.content or "" async for chunk in chunks)
        """,
            "streamed as it is written",
        ),
        Good(
            """
            from fastapi import APIRouter
            from openai import AsyncOpenAI
            from app.limits import limiter

            router = APIRouter()
            client = AsyncOpenAI()

            @router.post("/key-works")
            @limiter.limit("10/minute")
            async def key_works():
                messages = [{"role": "user", "content": "hi"}]
                await client.chat.completions.create(model="m", messages=messages, max_tokens=1)
                return {"works": True}
        """,
            "one word takes no time",
        ),
        Good(
            """
            import zipfile
            from flask import Flask
            from app.limits import limiter

            app = Flask(__name__)

            @app.route("/receipt/<name>")
            @limiter.limit("10/minute")
            def receipt(name):
                with zipfile.ZipFile(f"/tmp/{name}.zip", "w") as archive:
                    archive.write(f"/receipts/{name}.xml")
                return {"archive": name}
        """,
            "one small member is packed at once",
        ),
        Good(
            """
            import subprocess

            def thumbnail(name):
                subprocess.run(["convert", name, "-resize", "200x", f"small-{name}"], timeout=30)
        """,
            "who calls a library function, the file does not show",
        ),
        Good(
            """
            import subprocess
            import click

            @click.command()
            def thumbnails():
                subprocess.run(["make", "thumbnails"], timeout=600)

            def create_app():
                return subprocess.run(["git", "rev-parse", "HEAD"], timeout=5).stdout
        """,
            "a command of the operator, and the start of the process",
        ),
        Good(
            """
            def handler(event, context):
                import subprocess
                for record in event["Records"]:
                    subprocess.run(["ffmpeg", "-i", record["key"], "out.mp4"], timeout=600)
        """,
            "a cloud function that a queue starts has no caller who waits",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the first slow work of each kind in each handler, and each function that leads to some."""
        slow = costs.slow_work(source)
        seen = set()
        for held in blocking.on_request(source, slow) if slow else ():
            key = blocking.subject(held)
            if key in seen or blocking.stops_a_loop(held):
                continue
            seen.add(key)
            row = held.cause.api
            instead = _INSTEAD.get(row.system, "") if row is not None else ""
            yield Finding.at(held.at, what=held.spelled, work=slow[held.cause], instead=instead or "use a task queue")
