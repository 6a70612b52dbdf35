"""Users' files that stay on the disk of the machine that received them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.catalog import storage
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import disk, disk_paths, uploads
from flake8_scalability.model.stateless.disk import Content, Write
from flake8_scalability.model.stateless.disk_paths import Whereto
from flake8_scalability.project import mentions

#: Classes of which a storage abstraction has several, for one of which a setting decides.
_BACKEND = re.compile(
    r"(?i)(local|file|filesystem|disk)_?\w*(storage|backend|uploader|store|provider|adapter|repository)|"
    r"(storage|uploader)_?\w*(local|file|filesystem|disk)"
)
_MIGRATING = re.compile(r"(?i)(^|_)migrat(e|es|ion|ions|ing|or|ors)(\d|_|\.|$)")
_VARIANT = re.compile(r"(?i)(^|_)(upload|save|store|write|put)_(\w+_)?local(ly)?(_|$)|^_?local_(upload|save|store)")
#: Modules of which a setting chooses one.
_VARIANT_MODULE = re.compile(r"(?i)^(local|fs|filesystem|file_?system|disk)_\w*(storage|backend|uploader|store)\.py$")


def kept(source: SourceFile) -> Iterator[Write]:
    """Yield the writes that leave a user's file on the disk."""
    return (write for write in disk.writes(source) if _is_kept(write, source))


