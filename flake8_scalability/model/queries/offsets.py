"""Offsets: pages of a table that grows, cut by leaving out all rows before, where the last key seen would do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import paging as known
from flake8_scalability.catalog import tables
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.index import nodes_below
from flake8_scalability.model.language.names import names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries import sql_texts
from flake8_scalability.model.queries.narrowing import Narrowing, is_small, narrowing, table_words
from flake8_scalability.model.queries.queries import Filter, Query
from flake8_scalability.model.running import operators
from flake8_scalability.project import page_calls

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_ORDERING = frozenset({"order_by", "sort"})
_OFFSET = re.compile(r"\boffset\s+(?!0\b)(?!\d)", re.IGNORECASE)
#: A condition that is put in, which stands elsewhere in the function.
_HOLE = re.compile(r"\bwhere\s*\x00", re.IGNORECASE)
_COMPARED = re.compile(r"(\w+)\s*=\s*[:%$?@]")
_ORDER = re.compile(r"order\s+by\s+([\w.\"`]+)", re.IGNORECASE)


class Deep(NamedTuple):
    """A query whose pages begin at an offset: where it stands, the function, and what is read."""

    node: ast.expr
    scope: Scope
    entity: str


def deep_offsets(source: SourceFile) -> Iterator[Deep]:
    """Yield the queries that cut pages out of a growing table by an offset, the first of each table."""
    seen: set[str] = set()
    for node, scope, query in sorted(_cut(source), key=lambda each: (each[0].lineno, each[0].col_offset)):
        function = scope.function
        if function is None or not query.entity or query.entity in seen:
            continue
        if _is_large(query, source) and _is_served(function, query, source) and not operators.only(function, source):
            seen.add(query.entity)
            yield Deep(node, scope, query.entity)


def _cut(source: SourceFile) -> Iterator[tuple[ast.expr, Scope, Query]]:
    """Yield the expressions of queries that begin at an offset which is not written out."""
    for name in known.SKIPPING & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[name]:
            query = source.queries.of(node, scope)
            if query is not None and node.args and _goes_far(node.args[0], scope) and _is_ordered_by_key(query):
                yield node, scope, query
    if "offset" in source.lexicon:
        for run in source.query_runs:
            if run.query.statement is not None and _begins_late(run.query, source):
                yield run.node, run.scope, run.query
    functions = {run.scope.function: None for run in source.query_runs}
    for function in [each for each in functions if each is not None and _has_slices(each)]:
        for part in _slices(function):
            query = source.queries.of(part, function)
            if query is not None and _is_ordered_by_key(query):
                yield part, function, query


def _has_slices(function: Scope) -> bool:
    return any(ast.Slice in scope.nodes for scope in function.walk())


def _slices(function: Scope) -> Iterator[ast.Subscript]:
    """Yield the slices of a function that begin late."""
    for part in nodes_below(function.node):
        if not isinstance(part, ast.Subscript) or not isinstance(part.slice, ast.Slice) or part.slice.upper is None:
            continue
        if part.slice.lower is not None and _goes_far(part.slice.lower, function):
            yield part


def _varies(node: ast.expr) -> bool:
    """Whether an offset is another one for each page: not a number, nor a random one."""
    names = [terminal_name(part) for part in walk(node) if isinstance(part, (ast.Name, ast.Attribute))]
    return bool(names) and not any(known.RANDOM.search(name) or name.isupper() for name in names)


def _goes_far(offset: ast.expr, scope: Scope) -> bool:
    """Whether an offset is another one for each page, and may be any number."""
    function = scope.function
    names = [name for name in names_in(offset) if name in function.bindings] if function is not None else []
    near = function is not None and names and all(_is_bounded(name, function) for name in names)
    return _varies(offset) and not near


def _is_bounded(name: str, function: Scope) -> bool:
    """Whether a name is declared to be no more than a number, or cut to one by `min`."""
    argument = function.parameters.get(name)
    values = [each.value for each in function.bindings[name]]
    for part in (*values, argument.annotation if argument is not None else None):
        for inner in walk(part) if part is not None else ():
            if isinstance(inner, ast.keyword) and inner.arg in known.BOUNDS:
                return True
    return any(isinstance(part, ast.Call) and terminal_name(part.func) == "min" for part in values)


def _begins_late(query: Query, source: SourceFile) -> bool:
    call = query.ran if query.ran is not None else query.node
    if not isinstance(call, ast.Call) or not call.args:
        return False
    text = sql_texts.of(call.args[0], query.scope, source)
    if text is None or _OFFSET.search(text) is None:
        return False
    if _HOLE.search(text) is not None and _names_talk(query):
        return False
    ordered = _ORDER.search(text)
    return ordered is None or known.KEYED.match(ordered.group(1).rpartition(".")[2].strip('"`')) is not None


def _names_talk(query: Query) -> bool:
    """Whether a text of the function compares a column that tells one talk from the next."""
    function = query.scope.function
    return function is not None and any(
        known.TALKS.search(column) is not None
        for each in nodes_below(function.node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
        for column in _COMPARED.findall(each.value)
    )


def _is_ordered_by_key(query: Query) -> bool:
    """Whether rows are ordered by what a key could begin after, or in no order that is shown."""
    for step in query.steps:
        if step.name not in _ORDERING or step.call is None or not step.call.args:
            continue
        column = _column(step.call.args[0])
        return known.KEYED.match(column) is not None and not _is_computed(column, query)
    return True


def _is_computed(column: str, query: Query) -> bool:
    """Whether the query itself makes the column: `annotate(due_at=…)`, or `with_due_at()` of the project's own.

    No index has it, so that a key would not spare the database any row.
    """
    own = (f"with_{column}", f"annotate_{column}", f"add_{column}")
    return any(
        step.name in own or (step.name in known.COMPUTING and any(each.arg == column for each in step.call.keywords))
        for step in query.steps
        if step.call is not None
    )


def _column(node: ast.expr) -> str:
    """Return the name of the first column of an order: `created` of `-created`, `Post.created.desc()`."""
    while True:
        if isinstance(node, ast.Call):
            inner = node.func.value if isinstance(node.func, ast.Attribute) and not node.args else None
            if (inner is None and not node.args) or _reckons(node):
                return ""
            node = inner if inner is not None else node.args[0]
        elif isinstance(node, (ast.List, ast.Tuple)) and node.elts:
            node = node.elts[0]
        elif isinstance(node, ast.UnaryOp):
            node = node.operand
        else:
            break
    if isinstance(node, ast.Constant):
        return str(node.value).lstrip("-+")
    return node.attr if isinstance(node, ast.Attribute) else ""


def _reckons(node: ast.Call) -> bool:
    """Whether a call is a function of the database, which it reckons for all rows in any case: `func.count(…)`."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return (owner is not None and terminal_name(owner) == "func") or terminal_name(node.func) in known.RECKONING


