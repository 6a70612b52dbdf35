"""SCL801: a read is sent to the primary of the database although there is a replica."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.database.replicas import idle_replicas, lazy_routers, primary_reads
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class ReadOnPrimary(Rule):
    """A read goes to the one database that has to take all writes.

    What it does
    ------------
    Finds queries that only read, through a handle that is the primary by its name (`primary_db`, `writer_session`;
    `master_db` where the project has a replica), routers whose `db_for_read` always answers with the primary, and a
    replica in `DATABASES` that nothing is sent to.

    Why it does not scale
    ---------------------
    There is one primary, and every write has to go there. Reads are most of the load of most services, and the only
    part that further machines can take over.

    How to fix it
    -------------
    Send reads to a replica: a second engine or session, a router, `using("replica")`. Leave on the primary what has to
    see its own write at once, and what locks rows.

    Known limits
    ------------
    The names decide. A function that also writes, what runs in a transaction, and signals and methods of a row that is
    being saved are left alone; how far the replica is behind, and whether a caller has just written, is not known. A
    query that names the alias of its database itself (`using("default")`) is taken for a choice.
    """

    code = "SCL801"
    slug = "read-on-primary"
    severity = Severity.MEDIUM
    since = "0.1.0"
    message = "{says}; {instead}"
    short = "{says}; {instead}"
    title = "Read on the primary database"
    impact = "All reads load the one machine that has to take every write"
    fix = "Send reads to a replica (a second engine, a database router); keep on the primary what reads its own writes"
    references = (
        "https://docs.djangoproject.com/en/stable/topics/db/multi-db/#an-example",
        "https://docs.sqlalchemy.org/en/20/orm/persistence_techniques.html",
    )
    examples = (
        Bad(
            """
            from .databases import writer_session

            def stock_of(sku):
                return writer_session.query(Stock).filter_by(sku=sku).first()  # SCL801
        """,
            "nothing is written",
        ),
        Bad(
            """
            from sqlalchemy import select
            from .databases import primary_engine

            def newest_prices():
                with primary_engine.connect() as conn:
                    return conn.execute(select(Price.amount).order_by(Price.id.desc()).limit(20)).all()  # SCL801
        """,
            "a connection of the primary's engine",
        ),
        Good(
            """
            from .models import Vote

            replica_of = {"default": "replica"}

            def votes_for(song):
                return Vote.objects.using("primary").filter(song=song).count()  # todo: SCL801

            def newest_vote(song, using):
                votes = Vote.objects.using(using).filter(song=song)
                if using != "default":
                    votes = votes.using("default")
                return votes.first()
        """,
            "whoever names the alias in the query has chosen it, as for a row that is written next",
        ),
        Bad(
            """
            REPLICA_DATABASE_URL = "from the environment"

            class Router:
                def db_for_read(self, model, **hints):
                    return "default"  # SCL801

                def db_for_write(self, model, **hints):
                    return "default"
        """,
            "a router that does not route, beside a replica",
        ),
        Bad(
            """
            import dj_database_url

            DATABASES = {
                "default": dj_database_url.config("DB", conn_max_age=60, conn_health_checks=True),
                "replica": dj_database_url.config("DB_2", conn_max_age=60, conn_health_checks=True),  # SCL801
            }
        """,
            "a replica that nothing is sent to",
            "settings.py",
        ),
        Good(
            """
            from .databases import reader_session

            def stock_of(sku):
                return reader_session.query(Stock).filter_by(sku=sku).first()
        """,
            "asks a replica",
        ),
        Good(
            """
            from .databases import writer_session

            def rename(sku, name):
                stock = writer_session.query(Stock).filter_by(sku=sku).one()
                stock.name = name
                writer_session.commit()
                return stock
        """,
            "reads what it then writes",
        ),
        Good(
            """
            from .databases import primary_db

            def drop_stock(sku):
                primary_db.query(Stock).filter_by(sku=sku).delete()
        """,
            "a write has to go there",
        ),
        Good(
            """
            from .databases import writer_session

            def next_job():
                return writer_session.query(Job).with_for_update(skip_locked=True).first()
        """,
            "locks are the primary's",
        ),
        Good(
            """
            from .databases import session

            def stock_of(sku):
                return session.query(Stock).filter_by(sku=sku).first()
        """,
            "where the session leads, the file does not say",
        ),
        Good(
            """
            from .models import Vote

            def votes_for(song):
                return Vote.objects.using("default").filter(song=song).count()
        """,
            "no replica in sight",
        ),
        Good(
            """
            from .databases import master_db

            def country(code):
                return master_db.query(Country).filter_by(code=code).first()
        """,
            "it may be the database of master data",
        ),
        Good(
            """
            import dj_database_url

            DATABASES = {
                "default": dj_database_url.config("DB", conn_max_age=60, conn_health_checks=True),
                "replica": dj_database_url.config("DB_2", conn_max_age=60, conn_health_checks=True),
            }
            DATABASE_ROUTERS = ["shop.routers.ReplicaRouter"]
        """,
            "a router decides",
            "settings.py",
        ),
        Good(
            """
            READER_DATABASE_URL = "from the environment"

            class Router:
                def db_for_read(self, model, **hints):
                    if model._meta.app_label == "billing":
                        return "default"
                    return pick_reader()
        """,
            "only some reads stay",
        ),
        Good(
            """
            from .databases import primary_db
            from .models import Order

            def just_paid(keys):
                # the rows may just have been written: a replica would not have them yet
                return primary_db.query(Order).filter(Order.key.in_(keys)).all()
        """,
            "a comment says why",
        ),
        Good(
            """
            from shop.databases import primary_db
            from shop.mails import greet
            from shop.models import Customer

            def before_saving(sender, instance, **kwargs):
                stored = primary_db.query(Customer).get(instance.pk)
                if instance.is_active and not stored.is_active:
                    greet.delay(instance.pk)
        """,
            "what is being saved is compared with what is stored",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the reads of the primary, the routers that send them there, and the replicas that are left idle."""
        for read in primary_reads(source):
            says = f"{display_name(read.scope)}() reads through {read.name}, the primary"
            yield Finding(read.node, {"says": says, "instead": "use a replica"})
        for read in lazy_routers(source):
            says = f'{display_name(read.scope)}() sends every read to "{read.name}", the primary'
            yield Finding(read.node, {"says": says, "instead": "return a replica"})
        for node, alias in idle_replicas(source):
            says = f'nothing reads from "{alias}": all reads go to the primary'
            yield Finding(node, {"says": says, "instead": "add a database router"})
