"""Scripts: what the main guard and the module level of a file say about the functions that they call.

A guard that starts a server or a consumer starts a service: what it calls is start-up.  Otherwise what it calls is
a tool, with the functions called by that; but a module of a service may have a demonstration at its bottom, so that
neither methods of its classes, nor functions that give something back for what they are given, nor what library code
calls as well become tools, unless the whole file speaks with the person who started it.  A module of a package is
there to be imported: only its `main` is a tool, with the functions that it calls.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

from flake8_scalability.catalog import frameworks, tools
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language.callgraph import CallGraph, Edge, calls_by_name, terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import streams
from flake8_scalability.model.running.entries import Entries
from flake8_scalability.model.running.toolpaths import in_package

#: So many calls of `print` and `exit` make a file one that speaks with a person, or its module level a script.
TALKATIVE = 8
TALKATIVE_AT_MODULE_LEVEL = 5
_RUNNING = re.compile(
    r"run|alive|active|connected|stop|shut|exit|quit|kill|terminat|cancel|closed|finish", re.IGNORECASE
)


_SPEAKING = ("print", "input", "exit", "quit", "pprint", "parse_args")


@cache
def _servers() -> frozenset[str]:
    return frozenset(expand(frameworks.SERVERS))


_LOOP_RUNNERS = {"asyncio.run", "anyio.run", "trio.run"}


class Script:
    """What runs when a file is started by itself."""

    def __init__(
        self, scopes: list[Scope], resolver: Resolver, graph: CallGraph, entries: Entries, filename: str = ""
    ) -> None:
        self._filename = filename
        self._scopes = scopes
        self._resolver = resolver
        self._graph = graph
        self._entries = entries

    @cached_property
    def _guards(self) -> list[ast.If]:
        statements = self._scopes[0].of(ast.If)
        return [node for node in statements if isinstance(node, ast.If) and is_main_guard(node)]

    def is_guarded(self, node: ast.AST) -> bool:
        """Whether a node of the module level stands under `if __name__ == "__main__"`."""
        line = getattr(node, "lineno", 0)
        return any(guard.lineno <= line <= (guard.end_lineno or guard.lineno) for guard in self._guards)

    @cached_property
    def _outside_functions(self) -> list[Scope]:
        return [scope for scope in self._scopes if scope.function is None and not scope.is_lambda]

    def started(self, guarded: bool) -> Iterator[Edge]:
        """Yield the calls of the file's functions at module level that stand, or don't, under the guard."""
        for scope in self._outside_functions:
            for edge in self._graph.out_of.get(scope, ()):
                if not edge.handed and self.is_guarded(edge.node) is guarded:
                    yield edge

    @cached_property
    def guard_place(self) -> Place:
        """Where the code under the guard runs: a guard that serves is the start-up of a service."""
        return Place.STARTUP if self.serves else Place.TOOL

    @cached_property
    def serves(self) -> bool:
        """Whether the guard, or what it calls, spends the process's life serving."""
        if not self._guards:
            return False
        if self.is_page:
            return True
        for function in self._reached_from({edge.target for edge in self.started(guarded=True)}):
            if any(self._spends_the_process(scope) for scope in function.walk()):
                return True
        return any(
            self.is_guarded(node) and self._is_serving(node, scope)
            for scope in self._outside_functions
            for node in scope.of(ast.Call)
        )

    def stays(self, functions: Iterable[Scope]) -> bool:
        """Whether one of the functions, or what they call, never comes to an end by itself.

        A loop that ends when a local name says so (`while not finished`) may as well be one over pages.
        """
        return any(
            is_endless(loop) and not isinstance(_asked(loop.test), ast.Name)
            for function in self._reached_from(set(functions))
            for scope in function.walk()
            for loop in scope.of(ast.While)
            if isinstance(loop, ast.While)
        )

    def _spends_the_process(self, scope: Scope) -> bool:
        if any(isinstance(node, ast.While) and is_endless(node) for node in scope.of(ast.While)):
            return True
        if any(streams.loops(scope, self._resolver)):
            return True
        return any(self._is_serving(node, scope) for node in scope.of(ast.Call))

    def _is_serving(self, node: ast.AST, scope: Scope) -> bool:
        assert isinstance(node, ast.Call)
        name = terminal_name(node.func)
        if name in frameworks.SERVING:
            return True
        if (
            name == "run"
            and isinstance(node.func, ast.Attribute)
            and terminal_name(node.func.value) in frameworks.RUNNERS
        ):
            return True
        return name in ("run", "start", "worker_main", "make_server") and not _servers().isdisjoint(
            self._resolver.paths(node.func, scope)
        )

    @cached_property
    def is_page(self) -> bool:
        """Whether a server runs the whole file anew for every visitor."""
        return not self._entries.imported.isdisjoint(frameworks.PAGE_RUNNERS)

    @cached_property
    def _said(self) -> list[ast.Call]:
        """What the module level, outside the guard, says to the person who started it."""
        return [
            node
            for scope in (
                self._outside_functions if not calls_by_name(self._scopes).keys().isdisjoint(_SPEAKING) else ()
            )
            for node in scope.of(ast.Call)
            if isinstance(node, ast.Call) and _speaks(node) and not self.is_guarded(node)
        ]

    @cached_property
    def is_module_level(self) -> bool:
        """Whether the module level itself is the script: it parses a command line, or tells how its work goes."""
        if any(entry.place > Place.STARTUP for entry in self._entries.functions.values()):
            return False
        if any(terminal_name(node.func) == "parse_args" for node in self._said) or self._runs_to_its_end():
            return True
        return len(self._said) >= TALKATIVE_AT_MODULE_LEVEL

    def _runs_to_its_end(self) -> bool:
        """Whether the module level, without a guard, runs a coroutine of the file that ends: `asyncio.run(main())`."""
        module = self._scopes[0]
        for node in module.of(ast.Call):
            assert isinstance(node, ast.Call)
            if terminal_name(node.func) != "run" or self.is_guarded(node) or not node.args:
                continue
            inner = node.args[0]
            if not isinstance(inner, ast.Call) or not self._resolver.paths(node.func, module) & _LOOP_RUNNERS:
                continue
            targets = {edge.target for edge in self.started(guarded=False) if edge.node is inner}
            reached = self._reached_from(targets)
            if reached and not any(self._spends_the_process(scope) for each in reached for scope in each.walk()):
                return True
        return False

    @cached_property
    def speaks(self) -> bool:
        """Whether the whole file is made for a command line: it imports a package for that, or prints a lot."""
        if not self._entries.imported.isdisjoint(tools.CLI_PACKAGES):
            return True
        calls = calls_by_name(self._scopes)
        said = [node for name in _SPEAKING for node, _ in calls.get(name, ()) if _speaks(node)]
        return len(said) >= TALKATIVE and sum(not self.is_guarded(node) for node in said) >= TALKATIVE

    @cached_property
    def _in_package(self) -> bool:
        return in_package(self._filename)

    def makes_tool(self, edge: Edge) -> bool:
        """Whether a call under the guard, or by a tool, makes the called function a tool as well."""
        owner, caller = edge.target.owner, edge.caller.function
        if owner is not None and caller is not None and caller.owner is owner:
            return True
        if self.speaks and not self._in_package:
            return True
        if owner is not None:
            return False
        if caller is not None or _is_main(edge.target.name):
            return True
        given = bool(edge.node.args or edge.node.keywords)
        if self._in_package:
            return not given and (self.speaks or self._is_whole_file(edge.target))
        return not given or _reads_argv(edge.node) or self._is_whole_file(edge.target)

    def _is_whole_file(self, function: Scope) -> bool:
        """Whether a function that is given its work is what the file is for: it returns nothing, and calls the rest."""
        returns = any(getattr(node, "value", None) is not None for node in function.of(ast.Return))
        functions = [scope for scope in self._scopes if scope.is_function]
        return not returns and len(functions) < 2 * len(self._reached_from({function}))

    def _reached_from(self, functions: set[Scope]) -> set[Scope]:
        found, todo = set(functions), list(functions)
        while todo:
            function = todo.pop()
            for scope in function.walk():
                for edge in self._graph.out_of.get(scope, ()):
                    if edge.target not in found:
                        found.add(edge.target)
                        todo.append(edge.target)
        return found


