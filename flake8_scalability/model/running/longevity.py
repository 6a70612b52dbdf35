"""Longevity: whether the instances of a class live as long as the process, so that all callers share what they hold."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import columns, state_words
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.project import instances

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def lives_with_process(source: SourceFile, owner: Scope) -> bool:
    """Whether the file, or the rest of its project, makes instances of a class at module level and nowhere per call."""
    assert isinstance(owner.node, ast.ClassDef)
    if any(state_words.PER_REQUEST_BASES.search(terminal_name(base)) for base in owner.node.bases) or _is_of_rows(
        owner
    ):
        return False
    edges = [
        edge
        for made, found in source.graph.instantiations.items()
        if made is owner or owner in source.resolver.ancestry(made)
        for edge in found
        if source.place(edge.caller, edge.node).place is not Place.TOOL
    ]
    if edges:
        return all(_is_kept(source, edge) for edge in edges)
    if source.settings.no_project or owner in source.places.handler_classes:
        return False
    return instances.is_kept(owner.name, source.filename)


def _is_of_rows(owner: Scope) -> bool:
    """Whether a class declares columns: its instances are rows, which each request reads anew."""
    declared = (each.value for bindings in owner.bindings.values() for each in bindings)
    return any(
        isinstance(value, ast.Call)
        and (columns.FIELD_CALLS.match(terminal_name(value.func)) or terminal_name(value.func) in columns.COLUMN_CALLS)
        for value in declared
    )


def _is_kept(source: SourceFile, edge: Edge) -> bool:
    """Whether an instance is made outside functions, by a cached provider, or at start-up for something lasting."""
    scope = edge.caller
    if scope.function is None:
        return True
    if source.places.keeps_its_result(scope.function):
        # what a property keeps, its object does
        return not any(terminal_name(node) == "cached_property" for node in scope.function.decorators)
    for node in scope.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if node.value is not edge.node:
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id in scope.declared:
                return True
            if isinstance(target, ast.Attribute) and source.place(scope).place is Place.STARTUP:
                return True
    return False
