"""Code that runs apart from the service: where somebody debugs, with the migrations of its database, or never.

The engine asks it of each finding, so that no rule has to.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import tools
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import children
from flake8_scalability.model.running import developing
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

#: Statements after which nothing of their block runs.
_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def runs_apart(line: int, source: SourceFile) -> bool:
    """Whether what stands at a line (from 1) runs never, where debugging is switched on, or when migrations run."""
    nodes = _nodes_at(line, source.tree)
    if any(_is_passed_over(node, nodes) for node in nodes):
        return True
    around = [scope for scope in source.scopes if _holds(scope.node, line)]
    function = around[-1].function if around else None
    if function is not None and not source.settings.include_tools and runs_with_migrations(function, source):
        return True
    statement = _innermost(nodes)
    if statement is None:
        return False
    outside = [scope for scope in around if scope.node is not statement]
    return developing.is_for_developers(statement, outside[-1] if outside else source.module, source)


def runs_with_migrations(function: Scope, source: SourceFile) -> bool:
    """Whether migrations call a function: it takes its classes as they know them, or is connected to their signals."""
    if _takes_old_classes(function, source):
        return True
    if tools.SIGNAL_PARAMETER not in function.parameters:
        return False
    if any(tools.MIGRATION_SIGNALS.search(ast.unparse(each)) for each in function.decorators):
        return True
    connected = re.compile(rf"{tools.MIGRATION_SIGNALS.pattern}\.connect\(\s*(?:\w+\.)*{re.escape(function.name)}\b")
    if connected.search(source.text) is not None:
        return True
    return not source.settings.no_project and mentions.is_said_elsewhere((connected,), function.name, source.filename)


def _takes_old_classes(function: Scope, source: SourceFile) -> bool:
    """Whether a function looks its classes up in the registry that a migration has handed to it."""
    calls = source.calls_by_name.get(tools.REGISTRY_LOOK_UP, ())
    return any(
        where.function is function
        and isinstance(call.func, ast.Attribute)
        and terminal_name(call.func.value) == tools.MIGRATION_REGISTRY
        and tools.MIGRATION_REGISTRY in function.bindings
        for call, where in calls
    )


def _holds(node: ast.AST, line: int) -> bool:
    if isinstance(node, ast.Module):
        return True
    return getattr(node, "lineno", 0) <= line <= (getattr(node, "end_lineno", None) or 0)


def _nodes_at(line: int, tree: ast.Module) -> list[ast.AST]:
    """Return what holds a line, from the module to the innermost: statements, handlers and cases."""
    around: list[ast.AST] = [tree]
    for node in around:  # grows while it is read: what holds the line lies in what holds it
        for child in children(node):
            if isinstance(child, ast.stmt):
                if _holds(child, line):
                    around.append(child)
            elif not isinstance(child, ast.expr):  # a handler, a case
                around.append(child)
    return around


def _innermost(nodes: list[ast.AST]) -> ast.stmt | None:
    """Return the innermost statement at a line: the last that begins, of those that hold it."""
    statements = [node for node in nodes if isinstance(node, ast.stmt)]
    return max(reversed(statements), key=lambda node: node.lineno, default=None)


def _is_passed_over(node: ast.AST, nodes: list[ast.AST]) -> bool:
    """Whether a statement stands behind one that always leaves their block, so that nothing gets to it."""
    for holder in nodes:
        for name in ("body", "orelse", "finalbody"):
            block = getattr(holder, name, None)
            if isinstance(block, list) and node in block:
                return any(isinstance(earlier, _LEAVING) for earlier in block[: block.index(node)])
    return False
