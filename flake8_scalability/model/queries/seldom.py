"""Code whose queries run seldom: it puts the data right, is a step of the program's start, or is for developers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_scalability.catalog import frameworks, startup
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.narrowing import is_done_once
from flake8_scalability.project import developing_urls

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def runs_seldom(function: Scope | None, source: SourceFile) -> bool:
    """Whether a function runs after a change of the program, when it starts, or for those who write it."""
    if is_done_once(function, source):
        return True
    return function is not None and (is_step_of_start(function, source) or _is_for_developers(function, source))


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
