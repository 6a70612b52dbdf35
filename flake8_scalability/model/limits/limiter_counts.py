"""Limiters whose counts live in one process: those of libraries without a shared store, Django's over a local cache."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flake8_scalability.catalog import limiter_stores, limiters, state_words
from flake8_scalability.catalog.limiter_stores import LimiterStore
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place, expand
from flake8_scalability.model.language import arguments
from flake8_scalability.model.language.arguments import Given
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import queue_sides
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.model.stateless import limiting_state
from flake8_scalability.model.stateless.roles import Shared
from flake8_scalability.project import environment, root, texts, usage

_COUNTING = frozenset({How.ITEM, How.ADD, How.INCREMENT})


@cache
def _stores() -> dict[str, LimiterStore]:
    return {path: row for row in limiter_stores.STORES for path in expand(row.paths)}


def in_process(source: SourceFile) -> Iterator[CallSite]:
    """Yield the constructions of limiters and stores that count in this process."""
    rows = _stores()
    for site in source.sites_named(frozenset(path.rpartition(".")[2] for path in rows)):
        found = [rows.get(path) for path in site.paths]
        row = found[0] if len(found) == 1 else None
        if (
            row is not None
            and site.place is not Place.TOOL
            and _counts_here(site, row)
            and _limits_something(site, row)
        ):
            yield site


def _limits_something(site: CallSite, row: LimiterStore) -> bool:
    """Whether a limiter has limits for everybody, or somebody in the project applies one by its name."""
    source = site.source
    statement = site.statement
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    names = {each.id for each in targets if isinstance(each, ast.Name)}
    if not row.applied_by or not names or queue_sides.is_alone(source):
        return True
    given = [site.argument(keyword, None) for keyword in row.limits]
    if any(
        each.given is Given.UNKNOWN or (each.given is Given.PRESENT and not _is_empty(each.value)) for each in given
    ):
        return True
    applied = any(
        isinstance(call.func, ast.Attribute) and terminal_name(call.func.value) in names
        for method in row.applied_by
        for call, _ in source.calls_by_name.get(method, ())
    )
    return applied or any(word in source.text for word in row.limiting) or _is_applied_elsewhere(names, row, source)


def _is_empty(value: ast.expr | None) -> bool:
    return isinstance(value, (ast.List, ast.Tuple)) and not value.elts


def _is_applied_elsewhere(names: set[str], row: LimiterStore, source: SourceFile) -> bool:
    """Whether a file of the project that has the limiter from this one applies it, or configures limits for all."""
    either = "|".join(map(re.escape, sorted(names)))
    used = re.compile(rf"\b(?:{either})\.(?:{'|'.join(row.applied_by)})\b|\bimport\b[^\n]*\b(?:{either})\s+as\b")
    own = re.compile(rf"^(?:{either})\s*(?::[^=\n]+)?=", re.MULTILINE)
    return any(
        any(word in text for word in row.limiting) or (used.search(text) is not None and own.search(text) is None)
        for text in _others(source)
    )


def _others(source: SourceFile) -> Iterator[str]:
    """Yield the texts of the Python files of the project, tests left out."""
    start = root.of(source.filename)
    if start is not None:
        yield from (text for path, text in texts.of_project(start) if not root.is_test(path, start))


def _counts_here(site: CallSite, row: LimiterStore) -> bool:
    if row.always:
        return not _is_fallback(site)
    for number, keyword in enumerate(row.keywords):
        argument = site.argument(keyword, row.position if number == 0 else None)
        if argument.given is Given.UNKNOWN:
            return False
        if argument.given is not Given.ABSENT:
            literal = arguments.constant(argument.value, argument.scope)
            # What is made where the shared store could not be had stands in for it.
            stands_in = any(True for _ in site.inside((ast.ExceptHandler,))) or _has_shared_twin(site, keyword)
            return literal is not None and str(literal.value).lower() in limiter_stores.IN_PROCESS and not stands_in
    if site.source.settings.no_project is False and site.source.project_says(Fact.LIMITER_STORE):
        return False
    return not any(name in site.source.text for name in row.settings)


def counting(found: Shared) -> Change:
    """Return the change that counts, of all those of a limiter's state: not the one that throws away what is old."""
    added = [each for each in (*found.state.changes, *found.state.inner) if each.how in _COUNTING]
    return next((each for each in (found.change, *added) if not _tidies(each)), found.change)


def counts_callers(found: Shared) -> bool:
    """Whether a limiter written by hand is one of callers, by its name or its keys: a job may have its pauses, too."""
    changes = [each for each in (*found.state.changes, *found.state.inner) if each.how in _COUNTING]
    those = {each.scope.function for each in changes if each.scope.function is not None}
    if (those and not any(map(_may_refuse, _readers(found)))) or _stands_in(found):
        return False
    functions = {each.name for each in those}
    if any(state_words.LIMITER.search(name.lower()) for name in (found.state.name, *functions)):
        return True
    keys = [limiting_state.spelled(each.key, each.scope) for each in changes if each.key is not None]
    return any(limiter_stores.OF_CALLERS.search(text) is not None for key in keys for text in key)


def _readers(found: Shared) -> Iterator[Scope]:
    """Yield the functions of the file that name what is counted."""
    home, name = found.change.scope, found.state.name.rpartition(".")[2]
    while home.parent is not None:
        home = home.parent
    for scope in home.walk():
        if scope.is_function and any(
            isinstance(node, (ast.Name, ast.Attribute)) and terminal_name(node) == name for node in walk(scope.node)
        ):
            yield scope


