"""Expiry: what is stored in a shared cache, as a copy of something else, and never ends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import cache_libraries as catalog
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.caching.cache_calls import CacheCall, Does, Lasts, cache_calls, key_text, same_key
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.sites import display_name

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

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
_CACHE = re.compile(r"(?i)cache(?!_?(client|control))")


def lasting(source: SourceFile) -> Iterator[CacheCall]:
    """Yield the stores of cached copies in a shared cache that have no time to live."""
    calls = [call for call in cache_calls(source) if call.site.place not in (Place.TOOL, Place.STARTUP)]
    for call in calls:
        if call.does is not Does.SET or call.lasts is not Lasts.FOR_EVER or call.function is None:
            continue
        if call.value is None and call.method in ("set", "aset", "put"):
            continue  # a gauge, an event
        if isinstance(call.value, ast.Constant) or _expires(call) or _is_deleted(call) or _is_ended(call, calls):
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


def _is_ended(call: CacheCall, calls: list[CacheCall]) -> bool:
    """Whether a call of the file deletes the key or gives it an end, or the function stores it with a time as well."""
    for other in calls:
        if other is call or not same_key(other.key, call.key):
            continue
        if other.function is call.function and other.lasts is Lasts.SOME_TIME:
            return True
        if other.does is Does.FORGET and (_is_fixed(call.key) or other.function is call.function):
            return True
    return False


def _is_fixed(key: ast.expr | None) -> bool:
    """Whether a key is the same in each function that spells it so: a constant or an attribute, no parameter."""
    return isinstance(key, (ast.Attribute, ast.Constant)) or (isinstance(key, ast.Name) and key.id.isupper())


def _expires(call: CacheCall) -> bool:
    """Whether the function gives what it stored an end, or makes room, by a call of its own."""
    assert call.function is not None
    return any(
        terminal_name(node.func) in _EXPIRING or _EVICTING.match(terminal_name(node.func))
        for scope in call.function.walk()
        for node in scope.of(ast.Call)
        if isinstance(node, ast.Call)
    )


def _surroundings(call: CacheCall) -> str:
    """The names of the function, its class, and its module or package, any of which may say that it is a cache."""
    return " ".join((display_name(call.function), *call.site.source.path_parts[-2:]))


def _is_copy(call: CacheCall, calls: list[CacheCall]) -> bool:
    """Whether what is stored can be had again: the key says so, or the function looked for it first."""
    text = key_text(call.key, call.site.scope)
    if _NEVER_COPIES.search(text) or _FINGERPRINTS.search(text):
        return False
    says = _CACHE.search(text) is not None
    if not says and catalog.NO_CACHE_KEY.search(text):
        return False
    if call.family.name in ("django", "flask", "own", "aiocache"):
        return True  # a cache by its nature, told explicitly to keep
    if call.method not in ("hset", "hmset") and (says or _CACHE.search(_surroundings(call)) is not None):
        return call.method in ("set", "mset", "set_many", "set_multi") or says
    return any(
        read.does is Does.GET
        and read.function is call.function
        and same_key(read.key, call.key)
        and read.site.node.lineno < call.site.node.lineno
        for read in calls
    )
