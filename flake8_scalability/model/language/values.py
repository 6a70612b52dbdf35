"""Values: what an expression may be, as access paths and as functions and classes of the file.

The idea is that of CodeQL's API graphs (github/codeql, `ApiGraphs.qll`): an expression is described by how it was
reached from an import, `requests.Session().get`.  A name that no scope binds stands for itself.  An expression of
which one alternative is unknown is unknown as a whole, and has no values.
"""

from __future__ import annotations

import ast

from flake8_scalability.catalog import drop_ins, lookup
from flake8_scalability.model.language import results
from flake8_scalability.model.language.alternatives import NOTHING, UNKNOWN, Value, gathered
from flake8_scalability.model.language.annotations import DEPENDS, injected, promised, yielded
from flake8_scalability.model.language.bindings import attribute_bindings
from flake8_scalability.model.language.memory import Memory, Name, Question
from flake8_scalability.model.language.scopes import Binding, Scope

__all__ = ["DEPENDS", "UNKNOWN", "Resolver", "Value"]

MAX_ANCESTRY = 40
_CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_PROPERTIES = frozenset(
    {"property", "functools.cached_property", "cached_property", "django.utils.functional.cached_property"}
)


class Resolver:
    """Resolves expressions of one file; every answer is remembered."""

    def __init__(self, scope_of: dict[ast.AST, Scope]) -> None:
        self._scope_of = scope_of
        self._memory = Memory()
        self._attributes: dict[Scope, dict[str, list[Binding]]] = {}
        self._decorators: dict[Scope, set[str]] = {}
        self._stars: list[str] | None = None

    def values(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """Return the alternatives for what `node`, evaluated in `scope`, may be; () where that is unknown."""
        found = self.alternatives(node, scope)
        return UNKNOWN if found == NOTHING else found

    def paths(self, node: ast.expr, scope: Scope) -> set[str]:
        """Return the access paths of the alternatives; empty where `node` is unknown."""
        return {value.path for value in self.values(node, scope)}

    def alternatives(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """Return the same, or NOTHING where `node` is None."""
        if node in self._memory.values:
            return self._memory.values[node]
        return self._memory.answer((node, "value"), lambda: self._expression(node, scope))

    def annotated(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """Return what a name with the annotation `node` holds; () where it says nothing."""
        return self._memory.answer((node, "annotation"), lambda: promised(self, node, scope))

    def item_of(self, annotation: ast.expr, scope: Scope) -> ast.expr:
        """Return the annotation of what a generator with this annotation yields."""
        return yielded(self, annotation, scope)

    def returned(self, function: Scope, generator: bool = False) -> tuple[Value, ...]:
        """Return what a function of the file returns, with `generator` also what it yields."""
        question: Question = (function.node, "yielded" if generator else "returned")
        return self._memory.answer(question, lambda: results.of_function(self, function, generator))

    def _expression(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        if isinstance(node, ast.Name):
            return self.name(node.id, scope)
        if isinstance(node, ast.Attribute):
            values = self.values(node.value, scope)
            if len(values) == 1:
                return self.attribute(values[0], node.attr)
            return gathered(self.attribute(value, node.attr) for value in values)
        if isinstance(node, ast.Call):
            return self._call(node, scope)
        if isinstance(node, (ast.Await, ast.NamedExpr)):
            return self.alternatives(node.value, scope)
        if isinstance(node, ast.BoolOp):
            return self._bool_op(node, scope)
        if isinstance(node, ast.IfExp):
            return gathered(self.alternatives(part, scope) for part in (node.body, node.orelse))
        if isinstance(node, ast.Subscript):
            return gathered(self.item(value) for value in self.values(node.value, scope))
        if isinstance(node, ast.Constant) and node.value is None:
            return NOTHING
        if isinstance(node, ast.Lambda):
            return (Value("", target=self._scope_of.get(node)),)
        return UNKNOWN

    def _bool_op(self, node: ast.BoolOp, scope: Scope) -> tuple[Value, ...]:
        """`given or Default()` is of the default's kind, whatever the caller gives."""
        if isinstance(node.op, ast.And):
            return self.alternatives(node.values[-1], scope)
        return gathered(found for part in node.values if (found := self.alternatives(part, scope)))

    # Names

    def name(self, name: str, scope: Scope) -> tuple[Value, ...]:
        """Return what a name read in `scope` may be; itself where no scope of the file binds it."""
        home = scope.lookup(name)
        if home is None:
            return (Value(self._from_star(name, scope)),)
        bindings = home.bindings[name]
        if len(bindings) == 1 and bindings[0].kind == "import":  # most are, and lead nowhere else
            asked = (home, name, False)
            return self._memory.known(asked) or self._memory.learn(asked, self.binding(bindings[0]))
        return self._bound((home, name, False), bindings)

    def _from_star(self, name: str, scope: Scope) -> str:
        """Return the path of a name that no scope binds: of a known library that is imported whole, else itself."""
        if self._stars is None:
            imports = (node for node in scope.module.of(ast.ImportFrom) if isinstance(node, ast.ImportFrom))
            self._stars = [
                node.module for node in imports if node.module and not node.level and node.names[0].name == "*"
            ]
        for module in self._stars:
            path = drop_ins.original(f"{module}.{name}")
            if lookup.api(path) is not None or lookup.guard(path) is not None:
                return path
        return name

    def _bound(self, name: Name, bindings: list[Binding]) -> tuple[Value, ...]:
        """Return what the bindings of one name give together."""
        return self._memory.name(name, bindings, self._part)

    def _part(self, binding: Binding) -> tuple[Value, ...] | None:
        """Return what one binding gives; None for a parameter that defaults to None: the others tell its kind."""
        if binding.kind == "delete":
            return None
        found = self.binding(binding)
        if found == UNKNOWN and binding.kind == "parameter" and _is_none(binding.value):
            return None
        return found

    def binding(self, binding: Binding) -> tuple[Value, ...]:
        """Return what one binding gives its name."""
        if binding.kind == "import":
            return (Value(drop_ins.original(binding.path)),)
        if binding.kind in ("function", "class"):
            return self._definition(binding.scope)
        if binding.kind == "parameter":
            return self._parameter(binding)
        if binding.kind == "with" and binding.value is not None:
            return gathered(results.entered(self, value) for value in self.values(binding.value, binding.scope))
        if binding.kind in ("assign", "annotation"):
            found = self.alternatives(binding.value, binding.scope) if binding.value is not None else UNKNOWN
            if binding.annotation is not None and (found in (UNKNOWN, NOTHING) or _is_declaration(found)):
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
        assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        if argument in (function.node.args.vararg, function.node.args.kwarg):
            return UNKNOWN
        owner = function.parent if function.is_method else None
        if owner is not None and argument.arg == function.first_parameter:
            decorators = self.decorator_paths(function)
            if "staticmethod" in decorators:
                return UNKNOWN
            if function.name == "__new__" or "classmethod" in decorators:
                return (Value(self._base_path(owner), target=owner),)
            return (self.instance_of(owner),)
        outside = function.parent or function
        if binding.annotation is not None:
            found = self.annotated(binding.annotation, outside)
            if found:
                return found
        return injected(self, binding.value, outside) if binding.value is not None else UNKNOWN

    def instance_of(self, target: Scope) -> Value:
        """Return an object of a class of the file."""
        path = self._base_path(target)
        return Value(path + "()" if path else "", target=target, instance=True)

    # Attributes

    def attribute(self, value: Value, name: str) -> tuple[Value, ...]:
        """Return what attribute `name` of a value may be."""
        if value.target is not None and value.target.is_class:
            found = self.class_attribute(value, name)
            if found is not None:
                return found
            if not value.path:
                return UNKNOWN
        if not value.path:
            return UNKNOWN
        if lookup.is_item(value.path, name):
            return self.item(value)
        return (Value(f"{value.path}.{name}", receiver=value),)

    def item(self, value: Value) -> tuple[Value, ...]:
        """Return what an item of a value may be."""
        return (Value(value.path + "[]", receiver=value),) if value.path else UNKNOWN

    def class_bindings(self, owner: Scope) -> dict[str, list[Binding]]:
        """Return the bindings of a class's attributes (see `attribute_bindings`)."""
        if owner not in self._attributes:
            self._attributes[owner] = attribute_bindings(owner)
        return self._attributes[owner]

    def ancestry(self, owner: Scope) -> list[Scope]:
        """Return a class and its bases in this file, nearest first; of very many only the nearest."""
        found: dict[Scope, None] = {}
        todo = [owner]
        while todo and len(found) < MAX_ANCESTRY:
            current = todo.pop(0)
            if current in found:
                continue
            found[current] = None
            assert isinstance(current.node, ast.ClassDef)
            for base in current.node.bases:
                todo += [
                    v.target
                    for v in self.values(base, current.parent or current)
                    if v.target and v.target.is_class and not v.instance
                ]
        return list(found)

    def class_attribute(self, value: Value, name: str) -> tuple[Value, ...] | None:
        """Return the attribute as a class of the file defines it; None where no class of its ancestry does."""
        assert value.target is not None
        for owner in self.ancestry(value.target):
            bindings = self.class_bindings(owner).get(name)
            if not bindings:
                continue
            found = self._bound((owner, name, True), bindings)
            return gathered(self._read(each, value) for each in found)
        return None

    def _read(self, attribute: Value, owner: Value) -> tuple[Value, ...]:
        """Return what reading an attribute of a class gives: a property's result, else the attribute itself."""
        target = attribute.target
        if target is None:
            return (attribute,)
        if target.is_method and owner.instance and self.is_property(target):
            return results.of_call(self, attribute, None, target)
        return (attribute._replace(receiver=owner),)

    def is_property(self, function: Scope) -> bool:
        """Whether a method is read like an attribute."""
        return not _PROPERTIES.isdisjoint(self.decorator_paths(function))

    def decorator_paths(self, function: Scope) -> set[str]:
        """Return the access paths of a function's or class's decorators, with `()` where they are called."""
        if function not in self._decorators:
            self._decorators[function] = set()  # for a decorator that leads back to its function
            outside = function.parent or function
            self._decorators[function] = {path for node in function.decorators for path in self.paths(node, outside)}
        return self._decorators[function]

    # Calls

    def _call(self, node: ast.Call, scope: Scope) -> tuple[Value, ...]:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and scope.lookup("super") is None:
            return self._super(scope)
        return gathered(results.of_call(self, value, node, scope) for value in self.values(node.func, scope))

    def _super(self, scope: Scope) -> tuple[Value, ...]:
        owner = scope.owner
        if owner is None:
            return UNKNOWN
        bases = self.ancestry(owner)[1:2]
        if bases:
            return (self.instance_of(bases[0]),)
        path = self.instance_of(owner).path
        return (Value(path),) if path else UNKNOWN

    def is_context_manager(self, function: Scope) -> bool:
        """Whether `contextlib.contextmanager` or its async twin makes the generator function a context manager."""
        return not _CONTEXT_MANAGERS.isdisjoint(self.decorator_paths(function))


def _is_declaration(values: tuple[Value, ...]) -> bool:
    """Whether a class's field is only declared: `= field()`, `= Depends(f)`."""
    return all(value.path[:-2] in results.FIELDS | DEPENDS for value in values)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
