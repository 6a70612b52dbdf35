"""Queues: what is put in by some functions and taken out by others, and whether anything bounds it.

A queue that is made, filled and drained in one function is bounded by that function's work.  One that carries the
answer to one message, holds what is free to be used, or is measured by hand before something is put in, is bounded
by its use.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import background, lookup
from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.language.arguments import Given, constant
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.mutations import Change, How
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.limits import queue_sides, queue_uses
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.stateless.kinds import Kind
from flake8_scalability.model.stateless.state import State

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: Names that say what a list or deque is for.
_QUEUE_NAME = re.compile(
    r"(^|_)(queue|queues?d|backlog|inbox|outbox|mailbox|fifo|work_items|work_list|worklist|to_process|unprocessed|"
    r"task_list|job_list|pending_(jobs|tasks|work|items|messages|events|requests|writes|updates))$"
)

_SIZE = re.compile(r"^_?(max_?size|max_?len(gth)?|capacity|max_?(queue|items|entries|pending)\w*)$", re.IGNORECASE)


class Unbounded(NamedTuple):
    """A queue without a bound: where it is made, its name, who puts in, what to do, and whether it is one of many."""

    node: ast.AST
    name: str
    producer: str
    instead: str
    is_one_of_many: bool = False


def is_work_queue(state: State) -> bool:
    """Whether a piece of shared state serves as a queue of work: by its name, or because others take from its front."""
    if state.kind not in (Kind.SEQUENCE, Kind.DEQUE):
        return False
    added = [change for change in state.changes if change.how is How.ADD]
    if not added:
        return False
    if _QUEUE_NAME.search(state.plain_name) is not None and not _is_batch(state):
        return True
    producers = {change.scope.function for change in added}
    return any(_takes_first(change) and change.scope.function not in producers for change in state.changes)


def _takes_first(change: Change) -> bool:
    """Whether a change takes the first element: `popleft()`, `pop(0)`, `heappop(queue)`."""
    if change.how is not How.REMOVE or not isinstance(change.node, ast.Call):
        return False
    name = terminal_name(change.node.func)
    if name in ("popleft", "heappop"):
        return True
    return name == "pop" and isinstance(change.key, ast.Constant) and change.key.value == 0


def _is_batch(state: State) -> bool:
    """Whether a list is filled, gone through and begun anew, from which nobody takes one after the other."""
    if any(change.how is How.REMOVE for change in state.changes):
        return False
    return any(
        change.how is How.REBIND
        and isinstance(change.node, (ast.Assign, ast.AnnAssign))
        and isinstance(change.node.value, ast.List)
        and not change.node.value.elts
        for change in state.changes
    )


def unbounded_lists(source: SourceFile) -> Iterator[tuple[State, Change]]:
    """Yield the lists and deques that serve as queues and that nothing bounds, each with the change that fills it."""
    for state in source.shared_state.all if source.has_changing_functions else ():
        if not is_work_queue(state) or _has_length(state) or queue_uses.is_measured({state.plain_name}, source):
            continue
        takers = {function for each in state.changes if _takes_first(each) and (function := each.scope.function)}
        if (
            not (takers or queue_sides.is_alone(source))
            or _has_size(state)
            or _is_window(state, source)
            or source.project_says(Fact.QUEUES_MEASURED)
        ):
            continue
        filling = [each for each, _ in source.shared_state.serving(state) if each.how is How.ADD]
        if filling and all(queue_uses.puts_key(each.node) for each in filling):
            continue
        producers = {function for each in filling if (function := each.scope.function)} - takers
        if queue_sides.puts_back(takers, producers, source):
            continue
        for change in filling:
            function = change.scope.function
            if function in producers and not queue_sides.keeps_account(function, {state.name.rpartition(".")[2]}):
                yield state, change
                break


def _is_window(state: State, source: SourceFile) -> bool:
    """Whether all that is taken out has become old: `while events and events[0].at < since: events.popleft()`."""
    taken = [change for change in state.changes if change.how is How.REMOVE and _takes_first(change)]
    return bool(taken) and all(_is_trimmed(change, source) for change in taken)


def _is_trimmed(change: Change, source: SourceFile) -> bool:
    parents = source.parents(change.scope)
    parent = parents.get(change.node)
    while parent is not None and not isinstance(parent, ast.While):
        parent = parents.get(parent)
    return parent is not None and any(
        isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant) and part.slice.value == 0
        for part in walk(parent.test)
    )


def _has_size(state: State) -> bool:
    """Whether the class around a list is told how much it may hold."""
    if state.owner is None:
        return False
    constructors = [inner for inner in state.owner.inner if inner.is_function and inner.name == "__init__"]
    return any(_SIZE.search(name) is not None for inner in constructors for name in inner.parameters)


def _has_length(state: State) -> bool:
    value = state.value
    if not isinstance(value, ast.Call) or state.kind is not Kind.DEQUE:
        return False
    return len(value.args) > 1 or any(keyword.arg in ("maxlen", None) for keyword in value.keywords)


# Queue classes


@cache
def _queue_names() -> frozenset[str]:
    return lookup.last_names(background.queues())


def unbounded_queues(source: SourceFile) -> Iterator[Unbounded]:
    """Yield the queues of a file's producers and consumers that are made without a bound."""
    rows = background.queues()
    seen = set()
    for site in source.sites_named(_queue_names()):
        paths = site.paths
        if not paths or not all(path in rows for path in paths) or source.is_tool or site.place is Place.TOOL:
            continue
        row = rows[min(paths)]
        if not _is_unbounded(site, row):
            continue
        queue = queue_uses.QueueUse(site)
        producer = queue.producer()
        # What is made anew for an attribute, when it is reset, is the same queue.
        key = (site.function.owner if site.function is not None else None, queue.name)
        if key[0] is not None and key in seen:
            continue
        if producer is not None and not source.project_says(Fact.QUEUES_MEASURED):
            seen.add(key)
            yield Unbounded(site.node, queue.name, producer, row.instead, queue.is_one_of_many)


def _is_unbounded(site: CallSite, row: background.Queue) -> bool:
    if not row.keyword:
        return True
    argument = site.argument(row.keyword, row.position)
    if argument.given is not Given.PRESENT or argument.value is None:
        return argument.given is Given.ABSENT and row not in background.STREAMS
    if terminal_name(argument.value) in ("inf", "Infinity"):
        return True
    if isinstance(argument.value, ast.UnaryOp) and isinstance(argument.value.op, ast.USub):
        return row not in background.STREAMS
    literal = constant(argument.value, argument.scope)
    return (
        literal is not None and isinstance(literal.value, int) and literal.value <= 0 and row not in background.STREAMS
    )
