"""How transactions and the sessions around them are opened, used and ended, by libraries and by the names in use.

Sources: https://docs.djangoproject.com/en/stable/topics/db/transactions/,
https://docs.sqlalchemy.org/en/20/orm/session_transaction.html, https://magicstack.github.io/asyncpg/current/usage.html,
https://docs.peewee-orm.com/en/latest/peewee/database.html#managing-transactions,
https://tortoise.github.io/transactions.html, https://fastapi.tiangolo.com/advanced/websockets/
"""

from __future__ import annotations

import re

#: Last names of context managers and decorators that are a transaction whatever they are called on.
ATOMIC = re.compile(r"^(\w+_)?(atomic_transaction|in_transaction|commit_on_success)$|^atomic$")
#: Methods that open a transaction on a database, a session or a connection.
OPENING = frozenset({"begin", "begin_nested", "transaction", "atomic", "begin_transaction"})
#: Names of what such a method is called on.
OWNERS = re.compile(
    r"(^|_)(session|sess|sessions|db|database|conn|connection|engine|tx|cnx|session_?(maker|factory|local)|"
    r"async_?session(_?maker|_?local|_?factory)?)(_\w*)?$|^(Async)?Session(Local|Maker|Factory)?$",
    re.IGNORECASE,
)
#: Context managers that lend a connection for as long as they last, by their last name and what it is called on.
LENDING = frozenset({"acquire", "connect", "connection", "getconn", "get_connection"})
LENDERS = re.compile(r"(^|_)(pool|engine|db_pool|pg_pool|connection_pool|async_engine)$", re.IGNORECASE)
#: Names of what gives a session, which takes its connection with the first statement and keeps it up to the commit.
SESSIONS = re.compile(r"session|uow|unit_of_work|(^|_)(db|database|conn|connection)($|_)", re.IGNORECASE)
SESSION_TYPES = frozenset({
    "sqlalchemy.orm.Session", "sqlalchemy.orm.Session()", "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.AsyncSession()", "sqlmodel.Session", "sqlmodel.Session()",
})  # fmt: skip

#: Methods of a session or connection that speak with the database: from here on it holds a connection.
STATEMENTS = frozenset({
    "execute", "exec", "scalar", "scalars", "flush", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one",
    "stream", "stream_scalars", "get_one", "merge", "exec_driver_sql", "query", "bulk_save_objects",
    "bulk_insert_mappings",
})  # fmt: skip
#: Methods that end what was begun, and give the connection back.
ENDINGS = frozenset({"commit", "rollback", "close", "aclose", "remove", "invalidate", "expunge_all"})
#: Functions of other files that only read through the session they are handed, by their names; settings are kept.
READERS = re.compile(
    r"^_*(a?get|find|fetch|list|load|read|select|lookup|look_up|query|count|exists|retrieve|is|has)"
    r"(?!\w*_(conf|config|configuration|settings?|cached?)(_|$))(_|$)"
)

#: Methods that wait for the next message of a client.
RECEIVING = frozenset({"receive_text", "receive_json", "receive_bytes", "iter_text", "iter_json", "iter_bytes"})
#: Mails that tell those who run a service of what should not happen: they are sent once in a while.
NOTICES = frozenset({"mail_admins", "mail_managers"})
#: Methods of a program that was started before, and was fed from the transaction up to here.
FED = frozenset({"wait", "communicate"})
#: Calls that hand a task to a queue.
TASK_SENDS = frozenset({"delay", "apply_async", "send_task"})
#: Methods after whose call there is something that a transaction has yet to commit.
CHANGING = re.compile(
    r"^_?(async_|a)?(save|delete|create|update|bulk|add|set|remove|insert|perform|mark|upsert|get_or_create|store|flush|merge|"
    r"clear|make|assign|attach|register|finali[sz]e|cancel|complete|soft_delete|clone|copy|import)(_|$)"
)
#: Those of them that lists, sets, mappings and caches have as well.
OF_COLLECTIONS = frozenset({"set", "add", "update", "remove", "insert", "clear", "copy"})
#: Arguments with which a task runs later than any commit, or is known for one of a queue in the same database.
LATER = frozenset({"countdown", "eta", "kwargs"})
#: Names of functions that hold a lock so that others wait for what they do.
SERIALISING = re.compile(r"(^|_)(lock|locked|exclusive(ly)?|serialised|serialized)(_|$)")
