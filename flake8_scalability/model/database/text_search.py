"""Conditions on the request path that no ordinary index serves: patterns that begin with anything, hidden columns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import tables
from flake8_scalability.catalog import text_search as known
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.queries import sql_texts
from flake8_scalability.model.queries.growth import grows, is_catalogue
from flake8_scalability.model.queries.sql import HOLE
from flake8_scalability.model.running import operators
from flake8_scalability.model.scaling import own_stores
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.project import indexes

if TYPE_CHECKING:
    from flake8_scalability.model.queries.queries import Filter, Query
    from flake8_scalability.model.source import SourceFile

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Search(NamedTuple):
    """A condition: the call that it is written in, what it compares, and how."""

    site: CallSite
    column: str
    how: str


def searches(source: SourceFile) -> Iterator[Search]:
    """Yield the first such condition of each function on the request path."""
    text = source.lexicon
    if not any(word in text for word in ("like", "icontains", "regex", "func")):
        return
    told: set[Scope | None] = set()
    everything = [*_lookups(source), *_patterns(source), *_hidden(source), *_documents(source), *_statements(source)]
    for found in sorted(
        everything, key=lambda each: (each.site.node.end_lineno or 0, each.site.node.end_col_offset or 0)
    ):
        site = found.site
        if site.place is not Place.REQUEST or site.function in told or operators.only(site.scope, source):
            continue
        if not operators.in_branch(site) and not _is_fallback(site) and not _is_narrow(found, source):
            told.add(site.function)
            yield found


def _lookups(source: SourceFile) -> Iterator[Search]:
    for name in known.TAKING:
        for node, scope in source.calls_by_name.get(name, ()):
            for keyword in node.keywords:
                column, _, lookup = (keyword.arg or "").rpartition("__")
                if column and lookup in known.LOOKUPS and _is_given(keyword.value):
                    yield Search(source.site(node, scope), column, lookup)
                    break


def _patterns(source: SourceFile) -> Iterator[Search]:
    for name in known.PATTERNS | known.INSIDE:
        for node, scope in source.calls_by_name.get(name, ()):
            if not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            column = _column(node.func.value)
            if column and (_is_given(node.args[0]) if name in known.INSIDE else _is_open(node.args[0], scope, source)):
                yield Search(source.site(node, scope), column, name)


def _is_given(node: ast.expr) -> bool:
    return not isinstance(node, ast.Constant)


def _column(node: ast.expr) -> str:
    """Return a mapped column as it is spelled: `User.name`, `table.c.name`, also inside a function of the database."""
    if isinstance(node, ast.Call) and node.args:
        return _column(node.args[0])
    if isinstance(node, ast.Attribute):
        owner = terminal_name(node.value)
        if owner == "c" or owner[:1].isupper():
            return spelled(node)
    return ""


def _is_open(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    """Whether a pattern begins with anything and goes on with what is put in; one that is put in whole is unknown."""
    text = sql_texts.of(node, scope, source)
    if text is None and isinstance(node, ast.Name):
        texts = [
            sql_texts.of(each.value, each.scope, source)
            for each in reaching.bindings(node, scope, source)
            if each.value is not None
        ]
        text = next((each for each in texts if each is not None), None)
    return text is not None and known.OPEN.match(text) is not None and (HOLE in text or "%s" in text)


def _hidden(source: SourceFile) -> Iterator[Search]:
    """Yield where a function of the database is put around a column that is compared.

    A service whose only database is a file has as few accounts and rows as fit there, and no way to a server for them.
    """
    for name in known.HIDING if not own_stores.has_file_database_alone(source) else ():
        for node, scope in source.calls_by_name.get(name, ()):
            if not isinstance(node.func, ast.Attribute) or terminal_name(node.func.value) != "func" or not node.args:
                continue
            column = _column(node.args[0])
            parent = source.parents(scope).get(node)
            compared = isinstance(parent, ast.Compare) and isinstance(parent.ops[0], ast.Eq)
            if column and compared and not _has_own_index(name, column, source):
                yield Search(source.site(node, scope), column, f"func.{name}")


def _has_own_index(function: str, column: str, source: SourceFile) -> bool:
    """Whether the project makes an index over just this function of a column."""
    name = column.rpartition(".")[2]
    return not source.settings.no_project and indexes.is_expression_indexed(function, name, source.filename)


def _documents(source: SourceFile) -> Iterator[Search]:
    """Yield where a document that Mongo is asked for has a pattern that is not bound to the beginning."""
    for name in known.TAKING if "$regex" in source.text else ():
        for node, scope in source.calls_by_name.get(name, ()):
            for part in (each for argument in node.args for each in walk(argument)):
                if not isinstance(part, ast.Dict):
                    continue
                for key, value in zip(part.keys, part.values):
                    if (
                        isinstance(key, ast.Constant)
                        and key.value in known.REGEX_KEYS
                        and _is_given(value)
                        and not _is_bound(value, scope, source)
                    ):
                        yield Search(source.site(node, scope), _field(node, part), "$regex")


def _field(node: ast.Call, inner: ast.Dict) -> str:
    """Return the field whose pattern a mapping is."""
    for part in (each for argument in node.args for each in walk(argument)):
        if isinstance(part, ast.Dict):
            for key, value in zip(part.keys, part.values):
                if value is inner and isinstance(key, ast.Constant):
                    return str(key.value)
    return "a field"


def _is_bound(value: ast.expr, scope: Scope, source: SourceFile) -> bool:
    text = sql_texts.of(value, scope, source)
    return text is not None and text.startswith(("^", "\\A"))


def _statements(source: SourceFile) -> Iterator[Search]:
    """Yield the texts of SQL with such a pattern, in the text or among what is put in."""
    for run in source.query_runs:
        ran = run.query.ran
        if ran is None or run.query.family.name != "sql" or not ran.args:
            continue
        text = sql_texts.of(ran.args[0], run.scope, source) or ""
        if _has_open(text) or (known.SQL_GIVEN.search(text) and _gives_open(ran, run.scope, source)):
            # Of a query with others before it, the last one's table is not what is searched.
            is_last = text.lstrip(" \n\t(").lower().startswith("with")
            name = "a column" if is_last else run.query.entity or "a column"
            yield Search(source.site(ran, run.scope), name, "LIKE")


def _has_open(text: str) -> bool:
    """Whether a pattern in a text of SQL begins with anything and goes on with what is put in."""
    found = known.SQL_OPEN.search(text)
    return found is not None and (found[2][-2:] != "'%" or HOLE in text[found.end() :].partition("'")[0])


def _gives_open(ran: ast.Call, scope: Scope, source: SourceFile) -> bool:
    return any(
        isinstance(part, (ast.JoinedStr, ast.BinOp, ast.Name)) and _is_open(part, scope, source)
        for argument in ran.args[1:]
        for part in walk(argument)
    )


def _is_fallback(site: CallSite) -> bool:
    """Whether the other way of a condition around a call asks a search engine, or the condition turns one off."""
    for child, parent in site.ancestors():
        if isinstance(parent, ast.If) and child is not parent.test:
            other = parent.orelse if child in parent.body else parent.body
            if any(known.ENGINES.search(ast.unparse(part)) for part in (parent.test, *other)):
                return True
    return False


# What is searched is small


def _is_narrow(found: Search, source: SourceFile) -> bool:
    """Whether few rows may be searched: of one owner, of one parent, of some hours, of a table that is not large."""
    site = found.site
    if _narrows_somewhere(site, source) or known.KEY.match(found.column.rpartition(".")[2]):
        return True  # a part of a key is no search for words
    query = _query(site, source)
    if query is None:
        # What a query that comes from elsewhere was narrowed to is unknown.
        around = [site.node, *(parent for parent in site.inside((ast.Call,)) if isinstance(parent, ast.Call))]
        if any(terminal_name(call.func) in ("filter", "exclude", "get") for call in around):
            return True
    elif query.related or query.opaque or any(_is_few(each, found.column.rpartition(".")[2]) for each in query.filters):
        return True
    return not _is_of_people(found, query, source)


def _is_few(each: Filter, searched: str) -> bool:
    """Whether a condition leaves the rows of one owner, parent or value that is given, or of a time."""
    if each.operator in ("gt", "gte", "range", "between"):
        return tables.DAYS.search(each.column) is not None
    if each.operator not in ("exact", "in"):
        return False
    column = each.column.rpartition(".")[2]
    if each.value is not None and tables.LEADERS.search(ast.unparse(each.value)):
        return True
    return _narrows(column) or (each.value is not None and _is_one_value(column, each.value) and column != searched)


def _is_one_value(column: str, value: ast.expr) -> bool:
    """Whether an equality leaves the rows of something that the function is given, and not one of a few heaps."""
    return _is_given(value) and tables.HEAPS.search(column) is None


def _is_of_people(found: Search, query: Query | None, source: SourceFile) -> bool:
    """Whether people fill a table, by its name or its class, or by the column that is searched: a title, an address."""
    owner, _, column = found.column.rpartition(".")
    entity = query.entity if query is not None and query.entity else owner.removesuffix(".c").rpartition(".")[2]
    words = tables.ENTITY_ENDS.sub("", _CAMEL.sub("_", entity).lower())
    if tables.SMALL.search(words) is not None and tables.CROWDS.search(words) is None:
        return False  # servers have users and passwords as well, with which one logs in there
    if query is not None and is_catalogue(query, source):
        return False
    if known.LABEL.match(column) and not _is_of_users(query, words):
        return False
    if tables.BY_PEOPLE.match(column) or (query is not None and grows(query, source)):
        return True
    return tables.CROWDS.search(words) is not None or known.WRITTEN.search(column) is not None


def _is_of_users(query: Query | None, words: str) -> bool:
    """Whether what is searched by its name alone are people, what they make, or what the file says nothing of.

    Places, organisations and devices have names, too, which those in charge have given them.
    """
    return tables.MASSES.search(words) is not None or tables.PERSONS.search(words) is not None


def _narrows(column: str) -> bool:
    return tables.OWNERS.search(column) is not None or known.NARROWING.search(column) is not None


def _narrows_somewhere(site: CallSite, source: SourceFile) -> bool:
    """Whether the function asks elsewhere for the rows of one owner: conditions are often put together in steps."""
    function = site.function
    while function is not None and function.parent is not None and function.parent.function is not None:
        function = function.parent.function
    nodes = list(walk(function.node)) if function is not None else []
    given = [
        keyword.arg or ""
        for node in nodes
        if isinstance(node, ast.Call) and terminal_name(node.func) in known.TAKING
        for keyword in node.keywords
    ]
    if function is not None and any(_is_one_value(*each) for each in _always_given(function)):
        return True
    compared = [
        terminal_name(node.left)
        for node in nodes
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq) and _column(node.left)
    ]
    return any(_narrows(column.partition("__in")[0]) for column in (*given, *compared))


def _always_given(function: Scope) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a function compares by keyword on every way: in its statements outside of branches and loops."""
    assert isinstance(function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    for statement in function.node.body:
        for node in walk(statement) if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return)) else ():
            if isinstance(node, ast.Call) and terminal_name(node.func) in ("filter", "filter_by"):
                yield from ((each.arg, each.value) for each in node.keywords if each.arg and "__" not in each.arg)


def _query(site: CallSite, source: SourceFile) -> Query | None:
    """Return the query that a condition is part of: the outermost one of its statement that is known."""
    found = source.queries.of(site.node, site.scope)
    for _, parent in site.ancestors():
        if isinstance(parent, ast.stmt):
            break
        if isinstance(parent, ast.Call):
            found = source.queries.of(parent, site.scope) or found
    return found
