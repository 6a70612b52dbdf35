"""Work that is left behind: started while serving, and nobody in sight waits for it or takes it over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background, scheduling, state_words, storage, tools
from flake8_scalability.catalog import work_names as says
from flake8_scalability.catalog.background import Runner
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import flowing
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import loops, names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import concurrency
from flake8_scalability.model.pooling.retention import Fate
from flake8_scalability.model.running import evidence
from flake8_scalability.model.running.lifetimes import runs_once
from flake8_scalability.model.stateless import deeds
from flake8_scalability.model.stateless.background import Started, started
from flake8_scalability.project import starts, usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: So many functions of the file may stand between the one that starts work and the one that other files call.
MAX_STEPS = 3
_CONNECTION = re.compile(r"(web)?socket|^ws$|(^|_)(conn|connection|client|sid|peer)(_id)?$")
_AT_START = re.compile(r"(^|_)(start_?up|boot|at_start|on_start|after_init)(_|$)")
_RESUMING = re.compile(r"^_*(start|start_?up|on_ready|resume\w*|restore\w*|recover\w*|reschedule\w*)$")
#: Functions whose purpose is to start what works in the background.
_STARTER = re.compile(
    r"^_*(start|launch|spawn|init|setup)_\w*(threads?|workers?|consumers?|scheduler|listener|monitor|loop|services?|daemons?)$"
)
#: Arguments by which a program is taken out of the reach of its starter; a mapping may hold one.
_SETTING_FREE = frozenset({"start_new_session", "creationflags", "preexec_fn", "process_group", None})
#: Functions that something calls when it has news: a task is how a plain function gets into its event loop.
_CALLBACK = re.compile(
    r"^_*(on|handle|emit|notify|dispatch|spawn|track|receive)(_|$)|_(callback|listener|handler|hook|event)$|^callback"
)
#: Classes that write for those who run the service.
_OF_OPERATORS = re.compile(r"(Logger|Logging|Telemetry|Metrics|Tracer|Tracker|Analytics)$")
#: Methods that end what an object does.
_ENDING = re.compile(r"^_*a?(stop|close|cancel|terminate|shut_?down|join|disconnect|kill)$")
#: Methods that the event loop calls with what comes over a connection: the answer is for that connection.
_OF_TRANSPORT = frozenset({"connection_made", "connection_lost", "data_received", "datagram_received", "eof_received"})


def detached(source: SourceFile) -> Iterator[Started]:
    """Yield the work that a file leaves behind, the first of each kind in a function."""
    every = started(source)
    resumed = {each.work_name for each in every if _starts_service(each)} - {""}
    left = [start for start in every if start.work_name not in resumed and _is_left(start)]
    if not left:
        return
    crowds = {node for each in concurrency.unbounded(source) for node in each.starts}
    seen = set()
    for start in left:
        key = (start.site.function, start.row.runner)
        if start.site.node not in crowds and key not in seen:
            seen.add(key)
            yield start


def _starts_service(start: Started) -> bool:
    """Whether work is started as the service starts, for all that is due: then a restart takes it up again."""
    function = start.site.function
    if function is None or not any(start.site.inside((ast.For, ast.AsyncFor))):
        return False
    return start.site.place is Place.STARTUP or _RESUMING.search(function.name) is not None


def _is_left(start: Started) -> bool:
    site = start.site
    function = site.function
    if function is None or site.place in (Place.TOOL, Place.STARTUP) or site.is_deferred or _has_windows(site.source):
        return False
    if function.owner is not None and (
        state_words.DAEMON.search(function.owner.name) or _OF_OPERATORS.search(function.owner.name)
    ):
        return False
    if function.name in _OF_TRANSPORT or _AT_START.search(function.name):
        return False
    if any(says.ON_TRIAL.search(name) for name in (function.name, start.work_name)):
        return False
    if (
        start.concerns_this_process
        or start.loses_nothing
        or start.listens
        or start.is_own_function
        or not start.is_begun
    ):
        return False
    if start.is_of_caller and start.row.runner is not Runner.THREAD:
        return False
    if _is_bridge(start, function) or _is_dictated(start, function):
        return False
    if site.place is not Place.REQUEST and not _is_left_by_others(start, function):
        return False
    if site.place is not Place.REQUEST and any(site.inside((ast.While,))):
        return False  # a consumer that starts a task for each message
    if _is_stopgap(start, function) or start.is_waited_for or start.is_handed_out:
        return False
    return not _is_looked_after(start) and not _starts_up(start) and _is_missed(start, function)


def _is_stopgap(start: Started, function: Scope) -> bool:
    """Whether the work is done here only where something has failed, or where its queue is not to be had."""
    if any(start.site.inside((ast.ExceptHandler,))):
        return True
    return any(
        terminal_name(node.func) in scheduling.QUEUEING - {"send"}
        for node in function.of(ast.Call)
        if isinstance(node, ast.Call)
    )


def _is_missed(start: Started, function: Scope) -> bool:
    """Whether somebody counts on the work: one who reads comes again, and begins what he has not found."""
    source, standing = start.site.source, start.site.standing
    if standing.place is Place.REQUEST:
        handler = standing.via or function
        reads = any(each.function is handler and each.methods == {"GET"} for each in source.endpoints)
        if reads and says.TELLING.search(start.work_name) is None:
            return False
    elif standing.place is Place.LIBRARY and not _is_used(function, source):
        return False
    elif not source.settings.no_project and starts.called_at_start(function.name, source.filename):
        return False  # a restart begins it again
    return deeds.are_missed(start)


def _is_used(function: Scope, source: SourceFile, steps: int = 0) -> bool:
    """Whether another file calls a function, or one of this file that calls it, while it serves."""
    uses = None if source.settings.no_project else usage.uses_elsewhere(function.name, source.filename)
    if uses is None or usage.Use.PER_CALL in uses:
        return True
    callers = [edge.caller.function for edge in source.graph.into.get(function, ())] if steps < MAX_STEPS else []
    return any(caller is not None and _is_used(caller, source, steps + 1) for caller in callers)


def _has_windows(source: SourceFile) -> bool:
    """Whether a file draws windows on its user's screen."""
    return not tools.WINDOW_PACKAGES.isdisjoint(evidence.roots_of_imports(source.module))


