"""Queries: what an expression asks of a database, and what it gives.

An expression is described by its chain: where it begins (`X.objects`, `session.query(X)`, `select(X)`, a collection's
`find`, a text of SQL), what its methods add, what they give.  A local name is followed to the assignments that reach
it, a call to the returns of a function of the file; of several alternatives the least narrowed one is told, and a limit
on any of them counts.  What may be something else than a query has no description.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.model.language import reaching
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries import query_filters
from flake8_scalability.model.queries import query_receivers as receivers
from flake8_scalability.model.queries import query_shapes as shapes
from flake8_scalability.model.queries.query_filters import Filter
from flake8_scalability.model.queries.query_marks import Marks
from flake8_scalability.model.queries.query_roots import Roots
from flake8_scalability.model.queries.query_types import Query, Step

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


class Queries(Roots):
    """The queries of one file; every answer is remembered."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._known: dict[tuple[ast.expr, Scope], Query | None] = {}
        self._depth = 0
        imports: set[str] = set()
        has_models = False
        for node, _ in source.nodes(ast.Import, ast.ImportFrom):
            assert isinstance(node, (ast.Import, ast.ImportFrom))
            if isinstance(node, ast.Import):
                imports.update([alias.name.partition(".")[0] for alias in node.names])
                continue
            parts = (node.module or "").split(".")
            has_models = has_models or "models" in (parts[-1], *[alias.name for alias in node.names])
            if node.module and not node.level:
                imports.add(parts[0])
        self.packages = imports
        self.families = {known.PACKAGES[name].name for name in imports if name in known.PACKAGES}
        #: Whether attributes of rows may be managers: in files of Django's, or with models of unknown make.
        self._has_managers = "django" in self.families or (has_models and not self.families)
        self._marks = Marks(source, self.families, self._has_managers)

    @property
    def any(self) -> bool:
        """Whether anything in the file may be a query."""
        return self._marks.any

    def of(self, node: ast.expr, scope: Scope) -> Query | None:
        """Return what an expression asks of a database, None where that is not shown."""
        if not self.any:
            return None
        key = (node, scope)
        if key not in self._known:
            self._known[key] = None  # for an expression that leads back to itself
            if self._depth < MAX_DEPTH and self._marks.may_be(node):
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
        return self._merged([(each, scope) for each in nodes if not shapes.is_nothing(each)], node, scope)

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
        if not self._may_name_query(node, scope):
            return None
        bindings = reaching.bindings(node, scope, self._source)
        parts: list[tuple[ast.expr, Scope]] = []
        unknown = False
        for binding in bindings:
            if binding.kind in ("assign", "annotation") and binding.value is not None:
                if not shapes.is_nothing(binding.value):
                    parts.append((binding.value, binding.scope))
            else:
                unknown = True
        query = self._merged(parts, node, scope)
        if query is not None and unknown:
            query = query._replace(certain=False)
        return query

    def _may_name_query(self, node: ast.Name, scope: Scope) -> bool:
        """Whether one of a name's bindings may be a query: which of them reach the name is asked of those only."""
        home = scope.lookup(node.id)
        many = home.bindings[node.id] if home is not None else []
        given = [each for each in many if isinstance(each.value, _QUERIES) and each.kind in ("assign", "annotation")]
        if len(given) == 1 and getattr(given[0].node, "end_lineno", node.lineno) < node.lineno:
            value = given[0].value
            return value is not None and self.of(value, given[0].scope) is not None
        return bool(given)

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Query | None:
        owner = terminal_name(node.value)
        if isinstance(node.value, ast.Call):
            owner = shapes.called_model(node.value)
        if known.MANAGER.match(node.attr) and owner and known.MODEL.search(owner):
            if self._is_of_file_class(node, scope):
                return None
            family = known.MONGOENGINE if "mongoengine" in self.families else known.DJANGO
            return Query(node, scope, family, Gives.QUERY, owner if owner not in ("self", "cls") else "")
        if (
            node.attr == "query"
            and shapes.is_class_name(owner)
            and not receivers.is_foreign(node.value, scope, self._source)
        ):
            return Query(node, scope, known.SQLALCHEMY, Gives.QUERY, owner)
        if node.attr == "queryset" and owner == "self":
            return self._own_queryset(node, scope)
        return None

    def _own_queryset(self, node: ast.expr, scope: Scope) -> Query | None:
        """Return the query that a class-based view is made for: its `queryset`, or what its own method makes of it."""
        function = scope.function
        owner = function.owner if function is not None else None
        if function is not None and owner is not None:
            own = any("get_queryset" in each.bindings for each in self._source.resolver.ancestry(owner))
            narrows = own and function.name != "get_queryset"
            for binding in owner.bindings.get("queryset", []):
                if binding.value is not None and binding.kind in ("assign", "annotation"):
                    found = self.of(binding.value, owner)
                    if found is not None:
                        return found._replace(node=node, scope=scope, opaque=found.opaque or narrows)
        return Query(node, scope, known.DJANGO, Gives.QUERY, opaque=True) if "django" in self.families else None

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Query | None:
        inner = self.of(node.value, scope)
        if inner is None or inner.gives not in (Gives.QUERY, Gives.MANY):
            return None
        if isinstance(node.slice, ast.Slice):
            if inner.gives is Gives.MANY:
                return None
            part = Step("[:]", None, node.slice.upper)
            return inner._replace(node=node, scope=scope, bounded=True, steps=(*inner.steps, part))
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

    def _of_function(self, node: ast.Call, scope: Scope) -> Query | None:
        """Return the query that a function of the file returns."""
        if terminal_name(node.func) not in self._source.callable_names:
            return None
        values = self._source.resolver.values(node.func, scope)
        targets = [value.target for value in values]
        if len(targets) != 1 or targets[0] is None or not targets[0].is_function:
            return None
        target = targets[0]
        if target.nodes.get(ast.Yield) or target.nodes.get(ast.YieldFrom):
            return None
        returned = [each.value for each in target.of(ast.Return) if isinstance(each, ast.Return) and each.value]
        parts = [(each, target) for each in returned if not shapes.is_nothing(each)]
        query = self._merged(parts, node, scope)
        if query is None or query.gives is not Gives.QUERY:
            return None  # what is read inside the function, its own finding speaks of
        # A view narrows its rows by who asks, and for what.
        return query._replace(opaque=True) if target.name == "get_queryset" and target.nodes.get(ast.If) else query

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


#: The kinds of expressions that may be a query.
_QUERIES = (ast.Call, ast.Name, ast.Attribute, ast.Await, ast.NamedExpr, ast.Subscript, ast.IfExp, ast.BoolOp,
            ast.BinOp)  # fmt: skip

__all__ = ["Filter", "Queries", "Query", "Step"]
