"""Schedulers that live inside the serving process, and what makes sure that only one instance does a piece of work."""

from __future__ import annotations

import re
from typing import NamedTuple

_APSCHEDULER = (
    "apscheduler.schedulers.{background,blocking,asyncio,gevent,tornado,twisted,qt,base}."
    "{BackgroundScheduler,BlockingScheduler,AsyncIOScheduler,GeventScheduler,TornadoScheduler,TwistedScheduler,"
    "QtScheduler,BaseScheduler}()"
)


class Schedule(NamedTuple):
    """A way in which a scheduler of this process learns of a job.

    decorators: paths of decorators, without the call, that schedule the function they stand on
    calls: paths of calls that schedule a function handed to them, at position `argument` or as keyword `keyword`
    names: last names that say so on a receiver that can't be resolved, where that is called like one of `receivers`
    receivers: a pattern for the last name of such a receiver; "" for any
    trigger: whether the job is periodic only where a trigger says so: an argument, by position (from 0) and keyword
    once: a keyword whose true value lets one instance alone run the job
    """

    scheduler: str
    decorators: str = ""
    calls: str = ""
    names: str = ""
    receivers: str = ""
    argument: int = 0
    keyword: str = "func"
    trigger: int | None = None
    trigger_keyword: str = "trigger"
    once: str = ""


SCHEDULES = (
    # https://apscheduler.readthedocs.io/en/3.x/userguide.html
    Schedule("APScheduler", decorators=_APSCHEDULER + ".scheduled_job", names="scheduled_job"),
    Schedule(
        "APScheduler",
        calls=_APSCHEDULER + ".add_job flask_apscheduler.APScheduler().add_job",
        names="add_job",
        receivers=r"_*\w*sched\w*",
        trigger=1,
    ),
    Schedule(
        "APScheduler",
        calls="apscheduler.{Scheduler,AsyncScheduler}().add_schedule",
        names="add_schedule",
        receivers=r"_*\w*sched\w*",
        argument=0,
        keyword="func_or_task_id",
        trigger=1,
    ),
    # https://viniciuschiele.github.io/flask-apscheduler/
    Schedule("Flask-APScheduler", decorators="flask_apscheduler.APScheduler().task"),
    Schedule("Flask-APScheduler", names="task", receivers=r"_*\w*sched\w*", trigger=0),
    # https://schedule.readthedocs.io/
    Schedule("schedule", decorators="schedule.repeat"),
    # https://github.com/gawel/aiocron
    Schedule("aiocron", decorators="aiocron.crontab", calls="aiocron.crontab", argument=-1),
    # https://fastapi-utils.davidmontague.xyz/user-guide/repeated-tasks/
    Schedule(
        "repeat_every",
        decorators="fastapi_utils.tasks.repeat_every fastapi_restful.tasks.repeat_every "
        "{fastapi_utilities,fastapi_utilities.repeat}.{repeat_every,repeat_at}",
        names="repeat_every repeat_at",
    ),
    # https://rocketry.readthedocs.io/
    Schedule("Rocketry", decorators="rocketry.{Rocketry,Grouper}().{task,cond}", calls="rocketry.Rocketry().task"),
    # https://uwsgi-docs.readthedocs.io/en/latest/PythonDecorators.html
    Schedule("uWSGI", decorators="uwsgidecorators.{timer,rbtimer,cron}"),
    # https://faust.readthedocs.io/en/latest/userguide/tasks.html
    Schedule("Faust", decorators="faust.{App,app.App}().{timer,crontab}", once="on_leader"),
    Schedule("Flask-Crontab", decorators="flask_crontab.Crontab().job"),
    Schedule("timeloop", decorators="timeloop.Timeloop().job"),
    Schedule("Quart-Tasks", decorators="quart_tasks.QuartTasks().{cron,periodic}"),
)

#: A job of the library `schedule` is a chain: `schedule.every(5).minutes.do(job)`.
EVERY = frozenset({"schedule.every", "schedule.Scheduler().every", "every"})
CHAIN_END = "do"

#: What a trigger that repeats is called, as a word or as a class.
PERIODIC_WORDS = frozenset({"interval", "cron", "calendarinterval"})
PERIODIC_TRIGGERS = frozenset({
    "CronTrigger", "IntervalTrigger", "CalendarIntervalTrigger", "AndTrigger", "OrTrigger", "from_crontab",
})  # fmt: skip

#: Arguments of a trigger with which it comes once: a cron trigger for one year.
ONCE = frozenset({"year", "run_date"})

