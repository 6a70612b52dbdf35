"""Which backends the settings of Django give to a cache, by the alias under which code asks for it."""

from __future__ import annotations

import re
from functools import lru_cache

from flake8_scalability.catalog import cache_spellings as spelled
from flake8_scalability.project import root, texts

_CACHES = re.compile(r"\bCACHES\b[^=\n]{0,40}=[^=]|[\"']CACHES[\"']")


@lru_cache(maxsize=512)
def backends(alias: str, filename: str) -> frozenset[str]:
    """Return the last names of the backends that the project's settings, tests left out, write under an alias.

    The alias is a text or the name of a constant that stands for it.  Where a backend is read from elsewhere, its
    expression is returned; where no settings are in sight, nothing.
    """
    start = root.of(filename)
    if start is None:
        return frozenset()
    entry = re.compile(rf"\b{re.escape(alias)}[\"']?\s*:\s*\{{[^{{}}]*?[\"']BACKEND[\"']\s*:\s*([^,}}\n]+)")
    found: set[str] = set()
    for path, text in texts.of_project(start):
        if alias in text and _CACHES.search(text) and not root.is_test(path, start):
            found |= {each.strip().strip("\"'").rpartition(".")[2] for each in entry.findall(text)}
    return frozenset(found)


@texts.believed
def asked_by_name(asking: re.Pattern[str], filename: str) -> frozenset[str]:
    """Return the aliases under which a project asks for caches, where it never asks for the default one; else nothing.

    asking: what else in a text asks for the default cache
    """
    start = root.of(filename)
    found: set[str] = set()
    for path, text in texts.of_project(start) if start is not None else ():
        if root.is_test(path, start):
            continue
        if spelled.OTHERWISE.search(text) is not None or asking.search(spelled.FOR_ALIASES.sub("", text)) is not None:
            return frozenset()
        found.update(spelled.BY_ALIAS.findall(text))
    return frozenset() if "default" in found else frozenset(found)
