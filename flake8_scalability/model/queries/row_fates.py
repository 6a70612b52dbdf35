"""Fates of rows: what a function does with the rows that it has fetched.

Rows that are only sifted by a condition, or reduced to a number or to the values of a column, were fetched for what the
database could have told.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.queries.query_runs import Run
    from flake8_scalability.model.source import SourceFile

_REDUCING = frozenset({"sum", "min", "max", "set", "frozenset", "Counter", "mean", "fmean"})
_PRESENCE = frozenset({"any", "all"})
_WRAPPING = frozenset({"list", "tuple", "sorted", "reversed", "iter"})
#: Calls that a database has as well, or that do not look at a row.
_HARMLESS = frozenset({"lower", "upper", "strip", "len", "str", "int", "abs", "timedelta", "date", "now", "utcnow"})


class Fate(enum.Enum):
    """What becomes of rows."""

    NONE = "nothing, or they are counted"
    SIFTED = "those that answer a condition are kept, or looked for"
    REDUCED = "a number, or the values of a column, are made of them"
    GIVEN = "whoever calls the function gets all of them"
    USED = "something is done with each"


def fate(run: Run, function: Scope, source: SourceFile) -> Fate:
    """Return what becomes of the rows of a query: what costs the most, where they are used more than once."""
    parents = source.parents(function)
    found = {_of_use(use, parents) for use in _uses(run.node, function, parents)} - {Fate.NONE}
    for each in (Fate.USED, Fate.GIVEN, Fate.REDUCED, Fate.SIFTED):
        if each in found:
            return each
    return Fate.NONE


def are_choices(run: Run, function: Scope, source: SourceFile) -> bool:
    """Whether the rows of a query become the choices of a field: few can be chosen from, and all have to be there."""
    parents = source.parents(function)
    for use in _uses(run.node, function, parents):
        above: ast.AST | None = use
        while above is not None and not isinstance(above, ast.stmt):
            above = parents.get(above)
        made = above.targets if isinstance(above, ast.Assign) else []
        if any(isinstance(each, ast.Attribute) and each.attr == "choices" for each in made):
            return True
    return False


def is_looked_up(run: Run, function: Scope, source: SourceFile) -> bool:
    """Whether other values are looked for in what a function makes of the rows of a query."""
    parents, node = source.parents(function), run.node
    above: ast.AST | None = node
    while above is not None and not isinstance(above, ast.stmt):
        above = parents.get(above)
    made = {terminal_name(each) for each in above.targets} if isinstance(above, ast.Assign) else set()
    return any(
        isinstance(part, ast.Compare)
        and isinstance(part.ops[0], (ast.In, ast.NotIn))
        and terminal_name(part.comparators[0]) in made
        for part in walk(function.node)
    )


def _uses(node: ast.AST, function: Scope, parents: dict[ast.AST, ast.AST], steps: int = 3) -> Iterator[ast.AST]:
    """Yield the expression that holds the rows where they are used: itself, or the local name that is given them."""
    parent = parents.get(node)
    while isinstance(parent, ast.Await) or (
        isinstance(parent, ast.Call) and node in parent.args and terminal_name(parent.func) in _WRAPPING
    ):
        node, parent = parent, parents.get(parent)
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    if not isinstance(target, ast.Name) or not steps:
        yield node
        return
    for part in walk(function.node):
        same = isinstance(part, ast.Name) and part.id == target.id and isinstance(part.ctx, ast.Load)
        if same and getattr(part, "lineno", 0) >= target.lineno:
            yield from _uses(part, function, parents, steps - 1)


def _of_use(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Fate:
    parent = parents.get(node)
    if isinstance(parent, (ast.Return, ast.Yield)):
        return Fate.GIVEN
    if isinstance(parent, (ast.For, ast.AsyncFor)):
        return Fate.SIFTED if _sifts(parent) else Fate.USED
    if isinstance(parent, ast.comprehension):
        return _of_comprehension(parent, parents)
    if isinstance(parent, ast.Call) and node in parent.args:
        name = terminal_name(parent.func)
        return Fate.REDUCED if name in _REDUCING else Fate.NONE if name in ("len", "bool") else Fate.USED
    if isinstance(parent, (ast.If, ast.While, ast.IfExp, ast.UnaryOp, ast.BoolOp)):
        return Fate.NONE
    return Fate.USED


def _of_comprehension(generator: ast.comprehension, parents: dict[ast.AST, ast.AST]) -> Fate:
    """Return what a comprehension makes of the rows that it goes over."""
    made = parents.get(generator)
    outer = parents.get(made) if made is not None else None
    name = terminal_name(outer.func) if isinstance(outer, ast.Call) and made in outer.args else ""
    tests = [*generator.ifs, made.elt] if isinstance(made, ast.GeneratorExp) and name in _PRESENCE else generator.ifs
    if tests:
        return Fate.SIFTED if all(_is_of_database(test, generator.target) for test in tests) else Fate.USED
    value = made.elt if isinstance(made, (ast.SetComp, ast.GeneratorExp)) else None
    if _is_column(value, generator.target) and (isinstance(made, ast.SetComp) or name in _REDUCING):
        return Fate.REDUCED
    return Fate.GIVEN if isinstance(outer, (ast.Return, ast.Yield)) else Fate.USED


def _sifts(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a turn does nothing but to ask a condition of its row, and something for the rows that answer it."""
    only = loop.body[0]
    if not isinstance(only, ast.If) or only.orelse:
        return False
    skips = isinstance(only.body[-1], ast.Continue)
    if skips and _is_of_given(only.test, loop):
        return False
    return (len(loop.body) == 1 or skips) and _is_of_database(only.test, loop.target)


def _is_of_given(test: ast.expr, loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a row is asked for in a collection that the loop adds nothing to, so that a few are left out."""
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.In):
        return False
    given = terminal_name(test.comparators[0])
    parts = (part for statement in loop.body for part in walk(statement))
    return not any(isinstance(part, ast.Attribute) and terminal_name(part.value) == given for part in parts)


def _is_of_database(test: ast.expr, target: ast.expr) -> bool:
    """Whether a condition compares columns of a row in ways that a database has too."""
    names = {part.id for part in walk(target) if isinstance(part, ast.Name)}
    compares = any(isinstance(part, ast.Compare) for part in walk(test))
    asked = {id(part.value) for part in walk(test) if isinstance(part, (ast.Attribute, ast.Subscript))}
    rows = [part for part in walk(test) if isinstance(part, ast.Name) and part.id in names]
    calls = [part for part in walk(test) if isinstance(part, ast.Call)]
    foreign = [
        call for call in calls if terminal_name(call.func) not in _HARMLESS and any(part in rows for part in walk(call))
    ]
    return compares and bool(rows) and not foreign and all(id(row) in asked for row in rows)


def _is_column(value: ast.expr | None, target: ast.expr) -> bool:
    """Whether a value is a column of a row."""
    inner = value.value if isinstance(value, (ast.Attribute, ast.Subscript)) else None
    return isinstance(inner, ast.Name) and isinstance(target, ast.Name) and inner.id == target.id