def _asked(test: ast.expr) -> ast.expr:
    return test.operand if isinstance(test, ast.UnaryOp) else test


def _is_main(name: str) -> bool:
    return name.strip("_") in ("main", "run", "cli", "run_cli")


def _reads_argv(node: ast.Call) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "argv" for part in walk(node))


def _speaks(node: ast.AST) -> bool:
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Name):
        return function.id in _SPEAKING and function.id != "parse_args"
    return isinstance(function, ast.Attribute) and (
        function.attr == "parse_args" or (function.attr == "exit" and terminal_name(function.value) == "sys")
    )


def is_main_guard(node: ast.If) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    test = node.test
    return isinstance(test, ast.Compare) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in (test.left, *test.comparators)
    )


def is_endless(loop: ast.While) -> bool:
    """Whether a loop ends with the process: `while True` that only a failure leaves, `while not stopping`."""
    test = loop.test
    if isinstance(test, ast.Constant) and test.value:
        return not any(_leaves(statement) for statement in loop.body)
    if isinstance(test, ast.UnaryOp):
        test = test.operand
    if isinstance(test, ast.Call):
        test = test.func.value if isinstance(test.func, ast.Attribute) and test.func.attr == "is_set" else test.func
    return _RUNNING.search(terminal_name(test)) is not None


def _leaves(statement: ast.stmt) -> bool:
    """Whether a statement of a loop may leave it or the function, other than in an exception's handler."""
    todo: list[tuple[ast.AST, bool]] = [(statement, False)]
    while todo:
        node, inner = todo.pop()
        if isinstance(node, ast.Return) or (isinstance(node, ast.Break) and not inner):
            return True
        if isinstance(node, (ast.ExceptHandler, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            continue
        inner = inner or isinstance(node, (ast.For, ast.AsyncFor, ast.While))
        todo.extend((child, inner) for child in ast.iter_child_nodes(node))
    return False
