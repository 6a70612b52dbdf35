"""Paths of files: what an expression that says where a file goes is made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.source import SourceFile

_TEMPORARY = re.compile(
    r"(?<![a-z])(te?mp|temporary|scratch|mkdtemp|mkstemp|gettempdir|tempfile|tempdir|tmpdir)(?![a-z])"
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: Objects that hold settings: their own name says nothing of the file.
_HOLDERS = frozenset({"config", "settings", "conf", "env", "environ", "cfg", "self", "cls", "app", "current_app", "os"})
#: Calls that make a path of their arguments, and all whose result is the same path or folder for the same arguments.
_MAKING = frozenset({"join", "Path", "joinpath", "mkdtemp", "str", "abspath", "format", "with_suffix", "with_name"})
_PATH_CALLS = frozenset({
    "join", "Path", "abspath", "dirname", "realpath", "expanduser", "resolve", "absolute", "joinpath", "with_suffix",
    "with_name", "str", "PurePath", "normpath", "fspath", "getcwd", "cwd", "getenv", "get", "basename", "parent",
})  # fmt: skip
#: Methods that give a path another ending.
_ENDING = frozenset({"with_suffix", "with_stem"})
#: Methods by which a path becomes that of a neighbour.
_RENAMING = frozenset({"replace", "with_suffix", "with_name", "resolve", "absolute"})
_PATH_WORDS = frozenset({
    "path", "file", "filename", "filepath", "dest", "destination", "target", "dir", "directory", "folder", "output",
    "joinpath", "location", "root", "parent",
})  # fmt: skip
#: So many parts of a path are looked at.
_MAX_PARTS = 60


class Whereto(NamedTuple):
    """What a path expression is made of.

    words: the words in its names and literals, in lower case
    names: the local variables in it that hold the path or a folder of it
    fixed: whether it is the same for every call
    text: its literals, joined
    given: whether the caller gives the path as a whole
    beside: whether it is that path with another ending, so that the file stands beside the one it was made from
    """

    words: frozenset[str]
    names: frozenset[str]
    fixed: bool
    text: str
    given: bool = False
    beside: bool = False

    @property
    def is_temporary(self) -> bool:
        return any(_TEMPORARY.fullmatch(word) for word in self.words) or self.text.startswith("/tmp")


def whereto(path: ast.expr, scope: Scope, source: SourceFile) -> Whereto:
    """Return what a path is made of; names and attributes of `self` are followed to what they are bound to."""
    words: set[str] = set()
    names: set[str] = set()
    texts: list[str] = []
    parameters: set[str] = set()
    fixed = True
    todo: list[tuple[ast.AST, Scope]] = [(path, scope)]
    seen: set[ast.AST] = set()
    while todo and len(seen) < _MAX_PARTS:
        node, where = todo.pop(0)
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                texts.append(node.value)
                words |= split_words(node.value)
        elif isinstance(node, ast.Name) and node.id in _HOLDERS - {"self", "cls"}:
            continue
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Subscript):
            # Of a setting in a group of settings only its own name says something.
            todo.append((node.slice, where))
        elif isinstance(node, ast.Name):
            words |= split_words(node.id) if node.id not in _HOLDERS else set()
            home = where.lookup(node.id)
            for binding in home.bindings[node.id] if home is not None else ():
                if binding.kind == "parameter" and node.id not in ("self", "cls"):
                    parameters.add(node.id)
                if binding.kind == "parameter" or (binding.kind in ("for", "unpack") and home is not where.module):
                    fixed = fixed and node.id in ("self", "cls")
                    words |= _giver(binding.node)
                elif binding.value is not None:
                    todo.append((binding.value, binding.scope))
                    if home is not where.module and _makes_path(binding.value):
                        names.add(node.id)
            if node is path and home is not where.module:
                names.add(node.id)
        elif isinstance(node, ast.Attribute):
            words |= split_words(node.attr) if node.attr not in _HOLDERS else set()
            bound = _bound_on_self(node, where, source)
            todo += bound if bound else [(node.value, where)]
        elif isinstance(node, ast.Call):
            name = terminal_name(node.func)
            words |= split_words(name)
            fixed = fixed and name in _PATH_CALLS
            todo += [(child, where) for child in (*node.args, *(keyword.value for keyword in node.keywords))]
            if isinstance(node.func, ast.Attribute):
                todo.append((node.func.value, where))
        else:
            todo += [(child, where) for child in ast.iter_child_nodes(node)]
    root = path
    while isinstance(root, ast.Call) and isinstance(root.func, ast.Attribute) and root.func.attr in _RENAMING:
        root = root.func.value
    given = isinstance(root, ast.Name) and root.id in parameters
    beside = _is_beside(path, scope)
    return Whereto(frozenset(words), frozenset(names), fixed, "/".join(texts), given, beside)


def _is_beside(path: ast.expr, scope: Scope, steps: int = 4) -> bool:
    """Whether a path is one that the function is given, with another ending: `path.with_suffix(".pdf")`."""
    base = _without_ending(path)
    if isinstance(path, ast.Name) and steps:
        home = scope.lookup(path.id)
        values = [binding.value for binding in home.bindings[path.id]] if home is not None else []
        return bool(values) and all(value is not None and _is_beside(value, scope, steps - 1) for value in values)
    return base is not None and _is_given(base, scope, steps)


def _is_given(node: ast.expr, scope: Scope, steps: int) -> bool:
    """Whether a path, or the stem of one, is a parameter, or what an object that is given has for its path."""
    inner = _without_ending(node)
    if inner is not None:
        return _is_given(inner, scope, steps)
    if isinstance(node, ast.Call) and terminal_name(node.func) in ("Path", "str", "splitext") and node.args:
        return _is_given(node.args[0], scope, steps)
    if isinstance(node, ast.Attribute):
        return bool(split_words(node.attr) & _PATH_WORDS) and _is_given(node.value, scope, steps)
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    if home is None or not isinstance(node, ast.Name) or node.id in ("self", "cls"):
        return False
    bindings = home.bindings[node.id]
    return bool(steps) and all(
        binding.kind == "parameter"
        or (
            binding.kind in ("assign", "unpack")
            and binding.value is not None
            and _is_given(binding.value, scope, steps - 1)
        )
        for binding in bindings
    )


def _without_ending(node: ast.expr) -> ast.expr | None:
    """Return the path to which an expression gives another ending; None where it does not do that."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ENDING:
        return node.func.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return node.left if _is_ending(node.right) else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):
        return node.value.args[0] if terminal_name(node.value.func) == "splitext" and node.value.args else None
    if isinstance(node, ast.JoinedStr) and len(node.values) > 1 and isinstance(node.values[0], ast.FormattedValue):
        return node.values[0].value if all(map(_is_ending, node.values[1:])) else None
    return None


