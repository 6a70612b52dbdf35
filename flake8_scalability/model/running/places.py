"""Places: where each function of a file runs, and through which handler it is reached.

A function that a framework registers has the place of its `Entry`; what it calls inside the file has it too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from flake8_scalability.catalog import bot_frameworks, frameworks, lookup, tools
from flake8_scalability.catalog.rows import Entry, GuardKind, Place
from flake8_scalability.model.language.callgraph import CallGraph, Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver
from flake8_scalability.model.running import streams
from flake8_scalability.model.running.entries import Entries
from flake8_scalability.model.running.scripts import Script, is_endless
from flake8_scalability.model.running.toolpaths import PathSays

#: Decorators that sound like a cached provider, but speak of a view's answers or of emptying a cache.
_CACHES_ANSWERS = re.compile(
    r"^(no|never|clear|invalidate|evict|bust|flush|purge|skip|without)_|"
    r"cache_(page|control|response|view|header|evict|bust|clear)|nonce|memory"
)
#: Calls that run what they are handed apart from their caller.
_DETACHING = frozenset({
    "Thread", "Timer", "Process", "add_task", "add_job", "submit", "spawn", "enqueue", "delay",
})  # fmt: skip


class Standing(NamedTuple):
    """The place of one function: the handler it is reached from (None where it is one itself), and the framework."""

    place: Place
    via: Scope | None = None
    framework: str = ""


class Places:
    """The places of all functions of a file, computed at the first question.

    named: the functions that a document of the project names as what answers requests
    jobs: those that other modules hand to a queue or a scheduler
    """

    def __init__(
        self,
        scopes: list[Scope],
        resolver: Resolver,
        graph: CallGraph,
        path_says: PathSays = PathSays.NOTHING,
        filename: str = "",
        named: Collection[str] = (),
        jobs: Collection[str] = (),
    ) -> None:
        self._resolver = resolver
        self._graph = graph
        self._scopes = scopes
        entries = Entries(scopes, resolver)
        self._script = Script(scopes, resolver, graph, entries, filename)
        self.handlers = {
            function: Standing(_place_of(function, entry), None, entry.framework)
            for function, entry in entries.functions.items()
            if not (entry.provider and self.keeps_its_result(function))
        }
        for function in scopes[0].inner if named else ():
            if function.is_function and function.name in named:
                self.handlers.setdefault(function, Standing(Place.REQUEST, None, "flask"))
        for function in scopes[0].inner if jobs else ():
            if function.is_function and function.name in jobs:
                self.handlers.setdefault(function, Standing(Place.WORKER, None, "rq"))
        self.handler_classes = entries.classes
        self._helpers = {
            function: Standing(entry.place, None, entry.framework) for function, entry in entries.helpers.items()
        }
        if path_says is PathSays.COMMAND and self._script.stays(self.handlers):
            self._make_service()
            path_says = PathSays.NOTHING
        self.is_tool = self._is_tool(path_says, entries)
        self._standing = self._closed()
        for function in streams.consumers(scopes, resolver):
            # What it calls before and behind its loop is no work for a message, so that its place goes no further.
            self.handlers.setdefault(function, Standing(Place.WORKER, None, "stream"))
            self._standing.setdefault(function, self.handlers[function])

    def of(self, scope: Scope, call: ast.Call | None = None) -> Standing:
        """Return where the code of a scope, or a call in it, runs; module and class bodies run at start-up."""
        if self.is_tool:
            return Standing(Place.TOOL)
        function = scope.function
        if function is not None:
            return self._standing.get(function, Standing(Place.LIBRARY))
        if call is not None and self._script.is_guarded(call):
            return Standing(self._script.guard_place)
        return Standing(Place.TOOL if self._script.is_module_level else Place.STARTUP)

    def _is_tool(self, path_says: PathSays, entries: Entries) -> bool:
        if _is_migration(entries, self._scopes[0]):
            return True
        if _holds_commands(entries, self._scopes):  # whose tasks are none of a worker, whatever their decorator
            return all(standing.place < Place.REQUEST for standing in self.handlers.values())
        if path_says is PathSays.LIKELY_TOOL:
            return all(standing.place < Place.WORKER for standing in self.handlers.values())
        if path_says is PathSays.PERHAPS_TOOL:
            return not entries.imported.isdisjoint(tools.CLI_PACKAGES | tools.FAKING_PACKAGES)
        return path_says in (PathSays.TOOL, PathSays.COMMAND)

    def _make_service(self) -> None:
        """Take what a command runs for the start-up of a service: it consumes something until it is ended."""
        for function, standing in self.handlers.items():
            if standing.place is Place.TOOL:
                self.handlers[function] = standing._replace(place=Place.STARTUP)

    # What a function is through its callers

    def _closed(self) -> dict[Scope, Standing]:
        """Carry every place along the call graph, the highest place first."""
        standing = dict(self.handlers)
        for function in self._scopes:
            if function.is_function and function not in self.handlers and self.keeps_its_result(function):
                standing[function] = Standing(Place.STARTUP)
        for edge in streams.served(self._scopes, self._resolver, self._graph):
            if edge.target not in standing and edge.caller.function is not edge.target:
                standing[edge.target] = Standing(Place.WORKER, edge.caller.function)
        for place in sorted(Place, reverse=True):
            todo = [function for function, where in standing.items() if where.place == place]
            if place in (Place.STARTUP, Place.TOOL):
                todo += self._started(place, standing)
            self._carry(todo, place, standing)
            if place is Place.REQUEST:
                helpers = [function for function in self._helpers if function not in standing]
                standing.update((function, self._helpers[function]) for function in helpers)
                self._carry(helpers, place, standing)
        if not self._script.speaks:
            self._release(standing)
        return standing

    def _carry(self, todo: list[Scope], place: Place, standing: dict[Scope, Standing]) -> None:
        """Give what these functions call their place, and so on."""
        while todo:
            function = todo.pop()
            for edge, reached in self._reached(function, standing[function].place):
                if self._carries(edge, reached, standing):
                    known = standing[function]
                    standing[edge.target] = Standing(reached, known.via or function, known.framework)
                    if reached >= place:
                        todo.append(edge.target)

    def _carries(self, edge: Edge, reached: Place, standing: dict[Scope, Standing]) -> bool:
        """Whether a call gives its target a place, over the one that it may have."""
        target = edge.target
        known = standing.get(target)
        if known is not None and known.place >= reached:
            return False
        if target in self.handlers:
            return False
        if reached is Place.TOOL and not self._script.makes_tool(edge):
            return False
        return known is None or known.place is not Place.STARTUP or not self.keeps_its_result(target)

    def _started(self, place: Place, standing: dict[Scope, Standing]) -> list[Scope]:
        """Give the functions that the module level and the main guard call their place."""
        found = []
        for guarded in (False, True):
            if guarded:
                wanted = self._script.guard_place
            else:
                wanted = Place.TOOL if self._script.is_module_level else Place.STARTUP
            if wanted is not place or (guarded and self._script.is_page):
                continue
            for edge in self._script.started(guarded):
                if edge.target in standing or (place is Place.TOOL and not self._script.makes_tool(edge)):
                    continue
                standing[edge.target] = Standing(place)
                found.append(edge.target)
        return found

    def _release(self, standing: dict[Scope, Standing]) -> None:
        """Make library code again of what a tool calls, but library code does as well."""
        changed = True
        while changed:
            changed = False
            for function, where in list(standing.items()):
                if where.place is not Place.TOOL or function in self.handlers:
                    continue
                callers = [edge.caller.function for edge in self._graph.into.get(function, ()) if not edge.handed]
                if any(caller is not None and caller is not function and caller not in standing for caller in callers):
                    del standing[function]
                    changed = True

    def _reached(self, function: Scope, place: Place) -> Iterator[tuple[Edge, Place]]:
        """Yield the calls and hand-overs of a function's targets, with the place in which the target then runs."""
        for scope in function.walk():
            if scope.function is not function:
                continue
            for edge in self._graph.out_of.get(scope, ()):
                reached = self._place_of_handed(edge, place) if edge.handed else self._place_of_called(edge, place)
                if reached is not Place.LIBRARY:
                    yield edge, reached

    def _place_of_called(self, edge: Edge, place: Place) -> Place:
        """What a process started at start-up does again and again is the work of a worker."""
        if place is Place.STARTUP and edge.caller.function is not None:
            line = edge.node.lineno
            for loop in edge.caller.function.of(ast.While):
                assert isinstance(loop, ast.While)
                if loop.lineno <= line <= (loop.end_lineno or loop.lineno) and is_endless(loop):
                    return Place.WORKER
        return place

    def _place_of_handed(self, edge: Edge, place: Place) -> Place:
        """A function handed to a background runner leaves the request; any other receiver calls it in place.

        What start-up hands over is registered, and called who knows when, unless it is run at once.
        """
        guards = [lookup.guard(path) for path in self._resolver.paths(edge.node.func, edge.caller)]
        kinds = {guard.kind for guard in guards if guard is not None}
        detached = GuardKind.BACKGROUND in kinds or terminal_name(edge.node.func) in _DETACHING
        if place is Place.STARTUP and not detached and not kinds and not self._is_of_file(edge):
            return Place.LIBRARY
        return min(place, Place.WORKER) if detached else place

    def _is_of_file(self, edge: Edge) -> bool:
        return any(value.target is not None for value in self._resolver.values(edge.node.func, edge.caller))

    def keeps_its_result(self, function: Scope) -> bool:
        """Whether a decorator makes the function run once and keep what it returns: a cached provider."""
        for decorator in function.decorators:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = terminal_name(node).lower()
            if any(word in name for word in frameworks.KEEPING) and not _CACHES_ANSWERS.search(name):
                return True
        return False


