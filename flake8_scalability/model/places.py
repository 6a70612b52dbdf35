"""Places: where each function of a file runs, and through which handler it is reached.

A function that a framework registers has the place of its `Entry`; what it calls inside the file has it too.
"""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple, Optional

from flake8_scalability.catalog import frameworks, lookup
from flake8_scalability.catalog.rows import Entry, GuardKind, Place, expand
from flake8_scalability.model.callgraph import CallGraph, Edge, terminal_name
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.values import Resolver

#: Decorators that sound like a cached provider, but speak of a view's answers or of emptying a cache.
_CACHES_ANSWERS = re.compile(
    r"^(no|never|clear|invalidate|evict|bust|flush|purge|skip|without)_|cache_(page|control|response|view|header|evict|bust|clear)|"
    r"nonce|memory"
)


class Standing(NamedTuple):
    """The place of one function: the handler it is reached from (None where it is one itself), and the framework."""

    place: Place
    via: Scope | None = None
    framework: str = ""


class _Entries(NamedTuple):
    """The entries by what they are recognised by: full path, or last component."""

    by_path: dict[str, Entry]
    by_name: dict[str, Entry]


@cache
def _entries(field: str) -> _Entries:
    by_path: dict[str, Entry] = {}
    by_name: dict[str, Entry] = {}
    for entry in frameworks.ENTRIES:
        for path in expand(getattr(entry, field)):
            by_path.setdefault(path, entry)
            if entry.by_name:
                by_name.setdefault(path.rpartition(".")[2], entry)
    return _Entries(by_path, by_name)


