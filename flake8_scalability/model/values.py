"""Values: what an expression may be, as access paths and as functions and classes of the file.

The idea is that of CodeQL's API graphs (github/codeql, `ApiGraphs.qll`): an expression is described by how it was
reached from an import, `requests.Session().get`.  A name that no scope binds stands for itself.  An expression of
which one alternative is unknown is unknown as a whole, and has no values.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple, Optional

from flake8_scalability.catalog import drop_ins, lookup
from flake8_scalability.model.bindings import attribute_bindings
from flake8_scalability.model.scopes import Binding, Scope

MAX_ALTERNATIVES = 4
MAX_DEPTH = 60

#: Standard calls that hand on one of their arguments.
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
    "werkzeug.local.LocalProxy": 0,
}
PARTIALS = ("functools.partial", "functools.partialmethod")
_OPTIONAL = ("typing.Optional", "Optional", "typing.Union", "Union")
_ANNOTATED = ("typing.Annotated", "typing_extensions.Annotated", "Annotated")
_CONTEXT_MANAGERS = ("contextlib.contextmanager", "contextlib.asynccontextmanager")
_PROPERTIES = ("property", "functools.cached_property", "cached_property", "django.utils.functional.cached_property")


class Value(NamedTuple):
    """One thing that an expression may be.

    path: its access path; "" for what only this file knows
    call: the call that made it, with the scope in which that call stands
    receiver: what the attribute was read from, and for the result of a call the receiver of the called method
    target: the function or class of this file that it is, or, with `instance`, whose instance it is
    partials: calls of `functools.partial` around it, outermost first
    """

    path: str
    call: ast.Call | None = None
    scope: Scope | None = None
    receiver: Value | None = None
    target: Scope | None = None
    instance: bool = False
    partials: tuple[ast.Call, ...] = ()


UNKNOWN: tuple[Value, ...] = ()
#: Marks what is bound to None: it is no alternative, but it does not make the others unknown either.
NOTHING = (Value("None"),)


class Resolver:
    """Resolves expressions of one file; every answer is remembered."""

    def __init__(self, scope_of: dict[ast.AST, Scope]) -> None:
        self._scope_of = scope_of
        self._known: dict[tuple[ast.AST, bool], tuple[Value, ...]] = {}
        self._attributes: dict[Scope, dict[str, list[Binding]]] = {}
        self._depth = 0

    def values(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """Return the alternatives for what `node`, evaluated in `scope`, may be; () where that is unknown."""
        found = self._alternatives(node, scope)
        return UNKNOWN if found == NOTHING else found

    def paths(self, node: ast.expr, scope: Scope) -> set[str]:
        """Return the access paths of the alternatives; empty where `node` is unknown."""
        return {value.path for value in self.values(node, scope)}

    def _alternatives(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        key = (node, False)
        if key in self._known:
            return self._known[key]
        if self._depth > MAX_DEPTH:
            return UNKNOWN
        self._known[key] = UNKNOWN  # a cycle finds itself unknown
        self._depth += 1
        try:
            found = self._compute(node, scope)
        finally:
            self._depth -= 1
        self._known[key] = found
        return found

    def _compute(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        if isinstance(node, ast.Name):
            return self.name(node.id, scope)
        if isinstance(node, ast.Attribute):
            return _gathered(self.attribute(value, node.attr) for value in self.values(node.value, scope))
        if isinstance(node, ast.Call):
            return self._call(node, scope)
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            return self._alternatives(node.value, scope)
        if isinstance(node, ast.BoolOp):
            return self._bool_op(node, scope)
        if isinstance(node, ast.IfExp):
            return _gathered(self._alternatives(part, scope) for part in (node.body, node.orelse))
        if isinstance(node, ast.Subscript):
            return tuple(Value(v.path + "[]", receiver=v) for v in self.values(node.value, scope) if v.path)
        if isinstance(node, ast.Constant) and node.value is None:
            return NOTHING
        if isinstance(node, ast.Lambda):
            return (Value("", target=self._scope_of.get(node)),)
        return UNKNOWN

    def _bool_op(self, node: ast.BoolOp, scope: Scope) -> tuple[Value, ...]:
        """`given or Default()` is of the default's kind, whatever the caller gives."""
        if isinstance(node.op, ast.And):
            return self._alternatives(node.values[-1], scope)
        return _gathered(found for part in node.values if (found := self._alternatives(part, scope)))

    # Names

    def name(self, name: str, scope: Scope) -> tuple[Value, ...]:
        """Return what a name read in `scope` may be; itself where no scope of the file binds it."""
        home = scope.lookup(name)
        if home is None:
            return (Value(name),)
        return self._bound(home.bindings[name])

    def _bound(self, bindings: list[Binding]) -> tuple[Value, ...]:
        """Gather what the bindings of one name give; a parameter that defaults to None takes its kind from the others."""
        given, left_open = [], 0
        for binding in bindings:
            if binding.kind == "delete":
                continue
            found = self.binding(binding)
            if found == UNKNOWN and binding.kind == "parameter" and _is_none(binding.value):
                left_open += 1
                continue
            given.append(found)
        if left_open and not given:
            return UNKNOWN
        return _gathered(given)

    def binding(self, binding: Binding) -> tuple[Value, ...]:
        """Return what one binding gives its name."""
        if binding.kind == "import":
            return (Value(drop_ins.original(binding.path)),)
        if binding.kind in ("function", "class"):
            return self._definition(binding.scope)
        if binding.kind == "parameter":
            return self._parameter(binding)
        if binding.kind == "with" and binding.value is not None:
            return _gathered(self.entered(value) for value in self.values(binding.value, binding.scope))
        if binding.kind in ("assign", "annotation"):
            found = self._alternatives(binding.value, binding.scope) if binding.value is not None else UNKNOWN
            if found in (UNKNOWN, NOTHING) and binding.annotation is not None:
                return self.annotated(binding.annotation, binding.scope) or found
            return found
        return UNKNOWN

    def _definition(self, target: Scope) -> tuple[Value, ...]:
        if target.is_class:
            return (Value(self._base_path(target), target=target),)
        return (Value("", target=target),)

    def _base_path(self, target: Scope) -> str:
        """Return the path of the nearest base that is not of this file; "" where there is none or it is unknown."""
        assert isinstance(target.node, ast.ClassDef)
        for base in target.node.bases:
            for value in self.values(base, target.parent or target):
                if value.path:
                    return value.path
        return ""

    def _parameter(self, binding: Binding) -> tuple[Value, ...]:
        function, argument = binding.scope, binding.node
        assert isinstance(argument, ast.arg)
        owner = function.parent if function.is_method else None
        if owner is not None and argument.arg == function.first_parameter:
            if any(path == "staticmethod" for path in self.decorator_paths(function)):
                return UNKNOWN
            by_class = function.name == "__new__" or any(p == "classmethod" for p in self.decorator_paths(function))
            return (Value(self._result_path(owner, by_class), target=owner, instance=not by_class),)
        outside = function.parent or function
        if binding.annotation is not None:
            found = self.annotated(binding.annotation, outside)
            if found:
                return found
        return self._injected(binding.value, outside) if binding.value is not None else UNKNOWN

    def _result_path(self, target: Scope, by_class: bool = False) -> str:
        path = self._base_path(target)
        return path + "()" if path and not by_class else path

    def _injected(self, default: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """Follow FastAPI's `Depends(provider)` to what the provider returns or yields."""
        if isinstance(default, ast.Call) and default.args and self.paths(default.func, scope) & DEPENDS:
            provided = self.values(default.args[0], scope)
            return _gathered(
                self.entered(result) for value in provided for result in self.result(value, None, scope, generator=True)
            )
        return UNKNOWN

    # Attributes

    def attribute(self, value: Value, name: str) -> tuple[Value, ...]:
        """Return what attribute `name` of a value may be."""
        if value.target is not None and value.target.is_class:
            found = self._class_attribute(value, name)
            if found is not None:
                return found
            if not value.path:
                return UNKNOWN
        if not value.path:
            return UNKNOWN
        return (Value(f"{value.path}.{name}", receiver=value),)

    def class_bindings(self, owner: Scope) -> dict[str, list[Binding]]:
        """Return the bindings of a class's attributes (see `attribute_bindings`)."""
        if owner not in self._attributes:
            self._attributes[owner] = attribute_bindings(owner)
        return self._attributes[owner]

    def ancestry(self, owner: Scope) -> list[Scope]:
        """Return a class and its bases in this file, nearest first."""
        found, todo = [], [owner]
        while todo:
            current = todo.pop(0)
            if current in found:
                continue
            found.append(current)
            assert isinstance(current.node, ast.ClassDef)
            for base in current.node.bases:
                todo += [v.target for v in self.values(base, current.parent or current) if v.target and not v.instance]
        return found

    def _class_attribute(self, value: Value, name: str) -> tuple[Value, ...] | None:
        """Return the attribute as a class of the file defines it; None where no class of its ancestry does."""
        assert value.target is not None
        for owner in self.ancestry(value.target):
            bindings = self.class_bindings(owner).get(name)
            if not bindings:
                continue
            found = self._bound(bindings)
            results: list[tuple[Value, ...]] = []
            for each in found:
                if (
                    each.target is not None
                    and each.target.is_method
                    and value.instance
                    and self.is_property(each.target)
                ):
                    results.append(self.result(each, None, each.target))
                else:
                    results.append((each._replace(receiver=value) if each.target is not None else each,))
            return _gathered(results) if found else UNKNOWN
        return None

    def is_property(self, function: Scope) -> bool:
        """Whether a method is read like an attribute."""
        return any(path in _PROPERTIES for path in self.decorator_paths(function))

    def decorator_paths(self, function: Scope) -> set[str]:
        """Return the access paths of a function's or class's decorators, with `()` where they are called."""
        outside = function.parent or function
        return {path for node in function.decorators for path in self.paths(node, outside)}

    # Calls

    def _call(self, node: ast.Call, scope: Scope) -> tuple[Value, ...]:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and scope.lookup("super") is None:
            return self._super(scope)
        return _gathered(self.result(value, node, scope) for value in self.values(node.func, scope))

    def _super(self, scope: Scope) -> tuple[Value, ...]:
        owner = scope.owner
        if owner is None:
            return UNKNOWN
        bases = self.ancestry(owner)[1:2]
        if bases:
            return (Value(self._result_path(bases[0]), target=bases[0], instance=True),)
        path = self._result_path(owner)
        return (Value(path),) if path else UNKNOWN

    def result(self, value: Value, node: ast.Call | None, scope: Scope, generator: bool = False) -> tuple[Value, ...]:
        """Return what a call of `value` gives; `generator` takes what a generator function yields for its result."""
        if value.target is not None:
            if value.target.is_class and not value.instance:
                path = value.path + "()" if value.path else ""
                return (Value(path, node, scope, target=value.target, instance=True),)
            if value.target.is_function or value.target.is_lambda:
                return self._returned(value.target, generator)
            return UNKNOWN
        if value.path in PARTIALS and node is not None and node.args:
            inner = self.values(node.args[0], scope)
            return tuple(each._replace(partials=(node, *each.partials)) for each in inner)
        if value.path in PASSING and node is not None:
            number = PASSING[value.path]
            return (
                self._alternatives(node.args[number], scope)
                if number is not None and len(node.args) > number
                else UNKNOWN
            )
        row = lookup.api(value.path)
        path = value.path + "()"
        if row is not None:
            path = row.returns or path
        elif value.receiver is not None and lookup.is_fluent(value.receiver.path):
            return (value.receiver,)
        return (Value(path, node, scope, receiver=value.receiver, partials=value.partials),)

    def _returned(self, function: Scope, generator: bool) -> tuple[Value, ...]:
        """Return what a function of the file returns: its results, else what its annotation promises."""
        if isinstance(function.node, ast.Lambda):
            return self._alternatives(function.node.body, function)
        kinds = (ast.Return, ast.Yield) if generator or self.is_context_manager(function) else (ast.Return,)
        results = []
        for statement in function.of(*kinds):
            assert isinstance(statement, (ast.Return, ast.Yield))
            if statement.value is not None:
                results.append(self._alternatives(statement.value, function))
        found = _gathered(results)
        if found not in (UNKNOWN, NOTHING):
            return found
        returns = getattr(function.node, "returns", None)
        return self.annotated(returns, function.parent or function) if returns is not None else UNKNOWN

    def is_context_manager(self, function: Scope) -> bool:
        """Whether `contextlib.contextmanager` or its async twin makes the generator function a context manager."""
        return any(path in _CONTEXT_MANAGERS for path in self.decorator_paths(function))

    def entered(self, value: Value) -> tuple[Value, ...]:
        """Return what `with value as x` gives `x`: what `__enter__` of a class of the file returns, else the value."""
        if value.target is not None and value.instance:
            for name in ("__enter__", "__aenter__"):
                found = self._class_attribute(value, name)
                if found is not None:
                    return _gathered(self.result(each, None, value.target) for each in found)
        return (value,)

    # Annotations

    def annotated(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """Return what a name with this annotation holds; a string annotation is parsed; () where it says nothing."""
        key = (node, True)
        if key in self._known:
            return self._known[key]
        if self._depth > MAX_DEPTH:
            return UNKNOWN
        self._known[key] = UNKNOWN
        self._depth += 1
        try:
            found = self._annotated(node, scope)
        finally:
            self._depth -= 1
        self._known[key] = found
        return found

    def _annotated(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.annotated(ast.parse(node.value, mode="eval").body, scope)
            except (SyntaxError, ValueError, RecursionError):
                return UNKNOWN
        if isinstance(node, ast.Constant) and node.value is None:
            return NOTHING
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return _gathered(self.annotated(part, scope) for part in (node.left, node.right))
        if isinstance(node, ast.Subscript):
            return self._annotated_subscript(node, scope)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._annotated_name(node, scope)
        return UNKNOWN

    def _annotated_subscript(self, node: ast.Subscript, scope: Scope) -> tuple[Value, ...]:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        names = self.paths(node.value, scope)
        if names & set(_OPTIONAL):
            return _gathered(self.annotated(part, scope) for part in parts)
        if names & set(_ANNOTATED) and parts:
            for extra in parts[1:]:
                found = self._injected(extra, scope)
                if found:
                    return found
            return self.annotated(parts[0], scope)
        return self.annotated(node.value, scope)

    def _annotated_name(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        if isinstance(node, ast.Name):
            home = scope.lookup(node.id)
            aliases = home.bindings[node.id] if home is not None else []
            if (
                len(aliases) == 1
                and aliases[0].kind == "assign"
                and isinstance(aliases[0].value, (ast.Subscript, ast.BinOp))
            ):
                return self.annotated(aliases[0].value, aliases[0].scope)
        results = []
        for value in self.values(node, scope):
            if value.target is not None and value.target.is_class:
                results.append((Value(self._result_path(value.target), target=value.target, instance=True),))
            elif value.path and value.call is None:
                results.append((Value(lookup.returned(value.path)),))
            else:
                return UNKNOWN
        return _gathered(results)


DEPENDS = frozenset({"fastapi.Depends", "fastapi.params.Depends", "Depends", "fastapi.Security"})


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _gathered(many: Iterable[tuple[Value, ...]]) -> tuple[Value, ...]:
    """Join alternatives: one unknown makes all unknown, None counts for nothing, too many are unknown."""
    found: list[Value] = []
    nothing = False
    for values in many:
        if values == UNKNOWN:
            return UNKNOWN
        if values == NOTHING:
            nothing = True
            continue
        for value in values:
            if not any(
                value.path == other.path and value.target is other.target and value.call is other.call
                for other in found
            ):
                found.append(value)
    if len(found) > MAX_ALTERNATIVES:
        return UNKNOWN
    return tuple(found) if found or not nothing else NOTHING
