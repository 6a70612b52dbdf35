"""Calls of other services per item, where the items could go together: mail, queues, embeddings, one host's API."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import remote_batches
from flake8_scalability.catalog.remote_batches import BATCHES
from flake8_scalability.catalog.rows import Effect, Place, System
from flake8_scalability.model.batching import turns
from flake8_scalability.model.batching.growing import TO_SEND, grows
from flake8_scalability.model.batching.item_reads import serves
from flake8_scalability.model.batching.per_item import Turn, headers, turn_of
from flake8_scalability.model.batching.rare_turns import is_of_one_item
from flake8_scalability.model.batching.tool_callers import nobody_starts
from flake8_scalability.model.language.callgraph import Edge, terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.resilience import outbound, upstreams
from flake8_scalability.model.running import occasions, probes
from flake8_scalability.model.sites import CallSite, spelled
from flake8_scalability.project import definitions, mentions, root

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: A function that makes one call for what it is given has no more lines than these.
MAX_LINES = 40
_HTTP = "batch it, or call with bounded concurrency"


class ItemCall(NamedTuple):
    """A call of another service for each item.

    node: where the finding stands
    scope: where that is
    callee: the call that goes out, and by which function of the file it is reached
    what: what it does for each item
    items: what there is one for each of
    instead: what to do
    """

    node: ast.Call
    scope: Scope
    callee: str
    what: str
    items: str
    instead: str


def calls(source: SourceFile) -> Iterator[ItemCall]:
    """Yield the calls of other services that a file makes once per item, the first of each kind in a loop."""
    seen: set[tuple[int, str]] = set()
    if not source.has_loops:
        return
    for turn, call in (*_known(source), *_named(source), *_through_functions(source)):
        key = (id(turn.loop.node), call.what)
        if key in seen or remote_batches.FEW.search(turn.items.rstrip("()")) or _is_search(turn):
            continue
        if turns.is_one_by_one(turn, call.node, call.scope, source) or turns.has_few(turn, call.scope, source):
            continue
        if is_of_one_item(turn, source.site(call.node, call.scope)):
            continue
        function = call.scope.function
        if function is not None and nobody_starts(function, source):
            continue
        if grows(turn, call.node, call.scope, source, TO_SEND):
            seen.add(key)
            yield call


def _is_search(turn: Turn) -> bool:
    """Whether a loop ends with the first item that succeeds: one thing is tried after the other."""
    todo: list[ast.AST] = list(getattr(turn.loop.node, "body", ()))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return) and not (node.value is None or isinstance(node.value, ast.Constant)):
            return True
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.ExceptHandler) or (isinstance(node, ast.If) and _asks_for_failure(node.test)):
            continue
        todo.extend(ast.iter_child_nodes(node))
    return False


def _asks_for_failure(test: ast.expr) -> bool:
    return any(isinstance(part, (ast.NotEq, ast.Not)) for part in ast.walk(test))


def _known(source: SourceFile) -> Iterator[tuple[Turn, ItemCall]]:
    for site in source.sites:
        found = _batch(site)
        if found is None:
            continue
        turn = turn_of(site.node, site.scope, source)
        if turn is None or not _is_of_item(site, turn) or not serves(site.scope, source, site.node):
            continue
        if found[1] is _HTTP and (_begins_with_item(site, turn) or _is_quiet(site) or not _holds_up_request(site)):
            continue
        yield turn, ItemCall(site.node, site.scope, site.callee, found[0], turn.items, found[1])


def _batch(site: CallSite) -> tuple[str, str] | None:
    """Return what a call does for one item, and what takes many; None where it has no such form."""
    row = site.api
    if row is None or row.effect is Effect.NONE or row.makes is not None:
        return None
    name = terminal_name(site.node.func)
    paths = " ".join(site.paths)
    for batch in BATCHES:
        if name in batch.names.split() and batch.system in (None, row.system) and batch.path in paths:
            return batch.what, batch.instead
    if row.system is System.HTTP and name not in ("list", "stream", *remote_batches.ADDRESSED):
        return "makes an HTTP call", _HTTP
    return None


def _is_of_item(site: CallSite, turn: Turn) -> bool:
    given = (*site.node.args, *(keyword.value for keyword in site.node.keywords))
    if turn.concerns(*given):
        return True
    # `message.send()`, of a message that was made for the item
    receiver = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    return isinstance(receiver, ast.Name) and receiver.id in turn.names and terminal_name(site.node.func) == "send"


def _begins_with_item(site: CallSite, turn: Turn) -> bool:
    """Whether each item brings an address of its own, so that nothing could go together."""
    if upstreams.comes_whole(site) or not upstreams.is_fixed(site) or upstreams.is_local(site):
        return True
    given = upstreams.address(site)
    if given.value is None:
        return False
    begins = upstreams.beginning(given.value)
    if isinstance(begins, ast.Name) and site.function is not None:
        values = [each.value for each in site.function.bindings.get(begins.id, ()) if each.value is not None]
        return turn.concerns(*(upstreams.beginning(value) for value in values)) or (
            not values and turn.concerns(begins)
        )
    receiver = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    return turn.concerns(begins) or turn.concerns(receiver)


def _is_quiet(site: CallSite) -> bool:
    """Whether nobody waits for a call, or it is a probe: tools of the operator, set-ups, log-ins."""
    if site.place is Place.LIBRARY and outbound.speaks_to_a_person(site.source):
        return True
    if _is_download(site) or _is_completion(site):
        return True
    return probes.is_probe(site) or occasions.is_setup(site) or occasions.is_login(site)


def _is_completion(site: CallSite) -> bool:
    """Whether a language model is asked to answer a prompt: no API takes several, and how many at once it limits."""
    names = {part.id for part in walk(site.node) if isinstance(part, ast.Name)}
    values = [binding.value for name in names for binding in site.scope.bindings.get(name, ()) if binding.value]
    return any(
        isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and remote_batches.COMPLETIONS.search(part.value) is not None
        for each in (site.node, *values)
        for part in walk(each)
    )


def _holds_up_request(site: CallSite) -> bool:
    """Whether the answer to a request waits for a call; where it awaits it, others could wait beside: see SCL509."""
    return site.place is Place.REQUEST and not site.is_awaited and not any(site.inside((ast.AsyncWith,)))


def _is_download(site: CallSite) -> bool:
    """Whether a file is fetched, of which each is a request of its own: `requests.get(address).content`."""
    parent = site.parents.get(site.node)
    return isinstance(parent, ast.Attribute) and parent.attr in ("content", "iter_content", "raw")


# Functions known by their names


def _named(source: SourceFile) -> Iterator[tuple[Turn, ItemCall]]:
    """Yield the calls of functions of other modules that send one message each, by their names."""
    for name, found in source.calls_by_name.items():
        for node, scope in found if remote_batches.SENDERS.match(name) else ():
            site = source.site(node, scope)
            if site.api is not None or any(value.target is not None for value in site.values):
                continue
            turn = turn_of(node, scope, source)
            given = (*node.args, *(keyword.value for keyword in node.keywords))
            if turn is None or not turn.concerns(*given) or not serves(scope, source, node):
                continue
            if isinstance(node.func, ast.Attribute) and turn.concerns(node.func.value):
                continue
            if not _is_of_one_row(turn) and _may_go_together(site):
                instead = remote_batches.TOGETHER["mail" if "mail" in name else "push"]
                yield turn, ItemCall(node, scope, site.callee, "sends a message", turn.items, instead)


def _may_go_together(site: CallSite) -> bool:
    """Whether a function of the project sends in a way that has a form for many, itself or by what it calls.

    Its name alone is believed only where no project is in sight.
    """
    source = site.source
    start = None if source.settings.no_project else root.of(source.filename)
    if start is None:
        return True
    return any(
        remote_batches.SINGLE.search(text) is not None
        for path in site.paths
        for text in _texts_of_sender(path, source.filename, start)
    )


def _texts_of_sender(path: str, filename: str, start: Path) -> Iterator[str]:
    """Yield the text of a function of the project and of those that it calls, also where a package hands it on."""
    found = definitions.find(path, filename)
    if found is not None:
        yield found.text
        yield from (each.text for each in definitions.called(found))
    elif path.startswith(".") or (start / path.partition(".")[0]).is_dir():
        yield from mentions.functions_named(path.rpartition(".")[2], filename)


def _is_of_one_row(turn: Turn) -> bool:
    """Whether a loop goes over what one object has: `for box in alias.mailboxes`."""
    return any(
        isinstance(iterable, ast.Attribute) and isinstance(iterable.value, ast.Name) and iterable.value.id != "self"
        for _, iterable in headers(turn.loop.node)
    )


def _through_functions(source: SourceFile) -> Iterator[tuple[Turn, ItemCall]]:
    known: dict[Scope, tuple[CallSite, tuple[str, str]] | None] = {}
    calling = {site.function for site in source.sites}
    for scope, edge in source.repeated_edges if calling else ():
        if edge.target is scope.function or edge.target not in calling or not _gives_item(edge):
            continue
        turn = turn_of(edge.node, scope, source)
        if turn is None or not turn.concerns(*edge.node.args, *(each.value for each in edge.node.keywords)):
            continue
        if isinstance(edge.node.func, ast.Attribute) and turn.concerns(edge.node.func.value):
            continue
        if edge.target not in known:
            known[edge.target] = _call_of(edge.target, source)
        found = known[edge.target]
        if found is not None and found[1][1] is _HTTP and not _holds_up_request(source.site(edge.node, scope)):
            continue
        if found is not None and serves(scope, source, edge.node):
            site, (what, instead) = found
            callee = f"{spelled(edge.node.func)}() via {site.callee}"
            yield turn, ItemCall(edge.node, scope, callee, what, turn.items, instead)


def _gives_item(edge: Edge) -> bool:
    moves = remote_batches.MOVING.search(edge.target.name) is not None
    return bool(edge.node.args or edge.node.keywords) and not edge.target.name.startswith("__") and not moves


def _call_of(function: Scope, source: SourceFile) -> tuple[CallSite, tuple[str, str]] | None:
    """Return the one call that a function makes of another service for what it is given; None where it does more."""
    node = function.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.end_lineno is None:
        return None
    text = "".join(source.lines[node.lineno - 1 : node.end_lineno])
    if node.end_lineno - node.lineno > MAX_LINES or "cache" in text.lower():
        return None
    if source.places.keeps_its_result(function):
        return None
    for site in source.sites:
        if site.function is not function or turn_of(site.node, site.scope, source) is not None:
            continue
        found = _batch(site)
        if found is None:
            continue
        if found[0] == "makes an HTTP call" and (
            upstreams.comes_whole(site) or not upstreams.is_fixed(site) or upstreams.is_local(site) or _is_quiet(site)
        ):
            continue
        return site, found
    return None
