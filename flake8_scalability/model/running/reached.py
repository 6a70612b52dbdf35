"""Reachability: whether anything in the project comes to a line of a file.

A module that nothing loads is never reached. In one that is loaded, what the module itself runs is reached, what is
registered with a framework, a task that somebody asks for, and what other files use; and so on with all that these
name. A method is reached with its class if somebody who is reached spells its name. A class that builds on what the
project does not define is found by that, a view by the routes that name it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Union

from flake8_scalability.catalog import loading
from flake8_scalability.model.language.callgraph import terminal_name
from flake8_scalability.model.language.lazy import cached_property
from flake8_scalability.model.language.walking import walk
from flake8_scalability.project import imports, users

if TYPE_CHECKING:
    from flake8_scalability.model.source import SourceFile

_WORD = re.compile(r"\w+")
_Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_reached(line: int, source: SourceFile) -> bool:
    """Whether something in the project may come to a line (from 1); True where the project is not in sight."""
    if source.settings.no_project or imports.sight(source.filename) is None:
        return True
    if not imports.is_loaded(source.filename, source.settings.include_tools):
        return False
    module = source.once(_Module)
    outermost = next((node for node in module.statements if _holds(node, line)), None)
    if outermost is None:
        return True
    if _is_defined_again(outermost, source.tree.body):
        return False
    if not module.is_reached(outermost):
        return False
    return all(_is_spelled(method, owner, source) for method, owner in _methods_at(line, outermost))


def _is_defined_again(node: ast.stmt, body: list[ast.stmt]) -> bool:
    """Whether a plain function or class of the module makes way for another of the same name."""
    if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)) or node.decorator_list or node not in body:
        return False
    later = body[body.index(node) + 1 :]
    return any(isinstance(each, (*_FUNCTIONS, ast.ClassDef)) and each.name == node.name for each in later)


class _Module:
    """The statements at the level of a module: what they bind, and who of them names whom."""

    def __init__(self, source: SourceFile) -> None:
        self._filename = source.filename
        self.statements = list(_statements(source.tree.body))
        self._collectors = frozenset().union(*(_bound(node) for node in self.statements if _collects(node)))

    @cached_property
    def _named_by(self) -> dict[str, list[ast.stmt]]:
        found: dict[str, list[ast.stmt]] = defaultdict(list)
        for node in self.statements:
            for name in _names(node):
                found[name].append(node)
        return found

    def is_reached(self, node: ast.stmt) -> bool:
        """Whether the module runs a statement that does something, or anything reaches what it defines."""
        seen = {node}
        waiting = [node]
        while waiting:
            each = waiting.pop()
            if self._runs(each):
                return True
            collector = _collector(each, self._collectors)
            for name in {collector} if collector else _bound(each):
                if self._is_found(name):
                    return True
                # What is registered with a collector names it, which brings nobody there.
                new = {user for user in self._named_by[name] if _collector(user, self._collectors) != name} - seen
                seen |= new
                waiting += new
        return False

    def _runs(self, node: ast.stmt) -> bool:
        """Whether a statement does something as the module is loaded, or a framework comes to what it defines."""
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            return not _holds_state(node)
        if _is_registered(node, self._collectors) or (_waits(node) and users.runs_unasked(self._filename)):
            return True
        return isinstance(node, ast.ClassDef) and any(map(_finds, node.bases))

    def _is_found(self, name: str) -> bool:
        if name in loading.BY_NAME or name.startswith("__"):
            return True
        return users.is_used_elsewhere(name, self._filename)


def _methods_at(line: int, outermost: ast.stmt) -> Iterator[tuple[_Function, ast.ClassDef]]:
    """Yield the method in a statement that holds a line, with its class."""
    owner = outermost
    while isinstance(owner, ast.ClassDef):
        inner = next((node for node in owner.body if _holds(node, line)), None)
        if isinstance(inner, _FUNCTIONS):
            yield inner, owner
        if inner is None:
            return
        owner = inner


def _holds(node: ast.stmt, line: int) -> bool:
    first: int = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    last: int = node.end_lineno or node.lineno
    return first <= line <= last


def _is_spelled(method: _Function, owner: ast.ClassDef, source: SourceFile) -> bool:
    """Whether anybody who is reached names a method, or a framework or the language calls it."""
    if method.name.startswith("__") or owner.keywords or _is_registered(method, frozenset()):
        return True
    # Of a class of its own a framework calls what is named for that, however much others look like its handlers.
    if (owner.bases or loading.ON_REQUEST.match(method.name)) and any(
        function.node is method for function in source.places.handlers
    ):
        return True
    if owner.bases and users.is_called_by_bases(method.name, owner.name, source.filename):
        return True
    return owner not in source.tree.body or users.is_method_used(method.name, owner.name, source.filename)


def _finds(base: ast.expr) -> bool:
    """Whether who defines a class may find those that build on it; views are found by the routes that name them."""
    name = terminal_name(base.value if isinstance(base, ast.Subscript) else base)
    return name not in loading.CALLING_NOTHING and loading.ROUTED.fullmatch(name) is None


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those in its branches as well; the tests of these are of no matter."""
    for node in body:
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            handlers = [part for handler in getattr(node, "handlers", ()) for part in handler.body]
            rest = [*getattr(node, "orelse", ()), *getattr(node, "finalbody", ())]
            yield from _statements([*node.body, *handlers, *rest])
        elif not isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node


def _bound(node: ast.stmt) -> frozenset[str]:
    """Return the names that a definition or an assignment binds."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return frozenset({node.name})
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return frozenset(each.id for each in targets if isinstance(each, ast.Name))


def _holds_state(node: ast.stmt) -> bool:
    """Whether a statement makes an empty thing for others to fill, or a collector: it does nothing by itself."""
    value = getattr(node, "value", None)
    empty = isinstance(value, (ast.Dict, ast.List, ast.Set)) and not any(
        isinstance(each, ast.expr) for each in ast.iter_child_nodes(value)
    )
    made = isinstance(value, ast.Call) and not value.args and not value.keywords
    return bool(_bound(node)) and (empty or made or _collects(node))


def _collects(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    return isinstance(value, ast.Call) and terminal_name(value.func) in loading.COLLECTORS


def _collector(node: ast.stmt, collectors: frozenset[str]) -> str:
    """Return the collector with which a decorator registers a function; "" where none does."""
    for each in getattr(node, "decorator_list", ()):
        called = each.func if isinstance(each, ast.Call) else each
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in collectors:
            return called.value.id
    return ""


def _is_registered(node: ast.stmt, collectors: frozenset[str]) -> bool:
    if _collector(node, collectors):
        return False
    decorators = getattr(node, "decorator_list", ())
    return any(loading.PLAIN.fullmatch(_decorated_by(each)) is None and not _is_of_task(each) for each in decorators)


def _waits(node: ast.stmt) -> bool:
    """Whether a decorator makes a function a task, which runs when somebody asks for it."""
    return any(_is_of_task(each) for each in getattr(node, "decorator_list", ()))


def _is_of_task(decorator: ast.expr) -> bool:
    return _decorated_by(decorator) in loading.TASKS and loading.SAYS_WHEN.search(ast.unparse(decorator)) is None


def _decorated_by(decorator: ast.expr) -> str:
    return terminal_name(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _names(node: ast.AST) -> set[str]:
    """Return the names in a node, and the words of its texts that may name something (`shop.jobs.sweep`)."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and " " not in part.value:
            found.update(_WORD.findall(part.value))
    return found
