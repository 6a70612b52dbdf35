"""Endpoints that nothing holds back, gathered so that a file of forty gives one finding and not forty."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import endpoint_frameworks as known
from flake8_scalability.catalog import limiters
from flake8_scalability.catalog.endpoint_kinds import ASKS_OPERATOR, BY_OPERATORS, WRITING, Kind, KindRow
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.limits import endpoint_work, rate_limits
from flake8_scalability.model.limits.callers import Callers, asks_by_itself, callers_of, definitions, stands_in
from flake8_scalability.model.limits.endpoints import Endpoint, may_have_endpoints
from flake8_scalability.model.limits.kept_work import found_done
from flake8_scalability.model.limits.limits_elsewhere import limited_elsewhere
from flake8_scalability.model.limits.proofs import proves_himself, was_sent_a_link
from flake8_scalability.project import root

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: So many endpoints of one router, none of which stands out, are a finding at the router.
MANY = 4


#: So many endpoints of a file that do the same are one finding, where it is not that each is a door of its own.
ALIKE = 3
_IN_GROUPS = frozenset({Kind.UPLOAD, Kind.SEARCH, Kind.RETRIEVAL, Kind.REPORT, Kind.COMPUTE, Kind.DOCUMENT, Kind.SLOW})
#: What users of a service do by hand, and strangers with programs.
_FOR_STRANGERS = frozenset({Kind.UPLOAD, Kind.SEARCH, Kind.RETRIEVAL})


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
    held = source.project_says(Fact.LIMITS_DOORS) if any(map(_is_door, (row for _, row in found))) else False
    for each, row in found:
        if not (held and _is_door(row)) and (row is None or row.kind is not Kind.LOGIN or not guarded):
            yield each


def _is_door(row: KindRow | None) -> bool:
    return row is not None and row.kind in (Kind.LOGIN, Kind.ACCOUNT)


def _of_file(source: SourceFile) -> Iterator[tuple[Unlimited, KindRow | None]]:
    if source.settings.gateway_limits or stands_in(source):
        return
    if not may_have_endpoints(source) or source.project_says(Fact.LIMITS_ALL_CALLERS):
        return
    left = [
        endpoint
        for endpoint in source.endpoints
        if not endpoint_work.is_trivial(endpoint, source) and not rate_limits.is_limited(endpoint, source)
    ]
    if not left or rate_limits.limits_everything(source):
        return
    tells_apart = _tells_apart(left, source)
    rest: dict[str, list[Endpoint]] = {}
    alike: dict[KindRow, list[Endpoint]] = {}
    for endpoint in left:
        row = endpoint_work.purpose(endpoint, source)
        if row is not None and row.kind in _FOR_STRANGERS and not _asks_callers(source):
            continue
        callers = callers_of(endpoint, source)
        if row is not None and not _concerns(row, callers, endpoint, source):
            row = None
        unknown = row is None and callers is Callers.ANYONE and _serves_programs(endpoint, source)
        if unknown and not tells_apart and not endpoint_work.asks_others(endpoint, source):
            continue
        if (row is None and not unknown) or limited_elsewhere(endpoint, source):
            continue
        if row is not None:
            alike.setdefault(row, []).append(endpoint)
        else:
            rest.setdefault(endpoint.receiver, []).append(endpoint)
    for row, those in alike.items():
        if len(those) >= ALIKE and row.kind in _IN_GROUPS:
            yield _at(those[0], f"(and {_named(those[1:])}) {row.says} with ", source), row
        else:
            yield from ((_at(endpoint, row.says + " with ", source), row) for endpoint in those)
    for receiver, served in rest.items():
        few = len(served) < MANY
        others = [each for each in served if not (few and endpoint_work.is_light(each, source))]
        if not others:
            continue
        # What changes something is worse than what reads.
        others.sort(key=lambda endpoint: endpoint.methods == frozenset({"GET"}))
        yield _of_router(receiver, others, source), None


def _tells_apart(left: list[Endpoint], source: SourceFile) -> bool:
    """Whether it means something that an endpoint of the file asks nobody who he is.

    It does where others of the file ask or are limited, where the whole application stands there, or where there is no
    more to see than the file.  Of a project's routers that all ask nobody, the network or a gateway keeps callers away.
    """
    if source.settings.no_project or root.of(source.filename) is None:
        return True
    if any(rate_limits.is_limited(each, source) for each in source.endpoints):
        return True
    made = (value for name in {each.receiver for each in left} for value in definitions(name, source))
    return any(
        isinstance(value, ast.Call) and terminal_name(value.func) in known.APPLICATIONS for value in made
    ) or any(callers_of(each, source) is not Callers.ANYONE for each in left)


def _concerns(row: KindRow, callers: Callers, endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether what an endpoint is for needs a limit where these are its callers.

    Who is logged in has an account, sets up his own code, and seldom searches or sends files faster than by hand; that
    others wait while his work is done is another defect.  Nor does he send many of the mails that say what he did.
    """
    if (row.locked_out or row.kind is Kind.MAIL) and was_sent_a_link(endpoint, source):
        return False
    if row.kind is Kind.LOGIN:
        # Where operators log in is open to all who try; what they log in elsewhere is not.
        return not asks_by_itself(endpoint, ASKS_OPERATOR)
    if found_done(row, endpoint):
        return False
    if callers is Callers.ANYONE:
        return True
    if callers is Callers.OPERATORS:
        return False
    if callers is Callers.SOMEBODY and row.kind is not Kind.MAIL:
        return True
    if row.kind is Kind.ACCOUNT:
        # That all have to be logged in does not hold for who has forgotten his password.
        shut = asks_by_itself(endpoint) or asks_by_itself(endpoint, BY_OPERATORS)
        return row.locked_out and not proves_himself(endpoint, source) and not shut
    if row.kind is Kind.MAIL:
        return endpoint_work.sends_anywhere(endpoint, source)
    return row.kind not in (Kind.UPLOAD, Kind.SEARCH, Kind.RETRIEVAL, Kind.SLOW)