def _is_bridge(start: Started, function: Scope) -> bool:
    """Whether the function runs the same coroutine to its end where no event loop runs: a way in for plain callers."""
    work = start.work
    return isinstance(work, ast.Name) and any(
        isinstance(node, ast.Call)
        and terminal_name(node.func) in ("run", "run_until_complete")
        and any(isinstance(given, ast.Name) and given.id == work.id for given in node.args)
        for node in function.of(ast.Call)
    )


def _is_dictated(start: Started, function: Scope) -> bool:
    """Whether the request says which program to start: whoever asks means this very machine."""
    if start.row.runner is not Runner.PROCESS or start.row.work == "target" or start.work is None:
        return False
    parts = flowing.into(start.work, function.node)
    if any(isinstance(part, (ast.List, ast.Tuple, ast.JoinedStr, ast.BinOp)) for part in parts):
        return False  # a program of the service's own, with arguments from elsewhere
    return any(isinstance(part, ast.Name) and part.id in storage.REQUESTS for part in parts)


def _is_left_by_others(start: Started, function: Scope) -> bool:
    """Whether a worker or library code starts the work for each of its calls, and the work is no part of itself."""
    runner = start.row.runner
    if start.lasts or runner in (Runner.EXECUTOR, Runner.OTHER_LOOP):
        return False
    if start.site.place is Place.WORKER:
        return runner is not Runner.PROCESS
    if function.name.startswith("__") or runs_once(start.site.source, function) or _is_set_free(start):
        return False
    if _STARTER.search(function.name) or (runner is Runner.TASK and _CALLBACK.search(function.name)):
        return False
    retention = start.retention
    # What an attribute holds is there once for an object; a collection holds one for each call.
    return (
        retention is None
        or retention.fate is not Fate.ON_SELF
        or not all(isinstance(place, ast.Attribute) for place in start.kept_at)
    )