def _giver(node: ast.AST) -> set[str]:
    """Return the words of the function that gives several values at once, one of them a path."""
    value = node.value if isinstance(node, ast.Assign) else None
    value = value.value if isinstance(value, ast.Subscript) else value
    return split_words(terminal_name(value.func)) if isinstance(value, ast.Call) else set()


def _is_ending(node: ast.expr) -> bool:
    if isinstance(node, ast.FormattedValue):
        return _is_ending(node.value)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and re.fullmatch(r"[._-][\w.-]*", node.value) is not None
    return not split_words(terminal_name(node)).isdisjoint({"ext", "extension", "suffix", "format", "ending"})


def _makes_path(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return terminal_name(node.func) in _MAKING
    return isinstance(node, (ast.JoinedStr, ast.BinOp))


def split_words(name: str) -> set[str]:
    """Return the words of a name in any style: `uploadDir`, `UPLOAD_DIR`, `/srv/uploads`."""
    return {word.lower() for word in _WORDS.findall(name)}


def _bound_on_self(node: ast.Attribute, scope: Scope, source: SourceFile) -> list[tuple[ast.AST, Scope]]:
    """Return what an attribute of the own object is bound to in its class."""
    owner = scope.owner if not scope.is_class else scope
    if owner is None or not isinstance(node.value, ast.Name) or node.value.id not in ("self", "cls"):
        return []
    return [
        (binding.value, binding.scope)
        for binding in source.resolver.class_bindings(owner).get(node.attr, ())
        if binding.value is not None
    ]


def is_path(node: ast.expr, scope: Scope) -> bool:
    """Whether an expression, or what it is bound to, looks like a path: by how it is made, or by its name."""
    if split_words(terminal_name(node)) & _PATH_WORDS or _makes_path(node):
        return True
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    bindings = home.bindings[node.id] if home is not None and isinstance(node, ast.Name) else []
    return any(binding.value is not None and _makes_path(binding.value) for binding in bindings)


def given_by_callers(path: ast.expr | None, scope: Scope, source: SourceFile) -> Iterator[Whereto]:
    """Yield the paths that the file's callers of the function give where the path, or its folder, is a parameter."""
    function = scope.function
    root = _folder(path, scope)
    if function is None or root not in function.parameters:
        return
    position = list(function.parameters).index(root) - (1 if function.is_method else 0)
    for edge in source.graph.into.get(function, ()):
        found = arguments.find(edge.node, edge.caller, root, position)
        if not edge.handed and found.value is not None:
            yield whereto(found.value, edge.caller, source)


def is_in_given_folder(path: ast.expr, scope: Scope) -> bool:
    """Whether the caller of a function says in which folder a file is to lie: its path begins with a parameter."""
    function = scope.function
    return function is not None and _folder(path, scope) in set(function.parameters) - {function.first_parameter}


def _folder(path: ast.expr | None, scope: Scope, steps: int = 4) -> str:
    """Return the name with which a path begins: `folder` for `os.path.join(folder, name)`; "" where it has none."""
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute) and path.func.attr == "encode":
        return _folder(path.func.value, scope, steps)
    if isinstance(path, ast.Call) and terminal_name(path.func) in ("join", "Path") and path.args:
        return _folder(path.args[0], scope, steps)
    if isinstance(path, ast.BinOp) and isinstance(path.op, ast.Div):
        return _folder(path.left, scope, steps)
    if not isinstance(path, ast.Name):
        return ""
    home = scope.lookup(path.id)
    bindings = home.bindings[path.id] if home is not None else []
    if steps and bindings and bindings[0].kind == "assign":
        return _folder(bindings[0].value, bindings[0].scope, steps - 1)
    return path.id
