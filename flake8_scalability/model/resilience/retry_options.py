"""Retries that a library makes: where a file uses them, whether they back off, and whether they end."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Callable, NamedTuple

from flake8_scalability.catalog import lookup, resilience
from flake8_scalability.catalog.rows import GuardKind, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import ABSENT, Argument, Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import retries
from flake8_scalability.model.resilience.guards import Found, known

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Seconds between tries from which on a constant pause hammers nobody.
LONG = 300
#: Options that say in seconds how long a retry waits.
_PAUSES = frozenset({"default_retry_delay", "retry_kwargs", "wait", "delay", "interval"})


class Applied(NamedTuple):
    """A retrying guard of the catalogue in use: the guard, and the function that it decorates, if it is a decorator."""

    found: Found
    scope: Scope
    function: Scope | None = None


def retrying(source: SourceFile) -> Iterator[Applied]:
    """Yield every use of a library's retry in a file: decorators, wrappers, loops and policies."""
    names = _retrying_names(source)
    decorators: set[ast.AST] = set()
    for scope in source.scopes if not source.decorating_names.isdisjoint(names) else ():
        for decorator in scope.decorators if scope.is_function else ():
            if terminal_name(decorator.func if isinstance(decorator, ast.Call) else decorator) in names:
                decorators.add(decorator)
                outside = scope.parent or scope
                found = known(decorator, outside, source.resolver) or _by_option(decorator, outside)
                if found is not None and found.kind is GuardKind.RETRY:
                    yield Applied(found, scope.parent or scope, scope)
    for name in source.calls_by_name.keys() & names:
        for node, scope in source.calls_by_name[name]:
            if node not in decorators:
                found = known(node, scope, source.resolver)
                if found is not None and found.kind is GuardKind.RETRY and found.call is node:
                    yield Applied(found, scope)


def _by_option(decorator: ast.expr, scope: Scope) -> Found | None:
    """Return the guard that a decorator's options tell it to be, where its own name does not."""
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
        path = resilience.TELLTALES.get(keyword.arg or "")
        row = lookup.guard(path) if path else None
        if row is not None:
            assert isinstance(decorator, ast.Call)
            return Found(decorator, row.kind, scope, decorator, row, path or "")
    return None


#: Calls that reach nothing outside the process: built-in functions, and what writes to the log.
_COMPUTING = frozenset(dir(builtins)) - {"open", "exec", "eval", "__import__"} | {
    *("debug", "info", "warning", "error", "exception", "critical", "log"),
}


def tasks_again(source: SourceFile) -> Iterator[tuple[ast.Call, Scope]]:
    """Yield the calls with which a failed task asks to be tried again after a constant pause."""
    for scope in source.scopes:
        if ast.ExceptHandler not in scope.nodes or scope.function is None:
            continue
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            option = resilience.TASK_RETRIES.get(terminal_name(node.func))
            if option is None or not isinstance(node.func, ast.Attribute):
                continue
            given = arguments.find(node, scope, option)
            literal = arguments.constant(given.value, given.scope) if given.given is Given.PRESENT else None
            if literal is None or not isinstance(literal.value, (int, float)) or literal.value >= LONG:
                continue
            if _handles_failure(node, scope) and not _is_one_try(node, scope):
                yield node, scope


def _is_one_try(node: ast.Call, scope: Scope) -> bool:
    """Whether this is asked for one try only: `max_retries=1`, or where the number of tries so far decides."""
    literal = arguments.constant(arguments.find(node, scope, "max_retries").value, scope)
    if literal is not None and literal.value in (0, 1):
        return True
    last = node.end_lineno or node.lineno
    return any(
        branch.lineno <= node.lineno and last <= (branch.end_lineno or 0) and _counts_tries(branch.test)
        for branch in scope.of(ast.If)
        if isinstance(branch, ast.If)
    )


def _counts_tries(test: ast.expr) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "retries" for part in walk(test))


def pauses_long(found: Found) -> bool:
    """Whether the constant pause is five minutes or more, so that nothing is hammered."""
    for keyword in found.call.keywords if found.call is not None else ():
        if keyword.arg in _PAUSES and any(
            isinstance(part, ast.Constant) and isinstance(part.value, (int, float)) and part.value >= LONG
            for part in walk(keyword.value)
        ):
            return True
    return False


def _handles_failure(node: ast.Call, scope: Scope) -> bool:
    handlers = [handler for handler in scope.of(ast.ExceptHandler) if isinstance(handler, ast.ExceptHandler)]
    around = [handler for handler in handlers if handler.lineno <= node.lineno <= (handler.end_lineno or 0)]
    return bool(around) and not retries.is_refusal(around) and _may_be_remote(around, scope)


