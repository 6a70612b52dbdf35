"""Objects of cache classes (`TTLCache`, `LRUCache`, a cache on the disk) that live as long as the process."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog.cache_libraries import Keeper
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.caching.memoisers import keepers
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.running.longevity import lives_with_process
from flake8_scalability.model.running.places import Standing

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Names of what is no copy of something else: marks, counts, locks, objects of the process.
_NO_COPIES = re.compile(
    r"throttl|limit|lock|seen|dedup|recent|processed|pending|cooldown|attempt|block|ban|nonce|client|conn|session|"
    r"token_?bucket|counter|task|otp|code|state|queue|flood|warn|template|regex|compiled|router|handler|engine|pool"
)


class CacheObject(NamedTuple):
    """An object of a cache class.

    name: as a user writes it; node: the statement that makes it; row: what is known of its class
    users: the functions of the file that speak of it
    """

    name: str
    node: ast.AST
    path: str
    row: Keeper
    users: tuple[Scope, ...]


@cache
def _last_names() -> frozenset[str]:
    return lookup.last_names(keepers())


def cache_objects(source: SourceFile) -> Iterator[CacheObject]:
    """Yield the cache objects at module or class level, and on instances that live as long as the process."""
    if _last_names().isdisjoint(source.calls_by_name) or source.is_tool:
        return
    for name, bindings in source.module.bindings.items():
        yield from _made(name, name, bindings, source)
    for owner in source.scopes:
        if not owner.is_class:
            continue
        lasting: bool | None = None
        for name, bindings in source.resolver.class_bindings(owner).items():
            found = list(_made(name, f"{owner.name}.{name}", bindings, source))
            if found and bindings[0].scope is not owner:
                lasting = lives_with_process(source, owner) if lasting is None else lasting
                found = found if lasting else []
            yield from found


def _made(name: str, spelled: str, bindings: list[Binding], source: SourceFile) -> Iterator[CacheObject]:
    binding = bindings[0]
    if binding.kind != "assign" or not isinstance(binding.value, ast.Call) or _NO_COPIES.search(name.lower()):
        return
    for path in source.resolver.paths(binding.value.func, binding.scope):
        row = keepers().get(path)
        if row is not None:
            yield CacheObject(spelled, binding.node, path, row, tuple(_users(name, source)))
            return


def _users(name: str, source: SourceFile) -> Iterator[Scope]:
    pattern = re.compile(rf"\b{re.escape(name)}\b")
    for scope in source.scopes:
        node = scope.node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and name in source.text:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if pattern.search("".join(source.lines[first - 1 : node.end_lineno or node.lineno])):
                yield scope


def is_emptied(found: CacheObject, source: SourceFile) -> bool:
    """Whether the file takes entries out of a cache, as where what they copy is changed."""
    name = re.escape(found.name.rpartition(".")[2])
    return re.search(rf"\b{name}\.(pop|clear)\(|\bdel (\w+\.)?{name}\[", source.text) is not None


def serving(found: CacheObject, source: SourceFile) -> Standing | None:
    """Return where requests use an object, the handler they come from included; None where the file shows none."""
    for function in found.users:
        if any(
            terminal_name(node.func if isinstance(node, ast.Call) else node) == "cached" for node in function.decorators
        ):
            continue  # spoken of at the decorator
        standing = source.place(function)
        if standing.place is Place.REQUEST:
            return standing if standing.via is not None else standing._replace(via=function)
    return None
