"""Ceilings for callers: semaphores that let one in at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import ceilings
from flake8_scalability.catalog.rows import System
from flake8_scalability.model.architecture.ceilings import Frozen, limited, speaks
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience.outbound import NETWORK
from flake8_scalability.model.running.longevity import lives_with_process
from flake8_scalability.model.scaling import under_lock
from flake8_scalability.model.scaling.critical_sections import Section
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

_SLOW = NETWORK | {System.PROCESS, System.CPU}
#: What pauses, or hands values from one task to the next: nothing that others have to wait for.
_PAUSING = frozenset({"sleep", "wait", "wait_for", "get", "put", "join", "acquire"})


def caps_of(source: SourceFile) -> Iterator[Frozen]:
    """Yield the semaphores for one that all callers share, where what they guard waits for something outside.

    Constants by which a process turns callers away are not among them: they bound what one process holds in memory,
    which protects it, and another process takes as many again.
    """
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
