"""What is done while a local lock is held: work on what all instances share, or the keeping of something in memory."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import embedded as catalog
from flake8_scalability.catalog import locking
from flake8_scalability.catalog.rows import Effect, System
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import evidence
from flake8_scalability.model.scaling.critical_sections import Section
from flake8_scalability.model.sites import CallSite, spelled

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

#: Systems that all instances share: what is done there under a local lock, a sibling does at the same time.
SHARED = frozenset({
    System.HTTP, System.DATABASE, System.CACHE, System.MAIL, System.BROKER, System.STORAGE, System.CLOUD, System.RPC,
    System.LLM, System.SEARCH, System.DIRECTORY,
})  # fmt: skip
_STORES = re.compile(locking.STORES, re.IGNORECASE)
_OWN = re.compile(locking.OWN_CONNECTIONS, re.IGNORECASE)
_LAZY = re.compile(locking.LAZY, re.IGNORECASE)
_DEPTH = 2


def worked_under(sections: Iterable[Section], source: SourceFile) -> Iterator[tuple[Section, str]]:
    """Yield the sections that work on what siblings share, with the first call that does, in their order.

    Left out are the locks that mostly serve to fill something that the process keeps.
    """
    by_lock: dict[ast.Call, list[Section]] = {}
    for section in sections:
        by_lock.setdefault(section.made, []).append(section)
    for sharing in by_lock.values():
        found = [(section, what) for section in sharing if (what := shared_work(section, source))]
        filling = sum(keeps_one(section, source) for section in sharing)
        if filling <= len(found):
            yield from found


def shared_work(section: Section, source: SourceFile) -> str:
    """Return the first call in a section that works on what siblings share, as it is spelled; "" where there is none.

    Nothing counts where the lock only lets something be made or fetched once and kept.
    """
    if keeps_one(section, source):
        return ""
    nodes = {node for statement in section.body for node in walk(statement) if isinstance(node, ast.Call)}
    nodes = {node for node in nodes if not _opens_own(node, section)}
    return _first_shared(nodes, section.scope, source, _DEPTH) or _awaited_elsewhere(section, source)


def _opens_own(call: ast.Call, section: Section) -> bool:
    """Whether an object opens or closes its own connection under its own lock."""
    first = section.scope.first_parameter
    return (
        isinstance(call.func, ast.Attribute)
        and locking.OWN_LIFE.fullmatch(call.func.attr) is not None
        and section.name.startswith(f"{first}.")
        and _begins_with(call.func.value, first)
    )


def _begins_with(node: ast.expr, name: str) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id == name


def _awaited_elsewhere(section: Section, source: SourceFile) -> str:
    """Return the coroutine of another module that runs alone because a lock of this module, for all calls, says so."""
    if not any(section.made in scope.of(ast.Call) for scope in source.scopes if scope.is_module or scope.is_class):
        return ""
    for function in _awaited(section.body):
        inner = [value.target for value in source.resolver.values(function, section.scope) if value.target is not None]
        beyond = (each for target in inner if target.is_coroutine for each in _awaited([target.node]))
        if _is_imported(function, section.scope) or any(_is_imported(each, section.scope) for each in beyond):
            return spelled(function) + "()"
    return ""


def _awaited(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    for root in nodes:
        for node in walk(root):
            if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
                yield node.value.func


def _is_imported(function: ast.expr, scope: Scope) -> bool:
    home = scope.lookup(function.id) if isinstance(function, ast.Name) else None
    if home is None or not isinstance(function, ast.Name):
        return False
    return any(
        binding.kind == "import" and not binding.path.startswith("asyncio") for binding in home.bindings[function.id]
    )


def _first_shared(nodes: set[ast.Call], scope: Scope, source: SourceFile, depth: int) -> str:
    ordered = sorted(nodes, key=lambda node: (node.lineno, node.col_offset))
    where = {call: inner for inner in scope.walk() for call in inner.of(ast.Call)}
    for node in ordered:
        if node in where and _is_shared(source.site(node, where[node])):
            return spelled(node.func) + "()"
    for node in ordered if depth else ():
        for edge in source.graph.out_of.get(where.get(node, scope), ()):
            if edge.node is not node or edge.target.name.startswith("__"):
                continue
            if locking.BUILDING.fullmatch(edge.target.name):
                continue
            if not edge.handed or terminal_name(node.func) in locking.OFFLOADING:
                inside = {
                    call for each in edge.target.walk() for call in each.of(ast.Call) if isinstance(call, ast.Call)
                }
                if _first_shared(inside, edge.target, source, depth - 1):
                    return (edge.target.name if edge.handed else spelled(node.func)) + "()"
    return ""


def _is_shared(site: CallSite) -> bool:
    function = site.node.func
    if isinstance(function, ast.Attribute) and _OWN.fullmatch(terminal_name(function.value)):
        return False
    if _is_of_working_copy(function, site.source):
        return False
    if site.api is not None:
        embedded = any(path.startswith(catalog.LOCAL) for path in site.paths)
        return site.api.system in SHARED and site.api.makes is None and not embedded
    if site.paths and any(path.startswith(catalog.LOCAL) for path in site.paths):
        return False
    return (
        isinstance(function, ast.Attribute)
        and function.attr in locking.STORING
        and _STORES.fullmatch(terminal_name(function.value)) is not None
    )


def _is_of_working_copy(function: ast.expr, source: SourceFile) -> bool:
    """Whether a method is one of a repository that is a folder of this machine."""
    if not isinstance(function, ast.Attribute) or "repo" not in terminal_name(function.value).lower():
        return False
    return not locking.VERSION_CONTROL.isdisjoint(evidence.roots_of_imports(source.module))


def keeps_one(section: Section, source: SourceFile) -> bool:
    """Whether a section asks for something kept, and keeps it anew where it is missing or stale: made once, cached.

    One that only reads from others, and keeps what it has read, fills a copy of the process's own.
    """
    nodes = [node for statement in section.body for node in walk(statement)]
    if any(isinstance(node, ast.If) and _finds_on_disk(node) for node in nodes):
        return True
    tested = _tested(nodes, section.scope)
    kept = set(_kept(nodes, section.scope)) | _kept_by_methods(nodes, section.scope, source)
    if kept & tested or (bool(tested) and any(_LAZY.search(name) for name in kept)):
        return True
    return bool(kept) and _fills(nodes, section.scope) and not any(_writes(node, section, source) for node in nodes)


def _finds_on_disk(node: ast.If) -> bool:
    """Whether nothing more is done where a file is there already: it is fetched once for this machine."""
    asked = {terminal_name(part) for part in walk(node.test)}
    return bool(asked & locking.ON_DISK) and isinstance(node.body[-1], ast.Return)


def _tested(nodes: list[ast.AST], scope: Scope) -> set[str]:
    """Return the last names of what the conditions ask for, and of what the names in them are bound to."""
    own = {"", scope.first_parameter}
    tested = {
        terminal_name(part)
        for node in nodes
        if isinstance(node, (ast.If, ast.IfExp, ast.While))
        for part in walk(node.test)
    } - own
    # `row = self.rows.get(key)` and `if row:` ask the rows
    for node in nodes:
        if isinstance(node, ast.Assign) and any(terminal_name(target) in tested for target in node.targets):
            tested |= {terminal_name(part) for part in walk(node.value)} - own
    return tested


def _kept(nodes: list[ast.AST], scope: Scope) -> Iterator[str]:
    """Yield the last names of what lives longer than the call and is bound, or filled, in a section."""
    for node in nodes:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        elif isinstance(node, ast.Call) and _is_filling(node) and isinstance(node.func, ast.Attribute):
            yield from [terminal_name(node.func.value)] * _outlives(node.func.value, scope, rebound=False)
        for target in targets:
            base = target.value if isinstance(target, ast.Subscript) else target
            if _outlives(base, scope, rebound=base is target):
                yield terminal_name(base)


def _kept_by_methods(nodes: list[ast.AST], scope: Scope, source: SourceFile) -> set[str]:
    """Return the attributes that the object's own methods bind which a section calls."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if terminal_name(node.func.value) != scope.first_parameter:
                continue
            for value in source.resolver.values(node.func, scope):
                if value.target is not None and value.target.is_function:
                    found.update(_kept(list(value.target.of(ast.Assign)), value.target))
    return found


