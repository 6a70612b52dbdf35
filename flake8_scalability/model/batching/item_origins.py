"""Origins: where the items of an iterable come from, and so how sure it is that there are many.

An iterable is followed through local names, lists that loops fill, comprehensions, functions of the file and calls that
hand on what they are given, back to rows of a query, an argument, or what another side has sent; or to the text itself.
"""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import batching, tables
from flake8_scalability.catalog import origins as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.model.batching import few_rows, keyed_rows
from flake8_scalability.model.batching.filling import put_in
from flake8_scalability.model.batching.per_item import FOR, plain
from flake8_scalability.model.batching.short_lists import are_choices, is_always_short, names_few, names_keys_of_many
from flake8_scalability.model.batching.tool_callers import nobody_calls
from flake8_scalability.model.language import arguments, reaching
from flake8_scalability.model.language.arguments import Given, constant
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries import sql_texts
from flake8_scalability.model.queries.growth import grows_per_owner
from flake8_scalability.model.queries.narrowing import Narrowing, is_few_per_owner, is_of_staff, is_small, narrowing
from flake8_scalability.model.queries.queries import Query

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 40
_EMPTY = (ast.List, ast.Dict, ast.Set, ast.Tuple)


_LIMIT = re.compile(r"\blimit\s+(\d+)\b", re.IGNORECASE)


class Origin(enum.IntEnum):
    """Where items come from, the surer that there are many the higher."""

    CUT = 0  # a part that the text says is small, after which the rest does not matter
    FEW = 1  # the text, groups, a small table
    UNKNOWN = 2  # what the file does not show
    RELATED = 3  # what belongs to one row: a handful
    OWNED = 4  # rows of one user
    HELD = 5  # rows of one other row, of a table that is no crowd's by its name
    PART = 6  # a page of more than a few, what an argument has
    GIVEN = 7  # an argument of the function
    KEYS = 8  # an argument that is named after the keys of rows of which there are many
    NAMED = 9  # an argument that is named after many, or that of a function which is
    FORM = 10  # what somebody has chosen or typed on a form
    CHOSEN = 11  # boxes that somebody has ticked on a page, the entries of a mapping that a request has brought
    SENT = 12  # what a request, an upload or another service has brought
    ROWS = 13  # rows of a query
    NOTHING = 14  # an empty list that is filled elsewhere, `None`


#: Where keys may come from of which a query has a row each, so that it has as many rows as these.
_COUNTED = frozenset({
    Origin.CUT, Origin.FEW, Origin.RELATED, Origin.PART, Origin.GIVEN, Origin.KEYS, Origin.NAMED, Origin.FORM,
})  # fmt: skip


def _either(found: Iterable[Origin]) -> Origin:
    """Return the origin of one of several alternatives: what is cut stays so, else the least sure one with items."""
    known_ones = set(found) - {Origin.NOTHING}
    if Origin.CUT in known_ones:
        return Origin.CUT
    return min(known_ones - {Origin.FEW}, default=Origin.FEW if known_ones else Origin.NOTHING)


