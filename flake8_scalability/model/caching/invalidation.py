"""Invalidation: which writes of a file leave a cached read of the same thing stale.

A read and a write belong together by their names: `get_user` and `update_user`, `find` and `save` of one repository.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog.rows import Effect, Place
from flake8_scalability.model.caching import cache_calls, cache_stores, memo_domains, memoisers
from flake8_scalability.model.caching.cache_calls import Does, Lasts
from flake8_scalability.model.caching.fetching import STORES, fetches
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling.rows import chain
from flake8_scalability.project import usage

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_READ_VERBS = re.compile(
    r"^_*(a?get|fetch|load|find|read|look_?up|retrieve|list|query|cached|select|search|all)(_(or_none|all|cached|one|many|"
    r"active|current|the))*(_|$)"
)
_WRITE_VERBS = re.compile(
    r"^_*(a?update|save|delete|remove|set|edit|change|modify|patch|upsert|rename|deactivate|activate|disable|enable|"
    r"replace|put|write|store|archive|destroy|soft_delete|bulk_update)(_|$)"
)
_ADD_VERBS = re.compile(r"^_*(create|insert|add|register|new|append|import)(_|$)")
_TAIL = re.compile(
    r"_(by|from|for|with|in|of|at|via|on|and|or)(_\w+)?$|_(cached|async|sync|uncached|data|details?|info|record|object|row|"
    r"obj|model|entity|db|all|list|status|name|names|fields?|value|values|role|map|dict|ids?)$"
)
_OWNER = re.compile(
    r"(?i)(async|base|sql\w*|cached|mongo|postgres|redis|db)?(.*?)(repository|repo|service|dao|store|manager|crud|dal|gateway|cache|provider|s)?$"
)
_FORGETS = re.compile(r"(?i)cache|invalidat|evict|(^|_)bust|refresh|_clear|memo(ize|ise)|forget|publish_change")
_LISTENING = re.compile(r"(?i)receiver|listens_for|post_save|post_delete|on_commit|after_commit|subscribe|event")
_WRITING_METHODS = frozenset({
    "save", "asave", "delete", "adelete", "update", "aupdate", "update_one", "update_many", "replace_one", "delete_one",
    "delete_many", "find_one_and_update", "find_one_and_replace", "find_one_and_delete", "put_item", "update_item",
    "delete_item", "bulk_update", "bulk_create", "insert_one", "insert_many", "merge", "add", "create",
})  # fmt: skip
_COMMITTING = frozenset({"commit", "flush"})
_STATEMENT = re.compile(r"\s*(UPDATE|DELETE|INSERT|REPLACE|MERGE)\b", re.IGNORECASE)
_HANDLES = re.compile(
    r"(?i)(^|_)(session|db|database|conn|connection|cursor|cur|repo|repository|dao|store|crud|table|collection|client|api)$"
)


class CachedRead(NamedTuple):
    """A function whose result is kept without an end.

    function: the function; entity: what it reads, as words; many: whether that is a list of them
    """

    function: Scope
    entity: tuple[str, ...]
    many: bool


class Stale(NamedTuple):
    """A write that leaves a cached read stale: the call, its function, and the read."""

    node: ast.Call
    function: Scope
    read: CachedRead


def stale(source: SourceFile) -> Iterator[Stale]:
    """Yield the writes of a file after which a cached read of it goes on giving the old value."""
    reads = [read for read in cached_reads(source) if read.entity]
    if not reads or _is_listened_for(source):
        return
    for function in source.scopes:
        if not function.is_function or source.place(function).place in (Place.STARTUP, Place.TOOL):
            continue
        for read in reads:
            if function is read.function or function.owner is not read.function.owner:
                continue
            node = _write(function, read, source)
            if node is not None and not _forgets(function, read, source) and not _is_cleared_elsewhere(read, source):
                yield Stale(node, function, read)
                break


def cached_reads(source: SourceFile) -> Iterator[CachedRead]:
    """Yield the functions of a file that read data and whose result a cache keeps until it is told otherwise."""
    seen: set[Scope] = set()
    for function in _keeping(source):
        if function not in seen and fetches(function, source) is not None:
            seen.add(function)
            yield CachedRead(function, *_entity(function))


def _keeping(source: SourceFile) -> Iterator[Scope]:
    for memo in memoisers.memos(source):
        # What keeps an entry for each `self` forgets with it: SCL204 speaks of these.
        by_object = memo.stdlib and (memo.function.is_coroutine or memo_domains.holds_instances(memo.function, source))
        if memo.timed is False and not by_object:
            yield memo.function
    for cache in cache_stores.kept(source):
        function = cache.shared.change.scope.function
        if not cache.timed and function is not None:
            yield function
    lasting = [
        call for call in cache_calls.cache_calls(source) if call.does is Does.SET and call.lasts is Lasts.FOR_EVER
    ]
    for call in lasting:
        if call.function is not None and _READ_VERBS.match(call.function.name):
            yield call.function


# Names


def _entity(function: Scope) -> tuple[tuple[str, ...], bool]:
    """Return the words of what a function reads, and whether it reads many of them."""
    match = _READ_VERBS.match(function.name)
    rest = function.name[match.end() :] if match else function.name.lstrip("_")
    return _words(rest, function), _is_plural(rest) or "list" in function.name or "all" in function.name.split("_")


def _words(rest: str, function: Scope) -> tuple[str, ...]:
    """Return a name's nouns in the singular; those of the class where the name has none of its own."""
    if re.match(r"(by|for|from|with)_", rest):
        rest = ""
    before = None
    while before != rest:
        before, rest = rest, _TAIL.sub("", rest)
    if re.match(r"(id|pk|uuid|data|one|all|object|row|record)?$", rest):
        owner = function.owner
        if owner is None:
            return ()
        match = _OWNER.fullmatch(owner.name.strip("_"))
        rest = match.group(2) if match else ""
        rest = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", rest).lower()
    return tuple(_singular(word) for word in rest.lower().split("_") if word)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _is_plural(rest: str) -> bool:
    last = rest.split("_by_", maxsplit=1)[0].rpartition("_")[2]
    return last.endswith("s") and not last.endswith("ss")


