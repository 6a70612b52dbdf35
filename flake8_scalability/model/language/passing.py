"""How an object travels inside a function: what a scope stores where, and which expressions pass their parts on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

#: Methods that put an argument into their receiver.
_STORING = re.compile(
    r"append(left)?|add(_\w+)?|put(_nowait)?|set(_\w+|default)?|register(_\w+)?|insert|update|enter_(async_)?context|"
    r"override|load_state_dict|attach(_\w+)?|bind(_\w+)?|mount"
)
#: Methods whose result is the receiver again, or lives on it.
_DERIVING = re.compile(
    r"[A-Z]\w*|__a?enter__|cursor|connect|connection|start|open|acquire|database|collection|container|bucket|blob|table|"
    r"channel|session|client|resource|pubsub|pipeline|to|eval|cuda|cpu|half|bind|options|setdefault|"
    r"(with|as|from|bind)_\w+|(get|create|make)_(default_|or_create_)?(database|collection|bucket|table|container|topic|queue|session)|"
    r"(\w+_)?client"
)
#: Functions whose result holds their argument: constructors, and lower-case names that say so.
_WRAPPING = re.compile(
    r"_*[A-Z]\w*|(wrap|instrument|patch)(_\w+)?|a?closing|partial|cast|enter_context|enter_async_context|wait_for|shield|"
    r"iter|(async_)?sessionmaker|scoped_session|setdefault|"
    r"(create|make|build|init)_\w*(client|session|maker|agent|chain|graph|app|service|repository|pool|store|retriever|index)"
)
#: Attributes that are data, not a part of the object that keeps it alive.
_DATA = re.compile(r"cookies|headers|text|content|status(_code)?|closed|params|url|name|id|rowcount|is_\w+")


def stored(scope: Scope) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield (target, value) for all that a scope binds or puts into something."""
    for node in scope.of(ast.Assign, ast.AnnAssign, ast.NamedExpr):
        assert isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr))
        if node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(target.elts, node.value.elts)
            else:
                yield target, node.value
    for node in scope.of(ast.With, ast.AsyncWith):
        assert isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items:
            if item.optional_vars is not None:
                yield item.optional_vars, item.context_expr
    for node in scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        function = node.func
        if isinstance(function, ast.Attribute) and _STORING.fullmatch(function.attr):
            into = ast.Subscript(function.value, ast.Constant(None), ast.Store())
            for argument in arguments_of(node):
                yield into, argument
        elif isinstance(function, ast.Name) and function.id == "setattr" and len(node.args) == 3:
            yield ast.Subscript(node.args[0], node.args[1], ast.Store()), node.args[2]


def passing(node: ast.AST) -> list[ast.expr]:
    """Return the parts of an expression that its value is, contains or keeps alive."""
    if isinstance(node, (ast.Await, ast.Starred, ast.NamedExpr, ast.Subscript)):
        return [node.value]
    if isinstance(node, ast.Attribute):
        return [] if _DATA.fullmatch(node.attr) else [node.value]
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return list(node.elts)
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return list(node.values)
    if isinstance(node, (ast.ListComp, ast.SetComp)):
        return [node.elt]
    if isinstance(node, ast.DictComp):
        return [node.value]
    return _passing_call(node) if isinstance(node, ast.Call) else []


def _passing_call(node: ast.Call) -> list[ast.expr]:
    found: list[ast.expr] = []
    if isinstance(node.func, ast.Attribute):
        if _DERIVING.fullmatch(node.func.attr):
            found.append(node.func.value)
    else:
        found.append(node.func)  # a factory that is called: sessionmaker(bind=engine)()
    if _WRAPPING.fullmatch(terminal_name(node.func)):
        found += arguments_of(node)
    return found


def arguments_of(node: ast.Call) -> list[ast.expr]:
    """Return everything that a call is given."""
    return [*node.args, *(keyword.value for keyword in node.keywords)]
