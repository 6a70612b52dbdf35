"""Scheduled jobs: the functions that a scheduler of this process, a timer or a loop runs again and again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import scheduling
from flake8_scalability.catalog.rows import expand
from flake8_scalability.catalog.scheduling import Schedule
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.sites import spelled
from flake8_scalability.project import usage

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile


#: What begins the chain of a job of `schedule`, and the class of timers.
_EVERY = "every"
_TIMER = "Timer"


class Job(NamedTuple):
    """A job as the file schedules it.

    name: what the job is called
    scheduler: by what it is scheduled
    function: the function of the file, None where it is imported or a lambda
    node: the registration: a decorator or a call
    scope: where the registration stands
    given: what the registration is given as the job
    """

    name: str
    scheduler: str
    function: Scope | None
    node: ast.expr
    scope: Scope
    given: ast.expr | None = None


@cache
def _by_path(field: str) -> dict[str, Schedule]:
    return {path: row for row in scheduling.SCHEDULES for path in expand(getattr(row, field))}


@cache
def _by_name() -> dict[str, tuple[Schedule, ...]]:
    found: dict[str, tuple[Schedule, ...]] = {}
    for row in scheduling.SCHEDULES:
        for name in row.names.split():
            found[name] = (*found.get(name, ()), row)
    return found


@cache
def _names(field: str) -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _by_path(field)) | _by_name().keys()


def names() -> frozenset[str]:
    """Return words of which a file that schedules jobs has at least one."""
    return _names("decorators") | _names("calls") | {_EVERY, _TIMER}


def jobs(source: SourceFile) -> Iterator[Job]:
    """Yield the jobs that the file schedules in its own process, in no order."""
    for scope in source.scopes:
        if scope.is_function:
            yield from _decorated(scope, source)
    for name in _names("calls"):
        for node, scope in source.calls_by_name.get(name, ()):
            yield from _registered(node, scope, source)
    for node, scope in source.calls_by_name.get(scheduling.CHAIN_END, ()):
        if _is_every(node, scope, source) and node.args:
            yield _job(node.args[0], "schedule", node, scope, source)
    for node, scope in source.calls_by_name.get(_TIMER, ()):
        yield from _timer(node, scope, source)


def _decorated(function: Scope, source: SourceFile) -> Iterator[Job]:
    outside = function.parent or function
    for decorator in function.decorators:
        call = decorator if isinstance(decorator, ast.Call) else None
        node = call.func if call is not None else decorator
        if terminal_name(node) not in _names("decorators"):
            continue
        row = _row(node, call, outside, source, "decorators")
        if row is not None:
            yield Job(function.name, row.scheduler, function, decorator, outside)
            return


def _registered(node: ast.Call, scope: Scope, source: SourceFile) -> Iterator[Job]:
    row = _row(node.func, node, scope, source, "calls")
    if row is None or not (row.calls or row.keyword) or terminal_name(node.func) == "task":
        return
    given = [keyword.value for keyword in node.keywords if keyword.arg == row.keyword]
    given += node.args[row.argument : row.argument + 1] if row.argument >= 0 else []
    if given:
        yield _job(given[0], row.scheduler, node, scope, source)


def _row(node: ast.expr, call: ast.Call | None, scope: Scope, source: SourceFile, field: str) -> Schedule | None:
    """Return the row of a decorator or call: by its path, else by its name and what it is called on."""
    name, paths = terminal_name(node), source.resolver.paths(node, scope)
    row = next((_by_path(field)[path] for path in paths if path in _by_path(field)), None)
    for candidate in _by_name().get(name, ()) if row is None else ():
        if bool(candidate.calls) is not (field == "calls"):
            continue
        if not candidate.receivers or (
            isinstance(node, ast.Attribute)
            and re.fullmatch(candidate.receivers, terminal_name(node.value), re.IGNORECASE)
        ):
            row = candidate
            break
    if row is None or (row.once and call is not None and _is_true(call, row.once)):
        return None
    if row.trigger is not None and (call is None or not _is_periodic(call, row, scope)):
        return None
    return row


def _is_true(call: ast.Call, name: str) -> bool:
    return any(
        keyword.arg == name and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
        for keyword in call.keywords
    )


def _is_periodic(call: ast.Call, row: Schedule, scope: Scope) -> bool:
    """Whether the call is given a trigger that repeats: a word for one, or an object whose class is one."""
    assert row.trigger is not None
    if any(keyword.arg in scheduling.ONCE for keyword in call.keywords):
        return False
    given = [keyword.value for keyword in call.keywords if keyword.arg == row.trigger_keyword]
    given += call.args[row.trigger : row.trigger + 1]
    return any(_repeats(node, scope, 3) for node in given)


def _repeats(node: ast.expr | None, scope: Scope, steps: int) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in scheduling.PERIODIC_WORDS
    if isinstance(node, ast.Call):
        return terminal_name(node.func) in scheduling.PERIODIC_TRIGGERS
    if isinstance(node, ast.IfExp):
        return _repeats(node.body, scope, steps) or _repeats(node.orelse, scope, steps)
    home = scope.lookup(node.id) if isinstance(node, ast.Name) and steps else None
    if home is None or not isinstance(node, ast.Name):
        return False
    return any(_repeats(binding.value, binding.scope, steps - 1) for binding in home.bindings[node.id])


def _is_every(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call of `do` ends a chain that `schedule.every()` begins."""
    inner: ast.expr = node.func
    while isinstance(inner, (ast.Attribute, ast.Call)):
        if isinstance(inner, ast.Call) and terminal_name(inner.func) == _EVERY:
            paths = source.resolver.paths(inner.func, scope)
            return not paths.isdisjoint(scheduling.EVERY - {"every"}) or (
                isinstance(inner.func, ast.Attribute) and "sched" in terminal_name(inner.func.value).lower()
            )
        inner = inner.value if isinstance(inner, ast.Attribute) else inner.func
    return False


