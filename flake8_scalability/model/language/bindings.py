"""From recorded nodes to bindings: which names, attributes and `global` names a scope binds, and to what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Callable

from flake8_scalability.model.language.scopes import Binding, Scope

_NAMED: tuple[type, ...] = tuple(
    getattr(ast, name) for name in ("MatchAs", "MatchStar", "MatchMapping") if hasattr(ast, name)
)
#: `type X = ...`, where Python has it.
_TYPE_ALIASES: tuple[type, ...] = tuple(getattr(ast, name) for name in ("TypeAlias",) if hasattr(ast, name))


def bindings_of(scope: Scope) -> dict[str, list[Binding]]:
    """Return the bindings of a scope's own names, those that nested scopes send to it included, in source order."""
    found = _own(scope)
    for name in scope.declared:
        found.pop(name, None)
    for sender, sent, receiver in scope.module.senders:
        if receiver is scope and (more := _own(sender).get(sent)):
            found[sent] = [*found.get(sent, ()), *more]
    for many in found.values():
        if len(many) > 1:
            many.sort(key=_position)
    return found


def _position(binding: Binding) -> tuple[int, int]:
    return getattr(binding.node, "lineno", 0), getattr(binding.node, "col_offset", 0)


def own_names(scope: Scope) -> set[str]:
    """Return the names that a scope binds by itself."""
    return set(_own(scope))


class _Found(dict[str, list[Binding]]):
    """Bindings by name."""

    def bind(self, name: str, binding: Binding) -> None:
        """Add a binding of a name."""
        if name in self:
            self[name].append(binding)
        else:
            self[name] = [binding]


def _own(scope: Scope) -> _Found:
    """Return the bindings that nodes directly in this scope make, wherever they go."""
    found = _Found()
    for name, parameter in scope.parameters.items():
        default = _default(scope, parameter)
        found.bind(name, Binding("parameter", parameter, default, scope, "", parameter.annotation))
    for name in scope.type_parameters:
        found.bind(name, Binding("type parameter", scope.node, None, scope))
    for inner in scope.inner:
        if inner.is_function or inner.is_class:
            found.bind(inner.name, Binding("function" if inner.is_function else "class", inner.node, None, inner))
    if isinstance(scope.node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        for number, generator in enumerate(scope.node.generators):
            where = scope if number or scope.parent is None else scope.parent
            _targets(generator.target, "for", generator.target, generator.iter, where, found)
    nodes = scope.nodes
    comprehends = any(inner.is_comprehension for inner in scope.inner)
    if not scope.is_comprehension and (comprehends or ast.NamedExpr in nodes):
        for inner, walrus in _walruses(scope):
            found.bind(walrus.target.id, Binding("assign", walrus, walrus.value, inner))
    if nodes:
        for kind, bind in _BINDING:
            for node in nodes.get(kind, ()):
                bind(node, scope, found)
    return found


def _walruses(scope: Scope) -> Iterator[tuple[Scope, ast.NamedExpr]]:
    """Yield the `:=` of a scope and of the comprehensions in it, which bind in the scope around them."""
    for inner in scope.walk_same_call():
        for node in inner.of(ast.NamedExpr):
            assert isinstance(node, ast.NamedExpr)
            yield inner, node


def _targets(target: ast.expr, kind: str, node: ast.AST, value: ast.expr | None, scope: Scope, found: _Found) -> None:
    """Bind the names in an assignment target; a tuple takes its parts from a tuple of the same length."""
    if isinstance(target, ast.Name):
        found.bind(target.id, Binding(kind, node, value, scope))
    elif isinstance(target, ast.Starred):
        _targets(target.value, "unpack", node, None, scope, found)
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
                _targets(part, "assign", node, paired[number], scope, found)
            else:
                _targets(part, "unpack", node, value if number == 0 else None, scope, found)


# What each kind of statement binds


def _import(node: Any, scope: Scope, found: _Found) -> None:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        found.bind(name, Binding("import", node, None, scope, alias.name if alias.asname else name))


def _import_from(node: Any, scope: Scope, found: _Found) -> None:
    source = "." * node.level + (node.module or "")
    joint = "" if source.endswith(".") or not source else "."
    for alias in node.names:
        if alias.name != "*":
            found.bind(alias.asname or alias.name, Binding("import", node, None, scope, source + joint + alias.name))


def _assignment(node: Any, scope: Scope, found: _Found) -> None:
    for target in node.targets:
        if target.__class__ is ast.Name:
            found.bind(target.id, Binding("assign", node, node.value, scope))
        else:
            _targets(target, "assign", node, node.value, scope, found)


def _declaration(node: Any, scope: Scope, found: _Found) -> None:
    if isinstance(node.target, ast.Name):
        kind = "annotation" if node.value is None else "assign"
        found.bind(node.target.id, Binding(kind, node, node.value, scope, "", node.annotation))


def _augmented(node: Any, scope: Scope, found: _Found) -> None:
    if isinstance(node.target, ast.Name):
        found.bind(node.target.id, Binding("augmented", node, None, scope))


def _type_alias(node: Any, scope: Scope, found: _Found) -> None:
    found.bind(node.name.id, Binding("assign", node, node.value, scope))


def _loop(node: Any, scope: Scope, found: _Found) -> None:
    _targets(node.target, "for", node, node.iter, scope, found)


def _with(node: Any, scope: Scope, found: _Found) -> None:
    for item in node.items:
        if item.optional_vars is not None:
            _targets(item.optional_vars, "with", node, item.context_expr, scope, found)


def _captured(node: Any, scope: Scope, found: _Found) -> None:
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    if name:
        found.bind(name, Binding("except" if isinstance(node, ast.ExceptHandler) else "match", node, None, scope))


def _deleted(node: Any, scope: Scope, found: _Found) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            found.bind(target.id, Binding("delete", node, None, scope))


#: What binds, in the order in which the bindings of one line count.
_BINDING: tuple[tuple[type, Callable[[Any, Scope, _Found], None]], ...] = (
    (ast.Import, _import),
    (ast.ImportFrom, _import_from),
    (ast.Assign, _assignment),
    (ast.AnnAssign, _declaration),
    (ast.AugAssign, _augmented),
    *((kind, _type_alias) for kind in _TYPE_ALIASES),
    (ast.For, _loop),
    (ast.AsyncFor, _loop),
    (ast.With, _with),
    (ast.AsyncWith, _with),
    (ast.ExceptHandler, _captured),
    *((kind, _captured) for kind in _NAMED),
    (ast.Delete, _deleted),
)


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
