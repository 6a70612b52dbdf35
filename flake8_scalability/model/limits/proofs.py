"""Proofs: what a caller has who can't log in, such as a link that he was sent, or a key that he was given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.catalog import endpoint_kinds as kinds
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits.endpoints import Endpoint
from flake8_scalability.model.running import checks

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Those that may look at what was in a link.
_BEFORE = frozenset({"dispatch", "setup", "get_object", "get_user"})


def was_sent_a_link(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether an endpoint, or what runs in its class before, takes a token that only a letter or a mail has."""
    function, owner = endpoint.function, endpoint.owner
    if _looks_at_a_link(endpoint) or (function is not None and any(map(kinds.SECRETS.search, function.parameters))):
        return True
    asked = [inner for inner in owner.inner if inner.name in _BEFORE] if owner is not None else []
    if function is not None and any(map(kinds.SETS_PASSWORD.search, source.words(function).names)):
        asked.append(function)  # what only sends the token speaks of it, too
    if function is not None and "max_age" in source.words(function).arguments:
        return True  # what was signed for a while
    return any("token" in source.words(each).texts for each in asked)


def _looks_at_a_link(endpoint: Endpoint) -> bool:
    """Whether a view is one of a framework's that looks at the token of a link before all else."""
    node = endpoint.owner.node if endpoint.owner is not None else None
    return isinstance(node, ast.ClassDef) and any(terminal_name(base) in kinds.PROVEN_VIEWS for base in node.bases)


def proves_himself(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a handler itself looks at what the caller proves who he is with, such as a token."""
    return endpoint.function is not None and any(map(kinds.PROVES.fullmatch, source.words(endpoint.function).names))


def is_given_a_secret(endpoint: Endpoint, source: SourceFile) -> bool:
    """Whether a handler takes what only those have who were sent a link, or were given a key."""
    function = endpoint.function
    if _looks_at_a_link(endpoint):
        return True
    return function is not None and (
        any(map(kinds.SECRETS.search, function.parameters))
        or any(map(kinds.PROOFS.fullmatch, source.words(function).texts))
        or any(node.attr == "token" for node in source.words(function).attributes)
    )


def scopes(arguments: ast.arguments) -> Iterator[str]:
    """Yield the scopes that the token of a caller needs: `Security(current_user, scopes=["admin"])`.

    https://fastapi.tiangolo.com/advanced/security/oauth2-scopes/
    """
    for call in walk(arguments):
        if isinstance(call, ast.Call) and terminal_name(call.func) == "Security":
            for keyword in call.keywords:
                if keyword.arg == "scopes":
                    yield from checks.words_in(keyword.value)
