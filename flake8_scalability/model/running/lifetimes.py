"""How long a made object lives: is it made again on every call, or kept for the process?

`retention` says what a function does with the object; here the answer is followed to the function's callers and
to the instances of its class.
"""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flake8_scalability.catalog import frameworks
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import DEPENDS
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.retention import FACTORY, Fate, Retention
from flake8_scalability.model.running import probes, streams
from flake8_scalability.model.sites import CallSite
from flake8_scalability.project import usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Lifetime(enum.Enum):
    """PER_CALL: made again on each call; KEPT: made once for the process; UNKNOWN: the file does not show it."""

    PER_CALL = "per call"
    KEPT = "kept"
    UNKNOWN = "unknown"


#: Functions that a process runs once by their name.
_ONCE = re.compile(
    r"_*(main|cli|bootstrap|migrate|seed|initialize|initialise|init|setup|set_up|startup|entrypoint)(_\w+)?|"
    r"_*(run|start|serve)(_(server|app|application|worker|workers|bot|stream|websocket|loop|listener|polling|migrations|scheduler|consumer|forever|all|up))?|"
    r"_*(pre|post)_(create|migrate)|includeme|_*(stop|shut_?down|tear_?down|terminate)(_\w+)?|_*(create|drop|ensure|reset|wipe)_(\w+_)?(tables?|schema|db|database|keyspace|index|indices|indexes|bucket|queue|"
    r"topic)(_\w+)?|_*wait_(for|until)_\w+|_*load_(\w+_)?(model|weights)\w*|_*warm_?up\w*"
)
#: Methods that run once for an instance.
_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__enter__", "__aenter__"})
_RUNNING = re.compile(r"running|stop|shut|alive|closing|quit|exit|terminat", re.IGNORECASE)
_RUNNERS = frozenset({"app", "uvicorn", "web", "bot", "mcp", "server", "dp", "dispatcher", "socketio", "application"})
_APPLICATIONS = ("app", "_app", "application", "server", "fastapi_app")
MAX_STEPS = 6


def lifetime(site: CallSite, steps: int = 0) -> Lifetime:
    """Return how long what a call makes lives.

    A result that is handed to the caller lives as long as the callers of the file let it; one kept on `self` as long
    as the instances that the file makes.  Where neither is shown, the answer is UNKNOWN.
    """
    function = site.function
    if steps > MAX_STEPS or site.is_deferred or site.place is Place.TOOL:
        return Lifetime.UNKNOWN
    if function is None or site.place is Place.STARTUP:
        return Lifetime.KEPT
    if site.source.places.keeps_its_result(function) or _lives_with_application(function):
        return Lifetime.KEPT
    retention = Retention(site)
    fate = retention.fate
    if fate is Fate.ON_SELF:
        return Lifetime.PER_CALL if retention.is_closed_on_self else _of_instance(site, function, steps)
    if fate is Fate.HANDED_OUT:
        return _of_result(retention, steps)
    if fate is not Fate.DROPPED:
        return {Fate.KEPT: Lifetime.KEPT, Fate.PER_REQUEST: Lifetime.PER_CALL}.get(fate, Lifetime.UNKNOWN)
    if function.name in _CONSTRUCTORS:
        return _of_instance(site, function, steps)
    if site.place is not Place.REQUEST and _serves_from_here(retention):
        return Lifetime.KEPT
    if probes.is_in_probes(site) or probes.tries_a_connection(function) or probes.only_asks_whether_alive(retention):
        return Lifetime.UNKNOWN
    if site.place is not Place.LIBRARY:
        return Lifetime.PER_CALL
    if runs_once(site.source, function) or _is_handed_about(site, function):
        return Lifetime.UNKNOWN
    if function.is_method or site.source.graph.into.get(function):
        return Lifetime.PER_CALL
    return _of_callers_elsewhere(site, function)


def _is_handed_about(site: CallSite, function: Scope) -> bool:
    """Whether a private function is called by nobody in its file, so that something else decides when it runs."""
    private = function.name.startswith("_") and not function.name.startswith("__")
    return private and not site.source.graph.into.get(function)


