"""Per item: does an expression run again for each item of something, and for that item?

Retry and small loops are looked through; pages, polls and endless loops are none.  What a turn computes from its item
carries the item on: `key = row.key` makes `key` depend on it as `row` does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.model.batching.accepted import is_refused_when_long
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.index import nodes_below
from flake8_scalability.model.language.loops import Loop, LoopKind
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite, spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FOR = (ast.For, ast.AsyncFor)
MAX_ROUNDS = 4
#: Kinds of bindings that make what a name holds of something else.
_MAKING = frozenset({"assign", "for"})
#: Names of what there are a handful of, as the code or its configuration says.
_FEW = re.compile(
    r"(^|_)(workers?|shards?|\w*blueprints?|backends?|providers?|handlers?|plugins?|engines?|replicas?|regions?|models?|tables?|apps?|"
    r"class(es)?|databases?|dbs|languages?|locales?|environments?|envs?|fields?|columns?|currenc(y|ies)|statuses|kinds?|"
    r"types?|choices|settings|config\w*|kwargs|args|params|retries|attempts?|tries|buckets?|queues?|"
    r"modes?|levels?|stages?|steps?|periods?|intervals?|migrations?|subclasses|parts|metrics|priorities|"
    r"thresholds|attachments|perms|permissions)$|(^|_)(top|first|last|latest|newest|best|highest)_?([1-9]|10)(_|$)",
    re.IGNORECASE,
)
#: Names of what went wrong.
_FAILURE = re.compile(r"(^|_)(error|errors|exc|exception|failure|failures|problem)$")
#: Names of mappings whose keys somebody made up one by one.
_NAMED_VALUES = re.compile(r"(^|_)(options|headers|attributes|properties|preferences|flags)$")
#: Calls that give the items of their first argument, or of their receiver.
_VIEWS = frozenset({
    "enumerate", "sorted", "reversed", "list", "tuple", "set", "items", "keys", "values", "iter", "tqdm", "copy",
    "frozenset", "as_completed", "track", "progress_bar", "track_iterable",
})  # fmt: skip
#: Attributes of a page that are its items.
_PAGE_ITEMS = frozenset({"items", "object_list", "results", "data"})
_PAGE = re.compile(r"(^|_)(page|chunk|batch|slice|window)$", re.IGNORECASE)
#: Calls that run what they are handed at the same time: SCL403 and SCL509 speak of those.
_AT_ONCE = frozenset({
    "gather", "create_task", "ensure_future", "as_completed", "wait", "start_soon", "map", "submit", "concurrent",
    "run_in_executor", "gather_with_concurrency", "group", "chord", "chain",
})  # fmt: skip


class Turn(NamedTuple):
    """One turn of a loop over items, around an expression.

    loop: the innermost loop over items
    items: what it goes over, as the user wrote it
    targets: the names that hold an item, each with what it is an item of (None where that is not one thing)
    names: all names that depend on the item, or on that of a loop over items around it
    own: those that depend on the item of this loop
    """

    loop: Loop
    items: str
    targets: dict[str, ast.expr | None]
    names: frozenset[str]
    own: frozenset[str]

    def concerns(self, *nodes: ast.AST | None) -> bool:
        """Whether one of these expressions is made of the item."""
        return any(
            isinstance(part, ast.Name) and part.id in self.names
            for node in nodes
            if node is not None
            for part in walk(node)
        )


def turn_of(node: ast.expr, scope: Scope, source: SourceFile) -> Turn | None:
    """Return the turn in which an expression runs once for each of many items; None where it does not."""
    if not source.may_be_repeated(node, scope):
        return None
    site = CallSite(node, scope, source)  # type: ignore[arg-type]
    if not _has_loop(site):
        return None
    innermost: Loop | None = None
    names: set[str] = set()
    for loop in loops.around(site):
        if innermost is not None and _is_part_of_constant(innermost.node, loop.node):
            return None
        if _is_over_items(loop, site):
            innermost = innermost or loop
            names |= source.dependents(loop.node)
        elif innermost is None and loop.kind not in (LoopKind.RETRY, LoopKind.SMALL):
            return None
    if innermost is None or is_exceptional(site, innermost.node):
        return None
    targets = dict(targets_of(innermost.node))
    own = source.dependents(innermost.node)
    return Turn(innermost, items_of(innermost.node), targets, frozenset(names), own)


def _is_part_of_constant(inner: ast.AST, outer: ast.AST) -> bool:
    """Whether a loop goes over what an outer one takes out of a constant: it is as long as the text."""
    parts = {terminal_name(plain(iterable)) for _, iterable in headers(inner)}
    constant = any(terminal_name(plain(iterable)).isupper() for _, iterable in headers(outer))
    return constant and not parts.isdisjoint(name for name, _ in targets_of(outer))


def takes_group(turn: Turn, scope: Scope, *nodes: ast.AST) -> bool:
    """Whether one of some expressions takes all of a group: `rows` of `for key, rows in groups.items()`."""
    for target, iterable in headers(turn.loop.node):
        if not (isinstance(target, ast.Tuple) and len(target.elts) == 2 and isinstance(target.elts[1], ast.Name)):
            continue
        used = {part.id for node in nodes for part in walk(node) if isinstance(part, ast.Name)}
        for _ in range(MAX_ROUNDS):  # `terms |= Q(name=row.name)` of `for row in rows`
            bound = [each for name in used for each in scope.bindings.get(name, ())]
            made = [each.value for each in bound if each.kind in _MAKING]
            made += [each.node.value for each in bound if isinstance(each.node, ast.AugAssign)]
            used |= {part.id for node in made if node for part in walk(node) if isinstance(part, ast.Name)}
        if target.elts[1].id in used and isinstance(iterable, ast.Call) and _gives_groups(iterable, scope):
            return True
    return False


def _gives_groups(iterable: ast.Call, scope: Scope) -> bool:
    """Whether a call gives keys with what belongs to each: of `groupby()`, or of a mapping that begins with lists."""
    name = terminal_name(iterable.func)
    if name != "items" or not isinstance(iterable.func, ast.Attribute):
        return name == "groupby"
    mapping = iterable.func.value
    home = scope.lookup(mapping.id) if isinstance(mapping, ast.Name) else None
    for binding in home.bindings[terminal_name(mapping)] if home is not None else ():
        made = binding.value if isinstance(binding.value, ast.Call) else None
        name = terminal_name(made.func) if made is not None else ""
        if name == "defaultdict" and made is not None and made.args:
            return terminal_name(made.args[0]) in ("list", "set")
        if "group" in name:
            return True
    return False


def _has_loop(site: CallSite) -> bool:
    return any(isinstance(parent, (*FOR, ast.While, *COMPREHENSIONS)) for _, parent in site.ancestors())


def _is_over_items(loop: Loop, site: CallSite) -> bool:
    node = loop.node
    if isinstance(node, ast.While):
        return loop.kind is LoopKind.ITEMS
    iterables = [iterable for _, iterable in headers(node)]
    if any(_has_step(each) for each in iterables):
        return False
    if loop.kind is LoopKind.PAGES:
        return all(_is_one_page(each) for each in iterables)
    return loop.kind is LoopKind.ITEMS and not any(
        _is_few(iterable)
        or _names_few(target)
        or _has_few_keys(target, iterable)
        or is_refused_when_long(plain(iterable), site.function)
        for target, iterable in headers(node)
    )


def _is_one_page(iterable: ast.expr) -> bool:
    """Whether an iterable is a page or chunk itself, or what is in it, not a row of them."""
    node = plain(iterable)
    if isinstance(node, ast.Attribute) and node.attr in _PAGE_ITEMS:
        return True
    while isinstance(node, ast.Attribute) and not _PAGE.search(node.attr):
        node = node.value
    return isinstance(node, (ast.Name, ast.Attribute)) and _PAGE.search(terminal_name(node)) is not None


def headers(loop: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield (target, iterable) of a loop statement or of each `for` of a comprehension."""
    if isinstance(loop, FOR):
        yield loop.target, loop.iter
    elif isinstance(loop, COMPREHENSIONS):
        for generator in loop.generators:
            yield generator.target, generator.iter


