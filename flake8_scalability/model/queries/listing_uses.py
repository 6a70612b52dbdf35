"""What becomes of a listing: whether the rows of a view are ever read, and whether people can make more of them.

Who makes the rows decides how many there will be: those of one person are few but for what is made again and again,
and what those who run a service write for all others stays short.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import answers as known
from flake8_scalability.catalog import operators, tables
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries.growth import grows_per_owner
from flake8_scalability.model.queries.narrowing import table_words
from flake8_scalability.model.queries.queries import Filter, Query
from flake8_scalability.project import mentions, page_calls, seeded, templates

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


def grows_for_its_owner(query: Query) -> bool:
    """Whether the rows of the tenant or the person in a filter become ever more.

    Where a person is named, alone or beside the tenant, it is theirs: of documents and contacts a person has a few, and
    those in one state are fewer yet.
    """
    if not grows_per_owner(query):
        return False
    if not any(map(_is_of_person, query.filters)):
        return True
    words = table_words(query)
    made_often = tables.ENDLESS.search(words) is not None and tables.ARRANGED.search(words) is None
    return made_often and not any(map(_is_of_state, query.filters))


def _is_of_person(each: Filter) -> bool:
    column = each.column.rpartition("__")[2] or each.column
    is_tenant = tables.TENANTS.search(column) is not None and tables.PARTIES.search(column) is None
    return each.operator in ("exact", "eq") and tables.OWNERS.search(column) is not None and not is_tenant


def _is_of_state(each: Filter) -> bool:
    """Whether a filter leaves the rows in a state that is written out, and that is not the one nearly all end in."""
    if each.operator not in ("exact", "eq") or tables.USUAL.search(each.column):
        return False
    value = each.value.value if isinstance(each.value, ast.Constant) else ""
    return isinstance(value, str) and value != "" and tables.USUAL.search(value) is None


def is_written_by_staff(query: Query, function: Scope) -> bool:
    """Whether a page that lets in only those who run the service lists what they have written for all others."""
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    written = tables.WRITTEN_BY_STAFF.search(table_words(query)) is not None
    return written and operators.LETS_IN.search(page_calls.head(node)) is not None


def is_served(source: SourceFile) -> bool:
    """Whether a URL of the project leads to a schema of GraphQL, as far as the project is in sight.

    In Django somebody has to write that down beside the schema.
    """
    if source.settings.no_project or known.SCHEMAS_OF_DJANGO not in source.text:
        return True
    return mentions.is_said(known.GRAPHQL_VIEW, (known.GRAPHQL_WORD,), source.filename)


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
