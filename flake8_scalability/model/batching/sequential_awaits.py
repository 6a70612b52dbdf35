"""Sequential awaits: calls of other services that a request awaits one by one, though none needs another's answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import sequential as known
from flake8_scalability.catalog.rows import REMOTE, Effect, Place, System
from flake8_scalability.model.batching.per_item import Turn, headers, turn_of
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.names import names_in
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import outbound
from flake8_scalability.model.sites import CallSite

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 2
_ADDING = frozenset({"append", "add", "extend", "update", "insert", "setdefault"})
_ASKED = (REMOTE | {System.LLM, System.SEARCH}) - {System.MAIL, System.SSH, System.DIRECTORY}


class Sequential(NamedTuple):
    """An awaited call that could run beside others.

    site: the call; what: how it stands to the others; instead: what to do
    """

    site: CallSite
    what: str
    instead: str


def sequential(source: SourceFile) -> Iterator[Sequential]:
    """Yield the calls that a request awaits one by one, the first of each loop, and the second in a row of some."""
    if "async " not in source.text:
        return
    loops: set[ast.AST] = set()
    for scope in source.scopes:
        function = scope.function
        if function is None or not function.is_coroutine or not (scope.nodes.keys() & {ast.Await, ast.AsyncWith}):
            continue
        repeated = [call for call in _waits(scope) if source.may_be_repeated(call, scope)]
        several = scope is function and _gives_names(function) > 1
        if not (repeated or several) or source.place(function).place is not Place.REQUEST:
            continue
        for call in repeated:
            turn = _turn(source.site(call, scope))
            if turn is not None and turn.loop.node not in loops:
                loops.add(turn.loop.node)
                what = f"for one of {turn.items} after the other"
                yield Sequential(source.site(call, scope), what, "gather a bounded number")
        if several:
            yield from _in_a_row(function, source)


def _waits(scope: Scope) -> Iterator[ast.Call]:
    """Yield the calls that a scope waits for: awaited ones, and those whose `async with` waits for an answer."""
    for node in scope.of(ast.Await):
        assert isinstance(node, ast.Await)
        if isinstance(node.value, ast.Call):
            yield node.value
    for node in scope.of(ast.AsyncWith):
        assert isinstance(node, ast.AsyncWith)
        yield from (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call))


# In a loop


def _turn(site: CallSite) -> Turn | None:
    """Return the turn of a loop in which a call waits for one item, though it could for many at once; else None."""
    given = (*site.node.args, *(keyword.value for keyword in site.node.keywords))
    turn = turn_of(site.node, site.scope, site.source)
    if turn is None or not turn.concerns(*given) or not _asks(site):
        return None
    body = getattr(turn.loop.node, "body", None)
    if isinstance(body, list) and (_ends_early(body) or _is_paced(body) or _carries_on(body, site, turn)):
        return None
    if _is_held_mostly(site, turn):
        return None
    return None if isinstance(turn.loop.node, (ast.AsyncFor, ast.While)) or _is_of_namesakes(turn) else turn


def _is_held_mostly(site: CallSite, turn: Turn) -> bool:
    """Whether a loop first looks for each item in what the client holds: `get_user(key) or await fetch_user(key)`."""
    given = [ast.dump(each) for each in site.node.args]
    if not given or not terminal_name(site.node.func).startswith("fetch_"):
        return False
    parts = [part for part in walk(turn.loop.node) if isinstance(part, (ast.Await, ast.Call))]
    waited = {part.value for part in parts if isinstance(part, ast.Await)}
    return any(
        isinstance(part, ast.Call)
        and part not in waited
        and terminal_name(part.func).startswith("get_")
        and [ast.dump(each) for each in part.args] == given
        for part in parts
    )


def _is_of_namesakes(turn: Turn) -> bool:
    """Whether a loop goes over the files of one name with any ending, of which there are few: `glob("logo.*")`."""
    return any(
        isinstance(part, ast.Call)
        and terminal_name(part.func) in known.GLOBBING
        and any(_ends(argument).endswith(known.ANY_ENDING) for argument in part.args)
        for _, iterable in headers(turn.loop.node)
        for part in walk(iterable)
    )


def _ends(pattern: ast.expr) -> str:
    """Return the text with which a pattern of files ends, behind its last folder."""
    parts = [part.value for part in walk(pattern) if isinstance(part, ast.Constant)]
    return re.split(r"[\\/]", str(parts[-1]))[-1] if parts else ""


def _ends_early(body: list[ast.stmt]) -> bool:
    """Whether a loop ends with an item that fits, or hands each on as it comes."""
    ending = (ast.Break, ast.Return, ast.Yield)
    return any(isinstance(part, ending) for statement in body for part in walk(statement))


def _is_paced(body: list[ast.stmt]) -> bool:
    return any(
        isinstance(part, ast.Call) and terminal_name(part.func) in known.PACING
        for statement in body
        for part in walk(statement)
    )


def _carries_on(body: list[ast.stmt], site: CallSite, turn: Turn) -> bool:
    """Whether a call is given what the turns before have gathered, or what the last one gave."""
    used = names_in(site.node) - turn.targets.keys()
    changed: set[str] = set()
    for statement in body:
        for part in walk(statement):
            if isinstance(part, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                if (part.end_lineno or part.lineno) >= site.node.lineno:
                    targets = part.targets if isinstance(part, ast.Assign) else [part.target]
                    changed.update(*(names_in(target) for target in targets))
            elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in _ADDING:
                changed.add(terminal_name(part.func.value))
    return bool(used & changed)


# In a row


def _gives_names(function: Scope) -> int:
    """Return how many calls of a function, and of those in it, are awaited and given a name."""
    stored = (node for scope in function.walk() for node in scope.of(ast.Assign, ast.AnnAssign))
    return sum(isinstance(getattr(node, "value", None), ast.Await) for node in stored)


def _in_a_row(function: Scope, source: SourceFile) -> Iterator[Sequential]:
    """Yield the second of some calls that stand one after the other and do not need each other's answers."""
    assert isinstance(function.node, ast.AsyncFunctionDef)
    seen: set[ast.AST] = set()
    for block in _blocks(function.node):
        row: list[tuple[CallSite, set[str]]] = []
        for statement in block:
            found = _awaited(statement, function, source)
            if found is None or statement in seen:
                row = []
                continue
            seen.add(statement)
            site, names = found
            before = set().union(*(each for _, each in row)) if row else set()
            if before & names_in(site.node):
                row = []
            row.append((site, names))
            if len(row) == 2:
                yield Sequential(site, f"waits for {row[0][0].callee}() first", "gather them")


