"""Work that is started and goes on by itself: what starts it, what it is, and who gets it.

Whether its starter waits for it is told by `awaiting`.  What is handed on to others is unknown.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background
from flake8_scalability.catalog import work_names as says
from flake8_scalability.catalog.background import Runner
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.names import dotted, loops, names_in, root_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import targets
from flake8_scalability.model.pooling.retention import Fate, Retention
from flake8_scalability.model.running import awaiting
from flake8_scalability.model.running.scripts import is_endless
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


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
    def named(self) -> ast.expr | None:
        """What is called to do the work, without the calls around it; a name where it is not in sight what made it."""
        node = self.work
        if self._is_made_before and isinstance(node, ast.Name):
            node = _maker(node, self.site.scope) or node
        while isinstance(node, ast.Call):
            node = node.args[0] if terminal_name(node.func) in says.WRAPPERS and node.args else node.func
        return self._given_next if node is self.work and self._given_next is not None else node

    @cached_property
    def _given_next(self) -> ast.expr | None:
        """The function that follows one which runs it: `add_task(safely, send_receipt, number)`."""
        work, arguments = self.work, self.site.node.args
        place = arguments.index(work) + 1 if work in arguments else 0
        if work is None or not 0 < place < len(arguments) or says.RUNNER_OF_NEXT.search(terminal_name(work)) is None:
            return None
        given = arguments[place]
        named = isinstance(given, ast.Attribute) and says.DATA.search(given.attr) is None
        return given if named or self._is_function(given) else None

    def _is_function(self, node: ast.expr) -> bool:
        return isinstance(node, (ast.Name, ast.Attribute)) and any(
            value.target is not None and value.target.is_function
            for value in self.site.source.resolver.values(node, self.site.scope)
        )

    @property
    def _is_made_before(self) -> bool:
        """Whether a name is given where a coroutine has to be: somebody has called the function already."""
        return self.row.work == "coro" and isinstance(self.work, ast.Name)

    @cached_property
    def work_name(self) -> str:
        """The name of what is run: "" where it has none."""
        node = self.named
        if terminal_name(self.work or ast.Constant("")) in says.RUNNING and len(self.site.node.args) > 1:
            node = self.site.node.args[1]
        return terminal_name(node) if node is not None else ""

    @cached_property
    def targets(self) -> list[Scope]:
        """The functions of the file that are run."""
        node = self.named
        if node is None:
            return []
        values = self.site.source.resolver.values(node, self.site.scope)
        return [value.target for value in values if value.target is not None and value.target.is_function]

    @property
    def concerns_this_process(self) -> bool:
        """Whether the work tidies up after this process, ends it, or waits for a future that it is given."""
        given = self.work.args if isinstance(self.work, ast.Call) else []
        if any(says.FUTURES.search(terminal_name(each)) is not None for each in given):
            return True
        names = [self.work_name, *(target.name for target in self.targets)]
        return any(says.OF_THIS_PROCESS.search(name) is not None for name in names)

    @property
    def loses_nothing(self) -> bool:
        """Whether a restart loses no work: nothing is done, only put into a queue, or fetched ahead."""
        names = [self.work_name, self._spelled, *(target.name for target in self.targets)]
        if self._is_probe or any(says.OF_NO_CONSEQUENCE.search(name) is not None for name in names):
            return True
        if self.targets and all(
            targets.is_empty(each) or targets.only_enqueues(each) or targets.only_logs(each) for each in self.targets
        ):
            return True
        work = self.work
        called = work.func if isinstance(work, ast.Call) else work
        if isinstance(called, ast.Attribute) and says.SOCKETS.search(terminal_name(called.value)) is not None:
            return True
        held = work.value if isinstance(work, ast.Attribute) else None
        held = held.func if isinstance(held, ast.Call) else held
        return held is not None and says.SCHEDULER.search(terminal_name(held)) is not None

    @property
    def _spelled(self) -> str:
        """What is run, with the objects that it is read from."""
        return dotted(self.named) if self.named is not None else ""

    @property
    def _is_probe(self) -> bool:
        """Whether a program is only asked for its version."""
        given = self.work.elts if isinstance(self.work, (ast.List, ast.Tuple)) else []
        return bool(given) and isinstance(given[-1], ast.Constant) and given[-1].value in says.PROBES

    @property
    def described(self) -> str:
        """What is started, for messages: the function, or the program where its name is written out."""
        if self.row.runner is not Runner.PROCESS or self.row.work == "target":
            if self._is_made_before and self.named is self.work:
                return "a coroutine"
            if self.row.runner is Runner.AFTER_ANSWER and self.work is not None and _calls_at_once(self.work):
                return "the task"  # what the call returns is run, and not what is called
            name = self._spelled if self._given_next is not None else self.work_name
            return f"{name or self.work_name}()" if self.work_name else self.row.runner.value
        node = self.work
        home = self.site.scope.lookup(node.id) if isinstance(node, ast.Name) else None
        if home is not None and isinstance(node, ast.Name):
            node = next((each.value for each in home.bindings[node.id] if isinstance(each.value, ast.List)), node)
        if isinstance(node, (ast.List, ast.Tuple)) and node.elts:
            node = node.elts[0]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
            return node.value.split()[0].rpartition("/")[2]
        return "sys.executable" if node is not None and dotted(node) == "sys.executable" else self.row.runner.value

    @property
    def listens(self) -> bool:
        """Whether the work goes on for as long as its owner or connection does, as its loop or its name say."""
        if says.LISTENING.search(self.work_name) is not None:
            return True
        repeated = (loop for target in self.targets for loop in target.of(ast.While))
        return any(isinstance(loop, ast.While) and (is_endless(loop) or _consumes(loop)) for loop in repeated)

    @property
    def lasts(self) -> bool:
        """The same, by loops and names that may as well be those of a piece of work."""
        repeated = (loop for target in self.targets for loop in target.of(ast.While))
        stays = any(isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) for loop in repeated)
        return stays or self.listens or says.LASTING.search(self.work_name) is not None

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
        call = self.site.parents.get(self.site.node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("add", "append"):
            held = dotted(call.func.value)
            home = self.site.scope.lookup(held)
            found |= {held} if home is not None and home.is_function else set()
        for target, iterable in loops(self.root):
            if found & names_in(iterable):
                found |= names_in(target)
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
        kept = {dotted(place) for place in self.kept_at}
        return any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == method
            and (root_name(node.func.value) in self.names or dotted(node.func.value) in kept)
            for node in walk(self.root)
        )

    @cached_property
    def is_waited_for(self) -> bool:
        """Whether somebody in the function waits for the work, ends it, reads from it, or takes it over."""
        return awaiting.is_waited_for(self)

    @property
    def is_handed_out(self) -> bool:
        """Whether the caller, another object, or something unknown gets the work."""
        if self.row.runner is Runner.AFTER_ANSWER or self.retention is None:
            return False
        if self.retention.is_returned or self.retention.fate in (Fate.HANDED_OUT, Fate.UNKNOWN):
            return True
        return any(
            isinstance(place, ast.Attribute) and root_name(place) not in ("self", "cls", "app")
            for place in self.kept_at
        )

    @property
    def is_of_caller(self) -> bool:
        """Whether what is run is a parameter, so that the function only provides a way to run it."""
        node = self.work
        while isinstance(node, ast.Call):
            if any(self._is_parameter(given) and says.CALLABLE.search(terminal_name(given)) for given in node.args):
                return True
            node = node.args[0] if terminal_name(node.func) in says.WRAPPERS and node.args else node.func
        return node is not None and self._is_parameter(node)

    def _is_parameter(self, node: ast.expr) -> bool:
        home = self.site.scope.lookup(node.id) if isinstance(node, ast.Name) else None
        return home is not None and isinstance(node, ast.Name) and node.id in home.parameters

    @property
    def is_own_function(self) -> bool:
        """Whether a function starts itself again, as a timer does that makes a loop."""
        return self.site.function in self.targets


def _calls_at_once(work: ast.expr) -> bool:
    return isinstance(work, ast.Call) and terminal_name(work.func) not in says.WRAPPERS


def _consumes(loop: ast.While) -> bool:
    """Whether a loop without a condition takes one message after the other, until one says that it is to end."""
    return isinstance(loop.test, ast.Constant) and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in ("recv", "receive") or (node.func.attr == "get" and not node.args))
        for statement in loop.body
        for node in walk(statement)
    )


def _maker(node: ast.Name, scope: Scope) -> ast.Call | None:
    """Return the call that made what a name holds, by assignment or from a tuple or list that is gone through."""
    home = scope.lookup(node.id)
    bindings = home.bindings[node.id] if home is not None else []
    if len(bindings) != 1 or bindings[0].kind not in ("assign", "for"):
        return None
    value, where = bindings[0].value, bindings[0].scope
    if bindings[0].kind == "for":
        if isinstance(value, ast.Name):
            held = where.lookup(value.id)
            given = held.bindings[value.id] if held is not None else []
            value = given[0].value if len(given) == 1 and given[0].kind == "assign" else None
        value = value.elts[0] if isinstance(value, (ast.Tuple, ast.List)) and value.elts else None
    return value if isinstance(value, ast.Call) else None


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