def _writes_entity(name: str, read: CachedRead, function: Scope) -> bool:
    """Whether a name says that what a read gives is changed: `update_user` for `get_user`."""
    match = _WRITE_VERBS.match(name) or (_ADD_VERBS.match(name) if read.many else None)
    return match is not None and _words(name[match.end() :], function) == read.entity


# Writes


def _write(function: Scope, read: CachedRead, source: SourceFile) -> ast.Call | None:
    """Return the call of a function that changes what a read gives; None where there is none."""
    says = _writes_entity(function.name, read, function)
    committing = None
    refreshing = {call.site.node for call in cache_calls.cache_calls(source)}
    for scope in function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if _is_handed_on(node, function):
                continue  # who calls the method writes, and this one only adds to it
            if node in refreshing or any(
                value.target is not None for value in source.resolver.values(node.func, scope)
            ):
                continue
            name = terminal_name(node.func)
            if isinstance(node.func, ast.Attribute) and _by_handle(node.func) and _writes_entity(name, read, function):
                return node
            if not says:
                continue
            if name in _COMMITTING:
                committing = committing or node
            elif _is_write(node, name, scope, source):
                return node
    return committing


def _is_handed_on(node: ast.Call, function: Scope) -> bool:
    """Whether a method hands its own call on to the class that it is built on: `super().bulk_update(rows)`."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != function.name:
        return False
    return isinstance(node.func.value, ast.Call) and terminal_name(node.func.value.func) == "super"


def _by_handle(node: ast.Attribute) -> bool:
    return _HANDLES.search(terminal_name(node.value)) is not None


def _is_write(node: ast.Call, name: str, scope: Scope, source: SourceFile) -> bool:
    row = source.site(node, scope).api
    if row is not None:
        return row.system in STORES and row.effect is Effect.WRITE and row.makes is None
    if name in ("execute", "executemany", "fetchrow", "fetch"):
        return _changes_rows(node, scope)
    if name not in _WRITING_METHODS or not isinstance(node.func, ast.Attribute):
        return False
    receiver = node.func.value
    if name in ("update", "add", "create", "merge"):
        names = chain(receiver)
        return (
            bool({"objects", "query", "filter", "filter_by"} & set(names))
            or _HANDLES.search(terminal_name(receiver)) is not None
        )
    return not isinstance(receiver, ast.Constant)


def _changes_rows(node: ast.Call, scope: Scope) -> bool:
    if not node.args:
        return False
    first = node.args[0]
    if isinstance(first, ast.Name):
        home = scope.lookup(first.id)
        bindings = home.bindings[first.id] if home is not None else []
        first = bindings[0].value or first if len(bindings) == 1 else first
    if any(name in ("update", "delete", "insert") for name in chain(first)):
        return True
    if isinstance(first, ast.Call) and first.args:
        first = first.args[0]
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and bool(_STATEMENT.match(first.value))


# What tells the cache


def _forgets(function: Scope, read: CachedRead, source: SourceFile) -> bool:
    """Whether a function, what it calls in the file, or who calls it, tells a cache about it."""
    calls = [call for call in cache_calls.cache_calls(source) if call.key is not None]
    looked_up = [call.key for call in calls if call.function is read.function]
    if any(cache_calls.same_key(call.key, key) for call in calls if call.function is function for key in looked_up):
        return True
    near = [function, *(edge.caller.function for edge in source.graph.into.get(function, ()))]
    for scope in function.walk():
        near += [edge.target for edge in source.graph.out_of.get(scope, ())]
    return any(each is not None and _speaks_of_it(each) for each in near)


def _speaks_of_it(function: Scope) -> bool:
    return any(
        _FORGETS.search(part.attr if isinstance(part, ast.Attribute) else part.id)
        for part in walk(function.node)
        if isinstance(part, (ast.Attribute, ast.Name))
    )


def _is_listened_for(source: SourceFile) -> bool:
    """Whether a function that is told of changes by signals empties a cache."""
    return any(
        scope.is_function
        and any(_LISTENING.search(ast.unparse(node)) for node in scope.decorators)
        and _speaks_of_it(scope)
        for scope in source.scopes
    )


def _is_cleared_elsewhere(read: CachedRead, source: SourceFile) -> bool:
    """Whether another file of the project empties the cache of a read by its name."""
    if source.settings.no_project:
        return False
    return bool(usage.uses_elsewhere(f"{read.function.name}.cache_clear", source.filename))
