"""Finding a row by its access path.  The catalogue's files are merged here, once for each process."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, lru_cache
from typing import NamedTuple, Optional

from flake8_scalability import catalog
from flake8_scalability.catalog.rows import Api, Guard, expand


class Tables(NamedTuple):
    """The whole catalogue by path, with the names by which a call can be recognised before it is resolved.

    methods: the last component of every path
    open_roots: first components of the paths that end in `*`, where any method name may matter
    """

    apis: dict[str, Api]
    guards: dict[str, Guard]
    methods: frozenset[str]
    open_roots: frozenset[str]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the merged catalogue; a path that two rows state is an error of ours."""
    apis: dict[str, Api] = {}
    guards: dict[str, Guard] = {}
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
    names = {path.rpartition(".")[2] for path in (*apis, *guards)} - {"*"}
    roots = {path.partition(".")[0].partition("(")[0] for path in apis if path.endswith(".*")}
    return Tables(apis, guards, frozenset(names), frozenset(roots))


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