class Origins:
    """Answers where the items of an iterable come from, for one question."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._seen: set[ast.AST] = set()

    def of(self, node: ast.expr, scope: Scope) -> Origin:
        """Return where the items of an iterable of a scope come from."""
        if isinstance(node, ast.Call) and terminal_name(node.func) == "keys" and node.args:
            return Origin.ROWS  # those of a store that fit a pattern
        whole = plain(node)
        origin = self._of_whole(whole, scope)
        # Its keys are names that the other side knows as well, such as those of settings.
        if origin is Origin.SENT and _gives_entries(node) and self._is_handed_over(whole, scope):
            return Origin.CHOSEN
        return origin

    def _of_whole(self, node: ast.expr, scope: Scope) -> Origin:
        if node in self._seen or len(self._seen) > MAX_STEPS:
            return Origin.NOTHING
        self._seen.add(node)
        query = self._source.queries.of(node, scope)
        if query is not None and query.gives is not Gives.ONE:
            return self._of_query(query)
        if isinstance(node, ast.Name):
            return self._of_name(node, scope)
        if isinstance(node, ast.Call):
            return self._of_call(node, scope)
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node, scope)
        if isinstance(node, ast.Subscript):
            return self._of_subscript(node, scope)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return self._most([each.iter for each in node.generators], scope)
        if isinstance(node, _EMPTY):
            return self._of_display(node, scope)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            return Origin.UNKNOWN  # what a change has brought to a set is a handful
        if isinstance(node, ast.BoolOp) and self.of(node.values[-1], scope) is Origin.FEW:
            return Origin.FEW  # `names or ["mail", "app"]`: what stands in for it says how many it is
        return self._most(_parts(node), scope) if isinstance(node, known.TRANSPARENT) else _of_other(node)

    def _most(self, nodes: Iterable[ast.expr], scope: Scope) -> Origin:
        """Return the origin of what is joined of several parts: that of the part with the most."""
        found = [each for each in (self.of(node, scope) for node in nodes) if each is not Origin.NOTHING]
        return max(found, default=Origin.NOTHING)

    def _of_query(self, query: Query) -> Origin:
        grouped = query.statement.grouped if query.statement is not None else few_rows.are_groups(query)
        # The name of a variable in which a class stands says nothing of its table.
        named = query.entity if query.statement is not None or query.entity[:1].isupper() else ""
        if grouped or is_small(named) or is_of_staff(query) or self._is_cut(query) or keyed_rows.is_one(query):
            return Origin.FEW
        keys = keyed_rows.keys_of(query)
        given = Origin.NOTHING if keys is None else self.of(keys, query.scope)
        if given in _COUNTED:  # those of one other row which are among them are a handful
            return min(given, Origin.UNKNOWN) if few_rows.are_of_parent(query) else given
        many = grows_per_owner(query) and not keyed_rows.are_addresses(query)
        if (query.related and not many) or few_rows.are_of_pair(query):
            return Origin.RELATED
        if query.bounded:
            return Origin.PART
        if few_rows.are_of_parent(query):
            return Origin.HELD
        owned = narrowing(query, self._source) is Narrowing.OWNER or few_rows.are_of_owner(query)
        if owned and (is_few_per_owner(query) or few_rows.are_under_way(query)):
            return Origin.FEW
        return Origin.OWNED if owned else Origin.ROWS

    def _is_cut(self, query: Query) -> bool:
        """Whether a query takes a few rows at most."""
        if few_rows.takes_few(query):
            return True
        call = query.ran if query.ran is not None else query.node
        if query.statement is None or not isinstance(call, ast.Call) or not call.args:
            return False
        written = _LIMIT.search(sql_texts.of(call.args[0], query.scope, self._source) or "")
        return written is not None and int(written.group(1)) <= known.MOST

    def _is_small_number(self, node: ast.expr | None, scope: Scope) -> bool:
        number = constant(node, scope)
        return number is not None and isinstance(number.value, int) and 0 <= number.value <= known.MOST

    def _of_name(self, node: ast.Name, scope: Scope) -> Origin:
        if node.id.isupper():
            return Origin.FEW
        bindings = reaching.bindings(node, scope, self._source)
        found = _either(self._of_binding(each, node.id) for each in bindings)
        if found is not Origin.NOTHING:
            return found
        filled = [self.of(value, where) for value, where in put_in(node.id, scope)]
        return max((each for each in filled if each is not Origin.NOTHING), default=Origin.UNKNOWN)

    def _of_binding(self, binding: Binding, name: str) -> Origin:
        value = binding.value
        if binding.kind == "parameter":
            return self._of_parameter(binding.scope, name)
        if binding.kind == "augmented":
            return Origin.NOTHING
        if value is None:
            return Origin.UNKNOWN
        if binding.kind in ("assign", "annotation"):
            return self.of(value, binding.scope)
        return self._of_item(value, binding.scope) if binding.kind == "for" else Origin.UNKNOWN

    def _of_parameter(self, function: Scope, name: str) -> Origin:
        """Return the origin of an argument: of a handler's the request, else what the calls of the file give it."""
        many = few_rows.are_named_many(name, function)
        if _is_rest(name, function) or is_always_short(function, name, self._source):
            return Origin.FEW  # what each caller writes out, as that of `*models` does
        if name == batching.TIED or are_choices(function, name, self._source):
            return Origin.FEW  # what one change of a relation has tied; members of an enumeration
        if names_few(name) and not many:
            return Origin.FEW
        if function in self._source.places.handlers:
            return Origin.SENT
        found = []
        position = list(function.parameters).index(name) - function.is_method
        edges = self._source.graph.into.get(function, ())
        edges = [edge for edge in edges if not edge.handed and edge.caller.function is not function]
        for edge in edges:
            given = arguments.find(edge.node, edge.caller, name, position)
            if given.given is Given.PRESENT and given.value is not None:
                found.append(self.of(given.value, edge.caller))
        if not edges and function.is_function:
            if nobody_calls(function, self._source):
                return Origin.UNKNOWN
            return Origin.NAMED if many else Origin.KEYS if names_keys_of_many(name) else Origin.GIVEN
        return max((each for each in found if each is not Origin.NOTHING), default=Origin.UNKNOWN)

    def _of_item(self, iterable: ast.expr, scope: Scope) -> Origin:
        """Return the origin of what a part of something has: of sent data it is sent too, of a row not shown."""
        origin = self.of(iterable, scope)
        if origin in (Origin.SENT, Origin.CHOSEN, Origin.FORM):
            return origin
        is_argument = origin in (Origin.GIVEN, Origin.KEYS, Origin.NAMED, Origin.PART)
        return Origin.PART if is_argument else min(origin, Origin.UNKNOWN)

    def _of_call(self, node: ast.Call, scope: Scope) -> Origin:
        name = terminal_name(node.func)
        if name in known.CUTTING:
            sizes = [each.args[0] for each in node.args if isinstance(each, ast.Call) and _is_length(each)]
            return self._most(sizes, scope) if sizes else Origin.FEW
        if name == known.TICKED:
            return Origin.CHOSEN
        if name in known.SENDING:
            # A text that the function is given, which it takes apart, is not sent to it by another side.
            if name in known.TAKING_APART and node.args and self._is_given(node.args[0], scope):
                return self._of_item(node.args[0], scope)
            return Origin.SENT
        if name in known.FETCHING:
            return Origin.ROWS
        if name == "defaultdict" or (name in known.MAKING and not node.args):
            return Origin.NOTHING
        if name in known.HANDING and node.args:
            return self._most(node.args, scope)
        if name in known.TAKING and isinstance(node.func, ast.Attribute):
            whole = node.func.value
            if name == "get" and node.args and self._is_given(whole, scope):
                return self._of_item(whole, scope)  # what an argument has under one name: `options.get("members")`
            return self.of(whole, scope)
        targets = [value.target for value in self._source.resolver.values(node.func, scope) if value.target is not None]
        if not targets:
            return Origin.ROWS if _names_many(name) else Origin.UNKNOWN
        return _either(self._of_function(each) if each.is_function else Origin.UNKNOWN for each in targets)

    def _is_handed_over(self, node: ast.expr, scope: Scope, steps: int = 3) -> bool:
        """Whether a collection is as the other side has sent it, and not made here of what it has."""
        if isinstance(node, ast.Name):
            return (
                steps > 0
                and not any(put_in(node.id, scope))
                and all(
                    each.kind == "parameter"
                    or (each.value is not None and self._is_handed_over(each.value, each.scope, steps - 1))
                    for each in reaching.bindings(node, scope, self._source)
                )
            )
        if isinstance(node, ast.Call):
            return terminal_name(node.func) in known.SENDING | {"get"}
        if isinstance(node, ast.BoolOp):
            return self._is_handed_over(node.values[0], scope, steps)
        return isinstance(node, (ast.Attribute, ast.Subscript))

    def _is_given(self, node: ast.expr, scope: Scope) -> bool:
        """Whether something is an argument of the function."""
        bindings = reaching.bindings(node, scope, self._source) if isinstance(node, ast.Name) else ()
        return bool(bindings) and all(each.kind == "parameter" for each in bindings)

    def _of_function(self, function: Scope) -> Origin:
        returned = [node.value for node in function.of(ast.Return) if isinstance(node, ast.Return) and node.value]
        yielding = [loop.iter for loop in function.of(*FOR) if isinstance(loop, FOR) and _yields(loop)]
        found = _either(self.of(each, function) for each in (*returned, *yielding))
        return found if found is not Origin.NOTHING else Origin.UNKNOWN

    def _of_attribute(self, node: ast.Attribute, scope: Scope) -> Origin:
        """Return the origin of an attribute: of a request it is sent, of an argument a part, of others not shown."""
        if names_few(node.attr):
            return Origin.FEW
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            if root.attr in known.FILLED_IN:
                return Origin.FORM
            if root.attr in known.REQUESTED:
                return Origin.SENT
            if root.attr in known.PAGE_ITEMS and known.PAGE.search(terminal_name(root.value)):
                return Origin.ROWS
            root = root.value
        if not isinstance(root, ast.Name) or known.TOOLS.search(root.id):
            return Origin.UNKNOWN
        if root.id == "request":
            return Origin.SENT
        return self._of_item(root, scope)

    def _of_subscript(self, node: ast.Subscript, scope: Scope) -> Origin:
        if not isinstance(node.slice, ast.Slice):
            return self._of_item(node.value, scope)
        if self._is_small_number(node.slice.upper, scope):
            return Origin.CUT
        inner = self.of(node.value, scope)
        return inner if node.slice.upper is None or inner is Origin.NOTHING else min(inner, Origin.PART)

    def _of_display(self, node: ast.expr, scope: Scope) -> Origin:
        parts = getattr(node, "elts", None) or getattr(node, "keys", None)
        if not parts:
            return Origin.NOTHING
        starred = [part.value for part in parts if isinstance(part, ast.Starred)]
        if starred:
            return self._most(starred, scope)
        return Origin.NOTHING if len(parts) == 1 and isinstance(parts[0], ast.Name) else Origin.FEW


def _is_rest(name: str, function: Scope) -> bool:
    """Whether a parameter takes all positional arguments that are left."""
    rest = function.node.args.vararg if isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
    return rest is not None and rest.arg == name


def _gives_entries(node: ast.expr) -> bool:
    """Whether an iterable gives the entries of a mapping, in whatever order: `sorted(options.items())`."""
    while isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    return isinstance(node, ast.Call) and terminal_name(node.func) == "items"


def _names_many(name: str) -> bool:
    """Whether the name of a function of another module says that it lists the rows of a table that grows."""
    listing = known.LISTING.match(name)
    if listing is None or is_small(listing["what"]):
        return False
    crowd = listing["what"].endswith("s") and tables.CROWDS.search(listing["what"]) is not None
    return listing["all"] is not None or crowd


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    else:
        assert isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred))
        yield node.value


def _yields(loop: ast.For | ast.AsyncFor) -> bool:
    return any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in walk(loop))


def _is_length(node: ast.Call) -> bool:
    return terminal_name(node.func) == "len" and bool(node.args)


def _of_other(node: ast.expr) -> Origin:
    return Origin.NOTHING if isinstance(node, ast.Constant) and not node.value else Origin.UNKNOWN
