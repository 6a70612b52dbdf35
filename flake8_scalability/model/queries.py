"""Queries: what an expression asks of a database, and what it gives.

An expression is described by its chain: where it begins (`X.objects`, `session.query(X)`, `select(X)`, a collection's
`find`, a text of SQL), what its methods add, what they give.  A local name is followed to the assignments that reach
it, a call to the returns of a function of the file; of several alternatives the least narrowed one is told, and a limit
on any of them counts.  What may be something else than a query has no description.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from flake8_scalability.catalog import lookup
from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Family, Gives
from flake8_scalability.model import query_filters, reaching, sql, sql_texts
from flake8_scalability.model.callgraph import terminal_name
from flake8_scalability.model.query_filters import Filter
from flake8_scalability.model.scopes import Binding, Scope
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

MAX_DEPTH = 40
#: Prefixes of a manager's own methods, and what those then give.
_OWN_METHODS = (
    (("create", "update", "delete", "bulk", "add", "set_", "remove", "save", "upsert", "insert", "register", "sync"),
     Gives.WRITE),
    (("count", "total"), Gives.COUNT),
    (("exists", "has_", "is_"), Gives.PRESENCE),
)  # fmt: skip


class Step(NamedTuple):
    """A method in the chain of a query, and its call; None where it is only named, as a slice is."""

    name: str
    call: ast.Call | None


class Query(NamedTuple):
    """What an expression asks of a database.

    node: the expression
    scope: where it stands
    family: the way of writing queries that it is of
    gives: what it gives; QUERY where nothing is read until somebody takes its rows
    entity: the model, table or collection, "" where it is not shown
    steps: the methods of its chain, first first
    filters: the conditions on its rows
    bounded: it gives a part of the rows at most: a limit, a slice, one row, a number
    certain: every alternative is known
    opaque: methods of the project's own, which may do anything, are among its steps
    ran: the call that hands a statement to a session, a connection or a cursor; None where there is none
    statement: its text, where it is one
    related: it reads the rows that belong to one row: `order.lines.all()`
    """

    node: ast.expr
    scope: Scope
    family: Family
    gives: Gives
    entity: str = ""
    steps: tuple[Step, ...] = ()
    filters: tuple[Filter, ...] = ()
    bounded: bool = False
    certain: bool = True
    opaque: bool = False
    ran: ast.Call | None = None
    statement: sql.Statement | None = None
    related: bool = False

    @property
    def writes(self) -> bool:
        return self.gives is Gives.WRITE

    @property
    def names(self) -> frozenset[str]:
        """The names of its steps."""
        return frozenset(step.name for step in self.steps)

    @property
    def is_eager(self) -> bool:
        """Whether it loads related rows with its own; what it loads, `relations` tells."""
        return bool(self.relations) or not self.family.eager.isdisjoint(self.names)

    @property
    def relations(self) -> frozenset[str]:
        """The relations that are loaded with its rows, as they are spelled: "author", "author__country"."""
        return frozenset(
            name for step in self.steps if step.call for name in query_filters.relations(step.call, self.family)
        )


class Queries:
    """The queries of one file; every answer is remembered."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._known: dict[tuple[ast.expr, Scope], Query | None] = {}
        self._depth = 0
        imports: set[str] = set()
        has_models = False
        for scope in source.scopes:
            for node in scope.of(ast.Import, ast.ImportFrom):
                assert isinstance(node, (ast.Import, ast.ImportFrom))
                if isinstance(node, ast.Import):
                    imports.update(alias.name.partition(".")[0] for alias in node.names)
                    continue
                parts = (node.module or "").split(".")
                has_models = has_models or "models" in (parts[-1], *(alias.name for alias in node.names))
                if node.module and not node.level:
                    imports.add(parts[0])
        self.packages = imports
        self.families = {known.PACKAGES[name].name for name in imports if name in known.PACKAGES}
        #: Whether attributes of rows may be managers: in files of Django's, or with models of unknown make.
        self._has_managers = "django" in self.families or (has_models and not self.families)

    def of(self, node: ast.expr, scope: Scope) -> Query | None:
        """Return what an expression asks of a database, None where that is not shown."""
        key = (node, scope)
        if key not in self._known:
            self._known[key] = None  # for an expression that leads back to itself
            if self._depth < MAX_DEPTH:
                self._depth += 1
                try:
                    self._known[key] = self._describe(node, scope)
                finally:
                    self._depth -= 1
        return self._known[key]

    def _describe(self, node: ast.expr, scope: Scope) -> Query | None:
        if isinstance(node, ast.Call):
            return self._call(node, scope)
        if isinstance(node, ast.Name):
            return self._name(node, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope)
        if isinstance(node, ast.Await):
            return self.of(node.value, scope)
        if isinstance(node, ast.NamedExpr):
            return self.of(node.value, scope)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, scope)
        if isinstance(node, ast.IfExp):
            return self._either([node.body, node.orelse], scope, node)
        if isinstance(node, ast.BoolOp):
            return self._either(node.values, scope, node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitOr, ast.BitAnd)):
            left = self.of(node.left, scope)
            return left._replace(node=node) if left is not None and self.of(node.right, scope) is not None else None
        return None

    # Names, attributes, alternatives

    def _either(self, nodes: list[ast.expr], scope: Scope, node: ast.expr) -> Query | None:
        return self._merged([(each, scope) for each in nodes if not _is_nothing(each)], node, scope)

    def _merged(self, parts: list[tuple[ast.expr, Scope]], node: ast.expr, scope: Scope) -> Query | None:
        """Return the least narrowed of several alternatives, with the bound of any of them."""
        found = [self.of(each, where) for each, where in parts]
        queries = [query for query in found if query is not None]
        if not queries:
            return None
        widest = min(
            queries, key=lambda query: ("none" in query.names, query.bounded, query.opaque, len(query.filters))
        )
        certain = len(queries) == len(found) and all(query.certain for query in queries)
        return widest._replace(node=node, scope=scope, bounded=any(query.bounded for query in queries), certain=certain)

    def _name(self, node: ast.Name, scope: Scope) -> Query | None:
        bindings = reaching.bindings(node, scope, self._source)
        parts: list[tuple[ast.expr, Scope]] = []
        unknown = False
        for binding in bindings:
            if binding.kind in ("assign", "annotation") and binding.value is not None:
                if not _is_nothing(binding.value):
                    parts.append((binding.value, binding.scope))
            else:
                unknown = True
        query = self._merged(parts, node, scope)
        if query is not None and unknown:
            query = query._replace(certain=False)
        return query

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Query | None:
        owner = terminal_name(node.value)
        if isinstance(node.value, ast.Call):
            owner = _called_model(node.value)
        if known.MANAGER.match(node.attr) and owner and known.MODEL.search(owner):
            if self._is_of_file_class(node, scope):
                return None
            family = known.MONGOENGINE if "mongoengine" in self.families else known.DJANGO
            return Query(node, scope, family, Gives.QUERY, owner if owner not in ("self", "cls") else "")
        if node.attr == "query" and _is_class_name(owner) and not self._is_foreign(node.value, scope):
            return Query(node, scope, known.SQLALCHEMY, Gives.QUERY, owner)
        if node.attr == "queryset" and owner == "self":
            return self._own_queryset(node, scope)
        return None

    def _own_queryset(self, node: ast.expr, scope: Scope) -> Query | None:
        """Return the query that a class-based view is made for: its `queryset`, or any rows."""
        owner = scope.function.owner if scope.function is not None else None
        if owner is not None:
            for binding in owner.bindings.get("queryset", []):
                if binding.value is not None and binding.kind in ("assign", "annotation"):
                    found = self.of(binding.value, owner)
                    if found is not None:
                        return found._replace(node=node, scope=scope)
        return Query(node, scope, known.DJANGO, Gives.QUERY, opaque=True) if "django" in self.families else None

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Query | None:
        inner = self.of(node.value, scope)
        if inner is None or inner.gives not in (Gives.QUERY, Gives.MANY):
            return None
        if isinstance(node.slice, ast.Slice):
            if inner.gives is Gives.MANY:
                return None
            return inner._replace(node=node, scope=scope, bounded=True, steps=(*inner.steps, Step("[:]", None)))
        if inner.gives is Gives.MANY:
            return None
        return inner._replace(
            node=node, scope=scope, gives=Gives.ONE, bounded=True, steps=(*inner.steps, Step("[]", None))
        )

    # Calls

    def _call(self, node: ast.Call, scope: Scope) -> Query | None:
        name = terminal_name(node.func)
        if isinstance(node.func, ast.Attribute):
            inner = self.of(node.func.value, scope)
            if inner is not None:
                return self._method(inner, name, node, scope)
        return (
            self._statement(name, node, scope)
            or self._of_function(node, scope)
            or self._root(name, node, scope)
            or self._running(name, node, scope)
            or self._fetched(name, node, scope)
            or self._of_handle(name, node, scope)
        )

    def _method(self, inner: Query, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a method of a query gives."""
        if inner.gives is not Gives.QUERY:
            return inner._replace(node=node, scope=scope) if name in ("all", "copy") and inner.ran else None
        gives = inner.family.gives.get(name)
        if name in known.RUNNING and gives is None:
            return None
        opaque = inner.opaque
        if (
            inner.ran is not None
            and inner.family.name == "sqlalchemy"
            and name in ("first", "one", "fetchone", "scalar")
        ):
            gives = Gives.ONE
        if gives is None:
            if not inner.family.fluent:
                return None
            gives = next((what for heads, what in _OWN_METHODS if name.startswith(heads)), Gives.QUERY)
            if name.startswith(("get_", "fetch_", "find_", "as_", "to_", "with_entity")) and gives is Gives.QUERY:
                return None
            opaque = True
        if name == "none":
            return inner._replace(node=node, scope=scope, opaque=True, steps=(*inner.steps, Step(name, node)))
        # `query.limit(None)` takes the limit away, which nobody writes.
        bounded = inner.bounded or gives in (Gives.ONE, Gives.PART, Gives.COUNT, Gives.PRESENCE, Gives.STREAM)
        if gives is Gives.PART and name in ("limit", "slice", "top", "none", "limit"):
            gives = Gives.QUERY
        more = query_filters.of(node, name, inner.family, scope)
        return inner._replace(
            node=node,
            scope=scope,
            gives=gives,
            steps=(*inner.steps, Step(name, node)),
            filters=(*inner.filters, *more),
            bounded=bounded,
            opaque=opaque,
        )

    def _statement(self, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a statement begins with: `select(X)`, `session.query(X)`, `update(X)`."""
        first = node.args[0] if node.args else None
        if name == "query" and first is not None and isinstance(node.func, ast.Attribute):
            if not _may_be_entity(first) or self._is_foreign(node.func.value, scope):
                return None
            gives, bounded = (Gives.QUERY, _only_aggregates(node))
            return Query(node, scope, known.SQLALCHEMY, gives, _entity(first), (Step(name, node),), bounded=bounded)
        if name in ("select", "insert", "update", "delete", "left_join"):
            paths = self._source.resolver.paths(node.func, scope)
            if name == "select" and isinstance(first, ast.GeneratorExp) and paths and paths <= known.PONY_SELECTS:
                filters = query_filters.of_generator(first, scope)
                entity = _entity(first.generators[0].iter)
                return Query(node, scope, known.PONY, Gives.QUERY, entity, (Step(name, node),), filters)
            if name == "select" and first is not None and self._is_select(node, paths, first, scope):
                return Query(
                    node, scope, known.SQLALCHEMY, Gives.QUERY, _entity(first), (Step(name, node),),
                    bounded=_only_aggregates(node),
                )  # fmt: skip
            if paths and paths <= known.CHANGES:
                return Query(node, scope, known.SQLALCHEMY, Gives.QUERY, _entity(first) if first else "",
                             (Step(name, node),), bounded=True)  # fmt: skip
        return None

    def _is_select(self, node: ast.Call, paths: set[str], first: ast.expr, scope: Scope) -> bool:
        if paths and paths <= known.SELECTS:
            return paths != {"select"} or _may_be_entity(first)
        # `sa.select(X)`, `db.select(X)` with a handle from another file
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        return (
            isinstance(receiver, ast.Name)
            and receiver.id in ("db", "sa", "sqlalchemy", "sql")
            and _may_be_entity(first)
            and not self._is_foreign(receiver, scope)
        )

    def _root(self, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what begins with a method of a class, a view, a collection or a related manager."""
        if name in known.SHORTCUTS and node.args:
            gives = known.SHORTCUTS[name]
            return Query(node, scope, known.DJANGO, gives, _entity(node.args[0]), (Step(name, node),),
                         query_filters.of(node, "filter", known.DJANGO, scope), bounded=gives is Gives.ONE)  # fmt: skip
        if not isinstance(node.func, ast.Attribute):
            return None
        receiver = node.func.value
        if name == "get_queryset" and (spelled(receiver) in ("self", "super()")):
            return self._own_queryset(node, scope)
        if name in ("filter_queryset", "get_filtered_queryset") and spelled(receiver) == "self" and node.args:
            inner = self.of(node.args[0], scope)
            return inner._replace(node=node, scope=scope, opaque=True) if inner is not None else None
        if name == "objects" and "mongoengine" in self.families and _is_class_name(terminal_name(receiver)):
            return Query(node, scope, known.MONGOENGINE, Gives.QUERY, terminal_name(receiver), (Step(name, node),),
                         query_filters.of(node, "filter", known.MONGOENGINE, scope))  # fmt: skip
        return (
            self._of_class(name, receiver, node, scope)
            or self._of_collection(name, receiver, node, scope)
            or self._of_related(name, receiver, node, scope)
            or self._of_session(name, receiver, node, scope)
        )

    def _of_class(self, name: str, receiver: ast.expr, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a mapped class's own method begins: `await User.filter(...)`, `User.select()`."""
        owner = terminal_name(receiver)
        if not _is_class_name(owner):
            return None
        for family in (known.PEEWEE, known.TORTOISE, known.BEANIE, known.PONY):
            if family.name in self.families:
                fits = name in known.CLASS_METHODS[family.name]
            else:
                fits = name in known.AWAITED_METHODS.get(family.name, ()) and self._is_awaited(node, scope)
            if fits and not self._is_foreign(receiver, scope):
                gives = family.gives.get(name, Gives.WRITE)
                filters = query_filters.of(node, "filter", family, scope)
                bounded = gives is not Gives.QUERY
                return Query(node, scope, family, gives, owner, (Step(name, node),), filters, bounded)
        return None

    def _is_awaited(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the chain that begins with a call is awaited as a whole."""
        parents = self._source.parents(scope)
        current: ast.AST = node
        while True:
            parent = parents.get(current)
            if isinstance(parent, ast.Await):
                return True
            if isinstance(parent, (ast.AsyncFor, ast.comprehension)):
                return parent.iter is current and (isinstance(parent, ast.AsyncFor) or bool(parent.is_async))
            if not (isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is current)):
                return False
            current = parent

    def _of_collection(self, name: str, receiver: ast.expr, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a method of a Mongo collection asks: told by its own name, or by what it is called on."""
        gives = known.MONGO.gives.get(name)
        if name == "aggregate" and node.args and isinstance(node.args[0], ast.List):
            gives = Gives.QUERY
        if gives is None or name in ("limit", "sort", "where", "count", "next", "to_list", "skip", "hint"):
            return None
        unmistakable = "_" in name and name not in ("bulk_write",)
        first = node.args[0] if node.args else None
        if not unmistakable and name in ("find", "aggregate"):
            if isinstance(first, ast.Constant) or (first is None and not self._is_collection(receiver, scope)):
                return None
            if not (isinstance(first, ast.Dict) or self._is_collection(receiver, scope)):
                return None
            if name == "aggregate" and not self._is_collection(receiver, scope):
                return None
        elif not unmistakable:
            return None
        if name.startswith(("find_one", "insert_", "update_", "delete_", "count_documents")) and isinstance(
            first, ast.Constant
        ):
            return None
        if self._is_foreign(receiver, scope):
            return None
        filters = query_filters.of(node, name, known.MONGO, scope)
        bounded = gives is not Gives.QUERY or _has_stage(
            node, ("$limit", "$sample", "$group", "$count", "$sortByCount", "$bucket")
        )
        return Query(node, scope, known.MONGO, gives, _collection(receiver), (Step(name, node),), filters, bounded)

    def _is_collection(self, receiver: ast.expr, scope: Scope) -> bool:
        """Whether something is a collection: by its path, or because it is taken from a database, or is called one."""
        paths = self._source.resolver.paths(receiver, scope)
        if any(path.startswith(("pymongo.", "motor.", "flask_pymongo.")) for path in paths):
            return True
        name = terminal_name(receiver)
        if known.COLLECTION.search(name):
            return True
        if isinstance(receiver, ast.Call):
            return terminal_name(receiver.func) in ("get_collection", "collection")
        if isinstance(receiver, (ast.Attribute, ast.Subscript)):
            owner = receiver.value
            if terminal_name(owner) in ("db", "mongo", "database", "mongodb", "_db", "mdb"):
                return True
        return False

    def _of_related(self, name: str, receiver: ast.expr, node: ast.Call, scope: Scope) -> Query | None:
        """Return what the manager of a row's related rows gives: `order.lines.all()`, in a file of Django's."""
        if name not in known.RELATED or not self._has_managers or not isinstance(receiver, ast.Attribute):
            return None
        if name in known.UNSURE_RELATED and (node.args and name != "filter"):
            return None
        if name == "filter" and "django" not in self.families and not node.keywords:
            return None
        root: ast.expr = receiver.value
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, (ast.Name, ast.Call, ast.Subscript)):
            return None
        if isinstance(root, ast.Name):
            home = scope.lookup(root.id)
            if home is None or any(binding.kind == "import" for binding in home.bindings[root.id]):
                return None
            if receiver.attr in _NO_MANAGERS:
                return None
        gives = known.DJANGO.gives[name]
        return Query(node, scope, known.DJANGO, gives, receiver.attr, (Step(name, node),),
                     query_filters.of(node, name, known.DJANGO, scope),
                     bounded=gives not in (Gives.QUERY, Gives.MANY), related=True)  # fmt: skip

    def _of_session(self, name: str, receiver: ast.expr, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a session reads by key: `session.get(User, 1)`."""
        if name not in ("get", "get_one") or len(node.args) < 2 or not _is_class_name(terminal_name(node.args[0])):
            return None
        if not known.SESSION.search(terminal_name(receiver)) or self._is_foreign(receiver, scope):
            return None
        key = Filter("pk", "exact", node.args[1])
        return Query(
            node, scope, known.SQLALCHEMY, Gives.ONE, terminal_name(node.args[0]), (Step(name, node),), (key,), True
        )

    def _running(self, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a statement gives that is handed to a session, a connection or a cursor."""
        gives = known.RUNNING.get(name)
        if gives is None or not isinstance(node.func, ast.Attribute):
            return None
        given = [
            *node.args[:2],
            *(keyword.value for keyword in node.keywords if keyword.arg in ("query", "statement", "sql")),
        ]
        for argument in given:
            inner = self.of(argument, scope)
            if inner is not None and inner.gives in (Gives.QUERY, Gives.WRITE) and inner.ran is None:
                changes = inner.steps[:1] and inner.steps[0].name in ("insert", "update", "delete")
                what = Gives.WRITE if changes or inner.writes else gives
                return inner._replace(
                    node=node, scope=scope, gives=what, ran=node, steps=(*inner.steps, Step(name, node)),
                    bounded=inner.bounded or what in (Gives.ONE, Gives.STREAM, Gives.WRITE),
                )  # fmt: skip
        text = next((found for each in given if (found := sql_texts.of(each, scope, self._source)) is not None), None)
        if text is None:
            return None
        statement = sql.parse(text)
        if statement is None:
            return None
        if statement.verb != "select":
            gives = Gives.WRITE
        filters = tuple(Filter(each.column, _OPERATORS.get(each.operator, each.operator), None, each.text)
                        for each in statement.conditions)  # fmt: skip
        bounded = statement.limited or statement.aggregate or gives in (Gives.ONE, Gives.STREAM, Gives.WRITE)
        return Query(node, scope, known.SQL, gives, statement.table, (Step(name, node),), filters, bounded,
                     not statement.dynamic, ran=node, statement=statement)  # fmt: skip

    def _fetched(self, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a cursor gives of the statement that it executed last."""
        gives = known.FETCHING.get(name)
        if gives is None or not isinstance(node.func, ast.Attribute):
            return None
        cursor = spelled(node.func.value)
        before = None
        for call, where in self._source.calls_by_name.get("execute", ()):
            if (
                where.function is scope.function
                and isinstance(call.func, ast.Attribute)
                and spelled(call.func.value) == cursor
                and call.lineno <= node.lineno
            ):
                before = (call, where)
        if before is None:
            return None
        inner = self.of(*before)
        if inner is None or inner.gives is not Gives.QUERY:
            return None
        return inner._replace(
            node=node, scope=scope, gives=gives, steps=(*inner.steps, Step(name, node)),
            bounded=inner.bounded or gives is not Gives.MANY,
        )  # fmt: skip

    def _of_handle(self, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a handle of the project's own gives, by the names of the two: `user_repo.find_all()`."""
        if not isinstance(node.func, ast.Attribute) or not known.HANDLE.search(terminal_name(node.func.value)):
            return None
        gives = next((what for what, names in known.HANDLE_METHODS.items() if names.search(name)), None)
        if gives is None or self._is_foreign(node.func.value, scope):
            return None
        return Query(node, scope, known.REPOSITORY, gives, "", (Step(name, node),), bounded=gives is not Gives.MANY,
                     opaque=True)  # fmt: skip

    def _of_function(self, node: ast.Call, scope: Scope) -> Query | None:
        """Return the query that a function of the file returns."""
        values = self._source.resolver.values(node.func, scope)
        targets = [value.target for value in values]
        if len(targets) != 1 or targets[0] is None or not targets[0].is_function:
            return None
        target = targets[0]
        if target.nodes.get(ast.Yield) or target.nodes.get(ast.YieldFrom):
            return None
        returned = [each.value for each in target.of(ast.Return) if isinstance(each, ast.Return) and each.value]
        parts = [(each, target) for each in returned if not _is_nothing(each)]
        query = self._merged(parts, node, scope)
        # What is read inside the function, its own finding speaks of.
        return query if query is not None and query.gives is Gives.QUERY else None

    # What is none

    def _is_foreign(self, receiver: ast.expr, scope: Scope) -> bool:
        """Whether a receiver is shown to be something else: an object of the file, or of a library without queries."""
        home = scope.lookup(receiver.id) if isinstance(receiver, ast.Name) else None
        bindings = home.bindings[receiver.id] if home is not None and isinstance(receiver, ast.Name) else []
        if any(isinstance(binding.value, _LITERALS) for binding in bindings):
            return True
        for value in self._source.resolver.values(receiver, scope):
            if value.target is not None and value.target.is_function:
                return True
            if value.target is not None and value.target.is_class and value.instance:
                return True
            root = lookup.root_of(value.path)
            if root in _NO_DATABASES:
                return True
            if root not in known.PACKAGES and root not in _DATABASES and lookup.api(value.path) is not None:
                return True
        return False

    def _is_of_file_class(self, node: ast.Attribute, scope: Scope) -> bool:
        """Whether an attribute named like a manager is a plain list or mapping of a class of the file."""
        if not isinstance(node.value, ast.Name) or node.value.id not in ("self", "cls"):
            return False
        owner = scope.function.owner if scope.function is not None else None
        if owner is None:
            return True
        bindings = self._source.resolver.class_bindings(owner).get(node.attr, [])
        return not bindings or not any(
            isinstance(binding.value, ast.Call)
            and terminal_name(binding.value.func).endswith(("Manager", "as_manager"))
            for binding in bindings
        )


_OPERATORS = {"=": "exact", "==": "exact", "<>": "ne", "!=": "ne", "<": "lt", ">": "gt", "<=": "lte", ">=": "gte"}
#: Attributes of rows, requests and frames that have methods of the same names as a manager.
_NO_MANAGERS = frozenset({
    "data", "POST", "GET", "META", "headers", "session", "cookies", "kwargs", "args", "cleaned_data", "str", "loc",
    "iloc", "query", "FILES", "columns",
})  # fmt: skip
_LITERALS = (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.JoinedStr, ast.DictComp, ast.ListComp, ast.SetComp)
_NO_DATABASES = frozenset({"bs4", "lxml", "xml", "re", "dns", "GraphQLClient", "gql", "requests", "httpx", "aiohttp",
                           "pandas", "numpy", "boto3", "botocore", "select", "selectors", "googleapiclient",
                           "elasticsearch",
                           "opensearchpy", "ldap3", "playwright", "selenium"})  # fmt: skip
_DATABASES = frozenset({"databases", "asyncpg", "aiopg", "psycopg", "psycopg2", "sqlite3", "aiosqlite", "prisma",
                        "flask_pymongo", "fastapi_sqlalchemy", "MySQLdb", "pymysql"})  # fmt: skip


def _is_nothing(node: ast.expr) -> bool:
    """Whether an alternative is no rows at all: None, or an empty literal."""
    if isinstance(node, ast.Constant):
        return node.value is None
    return isinstance(node, (ast.List, ast.Tuple)) and not node.elts


def _is_class_name(name: str) -> bool:
    """Whether a name is spelled like a class: `User`, not `USERS` or `user`."""
    name = name.lstrip("_")
    return name[:1].isupper() and not (name.isupper() and len(name) > 1)


def _may_be_entity(node: ast.expr) -> bool:
    """Whether an argument may be what a statement selects: a class, a column of one, an aggregate."""
    if isinstance(node, ast.Starred):
        return True
    if isinstance(node, ast.Call):
        names = spelled(node.func).split(".")
        return names[0] in ("func", "sa", "sqlalchemy", "db") or names[-1] in (
            "count", "aliased", "distinct", "label", "exists", "literal", "cast", "coalesce", "max", "min", "sum",
            "case"
        )  # fmt: skip
    name = terminal_name(node)
    if _is_class_name(name):
        return True
    if isinstance(node, ast.Attribute):
        return _is_class_name(terminal_name(node.value)) or terminal_name(node.value) == "c"
    return False


def _entity(node: ast.expr) -> str:
    """Return the model that an argument names: `User` of `User`, `models.User`, `User.id`."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Starred, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            if _is_class_name(node.attr):
                return node.attr
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.args[0] if node.args else node.func
        else:
            node = node.value
    return node.id if isinstance(node, ast.Name) and _is_class_name(node.id) else ""


def _called_model(node: ast.Call) -> str:
    """Return the model that a call gives: `get_user_model()`, `apps.get_model("shop", "Order")`."""
    name = terminal_name(node.func)
    if name == "get_user_model":
        return "User"
    last = node.args[-1] if name == "get_model" and node.args else None
    if isinstance(last, ast.Constant) and isinstance(last.value, str):
        return last.value.rpartition(".")[2]
    return "Model" if name == "get_model" else ""


def _only_aggregates(node: ast.Call) -> bool:
    """Whether a statement selects numbers only: `select(func.count(User.id))`."""

    def is_aggregate(each: ast.expr) -> bool:
        if not isinstance(each, ast.Call):
            return False
        if isinstance(each.func, ast.Attribute) and each.func.attr in ("label", "cast", "desc", "scalar_subquery"):
            return is_aggregate(each.func.value)
        name = terminal_name(each.func)
        if name in ("coalesce", "cast") and each.args:
            return is_aggregate(each.args[0])
        return name in (
            "count",
            "sum",
            "avg",
            "max",
            "min",
            "exists",
            "literal",
            "now",
            "bool_or",
            "bool_and",
            "array_agg",
        )

    return bool(node.args) and all(is_aggregate(each) for each in node.args)


def _collection(receiver: ast.expr) -> str:
    if isinstance(receiver, ast.Subscript) and isinstance(receiver.slice, ast.Constant):
        return str(receiver.slice.value)
    return terminal_name(receiver)


def _has_stage(node: ast.Call, stages: tuple[str, ...]) -> bool:
    """Whether a pipeline of Mongo's aggregation names one of these stages, or `find` is given a limit."""
    if any(keyword.arg == "limit" for keyword in node.keywords):
        return True
    return any(
        isinstance(key, ast.Constant) and key.value in stages
        for argument in node.args[:1]
        for part in ast.walk(argument)
        if isinstance(part, ast.Dict)
        for key in part.keys
    )


__all__ = ["Binding", "Filter", "Queries", "Query", "Step"]
