"""Streams: loops over what arrives from outside as long as the process lives, such as the messages of a consumer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Union

from flake8_scalability.catalog import job_frameworks
from flake8_scalability.catalog.rows import expand
from flake8_scalability.model.language.callgraph import CallGraph, Edge
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver

Loop = Union[ast.For, ast.AsyncFor]


@cache
def _streams() -> frozenset[str]:
    return frozenset(expand(job_frameworks.STREAMS))


def loops(scope: Scope, resolver: Resolver) -> Iterator[Loop]:
    """Yield the loops of a scope that take their items from a stream, and end with the process."""
    for loop in scope.of(ast.For, ast.AsyncFor):
        assert isinstance(loop, (ast.For, ast.AsyncFor))
        if not _streams().isdisjoint(resolver.paths(loop.iter, scope)):
            yield loop


def is_inside(node: ast.AST, loop: Loop) -> bool:
    """Whether a node stands in the body of a loop."""
    line = getattr(node, "lineno", 0)
    return bool(loop.body) and loop.body[0].lineno <= line <= (loop.end_lineno or loop.lineno)


def consumers(scopes: list[Scope], resolver: Resolver) -> Iterator[Scope]:
    """Yield the functions of a file that take what arrives, in a loop of theirs."""
    for scope in scopes:
        if scope.is_function and any(loops(scope, resolver)):
            yield scope


def served(scopes: list[Scope], resolver: Resolver, graph: CallGraph) -> Iterator[Edge]:
    """Yield the calls by which a file hands what arrives to its own functions."""
    for scope in scopes:
        edges = [edge for edge in graph.out_of.get(scope, ()) if not edge.handed]
        for loop in loops(scope, resolver) if edges else ():
            yield from (edge for edge in edges if is_inside(edge.node, loop))
