"""Endpoints that nothing holds back, gathered so that a file of forty gives one finding and not forty."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import limiters
from flake8_scalability.catalog.endpoint_kinds import Kind, KindRow
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.limits import endpoint_work, endpoints, rate_limits
from flake8_scalability.model.limits.callers import Callers, callers_of, definitions
from flake8_scalability.model.limits.endpoints import Endpoint

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: So many endpoints of one router, none of which stands out, are one finding at the router.
MANY = 4
#: So many endpoints of one router that stand out for the same reason are one finding as well.
VERY_MANY = 5


class Unlimited(NamedTuple):
    """An endpoint, or a router, without a limit: where, what it is called, what it does, and what to do."""

    node: ast.AST
    name: str
    says: str
    advice: str


def findings_in(source: SourceFile) -> Iterator[Unlimited]:
    """Yield the endpoints and routers of a file that need a limit; nothing where one holds for the whole project."""
    found = list(_of_file(source))
    guarded = any(row.kind is Kind.LOGIN for _, row in found if row is not None) and (
        source.text_says(Fact.LIMITS_LOGINS) or source.project_says(Fact.LIMITS_LOGINS)
    )
    for each, row in found:
        if row is None or row.kind is not Kind.LOGIN or not guarded:
            yield each


def _of_file(source: SourceFile) -> Iterator[tuple[Unlimited, KindRow | None]]:
    if source.settings.gateway_limits:
        return
    if not endpoints.may_have_endpoints(source) or source.project_says(Fact.LIMITS_ALL_CALLERS):
        return
    left = [
        endpoint
        for endpoint in source.endpoints
        if not endpoint_work.is_trivial(endpoint, source) and not rate_limits.is_limited(endpoint, source)
    ]
    if not left or rate_limits.limits_everything(source):
        return
    rest: dict[str, list[tuple[Endpoint, Callers]]] = {}
    uploads: list[tuple[Endpoint, KindRow]] = []
    for endpoint in left:
        row = endpoint_work.purpose(endpoint, source)
        callers = callers_of(endpoint, source)
        if row is not None and not _concerns(row, callers, endpoint, source):
            row = None
        if callers is Callers.OPERATORS and row is None:
            continue
        if row is not None and row.kind is Kind.UPLOAD and callers is Callers.USERS:
            uploads.append((endpoint, row))
        elif row is not None:
            yield _at(endpoint, row.says + " with ", source), row
        elif endpoint_work.does_work(endpoint, source):
            rest.setdefault(endpoint.receiver, []).append((endpoint, callers))
    grouped = False
    for receiver, others in rest.items():
        # What anyone may call is worst, and what changes something is worse than what reads.
        others.sort(key=lambda pair: (pair[1] is not Callers.ANYONE, pair[0].methods == frozenset({"GET"})))
        many = [each for each, callers in others if callers is Callers.ANYONE or endpoints.is_api(each, source)]
        if len(many) >= MANY:
            grouped = True
            yield _at_router(receiver, many, source), None
        else:
            for endpoint, callers in others:
                if callers is Callers.ANYONE:
                    yield _at(endpoint, "serves anyone with ", source), None
    for endpoint, row in uploads if not grouped else ():
        yield _at(endpoint, row.says + " with ", source), row


def _concerns(row: KindRow, callers: Callers, endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether what an endpoint is for needs a limit where these are its callers.

    Pages for those who are logged in are used by hand; who is logged in has an account, and a code sets up his own.
    """
    if row.kind is Kind.LOGIN or callers is Callers.ANYONE:
        return True
    if row.kind is Kind.ACCOUNT:
        return callers is Callers.SOMEBODY or row.says == "resets passwords"
    if callers is Callers.OPERATORS:
        return False
    return (
        row.kind not in (Kind.UPLOAD, Kind.SEARCH) or callers is Callers.SOMEBODY or endpoints.is_api(endpoint, source)
    )


def _at(endpoint: Endpoint, says: str, source: SourceFile) -> Unlimited:
    return Unlimited(endpoint.scope.node, endpoint.name, says, _advice(endpoint, source))


def _at_router(receiver: str, many: list[Endpoint], source: SourceFile) -> Unlimited:
    """Return one finding for many endpoints: where their router is made, else at the first of them."""
    first = many[0]
    made = [value for value in definitions(receiver, source) if isinstance(value, ast.Call)] if receiver else []
    node = made[0] if made else first.scope.node
    if made:
        return Unlimited(node, receiver, f"has {len(many)} endpoints with ", _advice(first, source))
    return Unlimited(node, first.name, f"and {len(many) - 1} others have ", _advice(first, source))


def _advice(endpoint: Endpoint, source: SourceFile) -> str:
    own = source.named_by_project(Fact.OWN_LIMITER)
    if own:
        return f"use {own} here too"
    return limiters.ADVICE.get(endpoint.framework, limiters.OTHERWISE)
