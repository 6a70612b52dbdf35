"""What annotations promise, and what FastAPI's `Depends` hands in."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup
from flake8_scalability.model.language import results
from flake8_scalability.model.language.alternatives import NOTHING, UNKNOWN, Value, gathered
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.language.values import Resolver

DEPENDS = frozenset({"fastapi.Depends", "fastapi.params.Depends", "Depends", "fastapi.Security"})
_OPTIONAL = frozenset({"typing.Optional", "Optional", "typing.Union", "Union"})
_ANNOTATED = frozenset({"typing.Annotated", "typing_extensions.Annotated", "Annotated"})
_QUALIFIERS = frozenset(
    f"{module}{name}"
    for module in ("typing.", "typing_extensions.", "dataclasses.", "")
    for name in ("ClassVar", "Final", "InitVar", "Required", "NotRequired", "ReadOnly")
)
_CLASSES = frozenset({"type", "typing.Type", "Type"})
_ITERATORS = frozenset(
    f"{module}.{prefix}{name}"
    for module in ("typing", "collections.abc")
    for prefix in ("", "Async")
    for name in ("Generator", "Iterator", "Iterable")
)


def promised(resolver: Resolver, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
    """Return what a name with this annotation holds; a string annotation is parsed; NOTHING for None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return resolver.annotated(ast.parse(node.value, mode="eval").body, scope)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN
    if isinstance(node, ast.Constant) and node.value is None:
        return NOTHING
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return gathered(resolver.annotated(part, scope) for part in (node.left, node.right))
    if isinstance(node, ast.Subscript):
        return _subscript(resolver, node, scope)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _named(resolver, node, scope)
    return UNKNOWN


def _subscript(resolver: Resolver, node: ast.Subscript, scope: Scope) -> tuple[Value, ...]:
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    names = resolver.paths(node.value, scope)
    if names & _OPTIONAL:
        return gathered(resolver.annotated(part, scope) for part in parts)
    if names & _ANNOTATED and parts:
        for extra in parts[1:]:
            found = injected(resolver, extra, scope)
            if found:
                return found
        return resolver.annotated(parts[0], scope)
    if names & _QUALIFIERS:
        return resolver.annotated(parts[0], scope)
    if names & _CLASSES:
        return resolver.values(parts[0], scope) if isinstance(parts[0], (ast.Name, ast.Attribute)) else UNKNOWN
    return resolver.annotated(node.value, scope)


def yielded(resolver: Resolver, node: ast.expr, scope: Scope) -> ast.expr:
    """Return the annotation of what a generator yields: `Session` of `Generator[Session, None, None]`."""
    if isinstance(node, ast.Subscript) and resolver.paths(node.value, scope) & _ITERATORS:
        return node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    return node


def _named(resolver: Resolver, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
    alias = _alias(node, scope)
    if alias is not None:
        return resolver.annotated(*alias)
    promises = []
    for value in resolver.values(node, scope):
        if value.target is not None and value.target.is_class:
            promises.append((resolver.instance_of(value.target),))
        elif value.path and value.call is None and value.path not in _QUALIFIERS:
            promises.append((Value(lookup.returned(value.path)),))
        else:
            return UNKNOWN
    return gathered(promises)


def _alias(node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
    """Return the annotation that a name is short for: `Client = Optional[httpx.Client]`."""
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    if home is None or not isinstance(node, ast.Name):
        return None
    bindings = home.bindings[node.id]
    value = bindings[0].value
    if len(bindings) == 1 and bindings[0].kind == "assign" and isinstance(value, (ast.Subscript, ast.BinOp)):
        return value, bindings[0].scope
    return None


def injected(resolver: Resolver, default: ast.expr, scope: Scope) -> tuple[Value, ...]:
    """Follow FastAPI's `Depends(provider)` to what the provider returns or yields."""
    if isinstance(default, ast.Call) and default.args and resolver.paths(default.func, scope) & DEPENDS:
        return gathered(
            results.entered(resolver, result)
            for value in resolver.values(default.args[0], scope)
            for result in results.of_call(resolver, value, None, scope, generator=True)
        )
    return UNKNOWN
