"""Ceilings for callers: semaphores that let one in, and constants that say how many there may be at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import ceilings
from flake8_scalability.catalog.rows import Place, System
from flake8_scalability.model.architecture.ceilings import Frozen, limited, speaks
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience.outbound import NETWORK
from flake8_scalability.model.running.longevity import lives_with_process
from flake8_scalability.model.scaling import under_lock
from flake8_scalability.model.scaling.critical_sections import Section
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Binding, Scope
    from flake8_scalability.model.source import SourceFile

_SLOW = NETWORK | {System.PROCESS, System.CPU}
#: What pauses, or hands values from one task to the next: nothing that others have to wait for.
_PAUSING = frozenset({"sleep", "wait", "wait_for", "get", "put", "join", "acquire"})


def caps_of(source: SourceFile) -> Iterator[Frozen]:
    """Yield the semaphores and constants of a file that keep callers out by a number in the code."""
    yield from _semaphores(source)
    yield from _constants(source)


# Semaphores


def _semaphores(source: SourceFile) -> Iterator[Frozen]:
    """Yield the semaphores for one that all callers share, where what they guard waits for something outside."""
    made = {site.node: site for site, _ in limited(source, ceilings.SEMAPHORES, default=True)}
    if not made:
        return
    done: set[ast.Call] = set()
    for section in _sections(source, set(made)):
        site = made[section.made]
        if section.made in done or not _is_shared(section.made, site.scope, source):
            continue
        if _waits(section, source) and speaks(section.made, site.scope, source):
            done.add(section.made)
            yield Frozen(section.made, f"{terminal_name(site.node.func)}(1)", f"lets one caller into {_where(section)}")


def _where(section: Section) -> str:
    function = section.scope.function
    return f"{function.name}()" if function is not None else "the module"


def _sections(source: SourceFile, made: set[ast.Call]) -> Iterator[Section]:
    """Yield the code that runs while a call's semaphore is held."""
    for scope in source.scopes:
        for node in scope.of(ast.With, ast.AsyncWith):
            assert isinstance(node, (ast.With, ast.AsyncWith))
            for item in node.items:
                for value in source.resolver.values(item.context_expr, scope):
                    if value.call is not None and value.call in made:
                        yield Section(value.call, spelled(item.context_expr), node.body, scope)


def _is_shared(made: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether the process has one of it: no semaphore of one call, one key or one of many objects."""
    parent = source.parents(scope).get(made)
    if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
        return False
    target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
    if scope.function is None:
        return isinstance(target, ast.Name)
    owner = scope.function.owner
    return isinstance(target, ast.Attribute) and owner is not None and lives_with_process(source, owner)


def _waits(section: Section, source: SourceFile) -> bool:
    """Whether what runs under a semaphore waits for something outside the process, or computes for long."""
    inside = {node for statement in section.body for node in walk(statement)}
    rows = [site.api for site in source.sites if site.node in inside and site.api is not None]
    if any(row.makes is None and (row.system in _SLOW or row.slow or row.heavy) for row in rows):
        return True
    if any(isinstance(node, ast.Await) and _leads_out(node.value) for node in inside):
        return True
    return bool(under_lock.shared_work(section, source))


def _leads_out(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and terminal_name(node.func) not in _PAUSING


# Constants


def _constants(source: SourceFile) -> Iterator[Frozen]:
    """Yield the constants by which callers are turned away once so many are there."""
    done: set[ast.AST] = set()
    if not any(word in source.lexicon for word in ceilings.CAP_WORDS):
        return
    for scope in source.scopes:
        for node in scope.of(ast.If):
            assert isinstance(node, ast.If)
            compare = node.test
            if not isinstance(compare, ast.Compare) or not isinstance(compare.ops[0], (ast.GtE, ast.Gt)):
                continue
            constant = _cap(compare.comparators[0], scope, source)
            if constant is None or constant in done or not _refuses(node):
                continue
            if _is_live(compare.left, scope, source) and source.place(scope).place is not Place.TOOL:
                done.add(constant)
                name = terminal_name(compare.comparators[0])
                if speaks(constant, source.module, source):
                    yield Frozen(constant, name, "turns callers away")


def _cap(node: ast.expr, scope: Scope, source: SourceFile) -> ast.AST | None:
    """Return the assignment of a number to the constant that an expression names, where its name says what it caps."""
    name = terminal_name(node)
    if not ceilings.CAPS.search(name) or ceilings.EACH.search(name):
        return None
    bindings: list[Binding] = []
    if isinstance(node, ast.Name):
        home = scope.lookup(name)
        bindings = home.bindings[name] if home is not None and (home.is_module or home.is_class) else []
    elif isinstance(node, ast.Attribute):
        for value in source.resolver.values(node.value, scope):
            if value.target is not None and value.target.is_class:
                bindings += source.resolver.class_bindings(value.target).get(name, [])
    if len(bindings) != 1 or bindings[0].kind != "assign":
        return None
    literal = arguments.constant(bindings[0].value, bindings[0].scope)
    return bindings[0].node if literal is not None and type(literal.value) is int else None


def _is_live(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether an expression is the number of what a module or an object holds: `len(clients)`, `self._clients`."""
    counted = node.args[0] if isinstance(node, ast.Call) and terminal_name(node.func) == "len" and node.args else None
    if isinstance(counted, ast.Name):
        home = scope.lookup(counted.id)
        return home is not None and home.is_module and scope.function is not None
    if isinstance(counted, ast.Attribute):
        return isinstance(counted.value, ast.Name) and counted.value.id in ("self", "cls")
    return False


def _refuses(node: ast.If) -> bool:
    """Whether a branch turns somebody away: it leaves, and makes no room."""
    inside = [part for statement in node.body for part in walk(statement)]
    if any(isinstance(part, ast.Call) and terminal_name(part.func) in ceilings.EVICTING for part in inside):
        return False
    if any(isinstance(part, ast.Delete) for part in inside):
        return False
    return any(isinstance(part, (ast.Return, ast.Raise, ast.Continue)) for part in inside)
