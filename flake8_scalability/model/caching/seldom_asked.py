"""Reads that nobody asks for often: what somebody takes away as a file."""

from __future__ import annotations

from flake8_scalability.catalog import expensive_reads as known
from flake8_scalability.model.language.scopes import Scope


def is_export(function: Scope) -> bool:
    """Whether a function makes a file that somebody takes away, by its name."""
    return known.EXPORTING.search(function.name.lower()) is not None
