"""Reads that go to the primary of a database although they could go to a replica."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import replicas as known
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.database import transactions
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope

if TYPE_CHECKING:
    from flake8_scalability.model.queries.query_runs import Run
    from flake8_scalability.model.source import SourceFile

_STEPS = 3


class PrimaryRead(NamedTuple):
    """A read of the primary: where it is asked for, the handle by its name, and the function."""

    node: ast.AST
    name: str
    scope: Scope


def has_replica(source: SourceFile) -> bool:
    """Whether the file or its project speaks of a replica."""
    return source.text_says(Fact.REPLICA) or source.project_says(Fact.REPLICA)


def primary_reads(source: SourceFile) -> Iterator[PrimaryRead]:
    """Yield the queries that read through a handle that is the primary by its name."""
    text = source.lexicon
    if not any(word in text for word in ("primary", "master", "writ", "leader", "rw")):
        return
    spans: list[transactions.Span] | None = None
    for run in source.query_runs:
        function = run.scope.function
        if function is None or run.query.writes or source.place(run.scope).place in (Place.TOOL, Place.STARTUP):
            continue
        name = _primary(run, source)
        if not name or _locks(run) or _changes(function) or _compares(function) or _is_explained(run, source):
            continue
        if spans is None:
            spans = [span for span in transactions.spans(source) if span.opens and not span.session]
        if not any(span.scope is function and span.holds(run.node) for span in spans):
            yield PrimaryRead(run.node, name, function)


def _primary(run: Run, source: SourceFile) -> str:
    """Return the name of the primary that a query is sent to, "" where that is not shown.

    A query that names an alias itself says nothing: where reads are routed, whoever writes `using("default")` asks for
    the primary on purpose, since the row is written next or has just been.
    """
    if any(step.name in known.CHOOSING for step in run.query.steps):
        return ""
    sent = run.query.ran or run.node
    return _handle(sent, run.scope, source, _STEPS)


def _handle(node: ast.expr, scope: Scope, source: SourceFile, steps: int) -> str:
    """Return the first name on the way to what a chain is called on that is a primary's."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, (ast.Await, ast.Subscript)):
            node = node.value
        elif isinstance(node, ast.Attribute):
            if _is_primary(node.attr, source):
                return node.attr
            node = node.value
        elif isinstance(node, ast.Name):
            if _is_primary(node.id, source):
                return node.id
            return _bound(node.id, scope, source, steps)
        else:
            return ""


def _bound(name: str, scope: Scope, source: SourceFile, steps: int) -> str:
    """Return the primary from which a local name was taken: `with primary_engine.connect() as conn`."""
    home = scope.lookup(name)
    if home is None or home.function is None or not steps:
        return ""
    bindings = home.bindings[name]
    if len(bindings) != 1 or bindings[0].kind not in ("assign", "with") or bindings[0].value is None:
        return ""
    return _handle(bindings[0].value, bindings[0].scope, source, steps - 1)


def _is_primary(name: str, source: SourceFile) -> bool:
    return known.PRIMARY.match(name) is not None or (known.MASTER.match(name) is not None and has_replica(source))


def _locks(run: Run) -> bool:
    statement = run.query.statement
    return bool(known.LOCKING & run.query.names) or (statement is not None and statement.locks)


def _is_explained(run: Run, source: SourceFile) -> bool:
    """Whether a comment above a read says why it is the primary that is asked."""
    line = getattr(run.node, "lineno", 0) - 2
    text = []
    while 0 <= line < len(source.lines) and source.lines[line].lstrip().startswith("#"):
        text.append(source.lines[line])
        line -= 1
    return known.EXPLAINED.search(" ".join(text)) is not None


def _changes(function: Scope) -> bool:
    """Whether a function changes something as well, so that it may have to read what it wrote."""
    return any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in known.CHANGING
        for scope in function.walk_same_call()
        for call in scope.of(ast.Call)
    )


def _compares(function: Scope) -> bool:
    """Whether a function is run where a row is saved, and looks at what is stored of it."""
    hooked = function.parameters.keys() >= known.SIGNALLED
    return hooked or (function.owner is not None and function.name in known.SAVING)


def lazy_routers(source: SourceFile) -> Iterator[PrimaryRead]:
    """Yield the answers of routers that send every read where the writes go."""
    if "db_for_read" not in source.text or source.is_tool or not has_replica(source):
        return
    for scope in source.scopes:
        if not scope.is_method or scope.name != "db_for_read":
            continue
        returned = [node for node in scope.of(ast.Return) if isinstance(node, ast.Return)]
        aliases = [node.value.value if isinstance(node.value, ast.Constant) else None for node in returned]
        if returned and all(
            isinstance(alias, str) and (alias == known.DEFAULT_ALIAS or known.PRIMARY_ALIAS.match(alias))
            for alias in aliases
        ):
            yield PrimaryRead(returned[-1], str(aliases[-1]), scope)


def idle_replicas(source: SourceFile) -> Iterator[tuple[ast.AST, str]]:
    """Yield the replicas that Django's settings configure although nothing sends it reads."""
    if "DATABASES" not in source.text or source.is_tool:
        return
    found = [(node, alias) for node, alias in _aliases(source.module) if known.REPLICA_ALIAS.search(alias)]
    if found and not source.text_says(Fact.READS_REPLICA) and not source.project_says(Fact.READS_REPLICA):
        yield from found[:1]


def _aliases(module: Scope) -> Iterator[tuple[ast.AST, str]]:
    for statement in module.of(ast.Assign):
        assert isinstance(statement, ast.Assign)
        for target in statement.targets:
            if terminal_name(target) == "DATABASES" and isinstance(statement.value, ast.Dict):
                for key in statement.value.keys:
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key, key.value
            if (
                isinstance(target, ast.Subscript)
                and terminal_name(target.value) == "DATABASES"
                and isinstance(target.slice, ast.Constant)
            ):
                yield target, str(target.slice.value)
