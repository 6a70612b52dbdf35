"""Settings that name the host of a backing service: a module's constants, Django's mappings, `app.config`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flake8_scalability.catalog import addresses
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import targets
from flake8_scalability.model.language.scopes import Binding, Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.scaling import hosts
from flake8_scalability.model.scaling.hosts import Fixed, Host
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import configuration
from flake8_scalability.project import environment, leftovers, untaken


def in_settings(source: SourceFile, seen: set[ast.AST]) -> Iterator[Fixed]:
    """Yield the settings of a module for production that name a literal host, and that nothing in sight overrides."""
    for scope in source.scopes:
        # What the file is for, and where a scope runs, is asked last: most name no host.
        if not scope.nodes or not any(_in_scope(scope, source, set(seen))):
            continue
        if any(addresses.NOT_PRODUCTION.search(part) for part in _names(source)):
            return
        if any(addresses.FOR_DEVELOPERS.fullmatch(part) for part in source.path_parts[:-1]):
            return
        if not source.settings.no_project and leftovers.is_for_tests_alone(source.filename):
            return
        if source.place(scope).place is not Place.TOOL:
            yield from _in_scope(scope, source, seen)


def _in_scope(scope: Scope, source: SourceFile, seen: set[ast.AST]) -> Iterator[Fixed]:
    for node in scope.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        if node.value is not None:
            for target in targets(node):
                yield from _of_setting(target, node, scope, source, seen)
    for node in scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        if terminal_name(node.func) in ("update", "from_mapping") and _is_configuration(node.func):
            for keyword in node.keywords:
                if keyword.arg is not None:
                    yield from _of_value(keyword.arg, keyword.value, keyword.value, scope, source, seen)


def _names(source: SourceFile) -> list[str]:
    """Return the names of a file and of the two folders around it, as far as they are the project's."""
    return [Path(source.filename).stem, *source.path_parts[-3:-1]]


def _is_configuration(node: ast.expr) -> bool:
    """Whether something is read from, or called on, an application's configuration."""
    return isinstance(node, (ast.Attribute, ast.Subscript)) and terminal_name(node.value) in addresses.CONFIGURATIONS


def _of_setting(
    target: ast.expr, node: ast.Assign | ast.AnnAssign, scope: Scope, source: SourceFile, seen: set[ast.AST]
) -> Iterator[Fixed]:
    value = node.value
    assert value is not None
    if isinstance(target, ast.Name) and scope.function is None and (scope.is_module or scope.is_class):
        if len(scope.bindings.get(target.id, ())) == 1 and _is_setting(target.id, scope):
            found = list(_of_value(target.id, target, value, scope, source, seen))
            # What else the project says is looked for last, since that may mean to read all of it.
            binding = Binding("assign", node, value, scope)
            if not found or not hosts.always_holds(binding, source) or _says_what_production_has(node, source):
                return
            if not _is_overridden(target.id, scope, node, source):
                yield from found
    elif isinstance(target, ast.Subscript) and _is_configuration(target) and isinstance(target.slice, ast.Constant):
        if not hosts.in_branch(node, scope, source) and not _is_read_from_elsewhere(source):
            yield from _of_value(str(target.slice.value), target, value, scope, source, seen)
    elif isinstance(target, ast.Attribute) and _is_configuration(target) and not hosts.in_branch(node, scope, source):
        yield from _of_value(target.attr, target, value, scope, source, seen)


def _says_what_production_has(node: ast.stmt, source: SourceFile) -> bool:
    """Whether the comment above a setting tells what to write there in production: each deployment has its own file."""
    line = node.lineno - 2
    while line >= 0 and source.lines[line].lstrip().startswith("#"):
        if addresses.SPEAKS_OF_PRODUCTION.search(source.lines[line]):
            return True
        line -= 1
    return False


def _is_setting(name: str, scope: Scope) -> bool:
    """Whether a constant may be a setting: those of a module in small letters are Celery's alone."""
    return not scope.is_module or not name.islower() or name in addresses.CELERY_SETTINGS


