"""What a file makes anew on every call although it could be shared, each defect once."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog.rows import Place, Resource, System
from flake8_scalability.model import arguments
from flake8_scalability.model.arguments import Given
from flake8_scalability.model.lifetimes import Lifetime, lifetime
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.model.tenancy import speaks_for_caller, target_is_of_elsewhere

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def made_per_call(source: SourceFile, *resources: Resource) -> Iterator[CallSite]:
    """Yield the calls that make one of these resources anew on every call of their function, outside tools."""
    for site in source.fresh:
        if site.api is not None and site.api.makes in resources:
            yield site


def fresh(source: SourceFile) -> list[CallSite]:
    """Return the calls that make any shareable resource per call; of several that make one thing, the outermost.

    A constructor that is given what it shares (`connection_pool=`) makes nothing of its own.
    """
    found = []
    for site in source.sites:
        if site.api is None or site.api.makes is None or site.place is Place.TOOL:
            continue
        if any(_is_shared(site, name) for name in site.api.shared_by):
            continue
        # What differs between callers of an HTTP client goes on its requests; other clients carry it for good.
        if site.api.makes is not Resource.HTTP_CLIENT and (speaks_for_caller(site) or target_is_of_elsewhere(site)):
            continue
        if lifetime(site) is Lifetime.PER_CALL:
            found.append(site)
    if len(found) < 2:
        return found
    parts = {node for site in found for node in _made_of(site)}
    return list(_first_alternatives(site for site in found if site.node not in parts))


def _is_shared(site: CallSite, name: str) -> bool:
    """Whether an argument hands in what exists already, a pool that is judged itself, or an end within this process."""
    argument = site.argument(name)
    if argument.given is Given.ABSENT or arguments.is_none(argument):
        return False
    if argument.value is None or argument.scope is None:
        return True
    values = site.source.resolver.values(argument.value, argument.scope)
    for value in values:
        if value.call is None or value.target is not None or value.scope is None:
            return True
        row = lookup.api(value.path.removesuffix("()"))
        if value.scope.function is not site.function or (row is not None and (row.makes or row.system is System.CPU)):
            return True
    return not values


def _first_alternatives(sites: Iterable[CallSite]) -> Iterator[CallSite]:
    """Of constructors that give one name its object in several branches, yield the first."""
    seen = set()
    for site in sites:
        statement = site.statement
        if isinstance(statement, ast.Assign):
            key = (site.function, spelled(statement.targets[0]), site.callee)
            if key in seen:
                continue
            seen.add(key)
        yield site


def _made_of(site: CallSite) -> Iterator[ast.AST]:
    """Yield the calls from whose results a call makes its own: in its arguments, directly or by name, or receiver."""
    receiver = site.receiver
    while receiver is not None:
        if receiver.call is not None:
            yield receiver.call
        receiver = receiver.receiver
    stack: list[ast.AST] = [site.node.func, *site.node.args, *(keyword.value for keyword in site.node.keywords)]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            yield from (value.call for value in site.source.resolver.values(node, site.scope) if value.call is not None)
        elif not isinstance(node, ast.Lambda):
            if isinstance(node, ast.Call):
                yield node
            stack.extend(ast.iter_child_nodes(node))
