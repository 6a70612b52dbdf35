"""Where an object goes that a call makes: to a long-lived place, onto an instance, to the caller, or nowhere."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.passing import arguments_of, passing, stored
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite, spelled


class Fate(enum.Enum):
    """What becomes of an object inside the function that makes it; the first that applies."""

    KEPT = "it goes to a place that outlives the call"
    UNKNOWN = "it stands in for what the caller may hand in"
    ON_SELF = "it lives as long as the method's instance"
    PER_REQUEST = "it lives as long as one request"
    HANDED_OUT = "the caller gets it"
    DROPPED = "it ends with the call"


#: Factories: functions whose name says that making is their purpose, so that their caller decides how often.
FACTORY = re.compile(
    r"_*(create|make|build|init|setup|set_up|configure|new|start|open|connect|initialize|initialise|bootstrap|load|from|"
    r"establish|prepare|spawn|register|install|provide|default)(_\w+)?|\w*(_factory|_maker|_builder|_init|_from_\w+)"
)
#: Objects that live as long as one request; what hangs on their application does not.
_PER_REQUEST = frozenset({"g", "request", "req", "websocket", "ws"})
_APPLICATION = frozenset({"app", "application", "current_app"})
_CLOSING = frozenset({"close", "aclose", "disconnect", "quit", "dispose", "shutdown", "wait_closed"})
#: Parameters by which a caller may hand in an object of its own.
_HANDED_IN = re.compile(r"client|session|conn|pool|engine|redis|http", re.IGNORECASE)
_PASSES = 4


class Retention:
    """What holds an object that a call makes, inside the function that makes it."""

    def __init__(self, site: CallSite) -> None:
        assert site.function is not None
        self.site = site
        self.function: Scope = site.function
        self.scopes = list(self.function.walk_same_call())
        self._stored = [pair for scope in self.scopes for pair in stored(scope)]
        self.in_factory = FACTORY.fullmatch(site.function.name) is not None
        self.names: set[str] = set()
        self.places: list[ast.expr] = []
        for _ in range(_PASSES):
            known = len(self.names)
            self._spread()
            if len(self.names) == known:
                break

    def holds(self, node: ast.expr | None) -> bool:
        """Whether an expression is the object, a container of it, or something that keeps it alive."""
        stack = [node] if node is not None else []
        while stack:
            part = stack.pop()
            if part is self.site.node or (isinstance(part, ast.Name) and part.id in self.names):
                return True
            stack.extend(passing(part))
            if isinstance(part, ast.Call):
                if part in self.site.source.makers:
                    stack.append(part.func)
                if self.in_factory or part in self.site.source.makers:
                    stack += arguments_of(part)
        return False

    @cached_property
    def fate(self) -> Fate:
        """What becomes of the object."""
        found = {self._fate_of(place) for place in (*self.places, *self._memos())}
        if any(self.function.declared.get(name) == "global" for name in self.names):
            found.add(Fate.KEPT)
        if self._may_be_given():
            found.add(Fate.UNKNOWN)
        if self.is_returned or self._is_captured():
            found.add(Fate.HANDED_OUT)
        return next((fate for fate in Fate if fate in found), Fate.DROPPED)

    @property
    def is_closed_on_self(self) -> bool:
        """Whether the function itself closes, later on, what it put on `self`: it is for this call only."""
        kept = {place.attr for place in self.places if isinstance(place, ast.Attribute)}
        if any(True for scope in self.scopes for _ in scope.of(ast.Yield)):
            return False
        for scope in self.scopes:
            for node in scope.of(ast.Call):
                assert isinstance(node, ast.Call)
                function = node.func
                if not isinstance(function, ast.Attribute) or function.attr not in _CLOSING:
                    continue
                if terminal_name(function.value) in kept and node.lineno > self.site.node.lineno:
                    return not any(isinstance(parent, ast.ExceptHandler) for parent in self._around(node))
        return False

    def used_in_loop(self) -> bool:
        """Whether a loop or comprehension after the call uses the object many times."""
        around = set(self._around(self.site.node))
        for scope in self.scopes:
            loops: list[ast.AST] = list(scope.of(ast.For, ast.AsyncFor, ast.While))
            if scope.name == "<comprehension>":
                loops.append(scope.node)
            for loop in loops:
                if loop not in around and getattr(loop, "lineno", 0) >= self.site.node.lineno and self._mentions(loop):
                    return True
        return False

    def _mentions(self, root: ast.AST) -> bool:
        return any(isinstance(node, ast.Name) and node.id in self.names for node in walk(root))

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        parent = self.site.parents.get(node)
        while parent is not None and parent is not self.function.node:
            yield parent
            parent = self.site.parents.get(parent)

    # Where it goes

    def _spread(self) -> None:
        """Note the names and places that hold the object, through every statement that passes it on."""
        self.places.clear()
        for target, value in self._stored:
            if self.holds(value):
                self._put(target)

    def _put(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.names.add(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self._put(part)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            root = _root(target)
            if isinstance(root, ast.Name) and self._is_own_object(root.id):
                self.names.add(root.id)
            else:
                self.places.append(target)

    def _is_own_object(self, name: str) -> bool:
        """Whether a name is a container or object that this function makes itself."""
        bindings = self.function.bindings.get(name, ()) if name not in self.function.declared else ()
        return bool(bindings) and all(
            isinstance(binding.value, (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp))
            or (isinstance(binding.value, ast.Call) and _is_constructor(binding.value.func))
            for binding in bindings
        )

    def _fate_of(self, place: ast.expr) -> Fate:
        """Return how long an attribute or a key lives."""
        root = _root(place)
        chain = _chain(place)
        name = root.id if isinstance(root, ast.Name) else ""
        if chain & _APPLICATION or "__class__" in chain:
            return Fate.KEPT
        if name in _PER_REQUEST:
            return Fate.PER_REQUEST
        method: Scope | None = self.function
        while method is not None and not method.is_method:
            method = method.parent
        if method is not None and name == method.first_parameter and name not in ("cls", "mcs"):
            return Fate.ON_SELF
        return Fate.KEPT

    def _memos(self) -> Iterator[ast.expr]:
        """Yield the places that the function looks at before the call and fills after it: what it makes runs seldom."""
        line = self.site.node.lineno
        looked_at = {
            spelled(part)
            for scope in self.scopes
            for test in scope.of(ast.If)
            if isinstance(test, ast.If) and test.lineno <= line
            for part in walk(test.test)
            if isinstance(part, (ast.Name, ast.Attribute))
        }
        for target, _ in self._stored:
            filled = target.value if isinstance(target, ast.Subscript) else target
            if getattr(target, "lineno", 0) >= line and spelled(filled) in looked_at and self._outlives(filled):
                yield target

    def _outlives(self, place: ast.expr) -> bool:
        root = _root(place)
        if not isinstance(root, ast.Name):
            return False
        if self.function.declared.get(root.id) == "global" or isinstance(place, ast.Attribute):
            return not self._is_own_object(root.id)
        return root.id not in self.function.bindings

    def _may_be_given(self) -> bool:
        """Whether the object is only the default for one that the caller, or an attribute, may provide."""
        parameters = self.function.parameters
        if self.names & parameters.keys():
            return True
        child: ast.AST = self.site.node
        for parent in self._around(self.site.node):
            if isinstance(parent, ast.BoolOp) and child is not parent.values[0]:
                return True
            if isinstance(parent, ast.IfExp) and child is not parent.test:
                other = parent.orelse if child is parent.body else parent.body
                if not isinstance(other, (ast.Call, ast.Constant)):
                    return True
            if isinstance(parent, ast.If) and (self._mentions(parent.test) or self._asks_for_given(parent.test)):
                return True
            child = parent
        return any(
            isinstance(binding.value, ast.Name) and binding.value.id in parameters
            for name in self.names
            for binding in self.function.bindings.get(name, ())
        )

    def _asks_for_given(self, test: ast.expr) -> bool:
        """Whether a condition asks whether the caller handed such an object in: `if client is None:`."""
        asked = test.left if isinstance(test, ast.Compare) else test.operand if isinstance(test, ast.UnaryOp) else test
        name = terminal_name(asked)
        return name in self.function.parameters and _HANDED_IN.search(name) is not None

    @cached_property
    def is_returned(self) -> bool:
        """Whether the caller gets the object, or something around it, by a `return` or `yield`."""
        return any(
            self.holds(node.value)
            for scope in self.scopes
            for node in scope.of(ast.Return, ast.Yield)
            if isinstance(node, (ast.Return, ast.Yield))
        )

    @property
    def is_wrapped(self) -> bool:
        """Whether the function builds something around the object: then it provides that, and the object is a part."""
        return any(
            _is_constructor(node.func) and any(self.holds(value) for value in arguments_of(node))
            for scope in self.scopes
            for node in scope.of(ast.Call)
            if isinstance(node, ast.Call) and node not in self.site.source.makers
        )

    def _is_captured(self) -> bool:
        """Whether the object is inside a function or class that is returned or registered, and so outlives the call."""
        return any(
            self._mentions(inner.node) and (inner.decorators or self._is_passed_on(inner.name))
            for scope in self.scopes
            for inner in scope.inner
            if self.names and (inner.is_function or inner.is_class)
        )

    def _is_passed_on(self, name: str) -> bool:
        """Whether a nested function or class is used otherwise than by calling it."""
        for node in walk(self.function.node):
            if isinstance(node, ast.Name) and node.id == name:
                parent = self.site.parents.get(node)
                if not (isinstance(parent, ast.Call) and parent.func is node):
                    return True
        return False


def _is_constructor(node: ast.expr) -> bool:
    return terminal_name(node).lstrip("_")[:1].isupper() or terminal_name(node) in (
        "dict",
        "list",
        "set",
        "defaultdict",
    )


def _root(node: ast.expr) -> ast.expr:
    """Return what a chain of attributes, keys and calls starts from."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node


def _chain(node: ast.expr) -> set[str]:
    """Return the names in a chain of attributes and keys, the last one left out."""
    found: set[str] = set()
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
        found.add(terminal_name(node))
    return found
