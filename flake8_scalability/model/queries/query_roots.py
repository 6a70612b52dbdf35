"""Where queries begin: managers and models, sessions and statements, collections, cursors with text of SQL, handles."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_scalability.catalog import query_methods as known
from flake8_scalability.catalog.query_methods import Gives
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.scopes import Scope
from flake8_scalability.model.queries import query_filters, sql, sql_texts
from flake8_scalability.model.queries import query_receivers as receivers
from flake8_scalability.model.queries import query_shapes as shapes
from flake8_scalability.model.queries.query_filters import Filter
from flake8_scalability.model.queries.query_types import Query, Step
from flake8_scalability.model.sites import spelled

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_OPERATORS = {"=": "exact", "==": "exact", "<>": "ne", "!=": "ne", "<": "lt", ">": "gt", "<=": "lte", ">=": "gte"}


class Roots:
    """The beginnings of queries in one file; what goes on from there, `queries.Queries` knows."""

    _source: SourceFile
    families: set[str]
    _has_managers: bool

    def of(self, node: ast.expr, scope: Scope) -> Query | None:
        """Return what an expression asks of a database."""
        raise NotImplementedError

    def _own_queryset(self, node: ast.expr, scope: Scope) -> Query | None:
        raise NotImplementedError

    def _statement(self, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a statement begins with: `select(X)`, `session.query(X)`, `update(X)`."""
        first = node.args[0] if node.args else None
        if name == "query" and first is not None and isinstance(node.func, ast.Attribute):
            if not shapes.may_be_entity(first) or receivers.is_foreign(node.func.value, scope, self._source):
                return None
            gives, bounded = (Gives.QUERY, shapes.only_aggregates(node))
            return Query(
                node, scope, known.SQLALCHEMY, gives, shapes.entity_of(first), (Step(name, node),), bounded=bounded
            )
        if name in ("select", "insert", "update", "delete", "left_join"):
            paths = self._source.resolver.paths(node.func, scope)
            if name == "select" and isinstance(first, ast.GeneratorExp) and paths and paths <= known.PONY_SELECTS:
                filters = query_filters.of_generator(first, scope)
                entity = shapes.entity_of(first.generators[0].iter)
                return Query(node, scope, known.PONY, Gives.QUERY, entity, (Step(name, node),), filters)
            if name == "select" and first is not None and self._is_select(node, paths, first, scope):
                return Query(
                    node, scope, known.SQLALCHEMY, Gives.QUERY, shapes.entity_of(first), (Step(name, node),),
                    bounded=shapes.only_aggregates(node),
                )  # fmt: skip
            if paths and paths <= known.CHANGES:
                return Query(node, scope, known.SQLALCHEMY, Gives.QUERY, shapes.entity_of(first) if first else "",
                             (Step(name, node),), bounded=True)  # fmt: skip
        return None

    def _is_select(self, node: ast.Call, paths: set[str], first: ast.expr, scope: Scope) -> bool:
        if paths and paths <= known.SELECTS:
            return paths != {"select"} or shapes.may_be_entity(first)
        # `sa.select(X)`, `db.select(X)` with a handle from another file
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        return (
            isinstance(receiver, ast.Name)
            and receiver.id in ("db", "sa", "sqlalchemy", "sql")
            and shapes.may_be_entity(first)
            and not receivers.is_foreign(receiver, scope, self._source)
        )

    def _root(self, name: str, node: ast.Call, scope: Scope) -> Query | None:
        """Return what begins with a method of a class, a view, a collection or a related manager."""
        if name in known.SHORTCUTS and node.args:
            gives = known.SHORTCUTS[name]
            return Query(node, scope, known.DJANGO, gives, shapes.entity_of(node.args[0]), (Step(name, node),),
                         query_filters.of(node, "filter", known.DJANGO, scope), bounded=gives is Gives.ONE)  # fmt: skip
        if not isinstance(node.func, ast.Attribute):
            return None
        receiver = node.func.value
        if name == "get_queryset" and (spelled(receiver) in ("self", "super()")):
            return self._own_queryset(node, scope)
        if name in ("filter_queryset", "get_filtered_queryset") and spelled(receiver) == "self" and node.args:
            inner = self.of(node.args[0], scope)
            return inner._replace(node=node, scope=scope, opaque=True) if inner is not None else None
        if name == "objects" and "mongoengine" in self.families and shapes.is_class_name(terminal_name(receiver)):
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
        if not shapes.is_class_name(owner):
            return None
        for family in (known.PEEWEE, known.TORTOISE, known.BEANIE, known.PONY):
            if family.name in self.families:
                fits = name in known.CLASS_METHODS[family.name]
            else:
                fits = name in known.AWAITED_METHODS.get(family.name, ()) and receivers.is_awaited(
                    node, scope, self._source
                )
            if fits and not receivers.is_foreign(receiver, scope, self._source):
                gives = family.gives.get(name, Gives.WRITE)
                filters = query_filters.of(node, "filter", family, scope)
                bounded = gives is not Gives.QUERY
                return Query(node, scope, family, gives, owner, (Step(name, node),), filters, bounded)
        return None

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
            if isinstance(first, ast.Constant) or (
                first is None and not receivers.is_collection(receiver, scope, self._source)
            ):
                return None
            if not (isinstance(first, ast.Dict) or receivers.is_collection(receiver, scope, self._source)):
                return None
            if name == "aggregate" and not receivers.is_collection(receiver, scope, self._source):
                return None
        elif not unmistakable:
            return None
        if name.startswith(("find_one", "insert_", "update_", "delete_", "count_documents")) and isinstance(
            first, ast.Constant
        ):
            return None
        if receivers.is_foreign(receiver, scope, self._source):
            return None
        filters = query_filters.of(node, name, known.MONGO, scope)
        bounded = gives is not Gives.QUERY or shapes.has_stage(
            node, ("$limit", "$sample", "$group", "$count", "$sortByCount", "$bucket")
        )
        return Query(
            node, scope, known.MONGO, gives, shapes.collection_of(receiver), (Step(name, node),), filters, bounded
        )

    def _of_related(self, name: str, receiver: ast.expr, node: ast.Call, scope: Scope) -> Query | None:
        """Return what the manager of a row's related rows gives: `order.lines.all()`, in a file of Django's."""
        if name not in known.RELATED or not self._has_managers or not isinstance(receiver, ast.Attribute):
            return None
        if name in known.UNSURE_RELATED and (node.args and name != "filter"):
            return None
        if name == "filter" and "django" not in self.families and not node.keywords:
            return None
        root: ast.expr = receiver
        while isinstance(root, ast.Attribute):
            if receivers.HOLDERS.search(root.attr):
                return None  # what a store or a service keeps, no row does
            root = root.value
        if not isinstance(root, (ast.Name, ast.Call, ast.Subscript)):
            return None
        if isinstance(root, ast.Name):
            home = scope.lookup(root.id)
            if home is None or any(binding.kind == "import" for binding in home.bindings[root.id]):
                return None
            if receiver.attr in receivers.NO_MANAGERS:
                return None
        gives = known.DJANGO.gives[name]
        return Query(node, scope, known.DJANGO, gives, receiver.attr, (Step(name, node),),
                     query_filters.of(node, name, known.DJANGO, scope),
                     bounded=gives not in (Gives.QUERY, Gives.MANY), related=True)  # fmt: skip

    def _of_session(self, name: str, receiver: ast.expr, node: ast.Call, scope: Scope) -> Query | None:
        """Return what a session reads by key: `session.get(User, 1)`."""
        if (
            name not in ("get", "get_one")
            or len(node.args) < 2
            or not shapes.is_class_name(terminal_name(node.args[0]))
        ):
            return None
        if not known.SESSION.search(terminal_name(receiver)) or receivers.is_foreign(receiver, scope, self._source):
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
        if gives is None or receivers.is_foreign(node.func.value, scope, self._source):
            return None
        if name == "get" and known.MAY_BE_MAPPING.search(terminal_name(node.func.value)):
            return None
        return Query(node, scope, known.REPOSITORY, gives, "", (Step(name, node),), bounded=gives is not Gives.MANY,
                     opaque=True)  # fmt: skip
