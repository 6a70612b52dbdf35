"""Leases: what is borrowed from a pool, and whether it is given back on every way out of the function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from flake8_scalability.catalog import lookup, pool_settings
from flake8_scalability.catalog.rows import Lease
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.model.source import SourceFile


class Taken(NamedTuple):
    """A call that takes something from a pool, and the row that says so."""

    site: CallSite
    lease: Lease


def taken_in(source: SourceFile) -> Iterator[Taken]:
    """Yield the calls in functions that take something from a pool."""
    for site in source.sites_named(_lease_names() | _local_factories(source)):
        if site.function is None:
            continue
        lease = _lease_of(site)
        if lease is not None:
            yield Taken(site, lease)


@lru_cache(maxsize=1)
def _lease_names() -> frozenset[str]:
    return lookup.last_names(lookup.leases()).union(*(lease.by_name for lease in pool_settings.LEASES))


def _local_factories(source: SourceFile) -> frozenset[str]:
    """Return the names that the file gives to what a factory of factories made: `Session = sessionmaker(engine)`."""
    found: set[str] = set()
    for maker in pool_settings.FACTORY_MAKERS & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[maker]:
            statement = source.parents(scope).get(node)
            found.update(terminal_name(target) for target in getattr(statement, "targets", ()))
    return frozenset(found)


def _lease_of(site: CallSite) -> Lease | None:
    if _on_given_connection(site):
        return None
    rows = {lookup.leases().get(path) or _by_name(path) for path in site.paths}
    return rows.pop() if len(rows) == 1 else None


def _on_given_connection(site: CallSite) -> bool:
    """Whether a session is put on a connection that somebody else holds: it takes nothing from the pool."""
    given = [*site.node.args[:1], *(keyword.value for keyword in site.node.keywords if keyword.arg == "bind")]
    return any("conn" in spelled(argument).lower() for argument in given)


def _by_name(path: str) -> Lease | None:
    """An import from the project under a name that only a session factory has is one."""
    if "." not in path or "(" in path or lookup.root_of(path) in lookup.tables().methods:
        return None
    endings = {path.rpartition(".")[2], ".".join(path.split(".")[-2:])}
    return next((lease for lease in pool_settings.LEASES if endings.intersection(lease.by_name)), None)


def leaks(taken: Taken) -> bool:
    """Whether an exception between taking and giving back keeps the object from its pool.

    Silent where it is used in a `with`, given back in a `finally` or an `except`, or handed to somebody else.
    """
    site = taken.site
    name = _held_name(taken)
    if name is None or site.function is None:
        return False
    uses = _Uses(name, taken, site.function, site)
    if uses.is_handed_over or uses.is_managed:
        return False
    if taken.lease.shown_by and not (uses.releases and uses.called.intersection(taken.lease.shown_by)):
        return False
    if not uses.releases:
        return not taken.lease.on_receiver and not uses.is_passed_on and not _may_be_entered(site)
    if any(uses.protects(release) for release in uses.releases):
        return False
    return uses.may_fail_before(uses.releases[0])


def _held_name(taken: Taken) -> str | None:
    """Return the text of what is held: the local name that the call is assigned to, or the lock that was acquired."""
    site = taken.site
    if taken.lease.on_receiver:
        is_plain = isinstance(site.statement, ast.Expr) and isinstance(site.node.func, ast.Attribute)
        return spelled(site.node.func.value) if is_plain and isinstance(site.node.func, ast.Attribute) else None
    statement = site.statement
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return None
    value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if value is not site.node or len(targets) != 1 or not isinstance(targets[0], ast.Name):
        return None
    name = targets[0].id
    return None if site.function is not None and name in site.function.declared else name


def _may_be_entered(site: CallSite) -> bool:
    return any(isinstance(parent, ast.withitem) for _, parent in site.ancestors())


class _Uses:
    """What a function does with the object that it holds under a name."""

    def __init__(self, name: str, taken: Taken, function: Scope, site: CallSite) -> None:

        self._taken = taken
        self._site = site
        self._parents = site.parents
        self.releases: list[ast.Call] = []
        self.called: set[str] = set()
        self.is_handed_over = False
        self.is_managed = False
        self.is_passed_on = False
        for node in walk(function.node):
            if isinstance(node, (ast.Name, ast.Attribute)) and spelled(node) == name:
                self._classify(node)
        self.releases.sort(key=lambda call: call.lineno)

    def _classify(self, node: ast.expr) -> None:
        parent = self._parents.get(node)
        if isinstance(parent, ast.Attribute):
            call = self._parents.get(parent)
            self.called.add(parent.attr)
            if isinstance(call, ast.Call) and call.func is parent and parent.attr in self._taken.lease.released_by:
                self.releases.append(call)
        elif isinstance(parent, ast.withitem):
            self.is_managed = True
        elif isinstance(parent, (ast.Return, ast.Tuple, ast.List, ast.Dict, ast.Lambda)) or (
            isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node
        ):
            self.is_handed_over = True
        elif isinstance(parent, ast.Call):
            self._passed_to(parent)
        elif isinstance(parent, ast.keyword):
            self.is_passed_on = True

    def _passed_to(self, call: ast.Call) -> None:
        name = terminal_name(call.func)
        if name in self._taken.lease.returned_to:
            self.releases.append(call)
        elif name in ("closing", "aclosing", "enter_context", "enter_async_context", "push", "callback"):
            self.is_managed = True
        elif name[:1].isupper() or name in ("partial", "append", "add", "put"):
            self.is_handed_over = True
        else:
            self.is_passed_on = True

    def protects(self, release: ast.Call) -> bool:
        """Whether a release runs on the way of an exception: in a `finally`, or in an `except`."""
        child: ast.AST = release
        parent = self._parents.get(child)
        while parent is not None:
            if isinstance(parent, ast.Try) and child in parent.finalbody:
                return True
            if isinstance(parent, ast.ExceptHandler):
                return True
            child, parent = parent, self._parents.get(parent)
        return False

    def may_fail_before(self, release: ast.Call) -> bool:
        """Whether another call, or an `await` or `yield`, stands between taking and the first release."""
        start = (self._site.node.end_lineno or 0, self._site.node.end_col_offset or 0)
        stop = (release.lineno, release.col_offset)
        assert self._site.function is not None
        return any(
            isinstance(node, (ast.Call, ast.Await, ast.Yield))
            and start < (node.lineno, node.col_offset) < stop
            and node is not release
            and not _only_tells(node)
            for node in walk(self._site.function.node)
        )


def _only_tells(node: ast.AST) -> bool:
    """Whether a call writes a line of the log, which never raises."""
    if not isinstance(node, ast.Call):
        return False
    return terminal_name(node.func) == "print" or (
        isinstance(node.func, ast.Attribute) and terminal_name(node.func.value).strip("_").startswith("log")
    )


def second_takes(source: SourceFile, taken: list[Taken]) -> Iterator[tuple[CallSite, Taken]]:
    """Yield the calls that make a function of the file take from a pool of which a `with` holds one already.

    A session takes its connection at its first statement: before that, the `with` holds none.
    """
    by_function: dict[Scope, list[Taken]] = {}
    for each in taken:
        if each.site.function is not None and not each.lease.on_receiver:
            by_function.setdefault(each.site.function, []).append(each)
    for each in taken:
        block = _block(each.site)
        function = each.site.function
        if block is None or function is None or each.lease.on_receiver:
            continue
        for scope in function.walk_same_call():
            for edge in source.graph.out_of.get(scope, ()):
                if edge.handed or edge.target is function or not _inside(edge.node, block):
                    continue
                if _hands_on(edge.node, block):
                    continue
                for other in by_function.get(edge.target, ()):
                    is_held = each.lease.what != "session" or _used_before(edge.node, block)
                    if is_held and _giver(other.site) == _giver(each.site):
                        yield source.site(edge.node, edge.caller), other


def _giver(site: CallSite) -> tuple[object, ...]:
    """Identify the pool from which a call takes: by where it was made, else by its path."""
    return tuple((value.path, value.receiver.call if value.receiver is not None else None) for value in site.values)


def _block(site: CallSite) -> ast.With | ast.AsyncWith | None:
    """Return the `with` statement in whose head a call stands."""
    for child, parent in site.ancestors():
        if isinstance(parent, (ast.With, ast.AsyncWith)):
            return None if child in parent.body else parent
        if isinstance(parent, ast.stmt):
            return None
    return None


def _hands_on(call: ast.Call, block: ast.With | ast.AsyncWith) -> bool:
    """Whether a call is given what the `with` holds: it needs none of its own."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(value, ast.Name) and value.id in _held_names(block) for value in given)


def _held_names(block: ast.With | ast.AsyncWith) -> set[str]:
    return {item.optional_vars.id for item in block.items if isinstance(item.optional_vars, ast.Name)}


def _used_before(node: ast.AST, block: ast.With | ast.AsyncWith) -> bool:
    """Whether something is asked of what the `with` holds above a call in its block."""
    names = _held_names(block)
    return any(
        isinstance(part, ast.Name) and part.id in names and part.lineno < getattr(node, "lineno", 0)
        for statement in block.body
        for part in walk(statement)
    )


def _inside(node: ast.AST, block: ast.With | ast.AsyncWith) -> bool:
    first, last = block.body[0].lineno, block.end_lineno or block.body[-1].lineno
    return first <= getattr(node, "lineno", 0) <= last
