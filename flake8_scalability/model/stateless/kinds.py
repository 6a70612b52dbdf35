"""Kinds: what sort of thing an expression makes, as far as shared state is concerned."""

from __future__ import annotations

import ast
import enum
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.language.values import Resolver


class Kind(enum.Enum):
    """What a piece of state is when it is defined."""

    MAPPING = "mapping"
    SEQUENCE = "list"
    DEQUE = "deque"
    SET = "set"
    NUMBER = "number"
    COUNT = "endless count"
    FLAG = "flag"
    TEXT = "text"
    NOTHING = "nothing yet"
    OBJECT = "object"  # of a class that is not known to hold anything
    UNKNOWN = "unknown"


#: Kinds that hold elements.
CONTAINERS = frozenset({Kind.MAPPING, Kind.SEQUENCE, Kind.DEQUE, Kind.SET})
#: Kinds of which only a new binding is a change.
SCALARS = frozenset({Kind.FLAG, Kind.TEXT, Kind.NOTHING, Kind.OBJECT})

_MADE_BY = {
    **dict.fromkeys(
        ("dict", "defaultdict", "OrderedDict", "Counter", "WeakValueDictionary", "WeakKeyDictionary", "UserDict"),
        Kind.MAPPING,
    ),
    **dict.fromkeys(("list", "UserList", "bytearray"), Kind.SEQUENCE),
    **dict.fromkeys(("set", "WeakSet"), Kind.SET),
    "deque": Kind.DEQUE,
    "count": Kind.COUNT,
}
#: The names by which a call may make one of these.
MAKERS = frozenset(_MADE_BY)
#: What each thread or task has one of its own of.
_OF_ONE_THREAD = frozenset({"local", "Local", "ContextVar", "LocalStack", "LocalProxy"})
#: The modules that these come from; a name that is bound nowhere stands for itself.
_HOMES = frozenset({"", "collections", "weakref", "itertools", "builtins"})
_DISPLAYS: dict[type, Kind] = {
    ast.Dict: Kind.MAPPING,
    ast.DictComp: Kind.MAPPING,
    ast.List: Kind.SEQUENCE,
    ast.ListComp: Kind.SEQUENCE,
    ast.Set: Kind.SET,
    ast.SetComp: Kind.SET,
}


def kind_of(value: ast.expr | None, scope: Scope, resolver: Resolver) -> Kind:
    """Return what an expression makes; UNKNOWN for what no mutation could be told of."""
    if value is None:
        return Kind.UNKNOWN
    shown = _DISPLAYS.get(type(value))
    if shown is not None:
        return shown
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, (ast.USub, ast.UAdd)):
        value = value.operand
    if isinstance(value, ast.Constant):
        return _of_constant(value.value)
    if isinstance(value, ast.Call):
        return _of_call(value, scope, resolver)
    return Kind.OBJECT if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript, ast.BoolOp)) else Kind.UNKNOWN


def _of_constant(value: object) -> Kind:
    if value is None:
        return Kind.NOTHING
    if isinstance(value, bool):
        return Kind.FLAG
    if isinstance(value, (int, float)):
        return Kind.NUMBER
    return Kind.TEXT if isinstance(value, (str, bytes)) else Kind.UNKNOWN


def _of_call(value: ast.Call, scope: Scope, resolver: Resolver) -> Kind:
    if terminal_name(value.func) in _OF_ONE_THREAD:
        return Kind.UNKNOWN
    kind = _MADE_BY.get(terminal_name(value.func))
    if kind is None:
        return Kind.OBJECT
    for path in resolver.paths(value.func, scope):
        if path.rpartition(".")[0] in _HOMES:
            return kind
    return Kind.OBJECT
