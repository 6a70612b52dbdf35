"""What is kept and only computed: from the key alone, or from files of the program, so that every instance has it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.model.caching.fetching import fetches
from flake8_scalability.model.caching.kept import callees
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.stateless.state import State

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_BUILTIN_PURE = frozenset({
    "str", "int", "float", "bool", "bytes", "len", "sorted", "tuple", "list", "dict", "set", "frozenset", "min",
    "max", "sum", "abs", "round", "zip", "map", "filter", "enumerate", "range", "getattr", "hasattr", "isinstance",
    "type", "repr", "hash", "id", "vars", "dir", "issubclass", "any", "all", "reversed", "format", "ord", "chr",
    "callable", "iter", "next", "hex", "oct", "bin", "divmod", "pow", "slice", "ascii", "print",
})  # fmt: skip
#: Modules whose functions compute, or ask about the program itself and its files.
_PURE_ROOTS = frozenset({
    "re", "inspect", "typing", "importlib", "hashlib", "math", "string", "itertools", "functools", "operator", "ast",
    "textwrap", "unicodedata", "fnmatch", "keyword", "collections", "copy", "decimal", "fractions", "types",
    "weakref", "base64", "binascii", "struct", "zlib", "difflib", "dataclasses", "enum", "pydantic", "jinja2",
    "pkgutil", "zoneinfo", "pytz", "os", "pathlib", "glob", "mimetypes", "locale", "gettext", "tomllib", "yaml",
    "logging", "threading", "asyncio", "json",
})  # fmt: skip
_TEXT_METHODS = frozenset({
    "lower", "upper", "strip", "split", "join", "replace", "format", "encode", "decode", "startswith", "endswith",
    "append", "add", "extend", "update", "setdefault", "get", "insert", "sort", "rsplit", "partition", "items",
    "keys", "values", "copy", "hexdigest", "title", "splitlines", "rpartition", "zfill", "rstrip", "lstrip",
    "casefold", "isalnum", "isdigit", "index", "find", "count",
})  # fmt: skip
_FILES = frozenset({
    "open", "read_text", "read_bytes", "listdir", "glob", "iglob", "scandir", "iterdir", "stat", "exists", "is_file",
    "isfile", "getmtime", "from_toml_file", "safe_load", "load_yaml", "joinpath", "rglob", "walk",
})  # fmt: skip
MAX_STEPS = 3


def is_computed(state: State, source: SourceFile) -> bool:
    """Whether all that is stored is computed from the key alone, so that every instance comes to the same."""
    changes = [c for c in (*state.changes, *state.inner) if c.how in (How.ITEM, How.ADD)]
    return bool(changes) and all(_is_pure_change(change, source) for change in changes)


def is_look_up(node: ast.expr | None) -> bool:
    """Whether an expression only looks for what may be kept already, or is `None`."""
    if isinstance(node, ast.Constant) and node.value is None:
        return True
    return isinstance(node, ast.Subscript) or (
        isinstance(node, ast.Call) and terminal_name(node.func) in ("get", "setdefault", "pop")
    )


def _reads_files_alone(function: Scope, source: SourceFile) -> bool:
    """Whether a function reads files of the program and nothing else: they are the same in every instance."""
    scopes = [scope for each in (function, *callees(function, source)) for scope in each.walk()]
    names = {terminal_name(node.func) for scope in scopes for node in scope.of(ast.Call) if isinstance(node, ast.Call)}
    return not function.is_coroutine and not names.isdisjoint(_FILES) and fetches(function, source) is None


def _is_pure_change(change: Change, source: SourceFile) -> bool:
    function = change.scope.function
    if function is None:
        return True
    if change.value is None or fetches(function, source) is not None:
        return False
    if _reads_files_alone(function, source):
        return True
    return _is_pure(change.value, change.scope, source)


def _is_pure(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> bool:
    """Whether an expression is computed from constants, parameters and functions without a memory or an outside."""
    if steps > MAX_STEPS:
        return False
    for part in walk(node):
        if isinstance(part, ast.Await):
            return False
        if isinstance(part, ast.Call) and not _is_pure_call(part, scope, source, steps):
            return False
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            home = scope.lookup(part.id)
            if home is None or home.is_module or home.is_class:
                continue
            for binding in home.bindings[part.id]:
                if binding.kind == "parameter":
                    # What the caller hands in is as likely fetched as computed, unless it makes the key.
                    if steps == 0 and part is node:
                        return False
                    continue
                found = binding.value
                if found is not None and _is_empty_container(found):
                    # What it is filled with, the whole function tells.
                    if binding.scope.function is None or not _is_pure_function(
                        binding.scope.function, source, steps + 1
                    ):
                        return False
                    continue
                if (
                    found is not None
                    and not is_look_up(found)
                    and not _is_pure(found, binding.scope, source, steps + 1)
                ):
                    return False
    return True


def _is_empty_container(node: ast.expr) -> bool:
    if isinstance(node, (ast.List, ast.Set, ast.Dict)):
        return not list(ast.iter_child_nodes(node))[1:]
    return isinstance(node, ast.Call) and not node.args and terminal_name(node.func) in ("list", "set", "dict")


def _is_pure_call(node: ast.Call, scope: Scope, source: SourceFile, steps: int) -> bool:
    name = terminal_name(node.func)
    if isinstance(node.func, ast.Name) and name in _BUILTIN_PURE and scope.lookup(name) is None:
        return True
    values = source.resolver.values(node.func, scope)
    for value in values:
        if value.target is not None and value.target.is_function:
            return _is_pure_function(value.target, source, steps + 1)
        if value.target is not None and value.target.is_class:
            return True
        if value.path.partition(".")[0].partition("(")[0] in _PURE_ROOTS and "." in value.path:
            return True
    return isinstance(node.func, ast.Attribute) and name in _TEXT_METHODS


def _is_pure_function(function: Scope, source: SourceFile, steps: int) -> bool:
    if steps > MAX_STEPS or function.is_coroutine or fetches(function, source) is not None:
        return False
    return all(
        _is_pure_call(node, scope, source, steps + 1)
        for scope in function.walk_same_call()
        for node in scope.of(ast.Call)
        if isinstance(node, ast.Call)
    )
