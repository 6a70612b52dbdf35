"""Page sizes: where a number of items that the client chose is used, though nothing bounds it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import paging as known
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.vocabulary import words
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import client_values
from flake8_scalability.model.limits.client_values import ClientValue
from flake8_scalability.model.queries.narrowing import Narrowing, narrowing, table_words
from flake8_scalability.model.queries.rest_defaults import view_by_default
from flake8_scalability.model.queries.sql_texts import of as text_of
from flake8_scalability.model.running import operators
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Uncapped(NamedTuple):
    """A use of a page size.

    node: where it stands; function: in which, None where the framework pages
    asked: the client's name for it; instead: what to do
    """

    node: ast.AST
    function: Scope | None
    asked: str
    instead: str


def uncapped(source: SourceFile) -> Iterator[Uncapped]:
    """Yield the uses of page sizes that the client chooses without an upper bound, the first of each value."""
    yield from _of_classes(source)
    yield from _of_settings(source)
    if not _may_speak_of_sizes(source):
        return
    told: set[tuple[Scope, str]] = set()
    for value in client_values.sizes(source):
        if value.function is not value.taker and known.JOBS.match(value.function.name):
            continue
        node = _use(value, source) if (value.taker, value.asked) not in told else None
        if node is not None and not _is_of_few(node, value, source) and not operators.only(value.function, source):
            told.add((value.taker, value.asked))
            declared = value.name in value.function.parameters and value.asked == value.name
            yield Uncapped(node, value.function, value.asked, _remedy(value, declared))


def _remedy(value: ClientValue, declared: bool) -> str:
    if declared:
        default = next((each.value for each in value.function.bindings.get(value.name, ()) if each.value), None)
        numbers = [part.value for part in walk(default) if isinstance(part, ast.Constant)] if default else []
        return f"declare le={max([100, *(number for number in numbers if type(number) is int)])}"
    return "parse it with int() and cap it" if client_values.is_text(value) else "cap it with min()"


def _may_speak_of_sizes(source: SourceFile) -> bool:
    """Whether a file has the words, before its endpoints are looked for."""
    return not _size_words().isdisjoint(source.vocabulary)


@cache
def _size_words() -> frozenset[bytes]:
    return words(*known.SIZE_NAMES)


def names() -> frozenset[str]:
    """Return the names of which a file has at least one where it lets the client choose a size."""
    return known.SIZE_NAMES | {known.SIZE_PARAMETER, known.LIMIT_OFFSET, known.SETTING}


# Uses in handlers and helpers


def _use(value: ClientValue, source: SourceFile) -> ast.AST | None:
    """Return the first place where a value is used as the number of items that are read; None where there is none."""
    found: list[ast.AST] = [
        call
        for scope in value.function.walk_same_call()
        for call in scope.of(ast.Call)
        if isinstance(call, ast.Call) and _takes(call, value, scope, source)
    ]
    found += [part for part in walk(value.function.node) if _cuts(part, value, source)]
    found = [node for node in found if not _is_option(node, value, source)]
    return min(found, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)), default=None)


def _is_option(node: ast.AST, value: ClientValue, source: SourceFile) -> bool:
    """Whether a query is cut only for a client that asks for it: whoever does not gets all there is, or a page of it.

    `if limit is not None: rows = rows[:limit]`: what the size would be bounded to is no bound of what is read.
    """
    parents = source.parents(value.function)
    parent = parents.get(node)
    if not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
        return False
    query = parent.targets[0].id
    given = [binding.value for binding in value.function.bindings.get(value.name, ())]
    if query not in names_in(parent.value) or any(map(_has_default, given)):
        return False
    child: ast.AST = parent
    while child is not value.function.node and child in parents:
        around = parents[child]
        if isinstance(around, ast.If) and child in around.body and _asks_whether_given(around.test, value.name):
            return True
        child = around
    return False


def _has_default(given: ast.expr | None) -> bool:
    """Whether what gives a size is, or has for those who ask for none, a number or a setting of the project."""
    if isinstance(given, ast.Constant):
        return given.value is not None
    call = given.args[0] if isinstance(given, ast.Call) and terminal_name(given.func) == "int" and given.args else given
    if isinstance(call, ast.Call):
        others = [*call.args[1:], *(each.value for each in call.keywords if each.arg == "default")]
        if terminal_name(call.func) in known.DECLARING:
            others += call.args[:1]
        return any(not (isinstance(each, ast.Constant) and each.value is None) for each in others)
    return isinstance(call, (ast.BoolOp, ast.IfExp, ast.Name, ast.Attribute))


def _asks_whether_given(test: ast.expr, name: str) -> bool:
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.IsNot):
        test = test.left
    return isinstance(test, ast.Name) and test.id == name


def _is_of_few(node: ast.AST, value: ClientValue, source: SourceFile) -> bool:
    """Whether what is read belongs to one other row, which has few of it: `reviews_of(book_id=book.id, limit=n)`."""
    if not isinstance(node, ast.expr):
        return False
    query = source.queries.of(node, value.function)
    if query is not None:
        few = narrowing(query._replace(opaque=False), source) > Narrowing.HEAP
        return few and query.entity != "" and known.STREAMS.search(table_words(query)) is None
    if not isinstance(node, ast.Call) or known.STREAMS.search(terminal_name(node.func)) is not None:
        return False
    return any(
        keyword.arg is not None
        and keyword.arg.endswith("_id")
        and not isinstance(keyword.value, (ast.Name, ast.Constant))
        for keyword in node.keywords
    )


def _takes(call: ast.Call, value: ClientValue, scope: Scope, source: SourceFile) -> bool:
    """Whether a call takes a value as a number of items: a query, a paginator, a function of another file."""
    name = terminal_name(call.func)
    if name in known.CAPPED_METHODS or known.HARMLESS.search(name):
        return False
    positional = any(isinstance(each, ast.Name) and each.id == value.name for each in call.args)
    named = [each.arg for each in call.keywords if isinstance(each.value, ast.Name) and each.value.id == value.name]
    if any(each.arg in known.OF_PAGE for each in call.keywords):
        return False  # the page is there, and is put into an answer
    if not positional and not named:
        return name in ("execute", "fetch", "fetchall", "text") and _is_limit_of_sql(call, value, scope, source)
    if name in known.LIMITING and isinstance(call.func, ast.Attribute):
        return True
    if name in known.PAGINATORS:
        return positional or "per_page" in named
    values = source.resolver.values(call.func, scope)
    if any(each.target is not None for each in values):
        return False  # a function of the file, in which it is looked for
    handed = {each for each in named if each is not None and known.SIZES.match(each)}
    if positional and known.SIZES.match(value.name):
        handed.add(value.name)
    if handed <= known.AMBIGUOUS:
        begins = any(each.arg is not None and known.STARTS.match(each.arg) for each in call.keywords)
        if not handed or not begins:
            return False
    return source.settings.no_project or _reads(name, source)


def _reads(name: str, source: SourceFile) -> bool:
    """Whether the project has a function of a name that reads as much as it is told, and bounds it nowhere."""
    # A handler of the same name hands it on.
    found = [text for text in mentions.functions_named(name, source.filename) if text not in source.text]
    if not found or any(known.BOUNDING.search(text) or known.ONE_OF_EACH.search(text) for text in found):
        return False
    texts = [text for text in found if f".{name}(" not in text]
    return not texts or not all(_cuts_in_memory(text, source) for text in texts)


def _cuts_in_memory(text: str, source: SourceFile, hands_on: bool = True) -> bool:
    """Whether a function of the project only cuts what is in memory to a size, or hands that on to such a function."""
    if known.READING.search(text) is not None:
        return False
    if known.CUT.search(text) is not None:
        return True
    called = set(known.HANDED_ON.findall(text)) if hands_on else set()
    inner = [each for name in called for each in mentions.functions_named(name, source.filename) if each != text]
    return bool(inner) and all(_cuts_in_memory(each, source, hands_on=False) for each in inner)


def _is_limit_of_sql(call: ast.Call, value: ClientValue, scope: Scope, source: SourceFile) -> bool:
    """Whether a statement with a `LIMIT` is given a value."""
    if not any(value.name in names_in(each) for each in (*call.args, *(each.value for each in call.keywords))):
        return False
    text = text_of(call.args[0], scope, source) if call.args else None
    return text is not None and "limit" in text.lower()


def _cuts(part: ast.AST, value: ClientValue, source: SourceFile) -> bool:
    """Whether an expression is a slice that cuts so many rows out of a query."""
    if not isinstance(part, ast.Subscript) or not isinstance(part.slice, ast.Slice) or part.slice.upper is None:
        return False
    if isinstance(part.slice.upper, ast.Name) and client_values.is_text(value):
        return False  # a text is no bound of a slice: whoever asks for a number gets an error
    return value.name in names_in(part.slice.upper) and source.queries.of(part, value.function) is not None


# What Django REST framework is told


def _of_classes(source: SourceFile) -> Iterator[Uncapped]:
    """Yield the paginators that let the client choose the size without a bound."""
    if "Pagination" not in source.text:
        return
    for scope in source.scopes:
        node = scope.node
        if not isinstance(node, ast.ClassDef) or source.is_tool:
            continue
        bases = [terminal_name(base) for base in node.bases]
        if not any(base.endswith("Pagination") for base in bases):
            continue
        bindings = scope.bindings
        chosen = [each for each in bindings.get(known.SIZE_PARAMETER, ()) if _is_set(each.value)]
        if chosen and not any(_is_set(each.value) for each in bindings.get(known.SIZE_BOUND, ())):
            if len(source.resolver.ancestry(scope)) == 1 and _is_of_framework(bases):
                yield Uncapped(chosen[0].node, None, "page_size", f"set {known.SIZE_BOUND}")
        elif bases == [known.LIMIT_OFFSET] and not _bounds_itself(scope):
            yield Uncapped(node, None, "limit", f"set {known.LIMIT_BOUND}")


def _is_set(node: ast.expr | None) -> bool:
    return node is not None and not (isinstance(node, ast.Constant) and node.value is None)


def _is_of_framework(bases: list[str]) -> bool:
    return set(bases) <= {"PageNumberPagination", "CursorPagination", "BasePagination"}


def _bounds_itself(scope: Scope) -> bool:
    """Whether a class bounds its limit, or looks at it in a way of its own."""
    bound = any(_is_set(each.value) for each in scope.bindings.get(known.LIMIT_BOUND, ()))
    return bound or any(not inner.name.startswith("get_paginated_response") for inner in scope.inner)


def _of_settings(source: SourceFile) -> Iterator[Uncapped]:
    """Yield the setting that makes every listing take any limit: its class has no bound unless somebody sets one."""
    if not words(known.SETTING) <= source.vocabulary or known.LIMIT_OFFSET not in source.text:
        return
    if view_by_default(source) is None:
        return
    for node in source.module.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if not isinstance(node.value, ast.Dict) or terminal_name(node.targets[0]) != "REST_FRAMEWORK":
            continue
        for key, value in zip(node.value.keys, node.value.values):
            is_setting = isinstance(key, ast.Constant) and key.value == known.SETTING
            if is_setting and isinstance(value, ast.Constant) and str(value.value).endswith(known.LIMIT_OFFSET_PATH):
                assert key is not None
                yield Uncapped(key, None, "limit", f"a subclass with {known.LIMIT_BOUND}")