def _is_large(query: Query, source: SourceFile) -> bool:
    """Whether a page is cut out of many rows: of a table that grows, not of what one other row or one user has."""
    words = table_words(query)
    if is_small(query.entity) or tables.SENT_TO_ALL.search(words) or not known.GROWING.search(words):
        return False
    # The offset itself is a method that the narrowing does not know.
    found = narrowing(query._replace(opaque=False), source)
    if any(_leaves_few(each) for each in query.filters):
        return False
    return found <= Narrowing.HEAP  # nobody turns that far back in what is their own


def _leaves_few(each: Filter) -> bool:
    """Whether a condition leaves the rows of one talk, or those that went wrong, by a state that is written out."""
    if each.operator not in ("exact", "eq"):
        return False
    if known.TALKS.search(each.column) is not None:
        return True
    value = each.value
    written = isinstance(value, (ast.Constant, ast.Attribute)) and known.FAILED.search(ast.unparse(value)) is not None
    return written and not (isinstance(value, ast.Attribute) and terminal_name(value).islower())


def _is_served(function: Scope, query: Query, source: SourceFile) -> bool:
    """Whether a client asks for the pages: in a handler, or in a function that is given where in a stream to begin."""
    place = source.place(function).place
    if place is not Place.LIBRARY:
        return place is Place.REQUEST
    asked = any(known.STARTS.match(name) for name in function.parameters)
    if not asked or known.STREAMS.search(table_words(query)) is None:
        return False
    owner = function.owner.name if function.owner is not None else ""
    return source.settings.no_project or page_calls.are_asked_for(
        function.name, owner, tuple(function.parameters), source.filename
    )
