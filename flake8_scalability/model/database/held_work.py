"""What is done while a transaction or connection is held: calls of other services, sleeps, tasks that are sent."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import transactions as known
from flake8_scalability.catalog.rows import REMOTE, Effect, Place, System
from flake8_scalability.model.batching.tool_callers import only_tools_call
from flake8_scalability.model.database.transactions import Span, ends_before, spans
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.resilience import blocking, sleeps
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Systems whose answer takes milliseconds at best, and as long as they like at worst.
_SLOW = REMOTE | {System.LLM}
_STEPS = 3


class Work(NamedTuple):
    """Work in a stretch.

    at: the call in the function that holds the stretch
    cause: what that leads to, where a function of the file is between
    span: the stretch
    sends: the cause sends a task
    """

    at: CallSite
    cause: CallSite
    span: Span
    sends: bool


def held_work(source: SourceFile) -> Iterator[Work]:
    """Yield the calls that keep a transaction or connection waiting, each once."""
    causes = {site.node: site for site in source.sites if _keeps_waiting(site)}
    sends = {site.node: site for site in _task_sends(source)}
    if not causes and not sends and not known.RECEIVING & source.calls_by_name.keys():
        return
    causes.update((site.node, site) for site in _called(known.RECEIVING, source) if site.is_awaited)
    seen: set[ast.Call] = set()
    told: dict[tuple[ast.AST, bool], tuple[ast.AST, bool]] = {}
    for span in spans(source):
        if source.place(span.scope).place in (Place.TOOL, Place.STARTUP) or known.SERIALISING.search(span.scope.name):
            continue
        found = list(_in(span, source, causes, sends))
        if not found or only_tools_call(span.scope, source):
            continue
        for work in found:
            if work.at.node not in seen and work.cause.node not in seen:
                seen.update((work.at.node, work.cause.node))
                chain, branch = _branch(work.at)
                if told.setdefault((chain, work.sends), branch) == branch:
                    yield work


def _branch(site: CallSite) -> tuple[ast.AST, tuple[ast.AST, bool]]:
    """Return the chain of `if` and `elif` around a call, by its first, and in which of its branches the call is."""
    choices = [node for node in site.inside((ast.If,)) if isinstance(node, ast.If)]
    if not choices:
        return site.node, (site.node, False)
    inner = first = choices[0]
    for outer in choices[1:]:
        if outer.orelse != [first]:
            break
        first = outer
    return first, (inner, bool(inner.orelse) and site.node.lineno >= inner.orelse[0].lineno)


def _in(
    span: Span, source: SourceFile, causes: dict[ast.Call, CallSite], sends: dict[ast.Call, CallSite]
) -> Iterator[Work]:
    for scope in span.scope.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if node in causes and span.holds(node) and _runs(causes[node]):
                yield Work(causes[node], causes[node], span, sends=False)
            elif node in sends and span.opens and span.holds(node) and _has_changed(span, node, source):
                yield Work(sends[node], sends[node], span, sends=True)
        for edge in source.graph.out_of.get(scope, ()):
            if edge.handed or not span.holds(edge.node):
                continue
            cause = _reached(edge.target, source, causes, _STEPS, {span.scope})
            call = source.site(edge.node, edge.caller)
            if cause is not None and _waits(edge.target, call) and not _ends_before(edge, cause, span):
                yield Work(call, cause, span, sends=False)


def _ends_before(edge: Edge, cause: CallSite, span: Span) -> bool:
    """Whether a function that is handed the session ends what it held, or may, before the call that takes long."""
    names = [name for name in edge.target.parameters if name not in ("self", "cls")]
    given = [*zip(names, edge.node.args), *((each.arg, each.value) for each in edge.node.keywords)]
    own = next((name for name, each in given if isinstance(each, ast.Name) and each.id == span.session), None)
    return own is not None and cause.scope in edge.target.walk_same_call() and ends_before(own, edge.target, cause.node)


def _has_changed(span: Span, sent: ast.Call, source: SourceFile) -> bool:
    """Whether something is written in a stretch before a task is sent: else the task can't come too early."""
    first = span.body[0].lineno
    return any(
        first <= node.lineno <= sent.lineno and node is not sent and _changes(node, scope, source)
        for scope in span.scope.walk_same_call()
        for node in scope.of(ast.Call, ast.Assign, ast.AugAssign)
        if isinstance(node, (ast.Call, ast.Assign, ast.AugAssign))
    )


