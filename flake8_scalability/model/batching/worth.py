"""Worth: does it matter that the turns of a loop go to the database one by one?

Not to parts of one thing, of which somebody has put a handful on one form; not on pages for operators; and not beside
another service that each turn waits for longer.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching
from flake8_scalability.catalog.rows import System
from flake8_scalability.model.batching.item_origins import Origin, Origins
from flake8_scalability.model.batching.per_item import Turn, headers
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import operators

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What a turn waits for longer than for a query.
_SLOWER = frozenset({System.HTTP, System.LLM, System.STORAGE})


def is_lost(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether what a turn costs is of no matter: few people cause it, it walks a tree, or waits for something else."""
    function = scope.function
    if function is not None and (operators.only(scope, source) or _walks(turn, function)):
        return True
    inside = set(walk(turn.loop.node))
    return any(
        site.api is not None and site.api.system in _SLOWER and site.api.makes is None and site.node in inside
        for site in source.sites
    )


def _walks(turn: Turn, function: Scope) -> bool:
    """Whether a turn calls the function that it stands in, as what walks through a tree does."""
    return any(
        isinstance(part, ast.Call) and terminal_name(part.func) == function.name for part in walk(turn.loop.node)
    )


def is_sent(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether a loop goes over what a request, an upload or another service has brought."""
    return any(Origins(source).of(iterable, scope) is Origin.SENT for _, iterable in headers(turn.loop.node))


def writes(turn: Turn) -> bool:
    """Whether a turn writes what it has looked up, or something made of it."""
    called = (terminal_name(part.func) for part in walk(turn.loop.node) if isinstance(part, ast.Call))
    return any(batching.ACTING.match(name) is not None and not name.startswith(("send", "notify")) for name in called)


def is_part_of_one(turn: Turn, node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether rows made of what a request has sent belong to one thing, which all turns name: `order=order`."""
    if not is_sent(turn, scope, source):
        return False
    made: list[ast.expr | None] = [node]
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):  # the row that is saved
        made += [each.value for each in reaching.bindings(node.func.value, scope, source)]
    return any(
        isinstance(keyword.value, ast.Name) and keyword.arg is not None and not turn.concerns(keyword.value)
        for call in made
        if isinstance(call, ast.Call) and is_made(terminal_name(call.func))
        for keyword in call.keywords
    )


def is_made(name: str) -> bool:
    """Whether a call of a name makes a row: of a manager, or of a class."""
    return name in ("create", "acreate") or name[:1].isupper()
