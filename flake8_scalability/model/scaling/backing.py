"""Backing services whose host is written out in code: clients, calls over HTTP, and the regions of cloud stores."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flake8_scalability.catalog import addresses, lookup
from flake8_scalability.catalog.rows import Effect, Place, System, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import upstreams
from flake8_scalability.model.running import developing, programs
from flake8_scalability.model.running.scripts import is_main_guard
from flake8_scalability.model.scaling import configured, host_marks, hosts, own_machine
from flake8_scalability.model.scaling.hosts import Fixed, Host, Written
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.project import environment, leftovers

_OVER_HTTP = frozenset({System.HTTP, System.RPC})
_URL_LIKE = re.compile(r"://|host=|server=", re.IGNORECASE)


def fixed(source: SourceFile) -> list[Fixed]:
    """Return the clients and settings of a file that name a literal host, each literal once."""
    return source.once(_fixed)


def _fixed(source: SourceFile) -> list[Fixed]:
    return list(_all_fixed(source))


def _all_fixed(source: SourceFile) -> Iterator[Fixed]:
    mentioned = "://" in source.text or any(word in source.lexicon for word in addresses.MENTIONS)
    if not mentioned and not (addresses.NUMERIC_END.search(source.text) and addresses.NUMERIC.search(source.text)):
        return
    addressed = host_marks.has_addresses(source)
    clients = _clients(source, addressed)
    settings = host_marks.may_be_set(source, addressed)
    if not (clients or settings) or addresses.STAND_IN.search("/".join(source.path_parts)):
        return
    if addresses.DEFAULTS.fullmatch(Path(source.filename).stem):
        return
    done = source.is_tool or programs.comes_to_an_end(source) or programs.is_straight(source) or programs.asks(source)
    if (done and not source.settings.include_tools) or _is_for_developers(source):
        return
    seen: set[ast.AST] = set()
    for site in clients:
        found = _of_client(site)
        if found is None or site.place is Place.TOOL:
            continue
        if found[1].literal not in seen and _speaks(site):
            seen.add(found[1].literal)
            yield _found(site, found[1].literal, found[0].name, "node" if _is_lone_node(site, *found) else "host")
    if settings:
        yield from configured.in_settings(source, seen)


def _is_for_developers(source: SourceFile) -> bool:
    return not source.settings.no_project and environment.is_for_developers(source.filename)


def _speaks(site: CallSite) -> bool:
    """Whether a call is made in production, as far as the file and its project show."""
    node, scope, source = site.node, site.scope, site.source
    owner = site.function.owner if site.function is not None else None
    if owner is not None and addresses.STAND_IN.search(owner.name):
        return False
    if hosts.in_branch(node, scope, source) or developing.is_for_developers(node, scope, source):
        return False
    return not (_is_otherwise(site) or _is_trial(site) or _is_asked_once(site) or programs.is_by_hand(source))


def _is_otherwise(site: CallSite) -> bool:
    """Whether a client is made where another branch has not made the same one for an address that it has read."""
    if site.api is None or site.api.makes is None:
        return False
    same = [node for node, _ in site.source.calls_by_name.get(terminal_name(site.node.func), ())]
    return any(
        isinstance(parent, ast.If)
        and child in parent.orelse
        and any(node in same for each in parent.body for node in walk(each))
        for child, parent in site.ancestors()
    )


def _is_asked_once(site: CallSite) -> bool:
    """Whether a request is made as the file is run from the top, which prints what came back, or begins with `#!`."""
    is_request = site.api is not None and site.api.makes is None
    if not is_request or site.function is not None:
        return False
    return site.source.text.startswith("#!") or programs.prints_as_loaded(site.source)


def _is_trial(site: CallSite) -> bool:
    """Whether a function is tried by hand: it stands beside a main guard, and nobody calls it or names its module."""
    function, source = site.function, site.source
    if (
        site.place is not Place.LIBRARY
        or function is None
        or source.settings.no_project
        or source.graph.into.get(function)
    ):
        return False
    guarded = any(isinstance(node, ast.If) and is_main_guard(node) for node in source.module.of(ast.If))
    return guarded and not leftovers.is_named(source.filename)


def _found(site: CallSite, literal: ast.Constant, text: str, kind: str) -> Fixed:
    """Return what is found at a call: it stands at the constant where others use that as well."""
    constant = hosts.constant_of(literal, site.source)
    if constant is not None:
        return Fixed(constant, constant.id, text, kind)
    return Fixed(site.node, site.callee + "()", text, kind)


# Clients


def _clients(source: SourceFile, addressed: bool) -> list[CallSite]:
    """Return the calls that may be given an address, in the order of the text.

    In a file whose text has no address of an operator's own, only a client is given one: the name of a host.
    """
    known = (site for site in source.sites if addressed or (site.api is not None and site.api.makes is not None))
    found: dict[ast.AST, CallSite] = {site.node: site for site in known}
    for site in source.sites_named(_holder_names()):
        found.setdefault(site.node, site)
    for name, calls in source.calls_by_name.items() if addressed else ():
        if addresses.CONNECTING.match(name) and not addresses.DESCRIBING.search(name):
            for node, scope in calls:
                if _may_hold_url(node):
                    found.setdefault(node, source.site(node, scope))
    return sorted(found.values(), key=lambda site: (site.node.lineno, site.node.col_offset))


def _may_hold_url(call: ast.Call) -> bool:
    """Whether a call of something unknown is worth a closer look: one of its arguments may well be a URL."""
    for node in (*call.args[:2], *(keyword.value for keyword in call.keywords)):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Name) and node.id.isupper()):
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "://" in node.value:
            return True
    return False


@cache
def _holders() -> dict[str, System]:
    return {path: system for patterns, system in addresses.HOLDERS.items() for path in expand(patterns)}


@cache
def _holder_names() -> frozenset[str]:
    return lookup.last_names(_holders())


def _of_client(site: CallSite) -> tuple[Host, Written] | None:
    """Return the host that a call is given, where it is one of the operator's own that is written out."""
    row = site.api
    if row is not None and row.makes is None and row.system in _OVER_HTTP and row.effect is not Effect.NONE:
        return _of_request(site)
    systems = {_holders().get(path) for path in site.paths}
    system = row.system if row is not None and row.makes is not None else systems.pop() if len(systems) == 1 else None
    found = [each for each in _given(site, system) if _concerns(each[0], system)]
    if not found:
        return None
    if (
        own_machine.is_without_network(site)
        or own_machine.names_site(site)
        or own_machine.is_behind_tunnel(site, found[0][0], found[0][1].text)
        or own_machine.manages_processes(found[0][0], site.source)
    ):
        return None
    if system not in addresses.STORES and found[0][0].is_local and own_machine.has_open_port(site, found[0][1].text):
        return None
    return found[0]


