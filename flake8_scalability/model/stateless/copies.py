"""Copies: state that the process has only where there is no store, or beside one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.stateless.kinds import MAKERS

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile
    from flake8_scalability.model.stateless.state import State

#: Writing the same data to a store that instances share.
_TO_SHARED_STORE = re.compile(
    r"(redis|cache|memcache)\w*\.(a?set|set_many|mset)\(|\.(setex|hset|hmset)\(", re.IGNORECASE
)
#: The same for what is added to a collection of such a store, and asking the store for it.
_ADDED = re.compile(r"(redis|memcache)\w*\.(a?set|setex|hset|mset|[lr]push|[sx]add|zadd)\(", re.IGNORECASE)
_ASKED = re.compile(
    r"(redis|memcache)\w*\.(a?get|mget|hm?get(all)?|lrange|smembers|sismember|z(rev)?range\w*|xrange|exists)\(",
    re.IGNORECASE,
)
#: Writing to a database, in a branch beside the one that writes to memory.
_TO_DATABASE = re.compile(r"\.(commit|insert_one|update_one|bulk_create)\(|session\.(add|merge|execute)\(|\.objects\.")


#: Calls that write what an object holds to where it outlives the process.
_WRITING_ON = re.compile(
    r"(^|_)(save|persist|dump|dumps|write|commit|insert|upsert|sync|checkpoint|execute|executemany|setex|hset)(_|$)"
)
#: What is asked before the memory takes the place of a store.
_STORE_MISSING = re.compile(
    r"not (self\.)?_*\w*(redis|client|conn|db|pool|backend|available|enabled)\w*$|"
    r"(redis|client|conn|db|pool|backend)\w*(\(\))? is None",
    re.IGNORECASE,
)


def is_written_on(function: Scope, name: str = "") -> bool:
    """Whether a function also writes what it keeps to a file, a database or another store: what it keeps is a copy.

    name: what has to be written under this name; "" for anything
    """
    return any(
        _WRITING_ON.search(terminal_name(node.func)) is not None
        and (not name or any(isinstance(given, ast.Name) and given.id == name for given in node.args))
        for node in walk(function.node)
        if isinstance(node, ast.Call)
    )


def is_empty(value: ast.expr | None) -> bool:
    """Whether an expression makes a container with nothing in it."""
    if isinstance(value, ast.Call):
        return terminal_name(value.func) in MAKERS and not value.args
    return isinstance(value, (ast.List, ast.Dict)) and ast.unparse(value) in ("[]", "{}")


def is_substitute(change: Change, lines: Sequence[str]) -> bool:
    """Whether the function, or one around it, writes to a shared store as well: the memory is for when there is none.

    lines: the lines of the file
    """
    function = change.scope.function
    if function is None or not isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    whole = _outermost(function).node
    assert isinstance(whole, (ast.FunctionDef, ast.AsyncFunctionDef))
    if any(_TO_SHARED_STORE.search(line) for line in lines[whole.lineno - 1 : whole.end_lineno]):
        return True
    if any(_STORE_MISSING.search(ast.unparse(node.test)) for node in _branches(change, function)):
        return True
    return any(_TO_DATABASE.search(line) for line in _other_branches(change, function, lines))


def _branches(change: Change, function: Scope) -> Iterator[ast.If]:
    """Yield the conditions under which a change is made."""
    line = getattr(change.node, "lineno", 0)
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        if node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0):
            yield node


def stands_behind(source: SourceFile, state: State) -> bool:
    """Whether each function that reads a state asks a shared store first, and each that fills it writes there."""
    filling = {change.scope.function for change in state.changes if change.how is not How.REMOVE} - {
        state.scope.function
    }
    changing = {change.scope.function for change in state.changes}
    name = state.name.rpartition(".")[2]
    if not filling or not all(each is not None and _first(_ADDED, each, source) for each in filling):
        return False
    reading = 0
    for function in source.scopes:
        if function.is_function and function not in changing:
            named = [
                node.lineno
                for node in walk(function.node)
                if isinstance(node, (ast.Name, ast.Attribute)) and terminal_name(node) == name
            ]
            if named and not 0 < _first(_ASKED, function, source) < min(named):
                return False
            reading += bool(named)
    return reading > 0


def _first(words: re.Pattern[str], function: Scope, source: SourceFile) -> int:
    """The first line of a function in which words stand; 0 where they stand in none."""
    node = function.node
    start, end = getattr(node, "lineno", 1), getattr(node, "end_lineno", 0)
    return next((line for line in range(start, end + 1) if words.search(source.lines[line - 1])), 0)


def _outermost(function: Scope) -> Scope:
    """Return the function of a module or class in which a function is defined, or it itself."""
    parent = function.parent
    if parent is None or not parent.is_function or not isinstance(parent.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return function
    return _outermost(parent)


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