class Places:
    """The places of all functions of a file, computed at the first question."""

    def __init__(self, scopes: list[Scope], resolver: Resolver, graph: CallGraph, is_tool: bool) -> None:
        self._resolver = resolver
        self._graph = graph
        self._scopes = scopes
        self.is_tool = is_tool
        self.handlers: dict[Scope, Standing] = {}
        self.handler_classes: dict[Scope, Entry] = {}
        for scope in scopes:
            if scope.is_class:
                self._classify_class(scope)
            elif scope.is_function:
                self._classify_function(scope)
        for scope in scopes:
            for node in scope.of(ast.Call):
                assert isinstance(node, ast.Call)
                self._classify_registered(node, scope)
        self._standing = self._closed()

    def of(self, scope: Scope) -> Standing:
        """Return where the code of a scope runs; module and class bodies run at start-up."""
        if self.is_tool:
            return Standing(Place.TOOL)
        function = scope.function
        if function is None:
            return Standing(Place.STARTUP)
        return self._standing.get(function, Standing(Place.LIBRARY))

    # What a function is by itself

    def _mark(self, function: Scope, entry: Entry) -> None:
        known = self.handlers.get(function)
        if known is None or entry.place > known.place:
            self.handlers[function] = Standing(entry.place, None, entry.framework)

    def _classify_function(self, function: Scope) -> None:
        if function.name in frameworks.STARTUP_NAMES and function.owner is None:
            self.handlers[function] = Standing(Place.STARTUP)
        outside = function.parent or function
        for decorator in function.decorators:
            entry = self._decorating(decorator, outside)
            if entry is not None:
                self._mark(function, entry)
        names = tuple(function.parameters)
        if function.owner is None and function not in self.handlers:
            if names[:1] == ("request",) and len(names) < 6 and self._serves_requests(function):
                self.handlers[function] = Standing(Place.REQUEST, None, "django")
            if names in frameworks.LAMBDA_PARAMETERS and function.parent is not None and function.parent.is_module:
                self.handlers[function] = Standing(Place.REQUEST, None, "aws-lambda")

    def _serves_requests(self, function: Scope) -> bool:
        """Whether a function whose first parameter is `request` is a view: the file imports a web framework."""
        roots = {"django", "rest_framework", "aiohttp", "starlette", "fastapi", "pyramid", "sanic", "ninja"}
        return any(
            binding.kind == "import" and binding.path.lstrip(".").partition(".")[0] in roots
            for many in function.module.bindings.values()
            for binding in many
        )

    def _decorating(self, decorator: ast.expr, scope: Scope) -> Entry | None:
        call = decorator if isinstance(decorator, ast.Call) else None
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        return self._entry("decorators", function, call, scope)

    def _entry(self, field: str, function: ast.expr, call: ast.Call | None, scope: Scope) -> Entry | None:
        """Return the entry that a decorator or call is: by its path, else by its last name on an unknown receiver."""
        table = _entries(field)
        name = terminal_name(function)
        entry = table.by_name.get(name)
        paths = self._resolver.paths(function, scope)
        for path in paths:
            if path in table.by_path and not (table.by_path[path] is entry and entry.url):
                return table.by_path[path]
        if entry is None or (entry.url and not _is_route(call)):
            return None
        if not entry.url and any("." in path and lookup.api(path) is not None for path in paths):
            return None
        return entry

    def _classify_class(self, owner: Scope) -> None:
        table = _entries("bases")
        for ancestor in self._resolver.ancestry(owner):
            assert isinstance(ancestor.node, ast.ClassDef)
            for base in ancestor.node.bases:
                paths = self._resolver.paths(base, ancestor.parent or ancestor)
                entry = next((table.by_path[path] for path in paths if path in table.by_path), None)
                entry = entry or table.by_name.get(terminal_name(base))
                if entry is None:
                    continue
                self.handler_classes.setdefault(owner, entry)
                wanted = entry.methods.split()
                for method in owner.inner:
                    if method.is_function and (
                        (not wanted and not method.name.startswith("_")) or method.name in wanted
                    ):
                        self._mark(method, entry)

    def _classify_registered(self, node: ast.Call, scope: Scope) -> None:
        """Mark the functions that a call such as `add_url_rule` hands to a framework."""
        table = _entries("calls")
        if terminal_name(node.func) not in _registering_names():
            return
        entry = self._entry("calls", node.func, node, scope)
        if entry is None:
            # `url` and `path` are known by what stands beside them only: their path decides, never their name
            entry = next((table.by_path[p] for p in self._resolver.paths(node.func, scope) if p in table.by_path), None)
        if entry is None:
            return
        given = [keyword.value for keyword in node.keywords if keyword.arg == entry.keyword]
        if entry.argument is not None and len(node.args) > entry.argument:
            given.append(node.args[entry.argument])
        for argument in given:
            for value in self._resolver.values(argument, scope):
                if value.target is not None and value.target.is_function:
                    self._mark(value.target, entry)

    # What a function is through its callers

    def _closed(self) -> dict[Scope, Standing]:
        """Carry every place along the call graph, the highest place first."""
        standing = dict(self.handlers)
        for function in self._scopes:
            if function.is_function and function not in self.handlers and self.keeps_its_result(function):
                standing[function] = Standing(Place.STARTUP)
        for place in sorted(Place, reverse=True):
            todo = [function for function, where in standing.items() if where.place == place]
            if place in (Place.STARTUP, Place.TOOL):
                todo += self._called_at_module_level(place, standing)
            while todo:
                function = todo.pop()
                for target, reached in self._reached(function, place):
                    known = standing.get(target)
                    if known is None or known.place < reached:
                        if target in self.handlers or (
                            known is not None and known.place == Place.STARTUP and self.keeps_its_result(target)
                        ):
                            continue
                        standing[target] = Standing(
                            reached, standing[function].via or function, standing[function].framework
                        )
                        if reached == place:
                            todo.append(target)
        return standing

    def _called_at_module_level(self, place: Place, standing: dict[Scope, Standing]) -> list[Scope]:
        found = []
        for scope in self._scopes:
            if scope.function is not None or scope.is_lambda:
                continue
            for edge in self._graph.out_of.get(scope, ()):
                if (
                    in_main_guard(edge.node, scope.module) is (place is Place.TOOL)
                    and not edge.handed
                    and edge.target not in standing
                ):
                    standing[edge.target] = Standing(place)
                    found.append(edge.target)
        return found

    def _reached(self, function: Scope, place: Place) -> Iterator[tuple[Scope, Place]]:
        """Yield the functions that one calls or hands over, with the place in which they then run."""
        for scope in function.walk():
            if scope.function is not function:
                continue
            for edge in self._graph.out_of.get(scope, ()):
                yield edge.target, self._place_of_handed(edge, place) if edge.handed else place

    def _place_of_handed(self, edge: Edge, place: Place) -> Place:
        """A function handed to a background runner leaves the request; any other receiver calls it in place."""
        for path in self._resolver.paths(edge.node.func, edge.caller):
            guard = lookup.guard(path)
            if guard is not None and guard.kind is GuardKind.BACKGROUND:
                return min(place, Place.WORKER)
        if terminal_name(edge.node.func) in (
            "Thread",
            "Timer",
            "Process",
            "add_task",
            "add_job",
            "submit",
            "spawn",
            "enqueue",
            "delay",
        ):
            return min(place, Place.WORKER)
        return place

    def keeps_its_result(self, function: Scope) -> bool:
        """Whether a decorator makes the function run once and keep what it returns: a cached provider."""
        for decorator in function.decorators:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = terminal_name(node).lower()
            if any(word in name for word in frameworks.KEEPING) and not _CACHES_ANSWERS.search(name):
                return True
        return False