def _of_request(site: CallSite) -> tuple[Host, Written] | None:
    given = upstreams.address(site)
    text = hosts.written(given.value, given.scope, site.source) if given.value is not None and given.scope else None
    host = hosts.named_by(text.text, bare=False) if text is not None else None
    if host is None or text is None or host.scheme not in addresses.WEB_SCHEMES or not host.is_private:
        return None
    if own_machine.is_helper(host, text.text) or hosts.is_own_server(host, text.text, site.source):
        return None
    receiver = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    made = site.source.resolver.values(receiver, site.scope) if receiver is not None else ()
    for value in made:
        if value.call is None or value.scope is None:
            continue
        if own_machine.is_without_network(CallSite(value.call, value.scope, site.source)):
            return None
    return host, text


def _concerns(host: Host, system: System | None) -> bool:
    """Whether a host is one of the operator's own: every one of a store, a private one of another service."""
    if host.scheme in addresses.SCHEMES:
        return True
    if system is None or (host.scheme and host.scheme not in addresses.WEB_SCHEMES):
        return False
    return system in addresses.STORES or host.is_private


def _is_lone_node(site: CallSite, host: Host, written: Written) -> bool:
    """Whether the client takes many nodes and is given one with a name: a single point of failure (SCL901)."""
    if not hosts.is_one_node(host, written.text):
        return False
    roots = {lookup.root_of(path) for path in site.paths}
    if roots.isdisjoint(addresses.CLUSTERED.split()):
        return host.scheme in addresses.CLUSTERED_SCHEMES and not roots.isdisjoint(addresses.TAKING_MANY.split())
    return len(list(_given(site, System.BROKER))) == 1


