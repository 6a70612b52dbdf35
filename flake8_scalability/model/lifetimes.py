"""How long a made object lives: is it made again on every call, or kept for the process?"""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import frameworks
from flake8_scalability.catalog.rows import Place, Resource
from flake8_scalability.model.arguments import Given
from flake8_scalability.model.bindings import attribute_targets
from flake8_scalability.model.callgraph import Edge, terminal_name
from flake8_scalability.model.scopes import Scope
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Lifetime(enum.Enum):
    """PER_CALL: made again on each call; KEPT: made once for the process; UNKNOWN: the file does not show it."""

    PER_CALL = "per call"
    KEPT = "kept"
    UNKNOWN = "unknown"


#: Factories: functions whose name says that making is their purpose, so that their caller decides how often.
_FACTORY = re.compile(r"^_?(create|make|build|init|setup|set_up|configure|new|start|open|connect|initialize|initialise|bootstrap|load|from|"
                      r"establish|acquire|prepare|spawn|register|install)(_|$)|(_factory|_maker|_builder|_from_\w+)$")  # fmt: skip
#: Objects that live as long as one request.
_PER_REQUEST = frozenset({"g", "request", "req", "ctx", "context", "info"})
MAX_STEPS = 6


def lifetime(site: CallSite, steps: int = 0) -> Lifetime:
    """Return how long what a call makes lives.

    A result that is handed to the caller lives as long as the callers of the file let it; one kept on `self` as long
    as the instances that the file makes.  Where neither is shown, the answer is UNKNOWN.
    """
    function = site.function
    if steps > MAX_STEPS:
        return Lifetime.UNKNOWN
    if function is None:
        return Lifetime.UNKNOWN if site.is_deferred else Lifetime.KEPT
    if site.is_deferred:
        return Lifetime.UNKNOWN
    if site.place is Place.STARTUP or site.source.places.keeps_its_result(function) or _serves_from_here(site):
        return Lifetime.KEPT
    kept = _kept_in(site)
    if kept is not None:
        return kept if kept is not Lifetime.UNKNOWN else _of_instance(site, function, steps)
    if _leaves_by_return(site):
        return _of_result(site, function, steps)
    return Lifetime.PER_CALL


def made_per_call(source: SourceFile, *resources: Resource) -> Iterator[CallSite]:
    """Yield the calls that make one of these resources anew on every call of their function, outside tools.

    A constructor that is given what it shares (`connection_pool=`) makes nothing of its own.
    """
    for site in source.sites:
        if site.api is None or site.api.makes not in resources or site.place is Place.TOOL:
            continue
        if any(site.argument(name).given is not Given.ABSENT for name in site.api.shared_by):
            continue
        if lifetime(site) is Lifetime.PER_CALL:
            yield site


def names_holding(site: CallSite) -> set[str]:
    """Return the local names that hold what a call makes, directly or wrapped by another call's argument."""
    names: set[str] = set()
    statement = site.statement
    if isinstance(statement, ast.Assign):
        names.update(target.id for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        names.add(statement.target.id)
    for _, parent in site.ancestors():
        if isinstance(parent, ast.withitem) and isinstance(parent.optional_vars, ast.Name):
            names.add(parent.optional_vars.id)
        if isinstance(parent, ast.NamedExpr):
            names.add(parent.target.id)
        if isinstance(parent, ast.stmt):
            break
    return names


def _kept_in(site: CallSite) -> Lifetime | None:
    """Return KEPT where the object goes to a long-lived place, PER_CALL for a request's, UNKNOWN for `self`, else None."""
    function = site.function
    assert function is not None
    names = names_holding(site)
    home = function.module
    if any(function.declared.get(name) == "global" for name in names):
        return Lifetime.KEPT
    for scope in function.walk_same_call():
        for node in scope.of(ast.Assign, ast.AnnAssign, ast.With, ast.AsyncWith):
            if node is not site.statement and not _assigns_any(node, names):
                continue
            for target, _, _ in attribute_targets(node):
                return _kept_on(target, function)
            for name in _subscripted(node):
                if name.startswith("self.") or name.startswith("cls.") or function.lookup(name) is home:
                    return Lifetime.KEPT
            for name in _plain_targets(node):
                if function.declared.get(name) == "global":
                    return Lifetime.KEPT
    return Lifetime.KEPT if _entered_into_held_stack(site) else None


def _assigns_any(node: ast.AST, names: set[str]) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, ast.Name) and value.id in names


def _plain_targets(node: ast.AST) -> list[str]:
    return [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]


def _subscripted(node: ast.AST) -> list[str]:
    """Return the mappings that an assignment stores into: "cache" of `cache[key] = x`, "self.pools" of `self.pools[k] = x`."""
    found = []
    for target in getattr(node, "targets", ()):
        if isinstance(target, ast.Subscript):
            base = target.value
            if isinstance(base, ast.Name):
                found.append(base.id)
            elif isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name):
                found.append(f"{base.value.id}.{base.attr}")
    return found