def _has_step(iterable: ast.expr) -> bool:
    return isinstance(iterable, ast.Call) and terminal_name(iterable.func) == "range" and len(iterable.args) == 3


def _is_few(iterable: ast.expr) -> bool:
    """Whether something is by its name a handful: a constant, the members of a class, or a word that says so."""
    node = plain(iterable)
    while isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Call) and terminal_name(node.func) in ("split", "range"):
        inner = node.func.value if isinstance(node.func, ast.Attribute) else (node.args or [node])[-1]
        return terminal_name(plain(inner)).isupper()
    name = terminal_name(node.func if isinstance(node, ast.Call) else node)
    return name.isupper() or _FEW.search(name) is not None or (not isinstance(node, ast.Call) and name[:1].isupper())


def _names_few(target: ast.expr) -> bool:
    names = [part.id for part in walk(target) if isinstance(part, ast.Name)]
    return any(_FEW.search(re.sub(r"_(name|cls|class|key)$", "", name)) for name in names[-1:])


def _has_few_keys(target: ast.expr, iterable: ast.expr) -> bool:
    """Whether the keys of a mapping are a handful by their name: `for field_name, value in data.items()`."""
    if not (isinstance(iterable, ast.Call) and terminal_name(iterable.func) == "items"):
        return False
    if _NAMED_VALUES.search(terminal_name(plain(iterable))):
        return True
    return isinstance(target, ast.Tuple) and _names_few(target.elts[0])


