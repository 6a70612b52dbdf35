"""How many rows a query may give, by what its conditions compare."""

from __future__ import annotations

import ast
import enum
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import answers, tables, work_names
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries import query_filters
from flake8_scalability.model.queries.queries import Filter, Query

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Longer texts are prose or SQL, which speak of pages in another sense.
LONGEST_KEY = 20
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


#: Operators that leave the rows of one other row, of one time, or of one search for words.
_NARROW = frozenset(
    {"subquery", "any", "has", "range", "between", "date", "day", "week", "hour", "search", "match", "startswith"}
)


class Narrowing(enum.IntEnum):
    """What rows a query is narrowed to; the higher the fewer."""

    WHOLE = 0  # the whole table
    HEAP = 1  # those with a common property: active ones, those of a kind, those that match a search
    OWNER = 2  # those of one user, customer or tenant
    PARENT = 3  # those of one other row, or what the file does not show
    FEW = 4  # those with a key, or with keys that are given


def narrowing(query: Query, source: SourceFile) -> Narrowing:
    """Return what a query is narrowed to by the condition that narrows it most."""
    found = Narrowing.PARENT if query.related else Narrowing.WHOLE
    lower: set[str] = set()
    upper: set[str] = set()
    for each in query.filters:
        found = max(found, _of_filter(each, query, source))
        if each.operator in ("gt", "gte"):
            lower.add(each.column)
        elif each.operator in ("lt", "lte"):
            upper.add(each.column)
    is_due = bool(upper) and any(each.operator == "exact" for each in query.filters)
    if lower & upper or is_due:
        # A window of time, or what is due and not done yet.
        found = max(found, Narrowing.PARENT)
    if (
        query.opaque or _joins_what_is_given(query) or _is_of_replaced(query) or _lacks_other(query)
    ) and found < Narrowing.PARENT:
        found = Narrowing.PARENT
    return found


def _joins_what_is_given(query: Query) -> bool:
    """Whether a query is joined with a subquery or a table of values that the function has made."""
    given = [step.call.args[0] for step in query.steps if step.name == "join" and step.call and step.call.args]
    return any(isinstance(each, ast.Name) and each.id[:1].islower() for each in given) or any(
        _joins_by_value(step.call, query) for step in query.steps if step.call is not None
    )


def _joins_by_value(call: ast.Call, query: Query) -> bool:
    """Whether the condition of a join compares a column of the rows that are asked for with a value that is given."""
    name = terminal_name(call.func)
    if name not in ("join", "outerjoin") or (name == "outerjoin" and terminal_name(call.args[0]) != query.entity):
        return False
    return any(
        isinstance(part, ast.Compare)
        and isinstance(part.ops[0], ast.Eq)
        and isinstance(part.left, ast.Attribute)
        and isinstance(part.comparators[0], ast.Name)
        for argument in call.args[1:]
        for part in walk(argument)
    )


def _lacks_other(query: Query) -> bool:
    """Whether rows are asked for that have no row in another table, which are those that something has left out."""
    outer = {
        terminal_name(step.call.args[0])
        for step in query.steps
        if step.call is not None and step.name == "outerjoin" and step.call.args
    }
    if not outer:
        return False
    for step in query.steps:
        for part in walk(step.call) if step.call is not None and step.name in ("filter", "where") else ():
            compared = part.left if isinstance(part, ast.Compare) else part.func if isinstance(part, ast.Call) else None
            given = (
                part.comparators if isinstance(part, ast.Compare) else part.args if isinstance(part, ast.Call) else []
            )
            if isinstance(part, ast.Call) and isinstance(compared, ast.Attribute):
                compared = compared.value if compared.attr == "is_" else None
            is_none = any(isinstance(each, ast.Constant) and each.value is None for each in given)
            if is_none and isinstance(compared, ast.Attribute) and terminal_name(compared.value) in outer:
                return True
    return False


def _is_of_replaced(query: Query) -> bool:
    """Whether a query goes on from `self.queryset`, which the function has replaced by another."""
    function = query.scope.function
    replaced = {
        ast.unparse(target)
        for node in (function.of(ast.Assign) if function is not None else ())
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
    }
    call = query.steps[-1].call if replaced and query.steps else None
    return call is not None and any(
        isinstance(part, ast.Attribute) and ast.unparse(part) in replaced for part in walk(call.func)
    )


def is_few_per_owner(query: Query) -> bool:
    """Whether the name of a table says that one user has a few of its rows: tokens, devices."""
    return tables.FEW_PER_OWNER.search(table_words(query)) is not None


