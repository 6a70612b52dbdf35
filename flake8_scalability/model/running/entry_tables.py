"""The catalogue's entries, by what a decorator, base or call is recognised by."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from flake8_scalability.catalog import frameworks
from flake8_scalability.catalog.rows import Entry, expand


class Table(NamedTuple):
    """The entries by what they are recognised by: full path, or last component; the first that fits counts."""

    by_path: dict[str, tuple[Entry, ...]]
    by_name: dict[str, tuple[Entry, ...]]


@cache
def entries(field: str) -> Table:
    """Return the entries by their `decorators`, `bases` or `calls`."""
    table = Table({}, {})
    for entry in frameworks.ENTRIES:
        for path in expand(getattr(entry, field)):
            table.by_path[path] = (*table.by_path.get(path, ()), entry)
            if entry.by_name:
                name = path.rpartition(".")[2]
                table.by_name[name] = (*table.by_name.get(name, ()), entry)
    return table


@cache
def registering_names() -> frozenset[str]:
    """Return the last names of the calls that register something."""
    return frozenset(path.rpartition(".")[2] for path in entries("calls").by_path)


@cache
def decorating_names() -> frozenset[str]:
    """Return the last names of the decorators that register something."""
    return frozenset(path.rpartition(".")[2] for path in entries("decorators").by_path)


@cache
def telling_bases() -> frozenset[str]:
    """Return the last names of the bases that register something; "" is what has no name."""
    return frozenset(path.rpartition(".")[2] for path in entries("bases").by_path) | {""}


@cache
def telling_names() -> frozenset[str]:
    """Return the names of the calls that may register something; "" is the call of a call."""
    return registering_names() | decorating_names() | {""}
