"""Uploads: is an expression a file, or the body, that a caller of the service has sent?

Recognised by how the frameworks hand uploads over, by an annotation, and by the shape of their use: something whose
`filename` is read beside its `save` or `read` is an upload, wherever it comes from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import storage
from flake8_scalability.catalog.rows import expand
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 30
_METHODS = frozenset({"read", "save", "file", "stream", "chunks", "body", "seek"})


@cache
def _upload_paths() -> frozenset[str]:
    return frozenset(expand(storage.UPLOADS))


def is_upload(node: ast.expr, scope: Scope, source: SourceFile, steps: int = 0) -> bool:
    """Whether an expression is an uploaded file: an object with a name, a type and contents."""
    if steps > 6:
        return False
    if isinstance(node, (ast.Await, ast.NamedExpr)):
        return is_upload(node.value, scope, source, steps + 1)
    if (source.resolver.paths(node, scope) & _upload_paths() and not _stands_for_file(node, scope)) or (
        _is_item_of_files(node)
    ):
        return True
    if isinstance(node, ast.Attribute):
        # The file below an upload: `upload.file`, `upload.stream`.
        if node.attr in ("file", "stream") and is_upload(node.value, scope, source, steps + 1):
            return True
        return node.attr == "data" and _has_shape(node, scope)
    if not isinstance(node, ast.Name):
        return False
    home = scope.lookup(node.id)
    bindings = home.bindings[node.id] if home is not None else []
    if any(_binds_upload(binding, source, steps) for binding in bindings):
        return True
    # A name that also stands for a file opened here says nothing by the attributes that are read of it.
    opened = any(b.value is not None and _opens_file(b.value) for b in bindings)
    return home is not None and home.function is not None and not opened and _has_shape(node, scope)


def _opens_file(node: ast.expr) -> bool:
    """Whether an expression opens a file of the disk, in whatever it is then wrapped: `FileStorage(open(path))`."""
    given = [node, *node.args[:1]] if isinstance(node, ast.Call) else []
    return any(isinstance(each, ast.Call) and terminal_name(each.func) == "open" for each in given)


def _stands_for_file(node: ast.expr, scope: Scope) -> bool:
    """Whether a name stands for a file of the disk that is opened here."""
    home = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    bound = home.bindings[node.id] if home is not None and isinstance(node, ast.Name) else ()
    return any(binding.value is not None and _opens_file(binding.value) for binding in bound)


def _binds_upload(binding: Binding, source: SourceFile, steps: int) -> bool:
    if binding.annotation is not None and _names_class(binding.annotation) and not _is_many(binding.annotation):
        return True
    if binding.value is None or _opens_file(binding.value):
        return False
    if binding.kind == "for":
        return holds_uploads(binding.value, binding.scope, source)
    return binding.kind == "assign" and is_upload(binding.value, binding.scope, source, steps + 1)


def holds_uploads(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is a collection of uploaded files."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        name, owner = node.func.attr, node.func.value
        if name in ("getlist", "values", "getall") and _is_files(owner):
            return True
        return name in ("values", "items") and holds_uploads(owner, scope, source)
    if isinstance(node, ast.Call) and terminal_name(node.func) in ("enumerate", "list", "zip") and node.args:
        return holds_uploads(node.args[0], scope, source)
    if not isinstance(node, ast.Name):
        return _is_files(node)
    home = scope.lookup(node.id)
    for binding in home.bindings[node.id] if home is not None else ():
        if binding.annotation is not None and _names_class(binding.annotation) and _is_many(binding.annotation):
            return True
        if binding.kind == "assign" and binding.value is not None and not isinstance(binding.value, ast.Name):
            return holds_uploads(binding.value, binding.scope, source)
    return False


def _names_class(annotation: ast.expr) -> bool:
    for part in walk(annotation):
        if terminal_name(part) in storage.UPLOAD_CLASSES:
            return True
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            return any(name in part.value for name in ("UploadFile", "FileStorage", "UploadedFile"))
    return False


def _is_many(annotation: ast.expr) -> bool:
    return any(terminal_name(part) in ("List", "list", "Sequence", "Iterable", "tuple", "set", "dict", "Dict")
               for part in walk(annotation))  # fmt: skip


def _is_files(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in storage.UPLOAD_MAPPINGS
        and terminal_name(node.value) in storage.REQUESTS
    )


def _is_item_of_files(node: ast.expr) -> bool:
    """Whether an expression is `request.files["a"]`, or `.get("a")`, of whatever the file calls a request."""
    if isinstance(node, ast.Subscript):
        inner = node.value
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == "getlist":
            inner = inner.func.value
        return _is_files(inner)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "pop")
        and _is_files(node.func.value)
    )


def _has_shape(node: ast.expr, scope: Scope) -> bool:
    """Whether the function reads the `filename` of the very thing whose `save`, `read` or `file` it uses."""
    function = scope.function
    if function is None:
        return False
    wanted = ast.dump(node)
    read: set[str] = set()
    for part in walk(function.node):
        if isinstance(part, ast.Attribute) and ast.dump(part.value) == wanted:
            read.add(part.attr)
    return "filename" in read and not read.isdisjoint(_METHODS)


def sources(node: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the expressions from which an expression is made, names followed to what they are bound to."""
    todo: list[tuple[ast.AST, Scope]] = [(node, scope)]
    seen: set[ast.AST] = set()
    while todo and len(seen) < MAX_STEPS:
        current, where = todo.pop(0)
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current, ast.expr):
            yield current, where
        if isinstance(current, ast.Name):
            home = where.lookup(current.id)
            for binding in home.bindings[current.id] if home is not None else ():
                todo += [(binding.value, binding.scope)] if binding.value is not None else []
        else:
            todo += [(child, where) for child in ast.iter_child_nodes(current)]


def comes_from_upload(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is made from an uploaded file: it, its contents, or what is computed from them."""
    return any(
        is_upload(part, where, source)
        for part, where in sources(node, scope)
        if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))
    )
