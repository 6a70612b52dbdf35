"""Entries: the functions that a framework calls, as decorators, bases, registrations and signatures show them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_scalability.catalog import frameworks, http_entries, live_frameworks, lookup, web_frameworks
from flake8_scalability.catalog.rows import Entry, Place
from flake8_scalability.model.language.callgraph import calls_by_name, terminal_name
from flake8_scalability.model.language.index import nodes_below
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.language.values import Resolver
from flake8_scalability.model.running import entry_tables, evidence, registrations, routes, takers

#: Known by nothing but a first parameter called `request`.
_TAKES_REQUEST = Entry("django", Place.REQUEST)
#: How the names of bases end that a project has of its own.
_TELLING_ENDINGS = (
    live_frameworks.SERVICER_SUFFIX,
    "Serializer",
    *(ending for endings, _ in web_frameworks.PROJECT_BASES for ending in endings),
)
_OF_WEB = frozenset(web_frameworks.ENTRIES)


class Entries:
    """The functions and classes of a file that a framework knows, each with its entry."""

    def __init__(self, scopes: list[Scope], resolver: Resolver) -> None:
        self._resolver = resolver
        self.imported = frozenset(evidence.roots_of_imports(scopes[0]))
        self.functions: dict[Scope, Entry] = {}
        self.classes: dict[Scope, Entry] = {}
        #: What takes a request as views do, but is called in the file itself or private: no handlers.
        self.helpers: dict[Scope, Entry] = {}
        self._names = {scope.name for scope in scopes if scope.is_function or scope.is_class}
        #: Names that may stand for a decorator of another name: imported under an alias, or assigned.
        self._renamed = {
            name
            for scope in scopes[:1]
            for name, bindings in scope.bindings.items()
            if any(each.kind == "assign" or each.path.rpartition(".")[2] not in ("", name) for each in bindings)
        }
        for scope in scopes:
            if scope.is_class:
                self._classify_class(scope)
            elif scope.is_function:
                self._classify_function(scope)
        for node, scope in self._registering(scopes) if self._names else ():
            self._classify_registered(node, scope)
        if self._names:
            for function, entry in registrations.listed(scopes, resolver, self.imported, self._names):
                self._mark(function, entry)
            for target, entry in routes.tabled(scopes, resolver, self.imported):
                self._mark_registered(target, entry)
            for function in routes.exposed(scopes, self.imported):
                self._mark(function, Entry("cherrypy", Place.REQUEST))
            for function in registrations.served(scopes, resolver):
                self._mark(function, live_frameworks.SERVICER)
            for function, entry in registrations.signed(scopes, resolver, self.imported):
                self.functions.setdefault(function, entry)
            for function, entry in registrations.signed(scopes, resolver, self.imported, web_frameworks.GIVEN_REQUESTS):
                if function not in self.functions:
                    self.helpers[function] = entry
        doubtful = [function for function, entry in self.functions.items() if entry is _TAKES_REQUEST]
        for function in takers.helpers_among(doubtful, scopes, self.imported):
            self.helpers[function] = self.functions.pop(function)

    def _registering(self, scopes: list[Scope]) -> Iterator[tuple[ast.Call, Scope]]:
        """Yield the calls that may register something, by their names."""
        calls = calls_by_name(scopes)
        telling = entry_tables.telling_names()
        found = [call for name, many in calls.items() if name in telling for call in many]
        found.sort(key=lambda call: (call[0].lineno, call[0].col_offset))
        yield from found

    def _mark(self, function: Scope, entry: Entry) -> None:
        known = self.functions.get(function)
        if known is None or known is _TAKES_REQUEST or entry.place > known.place:
            self.functions[function] = entry

    # Functions

    def _classify_function(self, function: Scope) -> None:
        outside = function.parent or function
        for decorator in function.decorators:
            call = decorator if isinstance(decorator, ast.Call) else None
            callee = call.func if call is not None else decorator
            entry = self._of_group(callee, outside) or self._entry("decorators", callee, call, outside, function.name)
            if entry is None and terminal_name(callee) in self._names:
                entry = self._applied(callee, outside)
            if entry is None and call is not None:
                known = http_entries.DECORATOR_KEYWORDS
                entry = next((known[keyword.arg] for keyword in call.keywords if keyword.arg in known), None)
            if entry is not None:
                self._mark(function, entry)
        if function not in self.functions:
            entry = self._by_signature(function) or routes.by_protocol(function, self.imported)
            if entry is not None:
                self._mark(function, entry)

    def _by_signature(self, function: Scope) -> Entry | None:
        names = tuple(function.parameters)
        if function.is_method:
            if ("info" in names[1:4] or "_info" in names[1:4]) and (
                function.name.startswith(live_frameworks.GRAPHENE_PREFIX)
                or function.name in live_frameworks.GRAPHENE_METHODS
            ):
                return Entry("graphene", Place.REQUEST)
        else:
            if names[:1] == ("request",) and self.imported & web_frameworks.REQUEST_FIRST:
                return _TAKES_REQUEST
            if function.name in frameworks.STARTUP_NAMES and function.owner is None:
                return Entry("", Place.STARTUP)
            if names in frameworks.LAMBDA_PARAMETERS and function.parent is not None and function.parent.is_module:
                return Entry("aws-lambda", Place.REQUEST)
        return None

    def _entry(
        self,
        field: str,
        function: ast.expr,
        call: ast.Call | None,
        scope: Scope,
        name: str = "",
        trusted: bool = False,
    ) -> Entry | None:
        """Return the entry that a decorator or call is: by its path, else by its last name on an unknown receiver.

        `name` is that of the function under a decorator; what is `trusted` to have a URL needs none in sight.
        """
        table = entry_tables.entries(field)
        named = table.by_name.get(terminal_name(function), ())
        if not named and field == "decorators" and not self._may_decorate(terminal_name(function)):
            return None
        paths = self._resolver.paths(function, scope) or registrations.paths_so_far(function, scope, self._resolver)
        for path in paths:
            for entry in table.by_path.get(path, ()):
                if (
                    not (entry.url and entry in named)
                    and evidence.concerns(entry, name)
                    and self._is_shown(entry, function, paths)
                ):
                    return entry
        for entry in named:
            if (
                evidence.concerns(entry, name)
                and (not entry.url or trusted or evidence.is_route(call))
                and not (entry in _OF_WEB and evidence.is_foreign(paths))
                and self._is_shown(entry, function, paths)
                and (entry.url or not any("." in path and lookup.api(path) is not None for path in paths))
            ):
                return self._of_imported(entry)
        return None

    def _may_decorate(self, name: str) -> bool:
        """Whether a decorator of this last name may have an entry: nothing else is worth resolving."""
        return name in entry_tables.decorating_names() or name in self._renamed

    def _may_be_ours(self, argument: ast.expr) -> bool:
        """Whether an argument may hand over a function or class of the file."""
        kind = argument.__class__
        if kind is ast.Constant:
            return False
        if kind is ast.Name:
            return terminal_name(argument) in self._names
        return any(part.__class__ is ast.Lambda or terminal_name(part) in self._names for part in nodes_below(argument))

    def _of_imported(self, entry: Entry) -> Entry:
        """Return an entry that many frameworks have, with the one that the file imports."""
        if not entry.url:
            return entry
        name = next((name for package, name in http_entries.BY_PACKAGE.items() if package in self.imported), "")
        return entry._replace(framework=name) if name else entry

    def _is_shown(self, entry: Entry, node: ast.expr, paths: set[str]) -> bool:
        """Whether what a row wants beside the name is there: an import, or the name of the receiver or module."""
        if not entry.imports and not entry.receivers:
            return True
        if not self.imported.isdisjoint(entry.imports.split()):
            return True
        given = {path.split(".")[-2] for path in paths if path.count(".") > 0}
        if isinstance(node, ast.Attribute):
            given.add(terminal_name(node.value))
        return not given.isdisjoint(entry.receivers.split())

    def _of_group(self, decorator: ast.expr, scope: Scope) -> Entry | None:
        """Return the entry of the function of which a decorator is an attribute: `@cli.command` under `def cli`."""
        if not isinstance(decorator, ast.Attribute) or decorator.attr in frameworks.NO_REGISTRATION:
            return None
        if terminal_name(decorator.value) not in self._names:
            return None
        targets = (value.target for value in self._resolver.values(decorator.value, scope))
        return next((self.functions[target] for target in targets if target in self.functions), None)

    def _applied(self, callee: ast.expr, scope: Scope) -> Entry | None:
        """Return the entry that a decorator of the file applies in its turn."""
        for value in self._resolver.values(callee, scope):
            if value.target is None or not value.target.is_function:
                continue
            for each in routes.applied_by(value.target):
                entry = self._entry(
                    "decorators", each.callee, each.call, each.scope, trusted=routes.takes_url(each.call)
                )
                if entry is not None:
                    return entry
            for call, inside in routes.hands_over(value.target):
                if terminal_name(call.func) in entry_tables.registering_names():
                    entry = self._entry("calls", call.func, call, inside)
                    if entry is not None:
                        return entry
        return None

    # Classes

    def _classify_class(self, owner: Scope) -> None:
        assert isinstance(owner.node, ast.ClassDef)
        if not owner.decorators and not any(self._may_be_base(node, owner) for node in owner.node.bases):
            return
        table = entry_tables.entries("bases")
        for entry in routes.of_class_decorators(owner, self._resolver, self.imported):
            self._register_class(owner, entry)
        for ancestor in self._resolver.ancestry(owner):
            assert isinstance(ancestor.node, ast.ClassDef)
            for given in ancestor.node.bases:
                base = given.value if isinstance(given, ast.Subscript) else given
                values = self._resolver.values(base, ancestor.parent or ancestor)
                name = terminal_name(base)
                known = next((table.by_path[value.path] for value in values if value.path in table.by_path), ())
                paths = {value.path for value in values}
                entries = known or tuple(
                    entry
                    for entry in table.by_name.get(name, ())
                    if self._is_shown(entry, base, paths) and not (entry in _OF_WEB and self._is_client(paths))
                )
                if entries:
                    self.classes.setdefault(owner, max(entries, key=lambda entry: entry.place))
                    self._mark_methods(owner, entries)
                elif name.endswith(live_frameworks.SERVICER_SUFFIX):
                    for method in filter(registrations.is_procedure, owner.inner):
                        self._mark(method, live_frameworks.SERVICER)
                elif not any(value.target is not None for value in values):
                    self._classify_by_base_name(owner, name, paths)
                    if name.endswith("Serializer") and "rest_framework" in self.imported:
                        self._mark_methods(owner, (web_frameworks.PROJECT_SERIALIZER,))

    def _may_be_base(self, node: ast.expr, owner: Scope) -> bool:
        """Whether a base class may tell something by its name: nothing else is worth resolving.

        A name that the file binds itself may stand for any other.
        """
        name = terminal_name(node.value if isinstance(node, ast.Subscript) else node)
        return (
            name in entry_tables.telling_bases()
            or name in self._names
            or name in self._renamed
            or name.endswith(_TELLING_ENDINGS)
            or owner.parent is None
            or not owner.parent.is_module
        )

    def _mark_methods(self, owner: Scope, entries: tuple[Entry, ...]) -> None:
        """Give each method of a class the first of the entries that is about it."""
        called = registrations.called_on_itself(owner)
        for method in owner.inner:
            if not method.is_function:
                continue
            public = not method.name.startswith("_") and method.name not in called
            for entry in entries:
                if evidence.concerns(entry, method.name) if entry.methods else public:
                    self._mark(method, entry)
                    break

    def _register_class(self, owner: Scope, entry: Entry) -> None:
        """Mark the methods of a registered class; without some of its own the row means those of a view."""
        self.classes.setdefault(owner, entry)
        for each in self._resolver.ancestry(owner):
            self._mark_methods(each, (entry if entry.methods else entry._replace(methods=http_entries.VIEWS),))

    def _mark_registered(self, target: Scope, entry: Entry) -> None:
        if target.is_class:
            self._register_class(target, entry)
        else:
            self._mark(target, entry)

    def _is_client(self, paths: set[str]) -> bool:
        """Whether a base that is called like one of a web framework is another library's or a client's."""
        if evidence.is_foreign(paths):
            return True
        serves = not self.imported.isdisjoint(web_frameworks.WEB_PACKAGES - web_frameworks.CLIENT_PACKAGES)
        return not serves and not self.imported.isdisjoint(web_frameworks.CLIENT_PACKAGES)

    def _classify_by_base_name(self, owner: Scope, base: str, paths: set[str]) -> None:
        """A base class of the project whose name says view: the methods that look like those of a view are handlers."""
        entry = next((entry for endings, entry in web_frameworks.PROJECT_BASES if base.endswith(endings)), None)
        if entry is None:
            return
        in_web_file = not self.imported.isdisjoint(web_frameworks.WEB_PACKAGES) or any(
            not web_frameworks.HANDLER_MODULES.isdisjoint(path.split(".")[:-1]) for path in paths
        )
        unasked = web_frameworks.NEEDS_NO_REQUEST
        if base.lower().endswith("viewset"):
            unasked |= web_frameworks.VIEWSET_METHODS
        wanted = entry.methods.split()
        for method in owner.inner:
            if not method.is_function or method.name not in wanted:
                continue
            given = list(method.parameters)[1:2]
            shown = given in (["request"], ["req"]) or evidence.answers(method)
            if shown or (in_web_file and method.name in unasked):
                self.classes.setdefault(owner, entry)
                self._mark(method, entry)

    # Calls

    def _classify_registered(self, node: ast.Call, scope: Scope) -> None:
        """Mark the functions that a call such as `add_url_rule` hands to a framework."""
        callee = node.func
        name = terminal_name(callee)
        if name in entry_tables.registering_names():
            if not any(map(self._may_be_ours, (*node.args, *(keyword.value for keyword in node.keywords)))):
                return
            entry = self._entry("calls", callee, node, scope)
            if entry is None:
                # `url` and `path` are known by what stands beside them only: their path decides, never their name
                table = entry_tables.entries("calls").by_path
                paths = self._resolver.paths(callee, scope)
                entry = next((table[path][0] for path in paths if path in table), None)
            if entry is not None:
                for argument in evidence.handed(node, entry):
                    for function in registrations.functions_in(argument, scope, self._resolver, self._names):
                        self._mark(function, entry)
                    if entry.place is Place.REQUEST:
                        for owner in routes.classes_in(argument, scope, self._resolver):
                            self._register_class(owner, entry)
        elif isinstance(callee, ast.Call) and terminal_name(callee.func) in entry_tables.decorating_names():
            self._classify_decorated(node, callee.func, callee, scope)
        elif name in entry_tables.decorating_names():
            self._classify_decorated(node, callee, None, scope)

    def _classify_decorated(self, node: ast.Call, callee: ast.expr, call: ast.Call | None, scope: Scope) -> None:
        """Mark the functions to which a decorator is applied by a call: `app.event("x")(f)`, `shared_task(f)`."""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if call is None:
            given = [argument for argument in node.args[:1] if terminal_name(argument) in self._names]
        for argument in given:
            for function in registrations.functions_in(argument, scope, self._resolver, self._names):
                entry = self._entry("decorators", callee, call, scope, function.name)
                if entry is not None and (call is not None or not entry.url):
                    self._mark(function, entry)
