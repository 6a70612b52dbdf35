"""Start-up effects: what a process does to the state that all instances share, each time that one of them starts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import startup
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.catalog.startup import StartUpEffect
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.databases import Kind, kind_of
from flake8_scalability.model.running import seeding
from flake8_scalability.model.running.scripts import is_main_guard
from flake8_scalability.model.scaling.coordination import coordinates_before
from flake8_scalability.model.scaling.own_stores import has_file_database_alone
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.project import definitions, starts

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

_SEEDS = re.compile(startup.SEEDS, re.IGNORECASE)
_WRITES = re.compile(startup.WRITES)
_SWITCH = re.compile(startup.SWITCH, re.IGNORECASE)
_SETUP = re.compile(startup.SETUP_NAMES, re.IGNORECASE)
_SCRIPT = re.compile(startup.SCRIPT_NAMES)
_DDL = re.compile(startup.DDL, re.IGNORECASE)
_SHELL = re.compile(startup.SHELL)
_SERVES = re.compile(startup.SERVES)
_APPLICATION = re.compile(startup.APPLICATIONS)
#: Embedded databases as addresses, engines and imports name them; prose may speak of them as well.
_SQLITE = re.compile(
    r"""["'](sqlite|duckdb)[+:/]|backends\.sqlite3|SqliteDatabase|^\s*(import|from) [^\n#]*\b(aiosqlite|sqlite3)|"""
    r"\bconnect_sqlite\(",
    re.MULTILINE,
)


class Effect(NamedTuple):
    """A call that changes shared state, with what it does and where that belongs."""

    site: CallSite
    spelled: str
    what: str
    instead: str


@cache
def _by_path() -> dict[str, StartUpEffect]:
    return {path: row for row in startup.EFFECTS for path in expand(row.paths)}


@cache
def _by_name() -> dict[str, StartUpEffect]:
    return {name: row for row in startup.EFFECTS for name in row.names.split()}


@cache
def _names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in _by_path()) | _by_name().keys()


@lru_cache(maxsize=1)
def _named_words() -> frozenset[bytes]:
    return words(*_names())


def effects(source: SourceFile) -> Iterator[Effect]:
    """Yield what each start of the process does to shared state, in no order.

    Left out is what a switch, a test or a coordination with the siblings holds back, and what an embedded database,
    of which each instance has its own, is asked to do.  A function does one thing once, itself or by what it calls.
    """
    found = {}
    for effect in _all(source):
        key = (effect.site.function, effect.what)
        if key not in found and _runs_at_start(effect, source) and not _is_held_back(effect.site, source):
            found[key] = effect
    if not found or _is_embedded(source):
        return
    for (function, what), effect in found.items():
        callers = source.graph.into.get(function, ()) if function is not None else ()
        if not any(edge.caller.function is not None and (edge.caller.function, what) in found for edge in callers):
            yield effect


def _all(source: SourceFile) -> Iterator[Effect]:
    names = _names()
    named = not _named_words().isdisjoint(source.vocabulary)
    for name, calls in source.calls_by_name.items():
        telling = _may_tell(name)
        for node, scope in calls if telling or named else ():
            # An argument may name an effect as well: `run_sync(metadata.create_all)`.
            if telling or any(terminal_name(argument) in names for argument in node.args):
                yield from _of_call(name, node, scope, source)


@lru_cache(maxsize=8192)
def _may_tell(name: str) -> bool:
    """Whether a call of this name may be an effect itself."""
    return (
        name == "call_command"
        or name in _names()
        or name in startup.SHELLS
        or name in startup.EXECUTES
        or _SEEDS.fullmatch(name) is not None
    )


