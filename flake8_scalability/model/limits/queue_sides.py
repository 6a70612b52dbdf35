"""The two sides of a queue: what shows that it lasts, that somebody works it off, and that a bound would help."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from flake8_scalability.catalog import background, brokers
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.walking import walk
from flake8_scalability.model.running import longevity
from flake8_scalability.project import root, texts

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_STORING = frozenset({"append", "appendleft", "add", "insert", "setdefault"})
#: How many calls may lie between one who takes out and one who puts in again.
MAX_STEPS = 3


def belongs_to_service(
    owner: Scope, takers: Collection[Scope], producers: Collection[Scope], source: SourceFile
) -> bool:
    """Whether the objects of a class last: one is kept for the process, or each starts by itself what takes out.

    Where no project is in sight, a loop that takes out is enough.
    """
    if longevity.lives_with_process(source, owner):
        return True
    assert isinstance(owner.node, ast.ClassDef)
    if any(terminal_name(base) in background.RUNNING_BASES for base in owner.node.bases):
        return True
    if (source.settings.no_project or root.of(source.filename) is None) and any(
        any(taker.of(ast.While)) for taker in takers
    ):
        return True
    return _starts(owner, {taker.name for taker in takers if taker.owner is owner}, producers, source)


def is_alone(source: SourceFile) -> bool:
    """Whether no project is in sight, so that what other files do with a queue can't be asked."""
    return source.settings.no_project or root.of(source.filename) is None


def _starts(owner: Scope, wanted: Collection[str], producers: Collection[Scope], source: SourceFile) -> bool:
    """Whether a method of a class, other than those that put in, starts a thread or task for one of these names."""
    return any(
        isinstance(part, ast.Attribute) and part.attr in wanted
        for name in background.start_names() & source.calls_by_name.keys()
        for node, scope in source.calls_by_name[name]
        if scope.owner is owner and scope.function not in producers
        for given in (*node.args, *(keyword.value for keyword in node.keywords))
        for part in walk(given)
    )


def waits_for_work(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether a call that takes out is a consumer's: it waits until there is something, or stands in a loop."""
    site = source.site(node, scope)
    if any(True for _ in site.inside((ast.While, ast.For, ast.AsyncFor))):
        return True
    given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "block")]
    polls = any(isinstance(value, ast.Constant) and value.value is False for value in given)
    return not terminal_name(node.func).endswith("_nowait") and not polls


def puts_back(takers: Iterable[Scope], producers: Iterable[Scope], source: SourceFile) -> bool:
    """Whether one who takes out calls one who puts in: a bound would make it wait for itself."""
    wanted = set(producers)
    reached, todo = set(takers), list(takers)
    for _ in range(MAX_STEPS):
        todo = [edge.target for each in todo for scope in each.walk() for edge in source.graph.out_of.get(scope, ())
                if edge.target not in reached]  # fmt: skip
        reached.update(todo)
    return not wanted.isdisjoint(reached)


def is_fed_by_broker(producer: Scope, source: SourceFile) -> bool:
    """Whether a consumer of a broker calls who puts in, and has no more than so many messages that are not done with.

    That bounds the queue where it acknowledges a message when that has been worked off, from wherever that is.
    """
    start = None if source.settings.no_project else root.of(source.filename)
    called = re.compile(rf"\.{re.escape(producer.name)}\(")
    return start is not None and any(
        brokers.PREFETCHES.search(text) is not None and called.search(text) is not None
        for path, text in texts.of_project(start)
        if not root.is_test(path, start)
    )


def cannot_wait(node: ast.Call, scope: Scope, source: SourceFile) -> bool:
    """Whether who puts in is what a library calls, and would lose the item where the queue is full.

    A method `on_...` of a class with a base has nobody whom it could make wait: with a bound, `put_nowait` raises into
    the library, and what it was told of is gone.  Where an exception is caught around it, somebody has thought of that.
    """
    function = scope.function
    owner = function.owner if function is not None else None
    if function is None or owner is None or not terminal_name(node.func).endswith("_nowait"):
        return False
    assert isinstance(owner.node, ast.ClassDef)
    if not function.name.startswith("on_") or not owner.node.bases:
        return False
    return not any(True for _ in source.site(node, scope).inside((ast.Try,)))


def keeps_account(producer: Scope, names: Iterable[str]) -> bool:
    """Whether who puts in knows what is in already: it looks whether something is, or keeps all in another place."""
    own = set(names)
    return any(
        isinstance(held, ast.Attribute) and held.attr not in own for node in walk(producer.node) for held in _held(node)
    )


def _held(node: ast.AST) -> list[ast.expr]:
    """Return the collections in which something is looked for, or into which it is put."""
    if isinstance(node, ast.Compare):
        return [each for op, each in zip(node.ops, node.comparators) if isinstance(op, (ast.In, ast.NotIn))]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _STORING:
        return [node.func.value]
    if isinstance(node, ast.Assign):
        return [target.value for target in node.targets if isinstance(target, ast.Subscript)]
    return []
