"""Finding a row by its access path.  The catalogue's files are merged here, once for each process."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from flake8_scalability import catalog
from flake8_scalability.catalog import pool_settings
from flake8_scalability.catalog.rows import Api, Guard, Lease, Sizing, Switch, expand


class Tables(NamedTuple):
    """The whole catalogue by path, with the names by which a call can be recognised before it is resolved.

    methods: the last component of every path, by its first component, the root
    open_roots: first components of the paths that end in `*`, where any method name may matter
    fetchers: rows that hold only where the first argument is a URL (`FETCHES_URL`)
    only_if: argument of the receiver's constructor without which a call does not wait (`ONLY_IF`)
    alarms: calls that ask for a signal, which ends a wait (`ALARMS`)
    items: objects whose attributes are items, with those attributes of theirs that are none (`ITEMS_BY_ATTRIBUTE`)
    """

    apis: dict[str, Api]
    guards: dict[str, Guard]
    methods: dict[str, frozenset[str]]
    open_roots: frozenset[str]
    fetchers: dict[str, Api]
    only_if: dict[str, str]
    alarms: frozenset[str]
    items: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the merged catalogue; a path that two rows state is an error of ours."""
    apis: dict[str, Api] = {}
    guards: dict[str, Guard] = {}
    fetchers: dict[str, Api] = {}
    only_if: dict[str, str] = {}
    alarms: set[str] = set()
    itemised: list[str] = []
    for info in pkgutil.iter_modules(catalog.__path__):
        module = importlib.import_module(f"{catalog.__name__}.{info.name}")
        for row in getattr(module, "ROWS", ()):
            for path in expand(row.paths):
                assert path not in apis, f"{path} is stated twice"
                apis[path] = row
        for guard in getattr(module, "GUARDS", ()):
            for path in expand(guard.paths):
                assert path not in guards, f"{path} is stated twice"
                guards[path] = guard
        for row in getattr(module, "FETCHES_URL", ()):
            fetchers.update(dict.fromkeys(expand(row.paths), row))
        for patterns, name in getattr(module, "ONLY_IF", {}).items():
            only_if.update(dict.fromkeys(expand(patterns), name))
        for patterns in getattr(module, "ALARMS", ()):
            alarms.update(expand(patterns))
        itemised += expand(getattr(module, "ITEMS_BY_ATTRIBUTE", ""))
    methods: dict[str, set[str]] = {}
    for path in (*apis, *guards, *fetchers):
        methods.setdefault(root_of(path), set()).add(path.rpartition(".")[2])
    return Tables(
        apis,
        guards,
        {root: frozenset(names) for root, names in methods.items()},
        frozenset(root_of(path) for path in apis if path.endswith(".*")),
        fetchers,
        only_if,
        frozenset(alarms),
        {owner: _attributes(owner, apis) for owner in itemised},
    )


def _attributes(owner: str, paths: Iterable[str]) -> frozenset[str]:
    """Return the attributes of `owner` through which some of the paths lead."""
    below = (path[len(owner) + 1 :] for path in paths if path.startswith(owner + "."))
    return frozenset(re.split(r"\W", rest, maxsplit=1)[0] for rest in below)


def root_of(path: str) -> str:
    """Return the first component of a path: "requests" of `requests.Session().get`."""
    return path.partition(".")[0].partition("(")[0]


@cache
def root_words() -> frozenset[bytes]:
    """Return the libraries of the catalogue, as the vocabulary of a file has them."""
    return frozenset(name.encode() for name in tables().methods)


@lru_cache(maxsize=1024)
def methods_below(roots: frozenset[str]) -> frozenset[str]:
    """Return the names under which something is called that is reached from one of these roots."""
    methods = tables().methods
    return frozenset().union(*(methods[root] for root in roots if root in methods))


def api(path: str) -> Api | None:
    """Return the row for a path, that of its own before that of `*` on the same receiver; None where there is none."""
    apis = tables().apis
    row = apis.get(path)
    if row is None and "." in path:
        row = apis.get(path.rpartition(".")[0] + ".*")
    return row


def guard(path: str) -> Guard | None:
    """Return the guard for a path, None where there is none."""
    return tables().guards.get(path)


def fetcher(path: str) -> Api | None:
    """Return the row that holds for a call of `path` whose first argument is a URL; None where there is none."""
    return tables().fetchers.get(path)


def is_item(path: str, attribute: str) -> bool:
    """Whether an attribute of the object at `path` is an item of it: `client.shop` for `client["shop"]`."""
    known = tables().items.get(path)
    return known is not None and attribute not in known and not attribute.startswith("_")


def waits_only_if(path: str) -> str:
    """Return the argument of the receiver's constructor without which a call does not wait; "" where it always may."""
    return tables().only_if.get(path, "")


def alarms() -> frozenset[str]:
    """Return the paths of the calls that ask for a signal."""
    return tables().alarms


@cache
def alarm_names() -> frozenset[str]:
    """Return the last components of those paths."""
    return frozenset(path.rpartition(".")[2] for path in alarms())


@lru_cache(maxsize=1)
def switches() -> dict[str, tuple[Switch, ...]]:
    """Return the switches of each path that has some."""
    found: dict[str, tuple[Switch, ...]] = {}
    for row in pool_settings.SWITCHES:
        for path in expand(row.paths):
            found[path] = (*found.get(path, ()), row)
    return found


@lru_cache(maxsize=1)
def sizings() -> dict[str, Sizing]:
    """Return the sizing of each path that has one."""
    return {path: row for row in pool_settings.SIZINGS for path in expand(row.paths)}


@lru_cache(maxsize=1)
def leases() -> dict[str, Lease]:
    """Return the lease of each path whose call takes one."""
    return {path: row for row in pool_settings.LEASES for path in expand(row.paths)}


@lru_cache(maxsize=1)
def switch_names() -> frozenset[str]:
    """Return the names under which something is called that has a switch."""
    return last_names(switches())


@lru_cache(maxsize=1)
def sizing_names() -> frozenset[str]:
    """Return the names under which something is called that has a sizing."""
    return last_names(sizings())


@lru_cache(maxsize=1)
def adapter_names() -> frozenset[str]:
    """Return the names under which an adapter with a number of connections is made."""
    return last_names(pool_settings.ADAPTERS)


def last_names(paths: Iterable[str]) -> frozenset[str]:
    """Return the last components of paths, by which a call can be recognised before it is resolved."""
    return frozenset(path.rpartition(".")[2].rstrip("()") for path in paths)


def is_fluent(path: str) -> bool:
    """Whether methods without a row of their own return the receiver again: a builder."""
    return path.endswith(")") and _builder(path)


@cache
def _fluent_results() -> frozenset[str]:
    return frozenset(row.returns or path + "()" for path, row in tables().apis.items() if row.fluent)


def _builder(path: str) -> bool:
    return path in _fluent_results()


def returned(path: str) -> str:
    """Return the path of what a call of `path` gives: `redis.Redis()` for `redis.client.StrictRedis`."""
    row = tables().apis.get(path)
    return row.returns if row is not None and row.returns else path + "()"
