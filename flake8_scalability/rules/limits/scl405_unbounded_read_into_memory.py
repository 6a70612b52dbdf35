"""SCL405: something of any size that is read into memory as one piece."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.bodies import FOR_ALL, LIMIT_ONLY
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.batching import tool_callers
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.limits import bodies, body_bounds, whole_documents
from flake8_scalability.model.limits.bodies import Whole
from flake8_scalability.model.limits.callers import stands_in
from flake8_scalability.model.sites import display_name, spelled
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UnboundedReadIntoMemory(Rule):
    """A body, an upload or a download of unknown size is read into memory as one piece.

    What it does
    ------------
    Finds, outside tools and start-up, uploads that are read whole (`await upload.read()`, `request.files["a"].read()`,
    `pandas.read_csv(upload.file)`), bodies (`request.body()`, `request.get_data()`, Flask's `request.data`), and files
    that are fetched from elsewhere to be written, parsed or passed on as one piece, but for those at an address that
    begins with a setting, constant or host that the code names (`f"{PAINTER_URL}/plans/{number}.png"`): a service that
    the operator has chosen.

    Why it does not scale
    ---------------------
    The one who sends it decides how much memory a request takes. A few large ones at once end the process, and with it
    all the requests beside them.

    How to fix it
    -------------
    Set a limit for all bodies (`MAX_CONTENT_LENGTH`, a middleware, the proxy's `client_max_body_size`) or look at the
    size first; read in chunks, and stream what is passed on.

    Known limits
    ------------
    A limit is recognised by a comparison in the function or its callers, by the names of functions and middleware, and
    in the project's configuration, not where a proxy outside of it sets one. What a handler's framework parses for it
    (JSON models, forms) is not reported, nor what only those who run the service send, as a check, a decorator or the
    documentation of the handler says, nor what functions download that no line of the project calls, or only commands.
    """

    code = "SCL405"
    slug = "unbounded-read-into-memory"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{callee} reads {what} of any size into memory in {function}(); {instead}"
    short = "{callee} reads {what} of any size into memory; {instead}"
    title = "Read of unknown size into memory"
    impact = "Whoever sends it decides how much memory a request takes; a few large ones end the process"
    fix = "Limit the size of bodies (MAX_CONTENT_LENGTH, middleware, proxy), and read uploads and downloads in chunks"
    references = (
        "https://flask.palletsprojects.com/en/stable/config/#MAX_CONTENT_LENGTH",
        "https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html",
        "https://www.starlette.io/requests/#body",
    )
    examples = (
        Bad(
            """
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter
            from app.scans import scan

            router = APIRouter()

            @router.post("/scan")
            @limiter.limit("10/minute")
            async def check(upload: UploadFile):
                return {"clean": scan(await upload.read())}  # SCL405
            """,
            "the caller decides how much memory that takes",
        ),
        Bad(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.orders import parse

            app = Flask(__name__)

            @app.post("/orders")
            @limiter.limit("10/minute")
            def orders():
                return {"orders": len(parse(request.get_data()))}  # SCL405
            """,
            "Flask has no limit of its own",
        ),
        Bad(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.orders import parse, reject

            app = Flask(__name__)

            @app.post("/orders")
            @limiter.limit("10/minute")
            def orders():
                return {"orders": len(parse(request.data))}  # SCL405

            @app.post("/returns")
            @limiter.limit("10/minute")
            def returns():
                return {"returns": len(reject(request.data))}
            """,
            "one setting bounds them all, and so they are one finding",
        ),
        Bad(
            """
            import pandas
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit

            @ratelimit(key="ip", rate="10/m")
            def prices(request):
                table = pandas.read_csv(request.FILES["prices"])  # SCL405
                return JsonResponse({"rows": table.shape})
            """,
            "Django spools an upload to the disk, and this puts it all into memory",
        ),
        Bad(
            """
            from fastapi import APIRouter, Request
            from app.hooks import accept
            from app.limits import limiter

            router = APIRouter()

            @router.post("/hook")
            @limiter.limit("10/minute")
            async def hook(request: Request):
                accept(await request.body())  # SCL405
                return {"accepted": True}
            """,
            "nor has Starlette",
        ),
        Bad(
            """
            import json
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter
            from app.menus import publish

            router = APIRouter()

            @router.post("/menus")
            @limiter.limit("10/minute")
            async def menu(upload: UploadFile):
                text = await upload.read()  # SCL405
                publish(json.loads(text.decode("utf-8")))
            """,
            "what is parsed as one piece can't be read in chunks",
        ),
        Bad(
            """
            from io import BytesIO
            import requests
            from celery import shared_task
            from app.pictures import shrink

            @shared_task
            def fetch_picture(address):
                answer = requests.get(address, timeout=10)
                return shrink(BytesIO(answer.content))  # SCL405
            """,
            "a picture may be a film",
        ),
        Good(
            """
            from fastapi import APIRouter, HTTPException, UploadFile
            from app.limits import limiter
            from app.scans import scan

            router = APIRouter()
            LARGEST = 5_000_000

            @router.post("/scan")
            @limiter.limit("10/minute")
            async def check(upload: UploadFile):
                if upload.size is None or upload.size > LARGEST:
                    raise HTTPException(413)
                return {"clean": scan(await upload.read())}
            """,
            "the size is looked at first",
        ),
        Good(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.tiles import forward

            app = Flask(__name__)

            @app.route("/tiles/<name>", methods=["GET", "OPTIONS"])
            @limiter.limit("10/minute")
            def tile(name):
                return forward(name, request.method, request.get_data())
            """,
            "requests of these methods have no body",
        ),
        Good(
            """
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter
            from app.scans import Scanner

            router = APIRouter()

            @router.post("/scan")
            @limiter.limit("10/minute")
            async def check(upload: UploadFile):
                scanner = Scanner()
                while chunk := await upload.read(65536):
                    scanner.feed(chunk)
                return {"clean": scanner.clean}
            """,
            "read in chunks",
        ),
        Good(
            """
            from flask import Flask, request
            from app.limits import limiter
            from app.orders import parse

            app = Flask(__name__)
            app.config["MAX_CONTENT_LENGTH"] = 1_000_000

            @app.post("/orders")
            @limiter.limit("10/minute")
            def orders():
                return {"orders": len(parse(request.get_data()))}
            """,
            "a limit for all bodies",
        ),
        Good(
            """
            from django.http import JsonResponse
            from django_ratelimit.decorators import ratelimit
            from app.orders import parse

            @ratelimit(key="ip", rate="10/m")
            def orders(request):
                return JsonResponse({"orders": len(parse(request.body))})
            """,
            "Django refuses a body of more than 2.5 MB",
        ),
        Good(
            """
            from aiohttp import web
            from app.limits import limiter
            from app.orders import parse

            routes = web.RouteTableDef()

            @routes.post("/orders")
            @limiter.limit("10/minute")
            async def orders(request: web.Request):
                return web.json_response({"orders": len(parse(await request.read()))})
            """,
            "aiohttp stops at 1 MiB",
        ),
        Good(
            """
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter
            from app.scans import scan
            from app.uploads import validate_upload_size

            router = APIRouter()

            @router.post("/scan")
            @limiter.limit("10/minute")
            async def check(upload: UploadFile):
                await validate_upload_size(upload)
                return {"clean": scan(await upload.read())}
            """,
            "somebody looks at the size",
        ),
        Good(
            """
            from fastapi import APIRouter
            from pydantic import BaseModel
            from app.limits import limiter

            router = APIRouter()

            class Order(BaseModel):
                article: str
                amount: int

            @router.post("/orders")
            @limiter.limit("10/minute")
            async def order(order: Order):
                return {"article": order.article}
            """,
            "a small model",
        ),
        Good(
            """
            import hashlib
            from fastapi import APIRouter, Request
            from pydantic import BaseModel
            from app.limits import limiter

            router = APIRouter()

            class Event(BaseModel):
                kind: str

            @router.post("/events")
            @limiter.limit("10/minute")
            async def event(event: Event, request: Request):
                return {"kind": event.kind, "digest": hashlib.sha256(await request.body()).hexdigest()}
            """,
            "the framework has read the body for the model before",
        ),
        Good(
            """
            import discord
            from discord.ext import commands

            bot = commands.Bot(command_prefix="!")

            @bot.command()
            async def count(ctx):
                for attachment in ctx.message.attachments:
                    if attachment.filename.endswith(".txt"):
                        await ctx.send(str(len(await attachment.read())))
            """,
            "the platform bounds what is attached to a message",
        ),
        Good(
            """
            from typing import Optional
            import discord
            from discord import app_commands

            tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.default()))

            @tree.command()
            async def draw(interaction: discord.Interaction, picture: Optional[discord.Attachment] = None):
                if picture is not None and picture.filename.endswith(".png"):
                    await interaction.response.send_message(str(len(await picture.read())))
            """,
            "and what is given to a command",
        ),
        Good(
            """
            import io
            import aiohttp
            import discord
            from app.pictures import shrink

            async def download_pictures(message: discord.Message, session: aiohttp.ClientSession):
                for attachment in message.attachments:
                    async with session.get(attachment.url, timeout=aiohttp.ClientTimeout(total=10)) as answer:
                        shrink(io.BytesIO(await answer.read()))
            """,
            "by its address as well",
        ),
        Good(
            """
            import pandas

            def totals(path):
                return pandas.read_csv(path).sum()
            """,
            "whose table this is, the file does not show",
        ),
        Good(
            """
            import sys

            def main():
                return len(sys.stdin.read())

            if __name__ == "__main__":
                print(main())
            """,
            "a tool of one person",
        ),
        Good(
            """
            from celery import shared_task
            from app.http import session

            @shared_task
            def rates(address):
                return float(session.get(address).content)
            """,
            "an answer of an API, not a file",
        ),
        Good(
            """
            from flask import Blueprint, request
            from webargs.flaskparser import use_args
            from app.limits import limiter
            from app.readings import ReadingSchema, store

            readings = Blueprint("readings", __name__)

            @readings.post("/readings")
            @limiter.limit("10/minute")
            @use_args(ReadingSchema, location="measured_upload")
            def add(args):
                return {"stored": store(request.files["readings"].read())}
            """,
            "the project has a loader of its own, which may well look at the size",
        ),
        Good(
            """
            from flask import Blueprint, request
            from app.auth import admin_required
            from app.policies import install

            policies = Blueprint("policies", __name__)

            @policies.post("/policies")
            @admin_required
            def upload():
                install(request.files["policies"].read())
                return "", 204
            """,
            "those who run the service send no more than they mean to",
        ),
        Good(
            """
            from flask import Blueprint, request
            from app.licences import allowed, install
            from app.limits import limiter

            licences = Blueprint("licences", __name__)

            @licences.post("/licences")
            @limiter.limit("10/minute")
            @allowed("LICENCES")
            def upload():
                \"\"\"Install a licence. Requires an administrator with the right to do so.\"\"\"
                install(request.files["licence"].read())
                return "", 204
            """,
            "as its documentation says, which tells more than the decorator",
        ),
        Good(
            """
            import io
            import zipfile
            import requests

            def download_and_install_theme(address, folder):
                answer = requests.get(address, timeout=10)
                zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)
            """,
            "a part of the program, fetched once for each version",
        ),
        Good(
            """
            from fastapi import APIRouter, UploadFile
            from app.limits import limiter
            from app.scans import scan
            from app.uploads import reject_if_too_large

            router = APIRouter()

            @router.post("/scan")
            @limiter.limit("10/minute")
            async def check(upload: UploadFile):
                reject_if_too_large(upload)
                return {"clean": scan(await upload.read())}
            """,
            "whose name says that it refuses",
        ),
        Good(
            """
            import io
            from flask import Flask
            from werkzeug.datastructures import FileStorage
            from app.limits import limiter
            from app.tables import spooled, store

            app = Flask(__name__)

            @app.post("/tables/<name>")
            @limiter.limit("10/minute")
            def table(name):
                kept = FileStorage(io.open(spooled(name), encoding="utf-8"))
                return {"stored": store(kept.stream.read())}
            """,
            "a file of the disk, wrapped like an upload",
        ),
        Good(
            """
            from fastapi import FastAPI, UploadFile
            from app.limits import limiter
            from app.scans import scan

            app = FastAPI()

            @app.post("/scan")
            @limiter.limit("10/minute")
            async def check(upload: UploadFile):
                return {"clean": scan(await upload.read())}
            """,
            "a server that stands in for another where the developers try things out",
            path="fake_scanner/service.py",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What reads, and what holds what was read."""
        return words(*bodies.names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the reads that nothing in sight bounds, the first of each kind in a function, or of the file."""
        if source.is_tool or stands_in(source):
            return
        seen = set()
        for whole in bodies.wholes(source):
            # One setting bounds all bodies of the application.
            key = (None if whole.instead == FOR_ALL else whole.scope.function, whole.what)
            if key in seen or body_bounds.is_bounded(whole, source) or (whole.sent and _limits_all(source)):
                continue
            if whole.sent and body_bounds.is_of_operators(whole, source):
                continue
            if not whole.sent and _serves_nobody(whole, source):
                continue
            seen.add(key)
            yield _finding(whole, source)


def _serves_nobody(whole: Whole, source: SourceFile) -> bool:
    """Whether what downloads is called by commands of the project alone, or by no line of it."""
    function = whole.scope.function
    if function is None or function.is_method or function in source.places.handlers:
        return False
    return tool_callers.nobody_calls(function, source) or tool_callers.only_tools_call(function, source)


def _limits_all(source: SourceFile) -> bool:
    """Whether the file or its project limits the bodies of all requests."""
    return source.text_says(Fact.BODY_LIMIT) or source.project_says(Fact.BODY_LIMIT)


def _finding(whole: Whole, source: SourceFile) -> Finding:
    instead = whole.instead
    if instead != FOR_ALL and whole_documents.is_parsed(whole.node, whole.scope, source):
        instead = LIMIT_ONLY.get(whole.what, instead)
    names = {"callee": spelled(whole.node), "what": whole.what, "instead": instead}
    return Finding(whole.node, {**names, "function": display_name(whole.scope.function)})
