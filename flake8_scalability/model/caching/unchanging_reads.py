"""Unchanging reads: files that requests parse again, and addresses that they fetch again, with nothing of the request.

What is read depends on constants of the module only, so that the answer is the same for everybody until somebody
changes the file or the other side its mind.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from flake8_scalability.catalog import expensive_reads as known
from flake8_scalability.catalog.rows import Effect, Place, System, expand
from flake8_scalability.model.caching.cache_calls import key_text
from flake8_scalability.model.caching.kept import is_kept, is_read_only
from flake8_scalability.model.caching.seldom_asked import is_export
from flake8_scalability.model.caching.uncached_reads import Uncached, is_for_operators
from flake8_scalability.model.language import urls
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import outbound, upstreams
from flake8_scalability.model.running import occasions, probes
from flake8_scalability.model.sites import CallSite, spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 6
#: Names that are imported, but belong to the request.
_OF_REQUEST = frozenset({"request", "g", "session", "current_user", "ctx", "context", "user"})
#: What is looked up or waited for may be another thing each time.
_OF_THE_MOMENT = (ast.Lambda, ast.Await, ast.Starred, ast.Subscript)
_READING_TEXT = frozenset({"read", "read_text", "read_bytes"})


@cache
def _paths() -> dict[str, frozenset[str]]:
    """Return the paths of the calls that parse, by how they get what they parse."""
    return {
        "file": frozenset(expand(known.PARSERS)),
        "text": frozenset(expand(known.TEXT_PARSERS)),
        "path": frozenset(expand(known.PATH_PARSERS)),
        "folder": frozenset(expand(known.TEMPLATE_HOLDERS)),
    }


@cache
def _names() -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for paths in _paths().values() for path in paths)


def parsed_again(source: SourceFile) -> Iterator[Uncached]:
    """Yield the functions on the request path that parse a file of the program's own."""
    seen: set[Scope] = set()
    for name in sorted(_names() & source.calls_by_name.keys()):
        for node, scope in source.calls_by_name[name]:
            function = scope.function
            if function is None or function in seen:
                continue
            file = _file_of(node, scope, source)
            site = source.site(node, scope)
            if (
                file is None
                or site.is_deferred
                or site.place is not Place.REQUEST
                or is_for_operators(function, source)
            ):
                continue
            if not _is_written(file, source) and is_read_only(function, source) and not is_kept(function, source):
                seen.add(function)
                yield Uncached(function, f"parses {_label(file)} again", "load it once")


def fetched_again(source: SourceFile) -> Iterator[Uncached]:
    """Yield the functions on the request path that fetch an address which the request has no part in."""
    seen: set[str] = set()
    for site in source.sites:
        function, row = site.function, site.api
        if function is None or row is None or row.system is not System.HTTP or site.is_deferred:
            continue
        given = upstreams.address(site)
        address = ast.dump(given.value) if given.value is not None else ""
        if address in seen:
            continue
        if outbound.effect_of(site) is not Effect.READ or site.place is not Place.REQUEST:
            continue
        if not _is_the_same_for_all(site) or _is_live(site) or is_for_operators(function, source):
            continue
        if _is_wanted_new(function, source) or _is_for_export(function, source) or row.kept:
            continue
        if is_read_only(function, source) and not is_kept(function, source):
            seen.add(address)
            yield Uncached(function, f"calls {site.callee}() for the same answer", "cache it with a TTL")


def _is_for_export(function: Scope, source: SourceFile) -> bool:
    """Whether a function, or the handler that it is called by, makes a file that somebody takes away now and then."""
    via = source.place(function).via
    return any(is_export(each) for each in (function, via) if each is not None)


def _is_wanted_new(function: Scope, source: SourceFile) -> bool:
    """Whether a function fetches what is new, by its name, or asks for something to be done, by its method."""
    if known.GATHERING.search(function.name):
        return True
    asked = [endpoint.methods for endpoint in source.endpoints if endpoint.function is function]
    return any(methods and "GET" not in methods for methods in asked)


# Files


def _file_of(node: ast.Call, scope: Scope, source: SourceFile) -> ast.expr | None:
    """Return the expression of the file that a call parses, where it is a constant of the program; else None."""
    paths = source.resolver.paths(node.func, scope)
    known_paths = _paths()
    first = node.args[0] if node.args else None
    if paths & known_paths["folder"]:
        given = [keyword.value for keyword in node.keywords if keyword.arg in known.TEMPLATE_FOLDERS]
        folder = given[0] if given else None
        inner = folder.args[0] if isinstance(folder, ast.Call) and folder.args else folder
        return inner if inner is not None and _is_of_program(inner, scope) else None
    if first is None:
        return None
    if paths & known_paths["file"]:
        found = _opened(first, scope)
        if found is not None:
            return found
    if paths & known_paths["text"]:
        return _read_from(first, scope)
    if paths & known_paths["path"] and not isinstance(first, ast.Call):
        return first if _is_of_program(first, scope) and not urls.is_url(first, scope) else None
    return None