def _may_refuse(function: Scope) -> bool:
    """Whether a function turns somebody away, or tells its callers whether to, and does not only wait or renew."""
    return any(map(_refuses, walk(function.node)))


def _refuses(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Constant) and node.value == limiters.TOO_MANY):
        return True
    if isinstance(node, ast.Call):
        return limiter_stores.ANSWERING.fullmatch(terminal_name(node.func)) is not None
    return isinstance(node, ast.Return) and _tells(node)


def _tells(node: ast.Return) -> bool:
    """Whether an answer may be that somebody comes too often; who only ever says yes does not say so."""
    value = node.value
    if isinstance(value, ast.Tuple) and value.elts:
        value = value.elts[0]
    if isinstance(value, ast.Dict):
        return any(isinstance(each, ast.Constant) and each.value is False for each in value.values)
    if value is None or (isinstance(value, ast.Call) and terminal_name(value.func) == "len"):
        return True
    no = isinstance(value, ast.Constant) and (value.value is None or value.value is False)
    return no or isinstance(value, (ast.Compare, ast.BoolOp, ast.UnaryOp))


def _stands_in(found: Shared) -> bool:
    """Whether what counts here also counts in Redis, so that the memory is for when that can't be reached."""
    owner = found.state.owner
    return owner is not None and any(
        terminal_name(call.func) in limiter_stores.COUNTING_IN_STORE
        and isinstance(call.func, ast.Attribute)
        and "redis" in terminal_name(call.func.value).lower()
        for method in owner.inner
        for scope in method.walk()
        for call in scope.of(ast.Call)
        if isinstance(call, ast.Call)
    )


def is_asked(found: Shared, source: SourceFile) -> bool:
    """Whether somebody asks a limiter written by hand: a handler, a decorator's function, or another file."""
    function = counting(found).scope.function
    if function is None or queue_sides.is_alone(source):
        return True
    askers = _askers(function, source)
    if any(source.place(each).place > Place.LIBRARY for each in askers):
        return True
    names = {each.name for each in askers if not each.name.startswith("__")}
    decorating = {terminal_name(node.func if isinstance(node, ast.Call) else node) for scope in source.scopes
                  if scope.is_function for node in scope.decorators}  # fmt: skip
    if not names.isdisjoint(decorating) or any(usage.uses_elsewhere(name, source.filename) for name in names):
        return True
    module = re.escape(Path(source.filename).stem)
    renamed = re.compile(rf"\b{module}\b[ \t]+import\b[^\n]*\b(?:{'|'.join(names)})\s+as\b") if names else None
    return renamed is not None and any(renamed.search(text) is not None for text in _others(source))


def _askers(function: Scope, source: SourceFile) -> set[Scope]:
    """Return a function with those that call it, or hold it inside, directly or not."""
    found, todo = {function}, [function]
    while todo:
        current = todo.pop()
        around = current.parent.function if current.parent is not None else None
        for asker in (around, *(edge.caller.function for edge in source.graph.into.get(current, ()))):
            if asker is not None and asker not in found:
                found.add(asker)
                todo.append(asker)
    return found


def _has_shared_twin(site: CallSite, keyword: str) -> bool:
    """Whether the function makes the same limiter over a shared store, too, and this one where that is away."""
    name = terminal_name(site.node.func)
    twins = (
        given.value
        for node, scope in site.source.calls_by_name.get(name, ())
        if node is not site.node and site.function is not None and scope.function is site.function
        for given in node.keywords
        if given.arg == keyword
    )
    return any(
        not (isinstance(each, ast.Constant) and str(each.value).lower() in limiter_stores.IN_PROCESS) for each in twins
    )


def _tidies(change: Change) -> bool:
    function = change.scope.function
    return function is None or limiter_stores.TIDYING.search(function.name) is not None


def _is_fallback(site: CallSite) -> bool:
    """Whether the store in memory stands in for a shared one: in a handler of its failure, or a branch."""
    return any(True for _ in site.inside((ast.ExceptHandler, ast.If, ast.IfExp, ast.BoolOp)))


def local_throttles(source: SourceFile) -> Iterator[ast.expr]:
    """Yield the key with which Django settings declare throttles whose counts are in a cache of the process."""
    if "DEFAULT_THROTTLE_RATES" not in source.text:
        return
    declared = _throttles(source)
    if declared is not None and _cache_is_local(source):
        yield declared


def _throttles(source: SourceFile) -> ast.expr | None:
    for node in source.module.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if isinstance(node.value, ast.Dict) and any(getattr(t, "id", "") == "REST_FRAMEWORK" for t in node.targets):
            for key in node.value.keys:
                if isinstance(key, ast.Constant) and key.value == "DEFAULT_THROTTLE_RATES":
                    return key
    return None


def _cache_is_local(source: SourceFile) -> bool:
    """Whether the settings choose a cache of the process; Django's default is one, where no file chooses any."""
    backends = []
    for node in source.module.of(ast.Assign):
        assert isinstance(node, ast.Assign)
        if any(getattr(target, "id", "") == "CACHES" for target in node.targets):
            if not isinstance(node.value, ast.Dict):
                return False
            backends += [
                part.value
                for part in walk(node.value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.endswith("Cache")
            ]
    if not source.settings.no_project and (
        environment.sets_elsewhere("CACHES", source.filename) or environment.is_overlaid(source.filename)
    ):
        return False
    if backends:
        return all(name.rpartition(".")[2] in limiter_stores.DJANGO_LOCAL_CACHES for name in backends)
    return "CACHES" not in source.text and not source.project_says(Fact.CACHE_CHOSEN)
