"""Rare turns: calls in a loop over many items which one of these makes, or few do; and rows that others wait for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import batching, relations
from flake8_scalability.model.batching.few_rows import leaves_out
from flake8_scalability.model.batching.item_origins import Origin, Origins
from flake8_scalability.model.batching.per_item import Turn, headers
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.tables import query_of_rows
from flake8_scalability.model.sites import CallSite

#: A call under so many questions, after which the turn is over, is made for what is out of the ordinary.
_DEEP = 2
#: Calls that give the pairs of a mapping as they are, in another order.
_AS_THEY_ARE = frozenset({"sorted", "reversed", "list", "tuple"})
#: What a text or a mapping is asked, which costs nothing.
_OF_TEXT = frozenset({"strip", "lower", "upper", "isdigit", "keys", "values", "items", "isoformat", "split"})
#: Attributes of an item of which each has one of its own.
_KNOWN_BY = frozenset({"id", "pk", "uuid", "guid", "key", "slug", "token", "username"})


def is_of_one_item(turn: Turn, site: CallSite) -> bool:
    """Whether a call stands under the question which item it is, so that one makes it: `if key == wanted`."""
    keys = {target.id for target in _keys(turn.loop.node)}
    return any(_is_that_one(part, keys, turn) for branch in _branches(turn, site) for part in _all_of(branch.test))


def is_of_few_items(turn: Turn, site: CallSite) -> bool:
    """Whether a call is made for few of the items.

    Rows that an upsert has just made, those that the program names one by one, or an exception to the rule: it stands
    under several questions, and the turn ends with it while others go on, or each question has another answer as well.
    """
    branches = list(_branches(turn, site))
    if any(_is_one_of_few(part, site) for branch in branches for part in _all_of(branch.test)):
        return True
    made = set(_made(turn.loop.node))
    if any(isinstance(part, ast.Name) and part.id in made for each in branches for part in _all_of(each.test)):
        return True
    if len(branches) < _DEEP:
        return False
    return isinstance(branches[0].body[-1], ast.Continue) or all(each.orelse for each in branches)


def is_left_out(turn: Turn, site: CallSite) -> bool:
    """Whether a call is made for an item that is not among those which are wanted from now on.

    It stands under that question, or the query of the loop asks so: `exclude(code__in=wanted)`.
    """
    for _, iterable in headers(turn.loop.node):
        query = query_of_rows(iterable, site.scope, site.source)
        if query is None and isinstance(iterable, ast.Name):
            made = reaching.bindings(iterable, site.scope, site.source)
            asked = [site.source.queries.of(each.value, each.scope) for each in made if each.value is not None]
            query = asked[0] if len(asked) == 1 else None
        if query is not None and leaves_out(query):
            return True
    return any(
        isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.NotIn) and turn.concerns(part.left)
        for branch in _branches(turn, site)
        for part in _all_of(branch.test)
    )


def are_gone_wrong(turn: Turn) -> bool:
    """Whether a loop goes over what the program calls stuck or orphaned, of which there is next to none."""
    return any(
        isinstance(each, ast.Name) and relations.GONE_WRONG.search(each.id) is not None
        for header in headers(turn.loop.node)
        for each in header
    )


def is_asked_of_item(turn: Turn, site: CallSite) -> bool:
    """Whether each item is asked by a method of its own whether a call is made for it: `if not row.changes()`.

    That is most of what a turn costs, and some of the items are left over.
    """
    items = {key.id for key in _keys(turn.loop.node)}
    asked = {
        terminal_name(target)
        for part in walk(turn.loop.node)
        if isinstance(part, ast.Assign) and _is_own_answer(part.value, items)
        for target in part.targets
    }
    return any(
        _is_own_answer(part, items) or (isinstance(part, ast.Name) and part.id in asked)
        for branch in _branches(turn, site)
        for part in walk(branch.test)
    )


def _is_own_answer(node: ast.AST, items: set[str]) -> bool:
    """Whether something is what a method of an item answers that is given nothing."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.args or node.keywords:
        return False
    return isinstance(node.func.value, ast.Name) and node.func.value.id in items and node.func.attr not in _OF_TEXT


def _is_one_of_few(part: ast.expr, site: CallSite) -> bool:
    """Whether an expression asks whether something is in a collection that the program writes down."""
    if not isinstance(part, ast.Compare) or not isinstance(part.ops[0], ast.In):
        return False
    listed = part.comparators[0]
    return isinstance(listed, ast.Name) and Origins(site.source).of(listed, site.scope) is Origin.FEW


def is_tied_to(row: ast.Name, turn: Turn) -> bool:
    """Whether a turn ties others to a row once it is saved, or asks for its key: `Page(book=book)`, `book.pk`."""
    later = (part for part in walk(turn.loop.node) if getattr(part, "lineno", 0) > row.lineno)
    for part in later:
        if isinstance(part, ast.Call) and any(_is_row(each.value, row) for each in part.keywords):
            return True
        if isinstance(part, ast.Attribute) and part.attr in ("pk", "id") and _is_row(part.value, row):
            return True
    return False


def _is_row(node: ast.expr, row: ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == row.id


def _branches(turn: Turn, site: CallSite) -> Iterator[ast.If]:
    """Yield the branches of a turn that hold a call in their bodies, the innermost first."""
    for child, parent in site.ancestors():
        if parent is turn.loop.node:
            break
        if isinstance(parent, ast.If) and child in parent.body:
            yield parent


def _all_of(test: ast.expr) -> list[ast.expr]:
    """Return what all has to be true for a test to be."""
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def _keys(loop: ast.AST) -> Iterator[ast.Name]:
    """Yield the names that hold another value in each turn: of an item itself, of a key, of a number."""
    for target, iterable in headers(loop):
        numbered = _are_numbered(iterable)
        key = target.elts[0] if isinstance(target, ast.Tuple) and numbered else target
        if isinstance(key, ast.Name):
            yield key


def _are_numbered(iterable: ast.expr) -> bool:
    """Whether an iterable gives pairs of a key, or a number, and an item, in whatever order."""
    if not isinstance(iterable, ast.Call):
        return False
    name = terminal_name(iterable.func)
    return name in ("items", "enumerate") or (name in _AS_THEY_ARE and any(map(_are_numbered, iterable.args[:1])))


def _is_that_one(part: ast.expr, keys: set[str], turn: Turn) -> bool:
    """Whether an expression compares a key, or what an item is known by, with something that is no item."""
    if not isinstance(part, ast.Compare) or not isinstance(part.ops[0], ast.Eq):
        return False
    sides = (part.left, part.comparators[0])
    for side, other in (sides, sides[::-1]):
        known = isinstance(side, ast.Attribute) and side.attr in _KNOWN_BY and not isinstance(other, ast.Constant)
        owner = side.value if known and isinstance(side, ast.Attribute) else side
        if isinstance(owner, ast.Name) and owner.id in keys and not turn.concerns(other):
            return True
    return False


def _made(loop: ast.AST) -> Iterator[str]:
    """Yield the names that say whether an upsert of a turn has made its row: `row, created = ….get_or_create()`."""
    for part in walk(loop):
        if not isinstance(part, ast.Assign):
            continue
        target = part.targets[0]
        call = part.value.value if isinstance(part.value, ast.Await) else part.value
        if (
            isinstance(call, ast.Call)
            and terminal_name(call.func) in batching.UPSERTS
            and isinstance(target, ast.Tuple)
        ):
            yield terminal_name(target.elts[-1])