def _is_filling(node: ast.Call) -> bool:
    return terminal_name(node.func) in locking.FILLING


def _fills(nodes: list[ast.AST], scope: Scope) -> bool:
    """Whether what is kept is a mapping or collection that is filled, and no flag that is set."""
    return any(
        (isinstance(node, ast.Call) and _is_filling(node))
        or (
            isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Subscript) and _outlives(t.value, scope, rebound=False) for t in node.targets)
        )
        for node in nodes
    )


def _writes(node: ast.AST, section: Section, source: SourceFile) -> bool:
    """Whether a call changes something that others see, or may do so."""
    if not isinstance(node, ast.Call):
        return False
    name = terminal_name(node.func)
    if name in locking.STORING or locking.CHANGES.match(name):
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        return receiver is None or not _outlives(receiver, section.scope, rebound=False) or name in locking.STORING
    api = source.site(node, section.scope).api
    return api is not None and api.effect is Effect.WRITE


def _outlives(node: ast.expr, scope: Scope, rebound: bool) -> bool:
    """Whether what an expression names lives longer than a call: an attribute of the instance, a module's name."""
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Attribute) and node.value.attr == "__class__":
            node = node.value
        return isinstance(node.value, ast.Name) and (
            node.value.id == scope.first_parameter or _is_of_module(node.value, scope)
        )
    return isinstance(node, ast.Name) and (node.id in scope.declared if rebound else _is_of_module(node, scope))


def _is_of_module(node: ast.Name, scope: Scope) -> bool:
    home = scope.lookup(node.id)
    return home is None or home.is_module