def serves(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call is made by a function that runs while the service does."""
    if scope.function is None:
        return False
    return source.place(scope, node).place not in (Place.TOOL, Place.STARTUP)


def _is_kept(write: Write, source: SourceFile) -> bool:
    """Whether a write leaves a user's file on the disk."""
    if write.content is Content.STATE or write.path is None or not serves(write.node, write.scope, source):
        return False
    if _is_backend(write.scope, source.filename) or moves_house(write.scope, source):
        return False
    if _is_dictated(write.path, write.scope, source):
        return False
    where = disk_paths.whereto(write.path, write.scope, source)
    if where.is_temporary or where.text.startswith(("/dev/", "/proc/", "/sys/")):
        return False
    if write.content is not Content.UPLOAD and where.words & storage.NO_USER_FILE:
        return False
    if not _holds_user_file(write, where, source):
        return False
    if any(given.is_temporary for given in disk_paths.given_by_callers(write.path, write.scope, source)):
        return False
    if where.words & storage.SHARED_FOLDERS or _is_chosen(write, source) or _is_fetched(write):
        return False
    if disk.is_passing_through(write, where, source) or disk.is_handed_back(write, where, source):
        return False
    return not _is_dead(write.scope, source)


def _is_dictated(path: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether the whole path is what the request says, so that whoever asks means the disk of this very machine."""
    home = scope.lookup(path.id) if isinstance(path, ast.Name) else None
    bindings = home.bindings[path.id] if home is not None and isinstance(path, ast.Name) else []
    node = bindings[0].value if len(bindings) == 1 else path
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        node = node.func
    elif not isinstance(node, ast.Subscript):
        return False
    return isinstance(node.value, ast.Attribute) and terminal_name(node.value.value) in storage.REQUESTS


def _is_dead(scope: Scope, source: SourceFile) -> bool:
    """Whether a function of the module is one that nothing in the project names."""
    function = scope.function
    if function is None or not isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if function.parent is None or not function.parent.is_module or function.node.decorator_list:
        return False
    if source.place(function).place is not Place.LIBRARY:
        return False
    if len(re.findall(rf"\b{re.escape(function.name)}\b", source.text)) > 1 or source.settings.no_project:
        return False
    return mentions.is_mentioned_elsewhere(function.name, source.filename) is False


def _holds_user_file(write: Write, where: Whereto, source: SourceFile) -> bool:
    if write.content is Content.UPLOAD:
        return terminal_name(write.node.func) != "download_to_drive" or not where.given
    if where.fixed or where.given or where.beside or not write.binary or _is_placed_by_caller(write, source):
        return False
    if terminal_name(write.node.func) in ("copy", "copy2", "copyfile", "move"):
        if where.beside:
            return False
        # Pipelines move folders from step to step; that a user asks for this one is said by where it goes.
        if not where.words & (storage.USER_FILE - {"file", "files"}):
            return False
        origin = disk_paths.whereto(write.data[0], write.scope, source)
        return origin.is_temporary and not origin.fixed
    place = source.place(write.scope, write.node).place
    shown = where.words & (storage.SERVED | {"static", "public"})
    return bool(where.words & storage.USER_FILE) and (place is not Place.LIBRARY or bool(shown))


def _is_placed_by_caller(write: Write, source: SourceFile) -> bool:
    """Whether a helper puts a file into the folder that its caller says, which may well remove all of it again."""
    function = write.scope.function
    if write.path is None or function is None or any(each.function is function for each in source.endpoints):
        return False
    return disk_paths.is_in_given_folder(write.path, write.scope)


def _is_chosen(write: Write, source: SourceFile) -> bool:
    """Whether a condition chooses between the disk and an object store."""
    node: ast.AST | None = write.node
    parents = source.parents(write.scope)
    while node is not None:
        parent = parents.get(node)
        if isinstance(parent, ast.If) and isinstance(node, ast.stmt):
            other = parent.orelse if node in parent.body else parent.body
            if any(storage.OBJECT_STORE.search(ast.unparse(statement)) for statement in other):
                return True
        node = parent
    return False


def moves_house(scope: Scope, source: SourceFile) -> bool:
    """Whether the code brings the files of an older release to their new places, or into their new form."""
    names = (scope.function.name if scope.function is not None else "", *source.path_parts[-2:])
    return any(_MIGRATING.search(name) is not None for name in names)


def _is_backend(scope: Scope, filename: str) -> bool:
    """Whether the code is the local variant of a storage abstraction, which a setting chooses or does not."""
    owner = scope.owner
    if scope.function is not None and _VARIANT.search(scope.function.name):
        return True
    module = re.split(r"[\\/]", filename)[-1]
    if _VARIANT_MODULE.match(module) is not None:
        return True
    if owner is None or not isinstance(owner.node, ast.ClassDef):
        return False
    if any(terminal_name(base).endswith("Storage") for base in owner.node.bases):
        return True
    return bool(owner.node.bases) and any(_BACKEND.search(name) is not None for name in (owner.name, module))


def _is_fetched(write: Write) -> bool:
    """Whether the file is a copy of what an object store has, and can be had from there again."""
    if write.content is Content.UPLOAD:
        return False
    names = {ast.dump(part) for value in write.data for part, _ in uploads.sources(value, write.scope)}
    function = write.scope.function
    return function is not None and any(
        isinstance(node, ast.Call)
        and _is_fetching(node.func)
        and (ast.dump(node) in names or any(ast.dump(given) in names for given in node.args))
        for node in function.of(ast.Call)
    )


def _is_fetching(called: ast.expr) -> bool:
    """Whether a method brings something from an object store: `storage.download(...)`."""
    if not isinstance(called, ast.Attribute) or called.attr.partition("_")[0] not in storage.FETCHING:
        return False
    return storage.STORE.search(terminal_name(called.value)) is not None


def served_folders(source: SourceFile) -> Iterator[tuple[ast.Call, Scope]]:
    """Yield the calls that serve a folder of uploads."""
    for node, scope in source.calls_by_name.get("send_from_directory", ()):
        if not node.args or not serves(node, scope, source):
            continue
        where = disk_paths.whereto(node.args[0], scope, source)
        if where.words & storage.SERVED and not where.is_temporary and not _is_of_variant(node.args[0]):
            yield node, scope


def _is_of_variant(folder: ast.expr) -> bool:
    """Whether a folder is what a storage object says, which is one of several kinds."""
    return isinstance(folder, ast.Attribute) and storage.STORE.search(terminal_name(folder.value)) is not None
