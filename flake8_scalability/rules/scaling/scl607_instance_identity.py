"""SCL607: behaviour that depends on which machine or process runs it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.scaling import identity
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class InstanceIdentity(Rule):
    """The name of the machine or the number of the process decides something, or becomes part of an id.

    What it does
    ------------
    Finds `socket.gethostname()`, `platform.node()`, `os.uname().nodename`, `$HOSTNAME`, `os.getpid()` and
    `uuid.getnode()` where a machine's name is compared with one that is written out, where a pid file is written that
    the file also asks for, where the number of a process is reduced to the number of an instance, and where they become
    part of an id.

    Why it does not scale
    ---------------------
    In containers each start has a new name, and the process always has the number 1: the leader named in the code no
    longer exists, or two instances have the same number and give out the same ids. A pid file says nothing to the
    other machines.

    How to fix it
    -------------
    Ask the configuration what an instance is to do, or let the instances elect a leader in Redis or the database.
    Make ids with `uuid4` or a sequence, and let a shared store hand out the numbers of instances.

    Known limits
    ------------
    Names for consumers, owners of locks, logs, metrics and traces are left alone: they are to differ. So are mail
    addresses, random numbers, and pid files that only a supervisor reads, or by which the program itself is stopped.
    What asks for input is a console, and does what the one before it wants.
    An identity is followed through one name, not through parameters.
    """

    code = "SCL607"
    slug = "instance-identity"
    severity = Severity.MEDIUM
    since = "0.1.0"
    second_instance = True
    message = "{what} {why}; {instead}"
    short = "{what} {why}"
    title = "Behaviour bound to one machine"
    impact = "After a move or with a second instance nobody is the leader, or two are, or two give out the same ids"
    fix = "Configure or elect the instance that leads; make ids with uuid4, a sequence or a shared counter"
    references = (
        "https://12factor.net/disposability",
        "https://docs.python.org/3/library/uuid.html",
        "https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/",
    )
    examples = (
        Bad(
            """
            import socket
            from app.jobs import start_jobs

            if socket.gethostname() == "web-1":  # SCL607
                start_jobs()
            """,
            "the leader is a name in the code",
        ),
        Bad(
            """
            import os

            def start_once(path):
                if os.path.exists(path):
                    raise SystemExit("runs already")
                with open(path, "w") as file:
                    file.write(str(os.getpid()))  # SCL607
            """,
            "a pid file, which the other machines do not see",
        ),
        Bad(
            """
            import os

            WORKER = os.getpid() % 32  # SCL607

            def next_number(counter, milliseconds):
                return milliseconds << 22 | WORKER << 12 | next(counter)
            """,
            "in a container every process has the number 1",
        ),
        Bad(
            """
            import platform
            import time

            def place_order(orders, article):
                order_id = f"{platform.node()}-{time.time():.0f}"  # SCL607
                orders.add(order_id, article)
                return order_id
            """,
            "two orders of one second have one id",
        ),
        Bad(
            """
            import socket

            MASTERS = ("batch-a", "batch-b")
            name = socket.gethostname()

            def is_mine():
                if name in MASTERS:  # SCL607
                    return True
                return False
            """,
            "asked once, compared later",
        ),
        Bad(
            """
            import os

            def elect(path):
                try:
                    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
                except FileExistsError:
                    return False
                os.write(file, str(os.getpid()).encode())  # SCL607
                return True
            """,
            "each machine has such a file, and elects a worker of its own",
        ),
        Good(
            """
            import socket

            class Mail:
                def configure(self, settings):
                    self.name = settings.get("name", "")
                    if self.name == "":
                        self.name = socket.getfqdn()
            """,
            "the name with which a server greets, where none is configured",
        ),
        Good(
            """
            import socket
            from app.stock import import_stock

            def load(file):
                if socket.gethostname() == "archive":
                    raise SystemExit("not here")
                import_stock(file, input("Who are you? "))
            """,
            "somebody sits before it",
        ),
        Good(
            """
            import os

            def is_stopped(path):
                return not os.path.exists(path)

            def begin(path):
                with open(path, "w") as file:
                    file.write(str(os.getpid()))
            """,
            "who takes the file away stops the process: nobody else is kept from starting",
        ),
        Good(
            """
            import os

            def echo(send, receive, number):
                identifier = os.getpid() & 0xFF00 | number
                send(identifier)
                return receive(identifier)
            """,
            "a mark by which a packet is told within one call",
        ),
        Good(
            """
            import socket

            def address(host, configured):
                if not host:
                    host = socket.gethostname()
                if configured == "any" or host == "0.0.0.0":
                    return "localhost"
                return host
            """,
            "the name stands in where none was given, and what is compared is the setting",
        ),
        Good(
            """
            import os

            def tell_supervisor(path):
                with open(path, "w") as file:
                    file.write(str(os.getpid()))
            """,
            "nothing here asks for the file: whoever started the process reads it",
        ),
        Good(
            """
            import socket

            def sender(name):
                uid = f"{name}@{socket.gethostname()}"
                return uid
            """,
            "a mail address of this machine",
        ),
        Good(
            """
            import hashlib
            import time
            import uuid

            def random_prefix():
                number = uuid.getnode() % 4096
                return hashlib.sha1(f"{number}{time.time()}".encode()).hexdigest()[:10]
            """,
            "stirred into something random",
        ),
        Good(
            """
            import os
            import socket

            CONSUMER = f"{socket.gethostname()}-{os.getpid()}"

            def read(stream):
                return stream.xreadgroup("mailers", CONSUMER, {"mails": ">"}, count=10, block=5000)
            """,
            "names of consumers are to differ",
        ),
        Good(
            """
            import logging
            import os
            import socket

            log = logging.getLogger(__name__)
            log.info("started on %s as %d", socket.gethostname(), os.getpid())
            """,
            "a log says where it comes from",
        ),
        Good(
            """
            import os

            class Pool:
                def __init__(self):
                    self._pid = os.getpid()

                def check(self):
                    if os.getpid() != self._pid:
                        self.__init__()
            """,
            "a fork is noticed by the number of the process",
        ),
        Good(
            """
            import socket
            import uuid

            def take(client, name):
                token = f"{socket.gethostname()}:{uuid.uuid4()}"
                return token if client.set(name, token, nx=True, ex=30) else None
            """,
            "the owner of a lock",
        ),
        Good(
            """
            import socket
            from prometheus_client import Gauge

            depth = Gauge("depth", "Length of the queue", ["host"]).labels(host=socket.gethostname())
            """,
            "a label of a metric",
        ),
        Good(
            """
            import os

            def handle(event):
                return {"request_id": f"{os.getpid()}-{event.number}", "pid": os.getpid()}
            """,
            "an id that only traces are read by",
        ),
        Good(
            """
            import uuid

            def place_order(orders, article):
                order_id = str(uuid.uuid4())
                orders.add(order_id, article)
                return order_id
            """,
            "no machine in it",
        ),
        Good(
            """
            import argparse
            import os

            def main():
                path = argparse.ArgumentParser().parse_args().pidfile
                with open(path, "w") as file:
                    file.write(str(os.getpid()))

            if __name__ == "__main__":
                main()
            """,
            "a program that somebody starts on one machine",
        ),
        Good(
            """
            import fcntl
            import os

            def take(path):
                file = open(path, "w")
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                file.write(f"{os.getpid()}")
                return file
            """,
            "the lock of the file decides, and nobody reads the number",
        ),
        Good(
            """
            import os
            import signal

            def begin(path):
                if os.path.exists(path):
                    raise SystemExit("runs already")
                with open(path, "w") as file:
                    file.write(str(os.getpid()))

            def stop(path):
                with open(path) as file:
                    os.kill(int(file.read()), signal.SIGTERM)
            """,
            "begins and stops the program on this machine",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What tells a machine or a process by its name."""
        return words(*identity.names())

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the uses of an identity on which behaviour depends, outside of tools."""
        seen = set()
        for use in identity.uses(source):
            if use.node not in seen and source.place(use.scope).place is not Place.TOOL:
                seen.add(use.node)
                yield Finding(use.node, {"what": use.what, "why": use.why, "instead": use.instead})
