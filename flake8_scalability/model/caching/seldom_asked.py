"""Reads that nobody asks for often, or waits for: what somebody takes away as a file, what work left behind reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_scalability.catalog import expensive_reads as known
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.stateless import background

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_export(function: Scope) -> bool:
    """Whether a function makes a file that somebody takes away, by its name."""
    return known.EXPORTING.search(function.name.lower()) is not None


def is_for_nobody_waiting(function: Scope, source: SourceFile) -> bool:
    """Whether only work that is left behind calls a function, as a record of a request that is answered already."""
    callers = {edge.caller.function for edge in source.graph.into.get(function, ())}
    if not callers:
        return False
    left = {target for each in background.started(source) if not each.is_waited_for for target in each.targets}
    return callers <= left
