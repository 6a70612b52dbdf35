"""The row types in which the catalogue states what it knows, and the pattern notation of their paths.

A path is an access path as the model resolves it: `requests.Session().get` is the method `get` of what a call of
`requests.Session` returns.  A pattern lists several paths at once:

* `requests.{get,head}` stands for `requests.get` and `requests.head`
* an alternative may be empty: `redis.{,client.}Redis`
* several patterns are separated by blanks
* a last component `*` stands for any method: `boto3.client().*`
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple


class System(enum.Enum):
    """What kind of system a call talks to or waits for."""

    HTTP = "HTTP service"
    DATABASE = "database"
    CACHE = "cache"
    MAIL = "mail server"
    BROKER = "message broker"
    STORAGE = "object store"
    CLOUD = "cloud service"
    RPC = "remote procedure"
    LLM = "language model"
    SEARCH = "search engine"
    DIRECTORY = "directory server"
    SSH = "remote host"
    SOCKET = "network peer"
    PROCESS = "child process"
    SYNC = "another thread or task"
    CLOCK = "the clock"
    FILE = "file system"
    CPU = "the processor"


#: Systems that are another service, on the far side of a network.
REMOTE = frozenset({System.HTTP, System.MAIL, System.RPC, System.LLM, System.CLOUD, System.STORAGE, System.SSH,
                    System.DIRECTORY})  # fmt: skip


class Resource(enum.Enum):
    """What a constructor makes that is worth sharing."""

    DATABASE_CONNECTION = "database connection"
    POOL = "engine or pool"
    HTTP_CLIENT = "HTTP client"
    CACHE_CONNECTION = "cache connection"
    SERVICE_CLIENT = "service client"
    MAIL_CONNECTION = "mail connection"
    MODEL = "model"
    EXECUTOR = "executor"


class Effect(enum.Enum):
    """What a call does at the far side."""

    NONE = "none"
    READ = "read"  # may be repeated: GET, HEAD, PUT, DELETE, a look-up
    WRITE = "write"  # must not be repeated blindly: POST, PATCH, a payment, a mail
    BY_METHOD = "by method"  # the first argument or `method=` names the HTTP method
    BY_BODY = "by body"  # `data=`, of the call or of the request object it is given, makes it a POST


class Deadline(NamedTuple):
    """How a call's waiting is bounded.

    keywords: arguments of the call that bound it
    position: where the first of them stands among the positional arguments, None for keyword-only
    client: arguments of the receiver's constructor that bound every call on it
    sane: whether there is a bound by default, so that only turning it off with None is a defect
    nested: parameters that hold a mapping, object or text in which one of `keywords` may stand (`config=`, a DSN)
    blocking: for `acquire`/`get`/`put`: the argument whose False value means that the call does not wait
    nested_position: where the first of `nested` stands among the positional arguments
    advice: what to do about a missing bound, where that is not simply to pass the first of `keywords`
    connects_with: the first argument of a constructor that connects only where it is given (a host)
    only_beside: methods of which the file has to call one for the wait to be there
    """

    keywords: tuple[str, ...] = ("timeout",)
    position: int | None = None
    client: tuple[str, ...] = ()
    sane: bool = False
    nested: tuple[str, ...] = ()
    blocking: str = ""
    blocking_position: int | None = None
    nested_position: int | None = None
    advice: str = ""
    connects_with: str = ""
    only_beside: tuple[str, ...] = ()


class Api(NamedTuple):
    """What is known of one callable.

    makes: the shareable resource that a call creates
    effect: what the call does at the far side
    blocks: the call holds up the thread that makes it (a coroutine must not)
    deadline: how its waiting is bounded; None where it need not be
    handshake: the call opens and closes a connection of its own
    shared_by: arguments with which the made resource uses a pool that exists already ("api_client:0" with a position)
    slow: what the caller waits for, where that takes seconds ("renders a PDF")
    quick: arguments and values with which the call returns before the slow work is done; `stream=True` always is one
    heavy: what the processor does, where that holds up an event loop ("hashes a password")
    retries: arguments (of the call or the client's constructor) that turn the library's own retries on
    retried: the library retries with backoff by default
    returns: the access path that the result has from here on, where it is not simply this path and `()`
    fluent: the result is a builder: methods on it that have no row of their own return it again
    kept: the library keeps the answer for a time by itself
    """

    paths: str
    system: System
    makes: Resource | None = None
    effect: Effect = Effect.NONE
    blocks: bool = False
    deadline: Deadline | None = None
    handshake: bool = False
    shared_by: tuple[str, ...] = ()
    slow: str = ""
    heavy: str = ""
    retries: tuple[str, ...] = ()
    retried: bool = False
    returns: str = ""
    fluent: bool = False
    quick: tuple[tuple[str, object], ...] = ()
    kept: bool = False


class GuardKind(enum.Enum):
    """What a guard does for the calls inside it."""

    RETRY = "retry"
    BREAKER = "circuit breaker"
    BULKHEAD = "bulkhead"
    DEADLINE = "deadline"
    OFFLOAD = "offload"  # runs what it is handed in another thread or process, and is awaited
    BACKGROUND = "background"  # runs what it is handed later or elsewhere; nobody waits


class Guard(NamedTuple):
    """A decorator, wrapper function or context manager that protects the calls inside it.

    stop, wait: arguments that bound the number of tries, and that make the waits grow
    stops, waits: whether it stops, and backs off, by default
    argument: which positional argument is the callable or awaitable that it runs, for the wrapper form
    """

    paths: str
    kind: GuardKind
    stop: tuple[str, ...] = ()
    wait: tuple[str, ...] = ()
    stops: bool = False
    waits: bool = False
    argument: int = 0


class Switch(NamedTuple):
    """An argument of a pool or client that turns reuse or its bound off.

    keyword, position: the argument
    off: the literals, and off_paths the access paths of objects, that turn it off
    what: what that does, as a sentence goes on: "opens a new connection for each use"
    instead: what to do
    server_only: it matters only where the database is a server (SQLite has no use for a pool)
    """

    paths: str
    keyword: str
    off: tuple[object, ...] = ()
    off_paths: tuple[str, ...] = ()
    position: int | None = None
    what: str = ""
    instead: str = ""
    server_only: bool = False


class Sizing(NamedTuple):
    """What a pool leaves open by default.

    wanted: arguments of which one at least should be given
    position: where the first of them may stand
    holder: the argument that holds them in a mapping, where they are not arguments themselves
    what: what the default does
    instead: what to do
    server_only: as in `Switch`
    serving_only: it matters only where the pool serves the request path
    decided_by: arguments that choose another pool altogether
    """

    paths: str
    wanted: tuple[str, ...]
    position: int | None = None
    holder: str = ""
    what: str = ""
    instead: str = ""
    server_only: bool = False
    serving_only: bool = False
    decided_by: tuple[str, ...] = ()


class Lease(NamedTuple):
    """A call that takes something from a pool, which has to be given back.

    what: what is taken
    released_by: methods of the taken object that give it back
    returned_to: methods of the giver that take the object back as their argument
    on_receiver: the receiver itself is what is held (a lock)
    shown_by: methods of the taken object of which one has to be called, so that it is known for what it is
    by_name: an import from the project that ends in one of these names, or pairs of names, is taken for the path
    """

    paths: str
    what: str
    released_by: tuple[str, ...] = ()
    returned_to: tuple[str, ...] = ()
    on_receiver: bool = False
    by_name: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()


_BRACES = re.compile(r"\{([^{}]*)\}")


def expand(patterns: str) -> list[str]:
    """Return every path that a blank-separated list of patterns stands for."""
    done, todo = [], patterns.split()
    while todo:
        pattern = todo.pop()
        match = _BRACES.search(pattern)
        if match is None:
            done.append(pattern)
        else:
            before, after = pattern[: match.start()], pattern[match.end() :]
            todo.extend(before + choice + after for choice in match.group(1).split(","))
    return done[::-1]


class Place(enum.IntEnum):
    """Where a function's code runs; a function reached from several places has the highest."""

    LIBRARY = 0  # nothing can be shown
    TOOL = 1
    STARTUP = 2
    WORKER = 3
    REQUEST = 4


class Entry(NamedTuple):
    """A way in which a framework learns of a function that it will call, and the place where it calls it.

    decorators: paths of decorators (without the call) that register the function they stand on
    bases: paths of base classes whose `methods` are called
    methods: names of those methods, `on_*` for all that begin so; empty: every public method of the class that it
        does not call itself; for decorators: names of the functions that the row is about, empty for any
    calls: paths of calls that register a function handed to them, at position `argument` (`ANY_ARGUMENT` for every
        one) or as keyword `keyword`
    by_name: the last component alone identifies the decorator, base or call on a receiver that can't be resolved
    imports: packages of which the file must import one to be recognised by name
    receivers: names of receivers, or of modules of the project, of which the last must be one to be recognised by
        name, where no such import is
    url: a decorator or call recognised by name alone must have a string that looks like a route as its first argument
    per_call: for bases: an object of the class is made for every request
    provider: what is registered gives other handlers something, and is start-up's where it keeps its result
    """

    framework: str
    place: Place
    decorators: str = ""
    bases: str = ""
    methods: str = ""
    calls: str = ""
    argument: int | None = None
    keyword: str = ""
    by_name: bool = False
    url: bool = False
    per_call: bool = True
    imports: str = ""
    receivers: str = ""
    provider: bool = False


#: For `Entry.argument`: whichever positional arguments are functions.
ANY_ARGUMENT = -1


class Listing(NamedTuple):
    """A name under which a framework finds functions: a class attribute, a keyword argument or a key of a literal.

    names: the names, blank-separated
    imports: packages of which the file must import one
    owners: endings of the names of classes, or of variables, in which the name counts without such an import
    attributes: attributes of any object to which a function is assigned: `client.on_message = f`
    """

    framework: str
    place: Place
    names: str = ""
    imports: str = ""
    owners: str = ""
    attributes: str = ""


class Signature(NamedTuple):
    """Parameters by which a function is known for a handler that another file registers.

    parameters: names of the parameters without a default, `|` between alternatives of one: "update context|ctx"
    more: others may follow them
    annotations: paths of which the annotation of one of the first three parameters is one; a `*` at the end is open
    imports: packages of which the file must import one
    names: the function's name must be one of these; empty for any
    coroutine: it must be a coroutine function
    method: it must be a method
    """

    framework: str
    place: Place
    parameters: str = ""
    annotations: str = ""
    imports: str = ""
    names: str = ""
    coroutine: bool = False
    method: bool = False
    more: bool = False
