"""From recorded nodes to bindings: which names, attributes and `global` names a scope binds, and to what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from flake8_scalability.model.language.scopes import Binding, Scope

_NAMED: tuple[type, ...] = tuple(
    getattr(ast, name) for name in ("MatchAs", "MatchStar", "MatchMapping") if hasattr(ast, name)
)
#: `type X = ...`, where Python has it.
_TYPE_ALIASES: tuple[type, ...] = tuple(getattr(ast, name) for name in ("TypeAlias",) if hasattr(ast, name))


def bindings_of(scope: Scope) -> dict[str, list[Binding]]:
    """Return the bindings of a scope's own names, those that nested scopes send to it included, in source order."""
    found: dict[str, list[Binding]] = {}
    declared = scope.declared
    for name, binding in _own(scope):
        if name in declared:
            continue
        if name in found:
            found[name].append(binding)
        else:
            found[name] = [binding]
    for sender, sent, receiver in scope.module.senders:
        if receiver is scope:
            for name, binding in _own(sender):
                if name == sent:
                    found.setdefault(name, []).append(binding)
    for many in found.values():
        if len(many) > 1:
            many.sort(key=lambda binding: (getattr(binding.node, "lineno", 0), getattr(binding.node, "col_offset", 0)))
    return found


def own_names(scope: Scope) -> set[str]:
    """Return the names that a scope binds by itself."""
    return {name for name, _ in _own(scope)}


def _own(scope: Scope) -> Iterator[tuple[str, Binding]]:
    """Yield the bindings that nodes directly in this scope make, wherever they go."""
    for name, parameter in scope.parameters.items():
        yield name, Binding("parameter", parameter, _default(scope, parameter), scope, annotation=parameter.annotation)
    for name in scope.type_parameters:
        yield name, Binding("type parameter", scope.node, None, scope)
    for inner in scope.inner:
        if inner.is_function or inner.is_class:
            yield inner.name, Binding("function" if inner.is_function else "class", inner.node, None, inner)
    if isinstance(scope.node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        for number, generator in enumerate(scope.node.generators):
            where = scope if number or scope.parent is None else scope.parent
            yield from _targets(generator.target, "for", generator.target, generator.iter, where)
    nodes = scope.nodes
    if not scope.is_comprehension and (scope.inner or ast.NamedExpr in nodes):
        for inner, walrus in _walruses(scope):
            yield walrus.target.id, Binding("assign", walrus, walrus.value, inner)
    if not nodes:
        return
    for node in scope.of(ast.Import, ast.ImportFrom):
        yield from _imports(node, scope)
    for node in scope.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            if isinstance(target, ast.Name):  # most are, and a generator for each would cost more than it gives
                yield target.id, Binding("assign", node, node.value, scope)
            else:
                yield from _targets(target, "assign", node, node.value, scope)
    for node in scope.of(ast.AnnAssign, ast.AugAssign):
        yield from _declarations(node, scope)
    for node in scope.of(*_TYPE_ALIASES):
        alias: Any = node
        yield alias.name.id, Binding("assign", node, alias.value, scope)
    for node in scope.of(ast.For, ast.AsyncFor):
        assert isinstance(node, (ast.For, ast.AsyncFor))
        yield from _targets(node.target, "for", node, node.iter, scope)
    for node in scope.of(ast.With, ast.AsyncWith):
        assert isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items:
            if item.optional_vars is not None:
                yield from _targets(item.optional_vars, "with", node, item.context_expr, scope)
    for node in scope.of(ast.ExceptHandler, *_NAMED):
        captured = getattr(node, "name", None) or getattr(node, "rest", None)
        if captured:
            yield captured, Binding("except" if isinstance(node, ast.ExceptHandler) else "match", node, None, scope)
    for node in scope.of(ast.Delete):
        assert isinstance(node, ast.Delete)
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, Binding("delete", node, None, scope)


def _declarations(node: ast.AST, scope: Scope) -> Iterator[tuple[str, Binding]]:
    if isinstance(node, ast.AnnAssign):
        if isinstance(node.target, ast.Name):
            kind = "annotation" if node.value is None else "assign"
            yield node.target.id, Binding(kind, node, node.value, scope, annotation=node.annotation)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, Binding("augmented", node, None, scope)


def _walruses(scope: Scope) -> Iterator[tuple[Scope, ast.NamedExpr]]:
    """Yield the `:=` of a scope and of the comprehensions in it, which bind in the scope around them."""
    for inner in scope.walk_same_call():
        for node in inner.of(ast.NamedExpr):
            assert isinstance(node, ast.NamedExpr)
            yield inner, node


def _targets(
    target: ast.expr, kind: str, node: ast.AST, value: ast.expr | None, scope: Scope
) -> Iterator[tuple[str, Binding]]:
    """Yield the names in an assignment target; a tuple takes its parts from a tuple of the same length."""
    if isinstance(target, ast.Name):
        yield target.id, Binding(kind, node, value, scope)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value, "unpack", node, None, scope)
    elif isinstance(target, (ast.Tuple, ast.List)):
        paired = (
            value.elts
            if kind == "assign"
            and isinstance(value, (ast.Tuple, ast.List))
            and len(value.elts) == len(target.elts)
            and not any(isinstance(part, ast.Starred) for part in (*value.elts, *target.elts))
            else None
        )
        for number, part in enumerate(target.elts):
            if paired is not None:
                yield from _targets(part, "assign", node, paired[number], scope)
            else:
                yield from _targets(part, "unpack", node, value if number == 0 else None, scope)