def _of_call(name: str, node: ast.Call, scope: Scope, source: SourceFile) -> Iterator[Effect]:
    site = source.site(node, scope)
    row = _row(node.func, scope, source) if name in _names() else None
    if row is not None:
        yield Effect(site, spelled(node.func), row.what, row.instead)
    for argument in node.args:
        # `await connection.run_sync(Base.metadata.create_all)`
        handed = _row(argument, scope, source) if terminal_name(argument) in _names() else None
        if handed is not None:
            yield Effect(site, spelled(argument), handed.what, handed.instead)
    if name == "call_command" and node.args and source.resolver.paths(node.func, scope) & startup.CALL_COMMAND:
        first = node.args[0]
        if isinstance(first, ast.Constant) and first.value in startup.COMMANDS:
            yield Effect(site, f"call_command({first.value!r})", *startup.COMMANDS[str(first.value)])
    elif name in startup.SHELLS and node.args and _SHELL.search(_words(node.args)):
        yield Effect(site, spelled(node.func), "migrates the schema", "migrate once per release")
    elif name in startup.EXECUTES and node.args and _DDL.search(_words(node.args[:1])):
        yield Effect(site, spelled(node.func), "changes the schema", "migrate once per release")
    elif (
        _SEEDS.fullmatch(name)
        and not _is_of_class(node, scope, source)
        and not _fills_itself(node, scope)
        and not seeding.is_made(node, scope, source)
        and _may_write(node, scope, source)
    ):
        yield Effect(site, spelled(node.func), "writes first rows", "seed once per release")


def _row(node: ast.expr, scope: Scope, source: SourceFile) -> StartUpEffect | None:
    paths = source.resolver.paths(node, scope)
    row = next((_by_path()[path] for path in paths if path in _by_path()), None)
    if row is not None:
        return row
    row = _by_name().get(terminal_name(node))
    if row is None or not isinstance(node, ast.Attribute):
        return None
    if any(value.target is not None for value in source.resolver.values(node, scope)):
        return None
    return row if not row.receivers or re.fullmatch(row.receivers, terminal_name(node.value), re.IGNORECASE) else None


def _words(nodes: list[ast.expr]) -> str:
    """Return the literal text of arguments, a list of words joined to one command line."""
    texts = (part.value for node in nodes for part in walk(node) if isinstance(part, ast.Constant))
    return " ".join(text for text in texts if isinstance(text, str))


def _is_of_class(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the callee is a class, or a library's: `random.seed()`."""
    if isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) in startup.RANDOM:
        return True
    values = source.resolver.values(node.func, scope)
    return any(value.target is not None and value.target.is_class for value in values) or any(
        value.path.split(".")[0] in startup.RANDOM for value in values
    )