def _blocks(root: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of statements in a function, but for those that run in any case."""
    todo = [root]
    for part in todo:  # grows while it is read
        for name in ("body", "orelse", "handlers", "finalbody", "cases"):
            inner = getattr(part, name, None)
            if isinstance(inner, list):
                todo += inner
                if name in ("body", "orelse"):
                    yield inner


def _awaited(statement: ast.stmt, function: Scope, source: SourceFile) -> tuple[CallSite, set[str]] | None:
    """Return the call that a statement awaits and gives a name, with the names; None where it does anything else."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or not isinstance(statement.value, ast.Await):
        return None
    call = statement.value.value
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if not isinstance(call, ast.Call) or not all(isinstance(target, (ast.Name, ast.Tuple)) for target in targets):
        return None
    site = source.site(call, function)
    if source.may_be_repeated(call, function) or not _asks(site):
        return None
    return site, set().union(*(names_in(target) for target in targets))


# What may wait beside others


def _asks(site: CallSite) -> bool:
    """Whether an awaited call only asks another service for something, and holds nothing that others need."""
    given = (*site.node.args, *(keyword.value for keyword in site.node.keywords))
    names = {terminal_name(part) for each in given for part in walk(each)} - {""}
    if any(_is_shared(name, site.source) for name in names) or site.is_deferred:
        return False
    name = terminal_name(site.node.func)
    if name in known.THREADS:
        return (
            bool(given)
            and not any(known.CHANGING.match(terminal_name(each)) for each in site.node.args[:2])
            and (not _is_trifle(site.node.args[:2]))
        )
    if _reads_remote(site):
        return True
    targets = [value.target for value in site.values if value.target is not None]
    if targets:
        return len(targets) == 1 and targets[0].is_function and _leads_out(targets[0], site.source, MAX_STEPS)
    if site.api is not None or not isinstance(site.node.func, ast.Attribute):
        return False
    owner = terminal_name(site.node.func.value)
    if known.FETCHING.match(name):
        return not _is_shared(owner, site.source)
    return known.CLIENTS.search(owner) is not None and known.ASKING.match(name) is not None


def _is_trifle(handed: list[ast.expr]) -> bool:
    """Whether a thread is handed what takes little time: `path.exists`, `lambda: Path(name).resolve()`, `read_cfg`."""
    bodies = (each.body if isinstance(each, ast.Lambda) else each for each in handed)
    called = (each.func if isinstance(each, ast.Call) else each for each in bodies)
    names = [terminal_name(each) for each in called]
    return any(name in known.TRIFLES or known.SETTINGS.search(name) is not None for name in names)


def _is_shared(name: str, source: SourceFile) -> bool:
    """Whether a name is of something that one call at a time can use; a session of HTTP takes any number."""
    if name.endswith("session") and any(library in source.text for library in known.WIDE_SESSIONS):
        return any(library in source.text for library in known.NARROW_SESSIONS)
    return known.SHARED.search(name) is not None


def _reads_remote(site: CallSite) -> bool:
    row = site.api
    if row is None or row.makes is not None or row.system not in _ASKED:
        return False
    return row.system is System.LLM or outbound.effect_of(site) is Effect.READ


def _leads_out(function: Scope, source: SourceFile, steps: int) -> bool:
    """Whether a coroutine of the file asks another service, and reads no store with a session that is shared."""
    if not function.is_coroutine or any(_is_shared(name, source) for name in function.parameters):
        return False
    if any(run.scope.function is function for run in source.query_runs):
        return False
    if any(site.function is function and _reads_remote(site) for site in source.sites):
        return True
    targets = {
        edge.target for scope in function.walk_same_call() for edge in source.graph.out_of.get(scope, ())
        if not edge.handed and edge.target is not function
    }  # fmt: skip
    return steps > 0 and any(_leads_out(target, source, steps - 1) for target in targets)
