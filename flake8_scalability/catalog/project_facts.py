"""Facts of a whole project that one file of it does not show, and how its text, in whatever file, states them.

A row says in which files a fact may stand and how it is spelled there; a fact may have several rows.  `words` are a
cheap test before the patterns: a text that has none of them, in lower case, is not searched any further.
Facts only ever silence a finding or make it more exact, so that a pattern may be generous.
"""

from __future__ import annotations

import enum
from typing import NamedTuple


class Fact(enum.Enum):
    """What can be known of a project as a whole."""

    LIMITS_ALL_CALLERS = "a rate limit holds for every endpoint of the application"
    OWN_LIMITER = "the project has a function or object that limits callers, of this name"
    LIMITS_LOGINS = "tries to log in are counted"
    LIMITS_DOORS = "the server in front limits the pages of logins, passwords and accounts"
    LOGIN_FOR_ALL = "an endpoint that says nothing of its callers wants them logged in"
    ASKS_CALLERS = "some endpoint asks who calls it"
    OBJECT_STORAGE = "files of users are kept in an object store"
    FILE_FIELDS = "models of the database have files of users"
    SERVER_DATABASE = "the database is a server"
    SERVER_DRIVER = "the client of a database server is among the requirements"
    LOCAL_DATABASE = "the database is a file"
    ASKING_BOT = "a bot asks its platform for news, of which there can be one at a time"
    BODY_LIMIT = "the size of a request's body is limited for every endpoint"
    UPLOAD_LIMIT = "the settings say how large a file may be"
    PRODUCTION_SERVER = "a server for production imports the application"
    LIMITER_STORE = "a store for the counts of rate limiters is named in the configuration"
    CACHE_CHOSEN = "the settings of Django choose a cache"
    REST_PAGES = "lists of Django REST framework are paged by default"
    REST_VIEW_PAGES = "views of Django REST framework have pages of their own"
    REST_LISTS = "views of Django REST framework inherit their lists"
    REST_VIEWSETS = "sets of views of Django REST framework inherit their lists"
    REST_ROUTED = "sets of views of Django REST framework have routes"
    REST_VIEWS = "there are views of Django REST framework"
    REST_INSTALLED = "Django REST framework is installed by settings in sight"
    REST_SETTINGS = "settings configure Django REST framework"
    SOCKET_CHANNEL = "the servers of Socket.IO speak to each other"
    SESSION_STORE = "a setting keeps sessions on a server"
    CHANNEL_LAYER_USED = "something sends or hears what goes over the layer of Django Channels"
    BOT_STATE_USED = "a bot keeps the states of its conversations, or data with them"
    QUEUES_MEASURED = "it is asked how full a queue is before something is put into it"
    REPLICA = "there is a replica of the database"
    READS_REPLICA = "something sends reads to a replica"
    MYSQL = "the database is MySQL"
    SCHEMA = "the project makes the tables of its database"
    SCALED_OUT = "a deployment runs several of a process, or as many as a parameter or the load says"
    TEXT_INDEX = "texts are searched by an index made for it"


class FactRow(NamedTuple):
    """One way in which a project states a fact.

    files: globs of the names of files (`*.py`, `Dockerfile*`), without folders
    words: words of which one has to stand in the text, in lower case
    patterns: regular expressions, of which one has to be found; `.` stops at the end of a line, `^` is any line's begin
    """

    fact: Fact
    files: tuple[str, ...]
    words: tuple[str, ...]
    patterns: tuple[str, ...]


PYTHON = ("*.py",)
DEPLOYMENT = (
    "*.conf", "*.conf.*", "*.template", "*.tmpl", "*.j2", "nginx*", "Caddyfile*", "*.cfg", "*.yml", "*.yaml", "*.toml",
    "*.tf", "*.json", "nginx/*", "sites-available/*", "sites-enabled/*",
)  # fmt: skip
MANIFESTS = ("requirements*.txt", "pyproject.toml", "Pipfile", "setup.cfg")
