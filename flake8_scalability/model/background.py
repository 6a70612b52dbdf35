"""Work that is started and goes on by itself: what starts it, what it is, and whether somebody waits for it.

Started work is waited for where its starter joins, awaits, cancels or reads it, where it leaves a `with` that does,
or where the two speak with each other through a queue or an event.  What is handed on to others is unknown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background
from flake8_scalability.catalog.background import Runner
from flake8_scalability.model import blocking
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.loops import sleeps_in
from flake8_scalability.model.passing import passing
from flake8_scalability.model.retention import Fate, Retention
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.scripts import is_endless
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Work that tidies up after this process, or ends it: it means nothing to another one.
_OF_THIS_PROCESS = re.compile(
    r"(^|_)(a?close|unlink|rmtree|clean_?up|tear_?down|shut_?down|disconnect|kill|restart|reboot|reload|exit|_exit|stop|"
    r"terminate|cancel|interrupt|execv|open_browser|drain|reap|release|reclaim|dismiss|ack|evict|flush)(_|$)|(remove|delete|del)_(\w+_)?(te?mp\w*|files?|folders?|dirs?|directory|paths?)$|^remove$|"
    r"^(_?exit|quit|open_new(_tab)?)$",
    re.IGNORECASE,
)
#: Methods that keep an object in their receiver.
_KEEPING = frozenset({"append", "add", "appendleft", "insert", "extend", "put", "put_nowait", "setdefault", "update"})
#: Calls that look at what they are given, and do nothing with it.
_LOOKING = frozenset({
    "print", "isinstance", "id", "str", "repr", "len", "debug", "info", "warning", "error", "exception", "hasattr",
    "getattr", "setattr", "log", "format", "bool", "type",
})  # fmt: skip
_HARMLESS = _KEEPING | _LOOKING | {"remove", "discard", "list", "tuple", "set", "add_done_callback"}
#: Calls around what is run.
_WRAPPERS = frozenset(
    {
        "partial",
        "copy_current_request_context",
        "copy_context",
        "shield",
        "safe",
        "wait_for",
        "to_thread",
        "run_in_threadpool",
    }
)
#: Parameters that are there to be called.
_CALLABLE = re.compile(r"(^|_)(func|function|fn|coro|coroutine|callback|handler|callable|awaitable|target|job|work)$")
#: Functions that are handed what they run as their next argument.
_RUNNING = frozenset({"run_in_executor", "run_in_threadpool", "to_thread", "run_sync"})
#: What runs as long as its owner, a connection or the process, by its name.
_LISTENING = re.compile(
    r"loop|forever|heart_?beat|keep_?alive|^_*(listen|poll|watch|monitor|ping|pump|receive|relay|stream)(_|$)|"
    r"(^|_)(consume|listener|poller|watcher|watchdog|reader|writer|receiver|observer|sender|consumer|polling|listening|"
    r"monitoring|monitor|forwarder|pump)$",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"(^|_)(worker|server|main|refresher|scheduler|dispatcher|daemon|supervis\w+|run|runner|thread|updater|flusher|"
    r"timer|periodically)$|^_*(serve|periodic)(_|$)",
    re.IGNORECASE,
)


class Started:
    """One start of work: the call, its row, and what becomes of the work."""

    def __init__(self, site: CallSite, row: background.Start) -> None:
        self.site = site
        self.row = row

    @cached_property
    def work(self) -> ast.expr | None:
        """The expression that says what is run: a function, or the call of a coroutine function."""
        if self.row.work:
            return self.site.argument(self.row.work, self.row.position).value
        position = self.row.position or 0
        return self.site.node.args[position] if len(self.site.node.args) > position else None

    @cached_property
    def work_name(self) -> str:
        """The name of what is run: "" where it has none."""
        node = self.work
        if terminal_name(node or ast.Constant("")) in _RUNNING and len(self.site.node.args) > 1:
            node = self.site.node.args[1]
        while isinstance(node, ast.Call):
            node = node.args[0] if terminal_name(node.func) in _WRAPPERS and node.args else node.func
        return terminal_name(node) if node is not None else ""

    @cached_property
    def targets(self) -> list[Scope]:
        """The functions of the file that are run."""
        node = self.work
        while isinstance(node, ast.Call):
            node = node.args[0] if terminal_name(node.func) in _WRAPPERS and node.args else node.func
        if node is None:
            return []
        values = self.site.source.resolver.values(node, self.site.scope)
        return [value.target for value in values if value.target is not None and value.target.is_function]

    @property
    def concerns_this_process(self) -> bool:
        """Whether the work tidies up after this process or ends it."""
        names = [self.work_name, *(target.name for target in self.targets)]
        return any(_OF_THIS_PROCESS.search(name) is not None for name in names)

    @property
    def listens(self) -> bool:
        """Whether the work goes on for as long as its owner or connection does, as its loop or its name say."""
        if _LISTENING.search(self.work_name) is not None:
            return True
        loops = (loop for target in self.targets for loop in target.of(ast.While))
        return any(isinstance(loop, ast.While) and is_endless(loop) for loop in loops)

    @property
    def lasts(self) -> bool:
        """The same, by loops and names that may as well be those of a piece of work."""
        loops = (loop for target in self.targets for loop in target.of(ast.While))
        stays = any(isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) for loop in loops)
        return stays or self.listens or _LASTING.search(self.work_name) is not None

    @cached_property
    def retention(self) -> Retention | None:
        return Retention(self.site) if self.site.function is not None else None

    @cached_property
    def root(self) -> ast.AST:
        """The outermost function around the start, in all of which somebody may wait."""
        scope: Scope | None = self.site.function
        node: ast.AST = self.site.statement
        while scope is not None:
            if scope.is_function:
                node = scope.node
            scope = scope.parent
        return node

    @cached_property
    def names(self) -> set[str]:
        """The names under which the work, or a collection that holds it, is known in the function."""
        found = set(self.retention.names) if self.retention is not None else set()
        for target, iterable in _loops(self.root):
            if found & _names_in(iterable):
                found |= _names_in(target)
        return found

    @cached_property
    def kept_at(self) -> list[ast.expr]:
        """The attributes and keys that outlive the function and hold the work."""
        return list(self.retention.places) if self.retention is not None else []

    @cached_property
    def is_begun(self) -> bool:
        """Whether the work starts in this function, for objects that have to be told so."""
        method = self.row.begun_by
        if not method:
            return True
        parent = self.site.parents.get(self.site.node)
        if isinstance(parent, ast.Attribute):
            return parent.attr == method
        kept = {_dotted(place) for place in self.kept_at}
        return any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == method
            and (_root_name(node.func.value) in self.names or _dotted(node.func.value) in kept)
            for node in ast.walk(self.root)
        )

    @cached_property
    def is_waited_for(self) -> bool:
        """Whether somebody in the function waits for the work, ends it, reads from it, or takes it over."""
        if self.row.runner is Runner.AFTER_ANSWER:
            return False
        if self.row.runner is Runner.GROUP or self.retention is None:
            return True
        return (
            blocking.is_waited_for(CallSite(self.site.node, self.site.scope, self.site.source))
            or self._is_used_at_once()
            or self._is_bracketed()
            or any(self._waits(node) for node in ast.walk(self.root))
            or self._speaks_with_starter()
            or self._is_polled()
        )

    @property
    def is_handed_out(self) -> bool:
        """Whether the caller, another object, or something unknown gets the work."""
        if self.row.runner is Runner.AFTER_ANSWER or self.retention is None:
            return False
        if self.retention.is_returned or self.retention.fate in (Fate.HANDED_OUT, Fate.UNKNOWN):
            return True
        return any(
            isinstance(place, ast.Attribute) and _root_name(place) not in ("self", "cls", "app")
            for place in self.kept_at
        )

    @property
    def is_of_caller(self) -> bool:
        """Whether what is run is a parameter, so that the function only provides a way to run it."""
        node = self.work
        while isinstance(node, ast.Call):
            if any(self._is_parameter(given) and _CALLABLE.search(terminal_name(given)) for given in node.args):
                return True
            node = node.args[0] if terminal_name(node.func) in _WRAPPERS and node.args else node.func
        return node is not None and self._is_parameter(node)

    def _is_parameter(self, node: ast.expr) -> bool:
        home = self.site.scope.lookup(node.id) if isinstance(node, ast.Name) else None
        return home is not None and isinstance(node, ast.Name) and node.id in home.parameters

    @property
    def is_own_function(self) -> bool:
        """Whether a function starts itself again, as a timer does that makes a loop."""
        return self.site.function in self.targets

    def _is_used_at_once(self) -> bool:
        """Whether the work is waited for, given back or handed on in the expression that starts it."""
        for child, parent in self.site.ancestors():
            if isinstance(parent, ast.Attribute):
                if parent.attr in background.WAITING_METHODS | background.WAITING_ATTRIBUTES:
                    return True
            elif isinstance(parent, (ast.Yield, ast.YieldFrom, ast.Return, ast.Lambda, ast.keyword)):
                return True
            elif isinstance(parent, ast.Call) and child is not parent.func:
                return terminal_name(parent.func) not in _KEEPING | _LOOKING
            elif isinstance(parent, ast.stmt):
                break
        return False

    def _is_bracketed(self) -> bool:
        """Whether the work, or the executor that runs it, belongs to a `with` that waits at its end."""
        if any(isinstance(parent, ast.withitem) for _, parent in self.site.ancestors()):
            return True
        if self.row.runner is not Runner.EXECUTOR or not isinstance(self.site.node.func, ast.Attribute):
            return False
        receiver = self.site.node.func.value
        if not isinstance(receiver, ast.Name):
            return False
        shuts = any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("shutdown", "join")
            and _dotted(node.func.value) == receiver.id
            and not any(
                k.arg == "wait" and isinstance(k.value, ast.Constant) and not k.value.value for k in node.keywords
            )
            for node in ast.walk(self.root)
        )
        return shuts or any(
            item.optional_vars is not None and _dotted(item.optional_vars) == receiver.id
            for node in ast.walk(self.root)
            if isinstance(node, (ast.With, ast.AsyncWith))
            for item in node.items
        )

    def _waits(self, node: ast.AST) -> bool:
        """Whether a node of the function waits for the work, or hands it to something that may."""
        if isinstance(node, ast.Await):
            return bool(self.names & _names_in(node.value)) and not _is_start(node.value)
        if isinstance(node, (ast.AsyncFor, ast.AsyncWith)):
            held = [node.iter] if isinstance(node, ast.AsyncFor) else [item.context_expr for item in node.items]
            return any(self.names & _names_in(part) for part in held)
        if isinstance(node, ast.Attribute):
            used = background.WAITING_METHODS | background.WAITING_ATTRIBUTES
            return node.attr in used and _root_name(node.value) in self.names
        if isinstance(node, ast.Call):
            given = {name for argument in node.args for name in _bare(argument)}
            name = terminal_name(node.func)
            if not given & self.names:
                return False
            return name in background.WAITING_CALLS or name not in _HARMLESS | background.start_names()
        return False

    def _is_polled(self) -> bool:
        """Whether the starter, later on, sleeps in a loop until something is there."""
        line = self.site.node.lineno
        return any(
            isinstance(node, (ast.While, ast.For)) and node.lineno > line and sleeps_in(node)
            for node in ast.walk(self.site.function.node if self.site.function is not None else self.root)
        )

    def _speaks_with_starter(self) -> bool:
        """Whether the starter takes something out of a queue or event of its own that the work was given."""
        function = self.site.function
        assert function is not None
        inside = {id(part) for target in self.targets for part in ast.walk(target.node)}
        given = _names_in(self.site.node)
        for target in self.targets:
            given |= _names_in(target.node)
        channels = {
            name
            for scope in _outwards(function)
            for name in given & scope.bindings.keys()
            for binding in scope.bindings[name]
            if isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) in background.CHANNELS
        }
        return bool(channels) and any(
            id(node) not in inside
            and (
                (
                    isinstance(node, ast.Attribute)
                    and node.attr in background.RECEIVING
                    and _root_name(node.value) in channels
                )
                or (isinstance(node, (ast.Await, ast.YieldFrom)) and _root_name(node.value) in channels)
                or (isinstance(node, (ast.AsyncFor, ast.For)) and _root_name(node.iter) in channels)
            )
            for node in ast.walk(self.root)
        )


def started(source: SourceFile) -> list[Started]:
    """Return every start of work of the file, in the order of the text."""
    by_path, by_name = background.starts(), background.starts_by_name()
    found = []
    for site in source.sites_named(background.start_names()):
        paths = site.paths
        if paths and all(path in by_path for path in paths):
            row = by_path[min(paths)]
        elif isinstance(site.node.func, ast.Attribute) and not any(value.target for value in site.values):
            pair = (terminal_name(site.node.func.value), site.node.func.attr)
            if pair not in by_name:
                continue
            row = by_name[pair]
        else:
            continue
        found.append(Started(site, row))
    found.sort(key=lambda each: (each.site.node.lineno, each.site.node.col_offset))
    return found


def _outwards(function: Scope) -> Iterator[Scope]:
    """Yield a function and the functions around it."""
    scope: Scope | None = function
    while scope is not None:
        if scope.is_function:
            yield scope
        scope = scope.parent


def _loops(root: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield (target, iterable) of every loop and comprehension."""
    for node in ast.walk(root):
        if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            yield node.target, node.iter


def _names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _bare(node: ast.expr) -> Iterator[str]:
    """Yield the names that an argument is, or consists of: no attributes of theirs, nor what calls make of them."""
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Name):
            yield part.id
        elif not isinstance(part, ast.Attribute):
            stack.extend(passing(part))


def _is_start(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and terminal_name(node.func) in background.start_names()


def _root_name(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _dotted(node: ast.expr) -> str:
    """An attribute or name as text, keys left out; "" for anything else."""
    parts: list[str] = []
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