def _given(site: CallSite, system: System | None) -> Iterator[tuple[Host, Written]]:
    """Yield the hosts among the arguments of a call, and in the objects that are made for it there."""
    for number, value in enumerate(site.node.args[:2]):
        bare = system is not None and number == 0 and _is_host_position(site)
        yield from _hosts_in(value, site, system, bare)
    names = {keyword.arg for keyword in site.node.keywords}
    for keyword in site.node.keywords:
        if keyword.arg in addresses.PARAMETERS:
            yield from _hosts_in(
                keyword.value, site, system, bare=system is not None and keyword.arg in addresses.NAMING
            )
    if None in names and system is not None:
        for name in addresses.PARAMETERS:
            argument = site.argument(name)
            if name not in names and argument.value is not None and argument.scope is not None:
                where = CallSite(site.node, argument.scope, site.source)
                yield from _hosts_in(argument.value, where, system, bare=name in addresses.NAMING)


def _is_host_position(site: CallSite) -> bool:
    """Whether the first positional argument is a host: it is followed by a port, or is this machine."""
    if len(site.node.args) > 1:
        port = arguments.constant(site.node.args[1], site.scope)
        if port is not None and isinstance(port.value, int) and not isinstance(port.value, bool):
            return True
    found = hosts.written(site.node.args[0], site.scope, site.source)
    host = hosts.named_by(found.text, bare=True) if found is not None else None
    return host is not None and (host.is_local or re.search(r":\d+$", found.text if found else "") is not None)


def _hosts_in(node: ast.expr, site: CallSite, system: System | None, bare: bool) -> Iterator[tuple[Host, Written]]:
    scope, source = site.scope, site.source
    if isinstance(node, ast.Name):
        binding = hosts.binding_of(node, scope, source)
        if binding is not None and isinstance(binding.value, (ast.List, ast.Tuple, ast.Dict)):
            if not hosts.always_holds(binding, source):
                return
            node, scope = binding.value, binding.scope
    for key, _, value in hosts.literals_in(node):
        if key and key not in addresses.PARAMETERS:
            continue
        found = hosts.written(value, scope, source)
        if found is None or (not bare and not key and not _URL_LIKE.search(found.text)):
            continue
        host = hosts.named_by(found.text, bare or key in addresses.NAMING)
        if host is not None and (system is not None or host.scheme in addresses.SCHEMES):
            yield host, found


# Regions


def regions(source: SourceFile) -> Iterator[Fixed]:
    """Yield the cloud clients that keep what the application stores, in one literal region.

    Where a function makes another client of the same service for a region that it has read, the literal one is meant.
    """
    given: dict[tuple[str, Scope | None], list[tuple[CallSite, Written | None]]] = {}
    for site in source.sites:
        row = site.api
        if row is None or row.system is not System.CLOUD or row.makes is None or site.place is Place.TOOL:
            continue
        service = arguments.constant(site.node.args[0], site.scope) if site.node.args else None
        region = site.argument("region_name")
        if service is not None and service.value in addresses.REGIONAL and region.value is not None and region.scope:
            text = hosts.written(region.value, region.scope, source)
            given.setdefault((str(service.value), site.function), []).append((site, text))
    seen: set[ast.AST] = set()
    for site, text in (each for clients in given.values() if all(text for _, text in clients) for each in clients):
        if text is None or text.literal in seen or not addresses.REGION.fullmatch(text.text):
            continue
        if _speaks(site) and not _is_stand_in(site):
            seen.add(text.literal)
            yield _found(site, text.literal, text.text, "region")


def _is_stand_in(site: CallSite) -> bool:
    """Whether a client is one of a store that stands in for the cloud's: at an address, with a key for show.

    Such a store takes every region.
    """
    key = site.argument("aws_secret_access_key")
    literal = arguments.constant(key.value, key.scope) if key.value is not None and key.scope is not None else None
    address = site.argument("endpoint_url").value
    return literal is not None and bool(literal.value) and address is not None
