"""Counters that matter beyond their process, shown by what is done with the number.

It is given to something as its number, it is a limit at which somebody is refused, or a handler answers with it. What
only this process needs is none: how deep or how busy it is, how often it failed, what a metrics library collects from
each instance, and the numbers of messages, aliases or objects that live no longer than the process.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog import counting, state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import How
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import programs
from flake8_scalability.model.stateless.kinds import Kind

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile
    from flake8_scalability.model.stateless.roles import Shared
    from flake8_scalability.model.stateless.state import State

_STEPS = 2
#: Expressions of which a number is a part, and still the number.
_PASSING = (ast.Call, ast.BinOp, ast.JoinedStr, ast.FormattedValue, ast.Tuple, ast.List, ast.Attribute, ast.Subscript)


def matters(found: Shared, source: SourceFile) -> bool:
    """Whether what a counter has come to numbers something, limits something or is answered by a handler."""
    state = found.state
    if programs.is_program(source) or counting.OWN.search(state.plain_name) or _is_instrument(found, source):
        return False
    if state.kind is Kind.COUNT:
        return _numbers(found, [(change.node, change.scope) for change in state.changes], source)
    if _goes_up_and_down(state):
        return False
    reading = [(node, scope) for node, scope in _reads(state, source) if source.place(scope).place is not Place.TOOL]
    if any(_is_measured(node, scope, source) for node, scope in reading):
        return False
    counting_up = {change.scope.function for change in state.changes if change.how is How.INCREMENT}
    beside = [(node, scope) for node, scope in reading if scope.function in counting_up]
    return _numbers(found, beside, source) or any(
        _is_limit(node, scope, state, source, _STEPS) or _is_answered(node, scope, source, _STEPS)
        for node, scope in reading
    )


def _is_instrument(found: Shared, source: SourceFile) -> bool:
    """Whether a counter belongs to what measures this process, or stands in where there is no shared store."""
    owner, function = found.state.owner, found.change.scope.function
    if owner is not None and state_words.STAND_IN.search(owner.name):
        return True
    names = (Path(source.filename).stem, owner.name if owner else "", function.name if function else "")
    return any(counting.MEASURING.search(name) for name in names)


def _goes_up_and_down(state: State) -> bool:
    """Whether one function counts both up and down: how many there are inside it at this moment."""
    signs: dict[Scope | None, set[type[ast.operator]]] = {}
    for change in state.changes:
        if change.how is How.INCREMENT and isinstance(change.node, ast.AugAssign):
            signs.setdefault(change.scope.function, set()).add(type(change.node.op))
    return any({ast.Add, ast.Sub} <= each for each in signs.values())


def _reads(state: State, source: SourceFile) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the places at which functions read what was counted, changes of it left out."""
    name = state.name.rpartition(".")[2]
    changed = {part for change in (*state.changes, *state.inner) for part in walk(change.target)}
    for scope in source.scopes:
        if scope.function is None:
            continue
        for node in _named(name, scope):
            of_class = isinstance(node, ast.Attribute)
            if node in changed or of_class is (state.owner is None):
                continue
            if of_class or scope.lookup(name) is state.scope:
                yield node, scope


def _named(name: str, scope: Scope) -> Iterator[ast.Name | ast.Attribute]:
    seen: set[ast.AST] = set()
    for kept in scope.of(ast.Return, ast.If, ast.While, ast.Call, ast.Assign, ast.AnnAssign, ast.Yield):
        roots = [kept.test] if isinstance(kept, (ast.If, ast.While)) else [kept]
        for part in (part for root in roots for part in walk(root)):
            if not isinstance(part, (ast.Name, ast.Attribute)) or not isinstance(part.ctx, ast.Load):
                continue
            if terminal_name(part) == name and part not in seen:
                seen.add(part)
                yield part


