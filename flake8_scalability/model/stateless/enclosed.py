"""Entries that live as long as one call: a function registers them, another one removes them, and callers use both.

`register(key); try: ...; finally: unregister(key)` keeps in the process what only this process is doing just now.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.project import root, texts

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile
    from flake8_scalability.model.stateless.state import State

#: Over so many lines a `finally` is searched for the call that removes.
LINES = 12


def is_for_one_call(source: SourceFile, state: State) -> bool:
    """Whether all who put something into a state, by a function of its own, have another one remove it at their end."""
    adders = {change.scope.function for change in state.changes if change.how in (How.ITEM, How.ADD)}
    removers = {change.scope.function for change in state.changes if change.how is How.REMOVE}
    if len(adders) != 1 or not removers or not adders.isdisjoint(removers):
        return False
    (adder,) = adders
    names = {function.name for function in removers if function is not None}
    if adder is None or not any(_undoes(name, adder.name) for name in names):
        return False
    inside = [edge.caller.function for edge in source.graph.into.get(adder, ()) if not edge.handed]
    if not all(caller is not None and _removes_at_end(caller, names) for caller in inside):
        return False
    outside = [] if adder.is_method else _callers_elsewhere(adder.name, source)
    return bool(inside or outside) and all(_text_removes_at_end(text, names) for text in outside)


def _undoes(remover: str, adder: str) -> bool:
    """Whether two names differ in their verbs only: `register_bridge`, `unregister_bridge`."""
    return remover != adder and remover.strip("_").partition("_")[2] == adder.strip("_").partition("_")[2]


def _removes_at_end(caller: Scope, names: set[str]) -> bool:
    return any(
        isinstance(part, ast.Call) and terminal_name(part.func) in names
        for node in caller.of(ast.Try)
        for statement in getattr(node, "finalbody", ())
        for part in walk(statement)
    )


def _callers_elsewhere(name: str, source: SourceFile) -> list[str]:
    """Return the texts of the project's other files that call a function, tests left out."""
    start = None if source.settings.no_project else root.of(source.filename)
    if start is None:
        return []
    own = Path(source.filename).absolute()
    call = re.compile(rf"(?<!def )\b{re.escape(name)}\(")
    return [
        text
        for path, text in texts.of_project(start)
        if name in text and path != own and call.search(text) is not None and not root.is_test(path, start)
    ]


def _text_removes_at_end(text: str, names: set[str]) -> bool:
    """Whether a `finally` of a text calls one of the functions within its first lines."""
    called = "|".join(map(re.escape, sorted(names)))
    return re.search(rf"\bfinally:[ \t]*(#.*)?\n(.*\n){{0,{LINES}}}?.*\b({called})\(", text) is not None