#: Stores of jobs that live outside of the process.  One scheduler alone may use one.
JOB_STORES = re.compile(
    r"\b(SQLAlchemy|Redis|MongoDB|Mongo|Django|ZooKeeper|RethinkDB|Etcd)(Job|Data)Store\b", re.IGNORECASE
)

#: Names and texts by which code coordinates with its siblings: a lock, an election, a claimed row, a unique key.
COORDINATION = re.compile(
    r"lock(?!ed_out|out)|mutex|semaphore|leader|elect(ed|ion)|is_primary|is_master|singleton|single_?(instance|flight|"
    r"run|beat)|only_one|run_once|once_per|exclusive|acquire|claim|lease|skip_locked|for_update|setnx|\bnx\b|"
    r"advisory|get_lock|on_conflict|insert_ignore|IntegrityError|DuplicateKey|UniqueViolation|idempoten|dedup|"
    r"find_one_and_update|queue_once|QueueOnce",
    re.IGNORECASE,
)
#: What SQL says where it locks or claims.
LOCKING_SQL = re.compile(
    r"advisory_|\bGET_LOCK\(|\bFOR UPDATE\b|\bSKIP LOCKED\b|\bON CONFLICT\b|\bINSERT IGNORE\b", re.IGNORECASE
)
#: What a function says that lets one instance at a time have the rows, or a lock that all see.
SHARED_LOCK = re.compile(
    r"\bFOR UPDATE\b|(?i:(with|select)_for_update|\bSKIP LOCKED\b|skip_locked|advisory_|\bGET_LOCK\(|\bnx\s*=\s*True|"
    r"\w+\.lock\(|redlock|setnx|leader|\bacquire_(\w+_)?lock\()",
)
#: Words that look like one of those and are none.
NO_COORDINATION = re.compile(r"b?block(ed|ing|s|chain|_size)?|clock|unlock|released|(un)?blocked|select(ed|ion)?|"
                             r"please|release|collect(ed|ion|or)?|elective|flock|reclaim", re.IGNORECASE)  # fmt: skip

#: Names by which a job asks which machine it runs on: it tends what belongs to that one, and knows of the others.
OWN_NODE = re.compile(
    r"_*(get_?)?(own_?|this_?|comp_?|my_?|current_?)?(hostname|host_name|fqdn|node|node_name|node_id|instance_id|"
    r"machine_id|worker_id|server_id)",
    re.IGNORECASE,
)
#: Names of switches with which one instance alone is told to run the jobs.
SWITCH = re.compile(
    r"(enable|disable|run|start|use|is|has|no|skip|should|with|allow|init|standalone|only)_?(\w+_)?"
    r"(sched|cron|jobs?|worker|leader|primary|master|beat|periodic|background|timer|tasks?)|"
    r"(sched|cron|jobs?|worker|beat|periodic|background|timer|tasks?)\w*_?(enabled?|disabled?|on|role|active|mode)\b|"
    r"\bleader|is_main_|(process|instance|app|service|dyno|node|server)_(type|role|mode|index)|^role$|elected|replica|"
    r"secondary|standby",
    re.IGNORECASE,
)

