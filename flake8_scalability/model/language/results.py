"""What calls and `with` statements give: functions of the file, calls of the catalogue, and standard wrappers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup
from flake8_scalability.model.language.alternatives import NOTHING, UNKNOWN, Value, gathered
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.language.values import Resolver

#: Standard calls that hand on one of their arguments; None for those of which nothing is known.
PASSING = {
    "contextlib.closing": 0,
    "contextlib.aclosing": 0,
    "contextlib.suppress": None,
    "contextlib.ExitStack().enter_context": 0,
    "contextlib.AsyncExitStack().enter_async_context": 0,
    "contextlib.AsyncExitStack().enter_context": 0,
    "asyncio.wait_for": 0,
    "asyncio.shield": 0,
    "typing.cast": 1,
    "copy.copy": 0,
    "staticmethod": 0,
    "classmethod": 0,
}
#: Stand-ins for what the function returns that they are given.
_PROXIES = frozenset({
    "werkzeug.local.LocalProxy", "django.utils.functional.SimpleLazyObject", "lazy_object_proxy.Proxy",
})  # fmt: skip
#: Declarations of a field, by which its annotation or its factory says what it holds.
FIELDS = frozenset({
    "dataclasses.field", "attr.ib", "attr.field", "attrs.field", "pydantic.Field", "pydantic.PrivateAttr",
    "sqlmodel.Field",
})  # fmt: skip
_FACTORIES = frozenset({"default_factory", "factory"})
PARTIALS = ("functools.partial", "functools.partialmethod")


def of_call(
    resolver: Resolver, value: Value, node: ast.Call | None, scope: Scope, generator: bool = False
) -> tuple[Value, ...]:
    """Return what a call of `value` gives; `generator` takes what a generator function yields for its result."""
    if value.target is not None:
        if value.target.is_class and not value.instance:
            path = value.path + "()" if value.path else ""
            return (Value(path, node, scope, target=value.target, instance=True),)
        if value.target.is_function or value.target.is_lambda:
            return resolver.returned(value.target, generator)
        return UNKNOWN
    if value.path in PARTIALS and node is not None and node.args:
        inner = resolver.values(node.args[0], scope)
        return tuple(each._replace(partials=((node, scope), *each.partials)) for each in inner)
    if value.path in PASSING and node is not None:
        number = PASSING[value.path]
        if number is None or len(node.args) <= number:
            return UNKNOWN
        return resolver.alternatives(node.args[number], scope)
    if node is not None and value.path in _PROXIES | FIELDS:
        made = _made_by(resolver, value, node, scope)
        if made is not None:
            return made
    row = lookup.api(value.path)
    if row is None and value.receiver is not None and lookup.is_fluent(value.receiver.path):
        return (value.receiver,)
    path = (row.returns if row is not None else "") or value.path + "()"
    return (Value(path, node, scope, receiver=value.receiver, partials=value.partials),)


def _made_by(resolver: Resolver, value: Value, node: ast.Call, scope: Scope) -> tuple[Value, ...] | None:
    """Return what the function gives that a proxy or a field is given; None where it is given none."""
    given = node.args[:1] if value.path in _PROXIES else []
    given += [keyword.value for keyword in node.keywords if keyword.arg in _FACTORIES]
    if not given:
        return None
    return gathered(of_call(resolver, each, None, scope) for each in resolver.values(given[0], scope))


def of_function(resolver: Resolver, function: Scope, generator: bool) -> tuple[Value, ...]:
    """Return what a function of the file returns: its results, else what its annotation promises."""
    if isinstance(function.node, ast.Lambda):
        return resolver.alternatives(function.node.body, function)
    kinds = (ast.Return, ast.Yield) if generator or resolver.is_context_manager(function) else (ast.Return,)
    many = []
    for statement in function.of(*kinds):
        assert isinstance(statement, (ast.Return, ast.Yield))
        if statement.value is not None:
            many.append(resolver.alternatives(statement.value, function))
    found = gathered(many)
    if found not in (UNKNOWN, NOTHING):
        return found
    returns = getattr(function.node, "returns", None)
    if returns is None:
        return UNKNOWN
    outside = function.parent or function
    return resolver.annotated(resolver.item_of(returns, outside) if ast.Yield in kinds else returns, outside)


def entered(resolver: Resolver, value: Value) -> tuple[Value, ...]:
    """Return what `with value as x` gives `x`: what `__enter__` of a class of the file returns, else the value."""
    if value.target is not None and value.instance:
        for name in ("__enter__", "__aenter__"):
            found = resolver.class_attribute(value, name)
            if found is not None:
                return gathered(of_call(resolver, each, None, value.target) for each in found)
    return (value,)
