"""Turns of a loop that can't go together: each needs what the one before has found, and loops that have few."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import remote_batches
from flake8_scalability.model.batching.per_item import FOR, Turn, headers, plain
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.narrowing import Narrowing, is_few_per_owner, narrowing

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_ADDING = frozenset({"append", "extend", "add", "update", "appendleft", "put", "push", "insert"})


def is_one_by_one(turn: Turn, node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the turns of a loop follow one another on purpose.

    It adds to the pile that it empties, calls the function that it stands in, goes on with what the call gave in the
    turn before, waits in each turn, or looks for the item that is the one.
    """
    loop = turn.loop.node
    if not isinstance(loop, (*FOR, ast.While)):
        return False
    return (
        _fills_its_pile(loop)
        or _carries_on(node, scope, source)
        or _calls_itself(loop, scope)
        or _waits(loop)
        or _skips_others(loop, node, turn)
    )


def _fills_its_pile(loop: ast.AST) -> bool:
    """Whether a loop runs as long as a pile has something, and adds to it: what there is, the turns find out."""
    if not isinstance(loop, ast.While):
        return False
    piles = {part.id for part in walk(loop.test) if isinstance(part, ast.Name)}
    for part in (part for statement in loop.body for part in walk(statement)):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in _ADDING:
            if terminal_name(part.func.value) in piles:
                return True
        elif isinstance(part, ast.AugAssign) and terminal_name(part.target) in piles:
            return True
    return False


def _carries_on(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call is given what it gave before: `parent = make(name, parent)`."""
    parents = source.parents(scope)
    parent = parents.get(node)
    while isinstance(parent, ast.Await):
        parent = parents.get(parent)
    if not isinstance(parent, ast.Assign):
        return False
    targets = {part.id for target in parent.targets for part in walk(target) if isinstance(part, ast.Name)}
    given = (*node.args, *(keyword.value for keyword in node.keywords))
    return any(isinstance(part, ast.Name) and part.id in targets for each in given for part in walk(each))


def _calls_itself(loop: ast.AST, scope: Scope) -> bool:
    """Whether a loop calls the function that it stands in, as what walks through a tree does."""
    function = scope.function
    return function is not None and any(
        isinstance(part, ast.Call) and terminal_name(part.func) == function.name for part in walk(loop)
    )


def _waits(loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Whether every turn ends with a pause, as what the other side asks for."""
    for statement in loop.body:
        value = statement.value if isinstance(statement, ast.Expr) else None
        value = value.value if isinstance(value, ast.Await) else value
        if isinstance(value, ast.Call) and terminal_name(value.func) == "sleep":
            return True
    return False


def _skips_others(loop: ast.For | ast.AsyncFor | ast.While, node: ast.Call, turn: Turn) -> bool:
    """Whether a turn ends before the call unless its item is the one that is looked for."""
    for statement in loop.body:
        if statement.lineno > node.lineno:
            return False
        if not isinstance(statement, ast.If) or statement.orelse:
            continue
        if isinstance(statement.body[-1], ast.Continue) and _compares(statement.test, ast.NotEq, turn):
            return True
        if statement.lineno <= node.lineno <= (statement.end_lineno or 0) and _compares(statement.test, ast.Eq, turn):
            return True
    return False


def _compares(test: ast.expr, kind: type[ast.cmpop], turn: Turn) -> bool:
    """Whether a test compares the item with a name of what is looked for."""
    for part in walk(test):
        if not isinstance(part, ast.Compare) or len(part.ops) != 1 or not isinstance(part.ops[0], kind):
            continue
        sides = (part.left, part.comparators[0])
        wanted = [side for side in sides if not turn.concerns(side)]
        if len(wanted) == 1 and any(isinstance(each, ast.Name) for each in walk(wanted[0])):
            return not any(isinstance(each, ast.Constant) for each in walk(wanted[0]))
    return False


def has_few(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a loop goes over few items: the rows of one user that are few, a part, or what a constant has."""
    for _, iterable in headers(turn.loop.node):
        node = plain(iterable)
        if any(isinstance(part, ast.Constant) and part.value in remote_batches.HANDED_OVER for part in walk(node)):
            return True  # as many events as a platform hands over at once
        if isinstance(node, ast.Name):
            home = scope.lookup(node.id)
            bindings = home.bindings[node.id] if home is not None else []
            made = bindings[0].value if len(bindings) == 1 else None
            node = made.value if isinstance(made, ast.Await) else made or node
        if isinstance(node, ast.Call) and terminal_name(node.func) == "cast" and len(node.args) == 2:
            node = node.args[1]
        query = source.queries.of(node, scope)
        if query is not None and is_few_per_owner(query) and narrowing(query, source) >= Narrowing.OWNER:
            return True
        if isinstance(node, ast.Call) and any(_gives_few(target) for target in _targets(node, scope, source)):
            return True
    return False


def _targets(node: ast.Call, scope: Scope, source: SourceFile) -> Iterator[Scope]:
    if terminal_name(node.func) in source.callable_names:
        for value in source.resolver.values(node.func, scope):
            if value.target is not None and value.target.is_function:
                yield value.target


def _gives_few(function: Scope) -> bool:
    """Whether a function of the file cuts what it returns, or gives one item for each of a constant's."""
    for node in function.of(ast.Return):
        value = node.value if isinstance(node, ast.Return) else None
        if isinstance(value, ast.Name):
            values = [binding.value for binding in function.bindings.get(value.id, ())]
            value = values[0] if len(values) == 1 else None
        if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice) and value.slice.upper is not None:
            return True
    loops = [loop for loop in function.of(ast.For) if isinstance(loop, ast.For)]
    yielding = [loop for loop in loops if any(isinstance(part, ast.Yield) for part in walk(loop))]
    return bool(yielding) and all(_names_constant(loop.iter) for loop in yielding)


def _names_constant(iterable: ast.expr) -> bool:
    names = [part.id for part in walk(iterable) if isinstance(part, ast.Name)]
    return any(name.isupper() for name in names)
