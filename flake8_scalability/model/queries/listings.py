"""Listings: the endpoints and resolvers of a file that answer with all rows of a query."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import answers as known
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.query_methods import SESSION, STATEMENT, Gives
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits.endpoints import Endpoint
from flake8_scalability.model.queries import listing_uses
from flake8_scalability.model.queries.answers import Answers
from flake8_scalability.model.queries.growth import is_mass, is_mass_named, is_replaced, leaves_most
from flake8_scalability.model.queries.narrowing import (
    Narrowing,
    is_of_probe,
    is_small,
    may_be_many,
    narrowing,
    speaks_of_pages,
    table_words,
)
from flake8_scalability.model.queries.queries import Query

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Listing(NamedTuple):
    """An endpoint that answers with all rows.

    scope: the handler, or the class that inherits it
    query: what it reads; None where the framework does it for the class
    entity: what is listed, "" where it is not shown
    node: where the finding stands
    """

    scope: Scope
    query: Query | None
    entity: str
    node: ast.AST


def listings_of(source: SourceFile) -> list[Listing]:
    """Return the listings of a file, one for each endpoint at most."""
    found: dict[Scope, Listing] = {}
    asks = source.queries.any
    for endpoint in source.endpoints if asks or _has_list_views(source) else ():
        if endpoint.methods and "GET" not in endpoint.methods and "POST" not in endpoint.methods:
            continue
        if _only_does(endpoint):
            continue
        listing = _of_class(endpoint, source) if endpoint.function is None else _of_function(endpoint.function, source)
        if listing is not None:
            found.setdefault(listing.scope, listing)
    resolving = asks and _may_resolve(source) and listing_uses.is_served(source)
    for function, standing in source.places.handlers.items() if resolving else ():
        resolves = standing.place is Place.REQUEST and standing.framework in known.GRAPHQL and function not in found
        listing = _of_function(function, source) if resolves and _resolves_a_list(function) else None
        if listing is not None:
            found[function] = listing
    return list(found.values())


def may_be_narrowed(listing: Listing) -> bool:
    """Whether a handler narrows its query where the client asks for that."""
    return any(
        isinstance(part, ast.Assign)
        and isinstance(part.value, ast.Call)
        and terminal_name(part.value.func) in known.CONDITIONS
        and terminal_name(part.targets[0]) in names_in(part.value.func)
        for node in listing.scope.of(ast.If)
        for part in walk(node)
    )


def _only_does(endpoint: Endpoint) -> bool:
    """Whether an endpoint takes nothing but a POST, and is not named after what it lists."""
    function = endpoint.function
    return (
        function is not None
        and set(endpoint.methods) == {"POST"}
        and function.name != "post"
        and known.POSTED_LISTING.search(function.name) is None
        and not _promises_a_list(function)
    )


def _has_list_views(source: SourceFile) -> bool:
    """Whether a file has classes whose bases read for them, before its endpoints are looked for."""
    known_bases = known.LIST_VIEWS | known.REST_LISTS
    classes = (scope.node for scope in source.scopes if isinstance(scope.node, ast.ClassDef))
    return any(terminal_name(base) in known_bases for node in classes for base in node.bases)


def _may_resolve(source: SourceFile) -> bool:
    """Whether a file may have resolvers of GraphQL that give a list: by their names and annotations."""
    if "info" not in source.text and not any(name in source.lexicon for name in known.GRAPHQL):
        return False
    return any(scope.is_function and _resolves_a_list(scope) for scope in source.scopes)


def _of_function(function: Scope, source: SourceFile) -> Listing | None:
    """Return what a handler lists, where nothing in it speaks of pages."""
    if known.NO_LISTING.search(function.name) or _leaves_it_to_base(function) or is_of_probe(function):
        return None
    queries = [query for query in Answers(function, source).queries() if _is_whole(query, function, source)]
    if not queries or speaks_of_pages(function):
        return None
    query = min(queries, key=lambda each: narrowing(each, source))
    if _is_page_of_one(function, query.entity, source) or listing_uses.comes_with_program(query.entity, source):
        return None
    return Listing(function, query, query.entity, function.node)


def is_form(function: Scope, entity: str, source: SourceFile) -> bool:
    """Whether a template gets the rows of a table for somebody to choose from, and is no list of them."""
    names = {terminal_name(call.func) for call in function.of(ast.Call) if isinstance(call, ast.Call)}
    if known.TEMPLATES.isdisjoint(names):
        return False
    return known.NO_LISTING.search(function.name) is not None or _is_page_of_one(function, entity, source)


def _is_page_of_one(function: Scope, entity: str, source: SourceFile) -> bool:
    """Whether a template shows one row that the URL names, beside which others only stand to be chosen from."""
    given = function.parameters.keys() - {"self", "request", "cls"}
    calls = [node for node in function.of(ast.Call) if isinstance(node, ast.Call)]
    if not given or known.TEMPLATES.isdisjoint(terminal_name(call.func) for call in calls):
        return False
    values = [(name, each.value) for name, made in function.bindings.items() for each in made if each.value is not None]
    given |= {name for name, value in values if names_in(value) & given}
    for call in calls:
        query = source.queries.of(call, function) if names_in(call) & given else None
        if query is not None and query.gives is Gives.ONE and query.entity not in ("", entity):
            return True
    return False


def _leaves_it_to_base(function: Scope) -> bool:
    """Whether a method gives what its base class gives: `return super().list(request)`."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == function.name
        and isinstance(node.func.value, ast.Call)
        and terminal_name(node.func.value.func) == "super"
        for node in function.of(ast.Call)
    )