#: Names that only say whether the scheduler is there, or runs already.
NO_SWITCH = re.compile(r"_*((?!run|enable|start|use|disable|with)\w+_)?scheduler|\w*(running|started)", re.IGNORECASE)
#: The import of a library of chat bots.
BOTS = re.compile(
    r"^\s*(?:import|from) (telegram|aiogram|telebot|discord|disnake|nextcord|hikari|pyrogram|telethon|vkbottle)\b",
    re.MULTILINE,
)
#: What a function has that may run in several instances at once: a lock that they share, a statement that does nothing
#: for a row that is there, the error that a second one gets.
FOR_SEVERAL = re.compile(
    r"(?i:advisory_|\bGET_LOCK\(|\bon_?\s?conflict|\bINSERT\s+(OR\s+)?IGNORE\b|skip_?\s?locked|\bnx\s*=\s*True|"
    r"redis\w*\.lock\()|\bexcept\b[^\n]*(IntegrityError|UniqueViolation|DuplicateKey|AlreadyExists)"
)
#: Methods of tasks that put them into a queue, and the scheduler that takes a process for itself.
QUEUEING = frozenset({"send", "delay", "apply_async", "enqueue", "send_with_options", "kiq", "defer"})
OWN_PROCESS = "BlockingScheduler"
#: Classes whose methods are commands of the command line.
COMMANDS = re.compile(r"Command$")
#: What lets jobs run beside something else in one process.
BESIDE = frozenset({"Thread", "BackgroundScheduler", "AsyncIOScheduler"})
#: What jobs are called that look after their own process: its caches, connections, metrics, memory.
OWN_AFFAIRS = re.compile(
    r"heart_?beat|keep_?alive|(^|_)ping(_|$)|self_ping|metrics?(_|$)|(^|_)gc(_|$)|garbage|memory|watch_?dog|telemetry|cache_(\w+_)?(maintenance|clean_?up)|"
    r"(re)?load_(config|settings|rules|cache|models?|env|secrets?|certs?|policy|policies)|"
    r"(refresh|update|clear|expire|evict|warm|purge|prune|rotate|clean(_?up)?)_(\w+_)?(cache|memo|config|settings|tokens?|"
    r"secrets?|jwks|credentials?|connections?|sockets?|logs?|log_files?|temp(_files?)?|tmp(_files?)?)(_|$)|"
    r"(^|_)(tick|hello|hello_world|print_\w+|log_\w+|warm_?up|flush(_\w+)?|self_check|health_?check\w*|check_health|report_usage)$|"
    r"(^|_)(check|look)\w*_(updates?|upgrades?|releases?|version)$|(^|_)(auto|self)_?update$",
    re.IGNORECASE,
)
#: Names of commands and calls that deliver something once to somebody: done twice, it arrives twice.
DELIVERS = re.compile(
    r"^_*(a?send|notify|deliver|dispatch|email|mail|remind|charge|bill|invoice|renew|pay|publish|alert)(_|$)|"
    r"^send[a-z]+$|(^|_)(send|notify|remind)(er|ers)?$|^(send|notify)[A-Z]",
)
#: Names of functions that change what others see, where their code is not at hand.
CHANGING = re.compile(
    r"_*(delete|remove|purge|prune|clean(_?up)?|cancel|expire|import|sync(hroni[sz]e)?|refresh|update|charge|renew|archive|"
    r"generate|process|report|export|close|finali[sz]e|settle|sweep|reindex|rebuild|collect|ingest|crawl|scrape|reward|"
    r"post|run_due|retry|launch|trigger)_\w+$"
)
#: What a statement of SQL says that inserts rows, unless it says what to do with those that are there.
INSERTS = re.compile(r"^\s*INSERT\s+INTO\b(?!.*\bON\s+(CONFLICT|DUPLICATE)\b)", re.IGNORECASE | re.DOTALL)
#: Methods that take something out of a queue in memory; those of stores have other names.
TAKING_FROM_MEMORY = frozenset({"popleft", "get_nowait"})
#: What removes files and folders of this machine.
REMOVES_FILES = re.compile(r"\bos\.(remove|unlink|rmdir|removedirs)\(|\brmtree\(|\.unlink\((missing_ok\b[^)]*)?\)")
#: Calls that insert rows, that hand work on to a queue, and that write back what was changed in Python.
INSERTING = frozenset({"add_all", "bulk_create", "bulk_save_objects", "insert_one", "insert_many", "acreate"})
HANDING_ON = frozenset(
    {"delay", "apply_async", "enqueue", "send_task", "kiq", "create_run", "sendmail", "send_message"}
)
WRITING_BACK = frozenset({"commit", "save", "asave", "bulk_update", "bulk_save_objects"})
#: Calls that do so, or ask and pay another service, on what is called like this.
EFFECTS = (
    (frozenset({"add", "merge"}), re.compile(r"(^|[._])(session|db|uow)(\.session)?$")),
    (frozenset({"create"}), re.compile(r"objects$|completions?$|messages$|responses$")),
    (frozenset({"post", "put", "patch"}), re.compile(r"requests|httpx|http|session|client")),
    (frozenset({"generate_content", "invoke", "ainvoke"}), re.compile(r"model|llm|chain|client")),
)
#: What no call matters on: the log, a bus of signals of this process.
NO_EFFECT = re.compile(r"^_?(log(ger|ging)?|console|metrics?|statsd|signal|socket|sock|ws|websocket)$|\.(log|logger)$")
#: Names of commands that say how often they run.
PERIODS = re.compile(r"(^|[_-])(cron|periodic|(hour|dai|week|night|month)ly)([_-]|$)")
#: Names of models whose rows wait to be sent: a command that walks them is run again and again.
OUTBOXES = re.compile(
    r"(Notification|Outbox\w*|Queue\w*|Queued\w+|Pending\w+|Unsent\w+|Reminder|E?[Mm]ail|Delivery)s?$"
)
#: Names of commands that a person runs by hand, once.
BY_HAND = re.compile(r"test|sample|demo|create|import|export|load|dump|rebuild|migrate|fix|repair|populate|resend|once")
