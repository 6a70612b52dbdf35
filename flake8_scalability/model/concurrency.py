"""Unbounded concurrency: one task, thread or process for each item of something whose size nobody limits.

Whether there are many is told by `amounts`, whether something lets only so many through by `limiters`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import background
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model import amounts, limiters, loops
from flake8_scalability.model.amounts import plain
from flake8_scalability.model.background import Started, started
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.scripts import is_endless
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 4
#: What a loop uses of work for which it waits before it goes on.
_IN_TURN = (background.WAITING_METHODS | background.WAITING_ATTRIBUTES) - {"cancel", "kill", "terminate", "send_signal"}


class Unbounded(NamedTuple):
    """One place where work is started for every item.

    site: the call that has to change
    runner: what is started for each: "task", "thread"
    items: what there is one for, as the user wrote it
    starts: the starts of work that this accounts for
    """

    site: CallSite
    runner: str
    items: str
    starts: tuple[ast.AST, ...] = ()


def unbounded(source: SourceFile) -> list[Unbounded]:
    """Return the places of a file, outside tools and start-up, where the input decides how much runs at once."""
    found = list(_gathered(source))
    covered = {node for each in found for node in each.starts}
    for start in started(source):
        if start.site.node not in covered:
            each = _in_loop(start)
            if each is not None:
                found.append(each)
    found += _sized_by_input(source)
    return found


def _serves(site: CallSite) -> bool:
    if site.function is None:
        return False
    place = site.place
    if place is Place.STARTUP:
        return any(isinstance(loop, ast.While) and is_endless(loop) for loop in site.inside((ast.While,)))
    return place is not Place.TOOL


# Gatherings


def _gathered(source: SourceFile) -> Iterator[Unbounded]:
    for site in source.sites_named(frozenset({"gather", "wait", "as_completed"})):
        paths = site.paths
        if not paths or not site.node.args or not _serves(site):
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
            crowd = _crowd(collection, site.scope, source)
            if crowd is not None and not _is_limited(crowd, site):
                yield Unbounded(site, "task", crowd.items, tuple(crowd.starts))
                break


class _Crowd(NamedTuple):
    """Many awaitables: the expressions that make each, the scope of these, what they are made of, and the calls."""

    elements: list[tuple[ast.expr, Scope]]
    items: str
    starts: list[ast.AST]


def _crowd(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> _Crowd | None:
    """Return the awaitables that an expression holds, where there is one for each item of unknown many."""
    if steps > MAX_STEPS:
        return None
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        inner = source.scope_of[node]
        items = amounts.many(node.generators[-1].iter, scope, source) or amounts.many(
            node.generators[0].iter, scope, source
        )
        # What runs already is only waited for.
        if not items or not any(True for _ in _calls(node.elt)):
            return None
        return _Crowd([(node.elt, inner)], items, list(_calls(node.elt)))
    if isinstance(node, ast.Call):
        name = terminal_name(node.func)
        if name == "map" and len(node.args) == 2:
            items = amounts.many(node.args[1], scope, source)
            return _Crowd([(node.args[0], scope)], items, []) if items else None
        if name in ("list", "tuple", "set") and node.args:
            return _crowd(node.args[0], scope, source, steps + 1)
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _crowd(node.left, scope, source, steps + 1) or _crowd(node.right, scope, source, steps + 1)
    if isinstance(node, ast.Name):
        return _named_crowd(node.id, scope, source, steps)
    return None


def _named_crowd(name: str, scope: Scope, source: SourceFile, steps: int) -> _Crowd | None:
    home = scope.lookup(name)
    if home is None or home.function is None:
        return None
    for binding in home.bindings[name]:
        if binding.kind == "assign" and binding.value is not None:
            found = _crowd(binding.value, binding.scope, source, steps + 1)
            if found is not None:
                return found
    for node in (node for each in home.walk_same_call() for node in each.of(ast.Call)):
        assert isinstance(node, ast.Call)
        if (
            not isinstance(node.func, ast.Attribute)
            or node.func.attr not in ("append", "add", "extend")
            or not node.args
        ):
            continue
        if terminal_name(node.func) and plain(node.func.value) != name:
            continue
        if node.func.attr == "extend":
            found = _crowd(node.args[0], home, source, steps + 1)
            if found is not None:
                return found
            continue
        site = source.site(node, home)
        items = amounts.of_loop(site, source)
        if items:
            return _Crowd([(node.args[0], home)], items, [*_calls(node.args[0]), *_made(node.args[0], home)])
    return None


def _calls(node: ast.expr) -> Iterator[ast.AST]:
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            yield part


def _made(node: ast.expr, home: Scope) -> Iterator[ast.AST]:
    """Yield the calls whose results a name holds."""
    for binding in home.bindings.get(plain(node), ()):
        if binding.value is not None:
            yield from _calls(binding.value)


# Starts in loops


def _in_loop(start: Started) -> Unbounded | None:
    site = start.site
    if start.row.runner not in background.ONE_EACH or not _serves(site):
        return None
    items = amounts.of_loop(site, site.source)
    if not items and site.standing.framework in background.EVENT_SOURCES and not start.is_waited_for:
        items = "event that arrives"
    if not items or not start.is_begun:
        return None
    crowd = _Crowd([(start.work, site.scope)] if start.work is not None else [], items, [site.node])
    if _is_limited(crowd, site) or _ends_in_turn(start) or _has_one_place(start):
        return None
    return Unbounded(
        site,
        "task" if start.row.runner is background.Runner.GROUP else start.row.runner.value.rpartition(" ")[2],
        items,
        (site.node,),
    )


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
    for node in ast.walk(loop.node):
        if isinstance(node, ast.Await) and (
            any(part is start.site.node for part in ast.walk(node.value)) or plain(node.value) in own
        ):
            return True
        used = node.value if isinstance(node, ast.Attribute) and node.attr in _IN_TURN else None
        if used is not None and (plain(used) in own or any(part is start.site.node for part in ast.walk(used))):
            return True
    return False


# What limits


def _is_limited(crowd: _Crowd, site: CallSite) -> bool:
    """Whether something lets only so many run: around the start, or in what is started."""
    source = site.source
    function = site.function
    if function is None:
        return True
    scope: Scope | None = function
    while scope is not None:
        if scope.is_function and limiters.limits(scope, source):
            return True
        scope = scope.parent
    for node, home in crowd.elements:
        if limiters.mentions_limit(node):
            return True
        called = [node, *(part.func for part in ast.walk(node) if isinstance(part, ast.Call))]
        if any(limiters.target_is_limited(callee, home, source, 0) for callee in called):
            return True
    return False


# Pools as large as their input


def _sized_by_input(source: SourceFile) -> Iterator[Unbounded]:
    for site in source.sites_named(frozenset({"ThreadPoolExecutor", "ProcessPoolExecutor", "ThreadPool", "Pool"})):
        row = site.api
        if row is None or row.makes is None or not _serves(site):
            continue
        size = site.argument("max_workers" if "Executor" in terminal_name(site.node.func) else "processes", 0).value
        if isinstance(size, ast.BoolOp):
            size = size.values[0]
        if not isinstance(size, ast.Call) or terminal_name(size.func) != "len" or not size.args:
            continue
        items = amounts.many(size.args[0], site.scope, source)
        if items:
            yield Unbounded(site, "thread" if "Thread" in terminal_name(site.node.func) else "process", items)
