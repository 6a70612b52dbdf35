"""What becomes of a listing: whether the rows of a view are ever read, and whether people can make more of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import answers as known
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.queries import Query
from flake8_scalability.project import seeded, templates

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Operators that leave the rows of one stretch of time.
_PERIODS = frozenset({"year", "month", "week", "date", "day"})


def comes_with_program(entity: str, source: SourceFile) -> bool:
    """Whether only migrations make rows of a class: reference data, of which a release brings more and nobody else."""
    return not source.settings.no_project and seeded.is_filled_by_migrations(entity, source.filename)


def shows_no_rows(owner: Scope, entity: str, source: SourceFile) -> bool:
    """Whether the template of a list view of Django's never names the rows, so that their lazy query is never asked.

    A view that makes lists of its own in `get_context_data()` may show those alone.
    """
    if source.settings.no_project or known.ROWS_OF_PAGE & _spoken(owner):
        return False
    template, name = (_text(owner, each) for each in ("template_name", "context_object_name"))
    names = known.ROWS_OF_PAGE | {f"{entity.lower()}_list", name or "object_list"}
    return template is not None and not templates.has_any(template, names, source.filename)


def is_of_period(query: Query) -> bool:
    """Whether a query asks for the rows of one year, month or day: what one user has of it is few."""
    return any(each.operator in _PERIODS for each in query.filters)


def _text(owner: Scope, name: str) -> str | None:
    bindings = owner.bindings.get(name, ())
    value = bindings[-1].value if bindings else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _spoken(owner: Scope) -> set[str]:
    """Return the attributes and texts that the methods of a class name."""
    found: set[str] = set()
    for part in ast.walk(owner.node):
        if isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.add(part.value)
    return found