def plain(iterable: ast.expr) -> ast.expr:
    """Return what an iterable gives the items of: `rows` of `enumerate(sorted(rows))` and `rows.items()`."""
    while isinstance(iterable, ast.Call) and terminal_name(iterable.func) in _VIEWS:
        if iterable.args:
            iterable = iterable.args[0]
        elif isinstance(iterable.func, ast.Attribute):
            iterable = iterable.func.value
        else:
            break
    return iterable


def items_of(loop: ast.AST) -> str:
    """Return what a loop goes over, as the user wrote it, in short."""
    for _, iterable in headers(loop):
        node = plain(iterable)
        while isinstance(node, ast.BoolOp):  # `rows or []`
            node = plain(node.values[0])
        if isinstance(node, ast.Call) and terminal_name(node.func) == "zip" and node.args:
            node = plain(node.args[0])
        return spelled(node)
    return spelled(loop.test) if isinstance(loop, ast.While) else "items"


def targets_of(loop: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the names that hold an item of a loop, each with what it is an item of."""
    for target, iterable in headers(loop):
        name = terminal_name(iterable.func) if isinstance(iterable, ast.Call) else ""
        if isinstance(target, ast.Name):
            yield target.id, plain(iterable)
        elif isinstance(target, ast.Tuple) and isinstance(iterable, ast.Call) and name in ("enumerate", "zip"):
            given: list[ast.expr | None] = [None, *iterable.args[:1]] if name == "enumerate" else [*iterable.args]
            for part, each in zip(target.elts, given):
                if isinstance(part, ast.Name):
                    yield part.id, plain(each) if each is not None else None
        else:
            yield from ((part.id, None) for part in walk(target) if isinstance(part, ast.Name))


def dependent(loop: ast.AST) -> set[str]:
    """Return the names that a turn of a loop gives another value, because of its item."""
    names = {name for name, _ in targets_of(loop)}
    body = getattr(loop, "body", None)
    if not isinstance(body, list):
        return names
    if isinstance(loop, ast.While):
        names |= _popped(loop)
    bound = [
        (target, {part.id for part in nodes_below(value) if isinstance(part, ast.Name)})
        for statement in body
        for node in nodes_below(statement)
        if node.__class__ in _BINDING
        for target, value in _bound(node)
    ]
    bound.sort(key=lambda each: getattr(each[0], "lineno", 0))
    for _ in range(MAX_ROUNDS):
        before = len(names)
        for target, made_of in bound:
            if not names.isdisjoint(made_of):
                names |= {part.id for part in nodes_below(target) if isinstance(part, ast.Name)}
        if len(names) == before:
            break
    return names


def _popped(loop: ast.While) -> set[str]:
    """Return the names that hold what a loop takes from the pile it empties."""
    found = set()
    for node in walk(loop):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
            continue
        if terminal_name(node.value.func) in ("pop", "popleft"):
            found |= {part.id for target in node.targets for part in walk(target) if isinstance(part, ast.Name)}
    return found


_BINDING = frozenset({
    ast.Assign, ast.AnnAssign, ast.NamedExpr, *FOR, ast.comprehension, ast.With, ast.AsyncWith,
})  # fmt: skip


def _bound(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield (target, value) of what a statement binds to names of their own; a mapping that is filled is none."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, (ast.Name, ast.Tuple, ast.List)):
                yield target, node.value
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        if isinstance(node.target, ast.Name):
            yield node.target, node.value
    elif isinstance(node, (*FOR, ast.comprehension)):
        yield node.target, node.iter
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                yield item.optional_vars, item.context_expr


def is_exceptional(site: CallSite, loop: ast.AST) -> bool:
    """Whether an expression does not run in every turn for its own sake.

    It is in an exception's handler, fills a memo of what was not there yet, is handed to what runs many at once, or
    stands in a lambda that somebody else calls.
    """
    for child, parent in site.ancestors():
        if parent is loop:
            return _is_handed_at_once(loop, site) or _is_after_failure(loop, child)
        if isinstance(parent, (ast.ExceptHandler, ast.Lambda, ast.Raise, ast.Assert)):
            return True
        if isinstance(parent, ast.If) and _is_memo(parent, child):
            return True
        if isinstance(parent, ast.Call) and child is not parent.func and terminal_name(parent.func) in _AT_ONCE:
            return True
    return False


def _is_after_failure(loop: ast.AST, statement: ast.AST) -> bool:
    """Whether a statement of a loop is reached only where something failed: `if error is None: continue` is above."""
    body = getattr(loop, "body", None)
    for each in body if isinstance(body, list) else ():
        if each is statement:
            return False
        if isinstance(each, ast.If) and isinstance(each.body[0], ast.Continue):
            negated = isinstance(each.test, ast.UnaryOp) or (
                isinstance(each.test, ast.Compare) and isinstance(each.test.ops[0], (ast.Is, ast.Eq))
            )
            if negated and any(
                isinstance(part, ast.Name) and _FAILURE.search(part.id) is not None for part in walk(each.test)
            ):
                return True
    return False


def _is_handed_at_once(loop: ast.AST, site: CallSite) -> bool:
    parent = site.parents.get(loop)
    while isinstance(parent, (ast.Starred, ast.List, ast.ListComp, ast.GeneratorExp, ast.Tuple)):
        parent = site.parents.get(parent)
    return isinstance(parent, ast.Call) and terminal_name(parent.func) in _AT_ONCE


def _is_memo(branch: ast.If, child: ast.AST) -> bool:
    """Whether the side of a branch that holds a node is taken where a mapping has no entry yet, and makes one."""
    asked: set[str] = set()
    if child in branch.orelse:
        found = isinstance(branch.test, ast.Compare) and isinstance(branch.test.ops[0], ast.In)
        return found and any(
            isinstance(part, ast.Subscript)
            and isinstance(part.ctx, ast.Store)
            and spelled(part.value) == spelled(branch.test.comparators[0])  # type: ignore[attr-defined]
            for statement in branch.orelse
            for part in walk(statement)
        )
    if child not in branch.body:
        return False
    for part in walk(branch.test):
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.NotIn):
            asked.add(spelled(part.comparators[0]))
        elif isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not) and isinstance(part.operand, ast.Name):
            asked.add(part.operand.id)
        elif isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Is) and isinstance(part.left, ast.Name):
            asked.add(part.left.id)
    for statement in branch.body:
        for part in walk(statement):
            if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store) and (
                spelled(part.value) in asked or "cache" in spelled(part.value).lower()
            ):  # fmt: skip
                return bool(asked)
            added = isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
            if added and part.func.attr in ("add", "setdefault") and spelled(part.func.value) in asked:  # type: ignore[attr-defined]
                return True
    return False