def _is_measured(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether what was counted is handed to something that collects such numbers from each instance."""
    return any(
        counting.MEASURING.search(part)
        for call in _calls_around(node, scope, source)
        for part in (terminal_name(call.func), terminal_name(getattr(call.func, "value", call.func)))
    )


def _calls_around(node: ast.AST, scope: Scope, source: SourceFile) -> Iterator[ast.Call]:
    parents = source.parents(scope)
    while node in parents and not isinstance(node, ast.stmt):
        parent = parents[node]
        if isinstance(parent, ast.Call) and node is not parent.func:
            yield parent
        node = parent


# What is done with the number


def _numbers(found: Shared, reading: Iterable[tuple[ast.AST, Scope]], source: SourceFile) -> bool:
    """Whether the function that counts gives the number to something that outlives the process."""
    function = found.change.scope.function
    names = (found.state.plain_name, function.name if function is not None else "")
    if any(counting.PASSING.search(name) for name in names):
        return False
    return any(_is_number(node, scope, source, _STEPS) for node, scope in reading)


def _is_number(node: ast.AST, scope: Scope, source: SourceFile, steps: int) -> bool:
    for child, parent in _outwards(node, scope, source):
        if isinstance(parent, ast.keyword):
            return counting.NUMBERING.search(parent.arg or "") is not None
        if isinstance(parent, ast.Dict):
            key = parent.keys[parent.values.index(child)] if child in parent.values else None
            return isinstance(key, ast.Constant) and counting.NUMBERING.search(str(key.value)) is not None
        if isinstance(parent, (ast.Assign, ast.AnnAssign)):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            return any(_is_numbered(target, scope, source, steps) for target in targets)
        if isinstance(parent, ast.Subscript):
            return isinstance(parent.ctx, ast.Store)
        if isinstance(parent, ast.Return):
            return True
        if not isinstance(parent, _PASSING) or _is_turned(parent):
            return False
    return False


def _is_numbered(target: ast.expr, scope: Scope, source: SourceFile, steps: int) -> bool:
    """Whether an assignment makes the number that of something: by the target's name, or what a local name is for."""
    if not isinstance(target, ast.Name):
        named = counting.NUMBERING.search(terminal_name(target)) is not None
        return named and source.place(scope).place is Place.REQUEST
    named = target.id not in scope.declared and counting.NUMBERING.search(target.id) is not None
    told = steps and any(_is_number(each, scope, source, steps - 1) for each in _named(target.id, scope))
    return bool(told) or (named and source.place(scope).place is Place.REQUEST)


def _is_limit(node: ast.AST, scope: Scope, state: State, source: SourceFile, steps: int) -> bool:
    """Whether a read is compared with a limit, at which the function refuses; one that begins anew there is none."""
    compared = False
    for _, parent in _outwards(node, scope, source):
        if isinstance(parent, ast.Compare):
            compared = _is_order(parent)
        elif isinstance(parent, ast.Return):
            return compared
        elif isinstance(parent, (ast.If, ast.While)):
            return compared and _refuses(parent) and not _begins_anew(parent, state)
        elif isinstance(parent, ast.Assign) and steps and not compared:
            names = [target.id for target in parent.targets if isinstance(target, ast.Name)]
            return any(
                _is_limit(each, scope, state, source, steps - 1) for name in names for each in _named(name, scope)
            )
        elif not isinstance(parent, (*_PASSING, ast.BoolOp)) or _is_turned(parent):
            return False
    return False


def _is_order(comparison: ast.Compare) -> bool:
    """Whether a comparison is one of size, with more than nothing: `n > 0` asks whether anything was counted."""
    sides = (comparison.left, *comparison.comparators)
    return all(isinstance(each, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for each in comparison.ops) and not any(
        isinstance(side, ast.Constant) and side.value in (0, 1) for side in sides
    )


def _refuses(test: ast.If | ast.While) -> bool:
    ends = [test.body[-1], *test.orelse[-1:]]
    return any(isinstance(each, (ast.Return, ast.Raise, ast.Continue, ast.Break)) for each in ends)


def _begins_anew(test: ast.If | ast.While, state: State) -> bool:
    own = {change.node for change in state.changes if change.how is not How.INCREMENT}
    return any(node in own for statement in test.body for node in walk(statement))


def _is_answered(node: ast.AST, scope: Scope, source: SourceFile, steps: int) -> bool:
    """Whether a handler, or what it calls, answers with a read, and not to somebody who looks after the process."""
    function = scope.function
    if source.place(scope).place is not Place.REQUEST or function is None or counting.OBSERVING.search(function.name):
        return False
    for _, parent in _outwards(node, scope, source):
        if isinstance(parent, (ast.Return, ast.Yield)):
            return True
        if isinstance(parent, ast.Assign):
            names = [target.id for target in parent.targets if isinstance(target, ast.Name)]
            return steps > 0 and any(
                _is_answered(each, scope, source, steps - 1) for name in names for each in _named(name, scope)
            )
        if isinstance(parent, (ast.Compare, ast.BoolOp, ast.stmt)):
            return False
    return False


def _is_turned(parent: ast.AST) -> bool:
    """Whether a number is turned into something else: every hundredth is told about, the next of three is asked."""
    if isinstance(parent, ast.Call):
        return terminal_name(parent.func) not in counting.PLAIN
    return isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and not _is_text(parent.left)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _outwards(node: ast.AST, scope: Scope, source: SourceFile) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield a node with its parent, and so on up to a statement."""
    parents = source.parents(scope)
    while node in parents and not isinstance(node, ast.stmt):
        yield node, parents[node]
        node = parents[node]
