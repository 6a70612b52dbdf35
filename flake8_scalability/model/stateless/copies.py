"""Copies: state that the process reads anew as a whole from where it is kept, or has only where there is no store."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from flake8_scalability.catalog import state_words
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.stateless.kinds import CONTAINERS, MAKERS
from flake8_scalability.model.stateless.state import State

#: Writing the same data to a store that instances share.
_TO_SHARED_STORE = re.compile(r"(redis|cache|memcache)\w*\.(a?set|setex|hset|set_many|mset)\(", re.IGNORECASE)
#: Writing to a database, in a branch beside the one that writes to memory.
_TO_DATABASE = re.compile(r"\.(commit|insert_one|update_one|bulk_create)\(|session\.(add|merge|execute)\(|\.objects\.")
#: Calls that read a file or a text.
_PARSERS = frozenset({"load", "safe_load", "loads", "read_text", "read_csv", "read_json"})


def is_read_again(state: State, changes: list[Change]) -> bool:
    """Whether all changes make a piece of state anew as a whole, from what is kept elsewhere: a file, a table.

    They bind it anew, or empty it and fill it in one function.
    """
    functions = {change.scope.function for change in changes}
    if len(functions) == 1 and _is_made_anew(state, changes) and not any(map(_serves_caller, functions)):
        return True
    if any(change.how is not How.REBIND for change in changes):
        return False
    filled = [change for change in changes if not is_empty(change.value)]
    return bool(filled) and all(map(_is_read, filled))


def _serves_caller(function: Scope | None) -> bool:
    """Whether what a function does depends on who calls it: then what it leaves belongs to that caller."""
    if function is None or set(function.parameters) - {function.first_parameter if function.is_method else ""}:
        return True
    return any(isinstance(node, ast.Name) and node.id == "request" for node in ast.walk(function.node))


def _is_made_anew(state: State, changes: list[Change]) -> bool:
    """Whether a function empties a container before it fills it, and nobody else changes that."""
    emptying = [change for change in changes if _empties(change)]
    filling = [change for change in changes if change.how in (How.ADD, How.ITEM) and not _empties(change)]
    if state.kind not in CONTAINERS or not emptying or not filling:
        return False
    first = min(getattr(change.node, "lineno", 0) for change in emptying)
    return all(getattr(change.node, "lineno", 0) > first for change in filling)


def _empties(change: Change) -> bool:
    if change.how is How.REBIND:
        return isinstance(change.target, ast.Name) and is_empty(change.value)
    return isinstance(change.node, ast.Call) and terminal_name(change.node.func) == "clear"


def is_empty(value: ast.expr | None) -> bool:
    """Whether an expression makes a container with nothing in it."""
    if isinstance(value, ast.Call):
        return terminal_name(value.func) in MAKERS and not value.args
    return isinstance(value, (ast.List, ast.Dict)) and ast.unparse(value) in ("[]", "{}")


def _is_read(change: Change) -> bool:
    """Whether one change says by the name of its function, or by the call that gives the value, that it reads."""
    function = change.scope.function
    if function is not None and state_words.READING.search(function.name) is not None:
        return True
    return isinstance(change.value, ast.Call) and terminal_name(change.value.func) in _PARSERS


def is_substitute(change: Change, lines: Sequence[str]) -> bool:
    """Whether the function writes to a shared store as well: the process's memory is for when there is none.

    lines: the lines of the file
    """
    function = change.scope.function
    if function is None or not isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if any(_TO_SHARED_STORE.search(line) for line in lines[function.node.lineno - 1 : function.node.end_lineno]):
        return True
    return any(_TO_DATABASE.search(line) for line in _other_branches(change, function, lines))


def _other_branches(change: Change, function: Scope, lines: Sequence[str]) -> list[str]:
    """Return the lines of what runs instead of a change, where a condition decides."""
    found: list[str] = []
    line = getattr(change.node, "lineno", 0)
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        for branch, other in ((node.body, node.orelse), (node.orelse, node.body)):
            if other and branch and branch[0].lineno <= line <= (branch[-1].end_lineno or 0):
                found += lines[other[0].lineno - 1 : other[-1].end_lineno]
    return found
