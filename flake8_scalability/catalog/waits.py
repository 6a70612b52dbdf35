"""Waiting on this machine: the clock, child processes, threads, queues and locks, files and embedded databases.

`Deadline(())` marks a wait that no argument can bound: only something around it can (`wait_for`, `timeout`).
Sources: docs.python.org/3/library, sh.readthedocs.io, plumbum.readthedocs.io, pexpect.readthedocs.io,
docs.pyinvoke.org, psutil.readthedocs.io, py-filelock.readthedocs.io, docs.ray.io.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Resource, System

_NEVER = Deadline(())
_SHELL = Deadline((), advice="use subprocess.run(timeout=)")
_ANYIO = Deadline((), advice="put it under fail_after()")
_FIRST = Deadline(position=0)
_SECOND = Deadline(position=1)
_KEYWORD = Deadline()

_RUNS = "runs a program"

CLOCK = (
    Api("time.sleep", System.CLOCK, blocks=True, slow="sleeps"),
    # These give the processor to other tasks, greenlets or requests.
    Api("asyncio.{,tasks.}sleep anyio.sleep trio.sleep curio.sleep tornado.gen.sleep", System.CLOCK),
    Api("gevent.{,hub.}sleep eventlet.{,greenthread.}sleep", System.CLOCK),
)

PROCESSES = (
    Api("subprocess.{run,call,check_call,check_output}", System.PROCESS, blocks=True, deadline=_KEYWORD, slow=_RUNS),
    Api("subprocess.{getoutput,getstatusoutput}", System.PROCESS, blocks=True, deadline=_SHELL, slow=_RUNS),
    # Starting a process is quick; waiting for it is not.
    Api("subprocess.Popen", System.PROCESS),
    Api("subprocess.Popen().wait", System.PROCESS, blocks=True, deadline=_FIRST, slow=_RUNS),
    Api("subprocess.Popen().communicate", System.PROCESS, blocks=True, deadline=_SECOND, slow=_RUNS),
    Api("os.{system,popen}", System.PROCESS, blocks=True, deadline=_SHELL, slow=_RUNS),
    Api("os.wait", System.PROCESS, blocks=True, deadline=_NEVER),
    # WNOHANG makes these return at once, and the flags may stand anywhere.
    Api("os.{waitpid,waitid,wait3,wait4}", System.PROCESS),
    Api("psutil.{Process,Popen}().wait", System.PROCESS, blocks=True, deadline=_FIRST),
    Api("psutil.Popen().communicate psutil.wait_procs", System.PROCESS, blocks=True, deadline=_SECOND),
    Api("pty.spawn", System.PROCESS, blocks=True, deadline=_NEVER, slow=_RUNS),
    # Coroutines that wait for a process
    Api(
        "asyncio.{,subprocess.}create_subprocess_{exec,shell}",
        System.PROCESS,
        returns="asyncio.subprocess.Process()",
    ),
    Api("asyncio.subprocess.Process().{wait,communicate}", System.PROCESS, deadline=_NEVER, slow=_RUNS),
    Api("anyio.run_process trio.run_process", System.PROCESS, deadline=_ANYIO, slow=_RUNS),
    Api("anyio.open_process().wait trio.lowlevel.open_process().wait", System.PROCESS, deadline=_ANYIO, slow=_RUNS),
    # sh: `_bg` and `_async` return before the program ends, so that neither is a wait without a bound.
    Api("sh.*", System.PROCESS, blocks=True, deadline=Deadline(("_timeout", "_bg", "_async")), slow=_RUNS),
    Api("sh.{Command,bake,pushd,glob,cd}", System.PROCESS),
    Api("sh.Command()", System.PROCESS, blocks=True, deadline=Deadline(("_timeout", "_bg", "_async")), slow=_RUNS),
    # plumbum: a command is run by a call
    Api(
        "plumbum.cmd.* plumbum.local[] plumbum.local[].run plumbum.local[][] plumbum.local[][].run plumbum.local.get()",
        System.PROCESS,
        blocks=True,
        deadline=_KEYWORD,
        slow=_RUNS,
    ),
    # pexpect waits 30 s unless told otherwise; None turns that off.
    Api(
        "pexpect.{,run.}run",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(position=1, sane=True),
        slow=_RUNS,
    ),
    Api(
        "pexpect.{spawn,spawnu,pty_spawn.spawn,popen_spawn.PopenSpawn}().{expect,expect_exact,expect_list}",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(position=1, client=("timeout",), sane=True),
        slow=_RUNS,
    ),
    Api(
        "pexpect.{spawn,spawnu,pty_spawn.spawn,popen_spawn.PopenSpawn}().wait",
        System.PROCESS,
        blocks=True,
        deadline=_NEVER,
    ),
    # delegator.py waits 30 s unless told otherwise.
    Api(
        "delegator.run",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(position=3, sane=True, blocking="block", blocking_position=1),
        slow=_RUNS,
    ),
    Api("delegator.chain", System.PROCESS, blocks=True, deadline=Deadline(position=1, sane=True), slow=_RUNS),
    Api(
        "invoke.run invoke.{,context.}Context().{run,sudo}",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(("timeout", "asynchronous", "disown")),
        slow=_RUNS,
    ),
)

#: Calls that wait only where the constructor of the receiver got this argument, other than 0, as in
#: `queue.Queue(maxsize=10)`.  It is the first positional argument of each of these constructors.
ONLY_IF = {
    "queue.{Queue,LifoQueue,PriorityQueue}().put": "maxsize",
    "multiprocessing.{,queues.}{Queue,JoinableQueue}().put": "maxsize",
    "janus.Queue().sync_q.put": "maxsize",
    "multiprocessing.{Manager,managers.SyncManager}().{Queue,JoinableQueue}().put": "maxsize",
}

QUEUES = (
    Api(
        "queue.{Queue,LifoQueue,PriorityQueue,SimpleQueue}().get "
        "multiprocessing.{,queues.}{Queue,JoinableQueue}().get janus.Queue().sync_q.get "
        "multiprocessing.{Manager,managers.SyncManager}().{Queue,JoinableQueue}().get",
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=1, blocking="block", blocking_position=0),
    ),
    # See ONLY_IF: an unbounded queue takes at once.
    Api(
        " ".join(ONLY_IF),
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=2, blocking="block", blocking_position=1),
    ),
    # Coroutines that wait for another task
    Api(
        "asyncio.{,queues.}{Queue,LifoQueue,PriorityQueue}().{get,join} asyncio.{,locks.}{Event,Condition}().wait",
        System.SYNC,
        deadline=_NEVER,
    ),
    Api("multiprocessing.{,queues.}SimpleQueue().get", System.SYNC, blocks=True, deadline=_NEVER),
    Api(
        "queue.{Queue,LifoQueue,PriorityQueue}().join multiprocessing.{,queues.}JoinableQueue().join "
        "multiprocessing.{Manager,managers.SyncManager}().{Queue,JoinableQueue}().join",
        System.SYNC,
        blocks=True,
        deadline=_NEVER,
    ),
    Api("multiprocessing.get_context().Queue", System.SYNC, returns="multiprocessing.Queue()"),
    Api("multiprocessing.get_context().JoinableQueue", System.SYNC, returns="multiprocessing.JoinableQueue()"),
    Api("multiprocessing.get_context().SimpleQueue", System.SYNC, returns="multiprocessing.SimpleQueue()"),
)

LOCKS = (
    Api(
        "threading.{Event,Condition}().wait multiprocessing.{,synchronize.}{Event,Condition}().wait "
        "multiprocessing.{Manager,managers.SyncManager}().{Event,Condition}().wait",
        System.SYNC,
        blocks=True,
        deadline=_FIRST,
    ),
    Api(
        "threading.Condition().wait_for multiprocessing.{,synchronize.}Condition().wait_for",
        System.SYNC,
        blocks=True,
        deadline=_SECOND,
    ),
    Api(
        "{threading,multiprocessing}.Barrier().wait",
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=0, client=("timeout",)),
    ),
    Api(
        "threading.{Lock,RLock,Condition,Semaphore,BoundedSemaphore}().acquire",
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=1, blocking="blocking", blocking_position=0),
    ),
    Api(
        "multiprocessing.{,synchronize.}{Lock,RLock,Condition,Semaphore,BoundedSemaphore}().acquire "
        "multiprocessing.{Manager,managers.SyncManager}().{Lock,RLock,Semaphore,BoundedSemaphore}().acquire",
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=1, blocking="block", blocking_position=0),
    ),
    # Locks between processes, held in files.  portalocker gives up after 5 s, and None does not change that.
    Api(
        "filelock.{FileLock,SoftFileLock,UnixFileLock,WindowsFileLock}().acquire",
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=0, client=("timeout",), blocking="blocking"),
    ),
    Api(
        "portalocker.{,utils.}{Lock,RLock}().acquire",
        System.SYNC,
        blocks=True,
    ),
    Api(
        "fasteners.{,process_lock.}InterProcessLock().acquire",
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=3, blocking="blocking", blocking_position=0),
    ),
)

_FUTURE = "concurrent.futures.Future()"
_POOLS = (
    "concurrent.futures."
    "{ThreadPoolExecutor,thread.ThreadPoolExecutor,ProcessPoolExecutor,process.ProcessPoolExecutor,InterpreterPoolExecutor}"
)
_MP_POOLS = "multiprocessing.{Pool,pool.Pool,pool.ThreadPool,dummy.Pool}"

WORKERS = (
    Api("threading.Thread().join threading.Timer().join", System.SYNC, blocks=True, deadline=_FIRST),
    Api("multiprocessing.{,dummy.}Process().join", System.SYNC, blocks=True, deadline=_FIRST),
    Api("multiprocessing.get_context().Process", System.PROCESS, returns="multiprocessing.Process()"),
    # concurrent.futures
    Api(_POOLS, System.SYNC, makes=Resource.EXECUTOR),
    Api(_POOLS + "().submit asyncio.{,tasks.}run_coroutine_threadsafe", System.SYNC, returns=_FUTURE),
    # `map` itself returns at once; going through its result waits, and its `timeout` bounds that.
    Api(_POOLS + "().map", System.SYNC, blocks=True, deadline=_KEYWORD),
    Api("concurrent.futures.{,_base.}Future().{result,exception}", System.SYNC, blocks=True, deadline=_FIRST),
    Api("concurrent.futures.{,_base.}{wait,as_completed}", System.SYNC, blocks=True, deadline=_SECOND),
    # multiprocessing.Pool
    Api(_MP_POOLS, System.PROCESS, makes=Resource.EXECUTOR),
    Api(
        "multiprocessing.get_context().Pool", System.PROCESS, makes=Resource.EXECUTOR, returns="multiprocessing.Pool()"
    ),
    Api(_MP_POOLS + "().{apply,map,starmap,join}", System.SYNC, blocks=True, deadline=_NEVER),
    Api(
        _MP_POOLS + "().{apply_async,map_async,starmap_async}",
        System.SYNC,
        returns="multiprocessing.pool.AsyncResult()",
    ),
    Api(
        "multiprocessing.pool.{AsyncResult,ApplyResult,MapResult}().{get,wait}",
        System.SYNC,
        blocks=True,
        deadline=_FIRST,
    ),
    # joblib: the object is made, then called with the tasks; the constructor's `timeout` bounds each of them.
    Api("joblib.{,parallel.}Parallel()", System.SYNC, blocks=True),
    # Ray
    Api("ray.{get,wait}", System.SYNC, blocks=True, deadline=_KEYWORD),
)

_FROM_PATH = (
    "{joinpath,resolve,absolute,expanduser,with_suffix,with_name,with_stem,relative_to,rename,replace,readlink}"
)

FILES = (
    # The wait is reported at the opening, once; what is done with the file then has rows without `blocks`.
    Api("open builtins.open io.open", System.FILE, blocks=True, returns="open()"),
    Api("codecs.open gzip.open bz2.open lzma.open", System.FILE, blocks=True, returns="open()"),
    Api("open().{read,readline,readlines,write,writelines}", System.FILE),
    Api(
        "pathlib.{Path,PosixPath,WindowsPath}().open pathlib.Path().parent.open",
        System.FILE,
        blocks=True,
        returns="open()",
    ),
    # Bytes may be of any size; a text, and what is read, is mostly small or needed at once.
    Api("pathlib.{Path().parent,Path(),PosixPath(),WindowsPath()}.write_bytes", System.FILE, blocks=True),
    Api("pathlib.{Path().parent,Path(),PosixPath(),WindowsPath()}.{read_text,read_bytes,write_text}", System.FILE),
    Api("pathlib.Path.{cwd,home} pathlib.Path()." + _FROM_PATH, System.FILE, returns="pathlib.Path()"),
    # Copies of unknown size; archives stand with the work that they make for the processor.  A tree that is removed or
    # walked is mostly a small one, and a move on the same file system is a change of name.
    Api("shutil.{copyfile,copyfileobj,copy,copy2,copytree}", System.FILE, blocks=True),
    Api("shutil.{move,rmtree} os.{walk,fwalk,fsync,fdatasync} pathlib.Path().{rglob,walk}", System.FILE),
)

EMBEDDED = (
    # Shared state in one file is the subject of another rule, hence nothing that ought to be pooled.  A locked
    # database is waited for 5 s by default.
    Api("sqlite3.{,dbapi2.}connect", System.DATABASE, blocks=True, returns="sqlite3.Connection()"),
    Api("sqlite3.Connection().cursor", System.DATABASE, returns="sqlite3.Cursor()"),
    Api(
        "sqlite3.Connection().{execute,executemany,executescript}",
        System.DATABASE,
        blocks=True,
        returns="sqlite3.Cursor()",
    ),
    Api("sqlite3.Connection().{commit,backup}", System.DATABASE, blocks=True),
    Api(
        "sqlite3.Cursor().{execute,executemany,executescript}", System.DATABASE, blocks=True, returns="sqlite3.Cursor()"
    ),
    # Rows come out of pages that `execute` has mostly read.
    Api("sqlite3.Cursor().{fetchone,fetchmany,fetchall}", System.DATABASE),
    Api("shelve.open dbm.{,gnu.,ndbm.,dumb.,sqlite3.}open", System.DATABASE, blocks=True),
)

ROWS: tuple[Api, ...] = (*CLOCK, *PROCESSES, *QUEUES, *LOCKS, *WORKERS, *FILES, *EMBEDDED)
