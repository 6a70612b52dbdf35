"""Tied writes: those that a turn of a loop can't leave to the end, to be done for all items together.

The row is one that the turn has just made; what it says decides what is done for the item; others are told of it as it
is saved; or the turn does more for its item, beside which one write is nothing.
"""

from __future__ import annotations

import ast

from flake8_scalability.catalog import batching as known
from flake8_scalability.model.batching.per_item import Turn
from flake8_scalability.model.batching.single_writes import body_of
from flake8_scalability.model.batching.worth import works
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite


def is_tied(turn: Turn, site: CallSite) -> bool:
    """Whether a write of a turn can't be left to the end, or it would save nothing to do so."""
    return (
        is_of_new_row(turn, site)
        or is_asked_after(turn, site)
        or is_of_made_value(turn, site)
        or is_told_of(turn, site)
        or works(turn, site.scope, site.source, besides=_saved(site))
    )


def is_of_new_row(turn: Turn, site: CallSite) -> bool:
    """Whether a statement changes a row that the turn has made: `Story.objects.filter(id=story.id).update(…)`."""
    if terminal_name(site.node.func) not in known.CHANGING:
        return False
    made = {
        target.id
        for part in body_of(turn)
        if isinstance(part, ast.Assign) and _makes(part.value)
        for target in part.targets
        if isinstance(target, ast.Name)
    }
    return any(isinstance(part, ast.Name) and part.id in made for part in walk(site.node))


def _makes(value: ast.expr) -> bool:
    call = value.value if isinstance(value, ast.Await) else value
    return isinstance(call, ast.Call) and terminal_name(call.func) in known.CREATING


def is_asked_after(turn: Turn, site: CallSite) -> bool:
    """Whether a turn does something for its item by how many rows its statement has found: `if cursor.rowcount:`."""
    return any(
        isinstance(part, ast.If)
        and part.lineno > site.node.lineno
        and any(isinstance(each, ast.Attribute) and each.attr in known.FOUND for each in walk(part.test))
        and any(turn.concerns(each) for each in part.body)
        for part in body_of(turn)
    )


def is_of_made_value(turn: Turn, site: CallSite) -> bool:
    """Whether what is kept under a key is what a function of the file makes of the item, beside which it is nothing."""
    if terminal_name(site.node.func) not in known.KEEPING:
        return False
    given = [*site.node.args[1:], *(each.value for each in site.node.keywords)]
    names = {part.id for each in given for part in walk(each) if isinstance(part, ast.Name)} & turn.own
    given += [
        part.value
        for part in body_of(turn)
        if isinstance(part, ast.Assign) and any(terminal_name(target) in names for target in part.targets)
    ]
    return any(
        isinstance(part, ast.Call) and turn.concerns(*part.args) and _is_of_file(part, site)
        for each in given
        for part in walk(each)
    )


def _is_of_file(call: ast.Call, site: CallSite) -> bool:
    """Whether a call is that of a function of the file."""
    values = site.source.resolver.values(call.func, site.scope)
    return any(value.target is not None and value.target.is_function for value in values)


def is_told_of(turn: Turn, site: CallSite) -> bool:
    """Whether what waits for a row to be saved is told more of it, by a note on the row or of how it was before.

    `row._reason = …`, `row.snapshot()`: no bulk form calls who reads that.
    """
    row = _saved(site)
    return bool(row) and any(_is_note(part, row) for part in body_of(turn))


def _saved(site: CallSite) -> str:
    """Return the name of the row that a write saves or deletes, "" where it does neither."""
    row = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    saves = terminal_name(site.node.func) in known.SAVES
    return row.id if isinstance(row, ast.Name) and saves else ""


def _is_note(part: ast.AST, row: str) -> bool:
    if isinstance(part, ast.Call):
        own = isinstance(part.func, ast.Attribute) and terminal_name(part.func.value) == row
        return own and terminal_name(part.func) in known.NOTING
    return (
        isinstance(part, ast.Attribute)
        and isinstance(part.ctx, ast.Store)
        and part.attr.startswith("_")
        and isinstance(part.value, ast.Name)
        and part.value.id == row
    )
