"""Code whose queries run seldom: it puts the data right, is a step of the program's start, or is for developers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import frameworks, startup
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries.narrowing import is_done_once
from flake8_scalability.project import developing_urls

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def runs_seldom(function: Scope | None, source: SourceFile) -> bool:
    """Whether a function runs after a change of the program, when it starts, or for those who write it."""
    if is_done_once(function, source):
        return True
    return function is not None and (
        is_step_of_start(function, source)
        or _is_for_developers(function, source)
        or refuses_production(function, source)
    )


def is_step_of_start(function: Scope, source: SourceFile) -> bool:
    """Whether a method is named after setting something up, is told nothing, and only the program's start calls it."""
    if startup.STEPS.match(function.name) is None or function.owner is None or len(function.parameters) > 1:
        return False
    edges = source.graph.into.get(function, ())
    callers = [edge.caller.function for edge in edges if not edge.handed]
    return bool(callers) and all(
        caller is not None
        and (caller.name in startup.STARTING | frameworks.STARTUP_NAMES or startup.STEPS.match(caller.name) is not None)
        for caller in callers
    )


def _is_for_developers(function: Scope, source: SourceFile) -> bool:
    """Whether a view has a URL only where debugging is switched on."""
    if source.settings.no_project:
        return False
    view = function.owner.name if function.owner is not None else function.name
    return developing_urls.only(view, source.filename)


def refuses_production(function: Scope, source: SourceFile, steps: int = 2) -> bool:
    """Whether a function, or all that call it, fails where the service has users: `if env != "dev": raise ...`."""
    if any(_refuses(node) for node in function.of(ast.If)):
        return True
    callers = [edge.caller.function for edge in source.graph.into.get(function, ()) if not edge.handed]
    return (
        steps > 0
        and bool(callers)
        and all(
            caller is not None and caller is not function and refuses_production(caller, source, steps - 1)
            for caller in callers
        )
    )


def _refuses(node: ast.AST) -> bool:
    """Whether a branch ends the function in production, by the kind of the deployment."""
    if not isinstance(node, ast.If) or not isinstance(node.body[-1], ast.Raise):
        return False
    return any(
        isinstance(part, ast.Compare)
        and any(startup.DEPLOYMENT_KIND.search(terminal_name(each)) for each in walk(part.left) if _is_named(each))
        and _is_production(part)
        for part in walk(node.test)
    )


def _is_named(node: ast.AST) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute))


def _is_production(compare: ast.Compare) -> bool:
    """Whether a comparison is true in production: with its name, or as nothing that is not production."""
    kinds = list(_texts(compare.comparators[0]))
    if isinstance(compare.ops[0], (ast.NotIn, ast.NotEq)):
        return bool(kinds) and all(startup.NOBODY_SERVED.match(kind) for kind in kinds)
    return isinstance(compare.ops[0], (ast.In, ast.Eq)) and any(map(startup.EVERYBODY_SERVED.match, kinds))


def _texts(node: ast.expr) -> Iterator[str]:
    yield from (part.value for part in walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
