"""Loops: does a call run once for each item of something, and of what?

The iterable of a `for` runs once; so does what the loop leaves behind it (`return`, `break`); retry, paging and
polling loops repeat one piece of work; a literal or `range(3)` is small.
"""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.model.language.arguments import constant
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite

SMALL = 10
#: Whole words where others contain them: "entries" are no tries, what is "retrieved" is not retried.
_TRYING_WORDS = r"attempt|retr(y|ie[sd])|(^|[_ ])(try|tries)([_ ]|$)"
_TRYING = re.compile(_TRYING_WORDS)
_PAGING = re.compile(rf"chunk|batch|page|paginat|slice|window|cursor|partitions?($|[ (])|backoff|delay|{_TRYING_WORDS}")
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
#: Calls that leave a list that they are given as it is.
_READING = frozenset({"len", "enumerate", "zip", "sorted", "reversed", "list", "tuple", "set", "any", "all", "bool"})


class LoopKind(enum.Enum):
    """What a loop repeats its body for."""

    ITEMS = "each item"
    PAGES = "each page or chunk"
    RETRY = "each try"
    WAIT = "until something happens"
    SMALL = "a few known items"
    FOREVER = "as long as the process lives"


class Loop(NamedTuple):
    """A loop around a call: the statement or comprehension, and what it repeats its body for."""

    node: ast.AST
    kind: LoopKind


def enclosing(site: CallSite) -> Loop | None:
    """Return the innermost loop in whose body a call runs more than once, within the call's own function."""
    return next(around(site), None)


