"""Growing: is it shown that a loop has as many turns as there are data?

A loop is as long as what it goes over, which is followed to where it comes from: rows of a query without a limit, what
another service or a client has sent, a list that is filled in a loop over such, and what a function is given by callers
that the file does not show.  What the program writes down, or cuts, is few; of the rest nothing is known.
"""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import growing as known
from flake8_scalability.model.batching.per_item import COMPREHENSIONS, FOR, Turn, headers
from flake8_scalability.model.language import arguments, reaching
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.limits.handfuls import gives_few
from flake8_scalability.model.queries.growth import grows_per_owner

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 8
_ADDING = ("append", "add", "extend", "update", "appendleft", "insert")


class Amount(enum.IntEnum):
    """How many there are of something: as many as the program says, nobody knows, as many as there are data."""

    FEW = 0
    UNKNOWN = 1
    MANY = 2


def grows(turn: Turn, scope: Scope, source: SourceFile) -> bool:
    """Whether the loop of a turn, or one around it, has as many turns as there are data.

    A loop that does one by one what has failed together is none.
    """
    parents = source.parents(scope)
    node: ast.AST | None = turn.loop.node
    amounts = []
    while node is not None and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        if isinstance(node, ast.ExceptHandler):
            return False
        over = [iterable for _, iterable in headers(node)]
        if isinstance(node, ast.While):
            over = [part for part in ast.walk(node.test) if isinstance(part, ast.Name)]
        where = scope.parent if scope.node is node and scope.parent is not None else scope
        amounts += [amount(each, where, source) for each in over]
        node = parents.get(node)
    return _most(amounts) is Amount.MANY


def amount(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0, *, part: bool = False) -> Amount:
    """Return how many items an iterable has; `part` where it is something that the expression has, not itself."""
    if steps > MAX_STEPS:
        return Amount.UNKNOWN
    query = source.queries.of(node, scope)
    if query is not None and not query.writes:
        if query.related and not grows_per_owner(query):
            return Amount.UNKNOWN
        return Amount.FEW if query.bounded else Amount.MANY
    if isinstance(node, ast.Name):
        return _of_name(node, scope, source, steps, part)
    if isinstance(node, ast.Attribute):
        return _of_attribute(node, scope, source, steps)
    if isinstance(node, ast.Call):
        return _of_call(node, scope, source, steps)
    if isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Slice):
            if node.slice.upper is not None:
                return Amount.FEW
            return amount(node.value, scope, source, steps + 1, part=part)
        return amount(node.value, scope, source, steps + 1, part=True)
    return _of_parts(node, scope, source, steps)


def _of_parts(node: ast.expr, scope: Scope, source: SourceFile, steps: int) -> Amount:
    """Return how many there are in what is made of other expressions: in a literal, a comprehension, a choice."""
    parts: Iterable[ast.expr]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Constant, ast.JoinedStr)):
        elements = getattr(node, "elts", ())
        parts = [each.value for each in elements if isinstance(each, ast.Starred)]
        return _most((amount(each, scope, source, steps + 1) for each in parts), Amount.FEW)
    if isinstance(node, COMPREHENSIONS):
        parts = [generator.iter for generator in node.generators]
    elif isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
        parts = [node.value]
    else:
        return Amount.UNKNOWN
    return _most(amount(each, scope, source, steps + 1) for each in parts)


def _most(amounts: Iterable[Amount], without: Amount = Amount.UNKNOWN) -> Amount:
    return max(amounts, default=without)


def _of_call(node: ast.Call, scope: Scope, source: SourceFile, steps: int) -> Amount:
    name = terminal_name(node.func)
    if name in known.CUTTING:
        sizes = [each for each in node.args if isinstance(each, ast.Call) and terminal_name(each.func) == "len"]
        return _most((amount(each.args[0], scope, source, steps + 1) for each in sizes if each.args), Amount.FEW)
    if name in known.FETCHING or (name == "keys" and node.args):
        return Amount.MANY
    for value in source.resolver.values(node.func, scope) if name in source.callable_names else ():
        if value.target is not None and value.target.is_function:
            return _returned(value.target, source, steps)
    if name in known.LAST and node.args:
        return amount(node.args[-1], scope, source, steps + 1)
    if name in known.SAME:
        on = node.func.value if isinstance(node.func, ast.Attribute) else None
        if on is not None and name in ("get", "pop"):
            return amount(on, scope, source, steps + 1, part=True)
        given = [on] if on is not None and not node.args else node.args
        if on is not None and name in ("split", "union", "difference", "strip"):
            given = [on, *node.args]
        return _most((amount(each, scope, source, steps + 1) for each in given), Amount.FEW)
    return Amount.MANY if known.FETCHER.search(name) and not gives_few(name) else Amount.UNKNOWN


