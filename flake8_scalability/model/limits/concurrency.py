"""Unbounded concurrency: one task, thread or process for each item of something whose size nobody limits.

Whether there are many is told by `amounts`, whether something lets only so many through by `limiters`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import background, paging
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.loops import LoopKind
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import amounts, arrivals, crowds, limiters, measures, targets, units
from flake8_scalability.model.limits.amounts import plain
from flake8_scalability.model.limits.crowds import Crowd
from flake8_scalability.model.running.scripts import is_endless
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.stateless.background import Started, started
from flake8_scalability.project import usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What a loop uses of work for which it waits before it goes on.
_IN_TURN = (background.WAITING_METHODS | background.WAITING_ATTRIBUTES) - {"cancel", "kill", "terminate", "send_signal"}


class Unbounded(NamedTuple):
    """One place where work is started for every item.

    site: the call that has to change
    runner: what is started for each: "task", "thread"
    items: what there is one for, as the user wrote it
    starts: the starts of work that this accounts for
    remedy: what to do
    """

    site: CallSite
    runner: str
    items: str
    starts: tuple[ast.AST, ...] = ()
    remedy: str = "bound it with a semaphore or pool"


_GATHERERS = frozenset({"gather", "wait", "as_completed"})
_POOLS = frozenset({"ThreadPoolExecutor", "ProcessPoolExecutor", "ThreadPool", "Pool"})


@cache
def names() -> frozenset[str]:
    """Return the names of which a file has one wherever it starts work, or waits for much at once."""
    return background.start_names() | _GATHERERS | _POOLS


def unbounded(source: SourceFile) -> list[Unbounded]:
    """Return the places of a file, outside tools and start-up, where the input decides how much runs at once."""
    found = list(_gathered(source))
    covered = {node for each in found for node in each.starts}
    seen = set()
    for start in started(source):
        if start.site.node not in covered:
            each = _in_loop(start)
            loop = loops.enclosing(start.site)
            if each is not None and loop is not None and loop.node in seen:
                found[-1] = found[-1]._replace(starts=(*found[-1].starts, *each.starts))
            elif each is not None:
                seen.add(loop.node if loop is not None else start.site.node)
                found.append(each)
    found += _sized_by_input(source)
    return found


def _serves(site: CallSite) -> bool:
    if site.function is None:
        return False
    place = site.place
    if place is Place.STARTUP:
        return any(isinstance(loop, ast.While) and is_endless(loop) for loop in site.inside((ast.While,)))
    return place is not Place.TOOL and not (place is Place.LIBRARY and _is_called_once(site.function, site.source))


def _is_called_once(function: Scope, source: SourceFile) -> bool:
    """Whether only the start of the service calls a function, from another file."""
    if source.settings.no_project or source.graph.into.get(function):
        return False
    uses = usage.uses_elsewhere(function.name, source.filename)
    return bool(uses) and all(use is usage.Use.ONCE for use in uses or ())


# Gatherings


def _gathered(source: SourceFile) -> Iterator[Unbounded]:
    for site in source.sites_named(_GATHERERS):
        paths = site.paths
        if not paths or not site.node.args or _clears_up(site):
            continue
        if paths <= background.GATHERING:
            given = [each.value for each in site.node.args if isinstance(each, ast.Starred)]
        elif paths <= background.GATHERING_COLLECTIONS:
            given = site.node.args[:1]
        else:
            continue
        if any(amounts.is_paged(site, loop) for loop in site.inside((ast.For, ast.AsyncFor, ast.While))):
            continue
        for collection in given:
            crowd = crowds.crowd(collection, site.scope, source)
            if crowd is not None and not _is_limited(crowd, site) and _serves(site):
                yield Unbounded(site, "task", crowd.items, tuple(crowd.starts))
                break


def _clears_up(site: CallSite) -> bool:
    """Whether a call waits for what was cancelled: in a handler or at the end of what started it."""
    return any(
        isinstance(outer, ast.Try)
        and any(
            site.node in walk(statement)
            for statement in (*outer.finalbody, *(part for each in outer.handlers for part in each.body))
        )
        for outer in site.inside((ast.Try,))
    )


# Starts in loops


def _in_loop(start: Started) -> Unbounded | None:
    site = start.site
    if start.row.runner not in background.ONE_EACH:
        return None
    items = amounts.of_loop(site, site.source)
    if not items and site.standing.framework in background.EVENT_SOURCES and _runs_for_each_event(start):
        items = "event that arrives"
    if not items or not start.is_begun or _waits_each_turn(start) or _is_first_of_its_kind(start):
        return None
    if _is_exceptional(site):
        return None
    crowd = Crowd([(start.work, site.scope)] if start.work is not None else [], items, [site.node])
    if _is_limited(crowd, site) or _ends_in_turn(start) or _has_one_place(start) or not _serves(site):
        return None
    return Unbounded(
        site,
        "task" if start.row.runner is background.Runner.GROUP else start.row.runner.value.rpartition(" ")[2],
        items,
        (site.node,),
    )


def _is_exceptional(site: CallSite) -> bool:
    """Whether a turn of the loop comes to a call only where something has failed."""
    loop = loops.enclosing(site)
    first = getattr(loop.node, "lineno", 0) if loop is not None else 0
    return any(getattr(handler, "lineno", 0) > first for handler in site.inside((ast.ExceptHandler,)))


def _runs_for_each_event(start: Started) -> bool:
    """Whether a handler of events goes on while what it starts runs: one in a thread without a loop starts no task."""
    function = start.site.function
    has_loop = function is not None and isinstance(function.node, ast.AsyncFunctionDef)
    starts = has_loop or terminal_name(start.site.node.func) not in background.IN_OWN_LOOP
    return starts and not start.is_waited_for


def _waits_each_turn(start: Started) -> bool:
    """Whether the loop goes only as fast as something else that it awaits, or takes from a queue that few fill."""
    loop = loops.enclosing(start.site)
    if loop is None:
        return False
    if loop.kind is LoopKind.FOREVER:
        return arrivals.are_few(loop.node, start.site.source)
    if not isinstance(loop.node, ast.For) or start.row.runner is background.Runner.GROUP:
        return False
    own = {id(part) for part in walk(start.site.node)}
    return any(
        isinstance(node, ast.Await) and id(node) not in own and not _is_sleep(node)
        for statement in loop.node.body
        for node in walk(statement)
    )


def _is_first_of_its_kind(start: Started) -> bool:
    """Whether work is only started for what the loop has not seen before: `if kind not in begun`."""
    return any(
        isinstance(part, ast.Compare) and any(isinstance(op, ast.NotIn) for op in part.ops)
        for outer in start.site.inside((ast.If,))
        if isinstance(outer, ast.If)
        for part in walk(outer.test)
    )


def _is_sleep(node: ast.Await) -> bool:
    return isinstance(node.value, ast.Call) and terminal_name(node.value.func) == "sleep"


def _has_one_place(start: Started) -> bool:
    """Whether what is started goes to an attribute, which holds one: the next takes the place of the last."""
    statement = start.site.statement
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Attribute) for target in targets)


def _ends_in_turn(start: Started) -> bool:
    """Whether the loop itself waits for what it starts, so that one runs at a time."""
    loop = loops.enclosing(start.site)
    if loop is None or not isinstance(loop.node, (ast.For, ast.AsyncFor, ast.While)):
        return False
    own = start.retention.names if start.retention is not None else set()
    if _waits_for_its_group(start, loop.node):
        return True
    for node in walk(loop.node):
        if isinstance(node, ast.Await) and (
            any(part is start.site.node for part in walk(node.value)) or plain(node.value) in own
        ):
            return True
        used = node.value if isinstance(node, ast.Attribute) and node.attr in _IN_TURN else None
        if used is not None and (plain(used) in own or any(part is start.site.node for part in walk(used))):
            return True
    return False


def _waits_for_its_group(start: Started, loop: ast.AST) -> bool:
    """Whether a turn opens the group of tasks to which it gives what it starts, and so waits for it: `TaskGroup()`."""
    call = start.site.node.func
    group = call.value.id if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) else ""
    return any(
        isinstance(node, ast.AsyncWith)
        and any(isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == group for item in node.items)
        for node in walk(loop)
    )


# What limits


def _is_limited(crowd: Crowd, site: CallSite) -> bool:
    """Whether something lets only so many run: around the start, or in what is started."""
    source = site.source
    function = site.function
    if function is None:
        return True
    scope: Scope | None = function
    while scope is not None:
        if scope.is_function and limiters.limits(scope, source):
            return True
        if any(terminal_name(call.func) in paging.TAKING for call in scope.of(ast.Call) if isinstance(call, ast.Call)):
            return True
        scope = scope.parent
    if _are_counted(crowd, function):
        return True
    for node, home in crowd.elements:
        if not units.is_load(node, home, source):
            return True
        if targets.ends_something(node) or targets.only_puts(node) or targets.is_abstract(node, home, source):
            return True
        if targets.only_waits_first(node, home, source) or targets.only_sends(node, home, source):
            return True
        if limiters.mentions_limit(node) or targets.goes_on(node, home):
            return True
        called = [node, *(part.func for part in walk(node) if isinstance(part, ast.Call))]
        if any(limiters.target_is_limited(callee, home, source, 0) for callee in called):
            return True
    return False


def _are_counted(crowd: Crowd, function: Scope) -> bool:
    """Whether the function looks at how much there is in what the started work goes into: `if len(tasks) > 9`."""
    starts = {id(node) for node in crowd.starts}
    for scope in function.walk_same_call():
        for call in scope.of(ast.Call):
            assert isinstance(call, ast.Call)
            if terminal_name(call.func) not in ("add", "append") or not isinstance(call.func, ast.Attribute):
                continue
            given = [call.args[0]] if call.args else []
            home = scope.lookup(plain(given[0])) if given else None
            given += [each.value for each in home.bindings[plain(given[0])] if each.value is not None] if home else []
            if any(id(part) in starts for node in given for part in walk(node)) and measures.is_measured(
                plain(call.func.value), function
            ):
                return True
    return False


# Pools as large as their input


def _sized_by_input(source: SourceFile) -> Iterator[Unbounded]:
    for site in source.sites_named(_POOLS):
        row = site.api
        if row is None or row.makes is None:
            continue
        keyword = "max_workers" if "Executor" in terminal_name(site.node.func) else "processes"
        size = site.argument(keyword, 0).value
        if isinstance(size, ast.BoolOp):
            size = size.values[0]
        if not isinstance(size, ast.Call) or terminal_name(size.func) != "len" or not size.args:
            continue
        items = amounts.many(size.args[0], site.scope, source)
        if items and _serves(site):
            runner = "thread" if "Thread" in terminal_name(site.node.func) else "process"
            yield Unbounded(site, runner, items, (), f"cap {keyword}")