def _imports(node: ast.AST, scope: Scope) -> Iterator[tuple[str, Binding]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            path = alias.name if alias.asname else name
            yield name, Binding("import", node, None, scope, path=path)
    elif isinstance(node, ast.ImportFrom):
        source = "." * node.level + (node.module or "")
        joint = "" if source.endswith(".") or not source else "."
        for alias in node.names:
            if alias.name != "*":
                yield alias.asname or alias.name, Binding("import", node, None, scope, path=source + joint + alias.name)


def _default(scope: Scope, parameter: ast.arg) -> ast.expr | None:
    """Return the default of a parameter, None where it has none."""
    assert isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    args = scope.node.args
    positional = [*args.posonlyargs, *args.args]
    if parameter in positional:
        number = positional.index(parameter) - len(positional) + len(args.defaults)
        return args.defaults[number] if number >= 0 else None
    if parameter in args.kwonlyargs:
        return args.kw_defaults[args.kwonlyargs.index(parameter)]
    return None


def attribute_bindings(owner: Scope) -> dict[str, list[Binding]]:
    """Return what a class's attributes are bound to: in its body, and as `self.x` or `cls.x` in any of its methods."""
    found: dict[str, list[Binding]] = {}
    for name, many in owner.bindings.items():
        found.setdefault(name, []).extend(many)
    for method in owner.inner:
        if not method.is_function or not method.first_parameter:
            continue
        for scope in method.walk():
            for name, binding in _on_receiver(scope, {method.first_parameter, owner.name}):
                found.setdefault(name, []).append(binding)
    return found


def _on_receiver(scope: Scope, receivers: set[str]) -> Iterator[tuple[str, Binding]]:
    for node in scope.of(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.With, ast.AsyncWith):
        for target, value, annotation in attribute_targets(node):
            if isinstance(target.value, ast.Name) and target.value.id in receivers:
                kind = {ast.With: "with", ast.AsyncWith: "with", ast.AugAssign: "augmented"}.get(type(node), "assign")
                if value is None and annotation is not None:
                    kind = "annotation"
                yield target.attr, Binding(kind, node, value, scope, annotation=annotation)


def attribute_targets(node: ast.AST) -> Iterator[tuple[ast.Attribute, ast.expr | None, ast.expr | None]]:
    """Yield (target, value, annotation) for each attribute that a statement binds; value None where it has no name."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute):
                yield target, node.value, None
            elif isinstance(target, (ast.Tuple, ast.List)):
                values = node.value.elts if isinstance(node.value, (ast.Tuple, ast.List)) else []
                for number, part in enumerate(target.elts):
                    if isinstance(part, ast.Attribute):
                        yield part, values[number] if len(values) == len(target.elts) else None, None
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Attribute):
        yield node.target, node.value, node.annotation
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
        yield node.target, None, None
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if isinstance(item.optional_vars, ast.Attribute):
                yield item.optional_vars, item.context_expr, None
