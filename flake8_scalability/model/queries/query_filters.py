"""Conditions of a query: which columns its filters compare, how, and which relations it loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.catalog.query_methods import Family
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk

#: Lookups of Django's and Tortoise's keyword filters.
LOOKUPS = frozenset({
    "exact", "iexact", "contains", "icontains", "in", "gt", "gte", "lt", "lte", "startswith", "istartswith", "endswith",
    "iendswith", "range", "date", "year", "month", "day", "week", "hour", "minute", "isnull", "regex", "iregex",
    "search",
    "overlap", "contained_by", "has_key", "not", "not_in", "ne", "nin", "trigram_similar", "len",
})  # fmt: skip
#: Methods whose arguments are conditions.
FILTERING = frozenset({
    "filter", "where", "get", "filter_by", "exclude", "objects", "having", "orwhere", "get_or_none", "find", "find_one",
    "find_many", "find_all", "count_documents", "match", "get_or_404", "get_object_or_404", "delete_many",
    "update_many",
    "update_one", "delete_one", "aget", "all", "exists", "count", "first", "select",
})  # fmt: skip
_OPERATORS: dict[type, str] = {
    ast.Eq: "exact", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "lte", ast.Gt: "gt", ast.GtE: "gte", ast.Is: "exact",
    ast.IsNot: "ne", ast.In: "in", ast.NotIn: "not_in",
}  # fmt: skip
_METHODS = frozenset({
    "in_", "like", "ilike", "contains", "icontains", "startswith", "endswith", "is_", "isnot", "is_not", "notin_",
    "not_in",
    "between", "match", "any", "has", "op", "regexp_match", "regexp", "is_null", "fn", "overlap", "istartswith",
    "iendswith",
    "iexact", "bin_and", "any_", "bool_op",
})  # fmt: skip
#: Options that load related rows, in SQLAlchemy; the first argument names the relation.
_OPTIONS = frozenset({"joinedload", "selectinload", "subqueryload", "contains_eager", "immediateload", "noload",
                      "raiseload", "eagerload", "joinedload_all", "subqueryload_all"})  # fmt: skip


class Filter(NamedTuple):
    """A condition.

    column: the column, with its relations (`author__name`); "" where the condition is not a plain comparison
    operator: "exact", "in", "lt" … as Django spells them, "unknown" for what the file does not show
    value: what it is compared with, None where that is not an expression of the file
    text: the text of SQL that it is compared with
    """

    column: str
    operator: str
    value: ast.expr | None = None
    text: str | None = None


#: Keywords of methods of a query that are no columns; a column of Django's may be called like most of them.
_ARGUMENTS_OF_DJANGO = frozenset({"using", "defaults"})
_ARGUMENTS = _ARGUMENTS_OF_DJANGO | {"session", "fetch_links", "limit", "skip", "sort", "projection", "default"}


def of(call: ast.Call, name: str, family: Family, scope: Scope) -> tuple[Filter, ...]:
    """Return the conditions that a method of a query adds."""
    if name not in FILTERING:
        return ()
    if name == "exclude":
        return (Filter("", "exclude"),)
    if family.name == "mongo":
        return tuple(_of_mapping(call.args[0])) if call.args else ()
    positional = call.args
    if name in ("get_object_or_404",) or (name == "filter" and terminal_name(call.func).endswith("_or_404")):
        positional = call.args[1:]
    if name in ("get",) and positional and not isinstance(positional[0], (ast.Compare, ast.BinOp, ast.Call)):
        return (Filter("pk", "exact", positional[0]),)
    if name in ("select", "all", "count", "first", "exists"):
        positional = [each for each in positional if isinstance(each, ast.Compare)]
    found: list[Filter] = []
    for argument in positional:
        found += _of_expression(argument, family)
    for keyword in call.keywords:
        if keyword.arg is None:
            found.append(Filter("", "unknown", keyword.value))
        elif keyword.arg not in (_ARGUMENTS_OF_DJANGO if family.name == "django" else _ARGUMENTS):
            found.append(_of_keyword(keyword.arg, keyword.value))
    return tuple(found)


def _of_keyword(name: str, value: ast.expr) -> Filter:
    column, _, operator = name.rpartition("__")
    if column and operator in LOOKUPS:
        return Filter(column, operator, value)
    return Filter(name, "exact", value)


def _of_expression(node: ast.expr, family: Family) -> Iterator[Filter]:
    """Yield the conditions in a positional argument; one side of an `or` alone narrows nothing."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield _of_compare(node)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        yield from _of_expression(node.left, family)
        yield from _of_expression(node.right, family)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift):
        yield Filter(_column(node.left), "in", node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Pow)):
        yield Filter(_column(node.left), "like", node.right)
    elif isinstance(node, ast.UnaryOp):
        yield Filter(_column(node.operand), "not", node.operand)
    elif isinstance(node, ast.Dict):
        yield from _of_mapping(node)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield Filter("", "or", node)
    elif isinstance(node, ast.Call):
        yield from _of_call(node, family)
    elif isinstance(node, ast.Attribute) and family.name in ("sqlalchemy", "peewee"):
        yield Filter(node.attr, "exact", node)
    else:
        yield Filter("", "unknown", node)


