"""Executors and event loops that are made again on every request or call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background, frameworks, lookup
from flake8_scalability.catalog.rows import Place, Resource
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import endpoint_work
from flake8_scalability.model.pooling.retention import FACTORY
from flake8_scalability.model.running import operators
from flake8_scalability.model.running.lifetimes import runs_once
from flake8_scalability.model.sites import CallSite
from flake8_scalability.project.functions_beside import is_of_function

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_PROCESSES = frozenset({"ProcessPoolExecutor", "Pool"})
_MANY = frozenset({"map", "starmap", "imap", "imap_unordered", "map_async", "starmap_async"})
_SINGLE = frozenset({"submit", "apply", "apply_async", "run_in_executor"})
#: Where these stand, a loop of one's own is what is left when there is no other.
_BESIDE = frozenset({"run_coroutine_threadsafe", "get_running_loop", "get_event_loop"})
#: What asks whether something is a coroutine runs whatever it is given: a job of somebody else's.
_RUNNING_ANYTHING = frozenset({"iscoroutine", "iscoroutinefunction", "isawaitable"})
#: Beside a pause of its own, what a loop costs a function is nothing.
_PAUSING = frozenset({"sleep"})
#: So many statements may stand before the one for which a function is there.
_PREPARING = 2
_CLOSING = re.compile(r"(^|_)(a?close|shutdown|stop|dispose|tear_?down|__del__|__exit__)(_|$)")
_SENDING_OFF = re.compile(r"thread|background|executor|(^|_)(fire_and_forget|run_async|in_pool)(_|$)", re.IGNORECASE)
_THREADS = frozenset({"submit", "Thread", "run_in_executor", "start_new_thread", "apply_async", "spawn"})
_SPENDING = frozenset({"run_forever", "serve_forever", "run_app"})


@cache
def _of_loops() -> frozenset[str]:
    return lookup.last_names(background.LOOP_STARTERS | background.LOOP_MAKERS)


@cache
def names() -> frozenset[str]:
    """Return the names of which a file has one wherever it makes an executor or an event loop."""
    makers = (path for path, row in lookup.tables().apis.items() if row.makes is Resource.EXECUTOR)
    return lookup.last_names(makers) | _of_loops()


def made_per_call(source: SourceFile) -> Iterator[tuple[CallSite, str, str]]:
    """Yield the calls that make threads, processes or an event loop per call, with what they make and what to do."""
    for site in source.fresh:
        if site.api is None or site.api.makes is not Resource.EXECUTOR or is_sized_by_input(site):
            continue
        if _is_for_one_run(site) or _runs_for_one_request(site) or _bounds_one_wait(site):
            continue
        if operators.only(site.scope, source):
            continue
        if site.place is Place.REQUEST or (site.place is Place.LIBRARY and _gives_single_work(site)):
            made = "processes" if _PROCESSES & {min(site.paths).rpartition(".")[2]} else "threads"
            if made == "threads" or not _is_one_worker(site):
                yield site, made, "share one for the process"
    known = background.LOOP_STARTERS | background.LOOP_MAKERS
    seen = set()
    for site in source.sites_named(_of_loops()):
        if site.paths and site.paths <= known and site.function not in seen and _is_per_call(site):
            seen.add(site.function)
            yield site, "an event loop", "use async handlers or one background loop"


def is_sized_by_input(site: CallSite) -> bool:
    """Whether a pool has a worker for each item, which is another defect."""
    given = [*site.node.args[:1], *(keyword.value for keyword in site.node.keywords)]
    return any(
        isinstance(part, ast.Call) and terminal_name(part.func) == "len" for node in given for part in walk(node)
    )


def _is_one_worker(site: CallSite) -> bool:
    """Whether a pool is one thread, or one process that is thrown away with what its work leaves behind."""
    size = site.argument("max_workers" if terminal_name(site.node.func).endswith("Executor") else "processes", 0).value
    return isinstance(size, ast.Constant) and size.value == 1


def _bounds_one_wait(site: CallSite) -> bool:
    """Whether a pool is one thread of a request, shut down with its block, or one whose answer is waited for a while.

    Such a request spends seconds elsewhere, beside which the start of a thread is nothing.
    """
    if not _is_one_worker(site) or _is_repeated(site) or _answers_an_event(site):
        return False
    function = site.function
    assert function is not None
    if not any(isinstance(parent, (ast.With, ast.AsyncWith)) for _, parent in site.ancestors()):
        return False
    return site.place is Place.REQUEST or any(
        isinstance(node, ast.Call)
        and terminal_name(node.func) == "result"
        and (node.args or any(keyword.arg == "timeout" for keyword in node.keywords))
        for node in function.of(ast.Call)
    )


def _is_repeated(site: CallSite) -> bool:
    """Whether one request makes it several times: in a loop, or in a function that is called in one."""
    if loops.enclosing(site) is not None:
        return True
    into = site.source.graph.into.get(site.function, ()) if site.function is not None else ()
    return any(loops.enclosing(CallSite(edge.node, edge.caller, site.source)) is not None for edge in into)


def _answers_an_event(site: CallSite) -> bool:
    """Whether the handler is told of each event: what other services call back, or what a queue brings."""
    standing = site.standing
    if standing.framework in background.EVENT_SOURCES:
        return True
    handlers = {each for each in (site.function, standing.via) if each is not None}
    return any(
        endpoint.function in handlers
        and (
            endpoint_work.is_called_back(endpoint, site.source)
            or background.TOLD.search(endpoint_work.words_of(endpoint)) is not None
        )
        for endpoint in site.source.endpoints
    )


def _is_for_one_run(site: CallSite) -> bool:
    """Whether each worker of a pool begins with what belongs to this run, so that no other run may have it."""
    return any(keyword.arg in ("initializer", "initargs") for keyword in site.node.keywords)


def _runs_for_one_request(site: CallSite) -> bool:
    """Whether a call stands in a cloud function, or beside one: each instance has one request at a time.

    The threads of one request are then the threads of the process, and a few of them are nothing beside its start.
    """
    if site.standing.framework in frameworks.FUNCTION_RUNNERS:
        return True
    return not site.source.settings.no_project and is_of_function(site.source.filename)


def _gives_single_work(site: CallSite) -> bool:
    """Whether the function itself gives the pool single pieces of work, and not one for each of many.

    Library code that has a batch to work through may well have a pool of its own; what others do with one that they
    are given is not seen.  A command's code is not called by a service.
    """
    function = site.function
    assert function is not None
    gives = False
    for scope in function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            name = terminal_name(node.func)
            if not isinstance(node.func, ast.Attribute) or name not in _MANY | _SINGLE:
                continue
            if name in _MANY or scope.is_comprehension or loops.enclosing(site.source.site(node, scope)) is not None:
                return False
            gives = True
    return gives and not _is_of_command(site.source)


def _is_of_command(source: SourceFile) -> bool:
    return not background.COMMAND_FOLDERS.isdisjoint(source.path_parts)


def _is_per_call(site: CallSite) -> bool:
    """Whether a loop is started for each call: not for a thread of its own, nor to serve until the process ends."""
    function = site.function
    if function is None or site.is_deferred or site.place not in (Place.REQUEST, Place.LIBRARY):
        return False
    if _runs_for_one_request(site):
        return False
    source = site.source
    if site.place is Place.LIBRARY and (
        _is_of_command(source)
        or runs_once(source, function)
        or FACTORY.fullmatch(function.name)
        or not source.graph.into.get(function)
    ):
        return False
    if _is_handed_about(function, source):
        return False
    called = {terminal_name(node.func) for node in function.of(ast.Call) if isinstance(node, ast.Call)}
    if called & (_BESIDE | _RUNNING_ANYTHING | _PAUSING) or _CLOSING.search(function.name):
        return False
    if site.place is Place.LIBRARY and _is_facade(site, function):
        return False
    if not (_is_repeated(site) or _answers_an_event(site) or _is_left_open(site, called)):
        return False
    return not any(_spends(scope) for scope in function.walk())


def _is_left_open(site: CallSite, called: set[str]) -> bool:
    """Whether a loop is made that its function never closes; `asyncio.run` closes what it makes."""
    return terminal_name(site.node.func) == "new_event_loop" and not any(map(_CLOSING.search, called))


def _is_facade(site: CallSite, function: Scope) -> bool:
    """Whether a function only runs a coroutine for callers that have none: the entry of a job or command."""
    body = [
        node
        for node in getattr(function.node, "body", ())
        if not isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef))
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    last = body[-1]
    return (
        len(body) <= _PREPARING + 1
        and isinstance(last, (ast.Expr, ast.Return))
        and last.value is site.node
        and terminal_name(site.node.func) == "run"
    )


def _is_handed_about(function: Scope, source: SourceFile) -> bool:
    """Whether a function, or one that calls it, is handed to something, such as a thread that has no loop yet."""
    callers = [edge.caller.function for edge in source.graph.into.get(function, ())]
    if any(_is_sent_off(each, source) for each in (function, *callers) if each is not None):
        return True
    return any(
        edge.handed or edge.caller.is_lambda
        for each in (function, *callers)
        if each is not None and each not in source.places.handlers
        for edge in source.graph.into.get(each, ())
    )


def _is_sent_off(function: Scope, source: SourceFile) -> bool:
    """Whether a decorator hands a function to a thread or an executor on each call."""
    outside = function.parent or function
    for node in function.decorators:
        callee = node.func if isinstance(node, ast.Call) else node
        if _SENDING_OFF.search(terminal_name(callee)) is not None:
            return True
        for value in source.resolver.values(callee, outside):
            if value.target is not None and value.target.is_function and _starts_threads(value.target):
                return True
    return False


def _starts_threads(function: Scope) -> bool:
    return any(
        isinstance(node, ast.Call) and terminal_name(node.func) in _THREADS
        for scope in function.walk()
        for node in scope.of(ast.Call)
    )


def _spends(scope: Scope) -> bool:
    """Whether a function or one that is nested in it runs as long as the process: then its loop does too."""
    if any(isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) for loop in scope.of(ast.While)):
        return True
    return any(isinstance(node, ast.Call) and terminal_name(node.func) in _SPENDING for node in scope.of(ast.Call))