def _is_whole(query: Query, function: Scope, source: SourceFile) -> bool:
    if query.family.name == "repository":
        listed = is_mass_named(query.steps[-1].name) or is_mass_named(function.name) or is_mass(query, source)
        return listed and query.gives is Gives.MANY and _promises_a_list(function) and _is_bare(query)
    if listing_uses.is_written_by_staff(query, function):
        return False
    return may_be_many(query) and _is_wide(query, source)


def _is_wide(query: Query, source: SourceFile) -> bool:
    """Whether rows become ever more: those of a table that grows, or of what one owner gets without an end."""
    narrow = narrowing(query, source)
    if narrow is Narrowing.OWNER:
        endless = listing_uses.grows_for_its_owner(query) and not listing_uses.is_of_period(query)
        return endless and not is_replaced(query, source)
    return (
        leaves_most(query, source)
        and narrow < Narrowing.OWNER
        and (is_mass(query, source) or known.FOR_ALL.search(table_words(query)) is not None)
    )


def _is_bare(query: Query) -> bool:
    """Whether a repository's method is asked for everything it has: with no argument but the session or a statement."""
    call = query.steps[-1].call
    if call is None or call.keywords or is_small(terminal_name(call.func)):
        return False
    names = [terminal_name(each) for each in call.args]
    return all(SESSION.search(name) or STATEMENT.search(name) for name in names)


def _promises_a_list(function: Scope) -> bool:
    """Whether the annotation of a handler's answer, or its route's model, is a list."""
    annotations = [getattr(function.node, "returns", None)]
    for decorator in function.decorators:
        if isinstance(decorator, ast.Call):
            annotations += [keyword.value for keyword in decorator.keywords if keyword.arg == "response_model"]
    return any(
        isinstance(part, ast.Subscript) and terminal_name(part.value) in ("list", "List", "Sequence", "Iterable")
        for part in annotations
    )


def _resolves_a_list(function: Scope) -> bool:
    """Whether a resolver of GraphQL gives a list as it is: a connection would take a page of it."""
    if _promises_a_list(function):
        return True
    owner = function.parent
    if owner is None or not owner.is_class or not function.name.startswith("resolve_"):
        return False
    for binding in owner.bindings.get(function.name[len("resolve_") :], []):
        value = binding.value
        if isinstance(value, ast.Call) and terminal_name(value.func) in ("List", "DjangoListField"):
            return True
    return False


# Classes whose bases do the work


def _of_class(endpoint: Endpoint, source: SourceFile) -> Listing | None:
    owner = endpoint.owner
    if owner is None or not isinstance(owner.node, ast.ClassDef):
        return None
    bases = {terminal_name(base) for base in owner.node.bases}
    classes = source.resolver.ancestry(owner)
    names = {name for each in classes for name in each.bindings}
    entity = _entity(owner, source)
    if not is_mass_named(entity) or is_small(entity) or entity[:1].islower():
        return None
    if listing_uses.comes_with_program(entity, source):
        return None
    if (
        bases & known.LIST_VIEWS
        and all(known.OTHER_BASES.match(base) for base in bases)
        and not names & {"paginate_by", "get_paginate_by", "paginator_class"}
        and not _is_narrowed(classes, source)
        and not listing_uses.shows_no_rows(owner, entity, source)
    ):
        return Listing(owner, None, entity, owner.node)
    if bases & known.REST_LISTS and _is_unpaged(classes, bases, source) and not _is_narrowed(classes, source):
        return Listing(owner, None, entity, owner.node)
    return None


def _is_unpaged(classes: list[Scope], bases: set[str], source: SourceFile) -> bool:
    """Whether a REST view has no pagination: turned off, or set nowhere in the file and the project."""
    for each in classes:
        bindings = each.bindings.get("pagination_class")
        if bindings:
            value = bindings[-1].value
            return isinstance(value, ast.Constant) and value.value is None
        if {"list", "paginate_queryset", "paginator"} & each.bindings.keys():
            return False
    if not all(known.OTHER_BASES.match(base) for base in bases):
        return False
    if source.project_says(Fact.REST_PAGES) or source.text_says(Fact.REST_PAGES):
        return False
    # Where the settings configure the framework, they are what has to change.
    return source.project_says(Fact.REST_INSTALLED) and not source.project_says(Fact.REST_SETTINGS)


def _is_narrowed(classes: list[Scope], source: SourceFile) -> bool:
    """Whether the view's own query gives a few rows, or the file does not show what it gives."""
    for each in classes:
        for inner in each.inner:
            if inner.is_function and inner.name == "get_queryset":
                returned = [node.value for node in inner.of(ast.Return) if isinstance(node, ast.Return) and node.value]
                return not any(_is_lazy_whole(node, inner, source) for node in returned)
        for binding in each.bindings.get("queryset", []):
            if binding.value is not None:
                return not _is_lazy_whole(binding.value, each, source)
    return not any("model" in each.bindings for each in classes)


def _is_lazy_whole(node: ast.expr, scope: Scope, source: SourceFile) -> bool:
    query = source.queries.of(node, scope)
    return query is not None and may_be_many(query) and _is_wide(query, source)


def _entity(owner: Scope, source: SourceFile) -> str:
    """Return the model that a view is made for."""
    for name in ("queryset", "model"):
        for binding in owner.bindings.get(name, []):
            if binding.value is not None:
                query = source.queries.of(binding.value, owner)
                return query.entity if query is not None else terminal_name(binding.value)
    for inner in owner.inner:
        if inner.is_function and inner.name == "get_queryset":
            for entity in _returned_entities(inner, source):
                return entity
    return ""


def _returned_entities(function: Scope, source: SourceFile) -> Iterator[str]:
    for node in function.of(ast.Return):
        if isinstance(node, ast.Return) and node.value is not None:
            query = source.queries.of(node.value, function)
            if query is not None and query.entity:
                yield query.entity