def _may_be_remote(around: list[ast.ExceptHandler], scope: Scope) -> bool:
    """Whether what failed calls anything but functions that only compute."""
    for attempt in scope.of(ast.Try):
        if isinstance(attempt, ast.Try) and any(handler in around for handler in attempt.handlers):
            calls = [node for part in attempt.body for node in walk(part) if isinstance(node, ast.Call)]
            return any(terminal_name(call.func) not in _COMPUTING for call in calls)
    return True


def is_policy(found: Found) -> bool:
    """Whether a guard is an object that others are configured with, so that where it is made does not matter."""
    return found.row in resilience.POLICIES


def _retrying_names(source: SourceFile) -> frozenset[str]:
    """Return the names under which the file may call a library's retry: its own, and aliases of the file."""
    known_names = _catalogued_names()
    aliases = {
        alias.asname
        for node, _ in source.nodes(ast.ImportFrom)
        for alias in getattr(node, "names", ())
        if alias.asname and alias.name in known_names
    }
    return known_names | aliases if aliases else known_names


@cache
def _catalogued_names() -> frozenset[str]:
    paths = [path for path, row in lookup.tables().guards.items() if row.kind is GuardKind.RETRY]
    return frozenset(path.rpartition(".")[2] for path in paths if not path.endswith("()"))


def stops(found: Found, resolver: Resolver) -> bool:
    """Whether a library's retry ends: a bound is given, or there by default.  What can't be read counts as one."""
    row = found.row
    return row is None or _judged(found, row.stop, row.stops, lambda _, given: _is_bound(given, resolver))


def backs_off(found: Found, resolver: Resolver) -> bool:
    """Whether the waits of a library's retry grow or are spread.  What can't be read counts as growing."""
    row = found.row
    if row is None:
        return True
    thresholds = _tables().grows_above.get(found.path, {})
    return _judged(
        found, row.wait, row.waits, lambda name, given: _is_growing(given, thresholds.get(name, 0), resolver)
    )


def is_off(found: Found) -> bool:
    """Whether the options leave few tries: two of a function, three of a connection: `HTTPAdapter(max_retries=2)`."""
    for name in found.row.stop if found.row else ():
        given = _option(found, name)
        value = given.value
        if isinstance(value, ast.Call) and terminal_name(value.func) == "stop_after_attempt" and value.args:
            value = value.args[0]
        literal = arguments.constant(value, given.scope)
        few = (0, 1, 2, False) if is_policy(found) else (0, 1, False)
        if literal is not None and literal.value in few:
            return True
    return False


def _judged(found: Found, names: tuple[str, ...], default: bool, good: Callable[[str, Argument], bool]) -> bool:
    """Whether one of the options is given and good; where not all of them are given, the library's default counts."""
    given = {name: _option(found, name) for name in names}
    if any(argument.given is Given.UNKNOWN for argument in given.values()):
        return True
    present = {name: argument for name, argument in given.items() if argument.given is Given.PRESENT}
    if any(good(name, argument) for name, argument in present.items()):
        return True
    return default and (not names or len(present) < len(names))


def _option(found: Found, name: str) -> Argument:
    if found.call is None:
        return ABSENT
    return arguments.find(found.call, found.scope, name, _tables().positions.get(found.path, {}).get(name))


def _is_bound(given: Argument, resolver: Resolver) -> bool:
    literal = arguments.constant(given.value, given.scope)
    if literal is not None:
        return literal.value is not None and literal.value != -1
    return not (_is_minus_one(given.value) or _is_listed(given, _tables().endless, resolver))


def _is_minus_one(node: ast.expr | None) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)


def _is_growing(given: Argument, threshold: float, resolver: Resolver) -> bool:
    literal = arguments.constant(given.value, given.scope)
    if literal is None:
        return not _is_listed(given, _tables().constant, resolver)
    if isinstance(literal.value, (bool, int, float)):
        return literal.value > threshold
    return literal.value is not None


def _is_listed(given: Argument, paths: frozenset[str], resolver: Resolver) -> bool:
    """Whether an option is one of the listed functions or objects, itself or called."""
    if given.value is None or given.scope is None:
        return False
    node = given.value.func if isinstance(given.value, ast.Call) else given.value
    found = resolver.paths(node, given.scope)
    return bool(found) and all(path in paths or path[:-2] in paths for path in found)


class _Tables(NamedTuple):
    """What `catalog.resilience` says beside its rows, by access path."""

    positions: dict[str, dict[str, int]]
    grows_above: dict[str, dict[str, float]]
    constant: frozenset[str]
    endless: frozenset[str]


@cache
def _tables() -> _Tables:
    return _Tables(
        {path: each for paths, each in resilience.POSITIONS.items() for path in expand(paths)},
        {path: each for paths, each in resilience.GROWS_ABOVE.items() for path in expand(paths)},
        frozenset(path for paths in resilience.CONSTANT for path in expand(paths)),
        frozenset(path for paths in resilience.ENDLESS for path in expand(paths)),
    )
