"""Marks of queries: whether an expression may be one at all, told from its names alone.

Whatever `queries.Queries` describes begins with a word that stands here, and is carried on by methods, names and
functions of the file; what has no such beginning is left before anything is resolved.  No scope is asked: a name is
what any assignment of the file gives it, and a function what any of its name returns.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flake8_scalability.catalog import query_methods as known
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.queries.query_shapes import is_class_name

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

#: So many names and functions are followed, one after the other; what lies behind them may be a query.
MAX_DEPTH = 40

_CHANGES = frozenset(path.rpartition(".")[2] for path in known.CHANGES)
#: Methods of a collection that begin a query.
_COLLECTION = frozenset({name for name in known.MONGO.gives if "_" in name} - {"bulk_write", "to_list"}) | {
    "find",
    "aggregate",
}
#: Words that begin a query whatever they are called on, or may do so.
_ALWAYS = frozenset({"query", "select", "get_queryset", "objects", *known.SHORTCUTS})
#: What the text of a file has that begins a query, by what its words then have: those are fewer.
_SPELLED = {"objects": "objects", "query": ".query", "queryset": "queryset", "_manager": "_manager"}
_PASSING = frozenset({"filter_queryset", "get_filtered_queryset"})
_BY_KEY = frozenset({"get", "get_one"})
_OF_CLASSES: frozenset[str] = frozenset().union(*known.CLASS_METHODS.values(), *known.AWAITED_METHODS.values())
_NAMED = _ALWAYS | _CHANGES | _COLLECTION | _BY_KEY | _OF_CLASSES | known.RELATED | known.RUNNING.keys()


@lru_cache(maxsize=4096)
def _is_manager(name: str) -> bool:
    return name in ("query", "queryset") or known.MANAGER.match(name) is not None


@lru_cache(maxsize=4096)
def _is_handle(name: str) -> bool:
    return known.HANDLE.search(name) is not None


@lru_cache(maxsize=4096)
def _is_handle_method(name: str) -> bool:
    return any(names.search(name) for names in known.HANDLE_METHODS.values())


class Marks:
    """What the names of one file say of its expressions."""

    def __init__(self, source: SourceFile, families: set[str], has_managers: bool) -> None:
        self._source = source
        self._has_managers = has_managers
        self._of_classes: frozenset[str] = frozenset().union(
            *(
                names if family in families else known.AWAITED_METHODS.get(family, frozenset())
                for family, names in known.CLASS_METHODS.items()
            )
        )
        self._answers: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._depth = 0

    @cached_property
    def any(self) -> bool:
        """Whether anything in the file may be a query."""
        text, lexicon = self._source.text, self._source.lexicon
        if any(word in lexicon and beginning in text for word, beginning in _SPELLED.items()):
            return True
        for name, calls in self._source.calls_by_name.items():
            if (name in _NAMED or _is_handle_method(name)) and any(self._begins(name, node) for node, _ in calls):
                return True
        return False

    def may_be(self, node: ast.expr) -> bool:
        """Whether an expression may be a query."""
        current: Any = node
        while True:
            kind = current.__class__
            if kind is ast.Call:
                function = current.func
                name = terminal_name(function)
                if self._begins(name, current) or self._given_by(name):
                    return True
                if function.__class__ is not ast.Attribute:
                    return False
                current = function.value
            elif kind is ast.Name:
                name = current.id
                return self._leads_to_one(name, self._assigned.get(name, ()))
            elif kind is ast.Attribute:
                return _is_manager(current.attr)
            elif kind in (ast.Await, ast.NamedExpr, ast.Subscript):
                current = current.value
            elif kind is ast.IfExp:
                if self.may_be(current.body):
                    return True
                current = current.orelse
            elif kind is ast.BoolOp:
                return any(self.may_be(each) for each in current.values)
            elif kind is ast.BinOp:
                current = current.left
            else:
                return False

    def _begins(self, name: str, node: ast.Call) -> bool:
        """Whether a call may begin a query by itself."""
        if name in _ALWAYS:
            return True
        if not isinstance(node.func, ast.Attribute):
            return name in _CHANGES and self._has_statements
        receiver = node.func.value
        if name in _NAMED:
            if (
                (name in known.RUNNING and (node.args or node.keywords))
                or (name in _CHANGES and self._has_statements)
                or (name in self._of_classes and is_class_name(terminal_name(receiver)))
                or (name in _COLLECTION and not (node.args and isinstance(node.args[0], ast.Constant)))
                or (name in known.RELATED and self._has_managers and isinstance(receiver, ast.Attribute))
                or (name in _BY_KEY and len(node.args) > 1 and is_class_name(terminal_name(node.args[0])))
            ):
                return True
        elif name in known.FETCHING:
            return "execute" in self._source.calls_by_name
        elif name in _PASSING:
            return any(self.may_be(argument) for argument in node.args[:1])
        return _is_handle(terminal_name(receiver)) and _is_handle_method(name)

    @cached_property
    def _has_statements(self) -> bool:
        """Whether the file may have `insert(X)`, `update(X)` and `delete(X)` of SQLAlchemy's."""
        return "sqlalchemy" in self._source.text or "sqlmodel" in self._source.text

    def _given_by(self, name: str) -> bool:
        """Whether a function of this name, or what the file gives the name of one, may return a query."""
        if name not in self._source.callable_names:
            return False
        return name in self._source.callable_aliases or self._leads_to_one(name + "()", self._returned.get(name, ()))

    def _leads_to_one(self, name: str, values: Sequence[ast.expr]) -> bool:
        """Whether one of the values that a name has may be a query; none is asked twice on the way."""
        if not values or name in self._asked:
            return False
        if name in self._answers:
            return self._answers[name]
        if self._depth > MAX_DEPTH:
            return True
        self._asked.add(name)
        self._depth += 1
        found = any(self.may_be(value) for value in values)
        self._depth -= 1
        if found:
            self._answers[name] = True
        if self._depth == 0:
            if not found:
                self._answers.update(dict.fromkeys(self._asked, False))
            self._asked.clear()
        return found

    @cached_property
    def _assigned(self) -> dict[str, list[ast.expr]]:
        """What each name of the file is assigned, wherever that is."""
        found: dict[str, list[ast.expr]] = {}
        for node, _ in self._source.nodes(ast.Assign):
            assert isinstance(node, ast.Assign)
            for target in node.targets:
                _pair(target, node.value, found)
        for node, _ in self._source.nodes(ast.AnnAssign, ast.NamedExpr):
            assert isinstance(node, (ast.AnnAssign, ast.NamedExpr))
            if node.value is not None:
                _pair(node.target, node.value, found)
        return found

    @cached_property
    def _returned(self) -> dict[str, list[ast.expr]]:
        """What the functions of each name return."""
        found: dict[str, list[ast.expr]] = {}
        for node, scope in self._source.nodes(ast.Return):
            assert isinstance(node, ast.Return)
            if node.value is not None:
                found.setdefault(scope.name, []).append(node.value)
        return found


def _pair(target: ast.expr, value: ast.expr, found: dict[str, list[ast.expr]]) -> None:
    """Note what the names in a target are assigned; those in a tuple the parts of a tuple, if there is one."""
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        for part, given in zip(target.elts, value.elts):
            _pair(part, given, found)