def table_words(query: Query) -> str:
    """Return the name of a query's table as words in lower case, ends that say nothing left out."""
    return tables.ENTITY_ENDS.sub("", _HUMPS.sub("_", query.entity).lower())


def _of_filter(each: Filter, query: Query, source: SourceFile) -> Narrowing:
    if each.operator == "or":
        sides = query_filters.sides(each.value, query.family)
        narrowed = [max((_of_filter(one, query, source) for one in side), default=Narrowing.HEAP) for side in sides]
        return max(Narrowing.HEAP, min(narrowed, default=Narrowing.HEAP))
    if each.operator == "unknown":
        return _of_unknown(each.value, query, source)
    if each.operator in ("in", "overlap"):
        inner = source.queries.of(each.value, query.scope) if each.value is not None else None
        small = each.value is not None and isinstance(each.value, (ast.List, ast.Tuple, ast.Set))
        heap = small and tables.HEAPS.search(each.column) is not None
        return Narrowing.HEAP if heap else Narrowing.PARENT if inner is not None else Narrowing.FEW
    if each.operator == "join":
        return Narrowing.WHOLE
    if _goes_on(each):
        return Narrowing.PARENT
    if each.operator in _NARROW or (
        each.operator == "contains" and isinstance(each.value, (ast.Name, ast.Attribute, ast.List))
    ):
        return Narrowing.PARENT
    if each.operator in ("gt", "gte") and _is_recent(each, query):
        return Narrowing.PARENT
    if each.operator == "regex" and _is_anchored(each.value):
        return Narrowing.PARENT
    if each.operator in ("like", "ilike") and _begins_with_given(each, query):
        return Narrowing.PARENT
    if each.operator not in ("exact", "iexact", "eq"):
        return Narrowing.PARENT if tables.STAFF.search(each.column) else Narrowing.HEAP
    return _of_equality(each)


def _goes_on(each: Filter) -> bool:
    """Whether rows are asked for that have not ended yet: `ended_on=None`, `closed_at__isnull=True`."""
    given = each.value.value if isinstance(each.value, ast.Constant) else ""
    none = given is True if each.operator == "isnull" else given is None and each.operator == "exact"
    return none and tables.ENDS.search(each.column) is not None


def _of_equality(each: Filter) -> Narrowing:
    column = each.column.rpartition("__")[2] or each.column
    value = each.value
    if tables.DAYS.search(column) and not isinstance(value, ast.Constant):
        return Narrowing.PARENT
    if column == "content_type" and not isinstance(value, ast.Constant):
        return Narrowing.PARENT  # those of one kind of other rows, by a relation to any
    if isinstance(value, ast.Attribute) and _is_enum(value) and value.attr == column and tables.STAFF.search(column):
        return Narrowing.PARENT  # a column by itself: `User.is_admin`
    if isinstance(value, ast.Constant) and (value.value is None or isinstance(value.value, bool)):
        return Narrowing.PARENT if tables.STAFF.search(column) and value.value else Narrowing.HEAP
    if tables.KEYS.search(each.column) and not tables.HEAPS.search(column):
        return Narrowing.FEW
    if tables.OWNERS.search(column):
        return Narrowing.PARENT if _is_of_url(value) else Narrowing.OWNER
    if column.endswith(("_id", "_pk", "Id", "ID")) or _is_key(value):
        return Narrowing.PARENT
    if isinstance(value, ast.Name) and value.id in ("self", "instance", "obj", "cls"):
        return Narrowing.PARENT
    if column == "role" and value is not None and tables.LEADERS.search(ast.unparse(value)):
        return Narrowing.PARENT
    if is_underway(value):
        return Narrowing.PARENT
    if isinstance(value, ast.JoinedStr):
        return Narrowing.PARENT  # made of what one other row has
    if tables.HEAPS.search(column) or isinstance(value, ast.Constant) or _is_enum(value):
        return Narrowing.HEAP
    return Narrowing.PARENT


def is_underway(value: ast.expr | None) -> bool:
    """Whether a value is the state of what is being done just now: `Status.RUNNING`."""
    written = isinstance(value, ast.Constant) or _is_enum(value)
    return written and value is not None and tables.UNDERWAY.search(ast.unparse(value).replace("_", "")) is not None


def _is_of_url(value: ast.expr | None) -> bool:
    """Whether a value is an argument of a view's URL, so that the view shows what one row has: `self.kwargs["pk"]`."""
    return isinstance(value, ast.Subscript) and isinstance(value.value, ast.Attribute) and value.value.attr == "kwargs"