def _may_write(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the body of what is called writes somewhere, without a thought of siblings; True where it isn't seen."""
    for value in source.resolver.values(node.func, scope):
        if value.target is not None and value.target.is_function:
            text = ast.get_source_segment("".join(source.lines), value.target.node) or ""
        elif source.settings.no_project or "." not in value.path:
            continue
        else:
            text = definitions.text_of(value.path, source.filename)
        body = text.replace(f"def {terminal_name(node.func)}(", "")
        if text and (_WRITES.search(body) is None or seeding.expects_siblings(text)):
            return False
    return True


def _fills_itself(node: ast.Call, scope: Scope) -> bool:
    """Whether an object's constructor calls a method of its own: what it fills may well be in memory."""
    function = scope.function
    if (
        function is None
        or function.name not in ("__init__", "__post_init__")
        or not isinstance(node.func, ast.Attribute)
    ):
        return False
    return isinstance(node.func.value, ast.Name) and node.func.value.id == function.first_parameter


# When


def _runs_at_start(found: Effect, source: SourceFile) -> bool:
    """Whether the call runs at import or in a start-up hook, here or through another file of the project."""
    site = found.site
    if site.is_deferred:
        return False
    if site.place is Place.STARTUP:
        return site.function is not None or not _is_by_hand(site)
    function = site.function
    if site.place is not Place.LIBRARY or function is None or function.owner is not None:
        return False
    if source.graph.into.get(function) or source.settings.no_project or not _SETUP.fullmatch(function.name):
        return False
    return starts.called_at_start(function.name, source.filename)


def _is_by_hand(site: CallSite) -> bool:
    """Whether the module level is run by a person: a script of a few calls, or a main guard for developing.

    One that makes the application for its calls is called after what it sets up.
    """
    guards = (node for node in site.inside((ast.If,)) if isinstance(node, ast.If) and is_main_guard(node))
    guard = next(guards, None)
    if guard is not None:
        lines = site.source.lines[guard.lineno - 1 : guard.end_lineno]
        return _SERVES.search("".join(lines)) is None
    defines = any(scope.is_function or scope.is_class for scope in site.source.scopes)
    is_application = _APPLICATION.search(site.source.text) is not None
    return not defines and (not is_application or _SCRIPT.search(Path(site.source.filename).stem) is not None)


def _is_held_back(site: CallSite, source: SourceFile) -> bool:
    """Whether a condition around the call, or a lock that siblings see, decides whether it runs."""
    function = site.function
    if _is_under_switch(site):
        return True
    if function is None:
        return _precedes_its_tables(site)
    if coordinates_before(site.node, function, source):
        return True
    callers = [CallSite(edge.node, edge.caller, source) for edge in source.graph.into.get(function, ())]
    return any(
        _is_under_switch(caller)
        or (caller.function is not None and coordinates_before(caller.node, caller.function, source))
        for caller in callers
    )


def _precedes_its_tables(site: CallSite) -> bool:
    """Whether a module asks for its tables to be created above the classes that describe them: there is none yet.

    What it imports above may bring tables along.  Where it makes the base itself, those who describe tables import it
    from here, and are loaded later.
    """
    line, function = site.node.lineno, site.node.func
    metadata = function.value if isinstance(function, ast.Attribute) else None
    if terminal_name(site.node.func) != "create_all" or not isinstance(metadata, ast.Attribute):
        return False
    root = terminal_name(metadata.value)
    if any(startup.TABLES_IN.search(ast.unparse(node)) for node in _imports_above(line, site.source)):
        return False
    tables = [
        scope.node.lineno
        for scope in site.source.scopes
        if isinstance(scope.node, ast.ClassDef) and any(terminal_name(base) == root for base in scope.node.bases)
    ]
    if not tables:
        made = site.source.module.bindings.get(root, ())
        return bool(made) and all(each.kind != "import" for each in made) and "Table" not in site.source.calls_by_name
    return min(tables) > line


def _imports_above(line: int, source: SourceFile) -> Iterator[ast.AST]:
    for node in source.module.of(ast.Import, ast.ImportFrom):
        if getattr(node, "lineno", 0) < line:
            yield node


def _is_under_switch(site: CallSite) -> bool:
    """Whether a setting decides whether a call runs: around it, or before it, where the function leaves."""
    for child, parent in site.ancestors():
        if isinstance(parent, ast.If) and child is not parent.test and _is_switch(parent.test):
            return True
    early = site.function.of(ast.If) if site.function is not None else ()
    return any(
        isinstance(node, ast.If)
        and node.lineno < site.node.lineno
        and isinstance(node.body[-1], ast.Return)
        and _is_switch(node.test)
        for node in early
    )


def _is_switch(test: ast.expr) -> bool:
    for node in walk(test):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else terminal_name(node)
        if text and text not in ("__main__", "__name__") and _SWITCH.search(text):
            return True
    return _is_off_by_default(test)


def _is_off_by_default(test: ast.expr) -> bool:
    """Whether a test is a setting that nobody has to give: `if config.get("queues.empty"):`."""
    if not isinstance(test, ast.Call) or not test.args or terminal_name(test.func) not in ("get", "getenv", "get_bool"):
        return False
    receiver = terminal_name(test.func.value) if isinstance(test.func, ast.Attribute) else "os"
    default = test.args[1] if len(test.args) > 1 else None
    off = default is None or (isinstance(default, ast.Constant) and not default.value)
    return off and startup.SETTINGS.search(receiver) is not None


def _is_embedded(source: SourceFile) -> bool:
    """Whether the file says that its database is a file of this instance, or in memory, or the project has no other."""
    if has_file_database_alone(source):
        return True
    if _SQLITE.search("\n".join(line.partition("#")[0] for line in source.lines)) is None:
        return False
    for name in ("create_engine", "create_async_engine", "connect"):
        for node, scope in source.calls_by_name.get(name, ()):
            if node.args and kind_of(node.args[0], scope, source) is Kind.SERVER:
                return False
    return True
