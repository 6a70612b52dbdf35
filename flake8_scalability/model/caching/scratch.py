"""Mappings that look like a cache and save nobody a read: filled anew each time, or given what is read already."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.writers import text_of
from flake8_scalability.model.stateless.candidates import Holder
from flake8_scalability.model.stateless.state import State
from flake8_scalability.project import untaken

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: How a function learns that a mapping has no entry, other than by asking it.
_MISSING = re.compile(r"\b(LookupError|except)\b|\bgetattr\(")


def saves_no_read(state: State) -> bool:
    """Whether each value is worked out before the mapping is asked: `known.setdefault(key, await read(key))`."""
    stored = [change for change in (*state.changes, *state.inner) if change.how in (How.ITEM, How.ADD)]
    return bool(stored) and all(
        isinstance(change.node, ast.Call)
        and terminal_name(change.node.func) == "setdefault"
        and len(change.node.args) > 1
        and any(isinstance(part, (ast.Await, ast.Call)) for part in walk(change.node.args[1]))
        for change in stored
    )


def is_scratch(state: State, source: SourceFile) -> bool:
    """Whether the objects of a class fill a mapping of the class anew, and never look whether they have to.

    What they work with belongs to the object, and no store would be the better for keeping it.
    """
    if state.holder is not Holder.CLASS:
        return False
    last = state.name.rpartition(".")[2]
    name = re.escape(last)
    asked = re.compile(
        rf"\b(in|not)\s+[\w.]*\b{name}\b(?!\s*\[)|\b{name}\.(get|pop|setdefault|keys)\(|\bif\s+[\w.]*\b{name}\b"
    )
    storing = {change.scope.function for change in (*state.changes, *state.inner)}
    speaking = {scope: text_of(scope, source) for scope in source.scopes if scope.is_function}
    speaking = {scope: text for scope, text in speaking.items() if last in text}
    return bool(speaking) and not any(
        asked.search(text) is not None or (scope in storing and _MISSING.search(text) is not None)
        for scope, text in speaking.items()
    )


def is_never_filled(state: State, source: SourceFile) -> bool:
    """Whether what fills a state are functions of the module that nothing calls, here or in another file."""
    storing = {change.scope.function for change in (*state.changes, *state.inner) if change.how in (How.ITEM, How.ADD)}
    return bool(storing) and all(each is not None and _is_uncalled(each, source) for each in storing)


def _is_uncalled(function: Scope, source: SourceFile) -> bool:
    if source.settings.no_project or function.decorators or function.parent is None or not function.parent.is_module:
        return False
    if len(re.findall(rf"\b{re.escape(function.name)}\b", source.text)) > 1:
        return False
    return untaken.is_of_others(function.name, source.filename)