def _asks_callers(source: SourceFile) -> bool:
    """Whether some endpoint of the project asks who calls, which tells those apart that do not.

    A service that asks nobody anywhere is run for a few, or lies behind one that asks.
    """
    if source.settings.no_project or root.of(source.filename) is None:
        return True
    return source.text_says(Fact.ASKS_CALLERS) or source.project_says(Fact.ASKS_CALLERS)


def _serves_programs(endpoint: Endpoint, source: SourceFile) -> bool:
    return (
        not _shows_a_page(endpoint, source)
        and not endpoint_work.is_called_back(endpoint, source)
        and endpoint_work.does_work(endpoint, source)
    )


def _shows_a_page(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint only reads what a person then looks at: a crawler is held back elsewhere."""
    if endpoint.methods and not endpoint.methods.isdisjoint(WRITING):
        return False
    if endpoint.function is None:
        return endpoint.framework not in known.API_FRAMEWORKS
    words = source.words(endpoint.function)
    if "POST" in words.texts or any(node.attr in ("POST", "FILES", "body") for node in words.attributes):
        return False
    return any(_is_page(node) for scope in endpoint.function.walk() for node in scope.of(ast.Return))


def _is_page(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Return) else None
    if isinstance(value, ast.Await):
        value = value.value
    if not isinstance(value, ast.Call):
        return False
    made = [value, *(each for each in value.args[:1] if isinstance(each, ast.Call))]
    return any(known.PAGES.search(terminal_name(call.func)) is not None for call in made)


def _at(endpoint: Endpoint, says: str, source: SourceFile) -> Unlimited:
    return Unlimited(endpoint.scope.node, endpoint.name, says, _advice(endpoint, source))


def _of_router(receiver: str, endpoints: list[Endpoint], source: SourceFile) -> Unlimited:
    """Return one finding for the endpoints of a router: where it is made, else, or where they are few, at the first."""
    first = endpoints[0]
    if len(endpoints) == 1:
        return _at(first, "has ", source)
    made = [value for value in definitions(receiver, source) if isinstance(value, ast.Call)] if receiver else []
    if made and len(endpoints) >= MANY:
        return Unlimited(made[0], receiver, f"has {len(endpoints)} endpoints with ", _advice(first, source))
    return _at(first, f"and {_named(endpoints[1:])} have ", source)


def _named(endpoints: list[Endpoint]) -> str:
    """Return the name of the first of some endpoints, with how many more there are."""
    more = len(endpoints) - 1
    return f"{endpoints[0].name} + {more} others" if more > 1 else " + ".join(each.name for each in endpoints)


def _advice(endpoint: Endpoint, source: SourceFile) -> str:
    own = source.named_by_project(Fact.OWN_LIMITER)
    if own:
        return f"use {own} here too"
    return limiters.ADVICE.get(endpoint.framework, limiters.OTHERWISE)
