"""Request handlers that drive many kinds of external systems before they answer."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import couplings, frameworks, lookup
from flake8_scalability.catalog.rows import Place, System
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.running import operators
from flake8_scalability.model.sites import CallSite
from flake8_scalability.project import definitions

if TYPE_CHECKING:
    from flake8_scalability.model.language.scopes import Scope
    from flake8_scalability.model.source import SourceFile

MAX_STEPS = 5
#: So many ways through a function are kept apart, those with the most kinds of systems.
MAX_WAYS = 8
Kinds = frozenset[str]
_NONE: Kinds = frozenset()


class Coupled(NamedTuple):
    """Something that can't be scaled apart from others.

    node: where the finding stands
    what: the handler, or the application of the module
    many: what it hangs on, sorted
    """

    node: ast.AST
    what: str
    many: list[str]


def handlers(source: SourceFile) -> Iterator[Coupled]:
    """Yield the request handlers that drive as many kinds of external systems in line as the settings say."""
    remote = {kind for site in source.sites if (kind := _kind_of(site))}
    least = source.settings.coupled_systems
    # A database may be shown by other things than its library's calls, and one kind by a helper's text.
    if len(remote) + 2 < least:
        return
    ways = _Ways(source)
    for function, standing in source.places.handlers.items():
        if standing.place is not Place.REQUEST or standing.framework in frameworks.FUNCTION_RUNNERS:
            continue
        if source.place(function).place is not Place.REQUEST:
            continue
        if couplings.OPERATED.search(function.name) or operators.only(function, source):
            continue
        kinds = ways.through(function)
        if len(kinds) == least - 1 and not source.settings.no_project:
            kinds = _Ways(source, with_helpers=True).through(function)
        if len(kinds) >= least and _can_hand_on(function, kinds, source):
            yield Coupled(function.node, function.name, sorted(kinds))


def _can_hand_on(function: Scope, kinds: Kinds, source: SourceFile) -> bool:
    """Whether the answer can do without some of it: a mail, or a call other than to the database that gives nothing."""
    if couplings.KINDS[System.MAIL] in kinds:
        return True
    reached, todo = {function}, [(function, 0)]
    while todo:
        current, steps = todo.pop()
        for scope in current.walk_same_call():
            for edge in source.graph.out_of.get(scope, ()):
                if edge.target not in reached and steps < MAX_STEPS:
                    reached.add(edge.target)
                    todo.append((edge.target, steps + 1))
    return any(
        isinstance(site.parents.get(site.node), ast.Expr)
        for site in source.sites
        if site.function in reached and _kind_of(site) not in ("", couplings.KINDS[System.DATABASE])
    )


def _kind_of(site: CallSite) -> str:
    """Return the kind of external system that a call reaches; "" where it is none, or only makes a client."""
    row = site.api
    if row is None or row.makes is not None:
        return ""
    if row.system is System.CLOUD:
        name = terminal_name(site.node.func)
        kinds = (kind for pattern, kind in couplings.CLOUD_METHODS.items() if pattern.search(name))
        return next(kinds, couplings.CLOUD_DEFAULT)
    if any(lookup.root_of(path) in couplings.TASK_QUEUES for path in site.paths):
        return ""
    return couplings.KINDS.get(row.system, "")


class _Ways:
    """The kinds of systems on the way through a function that meets the most of them."""

    def __init__(self, source: SourceFile, with_helpers: bool = False) -> None:
        self._source = source
        self._with_helpers = with_helpers
        self._known: dict[Scope, Kinds] = {}
        self._driven: dict[ast.AST, Kinds] = {
            site.node: frozenset((kind,)) for site in source.sites if not site.is_deferred and (kind := _kind_of(site))
        }
        database = frozenset((couplings.KINDS[System.DATABASE],))
        self._driven.update((run.node, database) for run in source.query_runs)
        for name in couplings.STORING & source.calls_by_name.keys():
            for node, _ in source.calls_by_name[name]:
                owner = terminal_name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
                if couplings.STORES.fullmatch(owner):
                    self._driven.setdefault(node, database)

    def through(self, function: Scope, steps: int = 0) -> Kinds:
        """Return the kinds on that way, functions of the file that are called there included."""
        if function not in self._known and steps <= MAX_STEPS:
            self._known[function] = _NONE  # for what calls itself
            called: dict[ast.AST, Kinds] = {}
            for scope in function.walk_same_call():
                for edge in self._source.graph.out_of.get(scope, ()):
                    if not edge.handed and edge.target not in self._source.places.handlers:
                        called[edge.node] = called.get(edge.node, _NONE) | self.through(edge.target, steps + 1)
                if self._with_helpers:
                    self._add_helpers(scope, called)
            body = function.node.body  # type: ignore[attr-defined]
            ways, left = _walk(body, _Here(self._driven, called))
            self._known[function] = max((*ways, *left), key=len, default=_NONE)
        return self._known.get(function, _NONE)

    def _add_helpers(self, scope: Scope, called: dict[ast.AST, Kinds]) -> None:
        """Add what functions of other modules drive, as far as their text says so."""
        for node in scope.of(ast.Call):
            assert isinstance(node, ast.Call)
            if node in self._driven or node in called:
                continue
            paths = self._source.resolver.paths(node.func, scope)
            texts = [
                definitions.text_of(path, self._source.filename) for path in paths if "." in path and "(" not in path
            ]
            kinds = frozenset(kind for text in texts for kind in _kinds_in(text))
            if kinds:
                called[node] = kinds


def _kinds_in(text: str) -> Iterator[str]:
    """Yield the kinds of systems of which the text of a function speaks; none where it hands work on."""
    if text and not couplings.HANDED_ON.search(text):
        yield from (kind for kind, pattern in couplings.TEXTS.items() if pattern.search(text))


class _Here(NamedTuple):
    """What the calls of a function drive: by themselves, and through the functions that they call."""

    driven: dict[ast.AST, Kinds]
    called: dict[ast.AST, Kinds]

    def of(self, *nodes: ast.AST | None) -> Kinds:
        """Return the kinds of all calls in some expressions, nested functions left out."""
        found: set[str] = set()
        todo = [node for node in nodes if node is not None]
        while todo:
            node = todo.pop()
            found |= self.driven.get(node, _NONE) | self.called.get(node, _NONE)
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
                todo += ast.iter_child_nodes(node)
        return frozenset(found)


def _walk(body: Iterable[ast.stmt], here: _Here) -> tuple[set[Kinds], set[Kinds]]:
    """Return the ways that go on after some statements, and those that leave the function in them."""
    ways: set[Kinds] = {_NONE}
    left: set[Kinds] = set()
    for statement in body:
        inner, leaving = _one(statement, here)
        left |= {way | more for way in ways for more in leaving}
        ways = _most({way | more for way in ways for more in inner})
        if not ways:
            break
    return ways, _most(left)


def _one(statement: ast.stmt, here: _Here) -> tuple[set[Kinds], set[Kinds]]:
    """Return the ways through one statement, and those that leave in it."""
    if isinstance(statement, ast.If):
        return _either([statement.body, statement.orelse], here.of(statement.test), here)
    if sys.version_info >= (3, 10) and isinstance(statement, ast.Match):
        return _either([*(case.body for case in statement.cases), []], here.of(statement.subject), here)
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return _either([statement.body], here.of(*statement.items), here)
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        return _either([[*statement.body, *statement.orelse]], here.of(statement.iter), here)
    if isinstance(statement, ast.While):
        return _either([[*statement.body, *statement.orelse]], here.of(statement.test), here)
    if isinstance(statement, ast.Try):  # what is done about an error is no part of the usual way
        return _either([[*statement.body, *statement.orelse, *statement.finalbody]], _NONE, here)
    kinds = here.of(statement)
    return (set(), {kinds}) if isinstance(statement, (ast.Return, ast.Raise)) else ({kinds}, set())


def _either(branches: Iterable[list[ast.stmt]], first: Kinds, here: _Here) -> tuple[set[Kinds], set[Kinds]]:
    """Return the ways through one of several branches after `first`, and those that leave in it."""
    ways: set[Kinds] = set()
    left: set[Kinds] = set()
    for branch in branches:
        inner, leaving = _walk(branch, here)
        ways |= {first | way for way in inner}
        left |= {first | way for way in leaving}
    return _most(ways), left


def _most(ways: set[Kinds]) -> set[Kinds]:
    return set(sorted(ways, key=len, reverse=True)[:MAX_WAYS])
