"""How one queue is used: the names by which a file knows it, who puts in and who takes out, and what bounds it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import queue_sides
from flake8_scalability.model.pooling.retention import Retention
from flake8_scalability.model.running.reached import is_reached
from flake8_scalability.model.running.scripts import is_endless
from flake8_scalability.model.sites import CallSite, display_name

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

PUTTING = frozenset({"put", "put_nowait", "async_put", "aput"})
SENDING = frozenset({"send", "send_nowait"})
GETTING = frozenset({"get", "get_nowait", "async_get", "aget", "receive", "receive_nowait"})
#: Names of what goes back to one caller, is free to be used, or only tells that something has ended.
_BY_USE = re.compile(
    r"(^|_)(results?|responses?|reply|replies|answers?|acks?|done|errors?|exc\w*|out|output|stop\w*|returns?|logs?|logging|pool|"
    r"free|idle|available|slots?|connections|conns|clients|tokens?|completed|finished|shutdown|quit|exit|signal|wakeup|status|stdout|stderr|stdin)(_|$)",
    re.IGNORECASE,
)
#: What is put in to tell the other side that no more will come.
_SENTINEL = re.compile(r"(?i)^_*(stop|sentinel|quit|end_?of|eof|poison|shut_?down|terminat|closed?(_|$))|_?sentinel$")
_KEY = re.compile(r"(^|_)(u?u?id|pk)$", re.IGNORECASE)
_LOG_HANDLERS = frozenset({"QueueHandler", "QueueListener", "LogQueueHandler"})
_MEASURES = frozenset({"qsize", "full", "statistics"})
_ITERATION = frozenset({"__iter__", "__aiter__", "__next__", "__anext__"})


class QueueUse:
    """A queue that a call makes: the names by which the file knows it, who puts in and who takes out."""

    def __init__(self, site: CallSite) -> None:
        self.site = site
        self.source = site.source
        self.name = ""
        self.names: set[str] = set()
        self.is_local = False
        self.is_one_of_many = False
        self._find_names()

    def _find_names(self) -> None:
        for _, parent in self.site.ancestors():
            if isinstance(parent, (ast.Assign, ast.AnnAssign)):
                targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
                parts = [
                    part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])
                ]
                self.names = {name for part in parts if (name := key(part))}
                self.name = next((name for part in parts if (name := key(part))), "")
                self.is_one_of_many = any(isinstance(part, ast.Subscript) for part in parts)
                self.is_local = self.site.function is not None and all(isinstance(part, ast.Name) for part in parts)
                break
            if isinstance(parent, ast.keyword) and parent.arg:
                self.name = self.name or parent.arg
                self.names.add(parent.arg)
            if isinstance(parent, ast.stmt):
                break
        if self.is_local and self.site.function is not None:
            if any(self.site.function.declared.get(name) == "global" for name in self.names):
                self.is_local = False
            else:
                places = {name for place in Retention(self.site).places if (name := key(place))}
                self.is_local = not places
                self.names |= places
        if self.names and not self.is_local:
            self._follow()

    def _follow(self) -> None:
        """Add the names that loops over a collection of such queues, and look-ups in it, give to one."""
        for scope in self.source.scopes:
            for node in scope.of(ast.For, ast.AsyncFor):
                assert isinstance(node, (ast.For, ast.AsyncFor))
                if self._mentions(node.iter):
                    self.names.update(part.id for part in walk(node.target) if isinstance(part, ast.Name))
            for stored in scope.of(ast.Assign):
                assert isinstance(stored, ast.Assign)
                value = stored.value.value if isinstance(stored.value, ast.Await) else stored.value
                if isinstance(value, (ast.Call, ast.Subscript)) and self._is_looked_up(value):
                    self.names.update(target.id for target in stored.targets if isinstance(target, ast.Name))

    def _is_looked_up(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Subscript):
            return key(node) in self.names
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("get", "setdefault")
            and bool(node.args)
            and key(node.func.value) in self.names
        )

    def _is_key_given(self, node: ast.Call) -> bool:
        """Whether a `get` looks a queue up in a collection of them; `get(True, 5)` takes from one."""
        return self._is_looked_up(node) and not isinstance(node.args[0], ast.Constant)

    def _mentions(self, node: ast.AST) -> bool:
        return any(
            isinstance(part, (ast.Name, ast.Attribute)) and terminal_name(part) in self.names for part in walk(node)
        )

    # Who uses it

    def producer(self) -> str | None:
        """Return the name of a function that fills the queue while others drain it; None where it needs no bound."""
        if not self.names or any(_BY_USE.search(name) for name in self.names):
            return None
        if self.is_local:
            return self._fed_by_endless()
        if is_measured(self.names, self.source) or self._is_for_logs() or self._is_stream_of_one():
            return None
        puts = [each for each in self._uses(PUTTING | SENDING) if not _puts_constant(each[0])]
        gets = [each for each in self._uses(GETTING) if not self._is_key_given(each[0])]
        if puts and all(puts_key(node) for node, _ in puts):
            return None
        takers = {scope.function for _, scope in gets if scope.function is not None}
        producers = {scope.function for _, scope in puts if scope.function is not None} - takers
        if self._is_answered_once(gets) or not self._lasts(takers, producers) or not self._is_worked_off(gets):
            return None
        if queue_sides.puts_back(takers, producers, self.source):
            return None
        return next(
            (display_name(function) for node, scope in puts if (function := self._fills(node, scope, takers))), None
        )

    def _fills(self, node: ast.Call, scope: Scope, takers: Collection[Scope]) -> Scope | None:
        """Return the function of a call that puts something in, where a bound of the queue would hold it back."""
        function = scope.function
        if function is None or function in takers or not self._runs_again(node, scope) or _waits_for_answer(function):
            return None
        if function is self.site.function and not self._is_made_when_missing():
            return None
        if queue_sides.keeps_account(function, self.names) or self._is_drained_here(function):
            return None
        if queue_sides.cannot_wait(node, scope, self.source):
            return None
        if not is_reached(node.lineno, self.source) or queue_sides.is_fed_by_broker(function, self.source):
            return None
        return function

    def _lasts(self, takers: Collection[Scope], producers: Collection[Scope]) -> bool:
        """Whether the queue is there for the process, and not for one conversation that an object stands for."""
        function = self.site.function
        owner = function.owner if function is not None else None
        if owner is None or any(
            binding.kind == "assign"
            for home in (owner, self.source.module)
            for name in self.names
            for binding in home.bindings.get(name, ())
        ):
            return True
        return queue_sides.belongs_to_service(owner, takers, producers, self.source)

    def _is_worked_off(self, gets: list[tuple[ast.Call, Scope]]) -> bool:
        return any(queue_sides.waits_for_work(node, scope, self.source) for node, scope in gets)

    def _is_answered_once(self, gets: list[tuple[ast.Call, Scope]]) -> bool:
        """Whether the function that makes the queue of a key waits for one item, its answer, and nobody else does."""
        function = self.site.function
        if not self.is_one_of_many or not gets or function is None:
            return False
        loops = [loop for loop in function.of(ast.While, ast.For, ast.AsyncFor) if isinstance(loop, ast.stmt)]
        return all(
            scope.function is function
            and not any(loop.lineno <= node.lineno <= (loop.end_lineno or 0) for loop in loops)
            for node, scope in gets
        )

    def _is_made_when_missing(self) -> bool:
        """Whether a function makes the queue of a key on the first use, and fills it on this and all others."""
        return self.is_one_of_many and any(self.site.inside((ast.If,)))

    def _runs_again(self, node: ast.Call, scope: Scope) -> bool:
        place = self.source.place(scope).place
        if place is Place.STARTUP:
            function = scope.function
            return function is not None and any(
                isinstance(loop, ast.While)
                and is_endless(loop)
                and loop.lineno <= node.lineno <= (loop.end_lineno or 0)
                for loop in function.of(ast.While)
            )
        return place is not Place.TOOL

    def _uses(self, methods: frozenset[str]) -> Iterator[tuple[ast.Call, Scope]]:
        for method in methods:
            for node, scope in self.source.calls_by_name.get(method, ()):
                if isinstance(node.func, ast.Attribute) and self._receives(node.func.value):
                    yield node, scope

    def _receives(self, node: ast.expr) -> bool:
        """Whether a method is called on the queue, an end of it (`queue.sync_q`), or an item of a collection."""
        if key(node) in self.names:
            return True
        return isinstance(node, ast.Attribute) and key(node.value) in self.names

    def _is_for_logs(self) -> bool:
        calls = self.source.calls_by_name
        return any(
            self._mentions(argument)
            for name in _LOG_HANDLERS & calls.keys()
            for node, _ in calls[name]
            for argument in (*node.args, *(keyword.value for keyword in node.keywords))
        )

    def _is_stream_of_one(self) -> bool:
        """Whether the queue belongs to an object that is gone through as it is filled: one answer, read by one."""
        owner = self.site.function.owner if self.site.function is not None else None
        if owner is None:
            return False
        if any(inner.name in _ITERATION for inner in owner.inner):
            return True
        return any(
            scope.function is not None
            and any(True for _ in scope.function.of(ast.Yield, ast.YieldFrom))
            and scope.function.owner is owner
            for _, scope in self._uses(GETTING)
        )

    # A queue that a function makes and gives to those who work with it

    def _fed_by_endless(self) -> str | None:
        """Return the function that fills, for ever, a queue that the start of a service hands to it and to another."""
        function = self.site.function
        if function is None or self.site.place not in (Place.STARTUP, Place.LIBRARY):
            return None
        feeding: str | None = None
        taken = False
        if self.site.place is not Place.STARTUP and self._is_drained_here(function):
            return None
        for scope in function.walk():
            for edge in self.source.graph.out_of.get(scope, ()):
                for name in self._handed_as(edge.node, edge.target):
                    uses = {terminal_name(node.func) for node in _calls_on(name, edge.target)}
                    taken = taken or bool(uses & GETTING)
                    if uses & PUTTING and _fills_for_ever(name, edge.target):
                        feeding = display_name(edge.target)
        return feeding if taken and not is_measured(self.names, self.source) else None

    def _is_drained_here(self, function: Scope) -> bool:
        """Whether the function waits until the queue is empty, or awaits one to whom it gives the queue."""
        called = (call.func for call in function.of(ast.Call) if isinstance(call, ast.Call))
        joined = (each.value for each in called if isinstance(each, ast.Attribute) and each.attr == "join")
        return any(key(each) in self.names for each in joined) or any(
            isinstance(node, ast.Await)
            and isinstance(node.value, ast.Call)
            and any(
                key(given) in self.names for given in (*node.value.args, *(each.value for each in node.value.keywords))
            )
            for node in walk(function.node)
        )

    def _handed_as(self, node: ast.Call, target: Scope) -> Iterator[str]:
        """Yield the parameters of a function for which the queue is given: by position, keyword or `args=`."""
        positions = list(node.args)
        for keyword in node.keywords:
            if keyword.arg == "args" and isinstance(keyword.value, (ast.Tuple, ast.List)):
                positions = list(keyword.value.elts)
            elif keyword.arg in target.parameters and key(keyword.value) in self.names:
                yield keyword.arg
        names = [name for name in target.parameters if name not in ("self", "cls")]
        for name, argument in zip(names, positions):
            if isinstance(argument, ast.Name) and argument.id in self.names:
                yield name


def _waits_for_answer(function: Scope) -> bool:
    """Whether a producer waits until what it put in is done: then there are no more of them than of its callers."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in ("wait", "result")
            or (node.func.attr == "get" and _BY_USE.search(terminal_name(node.func.value)) is not None)
        )
        and isinstance(node.func.value, (ast.Name, ast.Attribute, ast.Subscript))
        for scope in function.walk_same_call()
        for node in scope.of(ast.Call)
    ) or any(
        isinstance(binding.value, ast.Call)
        and terminal_name(binding.value.func) in ("Future", "create_future", "Event")
        for bindings in function.bindings.values()
        for binding in bindings
    )


