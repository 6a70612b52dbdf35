"""One file under analysis: the facade through which rules ask the model."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from flake8_scalability.catalog.project_facts import Fact
from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.batching import per_item
from flake8_scalability.model.known_calls import KnownCalls
from flake8_scalability.model.language import index
from flake8_scalability.model.language.callgraph import CallGraph, Edge, calls_by_name, terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.mutations import changes_by_scope
from flake8_scalability.model.language.repetition import Repetition
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver
from flake8_scalability.model.language.vocabulary import lexicon, vocabulary
from flake8_scalability.model.language.words import Words, words_of
from flake8_scalability.model.limits.endpoints import Endpoint, endpoints_of
from flake8_scalability.model.pooling import sharing
from flake8_scalability.model.queries.listings import Listing, listings_of
from flake8_scalability.model.queries.queries import Queries
from flake8_scalability.model.queries.query_runs import Run, runs_in
from flake8_scalability.model.resilience import timeout_settings
from flake8_scalability.model.running.places import Places, Standing
from flake8_scalability.model.running.toolpaths import PathSays, says
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.stateless.roles import Shared, shared
from flake8_scalability.model.stateless.state import SharedState
from flake8_scalability.options import Settings
from flake8_scalability.project import facts, handed_jobs, one_machine, operations, root
from flake8_scalability.project.operations import Operation

_Found = TypeVar("_Found")
_SINGLE_INSTANCE = re.compile(r"#\s*scalability:\s*single-instance\b", re.IGNORECASE)


class SourceFile:
    """A parsed file and the layers of the model over it, each computed when it is first asked for."""

    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str], settings: Settings) -> None:
        self.tree = tree
        self.filename = filename
        self.lines = lines
        self.settings = settings

    @cached_property
    def scopes(self) -> list[Scope]:
        return index.build(self.tree)

    def forget(self) -> None:
        """Give up the model, whose parts refer to each other in circles: it is freed at once, not by the collector."""
        for scope in self.scopes:
            scope.__dict__.clear()
        self.__dict__.clear()

    @property
    def module(self) -> Scope:
        return self.scopes[0]

    @cached_property
    def path_parts(self) -> tuple[str, ...]:
        """The folders of the file below where its project begins, and its name (see `root.below`)."""
        return root.below(self.filename)

    @cached_property
    def scope_of(self) -> dict[ast.AST, Scope]:
        """The scope that a module, class, function, lambda or comprehension node opens."""
        return {scope.node: scope for scope in self.scopes}

    @cached_property
    def resolver(self) -> Resolver:
        return Resolver(self.scope_of)

    @cached_property
    def graph(self) -> CallGraph:
        return CallGraph(self.scopes, self.resolver)

    @cached_property
    def _path_says(self) -> PathSays:
        return PathSays.NOTHING if self.settings.include_tools else says(self.filename)

    @cached_property
    def places(self) -> Places:
        jobs = frozenset() if self.settings.no_project else handed_jobs.of(self.filename)
        return Places(self.scopes, self.resolver, self.graph, self._path_says, self.filename, self.operations, jobs)

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """The functions that a document of the project names as what answers requests, by their names."""
        return {} if self.settings.no_project else operations.of(self.filename)

    @property
    def is_tool_by_path(self) -> bool:
        """Whether the file's path alone says that it is a tool, so that no rule has anything to say in it."""
        return self._path_says is PathSays.TOOL

    @cached_property
    def is_tool(self) -> bool:
        """Whether the whole file is a tool; its places are only computed where its path leaves that open."""
        if self._path_says is PathSays.NOTHING:
            return False
        return self.is_tool_by_path or self.places.is_tool

    def place(self, scope: Scope, call: ast.Call | None = None) -> Standing:
        """Return where the code of a scope, or a call in it, runs; with tools included, a tool is library code."""
        standing = self.places.of(scope, call)
        if standing.place is Place.TOOL and self.settings.include_tools:
            return Standing(Place.LIBRARY)
        return standing

    @cached_property
    def shared_state(self) -> SharedState:
        """What the process holds for all its callers, with who changes it."""
        return SharedState(self)

    @cached_property
    def has_changing_functions(self) -> bool:
        """Whether a function of the file changes an object or an attribute: only then is anything shared state."""
        return any(scope.function is not None for scope in self.once(changes_by_scope))

    @cached_property
    def changed_while_serving(self) -> list[Shared]:
        """The state of the file that is changed while serving, each with its role."""
        return shared(self)

    def nodes(self, *kinds: type) -> Iterator[tuple[ast.AST, Scope]]:
        """Yield the recorded nodes of these classes in the whole file, each with its scope, class by class."""
        groups = self._groups
        for kind in kinds:
            for scope, nodes in groups.get(kind, ()):
                for node in nodes:
                    yield node, scope

    def has(self, *kinds: type) -> bool:
        """Whether a node of one of these classes is recorded anywhere in the file."""
        return not self._groups.keys().isdisjoint(kinds)

    @cached_property
    def _groups(self) -> dict[type, list[tuple[Scope, list[ast.AST]]]]:
        return index.grouped(self.scopes)

    @cached_property
    def vocabulary(self) -> frozenset[bytes]:
        """Every word of the text, for cheap tests of whether a name occurs at all (see `vocabulary.words`)."""
        return vocabulary(self.text)

    @cached_property
    def lexicon(self) -> str:
        """The words of the text in lower case, each once: where a part of a name is looked for, it is here."""
        return lexicon(self.vocabulary)

    @cached_property
    def decorating_names(self) -> frozenset[str]:
        """The last names of everything that stands as a decorator in the file."""
        nodes = (node for scope in self.scopes for node in scope.decorators)
        return frozenset(terminal_name(node.func if isinstance(node, ast.Call) else node) for node in nodes)

    @cached_property
    def text(self) -> str:
        """The whole text, for cheap tests of whether a word occurs at all."""
        return "".join(self.lines)

    @cached_property
    def text_lower(self) -> str:
        """The whole text in lower case."""
        return self.text.lower()

    @cached_property
    def single_instance(self) -> bool:
        """Whether the file, above its first statement, or the project says that it will never have a sibling."""
        if self.settings.single_instance:
            return True
        first = next((node.lineno for node in self.tree.body if not _is_docstring(node)), len(self.lines) + 1)
        return any(_SINGLE_INSTANCE.search(line) for line in self.lines[: first - 1])

    @cached_property
    def is_of_one_machine(self) -> bool:
        """Whether the project is a program of one desktop or one device, which never has a sibling."""
        return not self.settings.no_project and one_machine.is_of_one_machine(self.filename)

    def project_says(self, fact: Fact) -> bool:
        """Whether another file of the project, of whatever kind, states a fact; never where the project is not read."""
        return not self.settings.no_project and facts.project_says(fact, self.filename)

    def named_by_project(self, fact: Fact) -> str:
        """The name that a fact of the project is about; "" where the project does not state it or is not read."""
        return "" if self.settings.no_project else facts.named_by_project(fact, self.filename)

    def text_says(self, fact: Fact) -> bool:
        """Whether this file states a fact."""
        return facts.text_says(fact, self.text)

    @cached_property
    def queries(self) -> Queries:
        """What the expressions of the file ask of a database."""
        return Queries(self)

    @cached_property
    def query_runs(self) -> list[Run]:
        """Where the queries of the file run, in the order of the text."""
        return runs_in(self)

    @cached_property
    def endpoints(self) -> list[Endpoint]:
        """The functions and classes of the file that answer HTTP requests."""
        return endpoints_of(self)

    @cached_property
    def listings(self) -> list[Listing]:
        """The endpoints of the file that answer with all rows of a query."""
        return listings_of(self)

    @cached_property
    def timeout_settings(self) -> list[timeout_settings.Setting]:
        """The statements that may bound the waits of an object, or of the process, apart from its calls."""
        return list(timeout_settings.settings_in(self))

    @cached_property
    def _known(self) -> KnownCalls:
        return KnownCalls(self)

    @property
    def sites(self) -> list[CallSite]:
        """All calls of the file whose callee the catalogue knows, in the order of the text."""
        return self._known.sites

    @property
    def roots(self) -> frozenset[str]:
        """The libraries of the catalogue that this file may reach."""
        return self._known.roots

    @property
    def aliases(self) -> frozenset[str]:
        """The names that the file gives to something whose own name the catalogue knows."""
        return self._known.aliases

    def sites_named(self, names: frozenset[str]) -> Iterator[CallSite]:
        """Yield the calls whose callee ends in one of these names or in a local alias of something in the catalogue."""
        return self._known.named(names)

    @cached_property
    def makers(self) -> set[ast.AST]:
        """The calls that make a shareable resource."""
        return {site.node for site in self.sites if site.api is not None and site.api.makes is not None}

    @cached_property
    def fresh(self) -> list[CallSite]:
        """The calls that make a shareable resource anew on every call of their function."""
        return sharing.fresh(self)

    @cached_property
    def calls_by_name(self) -> dict[str, list[tuple[ast.Call, Scope]]]:
        """Every call of the file, with its scope, by the last name of its callee; "" where that is no name."""
        return calls_by_name(self.scopes)

    @cached_property
    def continued(self) -> dict[ast.AST, ast.Call]:
        """The calls on whose result, awaited or not, another call is made at once, each with that call."""
        found: dict[ast.AST, ast.Call] = {}
        for calls in self.calls_by_name.values():
            for node, _ in calls:
                inner = node.func.value if isinstance(node.func, ast.Attribute) else None
                if isinstance(inner, ast.Await):
                    inner = inner.value
                if isinstance(inner, ast.Call):
                    found[inner] = node
        return found

    @cached_property
    def callable_names(self) -> frozenset[str]:
        """The names of the file's functions, and those that are given to one of them by an assignment."""
        return self._function_names | self.callable_aliases

    @cached_property
    def _function_names(self) -> frozenset[str]:
        return frozenset([scope.name for scope in self.scopes if scope.is_function])

    @cached_property
    def callable_aliases(self) -> frozenset[str]:
        """The names that the file assigns a function of its own, or what a call makes of one."""
        names = self._function_names
        aliases: set[str] = set()
        for node, _ in self.nodes(ast.Assign) if names else ():
            assert isinstance(node, ast.Assign)
            given = node.value.args[0] if isinstance(node.value, ast.Call) and node.value.args else node.value
            if terminal_name(given) in names:
                aliases.update(map(terminal_name, node.targets))
        return frozenset(aliases)

    @cached_property
    def _repetition(self) -> Repetition:
        return Repetition(self)

    @property
    def has_loops(self) -> bool:
        """Whether anything in the file is done again and again by a loop or a comprehension."""
        return self._repetition.has_loops

    @property
    def repeated_edges(self) -> list[tuple[Scope, Edge]]:
        """The calls of the file's own functions around which a loop of the calling function may be, with its scope."""
        return self._repetition.edges

    def may_be_repeated(self, node: ast.expr, scope: Scope) -> bool:
        """Whether a loop or comprehension of the same function may be around an expression, as far as lines show."""
        return self._repetition.may_be_around(node, scope)

    @cached_property
    def awaited(self) -> frozenset[ast.AST]:
        """What stands under an `await` in the file."""
        return frozenset(
            node.value for scope in self.scopes for node in scope.of(ast.Await) if isinstance(node, ast.Await)
        )

    def site(self, node: ast.Call, scope: Scope) -> CallSite:
        """Return a call with what the model knows of it."""
        return CallSite(node, scope, self)

    @cached_property
    def _found(self) -> dict[Callable[[SourceFile], Any], Any]:
        return {}

    def once(self, find: Callable[[SourceFile], _Found]) -> _Found:
        """Return what a function finds in this file, which is asked once however many want to know it."""
        if find not in self._found:
            self._found[find] = find(self)
        found: _Found = self._found[find]
        return found

    @cached_property
    def answers(self) -> dict[tuple[str, Scope], bool]:
        """What was found out about functions as a whole, so that it is not asked again for each call in them."""
        return {}

    @cached_property
    def _parents(self) -> dict[ast.AST, dict[ast.AST, ast.AST]]:
        return {}

    @cached_property
    def _dependents(self) -> dict[ast.AST, frozenset[str]]:
        return {}

    def dependents(self, loop: ast.AST) -> frozenset[str]:
        """Return the names that a turn of a loop gives another value, because of its item."""
        if loop not in self._dependents:
            self._dependents[loop] = frozenset(per_item.dependent(loop))
        return self._dependents[loop]

    @cached_property
    def _words(self) -> dict[Scope, Words]:
        return {}

    def words(self, function: Scope) -> Words:
        """Return the names, keys and texts in a function."""
        if function not in self._words:
            self._words[function] = words_of(function.node)
        return self._words[function]

    def parents(self, scope: Scope) -> dict[ast.AST, ast.AST]:
        """Return the parent of each node in the outermost function around a scope, outside functions in the module."""
        root = scope
        outermost: Scope = self.module
        while root.parent is not None:
            if root.is_function:
                outermost = root
            root = root.parent
        if outermost.node not in self._parents:
            self._parents[outermost.node] = index.parents_below(outermost.node)
        return self._parents[outermost.node]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
