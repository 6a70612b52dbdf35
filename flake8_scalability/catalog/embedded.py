"""Stores that live in files of one machine, and the settings by which applications choose them.

Sources: https://docs.sqlalchemy.org/en/20/core/engines.html, https://docs.trychroma.com/docs/run-chroma/persistent-client,
https://python-client.qdrant.tech/, https://tinydb.readthedocs.io/, https://docs.python.org/3/library/shelve.html,
https://docs.peewee-orm.com/en/latest/peewee/database.html, https://duckdb.org/docs/stable/clients/python/overview
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple


class When(enum.Enum):
    """What tells that a call opens a file, and not a server or memory."""

    ALWAYS = "always, unless it is told to stay in memory"
    PATH = "the argument is given and is a path"
    SQLITE_URL = "the argument is the URL of a file"


class Store(NamedTuple):
    """A callable that opens a store in files.

    paths: its access paths
    what: what the store is
    instead: what to use that all machines share
    argument, position: where the path or URL is given
    when: what tells that it is a file
    is_index: whether it is an index to search in, which may be made beforehand and come with the program
    """

    paths: str
    what: str
    instead: str
    argument: str = "path"
    position: int | None = 0
    when: When = When.ALWAYS
    is_index: bool = False


_SERVER = "use a server (PostgreSQL)"
_SHARED = "use Redis or a database server"
_VECTORS = "use a server (pgvector, Qdrant)"

STORES = (
    Store("sqlite3.{,dbapi2.}connect", "SQLite", _SERVER, "database"),
    Store("aiosqlite.connect apsw.Connection pysqlite3.connect", "SQLite", _SERVER, "database"),
    Store(
        "sqlalchemy.{,engine.}create_engine sqlalchemy.ext.asyncio.create_async_engine sqlmodel.create_engine "
        "sqlalchemy.create_async_engine databases.Database playhouse.db_url.connect create_engine create_async_engine",
        "SQLite",
        _SERVER,
        "url",
        when=When.SQLITE_URL,
    ),
    Store("tortoise.Tortoise.init", "SQLite", _SERVER, "db_url", None, When.SQLITE_URL),
    Store(
        "tortoise.contrib.{fastapi,sanic,starlette,aiohttp,quart}.register_tortoise",
        "SQLite",
        _SERVER,
        "db_url",
        None,
        When.SQLITE_URL,
    ),
    Store(
        "peewee.SqliteDatabase playhouse.{sqlite_ext.SqliteExtDatabase,pool.PooledSqliteDatabase,"
        "sqliteq.SqliteQueueDatabase,apsw_ext.APSWDatabase} peewee_async.SqliteDatabase",
        "SQLite",
        _SERVER,
        "database",
    ),
    Store("shelve.{open,DbfilenameShelf} dbm.{,gnu.,ndbm.,dumb.,sqlite3.}open", "a shelf file", _SHARED, "filename"),
    Store("tinydb.{,database.}TinyDB", "TinyDB", _SERVER),
    Store(
        "pickledb.{load,PickleDB} sqlitedict.SqliteDict montydb.MontyClient unqlite.UnQLite", "a file store", _SHARED
    ),
    Store("plyvel.DB leveldb.LevelDB rocksdb.DB rocksdict.Rdict lmdb.{open,Environment}", "an embedded store", _SHARED),
    Store("duckdb.connect", "DuckDB", _SERVER, "database", when=When.PATH),
    Store("ZODB.FileStorage.FileStorage ZODB.DB", "ZODB", "use RelStorage or ZEO"),
    Store("kuzu.Database", "an embedded graph", _SERVER),
    Store("chromadb.PersistentClient", "an embedded Chroma", "use HttpClient and a server", is_index=True),
    Store(
        "langchain_chroma.{,vectorstores.}Chroma{,.from_documents,.from_texts} "
        "{langchain,langchain_community}.vectorstores.{,chroma.}Chroma{,.from_documents,.from_texts}",
        "an embedded Chroma",
        "use a Chroma server",
        "persist_directory",
        None,
        When.PATH,
        is_index=True,
    ),
    Store(
        "chromadb.config.Settings",
        "an embedded Chroma",
        "use HttpClient and a server",
        "persist_directory",
        None,
        When.PATH,
        is_index=True,
    ),
    Store(
        "qdrant_client.{,async_qdrant_client.}{,Async}QdrantClient",
        "an embedded Qdrant",
        "use its server",
        "path",
        None,
        When.PATH,
        is_index=True,
    ),
    Store("pymilvus.MilvusClient", "an embedded Milvus", "use its server", "uri", when=When.PATH, is_index=True),
    Store(
        "lancedb.{connect,connect_async}",
        "an embedded LanceDB",
        "put it on an object store",
        "uri",
        when=When.PATH,
        is_index=True,
    ),
    Store(
        "{langchain,langchain_community}.vectorstores.{,faiss.}FAISS{,.from_documents(),.from_texts(),.load_local()}.save_local",
        "a FAISS file",
        _VECTORS,
        "folder_path",
    ),
    Store("faiss.write_index", "a FAISS file", _VECTORS, "fname", 1),
    Store("telegram.ext.PicklePersistence", "a pickle file", "keep it in Redis or a database", "filepath"),
    Store("jsonpickle.db telebot.storage.StatePickleStorage", "a pickle file", "keep it in Redis", "file_path"),
    Store("aiogram.contrib.fsm_storage.files.{JSONStorage,PickleStorage}", "a state file", "use RedisStorage"),
)

#: Settings that hold the URL of the database, by which frameworks and projects call them.
URL_SETTINGS = frozenset({"SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URL"})
#: Django's engines that are files.
DJANGO_ENGINES = frozenset({
    "django.db.backends.sqlite3", "django.contrib.gis.db.backends.spatialite", "sqlite3", "spatialite",
    "django_prometheus.db.backends.sqlite3",
})  # fmt: skip
#: Words of a file's name that is no state of the service.
NO_STATE = frozenset({
    "cache", "caches", "cached", "memory", "history", "cookies", "log", "logs", "chrome", "firefox",
    "browser", "test", "tests", "tmp", "temp", "temporary", "fixture", "fixtures", "backup", "backups", "export",
    "exports", "dump", "geoip", "reference", "dictionary", "readonly", "mbtiles", "gpkg", "download", "downloads",
    "report", "reports", "output", "outputs", "result", "results", "metadata", "manifest", "schema", "openapi",
    "debug", "artifacts", "model", "models", "checkpoint", "weights", "trace", "snapshot", "error", "errors",
    "imagecache", "urlcache", "filecache", "pagecache",
})  # fmt: skip
#: Methods by which an index is searched, and by which something is put into it or taken out.
SEARCHES = frozenset({
    "query", "aquery", "search", "asearch", "similarity_search", "asimilarity_search", "similarity_search_with_score",
    "similarity_search_with_relevance_scores", "max_marginal_relevance_search", "as_retriever", "query_points",
    "as_query_engine", "get_relevant_documents", "hybrid_search", "list_collections", "heartbeat",
})  # fmt: skip
FILLS = frozenset({
    "add", "upsert", "update", "delete", "insert", "add_documents", "aadd_documents", "add_texts", "aadd_texts",
    "from_documents", "from_texts", "upsert_documents", "upload_points", "upload_collection", "insert_nodes",
    "delete_collection", "upload_records", "add_embeddings",
})  # fmt: skip
#: Those of them that much else has as well, and names of indexes.
COMMON = frozenset({"query", "search", "add", "update", "delete", "insert"})
INDEXES = re.compile(r"(?i)collection|store|index|vector|chroma|client|qdrant|milvus|table|_db$")
#: What reads a structure back from a file.
LOADERS = frozenset({"load", "loads", "safe_load", "full_load", "read_text", "read_pickle"})
#: What a structure is written as, by the package that writes it, or the method that makes the text.
FORMATS = {
    "json": "JSON", "ujson": "JSON", "orjson": "JSON", "simplejson": "JSON", "model_dump_json": "JSON",
    "pickle": "pickle", "cPickle": "pickle", "dill": "pickle", "cloudpickle": "pickle", "joblib": "pickle",
    "yaml": "YAML", "ruamel": "YAML", "safe_dump": "YAML", "toml": "TOML", "tomli_w": "TOML", "msgpack": "MessagePack",
}  # fmt: skip

#: The drivers of databases in files, and all libraries that keep data in the files of one machine.
DRIVERS = ("sqlite3", "aiosqlite", "duckdb")
LOCAL = (*DRIVERS, "shelve", "dbm", "tinydb", "chromadb", "lancedb", "peewee.SqliteDatabase")

#: Stores that are spoken to in SQL, and what a file says in it, or beside it, that changes what is in one.
SPEAKING_SQL = frozenset({"SQLite", "DuckDB"})
WRITING_SQL = (
    r"\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bREPLACE\s+INTO\b|\bUPDATE\s+[\w.\"`{}%\[\]]+\s+SET\b|\bDELETE\s+FROM\b|"
    r"\b(CREATE|ALTER|DROP)\s+(TEMP\w*\s+|UNIQUE\s+|VIRTUAL\s+)?(TABLE|INDEX|VIEW|TRIGGER)\b|"
    r"\.(commit|executescript|executemany|create_all)\("
)