def _changes(node: ast.Call | ast.Assign | ast.AugAssign, scope: Scope, source: SourceFile) -> bool:
    """Whether a call writes, by its name or its statement, or an attribute of something other than `self` is set."""
    if isinstance(node, ast.Call):
        query = source.queries.of(node, scope)
        named = known.CHANGING.match(terminal_name(node.func)) is not None and not _is_in_memory(node, scope, source)
        return named or (query is not None and query.writes)
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    inner = (each.value if isinstance(each, ast.Subscript) else each for each in targets)
    return any(isinstance(each, ast.Attribute) and terminal_name(each.value) not in ("self", "cls") for each in inner)


def _is_in_memory(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call by one of the names that lists, sets and caches have too is made of no session and no row.

    The rows of another are reached through it: `page.tags.add(tag)`.
    """
    if terminal_name(node.func) not in known.OF_COLLECTIONS:
        return False
    if not isinstance(node.func, ast.Attribute):
        return True
    owner = node.func.value
    if known.SESSIONS.search(terminal_name(owner)):
        return False
    row = source.site(node, scope).api
    above = owner.value if isinstance(owner, ast.Attribute) else None
    return (row is not None and row.system is not System.DATABASE) or (
        above is None or (isinstance(above, ast.Name) and above.id in ("self", "cls"))
    )


def _runs(site: CallSite) -> bool:
    """Whether a call is made where it stands: of a coroutine, only where it is awaited."""
    return not site.is_deferred


def _waits(target: Scope, call: CallSite) -> bool:
    if target.is_coroutine:
        return blocking.is_waited_for(call)
    return not blocking.is_generator(target)


def _reached(
    function: Scope, source: SourceFile, causes: dict[ast.Call, CallSite], steps: int, seen: set[Scope]
) -> CallSite | None:
    """Return the first call that keeps its caller waiting in a function, or in those of the file that it calls."""
    if function in seen or not steps or source.places.keeps_its_result(function):
        return None
    seen.add(function)
    for scope in function.walk_same_call():
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if node in causes and _runs(causes[node]):
                return causes[node]
        for edge in source.graph.out_of.get(scope, ()):
            if edge.handed or not _waits(edge.target, source.site(edge.node, edge.caller)):
                continue
            found = _reached(edge.target, source, causes, steps - 1, seen)
            if found is not None:
                return found
    return None


def _keeps_waiting(site: CallSite) -> bool:
    row, name = site.api, terminal_name(site.node.func)
    if row is None or row.makes is not None or site.function is None or name in known.NOTICES:
        return False
    if row.system is System.CLOCK:
        length = sleeps.seconds(site)
        return length >= sleeps.SHORT if length is not None else not sleeps.is_asked_for(site)
    if row.system is System.PROCESS:
        return bool(row.slow) and name not in known.FED
    return row.system in _SLOW and row.effect is not Effect.NONE


def _task_sends(source: SourceFile) -> Iterator[CallSite]:
    """Yield the calls that hand a task to a queue at once."""
    for site in _called(known.TASK_SENDS, source):
        if isinstance(site.node.func, ast.Attribute) and not site.is_deferred and site.function is not None:
            given = {keyword.arg for keyword in site.node.keywords}
            # `apply_async(kwargs=...)` is Celery's, `delay(kwargs=...)` is not
            later = known.LATER - ({"kwargs"} if terminal_name(site.node.func) != "delay" else set())
            if not given & later:
                yield site


def _called(names: frozenset[str], source: SourceFile) -> Iterator[CallSite]:
    """Yield the calls of these names themselves, whatever a file has given other names."""
    return (source.site(*call) for name in sorted(names) for call in source.calls_by_name.get(name, ()))
