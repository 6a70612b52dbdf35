"""What a query is asked of: is it a collection, and is it shown to be something else than a database?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog import query_methods as known
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Attributes of rows, requests and frames that have methods of the same names as a manager.
NO_MANAGERS = frozenset({
    "data", "POST", "GET", "META", "headers", "session", "cookies", "kwargs", "args", "cleaned_data", "str", "loc",
    "iloc", "query", "FILES", "columns",
})  # fmt: skip
#: Attributes that hold what is no row.
HOLDERS = re.compile(r"^_|(^|_)(store|repo|repository|registry|service|client|cache|manager|backend)$")
_MAPPINGS = frozenset({
    "dict", "Dict", "defaultdict", "DefaultDict", "OrderedDict", "Mapping", "MutableMapping", "WeakValueDictionary",
})  # fmt: skip
_LITERALS = (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.JoinedStr, ast.DictComp, ast.ListComp, ast.SetComp)


def is_foreign(receiver: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a receiver is shown to be something else: an object of the file, or of a library without queries."""
    home = scope.lookup(receiver.id) if isinstance(receiver, ast.Name) else None
    bindings = home.bindings[receiver.id] if home is not None and isinstance(receiver, ast.Name) else []
    if any(isinstance(binding.value, _LITERALS) for binding in bindings) or _is_own_mapping(receiver, scope, source):
        return True
    for value in source.resolver.values(receiver, scope):
        if value.target is not None and value.target.is_function:
            return True
        if value.target is not None and value.target.is_class and value.instance:
            return True
        root = lookup.root_of(value.path)
        if root in known.NO_DATABASES:
            return True
        if root not in known.PACKAGES and root not in known.DRIVERS and lookup.api(value.path) is not None:
            return True
    return False


def _is_own_mapping(receiver: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a receiver is an attribute that its class fills with a mapping, or annotates as one."""
    function = scope.function
    if not isinstance(receiver, ast.Attribute) or function is None or function.owner is None:
        return False
    if not isinstance(receiver.value, ast.Name) or receiver.value.id != function.first_parameter:
        return False
    return any(
        isinstance(binding.value, _LITERALS)
        or (isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) in _MAPPINGS)
        or any(terminal_name(part) in _MAPPINGS for part in _outermost(binding.annotation))
        for binding in source.resolver.class_bindings(function.owner).get(receiver.attr, ())
    )


def _outermost(annotation: ast.expr | None) -> Iterator[ast.expr]:
    """Yield what an annotation is one of: `dict` of `dict[str, int] | None`."""
    if isinstance(annotation, ast.BinOp):
        yield from _outermost(annotation.left)
        yield from _outermost(annotation.right)
    elif isinstance(annotation, ast.Subscript):
        yield from _outermost(annotation.slice if terminal_name(annotation.value) == "Optional" else annotation.value)
    elif annotation is not None:
        yield annotation


def is_awaited(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether the chain that begins with a call is awaited as a whole."""
    parents = source.parents(scope)
    current: ast.AST = node
    while True:
        parent = parents.get(current)
        if isinstance(parent, ast.Await):
            return True
        if isinstance(parent, (ast.AsyncFor, ast.comprehension)):
            return parent.iter is current and (isinstance(parent, ast.AsyncFor) or bool(parent.is_async))
        if not (isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is current)):
            return False
        current = parent


def is_collection(receiver: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether something is a collection: by its path, or because it is taken from a database, or is called one."""
    paths = source.resolver.paths(receiver, scope)
    if any(path.startswith(known.COLLECTION_DRIVERS) for path in paths):
        return True
    name = terminal_name(receiver)
    if known.COLLECTION.search(name):
        return True
    if isinstance(receiver, ast.Call):
        return terminal_name(receiver.func) in ("get_collection", "collection")
    if isinstance(receiver, (ast.Attribute, ast.Subscript)):
        owner = receiver.value
        if terminal_name(owner) in ("db", "mongo", "database", "mongodb", "_db", "mdb"):
            return True
    return False
