"""Capacity that is frozen at one: pools, executors and workers with room for a single caller."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import ceilings, lookup
from flake8_scalability.catalog.ceilings import Ceiling
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import targets
from flake8_scalability.model.pooling import databases
from flake8_scalability.model.pooling.databases import Kind
from flake8_scalability.model.running import developing
from flake8_scalability.model.running.longevity import lives_with_process
from flake8_scalability.model.scaling import hosts
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile


class Frozen(NamedTuple):
    """A capacity that stands in the code.

    node: where the finding stands
    how: the call or the setting with its value
    what: what that does, as a sentence goes on
    """

    node: ast.AST
    how: str
    what: str


def ceilings_of(source: SourceFile) -> Iterator[Frozen]:
    """Yield the pools, executors and workers of a file that have room for one, where nothing says that it is meant."""
    for found, scope in (*_pools(source), *_executors(source), *_workers(source), *_settings(source)):
        if speaks(found.node, scope, source):
            yield found


def speaks(node: ast.AST, scope: Scope, source: SourceFile) -> bool:
    """Whether a capacity holds in production, and no comment beside it gives a reason."""
    if source.place(scope).place is Place.TOOL or is_meant(node, source) or _is_described(scope):
        return False
    return not hosts.in_branch(node, scope, source) and not developing.is_for_developers(node, scope, source)


def _is_described(scope: Scope) -> bool:
    """Whether the text of the function around a capacity says how few are wanted."""
    function = scope.function
    said = ast.get_docstring(function.node) if function is not None else None  # type: ignore[arg-type]
    return said is not None and ceilings.DESCRIBED.search(said) is not None


def is_meant(node: ast.AST, source: SourceFile) -> bool:
    """Whether a comment at a node or right above it, or the name that it is given, says that one is what is wanted."""
    assert isinstance(node, (ast.expr, ast.stmt))
    first = node.lineno - 1
    said = [line.partition("#")[2] for line in source.lines[first : node.end_lineno]]
    above = first - 1
    while above >= 0 and source.lines[above].lstrip().startswith("#"):
        said.append(source.lines[above])
        above -= 1
    name = source.lines[first].partition("=")[0]
    return ceilings.MEANT_BY_NAME.search(name) is not None or any(ceilings.MEANT.search(text) for text in said)


@cache
def _by_path(rows: tuple[Ceiling, ...]) -> dict[str, Ceiling]:
    return {path: row for row in rows for path in expand(row.paths)}


@cache
def _names(rows: tuple[Ceiling, ...]) -> frozenset[str]:
    return lookup.last_names(_by_path(rows))


def limited(source: SourceFile, rows: tuple[Ceiling, ...], default: bool = False) -> Iterator[tuple[CallSite, Ceiling]]:
    """Yield the calls that are given a literal 1 by their row; with `default` also those that are given nothing."""
    for site in source.sites_named(_names(rows)):
        found = {_by_path(rows).get(path) for path in site.paths}
        row = found.pop() if len(found) == 1 else None
        if row is None or _is_enough(site, row):
            continue
        given = site.argument(row.keyword, row.position)
        if (default and given.given is Given.ABSENT) or _is(given.value, given.scope, 1):
            yield site, row


def _is_enough(site: CallSite, row: Ceiling) -> bool:
    """Whether the first argument says that one is enough there."""
    return row.unless is not None and bool(site.node.args) and bool(row.unless.search(ast.unparse(site.node.args[0])))


def _is(node: ast.expr | None, scope: Scope | None, number: int) -> bool:
    literal = arguments.constant(node, scope)
    return literal is not None and type(literal.value) is int and literal.value == number


def _spelled(site: CallSite, row: Ceiling) -> str:
    return f"{terminal_name(site.node.func)}({row.keyword}=1)"


# Pools


def _pools(source: SourceFile) -> Iterator[tuple[Frozen, Scope]]:
    """Yield the pools with one connection, but none of embedded databases and of functions that serve one request."""
    pools = list(limited(source, ceilings.POOLS))
    if not pools or any(word in source.text for word in ceilings.ONE_EACH):
        return
    made_anew = {site.node for site in source.fresh}
    for site, row in pools:
        if row.beside is not None:
            name, number = row.beside
            given = site.argument(name)
            if not _is(given.value, given.scope, number):
                continue
        address = site.node.args[0] if site.node.args else None
        if site.node in made_anew or databases.kind_of(address, site.scope, source) is Kind.EMBEDDED:
            continue
        yield Frozen(site.node, _spelled(site, row), row.what), site.scope


# Executors


def _executors(source: SourceFile) -> Iterator[tuple[Frozen, Scope]]:
    """Yield the executors of one thread or process that live with the process and are handed work while serving."""
    found = list(limited(source, ceilings.EXECUTORS))
    anew = {site.node for site in source.fresh} if found else set()
    for site, row in found:
        if site.node in anew or _is_local(site) or _is_one_of_many(site):
            continue
        if _serves(site) or _is_used(site.node, source):
            yield Frozen(site.node, _spelled(site, row), row.what), site.scope


def _is_local(site: CallSite) -> bool:
    """Whether the executor belongs to the call of a function: in its `with`, or in a name of its own."""
    parent = site.parents.get(site.node)
    if isinstance(parent, ast.withitem) or site.function is None or site.place is Place.STARTUP:
        return isinstance(parent, ast.withitem)
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id not in site.function.declared


def _is_one_of_many(site: CallSite) -> bool:
    """Whether the executor belongs to an object of which there may be many, or to a class that stands for one."""
    owner = site.function.owner if site.function is not None else None
    if owner is None or not isinstance(site.parents.get(site.node), (ast.Assign, ast.AnnAssign)):
        return False
    if ceilings.MEANT_BY_CLASS.search(owner.name) or owner not in site.source.graph.instantiations:
        return True
    return not lives_with_process(site.source, owner)


def _serves(site: CallSite) -> bool:
    """Whether the executor is handed to a server or a scheduler: it is what they work with."""
    for _, parent in site.ancestors():
        if isinstance(parent, ast.Call) and terminal_name(parent.func) in ("server", "set_default_executor"):
            return True
        if isinstance(parent, ast.Call) and terminal_name(parent.func).endswith("Scheduler"):
            return True
    return False


def _is_used(made: ast.Call, source: SourceFile) -> bool:
    """Whether a handler or a worker hands work to what a call has made."""
    for name in ceilings.HANDING & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[name]:
            receiver = node.args[0] if name == "run_in_executor" and node.args else getattr(node.func, "value", None)
            if receiver is None or source.place(scope).place not in (Place.REQUEST, Place.WORKER):
                continue
            if any(value.call is made for value in source.resolver.values(receiver, scope)):
                return True
    return False


# Workers


def _workers(source: SourceFile) -> Iterator[tuple[Frozen, Scope]]:
    for site, row in limited(source, ceilings.WORKERS):
        yield Frozen(site.node, _spelled(site, row), row.what), site.scope
    for name in ceilings.COMMANDING & source.calls_by_name.keys():
        for node, scope in source.calls_by_name[name]:
            word = _frozen_command(node) if ceilings.SETTINGS_OF.search(source.text) else ""
            if word:
                yield Frozen(node, f"{name}({word})", "does one task at a time"), scope


def _frozen_command(node: ast.Call) -> str:
    """Return the argument of a command line in a call that leaves one worker; "" where there is none."""
    given = node.args[0] if node.args else node.keywords[0].value if node.keywords else None
    if not isinstance(given, (ast.List, ast.Tuple)):
        return ""
    words = [part.value for part in given.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    pairs = [f"{first} {second}" for first, second in zip(words, words[1:])]
    return next((text for text in (*words, *pairs) if ceilings.COMMAND.search(text)), "")


def _settings(source: SourceFile) -> Iterator[tuple[Frozen, Scope]]:
    """Yield the settings that leave a worker one task at a time, where the number of workers is not what is scaled."""
    if not any(word in source.lexicon for word in ceilings.SETTING_WORDS) or ceilings.ONE_RESERVED.search(source.text):
        return
    found = [each for scope in source.scopes for each in _in_scope(scope, source)]
    if found and not source.project_says(Fact.SCALED_OUT):
        yield from found


def _in_scope(scope: Scope, source: SourceFile) -> Iterator[tuple[Frozen, Scope]]:
    for node in scope.of(ast.Assign, ast.AnnAssign):
        assert isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in targets(node):
            for name, at, value in _named(target, node.value, scope, source):
                if _is(value, scope, 1):
                    yield Frozen(at, f"{name} = 1", "does one task at a time"), scope
    for node in scope.of(ast.Call):
        assert isinstance(node, ast.Call)
        if terminal_name(node.func) == "update" and terminal_name(getattr(node.func, "value", node)) == "conf":
            for keyword in node.keywords:
                if keyword.arg and _is_setting(keyword.arg, source) and _is(keyword.value, scope, 1):
                    yield Frozen(keyword.value, f"{keyword.arg}=1", "does one task at a time"), scope


def _named(
    target: ast.expr, value: ast.expr | None, scope: Scope, source: SourceFile
) -> Iterable[tuple[str, ast.expr, ast.expr]]:
    """Return the settings of workers that an assignment gives, each with where it stands and its value."""
    name = terminal_name(target)
    if value is None or not name:
        return ()
    if name in ceilings.MAPPINGS and isinstance(value, ast.Dict):
        wanted = ceilings.MAPPINGS[name]
        return [(f"{name} {key}", at, part) for key, at, part in hosts.literals_in(value) if key in wanted]
    if scope.is_class and hosts.is_filled(scope, source):
        return ()  # the environment says how many
    if scope.is_class and ceilings.WORKER_CLASSES.search(scope.name) and name in ceilings.WORKER_FIELDS:
        return [(name, target, value)]
    is_global = isinstance(target, ast.Name) and (scope.is_module or scope.is_class)
    is_of_app = isinstance(target, ast.Attribute) and terminal_name(target.value) == "conf"
    return [(name, target, value)] if (is_global or is_of_app) and ceilings.SETTINGS.fullmatch(name) else ()


def _is_setting(name: str, source: SourceFile) -> bool:
    return ceilings.SETTINGS.fullmatch(name) is not None and ceilings.SETTINGS_OF.search(source.text) is not None