@cache
def _registering_names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _entries("calls").by_path)


def _is_route(call: ast.Call | None) -> bool:
    """Whether the first argument of a call is a string that looks like the path of a URL."""
    if call is None:
        return False
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in ("path", "rule", "uri"))]
    first = given[0] if given else None
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
        if isinstance(first, ast.FormattedValue):
            return True
    return (
        isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and (first.value == "" or first.value.startswith("/"))
    )


def is_main_guard(node: ast.If) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    test = node.test
    return isinstance(test, ast.Compare) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in (test.left, *test.comparators)
    )


def in_main_guard(node: ast.Call, module: Scope) -> bool:
    """Whether a module-level call stands under `if __name__ == "__main__"`."""
    for statement in module.of(ast.If):
        assert isinstance(statement, ast.If)
        if statement.lineno <= node.lineno <= (statement.end_lineno or statement.lineno) and is_main_guard(statement):
            return True
    return False


@lru_cache(maxsize=4096)
def is_tool_path(filename: str) -> bool:
    """Whether a file's place in its project says that it does not serve: tests, migrations, scripts, examples.

    The name is read below the project's root (the nearest folder with a `.git`, else the working directory), so
    that a checkout in a folder called `tests` is not one.
    """
    if filename in ("-", "stdin", ""):
        return False
    path = Path(filename).absolute()
    parts = _below_root(path)
    if any(fnmatch.fnmatch(path.name, pattern) for pattern in frameworks.TOOL_FILES):
        return True
    for number, part in enumerate(parts[:-1]):
        # What a hidden folder holds is for other programs: fixtures of linters, workflows, development containers.
        if part.lower() not in frameworks.TOOL_FOLDERS and not part.startswith("."):
            continue
        folder = path.parents[len(parts) - 2 - number]
        if part.lower() in frameworks.EXAMPLE_FOLDERS and _has_manifest(path.parent, folder):
            continue
        return True
    return False


def _below_root(path: Path) -> tuple[str, ...]:
    for folder in path.parents:
        if (folder / ".git").exists():
            return path.relative_to(folder).parts
    try:
        return path.relative_to(Path.cwd()).parts
    except ValueError:
        return path.parts[-3:]


def _has_manifest(folder: Path, stop: Path) -> bool:
    """Whether a folder below `stop` and at or above `folder` holds the manifest of an application of its own."""
    while folder not in (stop, folder.parent):
        if any((folder / name).exists() for name in MANIFEST_NAMES):
            return True
        folder = folder.parent
    return False


MANIFEST_NAMES = frameworks.MANIFESTS
