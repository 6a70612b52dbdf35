"""What holds up others while it runs: the calls that an event loop or a waiting caller must sit through.

A catalogued call counts where it stands in a coroutine or handler itself, and where functions of the file lead from
there to it.  What is handed over as a function, a lambda or a partial runs elsewhere and counts for nobody.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Callable, NamedTuple

from flake8_scalability.catalog import frameworks, lookup
from flake8_scalability.catalog.rows import GuardKind, Place, System
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile

#: How many functions of the file may stand between a caller and the call that it waits for.
MAX_STEPS = 6
#: Calls that start a coroutine without waiting for it.
_STARTERS = frozenset({"create_task", "ensure_future", "start_soon", "spawn", "run_coroutine_threadsafe", "add_task"})
#: Calls that run a coroutine on an event loop of its own, and wait until it ends.
_OWN_LOOP = re.compile(r"(\w+_)?run(_until_complete|_sync|_async\w*|_coroutine|_coro)?|async_to_sync")

#: Packages of queues that know no coroutines: a task that is one brings a loop of its own.
_LOOP_PER_TASK = frozenset({"celery", "rq"})


class Held(NamedTuple):
    """A call that holds up the function it stands in.

    at: the call in that function
    cause: the catalogued call that takes the time: `at` itself, or what it leads to
    helpers: the functions of the file between the two, the one that `at` calls first
    """

    at: CallSite
    cause: CallSite
    helpers: tuple[Scope, ...] = ()

    @property
    def spelled(self) -> str:
        """The cause as the user wrote it, with the helper that leads to it: "requests.get() via _load()"."""
        way = f" via {self.at.callee}()" if self.helpers else ""
        return f"{self.cause.callee}(){way}"


def subject(held: Held) -> tuple[object, ...]:
    """Return what a finding is about: of calls with the same subject only the first is worth a word.

    That is one kind of system, reached with one library, in one function; or one helper that is called there.
    """
    if held.helpers:
        return held.at.function, held.helpers[0]
    system = held.cause.api.system if held.cause.api is not None else None
    library = "" if system is System.FILE else min(held.cause.paths, default="").partition(".")[0]
    return held.at.function, system, library


def stops_a_loop(held: Held) -> bool:
    """Whether the wait or computation holds up an event loop on the way: then that is what has to be said of it."""
    row = held.cause.api
    if row is None or not (row.blocks or row.heavy):
        return False
    return any(scope is not None and scope.is_coroutine for scope in (held.at.function, *held.helpers))


def on_event_loop(source: SourceFile, sites: Iterable[CallSite]) -> Iterator[Held]:
    """Yield where calls of these sites run on an event loop that serves others too, in the coroutine concerned."""
    if any(scope.is_coroutine for scope in source.scopes):
        yield from _held(source, sites, _is_coroutine, lambda function: shares_loop(source, function))


def _is_coroutine(function: Scope) -> bool:
    return function.is_coroutine


def on_request(source: SourceFile, sites: Iterable[CallSite]) -> Iterator[Held]:
    """Yield where calls of these sites run while the caller of a request handler waits, in the handler concerned."""
    handlers = source.places.handlers
    return _held(source, sites, handlers.__contains__, lambda function: _answers(source, function))


def _answers(source: SourceFile, function: Scope) -> bool:
    """Whether somebody waits for what a handler returns as a whole: not for a stream, nor for an event's function."""
    standing = source.place(function)
    if standing.place is not Place.REQUEST or is_generator(function):
        return False
    return standing.framework not in frameworks.FUNCTION_RUNNERS or _gives_status(function)


def _gives_status(function: Scope) -> bool:
    """Whether a cloud function makes an HTTP answer, so that it stands behind a gateway and not behind a queue."""
    return any(
        isinstance(key, ast.Constant) and key.value == "statusCode"
        for node in function.of(ast.Return, ast.Assign)
        if isinstance(value := getattr(node, "value", None), ast.Dict)
        for key in value.keys
    )