def _returned(function: Scope, source: SourceFile, steps: int) -> Amount:
    """Return how many items a function of the file gives; one that yields, as its loops say."""
    values = [(node.value, function) for node in function.of(ast.Return) if isinstance(node, ast.Return)]
    amounts = [amount(value, scope, source, steps + 2) for value, scope in values if value is not None]
    loops = [loop for loop in function.of(*FOR) if isinstance(loop, FOR)]
    loops = [loop for loop in loops if any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in ast.walk(loop))]
    return _most([*amounts, *(amount(loop.iter, function, source, steps + 2) for loop in loops)])


def _of_attribute(node: ast.Attribute, scope: Scope, source: SourceFile, steps: int) -> Amount:
    """Return how many there are in an attribute: of the object itself, of a request, of what a handler is given."""
    function = scope.function
    owner = function.owner if function is not None else None
    own = function.first_parameter if function is not None else ""
    if isinstance(node.value, ast.Name) and node.value.id == own and owner is not None:
        return _of_own(node.attr, owner, source, steps)
    if node.attr.isupper() and node.attr not in known.SENT:
        return Amount.FEW
    if node.attr in known.SENT and "request" in ast.unparse(node.value).lower():
        return Amount.MANY
    return amount(node.value, scope, source, steps + 1, part=True)


def _of_own(name: str, owner: Scope, source: SourceFile, steps: int) -> Amount:
    """Return how many there are in an attribute of the object: few where all that is ever put there is written down."""
    amounts = []
    for scope in owner.walk():
        for node in scope.of(ast.Assign, ast.AnnAssign):
            assert isinstance(node, (ast.Assign, ast.AnnAssign))
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value is not None and any(terminal_name(target) == name for target in targets):
                amounts.append(amount(node.value, scope, source, steps + 2))
    return _most(amounts)


def _of_name(node: ast.Name, scope: Scope, source: SourceFile, steps: int, part: bool) -> Amount:
    if node.id.isupper():
        return Amount.FEW
    home = scope.lookup(node.id)
    if home is None:
        return Amount.UNKNOWN
    bindings = reaching.bindings(node, scope, source)
    amounts = [_of_binding(node.id, binding, home, source, steps, part) for binding in bindings]
    if any(_is_empty(binding.value) for binding in bindings):
        amounts += [amount(each, where, source, steps + 1) for each, where in _filled(node.id, home, source)]
    return _most(amounts)


def _is_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return terminal_name(value.func) in ("list", "set", "dict", "defaultdict", "deque") and not value.keywords
    return isinstance(value, (ast.List, ast.Dict))


def _filled(name: str, home: Scope, source: SourceFile) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield what decides how many are put into a list or mapping: what is added to it at once, and the loops around."""
    for scope in home.walk():
        found: list[tuple[ast.AST, list[ast.expr]]] = []
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            into = node.func.value if isinstance(node.func, ast.Attribute) else None
            method = terminal_name(node.func)
            if method in _ADDING and isinstance(into, ast.Name) and into.id == name:
                found.append((node, node.args if method in ("extend", "update") else []))
        for node in scope.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            target = node.targets[0]
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name:
                found.append((node, []))
        for node, given in found:
            yield from ((each, scope) for each in given)
            parents, parent = source.parents(scope), node
            while parent in parents and parent is not home.node:
                parent = parents[parent]
                yield from ((iterable, scope) for _, iterable in headers(parent))


def _of_binding(name: str, binding: Binding, home: Scope, source: SourceFile, steps: int, part: bool) -> Amount:
    if binding.kind == "parameter":
        return _of_parameter(name, home, source, steps, part)
    if isinstance(binding.node, FOR):
        over = binding.node.iter
        grouped = isinstance(over, ast.Call) and terminal_name(over.func) == "groupby"
        return amount(over.args[0], binding.scope, source, steps + 1) if grouped and over.args else Amount.UNKNOWN  # type: ignore[attr-defined]
    if binding.kind in ("assign", "annotation", "with", "unpack") and binding.value is not None:
        return amount(binding.value, binding.scope, source, steps + 1, part=part)
    return Amount.UNKNOWN


def _of_parameter(name: str, function: Scope, source: SourceFile, steps: int, part: bool) -> Amount:
    """Return how many a function is given: what its callers in the file say; where there are none, as many as data."""
    if function in source.places.handlers:
        return Amount.MANY
    edges = [edge for edge in source.graph.into.get(function, ()) if not edge.handed]
    if not edges:
        return Amount.UNKNOWN if part or not function.is_function else Amount.MANY
    position = list(function.parameters).index(name) - function.is_method
    amounts = []
    for edge in edges:
        given = arguments.find(edge.node, edge.caller, name, position)
        if given.given is Given.PRESENT and given.value is not None:
            amounts.append(amount(given.value, edge.caller, source, steps + 2, part=part))
    return _most(amounts)
