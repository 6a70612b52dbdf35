"""What a sleep is for: backing off between tries, polling for something, pacing a periodic job, or just waiting."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import System
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Purpose(enum.Enum):
    """Why somebody sleeps: a DELAY is what is none of the others."""

    BACKOFF = "between tries"
    POLL = "until something happens"
    PERIODIC = "between rounds of work"
    DELAY = "a delay"


_RETRY_WORD = re.compile(r"retr(y|ies)|attempt|tries|backoff|back_off|throttl|rate_?limit|jitter", re.IGNORECASE)
#: Conditions that say that the process or connection still lives: a loop on them is its main loop.
_LIFE_WORD = re.compile(r"stop|shut|running|alive|terminat|exit|quit|kill|closed|closing|disconnect|active|enabled|"
                        r"interrupt|cancel|connected", re.IGNORECASE)  # fmt: skip
_LOOPS = (ast.While, ast.For, ast.AsyncFor)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def sleeps(source: SourceFile) -> Iterator[CallSite]:
    """Yield the calls that do nothing but let time pass."""
    return (site for site in source.sites if site.api is not None and site.api.system is System.CLOCK)


#: Seconds below which a sleep only lets others run.
SHORT = 0.05


def is_long_delay(site: CallSite) -> bool:
    """Whether a sleep simply makes its caller wait, and long enough to be felt."""
    length = seconds(site)
    return (length is None or length >= SHORT) and purpose(site) is Purpose.DELAY


def seconds(site: CallSite) -> float | None:
    """Return how long a sleep is, where the text shows it."""
    given = site.argument("seconds", 0)
    literal = arguments.constant(given.value, given.scope)
    return float(literal.value) if literal is not None and isinstance(literal.value, (int, float)) else None


def is_asked_for(site: CallSite) -> bool:
    """Whether a sleep is an option that callers may ask for: `if self.pause is not None: sleep(self.pause)`."""
    length = site.argument("seconds", 0).value
    name = terminal_name(length) if isinstance(length, (ast.Name, ast.Attribute)) else ""
    for branch in site.inside((ast.If,)):
        test = branch.test if isinstance(branch, ast.If) else None
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot):
            test = test.left
        if name and isinstance(test, (ast.Name, ast.Attribute)) and terminal_name(test) == name:
            return True
    return False


def purpose(site: CallSite) -> Purpose:
    """Return what a sleep is for, judged by the loop around it."""
    if _names_a_retry(site.node) or any(site.inside((ast.ExceptHandler,))):
        return Purpose.BACKOFF
    loop = next(iter(_loops_around(site)), None)
    if loop is None:
        return Purpose.DELAY
    if _tries_again(loop, site):
        return Purpose.BACKOFF
    if isinstance(loop, (ast.For, ast.AsyncFor)) and not _counts(loop):
        return Purpose.DELAY
    if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in walk(loop)):
        return Purpose.PERIODIC
    return Purpose.POLL if _waits_for_a_condition(loop) else Purpose.PERIODIC


def _loops_around(site: CallSite) -> Iterator[ast.While | ast.For | ast.AsyncFor]:
    """Yield the loop statements in whose body a call stands, within its own function, innermost first."""
    for child, parent in site.ancestors():
        if isinstance(parent, _FUNCTIONS):
            return
        if isinstance(parent, (ast.While, ast.For, ast.AsyncFor)) and child in parent.body:
            yield parent


def _names_a_retry(call: ast.Call) -> bool:
    return any(_RETRY_WORD.search(name) for argument in call.args for name in names_in(argument))


def names_in(node: ast.AST) -> Iterator[str]:
    """Yield the names and attributes that occur in an expression."""
    for part in walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def _counts(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a `for` only counts its rounds: `range(30)`, `itertools.count()`."""
    return isinstance(loop.iter, ast.Call) and terminal_name(loop.iter.func) in ("range", "count", "repeat")


def _tries_again(loop: ast.While | ast.For | ast.AsyncFor, site: CallSite) -> bool:
    """Whether a loop repeats work because it failed: it counts tries, or swallows the failure of what it repeats."""
    head = loop.test if isinstance(loop, ast.While) else loop
    named = [*names_in(head)] if isinstance(loop, ast.While) else [*names_in(loop.target), *names_in(loop.iter)]
    if any(_RETRY_WORD.search(name) for name in named):
        return _has_handler(loop) or not _waits_for_a_condition(loop)
    return _has_handler(loop) and _leaves_a_try(loop)


def _has_handler(loop: ast.AST) -> bool:
    return any(isinstance(node, ast.ExceptHandler) for node in walk(loop))


def _leaves_a_try(loop: ast.AST) -> bool:
    """Whether success inside a `try` of the loop leaves it, without any condition on what came back."""
    for node in walk(loop):
        if isinstance(node, ast.Try) and node.handlers and _leaves([*node.body, *node.orelse]):
            return True
    return False


def _waits_for_a_condition(loop: ast.While | ast.For | ast.AsyncFor) -> bool:
    """Whether what ends a loop is a state that it looks at again in each round, and not the end of the process."""
    if isinstance(loop, ast.While) and not isinstance(loop.test, ast.Constant):
        if any(_LIFE_WORD.search(name) for name in names_in(loop.test)):
            return False
        if _reads_outside(loop.test) or _renews(loop, loop.test):
            return True
    return any(
        _leaves(branch.body) or _leaves(branch.orelse)
        for branch in _branches(loop)
        if not any(_LIFE_WORD.search(name) for name in names_in(branch.test))
        and (_reads_outside(branch.test) or _renews(loop, branch.test))
    )


def _branches(loop: ast.AST) -> Iterator[ast.If]:
    """Yield the conditions of a loop's own body, those of loops and functions inside it left out."""
    todo = list(getattr(loop, "body", ()))
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.If):
            yield node
        if not isinstance(node, (*_LOOPS, *_FUNCTIONS)):
            todo += [child for child in ast.iter_child_nodes(node) if isinstance(child, (ast.stmt, ast.ExceptHandler))]


def _leaves(statements: list[ast.stmt]) -> bool:
    return any(isinstance(node, (ast.Break, ast.Return)) for node in statements)


def _reads_outside(test: ast.expr) -> bool:
    """Whether a condition asks for a state as it is evaluated: a call other than of the clock, or an attribute."""
    for node in walk(test):
        if isinstance(node, ast.Call) and terminal_name(node.func) not in (
            "time",
            "monotonic",
            "perf_counter",
            "now",
            "len",
        ):
            return True
        if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Call):
            return True
    return False


def _renews(loop: ast.AST, test: ast.expr) -> bool:
    """Whether a name in a condition is bound again, from a call, in each round of the loop."""
    names = {node.id for node in walk(test) if isinstance(node, ast.Name)}
    for node in walk(loop):
        if isinstance(node, ast.Assign) and any(isinstance(part, ast.Call) for part in walk(node.value)):
            bound = {part.id for target in node.targets for part in walk(target) if isinstance(part, ast.Name)}
            if bound & names:
                return True
    return False
