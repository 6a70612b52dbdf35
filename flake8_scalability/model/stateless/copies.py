"""Copies: state that the process has only where there is no store, or beside one."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.stateless.kinds import MAKERS

#: Writing the same data to a store that instances share.
_TO_SHARED_STORE = re.compile(r"(redis|cache|memcache)\w*\.(a?set|setex|hset|set_many|mset)\(", re.IGNORECASE)
#: Writing to a database, in a branch beside the one that writes to memory.
_TO_DATABASE = re.compile(r"\.(commit|insert_one|update_one|bulk_create)\(|session\.(add|merge|execute)\(|\.objects\.")


def is_empty(value: ast.expr | None) -> bool:
    """Whether an expression makes a container with nothing in it."""
    if isinstance(value, ast.Call):
        return terminal_name(value.func) in MAKERS and not value.args
    return isinstance(value, (ast.List, ast.Dict)) and ast.unparse(value) in ("[]", "{}")


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
