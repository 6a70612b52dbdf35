"""State that is written, but never read: it is of no consequence, whoever changes it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile
    from flake8_scalability.model.stateless.state import State


def is_never_read(source: SourceFile, state: State) -> bool:
    """Whether the file names a state only to define and to change it, and no other file of the project names it.

    Of a name that is not private the rest of the project has to be in sight to say so.
    """
    if state.holder is Holder.APPLICATION:
        return False
    name = state.name.rpartition(".")[2]
    named = len(re.findall(rf"\b{re.escape(name)}\b", source.text))
    if named > len(_lines(source, state)) + _declarations(source, name) + _asked_before_removal(state, name):
        return False
    if name.startswith("_"):
        return True
    return not source.settings.no_project and mentions.is_mentioned_elsewhere(name, source.filename) is False


def _lines(source: SourceFile, state: State) -> set[tuple[int, int]]:
    """Return the places of the definition and of the changes that only change."""
    name = state.name.rpartition(".")[2]
    changes = [change for change in (*state.changes, *state.inner) if _only_changes(source, change)]
    # what is reached by way of a local name does not spell the state's own
    nodes = [state.node, *(change.node for change in changes if _spells(change.target, name))]
    return {(getattr(node, "lineno", 0), getattr(node, "col_offset", 0)) for node in nodes}


def _spells(target: ast.expr, name: str) -> bool:
    return any(isinstance(part, (ast.Name, ast.Attribute)) and terminal_name(part) == name for part in walk(target))


def _asked_before_removal(state: State, name: str) -> int:
    """Return how many tests only ask whether there is something to remove: `if key in registry: del registry[key]`."""
    removals = {change.node for change in state.changes if not isinstance(change.node, ast.Call)}
    scopes = {change.scope for change in state.changes}
    return sum(
        isinstance(node, ast.If) and not node.orelse and set(node.body) <= removals and name in ast.unparse(node.test)
        for scope in scopes
        for node in scope.of(ast.If)
    )


def _only_changes(source: SourceFile, change: Change) -> bool:
    """Whether a change gives nothing back: `pop` and `next` read what they change, unless their result is dropped."""
    if isinstance(source.parents(change.scope).get(change.node), ast.Expr):
        return True
    return not isinstance(change.node, ast.Call) or getattr(change.node.func, "attr", "next") not in (
        *("pop", "popleft", "popitem", "setdefault", "next", "heappop"),
    )


def _declarations(source: SourceFile, name: str) -> int:
    return len(re.findall(rf"\bglobal\b[^\n]*\b{re.escape(name)}\b", source.text))
