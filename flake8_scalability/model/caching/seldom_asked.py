"""Reads that nobody asks for often: views to which no address leads, and what somebody takes away as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flake8_scalability.catalog import expensive_reads as known
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


def is_export(function: Scope) -> bool:
    """Whether a function makes a file that somebody takes away, by its name."""
    return known.EXPORTING.search(function.name.lower()) is not None


def is_unrouted(function: Scope, source: SourceFile) -> bool:
    """Whether a function is a view of Django by its looks, and the project names it nowhere: no address leads to it.

    The addresses of Django's views stand in another file, by their names.
    """
    own = source.places.handlers.get(function)
    if own is None or own.framework != "django" or function.parent is not source.module:
        return False
    if source.settings.no_project or source.graph.into.get(function):
        return False
    return mentions.is_mentioned_elsewhere(function.name, source.filename) is False
