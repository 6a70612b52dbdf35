"""Code that runs for developers alone: behind a switch for debugging, in the function itself or in all that call it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile


#: Functions that tell where the program runs.
_ASKING = re.compile(r"^_*(is|in)_(dev|debug|development|test|testing)(_(env|environment|mode))?$")
#: Names of switches that are on for developers alone.  `dev` may be a device, and tests what a service is about.
_SWITCH = re.compile(
    rf"{_ASKING.pattern}|(^|_)(debug|DEBUG|debugging|development|DEVELOPMENT)(_|$)|(^|_)dev(el)?_(mode|env\w*|server)$|"
    r"(^|_)(DEV|DEVEL|TESTING|LOCAL)(_MODE|_ENV\w*)?$"
)

#: Functions that end the program, or raise, where it does not run on a developer's machine.
_REFUSING = re.compile(
    r"_*((error|fail|raise|abort|exit|die|stop|refuse|quit)_(if_not|unless)_(is_|in_|on_)?(local|dev|development|debug)|"
    r"(error|fail|raise|abort|exit|die|stop|refuse|quit)_(if_)?(is_|in_|on_)?(prod|production|live)|"
    r"(assert|require|ensure)_(is_|in_|on_)?(local|dev|development|debug))(_(env\w*|mode|machine|only|host))?"
)


def is_for_developers(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether a node of the file runs only where debugging is switched on, as it or every caller in sight says."""
    function = scope.function
    if _is_behind_switch(node, scope, source):
        return True
    calls = [edge for edge in source.graph.into.get(function, ()) if not edge.handed] if function is not None else []
    return bool(calls) and all(_is_behind_switch(edge.node, edge.caller, source) for edge in calls)


def _is_behind_switch(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether a branch for debugging holds a node, or the function leaves before it where nobody debugs."""
    parents = source.parents(scope)
    child, parent = node, parents.get(node)
    while parent is not None:
        if (
            isinstance(parent, ast.If)
            and child is not parent.test
            and _says_developing(parent.test, scope, source, wanted=child in parent.body)
        ):
            return True
        child, parent = parent, parents.get(parent)
    function = scope.function
    if function is not None and _is_refused_elsewhere(node, function, parents):
        return True
    return function is not None and any(
        isinstance(leaving, ast.If)
        and leaving.lineno < getattr(node, "lineno", 0)
        and parents.get(leaving) is function.node
        and isinstance(leaving.body[-1], (ast.Return, ast.Raise))
        and _says_developing(leaving.test, scope, source, wanted=False)
        for leaving in function.of(ast.If)
    )


def _is_refused_elsewhere(node: ast.AST, function: Scope, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a statement before a node, in a block around it, refuses to go on where nobody develops."""
    around: set[ast.AST] = set()
    current: ast.AST | None = node
    while current is not None:
        around.add(current)
        current = parents.get(current)
    for call in function.of(ast.Call):
        assert isinstance(call, ast.Call)
        if call.lineno < getattr(node, "lineno", 0) and _REFUSING.fullmatch(terminal_name(call.func)) is not None:
            statement = parents.get(call)
            if isinstance(statement, ast.Expr) and parents.get(statement, function.node) in around | {function.node}:
                return True
    return False


def _says_developing(test: ast.expr, scope: Scope, source: SourceFile, wanted: bool) -> bool:
    """Whether a condition that is met (`wanted`), or is not, means that somebody debugs."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _says_developing(test.operand, scope, source, not wanted)
    if isinstance(test, ast.BoolOp):
        certain = isinstance(test.op, ast.And) is wanted
        return certain and any(_says_developing(part, scope, source, wanted) for part in test.values)
    if not wanted:
        return False
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Name) and test.func.id == "getattr":
        return any(isinstance(each, ast.Constant) and _SWITCH.search(str(each.value)) for each in test.args)
    if isinstance(test, (ast.Name, ast.Attribute)):
        return _SWITCH.search(terminal_name(test)) is not None
    return isinstance(test, ast.Call) and _helper_says(test, scope, source)


def _helper_says(call: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a function of the file answers no, before anything else, where nobody debugs."""
    for value in source.resolver.values(call.func, scope):
        target = value.target
        if target is None or not target.is_function:
            return terminal_name(call.func).lstrip("_") in ("is_debug", "is_development", "is_dev")
        for test in target.of(ast.If):
            assert isinstance(test, ast.If)
            first = test.body[0]
            denies = isinstance(first, ast.Return) and isinstance(first.value, ast.Constant) and not first.value.value
            if denies and _says_developing(test.test, target, source, wanted=False):
                return True
        return _ASKING.search(target.name) is not None
    return False