def runs_once(source: SourceFile, function: Scope, steps: int = 0) -> bool:
    """Whether a function's name, or that of everybody who calls it, says that a process runs it once."""
    if _ONCE.fullmatch(function.name):
        return True
    callers = [edge.caller.function for edge in source.graph.into.get(function, ())]
    return (
        bool(callers)
        and steps < MAX_STEPS
        and all(
            caller is None or (caller is not function and runs_once(source, caller, steps + 1)) for caller in callers
        )
    )


def serves_many(site: CallSite, steps: int = 0) -> bool:
    """Whether the one object that a call makes is used for many calls: in a loop here, or in every caller's."""
    function = site.function
    if function is None or steps > MAX_STEPS:
        return False
    retention = Retention(site)
    if retention.used_in_loop():
        return True
    edges: Iterable[Edge] = ()
    if retention.fate is Fate.HANDED_OUT:
        edges = _callers(site, function)
    elif retention.fate is Fate.ON_SELF and function.owner is not None:
        edges = _instantiations(site, function.owner)
    callers = [CallSite(edge.node, edge.caller, site.source) for edge in edges if not edge.handed]
    return bool(callers) and all(serves_many(caller, steps + 1) for caller in callers)


def _lives_with_application(function: Scope) -> bool:
    """Whether a generator function brackets the life of an application: a lifespan, an aiohttp clean-up context."""
    first = function.parameters.get(function.first_parameter)
    if first is None or not any(True for _ in function.of(ast.Yield)):
        return False
    annotation = terminal_name(first.annotation) if first.annotation is not None else ""
    return first.arg in _APPLICATIONS or annotation in ("FastAPI", "Starlette", "Litestar", "Application", "FastMCP")


def _serves_from_here(retention: Retention) -> bool:
    """Whether the function, after making the object, spends the process's life: an endless loop or a server's run."""
    line = retention.site.node.lineno
    for scope in retention.scopes:
        for loop in scope.of(ast.While):
            assert isinstance(loop, ast.While)
            if loop.lineno > line and _is_endless(loop):
                return True
        for loop in scope.of(ast.For, ast.AsyncFor):
            assert isinstance(loop, (ast.For, ast.AsyncFor))
            if loop.lineno > line and _listens(loop.iter, retention):
                return True
        if any(stream.lineno > line for stream in streams.loops(scope, retention.site.source.resolver)):
            return True
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if node.lineno >= line and _spends_the_process(node.func, retention):
                return True
    return False


def _is_endless(loop: ast.While) -> bool:
    """Whether a loop ends with the process: `while True`, `while self.running`, `while not stop.is_set()`."""
    test = loop.test
    if isinstance(test, ast.Constant) and test.value:
        return _only_told_to_stop(loop)
    if isinstance(test, ast.UnaryOp):
        test = test.operand
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and not test.args:
        return terminal_name(test.func) == "is_set" or _RUNNING.search(terminal_name(test.func)) is not None
    return _RUNNING.search(terminal_name(test)) is not None


def _only_told_to_stop(loop: ast.While) -> bool:
    """Whether a loop without a condition ends only when somebody outside asks for it: `if stop.is_set(): break`."""
    told = {
        part
        for node in walk(loop)
        if isinstance(node, ast.If) and _asks_to_stop(node.test)
        for statement in node.body
        for part in walk(statement)
    }
    return not any(isinstance(node, (ast.Break, ast.Return)) and node not in told for node in walk(loop))


def _asks_to_stop(test: ast.expr) -> bool:
    return any(
        terminal_name(part) == "is_set" or _RUNNING.search(terminal_name(part)) is not None for part in walk(test)
    )


def _listens(iterable: ast.expr, retention: Retention) -> bool:
    """Whether a loop takes its items from the object itself, as from a consumer or a subscription."""
    if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Attribute):
        return iterable.func.attr in ("listen", "iterator", "messages", "consume") and retention.holds(
            iterable.func.value
        )
    return isinstance(iterable, (ast.Name, ast.Attribute)) and retention.holds(iterable)


def _spends_the_process(function: ast.expr, retention: Retention) -> bool:
    name = terminal_name(function)
    if name == "run" and isinstance(function, ast.Attribute):
        return terminal_name(function.value) in _RUNNERS or retention.holds(function.value)
    return name in frameworks.SERVING


def _callers(site: CallSite, function: Scope) -> list[Edge]:
    return [edge for edge in site.source.graph.into.get(function, ()) if not _is_tool(site, edge)]


