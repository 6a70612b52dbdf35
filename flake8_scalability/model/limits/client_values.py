"""Values of the client: numbers that a handler takes from its request, and whether anything bounds them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import paging as known
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.names import names_in
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: What a number is compared with to see whether it was given at all.
_NO_BOUNDS = (None, 0, 1, "", "all", -1)


class ClientValue(NamedTuple):
    """A local name that holds what the client asked for, unbounded.

    function: whose name it is: a handler, or a helper that was handed the value
    name: the name; asked: the client's name for it
    taker: the function that took it from the request
    """

    function: Scope
    name: str
    asked: str
    taker: Scope


def sizes(source: SourceFile) -> Iterator[ClientValue]:
    """Yield the names that hold how many items the client wants, in handlers and in the helpers that get them."""
    yield from values(source, known.SIZES)


def values(source: SourceFile, wanted: re.Pattern[str]) -> Iterator[ClientValue]:
    """Yield the names that hold a value which the client sends under a name that fits, and that nothing bounds."""
    found: dict[tuple[Scope, str], ClientValue] = {}
    asking = _asking(source, wanted)
    for function in source.scopes:
        if not (function in asking or any(map(wanted.match, function.parameters))) or not function.is_function:
            continue
        if source.place(function).place is not Place.REQUEST:
            continue
        filled = function in source.once(_by_parameter)
        for value in _parameters(function, wanted) if filled else _read(function, wanted):
            if not is_bounded(value.name, function, source):
                found[function, value.name] = value
    todo = list(found.values())
    while todo:
        for value in _handed(todo.pop(), source):
            if (value.function, value.name) not in found and not is_bounded(value.name, value.function, source):
                found[value.function, value.name] = value
                todo.append(value)
    yield from found.values()


#: What reads nothing from a request: most of what is assigned.
_PLAIN = frozenset({ast.Constant, ast.Name, ast.Attribute, ast.Dict, ast.JoinedStr, type(None)})


def _asking(source: SourceFile, wanted: re.Pattern[str]) -> set[Scope | None]:
    """Return the functions in which something is read that the client sends under such a name."""
    found: set[Scope | None] = set()
    for node, scope in source.nodes(ast.Assign, ast.AnnAssign, ast.NamedExpr):
        assert isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr))
        if node.value.__class__ in _PLAIN:
            continue
        parts = node.value.elts if isinstance(node.value, (ast.Tuple, ast.List)) else [node.value]
        if any(part is not None and asked_for(part, wanted) for part in parts):
            found.update((scope.function, *_receivers(scope)))
    return found


def _receivers(scope: Scope) -> set[Scope]:
    """Return the functions whose names a scope binds."""
    return {receiver for sender, _, receiver in scope.module.senders if sender is scope}


def _by_parameter(source: SourceFile) -> set[Scope]:
    """Return the endpoints whose parameters their framework fills."""
    return {
        endpoint.function for endpoint in source.endpoints
        if endpoint.function is not None and endpoint.framework in known.BY_PARAMETER
    }  # fmt: skip


# Where they come from


def _parameters(function: Scope, wanted: re.Pattern[str]) -> Iterator[ClientValue]:
    """Yield the parameters that a framework fills with numbers of the query."""
    for name, argument in function.parameters.items():
        if not wanted.match(name) or argument.annotation is None:
            continue
        default = next((each.value for each in function.bindings.get(name, ()) if each.kind == "parameter"), None)
        bounded = _is_declared_bounded(default, argument.annotation)
        if _is_number(argument.annotation) and not bounded and f"{{{name}}}" not in _urls(function):
            yield ClientValue(function, name, name, function)


def _is_number(annotation: ast.expr) -> bool:
    """Whether an annotation is a number, perhaps with a declaration of where it comes from."""
    names = {terminal_name(part) for part in walk(annotation) if isinstance(part, (ast.Name, ast.Attribute))}
    return "int" in names or bool(names & {"PositiveInt", "NonNegativeInt"})


def _is_declared_bounded(default: ast.expr | None, annotation: ast.expr) -> bool:
    for node in (default, annotation):
        for part in walk(node) if node is not None else ():
            if isinstance(part, ast.keyword) and (part.arg in known.BOUNDS or part.arg is None):
                return True
            if isinstance(part, (ast.Name, ast.Attribute)) and known.BOUNDED_TYPES.match(terminal_name(part)):
                return True
    if isinstance(default, ast.Call) and terminal_name(default.func) not in known.DECLARING:
        return True  # a dependency, or something else that may look at it
    return isinstance(default, ast.Name)


def _urls(function: Scope) -> str:
    texts = (
        str(part.value)
        for decorator in function.decorators
        for part in walk(decorator)
        if isinstance(part, ast.Constant)
    )
    return " ".join(texts)


def _read(function: Scope, wanted: re.Pattern[str]) -> Iterator[ClientValue]:
    """Yield the local names that hold what was read from the request."""
    for name, bindings in function.bindings.items():
        asked = {_asked(each, wanted) for each in bindings if not _is_fallback(each)}
        if len(asked) == 1 and (key := next(iter(asked))):
            yield ClientValue(function, name, key, function)


def is_text(value: ClientValue) -> bool:
    """Whether a value is read from a URL or a form as the text that the client sent, and no number is made of it."""
    if value.function is not value.taker:
        return False
    for binding in value.taker.bindings.get(value.name, ()):
        call = binding.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in known.GETTERS:
            is_url = terminal_name(call.func.value) in known.TEXTS
            if is_url and len(call.args) == 1 and not any(each.arg == "type" for each in call.keywords):
                return True
    return False


def _is_fallback(binding: Binding) -> bool:
    """Whether a binding gives a constant, for a client that asked for nothing or for nonsense."""
    node = binding.value
    return binding.kind == "assign" and (
        isinstance(node, ast.Constant)
        or (isinstance(node, (ast.Name, ast.Attribute)) and terminal_name(node).isupper())
    )


def _asked(binding: Binding, wanted: re.Pattern[str]) -> str:
    """Return the name under which the client sends what a binding gives; "" where it is something else."""
    if binding.kind not in ("assign", "annotation") or binding.value is None:
        return ""
    return asked_for(binding.value, wanted)


def asked_for(node: ast.expr, wanted: re.Pattern[str]) -> str:
    """Return the name under which the client sends the value of an expression; "" where it is something else."""
    while True:
        if isinstance(node, ast.Call) and terminal_name(node.func) in known.CONVERTING and node.args:
            node = node.args[0]
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            node = node.values[0]
        elif isinstance(node, ast.IfExp):
            node = node.body
        elif isinstance(node, ast.Await):
            node = node.value
        else:
            break
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        of_mapping = node.func.attr in known.GETTERS and _is_of_request(node.func.value)
        if (of_mapping or node.func.attr in known.ARGUMENT_METHODS) and not _has_bound(node):
            return _key(node.args[0], wanted) if node.args else ""
        return ""
    if isinstance(node, ast.Subscript) and _is_of_request(node.value):
        return _key(node.slice, wanted)
    return ""


def _key(node: ast.expr, wanted: re.Pattern[str]) -> str:
    return (
        node.value
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and wanted.match(node.value)
        else ""
    )


def _has_bound(node: ast.Call) -> bool:
    """Whether the call that reads a value bounds it, or has it made by something of the project's own."""
    for keyword in node.keywords:
        if keyword.arg in known.BOUNDS or (
            keyword.arg == "type" and terminal_name(keyword.value) not in known.CONVERTING
        ):
            return True
    return False


