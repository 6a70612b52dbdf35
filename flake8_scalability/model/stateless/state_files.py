"""State files: structures that the service writes over a file again and again, and reads back from it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.catalog import embedded
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.running import developing
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import copies, disk, disk_paths, stand_ins, uploads
from flake8_scalability.model.stateless.disk import Content, Write
from flake8_scalability.project import usage

#: Files that say how the program is set up; a person writes them, or writes them through it.
_SETTINGS = frozenset(
    {
        "config",
        "configs",
        "configuration",
        "conf",
        "etc",
        "settings",
        "credentials",
        "token",
        "secret",
        "secrets",
        "env",
    }
)
#: What gives a name that no file had before.
_NEW = re.compile(r"^(now|utcnow|strftime|uuid[14]|rand\w+|token_\w+)$")
_WRITERS = frozenset({"dump", "dumps", "dump_all", "safe_dump", "model_dump_json", "packb"})


def rewritten(source: SourceFile) -> Iterator[Write]:
    """Yield the writes of state files."""
    return (write for write in disk.writes(source) if write.content is Content.STATE and _is_state(write, source))


def _is_state(write: Write, source: SourceFile) -> bool:
    """Whether a structure is written over a file again and again while the service runs."""
    if write.scope.function is None or write.path is None or write.appends:
        return False
    place = source.place(write.scope, write.node).place
    if place in (Place.TOOL, Place.STARTUP):
        return False
    where = disk_paths.whereto(write.path, write.scope, source)
    if where.is_temporary or where.words & embedded.NO_STATE or where.words & _SETTINGS:
        return False
    if any(word.startswith("cache") for word in where.words) or _is_new(write) or _is_blank(write):
        return False
    if developing.is_for_developers(write.node, write.scope, source):
        return False
    owner = write.scope.function.owner
    if owner is not None and stand_ins.stands_in(owner):
        return False
    if disk.is_passing_through(write, where, source):
        return False
    if _is_export(write, source):
        return False
    if place is Place.LIBRARY and (not where.fixed or _is_called_by_hand(write, source)):
        return False
    return _is_read_back(write, source)


def _is_export(write: Write, source: SourceFile) -> bool:
    """Whether what is written is made of a query's rows, and of nothing that the file held: they are the state."""
    parts = [each for data in write.data for each in uploads.sources(data, write.scope)]
    calls = {part for part, _ in parts if isinstance(part, ast.Call)}
    if any(terminal_name(call.func) in embedded.LOADERS for call in calls):
        return False
    runs = [run for run in source.query_runs if not run.query.writes]
    if any(run.node in calls for run in runs):
        return True
    asking = {run.scope.function for run in runs}
    edges = (edge for scope in {scope for _, scope in parts} for edge in source.graph.out_of.get(scope, ()))
    called = {edge.target for edge in edges if edge.node in calls}
    return not called.isdisjoint(asking) and not any(map(_loads, called))


def _loads(function: Scope) -> bool:
    """Whether a function reads a structure from somewhere as well."""
    calls = (node for scope in function.walk_same_call() for node in scope.of(ast.Call))
    return any(isinstance(call, ast.Call) and terminal_name(call.func) in embedded.LOADERS for call in calls)


def _is_new(write: Write) -> bool:
    """Whether a file gets a name that none had before, so that nothing is written over."""
    assert write.path is not None
    parts = uploads.sources(write.path, write.scope)
    return any(isinstance(part, ast.Call) and _NEW.search(terminal_name(part.func)) is not None for part, _ in parts)


def _is_blank(write: Write) -> bool:
    """Whether nothing but an empty structure is written, as where a file is made, or the cookies of a client."""
    given = [part for data in write.data for part in ast.walk(data) if isinstance(part, ast.Call) and part.args]
    written = [call.args[0] for call in given if terminal_name(call.func) in _WRITERS] or list(write.data)
    return bool(written) and all(
        terminal_name(each) == "cookies" or (isinstance(each, (ast.Dict, ast.List)) and copies.is_empty(each))
        for each in written
    )


def _is_called_by_hand(write: Write, source: SourceFile) -> bool:
    """Whether only programs of the command line, or code that runs once, call the function from other files."""
    function = write.scope.function
    if function is None or function.is_method or source.settings.no_project:
        return False
    uses = usage.uses_elsewhere(function.name, source.filename)
    return bool(uses) and usage.Use.PER_CALL not in (uses or ())


def written_as(write: Write, source: SourceFile) -> str:
    """Return the format of what is written, as messages say it: "JSON", "YAML"; "text" where it is not in sight."""
    function = write.scope.function
    calls = [
        node
        for scope in (function.walk_same_call() if function is not None else ())
        for node in scope.of(ast.Call)
        if isinstance(node, ast.Call) and terminal_name(node.func) in _WRITERS
    ]
    found = set()
    for call in calls:
        assert isinstance(call, ast.Call)
        paths = source.resolver.paths(call.func, write.scope)
        words = {path.partition(".")[0] for path in paths} | {terminal_name(call.func)}
        found |= {embedded.FORMATS[word] for word in words & embedded.FORMATS.keys()}
    return " or ".join(sorted(found)) or "text"


def _is_read_back(write: Write, source: SourceFile) -> bool:
    """Whether the file loads a structure from the same place again."""
    assert write.path is not None
    found = roots(write.path, write.scope)
    for name in ("open", "read_text", "load", "async_open", "read_bytes", "open_file"):
        for node, scope in source.calls_by_name.get(name, ()):
            if node is write.node:
                continue
            read = node.func.value if isinstance(node.func, ast.Attribute) and not node.args else None
            path = read if read is not None else (node.args[0] if node.args else None)
            if isinstance(node.func, ast.Attribute) and name == "open" and disk.opens_path(node):
                path = node.func.value
            if path is None or roots(path, scope).isdisjoint(found):
                continue
            if name != "open" or not disk.is_writing(node, scope):
                return any(each in source.calls_by_name for each in embedded.LOADERS)
    return False


def roots(path: ast.expr, scope: Scope) -> set[str]:
    """Return what identifies a file: its literals, and the module's names and own attributes in its path."""
    found: set[str] = set()
    for part, where in uploads.sources(path, scope):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and len(part.value) > 3:
            found.add(part.value)
        elif isinstance(part, ast.Name) and (home := where.lookup(part.id)) is not None and home.is_module:
            if not any(binding.kind in ("import", "function", "class") for binding in home.bindings[part.id]):
                found.add(part.id)
        elif isinstance(part, ast.Attribute) and terminal_name(part.value) in ("self", "cls"):
            found.add("self." + part.attr)
        elif isinstance(part, ast.Call) and terminal_name(part.func).lstrip("_") not in ("open", "join", "Path", "str"):
            found.add(terminal_name(part.func) + "()")
    return found
