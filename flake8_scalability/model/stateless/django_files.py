"""Files of Django's models on the local disk: its storages, what is done to files by path, and its settings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_scalability.catalog import storage
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import configuration, uploads
from flake8_scalability.model.stateless.configuration import Setting
from flake8_scalability.project import root

_FIELDS = frozenset({"FileField", "ImageField", "ThumbnailerImageField", "ProcessedImageField"})

_SETTINGS = frozenset({"STORAGES", "DEFAULT_FILE_STORAGE", "MEDIA_ROOT"})


class Use(NamedTuple):
    """A call that binds users' files to the disk of a machine, and what it does, as a sentence goes on."""

    node: ast.Call
    scope: Scope
    does: str


def names() -> frozenset[str]:
    """Return the names of calls and settings by which models keep files."""
    return storage.LOCAL_STORAGE_NAMES | _SETTINGS | {"save", "remove", "unlink"}


def uses(source: SourceFile) -> Iterator[Use]:
    """Yield the local storages that the code makes, and what models and signals do to their files by path."""
    for name in storage.LOCAL_STORAGE_NAMES:
        for node, scope in source.calls_by_name.get(name, ()):
            local = source.resolver.paths(node.func, scope) & set(expand(storage.LOCAL_STORAGES))
            if not local or source.place(scope, node).place is Place.TOOL or _is_only_looked_at(node, scope, source):
                continue
            if not _is_choice(node, scope, source):
                yield Use(node, scope, "keeps users' files on")
    if "django" not in source.text:
        return
    for node, scope in source.calls_by_name.get("save", ()):
        if node.args and _is_path_of_field(node.args[0], scope, source):
            yield Use(node, scope, "writes a stored file by its path on")
    for name in ("remove", "unlink"):
        for node, scope in source.calls_by_name.get(name, ()):
            removes = bool(node.args) and source.resolver.paths(node.func, scope) <= {"os.remove", "os.unlink"}
            if removes and _removes_own_file(node.args[0], scope, source) and not _has_fallback(node, scope, source):
                yield Use(node, scope, "finds a stored file on")


def _is_only_looked_at(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a function makes a storage for itself, and asks it what there is: nothing is stored by it."""
    parent = source.parents(scope).get(node)
    function = scope.function
    if isinstance(parent, ast.Attribute):
        return parent.attr in storage.LOOKING
    if function is None or not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
        return False
    name = parent.targets[0].id
    named = [part for part in walk(function.node) if isinstance(part, ast.Name) and part.id == name]
    owners = {
        part.value: part.attr
        for part in walk(function.node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
    }
    used = [part for part in named if isinstance(part.ctx, ast.Load)]
    return bool(used) and all(owners.get(part) in storage.LOOKING for part in used)


def _is_choice(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether something decides between this storage and another, or it only reads static files of the release."""
    owner = scope.owner
    bases = owner.node.bases if owner is not None and isinstance(owner.node, ast.ClassDef) else []
    if any(terminal_name(base).endswith("Finder") for base in bases):
        return True
    parents = source.parents(scope)
    parent = parents.get(node)
    while parent is not None:
        if isinstance(parent, (ast.If, ast.IfExp, ast.BoolOp)):
            return True
        parent = parents.get(parent)
    function = scope.function
    returns = list(function.of(ast.Return)) if function is not None else []
    return len(returns) > 1 or source.text_says(Fact.OBJECT_STORAGE)


def _is_path_of_field(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is `self.image.path` of a model whose `image` is a file field."""
    if not (isinstance(node, ast.Attribute) and node.attr == "path" and isinstance(node.value, ast.Attribute)):
        return False
    owner = scope.owner
    if owner is None or terminal_name(node.value.value) != "self":
        return False
    return any(
        isinstance(binding.value, ast.Call) and terminal_name(binding.value.func) in _FIELDS
        for binding in source.resolver.class_bindings(owner).get(node.value.attr, ())
    )


def _removes_own_file(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a model's `delete` removes the file at a path of the model's, or a signal that of a field."""
    function = scope.function
    if function is None:
        return False
    if function.decorators and any(
        isinstance(each, ast.Call) and terminal_name(each.func) == "receiver" for each in function.decorators
    ):
        return isinstance(node, ast.Attribute) and node.attr == "path"
    owner = function.owner
    if owner is None or function.name != "delete" or not isinstance(owner.node, ast.ClassDef):
        return False
    if not any(terminal_name(base).endswith("Model") for base in owner.node.bases):
        return False
    return any(isinstance(part, ast.Attribute) and terminal_name(part.value) == "self" for part in walk(node))


def _has_fallback(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether the storage itself is told to delete the file where there is none at a path, as in an object store."""
    parents = source.parents(scope)
    parent = parents.get(node)
    while parent is not None:
        if isinstance(parent, ast.Try) and any(
            _deletes_by_storage(part) for each in parent.handlers for part in walk(each)
        ):
            return True
        parent = parents.get(parent)
    return False


def _deletes_by_storage(part: ast.AST) -> bool:
    """Whether a node is `storage.delete(name)`."""
    if not isinstance(part, ast.Call) or not isinstance(part.func, ast.Attribute) or part.func.attr != "delete":
        return False
    return "storage" in terminal_name(part.func.value).lower()


def local_settings(source: SourceFile) -> Iterator[Setting]:
    """Yield the setting by which Django keeps its users' files on the local disk."""
    if "INSTALLED_APPS" not in source.text and "django" not in source.text:
        return
    if source.text_says(Fact.OBJECT_STORAGE):
        return
    found = [setting for setting in configuration.settings(source, _SETTINGS) if not setting.conditional]
    # Where the environment says where the folder is, its operator may have mounted one that all instances share.
    if any(setting.name == "MEDIA_ROOT" and _is_given(setting) for setting in found):
        return
    chosen = [setting for setting in found if setting.name != "MEDIA_ROOT"]
    local = [setting for setting in chosen if "FileSystemStorage" in ast.unparse(setting.value)] if chosen else found
    if local and not configuration.is_overlaid(local[0].anchor, local[0].name, source) and _keeps_files(source):
        yield local[0]


def _is_given(setting: Setting) -> bool:
    """Whether the environment says where a folder is, or where the folders above it are."""
    return any(configuration.is_environment(part) for part, _ in uploads.sources(setting.value, setting.scope))


def _keeps_files(source: SourceFile) -> bool:
    """Whether the project, as far as it is in sight, has fields for files and no object store."""
    if source.settings.no_project or root.of(source.filename) is None:
        return True
    return source.project_says(Fact.FILE_FIELDS) and not source.project_says(Fact.OBJECT_STORAGE)
