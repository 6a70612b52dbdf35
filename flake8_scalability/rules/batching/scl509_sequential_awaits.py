"""SCL509: calls that are awaited one after the other, though they could wait together."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.batching.sequential_awaits import sequential
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class SequentialAwaits(Rule):
    """A request awaits calls of other services one by one, and none of them needs the answer of another.

    What it does
    ------------
    Finds, in coroutines on the request path, calls that only ask another service for something (over HTTP, of a
    language model, of an object store), and work handed to a thread, awaited for one item of a loop after the other,
    or two in a row of which the second uses nothing of the first; also through a coroutine of the file.

    Why it does not scale
    ---------------------
    The caller waits for the sum of all answers instead of for the slowest. Ten calls of 200 ms are two seconds in
    which the connection, the memory and the place in the queue of the request are held.

    How to fix it
    -------------
    Start them together: `asyncio.gather` or a `TaskGroup`; for the items of a loop with a bound (a semaphore, chunks),
    so that a long list does not flood the other side.

    Known limits
    ------------
    Queries of a database are silent: they share a session or a connection, which takes one at a time. Loops that end
    with the first answer that fits, that pace themselves, that stream, or that hand on what they have gathered are
    silent, and so are calls that change something, those of clients that the file does not name as such, threads
    that only look at a name of the file system, the files that have one name and any ending, and what is asked for
    only where the client does not hold it already.
    """

    code = "SCL509"
    slug = "sequential-awaits"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{callee}() in {function}() {what}; {instead}"
    short = "{callee}() {what}; {instead}"
    title = "Independent calls awaited one by one"
    impact = "A request lasts as long as all answers together instead of as long as the slowest"
    fix = "Await them together with asyncio.gather or a TaskGroup, the items of a loop a bounded number at a time"
    references = (
        "https://docs.python.org/3/library/asyncio-task.html#running-tasks-concurrently",
        "https://docs.python.org/3/library/asyncio-sync.html#semaphore",
    )
    examples = (
        Bad(
            """
            from fastapi import APIRouter
            from app.clients import rates_client
            from app.limits import limiter

            router = APIRouter()

            @router.get("/rates")
            @limiter.limit("10/minute")
            async def rates(codes: str):
                found = {}
                for code in codes.split(","):
                    found[code] = await rates_client.get_rate(code)  # SCL509
                return found
            """,
            "each currency waits for the one before",
        ),
        Bad(
            """
            import httpx
            from fastapi import APIRouter
            from app.limits import limiter
            from tenacity import AsyncRetrying, stop_after_attempt, wait_exponential

            router = APIRouter()
            transport = httpx.AsyncHTTPTransport(retries=3)
            http = httpx.AsyncClient(transport=transport)

            @router.get("/trips/{place}")
            @limiter.limit("10/minute")
            async def trip(place: str):
                weather = await http.get(f"https://weather.example.org/{place}")
                hotels = await http.get(f"https://hotels.example.org/{place}")  # SCL509
                return {"weather": weather.json(), "hotels": hotels.json()}
            """,
            "two in a row",
        ),
        Bad(
            """
            import asyncio

            from fastapi import APIRouter
            from app.limits import limiter
            from app.thumbnails import measure

            router = APIRouter()

            @router.post("/sizes")
            @limiter.limit("10/minute")
            async def sizes(names: list[str]):
                return [await asyncio.to_thread(measure, name) for name in names]  # SCL509
            """,
            "threads that wait for each other",
        ),
        Bad(
            """
            from fastapi import APIRouter
            from openai import AsyncOpenAI
            from app.limits import limiter

            router = APIRouter()
            client = AsyncOpenAI()

            async def label(text):
                messages = [{"role": "user", "content": text}]
                answer = await client.chat.completions.create(model="m", messages=messages, max_tokens=1)
                return answer.choices[0].message.content

            @router.post("/labels")
            @limiter.limit("10/minute")
            async def labels(texts: list[str]):
                found = []
                for text in texts:
                    found.append(await label(text))  # SCL509
                return found
            """,
            "through a coroutine of the file",
        ),
        Good(
            """
            import asyncio

            from fastapi import APIRouter
            from app.clients import rates_client
            from app.limits import limiter

            router = APIRouter()
            slots = asyncio.Semaphore(8)

            async def rate(code):
                async with slots:
                    return await rates_client.get_rate(code)

            @router.get("/rates")
            @limiter.limit("10/minute")
            async def rates(codes: str):
                return await asyncio.gather(*(rate(code) for code in codes.split(",")))
            """,
            "eight at a time",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.clients import users_client, orders_client
            from app.limits import limiter

            router = APIRouter()

            @router.get("/last-order/{name}")
            @limiter.limit("10/minute")
            async def last_order(name: str):
                user = await users_client.get_user(name)
                orders = await orders_client.get_orders(user.id)
                return orders[-1]
            """,
            "the second needs the first",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.clients import users_client, orders_client
            from app.limits import limiter

            router = APIRouter()

            @router.get("/orders/{name}")
            @limiter.limit("10/minute")
            async def orders(name: str):
                user = await users_client.get_user(name)
                if user is None:
                    return []
                found = await orders_client.get_orders(name)
                return found
            """,
            "whether the second is asked, the first decides",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.clients import mirrors_client
            from app.limits import limiter

            router = APIRouter()

            @router.get("/files/{name}")
            @limiter.limit("10/minute")
            async def file(name: str, places: str):
                for place in places.split(","):
                    found = await mirrors_client.get_file(place, name)
                    if found:
                        return found
                return None
            """,
            "the first that has it",
        ),
        Good(
            """
            from fastapi import APIRouter, Depends
            from app.database import session
            from app.limits import limiter
            from app.store import load_person, load_teams

            router = APIRouter()

            @router.get("/people/{name}")
            @limiter.limit("10/minute")
            async def person(name: str, db=Depends(session)):
                found = await load_person(db, name)
                teams = await load_teams(db, name)
                return {"person": found, "teams": teams}
            """,
            "both use one session, which takes one query at a time",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.clients import chat_client
            from app.limits import limiter

            router = APIRouter()

            @router.post("/interviews")
            @limiter.limit("10/minute")
            async def interview(questions: list[str]):
                said = []
                for question in questions:
                    answer = await chat_client.complete(question, said)
                    said.append(answer)
                return said
            """,
            "each question is asked with all that was said before",
        ),
        Good(
            """
            import asyncio

            from fastapi import APIRouter
            from app.clients import rates_client
            from app.limits import limiter

            router = APIRouter()

            @router.get("/rates")
            @limiter.limit("10/minute")
            async def rates(codes: str):
                found = {}
                for code in codes.split(","):
                    found[code] = await rates_client.get_rate(code)
                    await asyncio.sleep(0.1)
                return found
            """,
            "paced, as the other side asks for",
        ),
        Good(
            """
            from fastapi import APIRouter
            from fastapi.responses import StreamingResponse
            from app.clients import pages_client
            from app.limits import limiter

            router = APIRouter()

            @router.get("/book/{name}")
            @limiter.limit("10/minute")
            async def book(name: str, pages: str):
                async def each():
                    for page in pages.split(","):
                        yield await pages_client.fetch_page(name, page)
                return StreamingResponse(each())
            """,
            "a stream gives what comes first",
        ),
        Good(
            """
            from app.clients import rates_client

            async def refresh(codes):
                return {code: await rates_client.get_rate(code) for code in codes}
            """,
            "library code: nobody is shown to wait for it",
        ),
        Good(
            """
            import asyncio
            from pathlib import Path

            from fastapi import APIRouter
            from app.limits import limiter

            router = APIRouter()

            @router.get("/charts/{name}")
            @limiter.limit("10/minute")
            async def is_inside(name: str):
                chart = await asyncio.to_thread(lambda: Path(name).resolve())
                folder = await asyncio.to_thread(Path("charts").resolve)
                return chart.is_relative_to(folder)

            @router.post("/reports")
            @limiter.limit("10/minute")
            async def report(guild: int):
                rules = await asyncio.to_thread(read_settings, guild)
                channels = await asyncio.to_thread(read_log_config, guild)
                return {"rules": rules, "channels": channels}
            """,
            "a thread that looks at a name is done at once, and one that reads settings soon",
        ),
        Good(
            """
            import asyncio
            from pathlib import Path

            from fastapi import APIRouter
            from app.limits import limiter
            from app.pictures import shrink

            FLAGS = Path("/srv/flags")
            router = APIRouter()

            @router.post("/flags/{country}")
            @limiter.limit("10/minute")
            async def shrink_all(country: str):
                for old in await asyncio.to_thread(lambda: list(FLAGS.glob("flag.*"))):
                    await asyncio.to_thread(shrink, old)
                for old in FLAGS.glob(f"{country}.*"):
                    await asyncio.to_thread(shrink, old)
            """,
            "of one name there are as many files as endings",
        ),
        Bad(
            """
            import asyncio
            from pathlib import Path

            from fastapi import APIRouter
            from app.limits import limiter
            from app.pictures import shrink

            FLAGS = Path("/srv/flags")
            router = APIRouter()

            @router.post("/flags")
            @limiter.limit("10/minute")
            async def shrink_all():
                for old in FLAGS.glob("*.png"):
                    await asyncio.to_thread(shrink, old)  # SCL509
            """,
            "of one ending there are as many as there are names",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.clients import jobs_client
            from app.limits import limiter

            router = APIRouter()

            @router.post("/jobs")
            @limiter.limit("10/minute")
            async def start(names: str):
                for name in names.split(","):
                    await jobs_client.create_job(name)
                return {"started": True}
            """,
            "what is changed may have an order",
        ),
        Good(
            """
            from fastapi import APIRouter
            from app.clients import fleet_client
            from app.limits import limiter

            router = APIRouter()

            @router.get("/ships")
            @limiter.limit("10/minute")
            async def ships(names: str):
                found = []
                for name in names.split(","):
                    ship = fleet_client.get_ship(name) or await fleet_client.fetch_ship(name)  # todo: SCL509
                    found.append(ship)
                return found
            """,
            "most of it the client holds; where it holds nothing, all ships are asked for one by one",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """Only coroutines wait like this."""
        return words("async")

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the calls that a request awaits one by one."""
        for call in sequential(source):
            yield Finding.at(call.site, what=call.what, instead=call.instead)
