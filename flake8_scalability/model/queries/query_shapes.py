"""Shapes of expressions that queries are made of: names of classes, what a statement selects, stages of a pipeline."""

from __future__ import annotations

import ast

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import spelled


def is_nothing(node: ast.expr) -> bool:
    """Whether an alternative is no rows at all: None, or an empty literal."""
    if isinstance(node, ast.Constant):
        return node.value is None
    return isinstance(node, (ast.List, ast.Tuple)) and not node.elts


def is_class_name(name: str) -> bool:
    """Whether a name is spelled like a class: `User`, not `USERS` or `user`."""
    name = name.lstrip("_")
    return name[:1].isupper() and not (name.isupper() and len(name) > 1)


def may_be_entity(node: ast.expr) -> bool:
    """Whether an argument may be what a statement selects: a class, a column of one, an aggregate."""
    if isinstance(node, ast.Starred):
        return True
    if isinstance(node, ast.Call):
        names = spelled(node.func).split(".")
        return names[0] in ("func", "sa", "sqlalchemy", "db") or names[-1] in (
            "count", "aliased", "distinct", "label", "exists", "literal", "cast", "coalesce", "max", "min", "sum",
            "case"
        )  # fmt: skip
    name = terminal_name(node)
    if is_class_name(name):
        return True
    if isinstance(node, ast.Attribute):
        return is_class_name(terminal_name(node.value)) or terminal_name(node.value) == "c"
    return False


def entity_of(node: ast.expr) -> str:
    """Return the model that an argument names: `User` of `User`, `models.User`, `User.id`."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Starred, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            if is_class_name(node.attr):
                return node.attr
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.args[0] if node.args else node.func
        else:
            node = node.value
    return node.id if isinstance(node, ast.Name) and is_class_name(node.id) else ""


def called_model(node: ast.Call) -> str:
    """Return the model that a call gives: `get_user_model()`, `apps.get_model("shop", "Order")`."""
    name = terminal_name(node.func)
    if name == "get_user_model":
        return "User"
    last = node.args[-1] if name == "get_model" and node.args else None
    if isinstance(last, ast.Constant) and isinstance(last.value, str):
        return last.value.rpartition(".")[2]
    return "Model" if name == "get_model" else ""


def only_aggregates(node: ast.Call) -> bool:
    """Whether a statement selects numbers only: `select(func.count(User.id))`."""

    def is_aggregate(each: ast.expr) -> bool:
        if not isinstance(each, ast.Call):
            return False
        if isinstance(each.func, ast.Attribute) and each.func.attr in ("label", "cast", "desc", "scalar_subquery"):
            return is_aggregate(each.func.value)
        name = terminal_name(each.func)
        if name in ("coalesce", "cast") and each.args:
            return is_aggregate(each.args[0])
        return name in (
            "count",
            "sum",
            "avg",
            "max",
            "min",
            "exists",
            "literal",
            "now",
            "bool_or",
            "bool_and",
            "array_agg",
        )

    return bool(node.args) and all(is_aggregate(each) for each in node.args)


def collection_of(receiver: ast.expr) -> str:
    if isinstance(receiver, ast.Subscript) and isinstance(receiver.slice, ast.Constant):
        return str(receiver.slice.value)
    return terminal_name(receiver)


def has_stage(node: ast.Call, stages: tuple[str, ...]) -> bool:
    """Whether a pipeline of Mongo's aggregation names one of these stages, or `find` is given a limit."""
    if any(keyword.arg == "limit" for keyword in node.keywords):
        return True
    return any(
        isinstance(key, ast.Constant) and key.value in stages
        for argument in node.args[:1]
        for part in walk(argument)
        if isinstance(part, ast.Dict)
        for key in part.keys
    )