def _instantiations(site: CallSite, owner: Scope) -> list[Edge]:
    """Return where the file makes objects of a class or of its subclasses, tools left out."""
    source = site.source
    return [
        edge
        for made, edges in source.graph.instantiations.items()
        if made is owner or owner in source.resolver.ancestry(made)
        for edge in edges
        if not _is_tool(site, edge)
    ]


def _is_tool(site: CallSite, edge: Edge) -> bool:
    return site.source.place(edge.caller).place is Place.TOOL


def _of_result(retention: Retention, steps: int) -> Lifetime:
    """A returned object lives as its callers let it; without callers in the file, the function's name decides."""
    site, function = retention.site, retention.function
    edges = _callers(site, function)
    calls = [edge for edge in edges if not edge.handed]
    if calls:
        return _worst(site, calls, steps)
    if site.place is Place.REQUEST:
        return Lifetime.PER_CALL
    if edges or not retention.is_returned or retention.is_wrapped:
        return Lifetime.UNKNOWN
    if FACTORY.fullmatch(function.name) or _provides(function):
        return Lifetime.UNKNOWN
    if function.is_method and not site.source.resolver.is_property(function):
        return Lifetime.UNKNOWN
    return Lifetime.PER_CALL if function.is_method else _of_callers_elsewhere(site, function)


def _of_callers_elsewhere(site: CallSite, function: Scope) -> Lifetime:
    """A function that other files call, and only at their start, makes nothing again and again."""
    source = site.source
    answers, key = source.answers, ("is called once elsewhere", function)
    if key not in answers:
        uses = None if source.settings.no_project else usage.uses_elsewhere(function.name, source.filename)
        answers[key] = bool(uses) and usage.Use.PER_CALL not in (uses or ())
    return Lifetime.KEPT if answers[key] else Lifetime.PER_CALL


def _worst(site: CallSite, calls: list[Edge], steps: int) -> Lifetime:
    """Return PER_CALL where one caller lets the object go, else KEPT where one keeps it."""
    found = Lifetime.UNKNOWN
    for edge in calls:
        lived = _of_edge(site, edge, steps)
        if lived is Lifetime.PER_CALL:
            return lived
        if lived is Lifetime.KEPT:
            found = lived
    return found


def _provides(function: Scope) -> bool:
    """Whether a dependency-injection container calls the function, and its scope decides how often."""
    return any(
        terminal_name(node.func if isinstance(node, ast.Call) else node).startswith("provide")
        for node in function.decorators
    )


def _of_edge(site: CallSite, edge: Edge, steps: int) -> Lifetime:
    if edge.handed:
        injected = site.source.resolver.paths(edge.node.func, edge.caller) & DEPENDS
        return Lifetime.PER_CALL if injected else Lifetime.UNKNOWN
    return lifetime(CallSite(edge.node, edge.caller, site.source), steps + 1)


def _of_instance(site: CallSite, function: Scope, steps: int) -> Lifetime:
    """What is kept on `self` lives as long as the instance: a handler's for one request, others as the file shows."""
    owner = function.owner
    if owner is None or _is_singleton(site, owner):
        return Lifetime.UNKNOWN
    entry = site.source.places.handler_classes.get(owner)
    if entry is not None:
        return Lifetime.PER_CALL if entry.per_call and entry.place is Place.REQUEST else Lifetime.KEPT
    if function.name not in _CONSTRUCTORS:
        return Lifetime.UNKNOWN
    found = {_of_edge(site, edge, steps) for edge in _instantiations(site, owner)}
    if found == {Lifetime.PER_CALL}:
        return Lifetime.PER_CALL
    return Lifetime.KEPT if Lifetime.KEPT in found else Lifetime.UNKNOWN


def _is_singleton(site: CallSite, owner: Scope) -> bool:
    """Whether a class keeps its one instance: by a decorator, a metaclass, or an attribute for it."""
    assert isinstance(owner.node, ast.ClassDef)
    metaclass = [terminal_name(keyword.value) for keyword in owner.node.keywords if keyword.arg == "metaclass"]
    bases = [terminal_name(base) for base in owner.node.bases]
    return (
        site.source.places.keeps_its_result(owner)
        or any("singleton" in name.lower() for name in (*metaclass, *bases))
        or any(name.strip("_") == "instance" for name in site.source.resolver.class_bindings(owner))
    )
