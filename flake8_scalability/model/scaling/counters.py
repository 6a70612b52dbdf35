"""Counters that matter beyond their process: what is counted is answered, decided by or given away as a number.

What only this process needs is none: how deep or how busy it is, how often it failed, what a metrics library collects
from each instance, and what is only written to the log.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.catalog import counting, state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import How
from flake8_scalability.model.running import programs
from flake8_scalability.model.stateless.kinds import Kind
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile
    from flake8_scalability.model.stateless.roles import Shared
    from flake8_scalability.model.stateless.state import State

_STEPS = 2


def matters(found: Shared, source: SourceFile) -> bool:
    """Whether somebody asks for what a counter has come to, and would be told something else by another instance."""
    state = found.state
    if programs.is_program(source) or counting.OWN.search(state.plain_name) or _is_instrument(found, source):
        return False
    if state.kind is Kind.COUNT:
        return True  # numbers that go out are all that is left of these
    return not _goes_up_and_down(state) and _is_asked(state, source)


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


# Who asks


def _is_asked(state: State, source: SourceFile) -> bool:
    reading = [(node, scope) for node, scope in _reads(state, source) if source.place(scope).place is not Place.TOOL]
    if any(_is_measured(node, scope, source) for node, scope in reading):
        return False
    if any(_is_told(node, scope, source, _STEPS) for node, scope in reading):
        return True
    name = state.name.rpartition(".")[2]
    if name.startswith("_") or source.settings.no_project:
        return False
    return mentions.is_taken_elsewhere(name, state.owner.name if state.owner is not None else "", source.filename)


def _reads(state: State, source: SourceFile) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the places at which functions read what was counted, changes of it left out."""
    name = state.name.rpartition(".")[2]
    changed = {part for change in (*state.changes, *state.inner) for part in ast.walk(change.target)}
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
        for part in (part for root in roots for part in ast.walk(root)):
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


def _is_told(node: ast.expr, scope: Scope, source: SourceFile, steps: int) -> bool:
    """Whether a read ends in an answer, a decision, another object, or a call that is not for the log."""
    parents = source.parents(scope)
    if any(counting.LOGGING.search(_callee(call)) for call in _calls_around(node, scope, source)):
        return False
    child: ast.AST = node
    while not isinstance(child, ast.stmt):
        parent = parents[child]
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod):
            return False  # every hundredth is told about
        if (
            isinstance(parent, ast.Call)
            and child is not parent.func
            and terminal_name(parent.func) not in counting.PLAIN
        ):
            return True
        if isinstance(parent, (ast.Return, ast.Yield, ast.If, ast.While)):
            return True
        if isinstance(parent, (ast.Assign, ast.AnnAssign)):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            return any(_is_kept(target, scope, source, steps) for target in targets)
        child = parent
    return False


def _callee(call: ast.Call) -> str:
    receiver = terminal_name(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return f"{receiver}.{terminal_name(call.func)}"


def _is_kept(target: ast.expr, scope: Scope, source: SourceFile, steps: int) -> bool:
    """Whether what a read is assigned to is told in turn: a local name that is, or an attribute or item."""
    if not isinstance(target, ast.Name):
        return not isinstance(target, (ast.Tuple, ast.List))
    return steps > 0 and any(_is_told(each, scope, source, steps - 1) for each in _named(target.id, scope))
