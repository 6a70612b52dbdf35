"""URLs: does an expression certainly name something on the network?"""

from __future__ import annotations

import ast
import re

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

MAX_STEPS = 8
_REMOTE = re.compile(r"^(https?|ftps?)://", re.IGNORECASE)
_SCHEME_ONLY = re.compile(r"^\w+://$")
_SAYS_URL = re.compile(r"(^|_)(url|uri|href|permalink)s?\d*$|[a-z](Url|URL)$")


def is_url(node: ast.expr, scope: Scope, steps: int = 0) -> bool:
    """Whether an expression is a URL by how its text begins, or by a name that says so and is not bound to a path."""
    if steps > MAX_STEPS:
        return False
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _REMOTE.match(node.value) is not None
    if isinstance(node, ast.JoinedStr):
        return bool(node.values) and is_url(node.values[0], scope, steps + 1)
    if isinstance(node, ast.FormattedValue):
        return is_url(node.value, scope, steps + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        return is_url(node.left, scope, steps + 1)
    if isinstance(node, ast.Call):
        formatted = isinstance(node.func, ast.Attribute) and node.func.attr == "format"
        return formatted and isinstance(node.func, ast.Attribute) and is_url(node.func.value, scope, steps + 1)
    if isinstance(node, ast.Name):
        return _named(node.id, scope, steps)
    return isinstance(node, ast.Attribute) and _says_url(node.attr)


def host_part(node: ast.expr, scope: Scope) -> str:
    """Return the name of the variable from which a URL has its host; "" where it is written out or not in sight."""
    for _ in range(MAX_STEPS):
        if isinstance(node, ast.JoinedStr) and node.values:
            first = node.values[0]
            written = isinstance(first, ast.Constant) and _SCHEME_ONLY.match(str(first.value)) is None
            node = node.values[1] if not written and isinstance(first, ast.Constant) and node.values[1:] else first
        elif isinstance(node, ast.FormattedValue):
            node = node.value
        elif isinstance(node, ast.BinOp):
            scheme = isinstance(node.left, ast.Constant) and _SCHEME_ONLY.match(str(node.left.value)) is not None
            node = node.right if scheme else node.left
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        elif isinstance(node, ast.Call):
            node = _first_part(node)
        elif isinstance(node, ast.Name):
            home = scope.lookup(node.id)
            bindings = home.bindings[node.id] if home is not None else []
            if len(bindings) != 1 or bindings[0].kind != "assign" or bindings[0].value is None:
                return node.id
            node, scope = bindings[0].value, bindings[0].scope
        else:
            return ""
    return ""


def _first_part(call: ast.Call) -> ast.expr:
    """Return what a call's text begins with: the argument of `"{}/x".format(a)`, else what the method is called on."""
    if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Constant):
        return call.func
    opens = re.match(r"^(\w+://)?\{", str(call.func.value.value)) is not None
    return call.args[0] if call.func.attr == "format" and opens and call.args else call.func.value


def _named(name: str, scope: Scope, steps: int) -> bool:
    home = scope.lookup(name)
    bindings = home.bindings[name] if home is not None else []
    values = [(binding.value, binding.scope) for binding in bindings if binding.kind == "assign" and binding.value]
    if any(is_url(value, where, steps + 1) for value, where in values):
        return True
    return _says_url(name) and not any(_is_path(value) for value, _ in values)


def _is_path(node: ast.expr) -> bool:
    """Whether an expression makes a name of a local file, or is a text that is no URL."""
    if isinstance(node, ast.Constant):
        return True
    return isinstance(node, ast.Call) and terminal_name(node.func) in ("join", "Path", "abspath", "StringIO", "BytesIO")


def _says_url(name: str) -> bool:
    return _SAYS_URL.search(name if name[-3:] in ("Url", "URL") else name.lower()) is not None
