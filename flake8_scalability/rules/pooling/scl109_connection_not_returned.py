"""SCL109: a connection that an exception keeps from its pool."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.pooling import leases
from flake8_scalability.model.running import lifetimes, probes
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

_RELEASE = "use with, or finally"


class ConnectionNotReturned(Rule):
    """A connection, session or lock is taken without a `with` or a `finally` that gives it back.

    What it does
    ------------
    Finds a pooled connection, a session or a lock that a function takes and gives back, if at all, only where nothing
    raises in between. It also finds a call, made while one is held, of a function that takes a second one from the
    same pool.

    Why it does not scale
    ---------------------
    Each exception loses one connection of the pool, so that a burst of errors empties it and everything waits. Where
    each request needs two at once, as many requests as the pool has connections wait for each other for ever.

    How to fix it
    -------------
    Take it in a `with` statement, or release it in the `finally` of a `try` that begins right behind the call. Hand
    the connection that is held to the function that needs one.

    Known limits
    ------------
    What is handed to another object, or returned, is taken to be released there.
    """

    code = "SCL109"
    slug = "connection-not-returned"
    severity = Severity.HIGH
    since = "0.1.0"
    message = "{callee}() ({what} of a pool) in {function}() {problem}; {instead}"
    short = "{callee}() {problem}; {instead}"
    title = "Connection not returned to its pool"
    impact = "Each exception costs the pool a connection, until every request waits for one"
    fix = "Take it in a with statement, or release it in a finally"
    references = (
        "https://docs.sqlalchemy.org/en/20/orm/session_basics.html#opening-and-closing-a-session",
        "https://www.psycopg.org/docs/pool.html",
    )
    examples = (
        Bad(
            """
            from psycopg2.pool import ThreadedConnectionPool

            pool = ThreadedConnectionPool(1, 20, dsn="dbname=shop", connect_timeout=3)

            def close_order(order_id):
                conn = pool.getconn()  # SCL109
                conn.cursor().execute("UPDATE orders SET open = false WHERE id = %s", (order_id,))
                conn.commit()
                pool.putconn(conn)
            """,
            "a failing statement loses the connection",
        ),
        Bad(
            """
            from shop.database import SessionLocal

            def get_session():
                session = SessionLocal()  # SCL109
                yield session
                session.close()
            """,
            "a dependency whose user raises never comes back behind the yield",
        ),
        Bad(
            """
            import threading

            lock = threading.Lock()

            def book(seat):
                lock.acquire(timeout=5)  # SCL109
                seat.book()
                lock.release()
            """,
            "an exception leaves everybody locked out",
        ),
        Bad(
            """
            from sqlalchemy import create_engine
            from shop.settings import DATABASE_URL

            engine = create_engine(DATABASE_URL, pool_pre_ping=True)

            def name_of(customer_id):
                with engine.connect() as conn:
                    return conn.execute(QUERY, {"id": customer_id}).scalar_one()

            def invoice(order):
                with engine.connect() as conn:
                    lines = conn.execute(LINES, {"order": order.id}).all()
                    return name_of(order.customer_id), lines  # SCL109
            """,
            "each invoice needs two connections at once",
        ),
        Bad(
            """
            from shop.database import get_session

            def rename(customer_id, name):
                session = get_session()  # SCL109
                session.get(Customer, customer_id).name = name
                session.commit()
                session.close()
            """,
            "a session of the project's own function",
        ),
        Good(
            """
            from shop.http import get_session

            def ask(url):
                session = get_session()
                session.close()
                return url
            """,
            "nothing shows that this is a session of a database",
        ),
        Good(
            """
            from psycopg2.pool import ThreadedConnectionPool

            pool = ThreadedConnectionPool(1, 20, dsn="dbname=shop", connect_timeout=3)

            def close_order(order_id):
                conn = pool.getconn()
                try:
                    conn.cursor().execute("UPDATE orders SET open = false WHERE id = %s", (order_id,))
                    conn.commit()
                finally:
                    pool.putconn(conn)
            """,
            "given back on every way out",
        ),
        Good(
            """
            from shop.database import SessionLocal

            def get_session():
                session = SessionLocal()
                try:
                    yield session
                finally:
                    session.close()

            def total(order_id):
                with SessionLocal() as session:
                    return session.get(Order, order_id).total
            """,
            "a finally, and a with",
        ),
        Good(
            """
            from shop.database import SessionLocal

            def open_session():
                session = SessionLocal()
                return session

            class Repository:
                def __init__(self):
                    self.session = SessionLocal()
            """,
            "returned and stored: somebody else releases it",
        ),
        Good(
            """
            from shop.database import SessionLocal

            def rename(customer_id, name):
                session = SessionLocal()
                try:
                    session.get(Customer, customer_id).name = name
                    session.commit()
                    session.close()
                except Exception:
                    session.rollback()
                    session.close()
                    raise
            """,
            "released on both ways",
        ),
        Good(
            """
            import threading

            lock = threading.Lock()

            def book(seat):
                with lock:
                    seat.book()

            def try_book(seat):
                if lock.acquire(blocking=False):
                    try:
                        seat.book()
                    finally:
                        lock.release()
            """,
            "released whatever happens",
        ),
        Good(
            """
            from contextlib import closing
            from shop.database import SessionLocal

            def total(order_id):
                session = SessionLocal()
                with closing(session):
                    return session.get(Order, order_id).total
            """,
            "closed by the with",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from shop.settings import DATABASE_URL

            engine = create_engine(DATABASE_URL, pool_pre_ping=True)

            def name_of(conn, customer_id):
                return conn.execute(QUERY, {"id": customer_id}).scalar_one()

            def invoice(order):
                with engine.connect() as conn:
                    lines = conn.execute(LINES, {"order": order.id}).all()
                    return name_of(conn, order.customer_id), lines
            """,
            "the connection is handed on",
        ),
        Good(
            """
            from shop.database import SessionLocal

            def count_orders():
                session = SessionLocal()
                number = session.query(Order).count()
                session.close()
                return number
            """,
            "a test may leak",
            "tests/test_orders.py",
        ),
        Good(
            """
            from shop.database import SessionLocal

            def name_of(customer_id):
                with SessionLocal() as session:
                    return session.get(Customer, customer_id).name

            def greet(customer_id):
                with SessionLocal() as session:
                    name = name_of(customer_id)
                    session.add(Greeting(name))
                    session.commit()
            """,
            "a session holds no connection before its first statement",
        ),
        Good(
            """
            from shop.database import SessionLocal

            def total_of(order, session=None):
                if session is not None:
                    return session.scalar(order.total)
                with SessionLocal() as session:
                    return session.scalar(order.total)

            def close(order):
                with SessionLocal() as session:
                    session.add(Closing(order.number))
                    session.flush()
                    session.add(Bill(total_of(order, session=session)))
                    session.commit()
            """,
            "the second function is given what the first one holds",
        ),
        Good(
            """
            from shop.database import SessionLocal

            def seed_countries():
                session = SessionLocal()
                session.add(Country("SE"))
                session.close()
            """,
            "a start-up loses one connection at most, and ends with it",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield what an exception keeps from its pool, and second takes while a first one is held."""
        taken = [each for each in leases.taken_in(source) if _matters(each.site)]
        for each in taken:
            if leases.leaks(each):
                problem = "stays locked when an exception is raised"
                if not each.lease.on_receiver:
                    problem = "is not given back when an exception is raised"
                yield Finding.at(each.site, what=each.lease.what, problem=problem, instead=_RELEASE)
        seen = set()
        for site, other in sorted(leases.second_takes(source, taken), key=lambda pair: pair[0].node.lineno):
            key = (site.function, site.callee)
            if key not in seen:
                seen.add(key)
                problem = "takes a second one while one is held, which can deadlock"
                yield Finding.at(site, what=other.lease.what, problem=problem, instead="hand on the first")


def _matters(site: CallSite) -> bool:
    """Whether the code runs again and again: what a start-up or a check loses is one connection."""
    if site.function is None or site.place in (Place.TOOL, Place.STARTUP):
        return False
    return site.place is not Place.LIBRARY or not (
        lifetimes.runs_once(site.source, site.function) or probes.tries_a_connection(site.function)
    )