def _read_from(node: ast.expr, scope: Scope, steps: int = MAX_STEPS) -> ast.expr | None:
    """Return the file whose text an expression is: `open(NAME).read()`, `PATH.read_text()`, a name that holds it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READING_TEXT:
        if node.func.attr == "read":
            return _opened(node.func.value, scope)
        return node.func.value if _is_of_program(node.func.value, scope) else None
    if isinstance(node, ast.Name) and steps:
        value = _only_value(node, scope, "assign")
        return _read_from(value, scope, steps - 1) if value is not None else None
    return None


def _opened(node: ast.expr, scope: Scope, steps: int = MAX_STEPS) -> ast.expr | None:
    """Return the name of the file that an expression has opened, where it is a constant of the program."""
    if isinstance(node, ast.Call) and terminal_name(node.func) == "open":
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        file = node.args[0] if node.args and (owner is None or not _is_mode(node.args[0])) else owner
        if owner is not None and file is not owner and known.STORAGES.search(terminal_name(owner)) is not None:
            return None
        made_of = [part for part in (file, owner) if part is not None]
        return file if all(_is_of_program(part, scope) for part in made_of) else None
    if isinstance(node, ast.Name) and steps:
        value = _only_value(node, scope, "with", "assign")
        return _opened(value, scope, steps - 1) if value is not None else None
    return None


def _is_mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and re.fullmatch("[rbt]+", str(node.value)) is not None


def _only_value(node: ast.Name, scope: Scope, *kinds: str) -> ast.expr | None:
    """Return the one thing that a local name holds."""
    home = scope.lookup(node.id)
    bindings = home.bindings[node.id] if home is not None and not home.is_module else []
    return bindings[0].value if len(bindings) == 1 and bindings[0].kind in kinds else None


def _is_of_program(node: ast.expr, scope: Scope, steps: int = MAX_STEPS) -> bool:
    """Whether an expression is made of constants and names of the module only."""
    if not steps or any(isinstance(part, _OF_THE_MOMENT) for part in walk(node)):
        return False
    calls = [part for part in walk(node) if isinstance(part, ast.Call)]
    if any(terminal_name(call.func) not in known.JOINING for call in calls) or names_in(node) & _OF_REQUEST:
        return False
    called = {call.func for call in calls}
    for part in walk(node):
        if not isinstance(part, ast.Name):
            continue
        home = scope.lookup(part.id)
        if home is None:
            if part not in called and part.id != "__file__":
                return False
        elif home.is_module:
            if any(
                binding.kind not in ("assign", "annotation", "import", "function") for binding in home.bindings[part.id]
            ):
                return False
        else:
            value = _only_value(part, scope, "assign")
            if value is None or not _is_of_program(value, scope, steps - 1):
                return False
    return True


def _is_written(file: ast.expr, source: SourceFile) -> bool:
    """Whether the module also writes files by that name: then it is state, of which other rules speak."""
    said = ast.dump(file)
    for name in ("open", "write_text", "write_bytes", "to_csv", "to_json", "dump"):
        for node, _ in source.calls_by_name.get(name, ()):
            if name == "dump":
                return True
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            about = [*node.args[:1], *([owner] if owner is not None else [])]
            mode = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
            opens = any(isinstance(each, ast.Constant) and str(each.value)[:1] in "wax" for each in mode)
            if (opens or name != "open") and any(ast.dump(each) == said for each in about):
                return True
    return False


def _label(file: ast.expr) -> str:
    """Name a file as a message does: by the last part of its name, else by the constant."""
    texts = [part.value for part in walk(file) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if texts:
        return texts[-1].rstrip("/").rpartition("/")[2] or texts[-1]
    return spelled(file)


# Addresses


def _is_the_same_for_all(site: CallSite) -> bool:
    """Whether a call, its address and all else that it is given, is made of constants of the program."""
    given = upstreams.address(site)
    if given.value is None or given.scope is not site.scope:
        return False
    parts = [*site.node.args, *(keyword.value for keyword in site.node.keywords if keyword.arg != "timeout")]
    return all(_is_of_program(part, site.scope) for part in parts)


def _is_live(site: CallSite) -> bool:
    """Whether the answer is another one each time or a sibling's own, by the address, or belongs to a log-in."""
    given = (*site.node.args, *(keyword.value for keyword in site.node.keywords))
    said = " ".join(key_text(each, site.scope) for each in given)
    if known.LIVE.search(said) or known.SIBLING.search(said):
        return True
    return probes.is_probe(site) or occasions.is_login(site) or occasions.is_setup(site) or upstreams.is_local(site)
