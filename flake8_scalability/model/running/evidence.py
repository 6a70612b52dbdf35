"""What a decorator, call or class shows beside its name: a URL, an answer, another library."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import http_entries, lookup, web_frameworks
from flake8_scalability.catalog.rows import ANY_ARGUMENT, Entry
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope


def is_foreign(paths: set[str]) -> bool:
    """Whether a name that looks like one of a web framework comes from a library that is none."""
    return any(lookup.root_of(path) in http_entries.NO_SERVERS for path in paths)


def concerns(entry: Entry, name: str) -> bool:
    """Whether an entry is about a function or method of this name."""
    return (
        not entry.methods
        or not name
        or any(
            name == wanted or (wanted.endswith("*") and name.startswith(wanted[:-1]))
            for wanted in entry.methods.split()
        )
    )


def handed(node: ast.Call, entry: Entry) -> Iterator[ast.expr]:
    for keyword in node.keywords:
        if keyword.arg is not None and keyword.arg == entry.keyword:
            yield keyword.value
    if entry.argument == ANY_ARGUMENT:
        yield from node.args
    elif entry.argument is not None and len(node.args) > entry.argument:
        yield node.args[entry.argument]


def roots_of_imports(module: Scope) -> Iterator[str]:
    """Yield the packages that a file imports; `from tools import *` brings those along that it calls and binds not."""
    for many in module.bindings.values():
        for binding in many:
            if binding.kind == "import":
                yield binding.path.lstrip(".").partition(".")[0]
    starred = [node for node in module.of(ast.ImportFrom) if node.names[0].name == "*"]  # type: ignore[attr-defined]
    yield from (node.module.partition(".")[0] for node in starred if node.module and not node.level)  # type: ignore[attr-defined]
    for scope in module.walk() if starred else ():
        for node in scope.of(ast.Call):
            root = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
            if isinstance(root, ast.Name) and scope.lookup(root.id) is None:
                yield root.id


def answers(method: Scope) -> bool:
    """Whether a method writes an answer through its own object, as those of Tornado do."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in web_frameworks.ANSWERING
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == method.first_parameter
        for scope in method.walk()
        for node in scope.of(ast.Call)
    )


def is_route(call: ast.Call | None) -> bool:
    """Whether the first argument of a call is a string that looks like the path of a URL, or a list of such strings."""
    if call is None:
        return False
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in ("path", "rule", "uri"))]
    first = given[0] if given else None
    if isinstance(first, (ast.List, ast.Tuple)) and first.elts:
        first = first.elts[0]
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
        if isinstance(first, ast.FormattedValue):
            return True
    if not isinstance(first, ast.Constant):
        # The rule comes from elsewhere: nothing but a web framework has a decorator called `route`.
        return first is not None and terminal_name(call.func) == "route"
    if not isinstance(first.value, str):
        return False
    parts = terminal_name(call.func) == "route" and not {"/", "<"}.isdisjoint(first.value)
    return first.value == "" or first.value.startswith("/") or parts
