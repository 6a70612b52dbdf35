"""Probes: code that only asks whether somebody is there, so that connecting, or failing, is the purpose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.pooling.retention import Retention
from flake8_scalability.model.sites import CallSite

#: Methods that only see whether the other side answers, and those that end a connection.
_LIVENESS = {"ping", "info", "server_info", "is_connected", "verify_connectivity", "noop"}
_ASKING = {"get", "head"}
_ENDING = {"close", "aclose", "quit", "disconnect", "dispose", "wait_closed", "shutdown"}
#: Functions whose purpose is to see whether a connection can be made, wherever they run.
_TRYING = re.compile(
    r"_*(test|check|verify|validate|try|ping|probe)_(\w+_)?(connect|connections?|connectivity|credentials|access|login|scopes)(_\w+)?|"
    r"_*(test|check|verify|ping|probe)_(db|database|redis|mongo|postgres|mysql|server)|_*(test|ping|probe)|_*test_\w+|"
    r"_*(db|database|redis|mongo\w*|postgres\w*|mysql|server|connection)_test|"
    r"_*(check|verify|probe)_(elastic\w*|es|kafka|rabbit\w*|redis|mongo\w*|postgres\w*)(_(empty|status|up|ready|exists|server))?|"
    r"_*(is|can)_(\w+_)?(alive|reachable|available|connected|connect)"
)
_PROBE = re.compile(
    r"^_*test(_|$)|validate_(.*_)?(token|credential|connection|endpoint|key|config|settings|scope|permission)|health|(^|_)ping(_|$)|"
    r"heartbeat|(^|_)test_(request|call|message)|liveness|readiness|(^|_)alive|(^|_)is_(up|available|ready|online|reachable)|probe|check_connection|"
    r"test_connection|warm_?up",
    re.IGNORECASE,
)
#: Ends of addresses at which a service says whether it is there.
_PROBED = re.compile(r"/(health|healthz|health_?check|ping|status|ready|readyz|readiness|live|livez|liveness)/?$")
_PROBING_PART = re.compile(r"_?(probes?|health|health_?checks?|healthz|liveness|readiness)(\.py)?")
_TRIAL = re.compile("Test(ing)?([A-Z]|$)|CredentialCheck|HealthCheck")


def is_probe(site: CallSite) -> bool:
    """Whether the function asks only whether somebody is there, or whether what a user typed in works."""
    function = site.function
    if function is None:
        return False
    owner = function.owner.name if function.owner is not None else ""
    if _PROBE.search(function.name) is not None or _TRIAL.search(owner) is not None:
        return True
    return any(_is_probed(address) for address in _addresses(site.node, function))


def tries_a_connection(function: Scope) -> bool:
    """Whether a function's name says that it sees whether a connection can be made."""
    return _TRYING.fullmatch(function.name) is not None


def is_in_probes(site: CallSite) -> bool:
    """Whether a file says by its name, or its folder's, that it is there to look whether things are well."""
    return any(_PROBING_PART.fullmatch(part) for part in site.source.path_parts[-2:])


def only_asks_whether_alive(retention: Retention) -> bool:
    """Whether all that is done with a made object is to see that the other side answers."""
    called = {terminal_name(attribute) for attribute in _attributes_of(retention)} - _ENDING
    if not called:
        return False
    if called <= _LIVENESS:
        return True
    asked = list(_asked(retention)) if called <= _ASKING else []
    return bool(asked) and all(map(_is_probed, asked))


def _asked(retention: Retention) -> Iterator[ast.expr]:
    """Yield the addresses that are asked through the object, as they are written or bound in the function."""
    for scope in retention.scopes:
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) in retention.names:
                yield from _addresses(node, retention.function)


def _addresses(call: ast.Call, function: Scope) -> Iterator[ast.expr]:
    """Yield the first argument of a call, or what the function binds to its name."""
    for address in call.args[:1]:
        bound = function.bindings.get(address.id, ()) if isinstance(address, ast.Name) else ()
        yield from [binding.value for binding in bound if binding.value is not None] or [address]


def _is_probed(address: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) and _PROBED.search(part.value) is not None
        for part in walk(address)
    )


def _attributes_of(retention: Retention) -> Iterator[ast.Attribute]:
    """Yield the methods that the function calls on the object, under its names and on the constructing call."""
    parents = retention.site.parents
    chained = parents.get(retention.site.node)
    if isinstance(chained, ast.Await):
        chained = parents.get(chained)
    if isinstance(chained, ast.Attribute):
        yield chained
    for scope in retention.scopes:
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) in retention.names:
                yield node.func
