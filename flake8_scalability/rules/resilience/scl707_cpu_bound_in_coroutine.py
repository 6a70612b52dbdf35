"""SCL707: heavy computation on the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.resilience import blocking, costs
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class CpuBoundInCoroutine(Rule):
    """A coroutine computes for so long that the event loop stands still.

    What it does
    ------------
    Finds heavy work of the processor in an `async def`: password hashing, image and data-frame processing, compression
    and archives, PDF reading and writing, model inference. Work inside a plain function of the file counts at the
    coroutine's call of that function.

    Why it does not scale
    ---------------------
    All requests of the process share one event loop. A password hash takes a tenth of a second or more, and for that
    long nothing else runs; ten logins a second are already all that the instance can do.

    How to fix it
    -------------
    Hand the work to a thread where the library releases the interpreter lock (bcrypt, Pillow, NumPy):
    `await asyncio.to_thread(work, ...)`. Hand it to a process pool, or to a task queue, where it does not.

    Known limits
    ------------
    Loops of the program's own are not weighed, and how much data a call is given is not known.
    """

    code = "SCL707"
    slug = "cpu-bound-in-coroutine"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "slow work in a coroutine"
    message = "{what} {work} on the event loop in {function}(); hand it to asyncio.to_thread() or a process pool"
    short = "{what} {work} on the event loop in {function}(); use asyncio.to_thread()"
    title = "Heavy computation in a coroutine"
    impact = "While it computes, the event loop stands still, and every other request of the instance with it"
    fix = "Hand the work to asyncio.to_thread(), a process pool or a task queue"
    references = (
        "https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code",
        "https://docs.python.org/3/library/asyncio-eventloop.html#executing-code-in-thread-or-process-pools",
    )
    examples = (
        Bad(
            """
            import bcrypt

            async def sign_up(users, name, password):
                hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt())  # SCL707
                await users.add(name, hashed)
        """,
            "hashing is made to be slow",
        ),
        Bad(
            """
            from passlib.context import CryptContext

            context = CryptContext(schemes=["bcrypt"])

            def matches(plain, hashed):
                return context.verify(plain, hashed)

            async def log_in(users, name, password):
                user = await users.find(name)
                return user is not None and matches(password, user.hashed)  # SCL707
        """,
            "through a plain function of the file",
        ),
        Bad(
            """
            import zlib

            class Archive:
                async def store(self, key, document):
                    packed = zlib.compress(document)  # SCL707
                    await self.bucket.put(key, packed)
        """,
            "a document may be large",
        ),
        Good(
            """
            import asyncio
            import bcrypt

            async def sign_up(users, name, password):
                hashed = await asyncio.to_thread(bcrypt.hashpw, password.encode(), bcrypt.gensalt())
                await users.add(name, hashed)
        """,
            "hashed in a thread",
        ),
        Good(
            """
            import asyncio
            import zlib

            async def store(bucket, key, document):
                loop = asyncio.get_running_loop()
                packed = await loop.run_in_executor(None, lambda: zlib.compress(document))
                await bucket.put(key, packed)
        """,
            "a lambda that is handed over does not run in the coroutine",
        ),
        Good(
            """
            import bcrypt
            from fastapi import APIRouter

            router = APIRouter()

            def matches(plain, hashed):
                return bcrypt.checkpw(plain.encode(), hashed)
        """,
            "plain code may take its time",
        ),
        Good(
            """
            import asyncio
            from passlib.context import CryptContext

            context = CryptContext(schemes=["bcrypt"])

            def matches(plain, hashed):
                return context.verify(plain, hashed)

            async def log_in(users, name, password):
                user = await users.find(name)
                return user is not None and await asyncio.to_thread(matches, password, user.hashed)
        """,
            "the helper is handed to a thread",
        ),
        Good(
            """
            import asyncio
            import zlib

            async def pack(path):
                print(len(zlib.compress(path.read_bytes())))

            if __name__ == "__main__":
                asyncio.run(pack(None))
        """,
            "a script has its loop for itself",
        ),
        Good(
            """
            import os
            import zipfile

            class Models:
                def unpack(self):
                    with zipfile.ZipFile(self.path + ".zip") as archive:
                        archive.extractall(self.path)
                    return True

                def ensure(self):
                    return os.path.exists(self.path) or self.unpack()

                async def open(self):
                    return self.ensure()
        """,
            "unpacked once, and kept on disk",
        ),
        Good(
            """
            async def log_in(users, context, name, password):
                return context.verify(password, await users.hash_of(name))
        """,
            "what `context` is, nobody says",
        ),
        Good(
            """
            async def pairs(rows, others):
                return [(row, other) for row in rows for other in others if row.key == other.key]  # todo: SCL707
        """,
            "how long the inputs are, the text does not show",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """Only coroutines hold up an event loop."""
        return words("async")

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the first computation of each kind in each coroutine, and each function that leads to one."""
        seen = set()
        for held in blocking.on_event_loop(source, costs.computations(source)):
            key = blocking.subject(held)
            if key not in seen and held.cause.api is not None:
                seen.add(key)
                yield Finding.at(held.at, what=held.spelled, work=held.cause.api.heavy)
