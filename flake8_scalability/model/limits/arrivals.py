"""Arrivals: who fills the queue that an endless loop takes its work from, and with how much."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.loops import LoopKind
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits.queue_uses import key
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_TAKING = frozenset({"get", "get_nowait", "pop", "popleft"})
_PUTTING = frozenset({"put", "put_nowait", "append", "appendleft", "extend"})


def are_few(loop: ast.AST, source: SourceFile) -> bool:
    """Whether all that the file puts into the queue of a loop is a piece of something, or comes at start-up."""
    taken = {
        key(node.func.value)
        for node in walk(loop)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TAKING
    } - {""}
    puts = [
        source.site(node, scope)
        for name in _PUTTING & source.calls_by_name.keys()
        for node, scope in source.calls_by_name[name]
        if isinstance(node.func, ast.Attribute) and key(node.func.value) in taken
    ]
    return bool(puts) and all(_puts_few(each) for site in puts for each in _passed_on(site))


def _passed_on(site: CallSite) -> list[CallSite]:
    """Return the calls of a function that puts its argument into the queue, else the call itself."""
    function, given = site.function, site.node.args[:1]
    if function is None or not given or not isinstance(given[0], ast.Name) or given[0].id not in function.parameters:
        return [site]
    return [
        site.source.site(node, scope)
        for node, scope in site.source.calls_by_name.get(function.name, ())
        if isinstance(node.func, ast.Attribute) or function.owner is None
    ] or [site]


def _puts_few(site: CallSite) -> bool:
    loop = loops.enclosing(site)
    if isinstance(loop, loops.Loop) and isinstance(loop.node, ast.For):
        items = loop.node.iter
        return loop.kind is LoopKind.SMALL or _is_cut(items, site) or site.place is Place.STARTUP
    return _is_cut(site.node.args[0], site) if site.node.args else False


def _is_cut(node: ast.expr, site: CallSite) -> bool:
    """Whether an expression, or what a name of the function holds, is a slice with an end."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice) and node.slice.upper is not None
    if isinstance(node, ast.Name):
        home = site.scope.lookup(node.id)
        values = [binding.value for binding in home.bindings[node.id]] if home is not None else []
        return bool(values) and any(isinstance(value, ast.Subscript) and _is_cut(value, site) for value in values)
    return False
