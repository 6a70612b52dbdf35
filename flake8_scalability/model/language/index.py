"""The one walk over a file: an iterative pass that sorts the nodes which rules ask for into their scopes.

Nothing here resolves a name; later layers start from these lists and never walk the tree again.
"""

from __future__ import annotations

import ast
from operator import attrgetter
from typing import Any, Callable

from flake8_scalability.model.language.scopes import Scope

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

#: Statements and expressions that a scope keeps a list of.  Calls and bindings, mostly.
RECORDED = frozenset({
    ast.Call, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.While, ast.With,
    ast.AsyncWith, ast.Import, ast.ImportFrom, ast.Try, ast.ExceptHandler, ast.Return, ast.Yield, ast.YieldFrom,
    ast.Global, ast.Nonlocal, ast.Delete, ast.If, ast.Await, ast.Slice,
    *(getattr(ast, name)
      for name in ("TryStar", "MatchAs", "MatchStar", "MatchMapping", "TypeAlias") if hasattr(ast, name)),
})  # fmt: skip

#: Fields that hold no expression or statement of interest.
_SKIPPED = {
    "arg",
    "attr",
    "conversion",
    "ctx",
    "id",
    "is_async",
    "kind",
    "level",
    "module",
    "name",
    "names",
    "op",
    "ops",
    "simple",
    "type_comment",
    "type_ignores",
    "type_params",
}
#: Nodes that nobody asks for and of which only the `value` matters: the walk goes straight on to it.
_PASSED = frozenset({ast.Attribute, ast.Expr, ast.Starred, ast.keyword})
_OPENING = frozenset({*FUNCTIONS, ast.ClassDef, *COMPREHENSIONS})


def _getter(kind: type[ast.AST]) -> Callable[[ast.AST], Any] | None:
    """Return a getter of a node class's children, always giving a tuple; None for what has none.

    The last field comes first: what is put on the stack last is taken from it first, which keeps the order of the text.
    """
    fields = [name for name in reversed(kind._fields) if name not in _SKIPPED]
    if not fields or kind is ast.Constant:
        return (lambda node: ()) if kind in RECORDED else None
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


_KINDS = _node_classes(ast.AST)
_CHILDREN = {kind: getter for kind in _KINDS if (getter := _getter(kind)) is not None}
#: What may stand in a child's place and has nothing below it: names, literals, `pass`, an optional child left out.
_LEAVES = frozenset({*_KINDS, type(None), str} - _CHILDREN.keys())


def build(tree: ast.Module) -> list[Scope]:
    """Walk the tree once and return its scopes, the module's first and every parent before its children.

    The loop runs for every node of every file: what is most frequent comes first, and calls and assignments have a
    way of their own.
    """
    module = Scope(tree, None)
    scopes = [module]
    leaves, passed, recorded, opening, getters = _LEAVES, _PASSED, RECORDED, _OPENING, _CHILDREN
    call, assignment = ast.Call, ast.Assign
    stack: list[Any] = []
    pop, push, extend = stack.pop, stack.append, stack.extend
    for scope in scopes:  # grows while it is read: a scope found below is walked in its turn
        nodes = scope.nodes
        calls: list[ast.AST] = []
        assignments: list[ast.AST] = []
        extend(_body(scope.node)[::-1])
        while stack:
            node = pop()
            kind = node.__class__
            if kind in leaves:
                continue
            while kind in passed:
                node = node.value
                kind = node.__class__
            if kind is call:
                calls.append(node)
                extend(node.keywords)
                extend(node.args)
                push(node.func)
            elif kind in leaves:
                continue
            elif kind is assignment:
                assignments.append(node)
                extend(node.targets)
                push(node.value)
            elif kind in opening:
                inner = Scope(node, scope)
                scope.inner.append(inner)
                scopes.append(inner)
                extend(_evaluated_outside(node))
            elif kind in getters:  # else it is no node at all: the True of `case True`
                if kind in recorded:
                    if kind in nodes:
                        nodes[kind].append(node)
                    else:
                        nodes[kind] = [node]
                for value in getters[kind](node):
                    if value.__class__ is list:
                        if value:
                            extend(value[::-1])
                    else:
                        push(value)
        if calls:
            nodes[call] = calls
        if assignments:
            nodes[assignment] = assignments
    return scopes


def grouped(scopes: list[Scope]) -> dict[type, list[tuple[Scope, list[ast.AST]]]]:
    """Return the recorded nodes of a file by class, those of a scope together."""
    module = scopes[0]
    if module.groups is None:
        groups: dict[type, list[tuple[Scope, list[ast.AST]]]] = {}
        module.groups = groups
        for scope in scopes:
            for kind, nodes in scope.nodes.items():
                if kind in groups:
                    groups[kind].append((scope, nodes))
                else:
                    groups[kind] = [(scope, nodes)]
    return module.groups


def _body(node: Any) -> list[ast.AST]:
    """Return what runs inside the scope that a node opens, in order."""
    kind = node.__class__
    if kind is ast.Lambda:
        return [node.body]
    if kind not in COMPREHENSIONS:
        body: list[ast.AST] = node.body
        return body
    inside: list[ast.AST] = [node.key, node.value] if kind is ast.DictComp else [node.elt]
    for number, generator in enumerate(node.generators):
        inside += ([] if number == 0 else [generator.iter]) + generator.ifs
    return inside


def _evaluated_outside(node: Any) -> list[ast.AST]:
    """Return the parts of a scope's node that run in the scope around it, last first.

    Decorators, defaults, bases and the first iterable; of the annotations those that may hold a call (`Annotated`).
    """
    kind = node.__class__
    if kind in COMPREHENSIONS:
        return [node.generators[0].iter]
    if kind is ast.ClassDef:
        return [*node.keywords[::-1], *node.bases[::-1], *node.decorator_list[::-1]]
    arguments = node.args
    outside: list[ast.AST] = []
    if arguments.defaults or arguments.kw_defaults:
        outside += arguments.kw_defaults[::-1] + arguments.defaults[::-1]
    if kind is not ast.Lambda:
        for argument in (*arguments.args, *arguments.kwonlyargs):
            if argument.annotation.__class__ is ast.Subscript:
                outside.append(argument.annotation)
        outside += node.decorator_list[::-1]
    return outside


def parents_below(root: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the parent of every statement and expression below `root`, nested scopes included."""
    parents: dict[ast.AST, ast.AST] = {}
    getters, node_class = _CHILDREN, ast.AST
    stack = [root] if root.__class__ in getters else []
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        for child in getters[node.__class__](node):
            for each in child if child.__class__ is list else (child,):
                if each.__class__ in getters:
                    parents[each] = node
                    push(each)
                elif isinstance(each, node_class):
                    parents[each] = node
    return parents


def nodes_below(root: ast.AST) -> list[ast.AST]:
    """Return `root` and every statement and expression below it, nested scopes included, in no particular order."""
    getters, node_class = _CHILDREN, ast.AST
    found = [root]
    push = found.append
    for node in found:  # grows while it is read
        getter = getters.get(node.__class__)
        for child in getter(node) if getter is not None else ():
            if child.__class__ is list:
                found += [each for each in child if isinstance(each, node_class)]
            elif isinstance(child, node_class):
                push(child)
    return found