def _timer(node: ast.Call, scope: Scope, source: SourceFile) -> Iterator[Job]:
    """Yield the function that a `threading.Timer` runs, where that starts the next one itself, and others the first."""
    if source.resolver.paths(node.func, scope).isdisjoint({"threading.Timer", "Timer"}) or scope.function is None:
        return
    given = node.args[1:2] + [keyword.value for keyword in node.keywords if keyword.arg == "function"]
    for value in source.resolver.values(given[0], scope) if given else ():
        if value.target is scope.function and _is_begun(value.target, source):
            yield Job(value.target.name, "Timer", value.target, node, scope)


def _is_begun(function: Scope, source: SourceFile) -> bool:
    """Whether something outside of a function starts it, here or, where that can be seen, in another file."""
    word = re.compile(rf"\b{re.escape(function.name)}\b")
    first, last = function.node.lineno, function.node.end_lineno  # type: ignore[attr-defined]
    around = [line.partition("#")[0] for line in (*source.lines[: first - 1], *source.lines[last:])]
    if any(word.search(line) for line in around) or source.settings.no_project:
        return True
    return usage.uses_elsewhere(function.name, source.filename) != []


def _job(given: ast.expr, scheduler: str, node: ast.Call, scope: Scope, source: SourceFile) -> Job:
    """Return the job that a registration is given; partials and wrappers are looked through by the model."""
    if isinstance(given, ast.Call) and terminal_name(given.func) == "partial" and given.args:
        given = given.args[0]
    values = source.resolver.values(given, scope)
    function = values[0].target if len(values) == 1 else None
    if function is not None and not function.is_function:
        function = None
    name = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else spelled(given)
    if name == "(…)":
        name = "lambda" if isinstance(given, ast.Lambda) else "job"
    return Job(name, scheduler, function, node, scope, given)
