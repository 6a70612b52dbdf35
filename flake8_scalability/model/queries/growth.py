"""Which tables become longer the more a service is used: by their names, and by what their classes say of rows."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from flake8_scalability.catalog import tables as known
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import targets
from flake8_scalability.model.queries import tables
from flake8_scalability.model.queries.narrowing import Narrowing, narrowing, table_words
from flake8_scalability.model.queries.queries import Filter, Query
from flake8_scalability.project import replaced

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VIEW_ENDS = re.compile(r"(Model)?(ViewSet|View|APIView|ListView|ListAPIView|List)$")


def grows(query: Query, source: SourceFile) -> bool:
    """Whether a table has as many rows as a service has users, or as they have made, in sight of the project."""
    words = table_words(query)
    if known.CROWDS.search(words):
        return True
    definition = tables.definition(query.entity, source) if query.statement is None and query.entity else None
    if definition is None:
        return False
    return any(known.BY_PEOPLE.match(name) and not _is_name_alone(name, definition) for name in _columns(definition))


def _is_name_alone(column: str, definition: ast.ClassDef) -> bool:
    """Whether a column holds somebody's name as text: whom the operator quotes is no user who makes rows."""
    return column in known.NAMED_ONLY and any(
        isinstance(statement, (ast.Assign, ast.AnnAssign))
        and statement.value is not None
        and column in {terminal_name(each) for each in targets(statement)}
        and known.TEXT_COLUMNS.search(ast.unparse(statement.value)) is not None
        for statement in definition.body
    )


def grows_per_owner(query: Query) -> bool:
    """Whether the name of a table says that the rows of one user, or of the tenant in a filter, become more."""
    words = table_words(query)
    of_tenant = any(known.TENANTS.search(each.column) for each in query.filters)
    growing = known.MASSES if of_tenant and known.PEOPLE.search(words) is None else known.ENDLESS
    return growing.search(words) is not None and known.FEW_PER_OWNER.search(words) is None


def grows_per_parent(query: Query) -> bool:
    """Whether the name of a table says that one other row, a poll or an order, may have many of its rows."""
    words = table_words(query)
    return known.CROWDED.search(words) is not None and known.FEW_PER_OWNER.search(words) is None


def is_mass(query: Query, source: SourceFile) -> bool:
    """Whether the name of a table says that it gets rows as long as a service is used, of thousands of people.

    Products are many where they are sold, as far as their class is in sight; what somebody makes has a few, and what
    is only looked up by its name.
    """
    words = table_words(query)
    if known.MASSES.search(words) is None or known.SENT_TO_ALL.search(words) is not None:
        return False
    node = tables.definition(query.entity, source) if query.statement is None and query.entity else None
    if is_replaced(query, source):
        return False
    if node is None:
        return True
    sold = known.GOODS.search(words) is None or any(known.PRICES.search(name) for name in _columns(node))
    return sold and not is_looked_up(node) and not _is_bare(query, node)


def is_looked_up(node: ast.ClassDef) -> bool:
    """Whether the rows of a table are a name with little beside it: of nobody, and made at no moment."""
    columns = _columns(node)
    if len(columns) > known.MOST_LOOKED_UP or "name" not in columns:
        return False
    text = ast.unparse(node)
    return known.NAME_ONCE.search(text) is not None and known.MADE_BY.search(text) is None


def is_replaced(query: Query, source: SourceFile) -> bool:
    """Whether a form of the project saves the rows of a tenant as a whole, so that there is one at a time."""
    return not source.settings.no_project and replaced.is_replaced_whole(query.entity, source.filename)


def is_written_down(query: Query, source: SourceFile) -> bool:
    """Whether somebody in charge has written down what a table has: a few short values, or settings."""
    node = tables.definition(query.entity, source) if query.statement is None and query.entity else None
    return (node is not None and _is_bare(query, node)) or is_replaced(query, source)


def _is_bare(query: Query, node: ast.ClassDef) -> bool:
    """Whether the rows of a table are a few short values: of nobody, made at no moment, and belonging to nothing.

    So are the answers that a form offers, and links to pages: somebody in charge has written them down.  Of people, and
    of what people write, there are many all the same.
    """
    words = table_words(query)
    told = known.ENDLESS.search(words) is not None and known.OF_ANYTHING.search(words) is None
    if told or known.PERSONS.search(words):
        return False
    columns = [
        (name, ast.unparse(each))
        for each in node.body
        if isinstance(each, (ast.Assign, ast.AnnAssign)) and isinstance(each.value, ast.Call)
        # The key of what a row belongs to is a column of its own; a way to the rows of others is none.
        if terminal_name(each.value.func) != "relationship"
        for name in _names_of(each)
    ]
    return 0 < len(columns) <= known.MOST_LOOKED_UP and not any(
        known.PLACED.search(name)
        or known.BY_PEOPLE.match(name)
        or known.PRICES.search(name)
        or any(each.search(text) for each in (known.MADE_BY, known.UPLOADED, known.LONG_TEXTS))
        for name, text in columns
    )


def is_catalogue(query: Query, source: SourceFile) -> bool:
    """Whether the class of a table in sight says that it is a list of things that there are, not of what people make.

    Its key is a code of a few letters, as of regions and units; or a name is there once, nobody is named beside it, and
    nobody writes a text about it.
    """
    node = tables.definition(query.entity, source) if query.statement is None and query.entity else None
    if node is None:
        return False
    columns = [(name, ast.unparse(each)) for each in node.body for name in _names_of(each)]
    keys = [known.LENGTH.search(text) for _, text in columns if "primary_key=True" in text]
    if any(key is not None and int(key[1]) <= known.SHORT_CODE for key in keys):
        return True
    text = ast.unparse(node)
    if known.MASSES.search(table_words(query)) or not (known.NAME_ONCE.search(text) or known.CODE_ONCE.search(text)):
        return False
    texts = any(known.LONG_TEXTS.search(text) and name not in known.LABELS for name, text in columns)
    return not texts and not any(known.OF_SOMEBODY.search(text) for _, text in columns)


def is_mass_named(name: str) -> bool:
    """The same of what a class, a view or a function is named after: `Order`, `OrderViewSet`, `list_orders`."""
    words = _HUMPS.sub("_", _VIEW_ENDS.sub("", name)).lower()
    return known.MASSES.search(known.ENTITY_ENDS.sub("", words)) is not None


def leaves_most(query: Query, source: SourceFile) -> bool:
    """Whether a query asks for all rows of a table, or leaves out the exceptions: those deleted, people banned."""
    return narrowing(query, source) is Narrowing.WHOLE or all(map(_leaves_most, query.filters))


def _leaves_most(each: Filter) -> bool:
    if each.operator == "join":
        return each.column.endswith("id")  # else a state, as the member of an enumeration
    value = ast.unparse(each.value).rpartition(".")[2].strip("'\"") if each.value is not None else ""
    if each.operator == "isnull":
        return value == "True" and known.RARE.search(each.column) is not None
    if each.operator == "ne":
        return value == "True" or known.RARE.search(value) is not None
    if each.operator == "not" or (each.operator == "exact" and value in ("False", "None")):
        return known.RARE.search(each.column) is not None
    return each.operator == "exact" and bool(
        known.USUAL.search(each.column if value in ("True", each.column) else value)
    )


def _columns(node: ast.ClassDef) -> list[str]:
    return [name for statement in node.body for name in _names_of(statement)]


def _names_of(statement: ast.stmt) -> list[str]:
    return [each.id for each in targets(statement)[:1] if isinstance(each, ast.Name)]
