"""Names by which a project tells the primary of its database from the replicas that are there to be read.

Sources: https://docs.djangoproject.com/en/stable/topics/db/multi-db/,
https://docs.sqlalchemy.org/en/20/orm/persistence_techniques.html#partitioning-strategies-e-g-multiple-database-backends-per-session
"""

from __future__ import annotations

import re

_HANDLE = (
    r"(db|database|session|engine|conn|connection|pool|node|cursor|client|sessionmaker|session_factory|sessionlocal)"
)
#: Names of handles that say: this is the one that takes writes, and there is another one to read from.
PRIMARY = re.compile(
    rf"^_?(db_|async_)?(primary|writer|write|leader|rw|read_?write)(_(async_)?{_HANDLE})$|"
    rf"^_?{_HANDLE}_(primary|writer|write|leader|rw)$|^(Primary|Writer|Write)(Async)?(Session|DB|Engine)\w*$",
    re.IGNORECASE,
)
#: Names that mean it only where a replica is in sight: a master may be anything.
MASTER = re.compile(rf"^_?master_{_HANDLE}$|^_?{_HANDLE}_master$", re.IGNORECASE)
#: Methods by which a query says itself which database it goes to.
CHOOSING = frozenset({"using", "using_db", "db_manager"})
#: Aliases of databases, as routers know them.
PRIMARY_ALIAS = re.compile(r"^(primary|master|writer|write|leader)(_db|_database)?$")
DEFAULT_ALIAS = "default"
REPLICA_ALIAS = re.compile(
    r"^(read_?)?(replica|slave|follower|reader)s?(_?\d+|_\w+)?$|_(replica|slave)(_?\d+)?$", re.IGNORECASE
)
#: Methods that change what is read afterwards, and ones that need the rows as the primary has them.
CHANGING = frozenset({
    "commit", "add", "add_all", "save", "create", "bulk_create", "delete", "update", "flush", "merge", "insert",
    "get_or_create", "update_or_create", "bulk_update", "asave", "acreate",
})  # fmt: skip
LOCKING = frozenset({"with_for_update", "select_for_update", "for_update"})
#: Parameters of what a signal of a model calls, and methods of a model that are run when a row is saved.
SIGNALLED = frozenset({"sender", "instance"})
SAVING = frozenset({"save", "asave", "clean", "full_clean"})
#: What a comment says where the primary is read on purpose.
EXPLAINED = re.compile(r"(?i)primary|master|replica|\blag\b|just (been )?(inserted|written|created|saved)|stale")
