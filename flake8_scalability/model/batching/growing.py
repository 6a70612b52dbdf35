"""Growing: does the file show that a loop has as many turns as there are data?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import origins
from flake8_scalability.model.batching.filling import fills
from flake8_scalability.model.batching.item_origins import Origin, Origins
from flake8_scalability.model.batching.per_item import Turn, headers, plain
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.arguments import constant
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Where there are enough items to read, to write and to send for each.
TO_READ = frozenset({
    Origin.PART, Origin.GIVEN, Origin.KEYS, Origin.NAMED, Origin.FORM, Origin.SENT, Origin.ROWS,
})  # fmt: skip
#: The same in what serves a request or a job: what one other row has is read there again and again.
TO_READ_SERVING = TO_READ | {Origin.HELD}
TO_WRITE = frozenset({Origin.OWNED, Origin.NAMED, Origin.CHOSEN, Origin.SENT, Origin.ROWS})
TO_SEND = TO_WRITE | {Origin.KEYS}


def grows(turn: Turn, node: ast.expr, scope: Scope, source: SourceFile, enough: frozenset[Origin]) -> bool:
    """Whether a loop around an expression that is made of its item goes over what the file shows to become more.

    A loop inside may have few items, where one around it has many; one that does one by one what has failed together
    is none.  `enough` is `TO_READ`, `TO_WRITE` or `TO_SEND`.
    """
    site = CallSite(node, scope, source)  # type: ignore[arg-type]
    if any(turn.loop.node in walk(handler) for handler in site.inside((ast.ExceptHandler,))):
        return False
    names = _names(node) if turn.concerns(node) else turn.names
    for loop in loops.around(site):
        if source.dependents(loop.node).isdisjoint(names) and not isinstance(loop.node, ast.While):
            continue
        if isinstance(loop.node, ast.While):
            over: list[ast.expr] = [part for part in walk(loop.node.test) if isinstance(part, ast.Name)]
            if loop.node is turn.loop.node and any(_refills(loop.node, each) for each in over):
                return True
        else:
            over = [iterable for _, iterable in headers(loop.node)]
        if any(Origins(source).of(each, scope) in enough and not _is_short(each, scope) for each in over):
            return True
    return False


def _is_short(iterable: ast.expr, scope: Scope) -> bool:
    """Whether a loop takes so many items of something as it says itself, and not very many: `rows[:20]`."""
    part = plain(iterable)
    most = part.slice.upper if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice) else None
    number = constant(most, scope)
    return number is not None and isinstance(number.value, int) and 0 < number.value <= origins.MOST


def _refills(loop: ast.While, pile: ast.expr) -> bool:
    """Whether a loop puts into the pile that it empties."""
    return isinstance(pile, ast.Name) and any(fills(part, pile.id) for part in walk(loop))


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}
