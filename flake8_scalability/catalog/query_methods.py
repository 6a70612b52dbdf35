"""How object-relational mappers and drivers spell queries: what begins one, what its methods add, and what runs it.

Sources: https://docs.djangoproject.com/en/stable/ref/models/querysets/, https://docs.sqlalchemy.org/en/20/orm/queryguide/,
https://docs.peewee-orm.com/en/latest/peewee/querying.html, https://tortoise.github.io/query.html,
https://docs.mongoengine.org/guide/querying.html, https://pymongo.readthedocs.io/en/stable/api/pymongo/collection.html,
https://beanie-odm.dev/tutorial/finding-documents/, https://peps.python.org/pep-0249/,
https://magicstack.github.io/asyncpg/current/api/, https://flask-sqlalchemy.readthedocs.io/en/stable/queries/,
https://docs.ponyorm.org/api_reference.html
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple


class Gives(enum.Enum):
    """What a method of a query gives."""

    QUERY = "the query, narrowed, ordered or widened"
    MANY = "all rows"
    ONE = "one row, or none"
    COUNT = "a number"
    PRESENCE = "whether there is a row"
    PART = "a part of the rows: a page, a batch, a slice"
    WRITE = "nothing: rows are changed"
    STREAM = "rows one by one, in batches of the driver's"


class Family(NamedTuple):
    """One way of writing queries.

    name: of the library
    gives: what its methods give, by name
    eager: methods and options that load related rows with the query
    fluent: a method that is not listed is one of the project's own, and gives the query again
    streams: a loop over the query takes its rows in batches, so that it never holds all of them
    """

    name: str
    gives: dict[str, Gives]
    eager: frozenset[str] = frozenset()
    fluent: bool = False
    streams: bool = False


def _methods(**names: str) -> dict[str, Gives]:
    return {name: Gives[kind.upper()] for kind, many in names.items() for name in many.split()}


DJANGO = Family(
    "django",
    _methods(
        query="all filter exclude order_by annotate alias select_related prefetch_related values values_list distinct "
        "using only defer reverse union intersection difference extra select_for_update dates datetimes raw "
        "complex_filter get_queryset",
        one="get first last latest earliest aggregate get_or_create update_or_create aget afirst alast aaggregate "
        "aget_or_create aupdate_or_create alatest aearliest",
        count="count acount",
        presence="exists aexists contains acontains",
        part="in_bulk none ain_bulk",
        stream="iterator aiterator",
        write="create update delete bulk_create bulk_update acreate aupdate adelete abulk_create abulk_update add "
        "remove "
        "set clear aadd aremove aset",
    ),
    eager=frozenset({"select_related", "prefetch_related"}),
    fluent=True,
)
SQLALCHEMY = Family(
    "sqlalchemy",
    _methods(
        query="filter filter_by where order_by join outerjoin options group_by having distinct with_entities "
        "add_columns "
        "select_from execution_options populate_existing with_for_update add_entity union union_all correlate subquery "
        "unique scalars mappings tuples columns with_only_columns join_from select_entity_from enable_eagerloads "
        "autoflush params add_column prefix_with",
        many="all fetchall",
        one="first one one_or_none scalar get scalar_one scalar_one_or_none first_or_404 get_or_404 one_or_404 "
        "fetchone",
        count="count",
        part="limit slice paginate fetchmany fetch partitions top",
        stream="yield_per",
        write="delete update insert values",
    ),
    eager=frozenset(
        {
            "joinedload",
            "selectinload",
            "subqueryload",
            "contains_eager",
            "immediateload",
            "noload",
            "raiseload",
            "eagerload",
            "joinedload_all",
            "subqueryload_all",
        }
    ),
    fluent=True,
)
PEEWEE = Family(
    "peewee",
    _methods(
        query="select where orwhere filter order_by join join_from left_outer_join switch group_by having distinct "
        "prefetch dicts tuples namedtuples objects select_extend with_cte from_ for_update",
        one="get get_or_none first scalar get_or_create",
        count="count",
        presence="exists",
        part="limit paginate",
        stream="iterator",
        write="insert update delete insert_many replace",
    ),
    eager=frozenset({"prefetch"}),
)
MONGO = Family(
    "mongo",
    _methods(
        query="find sort skip hint collation where max_time_ms batch_size allow_disk_use rewind max_scan",
        many="to_list",
        one="find_one find_one_and_update find_one_and_delete find_one_and_replace",
        count="count count_documents estimated_document_count",
        part="limit",
        stream="next",
        write="insert_one insert_many update_one update_many replace_one delete_one delete_many bulk_write",
    ),
    streams=True,
)
MONGOENGINE = Family(
    "mongoengine",
    _methods(
        query="all filter order_by only exclude select_related as_pymongo no_cache timeout read_preference hint "
        "no_dereference fields search_text all_fields batch_size allow_disk_use",
        many="to_json values_list scalar",
        one="get first first_or_404 get_or_404 get_or_create modify item_frequencies aggregate",
        count="count sum average",
        part="limit paginate in_bulk none",
        write="update update_one delete insert upsert_one create",
    ),
    eager=frozenset({"select_related"}),
    fluent=True,
    streams=True,
)
BEANIE = Family(
    "beanie",
    _methods(
        query="find find_all find_many sort skip project aggregate",
        many="to_list",
        one="find_one get first_or_none",
        count="count",
        presence="exists",
        part="limit",
        write="insert_one insert_many update update_many update_all set inc delete delete_many delete_all upsert",
    ),
    eager=frozenset({"fetch_links"}),
    streams=True,
)
TORTOISE = Family(
    "tortoise",
    _methods(
        query="all filter exclude order_by annotate prefetch_related select_related values values_list distinct only "
        "group_by using_db",
        one="get first get_or_none get_or_create update_or_create latest earliest",
        count="count",
        presence="exists",
        part="limit in_bulk",
        write="create bulk_create bulk_update update delete",
    ),
    eager=frozenset({"prefetch_related", "select_related"}),
)
PONY = Family(
    "pony",
    _methods(
        query="select filter where order_by sort_by distinct prefetch without_distinct for_update",
        many="fetch to_list",
        one="get first sum avg min max",
        count="count",
        presence="exists",
        part="limit page random",
        write="delete",
    ),
    eager=frozenset({"prefetch"}),
)
#: Text in the language of the database: what follows is what is fetched.
SQL = Family(
    "sql",
    _methods(
        query="mappings scalars unique tuples",
        many="fetchall all fetch_all",
        one="fetchone first one one_or_none scalar scalar_one scalar_one_or_none fetchval",
        part="fetchmany partitions limit",
        stream="yield_per",
    ),
)
#: Handles of the project's own: `repo.find_all()`, `db.get_user(1)`.
REPOSITORY = Family("repository", {})

#: Methods with a statement as their first argument, of cursors, connections, sessions and pools, and what they give;
#: of a cursor, what is fetched afterwards decides.
RUNNING = {
    "execute": Gives.QUERY,
    "exec": Gives.QUERY,
    "scalars": Gives.QUERY,
    "exec_driver_sql": Gives.QUERY,
    "executemany": Gives.WRITE,
    "execute_many": Gives.WRITE,
    "scalar": Gives.ONE,
    "stream": Gives.STREAM,
    "stream_scalars": Gives.STREAM,
    "fetch": Gives.MANY,
    "fetch_all": Gives.MANY,
    "fetchrow": Gives.ONE,
    "fetch_one": Gives.ONE,
    "fetchval": Gives.ONE,
    "fetch_val": Gives.ONE,
    "iterate": Gives.STREAM,
    "cursor": Gives.STREAM,
    "read_sql": Gives.MANY,
    "read_sql_query": Gives.MANY,
}
#: Methods of a cursor that has executed a statement before.
FETCHING = {"fetchall": Gives.MANY, "fetchone": Gives.ONE, "fetchmany": Gives.PART}

#: Names, by their last part, of what holds a table's rows: a session or a handle of the database.
SESSION = re.compile(
    r"(^|_)(session|sess|db|database|dbsession|s|uow|tx|conn|connection|engine|read_?only|replica|primary)$",
    re.IGNORECASE,
)
#: Names of what a query is put together in before a handle runs it.
STATEMENT = re.compile(r"(^|_)(statement|stmt|query|select)$")
#: Names of objects through which a project reads its own data.
HANDLE = re.compile(
    r"(^|_)(db|database|repo|repos|repository|repositories|dao|crud|store|storage_db|datastore|uow)$|(Repo|Repository|DAO|Dao)$"
)
#: Those of them that are as well given to mappings, which have a `get` too.
MAY_BE_MAPPING = re.compile(r"store$|(^|_)(map|mapping|dict)_")
#: Names of managers of a model.
MANAGER = re.compile(r"^(?!related_|_(?!default_|base_))(\w+_)?objects$|^_(default|base)_manager$")
#: Names, other than those of classes, of what has a manager: a variable that holds a model.
MODEL = re.compile(r"(^|_)(model|klass|cls|class|type|self|user|sender|manager|entity)$|^[A-Z]")
#: Names, and last parts of names, of collections of documents.
COLLECTION = re.compile(r"(^|_)(coll|collection|collections|mongo|mongodb)$", re.IGNORECASE)
#: What the methods of such a handle give, by their names; the first that fits counts.
HANDLE_METHODS = {
    Gives.COUNT: re.compile(r"^_?count(_\w+)?$|^\w+_count$"),
    Gives.PRESENCE: re.compile(r"^_?(exists|has)(_\w+)?$"),
    Gives.MANY: re.compile(
        r"^_?((get|find|fetch|load|list|read|select|query)_(all|many|list|multi)(_\w+)?|list|list_\w+|all|find_all|"
        r"(get|find|fetch|load|read|select)_(?!by_)\w*[^su]s(_by_\w+)?)$"
    ),
    Gives.ONE: re.compile(r"^_?(get|find|fetch|load|read|lookup|retrieve)_(one(_or_none)?|by_\w+|\w+)$|^get$"),
    Gives.WRITE: re.compile(r"^_?(save|create|insert|add|update|upsert|delete|remove|store|bulk)(_\w+)?$"),
}

#: Steps that make a query a part of another statement, which fetches nothing by itself.
PARTS = frozenset({"subquery", "scalar_subquery", "cte", "lateral", "correlate"})

#: Functions that begin a statement, by path; a path of one name stands for a fragment without its imports.
SELECTS = frozenset({
    "sqlalchemy.select", "sqlalchemy.future.select", "sqlalchemy.sql.select", "sqlalchemy.sql.expression.select",
    "sqlmodel.select", "sqlmodel.sql.expression.select", "flask_sqlalchemy.SQLAlchemy().select", "select",
})  # fmt: skip
PONY_SELECTS = frozenset({"pony.orm.select", "pony.orm.core.select", "select"})
CHANGES = frozenset({
    f"{module}.{verb}" for module in ("sqlalchemy", "sqlalchemy.sql", "sqlalchemy.sql.expression", "sqlmodel",
                                     "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.mysql",
                                     "sqlalchemy.dialects.sqlite")
    for verb in ("insert", "update", "delete")
})  # fmt: skip
#: Functions that make one row, or many, of a model or a query.
SHORTCUTS = {
    "get_object_or_404": Gives.ONE,
    "aget_object_or_404": Gives.ONE,
    "get_list_or_404": Gives.MANY,
    "aget_list_or_404": Gives.MANY,
}
#: Calls around a text of SQL that leave it what it is.
TEXTS = frozenset({"text", "SQL", "literal_column", "dedent", "RawSQL", "strip", "DDL"})

#: Packages of which a file that has queries imports one, by the family that its shapes then are of.
PACKAGES = {
    "django": DJANGO,
    "rest_framework": DJANGO,
    "sqlalchemy": SQLALCHEMY,
    "sqlmodel": SQLALCHEMY,
    "flask_sqlalchemy": SQLALCHEMY,
    "peewee": PEEWEE,
    "playhouse": PEEWEE,
    "peewee_async": PEEWEE,
    "tortoise": TORTOISE,
    "pymongo": MONGO,
    "motor": MONGO,
    "mongoengine": MONGOENGINE,
    "flask_mongoengine": MONGOENGINE,
    "beanie": BEANIE,
    "pony": PONY,
}
#: Methods that a mapped class itself has: where they are awaited, or the file imports the library, they are queries.
CLASS_METHODS = {
    "peewee": frozenset({"select", "get_or_none", "get_by_id", "insert_many", "delete_by_id"}),
    "tortoise": frozenset({
        "all", "filter", "exclude", "get", "first", "get_or_none", "get_or_create", "update_or_create", "create",
        "bulk_create", "exists", "annotate",
    }),
    "beanie": frozenset({"find", "find_all", "find_many", "find_one", "get", "insert_many", "count", "delete_all"}),
    "pony": frozenset({"select", "get", "exists"}),
}  # fmt: skip
#: The same where a file does not import the library: unmistakable where they are awaited.
AWAITED_METHODS = {"tortoise": frozenset({"all", "filter", "exclude", "get_or_none", "first"}),
                   "beanie": frozenset({"find", "find_all", "find_one"})}  # fmt: skip

#: Methods of the related manager that an attribute of a row is; no other object of a Django file has them all.
RELATED = frozenset({
    "all", "filter", "exclude", "order_by", "values_list", "values", "exists", "select_related", "prefetch_related",
    "annotate", "aggregate", "only", "iterator", "first", "last", "count",
})  # fmt: skip
#: Of these, the ones that other objects have as well.
UNSURE_RELATED = frozenset({"filter", "values", "first", "last", "count", "all"})

#: Functions around an iterable that give its items as they come, by their names: a bar of progress.
WRAPPING = re.compile(r"tqdm|track|progress|wrap", re.IGNORECASE)
#: Functions that take everything an iterable has.
TAKING_ALL = frozenset({
    "list", "tuple", "set", "frozenset", "sorted", "sum", "max", "min", "len", "dict", "enumerate", "zip", "map",
    "filter",
    "reversed", "any", "all", "join", "bool", "chain", "list_to_queryset", "extend", "deque", "Counter",
})  # fmt: skip

#: Libraries whose objects have methods of the same names, and ask no database.
NO_DATABASES = frozenset({
    "bs4", "lxml", "xml", "re", "dns", "GraphQLClient", "gql", "requests", "httpx", "aiohttp", "pandas", "numpy",
    "boto3", "botocore", "select", "selectors", "googleapiclient", "elasticsearch", "opensearchpy", "ldap3",
    "playwright", "selenium",
})  # fmt: skip
#: Libraries that hand out connections and cursors.
DRIVERS = frozenset({
    "databases", "asyncpg", "aiopg", "psycopg", "psycopg2", "sqlite3", "aiosqlite", "prisma", "flask_pymongo",
    "fastapi_sqlalchemy", "MySQLdb", "pymysql",
})  # fmt: skip
#: Where the access paths of collections begin.
COLLECTION_DRIVERS = ("pymongo.", "motor.", "flask_pymongo.")
