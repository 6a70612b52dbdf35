"""Limiters whose counts live in one process: those of libraries without a shared store, Django's over a local cache."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from flake8_scalability.catalog import limiter_stores
from flake8_scalability.catalog.limiter_stores import LimiterStore
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.project import environment


@cache
def _stores() -> dict[str, LimiterStore]:
    return {path: row for row in limiter_stores.STORES for path in expand(row.paths)}


def in_process(source: SourceFile) -> Iterator[CallSite]:
    """Yield the constructions of limiters and stores that count in this process."""
    rows = _stores()
    for site in source.sites_named(frozenset(path.rpartition(".")[2] for path in rows)):
        found = [rows.get(path) for path in site.paths]
        if len(found) == 1 and found[0] is not None and site.place is not Place.TOOL and _counts_here(site, found[0]):
            yield site


def _counts_here(site: CallSite, row: LimiterStore) -> bool:
    if row.always:
        return not _is_fallback(site)
    for number, keyword in enumerate(row.keywords):
        argument = site.argument(keyword, row.position if number == 0 else None)
        if argument.given is Given.UNKNOWN:
            return False
        if argument.given is not Given.ABSENT:
            literal = arguments.constant(argument.value, argument.scope)
            return literal is not None and str(literal.value).lower() in limiter_stores.IN_PROCESS
    if site.source.settings.no_project is False and site.source.project_says(Fact.LIMITER_STORE):
        return False
    return not any(name in site.source.text for name in row.settings)


def _is_fallback(site: CallSite) -> bool:
    """Whether the store in memory stands in for a shared one: in a handler of its failure, or a branch."""
    return any(True for _ in site.inside((ast.ExceptHandler, ast.If, ast.IfExp, ast.BoolOp)))


def local_throttles(source: SourceFile) -> Iterator[ast.expr]:
    """Yield the key with which Django settings declare throttles whose counts are in a cache of the process."""
    if "DEFAULT_THROTTLE_RATES" not in source.text:
        return
    declared = _throttles(source)
    if declared is not None and _cache_is_local(source):
        yield declared


def _throttles(source: SourceFile) -> ast.expr | None:
    for node in source.module.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if isinstance(node.value, ast.Dict) and any(getattr(t, "id", "") == "REST_FRAMEWORK" for t in node.targets):
            for key in node.value.keys:
                if isinstance(key, ast.Constant) and key.value == "DEFAULT_THROTTLE_RATES":
                    return key
    return None


def _cache_is_local(source: SourceFile) -> bool:
    """Whether the settings choose a cache of the process; Django's default is one, where no file chooses any."""
    backends = []
    for node in source.module.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if any(getattr(target, "id", "") == "CACHES" for target in node.targets):
            if not isinstance(node.value, ast.Dict):
                return False
            backends += [
                part.value
                for part in ast.walk(node.value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.endswith("Cache")
            ]
    if not source.settings.no_project and environment.sets_elsewhere("CACHES", source.filename):
        return False
    if backends:
        return all(name.rpartition(".")[2] in limiter_stores.DJANGO_LOCAL_CACHES for name in backends)
    return "CACHES" not in source.text and not source.project_says(Fact.CACHE_CHOSEN)
