"""SCL602: a scheduled job that every instance runs, with nothing to hold the others back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.running import commands
from flake8_scalability.model.scaling import coordination, jobs, own_memory, own_stores, sibling_jobs
from flake8_scalability.model.sites import display_name
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule


class UncoordinatedScheduledJob(Rule):
    """A job is scheduled inside the process, so that every instance runs it.

    What it does
    ------------
    Finds the jobs of schedulers that live in the serving process (APScheduler, Flask-APScheduler, `schedule`, aiocron,
    `repeat_every`, Rocketry, uWSGI's timers, a `threading.Timer` that starts itself again) that take no shared lock and
    do what must happen once: they send, charge, insert rows, ask or pay another service, hand work on, or change rows
    one after the other. Their calls are followed through the project; a function whose code is not in sight counts by
    its name (`delete_old_orders()`).
    Finds Django commands as well that send something for each row of a query, where the rows wait to be sent, or a
    crontab, or the `CRONJOBS`, that the project brings into each instance names the command.

    Why it does not scale
    ---------------------
    With a second instance the job runs twice: two mails to each customer, two charges, two workers that delete and
    write the same rows at the same moment. A `max_instances=1` counts within one process only.

    How to fix it
    -------------
    Take a lock that all instances see before the work begins, and leave where it is taken: `redis.lock` with a
    timeout, `pg_try_advisory_lock`, `cache.add`. Or run the schedule outside of the instances: Celery beat, a
    Kubernetes CronJob, one scheduler process of its own.

    Known limits
    ------------
    A lock, a leader election or a switch is recognised by its name. A job whose code shows nothing but a `DELETE` or
    an `UPDATE` of the rows that a condition picks may run twice, and so may one that only looks after its own process
    (caches, metrics, temporary files, what it has gathered in memory, the jobs of its own scheduler) or has what it
    reads begin anew (`reset=True`); functions that are called out of a register are not followed. Left alone are chat
    bots that ask for their messages, and projects whose only database is a file of SQLite, of which there is one. Tasks
    of Celery beat are left alone, even those that overlap with themselves, and so are the jobs of a scheduler that
    blocks a program or command of its own, of which one is started.
    """

    code = "SCL602"
    slug = "uncoordinated-scheduled-job"
    severity = Severity.HIGH
    since = "0.1.0"
    second_instance = True
    message = "{job}() ({scheduler}) runs on every instance; take a shared lock first, or schedule it once outside"
    short = "{job}() ({scheduler}) runs on every instance; take a shared lock"
    title = "Scheduled job without coordination"
    impact = "Each instance runs the job: mails go out twice, rows are deleted and written by two at once"
    fix = "Take a lock that all instances see (redis, pg_try_advisory_lock), or use Celery beat or a CronJob"
    references = (
        "https://apscheduler.readthedocs.io/en/3.x/faq.html#how-do-i-share-a-single-job-store-among-one-or-more-worker-processes",
        "https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/",
        "https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS",
    )
    examples = (
        Bad(
            """
            from apscheduler.schedulers.asyncio import AsyncIOScheduler
            from .reports import mail_reports

            clock = AsyncIOScheduler()

            @clock.scheduled_job("cron", hour=6)
            async def weekly():  # SCL602
                await mail_reports()
            """,
            "six o'clock strikes on every instance",
        ),
        Bad(
            """
            from apscheduler.schedulers.background import BackgroundScheduler
            from .billing import charge_subscriptions

            def create_app(app):
                scheduler = BackgroundScheduler()
                scheduler.add_job(charge_subscriptions, "interval", hours=1, max_instances=1)  # SCL602
                scheduler.start()
                return app
            """,
            "the job is defined elsewhere; `max_instances` counts within one process",
        ),
        Bad(
            """
            from apscheduler.schedulers.background import BackgroundScheduler
            from .catalogue import refresh_prices

            def plan(scheduler: BackgroundScheduler, how):
                if how == "daily":
                    scheduler.add_job(refresh_prices, "cron", hour=3)  # SCL602
                elif how == "weekly":
                    scheduler.add_job(refresh_prices, "cron", day_of_week="sun")
                else:
                    scheduler.add_job(refresh_prices, "cron", year=2999)
            """,
            "one job, however it is registered; a cron trigger for one year comes once",
        ),
        Bad(
            """
            import time
            import schedule
            from .orders import cancel_unpaid

            def sweep():  # SCL602
                cancel_unpaid()

            schedule.every(10).minutes.do(sweep)

            def run_worker():
                while True:
                    schedule.run_pending()
                    time.sleep(1)
            """,
            "a chain of the library `schedule`",
        ),
        Bad(
            """
            import threading
            from .feeds import import_prices

            def poll_prices():  # SCL602
                import_prices()
                threading.Timer(60, poll_prices).start()
            """,
            "a timer that starts itself again",
        ),
        Bad(
            """
            from fastapi import FastAPI
            from fastapi_utils.tasks import repeat_every
            from .store import delete_expired_carts

            app = FastAPI()

            @app.on_event("startup")
            @repeat_every(seconds=3600)
            def expire_carts():  # SCL602
                delete_expired_carts()
            """,
            "started with the web process",
        ),
        Bad(
            """
            from apscheduler.schedulers.asyncio import AsyncIOScheduler
            from sqlalchemy import select
            from .db import sessions
            from .models import Voucher

            async def void_expired():  # SCL602
                async with sessions() as session:
                    for voucher in await session.scalars(select(Voucher).where(Voucher.expired).limit(500)):
                        voucher.customer.points += voucher.points
                    await session.commit()

            def start(settings):
                clock = AsyncIOScheduler()
                clock.add_job(void_expired, "interval", minutes=settings.minutes)
                clock.start()
            """,
            "both instances read the same rows, and both give the points back",
        ),
        Bad(
            """
            from django.core.management.base import BaseCommand
            from shop.models import Invoice
            from shop.mail import send_reminder

            class Command(BaseCommand):
                help = "Reminds of unpaid invoices; to be run by cron each morning"

                def handle(self, *args, **options):  # SCL602
                    for invoice in Invoice.objects.filter(paid=False).iterator():
                        send_reminder(invoice)
            """,
            "cron runs the command on every machine, and it may still run when cron starts the next",
            "shop/management/commands/send_reminders.py",
        ),
        Bad(
            """
            from django.core.management.base import BaseCommand
            from shop.models import PendingMessage

            class Command(BaseCommand):
                def handle(self, *args, **options):  # SCL602
                    for message in PendingMessage.objects.order_by("pk"):
                        send_message(message)

            def send_message(message):
                message.deliver()
                message.delete()
            """,
            "what waits to be sent is walked again and again, and two that walk it send it twice",
            "shop/management/commands/send_messages.py",
        ),
        Good(
            """
            import asyncio
            from apscheduler.schedulers.asyncio import AsyncIOScheduler

            class ScheduleCommand:
                def __init__(self, reports):
                    self.reports = reports

                async def mail(self):
                    await self.reports.send_all()

                def run(self):
                    scheduler = AsyncIOScheduler()
                    scheduler.add_job(self.mail, "cron", hour=6)
                    scheduler.start()
                    asyncio.get_event_loop().run_forever()
            """,
            "a command of its own, which does nothing but wait for its jobs",
        ),
        Good(
            """
            from apscheduler.schedulers.blocking import BlockingScheduler
            from app import tasks

            scheduler = BlockingScheduler()
            scheduler.add_job(tasks.mail_reports.send, "cron", hour=6)
            scheduler.start()
            """,
            "a process of its own that fills a queue, as Celery's beat does",
        ),
        Good(
            """
            from apscheduler.schedulers.background import BackgroundScheduler

            class Plan:
                def __init__(self, task, scheduler: BackgroundScheduler, everywhere=False):
                    self.task = task
                    self.scheduler = scheduler
                    self.everywhere = everywhere

                def begin(self):
                    self.scheduler.add_job(self.task.run if self.everywhere else self.task.run_once, "cron", hour=4)

                def repeat(self, work, minutes):
                    self.scheduler.add_job(work, "interval", minutes=minutes)
            """,
            "a wrapper schedules what it is given, which may take its lock itself",
        ),
        Good(
            """
            from apscheduler.schedulers.asyncio import AsyncIOScheduler
            from .reports import mail_reports
            from .redis import client

            clock = AsyncIOScheduler()

            @clock.scheduled_job("cron", hour=6)
            async def weekly():
                async with client.lock("weekly-report", timeout=600, blocking=False):
                    await mail_reports()
            """,
            "only one instance gets the lock",
        ),
        Good(
            """
            from apscheduler.schedulers.background import BackgroundScheduler
            from sqlalchemy import text
            from .billing import charge_subscriptions
            from .db import engine

            def _mine(connection):
                return connection.execute(text("SELECT pg_try_advisory_lock(42)")).scalar()

            def hourly():
                with engine.connect() as connection:
                    if _mine(connection):
                        charge_subscriptions()

            scheduler = BackgroundScheduler()
            scheduler.add_job(hourly, "interval", hours=1)
            """,
            "an advisory lock of the database, taken in a helper",
        ),
        Good(
            """
            from apscheduler.schedulers.background import BackgroundScheduler
            from .billing import charge_subscriptions
            from .coordination import leader_only

            scheduler = BackgroundScheduler()

            @scheduler.scheduled_job("interval", hours=1)
            @leader_only
            def hourly():
                charge_subscriptions()
            """,
            "a decorator of the project says who runs it",
        ),
        Good(
            """
            import os
            from apscheduler.schedulers.background import BackgroundScheduler
            from .billing import charge_subscriptions

            def create_app(app):
                if os.environ.get("RUN_SCHEDULER") == "1":
                    scheduler = BackgroundScheduler()
                    scheduler.add_job(charge_subscriptions, "interval", hours=1)
                    scheduler.start()
                return app
            """,
            "the deployment says which instance runs the jobs",
        ),
        Good(
            """
            from celery import Celery
            from .billing import charge_subscriptions

            app = Celery("shop")
            app.conf.beat_schedule = {"hourly": {"task": "shop.hourly", "schedule": 3600}}

            @app.task(name="shop.hourly")
            def hourly():
                charge_subscriptions()
            """,
            "Celery beat is one process that queues the task once",
        ),
        Good(
            """
            from apscheduler.jobstores.redis import RedisJobStore
            from apscheduler.schedulers.blocking import BlockingScheduler
            from .billing import charge_subscriptions
            from shop.settings import JOBS_HOST

            scheduler = BlockingScheduler(jobstores={"default": RedisJobStore(host=JOBS_HOST)})
            scheduler.add_job(charge_subscriptions, "interval", hours=1)
            """,
            "a process of its own that keeps its jobs in a shared store",
        ),
        Good(
            """
            import os
            from pathlib import Path
            from apscheduler.schedulers.background import BackgroundScheduler

            def sweep_uploads():
                for path in Path("/tmp/uploads").iterdir():
                    os.remove(path)

            def refresh_cache():
                load_everything()

            scheduler = BackgroundScheduler()
            scheduler.add_job(sweep_uploads, "interval", minutes=5)
            scheduler.add_job(refresh_cache, "interval", minutes=5)
            """,
            "each instance has its own disk to sweep, and its own cache",
        ),
        Good(
            """
            import threading
            from .models import Sample

            class Meter:
                def __init__(self):
                    self.samples = []

                def write_down(self):
                    threading.Timer(300, self.write_down).start()
                    taken = self.samples
                    self.samples = []
                    Sample.objects.bulk_create(taken)

            meter = Meter()
            meter.write_down()
            """,
            "each process writes down what it has gathered itself",
        ),
        Good(
            """
            from apscheduler.schedulers.asyncio import AsyncIOScheduler
            from .members import all_members
            from .shop import count_visitors

            clock = AsyncIOScheduler()

            def greet():
                count_visitors()

            def plan_reminder(member):
                clock.add_job(greet, "cron", hour=member.hour, id=str(member.pk), replace_existing=True)

            def plan_all():
                for member in all_members():
                    plan_reminder(member)

            def begin():
                clock.add_job(plan_all, "interval", minutes=15)
                clock.start()
            """,
            "what is planned is forgotten with the process, so each one plans for itself",
        ),
        Good(
            """
            import os
            from apscheduler.schedulers.background import BackgroundScheduler

            def clean_folder(folder):
                for name in os.listdir(folder):
                    os.unlink(os.path.join(folder, name))

            def tidy():
                for folder in ("drafts", "uploads"):
                    clean_folder(folder)

            def begin():
                scheduler = BackgroundScheduler()
                scheduler.add_job(tidy, "interval", hours=1)
                scheduler.start()
            """,
            "what is cleaned are folders of this machine, as the function says that does it",
        ),
        Good(
            """
            from fastapi_utils.tasks import repeat_every
            from .labels import Label, process_names
            from .shop import ask_for_names

            @repeat_every(seconds=600)
            async def rename():
                Label.names = process_names(await ask_for_names())

            @repeat_every(seconds=600)
            async def recount(app):
                app.state.names = process_names(await ask_for_names())
            """,
            "what the process keeps for itself, each has to get for itself",
        ),
        Good(
            """
            from apscheduler.schedulers.asyncio import AsyncIOScheduler
            from sqlalchemy import text
            from .db import engine

            clock = AsyncIOScheduler()

            @clock.scheduled_job("interval", minutes=5)
            async def give_up_on_stuck():
                async with engine.begin() as rows:
                    await rows.execute(text("UPDATE runs SET state = 'lost' WHERE state = 'busy' AND old"))
            """,
            "a second instance finds no rows left that the condition picks",
        ),
        Good(
            """
            from fastapi_utils.tasks import repeat_every

            hourly = []

            @repeat_every(seconds=3600)
            def run_hourly():  # todo: SCL602
                for work in hourly:
                    work()
            """,
            "what others have put into a register is not in sight",
        ),
        Good(
            """
            from apscheduler.schedulers.background import BackgroundScheduler

            scheduler = BackgroundScheduler()

            def later(send, when, message):
                scheduler.add_job(send, "date", run_date=when, args=[message])
            """,
            "once, and only where somebody asked for it",
        ),
        Good(
            """
            from threading import Timer
            from .feeds import import_prices

            def in_a_minute():
                timer = Timer(60, import_prices)
                timer.start()
                return timer
            """,
            "a timer that runs once",
        ),
        Good(
            """
            from django.core.management.base import BaseCommand
            from django_pglocks import advisory_lock
            from shop.models import Invoice
            from shop.mail import send_reminder

            class Command(BaseCommand):
                help = "Sends mails, daily by cron"

                def handle(self, *args, **options):
                    with advisory_lock("reminders", wait=False) as mine:
                        for invoice in Invoice.objects.filter(paid=False) if mine else ():
                            send_reminder(invoice)
            """,
            "one machine sends",
            "shop/management/commands/send_reminders.py",
        ),
        Good(
            """
            from django.core.management.base import BaseCommand
            from shop.models import Invoice
            from shop.mail import send_reminder

            class Command(BaseCommand):
                help = "Sends mails, daily by cron"

                def handle(self, *args, **options):
                    for invoice in Invoice.objects.filter(paid=False, reminded=False):
                        mine = Invoice.objects.filter(pk=invoice.pk, reminded=False).update(reminded=True)
                        if mine:
                            send_reminder(invoice)
            """,
            "each row is claimed before its mail goes out",
            "shop/management/commands/send_reminders.py",
        ),
        Good(
            """
            from django.core.management.base import BaseCommand
            from shop.models import Customer
            from shop.mail import send_news

            class Command(BaseCommand):
                help = "Sends mails, daily by cron"

                def add_arguments(self, parser):
                    parser.add_argument("subject")

                def handle(self, *args, **options):
                    for customer in Customer.objects.all():
                        send_news(customer, options["subject"])
            """,
            "a person runs this by hand",
            "shop/management/commands/send_news.py",
        ),
        Good(
            """
            import time
            import schedule
            from shop.prices import refresh_prices

            schedule.every(3).hours.do(refresh_prices)

            while True:
                schedule.run_pending()
                time.sleep(1)
            """,
            "a scheduler that is a program of its own, of which one is started",
            "clock.py",
        ),
        Good(
            """
            from apscheduler.schedulers.asyncio import AsyncIOScheduler
            from telegram.ext import ApplicationBuilder
            from app.news import send_news

            async def start(application):
                clock = AsyncIOScheduler()
                clock.add_job(send_news, "cron", hour=8, args=[application.bot])
                clock.start()

            application = ApplicationBuilder().token("").post_init(start).build()
            application.run_polling()
            """,
            "a second bot that asks for messages is refused by the platform",
            "bot.py",
        ),
        Good(
            """
            from django.core.management.base import BaseCommand
            from shop.models import Customer
            from shop.mail import send_apology

            class Command(BaseCommand):
                help = "Apologises to customers of last week's outage"

                def handle(self, *args, **options):
                    for customer in Customer.objects.filter(affected=True):
                        send_apology(customer)
            """,
            "nothing says that it runs more than once",
            "shop/management/commands/send_apologies.py",
        ),
        Good(
            """
            from apscheduler.schedulers.blocking import BlockingScheduler
            from .billing import charge_subscriptions

            def run():
                scheduler = BlockingScheduler()
                scheduler.add_job(charge_subscriptions, "interval", hours=1)
                scheduler.start()
            """,
            "a process of its own, of which one is started",
            "shop/clock.py",
        ),
        Good(
            """
            from apscheduler.schedulers.background import BackgroundScheduler
            from shop.events import waiting
            from shop.mail import send_all

            def tell():
                told = []
                while waiting:
                    told.append(waiting.popleft())
                send_all(told)

            def begin():
                scheduler = BackgroundScheduler()
                scheduler.add_job(tell, "interval", minutes=1)
                scheduler.start()
            """,
            "what this process has to tell lies in its own memory, and no other could tell it",
        ),
        Bad(
            """
            from apscheduler.schedulers.background import BackgroundScheduler
            from shop.events import unsent
            from shop.mail import send_all

            def tell():  # SCL602
                send_all(unsent())

            def begin():
                scheduler = BackgroundScheduler()
                scheduler.add_job(tell, "interval", minutes=1)
                scheduler.start()
            """,
            "every instance tells the same",
        ),
        Good(
            """
            from apscheduler.schedulers.background import BackgroundScheduler
            from shop.locks import acquire_lock
            from shop.mail import send_reminders

            def remind():
                if acquire_lock("reminders"):
                    send_reminders()

            def begin():
                scheduler = BackgroundScheduler()
                scheduler.add_job(remind, "cron", hour=8)
                scheduler.start()
            """,
            "whoever gets the lock sends them",
        ),
    )

    @classmethod
    def words(cls) -> frozenset[bytes]:
        """What schedules a job, and the classes of commands."""
        return words(*jobs.names(), *commands.CLASSES)

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the jobs that every instance runs, at their `def` or their registration, and delivering commands."""
        seen = set()
        for job in jobs.jobs(source):
            anchor = job.function.node if job.function is not None else job.node
            # A job that is registered in several branches is one job.
            key = anchor if job.function is not None or not job.name.isidentifier() else job.name
            if key not in seen and _matters(job, source):
                seen.add(key)
                yield Finding(anchor, {"job": _called(job), "scheduler": job.scheduler})
        for command, handle in commands.delivering(source):
            yield Finding(handle.node, {"job": command, "scheduler": "run by cron"})


def _called(job: jobs.Job) -> str:
    """What the job is called in a message: as a function of the file with its class."""
    return display_name(job.function) if job.function is not None else job.name


def _matters(job: jobs.Job, source: SourceFile) -> bool:
    """Whether a second instance would run the job a second time, and somebody would notice."""
    call = job.node if isinstance(job.node, ast.Call) else None
    if source.place(job.scope, call).place is Place.TOOL or sibling_jobs.is_added_while_serving(job, source):
        return False
    if sibling_jobs.has_shared_store(source) or sibling_jobs.is_switched(job, source):
        return False
    if sibling_jobs.only_fills_queues(job, source) or sibling_jobs.is_handed_in(job, source):
        return False
    if sibling_jobs.minds_own_affairs(job, source) or own_memory.is_of_own_memory(job, source):
        return False
    here = [function for function in (job.scope.function, job.function) if function is not None]
    if any(coordination.coordinates(function, source) for function in here):
        return False
    if job.function is None and coordination.speaks_of_it(job.name):
        return False
    if sibling_jobs.runs_in_own_process(job, source):
        return False
    if sibling_jobs.is_of_asking_bot(source) or own_stores.has_file_database_alone(source):
        return False
    return not sibling_jobs.coordinates_elsewhere(job, source) and sibling_jobs.must_happen_once(job, source)