def _is_of_request(node: ast.expr) -> bool:
    """Whether an expression is a mapping of the request: `request.args`, `request.get_json()`."""
    if isinstance(node, ast.Await):
        node = node.value
    if isinstance(node, ast.BoolOp):
        node = node.values[0]
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute) and node.attr in known.MAPPINGS:
        root: ast.expr = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        return isinstance(root, ast.Name) and known.REQUESTS.match(root.id) is not None
    return (
        isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in known.MAPPINGS
    )


# What bounds them, and where they go


def is_bounded(name: str, function: Scope, source: SourceFile) -> bool:
    """Whether a function compares a number with something, or has it kept within bounds."""
    for part in walk(function.node):
        if isinstance(part, ast.Compare) and name in names_in(part):
            others = [each for each in (part.left, *part.comparators) if name not in names_in(each)]
            trivial = all(isinstance(each, ast.Constant) and each.value in _NO_BOUNDS for each in others)
            if not trivial or len(part.ops) > 1:
                return True
        elif isinstance(part, ast.Call) and known.CAPPING.search(terminal_name(part.func)):
            given = (*part.args, *(keyword.value for keyword in part.keywords))
            if any(name in names_in(each) for each in given):
                return True
    return False


def _handed(value: ClientValue, source: SourceFile) -> Iterator[ClientValue]:
    """Yield the parameters of functions of the file to which a value is handed as it is."""
    for scope in value.function.walk_same_call():
        for edge in source.graph.out_of.get(scope, ()):
            if not edge.handed and not edge.target.name.startswith("__"):
                for name in _parameter_of(edge, value.name):
                    yield ClientValue(edge.target, name, value.asked, value.taker)


def _parameter_of(edge: Edge, name: str) -> Iterator[str]:
    names = [each for each in edge.target.parameters if each not in ("self", "cls")]
    for position, given in enumerate(edge.node.args):
        if isinstance(given, ast.Name) and given.id == name and position < len(names):
            yield names[position]
    for keyword in edge.node.keywords:
        if isinstance(keyword.value, ast.Name) and keyword.value.id == name and keyword.arg in edge.target.parameters:
            assert keyword.arg is not None
            yield keyword.arg