def _held(
    source: SourceFile,
    sites: Iterable[CallSite],
    ends: Callable[[Scope], bool],
    concerned: Callable[[Scope], bool],
) -> Iterator[Held]:
    """Follow each call up the call graph to the first functions for which `ends` holds; yield the `concerned` ones."""
    reached: dict[Scope, Held] = {}
    for site in sites:
        function = site.function
        if function is None or site.is_deferred:
            continue
        if ends(function):
            if concerned(function):
                yield Held(site, site)
        elif function not in reached:
            reached[function] = Held(site, site)
    todo = list(reached)
    for function in todo:  # grows while it is read
        held = reached[function]
        if len(held.helpers) >= MAX_STEPS or _hands_over(source, function):
            continue
        for edge in source.graph.into.get(function, ()):
            caller = edge.caller.function
            call = source.site(edge.node, edge.caller)
            if caller is None or caller is function or not _runs(edge, call):
                continue
            further = Held(call, held.cause, (function, *held.helpers))
            if ends(caller):
                if concerned(caller):
                    yield further
            elif caller not in reached:
                reached[caller] = further
                todo.append(caller)


def _runs(edge: Edge, call: CallSite) -> bool:
    """Whether a call of a function of the file runs its body, and its caller waits for that."""
    if edge.handed or call.is_deferred:
        return False
    if edge.target.is_coroutine:
        return is_waited_for(call)
    # What is awaited although it is no coroutine function was wrapped by its decorator.
    return not call.is_awaited


def _hands_over(source: SourceFile, function: Scope) -> bool:
    """Whether a call of a function does not run its body: a generator, or one that is decorated to run elsewhere."""
    if is_generator(function) and not source.resolver.is_context_manager(function):
        return True
    if source.places.keeps_its_result(function):
        return True
    for path in source.resolver.decorator_paths(function):
        guard = lookup.guard(path[:-2] if path.endswith("()") else path)
        if guard is not None and guard.kind in (GuardKind.OFFLOAD, GuardKind.BACKGROUND):
            return True
    return False


def is_generator(function: Scope) -> bool:
    """Whether a function yields, so that its body runs as its consumer asks."""
    return any(True for _ in function.of(ast.Yield, ast.YieldFrom))


def is_waited_for(call: CallSite) -> bool:
    """Whether the coroutine that a call makes is awaited where it is made, alone or with others (`gather`)."""
    for child, parent in call.ancestors():
        if isinstance(parent, ast.Await):
            return True
        if isinstance(parent, ast.Call) and child is not parent.func and terminal_name(parent.func) in _STARTERS:
            return False
        if isinstance(parent, ast.stmt):
            return False
    return False


def shares_loop(source: SourceFile, function: Scope) -> bool:
    """Whether a coroutine function runs on an event loop that others need: it is no tool's, start-up's or its own."""
    if source.place(function).place in (Place.TOOL, Place.STARTUP) or _runs_alone(source, function):
        return False
    return function in source.places.handlers or not _has_own_loop(source, function, 0)


def _runs_alone(source: SourceFile, function: Scope) -> bool:
    """Whether a decorator runs the coroutine to its end on a loop made for it, as a queue's thread or process does."""
    if any(path.partition(".")[0] in _LOOP_PER_TASK for path in source.resolver.decorator_paths(function)):
        return True
    names = (terminal_name(each.func if isinstance(each, ast.Call) else each) for each in function.decorators)
    return any(_OWN_LOOP.fullmatch(name) is not None for name in names)


def _has_own_loop(source: SourceFile, function: Scope, steps: int) -> bool:
    """Whether all that the file shows is that `asyncio.run` or its like runs the function, or what awaits it."""
    edges = source.graph.into.get(function, ())
    if not edges or steps > MAX_STEPS:
        return False
    for edge in edges:
        call = source.site(edge.node, edge.caller)
        caller = edge.caller.function
        if _starts_own_loop(edge, call) or (caller is not None and _runs_alone(source, caller)):
            continue
        if edge.handed or caller is None or not caller.is_coroutine or caller in source.places.handlers:
            return False
        if not call.is_awaited or not _has_own_loop(source, caller, steps + 1):
            return False
    return True


def _starts_own_loop(edge: Edge, call: CallSite) -> bool:
    """Whether a coroutine function is handed, or what it makes or a lambda around it, to `asyncio.run` or its like."""
    if edge.handed:
        return _OWN_LOOP.fullmatch(terminal_name(edge.node.func)) is not None
    for child, parent in call.ancestors():
        if isinstance(parent, ast.Call) and child is not parent.func:
            return _OWN_LOOP.fullmatch(terminal_name(parent.func)) is not None
        if isinstance(parent, ast.stmt):
            return False
    return False