def _of_call(node: ast.Call, family: Family) -> Iterator[Filter]:
    name = terminal_name(node.func)
    if name in ("and_", "And"):
        for each in node.args:
            yield from _of_expression(each, family)
    elif name in ("or_", "Or"):
        yield Filter("", "or", node)
    elif name == "not_":
        yield Filter("", "not", node)
    elif name == "Q" and len(node.keywords) and not node.args:
        for keyword in node.keywords:
            yield _of_keyword(keyword.arg, keyword.value) if keyword.arg else Filter("", "unknown")
    elif name in ("Exists", "exists"):
        yield Filter("", "subquery", node)
    elif isinstance(node.func, ast.Attribute) and name in _METHODS:
        operator = {"in_": "in", "notin_": "not_in", "is_": "exact", "isnot": "ne", "is_not": "ne"}.get(name, name)
        yield Filter(_column(node.func.value), operator, node.args[0] if node.args else None)
    else:
        yield Filter("", "unknown", node)


def _of_compare(node: ast.Compare) -> Filter:
    column, value = node.left, node.comparators[0]
    if not _column(column) and _column(value):
        column, value = value, column
    operator = _OPERATORS.get(type(node.ops[0]), "unknown")
    if isinstance(value, ast.Attribute) and isinstance(column, ast.Attribute) and operator == "exact":
        left, right = terminal_name(column.value), terminal_name(value.value)
        if left[:1].isupper() and right[:1].isupper() and not right.isupper() and not value.attr.isupper():
            return Filter(_column(column), "join", value)
    return Filter(_column(column), operator, value)


def _column(node: ast.expr) -> str:
    """Return the column that an operand is: `User.name`, `func.lower(User.name)`, `table.c.name`."""
    if isinstance(node, ast.Call):
        if node.args:
            return _column(node.args[0])
        return _column(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    if isinstance(node, ast.Attribute):
        return node.attr
    return _column(node.value) if isinstance(node, ast.Subscript) else ""


def _of_mapping(node: ast.expr) -> Iterator[Filter]:
    """Yield the conditions in a document that Mongo is asked for."""
    if not isinstance(node, ast.Dict):
        if isinstance(node, ast.List):
            return
        yield Filter("", "unknown", node)
        return
    for key, value in zip(node.keys, node.values):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            yield Filter("", "unknown", value)
        elif key.value.startswith("$"):
            yield Filter("", key.value.lstrip("$"), value)
        elif isinstance(value, ast.Dict) and value.keys and isinstance(value.keys[0], ast.Constant):
            yield Filter(key.value, str(value.keys[0].value).lstrip("$"), value.values[0])
        else:
            yield Filter(key.value, "exact", value)


def of_generator(node: ast.GeneratorExp, scope: Scope) -> tuple[Filter, ...]:
    """Return the conditions of a generator over an entity, as Pony has them."""
    found: list[Filter] = []
    for generator in node.generators:
        for test in generator.ifs:
            parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
            found += [
                _of_compare(part) if isinstance(part, ast.Compare) else Filter("", "unknown", part) for part in parts
            ]
    return tuple(found)


def of_literal(node: ast.expr | None, family: Family) -> tuple[Filter, ...]:
    """Return the conditions in a list of them, in a mapping by their keywords, or in a `Q`."""
    if isinstance(node, ast.List):
        return tuple(each for part in node.elts for each in _of_expression(part, family))
    if isinstance(node, ast.Dict):
        if family.name == "mongo":
            return tuple(_of_mapping(node))
        keys = [(key, value) for key, value in zip(node.keys, node.values) if isinstance(key, ast.Constant)]
        return tuple(_of_keyword(str(key.value), value) for key, value in keys)
    if isinstance(node, ast.Call) and not node.args and not node.keywords:
        return ()
    return tuple(_of_expression(node, family)) if node is not None else ()


def sides(node: ast.expr | None, family: Family) -> list[tuple[Filter, ...]]:
    """Return the conditions on each side of an `or`: `Q(a=1) | Q(b=2)`, `or_(A.a == 1, A.b == 2)`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return sides(node.left, family) + sides(node.right, family)
    if isinstance(node, ast.Call) and terminal_name(node.func) in ("or_", "Or"):
        return [tuple(_of_expression(each, family)) for each in node.args]
    return [tuple(_of_expression(node, family))] if node is not None else []


def relations(call: ast.Call, family: Family) -> Iterator[str]:
    """Yield the relations that a step of a query loads with its rows."""
    name = terminal_name(call.func)
    if name in family.eager and family.name in ("django", "tortoise", "mongoengine"):
        for argument in call.args:
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
            elif isinstance(argument, ast.Call) and argument.args and isinstance(argument.args[0], ast.Constant):
                yield str(argument.args[0].value)
            else:
                yield "*"
        if not call.args:
            yield "*"
    elif name == "options":
        for argument in call.args:
            for part in walk(argument):
                if isinstance(part, ast.Call) and terminal_name(part.func) in _OPTIONS:
                    for given in part.args:
                        yield str(given.value) if isinstance(given, ast.Constant) else terminal_name(given) or "*"
            if not any(isinstance(part, ast.Call) for part in walk(argument)):
                yield "*"
    elif name == "prefetch" and family.name in ("peewee", "pony"):
        for argument in call.args:
            yield terminal_name(argument) or "*"
    elif any(keyword.arg == "fetch_links" for keyword in call.keywords):
        yield "*"
