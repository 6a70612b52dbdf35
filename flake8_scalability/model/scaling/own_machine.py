"""Addresses that are this very machine's by their purpose: a helper that was started here, a socket, the supervisor.

For those `localhost` is no service that could be moved.
"""

from __future__ import annotations

import ast

from flake8_scalability.catalog import addresses
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.scaling.hosts import Host
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile


def is_without_network(site: CallSite) -> bool:
    """Whether a client is given what takes the place of the network: a socket of this machine, an application."""
    return any(site.argument(name).given is not Given.ABSENT for name in addresses.WITHOUT_NETWORK)


def names_site(site: CallSite) -> bool:
    """Whether a client says to which site of its host it speaks: the proxy in front of them is one of this machine."""
    headers = site.argument("headers").value
    return isinstance(headers, ast.Dict) and any(
        isinstance(key, ast.Constant) and str(key.value).lower() == "host" for key in headers.keys
    )


def manages_processes(host: Host, source: SourceFile) -> bool:
    """Whether a host is this machine, and the file asks its process manager: which is one for each machine."""
    if not host.is_local or not any(word in source.lexicon for word in addresses.PROCESS_MANAGERS):
        return False
    return any(
        isinstance(node.func, ast.Attribute) and terminal_name(node.func.value) in addresses.PROCESS_MANAGERS
        for calls in source.calls_by_name.values()
        for node, _ in calls
    )


def is_behind_tunnel(site: CallSite, host: Host, text: str) -> bool:
    """Whether a host is this machine, at a port that a tunnel of the file has opened to the one that is meant."""
    opens = any(word in site.source.text for word in addresses.OPENED_PORTS)
    return opens and host.is_local and has_open_port(site, text)


def is_helper(host: Host, text: str) -> bool:
    """Whether a host is this machine with a port that is not written out: a program that was started for this one."""
    return host.is_local and "{}" in text.partition(host.name)[2].partition("/")[0]


def has_open_port(site: CallSite, text: str) -> bool:
    """Whether a client is given a port that is not written out."""
    if "{}" in text:
        return True
    port = site.node.args[1] if len(site.node.args) > 1 else site.argument("port").value
    return port is not None and arguments.constant(port, site.scope) is None