def _is_migration(entries: Entries, module: Scope) -> bool:
    """Whether a file is a step of a schema's history, which is run once for each database."""
    if module.bindings.keys() >= tools.MIGRATION_NAMES:
        return True
    if any(each.path in tools.MIGRATION_CONTEXTS for each in module.bindings.get("context", ())):
        return True
    names = {tools.MIGRATION_FUNCTIONS[package] for package in tools.MIGRATION_FUNCTIONS.keys() & entries.imported}
    return any(each.is_function and each.name in names and not each.parameters for each in module.inner)


def _holds_commands(entries: Entries, scopes: list[Scope]) -> bool:
    """Whether a file imports what makes commands of functions, which developers run by hand."""
    if entries.imported.isdisjoint(tools.TASK_RUNNERS):
        return False
    bound = (each for bindings in scopes[0].bindings.values() for each in bindings)
    return any(each.kind == "import" and each.path in tools.COMMANDS for each in bound)


def _place_of(function: Scope, entry: Entry) -> Place:
    """A command that a bot takes from its owner alone is his tool."""
    if entry.place is Place.REQUEST and any(
        terminal_name(node.func if isinstance(node, ast.Call) else node) in bot_frameworks.FOR_OWNERS
        for node in function.decorators
    ):
        return Place.TOOL
    return entry.place
