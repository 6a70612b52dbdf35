"""The one walk over a file: an iterative pass that sorts the nodes which rules ask for into their scopes.

Nothing here resolves a name; later layers start from these lists and never walk the tree again.
"""

from __future__ import annotations

import ast
from operator import attrgetter
from typing import Any, Callable

from flake8_scalability.model.scopes import Scope

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

#: Statements and expressions that a scope keeps a list of.  Calls and bindings, mostly.
RECORDED = frozenset({
    ast.Call, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.While, ast.With,
    ast.AsyncWith, ast.Import, ast.ImportFrom, ast.Try, ast.ExceptHandler, ast.Return, ast.Yield, ast.YieldFrom,
    ast.Global, ast.Nonlocal, ast.Delete, ast.If,
    *(getattr(ast, name) for name in ("TryStar", "MatchAs", "MatchStar", "MatchMapping", "TypeAlias") if hasattr(ast, name)),
})  # fmt: skip

#: Fields that hold no expression or statement of interest.
_SKIPPED = {
    "ctx",
    "op",
    "ops",
    "type_comment",
    "type_ignores",
    "kind",
    "type_params",
    "conversion",
    "simple",
    "is_async",
}
_LEAVES = (ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue)


def _fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    return tuple(
        name for name in kind._fields if name not in _SKIPPED and name not in ("id", "name", "attr", "arg", "names")
    )


def _getter(kind: type[ast.AST]) -> Callable[[ast.AST], Any] | None:
    """Return a C-level getter of a node class's children, always giving a tuple; None for a leaf."""
    fields = _fields_of(kind)
    if not fields or kind in _LEAVES:
        return None
    if len(fields) == 1:
        single = attrgetter(fields[0])
        return lambda node: (single(node),)
    return attrgetter(*fields)


def _node_classes(base: type[ast.AST]) -> list[type[ast.AST]]:
    found = []
    for kind in base.__subclasses__():
        found.append(kind)
        found.extend(_node_classes(kind))
    return found


CHILDREN: dict[type, Callable[[ast.AST], Any]] = {
    kind: getter for kind in _node_classes(ast.AST) if (getter := _getter(kind)) is not None
}
_SCOPES = frozenset({*FUNCTIONS, ast.ClassDef, *COMPREHENSIONS})


def build(tree: ast.Module) -> list[Scope]:
    """Walk the tree once and return its scopes, the module's first and every parent before its children."""
    module = Scope(tree, None)
    scopes = [module]
    children, recorded, opens = CHILDREN, RECORDED, _SCOPES
    stack: list[Any] = []
    for scope in scopes:  # grows while it is read: a scope found below is walked in its turn
        nodes = scope.nodes
        stack.extend(reversed(_body(scope.node)))
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            kind = node.__class__
            if kind in recorded:
                if kind in nodes:
                    nodes[kind].append(node)
                else:
                    nodes[kind] = [node]
            elif kind in opens:
                inner = Scope(node, scope)
                scope.inner.append(inner)
                scopes.append(inner)
                stack.extend(_evaluated_outside(node))
                continue
            getter = children.get(kind)
            if getter is None:
                continue
            for value in getter(node):
                if value.__class__ is list:
                    if value:
                        stack.extend(value[::-1])
                elif value.__class__ in children:
                    push(value)
    return scopes


def _body(node: ast.AST) -> list[ast.AST]:
    """Return what runs inside the scope that a node opens."""
    if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return list(node.body)
    if isinstance(node, ast.Lambda):
        return [node.body]
    if isinstance(node, ast.DictComp):
        inside: list[ast.AST] = [node.key, node.value]
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        inside = [node.elt]
    else:
        raise TypeError(f"{type(node).__name__} opens no scope")
    for number, generator in enumerate(node.generators):
        inside += ([] if number == 0 else [generator.iter]) + generator.ifs
    return inside


def _evaluated_outside(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a scope's node that run in the scope around it: decorators, defaults, bases, first iterable."""
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return [node.generators[0].iter]
    if isinstance(node, ast.ClassDef):
        return [*node.keywords, *node.bases, *node.decorator_list][::-1]
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    defaults = [default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None]
    return [*(node.decorator_list if not isinstance(node, ast.Lambda) else ()), *defaults][::-1]


def parents_below(root: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the parent of every node below `root`, nested scopes included."""
    parents: dict[ast.AST, ast.AST] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        for child in ast.iter_child_nodes(node):
            parents[child] = node
            stack.append(child)
    return parents
