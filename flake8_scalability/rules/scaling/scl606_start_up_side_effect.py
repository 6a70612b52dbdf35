"""SCL606: shared state that is changed each time that an instance starts."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.model.running import startup_effects
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class StartUpSideEffect(Rule):
    """A process changes what all instances share when it is imported or started.

    What it does
    ------------
    Finds the creation of tables (`create_all`, `create_tables`, `CREATE TABLE`), migrations (Alembic, Flask-Migrate,
    `call_command("migrate")`, a child process), first rows and purges of queues and caches, at import or in a start-up
    hook: a lifespan, `on_event("startup")`, an application factory, `AppConfig.ready`.

    Why it does not scale
    ---------------------
    Every instance and every worker does it at the same moment: two create the same table and one of them crashes, two
    insert the same first user, a new instance empties the queue that the others work on. Each start of a process, and
    so each scaling-up, waits for the database.

    How to fix it
    -------------
    Make it a step of the release that runs once: `alembic upgrade head` or `manage.py migrate` in the pipeline, an
    init job, a command. Where it has to stay, hold an advisory lock around it.

    Known limits
    ------------
    What a condition on a setting lets happen is left alone, as is an embedded database, of which every instance has
    its own. First rows are known by the name of the function that writes them; it is left alone where it locks its
    siblings out, names the error of a row that is there, or does nothing but try one creation, and where a library
    makes something of such a name that the module keeps (an application for administrators). Tables that are created
    above the classes which describe them, or in the module that makes their base, are none.
    """

    code = "SCL606"
    slug = "start-up-side-effect"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{what} {effect} as instances start, and they race; {instead}, in a step of its own"
    short = "{what} {effect} at start-up; {instead}"
    title = "Shared state changed at start-up"
    impact = "Instances that start together race: one crashes on a table that exists, or first rows are there twice"
    fix = "Migrate, seed and purge in a release step or an init job that runs once, or under an advisory lock"
    references = (
        "https://alembic.sqlalchemy.org/en/latest/tutorial.html#running-our-first-migration",
        "https://12factor.net/admin-processes",
        "https://docs.djangoproject.com/en/stable/ref/applications/#django.apps.AppConfig.ready",
    )
    examples = (
        Bad(
            """
            from fastapi import FastAPI
            from app.models import Base, engine

            Base.metadata.create_all(bind=engine)  # SCL606

            app = FastAPI()
            """,
            "at import, in every worker of every instance",
        ),
        Bad(
            """
            from contextlib import asynccontextmanager
            from fastapi import FastAPI
            from app.models import Base, engine

            @asynccontextmanager
            async def lifespan(app):
                async with engine.begin() as connection:
                    await connection.run_sync(Base.metadata.create_all)  # SCL606
                yield

            app = FastAPI(lifespan=lifespan)
            """,
            "handed to `run_sync` in the lifespan",
        ),
        Bad(
            """
            from alembic import command
            from alembic.config import Config
            from quart import Quart

            app = Quart(__name__)

            def _migrate():
                command.upgrade(Config("alembic.ini"), "head")  # SCL606

            @app.before_serving
            async def prepare():
                _migrate()
            """,
            "a migration in a helper of the start-up hook",
        ),
        Bad(
            """
            from django.apps import AppConfig
            from django.core.management import call_command

            class Shop(AppConfig):
                name = "shop"

                def ready(self):
                    call_command("migrate", interactive=False)  # SCL606
            """,
            "Django calls `ready` in every process",
        ),
        Bad(
            """
            from flask import Flask
            from app.extensions import db
            from app.data import seed_roles

            def create_app():
                app = Flask(__name__)
                with app.app_context():
                    db.create_all()  # SCL606
                    seed_roles()  # SCL606
                return app
            """,
            "an application factory that creates tables and first rows",
        ),
        Good(
            """
            from contextlib import asynccontextmanager
            from fastapi import FastAPI
            from app.settings import OWNER
            from app.users import users

            async def create_superuser():
                try:
                    await users.create(name=OWNER, superuser=True)
                except Exception:
                    pass

            @asynccontextmanager
            async def lifespan(app):
                await create_superuser()
                yield

            app = FastAPI(lifespan=lifespan)
            """,
            "one row is tried: the second instance is told that it is there, and goes on",
        ),
        Good(
            """
            from fastapi import FastAPI
            from sqlalchemy import text
            from app.models import Role, session

            app = FastAPI()

            def seed_roles():
                with session() as rows:
                    if rows.execute(text("SELECT pg_try_advisory_lock(7)")).scalar():
                        rows.add(Role("owner"))
                        rows.commit()

            @app.on_event("startup")
            def prepare():
                seed_roles()
            """,
            "what writes the rows locks the siblings out",
        ),
        Bad(
            """
            from fastapi import FastAPI
            from app.models import Role, session

            app = FastAPI()

            def seed_roles():
                with session() as rows:
                    try:
                        if not rows.query(Role).first():
                            rows.add(Role("owner"))
                            rows.commit()
                    except Exception:
                        rows.rollback()

            @app.on_event("startup")
            def prepare():
                seed_roles()  # SCL606
            """,
            "two that start together both find nothing, and both write",
        ),
        Good(
            """
            from shop import create_app
            from shop.extensions import db

            app = create_app("development")

            with app.app_context():
                db.create_all()
                print("done")
            """,
            "a script of its own, which somebody starts once",
            "init_db.py",
        ),
        Good(
            """
            import pandas
            from fastapi import FastAPI

            app = FastAPI()

            def create_initial_plot_data(table):
                return table.groupby("place").size().rename("parcels")

            PLOT = create_initial_plot_data(pandas.read_csv("parcels.csv"))
            """,
            "what writes nothing seeds nothing",
        ),
        Good(
            """
            from app.models import Base, engine
            import click

            @click.command()
            def create_tables():
                Base.metadata.create_all(bind=engine)
            """,
            "a command that somebody runs once",
        ),
        Good(
            """
            from alembic import command
            from alembic.config import Config

            def upgrade_to(revision):
                command.upgrade(Config("alembic.ini"), revision)
            """,
            "who calls this, the file does not show",
        ),
        Good(
            """
            from app.parts import Parts

            class Catalogue:
                def __init__(self, parts=None):
                    self.parts = parts or Parts()
                    self._seed()

                def _seed(self):
                    if not self.parts.count():
                        self.parts.save("motor", {"volts": 12})

            class Roles:
                def __init__(self, session):
                    self.session = session
                    self._seed_roles()  # todo: SCL606

                def _seed_roles(self):
                    self.session.merge("admin")

            catalogue = Catalogue()
            """,
            "an object that fills itself, each time that one is made",
        ),
        Good(
            """
            import os
            from flask import Flask
            from app.extensions import db

            def create_app():
                app = Flask(__name__)
                if os.environ.get("AUTO_MIGRATE"):
                    with app.app_context():
                        db.create_all()
                return app
            """,
            "only where it is asked for",
        ),
        Good(
            """
            from contextlib import asynccontextmanager
            from sqlalchemy import text
            from app.models import Base, engine

            @asynccontextmanager
            async def lifespan(app):
                async with engine.begin() as connection:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(7)"))
                    await connection.run_sync(Base.metadata.create_all)
                yield
            """,
            "one instance after the other",
        ),
        Good(
            """
            from sqlalchemy import create_engine
            from app.models import Base

            engine = create_engine("sqlite://")
            Base.metadata.create_all(engine)
            """,
            "each instance has a database of its own, in its memory",
        ),
        Good(
            """
            import asyncio, aiosqlite
            from quart import Quart

            app = Quart(__name__)

            @app.before_serving
            async def prepare():
                app.index = await aiosqlite.connect(":memory:")
                await app.index.execute("CREATE TABLE IF NOT EXISTS words (word TEXT, page INTEGER)")
            """,
            "an index of this instance, which it has to make for itself",
        ),
        Good(
            """
            import random
            from fastapi import FastAPI

            random.seed(7)
            app = FastAPI()
            """,
            "another kind of seed",
        ),
        Good(
            """
            from django.core.management import call_command

            def pytest_configure():
                call_command("collectstatic", interactive=False)
            """,
            "files of this instance",
        ),
        Good(
            """
            from sqlalchemy import MetaData, Table

            metadata = MetaData()

            def create_all(tables):
                return [Table(name, metadata) for name in tables]

            tables = create_all(["orders", "articles"])
            """,
            "a function of the file that only has the name",
        ),
        Good(
            """
            from sqlalchemy import Column, Integer
            from shop.database import Base, engine

            Base.metadata.create_all(engine)

            class Order(Base):
                __tablename__ = "orders"
                key = Column(Integer, primary_key=True)
            """,
            "there is no table yet that it could create",
        ),
        Bad(
            """
            from sqlalchemy import Column, Integer
            from shop.database import Base, engine

            class Order(Base):
                __tablename__ = "orders"
                key = Column(Integer, primary_key=True)

            Base.metadata.create_all(engine)  # SCL606
            """,
            "below the classes it creates their tables",
        ),
        Bad(
            """
            from sqlalchemy import Column, Integer
            from shop.database import Base, engine
            from shop.models import Article

            Base.metadata.create_all(engine)  # SCL606

            class Order(Base):
                __tablename__ = "orders"
                key = Column(Integer, primary_key=True)
            """,
            "other modules have described theirs",
        ),
        Good(
            """
            from sqlalchemy.orm import DeclarativeBase, sessionmaker
            from shop.configuration import engine

            class Base(DeclarativeBase):
                pass

            Base.metadata.create_all(engine)

            Session = sessionmaker(bind=engine)
            """,
            "who describes a table imports the base from here first",
        ),
        Bad(
            """
            from sqlalchemy import Column, Integer, Table
            from sqlalchemy.orm import DeclarativeBase
            from shop.configuration import engine

            class Base(DeclarativeBase):
                pass

            orders = Table("orders", Base.metadata, Column("key", Integer, primary_key=True))

            Base.metadata.create_all(engine)  # SCL606
            """,
            "a table that is no class",
        ),
        Good(
            """
            from celery import Celery
            from shop.configuration import settings

            queue = Celery("shop", broker=settings.get("broker"))

            if settings.get("queue.purge"):
                queue.control.purge()

            @queue.task
            def pack(number):
                return number
            """,
            "off wherever nobody asks for it",
        ),
        Bad(
            """
            from celery import Celery
            from shop.configuration import settings

            queue = Celery("shop", broker=settings.get("broker"))

            if settings.get("queue.purge", True):
                queue.control.purge()  # SCL606

            @queue.task
            def pack(number):
                return number
            """,
            "on wherever nobody says otherwise",
        ),
        Good(
            """
            import pytest
            from app.models import Base, engine

            @pytest.fixture(autouse=True)
            def tables():
                Base.metadata.create_all(engine)
                yield
                Base.metadata.drop_all(engine)
            """,
            "tests create their tables",
            "tests/conftest.py",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield what each start of an instance does to shared state, once for each call."""
        for effect in startup_effects.effects(source):
            names = {
                "what": effect.spelled if effect.spelled.endswith(")") else f"{effect.spelled}()",
                "effect": effect.what,
                "instead": effect.instead,
            }
            yield Finding(effect.site.node, names)