def around(site: CallSite) -> Iterator[Loop]:
    """Yield the loops in whose bodies a call runs more than once, innermost first, within the call's own function."""
    if not site.source.may_be_repeated(site.node, site.scope):
        return
    scope: Scope | None = site.scope
    leaving: type | None = None
    below: ast.AST = site.node
    for child, parent in site.ancestors():
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        leaving = _leaving(child, parent, leaving)
        if isinstance(parent, _LOOPS):
            if _repeats(child, parent) and leaving is None:
                yield Loop(parent, kind_of(parent, site))
            leaving = None if leaving is ast.Break else leaving
        if isinstance(parent, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            first = parent.generators[0]
            if child is not first or below is not first.iter:
                yield Loop(parent, _kind_of_iterable(first.iter, terminal_name(first.target), scope))
        below = child


def _repeats(child: ast.AST, loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Whether a direct child of a loop statement belongs to what is repeated."""
    if isinstance(loop, ast.While) and child is loop.test:
        return True
    return child in loop.body


def _leaving(child: ast.AST, parent: ast.AST, known: type | None) -> type | None:
    """Return the statement (its class) with which the block around the call leaves right after it, if it leaves.

    What is tried is not left: its failure may be caught, and the loop goes on.
    """
    if isinstance(parent, ast.Try) and child in parent.body:
        return None
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if not isinstance(block, list) or child not in block:
            continue
        following = block[block.index(child) :]
        if isinstance(following[-1], (ast.Return, ast.Break, ast.Raise)) and not any(map(_continues, following)):
            return type(following[-1])
    return known


def _continues(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Continue) for node in walk(statement))


def kind_of(loop: ast.For | ast.AsyncFor | ast.While, site: CallSite) -> LoopKind:
    """Return what a loop statement around a call repeats its body for."""
    if isinstance(loop, ast.While):
        return _kind_of_while(loop)
    if _is_retry(loop, site):
        return LoopKind.RETRY
    return _kind_of_iterable(loop.iter, terminal_name(loop.target), site.scope)


def _kind_of_while(loop: ast.While) -> LoopKind:
    if any(isinstance(node, ast.ExceptHandler) for node in walk(loop)) and _counts_tries(loop):
        return LoopKind.RETRY
    if sleeps_in(loop):
        return LoopKind.WAIT
    if isinstance(loop.test, ast.Constant):
        leaves = any(isinstance(node, (ast.Break, ast.Return)) for node in walk(loop))
        return LoopKind.PAGES if leaves else LoopKind.FOREVER
    if isinstance(loop.test, ast.Name) and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("pop", "popleft")
        and terminal_name(node.func.value) == loop.test.id
        for node in walk(loop)
    ):
        return LoopKind.ITEMS
    return LoopKind.PAGES


def _counts_tries(loop: ast.While) -> bool:
    words = {node.id.lower() for node in walk(loop) if isinstance(node, ast.Name)}
    return any(part in word for word in words for part in ("retr", "attempt", "tries"))


def sleeps_in(loop: ast.AST) -> bool:
    """Whether something named sleep is called in a loop's body."""
    return any(isinstance(node, ast.Call) and terminal_name(node.func) == "sleep" for node in walk(loop))


def _is_retry(loop: ast.For | ast.AsyncFor, site: CallSite) -> bool:
    """A `for` that tries again: over a range or a retrying object, with the call in a `try` that goes on."""
    if not isinstance(loop.iter, ast.Call):
        return False
    name = terminal_name(loop.iter.func).lower()
    if "retry" in name or "attempt" in name:
        return True
    if name not in ("range", "count"):
        return False
    target = terminal_name(loop.target).lower()
    if _TRYING.search(target):
        return True
    tries = [node for node in site.inside((ast.Try,)) if isinstance(node, ast.Try) and node.handlers]
    return bool(tries) and not any(
        isinstance(node, ast.Name) and node.id == target
        for argument in getattr(site.node, "args", ())
        for node in walk(argument)
    )


def _kind_of_iterable(iterable: ast.expr, target: str, scope: Scope | None) -> LoopKind:
    if is_small(iterable, scope):
        return LoopKind.SMALL
    named = " ".join(
        (node.id if isinstance(node, ast.Name) else node.attr).lower()
        for node in walk(iterable)
        if isinstance(node, (ast.Name, ast.Attribute))
    )
    if _PAGING.search(named) or _PAGING.search(target.lower()):
        return LoopKind.PAGES
    return LoopKind.ITEMS


def is_small(iterable: ast.expr, scope: Scope | None) -> bool:
    """Whether the text shows that an iterable is short: a literal, `range(3)`, a constant slice, or a name of one."""
    if isinstance(iterable, (ast.Tuple, ast.List, ast.Set)):
        return len(iterable.elts) <= SMALL and not any(isinstance(part, ast.Starred) for part in iterable.elts)
    if isinstance(iterable, ast.Dict):
        return len(iterable.keys) <= SMALL
    if isinstance(iterable, ast.Subscript) and isinstance(iterable.slice, ast.Slice):
        upper = constant(iterable.slice.upper, scope)
        return upper is not None and isinstance(upper.value, int) and upper.value <= SMALL
    if isinstance(iterable, ast.Call):
        name = terminal_name(iterable.func)
        if name == "range":
            bounds = [constant(argument, scope) for argument in iterable.args]
            return all(b is not None and isinstance(b.value, int) and abs(b.value) <= SMALL for b in bounds)
        if name in ("enumerate", "zip", "sorted", "reversed", "list", "tuple", "items", "keys", "values"):
            given = iterable.args[:1] or ([iterable.func.value] if isinstance(iterable.func, ast.Attribute) else [])
            return bool(given) and is_small(given[0], scope)
        return False
    if isinstance(iterable, ast.Name) and scope is not None:
        home = scope.lookup(iterable.id)
        bindings = home.bindings[iterable.id] if home is not None else []
        if len(bindings) == 1 and bindings[0].kind == "assign" and bindings[0].value is not None:
            value = bindings[0].value
            if isinstance(value, ast.List) and not value.elts:
                return _is_filled_by_hand(iterable.id, home)
        return bool(bindings) and all(each.kind == "assign" and _is_short(each.value, scope) for each in bindings)
    return False


def _is_short(value: ast.expr | None, scope: Scope) -> bool:
    """Whether a value is a display of a few things, which has some: an empty one will be filled."""
    filled = getattr(value, "elts", None) or getattr(value, "keys", None)
    return isinstance(value, (ast.Tuple, ast.List, ast.Set, ast.Dict)) and bool(filled) and is_small(value, scope)


def _is_filled_by_hand(name: str, home: Scope | None) -> bool:
    """Whether a list that begins empty is only added to one by one, and outside of loops: it is as long as the text."""
    uses = 0
    for scope in home.walk() if home is not None and home.is_function else ():
        lines = [
            (loop.lineno, loop.end_lineno or loop.lineno) for loop in scope.of(*_LOOPS) if isinstance(loop, ast.stmt)
        ]
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            given = (*node.args, *(each.value for each in node.keywords))
            if terminal_name(node.func) not in _READING and any(terminal_name(part) == name for part in given):
                return False
            if isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) == name:
                if node.func.attr != "append" or scope.is_comprehension:
                    return False
                if any(first <= node.lineno <= last for first, last in lines):
                    return False
                uses += 1
    return 0 < uses <= SMALL
