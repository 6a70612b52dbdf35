"""How often a call can run at all: set-ups and log-ins happen once, and a cache or a file answers the next time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience.sleeps import names_in
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope

#: Functions that connect one account or device, once, on somebody's click.
_SETUP = re.compile(
    r"(^|_)(set_?up|(un)?install|provision|onboard|(un)?register|configure|enable|disable)_|"
    r"(^|_)(create|add|delete|remove|set|get|update|ensure)_(\w+_)?(web_?hooks?|subscription)(_|$)|"
    r"(^|_)(set_?up|install)$",
    re.IGNORECASE,
)
#: Functions of a log-in, which a person starts and can start again.
_LOGIN = re.compile(
    r"oauth|oidc|saml|(^|_)(sso|login|log_in|sign_?in|sign_?up|callback|exchange|authorize|authenticate|initiali[sz]e)(_|$)|"
    r"(^|_)(access|refresh|id|bearer|csrf|get|fetch|new|renew)_?token(_|$)",
    re.IGNORECASE,
)
_LOGIN_CALLS = frozenset({"fetch_token", "refresh_token", "fetch_access_token", "get_access_token"})
_GRANT = "grant_type"
_CACHE = re.compile(r"cache|memo(ize|ise)", re.IGNORECASE)
_STALE = re.compile(r"cache|expir|stale|fresh|ttl", re.IGNORECASE)
_KEEPING = frozenset({"set", "setex", "add", "put", "set_many", "aset", "store"})
_EXISTS = frozenset({"exists", "isfile", "is_file", "isdir", "is_dir"})


def is_setup(site: CallSite) -> bool:
    """Whether the function, or all that call it here, connect something once: a webhook, an integration."""
    function = site.function
    if function is None:
        return False
    if _SETUP.search(function.name):
        return True
    callers = [edge.caller.function for edge in site.source.graph.into.get(function, ())]
    return bool(callers) and all(caller is not None and _SETUP.search(caller.name) for caller in callers)


def is_login(site: CallSite) -> bool:
    """Whether the call belongs to a person's log-in, or fetches a token that then holds for a while."""
    function = site.function
    if function is None:
        return False
    if _LOGIN.search(function.name) or terminal_name(site.node.func) in _LOGIN_CALLS:
        return True
    return any(_is_grant(node) for node in function.of(ast.Assign, ast.AnnAssign, ast.Return)) or any(
        _is_grant(node) for node in (*site.node.args, *(keyword.value for keyword in site.node.keywords))
    )


def _is_grant(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Constant) and part.value == _GRANT for part in walk(node))


def is_behind_cache(site: CallSite) -> bool:
    """Whether the call runs only when a cache does not hold the answer: the function keeps it, or its callers do."""
    function = site.function
    if function is None:
        return False
    answers, key = site.source.answers, ("is kept", function)
    if key not in answers:
        callers = [edge.caller.function for edge in site.source.graph.into.get(function, ())]
        kept_by_all = bool(callers) and all(caller is not None and _keeps(caller) for caller in callers)
        answers[key] = _keeps(function) or kept_by_all
    return answers[key]


def _keeps(function: Scope) -> bool:
    """Whether a function is cached, keeps what it got in a cache, or asks first whether what it has is stale."""
    for decorator in function.decorators:
        if _CACHE.search(terminal_name(decorator.func if isinstance(decorator, ast.Call) else decorator)):
            return True
    for node in function.of(ast.Call):
        assert isinstance(node, ast.Call)
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in _KEEPING
            and any(_CACHE.search(name) for name in names_in(node.func.value))
        ):
            return True
    return any(_STALE.search(name) for test in _tests(function) for name in names_in(test))


def _tests(function: Scope) -> Iterator[ast.expr]:
    for node in function.of(ast.If):
        assert isinstance(node, ast.If)
        yield node.test


def is_kept_on_disk(site: CallSite) -> bool:
    """Whether what is fetched is written to a file that is looked for before, here or by all callers in the file."""
    if _looks_before(site):
        return True
    edges = site.source.graph.into.get(site.function, ()) if site.function is not None else ()
    return bool(edges) and all(
        not edge.handed and _looks_before(CallSite(edge.node, edge.caller, site.source)) for edge in edges
    )


def _looks_before(site: CallSite) -> bool:
    """Whether a call stands under `if not path.exists():`, in its `else`, or behind what exists: `exists() or …`."""
    for child, parent in site.ancestors():
        if isinstance(parent, ast.If) and child is not parent.test and _looks_for_file(parent.test):
            return True
        if isinstance(parent, ast.BoolOp) and child is not parent.values[0] and _looks_for_file(parent.values[0]):
            return True
    return site.function is not None and any(
        isinstance(branch, ast.If)
        and branch.lineno < site.node.lineno
        and isinstance(branch.body[-1], ast.Return)
        and _looks_for_file(branch.test)
        for branch in site.function.of(ast.If)
    )


def _looks_for_file(test: ast.expr) -> bool:
    return any(isinstance(part, (ast.Attribute, ast.Name)) and terminal_name(part) in _EXISTS for part in walk(test))
