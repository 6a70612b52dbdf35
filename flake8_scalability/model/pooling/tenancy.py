"""Whose credentials a client carries: the process's own, or those of whoever calls?

A client that speaks for one caller (`OpenAI(api_key=user.key)`) can't be one for all, so that making it anew is right.
"""

from __future__ import annotations

import ast

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.credentials import (
    STEPS,
    constructing,
    credentials_of,
    depends_on_call,
    is_configured,
    is_local,
    logging_in,
    words_of,
)
from flake8_scalability.model.pooling.plug_ins import ClassAttributes
from flake8_scalability.model.pooling.retention import Fate, Retention
from flake8_scalability.model.sites import CallSite

#: Where an HTTP client keeps what the other side gave it to keep.
_COOKIES = frozenset({"cookies", "cookie_jar"})


def speaks_for_caller(site: CallSite) -> bool:
    """Whether an argument that carries credentials comes from the parameters or the data of this call."""
    function = site.function
    if function is None:
        return False
    if any(
        _runs_out(call, function)
        or any(depends_on_call(value, function, STEPS) for value in credentials_of(call, function))
        for call in constructing(site)
    ):
        return True
    return Retention(site).fate is Fate.HANDED_OUT and _callers_log_in(site, function)


def _callers_log_in(site: CallSite, function: Scope) -> bool:
    """Whether one of those that get the object logs in on it as whoever calls: `conn.simple_bind_s(user, password)`."""
    for edge in site.source.graph.into.get(function, ()):
        caller = edge.caller.function
        if caller is None or edge.handed:
            continue
        for call in logging_in(CallSite(edge.node, edge.caller, site.source), caller):
            if any(depends_on_call(value, caller, STEPS) for value in credentials_of(call, caller)):
                return True
    return False


def _runs_out(call: ast.Call, function: Scope) -> bool:
    """Whether a call is given the token of a session that somebody opened for it, which ends after a while."""
    return any(
        (keyword.arg or "").endswith("session_token")
        and not isinstance(keyword.value, ast.Constant)
        and not is_configured(keyword.value, function)
        and any(is_local(word, function) for word in words_of(keyword.value))
        for keyword in call.keywords
    )


def serves_callers_client(site: CallSite) -> bool:
    """Whether what is made is a part of another client, which speaks for one caller: `Client(auth=…, session=…)`."""
    function = site.function
    if function is None:
        return False
    names = Retention(site).names
    owner = function.owner if function.first_parameter else None
    attributes = ClassAttributes(site.source, owner) if owner is not None else None
    for call in function.of(ast.Call):
        assert isinstance(call, ast.Call)
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        if not terminal_name(call.func)[:1].isupper() or not any(
            value is site.node or (isinstance(value, ast.Name) and value.id in names) for value in given
        ):
            continue
        for value in credentials_of(call, function):
            if depends_on_call(value, function, STEPS):
                return True
            if attributes is not None and attributes.come_from_elsewhere(value, function, STEPS):
                return True
    return False


def is_visit(site: CallSite) -> bool:
    """Whether an HTTP client is one visit to a site: the function works with the cookies that it got there."""
    if site.function is None or not any(name.encode() in site.source.vocabulary for name in _COOKIES):
        return False
    names = Retention(site).names
    return any(
        isinstance(node, ast.Attribute) and node.attr in _COOKIES and terminal_name(node.value) in names
        for node in walk(site.function.node)
    )