def _kept_on(target: ast.Attribute, function: Scope) -> Lifetime:
    """Return how long an attribute lives: a request's object for one call, `self` as long as its instance."""
    root: ast.expr = target
    while isinstance(root, ast.Attribute):
        root = root.value
    name = root.id if isinstance(root, ast.Name) else ""
    middle = target.value
    if name in _PER_REQUEST and not (isinstance(middle, ast.Attribute) and middle.attr in ("app", "state")):
        return Lifetime.PER_CALL
    method: Scope | None = function
    while method is not None and not method.is_method:
        method = method.parent
    if method is not None and name == method.first_parameter and name != "cls" and middle is root:
        return Lifetime.UNKNOWN
    return Lifetime.KEPT


def _entered_into_held_stack(site: CallSite) -> bool:
    """Whether the object is entered into an exit stack that lives on an instance."""
    for _, parent in site.ancestors():
        if isinstance(parent, ast.Call) and terminal_name(parent.func) in ("enter_context", "enter_async_context"):
            stack = parent.func
            return isinstance(stack, ast.Attribute) and isinstance(stack.value, ast.Attribute)
    return False


def _serves_from_here(site: CallSite) -> bool:
    """Whether the function, after making the object, spends the process's life: an endless loop or a server's run."""
    function = site.function
    assert function is not None
    for scope in function.walk_same_call():
        for node in scope.of(ast.While):
            assert isinstance(node, ast.While)
            endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
            if endless and node.lineno > site.node.lineno and not _is_left(node):
                return True
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if terminal_name(node.func) in frameworks.SERVING and node.lineno >= site.node.lineno:
                return True
    return False


def _is_left(loop: ast.While) -> bool:
    return any(isinstance(node, (ast.Break, ast.Return)) for node in ast.walk(loop))


def _leaves_by_return(site: CallSite) -> bool:
    """Whether the function returns the object, or something built around it, to its caller."""
    if isinstance(site.statement, ast.Return):
        return _is_part_of_result(site)
    names = names_holding(site)
    if not names or site.function is None:
        return False
    for scope in site.function.walk_same_call():
        for node in scope.of(ast.Return):
            assert isinstance(node, ast.Return)
            if node.value is not None and any(_returns_name(part, names) for part in _parts(node.value)):
                return True
    return False


def _is_part_of_result(site: CallSite) -> bool:
    """Whether a `return` gives the object itself or a constructor around it, not what one of its methods returned."""
    for child, parent in site.ancestors():
        if isinstance(parent, ast.Attribute):
            return False
        if isinstance(parent, ast.Return):
            return True
        if isinstance(parent, ast.Call) and child is parent.func:
            return False
    return True


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the expressions that a result consists of: itself, the items of a tuple, the arguments of a constructor."""
    parts = [node]
    if isinstance(node, (ast.Tuple, ast.List)):
        parts += node.elts
    if isinstance(node, ast.Call) and terminal_name(node.func)[:1].isupper():
        parts += [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node, ast.IfExp):
        parts += [node.body, node.orelse]
    if isinstance(node, ast.Await):
        parts.append(node.value)
    return parts


def _returns_name(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _of_result(site: CallSite, function: Scope, steps: int) -> Lifetime:
    """A returned object lives as its callers let it; without callers in the file, the function's name decides."""
    calls = [edge for edge in site.source.graph.into.get(function, ()) if not edge.handed]
    if calls:
        found = {_of_edge(site, edge, steps) for edge in calls}
        if Lifetime.PER_CALL in found:
            return Lifetime.PER_CALL
        return Lifetime.KEPT if Lifetime.KEPT in found else Lifetime.UNKNOWN
    if site.place is Place.REQUEST:
        return Lifetime.PER_CALL
    is_factory = _FACTORY.search(function.name) is not None or function.name.startswith("__")
    return Lifetime.UNKNOWN if is_factory or function.is_method else Lifetime.PER_CALL


def _of_edge(site: CallSite, edge: Edge, steps: int) -> Lifetime:
    return lifetime(CallSite(edge.node, edge.caller, site.source), steps + 1)


def _of_instance(site: CallSite, function: Scope, steps: int) -> Lifetime:
    """What is kept on `self` lives as long as its instances: a handler's for one request, others as the file makes them."""
    owner = function.owner
    if owner is None:
        return Lifetime.UNKNOWN
    entry = site.source.places.handler_classes.get(owner)
    if entry is not None:
        return Lifetime.PER_CALL if entry.per_call and entry.place is Place.REQUEST else Lifetime.KEPT
    if function.name not in ("__init__", "__new__", "__post_init__", "__enter__", "__aenter__"):
        return Lifetime.UNKNOWN
    found = {_of_edge(site, edge, steps) for edge in site.source.graph.instantiations.get(owner, ())}
    if found == {Lifetime.PER_CALL}:
        return Lifetime.PER_CALL
    return Lifetime.KEPT if Lifetime.KEPT in found else Lifetime.UNKNOWN
