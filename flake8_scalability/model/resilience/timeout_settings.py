"""Bounds that the file sets apart from the call: on its client, on what it makes, for the whole process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import lookup, timeouts
from flake8_scalability.catalog.rows import Deadline
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Value
from flake8_scalability.model.resilience.bounds import receivers
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile


class Setting(NamedTuple):
    """A statement that may bound the waits of an object: `x.timeout = 5`, `x.settimeout(5)`, `x.mount(url, adapter)`.

    owner: the object; None for the whole process
    """

    owner: ast.expr | None
    name: str
    scope: Scope
    given: ast.expr | None
    call: ast.Call | None = None


def settings_in(source: SourceFile) -> Iterator[Setting]:
    """Yield the statements of a file that may bound the waits of an object or of the process."""
    for scope in source.scopes:
        for node in scope.of(ast.Assign):
            assert isinstance(node, ast.Assign)
            for target in node.targets:
                if isinstance(target, ast.Attribute):
                    yield Setting(target.value, target.attr, scope, node.value)
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            name = terminal_name(node.func)
            if name == timeouts.PROCESS_SETTER:
                yield Setting(None, name, scope, node.args[0] if node.args else None)
            elif name in timeouts.SETTERS and isinstance(node.func, ast.Attribute):
                number = timeouts.SETTERS[name]
                yield Setting(
                    node.func.value, name, scope, node.args[number] if len(node.args) > number else None, node
                )


def set_elsewhere(site: CallSite, deadline: Deadline) -> bool:
    """Whether the file bounds the waits of the call's receiver, of the object it makes, or of the whole process."""
    obeys = any(path.partition(".")[0] in timeouts.OBEY_PROCESS_SETTER for path in site.paths)
    for setting in site.source.timeout_settings:
        if setting.owner is None:
            if obeys and not _is_none(setting):
                return True
        elif _counts(setting, site, deadline) and not _is_none(setting) and _concerns(setting, site):
            return True
    return False


def _is_none(setting: Setting) -> bool:
    return isinstance(setting.given, ast.Constant) and setting.given.value is None


def _counts(setting: Setting, site: CallSite, deadline: Deadline) -> bool:
    """Whether a setting's name can bound this kind of call; a session that takes no timeout holds none either."""
    if setting.call is not None:
        return True
    holds = deadline.client if receivers(site) else deadline.keywords
    return setting.name in holds or setting.name in timeouts.SENDERS or setting.name == terminal_name(site.node.func)


def _concerns(setting: Setting, site: CallSite) -> bool:
    """Whether the object that is set is the receiver of the call, its class or module, or what the call makes."""
    assert setting.owner is not None
    known = receivers(site)
    made = lookup.returned(site.values[0].path)
    for value in site.source.resolver.values(setting.owner, setting.scope):
        if value.call is site.node or (not known and value.path == made and value.call is None):
            return True
        if f"{value.path}.{setting.name}" in site.paths:
            return setting.name != "mount" or _adapter_may_time_out(setting, site)
        for receiver in known:
            if value.path + "()" == receiver.path or _may_be_same(value, receiver):
                return setting.name != "mount" or _adapter_may_time_out(setting, site)
    return False


def _may_be_same(value: Value, receiver: Value) -> bool:
    if value.path != receiver.path:
        return False
    return receiver.call is None or value.call is None or value.call is receiver.call


def _adapter_may_time_out(setting: Setting, site: CallSite) -> bool:
    """A mounted adapter bounds the wait unless it is one of a library that has no timeout."""
    values = site.source.resolver.values(setting.given, setting.scope) if setting.given is not None else ()
    return not values or any(
        value.target is not None or value.path not in timeouts.ADAPTERS_WITHOUT_TIMEOUT for value in values
    )
