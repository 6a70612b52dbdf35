"""What runs a callable elsewhere: in another thread or process while the caller awaits it, or later.

Sources: docs.python.org/3/library, anyio.readthedocs.io, trio.readthedocs.io, starlette.dev, asgiref and channels
(docs.djangoproject.com, channels.readthedocs.io), tornadoweb.org, apscheduler.readthedocs.io, python-rq.org.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Guard, GuardKind

_OFFLOAD = GuardKind.OFFLOAD
_BACKGROUND = GuardKind.BACKGROUND

_EXECUTORS = (
    "concurrent.futures.{ThreadPoolExecutor,thread.ThreadPoolExecutor,ProcessPoolExecutor,process.ProcessPoolExecutor,"
    "InterpreterPoolExecutor}()"
)
_POOLS = "multiprocessing.{Pool,pool.Pool,pool.ThreadPool,dummy.Pool,get_context().Pool}()"
_LOOPS = (
    "asyncio.{get_event_loop,get_running_loop,new_event_loop,AbstractEventLoop,events.AbstractEventLoop}() "
    "uvloop.{new_event_loop,Loop}()"
)
_TORNADO = "tornado.ioloop.IOLoop{.current(),.instance(),()}"


def _on_loop(methods: str) -> str:
    return " ".join(f"{loop}.{methods}" for loop in _LOOPS.split())


OFFLOADS = (
    Guard("asyncio.{,threads.}to_thread", _OFFLOAD),
    Guard(_on_loop("run_in_executor"), _OFFLOAD, argument=1),
    Guard(_TORNADO + ".run_in_executor", _OFFLOAD, argument=1),
    Guard("tornado.concurrent.run_on_executor", _OFFLOAD),
    Guard("{anyio,trio}.to_thread.run_sync anyio.{to_process,to_interpreter}.run_sync", _OFFLOAD),
    Guard("{starlette,fastapi}.concurrency.{run_in_threadpool,iterate_in_threadpool}", _OFFLOAD),
    Guard("fastapi.concurrency.contextmanager_in_threadpool litestar.concurrency.sync_to_thread", _OFFLOAD),
    Guard("asgiref.sync.{sync_to_async,SyncToAsync} channels.db.database_sync_to_async", _OFFLOAD),
    Guard("asyncer.{,_main.}asyncify quart.utils.run_sync aiofiles.{os,ospath}.wrap", _OFFLOAD),
    Guard("aiomisc.{,thread_pool.}{threaded,threaded_separate,threaded_iterable,threaded_iterable_separate}", _OFFLOAD),
    Guard("nicegui.run.{io_bound,cpu_bound} curio.{run_in_thread,run_in_process} unsync.unsync", _OFFLOAD),
    Guard("twisted.internet.threads.deferToThread eventlet.tpool.execute", _OFFLOAD),
    Guard("gevent.get_hub().threadpool.{apply,spawn} gevent.threadpool.ThreadPool().{apply,spawn}", _OFFLOAD),
    # The callable runs elsewhere, but going through the results holds up the caller: see the rows of waits.py.
    Guard(f"{_EXECUTORS}.map {_POOLS}.{{apply,map,starmap,imap,imap_unordered}}", _OFFLOAD),
)

_SCHEDULERS = (
    "apscheduler.schedulers.{background.BackgroundScheduler,asyncio.AsyncIOScheduler,blocking.BlockingScheduler,"
    "tornado.TornadoScheduler,gevent.GeventScheduler,twisted.TwistedScheduler,base.BaseScheduler}()"
)

BACKGROUNDS = (
    Guard(
        "threading.{Thread,Timer} multiprocessing.{Process,dummy.Process,get_context().Process}",
        _BACKGROUND,
        argument=1,
    ),
    Guard("_thread.start_new_thread", _BACKGROUND),
    Guard(f"{_EXECUTORS}.submit {_POOLS}.{{apply_async,map_async,starmap_async}}", _BACKGROUND),
    Guard("flask_executor.{,executor.}Executor().submit", _BACKGROUND),
    # After the response, in the process that sent it
    Guard("{starlette.background,fastapi,fastapi.background}.BackgroundTasks().add_task", _BACKGROUND),
    Guard("starlette.background.BackgroundTask litestar.background_tasks.BackgroundTask", _BACKGROUND),
    Guard("quart.{,app.}Quart().add_background_task", _BACKGROUND),
    # In the running event loop
    Guard("asyncio.{,tasks.}{create_task,ensure_future}", _BACKGROUND),
    Guard(_on_loop("{create_task,call_soon,call_soon_threadsafe}"), _BACKGROUND),
    Guard(_on_loop("{call_later,call_at}"), _BACKGROUND, argument=1),
    Guard(_TORNADO + ".{add_callback,spawn_callback}", _BACKGROUND),
    Guard(_TORNADO + ".{call_later,call_at,add_timeout}", _BACKGROUND, argument=1),
    Guard("sanic.{,app.}Sanic().add_task nicegui.background_tasks.create", _BACKGROUND),
    Guard("aiojobs.{Scheduler,create_scheduler}().spawn", _BACKGROUND),
    Guard("aiojobs.aiohttp.spawn", _BACKGROUND, argument=1),
    # Greenlets
    Guard("gevent.{spawn,spawn_raw} gevent.pool.{Pool,Group}().{spawn,apply_async}", _BACKGROUND),
    Guard("gevent.spawn_later eventlet.{,greenthread.}spawn_after", _BACKGROUND, argument=1),
    Guard("eventlet.{,greenthread.}{spawn,spawn_n} eventlet.{,greenpool.}GreenPool().{spawn,spawn_n}", _BACKGROUND),
    # Schedulers and task queues that are handed the function
    Guard(_SCHEDULERS + ".add_job apscheduler.{Scheduler,AsyncScheduler}().{add_schedule,add_job}", _BACKGROUND),
    Guard("flask_apscheduler.APScheduler().add_job", _BACKGROUND, argument=1),
    Guard("rq.{,queue.}Queue().{enqueue,enqueue_call} django_rq.{enqueue,get_queue().enqueue}", _BACKGROUND),
    Guard("rq.{,queue.}Queue().{enqueue_in,enqueue_at}", _BACKGROUND, argument=1),
    Guard("django_q.tasks.async_task google.appengine.ext.deferred.defer", _BACKGROUND),
    Guard("twisted.internet.reactor.callInThread", _BACKGROUND),
)

GUARDS: tuple[Guard, ...] = (*OFFLOADS, *BACKGROUNDS)