def _is_recent(each: Filter, query: Query) -> bool:
    """Whether a column of time is compared with a moment before now at which a window begins."""
    if tables.DAYS.search(each.column) is None:
        return False
    if each.value is None:
        return query.statement is not None and each.text is None  # a statement's own, or one that is put in
    value = _bound_to(each.value, query)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub):
        return any(isinstance(part, ast.Call) and terminal_name(part.func) in tables.SPANS for part in walk(value))
    name = terminal_name(each.value) if isinstance(each.value, ast.Name) else ""
    return tables.WINDOW.search(name) is not None and name not in _parameters(query)


def _bound_to(value: ast.expr, query: Query) -> ast.expr | None:
    """Return what a name is bound to where that is one thing; another expression is returned as it is."""
    if not isinstance(value, ast.Name):
        return value
    home = query.scope.lookup(value.id)
    bindings = home.bindings[value.id] if home is not None else []
    return (bindings[0].value or value) if len(bindings) == 1 else value


def _parameters(query: Query) -> frozenset[str]:
    function = query.scope.function
    return frozenset(function.parameters) if function is not None else frozenset()


def _is_anchored(value: ast.expr | None) -> bool:
    """Whether a regular expression begins at the beginning, with what is put into it."""
    first = value.values[0] if isinstance(value, ast.JoinedStr) and value.values else None
    return isinstance(first, ast.Constant) and str(first.value).startswith("^")


def _begins_with_given(each: Filter, query: Query) -> bool:
    """Whether a pattern is a value that is given, or more than its beginning: `name.ilike(f"{name} (copy %)")`."""
    value = _bound_to(each.value, query) if each.value is not None else None
    if isinstance(value, ast.JoinedStr) and value.values:
        written = "".join(str(part.value) for part in value.values if isinstance(part, ast.Constant))
        return isinstance(value.values[0], ast.FormattedValue) and written not in ("%", "_%")
    return isinstance(value, ast.Name) and tables.PATTERNS.search(value.id) is None


def _is_key(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Attribute) and value.attr in ("id", "pk", "uuid", "_id")


def _is_enum(value: ast.expr | None) -> bool:
    """Whether a value is a constant by its spelling: `Status.ACTIVE`."""
    return isinstance(value, ast.Attribute) and (value.attr.isupper() or terminal_name(value.value)[:1].isupper())


def _of_unknown(value: ast.expr | None, query: Query, source: SourceFile) -> Narrowing:
    """What is put together in the function narrows where somebody asks for it; what is handed in may be anything."""
    node = value.value if isinstance(value, ast.Starred) else value
    if isinstance(node, ast.Name):
        home = query.scope.lookup(node.id)
        bindings = home.bindings[node.id] if home is not None else []
        literals = [
            each.value for each in bindings if isinstance(each.value, (ast.Dict, ast.List)) or _is_q(each.value)
        ]
        if literals and all(binding.kind == "assign" for binding in bindings):
            least = min(_of_literal(each, query, source) for each in literals)
            return least or _of_added(node.id, query, source)
    return Narrowing.HEAP if _is_q(node) else Narrowing.PARENT


def _of_literal(node: ast.expr | None, query: Query, source: SourceFile) -> Narrowing:
    """Return what a list, a mapping or a `Q()` of conditions narrows to; more may be added to it on some way."""
    filters = query_filters.of_literal(node, query.family)
    return max((_of_filter(each, query, source) for each in filters), default=Narrowing.WHOLE)


def _of_added(name: str, query: Query, source: SourceFile) -> Narrowing:
    """Return what the least narrow of the conditions that are added to an empty list leaves, where one has to be."""
    function = query.scope.function
    if function is None or not any(_leaves_without(name, test) for test in function.of(ast.If)):
        return Narrowing.WHOLE
    added = [
        node.args[0]
        for node in function.of(ast.Call)
        if isinstance(node, ast.Call)
        and terminal_name(node.func) == "append"
        and isinstance(node.func, ast.Attribute)
        and terminal_name(node.func.value) == name
        and node.args
    ]
    lists = (ast.List(elts=[each], ctx=ast.Load()) for each in added)
    return min((_of_literal(each, query, source) for each in lists), default=Narrowing.WHOLE)


def _leaves_without(name: str, test: ast.AST) -> bool:
    """Whether a function leaves where a list is empty: `if not conditions: return`."""
    assert isinstance(test, ast.If)
    asked = test.test.operand if isinstance(test.test, ast.UnaryOp) and isinstance(test.test.op, ast.Not) else None
    return terminal_name(asked or test) == name and isinstance(test.body[-1], (ast.Return, ast.Raise))


