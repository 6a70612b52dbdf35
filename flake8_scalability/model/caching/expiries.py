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
_NEVER_COPIES = re.compile(r"(?i)lock|mutex|semaphore|counter|throttl|rate_?limit|_count\b|version|marker|timestamp")
_FINGERPRINTS = re.compile(r"(?i)(hash|checksum|etag|fingerprint)_key\b")
#: What a comment or docstring says of entries that are deleted with what they copy.
_DELETED = re.compile(
    r"(?i)(invalidat|clear|delet|evict|purg|flush)ed (explicitly )?(by|in|on|when|whenever|from|with)\b"
)
#: A class's or a module's own way to make room.
_EVICTING = re.compile(
    r"(?i)^_*(evict|trim|prune|make_room|(clear|clean|remove|delete|drop)(_?up)?_(old|oldest|expired|stale))"
)
COMMENT_LINES = 3
_CACHE = re.compile(r"(?i)cache(?!_?(client|control))")


def lasting(source: SourceFile) -> Iterator[CacheCall]:
    """Yield the stores of cached copies in a shared cache that have no time to live."""
    calls = [call for call in cache_calls(source) if call.site.place not in (Place.TOOL, Place.STARTUP)]
    for call in calls:
        if call.does is not Does.SET or call.lasts is not Lasts.FOR_EVER or call.function is None:
            continue
        if isinstance(call.value, ast.Constant) or _expires(call) or _is_deleted(call):
            continue
        if _is_copy(call, calls):
            yield call


def _is_deleted(call: CacheCall) -> bool:
    """Whether a comment above a store, or the docstring of its function, says what deletes the entry."""
    assert call.function is not None and isinstance(call.function.node, (ast.FunctionDef, ast.AsyncFunctionDef))
    line = call.site.node.lineno
    above = [text for text in call.site.source.lines[max(line - 1 - COMMENT_LINES, 0) : line] if "#" in text]
    said = (*(text.partition("#")[2] for text in above), ast.get_docstring(call.function.node) or "")
    return any(_DELETED.search(text) for text in said)


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
    parts = re.split(r"[\\/]", call.site.source.filename)[-2:]
    return " ".join((display_name(call.function), *parts))


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
    if says or _CACHE.search(_surroundings(call)) is not None:
        return call.method in ("set", "mset", "set_many", "set_multi") or says
    if call.method in ("hset", "hmset"):
        return False
    return any(
        read.does is Does.GET
        and read.function is call.function
        and same_key(read.key, call.key)
        and read.site.node.lineno < call.site.node.lineno
        for read in calls
    )