def _of_value(
    name: str, at: ast.expr, value: ast.expr, scope: Scope, source: SourceFile, seen: set[ast.AST]
) -> Iterator[Fixed]:
    """Yield the literal hosts in the value of a setting; of one entry of a mapping the first."""
    if isinstance(value, ast.Dict):
        if name in addresses.SETTINGS:
            yield from _of_mapping(name, value, scope, source, seen)
        return
    backing = addresses.BACKING_SETTING.search(name) is not None
    naming = backing and name.upper().endswith(addresses.NAMING_ENDINGS)
    for key, _, part in hosts.literals_in(value):
        found = hosts.written(part, scope, source)
        if found is None or found.literal in seen:
            continue
        # Of a node that is described by its parts (`{"scheme": "http", "host": ...}`) one of them is its host.
        host = hosts.named_by(found.text, bare=naming and (not key or key.lower() in addresses.NAMING))
        if host is None or not (host.scheme in addresses.SCHEMES or (backing and host.is_private)):
            continue
        if host.scheme in addresses.WEB_SCHEMES and hosts.is_own_server(host, found.text, source):
            continue
        seen.add(found.literal)
        yield Fixed(at, name, host.name, "node" if _is_lone_node(name, value, host, found.text) else "host")
        return


def _is_lone_node(name: str, value: ast.expr, host: Host, text: str) -> bool:
    """Whether a setting for a store of many nodes, or a broker that has several, names one of them."""
    clustered = addresses.CLUSTERED_SETTING.search(name) is not None or host.scheme in addresses.CLUSTERED_SCHEMES
    return clustered and len(list(hosts.literals_in(value))) == 1 and hosts.is_one_node(host, text)


def _of_mapping(name: str, value: ast.Dict, scope: Scope, source: SourceFile, seen: set[ast.AST]) -> Iterator[Fixed]:
    entries = [(entry, each) for entry, each in zip(value.keys, value.values) if isinstance(each, ast.Dict)]
    for entry, each in entries or [(None, value)]:
        if addresses.WITHIN_PROCESS.search(ast.unparse(each)):
            continue
        label = str(entry.value) + " " if isinstance(entry, ast.Constant) else ""
        for key, at, part in hosts.literals_in(each):
            found = hosts.written(part, scope, source)
            bare = key.upper() in addresses.ADDRESS_KEYS
            host = hosts.named_by(found.text, bare) if found is not None else None
            if found is None or host is None or found.literal in seen:
                continue
            if host.name == found.text and not host.is_local and not key.upper().endswith(addresses.NAMING_ENDINGS):
                continue  # a mere word may be anything: another cache, a folder
            if bare or host.scheme in addresses.SCHEMES:
                seen.add(found.literal)
                lone = addresses.CLUSTERED_SETTING.search(name) is not None and _is_lone_node(
                    name, part, host, found.text
                )
                yield Fixed(at, f"{label}{key}".strip(), host.name, "node" if lone else "host")
                break


def _is_read_from_elsewhere(source: SourceFile) -> bool:
    """Whether the application reads its configuration from the environment or a file as well."""
    return any(
        name in source.text for name in ("from_envvar", "from_pyfile", "from_prefixed_env", "config_from_envvar")
    )


def _is_overridden(name: str, scope: Scope, node: ast.stmt, source: SourceFile) -> bool:
    """Whether other settings replace one: a later `import *`, a statement, a class or module for production."""
    if _is_default_alone(name, source):
        return True
    if scope.is_module:
        if re.search(rf"\b{re.escape(name)}(\[|\.update\()", source.text) and name in addresses.SETTINGS:
            return True
        if configuration.is_overlaid(node, name, source):
            return True
        if _is_taken_by_nobody(name, source):
            return True
        return not source.settings.no_project and _is_default_of_project(name, source.filename)
    others = (each for each in source.scopes if each.is_class and each is not scope)
    if any(addresses.PRODUCTION.search(each.name) and name in each.bindings for each in others):
        return True
    return not source.settings.no_project and environment.reads(name, source.filename)


def _is_default_alone(name: str, source: SourceFile) -> bool:
    """Whether the file uses a constant only where the environment has none: `os.getenv("CACHE_URL", Store.url)`."""
    used: set[ast.AST] = set()
    defaults: set[ast.AST] = set()
    for node in walk(source.tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            if terminal_name(node) == name:
                used.add(node)
        elif isinstance(node, ast.Call) and addresses.READS_ENVIRONMENT.search(ast.unparse(node.func)):
            defaults.update(node.args[1:])
            defaults.update(keyword.value for keyword in node.keywords if keyword.arg == "default")
    return bool(used) and used <= defaults


def _is_taken_by_nobody(name: str, source: SourceFile) -> bool:
    """Whether neither the file nor the project reads a setting, of whose module others import something else."""
    if source.settings.no_project or len(re.findall(rf"\b{re.escape(name)}\b", source.text)) > 1:
        return False
    return untaken.is_untaken(name, source.filename)


def _is_default_of_project(name: str, filename: str) -> bool:
    if environment.reads(name, filename):
        return True
    return addresses.PRODUCTION.search(Path(filename).stem) is None and environment.sets_elsewhere(name, filename)
