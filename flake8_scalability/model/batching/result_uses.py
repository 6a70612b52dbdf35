"""Uses of a result: whether a function takes all items of an answer, or only looks whether there is one."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite

MAX_STEPS = 4


def takes_all(site: CallSite, keys: Collection[str], beside: Collection[str]) -> bool:
    """Whether the items of a call's answer, under one of `keys` or any but `beside`, are gone through or given away.

    An answer that is given away whole is not: whoever gets it can ask for the next page.
    """
    return any(_takes(use, site, keys, beside) for use in _uses(site.node, site.scope, site, MAX_STEPS))


def _uses(node: ast.AST, scope: Scope, site: CallSite, steps: int) -> Iterator[ast.AST]:
    """Yield an expression, or the places where the local names that hold it are read."""
    parent = site.parents.get(node)
    while isinstance(parent, (ast.Await, ast.IfExp)) or (isinstance(parent, ast.BoolOp) and parent.values[0] is node):
        node, parent = parent, site.parents.get(parent)
    targets: list[ast.expr] = []
    if isinstance(parent, ast.Assign):
        targets = parent.targets
    elif isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
        targets = [parent.target]
    if not targets:
        yield node
        return
    for target in targets:
        home = scope.lookup(target.id) if isinstance(target, ast.Name) else None
        if home is None or home.is_module or home.is_class or not steps:
            continue
        for part in walk(home.node):
            same = isinstance(part, ast.Name) and isinstance(target, ast.Name) and part.id == target.id
            if same and isinstance(part.ctx, ast.Load) and part.lineno >= site.node.lineno:  # type: ignore[attr-defined]
                yield part


def _takes(node: ast.AST, site: CallSite, keys: Collection[str], beside: Collection[str]) -> bool:
    """Whether a use of the whole answer takes its items."""
    parent = site.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        if not isinstance(parent.slice, ast.Constant) or not isinstance(parent.slice.value, str):
            return False
        key, items = parent.slice.value, parent
        return _is_key(key, keys, beside) and any(_all(use, site) for use in _uses(items, site.scope, site, 1))
    if isinstance(parent, ast.Attribute) and parent.value is node:
        call = site.parents.get(parent)
        if parent.attr == "get" and isinstance(call, ast.Call) and call.func is parent and call.args:
            first = call.args[0]
            if not isinstance(first, ast.Constant) or not _is_key(str(first.value), keys, beside):
                return False
            return any(_all(use, site) for use in _uses(call, site.scope, site, 1))
        if parent.attr in ("items", "data"):
            return any(_all(use, site) for use in _uses(parent, site.scope, site, 1))
        return False
    return not keys and _goes_through(node, parent)


def _is_key(key: str, keys: Collection[str], beside: Collection[str]) -> bool:
    return key in keys if keys else key not in beside


def _all(node: ast.AST, site: CallSite) -> bool:
    """Whether a use of the items takes all of them: not one by its number, nor whether there are any."""
    parent = site.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return isinstance(parent.slice, ast.Slice) and parent.slice.upper is None
    if isinstance(parent, ast.Call):
        name = terminal_name(parent.func)
        if name in ("next", "bool", "any", "isinstance", "min", "max") or node is parent.func:
            return False
        if name == "len":  # a number that is compared, or told to a log, needs no more pages
            return isinstance(site.parents.get(parent), (ast.Return, ast.Assign, ast.Dict, ast.keyword, ast.BinOp))
        return True
    return _goes_through(node, parent) or isinstance(
        parent, (ast.Return, ast.Starred, ast.Yield, ast.Dict, ast.keyword)
    )


def _goes_through(node: ast.AST, parent: ast.AST | None) -> bool:
    if isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)):
        return parent.iter is node
    return (
        isinstance(parent, ast.Call)
        and node in parent.args
        and terminal_name(parent.func) in ("list", "sorted", "extend")
    )
