"""Expiry: what is stored in a shared cache, as a copy of something else, and never ends.

That it is a copy is shown by the function that stores it: it looks for the key, answers with what it finds, reads from
a store or a service what is not there, and stores that. Marks of how far a job has come, and what a job publishes, are
not read that way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import cache_libraries as catalog
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.caching.cache_calls import CacheCall, Does, Lasts, cache_calls, key_text, same_key
from flake8_scalability.model.caching.fetching import fetches, is_fetch, reads_by_name
from flake8_scalability.model.language import flowing
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.project import mentions

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: A call that deletes keys of a cache.
_DELETING = re.compile(r"(?i)(cache|redis)\w*\.(a?delete(_many|_pattern)?|unlink)\(")
_EXPIRING = frozenset({"expire", "pexpire", "expireat", "pexpireat", "touch", "expire_at"})
#: Whatever a key is called, these are no copies.
_NEVER_COPIES = re.compile(
    r"(?i)lock|mutex|semaphore|counter|throttl|rate_?limit|_count\b|version|marker|timestamp|(updated|last\w*)_at(_|\b)|"
    r"(^|[ _:])last_|checkpoint|cursor|offset|dedup"
)
_FINGERPRINTS = re.compile(r"(?i)(hash|checksum|etag|fingerprint)_key\b")
#: What a comment or docstring says of entries that are deleted with what they copy.
_DELETED = re.compile(
    r"(?i)(invalidat|clear|delet|evict|purg|flush)ed (explicitly )?(by|in|on|when|whenever|from|with)\b"
)
#: A class's or a module's own way to make room.
_EVICTING = re.compile(
    r"(?i)^_*(evict|trim|prune|make_room|(clear|clean|remove|delete|drop)(_?up)?_(old|oldest|expired|stale))"
)
#: Words that keys of all kinds have.
_OF_ANY_KEY = re.compile(
    r"(?i)(cls|self|_?(get_|make_|build_)?(cache_?)?(key|prefix|name)s?|cache|redis|format|user_?id)"
)
SHORTEST = 4
#: Caches by their nature, whose entries end unless they are told otherwise.
_CACHES = frozenset({"django", "flask", "own", "aiocache"})
_CACHE = re.compile(r"(?i)cache(?!_?(client|control))")


def lasting(source: SourceFile) -> Iterator[CacheCall]:
    """Yield the stores of cached copies in a shared cache that have no time to live."""
    calls = [call for call in cache_calls(source) if call.site.place not in (Place.TOOL, Place.STARTUP)]
    for call in calls:
        if call.does is not Does.SET or call.lasts is not Lasts.FOR_EVER or call.function is None:
            continue
        if _expires(call) or _is_deleted(call) or _is_ended(call, calls) or _is_chosen(call):
            continue
        if _is_copy(call, calls):
            yield call


def _is_deleted(call: CacheCall) -> bool:
    """Whether a comment in the function of a store, or its docstring, says what deletes the entry."""
    assert call.function is not None and isinstance(call.function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    first, last = call.function.node.lineno, call.function.node.end_lineno
    above = [text for text in call.site.source.lines[first - 1 : last] if "#" in text]
    said = (*(text.partition("#")[2] for text in above), ast.get_docstring(call.function.node) or "")
    return any(_DELETED.search(text) for text in said)


def _is_chosen(call: CacheCall) -> bool:
    """Whether somebody wrote that one entry is to stay, under a key that is the same for every call."""
    said = any(
        keyword.arg in catalog.TIME_ARGUMENTS
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is None
        for keyword in call.site.node.keywords
    )
    names = {part.id for part in walk(call.key or ast.Constant(None)) if isinstance(part, ast.Name)}
    return said and all(name == "cls" or call.site.scope.lookup(name) is not call.function for name in names)


def _is_ended(call: CacheCall, calls: list[CacheCall]) -> bool:
    """Whether a call of the file deletes the key or gives it an end, or the function stores it with a time as well.

    Where another function stores it with a time, the one without has forgotten it, whoever deletes the key.
    """
    said = _distinctive(call)
    ending = [each for each in calls if each.lasts is Lasts.SOME_TIME and same_key(each.key, call.key)]
    if ending:
        return any(each.function is call.function for each in ending)
    if any(
        each.function is not call.function
        and (same_key(each.key, call.key) or any(word.isupper() for word in said & _distinctive(each)))
        for each in calls
        if each.does is Does.SET
    ):
        return True  # whoever changes what was copied stores it anew
    return any(
        each.does is Does.FORGET and (same_key(each.key, call.key) or said & _distinctive(each)) for each in calls
    ) or _is_deleted_elsewhere(call, said)


def _is_deleted_elsewhere(call: CacheCall, said: set[str]) -> bool:
    """Whether another file of the project has the name that a key is made of, and a call that deletes keys."""
    source = call.site.source
    return not source.settings.no_project and any(
        mentions.is_said_elsewhere((re.compile(rf"\b{word}\b"), _DELETING), word, source.filename)
        for word in said
        if word.isupper()
    )


def _distinctive(call: CacheCall) -> set[str]:
    """Return the words of a key that tell its kind: its literals, the constants and functions that it is made of."""
    words = re.split(r"[^A-Za-z0-9_]+", key_text(call.key, call.site.scope))
    given = set(call.function.parameters) if call.function is not None else set()
    return {word for word in words if len(word) >= SHORTEST and not _OF_ANY_KEY.fullmatch(word)} - given


def _expires(call: CacheCall) -> bool:
    """Whether the function gives what it stored an end, or makes room, by a call of its own."""
    assert call.function is not None
    return any(
        terminal_name(node.func) in _EXPIRING or _EVICTING.match(terminal_name(node.func))
        for scope in call.function.walk()
        for node in scope.of(ast.Call)
        if isinstance(node, ast.Call)
    )


def _is_copy(call: CacheCall, calls: list[CacheCall]) -> bool:
    """Whether what is stored is read again after a miss: the function looks for the key, reads, and stores."""
    text = key_text(call.key, call.site.scope)
    if _NEVER_COPIES.search(text) or _FINGERPRINTS.search(text):
        return False
    if _CACHE.search(text) is None and call.family.name not in _CACHES and catalog.NO_CACHE_KEY.search(text):
        return False
    return _is_answered_from(call, calls) and _is_read(call, {each.site.node for each in calls})


def _is_answered_from(call: CacheCall, calls: list[CacheCall]) -> bool:
    """Whether the function gives what it finds under the key, and has asked whether it is there before it stores."""
    function = call.function
    assert function is not None
    found = {
        each.site.node
        for each in calls
        if each.does is Does.GET and each.function is function and same_key(each.key, call.key)
    }
    if not found:
        return False
    asked = (part for part in walk(function.node) if part in found or _asks_for(part, call.key))
    if all(getattr(part, "lineno", 0) >= call.site.node.lineno for part in asked):
        return False
    returns = (node for scope in function.walk_same_call() for node in scope.of(ast.Return))
    return any(
        isinstance(node, ast.Return) and node.value is not None and flowing.into(node.value, function.node) & found
        for node in returns
    )


def _asks_for(node: ast.AST, key: ast.expr | None) -> bool:
    """Whether a comparison asks whether a key is there: `key in cache`."""
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)) and same_key(node.left, key)


def _is_read(call: CacheCall, cache_calls: set[ast.Call]) -> bool:
    """Whether the value that is stored is made of what the function, or one of the file that it calls, reads."""
    function, source = call.function, call.site.source
    if call.value is None or function is None:
        return False
    made_from = flowing.into(call.value, function.node)
    for scope in function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if node not in made_from or node in cache_calls:
                continue
            if is_fetch(node, scope, source) or reads_by_name(node):
                return True
        for edge in source.graph.out_of.get(scope, ()):
            if edge.node in made_from and fetches(edge.target, source) is not None:
                return True
    return False
