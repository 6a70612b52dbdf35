"""Work that goes on without its caller, and what bounds it: starts, gatherings, queues, limiters, event loops.

Sources: docs.python.org/3/library (threading, multiprocessing, subprocess, asyncio, concurrent.futures, queue),
fastapi.tiangolo.com, starlette.dev, anyio.readthedocs.io, trio.readthedocs.io, gevent.org, eventlet.readthedocs.io,
sanic.dev, quart.palletsprojects.com, nicegui.io, janus (github.com/aio-libs/janus), tqdm.github.io.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from typing import NamedTuple

from flake8_scalability.catalog.rows import expand


class Runner(enum.Enum):
    """What runs work that was started."""

    THREAD = "a thread"
    PROCESS = "a process"
    TASK = "a task"
    GREENLET = "a greenlet"
    EXECUTOR = "a worker of an executor"
    AFTER_ANSWER = "a background task"
    OTHER_LOOP = "a task of another thread's loop"
    GROUP = "a task of a group"  # the group waits for it


#: Frameworks that call a function for each message or event, however fast these come.
EVENT_SOURCES = frozenset({"watchdog", "amqp", "faststream", "faust"})
#: Classes whose objects run something by themselves, as long as they are there.
RUNNING_BASES = frozenset({"Thread", "Process", "Greenlet"})
#: Runners of which each start makes one more, so that nothing but memory bounds their number.
ONE_EACH = frozenset({Runner.THREAD, Runner.PROCESS, Runner.TASK, Runner.GREENLET, Runner.GROUP})


class Start(NamedTuple):
    """A call that starts work, or makes the object that does.

    work, position: the argument that is the callable, coroutine or command line
    begun_by: the method of the result that starts it; empty where the call itself does
    by_name: last names of receiver and method by which the call is known where the receiver is of another module
    """

    paths: str
    runner: Runner
    work: str = ""
    position: int | None = 0
    begun_by: str = ""
    by_name: str = ""


_LOOPS = "asyncio.{get_event_loop,get_running_loop,new_event_loop}()"
_EXECUTORS = "concurrent.futures.{,thread.,process.}{ThreadPoolExecutor,ProcessPoolExecutor}()"

STARTS = (
    Start("threading.{Thread,Timer}", Runner.THREAD, "target", 1, begun_by="start"),
    Start("_thread.start_new_thread", Runner.THREAD),
    Start(
        "multiprocessing.{Process,process.Process,context.Process,get_context().Process}",
        Runner.PROCESS,
        "target",
        1,
        begun_by="start",
    ),
    Start("subprocess.Popen", Runner.PROCESS, "args"),
    Start("asyncio.{create_subprocess_exec,create_subprocess_shell}", Runner.PROCESS),
    Start("asyncio.{,tasks.}{create_task,ensure_future}", Runner.TASK, "coro"),
    Start("asyncio.{,tasks.}run_coroutine_threadsafe", Runner.OTHER_LOOP, "coro"),
    Start(_LOOPS + ".create_task", Runner.TASK, "coro", by_name="loop.create_task _loop.create_task"),
    Start(
        _LOOPS + ".run_in_executor", Runner.EXECUTOR, "func", 1, by_name="loop.run_in_executor _loop.run_in_executor"
    ),
    Start(
        _EXECUTORS + ".submit flask_executor.{,executor.}Executor().submit",
        Runner.EXECUTOR,
        "fn",
        by_name="executor.submit _executor.submit EXECUTOR.submit thread_pool.submit threadpool.submit",
    ),
    Start("multiprocessing.{Pool,pool.Pool,pool.ThreadPool}().apply_async", Runner.EXECUTOR, "func"),
    Start(
        "{starlette.background,fastapi,fastapi.background}.BackgroundTasks().add_task",
        Runner.AFTER_ANSWER,
        "func",
        by_name="background_tasks.add_task background.add_task bg_tasks.add_task bg.add_task",
    ),
    Start("{starlette,litestar}.background{,_tasks}.BackgroundTask", Runner.AFTER_ANSWER, "func"),
    Start("quart.{,app.}Quart().add_background_task", Runner.AFTER_ANSWER, "func"),
    Start("sanic.{,app.}Sanic().add_task", Runner.TASK),
    Start("nicegui.background_tasks.create", Runner.TASK),
    Start("gevent.{spawn,spawn_raw} eventlet.{,greenthread.}{spawn,spawn_n}", Runner.GREENLET),
    Start("flask_socketio.SocketIO().start_background_task", Runner.THREAD, by_name="socketio.start_background_task"),
    Start("socketio.{Server,AsyncServer}().start_background_task", Runner.TASK),
    Start(
        "asyncio.{,taskgroups.}TaskGroup().create_task",
        Runner.GROUP,
        "coro",
        by_name="tg.create_task task_group.create_task",
    ),
    Start(
        "anyio.create_task_group().{start_soon,start} trio.open_nursery().{start_soon,start}",
        Runner.GROUP,
        by_name="tg.start_soon task_group.start_soon nursery.start_soon",
    ),
)

#: Calls that run all the awaitables which they are given at the same time: star arguments, or one collection.
GATHERING = frozenset(expand("asyncio.{,tasks.}gather tqdm.asyncio.{tqdm,tqdm_asyncio}.gather"))
GATHERING_COLLECTIONS = frozenset(
    expand("asyncio.{,tasks.}{wait,as_completed} tqdm.asyncio.{tqdm,tqdm_asyncio}.as_completed")
)

#: Methods of started work by which somebody waits for it, takes its result or ends it.
WAITING_METHODS = frozenset({
    "join", "result", "get", "wait", "communicate", "cancel", "exception", "done", "poll", "kill", "terminate",
    "is_alive", "ready", "send_signal", "cancelled", "link",
})  # fmt: skip
#: Attributes of started work by which somebody reads what it does.
WAITING_ATTRIBUTES = frozenset({"stdout", "stderr", "stdin", "returncode", "exitcode", "value"})
#: Functions that wait for the work that they are given.
WAITING_CALLS = frozenset({
    "wait", "gather", "as_completed", "wait_for", "shield", "run_until_complete", "joinall", "waitall", "wait_procs",
    "killall",
})  # fmt: skip

#: Objects through which started work and its starter speak with each other.
CHANNELS = frozenset({
    "Queue", "SimpleQueue", "LifoQueue", "PriorityQueue", "Event", "Condition", "Future", "create_future", "Pipe",
    "create_memory_object_stream", "open_memory_channel", "Barrier", "Manager", "TextIteratorStreamer",
})  # fmt: skip
#: Methods that take from such an object.
RECEIVING = frozenset({"get", "get_nowait", "wait", "result", "recv", "receive", "join", "is_set", "empty"})


class Queue(NamedTuple):
    """A constructor of a queue.

    keyword, position: the argument that bounds it; empty where it can't be bounded
    instead: what to do
    """

    paths: str
    keyword: str = "maxsize"
    position: int | None = 0
    instead: str = "set a maxsize"


_NEVER = "use a Queue with maxsize"

QUEUES = (
    Queue("queue.{Queue,LifoQueue,PriorityQueue} asyncio.{,queues.}{Queue,LifoQueue,PriorityQueue}"),
    Queue("queue.SimpleQueue", "", None, _NEVER),
    Queue("multiprocessing.{,queues.}{Queue,JoinableQueue} multiprocessing.get_context().{Queue,JoinableQueue}"),
    Queue("multiprocessing.{,queues.}SimpleQueue multiprocessing.get_context().SimpleQueue", "", None, _NEVER),
    Queue("multiprocessing.{Manager,managers.SyncManager}().{Queue,JoinableQueue}"),
    Queue("janus.Queue culsans.Queue"),
    Queue("gevent.queue.{Queue,LifoQueue,PriorityQueue,JoinableQueue} eventlet.queue.{Queue,LifoQueue,PriorityQueue}"),
)
#: Streams that have to be told how much they may buffer.
STREAMS = (
    Queue("anyio.create_memory_object_stream", "max_buffer_size", 0, "give it a finite buffer"),
    Queue("trio.open_memory_channel", "max_buffer_size", 0, "give it a finite buffer"),
)

#: Objects that let only so many through at a time.
LIMITERS = frozenset(
    expand(
        "asyncio.{,locks.}{Semaphore,BoundedSemaphore,Lock}() threading.{Semaphore,BoundedSemaphore,Lock,RLock}() "
        "{anyio,trio}.{Semaphore,CapacityLimiter,Lock}() aiolimiter.{,leakybucket.}AsyncLimiter() "
        "gevent.lock.{Semaphore,BoundedSemaphore}() asyncio_throttle.Throttler()"
    )
)

#: Folders of packages whose code a command of a person runs.
COMMAND_FOLDERS = frozenset({"cli", "commands", "cmd"})
#: Calls that hand work to a pool with so many threads, or wait for such, by their last names.
HANDING_TO_POOLS = frozenset({
    "run_in_executor", "to_thread", "run_in_threadpool", "run_sync", "thread_pool_exec", "run_in_thread",
    "sync_to_async",
})  # fmt: skip
#: Calls around a coroutine that run it, or wait for it.
AROUND_COROUTINES = frozenset({"create_task", "ensure_future", "wait_for", "shield", "start_soon", "spawn"})
#: Methods that send one message over a WebSocket which the process holds.
CONNECTION_SENDS = frozenset({"send_json", "send_text", "send_str", "send_bytes"})
#: Methods that start a task in the loop that runs in the thread of the caller: where none does, they fail.
IN_OWN_LOOP = frozenset({"create_task", "ensure_future"})
#: Names of what one call of SQS gives, which is ten messages at most:
#: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
BATCHES = re.compile(r"(^|_)sqs_\w*(messages?|containers?|events?|records?)$", re.IGNORECASE)
#: Names of handlers that are told of each event.
TOLD = re.compile(
    r"(^|[ _])(receive|on|handle|process|incoming|inbound)_(\w+_)?(events?|updates?|messages?|notifications?)(?= |$)",
    re.IGNORECASE,
)
#: Calls, without an `await`, that give what is kept somewhere, or what a caller sent.
READING = re.compile(
    r"^(all|all_objects|fetch_?all|fetchmany|find\w*|filter\w*|query\w*|select\w*|execute\w*|scalars|scan(_iter)?|"
    r"search\w*|list_\w+|get_all\w*|load_all\w*|json|get_json|getlist|readlines|splitlines|i?glob|rglob|iterdir|listdir|"
    r"scandir|walk|paginate|iter_\w+|\w+_from_(db|csv|file))$"
)

#: Calls that make an event loop of their own, run it and close it.
LOOP_STARTERS = frozenset(
    expand("asyncio.{,runners.}{run,Runner} anyio.{,from_thread.}{run,start_blocking_portal} trio.run uvloop.run")
)
LOOP_MAKERS = frozenset(expand("asyncio.{,events.}new_event_loop uvloop.new_event_loop"))


@lru_cache(maxsize=1)
def starts() -> dict[str, Start]:
    """Return the row of each path that starts work."""
    return {path: row for row in STARTS for path in expand(row.paths)}


@lru_cache(maxsize=1)
def starts_by_name() -> dict[tuple[str, str], Start]:
    """Return the rows by the last names of receiver and method."""
    return {(receiver, method): row for row in STARTS for receiver, method in _pairs(row.by_name)}


@lru_cache(maxsize=1)
def start_names() -> frozenset[str]:
    """Return the names under which something is called that starts work."""
    return frozenset(path.rpartition(".")[2] for path in starts())


@lru_cache(maxsize=1)
def queues() -> dict[str, Queue]:
    """Return the row of each path that makes a queue."""
    return {path: row for row in (*QUEUES, *STREAMS) for path in expand(row.paths)}


def _pairs(names: str) -> list[tuple[str, str]]:
    return [(receiver, method) for receiver, _, method in (name.partition(".") for name in names.split())]