def _is_set_free(start: Started) -> bool:
    """Whether a program is started so that it outlives this process: a daemon."""
    return any(keyword.arg in _SETTING_FREE for keyword in start.site.node.keywords)


def _is_looked_after(start: Started) -> bool:
    """Whether the class ends or awaits what it keeps; a handler's has to be made per call, as a connection's is."""
    function = start.site.function
    owner = function.owner if function is not None else None
    if owner is None:
        return False
    assert function is not None
    if start.site.place is not Place.REQUEST and _is_ended_by(owner, start, function):
        return True
    of_connection = any(_CONNECTION.search(name) for name in function.parameters)
    whole = of_connection or start.site.place is not Place.REQUEST
    whole = whole or owner in start.site.source.places.handler_classes
    kept = {_attribute(place) for place in start.kept_at if whole or isinstance(place, ast.Attribute)} - {""}
    if not kept:
        return False
    held = _follow(kept, owner)
    for node in walk(owner.node):
        if _waits_on(node) in held:
            return True
        if isinstance(node, ast.Await) and any(terminal_name(part) in held for part in walk(node.value)):
            return True
    return False


def _is_ended_by(owner: Scope, start: Started, function: Scope) -> bool:
    """Whether a class ends the objects whose methods it runs, as it does that with what starts and stops with it."""
    called = start.work.func if isinstance(start.work, ast.Call) else start.work
    receiver = called.value if isinstance(called, ast.Attribute) else None
    given: list[ast.expr] = [receiver] if isinstance(receiver, ast.Attribute) else []
    if isinstance(receiver, ast.Name):
        given = [iterable for target, iterable in loops(function.node) if receiver.id in names_in(target)]
    held = {part.attr for node in given for part in walk(node) if isinstance(part, ast.Attribute)}
    known = _follow(held, owner) if held else set()
    return any(
        isinstance(node, ast.Attribute) and _ENDING.search(node.attr) and terminal_name(node.value) in known
        for method in owner.inner
        if held and method is not function
        for node in walk(method.node)
    )


def _waits_on(node: ast.AST) -> str:
    """Return the last name of what a method that waits or ends is read from; "" for anything else."""
    waits = isinstance(node, ast.Attribute) and node.attr in background.WAITING_METHODS
    return terminal_name(node.value) if waits and isinstance(node, ast.Attribute) else ""


def _follow(kept: set[str], owner: Scope) -> set[str]:
    """Add to the names of attributes those under which the methods of a class know what they hold."""
    held = set(kept)
    for node in walk(owner.node):
        source: ast.AST
        target: ast.AST
        if isinstance(node, (ast.For, ast.comprehension)):
            source, target = node.iter, node.target
        elif isinstance(node, ast.Assign):
            source, target = node.value, node.targets[0]
        elif isinstance(node, ast.NamedExpr):
            source, target = node.value, node.target
        else:
            continue
        if any(terminal_name(part) in held for part in walk(source)):
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            held.update(part.id for part in parts if isinstance(part, ast.Name))
    return held


def _attribute(place: ast.expr) -> str:
    """The attribute that a place is, or in whose collection it is."""
    while isinstance(place, ast.Subscript):
        place = place.value
    return place.attr if isinstance(place, ast.Attribute) else ""


def _starts_up(start: Started) -> bool:
    """Whether the work is started as an ASGI server tells the application that it starts."""
    return any(
        isinstance(part, ast.Constant) and part.value == "lifespan.startup"
        for test in start.site.inside((ast.If,))
        if isinstance(test, ast.If)
        for part in walk(test.test)
    )