def _is_q(node: ast.expr | None) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitOr, ast.BitAnd)):
        return _is_q(node.left) and _is_q(node.right)
    return isinstance(node, ast.Call) and terminal_name(node.func) == "Q"


def may_be_many(query: Query) -> bool:
    """Whether a query may give more rows the more data there is: without a limit, not grouped, of no small table."""
    if query.bounded or query.gives not in (Gives.QUERY, Gives.MANY) or not query.certain:
        return False
    if query.names & {"group_by", "values_list", "values", "dates", "datetimes", "none", "with_only_columns"}:
        return False
    if query.statement is not None and (query.statement.grouped or not query.statement.table):
        return False
    if query.family.name == "sqlalchemy" and "distinct" in query.names and _selects_columns(query):
        return False
    return not is_small(query.entity) and not _is_one_of_each(query)


def _is_one_of_each(query: Query) -> bool:
    """Whether one row is asked for each value of some columns, none of which says whose it is: `distinct("kind")`.

    Of the values of a column that is told so there are few as a rule; users there are many.
    """
    named = [
        str(given.value) if isinstance(given, ast.Constant) else terminal_name(given)
        for step in query.steps
        if step.name == "distinct" and step.call is not None
        for given in step.call.args
    ]
    return bool(named) and not any(tables.OWNERS.search(name) for name in named)


def takes_one_column(query: Query) -> bool:
    """Whether a query takes a single column of its rows: a key, a name, which is little for each."""
    if query.statement is not None:
        columns = [each for each in query.statement.columns if each != "distinct"]
        return len(columns) == 1 and columns[0] != "*"
    for step in query.steps:
        if step.call is None or step.name not in ("query", "select", "with_entities", "with_only_columns"):
            continue
        given = step.call.args
        if len(given) == 1 and isinstance(given[0], ast.Call) and terminal_name(given[0].func) == "distinct":
            given = given[0].args
        if len(given) == 1 and isinstance(given[0], ast.Attribute) and not given[0].attr[:1].isupper():
            return True
    return False


def _selects_columns(query: Query) -> bool:
    first = query.steps[0].call if query.steps else None
    return first is not None and any(isinstance(each, ast.Attribute) for each in first.args)


def has_key(query: Query) -> bool:
    """Whether a query asks for one value of a column that one row has."""
    return any(
        each.operator in ("exact", "iexact") and tables.KEYS.search(each.column) is not None for each in query.filters
    )


def is_of_staff(query: Query) -> bool:
    """Whether a query asks for the few who run a service: `filter(is_staff=True)`."""
    return any(
        tables.STAFF.search(each.column) is not None
        and isinstance(each.value, ast.Constant)
        and (each.value.value is True or tables.LEADERS.search(str(each.value.value)) is not None)
        for each in query.filters
        if each.operator in ("exact", "eq")
    )


def is_small(entity: str) -> bool:
    """Whether the name of a table says that it has few rows."""
    words = _HUMPS.sub("_", entity).lower()
    return tables.SMALL.search(tables.ENTITY_ENDS.sub("", words)) is not None


def is_of_probe(function: Scope) -> bool:
    """Whether a function belongs to a view that tells how the service fares."""
    return function.owner is not None and answers.PROBES.search(function.owner.name) is not None


def speaks_of_pages(function: Scope) -> bool:
    """Whether the names and keys in a function, its decorators left out, speak of pages or limits."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    words: set[str] = set()
    for part in (node.args, *node.body):
        for each in walk(part):
            if isinstance(each, ast.Name):
                name = each.id
            elif isinstance(each, ast.Attribute):
                name = each.attr
            elif isinstance(each, (ast.arg, ast.keyword)):
                name = each.arg or ""
            elif isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) < LONGEST_KEY:
                name = each.value
            else:
                continue
            words.update(_HUMPS.sub("_", name).lower().split("_"))
    # A cursor that executes is one of the driver's.
    return bool(words & (tables.PAGING - {"cursor"} if "execute" in words else tables.PAGING))


def is_done_once(function: Scope | None, source: SourceFile) -> bool:
    """Whether code puts the data right after a change of the program, by its function's name or that of its file.

    So does what lies in a folder that is called so, unless that is the package of the whole application.
    """
    parts = source.path_parts
    names = [function.name if function is not None else "", *parts[-1:], *(parts[-2:-1] if len(parts) > 2 else ())]
    if any(map(work_names.ONCE.search, names)):
        return True
    return function is not None and "schema_editor" in function.parameters