def _calls_on(name: str, function: Scope) -> Iterator[ast.Call]:
    for scope in function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if isinstance(node.func, ast.Attribute) and key(node.func.value) == name:
                yield node


def _fills_for_ever(name: str, function: Scope) -> bool:
    """Whether a function puts into a queue inside a loop that ends with the process, or with a stream."""
    ends: list[ast.AST] = [loop for loop in function.of(ast.While) if isinstance(loop, ast.While) and is_endless(loop)]
    ends += function.of(ast.AsyncFor)
    return any(
        terminal_name(node.func) in PUTTING
        and any(loop.lineno <= node.lineno <= (loop.end_lineno or 0) for loop in ends if isinstance(loop, ast.stmt))
        for node in _calls_on(name, function)
    )


def key(node: ast.expr) -> str:
    """The last name of a place: of `self.queues[user]` "queues"."""
    while isinstance(node, ast.Subscript):
        node = node.value
    return terminal_name(node)


def _puts_constant(node: ast.Call) -> bool:
    """Whether only a signal is put in: nothing, `None`, a flag, a sentinel."""
    first = node.args[0] if node.args else None
    if first is None or isinstance(first, ast.Constant):
        return True
    if isinstance(first, ast.Tuple):
        return all(isinstance(part, ast.Constant) for part in first.elts)
    if isinstance(first, ast.Call):
        if first.args or first.keywords:
            return False
        if terminal_name(first.func)[:1].isupper():  # an object with nothing in it
            return True
    name = terminal_name(first.func if isinstance(first, ast.Call) else first)
    return name.isupper() or _SENTINEL.search(name) is not None


def puts_key(node: ast.AST) -> bool:
    """Whether all that is put in is the key of what is kept elsewhere: a million of these are some megabytes."""
    first = node.args[0] if isinstance(node, ast.Call) and node.args else None
    return isinstance(first, (ast.Name, ast.Attribute)) and _KEY.search(terminal_name(first)) is not None


def is_measured(names: set[str], source: SourceFile) -> bool:
    """Whether the file asks how full the queue is, by `qsize()`, `full()`, or a comparison of its length."""
    wanted = {name.strip("_").lower() for name in names}
    calls = source.calls_by_name
    for method in _MEASURES & calls.keys():
        for node, _ in calls[method]:
            if isinstance(node.func, ast.Attribute) and key(node.func.value).strip("_").lower() in wanted:
                return True
    for node, scope in calls.get("len", ()):
        if node.args and key(node.args[0]).strip("_").lower() in wanted:
            parent = source.parents(scope).get(node)
            if isinstance(parent, ast.Compare) and not _compares_with_nothing(parent):
                return True
    return False


def _compares_with_nothing(node: ast.Compare) -> bool:
    return any(isinstance(part, ast.Constant) and part.value in (0, 1) for part in (node.left, *node.comparators))
